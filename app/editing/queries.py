"""The SQL of editing: what an editor must know of projects beside what a changeset knows."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select, union_all

from app import tables as t
from app.changesets.queries import among
from app.database import Connection


def standing_claims(connection: Connection, ids: Collection[str]) -> dict[str, int]:
    """By id of a project, how many claims on it stand; who has none is not in it."""
    statement = (
        select(t.project.c.id, func.count().label("standing"))
        .join(t.claim, t.claim.c.project_no == t.project.c.no)
        .where(among(t.project.c.id, ids), t.claim.c.withdrawn_rev.is_(None))
        .group_by(t.project.c.id)
    )
    return {row.id: row.standing for row in connection.execute(statement)}


def was_used(connection: Connection, name: str) -> bool:
    """Whether an id is, or ever was, that of a project, or is wanted by a staged changeset."""
    c = t.change.c
    wanted = (
        select(c.target)
        .join(t.changeset, t.changeset.c.id == c.changeset_id)
        .where(c.op == "add", c.target == name, t.changeset.c.state == "staged")
    )
    used = union_all(
        select(t.project.c.id).where(t.project.c.id == name),
        select(t.alias.c.old_id).where(t.alias.c.old_id == name),
        wanted,
    )
    return connection.execute(used.limit(1)).first() is not None
