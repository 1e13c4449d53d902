"""A plain loader: a file parsed, its shapes' validity asked, and put into one table.

Nothing else is done, nothing odd expected, every row trusted: what checking costs on the same libraries while
there is nothing to review. `python -m tests.benchmarks.bare FILE DATABASE_URL`.
"""

from __future__ import annotations

import gc
import itertools
import sqlite3
import struct
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
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


def of_geojson(path: Path) -> Iterator[Rows]:
    """A feature a line, polygons of one ring, as `city.write_geojson` writes them."""
    with path.open("rb") as file:
        file.readline()
        held = b""
        while piece := file.read(PIECE):
            whole, _, held = (held + piece).rpartition(b"\n")
            yield _rows(whole)
        assert not held


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


def of_gpkg(path: Path) -> Iterator[Rows]:
    with sqlite3.connect(path) as file:
        found = file.execute("select * from parcels")
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
    """Into a new table `bare_load`; while one part is parsed, another is sent."""
    gc.disable()
    parts = of_gpkg(path) if path.suffix == ".gpkg" else of_geojson(path)
    with psycopg.connect(url) as connection, ThreadPoolExecutor(1) as sender:
        connection.execute("drop table if exists bare_load")
        connection.execute(
            "create table bare_load (no text, name text, state text, use text, code text, geom geometry)"
        )
        with connection.cursor().copy("copy bare_load from stdin (format binary)") as copy:
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
