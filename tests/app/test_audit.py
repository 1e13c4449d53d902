"""The log: every act is in it, nobody rewrites it, and whoever does is found out."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

import psycopg
import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import audit
from app.changesets import service, undoing
from app.cli import alembic_config, migrate_to_head
from app.database import Database, as_rows
from tests.app.changing import change_project
from tests.app.signed import PASSWORD, add, browser, staff
from tests.app.test_cli import guatu

SECRET = "swordfish under the bridge"


def events(database: Database, chain: str = audit.EVERYWHERE) -> list[dict[str, Any]]:
    with database.writing() as connection:
        found = connection.execute(
            text("select * from event_log where area_id = :chain order by n"), {"chain": chain}
        )
        return as_rows(found)


def verified(database: Database) -> list[audit.Broken | audit.Head]:
    with database.writing() as connection:
        return list(audit.verify(connection))


# ---------------------------------------------------------------- what is in it


def test_H343_every_act_about_people_is_one_row(fresh: Database) -> None:
    with staff(fresh, "admin", "root") as admin, browser(fresh) as client:
        admin.post("/api/accounts", json={"name": "li", "role": "gis", "password": PASSWORD})
        client.post("/api/session", json={"name": "li", "password": SECRET})
        client.post("/api/session", json={"name": "li", "password": PASSWORD})
        refused = client.get("/api/accounts")
        made = client.post("/api/tokens", json={"name": "QGIS", "scope": "read"}).json()
        client.delete(f"/api/tokens/{made['id']}")
        client.delete("/api/session")
        admin.patch("/api/accounts/li", json={"disabled": True, "role": "planner"})
        admin.delete("/api/accounts/li/sessions")
    found = events(fresh)
    assert [(e["who"], e["role"], e["action"], e["object"]) for e in found] == [
        ("root", "admin", "account-add", "account/li"),
        ("li", "", "sign-in-failed", "account/li"),
        ("li", "", "sign-in", "account/li"),
        ("li", "gis", "refused", "GET /api/accounts"),
        ("li", "gis", "token-add", f"token/{made['id']}"),
        ("li", "gis", "token-revoke", f"token/{made['id']}"),
        ("li", "gis", "sign-out", "account/li"),
        ("root", "admin", "account-change", "account/li"),
        ("root", "admin", "sessions-end", "account/li"),
    ]
    assert [e["n"] for e in found] == list(range(1, 10))
    assert found[3]["request_id"] == refused.headers["x-request-id"]
    assert all(e["request_id"] for e in found)
    assert found[7]["detail"] == {"role": "planner", "disabled": True, "sessions_ended": 0}
    for secret in (PASSWORD, SECRET, made["secret"], "argon2"):
        assert secret not in str(found)


def test_H343_every_act_about_data_is_one_row(fresh: Database) -> None:
    change_project(fresh, "fuan-east-road", name_en="Renamed")
    with fresh.writing() as connection:
        number = undoing.revert(connection, 3, "li", "a slip of the pen")
        service.discard(connection, number, "wang")
    found = [(e["who"], e["action"], e["object"]) for e in events(fresh, "pinghu")]
    assert found == [
        ("seed", "stage", "changeset/1"),
        ("seed", "publish", "changeset/1"),
        ("seed", "stage", "changeset/2"),
        ("seed", "publish", "changeset/2"),
        ("tester", "stage", "changeset/3"),
        ("tester", "publish", "changeset/3"),
        ("li", "stage", "changeset/4"),
        ("wang", "discard", "changeset/4"),
    ]
    assert all(isinstance(end, audit.Head) for end in verified(fresh))


def test_what_is_undone_leaves_no_row(fresh: Database) -> None:
    with suppress(RuntimeError), fresh.writing() as connection:
        audit.write(connection, "pinghu", "li", "try", "x")
        raise RuntimeError
    assert len(events(fresh, "pinghu")) == 4


@pytest.mark.parametrize(
    "value",
    ["\0", "\ud800",  "\r\n\x1b[31m‮", 1.5, 1e300, float("nan"), 2**70, None, True,
     [1, {"a": [None]}], "平湖", {1: 2}],
    ids=repr,
)  # fmt: skip
def test_H344_whatever_is_noted_holds_when_it_is_read_again(fresh: Database, value: object) -> None:
    with fresh.writing() as connection:
        audit.write(connection, "pinghu", str(value), "try", str(value), {"value": value}, reason=str(value))
    assert [type(end) for end in verified(fresh)] == [audit.Head]


# ---------------------------------------------------------------- nobody rewrites it

TAMPERING = [
    "update event_log set who = 'nobody' where n = 2",
    "update event_log set detail = detail || '{\"x\": 1}' where n = 2",
    "update event_log set at = at + interval '1 microsecond' where n = 2",
    "update event_log set role = 'admin' where n = 2",
    "update event_log set hash = repeat('0', 64) where n = 2",
    "delete from event_log where n = 2",
    "update event_log set n = n + 10 where n = 3",
    "delete from event_log where n = 1",
]


@pytest.mark.parametrize(
    "statement", ["update event_log set who = 'x'", "delete from event_log", "truncate event_log"]
)
def test_H343_H346_not_even_the_owner_rewrites_it_by_the_way(seeded_url: str, statement: str) -> None:
    with (
        psycopg.connect(seeded_url.replace("postgresql+psycopg", "postgresql")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="only ever added to"),
    ):
        connection.execute(statement)


def test_H343_the_service_may_not_change_its_log(fresh: Database) -> None:
    for statement in (*TAMPERING[:1], "delete from event_log", "alter table event_log disable trigger all"):
        with pytest.raises(DBAPIError), fresh.writing() as connection:
            connection.execute(text(statement))


def _tamper(url: str, statement: str) -> None:
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as connection:
        connection.execute("alter table event_log disable trigger user")
        connection.execute(statement)
        connection.execute("alter table event_log enable trigger user")


@pytest.mark.parametrize("statement", TAMPERING)
def test_H343_what_somebody_rewrote_all_the_same_is_found(seeded_url: str, statement: str) -> None:
    _tamper(seeded_url, statement)
    database = Database(seeded_url)
    try:
        (end,) = verified(database)
    finally:
        database.close()
    assert isinstance(end, audit.Broken)
    assert (end.area_id, end.n) == ("pinghu", 1 if "n = 1" in statement else 3 if "n = 3" in statement else 2)


def test_H343_the_command_tells_the_first_broken_link(seeded_url: str) -> None:
    good = guatu(seeded_url, "audit", "verify")
    assert good.returncode == 0
    head = good.stdout.strip().removeprefix("holds: ")
    assert head.startswith("pinghu:4:")
    assert guatu(seeded_url, "audit", "verify", "--known", head).returncode == 0
    # An end that was cut off leaves a chain that holds; whoever kept its head finds out.
    _tamper(seeded_url, "delete from event_log where n = 4")
    assert guatu(seeded_url, "audit", "verify").returncode == 0
    cut = guatu(seeded_url, "audit", "verify", "--known", head)
    assert cut.returncode == 1
    assert "is not in the log any more" in cut.stderr
    _tamper(seeded_url, "update event_log set who = 'nobody' where n = 2")
    broken = guatu(seeded_url, "audit", "verify")
    assert broken.returncode == 1
    assert "pinghu at link 2: what it says was changed" in broken.stderr
    assert guatu(seeded_url, "audit", "verify", "--known", "x").returncode == 1


def test_writers_at_once_make_one_chain(fresh: Database) -> None:
    other = Database(fresh.url)
    failed: list[BaseException] = []

    def write(database: Database, who: str) -> None:
        try:
            for n in range(20):
                with database.writing() as connection:
                    audit.write(connection, audit.EVERYWHERE, who, "try", str(n))
        except BaseException as error:  # noqa: BLE001 (told below)
            failed.append(error)

    writers = [
        threading.Thread(target=write, args=(database, f"{who}"))
        for who, database in enumerate((fresh, fresh, other, other))
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    other.close()
    assert failed == []
    heads = verified(fresh)
    assert [(end.area_id, end.n) for end in heads if isinstance(end, audit.Head)] == [
        ("*", 80),
        ("pinghu", 4),
    ]


def test_rows_from_before_the_chain_are_bound_by_the_migration(seeded_url: str) -> None:
    command.downgrade(alembic_config(seeded_url), "0002")
    migrate_to_head(seeded_url)
    database = Database(seeded_url)
    try:
        add(database, "li", "gis")
        change_project(database, "fuan-east-road", name_en="Renamed")
        (end,) = verified(database)
    finally:
        database.close()
    assert isinstance(end, audit.Head)
    assert end.n == 6
