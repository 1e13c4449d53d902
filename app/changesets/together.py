"""What of a changeset is decided together: the parts of a split or a merger, and what falls with others."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from app.changesets import staged_queries
from app.database import Connection
from geodata import bonds


def along(connection: Connection, changeset_id: int) -> Mapping[int, Sequence[int]]:
    """By number of a change, the others that are decided with it; who is decided alone is not in it."""
    found = bonds.together(tie for tie, _ in staged_queries.ties(connection, changeset_id))
    return {n: sorted(group - {n}) for group in found for n in group}


def marked(
    connection: Connection, changeset_id: int, rows: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The rows of changes, each with the numbers of those that it is decided with."""
    with_it = along(connection, changeset_id)
    return [{**row, "along": with_it.get(row["n"], ())} for row in rows]


def carry(connection: Connection, changeset_id: int, numbers: Collection[int], decision: str) -> int:
    """Decide the same on what goes with these changes. Returns how many more changed."""
    with_them = along(connection, changeset_id) if numbers else {}
    others = {other for n in numbers for other in with_them.get(n, ())}
    return staged_queries.set_decision(connection, changeset_id, others, decision) if others else 0


def reject_what_falls(connection: Connection, changeset_id: int) -> None:
    """What is said of things that will not be there, and all parts of an act of which one cannot be done."""
    staged_queries.reject_loose_ends(connection, changeset_id)
    decided = staged_queries.ties(connection, changeset_id)
    unwanted = {tie.n for tie, decision in decided if decision != "accept"}
    groups = bonds.together(tie for tie, _ in decided)
    fallen = {n for group in groups if group & unwanted for n in group}
    if fallen and staged_queries.set_decision(connection, changeset_id, fallen, "reject"):
        staged_queries.reject_loose_ends(connection, changeset_id)
