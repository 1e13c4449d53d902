"""What was planned against what happened, and how promised dates moved over the days they were said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.board import listing_queries
from app.board.entries import MOST_READ, About, Desk, dated, milestone, promised_date, read
from app.board.listing_queries import Scope
from app.board.progress import words
from app.database import Connection
from app.projects.service import Moment
from geodata.dates import DateSpan
from geodata.kinds import load_kinds
from geodata.lights import reached
from geodata.phases import Claim, Promise, Step, facts, promises

MOST_PLANNED = 500
"""Milestones that are listed; the count is of all that were read."""


@dataclass(frozen=True, slots=True)
class _Planned:
    about: About
    promise: Promise
    actual: DateSpan | None
    claim: Claim | None
    """That tells the day on which it happened best."""
    reached: tuple[Step, Claim] | None
    """Of what nobody says is done: what shows all the same that its phase was reached."""


def plan_and_slips(
    connection: Connection, moment: Moment, scope: Scope, parent: str | None, show_lights: bool
) -> dict[str, Any]:
    """`plan`: every milestone that was ever promised for a day, the last said first. `slips`: those of which
    a day was said more than once, by the whole they are part of. parent: only this project and its parts."""
    wanted = listing_queries.promised(scope, parent)
    rows = listing_queries.found(connection, scope, wanted, MOST_READ + 1, descending=True)
    planned = [one for about in read(connection, rows[:MOST_READ], scope.known) for one in _planned(about)]
    planned.sort(key=lambda one: (one.about.id, one.promise.milestone))
    planned.sort(key=lambda one: one.promise.current.said_latest, reverse=True)
    is_whole = len(rows) <= MOST_READ
    shown = planned[:MOST_PLANNED]
    desk = _desk(connection, moment, shown)
    zh, en = words.plan(is_whole, show_lights)
    return {
        "plan": {
            "count": len(planned),
            "undated": listing_queries.undated(connection, scope, parent),
            "at_least": not is_whole,
            "more": len(planned) > len(shown),
            "words_zh": zh,
            "words_en": en,
            "entries": [_entry(one, desk, show_lights) for one in shown],
        },
        "slips": _slips([one for one in shown if len(one.promise.history) > 1], desk),
    }


def _planned(about: About) -> list[_Planned]:
    done = facts(about.said, about.kind.phase_of).done
    found = []
    for code, promise in promises(about.said, about.kind.phase_of).items():
        claim, span = done.get(code, (None, None))
        by = reached(promise, about.said, about.kind.phase_of)
        found.append(_Planned(about, promise, span, claim, by))
    return found


def _desk(connection: Connection, moment: Moment, shown: Sequence[_Planned]) -> Desk:
    """Of the projects and of the wholes that they are part of."""
    ids = {one.about.id for one in shown}
    desk = Desk(connection, moment, ids, [])
    wholes = {parent for name in ids if (parent := desk.project(name)["parent"]) is not None}
    return desk if wholes <= ids else Desk(connection, moment, ids | wholes, [])


def _entry(one: _Planned, desk: Desk, show_lights: bool) -> dict[str, Any]:
    promise = one.promise
    outcome = words.outcome(promise, one.actual, one.claim, show_lights)
    if one.reached is not None:
        outcome = words.reached(*one.reached)
    return {
        **_named(one, desk),
        "history": [_told(claim) for claim in promise.history],
        "current": _told(promise.current),
        "disputed": promise.disputed,
        "outcome": outcome.name,
        "late_days": outcome.late_days,
        "words_zh": outcome.words[0],
        "words_en": outcome.words[1],
    }


def _named(one: _Planned, desk: Desk) -> dict[str, Any]:
    promise = one.promise
    return {
        "project": desk.project(one.about.id),
        "milestone": milestone(promise.milestone, one.about.kind),
        "moves": promise.moves,
        "slip_days": promise.slip_days,
        "slip_exact": promise.slip_exact if promise.moves else None,
        "actual": dated(one.actual, one.claim.ref) if one.actual and one.claim else None,
        "reached": _reached(*one.reached) if one.reached else None,
    }


def _reached(step: Step, claim: Claim) -> dict[str, Any]:
    """By when, as far as it is known: on which day, nobody says."""
    return dated(DateSpan(f"..{step.certain_from}", None, step.certain_from), claim.ref)


def _told(claim: Claim) -> dict[str, Any]:
    return {
        "said_on": claim.said.text,
        "said_latest": claim.said_latest,
        "commitment": claim.commitment,
        "due": promised_date(claim),
    }


def _slips(planned: Sequence[_Planned], desk: Desk) -> list[dict[str, Any]]:
    """First the wholes, by id, then what has none, in the order of kinds."""
    parents = {project["parent"] for one in planned if (project := desk.project(one.about.id))["parent"]}
    groups: dict[tuple[int, str], list[_Planned]] = {}
    order = list(load_kinds())
    for one in planned:
        project = desk.project(one.about.id)
        # A whole of which something is promised itself stands with its parts.
        whole = project["parent"] or (project["id"] if project["id"] in parents else None)
        key = (0, whole) if whole else (1 + order.index(project["kind"]), project["kind"])
        groups.setdefault(key, []).append(one)
    found = []
    for (place, name), members in sorted(groups.items(), key=lambda group: group[0]):
        series = [
            {**_named(one, desk), "points": [_told(claim) for claim in one.promise.history]}
            for one in members
        ]
        found.append(
            {
                "parent": None if place else desk.project(name),
                "kind": name if place else None,
                "moved": sum(one.promise.moves > 0 for one in members),
                "series": series,
            }
        )
    return found
