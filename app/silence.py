"""A connection that does not wait for ever for a server that says nothing.

A limit that the server keeps (statement_timeout) ends nothing when the server itself is frozen. Whatever is
asked of it, be it a statement, rows, a copy or a commit, waits in one method of the driver: there silence is
measured.
"""

from __future__ import annotations

import math
import time
from typing import Any, NoReturn, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.conninfo import make_conninfo

__all__ = ["CONNECT_TIMEOUT_S", "Patient"]

Answer = TypeVar("Answer")

CONNECT_TIMEOUT_S = 3
AT_REST_S = 3.0
"""How long a server may be silent when it is asked only whether it is there."""
GRACE_S = 2.0
"""How long after its own limit a server may take to say that it keeps it."""
ASK_S = 5.0
"""How long a statement that may be long is silent before the server is asked whether it is there."""
LONG_S = 10.0


class Patient(psycopg.Connection[Any]):
    """Closes itself, and raises OperationalError, when its server has been silent for too long."""

    _most_s = AT_REST_S

    def at_rest(self) -> None:
        """Nothing is asked but whether the server is there."""
        self._most_s = AT_REST_S

    def at_work(self, limit_s: float) -> None:
        """Statements are asked, which the server itself ends after so long; 0: never."""
        self._most_s = limit_s + GRACE_S if limit_s else math.inf

    def wait(self, gen: PQGen[Answer], *args: Any, **kwargs: Any) -> Answer:
        return super().wait(self._unless_silent(gen), *args, **kwargs)

    def _unless_silent(self, asked: PQGen[Answer]) -> PQGen[Answer]:
        """The same talk. The driver resumes it ten times a second, with 0 when it has heard nothing."""
        heard = there = time.monotonic()
        try:
            wanted = next(asked)
            while True:
                ready = yield wanted
                now = time.monotonic()
                if ready:
                    heard = there = now
                elif now - heard > self._most_s:
                    self._give_up(now - heard)
                elif self._most_s > LONG_S and now - there > ASK_S:
                    if not self._is_there():
                        self._give_up(now - heard)
                    there = time.monotonic()
                wanted = asked.send(ready)
        except StopIteration as end:
            answer: Answer = end.value
            return answer

    def _give_up(self, silence_s: float) -> NoReturn:
        self.close()
        raise psycopg.OperationalError(f"the server has been silent for {silence_s:.1f} s")

    def _is_there(self) -> bool:
        """Whether the server answers somebody new, be it by a refusal: then it is at work."""
        known = make_conninfo(**self.info.get_parameters())
        address = make_conninfo(known, password=self.info.password, connect_timeout=CONNECT_TIMEOUT_S)
        try:
            psycopg.connect(address).close()
        except psycopg.errors.ConnectionTimeout:
            return False
        except psycopg.OperationalError:
            pass
        return True
