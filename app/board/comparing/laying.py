"""Lists of what changed laid out: entries that name the project, the dates and the claim, with words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from app.board.comparing import words
from app.board.comparing.changes import Item
from app.board.entries import MOST_ENTRIES, Both, Desk, cited, dated, indicator_ref, milestone, promised_date
from app.projects.queries import Row
from geodata.between import when
from geodata.dates import DateSpan
from geodata.phases import Promise, State, is_one_day

_EMPTY: dict[str, Any] = {
    **dict.fromkeys(("project", "indicator", "group", "before", "after", "milestone", "when")),
    **dict.fromkeys(("was", "first", "slip_days", "moved_days", "moved_exact", "said")),
}


@dataclass(slots=True)
class Listing:
    """items: what was found, or the first of it. figures: claims about indicators, in place of items. total:
    of everything, where more was counted than read. groups: the same by group."""

    items: list[Item] = field(default_factory=list)
    figures: Sequence[Row] = ()
    total: int | None = None
    groups: Counter[str] | None = None
    is_whole: bool = True

    @property
    def count(self) -> int:
        return len(self.items) + len(self.figures) if self.total is None else self.total

    def shown(self) -> list[Item]:
        """The latest first; of one day in the order of ids."""
        ordered = sorted(self.items, key=lambda item: (item.about.id, item.code))
        return sorted(ordered, key=lambda item: item.rank, reverse=True)[:MOST_ENTRIES]

    def claims(self) -> list[Row]:
        """Those that the entries cite, and those of promises that others took the place of."""
        found = list(self.figures)
        for item in self.shown():
            rows = item.about.rows
            found += [rows[item.claim.ref]] if item.claim else []
            found += [rows[item.before.current.ref]] if item.before else []
        return found


def laid_out(listing: Listing, meaning: Both, desk: Desk, by: words.By) -> dict[str, Any]:
    entries = [_entry(item, desk, by) for item in listing.shown()] + [
        _figure(row, desk) for row in listing.figures
    ]
    groups = Counter(item.group for item in listing.items if item.group)
    return {
        "count": listing.count,
        "at_least": not listing.is_whole,
        "more": listing.count > len(entries),
        "words_zh": meaning[0],
        "words_en": meaning[1],
        "groups": dict(groups if listing.groups is None else listing.groups),
        "entries": entries,
    }


def _entry(item: Item, desk: Desk, by: words.By) -> dict[str, Any]:
    about, promise = item.about, item.promise
    row = about.rows[item.claim.ref] if item.claim else None
    zh, en = _words(item, desk, by)
    entry = {
        **_EMPTY,
        "project": desk.project(about.id),
        "group": item.group or None,
        "milestone": milestone(item.code, about.kind) if item.code else None,
        "words_zh": zh,
        "words_en": en,
        "said": desk.cited(row, about.kind) if row else None,
    }
    if item.when is not None:
        entry["when"] = dated(item.when, item.claim.ref if item.claim else None)
    if promise is not None:
        entry |= {"first": promised_date(promise.history[0]), "slip_days": promise.slip_days}
    if item.before is not None and promise is not None:
        entry |= {
            "was": promised_date(item.before.current),
            "moved_days": (promise.due - item.before.due).days,
            "moved_exact": _moved_exactly(promise, item.before),
        }
    if item.difference is not None:
        entry |= {"before": _state(item.difference.before), "after": _state(item.difference.after)}
        entry["when"] = _when(item)
    return entry


def _moved_exactly(promise: Promise, before: Promise) -> bool:
    return is_one_day(promise.current) and is_one_day(before.current)


def _state(state: State) -> dict[str, str]:
    return {"phase": state.phase, "basis": state.basis}


def _when(item: Item) -> dict[str, Any] | None:
    step = item.difference.by if item.difference else None
    if step is None:
        return None
    text = when(step.certain_from, step.possible_from) + ("~" if step.approx else "")
    span = DateSpan(text, step.possible_from, step.certain_from, step.approx)
    return dated(span, item.claim.ref if item.claim else None)


def _words(item: Item, desk: Desk, by: words.By) -> Both:
    if item.difference is not None:
        return words.phase(item.difference.before, item.difference.after, item.group, by)
    if item.claim is None:
        raise ValueError("what is no phase is told by a claim")
    rows, kind = item.about.rows, item.about.kind
    entry = desk.claim(rows[item.claim.ref], kind)
    if item.before is not None and item.promise is not None:
        earlier = desk.claim(rows[item.before.current.ref], kind)
        days = (item.promise.due - item.before.due).days
        return words.moved(entry, earlier, days, _moved_exactly(item.promise, item.before))
    if item.claim.is_done and item.when is not None and item.group:
        return words.done(entry, item.when.text, item.promise, item.group)
    return words.told(entry)


def _figure(row: Row, desk: Desk) -> dict[str, Any]:
    entry = desk.claim(row, None)
    zh, en = words.told(entry)
    return {
        **_EMPTY,
        "indicator": indicator_ref(row),
        "words_zh": f"{row['name_zh']}：{zh}",
        "words_en": f"{row['name_en']}: {en}",
        "said": cited(entry),
    }
