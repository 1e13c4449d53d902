"""Areas that lie on one another, by how much; never of shapes drawn from words, never of mere neighbours."""

from __future__ import annotations

import time

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from geodata.overlaps import SLIVER_M2, Shape, overlaps, spoken

GEOD = Geod(ellps="WGS84")
WEST, SOUTH = 114.1, 22.7
# About 100 m.
STEP = 0.001


def shape(name: str, geometry: BaseGeometry | None, precision: str = "surveyed") -> Shape:
    return Shape(name, name.upper(), geometry, precision)


def square(column: float, row: float, size: float = 1) -> Polygon:
    west, south = WEST + column * STEP, SOUTH + row * STEP
    return box(west, south, west + size * STEP, south + size * STEP)


def area(geometry: BaseGeometry) -> float:
    return abs(float(GEOD.geometry_area_perimeter(geometry)[0]))


def test_H085_two_shifted_parcels_overlap_by_the_area_they_share() -> None:
    a, b = square(0, 0), square(0.5, 0.25)
    (found,) = overlaps([shape("a", a), shape("b", b)])
    assert (found.a, found.other_id, found.other_name) == (1, "a", "A")
    assert found.area_m2 == pytest.approx(area(a.intersection(b)), rel=1e-5)
    assert a.intersection(b).contains(Point(found.lon, found.lat))
    told = found.issue()
    assert (told.code, told.severity, told.lon, told.lat) == ("overlap", "warn", found.lon, found.lat)
    assert "A" in told.detail_zh
    assert spoken(found.area_m2) in told.detail_en


def test_H085_neighbours_do_not_overlap_even_where_their_corners_differ() -> None:
    tidy = [shape(f"{x}-{y}", square(x, y)) for x in range(4) for y in range(4)]
    assert overlaps(tidy) == []
    # A neighbour with a vertex more on the common boundary.
    more = Polygon([*square(4, 0).exterior.coords, (WEST + 4 * STEP, SOUTH + STEP / 2)])
    assert (
        overlaps([*tidy, shape("more", more if more.is_valid else square(4, 0).segmentize(STEP / 3))]) == []
    )


@pytest.mark.parametrize(
    "inner", [square(0.25, 0.25, 0.5), square(0, 0), square(0, 0, 0.5)], ids=["within", "equal", "corner"]
)
def test_H085_one_within_another_overlaps(inner: Polygon) -> None:
    for order in ([square(0, 0), inner], [inner, square(0, 0)]):
        (found,) = overlaps([shape("a", order[0]), shape("b", order[1])])
        assert found.area_m2 == pytest.approx(area(inner), rel=1e-5)


def test_H085_slivers_are_no_overlap_and_the_tolerance_is_a_square_metre() -> None:
    # 100 m long; 1 cm and 10 cm wide.
    assert overlaps([shape("a", square(0, 0)), shape("b", square(1 - 0.00008, 0))]) == []
    (found,) = overlaps([shape("a", square(0, 0)), shape("b", square(1 - 0.001, 0))])
    assert SLIVER_M2 == 1 < found.area_m2 < 15


@pytest.mark.parametrize("precision", ["approximate", "schematic"])
def test_H085_shapes_drawn_from_words_never_count(precision: str) -> None:
    drawn, surveyed = shape("a", square(0, 0), precision), shape("b", square(0.5, 0))
    assert overlaps([drawn, surveyed]) == []
    assert overlaps([surveyed], [drawn]) == []
    assert overlaps([drawn], [surveyed]) == []


def test_H085_lines_points_nothing_and_what_is_invalid_never_count() -> None:
    bowtie = Polygon([(WEST, SOUTH), (WEST + STEP, SOUTH + STEP), (WEST + STEP, SOUTH), (WEST, SOUTH + STEP)])
    odd = [
        bowtie,
        LineString([(WEST, SOUTH), (WEST + STEP, SOUTH + STEP)]),
        Point(WEST, SOUTH),
        Polygon(),
        None,
    ]
    shapes = [shape(f"odd-{n}", geometry) for n, geometry in enumerate(odd)]
    assert overlaps([*shapes, shape("a", square(0, 0))], [shape("b", bowtie)]) == []
    assert overlaps([], []) == []


def test_H085_what_exists_counts_unless_a_row_replaces_it() -> None:
    existing = [shape("old", square(0, 0)), shape("other", square(3, 0))]
    (found,) = overlaps([shape("new", square(0.5, 0)), shape("far", square(9, 9))], existing)
    assert (found.a, found.other_id) == (0, "old")
    assert overlaps([shape("old", square(0.5, 0))], existing) == []


def test_H085_parts_of_a_set_count_and_the_largest_comes_first() -> None:
    both = MultiPolygon([square(0.5, 0, 0.4), square(2, 2)])
    found = overlaps([shape("a", square(0, 0)), shape("b", square(2, 2)), shape("c", both)])
    assert [(each.a, each.other_id) for each in found] == [(2, "b"), (2, "a")]
    assert found[0].area_m2 > found[1].area_m2


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(1, 6)), min_size=2, max_size=7))
def test_H085_every_pair_is_found_as_one_by_one(squares: list[tuple[int, int, int]]) -> None:
    shapes = [shape(str(n), square(x / 4, y / 4, size / 4)) for n, (x, y, size) in enumerate(squares)]
    found = {(each.a, int(each.other_id)): each.area_m2 for each in overlaps(shapes)}
    expected = {}
    for later, a in enumerate(shapes):
        for earlier, b in enumerate(shapes[:later]):
            assert a.geometry is not None
            assert b.geometry is not None
            shared = a.geometry.intersection(b.geometry)
            if shared.area and area(shared) >= SLIVER_M2:
                expected[later, earlier] = area(shared)
    assert found.keys() == expected.keys()
    for pair, wanted in expected.items():
        assert found[pair] == pytest.approx(wanted, rel=1e-4)


def test_H085_forty_thousand_parcels_take_seconds() -> None:
    side = 200
    columns, rows = np.meshgrid(np.arange(side), np.arange(side))
    west, south = WEST + columns.ravel() * STEP, SOUTH + rows.ravel() * STEP
    parcels = shapely.box(west, south, west + STEP, south + STEP)
    # One in a thousand is a tenth too wide.
    parcels[::1000] = shapely.box(
        west[::1000], south[::1000], west[::1000] + 1.1 * STEP, south[::1000] + STEP
    )
    began = time.process_time()
    found = overlaps([shape(str(n), parcel) for n, parcel in enumerate(parcels)])
    assert time.process_time() - began < 10
    assert len(found) == 40
    assert found[0].area_m2 == pytest.approx(0.1 * area(parcels[1]), rel=0.02)
