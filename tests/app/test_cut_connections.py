"""What is cut between the service and its database, just before and just after something is made final."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy.engine import make_url

from app.database import Database
from tests.app.asking import assert_problem
from tests.app.signed import staff
from tests.app.test_recording import made, post, revision, rows, typed

FINAL = b"COMMIT"
When = Literal["before", "after"]


class Between:
    """Listens where the database is looked for and hands on what is said, until it is told to cut: then the
    next connection that wrote a claim ends at its commit, before the server has it or before its answer."""

    def __init__(self, folder: Path, server: str) -> None:
        self.server, self.cut, self.cuts = server, "", 0
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(folder / ".s.PGSQL.5432"))
        self.listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self._join, args=(client,), daemon=True).start()

    def _join(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
            server.connect(self.server)
            silent = threading.Event()
            threading.Thread(target=self._answers, args=(server, client, silent), daemon=True).start()
            wrote = False
            while said := client.recv(65536):
                wrote = wrote or b'copy "claim"' in said
                if wrote and self.cut and FINAL in said:
                    when, self.cut = self.cut, ""
                    self.cuts += 1
                    silent.set()
                    if when == "after":
                        server.sendall(said)
                        # The server has done it when it has nothing more to say.
                        server.shutdown(socket.SHUT_WR)
                        while server.recv(65536):
                            pass
                    else:
                        server.shutdown(socket.SHUT_RDWR)
                    return
                server.sendall(said)

    @staticmethod
    def _answers(server: socket.socket, client: socket.socket, silent: threading.Event) -> None:
        with suppress(OSError):
            while said := server.recv(65536):
                if silent.is_set():
                    return
                client.sendall(said)


@contextmanager
def between(folder: Path, url: str) -> Iterator[tuple[Between, Database]]:
    address = make_url(url)
    found = Between(
        folder, f"{address.query['host']}/.s.PGSQL.{address.query.get('port', address.port or 5432)}"
    )
    through = address.update_query_dict({"host": str(folder), "port": "5432"})
    database = Database(through.render_as_string(hide_password=False))
    try:
        yield found, database
    finally:
        database.close()
        found.listener.close()


@pytest.mark.parametrize("when", ["before", "after"])
def test_H293_what_is_cut_at_its_commit_is_done_once(
    fresh: Database, tmp_path_factory: pytest.TempPathFactory, when: When
) -> None:
    folder = tmp_path_factory.mktemp("c")
    with between(folder, fresh.url) as (line, database), staff(database, "planner") as client:
        before, was = rows(fresh), revision(client)
        line.cut = when
        assert_problem(post(client, typed(), key="k"), 503, "database-unavailable")
        assert line.cuts == 1
        done = rows(fresh)["claim"] - before["claim"]
        assert done == (1 if when == "after" else 0)
        # Whoever asks again with the same key gets the one claim, whether it was there already or not.
        answer = made(post(client, typed(), key="k"))
        assert rows(fresh)["claim"] == before["claim"] + 1
        assert answer["revision"] == revision(client) == was + 1
