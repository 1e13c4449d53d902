"""The SQL of accounts, sessions, tokens and tries to sign in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, update

from app import tables as t
from app.database import Connection, as_row, as_rows

Row = Mapping[str, Any]
_WHO = (t.account.c.id.label("account_id"), t.account.c.name, t.account.c.role, t.account.c.reviewer)


def alone(connection: Connection, what: str) -> None:
    """Until the transaction ends, nobody else does this."""
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"access {what}", 0))))


# ---------------------------------------------------------------- accounts


def account(connection: Connection, name: str, lock: bool = False) -> Row | None:
    statement = select(t.account).where(t.account.c.name == name)
    return as_row(connection.execute(statement.with_for_update() if lock else statement))


def accounts(connection: Connection, now: datetime, idle_since: datetime) -> list[dict[str, Any]]:
    live = (
        select(func.count())
        .where(
            t.session.c.account_id == t.account.c.id,
            t.session.c.expires_at > now,
            t.session.c.seen_at > idle_since,
        )
        .scalar_subquery()
    )
    columns = (t.account.c.name, t.account.c.role, t.account.c.reviewer, t.account.c.disabled)
    statement = select(*columns, t.account.c.created_at, live.label("sessions")).order_by(t.account.c.name)
    return as_rows(connection.execute(statement))


def is_any_account(connection: Connection) -> bool:
    return connection.execute(select(t.account.c.id).limit(1)).first() is not None


def other_admins(connection: Connection, account_id: int) -> int:
    statement = select(func.count()).where(
        t.account.c.role == "admin", t.account.c.disabled.is_(False), t.account.c.id != account_id
    )
    return int(connection.execute(statement.select_from(t.account)).scalar_one())


def insert_account(connection: Connection, values: Row) -> None:
    connection.execute(insert(t.account).values(**values))


def update_account(connection: Connection, account_id: int, values: Row) -> None:
    connection.execute(update(t.account).where(t.account.c.id == account_id).values(**values))


# ---------------------------------------------------------------- sessions


def insert_session(connection: Connection, values: Row) -> None:
    connection.execute(insert(t.session).values(**values))


def who_of_session(connection: Connection, key: bytes, now: datetime, idle_since: datetime) -> Row | None:
    """The account of a session that lives, with `seen_at`."""
    statement = (
        select(*_WHO, t.session.c.seen_at)
        .join(t.session, t.session.c.account_id == t.account.c.id)
        .where(
            t.session.c.hash == key,
            t.session.c.expires_at > now,
            t.session.c.seen_at > idle_since,
            t.account.c.disabled.is_(False),
        )
    )
    return as_row(connection.execute(statement))


def touch_session(connection: Connection, key: bytes, now: datetime) -> None:
    connection.execute(update(t.session).where(t.session.c.hash == key).values(seen_at=now))


def delete_session(connection: Connection, key: bytes) -> None:
    connection.execute(delete(t.session).where(t.session.c.hash == key))


def delete_sessions(connection: Connection, account_id: int, but: bytes = b"") -> int:
    statement = delete(t.session).where(t.session.c.account_id == account_id, t.session.c.hash != but)
    return connection.execute(statement).rowcount


def delete_dead_sessions(connection: Connection, now: datetime, idle_since: datetime) -> None:
    dead = or_(t.session.c.expires_at <= now, t.session.c.seen_at <= idle_since)
    connection.execute(delete(t.session).where(dead))


# ---------------------------------------------------------------- links of those who forgot their password


def put_link(connection: Connection, account_id: int, key: bytes, expires_at: datetime) -> None:
    """An account's only one."""
    delete_link(connection, account_id)
    values = {"account_id": account_id, "hash": key, "expires_at": expires_at}
    connection.execute(insert(t.password_link).values(**values))


def delete_link(connection: Connection, account_id: int) -> None:
    connection.execute(delete(t.password_link).where(t.password_link.c.account_id == account_id))


def name_of_link(connection: Connection, key: bytes, now: datetime) -> str | None:
    """The account of a link that holds."""
    statement = (
        select(t.account.c.name)
        .join(t.password_link, t.password_link.c.account_id == t.account.c.id)
        .where(
            t.password_link.c.hash == key,
            t.password_link.c.expires_at > now,
            t.account.c.disabled.is_(False),
        )
    )
    return connection.execute(statement).scalar_one_or_none()


# ---------------------------------------------------------------- tokens


def insert_token(connection: Connection, values: Row) -> int:
    return int(connection.execute(insert(t.token).values(**values).returning(t.token.c.id)).scalar_one())


def who_of_token(connection: Connection, key: bytes, now: datetime) -> Row | None:
    """The account of a token that holds, with `scope`."""
    statement = (
        select(*_WHO, t.token.c.scope)
        .join(t.token, t.token.c.account_id == t.account.c.id)
        .where(
            t.token.c.hash == key,
            t.token.c.expires_at > now,
            t.token.c.revoked_at.is_(None),
            t.account.c.disabled.is_(False),
        )
    )
    return as_row(connection.execute(statement))


def tokens(connection: Connection, account_id: int | None = None) -> list[dict[str, Any]]:
    """The tokens of an account, or of everybody."""
    columns = (t.token.c.id, t.token.c.name, t.token.c.scope, t.token.c.expires_at, t.token.c.revoked_at)
    statement = (
        select(*columns, t.token.c.created_at, t.account.c.name.label("account"))
        .join(t.account, t.account.c.id == t.token.c.account_id)
        .order_by(t.token.c.id)
    )
    if account_id is not None:
        statement = statement.where(t.token.c.account_id == account_id)
    return as_rows(connection.execute(statement))


def revoke_token(connection: Connection, token_id: int, account_id: int | None, now: datetime) -> bool:
    """Whether there was such a token (of that account) that held."""
    statement = (
        update(t.token).where(t.token.c.id == token_id, t.token.c.revoked_at.is_(None)).values(revoked_at=now)
    )
    if account_id is not None:
        statement = statement.where(t.token.c.account_id == account_id)
    return connection.execute(statement).rowcount == 1


# ---------------------------------------------------------------- tries to sign in


def tries(connection: Connection, since: datetime, *, name: str = "", address: str = "") -> list[datetime]:
    """When it was tried since then, for an account's name or from an address; the earliest first."""
    which = t.sign_in.c.name == name if name else t.sign_in.c.address == address
    statement = select(t.sign_in.c.at).where(which, t.sign_in.c.at > since).order_by(t.sign_in.c.at)
    return list(connection.execute(statement).scalars())


def insert_try(connection: Connection, name: str, address: str, now: datetime) -> int:
    statement = insert(t.sign_in).values(name=name, address=address, at=now).returning(t.sign_in.c.id)
    return int(connection.execute(statement).scalar_one())


def delete_try(connection: Connection, number: int) -> None:
    connection.execute(delete(t.sign_in).where(t.sign_in.c.id == number))


def delete_tries_before(connection: Connection, then: datetime) -> None:
    connection.execute(delete(t.sign_in).where(t.sign_in.c.at <= then))
