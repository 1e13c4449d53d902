"""The pools of connections: at their end, and when the server says nothing."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import text

from app import silence, tables
from app.database import Connection, Database, DatabaseUnavailable, TooSlow, allow, copy_rows


def test_a_connection_in_use_is_waited_for_and_closed(seeded_url: str) -> None:
    database = Database(seeded_url)
    held, go = threading.Event(), threading.Event()
    raw = []

    def use() -> None:
        with database.reading() as connection:
            raw.append(connection.connection.dbapi_connection)
            held.set()
            go.wait(10)

    thread = threading.Thread(target=use)
    thread.start()
    assert held.wait(10)
    threading.Timer(0.3, go.set).start()
    database.close()
    thread.join(10)
    assert go.is_set()
    assert raw[0] is not None
    assert raw[0].closed


# ---------------------------------------------------------------- a server that says nothing (H290)

Stop = Callable[[], None]
PATIENCE_S = 15


def ask(connection: Connection, stop: Stop) -> None:
    stop()
    connection.execute(text("select 1"))


def read_on(connection: Connection, stop: Stop) -> None:
    streamed = connection.execution_options(yield_per=10)
    with streamed.execute(text("select repeat('a', 1000) from generate_series(1, 10000)")) as rows:
        stop()
        rows.all()


def copy(connection: Connection, stop: Stop) -> None:
    def rows() -> Iterator[dict[str, Any]]:
        yield {"id": "a"}
        stop()
        yield from ({"id": "a" * 1000} for _ in range(10_000))

    copy_rows(connection, tables.area, rows())


def commit(connection: Connection, stop: Stop) -> None:
    stop()
    connection.commit()


@pytest.mark.parametrize("what", [ask, read_on, copy, commit])
def test_H290_a_silent_server_is_given_up_soon_after_its_own_limit(
    seeded: Database, what: Callable[[Connection, Stop], None]
) -> None:
    raw: list[Any] = []
    stopped: list[tuple[int, float]] = []
    timers: list[threading.Timer] = []

    def silenced() -> None:
        with seeded.writing() as connection:
            allow(connection, 1)
            raw.append(connection.connection.dbapi_connection)
            pid = connection.execute(text("select pg_backend_pid()")).scalar_one()

            # Nothing else would end a wait that nobody gives up.
            goes_on = threading.Timer(PATIENCE_S, os.kill, (pid, signal.SIGCONT))
            timers.append(goes_on)

            def stop() -> None:
                os.kill(pid, signal.SIGSTOP)
                stopped.append((pid, time.monotonic()))
                goes_on.start()

            what(connection, stop)

    try:
        with pytest.raises(DatabaseUnavailable) as found:
            silenced()
        took = time.monotonic() - stopped[0][1]
    finally:
        for pid, _ in stopped:
            os.kill(pid, signal.SIGCONT)
        for timer in timers:
            timer.cancel()
    assert 1 + silence.GRACE_S < took < 1 + silence.GRACE_S + 1
    assert not isinstance(found.value, TooSlow)
    assert raw[0].closed
    with seeded.writing() as connection:
        assert connection.execute(text("select 1")).scalar_one() == 1


def test_a_statement_that_may_be_long_is_waited_for_while_its_server_answers_others(
    seeded_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(silence, "ASK_S", 0.5)
    database = Database(seeded_url, statement_timeout_s=0.5)
    try:
        with database.writing() as connection:
            assert connection.execute(text("select 7 from pg_sleep(2)")).scalar_one() == 7
        with database.reading() as connection:
            allow(connection, 20)
            assert connection.execute(text("select 8 from pg_sleep(3)")).scalar_one() == 8
        # What one transaction may, the next one may not.
        with pytest.raises(TooSlow), database.reading() as connection:
            connection.execute(text("select pg_sleep(2)"))
    finally:
        database.close()
