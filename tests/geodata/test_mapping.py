"""Which column becomes what: by name, cut name, unit and content; changed by people; told when unclear."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import headers, templates
from geodata.kinds import Kind, KindError, load_kinds, parse_kind
from geodata.mapping import ATTRIBUTE, KEEP, Mapping, MappingError, from_json, propose
from geodata.phases import PHASES
from tests.geodata.test_kinds import SMALLEST

KINDS = load_kinds()
PARCEL, ROAD = KINDS["parcel"], KINDS["road"]


def targets(mapping: Mapping) -> dict[str, str]:
    return {column.field: column.target for column in mapping.columns}


def codes(mapping: Mapping) -> list[str]:
    return [note.code for note in mapping.notes]


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("地块编号", "key"),
        ("编号", "key"),
        ("项目名称", "name_zh"),
        ("NAME", "name_zh"),
        ("name_en", "name_en"),
        ("项目 状态", "status"),
        ("建设进度", "status"),
        ("状态日期", "status_date"),
        ("社区", "community"),
        ("公开说明", "note_zh"),
        ("所属项目", "parent"),
        ("精度", "precision"),
        ("总投资", "attr:invest_total"),
        ("ＡＲＥＡ＿ＨＡ", "attr:area_ha"),
        ("签约率", "attr:lc_signup"),
        ("权属人", KEEP),
        ("OBJECTID", "ignore"),
    ],
)
def test_a_header_is_known_in_either_language_and_any_width(header: str, target: str) -> None:
    assert targets(propose([header], None, PARCEL)) == {header: target}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_name_of_a_field_is_known_for_it(kind: Kind) -> None:
    for field in kind.fields:
        for name in (field.code, *field.headers):
            assert targets(propose([name], None, kind)) == {name: f"attr:{field.code}"}, name


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_column_of_a_template_finds_its_target(kind: Kind) -> None:
    mapping = propose(templates.columns(kind), None, kind)
    found = [column.target for column in mapping.columns]
    assert KEEP not in found
    assert len(found) == len(set(found))
    assert {f"attr:{field.code}" for field in kind.fields} <= set(found)
    assert {"key", "name_zh", "precision"} <= set(found)
    assert ("status" in found) == kind.tracked
    assert "field-twice" not in codes(mapping)


@pytest.mark.parametrize(
    ("header", "target", "unit"),
    [
        ("面积(公顷)", "attr:area_ha", "公顷"),
        ("面积（㎡）", "attr:area_ha", "m2"),
        ("面积_ha", "attr:area_ha", "ha"),
        ("用地面积（单位：亩）", "attr:area_ha", "亩"),
        ("总投资(万元)", "attr:invest_total", "万元"),
        ("面积(间)", KEEP, ""),
    ],
)
def test_a_unit_in_the_header_is_read(header: str, target: str, unit: str) -> None:
    (column,) = propose([header], None, PARCEL).columns
    assert (column.target, column.unit) == (target, unit)


def test_two_fields_of_one_name_are_told_apart_by_unit() -> None:
    found = targets(propose(["长度(km)", "长度(米)"], None, ROAD))
    assert found == {"长度(km)": "attr:length_km", "长度(米)": "attr:length_m"}


def test_a_conversion_and_an_unsaid_unit_are_told() -> None:
    assert codes(propose(["面积(㎡)"], None, PARCEL)) == ["unit-converted"]
    assert codes(propose(["面积(公顷)"], None, PARCEL)) == []
    assert codes(propose(["面积"], None, PARCEL)) == ["unit-assumed"]
    assert codes(propose(["area_ha"], None, PARCEL)) == []


@pytest.mark.parametrize(
    ("unit", "into", "factor"),
    [
        ("㎡", "ha", Fraction(1, 10_000)),
        ("亩", "ha", Fraction(1, 15)),
        ("万平方米", "ha", Fraction(1)),
        ("万元", "亿元", Fraction(1, 10_000)),
        ("米", "km", Fraction(1, 1000)),
        ("座", "座", Fraction(1)),
        ("km", "ha", None),
        ("间", "ha", None),
    ],
)
def test_units_convert_exactly_or_not_at_all(unit: str, into: str, factor: Fraction | None) -> None:
    assert headers.factor(unit, into) == factor


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_name_cut_by_a_shapefile_is_known(encoding: str) -> None:
    cut = "计划总投资".encode(encoding)[:10].decode(encoding, errors="ignore")
    (column,) = propose([cut], None, PARCEL).columns
    assert column.target == "attr:invest_total"
    (english,) = propose(["project_na"], None, PARCEL).columns
    assert (english.target, english.how) == ("name_zh", "cut")


def test_a_cut_that_could_be_two_things_is_kept() -> None:
    # 地块编号 and 地块编码 are keys; 项目总投资 and 项目总面积 are cut to one name.
    assert targets(propose(["地块编"], None, PARCEL)) == {"地块编": "key"}
    assert targets(propose(["项目总"], None, PARCEL)) == {"项目总": KEEP}
    for kind in KINDS.values():
        assert not headers.cut_targets(kind.id).keys() & headers.targets(kind.id).keys()


def test_H111_composed_and_decomposed_names_are_one_column() -> None:
    mapping = propose(["caf\u00e9", "cafe\u0301"], None, PARCEL)
    (column,) = mapping.columns
    assert column.names == ("caf\u00e9", "cafe\u0301")
    assert "fields-merged" in codes(mapping)


def test_H108_reserved_names_are_columns_like_others() -> None:
    mapping = propose(["id", "geometry", "FID", "type"], None, PARCEL)
    assert targets(mapping) == {"id": "id", "geometry": "ignore", "FID": "ignore", "type": KEEP}


def test_unknown_columns_are_kept_and_told_not_to_be_public() -> None:
    mapping = propose(["名称", "权属人"], None, PARCEL)
    assert [(note.code, note.field, note.severity) for note in mapping.notes] == [
        ("field-kept", "权属人", "warn")
    ]


@pytest.mark.parametrize("header", ["备注", "备 注", "remarks", "Note", "bz", "英文备注"])
def test_remarks_are_kept_and_not_public_until_a_person_says_so(header: str) -> None:
    fields = ["名称", header]
    mapping = propose(fields, {header: ["在建", "在建"]}, PARCEL)
    assert targets(mapping)[header] == KEEP
    assert [(note.code, note.field) for note in mapping.notes] == [("remark-kept", header)]
    # What the page offers for it is the note it was meant to be.
    (_, column) = mapping.as_json()["columns"]
    assert column["remark"] == ("note_en" if "英文" in header else "note_zh")
    public = from_json({"columns": [{"field": header, "target": column["remark"]}]}, fields, PARCEL)
    assert targets(public)[header] == column["remark"]
    assert codes(public) == ["remark-public"]


def test_of_two_columns_for_one_target_the_exact_one_is_used_and_the_other_kept() -> None:
    mapping = propose(["面积(㎡)", "面积"], None, PARCEL)
    assert targets(mapping) == {"面积(㎡)": KEEP, "面积": "attr:area_ha"}
    assert "field-twice" in codes(mapping)


def test_a_nameless_status_is_known_by_what_it_holds() -> None:
    samples = {"字段7": ["在建", "规划中", "", "已完工"], "字段8": ["在建", "甲"]}
    mapping = propose(["字段7", "字段8"], samples, PARCEL)
    assert targets(mapping) == {"字段7": "status", "字段8": KEEP}
    assert mapping.columns[0].how == "content"


def test_our_own_answers_are_recognised_and_what_is_computed_is_not_read_back() -> None:
    ours = propose(["id", "kind", "phases", "precision", "phase", "area_ha", "name_zh"], None, PARCEL)
    assert targets(ours)["phase"] == targets(ours)["area_ha"] == "ignore"
    theirs = propose(["id", "phase", "area_ha"], None, PARCEL)
    assert targets(theirs) == {"id": "id", "phase": "status", "area_ha": "attr:area_ha"}


# ---------------------------------------------------------------- changed by a person


def test_a_mapping_goes_out_and_comes_back_the_same() -> None:
    fields = ["地块编号", "名称", "面积(亩)", "状态", "权属人", "caf\u00e9", "cafe\u0301"]
    proposed = propose(fields, None, PARCEL)
    back = from_json(proposed.as_json(), fields, PARCEL)
    assert back == proposed


def test_a_person_may_change_columns_units_words_and_precision() -> None:
    said = {
        "columns": [
            {"field": "权属人", "target": "attr:lead_unit"},
            {"field": "面积", "target": "attr:area_ha", "unit": "㎡"},
        ],
        "precision": "surveyed",
        "words": {"未开工": "preparing"},
        "cleared": ["note_zh"],
    }
    mapping = from_json(said, ["权属人", "面积", "公开说明"], PARCEL)
    assert targets(mapping) == {"权属人": "attr:lead_unit", "面积": "attr:area_ha", "公开说明": "note_zh"}
    assert mapping.columns[1].unit == "㎡"
    assert mapping.precision == "surveyed"
    assert dict(mapping.words) == {"未开工": "preparing"}
    assert mapping.cleared == frozenset({"note_zh"})
    assert "unit-converted" in codes(mapping)


def test_what_a_person_says_pushes_a_proposal_aside() -> None:
    mapping = from_json({"columns": [{"field": "代号", "target": "key"}]}, ["编号", "代号"], PARCEL)
    assert targets(mapping) == {"编号": KEEP, "代号": "key"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ([], "mapping-malformed"),
        ({"columns": 3}, "mapping-malformed"),
        ({"columns": ["x"]}, "mapping-column"),
        ({"columns": [{"field": "没有", "target": "key"}]}, "mapping-column"),
        ({"columns": [{"field": "甲", "target": "attr:nothing"}]}, "mapping-target"),
        ({"columns": [{"field": "甲", "target": "attr:area_ha", "unit": "间"}]}, "mapping-unit"),
        ({"columns": [{"field": "甲", "target": "key"}, {"field": "乙", "target": "key"}]}, "mapping-twice"),
        ({"precision": "unlocated"}, "precision-unknown"),
        ({"words": {"未开工": "soon"}}, "phase-unknown"),
        ({"words": []}, "mapping-malformed"),
        ({"cleared": ["nothing"]}, "mapping-malformed"),
    ],
)
def test_a_faulty_mapping_is_refused_with_its_fault(data: object, code: str) -> None:
    with pytest.raises(MappingError) as caught:
        from_json(data, ["甲", "乙"], PARCEL)
    assert [found.code for found in caught.value.issues] == [code]


# ---------------------------------------------------------------- words of a status


@pytest.mark.parametrize(
    ("said", "phase"),
    [
        ("在建", "building"),
        ("建设中", "building"),
        ("正在施工", "building"),
        ("施工阶段", "building"),
        ("已开工", "building"),
        ("规划中", "planned"),
        ("已完工", "completing"),
        ("已通车", "in_service"),
        ("目前在建", "building"),
        ("Under Construction", "building"),
        ("in_service", "in_service"),
        ("先行段开工", "preparing"),
        ("不详", "unknown"),
        ("-", "unknown"),
        ("未开工", None),
        ("尚未通车", None),
        ("不在建", None),
        ("停工", None),
    ],
)
def test_status_words_are_read_and_what_is_not_yet_so_is_not_taken_for_so(
    said: str, phase: str | None
) -> None:
    assert headers.phase_of(said, "road") == phase


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.tracked], ids=lambda kind: kind.id)
def test_every_milestone_and_phase_of_a_kind_can_be_said(kind: Kind) -> None:
    for milestone in kind.milestones:
        assert headers.phase_of(milestone.code, kind.id) in PHASES
    for phase in PHASES:
        assert headers.phase_of(phase, kind.id) == phase
    for phase, words in kind.phase_words.items():
        for word in words:
            assert headers.phase_of(word, kind.id) == phase, word


@given(st.text(max_size=40))
def test_any_text_is_read_as_a_phase_or_not_without_fail(text: str) -> None:
    assert headers.phase_of(text, "parcel") in (*PHASES, None)
    assert headers.folded(headers.folded(text)) == headers.folded(text)


@given(st.lists(st.text(max_size=12), max_size=8, unique=True))
def test_any_columns_are_mapped_each_once_and_come_back(fields: list[str]) -> None:
    mapping = propose(fields, None, PARCEL)
    assert sorted(name for column in mapping.columns for name in column.names) == sorted(fields)
    used = [c.target for c in mapping.columns if c.target not in (KEEP, "ignore")]
    assert len(used) == len(set(used))
    assert targets(from_json(mapping.as_json(), fields, PARCEL)) == targets(mapping)


# ---------------------------------------------------------------- what a kind's file may say


def test_a_kinds_file_brings_headers_words_and_what_is_required() -> None:
    said = SMALLEST.replace("[[milestones]]", '[phase_words]\nbuilding = ["架梁"]\n[[milestones]]', 1)
    said += 'headers = ["谁"]\nrequired = true\n'
    kind = parse_kind(said, "bridge.toml")
    assert kind.phase_words == {"building": ("架梁",)}
    assert kind.fields[0].headers == ("谁",)
    assert kind.fields[0].required


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ('started = ["架梁"]', "words for an unknown phase"),
        ('building = ["架梁"]\nplanned = ["架梁"]', "a word for two phases"),
    ],
)
def test_faulty_words_are_told(words: str, fault: str) -> None:
    said = SMALLEST.replace("[[milestones]]", f"[phase_words]\n{words}\n[[milestones]]", 1)
    with pytest.raises(KindError, match=fault):
        parse_kind(said, "bridge.toml")


def test_a_header_of_two_fields_and_a_hidden_code_are_told() -> None:
    who = 'headers = ["谁"]\n'
    again = who + '[[fields]]\ncode = "_second"\nname_zh = "二"\nname_en = "Second"\n' + who
    with pytest.raises(KindError) as caught:
        parse_kind(SMALLEST + again, "bridge.toml")
    assert "a header of two fields" in str(caught.value)
    assert "a field begins with _" in str(caught.value)


def test_no_target_is_called_like_another() -> None:
    for kind in KINDS.values():
        attributes = {ATTRIBUTE + field.code for field in kind.fields}
        assert not attributes & set(headers.words().project)
