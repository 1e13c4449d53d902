"""Takes a published changeset back by a staged inverse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.changesets import queries, staged_queries
from app.changesets.checks import check
from app.changesets.refusals import UnknownChangeset, WrongState
from app.changesets.service import Checked, Staging, area_record
from app.database import Connection
from geodata.bonds import torn
from geodata.changes import PROJECT_OPS, Conflict, Inverse, inverse

Record = Mapping[str, Any]
Told = Callable[[str, int, int], None]


def revert(
    connection: Connection, changeset_id: int, who: str, reason: str, told: Told = lambda *_: None
) -> int:
    """Stage what takes a published changeset back. Returns the number of the staged inverse.

    Parts that changed since are kept and listed in its `kept`, with what is of one act with them; the rest
    goes. Claims are withdrawn, what was withdrawn is restated; sources and indicators, which say nothing by
    themselves, stay. told: is called with how far it is.
    """
    changeset = _published(connection, changeset_id)
    title_zh, title_en = _title_of_inverse(connection, changeset)
    staging = Staging.new(
        connection,
        changeset["area_id"],
        kind="revert",
        title_zh=title_zh,
        title_en=title_en,
        who=who,
        reason=reason,
        reverts=changeset_id,
    )
    _stage(connection, changeset, staging, told)
    return staging.number


def revert_anew(connection: Connection, undo: Record, who: str) -> int:
    """Stage a staged inverse once more, against what is public now; what was rejected stays so. Returns how
    many parts are kept that were not before.

    To compare act by act would not do: it would take away as a whole what somebody moved on since.
    """
    changeset = _published(connection, undo["reverts"])
    rejected = staged_queries.rejected(connection, undo["id"])
    staged_queries.drop_changes(connection, undo["id"])
    staging = Staging(connection, undo["area_id"], undo["id"], undo["kind"], who)
    kept = _stage(connection, changeset, staging, lambda *_: None)
    staged_queries.reject_again(connection, undo["id"], rejected)
    before = {(one["target"], one["part"]) for one in undo["kept"]}
    return len({(one.target, one.part) for one in kept} - before)


def _published(connection: Connection, changeset_id: int) -> Record:
    changeset = staged_queries.changeset(connection, changeset_id)
    if changeset is None:
        raise UnknownChangeset(f"there is no changeset {changeset_id}")
    if changeset["state"] != "published":
        raise WrongState(changeset_id, changeset["state"])
    return changeset


def _stage(connection: Connection, changeset: Record, staging: Staging, told: Told) -> list[Conflict]:
    """Answers what is kept."""
    area = area_record(connection, changeset["area_id"])
    parts = staged_queries.parts(connection, changeset["id"])
    if staged_queries.ops(connection, changeset["id"]).keys() & {"relate", "unrelate"}:
        # What one thing has to do with another is seen of the whole alone.
        parts = [range(parts[0].start, parts[-1].stop)]
    kept: list[Conflict] = []
    for done, numbers in enumerate(reversed(parts)):
        told("comparing", done * len(parts[0]), len(parts) * len(parts[0]))
        back = _inverse(connection, changeset, numbers)
        staging.add(back.changes, Checked(check(connection, area, back.changes, staging.number), {}))
        kept += back.kept
    staging.finish(kept)
    return kept


def _inverse(connection: Connection, changeset: Record, numbers: range) -> Inverse:
    rows = staged_queries.changes(connection, changeset["id"], numbers, decision="accept")
    changes = [change for _, _, change in rows]
    targets = {change.target for change in changes if change.op in PROJECT_OPS}
    claims = [int(change.target) for change in changes if change.op == "claim"]
    withdrawn = [
        str(claim_id)
        for claim_id, row in queries.claim_rows(connection, claims).items()
        if row["withdrawn_rev"] is not None
    ]
    rev = changeset["rev"]
    spoken_of = queries.spoken_of_since(connection, targets, rev)
    about = targets | {(change.after or {})["target"] for change in changes if change.op == "claim"}
    heard = staged_queries.heard_again(connection, changeset["area_id"], about, rev)
    current = queries.current_projects(connection, targets)
    back = inverse(changes, current, rev, withdrawn, spoken_of, heard)
    # A split or a merger is taken back as a whole, or not at all.
    stay, also = torn(changes, back.kept)
    if stay:
        kept = [*back.kept, *also]
        rest = [change for n, change in enumerate(changes) if n not in stay]
        back = inverse(rest, current, rev, withdrawn, spoken_of, heard)
        back.kept = kept
    return back


def is_recorded(connection: Connection, changeset: Record) -> bool:
    """Whether it only records, withdraws or corrects claims, as a person does by hand, or takes such back."""
    first = changeset
    while first["reverts"] and (earlier := staged_queries.changeset(connection, first["reverts"])):
        first = earlier
    recording = {"source", "claim", "withdraw"}
    return first["kind"] == "edit" and staged_queries.ops(connection, changeset["id"]).keys() <= recording


def _title_of_inverse(connection: Connection, changeset: Record) -> tuple[str, str]:
    """Chinese and English: "undo" or "redo" with the title of what was done at first, however often it was
    taken back since."""
    first, times = changeset, 0
    while first["reverts"] and (earlier := staged_queries.changeset(connection, first["reverts"])):
        first, times = earlier, times + 1
    zh, en = ("恢复", "Redo") if times % 2 else ("撤销", "Undo")
    return f"{zh}：{first['title_zh']}", f"{en}: {first['title_en']}"
