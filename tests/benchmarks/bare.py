"""A plain loader: a file parsed, its shapes' validity asked, and put into one table, by a process a core.

Nothing else is done, nothing odd expected, every row trusted: what checking costs on the same libraries while
there is nothing to review. `python -m tests.benchmarks.bare FILE DATABASE_URL`.
"""

from __future__ import annotations

import gc
import itertools
import os
import sqlite3
import struct
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import psycopg
import shapely

Rows = list[tuple[bytes, ...]]
PIECE = 4 << 20
ROWS = 20_000
ENVELOPE_BYTES = 8 + 4 * 8
"""Of a GeoPackage's shape: the head, and the least and greatest of x and y."""


def of_geojson(path: Path, begin: int, end: int) -> Iterator[Rows]:
    """A feature a line, polygons of one ring, as `city.write_geojson` writes them. begin, end: bytes."""
    with path.open("rb") as file:
        file.seek(begin)
        held = b""
        while piece := file.read(min(PIECE, end - file.tell())):
            whole, _, held = (held + piece).rpartition(b"\n")
            yield _rows(whole)
        yield _rows(held)


def _of_bytes(path: Path, share: int, shares: int) -> tuple[int, int]:
    """From which byte to which a share of the lines of a file goes, without its first line."""
    size, ends = path.stat().st_size, []
    with path.open("rb") as file:
        for n in (share, share + 1):
            file.seek(size * n // shares)
            file.readline()
            ends.append(file.tell())
    return ends[0], ends[1]


def _rows(lines: bytes) -> Rows:
    features: list[dict[str, Any]] = orjson.loads(b"[" + lines.removesuffix(b"]}").strip(b"\n,") + b"]")
    if not features:
        return []
    rings = [feature["geometry"]["coordinates"][0] for feature in features]
    points = np.array(list(itertools.chain.from_iterable(rings)))
    ends = np.concatenate([[0], np.cumsum([len(ring) for ring in rings])])
    each = np.arange(len(rings) + 1)
    shapes = shapely.from_ragged_array(shapely.GeometryType.POLYGON, points, (ends, each))
    texts = [tuple(map(_text, feature["properties"].values())) for feature in features]
    return _with_shapes(texts, shapes)


def of_gpkg(path: Path, share: int, shares: int) -> Iterator[Rows]:
    with sqlite3.connect(path) as file:
        (count,) = file.execute("select max(fid) from parcels").fetchone()
        ends = (count * share // shares, count * (share + 1) // shares)
        found = file.execute("select * from parcels where fid > ? and fid <= ?", ends)
        names = [name for name, *_ in found.description]
        geom, fid = names.index("geom"), names.index("fid")
        while some := found.fetchmany(ROWS):
            shapes = shapely.from_wkb([row[geom][ENVELOPE_BYTES:] for row in some])
            texts = [tuple(_text(v) for n, v in enumerate(row) if n not in (geom, fid)) for row in some]
            yield _with_shapes(texts, shapes)


def _text(value: object) -> bytes:
    return str(value).encode()


def _with_shapes(texts: Rows, shapes: Any) -> Rows:
    assert shapely.is_valid(shapes).all()
    blobs = shapely.to_wkb(shapely.set_srid(shapes, 4326), include_srid=True)
    return [(*row, blob) for row, blob in zip(texts, blobs, strict=True)]


def copied(rows: Rows) -> bytes:
    """As PostgreSQL's binary COPY has them."""
    parts = []
    for row in rows:
        parts.append(struct.pack("!h", len(row)))
        for value in row:
            parts += (struct.pack("!i", len(value)), value)
    return b"".join(parts)


def load(path: Path, url: str) -> None:
    """Into a new table `bare_load`."""
    with psycopg.connect(url) as connection:
        connection.execute("drop table if exists bare_load")
        connection.execute(
            "create table bare_load (no text, name text, state text, use text, code text, geom geometry)"
        )
    shares = os.cpu_count() or 1
    with ProcessPoolExecutor(shares) as pool:
        for done in [pool.submit(load_share, path, url, share, shares) for share in range(shares)]:
            done.result()


def load_share(path: Path, url: str, share: int, shares: int) -> None:
    """While one part is parsed, another is sent."""
    gc.disable()
    is_gpkg = path.suffix == ".gpkg"
    parts = of_gpkg(path, share, shares) if is_gpkg else of_geojson(path, *_of_bytes(path, share, shares))
    with (
        psycopg.connect(url) as connection,
        ThreadPoolExecutor(1) as sender,
        connection.cursor().copy("copy bare_load from stdin (format binary)") as copy,
    ):
        copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
        sent = None
        for rows in parts:
            data = copied(rows)
            if sent:
                sent.result()
            sent = sender.submit(copy.write, data)
        if sent:
            sent.result()
        copy.write(b"\xff\xff")


if __name__ == "__main__":
    load(Path(sys.argv[1]), sys.argv[2])
