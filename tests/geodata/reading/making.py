"""Files for the tests of reading, and reading them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import Point

from geodata.issues import Issue
from geodata.reading import BROWSER, Declared, Limits, Place, Reading, Refused, Row, read

PLACE = Place((113.95, 22.5, 114.35, 22.85))
LON, LAT = 114.12, 22.69
POINT: dict[str, Any] = {"type": "Point", "coordinates": [LON, LAT]}
# The same place in EPSG:4547, by PROJ.
EASTING, NORTHING = 512330.6, 2510212.6


def square(lon: float = LON, lat: float = LAT, side: float = 0.001) -> list[list[float]]:
    return [[lon, lat], [lon + side, lat], [lon + side, lat + side], [lon, lat + side], [lon, lat]]


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def feature(geometry: Any = POINT, properties: Any = None, **more: Any) -> dict[str, Any]:
    filled = {"name": "富安东路"} if properties is None else properties
    return {"type": "Feature", "geometry": geometry, "properties": filled, **more}


def collection(*features: Any, **more: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", **more, "features": list(features)}


def as_bytes(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


def of_geometry(geometry: Any) -> bytes:
    return as_bytes(collection(feature(geometry)))


def of_properties(properties: Any) -> bytes:
    return as_bytes(collection(feature(properties=properties)))


def opened(
    folder: Path,
    data: bytes,
    name: str = "a.geojson",
    limits: Limits = BROWSER,
    place: Place = PLACE,
    **said: str,
) -> tuple[Reading, list[Row]]:
    """The reading of these bytes and all of its rows."""
    path = folder / "upload"
    path.write_bytes(data)
    reading = read(path, Declared(name=name, **said), limits, place)
    return reading, list(reading.rows)


def refused(folder: Path, data: bytes, name: str = "a.geojson", **how: Any) -> Refused:
    """The refusal of these bytes, with words in both languages."""
    with pytest.raises(Refused) as caught:
        opened(folder, data, name, **how)
    assert any("\u4e00" <= c <= "\u9fff" for c in caught.value.detail_zh)
    assert caught.value.detail_en
    return caught.value


def codes(issues: list[Issue]) -> list[str]:
    return [found.code for found in issues]


def lonlat(row: Row) -> tuple[float, float]:
    """Where a row's point is."""
    assert isinstance(row.geometry, Point)
    return row.geometry.x, row.geometry.y
