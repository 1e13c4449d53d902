"""A real PostGIS for every test that wants one: a throw-away server, one seeded template, clones of it.

The process that runs the tests (or hands them to workers) starts the server; workers only clone.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg
import pytest
from fastapi.testclient import TestClient

from app.cli import migrate_to_head, seed_if_empty
from app.database import Database
from app.embedded.throwaway import throwaway
from app.main import create_app
from app.settings import Settings

ADDRESS = "GUATU_TEST_ADDRESS"
EMPTY, SEEDED = "guatu_empty", "guatu_seeded"
_running = ExitStack()
_numbers = itertools.count()


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    for name in [name for name in os.environ if name.startswith("GUATU_")]:
        # A person's own settings must not change what the tests see; how to find programs may.
        if name not in ("GUATU_HOME", "GUATU_PG_BIN", "GUATU_CHROMIUM"):
            del os.environ[name]
    cluster = _running.enter_context(throwaway())
    os.environ[ADDRESS] = cluster.url("{name}")
    cluster.create_database(EMPTY)
    migrate_to_head(address(EMPTY))
    cluster.create_database(SEEDED, template=EMPTY)
    database = Database(address(SEEDED))
    seed_if_empty(database, "pinghu")
    database.close()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _running.close()


def address(name: str) -> str:
    """The SQLAlchemy address of a database of the throw-away server."""
    return os.environ[ADDRESS].replace("{name}", name)


def _plain(name: str) -> str:
    return address(name).replace("postgresql+psycopg", "postgresql")


@contextmanager
def clone(template: str) -> Iterator[str]:
    """The address of a database of one's own, made from a template and dropped afterwards."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(_plain("postgres"), autocommit=True) as connection:
        connection.execute(f'create database "{name}" template "{template}"')
    try:
        yield address(name)
    finally:
        with psycopg.connect(_plain("postgres"), autocommit=True) as connection:
            connection.execute(f'drop database "{name}" with (force)')


@contextmanager
def opened(template: str) -> Iterator[Database]:
    with clone(template) as url:
        database = Database(url)
        try:
            yield database
        finally:
            database.close()


@pytest.fixture(scope="session")
def settings() -> Settings:
    return Settings()


@pytest.fixture(scope="session")
def seeded() -> Iterator[Database]:
    """The facts of Pinghu, shared by tests that only read."""
    with opened(SEEDED) as database:
        yield database


@pytest.fixture
def fresh() -> Iterator[Database]:
    """The facts of Pinghu, for one test that writes."""
    with opened(SEEDED) as database:
        yield database


@pytest.fixture
def fresh_client(fresh: Database, settings: Settings) -> Iterator[TestClient]:
    """The service on a database of the test's own."""
    with TestClient(create_app(settings, fresh), raise_server_exceptions=False) as found:
        yield found


@pytest.fixture
def empty() -> Iterator[Database]:
    """Tables without a row, for one test."""
    with opened(EMPTY) as database:
        yield database


@pytest.fixture
def empty_url() -> Iterator[str]:
    with clone(EMPTY) as url:
        yield url


@pytest.fixture
def seeded_url() -> Iterator[str]:
    with clone(SEEDED) as url:
        yield url


@pytest.fixture(scope="session")
def client(seeded: Database, settings: Settings) -> Iterator[TestClient]:
    """The whole service on the facts of Pinghu; an unexpected error answers 500 instead of raising."""
    with TestClient(create_app(settings, seeded), raise_server_exceptions=False) as found:
        yield found
