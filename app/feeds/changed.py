"""What changed, one entry for each project that a published changeset touched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from app.database import Connection
from app.feeds import queries
from app.feeds.atom import Entry, Feed
from app.feeds.service import TAG, Following
from app.projects import queries as project_queries
from app.projects import wording
from app.projects.queries import Row
from app.projects.reading import claim_entry
from app.projects.statements import statement
from app.projects.wording import either, name_of
from app.vocabulary import PRECISION_WORDS
from geodata.dates import DateSpan
from geodata.kinds import Kind, load_kinds
from geodata.phases import Claim, facts, promises

MOST_ENTRIES = 100
_IN_TITLE = 2
_IN_SUMMARY = 20
# What people look for first stands first; before all of it a date that another one took the place of.
_ORDER = ("", "milestone", "phase", "activity", "measure", "mention")


def feed(connection: Connection, of: Following) -> Feed:
    """The latest first, at most MOST_ENTRIES."""
    rows = queries.touched(connection, replace(of.chosen, removed=True), MOST_ENTRIES)
    claims = project_queries.claims_of(connection, [row["no"] for row in rows], of.moment.known)
    cited = {claim["source_id"] for group in claims.values() for claim in group}
    sources = project_queries.sources(connection, cited)
    found = (_entry(of, row, claims.get(row["no"], []), sources) for row in rows)
    entries = [entry for entry in found if entry is not None]
    area = of.moment.area
    return Feed(
        id=f"{TAG}{of.area_id}/changes" + (f"?{of.key}" if of.key else ""),
        title=of.titled("变化", "what changed"),
        author=name_of(area, of.lang),
        rights="; ".join(credit[of.lang] for credit in area["credits"]),
        # Where nothing changed yet, the day on which the chart begins: never the present.
        updated=entries[0].published if entries else datetime.combine(area["first_day"], time(), UTC),
        address=of.address,
        home=f"{of.home}?lang={of.lang}",
        lang=of.lang,
        entries=entries,
    )


def _entry(of: Following, row: Row, claims: Sequence[Row], sources: Mapping[str, Row]) -> Entry | None:
    """None when nothing of what was published had been said by the day that is known."""
    lang, kind = of.lang, load_kinds()[row["kind"]]
    acts = list(_acts(row, kind, lang))
    news = list(_news(row["rev"], claims, sources, kind, lang))
    if not acts and not news:
        return None
    titles = list(dict.fromkeys([title for title, _ in acts] + [one.title for one in news if one.title]))
    summary = [sentence for _, sentence in acts]
    summary += [one.sentence(lang) for one in news[:_IN_SUMMARY]]
    if len(news) > _IN_SUMMARY:
        more = len(news) - _IN_SUMMARY
        summary.append(either(lang, f"另有 {more} 条说法。", f"{more} more claims."))
    if of.chosen.near and row["precision"] == "schematic":
        summary.append(
            either(lang, "位置为示意，不能据此判断远近。", "Its place is schematic and tells no distance.")
        )
    return Entry(
        id=f"{TAG}{of.area_id}/changesets/{row['changeset']}/projects/{row['id']}",
        title=_title(name_of(row, lang), titles, lang),
        summary="\n".join(summary),
        published=row["published_at"].astimezone(ZoneInfo(of.moment.area["tz"])),
        page=of.page(row["id"]),
        category=(kind.id, either(lang, kind.name_zh, kind.name_en)),
        sources=[one.entry["source"]["address"] for one in news],
    )


def _title(name: str, happened: Sequence[str], lang: str) -> str:
    told = either(lang, "；", "; ").join(happened[:_IN_TITLE])
    more = len(happened) - _IN_TITLE
    if more > 0:
        told += either(lang, f"；另 {more} 项", f"; {more} more")
    return either(lang, f"{name}：{told}", f"{name}: {told}")


def _acts(row: Row, kind: Kind, lang: str) -> Iterator[tuple[str, str]]:
    """What was done to the project itself: a few words, and a sentence."""
    ops = set(row["ops"])
    if "add" in ops:
        # Only the undoing of a removal brings back what was there.
        is_back = row["changeset_kind"] == "revert"
        title = (
            either(lang, "重新上图", "back on the chart")
            if is_back
            else either(lang, "新上图", "new on the chart")
        )
        precision = PRECISION_WORDS[row["precision"]]
        place_zh, place_en = f"位置{precision[0]}：{precision[2]}", f"Place {precision[1]}: {precision[3]}"
        yield (
            title,
            either(
                lang,
                f"{title}，{kind.name_zh}。{place_zh}",
                f"{title.capitalize()}, {kind.name_en}. {place_en}",
            ),
        )
    if "change" in ops:
        yield (
            either(lang, "名称、位置或资料有更正", "place, name or details corrected"),
            either(
                lang,
                "名称、位置或资料有更正，以项目页为准。",
                "Its place, name or details were corrected; the page shows them as they are now.",
            ),
        )
    if ops & {"relate", "unrelate"} and not ops & {"add", "remove"}:
        yield (
            either(lang, "与其他项目的关系有更正", "relation to other projects corrected"),
            either(lang, "与其他项目的关系有更正。", "Its relation to other projects was corrected."),
        )
    if "remove" in ops:
        yield (
            either(lang, "已从图上移除", "removed from the chart"),
            either(lang, "已从图上移除。", "It was removed from the chart."),
        )


# ---------------------------------------------------------------- what was said


@dataclass(frozen=True, slots=True)
class _News:
    """One claim that was made or withdrawn. title: empty where another one of the same milestone tells it.
    is_move: whether it takes the place of another."""

    entry: wording.Entry
    title: str
    words: str
    is_move: bool = False

    def sentence(self, lang: str) -> str:
        start = self.words[:1].upper() + self.words[1:]
        return either(lang, f"{start}。", f"{start}. ") + wording.by_whom(self.entry, lang)


def _news(rev: int, rows: Sequence[Row], sources: Mapping[str, Row], kind: Kind, lang: str) -> list[_News]:
    """What the claims of one project that came or went at a revision change."""
    entries = {row["id"]: claim_entry(row, sources[row["source_id"]], kind, {}) for row in rows}
    made = [row for row in rows if row["rev"] == rev]
    gone = [row for row in rows if row["withdrawn_rev"] == rev and row["rev"] < rev]
    reading = _Reading(rev, rows, entries, kind, lang)
    found = [reading.made(row, {one["id"] for one in made}) for row in made]
    found += [reading.withdrawn(row) for row in gone if row["id"] not in reading.corrected]
    return sorted(found, key=_rank)


def _rank(news: _News) -> int:
    head = "" if news.is_move else news.entry["property"].partition(":")[0]
    return _ORDER.index(head) if head in _ORDER else len(_ORDER)


class _Reading:
    """The promises of a project before and after a revision, and what each claim is worth then."""

    def __init__(
        self, rev: int, rows: Sequence[Row], entries: Mapping[int, dict[str, Any]], kind: Kind, lang: str
    ) -> None:
        before, after = (_standing(rows, number) for number in (rev - 1, rev))
        self.entries, self.lang = entries, lang
        self.was, self.now = promises(before, kind.phase_of), promises(after, kind.phase_of)
        self.contradicted = {loser.ref for _, loser in facts(after, kind.phase_of).conflicts}
        self.gone = {row["id"] for row in rows if row["withdrawn_rev"] == rev}
        self.corrected: set[int] = set()

    def made(self, row: Row, beside: set[int]) -> _News:
        """beside: all claims that came with it."""
        entry, lang = self.entries[row["id"]], self.lang
        words = wording.told(entry, lang)
        promise = self.now.get(row["property"].removeprefix("milestone:"))
        is_promise = entry["commitment"] != "done" and row["property"].startswith("milestone:")
        if row["restates"]:
            words = either(lang, f"恢复说法：{words}", f"claim restored: {words}")
        elif row["id"] in self.contradicted:
            words = either(lang, f"另有来源说：{words}", f"another source says: {words}")
        elif promise is not None and is_promise:
            if promise.current.ref == row["id"]:
                return self._current(entry, promise.history)
            if promise.current.ref in beside:
                return _News(entry, "", words)
            words = either(lang, f"补记：{words}", f"also said: {words}")
        elif is_promise:
            words = either(lang, f"新说法：{words}", f"new: {words}")
        return _News(entry, words, words)

    def _current(self, entry: dict[str, Any], history: Sequence[Claim]) -> _News:
        """A promise that now counts: new, moved, corrected, or said again."""
        code, lang = history[-1].code, self.lang
        words = wording.told(entry, lang)
        earlier = self.was[code].current if code in self.was else None
        if earlier is not None and earlier.ref in self.gone:
            self.corrected.add(earlier.ref)
            if history[-1].date == earlier.date:
                words = either(lang, f"说法更正：{words}", f"claim corrected: {words}")
            else:
                words = wording.moved(entry, self.entries[earlier.ref], True, lang)
            return _News(entry, words, words, True)
        if len(history) > 1 and _apart(history[-2].date, history[-1].date):
            words = wording.moved(entry, self.entries[history[-2].ref], False, lang)
            return _News(entry, words, words, True)
        if len(history) > 1:
            words = either(lang, f"再次说到：{words}", f"said again: {words}")
        else:
            words = either(lang, f"新说法：{words}", f"new: {words}")
        return _News(entry, words, words)

    def withdrawn(self, row: Row) -> _News:
        entry = self.entries[row["id"]]
        words = wording.told(entry, self.lang)
        words = either(self.lang, f"撤回说法：{words}", f"claim withdrawn: {words}")
        return _News(entry, words, words)


def _standing(rows: Sequence[Row], rev: int) -> list[Claim]:
    """The claims that stood at a revision."""
    return [
        statement(row)
        for row in rows
        if row["rev"] <= rev and (row["withdrawn_rev"] is None or row["withdrawn_rev"] > rev)
    ]


def _apart(a: DateSpan | None, b: DateSpan | None) -> bool:
    return a is not None and b is not None and not a.overlaps(b)
