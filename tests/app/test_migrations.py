"""Migrations up and down on filled tables, no drift, checks in the database itself, and the roles."""

from __future__ import annotations

import time

import psycopg
import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from app.changesets import derived
from app.changesets.seed import seed
from app.cli import alembic_config, migrate_to_head
from app.database import Database


def tables(url: str) -> set[str]:
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as connection:
        found = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
    return {row[0] for row in found} - {"spatial_ref_sys", "alembic_version"}


def test_H361_down_and_up_again_on_a_filled_database(seeded_url: str) -> None:
    before = tables(seeded_url)
    command.downgrade(alembic_config(seeded_url), "base")
    assert tables(seeded_url) == set()
    migrate_to_head(seeded_url)
    assert tables(seeded_url) == before
    database = Database(seeded_url)
    try:
        with database.writing() as connection:
            assert seed(connection) == [1, 2]
    finally:
        database.close()


def test_H361_each_migration_steps_down_and_up_with_its_data(seeded_url: str) -> None:
    command.downgrade(alembic_config(seeded_url), "0001")
    migrate_to_head(seeded_url)
    database = Database(seeded_url)
    try:
        with database.reading() as connection:
            assert connection.execute(text("select count(*) from project")).scalar_one() == 126
        with database.writing() as connection:
            assert derived.rebuild(connection) == 126
    finally:
        database.close()


def test_H298_a_migration_that_fails_on_its_way_leaves_the_old_schema(seeded_url: str) -> None:
    """What stands in the way of its last table is found after all the others were made."""
    config, plain = alembic_config(seeded_url), seeded_url.replace("postgresql+psycopg", "postgresql")
    newest = tables(seeded_url)
    command.downgrade(config, "0003")
    before = tables(seeded_url)
    assert len(newest - before) > 1
    with psycopg.connect(plain) as connection:
        connection.execute("create table kept_answer (n int)")
    with pytest.raises(DBAPIError, match="already exists"):
        migrate_to_head(seeded_url)
    assert tables(seeded_url) == before | {"kept_answer"}
    with psycopg.connect(plain) as connection:
        assert connection.execute("select version_num from alembic_version").fetchall() == [("0003",)]
        connection.execute("drop table kept_answer")
    migrate_to_head(seeded_url)
    assert tables(seeded_url) == newest


def test_H294_H361_a_migration_does_not_wait_for_ever_for_who_holds_a_transaction(seeded_url: str) -> None:
    plain = seeded_url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(plain) as idle:
        idle.execute("lock table project in row exclusive mode")
        began = time.monotonic()
        with pytest.raises(DBAPIError, match="lock timeout"):
            command.downgrade(alembic_config(seeded_url), "base")
        assert time.monotonic() - began < 30
        database = Database(seeded_url)
        try:
            # Who reads does not wait at all.
            with database.reading() as connection:
                assert connection.execute(text("select count(*) from project")).scalar_one() == 126
        finally:
            database.close()
    migrate_to_head(seeded_url)


def test_H361_the_tables_are_what_the_code_says(empty_url: str) -> None:
    command.check(alembic_config(empty_url))


def test_two_servers_may_migrate_at_once(empty_url: str) -> None:
    migrate_to_head(empty_url)
    migrate_to_head(empty_url)


@pytest.mark.parametrize(
    "geometry",
    [
        "st_setsrid(st_makepoint('NaN', 22.6), 4326)",
        "st_setsrid(st_makepoint('Infinity', 22.6), 4326)",
        "st_setsrid(st_makepoint(1e308, 22.6), 4326)",
        "st_setsrid(st_makepoint(200, 22.6), 4326)",
        "st_setsrid(st_makepoint(114, 95), 4326)",
        "st_setsrid(st_makepoint(512330, 2510212), 4326)",
        "st_geomfromtext('POLYGON EMPTY', 4326)",
        "st_geomfromtext('POLYGON((114 22, 115 23, 115 22, 114 23, 114 22))', 4326)",
        "st_setsrid(st_makepoint(114, 22), 4490)",
        "null",
    ],
)
def test_unsound_geometry_is_refused_by_the_database(fresh: Database, geometry: str) -> None:
    statement = text(f"update project set geom = {geometry} where id = 'mugu-station'")
    with pytest.raises(DBAPIError), fresh.writing() as connection:
        connection.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "update project set area_ha = 63 where id = 'fuchengao-land-consolidation'",
        "update project set length_km = 1 where id = 'pingyan-railway'",
        "update project set precision = 'guessed' where id = 'mugu-station'",
        "update project set precision = 'unlocated' where id = 'mugu-station'",
        "update claim set commitment = 7 where id = 1",
        "update claim set said_latest = null where id = 1",
        "update claim set earliest = '2026-01-01', latest = '2025-01-01' where id = 1",
        "update claim set indicator_code = 'Q01' where project_no is not null",
        "update source set tier = 4 where id = 'qiaobao-2025-01-16'",
        "update changeset set state = 'staged' where id = 1",
        "insert into relation (from_no, to_no, type, on_date, rev) values (1, 1, 'part_of', '', 1)",
    ],
)
def test_impossible_rows_are_refused_by_the_database(fresh: Database, statement: str) -> None:
    with pytest.raises(IntegrityError), fresh.writing() as connection:
        connection.execute(text(statement))


def test_H333_the_public_role_reads_views_and_nothing_else(seeded: Database) -> None:
    with seeded.reading() as connection:
        assert connection.execute(text("select current_user")).scalar_one() == "guatu_public"
        assert connection.execute(text("select count(*) from project")).scalar_one() == 126
    for forbidden in (
        "select * from public.changeset",
        "select * from public.account",
        "select * from public.event_log",
        "select before from change",
        "select created_by from changeset",
        "update published.project set name_zh = 'x'",
        "delete from public.claim",
    ):
        with pytest.raises(DBAPIError), seeded.reading() as connection:
            connection.execute(text(forbidden))


def test_nobody_but_the_owner_rewrites_the_log(fresh: Database) -> None:
    for forbidden in ("delete from event_log", "update event_log set who = 'x'", "truncate event_log"):
        with pytest.raises(ProgrammingError), fresh.writing() as connection:
            connection.execute(text(forbidden))


def test_a_reading_is_one_snapshot_and_cannot_write(fresh: Database) -> None:
    with fresh.reading() as connection:
        before = connection.execute(text("select revision from area")).scalar_one()
        with fresh.writing() as other:
            other.execute(text("update area set revision = revision + 1"))
        assert connection.execute(text("select revision from area")).scalar_one() == before
    with pytest.raises(DBAPIError), fresh.reading() as connection:
        connection.execute(text("create temporary table t (n int)"))
