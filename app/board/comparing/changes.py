"""What differs of one project between two views of it, and which claim tells it. The rules are geodata's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from app.board.entries import About
from geodata.between import Difference, between_days, known_otherwise
from geodata.dates import DateSpan
from geodata.lights import evidence, outcome
from geodata.phases import (
    Claim,
    Facts,
    Promise,
    Step,
    facts,
    live_promises,
    promises,
    standing_on,
)


@dataclass(frozen=True, slots=True)
class Item:
    """An entry before it is laid out. group: where it is counted. promise, before: as they stand after and
    stood before. rank: the latest first."""

    about: About
    rank: date
    claim: Claim | None
    group: str = ""
    difference: Difference | None = None
    code: str = ""
    when: DateSpan | None = None
    promise: Promise | None = None
    before: Promise | None = None


class View:
    """What follows from some claims of one project."""

    def __init__(self, about: About, claims: list[Claim]) -> None:
        self.about, self.claims = about, claims

    @cached_property
    def fact(self) -> Facts:
        return facts(self.claims, self.about.kind.phase_of)

    @cached_property
    def promises(self) -> dict[str, Promise]:
        return promises(self.claims, self.about.kind.phase_of)

    @cached_property
    def live(self) -> tuple[Step, ...]:
        return live_promises(self.promises, self.fact)

    def evidence(self, step: Step | None) -> Claim | None:
        """The claim that a step rests on."""
        if step is None:
            return None
        if step.commitment:
            return self.promises[step.milestone].current
        return evidence(step, self.fact, self.claims, self.about.kind.phase_of)


def phase_between_days(about: About, days: tuple[date, date], known: date) -> Item | None:
    view = View(about, about.said)
    found = between_days(view.fact.steps, view.live, days, known)
    if found is None:
        return None
    day = found.by.certain_from if found.by else days[1]
    return Item(about, day, view.evidence(found.by), found.group, found)


def phase_known_otherwise(before: View, after: View, day: date, known: tuple[date, date]) -> Item | None:
    """How the same day is told in two views, as known on two days."""
    was, _ = standing_on(before.fact.steps, before.live, day, known[0])
    now, by = standing_on(after.fact.steps, after.live, day, known[1])
    if (was.phase, was.basis) == (now.phase, now.basis):
        return None
    claim = after.evidence(by)
    if claim is None or claim in before.claims:
        # What is believed no more was spoken against by somebody.
        new = [winner for winner, _ in after.fact.conflicts if winner not in before.claims]
        claim = new[0] if new else claim
    said = claim.said_latest if claim else known[1]
    group = known_otherwise(was, now)
    return Item(after.about, said, claim, group, Difference(was, now, by, group))


def new_and_moved(before: View, after: View) -> Iterator[Item]:
    """Promises of which there was none before (group new), and such as have another date now (moved)."""
    for code, promise in after.promises.items():
        current, earlier = promise.current, before.promises.get(code)
        if earlier is not None and not _apart(earlier.current, current):
            continue
        yield Item(
            after.about,
            current.said_latest,
            current,
            "new" if earlier is None else "moved",
            code=code,
            when=current.date,
            promise=promise,
            before=earlier,
        )


def _apart(a: Claim, b: Claim) -> bool:
    return a.date is not None and b.date is not None and not a.date.overlaps(b.date)


def done_after(before: View, after: View, show_lights: bool) -> Iterator[Item]:
    """Milestones that are known to be done in the later view alone."""
    for code, (claim, span) in after.fact.done.items():
        if code not in before.fact.done:
            yield _done(after, code, claim, span, show_lights, claim.said_latest)


def done_between(about: About, days: tuple[date, date], show_lights: bool) -> Iterator[Item]:
    """Milestones that were surely reached by the second day, and not surely by the first."""
    view = View(about, about.said)
    for code, (claim, span) in view.fact.done.items():
        certain = span.latest or claim.said_latest
        if days[0] < certain <= days[1]:
            yield _done(view, code, claim, span, show_lights, certain)


def _done(view: View, code: str, claim: Claim, span: DateSpan, show_lights: bool, rank: date) -> Item:
    promise = view.promises.get(code)
    group = "unpromised" if promise is None else outcome(promise, claim, span) if show_lights else "promised"
    return Item(view.about, rank, claim, group, code=code, when=span, promise=promise)


def said_again(
    about: About, is_chosen: Callable[[About, Claim], bool], used: Iterable[int]
) -> Iterator[Item]:
    """Promises for a day and milestones done on one that were said without changing anything."""
    told = set(used)
    for claim in about.said:
        if claim.head != "milestone" or claim.date is None or claim.ref in told:
            continue
        if is_chosen(about, claim) and (claim.is_done or claim.date.latest is not None):
            yield Item(about, claim.said_latest, claim, code=claim.code, when=claim.date)
