"""Properties that hold for any claims: the past is not rewritten, order is nothing, rows equal rules."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from geodata import dates
from geodata.kinds import Kind, load_kinds
from geodata.lights import last_heard, light, standings
from geodata.phases import (
    COMMITMENTS,
    PHASES,
    TIERS,
    Claim,
    Step,
    as_known,
    facts,
    parse_phases,
    phases_text,
    promises,
    state,
    state_on,
)
from geodata.spans import phase_spans
from tests.geodata.spans import look_up

KINDS = [kind for kind in load_kinds().values() if kind.tracked]
# Few and close together, so that claims meet, overlap and contradict each other.
WHEN = (
    "2023",
    "2024",
    "2024-Q3",
    "2024-06",
    "2024-06-15",
    "2025-01-15",
    "2024/2025",
    "..2024-12",
    "2026~",
    "2026..",
)
SAID = ("2023-12-31", "2024-06-15", "2025-01-16", "2025-01", "2026-02-01", "..2026-11-24")
DAYS = st.dates(date(2022, 11, 1), date(2027, 3, 1)) | st.sampled_from(
    sorted(
        edge + timedelta(days=shift)
        for text in (*WHEN, *SAID)
        for edge in (dates.parse(text).earliest, dates.parse(text).latest)
        if edge
        for shift in (-1, 0, 1)
    )
)


@st.composite
def claim_lists(draw: st.DrawFn, kind: Kind, most: int = 6) -> list[Claim]:
    """Claims of one project of a kind, each with a number of its own."""
    milestones = [f"milestone:{code}" for code in kind.phase_of]
    others = [f"measure:{code}" for code in kind.phase_of] + ["phase", "mention", "activity"]
    about = st.sampled_from(milestones) | st.sampled_from([*others, "phase", "mention"])
    found = []
    for ref in range(1, draw(st.integers(1, most)) + 1):
        name = draw(about)
        values = PHASES[1:] if name == "phase" else (None, "50", ">80")
        found.append(
            Claim(
                about=name,
                date=draw(st.none() | st.sampled_from(WHEN).map(dates.parse)),
                commitment=draw(st.sampled_from(COMMITMENTS) | st.just("done")),
                said=dates.parse(draw(st.sampled_from(SAID))),
                tier=draw(st.sampled_from(TIERS)),
                value=draw(st.sampled_from(values)),
                ref=ref,
            )
        )
    return found


@st.composite
def histories(draw: st.DrawFn) -> tuple[Kind, list[Claim]]:
    kind = draw(st.sampled_from(KINDS))
    return kind, draw(claim_lists(kind))


@given(histories(), DAYS, DAYS)
@settings(max_examples=400)
def test_rows_answer_as_the_rules_do(history: tuple[Kind, list[Claim]], day: date, known: date) -> None:
    kind, claims = history
    spans, _ = phase_spans(claims, kind.phase_of)
    assert look_up(spans, day, known) == state(claims, kind.phase_of, day, known)


@given(histories(), DAYS, DAYS)
def test_the_text_answers_as_the_rules_do(history: tuple[Kind, list[Claim]], day: date, known: date) -> None:
    kind, claims = history
    text = phases_text(as_known(claims, known), kind.phase_of)
    assert state_on(*parse_phases(text), day, known) == state(claims, kind.phase_of, day, known)


@given(histories(), DAYS, st.data())
def test_what_is_said_later_changes_nothing_as_known_before(
    history: tuple[Kind, list[Claim]], known: date, data: st.DataObject
) -> None:
    kind, claims = history
    later = [c for c in data.draw(claim_lists(kind)) if c.said_latest > known]
    both = claims + later
    assert phases_text(as_known(both, known), kind.phase_of) == phases_text(
        as_known(claims, known), kind.phase_of
    )
    assert light(both, kind.phase_of, known) == light(claims, kind.phase_of, known)
    day = data.draw(DAYS)
    assert state(both, kind.phase_of, day, known) == state(claims, kind.phase_of, day, known)
    assert look_up(phase_spans(both, kind.phase_of)[0], day, known) == look_up(
        phase_spans(claims, kind.phase_of)[0], day, known
    )


@given(histories(), st.data())
@settings(max_examples=300)
def test_the_order_of_claims_does_not_matter(history: tuple[Kind, list[Claim]], data: st.DataObject) -> None:
    kind, claims = history
    shuffled = data.draw(st.permutations(claims))
    assert phases_text(shuffled, kind.phase_of) == phases_text(claims, kind.phase_of)
    day, known = data.draw(DAYS), data.draw(DAYS)
    assert state(shuffled, kind.phase_of, day, known) == state(claims, kind.phase_of, day, known)
    assert promises(shuffled, kind.phase_of) == promises(claims, kind.phase_of)
    assert light(shuffled, kind.phase_of, known) == light(claims, kind.phase_of, known)
    assert standings(shuffled, kind.phase_of) == standings(claims, kind.phase_of)
    assert last_heard(shuffled) == last_heard(claims)


@given(histories())
def test_steps_rise_until_something_closes(history: tuple[Kind, list[Claim]]) -> None:
    kind, claims = history
    steps = facts(claims, kind.phase_of).steps
    for before, after in pairwise(steps):
        assert before.certain_from <= after.certain_from
        assert after.phase > before.phase or before.phase >= PHASES.index("closed")
    for step in steps:
        assert step.possible_from is None or step.possible_from <= step.certain_from


@given(histories())
def test_no_phase_without_something_said_to_have_happened(history: tuple[Kind, list[Claim]]) -> None:
    kind, claims = history
    promised_only = [c for c in claims if not c.is_done]
    assert facts(promised_only, kind.phase_of).steps == ()


@given(histories(), DAYS)
def test_a_light_that_says_late_names_its_proof(history: tuple[Kind, list[Claim]], today: date) -> None:
    kind, claims = history
    found = light(claims, kind.phase_of, today)
    late = found.light in ("amber", "red")
    assert (found.days is not None) == late
    assert (found.evidence is not None) == late
    if found.evidence is not None:
        assert found.evidence.said_latest <= today


@given(
    st.lists(
        st.builds(
            Step,
            phase=st.integers(1, 8),
            certain_from=DAYS,
            possible_from=st.none() | DAYS,
            commitment=st.integers(0, 5),
        )
    )
)
def test_tokens_read_back(steps: list[Step]) -> None:
    sound = [s for s in steps if s.possible_from is None or s.possible_from <= s.certain_from]
    assert parse_phases(" ".join(step.text() for step in sound))[0] == tuple(sound)
