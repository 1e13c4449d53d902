"""The SQL of the timeline: one look-up of the stored spans for every month and project."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import String, bindparam, select, text

from app import tables as t
from app.database import Connection, as_rows

_MONTHS = text(
    """
    with months as (
        select start::date as start,
               least((start + interval '1 month - 1 day')::date, :to_day) as day
        from generate_series(date_trunc('month', cast(:from_day as timestamp)), :to_day, '1 month') as start
    )
    select to_char(m.start, 'YYYY-MM') as month, p.kind,
           coalesce(promised.phase, fact.phase, 0) as phase,
           count(*) as projects,
           round(sum(p.area_ha)::numeric, 2)::float as area_ha,
           round(sum(p.length_km)::numeric, 3)::float as length_km
    from months m
    cross join project p
    left join lateral (
        select s.phase from phase_span s
        where s.project_no = p.no and not s.promised
          and s.known_from <= :known and (s.known_to is null or s.known_to > :known)
          and s.day_from <= m.day and (s.day_to is null or s.day_to > m.day)
        limit 1) fact on true
    left join lateral (
        select s.phase from phase_span s
        where s.project_no = p.no and s.promised and m.day > :known
          and s.known_from <= :known and (s.known_to is null or s.known_to > :known)
          and s.day_from <= m.day and (s.day_to is null or s.day_to > m.day)
        limit 1) promised on true
    where p.area_id = :area_id and p.removed_rev is null and p.drawn and p.kind in :kinds
    group by 1, 2, 3 order by 1, 2, 3
    """
).bindparams(bindparam("kinds", expanding=True, type_=String))


def months(
    connection: Connection, area_id: str, from_day: date, to_day: date, known: date, kinds: Sequence[str]
) -> list[dict[str, Any]]:
    """Projects, hectares and kilometres by month (on its last day), kind and phase code."""
    values = {
        "area_id": area_id,
        "from_day": from_day,
        "to_day": to_day,
        "known": known,
        "kinds": list(kinds),
    }
    return as_rows(connection.execute(_MONTHS, values))


def dated_claims(
    connection: Connection, area_id: str, known: date, kinds: Sequence[str]
) -> list[dict[str, Any]]:
    """The claims from which dates of milestones follow, by project."""
    statement = (
        select(
            t.claim,
            t.source.c.tier,
            t.source.c.published,
            t.project.c.id.label("project_id"),
            t.project.c.kind,
        )
        .join(t.source, t.source.c.id == t.claim.c.source_id)
        .join(t.project, t.project.c.no == t.claim.c.project_no)
        .where(
            t.project.c.area_id == area_id,
            t.project.c.removed_rev.is_(None),
            t.project.c.kind.in_(kinds),
            t.claim.c.withdrawn_rev.is_(None),
            t.claim.c.said_latest <= known,
            t.claim.c.property.like("milestone:%"),
        )
        .order_by(t.project.c.id, t.claim.c.id)
    )
    return as_rows(connection.execute(statement))


def left_out(connection: Connection, area_id: str, kinds: Sequence[str]) -> dict[str, int]:
    """What the counts do not hold: containers, and projects without a measured size."""
    p = t.project.c
    statement = select(p.drawn, p.area_ha, p.length_km).where(
        p.area_id == area_id, p.removed_rev.is_(None), p.kind.in_(kinds)
    )
    rows = list(connection.execute(statement))
    return {
        "containers": sum(not row.drawn for row in rows),
        "unmeasured": sum(row.drawn and row.area_ha is None and row.length_km is None for row in rows),
    }
