"""The SQL of what was staged of a file while it is still being checked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import shapely
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Integer,
    Text,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from app import tables as t
from app.changesets.queries import among, geometry_read
from app.database import Connection
from app.uploads.queries import ROWS_AT_ONCE
from geodata.by_hand import Edit
from geodata.changes import Change
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


_SIDES = ("op", "target", "before", "after", "geom_before", "geom_after")
_EDITED = ("change", "remove", "relate", "unrelate")
_EDITING = ("add", "change", "relate", "unrelate")


def edits_of(
    connection: Connection, area_id: str, dataset: str, changeset_id: int
) -> Iterator[tuple[int, Change, Edit]]:
    """What was edited by hand of the things that an upload of a dataset changes: number of the change, the
    change, and the edit; by number, of each the latest edit first."""
    c, made, now, before = t.changeset.c, t.change.alias("made"), t.project, t.changeset.alias("before")
    # Edits by hand are few, whatever the length of the file: each finds its own by the index of targets. The
    # offset keeps the planner from reading all that was just staged, which is in no statistics yet.
    same_thing = select(t.change).where(t.change.c.target == made.c.target).correlate(made)
    wanted = same_thing.offset(0).lateral("wanted")
    last = (
        select(func.coalesce(func.max(before.c.rev), 0))
        .where(
            before.c.area_id == area_id,
            before.c.kind == "upload",
            before.c.state == "published",
            before.c.dataset == dataset,
        )
        .scalar_subquery()
    )
    tz = select(t.area.c.tz).where(t.area.c.id == area_id).scalar_subquery()

    def sides(of: Any, name: str) -> list[ColumnElement[Any]]:
        return [of.c[side].label(f"{name}_{side}") for side in _SIDES]

    statement = (
        select(
            wanted.c.n,
            *sides(wanted, "wanted"),
            *sides(made, "made"),
            c.created_by,
            cast(func.timezone(tz, c.published_at), Date).label("day"),
            (c.rev > last).label("is_recent"),
        )
        .select_from(t.changeset)
        .join(made, made.c.changeset_id == c.id)
        .join(wanted, wanted.c.changeset_id == changeset_id)
        .outerjoin(now, now.c.id == made.c.target)
        .where(
            c.area_id == area_id,
            c.kind == "edit",
            c.state == "published",
            made.c.decision == "accept",
            made.c.op.in_(_EDITED),
            wanted.c.decision == "accept",
            wanted.c.op.in_(_EDITING),
            # What went, came back and went again in another way was not removed by hand.
            or_(made.c.op != "remove", now.c.removed_rev == c.rev),
        )
        .order_by(wanted.c.n, c.rev.desc(), made.c.n)
    )
    for row in connection.execute(statement, execution_options={"yield_per": ROWS_AT_ONCE}).mappings():
        edit = Edit(_change(row, "made"), row["created_by"], row["day"], row["is_recent"])
        yield row["n"], _change(row, "wanted"), edit


def _change(row: Mapping[Any, Any], name: str) -> Change:
    op, target, before, after, *shapes = (row[f"{name}_{side}"] for side in _SIDES)
    return Change(op, target, before, after, *map(geometry_read, shapes))


def reject(
    connection: Connection, changeset_id: int, numbers: Collection[int], parted: Collection[str]
) -> None:
    """Leave out what was accepted: these changes, and whatever these projects (by id) would be or no more be
    a part of."""
    c = t.change.c
    bonds = c.op.in_(("relate", "unrelate")) & among(c.target, parted)
    connection.execute(
        update(t.change)
        .where(c.changeset_id == changeset_id, c.decision == "accept", or_(among(c.n, numbers), bonds))
        .values(decision="reject")
    )


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
