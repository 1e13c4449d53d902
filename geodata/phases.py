"""From claims to phases: what holds on a day, what is promised, and whether a promise is late.

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
LIGHTS = ("grey", "green", "silent", "amber", "red")

IN_SERVICE, CLOSED = PHASES.index("in_service"), PHASES.index("closed")
AMBER_DAYS, RED_DAYS, HISTORY_DAYS = 30, 90, 365

Basis = Literal["fact", "promise", "none"]
MilestonePhases = Mapping[str, str]
"""Milestone code → phase id of one kind, in the kind's order."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement about a project, as the rules need it.

    about: its property, ``milestone:<code>``, ``phase``, ``measure:<code>``, ``activity`` or ``mention``.
    said: the day it was said; its latest is never open (an undated copy counts from its retrieval).
    """

    about: str
    date: DateSpan | None
    commitment: str
    said: DateSpan
    tier: str
    value: str | None = None
    ref: int = 0

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
    """What is believed to have happened: rising steps, the done milestones, and who disagrees with whom."""

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


@dataclass(frozen=True, slots=True)
class Light:
    """light: one of LIGHTS. days: "late by at least", None when nothing is late. evidence: what proves it."""

    light: str
    milestone: str | None = None
    days: int | None = None
    evidence: Claim | None = None


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
        winner, *others = sorted(group, key=lambda claim: claim[0].rank, reverse=True)
        span = winner[1]
        for other, other_span in others:
            if span.overlaps(other_span):
                span = _intersect(span, other_span)
            else:
                conflicts.append((winner[0], other))
        done[code] = (winner[0], span)
    return done


def _intersect(a: DateSpan, b: DateSpan) -> DateSpan:
    earliest = max((day for day in (a.earliest, b.earliest) if day), default=None)
    latest = min((day for day in (a.latest, b.latest) if day), default=None)
    return DateSpan(a.text, earliest, latest, a.approx)


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
    phase = max_index = 0
    for index, step in enumerate(steps):
        if step.certain_from <= day:
            phase, max_index = step.phase, index + 1
    possible = [s for s in steps[max_index:] if s.possible_from and s.possible_from <= day]
    basis: Basis = "fact" if phase else "none"
    if day > known:
        open_promises = [s for s in promised if s.certain_from >= known]
        for step in open_promises:
            if step.certain_from <= day and _applies(step.phase, phase):
                phase, basis = step.phase, "promise"
        possible += [
            s for s in open_promises if s.certain_from > day and s.possible_from and s.possible_from <= day
        ]
    higher = [s.phase for s in possible if s.phase > phase]
    return State(PHASES[phase], basis, PHASES[max(higher)] if higher else None)


def state(claims: Iterable[Claim], phase_of: MilestonePhases, day: Day, known: Day) -> State:
    """The phase of one project on `day` as known on `known`, from all its claims."""
    said = as_known(claims, known)
    fact = facts(said, phase_of)
    return state_on(fact.steps, live_promises(promises(said, phase_of), fact), day, known)


# ---------------------------------------------------------------- derived spans


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


# ---------------------------------------------------------------- light


def light(claims: Iterable[Claim], phase_of: MilestonePhases, today: Day) -> Light:
    """Whether the promises known today are kept: the worst of them. Late only where a claim proves it."""
    said = as_known(claims, today)
    fact = facts(said, phase_of)
    found = [
        lamp
        for promise in promises(said, phase_of).values()
        if (lamp := _lamp(promise, fact, said, phase_of, today))
    ]
    return max(found, key=lambda lamp: (LIGHTS.index(lamp.light), lamp.days or 0), default=Light("grey"))


def _lamp(
    promise: Promise, fact: Facts, claims: list[Claim], phase_of: MilestonePhases, today: Day
) -> Light | None:
    green = Light("green", promise.milestone)
    if promise.milestone in fact.done:
        claim, span = fact.done[promise.milestone]
        if (today - (span.latest or claim.said_latest)).days > HISTORY_DAYS:
            return None
        late = (span.earliest - promise.due).days if span.earliest else 0
        return _late(promise.milestone, late, claim) or green
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


# ---------------------------------------------------------------- what each claim is worth


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
    """The last day on which a dated source spoke; undated copies do not count."""
    return max((c.said_latest for c in claims if c.said.earliest is not None), default=None)
