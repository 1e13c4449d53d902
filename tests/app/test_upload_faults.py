"""What is killed, stopped or full while a file is on its way: nothing by halves, told in words, and going on
by itself within ten seconds. What waits is waited for side by side."""

from __future__ import annotations

import os
import resource
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2 as httpx
import psycopg
import pytest
from sqlalchemy import text

from app.access import cookies
from app.cli import migrate_to_head, seed_if_empty
from app.database import Database
from app.embedded.cluster import Cluster
from app.embedded.throwaway import throwaway
from app.silence import ASK_S, CONNECT_TIMEOUT_S
from tests.app import signed
from tests.app.asking import assert_problem
from tests.app.bringing import (
    Json,
    Office,
    bring,
    collection,
    frozen,
    left,
    own_temporary_folder,
    parcel,
    processes,
    service_of,
    wait_for,
)
from tests.conftest import SEEDED, opened
from tests.serving import Served, serving, start

RECOVERY_S = 10.0
ROWS = 60
CONTENT = collection(*(parcel(n) for n in range(ROWS)))
TIMES = 3


def until(what: Callable[[], Any], seconds: float = 30) -> Any:
    """What is found, once something is."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.02)
    raise AssertionError(f"nothing within {seconds} s")


def scalar(database: Database, query: str) -> Any:
    with database.writing() as connection:
        return connection.execute(text(query)).scalar_one_or_none()


def seen(database: Database, query: str) -> Any:
    """As the owner, who sees what other connections wait for."""
    with psycopg.connect(plain(database)) as connection:
        row = connection.execute(query.encode()).fetchone()
        return row and row[0]


WAITING = (
    "select max(pid) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
)


def plain(database: Database) -> str:
    return database.url.replace("postgresql+psycopg", "postgresql")


def assert_whole(database: Database, upload: Json) -> None:
    """The upload is staged once, with all of its rows, and nothing else is staged."""
    assert upload["state"] == "staged"
    number = upload["changeset"]
    query = "select string_agg(id::text, ',') from changeset where kind = 'upload'"
    assert scalar(database, query) == str(number)
    assert (
        scalar(database, f"select count(*) from change where changeset_id = {number} and op = 'add'") == ROWS
    )
    assert scalar(database, "select count(*) from change join changeset on id = changeset_id"
                            " where kind = 'upload' and state <> 'staged'") == 0  # fmt: skip
    # Its process says so a moment after what it did is there.
    until(lambda: scalar(database, "select string_agg(distinct state, ',') from job") == "finished")


# ---------------------------------------------------------------- the process that does the job (H287)


@dataclass
class Held:
    """A job that stands still at a stage until it is let go. act: holds it, and lets go when it is left."""

    name: str
    act: Callable[[Database], Any]


@contextmanager
def child_stopped(database: Database) -> Iterator[Callable[[], bool]]:
    """The reading process is stopped as soon as it is there."""
    stopped: list[int] = []

    def reached() -> bool:
        for job in processes("app.work", database.url):
            for child in processes("app.uploads.child", parent=job):
                os.kill(child, signal.SIGSTOP)
                stopped.append(child)
        return bool(stopped)

    try:
        yield reached
    finally:
        for child in stopped:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)


def table_locked(table: str, mode: str) -> Callable[[Database], Any]:
    @contextmanager
    def lock(database: Database) -> Iterator[Callable[[], bool]]:
        with psycopg.connect(plain(database)) as connection:
            connection.execute(f"lock table {table} in {mode} mode")
            mine = connection.info.backend_pid

            def reached() -> bool:
                query = f"select count(*) from pg_stat_activity where {mine} = any(pg_blocking_pids(pid))"
                return bool(seen(database, query))

            yield reached

    return lock


STAGES = [
    Held("reading", child_stopped),
    Held("comparing", table_locked("alias", "access exclusive")),
    Held("staging", table_locked("changeset", "share row exclusive")),
    Held("copying", table_locked("change", "exclusive")),
]


@contextmanager
def office_of_its_own(number: int) -> Iterator[Office]:
    with opened(SEEDED) as database, service_of(database) as client:
        office = Office(client, database)
        office.enter(f"gis-{number}")
        # What the framework makes of a route at its first request, it does not make twice at once.
        assert client.post("/api/uploads").status_code in (400, 422)
        yield office


def killed_while(office: Office, held: Held) -> list[float]:
    """Kill the process of jobs at a stage, three times. Returns how long until another was at the job."""
    found = []
    for _ in range(TIMES):
        clear(office.database)
        answers: list[httpx.Response] = []
        sender = threading.Thread(target=sending(office, answers, "断"))
        with held.act(office.database) as reached:
            sender.start()
            until(reached)
            killed = set(processes("app.work", office.database.url))
            for job in killed:
                os.kill(job, signal.SIGKILL)
            began = time.monotonic()
        until(lambda: scalar(office.database, "select max(attempts) from job") == 2)
        found.append(time.monotonic() - began)
        sender.join()
        assert answers[0].status_code == 201, answers[0].text
        assert_whole(office.database, answers[0].json())
        assert killed
        assert not killed & set(processes("app.work", office.database.url))
    return found


def sending(office: Office, answers: list[httpx.Response], dataset: str) -> Callable[[], None]:
    def send() -> None:
        answers.append(office.send(CONTENT, dataset=dataset))

    return send


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with own_temporary_folder(tmp_path, monkeypatch.setenv) as folder:
        yield folder


def test_H287_a_killed_job_is_done_by_another(temporary: Path) -> None:
    """At every stage, three times."""
    with ExitStack() as stack:
        offices = [stack.enter_context(office_of_its_own(n)) for n in range(len(STAGES))]
        # Two at a time: that many processes start at once on two cores without waiting for each other.
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(killed_while, offices, STAGES))
        assert max(silence for silences in found for silence in silences) <= RECOVERY_S, found
        assert list(temporary.glob("guatu-reading-*")) == []


def test_a_job_that_dies_again_and_again_is_given_up_and_blocks_nobody(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third death is the last; the dataset is free again and the file is gone."""
    with office_of_its_own(0) as office:
        deaths = 0
        answers: list[httpx.Response] = []
        sender = threading.Thread(target=sending(office, answers, "总死"))
        sender.start()
        ended = time.monotonic() + 60
        while sender.is_alive() and time.monotonic() < ended:
            for worker in processes("app.work", office.database.url):
                if processes("app.uploads.child", parent=worker):
                    os.kill(worker, signal.SIGKILL)
                    deaths += 1
                    # What is claimed is silent at once: the test need not wait for it.
                    age(office.database)
            time.sleep(0.02)
        sender.join()
        upload = office.client.get("/api/uploads").json()["uploads"][0]
        if answers[0].status_code == 503:
            assert_problem(answers[0], 503, "interrupted")
        else:
            wait_for_end(office, upload["id"])
        assert deaths == 3
        assert office.client.get(f"/api/uploads/{upload['id']}").json()["state"] == "interrupted"
        assert scalar(office.database, "select count(*) from upload_piece") == 0
        assert scalar(office.database, "select count(*) from changeset where kind = 'upload'") == 0
        assert office.send(CONTENT, dataset="总死").status_code == 201


def age(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(
            text("update job set heartbeat_at = now() - interval '1 minute' where state = 'running'")
        )


def wait_for_end(office: Office, upload: int) -> Json:
    return wait_for(office.client, f"/api/uploads/{upload}")


# ---------------------------------------------------------------- no room (H291, H292)


def test_H291_a_full_disk_of_the_database_is_told_and_nothing_is_kept(temporary: Path) -> None:
    """The server's own answer when a write finds no room, SQLSTATE 53100, at each table that is written."""
    with office_of_its_own(0) as office:
        office.send(collection(parcel(99)))
        for table in ("upload_piece", "changeset", "change", "upload"):
            full(office.database, table)
            before = left(office.database)
            answer = office.send(CONTENT, dataset=f"满 {table}")
            body = assert_problem(answer, 507, "storage-full")
            assert "空间" in body["detail_zh"]
            assert office.client.get("/api/projects?limit=1").status_code == 200
            with psycopg.connect(plain(office.database)) as connection:
                connection.execute(f"drop trigger full_disk on {table}".encode())
            assert left(office.database) == before, table
            assert scalar(office.database, "select count(*) from upload where state = 'checking'") == 0
            began = time.monotonic()
            assert office.send(CONTENT, dataset=f"满 {table}").status_code == 201
            assert time.monotonic() - began < RECOVERY_S


def full(database: Database, table: str) -> None:
    """From now on the server finds no room for what is written to this table; of uploads, for a report."""
    event = "update of report" if table == "upload" else "insert"
    with psycopg.connect(plain(database)) as connection:
        connection.execute(
            "create or replace function full_disk() returns trigger language plpgsql as $$ begin"
            " raise exception 'could not extend file: No space left on device' using errcode = 'disk_full';"
            " end $$"
        )
        trigger = (
            f"create trigger full_disk before {event} on {table} for each row execute function full_disk()"
        )
        connection.execute(trigger.encode())


@contextmanager
def browser(served: Served, database: Database, account: str) -> Iterator[httpx.Client]:
    """GIS staff at the real service."""
    with database.writing() as connection:
        known = connection.execute(text("select count(*) from account where name = :n"), {"n": account})
        is_new = known.scalar_one() == 0
    if is_new:
        signed.add(database, account, "gis")
    near = signed.browser(database)
    signed.enter(near, database, account)
    with httpx.Client(base_url=served.address, timeout=60) as client:
        client.headers.update({"X-Guatu": "1", "Origin": served.address})
        client.cookies.set(cookies.PLAIN, near.cookies[cookies.PLAIN])
        yield client


@pytest.mark.parametrize("size", [300_000, 3_000_000], ids=["kept-by-the-job", "kept-while-it-comes"])
def test_H292_a_full_disk_of_temporary_files_is_told(tmp_path: Path, size: int) -> None:
    """A limit on the size of files stands for the disk: what is written fails as it does there."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    padding = "x" * 9_000
    rows = [parcel(n, 备注=padding) for n in range(size // 9_000)]
    with (
        opened(SEEDED) as database,
        serving(tmp_path, **served_at(database, temporary)) as served,
        browser(served, database, "full") as client,
    ):
        for again in range(TIMES):
            limit_files(served, database, 100_000)
            answer = bring(client, collection(*rows), dataset=f"满{again}")
            body = assert_problem(answer, 507, "storage-full")
            assert "空间" in body["detail_zh"]
            assert list(temporary.iterdir()) == []
            assert client.get("/api/projects?limit=1").status_code == 200
            assert scalar(database, "select count(*) from upload_piece") == 0 or again
            limit_files(served, database, resource.RLIM_INFINITY)
            began = time.monotonic()
            good = bring(client, collection(*rows[:3]), dataset=f"满{again}")
            assert good.status_code == 201, good.text
            assert time.monotonic() - began < RECOVERY_S


def served_at(database: Database, temporary: Path) -> dict[str, str]:
    return {"GUATU_DATABASE_URL": database.url, "TMPDIR": str(temporary)}


def limit_files(served: Served, database: Database, size: int) -> None:
    """No file of the service, or of its process of jobs, grows beyond this."""
    for process in (served.process.pid, *processes("app.work", database.url)):
        _, hard = resource.prlimit(process, resource.RLIMIT_FSIZE)
        resource.prlimit(process, resource.RLIMIT_FSIZE, (size, hard))


# ---------------------------------------------------------------- the web process (H285)


def half_a_form(served: Served, client: httpx.Client, content: bytes) -> socket.socket:
    """A connection on which half of an upload was sent."""
    host, port = served.address.removeprefix("http://").split(":")
    body = (
        b'--b\r\nContent-Disposition: form-data; name="kind"\r\n\r\nparcel\r\n'
        b'--b\r\nContent-Disposition: form-data; name="dataset"\r\n\r\nhalf\r\n'
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.geojson"\r\n\r\n'
        + content
        + b"\r\n--b--\r\n"
    )
    head = (
        f"POST /api/uploads HTTP/1.1\r\nHost: {host}:{port}\r\nX-Guatu: 1\r\nOrigin: {served.address}\r\n"
        f"Cookie: {cookies.PLAIN}={client.cookies[cookies.PLAIN]}\r\nContent-Length: {len(body)}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    ).encode()
    connection = socket.create_connection((host, int(port)), 10)
    connection.sendall(head + body[: len(body) // 2])
    return connection


def test_H255_H285_what_did_not_arrive_leaves_nothing(tmp_path: Path) -> None:
    """The browser goes away, then the service is killed, in the middle of a file of 6 MB."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    content = b" " * 6_000_000
    with opened(SEEDED) as database:
        before = left(database)
        for _ in range(TIMES):
            served = start(tmp_path, 0, **served_at(database, temporary))
            with browser(served, database, "half") as client:
                half_a_form(served, client, content).close()
                with half_a_form(served, client, content):
                    time.sleep(0.2)
                    served.process.kill()
                    served.process.wait()
        with (
            serving(tmp_path, **served_at(database, temporary)) as served,
            browser(served, database, "half") as client,
        ):
            assert bring(client, b"{", dataset="half").status_code == 422
        assert left(database).tables == before.tables
        assert list(temporary.iterdir()) == []
        assert scalar(database, "select count(*) from upload") == 1


def test_H285_what_did_arrive_is_taken_up_after_a_restart(tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with opened(SEEDED) as database:
        served = start(tmp_path, 0, **served_at(database, temporary))
        with browser(served, database, "late") as client, psycopg.connect(plain(database)) as lock:
            lock.execute("lock table change in exclusive mode")
            sender = threading.Thread(target=ignoring_resets, args=(client, CONTENT))
            sender.start()
            until(lambda: seen(database, WAITING))
            served.process.kill()
            served.process.wait()
            sender.join()
        until(lambda: not processes("app.work", database.url), 5)
        assert scalar(database, "select count(*) from changeset where kind = 'upload'") == 0
        with (
            serving(tmp_path, **served_at(database, temporary)) as served,
            browser(served, database, "late") as client,
        ):
            began = time.monotonic()
            upload = wait_for(client, f"/api/uploads/{scalar(database, 'select max(id) from upload')}")
            assert time.monotonic() - began < RECOVERY_S
        assert_whole(database, upload)
        assert list(temporary.iterdir()) == []


def ignoring_resets(client: httpx.Client, content: bytes) -> None:
    with suppress(httpx.HTTPError):
        bring(client, content, dataset="断")


# ---------------------------------------------------------------- the database (H288, H289, H290)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A server of its own: others must not feel what happens to it."""
    with throwaway() as found:
        yield found


@pytest.fixture
def shaken(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A service on the server that is shaken."""
    cluster.create_database("shaken")
    url = cluster.url("shaken")
    migrate_to_head(url)
    database = Database(url)
    seed_if_empty(database, "pinghu")
    with own_temporary_folder(tmp_path, monkeypatch.setenv), service_of(database) as client:
        office = Office(client, database)
        office.enter("gis")
        yield office
    database.close()
    cluster.drop_database("shaken")


def interrupted_by(office: Office, shake: Callable[[], None], times: int = TIMES) -> None:
    """Again and again a file is being staged when the database goes away, and is staged nevertheless."""
    for again in range(times):
        clear(office.database)
        answers: list[httpx.Response] = []
        name = f"震 {again}"
        sender = threading.Thread(target=sending(office, answers, name))
        with closing(psycopg.connect(plain(office.database))) as lock:
            lock.execute("lock table change in exclusive mode")
            sender.start()
            until(lambda: seen(office.database, WAITING))
            shake()
            began = time.monotonic()
        until(lambda: office.client.get("/readyz").status_code == 200, RECOVERY_S)
        assert office.client.get("/api/projects?limit=1").status_code == 200
        sender.join()
        if answers[0].status_code != 201:
            assert_problem(answers[0], 503, "database-unavailable")
            assert int(answers[0].headers["retry-after"]) > 0
        upload = wait_for_end(office, scalar(office.database, "select max(id) from upload"))
        assert time.monotonic() - began < 1.5 * RECOVERY_S
        assert_whole(office.database, upload)


def clear(database: Database) -> None:
    """As if no file had come yet."""
    with psycopg.connect(plain(database)) as connection:
        connection.execute("truncate upload_piece, kept_answer, job")
        connection.execute("update upload set changeset_id = null")
        connection.execute(
            "delete from change where changeset_id in (select id from changeset where kind = 'upload')"
        )
        connection.execute("delete from upload")
        connection.execute("delete from changeset where kind = 'upload'")


def test_H288_a_killed_backend_of_the_database(shaken: Office) -> None:
    def kill() -> None:
        os.kill(seen(shaken.database, WAITING), signal.SIGKILL)

    interrupted_by(shaken, kill)


def test_H289_the_database_stops_at_once_and_starts(shaken: Office, cluster: Cluster) -> None:
    def stop_and_start() -> None:
        pid = cluster.pid
        assert pid is not None
        os.kill(pid, signal.SIGQUIT)
        until(lambda: not Path(f"/proc/{pid}").exists())
        assert_problem(shaken.client.get("/api/projects?limit=1"), 503, "database-unavailable")
        assert shaken.client.get("/healthz").status_code == 200
        assert shaken.client.get("/readyz").status_code == 503
        cluster.ensure()

    interrupted_by(shaken, stop_and_start)


def test_H290_the_database_freezes_under_a_job(shaken: Office, cluster: Cluster) -> None:
    """The job's statement, which may be long, is given up, and done again once the database goes on."""

    def freeze() -> None:
        waiting = seen(shaken.database, WAITING)
        with frozen(cluster):
            time.sleep(ASK_S + CONNECT_TIMEOUT_S + 1)
            assert_problem(shaken.client.get("/api/uploads"), 503, "database-unavailable")
        # Nobody listens to the one who waited there.
        until(
            lambda: seen(shaken.database, f"select count(*) = 0 from pg_stat_activity where pid = {waiting}")
        )

    interrupted_by(shaken, freeze, times=1)
    assert scalar(shaken.database, "select max(attempts) from job") == 2
