"""People of every role, signed in as a browser is, for tests of what they may do."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from functools import cache
from typing import Any

from fastapi.testclient import TestClient

from app.access import cookies, passwords, queries, service
from app.access.people import Role
from app.database import Database
from app.main import create_app
from app.settings import Settings

PASSWORD = "rain on a tin roof"
OWN = {"X-Guatu": "1", "Origin": "http://testserver"}
"""What a page of this site sends along, seen from a browser over plain http."""


def add(
    database: Database, name: str, role: Role, password: str = PASSWORD, *, reviewer: bool = False
) -> str:
    """Make an account; answers its name."""
    values = {"name": name, "role": role, "reviewer": reviewer, "password_hash": _hashed(password)}
    with database.writing() as connection:
        queries.insert_account(connection, values)
    return name


# One hash for many accounts: it takes a tenth of a second.
_hashed = cache(passwords.hashed)


def browser(database: Database, settings: Settings | None = None, **options: Any) -> TestClient:
    """A browser of its own, of nobody yet."""
    app = create_app(settings or Settings(), database)
    found = TestClient(app, raise_server_exceptions=False, **options)
    found.headers.update(OWN)
    return found


def sign_in(client: TestClient, name: str, password: str = PASSWORD) -> TestClient:
    """Sign in, as the page does."""
    answer = client.post("/api/session", json={"name": name, "password": password})
    assert answer.status_code == 200, answer.text
    return client


def staff(database: Database, role: Role, name: str = "") -> TestClient:
    """The browser of a new account of a role."""
    return enter(browser(database), database, add(database, name or f"a-{role}", role))


def enter(client: TestClient, database: Database, name: str) -> TestClient:
    """Be signed in without the price of comparing a password."""
    client.cookies.clear()
    client.cookies.set(cookies.PLAIN, session_of(database, name))
    return client


def session_of(database: Database, name: str) -> str:
    """A session that is made in the database; answers what its cookie holds."""
    now, secret = datetime.now(UTC), secrets.token_urlsafe(32)
    with database.writing() as connection:
        account = queries.account(connection, name)
        assert account is not None
        values = {"hash": service.digest(secret), "account_id": account["id"], "seen_at": now}
        queries.insert_session(connection, {**values, "expires_at": now + service.ABSOLUTE})
    return secret
