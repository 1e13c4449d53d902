"""Who may make a long file: few at a time, so that threads and processor stay for those who look."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

MOST_AT_ONCE = 2
LONG_ROWS = 5_000
"""A file of so many rows is made at once, without waiting for a turn."""


class Crowded(RuntimeError):
    """As many long files are being made as may be."""


class Turns:
    """The turns of one process."""

    def __init__(self, most: int = MOST_AT_ONCE) -> None:
        self._places = threading.BoundedSemaphore(most)

    @contextmanager
    def one(self) -> Iterator[Turn]:
        """A turn that ends with the block, whether it was taken or not."""
        turn = Turn(self._places)
        try:
            yield turn
        finally:
            turn.end()


class Turn:
    def __init__(self, places: threading.BoundedSemaphore) -> None:
        self._places = places
        self._taken = False

    def take(self, rows: int) -> None:
        """For a file of so many rows. Raises Crowded."""
        if rows > LONG_ROWS:
            if not self._places.acquire(blocking=False):
                raise Crowded
            self._taken = True

    def end(self) -> None:
        if self._taken:
            self._taken = False
            self._places.release()
