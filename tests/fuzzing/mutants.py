"""The files that are read: number n of a seed is always the same, but for the listener's port in it."""

from __future__ import annotations

import hashlib
import random
import sqlite3
import struct
import zipfile
import zlib
from dataclasses import dataclass

from tests.fuzzing.changed_bytes import BYTES, Way, bits, left_out, noise, tokens
from tests.fuzzing.changed_files import ARCHIVE, DATABASE
from tests.fuzzing.changed_texts import JSON, POINTS, TABLE, TEXTS, XML
from tests.fuzzing.good_files import FORMATS, good_files

_WAYS: dict[str, tuple[Way, ...]] = {
    "GeoJSON": (*JSON, *JSON, *TEXTS),
    "CSV": (*TABLE, *TABLE, *TEXTS),
    "TSV": (*TABLE, *TABLE, *TEXTS),
    "XLSX": ARCHIVE,
    "KML": (*XML, *XML, *TEXTS),
    "KMZ": ARCHIVE,
    "Shapefile": ARCHIVE,
    "GeoPackage": DATABASE,
    "boundary points": (*POINTS, *POINTS, *TEXTS),
    "ledger": ARCHIVE,
}
# Of an archive whose own bytes are flipped little more is read than its directory.
_MINDFUL = {"XLSX": 0.9, "KMZ": 0.9, "Shapefile": 0.9, "ledger": 0.9}
"""How often a change is one of the above, and not one of bytes."""
_ANSWERS = {
    "crs": ("EPSG:4547", "EPSG:4326", "EPSG:999999", "4490", "x", "+proj=merc"),
    "axis": ("lonlat", "latlon"),
    "encoding": ("gbk", "utf-8", "utf-16", "big5", "x", "idna"),
    "source_crs": ("GCJ-02", "BD-09", "WGS84", "CGCS2000"),
    "layer": ("地块", "Sheet1", "no such layer", "sqlite_master"),
    "key_field": ("编号", "名称", "no such column"),
}
LARGEST = 2 << 20
"""Bytes of a file: how large one may be is for the tests of limits."""
# A structure that is damaged already takes no further change that minds it.
_UNFIT = (
    ValueError, LookupError, struct.error, sqlite3.Error, zipfile.BadZipFile, NotImplementedError,
    RuntimeError, OSError, EOFError, OverflowError, zlib.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """A good file after one to three changes. ways: what was changed, in order; file: its name."""

    number: int
    format: str
    good: str
    ways: tuple[str, ...]
    data: bytes
    file: str
    kind: str
    form: dict[str, str]

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def mutant(seed: str, number: int, canary: str) -> Mutant:
    """canary: the address of a listener that must never be asked, which some files name."""
    chance = random.Random(f"{seed} {number}")
    format_ = FORMATS[number % len(FORMATS)]
    good = chance.choice(good_files(format_))
    data, ways = good.data, []
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        way = chance.choice(_WAYS[format_] if chance.random() < _MINDFUL.get(format_, 0.7) else BYTES)
        data, done = _changed(data, way, chance, canary)
        ways.append(done.__name__)
    form = dict(good.form)
    if chance.random() < 0.15:
        name = chance.choice(list(_ANSWERS))
        form[name] = chance.choice(_ANSWERS[name])
    return Mutant(number, format_, good.name, tuple(ways), data or b"\n", good.file, good.kind, form)


def _changed(data: bytes, way: Way, chance: random.Random, canary: str) -> tuple[bytes, Way]:
    """The file after a way, or after another when this one finds nothing to change."""
    try:
        found = way(data, chance, canary)
    except _UNFIT:
        found = data
    if found != data and len(found) <= LARGEST:
        return found, way
    other = chance.choice((bits, noise, tokens, left_out))
    return other(data, chance, canary), other
