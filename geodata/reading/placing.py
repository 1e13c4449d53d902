"""From the numbers of a file to places on earth: which system they are in, what is wrong with each shape."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from geodata import crs
from geodata.crs import Points
from geodata.geometry import STORED_DECIMALS
from geodata.issues import Issue, issue
from geodata.reading.contract import SOURCE_CRS, Declared, Place, Refused
from geodata.reading.refusals import refusal
from geodata.reading.shapes import Geometries
from geodata.validity import invalidity

# A shape this thin is likelier a slip of drawing than land.
_SLIVER_M = 0.05
_METRES_PER_DEGREE = 111_320.0
_NULL_ISLAND_DEG = 1e-3
_GRID_DEG = 10.0**-STORED_DECIMALS
# Beyond this no coordinate of any system lies.
_EARTHLY = 1e8
_GEOD = Geod(ellps="WGS84")
# Where the system comes from: the file says nothing, or says that it is unknown (null in GeoJSON of 2008).
UNSAID, UNKNOWN = "", "null"


@dataclass(slots=True)
class Placement:
    """How the numbers of a file become degrees. known_by: as in Reading."""

    crs: str
    known_by: str
    axis: str
    source_crs: str
    notes: list[Issue] = field(default_factory=list)

    def to_lonlat(self, xy: Points) -> Points:
        """(n, 2) as it stands in the file → (n, 2) lon, lat in degrees, WGS84; infinite when impossible."""
        ordered = xy[:, ::-1] if self.axis == "latlon" else xy
        lonlat = crs.to_wgs84(ordered, self.crs)
        if self.source_crs in crs.SHIFTED:
            finite = np.isfinite(lonlat).all(axis=1) & (np.abs(lonlat) <= (180, 90)).all(axis=1)
            lonlat = lonlat.copy()
            lonlat[finite] = crs.from_shifted(lonlat[finite], self.source_crs)
        return lonlat


@dataclass(frozen=True, slots=True)
class Sample:
    """Positions of some features as they stand in the file. owner: of which feature each is."""

    xy: Points
    owner: NDArray[np.intp]

    @classmethod
    def of(cls, geometries: Geometries) -> Sample:
        xy, owner = shapely.get_coordinates(geometries, return_index=True)
        return cls(xy, owner)


def place_file(sample: Sample, in_file: str, declared: Declared, place: Place) -> Placement:
    """Decides the coordinate system and the order of axes, by what was said; numbers only contradict.

    in_file: a name the file gives, UNSAID or UNKNOWN. Raises Refused: crs-unknown, crs-conflict, source-crs,
    axis-unknown, projected-coordinates (offers crs), axis-swapped (offers axis).
    """
    placement = _as_said(in_file, declared)
    box = place.accept_bbox_lonlat
    if not len(sample.xy):
        return placement
    lands, of = crs.landing(placement.to_lonlat(sample.xy), sample.owner, box)
    if lands:
        return placement
    other = "lonlat" if placement.axis == "latlon" else "latlon"
    turned = Placement(placement.crs, placement.known_by, other, placement.source_crs)
    lands, of = crs.landing(turned.to_lonlat(sample.xy), sample.owner, box)
    if lands:
        raise refusal("axis-swapped", lands=lands, of=of, offers={"axis": [other]})
    if refused := _in_another_system(placement, sample, place):
        raise refused
    return placement


def _as_said(in_file: str, declared: Declared) -> Placement:
    source_crs = declared.source_crs or "WGS84"
    if source_crs not in SOURCE_CRS:
        raise refusal("source-crs", value=source_crs)
    if declared.axis not in ("", "lonlat", "latlon"):
        raise refusal("axis-unknown", value=declared.axis)
    axis = declared.axis or "lonlat"
    said = _named(declared.crs) if declared.crs else ""
    written = _named(in_file) if in_file not in (UNSAID, UNKNOWN) else ""
    if said and written and not crs.same(said, written):
        raise refusal(
            "crs-conflict", value=written, other=said, offers={"crs": [_offer(written), _offer(said)]}
        )
    name = said or written or crs.WGS84
    placement = Placement(
        name, "declared" if said else "in the file" if written else "default", axis, source_crs
    )
    if source_crs in crs.SHIFTED:
        if crs.is_projected(name):
            raise refusal("source-crs", value=source_crs)
        placement.notes.append(issue("datum-converted", value=source_crs))
    if in_file == UNKNOWN and not said:
        placement.notes.append(issue("crs-assumed", value=name))
    if crs.is_approximate(name):
        placement.notes.append(issue("datum-approximate", value=name))
    if axis == "latlon":
        placement.notes.append(issue("axis-exchanged"))
    return placement


def _named(text: str) -> str:
    try:
        return crs.parse_name(text)
    except crs.CrsUnknown:
        raise refusal("crs-unknown", value=text) from None


def _in_another_system(placement: Placement, sample: Sample, place: Place) -> Refused | None:
    """The refusal when the numbers cannot be of the system they are said to be of."""
    first = sample.xy[np.unique(sample.owner, return_index=True)[1]]
    with np.errstate(invalid="ignore"):
        degrees = (np.abs(first) <= 360).all(axis=1).mean()
        earthly = (np.abs(first) < _EARTHLY).all(axis=1).mean()
    if crs.is_projected(placement.crs):
        in_degrees = Placement(crs.WGS84, "default", placement.axis, "WGS84").to_lonlat(sample.xy)
        lands, of = crs.landing(in_degrees, sample.owner, place.accept_bbox_lonlat)
        if lands:
            offers = {"crs": [_offer(crs.WGS84, lands=lands, of=of)]}
            return refusal("crs-conflict", value=crs.WGS84, other=placement.crs, offers=offers)
    elif degrees > 0.5 or earthly < 0.5:
        return None  # degrees of elsewhere, or nonsense: a matter of each row
    found = crs.candidates(sample.xy, sample.owner, place.accept_bbox_lonlat)
    if crs.is_projected(placement.crs) and not found:
        return None
    offers = {"crs": [_offer(c.crs, axis=c.axis, lands=c.lands, of=c.of) for c in found]}
    if crs.is_projected(placement.crs):
        return refusal("crs-conflict", value=found[0].crs, other=placement.crs, offers=offers)
    return refusal("projected-coordinates", value=f"{first[0][0]:.1f}, {first[0][1]:.1f}", offers=offers)


def wanted_system(code: str, sample: Sample, place: Place, value: str) -> Refused:
    """The refusal of a file that must say its system and does not, with the systems that would make sense.
    value: what it says instead, or where it should."""
    degrees = Placement(crs.WGS84, "default", "lonlat", "WGS84").to_lonlat(sample.xy)
    lands, of = crs.landing(degrees, sample.owner, place.accept_bbox_lonlat)
    if lands:
        offered = [_offer(crs.WGS84, lands=lands, of=of)]
    else:
        found = crs.candidates(sample.xy, sample.owner, place.accept_bbox_lonlat)
        offered = [_offer(c.crs, axis=c.axis, lands=c.lands, of=c.of) for c in found]
    return refusal(code, value=value, offers={"crs": offered})


def _offer(name: str, **more: Any) -> dict[str, Any]:
    """A system as an answer that may be chosen."""
    return {"crs": name, **crs.names(name), **more}


# ---------------------------------------------------------------- shapes


def settle(
    geometries: Geometries, placement: Placement, place: Place
) -> tuple[Geometries, list[list[Issue]]]:
    """Source coordinates → stored form (WGS84, rounded, right-handed), with the faults of each.

    Validity is judged last, of what would be stored. What is out of range becomes None; what is invalid or
    elsewhere stays, to be drawn beside its fault.
    """
    issues: list[list[Issue]] = [[] for _ in geometries]
    placed = _transformed(geometries, placement, place, issues)
    there = np.flatnonzero(~shapely.is_missing(placed))
    if not len(there):
        return placed, issues
    shapes = placed[there]
    faults = [issues[n] for n in there]
    empty = shapely.is_empty(shapes)
    for n in np.flatnonzero(empty).tolist():
        faults[n].append(issue("geometry-empty", field="geometry"))
    flat = _flat(shapes) & ~empty
    for n in np.flatnonzero(flat).tolist():
        lon, lat = _first(shapes[n])
        faults[n].append(issue("degenerate", field="geometry", lon=lon, lat=lat))
    valid = np.asarray(shapely.is_valid(shapes))
    for n in np.flatnonzero(~valid & ~flat & ~empty).tolist():
        faults[n].append(invalidity(shapes[n]))
    _note_elsewhere(shapes, valid & ~empty, faults, place)
    _note_slivers(shapes, valid & ~flat & ~empty, faults)
    return placed, issues


def _transformed(
    geometries: Geometries, placement: Placement, place: Place, issues: list[list[Issue]]
) -> Geometries:
    out = geometries.copy()
    xy, owner = shapely.get_coordinates(out, return_index=True)
    lonlat = placement.to_lonlat(xy)
    with np.errstate(invalid="ignore"):
        good = np.isfinite(lonlat).all(axis=1) & (np.abs(lonlat) <= (180, 90)).all(axis=1)
    for n in np.unique(owner[~good]):
        issues[n].append(_out_of_range(lonlat[owner == n], place))
        out[n] = None
    if not good.all():
        lonlat = lonlat[np.isin(owner, np.unique(owner[~good]), invert=True)]
    # Shapely writes coordinates into the geometries it is given; flattened ones are copies.
    out = shapely.set_coordinates(shapely.force_2d(out), np.round(lonlat, STORED_DECIMALS) + 0.0)
    return np.asarray(shapely.orient_polygons(_without_repeats(out), exterior_cw=False))


def _out_of_range(lonlat: NDArray[np.float64], place: Place) -> Issue:
    """Of the positions of one geometry, some of which are on no earth: whether they are where they should be
    when the two numbers change places."""
    west, south, east, north = place.accept_bbox_lonlat
    lat, lon = lonlat.T
    if ((west <= lon) & (lon <= east) & (south <= lat) & (lat <= north)).all():
        return issue("axes-swapped", field="geometry", value=f"{lonlat[0][0]:.7g}, {lonlat[0][1]:.7g}")
    return issue("coordinate-range", field="geometry")


def _without_repeats(shapes: Geometries) -> Geometries:
    """Consecutive equal vertices made one. A shape that would collapse stays, to be told as degenerate."""
    try:
        return np.asarray(shapely.remove_repeated_points(shapes, 0))
    except shapely.errors.GEOSException:
        if len(shapes) == 1:
            return shapes
        half = len(shapes) // 2
        return np.concatenate((_without_repeats(shapes[:half]), _without_repeats(shapes[half:])))


def _flat(shapes: Geometries) -> NDArray[np.bool_]:
    """Areas narrower than the grid they are stored on, lines without length, also as a part among others."""
    dimension = shapely.get_dimensions(shapes)
    flat = np.asarray((dimension == 1) & (shapely.length(shapes) == 0))
    thin = np.flatnonzero((dimension == 2) & (_width_deg(shapes) < _GRID_DEG))
    # The halves of a bow tie cancel each other's area; its hull shows that it is broad.
    flat[thin] = _width_deg(shapely.convex_hull(shapes[thin])) < _GRID_DEG
    parts, owner = shapely.get_parts(shapes[dimension == 1], return_index=True)
    lost = np.unique(owner[shapely.length(parts) == 0])
    flat[np.flatnonzero(dimension == 1)[lost]] = True
    return flat


def _width_deg(shapes: Geometries) -> NDArray[np.float64]:
    """How wide areas are on average, in degrees; 0 for what has no outline."""
    outline = shapely.length(shapes)
    return np.divide(2 * shapely.area(shapes), outline, out=np.zeros(len(shapes)), where=outline > 0)


def _first(shape: BaseGeometry) -> tuple[float, float]:
    lon, lat = shapely.get_coordinates(shape)[0]
    return float(lon), float(lat)


def _note_elsewhere(
    shapes: Geometries, valid: NDArray[np.bool_], faults: list[list[Issue]], place: Place
) -> None:
    west, south, east, north = place.accept_bbox_lonlat
    bounds = shapely.bounds(shapes)
    with np.errstate(invalid="ignore"):
        apart = (
            (bounds[:, 2] < west) | (bounds[:, 0] > east) | (bounds[:, 3] < south) | (bounds[:, 1] > north)
        )
        within = (
            (bounds[:, 0] >= west)
            & (bounds[:, 2] <= east)
            & (bounds[:, 1] >= south)
            & (bounds[:, 3] <= north)
        )
        apart |= bounds[:, 2] - bounds[:, 0] > 180  # it crosses the antimeridian, or the numbers do
        null = np.asarray((np.abs(bounds) < _NULL_ISLAND_DEG).all(axis=1))
    unsure = np.flatnonzero(~apart & ~within & valid)
    if len(unsure):
        apart[unsure] = np.logical_not(
            shapely.intersects(shapely.box(west, south, east, north), shapes[unsure])
        )
    for n in np.flatnonzero(apart).tolist():
        lon, lat = _first(shapes[n])
        code = "null-island" if null[n] else "outside-area"
        faults[n].append(issue(code, field="geometry", lon=lon, lat=lat))


def _note_slivers(shapes: Geometries, good: NDArray[np.bool_], faults: list[list[Issue]]) -> None:
    areas = (shapely.get_dimensions(shapes) == 2) & good
    width_m = _width_deg(shapes) * _METRES_PER_DEGREE
    for n in np.flatnonzero(areas & (width_m < _SLIVER_M)).tolist():
        lon, lat = _first(shapes[n])
        faults[n].append(issue("sliver", field="geometry", value=f"{width_m[n]:.4f}", lon=lon, lat=lat))


def flaw_place(xy: tuple[float, float] | None, placement: Placement) -> tuple[float | None, float | None]:
    """lon, lat of a position of the file; None, None when it has no place on earth."""
    if xy is None:
        return None, None
    lon, lat = placement.to_lonlat(np.array([xy], dtype=float))[0]
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        return None, None
    return round(float(lon), STORED_DECIMALS), round(float(lat), STORED_DECIMALS)


# ---------------------------------------------------------------- suspecting a shifted datum

_NEAR_M = 60.0
_ENOUGH, _SHARE = 3, 0.8


@dataclass(slots=True)
class Suspicion:
    """Compares points of a file with things whose position is known, to suspect GCJ-02 or BD-09.

    A point is compared with the anchor of its own name, when one of its texts is that name.
    """

    anchors: dict[str, tuple[float, float]]
    seen: list[tuple[float, float]] = field(default_factory=list)
    known: list[tuple[float, float]] = field(default_factory=list)

    @classmethod
    def of(cls, place: Place) -> Suspicion:
        return cls({_plain(name): (lon, lat) for name, lon, lat in place.anchors})

    def see(self, texts: Sequence[str], shape: BaseGeometry) -> None:
        """texts: of a row; shape: its geometry, lon lat."""
        for text in texts:
            if (anchor := self.anchors.get(_plain(text))) is not None:
                centre = shapely.centroid(shape)
                self.seen.append((centre.x, centre.y))
                self.known.append(anchor)
                return

    def notes(self) -> list[Issue]:
        """A warning when the shift, undone, brings most of three or more points back to their anchors."""
        if len(self.seen) < _ENOUGH:
            return []
        seen, known = np.array(self.seen), np.array(self.known)
        azimuth, _, before = _GEOD.inv(known[:, 0], known[:, 1], seen[:, 0], seen[:, 1])
        if (np.asarray(before) < _NEAR_M).mean() >= _SHARE:
            return []
        for datum in crs.SHIFTED:
            undone = crs.from_shifted(seen, datum)
            _, _, after = _GEOD.inv(known[:, 0], known[:, 1], undone[:, 0], undone[:, 1])
            back = int((np.asarray(after) < _NEAR_M).sum())
            if back >= _SHARE * len(seen):
                metres, toward = f"{np.median(before):.0f}", f"{np.median(azimuth) % 360:.0f}"
                of = len(seen)
                return [
                    issue("datum-suspected", field=datum, back=back, of=of, metres=metres, azimuth=toward)
                ]
        return []


def _plain(name: str) -> str:
    return re.sub(r"(地铁站|火车站|站| station)$", "", name.strip().lower())
