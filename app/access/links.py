"""Links for somebody who forgot their password: an administrator hands one over, and it opens once.

An account has one at most. It ends when it is used, replaced or 30 minutes old, and with whatever else ends
the account's sessions: another password or role, being disabled.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from app import audit
from app.access import queries, service
from app.database import Connection

LIFE = timedelta(minutes=30)
PAGE = "/signin#link="
"""Behind the sign #, which no browser sends: neither the log of a proxy nor another site learns it."""


@dataclass(frozen=True, slots=True)
class Link:
    """path: to be put behind the service's address; the secret in it is not kept here."""

    path: str
    expires_at: datetime


def issue(connection: Connection, name: str, *, by: str, now: datetime | None = None) -> Link:
    """Make the account's link, in place of one it may have.

    Raises AccessError: there is no such account, or it is disabled.
    """
    now = now or datetime.now(UTC)
    account = service.account_named(connection, name)
    if account["disabled"]:
        raise service.AccessError(
            "bad-account",
            f"账号“{account['name']}”已停用：先启用，再发链接",
            f"The account '{account['name']}' is disabled: enable it first.",
        )
    secret = secrets.token_urlsafe(32)
    expires_at = now + LIFE
    queries.put_link(connection, account["id"], service.digest(secret), expires_at)
    audit.write(connection, audit.EVERYWHERE, by, "password-link", f"account/{account['name']}")
    # The name is for the page and for password managers; the secret alone decides.
    return Link(f"{PAGE}{secret}&name={quote(account['name'])}", expires_at)


def use(connection: Connection, secret: str, new: str, *, now: datetime | None = None) -> str:
    """Give the link's account another password; its sessions end. Returns its name.

    Raises AccessError (the link does not hold) and WeakPassword, after which the link still holds.
    """
    # Two who open the same link: the second finds it used.
    queries.alone(connection, "accounts")
    name = queries.name_of_link(connection, service.digest(secret), now or datetime.now(UTC))
    if name is None:
        minutes = int(LIFE.total_seconds()) // 60
        raise service.AccessError(
            "bad-link",
            f"这个链接已用过、已失效或不完整（{minutes} 分钟内有效，只能用一次）：请管理员再发一个",
            f"This link was used, has expired or is incomplete (it holds {minutes} minutes, once): ask an"
            " administrator for another.",
        )
    service.change_account(connection, name, by=name, password=new)
    audit.write(connection, audit.EVERYWHERE, name, "password-link-used", f"account/{name}")
    return name
