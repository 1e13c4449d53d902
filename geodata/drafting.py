"""What one record would leave of a project: the act on it, the parts in which it differs, the claim of its
status."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from geodata import dates
from geodata.changes import PROJECT_FIELDS, Change, Current, difference
from geodata.identity import source_id
from geodata.issues import Issue, issue
from geodata.kinds import Kind
from geodata.mapping import ATTRIBUTE
from geodata.phases import TIERS, parse_phases, state_on
from geodata.records import Record
from geodata.rows import Table

Mode = Literal["merge", "replace"]
# Attributes beginning with _ are of no kind, so that nothing shows them: see Kind.public_fields.
KEPT, WITHHELD = "_kept", "_withheld"
_EMPTY: dict[str, Any] = {
    "aliases": [],
    "community": "",
    "note_zh": "",
    "note_en": "",
    "partial": False,
    "drawn": True,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What is public of a project of the kind.

    phases: its `phases` text. parent: the id of what it is part of. sightings: (phase, date text) of what
    this dataset's source of the same day said of it already.
    """

    current: Current
    phases: str = ""
    last_heard: date | None = None
    parent: str = ""
    sightings: frozenset[tuple[str, str]] = frozenset()

    def phase_on(self, day: date) -> str:
        """The phase believed to hold on a day: facts only."""
        return _phase_on(self.phases, day)


@lru_cache(maxsize=1024)
def _phase_on(phases: str, day: date) -> str:
    steps, promised = parse_phases(phases)
    return state_on(steps, promised, day, day).phase


@dataclass(frozen=True, slots=True)
class Upload:
    """What a file is said to be.

    dataset: what the file is the newest state of. data_date: the day its data is of, None when nobody said.
    today: the day of the upload, in the time zone of the area. publisher: who issues it, "" when nobody said;
    tier: one of TIERS, of its source.
    """

    dataset: str
    mode: Mode
    data_date: date | None
    today: date
    publisher: str = ""
    tier: str = TIERS[-1]

    @property
    def day(self) -> date:
        return self.data_date or self.today

    @property
    def source(self) -> str:
        """The id of the source that its claims rest on."""
        return source_id(self.dataset, self.day)


class Drafter:
    """Writes the acts of the records of one table."""

    def __init__(self, table: Table, upload: Upload) -> None:
        self.kind: Kind = table.kind
        self.mapping = table.mapping
        self.upload = upload
        self.replacing = upload.mode == "replace"

    # ------------------------------------------------------------ a new project

    def added(self, record: Record, target: str, key: str) -> tuple[Change, list[Issue]]:
        """The act that adds a project, and what it lacks."""
        said = {name: value for name, value in record.fields.items() if value != ""}
        name = said.get("name_zh") or said.get("name_en") or ""
        precision = said.get("precision") or self.mapping.precision
        after = {
            **dict.fromkeys(PROJECT_FIELDS, ""),
            **_EMPTY,
            "name_zh": name,
            "name_en": name,
            **said,
            "kind": self.kind.id,
            "attrs": self._attrs(record, {}),
            "precision": precision if record.geometry is not None else "unlocated",
            "place": self._place() if record.geometry is not None else [],
            "dataset": self.upload.dataset,
            "external_key": key or target,
        }
        told = [*self._lacking(after), *self._cut(record.cut)]
        return Change("add", target, after=after, geom_after=record.geometry), told

    def _lacking(self, after: Mapping[str, Any]) -> list[Issue]:
        """What a new project must have and no column brings; an empty cell was told already."""
        needed = [f.code for f in self.kind.fields if f.required and f.code not in after["attrs"]]
        missing = [code for code in needed if not self.mapping.column(ATTRIBUTE + code)]
        if not after["name_zh"] and not self.mapping.column("name_zh"):
            missing.append("name_zh")
        return [issue("required", field=name) for name in missing]

    def _cut(self, targets: Collection[str]) -> list[Issue]:
        """What is to be told of texts that may lack their ends."""
        columns = {target: self.mapping.column(target) for target in sorted(targets)}
        return [issue("value-cut", field=found.field if found else name) for name, found in columns.items()]

    def _place(self) -> list[dict[str, str]]:
        """Where the geometry is from, as a project's `place` says it."""
        dataset, day = self.upload.dataset, self.upload.day.isoformat()
        return [
            {
                "id": self.upload.source,
                "source": f"Dataset “{dataset}”, {day}",
                "source_zh": f"数据集“{dataset}”，{day}",
                **dict.fromkeys(("licence", "licence_zh", "note", "note_zh"), ""),
                "datum": "WGS84 as stored",
                "datum_zh": "以 WGS84 存储",
            }
        ]

    # ------------------------------------------------------------ a public project

    def changed(
        self, record: Record, standing: Standing, target: str, is_same: bool
    ) -> tuple[Change, tuple[str, ...], list[Issue]]:
        """The act on a public project, the parts in which it differs, and what is to be known of it.

        is_same: whether the geometries are equal. A text that was cut and is the beginning of what is public
        says nothing new.
        """
        before, geometry = standing.current.record, standing.current.geometry
        record, cut = _without_beginnings(record, before)
        after, moves = self._said(record, before), not is_same
        told = self._cut(cut)
        if record.geometry is None:
            after.pop("precision", None)
            # In merge a missing shape takes none away.
            moves = geometry is not None and self.replacing
            if moves:
                after |= {"precision": "unlocated", "place": []}
            elif geometry is not None:
                told.append(issue("geometry-lost", field="geometry"))
        elif moves:
            after.setdefault("precision", self.mapping.precision)
            after["place"] = self._place()
        old, new = difference(before, after)
        shapes = {"geom_before": geometry, "geom_after": record.geometry} if moves else {}
        parts = (*_parts(old, new), *(("geometry",) if moves else ()))
        return Change("change", target, before=old, after=new, **shapes), parts, told

    def _said(self, record: Record, before: Mapping[str, Any]) -> dict[str, Any]:
        """The fields that the row speaks of."""
        after = dict(record.fields)
        if self.replacing:
            after |= {name: value for name, value in _EMPTY.items() if name in record.empty}
        # An English name that only repeats the Chinese one is none: it follows it.
        if "name_zh" in after and "name_en" not in after and before["name_en"] == before["name_zh"]:
            after["name_en"] = after["name_zh"]
        return {**after, "attrs": self._attrs(record, before["attrs"])}

    def _attrs(self, record: Record, before: Mapping[str, Any]) -> dict[str, Any]:
        """The attributes that the row leaves: what it does not speak of stays."""
        attrs = {**before, **record.attrs}
        for code in record.withheld:
            attrs.pop(code, None)
        if self.replacing:
            for target in record.empty:
                attrs.pop(target.removeprefix(ATTRIBUTE), None)
        held = {code: value for code, value in before.get(WITHHELD, {}).items() if code not in record.attrs}
        apart = {KEPT: {**before.get(KEPT, {}), **record.kept}, WITHHELD: {**held, **record.withheld}}
        return {
            **{name: value for name, value in attrs.items() if name not in apart},
            **{name: values for name, values in apart.items() if values},
        }

    # ------------------------------------------------------------ what the status says

    def ahead(self, record: Record) -> list[Issue]:
        """What is seen on a day after that of the file was not seen."""
        said = record.status.date if record.status else ""
        earliest = dates.parse(said).earliest if said else None
        late = earliest is not None and earliest > self.upload.day
        return [issue("done-in-future", field="status_date")] if late else []

    def believes(self, record: Record, standing: Standing) -> bool:
        """Whether what the status says is believed of its day already, or was said by this very source."""
        if record.status is None:
            return False
        when = self._when(record)
        latest = dates.parse(when).latest or self.upload.day
        return (record.status.phase, when) in standing.sightings or standing.phase_on(
            latest
        ) == record.status.phase

    def claim(self, record: Record, target: str) -> Change:
        """The status as a sighting of a phase. Raises ValueError for a record that has none."""
        if record.status is None:
            raise ValueError(f"row {record.n + 1} has no status")
        after = {
            "target": target,
            "property": "phase",
            "value": record.status.phase,
            "unit": "",
            "date": self._when(record),
            "commitment": "done",
            "said_on": self.upload.day.isoformat(),
            "source": self.upload.source,
            "locator": f"row {record.n + 1}" if record.line is None else f"line {record.line}",
            "quote": record.status.quote,
            **dict.fromkeys(("quote_zh", "quote_en", "counts_in", "note", "note_zh"), ""),
            "verbatim": True,
        }
        return Change("claim", "", after=after)

    def _when(self, record: Record) -> str:
        return (record.status.date if record.status else "") or self.upload.day.isoformat()

    def source(self) -> Change:
        return source_of(self.upload)


def _without_beginnings(record: Record, before: Mapping[str, Any]) -> tuple[Record, set[str]]:
    """The record without its cut texts that are the beginning of what is public, and the targets of those
    that are left."""
    if not record.cut:
        return record, set()
    left: set[str] = set()

    def rest(said: Mapping[str, Any], public: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
        kept = {}
        for name, value in said.items():
            if prefix + name in record.cut:
                if _begins(value, public.get(name)):
                    continue
                left.add(prefix + name)
            kept[name] = value
        return kept

    attrs = before["attrs"]
    found = replace(
        record,
        fields=rest(record.fields, before),
        attrs=rest(record.attrs, attrs, ATTRIBUTE),
        kept=rest(record.kept, attrs.get(KEPT, {})),
    )
    return found, left


def _begins(cut: Any, whole: Any) -> bool:
    """Whether a text that was cut is the beginning of another; our own files end it in "…"."""
    if isinstance(cut, list) and isinstance(whole, list) and 0 < len(cut) <= len(whole):
        last = len(cut) - 1
        return cut[:last] == whole[:last] and _begins(cut[last], whole[last])
    return isinstance(cut, str) and isinstance(whole, str) and whole.startswith(cut.removesuffix("…"))


def source_of(upload: Upload) -> Change:
    """The source that the claims of a file rest on: the dataset, as of its day."""
    dataset, day, publisher = upload.dataset, upload.day.isoformat(), upload.publisher
    record = {
        "id": upload.source,
        "publisher_zh": publisher or f"数据集“{dataset}”",
        "publisher_en": publisher or f"Dataset “{dataset}”",
        "title": f"{dataset}，{day}",
        "title_en": f"{dataset}, {day}",
        "tier": upload.tier,
        # A file of which nobody gave the day is of today: the form says so, and so do its claims.
        "published": day,
        "retrieved_on": day,
        **dict.fromkeys(("address", "licence", "licence_zh", "note"), ""),
    }
    return Change("source", upload.source, after=record)


def _parts(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """The names of what differs; attributes one by one. Where a geometry is from goes with the geometry."""
    for name in after:
        if name == "attrs":
            old, new = before.get("attrs") or {}, after["attrs"]
            yield from (f"attrs.{code}" for code in sorted({*old, *new}) if old.get(code) != new.get(code))
        elif name != "place":
            yield name
