"""The SQL of whole selections, in chunks, so that a file of any length takes the memory of one; and of what
was on the chart and is no more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from app import tables as t
from app.database import Connection, allow, as_rows
from app.projects.queries import Selection, listing

CHUNK = 1000
PATIENCE_S = 60
"""How long the database may sort a large selection before the first row comes."""


def in_chunks(
    connection: Connection, selection: Selection, *, sort: str, descending: bool
) -> Iterator[list[dict[str, Any]]]:
    """The rows of `queries.projects`, at most CHUNK at a time, from a cursor that the database holds. What
    else is asked of the connection meanwhile sees the same snapshot."""
    allow(connection, PATIENCE_S)
    with connection.execute(
        listing(selection, sort=sort, descending=descending),
        execution_options={"stream_results": True, "max_row_buffer": CHUNK},
    ) as result:
        names = [str(name) for name in result.keys()]  # noqa: SIM118 (it is no dictionary)
        for rows in result.partitions(CHUNK):
            yield [dict(zip(names, row, strict=True)) for row in rows]


def formerly(connection: Connection, no: int) -> list[dict[str, Any]]:
    """What a project (by number) succeeds that was removed, and what that succeeded in turn: id, kind and
    names, the last first."""
    relation, was = t.relation.alias("succession"), t.project.alias("was")
    follows = relation.join(was, was.c.no == relation.c.to_no)
    rule = (relation.c.type == "succeeds", relation.c.removed_rev.is_(None), was.c.removed_rev.is_not(None))
    first = select(was.c.no, was.c.removed_rev).select_from(follows).where(relation.c.from_no == no, *rule)
    found = first.cte("found", recursive=True)
    earlier = follows.join(found, relation.c.from_no == found.c.no)
    # Without `all` what was found already is not followed again.
    found = found.union(select(was.c.no, was.c.removed_rev).select_from(earlier).where(*rule))
    p = t.project.c
    statement = (
        select(p.id, p.kind, p.name_zh, p.name_en)
        .join(found, found.c.no == p.no)
        .order_by(found.c.removed_rev.desc(), p.no)
    )
    return as_rows(connection.execute(statement))


def names_of(connection: Connection, area_id: str, kinds: Sequence[str]) -> list[tuple[list[str], str]]:
    """Of all that is on the chart of these kinds: the Chinese name with the aliases, and the English one."""
    p = t.project.c
    statement = (
        select(p.name_zh, p.aliases, p.name_en)
        .where(p.area_id == area_id, p.removed_rev.is_(None), p.kind.in_(kinds))
        .order_by(p.no)
    )
    return [([zh, *aliases], en) for zh, aliases, en in connection.execute(statement)]


def cited(connection: Connection, numbers: Sequence[int], known: date) -> set[str]:
    """The documents that what is said of these projects by `known`, and stands, comes from."""
    claim = t.claim.c
    statement = select(claim.source_id).where(
        claim.project_no.in_(numbers), claim.said_latest <= known, claim.withdrawn_rev.is_(None)
    )
    return set(connection.execute(statement.distinct()).scalars())
