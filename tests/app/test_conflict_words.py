"""What others changed meanwhile is told in words that a person knows, in both languages."""

from __future__ import annotations

from typing import Any

import pytest
import shapely

from app.changesets.words import mentioned, sentence
from geodata.changes import PROJECT_FIELDS, Conflict

NAMED = {
    "p-1": {"name_zh": "甲地块", "name_en": "Parcel A", "kind": "parcel"},
    "p-2": {"name_zh": "乙地块", "name_en": "Parcel B", "kind": "parcel"},
}
SQUARE = shapely.box(114.1, 22.6, 114.11, 22.61)


@pytest.mark.parametrize(
    ("part", "ours", "theirs", "zh", "en"),
    [
        ("exists", None, "there", "“甲地块”已由他人新增", "somebody else added 'Parcel A'"),
        ("exists", "there", None, "“甲地块”已由他人移除", "somebody else removed 'Parcel A'"),
        (
            "geometry",
            None,
            SQUARE,
            "“甲地块”的图形已由他人改动",
            "somebody else changed the shape of 'Parcel A'",
        ),
        (
            "precision",
            "digitised",
            "surveyed",
            "“甲地块”的位置精度已由他人改为“实测”",
            "somebody else changed the precision of 'Parcel A' to 'surveyed'",
        ),
        (
            "note_zh",
            "",
            "",
            "“甲地块”的说明（中文）已由他人改为“空”",
            "somebody else changed the note in Chinese of 'Parcel A' to 'empty'",
        ),
        (
            "attrs",
            {"lead_unit": "甲"},
            {"lead_unit": "乙"},
            "“甲地块”的责任单位已由他人改为“乙”",
            "somebody else changed the Lead unit of 'Parcel A' to '乙'",
        ),
        (
            "attrs",
            {"_kept": {"a": 1}},
            {"lead_unit": "乙"},
            "“甲地块”的不公开的列、责任单位已由他人改动",
            "somebody else changed the columns that are not public, Lead unit of 'Parcel A'",
        ),
        (
            "attrs",
            None,
            "moved on",
            "“甲地块”的属性已由他人改动",
            "somebody else changed the attributes of 'Parcel A'",
        ),
        (
            "claims",
            "there",
            None,
            "关于“甲地块”的一条说法已由他人撤回",
            "somebody else withdrew a claim on 'Parcel A'",
        ),
        (
            "external_key",
            None,
            "p-2",
            "“甲地块”的编号已由他人用于“乙地块”",
            "somebody else gave the key of 'Parcel A' to 'Parcel B'",
        ),
        (
            "parent",
            None,
            "p-2",
            "“甲地块”的所属项目已由他人改为“乙地块”",
            "somebody else changed the parent of 'Parcel A' to 'Parcel B'",
        ),
    ],
)
def test_H264_a_conflict_is_a_sentence(part: str, ours: Any, theirs: Any, zh: str, en: str) -> None:
    said = sentence(Conflict("p-1", part, ours, theirs, 5), NAMED)
    assert (said.zh, said.en) == (zh, en)


@pytest.mark.parametrize("part", PROJECT_FIELDS)
def test_H264_no_part_is_told_by_the_name_of_its_column(part: str) -> None:
    said = sentence(Conflict("p-1", part, None, "p-2"), NAMED)
    assert part not in said.zh
    assert not part.endswith(("_zh", "_key")) or part not in said.en


def test_H264_what_a_conflict_points_to_is_named_too() -> None:
    found = [Conflict("a", "parent", None, "b"), Conflict("c", "name_zh", "", "d")]
    assert mentioned(found) == {"a", "b", "c"}
