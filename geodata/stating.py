"""A fact as a person types it, read into the records of a claim and of its source. All that is wrong is told
at once, by field. Nothing is repaired but outer blanks and the spelling of dates."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from geodata import cells, commitment_words, dates, datewords, headers
from geodata.checking import check_claim, check_source
from geodata.dates import DateSpan
from geodata.issues import Issue, issue
from geodata.kinds import Kind
from geodata.lights import amount
from geodata.names import reading
from geodata.phases import COMMITMENTS

ACTIVITIES = ("active", "suspended")
CLAIM_LENGTHS = {
    "property": 80,
    "value": 200,
    "unit": 20,
    "date": 60,
    "commitment": 20,
    "said_on": 60,
    "locator": 200,
    "quote": 2000,
    "note": 2000,
}
"""The texts of a claim, each with the most characters it may have."""
SOURCE_LENGTHS = {
    "publisher_zh": 200,
    "publisher_en": 200,
    "title": 300,
    "tier": 20,
    "published": 60,
    "address": 1000,
    "document_number": 100,
}
LICENCE_ZH, LICENCE_EN = "文字：引用事实，简短引文", "text: facts cited, short quotes"
_PUBLIC_WORDS = ("value", "locator", "quote", "note")
_FIRST_LIKELY_YEAR, _LIKELY_YEARS_AHEAD = 1900, 50

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stated:
    """record: as `app` keeps it. issues: their fields are those that were typed; blocks and warnings."""

    record: Record
    issues: list[Issue]

    @property
    def blocked(self) -> bool:
        return any(found.severity == "block" for found in self.issues)


def source(typed: Mapping[str, str], today: date) -> Stated:
    """A document that was not cited before. typed: what SOURCE_LENGTHS names. Fields of issues begin with
    "source/". The number of a document stands behind its title, as one cites it. The id follows from what is
    typed: the same document typed twice has the same.
    """
    texts, issues = _texts(typed, SOURCE_LENGTHS)
    published, faults = _day(texts["published"], "published")
    issues += faults
    span = dates.parse(published) if published else None
    if span and span.earliest and span.earliest > today:
        issues.append(issue("published-in-future", field="published", value=texts["published"]))
    number, address = texts["document_number"], texts["address"]
    if address and not _is_address(address):
        issues.append(issue("address-malformed", field="address", value=address))
    if not address and not number:
        issues.append(issue("address-missing", field="address"))
    record = {
        "publisher_zh": texts["publisher_zh"],
        "publisher_en": texts["publisher_en"] or texts["publisher_zh"],
        "title": f"{texts['title']}（{number}）" if number and texts["title"] else texts["title"],
        "title_en": "",
        "tier": texts["tier"],
        "published": published,
        "address": address,
        "licence": LICENCE_EN,
        "licence_zh": LICENCE_ZH,
        "note": "",
    }
    record = {"id": _id(record), **record, "retrieved_on": today.isoformat()}
    missing_once = [f for f in check_source(record) if (f.code, f.field) != ("name-missing", "publisher_en")]
    return Stated(record, [_within_source(found) for found in (*issues, *missing_once)])


def _within_source(found: Issue) -> Issue:
    return Issue(found.code, found.severity, found.detail_zh, found.detail_en, f"source/{found.field}")


def _id(record: Record) -> str:
    name = re.sub(r"[^a-z0-9]", "", reading(record["publisher_zh"]))[:30] or "source"
    day = re.sub(r"[^0-9]+", "-", record["published"]).strip("-") or "undated"
    whole = json.dumps(record, ensure_ascii=False, sort_keys=True)
    return f"{name}-{day}-{hashlib.sha256(whole.encode()).hexdigest()[:8]}"


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        named = bool(parts.hostname) and parts.username is None and (parts.port or 1) > 0
    except ValueError:
        return False
    return named and parts.scheme in ("http", "https") and not re.search(r"\s", text)


def claim(
    typed: Mapping[str, Any], target: str, kind: Kind | None, cited: Mapping[str, Any] | None, today: date
) -> Stated:
    """A claim. typed: what CLAIM_LENGTHS names, and `verbatim`. target: the id of a project, or the code of
    an indicator, whose kind is None. cited: its source's id and published; None when that is not known.

    What does not say when it was said was said when its source was published.
    """
    texts, issues = _texts(typed, CLAIM_LENGTHS)
    said, faults = _day(texts["said_on"], "said_on")
    issues += faults
    if not texts["said_on"] and cited:
        said = cited["published"]
    when, faults = _deadline(texts["date"], year_of(said))
    issues += faults
    said, faults = _by_today(said, today)
    issues += faults
    known = kind.field(texts["property"].partition(":")[2]) if kind else None
    record = {
        "target": target,
        "property": texts["property"],
        "value": texts["value"],
        "unit": texts["unit"] or (known.unit if known and texts["value"] else ""),
        "date": when,
        "commitment": texts["commitment"],
        "said_on": said,
        "source": cited["id"] if cited else "",
        "locator": texts["locator"],
        "quote": texts["quote"],
        "quote_zh": "",
        "quote_en": "",
        "verbatim": bool(typed["verbatim"]),
        "counts_in": "",
        "note": texts["note"],
        "note_zh": texts["note"],
    }
    unread = {found.field for found in issues if found.code == "date-near"}
    issues += [
        replace(found, field="value") if found.code == "value-missing" else found
        for found in check_claim(record, kind)
        if not (found.code == "done-undated" and found.field in unread)
    ]
    issues += _further(record, today)
    if known and known.unit and texts["value"]:
        issues += _amount(record, known.unit)
    return Stated(record, issues)


def _texts(typed: Mapping[str, Any], lengths: Mapping[str, int]) -> tuple[dict[str, str], list[Issue]]:
    """The texts without outer blanks, and what must not stand in one."""
    texts = {name: str(typed[name]).strip() for name in lengths}
    issues = []
    for name, said in texts.items():
        issues += cells.odd_characters(said, name)
        if len(said) > lengths[name]:
            issues.append(issue("value-too-long", field=name, limit=lengths[name]))
        if name in _PUBLIC_WORDS and (what := cells.personal(said)):
            issues.append(issue("personal-data-in-words", field=name, what_zh=what[0], what_en=what[1]))
    return texts, issues


def _day(text: str, field: str) -> tuple[str, list[Issue]]:
    """A date text of the grammar, "" for none and for one that cannot be read."""
    if not text:
        return "", []
    try:
        return datewords.read(text), []
    except datewords.DateFault as fault:
        zh, en = fault.reason_zh, fault.reason_en
        return "", [issue("date-near", field=field, value=text, reason_zh=zh, reason_en=en)]


def year_of(said: str) -> int | None:
    """The year of a document that said something then, for words that name none; None when it is not known,
    or may be one of two."""
    span = dates.parse(said) if said else None
    days = [day.year for day in (span.earliest, span.latest) if day] if span else []
    return days[0] if len(days) == 2 and days[0] == days[1] else None


def _deadline(text: str, year: int | None) -> tuple[str, list[Issue]]:
    """As `_day`, with the wording of deadlines; what is of the year of the document says so."""
    if not text:
        return "", []
    try:
        found = datewords.stated(text, year)
    except datewords.DateFault as fault:
        zh, en = fault.reason_zh, fault.reason_en
        return "", [issue("date-near", field="date", value=text, reason_zh=zh, reason_en=en)]
    issues = [issue("date-of-year", field="date", value=text, year=year)] if found.by_year else []
    return found.date, issues


def _by_today(said: str, today: date) -> tuple[str, list[Issue]]:
    """When it was said. What is told by a month that is not over was said by today."""
    if not said:
        return "", []
    span = dates.parse(said)
    if span.earliest and span.earliest > today:
        return said, [issue("said-in-future", field="said_on", value=said)]
    if span.latest is None or span.latest > today:
        until = f"{span.earliest}/{today}" if span.earliest else f"..{today}"
        return until, [issue("said-until-today", field="said_on", value=said)]
    return said, []


def _further(record: Record, today: date) -> Iterator[Issue]:
    """What is wrong of a claim only when it is told now, by a person."""
    head = record["property"].partition(":")[0]
    if head == "activity" and record["value"] not in ACTIVITIES:
        yield issue("activity-unknown", field="value", value=record["value"])
    when = dates.parse(record["date"]) if record["date"] else None
    said = dates.parse(record["said_on"]) if record["said_on"] else None
    if when:
        yield from _of_date(record, head, when, said, today)
    words = commitment_words.found(record["quote"])
    carried, chosen = commitment_words.proposed(words), record["commitment"]
    if carried and chosen in COMMITMENTS and COMMITMENTS.index(carried) < COMMITMENTS.index(chosen):
        weak = next(word.word for word in words if word.commitment == carried)
        yield issue("quote-carries-less", field="commitment", value=weak)


def _of_date(
    record: Record, head: str, when: DateSpan, said: DateSpan | None, today: date
) -> Iterator[Issue]:
    if record["commitment"] == "done":
        if said is None and when.earliest and when.earliest > today:
            yield issue("done-in-future", field="date")
        elif when.earliest and when.earliest <= today and (when.latest is None or when.latest > today):
            until = f"{when.earliest}/{today}"
            yield issue("done-until-today", field="date", value=record["date"], until=until)
    elif head == "milestone" and said and said.earliest and when.latest and when.latest < said.earliest:
        yield issue("promise-in-past", field="date")
    years = [day.year for day in (when.earliest, when.latest) if day]
    if min(years) < _FIRST_LIKELY_YEAR or max(years) > today.year + _LIKELY_YEARS_AHEAD:
        yield issue("date-implausible", field="date", value=record["date"])


def _amount(record: Record, usual: str) -> Iterator[Issue]:
    if amount(record["value"]) is None:
        yield issue("number-malformed", field="value", value=record["value"])
    if record["unit"] != usual and headers.factor(record["unit"], usual) is None:
        yield issue("unit-other", field="unit", value=record["unit"], into=usual)
