"""Tells where a file would undo what was edited by hand since, and leaves that for a person to decide."""

from __future__ import annotations

from itertools import groupby

from app.changesets.words import PARTS
from app.database import Connection
from app.uploads import staged_queries
from geodata.by_hand import Undoing, undoing
from geodata.issues import Both, Issue, issue

_FILE = {
    True: Both("仍是更早的值", "still has the older value"),
    False: Both("是另一个值", "has another value"),
}


def leave_to_decide(connection: Connection, area_id: str, dataset: str, changeset_id: int) -> Issue | None:
    """Warn of what of a staged file would undo an edit by hand, and accept none of it beforehand.

    Returns what is to be known of the whole file; None when nothing was found.
    """
    told: dict[int, Issue] = {}
    parted: set[str] = set()
    every = staged_queries.edits_of(connection, area_id, dataset, changeset_id)
    for n, rows in groupby(every, lambda row: row[0]):
        of = list(rows)
        wanted = of[0][1]
        found = undoing(wanted, [edit for _, _, edit in of])
        if found is None:
            continue
        told[n] = _issue(found)
        if found.parts == ("parent",):
            parted.add(wanted.target)
    if not told:
        return None
    staged_queries.add_issues(connection, changeset_id, {n: [one] for n, one in told.items()})
    staged_queries.reject(connection, changeset_id, told, parted)
    return issue("by-hand-undecided", value=len(told))


def _issue(found: Undoing) -> Issue:
    who, day, part = found.edit.who, found.edit.day.isoformat(), found.parts[0]
    if part == "exists":
        return issue("removed-by-hand", who=who, day=day)
    names = [PARTS.get(one, (one, one)) for one in found.parts]
    what = Both("、".join(zh for zh, _ in names), ", ".join(en for _, en in names))
    return issue("edited-by-hand", field=part, what=what, who=who, day=day, file=_FILE[found.is_older])
