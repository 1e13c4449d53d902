"""The cookie of a session: `__Host-guatu` over https, plain `guatu` over http (an office's own network)."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import cookie_parser
from starlette.responses import Response

SECURE, PLAIN = "__Host-guatu", "guatu"


def secret_in(cookie_header: str, secure: bool) -> str:
    """The secret that the browser sends; empty when it sends none."""
    found: Mapping[str, str] = cookie_parser(cookie_header)
    secret = found.get(SECURE if secure else PLAIN, "")
    return secret if len(secret) <= 100 else ""


def give(answer: Response, secret: str, secure: bool) -> None:
    """Kept until the browser is closed; no script can read it, no other site can send it with a form."""
    answer.set_cookie(
        SECURE if secure else PLAIN, secret, path="/", secure=secure, httponly=True, samesite="lax"
    )


def take(answer: Response, secure: bool) -> None:
    answer.delete_cookie(SECURE if secure else PLAIN, path="/", secure=secure, httponly=True, samesite="lax")
