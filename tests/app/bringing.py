"""The whole service with its process of jobs, to which tests bring files as the page does."""

from __future__ import annotations

import itertools
import json
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2 as httpx
from fastapi.testclient import TestClient
from sqlalchemy import text

from app import tables
from app.access.people import Role
from app.database import Database
from app.embedded.cluster import Cluster
from app.settings import Settings
from tests.app import signed

Json = dict[str, Any]
PATIENCE_S = 60
# What may differ after a refused file: that it came is written down, and who was there.
MAY_GROW = frozenset({"event_log", "upload", "job", "kept_answer", "session", "account", "sign_in"})


@dataclass
class Office:
    """A browser of GIS staff at a running service."""

    client: TestClient
    database: Database
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def send(self, content: bytes, name: str = "a.geojson", **form: str) -> httpx.Response:
        """The answer once the file is checked. A dataset of its own, unless `dataset` is given."""
        return bring(self.client, content, name, **{"dataset": f"set {next(self.numbers)}", **form})

    def enter(self, name: str, role: Role = "gis") -> None:
        """Somebody else sits down at the browser."""
        signed.enter(self.client, self.database, signed.add(self.database, name, role))


def bring(
    client: httpx.Client, content: bytes, name: str = "a.geojson", key: str = "", **form: str
) -> httpx.Response:
    """Send a file and wait until it is checked: 201 and the upload, or the problem it was refused with."""
    data = {"kind": "parcel", "dataset": "试验", "data_date": "2026-01-01", **form}
    headers = {"Idempotency-Key": key} if key else {}
    answer = client.post("/api/uploads", data=data, files={"file": (name, content)}, headers=headers)
    if answer.status_code != 202:
        return answer
    upload = wait_for(client, answer.headers["Location"])
    if upload["state"] == "rejected":
        refused = upload["report"]["refused"]
        return httpx.Response(refused["status"], json={**refused, "errors": refused["faults"]})
    return httpx.Response(201, json=upload)


def wait_for(client: httpx.Client, location: str) -> Json:
    """An upload or a job once it has ended."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        answer = client.get(location)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        if found["state"] not in ("checking", "waiting", "running"):
            return found
        time.sleep(0.1)
    raise AssertionError(f"{location} did not end within {PATIENCE_S} s")


@contextmanager
def service_of(database: Database, settings: Settings | None = None) -> Iterator[TestClient]:
    """A browser of nobody yet at a service that does its jobs."""
    with signed.browser(database, settings) as client:
        yield client


def parcel(n: int, **properties: Any) -> Json:
    """A small square in Pinghu, apart from the others."""
    west, south = round(114.1 + 0.002 * (n % 40), 8), round(22.65 + 0.002 * (n // 40), 8)
    ring = [[west, south], [west + 0.001, south], [west + 0.001, south + 0.001], [west, south + 0.001]]
    return {
        "type": "Feature",
        "properties": {"编号": f"T-{n}", "名称": f"试验地块{n}", "状态": "在建", **properties},
        "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
    }


def collection(*features: Json) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


# ---------------------------------------------------------------- nothing is left behind


@dataclass(frozen=True)
class Left:
    """The content of the database, by table (rows, digest), and the names of temporary files."""

    tables: dict[str, tuple[int, str]]
    files: frozenset[str]


def left(database: Database) -> Left:
    names = [table.name for table in tables.metadata.sorted_tables if table.name not in MAY_GROW]
    query = " union all ".join(
        f"select '{name}', count(*), md5(coalesce(string_agg(t::text, '|' order by t::text), ''))"
        f" from {name} t"
        for name in names
    )
    with database.writing() as connection:
        found = {name: (count, digest) for name, count, digest in connection.execute(text(query))}
    return Left(found, frozenset(path.name for path in Path(tempfile.gettempdir()).iterdir()))


def assert_untouched(database: Database, before: Left) -> None:
    """Nothing of a refused file is anywhere: not in a table, not in a folder."""
    after = left(database)
    assert after.files == before.files
    assert after.tables == before.tables


@contextmanager
def own_temporary_folder(folder: Path, setenv: Any) -> Iterator[Path]:
    """Temporary files of this process, and of those it starts, go here. setenv: as of `MonkeyPatch`."""
    kept = tempfile.tempdir
    setenv("TMPDIR", str(folder))
    tempfile.tempdir = str(folder)
    try:
        yield folder
    finally:
        tempfile.tempdir = kept


# ---------------------------------------------------------------- processes


def processes(module: str, database_url: str = "", parent: int = 0) -> list[int]:
    """Numbers of the running processes of a module of ours: of one database, or of one parent."""
    return [
        int(folder.name)
        for folder in Path("/proc").iterdir()
        if folder.name.isdigit() and _is_of(folder, module, database_url, parent)
    ]


def _is_of(folder: Path, module: str, database_url: str, parent: int) -> bool:
    try:
        if module not in folder.joinpath("cmdline").read_text().split("\0"):
            return False
        if parent and _parent(folder) != parent:
            return False
        return not database_url or f"GUATU_DATABASE_URL={database_url}" in folder.joinpath(
            "environ"
        ).read_text().split("\0")
    except (OSError, ValueError):
        return False  # It ended while it was looked at, or is somebody else's.


@contextmanager
def frozen(cluster: Cluster) -> Iterator[None]:
    """A server that stands still with all of its processes: it takes connections, and answers nobody."""
    server = cluster.pid
    assert server is not None
    # The one that makes others is the first to stand still.
    os.kill(server, signal.SIGSTOP)
    stopped = [server, *children(server)]
    for process in stopped[1:]:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in stopped:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGCONT)


def children(parent: int) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        with suppress(OSError):
            # After the name, which may hold anything, come the state and the parent.
            if folder.name.isdigit() and _parent(folder) == parent:
                found.append(int(folder.name))
    return found


def _parent(folder: Path) -> int:
    return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
