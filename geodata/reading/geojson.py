"""GeoJSON (RFC 7946, and the crs member of 2008), read in pieces, exactly, by no program but this one.

GDAL opens the links a GeoJSON may hold and passes over what it cannot read; here both are refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from geodata.issues import Issue, issue
from geodata.reading.charsets import Text
from geodata.reading.contract import Declared, Place, Reading, Row
from geodata.reading.document import Document, Parser, Part, crs_member, refuse_relatives, twice, why_cut_off
from geodata.reading.limits import Limits
from geodata.reading.placing import Placement, Suspicion, flaw_place, place_file, settle
from geodata.reading.refusals import Faults, Survival, refuse_when_nothing_survives
from geodata.reading.shapes import TYPES, Built, Flaw, build
from geodata.reading.splitting import outline
from geodata.reading.values import Columns, check_nested, check_text, control_in, exact_float, exact_int

# Digits and points made alike, so that a number of more digits than a float holds is a run found fast.
_DIGITS_ALIKE = bytes.maketrans(b"123456789.E", b"0000000000e")
_LONG_NUMBERS = (b"0" * 16, b"e-000")
_LONG_MEMBER = re.compile(rb":\s*-?[0-9][0-9.eE+-]{15,}|[eE]-[0-9]{3}")
# Escapes and bytes that may be a control character.
_MAYBE_CONTROLS = (b"\\u00", b"\\b", b"\\f", b"\x7f", b"\xc2")

_OBJECT, _TEXT = ("一个对象", "an object"), ("文字或数", "a text or a number")


def read_geojson(text: Text, declared: Declared, limits: Limits, place: Place) -> Reading:
    """Reads a GeoJSON. Raises Refused at once for the document as a whole, later from the rows."""
    found = outline(text.chunks(), limits)
    if found.cut_off:
        raise why_cut_off(text, found, limits)
    root = Parser(text, found).envelope()
    refuse_relatives(root)
    document = Document(text, found, root, limits)
    in_file = crs_member(root)
    placement = place_file(document.sample(), in_file, declared, place)
    notes = [*text.notes, *placement.notes, *document.notes]
    reader = _Rows(document, placement, place, notes)
    return Reading(
        format="geojson",
        encoding=text.encoding,
        crs=placement.crs,
        crs_known_by=placement.known_by,
        axis=placement.axis,
        notes=notes,
        fields=reader.fields,
        rows=reader.rows(),
    )


# ---------------------------------------------------------------- the rows


@dataclass(slots=True)
class _Counts:
    with_z: int = 0
    with_more: int = 0
    no_properties: int = 0
    bounds: list[float] = field(default_factory=lambda: [np.inf, np.inf, -np.inf, -np.inf])


class _Rows:
    """Features → rows, part by part. Faults that refuse the file are collected and raised after the last."""

    def __init__(self, document: Document, placement: Placement, place: Place, notes: list[Issue]) -> None:
        self.fields: list[str] = []
        self._document, self._placement, self._place, self._notes = document, placement, place, notes
        self._limits = document.limits
        self._faults = Faults()
        self._columns = Columns(document.limits, self._faults)
        self._counts = _Counts()
        self._survival = Survival()
        self._suspicion = Suspicion.of(place)
        self._n = 0
        self._names_here, self._nested_here = 0, False

    def rows(self) -> Iterator[Row]:
        for part in self._document.parts():
            rows = self._rows_of(part)
            self._n += len(part.features)
            if not self._faults.total:
                for row in rows:
                    self._survival.see(row.n, None, row.issues)
                    yield row
        self._faults.refuse()
        refuse_when_nothing_survives(self._survival)
        self._close()

    def _rows_of(self, part: Part) -> list[Row]:
        geometries = [self._feature(feature, self._n + k) for k, feature in enumerate(part.features)]
        if self._faults.total:
            return []
        self._names_here, self._nested_here = 0, False
        rows = [self._row(feature, self._n + k) for k, feature in enumerate(part.features)]
        self._check_names(part)
        self.fields[:] = self._columns.names
        if self._may_be_inexact(part):
            self._keep_exact(part, rows)
        if any(sign in part.raw for sign in _MAYBE_CONTROLS):
            self._find_controls(rows)
        self._add_geometries(rows, geometries)
        return rows

    def _pointer(self, n: int, rest: str = "") -> str:
        return f"/features/{n}{rest}" if self._document.is_collection else rest

    def _wrong(self, n: int, rest: str, what: tuple[str, str]) -> None:
        self._faults.add(
            "geojson-structure", row=n, pointer=self._pointer(n, rest), what_zh=what[0], what_en=what[1]
        )

    def _feature(self, feature: Any, n: int) -> dict[str, Any] | None:
        """The geometry object of a feature whose structure is judged on the way."""
        if not isinstance(feature, dict):
            self._wrong(n, "", _OBJECT)
            return None
        if feature.get("type") != "Feature":
            self._wrong(n, "/type", ("“Feature”", "'Feature'"))
        if not isinstance(feature.get("properties"), dict | None):
            self._wrong(n, "/properties", _OBJECT)
        if isinstance(feature.get("id"), dict | list | bool):
            self._wrong(n, "/id", _TEXT)
        geometry = feature.get("geometry")
        if "crs" in feature or (isinstance(geometry, dict) and "crs" in geometry):
            where = self._pointer(n, "/crs" if "crs" in feature else "/geometry/crs")
            self._faults.add("crs-placement", row=n, pointer=where)
        if not isinstance(geometry, dict | None):
            self._wrong(n, "/geometry", _OBJECT)
            return None
        return geometry

    def _row(self, feature: dict[str, Any], n: int) -> Row:
        properties = feature.get("properties")
        if properties is None:
            self._counts.no_properties += "properties" not in feature
            properties = {}
        names, limits = self._columns.names, self._limits
        for name, value in properties.items():
            if name not in names:
                self._columns.meet(name, n)
            kind = type(value)
            if kind is str:
                if len(value) > limits.value_length:
                    check_text(value, name, n, limits)
            elif kind is dict or kind is list:
                check_nested(value, name, n, limits)
                self._nested_here = True
                self._names_here += _count_names(value)
        self._names_here += len(properties)
        own = feature.get("id")
        return Row(n, None, None if own is None else str(own), None, properties)

    # -- names that stand twice

    def _check_names(self, part: Part) -> None:
        """Fewer names after parsing than in the text: one hid another."""
        if part.names < 0 or self._names_here + sum(map(_count_other_names, part.features)) == part.names:
            return
        decoder = json.JSONDecoder(object_pairs_hook=_marked)
        for k, feature in enumerate(decoder.decode(f"[{part.raw.decode()}]")):
            if name := _marked_name(feature):
                n = self._n + k
                self._faults.add("duplicate-key", value=name, field=name, row=n, pointer=self._pointer(n))

    # -- numbers kept exactly

    def _may_be_inexact(self, part: Part) -> bool:
        alike = part.raw.translate(_DIGITS_ALIKE)
        if not any(run in alike for run in _LONG_NUMBERS):
            return False
        return self._nested_here or bool(_LONG_MEMBER.search(part.raw))

    def _keep_exact(self, part: Part, rows: list[Row]) -> None:
        parsed = json.loads(b"[" + part.raw + b"]", parse_float=exact_float, parse_int=exact_int)
        if not self._document.is_collection and self._document.root["type"] in TYPES:
            return
        for row, feature in zip(rows, parsed, strict=True):
            exact = feature.get("properties") or {}
            for name, value in row.properties.items():
                if exact[name] != value or type(exact[name]) is not type(value):
                    row.issues.append(issue("number-exact", field=name, value=exact[name]))
            row.properties = exact
            if feature.get("id") is not None:
                row.id = str(feature["id"])

    def _find_controls(self, rows: list[Row]) -> None:
        for row in rows:
            for name, value in row.properties.items():
                if found := control_in(value):
                    where = self._pointer(row.n, f"/properties/{_escaped(name)}")
                    self._faults.add("control-character", value=found, field=name, row=row.n, pointer=where)
            if found := control_in(row.id):
                where = self._pointer(row.n, "/id")
                self._faults.add("control-character", value=found, row=row.n, pointer=where)

    # -- geometries

    def _add_geometries(self, rows: list[Row], geometries: list[dict[str, Any] | None]) -> None:
        built = build(geometries)
        self._measure(built)
        settled, issues = settle(built.geometries, self._placement, self._place)
        for row, shape, found in zip(rows, settled, issues, strict=True):
            row.geometry = shape
            row.issues += found
        for index in built.exploded:
            if settled[index] is not None:
                rows[index].issues.append(issue("collection-exploded", field="geometry"))
        for flaw in built.flaws:
            rows[flaw.index].issues.append(self._issue_of(flaw))
        for row, geometry in zip(rows, geometries, strict=True):
            if geometry is None:
                row.issues.append(issue("null-geometry", field="geometry"))
            elif row.geometry is not None and self._suspicion.anchors:
                texts = [value for value in row.properties.values() if isinstance(value, str)]
                self._suspicion.see(texts, row.geometry)

    def _issue_of(self, flaw: Flaw) -> Issue:
        lon, lat = flaw_place(flaw.xy, self._placement)
        return issue(flaw.code, field="geometry", value=flaw.where or "/coordinates", lon=lon, lat=lat)

    def _measure(self, built: Built) -> None:
        self._counts.with_z += len(built.with_z - built.with_more)
        self._counts.with_more += len(built.with_more)
        if "bbox" in self._document.root:
            bounds = self._counts.bounds
            xy = shapely.get_coordinates(built.geometries)
            bounds[:2] = np.fmin(bounds[:2], xy.min(axis=0, initial=np.inf))
            bounds[2:] = np.fmax(bounds[2:], xy.max(axis=0, initial=-np.inf))

    def _close(self) -> None:
        counts = self._counts
        for code, count in (
            ("z-dropped", counts.with_z),
            ("ordinates-dropped", counts.with_more),
            ("properties-missing", counts.no_properties),
        ):
            if count:
                self._notes.append(issue(code, value=count))
        if "bbox" in self._document.root and not _fits(self._document.root["bbox"], counts.bounds):
            self._notes.append(issue("bbox-ignored"))
        self._notes += self._suspicion.notes()


def _count_other_names(feature: dict[str, Any]) -> int:
    """Members' names in a feature but for its properties'; positions are passed over, they hold none."""
    count = len(feature)
    for name, value in feature.items():
        if name != "properties" and isinstance(value, dict | list):
            count += _count_names(value)
    return count


def _count_names(value: Any) -> int:
    if isinstance(value, dict):
        nested = sum(
            _count_names(inner)
            for name, inner in value.items()
            if name != "coordinates" and isinstance(inner, dict | list)
        )
        return len(value) + nested
    if isinstance(value, list):
        return sum(_count_names(inner) for inner in value if isinstance(inner, dict | list))
    return 0


class _Twice(str):
    """The name that stands twice somewhere inside the value it takes the place of."""

    __slots__ = ()


def _marked(pairs: list[tuple[str, Any]]) -> Any:
    inner = next(filter(None, (_marked_name(value) for _, value in pairs)), "")
    found = twice(pairs) or inner
    return _Twice(found) if found else None


def _marked_name(value: Any) -> str:
    if isinstance(value, _Twice):
        return str(value)
    if isinstance(value, list):
        return next(filter(None, map(_marked_name, value)), "")
    return ""


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _fits(stated: Any, bounds: list[float]) -> bool:
    """Whether a bbox member (four or six numbers) is that of the positions."""
    if not isinstance(stated, list) or len(stated) not in (4, 6):
        return False
    half = len(stated) // 2
    corners = [*stated[:2], *stated[half : half + 2]]
    if not all(isinstance(number, int | float) for number in corners):
        return False
    return bool(np.allclose(corners, bounds, rtol=1e-6, atol=1e-6))
