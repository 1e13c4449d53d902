"""How public data changes: a changeset is staged, checked, published in one transaction, and taken back by
a staged inverse. Functions take a connection whose transaction the caller ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from app.changesets import queries
from app.changesets.checks import check
from app.changesets.derived import derive
from app.changesets.publication import Publication
from app.changesets.refusals import BlockedRows, ChangesetError, MovedOn, UnknownChangeset, WrongState
from app.database import Connection
from geodata.changes import PROJECT_OPS, Change, Conflict, conflicts, digest, inverse
from geodata.issues import Issue

Record = Mapping[str, Any]


def create_area(connection: Connection, record: Record) -> None:
    """Make the row of an area (see geodata/pinghu/area.toml), at revision 0."""
    queries.insert_area(
        connection,
        {
            **{name: record[name] for name in ("id", "name_zh", "name_en", "within_zh", "within_en", "tz")},
            "accept_bbox_lonlat": record["accept_bbox_lonlat"],
            "first_day": date.fromisoformat(record["first_day"]),
            "last_day": date.fromisoformat(record["last_day"]),
            "credits": record["credits"],
        },
    )


# ---------------------------------------------------------------- stage


def stage(
    connection: Connection,
    area_id: str,
    changes: Sequence[Change],
    *,
    kind: str,
    title_zh: str,
    title_en: str,
    who: str,
    reason: str = "",
    reverts: int | None = None,
    kept: Iterable[Conflict] = (),
    base_rev: int | None = None,
) -> int:
    """Check the changes and keep them as a staged changeset; nothing becomes public. Returns its number.

    base_rev: the revision the changes were based on, when it is not the present one.
    """
    area = queries.area(connection, area_id)
    if area is None:
        raise ChangesetError(f"there is no area {area_id}")
    issues = check(connection, area, changes)
    changeset_id = queries.insert_changeset(
        connection,
        {
            "area_id": area_id,
            "kind": kind,
            "state": "staged",
            "base_rev": area["revision"] if base_rev is None else base_rev,
            "reverts": reverts,
            "title_zh": title_zh,
            "title_en": title_en,
            "reason": reason,
            "mode": "merge",
            "kept": [conflict.as_json() for conflict in kept],
            "created_by": who,
            "hash": digest(changes),
        },
    )
    queries.insert_changes(
        connection,
        [
            _change_row(changeset_id, n, change, issues.get(n, []))
            for n, change in enumerate(changes, start=1)
        ],
    )
    queries.log(connection, area_id, who, "stage", f"changeset/{changeset_id}", {"changes": len(changes)})
    return changeset_id


def _change_row(changeset_id: int, n: int, change: Change, issues: list[Issue]) -> Record:
    return {
        "changeset_id": changeset_id,
        "n": n,
        "op": change.op,
        "target": change.target,
        "before": change.before,
        "after": change.after,
        "geom_before": queries.geometry_value(change.geom_before),
        "geom_after": queries.geometry_value(change.geom_after),
        "decision": "blocked" if any(i.severity == "block" for i in issues) else "accept",
        "issues": [i.as_json() for i in issues],
    }


# ---------------------------------------------------------------- publish


def publish(connection: Connection, changeset_id: int, who: str) -> int:
    """Make a staged changeset public. Returns the new revision.

    Raises UnknownChangeset, WrongState, BlockedRows, and MovedOn when a part it touches changed since its
    base to another value. Whatever is raised, the caller's transaction must be undone.
    """
    changeset = _staged(connection, changeset_id)
    if blocked := queries.blocked_issues(connection, changeset_id):
        raise BlockedRows(blocked)
    area_id = changeset["area_id"]
    rev = queries.raise_revision(connection, area_id)
    changes = [
        (n, change)
        for n, decision, change in queries.changes(connection, changeset_id)
        if decision == "accept"
    ]
    current = queries.current_projects(connection, {c.target for _, c in changes if c.op in PROJECT_OPS})
    found = [
        conflict
        for _, change in changes
        if change.op in PROJECT_OPS
        for conflict in conflicts(change, current.get(change.target), changeset["base_rev"])
    ]
    if found:
        raise MovedOn(found)
    touched = Publication(connection, area_id, changeset_id, rev, changeset["reason"]).write(changes)
    derive(connection, touched)
    now = datetime.now(UTC)
    queries.set_state(
        connection, changeset_id, state="published", rev=rev, published_by=who, published_at=now
    )
    queries.log(connection, area_id, who, "publish", f"changeset/{changeset_id}", {"revision": rev})
    return rev


def discard(connection: Connection, changeset_id: int, who: str) -> None:
    """Give up a staged changeset. Raises UnknownChangeset and WrongState."""
    changeset = _staged(connection, changeset_id)
    queries.set_state(connection, changeset_id, state="discarded")
    queries.log(connection, changeset["area_id"], who, "discard", f"changeset/{changeset_id}", {})


def _staged(connection: Connection, changeset_id: int) -> Record:
    changeset = queries.changeset(connection, changeset_id, lock=True)
    if changeset is None:
        raise UnknownChangeset(f"there is no changeset {changeset_id}")
    if changeset["state"] != "staged":
        raise WrongState(changeset_id, changeset["state"])
    return changeset


# ---------------------------------------------------------------- take back


def revert(connection: Connection, changeset_id: int, who: str, reason: str) -> int:
    """Stage what takes a published changeset back. Returns the number of the staged inverse.

    Parts that changed since are kept and listed in its `kept`; the rest goes. Claims are withdrawn, what was
    withdrawn is restated; sources and indicators, which say nothing by themselves, stay.
    """
    changeset = queries.changeset(connection, changeset_id)
    if changeset is None:
        raise UnknownChangeset(f"there is no changeset {changeset_id}")
    if changeset["state"] != "published":
        raise WrongState(changeset_id, changeset["state"])
    changes = [
        change for _, decision, change in queries.changes(connection, changeset_id) if decision == "accept"
    ]
    targets = {change.target for change in changes if change.op in PROJECT_OPS}
    claims = [int(change.target) for change in changes if change.op == "claim"]
    withdrawn = [
        str(claim_id)
        for claim_id, row in queries.claim_rows(connection, claims).items()
        if row["withdrawn_rev"] is not None
    ]
    back = inverse(changes, queries.current_projects(connection, targets), changeset["rev"], withdrawn)
    return stage(
        connection,
        changeset["area_id"],
        back.changes,
        kind="revert",
        title_zh=f"撤回：{changeset['title_zh']}",
        title_en=f"Undo: {changeset['title_en']}",
        who=who,
        reason=reason,
        reverts=changeset_id,
        kept=back.kept,
    )
