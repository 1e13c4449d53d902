"""From the rows of a file to checked records of a kind: each by itself, then beside the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import shapely
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from geodata.checking import Box, check_geometry
from geodata.issues import Both, Issue, issue
from geodata.kinds import Kind
from geodata.mapping import ATTRIBUTE, Mapping
from geodata.plausible import doubts
from geodata.reading.contract import Row
from geodata.records import Record, RecordReader
from geodata.seen import NEVER, Seen
from geodata.templates import SAMPLE_KEY, SAMPLE_NAME
from geodata.told import listed

_LISTED = 10


@dataclass(slots=True)
class Table:
    """Records of a file, with what is to be known of the file as a whole."""

    kind: Kind
    mapping: Mapping
    records: list[Record]
    notes: list[Issue]


class PersonalLater(Exception):
    """Personal data stands in a column of which earlier rows were given out already. targets: all columns in
    which it stands, to begin again with."""

    def __init__(self, targets: frozenset[str]) -> None:
        super().__init__(", ".join(sorted(targets)))
        self.targets = targets


class Checker:
    """Checks the rows of one file part by part, in its order, as if they had come together.

    personal: targets of columns that are known to hold personal data. later: after each part, by the number
    of a row of an earlier part (as Record.row has it) what blocks it since; of a row that changes nothing it
    is enough that the later one is blocked.
    """

    def __init__(
        self, mapping: Mapping, kind: Kind, accept_bbox_lonlat: Box, personal: Iterable[str] = ()
    ) -> None:
        self.mapping, self.kind, self.accept_bbox_lonlat = mapping, kind, accept_bbox_lonlat
        self.later: dict[int, Issue] = {}
        self._reader = RecordReader(mapping, kind)
        self._reader.personal |= set(personal)
        self._named = {"id": Seen(), "key": Seen()}
        self._shaped = Seen()
        self._doubts: list[Issue] = []
        self._parts = 0

    def part(self, rows: Iterable[Row]) -> Table:
        """Every row read by the mapping and checked, alone and beside the others. Raises PersonalLater."""
        known = frozenset(self._reader.personal)
        records = [self._reader.record(row) for row in rows]
        if self._parts and not known >= self._reader.personal:
            raise PersonalLater(frozenset(self._reader.personal))
        _check_geometries(records, self.kind, self.accept_bbox_lonlat)
        if not self._parts:
            self._doubts = doubts(records, self.mapping, self.kind)
        self.later = {}
        self._block_duplicate_ids(records)
        _block_samples(records)
        self._warn_of_duplicates(records)
        _withhold(records, self._reader.personal)
        self._parts += 1
        return Table(self.kind, self.mapping, records, self.notes())

    def notes(self) -> list[Issue]:
        """What is to be known of the rows until now as a whole."""
        notes = [*self.mapping.notes, *self._reader.type_notes()]
        if self.mapping.column("name_en") is None:
            notes.append(issue("name-en-missing", field="name_en"))
        return notes + self._doubts

    def status_words(self) -> list[dict[str, Any]]:
        """The words of the status that were recognised, the most frequent first: word, phase, rows."""
        found = self._reader.recognised.most_common()
        return [{"word": word, "phase": phase, "rows": rows} for (word, phase), rows in found]

    def other_kinds(self) -> list[dict[str, Any]]:
        """Kinds that rows say they are of, and the file was not sent as: kind, rows."""
        return [{"kind": kind, "rows": rows} for kind, rows in self._reader.other_kinds.most_common()]

    def _block_duplicate_ids(self, records: Sequence[Record]) -> None:
        for target, seen in self._named.items():
            rows: dict[str, list[Record]] = defaultdict(list)
            for record in records:
                if value := getattr(record, target):
                    rows[value].append(record)
            values = list(rows)
            before = seen.first(values) if seen else [NEVER] * len(values)
            for (value, same), first in zip(rows.items(), before, strict=True):
                numbers = (
                    [record.row for record in same] if first == NEVER else [first, *(r.row for r in same)]
                )
                if len(numbers) < 2:
                    continue
                found = issue("duplicate-id", field=target, value=value, rows=_row_numbers(numbers))
                for record in same:
                    record.issues.append(found)
                if first != NEVER:
                    self.later.setdefault(first, found)
            seen.add(values, [same[0].row for same in rows.values()])

    def _warn_of_duplicates(self, records: Sequence[Record]) -> None:
        located = [record for record in records if record.geometry is not None and not record.blocked]
        shapes = shapely.to_wkb(
            shapely.normalize(np.array([record.geometry for record in located], dtype=object))
        )
        whole = [shape + _content(record) for record, shape in zip(located, shapes, strict=True)]
        before = self._shaped.first(whole) if self._shaped else [NEVER] * len(whole)
        first: dict[bytes, int] = {}
        for record, same, earlier in zip(located, whole, before, strict=True):
            other = first.setdefault(same, record.row if earlier == NEVER else earlier)
            if other != record.row:
                record.issues.append(issue("duplicate-feature", field="geometry", rows=other + 1))
        self._shaped.add(list(first), first.values())


def check(rows: Iterable[Row], mapping: Mapping, kind: Kind, accept_bbox_lonlat: Box) -> Table:
    """Read every row of a file by the mapping and check it, alone and beside the others."""
    return Checker(mapping, kind, accept_bbox_lonlat).part(rows)


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


def _block_samples(records: Sequence[Record]) -> None:
    for record in records:
        if record.key == SAMPLE_KEY or record.fields.get("name_zh") == SAMPLE_NAME:
            record.issues.append(issue("sample-row", field="name_zh"))


def _row_numbers(numbers: Sequence[int]) -> Both:
    return listed([number + 1 for number in numbers[:_LISTED]], more=len(numbers) > _LISTED)


def _content(record: Record) -> bytes:
    said = [record.fields, record.attrs, record.kept, record.status and record.status.quote, record.parent]
    return orjson.dumps(said, default=str, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)


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
