"""What is due: an event for each promise that stands, and for each that was made with a date and is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.database import Connection
from app.feeds import queries
from app.feeds.calendar import Event, calendar_bytes
from app.feeds.service import AUTHORITY, Following
from app.projects import queries as project_queries
from app.projects import wording
from app.projects.queries import Row
from app.projects.reading import claim_entry
from app.projects.statements import statements
from app.projects.wording import either, name_of
from app.vocabulary import LIGHT_WORDS, PRECISION_WORDS
from geodata.dates import DateSpan
from geodata.geometry import MEASURED_PRECISIONS
from geodata.kinds import Kind, load_kinds
from geodata.lights import Light, lights, standing_promises
from geodata.phases import Promise, facts, promises

MOST_PROJECTS = 1000
"""In one calendar, so that no answer grows with the city."""


def calendar(connection: Connection, of: Following, show_lights: bool) -> bytes:
    """As an iCalendar file. show_lights: whether it is said that a promise is late."""
    lang = of.lang
    rows = queries.promised(connection, of.chosen, of.moment.today, MOST_PROJECTS + 1)
    about = either(
        lang,
        "各来源承诺的日期；跨度是原话可能指的所有日子，不是工期。",
        "Dates that sources promise. An event takes all days that the words may mean; it is no duration.",
    )
    if len(rows) > MOST_PROJECTS:
        rows = rows[:MOST_PROJECTS]
        about += either(
            lang,
            f"只含日期离今天最近的 {MOST_PROJECTS} 个项目，其余请按类别或地点订阅。",
            f" Only the {MOST_PROJECTS} projects whose dates are nearest to today: choose kinds or a place.",
        )
    events = sorted(_events(connection, of, rows, show_lights), key=lambda e: (e.first, e.after, e.uid))
    title = of.titled("承诺的日期", "promised dates")
    return calendar_bytes(title, about, lang, of.address, events)


def _events(connection: Connection, of: Following, rows: Sequence[Row], show_lights: bool) -> Iterator[Event]:
    published = queries.published(connection, of.area_id, {row["rev"] for row in rows})
    claims = project_queries.claims_of(connection, [row["no"] for row in rows], of.moment.known)
    cited = {claim["source_id"] for group in claims.values() for claim in group}
    sources = project_queries.sources(connection, cited)
    for row in rows:
        said = claims.get(row["no"], [])
        yield from _About(of, row, said, sources, published[row["rev"]], show_lights).events()


@dataclass(frozen=True, slots=True)
class _About:
    """A project with what is said of it; published: when it was last touched."""

    of: Following
    row: Row
    claims: Sequence[Row]
    sources: Mapping[str, Row]
    published: datetime
    show_lights: bool

    @property
    def kind(self) -> Kind:
        return load_kinds()[self.row["kind"]]

    def events(self) -> Iterator[Event]:
        if not self.kind.tracked:
            return
        said, phase_of = statements(self.claims), self.kind.phase_of
        done = facts(said, phase_of).done
        standing = {promise.milestone for promise in standing_promises(said, phase_of)}
        lamps = lights(said, phase_of, self.of.moment.today)
        for code, promise in promises(said, phase_of).items():
            if code in done:
                claim, span = done[code]
                yield self._done(promise, self._entry(claim.ref), span, claim.latest, lamps.get(code))
            elif code in standing and promise.current.date is not None:
                yield self._promised(promise, promise.current.date, lamps.get(code))

    def _entry(self, ref: int) -> dict[str, Any]:
        (row,) = [claim for claim in self.claims if claim["id"] == ref]
        return claim_entry(row, self.sources[row["source_id"]], self.kind, {})

    def _promised(self, promise: Promise, span: DateSpan, lamp: Light | None) -> Event:
        lang, entry = self.of.lang, self._entry(promise.current.ref)
        when = wording.rough_date(span.text, lang)
        words = wording.promised(wording.milestone(entry, lang), when, entry["commitment"], lang)
        lines = [
            wording.told(entry, lang) + either(lang, "。", "."),
            *self._sources(entry),
            *_moves(promise, lang),
        ]
        if promise.due < self.of.moment.today:
            lines.append(self._lapsed(lamp))
        return self._event(promise.milestone, span, promise.due, words, lines, done=False)

    def _done(
        self, promise: Promise, entry: dict[str, Any], span: DateSpan, latest: date, lamp: Light | None
    ) -> Event:
        lang, before = self.of.lang, self._entry(promise.current.ref)
        words = wording.happened(wording.milestone(entry, lang), wording.said_date(span.text, lang), lang)
        promised = wording.told(before, lang)
        lines = [
            wording.happened(wording.milestone(entry, lang), wording.said_date(span.text, lang), lang)
            + either(lang, "。", "."),
            *self._sources(entry),
            either(lang, f"此前的承诺：{promised}。", f"Promised before: {promised}."),
            *_moves(promise, lang),
        ]
        if self.show_lights and lamp is not None and lamp.days:
            lines.append(_late(lamp.days, lang))
        return self._event(promise.milestone, span, span.latest or latest, words, lines, done=True)

    def _sources(self, entry: dict[str, Any]) -> list[str]:
        address = entry["source"]["address"]
        return [wording.by_whom(entry, self.of.lang), *([address] if address else [])]

    def _lapsed(self, lamp: Light | None) -> str:
        lang = self.of.lang
        if self.show_lights and lamp is not None and lamp.days:
            return _late(lamp.days, lang)
        if self.show_lights and lamp is not None:
            name_zh, name_en, why_zh, why_en = LIGHT_WORDS[lamp.light]
            return either(lang, f"{name_zh}：{why_zh}", f"{name_en.capitalize()}: {why_en}")
        return either(lang, "承诺的日期已过。", "The promised date has passed.")

    def _event(
        self, code: str, span: DateSpan, latest: date, words: str, lines: list[str], *, done: bool
    ) -> Event:
        row, lang = self.row, self.of.lang
        name, precision = name_of(row, lang), row["precision"]
        if precision not in MEASURED_PRECISIONS:
            about = PRECISION_WORDS[precision]
            lines = [*lines, either(lang, f"位置{about[0]}：{about[2]}", f"Place {about[1]}: {about[3]}")]
        is_point = row["lon"] is not None and precision in MEASURED_PRECISIONS
        return Event(
            uid=f"{code}.{row['id']}.{self.of.area_id}@{AUTHORITY}",
            # What is only said to be by a day has no first one, and none is made up.
            first=span.earliest or latest,
            after=latest + timedelta(days=1),
            title=either(lang, f"{name}：{words}", f"{name}: {words}"),
            description="\n".join(lines),
            category=either(lang, self.kind.name_zh, self.kind.name_en),
            page=self.of.page(row["id"]),
            done=done,
            sequence=self._times_told(code),
            changed=self.published,
            lonlat=(row["lon"], row["lat"]) if is_point else None,
        )

    def _times_told(self, code: str) -> int:
        """How often what is said of a milestone changed after it was first said. It never falls."""
        told = [claim for claim in self.claims if claim["property"] == f"milestone:{code}"]
        return len(told) - 1 + sum(claim["withdrawn_rev"] is not None for claim in told)


def _moves(promise: Promise, lang: str) -> list[str]:
    """How often the date moved, and by how much; nothing where it was said only once."""
    if len(promise.history) == 1:
        return []
    first = wording.said_date(promise.history[0].date.text, lang) if promise.history[0].date else ""
    days, times = promise.slip_days, promise.moves
    if not times:
        lines = [
            either(
                lang, f"说过 {len(promise.history)} 次，日期没有改过。", "Said again; the date did not move."
            )
        ]
    elif days < 0:
        lines = [
            either(
                lang,
                f"承诺的日期改过 {times} 次，比最初所说（{first}）早 {-days} 天。",
                f"The promise moved {_times(times)}, {-days} days earlier than first said ({first}).",
            )
        ]
    else:
        lines = [
            either(
                lang,
                f"承诺的日期改过 {times} 次，比最初所说（{first}）晚 {days} 天。",
                f"The promise moved {_times(times)}, {days} days later than first said ({first}).",
            )
        ]
    if promise.disputed:
        lines.append(
            either(
                lang,
                "级别更高的来源说法不同，见项目页。",
                "A source of higher rank says otherwise; see the page.",
            )
        )
    return lines


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _late(days: int, lang: str) -> str:
    return either(lang, f"有来源证明至少晚了 {days} 天。", f"A source proves it at least {days} days late.")
