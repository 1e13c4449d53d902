"""What routes need of the running application: the database and the settings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

from app.database import Connection, Database
from app.settings import Settings


def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def _reading(database: Annotated[Database, Depends(_database)]) -> Iterator[Connection]:
    with database.reading() as connection:
        yield connection


def _front_end(request: Request) -> Path:
    front_end: Path = request.app.state.front_end
    return front_end


DatabaseOf = Annotated[Database, Depends(_database)]
SettingsOf = Annotated[Settings, Depends(_settings)]
FrontEndOf = Annotated[Path, Depends(_front_end)]
"""The folder of the built pages."""
Reading = Annotated[Connection, Depends(_reading)]
"""One read-only snapshot of what is published, for the length of a request."""
