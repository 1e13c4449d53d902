"""Geometry as it is kept: rounding, ring order, equality, and what may be measured."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import affinity
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from geodata.geometry import PRECISIONS, from_geojson, measures, same, stored, to_geojson

SQUARE = box(114.10, 22.68, 114.11, 22.69)
CLOCKWISE = Polygon([(114.1, 22.68), (114.1, 22.69), (114.11, 22.69), (114.11, 22.68)])
HOLE = [(114.102, 22.682), (114.108, 22.682), (114.108, 22.688), (114.102, 22.688)]
LINE = LineString([(114.10, 22.68), (114.11, 22.68)])
FINITE = st.floats(-89, 89, allow_nan=False)


def rings(geometry: BaseGeometry) -> list[tuple[bool, Any]]:
    """(is it an outer ring, the ring) of every polygon."""
    found = []
    for part in shapely.get_parts(geometry):
        found.append((True, part.exterior))
        found += [(False, ring) for ring in part.interiors]
    return found


# ---------------------------------------------------------------- stored form


def test_stored_geometry_is_flat_rounded_and_right_handed() -> None:
    high = shapely.force_3d(Polygon(CLOCKWISE.exterior, [HOLE]), z=40)
    kept = stored(high)
    assert not kept.has_z
    assert [ring.is_ccw is outer for outer, ring in rings(kept)] == [True, True]
    assert stored(Point(114.123456789, 22.987654321)).coords[0] == (114.12345679, 22.98765432)


def test_every_part_of_a_multipolygon_is_right_handed() -> None:
    far = affinity.translate(CLOCKWISE, 0.1)
    assert all(ring.is_ccw is outer for outer, ring in rings(stored(MultiPolygon([CLOCKWISE, far]))))


@given(FINITE, FINITE)
def test_storing_twice_changes_nothing_more(lon: float, lat: float) -> None:
    once = stored(Point(lon, lat))
    assert shapely.equals(stored(once), once)
    assert math.dist(once.coords[0], (lon, lat)) <= 1e-8


def test_what_is_served_has_seven_decimals() -> None:
    served = to_geojson(stored(Point(114.123456789, 22.98765432)))
    assert served == {"type": "Point", "coordinates": (114.1234568, 22.9876543)}


def test_geojson_goes_in_and_comes_out() -> None:
    given_line = {"type": "LineString", "coordinates": [[114.1, 22.68, 12.5], [114.11, 22.69, 13.0]]}
    read = from_geojson(given_line)
    assert json.loads(json.dumps(to_geojson(read)))["coordinates"] == [[114.1, 22.68], [114.11, 22.69]]


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"type": "Circle", "coordinates": [1, 2]},
        {"type": "Point"},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
        {"type": "LineString", "coordinates": [[0, 0]]},
        {"type": "Point", "coordinates": "114,22"},
    ],
)
def test_what_is_no_geometry_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        from_geojson(wrong)


# ---------------------------------------------------------------- equality


def test_geometries_are_the_same_at_a_ten_millionth_of_a_degree() -> None:
    here = Point(114.12, 22.69)
    assert same(here, Point(114.12 + 0.9e-7, 22.69))
    assert not same(here, Point(114.12 + 2e-7, 22.69))
    assert same(None, None)
    assert not same(here, None)
    assert not same(None, here)


def test_the_direction_and_the_first_corner_of_a_ring_do_not_matter() -> None:
    turned = Polygon([(114.11, 22.69), (114.10, 22.69), (114.10, 22.68), (114.11, 22.68)])
    assert same(CLOCKWISE, SQUARE)
    assert same(turned, SQUARE)
    assert same(LINE, LineString(list(LINE.coords)[::-1]))
    assert not same(LINE, SQUARE)


# ---------------------------------------------------------------- measures


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("partial", [False, True])
@pytest.mark.parametrize("geometry", [SQUARE, LINE, MultiPolygon([SQUARE])])
def test_only_whole_surveyed_or_digitised_shapes_are_measured(
    geometry: BaseGeometry, precision: str, partial: bool
) -> None:
    area_ha, length_km = measures(geometry, precision, partial)
    may_be = precision in ("surveyed", "digitised") and not partial
    assert ((area_ha is not None) or (length_km is not None)) is may_be


def test_areas_are_hectares_and_lengths_kilometres_on_the_ellipsoid() -> None:
    # One hundredth of a degree at 22.68° north: 1,027.3 m west to east, 1,107.5 m south to north.
    area_ha, no_length = measures(SQUARE, "digitised", False)
    no_area, length_km = measures(LINE, "surveyed", False)
    assert area_ha == pytest.approx(113.77, abs=0.05)
    assert length_km == pytest.approx(1.0276, abs=0.001)
    assert (no_length, no_area) == (None, None)
    assert measures(CLOCKWISE, "digitised", False)[0] == area_ha


def test_a_hole_is_not_counted() -> None:
    whole, _ = measures(SQUARE, "digitised", False)
    pierced, _ = measures(Polygon(SQUARE.exterior, [HOLE]), "digitised", False)
    hole, _ = measures(Polygon(HOLE), "digitised", False)
    assert whole is not None
    assert hole is not None
    assert pierced == pytest.approx(whole - hole, abs=0.02)


def test_a_point_and_nothing_have_no_measure() -> None:
    assert measures(Point(114.1, 22.68), "surveyed", False) == (None, None)
    assert measures(None, "digitised", False) == (None, None)
