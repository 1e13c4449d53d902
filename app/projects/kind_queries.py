"""The SQL of whole kinds: what a layer and the catalogue tell, how far they came, what lies near; and what is
public of a claim."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Float,
    Select,
    String,
    Text,
    any_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    select,
    text,
    true,
)

from app import tables as t
from app.database import Connection, as_rows
from geodata.geometry import MEASURED_PRECISIONS
from geodata.overlaps import Shape


def layer(connection: Connection, area_id: str, kind: str) -> list[dict[str, Any]]:
    """A whole kind at head, without anything that depends on a day."""
    parent = t.project.alias("parent_of")
    statement = (
        select(
            *(column for column in t.project.c if column.name not in ("geom", "parent_no", "area_id")),
            func.st_asgeojson(t.project.c.geom, 7).label("geometry"),
            parent.c.id.label("parent"),
        )
        .outerjoin(parent, parent.c.no == t.project.c.parent_no)
        .where(t.project.c.area_id == area_id, t.project.c.kind == kind, t.project.c.removed_rev.is_(None))
        .order_by(t.project.c.id)
    )
    return as_rows(connection.execute(statement))


def bounds(connection: Connection, area_id: str) -> tuple[float, ...] | None:
    """West, south, east, north of everything located, in degrees."""
    extent = func.st_extent(t.project.c.geom)
    statement = select(
        func.st_xmin(extent), func.st_ymin(extent), func.st_xmax(extent), func.st_ymax(extent)
    ).where(t.project.c.area_id == area_id, t.project.c.removed_rev.is_(None))
    row = connection.execute(statement).one()
    return None if row[0] is None else tuple(float(value) for value in row)


def kind_counts(connection: Connection, area_id: str) -> dict[str, tuple[int, int]]:
    """By kind: how many projects there are, and how many of them are drawn."""
    p = t.project.c
    placed = func.count().filter(p.geom.isnot(None), p.drawn)
    statement = (
        select(p.kind, func.count().label("all"), placed.label("placed"))
        .where(p.area_id == area_id, p.removed_rev.is_(None))
        .group_by(p.kind)
    )
    return {row["kind"]: (row["all"], row["placed"]) for row in as_rows(connection.execute(statement))}


# ---------------------------------------------------------------- over time

_STEPS = {"month": "1 month", "quarter": "3 months"}
_PERIODS = text(
    """
    with periods as (
        select start::date as start,
               least((start + cast(:step as interval) - interval '1 day')::date, :to_day) as day
        from generate_series(
            date_trunc(:unit, cast(:from_day as timestamp)), :to_day, cast(:step as interval)
        ) as start
    )
    select m.start, p.kind,
           coalesce(promised.phase, fact.phase, 0) as phase,
           count(*) as projects,
           round(sum(p.area_ha)::numeric, 2)::float as area_ha,
           round(sum(p.length_km)::numeric, 3)::float as length_km,
           count(promised.phase) as promised_projects,
           round(sum(p.area_ha) filter (where promised.phase is not null)::numeric, 2)::float
               as promised_area_ha,
           round(sum(p.length_km) filter (where promised.phase is not null)::numeric, 3)::float
               as promised_length_km
    from periods m
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


def periods(
    connection: Connection,
    area_id: str,
    days: tuple[date, date],
    known: date,
    kinds: Sequence[str],
    step: str,
) -> list[dict[str, Any]]:
    """Projects, hectares and kilometres by period (`start` is its first day; told on its last), kind and
    phase code, and how much of that is only promised, with one look-up of the stored spans for every period
    and project. step: month or quarter."""
    values = {
        "area_id": area_id,
        "from_day": days[0],
        "to_day": days[1],
        "known": known,
        "kinds": list(kinds),
        "unit": step,
        "step": _STEPS[step],
    }
    return as_rows(connection.execute(_PERIODS, values))


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


def claim_columns() -> list[ColumnElement[Any]]:
    """Those of a claim. Why one was withdrawn is there where whoever did so was asked for public words; the
    reason for undoing a changeset is for staff, as in the log."""
    c = t.claim.c
    edited = (
        select(t.changeset.c.id)
        .where(t.changeset.c.area_id == c.area_id, t.changeset.c.rev == c.withdrawn_rev)
        .where(t.changeset.c.kind == "edit")
        .exists()
    )
    reason = case((edited, c.withdrawn_reason), else_=literal("")).label("withdrawn_reason")
    return [*(column for column in c if column.name != "withdrawn_reason"), reason]


def shapes_touching(
    connection: Connection,
    area_id: str,
    kinds: Sequence[str],
    shapes: Sequence[BaseGeometry | None],
    changeset_id: int | None = None,
) -> list[Shape]:
    """The measured areas of kinds whose box touches that of one of some shapes (lon, lat in degrees).

    changeset_id: without those to which this changeset gives another shape, or which it removes.
    """
    rows = connection.execute(touching(area_id, kinds, shapes, changeset_id)).all()
    ids, names, wkb, precisions = zip(*rows, strict=True) if rows else ((), (), (), ())
    found = shapely.from_wkb(np.array(wkb, dtype=object))
    return [Shape(*one) for one in zip(ids, names, found, precisions, strict=True)]


def touching(
    area_id: str, kinds: Sequence[str], shapes: Sequence[BaseGeometry | None], changeset_id: int | None = None
) -> Select[Any]:
    """What `shapes_touching` asks."""
    c, x = t.project.c, t.change.c
    boxes = shapely.bounds(np.array([*shapes, None], dtype=object)[:-1]).reshape(-1, 4)
    sides = [literal(side.tolist(), ARRAY(Float)) for side in boxes[np.isfinite(boxes).all(axis=1)].T]
    asked = func.unnest(*sides).table_valued("west", "south", "east", "north", name="asked").render_derived()
    box = func.st_makeenvelope(asked.c.west, asked.c.south, asked.c.east, asked.c.north, 4326)
    # The offset keeps the planner to one search of the index for each box, however many it expects. Where a
    # row lies (ctid) was found by it, and leads back to the row, once, without a second index.
    place = literal_column("project.ctid", type_=Text)
    each = select(place.label("place")).select_from(t.project).where(c.geom.op("&&")(box)).offset(0)
    near = each.lateral("each")
    places = func.array(select(near.c.place).select_from(asked.join(near, true())).scalar_subquery())
    statement = select(c.id, c.name_zh, func.st_asbinary(c.geom).label("shape"), c.precision).where(
        place == any_(places),
        c.area_id == area_id,
        c.kind.in_(kinds),
        c.removed_rev.is_(None),
        c.precision.in_(MEASURED_PRECISIONS),
        func.st_dimension(c.geom) == 2,
    )
    if changeset_id is not None:
        # By what is said of each project, which is little; of the changeset it would be everything each time.
        said = select(x.changeset_id, x.geom_after, x.op).where(x.target == c.id).offset(0)
        s = said.correlate(t.project).subquery("said").c
        replaced = select(s.op).where(
            s.changeset_id == changeset_id, s.geom_after.is_not(None) | (s.op == "remove")
        )
        statement = statement.where(~replaced.exists())
    return statement
