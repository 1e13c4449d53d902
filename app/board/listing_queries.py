"""The SQL that the lists of a planner share: which claims count, and which projects they are about.

A selection narrows to what the claims' dates allow and never leaves out what the rules would find; the rules
of geodata then read the claims of those projects alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from app import tables as t
from app.database import Connection, as_rows
from geodata.kinds import Kind
from geodata.phases import COMMITMENTS

Row = Mapping[str, Any]
DONE = COMMITMENTS.index("done") + 1


@dataclass(frozen=True, slots=True)
class Scope:
    """Which projects are asked about, and up to which day sayings count."""

    area_id: str
    kinds: Mapping[str, Kind]
    known: date

    def projects(self) -> list[ColumnElement[bool]]:
        p = t.project.c
        return [p.area_id == self.area_id, p.removed_rev.is_(None), p.kind.in_(self.kinds)]

    def said(self, k: Any = None) -> list[ColumnElement[bool]]:
        """The claims about projects that stand and had been said."""
        k = t.claim.c if k is None else k
        return [
            k.area_id == self.area_id,
            k.project_no.isnot(None),
            k.withdrawn_rev.is_(None),
            k.said_latest <= self.known,
        ]


def is_milestone(k: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = k.property.startswith("milestone:")
    return found


def is_dated_promise(k: Any) -> ColumnElement[bool]:
    return and_(is_milestone(k), k.commitment < DONE, k.latest.isnot(None))


def is_done(k: Any) -> ColumnElement[bool]:
    return and_(is_milestone(k), k.commitment == DONE, k.date_text != "")


def within(day: date, start: Any, end: Any) -> ColumnElement[bool]:
    return and_(start <= day, or_(end.is_(None), end > day))


def found(
    connection: Connection, scope: Scope, wanted: Select[Any], most: int, *, descending: bool = False
) -> list[dict[str, Any]]:
    """Number, id, kind and `drawn` of the projects of `wanted` (columns no, by), least `by` first."""
    near = wanted.subquery("near")
    p = t.project.c
    order = near.c.by.desc() if descending else near.c.by
    statement = (
        select(p.no, p.id, p.kind, p.drawn)
        .join(near, near.c.no == p.no)
        .where(*scope.projects())
        .order_by(order, p.id)
        .limit(most)
    )
    return as_rows(connection.execute(statement))


def promised(scope: Scope, parent: str | None = None) -> Select[Any]:
    """Projects of which a milestone was ever promised for a day. parent: only it and its parts."""
    k = t.claim.c
    statement = select(k.project_no.label("no"), func.max(k.said_latest).label("by")).where(
        *scope.said(), is_dated_promise(k)
    )
    if parent is not None:
        statement = statement.where(k.project_no.in_(_tree(parent)))
    return statement.group_by(k.project_no)


def undated(connection: Connection, scope: Scope, parent: str | None = None) -> int:
    """How many promises of milestones tell no last day. parent: as in `promised`."""
    k, p = t.claim.c, t.project.c
    statement = (
        select(func.count())
        .select_from(t.claim.join(t.project, p.no == k.project_no))
        .where(*scope.projects(), *scope.said(), is_milestone(k), k.commitment < DONE, k.latest.is_(None))
    )
    if parent is not None:
        statement = statement.where(k.project_no.in_(_tree(parent)))
    return int(connection.execute(statement).scalar_one())


def _tree(parent: str) -> Select[Any]:
    """A project and its parts, and the parts of those."""
    p = t.project.c
    tree = select(p.no.label("no")).where(p.id == parent).cte("tree", recursive=True)
    part = t.project.alias("part")
    # Not union_all: what is part of itself by mistake must not go round for ever.
    tree = tree.union(select(part.c.no).where(part.c.parent_no == tree.c.no))
    return select(tree.c.no)
