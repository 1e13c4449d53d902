"""CSV and its relatives: strict rows, many dialects, places in columns or as WKT."""

from __future__ import annotations

import codecs
import time
from pathlib import Path
from typing import Any

import pytest

from app.projects.export import COLUMNS
from geodata.reading import BROWSER, COMMAND, Refused
from geodata.reading.coordinates import parse_coordinate
from tests.geodata.reading.making import (
    EASTING,
    LAT,
    LON,
    NORTHING,
    codes,
    lonlat,
    opened,
    refused,
)

GOOD = "名称,状态,经度,纬度\n富安东路,在建,114.12,22.69\n平湖大街,规划,114.13,22.7\n"


def rows_of(folder: Path, text: str, **how: Any) -> list[dict[str, Any]]:
    return [row.properties for row in opened(folder, text.encode(), "a.csv", **how)[1]]


def test_a_good_table_is_read(tmp_path: Path) -> None:
    reading, rows = opened(tmp_path, GOOD.encode(), "a.csv")
    assert (reading.format, reading.encoding, reading.crs_known_by) == ("csv", "utf-8", "default")
    assert (reading.fields, reading.notes) == (["名称", "状态"], [])
    assert [(row.n, row.line, row.id) for row in rows] == [(0, 2, None), (1, 3, None)]
    assert rows[0].properties == {"名称": "富安东路", "状态": "在建"}
    assert lonlat(rows[0]) == (LON, LAT)


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ("经度", "纬度"), ("经度(°)", "纬度(°)"), ("Lon", "LAT"), ("lng", "lat"), ("Longitude", "Latitude"),
        ("x", "y"), ("POINT_X", "POINT_Y"), ("X坐标", "Y坐标"),
        ("ｘ", "ｙ"), ("东经", "北纬"), ("GPS经度", "GPS纬度"),
    ],
)  # fmt: skip
def test_columns_of_degrees_by_their_names(tmp_path: Path, x: str, y: str) -> None:
    _, rows = opened(tmp_path, f"name,{x},{y}\na,114.12,22.69\n".encode(), "a.csv")
    assert lonlat(rows[0]) == (LON, LAT)
    assert rows[0].properties == {"name": "a"}


@pytest.mark.parametrize(
    ("x", "y"), [("东坐标", "北坐标"), ("easting", "northing"), ("横坐标(m)", "纵坐标(m)")]
)
def test_columns_of_metres_ask_for_the_system(tmp_path: Path, x: str, y: str) -> None:
    data = f"name,{y},{x}\na,{NORTHING},{EASTING}\n".encode()
    found = refused(tmp_path, data, "a.csv")
    assert (found.code, found.offers["crs"][0]["crs"]) == ("projected-coordinates", "EPSG:4547")
    _, rows = opened(tmp_path, data, "a.csv", crs="EPSG:4547")
    assert lonlat(rows[0]) == pytest.approx((LON, LAT), abs=1e-6)


def test_H230_utf16_from_excel(tmp_path: Path) -> None:
    data = codecs.BOM_UTF16_LE + GOOD.replace(",", "\t").replace("\n", "\r\n").encode("utf-16-le")
    reading, rows = opened(tmp_path, data, "a.csv")
    assert codes(reading.notes) == ["charset-converted"]
    assert rows[0].properties["名称"] == "富安东路"


def test_H231_gbk_from_excel(tmp_path: Path) -> None:
    reading, rows = opened(tmp_path, GOOD.replace("\n", "\r\n").encode("gbk"), "a.csv")
    assert codes(reading.notes) == ["charset-gb18030"]
    assert "富安东路" in reading.notes[0].detail_zh
    assert rows[0].properties == {"名称": "富安东路", "状态": "在建"}


def test_H232_semicolons_and_decimal_commas(tmp_path: Path) -> None:
    reading, rows = opened(tmp_path, b"name;lon;lat\na;114,12;22,69\nb;114,13;22,7\n", "a.csv")
    assert codes(reading.notes) == ["dialect", "coordinate-normalised"]
    assert [lonlat(row) for row in rows] == [(LON, LAT), (114.13, 22.7)]


def test_H233_ragged_rows_are_all_listed(tmp_path: Path) -> None:
    text = "name,lon,lat\na,114.12,22.69\nb,114.12\n\nc,114.12,22.69,9\nd,114.12,22.69,,\n"
    found = refused(tmp_path, text.encode(), "a.csv")
    assert (found.status, found.code) == (422, "row-width")
    assert [fault.line for fault in found.faults] == [3, 5]


@pytest.mark.parametrize("control", ["\x00", "\x07", "\x1b[31m"])
def test_H234_H097_controls(tmp_path: Path, control: str) -> None:
    found = refused(tmp_path, f"name,lon,lat\na{control}b,114.12,22.69\n".encode(), "a.csv")
    assert (found.status, found.code, found.faults[0].line) == (422, "control-character", 2)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('name,lon,lat\na,114.12,22.69\n"b,114.12,22.69\nc,114.12,22.69\n', 3),
        ('name,lon,lat\n"a"b,114.12,22.69\n', 2),
        ('name,lon,lat\na,114.12,22.69\n"', 3),
    ],
)
def test_H235_a_quotation_mark_without_partner(tmp_path: Path, text: str, line: int) -> None:
    found = refused(tmp_path, text.encode(), "a.csv")
    assert (found.status, found.code, found.faults[0].line) == (422, "csv-quote", line)


def test_H236_a_field_of_60_mb(tmp_path: Path) -> None:
    for cell in (b"x" * 60_000_000, b'"' + b"x\n" * 30_000_000 + b'"'):
        started = time.process_time()
        found = refused(tmp_path, b"name,lon,lat\n" + cell + b",114.12,22.69\n", "a.csv")
        assert (found.status, found.code) == (413, "value-length")
        assert time.process_time() - started < 5
    assert refused(tmp_path, b"name,lon,lat\n" + b"x" * 10_001 + b",114.12,22.69\n", "a.csv").status == 413


def test_H237_duplicate_headers(tmp_path: Path) -> None:
    found = refused(tmp_path, "名称,名称,lon,lat\na,b,114.12,22.69\n".encode(), "a.csv")
    assert (found.status, found.code, found.faults[0].field) == (422, "duplicate-field", "名称")


@pytest.mark.parametrize(
    ("cell", "value", "how"),
    [
        ("114.12", 114.12, "plain"), (" 114.12 ", 114.12, "plain"), ("-0.5", -0.5, "plain"),
        (114, 114.0, "plain"),
        ("1.1412e2", 114.12, "plain"), ("１１４．１２", 114.12, "normalised"),
        ("114,12", 114.12, "normalised"), ("512,330.6", 512330.6, "normalised"),
        ("114°07'12\"E", 114.12, "dms"),
        ("114°07′12″", 114.12, "dms"),
        ("东经114度7分12秒", 114.12, "dms"), ("E114°07.2'", 114.12, "dms"), ("22°41'24\"S", -22.69, "dms"),
        ("114:07:12", 114.12, "dms"), ("114°06'E", 114.1, "dms"), ("114.12°", 114.12, "dms"),
    ],
)  # fmt: skip
def test_H238_coordinates_as_people_write_them(cell: object, value: float, how: str) -> None:
    found = parse_coordinate(cell)
    assert found is not None
    assert found[0] == pytest.approx(value, abs=1e-9)
    assert found[1] == how


@pytest.mark.parametrize(
    "cell",
    ["", "abc", "N/A", "-", "nan", "inf", "114°61'", "1.2.3", "114 12", None, True, "1e9999", float("nan")],
)
def test_H238_what_is_no_coordinate(cell: object) -> None:
    found = parse_coordinate(cell)
    assert found is None


def test_H238_degrees_and_minutes_are_told(tmp_path: Path) -> None:
    _, rows = opened(
        tmp_path, "name,lon,lat\na,114°06'E,22°41'24\"\n".encode().replace(b'24"', b"24''"), "a.csv"
    )
    assert codes(rows[0].issues) == ["dms-converted", "dms-converted"]
    assert lonlat(rows[0]) == (114.1, 22.69)


def test_H239_formulas_are_verbatim_and_our_own_guard_is_taken_off(tmp_path: Path) -> None:
    cells = ["=HYPERLINK(1)", "@SUM(1)", "+1", "-1", "'=1+1", "'@x", "'-5", "'quoted'", "it's"]
    text = "name,lon,lat\n" + "".join(f"{cell},114.12,22.69\n" for cell in cells)
    read = [properties["name"] for properties in rows_of(tmp_path, text)]
    assert read == ["=HYPERLINK(1)", "@SUM(1)", "+1", "-1", "=1+1", "@x", "-5", "'quoted'", "it's"]


@pytest.mark.parametrize(
    "wkt", ["POINT (114.12", "POINT 114 22", "HELLO", "POLYGON ((0 0, 1 1))", "POINT(a b)", "x"]
)
def test_H240_broken_wkt(tmp_path: Path, wkt: str) -> None:
    found = refused(tmp_path, f'name,wkt\na,"{wkt}"\n'.encode(), "a.csv")
    assert (found.status, found.code) == (422, "wkt")
    _, rows = opened(tmp_path, f'name,wkt\na,"{wkt}"\nb,POINT (114.12 22.69)\n'.encode(), "a.csv")
    assert [row.blocked for row in rows] == [True, False]


@pytest.mark.parametrize(
    ("wkt", "kind", "issues"),
    [
        ("POINT (114.12 22.69)", "Point", []),
        ("POINT Z (114.12 22.69 5)", "Point", []),
        ("SRID=4326;POINT (114.12 22.69)", "Point", []),
        ("LINESTRING (114.12 22.69, 114.13 22.7)", "LineString", []),
        ("MULTIPOLYGON (((114.12 22.69, 114.13 22.69, 114.13 22.7, 114.12 22.69)))", "MultiPolygon", []),
        (
            "GEOMETRYCOLLECTION (POINT (114.12 22.69), POINT (114.13 22.7))",
            "MultiPoint",
            ["collection-exploded"],
        ),
    ],
)
def test_wkt_columns(tmp_path: Path, wkt: str, kind: str, issues: list[str]) -> None:
    reading, rows = opened(tmp_path, f'name,geometry\na,"{wkt}"\n'.encode(), "a.csv")
    assert rows[0].geometry is not None
    assert (rows[0].geometry.geom_type, codes(rows[0].issues)) == (kind, issues)
    assert reading.fields == ["name"]


@pytest.mark.parametrize("wkt", ["POINT EMPTY", "POLYGON EMPTY", "GEOMETRYCOLLECTION EMPTY"])
def test_H071_empty_wkt(tmp_path: Path, wkt: str) -> None:
    assert refused(tmp_path, f"name,wkt\na,{wkt}\n".encode(), "a.csv").code == "geometry-empty"


@pytest.mark.parametrize("wkt", ["POINT (nan nan)", "POINT (1e308 1e308)", "POINT (inf 1)"])
def test_H030_wkt_out_of_range(tmp_path: Path, wkt: str) -> None:
    assert refused(tmp_path, f"name,wkt\na,{wkt}\n".encode(), "a.csv").code in (
        "coordinate-range",
        "wkt",
        "geometry-empty",
    )


def test_H083_curves_in_wkt(tmp_path: Path) -> None:
    text = 'name,wkt\na,"CIRCULARSTRING (114 22, 114.1 22.1, 114.2 22)"\n'
    assert refused(tmp_path, text.encode(), "a.csv").code == "geometry-unsupported"


@pytest.mark.parametrize("depth", [2, 3, 10_000])
def test_H075_nested_collections_in_wkt(tmp_path: Path, depth: int) -> None:
    wkt = "GEOMETRYCOLLECTION(" * depth + "POINT(114 22)" + ")" * depth
    found = refused(tmp_path, f'name,wkt\na,"{wkt}"\n'.encode(), "a.csv", limits=COMMAND)
    assert (found.status, found.code) == (413, "geometry-depth")


def test_H059_two_systems_in_one_column(tmp_path: Path) -> None:
    text = "name,wkt\na,SRID=4326;POINT (114.12 22.69)\nb,SRID=4547;POINT (512330 2510212)\n"
    assert refused(tmp_path, text.encode(), "a.csv").code == "crs-conflict"
    projected = f"name,wkt\na,SRID=4547;POINT ({EASTING} {NORTHING})\n"
    reading, rows = opened(tmp_path, projected.encode(), "a.csv")
    assert (reading.crs, reading.crs_known_by) == ("EPSG:4547", "in the file")
    assert lonlat(rows[0]) == pytest.approx((LON, LAT), abs=1e-6)


def test_H241_headers_exchanged(tmp_path: Path) -> None:
    data = b"name,lon,lat\na,22.69,114.12\n"
    found = refused(tmp_path, data, "a.csv")
    assert (found.code, found.offers) == ("axis-swapped", {"axis": ["latlon"]})
    assert lonlat(opened(tmp_path, data, "a.csv", axis="latlon")[1][0]) == (LON, LAT)


@pytest.mark.parametrize(
    "text", ["名称,状态\na,b\n", "just a line\n", "hello", "CSV:/etc/passwd", "lon,name\n1,a\n"]
)
def test_H242_no_coordinates(tmp_path: Path, text: str) -> None:
    found = refused(tmp_path, text.encode(), "a.csv")
    assert (found.status, found.code) == (422, "no-geometry")


def test_H072_rows_without_a_place(tmp_path: Path) -> None:
    text = "name,lon,lat\na,114.12,22.69\nb,,\nc,114.12,\nd,114.12,north\n"
    _, rows = opened(tmp_path, text.encode(), "a.csv")
    assert [codes(row.issues) for row in rows] == [
        [],
        ["null-geometry"],
        ["coordinate-empty"],
        ["coordinate-unread"],
    ]
    assert [row.blocked for row in rows] == [False, False, True, True]
    assert [row.issues[0].field for row in rows[2:]] == ["lat", "lat"]


def test_H243_mark(tmp_path: Path) -> None:
    reading, rows = opened(tmp_path, codecs.BOM_UTF8 + GOOD.encode(), "a.csv")
    assert (reading.fields[0], reading.notes, len(rows)) == ("名称", [], 2)


def test_H244_line_breaks_and_sep_line(tmp_path: Path) -> None:
    text = 'sep=;\r\n"name\nlong";lon;lat\r\n"a\nb";114.12;22.69\r\n\r\nc;114.12;22.69\r\n'
    reading, rows = opened(tmp_path, text.encode(), "a.csv")
    assert (reading.fields, reading.notes) == (["name long"], [])
    assert [(row.line, row.properties["name long"]) for row in rows] == [(4, "a\nb"), (7, "c")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(tmp_path: Path, end: str) -> None:
    assert len(rows_of(tmp_path, GOOD.replace("\n", end))) == 2


def test_empty_columns_at_the_end_are_no_columns(tmp_path: Path) -> None:
    text = "name,,lon,lat,,\na,x,114.12,22.69,,\n,,,,,\n"
    assert rows_of(tmp_path, text) == [{"name": "a", "column_2": "x"}]


def test_quotes_inside_quotes(tmp_path: Path) -> None:
    assert rows_of(tmp_path, 'name,lon,lat\n"a ""b"", c",114.12,22.69\n')[0]["name"] == 'a "b", c'


def test_a_table_of_headers_alone(tmp_path: Path) -> None:
    assert refused(tmp_path, b"name,lon,lat\n", "a.csv").code == "no-features"


def test_H090_too_many_columns(tmp_path: Path) -> None:
    text = ",".join(f"c{n}" for n in range(201)) + ",lon,lat\n"
    assert refused(tmp_path, text.encode(), "a.csv").code == "keys"


def test_all_of_pieces_of_a_table_are_refused_or_read(tmp_path: Path) -> None:
    """No cut of a file makes anything but a refusal or rows that were in it."""
    whole = GOOD.encode()
    for end in range(1, len(whole)):
        try:
            _, rows = opened(tmp_path, whole[:end], "a.csv", limits=BROWSER)
        except Refused:
            continue
        assert rows[0].properties["名称"] == "富安东路"


def test_our_own_export_comes_back(tmp_path: Path) -> None:
    """Its columns, its mark, its apostrophes, its empty cell for what has no place."""
    header = ",".join(COLUMNS)
    places = ["POINT (114.1200000 22.6900000)", "", "MULTILINESTRING ((114.12 22.69, 114.13 22.7))"]
    cells = {"id": "fuan-road", "name_zh": "'=富安东路", "name_en": "Fu'an Road", "day": "2025-01-16"}
    lines = [header]
    for place in places:
        row = [f'"{place}"' if column == "wkt" else cells.get(column, "") for column in COLUMNS]
        lines.append(",".join(row))
    data = codecs.BOM_UTF8 + "\r\n".join([*lines, ""]).encode()
    reading, rows = opened(tmp_path, data, "projects.csv")
    assert reading.fields == [column for column in COLUMNS if column != "wkt"]
    assert rows[0].properties["name_zh"] == "=富安东路"
    assert [row.geometry is None for row in rows] == [False, True, False]
    assert [row.blocked for row in rows] == [False, False, False]
