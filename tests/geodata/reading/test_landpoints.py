"""Boundary points as land offices write them: zones, northing first, rings, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from tests.geodata.reading.making import EASTING, LAT, LON, NORTHING, codes, opened, refused

HEAD = {
    "格式版本号": "1.01版本",
    "数据产生单位": "某测绘院",
    "坐标系": "2000国家大地坐标系",
    "几度分带": "3",
    "投影类型": "高斯克吕格",
    "计量单位": "米",
    "带号": "38",
    "精度": "0.001",
    "转换参数": ",,,,,,",
}
SQUARE = ((0, 0), (0, 200), (200, 200), (200, 0), (0, 0))
HOLE = ((50, 50), (100, 50), (100, 100), (50, 50))
APART = ((500, 0), (500, 100), (600, 100), (500, 0))


def points(ring: object, offsets: tuple[tuple[int, int], ...], zone: int | None = 38) -> list[str]:
    """Lines of a ring: northing before easting, which carries the zone's number where there is one."""
    east = EASTING + (zone or 0) * 1e6
    return [f"J{n},{ring},{NORTHING + dn:.3f},{east + de:.3f}" for n, (de, dn) in enumerate(offsets, 1)]


def parcel(*lines: str, name: str = "一号地块", form: str = "面", count: object = None) -> list[str]:
    said = len(lines) if count is None else count
    return [f"{said},4.0,DK-1,{name},{form},,工业用地,,@", *lines]


def document(*parcels: list[str], **head: str) -> str:
    told = {**HEAD, **head}
    lines = ["[属性描述]", *(f"{name}={value}" for name, value in told.items()), "[地块坐标]"]
    return "\r\n".join([*lines, *(line for one in parcels for line in one)]) + "\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-8-sig", "utf-16"])
def test_a_parcel_is_a_row(tmp_path: Path, encoding: str) -> None:
    text = document(parcel(*points(1, SQUARE)))
    reading, (row,) = opened(tmp_path, text.encode(encoding), "a.txt")
    assert (reading.format, reading.crs, reading.crs_known_by) == ("landpoints", "EPSG:4526", "in the file")
    assert row.properties == {
        "面积（公顷）": "4.0",
        "地块编号": "DK-1",
        "地块名称": "一号地块",
        "图形属性": "面",
        "地块用途": "工业用地",
    }
    assert row.line == 12
    assert row.geometry is not None
    west, south, _, _ = row.geometry.bounds
    assert (west, south) == pytest.approx((LON, LAT), abs=1e-5)
    assert codes(row.issues) == []


@pytest.mark.parametrize(
    ("zone", "head", "crs"),
    [
        (None, {}, "EPSG:4547"),
        (38, {"带号": ""}, "EPSG:4526"),
        (38, {"坐标系": "1980西安坐标系"}, "EPSG:2362"),
        (None, {"坐标系": "北京54坐标系"}, "EPSG:2435"),
        (38, {"几度分带": "", "坐标系": ""}, "EPSG:4526"),
    ],
)
def test_the_zone_is_that_of_the_head_and_of_the_eastings(
    tmp_path: Path, zone: int | None, head: dict[str, str], crs: str
) -> None:
    text = document(parcel(*points(1, SQUARE, zone)), **head)
    reading, rows = opened(tmp_path, text.encode(), "a.txt")
    assert (reading.crs, len(rows)) == (crs, 1)


def test_another_zone_than_the_head_says_is_refused(tmp_path: Path) -> None:
    found = refused(tmp_path, document(parcel(*points(1, SQUARE, 39))).encode(), "a.txt")
    assert found.code == "crs-conflict"
    assert "38" in found.detail_zh
    assert "39" in found.detail_zh


def test_without_any_zone_it_is_asked_for(tmp_path: Path) -> None:
    text = document(parcel(*points(1, SQUARE, None)), 带号="", 坐标系="")
    found = refused(tmp_path, text.encode(), "a.txt")
    assert found.code == "projected-coordinates"
    assert "EPSG:4547" in [offer["crs"] for offer in found.offers["crs"]]
    reading, _ = opened(tmp_path, text.encode(), "a.txt", crs="EPSG:4547")
    assert reading.crs_known_by == "declared"


def test_easting_first_is_seen_and_asked(tmp_path: Path) -> None:
    turned = [
        f"{name},{ring},{east},{north}"
        for name, ring, north, east in (line.split(",") for line in points(1, SQUARE, None))
    ]
    found = refused(tmp_path, document(parcel(*turned)).encode(), "a.txt")
    assert (found.code, found.offers) == ("axis-swapped", {"axis": ["latlon"]})
    _, rows = opened(tmp_path, document(parcel(*turned)).encode(), "a.txt", axis="latlon")
    assert rows[0].geometry is not None


def test_degrees_are_taken_as_degrees(tmp_path: Path) -> None:
    ring = [f"J{n},1,{LAT + dn / 1e5},{LON + de / 1e5}" for n, (de, dn) in enumerate(SQUARE)]
    reading, rows = opened(tmp_path, document(parcel(*ring), 带号="").encode(), "a.txt")
    assert (reading.crs, len(rows)) == ("EPSG:4490", 1)


def test_several_rings_are_holes_and_parts(tmp_path: Path) -> None:
    lines = [*points(1, SQUARE), *points(2, HOLE), *points(3, APART)]
    _, (row,) = opened(tmp_path, document(parcel(*lines)).encode(), "a.txt")
    assert row.geometry is not None
    assert row.geometry.geom_type == "MultiPolygon"
    assert sorted(shapely.get_num_interior_rings(shapely.get_parts(row.geometry))) == [0, 1]
    assert codes(row.issues) == []


def test_an_island_in_a_hole_is_a_part(tmp_path: Path) -> None:
    hole = ((40, 40), (40, 160), (160, 160), (160, 40), (40, 40))
    island = ((80, 80), (80, 120), (120, 120), (80, 80))
    lines = [*points(3, island), *points(2, hole), *points(1, SQUARE)]
    _, (row,) = opened(tmp_path, document(parcel(*lines)).encode(), "a.txt")
    assert row.geometry is not None
    assert len(shapely.get_parts(row.geometry)) == 2
    assert row.geometry.is_valid


def test_rings_left_open_are_closed_and_told(tmp_path: Path) -> None:
    reading, (row,) = opened(tmp_path, document(parcel(*points(1, SQUARE[:-1]))).encode(), "a.txt")
    assert codes(reading.notes) == ["outlines-closed"]
    assert row.geometry is not None
    assert row.geometry.is_valid


@pytest.mark.parametrize(("form", "kind"), [("线", "LineString"), ("点", "MultiPoint")])
def test_lines_and_points(tmp_path: Path, form: str, kind: str) -> None:
    _, (row,) = opened(tmp_path, document(parcel(*points(1, SQUARE[:3]), form=form)).encode(), "a.txt")
    assert row.geometry is not None
    assert row.geometry.geom_type == kind


def test_what_is_wrong_stays_with_its_parcel(tmp_path: Path) -> None:
    broken = points(1, SQUARE)
    broken[2] = "J3,1,abc,38512530.6"
    text = document(
        parcel(*points(1, SQUARE)),
        parcel(*broken, name="二号"),
        parcel(*points(1, SQUARE[:2]), name="三号"),
        parcel(*points(1, SQUARE), name="四号", count=9),
        parcel(name="五号"),
    )
    _, rows = opened(tmp_path, text.encode(), "a.txt")
    assert [codes(row.issues) for row in rows] == [
        [],
        ["point-coordinates"],
        ["ring-too-short"],
        ["point-count"],
        ["null-geometry"],
    ]
    assert "21" in rows[1].issues[0].detail_zh


@pytest.mark.parametrize("number", ["1" * 400, "abc", "1e5", "NaN", ""])
def test_what_is_no_number_or_has_too_many_digits_is_no_coordinate(tmp_path: Path, number: str) -> None:
    """Of 400 digits it would be infinite, and so would the zone."""
    lines = [
        *points(1, SQUARE),
        f"J6,1,{NORTHING},{number}",
        *[f"J{n},1,{number},{number}" for n in range(7, 20)],
    ]
    _, (good, bad) = opened(tmp_path, document(parcel(*points(1, SQUARE)), parcel(*lines)).encode(), "a.txt")
    assert codes(good.issues) == []
    assert codes(bad.issues) == ["point-coordinates"]
    assert "24" in bad.issues[0].detail_en


@pytest.mark.parametrize("line", ["J1,1,2510212.6", "hello", "a,b,c"])
def test_a_line_of_neither_form_refuses_the_file(tmp_path: Path, line: str) -> None:
    text = document(parcel(*points(1, SQUARE))) + line + "\r\n"
    found = refused(tmp_path, text.encode(), "a.txt")
    assert (found.status, found.code, found.faults[0].line) == (422, "landpoints-structure", 18)


@pytest.mark.parametrize("text", [document(), "[属性描述]\n", "[地块坐标]\n\n", document(["J1,1,2,3"])])
def test_nothing_in_it(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path, text.encode(), "a.txt").code in {"no-features", "landpoints-structure"}


def test_chinese_punctuation_is_read(tmp_path: Path) -> None:
    text = document(parcel(*points(1, SQUARE))).replace(",", "，").replace("[", "【").replace("]", "】")
    _, rows = opened(tmp_path, text.encode("gb18030"), "a.txt")
    assert rows[0].properties["地块名称"] == "一号地块"
    assert rows[0].geometry is not None


def test_a_table_that_speaks_of_it_stays_a_table(tmp_path: Path) -> None:
    data = f"name,lon,lat,note\n{'x' * 2100},{LON},{LAT},[地块坐标]\n"
    reading, _ = opened(tmp_path, data.encode(), "a.csv")
    assert reading.format == "csv"
