"""The SQL of indicators and programmes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from app import tables as t
from app.database import Connection, as_rows

Row = Mapping[str, Any]


def indicators(connection: Connection, area_id: str) -> list[dict[str, Any]]:
    statement = select(t.indicator).where(t.indicator.c.area_id == area_id).order_by(t.indicator.c.position)
    return as_rows(connection.execute(statement))


def figures(connection: Connection, area_id: str, known: date) -> dict[str, list[Row]]:
    """The claims by indicator code, with the tier of their source."""
    statement = (
        select(t.claim, t.source.c.tier)
        .join(t.source, t.source.c.id == t.claim.c.source_id)
        .where(
            t.claim.c.area_id == area_id,
            t.claim.c.indicator_code.isnot(None),
            t.claim.c.withdrawn_rev.is_(None),
            t.claim.c.said_latest <= known,
        )
        .order_by(t.claim.c.id)
    )
    found: dict[str, list[Row]] = {}
    for row in as_rows(connection.execute(statement)):
        found.setdefault(row["indicator_code"], []).append(row)
    return found


def traced(connection: Connection, area_id: str, known: date) -> dict[str, list[Row]]:
    """By indicator code: the claims of named projects that count in it."""
    statement = (
        select(
            t.claim.c.counts_in,
            t.claim.c.id,
            t.claim.c.value,
            t.claim.c.unit,
            t.project.c.id.label("project_id"),
            t.project.c.name_zh,
            t.project.c.name_en,
        )
        .join(t.project, t.project.c.no == t.claim.c.project_no)
        .where(
            t.claim.c.area_id == area_id,
            t.claim.c.counts_in.isnot(None),
            t.claim.c.withdrawn_rev.is_(None),
            t.claim.c.said_latest <= known,
            t.project.c.removed_rev.is_(None),
        )
        .order_by(t.claim.c.id)
    )
    found: dict[str, list[Row]] = {}
    for row in as_rows(connection.execute(statement)):
        found.setdefault(row["counts_in"], []).append(row)
    return found
