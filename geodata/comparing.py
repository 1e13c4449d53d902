"""What a checked file would change: its records against what is public, as acts of a changeset.

A record is the project whose public id it names, else the one of its key in the dataset, else (when it has no
key) the one of the dataset with the same shape and name; otherwise it is new. `merge` never takes anything
away: an empty cell says nothing, and what is not in the file stays. In `replace` the file is the whole of
its dataset.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from geodata.changes import Change, Current
from geodata.drafting import Drafter, Standing, Upload
from geodata.headers import folded
from geodata.identity import Identity, Unkeyed, same_shapes
from geodata.issues import Issue, issue
from geodata.plausible import OWN_SIZE, differing
from geodata.records import Record
from geodata.rows import Table
from geodata.seen import NEVER, Seen
from geodata.shifts import Moves

Verdict = Literal["added", "changed", "same", "removed", "blocked"]
VERDICTS: tuple[Verdict, ...] = ("added", "changed", "same", "removed", "blocked")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a record, or of a public project that the file no longer holds (then record is None).

    parts: what differs ("geometry", "name_zh", "attrs.area_ha", "phase", "parent"). The changes of a blocked
    one show what it would have been; they must not be accepted.
    """

    target: str
    verdict: Verdict
    record: Record | None
    parts: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    issues: tuple[Issue, ...] = ()


@dataclass(slots=True)
class Comparison:
    """All outcomes, removals last, and what is to be known of the whole; or those of a part of a file.

    source: what the claims of the file rest on; None when there are none, or when it is public already.
    heard: by id the day until which a source is now known to have spoken of a project, where the file says
    again what is believed; no claim comes of that. owners: by the number of a row (Record.n) the other
    dataset that holds its key.
    """

    outcomes: list[Outcome]
    source: Change | None
    heard: dict[str, date]
    notes: list[Issue] = field(default_factory=list)
    owners: dict[int, str] = field(default_factory=dict)

    def counts(self) -> dict[Verdict, int]:
        """How many of each verdict."""
        return {verdict: sum(o.verdict == verdict for o in self.outcomes) for verdict in VERDICTS}

    def changes(self) -> Iterator[tuple[Change, Outcome | None]]:
        """Every act in an order in which it can be published, with the outcome it is of."""
        if self.source is not None:
            yield self.source, None
        for outcome in self.outcomes:
            for change in outcome.changes:
                yield change, outcome


def compare(
    table: Table,
    public: Mapping[str, Standing],
    upload: Upload,
    *,
    taken: Container[str] = (),
    sources: Container[str] = (),
) -> Comparison:
    """What the file changes, all of its records at once.

    public: the projects of the kind in the area by id, removed ones too. taken: the ids of everything else,
    of every kind and time, which no new project may get. sources: ids of sources that are public.
    """
    comparer = Comparer(table, upload, is_source_public=upload.source in sources)
    found = comparer.part(table, public, taken)
    found.outcomes += comparer.removals(public)
    found.notes = [*table.notes, *comparer.notes()]
    return found


class Comparer:
    """Compares the records of one file part by part, in its order."""

    def __init__(self, table: Table, upload: Upload, *, is_source_public: bool) -> None:
        """table: for its kind and mapping. is_source_public: whether the source of its claims is there."""
        self.kind, self.mapping, self.upload = table.kind, table.mapping, upload
        self.drafter = Drafter(table, upload)
        self.identity = Identity(self.kind.id, upload.dataset)
        self._has_source = is_source_public
        self._has_keys = False
        self._named = Seen()
        self._moves = Moves()

    def part(self, table: Table, public: Mapping[str, Standing], taken: Container[str] = ()) -> Comparison:
        """What some of its records change; public and taken as `compare` has them, at least those that
        `nearby` asks for."""
        part = _Part(self, table, public, taken)
        found = part.all(self._moves)
        self._has_keys |= any(part.keys)
        if self.upload.mode == "replace":
            self._named.add(part.targets, [0] * len(part.targets))
        has_claims = any(change.op == "claim" for outcome in found.outcomes for change in outcome.changes)
        if has_claims and not self._has_source:
            found.source, self._has_source = self.drafter.source(), True
        return found

    def removals(self, public: Mapping[str, Standing]) -> Iterator[Outcome]:
        """Those of the dataset that no record was, after the last part; in `merge` none."""
        if self.upload.mode != "replace":
            return
        own = {i: s for i, s in public.items() if not s.current.removed and self.is_own(s.current)}
        ids = sorted(own)
        for project_id, named in zip(ids, self._named.first(ids), strict=True):
            if named == NEVER:
                current = own[project_id].current
                change = Change(
                    "remove", project_id, before=dict(current.record), geom_before=current.geometry
                )
                yield Outcome(project_id, "removed", None, ("exists",), (change,), (issue("removal"),))

    def notes(self) -> list[Issue]:
        """What is to be known of the whole, after the last part."""
        shift = self._moves.shift()
        return [*([] if self._has_keys else [issue("no-key", field="key")]), *([shift] if shift else [])]

    def nearby(self, records: Sequence[Record]) -> Nearby:
        """What must be known of the public to compare some records."""
        keys = {key for record in records if (key := self.key(record))}
        wanted = {self.identity.wanted(key) for key in keys}
        said = {said for record in records for said in (record.id, record.parent) if said}
        named = {said for record in records for said in (record.name, record.parent) if said}
        return Nearby(said | wanted, keys | said, named, all(self.key(record) for record in records))

    def key(self, record: Record) -> str:
        """The record's key in its dataset: of the key column, else its id unless that merely counts rows."""
        if self.mapping.column("key"):
            return record.key
        return record.id if self.mapping.column("id") or not record.id.isdigit() else ""

    def is_own(self, current: Current) -> bool:
        return bool(current.record.get("dataset") == self.upload.dataset)


@dataclass(frozen=True, slots=True)
class Nearby:
    """Projects that records may be, or have to do with: by id, by key, by name (as `folded` makes it). A
    record without a key may be any of its dataset: then not all are keyed."""

    ids: Set[str]
    keys: Set[str]
    names: Set[str]
    all_keyed: bool


class _Part:
    def __init__(
        self, comparer: Comparer, table: Table, public: Mapping[str, Standing], taken: Container[str]
    ) -> None:
        self.comparer, self.table, self.public, self.taken = comparer, table, public, taken
        self.upload, self.drafter, self.identity = comparer.upload, comparer.drafter, comparer.identity
        holders = [(i, standing.current) for i, standing in public.items()]
        # Of what was removed, only this dataset's own comes back under its key; a key is unique in a kind.
        holders = [(i, current) for i, current in holders if not current.removed or self._is_own(current)]
        holders.sort(key=lambda held: not held[1].removed)
        keyed = [(i, current) for i, current in holders if current.record.get("external_key")]
        self.by_key = {str(current.record["external_key"]): (i, current) for i, current in keyed}
        standing = [(i, current) for i, current in holders if not current.removed]
        self.unkeyed = Unkeyed((i, current) for i, current in standing if self._is_own(current))
        self.by_name: dict[str, str] = {}
        for project_id, current in standing:
            name = str(current.record["name_zh"])
            self.by_name[name] = "" if name in self.by_name else project_id
        self.elsewhere = {
            folded(str(current.record["name_zh"])): (project_id, str(current.record["name_zh"]))
            for project_id, current in standing
            if not self._is_own(current) and current.record["name_zh"]
        }
        suspected = {note.field for note in table.notes if note.code == "unit-suspected"}
        self.doubted = {column.code for column in table.mapping.columns if column.field in suspected}
        self.heard: dict[str, date] = {}
        self.owners: dict[int, str] = {}
        self.keys = [comparer.key(record) for record in table.records]
        self.identity.next_part(filter(None, self.keys), taken, public)
        self.targets = [
            self._target(record, key) for record, key in zip(table.records, self.keys, strict=True)
        ]
        self.in_file = dict(zip(self.keys, self.targets, strict=True))

    def _is_own(self, current: Current) -> bool:
        return self.comparer.is_own(current)

    def all(self, moves: Moves) -> Comparison:
        records = self.table.records
        known = [self._standing(target) for target in self.targets]
        shapes = [standing.current.geometry if standing else None for standing in known]
        are_same = same_shapes(shapes, [record.geometry for record in records])
        each = zip(records, self.keys, self.targets, known, are_same, strict=True)
        outcomes = [self._outcome(*one) for one in each]
        both = {
            n: (shape, record.geometry)
            for n, (shape, record) in enumerate(zip(shapes, records, strict=True))
            if shape is not None and record.geometry is not None
        }
        for n, far in zip(both, moves.add(list(both.values())), strict=True):
            if far and "geometry" in outcomes[n].parts:
                outcomes[n] = replace(outcomes[n], issues=(*outcomes[n].issues, far))
        return Comparison(outcomes, None, self.heard, [], self.owners)

    # ------------------------------------------------------------ who is it

    def _target(self, record: Record, key: str) -> str:
        if record.id and self._standing(record.id):
            return record.id
        if key:
            held = self.by_key.get(key)
            return held[0] if held else self.identity.by_key(key)
        return self.unkeyed.find(record) or self.identity.by_content(record)

    def _standing(self, target: str) -> Standing | None:
        standing = self.public.get(target)
        return standing if standing and not standing.current.removed else None

    def _key_is_anothers(self, key: str, target: str, record: Record) -> list[Issue]:
        """A key that a project of another dataset holds."""
        _, current = self.by_key.get(key, ("", None))
        if current is None or current.removed or self._is_own(current) or record.id == target:
            return []
        self.owners[record.n] = str(current.record.get("dataset") or "")
        return [issue("key-of-other-dataset", field="key", value=key, other=self.owners[record.n])]

    def _named_elsewhere(self, added: Change) -> list[Issue]:
        """Of a new project: that one of the same kind and name is public, of another dataset."""
        name = str((added.after or {}).get("name_zh", ""))
        found = self.elsewhere.get(folded(name)) if name else None
        if found is None:
            return []
        return [issue("name-of-other-dataset", field="name_zh", value=found[1], other=found[0])]

    # ------------------------------------------------------------ one record

    def _outcome(
        self, record: Record, key: str, target: str, standing: Standing | None, is_same: bool
    ) -> Outcome:
        parts: tuple[str, ...] = ("exists",)
        if standing is None:
            act, told = self.drafter.added(record, target, key)
        else:
            act, parts, told = self.drafter.changed(record, standing, target, is_same)
        issues = [
            *record.issues,
            *told,
            *self.drafter.ahead(record),
            *self._key_is_anothers(key, target, record),
            *(self._named_elsewhere(act) if standing is None else ()),
            *self._sizes(record, act, parts, standing),
        ]
        if any(found.severity == "block" for found in issues):
            return Outcome(target, "blocked", record, parts, (_storable(act),), tuple(issues))
        relations = self._relations(record, target, standing, issues)
        claims = self._claims(record, target, standing)
        acts = [act] if standing is None or parts else []
        parts += ("parent",) * bool(relations) + ("phase",) * bool(claims)
        changes = (*acts, *relations, *claims)
        verdict: Verdict = "added" if standing is None else "changed" if changes else "same"
        return Outcome(target, verdict, record, parts, changes, tuple(issues))

    def _sizes(
        self, record: Record, act: Change, parts: tuple[str, ...], standing: Standing | None
    ) -> Iterator[Issue]:
        """The sizes that the row gives and its shape denies, where one of both is new. A column whose unit is
        in doubt as a whole is told once."""
        codes = {
            code
            for code in OWN_SIZE.keys() & record.attrs.keys()
            if code not in self.doubted
            and (standing is None or "geometry" in parts or f"attrs.{code}" in parts)
        }
        if not codes or record.geometry is None or not record.geometry.is_valid:
            return
        after = {**(standing.current.record if standing else {}), **(act.after or {})}
        yield from differing(
            record.attrs,
            codes,
            record.geometry,
            self.table.kind,
            self.table.mapping,
            precision=str(after["precision"]),
            partial=bool(after["partial"]),
        )

    def _claims(self, record: Record, target: str, standing: Standing | None) -> list[Change]:
        """The status as a claim where it is not believed already; where it is, it was heard of again."""
        if record.status is None:
            return []
        if standing is None or not self.drafter.believes(record, standing):
            return [self.drafter.claim(record, target)]
        if standing.last_heard is None or standing.last_heard < self.upload.day:
            self.heard[target] = self.upload.day
        return []

    def _relations(
        self, record: Record, target: str, standing: Standing | None, issues: list[Issue]
    ) -> list[Change]:
        now = standing.parent if standing else ""
        if record.parent:
            wanted = self._whole(record.parent)
            if not wanted:
                issues.append(issue("parent-unknown", field="parent", value=record.parent))
                return []
        elif self.upload.mode == "replace" and "parent" in record.empty:
            wanted = ""
        else:
            return []
        if wanted == now:
            return []
        loosened = [Change("unrelate", target, before=_part_of(target, now))] if now else []
        return loosened + ([Change("relate", target, after=_part_of(target, wanted))] if wanted else [])

    def _whole(self, said: str) -> str:
        """The id of the project that a cell names as parent: its id, its key in the file or in public, its
        name; "" when nobody knows it."""
        if said in self.taken or self._standing(said):
            return said
        held = self.by_key.get(said)
        return self.in_file.get(said) or (held[0] if held else "") or self.by_name.get(said, "")


def _part_of(part: str, whole: str) -> dict[str, str]:
    return {"from": part, "to": whole, "type": "part_of", "on_date": ""}


def _storable(change: Change) -> Change:
    """A blocked act without a geometry that no database takes."""
    shape = change.geom_after
    fits = shape is None or (shape.is_valid and not shape.is_empty)
    return change if fits else replace(change, geom_after=None)
