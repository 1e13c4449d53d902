"""Rows of a table → rows with a place, whether they come from a text file or a workbook."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
import shapely

from geodata.issues import Issue, issue
from geodata.reading.contract import Declared, Place, Reading, Row
from geodata.reading.coordinates import parse_coordinate
from geodata.reading.gathering import Gathering
from geodata.reading.headers import PlaceColumns, find_place
from geodata.reading.limits import Limits
from geodata.reading.placing import UNSAID, Sample, place_file
from geodata.reading.refusals import Faults, refusal
from geodata.reading.shapes import Geometries
from geodata.reading.values import Columns, exact_int

_BATCH = 2_000
# What our own export puts an apostrophe before, so that no spreadsheet runs it.
_GUARDED = re.compile(r"'[=+\-@\t\r]")
_WKT_TYPE = re.compile(r"\s*(?:SRID=(\d+);)?\s*([A-Za-z]+)")
_WKT_KNOWN = re.compile(
    r"(MULTI)?(POINT|LINESTRING|POLYGON)(Z|M|ZM)?|GEOMETRYCOLLECTION(Z|M|ZM)?", re.IGNORECASE
)
_EMPTY = (None, "")

Record = tuple[int, list[Any]]


@dataclass(slots=True)
class Table:
    """header: the names as written. records: makes a fresh pass over (1-based line, cells) below the header,
    as wide as the header or with faults told to it. notes: of the file. encoding, format: as in Reading."""

    format: str
    encoding: str
    header: list[str]
    records: Callable[[Faults], Iterator[Record]]
    notes: list[Issue] = field(default_factory=list)


def read_table(table: Table, declared: Declared, limits: Limits, place: Place) -> Reading:
    """Raises Refused: duplicate-field, field-name, no-geometry, keys, key-length and those of place_file."""
    faults = Faults()
    names = _names(table.header, limits, faults)
    faults.refuse()
    sample = [cells for _, cells in islice(table.records(Faults()), _BATCH)]
    columns = find_place(names, [_first_text(sample, index) for index in range(len(names))])
    if columns is None:
        raise refusal("no-geometry")
    shapes = _Shapes(columns, names)
    first = shapes.build(sample)
    in_file = f"EPSG:{first.srid}" if first.srid else UNSAID
    placement = place_file(Sample.of(first.geometries), in_file, declared, place)
    notes = [*table.notes, *placement.notes]
    fields = [name for index, name in enumerate(names) if index not in columns.indices]
    reader = _TableRows(table, names, shapes, first.srid, Gathering(placement, limits, place), notes)
    return Reading(
        format=table.format,
        encoding=table.encoding,
        crs=placement.crs,
        crs_known_by=placement.known_by,
        axis=placement.axis,
        notes=notes,
        fields=fields,
        rows=reader.rows(),
    )


def _names(header: Sequence[str], limits: Limits, faults: Faults) -> list[str]:
    """The header's names in one line each; a column without a name is called by its number."""
    columns = Columns(limits, faults)
    names: list[str] = []
    for index, written in enumerate(header):
        name = " ".join(written.split()) or f"column_{index + 1}"
        if name in columns.names:
            faults.add("duplicate-field", value=name, field=name, column=index + 1)
        columns.meet(name, None)
        names.append(name)
    return names


def _first_text(sample: Sequence[list[Any]], index: int) -> str:
    texts = (cells[index] for cells in sample if len(cells) > index)
    return next((text for text in texts if isinstance(text, str) and text), "")


@dataclass(slots=True)
class _Made:
    """Geometries of some rows in source coordinates, their faults, and the SRID that WKT gave."""

    geometries: Geometries
    issues: list[list[Issue]]
    srid: str = ""
    normalised: int = 0
    with_z: int = 0


class _Shapes:
    """Cells → geometries."""

    def __init__(self, columns: PlaceColumns, names: Sequence[str]) -> None:
        self._columns, self._names = columns, names

    def build(self, rows: Sequence[list[Any]]) -> _Made:
        made = _Made(np.full(len(rows), None, dtype=object), [[] for _ in rows])
        wkt = self._columns.wkt
        if wkt is not None:
            self._from_wkt([cells[wkt] for cells in rows], made)
        else:
            self._from_pairs(rows, made)
        return made

    def _from_pairs(self, rows: Sequence[list[Any]], made: _Made) -> None:
        x, y = self._columns.x, self._columns.y
        if x is None or y is None:
            raise ValueError("a table's place is either one column of WKT or two of numbers")
        there: list[int] = []
        xy: list[list[float]] = []
        for n, cells in enumerate(rows):
            pair = [cells[x], cells[y]]
            if all(cell in _EMPTY for cell in pair):
                made.issues[n].append(issue("null-geometry", field="geometry"))
                continue
            named = zip((x, y), pair, strict=True)
            numbers = [self._number(cell, self._names[index], n, made) for index, cell in named]
            known = [number for number in numbers if number is not None]
            if len(known) == 2:
                there.append(n)
                xy.append(known)
        if there:
            made.geometries[there] = shapely.points(np.array(xy, dtype=float))

    def _number(self, cell: Any, name: str, n: int, made: _Made) -> float | None:
        found = parse_coordinate(cell)
        if found is None:
            if cell in _EMPTY:
                made.issues[n].append(issue("coordinate-empty", field=name, value=name))
            else:
                made.issues[n].append(issue("coordinate-unread", field=name, value=cell, column=name))
            return None
        number, how = found
        if how == "dms":
            made.issues[n].append(issue("dms-converted", field=name, value=cell))
        made.normalised += how == "normalised"
        return number

    def _from_wkt(self, cells: Sequence[Any], made: _Made) -> None:
        texts: list[str | None] = [None] * len(cells)
        for n, cell in enumerate(cells):
            if cell in _EMPTY:
                made.issues[n].append(issue("null-geometry", field="geometry"))
            else:
                texts[n] = self._readable(str(cell), n, made)
        with np.errstate(all="ignore"):  # a number that overflows is told later, as out of range
            shapes = shapely.from_wkt(texts, on_invalid="ignore")
        for n, (text, shape) in enumerate(zip(texts, shapes, strict=True)):
            if text is not None and shape is None:
                made.issues[n].append(issue("wkt", field="geometry", value=text))
            elif shape is not None:
                made.geometries[n] = self._single(shape, n, made)
        made.with_z = int(shapely.has_z(made.geometries).sum())

    def _readable(self, text: str, n: int, made: _Made) -> str | None:
        """A text that GEOS may be given: of a known type, and without collections in collections."""
        if text.upper().count("GEOMETRYCOLLECTION") > 1:
            raise refusal("geometry-depth", row=n)
        found = _WKT_TYPE.match(text)
        if found and found[1]:
            if made.srid not in ("", found[1]):
                raise refusal("crs-conflict", value=f"EPSG:{made.srid}", other=f"EPSG:{found[1]}")
            made.srid = found[1]
        if found and not _WKT_KNOWN.fullmatch(found[2]):
            unread = re.search(r"CURVE|CIRCULAR|SURFACE|TIN|TRIANGLE|LINEARRING", found[2], re.IGNORECASE)
            code = "geometry-unsupported" if unread else "wkt"
            made.issues[n].append(issue(code, field="geometry", value=found[2]))
            return None
        return text.partition(";")[2] if found and found[1] else text

    def _single(self, shape: Any, n: int, made: _Made) -> Any:
        """A collection of one family as a multi-geometry; of several as None."""
        if shape.geom_type != "GeometryCollection" or shape.is_empty:
            return shape
        parts = shapely.get_parts(shapely.get_parts(shape))
        families = {part.geom_type for part in parts}
        if len(families) > 1:
            made.issues[n].append(issue("geometry-unsupported", field="geometry", value="GeometryCollection"))
            return None
        made.issues[n].append(issue("collection-exploded", field="geometry"))
        family = families.pop()
        if family == "Point":
            return shapely.multipoints(parts)
        return shapely.multilinestrings(parts) if family == "LineString" else shapely.multipolygons(parts)


class _TableRows:
    """Records → rows."""

    def __init__(
        self,
        table: Table,
        names: list[str],
        shapes: _Shapes,
        srid: str,
        gathering: Gathering,
        notes: list[Issue],
    ) -> None:
        self._table, self._names, self._shapes, self._srid = table, names, shapes, srid
        self._gathering, self._notes = gathering, notes
        self._geometry_columns = shapes._columns.indices
        self._normalised = self._with_z = 0

    def rows(self) -> Iterator[Row]:
        records = self._table.records(self._gathering.faults)
        while batch := list(islice(records, _BATCH)):
            yield from self._gathering.given(self._rows_of(batch))
        suspicions = self._gathering.end()
        for code, count in (("coordinate-normalised", self._normalised), ("z-dropped", self._with_z)):
            if count:
                self._notes.append(issue(code, value=count))
        self._notes += suspicions

    def _rows_of(self, batch: list[Record]) -> list[Row]:
        made = self._shapes.build([cells for _, cells in batch])
        if made.srid and made.srid != self._srid:
            raise refusal("crs-conflict", value=f"EPSG:{self._srid}", other=f"EPSG:{made.srid}")
        rows = [self._row(*one, found) for one, found in zip(batch, made.issues, strict=True)]
        self._normalised += made.normalised
        self._with_z += made.with_z
        self._gathering.place(rows, made.geometries)
        return rows

    def _row(self, line: int, cells: list[Any], of_place: list[Issue]) -> Row:
        """of_place: what its geometry was found to lack."""
        n = self._gathering.number()
        properties, issues = {}, []
        for index, (name, value) in enumerate(zip(self._names, cells, strict=True)):
            if index in self._geometry_columns:
                continue
            if isinstance(value, str):
                self._gathering.check(value, name, n, line)
                value = value[1:] if _GUARDED.match(value) else value
            elif type(value) is int and isinstance(value := exact_int(str(value)), str):
                issues.append(issue("number-exact", field=name, value=value[:40]))
            properties[name] = value
        return Row(n, line, None, None, properties, [*issues, *of_place])
