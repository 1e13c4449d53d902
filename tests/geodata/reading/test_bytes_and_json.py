"""Bytes, encodings and JSON: what is refused before a single feature counts."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import orjson
import pytest

from geodata.reading import BROWSER, Refused
from tests.geodata.reading.making import (
    LAT,
    LON,
    POINT,
    as_bytes,
    codes,
    collection,
    feature,
    lonlat,
    of_properties,
    opened,
    refused,
)

OK = as_bytes(collection(feature()))
POINT_TEXT = b'{"type":"Point","coordinates":[114.12,22.69]}'


def with_text(properties: bytes, geometry: bytes = POINT_TEXT, more: bytes = b"") -> bytes:
    return b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":%b,"properties":%b}]%b}' % (
        geometry,
        properties,
        more,
    )


def test_a_good_file_is_read(tmp_path: Path) -> None:
    reading, rows = opened(tmp_path, OK)
    assert (reading.format, reading.encoding, reading.crs, reading.axis) == (
        "geojson",
        "utf-8",
        "EPSG:4326",
        "lonlat",
    )
    assert reading.crs_known_by == "default"
    assert reading.notes == []
    assert reading.fields == ["name"]
    assert lonlat(rows[0]) == (LON, LAT)
    assert rows[0].properties == {"name": "富安东路"}
    assert rows[0].issues == []


REFUSED: list[tuple[str, bytes, int, str]] = [
    ("H001_empty", b"", 422, "empty-file"),
    ("H002_whitespace", b" \n\t \r\n", 422, "empty-file"),
    ("H002_whitespace_after_mark", b"\xef\xbb\xbf  ", 422, "empty-file"),
    ("H003_nul", b"\x00" * 64, 415, "unsupported-format"),
    ("H004_trailing_comma", OK[:-2] + b",]}", 422, "json-syntax"),
    ("H004_trailing_comma_in_feature", with_text(b'{"a":1,}'), 422, "json-syntax"),
    ("H005_truncated", OK[:-20], 422, "json-truncated"),
    ("H005_truncated_in_text", OK[: OK.index("东".encode()) + 3], 422, "json-truncated"),
    ("H005_many", as_bytes(collection(*[feature()] * 1000))[:-200], 422, "json-truncated"),
    ("H005_one_brace", b"{", 422, "json-truncated"),
    ("H008_utf32", OK.decode().encode("utf-32"), 415, "charset"),
    ("H010_bad_utf8", with_text(b'{"a":"\xc3\x28"}'), 422, "charset"),
    ("H010_bad_utf8_among_good", with_text('{"a":"富安东路'.encode() + b'\xe5\x28"}'), 422, "charset"),
    ("H011_nan", with_text(b"{}", b'{"type":"Point","coordinates":[NaN,22.6]}'), 422, "json-syntax"),
    ("H012_infinity", with_text(b"{}", b'{"type":"Point","coordinates":[Infinity,2]}'), 422, "json-syntax"),
    ("H013_1e999", with_text(b'{"a":1e999}'), 422, "number-range"),
    ("H014_duplicate_property", with_text(b'{"a":1,"a":2}'), 422, "duplicate-key"),
    (
        "H014_duplicate_coordinates",
        with_text(b"{}", b'{"type":"Point","coordinates":[114.12,22.69],"coordinates":[0,0]}'),
        422,
        "duplicate-key",
    ),
    ("H014_duplicate_escaped", with_text(b'{"a":1,"\\u0061":2}'), 422, "duplicate-key"),
    ("H014_duplicate_deep", with_text(b'{"a":[{"b":{"c":1,"c":2}}]}'), 422, "duplicate-key"),
    ("H014_duplicate_at_root", with_text(b"{}", more=b',"name":1,"name":2'), 422, "duplicate-key"),
    ("H014_features_twice", with_text(b"{}", more=b',"features":[]'), 422, "duplicate-key"),
    ("H016_nested", b"[" * 100_000 + b"]" * 100_000, 413, "json-depth"),
    ("H016_nested_in_property", with_text(b'{"a":' + b"[" * 99 + b"]" * 99 + b"}"), 413, "json-depth"),
    ("H017_lone_surrogate", with_text(rb'{"a":"\ud800"}'), 422, "charset"),
    ("H018_escaped_nul", with_text(rb'{"a":"a\u0000b"}'), 422, "control-character"),
    ("H019_lines", b"\n".join([as_bytes(feature())] * 3), 415, "geojson-sequence"),
    ("H019_record_separators", b"\x1e" + as_bytes(feature()) + b"\n", 415, "geojson-sequence"),
    ("H021_case", OK.replace(b"FeatureCollection", b"featurecollection"), 422, "geojson-type"),
    ("H022_empty_object", b"{}", 422, "geojson-type"),
    ("H022_list", b"[]", 422, "geojson-type"),
    ("H022_text", b'"x"', 422, "geojson-type"),
    ("H022_number", b"1", 422, "geojson-type"),
    ("H022_type_of_lists", OK.replace(b'"FeatureCollection"', b'["FeatureCollection"]'), 422, "geojson-type"),
    ("H023_no_features", as_bytes(collection()), 422, "no-features"),
    ("H028_login_page", b"<!DOCTYPE html><html><body>login</body></html>", 415, "unsupported-format"),
    ("H098_bell", with_text(rb'{"a":"\u0007"}'), 422, "control-character"),
    ("H098_escape", with_text(rb'{"a":"\u001b[31m"}'), 422, "control-character"),
    ("H098_raw_control", with_text(b'{"a":"x\x07y"}'), 422, "control-character"),
    ("H098_c1_control", with_text('{"a":"x\x85y"}'.encode()), 422, "control-character"),
    ("H098_in_id", OK.replace(b'"Feature",', b'"Feature","id":"\\u0001",'), 422, "control-character"),
]


@pytest.mark.parametrize(
    ("data", "status", "code"), [row[1:] for row in REFUSED], ids=[r[0] for r in REFUSED]
)
def test_refused(tmp_path: Path, data: bytes, status: int, code: str) -> None:
    found = refused(tmp_path, data)
    assert (found.status, found.code) == (status, code)


def test_H004_says_line_and_column(tmp_path: Path) -> None:
    lines = ['{"type":"FeatureCollection",', '"features":[', '{"type":"Feature","富":1,}', "]}"]
    found = refused(tmp_path, "\n".join(lines).encode()).faults[0]
    assert (found.line, found.column) == (3, 24)
    assert found.byte == len("\n".join(lines[:2]).encode()) + 1 + len(lines[2].encode()) - 1 - 1


def test_H004_place_is_right_in_a_later_piece(tmp_path: Path) -> None:
    rows = [json.dumps(feature(properties={"a": "x" * 900})) for _ in range(4000)]
    rows[3500] = rows[3500][:-1] + ",}"
    found = refused(
        tmp_path, ('{"type":"FeatureCollection","features":[\n' + ",\n".join(rows) + "]}").encode()
    )
    assert (found.code, found.faults[0].line) == ("json-syntax", 3502)


@pytest.mark.parametrize("gap", [" ", "\n", "", ",,", ", ,"])
def test_H004_missing_or_double_comma_between_pieces(tmp_path: Path, gap: str) -> None:
    """Pieces are parsed apart; what stands between them must still be one comma."""
    long = json.dumps(feature(properties={"a": "x" * 9000}))
    rows = ",".join([long] * 130) + gap + ",".join([long] * 130)
    data = ('{"type":"FeatureCollection","features":[' + rows + "]}").encode()
    assert refused(tmp_path, data).code == "json-syntax"


def test_H005_a_quotation_mark_too_few_is_told_as_such(tmp_path: Path) -> None:
    data = OK.replace("富安东路".encode() + b'"', "富安东路".encode())
    assert refused(tmp_path, data).code in ("json-truncated", "json-syntax")


@pytest.mark.parametrize(
    ("encoding", "mark", "code"),
    [
        ("utf-8-sig", b"", ""),  # H006
        ("utf-16-le", b"\xff\xfe", "charset-converted"),  # H007
        ("utf-16-be", b"\xfe\xff", "charset-converted"),
        ("utf-16-le", b"", "charset-converted"),
        ("gb18030", b"", "charset-gb18030"),  # H009
    ],
)
def test_H006_H007_H009_encodings(tmp_path: Path, encoding: str, mark: bytes, code: str) -> None:
    data = mark + OK.decode().encode(encoding)
    reading, rows = opened(tmp_path, data)
    assert rows[0].properties["name"] == "富安东路"
    assert codes(reading.notes) == ([code] if code else [])


def test_H009_names_to_confirm_are_shown(tmp_path: Path) -> None:
    reading, _ = opened(tmp_path, OK.decode().encode("gb18030"))
    assert "富安东路" in reading.notes[0].detail_zh
    assert "富安东路" in reading.notes[0].detail_en


def test_H009_declared_encoding_is_taken_and_judged(tmp_path: Path) -> None:
    reading, rows = opened(tmp_path, OK.decode().encode("gb18030"), encoding="GBK")
    assert rows[0].properties["name"] == "富安东路"
    assert reading.notes == []
    assert refused(tmp_path, OK.decode().encode("gb18030"), encoding="utf-8").code == "charset"
    assert refused(tmp_path, OK, encoding="klingon").status == 415


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_H007_utf16_that_is_declared_needs_no_mark(tmp_path: Path, encoding: str) -> None:
    reading, rows = opened(tmp_path, OK.decode().encode(encoding), encoding="utf-16")
    assert (rows[0].properties["name"], reading.encoding) == ("富安东路", encoding)


def test_H007_what_is_no_utf16_is_refused_when_it_is_declared(tmp_path: Path) -> None:
    assert refused(tmp_path, OK, encoding="utf-16").status == 422


def test_H010_says_the_byte(tmp_path: Path) -> None:
    data = with_text(b'{"a":"\xc3\x28"}')
    assert refused(tmp_path, data).faults[0].byte == data.index(b"\xc3")


def test_H010_western_text_is_not_taken_for_chinese(tmp_path: Path) -> None:
    data = with_text('{"a":"cafés, naïve, Zürich, Ålesund"}'.encode("latin-1"))
    assert refused(tmp_path, data).code == "charset"


def test_H014_tells_feature_and_name(tmp_path: Path) -> None:
    good = json.dumps(feature())
    bad = '{"type":"Feature","geometry":null,"properties":{"a":1,"b":2,"a":3}}'
    data = f'{{"type":"FeatureCollection","features":[{good},{bad},{good},{bad}]}}'.encode()
    found = refused(tmp_path, data)
    assert [(fault.row, fault.field) for fault in found.faults] == [(1, "a"), (3, "a")]
    assert found.faults_total == 2


def test_H015_big_integers_and_long_decimals_are_exact(tmp_path: Path) -> None:
    data = with_text(
        b'{"big":9223372036854775808,"huge":1000000000000000000000000000001,"far":0.12345678901234567890,'
        b'"one":1.00000000000000000001,"unsafe":9007199254740993,"safe":9007199254740992,"f":0.1,"tiny":1e-400}'
    )
    _, rows = opened(tmp_path, data)
    assert rows[0].properties == {
        "big": 9223372036854775808,
        "huge": "1000000000000000000000000000001",
        "far": "0.12345678901234567890",
        "one": "1.00000000000000000001",
        "unsafe": "9007199254740993",
        "safe": 9007199254740992,
        "f": 0.1,
        "tiny": "1e-400",
    }
    assert set(codes(rows[0].issues)) == {"number-exact"}
    assert not rows[0].blocked


def test_H015_exact_inside_lists_and_as_id(tmp_path: Path) -> None:
    data = with_text(b'{"a":[0.12345678901234567890]}').replace(
        b'"Feature",', b'"Feature","id":12345678901234567890123,'
    )
    _, rows = opened(tmp_path, data)
    assert rows[0].properties["a"] == ["0.12345678901234567890"]
    assert rows[0].id == "12345678901234567890123"


def test_H018_all_faults_are_told_with_pointers(tmp_path: Path) -> None:
    data = as_bytes(
        collection(feature(properties={"a": "\x00"}), feature(), feature(properties={"x/y": "\x07"}, id="k"))
    )
    found = refused(tmp_path, data)
    assert [fault.pointer for fault in found.faults] == [
        "/features/0/properties/a",
        "/features/2/properties/x~1y",
    ]


def test_H020_bare_feature_and_geometry(tmp_path: Path) -> None:
    reading, rows = opened(tmp_path, as_bytes(feature(id=7)))
    assert (rows[0].id, reading.notes) == ("7", [])
    reading, rows = opened(tmp_path, as_bytes(POINT))
    assert codes(reading.notes) == ["bare-geometry"]
    assert rows[0].geometry is not None


STRUCTURE: list[tuple[Any, str]] = [
    (feature(properties=[1]), "/features/0/properties"),
    (feature(properties=5), "/features/0/properties"),
    (feature(properties="x"), "/features/0/properties"),
    (feature("POINT (1 2)"), "/features/0/geometry"),
    (feature([1, 2]), "/features/0/geometry"),
    (feature(id={"a": 1}), "/features/0/id"),
    ({**feature(), "type": "feature"}, "/features/0/type"),
    ({"geometry": POINT, "properties": {}}, "/features/0/type"),
    (None, "/features/0"),
    (5, "/features/0"),
    ("x", "/features/0"),
    ([feature()], "/features/0"),
]


@pytest.mark.parametrize(("item", "pointer"), STRUCTURE)
def test_H025_structure(tmp_path: Path, item: Any, pointer: str) -> None:
    found = refused(tmp_path, as_bytes(collection(item)))
    assert (found.status, found.code) == (422, "geojson-structure")
    assert found.faults[0].pointer == pointer


@pytest.mark.parametrize("features", [{}, {"a": 1}, None, "x", 3])
def test_H025_features_that_are_no_list(tmp_path: Path, features: Any) -> None:
    found = refused(tmp_path, as_bytes({"type": "FeatureCollection", "features": features}))
    assert (found.code, found.faults[0].pointer) == ("geojson-structure", "/features")
    assert refused(tmp_path, b'{"type":"FeatureCollection"}').code == "geojson-structure"


def test_H025_a_bad_one_among_good_is_pointed_at(tmp_path: Path) -> None:
    found = refused(tmp_path, as_bytes(collection(feature(), None, feature(), feature(properties=1))))
    assert [fault.pointer for fault in found.faults] == ["/features/1", "/features/3/properties"]


def test_H026_properties_null_or_missing(tmp_path: Path) -> None:
    null = {"type": "Feature", "geometry": POINT, "properties": None}
    reading, rows = opened(tmp_path, as_bytes(collection(null)))
    assert (rows[0].properties, reading.notes) == ({}, [])
    missing = {"type": "Feature", "geometry": POINT}
    reading, _ = opened(tmp_path, as_bytes(collection(missing)))
    assert codes(reading.notes) == ["properties-missing"]


def test_H027_foreign_member(tmp_path: Path) -> None:
    for document in (
        collection(feature(), foreign="x" * 5_000_000),
        {**collection(feature()), "after": {"deep": ["y" * 5_000_000]}},
        collection(feature(foreign="x" * 5_000_000)),
    ):
        reading, rows = opened(tmp_path, as_bytes(document))
        assert (len(rows), reading.notes) == (1, [])


@pytest.mark.parametrize("name", ["parcels.zip", "地块.KMZ", "a.xlsx", "a.gpkg"])
def test_text_under_the_name_of_what_is_never_text_is_told_as_such(tmp_path: Path, name: str) -> None:
    found = refused(tmp_path, "编号,名称\nA1,甲地块\n".encode(), name)
    assert (found.status, found.code) == (415, "unsupported-format")
    assert f"名为 {Path(name).suffix.lower()} 的文本文件" in found.detail_zh
    # What is plainly something that can be read is read, whatever it is called.
    assert opened(tmp_path, OK, name)[0].format == "geojson"


RELATIVES: list[tuple[str, Any]] = [
    ("Esri JSON", {"geometryType": "esriGeometryPoint", "spatialReference": {"wkid": 4326}, "features": []}),
    ("TopoJSON", {"type": "Topology", "objects": {}, "arcs": []}),
    ("JSON-FG", collection(feature(), conformsTo=["http://www.opengis.net/spec/json-fg-1/0.2/conf/core"])),
    ("GDALG", {"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline read /etc/passwd"}),  # H214
]


@pytest.mark.parametrize(("name", "document"), RELATIVES)
def test_H029_H214_relatives_are_named(tmp_path: Path, name: str, document: Any) -> None:
    found = refused(tmp_path, as_bytes(document))
    assert (found.status, found.code) == (415, "unsupported-format")
    assert name in found.detail_en
    assert "GeoJSON" in found.detail_zh


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return out.getvalue()


CONTENT: list[tuple[str, bytes, str]] = [
    ("H164", b"\x00\x00\x27\x0a" + b"\x00" * 96, "Shapefile"),
    ("H170", b"SQLite format 3\x00" + b"\x00" * 80, "SQLite"),
    ("H210", b'<OGRVRTDataSource><OGRVRTLayer name="x"/></OGRVRTDataSource>', "VRT"),
    ("H211", b'<OGRVRTDataSource><SrcDataSource>CSV:/etc/passwd</SrcDataSource></OGRVRTDataSource>', "VRT"),
    ("H212", b"<OGRVRTDataSource><SrcDataSource>/vsicurl/http://127.0.0.1:9/x</SrcDataSource></OGRVRTDataSource>",
     "VRT"),
    ("H213", b'<?xml version="1.0"?>\n<!-- x -->\n<OGRVRTDataSource/>', "VRT"),
    ("H215", b"<OGRWFSDataSource><URL>http://127.0.0.1/</URL></OGRWFSDataSource>", "map service"),
    ("H218", gzip.compress(OK), "gzip"),
    ("H219_zip", zipped("a.geojson"), "ZIP"),
    ("H220_png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 20, "PNG"),
    ("H220_pdf", b"%PDF-1.7\n", "PDF"),
    ("H220_docx", zipped("[Content_Types].xml", "word/document.xml"), "Office"),
    ("H220_xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100, "old Office"),
    ("H220_ods", zipped("mimetype", "content.xml"), "OpenDocument"),
    ("H220_dxf", b"  0\r\nSECTION\r\n  2\r\nHEADER\r\n", "DXF"),
    ("H220_dwg", b"AC1032\x00\x00" + b"\x00" * 50, "DWG"),
    ("H163_rar", b"Rar!\x1a\x07\x00", "RAR"),
    ("H163_7z", b"7z\xbc\xaf\x27\x1c", "7z"),
    ("H132_gif", b"GIF89a" + zipped("a.shp"), "GIF"),
    ("H120_torn_zip", zipped("a.geojson")[:40], "damaged ZIP"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "word"), [row[1:] for row in CONTENT], ids=[row[0] for row in CONTENT])
@pytest.mark.parametrize("name", ["a.geojson", "a.csv", "a"])
def test_content_decides_and_the_real_type_is_named(
    tmp_path: Path, data: bytes, word: str, name: str
) -> None:
    found = refused(tmp_path, data, name)
    assert (found.status, found.code) == (415, "unsupported-format")
    assert word in found.detail_en


# Texts that JSON allows or forbids; each stands as the value of a property.
ALLOWED = [
    '"\\u0022\\\\\\/\\t\\n"',
    "-0",
    "0e1",
    "1E+2",
    "[]",
    "{}",
    "[[1],{}]",
    "null",
    "true",
    '"\u2028"',
    '"\U00020bb7"',
    " \t\r\n1 ",
    '"\\uD83D\\uDE00"',
    "123e-2",
    "0.5",
]
FORBIDDEN = [
    "01",
    "1.",
    ".5",
    "+1",
    "-",
    "0x10",
    "1e",
    "'x'",
    "True",
    "nul",
    "[1,]",
    "[,1]",
    "[1 2]",
    '{"a"}',
    '{"a":}',
    "{a:1}",
    '{"a":1,,"b":2}',
    '"\\x41"',
    '"\\u12"',
    '"a\nb"',
    "/*c*/1",
    "1//c",
    '["a"',
    '{"a":1',
    "]",
    "}",
    '"',
    "\ufeff1",
    "\u00a01",
    "1 1",
    "-Infinity",
    "[1}",
    '{"a":1]',
    '"\\uDC00"',
    "#1",
    "$",
    "",
    "[-]",
    "[1e+]",
    "--1",
]


@pytest.mark.parametrize("value", ALLOWED)
def test_json_that_is_allowed(tmp_path: Path, value: str) -> None:
    _, rows = opened(tmp_path, with_text(b'{"v":' + value.encode() + b"}"))
    assert rows[0].properties["v"] == orjson.loads(value)


@pytest.mark.parametrize("value", FORBIDDEN)
@pytest.mark.parametrize("where", ["property", "root", "element"])
def test_json_that_is_not(tmp_path: Path, value: str, where: str) -> None:
    data = {
        "property": with_text(b'{"v":' + value.encode() + b"}"),
        "root": with_text(b"{}", more=b',"v":' + value.encode()),
        "element": OK[:-2] + b"," + value.encode() + b"]}",
    }[where]
    assert refused(tmp_path, data).status in (415, 422)


@pytest.mark.parametrize("step", [1, 7])
def test_every_cut_of_a_file_is_refused(tmp_path: Path, step: int) -> None:
    whole = of_properties({"名": 'a"\\b', "n": [1, {"x": None}]})
    for end in range(1, len(whole), step):
        with pytest.raises(Refused):
            opened(tmp_path, whole[:end])


def test_pieces_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the size of the pieces, also in the middle of an escape, the rows are the same."""
    nasty = [
        feature(properties={"a": 'x\\"]}{[', "b": "\\" * n, "c": [{"d": "]"}, "富"], "e": '"'}, id=n)
        for n in range(30)
    ]
    data = as_bytes(
        {"name": '"features":[', **collection(*nasty), "crs": None, "z": [[1], {"features": [2]}]}
    )
    expected = [(row.id, row.properties) for row in opened(tmp_path, data)[1]]
    assert expected == [(str(item["id"]), item["properties"]) for item in nasty]
    for size in (1, 2, 3, 5, 17, 64, 1000):
        monkeypatch.setattr("geodata.reading.charsets.CHUNK", size)
        assert [(row.id, row.properties) for row in opened(tmp_path, data)[1]] == expected


def test_the_order_of_members_does_not_matter(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "EPSG:4490"}}
    backwards = {"crs": crs, "features": [{"properties": {"a": 1}, "geometry": POINT, "type": "Feature"}]}
    for document in (backwards | {"type": "FeatureCollection"}, {"type": "FeatureCollection"} | backwards):
        reading, rows = opened(tmp_path, as_bytes(document))
        assert (reading.crs, rows[0].properties) == ("EPSG:4490", {"a": 1})
    after = {key: document[key] for key in ("features", "type", "crs")}
    assert opened(tmp_path, as_bytes(after))[0].crs == "EPSG:4490"


def test_limits_name_themselves(tmp_path: Path) -> None:
    found = refused(tmp_path, OK, limits=type(BROWSER)(bytes=10))
    assert (found.status, found.code, found.limit, found.observed) == (413, "too-large", 10, len(OK))
