"""The command `guatu`."""

from __future__ import annotations

import errno
import logging
import socket
import sys
from typing import Annotated

import structlog
import typer
from alembic import command
from alembic.util import CommandError
from rich.console import Console
from rich.table import Table

from app.basemaps import BasemapError
from app.changesets import derived, service, staged_queries, undoing
from app.changesets.refusals import ChangesetError
from app.commands import accounts, first_start, log, uploads
from app.commands.ready import (
    ROOT,
    WHO,
    Refused,
    alembic_config,
    console,
    database_address,
    migrate_to_head,
    open_database,
    ready,
    say,
    seed_if_empty,
)
from app.database import DatabaseUnavailable
from app.embedded.errors import Unavailable
from app.settings import get_settings

__all__ = ["alembic_config", "migrate_to_head", "seed_if_empty"]

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Guatu 挂图: the wall chart, alive.")
app.add_typer(accounts.accounts, name="account")
app.add_typer(accounts.tokens, name="token")
app.add_typer(log.app, name="audit")
app.command()(uploads.upload)
complain = Console(stderr=True)


# ---------------------------------------------------------------- serve


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on [GUATU_HOST].")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on [GUATU_PORT].")] = None,
) -> None:
    """Start the database if need be, bring tables and data up to date, and serve the map."""
    # The other commands do without the web, which takes thirty megabytes.
    import uvicorn

    from app.main import create_app
    from app.wire import BoundedHttp

    settings = get_settings()
    host = settings.host if host is None else host
    port = settings.port if port is None else port
    listener = _listen(host, port)
    with listener, ready(say) as (_, database):
        if revisions := seed_if_empty(database, settings.area):
            say(f"The facts of {settings.area} are loaded (revision {revisions[-1]}).")
        first_start.welcome(database, embedded=not settings.url())
        _log_as(settings.log_level)
        bound = listener.getsockname()[1]
        shown = "localhost" if host in ("127.0.0.1", "::1", "0.0.0.0", "::") else host  # noqa: S104
        console.print(f"\n  挂图 Guatu is ready:  [bold]http://{shown}:{bound}/[/bold]\n  Ctrl-C stops it.\n")
        config = uvicorn.Config(
            create_app(settings, database),
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=15,
            timeout_graceful_shutdown=10,
            http=BoundedHttp,
        )
        uvicorn.Server(config).run(sockets=[listener])
        say("Stopped.")


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything else is started, so that an occupied one is told at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise Refused(
                f"Port {port} is in use by another program (perhaps an earlier `make run`).\n"
                f"端口 {port} 已被占用。\n"
                f"Stop that program, or choose another port:  GUATU_PORT={port + 1} make run"
            ) from error
        raise Refused(f"Cannot listen on {host}, port {port}: {error.strerror}.") from error
    listener.listen(128)
    return listener


def _log_as(level: str) -> None:
    """One JSON line an event on standard error; control characters of data cannot start a new line there."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(number),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


# ---------------------------------------------------------------- data


@app.command()
def migrate() -> None:
    """Bring the tables up to date."""
    with ready(say):
        say("The tables are up to date.")


@app.command()
def seed() -> None:
    """Publish the first changesets of the area, unless it is there already."""
    with ready(say) as (settings, database):
        revisions = seed_if_empty(database, settings.area)
        say(f"Published revisions {revisions}." if revisions else "The area is there already.")


@app.command()
def rebuild() -> None:
    """Compute anew everything that is derived from claims."""
    with ready(say) as (_, database), database.writing() as connection:
        say(f"Derived the state of {derived.rebuild(connection)} projects.")


@app.command()
def changesets() -> None:
    """List what was staged and published."""
    with ready() as (settings, database), database.writing() as connection:
        table = Table("number", "state", "revision", "kind", "title", "by", "published")
        for row in staged_queries.changesets(connection, settings.area):
            cells = ("id", "state", "rev", "kind", "title_zh", "published_by", "published_at")
            table.add_row(*("" if row[name] is None else str(row[name])[:60] for name in cells))
        console.print(table)


@app.command()
def revert(
    number: Annotated[int, typer.Argument(help="Number of a published changeset.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the history.")],
    publish: Annotated[bool, typer.Option(help="Publish the inverse at once.")] = False,
) -> None:
    """Stage what takes a changeset back; parts that moved on since are kept and listed."""
    with ready() as (_, database), database.writing() as connection:
        staged = undoing.revert(connection, number, WHO, reason)
        row = staged_queries.changeset(connection, staged)
        kept = row["kept"] if row else []
        for entry in kept:
            say(f"kept: {entry['target']} {entry['part']} (moved at revision {entry['moved_at']})")
        if publish:
            say(f"Published as revision {service.publish(connection, staged, WHO)}.")
        else:
            say(f"Staged as changeset {staged}. Publish it with: ./guatu publish {staged}")


@app.command()
def publish(number: Annotated[int, typer.Argument(help="Number of a staged changeset.")]) -> None:
    """Make a staged changeset public."""
    with ready() as (_, database), database.writing() as connection:
        say(f"Published as revision {service.publish(connection, number, WHO)}.")


@app.command()
def doctor() -> None:
    """Say whether everything the service needs is there."""
    from app.previews.lettering import chinese

    settings = get_settings()
    with database_address(settings, say) as url, open_database(settings, url) as database:
        database.ping()
        say("database: answers")
        try:
            command.check(alembic_config(url))
        except CommandError as error:
            raise Refused(
                f"The tables are not as the code expects them. Run: ./guatu migrate\n{error}"
            ) from error
        say("tables: as the code expects them")
        built = (ROOT / "frontend" / "dist" / "index.html").exists()
        say("pages: built" if built else "pages: not built (make run builds them)")
    found = chinese(settings.font)
    say(
        f"font: {found[0]}"
        if found
        else "font: none with Chinese (pictures of links are in English; GUATU_FONT)"
    )


def main() -> None:
    """Run a command; what it cannot do is told in words, without a traceback."""
    try:
        app(standalone_mode=False)
    except typer.Exit as stop:
        sys.exit(stop.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)
    except (Refused, Unavailable, DatabaseUnavailable, ChangesetError, BasemapError) as error:
        complain.print(f"guatu: {error}", markup=False, highlight=False)
        sys.exit(1)
    except Exception as error:
        if type(error).__module__.startswith(("typer", "click")) and hasattr(error, "show"):
            error.show()
            sys.exit(2)
        raise


if __name__ == "__main__":
    main()
