"""Phases, promises, lights and slips: the worked answers of the data model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from geodata import dates
from geodata.lights import Light, amount, last_heard, light, standings
from geodata.phases import (
    PHASES,
    Claim,
    State,
    as_known,
    facts,
    parse_phases,
    phases_text,
    promises,
    state,
    state_on,
)
from geodata.spans import PhaseSpan, phase_spans
from tests import phase_cases
from tests.geodata.spans import look_up

CASES = {case["name"]: case for case in phase_cases.cases()}
PHASE_OF = phase_cases.any_kind()
TODAY = date(2026, 11, 24)
each_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def claims_of(name: str) -> list[Claim]:
    return phase_cases.claims(CASES[name])


def answers(case: Mapping[str, Any]) -> list[tuple[date, date, State]]:
    """(day, known, expected) of a case."""
    return [
        (
            date.fromisoformat(entry["day"]),
            date.fromisoformat(entry["known"]),
            State(entry["phase"], entry["basis"], entry["maybe"]),
        )
        for entry in case["expected"]
    ]


def claim(
    about: str, when: str | None, commitment: str, said: str, tier: str = "press", **more: Any
) -> Claim:
    return Claim(about, dates.parse(when) if when else None, commitment, dates.parse(said), tier, **more)


# ---------------------------------------------------------------- the 615 answers, three ways


def test_the_file_holds_the_answers_the_model_speaks_of() -> None:
    assert len(CASES) == 28
    assert sum(len(case["expected"]) for case in CASES.values()) == 615


@each_case
def test_answers_from_claims(case: dict[str, Any]) -> None:
    claims = phase_cases.claims(case)
    for day, known, expected in answers(case):
        assert state(claims, PHASE_OF, day, known) == expected, (day, known)


@each_case
def test_answers_from_the_text_alone(case: dict[str, Any]) -> None:
    claims = phase_cases.claims(case)
    for day, known, expected in answers(case):
        steps, promised = parse_phases(phases_text(as_known(claims, known), PHASE_OF))
        assert state_on(steps, promised, day, known) == expected, (day, known)


@each_case
def test_answers_from_the_stored_rows(case: dict[str, Any]) -> None:
    spans, _ = phase_spans(phase_cases.claims(case), PHASE_OF)
    for day, known, expected in answers(case):
        assert look_up(spans, day, known) == expected, (day, known)


# ---------------------------------------------------------------- what else each case states


@each_case
def test_the_text_of_a_case(case: dict[str, Any]) -> None:
    assert phases_text(as_known(phase_cases.claims(case), TODAY), PHASE_OF) == case["phases"]


@each_case
def test_a_text_reads_back_to_itself(case: dict[str, Any]) -> None:
    steps, promised = parse_phases(case["phases"])
    written = " ".join(step.text() for step in steps)
    if promised:
        written += "|" + " ".join(step.text() for step in promised)
    assert written == case["phases"]


@each_case
def test_the_light_of_a_case(case: dict[str, Any]) -> None:
    expected = case["light"]
    found = light(phase_cases.claims(case), PHASE_OF, date.fromisoformat(expected["today"]))
    assert (found.light, found.milestone, found.days) == (
        expected["light"],
        expected["milestone"],
        expected["days"],
    )


@each_case
def test_the_slips_of_a_case(case: dict[str, Any]) -> None:
    found = {
        code: {
            "current": promise.current.date.text if promise.current.date else None,
            "moves": promise.moves,
            "slip_days": promise.slip_days,
            "undated": len(promise.undated),
            "disputed": promise.disputed,
        }
        for code, promise in promises(phase_cases.claims(case), PHASE_OF).items()
    }
    assert found == case["slip"]


@each_case
def test_the_conflicts_of_a_case(case: dict[str, Any]) -> None:
    found = [[text_of(winner), text_of(loser)] for winner, loser in conflicts(phase_cases.claims(case))]
    assert found == case["conflicts"]


def conflicts(claims: Sequence[Claim]) -> Sequence[tuple[Claim, Claim]]:
    return facts(claims, PHASE_OF).conflicts


def text_of(said: Claim) -> str:
    return said.date.text if said.date else ""


def test_the_texts_for_the_browser_are_current() -> None:
    written = phase_cases.TEXTS.read_text(encoding="utf-8")
    assert written == phase_cases.as_file(), "run python -m tests.phase_cases"


# ---------------------------------------------------------------- the table "Expected answers"

TABLE_DAYS = ("2018-01-01", "2021-07-01", "2024-06-01", "2025-01-16", "2026-11-24", "2030-01-01")
# Digits are phases, ? a phase that may already have been reached, * a promise; known and today 2026-11-24.
TABLE = {
    "M01 Line 10 main": "4 6 6 6 6 6",
    "M01x Line 10 ext. SZ part": "0 0 2 2 2 2",
    "M01y Line 10 ext. Dongguan part": "0 0 1 1 1 1",
    "M02a Line 17 phase 1": "0 0 2 2 4 4",
    "M02b Line 17 phase 2": "2 2 2 2 2 2",
    "L05 深大城际": "0 0 0 4 4 6*",
    "D01 富安东路": "0 0 0 6 6 6",
    "F10 骑行基地": "0 0 0 6 6 6",
    "D03 机荷": "0 0 3 3 3 6*",
    "P01 辅城坳": "0 0 0 3 3 3",
    "P02 一期一批": "0 0 0 4 4 4",
    "P03 留用地开发": "0 0 0 0 0 0",
    "P06 鹅公岭": "0 0 0 0 0 0",
    "P04 山厦": "0 0 0 3 3 3",
    "P05 智造园西侧": "0 0 0?5 5 5 5",
    "P07 平湖西": "0 0 0 0 0 0",
    "R02 GX04": "0?2 3 3 3 3 3",
    "K03 跨境电商产业园": "0 0 4 4 4 4",
    "平湖站(国铁)": "6 6 6 6 6 6",
    "X1 official older, press newer (promise)": "0 0 0 0 0 6*",
    "X2 official building, press opened earlier (fact)": "0 0 0 0 4 4",
}


def in_short(found: State) -> str:
    possible = f"?{PHASES.index(found.maybe)}" if found.maybe else ""
    return f"{PHASES.index(found.phase)}{possible}{'*' if found.basis == 'promise' else ''}"


def on(name: str, day: str, known: str = "2026-11-24") -> str:
    return in_short(
        state(claims_of(name), PHASE_OF, date.fromisoformat(day), date.fromisoformat(known)),
    )


@pytest.mark.parametrize("name", TABLE)
def test_the_table_of_expected_answers(name: str) -> None:
    assert " ".join(on(name, day) for day in TABLE_DAYS) == TABLE[name]


def test_line_10_opens_on_its_day_and_was_unknown_to_those_who_had_not_heard() -> None:
    assert on("M01 Line 10 main", "2020-08-17") == "4"
    assert on("M01 Line 10 main", "2020-08-18") == "6"
    assert on("M01 Line 10 main", "2021-07-01", known="2025-02-01") == "0"


def test_line_17_phase_1_is_building_on_the_word_of_the_web_alone() -> None:
    claims = claims_of("M02a Line 17 phase 1")
    seen = [c for c in claims if c.head == "phase" and c.value == "building"]
    assert {c.tier for c in seen} == {"web"}
    without_web = [c for c in claims if c.tier != "web"]
    assert in_short(state(without_web, PHASE_OF, TODAY, TODAY)) == "2"


def test_fuan_east_road_is_open_from_its_day_with_one_conflict_kept() -> None:
    assert on("D01 富安东路", "2025-01-14") == "0"
    assert on("D01 富安东路", "2025-01-15") == "6"
    claims = claims_of("D01 富安东路")
    assert len(conflicts(claims)) == 1
    assert sorted(standings(claims, PHASE_OF).values()) == ["conflicts", "holds"]


def test_the_cycling_base_is_in_use_and_its_task_stands_beside() -> None:
    claims = claims_of("F10 骑行基地")
    words = [c for c in claims if standings(claims, PHASE_OF)[c.ref] == "words"]
    assert [c.about for c in words] == ["mention"]
    assert in_short(state(claims, PHASE_OF, TODAY, TODAY)) == "6"


def test_jihe_start_moved_once_and_its_opening_has_one_undated_promise() -> None:
    found = promises(claims_of("D03 机荷"), PHASE_OF)
    assert (found["start"].moves, found["start"].slip_days) == (1, 1096)
    assert len(found["open"].undated) == 1
    assert light(claims_of("D03 机荷"), PHASE_OF, TODAY).light == "silent"


def test_the_sign_up_rate_has_no_denominator() -> None:
    rates = [c for c in claims_of("P01 辅城坳") if c.about == "measure:lc_signup"]
    assert {c.value for c in rates} == {"99"}


def test_p02_is_not_provably_late_and_history_today() -> None:
    claims = claims_of("P02 一期一批")
    assert light(claims, PHASE_OF, date(2025, 2, 1)).light == "green"
    assert light(claims, PHASE_OF, TODAY).light == "grey"


def test_p04_is_silent_for_only_an_amount_would_prove_it_late() -> None:
    assert light(claims_of("P04 山厦"), PHASE_OF, TODAY).light == "silent"


def test_p07_is_late_by_at_least_869_days() -> None:
    found = light(claims_of("P07 平湖西"), PHASE_OF, TODAY)
    assert (found.light, found.days) == ("red", 869)
    assert found.evidence is not None
    assert found.evidence.head == "mention"


def test_a_restart_that_is_pursued_is_not_done() -> None:
    claims = claims_of("R02 GX04")
    assert {c.commitment for c in claims if c.head == "activity"} == {"pursued"}


def test_k03_was_promised_and_the_promise_lapsed() -> None:
    assert on("K03 跨境电商产业园", "2030-01-01", known="2025-02-01") == "6*"
    assert on("K03 跨境电商产业园", "2030-01-01") == "4"
    assert light(claims_of("K03 跨境电商产业园"), PHASE_OF, TODAY).light == "silent"


def test_pinghu_station_was_closed_before_it_reopened() -> None:
    assert on("平湖站(国铁)", "2015-10-16") == "7"


def test_a_newer_word_of_the_press_moves_the_date_and_is_disputed() -> None:
    found = promises(claims_of("X1 official older, press newer (promise)"), PHASE_OF)["open"]
    assert (found.slip_days, found.disputed) == (731, True)


def test_an_official_sight_of_works_beats_an_earlier_opening_by_the_press() -> None:
    name = "X2 official building, press opened earlier (fact)"
    assert on(name, "2025-01-16", known="2025-02-01") == "6"
    assert on(name, "2025-01-16") == "0"


# ---------------------------------------------------------------- rules one by one


OPENED = {
    "web": claim("milestone:open", "2020-08-18", "done", "2026-10", "web", ref=1),
    "a year": claim("milestone:open", "2021", "done", "2024-01-01", ref=2),
    "a month": claim("milestone:open", "2022-03", "done", "2023-01-01", ref=3),
    "said later": claim("milestone:open", "2023-05", "done", "2024-06-01", ref=4),
}


@pytest.mark.parametrize(
    ("stronger", "weaker"), [("a year", "web"), ("a month", "a year"), ("said later", "a month")]
)
def test_the_winner_among_done_claims_is_tier_then_narrower_then_later_said(
    stronger: str, weaker: str
) -> None:
    found = facts([OPENED[weaker], OPENED[stronger]], PHASE_OF)
    assert found.done["open"][0] is OPENED[stronger]
    assert found.conflicts == ((OPENED[stronger], OPENED[weaker]),)


def test_compatible_dates_are_intersected_and_no_conflict() -> None:
    claims = [
        claim("milestone:open", "2024", "done", "2025-01-01", ref=1),
        claim("milestone:open", "2024-12/2025-02", "done", "2025-03-01", "web", ref=2),
    ]
    found = facts(claims, PHASE_OF)
    span = found.done["open"][1]
    assert (span.earliest, span.latest) == (date(2024, 12, 1), date(2024, 12, 31))
    assert not found.conflicts


def test_same_day_events_rise_and_closing_always_applies() -> None:
    claims = [
        claim("milestone:open", "2020-01-01", "done", "2020-01-02"),
        claim("milestone:closed", "2021-01-01", "done", "2021-01-02"),
        claim("phase", "2019-06-01", "done", "2019-06-02", value="building"),
        claim("milestone:reopened", "2022", "done", "2023-01-01"),
    ]
    assert phases_text(claims, PHASE_OF) == "4@2019-06-01< 6@2020-01-01 7@2021-01-01 6@2022-12-31<2022-01-01"


def test_a_promise_of_the_web_counts_only_where_there_is_no_other() -> None:
    web = claim("milestone:open", "2027", "expected", "2026-10", "web", ref=1)
    press = claim("milestone:open", "2026", "expected", "2024-10", "press", ref=2)
    assert promises([web], PHASE_OF)["open"].current is web
    assert promises([web, press], PHASE_OF)["open"].current is press
    assert promises([web, press], PHASE_OF)["open"].moves == 0


@pytest.mark.parametrize(
    ("opened", "expected"),
    [
        ("2025-12-31", Light("green", "open")),
        ("2026-01-15", Light("green", "open")),
        ("2026-02-01", Light("amber", "open", 32)),
        ("2026-04-01", Light("red", "open", 91)),
        ("2026", Light("green", "open")),
    ],
)
def test_late_is_what_is_proved(opened: str, expected: Light) -> None:
    promised = claim("milestone:open", "2025", "committed", "2024-01-01")
    done = claim("milestone:open", opened, "done", "2026-11-01")
    found = light([promised, done], PHASE_OF, TODAY)
    assert (found.light, found.milestone, found.days) == (expected.light, expected.milestone, expected.days)


def test_works_seen_after_the_promised_opening_prove_it_late() -> None:
    promised = claim("milestone:open", "2025-06-30", "expected", "2024-01-01")
    seen = claim("phase", "2025-10-08", "done", "2025-10-08", value="building")
    found = light([promised, seen], PHASE_OF, TODAY)
    assert (found.light, found.days) == ("red", 100)
    assert light([promised], PHASE_OF, TODAY).light == "silent"
    assert light([promised], PHASE_OF, date(2025, 6, 30)).light == "green"


def test_a_promise_without_a_date_is_words_and_gives_no_light() -> None:
    words = claim("milestone:open", None, "aspired", "2025-01-01", ref=7)
    assert promises([words], PHASE_OF) == {}
    assert light([words], PHASE_OF, TODAY) == Light("grey")
    assert standings([words], PHASE_OF) == {7: "words"}


def test_a_milestone_that_the_kind_does_not_have_is_left_aside() -> None:
    stray = claim("milestone:no-such", "2025", "done", "2025-06-01")
    assert phases_text([stray], PHASE_OF) == ""


def test_what_was_said_on_no_known_day_needs_a_latest_day() -> None:
    with pytest.raises(ValueError, match="latest day"):
        claim("mention", None, "done", "2025..").said_latest  # noqa: B018 (the reading is what fails)


def test_last_heard_is_of_dated_sources_only() -> None:
    dated = claim("mention", None, "done", "2024-03")
    copied = replace(claim("mention", None, "done", "..2026-11-24"), undated_copy=True)
    bounded = claim("mention", None, "done", "..2014")
    assert last_heard([bounded]) == date(2014, 12, 31)
    assert last_heard([dated, copied]) == date(2024, 3, 31)
    assert last_heard([copied]) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("99", 99),
        (">297", 297),
        ("140~", 140),
        ("2.94", 2.94),
        ("9.8/10", None),
        ("近三倍", None),
        ("", None),
    ],
)
def test_amounts_are_read_and_words_are_not(text: str, number: float | None) -> None:
    assert amount(text) == number


@pytest.mark.parametrize("text", ["9@2025-01-01", "4@2025", "4", "4@2025-01-01*6", "4@2025-13-01", "x"])
def test_a_text_outside_the_grammar_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_phases(text)


def test_rows_hold_no_empty_span() -> None:
    for case in CASES.values():
        rows: list[PhaseSpan] = phase_spans(phase_cases.claims(case), PHASE_OF)[0]
        for row in rows:
            assert row.known_to is None or row.known_from < row.known_to
            assert row.day_to is None or row.day_from < row.day_to
