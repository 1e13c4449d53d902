"""Shapes as a person makes them by hand: read from what is typed or drawn, cut and joined.

What comes in is judged by the same rules as the shapes of a file; what goes out is in stored form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge, split, substring

from geodata.checking import Box
from geodata.crs import WGS84
from geodata.geometry import stored
from geodata.issues import Issue, issue
from geodata.reading.contract import Place, Refused
from geodata.reading.placing import Placement, settle
from geodata.reading.shapes import build

Typed = Mapping[str, Any] | str
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_PAIR = re.compile(rf"\s*({_NUMBER})\s*[,，\s]\s*({_NUMBER})\s*", re.ASCII)
_WKT = re.compile(r"\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\b", re.IGNORECASE)
LONGEST_TEXT = 200_000


class Unlike(ValueError):
    """What is to cut does not cut such a thing."""


# ---------------------------------------------------------------- reading


def read(
    typed: Typed, takes: Collection[str], accept_bbox_lonlat: Box
) -> tuple[BaseGeometry | None, list[Issue]]:
    """A shape (lon, lat in degrees) in stored form, with all faults that such a shape in a file would have.

    typed: a GeoJSON geometry, WKT, or one "lon,lat" a line. takes: the types that are wanted: a list of
    positions is a line where lines are, unless it is closed and areas are wanted, too.
    """
    if isinstance(typed, str):
        found = _of_text(typed, takes)
        if found is None:
            return None, [issue("shape-unreadable", field="geometry", value=typed.strip())]
        typed = found
    try:
        built = build([dict(typed)])
    except Refused as refused:
        return None, [Issue(refused.code, "block", refused.detail_zh, refused.detail_en, "geometry")]
    faults = []
    for flaw in built.flaws:
        lon, lat = flaw.xy or (None, None)
        value = flaw.where or "coordinates"
        faults.append(issue(flaw.code, field="geometry", value=value, lon=lon, lat=lat))
    west, south, east, north = accept_bbox_lonlat
    placement = Placement(WGS84, "default", "lonlat", WGS84)
    shapes, issues = settle(built.geometries, placement, Place((west, south, east, north), ()))
    return shapes[0], [*faults, *issues[0]]


def _of_text(text: str, takes: Collection[str]) -> Mapping[str, Any] | None:
    if len(text) > LONGEST_TEXT:
        return None
    if _WKT.match(text):
        with np.errstate(all="ignore"):
            shape = shapely.from_wkt(text.strip(), on_invalid="ignore")
        # Through GeoJSON, so that whatever was typed is judged in one way.
        if shapely.is_missing(shape) or shape.is_empty:
            return None
        found: dict[str, Any] = json.loads(shapely.to_geojson(shape))
        return found
    lines = [line for line in re.split(r"[\n;；]+", text) if line.strip()]
    pairs = [_PAIR.fullmatch(line) for line in lines]
    if not lines or not all(pairs):
        return None
    positions = [[float(pair[1]), float(pair[2])] for pair in pairs if pair]
    if len(positions) == 1:
        return {"type": "Point", "coordinates": positions[0]}
    is_closed = positions[0] == positions[-1]
    if "linestring" in takes and not (is_closed and "polygon" in takes):
        return {"type": "LineString", "coordinates": positions}
    return {"type": "Polygon", "coordinates": [positions if is_closed else [*positions, positions[0]]]}


# ---------------------------------------------------------------- cutting


def cut(shape: BaseGeometry, by: BaseGeometry) -> list[BaseGeometry]:
    """The pieces, the largest first; one when nothing is cut off. Raises Unlike.

    An area is cut by a line, a line by a line or at the place nearest to a point. Parts of the shape that the
    cut does not touch stay with the largest piece.
    """
    dimension = int(shapely.get_dimensions(shape))
    cuts = (1,) if isinstance(by, Point) else (1, 2) if isinstance(by, LineString) else ()
    if dimension not in cuts:
        raise Unlike
    whole: list[BaseGeometry] = []
    cut_off: list[BaseGeometry] = []
    for part in shapely.get_parts(shape):
        made = _at(part, by, shape) if isinstance(by, Point) else _across(part, by)
        (cut_off if len(made) > 1 else whole).extend(made)
    # What vanishes when it is rounded to what is stored was cut off by less than a millimetre.
    cut_off = [piece for piece in map(stored, cut_off) if piece.is_valid and _size(piece) > 0]
    if len(cut_off) < 2:
        return [shape]
    cut_off.sort(key=_size, reverse=True)
    return [_together([cut_off[0], *whole]), *cut_off[1:]]


def _across(part: BaseGeometry, by: BaseGeometry) -> list[BaseGeometry]:
    try:
        return list(split(part, by).geoms)
    except ValueError as error:  # the lines run along one another
        raise Unlike from error


def _at(line: LineString, point: Point, whole: BaseGeometry) -> list[BaseGeometry]:
    """A line in two where it comes nearest to a point, if it is the part of the whole that does."""
    if line.distance(point) > whole.distance(point):
        return [line]
    along = line.project(point)
    if along <= 0 or along >= line.length:
        return [line]
    return [substring(line, 0, along), substring(line, along, line.length)]


def _size(shape: BaseGeometry) -> float:
    return float(shape.area or shape.length)


def _together(parts: Sequence[BaseGeometry]) -> BaseGeometry:
    if len(parts) == 1:
        return parts[0]
    if isinstance(parts[0], Polygon):
        return stored(MultiPolygon([part for part in parts if isinstance(part, Polygon)]))
    return stored(MultiLineString([part for part in parts if isinstance(part, LineString)]))


# ---------------------------------------------------------------- joining


def joined(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """Areas, or lines, as one: without the boundaries between them, lines run on where ends meet. Raises
    Unlike for anything else."""
    dimensions = {int(shapely.get_dimensions(shape)) for shape in shapes}
    if dimensions == {2}:
        whole: BaseGeometry = shapely.union_all(list(shapes))
    elif dimensions == {1}:
        whole = shapely.union_all(list(shapes))
        whole = linemerge(whole) if isinstance(whole, MultiLineString) else whole
    else:
        raise Unlike
    return stored(whole)


def pieces(shape: BaseGeometry) -> int:
    """Of how many parts a shape is."""
    return int(shapely.get_num_geometries(shape))
