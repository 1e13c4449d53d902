"""Kinds are files: each is whole, says what it must in two languages, and a faulty one is told by name."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from geodata.kinds import GROUPS, Kind, KindError, load_kinds, parse_kind
from geodata.phases import PHASES

KINDS = load_kinds()
TRACKED = [kind for kind in KINDS.values() if kind.tracked]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
HUE = re.compile(r"#[0-9a-f]{6}")

SMALLEST = """
id = "bridge"
name_zh = "桥梁"
name_en = "Bridge"
group = "road"
order = 99
tracked = true
geometry = ["linestring"]
[style]
form = "line"
light = "#123456"
dark = "#abcdef"
glyph = "M2 8h12"
[[milestones]]
code = "start"
name_zh = "开工"
name_en = "Works start"
phase = "building"
[[milestones]]
code = "closed"
name_zh = "停用"
name_en = "Closed"
phase = "closed"
[[milestones]]
code = "reopened"
name_zh = "恢复使用"
name_en = "Reopened"
phase = "in_service"
[[milestones]]
code = "cancelled"
name_zh = "终止"
name_en = "Cancelled"
phase = "cancelled"
[[fields]]
code = "contact"
name_zh = "联系人"
name_en = "Contact"
"""


def text_of(kind: str) -> str:
    return resources.files("geodata.kinds").joinpath(f"{kind}.toml").read_text(encoding="utf-8")


def test_there_are_sixteen_kinds_in_display_order() -> None:
    assert len(KINDS) == 16
    assert [kind.order for kind in KINDS.values()] == sorted(kind.order for kind in KINDS.values())
    assert len({kind.order for kind in KINDS.values()}) == 16


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_kind_has_its_words_in_both_languages(kind: Kind) -> None:
    names = [(kind.name_zh, kind.name_en)]
    names += [(m.name_zh, m.name_en) for m in kind.milestones]
    names += [(f.name_zh, f.name_en) for f in kind.fields]
    for zh, en in names:
        assert CHINESE.search(zh)
        assert en.isascii()
        assert en[0].isupper()
    assert kind.group in GROUPS


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_kind_can_be_drawn(kind: Kind) -> None:
    style = kind.style
    hues = [style.light, style.dark, *(hue for own in style.values.values() for hue in own.values())]
    assert all(HUE.fullmatch(hue) for hue in hues)
    assert re.fullmatch(r"[MLHVCSQTAZmlhvcsqtaz0-9 .,-]+", style.glyph)
    assert style.by is None or style.by in kind.field_codes
    assert bool(style.values) <= (style.by is not None)


@pytest.mark.parametrize("kind", TRACKED, ids=lambda kind: kind.id)
def test_milestones_rise_and_end_with_closing_reopening_cancelling(kind: Kind) -> None:
    assert list(kind.phase_of)[-3:] == ["closed", "reopened", "cancelled"]
    assert list(kind.phase_of.values())[-3:] == ["closed", "in_service", "cancelled"]
    ranks = [PHASES.index(m.phase) for m in kind.milestones[:-3] if m.phase != "cancelled"]
    assert ranks == sorted(ranks)
    assert "in_service" in list(kind.phase_of.values())[:-3]
    assert kind.geometry


def test_what_is_not_tracked_has_no_milestones_of_its_own() -> None:
    untracked = [kind for kind in KINDS.values() if not kind.tracked]
    assert untracked
    assert all(kind.phase_of.keys() <= {"closed", "reopened", "cancelled"} for kind in untracked)


def test_a_person_to_ask_is_never_public() -> None:
    asked = [kind for kind in KINDS.values() if "contact" in kind.field_codes]
    assert asked
    assert all("contact" not in kind.public_fields for kind in asked)


def test_a_milestone_that_is_measured_has_a_field_with_a_unit() -> None:
    for kind in TRACKED:
        for code in kind.field_codes & set(kind.phase_of):
            field = kind.field(code)
            assert field is not None
            assert field.unit, (kind.id, code)


def test_look_ups_by_code() -> None:
    metro = KINDS["metro"]
    opening = metro.milestone("open")
    assert opening is not None
    assert (opening.name_zh, opening.phase) == ("初期运营", "in_service")
    assert metro.milestone("no-such") is None
    assert metro.field("no-such") is None


def test_adding_a_kind_is_adding_a_file() -> None:
    kind = parse_kind(SMALLEST, "bridge.toml")
    assert kind.phase_of == {
        "start": "building",
        "closed": "closed",
        "reopened": "in_service",
        "cancelled": "cancelled",
    }
    # Nothing is public unless the file says so.
    assert kind.public_fields == frozenset()


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('id = "bridge"', 'id = "tunnel"', "the file is named bridge.toml"),
        ('group = "road"', 'group = "water"', "unknown group water"),
        ('["linestring"]', '["curve"]', "unknown geometry type"),
        ('form = "line"', 'form = "blob"', "unknown form blob"),
        ('phase = "building"', 'phase = "started"', "unknown phase"),
        ('code = "start"', 'code = "closed"', "a milestone twice"),
        ('code = "reopened"', 'code = "again"', "closed, reopened, cancelled must come last"),
        ('name_zh = "桥梁"\n', "", "name_zh"),
        ('glyph = "M2 8h12"', 'glyph = "M2 8h12"\nshadow = 3', "shadow"),
        ("order = 99", "order = ", "Invalid"),
    ],
)
def test_a_faulty_file_is_told_by_name_and_fault(before: str, after: str, fault: str) -> None:
    assert before in SMALLEST
    with pytest.raises(KindError) as caught:
        parse_kind(SMALLEST.replace(before, after, 1), "bridge.toml")
    assert str(caught.value).startswith("bridge.toml: ")
    assert fault in str(caught.value)


def test_milestones_that_do_not_rise_are_refused() -> None:
    listed = '[[milestones]]\ncode = "listed"\nname_zh = "立项"\nname_en = "Listed"\nphase = "planned"\n'
    with pytest.raises(KindError, match="do not rise"):
        parse_kind(
            SMALLEST.replace('[[milestones]]\ncode = "closed"', f'{listed}[[milestones]]\ncode = "closed"'),
            "bridge.toml",
        )


def test_a_field_twice_is_refused() -> None:
    again = SMALLEST + SMALLEST[SMALLEST.index("[[fields]]") :]
    with pytest.raises(KindError, match="a field twice"):
        parse_kind(again, "bridge.toml")


@pytest.mark.parametrize("kind", KINDS)
def test_every_file_reads_as_itself(kind: str) -> None:
    assert parse_kind(text_of(kind), f"{kind}.toml") == KINDS[kind]
