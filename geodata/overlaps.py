"""Which areas lie on one another, and by how much. Shapes drawn from words never count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from geodata.geometry import MEASURED_PRECISIONS
from geodata.issues import Issue, issue

SLIVER_M2 = 1.0
"""Less than this is how neighbours that share a boundary are drawn, not an overlap."""

Shapes = npt.NDArray[np.object_]
Places = npt.NDArray[np.intp]
_HECTARE = 10_000


@dataclass(frozen=True, slots=True)
class Shape:
    """A geometry (lon, lat in degrees, stored form) with the id of what it is of, its name and its
    precision."""

    id: str
    name: str
    geometry: BaseGeometry | None
    precision: str


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two things that share an area. a: the place of a row in the list given. lon, lat: a point within it."""

    a: int
    other_id: str
    other_name: str
    area_m2: float
    lon: float
    lat: float

    def issue(self) -> Issue:
        return issue(
            "overlap",
            field="geometry",
            lon=self.lon,
            lat=self.lat,
            value=self.other_name,
            area=spoken(self.area_m2),
        )


def spoken(area_m2: float) -> str:
    """An area as a person says it: m² below a hectare, else ha."""
    return f"{area_m2:.0f} m²" if area_m2 < _HECTARE else f"{area_m2 / _HECTARE:.2f} ha"


def overlaps(rows: Sequence[Shape], existing: Sequence[Shape] = ()) -> list[Overlap]:
    """Where rows overlap one another and what exists, largest first; within the file each pair is told
    once, of the later row.

    Only valid surveyed or digitised polygons count. What exists under the id of a row is replaced by it and
    does not count. Areas are of the WGS84 ellipsoid; less than SLIVER_M2 is left out.
    """
    new = _countable(rows)
    own = {shape.id for shape in rows}
    old = [shape for shape in existing if shape.id not in own]
    kept = _countable(old)
    found = _between(rows, new, rows, new, within=True) + _between(rows, new, old, kept, within=False)
    return sorted(found, key=lambda overlap: (-overlap.area_m2, overlap.a, overlap.other_id))


def _countable(shapes: Sequence[Shape]) -> Places:
    geometries = np.array([*(shape.geometry for shape in shapes), None], dtype=object)[:-1]
    is_area = np.isin(shapely.get_type_id(geometries), (3, 6)) & shapely.is_valid(geometries)
    measured = np.array([shape.precision in MEASURED_PRECISIONS for shape in shapes], dtype=bool)
    return np.flatnonzero(is_area & measured)


def _between(
    rows: Sequence[Shape],
    new: Places,
    others: Sequence[Shape],
    kept: Places,
    *,
    within: bool,
) -> list[Overlap]:
    if not len(new) or not len(kept):
        return []
    a = np.array([rows[place].geometry for place in new], dtype=object)
    b = np.array([others[place].geometry for place in kept], dtype=object)
    left, right = _pairs(a) if within else shapely.STRtree(b).query(a, predicate="intersects")
    shared = shapely.intersection(a[left], b[right])
    areas = _areas_m2(shared)
    wide = np.flatnonzero(areas >= SLIVER_M2)
    of, on = new[left[wide]].tolist(), [others[place] for place in kept[right[wide]]]
    each = zip(of, on, areas[wide].tolist(), _points_within(shared[wide]), strict=True)
    return [Overlap(a, other.id, other.name, area, lon, lat) for a, other, area, (lon, lat) in each]


def _points_within(shapes: Shapes) -> list[tuple[float, float]]:
    """Of each shape its middle, or another point where the middle lies outside."""
    middles = shapely.centroid(shapes)
    out = np.flatnonzero(~shapely.intersects_xy(shapes, shapely.get_x(middles), shapely.get_y(middles)))
    middles[out] = shapely.point_on_surface(shapes[out])
    return list(zip(shapely.get_x(middles).tolist(), shapely.get_y(middles).tolist(), strict=True))


def _pairs(shapes: Shapes) -> tuple[Places, Places]:
    """The pairs that touch, each once and the later first, of which one has an edge where a coverage without
    overlaps would have none.

    Most parcels only share boundaries; finding that out of the whole is much cheaper than cutting each pair.
    """
    odd = np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(shapes)))
    if not len(odd):
        return odd, odd
    place, other = shapely.STRtree(shapes).query(shapes[odd], predicate="intersects")
    both = np.sort(np.column_stack([odd[place], other]), axis=1)
    once = np.unique(both[both[:, 0] != both[:, 1]], axis=0)
    return once[:, 1], once[:, 0]


def _areas_m2(shapes: Shapes) -> npt.NDArray[np.float64]:
    """Areas on the WGS84 ellipsoid, by an equal-area projection about the middle of the shapes."""
    if not len(shapes):
        return np.zeros(0)
    west, south, east, north = shapely.total_bounds(shapes)
    if not np.isfinite([west, south, east, north]).all():
        return np.zeros(len(shapes))
    middle = f"+proj=laea +lon_0={(west + east) / 2} +lat_0={(south + north) / 2} +ellps=WGS84"
    project = Transformer.from_crs("EPSG:4326", middle, always_xy=True)
    flat = shapely.transform(shapes, lambda xy: np.column_stack(project.transform(xy[:, 0], xy[:, 1])))
    found: npt.NDArray[np.float64] = shapely.area(flat)
    return found
