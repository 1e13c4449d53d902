"""How public data changes: a changeset is staged, checked, published in one transaction, and taken back by
a staged inverse. Functions take a connection whose transaction the caller ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from app import audit
from app.changesets import queries, staged_queries
from app.changesets.checks import check
from app.changesets.derived import derive
from app.changesets.meanwhile import Meanwhile, Numbered
from app.changesets.publication import Publication
from app.changesets.refusals import (
    BlockedRows,
    ChangesetError,
    MovedOn,
    Nothing,
    UnknownChangeset,
    WrongState,
)
from app.changesets.words import mentioned
from app.database import Connection
from geodata.changes import PROJECT_OPS, Change, Conflict, Digest, Op, conflicts
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


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a file came: its dataset, whether it removes what it lacks, the day of its data."""

    dataset: str | None = None
    mode: str = "merge"
    data_date: date | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found out about changes before: faults and the row of a file by number, counting from 1.
    rows: 0-based, as Record.row of geodata.records has it."""

    issues: Mapping[int, Sequence[Issue]]
    rows: Mapping[int, int]


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
    base_rev: int | None = None,
    terms: Terms = Terms(),
    checked: Checked | None = None,
) -> int:
    """Keep the changes as a staged changeset; nothing becomes public. Returns its number.

    base_rev: the revision the changes were based on, when it is not the present one. checked: what the caller
    found; without it every change is checked here.
    """
    found = checked or Checked(check(connection, area_record(connection, area_id), changes), {})
    staging = Staging.new(
        connection,
        area_id,
        kind=kind,
        title_zh=title_zh,
        title_en=title_en,
        who=who,
        reason=reason,
        base_rev=base_rev,
        terms=terms,
    )
    staging.add(changes, found)
    staging.finish()
    return staging.number


class Staging:
    """Stages the changes of a changeset that has none, part by part; `finish` ends it. Nothing is there until
    the transaction ends well. number: of the changeset."""

    def __init__(self, connection: Connection, area_id: str, number: int, kind: str, who: str) -> None:
        self.number = number
        self._connection, self._area_id, self._who, self._kind = connection, area_id, who, kind
        self._count, self._digest = 0, Digest()

    @classmethod
    def new(
        cls,
        connection: Connection,
        area_id: str,
        *,
        kind: str,
        title_zh: str,
        title_en: str,
        who: str,
        reason: str = "",
        reverts: int | None = None,
        base_rev: int | None = None,
        terms: Terms = Terms(),
    ) -> Staging:
        """Of a new changeset. Keywords as `stage` has them. reverts: the number of what it takes back."""
        area = area_record(connection, area_id)
        number = staged_queries.insert_changeset(
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
                **asdict(terms),
                "kept": [],
                "created_by": who,
                "hash": "",
            },
        )
        return cls(connection, area_id, number, kind, who)

    def add(self, changes: Sequence[Change], found: Checked) -> None:
        """found: numbers count from 1 within these changes."""
        rows = _change_rows(self.number, self._count, changes, found)
        staged_queries.insert_changes(self._connection, rows)
        self._digest.add(changes)
        self._count += len(changes)

    def finish(self, kept: Iterable[Conflict] = ()) -> None:
        """kept: what an inverse leaves as it is."""
        staged_queries.reject_loose_ends(self._connection, self.number)
        left = [conflict.as_json() for conflict in kept]
        staged_queries.set_hash(self._connection, self.number, self._digest.text(), left)
        subject, detail = f"changeset/{self.number}", {"changes": self._count}
        audit.write(self._connection, self._area_id, self._who, "stage", subject, detail)
        if self._kind == "upload" and not self._count:
            # All of the file is public already: nobody has to decide on anything.
            staged_queries.set_state(self._connection, self.number, state="discarded")
            audit.write(self._connection, self._area_id, self._who, "conclude", subject, detail)


def area_record(connection: Connection, area_id: str) -> Record:
    area = queries.area(connection, area_id)
    if area is None:
        raise ChangesetError(f"there is no area {area_id}")
    return area


def _change_rows(
    changeset_id: int, before: int, changes: Sequence[Change], found: Checked
) -> Iterator[Record]:
    """before: how many changes the changeset has already."""
    shapes_before = queries.geometry_values([change.geom_before for change in changes])
    shapes_after = queries.geometry_values([change.geom_after for change in changes])
    for n, change in enumerate(changes, start=1):
        issues = found.issues.get(n, ())
        yield {
            "changeset_id": changeset_id,
            "n": before + n,
            "file_row": found.rows.get(n),
            "op": change.op,
            "target": change.target,
            "before": change.before,
            "after": change.after,
            "geom_before": shapes_before[n - 1],
            "geom_after": shapes_after[n - 1],
            "decision": "blocked" if any(i.severity == "block" for i in issues) else "accept",
            "issues": [i.as_json() for i in issues],
        }


# ---------------------------------------------------------------- publish


def publish(
    connection: Connection,
    changeset_id: int,
    who: str,
    *,
    reason: str | None = None,
    told: Callable[[str, int, int], None] = lambda *_: None,
) -> int:
    """Make a staged changeset public. Returns the new revision.

    Rows of an upload that have faults stay out; any other changeset must have none. reason: replaces that of
    the changeset. told: is called with how far it is. Raises UnknownChangeset, WrongState, BlockedRows,
    Nothing, and MovedOn when a part it touches changed since its base to another value. Whatever is raised,
    the caller's transaction must be undone.
    """
    changeset = _staged(connection, changeset_id)
    if changeset["kind"] != "upload" and (blocked := staged_queries.blocked_issues(connection, changeset_id)):
        raise BlockedRows(blocked)
    area_id = changeset["area_id"]
    accepted = staged_queries.ops(connection, changeset_id, decision="accept")
    if accepted.keys() <= {"source", "indicator"} and changeset["kind"] == "upload":
        raise Nothing(changeset_id)
    rev = queries.raise_revision(connection, area_id)
    if found := _moved_on(connection, changeset, told):
        raise MovedOn(found, queries.names(connection, mentioned(found)))
    count, written = sum(accepted.values()), 0

    def of(op: Op) -> Iterator[list[Numbered]]:
        nonlocal written
        for numbers in staged_queries.parts(connection, changeset_id) if op in accepted else ():
            rows = staged_queries.changes(connection, changeset_id, numbers, op=op, decision="accept")
            if rows:
                told("writing", written, count)
                yield [(n, change) for n, _, change in rows]
                written += len(rows)

    why = changeset["reason"] if reason is None else reason
    touched = Publication(connection, area_id, changeset_id, rev, why).write(of)
    derive(connection, touched, lambda done: told("deriving", done, len(touched)))
    staged_queries.set_state(
        connection,
        changeset_id,
        state="published",
        rev=rev,
        reason=why,
        published_by=who,
        published_at=datetime.now(UTC),
    )
    audit.write(
        connection,
        area_id,
        who,
        "publish",
        f"changeset/{changeset_id}",
        {"revision": rev, "changes": count},
        reason=why,
        after=changeset["hash"],
    )
    return rev


def _moved_on(
    connection: Connection, changeset: Record, told: Callable[[str, int, int], None]
) -> list[Conflict]:
    """All that stands in the way of the accepted changes."""
    found: list[Conflict] = []
    meanwhile = Meanwhile(connection, changeset, decision="accept")
    parts = staged_queries.parts(connection, changeset["id"])
    for numbers in parts:
        told("reading", numbers.start - 1, parts[-1].stop - 1)
        rows = staged_queries.changes(connection, changeset["id"], numbers, decision="accept")
        changes = [(n, change) for n, _, change in rows]
        of_projects = [change for _, change in changes if change.op in PROJECT_OPS]
        current = queries.current_projects(connection, {change.target for change in of_projects})
        for change in of_projects:
            found += conflicts(change, current.get(change.target), changeset["base_rev"])
        found += [obstacle.conflict for obstacle in meanwhile.obstacles(changes)]
    return found


def discard(connection: Connection, changeset_id: int, who: str) -> None:
    """Give up a staged changeset. Raises UnknownChangeset and WrongState."""
    changeset = _staged(connection, changeset_id)
    staged_queries.set_state(connection, changeset_id, state="discarded")
    audit.write(connection, changeset["area_id"], who, "discard", f"changeset/{changeset_id}", {})


def _staged(connection: Connection, changeset_id: int) -> Record:
    changeset = staged_queries.changeset(connection, changeset_id, lock=True)
    if changeset is None:
        raise UnknownChangeset(f"there is no changeset {changeset_id}")
    if changeset["state"] != "staged":
        raise WrongState(changeset_id, changeset["state"])
    return changeset
