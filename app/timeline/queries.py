"""The SQL of the timeline: the claims from which the dates of milestones follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from app import tables as t
from app.database import Connection, as_rows


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
