"""Dates as sources give them: a day, a month, a quarter, a year, a span, or only a bound.

A date text means *one day somewhere in it*, never a duration. Grammar (near EDTF, ISO 8601-2):

    2025-01-15   2025-01   2025   2025-Q3   A/B   ..X   X..   and a trailing ~ for "about"

The EDTF forms of the two that differ (``2025-35`` for a third quarter, ``../X`` and ``X/..`` for open
spans) are read as well. Bounds are inclusive on both sides; an open side is ``None``.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_QUARTER = re.compile(r"(\d{4})-(?:Q([1-4])|3([3-6]))", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1000, 2999
_YEAR_DAYS = 360


class DateTextError(ValueError):
    """The text is not in the grammar, or names a day that does not exist."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True, slots=True)
class DateSpan:
    """The days a date text may mean: earliest and latest, both inclusive; None where it is open."""

    text: str
    earliest: date | None
    latest: date | None
    approx: bool = False

    @property
    def days(self) -> int | None:
        """Width in days (1 for a single day), None when a side is open."""
        if self.earliest is None or self.latest is None:
            return None
        return (self.latest - self.earliest).days + 1

    def overlaps(self, other: DateSpan) -> bool:
        """Whether some day belongs to both."""
        return (self.earliest or date.min) <= (other.latest or date.max) and (other.earliest or date.min) <= (
            self.latest or date.max
        )


def parse(text: str) -> DateSpan:
    """Read a date text.

    Raises DateTextError outside the grammar, for impossible days (2025-02-30), reversed spans, spans
    open on both sides, and years outside 1000–2999.
    """
    approx = text.endswith("~")
    body = text[:-1] if approx else text
    earliest, latest = _bounds(body, text)
    return DateSpan(text, earliest, latest, approx)


def _bounds(body: str, whole: str) -> tuple[date | None, date | None]:
    for opening in ("../", ".."):
        if body.startswith(opening):
            return None, _single(body[len(opening) :], whole)[1]
    for closing in ("/..", ".."):
        if body.endswith(closing):
            return _single(body[: -len(closing)], whole)[0], None
    if "/" in body:
        left, _, right = body.partition("/")
        earliest, latest = _single(left, whole)[0], _single(right, whole)[1]
        if earliest > latest:
            raise DateTextError(whole)
        return earliest, latest
    return _single(body, whole)


def _single(body: str, whole: str) -> tuple[date, date]:
    try:
        if match := _DAY.fullmatch(body):
            day = date(int(match[1]), int(match[2]), int(match[3]))
            first, last = day, day
        elif match := _QUARTER.fullmatch(body):
            quarter = int(match[2]) if match[2] else int(match[3]) - 2
            first, last = date(int(match[1]), 3 * quarter - 2, 1), _month_end(int(match[1]), 3 * quarter)
        elif match := _MONTH.fullmatch(body):
            first, last = date(int(match[1]), int(match[2]), 1), _month_end(int(match[1]), int(match[2]))
        elif _YEAR.fullmatch(body):
            first, last = date(int(body), 1, 1), date(int(body), 12, 31)
        else:
            raise DateTextError(whole)
    except ValueError as error:
        raise DateTextError(whole) from error
    if not _FIRST_YEAR <= first.year <= _LAST_YEAR:
        raise DateTextError(whole)
    return first, last


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def between(earliest: date | None, latest: date, *, approx: bool = False) -> str:
    """The date text of the days from earliest (None: open) to latest, as short as the grammar has it: what is
    a whole month, quarter or year is written as one."""
    year = latest.year
    shorter = (f"{year}", f"{year}-Q{(latest.month + 2) // 3}", f"{year}-{latest.month:02}", f"{latest}")
    same = (text for text in shorter if _single(text, text) == (earliest, latest))
    text = next(same, f"..{latest}" if earliest is None else f"{earliest}/{latest}")
    return text + "~" if approx else text


def edtf(text: str) -> str:
    """The EDTF (ISO 8601-2) form of a date text of ours: quarters as seasons 33–36, ``../X`` and ``X/..``.

    Raises DateTextError as parse does.
    """
    span = parse(text)
    body = text.rstrip("~")
    body = re.sub(r"-Q([1-4])", lambda found: f"-3{int(found[1]) + 2}", body)
    if body.startswith("..") and not body.startswith("../"):
        body = "../" + body[2:]
    if body.endswith("..") and not body.endswith("/.."):
        body = body[:-2] + "/.."
    if not span.approx:
        return body
    return "/".join(part if part == ".." else part + "~" for part in body.split("/"))


MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def spoken(text: str) -> tuple[str, str]:
    """A date text as a person says it, in Chinese and English: never more exact than it is.

    Raises DateTextError as parse does.
    """
    span = parse(text)
    body = text.removesuffix("~")
    if span.earliest is None:
        zh, en = _spoken_single(body.lstrip("./"))
        zh, en = f"不晚于 {zh}", f"by {en}"
    elif span.latest is None:
        zh, en = _spoken_single(body.rstrip("./"))
        zh, en = f"不早于 {zh}", f"from {en}"
    elif "/" in body:
        (zh_a, en_a), (zh_b, en_b) = (_spoken_single(part) for part in body.split("/"))
        zh, en = f"{zh_a}至 {zh_b}", f"{en_a} to {en_b}"
    else:
        zh, en = _spoken_single(body)
    return (f"约 {zh}", f"about {en}") if span.approx else (zh, en)


def _spoken_single(body: str) -> tuple[str, str]:
    first, last = _single(body, body)
    year = first.year
    if first == last:
        return f"{year} 年 {first.month} 月 {first.day} 日", f"{first.day} {MONTHS[first.month - 1]} {year}"
    if (first.month, first.year) == (last.month, last.year):
        return f"{year} 年 {first.month} 月", f"{MONTHS[first.month - 1]} {year}"
    if (last - first).days < _YEAR_DAYS:
        quarter = (first.month + 2) // 3
        return f"{year} 年第 {quarter} 季度", f"quarter {quarter} of {year}"
    return f"{year} 年", str(year)
