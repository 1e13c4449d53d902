"""What large files cost, good and hostile ones."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from geodata.reading import BROWSER, COMMAND
from tests.geodata.reading.making import LAT, LON, as_bytes, collection, feature, opened, polygon, refused

ROOT = Path(__file__).resolve().parents[3]
# Reads a file in a process of its own and says how it ended and what it took.
MEASURE = """
import re, sys, time
from pathlib import Path
from geodata.reading import BROWSER, Declared, Place, Refused, read
def peak():  # what the kernel counts for a new process begins with its parent's; this does not
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
before, started = peak(), time.process_time()
try:
    rows = sum(1 for _ in read(Path(sys.argv[1]), Declared(), BROWSER, Place((113, 22, 115, 23))).rows)
    ended = str(rows)
except Refused as refused:
    ended = refused.code
print(ended, peak() - before, peak(), time.process_time() - started)
"""


def measured(path: Path) -> tuple[str, int, int, float]:
    """(rows or code, growth in MiB, peak in MiB, seconds of processor) of reading a file."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)],
        cwd=ROOT, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    ended, growth, peak, seconds = done.stdout.split()
    return ended, int(growth), int(peak), float(seconds)


@pytest.mark.parametrize(
    "data", [b"[" + b"[]," * 17_000_000 + b"[]]", b'{"features":[' + b"[]," * 17_000_000 + b"[]]}"]
)
def test_H024_51_mb_of_brackets(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "amplify"
    path.write_bytes(data)
    ended, growth, _, seconds = measured(path)
    assert ended in ("vertices", "features")
    assert growth <= 64
    assert seconds < 10


def vertices(count: int) -> dict[str, Any]:
    ring = [[round(LON + n * 1e-8, 8), LAT + (n % 2) * 0.001] for n in range(count)]
    return polygon([*ring, ring[0]])


def test_H079_a_polygon_of_a_million_vertices(tmp_path: Path) -> None:
    data = as_bytes(collection(feature(vertices(1_000_000))))
    started = time.process_time()
    found = refused(tmp_path, data)
    assert (found.status, found.code, found.limit) == (413, "vertices", 200_000)
    assert time.process_time() - started < 5


def test_H079_also_as_a_bare_feature_and_in_a_table(tmp_path: Path) -> None:
    assert refused(tmp_path, as_bytes(feature(vertices(200_001)))).code == "vertices"
    text = "LINESTRING (" + ", ".join(f"{LON + n * 1e-7:.7f} {LAT}" for n in range(200_001)) + ")"
    assert refused(tmp_path, f'name,wkt\na,"{text}"\n'.encode(), "a.csv").code == "vertices"


def test_H080_more_bytes_than_allowed(tmp_path: Path) -> None:
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.truncate(290_000_000)
    assert measured(path)[0] == "too-large"


@pytest.mark.parametrize("form", ["geojson", "csv"])
def test_H081_one_feature_too_many(tmp_path: Path, form: str) -> None:
    if form == "geojson":
        one = as_bytes(feature(properties={}))
        data = b'{"type":"FeatureCollection","features":[' + (one + b",") * 200_000 + one + b"]}"
    else:
        data = b"name,lon,lat\n" + b"a,114.12,22.69\n" * 200_001
    path = tmp_path / "many"
    path.write_bytes(data)
    assert measured(path)[0] == "features"


def test_the_command_reads_what_the_browser_may_not_send(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": vertices(200_100)["coordinates"][0]}
    data = as_bytes(collection(feature(line)))
    assert refused(tmp_path, data).code == "vertices"
    assert len(opened(tmp_path, data, limits=COMMAND)[1]) == 1


def test_40_000_parcels_in_little_memory(tmp_path: Path) -> None:
    """52 MB: in well under 15 s of one processor, in less than 150 MiB."""
    path = tmp_path / "parcels.geojson"
    words = {f"column_{n}": f"第 {n} 列的一些文字，足够长的一句话" for n in range(14)}
    with path.open("wb") as file:
        file.write(b'{"type":"FeatureCollection","features":[')
        for n in range(40_000):
            west, south = 113.96 + (n % 200) * 1e-3, 22.51 + (n // 200) * 1e-3
            ring = [[round(west + k * 5e-5, 7), round(south, 7)] for k in range(12)]
            ring += [[round(west + 5e-4, 7), round(south + 5e-4, 7)], ring[0]]
            row = feature(polygon(ring), {"id": n, **words})
            file.write((b"," if n else b"") + as_bytes(row))
        file.write(b"]}")
    assert path.stat().st_size > 45_000_000
    ended, _, peak, seconds = measured(path)
    assert ended == "40000"
    assert peak < 150
    assert seconds < 15
    assert BROWSER.bytes is not None
    assert path.stat().st_size < BROWSER.bytes


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    peaks = []
    for count in (20_000, 60_000):
        path = tmp_path / f"{count}.csv"
        row = b"name," + b"x" * 300 + b",114.12,22.69\n"
        path.write_bytes(b"name,text,lon,lat\n" + row * count)
        peaks.append(measured(path)[2])
    assert peaks[1] - peaks[0] < 20


def test_opening_reads_every_row_once(tmp_path: Path) -> None:
    data = as_bytes(collection(*[feature(properties={"n": n}) for n in range(30_000)]))
    _, rows = opened(tmp_path, data)
    assert [row.properties["n"] for row in rows] == list(range(30_000))
    assert [row.n for row in rows] == list(range(30_000))
