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


_MALFORMED = (
    "请写作 2025-01-15、2025年1月、2025年第三季度、2025年上半年、2025年、2025年底、"
    "2025年6月30日前 或 不晚于2025年",
    "write 2025-01-15, 2025-01, 2025-Q3, 2025, or ..2025-06-30 for no later than",
)
_NO_YEAR = (
    "没有写年份，也不知道文件是哪一年的：请写上年份，如 2025年底",
    "no year is written, and the year of the document is not known: write it",
)
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


# ---------------------------------------------------------------- deadlines as people write them


_BY = re.compile(r"^(?:不晚于|不迟于|最晚|最迟)(?:于|在)?")
_ABOUT = re.compile(r"^(?:大约|约)|(?:左右|前后)$")
_BEFORE = re.compile(r"(?:之|以)?前$")
_END = re.compile(r"(?<=[年月度])(?:年?[底末内初中]|份|[上中下]旬)$|(?<=\d)(?:年?[底末内])$")
_NO_YEAR_YET = re.compile(r"(?:\d{1,2}月(?:\d{1,2}日)?|第?[一二三四1-4]季度|[上下]半年)")
_RELATIVE = (("后年", 2), ("明年", 1), ("次年", 1), ("今年", 0), ("本年度", 0), ("本年", 0), ("去年", -1))


@dataclass(frozen=True, slots=True)
class Stated:
    """date: in our grammar. by_year: no year is written, and that of the document was taken."""

    date: str
    by_year: bool


def stated(text: str, year: int | None) -> Stated:
    """A date as people write deadlines, beside what `read` takes. 2027年底, 2027年末, 2027年内 and
    2027年底前 are 2027: one day somewhere in it, as in a ledger; 12月底 is that month; 2027年前, 12月31日前
    and 不晚于2027年 are open before (..2027, ..2027-12-31), for their last day is all that they tell;
    约2027年 and 2027年左右 are 2027~.

    year: of the document, for words that name none; None when that is not known. Raises DateFault.
    """
    try:
        return Stated(read(text), False)
    except DateFault as fault:
        plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
        is_by, plain = bool(_BY.search(plain)), _BY.sub("", plain)
        is_about, plain = bool(_ABOUT.search(plain)), _ABOUT.sub("", plain)
        is_before, plain = bool(_BEFORE.search(plain)), _BEFORE.sub("", plain)
        whole, by_year = _with_year(plain, year)
        ended = _END.sub("", whole)
        try:
            date = read(ended)
        except DateFault:
            raise fault from None
    if "/" not in date and (is_by or (is_before and ended == whole)):
        return Stated(f"..{date}", by_year)
    return Stated(f"{date}~" if is_about else date, by_year)


def _with_year(plain: str, year: int | None) -> tuple[str, bool]:
    """The words with the year that they mean; whether it is that of the document."""
    for word, more in _RELATIVE:
        if plain.startswith(word):
            return f"{_known(year) + more}年{plain.removeprefix(word)}", True
    if plain in ("年底", "年末", "年内", "年初", "年中"):
        return f"{_known(year)}{plain}", True
    if _NO_YEAR_YET.match(plain):
        return f"{_known(year)}年{plain}", True
    return plain, False


def _known(year: int | None) -> int:
    if year is None:
        raise DateFault(_NO_YEAR)
    return year


_IN_WORDS = re.compile(
    r"(?:不晚于|不迟于|最晚|最迟|大约|约)?"
    r"(?:(?:(?<!\d)(?:1\d|20)\d{2}|[今本明次]年?度?)(?:年\d{1,2}月\d{1,2}日|-\d{1,2}-\d{1,2}|年\d{1,2}月|-\d{2}(?!\d)"
    r"|年?第?[一二三四1-4]季度|年?[上下]半年|年)"
    r"|(?<![\d年.])\d{1,2}月(?:\d{1,2}日)?|(?<![年一二三四\d])第?[一二三四1-4]季度|(?<![\d年])[上下]半年"
    r"|(?<![\d年])年(?=[底末内]))"
    r"(?:年?[底末内初]|份|[上中下]旬)?(?:左右|(?:之|以)?前)?"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A date in the words of a source, from character `start` to `end`."""

    words: str
    start: int
    end: int
    date: str
    by_year: bool


def found(text: str, year: int | None) -> list[Found]:
    """The dates that a text names, for a person to take one; ends of spans and what names no year while that
    of the document is not known are left out."""
    dates_found = []
    for match in _IN_WORDS.finditer(text):
        if _joined(text, match):
            continue
        try:
            one = stated(match[0], year)
        except DateFault:
            continue
        dates_found.append(Found(match[0], match.start(), match.end(), one.date, one.by_year))
    return dates_found


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


def _joined(text: str, match: re.Match[str]) -> bool:
    return any(end in tuple("-—–~～至到") for end in (text[: match.start()][-1:], text[match.end() :][:1]))


def _goes_on(text: str, match: re.Match[str]) -> bool:
    """Whether the date is one end of a span, which has another that is not read."""
    before, after = text[: match.start()], text[match.end() :]
    return _joined(text, match) or bool(_OTHER.search(before + " " + after))


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
