"""A request's body as it comes in: counted, and not waited for without end."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import Message, Receive

from app.errors import Problem

GRACE_S = 10
SLOWEST_BYTES_PER_S = 1024


class Refused(Exception):
    """Raised into whoever reads the body. The door answers `problem`, whatever becomes of this on the way."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class Body:
    """The body of one request; call it as ASGI's `receive`."""

    def __init__(self, receive: Receive, headers: Headers, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._headers = headers
        self._bytes = 0
        self._waited_s = 0.0
        self.whole = not self.expected
        self.refusal: Problem | None = None

    @property
    def expected(self) -> bool:
        """Whether the head announces a body."""
        return "transfer-encoding" in self._headers or self._headers.get("content-length", "0") != "0"

    def refused_unread(self) -> Problem | None:
        """What is wrong already by what the head says."""
        if not self.expected:
            return None
        if self._headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
            return Problem(
                "encoded-body",
                "请不要压缩请求体（Content-Encoding）；文件本身可以是压缩格式",
                "Do not compress the body (Content-Encoding). A file may be of a compressed format itself.",
            )
        length = self._headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()) or int(length) > self._limit:
            return self._too_large()
        return None

    async def __call__(self) -> Message:
        if self.refusal is not None:
            raise Refused(self.refusal)
        if self.whole:
            return await self._receive()
        loop = asyncio.get_running_loop()
        began = loop.time()
        # Only waiting counts, not the time the service takes over what it has.
        patience_s = GRACE_S + self._bytes / SLOWEST_BYTES_PER_S - self._waited_s
        try:
            async with asyncio.timeout(max(0.0, patience_s)):
                message = await self._receive()
        except TimeoutError:
            raise self._refuse(_too_slow()) from None
        self._waited_s += loop.time() - began
        if message["type"] == "http.request":
            self._bytes += len(message.get("body", b""))
            self.whole = not message.get("more_body", False)
            if self._bytes > self._limit:
                raise self._refuse(self._too_large())
        return message

    def _refuse(self, problem: Problem) -> Refused:
        self.refusal = problem
        return Refused(problem)

    def _too_large(self) -> Problem:
        return Problem(
            "too-large",
            f"请求体超过 {self._limit} 字节",
            f"The request body is over {self._limit} bytes.",
            limit=self._limit,
        )


def _too_slow() -> Problem:
    return Problem(
        "too-slow",
        f"请求体到得太慢：每秒不到 {SLOWEST_BYTES_PER_S} 字节；请检查网络后再试",
        f"The body arrives at less than {SLOWEST_BYTES_PER_S} bytes a second. Look at the network.",
    )
