"""Pictures that were drawn lately, and the order in which new ones are drawn."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress

MOST_PICTURES = 48
# One is drawn, the others wait; who comes after them is asked to come again.
MOST_WAITING = 12
# So long nobody waits for a database that did not answer.
REST_S = 5.0


class Crowded(RuntimeError):
    """So many pictures are being asked for that this one cannot wait its turn."""


class Pictures:
    """The pictures of one process. One is drawn at a time, so that a crowd of robots leaves threads and
    processor to the people who look at the map."""

    def __init__(self, most: int = MOST_PICTURES) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._drawing = threading.Lock()
        self._places = threading.BoundedSemaphore(MOST_WAITING)

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable, draw: Callable[[], bytes]) -> bytes:
        """The picture of that key, drawn if it is not kept. Raises Crowded, and whatever `draw` raises."""
        if (found := self._found(key)) is not None:
            return found
        if not self._places.acquire(blocking=False):
            raise Crowded
        try:
            with self._drawing:
                found = self._found(key)
                if found is None:
                    found = self._kept[key] = draw()
                    while len(self._kept) > self._most:
                        self._kept.popitem(last=False)
                return found
        finally:
            self._places.release()

    def _found(self, key: Hashable) -> bytes | None:
        found = self._kept.get(key)
        if found is not None:
            with suppress(KeyError):  # another thread may just have let it go
                self._kept.move_to_end(key)
        return found


class Rest:
    """Lets a database that did not answer alone for a moment: pages come without it."""

    def __init__(self) -> None:
        self._until = 0.0

    @property
    def over(self) -> bool:
        return time.monotonic() >= self._until

    def take(self) -> None:
        self._until = time.monotonic() + REST_S
