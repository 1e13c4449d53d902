"""The SQL of what was staged of a file while it is still being checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import orjson
import shapely
from sqlalchemy import ARRAY, Integer, Text, bindparam, cast, func, literal, select, true, update
from sqlalchemy.dialects.postgresql import JSONB

from app import tables as t
from app.changesets.queries import among
from app.database import Connection
from app.uploads.queries import ROWS_AT_ONCE
from geodata.issues import Issue
from geodata.overlaps import Shape


@dataclass(frozen=True, slots=True)
class StagedShape:
    """n: number of the change."""

    n: int
    shape: Shape


def staged_areas(connection: Connection, changeset_id: int) -> npt.NDArray[np.int32]:
    """The numbers of the changes that bring an area, those that begin furthest west first."""
    c = t.change.c
    statement = (
        select(c.n)
        .where(
            c.changeset_id == changeset_id,
            c.geom_after.is_not(None),
            c.decision != "blocked",
            func.st_dimension(c.geom_after) == 2,
        )
        .order_by(func.st_xmin(c.geom_after), c.n)
    )
    found = connection.execute(statement, execution_options={"yield_per": ROWS_AT_ONCE})
    return np.fromiter(found.scalars(), np.int32)


def staged_shapes(connection: Connection, changeset_id: int, numbers: Sequence[int]) -> list[StagedShape]:
    c, p = t.change.c, t.project.c
    asked = (
        func.unnest(literal(list(numbers), ARRAY(Integer))).table_valued("n", name="asked").render_derived()
    )
    # What was just staged is in no statistics yet. The offset keeps the planner from reading all of it, which
    # it takes for little, instead of asking the key for each.
    found_by_key = select(t.change).where(c.changeset_id == changeset_id, c.n == asked.c.n)
    each = found_by_key.offset(0).lateral("each")
    e = each.c
    statement = (
        select(
            e.n,
            e.target,
            func.st_asbinary(e.geom_after).label("shape"),
            func.coalesce(e.after["name_zh"].astext, p.name_zh).label("name"),
            func.coalesce(e.after["precision"].astext, p.precision).label("precision"),
        )
        .select_from(asked.join(each, true()))
        .outerjoin(t.project, p.id == e.target)
    )
    found = connection.execute(statement).all()
    shapes = shapely.from_wkb(np.array([row.shape for row in found], dtype=object))
    return [
        StagedShape(row.n, Shape(row.target, row.name, shape, row.precision))
        for row, shape in zip(found, shapes, strict=True)
    ]


def add_issues(connection: Connection, changeset_id: int, issues: Mapping[int, Sequence[Issue]]) -> None:
    """Tell more of changes, by their number."""
    if not issues:
        return
    c = t.change.c
    told = [
        {"at": n, "told": orjson.dumps([one.as_json() for one in found]).decode()}
        for n, found in issues.items()
    ]
    connection.execute(
        update(t.change)
        .where(c.changeset_id == changeset_id, c.n == bindparam("at"))
        .values(issues=c.issues.op("||")(cast(bindparam("told", type_=Text), JSONB))),
        told,
    )


def block_rows(connection: Connection, changeset_id: int, issues: Mapping[int, Issue]) -> dict[str, int]:
    """Block what was staged of some rows (by number, 0-based). Answers how many were to be added and
    changed."""
    c = t.change.c
    statement = select(c.file_row, c.n, c.op).where(
        c.changeset_id == changeset_id,
        among(c.file_row, issues),
        c.decision == "accept",
        c.op.in_(("add", "change")),
    )
    found = connection.execute(statement).all()
    add_issues(connection, changeset_id, {row.n: [issues[row.file_row]] for row in found})
    numbers = [row.n for row in found]
    connection.execute(
        update(t.change).where(c.changeset_id == changeset_id, among(c.n, numbers)).values(decision="blocked")
    )
    ops = [row.op for row in found]
    return {"added": ops.count("add"), "changed": ops.count("change")}
