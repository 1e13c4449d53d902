"""The commands as a person runs them, and what is left when they are killed."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import text

from app.access import service as access
from app.changesets import service
from app.cli import migrate_to_head, seed_if_empty
from app.commands import first_start
from app.database import Database
from app.embedded.cluster import Cluster
from app.embedded.throwaway import throwaway
from geodata.changes import Change
from geodata.geometry import to_geojson
from tests.app.test_changesets import project
from tests.many import square
from tests.serving import ROOT, serving, start, stop

MANY = 1500
PUBLISH = """
import sys
from app.changesets import service
from app.database import Database
database = Database(sys.argv[1])
with database.writing() as connection:
    print("begin", flush=True)
    service.publish(connection, int(sys.argv[2]), "tester")
print("published", flush=True)
"""


def guatu(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GUATU_")}
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *arguments],
        cwd=ROOT,
        env={**environment, "GUATU_DATABASE_URL": url, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_serve_loads_an_empty_database_and_stops_cleanly(tmp_path: Path, empty_url: str) -> None:
    served = start(tmp_path, GUATU_DATABASE_URL=empty_url)
    answer = httpx2.get(f"{served.address}/api/catalogue")
    assert answer.status_code == 200
    assert answer.json()["revision"] == 2
    assert httpx2.get(f"{served.address}/readyz").json()["status"] == "ready"
    assert stop(served) == 0
    assert "Traceback" not in served.text()
    with serving(tmp_path, GUATU_DATABASE_URL=empty_url) as again:
        assert httpx2.get(f"{again.address}/api/catalogue").json()["revision"] == 2


def test_H299_a_restart_under_load_refuses_and_breaks_nothing(tmp_path: Path, seeded_url: str) -> None:
    """Four ask without pause while the service ends and another takes its port: each is answered whole, or
    finds nobody; nobody gets half an answer or an error."""
    served = start(tmp_path, GUATU_DATABASE_URL=seeded_url)
    port = int(served.address.rpartition(":")[2])
    ended = threading.Event()
    good: list[str] = []
    wrong: list[str] = []

    def ask() -> None:
        while not ended.is_set():
            begun = False
            try:
                # A connection of its own each time: nobody may know of one that is about to be closed.
                with httpx2.stream("GET", f"{served.address}/api/projects?limit=20", timeout=20) as answer:
                    begun = True
                    answer.read()
            except httpx2.ConnectError:
                time.sleep(0.02)
                continue
            except httpx2.HTTPError as error:
                # Who waits in the queue of the kernel when it is closed is turned away unheard.
                if begun or "reset by peer" not in str(error):
                    wrong.append(repr(error))
                continue
            whole = answer.status_code == 200 and answer.json()["numberReturned"] == 20
            (good if whole else wrong).append(str(answer.status_code))
            time.sleep(0.05)

    people = [threading.Thread(target=ask) for _ in range(4)]
    for person in people:
        person.start()
    patience = time.monotonic() + 30
    while len(good) <= 10 and not wrong and time.monotonic() < patience:
        time.sleep(0.05)
    before, began = len(good), time.monotonic()
    code = stop(served, signal.SIGTERM)
    took = time.monotonic() - began
    again = start(tmp_path, port, GUATU_DATABASE_URL=seeded_url)
    patience = time.monotonic() + 30
    while len(good) <= before + 10 and not wrong and time.monotonic() < patience:
        time.sleep(0.05)
    ended.set()
    for person in people:
        person.join()
    assert stop(again) == 0
    assert code in (0, -signal.SIGTERM)
    assert took < 30
    assert wrong == []
    assert before > 10
    assert len(good) > before + 10


def test_an_occupied_port_is_told_in_words(tmp_path: Path, seeded_url: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(RuntimeError) as caught:
            start(tmp_path, port=port, GUATU_DATABASE_URL=seeded_url)
    said = str(caught.value)
    assert f"Port {port} is in use" in said
    assert f"端口 {port} 已被占用" in said
    assert f"GUATU_PORT={port + 1}" in said
    assert "Traceback" not in said


def test_a_database_that_is_not_there_is_told_in_words(tmp_path: Path) -> None:
    answer = guatu(f"postgresql+psycopg://guatu@/guatu?host={tmp_path}", "rebuild")
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    assert "guatu:" in answer.stderr


def test_list_undo_and_rebuild_from_the_command_line(seeded_url: str) -> None:
    listed = guatu(seeded_url, "changesets")
    assert "其他来源的说法" in listed.stdout
    undone = guatu(seeded_url, "revert", "2", "--reason", "try", "--publish")
    assert "Published as revision 3" in undone.stdout
    rebuilt = guatu(seeded_url, "rebuild")
    assert "126 projects" in rebuilt.stdout
    again = guatu(seeded_url, "revert", "99", "--reason", "try")
    assert again.returncode == 1
    assert "no changeset 99" in again.stderr


def test_a_staged_undo_is_published_by_its_number(seeded_url: str) -> None:
    staged = guatu(seeded_url, "revert", "2", "--reason", "try")
    assert "./guatu publish 3" in staged.stdout
    assert "Published as revision 3" in guatu(seeded_url, "publish", "3").stdout
    assert guatu(seeded_url, "publish", "3").returncode == 1


# ---------------------------------------------------------------- kill -9


def _staged_many(url: str) -> int:
    """A changeset large enough to be caught in the middle."""
    changes = [
        Change("add", f"many-{n}", after=project(f"many-{n}", precision="unlocated")) for n in range(MANY)
    ]
    database = Database(url)
    try:
        with database.writing() as connection:
            return service.stage(
                connection, "pinghu", changes, kind="edit", title_zh="多", title_en="Many", who="tester"
            )
    finally:
        database.close()


def _assert_all_or_nothing(url: str, number: int) -> bool:
    """Whether it was published; either way wholly."""
    database = Database(url)
    try:
        with database.writing() as connection:
            state = connection.execute(
                text("select state from changeset where id = :n"), {"n": number}
            ).scalar_one()
            there = connection.execute(
                text("select count(*) from project where id like 'many-%'")
            ).scalar_one()
            revision = connection.execute(text("select revision from area")).scalar_one()
    finally:
        database.close()
    assert (state, there, revision) in (("published", MANY, 3), ("staged", 0, 2))
    return bool(state == "published")


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[Cluster]:
    """A durable server of this module's own, because it is killed."""
    with throwaway(fast=False) as cluster:
        yield cluster


@pytest.mark.parametrize("victim", ["publisher", "backend", "server"])
@pytest.mark.parametrize("after_s", [0.0, 0.2, 0.6])
def test_kill_9_while_publishing_leaves_all_or_nothing(
    own_cluster: Cluster, victim: str, after_s: float
) -> None:
    name = f"kill_{victim}_{int(after_s * 10)}"
    own_cluster.create_database(name)
    url = own_cluster.url(name)
    migrate_to_head(url)
    database = Database(url)
    seed_if_empty(database, "pinghu")
    database.close()
    number = _staged_many(url)
    publisher = subprocess.Popen(
        [sys.executable, "-c", PUBLISH, url, str(number)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert publisher.stdout is not None
    assert publisher.stdout.readline() == "begin\n"
    time.sleep(after_s)
    _kill(victim, own_cluster, publisher, name)
    publisher.communicate(timeout=60)
    own_cluster.ensure()
    if _assert_all_or_nothing(url, number):
        return
    # Nothing was published; the same changeset can be, as if nothing had been.
    again = Database(url)
    with again.writing() as connection:
        assert service.publish(connection, number, "tester") == 3
    again.close()
    assert _assert_all_or_nothing(url, number)


def _kill(victim: str, cluster: Cluster, publisher: subprocess.Popen[str], database: str) -> None:
    if victim == "publisher":
        publisher.kill()
    elif victim == "server":
        assert cluster.pid is not None
        os.kill(cluster.pid, signal.SIGKILL)
    else:
        found = cluster.query(
            f"select pid from pg_stat_activity where datname = '{database}' and state <> 'idle' limit 1"
        )
        if found:
            os.kill(int(found), signal.SIGKILL)


# ---------------------------------------------------------------- accounts


def told(url: str, password: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command that reads a password."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GUATU_")}
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *arguments, "--password-stdin"],
        cwd=ROOT,
        env={**environment, "GUATU_DATABASE_URL": url, "COLUMNS": "200"},
        input=password + "\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def parcel_file(path: Path, **said: str) -> Path:
    feature = {
        "type": "Feature",
        "properties": {"编号": "CL-1", "名称": "命令行地块", **said},
        "geometry": to_geojson(square(0)),
    }
    content = {"type": "FeatureCollection", "features": [feature]}
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return path


def test_a_file_is_brought_and_published_from_the_command_line(tmp_path: Path, seeded_url: str) -> None:
    path = parcel_file(tmp_path / "parcels.geojson")
    asked = ("upload", str(path), "--kind", "parcel", "--dataset", "bureau", "--data-date", "2026-01-01")
    done = guatu(seeded_url, *asked, "--precision", "surveyed", "--publish", "--reason", "survey of 2026")
    assert done.returncode == 0, done.stderr
    assert "Published as revision 3." in done.stdout
    database = Database(seeded_url)
    with database.writing() as connection:
        row = connection.execute(text("select precision, external_key from project where dataset = 'bureau'"))
        assert row.one() == ("surveyed", "CL-1")
    database.close()
    again = guatu(seeded_url, *asked, "--precision", "surveyed")
    assert re.search(r"same\W+1\b", again.stdout), again.stdout


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--kind", "castle"), "There is no kind 'castle'"),
        (("--kind", "parcel", "--precision", "exact"), "There is no precision 'exact'; there are: surveyed"),
        (("--kind", "parcel", "--publish"), "Publishing needs a reason"),
        (("--kind", "ledger", "--mode", "replace"), "cannot replace"),
        (("--kind", "ledger"), "The file is refused"),
        (("--kind", "parcel", "--crs", "EPSG:4547"), "--crs could be"),
    ],
)
def test_what_the_command_line_cannot_bring_is_told_in_words(
    tmp_path: Path, seeded_url: str, more: tuple[str, ...], told: str
) -> None:
    path = parcel_file(tmp_path / "parcels.geojson")
    done = guatu(seeded_url, "upload", str(path), "--dataset", "bureau", *more)
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_accounts_and_tokens_from_the_command_line(seeded_url: str) -> None:
    made = told(seeded_url, "rain on a tin roof", "account", "add", "Li.Wei", "--role", "gis")
    assert made.stdout.strip() == "Account li.wei (gis) is made."
    weak = told(seeded_url, "pinghu2026", "account", "add", "wang", "--role", "admin")
    assert weak.returncode == 1
    assert "must not be the account's name" in weak.stderr
    assert "密码不能只是" in weak.stderr
    listed = guatu(seeded_url, "account", "list").stdout
    assert "li.wei" in listed
    token = guatu(seeded_url, "token", "add", "li.wei", "--name", "QGIS", "--days", "3").stdout
    assert "guatu_" in token
    assert "QGIS" in guatu(seeded_url, "token", "list").stdout
    assert "revoked" in guatu(seeded_url, "token", "revoke", "1").stdout
    for command in (
        ("role", "li.wei", "planner"),
        ("disable", "li.wei"),
        ("enable", "li.wei"),
        ("sessions", "li.wei"),
    ):
        done = guatu(seeded_url, "account", *command)
        assert done.returncode == 0, done.stderr
    assert guatu(seeded_url, "account", "disable", "nobody").returncode == 1
    assert told(seeded_url, "a quiet canal at noon", "account", "password", "li.wei").returncode == 0
    link = guatu(seeded_url, "account", "link", "li.wei").stdout
    assert "30 minutes" in link
    assert "/signin#link=" in link
    assert guatu(seeded_url, "audit", "verify").returncode == 0


def test_H320_the_first_start_makes_an_administrator_once(
    empty: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first_start.welcome(empty, embedded=True, folder=tmp_path)
    kept = tmp_path / "first-administrator.txt"
    assert kept.stat().st_mode & 0o777 == 0o600
    name, password = kept.read_text(encoding="utf-8").split()
    assert password in capsys.readouterr().out
    assert access.sign_in(empty, name, password, address="").who.role == "admin"
    first_start.welcome(empty, embedded=True, folder=tmp_path)
    assert capsys.readouterr().out == ""


def test_H320_a_database_of_ones_own_lets_nobody_in_unasked(
    empty: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first_start.welcome(empty, embedded=False, folder=tmp_path)
    assert "guatu account add NAME --role admin" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []
    with empty.writing() as connection:
        assert access.accounts(connection) == []
