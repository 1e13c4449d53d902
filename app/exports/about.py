"""What a file says of itself: what was asked for, of which days, whom to credit, what it is not for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.projects.schemas import ExportParams
from app.projects.service import Moment
from app.vocabulary import PHASE_WORDS, TIER_WORDS
from geodata.kinds import load_kinds
from geodata.phases import TIERS

WARNING_ZH = (
    "精度为“示意”“近似”的位置只表示大概在哪里，不能用来量面积、长度、距离，也不能判断是否重叠；"
    "面积与长度只在实测或数字化且完整的轮廓上给出。本文件不是法定界线。"
)
WARNING_EN = (
    "Places whose precision is 'schematic' or 'approximate' only tell roughly where a thing is: measure no"
    " area, length, distance or overlap on them. Area and length are given only of whole outlines that were"
    " surveyed or digitised. Nothing in this file is a legal boundary."
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a file says of itself. key: a name for programs."""

    key: str
    zh: str
    en: str
    value_zh: str
    value_en: str


def about(moment: Moment, params: ExportParams, matched: int, left_out: int = 0) -> list[Item]:
    """What the file of a selection is. left_out: projects without a place that its format cannot hold."""
    area = moment.area
    same = {
        "day": ("日期（这一天的情况）", "Day (when it is true)", moment.day.isoformat()),
        "known": (
            "截至（此日之前已有的说法）",
            "Known (what had been said by then)",
            moment.known.isoformat(),
        ),
        "revision": ("版本", "Revision", str(moment.revision)),
        "today": ("导出日期", "Made on", moment.today.isoformat()),
        "projects": ("项目数", "Projects", str(matched - left_out)),
        "crs": ("坐标系", "Coordinates", "EPSG:4326 (WGS 84)"),
    }
    licences = "; ".join(dict.fromkeys(credit["licence"] for credit in area["credits"]))
    items = [
        Item("area", "地区", "Area", area["name_zh"], area["name_en"]),
        *(Item(key, zh, en, value, value) for key, (zh, en, value) in same.items()),
        Item("selection", "选择条件", "Selection", *_selection(params)),
        Item("warning", "请勿量算", "Do not measure", WARNING_ZH, WARNING_EN),
        Item("credits", "署名", "Credits", *(_credits(area, lang) for lang in ("zh", "en"))),
        Item("licence", "许可", "Licences", licences, licences),
    ]
    if left_out:
        items.append(
            Item(
                "left_out",
                "未收录",
                "Left out",
                f"{left_out} 个未定位的项目：本格式只收有位置的项目，请用 GPKG 或 XLSX",
                f"{left_out} projects without a place: this format cannot hold them; take GPKG or XLSX",
            )
        )
    return items


def _credits(area: Mapping[str, Any], lang: str) -> str:
    return "; ".join(credit[lang] for credit in area["credits"])


def _selection(params: ExportParams) -> tuple[str, str]:
    """What was asked for, in words, in Chinese and English."""
    kinds = [load_kinds()[kind] for kind in params.kind or ()]
    phases = [PHASE_WORDS[phase] for phase in params.phase or ()]
    bbox = ", ".join(str(degrees) for degrees in params.bbox or ())
    unlocated = {
        "only": ("仅未定位", "only those without a place"),
        "without": ("不含未定位", "located only"),
    }
    told = [
        ("类别", "kind", "、".join(k.name_zh for k in kinds), ", ".join(k.name_en for k in kinds)),
        ("阶段", "phase", "、".join(p[0] for p in phases), ", ".join(p[1] for p in phases)),
        ("范围", "box", bbox, bbox),
        ("文字", "words", params.q or "", params.q or ""),
        ("所属项目", "part of", params.parent or "", params.parent or ""),
        ("位置", "place", *unlocated.get(params.unlocated, ("", ""))),
    ]
    zh = "；".join(f"{name}：{value}" for name, _, value, _ in told if value)
    en = "; ".join(f"{name}: {value}" for _, name, _, value in told if value)
    return zh or "全部", en or "everything"


SOURCE_COLUMNS: tuple[tuple[str, str, str, int], ...] = (
    ("id", "编号", "Id", 24),
    ("publisher_zh", "发布者", "Publisher in Chinese", 26),
    ("publisher_en", "发布者（英文）", "Publisher in English", 26),
    ("tier_zh", "来源等级", "Tier in Chinese", 10),
    ("tier_en", "来源等级（英文）", "Tier in English", 10),
    ("title", "标题", "Title", 50),
    ("title_en", "标题（英文）", "Title in English", 50),
    ("published", "发布日期", "Published", 14),
    ("retrieved_on", "查阅日期", "Retrieved on", 14),
    ("address", "网址", "Address", 50),
    ("licence", "许可", "Licence", 30),
    ("licence_zh", "许可（中文）", "Licence in Chinese", 30),
)
"""Name, Chinese heading, English heading, width in characters."""


def source_record(row: Mapping[str, Any]) -> dict[str, str]:
    """A document by column; days as texts in the grammar of dates."""
    tier = TIER_WORDS[TIERS[row["tier"] - 1]]
    words = {"tier_zh": tier[0], "tier_en": tier[1], "retrieved_on": row["retrieved_on"].isoformat()}
    return {name: words[name] if name in words else row[name] for name, *_ in SOURCE_COLUMNS}
