"""What goes into reading a file and what comes out of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from shapely.geometry.base import BaseGeometry

from geodata.issues import Issue

SOURCE_CRS = ("WGS84", "CGCS2000", "GCJ-02", "BD-09")


@dataclass(frozen=True, slots=True)
class Declared:
    """What the uploader said of the file; an empty text says nothing.

    name: of the file, shown and never opened. crs: "EPSG:4547" or another spelling. axis: "lonlat", "latlon"
    (which comes first; "latlon" of a projected file is northing first). source_crs: one of SOURCE_CRS, the
    datum that the numbers are really in. layer: the sheet of a workbook.
    """

    name: str = ""
    crs: str = ""
    axis: str = ""
    encoding: str = ""
    source_crs: str = ""
    layer: str = ""
    key_field: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the data should lie. accept_bbox_lonlat: west, south, east, north in degrees, WGS84.

    anchors: (name, lon, lat) of things whose position is known well, to suspect a shifted datum by.
    """

    accept_bbox_lonlat: tuple[float, float, float, float]
    anchors: Sequence[tuple[str, float, float]] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason for a refusal, with its place in the file and on the map as far as it is known.

    row: 0-based index of the feature; line, column: 1-based; byte: 0-based offset in the file as sent;
    pointer: RFC 6901; lon, lat: degrees, WGS84.
    """

    code: str
    detail_zh: str
    detail_en: str
    row: int | None = None
    pointer: str | None = None
    line: int | None = None
    column: int | None = None
    byte: int | None = None
    field: str = ""
    lon: float | None = None
    lat: float | None = None


class Refused(Exception):
    """The file is not taken; nothing of it may be stored.

    status: 413 (make it smaller), 415 (not a format that is read) or 422 (wrong content). faults: the first
    hundred of faults_total. limit, observed: of a limit that was passed. offers: what the uploader may
    answer, e.g. {"crs": [{"crs": "EPSG:4547", "lands": 12, "of": 12}]} or {"axis": ["latlon"]}.
    """

    def __init__(
        self,
        code: str,
        status: int,
        detail_zh: str,
        detail_en: str,
        *,
        faults: Sequence[Fault] = (),
        faults_total: int | None = None,
        limit: int | None = None,
        observed: int | None = None,
        offers: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{code}: {detail_en}")
        self.code, self.status = code, status
        self.detail_zh, self.detail_en = detail_zh, detail_en
        self.faults = list(faults)
        self.faults_total = len(self.faults) if faults_total is None else faults_total
        self.limit, self.observed = limit, observed
        self.offers = offers or {}


@dataclass(slots=True)
class Row:
    """One feature. n: 0-based; line: 1-based line of the source, of tables only; id: the file's own, as text.

    geometry: lon, lat in degrees (WGS84), in stored form (`geodata.geometry.stored`); None when there is none
    or none could be built. That of a row which an issue blocks may be invalid: to draw, not to keep.
    properties: exact JSON values; a number that a float would change is kept as its text. cut: the names of
    those whose text fills all the room that the format has, so that its end may be lost.
    """

    n: int
    line: int | None
    id: str | None
    geometry: BaseGeometry | None
    properties: dict[str, Any]
    issues: list[Issue] = field(default_factory=list)
    cut: frozenset[str] = frozenset()

    @property
    def blocked(self) -> bool:
        return any(fault.severity == "block" for fault in self.issues)


@dataclass(slots=True)
class Reading:
    """A file that is being read.

    crs_known_by: "declared", "in the file" or "default". axis: "lonlat" or "latlon" as it stands in the file.
    rows: read once, from front to back; it may raise Refused at any row, also after the last. fields and
    notes (what the whole file deserves to be told, each to be confirmed) are complete when rows has ended.
    layers: of an archive or a GeoPackage, all that could be read; layer: the one that is.
    """

    format: str
    encoding: str
    crs: str
    crs_known_by: str
    axis: str
    notes: list[Issue]
    fields: list[str]
    rows: Iterator[Row]
    layers: Sequence[str] = ()
    layer: str = ""
