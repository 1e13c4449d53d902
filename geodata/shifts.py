"""Whether known things came back elsewhere: all moved the same way, as GCJ-02 would move them, or one far."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.crs import wgs84_to_gcj02
from geodata.issues import Both, Issue, issue

SHARE = 0.8
NEAREST_M, FARTHEST_M = 400.0, 800.0
WIDEST_ANGLE_DEG = 20.0
FAR_M = 500.0
_METRES_A_DEGREE = 111_320.0

Points = npt.NDArray[np.float64]


class Moves:
    """How known things moved, gathered pair by pair: forty bytes each.

    Pairs are of the public and the new geometry of a known project, lon, lat in degrees.
    """

    def __init__(self) -> None:
        self._parts: list[tuple[Points, Points]] = []

    def add(self, pairs: Sequence[tuple[BaseGeometry, BaseGeometry]]) -> list[Issue | None]:
        """By pair a warning where the middle moved by more than FAR_M, unless all moved as GCJ-02 would move
        them."""
        if not pairs:
            return []
        before, moved = _moved(pairs)
        self._parts.append((before, moved))
        if _shift(before, moved):
            return [None] * len(pairs)
        return _too_far(moved)

    def shift(self) -> Issue | None:
        """The warning that a file seems to be in GCJ-02; None when nothing speaks for it: at least 80 % moved
        400 to 800 m in the direction in which GCJ-02 lies there."""
        if not self._parts:
            return None
        before, moved = (np.concatenate(side) for side in zip(*self._parts, strict=True))
        return _shift(before, moved)


def _shift(before: Points, moved: Points) -> Issue | None:
    expected = _metres(wgs84_to_gcj02(before) - before, before)
    metres = np.hypot(moved[:, 0], moved[:, 1])
    cosine = (moved * expected).sum(axis=1) / np.maximum(
        metres * np.hypot(expected[:, 0], expected[:, 1]), 1e-9
    )
    is_like = (
        (metres >= NEAREST_M) & (metres <= FARTHEST_M) & (cosine >= np.cos(np.radians(WIDEST_ANGLE_DEG)))
    )
    if is_like.sum() < SHARE * len(before):
        return None
    typical = round(float(np.median(metres[is_like])) / 10) * 10
    return issue("position-shift", field="geometry", moved=int(is_like.sum()), of=len(before), metres=typical)


def far_moves(pairs: Sequence[tuple[BaseGeometry, BaseGeometry]]) -> list[Issue | None]:
    """By pair (as of `Moves`) a warning where the middle moved by more than FAR_M."""
    return _too_far(_moved(pairs)[1]) if pairs else []


def _too_far(moved: Points) -> list[Issue | None]:
    return [_far(float(metres)) for metres in np.hypot(moved[:, 0], moved[:, 1])]


def _far(metres: float) -> Issue | None:
    if not FAR_M < metres < np.inf:
        return None
    zh, en = (f"{metres / 1000:.1f} {unit}" for unit in ("公里", "km"))
    if metres < 1000:
        zh, en = (f"{metres:.0f} {unit}" for unit in ("米", "m"))
    return issue("moved-far", field="geometry", distance=Both(zh, en))


def _moved(pairs: Sequence[tuple[BaseGeometry, BaseGeometry]]) -> tuple[Points, Points]:
    """The middles before, in degrees, and how far east and north each moved, in metres."""
    before, after = (_middles([pair[side] for pair in pairs]) for side in (0, 1))
    return before, _metres(after - before, before)


def _middles(shapes: Sequence[BaseGeometry]) -> Points:
    middles = shapely.centroid(np.array(shapes, dtype=object))
    return np.column_stack([shapely.get_x(middles), shapely.get_y(middles)])


def _metres(degrees: Points, at: Points) -> Points:
    """East and north in metres, of differences in degrees, near a place; good to metres in a kilometre."""
    scale: Points = _METRES_A_DEGREE * np.column_stack([np.cos(np.radians(at[:, 1])), np.ones(len(at))])
    return degrees * scale
