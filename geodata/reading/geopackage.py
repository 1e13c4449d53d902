"""GeoPackage (OGC 12-128r19): its tables of features, read through SQLite with everything else forbidden.

The file is a database and may hold views, triggers and functions to run. Nothing but reading plain tables is
authorised, so none of them ever does; GDAL, whose SQL reaches further, has no part in it.
"""

from __future__ import annotations

import re
import sqlite3
import struct
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any
from urllib.parse import quote

from geodata import crs
from geodata.issues import Issue, issue
from geodata.reading.blobs import build
from geodata.reading.contract import Declared, Place, Reading, Refused
from geodata.reading.features import Batch, Feature, Source, read_features
from geodata.reading.limits import MIB, Limits
from geodata.reading.placing import UNSAID, Sample, wanted_system
from geodata.reading.refusals import Faults, refusal
from geodata.reading.values import exact_int

_AT_ONCE = 1_000
_CONTENTS, _COLUMNS, _SYSTEMS = "gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"
_FEATURES = "select table_name from gpkg_contents where data_type = 'features'"
_SHAPES = "select table_name, column_name, srs_id from gpkg_geometry_columns"
_SYSTEM = "select srs_name, organization, organization_coordsys_id from gpkg_spatial_ref_sys where srs_id = ?"
_LAYER_NAME = re.compile(r"[\w\-. ()（）、，,·&+/#%]{1,128}")
# Numbers of rows, of no meaning outside the file.
_ROW_NUMBERS = frozenset({"fid", "ogc_fid"})
# Triggers that keep indexes and counts, as the standard and GDAL write them.
_USUAL = re.compile(r"(rtree_|gpkg_|trigger_(insert|delete|update)_feature_count_|fid_)", re.IGNORECASE)
_LONGEST_VALUE, _LONGEST_SQL = 256 * MIB, MIB
# Of checking the whole file, in seconds of processor.
_PATIENCE_S, _STEPS = 20.0, 100_000
_MAYBE_TRUTH = {0: False, 1: True}
_PRAGMAS = ("trusted_schema = off", "cell_size_check = on", "query_only = on", "temp_store = memory",
            "mmap_size = 0", "ignore_check_constraints = on", "recursive_triggers = off")  # fmt: skip
# How the list of columns marks one that is computed whenever it is read.
_COMPUTED = 2
_MAY = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ})


def read_geopackage(path: Path, declared: Declared, limits: Limits, place: Place) -> Reading:
    """One layer of a GeoPackage; of several the one that was chosen. Tables without shapes are passed over.

    Raises Refused: gpkg-corrupt, gpkg-view, layer-name, no-vector-layer, choose-layer, layer-unknown,
    crs-unknown and those of read_features; at once or while the rows are read.
    """
    _check_header(path)
    with _opened(path, whole=True) as connection:
        schema = _Schema.of(connection)
        layer = _layer(connection, schema, declared.layer)
    document = _Document(path, layer, [*schema.notes()])
    system = document.system(declared, place)
    source = Source("geopackage", "utf-8", document.batches, system, document.notes, layer.beside, layer.name)
    return read_features(source, declared, limits, place)


def _damaged(part: str = "") -> Refused:
    return refusal("gpkg-corrupt", value=part)


def _check_header(path: Path) -> None:
    """What the header says of pages must fit the file."""
    with path.open("rb") as file:
        head = file.read(100)
    size = path.stat().st_size
    if len(head) < 100:
        raise _damaged("header")
    (page,) = struct.unpack_from(">H", head, 16)
    (pages,) = struct.unpack_from(">I", head, 28)
    page = 65_536 if page == 1 else page
    if page < 512 or page & (page - 1) or size % page or pages * page > size:
        raise _damaged("header")


@contextmanager
def _opened(path: Path, *, whole: bool = False) -> Iterator[sqlite3.Connection]:
    """The database, with nothing allowed but reading its tables. Whatever it raises becomes one refusal.
    whole: check all of it first."""
    connection = None
    try:
        # Immutable: SQLite then writes nothing beside it and looks for no journal.
        address = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
        connection = sqlite3.connect(address, uri=True, isolation_level=None)
        _restrain(connection)
        if whole:
            _check(connection)
        connection.set_authorizer(_authorised)
        yield connection
    except UnicodeDecodeError:
        raise _damaged("text") from None
    except (sqlite3.Error, sqlite3.Warning, OverflowError):
        # The words of SQLite may quote the file's own SQL.
        raise _damaged() from None
    finally:
        if connection is not None:
            connection.close()


def _restrain(connection: sqlite3.Connection) -> None:
    for limit, most in (
        (sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE),
        (sqlite3.SQLITE_LIMIT_SQL_LENGTH, _LONGEST_SQL),
        (sqlite3.SQLITE_LIMIT_ATTACHED, 0),
        (sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 50),
        (sqlite3.SQLITE_LIMIT_COMPOUND_SELECT, 2),
        (sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 1),
        (sqlite3.SQLITE_LIMIT_WORKER_THREADS, 0),
    ):
        connection.setlimit(limit, most)
    for pragma in _PRAGMAS:
        connection.execute(f"pragma {pragma}")


def _check(connection: sqlite3.Connection) -> None:
    end = time.process_time() + _PATIENCE_S
    connection.set_progress_handler(lambda: int(time.process_time() > end), _STEPS)
    (found,) = connection.execute("pragma quick_check(1)").fetchone()
    if found != "ok":
        raise _damaged("quick_check")
    connection.set_progress_handler(None, 0)


def _authorised(
    action: int, _table: str | None, _column: str | None, _database: str | None, within: str | None
) -> int:
    """within: the view or trigger that wants it; ours never does."""
    return sqlite3.SQLITE_OK if action in _MAY and within is None else sqlite3.SQLITE_DENY


# ---------------------------------------------------------------- what the file holds


@dataclass(frozen=True, slots=True)
class _Schema:
    """Objects of the database by name: what kind each is ("table", "view", "trigger") and its page, 0 for
    what stores nothing itself."""

    objects: dict[str, tuple[str, int]]

    @classmethod
    def of(cls, connection: sqlite3.Connection) -> _Schema:
        rows = connection.execute("select type, name, rootpage from sqlite_master").fetchall()
        return cls({str(name): (str(kind), int(page or 0)) for kind, name, page in rows if kind != "index"})

    def kind(self, name: str) -> str:
        """ "table", "view" for whatever computes its rows, "" when there is no such thing."""
        kind, page = next(
            (found for known, found in self.objects.items() if known.casefold() == name.casefold()), ("", 0)
        )
        return "view" if kind == "view" or (kind == "table" and page == 0) else kind

    def notes(self) -> list[Issue]:
        odd = [
            name
            for name, (kind, _) in self.objects.items()
            if kind == "view" or (kind == "trigger" and not _USUAL.match(name))
        ]
        return [issue("schema-objects", value=odd[:10])] if odd else []


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    declared: str


@dataclass(frozen=True, slots=True)
class _Layer:
    """system: EPSG, or the name of one that is not known; known: which; srs_id: its number in the file.
    columns: the geometry first; computed: names of columns that are not read; beside: the names of all
    layers of the file."""

    name: str
    system: str
    known: bool
    srs_id: object
    columns: list[_Column]
    computed: list[str]
    beside: list[str]

    @property
    def query(self) -> str:
        names = ", ".join('"' + column.name.replace('"', '""') + '"' for column in self.columns)
        return f'select {names} from "{self.name}"'  # noqa: S608 (names judged and quoted)


def _layer(connection: sqlite3.Connection, schema: _Schema, wanted: str) -> _Layer:
    for table in (_CONTENTS, _COLUMNS, _SYSTEMS):
        kind = schema.kind(table)
        if kind == "view":
            raise refusal("gpkg-view", value=table)
        if not kind:
            raise (
                refusal("no-vector-layer")
                if table == _COLUMNS and schema.kind(_CONTENTS)
                else _damaged(table)
            )
    listed = [str(name) for (name,) in connection.execute(_FEATURES)]
    geometries = {
        str(table).casefold(): (str(column), srs) for table, column, srs in connection.execute(_SHAPES)
    }
    names = [name for name in listed if name.casefold() in geometries]
    if not names:
        raise refusal("no-vector-layer")
    for name in names:
        if not _LAYER_NAME.fullmatch(name) or re.match(r"(sqlite|gpkg|rtree)_", name, re.IGNORECASE):
            raise refusal("layer-name", value=name)
    if wanted and wanted not in names:
        raise refusal("layer-unknown", value=wanted, offers={"layer": names})
    if len(names) > 1 and not wanted:
        raise refusal("choose-layer", value=names, offers={"layer": names})
    name = wanted or names[0]
    if schema.kind(name) != "table":
        raise refusal("gpkg-view", value=name) if schema.kind(name) == "view" else _damaged(name)
    geometry, srs = geometries[name.casefold()]
    system, known = _system(connection, srs)
    return _Layer(name, system, known, srs, *_columns(connection, name, geometry), names)


def _system(connection: sqlite3.Connection, srs: object) -> tuple[str, bool]:
    """By its number among those of EPSG alone: a definition in words may lead anywhere."""
    row = connection.execute(_SYSTEM, (srs,)).fetchone()
    if row is None:
        return f"srs_id {srs}", False
    name, organization, code = row
    if str(organization).upper() == "EPSG" and isinstance(code, int) and crs.is_usable(code):
        return f"EPSG:{code}", True
    return f"{name} ({organization} {code})", False


def _columns(connection: sqlite3.Connection, layer: str, geometry: str) -> tuple[list[_Column], list[str]]:
    """The columns that are stored, the geometry first; and the names of those that are computed as they are
    read, which is not done."""
    connection.set_authorizer(None)
    try:
        rows = connection.execute(f'pragma table_xinfo("{layer}")').fetchall()  # the name was judged
    finally:
        connection.set_authorizer(_authorised)
    stored = [_Column(str(row[1]), str(row[2]).upper()) for row in rows if row[6] != _COMPUTED]
    shape = [column for column in stored if column.name.casefold() == geometry.casefold()]
    if not shape:
        raise _damaged("geometry column")
    others = [column for column in stored if column not in shape]
    return [*shape, *others], [str(row[1]) for row in rows if row[6] == _COMPUTED]


# ---------------------------------------------------------------- its rows


class _Document:
    def __init__(self, path: Path, layer: _Layer, notes: list[Issue]) -> None:
        self._path, self._layer = path, layer
        self.notes = notes
        self._unread = dict.fromkeys(layer.computed)

    def system(self, declared: Declared, place: Place) -> str:
        """Raises Refused crs-unknown, unless it was declared."""
        if self._layer.known:
            return self._layer.system
        if declared.crs:
            return UNSAID
        first = next(self.batches(Faults()), None)
        sample = Sample.of(first.built.geometries if first else build([]).geometries)
        raise wanted_system("crs-unknown", sample, place, value=self._layer.system)

    def batches(self, _faults: Faults) -> Iterator[Batch]:
        kept = [
            (n, column)
            for n, column in enumerate(self._layer.columns)
            if n and column.name.casefold() not in _ROW_NUMBERS
        ]
        with _opened(self._path) as connection:
            cursor = connection.execute(self._layer.query)
            while rows := cursor.fetchmany(_AT_ONCE):
                features = [self._feature(row, kept) for row in rows]
                yield Batch(features, build([row[0] for row in rows], self._layer.srs_id))
        if self._unread and not any(note.code == "column-unread" for note in self.notes):
            self.notes.append(issue("column-unread", value=list(self._unread)))

    def _feature(self, row: Sequence[Any], kept: list[tuple[int, _Column]]) -> Feature:
        feature = Feature({})
        for n, column in kept:
            value = row[n]
            if value.__class__ is int:
                value = self._whole(value, column, feature)
            elif value.__class__ is bytes:
                self._unread[column.name] = None
                value = None
            elif value.__class__ is float and not isfinite(value):
                value = str(value)
            feature.properties[column.name] = value
        return feature

    def _whole(self, value: int, column: _Column, feature: Feature) -> Any:
        if column.declared == "BOOLEAN":
            return _MAYBE_TRUTH.get(value, value)
        if -(2**53) <= value <= 2**53:
            return value
        exact = exact_int(str(value))
        if isinstance(exact, str):
            feature.issues.append(issue("number-exact", field=column.name, value=exact))
        return exact
