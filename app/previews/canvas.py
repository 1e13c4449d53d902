"""Paint on a picture: shapes, lines with dashes, patterns. Drawn at twice the size and reduced, for smooth
edges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np
import shapely
from PIL import Image, ImageChops, ImageDraw
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from app.previews.strokes import Pattern, Stroke

SCALE = 2
Cap = Literal["round", "flat"]
Box = tuple[float, float, float, float]
# How far apart the bars and dots of a pattern stand, and how wide they are.
PATTERNS: dict[Pattern, tuple[float, float]] = {
    "dots": (9, 2.4),
    "thin": (9, 1.2),
    "bars": (7, 2.6),
    "grid": (7, 2),
}


class Canvas:
    """A picture in pixels, y downwards. Everything is given in pixels of the finished picture."""

    def __init__(self, width: int, height: int, paper: str) -> None:
        self.image = Image.new("RGB", (width * SCALE, height * SCALE), paper)

    def finished(self) -> Image.Image:
        return self.image.reduce(SCALE)

    def fill(
        self,
        shapes: Iterable[BaseGeometry],
        colour: str,
        *,
        opacity: float = 1,
        pattern: Pattern | None = None,
        within: Box | None = None,
    ) -> None:
        """Fill areas; what lies outside the box `within` is left out."""
        parts = [part for shape in shapes for part in _polygons(shape)]
        if within:
            parts = [p for part in parts for p in _polygons(part.intersection(shapely.box(*within)))]
        if not parts:
            return
        whole = shapely.multipolygons(parts).bounds
        left, top = max(0, int(whole[0] * SCALE)), max(0, int(whole[1] * SCALE))
        right = min(self.image.width, int(whole[2] * SCALE) + 1)
        bottom = min(self.image.height, int(whole[3] * SCALE) + 1)
        if right <= left or bottom <= top:
            return
        mask = Image.new("L", (right - left, bottom - top), 0)
        draw = ImageDraw.Draw(mask)
        for part in parts:
            draw.polygon(_corners(part.exterior, left, top), fill=255)
            for hole in part.interiors:
                draw.polygon(_corners(hole, left, top), fill=0)
        if pattern:
            mask = ImageChops.multiply(mask, _pattern(mask.size, pattern, left, top))
        if opacity < 1:
            mask = mask.point(lambda value: round(value * opacity))
        self.image.paste(colour, (left, top, right, bottom), mask)

    def stroke(self, line: BaseGeometry, stroke: Stroke, colour: str, within: Box) -> None:
        """Draw a line (or several) in that way, and nothing of it outside the box `within`."""
        reach = shapely.box(*within).buffer(stroke.width)
        parts = _lines(line.intersection(reach))
        if stroke.dash:
            parts = [piece for part in parts for piece in _dashes(part, stroke.dash)]
        cap: Cap = "round" if stroke.round or not stroke.dash else "flat"
        broad = [shapely.buffer(part, stroke.width / 2, cap_style=cap, join_style="round") for part in parts]
        # Joined, so that no hole of one covers another.
        shapes = broad if stroke.dash else [shapely.union_all(broad)]
        self.fill(shapes, colour, opacity=stroke.opacity, within=within)


def _corners(ring: BaseGeometry, left: int, top: int) -> list[tuple[float, float]]:
    places = shapely.get_coordinates(ring) * SCALE - (left, top)
    return [(float(x), float(y)) for x, y in places]


def _polygons(shape: BaseGeometry) -> list[shapely.Polygon]:
    return [
        part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon) and not part.is_empty
    ] + [p for part in shapely.get_parts(shape) if isinstance(part, shapely.MultiPolygon) for p in part.geoms]


def _lines(shape: BaseGeometry) -> list[LineString]:
    if shape.is_empty:
        return []
    if isinstance(shape, shapely.GeometryCollection):
        return [line for part in shape.geoms for line in _lines(part)]
    merged = shapely.line_merge(shape) if shape.geom_type == "MultiLineString" else shape
    return [part for part in shapely.get_parts(merged) if isinstance(part, LineString) and part.length > 0]


def _dashes(line: LineString, dash: Sequence[float]) -> list[LineString]:
    """The pieces of a line that a dash draws."""
    places = shapely.get_coordinates(line)
    steps = np.hypot(*np.diff(places, axis=0).T)
    reach = np.concatenate([[0], np.cumsum(steps)])
    pieces, at, turn = [], 0.0, 0
    while at < reach[-1]:
        end = min(at + dash[turn % len(dash)], reach[-1])
        if turn % 2 == 0:
            inner = places[(reach > at) & (reach < end)]
            ends = [[np.interp(d, reach, places[:, axis]) for axis in (0, 1)] for d in (at, end)]
            pieces.append(LineString([ends[0], *inner, ends[1]]))
        at += dash[turn % len(dash)]
        turn += 1
    return pieces


def _pattern(size: tuple[int, int], pattern: Pattern, left: int, top: int) -> Image.Image:
    """A mask that repeats, in step with the whole picture."""
    apart, width = (value * SCALE for value in PATTERNS[pattern])
    x = np.arange(left, left + size[0])[None, :].astype(float)
    y = np.arange(top, top + size[1])[:, None].astype(float)
    along, across = (x + y) / np.sqrt(2) % apart < width, (x - y) / np.sqrt(2) % apart < width
    if pattern == "dots":
        drawn = (x % apart - apart / 2) ** 2 + (y % apart - apart / 2) ** 2 < (width / 2) ** 2
    elif pattern == "grid":
        drawn = along | across
    else:
        drawn = along
    return Image.fromarray((drawn * 255).astype(np.uint8))
