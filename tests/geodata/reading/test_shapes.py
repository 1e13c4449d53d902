"""Geometry: every fault with its place, judged after transformation and rounding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from geodata.geometry import from_geojson, stored
from geodata.reading import COMMAND
from tests.geodata.reading.making import (
    EASTING,
    LAT,
    LON,
    NORTHING,
    POINT,
    as_bytes,
    codes,
    collection,
    feature,
    of_geometry,
    opened,
    polygon,
    refused,
    square,
)

S = 0.001


def ring(*steps: tuple[float, float]) -> list[list[float]]:
    """Steps of 0.001° from a corner in Pinghu."""
    return [[round(LON + x * S, 8), round(LAT + y * S, 8)] for x, y in steps]


def line(*steps: tuple[float, float]) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": ring(*steps)}


def nested(depth: int) -> dict[str, Any]:
    geometry: dict[str, Any] = POINT
    for _ in range(depth):
        geometry = {"type": "GeometryCollection", "geometries": [geometry]}
    return geometry


BOX = [(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)]
HOLE = [(1, 1), (1, 2), (2, 2), (2, 1), (1, 1)]
BLOCKED: list[tuple[str, Any, str]] = [
    ("H060_bowtie", polygon(ring((0, 0), (2, 2), (2, 0), (0, 2), (0, 0))), "geometry-invalid"),
    ("H061_unclosed", polygon(ring((0, 0), (2, 0), (2, 2), (0, 2))), "ring-not-closed"),
    ("H063_spike", polygon(ring((0, 0), (2, 0), (2, 2), (2, 4), (2, 2), (0, 2), (0, 0))), "geometry-invalid"),
    ("H065_short_ring", polygon(ring((0, 0), (1, 0), (0, 0))), "ring-too-short"),
    ("H065_short_hole", polygon(ring(*BOX), ring((1, 1), (1, 1))), "ring-too-short"),
    ("H066_line_of_one", line((0, 0)), "line-too-short"),
    (
        "H066_among_lines",
        {"type": "MultiLineString", "coordinates": [ring((0, 0), (1, 1)), ring((3, 3))]},
        "line-too-short",
    ),
    (
        "H067_hole_outside",
        polygon(ring(*BOX), ring((5, 5), (5, 6), (6, 6), (6, 5), (5, 5))),
        "geometry-invalid",
    ),
    (
        "H068_hole_along_edge",
        polygon(ring(*BOX), ring((0, 1), (1, 1), (1, 2), (0, 2), (0, 1))),
        "geometry-invalid",
    ),
    (
        "H069_parts_overlap",
        {"type": "MultiPolygon", "coordinates": [[ring(*BOX)], [ring(*[(x + 2, y) for x, y in BOX])]]},
        "geometry-invalid",
    ),
    ("H070_no_area", polygon(ring((0, 0), (1, 1), (2, 2), (0, 0))), "degenerate"),
    ("H070_no_length", line((1, 1), (1, 1)), "degenerate"),
    (
        "H070_one_part",
        {"type": "MultiLineString", "coordinates": [ring((0, 0), (1, 1)), ring((2, 2), (2, 2))]},
        "degenerate",
    ),
    ("H071_empty_point", {"type": "Point", "coordinates": []}, "geometry-empty"),
    ("H071_empty_polygon", {"type": "Polygon", "coordinates": []}, "geometry-empty"),
    ("H071_empty_ring", {"type": "Polygon", "coordinates": [[]]}, "geometry-empty"),
    ("H071_empty_collection", {"type": "GeometryCollection", "geometries": []}, "geometry-empty"),
    (
        "H073_two_families",
        {"type": "GeometryCollection", "geometries": [POINT, line((0, 0), (1, 1))]},
        "geometry-unsupported",
    ),
    (
        "H083_curve",
        {"type": "CircularString", "coordinates": [[1, 2], [3, 4], [5, 6]]},
        "geometry-unsupported",
    ),
    ("H083_no_type", {"coordinates": [1, 2]}, "geometry-unsupported"),
    ("H087_too_thin_to_store", polygon(square(side=1e-12)), "degenerate"),
]


@pytest.mark.parametrize(("geometry", "code"), [row[1:] for row in BLOCKED], ids=[row[0] for row in BLOCKED])
def test_blocked(tmp_path: Path, geometry: Any, code: str) -> None:
    found = refused(tmp_path, of_geometry(geometry))
    assert (found.status, found.code) == (422, code)
    _, rows = opened(tmp_path, as_bytes(collection(feature(geometry), feature())))
    assert codes(rows[0].issues) == [code]
    assert rows[0].issues[0].field == "geometry"
    assert rows[1].issues == []


def test_H060_says_where(tmp_path: Path) -> None:
    found = refused(tmp_path, of_geometry(polygon(ring((0, 0), (2, 2), (2, 0), (0, 2), (0, 0)))))
    assert found.faults[0].lon == pytest.approx(LON + S)
    assert found.faults[0].lat == pytest.approx(LAT + S)


def test_H060_all_faults_are_told_each_with_its_row(tmp_path: Path) -> None:
    bad = [feature(geometry) for _, geometry, _ in BLOCKED]
    found = refused(tmp_path, as_bytes(collection(*bad)))
    assert [fault.row for fault in found.faults] == list(range(len(bad)))
    assert [fault.code for fault in found.faults] == [code for _, _, code in BLOCKED]


def test_H060_only_a_hundred_are_listed(tmp_path: Path) -> None:
    found = refused(tmp_path, as_bytes(collection(*[feature(line((0, 0)))] * 250)))
    assert (len(found.faults), found.faults_total) == (100, 250)


def test_H061_place_of_the_open_end_is_in_degrees(tmp_path: Path) -> None:
    open_ring = [
        [EASTING, NORTHING],
        [EASTING + 50, NORTHING],
        [EASTING + 50, NORTHING + 50],
        [EASTING, NORTHING + 50],
    ]
    data = as_bytes(
        collection(
            feature({"type": "Polygon", "coordinates": [open_ring]}),
            feature(polygon([*open_ring, open_ring[0]])),
        )
    )
    _, rows = opened(tmp_path, data, crs="EPSG:4547")
    assert codes(rows[0].issues) == ["ring-not-closed"]
    assert rows[0].issues[0].lon == pytest.approx(LON, abs=1e-6)


ACCEPTED: list[tuple[str, Any]] = [
    ("H062_clockwise", polygon(ring(*BOX)[::-1])),
    ("H064_repeated", polygon(ring((0, 0), (0, 0), (4, 0), (4, 0), (4, 4), (0, 4), (0, 0)))),
    ("H068_hole_touching_once", polygon(ring(*BOX), ring((0, 0), (1, 2), (2, 1), (0, 0)))),
    ("H068_ordinary_hole", polygon(ring(*BOX), ring(*HOLE))),
    (
        "H078_multipolygon",
        {
            "type": "MultiPolygon",
            "coordinates": [[ring(*BOX), ring(*HOLE)], [ring(*[(x + 9, y) for x, y in BOX])]],
        },
    ),
    ("multipoint", {"type": "MultiPoint", "coordinates": ring((0, 0), (1, 1))}),
    ("line", line((0, 0), (1, 1), (2, 0))),
    (
        "multiline",
        {"type": "MultiLineString", "coordinates": [ring((0, 0), (1, 1)), ring((3, 3), (4, 4), (5, 3))]},
    ),
    ("point", POINT),
    ("crossing_line", line((0, 0), (2, 2), (2, 0), (0, 2))),
]


@pytest.mark.parametrize("geometry", [row[1] for row in ACCEPTED], ids=[row[0] for row in ACCEPTED])
def test_accepted_in_stored_form(tmp_path: Path, geometry: Any) -> None:
    _, rows = opened(tmp_path, of_geometry(geometry))
    expected = stored(shapely.remove_repeated_points(from_geojson(geometry), 0))
    assert rows[0].geometry is not None
    assert rows[0].issues == []
    assert rows[0].geometry.wkb == expected.wkb


def test_all_shapes_in_one_file_are_each_their_own(tmp_path: Path) -> None:
    """They are built in bulk, by type; each must come back to its own row."""
    shapes = [geometry for _, geometry in ACCEPTED] + [geometry for _, geometry, _ in BLOCKED] + [None]
    _, rows = opened(tmp_path, as_bytes(collection(*[feature(shape) for shape in shapes * 3])))
    for row, geometry in zip(rows, shapes * 3, strict=True):
        if any(geometry is one for _, one in ACCEPTED) and row.geometry is not None:
            expected = stored(shapely.remove_repeated_points(from_geojson(geometry), 0))
            assert row.geometry.wkb == expected.wkb
        else:
            assert row.issues


def test_H062_rings_come_out_right_handed(tmp_path: Path) -> None:
    _, rows = opened(tmp_path, of_geometry(polygon(ring(*BOX)[::-1], ring(*HOLE)[::-1])))
    assert isinstance(rows[0].geometry, shapely.Polygon)
    assert rows[0].geometry.exterior.is_ccw
    assert not rows[0].geometry.interiors[0].is_ccw


def test_H072_null_geometry_is_kept_as_unlocated(tmp_path: Path) -> None:
    _, rows = opened(tmp_path, as_bytes(collection(feature(None), {"type": "Feature", "properties": {}})))
    assert [codes(row.issues) for row in rows] == [["null-geometry"]] * 2
    assert not rows[0].blocked
    assert rows[0].geometry is None


@pytest.mark.parametrize(
    "members",
    [
        [POINT, POINT],
        [line((0, 0), (1, 1))],
        [
            polygon(ring(*BOX)),
            {"type": "MultiPolygon", "coordinates": [[ring(*[(x + 9, y) for x, y in BOX])]]},
        ],
    ],
)
def test_H073_one_family_becomes_a_multi_geometry(tmp_path: Path, members: list[Any]) -> None:
    _, rows = opened(tmp_path, of_geometry({"type": "GeometryCollection", "geometries": members}))
    assert rows[0].geometry is not None
    assert rows[0].geometry.geom_type.startswith("Multi")
    assert codes(rows[0].issues) == ["collection-exploded"]


@pytest.mark.parametrize("depth", [2, 3, 20, 32, 10_000, 100_000])
def test_H074_nested_collections(tmp_path: Path, depth: int) -> None:
    inner = b'{"type":"GeometryCollection","geometries":['
    geometry = inner * depth + as_bytes(POINT) + b"]}" * depth
    data = (
        b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":'
        + geometry
        + b"}]}"
    )
    found = refused(tmp_path, data)
    assert (found.status, found.code) == (413, "geometry-depth")
    assert refused(tmp_path, data, limits=COMMAND).code == "geometry-depth"


def test_H077_mixed_types_are_left_to_the_kind(tmp_path: Path) -> None:
    _, rows = opened(tmp_path, as_bytes(collection(feature(), feature(polygon(ring(*BOX))))))
    assert [row.geometry.geom_type for row in rows if row.geometry] == ["Point", "Polygon"]


def test_H082_combs_are_judged_in_time(tmp_path: Path) -> None:
    teeth = 20_000
    top = [[LON + n * 1e-6, LAT + (0.01 if n % 2 else 0.001)] for n in range(teeth)]
    comb = [*top, [LON + teeth * 1e-6, LAT], [LON, LAT], top[0]]
    other = [[x + 5e-7, y] for x, y in comb]
    data = as_bytes(
        collection(
            feature(polygon(comb)), feature({"type": "MultiPolygon", "coordinates": [[comb], [other]]})
        )
    )
    _, rows = opened(tmp_path, data)
    assert [codes(row.issues) for row in rows] == [[], ["geometry-invalid"]]


def test_H087_slivers_are_told(tmp_path: Path) -> None:
    thin = [[LON, LAT], [LON + 0.01, LAT], [LON + 0.01, LAT + 2e-7], [LON, LAT + 2e-7], [LON, LAT]]
    _, rows = opened(tmp_path, of_geometry(polygon(thin)))
    assert codes(rows[0].issues) == ["sliver"]
    assert not rows[0].blocked


def test_H088_self_touching_shell_by_the_oracle(tmp_path: Path) -> None:
    """A ring that touches itself from inside is refused as GEOS does."""
    inverted = polygon(ring((0, 0), (4, 0), (4, 4), (0, 4), (0, 0), (1, 2), (2, 1), (0, 0)))
    valid = shapely.is_valid(shapely.from_geojson(as_bytes(inverted)))
    _, rows = opened(tmp_path, as_bytes(collection(feature(inverted), feature())))
    assert rows[0].blocked is not bool(valid)


def test_H089_judged_after_transformation_and_rounding(tmp_path: Path) -> None:
    """A hole a hair away from its shell in metres touches it along an edge once rounded to 1e-8°."""
    e, n, hair = EASTING, NORTHING, 1e-6
    outer = [[e, n], [e + 100, n], [e + 100, n + 100], [e, n + 60], [e, n + 20], [e, n]]
    hole = [[e + hair, n + 20], [e + hair, n + 60], [e + 50, n + 60], [e + 50, n + 20], [e + hair, n + 20]]
    shape = polygon(outer, hole)
    assert shapely.is_valid(shapely.from_geojson(as_bytes(shape)))
    back = Transformer.from_crs(4547, 4326, always_xy=True)

    def moved(xy: Any) -> Any:
        return np.column_stack(back.transform(xy[:, 0], xy[:, 1]))

    expected = stored(shapely.transform(shapely.from_geojson(as_bytes(shape)), moved))
    _, rows = opened(tmp_path, as_bytes(collection(feature(shape), feature(polygon(outer)))), crs="EPSG:4547")
    assert rows[0].geometry is not None
    assert rows[0].geometry.wkb == expected.wkb
    assert rows[0].blocked is not bool(expected.is_valid)
    assert not expected.is_valid
