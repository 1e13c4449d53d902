"""From claims to phases: what holds on a day, and what is promised.

The rules are those of the data model (docs/model.md). Four times are kept apart: the *day* something is
true, the day it was *said*, the *known* day up to which sayings count, and *today*, which is always an
argument and never stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Day  # noqa: N812 (a claim has a field of that name)
from datetime import timedelta
from itertools import pairwise
from typing import Literal

from geodata.dates import DateSpan

PHASES = (
    "unknown",
    "proposed",
    "planned",
    "preparing",
    "building",
    "completing",
    "in_service",
    "closed",
    "cancelled",
)
COMMITMENTS = ("explored", "aspired", "pursued", "expected", "committed", "done")
TIERS = ("web", "press", "official")

IN_SERVICE, CLOSED = PHASES.index("in_service"), PHASES.index("closed")

Basis = Literal["fact", "promise", "none"]
MilestonePhases = Mapping[str, str]
"""Milestone code → phase id of one kind, in the kind's order."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement about a project, as the rules need it.

    about: its property, ``milestone:<code>``, ``phase``, ``measure:<code>``, ``activity`` or ``mention``.
    said: the day it was said; its latest is never open. undated_copy: nobody knows when it was said, and it
    counts from the day the copy was retrieved.
    """

    about: str
    date: DateSpan | None
    commitment: str
    said: DateSpan
    tier: str
    value: str | None = None
    ref: int = 0
    undated_copy: bool = False

    @property
    def head(self) -> str:
        return self.about.partition(":")[0]

    @property
    def code(self) -> str:
        return self.about.partition(":")[2]

    @property
    def is_done(self) -> bool:
        return self.commitment == "done"

    @property
    def said_latest(self) -> Day:
        if self.said.latest is None:
            raise ValueError("a claim needs a latest day on which it was said")
        return self.said.latest

    @property
    def latest(self) -> Day:
        """Latest day of the event; what has happened has happened by the day it was said."""
        return self.date.latest if self.date and self.date.latest else self.said_latest

    @property
    def earliest(self) -> Day | None:
        return self.date.earliest if self.date else None

    @property
    def rank(self) -> tuple[int, int, Day, int]:
        """Who wins among several done claims: tier, then the narrower date, then the later said; where all
        that is equal, the one recorded first, so that no answer depends on the order of a list."""
        width = self.date.days if self.date else None
        narrowness = -(width if width is not None else 10**9)
        return TIERS.index(self.tier), narrowness, self.said_latest, -self.ref


@dataclass(frozen=True, slots=True)
class Step:
    """From `certain_from` on the project surely is in `phase`; from `possible_from` on it may be.

    possible_from is None when nothing bounds it. A promised step carries its commitment (1–5).
    """

    phase: int
    certain_from: Day
    possible_from: Day | None
    commitment: int = 0
    approx: bool = False
    milestone: str = ""

    def text(self) -> str:
        """The token of the `phases` text."""
        token = f"{self.phase}@{self.certain_from.isoformat()}"
        if self.possible_from is None:
            token += "<"
        elif self.possible_from < self.certain_from:
            token += f"<{self.possible_from.isoformat()}"
        if self.commitment:
            token += ("~" if self.approx else "") + f"*{self.commitment}"
        return token


@dataclass(frozen=True, slots=True)
class State:
    phase: str
    basis: Basis
    maybe: str | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is believed to have happened: rising steps; the done milestones, each with the claim that tells
    its day best and that day; and who disagrees with whom."""

    steps: tuple[Step, ...]
    done: Mapping[str, tuple[Claim, DateSpan]]
    conflicts: tuple[tuple[Claim, Claim], ...]


@dataclass(frozen=True, slots=True)
class Promise:
    """The promises of one milestone in the order they were said; `current` is the last of them.

    moves counts consecutive promises whose dates do not overlap; slip_days is the distance from the first
    to the current latest day, 0 without a move; disputed when a higher tier said something incompatible.
    """

    milestone: str
    phase: int
    history: tuple[Claim, ...]
    undated: tuple[Claim, ...]
    moves: int
    slip_days: int
    disputed: bool

    @property
    def current(self) -> Claim:
        return self.history[-1]

    @property
    def slip_exact(self) -> bool:
        """Whether slip_days is what the words say: both dates are single days, and neither only about so."""
        return all(is_one_day(claim) for claim in (self.history[0], self.current))

    @property
    def due(self) -> Day:
        return self.current.latest

    def step(self) -> Step:
        claim = self.current
        return Step(
            self.phase,
            self.due,
            claim.earliest,
            COMMITMENTS.index(claim.commitment) + 1,
            claim.date is not None and claim.date.approx,
            self.milestone,
        )


def is_one_day(claim: Claim) -> bool:
    """Whether the date of a claim is told to the day."""
    return claim.date is not None and claim.date.days == 1 and not claim.date.approx


def as_known(claims: Iterable[Claim], known: Day | None) -> list[Claim]:
    """The claims that had been said by the end of `known` (all of them when None)."""
    return [claim for claim in claims if known is None or claim.said_latest <= known]


# ---------------------------------------------------------------- facts


def facts(claims: Iterable[Claim], phase_of: MilestonePhases) -> Facts:
    """Order what is said to have happened into rising steps.

    claims: of one project, already filtered by `as_known`. phase_of: of the project's kind; a milestone
    the kind does not have is left aside.
    """
    claims = list(claims)
    conflicts: list[tuple[Claim, Claim]] = []
    done = _done_milestones(claims, phase_of, conflicts)
    events = [_Event(PHASES.index(phase_of[code]), claim, span) for code, (claim, span) in done.items()]
    events += _observations(claims, phase_of)
    events = _without_contradicted(events, conflicts)
    return Facts(_rising(events), done, tuple(conflicts))


@dataclass(frozen=True, slots=True)
class _Event:
    phase: int
    claim: Claim
    span: DateSpan | None
    """Where the milestone lies; None for an observation, which says nothing about before."""

    @property
    def latest(self) -> Day:
        return self.span.latest if self.span and self.span.latest else self.claim.latest

    @property
    def earliest(self) -> Day | None:
        return self.span.earliest if self.span else None


def _done_milestones(
    claims: list[Claim], phase_of: MilestonePhases, conflicts: list[tuple[Claim, Claim]]
) -> dict[str, tuple[Claim, DateSpan]]:
    groups: dict[str, list[tuple[Claim, DateSpan]]] = {}
    for claim in claims:
        if claim.head == "milestone" and claim.is_done and claim.date and claim.code in phase_of:
            groups.setdefault(claim.code, []).append((claim, claim.date))
    done = {}
    for code, group in groups.items():
        (winner, span), *others = sorted(group, key=lambda claim: claim[0].rank, reverse=True)
        whole, holder = span, winner
        for other, other_span in others:
            if span.overlaps(other_span):
                narrower = _intersect(span, other_span)
                if narrower != span:
                    span, holder = narrower, other
            else:
                # It may agree with the winner and still disagree with whoever told the day more exactly.
                conflicts.append((holder if whole.overlaps(other_span) else winner, other))
        done[code] = (holder, span)
    return done


def _intersect(a: DateSpan, b: DateSpan) -> DateSpan:
    """The days that belong to both, in the words of the one that has just these, if one does."""
    earliest = max((day for day in (a.earliest, b.earliest) if day), default=None)
    latest = min((day for day in (a.latest, b.latest) if day), default=None)
    for span in (a, b):
        if (span.earliest, span.latest) == (earliest, latest):
            return span
    return DateSpan(f"{earliest}/{latest}", earliest, latest, a.approx or b.approx)


def _observations(claims: list[Claim], phase_of: MilestonePhases) -> list[_Event]:
    seen = []
    for claim in claims:
        if not claim.is_done:
            continue
        if claim.head == "phase" and claim.value in PHASES:
            seen.append(_Event(PHASES.index(claim.value), claim, None))
        elif claim.head == "measure" and claim.code in phase_of:
            # An amount of a milestone is also a sight of that milestone's phase.
            seen.append(_Event(PHASES.index(phase_of[claim.code]), claim, None))
    return seen


def _without_contradicted(events: list[_Event], conflicts: list[tuple[Claim, Claim]]) -> list[_Event]:
    """Where a lower phase was seen after a higher one surely came, the weaker of the two goes."""
    dropped: set[int] = set()
    for seen in events:
        if seen.span is not None or seen.claim.earliest is None:
            continue
        for event in events:
            surely_before = event.latest <= seen.claim.earliest
            if not (seen.phase < event.phase < CLOSED and surely_before) or _closed_between(
                events, event, seen
            ):
                continue
            stronger = (TIERS.index(seen.claim.tier), seen.claim.said_latest) > (
                TIERS.index(event.claim.tier),
                event.claim.said_latest,
            )
            winner, loser = (seen, event) if stronger else (event, seen)
            dropped.add(id(loser))
            conflicts.append((winner.claim, loser.claim))
    return [event for event in events if id(event) not in dropped]


def _closed_between(events: list[_Event], before: _Event, after: _Event) -> bool:
    return any(e.phase >= CLOSED and before.latest <= e.latest <= after.latest for e in events)


def _rising(events: list[_Event]) -> tuple[Step, ...]:
    steps: list[Step] = []
    # Of two events that lead to one phase by one day, the one that says since when it was possible counts.
    for event in sorted(events, key=lambda e: (e.latest, e.phase, e.earliest or e.latest + timedelta(1))):
        current = steps[-1].phase if steps else 0
        if not _applies(event.phase, current):
            continue
        possible = event.earliest
        if current >= CLOSED:
            # What comes after a closing cannot have begun before it.
            possible = max(possible or steps[-1].certain_from, steps[-1].certain_from)
        elif possible and steps and steps[-1].possible_from:
            possible = max(possible, steps[-1].possible_from)
        steps.append(Step(event.phase, event.latest, min(possible, event.latest) if possible else None))
    return tuple(steps)


def _applies(phase: int, current: int) -> bool:
    """A phase only rises; closing always applies, and after it anything later does."""
    if phase == current:
        return False
    return phase > current or current >= CLOSED


# ---------------------------------------------------------------- promises


def promises(claims: Iterable[Claim], phase_of: MilestonePhases) -> dict[str, Promise]:
    """The dated promises by milestone code in the kind's order, kept or not; a milestone promised only in
    words is not in it."""
    dated: dict[str, list[Claim]] = {}
    undated: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.head != "milestone" or claim.is_done or claim.code not in phase_of:
            continue
        has_due = claim.date is not None and claim.date.latest is not None
        (dated if has_due else undated).setdefault(claim.code, []).append(claim)
    return {
        code: _promise(code, PHASES.index(phase), dated[code], undated.get(code, []))
        for code, phase in phase_of.items()
        if code in dated
    }


def _promise(code: str, phase: int, dated: list[Claim], undated: list[Claim]) -> Promise:
    # An encyclopedia's promise counts only where nobody else made one.
    counted = [claim for claim in dated if claim.tier != "web"] or dated
    history, words = sorted(counted, key=_promise_order), sorted(undated, key=_promise_order)
    moves = sum(not _overlap(a, b) for a, b in pairwise(history))
    slip_days = (history[-1].latest - history[0].latest).days if moves else 0
    current = history[-1]
    disputed = any(
        TIERS.index(claim.tier) > TIERS.index(current.tier) and not _overlap(claim, current)
        for claim in history
    )
    return Promise(code, phase, tuple(history), tuple(words), moves, slip_days, disputed)


def _promise_order(claim: Claim) -> tuple[Day, int, int, int]:
    tier, narrowness, said, _ = claim.rank
    return said, tier, narrowness, claim.ref


def _overlap(a: Claim, b: Claim) -> bool:
    return a.date is not None and b.date is not None and a.date.overlaps(b.date)


def live_promises(promised: Mapping[str, Promise], fact: Facts) -> tuple[Step, ...]:
    """The current promises not yet fulfilled, as steps in order of their due day; lapsed ones included,
    for only the reader knows which day is today."""
    last = fact.steps[-1].phase if fact.steps else 0
    steps = [
        promise.step()
        for promise in promised.values()
        if promise.milestone not in fact.done and _applies(promise.phase, last)
    ]
    return tuple(sorted(steps, key=lambda s: (s.certain_from, s.phase, s.milestone)))


# ---------------------------------------------------------------- the `phases` text


def phases_text(claims: Iterable[Claim], phase_of: MilestonePhases) -> str:
    """``facts[|promises]`` in the grammar of the data model, of claims filtered by `as_known`."""
    claims = list(claims)
    fact = facts(claims, phase_of)
    return _join(fact.steps, live_promises(promises(claims, phase_of), fact))


def _join(steps: Sequence[Step], promised: Sequence[Step]) -> str:
    text = " ".join(step.text() for step in steps)
    return text + "|" + " ".join(step.text() for step in promised) if promised else text


_TOKEN = re.compile(r"([0-8])@(\d{4}-\d{2}-\d{2})(?:(<)(\d{4}-\d{2}-\d{2})?)?(~)?(?:\*([1-5]))?", re.ASCII)


def parse_phases(text: str) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """Read a `phases` text into fact steps and promised steps. Raises ValueError outside the grammar."""
    head, _, tail = text.partition("|")
    return _read_steps(head), _read_steps(tail)


def _read_steps(part: str) -> tuple[Step, ...]:
    steps = []
    for token in part.split():
        match = _TOKEN.fullmatch(token)
        if match is None:
            raise ValueError(f"not a phase token: {token}")
        certain = Day.fromisoformat(match[2])
        possible = Day.fromisoformat(match[4]) if match[4] else (None if match[3] else certain)
        steps.append(Step(int(match[1]), certain, possible, int(match[6] or 0), bool(match[5])))
    return tuple(steps)


def state_on(steps: Sequence[Step], promised: Sequence[Step], day: Day, known: Day) -> State:
    """The phase on `day` when sayings up to `known` count, from the steps known then.

    Promises speak only of days after `known`, and only while they are not yet past due on it.
    """
    return standing_on(steps, promised, day, known)[0]


def standing_on(
    steps: Sequence[Step], promised: Sequence[Step], day: Day, known: Day
) -> tuple[State, Step | None]:
    """The same with the step that it rests on; None when nothing is known."""
    phase = max_index = 0
    by: Step | None = None
    for index, step in enumerate(steps):
        if step.certain_from <= day:
            phase, max_index, by = step.phase, index + 1, step
    possible = [s for s in steps[max_index:] if s.possible_from and s.possible_from <= day]
    basis: Basis = "fact" if phase else "none"
    if day > known:
        open_promises = [s for s in promised if s.certain_from >= known]
        for step in open_promises:
            if step.certain_from <= day and _applies(step.phase, phase):
                phase, basis, by = step.phase, "promise", step
        possible += [
            s for s in open_promises if s.certain_from > day and s.possible_from and s.possible_from <= day
        ]
    higher = [s.phase for s in possible if s.phase > phase]
    return State(PHASES[phase], basis, PHASES[max(higher)] if higher else None), by


def state(claims: Iterable[Claim], phase_of: MilestonePhases, day: Day, known: Day) -> State:
    """The phase of one project on `day` as known on `known`, from all its claims."""
    said = as_known(claims, known)
    fact = facts(said, phase_of)
    return state_on(fact.steps, live_promises(promises(said, phase_of), fact), day, known)
