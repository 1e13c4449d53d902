"""The SQL of jobs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import and_, delete, func, insert, or_, select, text, update

from app import tables as t
from app.database import Connection, as_row

Row = Mapping[str, Any]
SILENT_S = 6
"""A job whose process has not been heard of for so long is another's to take."""

_silent = t.job.c.heartbeat_at < func.clock_timestamp() - text(f"interval '{SILENT_S} seconds'")
_claimable = or_(t.job.c.state == "waiting", and_(t.job.c.state == "running", _silent))


def add(connection: Connection, values: Row) -> int:
    statement = insert(t.job).values(state="waiting", **values).returning(t.job.c.id)
    return int(connection.execute(statement).scalar_one())


def job(connection: Connection, job_id: int) -> Row | None:
    return as_row(connection.execute(select(t.job).where(t.job.c.id == job_id)))


def latest(connection: Connection, task: str, subject: int) -> Row | None:
    """The latest job of a kind on a thing."""
    statement = (
        select(t.job)
        .where(t.job.c.task == task, t.job.c.subject == subject)
        .order_by(t.job.c.id.desc())
        .limit(1)
    )
    return as_row(connection.execute(statement))


def any_claimable(connection: Connection) -> bool:
    return connection.execute(select(t.job.c.id).where(_claimable).limit(1)).first() is not None


def claim(connection: Connection, most_at_once: int) -> Row | None:
    """Take the oldest job that waits, or whose process fell silent. None when there is none, or when as many
    as may run at once are running. Those who claim do so one after the other."""
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtext("guatu job claim"))))
    running = select(func.count()).select_from(t.job).where(t.job.c.state == "running", ~_silent)
    if connection.execute(running).scalar_one() >= most_at_once:
        return None
    oldest = (
        select(t.job.c.id).where(_claimable).order_by(t.job.c.id).limit(1).with_for_update(skip_locked=True)
    )
    statement = (
        update(t.job)
        .where(t.job.c.id == oldest.scalar_subquery())
        .values(
            state="running",
            attempts=t.job.c.attempts + 1,
            heartbeat_at=func.clock_timestamp(),
            stage="",
            done=0,
            total=0,
        )
        .returning(t.job)
    )
    return as_row(connection.execute(statement))


def beat(connection: Connection, job_id: int, attempt: int, stage: str, done: int, total: int) -> bool:
    """Say that the job is alive and how far it is. False when it was taken by another meanwhile."""
    statement = (
        update(t.job)
        .where(t.job.c.id == job_id, t.job.c.attempts == attempt, t.job.c.state == "running")
        .values(heartbeat_at=func.clock_timestamp(), stage=stage, done=done, total=total)
    )
    return connection.execute(statement).rowcount == 1


def finish(connection: Connection, job_id: int, attempt: int, state: str, answer: Row) -> None:
    connection.execute(
        update(t.job)
        .where(t.job.c.id == job_id, t.job.c.attempts == attempt)
        .values(state=state, answer=answer)
    )


def lock_key(connection: Connection, account: str, key: str) -> None:
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"key {account} {key}", 0))))


def kept_answer(connection: Connection, account: str, key: str) -> Row | None:
    c = t.kept_answer.c
    return as_row(connection.execute(select(t.kept_answer).where(c.account == account, c.key == key)))


def keep_answer(connection: Connection, account: str, key: str, mark: str, body: Row) -> None:
    connection.execute(insert(t.kept_answer).values(account=account, key=key, fingerprint=mark, body=body))


def forget_kept_answers(connection: Connection) -> None:
    """Answers are kept for a day."""
    connection.execute(
        delete(t.kept_answer).where(t.kept_answer.c.created_at < func.now() - text("interval '1 day'"))
    )
