"""Where provisioning keeps what it makes."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path

#: Tells a person what is going on, one line at a time.
Say = Callable[[str], None]

PROJECT = Path(__file__).resolve().parents[2]


def quiet(line: str) -> None:
    """A `Say` for those who do not want to hear."""


def data_folder() -> Path:
    """The folder of everything that is made, not written: `GUATU_HOME`, else `.guatu` in the project."""
    named = os.environ.get("GUATU_HOME")
    return Path(named).expanduser().absolute() if named else PROJECT / ".guatu"


@contextlib.contextmanager
def locked(path: Path, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the lock file `path` while the block runs; `waiting` is called once if somebody else holds it.

    The kernel lets go when the process dies, so a lock is never left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = open_lock(path)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def open_lock(path: Path) -> int:
    """A file descriptor to lock. Reading suffices, so root's lock files serve other accounts as well."""
    return os.open(path, os.O_RDONLY | os.O_CREAT, 0o644)
