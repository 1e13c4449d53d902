"""Changing public data in a test's own database, through the only door."""

from __future__ import annotations

from typing import Any

from shapely.geometry.base import BaseGeometry

from app.changesets import queries, service
from app.database import Database
from geodata.changes import Change

AREA = "pinghu"


def publish(database: Database, *changes: Change) -> int:
    """Stage and publish. Returns the new revision."""
    with database.writing() as connection:
        number = service.stage(
            connection, AREA, changes, kind="edit", title_zh="试", title_en="Test", who="tester"
        )
        return service.publish(connection, number, "tester")


def change_project(database: Database, name: str, **fields: Any) -> int:
    """Publish other values of a project's fields. Returns the new revision."""
    with database.writing() as connection:
        now = queries.current_projects(connection, [name])[name].record
    return publish(database, Change("change", name, {key: now[key] for key in fields}, fields))


def new_project(name: str, at: BaseGeometry | None, **fields: Any) -> Change:
    """A project that is approximate where it has a place."""
    record = {
        "kind": "park",
        "name_zh": name,
        "name_en": name,
        "aliases": [],
        "precision": "unlocated" if at is None else "approximate",
        "partial": False,
        "drawn": True,
        "community": "",
        "attrs": {},
        "note_zh": "",
        "note_en": "",
        "place": [],
        "dataset": "test",
        "external_key": name,
        **fields,
    }
    return Change("add", name, after=record, geom_after=at)


def add_project(database: Database, name: str, at: BaseGeometry | None, **fields: Any) -> int:
    """Publish a new project. Returns the new revision."""
    return publish(database, new_project(name, at, **fields))


def claim(
    target: str, about: str, day: str, commitment: str, *, said_on: str, value: str = "", source: str = ""
) -> Change:
    """A source's statement about a project, in our summary of its words."""
    record = {
        "target": target,
        "property": about,
        "value": value,
        "unit": "",
        "date": day,
        "commitment": commitment,
        "said_on": said_on,
        "source": source or "ipingshan-31281374",
        "locator": "",
        "quote": "said in a test",
        "quote_zh": "测试中的说法",
        "quote_en": "",
        "verbatim": False,
        "counts_in": "",
        "note": "",
        "note_zh": "",
    }
    return Change("claim", "", after=record)
