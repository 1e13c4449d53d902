"""The outermost layer: request ids, security headers on every answer, and what is refused unread.

Plain ASGI, so that it also wraps errors of the framework.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import Problem, language

LONGEST_ADDRESS = 8192
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline';"
    " {pictures}; connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self';"
    " base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), payment=(), geolocation=(self)",
}
PUBLIC = ("/api/", "/tiles", "/ogc/")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Gate:
    """Wraps the application. allowed_hosts: names answered to; empty means any. picture_origins: other hosts
    whose pictures the page may show (the background that a site owner sets)."""

    def __init__(
        self, app: ASGIApp, allowed_hosts: Sequence[str] = (), picture_origins: Sequence[str] = ()
    ) -> None:
        self.app = app
        pictures = " ".join(["img-src 'self' data:", *picture_origins])
        self.headers = {**HEADERS, "Content-Security-Policy": POLICY.format(pictures=pictures)}
        self.allowed_hosts = frozenset(host.lower() for host in allowed_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        head = scope["method"] == "HEAD"
        secure = scope.get("scheme") == "https"

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                self._finish(headers, request_id, secure)
                if scope["path"].startswith(PUBLIC) and not scope["state"].get("private"):
                    # Published data may be read from any page; no credentials go with it.
                    headers.setdefault("Access-Control-Allow-Origin", "*")
                    headers.setdefault("Access-Control-Expose-Headers", "ETag, X-Request-Id")
            elif head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        refusal = self._refusal(scope)
        if refusal is not None:
            request = Request(scope)
            await refusal.response(language(request), request_id)(scope, receive, answer)
            return
        # A HEAD is a GET whose body is not sent.
        await self.app({**scope, "method": "GET"} if head else scope, receive, answer)

    def _finish(self, headers: MutableHeaders, request_id: str, secure: bool) -> None:
        for name, value in self.headers.items():
            headers.setdefault(name, value)
        headers.setdefault("Cache-Control", "no-store")
        headers["X-Request-Id"] = request_id
        if secure:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")

    def _refusal(self, scope: Scope) -> Problem | None:
        headers = Headers(scope=scope)
        if len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"") > LONGEST_ADDRESS:
            return uri_too_long()
        if _CONTROL.search(scope["path"]):
            return Problem("not-found", "地址含有控制字符", "The address holds a control character.")
        host = headers.get("host", "").rpartition(":")[0] or headers.get("host", "")
        if self.allowed_hosts and host.lower() not in self.allowed_hosts:
            return Problem("not-found", "这里不提供该主机名", "This host name is not served here.")
        return None


def uri_too_long() -> Problem:
    """Told here, and by the wire of what never becomes a request."""
    return Problem(
        "uri-too-long",
        f"地址超过 {LONGEST_ADDRESS} 字节，请减少筛选条件",
        f"The address is over {LONGEST_ADDRESS} bytes. Use fewer filters.",
    )
