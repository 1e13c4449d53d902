"""Attributes: names, values, and what too many of them cost."""

from __future__ import annotations

import time
import unicodedata
from pathlib import Path

import pytest

from geodata.reading import COMMAND
from tests.geodata.reading.making import as_bytes, codes, collection, feature, of_properties, opened, refused


def test_H094_a_feature_of_100_000_keys_is_refused_fast(tmp_path: Path) -> None:
    data = of_properties({f"key_{n}": n for n in range(100_000)})
    started = time.process_time()
    found = refused(tmp_path, data)
    assert (found.status, found.code, found.limit) == (413, "keys", 200)
    assert time.process_time() - started < 3


def test_H095_20_000_features_each_with_its_own_key(tmp_path: Path) -> None:
    data = as_bytes(collection(*[feature(properties={f"key_{n}": n}) for n in range(20_000)]))
    started = time.process_time()
    found = refused(tmp_path, data)
    assert (found.status, found.code) == (413, "keys")
    assert time.process_time() - started < 3


def test_H096_a_text_of_50_mb(tmp_path: Path) -> None:
    data = of_properties({"a": "富" * 100 + "x" * 50_000_000})
    started = time.process_time()
    found = refused(tmp_path, data, limits=COMMAND)
    assert (found.status, found.code, found.limit) == (413, "value-length", 10_000)
    assert time.process_time() - started < 3


def test_H096_ten_thousand_characters_pass(tmp_path: Path) -> None:
    _, rows = opened(tmp_path, of_properties({"a": "富" * 10_000, "b": "\\" * 9_999}))
    assert rows[0].properties == {"a": "富" * 10_000, "b": "\\" * 9_999}
    assert refused(tmp_path, of_properties({"a": "富" * 10_001})).code == "value-length"
    assert refused(tmp_path, of_properties({"a": ["富" * 10_001]})).code == "value-length"


NAUGHTY = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "javascript:alert(1)",
    "${alert(3)}",
    "{{7*7}}",
    "#{7*7}",
    '=HYPERLINK("http://x")',
    "@SUM(A1)",
    "+1",
    "-1",
    "NaN",
    "null",
    "N/A",
    "-",
    "１２３",
    "𠮷",
    "👨‍👩‍👧",
    "㙟䲟",
    "Robert'); DROP TABLE students;--",
    "%s%n{0}",
    "\u202eabc",
    "a\u200bb",
    "é",
    "e\u0301",
    "\ufffd",
    "../../etc/passwd",
    "\t\n",
    " ",
    "",
]


@pytest.mark.parametrize("value", NAUGHTY)
def test_H101_to_H118_values_pass_unchanged(tmp_path: Path, value: str) -> None:
    for nested in (value, [value], {"k": value}):
        _, rows = opened(tmp_path, of_properties({"a": nested}))
        assert rows[0].properties == {"a": nested}


@pytest.mark.parametrize(
    "name",
    [
        "<script>",
        'x"; drop table projects; --',
        "__proto__",
        "constructor",
        "a\x00",
        "a\u202eb",
        "",
        "  ",
        "a`b",
        "{x}",
    ],
)
def test_H102_H107_H115_names(tmp_path: Path, name: str) -> None:
    found = refused(tmp_path, of_properties({"good": 1, name: 2}))
    assert (found.status, found.code) == (422, "field-name")
    assert found.faults[0].row == 0


@pytest.mark.parametrize(
    "name",
    [
        "名称",
        "面积(公顷)",
        "面积（m²）",
        "status_of_2025",
        "Owner's name",
        "投资 / 亿元",
        "a.b-c",
        "% done",
        "编号#",
    ],
)
def test_H107_ordinary_names_pass(tmp_path: Path, name: str) -> None:
    reading, rows = opened(tmp_path, of_properties({name: 1}))
    assert (reading.fields, rows[0].properties) == ([name], {name: 1})


def test_H108_reserved_names_are_properties_like_any(tmp_path: Path) -> None:
    properties = {"id": "a", "geometry": "b", "fid": 1, "FID": 2, "type": "c"}
    _, rows = opened(tmp_path, as_bytes(collection(feature(properties=properties, id="own"))))
    assert (rows[0].properties, rows[0].id) == (properties, "own")


def test_H109_H110_types_and_nesting_are_exact(tmp_path: Path) -> None:
    values = [1, 1.5, "1", True, None, {"a": {"b": {"c": 1}}}, [[[[1]]]]]
    _, rows = opened(tmp_path, as_bytes(collection(*[feature(properties={"v": value}) for value in values])))
    assert [row.properties["v"] for row in rows] == values
    assert [type(row.properties["v"]) for row in rows] == [type(value) for value in values]
    deep = refused(tmp_path, of_properties({"v": [[[[[1]]]]]}))
    assert (deep.status, deep.code) == (413, "value-depth")


def test_H111_both_forms_of_a_name_keep_their_values(tmp_path: Path) -> None:
    composed, apart = "é", unicodedata.normalize("NFD", "é")
    _, rows = opened(tmp_path, of_properties({composed: 1, apart: 2}))
    assert rows[0].properties == {composed: 1, apart: 2}


def test_H112_a_name_of_10_000_characters(tmp_path: Path) -> None:
    found = refused(tmp_path, of_properties({"k" * 10_000: 1}))
    assert (found.status, found.code, found.limit) == (413, "key-length", 64)


def test_H090_same_ids_are_left_to_the_comparison(tmp_path: Path) -> None:
    _, rows = opened(tmp_path, as_bytes(collection(feature(id=1), feature(id="1"), feature(id=None))))
    assert [row.id for row in rows] == ["1", "1", None]
    assert codes(rows[0].issues) == []
