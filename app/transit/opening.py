"""When a project opens, as its claims say it: a day that was, a day that is promised, or no day at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from app.projects.queries import Row
from app.projects.service import open_promises, promised
from app.projects.statements import statements
from geodata.dates import spoken
from geodata.kinds import Kind
from geodata.phases import CLOSED, IN_SERVICE, PHASES, Claim, Facts, Promise, facts, promises

Group = Literal["opens_by", "later", "no_date", "open"]
_WORTH = {"milestone": 2, "phase": 2, "activity": 2, "mention": 1}
GROUPS: tuple[Group, ...] = ("opens_by", "later", "no_date", "open")


@dataclass(frozen=True, slots=True)
class Opened:
    """When it opened: a date text, by which milestone, whether it had been closed before, and whether sources
    disagree about the day."""

    date: str
    milestone: str
    again: bool
    disputed: bool


@dataclass(frozen=True, slots=True)
class Opening:
    """group is None for what is closed or given up. promise: the dated promise of opening, also one whose day
    has passed. moved: promises of other steps whose dates moved. evidence: number of the claim whose words
    carry the answer, None when nobody says anything."""

    group: Group | None
    promise: Promise | None
    opened: Opened | None
    evidence: int | None
    next: Promise | None
    moved: tuple[Promise, ...] = ()

    @property
    def lapsed(self) -> bool:
        return self.group == "no_date" and self.promise is not None


def opening(rows: Sequence[Row], kind: Kind, today: date, by: date) -> Opening:
    """rows: the claims of one project, withdrawn ones too. A promise whose day has passed unkept is no
    longer a date to count on: it stands under "no date", and is said."""
    said = statements(rows)
    fact = facts(said, kind.phase_of)
    reached = fact.steps[-1].phase if fact.steps else 0
    if reached >= CLOSED:
        return Opening(None, None, None, None, None)
    if reached == IN_SERVICE:
        return _opened(said, fact, kind)
    codes = _opening_codes(kind)
    standing = open_promises(said, kind)
    others = [p for p in standing if p.milestone not in codes and p.due >= today]
    coming = min(others, key=lambda p: p.due, default=None)
    ours = [p for p in standing if p.milestone in codes]
    ahead = [p for p in ours if p.due >= today]
    promise = min(ahead, key=lambda p: p.due) if ahead else max(ours, key=lambda p: p.due, default=None)
    moved = tuple(p for p in promises(said, kind.phase_of).values() if p.moves and p.milestone not in codes)
    if promise is not None:
        group: Group = "no_date" if not ahead else "opens_by" if promise.due <= by else "later"
        return Opening(group, promise, None, promise.current.ref, coming, moved)
    words = _last_words(said, codes)
    return Opening("no_date", None, None, words.ref if words else None, coming, moved)


def _opened(said: Sequence[Claim], fact: Facts, kind: Kind) -> Opening:
    """In use: by the event that brought it there, which after a closing is the one that followed it."""
    codes = _opening_codes(kind)
    ended = [
        span.latest or claim.said_latest
        for code, (claim, span) in fact.done.items()
        if PHASES.index(kind.phase_of[code]) >= CLOSED
    ]
    since = max(ended, default=date.min)
    done = [(code, *fact.done[code]) for code in codes if code in fact.done]
    after = [found for found in done if (found[2].latest or found[1].said_latest) >= since]
    if after:
        code, claim, span = min(after, key=lambda found: (found[2].latest or date.max, found[1].ref))
        opened = Opened(span.text, code, bool(ended), _disagrees(fact, claim))
        return Opening("open", None, opened, claim.ref, None)
    seen = [c for c in said if c.is_done and c.head in ("phase", "measure", "milestone")]
    claim = max(seen, key=lambda c: (c.head == "phase", c.said_latest, -c.ref))
    return Opening("open", None, None, claim.ref, None)


def _opening_codes(kind: Kind) -> list[str]:
    return [code for code, phase in kind.phase_of.items() if phase == PHASES[IN_SERVICE]]


def _disagrees(fact: Facts, claim: Claim) -> bool:
    """Whether another source gives another day for the same event."""
    return any(claim in pair and pair[0].about == pair[1].about for pair in fact.conflicts)


def _last_words(said: Sequence[Claim], codes: Sequence[str]) -> Claim | None:
    """What was last said of it: of its opening before anything else, then of its state, and of mere amounts
    last."""
    if not said:
        return None

    def worth(claim: Claim) -> tuple[int, date, int]:
        of_opening = claim.head == "milestone" and claim.code in codes
        rank = 3 if of_opening else _WORTH.get(claim.head, 0)
        return rank, claim.said_latest, -claim.ref

    return max(said, key=worth)


def told(found: Opening) -> dict[str, Any]:
    """An opening as answers carry it."""
    return {
        "opened": _opened_in_words(found.opened) if found.opened else None,
        "opens": _promise(found.promise) | {"lapsed": found.lapsed} if found.promise else None,
        "next": _promise(found.next) if found.next else None,
        "moved": [_promise(promise) for promise in found.moved],
    }


def _opened_in_words(opened: Opened) -> dict[str, Any]:
    names = ("milestone", "again", "disputed")
    return {**_dated(opened.date), **{name: getattr(opened, name) for name in names}}


def _promise(promise: Promise) -> dict[str, Any]:
    first = promise.history[0]
    return {
        **promised(promise),
        **_dated(promise.current.date.text if promise.current.date else promise.due.isoformat()),
        "approx": promise.current.date is not None and promise.current.date.approx,
        "disputed": promise.disputed,
        "first": _dated(first.date.text) if first.date and promise.moves else None,
    }


def _dated(text: str) -> Mapping[str, str]:
    zh, en = spoken(text)
    return {"date": text, "date_zh": zh, "date_en": en}
