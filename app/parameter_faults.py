"""Parameters that were refused, each with its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

# Faults of a parameter by type: (Chinese, English). Braces are filled from the fault's own values.
PARAMETER_FAULTS: dict[str, tuple[str, str]] = {
    "extra_forbidden": ("没有这个参数", "there is no such parameter"),
    "missing": ("缺少这个参数", "this parameter is missing"),
    "day": (
        "“{value}”不是日期：应写作 2025-01-15、2025-01 或 2025",
        "'{value}' is no day: write 2025-01-15, 2025-01 or 2025",
    ),
    "dataset": (
        "数据集名称只能用文字、数字、空格和 - _ . ( ) , : 、 · 《 》，最多 80 个字符",
        "the name of a dataset holds letters, digits, spaces and - _ . ( ) , : 、 · 《 》, at most 80"
        " characters",
    ),
    "whole_day": ("“{value}”不是日期：应写作 2025-01-15", "'{value}' is no day: write 2025-01-15"),
    "days_reversed": ("开始日期晚于结束日期", "the first day lies after the last"),
    "days_or_source": ("给 from 和 to，或只给 source", "give from and to, or source without them and by"),
    "day_with_known": ("day 只与 by=known 或 source 同用", "day goes with by=known or source alone"),
    "days_too_far": ("两日相隔超过 {most} 年", "the two days are more than {most} years apart"),
    "bbox": (
        "“{value}”不是范围：应为四个有限数 西,南,东,北（经纬度，西≤东，南≤北）",
        "'{value}' is no box: give four finite numbers west,south,east,north in degrees,"
        " west ≤ east and south ≤ north",
    ),
    "lon": (
        "“{value}”不是经度：应为 -180 到 180 的数，如 114.12",
        "'{value}' is no longitude: give a number from -180 to 180, such as 114.12",
    ),
    "lat": (
        "“{value}”不是纬度：应为 -90 到 90 的数，如 22.69",
        "'{value}' is no latitude: give a number from -90 to 90, such as 22.69",
    ),
    "no_place": (
        "要说在哪里的附近：给 place（地名），或 lon 和 lat",
        "say near what: give place (a name), or lon and lat",
    ),
    "two_places": ("place 和 lon、lat 只能给一样", "give either place, or lon and lat"),
    "half_a_point": ("lon 和 lat 要一起给", "give lon and lat together"),
    "project_id": (
        "“{value}”不是项目编号：应为小写字母、数字和 -，一次最多 {most} 个",
        "'{value}' is no id of a project: it has lower-case letters, digits and -; at most {most} at once",
    ),
    "kind": ("没有类别“{value}”；可用：{allowed}", "there is no kind '{value}'; there are: {allowed}"),
    "phase": ("没有阶段“{value}”；可用：{allowed}", "there is no phase '{value}'; there are: {allowed}"),
    "text": ("含有控制字符，或超过 {most} 个字符", "holds a control character or is over {most} characters"),
    "cursor": ("翻页标记无效：请从第一页重新开始", "the cursor is not ours: start again from the first page"),
    "int_parsing": ("应为整数", "must be a whole number"),
    "int_from_float": ("应为整数", "must be a whole number"),
    "greater_than_equal": ("不能小于 {ge}", "must not be less than {ge}"),
    "less_than_equal": ("不能大于 {le}", "must not be greater than {le}"),
    "bool_parsing": ("应为 true 或 false", "must be true or false"),
    "literal_error": ("可用：{expected}", "there are: {expected}"),
    "string_type": ("应为文字", "must be a text"),
    "string_too_short": ("至少 {min_length} 个字符", "must have at least {min_length} characters"),
    "string_too_long": ("最多 {max_length} 个字符", "must have at most {max_length} characters"),
    "bool_type": ("应为 true 或 false", "must be true or false"),
    "int_type": ("应为整数", "must be a whole number"),
    "json_invalid": ("不是 JSON", "this is no JSON"),
}
OTHER_FAULT = ("取值不合要求", "the value is not acceptable")


def parameter_faults(faults: Sequence[Any]) -> list[dict[str, Any]]:
    """Pointer, code and words in both languages of every fault that the validation of a request found."""
    found = []
    for fault in faults:
        place, *names = (str(part) for part in fault["loc"])
        values = {key: str(value)[:200] for key, value in (fault.get("ctx") or {}).items()}
        zh, en = PARAMETER_FAULTS.get(fault["type"], OTHER_FAULT)
        found.append(
            {
                "pointer": "/" + "/".join([place, *names]),
                "code": fault["type"],
                "detail_zh": _named(names, "：") + _filled(zh, values),
                "detail_en": _named(names, ": ") + _filled(en, values),
            }
        )
    return found


def _named(names: Sequence[str], colon: str) -> str:
    """The name of the parameter before its fault; nothing when the fault is of several together."""
    name = names[0] if names else ""
    return name and (name if len(name) <= 60 else name[:59] + "…") + colon


def _filled(words: str, values: Mapping[str, str]) -> str:
    for key, value in values.items():
        words = words.replace("{" + key + "}", value)
    return words
