"""Dates as people write them in tables, read into the grammar of `geodata.dates`. Never more exact than
written."""

from __future__ import annotations

import re
import unicodedata

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
