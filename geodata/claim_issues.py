"""The faults of a fact that a person records, with their words: part of the catalogue of `geodata.issues`."""

from __future__ import annotations

from geodata.told import Severity

# code: (severity, Chinese, English); braces are filled from the issue's values.
CLAIM_ISSUES: dict[str, tuple[Severity, str, str]] = {
    "activity-unknown": (
        "block",
        "没有动态“{value}”：可用 active（推进中）或 suspended（停滞）",
        "there is no activity '{value}': active and suspended are",
    ),
    "said-in-future": (
        "block",
        "说出的日期“{value}”还没有到",
        "the day '{value}' on which it was said has not come yet",
    ),
    "date-of-year": (
        "warn",
        "“{value}”没有写年份，按文件的 {year} 年理解",
        "'{value}' names no year and is taken as of {year}, the year of the document",
    ),
    "said-until-today": (
        "warn",
        "“{value}”还没有过完：记为最晚在今天说的",
        "'{value}' is not over yet: recorded as said by today",
    ),
    "promise-in-past": (
        "block",
        "承诺的日期早于说出它的日期：如果已经发生，承诺程度请选“已是事实”",
        "what is promised lies before the day it was said: if it has happened, record it as a fact",
    ),
    "done-until-today": (
        "warn",
        "“{value}”还没有过完：到期末才算确定发生；如果已经发生，可写作“{until}”",
        "'{value}' is not over yet and counts as surely done only at its end: one may write '{until}'",
    ),
    "date-implausible": (
        "warn",
        "“{value}”离今天很远：请核对年份",
        "'{value}' is far from today: check the year",
    ),
    "quote-carries-less": (
        "warn",
        "原文用的是“{value}”，比所选的承诺程度弱",
        "the words '{value}' commit to less than what is chosen",
    ),
    "personal-data-in-words": (
        "block",
        "“{field}”里疑似有个人信息（{what_zh}）：说法总是公开的，请删去",
        "'{field}' seems to hold personal data ({what_en}): claims are always public, so leave it out",
    ),
    "published-in-future": (
        "block",
        "来源的发布日期“{value}”还没有到",
        "the day '{value}' on which the source was published has not come yet",
    ),
    "address-malformed": (
        "block",
        "“{value}”不是网址：应以 http:// 或 https:// 开头",
        "'{value}' is no address: it begins with http:// or https://",
    ),
    "address-missing": (
        "block",
        "来源要能查到：请填网址或文号",
        "a source must be findable: give its address or its document number",
    ),
    "unit-other": (
        "warn",
        "单位“{value}”与通常的“{into}”无法换算：按原样记录",
        "the unit '{value}' cannot be converted into the usual {into}: recorded as it stands",
    ),
    "said-already": (
        "warn",
        "同一来源已经说过同样的话（第 {value} 条说法）",
        "the same source says the same already (claim {value})",
    ),
}
