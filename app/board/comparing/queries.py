"""The SQL of two days: which projects were in another phase, and what was said in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, func, literal, or_, select

from app import tables as t
from app.board.listing_queries import Scope, is_dated_promise, is_done, within
from app.database import Connection, as_rows


def _standing(day: date, known: date, name: str) -> Any:
    """The stored span that a project's state on a day rests on, as known then: none or one row."""
    span = t.phase_span.alias(f"span_{name}")
    return (
        select(span.c.phase, span.c.promised, span.c.day_from, span.c.maybe_from)
        .where(
            span.c.project_no == t.project.c.no,
            within(known, span.c.known_from, span.c.known_to),
            within(day, span.c.day_from, span.c.day_to),
            # A promise says nothing about days up to the one on which it is known.
            or_(~span.c.promised, literal(day > known)),
        )
        .order_by(span.c.promised.desc())
        .limit(1)
        .lateral(name)
    )


_OF_INDICATORS = ("code", "name_zh", "name_en", "period", "position")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two views of the same projects: a day as known on a day, before and after."""

    before: tuple[date, date]
    after: tuple[date, date]


def _differing(scope: Scope, pair: Pair) -> Any:
    p, span = t.project.c, t.phase_span.c
    a, b = _standing(*pair.before, "a"), _standing(*pair.after, "b")
    (day_a, known_a), (day_b, known_b) = pair.before, pair.after
    if known_a == known_b:
        may_differ = and_(
            within(known_a, span.known_from, span.known_to), span.day_from.between(day_a, day_b)
        )
    else:
        may_differ = or_(
            and_(span.known_from > known_a, span.known_from <= known_b),
            and_(span.known_to > known_a, span.known_to <= known_b),
            and_(span.promised, literal(known_a < day_a <= known_b)),
        )
    was, now = func.coalesce(a.c.phase, 0), func.coalesce(b.c.phase, 0)
    was_promised, is_promised = func.coalesce(a.c.promised, False), func.coalesce(b.c.promised, False)
    on = literal(True)
    return (
        select(
            p.no,
            p.id,
            p.kind,
            p.drawn,
            was.label("was"),
            now.label("now"),
            was_promised.label("was_promised"),
            is_promised.label("is_promised"),
            func.coalesce(b.c.day_from, literal(day_b, type_=Date)).label("day"),
            b.c.maybe_from.label("maybe_from"),
        )
        .select_from(t.project.outerjoin(a, on).outerjoin(b, on))
        .where(
            *scope.projects(),
            p.drawn,
            p.no.in_(select(span.project_no).where(may_differ)),
            or_(was != now, was_promised != is_promised),
        )
        .subquery("differing")
    )


def differing(
    connection: Connection, scope: Scope, pair: Pair, most: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The projects whose phase differs, the latest first, at most `most`; and how many of all of them went
    from which phase to which (`n`), on what basis, and whether surely after the first day (`sure`)."""
    d = _differing(scope, pair)
    sure = func.coalesce(d.c.maybe_from > literal(pair.before[0], type_=Date), False)
    rows = as_rows(connection.execute(select(d).order_by(d.c.day.desc(), d.c.id).limit(most)))
    ways = (d.c.was, d.c.was_promised, d.c.now, d.c.is_promised)
    counted = select(*ways, sure.label("sure"), func.count().label("n")).group_by(*ways, sure)
    return rows, as_rows(connection.execute(counted))


def spoken_of(connection: Connection, scope: Scope, day: date, known: date) -> int:
    """How many drawn projects have a phase on a day, as known then."""
    state = _standing(day, known, "state")
    statement = (
        select(func.count())
        .select_from(t.project.join(state, literal(True)))
        .where(*scope.projects(), t.project.c.drawn)
    )
    return int(connection.execute(statement).scalar_one())


# ---------------------------------------------------------------- said between two days


def said_in(after: date, until: date, source: str | None) -> ColumnElement[bool]:
    """The claims said after a day and by another; or those of one source, whenever it spoke."""
    k = t.claim.c
    return (
        k.source_id == source if source is not None else and_(k.said_latest > after, k.said_latest <= until)
    )


def promised_or_done(scope: Scope, chosen: ColumnElement[bool]) -> Select[Any]:
    """The projects of which the chosen claims promise a milestone for a day, or tell that one is done."""
    k = t.claim.c
    return (
        select(k.project_no.label("no"), func.max(k.said_latest).label("by"))
        .where(*scope.said(), chosen, or_(is_dated_promise(k), is_done(k)))
        .group_by(k.project_no)
    )


def done_between(scope: Scope, after: date, until: date) -> Select[Any]:
    """The projects of which a milestone may have come, for certain, after a day and by another."""
    k = t.claim.c
    certain = func.coalesce(k.latest, k.said_latest)
    return (
        select(k.project_no.label("no"), func.max(certain).label("by"))
        .where(*scope.said(), is_done(k), certain > after, or_(k.earliest.is_(None), k.earliest <= until))
        .group_by(k.project_no)
    )


def spoken_about(scope: Scope, chosen: ColumnElement[bool]) -> Select[Any]:
    """The projects of which the chosen claims tell anything at all."""
    k = t.claim.c
    return (
        select(k.project_no.label("no"), func.max(k.said_latest).label("by"))
        .where(*scope.said(), chosen)
        .group_by(k.project_no)
    )


def newly_spoken_of(
    connection: Connection, scope: Scope, after: date, until: date, source: str | None, most: int
) -> tuple[int, list[dict[str, Any]]]:
    """Projects of which nobody had spoken before: how many, and the latest of them with the `claim`."""
    k, p = t.claim.c, t.project.c
    place = func.row_number().over(partition_by=k.project_no, order_by=(k.said_latest, k.id))
    ranked = select(k.id, k.project_no, k.said_latest, k.source_id, place.label("place")).where(*scope.said())
    first = ranked.subquery("ranked")
    chosen = (
        first.c.source_id == source
        if source is not None
        else and_(first.c.said_latest > after, first.c.said_latest <= until)
    )
    wanted = (
        select(p.no, p.id, p.kind, p.drawn, first.c.id.label("claim"), first.c.said_latest)
        .join(first, first.c.project_no == p.no)
        .where(*scope.projects(), first.c.place == 1, chosen)
        .subquery("wanted")
    )
    count = connection.execute(select(func.count()).select_from(wanted)).scalar_one()
    statement = select(wanted).order_by(wanted.c.said_latest.desc(), wanted.c.id).limit(most)
    return int(count), as_rows(connection.execute(statement))


def words_said(
    connection: Connection, scope: Scope, chosen: ColumnElement[bool], most: int
) -> tuple[int, list[dict[str, Any]]]:
    """The chosen claims that are neither a promise for a day nor a milestone done on one: how many, and the
    latest of them with no, id, kind and drawn of their project (`claim` is the number)."""
    k, p = t.claim.c, t.project.c
    wanted = (
        select(p.no, p.id, p.kind, p.drawn, k.id.label("claim"), k.said_latest)
        .join_from(t.claim, t.project, p.no == k.project_no)
        .where(
            *scope.said(),
            *scope.projects(),
            chosen,
            # Of an open date the latest day is null: not known means not so.
            ~func.coalesce(is_dated_promise(k), False),
            ~is_done(k),
        )
        .subquery("wanted")
    )
    count = connection.execute(select(func.count()).select_from(wanted)).scalar_one()
    statement = select(wanted).order_by(wanted.c.said_latest.desc(), wanted.c.claim).limit(most)
    return int(count), as_rows(connection.execute(statement))


def figures_said(
    connection: Connection, area_id: str, chosen: ColumnElement[bool], known: date, most: int
) -> tuple[int, list[dict[str, Any]]]:
    """The chosen claims about indicators: how many, and the latest of them with tier and labels."""
    k, i = t.claim.c, t.indicator.c
    wanted = (
        select(t.claim, t.source.c.tier, t.source.c.published, *(i[name] for name in _OF_INDICATORS))
        .join(t.source, t.source.c.id == k.source_id)
        .join(t.indicator, and_(i.code == k.indicator_code, i.area_id == k.area_id))
        .where(k.area_id == area_id, k.withdrawn_rev.is_(None), k.said_latest <= known, chosen)
        .subquery("wanted")
    )
    count = connection.execute(select(func.count()).select_from(wanted)).scalar_one()
    order = (wanted.c.said_latest.desc(), wanted.c.position, wanted.c.id)
    return int(count), as_rows(connection.execute(select(wanted).order_by(*order).limit(most)))


def source(connection: Connection, area_id: str, source_id: str) -> dict[str, Any] | None:
    """A document with the first and the last day on which it spoke (`first`, `last`: null when it said
    nothing that holds)."""
    s, k = t.source.c, t.claim.c
    statement = (
        select(t.source, func.min(k.said_latest).label("first"), func.max(k.said_latest).label("last"))
        .outerjoin(t.claim, and_(k.source_id == s.id, k.withdrawn_rev.is_(None)))
        .where(s.area_id == area_id, s.id == source_id)
        .group_by(*t.source.c)
    )
    rows = as_rows(connection.execute(statement))
    return rows[0] if rows else None
