"""The log of what was done: one row an act, each bound to the one before it, so that a change is noticed.

A chain belongs to an area, or to EVERYWHERE: accounts and sign-ins are of the service, not of a place.
Writing locks the chain until the transaction ends: write last, so that others do not wait.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping, func, insert, select

from app import tables as t
from app.database import Connection, allow

EVERYWHERE = "*"
FIRST = "0" * 64
"""What stands before the first link of a chain."""
_CHAINED = (
    "n",
    "area_id",
    "at",
    "who",
    "role",
    "action",
    "object",
    "reason",
    "request_id",
    "before",
    "after",
    "detail",
)


@dataclass(frozen=True, slots=True)
class Acting:
    """On whose behalf the present request (or command) runs. role: empty for commands and strangers."""

    role: str = ""
    request_id: str = ""


_NOBODY = Acting()
# Whoever lets a request in sets it; it follows the request into the thread that answers it. Otherwise every
# function between would carry it for the log alone.
ACTING: ContextVar[Acting] = ContextVar("acting", default=_NOBODY)


@dataclass(frozen=True, slots=True)
class Broken:
    """The first link of a chain that does not hold, and why."""

    area_id: str
    n: int
    why: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last link of a chain that holds: keep it elsewhere, and a cut-off end is noticed as well."""

    area_id: str
    n: int
    hash: str


def write(
    connection: Connection,
    area_id: str,
    who: str,
    action: str,
    thing: str,
    detail: Mapping[str, Any] | None = None,
    *,
    reason: str = "",
    before: str = "",
    after: str = "",
) -> None:
    """Add a link: `who` did `action` to `thing` (changeset/12, account/li), for `reason`.

    before, after: digests of what the act changed, where there are any. Never put a password, a token or the
    content of a file into `detail`.
    """
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"audit {area_id}", 0))))
    # Another statement, so that it sees what the holder of the lock has committed meanwhile.
    last = connection.execute(
        select(t.event_log.c.n, t.event_log.c.hash)
        .where(t.event_log.c.area_id == area_id)
        .order_by(t.event_log.c.n.desc())
        .limit(1)
    ).one_or_none()
    acting = ACTING.get()
    row = {
        "n": 1 if last is None else last.n + 1,
        "area_id": area_id,
        "at": datetime.now(UTC),
        "who": _settled(who),
        "role": acting.role,
        "action": action,
        "object": _settled(thing),
        "reason": _settled(reason),
        "request_id": acting.request_id,
        "before": before,
        "after": after,
        "detail": _settled(dict(detail or {})),
    }
    prev = FIRST if last is None else last.hash
    connection.execute(insert(t.event_log).values(**row, prev=prev, hash=link(prev, row)))


def link(prev: str, row: Mapping[str, Any] | RowMapping) -> str:
    """The digest (SHA-256, hexadecimal) that binds a row to the one before it."""
    values = {name: row[name] for name in _CHAINED}
    values["at"] = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    canonical = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{prev}\n{canonical}".encode()).hexdigest()


def verify(connection: Connection) -> Iterator[Broken | Head]:
    """Follow every chain from its beginning: of each the first broken link, or else its head."""
    # Read by pieces: the log grows for years.
    allow(connection, 0)
    rows = (
        connection.execution_options(yield_per=1000)
        .execute(select(t.event_log).order_by(t.event_log.c.area_id, t.event_log.c.n))
        .mappings()
    )
    head: Head | None = None
    broken: Broken | None = None
    for row in rows:
        if head is None or row["area_id"] != head.area_id:
            if head is not None:
                yield broken or head
            head, broken = Head(row["area_id"], 0, FIRST), None
        broken = broken or _fault(head, row)
        head = Head(row["area_id"], row["n"], row["hash"])
    if head is not None:
        yield broken or head


def _fault(head: Head, row: RowMapping) -> Broken | None:
    if row["n"] != head.n + 1:
        return Broken(head.area_id, head.n + 1, f"link {head.n + 1} is missing; {row['n']} follows {head.n}")
    if row["prev"] != head.hash:
        return Broken(head.area_id, row["n"], "it is not bound to the link before it")
    if row["hash"] != link(row["prev"], row):
        return Broken(head.area_id, row["n"], "what it says was changed")
    return None


def hash_at(connection: Connection, area_id: str, n: int) -> str | None:
    """The digest of a link, to compare with one that was kept elsewhere; None when there is no such link."""
    return connection.execute(
        select(t.event_log.c.hash).where(t.event_log.c.area_id == area_id, t.event_log.c.n == n)
    ).scalar_one_or_none()


def _settled(value: Any) -> Any:
    """The value in the one form in which the database gives it back: no float or
    huge number, no NUL, no half character: those become text."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
    if isinstance(value, Mapping):
        return {_settled(str(key)): _settled(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_settled(inner) for inner in value]
    if value is None or isinstance(value, bool) or (isinstance(value, int) and abs(value) < 2**53):
        return value
    return _settled(str(value))
