"""The look-up that the database makes over stored spans, written once more in plain Python."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from geodata.phases import PHASES, State
from geodata.spans import PhaseSpan


def look_up(spans: Iterable[PhaseSpan], day: date, known: date) -> State:
    """The phase on `day` as known on `known`. At most one fact and one promise may hold; promises count only
    after the known day."""
    standing = [
        span
        for span in spans
        if span.known_from <= known
        and (span.known_to is None or known < span.known_to)
        and (not span.promised or day > known)
    ]
    holding = [s for s in standing if s.day_from <= day and (s.day_to is None or day < s.day_to)]
    facts = [span for span in holding if not span.promised]
    promised = [span for span in holding if span.promised]
    assert len(facts) <= 1, "two facts on one day"
    assert len(promised) <= 1, "two promises on one day"
    phase = next((span.phase for span in promised + facts), 0)
    possible = [
        s.phase
        for s in standing
        if s.maybe_from is not None and s.maybe_from <= day < s.day_from and s.phase > phase
    ]
    return State(
        PHASES[phase],
        "promise" if promised else "fact" if facts else "none",
        PHASES[max(possible)] if possible else None,
    )
