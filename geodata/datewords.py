"""Dates as people write them in tables, read into the grammar of `geodata.dates`. Never more exact than
written."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from geodata import dates

_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$", re.ASCII)
_DAY = re.compile(r"(\d{4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})日?", re.ASCII)
_MONTH = re.compile(r"(\d{4})(?:年|[-/.])(\d{1,2})月?", re.ASCII)
_YEAR = re.compile(r"(\d{4})年?", re.ASCII)
_PLAIN = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_QUARTER = re.compile(r"(\d{4})年?(?:第?([一二三四1-4])季度?|[ -]?[Qq]([1-4]))")
_HALF = re.compile(r"(\d{4})年?([上下])半年")
_DAY_FIRST = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}", re.ASCII)
_REPUBLIC = re.compile(r"民国")


class DateFault(ValueError):
    """A text is no date; why, in both languages."""

    def __init__(self, reason: tuple[str, str]) -> None:
        super().__init__(reason[1])
        self.reason_zh, self.reason_en = reason


_MALFORMED = ("请写作 2025-01-15、2025年1月 或 2025年", "write 2025-01-15, 2025-01 or 2025")
_NO_SUCH_DAY = ("没有这一天，或先后颠倒", "there is no such day, or the two are reversed")
_AMBIGUOUS = ("日和月的先后不明，请写作 年-月-日", "day and month cannot be told apart: write year-month-day")
_OTHER_CALENDAR = (
    "民国纪年不换算，请写公历",
    "years of the Republic are not converted: write the common calendar",
)
_SEVERAL = (
    "一句里有几个日期：请一句写一个，用逗号分开",
    "one clause holds several dates: write one in each, with a comma between",
)
_LOOKS_LIKE_ONE = re.compile(r"\d{4}(-\d{2}){0,2}(/\d{4}(-\d{2}){0,2})?", re.ASCII)


def read(text: str) -> str:
    """A date text of our grammar for what a cell holds: 2025年1月 → 2025-01, 2025/1/5 → 2025-01-05,
    2025年第三季度 → 2025-Q3, 2025年上半年 → 2025-01/2025-06; a time of day is left out.

    Raises DateFault with the reason.
    """
    plain = _TIME.sub("", unicodedata.normalize("NFKC", text).strip())
    if _REPUBLIC.search(plain):
        raise DateFault(_OTHER_CALENDAR)
    if _DAY_FIRST.fullmatch(plain):
        raise DateFault(_AMBIGUOUS)
    written = _written(plain.replace(" ", "")) or plain
    try:
        dates.parse(written)
    except dates.DateTextError as error:
        raise DateFault(_NO_SUCH_DAY if _LOOKS_LIKE_ONE.fullmatch(written) else _MALFORMED) from error
    return written


def _written(plain: str) -> str:
    if found := _DAY.fullmatch(plain) or _PLAIN.fullmatch(plain):
        return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"
    if found := _HALF.fullmatch(plain):
        first, last = ("01", "06") if found[2] == "上" else ("07", "12")
        return f"{found[1]}-{first}/{found[1]}-{last}"
    if found := _QUARTER.fullmatch(plain):
        return f"{found[1]}-Q{_QUARTERS[found[2] or found[3]]}"
    if found := _MONTH.fullmatch(plain):
        return f"{found[1]}-{int(found[2]):02}"
    if found := _YEAR.fullmatch(plain):
        return found[1]
    return ""


# ---------------------------------------------------------------- dates within words


_CLAUSE = re.compile(r"[，,；;。\n]+")
_WITHIN = re.compile(
    r"(?P<whole>(?<!\d)(?:1\d|20)\d{2}(?:年\d{1,2}月\d{1,2}日|[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|年?(?:第?[一二三四1-4]季度|[上下]半年)|年\d{1,2}月|[-/.]\d{1,2}月?|年)(?!\d))"
    r"|(?P<of_year>(?<![\d年.])\d{1,2}月\d{1,2}日|(?<![年一二三四\d])第?[一二三四1-4]季度"
    r"|(?<![\d年])[上下]半年|(?<![\d年.])\d{1,2}月)"
    r"|(?P<year>(?<!\d)年(?:底|末|内))"
)
_YEARS = (("明年", 1), ("次年", 1), ("去年", -1), ("今年", 0), ("本年度", 0), ("本年", 0))
_THIS_YEAR = re.compile(r"[今本]年度?(?=[底末内])")
_OTHER = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


def _goes_on(text: str, match: re.Match[str]) -> bool:
    """Whether the date is one end of a span, which has another that is not read."""
    before, after = text[: match.start()], text[match.end() :]
    joined = before[-1:] in tuple("-—–~～至到") or after[:1] in tuple("-—–~～至到")
    return joined or bool(_OTHER.search(before + " " + after))


@dataclass(frozen=True, slots=True)
class Said:
    """A date within words. date: in our grammar. clause: what it stands in. by_year: no year is written."""

    date: str
    clause: str
    by_year: bool


def within(text: str, year: int) -> list[Said]:
    """The dates in what a cell says, one of each clause: 2025年底前 → 2025, 6月底前 → the month of
    `year`, since the day by which something is promised lies in it; nothing is made more exact than written.

    Raises DateFault where there is none, or more than one in a clause.
    """
    try:
        return [Said(read(text), text, False)]
    except DateFault:
        pass
    found = []
    for clause in _CLAUSE.split(unicodedata.normalize("NFKC", text)):
        plain = _THIS_YEAR.sub("年", re.sub(r"\s+", "", clause))
        named = plain
        for word, more in _YEARS:
            named = named.replace(word, f"{year + more}年" if more else "")
        matches = list(_WITHIN.finditer(named))
        if len(matches) > 1 or any(_goes_on(named, match) for match in matches):
            raise DateFault(_SEVERAL)
        for match in matches:
            whole = match["whole"] or (f"{year}年{match['of_year']}" if match["of_year"] else f"{year}年")
            found.append(Said(read(whole), clause.strip(), not match["whole"] or named != plain))
    if not found:
        raise DateFault(_MALFORMED)
    return found
