"""Shapes made by hand: read from text, cut, and joined."""

from __future__ import annotations

from itertools import pairwise

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from geodata import shaping

BOX = (114.0, 22.6, 114.3, 22.8)
FIELD = box(114.10, 22.70, 114.12, 22.71)
YARD = Polygon(FIELD.exterior, [box(114.104, 22.703, 114.106, 22.706).exterior])


def area(shapes: list[BaseGeometry]) -> float:
    return sum(shape.area for shape in shapes)


def test_a_cut_through_a_hole_leaves_two_parts_without_it() -> None:
    parts = shaping.cut(YARD, LineString([(114.105, 22.69), (114.105, 22.72)]))
    assert [part.geom_type for part in parts] == ["Polygon", "Polygon"]
    assert all(not part.interiors for part in parts if isinstance(part, Polygon))
    assert area(parts) == pytest.approx(YARD.area, rel=1e-6)
    assert parts[0].area > parts[1].area


def test_a_cut_beside_a_hole_keeps_it_in_its_part() -> None:
    large, small = shaping.cut(YARD, LineString([(114.115, 22.69), (114.115, 22.72)]))
    assert isinstance(large, Polygon)
    assert len(large.interiors) == 1
    assert isinstance(small, Polygon)
    assert not small.interiors


def test_what_the_cut_does_not_touch_stays_with_the_largest() -> None:
    island = box(114.2, 22.7, 114.21, 22.71)
    large, small = shaping.cut(
        MultiPolygon([FIELD, island]), LineString([(114.115, 22.69), (114.115, 22.72)])
    )
    assert isinstance(large, MultiPolygon)
    assert large.covers(island)
    assert small.area == pytest.approx(0.005 * 0.01, rel=1e-6)


@given(st.floats(114.1001, 114.1199), st.floats(114.1001, 114.1199))
def test_parts_fit_to_the_last_digit(above: float, below: float) -> None:
    parts = shaping.cut(FIELD, LineString([(above, 22.72), (below, 22.69)]))
    assert len(parts) == 2
    a, b = ({tuple(at) for at in shapely.get_coordinates(part)} for part in parts)
    assert len(a & b) == 2
    assert area(parts) == pytest.approx(FIELD.area, rel=1e-5)
    assert all(part.is_valid for part in parts)


@pytest.mark.parametrize(
    ("shape", "by"),
    [
        (Point(114.1, 22.7), LineString([(0, 0), (1, 1)])),
        (FIELD, Point(114.11, 22.705)),
        (FIELD, FIELD),
        (FIELD, MultiLineString([[(0, 0), (1, 1)]])),
        (LineString([(0, 0), (2, 0)]), LineString([(1, 0), (3, 0)])),
    ],
)
def test_what_cannot_cut_is_told(shape: BaseGeometry, by: BaseGeometry) -> None:
    with pytest.raises(shaping.Unlike):
        shaping.cut(shape, by)


def test_a_line_of_two_parts_is_cut_where_it_is_nearest() -> None:
    way = MultiLineString([[(114.1, 22.7), (114.12, 22.7)], [(114.1, 22.75), (114.105, 22.75)]])
    large, small = shaping.cut(way, Point(114.115, 22.7001))
    assert small.equals(LineString([(114.115, 22.7), (114.12, 22.7)]))
    assert isinstance(large, MultiLineString)
    assert shaping.cut(way, Point(114.0, 22.7)) == [way]


def test_neighbours_become_one_without_the_boundary_between_them() -> None:
    columns = [box(x, 22.70, y, 22.71) for x, y in pairwise((114.10, 114.11, 114.12, 114.13))]
    whole = shaping.joined(columns)
    assert whole.equals(box(114.10, 22.70, 114.13, 22.71))
    assert shaping.pieces(whole) == 1
    apart = shaping.joined([columns[0], columns[2]])
    assert shaping.pieces(apart) == 2
    line = shaping.joined([LineString([(0, 0), (1, 0)]), LineString([(1, 0), (2, 1)])])
    assert line.geom_type == "LineString"
    for mixed in (
        [FIELD, Point(114.1, 22.7)],
        [Point(0, 0), Point(1, 1)],
        [FIELD, LineString([(0, 0), (1, 1)])],
    ):
        with pytest.raises(shaping.Unlike):
            shaping.joined(mixed)


@given(st.text(max_size=60) | st.from_regex(r"(POLYGON|LINESTRING|[0-9., ();\n])*", fullmatch=True))
def test_no_text_breaks_the_reader(text: str) -> None:
    shape, faults = shaping.read(text, ("polygon", "point"), BOX)
    # Either there is something that could be stored, or it is said why not.
    assert faults or (shape is not None and shape.is_valid and not shape.is_empty)
    for fault in faults:
        assert fault.detail_zh
        assert fault.detail_en
