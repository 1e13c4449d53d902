"""The coordinate system that a .prj describes → its EPSG code, or that it is not known.

A description may hold paths and addresses of grids; one that does is never handed to PROJ.
"""

from __future__ import annotations

import re

from pyproj import CRS
from pyproj.exceptions import CRSError

from geodata import crs

LONGEST = 8_192
# Of systems with a place on earth; a local one has none.
_BEGINS = re.compile(
    r"\s*(PROJCS|GEOGCS|COMPD_CS|PROJCRS|GEOGCRS|GEODCRS|GEODETICCRS|BOUNDCRS)\s*[\[(]", re.IGNORECASE
)
# What leads somewhere. The "null" grid of the web's Mercator leads nowhere.
_LEADS = re.compile(
    r"://|\\|\.\.|\"\s*[/~@]|nadgrids=(?!@null\b)|geoidgrids|\+init|file:|vsi|PARAMETERFILE", re.IGNORECASE
)
# PROJ is not sure of what it knows by name alone, nor where a description has easting before northing, as
# most have; then numbers and datum decide.
_BY_NAME = 25


def epsg_of(raw: bytes) -> str | None:
    """ "EPSG:<code>" of a description in WKT, as ESRI and OGC write it; None for one that is not known."""
    text = raw.decode("utf-8-sig", errors="replace").strip().strip("\0")
    if len(raw) > LONGEST or not _BEGINS.match(text) or _LEADS.search(text):
        return None
    try:
        found = _flat(CRS.from_wkt(text))
        code = found.to_epsg() or found.to_epsg(_BY_NAME)
    except CRSError:
        return None
    if code is None or not crs.is_usable(code) or not _alike(found, CRS.from_epsg(code)):
        return None
    return f"EPSG:{code}"


def _flat(system: CRS) -> CRS:
    """Without heights, and without a way to another datum."""
    if system.is_compound:
        return _flat(system.sub_crs_list[0])
    if system.is_bound and system.source_crs is not None:
        return _flat(system.source_crs)
    return system


def _alike(ours: CRS, theirs: CRS) -> bool:
    """Whether they are of one datum, and the numbers of their projection are the same."""
    return _datum(ours) == _datum(theirs) and _numbers(ours) == _numbers(theirs)


def _datum(system: CRS) -> tuple[str, tuple[float, float] | None]:
    ellipsoid = system.ellipsoid
    name = system.geodetic_crs.name if system.geodetic_crs else ""
    size = None if ellipsoid is None else (ellipsoid.semi_major_metre, round(ellipsoid.inverse_flattening, 6))
    return re.sub(r"[^a-z0-9]", "", name.lower()).removeprefix("gcs"), size


def _numbers(system: CRS) -> list[float]:
    """Degrees, metres and factors of a projection that are not nought; none of a geographic system."""
    operation = system.coordinate_operation
    values = (
        [] if operation is None else [float(p.value) * p.unit_conversion_factor for p in operation.params]
    )
    return sorted(round(value, 9) for value in values if value)
