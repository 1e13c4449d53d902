"""Which promises still stand."""

from __future__ import annotations

from datetime import date

import pytest

from geodata import dates
from geodata.lights import light, lights, standing_promises
from geodata.phases import Claim

PHASE_OF = {
    "start": "building",
    "topout": "building",
    "done": "completing",
    "open": "in_service",
    "closed": "closed",
    "reopened": "in_service",
    "cancelled": "cancelled",
}
TODAY = date(2026, 11, 24)


def claim(about: str, when: str, commitment: str, said: str, value: str | None = None) -> Claim:
    span = dates.parse(when) if when else None
    return Claim(about, span, commitment, dates.parse(said), "press", value)


def standing(*said: Claim) -> list[str]:
    return [promise.milestone for promise in standing_promises(said, PHASE_OF)]


OPENING = claim("milestone:open", "2027", "expected", "2024-05-01")
TOPOUT = claim("milestone:topout", "2026", "expected", "2024-05-01")


def test_what_is_not_done_stands_whether_it_is_due_or_lapsed() -> None:
    lapsed = claim("milestone:start", "2022", "expected", "2021-01-01")
    assert standing(lapsed, TOPOUT, OPENING) == ["start", "topout", "open"]


def test_what_is_done_or_was_promised_without_a_day_does_not_stand() -> None:
    assert standing(OPENING, claim("milestone:open", "2026-05", "done", "2026-06-01")) == []
    assert standing(claim("milestone:open", "", "expected", "2024-05-01")) == []
    assert standing(claim("milestone:open", "2027..", "expected", "2024-05-01")) == []


def test_works_that_are_seen_settle_the_start_and_not_the_topping_out() -> None:
    start = claim("milestone:start", "2024", "expected", "2023-01-01")
    seen = claim("phase", "2025-01", "done", "2025-01-16", "building")
    assert standing(start, TOPOUT, OPENING, seen) == ["topout", "open"]


@pytest.mark.parametrize("end", ["closed", "cancelled"])
def test_what_was_promised_before_the_end_does_not_stand_after_it(end: str) -> None:
    ended = claim(f"milestone:{end}", "2025-03-01", "done", "2025-03-02")
    assert standing(OPENING, ended) == []
    again = claim("milestone:reopened", "2028", "expected", "2025-06-01")
    assert standing(OPENING, ended, again) == ["reopened"]


def test_each_promise_has_its_own_light_and_the_worst_of_them_is_that_of_the_whole() -> None:
    lapsed = claim("milestone:start", "2022", "expected", "2021-01-01")
    found = lights([lapsed, OPENING], PHASE_OF, TODAY)
    assert {code: lamp.light for code, lamp in found.items()} == {"start": "silent", "open": "green"}
    assert light([lapsed, OPENING], PHASE_OF, TODAY) == found["start"]
