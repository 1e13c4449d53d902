"""Who comes in, before anything of the body is read or kept.

Plain ASGI around the application: FastAPI would keep the whole body before it asks who sends it. What a
route asks for stands in its declaration (app.access.people); an unsafe one that declares nothing is shut.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from anyio import to_thread
from fastapi.routing import APIRoute
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import audit
from app.access import cookies, service
from app.access.body import Body, Refused
from app.access.people import LARGEST_BODY, Rule, Who, rule_of
from app.access.rates import Rates
from app.database import Database, DatabaseUnavailable
from app.errors import Problem, database_problem, language

SAFE = ("GET", "HEAD", "OPTIONS")
_SHUT = Rule("admin")


@dataclass(frozen=True, slots=True)
class _Entry:
    methods: frozenset[str]
    path: re.Pattern[str]
    route: BaseRoute
    rule: Rule | None


class Door:
    """Wraps the application. routes: all that it has, each with what it declares."""

    def __init__(self, app: ASGIApp, database: Database, routes: Iterable[BaseRoute], rates: Rates) -> None:
        self.app = app
        self.database = database
        self.rates = rates
        self.entries = [
            _Entry(frozenset(route.methods or ()), route.path_regex, route, rule_of(route))
            for route in routes
            if isinstance(route, Route | APIRoute)
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await _Visit(self, scope, receive, send).run()

    def rule(self, scope: Scope) -> Rule | None:
        """What the route asks for; None for a public one, and for an address that there is not."""
        method = scope["method"]
        for entry in self.entries:
            if method not in entry.methods or not entry.path.match(scope["path"]):
                continue
            if entry.route.matches(scope)[0] is Match.FULL:
                return entry.rule or (None if method in SAFE else _SHUT)
        return None

    def who(self, headers: Headers, secure: bool) -> Who | None:
        """Who the cookie or the token says it is. Raises DatabaseUnavailable."""
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and token:
            with self.database.writing() as connection:
                return service.who_of_token(connection, token.strip()[:200])
        secret = cookies.secret_in(headers.get("cookie", ""), secure)
        if not secret:
            return None
        with self.database.writing() as connection:
            return service.who_of_session(connection, secret)

    def note_refusal(self, who: Who, scope: Scope, code: str) -> None:
        with self.database.writing() as connection:
            thing = f"{scope['method']} {scope['path'][:200]}"
            audit.write(connection, audit.EVERYWHERE, who.name, "refused", thing, {"code": code})


class _Visit:
    """One request on its way in and its answer on the way out."""

    def __init__(self, door: Door, scope: Scope, receive: Receive, send: Send) -> None:
        self.door = door
        self.scope = scope
        self.send = send
        self.headers = Headers(scope=scope)
        self.rule = door.rule(scope)
        self.body = Body(receive, self.headers, self.rule.body if self.rule else LARGEST_BODY)
        self.who: Who | None = None
        self.status: int | None = None
        self.code = ""

    async def run(self) -> None:
        try:
            problem = await self._refusal()
        except DatabaseUnavailable:
            problem = database_problem()
        if problem is not None:
            await self._answer(problem)
        else:
            await self._enter()
        if self.status == 403 and self.who is not None:
            await self._note(self.who)

    async def _refusal(self) -> Problem | None:
        client = self.scope.get("client")
        address = client[0] if client else ""
        state = self.scope.setdefault("state", {})
        if self.rule is None:
            return self.door.rates.refusal(self.scope["path"], address) or self.body.refused_unread()
        state["private"] = True
        secure = self.scope.get("scheme") == "https"
        if "authorization" in self.headers or "cookie" in self.headers:
            self.who = await to_thread.run_sync(self.door.who, self.headers, secure)
        who = state["who"] = self.who
        audit.ACTING.set(audit.Acting(who.role if who else "", state.get("request_id", "")))
        account_id = None if who is None else who.account_id
        refusal = self.rule.refusal(who)
        return (
            self.door.rates.refusal(self.scope["path"], address, account_id)
            or (refusal if who is None else None)
            or self._cross_site()
            or refusal
            or self.body.refused_unread()
        )

    def _cross_site(self) -> Problem | None:
        """Whether another site makes the browser ask this. A token is sent by no
        browser unasked."""
        if self.scope["method"] in SAFE or (self.who and self.who.scope is not None):
            return None
        fetch_site = self.headers.get("sec-fetch-site")
        if fetch_site is None:
            # Browsers say it only over https; the origin they always say when they send something.
            origin = self.headers.get("origin") or self.headers.get("referer", "")
            own = urlsplit(origin).netloc.lower() == self.headers.get("host", "").lower() != ""
        else:
            own = fetch_site in ("same-origin", "none")
        if own and self.headers.get("x-guatu") == "1":
            return None
        return Problem(
            "cross-site",
            "只接受从本站页面发出的操作（需同源，并带请求头 X-Guatu: 1）；脚本请使用令牌",
            "Changes are taken from this site's own pages only (same origin, header X-Guatu: 1);"
            " scripts use a token.",
        )

    async def _enter(self) -> None:
        try:
            await self.door.app(self.scope, self.body, self._pass)
        except Refused as refused:
            if self.status is None:
                await self._answer(refused.problem)
            return
        if self.status is None and self.body.refusal is not None:
            await self._answer(self.body.refusal)

    async def _pass(self, message: Message) -> None:
        """What the application answers, unless the body was refused while it was read."""
        if self.body.refusal is not None and self.status is None:
            return
        if message["type"] == "http.response.start":
            self.status = message["status"]
            if not self.body.whole:
                # Nobody will read the rest.
                MutableHeaders(scope=message)["Connection"] = "close"
        await self.send(message)

    async def _answer(self, problem: Problem) -> None:
        answer = problem.response(language(Request(self.scope)), self.scope["state"].get("request_id", ""))
        if not self.body.whole:
            answer.headers["Connection"] = "close"
        self.status, self.code = answer.status_code, problem.code
        await answer(self.scope, self.body, self.send)

    async def _note(self, who: Who) -> None:
        with suppress(DatabaseUnavailable):
            await to_thread.run_sync(self.door.note_refusal, who, self.scope, self.code or "forbidden")
