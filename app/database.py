"""Connections, transactions and roles. The only place that commits, apart from the command line.

Two engines on one address: the public one reads the views of published rows under the role `guatu_public`,
read only, one snapshot a request; the application's one writes under `guatu_app`. Migrations run as the
owner.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Connection, Engine, Result, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

__all__ = ["Connection", "Database", "DatabaseUnavailable", "as_row", "as_rows", "today_in", "translated"]

PUBLIC_ROLE, APP_ROLE = "guatu_public", "guatu_app"
CONNECT_TIMEOUT_S = 3
POOL_TIMEOUT_S = 3


class DatabaseUnavailable(RuntimeError):
    """The database does not answer, or not in time."""


class Database:
    """The engines of one process. url: a SQLAlchemy address (postgresql+psycopg://…)."""

    def __init__(
        self,
        url: str,
        *,
        public_url: str = "",
        pool_size: int = 4,
        statement_timeout_s: float = 5,
    ) -> None:
        self.url = url
        timeout_ms = int(statement_timeout_s * 1000)
        self._public = _engine(
            public_url or url,
            pool_size,
            f"-c role={PUBLIC_ROLE} -c search_path=published,public -c statement_timeout={timeout_ms}"
            " -c default_transaction_read_only=on -c default_transaction_isolation=repeatable\\ read",
        )
        self._app = _engine(
            url,
            2,
            f"-c role={APP_ROLE} -c lock_timeout=10s -c idle_in_transaction_session_timeout=30s",
        )

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One read-only snapshot of what is published. Raises DatabaseUnavailable."""
        with translated(), self._public.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: committed when the block ends well, undone when it does not."""
        with translated(), self._app.begin() as connection:
            yield connection

    def ping(self) -> None:
        """Raises DatabaseUnavailable unless a query on a connection of its own is answered."""
        engine = _engine(self.url, 1, f"-c role={PUBLIC_ROLE} -c statement_timeout=2000")
        try:
            with translated(), engine.connect() as connection:
                connection.execute(text("select postgis_lib_version()"))
        finally:
            engine.dispose()

    def close(self) -> None:
        self._public.dispose()
        self._app.dispose()


def _engine(url: str, pool_size: int, options: str) -> Engine:
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=POOL_TIMEOUT_S,
        pool_pre_ping=True,
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "options": f"{options} -c timezone=UTC -c jit=off",
        },
    )


@contextmanager
def translated() -> Iterator[None]:
    """Tells a database that does not answer apart from a statement that is wrong."""
    try:
        yield
    except (OperationalError, PoolTimeoutError) as error:
        raise DatabaseUnavailable(str(error)) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise DatabaseUnavailable(str(error)) from error
        raise


def today_in(tz: str) -> date:
    """Today where the area lies. Asked anew each time; never stored."""
    return datetime.now(UTC).astimezone(_zone(tz)).date()


@lru_cache(maxsize=64)
def _zone(tz: str) -> ZoneInfo:
    return ZoneInfo(tz)


def as_rows(result: Result[Any]) -> list[dict[str, Any]]:
    """A result as plain dictionaries."""
    return [dict(row) for row in result.mappings()]


def as_row(result: Result[Any]) -> dict[str, Any] | None:
    """The one row of a result as a plain dictionary, or None."""
    row = result.mappings().one_or_none()
    return None if row is None else dict(row)
