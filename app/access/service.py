"""Accounts, sessions and tokens. Functions take a connection whose transaction the caller ends, but for
signing in, which must not hold one while a password is compared."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from app import audit
from app.access import passwords, queries
from app.access.people import Role, Scope, Who
from app.database import Connection, Database

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
# Writing down at every request when somebody was last seen would make every answer a write.
SEEN_EVERY = timedelta(minutes=1)
TRIES_OF_ACCOUNT, WITHIN_OF_ACCOUNT = 10, timedelta(minutes=15)
TRIES_OF_ADDRESS, WITHIN_OF_ADDRESS = 100, timedelta(hours=1)
LONGEST_TOKEN_LIFE = timedelta(days=366)
_NAME = re.compile(r"[\w][\w.\-]{1,39}")
_MARK = "guatu_"  # so that a token that leaked is recognised


class AccessError(Exception):
    """It cannot be done; in English, `zh` the same in Chinese. code: a key of app.errors.PROBLEMS."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.code = code
        self.zh = zh


class SignInFailed(Exception):
    """The name or the password is wrong, or the account is disabled; nobody is told which."""


class TooManyTries(Exception):
    """Too many failed, for this account or from this address. retry_after_s: when to try again."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"try again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session. secret: what the cookie holds; it is not kept here."""

    who: Who
    secret: str


def digest(secret: str) -> bytes:
    """What is kept of a session's or token's secret."""
    return hashlib.sha256(secret.encode()).digest()


# ---------------------------------------------------------------- sessions


def sign_in(
    database: Database,
    name: str,
    password: str,
    *,
    address: str,
    former: str = "",
    now: datetime | None = None,
) -> SignedIn:
    """Begin a session. address: where the request came from. former: the secret of a session that ends so.

    Raises SignInFailed and TooManyTries, alike and in the same time whether the account exists or not, and
    passwords.TooBusy.
    """
    now = now or datetime.now(UTC)
    secret = secrets.token_urlsafe(32)
    with _proved(database, name, password, address, now) as (connection, account):
        if former:
            queries.delete_session(connection, digest(former))
        queries.delete_dead_sessions(connection, now, now - IDLE)
        values = {"hash": digest(secret), "account_id": account["id"], "seen_at": now}
        queries.insert_session(connection, {**values, "expires_at": now + ABSOLUTE})
        _noted(connection, account["name"], "sign-in", account["name"], {})
    return SignedIn(
        Who(account["id"], account["name"], account["role"], account["reviewer"], key=digest(secret)), secret
    )


def change_own_password(
    database: Database, who: Who, present: str, new: str, *, address: str, now: datetime | None = None
) -> None:
    """Every other session of the account ends. Raises as sign_in does, and WeakPassword."""
    passwords.check(new, who.name)
    kept = passwords.hashed(new)
    with _proved(database, who.name, present, address, now or datetime.now(UTC)) as (connection, account):
        queries.update_account(connection, account["id"], {"password_hash": kept})
        queries.delete_link(connection, account["id"])
        ended = queries.delete_sessions(connection, account["id"], but=who.key)
        detail = {"password": "changed", "sessions_ended": ended}
        _noted(connection, who.name, "account-change", who.name, detail)


@contextmanager
def _proved(
    database: Database, name: str, password: str, address: str, now: datetime
) -> Iterator[tuple[Connection, Mapping[str, Any]]]:
    """A transaction for somebody who knows the password, with their account. Raises as sign_in says."""
    name = normal_name(name)[:80]
    with database.writing() as connection:
        # Counted as failed before it is compared: of many at once no more get through than one by one.
        number = _admitted(connection, name, address, now)
        account = queries.account(connection, name)
    if number is None:
        raise TooManyTries(int(WITHIN_OF_ACCOUNT.total_seconds()))
    # No transaction is open meanwhile: comparing takes long.
    kept = None if account is None else account["password_hash"]
    right = passwords.matches(kept, password)
    with database.writing() as connection:
        # Read again: it may have been disabled or given another password since.
        account = queries.account(connection, name, lock=True)
        holds = account is not None and account["password_hash"] == kept and not account["disabled"]
        if account is not None and right and holds:
            queries.delete_try(connection, number)
            yield connection, account
            return
        audit.write(connection, audit.EVERYWHERE, name, "sign-in-failed", f"account/{name}")
    raise SignInFailed


def _admitted(connection: Connection, name: str, address: str, now: datetime) -> int | None:
    """Count a try and answer its number; None when there were too many."""
    # In one order, so that two who wait for each other's lock cannot be.
    for what in sorted((f"name {name}", f"address {address}")):
        queries.alone(connection, what)
    of_account = queries.tries(connection, now - WITHIN_OF_ACCOUNT, name=name)
    of_address = queries.tries(connection, now - WITHIN_OF_ADDRESS, address=address)
    if len(of_account) >= TRIES_OF_ACCOUNT or len(of_address) >= TRIES_OF_ADDRESS:
        return None
    queries.delete_tries_before(connection, now - WITHIN_OF_ADDRESS)
    return queries.insert_try(connection, name, address, now)


def who_of_session(connection: Connection, secret: str, now: datetime | None = None) -> Who | None:
    """Whose session it is; None when it ended, was never there, or the account is disabled."""
    now = now or datetime.now(UTC)
    key = digest(secret)
    row = queries.who_of_session(connection, key, now, now - IDLE)
    if row is None:
        return None
    if now - row["seen_at"] >= SEEN_EVERY:
        queries.touch_session(connection, key, now)
    return Who(row["account_id"], row["name"], row["role"], row["reviewer"], key=key)


def sign_out(connection: Connection, who: Who, everywhere: bool = False) -> None:
    """End the session, or every session of the account."""
    if everywhere:
        queries.delete_sessions(connection, who.account_id)
    else:
        queries.delete_session(connection, who.key)
    audit.write(
        connection,
        audit.EVERYWHERE,
        who.name,
        "sign-out",
        f"account/{who.name}",
        {"everywhere": everywhere},
    )


# ---------------------------------------------------------------- accounts


def normal_name(name: str) -> str:
    """An account's name as it is kept: width and case folded."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


def add_account(
    connection: Connection, name: str, role: Role, password: str, *, by: str, reviewer: bool = False
) -> str:
    """Make an account. Returns its name as it is kept. Raises AccessError and WeakPassword."""
    name = normal_name(name)
    if not _NAME.fullmatch(name):
        raise AccessError(
            "bad-account",
            "账号名为 2 到 40 个字母、汉字、数字、点、横线或下划线，以字母、汉字或数字开头",
            "A name has 2 to 40 letters, figures, dots, hyphens or underscores, a letter or figure first.",
        )
    passwords.check(password, name)
    kept = passwords.hashed(password)
    queries.alone(connection, "accounts")
    if queries.account(connection, name) is not None:
        raise AccessError("name-taken", f"账号“{name}”已存在", f"The account '{name}' exists already.")
    queries.insert_account(
        connection, {"name": name, "role": role, "reviewer": reviewer, "password_hash": kept}
    )
    _noted(connection, by, "account-add", name, {"role": role, "reviewer": reviewer})
    return name


def change_account(
    connection: Connection,
    name: str,
    *,
    by: str,
    role: Role | None = None,
    reviewer: bool | None = None,
    disabled: bool | None = None,
    password: str | None = None,
) -> None:
    """Change what is given. A change of role, password or being disabled ends the account's sessions.

    Raises AccessError (unknown account; the last administrator) and WeakPassword.
    """
    queries.alone(connection, "accounts")
    account = account_named(connection, name)
    given = {"role": role, "reviewer": reviewer, "disabled": disabled}
    values: dict[str, Any] = {
        key: value for key, value in given.items() if value is not None and value != account[key]
    }
    stops = values.get("disabled") or values.get("role", account["role"]) != "admin"
    is_admin = account["role"] == "admin" and not account["disabled"]
    if is_admin and stops and queries.other_admins(connection, account["id"]) == 0:
        raise AccessError(
            "last-admin",
            f"“{account['name']}”是最后一个管理员，不能停用或改变角色",
            f"'{account['name']}' is the last administrator: keep it enabled, and an administrator.",
        )
    detail = dict(values)
    if password is not None:
        passwords.check(password, account["name"])
        values["password_hash"] = passwords.hashed(password)
        detail["password"] = "changed"  # noqa: S105 (that it was, not what it is)
    if not values:
        return
    queries.update_account(connection, account["id"], values)
    if {"role", "disabled", "password_hash"} & set(values):
        detail["sessions_ended"] = queries.delete_sessions(connection, account["id"])
        queries.delete_link(connection, account["id"])
    _noted(connection, by, "account-change", account["name"], detail)


def end_sessions(connection: Connection, name: str, *, by: str) -> int:
    """Sign an account out everywhere. Returns how many sessions ended. Raises AccessError."""
    account = account_named(connection, name)
    ended = queries.delete_sessions(connection, account["id"])
    _noted(connection, by, "sessions-end", account["name"], {"sessions_ended": ended})
    return ended


def accounts(connection: Connection, now: datetime | None = None) -> list[dict[str, Any]]:
    """Every account with its live sessions; nothing secret."""
    now = now or datetime.now(UTC)
    return queries.accounts(connection, now, now - IDLE)


def first_admin(connection: Connection) -> tuple[str, str] | None:
    """Make the administrator of a service that has no account: name and password. None when it has any."""
    queries.alone(connection, "accounts")
    if queries.is_any_account(connection):
        return None
    password = passwords.random()
    name = add_account(connection, "admin", "admin", password, by="first start")
    return name, password


def account_named(connection: Connection, name: str) -> Mapping[str, Any]:
    """An account's row, locked: who changes it or what belongs to it waits. Raises AccessError."""
    account = queries.account(connection, normal_name(name), lock=True)
    if account is None:
        raise AccessError("unknown-account", f"没有账号“{name}”", f"There is no account '{name}'.")
    return account


def _noted(connection: Connection, by: str, action: str, name: str, detail: Mapping[str, Any]) -> None:
    audit.write(connection, audit.EVERYWHERE, by, action, f"account/{name}", detail)


# ---------------------------------------------------------------- tokens


def add_token(
    connection: Connection, account_name: str, name: str, scope: Scope, life: timedelta, *, by: str
) -> tuple[int, str]:
    """Make a token for scripts. Returns its number and the secret, which is not kept. Raises AccessError."""
    account = account_named(connection, account_name)
    if not timedelta(0) < life <= LONGEST_TOKEN_LIFE:
        days = LONGEST_TOKEN_LIFE.days
        raise AccessError(
            "bad-account", f"令牌有效期为 1 到 {days} 天", f"A token lasts from 1 to {days} days."
        )
    secret = _MARK + secrets.token_urlsafe(32)
    values = {"hash": digest(secret), "account_id": account["id"], "name": name, "scope": scope}
    number = queries.insert_token(connection, {**values, "expires_at": datetime.now(UTC) + life})
    detail = {"account": account["name"], "name": name, "scope": scope, "days": life.days}
    audit.write(connection, audit.EVERYWHERE, by, "token-add", f"token/{number}", detail)
    return number, secret


def who_of_token(connection: Connection, secret: str, now: datetime | None = None) -> Who | None:
    """Whose token it is; None when it expired, was revoked, was never there, or the account is disabled."""
    row = queries.who_of_token(connection, digest(secret), now or datetime.now(UTC))
    if row is None:
        return None
    return Who(**row, key=digest(secret))


def tokens(connection: Connection, who: Who | None = None) -> list[dict[str, Any]]:
    """The tokens of somebody, or of everybody; nothing secret."""
    return queries.tokens(connection, None if who is None else who.account_id)


def revoke_token(connection: Connection, number: int, *, by: str, of: Who | None = None) -> None:
    """End a token (of: only if it is theirs). Raises AccessError when there is none that holds."""
    account_id = None if of is None else of.account_id
    if not queries.revoke_token(connection, number, account_id, datetime.now(UTC)):
        raise AccessError("unknown-token", f"没有有效的令牌 {number}", f"There is no valid token {number}.")
    audit.write(connection, audit.EVERYWHERE, by, "token-revoke", f"token/{number}")
