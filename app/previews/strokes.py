"""The cartographic table of pictures, as on the map page: phase is a pattern, a promise is hollow.

Strokes stand bottom to top; widths and dashes are in pixels of the finished picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Ink = Literal["hue", "land"]
Pattern = Literal["dots", "thin", "bars", "grid"]


@dataclass(frozen=True, slots=True)
class Stroke:
    """dash: lengths drawn and left out in turn; empty: drawn throughout."""

    width: float
    ink: Ink = "hue"
    dash: Sequence[float] = ()
    opacity: float = 1
    round: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """How an area is filled and edged. opacity: of the even tint under the pattern."""

    opacity: float
    pattern: Pattern | None = None
    dash: Sequence[float] = ()


#: The soft rings round what was drawn from words: width and opacity.
HALO = ((30, 0.06), (20, 0.08), (12, 0.11))


def of_line(phase: str, promised: bool, width: float) -> list[Stroke]:
    """The strokes of a line of that width, by its phase on the day."""
    w = width
    if promised:
        return [Stroke(w + 1.5), Stroke(max(1.4, w - 1.6), "land")]
    return {
        "proposed": [Stroke(w - 0.5, dash=(0.1, w + 3.5), round=True)],
        "planned": [Stroke(w - 1.2, dash=(9, 6))],
        "preparing": [Stroke(w + 1, opacity=0.25), Stroke(max(1, w - 1.6), dash=(16, 5))],
        "building": [Stroke(w + 1.5), Stroke(max(1.4, w - 1.4), "land", dash=(3.5, 4.5))],
        "completing": [Stroke(w + 1.5), Stroke(max(1, w - 3), "land", dash=(3, 14))],
        "in_service": [Stroke(w)],
        "closed": [Stroke(w, opacity=0.4), Stroke(1.2, "land")],
        "cancelled": [Stroke(1.4, dash=(2, 5), opacity=0.7)],
    }.get(phase, [Stroke(1.5, dash=(6, 3, 1, 3), opacity=0.75)])


def of_rail(phase: str, promised: bool, width: float) -> list[Stroke]:
    """A railway in use is a thin line with ties; before that it is drawn like any line."""
    if phase != "in_service" or promised:
        return of_line(phase, promised, width)
    return [Stroke(2), Stroke(7, dash=(1.5, 12))]


def of_area(phase: str, promised: bool) -> Area:
    """Fill and edge of an area, by its phase on the day."""
    if promised:
        return Area(0)
    return {
        "proposed": Area(0, "dots", (0.1, 6)),
        "planned": Area(0.08, dash=(9, 6)),
        "preparing": Area(0.09, "thin", (16, 5)),
        "building": Area(0.13, "bars"),
        "completing": Area(0.18, "grid"),
        "in_service": Area(0.42),
        "closed": Area(0.05),
        "cancelled": Area(0, dash=(2, 5)),
    }.get(phase, Area(0.06, dash=(1.5, 4)))
