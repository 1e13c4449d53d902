"""What differs between two days, in the terms of the map page."""

from __future__ import annotations

from datetime import date

import pytest

from geodata.between import between_days, known_otherwise, when
from geodata.phases import State, parse_phases

KNOWN = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "first", "last", "group"),
    [
        ("4@2015-10-17 6@2020-08-18", "2020-08-17", "2020-08-18", "advanced"),
        ("6@2025-01-16<", "2025-01-15", "2025-01-16", "first"),
        ("6@2024-12-31<2024-01-01", "2024-06-01", "2025-01-01", "first"),
        ("6@2024-12-31<2024-01-01", "2023-12-31", "2025-01-01", "advanced"),
        ("6@2000-01-01 7@2006-12-31<2006-01-01", "2005-01-01", "2007-01-01", "ended"),
        ("4@2020-01-01|6@2029-12-31<2029-01-01~*4", "2026-11-24", "2030-01-01", "promised"),
        ("4@2020-01-01|6@2029-12-31<2029-01-01~*4", "2026-11-24", "2029-12-30", None),
        ("4@2020-01-01", "2020-01-01", "2026-01-01", None),
    ],
)
def test_a_change_is_told_apart_from_first_evidence_and_from_a_promise(
    text: str, first: str, last: str, group: str | None
) -> None:
    days = date.fromisoformat(first), date.fromisoformat(last)
    found = between_days(*parse_phases(text), days, KNOWN)
    assert (found and found.group) == group


def state(phase: str, basis: str = "fact") -> State:
    return State(phase, basis, None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "after", "group"),
    [
        (state("unknown", "none"), state("building"), "first"),
        (state("preparing"), state("building"), "learned"),
        (state("in_service"), state("closed"), "learned_ended"),
        (state("building"), state("in_service", "promise"), "promised"),
        (state("in_service", "promise"), state("building"), "lapsed"),
        (state("in_service", "promise"), state("unknown", "none"), "lapsed"),
        (state("in_service", "promise"), state("in_service"), "learned"),
        (state("in_service"), state("building"), "corrected"),
        (state("in_service"), state("unknown", "none"), "corrected"),
    ],
)
def test_how_one_day_came_to_be_known_otherwise(before: State, after: State, group: str) -> None:
    assert known_otherwise(before, after) == group


@pytest.mark.parametrize(
    ("certain", "possible", "text"),
    [
        ("2025-01-15", "2025-01-15", "2025-01-15"),
        ("2025-01-16", None, "..2025-01-16"),
        ("2024-12-31", "2024-01-01", "2024"),
        ("2024-02-29", "2024-02-01", "2024-02"),
        ("2023-02-27", "2023-02-01", "2023-02-01/2023-02-27"),
        ("2024-12-31", "2023-01-01", "2023-01-01/2024-12-31"),
    ],
)
def test_a_day_is_told_no_more_exactly_than_it_is_known(
    certain: str, possible: str | None, text: str
) -> None:
    earliest = date.fromisoformat(possible) if possible else None
    assert when(date.fromisoformat(certain), earliest) == text
