"""In which language a problem is told, to whom as a page, and what is said when the database is gone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack

import psycopg
import pytest
from fastapi.testclient import TestClient

from app.database import Database
from app.main import create_app
from app.settings import Settings
from tests.app.asking import Json, assert_nothing_of_the_inside, assert_problem

WAYS = (
    "/api/projects",
    "/api/projects.csv",
    "/api/timeline",
    "/api/indicators",
    "/api/programmes",
    "/snapshot.html",
)


# ---------------------------------------------------------------- the language of problems


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [
        ({}, None, "zh"),
        ({}, "en", "en"),
        ({}, "en-GB,zh;q=0.5", "en"),
        ({}, "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ({}, "fr,de;q=0.5", "zh"),
        ({"lang": "en"}, "zh", "en"),
        ({"lang": "zh"}, "en", "zh"),
    ],
)
def test_a_problem_follows_lang_then_the_browser_then_chinese(
    client: TestClient, query: dict[str, str], header: str | None, language: str
) -> None:
    headers = {} if header is None else {"Accept-Language": header}
    answer = client.get("/api/projects", params={**query, "limit": "0"}, headers=headers)
    body = assert_problem(answer, 400)
    assert body["detail"] == body[f"detail_{language}"]
    assert answer.headers["content-language"] == language


def test_a_person_who_typed_a_wrong_address_gets_a_page(client: TestClient) -> None:
    asked = {"Accept": "text/html,application/xhtml+xml", "Accept-Language": "zh"}
    answer = client.get("/no-such<script>", headers=asked)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "openapi" not in answer.text
    assert "地图" in answer.text
    assert 'href="/"' in answer.text
    assert "<script" not in answer.text
    assert_problem(client.get("/api/no-such", headers=asked), 404)


# ---------------------------------------------------------------- the database gone


@pytest.fixture
def without_database() -> Iterator[TestClient]:
    dead = Database("postgresql+psycopg://guatu@/guatu?host=/nowhere/at/all")
    with TestClient(create_app(Settings(), dead), raise_server_exceptions=False) as found:
        yield found


@pytest.mark.parametrize(
    "address", [*WAYS, "/api/catalogue", "/api/projects/fuan-east-road", "/tiles.json?kind=metro"]
)
def test_without_a_database_it_says_so_and_when_to_ask_again(
    without_database: TestClient, address: str
) -> None:
    answer = without_database.get(address)
    body = assert_problem(answer, 503, "database-unavailable")
    assert answer.headers["retry-after"] == "5"
    assert "数据没有丢失" in body["detail_zh"]
    assert "no data is lost" in body["detail_en"]


def test_H360_without_a_database_the_process_and_the_page_are_there(without_database: TestClient) -> None:
    assert without_database.get("/healthz").json() == {"status": "ok"}
    ready = without_database.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["database"] == "unavailable"
    assert_nothing_of_the_inside(ready.text)
    assert without_database.get("/api/ground.geojson").status_code == 200


def test_a_question_that_takes_too_long_is_not_called_a_lost_database(fresh: Database) -> None:
    hurried = Database(fresh.url, statement_timeout_s=0.2)
    with (
        psycopg.connect(fresh.url.replace("postgresql+psycopg", "postgresql")) as owner,
        TestClient(create_app(Settings(), hurried), raise_server_exceptions=False) as client,
    ):
        owner.execute("lock table project in access exclusive mode")
        answer = client.get("/api/projects?kind=road")
        body = assert_problem(answer, 503, "timed-out")
        assert "缩小选择" in body["detail_zh"]
        assert answer.headers["retry-after"] == "30"
        owner.rollback()
        assert client.get("/api/projects?kind=road").status_code == 200


def test_H295_when_every_connection_is_taken_it_says_so_in_time(fresh: Database) -> None:
    narrow = Database(fresh.url, pool_size=1)
    with (
        TestClient(create_app(Settings(), narrow), raise_server_exceptions=False) as client,
        ExitStack() as taken,
    ):
        for _ in range(2):  # the pool, and as many again
            taken.enter_context(narrow.reading())
        began = time.monotonic()
        assert_problem(client.get("/api/projects?limit=1"), 503, "database-unavailable")
        assert time.monotonic() - began < 4
        began = time.monotonic()
        assert client.get("/healthz").status_code == 200
        assert time.monotonic() - began < 1
        taken.close()
        assert client.get("/api/projects?limit=1").status_code == 200


def test_H360_without_data_it_says_so(empty: Database) -> None:
    with TestClient(create_app(Settings(), empty), raise_server_exceptions=False) as client:
        for address in (*WAYS, "/api/catalogue", "/api/layers/metro.geojson"):
            body = assert_problem(client.get(address), 503, "not-seeded")
            assert "guatu seed" in body["detail_zh"]
        ready: Json = client.get("/readyz").json()
        assert (ready["status"], ready["database"], ready["seeded"]) == ("not ready", "ok", "no")


def test_after_the_database_dropped_every_connection_the_next_question_is_answered(fresh: Database) -> None:
    with TestClient(create_app(Settings(), fresh), raise_server_exceptions=False) as client:
        assert client.get("/api/projects?limit=1").status_code == 200
        with psycopg.connect(fresh.url.replace("+psycopg", ""), autocommit=True) as owner:
            dropped = owner.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            ).fetchall()
        assert dropped
        assert client.get("/api/projects?limit=1").status_code == 200
