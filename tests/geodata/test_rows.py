"""Rows become checked records: every fault at once, in two languages, with what was meant where known."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from geodata import cells, datewords
from geodata.dates import parse
from geodata.issues import CATALOGUE, Issue, issue
from geodata.kinds import load_kinds
from geodata.mapping import from_json
from geodata.reading.contract import Row
from geodata.records import Record
from geodata.rows import Table, check

KINDS = load_kinds()
AREA = (114.0, 22.6, 114.2, 22.8)
SQUARE = box(114.1, 22.7, 114.101, 22.701)
# A number whose last sign proves it; of nobody.
IDENTITY = "11010519491231002X"


def row(n: int, geometry: BaseGeometry | None = SQUARE, *, own: str | None = None, **said: Any) -> Row:
    return Row(n, None, own, geometry, said)


def table(*rows: Row, kind: str = "parcel", mapping: dict[str, Any] | None = None) -> Table:
    fields = list(dict.fromkeys(name for one in rows for name in one.properties))
    chosen = from_json(mapping or {}, fields, KINDS[kind])
    return check(rows, chosen, KINDS[kind], AREA)


def one(kind: str = "parcel", *, geometry: BaseGeometry | None = SQUARE, **said: Any) -> Record:
    return table(row(0, geometry, **{"名称": "甲", **said}), kind=kind).records[0]


def cells_said(by_column: dict[str, Any]) -> Record:
    return table(Row(0, None, None, SQUARE, {"名称": "甲", **by_column})).records[0]


def codes(found: list[Issue]) -> list[str]:
    return [each.code for each in found]


# ---------------------------------------------------------------- what is read


def test_a_row_becomes_a_record_of_fields_attributes_and_what_is_kept() -> None:
    found = one(
        编号="A-1",
        状态="在建",
        社区=" 辅城坳 ",
        公开说明="说明",
        签约率="99%",
        权属人="某公司",
        别名="乙、丙",
    )
    assert (found.key, found.name) == ("A-1", "甲")
    assert found.fields == {
        "name_zh": "甲",
        "community": "辅城坳",
        "note_zh": "说明",
        "aliases": ["乙", "丙"],
    }
    assert found.attrs == {"lc_signup": 99}
    assert found.kept == {"权属人": "某公司"}
    assert found.status
    assert (found.status.phase, found.status.quote) == ("building", "状态：在建")
    assert found.issues == []


def test_amounts_are_converted_exactly() -> None:
    assert cells_said({"面积(㎡)": "12345.6"}).attrs == {"area_ha": 1.23456}
    assert cells_said({"面积(亩)": 15}).attrs == {"area_ha": 1}
    assert cells_said({"总投资(万元)": "1,234"}).attrs == {"invest_total": 0.1234}


def test_H015_an_amount_that_no_float_holds_stays_exact() -> None:
    assert one(area_ha="0.12345678901234567891").attrs == {"area_ha": "0.12345678901234567891"}


def test_H111_values_of_both_spellings_survive() -> None:
    composed, decomposed = "caf\u00e9", "cafe\u0301"
    found = table(
        Row(0, None, None, None, {"名称": "甲", composed: "1", decomposed: "1"}),
        Row(1, None, None, None, {"名称": "乙", composed: "", decomposed: "2"}),
        Row(2, None, None, None, {"名称": "丙", composed: "3", decomposed: "4"}),
    )
    assert [r.kept for r in found.records] == [
        {composed: "1"},
        {composed: "2"},
        {composed: "3", f"{composed} (2)": "4"},
    ]


def test_H113_rare_characters_stay_as_they_are() -> None:
    assert one(名称="𠮷野🏗", 公开说明="㐂").fields == {"name_zh": "𠮷野🏗", "note_zh": "㐂"}


@pytest.mark.parametrize(
    "value", ["<img src=x onerror=alert(1)>", "${alert(3)}", "{{7*7}}", "javascript:alert(1)"]
)
def test_H101_H104_H105_H118_values_are_kept_word_for_word(value: str) -> None:
    found = one(公开说明=value, 链接=value)
    assert (found.fields["note_zh"], found.kept["链接"], found.issues) == (value, value, [])


@pytest.mark.parametrize("value", ["=HYPERLINK(1)", "@SUM(A1)", "+1+1", "-2+3"])
def test_H106_formulas_are_stored_as_they_are(value: str) -> None:
    assert one(公开说明=value).fields["note_zh"] == value


def test_H110_nested_values_are_kept() -> None:
    assert one(其他={"a": [1, {"b": None}]}).kept == {"其他": {"a": [1, {"b": None}]}}


@pytest.mark.parametrize("value", ["NaN", "null", "N/A", "-"])
def test_H117_words_for_nothing_are_words_in_a_text(value: str) -> None:
    assert one(公开说明=value, 其他=value).fields["note_zh"] == value
    assert one(公开说明=None).fields == {"name_zh": "甲"}


def test_codes_of_a_field_are_read_in_either_language() -> None:
    for said in ("bridge", "桥梁", "Bridge"):
        assert one("road", 类型=said, geometry=None).attrs == {"type": "bridge"}


def test_an_attribute_that_is_a_word_stays_a_word_even_when_sent_as_a_number() -> None:
    assert one("metro", 线路=10, geometry=None).attrs == {"line": "10"}


def test_a_set_of_one_part_is_that_part_where_the_kind_wants_it() -> None:
    assert one("station", geometry=MultiPolygon([SQUARE]), 状态="在建").geometry == SQUARE
    two = MultiPolygon([SQUARE, box(114.11, 22.7, 114.12, 22.71)])
    assert codes(one("station", geometry=two).issues) == ["geometry-type"]
    assert one("parcel", geometry=two).issues == []


# ---------------------------------------------------------------- what blocks a row


def test_H090_duplicate_ids_and_keys_name_all_their_rows() -> None:
    found = table(
        row(0, Point(114.1, 22.7), own="7", 编号="A", 名称="甲"),
        row(1, Point(114.1, 22.71), own="7", 编号="B", 名称="乙"),
        row(2, Point(114.1, 22.72), own="8", 编号="B", 名称="丙"),
    )
    assert [codes(r.issues) for r in found.records] == [
        ["duplicate-id"],
        ["duplicate-id"] * 2,
        ["duplicate-id"],
    ]
    assert "第 1、2 行" in found.records[0].issues[0].detail_zh
    assert all(r.blocked for r in found.records)


def test_H091_a_missing_required_field_is_told_by_its_column() -> None:
    found = table(row(0, 名称="甲"), row(1, Point(114.1, 22.7), 编号="2"))
    assert [(i.code, i.field) for i in found.records[1].issues] == [("required", "名称")]
    assert codes(one(名称="\u200b").issues) == ["invisible-characters", "required"]


@pytest.mark.parametrize(
    ("kind", "column", "said", "meant"),
    [
        ("parcel", "状态", "在建设", "建设中|在建"),
        ("parcel", "状态", "已入库了吗", "已入库"),
        ("road", "类型", "桥", "桥梁"),
        ("parcel", "精度", "示意圖", "schematic"),
    ],
)
def test_H092_an_unknown_word_is_blocked_with_the_nearest(
    kind: str, column: str, said: str, meant: str
) -> None:
    (found,) = one(kind, geometry=SQUARE, **{column: said}).issues
    assert (found.severity, found.field) == ("block", column)
    assert found.code in ("vocabulary", "vocabulary-near")
    if found.code == "vocabulary-near":
        assert re.search(meant, found.detail_zh)


def test_H092_of_several_near_words_the_one_that_sounds_the_same_is_meant() -> None:
    (found,) = one(geometry=SQUARE, 状态="在健").issues
    assert "是否为“在建”？" in found.detail_zh


def test_H092_a_word_like_none_is_blocked_without_a_guess() -> None:
    (found,) = one(状态="Ω").issues
    assert found.code == "vocabulary"


def test_a_person_may_say_what_a_status_word_means() -> None:
    said = {"words": {"未开工": "preparing", "暂停": "unknown"}}
    found = table(
        row(0, 名称="甲", 状态="未开工"), row(1, None, 名称="乙", 状态="暂停"), mapping=said
    ).records
    assert found[0].status
    assert found[0].status.phase == "preparing"
    assert (found[1].status, found[1].issues) == (None, [])


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("2025-01-15", "2025-01-15"),
        ("2025年1月", "2025-01"),
        ("2025 年 1 月 5 日", "2025-01-05"),
        ("2025/1/5", "2025-01-05"),
        ("20250115", "2025-01-15"),
        ("２０２５年", "2025"),
        ("2025年第三季度", "2025-Q3"),
        ("2025年上半年", "2025-01/2025-06"),
        ("2025-01-15T08:00:00+08:00", "2025-01-15"),
        ("..2025", "..2025"),
    ],
)
def test_H093_a_date_is_read_no_more_exactly_than_it_is_written(said: str, read: str) -> None:
    assert datewords.read(said) == read
    found = one(状态="在建", 状态日期=said)
    assert found.status
    assert (found.status.date, found.issues) == (read, [])


@pytest.mark.parametrize(
    "said", ["2025-02-30", "2025年13月", "2026/2024", "15/01/2025", "民国114年", "去年", "1月5日"]
)
def test_H093_a_bad_date_is_blocked_with_its_reason(said: str) -> None:
    (found,) = one(状态="在建", 状态日期=said).issues
    assert (found.code, found.severity, found.field) == ("date-near", "block", "状态日期")
    with pytest.raises(datewords.DateFault):
        datewords.read(said)


@given(st.text(max_size=20))
def test_H093_whatever_is_read_as_a_date_is_one(text: str) -> None:
    with suppress(datewords.DateFault):
        parse(datewords.read(text))


@pytest.mark.parametrize(
    ("value", "code"), [("\x07", "control-character"), ("\x1b[31m", "control-character")]
)
def test_H097_H098_control_characters_block(value: str, code: str) -> None:
    assert codes(one(公开说明=f"甲{value}").issues) == [code]
    assert one(公开说明="甲\t乙\n丙").issues == []


def test_H099_direction_overrides_block() -> None:
    assert codes(one(公开说明="甲\u202e乙").issues) == ["bidi-control"]


def test_H100_invisible_characters_are_told_kept_in_values_and_left_out_of_keys() -> None:
    found = one(编号="A\u200b-1", 公开说明="甲\ufeff")
    assert codes(found.issues) == ["invisible-characters"] * 2
    assert (found.key, found.fields["note_zh"], found.blocked) == ("A-1", "甲\ufeff", False)


def test_lengths_are_bounded() -> None:
    assert codes(one(名称="甲" * 201).issues) == ["value-too-long"]
    assert codes(one(编号="1" * 121).issues) == ["value-too-long"]


def test_a_row_of_another_kind_is_blocked_and_anothers_classes_are_no_kinds() -> None:
    assert codes(one(kind="road", geometry=None, 类别="parcel").issues) == ["other-kind"]
    assert one(类别="土地整备").issues == []
    assert one(类别="其他用地").kept == {"类别": "其他用地"}


def test_geometry_is_judged_once_with_its_place() -> None:
    bowtie = Polygon([(114.1, 22.7), (114.11, 22.71), (114.11, 22.7), (114.1, 22.71)])
    (found,) = one(geometry=bowtie).issues
    assert (found.code, found.field) == ("geometry-invalid", "geometry")
    assert found.lon == pytest.approx(114.105)
    assert codes(one(geometry=Point(116.4, 39.9)).issues) == ["outside-area"]
    assert codes(one("metro", geometry=SQUARE).issues) == ["geometry-type"]
    read = Row(
        0, None, None, bowtie, {"名称": "甲"}, [issue("geometry-invalid", field="geometry", value="x")]
    )
    assert codes(table(read).records[0].issues) == ["geometry-invalid"]


def test_all_faults_of_a_row_are_told_at_once_in_both_languages() -> None:
    found = one(geometry=Point(116.4, 39.9), 名称="", 状态="Ω", 状态日期="去年", 精度="?", 公开说明="\x07")
    assert sorted(codes(found.issues)) == sorted(
        ["required", "vocabulary", "date-near", "vocabulary", "control-character", "outside-area"]
    )
    for each in found.issues:
        assert re.search("[\u4e00-\u9fff]", each.detail_zh)
        assert not re.search("[{}]", each.detail_zh + each.detail_en)


# ---------------------------------------------------------------- what is only told


# SQUARE has 1.14 ha, which is 11,414 m² or 17.1 亩.
@pytest.mark.parametrize(
    ("column", "value", "suspected"),
    [
        ("面积", 11_300, "m2"),
        ("面积", 17.2, "亩"),
        ("面积(公顷)", 11_300, "m2"),
        ("面积", 1.2, ""),
        ("面积(㎡)", 11_300, ""),
        ("面积", 5.3, ""),
        ("面积", 0, ""),
        ("面积", "约一公顷", ""),
    ],
)
def test_amounts_that_fit_their_shapes_in_another_unit_are_told(
    column: str, value: Any, suspected: str
) -> None:
    rows = [Row(n, None, None, SQUARE, {"名称": f"甲{n}", column: value}) for n in range(3)]
    told = [note for note in table(*rows).notes if note.code == "unit-suspected"]
    assert [note.severity for note in told] == ["warn"] * bool(suspected)
    assert all(f"in {suspected}:" in note.detail_en for note in told)
    # A shape drawn from words measures nothing.
    schematic = [Row(n, None, None, SQUARE, {**r.properties, "精度": "示意"}) for n, r in enumerate(rows)]
    assert "unit-suspected" not in codes(table(*schematic).notes)


@pytest.mark.parametrize(
    ("amounts", "suspected"),
    [
        ([11_414], "m2"),
        ([17.2], "亩"),
        ([11_300, 11_500], "m2"),
        # What another unit explains only roughly, or one of two rows denies, is a warning of its row.
        ([9_900], ""),
        ([11_414, 1.14], ""),
        ([11_414, 17.1], ""),
        ([11_414, None], "m2"),
        ([1.14], ""),
    ],
)
def test_one_row_or_two_are_asked_of_when_a_unit_fits_exactly(amounts: list[Any], suspected: str) -> None:
    rows = [Row(n, None, None, SQUARE, {"名称": f"甲{n}", "面积": said}) for n, said in enumerate(amounts)]
    told = [note.detail_en for note in table(*rows).notes if note.code == "unit-suspected"]
    assert [f"in {suspected}:" in words for words in told] == [True] * bool(suspected)


def test_a_length_in_metres_read_as_kilometres_is_told() -> None:
    line = LineString([(114.1, 22.7), (114.12, 22.7)])
    rows = [Row(n, None, None, line, {"名称": f"甲{n}", "里程": 2050}) for n in range(3)]
    (told,) = [note for note in table(*rows, kind="road").notes if note.code == "unit-suspected"]
    assert "in m:" in told.detail_en


def test_H084_the_same_feature_twice_is_told() -> None:
    again = Polygon([*SQUARE.exterior.coords][1:])
    found = table(
        row(0, own="1", 名称="甲", 其他=1),
        row(1, again, own="2", 名称="甲", 其他=1),
        row(2, own="3", 名称="甲", 其他=2),
    )
    assert [codes(r.issues) for r in found.records] == [[], ["duplicate-feature"], []]
    assert "第 1 行" in found.records[1].issues[0].detail_zh


def test_H109_a_column_of_several_types_is_told_and_kept_exactly() -> None:
    values = [1, "1", True, [1], {"a": 1}, 1.5]
    found = table(*(row(n, None, 名称=f"甲{n}", 其他=value) for n, value in enumerate(values)))
    assert [r.kept["其他"] for r in found.records] == values
    (told,) = [note for note in found.notes if note.code == "type-mixed"]
    assert "boolean, list, number, object, text" in told.detail_en
    assert "是否、列表、数、对象、文字" in told.detail_zh


def test_H116_full_width_digits_are_read_and_told() -> None:
    found = one(area_ha="１２３")
    assert (found.attrs, codes(found.issues)) == ({"area_ha": 123}, ["number-normalised"])


@pytest.mark.parametrize("value", ["约12", "NaN", "Infinity", "1e999999", "12公顷", True])
def test_an_amount_that_is_none_stays_words_and_is_told(value: Any) -> None:
    found = one(area_ha=value)
    assert (found.attrs, codes(found.issues), found.blocked) == (
        {"area_ha": value},
        ["number-malformed"],
        False,
    )


@pytest.mark.parametrize(
    "value",
    ["13800138000", "电话 138-0013-8000", "+86 13800138000", f"证号{IDENTITY}", "１３８００１３８０００"],
)
def test_H119_personal_data_withholds_its_column_in_every_row(value: str) -> None:
    found = table(row(0, None, 名称="甲", 责任单位=value), row(1, None, 名称="乙", 责任单位="街道办"))
    assert [codes(r.issues) for r in found.records] == [["personal-data"], []]
    assert [(r.attrs, r.withheld) for r in found.records] == [
        ({}, {"lead_unit": value}),
        ({}, {"lead_unit": "街道办"}),
    ]


def test_H119_a_person_may_clear_a_column() -> None:
    rows = row(0, None, 名称="甲", 公开说明="热线 13800138000")
    assert table(rows).records[0].withheld == {"note_zh": "热线 13800138000"}
    found = table(rows, mapping={"cleared": ["note_zh"]}).records[0]
    assert (found.fields["note_zh"], found.withheld, found.issues) == ("热线 13800138000", {}, [])


def test_H119_a_name_cannot_be_withheld_and_blocks() -> None:
    assert codes(one(名称="张三 13800138000").issues) == ["personal-data-in-name"]


@pytest.mark.parametrize(
    "value",
    [
        "110105194912310021",
        "1234567890123456789",
        "12345678901",
        "2025-01-15 2025",
        "23800138000",
        "1380013800",
    ],
)
def test_H119_other_numbers_are_no_personal_data(value: str) -> None:
    assert cells.personal(value) is None


def test_H119_what_is_not_public_is_not_asked_about() -> None:
    found = one(联系人="13800138000", 其他="13800138000")
    assert (found.issues, found.attrs) == ([], {"contact": "13800138000"})


@given(
    st.dictionaries(
        st.sampled_from(["名称", "状态", "面积(㎡)", "状态日期", "公开说明", "其他", "精度"]),
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(max_size=30)
        | st.lists(st.integers(), max_size=3),
    )
)
def test_H114_any_values_give_a_record_and_issues_and_never_fail(said: dict[str, Any]) -> None:
    found = table(row(0, None, **said)).records[0]
    assert {each.code for each in found.issues} <= set(CATALOGUE)
    assert (
        found.kept.get("其他") == said.get("其他")
        or said.get("其他") in (None, "")
        or said["其他"] != said["其他"]
    )
