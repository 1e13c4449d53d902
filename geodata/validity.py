"""Why a shape is not valid, in words and with the place of the fault."""

from __future__ import annotations

import re

import shapely
from shapely.geometry.base import BaseGeometry

from geodata.issues import Both, Issue, issue

_PLACE = re.compile(r"\[(-?[\d.e+-]+) (-?[\d.e+-]+)\]")

# What GEOS (TopologyValidationError) says, in Chinese and in plain English.
REASONS: dict[str, tuple[str, str]] = {
    "Self-intersection": ("边界自相交", "its outline crosses itself"),
    "Ring Self-intersection": ("环自相交或自相接触", "a ring touches or crosses itself"),
    "Hole lies outside shell": ("洞在外环之外", "a hole lies outside its shell"),
    "Holes are nested": ("洞套着洞", "a hole lies inside another"),
    "Nested holes": ("洞套着洞", "a hole lies inside another"),
    "Interior is disconnected": ("内部被分割成几块", "its inside is cut into pieces"),
    "Nested shells": ("面套着面", "a part lies inside another"),
    "Duplicate Rings": ("有重复的环", "a ring comes twice"),
    "Too few points in geometry component": ("环的点太少", "a ring has too few points"),
    "Invalid Coordinate": ("有不是数的坐标", "a coordinate is not a number"),
    "Ring is not closed": ("环没有闭合", "a ring is not closed"),
}


def invalidity(shape: BaseGeometry) -> Issue:
    """The fault of an invalid shape, at the place that GEOS names, in the coordinates of the shape."""
    said = str(shapely.is_valid_reason(shape))
    plain = said.partition("[")[0].strip()
    place = _PLACE.search(said)
    return issue(
        "geometry-invalid",
        field="geometry",
        value=Both(*REASONS.get(plain, (plain, plain))),
        lon=float(place[1]) if place else None,
        lat=float(place[2]) if place else None,
    )
