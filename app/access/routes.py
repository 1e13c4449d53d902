"""Signing in and out; and for administrators, accounts and their tokens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field
from starlette.responses import JSONResponse, Response

from app.access import cookies, links, passwords, schemas, service
from app.access.people import Who, Whoever, requires
from app.database import Connection, Database
from app.errors import Problem, documented
from app.params import Params
from app.web import DatabaseOf

router = APIRouter(tags=["access"])
AnyStaff = Annotated[Who, requires("planner")]
Admin = Annotated[Who, requires("admin")]
NameInPath = Annotated[str, Path(min_length=1, max_length=80, description="An account's name.")]
NumberInPath = Annotated[int, Path(ge=1, le=2**31 - 1, description="A token's number.")]


class SignOutParams(Params):
    everywhere: bool = Field(False, description="End every session of the account, not this one alone.")


@contextmanager
def _told() -> Iterator[None]:
    """What the service refuses, as problems."""
    try:
        yield
    except service.AccessError as error:
        raise Problem(error.code, error.zh, str(error)) from error
    except passwords.WeakPassword as error:
        raise Problem("weak-password", error.zh, str(error)) from error
    except service.SignInFailed as error:
        raise Problem(
            "sign-in-failed",
            "账号或密码不对，或账号已停用",
            "The name or the password is wrong, or the account is disabled.",
        ) from error
    except service.TooManyTries as error:
        minutes = error.retry_after_s // 60
        raise Problem(
            "too-many",
            f"登录失败次数过多，请 {minutes} 分钟后再试",
            f"Too many failed tries to sign in. Try again in {minutes} minutes.",
            headers={"Retry-After": str(error.retry_after_s)},
        ) from error
    except passwords.TooBusy as error:
        raise Problem(
            "too-many",
            "此刻登录的人太多，请几秒后再试",
            "Too many people sign in at once. Try again in a few seconds.",
            headers={"Retry-After": "5"},
        ) from error


@contextmanager
def _changing(database: Database) -> Iterator[Connection]:
    """One transaction, ended before the answer is sent; refusals become problems."""
    with _told(), database.writing() as connection:
        yield connection


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _session(who: Who | None) -> schemas.Session:
    idle_s = int(service.IDLE.total_seconds())
    if who is None:
        return schemas.Session(signed_in=False, idle_s=idle_s)
    return schemas.Session(
        signed_in=True,
        name=who.name,
        role=who.role,
        reviewer=who.reviewer,
        by="session" if who.scope is None else "token",
        may_record=who.may("planner"),
        may_upload=who.may("gis"),
        may_manage=who.may("admin"),
        idle_s=idle_s,
    )


# ---------------------------------------------------------------- sessions


@router.get("/api/session", response_model=schemas.Session, responses=documented(429), summary="Who am I")
def get_session(who: Whoever, params: Annotated[Params, Query()]) -> schemas.Session:
    return _session(who)


@router.post(
    "/api/session",
    response_model=schemas.Session,
    responses=documented(401, 403, 408, 413, 415, 422, 429),
    summary="Sign in",
)
def post_session(
    request: Request,
    who: Whoever,
    credentials: schemas.Credentials,
    params: Annotated[Params, Query()],
    database: DatabaseOf,
) -> Response:
    """Answers a cookie. Whoever was signed in before in this browser no longer is."""
    secure = request.url.scheme == "https"
    former = cookies.secret_in(request.headers.get("cookie", ""), secure)
    with _told():
        signed_in = service.sign_in(
            database, credentials.name, credentials.password, address=_address(request), former=former
        )
    answer = JSONResponse(_session(signed_in.who).model_dump())
    cookies.give(answer, signed_in.secret, secure)
    return answer


@router.delete(
    "/api/session", response_model=schemas.Session, responses=documented(401, 403, 429), summary="Sign out"
)
def delete_session(
    request: Request, who: AnyStaff, params: Annotated[SignOutParams, Query()], database: DatabaseOf
) -> Response:
    with _changing(database) as connection:
        service.sign_out(connection, who, params.everywhere)
    answer = JSONResponse(_session(None).model_dump())
    cookies.take(answer, request.url.scheme == "https")
    return answer


@router.post(
    "/api/session/password",
    response_model=schemas.Done,
    responses=documented(401, 403, 408, 413, 415, 422, 429),
    summary="Change one's own password",
)
def post_password(
    request: Request,
    who: AnyStaff,
    change: schemas.PasswordChange,
    params: Annotated[Params, Query()],
    database: DatabaseOf,
) -> schemas.Done:
    """Other sessions of the account end; this one stays."""
    with _told():
        service.change_own_password(database, who, change.present, change.new, address=_address(request))
    return schemas.Done()


@router.post(
    "/api/session/link",
    response_model=schemas.Named,
    responses=documented(403, 408, 410, 413, 415, 422, 429),
    summary="Choose another password by the link of an administrator",
)
def post_link(
    who: Whoever, choice: schemas.PasswordByLink, params: Annotated[Params, Query()], database: DatabaseOf
) -> schemas.Named:
    """Once for each link. Every session of the account ends; signing in is a step of its own."""
    with _changing(database) as connection:
        return schemas.Named(name=links.use(connection, choice.link, choice.new))


# ---------------------------------------------------------------- accounts


@router.get(
    "/api/accounts", response_model=schemas.Accounts, responses=documented(401, 403, 429), summary="Accounts"
)
def get_accounts(who: Admin, params: Annotated[Params, Query()], database: DatabaseOf) -> schemas.Accounts:
    with _changing(database) as connection:
        found = service.accounts(connection)
    return schemas.Accounts(accounts=[schemas.Account(**row) for row in found])


@router.post(
    "/api/accounts",
    response_model=schemas.Named,
    status_code=201,
    responses=documented(401, 403, 408, 409, 413, 415, 422, 429),
    summary="Make an account",
)
def post_account(
    who: Admin, account: schemas.NewAccount, params: Annotated[Params, Query()], database: DatabaseOf
) -> schemas.Named:
    with _changing(database) as connection:
        name = service.add_account(
            connection, account.name, account.role, account.password, by=who.name, reviewer=account.reviewer
        )
    return schemas.Named(name=name)


@router.patch(
    "/api/accounts/{name}",
    response_model=schemas.Done,
    responses=documented(401, 403, 404, 408, 409, 413, 415, 422, 429),
    summary="Change an account",
)
def patch_account(
    name: NameInPath,
    who: Admin,
    change: schemas.AccountChange,
    params: Annotated[Params, Query()],
    database: DatabaseOf,
) -> schemas.Done:
    """Another role, another password, or being disabled ends its sessions at once."""
    with _changing(database) as connection:
        service.change_account(connection, name, by=who.name, **change.model_dump())
    return schemas.Done()


@router.post(
    "/api/accounts/{name}/link",
    response_model=schemas.Link,
    status_code=201,
    responses=documented(401, 403, 404, 422, 429),
    summary="Make a link for somebody who forgot their password",
)
def post_account_link(
    name: NameInPath, who: Admin, params: Annotated[Params, Query()], database: DatabaseOf
) -> schemas.Link:
    """It holds 30 minutes and opens once; a former link of the account ends."""
    with _changing(database) as connection:
        link = links.issue(connection, name, by=who.name)
    return schemas.Link(path=link.path, expires_at=link.expires_at)


@router.delete(
    "/api/accounts/{name}/sessions",
    response_model=schemas.Ended,
    responses=documented(401, 403, 404, 429),
    summary="Sign an account out everywhere",
)
def delete_sessions(
    name: NameInPath, who: Admin, params: Annotated[Params, Query()], database: DatabaseOf
) -> schemas.Ended:
    with _changing(database) as connection:
        return schemas.Ended(sessions_ended=service.end_sessions(connection, name, by=who.name))


# ---------------------------------------------------------------- tokens


@router.get(
    "/api/tokens", response_model=schemas.Tokens, responses=documented(401, 403, 429), summary="One's tokens"
)
def get_tokens(who: AnyStaff, params: Annotated[Params, Query()], database: DatabaseOf) -> schemas.Tokens:
    with _changing(database) as connection:
        found = service.tokens(connection, who)
    return schemas.Tokens(tokens=[schemas.Token(**row) for row in found])


@router.post(
    "/api/tokens",
    response_model=schemas.MadeToken,
    status_code=201,
    responses=documented(401, 403, 408, 413, 415, 422, 429),
    summary="Make a token for scripts",
)
def post_token(
    who: AnyStaff, token: schemas.NewToken, params: Annotated[Params, Query()], database: DatabaseOf
) -> schemas.MadeToken:
    """It may do what its scope says and its account's role allows, and nothing about accounts."""
    life = timedelta(days=token.days)
    with _changing(database) as connection:
        number, secret = service.add_token(connection, who.name, token.name, token.scope, life, by=who.name)
    return schemas.MadeToken(id=number, secret=secret)


@router.delete(
    "/api/tokens/{number}",
    response_model=schemas.Done,
    responses=documented(401, 403, 404, 429),
    summary="End a token",
)
def delete_token(
    number: NumberInPath, who: AnyStaff, params: Annotated[Params, Query()], database: DatabaseOf
) -> schemas.Done:
    with _changing(database) as connection:
        service.revoke_token(connection, number, by=who.name, of=who)
    return schemas.Done()
