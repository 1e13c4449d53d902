"""The SQL of what was staged of a file while it is still being checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import orjson
import shapely
from sqlalchemy import ARRAY, Integer, Text, cast, column, func, literal, select, update
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
    statement = (
        select(
            c.n,
            c.target,
            func.st_asbinary(c.geom_after).label("shape"),
            func.coalesce(c.after["name_zh"].astext, p.name_zh).label("name"),
            func.coalesce(c.after["precision"].astext, p.precision).label("precision"),
        )
        .outerjoin(t.project, p.id == c.target)
        .where(c.changeset_id == changeset_id, among(c.n, numbers))
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
    told = [orjson.dumps([one.as_json() for one in found]).decode() for found in issues.values()]
    each = (
        func.unnest(literal(list(issues), ARRAY(Integer)), literal(told, ARRAY(Text)))
        .table_valued(column("n", Integer), column("told", Text), name="each")
        .render_derived()
    )
    c = t.change.c
    connection.execute(
        update(t.change)
        .where(c.changeset_id == changeset_id, c.n == each.c.n)
        .values(issues=c.issues.op("||")(cast(each.c.told, JSONB)))
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
