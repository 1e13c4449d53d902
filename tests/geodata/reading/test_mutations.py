"""Good files with bytes changed at random: rows or a refusal, never anything else."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest

from geodata.reading import Refused
from tests.geodata.reading.making import (
    POINT,
    as_bytes,
    collection,
    feature,
    opened,
    polygon,
    square,
)
from tests.geodata.reading.test_workbooks import GOOD, repacked

LINE: dict[str, Any] = {"type": "LineString", "coordinates": square()[:3]}
SEEDS = {
    "geojson": as_bytes(
        collection(
            feature(id=1, properties={"名": 'x"\\', "n": [1, {"a": 1.5}]}),
            feature(polygon(square())),
            feature({"type": "GeometryCollection", "geometries": [POINT, POINT]}),
            feature({"type": "MultiLineString", "coordinates": [LINE["coordinates"]]}),
            feature(None),
            crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
            bbox=[114, 22, 115, 23],
        )
    ),
    "csv": 'id,名称,lon,lat\n1,"富安, 路",114.12,22.69\n2,b,114°07\'12"E,22.69\n3,c,,\n'.encode(),
    "wkt": b'id,wkt\n1,"POINT (114.12 22.69)"\n'
    b'2,"POLYGON ((114.12 22.69, 114.13 22.69, 114.13 22.7, 114.12 22.69))"\n',
    "xlsx": GOOD,
}
TOKENS = [
    b"[",
    b"]",
    b"{",
    b"}",
    b'"',
    b",",
    b":",
    b"\\",
    b"null",
    b"1e999",
    b"-1",
    b"\x00",
    b"\xff",
    b"\n",
    b"(",
    b"EMPTY",
]


def mutated(seed: bytes, chance: random.Random) -> bytes:
    data = bytearray(seed)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data))
        match chance.randrange(5):
            case 0:
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                data[at:at] = chance.choice(TOKENS)
            case 2:
                del data[at : at + chance.randint(1, 12)]
            case 3:
                data[at:at] = data[at : at + chance.randint(1, 40)]
            case _:
                data[at : at + 1] = chance.choice(TOKENS)
        if not data:
            break
    return bytes(data)


def changed(seed: str, chance: random.Random) -> bytes:
    """A mutated file; of a workbook now the archive, now what one of its parts holds."""
    if seed != "xlsx" or chance.random() < 0.3:
        return mutated(SEEDS[seed], chance)
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        part = chance.choice(archive.namelist())
        return repacked(GOOD, {part: mutated(archive.read(part), chance)})


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("part", range(4))
def test_H375_mutations(tmp_path: Path, seed: str, part: int) -> None:
    chance = random.Random(f"{seed} {part}")
    statuses = []
    for _ in range(60 if seed == "xlsx" else 250):
        try:
            _, rows = opened(tmp_path, changed(seed, chance), "upload")
        except Refused as refused:
            statuses.append(refused.status)
        else:
            statuses.append(200 if rows else 0)
    assert set(statuses) <= {200, 413, 415, 422}
    assert 200 in statuses
    assert 422 in statuses
