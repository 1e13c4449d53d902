"""`guatu account …` and `guatu token …`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated

import typer
from rich.table import Table

from app.access import links, passwords, service
from app.access.people import Role, Scope
from app.commands.ready import WHO, Refused, console, ready, say
from app.database import Connection

accounts = typer.Typer(no_args_is_help=True, help="Who may sign in, and as what.")
tokens = typer.Typer(no_args_is_help=True, help="Tokens for scripts.")
Name = Annotated[str, typer.Argument(help="The account's name.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


@contextmanager
def _changing() -> Iterator[Connection]:
    """One transaction; what the service refuses is told in both languages."""
    with ready() as (_, database), database.writing() as connection:
        try:
            yield connection
        except (service.AccessError, passwords.WeakPassword) as error:
            raise Refused(f"{error}\n{error.zh}") from error


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


@accounts.command("add")
def add_account(
    name: Name,
    role: Annotated[Role, typer.Option(help="planner, gis or admin.")],
    reviewer: Annotated[bool, typer.Option(help="May publish what somebody else staged.")] = False,
    password_stdin: FromStdin = False,
) -> None:
    """Make an account."""
    password = _password(password_stdin)
    with _changing() as connection:
        name = service.add_account(connection, name, role, password, by=WHO, reviewer=reviewer)
    say(f"Account {name} ({role}) is made.")


@accounts.command("list")
def list_accounts() -> None:
    """List the accounts."""
    table = Table("name", "role", "reviewer", "disabled", "sessions", "made")
    with _changing() as connection:
        for row in service.accounts(connection):
            flags = ("yes" if row[flag] else "" for flag in ("reviewer", "disabled"))
            table.add_row(row["name"], row["role"], *flags, str(row["sessions"]), str(row["created_at"])[:16])
    console.print(table)


@accounts.command("disable")
def disable_account(name: Name) -> None:
    """Let an account in no longer, and end its sessions."""
    with _changing() as connection:
        service.change_account(connection, name, by=WHO, disabled=True)
    say(f"Account {name} is disabled; its sessions have ended.")


@accounts.command("enable")
def enable_account(name: Name) -> None:
    """Let a disabled account in again."""
    with _changing() as connection:
        service.change_account(connection, name, by=WHO, disabled=False)
    say(f"Account {name} may sign in.")


@accounts.command("role")
def change_role(
    name: Name,
    role: Annotated[Role, typer.Argument(help="planner, gis or admin.")],
    reviewer: Annotated[bool | None, typer.Option(help="May publish what somebody else staged.")] = None,
) -> None:
    """Give an account another role, and end its sessions."""
    with _changing() as connection:
        service.change_account(connection, name, by=WHO, role=role, reviewer=reviewer)
    say(f"Account {name} is {role}.")


@accounts.command("password")
def change_password(name: Name, password_stdin: FromStdin = False) -> None:
    """Give an account another password, and end its sessions."""
    password = _password(password_stdin)
    with _changing() as connection:
        service.change_account(connection, name, by=WHO, password=password)
    say(f"Account {name} has another password; its sessions have ended.")


@accounts.command("link")
def make_link(name: Name) -> None:
    """Make a link with which somebody who forgot their password chooses another; it opens once."""
    with _changing() as connection:
        link = links.issue(connection, name, by=WHO)
    minutes = int(links.LIFE.total_seconds()) // 60
    say(f"Hand this to {name}, behind the address of the service. It holds {minutes} minutes and opens once:")
    say(link.path)


@accounts.command("sessions")
def end_sessions(name: Name) -> None:
    """Sign an account out everywhere."""
    with _changing() as connection:
        ended = service.end_sessions(connection, name, by=WHO)
    say(f"Ended {ended} sessions of {name}.")


# ---------------------------------------------------------------- tokens


@tokens.command("add")
def add_token(
    account: Name,
    name: Annotated[str, typer.Option(help="What the token is for.")],
    scope: Annotated[Scope, typer.Option(help="read, upload or publish.")] = "read",
    days: Annotated[int, typer.Option(help="How long it lasts.", min=1, max=366)] = 90,
) -> None:
    """Make a token; it is shown this once."""
    with _changing() as connection:
        number, secret = service.add_token(connection, account, name, scope, timedelta(days=days), by=WHO)
    say(f"Token {number}. Send it as: Authorization: Bearer …; it is not shown again:\n{secret}")


@tokens.command("list")
def list_tokens() -> None:
    """List every token."""
    table = Table("number", "account", "name", "scope", "expires", "revoked")
    with _changing() as connection:
        for row in service.tokens(connection):
            revoked = "" if row["revoked_at"] is None else str(row["revoked_at"])[:16]
            cells = (str(row["id"]), row["account"], row["name"], row["scope"], str(row["expires_at"])[:16])
            table.add_row(*cells, revoked)
    console.print(table)


@tokens.command()
def revoke(number: Annotated[int, typer.Argument(help="Its number, from `token list`.")]) -> None:
    """End a token at once."""
    with _changing() as connection:
        service.revoke_token(connection, number, by=WHO)
    say(f"Token {number} is revoked.")
