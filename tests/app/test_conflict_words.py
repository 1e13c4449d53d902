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
        ("exists", None, "there", "“甲地块”在此期间已由别处新增", "'Parcel A' was added meanwhile"),
        ("exists", "there", None, "“甲地块”已被移除", "'Parcel A' was removed meanwhile"),
        (
            "geometry",
            None,
            SQUARE,
            "“甲地块”的图形已被改动",
            "the shape of 'Parcel A' was changed meanwhile",
        ),
        (
            "precision",
            "digitised",
            "surveyed",
            "“甲地块”的位置精度已被改为“实测”",
            "the precision of 'Parcel A' was changed to 'surveyed' meanwhile",
        ),
        (
            "note_zh",
            "",
            "",
            "“甲地块”的说明（中文）已被改为“空”",
            "the note in Chinese of 'Parcel A' was changed to 'empty' meanwhile",
        ),
        (
            "attrs",
            {"lead_unit": "甲"},
            {"lead_unit": "乙"},
            "“甲地块”的责任单位已被改为“乙”",
            "the Lead unit of 'Parcel A' was changed to '乙' meanwhile",
        ),
        (
            "attrs",
            {"_kept": {"a": 1}},
            {"lead_unit": "乙"},
            "“甲地块”的不公开的列、责任单位已被改动",
            "the columns that are not public, Lead unit of 'Parcel A' was changed meanwhile",
        ),
        (
            "attrs",
            None,
            "moved on",
            "“甲地块”的属性已被改动",
            "the attributes of 'Parcel A' was changed meanwhile",
        ),
        (
            "claims",
            "there",
            None,
            "关于“甲地块”的一条说法已被撤回",
            "a claim on 'Parcel A' was withdrawn meanwhile",
        ),
        (
            "external_key",
            None,
            "p-2",
            "“甲地块”的编号已被用于“乙地块”",
            "the key of 'Parcel A' was given to 'Parcel B' meanwhile",
        ),
        (
            "parent",
            None,
            "p-2",
            "“甲地块”的所属项目已被改为“乙地块”",
            "the parent of 'Parcel A' was changed to 'Parcel B' meanwhile",
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
