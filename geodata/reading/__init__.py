"""Reading what people bring: bytes in, rows in WGS84 out. Nothing here knows the web, a database or GDAL.

`read` decides by content what a file is, in which encoding and coordinate system; what it cannot know it asks
for by refusing with offers. Faults of the whole file refuse it; faults of a row stay with the row.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from geodata.reading.charsets import Text, recognise
from geodata.reading.contract import SOURCE_CRS, Declared, Fault, Place, Reading, Refused, Row
from geodata.reading.delimited import read_delimited
from geodata.reading.geojson import read_geojson
from geodata.reading.geopackage import read_geopackage
from geodata.reading.keyhole import read_kml, read_kmz
from geodata.reading.landpoints import read_landpoints
from geodata.reading.ledger import read_ledger
from geodata.reading.limits import BROWSER, COMMAND, Limits
from geodata.reading.refusal_words import REFUSALS
from geodata.reading.refusals import Survival, as_fault, refusal, refuse_when_nothing_survives
from geodata.reading.shapefile import read_shapefile
from geodata.reading.sniffing import sniff
from geodata.reading.spreadsheet import read_spreadsheet

__all__ = [
    "BROWSER",
    "COMMAND",
    "REFUSALS",
    "SOURCE_CRS",
    "Declared",
    "Fault",
    "Limits",
    "Place",
    "Reading",
    "Refused",
    "Row",
    "Survival",
    "as_fault",
    "read",
    "read_ledger",
    "refuse_when_nothing_survives",
]


def read(path: Path, declared: Declared, limits: Limits, place: Place) -> Reading:
    """Opens a file as GeoJSON, KML, KMZ, a zipped Shapefile, GeoPackage or boundary points, as a table (CSV,
    TSV) or as a workbook (XLSX).

    path: the file, which must not change until the rows are read; it may be read several times. Raises
    Refused, at once or while the rows are read, and OSError when the file cannot be opened.
    """
    size = path.stat().st_size
    if limits.bytes is not None and size > limits.bytes:
        raise refusal("too-large", limit=limits.bytes, observed=size)
    found = sniff(path, declared.name)
    if found in _OF_FILES:
        return _OF_FILES[found](path, declared, limits, place)
    return _OF_TEXTS[found](recognise(path, declared.encoding), declared, limits, place)


_OF_FILES: dict[str, Callable[[Path, Declared, Limits, Place], Reading]] = {
    "geopackage": read_geopackage,
    "kmz": read_kmz,
    "shapefile": read_shapefile,
    "xlsx": read_spreadsheet,
}
_OF_TEXTS: dict[str, Callable[[Text, Declared, Limits, Place], Reading]] = {
    "geojson": read_geojson,
    "kml": read_kml,
    "landpoints": read_landpoints,
    "table": read_delimited,
}
