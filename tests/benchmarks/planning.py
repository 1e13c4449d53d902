"""A planner's questions over as many projects as a city has, against the bare SQL of those they are about."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import psycopg
from fastapi.testclient import TestClient

from app.database import Database
from app.main import create_app
from app.settings import Settings
from tests.many import publish_parcels

# As many as the field of tests.many holds inside the area.
COUNT, ROUNDS, MOST_S = 18_000, 5, 3.0
RAW_ATTENTION = """
select p.id, k.* from claim k join project p on p.no = k.project_no
where k.withdrawn_rev is null and k.commitment < 6 and k.latest is not null
  and k.property like 'milestone:%'
"""
RAW_BETWEEN = """
select p.id, s.phase from phase_span s join project p on p.no = s.project_no
where not s.promised and s.known_to is null and s.day_from > %s and s.day_from <= %s
"""
RAW_SAID = """
select k.* from claim k
where k.said_latest > %s and k.said_latest <= %s and k.withdrawn_rev is null
"""
YEARS = ("2014-12-31", "2019-12-31")


def _seconds(work: Callable[[], object]) -> float:
    work()
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def _told(what: str, ours: float, other: str, theirs: float) -> None:
    print(
        f"{what:<38} {ours:6.2f} s (asked: {MOST_S:.0f} s)   {other:<34} {theirs:6.3f} s   "
        f"ratio {ours / theirs:5.1f}"
    )


def run(url: str) -> None:
    database = Database(url)
    publish_parcels(database, COUNT)
    with (
        TestClient(create_app(Settings(), database)) as client,
        psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as connection,
    ):
        connection.execute("analyze")
        print(f"{COUNT:,} parcels with promises and phases")

        def ask(address: str) -> Callable[[], object]:
            return lambda: client.get(address).raise_for_status().content

        def raw(statement: str, days: tuple[str, ...] = ()) -> float:
            return _seconds(lambda: connection.execute(statement.encode(), days or None).fetchall())

        first, last = YEARS
        promised = "the promises by SQL"
        _told("what to look at first", _seconds(ask("/api/attention")), promised, raw(RAW_ATTENTION))
        _told(
            "five years compared",
            _seconds(ask(f"/api/compare?from={first}&to={last}")),
            "the spans that begin in them by SQL",
            raw(RAW_BETWEEN, YEARS),
        )
        _told(
            "the same as known on two days",
            _seconds(ask(f"/api/compare?from={first}&to={last}&by=known")),
            "the claims said in them by SQL",
            raw(RAW_SAID, YEARS),
        )
    database.close()
