"""Everything the claims of a project imply for any day and any known day, as rows to store and query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date as Day  # noqa: N812 (as in geodata.phases)
from datetime import timedelta

from geodata.phases import (
    PHASES,
    Claim,
    MilestonePhases,
    Step,
    as_known,
    facts,
    live_promises,
    promises,
    state_on,
)


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """A row of the derived table: while known in [known_from, known_to), on days in [day_from, day_to),
    the project is in `phase`. Open ends are None. maybe_from: from when it was already possible. A
    promised span counts only for days after the known day. An empty one (day_from equals day_to) never
    holds, because another phase holds from the same day; it is there for what was possible before.
    """

    known_from: Day
    known_to: Day | None
    day_from: Day
    day_to: Day | None
    maybe_from: Day | None
    phase: int
    promised: bool


@dataclass(frozen=True, slots=True)
class PromiseSpan:
    """A row of the derived table of promises: `step` is what stands while known in [known_from, known_to)."""

    known_from: Day
    known_to: Day | None
    step: Step


def known_intervals(claims: Iterable[Claim]) -> list[tuple[Day, Day | None]]:
    """The half-open intervals of known days in which the set of sayings does not change."""
    return _half_open(sorted({claim.said_latest for claim in claims}))


def _half_open(days: list[Day], end: Day | None = None) -> list[tuple[Day, Day | None]]:
    """Each day with the next one; the last with `end`."""
    return list(zip(days, [*days[1:], end][: len(days)], strict=True))


def phase_spans(
    claims: Iterable[Claim], phase_of: MilestonePhases
) -> tuple[list[PhaseSpan], list[PromiseSpan]]:
    """Everything the claims imply for any day and known day, as rows to store and query."""
    claims = list(claims)
    spans: list[PhaseSpan] = []
    promised_rows: list[PromiseSpan] = []
    for known_from, known_to in known_intervals(claims):
        said = as_known(claims, known_from)
        fact = facts(said, phase_of)
        live = live_promises(promises(said, phase_of), fact)
        ends = [end for _, end in _half_open([step.certain_from for step in fact.steps])]
        for step, end in zip(fact.steps, ends, strict=True):
            if end == step.certain_from and step.possible_from is None:
                continue
            spans.append(
                PhaseSpan(known_from, known_to, step.certain_from, end, step.possible_from, step.phase, False)
            )
        promised_rows += [PromiseSpan(known_from, known_to, step) for step in live]
        spans += _promised_spans(fact.steps, live, known_from, known_to)
    return spans, promised_rows


def _promised_spans(
    steps: Sequence[Step], live: Sequence[Step], known_from: Day, known_to: Day | None
) -> list[PhaseSpan]:
    """Promised spans, cut where a promise lapses, so that one look-up answers any day after any known."""
    lapses = sorted({s.certain_from + timedelta(days=1) for s in live})
    cuts = [known_from] + [day for day in lapses if day > known_from and (known_to is None or day < known_to)]
    spans = []
    for start, end in _half_open(cuts, known_to):
        standing = [s for s in live if s.certain_from >= start]
        days = sorted({s.certain_from for s in (*standing, *steps) if s.certain_from >= start})
        for day, next_day in _half_open(days):
            # `known` lies before `day`, so that the promise due on it counts.
            found = state_on(steps, standing, day, start - timedelta(days=1))
            due = {s.phase: s.possible_from for s in reversed(standing) if s.certain_from == day}
            if found.basis == "promise":
                phase = PHASES.index(found.phase)
                spans.append(PhaseSpan(start, end, day, next_day, due.pop(phase, day), phase, True))
            spans += [
                PhaseSpan(start, end, day, day, possible, phase, True)
                for phase, possible in due.items()
                if possible is not None
            ]
    return spans
