"""From the rows of a file to checked records of a kind: each by itself, then beside the others."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from geodata.checking import Box, check_geometry
from geodata.issues import Issue, issue
from geodata.kinds import Kind
from geodata.mapping import ATTRIBUTE, Mapping
from geodata.plausible import doubts
from geodata.reading.contract import Row
from geodata.records import Record, RecordReader
from geodata.templates import SAMPLE_KEY, SAMPLE_NAME

_LISTED = 10


@dataclass(slots=True)
class Table:
    """All records of a file, with what is to be known of the file as a whole."""

    kind: Kind
    mapping: Mapping
    records: list[Record]
    notes: list[Issue]


def check(rows: Iterable[Row], mapping: Mapping, kind: Kind, accept_bbox_lonlat: Box) -> Table:
    """Read every row by the mapping and check it, alone and beside the others."""
    reader = RecordReader(mapping, kind)
    records = [reader.record(row) for row in rows]
    notes = [*mapping.notes, *reader.type_notes()]
    if mapping.column("name_en") is None:
        notes.append(issue("name-en-missing", field="name_en"))
    _check_geometries(records, kind, accept_bbox_lonlat)
    notes += doubts(records, mapping, kind)
    _block_duplicate_ids(records)
    _block_samples(records)
    _warn_of_duplicates(records)
    _withhold(records, reader.personal)
    return Table(kind, mapping, records, notes)


def _check_geometries(records: Sequence[Record], kind: Kind, accept_bbox_lonlat: Box) -> None:
    """Whatever is plainly in order is seen at once; only the rest is looked at one by one."""
    located = [record for record in records if record.geometry is not None]
    for record in located:
        record.geometry = _fitted(record.geometry, kind)
    shapes = np.array([record.geometry for record in located], dtype=object)
    if not len(shapes):
        return
    bounds = shapely.bounds(shapes)
    fine = np.isfinite(bounds).all(axis=1) & (np.abs(bounds) <= (180, 90, 180, 90)).all(axis=1)
    fine &= ~shapely.is_empty(shapes)
    fine &= np.isin([shape.geom_type.lower() for shape in shapes], kind.geometry)
    # Only what is finite goes to the checks of GEOS.
    fine[fine] = shapely.is_valid(shapes[fine]) & shapely.intersects(shapes[fine], box(*accept_bbox_lonlat))
    for place in np.flatnonzero(~fine):
        record = located[place]
        if not any(found.severity == "block" and found.field == "geometry" for found in record.issues):
            record.issues += check_geometry(shapes[place], kind, accept_bbox_lonlat)


def _fitted(geometry: BaseGeometry | None, kind: Kind) -> BaseGeometry | None:
    """The same shape in the form the kind takes: one part or a set of one."""
    if geometry is None or geometry.geom_type.lower() in kind.geometry:
        return geometry
    parts = getattr(geometry, "geoms", None)
    if parts is not None and len(parts) == 1 and parts[0].geom_type.lower() in kind.geometry:
        single: BaseGeometry = parts[0]
        return single
    makers: dict[str, Callable[..., BaseGeometry]] = {
        "Point": shapely.MultiPoint,
        "LineString": shapely.MultiLineString,
        "Polygon": shapely.MultiPolygon,
    }
    if geometry.geom_type in makers and f"multi{geometry.geom_type.lower()}" in kind.geometry:
        return makers[geometry.geom_type]([geometry])
    return geometry


def _block_duplicate_ids(records: Sequence[Record]) -> None:
    for target in ("id", "key"):
        rows: dict[str, list[Record]] = defaultdict(list)
        for record in records:
            if value := getattr(record, target):
                rows[value].append(record)
        for value, same in rows.items():
            if len(same) > 1:
                for record in same:
                    record.issues.append(
                        issue("duplicate-id", field=target, value=value, rows=_row_numbers(same))
                    )


def _block_samples(records: Sequence[Record]) -> None:
    for record in records:
        if record.key == SAMPLE_KEY or record.fields.get("name_zh") == SAMPLE_NAME:
            record.issues.append(issue("sample-row", field="name_zh"))


def _row_numbers(records: Sequence[Record]) -> str:
    numbers = ", ".join(str(record.row + 1) for record in records[:_LISTED])
    return numbers + (" …" if len(records) > _LISTED else "")


def _warn_of_duplicates(records: Sequence[Record]) -> None:
    located = [record for record in records if record.geometry is not None and not record.blocked]
    shapes = shapely.to_wkb(
        shapely.normalize(np.array([record.geometry for record in located], dtype=object))
    )
    often = Counter(shapes)
    first: dict[tuple[bytes, str], Record] = {}
    for record, shape in zip(located, shapes, strict=True):
        if often[shape] > 1:
            other = first.setdefault((shape, _content(record)), record)
            if other is not record:
                record.issues.append(issue("duplicate-feature", field="geometry", rows=other.row + 1))


def _content(record: Record) -> str:
    said = [record.fields, record.attrs, record.kept, record.status and record.status.quote, record.parent]
    return json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)


def _withhold(records: Sequence[Record], targets: set[str]) -> None:
    """A column in which personal data was found is not public, in any row, until a person clears it."""
    for record in records:
        for target in targets:
            code = target.removeprefix(ATTRIBUTE)
            if target == "attrs":
                record.withheld |= record.attrs
                record.attrs = {}
            elif target.startswith(ATTRIBUTE) and code in record.attrs:
                record.withheld[code] = record.attrs.pop(code)
            elif target in record.fields:
                record.withheld[target] = record.fields.pop(target)
