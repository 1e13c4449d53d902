"""What chance does to files made of parts: archives, Shapefiles within them, and databases of SQLite."""

from __future__ import annotations

import io
import random
import sqlite3
import struct
import warnings
import zipfile
from collections.abc import Callable, Sequence

from tests.fuzzing.changed_bytes import BYTES, EXTREMES, REALS, Way, integers, reals
from tests.fuzzing.changed_texts import JSON, NUMBERS, TABLE, TEXTS, WORDS, XML

Members = list[tuple[zipfile.ZipInfo, bytes]]
SAME_TIME = (2026, 1, 1, 0, 0, 0)
_CENTRAL, _LOCAL = b"PK\x01\x02", b"PK\x03\x04"


# ---------------------------------------------------------------- archives


def members_of(data: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(entry, archive.read(entry)) for entry in archive.infolist()]


def archive_of(members: Members) -> bytes:
    """The members with sums and sizes that are right, whatever their content has become."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as archive:
        warnings.simplefilter("ignore")  # it says that a name comes twice
        for entry, content in members:
            made = zipfile.ZipInfo(entry.filename, SAME_TIME)
            made.compress_type, made.external_attr = zipfile.ZIP_DEFLATED, entry.external_attr
            archive.writestr(made, content)
    return out.getvalue()


def member(data: bytes, chance: random.Random, canary: str) -> bytes:
    """What one of the members holds, after one of the ways of its format; the archive made anew around it."""
    members = members_of(data)
    at = chance.randrange(len(members))
    entry, content = members[at]
    for _n in range(chance.choice((1, 1, 2))):
        content = chance.choice(_ways_within(entry.filename))(content, chance, canary)
    members[at] = (entry, content)
    return archive_of(members)


def _ways_within(name: str) -> Sequence[Way]:
    ending = name.rpartition(".")[2].lower()
    return {
        "kml": (*XML, *TEXTS, *BYTES),
        "xml": (*XML, *XML, *TEXTS, *BYTES),
        "rels": (*XML, *TEXTS),
        "shp": (*SHAPES, *BYTES),
        "shx": (*SHAPES, *BYTES),
        "dbf": (*ROWS, *BYTES),
        "prj": (*TEXTS, *TABLE, *BYTES),
        "geojson": (*JSON, *BYTES),
    }.get(ending, BYTES)


def entries(data: bytes, chance: random.Random, canary: str) -> bytes:
    """Members left out, repeated, renamed, linked, or joined by others."""
    members = members_of(data)
    at = chance.randrange(len(members))
    entry, content = members[at]
    name = entry.filename
    stem, _dot, ending = name.rpartition(".")
    names = (
        f"../{name}", f"/{name}", f"C:\\{name}", f"a\\..\\{name}", "..", "", name.upper(),
        f"{stem}2.{ending}", f"{name}\u202e", "a" * 5_000, f"a/b/{name}", "CON", f"{stem}.zip",
        "xl/vbaProject.bin", canary,
        f"{stem}.{chance.choice(('shp', 'dbf', 'kml', 'prj', 'cpg', 'xml'))}",
    )  # fmt: skip
    renamed = zipfile.ZipInfo(chance.choice(names), SAME_TIME)
    match chance.randrange(6):
        case 0:
            del members[at]
        case 1:
            members.append((entry, content))
        case 2:
            members[at] = (renamed, content)
        case 3:
            members.append((renamed, content))
        case 4:
            renamed.external_attr = 0o120777 << 16
            members.append((renamed, b"/etc/passwd"))
        case _:
            members += [(zipfile.ZipInfo(f"x{n}"), b"") for n in range(chance.choice((1, 1_001)))]
    chance.shuffle(members)
    return archive_of(members)


def directory(data: bytes, chance: random.Random, _: str) -> bytes:
    """A field of the head of an entry lies: sum, sizes, flags, method, lengths, place."""
    mark = chance.choice((_CENTRAL, _CENTRAL, _LOCAL, b"PK\x05\x06"))
    found = [at for at in range(len(data) - 3) if data[at : at + 4] == mark]
    if not found:
        return integers(data, chance, "")
    begin = chance.choice(found)
    at = begin + chance.choice((4, 6, 8, 10, 14, 16, 18, 20, 22, 24, 26, 28, 30, 34, 38, 42))
    width = chance.choice((2, 4))
    number = chance.choice((*EXTREMES, 8, 9, 12, 14, 93, 99, chance.randrange(2**32))) % (1 << 8 * width)
    return data[:at] + number.to_bytes(width, "little") + data[at + width :]


def within_another(data: bytes, chance: random.Random, _: str) -> bytes:
    """The whole archive as a member of another, or with something before or behind it."""
    match chance.randrange(3):
        case 0:
            return archive_of(
                [(zipfile.ZipInfo(chance.choice(("a.zip", "a.kmz", "doc.kml", "a.shp"))), data)]
            )
        case 1:
            return chance.randbytes(chance.choice((1, 22, 70_000))) + data
        case _:
            return data + chance.choice((b"\0" * 70_000, data, b"PK\x05\x06" + bytes(18)))


# ---------------------------------------------------------------- Shapefiles


def shape_heads(data: bytes, chance: random.Random, _: str) -> bytes:
    """What the head of the file or of its first record says: code, length, type, extent, counts."""
    at = chance.choice((0, 24, 28, 32, 100, 104, 108, 144, 148, 152, 156, 160))
    number = chance.choice((*EXTREMES, 3, 5, 8, 11, 13, 15, 21, 25, 28, 31, 9994)) % (1 << 32)
    return data[:at] + struct.pack(chance.choice("<>") + "I", number) + data[at + 4 :]


def shape_numbers(data: bytes, chance: random.Random, _: str) -> bytes:
    """A coordinate that is none."""
    if len(data) < 160:
        return data
    at = chance.choice((36, 44, 52, 60, 112, 4 * chance.randrange(25, (len(data) - 8) // 4)))
    return data[:at] + struct.pack("<d", chance.choice(REALS)) + data[at + 8 :]


def table_heads(data: bytes, chance: random.Random, _: str) -> bytes:
    """What the head says: how many rows, how long, in which encoding; of a column name, type, width."""
    columns = max(1, (min(struct.unpack_from("<H", data, 8)[0], len(data)) - 33) // 32)
    column = 32 + 32 * chance.randrange(columns)
    at, width = chance.choice(
        ((0, 1), (1, 1), (4, 4), (8, 2), (10, 2), (29, 1), (column, 1), (column + 4, 4), (column + 11, 1),
         (column + 16, 1), (column + 17, 1), (column + 32, 1))
    )  # fmt: skip
    number = int(chance.choice((*EXTREMES, *b"CNFDLMIOGPBT@+W", 13, 10, chance.randrange(256)))) % (
        1 << 8 * width
    )
    return data[:at] + number.to_bytes(width, "little") + data[at + width :]


def table_rows(data: bytes, chance: random.Random, _: str) -> bytes:
    """What stands in a row: marks, numbers that are none, half characters."""
    start, length = struct.unpack_from("<HH", data, 8)
    at = start + chance.choice((0, length)) + chance.choice((0, chance.randrange(max(1, length))))
    said = chance.choice((b"*", b"\x1a", b"\xe5\xaf", b"\xff\xfe", b"********", b"1e999999", b"nan",
                          b"20259999", b"\0" * 8, *(number.encode() for number in NUMBERS[:20])))  # fmt: skip
    return data[:at] + said[: max(0, len(data) - at)] + data[at + len(said) :]


SHAPES: tuple[Way, ...] = (shape_heads, shape_heads, shape_numbers, integers, reals)
ROWS: tuple[Way, ...] = (table_heads, table_heads, table_rows)
ARCHIVE: tuple[Way, ...] = (*[member] * 10, entries, entries, directory, directory, within_another)


# ---------------------------------------------------------------- SQLite


def page_heads(data: bytes, chance: random.Random, _: str) -> bytes:
    """A field of the head of the file, or of a page: its kind, first free block, cells, their place."""
    size = 4096
    if chance.random() < 0.4:
        at = chance.choice((16, 18, 19, 20, 21, 24, 28, 32, 36, 40, 44, 52, 56, 60, 64, 68, 92))
        width = 2 if at == 16 else 1 if at < 24 else 4
    else:
        page = chance.randrange(max(1, len(data) // size))
        begin = page * size + (100 if page == 0 else 0)
        at, width = (
            begin + chance.choice((0, 1, 3, 5, 7, 8, 8 + 2 * chance.randrange(20))),
            chance.choice((1, 2, 4)),
        )
    number = chance.choice((*EXTREMES, 2, 3, 5, 10, 13, 4096, chance.randrange(1 << 16))) % (1 << 8 * width)
    return data[:at] + number.to_bytes(width, "big") + data[at + width :]


def _after(data: bytes, run: Callable[[sqlite3.Connection], object]) -> bytes:
    """The database after `run`, without the triggers that look into geometries and would refuse junk.

    One that is broken already is left out: what SQLite makes of it depends on what was in its memory before.
    """
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        connection.deserialize(data)
        if connection.execute("pragma quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("broken")
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            connection.create_function(name, 1, lambda _: 0)
        found = connection.execute("select name from sqlite_master where type = 'trigger'").fetchall()
        for (name,) in found:
            connection.execute(f'drop trigger "{name}"')
        run(connection)
        return bytes(connection.serialize())
    finally:
        connection.close()


def statements(data: bytes, chance: random.Random, canary: str) -> bytes:
    """The database after a statement that its reader does not expect; what SQLite refuses is left out."""

    def run(connection: sqlite3.Connection) -> None:
        connection.execute("pragma writable_schema = on")
        tables = [name for (name,) in connection.execute("select table_name from gpkg_contents")]
        layer = chance.choice(tables)
        connection.execute(_statement(chance, f'"{layer}"', layer, canary))

    return _after(data, run)


def _statement(chance: random.Random, layer: str, name: str, canary: str) -> str:
    value = chance.choice(
        ("null", "''", "-1", "0", "1e999", "9223372036854775807", "x'ff00ff'", "cast(x'ff' as text)", "4547",
         "'EPSG:4547'", "'geom'", f"'{canary}'", "'sqlite_master'", "'../x'", "zeroblob(100000)",
         "printf('%20000s', 'x')", "'2025-13-45'", "char(0)", "char(8238)")
    )  # fmt: skip
    catalogue = {
        "gpkg_contents": ("table_name", "data_type", "identifier", "last_change", "min_x", "srs_id"),
        "gpkg_geometry_columns": ("table_name", "column_name", "geometry_type_name", "srs_id", "z", "m"),
        "gpkg_spatial_ref_sys": ("srs_id", "organization", "organization_coordsys_id", "definition"),
    }
    told = chance.choice(list(catalogue))
    most = chance.choice((3, 20_000))
    many = f"with recursive n(i) as (select 1 union all select i + 1 from n where i < {most})"
    column_type = chance.choice(("text", "blob", "x", "DATETIME", "BOOLEAN", ""))
    page = chance.choice((0, 1, 2, 99999, -1))
    schema = chance.choice(
        ("null", "''", "'create table x (y'", "'create view v as select load_extension(1)'")
    )
    column = chance.choice(("'fid'", "'g\"'", "'x y'", "''"))
    return chance.choice(
        (
            f"update {told} set {chance.choice(catalogue[told])} = {value}",
            f"delete from {told}",
            f"drop table {told}",
            f"update {layer} set 名称 = {value}",
            f"update {layer} set geom = {value}",
            f"insert into {layer} (geom) {many} select {value} from n",
            f"alter table {layer} add column extra {column_type} default {value}",
            f"alter table {layer} add column made generated always as (randomblob(9)) virtual",
            f"alter table {layer} rename column 名称 to {chance.choice(('GEOM', 'fid2', '[x y]', '状态2'))}",
            f"alter table {layer} rename to other",
            f"create trigger spy after insert on {layer} begin delete from {layer}; end",
            f"create view spy as select * from {layer}, {layer}",
            f"drop table {layer}",
            f"create virtual table spy using {chance.choice(('fts5', 'rtree'))}(id, a, b)",
            f"update sqlite_master set rootpage = {page} where name = '{name}'",
            f"update sqlite_master set sql = {schema} where name = '{name}'",
            f"update sqlite_master set sql = replace(sql, 'geom', {column}) where name = '{name}'",
            f"update sqlite_master set type = 'view' where name = '{name}'",
            "pragma user_version = -1",
            "pragma application_id = 0",
            "pragma journal_mode = wal",
        )
    )


def shape_blobs(data: bytes, chance: random.Random, _: str) -> bytes:
    """The geometry of a row, or what stands before it: flags, system, envelope, counts."""

    def run(connection: sqlite3.Connection) -> None:
        names = [name for (name,) in connection.execute("select table_name from gpkg_contents")]
        layer = chance.choice(names)
        rows = connection.execute(f'select fid, geom from "{layer}" where geom is not null').fetchall()
        fid, blob = chance.choice(rows)
        if not isinstance(blob, bytes):  # An earlier change left no shape there.
            return
        for _n in range(chance.choice((1, 1, 3))):
            blob = chance.choice((*BYTES, _blob_head, _blob_head))(blob, chance, "")
        chosen = (blob, fid) if chance.random() < 0.7 else (blob, None)
        connection.execute(f'update "{layer}" set geom = ?1 where ?2 is null or fid = ?2', chosen)

    return _after(data, run)


def _blob_head(data: bytes, chance: random.Random, _: str) -> bytes:
    at = chance.choice((2, 3, 3, 4, 8, 40, 41, 45, 49))
    return data[:at] + bytes([chance.choice((0, 1, 2, 3, 7, 0x0F, 0x11, 0x21, 0x80, 0xFF))]) + data[at + 1 :]


def texts_of_rows(data: bytes, chance: random.Random, _: str) -> bytes:
    """A text or number of a row is one that is hard to keep."""

    def run(connection: sqlite3.Connection) -> None:
        names = [name for (name,) in connection.execute("select table_name from gpkg_contents")]
        value = chance.choice(
            (*(word for word in WORDS if word != "\ud800"), *NUMBERS, 2**63 - 1, 1e308, b"\xff", None)
        )
        connection.execute(f'update "{chance.choice(names)}" set 名称 = ?', (value,))

    return _after(data, run)


DATABASE: tuple[Way, ...] = (
    page_heads,
    page_heads,
    statements,
    statements,
    statements,
    shape_blobs,
    shape_blobs,
    texts_of_rows,
)
