"""What the routes of accounts take and answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.access.passwords import LONGEST
from app.access.people import Role, Scope

Name = Annotated[str, Field(min_length=1, max_length=80, description="An account's name.")]
Password = Annotated[
    str, Field(min_length=1, max_length=LONGEST + 1, json_schema_extra={"format": "password"})
]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Credentials(Body):
    name: Name
    password: Password


class PasswordChange(Body):
    present: Password
    new: Password


class PasswordByLink(Body):
    link: Annotated[str, Field(min_length=1, max_length=200, description="What stands behind `link=` in it.")]
    new: Password


class NewAccount(Body):
    name: Name
    role: Role
    password: Password
    reviewer: bool = False


class AccountChange(Body):
    role: Role | None = None
    reviewer: bool | None = None
    disabled: bool | None = None
    password: Password | None = None


class NewToken(Body):
    name: Annotated[str, Field(min_length=1, max_length=80, description="What the token is for.")]
    scope: Scope
    days: Annotated[int, Field(ge=1, le=366, description="How long it lasts.")] = 90


class Session(BaseModel):
    """Who is signed in; without a name: nobody."""

    signed_in: bool
    name: str | None = None
    role: Role | None = None
    reviewer: bool = False
    by: Literal["session", "token"] | None = None
    may_record: bool = False
    may_upload: bool = False
    may_manage: bool = False
    idle_s: int = Field(description="After so many seconds without a request a session ends.")


class Account(BaseModel):
    name: str
    role: Role
    reviewer: bool
    disabled: bool
    created_at: datetime
    sessions: int = Field(description="Sessions that live now.")


class Accounts(BaseModel):
    accounts: list[Account]


class Named(BaseModel):
    name: str


class Link(BaseModel):
    path: str = Field(description="Shown this once: what to put behind the service's address.")
    expires_at: datetime


class Ended(BaseModel):
    sessions_ended: int


class Token(BaseModel):
    id: int
    account: str
    name: str
    scope: Scope
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class Tokens(BaseModel):
    tokens: list[Token]


class MadeToken(BaseModel):
    id: int
    secret: str = Field(description="Shown this once. Send it as `Authorization: Bearer …`.")


class Done(BaseModel):
    done: Literal[True] = True
