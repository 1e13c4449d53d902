"""Whether promises are kept, and what each claim is worth. Late only where a claim proves it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as Day  # noqa: N812 (as in geodata.phases)
from typing import Literal

from geodata.dates import DateSpan
from geodata.phases import (
    CLOSED,
    IN_SERVICE,
    PHASES,
    Claim,
    Facts,
    MilestonePhases,
    Promise,
    Step,
    as_known,
    facts,
    promises,
)

LIGHTS = ("grey", "green", "silent", "amber", "red")
AMBER_DAYS, RED_DAYS, HISTORY_DAYS = 30, 90, 365


@dataclass(frozen=True, slots=True)
class Light:
    """light: one of LIGHTS. days: "late by at least", None when nothing is late. evidence: what proves it.
    kept: green because the promise was kept, not because it is not yet due."""

    light: str
    milestone: str | None = None
    days: int | None = None
    evidence: Claim | None = None
    kept: bool = False


def light(claims: Iterable[Claim], phase_of: MilestonePhases, today: Day) -> Light:
    """Whether the promises known today are kept: the worst of them. Late only where a claim proves it."""
    found = lights(claims, phase_of, today).values()
    return max(found, key=lambda lamp: (LIGHTS.index(lamp.light), lamp.days or 0), default=Light("grey"))


def lights(claims: Iterable[Claim], phase_of: MilestonePhases, today: Day) -> dict[str, Light]:
    """The same by milestone; a promise that gives no light is not in it."""
    said = as_known(claims, today)
    fact = facts(said, phase_of)
    return {
        code: lamp
        for code, promise in promises(said, phase_of).items()
        if (lamp := _lamp(promise, fact, said, phase_of, today))
    }


def outcome(promise: Promise, claim: Claim, span: DateSpan) -> Literal["kept", "late", "untold"]:
    """Of a milestone that is done: whether the last day of its promise was kept; untold where the words allow
    both. claim: the one that tells the day, span: when it was."""
    if (span.latest or claim.said_latest) <= promise.due:
        return "kept"
    return "late" if span.earliest is not None and span.earliest > promise.due else "untold"


def standing_promises(claims: Iterable[Claim], phase_of: MilestonePhases) -> list[Promise]:
    """The dated promises that nothing has settled, in the kind's order, lapsed ones too: not done, not
    reached by other evidence, and not made before the thing was closed or given up."""
    claims = list(claims)
    fact = facts(claims, phase_of)
    end = fact.steps[-1] if fact.steps and fact.steps[-1].phase >= CLOSED else None
    return [
        promise
        for promise in promises(claims, phase_of).values()
        if promise.milestone not in fact.done
        and not _reached_otherwise(promise, fact, phase_of)
        and (end is None or promise.current.said_latest > end.certain_from)
    ]


def reached(
    promise: Promise, claims: Iterable[Claim], phase_of: MilestonePhases
) -> tuple[Step, Claim] | None:
    """Of a promise that nobody says was kept: the first step of the facts that shows its phase all the same,
    with the claim that tells it; None while nothing does, and where the milestone is told to be done."""
    claims = list(claims)
    fact = facts(claims, phase_of)
    if promise.milestone in fact.done or not _reached_otherwise(promise, fact, phase_of):
        return None
    ends = [n for n, step in enumerate(fact.steps) if step.phase >= CLOSED]
    since = fact.steps[ends[-1] + 1 :] if ends else fact.steps
    step = next((one for one in since if one.phase >= promise.phase), None)
    claim = step and evidence(step, fact, claims, phase_of)
    return (step, claim) if step and claim else None


def evidence(step: Step, fact: Facts, claims: Iterable[Claim], phase_of: MilestonePhases) -> Claim | None:
    """The claim that a step of the facts rests on."""
    told = [
        claim
        for code, (claim, span) in fact.done.items()
        if PHASES.index(phase_of[code]) == step.phase
        and (span.latest or claim.said_latest) == step.certain_from
    ]
    seen = [
        claim
        for claim in claims
        if claim.is_done
        and claim.latest == step.certain_from
        and (
            (claim.head == "phase" and claim.value == PHASES[step.phase])
            or (claim.head == "measure" and phase_of.get(claim.code) == PHASES[step.phase])
        )
    ]
    return max(told or seen, key=lambda claim: claim.rank, default=None)


def _lamp(
    promise: Promise, fact: Facts, claims: list[Claim], phase_of: MilestonePhases, today: Day
) -> Light | None:
    green = Light("green", promise.milestone)
    if promise.milestone in fact.done:
        claim, span = fact.done[promise.milestone]
        if (today - (span.latest or claim.said_latest)).days > HISTORY_DAYS:
            return None
        late = (span.earliest - promise.due).days if span.earliest else 0
        return _late(promise.milestone, late, claim) or Light("green", promise.milestone, kept=True)
    if _reached_otherwise(promise, fact, phase_of):
        return None
    if promise.due >= today:
        return green
    silent = Light("silent", promise.milestone)
    proofs = _proofs_of_not_done(promise, claims, phase_of)
    if not proofs:
        return silent
    day, claim = max(proofs, key=lambda proof: (proof[0], proof[1].rank))
    return _late(promise.milestone, (day - promise.due).days, claim) or silent


def _late(milestone: str, days: int, evidence: Claim) -> Light | None:
    if days < AMBER_DAYS:
        return None
    return Light("red" if days >= RED_DAYS else "amber", milestone, days, evidence)


def _reached_otherwise(promise: Promise, fact: Facts, phase_of: MilestonePhases) -> bool:
    """Whether the facts reached the promised phase by other evidence, so that it was kept on an unknown day.

    Where a phase has several milestones (tunnel, track and power all are building), only the first of them
    is shown by the phase itself.
    """
    last = fact.steps[-1].phase if fact.steps else 0
    if last >= CLOSED or last != promise.phase:
        return CLOSED > last > promise.phase
    first = next(code for code, phase in phase_of.items() if PHASES.index(phase) == promise.phase)
    return promise.phase == IN_SERVICE or promise.milestone == first


def _proofs_of_not_done(
    promise: Promise, claims: list[Claim], phase_of: MilestonePhases
) -> list[tuple[Day, Claim]]:
    proofs = []
    for claim in claims:
        if promise.current.value is not None:
            # A promised amount is judged only by an amount of the same milestone.
            day = claim.earliest if _is_smaller_amount(claim, promise) else None
        elif claim.head == "mention" and not claim.is_done:
            day = claim.said.earliest
        elif claim.is_done and _shown_phase(claim, phase_of) < promise.phase:
            day = claim.earliest
        else:
            day = None
        if day and day > promise.due:
            proofs.append((day, claim))
    return proofs


def _shown_phase(claim: Claim, phase_of: MilestonePhases) -> int:
    """The phase a done claim shows; past all others when it shows none."""
    if claim.head == "phase" and claim.value in PHASES:
        return PHASES.index(claim.value)
    if claim.head in ("milestone", "measure") and claim.code in phase_of:
        return PHASES.index(phase_of[claim.code])
    return len(PHASES)


def _is_smaller_amount(claim: Claim, promise: Promise) -> bool:
    if not claim.is_done or claim.head not in ("measure", "milestone") or claim.code != promise.milestone:
        return False
    amounts = (amount(claim.value), amount(promise.current.value))
    return amounts[0] is not None and amounts[1] is not None and amounts[0] < amounts[1]


def amount(value: str | None) -> float | None:
    """The number in a value as sources give it: ``99``, ``>297``, ``140~``; None for words and ranges."""
    match = re.fullmatch(r">?(\d+(?:\.\d+)?)~?", value or "", re.ASCII)
    return float(match[1]) if match else None


def standings(claims: Iterable[Claim], phase_of: MilestonePhases) -> dict[int, str]:
    """By claim ref: holds (believed), agrees, conflicts (a stronger source says otherwise), superseded
    (a later promise stands), or words (carries no date, phase or amount)."""
    claims = list(claims)
    fact = facts(claims, phase_of)
    losers = {loser.ref for _, loser in fact.conflicts}
    winners = {claim.ref for claim, _ in fact.done.values()}
    current = {promise.current.ref for promise in promises(claims, phase_of).values()}
    result = {}
    for claim in claims:
        if claim.ref in losers:
            result[claim.ref] = "conflicts"
        elif claim.head in ("mention", "activity"):
            result[claim.ref] = "words"
        elif claim.head == "milestone" and not claim.is_done:
            undated = claim.date is None or claim.date.latest is None
            result[claim.ref] = "words" if undated else "holds" if claim.ref in current else "superseded"
        elif claim.head == "milestone":
            result[claim.ref] = "holds" if claim.ref in winners else "agrees"
        else:
            result[claim.ref] = "holds"
    return result


def last_heard(claims: Iterable[Claim]) -> Day | None:
    """The last day on which a source spoke; copies of which nobody knows the day do not count."""
    return max((c.said_latest for c in claims if not c.undated_copy), default=None)
