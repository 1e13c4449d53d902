"""The grammar of dates: examples of every form, what is refused, and an independent reading of the EDTF."""

from __future__ import annotations

import calendar
import re
import warnings
from dataclasses import dataclass
from datetime import date
from time import struct_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import dates
from geodata.dates import DateSpan, DateTextError, parse

with warnings.catch_warnings():
    # The oracle calls pyparsing by names that are on their way out; that is its affair.
    warnings.simplefilter("ignore")
    from edtf import parse_edtf


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


# text: (earliest, latest, about, EDTF form)
EXAMPLES: dict[str, tuple[str | None, str | None, bool, str]] = {
    "2025-01-15": ("2025-01-15", "2025-01-15", False, "2025-01-15"),
    "2024-02-29": ("2024-02-29", "2024-02-29", False, "2024-02-29"),
    "2025-01": ("2025-01-01", "2025-01-31", False, "2025-01"),
    "2024-02": ("2024-02-01", "2024-02-29", False, "2024-02"),
    "2025": ("2025-01-01", "2025-12-31", False, "2025"),
    "2025-Q1": ("2025-01-01", "2025-03-31", False, "2025-33"),
    "2025-Q3": ("2025-07-01", "2025-09-30", False, "2025-35"),
    "2025-35": ("2025-07-01", "2025-09-30", False, "2025-35"),
    "2025-Q4": ("2025-10-01", "2025-12-31", False, "2025-36"),
    "2024-10/2024-12": ("2024-10-01", "2024-12-31", False, "2024-10/2024-12"),
    "2014/2015-Q2": ("2014-01-01", "2015-06-30", False, "2014/2015-34"),
    "2025/2025": ("2025-01-01", "2025-12-31", False, "2025/2025"),
    "..2025-01-16": (None, "2025-01-16", False, "../2025-01-16"),
    "../2025-01-16": (None, "2025-01-16", False, "../2025-01-16"),
    "..2025-Q1": (None, "2025-03-31", False, "../2025-33"),
    "2025-03..": ("2025-03-01", None, False, "2025-03/.."),
    "2025-03/..": ("2025-03-01", None, False, "2025-03/.."),
    "2029~": ("2029-01-01", "2029-12-31", True, "2029~"),
    "2025-Q3~": ("2025-07-01", "2025-09-30", True, "2025-35~"),
    "2024/2025~": ("2024-01-01", "2025-12-31", True, "2024~/2025~"),
    "..2025~": (None, "2025-12-31", True, "../2025~"),
    "2025..~": ("2025-01-01", None, True, "2025~/.."),
}


@pytest.mark.parametrize(("text", "expected"), EXAMPLES.items())
def test_every_form_of_the_grammar(text: str, expected: tuple[str | None, str | None, bool, str]) -> None:
    earliest, latest, about, edtf = expected
    assert parse(text) == DateSpan(text, day(earliest), day(latest), about)
    assert dates.edtf(text) == edtf


FAULTS = (
    "",
    "~",
    "..",
    "../..",
    "/",
    "/2025",
    "2025/",
    "2025-",
    "2025-13",
    "2025-00",
    "2025-02-30",
    "2023-02-29",
    "2025-1-5",
    "2025-01-15T00:00:00",
    "2025-Q0",
    "2025-Q5",
    "2025-32",
    "2025-37",
    "2025-Q",
    "25",
    "0999",
    "3000",
    "10000",
    "-2025",
    "+2025",
    "2025~~",
    "~2025",
    "2025~/2026",
    "2025?",
    "2026/2025",
    "2025-02/2025-01",
    "2024/2025/2026",
    "..2025..",
    "2025...",
    " 2025",
    "2025 ",
    "2025\n",
    "２０２５",
    "٢٠٢٥",
    "2025年",
    "2025.01",
    "Spring 2025",
    "2025\x00",
)


@pytest.mark.parametrize("text", FAULTS)
def test_what_is_outside_the_grammar_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(DateTextError) as caught:
        parse(text)
    assert caught.value.text == text
    with pytest.raises(DateTextError):
        dates.edtf(text)


def test_the_width_of_a_span_counts_both_ends() -> None:
    assert parse("2025-01-15").days == 1
    assert parse("2024-02").days == 29
    assert parse("2025").days == 365
    assert parse("..2025").days is None
    assert parse("2025..").days is None


@pytest.mark.parametrize(
    ("one", "other", "overlaps"),
    [
        ("2025", "2025-06", True),
        ("2025-01", "2025-02", False),
        ("2024/2025", "2025/2026", True),
        ("..2025-01-15", "2025-01-15..", True),
        ("..2025-01-14", "2025-01-15..", False),
        ("..2024", "..2030", True),
        ("2024..", "2030..", True),
    ],
)
def test_spans_that_share_a_day_overlap_both_ways(one: str, other: str, overlaps: bool) -> None:
    assert parse(one).overlaps(parse(other)) is overlaps
    assert parse(other).overlaps(parse(one)) is overlaps


# ---------------------------------------------------------------- properties


@dataclass(frozen=True)
class Written:
    """A text of the grammar with the bounds it was made from."""

    text: str
    earliest: date | None
    latest: date | None
    about: bool = False


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


Single = tuple[str, date, date]


@st.composite
def single(draw: st.DrawFn) -> Single:
    """A day, month, quarter or year with its first and its last day."""
    form = draw(st.sampled_from(("day", "month", "quarter", "edtf-quarter", "year")))
    on = draw(st.dates(date(1000, 1, 1), date(2999, 12, 31)))
    if form == "day":
        return on.isoformat(), on, on
    if form == "month":
        return f"{on:%Y-%m}", on.replace(day=1), _month_end(on.year, on.month)
    if form == "year":
        return f"{on.year:04}", date(on.year, 1, 1), date(on.year, 12, 31)
    n = (on.month - 1) // 3 + 1
    written = f"Q{n}" if form == "quarter" else str(32 + n)
    return f"{on.year:04}-{written}", date(on.year, 3 * n - 2, 1), _month_end(on.year, 3 * n)


@st.composite
def texts(draw: st.DrawFn) -> Written:
    """Every form of the grammar, closed and open, with and without "about"."""
    form = draw(st.sampled_from(("single", "span", "until", "from")))
    mark = draw(st.sampled_from(("", "~")))
    text, earliest, latest = draw(single())
    if form == "span":
        (left, first, _), (right, _, last) = sorted(((text, earliest, latest), draw(single())), key=_start)
        return Written(f"{left}/{right}{mark}", first, last, bool(mark))
    if form == "until":
        opening = draw(st.sampled_from(("..", "../")))
        return Written(f"{opening}{text}{mark}", None, latest, bool(mark))
    if form == "from":
        closing = draw(st.sampled_from(("..", "/..")))
        return Written(f"{text}{closing}{mark}", earliest, None, bool(mark))
    return Written(f"{text}{mark}", earliest, latest, bool(mark))


def _start(written: Single) -> date:
    return written[1]


@given(texts())
def test_every_text_reads_back_to_the_bounds_it_was_made_from(written: Written) -> None:
    assert parse(written.text) == DateSpan(written.text, written.earliest, written.latest, written.about)


@given(texts())
def test_the_edtf_form_means_the_same_to_an_independent_reader(written: Written) -> None:
    form = dates.edtf(written.text)
    left, slash, right = form.partition("/")
    assert _oracle(left)[0] == written.earliest
    assert _oracle(right if slash else left)[1] == written.latest
    assert written.about == ("~" in form)


def _has_quarter(form: str) -> bool:
    return re.search(r"-3[3-6]", form) is not None


# The oracle does not take quarters within a span.
@given(texts().filter(lambda written: "/" in written.text and not _has_quarter(dates.edtf(written.text))))
def test_whole_spans_read_alike_where_the_reader_takes_them(written: Written) -> None:
    form = dates.edtf(written.text)
    span = parse_edtf(form)
    assert _as_date(span.lower_strict()) == written.earliest
    assert _as_date(span.upper_strict()) == written.latest


def _oracle(part: str) -> tuple[date | None, date | None]:
    """The bounds of one side of an EDTF text; the oracle takes no mark on a quarter, so marks go first."""
    if part == "..":
        return None, None
    read = parse_edtf(part.rstrip("~"))
    return _as_date(read.lower_strict()), _as_date(read.upper_strict())


def _as_date(value: struct_time | float) -> date | None:
    """The oracle says plus or minus infinity where a side is open."""
    return None if isinstance(value, float) else date(value.tm_year, value.tm_mon, value.tm_mday)


@given(st.text(alphabet="0123456789-/.~Q ", max_size=24))
def test_any_text_is_read_or_refused_and_never_anything_else(text: str) -> None:
    try:
        span = parse(text)
    except DateTextError:
        return
    assert span.earliest is not None or span.latest is not None
    if span.earliest and span.latest:
        assert span.earliest <= span.latest


@pytest.mark.parametrize(
    "text",
    ["2024", "2024-Q1", "2024-Q4", "2024-02", "2024-02-29", "2024-01-02/2024-12-31", "..2024-12-31", "2024~"],
)
def test_bounds_are_written_as_short_as_they_can_be(text: str) -> None:
    span = parse(text)
    assert span.latest is not None
    assert dates.between(span.earliest, span.latest, approx=span.approx) == text


@given(st.dates(date(1000, 1, 1), date(2999, 12, 31)), st.integers(0, 800))
def test_bounds_that_are_written_read_back(latest: date, width: int) -> None:
    earliest = max(date.fromordinal(max(latest.toordinal() - width, 1)), date(1000, 1, 1))
    span = parse(dates.between(earliest, latest))
    assert (span.earliest, span.latest) == (earliest, latest)
