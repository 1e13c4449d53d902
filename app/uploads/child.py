"""The throw-away process that reads one file: `python -m app.uploads.child`.

A line of JSON on standard input says what to read; lines of JSON on standard output say what was in it.
Nothing here knows the database or the network, and before the first byte of the file is read the process has
given up the right to reach them.

Lines out: {"head": …} once, {"rows": […]} many times, {"end": n}; or {"refused": …} and nothing after it.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import orjson
import shapely

from app.uploads.confinement import Share, confine
from geodata.reading import BROWSER, COMMAND, Declared, Place, Reading, Refused, Row, read, read_ledger

BATCH = 500


def main() -> None:
    request = orjson.loads(sys.stdin.buffer.readline())
    limits = COMMAND if request["unlimited"] else BROWSER
    share = Share(**request["share"])
    opening = read_ledger if request["ledger"] else read
    out = sys.stdout.buffer
    # What is read is never a cycle; looking for cycles would take half the time.
    gc.disable()
    confine(share)
    try:
        reading = opening(
            Path(request["path"]), Declared(**request["declared"]), limits, place(request["place"])
        )
        say(out, {"head": head(reading)})
        total = 0
        rows = iter(reading.rows)
        while batch := list(islice(rows, BATCH)):
            total += len(batch)
            say(out, {"rows": packed(batch)})
        say(out, {"end": total, "head": head(reading)})
    except Refused as refusal:
        say(out, {"refused": refused(refusal)})
    except MemoryError:
        gc.collect()
        say(out, {"died": "memory"})


def place(given: Mapping[str, Any]) -> Place:
    west, south, east, north = given["accept_bbox_lonlat"]
    anchors = tuple((name, lon, lat) for name, lon, lat in given["anchors"])
    return Place((west, south, east, north), anchors)


def head(reading: Reading) -> dict[str, Any]:
    return {
        "format": reading.format,
        "encoding": reading.encoding,
        "crs": reading.crs,
        "crs_known_by": reading.crs_known_by,
        "axis": reading.axis,
        "fields": list(reading.fields),
        "notes": [note.as_json() for note in reading.notes],
        "layers": list(reading.layers),
        "layer": reading.layer,
    }


def refused(refusal: Refused) -> dict[str, Any]:
    names = ("code", "status", "detail_zh", "detail_en", "faults_total", "limit", "observed", "offers")
    return {
        **{name: getattr(refusal, name) for name in names},
        "faults": [asdict(fault) for fault in refusal.faults],
    }


def packed(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows as JSON; geometries as hexadecimal WKB, lon lat in degrees."""
    # By way of bytes, here and there: GEOS takes several times as long to write or read hexadecimal digits.
    shapes = shapely.to_wkb(np.array([*(row.geometry for row in rows), None], dtype=object))
    return [
        {
            "n": row.n,
            "line": row.line,
            "id": row.id,
            "wkb": None if wkb is None else wkb.hex(),
            "properties": row.properties,
            "issues": [issue.as_json() for issue in row.issues],
            **({"cut": sorted(row.cut)} if row.cut else {}),
        }
        for row, wkb in zip(rows, shapes[:-1], strict=True)
    ]


def say(out: BinaryIO, message: Mapping[str, Any]) -> None:
    out.write(orjson.dumps(message))
    out.write(b"\n")
    out.flush()


if __name__ == "__main__":
    main()
