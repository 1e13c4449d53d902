"""Geometries as the product keeps them: WGS84 (EPSG:4326), longitude before latitude, two dimensions.

Coordinates are stored rounded to 1e-8° (about a millimetre) and served with 7 decimals. Two geometries are
equal when their normalised forms agree at 1e-7°. Nothing is measured that was not surveyed or digitised.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

STORED_DECIMALS, SERVED_DECIMALS = 8, 7
MEASURED_PRECISIONS = frozenset({"surveyed", "digitised"})
PRECISIONS = ("surveyed", "digitised", "approximate", "schematic", "unlocated")

_GEOD = Geod(ellps="WGS84")


def from_geojson(geometry: dict[str, Any]) -> BaseGeometry:
    """A GeoJSON geometry (lon, lat in degrees; a third coordinate is dropped) in stored form.

    Raises ValueError when it is not a geometry.
    """
    try:
        read = shape(geometry)
    except (shapely.errors.ShapelyError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise ValueError(f"not a geometry: {error}") from error
    return stored(read)


def stored(geometry: BaseGeometry) -> BaseGeometry:
    """Two-dimensional, coordinates rounded to 1e-8°, rings right-handed (RFC 7946 section 3.1.6)."""
    flat = shapely.force_2d(geometry)
    rounded = shapely.transform(flat, lambda xy: np.round(xy, STORED_DECIMALS))
    return shapely.orient_polygons(rounded, exterior_cw=False)


def to_geojson(geometry: BaseGeometry) -> dict[str, Any]:
    """GeoJSON with 7 decimals."""
    served = shapely.transform(geometry, lambda xy: np.round(xy, SERVED_DECIMALS))
    return dict(mapping(served))


def same(a: BaseGeometry | None, b: BaseGeometry | None) -> bool:
    """Whether two geometries, or their absence, are equal at 1e-7°."""
    if a is None or b is None:
        return a is b
    return bool(shapely.equals_exact(shapely.normalize(a), shapely.normalize(b), tolerance=1e-7))


def measures(
    geometry: BaseGeometry | None, precision: str, partial: bool
) -> tuple[float | None, float | None]:
    """Area in ha (polygons) and length in km (lines) on the WGS84 ellipsoid; None where there is none.

    Both are None unless the geometry is surveyed or digitised and stands for the whole thing: an invented
    shape, or a clipped one (`partial`), never becomes a figure. Geodesics by pyproj (Karney 2013).
    """
    if geometry is None or partial or precision not in MEASURED_PRECISIONS:
        return None, None
    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        area_m2, _ = _GEOD.geometry_area_perimeter(shapely.orient_polygons(geometry))
        return round(abs(area_m2) / 10_000, 2), None
    if geometry.geom_type in ("LineString", "MultiLineString"):
        return None, round(_GEOD.geometry_length(geometry) / 1000, 3)
    return None, None
