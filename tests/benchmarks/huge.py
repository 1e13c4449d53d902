"""A city of a million parcels through `guatu upload`: how long it takes, in how much memory, beside ogr2ogr
and beside PostgreSQL alone; and how long it takes to see what ten thousand new areas lie on.

ogr2ogr only puts the features into a table. `guatu upload` reads as strictly as ever, checks every row and
every shape, compares with what is public, stages for a review and looks for overlaps. Between them lies
a plain loader that trusts every row, see `tests.benchmarks.bare`.
"""

from __future__ import annotations

import gc
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas
import psycopg
import shapely
from shapely.geometry.base import BaseGeometry

from app.database import Connection, Database
from app.projects import kind_queries
from app.uploads.overlapping import STRIP, Strip, warn_in_strips
from app.uploads.staged_queries import StagedShape
from geodata.issues import Issue
from geodata.overlaps import Shape
from tests import many
from tests.benchmarks import city
from tests.many import copy_parcels, plan_of, square

FEATURES = int(os.environ.get("GUATU_BENCH_FEATURES", "1000000"))
PARCELS, UPLOADS, COLUMNS = 1_000_000, 10_000, 1_250
STEP_DEG = many.COLUMNS * many.STEP / COLUMNS
ROUNDS, MOST_MEMORY_MIB, MOST_OVERLAP_S = 5, 300, 1.5
ASKED = {"geojson": 2.2, "gpkg": 1.0}
"""How many times as fast as ogr2ogr it is asked to be."""
LAYER = "parcels"
MIB = 1024


@dataclass
class Run:
    """seconds; most_mib: resident memory of the process and all that it starts, at its highest."""

    seconds: float
    most_mib: float


def run(url: str) -> None:
    plain = url.replace("postgresql+psycopg", "postgresql")
    _by_geos_alone()
    with tempfile.TemporaryDirectory() as folder:
        for form, write in (("geojson", city.write_geojson), ("gpkg", write_gpkg)):
            path = Path(folder) / f"city.{form}"
            write(path, FEATURES)
            _bring(form, path, url, plain)
            path.unlink()
    over_a_million(url, plain)


def _by_geos_alone() -> None:
    """What two of the questions that are asked of every file take where they are answered, on one core: any
    that reads a file, in whatever way, pays this beside the reading."""
    valid = lying = 0.0
    for _, shapes in city.frames(FEATURES):
        start = time.perf_counter()
        shapely.is_valid(shapes)
        valid += time.perf_counter() - start
        start = time.perf_counter()
        for begin in range(0, len(shapes), STRIP):
            shapely.coverage_invalid_edges(shapes[begin : begin + STRIP])
        lying += time.perf_counter() - start
    print(f"{FEATURES:,} parcels in memory, GEOS alone on one core")
    print(f"  whether each is valid: {valid:.1f} s   whether they lie on one another: {lying:.1f} s")


def write_gpkg(path: Path, count: int) -> None:
    for first, shapes in city.frames(count):
        rows = [city.properties(number) for number in range(first, first + len(shapes))]
        frame = geopandas.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326")
        frame.to_file(path, layer=LAYER, driver="GPKG", mode="a" if first else "w", engine="pyogrio")


def _bring(form: str, path: Path, url: str, plain: str) -> None:
    size = path.stat().st_size / 1e6
    print(f"{FEATURES:,} parcels as {form}, {size:.0f} MB")
    command = [sys.executable, "-m", "app.cli", "upload", str(path), "--kind", "parcel", "--dataset", form]
    ours = watched([*command, "--data-date", "2026-01-01"], GUATU_DATABASE_URL=url)
    print(f"  guatu upload: {ours.seconds:.1f} s, {FEATURES / ours.seconds:,.0f} features/s")
    print(f"  memory of its processes: {ours.most_mib:.0f} MiB at most (asked: {MOST_MEMORY_MIB})")
    staged = _bare_copy(plain)
    print(f"  PostgreSQL copying what was staged: {staged:.1f} s   ratio {ours.seconds / staged:.1f}")
    plain_loader = watched([sys.executable, "-m", "tests.benchmarks.bare", str(path), plain])
    print(f"  a plain loader (parsed, asked whether valid, copied): {plain_loader.seconds:.1f} s")
    if shutil.which("ogr2ogr") is None:
        print("  ogr2ogr is not installed here: not compared (Debian package gdal-bin)")
        return
    target = ["-f", "PostgreSQL", f"PG:{plain}", str(path), "-nln", f"ogr_{form}", "-gt", "65536"]
    how = ["-lco", "GEOMETRY_NAME=geom", "-lco", "SPATIAL_INDEX=NONE", "-nlt", "GEOMETRY"]
    theirs = watched(["ogr2ogr", *target, *how, "--config", "PG_USE_COPY", "YES"])
    times = theirs.seconds / ours.seconds
    print(f"  ogr2ogr into a table, unchecked: {theirs.seconds:.1f} s, {theirs.most_mib:.0f} MiB")
    print(f"  guatu upload is {times:.2f} times as fast as ogr2ogr (asked: {ASKED[form]})")
    print(f"  the plain loader is {theirs.seconds / plain_loader.seconds:.2f} times as fast as ogr2ogr")


def watched(command: list[str], **environment: str) -> Run:
    """Run a command to its end. Raises CalledProcessError."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    most = [0.0]
    watcher = threading.Thread(target=_watch, args=(process, most))
    watcher.start()
    output, _ = process.communicate()
    watcher.join()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, output)
    return Run(time.perf_counter() - start, most[0])


def _watch(process: subprocess.Popen[bytes], most: list[float]) -> None:
    while process.poll() is None:
        most[0] = max(most[0], sum(map(_resident_mib, _family(process.pid))))
        time.sleep(0.1)


def _family(process: int) -> Iterator[int]:
    yield process
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:  # It has ended.
        return
    for child in children:
        yield from _family(int(child))


def _resident_mib(process: int) -> float:
    """What several processes share is divided among them."""
    try:
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    sizes = [line.split()[1] for line in rollup.splitlines() if line.startswith("Pss:")]
    return int(sizes[0]) / MIB if sizes else 0.0


def _bare_copy(plain: str) -> float:
    """Seconds in which PostgreSQL inserts the staged rows into another table with the same indexes."""
    with psycopg.connect(plain) as connection:
        connection.execute("create table bare (like change including indexes)")
        start = time.perf_counter()
        connection.execute(
            "insert into bare select * from change where changeset_id = (select max(id) from changeset)"
        )
        taken = time.perf_counter() - start
        connection.rollback()
    return taken


# ---------------------------------------------------------------- what new areas lie on


def new_areas() -> list[Shape]:
    """Areas over four parcels each, spread over all of them."""
    every = PARCELS // UPLOADS
    shapes = [square(n * every, COLUMNS, STEP_DEG, STEP_DEG * 0.85) for n in range(UPLOADS)]
    moved = shapely.transform(shapes, lambda xy: xy + STEP_DEG * 0.5)
    return [Shape(f"new-{n}", f"新{n}", shape, "digitised") for n, shape in enumerate(moved)]


def over_a_million(url: str, plain: str) -> None:
    """Raises AssertionError when the index of shapes is not what answers."""
    database = Database(url)
    with psycopg.connect(plain) as raw:
        copy_parcels(raw, PARCELS, COLUMNS)
        raw.commit()
    areas = new_areas()
    shapes = [one.geometry for one in areas]
    with database.writing() as connection:
        plan = plan_of(connection, kind_queries.touching("pinghu", ["parcel"], shapes))
        assert "project_geom_ix" in plan, plan
        assert "Seq Scan on project" not in plan, plan
        seconds = [_seconds_to_warn(connection, areas, shapes) for _ in range(ROUNDS)]
    database.close()
    ours, by_sql = statistics.median(seconds), _raw_overlaps(plain, areas)
    print(f"{UPLOADS:,} new areas held against {PARCELS:,} parcels, with a warning for each overlap")
    print(
        f"  {ours:.2f} s (asked: {MOST_OVERLAP_S})   the pairs and their areas by SQL {by_sql:.2f} s"
        f"   ratio {ours / by_sql:.2f}"
    )


def _seconds_to_warn(connection: Connection, areas: list[Shape], shapes: list[BaseGeometry | None]) -> float:
    def read(begin: int) -> Strip:
        strip = [StagedShape(n, areas[n]) for n in range(begin, begin + STRIP)]
        near = kind_queries.shapes_touching(connection, "pinghu", ["parcel"], shapes[begin : begin + STRIP])
        return strip, near

    told: dict[int, list[Issue]] = {}
    gc.disable()  # As in the process that checks a file, see app.work.
    gc.freeze()
    start = time.perf_counter()
    warn_in_strips(UPLOADS, STRIP, read, told.update)
    taken = time.perf_counter() - start
    gc.unfreeze()
    gc.enable()
    assert len(told) == UPLOADS
    return taken


def _raw_overlaps(plain: str, areas: list[Shape]) -> float:
    with psycopg.connect(plain) as connection:
        connection.execute("create temp table area (geom geometry)")
        with connection.cursor().copy("copy area from stdin") as copy:
            for one in areas:
                copy.write_row(
                    (shapely.to_wkb(shapely.set_srid(one.geometry, 4326), True, include_srid=True),)
                )
        connection.execute("analyze area")
        start = time.perf_counter()
        connection.execute(
            "select p.id, st_area(st_intersection(a.geom, p.geom)) from area a cross join lateral"
            " (select * from project p where p.geom && a.geom offset 0) p"
            " where p.kind = 'parcel' and st_intersects(a.geom, p.geom)"
        ).fetchall()
        return time.perf_counter() - start
