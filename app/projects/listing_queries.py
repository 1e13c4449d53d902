"""The SQL of whole selections: rows in chunks, so that a file of any length takes the memory of one chunk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from app import tables as t
from app.database import Connection, allow
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


def cited(connection: Connection, numbers: Sequence[int], known: date) -> set[str]:
    """The documents that what is said of these projects by `known`, and stands, comes from."""
    claim = t.claim.c
    statement = select(claim.source_id).where(
        claim.project_no.in_(numbers), claim.said_latest <= known, claim.withdrawn_rev.is_(None)
    )
    return set(connection.execute(statement.distinct()).scalars())
