"""The process that does jobs: `python -m app.work`.

It ends when there has been nothing to do for a while, and when the one who started it is gone.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Mapping
from functools import partial
from typing import Any

from app.changesets import tasks as changesets
from app.database import Connection, Database
from app.jobs.service import work
from app.settings import get_settings
from app.uploads.service import check_task, interrupt


def main() -> None:
    settings = get_settings()
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    # A process of one job at a time gives its memory back by ending; looking for cycles among a million small
    # things would take a third of the time.
    gc.disable()
    gc.freeze()
    database = Database(settings.url())
    tasks = {
        "check": partial(check_task, database),
        **dict.fromkeys(changesets.ACTS, partial(changesets.run, database)),
    }
    try:
        work(database, tasks, _gave_up)
    finally:
        database.close()


def _gave_up(connection: Connection, job: Mapping[str, Any]) -> None:
    if job["task"] == "check":
        interrupt(connection, job["subject"])


def _end_with_parent() -> None:
    """Standard input closes when the parent is gone; what we were at is undone by the database."""
    # Not by sys.stdin: a thread that waits in it at our own end is a fatal error.
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
