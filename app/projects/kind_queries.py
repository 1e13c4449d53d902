"""The SQL of whole kinds: what a layer and the catalogue tell of them, whatever the day."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from app import tables as t
from app.database import Connection, as_rows


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
