"""Checks the changes of a changeset against the rules of geodata.checking and against what is public."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.changesets import queries, staged_queries
from app.database import Connection
from geodata.changes import Change, Current
from geodata.checking import check_claim, check_project, check_source
from geodata.issues import Issue, issue
from geodata.kinds import load_kinds

Record = Mapping[str, Any]


def check(
    connection: Connection, area: Record, changes: Sequence[Change], changeset_id: int | None = None
) -> dict[int, list[Issue]]:
    """Faults by number of the change, counting from 1. changeset_id: of what was staged before them."""
    kinds = load_kinds()
    west, south, east, north = area["accept_bbox_lonlat"]
    box = (west, south, east, north)
    known = _Known(connection, area["id"], changes, changeset_id)
    current = queries.current_projects(connection, {c.target for c in changes if c.op == "change"})
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
            issues = _check_changed(current.get(change.target), change, box)
        elif change.op == "claim":
            issues = _check_claim(after, known)
        elif change.op == "relate":
            issues = [
                issue("target-unknown", field=end, value=after[end])
                for end in ("from", "to")
                if after[end] not in known.project_kinds
            ]
            if known.is_circle(after["from"]):
                issues.append(issue("part-of-circle", field="from", value=after["from"]))
        if issues:
            found[n] = issues
    return found


class _Known:
    """What a claim or relation may point to: what is public, and what the same changeset brings."""

    def __init__(
        self, connection: Connection, area_id: str, changes: Sequence[Change], changeset_id: int | None
    ) -> None:
        ends = [
            str((change.after or {}).get(name, ""))
            for change in changes
            if change.op in ("claim", "relate")
            for name in ("target", "from", "to")
        ]
        added = {c.target: (c.after or {}).get("kind", "") for c in changes if c.op == "add"}
        if changeset_id is not None:
            added |= staged_queries.brought(connection, changeset_id, set(ends))
        self.project_kinds = {**queries.project_kinds(connection, set(ends)), **added}
        self.indicators = queries.existing_indicators(connection, area_id, set(ends)) | {
            c.target for c in changes if c.op == "indicator"
        }
        loosened = {(c.before or {}).get("from") for c in changes if c.op == "unrelate"}
        self.whole_of = {
            part: whole for part, whole in queries.wholes(connection, area_id).items() if part not in loosened
        }
        self.whole_of |= {
            str((c.after or {})["from"]): str((c.after or {})["to"])
            for c in changes
            if c.op == "relate" and (c.after or {})["type"] == "part_of"
        }
        named = {c.target for c in changes if c.op == "source"}
        cited = {str((c.after or {}).get("source", "")) for c in changes if c.op == "claim"}
        self.public_sources = set(queries.existing_sources(connection, named | cited))
        self.sources = self.public_sources | named

    def is_circle(self, part: str) -> bool:
        """Whether following what a thing is part of leads back to it."""
        seen, at = {part}, self.whole_of.get(part)
        while at is not None and at not in seen:
            seen.add(at)
            at = self.whole_of.get(at)
        return at == part


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
    current: Current | None, change: Change, box: tuple[float, float, float, float]
) -> list[Issue]:
    """A change is checked as the whole record it would leave."""
    if current is None:
        return [issue("target-unknown", field="id", value=change.target)]
    moved = change.geom_before is not None or change.geom_after is not None
    geometry = change.geom_after if moved else current.geometry
    record = {"id": change.target, **current.record, **(change.after or {})}
    return check_project(record, geometry, load_kinds(), box)
