"""The SQL of what must be looked at first: which projects may be in a list, which have long been silent."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    SmallInteger,
    Text,
    and_,
    case,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    values,
)

from app import tables as t
from app.board.listing_queries import DONE, Scope, is_dated_promise, is_done, within
from app.database import Connection, as_rows
from geodata.lights import HISTORY_DAYS
from geodata.phases import CLOSED, IN_SERVICE, PHASES

ENDED = range(IN_SERVICE, len(PHASES))
"""The phases after which nobody waits for news."""
_TEXTS = t.project.c.aliases.type


def due_between(scope: Scope, first: date, last: date) -> Select[Any]:
    k = t.claim.c
    return (
        select(k.project_no.label("no"), func.min(k.latest).label("by"))
        .where(*scope.said(), is_dated_promise(k), k.latest.between(first, last))
        .group_by(k.project_no)
    )


def overdue(scope: Scope) -> Select[Any]:
    """Promises for a day that is past, but for those done long enough ago and those of things in service."""
    k, done, span = t.claim.c, t.claim.alias("done"), t.phase_span.c
    same = and_(
        done.c.project_no == k.project_no,
        done.c.property == k.property,
        *scope.said(done.c),
        is_done(done.c),
    )
    is_recent = func.coalesce(done.c.latest, done.c.said_latest) >= scope.known - timedelta(days=HISTORY_DAYS)
    in_service = exists().where(
        span.project_no == k.project_no,
        ~span.promised,
        within(scope.known, span.known_from, span.known_to),
        span.day_to.is_(None),
        span.phase == IN_SERVICE,
    )
    return (
        select(k.project_no.label("no"), func.max(k.latest).label("by"))
        .where(
            *scope.said(),
            is_dated_promise(k),
            k.latest < scope.known,
            or_(exists().where(same, is_recent), and_(~exists().where(same), ~in_service)),
        )
        .group_by(k.project_no)
    )


def retold(scope: Scope) -> Select[Any]:
    """Promises of one milestone with more than one last day."""
    k = t.claim.c
    several = (
        select(k.project_no.label("no"), func.max(k.said_latest).label("said"))
        .where(*scope.said(), is_dated_promise(k))
        .group_by(k.project_no, k.property)
        .having(func.count(k.latest.distinct()) > 1)
        .subquery("several")
    )
    return select(several.c.no, func.max(several.c.said).label("by")).group_by(several.c.no)


def contradicted(scope: Scope) -> Select[Any]:
    """One milestone done on days that cannot be the same, or a phase seen after a higher one surely came."""
    a, b = _events(scope, "a"), _events(scope, "b")
    apart = or_(a.c.latest < b.c.earliest, b.c.latest < a.c.earliest)
    twice = and_(a.c.is_done, b.c.is_done, a.c.property == b.c.property, apart)
    back = and_(~a.c.is_done, a.c.earliest >= b.c.by_then, b.c.phase > a.c.phase, b.c.phase < CLOSED)
    return (
        select(a.c.no, func.max(a.c.said_latest).label("by"))
        .join(b, and_(a.c.no == b.c.no, a.c.id != b.c.id))
        .where(or_(twice, back))
        .group_by(a.c.no)
    )


def _events(scope: Scope, name: str) -> FromClause:
    """What is said to have happened or was seen, with the phase it shows."""
    k, p = t.claim.c, t.project.c
    steps = [
        (kind.id, code, PHASES.index(phase))
        for kind in scope.kinds.values()
        for code, phase in kind.phase_of.items()
    ]
    columns = (column("kind", Text), column("code", Text), column("phase", SmallInteger))
    step = values(*columns, name=f"step_{name}").data(steps or [("", "", 0)])
    seen = func.array_position(literal(list(PHASES), type_=_TEXTS), k.value) - 1
    phase = case((k.property == "phase", seen), else_=step.c.phase)
    joined = t.claim.join(t.project, p.no == k.project_no).outerjoin(
        step, and_(step.c.kind == p.kind, step.c.code == func.split_part(k.property, ":", 2))
    )
    return (
        select(
            k.project_no.label("no"),
            k.id,
            k.property,
            k.earliest,
            k.latest,
            k.said_latest,
            func.coalesce(k.latest, k.said_latest).label("by_then"),
            is_done(k).label("is_done"),
            phase.label("phase"),
        )
        .select_from(joined)
        .where(*scope.said(), p.kind.in_(scope.kinds), k.commitment == DONE, phase.isnot(None))
        .cte(name)
    )


# ---------------------------------------------------------------- not heard of for long


def stale(
    connection: Connection, scope: Scope, before: date, today: date, most: int
) -> tuple[int, list[dict[str, Any]]]:
    """How many drawn projects, neither in service nor ended, were last heard of before a day; the longest
    silent of them first, with `heard`."""
    p, span = t.project.c, t.phase_span.c
    heard = p.last_heard if scope.known >= today else _last_heard(scope)
    is_over = exists().where(
        span.project_no == p.no,
        ~span.promised,
        within(scope.known, span.known_from, span.known_to),
        within(scope.known, span.day_from, span.day_to),
        span.phase.in_(ENDED),
    )
    wanted = (
        select(p.no, p.id, p.kind, p.drawn, heard.label("heard"))
        .where(*scope.projects(), p.drawn, heard < before, ~is_over)
        .subquery("wanted")
    )
    count = connection.execute(select(func.count()).select_from(wanted)).scalar_one()
    statement = select(wanted).order_by(wanted.c.heard, wanted.c.id).limit(most)
    return int(count), as_rows(connection.execute(statement))


def _last_heard(scope: Scope) -> ColumnElement[Any]:
    """As `geodata.lights.last_heard`: copies of which nobody knows the day do not count."""
    k = t.claim.c
    return (
        select(func.max(k.said_latest))
        .join(t.source, t.source.c.id == k.source_id)
        .where(
            *scope.said(),
            k.project_no == t.project.c.no,
            or_(t.source.c.published != "", k.said_earliest.isnot(None)),
        )
        .correlate(t.project)
        .scalar_subquery()
    )


def never_heard(connection: Connection, scope: Scope, today: date) -> int:
    """How many drawn projects no source with a day has ever spoken of."""
    heard = t.project.c.last_heard if scope.known >= today else _last_heard(scope)
    statement = (
        select(func.count())
        .select_from(t.project)
        .where(*scope.projects(), t.project.c.drawn, heard.is_(None))
    )
    return int(connection.execute(statement).scalar_one())
