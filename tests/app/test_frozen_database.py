"""A database that stands still: it takes connections and answers nobody, its own limits included."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx2 as httpx
import psycopg
import pytest

from app.cli import migrate_to_head
from app.database import DatabaseUnavailable
from app.embedded.cluster import Cluster
from app.embedded.throwaway import throwaway
from app.silence import AT_REST_S, CONNECT_TIMEOUT_S, GRACE_S
from tests.app.asking import assert_problem
from tests.app.bringing import frozen
from tests.serving import Served, serving

LIMIT_S, POOL = 4, 2
MOST = 2 * POOL
"""The pool holds its connections and as many again."""
SLACK_S = 1.5
RECOVERY_S = 10.0
LIST, ONE = "/api/projects?limit=3", "/api/projects/fuan-east-road"
TILE = "/tiles/pinghu/latest/metro/12/3347/1779.mvt"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A server of its own: others must not feel that it stands still."""
    with throwaway() as found:
        migrate_to_head(found.url())
        yield found


@pytest.fixture(scope="module")
def served(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(
        tmp_path_factory.mktemp("frozen"),
        GUATU_DATABASE_URL=cluster.url(),
        GUATU_POOL_SIZE=str(POOL),
        GUATU_STATEMENT_TIMEOUT_S=str(LIMIT_S),
    ) as found:
        yield found


def timed(client: httpx.Client, address: str) -> tuple[httpx.Response, float]:
    began = time.monotonic()
    answer = client.get(address, follow_redirects=True)
    return answer, time.monotonic() - began


def until_they_wait(address: str, how_many: int) -> None:
    """Until so many statements wait for a lock."""
    end = time.monotonic() + LIMIT_S
    query = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
    with psycopg.connect(address, autocommit=True) as connection:
        while connection.execute(query).fetchone() != (how_many,):
            assert time.monotonic() < end, f"not {how_many} wait"
            time.sleep(0.02)


def test_H290_whoever_asks_a_frozen_database_is_answered_in_time(cluster: Cluster, served: Served) -> None:
    plain = cluster.url().replace("postgresql+psycopg", "postgresql")
    with (
        httpx.Client(base_url=served.address, timeout=60) as client,
        ThreadPoolExecutor(20) as pool,
        psycopg.connect(plain) as lock,
    ):
        for address in (LIST, ONE, TILE):
            assert timed(client, address)[0].status_code == 200, address
        # As many questions run as there are connections for, when the server stands still.
        lock.execute("lock table project in access exclusive mode")
        running = [pool.submit(timed, client, address) for address in (LIST, ONE, LIST, ONE)]
        until_they_wait(plain, MOST)
        with frozen(cluster):
            late = [pool.submit(timed, client, address) for address in 4 * (LIST, ONE, TILE)]
            healthy, took = timed(client, "/healthz")
            assert (healthy.status_code, took < 1) == (200, True)
            found = [one.result() for one in (*running, *late)]
            seconds = [round(took, 1) for _, took in found]
            assert max(seconds[:MOST]) < LIMIT_S + GRACE_S + SLACK_S, seconds
            # The others wait for a connection that is free, then for one that is new.
            assert max(seconds[MOST:]) < 2 * CONNECT_TIMEOUT_S + SLACK_S, seconds
            for answer, _ in found:
                body = assert_problem(answer, 503, "database-unavailable")
                assert answer.headers["retry-after"] == "5"
                assert "没有应答" in body["detail_zh"]
                assert "does not answer" in body["detail_en"]
            ready, took = timed(client, "/readyz")
            assert (ready.status_code, ready.json()["database"]) == (503, "unavailable")
            assert took < CONNECT_TIMEOUT_S + SLACK_S
        lock.rollback()
        assert_recovers(client)


def test_H290_connections_at_rest_are_tried_before_they_are_used(cluster: Cluster, served: Served) -> None:
    with httpx.Client(base_url=served.address, timeout=60) as client, ThreadPoolExecutor(MOST) as pool:
        assert {answer.status_code for answer, _ in pool.map(timed, MOST * [client], MOST * [LIST])} == {200}
        with frozen(cluster):
            for answer, took in pool.map(timed, MOST * [client], (LIST, ONE, TILE, LIST)):
                assert_problem(answer, 503, "database-unavailable")
                assert took < AT_REST_S + CONNECT_TIMEOUT_S + SLACK_S
        assert_recovers(client)


def test_H290_a_command_does_not_wait_for_a_frozen_database(cluster: Cluster) -> None:
    with frozen(cluster):
        began = time.monotonic()
        with pytest.raises(DatabaseUnavailable):
            migrate_to_head(cluster.url())
        assert time.monotonic() - began < CONNECT_TIMEOUT_S + SLACK_S
    migrate_to_head(cluster.url())


def assert_recovers(client: httpx.Client) -> None:
    thawed = time.monotonic()
    while client.get("/readyz").status_code != 200:
        assert time.monotonic() - thawed < RECOVERY_S
        time.sleep(0.1)
    for address in (LIST, ONE, TILE):
        assert timed(client, address)[0].status_code == 200, address
    assert time.monotonic() - thawed < RECOVERY_S
