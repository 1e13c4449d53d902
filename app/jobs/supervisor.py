"""Starts processes that do jobs, and starts them again when they die. Belongs to a web worker, which holds no
state that another would need: a job of one that died is taken by any other."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import structlog

from app.database import Connection, Database, DatabaseUnavailable
from app.jobs import queries
from app.jobs.service import MOST_AT_ONCE

LOOK_S = 3.0
DEATH_S = 0.25
"""How soon a death is seen: another process then starts while the silence that frees the job still lasts."""
TIDY_S = 3600.0
ROOT = Path(__file__).resolve().parent.parent.parent
log = structlog.get_logger()


class Supervisor:
    """Looks for jobs now and then, and at once when nudged. tidy: is run once an hour."""

    def __init__(self, database: Database, tidy: Callable[[Connection], None]) -> None:
        self._database = database
        self._tidy = tidy
        self._tidied = -TIDY_S
        self._expected = False
        self._nudged = threading.Event()
        self._ended = threading.Event()
        self._processes: list[subprocess.Popen[bytes]] = []
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._ended.clear()
        self._thread = threading.Thread(target=self._watch, name="jobs", daemon=True)
        self._thread.start()

    def nudge(self) -> None:
        """There is a new job."""
        self._nudged.set()

    def warm(self) -> None:
        """There will be a job soon: a process takes a second or two to start, which nobody need wait for."""
        self._expected = True
        self._nudged.set()

    def stop(self) -> None:
        """Ends the watch and its processes; what they were at is undone, and taken up at the next start."""
        self._ended.set()
        self._nudged.set()
        if self._thread is not None:
            self._thread.join()
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.wait()
        self._drop_ended()

    def _watch(self) -> None:
        while not self._ended.is_set():
            self._rest()
            self._drop_ended()
            self._tidy_now_and_then()
            if not self._ended.is_set() and self._is_wanted():
                self._processes.append(self._start())

    def _rest(self) -> None:
        """Until there may be work: a look is due, somebody nudged, or a process ended."""
        until = time.monotonic() + LOOK_S
        while time.monotonic() < until and not self._nudged.wait(DEATH_S):
            if any(process.poll() is not None for process in self._processes):
                break
        self._nudged.clear()

    def _drop_ended(self) -> None:
        for process in [process for process in self._processes if process.poll() is not None]:
            if process.stdin is not None:
                process.stdin.close()
            self._processes.remove(process)
            # What one that died was at is another's soon: it had better be there already.
            self._expected |= process.returncode != 0

    def _tidy_now_and_then(self) -> None:
        if time.monotonic() - self._tidied < TIDY_S:
            return
        with suppress(DatabaseUnavailable):
            with self._database.writing() as connection:
                self._tidy(connection)
            self._tidied = time.monotonic()

    def _is_wanted(self) -> bool:
        expected, self._expected = self._expected, False
        if len(self._processes) >= MOST_AT_ONCE:
            return False
        return (expected and not self._processes) or self._is_work()

    def _is_work(self) -> bool:
        try:
            with self._database.writing() as connection:
                return queries.any_claimable(connection)
        except DatabaseUnavailable:
            return False

    def _start(self) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "GUATU_DATABASE_URL": self._database.url}
        environment.pop("GUATU_DATABASE_URL_FILE", None)
        log.info("a process for jobs starts")
        # It dies with us: its standard input closes when we are gone.
        return subprocess.Popen(
            [sys.executable, "-m", "app.work"], cwd=ROOT, env=environment, stdin=subprocess.PIPE
        )
