"""Which columns of a table hold the place: by their names, Chinese and English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_WKT = ("wkt", "wktgeom", "geomwkt", "geometry", "geom", "thegeom", "shape", "几何", "图形")
# Pairs of names, the surer first: (longitude or easting, latitude or northing).
_PAIRS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (
        ("经度", "东经", "经度坐标", "gps经度", "中心经度"),
        ("纬度", "北纬", "纬度坐标", "gps纬度", "中心纬度"),
    ),
    (("longitude", "lon", "lng", "long", "gpslon", "gpslng"), ("latitude", "lat", "gpslat")),
    (
        ("东坐标", "东向坐标", "横坐标", "easting", "east", "坐标东"),
        ("北坐标", "北向坐标", "纵坐标", "northing", "north", "坐标北"),
    ),
    (
        ("x", "x坐标", "坐标x", "pointx", "xcoord", "coordx"),
        ("y", "y坐标", "坐标y", "pointy", "ycoord", "coordy"),
    ),
)


@dataclass(frozen=True, slots=True)
class PlaceColumns:
    """Indices of the columns that hold the place: wkt, or x and y (longitude or easting, and the other)."""

    wkt: int | None = None
    x: int | None = None
    y: int | None = None

    @property
    def indices(self) -> set[int]:
        return {index for index in (self.wkt, self.x, self.y) if index is not None}


def find_place(names: Sequence[str], first_values: Sequence[str]) -> PlaceColumns | None:
    """The columns of the place, or None. first_values: the first text in each column, "" for none."""
    plain = [_plain(name) for name in names]
    for candidate in _WKT:
        for index, name in enumerate(plain):
            if name == candidate and (candidate.startswith("wkt") or looks_like_wkt(first_values[index])):
                return PlaceColumns(wkt=index)
    for easts, norths in _PAIRS:
        x = next((index for index, name in enumerate(plain) if name in easts), None)
        y = next((index for index, name in enumerate(plain) if name in norths), None)
        if x is not None and y is not None:
            return PlaceColumns(x=x, y=y)
    return None


def looks_like_wkt(text: str) -> bool:
    return bool(
        re.match(r"\s*(SRID=\d+;)?\s*(MULTI)?(POINT|LINESTRING|POLYGON|GEOMETRY)", text, re.IGNORECASE)
    )


def _plain(name: str) -> str:
    """Without width, case, spaces, signs and what stands in brackets: "经度 (°)" → "经度"."""
    folded = unicodedata.normalize("NFKC", name).lower()
    folded = re.sub(r"[(\[].*?[)\]]", "", folded)
    return "".join(c for c in folded if c.isalnum())
