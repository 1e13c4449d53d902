"""Rings that stand side by side in a file → areas with holes."""

from __future__ import annotations

from collections.abc import Sequence

import shapely
from shapely.geometry.base import BaseGeometry


def nested(outlines: Sequence[shapely.Polygon]) -> BaseGeometry:
    """Rings as one area, whichever way they turn: a ring within an odd number of larger ones is a hole in the
    smallest of them."""
    if len(outlines) == 1:
        return outlines[0]
    ordered = sorted(outlines, key=lambda outline: -outline.area)
    inner = shapely.point_on_surface(ordered)
    within: list[list[int]] = [[] for _ in ordered]
    for n, k in zip(*shapely.STRtree(ordered).query(inner, predicate="intersects"), strict=True):
        if k < n:
            within[n].append(int(k))
    holes: dict[int, list[int]] = {n: [] for n, over in enumerate(within) if len(over) % 2 == 0}
    for n, over in enumerate(within):
        if len(over) % 2:
            holes[max(k for k in over if k in holes)].append(n)
    return _areas(ordered, holes)


def directed(outlines: Sequence[shapely.Polygon], outer: Sequence[bool]) -> BaseGeometry:
    """Rings whose direction says what each is. outer: of each, whether it bounds an area from outside, not a
    hole. Some programs turn all rings the other way, which shows; a hole that is in nothing remains a fault.
    """
    if not any(outer):
        return nested(outlines)
    for says in (outer, [not said for said in outer]):
        if (holes := _by_direction(outlines, says)) is not None:
            return _areas(outlines, holes)
    first, *_ = outside = [n for n, said in enumerate(outer) if said]
    inside = [n for n, said in enumerate(outer) if not said]
    return _areas(outlines, {n: inside if n == first else [] for n in outside})


def _by_direction(outlines: Sequence[shapely.Polygon], outer: Sequence[bool]) -> dict[int, list[int]] | None:
    """The holes of each outer ring: those of which it is the smallest around. None when one is in nothing."""
    outside = [n for n, said in enumerate(outer) if said]
    inside = [n for n, said in enumerate(outer) if not said]
    holes: dict[int, list[int]] = {n: [] for n in outside}
    if not inside or not outside:
        return holes if outside else None
    tree = shapely.STRtree([outlines[n] for n in outside])
    points = shapely.point_on_surface([outlines[n] for n in inside])
    around: dict[int, list[int]] = {n: [] for n in inside}
    for at, area in zip(*tree.query(points, predicate="intersects"), strict=True):
        hole, shell = inside[int(at)], outside[int(area)]
        # An island in a hole may hold the hole's point; what bounds the hole is larger than it.
        if outlines[shell].area > outlines[hole].area:
            around[hole].append(shell)
    for hole, shells in around.items():
        if not shells:
            return None
        holes[min(shells, key=lambda n: outlines[n].area)].append(hole)
    return holes


def _areas(outlines: Sequence[shapely.Polygon], holes: dict[int, list[int]]) -> BaseGeometry:
    """holes: of each outer ring, by number."""
    parts = [
        shapely.Polygon(outlines[n].exterior, [outlines[hole].exterior for hole in inside])
        for n, inside in holes.items()
    ]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
