"""What a person does with a staged changeset before it is public: look, accept, reject, confirm, rebase."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from app import audit
from app.changesets import listing_queries, queries, staged_queries, together
from app.changesets.meanwhile import Meanwhile
from app.changesets.refusals import SameAuthor, Stale, Unconfirmed, UnknownChangeset, WrongState
from app.changesets.undoing import revert_anew
from app.changesets.where import Where
from app.changesets.words import sentence
from app.database import Connection
from geodata.changes import PROJECT_OPS, Change, Current, conflicts, rebased
from geodata.issues import issue

Record = Mapping[str, Any]
KEPT_DAYS = 30
"""A staged changeset that nobody finishes is discarded after so long."""


def open_for(connection: Connection, changeset_id: int, version: int) -> Record:
    """The staged changeset, locked for an act on the version that the actor saw.

    Raises UnknownChangeset, WrongState and Stale.
    """
    changeset = staged_queries.changeset(connection, changeset_id, lock=True)
    if changeset is None:
        raise UnknownChangeset(f"there is no changeset {changeset_id}")
    if changeset["state"] != "staged":
        raise WrongState(changeset_id, changeset["state"])
    if changeset["version"] != version:
        raise Stale(changeset["version"])
    return changeset


def decide(connection: Connection, changeset_id: int, version: int, where: Where, decision: str) -> int:
    """Accept or reject the changes meant. Returns how many changed their mind.

    What stands and falls together goes together: a project that is not added leaves what is said of it
    behind, one that is brings it back, and a claim that is wanted brings its project. Blocked rows stay
    blocked. The parts of a split or a merger are one act: deciding on one decides on all. Raises as open_for
    does.
    """
    open_for(connection, changeset_id, version)
    decided = staged_queries.decide(connection, changeset_id, where, decision)
    along = together.carry(connection, changeset_id, {one.n for one in decided}, decision)
    if decision == "accept":
        added = [one.target for one in decided if one.op == "add"]
        staged_queries.accept_said_of(connection, changeset_id, added)
        spoken_of = sorted({end for one in decided if one.op in staged_queries.TIED for end in one.ends})
        staged_queries.accept_adds(connection, changeset_id, spoken_of)
        going = [one.target for one in decided if one.op == "remove"]
        staged_queries.accept_leaving(connection, changeset_id, going)
    together.reject_what_falls(connection, changeset_id)
    staged_queries.set_state(connection, changeset_id)
    return len(decided) + along


def warnings_digest(connection: Connection, changeset_id: int) -> tuple[int, str]:
    """How many accepted warnings there are, and the digest by which a person confirms exactly these."""
    count, digest = listing_queries.warned(connection, changeset_id)
    return count, digest[:32]


def ready_to_publish(
    connection: Connection, changeset_id: int, version: int, who: str, *, confirmed: str, two_persons: bool
) -> Record:
    """The changeset, when it may be published. Raises as open_for does, and Unconfirmed and SameAuthor."""
    changeset = open_for(connection, changeset_id, version)
    if two_persons and changeset["created_by"] == who:
        raise SameAuthor(f"changeset {changeset_id} is by {who}")
    count, digest = warnings_digest(connection, changeset_id)
    if count and confirmed != digest:
        raise Unconfirmed(digest, count)
    return changeset


def rebase(connection: Connection, changeset_id: int, version: int, who: str) -> dict[str, int]:
    """Base a staged changeset on what is public now; decisions stay. Returns counts: moved (warned of anew;
    of an inverse, kept because somebody moved it on), settled (nothing left to do), impossible (its thing is
    gone, or its key is another's). Raises as open_for does."""
    changeset = open_for(connection, changeset_id, version)
    area = queries.area(connection, changeset["area_id"])
    head = area["revision"] if area else changeset["base_rev"]
    counts = {"moved": 0, "settled": 0, "impossible": 0}
    if changeset["reverts"]:
        counts["moved"] = revert_anew(connection, changeset, who)
    else:
        meanwhile = Meanwhile(connection, changeset)
        for numbers in staged_queries.parts(connection, changeset_id):
            part = staged_queries.changes(connection, changeset_id, numbers)
            for outcome in _rebase_part(connection, changeset, part, meanwhile):
                counts[outcome] += 1
    together.reject_what_falls(connection, changeset_id)
    staged_queries.set_state(connection, changeset_id, base_rev=head)
    thing = f"changeset/{changeset_id}"
    audit.write(connection, changeset["area_id"], who, "rebase", thing, {**counts, "to": head})
    return counts


def _rebase_part(
    connection: Connection,
    changeset: Record,
    part: Sequence[tuple[int, str, Change]],
    meanwhile: Meanwhile,
) -> Iterator[str]:
    """What became of each change that does not stay as it is."""
    changeset_id = changeset["id"]
    wanted = [row for row in part if row[2].op in PROJECT_OPS]
    in_the_way = meanwhile.obstacles([(n, change) for n, _, change in part])
    current = queries.current_projects(connection, {change.target for _, _, change in wanted})
    for n, decision, change in wanted:
        now = current.get(change.target)
        if outcome := _rebase_one(connection, changeset_id, n, decision, change, now, changeset["base_rev"]):
            yield outcome
    decided = {n: (decision, change) for n, decision, change in part}
    for obstacle in in_the_way:
        decision, change = decided[obstacle.n]
        if obstacle.outcome == "settled":
            staged_queries.drop_change(connection, changeset_id, obstacle.n)
        elif decision == "accept":
            staged_queries.rewrite_change(
                connection, changeset_id, obstacle.n, change, "conflict", obstacle.issues
            )
        else:
            continue
        if change.op not in ("source", "indicator"):
            yield obstacle.outcome


def _rebase_one(
    connection: Connection,
    changeset_id: int,
    n: int,
    decision: str,
    change: Change,
    now: Current | None,
    base_rev: int,
) -> str:
    """What became of one change: "" when it stays as it is."""
    moved = conflicts(change, now, base_rev)
    again = rebased(change, now)
    if again is None:
        staged_queries.drop_change(connection, changeset_id, n)
        return "settled"
    if again.op == "change" and (now is None or now.removed):
        if decision == "accept":
            staged_queries.rewrite_change(connection, changeset_id, n, again, "conflict", [])
        return "impossible"
    if again == change and not moved:
        return ""
    named = {change.target: now.record} if now else {}
    told = [issue("moved-on", field=conflict.part, what=sentence(conflict, named)) for conflict in moved]
    staged_queries.rewrite_change(connection, changeset_id, n, again, decision, told)
    return "moved" if moved else ""


def discard_forgotten(connection: Connection) -> Sequence[int]:
    """Discard what was staged and left for KEPT_DAYS. Returns the numbers."""
    before = datetime.now(UTC) - timedelta(days=KEPT_DAYS)
    gone = staged_queries.forgotten(connection, before)
    for changeset_id, area_id in gone:
        staged_queries.set_state(connection, changeset_id, state="discarded")
        audit.write(connection, area_id, "guatu", "expire", f"changeset/{changeset_id}", {"days": KEPT_DAYS})
    return [changeset_id for changeset_id, _ in gone]
