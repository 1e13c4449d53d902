"""Why something is in a list of what must be looked at first, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.board.entries import Both, both
from app.projects import wording
from app.projects.wording import either
from geodata.dates import spoken
from geodata.phases import Promise

MEANINGS: dict[str, Both] = {
    "due": (
        "{days} 天内到期的承诺：原话可能指的最后一天在 {until} 以前（含当天），还不知道做到了没有",
        "Promises due within {days} days: the last day their words may mean is no later than {until}, and "
        "nobody has said yet that they were kept",
    ),
    "silent": (
        "到期后未见消息：承诺的日期过了，之后没有来源再说到；可能做到了，也可能晚了，不能断定",
        "Due and nothing heard since: the promised day has passed and no source has spoken of it; it may be "
        "done or late, nobody can tell",
    ),
    "late": (
        "有来源证明晚了的：至少晚了所写的天数，实际可能更晚；没有来源证明的不在其中",
        "Late as a source proves, by at least the days stated and perhaps more; nothing is here that no "
        "source proves",
    ),
    "moved": (
        "改过日期的承诺：先后说的日期没有一天相同，而且没有来源说已做到",
        "Promises that moved: the dates said one after the other have no day in common, and no source says "
        "that it is done",
    ),
    "disagree": (
        "来源说法不一的：采信的在前，没有采信的在旁，两个都留着；指标的不同数字也在其中",
        "Sources that disagree: the one believed first, the other beside it, both kept; figures that differ "
        "are here too",
    ),
    "stale": (
        "{months} 个多月没有消息的：最后一次有来源说起在 {before} 以前，而且没有投用、停用或终止；"
        "另有 {never} 个从未有注明日期的来源说起，不在其中",
        "Not heard of for over {months} months: a source last spoke before {before}, and it is neither in "
        "service nor ended; {never} more, of which no dated source has ever spoken, are left out",
    ),
}
NOT_PUBLIC: Both = (
    "本站不公开时序灯，所以不列出到期未见消息和晚了的项目；承诺和日期仍可在项目页对照",
    "This site does not publish lights, so nothing silent or late is listed; promises and dates can still be "
    "held against each other on the page of each project",
)
AT_LEAST: Both = ("（项目太多，只看了一部分：实际不少于这个数）", " (too many to read all: at least so many)")


def meaning(name: str, *, is_whole: bool, **blanks: object) -> Both:
    """What a list means. is_whole: whether everything that may be in it was read."""
    zh, en = (words.format(**blanks) for words in MEANINGS[name])
    return (zh, en) if is_whole else (zh + AT_LEAST[0], en + AT_LEAST[1])


def due(entry: Mapping[str, Any], promise: Promise, at: date) -> Both:
    """entry: the claim of the promise that stands."""
    left = (promise.due - at).days

    def told(lang: str) -> str:
        when = wording.said_date(entry["date"], lang)
        words = wording.promised(wording.milestone(entry, lang), when, entry["commitment"], lang)
        if left == 0:
            return either(lang, f"{words}；最后一天就是当天", f"{words}; this is the last day it may mean")
        days = "1 day" if left == 1 else f"{left} days"
        return either(lang, f"{words}；最多还有 {left} 天", f"{words}; at most {days} are left")

    return both(told)


def moved(entry: Mapping[str, Any], promise: Promise, is_reached: bool) -> Both:
    """entry: the claim of the promise that stands. is_reached: other evidence shows that its phase was
    reached since, on a day that nobody tells."""
    first = promise.history[0].date
    slip = promise.slip_days

    def told(lang: str) -> str:
        name, after = wording.milestone(entry, lang), wording.said_date(entry["date"], lang)
        before = wording.said_date(first.text, lang) if first else ""
        times = "once" if promise.moves == 1 else f"{promise.moves} times"
        way_zh, way_en = ("早", "earlier") if slip < 0 else ("晚", "later")
        days = wording.apart(slip, promise.slip_exact, lang)
        words = either(
            lang,
            f"{name}最初说 {before}，后来说 {after}：改过 {promise.moves} 次，{way_zh}{_spaced(days)}",
            f"{name}: first said for {before}, then for {after}: moved {times}, {days} {way_en}",
        )
        if is_reached:
            words += either(
                lang,
                "；另有来源显示已到这一阶段，哪天做到没有来源说",
                "; other evidence shows that this phase was reached since, no source says when",
            )
        return words

    return both(told)


def _spaced(days: str) -> str:
    return f" {days}" if days[0].isdigit() else days


def disagree(winner: Mapping[str, Any], loser: Mapping[str, Any]) -> Both:
    """Of two claims of which one is believed: who says what."""

    def told(lang: str) -> str:
        one, other = (_who_says(entry, lang) for entry in (winner, loser))
        return either(lang, f"采信的是{one}；另有{other}", f"Believed is {one}. Beside it stands {other}")

    return both(told)


def figures(indicator: Mapping[str, Any], one: Mapping[str, Any], other: Mapping[str, Any]) -> Both:
    """Of two claims about an indicator, neither of which is dropped: who states what."""

    def told(lang: str) -> str:
        first, beside = (_who_says(entry, lang) for entry in (one, other))
        name = wording.name_of(indicator, lang)
        return either(lang, f"{name}：{first}；另有{beside}", f"{name}: {first}. Beside it stands {beside}")

    return both(told)


def disputed(current: Mapping[str, Any], other: Mapping[str, Any]) -> Both:
    """Of a promise and what a source of higher rank said of the same milestone."""

    def told(lang: str) -> str:
        latest, higher = (_who_says(entry, lang) for entry in (current, other))
        return either(
            lang,
            f"最近的说法：{latest}；级别更高的来源此前另有说法：{higher}",
            f"Said last: {latest}. A source of higher rank had said otherwise: {higher}",
        )

    return both(told)


def stale(heard: date, at: date) -> Both:
    months = (at.year - heard.year) * 12 + at.month - heard.month - (at.day < heard.day)
    zh, en = spoken(heard.isoformat())
    return (
        f"最后一次有来源说起是 {zh}，已过 {months} 个月",
        f"A source last spoke of it on {en}, {months} months before",
    )


def _who_says(entry: Mapping[str, Any], lang: str) -> str:
    source = entry["source"]
    who = source[f"publisher_{lang}"] or source["publisher_zh"]
    told = wording.told(entry, lang)
    return either(lang, f"{who}：{told}", f"{who}: {told}")
