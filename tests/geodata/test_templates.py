"""What goes out to whoever brings data: an empty file of a kind, and the list of faults."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from geodata import headers
from geodata.geometry import PRECISIONS
from geodata.issues import issue
from geodata.kinds import Kind, load_kinds
from geodata.mapping import propose
from geodata.phases import PHASES
from geodata.reading import COMMAND, Declared, Place, read
from geodata.rows import Table, check
from geodata.templates import (
    FAULT_COLUMNS,
    PHASE_NAMES,
    PRECISION_NAMES,
    SAMPLE_KEY,
    SAMPLE_NAME,
    Found,
    columns,
    faults_csv,
    template_csv,
    template_geojson,
)

KINDS = load_kinds()
BOM = b"\xef\xbb\xbf"


def lines(content: bytes) -> list[list[str]]:
    assert content.startswith(BOM)
    assert content.count(b"\n") == content.count(b"\r\n")
    return list(csv.reader(io.StringIO(content.removeprefix(BOM).decode(), newline=""), strict=True))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_csv_template_is_a_header_with_where_the_place_goes(kind: Kind) -> None:
    header, sample = lines(template_csv(kind))
    assert len(sample) == len(header)
    assert header[: len(columns(kind))] == columns(kind)
    place = header[len(columns(kind)) :]
    if not kind.geometry:
        assert place == []
    else:
        assert place == (["经度", "纬度"] if kind.geometry[0] == "point" else ["WKT"])
    assert len(header) == len(set(header))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_geojson_template_explains_every_property(kind: Kind) -> None:
    template = json.loads(template_geojson(kind))
    (feature,) = template["features"]
    assert feature == {"type": "Feature", "geometry": None, "properties": dict.fromkeys(columns(kind))}
    assert [told["name"] for told in template["columns"]] == columns(kind)
    assert all(told["meaning"].isascii() for told in template["columns"])
    assert not any(told["meaning_zh"].isascii() for told in template["columns"])
    assert not template["how_zh"].isascii()
    assert template["how"].isascii()
    assert template["geometry_types"] == list(kind.geometry)


def test_a_template_lists_the_words_that_a_column_may_hold() -> None:
    told = {
        entry["name"]: entry.get("words") for entry in json.loads(template_geojson(KINDS["road"]))["columns"]
    }
    assert "桥梁" in told["类型"]
    assert "building" in told["状态"]
    assert "surveyed" in told["精度"]
    assert told["名称"] is None


def read_csv(path: Path, kind: Kind) -> Table:
    reading = read(path, Declared(name=path.name), COMMAND, Place((114.0, 22.5, 114.3, 22.8)))
    rows = list(reading.rows)
    return check(rows, propose(reading.fields, None, kind), kind, (114.0, 22.5, 114.3, 22.8))


@pytest.mark.parametrize("kind", [k for k in KINDS.values() if k.geometry], ids=lambda kind: kind.id)
def test_a_sample_row_holds_words_that_are_read_and_is_itself_never_taken(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / "template.csv"
    path.write_bytes(template_csv(kind))
    (record,) = read_csv(path, kind).records
    assert [found.code for found in record.issues if found.severity == "block"] == ["sample-row"]
    assert record.fields["precision"] == "digitised"
    assert (record.status is not None and record.status.phase == "building") == kind.tracked


@pytest.mark.parametrize(
    ("key", "name", "blocked"), [("A-1", "甲", False), ("A-1", "", True), ("", "甲", True), ("", "", True)]
)
def test_a_sample_row_that_is_only_half_written_over_is_still_told(
    key: str, name: str, blocked: bool, tmp_path: Path
) -> None:
    kind, path = KINDS["parcel"], tmp_path / "half.csv"
    content = template_csv(kind).decode()
    content = content.replace(SAMPLE_KEY, key or SAMPLE_KEY).replace(SAMPLE_NAME, name or SAMPLE_NAME)
    path.write_bytes(content.encode())
    (record,) = read_csv(path, kind).records
    assert ("sample-row" in [found.code for found in record.issues]) is blocked


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.tracked], ids=lambda kind: kind.id)
def test_the_words_that_a_template_names_are_read(kind: Kind) -> None:
    assert [headers.phase_of(word, kind.id) for word in PHASE_NAMES] == list(PHASES[1:])
    assert [headers.words().precisions[headers.folded(word)] for word in PRECISION_NAMES] == list(PRECISIONS)


def test_the_faults_of_a_file_are_a_table_with_rows_counted_from_one() -> None:
    found = [
        Found(None, issue("no-key", field="key")),
        Found(0, issue("required", field="名称"), "A-1", "甲"),
        Found(11, replace(issue("outside-area", field="geometry"), lon=116.4, lat=39.9)),
    ]
    header, *rows = lines(faults_csv(found))
    assert tuple(header) == FAULT_COLUMNS
    assert [row[:6] for row in rows] == [
        ["", "", "", "key", "提醒 warn", "no-key"],
        ["1", "A-1", "甲", "名称", "错误 block", "required"],
        ["12", "", "", "geometry", "错误 block", "outside-area"],
    ]
    assert rows[2][-2:] == ["116.4", "39.9"]
    assert rows[1][6:8] == ["缺少必填的“名称”", "'名称' is required and missing"]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_H106_what_looks_like_a_formula_is_safe_in_the_report(name: str) -> None:
    _, row = lines(faults_csv([Found(0, issue("required", field=name), name, name)]))
    assert row[1:4] == ["'" + name] * 3


PLACES = {
    "point": "POINT (114.12 22.69)",
    "polygon": "POLYGON ((114.12 22.69, 114.121 22.69, 114.121 22.691, 114.12 22.69))",
    "linestring": "LINESTRING (114.12 22.69, 114.13 22.69)",
}
FILLED = {
    "编号": "A-1",
    "名称": "甲",
    "英文名称": "A",
    "状态": "在建",
    "状态日期": "2025年1月",
    "精度": "实测",
}


@pytest.mark.parametrize("kind", [k for k in KINDS.values() if k.geometry], ids=lambda kind: kind.id)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_filled_template_is_read_without_a_fault(kind: Kind, encoding: str, tmp_path: Path) -> None:
    header, _ = lines(template_csv(kind))
    place = {"WKT": PLACES[kind.geometry[0]], "经度": "114.12", "纬度": "22.69"}
    words = {field.name_zh: field.values[0].name_zh for field in kind.fields if field.values}
    cells = {**place, **FILLED, **words}
    path = tmp_path / "filled.csv"
    text = ",".join(header) + "\r\n" + ",".join(_quoted(cells.get(name, "12")) for name in header) + "\r\n"
    path.write_bytes(text.encode(encoding))
    reading = read(path, Declared(name=path.name), COMMAND, Place((114.0, 22.5, 114.3, 22.8)))
    rows = list(reading.rows)
    table = check(rows, propose(reading.fields, None, kind), kind, (114.0, 22.5, 114.3, 22.8))
    (record,) = table.records
    assert record.issues == []
    assert [note.code for note in table.notes] == []
    assert (record.key, record.name, record.fields["precision"]) == ("A-1", "甲", "surveyed")
    assert record.attrs.keys() == kind.field_codes
    assert record.geometry is not None
    assert (record.status is not None) == kind.tracked


def _quoted(value: str) -> str:
    return f'"{value}"' if "," in value else value
