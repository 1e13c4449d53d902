"""The pools of connections, at their end."""

from __future__ import annotations

import threading

from app.database import Database


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
