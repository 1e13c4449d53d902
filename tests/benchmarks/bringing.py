"""A file of 40,000 parcels, from the browser's request to the staged review, and from there to the public.

It is compared with the naive way: the same file read by geopandas and copied into a bare table, unchecked and
uncompared; and publishing with one INSERT … SELECT of the same rows.
"""

from __future__ import annotations

import json
import math
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import geopandas
import httpx2 as httpx
import psycopg

from app.database import Database
from tests.app.signed import PASSWORD, add
from tests.serving import Served, serving

ROWS, COLUMNS, CORNERS = 40_000, 200, 40
WEST, SOUTH, STEP, RADIUS = 114.03, 22.61, 0.0008, 0.00035
MOST_STAGED_S, MOST_PUBLISHED_S, MOST_MEMORY_MIB = 60, 15, 64
MIB = 1 << 20


def parcels() -> bytes:
    """About 52 MB of GeoJSON, as one bureau sends another."""
    return json.dumps(
        {"type": "FeatureCollection", "features": [_parcel(n) for n in range(ROWS)]}, ensure_ascii=False
    ).encode()


def _parcel(number: int) -> dict[str, object]:
    east, north = WEST + number % COLUMNS * STEP, SOUTH + number // COLUMNS * STEP
    turns = [2 * math.pi * corner / CORNERS for corner in range(CORNERS)]
    ring = [
        [round(east + RADIUS * math.cos(turn), 9), round(north + RADIUS * math.sin(turn), 9)]
        for turn in turns
    ]
    return {
        "type": "Feature",
        "properties": {
            "编号": f"B-{number}",
            "名称": f"地块{number}号",
            "状态": "在建" if number % 3 else "已竣工",
            "面积公顷": round(0.1 + number % 90 / 10, 1),
            "图斑类型": "商业",
        },
        "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
    }


@contextmanager
def memory_of(process: int) -> Iterator[list[int]]:
    """The resident memory of a process in bytes: as the block begins, and at its highest in it."""
    found = [_resident(process)] * 2
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.02):
            found[1] = max(found[1], _resident(process))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield found
    finally:
        ended.set()
        thread.join()


def _resident(process: int) -> int:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("the process is gone")


def _until_done(client: httpx.Client, answer: httpx.Response) -> dict[str, object]:
    """The upload or the outcome of a job, asked for as the page asks."""
    address = answer.headers.get("Location", "")
    while answer.status_code == 202 or answer.json().get("state") in ("checking", "waiting", "running"):
        time.sleep(0.2)
        answer = client.get(address)
    answer.raise_for_status()
    found: dict[str, object] = answer.json()
    return found


def _naive(content: Path, url: str) -> float:
    """Seconds to read the file with geopandas and copy it into a table of its own."""
    start = time.perf_counter()
    frame = geopandas.read_file(content)
    with psycopg.connect(url) as connection:
        connection.execute("create table naive (id text, name text, status text, geom geometry)")
        with connection.cursor().copy("copy naive from stdin") as copy:
            shapes = frame.geometry.to_wkb(hex=True)
            for row in zip(frame["编号"], frame["名称"], frame["状态"], shapes, strict=True):
                copy.write_row(row)
    return time.perf_counter() - start


def _bare_insert(url: str) -> float:
    """Seconds to insert the same rows from one table into another, with an index on their shapes."""
    with psycopg.connect(url) as connection:
        connection.execute("create table naive_public (like naive)")
        connection.execute("create index on naive_public using gist (geom)")
        start = time.perf_counter()
        connection.execute("insert into naive_public select * from naive")
        connection.commit()
        return time.perf_counter() - start


def _told(what: str, seconds: float, most: float, other: str, theirs: float) -> None:
    asked, ratio = f"(asked: {most:.0f} s)", seconds / theirs
    print(f"{what:<38} {seconds:6.1f} s {asked:<14} {other:<28} {theirs:5.1f} s   ratio {ratio:5.1f}")


def run(url: str) -> None:
    database = Database(url)
    add(database, "bureau", "gis")
    content = parcels()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "parcels.geojson"
        path.write_bytes(content)
        del content
        print(f"{ROWS:,} parcels, {path.stat().st_size / 1e6:.0f} MB")
        with serving(Path(folder), GUATU_DATABASE_URL=url) as served:
            _bring(served, path, url.replace("postgresql+psycopg", "postgresql"))
    database.close()


def _bring(served: Served, path: Path, url: str) -> None:
    own = {"X-Guatu": "1", "Origin": served.address}
    with httpx.Client(base_url=served.address, headers=own, timeout=120) as client:
        client.post("/api/session", json={"name": "bureau", "password": PASSWORD}).raise_for_status()
        # Whoever opens the page asks for this list; it is then that a process for jobs starts.
        client.get("/api/uploads").raise_for_status()
        form = {"kind": "parcel", "dataset": "bench", "data_date": "2026-01-01"}
        with memory_of(served.process.pid) as memory:
            start = time.perf_counter()
            with path.open("rb") as file:
                answer = client.post(
                    "/api/uploads", data=form, files={"file": (path.name, file)}, headers={"Prefer": "wait=2"}
                )
            upload = _until_done(client, answer)
            staged = time.perf_counter() - start
            changeset = f"/api/changesets/{upload['changeset']}"
            seen = client.get(changeset)
            start = time.perf_counter()
            page = client.get(f"{changeset}/changes")
            first_page = time.perf_counter() - start
            said = {"reason": "bench", "confirm": seen.json()["confirm"]}
            start = time.perf_counter()
            headers = {"If-Match": seen.headers["ETag"], "Prefer": "wait=2"}
            _until_done(client, client.post(f"{changeset}/publish", json=said, headers=headers))
            published = time.perf_counter() - start
        page.raise_for_status()
        kinds = client.get("/api/catalogue").json()["kinds"]
        now = next(kind for kind in kinds if kind["id"] == "parcel")
    naive, bare = _naive(path, url), _bare_insert(url)
    _told("brought, checked, compared and staged", staged, MOST_STAGED_S, "geopandas, COPY, no checks", naive)
    _told(
        "published, with phases and history", published, MOST_PUBLISHED_S, "INSERT … SELECT of the rows", bare
    )
    print(
        f"{'the first page of the review':<38} {first_page * 1000:.0f} ms, {len(page.content) / 1000:.0f} kB"
    )
    grown = (memory[1] - memory[0]) / MIB
    print(f"the web process grew by {grown:.0f} MiB at most (asked: {MOST_MEMORY_MIB} MiB)")
    print(f"now there are {now['projects']:,} parcels, served as {now['served']}")
