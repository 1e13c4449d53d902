"""The command `guatu`."""

from __future__ import annotations

import errno
import logging
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import structlog
import typer
import uvicorn
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from rich.console import Console
from rich.table import Table

from app.basemaps import BasemapError
from app.changesets import derived, queries, service
from app.changesets import seed as seeding
from app.changesets.refusals import ChangesetError
from app.database import Database, DatabaseUnavailable, translated
from app.embedded.cluster import Cluster
from app.embedded.errors import Unavailable
from app.main import create_app
from app.settings import Settings, get_settings
from app.wire import BoundedHttp

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Guatu 挂图: the wall chart, alive.")
console = Console()
complain = Console(stderr=True)
ROOT = Path(__file__).resolve().parent.parent
WHO = "cli"


class Refused(Exception):
    """The command cannot do what was asked; the message says why and what to do."""


# ---------------------------------------------------------------- the database behind a command


@contextmanager
def database_address(settings: Settings, say: Callable[[str], None]) -> Iterator[str]:
    """The address to use: the one that is set, else that of the embedded server, which is started."""
    if url := settings.url():
        yield url
        return
    cluster = Cluster(say=say)
    try:
        cluster.ensure()
        yield cluster.url()
    finally:
        cluster.stop()


@contextmanager
def open_database(settings: Settings, url: str) -> Iterator[Database]:
    database = Database(
        url,
        public_url=settings.public_database_url,
        pool_size=settings.pool_size,
        statement_timeout_s=settings.statement_timeout_s,
    )
    try:
        yield database
    finally:
        database.close()


def migrate_to_head(url: str) -> None:
    """Bring the tables up to date. Old or new, never between: each migration is one transaction."""
    with translated():
        command.upgrade(alembic_config(url), "head")


def alembic_config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["url"] = url
    return config


def seed_if_empty(database: Database, area_id: str) -> list[int]:
    """Publish the first changesets of an area that is not there yet, all of them or none."""
    with database.writing() as connection:
        if not seeding.needs_seed(connection, area_id):
            return []
        return seeding.seed(connection)


@contextmanager
def ready(say: Callable[[str], None] = lambda _: None) -> Iterator[tuple[Settings, Database]]:
    """Settings and a migrated database for a command that works on data."""
    settings = get_settings()
    with database_address(settings, say) as url:
        migrate_to_head(url)
        with open_database(settings, url) as database:
            yield settings, database


# ---------------------------------------------------------------- serve


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on [GUATU_HOST].")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on [GUATU_PORT].")] = None,
) -> None:
    """Start the database if need be, bring tables and data up to date, and serve the map."""
    settings = get_settings()
    host = settings.host if host is None else host
    port = settings.port if port is None else port
    listener = _listen(host, port)
    with listener, ready(_say) as (_, database):
        if revisions := seed_if_empty(database, settings.area):
            _say(f"The facts of {settings.area} are loaded (revision {revisions[-1]}).")
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
        _say("Stopped.")


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


def _say(line: str) -> None:
    console.print(line, highlight=False, markup=False, soft_wrap=True)


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
    with ready(_say):
        _say("The tables are up to date.")


@app.command()
def seed() -> None:
    """Publish the first changesets of the area, unless it is there already."""
    with ready(_say) as (settings, database):
        revisions = seed_if_empty(database, settings.area)
        _say(f"Published revisions {revisions}." if revisions else "The area is there already.")


@app.command()
def rebuild() -> None:
    """Compute anew everything that is derived from claims."""
    with ready(_say) as (_, database), database.writing() as connection:
        _say(f"Derived the state of {derived.rebuild(connection)} projects.")


@app.command()
def changesets() -> None:
    """List what was staged and published."""
    with ready() as (settings, database), database.writing() as connection:
        table = Table("number", "state", "revision", "kind", "title", "by", "published")
        for row in queries.changesets(connection, settings.area):
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
        staged = service.revert(connection, number, WHO, reason)
        row = queries.changeset(connection, staged)
        kept = row["kept"] if row else []
        for entry in kept:
            _say(f"kept: {entry['target']} {entry['part']} (moved at revision {entry['moved_at']})")
        if publish:
            _say(f"Published as revision {service.publish(connection, staged, WHO)}.")
        else:
            _say(f"Staged as changeset {staged}. Publish it with: ./guatu publish {staged}")


@app.command()
def publish(number: Annotated[int, typer.Argument(help="Number of a staged changeset.")]) -> None:
    """Make a staged changeset public."""
    with ready() as (_, database), database.writing() as connection:
        _say(f"Published as revision {service.publish(connection, number, WHO)}.")


@app.command()
def doctor() -> None:
    """Say whether everything the service needs is there."""
    settings = get_settings()
    with database_address(settings, _say) as url, open_database(settings, url) as database:
        database.ping()
        _say("database: answers")
        try:
            command.check(alembic_config(url))
        except CommandError as error:
            raise Refused(
                f"The tables are not as the code expects them. Run: ./guatu migrate\n{error}"
            ) from error
        _say("tables: as the code expects them")
        built = (ROOT / "frontend" / "dist" / "index.html").exists()
        _say("pages: built" if built else "pages: not built (make run builds them)")


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
