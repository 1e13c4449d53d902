"""What a planner must look at first: lists whose entries say why they are there, and what proves it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from app.board import listing_queries
from app.board import service as indicators_of
from app.board.attention import queries, words
from app.board.entries import (
    MOST_ENTRIES,
    MOST_READ,
    About,
    Both,
    Desk,
    cited,
    indicator_ref,
    milestone,
    promised_date,
    read,
)
from app.board.listing_queries import Scope
from app.database import Connection
from app.projects.queries import Row
from app.projects.reading import light_reason
from app.projects.service import Moment
from geodata.dates import spoken
from geodata.lights import Light, lights, standing_promises
from geodata.phases import CLOSED, TIERS, Claim, Promise, facts, promises

NAMES = ("due", "silent", "late", "moved", "disagree", "stale")
_LATE = ("amber", "red")


@dataclass(frozen=True, slots=True)
class Asked:
    """at: the day on which one looks; what had been said by then counts."""

    at: date
    within_days: int
    stale_months: int
    show_lights: bool
    with_figures: bool

    @property
    def last_due(self) -> date:
        return min(self.at, date.max - timedelta(days=self.within_days)) + timedelta(days=self.within_days)

    @property
    def heard_before(self) -> date:
        """Whoever was last heard of before this day has been silent for longer than the months asked for."""
        months = self.at.year * 12 + self.at.month - 1 - self.stale_months
        day = self.at.day
        while True:
            try:
                return date(months // 12, months % 12 + 1, day)
            except ValueError:
                day -= 1


@dataclass(frozen=True, slots=True)
class _Finding:
    """An entry before it is laid out. rank: what comes first in its list."""

    about: About
    rank: tuple[Any, ...]
    claim: Claim | None
    promise: Promise | None = None
    lamp: Light | None = None
    beside: Claim | None = None
    heard: date | None = None
    is_reached: bool = False

    @property
    def refs(self) -> list[int]:
        return [claim.ref for claim in (self.claim, self.beside) if claim is not None]


@dataclass(slots=True)
class _List:
    count: int = 0
    is_whole: bool = True
    findings: list[_Finding] = field(default_factory=list)

    def add(self, finding: _Finding) -> None:
        self.count += 1
        self.findings.append(finding)

    def first(self) -> list[_Finding]:
        return sorted(self.findings, key=lambda one: (one.rank, one.about.id))[:MOST_ENTRIES]


def attention(connection: Connection, moment: Moment, scope: Scope, asked: Asked) -> dict[str, Any]:
    """The lists by name. moment: of the day `asked.at`, as known then."""
    lists = {name: _List() for name in NAMES}
    candidates = _candidates(connection, scope, asked, lists)
    for about in read(connection, candidates, asked.at):
        for name, finding in _findings(about, asked):
            lists[name].add(finding)
    _add_stale(connection, moment, scope, asked, lists["stale"])
    shown = {name: found.first() for name, found in lists.items()}
    shown_of = [finding for found in shown.values() for finding in found]
    claims = [finding.about.rows[ref] for finding in shown_of for ref in finding.refs]
    desk = Desk(connection, moment, {finding.about.id for finding in shown_of}, claims)
    entries = {name: [_entry(name, one, desk, asked.at) for one in found] for name, found in shown.items()}
    if asked.with_figures:
        figures = _figures(connection, moment)
        lists["disagree"].count += len(figures)
        entries["disagree"] = [*figures, *entries["disagree"]][:MOST_ENTRIES]
    meanings = _meanings(connection, moment, scope, asked, lists)
    return {
        name: {
            "count": found.count,
            "at_least": not found.is_whole,
            "more": found.count > len(entries[name]),
            "words_zh": meanings[name][0],
            "words_en": meanings[name][1],
            "entries": entries[name],
        }
        for name, found in lists.items()
    }


def _candidates(connection: Connection, scope: Scope, asked: Asked, lists: Mapping[str, _List]) -> list[Row]:
    """The projects that may be in a list. A list of which too many may be is marked as not whole."""
    retold = (queries.retold(scope), True)
    wanted = [
        (("due",), queries.due_between(scope, asked.at, asked.last_due), False),
        (("moved", "disagree"), *retold),
        (("disagree",), queries.contradicted(scope), True),
    ]
    if asked.show_lights:
        wanted.append((("silent", "late"), queries.overdue(scope), True))
    found: dict[int, Row] = {}
    for names, statement, descending in wanted:
        rows = listing_queries.found(connection, scope, statement, MOST_READ + 1, descending=descending)
        for name in names:
            lists[name].is_whole &= len(rows) <= MOST_READ
        found.update({row["no"]: row for row in rows[:MOST_READ]})
    return list(found.values())


def _findings(about: About, asked: Asked) -> Iterator[tuple[str, _Finding]]:
    said, phase_of = about.said, about.kind.phase_of
    lamps = lights(said, phase_of, asked.at) if asked.show_lights else {}
    for promise in standing_promises(said, phase_of):
        current, lamp = promise.current, lamps.get(promise.milestone)
        if asked.at <= promise.due <= asked.last_due:
            yield "due", _Finding(about, (promise.due,), current, promise)
        if promise.disputed:
            yield "disagree", _Finding(about, (1,), current, promise, beside=_of_higher_rank(promise))
        if lamp is not None and lamp.light == "silent":
            yield "silent", _Finding(about, (promise.due,), current, promise, lamp)
    for lamp in lamps.values():
        if lamp.light in _LATE and lamp.evidence is not None:
            yield "late", _Finding(about, (-(lamp.days or 0),), lamp.evidence, lamp=lamp)
    fact = facts(said, phase_of)
    is_over = bool(fact.steps) and fact.steps[-1].phase >= CLOSED
    standing = {promise.milestone for promise in standing_promises(said, phase_of)}
    for code, promise in promises(said, phase_of).items():
        if promise.moves and code not in fact.done and (code in standing or not is_over):
            rank = (-abs(promise.slip_days),)
            yield "moved", _Finding(about, rank, promise.current, promise, is_reached=code not in standing)
    for winner, loser in fact.conflicts:
        yield "disagree", _Finding(about, (0,), winner, beside=loser)


def _of_higher_rank(promise: Promise) -> Claim:
    """The last promise by a higher tier that cannot be the same as the current one."""
    current = promise.current
    return next(
        claim
        for claim in reversed(promise.history)
        if TIERS.index(claim.tier) > TIERS.index(current.tier)
        and claim.date is not None
        and current.date is not None
        and not claim.date.overlaps(current.date)
    )


def _add_stale(connection: Connection, moment: Moment, scope: Scope, asked: Asked, stale: _List) -> None:
    count, rows = queries.stale(connection, scope, asked.heard_before, moment.today, MOST_ENTRIES)
    for about, row in zip(read(connection, rows, asked.at), rows, strict=True):
        spoken_last = max(
            (claim for claim in about.said if not claim.undated_copy),
            key=lambda claim: (claim.said_latest, claim.ref),
            default=None,
        )
        # What a file of later date still told the same makes no claim of its own.
        is_last = spoken_last is not None and spoken_last.said_latest == row["heard"]
        stale.add(_Finding(about, (row["heard"],), spoken_last if is_last else None, heard=row["heard"]))
    stale.count = count


def _figures(connection: Connection, moment: Moment) -> list[dict[str, Any]]:
    """Indicators of which sources state different values."""
    entries = []
    for indicator in indicators_of.indicators(connection, moment):
        if not indicator["disagree"]:
            continue
        found = indicators_of.disagreeing([c for c in indicator["claims"] if c["property"] == "value"])
        if found is None:
            raise ValueError(f"the sources of {indicator['code']} do not disagree")
        one, other = found
        zh, en = words.figures(indicator, one, other)
        entries.append(
            {
                **_EMPTY,
                "indicator": indicator_ref(indicator),
                "reason_zh": zh,
                "reason_en": en,
                "said": cited(one),
                "beside": cited(other),
            }
        )
    return entries


def _meanings(
    connection: Connection, moment: Moment, scope: Scope, asked: Asked, lists: Mapping[str, _List]
) -> dict[str, Both]:
    until, before = (spoken(day.isoformat()) for day in (asked.last_due, asked.heard_before))
    never = queries.never_heard(connection, scope, moment.today)
    found = {}
    for name, one in lists.items():
        if name in ("silent", "late") and not asked.show_lights:
            found[name] = words.NOT_PUBLIC
            continue
        zh, en = (
            words.meaning(
                name,
                is_whole=one.is_whole,
                days=asked.within_days,
                until=until[side],
                months=asked.stale_months,
                before=before[side],
                never=never,
            )[side]
            for side in (0, 1)
        )
        found[name] = (zh, en)
    return found


_EMPTY: dict[str, Any] = {
    **dict.fromkeys(
        ("project", "indicator", "milestone", "due", "first", "commitment", "light", "late_days")
    ),
    **dict.fromkeys(("last_heard", "said", "beside", "slip_exact")),
    "moves": 0,
    "slip_days": 0,
}


def _entry(name: str, finding: _Finding, desk: Desk, at: date) -> dict[str, Any]:
    about, promise, lamp = finding.about, finding.promise, finding.lamp
    kind = about.kind
    said = about.rows[finding.claim.ref] if finding.claim else None
    beside = about.rows[finding.beside.ref] if finding.beside else None
    code = promise.milestone if promise else lamp.milestone if lamp else _milestone_of(finding.claim)
    if lamp is not None and promise is None and code is not None:
        promise = promises(about.said, kind.phase_of)[code]
    zh, en = _reason(name, finding, desk, at)
    return {
        **_EMPTY,
        "project": desk.project(about.id),
        "reason_zh": zh,
        "reason_en": en,
        "milestone": milestone(code, kind) if code else None,
        "due": promised_date(promise.current) if promise else None,
        "first": promised_date(promise.history[0]) if promise and promise.moves else None,
        "commitment": promise.current.commitment if promise else None,
        "moves": promise.moves if promise else 0,
        "slip_days": promise.slip_days if promise else 0,
        "slip_exact": promise.slip_exact if promise and promise.moves else None,
        "light": lamp.light if lamp else None,
        "late_days": lamp.days if lamp else None,
        "last_heard": finding.heard,
        "said": desk.cited(said, kind) if said else None,
        "beside": desk.cited(beside, kind) if beside else None,
    }


def _milestone_of(claim: Claim | None) -> str | None:
    return claim.code if claim is not None and claim.head == "milestone" else None


def _reason(name: str, finding: _Finding, desk: Desk, at: date) -> Both:
    about, promise = finding.about, finding.promise
    if finding.lamp is not None:
        return light_reason(finding.lamp, about.said, about.kind)
    if finding.heard is not None:
        return words.stale(finding.heard, at)
    one, *others = [desk.claim(about.rows[ref], about.kind) for ref in finding.refs]
    if promise is None:
        return words.disagree(one, *others)
    if name == "disagree":
        return words.disputed(one, *others)
    return words.due(one, promise, at) if name == "due" else words.moved(one, promise, finding.is_reached)
