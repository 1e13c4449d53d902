"""The map of a picture: the ground, the lines of transit, and the project that the link is about."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from app.previews import strokes
from app.previews.canvas import SCALE, Box, Canvas
from app.previews.lettering import Letters
from app.previews.strokes import Stroke
from app.previews.subject import Subject
from app.previews.words import Lang, plate_words, words
from geodata import pinghu
from geodata.kinds import Kind, load_kinds

# The tokens of the page (frontend/src/styles/tokens.css), light.
PAPER, RULE, RULE_2 = "#ffffff", "#dadfd9", "#858f89"
INK, INK_2, INK_3 = "#13201c", "#42504a", "#5a6761"
LAND, DISTRICT, OUTSIDE = "#f4f5f0", "#e6e9e2", "#dadfd7"
WATER, GREEN = "#c9dde4", "#d9e6d0"
ROAD, ROAD_EDGE = "#ffffff", "#b9c1b7"
MAP_INK_2 = "#4d5a54"

#: The least that is shown from side to side, in metres: a place needs its surroundings.
NARROWEST_M = 3600
#: How much of what is shown lies round the thing itself.
AIR = 1.25
#: An area that is easily overlooked, in square pixels.
SMALL = 1200
# Where a plate may stand along its line, the best first.
ALONG = (0.5, 0.38, 0.62, 0.26, 0.74, 0.15, 0.85)


@dataclass(frozen=True, slots=True)
class Camera:
    """From degrees to pixels: what stands in the middle of the frame, and metres a pixel."""

    frame: Box
    lon: float
    lat: float
    metres: float

    def place(self, geometry: BaseGeometry) -> BaseGeometry:
        left, top, right, bottom = self.frame
        middle = np.array([(left + right) / 2, (top + bottom) / 2])
        per_degree = np.array(metres_per_degree(self.lat)) * [1, -1] / self.metres
        return shapely.transform(
            geometry, lambda places: (places - [self.lon, self.lat]) * per_degree + middle
        )


def metres_per_degree(lat: float) -> tuple[float, float]:
    """Of longitude and of latitude, near enough for a picture."""
    turn = math.radians(lat)
    along = 111_412.84 * math.cos(turn) - 93.5 * math.cos(3 * turn)
    return along, 111_132.92 - 559.82 * math.cos(2 * turn)


@dataclass(frozen=True, slots=True)
class Thing:
    """A located project on the sheet. chosen: the one that the link is about (itself),
    or a part of it."""

    project: Mapping[str, Any]
    kind: Kind
    geometry: BaseGeometry
    chosen: bool
    itself: bool

    @property
    def hue(self) -> str:
        return self.kind.hue(self.project["attrs"])

    @property
    def promised(self) -> bool:
        return bool(self.project["basis"] == "promise")

    @property
    def schematic(self) -> bool:
        return bool(self.project["precision"] == "schematic")


def things(subject: Subject, scenery: Sequence[Mapping[str, Any]]) -> list[Thing]:
    """All that is drawn over the ground, the chosen ones last."""
    own = [subject.feature] if subject.feature else []
    name = own[0]["id"] if own else None
    kinds = load_kinds()
    found = [
        Thing(
            feature["properties"],
            kinds[feature["properties"]["kind"]],
            shape(json.loads(feature["geometry"])),
            chosen=name is not None and name in (feature["id"], feature["properties"]["parent"]),
            itself=feature["id"] == name,
        )
        for feature in (*scenery, *own)
        if feature["geometry"]
    ]
    return sorted(found, key=lambda thing: (thing.chosen, -shapely.get_dimensions(thing.geometry)))


def camera(subject: Subject, drawn: Sequence[Thing], frame: Box) -> Camera:
    """What is looked at: round the chosen place, the project, or the whole area."""
    outline = shapely.union_all(_ground().get("outline", []))
    if outline.is_empty:
        outline = shapely.box(*subject.moment.area["accept_bbox_lonlat"])
    whole = outline.bounds
    wanted = whole
    if subject.asked.point_lonlat:
        circle = _circle(subject)
        wanted = circle.bounds if shapely.box(*whole).intersects(circle) else whole
    elif chosen := [thing.geometry for thing in drawn if thing.chosen]:
        # A line that leaves the area is looked at where it passes through.
        seen = shapely.union_all(chosen).intersection(shapely.box(*whole))
        wanted = whole if seen.is_empty else seen.bounds
    west, south, east, north = wanted
    lon, lat = (west + east) / 2, (south + north) / 2
    along, up = metres_per_degree(lat)
    wide, high = frame[2] - frame[0], frame[3] - frame[1]
    metres = max(
        (east - west) * along * AIR / wide, (north - south) * up * AIR / high, NARROWEST_M / min(wide, high)
    )
    most = max((whole[2] - whole[0]) * along / wide, (whole[3] - whole[1]) * up / high) * AIR
    return Camera(frame, lon, lat, metres if subject.asked.point_lonlat else min(metres, most))


def _circle(subject: Subject) -> shapely.Polygon:
    lon, lat = subject.asked.point_lonlat or (0, 0)
    along, up = metres_per_degree(lat)
    unit = shapely.Point(0, 0).buffer(1, quad_segs=48)
    reach = [subject.asked.radius_m / along, subject.asked.radius_m / up]
    return shapely.transform(unit, lambda places: places * reach + [lon, lat])


# ---------------------------------------------------------------- the ground


@lru_cache(maxsize=1)
def _ground() -> dict[str, list[BaseGeometry]]:
    by_role: dict[str, list[BaseGeometry]] = {}
    for feature in pinghu.ground()["features"]:
        geometry = shapely.make_valid(shape(feature["geometry"]))
        by_role.setdefault(feature["properties"]["role"], []).append(geometry)
    return by_role


def _draw_ground(canvas: Canvas, look: Camera) -> None:
    seen = look.frame
    # Only what is near the frame, or the edge of a far polygon would have to be placed in vain.
    ground = {role: [look.place(one) for one in shapes] for role, shapes in _ground().items()}
    canvas.fill([shapely.box(*seen)], OUTSIDE)
    canvas.fill(ground.get("district", []), DISTRICT, within=seen)
    for role in ("district", "neighbour"):
        for one in ground.get(role, []):
            edge = Stroke(0.9, dash=(6, 3, 1.5, 3), opacity=0.5)
            canvas.stroke(one.boundary, edge, RULE_2, seen)
    outline = ground.get("outline", [])
    for one in outline:
        for width, opacity in ((44, 0.16), (30, 0.22), (17, 0.34), (7, 0.6)):
            canvas.stroke(one.boundary, Stroke(width, opacity=opacity), LAND, seen)
    canvas.fill(outline, LAND, within=seen)
    canvas.fill(ground.get("green", []), GREEN, within=seen)
    waters = ground.get("water", []) + ground.get("river", [])
    canvas.fill([one.buffer(1.2) for one in waters], WATER, within=seen)
    roads = shapely.union_all(ground.get("road", []))
    canvas.stroke(roads, Stroke(4.6), ROAD_EDGE, seen)
    canvas.stroke(roads, Stroke(3), ROAD, seen)
    for one in outline:
        canvas.stroke(one.boundary, Stroke(1.4, dash=(9, 3.5, 1.5, 3.5), opacity=0.8), MAP_INK_2, seen)


# ---------------------------------------------------------------- projects


def draw(
    canvas: Canvas, subject: Subject, drawn: Sequence[Thing], frame: Box, lang: Lang, named: Path | None
) -> None:
    """Draw the map of the subject into the frame. drawn: as `things` gives it."""
    look = camera(subject, drawn, frame)
    _draw_ground(canvas, look)
    somebody = any(thing.chosen for thing in drawn)
    for thing in drawn:
        # What the link is not about steps back.
        strength = 0.42 if somebody and not thing.chosen else 1
        _draw_thing(canvas, thing, look, strength)
    if subject.asked.point_lonlat:
        _draw_vicinity(canvas, subject, look)
    _name_lines(canvas, subject, drawn, look, lang, named)


def _draw_thing(canvas: Canvas, thing: Thing, look: Camera, strength: float) -> None:
    placed = look.place(thing.geometry)
    dimension = int(shapely.get_dimensions(placed))
    if dimension == 0:
        _draw_points(canvas, thing, placed, look, strength)
    elif dimension == 1:
        _draw_line(canvas, thing, placed, look, strength)
    else:
        _draw_area(canvas, thing, placed, look, strength)


def _draw_line(canvas: Canvas, thing: Thing, placed: BaseGeometry, look: Camera, strength: float) -> None:
    width = (thing.kind.style.width or 4) * (1.7 if thing.chosen else 1.15)
    of = strokes.of_rail if thing.kind.style.form == "rail" else strokes.of_line
    if thing.chosen:
        canvas.stroke(placed, Stroke(width + 9, opacity=0.85), PAPER, look.frame)
    if thing.schematic:
        for broad, opacity in strokes.HALO:
            wide = Stroke(broad + width, opacity=opacity * strength)
            canvas.stroke(placed, wide, thing.hue, look.frame)
    scale = width / 5
    for one in of(str(thing.project["phase"]), thing.promised, width):
        stroke = Stroke(
            one.width,
            one.ink,
            tuple(run * max(1, scale) for run in one.dash),
            one.opacity * (strength if one.ink == "hue" else 1),
            one.round,
        )
        canvas.stroke(placed, stroke, thing.hue if one.ink == "hue" else LAND, look.frame)


def _draw_area(canvas: Canvas, thing: Thing, placed: BaseGeometry, look: Camera, strength: float) -> None:
    style = strokes.of_area(str(thing.project["phase"]), thing.promised)
    if thing.schematic:
        # An invented corner must not look surveyed.
        soft = min(16.0, math.sqrt(placed.area) / 4)
        placed = placed.buffer(-soft).buffer(2 * soft).buffer(-soft)
        for broad, opacity in strokes.HALO:
            canvas.stroke(placed.boundary, Stroke(broad, opacity=opacity * strength), thing.hue, look.frame)
    if style.opacity:
        canvas.fill([placed], thing.hue, opacity=style.opacity * strength, within=look.frame)
    if style.pattern:
        canvas.fill([placed], thing.hue, opacity=0.8 * strength, pattern=style.pattern, within=look.frame)
    edge = Stroke(
        3.4 if thing.chosen else 1.6, dash=style.dash, opacity=0.95 * strength, round=bool(style.dash)
    )
    canvas.stroke(placed.boundary, edge, thing.hue, look.frame)
    if thing.itself and placed.area < SMALL:
        _ring(canvas, placed.representative_point(), look)


def _draw_points(canvas: Canvas, thing: Thing, placed: BaseGeometry, look: Camera, strength: float) -> None:
    phase = str(thing.project["phase"])
    radius = 17.0 if thing.itself else 9.0 if thing.chosen else 6.5
    rings = {
        "proposed": (0.1, 6),
        "planned": (6, 4.5),
        "preparing": (11, 4),
        "unknown": (2, 4),
        "cancelled": (3, 4),
    }
    for point in shapely.get_parts(placed):
        if thing.schematic:
            for broad, opacity in strokes.HALO:
                halo = point.buffer(radius + broad / 2)
                canvas.fill([halo], thing.hue, opacity=opacity * strength * 1.4, within=look.frame)
        if thing.itself:
            _ring(canvas, point, look)
        served = phase == "in_service" and not thing.promised
        canvas.fill([point.buffer(radius)], PAPER, within=look.frame)
        circle = point.buffer(radius - 2, quad_segs=24).exterior
        if thing.promised:
            pair = [point.buffer(radius - inset, quad_segs=24).exterior for inset in (1, radius * 0.38)]
            for one in pair:
                canvas.stroke(one, Stroke(1.6, opacity=strength), thing.hue, look.frame)
            continue
        width = radius * (0.38 if phase in ("building", "completing", "in_service") else 0.22)
        canvas.stroke(
            circle, Stroke(width, dash=rings.get(phase, ()), opacity=strength), thing.hue, look.frame
        )
        if phase == "building":
            dash = Stroke(width * 0.5, dash=(radius * 0.24, radius * 0.3))
            canvas.stroke(circle, dash, PAPER, look.frame)
        if served and thing.chosen:
            canvas.fill([point.buffer(radius * 0.5)], thing.hue, within=look.frame)


def _ring(canvas: Canvas, point: BaseGeometry, look: Camera) -> None:
    """What draws the eye to a chosen place."""
    around = point.buffer(30, quad_segs=32).exterior
    canvas.stroke(around, Stroke(9, opacity=0.9), PAPER, look.frame)
    canvas.stroke(around, Stroke(3.2), INK, look.frame)


def _draw_vicinity(canvas: Canvas, subject: Subject, look: Camera) -> None:
    circle = look.place(_circle(subject))
    edge = circle.boundary
    point = look.place(shapely.Point(*(subject.asked.point_lonlat or (0, 0))))
    canvas.fill([circle], PAPER, opacity=0.22, within=look.frame)
    canvas.stroke(edge, Stroke(6, opacity=0.85), PAPER, look.frame)
    canvas.stroke(edge, Stroke(2.6), INK, look.frame)
    for radius, colour in ((12, PAPER), (10, INK), (4, PAPER)):
        canvas.fill([point.buffer(radius)], colour, within=look.frame)


# ---------------------------------------------------------------- names on the map


def _name_lines(
    canvas: Canvas, subject: Subject, drawn: Sequence[Thing], look: Camera, lang: Lang, named: Path | None
) -> None:
    """A plate on each line of transit, the chosen ones first, where none stands already."""
    letters = Letters(named, 19 * SCALE, bold=True)
    left, top, right, bottom = look.frame
    frame = shapely.box(left + 12, top + 12, right - 12, bottom - 40)
    # A chosen place stays free.
    taken = [look.place(one.geometry).buffer(34) for one in drawn if one.itself and _is_point(one)]
    if subject.asked.point_lonlat:
        taken.append(look.place(shapely.Point(*subject.asked.point_lonlat)).buffer(30))
    written: set[str] = set()
    for thing in sorted(drawn, key=lambda one: (not one.itself, not one.chosen)):
        named_here = thing.itself or thing.kind.style.form == "line"
        placed = look.place(thing.geometry)
        if not named_here or shapely.get_dimensions(placed) != 1:
            continue
        text = plate_words(thing.project, lang)
        tag = words(lang, "schematic") if thing.schematic and thing.chosen else ""
        if text + tag in written:
            continue
        width = (letters.width(text) + (letters.width(tag) + 10 * SCALE if tag else 0)) / SCALE + 18
        # A line that its own plate would cover has it below.
        below = 36 if thing.itself and placed.length < 2 * width else 0
        for x, y in ((x, y + below) for x, y in _spots(placed, frame)):
            plate = shapely.box(x - width / 2, y - 15, x + width / 2, y + 15)
            if frame.contains(plate) and not any(plate.intersects(other) for other in taken):
                taken.append(plate.buffer(6))
                written.add(text + tag)
                _draw_plate(canvas, plate, thing, text, tag, letters)
                break


def _is_point(thing: Thing) -> bool:
    return int(shapely.get_dimensions(thing.geometry)) == 0


def _spots(placed: BaseGeometry, frame: BaseGeometry) -> Iterator[tuple[float, float]]:
    seen = [part for part in shapely.get_parts(placed.intersection(frame)) if part.length > 0]
    for part in sorted(seen, key=lambda one: -one.length)[:3]:
        for share in ALONG:
            point = part.interpolate(share, normalized=True)
            yield point.x, point.y


def _draw_plate(
    canvas: Canvas, plate: BaseGeometry, thing: Thing, text: str, tag: str, letters: Letters
) -> None:
    west, south, _, north = plate.bounds
    rounded = plate.buffer(-4).buffer(4)
    canvas.fill([rounded.buffer(2)], PAPER)
    baseline = ((south + north) / 2 + 7) * SCALE
    if thing.chosen:
        canvas.fill([rounded], thing.hue)
    else:
        canvas.fill([rounded], PAPER)
        canvas.stroke(rounded.exterior, Stroke(1.4), thing.hue, (0, 0, 1e4, 1e4))
    ink = PAPER if thing.chosen else INK_2
    end = letters.write(canvas.image, (west + 9) * SCALE, baseline, text, ink)
    if tag:
        letters.write(canvas.image, end + 10 * SCALE, baseline, tag, ink)
