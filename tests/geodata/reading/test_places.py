"""Coordinates and their systems: recognised, told, never silently converted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from geodata import crs
from geodata.reading import Place
from tests.canary import canary as listening
from tests.geodata.reading.making import (
    EASTING,
    LAT,
    LON,
    NORTHING,
    PLACE,
    as_bytes,
    codes,
    collection,
    feature,
    lonlat,
    of_geometry,
    opened,
    polygon,
    refused,
    square,
)


def point(x: Any, y: Any, *more: Any) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [x, y, *more]}


def named(name: Any) -> dict[str, Any]:
    return {"type": "name", "properties": {"name": name}}


def with_crs(member: Any, *points: tuple[float, float]) -> bytes:
    return as_bytes(collection(*[feature(point(*xy)) for xy in points or [(LON, LAT)]], crs=member))


ROWS: list[tuple[str, Any, str]] = [
    ("H030_1e308", point(1e308, 1e308), "coordinate-range"),
    ("H032_out_of_range", point(200, 95), "coordinate-range"),
    ("H032_one_of_two", point(114.12, 95), "coordinate-range"),
    ("H033_null_island", point(0, 0), "null-island"),
    ("H034_beijing", point(116.39, 39.9), "outside-area"),
    (
        "H045_antimeridian",
        polygon([[170, 22], [190 - 360, 22], [190 - 360, 23], [170, 23], [170, 22]]),
        "",
    ),
    ("H049_one_ordinate", {"type": "Point", "coordinates": [114.12]}, "position"),
    ("H050_strings", point("114.12", "22.69"), "position"),
    ("H051_null", point(None, None), "position"),
    ("H051_object", point({}, 22.69), "position"),
    ("H051_true", point(True, 22.69), "position"),
    ("H051_line_of_nulls", {"type": "LineString", "coordinates": [None, None]}, "position"),
    ("H051_no_coordinates", {"type": "Point"}, "position"),
    ("H086_too_deep", {"type": "Point", "coordinates": [[114.12, 22.69]]}, "position"),
    ("H086_too_flat", {"type": "Polygon", "coordinates": [[114.12, 22.69], [114.13, 22.7]]}, "position"),
]


@pytest.mark.parametrize(("geometry", "code"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_file_of_this_alone_is_refused(tmp_path: Path, geometry: Any, code: str) -> None:
    found = refused(tmp_path, of_geometry(geometry))
    assert found.status == 422
    assert found.code == code or not code
    assert found.faults[0].row == 0


@pytest.mark.parametrize(
    ("geometry", "code"), [r[1:] for r in ROWS if r[2]], ids=[r[0] for r in ROWS if r[2]]
)
def test_among_good_rows_it_blocks_its_own(tmp_path: Path, geometry: Any, code: str) -> None:
    _, rows = opened(tmp_path, as_bytes(collection(feature(), feature(geometry), feature())))
    assert [row.blocked for row in rows] == [False, True, False]
    assert codes(rows[1].issues) == [code]


def test_H031_swapped_axes_are_offered_and_read_when_chosen(tmp_path: Path) -> None:
    data = of_geometry(point(LAT, LON))
    found = refused(tmp_path, data)
    assert (found.status, found.code, found.offers) == (422, "axis-swapped", {"axis": ["latlon"]})
    reading, rows = opened(tmp_path, data, axis="latlon")
    assert (reading.axis, codes(reading.notes)) == ("latlon", ["axis-exchanged"])
    assert lonlat(rows[0]) == (LON, LAT)
    assert refused(tmp_path, of_geometry(point(LON, LAT)), axis="latlon").offers == {"axis": ["lonlat"]}
    assert refused(tmp_path, data, axis="sideways").code == "axis-unknown"


def test_one_row_with_its_coordinates_swapped_is_told_so(tmp_path: Path) -> None:
    rows = [feature(), feature(point(LAT, LON)), feature(point(LON, 95))]
    _, found = opened(tmp_path, as_bytes(collection(*rows)))
    assert [codes(row.issues) for row in found] == [[], ["axes-swapped"], ["coordinate-range"]]
    assert f"{LAT:.7g}, {LON:.7g}" in found[1].issues[0].detail_zh
    assert found[1].geometry is None


def test_H034_one_touching_row_is_enough(tmp_path: Path) -> None:
    across = polygon(square(114.349, 22.849, 0.5))
    _, rows = opened(tmp_path, as_bytes(collection(feature(across), feature(point(116.4, 39.9)))))
    assert [codes(row.issues) for row in rows] == [[], ["outside-area"]]
    assert (rows[1].issues[0].lon, rows[1].issues[0].lat) == (116.4, 39.9)


def test_H034_a_box_that_overlaps_is_not_a_shape_that_does(tmp_path: Path) -> None:
    around = {"type": "LineString", "coordinates": [[113.9, 22.6], [113.9, 22.9], [114.2, 22.9]]}
    _, rows = opened(tmp_path, as_bytes(collection(feature(), feature(around))))
    assert codes(rows[1].issues) == ["outside-area"]


def metres(offset: float = 0) -> bytes:
    return as_bytes(collection(*[feature(point(EASTING + offset + n, NORTHING + n)) for n in range(12)]))


def test_H035_metres_without_a_system_list_those_that_fit(tmp_path: Path) -> None:
    found = refused(tmp_path, metres())
    assert (found.status, found.code) == (422, "projected-coordinates")
    offered = found.offers["crs"]
    assert offered[0] == {
        "crs": "EPSG:4547",
        "name_zh": "CGCS2000 三度带，中央经线 114°",
        "name_en": "CGCS2000 / 3-degree Gauss-Kruger CM 114E",
        "axis": "lonlat",
        "lands": 12,
        "of": 12,
    }
    assert {"EPSG:4547", "EPSG:2383", "EPSG:2435"} <= {offer["crs"] for offer in offered}
    _, rows = opened(tmp_path, metres(), crs="EPSG:4547")
    assert lonlat(rows[0]) == pytest.approx((LON, LAT), abs=1e-6)


def test_H035_web_mercator_is_offered(tmp_path: Path) -> None:
    x, y = Transformer.from_crs(4326, 3857, always_xy=True).transform(LON, LAT)
    found = refused(tmp_path, of_geometry(point(x, y)))
    assert [offer["crs"] for offer in found.offers["crs"]] == ["EPSG:3857"]


def test_H035_metres_of_elsewhere_offer_nothing(tmp_path: Path) -> None:
    found = refused(tmp_path, of_geometry(point(EASTING, NORTHING + 2_000_000)))
    assert (found.code, found.offers) == ("projected-coordinates", {"crs": []})


def test_H036_zone_before_the_easting(tmp_path: Path) -> None:
    found = refused(tmp_path, metres(38_000_000))
    assert found.code == "projected-coordinates"
    assert found.offers["crs"][0]["crs"] == "EPSG:4526"
    assert len(opened(tmp_path, metres(38_000_000), crs="4526")[1]) == 12


SYSTEMS = [*range(4513, 4555), 2383, 2435, 3857, 32650]


@pytest.mark.parametrize("code", SYSTEMS)
@pytest.mark.parametrize("form", ["urn:ogc:def:crs:EPSG::{}", "EPSG:{}"])
def test_H037_named_systems_agree_with_proj(tmp_path: Path, code: int, form: str) -> None:
    there = Transformer.from_crs(4326, code, always_xy=True)
    points = [there.transform(LON + n * 1e-3, LAT) for n in range(3)]
    reading, rows = opened(tmp_path, with_crs(named(form.format(code)), *points))
    assert (reading.crs, reading.crs_known_by) == (f"EPSG:{code}", "in the file")
    for row, xy in zip(rows, points, strict=True):
        back = there.transform(*lonlat(row))
        assert np.hypot(back[0] - xy[0], back[1] - xy[1]) < 0.002
    approximate = code in (2383, 2435)
    assert codes(reading.notes) == (["datum-approximate"] if approximate else [])


@pytest.mark.parametrize(
    "name",
    [
        "EPSG:999999",
        "EPSG:4979",
        "EPSG:5773",
        "GCS_Xian",
        "urn:ogc:def:crs:EPSG::",
        "",
        "+proj=longlat",
        "EPSG:4326\0",
    ],
)
def test_H038_unknown_systems(tmp_path: Path, name: str) -> None:
    assert refused(tmp_path, with_crs(named(name))).code == "crs-unknown"


@pytest.mark.parametrize("member", [{}, [], "EPSG:4326", 4326, {"type": "name"}, named(4326), named(None)])
def test_H038_malformed_crs(tmp_path: Path, member: Any) -> None:
    assert refused(tmp_path, with_crs(member)).code == "crs-unknown"


def test_H038_an_unknown_system_may_not_be_declared(tmp_path: Path) -> None:
    assert refused(tmp_path, metres(), crs='LOCAL_CS["city"]').code == "crs-unknown"  # H057


def test_H039_null_crs_is_told(tmp_path: Path) -> None:
    reading, _ = opened(tmp_path, with_crs(None))
    assert (reading.crs, codes(reading.notes)) == ("EPSG:4326", ["crs-assumed"])


@pytest.fixture
def canary() -> Iterator[tuple[str, list[str]]]:
    with listening() as found:
        yield found


@pytest.mark.parametrize(
    ("kind", "inside"),
    [
        ("link", {"href": "{}/crs.wkt", "type": "ogcwkt"}),  # H040
        ("url", {"url": "{}/crs.wkt"}),  # H041
        ("LINK", {"href": "{}/crs"}),
        ("name", {"href": "{}/crs", "name": "EPSG:4326"}),
        ("link", {"href": "file:///etc/passwd", "type": "proj4"}),
    ],
)
def test_H040_H041_crs_link(
    tmp_path: Path, canary: tuple[str, list[str]], kind: str, inside: dict[str, str]
) -> None:
    address, asked = canary
    member = {"type": kind, "properties": {key: value.format(address) for key, value in inside.items()}}
    found = refused(tmp_path, with_crs(member))
    assert (found.status, found.code, asked) == (422, "crs-link", [])


@pytest.mark.parametrize(
    "name", ["{}/4326", "{}", "file:///etc/passwd", "/etc/passwd", "../upload", "/vsicurl/{}/x", "+init={}"]
)
def test_H042_crs_name_is_an_address(tmp_path: Path, canary: tuple[str, list[str]], name: str) -> None:
    address, asked = canary
    text = name.format(address)
    assert refused(tmp_path, with_crs(named(text))).code == "crs-unknown"
    assert refused(tmp_path, with_crs(named("EPSG:4326")), crs=text).code == "crs-unknown"
    assert asked == []


def test_H040_the_canary_hears(canary: tuple[str, list[str]]) -> None:
    """The listener counts: a request that is made is seen."""
    import urllib.request

    address, asked = canary
    urllib.request.urlopen(address + "/x", timeout=5).close()  # noqa: S310
    assert asked == ["/x"]


@pytest.mark.parametrize("on", ["feature", "geometry"])
def test_H043_crs_in_the_wrong_place(tmp_path: Path, on: str) -> None:
    member = named("EPSG:4326")
    bad = feature(crs=member) if on == "feature" else feature({**point(LON, LAT), "crs": member})
    found = refused(tmp_path, as_bytes(collection(feature(), bad)))
    assert (found.code, found.faults[0].row) == ("crs-placement", 1)


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"),  # H044
        ("OGC:CRS84", "EPSG:4326"),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "EPSG:4326"),
        ("urn:ogc:def:crs:EPSG::4490", "EPSG:4490"),  # H054
        ("CGCS2000", "EPSG:4490"),
    ],
)
def test_H044_H054_degrees_under_other_names(tmp_path: Path, name: str, known: str) -> None:
    reading, rows = opened(tmp_path, with_crs(named(name)))
    assert (reading.crs, reading.notes) == (known, [])
    assert lonlat(rows[0]) == (LON, LAT)


def test_H046_H047_H048_heights(tmp_path: Path) -> None:
    mixed = {"type": "LineString", "coordinates": [[LON, LAT], [LON, LAT + 0.01, 5]]}
    reading, rows = opened(
        tmp_path, as_bytes(collection(feature(point(LON, LAT, 9)), feature(mixed), feature()))
    )
    assert codes(reading.notes) == ["z-dropped"]
    assert reading.notes[0].detail_en.startswith("2 ")
    assert all(row.geometry is not None and not row.geometry.has_z for row in rows)
    reading, _ = opened(tmp_path, of_geometry(point(LON, LAT, 9, 1)))
    assert codes(reading.notes) == ["ordinates-dropped"]


def test_H052_digits_are_stored_at_1e_8(tmp_path: Path) -> None:
    _, rows = opened(tmp_path, of_geometry(point(114.123456789012345, 22.690000004999)))
    assert lonlat(rows[0]) == (114.12345679, 22.69)


def test_H055_northing_first(tmp_path: Path) -> None:
    data = with_crs(named("EPSG:4547"), (NORTHING, EASTING))
    found = refused(tmp_path, data)
    assert (found.code, found.offers) == ("axis-swapped", {"axis": ["latlon"]})
    _, rows = opened(tmp_path, data, axis="latlon")
    assert abs(lonlat(rows[0])[0] - LON) < 1e-6
    swapped = refused(tmp_path, of_geometry(point(NORTHING, EASTING)))
    offered = swapped.offers["crs"][0]
    assert {"crs": "EPSG:4547", "axis": "latlon", "lands": 1, "of": 1}.items() <= offered.items()


def test_H056_bbox_is_never_trusted(tmp_path: Path) -> None:
    for box, expected in (
        ([0, 0, 1, 1], ["bbox-ignored"]),
        ("x", ["bbox-ignored"]),
        ([LON, LAT, LON, LAT], []),
        ([LON, LAT, 0, LON, LAT, 9], []),
    ):
        reading, _ = opened(tmp_path, as_bytes(collection(feature(), bbox=box)))
        assert codes(reading.notes) == expected


def test_H059_two_systems_that_disagree(tmp_path: Path) -> None:
    data = with_crs(named("EPSG:4547"), (EASTING, NORTHING))
    assert refused(tmp_path, data, crs="EPSG:4526").code == "crs-conflict"
    reading, _ = opened(tmp_path, data, crs="EPSG:4547")
    assert reading.crs_known_by == "declared"
    reading, _ = opened(tmp_path, with_crs(named("CRS84")), crs="EPSG:4490")
    assert reading.crs == "EPSG:4490"


def test_H059_degrees_declared_as_metres(tmp_path: Path) -> None:
    found = refused(tmp_path, of_geometry(point(LON, LAT)), crs="EPSG:4547")
    assert (found.code, found.offers["crs"][0]["crs"]) == ("crs-conflict", "EPSG:4326")


# ---------------------------------------------------------------- shifted datums

STATIONS = [
    ("平湖站", 114.1273, 22.6936),
    ("凤凰山站", 114.1402, 22.7011),
    ("山厦站", 114.1198, 22.7104),
    ("禾花站", 114.1255, 22.6861),
]
ANCHORED = Place(PLACE.accept_bbox_lonlat, STATIONS)


def stations(datum: str) -> bytes:
    xy = np.array([[lon, lat] for _, lon, lat in STATIONS])
    moved = crs.wgs84_to(xy, datum) if datum else xy
    names = [name for name, _, _ in STATIONS]
    return as_bytes(
        collection(*[feature(point(*map(float, p)), {"站名": n}) for p, n in zip(moved, names, strict=True)])
    )


@pytest.mark.parametrize("datum", ["GCJ-02", "BD-09"])
def test_H053_a_shifted_datum_is_suspected_and_not_converted(tmp_path: Path, datum: str) -> None:
    reading, rows = opened(tmp_path, stations(datum), place=ANCHORED)
    assert codes(reading.notes) == ["datum-suspected"]
    assert datum in reading.notes[0].detail_zh
    assert "4 个同名点中有 4 个偏离" in reading.notes[0].detail_zh
    assert "4 of 4 points lie some" in reading.notes[0].detail_en
    assert abs(lonlat(rows[0])[0] - STATIONS[0][1]) > 0.003


def test_H053_true_places_are_not_suspected(tmp_path: Path) -> None:
    assert opened(tmp_path, stations(""), place=ANCHORED)[0].notes == []


def test_H053_two_points_are_no_evidence(tmp_path: Path) -> None:
    few = json.loads(stations("GCJ-02"))
    few["features"] = few["features"][:2]
    assert opened(tmp_path, as_bytes(few), place=ANCHORED)[0].notes == []


@pytest.mark.parametrize("datum", ["GCJ-02", "BD-09"])
def test_H053_a_declared_datum_is_converted_and_told(tmp_path: Path, datum: str) -> None:
    reading, rows = opened(tmp_path, stations(datum), place=ANCHORED, source_crs=datum)
    assert codes(reading.notes) == ["datum-converted"]
    for row, (_, lon, lat) in zip(rows, STATIONS, strict=True):
        assert lonlat(row) == (lon, lat)


def test_H053_a_datum_that_makes_no_sense(tmp_path: Path) -> None:
    assert refused(tmp_path, metres(), crs="EPSG:4547", source_crs="GCJ-02").code == "source-crs"
    assert refused(tmp_path, stations(""), source_crs="MARS").code == "source-crs"
    assert opened(tmp_path, stations(""), source_crs="CGCS2000")[0].notes == []


def test_gcj02_moves_pinghu_by_602_metres() -> None:
    moved = crs.wgs84_to_gcj02(np.array([[LON, LAT]]))[0]
    assert moved == pytest.approx([LON + 0.00511, LAT - 0.00267], abs=5e-6)
    assert Geod(ellps="WGS84").inv(LON, LAT, *moved)[2] == pytest.approx(602, abs=1)


@given(st.floats(73, 135), st.floats(4, 53), st.sampled_from(crs.SHIFTED))
def test_shifts_are_undone_to_a_tenth_of_a_millimetre(lon: float, lat: float, datum: str) -> None:
    there = np.array([[lon, lat]])
    back = crs.from_shifted(crs.wgs84_to(there, datum), datum)
    assert np.abs(back - there).max() * 111_320 < 1e-4


def test_abroad_nothing_moves() -> None:
    london = np.array([[-0.1, 51.5]])
    assert (crs.wgs84_to_gcj02(london) == london).all()
    assert (crs.from_shifted(london, "GCJ-02") == london).all()


def test_H037_a_system_on_a_bare_feature_or_geometry(tmp_path: Path) -> None:
    """Alone, they are the whole file: the system stands where it may."""
    member = named("EPSG:4547")
    for document in (
        feature(point(EASTING, NORTHING), crs=member),
        {**point(EASTING, NORTHING), "crs": member},
    ):
        reading, rows = opened(tmp_path, as_bytes(document))
        assert reading.crs == "EPSG:4547"
        assert lonlat(rows[0]) == pytest.approx((LON, LAT), abs=1e-6)
