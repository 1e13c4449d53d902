"""Coordinate systems: their names, which of them numbers may be in, and the shifted datums of Chinese maps.

Longitude (or easting) comes first in every array here, whatever the definition of a system says. Only codes
are ever handed to PROJ, never a text of the user's: a name may be a path or an address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

Points = NDArray[np.float64]
Box = tuple[float, float, float, float]

WGS84 = "EPSG:4326"
# Degrees whose numbers are those of WGS84 within centimetres: nothing is computed between them.
SAME_AS_WGS84 = frozenset({WGS84, "EPSG:4490"})
WEB_MERCATOR = "EPSG:3857"

# First code of a family of 3-degree zones from 75° to 135° E; whether eastings carry the zone's number.
_THREE_DEGREE_FAMILIES = (
    (4534, False),
    (4513, True),
    (2370, False),
    (2349, True),
    (2422, False),
    (2401, True),
)

# By datum and breadth of zone in degrees: the first zone's number, and the first codes without and with the
# zone's number in the eastings.
_GAUSS_KRUEGER = {
    ("CGCS2000", 3): (25, 4534, 4513),
    ("CGCS2000", 6): (13, 4502, 4491),
    ("Xian 1980", 3): (25, 2370, 2349),
    ("Xian 1980", 6): (13, 2338, 2327),
    ("Beijing 1954", 3): (25, 2422, 2401),
    ("Beijing 1954", 6): (13, 21453, 21413),
}
_ZONES_OF = {3: 21, 6: 11}

_CODE = re.compile(
    r"(?:urn:(?:x-)?ogc:def:crs:EPSG:[0-9.]*:|https?://www\.opengis\.net/def/crs/EPSG/[0-9.]+/|EPSG:{1,2})?"
    r"([0-9]{4,6})",
    re.IGNORECASE,
)
_CRS84 = re.compile(
    r"(?:urn:ogc:def:crs:OGC:[0-9.]*:|https?://www\.opengis\.net/def/crs/OGC/[0-9.]+/|OGC:)?CRS84",
    re.IGNORECASE,
)
_WORDS = {"WGS84": WGS84, "WGS 84": WGS84, "CGCS2000": "EPSG:4490"}


class CrsUnknown(ValueError):
    """A text names no coordinate system that can be read."""


def parse_name(text: str) -> str:
    """ "EPSG:<code>" for a name as files write it; CRS84 is EPSG:4326, for axes are told apart elsewhere.

    Raises CrsUnknown for anything else: addresses, paths, definitions, systems of one axis or of a building
    site, codes that PROJ does not know.
    """
    text = text.strip()
    if _CRS84.fullmatch(text):
        return WGS84
    if word := _WORDS.get(text.upper()):
        return word
    found = _CODE.fullmatch(text)
    if not found or not is_usable(int(found[1])):
        raise CrsUnknown(text)
    return f"EPSG:{int(found[1])}"


@lru_cache(maxsize=256)
def is_usable(code: int) -> bool:
    """Whether an EPSG code is a geographic or projected system of two axes."""
    try:
        crs = CRS.from_epsg(code)
    except CRSError:
        return False
    return len(crs.axis_info) == 2 and (crs.is_geographic or crs.is_projected)


_ZONES = re.compile(
    r"(?P<datum>.+) / 3-degree Gauss-Kruger (?:CM (?P<meridian>[0-9]+)E|zone (?P<zone>[0-9]+))"
)
_DATUMS_ZH = {"Xian 1980": "西安 80", "Beijing 1954": "北京 54"}
_NAMES_ZH = {WGS84: "WGS84 经纬度", "EPSG:4490": "CGCS2000 经纬度", WEB_MERCATOR: "网络墨卡托"}


def names(crs: str) -> dict[str, str]:
    """`name_zh` and `name_en` of a system, as its users know it."""
    english = CRS.from_epsg(_code(crs)).name
    chinese = _NAMES_ZH.get(crs, english)
    if zone := _ZONES.fullmatch(english):
        datum = _DATUMS_ZH.get(zone["datum"], zone["datum"])
        which = f"中央经线 {zone['meridian']}°" if zone["meridian"] else f"第 {zone['zone']} 带，东坐标带带号"
        chinese = f"{datum} 三度带，{which}"
    return {"name_zh": chinese, "name_en": english}


@lru_cache(maxsize=256)
def is_projected(crs: str) -> bool:
    return bool(CRS.from_epsg(_code(crs)).is_projected)


def same(a: str, b: str) -> bool:
    """Whether numbers of one system are numbers of the other."""
    return a == b or {a, b} <= SAME_AS_WGS84


def gauss_krueger(datum: str, breadth_deg: int, zone: int, *, numbered: bool) -> str | None:
    """ "EPSG:<code>" of a zone of the Chinese grid, None where there is none.

    datum: "CGCS2000", "Xian 1980" or "Beijing 1954"; breadth_deg: 3 or 6; numbered: eastings begin with the
    zone's number.
    """
    found = _GAUSS_KRUEGER.get((datum, breadth_deg))
    if found is None or not 0 <= zone - found[0] < _ZONES_OF[breadth_deg]:
        return None
    return f"EPSG:{found[2 if numbered else 1] + zone - found[0]}"


def to_wgs84(points: Points, crs: str) -> Points:
    """(n, 2) easting or longitude first → (n, 2) lon, lat in degrees; infinite where impossible."""
    if crs in SAME_AS_WGS84 or not len(points):
        return points
    lon, lat = _transformer(crs).transform(points[:, 0], points[:, 1])
    return np.column_stack((lon, lat))


@lru_cache(maxsize=64)
def _transformer(crs: str) -> Transformer:
    return Transformer.from_crs(_code(crs), 4326, always_xy=True)


@lru_cache(maxsize=64)
def is_approximate(crs: str) -> bool:
    """Whether the datum's shift to WGS84 is only known roughly (Beijing 1954, Xi'an 1980)."""
    datum = CRS.from_epsg(_code(crs)).geodetic_crs
    name = datum.name if datum else ""
    return not re.match(r"WGS 84|China Geodetic Coordinate System 2000|CGCS", name)


def _code(crs: str) -> int:
    return int(crs.rpartition(":")[2])


@dataclass(frozen=True, slots=True)
class Candidate:
    """A system under which points fall into the area. axis: "lonlat", or "latlon" when exchanged first."""

    crs: str
    axis: str
    lands: int
    of: int


def candidates(points: Points, owner: NDArray[np.intp], accept_bbox_lonlat: Box) -> list[Candidate]:
    """The projected systems under which most features land in the box, the likeliest first.

    points: (n, 2) as they stand in the file; owner: of which feature each is. Those that tie are all told.
    """
    west, _, east, _ = accept_bbox_lonlat
    systems = [f"EPSG:{code}" for code in _three_degree_codes((west + east) / 2)] + [WEB_MERCATOR]
    found = []
    for axis, ordered in (("lonlat", points), ("latlon", points[:, ::-1])):
        for system in systems:
            lands, of = landing(to_wgs84(ordered, system), owner, accept_bbox_lonlat)
            if lands:
                found.append(Candidate(system, axis, lands, of))
    best = max((candidate.lands for candidate in found), default=0)
    return [candidate for candidate in found if candidate.lands == best]


def _three_degree_codes(lon: float) -> list[int]:
    """Codes of the zone of a longitude, of every family; then of its neighbours."""
    nearest = round((lon - 75) / 3)
    zones = [zone for zone in (nearest, nearest - 1, nearest + 1) if 0 <= zone <= 20]
    return [first + zone for zone in zones for first, _ in _THREE_DEGREE_FAMILIES]


def landing(lonlat: Points, owner: NDArray[np.intp], accept_bbox_lonlat: Box) -> tuple[int, int]:
    """(features with a vertex in the box, features)."""
    west, south, east, north = accept_bbox_lonlat
    with np.errstate(invalid="ignore"):
        inside = (
            (lonlat[:, 0] >= west)
            & (lonlat[:, 0] <= east)
            & (lonlat[:, 1] >= south)
            & (lonlat[:, 1] <= north)
        )
    return len(np.unique(owner[inside])), len(np.unique(owner))


# ---------------------------------------------------------------- shifted datums
# GCJ-02 is WGS84 moved by some hundred metres by a formula that was never published; these are the constants
# every open implementation has. BD-09 moves GCJ-02 once more. Outside China neither moves anything.

_SEMI_MAJOR, _ECCENTRICITY = 6378245.0, 0.00669342162296594323
_CHINA: Box = (72.004, 0.8293, 137.8347, 55.8271)
_BD = np.pi * 3000 / 180
SHIFTED = ("GCJ-02", "BD-09")
# Points at a time: what stays in the processor's cache.
_BLOCK = 16_384


def wgs84_to_gcj02(lonlat: Points) -> Points:
    """(n, 2) degrees → (n, 2) degrees."""
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    x, y = lon - 105, lat - 35
    root = np.sqrt(np.abs(x))
    wave = 20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (wave + 20 * np.sin(np.pi * y) + 40 * np.sin(np.pi / 3 * y)) * 2 / 3
    north += (160 * np.sin(np.pi / 12 * y) + 320 * np.sin(np.pi / 30 * y)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (wave + 20 * np.sin(np.pi * x) + 40 * np.sin(np.pi / 3 * x)) * 2 / 3
    east += (150 * np.sin(np.pi / 12 * x) + 300 * np.sin(np.pi / 30 * x)) * 2 / 3
    phi = np.radians(lat)
    bulge = 1 - _ECCENTRICITY * np.sin(phi) ** 2
    metres_north = _SEMI_MAJOR * (1 - _ECCENTRICITY) / (bulge * np.sqrt(bulge))
    metres_east = _SEMI_MAJOR / np.sqrt(bulge) * np.cos(phi)
    shift = np.column_stack((np.degrees(east / metres_east), np.degrees(north / metres_north)))
    west, south, east_end, north_end = _CHINA
    abroad = (lon < west) | (lon > east_end) | (lat < south) | (lat > north_end)
    shift[abroad] = 0
    moved: Points = lonlat + shift
    return moved


def gcj02_to_bd09(lonlat: Points) -> Points:
    """(n, 2) degrees → (n, 2) degrees."""
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD)
    return np.column_stack((radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006))


def wgs84_to(lonlat: Points, datum: str) -> Points:
    """WGS84 → "GCJ-02" or "BD-09"."""
    shifted = wgs84_to_gcj02(lonlat)
    return gcj02_to_bd09(shifted) if datum == "BD-09" else shifted


def from_shifted(lonlat: Points, datum: str) -> Points:
    """ "GCJ-02" or "BD-09" → WGS84, to less than 0.1 mm."""
    out = np.empty_like(lonlat)
    for start in range(0, len(lonlat), _BLOCK):
        out[start : start + _BLOCK] = _unshifted(lonlat[start : start + _BLOCK], datum)
    return out


def _unshifted(lonlat: Points, datum: str) -> Points:
    """The forward shift, subtracted until it agrees: each step leaves a hundredth of the error or less."""
    guess = lonlat.copy()
    for _ in range(12):
        error = wgs84_to(guess, datum) - lonlat
        guess -= error
        if np.nanmax(np.abs(error), initial=0) < 1e-10:
            break
    return guess
