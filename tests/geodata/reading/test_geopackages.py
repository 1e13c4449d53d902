"""GeoPackages, as other programs write them and as nobody should."""

from __future__ import annotations

import datetime as dt
import json
import random
import resource
import shutil
import sqlite3
import struct
import time
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely

from geodata.reading import Refused
from tests.geodata.reading.making import EASTING, LAT, LON, NORTHING, codes, lonlat, opened, refused
from tests.geodata.reading.test_shapefiles import HOLED, NAMES, SHAPES, names_of, patched, same

Change = Callable[[sqlite3.Connection], object]


def package(**layers: tuple[Mapping[str, list[Any]], list[Any]]) -> bytes:
    """A GeoPackage of these layers (attributes, shapes) as GDAL writes it, in WGS84."""
    return in_system("EPSG:4326", **layers)


def in_system(crs: str | None, **layers: tuple[Mapping[str, list[Any]], list[Any]]) -> bytes:
    folder = Path(mkdtemp())
    try:
        for name, (rows, shapes) in layers.items():
            frame = geopandas.GeoDataFrame(dict(rows), geometry=shapes, crs=crs)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # it says when there is no system
                frame.to_file(folder / "a.gpkg", layer=name, engine="pyogrio", driver="GPKG")
        return (folder / "a.gpkg").read_bytes()
    finally:
        shutil.rmtree(folder)


def squares(count: int = 2) -> list[Any]:
    return [shapely.box(LON + 0.002 * n, LAT, LON + 0.002 * n + 0.001, LAT + 0.001) for n in range(count)]


@lru_cache
def good() -> bytes:
    return package(地块=(NAMES, squares()))


@lru_cache
def two() -> bytes:
    return package(地块=(NAMES, squares()), roads=({"名称": ["丙"]}, squares(1)))


def changed(data: bytes, *statements: str | Change) -> bytes:
    """The database after these statements, whatever they leave of its order."""
    folder = Path(mkdtemp())
    try:
        path = folder / "a.gpkg"
        path.write_bytes(data)
        connection = sqlite3.connect(path, isolation_level=None)
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            connection.create_function(name, 1, lambda _: 0)
        for statement in statements:
            if callable(statement):
                statement(connection)
            else:
                connection.execute(statement)
        connection.close()
        return path.read_bytes()
    finally:
        shutil.rmtree(folder)


def without_index(data: bytes) -> bytes:
    """Without the triggers that look into the geometry, so that junk may be written."""

    def drop(connection: sqlite3.Connection) -> None:
        found = connection.execute("select name from sqlite_master where type = 'trigger'").fetchall()
        for (name,) in found:
            connection.execute(f'drop trigger "{name}"')

    return changed(data, drop)


def with_blob(blob: bytes | str | None, row: int = 1) -> bytes:
    def write(connection: sqlite3.Connection) -> None:
        connection.execute('update "地块" set geom = ? where fid = ?', (blob, row))

    return changed(without_index(good()), write)


def blob(geometry: Any, flags: int = 1, envelope: bytes = b"", srs: int = 4326) -> bytes:
    wkb = geometry if isinstance(geometry, bytes) else shapely.to_wkb(geometry)
    return b"GP\0" + bytes([flags]) + struct.pack("<i" if flags & 1 else ">i", srs) + envelope + wkb


# ---------------------------------------------------------------- what is read


def test_a_layer_is_rows_with_their_attributes(tmp_path: Path) -> None:
    reading, rows = opened(tmp_path, good(), "a.gpkg")
    assert (reading.format, reading.crs, reading.crs_known_by) == ("geopackage", "EPSG:4326", "in the file")
    assert [row.properties for row in rows] == [
        {"名称": "富安东路", "状态": "在建"},
        {"名称": "平湖大街", "状态": "规划"},
    ]
    assert same(rows[1].geometry, squares()[1])
    assert reading.notes == []
    assert [code for row in rows for code in codes(row.issues)] == []


@pytest.mark.parametrize("z", [False, True], ids=["flat", "heights"])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_kind_of_shape_comes_back(tmp_path: Path, shape: str, z: bool) -> None:
    given = shapely.force_3d(SHAPES[shape], 7.5) if z else SHAPES[shape]
    reading, rows = opened(tmp_path, package(a=(NAMES, [given, None])), "a.gpkg")
    assert same(rows[0].geometry, SHAPES[shape])
    assert rows[1].geometry is None
    assert codes(rows[1].issues) == ["null-geometry"]
    assert codes(reading.notes) == (["z-dropped"] if z else [])


def test_values_are_exact(tmp_path: Path) -> None:
    given: dict[str, list[Any]] = {
        "a": [0.1, 1 / 3], "n": [2**53 + 1, -5], "yes": [True, False], "day": [dt.date(2025, 1, 2)] * 2,
    }  # fmt: skip
    data = changed(
        without_index(package(a=(given, squares()))), "alter table a add column raw blob default x'00'"
    )
    reading, rows = opened(tmp_path, data, "a.gpkg")
    assert rows[0].properties == {
        "a": 0.1,
        "n": str(2**53 + 1),
        "yes": True,
        "day": "2025-01-02",
        "raw": None,
    }
    assert rows[1].properties == {"a": 1 / 3, "n": -5, "yes": False, "day": "2025-01-02", "raw": None}
    assert codes(rows[0].issues) == ["number-exact"]
    assert codes(reading.notes) == ["column-unread"]


@pytest.mark.parametrize("crs", ["EPSG:4547", "EPSG:4526", "EPSG:2383"])
def test_systems_are_known_by_their_number(tmp_path: Path, crs: str) -> None:
    shapes = geopandas.GeoSeries(squares(), crs=4326).to_crs(crs)
    reading, rows = opened(tmp_path, in_system(crs, a=(NAMES, list(shapes))), "a.gpkg")
    assert (reading.crs, reading.crs_known_by) == (crs, "in the file")
    assert rows[0].geometry is not None
    assert rows[0].geometry.centroid.x == pytest.approx(LON + 0.0005, abs=1e-6)
    assert refused(tmp_path, in_system(crs, a=(NAMES, list(shapes))), crs="EPSG:4490").code == "crs-conflict"


def test_no_system_is_asked_for(tmp_path: Path) -> None:
    data = in_system(None, a=(NAMES, [shapely.Point(EASTING, NORTHING)] * 2))
    found = refused(tmp_path, data, "a.gpkg")
    assert (found.status, found.code) == (422, "crs-unknown")
    assert "EPSG:4547" in [offer["crs"] for offer in found.offers["crs"]]
    _, rows = opened(tmp_path, data, "a.gpkg", crs="EPSG:4547")
    assert lonlat(rows[0]) == pytest.approx((LON, LAT), abs=1e-5)


def test_40000_parcels_take_seconds(tmp_path: Path) -> None:
    count = 40_000
    x, y = LON + 0.0005 * (np.arange(count) % 200), LAT - 0.05 + 0.0005 * (np.arange(count) // 200)
    angle = np.linspace(0, 2 * np.pi, 13)
    rings = np.stack((x[:, None] + 0.0002 * np.cos(angle), y[:, None] + 0.0002 * np.sin(angle)), axis=2)
    rings[:, -1] = rings[:, 0]
    data = package(a=({"编号": [f"P-{n}" for n in range(count)]}, list(np.asarray(shapely.polygons(rings)))))
    started = time.process_time()
    _, found = opened(tmp_path, data, "a.gpkg")
    assert time.process_time() - started < 8
    assert (len(found), found[-1].properties["编号"]) == (count, "P-39999")


def test_nothing_is_written_beside_the_file(tmp_path: Path) -> None:
    opened(tmp_path, good(), "a.gpkg")
    assert [path.name for path in tmp_path.iterdir()] == ["upload"]
    assert (tmp_path / "upload").read_bytes() == good()


# -------------------------------------------------------- what is no GeoPackage (H170–H173, H187, H188)


def test_H170_H171_other_files(tmp_path: Path) -> None:
    assert refused(tmp_path, b"SQLite format 4\0" + b"\0" * 100, "a.gpkg").status == 415
    found = refused(tmp_path, patched(good(), 68, b"\0\0\0\0"), "a.gpkg")
    assert (found.status, found.code) == (415, "unsupported-format")
    assert "SQLite" in found.detail_en
    bare = changed(good(), *(f"drop table {name}" for name in ("gpkg_contents", "gpkg_geometry_columns")))
    found = refused(tmp_path, bare, "a.gpkg")
    assert (found.status, found.code) == (422, "gpkg-corrupt")


@pytest.mark.parametrize("keep", [0.999, 0.9, 0.5, 0.1])
def test_H172_truncated(tmp_path: Path, keep: float) -> None:
    found = refused(tmp_path, good()[: int(len(good()) * keep)], "a.gpkg")
    assert (found.status, found.code) == (422, "gpkg-corrupt")
    assert "select" not in found.detail_en.lower()
    found = refused(tmp_path, good()[: 4096 * 5], "a.gpkg")
    assert (found.status, found.code) == (422, "gpkg-corrupt")


@pytest.mark.parametrize("part", range(4))
def test_H173_flipped_bytes(tmp_path: Path, part: int) -> None:
    data, statuses = good(), []
    for seed in range(60):
        chance = random.Random(f"{part} {seed}")
        broken = bytearray(data)
        for _ in range(chance.choice([1, 20, 2_000])):
            broken[chance.randrange(100, len(broken))] = chance.randrange(256)
        try:
            _, rows = opened(tmp_path, bytes(broken), "a.gpkg")
        except Refused as refusal:
            statuses.append(refusal.status)
        else:
            statuses.append(200 if rows else 0)
    assert set(statuses) <= {200, 415, 422, 413}
    assert 422 in statuses


def test_H187_more_pages_than_there_are(tmp_path: Path) -> None:
    for count in (0xFFFFFF, 0xFFFFFFFF, len(good()) // 4096 + 1):
        found = refused(tmp_path, patched(good(), 28, struct.pack(">I", count)), "a.gpkg")
        assert (found.status, found.code) == (422, "gpkg-corrupt")


@pytest.mark.parametrize("name", ["a.kml", "a.geojson", "a.zip", "a"])
def test_H188_content_decides_and_not_the_name(tmp_path: Path, name: str) -> None:
    reading, rows = opened(tmp_path, good(), name)
    assert (reading.format, len(rows)) == ("geopackage", 2)


# ---------------------------------------------------------------- what would run (H174–H179)


SPY = 'create trigger spy after insert on "地块" begin delete from "地块"; end'


def test_H174_triggers_are_told_and_never_run(tmp_path: Path) -> None:
    data = changed(good(), SPY)
    reading, rows = opened(tmp_path, data, "a.gpkg")
    assert names_of(rows) == NAMES["名称"]
    (note,) = reading.notes
    assert (note.code, "spy" in note.detail_zh) == ("schema-objects", True)


def as_view(select: str) -> bytes:
    """The layer's name is that of a view."""
    return changed(
        good(),
        'alter table "地块" rename to hidden',
        f'create view "地块" as {select}',
        "update gpkg_contents set table_name = '地块' where data_type = 'features'",
        "update gpkg_geometry_columns set table_name = '地块'",
    )


ENDLESS = (
    "with recursive n(i) as (select 1 union all select i + 1 from n) select i as fid, null as geom from n"
)
VIEWS = {
    "H175": "select rowid as fid, null as geom, sql as 名称 from sqlite_master",
    "H176": ENDLESS,
    "H177": "select 1 as fid, null as geom, load_extension('/tmp/x.so') as 名称",
    "H178": "select 1 as fid, null as geom,"
    " gdal_get_layer_pixel_value('/vsicurl/http://127.0.0.1:9/x', 1, 'x', 1, 1) as 名称",
    "H178_plain": "select * from hidden",
}


@pytest.mark.parametrize("hazard", VIEWS)
def test_H175_H176_H177_H178_a_view_is_never_run(tmp_path: Path, hazard: str) -> None:
    data = as_view(VIEWS[hazard])
    started = time.process_time()
    found = refused(tmp_path, data, "a.gpkg")
    assert (found.status, found.code) == (422, "gpkg-view")
    assert time.process_time() - started < 3


@pytest.mark.parametrize("table", ["gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"])
def test_H176_nor_in_the_place_of_the_catalogue(tmp_path: Path, table: str) -> None:
    data = changed(
        good(),
        f"alter table {table} rename to hidden",
        f"create view {table} as with recursive n(i) as (select 1 union all select i + 1 from n)"
        " select h.* from hidden h, n",
    )
    started = time.process_time()
    found = refused(tmp_path, data, "a.gpkg")
    assert (found.status, found.code) == (422, "gpkg-view")
    assert time.process_time() - started < 3


def test_H176_nor_when_the_schema_calls_it_a_table(tmp_path: Path) -> None:
    """What kind a thing is stands in a column that may say anything; what it does is still forbidden."""

    def lie(connection: sqlite3.Connection) -> None:
        connection.execute("pragma writable_schema = on")
        connection.execute("update sqlite_master set type = 'table', rootpage = 2 where type = 'view'")

    started = time.process_time()
    found = refused(tmp_path, changed(as_view(ENDLESS), lie), "a.gpkg")
    assert found.status == 422
    assert found.code in ("gpkg-view", "gpkg-corrupt")
    assert time.process_time() - started < 3


def test_H177_no_function_runs_in_a_generated_column(tmp_path: Path) -> None:
    data = changed(good(), 'alter table "地块" add column spy as (hex(zeroblob(1000000)))')
    reading, rows = opened(tmp_path, data, "a.gpkg")
    assert "spy" not in rows[0].properties
    assert codes(reading.notes) == ["column-unread"]


def test_H179_write_ahead_mode_without_its_files(tmp_path: Path) -> None:
    _, rows = opened(tmp_path, patched(good(), 18, b"\2\2"), "a.gpkg")
    assert names_of(rows) == NAMES["名称"]


# ---------------------------------------------------------------- layers (H180, H183–H186, H189)


def test_H180_several_layers(tmp_path: Path) -> None:
    found = refused(tmp_path, two(), "a.gpkg")
    assert (found.status, found.code, found.offers) == (422, "choose-layer", {"layer": ["地块", "roads"]})
    assert "图层" in found.detail_zh
    _, rows = opened(tmp_path, two(), "a.gpkg", layer="roads")
    assert names_of(rows) == ["丙"]
    assert refused(tmp_path, two(), "a.gpkg", layer="x").code == "layer-unknown"


@pytest.mark.parametrize(
    "name",
    [
        'x"; drop table users; --',
        "a'b",
        "sqlite_master",
        "gpkg_contents",
        "a\nb",
        "x" * 200,
        "a;b",
        "\u202ea",
    ],
)
def test_H183_names_that_mean_harm(tmp_path: Path, name: str) -> None:
    found = refused(tmp_path, renamed(name), "a.gpkg")
    assert (found.status, found.code) == (422, "layer-name")


def renamed(name: str) -> bytes:
    def rename(connection: sqlite3.Connection) -> None:
        connection.execute("update gpkg_contents set table_name = ?", (name,))
        connection.execute("update gpkg_geometry_columns set table_name = ?", (name,))

    return changed(good(), "pragma foreign_keys = off", rename)


def test_H184_the_count_of_others_is_not_believed(tmp_path: Path) -> None:
    data = changed(good(), f"update gpkg_ogr_contents set feature_count = {2**63 - 1}")
    assert len(opened(tmp_path, data, "a.gpkg")[1]) == 2


SYSTEMS = {
    "H185": "organization = 'NONE', definition = 'http://127.0.0.1:9/4326'",
    "H185_organization": "organization = 'http://127.0.0.1:9/4326'",
    "H185_path": "organization = '/vsicurl/http://127.0.0.1:9/x'",
    "H185_code": "organization_coordsys_id = 999999",
    "H185_local": "organization_coordsys_id = 5800",
}


def with_system(said: str) -> bytes:
    return changed(good(), f"update gpkg_spatial_ref_sys set {said} where srs_id = 4326")


@pytest.mark.parametrize("hazard", SYSTEMS)
def test_H185_a_system_is_a_number_of_epsg(tmp_path: Path, hazard: str) -> None:
    found = refused(tmp_path, with_system(SYSTEMS[hazard]), "a.gpkg")
    assert (found.status, found.code) == (422, "crs-unknown")
    assert [offer["crs"] for offer in found.offers["crs"]] == ["EPSG:4326"]


def test_H186_no_layer_of_features(tmp_path: Path) -> None:
    for data in (
        changed(good(), "update gpkg_contents set data_type = 'attributes'"),
        changed(good(), "update gpkg_contents set data_type = 'tiles'"),
        changed(good(), "delete from gpkg_geometry_columns"),
        changed(good(), "drop table gpkg_geometry_columns"),
    ):
        found = refused(tmp_path, data, "a.gpkg")
        assert (found.status, found.code) == (415, "no-vector-layer")


def test_H189_domains_texts_of_json_and_odd_names(tmp_path: Path) -> None:
    odd: dict[str, list[Any]] = {
        "attr with space": ["a", "b"],
        "it's": ["c", "d"],
        "a/b?": [1, 2],
        "select": [json.dumps({"a": [1]})] * 2,
    }
    data = changed(
        package(a=(odd, squares())),
        "create table gpkg_data_columns (table_name text, column_name text, constraint_name text)",
        "create table gpkg_data_column_constraints (constraint_name text, constraint_type text, value text)",
        "insert into gpkg_data_columns values ('a', 'a/b?', 'codes')",
    )
    reading, rows = opened(tmp_path, data, "a.gpkg")
    assert rows[0].properties == {"attr with space": "a", "it's": "c", "a/b?": 1, "select": '{"a": [1]}'}
    assert reading.notes == []
    quoted = package(a=({'a"b': ["c", "d"]}, squares()))
    assert refused(tmp_path, quoted, "a.gpkg").code == "field-name"


def test_texts_that_are_none_are_refused(tmp_path: Path) -> None:
    data = changed(good(), "update \"地块\" set 名称 = cast(x'ff' as text)")
    found = refused(tmp_path, data, "a.gpkg")
    assert (found.status, found.code) == (422, "gpkg-corrupt")


# ---------------------------------------------------------------- geometries (H181, H182)

POINT = shapely.Point(LON, LAT)
HUGE = struct.pack("<I", 1 << 30)
JUNK: dict[str, tuple[bytes | str, str]] = {
    "H181_text": ("POINT (114 22)", "geometry-encoding"),
    "H181_zeros": (b"\0" * 60, "geometry-encoding"),
    "H181_short": (b"GP\0", "geometry-encoding"),
    "H181_wkb": (shapely.to_wkb(POINT), "geometry-encoding"),
    "H181_version": (b"GP\1" + blob(POINT)[3:], "geometry-encoding"),
    "H181_envelope": (blob(POINT, flags=0x0B), "geometry-encoding"),
    "H181_reserved": (blob(POINT, flags=0xC1), "geometry-encoding"),
    "H181_tail": (blob(POINT) + b"\0", "geometry-encoding"),
    "H181_torn": (blob(POINT)[:-1], "geometry-encoding"),
    "H181_order": (blob(b"\7" + shapely.to_wkb(POINT)[1:]), "geometry-encoding"),
    "H181_kind": (blob(b"\1" + struct.pack("<I", 99) + b"\0" * 16), "geometry-encoding"),
    "H181_member": (blob(b"\1" + struct.pack("<2I", 6, 1) + shapely.to_wkb(POINT)), "geometry-encoding"),
    "H181_extended": (blob(POINT, flags=0x21), "geometry-unsupported"),
    "H181_curve": (blob(b"\1" + struct.pack("<2I", 8, 0)), "geometry-unsupported"),
    "H182_line": (blob(b"\1" + struct.pack("<I", 2) + HUGE + b"\0" * 32), "geometry-encoding"),
    "H182_rings": (blob(b"\1" + struct.pack("<I", 3) + HUGE), "geometry-encoding"),
    "H182_ring": (blob(b"\1" + struct.pack("<2I", 3, 1) + HUGE + b"\0" * 64), "geometry-encoding"),
    "H182_parts": (blob(b"\1" + struct.pack("<I", 6) + HUGE), "geometry-encoding"),
    "H182_members": (blob(b"\1" + struct.pack("<I", 7) + HUGE), "geometry-encoding"),
    "short": (blob(b"\1" + struct.pack("<3I", 3, 1, 3) + struct.pack("<6d", *(LON, LAT) * 3)),
              "ring-too-short"),
    "open": (blob(b"\1" + struct.pack("<3I", 3, 1, 4) + struct.pack("<8d", LON, LAT, LON, LAT + 0.01,
             LON + 0.01, LAT, LON + 0.01, LAT + 0.01)), "ring-not-closed"),
    "mixed": (blob(shapely.GeometryCollection([POINT, squares()[0]])), "geometry-unsupported"),
    "nan": (blob(b"\1" + struct.pack("<2I4d", 2, 2, LON, LAT, float("nan"), LAT)), "coordinate-range"),
    "empty": (blob(shapely.Polygon(), flags=0x11), "geometry-empty"),
}  # fmt: skip


@pytest.mark.parametrize("hazard", JUNK)
def test_H181_H182_damaged_geometries_block_their_row(tmp_path: Path, hazard: str) -> None:
    content, code = JUNK[hazard]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _, rows = opened(tmp_path, with_blob(content), "a.gpkg")
    assert codes(rows[0].issues) == [code]
    assert rows[0].blocked
    assert rows[1].geometry is not None
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


@pytest.mark.parametrize("srs", [4490, 0, -1, 4547])
def test_a_geometry_of_another_system_than_its_layer_is_blocked(tmp_path: Path, srs: int) -> None:
    for flags in (1, 0):
        _, rows = opened(tmp_path, with_blob(blob(POINT, flags=flags, srs=srs)), "a.gpkg")
        assert codes(rows[0].issues) == ["geometry-system"]
        assert f"srs_id {srs} ≠ 4326" in rows[0].issues[0].detail_zh
        assert rows[0].blocked
        assert rows[1].issues == []


def with_blobs(content: bytes | str) -> bytes:
    """Every row has it."""

    def junk(connection: sqlite3.Connection) -> None:
        connection.execute('update "地块" set geom = ?', (content,))

    return changed(without_index(good()), junk)


def test_H181_no_row_survives(tmp_path: Path) -> None:
    found = refused(tmp_path, with_blobs(b"junk" * 20), "a.gpkg")
    assert (found.status, found.code) == (422, "geometry-encoding")


def collections_within(depth: int) -> bytes:
    head = b"\1" + struct.pack("<2I", 7, 1)
    return with_blob(blob(head * depth + shapely.to_wkb(POINT)))


def test_H076_collections_within_collections(tmp_path: Path) -> None:
    found = refused(tmp_path, collections_within(100_000), "a.gpkg")
    assert (found.status, found.code) == (413, "geometry-depth")


def test_collections_of_one_family_and_other_ways_to_write(tmp_path: Path) -> None:
    both = shapely.GeometryCollection([squares()[0], shapely.MultiPolygon([HOLED])])
    _, rows = opened(tmp_path, with_blob(blob(both)), "a.gpkg")
    assert codes(rows[0].issues) == ["geometry-invalid", "collection-exploded"]
    for content in (
        blob(shapely.to_wkb(squares()[0], byte_order=0), flags=0),
        blob(squares()[0], flags=3, envelope=b"\0" * 32),
        blob(shapely.to_wkb(shapely.force_3d(squares()[0]), flavor="iso"), flags=5, envelope=b"\0" * 48),
        blob(shapely.to_wkb(shapely.force_3d(squares()[0]), flavor="extended")),
    ):
        _, rows = opened(tmp_path, with_blob(content), "a.gpkg")
        assert same(rows[0].geometry, squares()[0])
