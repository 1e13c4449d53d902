"""Claiming jobs and keeping them alive, in the process that does them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from app.database import Connection, Database, DatabaseUnavailable, StorageFull, is_full
from app.jobs import queries

MOST_AT_ONCE = 2
MOST_ATTEMPTS = 3
BEAT_S = 1.5
LINGER_S = 600.0
LOOK_S = 0.2

Answer = Mapping[str, Any]
"""What the one who asked is told: {"status": …, "body": …}, as JSON."""


class Taken(Exception):
    """Another process took the job, because this one had not been heard of."""


@dataclass
class Progress:
    """How far a job is; whoever asks sees it a moment later. stage: a word that the pages translate."""

    stage: str = ""
    done: int = 0
    total: int = 0
    lost: threading.Event = field(default_factory=threading.Event)

    def at(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Raises Taken when the job is no longer ours."""
        if self.lost.is_set():
            raise Taken
        self.stage, self.done, self.total = stage, done, total


Task = Callable[[Mapping[str, Any], Progress], Answer]
"""Does a job (a row of the table). What it stores, it commits itself; doing it twice is harmless."""


GaveUp = Callable[[Connection, Mapping[str, Any]], None]
"""Tidies up after a job (a row of the table) that is given up, in the transaction that says so."""

INTERRUPTED: Answer = {"state": "interrupted"}
STORAGE_FULL: Answer = {"state": "storage-full"}


def work(database: Database, tasks: Mapping[str, Task], gave_up: GaveUp) -> None:
    """Do jobs until none has come for a while. One that died too often, or found no room, is given up."""
    idle_since = time.monotonic()
    while time.monotonic() - idle_since < LINGER_S:
        try:
            with database.writing() as connection:
                job = queries.claim(connection, MOST_AT_ONCE)
            if job is not None:
                _do(database, job, tasks, gave_up)
                idle_since = time.monotonic()
                continue
        except DatabaseUnavailable:
            pass  # It comes back, or the supervisor starts another when it does.
        time.sleep(LOOK_S)


def _do(database: Database, job: Mapping[str, Any], tasks: Mapping[str, Task], gave_up: GaveUp) -> None:
    state, answer = "failed", INTERRUPTED
    if job["attempts"] <= MOST_ATTEMPTS:
        progress = Progress()
        with _alive(database, job, progress):
            try:
                state, answer = "finished", tasks[job["task"]](job, progress)
            except Taken:
                return
            except StorageFull:
                answer = STORAGE_FULL
            except OSError as error:
                if not is_full(error):
                    raise
                answer = STORAGE_FULL
    with database.writing() as connection:
        queries.finish(connection, job["id"], job["attempts"], state, answer)
        if state == "failed":
            gave_up(connection, job)


@contextmanager
def _alive(database: Database, job: Mapping[str, Any], progress: Progress) -> Iterator[None]:
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(BEAT_S if progress.stage else 0.2):
            try:
                with database.writing() as connection:
                    ours = queries.beat(
                        connection, job["id"], job["attempts"], progress.stage, progress.done, progress.total
                    )
            except DatabaseUnavailable:
                continue
            if not ours:
                progress.lost.set()
                return

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
