"""Which column of a file becomes which field of a project: proposed from the names, changed by a person.

A target is a project field (``id``, ``key``, ``name_zh``, ``status`` …), an attribute of the kind
(``attr:area_ha``), ``keep`` (kept as it stands, never public) or ``ignore``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from geodata import headers
from geodata.geometry import PRECISIONS
from geodata.issues import Both, Issue, issue
from geodata.kinds import Kind
from geodata.phases import PHASES

How = Literal["name", "unit", "cut", "content", "ours", "unknown", "remark", "twice", "user"]
KEEP, IGNORE = "keep", "ignore"
ATTRIBUTE = "attr:"
DEFAULT_PRECISION = "digitised"


class MappingError(ValueError):
    """What a person sent as a mapping is none; the issues say why."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        super().__init__("; ".join(found.detail_en for found in issues))
        self.issues = tuple(issues)


@dataclass(frozen=True, slots=True)
class Column:
    """A column and what it becomes. unit: of its amounts, "" when they are in the unit of the field.
    how: by what it was known. also: other spellings of the same name (Unicode composed and decomposed)."""

    field: str
    target: str
    unit: str = ""
    how: How = "name"
    also: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """The attribute's code, "" when the target is none."""
        return self.target.removeprefix(ATTRIBUTE) if self.target.startswith(ATTRIBUTE) else ""

    @property
    def names(self) -> tuple[str, ...]:
        return (self.field, *self.also)


@dataclass(frozen=True, slots=True)
class Mapping:
    """All columns of a file, in its order.

    precision: of geometries whose row says none. words: what a person says a status word means (a phase id,
    or "unknown" for nothing), beside the words of the kind. cleared: targets in which personal data may
    stand in public, because a person looked at it. notes: what is to be known of the file as a
    whole.
    """

    columns: tuple[Column, ...]
    precision: str = DEFAULT_PRECISION
    words: MappingOf[str, str] = field(default_factory=dict)
    cleared: frozenset[str] = frozenset()
    notes: tuple[Issue, ...] = ()

    def column(self, target: str) -> Column | None:
        return next((column for column in self.columns if column.target == target), None)

    def as_json(self) -> dict[str, Any]:
        """What a browser shows and sends back. remark: what a column of remarks is when it is public."""
        return {
            "columns": [
                {
                    "field": c.field,
                    "target": c.target,
                    "unit": c.unit,
                    "how": c.how,
                    "also": list(c.also),
                    "remark": headers.remark(c.field),
                }
                for c in self.columns
            ],
            "precision": self.precision,
            "words": dict(self.words),
            "cleared": sorted(self.cleared),
        }


def target_names(kind: Kind) -> list[str]:
    """Everything that a column can become."""
    return [*headers.words().project, *(f"{ATTRIBUTE}{f.code}" for f in kind.fields), KEEP, IGNORE]


def propose(fields: Sequence[str], samples: MappingOf[str, Sequence[Any]] | None, kind: Kind) -> Mapping:
    """What each column most likely is.

    fields: the names in the file's order. samples: some values by name, by which a column whose name says
    nothing is recognised as a status; may be None. Where two columns would become one thing, the first that
    says it more exactly does, and the other is kept.
    """
    merged, notes = _merged(fields)
    ours = headers.words().signature <= set(fields)
    columns = [replace(_known(names[0], kind, ours), also=tuple(names[1:])) for names in merged]
    columns = _by_content(columns, samples or {}, kind)
    columns, told = _each_once(columns)
    notes += told
    notes += _public_or_not(columns, kind)
    notes += _unit_notes(columns, kind)
    return Mapping(tuple(columns), notes=tuple(notes))


def _merged(fields: Sequence[str]) -> tuple[list[list[str]], list[Issue]]:
    """Names that differ only in how Unicode composes them are one column."""
    groups: dict[str, list[str]] = {}
    for name in fields:
        groups.setdefault(unicodedata.normalize("NFC", name), []).append(name)
    notes = [issue("fields-merged", field=nfc, value=nfc) for nfc, names in groups.items() if len(names) > 1]
    return list(groups.values()), notes


def _known(name: str, kind: Kind, ours: bool) -> Column:
    if ours and name in headers.words().computed:
        return Column(name, IGNORE, how="ours")
    known, plain = headers.targets(kind.id), headers.folded(name)
    if plain in known:
        return Column(name, known[plain])
    for base, unit in headers.split_unit(name):
        if target := _with_unit(known.get(headers.folded(base), ""), unit, kind):
            return Column(name, target, unit, "unit")
    if plain in headers.words().not_data:
        return Column(name, IGNORE)
    if headers.remark(name):
        return Column(name, KEEP, how="remark")
    if cut := headers.cut_targets(kind.id).get(plain):
        return Column(name, cut, how="cut")
    return Column(name, KEEP, how="unknown")


def _with_unit(target: str, unit: str, kind: Kind) -> str:
    """The target, or that field of the same names which has this very unit; "" when the unit does not fit."""
    found = kind.field(target.removeprefix(ATTRIBUTE)) if target.startswith(ATTRIBUTE) else None
    if found is None:
        return ""
    same_name = [f for f in kind.fields if f.name_zh == found.name_zh and headers.factor(unit, f.unit) == 1]
    if same_name:
        return ATTRIBUTE + same_name[0].code
    return target if found.unit and headers.factor(unit, found.unit) is not None else ""


def _by_content(columns: list[Column], samples: MappingOf[str, Sequence[Any]], kind: Kind) -> list[Column]:
    """A column of an unknown name whose words all name phases is the status, if no other is."""
    if any(column.target == "status" for column in columns):
        return columns
    for place, column in enumerate(columns):
        said = [str(value) for value in samples.get(column.field, ()) if value not in (None, "")]
        if column.how == "unknown" and said and all(_names_phase(word, kind) for word in said):
            columns[place] = replace(column, target="status", how="content")
            break
    return columns


def _names_phase(word: str, kind: Kind) -> bool:
    return headers.phase_of(word, kind.id) not in (None, "unknown")


_EXACTNESS: tuple[How, ...] = ("user", "name", "unit", "cut", "content")


def _each_once(columns: list[Column]) -> tuple[list[Column], list[Issue]]:
    best: dict[str, int] = {}
    for place, column in enumerate(columns):
        held = best.get(column.target)
        if column.target in (KEEP, IGNORE):
            continue
        if held is None or _EXACTNESS.index(column.how) < _EXACTNESS.index(columns[held].how):
            best[column.target] = place
    notes, result = [], []
    for place, column in enumerate(columns):
        if column.target in best and best[column.target] != place:
            chosen = columns[best[column.target]].field
            notes.append(issue("field-twice", field=column.field, value=column.field, other=chosen))
            column = replace(column, target=KEEP, unit="", how="twice")
        result.append(column)
    return result, notes


def _public_or_not(columns: Iterable[Column], kind: Kind) -> Iterator[Issue]:
    """Which columns are kept and not public, and which remarks are public because a person said so."""
    for column in columns:
        remark = headers.remark(column.field)
        if column.target == KEEP and remark:
            yield issue("remark-kept", field=column.field, value=column.field)
        elif column.target == KEEP:
            named = Both(kind.name_zh, kind.name_en)
            yield issue("field-kept", field=column.field, value=column.field, kind=named)
        elif column.target == remark:
            yield issue("remark-public", field=column.field, value=column.field)


def _unit_notes(columns: Iterable[Column], kind: Kind) -> list[Issue]:
    notes = []
    for column in columns:
        found = kind.field(column.code) if column.code else None
        if found is None or not found.unit:
            continue
        if column.unit and headers.factor(column.unit, found.unit) != 1:
            notes.append(
                issue(
                    "unit-converted",
                    field=column.field,
                    value=column.field,
                    unit=column.unit,
                    into=found.unit,
                )
            )
        elif (
            not column.unit
            and headers.spelled(found.unit) in headers.words().units
            and not _says_unit(column)
        ):
            notes.append(issue("unit-assumed", field=column.field, value=column.field, into=found.unit))
    return notes


def _says_unit(column: Column) -> bool:
    """Whether the name itself ends in a unit, as our own codes do (area_ha)."""
    return any(headers.spelled(unit) in headers.words().units for _, unit in headers.split_unit(column.field))


# ---------------------------------------------------------------- changed by a person


def from_json(
    data: Any, fields: Sequence[str], kind: Kind, samples: MappingOf[str, Sequence[Any]] | None = None
) -> Mapping:
    """The mapping that a person made of a proposal (see `Mapping.as_json`). Columns that it does not speak
    of are proposed, from samples as `propose` does. Raises MappingError with every fault: unknown columns,
    targets, units, phases, precisions; two columns for one target."""
    proposed = propose(fields, samples, kind)
    if not isinstance(data, dict) or not isinstance(data.get("columns", []), list):
        raise MappingError([issue("mapping-malformed", field="columns")])
    faults: list[Issue] = []
    chosen = {column.field: column for column in proposed.columns}
    spelled = {name: column.field for column in proposed.columns for name in column.names}
    said: list[str] = []
    for entry in data.get("columns", []):
        name = spelled.get(str(entry.get("field", ""))) if isinstance(entry, dict) else None
        if name is None:
            faults.append(issue("mapping-column", field="columns", value=entry))
            continue
        chosen[name] = _said(chosen[name], entry, kind, faults)
        said.append(name)
    columns = _give_way(chosen, set(said), faults)
    precision = data.get("precision", proposed.precision)
    if precision not in PRECISIONS or precision == "unlocated":
        faults.append(issue("precision-unknown", field="precision", value=precision))
    words = _said_words(data.get("words", {}), faults)
    cleared = data.get("cleared", [])
    if not isinstance(cleared, list) or not set(map(str, cleared)) <= set(target_names(kind)):
        faults.append(issue("mapping-malformed", field="cleared"))
    if faults:
        raise MappingError(faults)
    notes = [note for note in proposed.notes if note.code == "fields-merged"]
    notes += _public_or_not(columns, kind)
    notes += _unit_notes(columns, kind)
    return Mapping(tuple(columns), precision, words, frozenset(map(str, cleared)), tuple(notes))


def _said(column: Column, entry: dict[str, Any], kind: Kind, faults: list[Issue]) -> Column:
    target, unit = str(entry.get("target", column.target)), str(entry.get("unit", ""))
    if target not in target_names(kind):
        faults.append(
            issue("mapping-target", field=column.field, value=target, kind=Both(kind.name_zh, kind.name_en))
        )
        return column
    found = kind.field(target.removeprefix(ATTRIBUTE)) if target.startswith(ATTRIBUTE) else None
    if unit and (found is None or headers.factor(unit, found.unit) is None):
        faults.append(issue("mapping-unit", field=column.field, value=unit))
        return column
    if (target, unit) == (column.target, column.unit):
        return column
    return replace(column, target=target, unit=unit, how="user")


def _give_way(chosen: dict[str, Column], said: set[str], faults: list[Issue]) -> list[Column]:
    """What a person said stands; a proposal for the same target gives way; two sayings are a fault."""
    held: dict[str, str] = {}
    for name in sorted(chosen, key=lambda name: name not in said):
        column = chosen[name]
        if column.target in (KEEP, IGNORE):
            continue
        other = held.setdefault(column.target, name)
        if other != name and name in said:
            faults.append(issue("mapping-twice", field=name, value=column.target, other=other))
        elif other != name:
            chosen[name] = replace(column, target=KEEP, unit="", how="twice")
    return list(chosen.values())


def _said_words(data: Any, faults: list[Issue]) -> dict[str, str]:
    if not isinstance(data, dict):
        faults.append(issue("mapping-malformed", field="words"))
        return {}
    faults += [
        issue("phase-unknown", field="words", value=phase) for phase in data.values() if phase not in PHASES
    ]
    return {str(word): str(phase) for word, phase in data.items()}
