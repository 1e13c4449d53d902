"""Distances and the answer to "what opens near me" as a person would say them, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.vocabulary import COMMITMENT_WORDS
from geodata.dates import spoken
from geodata.kinds import load_kinds

Both = tuple[str, str]
_MOST_NAMED = 3
_HERE_M = 20
# How far apart two places of a precision may be told, metres: finer would be a promise that nobody made.
_STEP_M = {"surveyed": 10, "digitised": 10, "approximate": 100}


def distance(away_m: float, there: str, here: str | None) -> tuple[int | None, Both]:
    """A distance over the ground as exact as the less exact of both ends allows: (metres rounded, words).
    there, here: the precisions of the ends; here is None of a place pointed at.

    None and the reason when one end is drawn from words alone."""
    if here is not None and here not in _STEP_M:
        return None, ("起点为示意，不量距离", "from a place drawn from words, no distance")
    if there not in _STEP_M:
        return None, ("位置为示意，不量距离", "place drawn from words, no distance")
    step = max(_STEP_M[there], _STEP_M[here] if here else 0)
    if step > 10:
        rounded = round(away_m / step) * step
        if rounded == 0:
            return 0, (f"不到 {step} 米（位置近似）", f"under {step} m (place approximate)")
        zh, en = _length(rounded)
        return rounded, (f"约 {zh}（位置近似）", f"about {en} (place approximate)")
    if away_m <= _HERE_M:
        return 0, ("就在这里", "right here")
    rounded = round(away_m / step) * step
    zh, en = _length(rounded)
    return rounded, (f"约 {zh}", f"about {en}")


def _length(metres: float) -> Both:
    if metres < 1000:
        return f"{metres:g} 米", f"{metres:g} m"
    kilometres = f"{metres / 1000:.1f}".removesuffix(".0")
    return f"{kilometres} 公里", f"{kilometres} km"


def radius(metres: int) -> Both:
    zh, en = _length(metres) if metres < 1000 else (f"{metres / 1000:g} 公里", f"{metres / 1000:g} km")
    return zh, en


def until(by: date) -> Both:
    """The end of a year by its name, any other day as it is."""
    if (by.month, by.day) == (12, 31):
        return f"到 {by.year} 年底", f"by the end of {by.year}"
    zh, en = spoken(by.isoformat())
    return f"到 {zh}", f"by {en}"


def summary(place: Both | None, radius_m: int, by: date, groups: Mapping[str, Sequence[Any]]) -> Both:
    """The answer in a few sentences that can be read aloud. groups: entries by the name of their group."""
    reach_zh, reach_en = radius(radius_m)
    until_zh, until_en = until(by)
    where_zh = f"{place[0] if place else '这个地点'}周围 {reach_zh}内"
    where_en = f"Within {reach_en} of {place[1] if place else 'this point'}"
    counts = {name: len(entries) for name, entries in groups.items()}
    if not any(counts.values()):
        return (
            f"{where_zh}，本图没有记录任何项目。可以把范围放大一些。",
            f"{where_en} this map has no projects. Try a larger radius.",
        )
    zh, en = [], []
    zh.append(f"{where_zh}，已开通或投用 {counts['open']} 项。")
    en.append(f"{where_en}, {counts['open']} {_are(counts['open'])} open or in use already.")
    if groups["opens_by"]:
        zh.append(f"{until_zh}，有来源说会开通的 {counts['opens_by']} 项：{_listed(groups['opens_by'], 0)}。")
        said = f"sources say that {counts['opens_by']} will open: {_listed(groups['opens_by'], 1)}."
        en.append(f"{until_en[:1].upper()}{until_en[1:]}, {said}")
    else:
        zh.append(f"{until_zh}，没有来源说有哪一项会开通。")
        en.append(f"No source says that anything will open {until_en}.")
    if groups["later"]:
        zh.append(f"说在那以后开通的 {counts['later']} 项：{_listed(groups['later'], 0)}。")
        later = counts["later"]
        en.append(f"{later} {_are(later)} said to open after that: {_listed(groups['later'], 1)}.")
    if groups["no_date"]:
        lapsed = sum(1 for entry in groups["no_date"] if entry["opens"])
        zh.append(f"还有 {counts['no_date']} 项，没有来源说哪天开通：{_listed(groups['no_date'], 0)}。")
        opens = "it opens" if counts["no_date"] == 1 else "they open"
        en.append(
            f"For {counts['no_date']} more no source says when {opens}: {_listed(groups['no_date'], 1)}."
        )
        if dated := [entry for entry in groups["no_date"] if entry["next"]]:
            zh.append(f"其中有别的日期的：{_steps(dated, 0)}。")
            en.append(f"Another date is stated for {_steps(dated, 1)}.")
        if lapsed:
            zh.append(f"其中 {lapsed} 项说过的日期已过，之后没有消息说它开通。")
            en.append(f"Of these, {lapsed} had a date that has passed with no word of opening since.")
    return "".join(zh), " ".join(en)


def _steps(entries: Sequence[Any], language: int) -> str:
    """Names with the promised step that is no opening, and its date."""
    told = []
    for entry in entries[:_MOST_NAMED]:
        kind, step = load_kinds()[entry["kind"]], entry["next"]
        milestone = kind.milestone(step["milestone"])
        commitment = COMMITMENT_WORDS[step["commitment"]][language]
        if language:
            name, what = entry["name_en"] or entry["name_zh"], milestone.name_en if milestone else ""
            told.append(f"{name} ({what}: {commitment}, {step['date_en']})")
        else:
            what = milestone.name_zh if milestone else ""
            told.append(f"{entry['name_zh']}（{what}，{commitment}{_close(step['date_zh'])}）")
    return ", ".join(told) if language else "、".join(told)


def _close(when_zh: str) -> str:
    """A day after a Chinese word, with a space only before figures."""
    return when_zh if when_zh[:1].isalpha() else f" {when_zh}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _listed(entries: Sequence[Any], language: int) -> str:
    """The first names, dated where a promise stands; and how many more there are."""
    names = []
    for entry in entries[:_MOST_NAMED]:
        name = entry["name_en"] or entry["name_zh"] if language else entry["name_zh"]
        opens = entry["opens"]
        if opens and not opens["lapsed"]:
            commitment = COMMITMENT_WORDS[opens["commitment"]][language]
            when = opens["date_en"] if language else opens["date_zh"]
            names.append(
                f"{name} ({commitment}, {when})" if language else f"{name}（{commitment}{_close(when)}）"
            )
        else:
            names.append(name)
    more = len(entries) - len(names)
    if language:
        return ", ".join(names) + (f" and {more} more" if more else "")
    return "、".join(names) + ("等" if more else "")
