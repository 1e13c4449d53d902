"""The first changesets of an area, through the same door as everything else."""

from __future__ import annotations

from app.changesets import queries, service
from app.database import Connection
from geodata import pinghu

WHO = "seed"


def needs_seed(connection: Connection, area_id: str) -> bool:
    return queries.area(connection, area_id) is None


def seed(connection: Connection) -> list[int]:
    """Create the area and publish its first changesets. Returns their revisions."""
    record = pinghu.area()
    service.create_area(connection, record)
    revisions = []
    for entry in pinghu.changesets():
        changeset_id = service.stage(
            connection,
            record["id"],
            entry.changes,
            kind="seed",
            title_zh=entry.title_zh,
            title_en=entry.title_en,
            who=WHO,
        )
        revisions.append(service.publish(connection, changeset_id, WHO))
    return revisions
