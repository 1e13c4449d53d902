"""The edge of the wire: what is no HTTP, or has no end to its head, is refused in words and not kept.

The server's own protocol keeps an address or a header however long it gets and waits for it however slowly it
comes, says "Invalid HTTP request received." in English, and closes on somebody who still sends, so that the
refusal is lost; all of that ends here. How slowly a body may come is the door's (app.access.body).
"""

from __future__ import annotations

import asyncio
import secrets
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from app.errors import Problem
from app.gate import HEADERS, LONGEST_ADDRESS, uri_too_long

LONGEST_HEAD = 64 * 1024
# A connection closed under somebody who still sends is reset, and the refusal lost with it.
MOST_DISCARDED = 64 * 1024 * 1024
LINGER_S = 5
SLOWEST_HEAD_S = 9
"""From the first moment of a connection, or the first byte of another request on it."""


class BoundedHttp(HttpToolsProtocol):
    """uvicorn's protocol over httptools, with a limit for the head of a request, in bytes and in seconds."""

    _within_head = False
    _head_bytes = 0
    _refused = False
    _discarded = 0
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(_Lingering(transport, self))  # type: ignore[arg-type]
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    @property
    def unread(self) -> bool:
        """Whether the other side may still be sending the body of the present request."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and cycle.more_body and not cycle.disconnected

    def _await_head(self) -> None:
        self._stop_waiting()
        self._head_timer = self.loop.call_later(SLOWEST_HEAD_S, self._head_too_slow)

    def _stop_waiting(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _head_too_slow(self) -> None:
        if self._within_head and not self._refused:
            self._refuse(_head_too_slow())
        elif not self._refused:
            self.transport.abort()

    def data_received(self, data: bytes) -> None:
        if self._refused:
            self._discarded += len(data)
            if self._discarded > MOST_DISCARDED:
                self.transport.abort()
            return
        began_earlier = self._within_head
        super().data_received(data)
        if began_earlier and self._within_head and not self._refused:
            self._head_bytes += len(data)
            if self._head_bytes > LONGEST_HEAD:
                self._refuse(self._too_long() or _head_too_large())

    def on_message_begin(self) -> None:
        if not self._within_head and self._head_timer is None:
            self._await_head()
        self._within_head, self._head_bytes = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        super().on_headers_complete()
        self._within_head = False

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 (uvicorn's words; ours are in two languages)
        """Called by uvicorn for whatever it cannot read."""
        self._refuse(self._too_long() or _no_http())

    def _too_long(self) -> Problem | None:
        # Before the first byte of a request there is no address.
        address: bytes = getattr(self, "url", b"")
        return uri_too_long() if len(address) > LONGEST_ADDRESS else None

    def _refuse(self, problem: Problem) -> None:
        self._refused = True
        self._stop_waiting()
        request_id = secrets.token_hex(8)
        answer = problem.response("zh", request_id)
        policy = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
        for name, value in {**HEADERS, **policy, "X-Request-Id": request_id, "Connection": "close"}.items():
            answer.headers[name] = value
        status = HTTPStatus(answer.status_code)
        lines = [f"HTTP/1.1 {status.value} {status.phrase}".encode()]
        lines += [name + b": " + value for name, value in answer.raw_headers]
        self.transport.write(b"\r\n".join([*lines, b"", bytes(answer.body)]))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(LINGER_S, self.transport.abort)


class _Lingering:
    """A transport that, closed on somebody who still sends, ends what it says, stops reading, and waits a
    moment: at once would reset the connection, and the answer would be lost with it."""

    def __init__(self, transport: asyncio.Transport, protocol: BoundedHttp) -> None:
        self._transport = transport
        self._protocol = protocol
        self._ending = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def is_closing(self) -> bool:
        return self._ending or self._transport.is_closing()

    def close(self) -> None:
        if self._ending:
            return
        if not self._protocol.unread or not self._transport.can_write_eof():
            self._transport.close()
            return
        self._ending = True
        self._transport.pause_reading()
        self._transport.write_eof()
        self._protocol.loop.call_later(LINGER_S, self._transport.abort)


def _head_too_slow() -> Problem:
    return Problem(
        "too-slow",
        f"请求头 {SLOWEST_HEAD_S} 秒没有收完，请检查网络后再试",
        f"The head of the request did not arrive within {SLOWEST_HEAD_S} s. Look at the network.",
    )


def _no_http() -> Problem:
    return Problem(
        "bad-request",
        "收到的内容不是 HTTP 请求，或其中含有不允许的字符",
        "What was received is no HTTP request, or holds a character that may not be in one.",
    )


def _head_too_large() -> Problem:
    return Problem(
        "head-too-large",
        f"请求头超过 {LONGEST_HEAD} 字节",
        f"The head of the request is over {LONGEST_HEAD} bytes.",
    )
