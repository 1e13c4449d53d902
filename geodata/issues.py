"""The faults that checking finds, each with its words in Chinese and English.

A fault that blocks keeps its row from being published; a warning must be confirmed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["block", "warn"]

# code: (severity, Chinese, English); braces are filled from the issue's values.
CATALOGUE: dict[str, tuple[Severity, str, str]] = {
    "id-malformed": (
        "block",
        "编号“{value}”只能由小写字母、数字和连字符组成",
        "the id '{value}' may only hold lower-case letters, digits and hyphens",
    ),
    "name-missing": ("block", "缺少名称（{field}）", "a name is missing ({field})"),
    "kind-unknown": ("block", "没有类别“{value}”", "there is no kind '{value}'"),
    "precision-unknown": ("block", "没有精度“{value}”", "there is no precision '{value}'"),
    "precision-geometry": (
        "block",
        "精度“{value}”与几何不符：未定位的项目没有几何，其余必须有",
        "precision '{value}' does not fit: an unlocated project has no geometry, every other has one",
    ),
    "geometry-type": (
        "block",
        "类别“{kind}”不接受几何类型 {value}",
        "kind '{kind}' does not take the geometry type {value}",
    ),
    "geometry-empty": ("block", "几何为空", "the geometry is empty"),
    "coordinate-range": (
        "block",
        "坐标超出范围或不是有限数：应为经度 ±180、纬度 ±90 的度数",
        "a coordinate is out of range or not finite: degrees, longitude ±180, latitude ±90",
    ),
    "geometry-invalid": ("block", "几何无效：{value}", "the geometry is invalid: {value}"),
    "outside-area": (
        "block",
        "几何不在本地区范围内",
        "the geometry does not touch the box of this area",
    ),
    "field-unknown": (
        "warn",
        "类别“{kind}”没有字段“{value}”：保留，不公开",
        "kind '{kind}' has no field '{value}': kept, not public",
    ),
    "date-malformed": (
        "block",
        "“{value}”不是可识别的日期：例如 2025-01-15、2025-01、2025、2025-Q3、..2025、2024/2025、2029~",
        "'{value}' is no date: write 2025-01-15, 2025-01, 2025, 2025-Q3, ..2025, 2024/2025 or 2029~",
    ),
    "commitment-unknown": ("block", "没有承诺程度“{value}”", "there is no commitment '{value}'"),
    "property-unknown": (
        "block",
        "类别“{kind}”没有“{value}”这一属性或节点",
        "kind '{kind}' has no property or milestone '{value}'",
    ),
    "phase-unknown": ("block", "没有阶段“{value}”", "there is no phase '{value}'"),
    "value-missing": ("block", "“{field}”没有数值", "'{field}' has no value"),
    "done-undated": ("block", "“已发生”的说法必须有日期", "what is said to have happened needs a date"),
    "done-in-future": (
        "block",
        "“已发生”的日期晚于说出的日期",
        "what is said to have happened lies after the day it was said",
    ),
    "words-missing": ("block", "缺少承载事实的原文或摘要", "the words that carry the fact are missing"),
    "source-unknown": ("block", "没有来源“{value}”", "there is no source '{value}'"),
    "target-unknown": ("block", "没有项目或指标“{value}”", "there is no project or indicator '{value}'"),
    "part-of-circle": (
        "block",
        "“{value}”会成为自身的一部分",
        "'{value}' would be a part of itself",
    ),
    "tier-unknown": ("block", "没有来源级别“{value}”", "there is no tier '{value}'"),
    "already-there": ("block", "“{value}”已存在", "'{value}' exists already"),
}


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault. field: what it concerns. lon, lat (degrees, WGS84): where, when it has a place."""

    code: str
    severity: Severity
    detail_zh: str
    detail_en: str
    field: str = ""
    lon: float | None = None
    lat: float | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def issue(
    code: str, *, field: str = "", lon: float | None = None, lat: float | None = None, **values: object
) -> Issue:
    """An issue of the catalogue with its words filled in. Raises KeyError for a code that has none."""
    severity, zh, en = CATALOGUE[code]
    words = {key: _shortened(value) for key, value in {"field": field, **values}.items()}
    return Issue(code, severity, zh.format(**words), en.format(**words), field, lon, lat)


def _shortened(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"
