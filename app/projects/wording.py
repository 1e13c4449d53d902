"""What claims say, in a sentence of one language. Titles hold no Chinese in English but names that have no
English; what a source said stays as it said it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from app.vocabulary import COMMITMENT_WORDS, TIER_WORDS
from geodata.dates import parse, spoken
from geodata.lights import amount

_RANGE = re.compile(r"(\d+(?:\.\d+)?)/(\d+(?:\.\d+)?)", re.ASCII)
_FULL_STOPS = "。.！!？?"

Entry = Mapping[str, Any]
"""A claim as `app.projects.reading.claim_entry` lays it out."""

PHASES_SEEN = {
    "proposed": ("据称在谋划", "said to be proposed"),
    "planned": ("据称已列规划", "said to be planned"),
    "preparing": ("据称在做前期", "said to be in preparation"),
    "building": ("据称在建", "said to be under construction"),
    "completing": ("据称在收尾验收", "said to be near completion"),
    "in_service": ("据称已投用", "said to be in service"),
    "closed": ("据称已停用", "said to be closed"),
    "cancelled": ("据称已终止", "said to be given up"),
}
ACTIVITIES = {
    "active": ("据称在推进", "said to be going on"),
    "suspended": ("据称停滞", "said to be suspended"),
}
MENTIONED = ("有来源提到", "mentioned by a source")


def either(lang: str, zh: str, en: str) -> str:
    return en if lang == "en" else zh


def name_of(thing: Mapping[str, Any], lang: str) -> str:
    """The name in the language asked for; the Chinese one where there is no other."""
    return either(lang, thing["name_zh"], thing["name_en"] or thing["name_zh"])


def said_date(text: str, lang: str) -> str:
    """A date text as a person says it."""
    return either(lang, *spoken(text))


def rough_date(text: str, lang: str) -> str:
    """The same where a calendar would look exact: "about" stands before whatever is no single day, unless the
    words bound it on one side only."""
    span = parse(text)
    is_rough = span.days is not None and span.days > 1 and not span.approx
    return (either(lang, "约 ", "about ") if is_rough else "") + said_date(text, lang)


def commitment(name: str, lang: str) -> str:
    return either(lang, *COMMITMENT_WORDS[name][:2])


def milestone(entry: Entry, lang: str) -> str:
    """The name of what is claimed, with the amount where one is stated."""
    stated = _amount(entry, lang)
    return f"{entry[f'label_{lang}']} {stated}".rstrip()


def _amount(entry: Entry, lang: str) -> str:
    """A value with its unit; nothing for values that are words, which the source's own words tell better."""
    value = entry["value"]
    bounds = _RANGE.fullmatch(value)
    if amount(value) is None and bounds is None:
        return ""
    unit = either(lang, entry["unit"], entry["unit_en"])
    number = value.strip(">~")
    if bounds:
        number = either(lang, f"{bounds[1]} 至 {bounds[2]}", f"{bounds[1]} to {bounds[2]}")
    elif value.startswith(">"):
        number = either(lang, f"超过 {number}", f"over {number}")
    elif value.endswith("~"):
        number = either(lang, f"约 {number}", f"about {number}")
    return f"{number} {unit}".strip()


def told(entry: Entry, lang: str) -> str:
    """What one claim says, in a few words."""
    head = entry["property"].partition(":")[0]
    if head == "phase" and entry["value"] in PHASES_SEEN:
        return either(lang, *PHASES_SEEN[entry["value"]])
    if head == "activity" and entry["value"] in ACTIVITIES:
        return either(lang, *ACTIVITIES[entry["value"]])
    if head == "mention":
        return either(lang, *MENTIONED)
    name, when = milestone(entry, lang), entry["date"] and said_date(entry["date"], lang)
    if entry["commitment"] != "done":
        return promised(name, when, entry["commitment"], lang)
    if head == "milestone":
        return happened(name, when, lang)
    return name + (either(lang, f"（{when}）", f" ({when})") if when else "")


def promised(name: str, when: str, committed: str, lang: str) -> str:
    word = commitment(committed, lang)
    if when:
        return either(lang, f"{name}，{when}（{word}）", f"{name}, {when} ({word})")
    return either(lang, f"{name}（{word}，未说时间）", f"{name} ({word}, no date stated)")


def happened(name: str, when: str, lang: str) -> str:
    dated = either(lang, f"，{when}", f", {when}") if when else ""
    return either(lang, f"已{name}{dated}", f"{name}: done{dated}")


def moved(entry: Entry, earlier: Entry, is_correction: bool, lang: str) -> str:
    """A promise that another date took the place of; is_correction: because the earlier one was withdrawn."""
    before, after = (said_date(one["date"], lang) for one in (earlier, entry))
    name, word = milestone(entry, lang), commitment(entry["commitment"], lang)
    if is_correction:
        return either(
            lang,
            f"{name}更正：{before}改为 {after}（{word}）",
            f"{name} corrected from {before} to {after} ({word})",
        )
    return either(
        lang, f"{name}由 {before}改为 {after}（{word}）", f"{name} moved from {before} to {after} ({word})"
    )


_DAYS_OF_MONTH, _ROUGH_FROM_DAYS = 30.4375, 60


def apart(days: int, is_exact: bool, lang: str) -> str:
    """How far two dates are apart: in days only where both are told to the day, else about so many years and
    months, as on the cards."""
    count = abs(days)
    if is_exact or count < _ROUGH_FROM_DAYS:
        words = either(lang, f"{count} 天", "1 day" if count == 1 else f"{count} days")
        return words if is_exact else either(lang, f"约 {words}", f"about {words}")
    years, months = divmod(round(count / _DAYS_OF_MONTH), 12)
    zh = (f" {years} 年" if years else "") + (f" {months} 个月" if months else "")
    en = [f"{n} {unit}" + ("" if n == 1 else "s") for n, unit in ((years, "year"), (months, "month")) if n]
    return either(lang, f"约{zh}", f"about {' '.join(en)}")


def by_whom(entry: Entry, lang: str) -> str:
    """Who said it, when, and in which words: between quotation marks only where they are the source's own."""
    source = entry["source"]
    who = source[f"publisher_{lang}"] or source["publisher_zh"]
    tier = either(lang, *TIER_WORDS[source["tier"]][:2])
    when = said_date(entry["said_on"], lang)
    start = either(lang, f"{who}（{tier}），{when}", f"{who} ({tier}), {when}")
    words = entry[f"quote_{lang}"]
    stop = either(lang, "。", ".")
    if not words:
        return start + stop
    if words.endswith(tuple(_FULL_STOPS)):
        stop = ""
    if entry["verbatim"]:
        return start + either(lang, f"：“{words}”{stop}", f": “{words}”{stop}")
    return start + either(lang, f"；大意：{words}{stop}", f"; in our words: {words}{stop}")
