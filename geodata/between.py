"""How one project differs between two days, by the same rule and under the same names as on the map page.

A phase that is first attested between the two days need not have begun there: by then it was so, and it may
have been before. That is told apart from a change, which is known to have happened in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Day  # noqa: N812 (as in geodata.phases)
from datetime import timedelta
from typing import Literal

from geodata.phases import CLOSED, PHASES, State, Step, standing_on

Group = Literal["advanced", "ended", "first", "promised", "learned", "learned_ended", "lapsed", "corrected"]
"""Surely happened in between; closed or given up in between; first evidence; only promised. Of what was known
otherwise, whenever it happened: became known to be further; became known to be closed or given up; a promise
that ran out; and a phase that was taken back."""


@dataclass(frozen=True, slots=True)
class Difference:
    """by: the step that the later state rests on; None where nothing is known any more."""

    before: State
    after: State
    by: Step | None
    group: Group


def is_same(a: State, b: State) -> bool:
    """Whether a reader would call two states the same; what may be is left aside."""
    return (a.phase, a.basis) == (b.phase, b.basis)


def between_days(
    steps: Sequence[Step], promised: Sequence[Step], days: tuple[Day, Day], known: Day
) -> Difference | None:
    """What differs on the second of two days from the first, as known on `known`; None when nothing does."""
    before, _ = standing_on(steps, promised, days[0], known)
    after, by = standing_on(steps, promised, days[1], known)
    if is_same(before, after):
        return None
    return Difference(before, after, by, _group(after, by, days[0]))


def _group(after: State, by: Step | None, since: Day) -> Group:
    if after.basis == "promise":
        return "promised"
    if by is None or by.possible_from is None or by.possible_from <= since:
        return "first"
    return "ended" if PHASES.index(after.phase) >= CLOSED else "advanced"


def known_otherwise(before: State, after: State) -> Group:
    """Which group it is when the same day is told in two ways, at first and later. What became known may have
    happened long before: it is never said to have happened in between."""
    was, now = PHASES.index(before.phase), PHASES.index(after.phase)
    if after.basis == "promise":
        return "promised"
    if before.basis == "promise" and now < was:
        return "lapsed"
    if now < was:
        return "corrected"
    if before.basis == "none":
        return "first"
    return "learned_ended" if now >= CLOSED else "learned"


def when(certain_from: Day, possible_from: Day | None) -> str:
    """When it happened, as far as it is known, in the grammar of `geodata.dates`: ``2025-01-15``, ``2024``,
    ``..2025-01-16``."""
    last = certain_from.isoformat()
    if possible_from is None:
        return f"..{last}"
    first = possible_from.isoformat()
    if first == last:
        return last
    if first[:4] == last[:4] and first.endswith("-01-01") and last.endswith("-12-31"):
        return last[:4]
    is_month_end = (certain_from + timedelta(days=1)).day == 1
    if first[:7] == last[:7] and first.endswith("-01") and is_month_end:
        return last[:7]
    return f"{first}/{last}"
