"""Runs every benchmark, or those named, on a throw-away server and prints the ratios."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date

import psycopg
from fastapi.testclient import TestClient

from app.cli import migrate_to_head, seed_if_empty
from app.database import Database
from app.embedded.throwaway import throwaway
from app.main import create_app
from app.settings import Settings
from geodata.kinds import load_kinds
from geodata.phases import phases_text, state
from tests.benchmarks import bringing, browser, exporting, huge, planning
from tests.phase_cases import any_kind, cases, claims

ROUNDS = 30
TILE = (12, 3346, 1783)
RAW_TILE = """
select st_asmvt(t, 'metro', 4096, 'geom') from (
    select no, id, name_zh, name_en, precision, phases,
           st_asmvtgeom(st_transform(geom, 3857), st_tileenvelope(%s, %s, %s), 4096, 64, true) as geom
    from project where kind = 'metro' and removed_rev is null
      and geom && st_transform(st_tileenvelope(%s, %s, %s), 4326) offset 0) t
"""
RAW_NEAR = """
select p.*, st_asgeojson(p.geom, 7), st_distance(p.geom::geography, here.geom::geography)
from project p, project here
where here.id = 'hehua-station' and p.removed_rev is null
  and st_dwithin(p.geom::geography, here.geom::geography, 3000)
"""
RAW_LIST = "select p.*, st_asgeojson(geom, 7) from project p where removed_rev is null order by id"


def median_ms(work: Callable[[], object]) -> float:
    """Median of several rounds, in milliseconds, after one that does not count."""
    work()
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def report(name: str, ours: float, other: str, theirs: float) -> None:
    print(f"{name:<44} {ours:8.2f} ms   {other:<34} {theirs:8.2f} ms   ratio {ours / theirs:6.2f}")


def over_the_service(client: TestClient, connection: psycopg.Connection) -> None:
    """Whole answers against the bare SQL they rest on."""
    z, x, y = TILE
    tile = f"/tiles/pinghu/2/metro/{z}/{x}/{y}.mvt"
    report(
        "a tile through the service",
        median_ms(lambda: client.get(tile).content),
        "its SQL alone",
        median_ms(lambda: connection.execute(RAW_TILE, (z, x, y, z, x, y)).fetchone()),
    )
    report(
        "all projects with phase, light, next promise",
        median_ms(lambda: client.get("/api/projects?limit=1000").content),
        "the rows alone by SQL",
        median_ms(lambda: connection.execute(RAW_LIST).fetchall()),
    )
    report(
        "what opens within 3 km of a station",
        median_ms(lambda: client.get("/api/near?place=hehua-station&radius_m=3000").content),
        "what lies there by SQL",
        median_ms(lambda: connection.execute(RAW_NEAR).fetchall()),
    )
    asked = client.get("/api/projects?limit=1000").headers["etag"]
    report(
        "the same, unchanged (304)",
        median_ms(lambda: client.get("/api/projects?limit=1000", headers={"If-None-Match": asked})),
        "the same, in full",
        median_ms(lambda: client.get("/api/projects?limit=1000").content),
    )


def over_the_rules() -> None:
    """A phase from the text, as the browser does, against the rules from the claims."""
    phase_of, day = any_kind(), date(2025, 1, 16)
    said = [claims(case) for case in cases()]
    report(
        "28 projects: phase from their claims",
        median_ms(lambda: [state(group, phase_of, day, day) for group in said]),
        "their `phases` texts",
        median_ms(lambda: [phases_text(group, phase_of) for group in said]),
    )


def of_the_service(url: str) -> None:
    database = Database(url)
    with (
        TestClient(create_app(Settings(), database)) as client,
        psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as connection,
    ):
        over_the_service(client, connection)
    over_the_rules()


# Each by the database it runs on, in this order: some leave many rows behind.
BENCHMARKS: dict[str, tuple[str, Callable[[str], None]]] = {
    "service": ("bench", of_the_service),
    "planning": ("many", planning.run),
    "browser": ("bench", browser.run),
    "bringing": ("bench", bringing.run),
    "exporting": ("bench", exporting.run),
    "huge": ("huge", huge.run),
}


def main(asked: Sequence[str]) -> None:
    if unknown := set(asked) - set(BENCHMARKS):
        sys.exit(f"There is no benchmark {', '.join(sorted(unknown))}; there are: {', '.join(BENCHMARKS)}.")
    load_kinds()
    with throwaway() as cluster:
        seeded: set[str] = set()
        for name, (where, run) in BENCHMARKS.items():
            if asked and name not in asked:
                continue
            if where not in seeded:
                cluster.create_database(where)
                migrate_to_head(cluster.url(where))
                database = Database(cluster.url(where))
                seed_if_empty(database, "pinghu")
                database.close()
                seeded.add(where)
            run(cluster.url(where))


if __name__ == "__main__":
    main(sys.argv[1:])
