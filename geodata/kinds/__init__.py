"""The kinds of things a chart tracks, one TOML file each.

Adding a kind is adding a file to this folder: labels, group, geometry types, milestones, fields and style
are read from it by the service, the checks and the map. No code names a kind; it may ask for a group.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib import resources
from typing import Any

from geodata.phases import CLOSED, PHASES

GROUPS = {
    "land": ("土地", "Land"),
    "transit": ("轨道交通", "Transit"),
    "road": ("道路", "Roads"),
    "industry": ("产业", "Industry"),
    "public": ("公共", "Public"),
    "context": ("背景", "Context"),
}
GEOMETRY_TYPES = frozenset(
    {"point", "multipoint", "linestring", "multilinestring", "polygon", "multipolygon"}
)
FORMS = frozenset({"line", "rail", "road", "station", "area"})


class KindError(ValueError):
    """A kind file does not hold what a kind needs; the message names the file and the fault."""


@dataclass(frozen=True, slots=True)
class Milestone:
    code: str
    name_zh: str
    name_en: str
    phase: str


@dataclass(frozen=True, slots=True)
class FieldValue:
    """What a code that a field may hold is called."""

    value: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Field:
    """An attribute or measure of a kind. `public` is false unless the file says otherwise. values: the codes
    it may hold, when it holds codes. headers: names by which a column of another file is known to be this
    field, beside code and names. required: a file that brings the kind must fill it."""

    code: str
    name_zh: str
    name_en: str
    unit: str = ""
    public: bool = False
    values: tuple[FieldValue, ...] = ()
    headers: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Style:
    """How the map draws a kind: form names a way of drawing, light and dark are hues (#rrggbb) for the two
    themes, width is in px, glyph an SVG path on a 16 × 16 grid. `by` names the attribute whose value
    may override the hue (a line's number)."""

    form: str
    light: str
    dark: str
    glyph: str
    width: float = 0
    by: str | None = None
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    id: str
    name_zh: str
    name_en: str
    group: str
    order: int
    tracked: bool
    geometry: tuple[str, ...]
    style: Style
    milestones: tuple[Milestone, ...]
    fields: tuple[Field, ...]
    # Phase → words of a status column that say it of this kind, beside those that all kinds share.
    phase_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tiles: bool = False
    """Always drawn from vector tiles: things that are merely numerous. Else only above a count."""

    @cached_property
    def phase_of(self) -> dict[str, str]:
        """Milestone code → phase id, in the kind's order."""
        return {milestone.code: milestone.phase for milestone in self.milestones}

    @cached_property
    def public_fields(self) -> frozenset[str]:
        return frozenset(f.code for f in self.fields if f.public)

    @cached_property
    def field_codes(self) -> frozenset[str]:
        return frozenset(f.code for f in self.fields)

    def hue(self, attrs: Mapping[str, Any]) -> str:
        """The light hue of a project with these attributes: its line's own, else the kind's."""
        own = self.style.values.get(str(attrs.get(self.style.by or "", "")))
        return own["light"] if own else self.style.light

    def milestone(self, code: str) -> Milestone | None:
        return next((m for m in self.milestones if m.code == code), None)

    def field(self, code: str) -> Field | None:
        return next((f for f in self.fields if f.code == code), None)


@lru_cache(maxsize=1)
def load_kinds() -> Mapping[str, Kind]:
    """All kinds by id, in display order. Raises KindError for a file that is not a kind."""
    kinds = [
        parse_kind(file.read_text(encoding="utf-8"), file.name)
        for file in resources.files(__package__).iterdir()
        if file.name.endswith(".toml")
    ]
    return {kind.id: kind for kind in sorted(kinds, key=lambda kind: (kind.order, kind.id))}


def parse_kind(text: str, name: str) -> Kind:
    """Read one kind file. name: the file's, for the message of a KindError."""
    try:
        data: dict[str, Any] = tomllib.loads(text)
        kind = Kind(
            **{key: data[key] for key in ("id", "name_zh", "name_en", "group", "order", "tracked")},
            geometry=tuple(data["geometry"]),
            style=Style(**data["style"]),
            milestones=tuple(Milestone(**entry) for entry in data.get("milestones", ())),
            fields=tuple(_field(entry) for entry in data.get("fields", ())),
            phase_words={phase: tuple(said) for phase, said in data.get("phase_words", {}).items()},
            tiles=data.get("tiles", False),
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise KindError(f"{name}: {error}") from error
    if faults := list(_faults(kind, name)):
        raise KindError(f"{name}: " + "; ".join(faults))
    return kind


def _field(entry: dict[str, Any]) -> Field:
    values = tuple(FieldValue(**value) for value in entry.get("values", ()))
    return Field(**{**entry, "values": values, "headers": tuple(entry.get("headers", ()))})


def _said_twice(words: Iterable[str]) -> bool:
    said = list(words)
    return len(said) != len(set(said))


def _faults(kind: Kind, name: str) -> list[str]:
    codes = [m.code for m in kind.milestones]
    phases = [m.phase for m in kind.milestones]
    ranks = [PHASES.index(p) for p in phases[:-3] if p in PHASES and PHASES.index(p) < CLOSED]
    return [
        fault
        for fault, found in {
            f"the file is named {name}, the kind {kind.id}": name != f"{kind.id}.toml",
            f"unknown group {kind.group}": kind.group not in GROUPS,
            "unknown geometry type": not set(kind.geometry) <= GEOMETRY_TYPES,
            f"unknown form {kind.style.form}": kind.style.form not in FORMS,
            "tiles is neither true nor false": not isinstance(kind.tiles, bool),
            "a milestone twice": len(codes) != len(set(codes)),
            "unknown phase": not set(phases) <= set(PHASES[1:]),
            "the milestones do not rise": ranks != sorted(ranks),
            "closed, reopened, cancelled must come last": codes[-3:] != ["closed", "reopened", "cancelled"],
            "a field twice": len(kind.fields) != len({f.code for f in kind.fields}),
            # Names that begin so are where what must not be public is kept.
            "a field begins with _": any(f.code.startswith("_") for f in kind.fields),
            "words for an unknown phase": not set(kind.phase_words) <= set(PHASES[1:]),
            "a word for two phases": _said_twice(
                said for words in kind.phase_words.values() for said in words
            ),
            "a header of two fields": _said_twice(name for f in kind.fields for name in f.headers),
        }.items()
        if found
    ]
