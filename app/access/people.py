"""Who may do what: the roles, in order; what a route asks for; who asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from fastapi import Depends, Request

from app.errors import Problem

Role = Literal["planner", "gis", "admin"]
"""Each may also do what those before it may."""
Scope = Literal["read", "upload", "publish"]
"""What a token may do, each also what those before it may; never more than its account's role."""
ROLES: tuple[Role, ...] = get_args(Role)
SCOPES: tuple[Scope, ...] = get_args(Scope)
LARGEST_BODY = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who is signed in. scope: what a token may do; None for a person's session."""

    account_id: int
    name: str
    role: Role
    reviewer: bool
    scope: Scope | None = None
    key: bytes = b""
    """The digest of the session's or token's secret: names it, and opens nothing."""

    def may(self, role: Role) -> bool:
        return ROLES.index(self.role) >= ROLES.index(role)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a route asks for. role: None lets everybody in and says who, if anybody, they are.

    scope: the least a token must be for; None takes no token at all. body: the largest body, in bytes.
    """

    role: Role | None
    scope: Scope | None = None
    body: int = LARGEST_BODY

    def refusal(self, who: Who | None) -> Problem | None:
        """Why this person may not; None when they may."""
        if self.role is None:
            return None
        if who is None:
            return not_signed_in()
        if not who.may(self.role):
            return forbidden(
                f"账号“{who.name}”的角色（{ZH[who.role]}）不能这样做：需要{ZH[self.role]}",
                f"The account '{who.name}' is {EN[who.role]}; this takes {EN[self.role]}.",
            )
        if who.scope is not None and (
            self.scope is None or SCOPES.index(who.scope) < SCOPES.index(self.scope)
        ):
            return forbidden(
                f"令牌的范围（{who.scope}）不允许这样做", f"The token is for '{who.scope}'; this takes more."
            )
        return None

    def required(self, request: Request) -> Who:
        """As a dependency: who it is. Asked again here, in case a route is ever reached past the door."""
        who: Who | None = getattr(request.state, "who", None)
        if problem := self.refusal(who):
            raise problem
        if who is None:
            raise not_signed_in()
        return who

    def optional(self, request: Request) -> Who | None:
        """As a dependency: who it is, or None for a stranger."""
        return getattr(request.state, "who", None)


ZH = {"planner": "规划人员", "gis": "GIS 人员", "admin": "管理员"}
EN = {"planner": "a planner", "gis": "GIS staff", "admin": "an administrator"}


def requires(role: Role, scope: Scope | None = None, body: int = LARGEST_BODY) -> Any:
    """Declare who may use a route: `who: Annotated[Who, requires("gis", "upload", body=64 * 1024**2)]`."""
    return Depends(Rule(role, scope, body).required)


Whoever = Annotated[Who | None, Depends(Rule(None).optional)]
"""Declares that everybody may use a route that wants to know who they are."""


def rule_of(route: Any) -> Rule | None:
    """What a route declares; None when it declares nothing. Raises ValueError when it declares two things."""
    found = list(_rules(route.dependant)) if hasattr(route, "dependant") else []
    if len(found) > 1:
        raise ValueError(f"{route.path} declares {len(found)} rules")
    return found[0] if found else None


def _rules(dependant: Any) -> Iterator[Rule]:
    for inner in dependant.dependencies:
        rule = getattr(inner.call, "__self__", None)
        if isinstance(rule, Rule):
            yield rule
        yield from _rules(inner)


def not_signed_in() -> Problem:
    return Problem(
        "sign-in-needed",
        "请先登录；如已登录，登录可能已过期",
        "Sign in first. If you had, the session may have expired.",
        headers={"WWW-Authenticate": 'Bearer realm="guatu"'},
    )


def forbidden(zh: str, en: str) -> Problem:
    return Problem("forbidden", zh, en)
