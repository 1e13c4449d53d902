"""Many parcels with dates: a kind so numerous that the page takes it from vector tiles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import psycopg
import shapely
from sqlalchemy import Select

from app.database import Connection, Database
from geodata.changes import Change
from tests.app.changing import new_project, publish

KIND = "parcel"
WEST, SOUTH = 114.06, 22.63
"""The south-west corner of the first parcel, in degrees."""
COLUMNS, STEP, SIDE = 100, 0.0012, 0.001
FIRST_DAY = date(2012, 1, 1)
PROMISED_DAY = date(2029, 12, 31)


def parcel_id(number: int) -> str:
    return f"many-{number}"


def square(number: int, columns: int = COLUMNS, step: float = STEP, side: float = SIDE) -> shapely.Polygon:
    """Parcel `number` of a field of parcels, row by row from the south-west; degrees, longitude first."""
    west, south = WEST + number % columns * step, SOUTH + number // columns * step
    return shapely.box(west, south, west + side, south + side)


def days_of(number: int) -> tuple[date, date]:
    """When a parcel was listed and when it was banked: each on days of its own."""
    listed = FIRST_DAY + timedelta(days=number * 37 % 4000)
    return listed, listed + timedelta(days=900)


def is_promised(number: int) -> bool:
    """Every fifth parcel is only promised to be banked, by PROMISED_DAY."""
    return number % 5 == 0


def publish_parcels(database: Database, count: int) -> int:
    """Publish parcels and what is said of each, through the only door. Returns the revision."""
    changes = [
        new_project(
            parcel_id(n),
            square(n),
            kind=KIND,
            name_zh=f"地块{n}号",
            name_en=f"Parcel {n}",
            precision="digitised",
        )
        for n in range(count)
    ]
    return publish(database, *changes, *(change for n in range(count) for change in _said_of(n)))


def _said_of(number: int) -> Iterator[Change]:
    listed, banked = days_of(number)
    yield _claim(number, "lc_listed", listed, "done", listed)
    if is_promised(number):
        yield _claim(number, "lc_banked", PROMISED_DAY, "expected", date(2024, 6, 1))
    else:
        yield _claim(number, "lc_banked", banked, "done", banked)


def _claim(number: int, milestone: str, on: date, commitment: str, said_on: date) -> Change:
    record = {
        "target": parcel_id(number),
        "property": f"milestone:{milestone}",
        "value": "",
        "unit": "",
        "date": on.isoformat(),
        "commitment": commitment,
        "said_on": said_on.isoformat(),
        "source": "pinghu-report-2024",
        "locator": "p. 1",
        "quote": "地块",
        "verbatim": True,
        "note": "",
        "counts_in": "",
    }
    return Change("claim", "", after=record)


def plan_of(connection: Connection, statement: Select[Any]) -> str:
    """How PostgreSQL would answer."""
    compiled = statement.compile(connection.engine, compile_kwargs={"render_postcompile": True})
    found = connection.exec_driver_sql(f"explain {compiled}", compiled.construct_params())
    return "\n".join(found.scalars())


def phases_of(number: int) -> str:
    """The `phases` text that follows from what is said of a parcel."""
    listed, banked = days_of(number)
    if is_promised(number):
        return f"2@{listed}|6@{PROMISED_DAY}*4"
    return f"2@{listed} 6@{banked}"


def copy_parcels(connection: psycopg.Connection, count: int, columns: int = 400) -> None:
    """Put many parcels straight into the table, at the present revision: for measuring, not for telling.

    `columns` parcels a row, in a field as wide as that of `square`.
    """
    step = COLUMNS * STEP / columns
    names = (
        "area_id, kind, id, external_key, dataset, name_zh, name_en, precision, geom, phases,"
        " rev_exists, rev_geom, rev_attrs, rev_claims,"
        " aliases, partial, drawn, community, attrs, note_zh, note_en, place"
    )
    with connection.cursor() as cursor:
        cursor.execute("select revision from area where id = 'pinghu'")
        found = cursor.fetchone()
        assert found is not None
        with cursor.copy(f"copy project ({names}) from stdin") as copy:
            for row in _rows(count, columns, step, found[0]):
                copy.write_row(row)
        cursor.execute("analyze project")
    connection.commit()


def _rows(count: int, columns: int, step: float, revision: int) -> Iterator[tuple[object, ...]]:
    for n in range(count):
        shape = shapely.set_srid(square(n, columns, step, step * 0.85), 4326)
        name = f"copied-{n}"
        yield (
            "pinghu",
            KIND,
            name,
            name,
            "many",
            f"地块{n}号",
            f"Parcel {n}",
            "digitised",
            shapely.to_wkb(shape, hex=True, include_srid=True),
            phases_of(n),
            *[revision] * 4,
            *([], False, True, "", "{}", "", "", "[]"),
        )
