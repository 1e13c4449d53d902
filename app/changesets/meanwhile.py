"""What others did meanwhile that stands in the way of a changeset, beside the fields of its projects: its
source is there, a key is taken, an end of a relation or the thing a claim speaks of is gone, and the like.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from app.changesets import queries, staged_queries
from app.database import Connection
from geodata.changes import Change, Conflict
from geodata.issues import Issue, issue

Record = Mapping[str, Any]
Outcome = Literal["settled", "impossible"]
Numbered = tuple[int, Change]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A change (by number) that cannot be published as it is. outcome: what comparing anew makes of it:
    "settled", nothing is left of it to do; "impossible", it cannot be done any more. issues: why not."""

    n: int
    conflict: Conflict
    outcome: Outcome
    issues: tuple[Issue, ...] = ()


class Meanwhile:
    """Looks for obstacles, part by part of a changeset. changeset: its row. only: the decision of the changes
    that count, so that what one of them adds is there for another."""

    def __init__(self, connection: Connection, changeset: Record, **only: str) -> None:
        self.connection, self.area_id, self.number = connection, changeset["area_id"], changeset["id"]
        self.of_file = changeset["kind"] == "upload"
        self.only = only

    def obstacles(self, changes: Sequence[Numbered]) -> list[Obstacle]:
        """Those in the way of some changes."""
        part = _Part(self, changes)
        return [*part.sources(), *part.keys(), *part.relations(), *part.claims(), *part.withdrawals()]

    @cached_property
    def whole_of(self) -> Mapping[str, str]:
        return queries.wholes(self.connection, self.area_id)

    @cached_property
    def loosened(self) -> set[str]:
        return staged_queries.loosened(self.connection, self.number, **self.only)


class _Part:
    def __init__(self, whole: Meanwhile, changes: Sequence[Numbered]) -> None:
        self.whole, self.connection, self.area_id = whole, whole.connection, whole.area_id
        self.changes = changes
        ends = {
            str((change.after or {})[name])
            for _, change in changes
            if change.op in ("claim", "relate")
            for name in (("target",) if change.op == "claim" else ("from", "to"))
        }
        self.there = {*queries.project_numbers(self.connection, ends)}
        if missing := ends - self.there:
            self.there |= staged_queries.brought(self.connection, whole.number, missing, **whole.only).keys()

    def _of(self, op: str) -> list[Numbered]:
        return [(n, change) for n, change in self.changes if change.op == op]

    def sources(self) -> Iterator[Obstacle]:
        """Sources and indicators that somebody else brought: they say nothing by themselves."""
        named = {change.target for _, change in self._of("source")}
        codes = {change.target for _, change in self._of("indicator")}
        public = {*queries.existing_sources(self.connection, named)} if named else set()
        public |= queries.existing_indicators(self.connection, self.area_id, codes) if codes else set()
        for n, change in (*self._of("source"), *self._of("indicator")):
            if change.target in public:
                yield Obstacle(n, Conflict(change.target, "exists", None, "there"), "settled")

    def keys(self) -> Iterator[Obstacle]:
        """New projects whose key another one got: a key stands for one thing of a kind."""
        wanted = {str((c.after or {}).get("external_key") or "") for _, c in self._of("add")} - {""}
        holders = queries.holders_of_keys(self.connection, self.area_id, wanted) if wanted else {}
        for n, change in self._of("add"):
            after = change.after or {}
            held = holders.get((after.get("kind", ""), after.get("external_key") or ""))
            if held and held["id"] != change.target:
                key, other = after["external_key"], held["dataset"]
                told = issue("key-of-other-dataset", field="key", value=key, other=other)
                conflict = Conflict(change.target, "external_key", None, held["id"], held["rev_exists"])
                yield Obstacle(n, conflict, "impossible", (told,))

    def relations(self) -> Iterator[Obstacle]:
        group = self._of("relate")
        if not group:
            return
        for n, change in group:
            after = change.after or {}
            gone = [end for end in (after["from"], after["to"]) if end not in self.there]
            if gone:
                yield Obstacle(n, Conflict(gone[0], "exists", "there", None), "impossible")
            elif after["type"] == "part_of" and (now := self.whole.whole_of.get(after["from"])):
                if now == after["to"]:
                    yield Obstacle(n, Conflict(after["from"], "parent", None, now), "settled")
                elif after["from"] not in self.whole.loosened:
                    yield Obstacle(n, Conflict(after["from"], "parent", None, now), "impossible")

    def claims(self) -> Iterator[Obstacle]:
        """Claims on what is gone, and claims of a file that the same source made of the same thing already.
        A person may say the same again, and mean it."""
        group = self._of("claim")
        if not group:
            return
        targets = {(change.after or {})["target"] for _, change in group}
        indicators = queries.existing_indicators(self.connection, self.area_id, targets)
        cited = {(change.after or {})["source"] for _, change in group}
        said = queries.said_already(self.connection, cited, targets) if self.whole.of_file else set()
        for n, change in group:
            after = change.after or {}
            target = after["target"]
            if target not in self.there and target not in indicators:
                yield Obstacle(n, Conflict(target, "exists", "there", None), "impossible")
            elif tuple(after[name] for name in queries.CLAIM_IDENTITY) in said:
                yield Obstacle(n, Conflict(target, "claims", None, after["value"]), "settled")

    def withdrawals(self) -> Iterator[Obstacle]:
        """Claims that somebody else withdrew."""
        group = self._of("withdraw")
        rows = queries.claim_rows(self.connection, [int(c.target) for _, c in group]) if group else {}
        for n, change in group:
            row = rows.get(int(change.target), {})
            if not row or row["withdrawn_rev"] is not None:
                about = row.get("project_id") or row.get("indicator_code") or change.target
                conflict = Conflict(about, "claims", "there", None, row.get("withdrawn_rev") or 0)
                yield Obstacle(n, conflict, "settled")
