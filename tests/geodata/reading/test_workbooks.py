"""XLSX: typed cells, sheets to choose from, and archives that mean harm."""

from __future__ import annotations

import datetime as dt
import io
import struct
import time
import zipfile
from pathlib import Path
from typing import Any

import orjson
import pytest
from openpyxl import Workbook

from geodata.reading import BROWSER, Declared, Refused, read_ledger
from tests.geodata.reading.making import EASTING, LAT, LON, NORTHING, PLACE, lonlat, opened, refused

HEADER = ["名称", "状态", "经度", "纬度"]
ROWS = [["富安东路", "在建", LON, LAT], ["平湖大街", "规划", 114.13, 22.7]]


def book(*sheets: tuple[str, list[list[Any]]]) -> bytes:
    made = Workbook()
    assert made.active is not None
    made.remove(made.active)
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def repacked(data: bytes, changes: dict[str, bytes], **more: bytes) -> bytes:
    """The workbook with some entries replaced and some added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, changes.get(entry, old.read(entry)))
        for name, content in more.items():
            new.writestr(name, content)
    return out.getvalue()


GOOD = book(("Sheet1", [HEADER, *ROWS]))
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize("name", ["a.xlsx", "a.geojson", "a"])
def test_a_good_workbook_is_read_whatever_its_name(tmp_path: Path, name: str) -> None:
    reading, rows = opened(tmp_path, GOOD, name)
    assert (reading.format, reading.fields, reading.notes) == ("xlsx", ["名称", "状态"], [])
    assert [(row.n, row.line) for row in rows] == [(0, 2), (1, 3)]
    assert rows[0].properties == {"名称": "富安东路", "状态": "在建"}
    assert lonlat(rows[0]) == (LON, LAT)


def test_typed_cells_become_json(tmp_path: Path) -> None:
    day, moment = dt.date(2025, 1, 15), dt.datetime(2025, 1, 15, 8, 30)  # noqa: DTZ001
    header = ["day", "moment", "whole", "real", "yes", "text", "none", "lon", "lat"]
    row = [day, moment, 3, 2.5, True, "2025-01", None, LON, LAT]
    _, rows = opened(tmp_path, book(("s", [header, row])), "a.xlsx")
    assert rows[0].properties == {
        "day": "2025-01-15",
        "moment": "2025-01-15T08:30:00",
        "whole": 3,
        "real": 2.5,
        "yes": True,
        "text": "2025-01",
        "none": None,
    }


def test_formulas_count_by_their_last_value(tmp_path: Path) -> None:
    cell = b'<c r="C2"><f>57+57.12</f><v>114.12</v></c>'
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        sheet = archive.read(SHEET)
    changed = sheet.replace(b'<c r="C2" t="n"><v>114.12</v></c>', cell)
    assert changed != sheet
    assert lonlat(opened(tmp_path, repacked(GOOD, {SHEET: changed}))[1][0]) == (LON, LAT)


def with_number(number: str, data: bytes | None = None) -> bytes:
    """A workbook with a number as its sheet writes it out."""
    made = data or book(("s", [[*HEADER, "面积"], [*ROWS[0], 2.5]]))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        sheet = archive.read(SHEET)
    assert sheet.count(b"<v>2.5</v>") == 1
    return repacked(made, {SHEET: sheet.replace(b"<v>2.5</v>", f"<v>{number}</v>".encode())})


@pytest.mark.parametrize("number", [str(2**53 + 1), str(2**64), "1" + "0" * 22, "9" * 400])
def test_H375_integers_that_no_other_program_keeps_stay_as_text(tmp_path: Path, number: str) -> None:
    _, rows = opened(tmp_path, with_number(number))
    assert rows[0].properties["面积"] == number
    assert [found.code for found in rows[0].issues] == ["number-exact"]
    _, rows = opened(tmp_path, with_number(str(2**53)))
    assert (rows[0].properties["面积"], rows[0].issues) == (2**53, [])
    cells = ledger_of(tmp_path, with_number(number, book(("s", [["项目名称", "总投资"], ["甲", 2.5]]))))
    assert cells == {"A": "甲", "B": number}


def test_H375_a_number_beyond_all_is_not_an_empty_cell(tmp_path: Path) -> None:
    _, rows = opened(tmp_path, with_number("1e999"))
    assert rows[0].properties["面积"] == "inf"


@pytest.mark.parametrize("name", ["x", "hex", "utf-7"])
@pytest.mark.parametrize("part", [SHEET, "xl/styles.xml", "xl/workbook.xml"])
def test_H375_a_part_in_an_encoding_that_there_is_not(tmp_path: Path, part: str, name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        head, _, rest = archive.read(part).partition(b"?>")
    content = f'<?xml version="1.0" encoding="{name}"?>'.encode() + (rest or head)
    assert refused(tmp_path, repacked(GOOD, {part: content})).code == "archive-corrupt"


def ledger_of(folder: Path, data: bytes) -> dict[str, Any]:
    """The cells of the first row of a ledger."""
    path = folder / "ledger"
    path.write_bytes(data)
    found = list(read_ledger(path, Declared(name="a.xlsx"), BROWSER, PLACE).rows)
    orjson.dumps([row.properties for row in found])
    return found[1].properties


def test_rows_begin_where_something_stands(tmp_path: Path) -> None:
    _, rows = opened(tmp_path, book(("s", [[], [None, ""], HEADER, [], *ROWS, [None]])))
    assert [row.line for row in rows] == [5, 6]


def test_short_rows_are_filled_and_stray_cells_are_not_lost(tmp_path: Path) -> None:
    _, rows = opened(tmp_path, book(("s", [["lon", "lat", "a", "b"], [LON, LAT]])))
    assert rows[0].properties == {"a": None, "b": None}
    found = refused(tmp_path, book(("s", [["lon", "lat"], [LON, LAT, "stray"]])))
    assert (found.code, found.faults[0].line) == ("row-width", 2)


def test_H058_several_sheets_are_offered(tmp_path: Path) -> None:
    data = book(("道路", [HEADER, *ROWS]), ("空", []), ("站点", [HEADER, ROWS[0]]))
    found = refused(tmp_path, data)
    assert (found.status, found.code, found.offers) == (422, "choose-layer", {"layer": ["道路", "站点"]})
    assert len(opened(tmp_path, data, layer="站点")[1]) == 1
    assert refused(tmp_path, data, layer="别的").offers == {"layer": ["道路", "空", "站点"]}
    assert len(opened(tmp_path, book(("a", [HEADER, *ROWS]), ("b", [])))[1]) == 2


def test_metres_ask_for_the_system(tmp_path: Path) -> None:
    data = book(("s", [["名称", "东坐标", "北坐标"], ["a", EASTING, NORTHING]]))
    assert refused(tmp_path, data).offers["crs"][0]["crs"] == "EPSG:4547"
    assert lonlat(opened(tmp_path, data, crs="EPSG:4547")[1][0]) == pytest.approx((LON, LAT), abs=1e-6)


def test_empty_and_header_only(tmp_path: Path) -> None:
    assert refused(tmp_path, book(("s", []))).code == "empty-file"
    assert refused(tmp_path, book(("s", [HEADER]))).code == "no-features"


# ---------------------------------------------------------------- archives


def test_H123_a_bomb(tmp_path: Path) -> None:
    data = repacked(GOOD, {SHEET: b"<worksheet>" + b" " * 200_000_000})
    started = time.process_time()
    found = refused(tmp_path, data)
    assert (found.status, found.code) == (413, "expanded")
    assert time.process_time() - started < 5


def test_H126_too_many_entries(tmp_path: Path) -> None:
    data = repacked(GOOD, {}, **{f"x{n}": b"" for n in range(1001)})
    assert (refused(tmp_path, data).status, refused(tmp_path, data).code) == (413, "entries")


def test_H121_a_damaged_entry(tmp_path: Path) -> None:
    data = bytearray(GOOD)
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        entry = archive.getinfo(SHEET)
    begin = entry.header_offset + 30 + len(SHEET)
    data[begin + 5 : begin + 60] = bytes(55)
    assert refused(tmp_path, bytes(data)).code == "archive-corrupt"


def test_H122_encrypted(tmp_path: Path) -> None:
    data = bytearray(GOOD)
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    assert (refused(tmp_path, bytes(data)).status, refused(tmp_path, bytes(data)).code) == (
        415,
        "archive-encrypted",
    )


@pytest.mark.parametrize("name", ["../../evil", "/etc/x", "a\\..\\b", "C:/x"])
def test_H128_H129_paths(tmp_path: Path, name: str) -> None:
    found = refused(tmp_path, repacked(GOOD, {}, **{name: b"x"}))
    assert (found.status, found.code) == (422, "archive-path")


def test_H124_overlapping_entries(tmp_path: Path) -> None:
    """Two entries of the directory that point at one place."""
    data = repacked(GOOD, {}, aa=b"x" * 50, ab=b"y" * 50)
    second = data.rindex(b"PK\x01\x02")
    first = data.rindex(b"PK\x01\x02", 0, second)
    where = struct.unpack_from("<I", data, first + 42)[0]
    changed = bytearray(data)
    struct.pack_into("<I", changed, second + 42, where + 1)
    assert refused(tmp_path, bytes(changed)).code == "archive-overlap"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_H190_H194_entities(tmp_path: Path, encoding: str) -> None:
    text = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
    found = refused(tmp_path, repacked(GOOD, {SHEET: text.encode(encoding)}))
    assert (found.status, found.code) == (422, "xml-doctype")


@pytest.mark.parametrize("entry", [SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"])
@pytest.mark.parametrize("content", [b"", b"<a/>", b"<worksheet><sheetData><row", b"\x00\xff"])
def test_damaged_parts_are_refused_in_words(tmp_path: Path, entry: str, content: bytes) -> None:
    try:
        _, rows = opened(tmp_path, repacked(GOOD, {entry: content}))
    except Refused:
        return
    assert lonlat(rows[0]) == (LON, LAT)  # what was damaged holds no data


def test_a_row_number_beyond_any_sheet(tmp_path: Path) -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>lon</t></is></c>'
        b'<c r="B1" t="inlineStr"><is><t>lat</t></is></c>'
        b'</row><row r="999999999"><c r="A2"><v>1</v></c></row></sheetData></worksheet>'
    )
    started = time.process_time()
    found = refused(tmp_path, repacked(GOOD, {SHEET: sheet}))
    assert found.status in (413, 422)
    assert time.process_time() - started < 20
