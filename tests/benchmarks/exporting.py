"""A file of many projects: seconds, and how much memory the service takes for it.

Run in a process of its own for each format, because memory that was once taken shows for ever. The limit is
of what the process takes beyond what it took for a file of few projects, when every library was there.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from typing import Any

import psycopg
from starlette.types import Message

from tests import many

FORMATS = ("csv", "geojson", "xlsx", "gpkg", "fgb", "parquet")
PROJECTS = 200_000
MOST_MB = 200


def run(url: str, projects: int = PROJECTS) -> None:
    """Fill the seeded database at this address and print a line for each format."""
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as connection:
        many.copy_parcels(connection, projects, columns=500)
    for form in FORMATS:
        seconds, size_mb, grown_mb = measured(url, form)
        print(
            f"{projects} projects as {form:<8} {seconds:7.1f} s, {size_mb:7.1f} MB;"
            f" memory beyond that of a small file {grown_mb:6.1f} MB   ratio {grown_mb / MOST_MB:.2f}"
        )


def measured(url: str, form: str) -> tuple[float, float, float]:
    """Seconds, megabytes of the file, megabytes of memory for the file of everything in this format."""
    command = [sys.executable, "-m", "tests.benchmarks.exporting", url, form]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(said[-3]), float(said[-2]), float(said[-1])


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _measure(url: str, form: str) -> None:
    import anyio

    from app.database import Database
    from app.main import create_app
    from app.settings import Settings

    app = create_app(Settings(), Database(url))

    async def fetch(query: bytes) -> int:
        """Bytes of the answer, which are let go as they come, as a client on the network takes them."""
        size = 0

        async def receive() -> Message:
            await anyio.sleep_forever()
            raise AssertionError

        async def send(message: Message) -> None:
            nonlocal size
            if message["type"] == "http.response.start":
                assert message["status"] == 200
            size += len(message.get("body", b""))

        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": f"/api/projects.{form}",
            "raw_path": f"/api/projects.{form}".encode(),
            "query_string": query,
            "root_path": "",
            "headers": [(b"host", b"testserver")],
            "client": ("127.0.0.1", 1),
            "server": ("testserver", 80),
        }
        await app(scope, receive, send)
        return size

    anyio.run(fetch, b"kind=road")
    before, start = _peak_mb(), time.perf_counter()
    size = anyio.run(fetch, b"q=copied-")
    print(time.perf_counter() - start, size / 2**20, _peak_mb() - before)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("form", choices=FORMATS)
    given = parser.parse_args()
    _measure(given.url, given.form)
