"""How public data changes: a changeset is staged, checked, published in one transaction, and taken back by
a staged inverse. Functions take a connection whose transaction the caller ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from app.changesets import queries
from app.changesets.derived import derive
from app.database import Connection
from geodata import dates
from geodata.changes import PROJECT_OPS, Change, Conflict, Op, conflicts, digest, inverse
from geodata.checking import check_claim, check_project, check_source
from geodata.issues import Issue, issue
from geodata.kinds import load_kinds
from geodata.phases import COMMITMENTS, TIERS

Record = Mapping[str, Any]


class ChangesetError(Exception):
    """A changeset cannot do what was asked of it."""


class UnknownChangeset(ChangesetError):
    pass


class WrongState(ChangesetError):
    def __init__(self, changeset_id: int, state: str) -> None:
        super().__init__(f"changeset {changeset_id} is {state}")
        self.state = state


class BlockedRows(ChangesetError):
    """Rows with faults cannot be published. issues: by number of the change."""

    def __init__(self, issues: list[dict[str, Any]]) -> None:
        super().__init__(f"{len(issues)} changes have faults: {issues[:3]}")
        self.issues = issues


class MovedOn(ChangesetError):
    """Parts changed since the changeset was based; nothing was published."""

    def __init__(self, found: list[Conflict]) -> None:
        super().__init__(f"{len(found)} parts moved on: {[(c.target, c.part) for c in found[:5]]}")
        self.conflicts = found


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
    issues = _check(connection, area, changes)
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


def _check(connection: Connection, area: Record, changes: Sequence[Change]) -> dict[int, list[Issue]]:
    """Faults by number of the change, counting from 1."""
    kinds = load_kinds()
    west, south, east, north = area["accept_bbox_lonlat"]
    box = (west, south, east, north)
    known = _Known(connection, area["id"], changes)
    found: dict[int, list[Issue]] = {}
    for n, change in enumerate(changes, start=1):
        after = change.after or {}
        issues: list[Issue] = []
        if change.op == "source":
            issues = check_source(after)
            if change.target in known.public_sources:
                issues.append(issue("already-there", field="id", value=change.target))
        elif change.op == "add":
            issues = check_project({"id": change.target, **after}, change.geom_after, kinds, box)
        elif change.op == "change":
            issues = _check_changed(connection, change, box)
        elif change.op == "claim":
            issues = _check_claim(after, known)
        elif change.op == "relate":
            issues = [
                issue("target-unknown", field=end, value=after[end])
                for end in ("from", "to")
                if after[end] not in known.project_kinds
            ]
        if issues:
            found[n] = issues
    return found


class _Known:
    """What a claim or relation may point to: what is public, and what the same changeset brings."""

    def __init__(self, connection: Connection, area_id: str, changes: Sequence[Change]) -> None:
        ends = [
            str((change.after or {}).get(name, ""))
            for change in changes
            if change.op in ("claim", "relate")
            for name in ("target", "from", "to")
        ]
        added = {c.target: (c.after or {}).get("kind", "") for c in changes if c.op == "add"}
        self.project_kinds = {**queries.project_kinds(connection, set(ends)), **added}
        self.indicators = queries.existing_indicators(connection, area_id, set(ends)) | {
            c.target for c in changes if c.op == "indicator"
        }
        named = {c.target for c in changes if c.op == "source"}
        cited = {str((c.after or {}).get("source", "")) for c in changes if c.op == "claim"}
        self.public_sources = set(queries.existing_sources(connection, named | cited))
        self.sources = self.public_sources | named


def _check_claim(record: Record, known: _Known) -> list[Issue]:
    issues = []
    target = record["target"]
    if target in known.project_kinds:
        issues += check_claim(record, load_kinds().get(known.project_kinds[target]))
    elif target in known.indicators:
        issues += check_claim(record, None)
    else:
        issues.append(issue("target-unknown", field="target", value=target))
    if record["source"] not in known.sources:
        issues.append(issue("source-unknown", field="source", value=record["source"]))
    return issues


def _check_changed(
    connection: Connection, change: Change, box: tuple[float, float, float, float]
) -> list[Issue]:
    """A change is checked as the whole record it would leave."""
    current = queries.current_projects(connection, [change.target]).get(change.target)
    if current is None:
        return [issue("target-unknown", field="id", value=change.target)]
    moved = change.geom_before is not None or change.geom_after is not None
    geometry = change.geom_after if moved else current.geometry
    record = {"id": change.target, **current.record, **(change.after or {})}
    return check_project(record, geometry, load_kinds(), box)


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
    touched = _Publication(connection, area_id, changeset_id, rev, changeset["reason"]).write(changes)
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


class _Publication:
    """Writes the changes of one revision, kind of act by kind of act, and remembers whom they touch."""

    def __init__(
        self, connection: Connection, area_id: str, changeset_id: int, rev: int, reason: str
    ) -> None:
        self.connection = connection
        self.area_id = area_id
        self.changeset_id = changeset_id
        self.rev = rev
        self.reason = reason
        self.touched: set[int] = set()

    def write(self, changes: Sequence[tuple[int, Change]]) -> set[int]:
        writers: dict[Op, Callable[[list[tuple[int, Change]]], None]] = {
            "source": self._sources,
            "indicator": self._indicators,
            "add": self._add,
            "change": self._change,
            "relate": self._relate,
            "unrelate": self._unrelate,
            "withdraw": self._withdraw,
            "claim": self._claims,
            "remove": self._remove,
        }
        for op, writer in writers.items():
            if group := [(n, change) for n, change in changes if change.op == op]:
                writer(group)
        return self.touched

    def _numbers(self, ids: Iterable[str]) -> dict[str, int]:
        numbers = queries.project_numbers(self.connection, ids)
        self.touched |= set(numbers.values())
        return numbers

    def _sources(self, group: list[tuple[int, Change]]) -> None:
        rows = [source_row(change.after or {}) for _, change in group]
        queries.insert_sources(
            self.connection, [{**row, "area_id": self.area_id, "rev": self.rev} for row in rows]
        )

    def _indicators(self, group: list[tuple[int, Change]]) -> None:
        names = ("code", "name_zh", "name_en", "unit", "period", "note")
        queries.insert_indicators(
            self.connection,
            [
                {
                    **{name: (change.after or {})[name] for name in names},
                    "note_zh": (change.after or {}).get("note_zh", ""),
                    "part_of": (change.after or {}).get("part_of") or None,
                    "position": n,
                    "area_id": self.area_id,
                    "rev": self.rev,
                }
                for n, change in group
            ],
        )

    def _add(self, group: list[tuple[int, Change]]) -> None:
        ids = [change.target for _, change in group]
        there = queries.current_projects(self.connection, ids)
        revs = dict.fromkeys(("rev_exists", "rev_geom", "rev_attrs", "rev_claims"), self.rev)
        fresh = []
        for _, change in group:
            values = {**(change.after or {}), **revs, "geom": queries.geometry_value(change.geom_after)}
            if change.target not in there:
                fresh.append({**values, "id": change.target, "area_id": self.area_id})
            elif there[change.target].removed:
                queries.restore_project(self.connection, change.target, values)
        queries.insert_projects(self.connection, fresh)
        self._numbers(ids)

    def _change(self, group: list[tuple[int, Change]]) -> None:
        for _, change in group:
            values = dict(change.after or {})
            if values:
                values["rev_attrs"] = self.rev
            if change.geom_before is not None or change.geom_after is not None:
                values |= {"geom": queries.geometry_value(change.geom_after), "rev_geom": self.rev}
            queries.update_project(self.connection, change.target, values)
        self._numbers(change.target for _, change in group)

    def _relate(self, group: list[tuple[int, Change]]) -> None:
        records = [change.after or {} for _, change in group]
        numbers = self._numbers(end for record in records for end in (record["from"], record["to"]))
        queries.insert_relations(
            self.connection,
            [
                {
                    "from_no": numbers[record["from"]],
                    "to_no": numbers[record["to"]],
                    "type": record["type"],
                    "on_date": record["on_date"],
                    "rev": self.rev,
                }
                for record in records
            ],
        )

    def _unrelate(self, group: list[tuple[int, Change]]) -> None:
        for _, change in group:
            record = change.before or {}
            found = queries.relation_id(self.connection, record["from"], record["to"], record["type"])
            if found is not None:
                queries.remove_relation(self.connection, found, self.rev)
            self._numbers((record["from"], record["to"]))

    def _withdraw(self, group: list[tuple[int, Change]]) -> None:
        ids = [int(change.target) for _, change in group]
        rows = queries.claim_rows(self.connection, ids)
        gone = [
            Conflict(str(claim_id), "claims", "there", None)
            for claim_id in ids
            if claim_id not in rows or rows[claim_id]["withdrawn_rev"] is not None
        ]
        if gone:
            raise MovedOn(gone)
        queries.withdraw_claims(self.connection, ids, self.rev, self.reason)
        numbers = {row["project_no"] for row in rows.values() if row["project_no"] is not None}
        queries.touch_claims(self.connection, numbers, self.rev)
        self.touched |= numbers

    def _claims(self, group: list[tuple[int, Change]]) -> None:
        records = [change.after or {} for _, change in group]
        numbers = self._numbers(record["target"] for record in records)
        indicators = queries.existing_indicators(
            self.connection, self.area_id, {record["target"] for record in records}
        )
        retrieved = queries.existing_sources(self.connection, {record["source"] for record in records})
        missing = [
            Conflict(record["target"], "exists", "there", None)
            for record in records
            if record["target"] not in numbers and record["target"] not in indicators
        ]
        if missing:
            raise MovedOn(missing)
        rows = [
            {
                **claim_row(record, retrieved[record["source"]]),
                "area_id": self.area_id,
                "project_no": numbers.get(record["target"]),
                "indicator_code": None if record["target"] in numbers else record["target"],
                "changeset_id": self.changeset_id,
                "rev": self.rev,
            }
            for record in records
        ]
        ids = queries.insert_claims(self.connection, rows)
        queries.name_claims(
            self.connection, self.changeset_id, [(n, i) for (n, _), i in zip(group, ids, strict=True)]
        )
        queries.touch_claims(self.connection, set(numbers.values()), self.rev)

    def _remove(self, group: list[tuple[int, Change]]) -> None:
        ids = [change.target for _, change in group]
        self._numbers(ids)
        queries.remove_projects(self.connection, ids, self.rev)


def source_row(record: Record) -> dict[str, Any]:
    """The columns of a source from its record (tier by name, dates in the grammar)."""
    published = dates.parse(record["published"]) if record["published"] else None
    names = ("id", "publisher_zh", "publisher_en", "title", "published", "address", "licence", "note")
    return {
        **{name: record[name] for name in names},
        **{name: record.get(name, "") for name in ("title_en", "licence_zh")},
        "tier": TIERS.index(record["tier"]) + 1,
        "published_earliest": published.earliest if published else None,
        "published_latest": published.latest if published else None,
        "retrieved_on": date.fromisoformat(record["retrieved_on"]),
    }


def claim_row(record: Record, retrieved_on: date) -> dict[str, Any]:
    """The columns of a claim from its record. What has no day on which it was said counts as said by the
    day its source was retrieved."""
    when = dates.parse(record["date"]) if record["date"] else None
    said = dates.parse(record["said_on"] or f"..{retrieved_on.isoformat()}")
    names = ("property", "value", "unit", "locator", "quote", "verbatim", "note")
    return {
        **{name: record[name] for name in names},
        **{name: record.get(name, "") for name in ("quote_zh", "quote_en", "note_zh")},
        "date_text": record["date"],
        "earliest": when.earliest if when else None,
        "latest": when.latest if when else None,
        "approx": bool(when and when.approx),
        "commitment": COMMITMENTS.index(record["commitment"]) + 1,
        "said_text": said.text,
        "said_earliest": said.earliest,
        "said_latest": said.latest or retrieved_on,
        "source_id": record["source"],
        "counts_in": record.get("counts_in") or None,
        "restates": record.get("restates"),
    }


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
