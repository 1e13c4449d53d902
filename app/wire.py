"""The edge of the wire: what is no HTTP, or has no end to its head, is refused in words and not kept.

The server's own protocol keeps an address or a header however long it gets, and says "Invalid HTTP request
received." in English; both end here.
"""

from __future__ import annotations

import secrets
from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.errors import Problem
from app.gate import HEADERS, LONGEST_ADDRESS, uri_too_long

LONGEST_HEAD = 64 * 1024
# A connection closed under somebody who still sends is reset, and the refusal lost with it.
MOST_DISCARDED = 64 * 1024 * 1024
LINGER_S = 5


class BoundedHttp(HttpToolsProtocol):
    """uvicorn's protocol over httptools, with a limit for the head of a request."""

    _within_head = False
    _head_bytes = 0
    _refused = False
    _discarded = 0

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
        self._within_head, self._head_bytes = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
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
