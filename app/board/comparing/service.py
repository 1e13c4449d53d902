"""What changed: between two days, between what was known on them, or by what one document said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.board import listing_queries
from app.board.comparing import changes, queries, words
from app.board.comparing.changes import Item, View
from app.board.comparing.laying import Listing, laid_out
from app.board.entries import MOST_ENTRIES, MOST_READ, About, Both, Desk, read
from app.board.listing_queries import Scope
from app.database import Connection
from app.projects.queries import Row
from app.projects.service import Moment
from geodata.between import known_otherwise
from geodata.dates import spoken
from geodata.phases import CLOSED, PHASES, Claim, State, as_known

Listings = dict[str, Listing]
_Views = Callable[[About], tuple[View, View]]


class UnknownSource(LookupError):
    """No document has this id."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Two days, the earlier first. day: of which day the state is told, where what was known is compared;
    None where the two days themselves are. of_source: what one document said is looked at, not two days."""

    first: date
    last: date
    day: date | None
    show_lights: bool
    with_figures: bool
    of_source: bool = False

    @property
    def by(self) -> words.By:
        return "source" if self.of_source else "day" if self.is_by_day else "known"

    @property
    def is_by_day(self) -> bool:
        return self.day is None


def compare(connection: Connection, moment: Moment, scope: Scope, asked: Asked) -> dict[str, Any]:
    """scope: known is today where two days are compared, else the later of the two."""
    pair = _pair(scope, asked)
    rows, ways = queries.differing(connection, scope, pair, MOST_ENTRIES)
    phases = [
        item
        for about in read(connection, rows, scope.known)
        if (item := _phase(about, scope, asked)) is not None
    ]
    lists = {"phases": Listing(phases, total=sum(way["n"] for way in ways), groups=_groups(ways, asked))}
    chosen = queries.said_in(asked.first, asked.last, None)

    def views(about: About) -> tuple[View, View]:
        before, after = (as_known(about.said, day) for day in (asked.first, asked.last))
        return View(about, before), View(about, after)

    def is_chosen(_about: About, claim: Claim) -> bool:
        return asked.first < claim.said_latest <= asked.last

    told, is_whole = _read(connection, scope, queries.promised_or_done(scope, chosen))
    lists |= _promises(told, views, is_whole)
    if asked.is_by_day:
        lists["new_projects"] = _newly_attested(phases, ways)
        done, is_whole = _read(connection, scope, queries.done_between(scope, asked.first, asked.last))
        days = (asked.first, asked.last)
        items = [item for about in done for item in changes.done_between(about, days, asked.show_lights)]
        lists["done"] = Listing(items, is_whole=is_whole)
    else:
        lists["done"] = _done(told, views, is_whole, asked.show_lights)
        lists |= _rest(connection, scope, chosen, told, lists, is_chosen)
        count, rows = queries.newly_spoken_of(connection, scope, asked.first, asked.last, None, MOST_ENTRIES)
        lists["new_projects"] = _newly_spoken_of(connection, scope, count, rows)
    lists["figures"] = _figures(connection, scope, chosen, asked.with_figures)
    counted = [queries.spoken_of(connection, scope, *side) for side in (pair.before, pair.after)]
    at = replace(moment, day=pair.after[0], known=pair.after[1])
    body = _laid_out(connection, at, lists, asked)
    first, last = (spoken(day.isoformat()) for day in (asked.first, asked.last))
    if asked.first == asked.last:
        said = words.same_day(first)
    elif counted[1] == 0 and not any(one["count"] for one in body.values()):
        said = words.nothing_known(last, asked.is_by_day)
    else:
        said = words.summary(first, last, body, asked.is_by_day)
    return {
        "spoken_of": {"before": counted[0], "after": counted[1]},
        "words_zh": said[0],
        "words_en": said[1],
        **body,
    }


def announced(
    connection: Connection,
    moment: Moment,
    scope: Scope,
    source_id: str,
    *,
    day: date | None,
    show_lights: bool,
    with_figures: bool,
) -> dict[str, Any]:
    """Everything that one document said, beside what others had said before it spoke. day: of which day
    phases are told; None for the day on which it spoke. Raises UnknownSource."""
    source = queries.source(connection, scope.area_id, source_id)
    if source is None:
        raise UnknownSource(source_id)
    spoke = source["last"] or source["published_latest"] or source["retrieved_on"]
    scope = replace(scope, known=spoke)
    of = Asked(source["first"] or spoke, spoke, day or spoke, show_lights, with_figures, of_source=True)
    chosen = queries.said_in(of.first, of.last, source_id)

    def is_own(about: About, claim: Claim) -> bool:
        return bool(about.rows[claim.ref]["source_id"] == source_id)

    def views(about: About) -> tuple[View, View]:
        own = [claim for claim in about.said if is_own(about, claim)]
        since = min((claim.said_latest for claim in own), default=spoke)
        before = [c for c in about.said if c not in own and c.said_latest < since]
        return View(about, before), View(about, before + own)

    told, is_whole = _read(connection, scope, queries.spoken_about(scope, chosen))
    lists = _promises(told, views, is_whole)
    lists["done"] = _done(told, views, is_whole, of.show_lights)
    pairs = [views(about) for about in told if about.drawn and about.kind.tracked]
    state = [changes.phase_known_otherwise(*pair, day or spoke, (spoke, spoke)) for pair in pairs]
    lists["phases"] = Listing([item for item in state if item], is_whole=is_whole)
    count, rows = queries.newly_spoken_of(connection, scope, of.first, of.last, source_id, MOST_ENTRIES)
    lists["new_projects"] = _newly_spoken_of(connection, scope, count, rows)
    lists |= _rest(connection, scope, chosen, told, lists, is_own)
    lists["figures"] = _figures(connection, scope, chosen, of.with_figures)
    at = replace(moment, day=day or spoke, known=spoke)
    body = _laid_out(connection, at, lists, of)
    publisher = (source["publisher_zh"], source["publisher_en"])
    day_words = spoken(source["published"] or spoke.isoformat())
    said = words.announced(publisher, day_words, body) if source["last"] else words.silent_source(publisher)
    return {
        "from": of.first,
        "to": of.last,
        "day": of.day,
        "spoken_of": None,
        "words_zh": said[0],
        "words_en": said[1],
        **body,
    }


# ---------------------------------------------------------------- each list


def _pair(scope: Scope, asked: Asked) -> queries.Pair:
    if asked.day is None:
        return queries.Pair((asked.first, scope.known), (asked.last, scope.known))
    return queries.Pair((asked.day, asked.first), (asked.day, asked.last))


def _phase(about: About, scope: Scope, asked: Asked) -> Item | None:
    days = (asked.first, asked.last)
    if asked.day is None:
        return changes.phase_between_days(about, days, scope.known)
    before, after = (View(about, as_known(about.said, known)) for known in days)
    return changes.phase_known_otherwise(before, after, asked.day, days)


def _groups(ways: Sequence[Row], asked: Asked) -> Counter[str]:
    found: Counter[str] = Counter()
    for way in ways:
        found[_between(way) if asked.is_by_day else known_otherwise(*_states(way))] += way["n"]
    return found


def _between(way: Row) -> str:
    if way["is_promised"]:
        return "promised"
    if not way["sure"]:
        return "first"
    return "ended" if way["now"] >= CLOSED else "advanced"


def _states(way: Row) -> tuple[State, State]:
    return _state(way["was"], way["was_promised"]), _state(way["now"], way["is_promised"])


def _state(phase: int, is_promised: bool) -> State:
    return State(PHASES[phase], "promise" if is_promised else "fact" if phase else "none", None)


def _newly_attested(phases: Sequence[Item], ways: Sequence[Row]) -> Listing:
    """Of the phases between two days those of projects about which nothing was known on the first."""
    items = [
        item
        for item in phases
        if item.difference and (item.difference.before.basis, item.difference.after.basis) == ("none", "fact")
    ]
    total = sum(way["n"] for way in ways if not way["was"] and way["now"] and not way["is_promised"])
    return Listing(items, total=total)


def _newly_spoken_of(connection: Connection, scope: Scope, count: int, rows: Sequence[Row]) -> Listing:
    return Listing(_items(connection, scope, rows), total=count)


def _items(connection: Connection, scope: Scope, rows: Sequence[Row]) -> list[Item]:
    """An item for each row, which names its claim."""
    distinct = {row["no"]: row for row in rows}
    abouts = {about.no: about for about in read(connection, list(distinct.values()), scope.known)}
    found = []
    for row in rows:
        about = abouts[row["no"]]
        (claim,) = [claim for claim in about.said if claim.ref == row["claim"]]
        found.append(Item(about, claim.said_latest, claim, code="", when=None))
    return found


def _read(connection: Connection, scope: Scope, wanted: Any) -> tuple[list[About], bool]:
    """The projects of a selection with what is said of them; and whether they are all that there are."""
    rows = listing_queries.found(connection, scope, wanted, MOST_READ + 1, descending=True)
    return read(connection, rows[:MOST_READ], scope.known), len(rows) <= MOST_READ


def _promises(told: Sequence[About], views: _Views, is_whole: bool) -> Listings:
    found = [item for about in told for item in changes.new_and_moved(*views(about))]
    return {
        f"{group}_promises": Listing([item for item in found if item.group == group], is_whole=is_whole)
        for group in ("new", "moved")
    }


def _done(told: Sequence[About], views: _Views, is_whole: bool, show_lights: bool) -> Listing:
    found = [item for about in told for item in changes.done_after(*views(about), show_lights)]
    return Listing(found, is_whole=is_whole)


def _rest(
    connection: Connection,
    scope: Scope,
    chosen: Any,
    told: Sequence[About],
    lists: Mapping[str, Listing],
    is_chosen: Callable[[About, Claim], bool],
) -> Listings:
    """What was said again, and what is neither promise nor milestone."""
    names = ("new_promises", "moved_promises", "done")
    used = {item.claim.ref for name in names for item in lists[name].items if item.claim}
    again = [item for about in told for item in changes.said_again(about, is_chosen, used)]
    count, rows = queries.words_said(connection, scope, chosen, MOST_ENTRIES)
    is_whole = lists["new_promises"].is_whole
    return {
        "repeated": Listing(again, is_whole=is_whole),
        "other": Listing(_items(connection, scope, rows), total=count),
    }


def _figures(connection: Connection, scope: Scope, chosen: Any, with_figures: bool) -> Listing:
    if not with_figures:
        return Listing()
    count, rows = queries.figures_said(connection, scope.area_id, chosen, scope.known, MOST_ENTRIES)
    return Listing(figures=rows, total=count)


# ---------------------------------------------------------------- together

NAMES = (
    "phases",
    "new_projects",
    "new_promises",
    "moved_promises",
    "done",
    "figures",
    "repeated",
    "other",
)


def _laid_out(
    connection: Connection, moment: Moment, lists: Listings, asked: Asked
) -> dict[str, dict[str, Any]]:
    shown = [item for listing in lists.values() for item in listing.shown()]
    claims = [claim for listing in lists.values() for claim in listing.claims()]
    desk = Desk(connection, moment, {item.about.id for item in shown}, claims)
    found = {}
    for name in (name for name in NAMES if name in lists):
        listing = lists[name]
        meaning: Both = words.meaning(name, asked.by, listing.is_whole)
        if name == "figures" and not asked.with_figures:
            meaning = words.NO_FIGURES
        found[name] = laid_out(listing, meaning, desk, asked.by)
    return found
