"""Connections, transactions and roles. The only place that commits, apart from the command line.

Two engines on one address: the public one reads the views of published rows under the role `guatu_public`,
read only, one snapshot a request; the application's one writes under `guatu_app`. Migrations run as the
owner.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import chain
from typing import Any, cast
from zoneinfo import ZoneInfo

import orjson
import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, Result, Table, create_engine, event, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import QueuePool

from app.silence import CONNECT_TIMEOUT_S, Patient

__all__ = [
    "Connection",
    "Database",
    "DatabaseUnavailable",
    "StorageFull",
    "TooSlow",
    "allow",
    "as_row",
    "as_rows",
    "copy_rows",
    "engine_at",
    "today_in",
    "translated",
]

PUBLIC_ROLE, APP_ROLE = "guatu_public", "guatu_app"
POOL_TIMEOUT_S = 3
DRAIN_S = 2


class DatabaseUnavailable(RuntimeError):
    """The database does not answer, or not in time."""


class TooSlow(DatabaseUnavailable):
    """A question took longer than one may, and was stopped."""


class StorageFull(DatabaseUnavailable):
    """There is no room left where the database keeps its files; what was begun is undone."""


# By what PostgreSQL calls them: disk_full, query_canceled.
_BY_STATE = {"53100": StorageFull, "57014": TooSlow}
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def is_full(error: BaseException | None) -> bool:
    """Whether a file could not be written because there is no room for it."""
    return isinstance(error, OSError) and error.errno in _NO_ROOM


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
        self._public = engine_at(
            public_url or url,
            pool_size,
            f"-c role={PUBLIC_ROLE} -c search_path=published,public"
            " -c default_transaction_read_only=on -c default_transaction_isolation=repeatable\\ read",
            statement_timeout_s,
        )
        self._app = engine_at(
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
        engine = engine_at(self.url, 1, f"-c role={PUBLIC_ROLE}", 2)
        try:
            with translated(), engine.connect() as connection:
                connection.execute(text("select postgis_lib_version()"))
        finally:
            engine.dispose()

    def close(self) -> None:
        """Close every connection, one in use once it is back: in a pool that is gone it would stay open."""
        end = time.monotonic() + DRAIN_S
        for engine in (self._public, self._app):
            pool = engine.pool
            while isinstance(pool, QueuePool) and pool.checkedout() and time.monotonic() < end:
                time.sleep(0.005)
            engine.dispose()


def engine_at(url: str, pool_size: int, options: str, limit_s: float = 0) -> Engine:
    """Connections that give up a server that is silent for too long. options: settings of theirs, as the
    server's command line has them; limit_s: how long the server lets a statement take, 0: as it needs."""
    if limit_s:
        options += f" -c statement_timeout={int(limit_s * 1000)}"
    engine = create_engine(
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

    @event.listens_for(engine, "do_connect")
    def connect(dialect: object, record: object, cargs: Any, cparams: Any) -> Patient:
        return Patient.connect(*cargs, **cparams)

    # At rest it is asked, before it is handed out, whether it is still good.
    @event.listens_for(engine, "checkout")
    def hand_out(driver: Patient, record: object, proxy: object) -> None:
        driver.at_work(limit_s)

    @event.listens_for(engine, "checkin")
    def take_back(driver: Patient | None, record: object) -> None:
        if driver is not None:
            driver.at_rest()

    return engine


def allow(connection: Connection, limit_s: int) -> None:
    """Let each statement of this transaction take so long; 0: as long as it needs."""
    connection.execute(text(f"set local statement_timeout = '{limit_s}s'"))
    cast(Patient, connection.connection.driver_connection).at_work(limit_s)


@contextmanager
def translated() -> Iterator[None]:
    """Tells a database that does not answer apart from a statement that is wrong."""
    try:
        yield
    except (OperationalError, PoolTimeoutError, psycopg.OperationalError) as error:
        # Rows are copied by the driver itself, whose errors nobody wraps.
        state = getattr(getattr(error, "orig", error), "sqlstate", None)
        raise _BY_STATE.get(state or "", DatabaseUnavailable)(str(error)) from error
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
    # Names of columns are a kind of text that JSON writers do not take.
    names = [str(name) for name in result.keys()]  # noqa: SIM118 (it is no dictionary)
    return [dict(zip(names, row, strict=True)) for row in result]


def as_row(result: Result[Any]) -> dict[str, Any] | None:
    """The one row of a result as a plain dictionary, or None."""
    row = result.mappings().one_or_none()
    return None if row is None else {str(name): value for name, value in row.items()}


def copy_rows(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add many rows by COPY, some ten times faster than INSERT.

    All rows have the same columns as the first. Geometries are given as hexadecimal EWKB text.
    """
    each = iter(rows)
    first = next(each, None)
    if first is None:
        return
    names = list(first)
    as_json = [name for name in names if isinstance(table.c[name].type, JSONB)]
    statement = sql.SQL("copy {} ({}) from stdin").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    driver = cast(psycopg.Connection, connection.connection.driver_connection)
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in chain([first], each):
            values = {name: row[name] for name in names}
            for name in as_json:
                if values[name] is not None:
                    values[name] = orjson.dumps(values[name]).decode()
            copy.write_row(tuple(values.values()))
