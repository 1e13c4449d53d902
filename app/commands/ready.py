"""What every command stands on: how it speaks, and the settings and the migrated database it works with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from rich.console import Console

from app.changesets import seed as seeding
from app.database import Database, translated
from app.embedded.cluster import Cluster
from app.settings import Settings, get_settings

console = Console()
ROOT = Path(__file__).resolve().parents[2]
WHO = "cli"


class Refused(Exception):
    """The command cannot do what was asked; the message says why and what to do."""


def say(line: str) -> None:
    console.print(line, highlight=False, markup=False, soft_wrap=True)


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
