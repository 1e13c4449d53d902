"""From one row of a file to a record of a kind, by a mapping. All faults at once; nothing is repaired."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import Any

from shapely.geometry.base import BaseGeometry

from geodata import cells, datewords, headers, mapping
from geodata.geometry import PRECISIONS
from geodata.issues import Both, Issue, issue
from geodata.kinds import Kind, load_kinds
from geodata.mapping import ATTRIBUTE, IGNORE, KEEP, Column
from geodata.phases import PHASES
from geodata.reading.contract import Row
from geodata.told import parted

NAME_LENGTH, KEY_LENGTH, TEXT_LENGTH = 200, 120, 10_000
MOST_WORDS = 200
_TEXTS = frozenset({"community", "note_zh", "note_en"})
_NAMES = frozenset({"name_zh", "name_en"})
_KEYS = frozenset({"id", "key", "parent"})
_TEXT, _NUMBER = ("文字", "text"), ("数", "number")
_TYPE_NAMES = {
    bool: ("是否", "boolean"),
    int: _NUMBER,
    float: _NUMBER,
    list: ("列表", "list"),
    dict: ("对象", "object"),
}
_ALIAS_SIGNS = str.maketrans(dict.fromkeys("、,，;；|/", "\n"))


@dataclass(frozen=True, slots=True)
class Status:
    """What a status cell says: the phase, the day of the observation ("" for that of the file), and the
    words."""

    phase: str
    date: str
    quote: str


@dataclass(slots=True)
class Record:
    """A row as a project of the kind. Only what the row says is in it.

    fields: project fields. attrs: by code. kept: columns that are no field, never public. withheld: values
    not public until a person clears their column. empty: targets whose cell is there and empty. cut: targets,
    and names of kept columns, whose text may lack its end. status, parent: None and "" when the row says
    none.
    """

    n: int
    line: int | None
    id: str = ""
    key: str = ""
    geometry: BaseGeometry | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    attrs: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)
    withheld: dict[str, Any] = field(default_factory=dict)
    empty: set[str] = field(default_factory=set)
    cut: set[str] = field(default_factory=set)
    status: Status | None = None
    status_date: str = ""
    parent: str = ""
    issues: list[Issue] = field(default_factory=list)

    @property
    def row(self) -> int:
        """Its number as a person counts, less one: of a table by the line, of which the header is the first,
        as a spreadsheet shows it; of anything else by the feature."""
        return self.n if self.line is None else self.line - 1

    @property
    def blocked(self) -> bool:
        return any(found.severity == "block" for found in self.issues)

    @property
    def name(self) -> str:
        return str(self.fields.get("name_zh") or self.fields.get("name_en") or self.key or self.id)


class RecordReader:
    """Reads rows by one mapping; remembers which types a column held, where personal data stood, and how many
    rows each recognised word of the status, with its phase, stood in or are of another kind."""

    def __init__(self, chosen: mapping.Mapping, kind: Kind) -> None:
        self.kind = kind
        self.mapping = chosen
        self.words = {headers.folded(word): phase for word, phase in chosen.words.items()}
        self.required = {f"{ATTRIBUTE}{f.code}" for f in kind.fields if f.required} | {"name_zh"}
        self.types: dict[str, set[type]] = defaultdict(set)
        self.personal: set[str] = set()
        self.recognised: Counter[tuple[str, str]] = Counter()
        self.other_kinds: Counter[str] = Counter()
        readers: dict[str, Callable[[Record, Column, Any], None]] = {
            "id": self._id,
            "key": self._key,
            "kind": self._kind,
            "status": self._status,
            "status_date": self._status_date,
            "parent": self._parent,
            "precision": self._precision,
            "partial": self._boolean,
            "drawn": self._boolean,
            "aliases": self._aliases,
            "attrs": self._attrs,
            KEEP: self._keep,
            **dict.fromkeys(_TEXTS | _NAMES, self._text),
        }

        # What holds for a column is worked out once, not for each of its cells.
        self.columns = [
            (c, readers.get(c.target, self._attribute), _limit(c.target), self._is_public(c))
            for c in chosen.columns
            if c.target != IGNORE
        ]

    def record(self, row: Row) -> Record:
        record = Record(row.n, row.line, id=row.id or "", geometry=row.geometry, issues=list(row.issues))
        for column, read, limit, is_public in self.columns:
            value = self._value(record, column, row.properties)
            if value is None or value == "":
                self._empty(record, column)
                continue
            self._check_text(record, column, value, limit, is_public)
            self.types[column.field].add(type(value))
            read(record, column, value)
            if row.cut and not row.cut.isdisjoint(column.names):
                self._cut(record, column)
        if record.status and record.status_date:
            record.status = Status(record.status.phase, record.status_date, record.status.quote)
        if self.mapping.column("precision") is None and record.geometry is None:
            record.empty.add("precision")
        return record

    def _value(self, record: Record, column: Column, properties: Mapping[str, Any]) -> Any:
        """The value of a column; where two spellings of its name both hold one, the other is kept."""
        if not column.also:
            return properties.get(column.field)
        said = [(name, properties[name]) for name in column.names if properties.get(name) not in (None, "")]
        for place, (_, value) in enumerate(said[1:], start=2):
            if value != said[0][1]:
                record.kept[f"{column.field} ({place})"] = value
        return said[0][1] if said else None

    def _empty(self, record: Record, column: Column) -> None:
        if column.target == KEEP:
            return
        record.empty.add(column.target)
        if column.target in self.required:
            record.issues.append(issue("required", field=column.field))

    def _cut(self, record: Record, column: Column) -> None:
        """Of what tells rows apart the beginning is not enough."""
        if column.target in _KEYS:
            record.issues.append(issue("key-cut", field=column.field))
            return
        record.cut.add(column.field if column.target == KEEP else column.target)

    def _check_text(self, record: Record, column: Column, value: Any, limit: int, is_public: bool) -> None:
        said = value if isinstance(value, str) else cells.text(value)
        if odd := cells.odd_characters(said, column.field):
            told = {(found.code, found.field) for found in record.issues}
            record.issues += [found for found in odd if (found.code, found.field) not in told]
        if len(said) > limit:
            record.issues.append(issue("value-too-long", field=column.field, limit=limit))
        if is_public and (what := cells.personal(said)):
            self._found_personal(record, column, what)

    def _is_public(self, column: Column) -> bool:
        if column.target in self.mapping.cleared:
            return False
        return column.code in self.kind.public_fields or column.target in (
            _TEXTS | _NAMES | {"aliases", "attrs"}
        )

    def _found_personal(self, record: Record, column: Column, what: tuple[str, str]) -> None:
        code = "personal-data-in-name" if column.target in _NAMES else "personal-data"
        record.issues.append(issue(code, field=column.field, what_zh=what[0], what_en=what[1]))
        if column.target not in _NAMES:
            self.personal.add(column.target)

    # ------------------------------------------------------------ by target

    def _id(self, record: Record, _: Column, value: Any) -> None:
        record.id = cells.matched(value)

    def _key(self, record: Record, _: Column, value: Any) -> None:
        record.key = cells.matched(value)

    def _parent(self, record: Record, _: Column, value: Any) -> None:
        record.parent = cells.matched(value)

    def _text(self, record: Record, column: Column, value: Any) -> None:
        said = cells.text(value)
        record.fields[column.target] = said.strip() if column.target in _NAMES | {"community"} else said
        if column.target in self.required and not cells.matched(value):
            record.issues.append(issue("required", field=column.field))

    def _aliases(self, record: Record, _: Column, value: Any) -> None:
        parts = value if isinstance(value, list) else cells.text(value).translate(_ALIAS_SIGNS).split("\n")
        record.fields["aliases"] = [part for part in (cells.text(entry).strip() for entry in parts) if part]

    def _kind(self, record: Record, column: Column, value: Any) -> None:
        said = headers.folded(cells.text(value))
        if said in _kind_names() and _kind_names()[said] != self.kind.id:
            self.other_kinds[_kind_names()[said]] += 1
            record.issues.append(
                issue(
                    "other-kind",
                    field=column.field,
                    value=_both(load_kinds()[_kind_names()[said]]),
                    kind=_both(self.kind),
                )
            )
        elif said not in _kind_names():
            # Somebody else's classes of things are no kinds of ours, and no fault.
            record.kept[column.field] = value

    def _status(self, record: Record, column: Column, value: Any) -> None:
        said = cells.text(value).strip()
        phase = self.words.get(headers.folded(said)) or headers.phase_of(said, self.kind.id)
        if phase is None:
            names = headers.phase_words(self.kind.id)
            record.issues.append(cells.not_a_word(said, column.field, names))
        elif self.kind.tracked:
            if len(self.recognised) < MOST_WORDS or (said, phase) in self.recognised:
                self.recognised[said, phase] += 1
            if phase != PHASES[0]:
                record.status = Status(phase, "", f"{column.field}：{said}")

    def _status_date(self, record: Record, column: Column, value: Any) -> None:
        try:
            record.status_date = datewords.read(cells.text(value))
        except datewords.DateFault as fault:
            zh, en = fault.reason_zh, fault.reason_en
            found = issue("date-near", field=column.field, value=value, reason_zh=zh, reason_en=en)
            record.issues.append(found)

    def _precision(self, record: Record, column: Column, value: Any) -> None:
        said = headers.words().precisions.get(headers.folded(cells.text(value)))
        if said is None:
            record.issues.append(cells.not_a_word(cells.text(value), column.field, PRECISIONS))
        elif said == PRECISIONS[-1] and record.geometry is not None:
            record.issues.append(issue("precision-geometry", field=column.field, value=said))
        else:
            record.fields["precision"] = said

    def _boolean(self, record: Record, column: Column, value: Any) -> None:
        said = cells.boolean(value)
        if said is None:
            record.issues.append(cells.not_a_word(cells.text(value), column.field, ("是", "否")))
        else:
            record.fields[column.target] = said

    def _attrs(self, record: Record, column: Column, value: Any) -> None:
        """Our own answers hold the attributes as one object."""
        if not isinstance(value, dict):
            record.kept[column.field] = value
            return
        for code, inner in value.items():
            known = self.kind.field(code)
            if known is None:
                record.kept[code] = inner
            elif inner is not None:
                record.attrs[code], found = cells.attribute(inner, known, "", code)
                record.issues += found

    def _attribute(self, record: Record, column: Column, value: Any) -> None:
        known = self.kind.field(column.code)
        if known is None:
            raise KeyError(column.target)
        read, found = cells.attribute(value, known, column.unit, column.field)
        record.issues += found
        if read is not None:
            record.attrs[known.code] = read

    def _keep(self, record: Record, column: Column, value: Any) -> None:
        record.kept[column.field] = value

    def type_notes(self) -> list[Issue]:
        """The columns that held values of several types."""
        found = []
        for field_name, types in self.types.items():
            named = sorted({_TYPE_NAMES.get(one, _TEXT) for one in types}, key=itemgetter(1))
            if len(named) > 1:
                told = parted([Both(*one) for one in named])
                found.append(issue("type-mixed", field=field_name, types=told))
        return found


@lru_cache(maxsize=1)
def _kind_names() -> Mapping[str, str]:
    kinds = load_kinds().values()
    return {headers.folded(name): k.id for k in kinds for name in (k.id, k.name_zh, k.name_en)}


def _both(kind: Kind) -> Both:
    return Both(kind.name_zh, kind.name_en)


def _limit(target: str) -> int:
    if target in _NAMES or target == "community":
        return NAME_LENGTH
    return KEY_LENGTH if target in _KEYS else TEXT_LENGTH
