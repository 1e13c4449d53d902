"""The SQL of recording: one at a time in an area."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app import tables as t
from app.database import Connection, as_row


def locked_area(connection: Connection, area_id: str) -> Mapping[str, Any] | None:
    """The area, locked until the transaction ends. Whoever publishes locks it before the log as well, so that
    nobody waits for one who waits for them."""
    return as_row(connection.execute(select(t.area).where(t.area.c.id == area_id).with_for_update()))
