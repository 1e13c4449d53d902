"""Zipped Shapefiles, as other programs write them and as nobody should."""

from __future__ import annotations

import datetime as dt
import io
import json
import resource
import shutil
import struct
import time
import warnings
import zipfile
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import geopandas
import numpy as np
import pyproj
import pytest
import shapely

from geodata.reading import BROWSER, COMMAND
from tests.geodata.reading.making import EASTING, LAT, LON, NORTHING, codes, lonlat, opened, refused

Parts = dict[str, bytes]
NAMES = {"名称": ["富安东路", "平湖大街"], "状态": ["在建", "规划"]}
ENGLISH = {"name": ["富安东路", "平湖大街"], "status": ["在建", "规划"]}
ESRI_4547 = (
    'PROJCS["CGCS2000_3_Degree_GK_CM_114E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
    'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],'
    'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",114.0],PARAMETER["Scale_Factor",1.0],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


def shapefile(
    rows: Mapping[str, list[Any]] = NAMES,
    shapes: list[Any] | None = None,
    crs: str | None = "EPSG:4326",
    encoding: str = "UTF-8",
) -> Parts:
    """The files of a Shapefile as GDAL writes them, by ending."""
    count = len(next(iter(rows.values())))
    there = shapes or [
        shapely.box(LON + 0.002 * n, LAT, LON + 0.002 * n + 0.001, LAT + 0.001) for n in range(count)
    ]
    folder = Path(mkdtemp())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it says that names are cut
            frame = geopandas.GeoDataFrame(dict(rows), geometry=there, crs=crs)
            frame.to_file(folder / "a.shp", engine="pyogrio", encoding=encoding)
        return {path.suffix[1:]: path.read_bytes() for path in folder.iterdir()}
    finally:
        shutil.rmtree(folder)


@lru_cache
def _good() -> Parts:
    return shapefile()


def good(**other: bytes | None) -> Parts:
    """A Shapefile of two parcels with some of its files exchanged or left out."""
    parts = {**_good(), **other}
    return {ending: content for ending, content in parts.items() if content is not None}


def zipped(parts: Mapping[str, bytes], name: str = "地块", **members: bytes) -> bytes:
    """members: further files by their whole name, with _dot_ for a point."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for ending, content in parts.items():
            archive.writestr(f"{name}.{ending}", content)
        for member, content in members.items():
            archive.writestr(member.replace("_dot_", "."), content)
    return out.getvalue()


def packed(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def members(
    parts: Mapping[str, bytes] | None = None, stem: str = "a"
) -> list[tuple[str | zipfile.ZipInfo, bytes]]:
    return [(f"{stem}.{ending}", content) for ending, content in (parts or good()).items()]


def patched(data: bytes, at: int, value: bytes) -> bytes:
    return data[:at] + value + data[at + len(value) :]


def same(found: Any, wanted: Any) -> bool:
    return bool(found.normalize().equals_exact(wanted.normalize(), 1e-8))


def names_of(rows: list[Any]) -> list[Any]:
    return [row.properties.get("名称", row.properties.get("name")) for row in rows]


# ---------------------------------------------------------------- what is read


def test_a_shapefile_is_rows_with_their_attributes(tmp_path: Path) -> None:
    reading, rows = opened(tmp_path, zipped(good()), "a.zip")
    assert (reading.format, reading.encoding, reading.crs) == ("shapefile", "utf-8", "EPSG:4326")
    assert reading.crs_known_by == "in the file"
    assert [row.properties for row in rows] == [
        {"名称": "富安东路", "状态": "在建"},
        {"名称": "平湖大街", "状态": "规划"},
    ]
    assert same(rows[1].geometry, shapely.box(LON + 0.002, LAT, LON + 0.003, LAT + 0.001))
    assert [note for row in rows for note in row.issues] == []
    assert reading.notes == []


HOLED = shapely.Polygon(
    shapely.box(LON, LAT, LON + 0.01, LAT + 0.01).exterior.coords,
    [shapely.box(LON + 0.002, LAT + 0.002, LON + 0.004, LAT + 0.004).exterior.coords],
)
ISLAND = shapely.box(LON + 0.0025, LAT + 0.0025, LON + 0.003, LAT + 0.003)
SHAPES = {
    "point": shapely.Point(LON, LAT),
    "points": shapely.MultiPoint([(LON, LAT), (LON + 0.01, LAT)]),
    "line": shapely.LineString([(LON, LAT), (LON + 0.01, LAT), (LON, LAT + 0.01)]),
    "lines": shapely.MultiLineString(
        [[(LON, LAT), (LON + 0.01, LAT)], [(LON, LAT + 0.01), (LON, LAT + 0.02)]]
    ),
    "area": shapely.box(LON, LAT, LON + 0.01, LAT + 0.01),
    "hole": HOLED,
    "areas": shapely.MultiPolygon([HOLED, shapely.box(LON + 0.02, LAT, LON + 0.03, LAT + 0.01)]),
    "island": shapely.MultiPolygon([HOLED, ISLAND]),
}


@pytest.mark.parametrize("z", [False, True], ids=["flat", "heights"])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_kind_of_shape_comes_back(tmp_path: Path, shape: str, z: bool) -> None:
    given = shapely.force_3d(SHAPES[shape], 7.5) if z else SHAPES[shape]
    reading, rows = opened(tmp_path, zipped(shapefile(ENGLISH, [given, given])), "a.zip")
    for row in rows:
        assert row.geometry is not None
        assert not row.geometry.has_z
        assert same(row.geometry, SHAPES[shape])
        assert codes(row.issues) == []
    assert codes(reading.notes) == (["z-dropped"] if z else [])


def test_rows_without_a_shape_have_no_place(tmp_path: Path) -> None:
    _, rows = opened(tmp_path, zipped(shapefile(ENGLISH, [None, shapely.Point(LON, LAT)])), "a.zip")
    assert rows[0].geometry is None
    assert codes(rows[0].issues) == ["null-geometry"]
    assert lonlat(rows[1]) == (LON, LAT)


def test_values_are_exact(tmp_path: Path) -> None:
    given: dict[str, list[Any]] = {
        "tenth": [0.1, 17.1], "third": [1 / 3, -2 / 3], "big": [2**53 + 1, 5],
        "day": [dt.date(2025, 1, 2)] * 2,
        "yes": [True, False], "text": ["  a", None],
    }  # fmt: skip
    _, rows = opened(tmp_path, zipped(shapefile(given)), "a.zip")
    first, second = (row.properties for row in rows)
    assert (first["tenth"], second["tenth"]) == (0.1, 17.1)
    assert first["third"] == pytest.approx(1 / 3, abs=1e-15)
    assert (first["big"], second["big"]) == (str(2**53 + 1), 5)
    assert codes(rows[0].issues) == ["number-exact"]
    assert (first["day"], first["text"], second["text"]) == ("2025-01-02", "  a", None)
    assert (first["yes"], second["yes"]) == (True, False)


@pytest.mark.parametrize(
    "code", [4547, 4526, 4490, 4326, 2383, 2362, 2435, 2414, 3857, 32649, 4508, 4610, 4214]
)
@pytest.mark.parametrize("version", ["WKT1_ESRI", "WKT1_GDAL", "WKT2_2019"])
def test_systems_are_recognised(tmp_path: Path, code: int, version: str) -> None:
    to = pyproj.Transformer.from_crs(4326, code, always_xy=True)
    point = shapely.Point(*to.transform(LON, LAT))
    parts = shapefile(ENGLISH, [point, point], crs=None)
    wkt = pyproj.CRS.from_epsg(code).to_wkt(version)
    reading, rows = opened(tmp_path, zipped({**parts, "prj": wkt.encode()}), "a.zip")
    # One grid may be known under two numbers.
    assert reading.crs == f"EPSG:{code}" or (code, reading.crs) == (4508, "EPSG:4546")
    assert lonlat(rows[0]) == pytest.approx((LON, LAT), abs=1e-4)


def test_a_known_name_with_other_numbers_is_not_known(tmp_path: Path) -> None:
    point = shapely.Point(EASTING, NORTHING)
    parts = shapefile(ENGLISH, [point, point], crs=None)
    other = ESRI_4547.replace("500000.0", "400000.0").encode()
    found = refused(tmp_path, zipped({**parts, "prj": other}), "a.zip")
    assert (found.status, found.code) == (422, "crs-unknown")
    assert "EPSG:4547" in [offer["crs"] for offer in found.offers["crs"]]
    reading, _ = opened(tmp_path, zipped({**parts, "prj": other}), "a.zip", crs="EPSG:4547")
    assert reading.crs_known_by == "declared"
    reading, rows = opened(tmp_path, zipped({**parts, "prj": ESRI_4547.encode()}), "a.zip")
    assert reading.crs == "EPSG:4547"
    assert lonlat(rows[0]) == pytest.approx((LON, LAT), abs=1e-5)


def test_what_is_declared_must_agree_with_the_file(tmp_path: Path) -> None:
    assert refused(tmp_path, zipped(good()), "a.zip", crs="EPSG:4547").code == "crs-conflict"


def test_rows_marked_as_deleted_are_left_out(tmp_path: Path) -> None:
    table = good()["dbf"]
    start = struct.unpack_from("<H", table, 8)[0]
    reading, rows = opened(tmp_path, zipped(good(dbf=patched(table, start, b"*"))), "a.zip")
    assert names_of(rows) == ["平湖大街"]
    assert rows[0].geometry is not None
    assert rows[0].geometry.bounds[0] == pytest.approx(LON + 0.002)
    assert codes(reading.notes) == ["rows-deleted"]


def test_40000_parcels_take_seconds(tmp_path: Path) -> None:
    count = 40_000
    angle = np.linspace(0, 2 * np.pi, 13)
    x, y = LON + 0.0005 * (np.arange(count) % 200), LAT - 0.05 + 0.0005 * (np.arange(count) // 200)
    rings = np.stack((x[:, None] + 0.0002 * np.cos(angle), y[:, None] + 0.0002 * np.sin(angle)), axis=2)
    rings[:, -1] = rings[:, 0]
    rows: dict[str, list[Any]] = {
        "编号": [f"P-{n}" for n in range(count)],
        "名称": ["地块"] * count,
        "面积": [n / 10 for n in range(count)],
    }
    data = zipped(shapefile(rows, list(np.asarray(shapely.polygons(rings)))))
    started = time.process_time()
    _, found = opened(tmp_path, data, "a.zip")
    assert time.process_time() - started < 8
    assert (len(found), found[-1].properties["面积"]) == (count, 3999.9)


# ---------------------------------------------------------------- the archive (H120–H137)


def overlapping() -> bytes:
    """Two entries of the directory that share one place."""
    data = bytearray(packed(*members(), ("b.txt", b"x" * 100)))
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 42, 0)
    return bytes(data)


def lying() -> bytes:
    """The directory says that the table is shorter than it is."""
    data = bytearray(zipped(good()))
    at = data.index(b"PK\x01\x02")
    while not bytes(data[at + 46 :]).startswith("地块.dbf".encode()):
        at = data.index(b"PK\x01\x02", at + 4)
    struct.pack_into("<I", data, at + 24, struct.unpack_from("<I", data, at + 24)[0] - 20)
    return bytes(data)


def nameless() -> bytes:
    """An entry of which a name that begins with NUL leaves nothing."""
    data = packed(*members(), ("b.txt", b"x"))
    return data.replace(b"b.txt", b"\0.txt")


def flagged(bit: int) -> bytes:
    data = bytearray(zipped(good()))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= bit
    data[6] |= bit
    return bytes(data)


def bad_sum() -> bytes:
    data = bytearray(zipped(good()))
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 16, 1)
    return bytes(data)


def link() -> zipfile.ZipInfo:
    found = zipfile.ZipInfo("a.cpg")
    found.create_system, found.external_attr = 3, 0o120777 << 16
    return found


SEVERAL = ("b.shp", b"x")
ARCHIVES: dict[str, tuple[Callable[[], bytes], int, str]] = {
    "H120": (lambda: zipped(good())[:-30], 415, "unsupported-format"),
    "H121": (bad_sum, 422, "archive-corrupt"),
    "H122": (lambda: flagged(1), 415, "archive-encrypted"),
    "H123": (lambda: zipped(good(dbf=b"\0" * (1 << 27))), 413, "expanded"),
    "H124": (overlapping, 413, "archive-overlap"),
    "H125": (lambda: packed(("a.zip", zipped(good()))), 415, "nested-archive"),
    "H125_beside": (lambda: packed(*members(), ("b.zip", zipped(good()))), 415, "nested-archive"),
    "H126": (lambda: packed(*members(), *((f"{n}.txt", b"") for n in range(1_005))), 413, "entries"),
    "H127": (lying, 422, "archive-corrupt"),
    "H128": (lambda: packed(*members(), ("../../a.txt", b"x")), 422, "archive-path"),
    "H128_only": (lambda: packed(*members(stem="../../a")), 422, "archive-path"),
    "no_name": (nameless, 422, "archive-path"),
    "H129_absolute": (lambda: packed(*members(stem="/etc/a")), 422, "archive-path"),
    "H129_drive": (lambda: packed(*members(), ("C:a.txt", b"x")), 422, "archive-path"),
    "H129_backslash": (lambda: packed(*members(), ("b\\a.txt", b"x")), 422, "archive-path"),
    "H129_long": (lambda: packed(*members(), ("x" * 300 + ".txt", b"x")), 422, "archive-path"),
    "H130": (lambda: packed(*members(good(cpg=None)), (link(), b"/etc/passwd")), 422, "archive-symlink"),
    "H131": (lambda: packed(*members(), ("a.shp", good()["shp"])), 422, "archive-duplicate"),
    "H131_by_case": (lambda: packed(*members(), ("A.SHP", good()["shp"])), 422, "archive-duplicate"),
    "H132": (lambda: b"GIF89a" + zipped(good()), 415, "unsupported-format"),
    "H132_zip": (lambda: b"PK\x03\x04" + b"x" * 60 + zipped(good()), 422, "archive-corrupt"),
    "H133_vrt": (lambda: packed(*members(), ("a.vrt", b"<OGRVRTDataSource/>")), 415, "archive-member"),
    "H133_exe": (lambda: packed(*members(), ("a.exe", b"MZ")), 415, "archive-member"),
    "H133_sld": (lambda: packed(*members(), ("a.sld", b"<x/>")), 415, "archive-member"),
    "H216": (lambda: packed(("a.vrt", b"<OGRVRTDataSource/>")), 415, "unsupported-format"),
    "H224": (lambda: packed(("a.csv", b"lon,lat\n1,2\n"), ("a.csvt", b"Real"), ("a.vrt", b"<x/>")), 415,
             "unsupported-format"),
}  # fmt: skip


@pytest.mark.parametrize("hazard", ARCHIVES)
def test_H120_to_H133_archives_that_mean_harm(tmp_path: Path, hazard: str) -> None:
    make, status, code = ARCHIVES[hazard]
    data = make()
    started = time.process_time()
    found = refused(tmp_path, data, "a.zip")
    assert (found.status, found.code) == (status, code)
    assert time.process_time() - started < 5


def test_H134_what_programs_leave_behind_is_ignored(tmp_path: Path) -> None:
    litter: list[tuple[str | zipfile.ZipInfo, bytes]] = [
        ("__MACOSX/._a.shp", b"x"),
        (".DS_Store", b"x"),
        ("Thumbs.db", b"x"),
    ]
    _, rows = opened(tmp_path, packed(*members(), *litter), "a.zip")
    assert names_of(rows) == NAMES["名称"]


@pytest.mark.parametrize("stem", ["数据/2025/a", "数据/a"])
def test_H135_in_a_folder(tmp_path: Path, stem: str) -> None:
    _, rows = opened(tmp_path, packed(("数据/", b""), *members(stem=stem)), "a.zip")
    assert names_of(rows) == NAMES["名称"]


def test_H136_in_capitals(tmp_path: Path) -> None:
    parts = good()
    mixed = [
        ("P.SHP", parts["shp"]),
        ("p.DBF", parts["dbf"]),
        ("P.Shx", parts["shx"]),
        ("P.prj", parts["prj"]),
    ]
    _, rows = opened(tmp_path, packed(*mixed, ("p.CPG", parts["cpg"])), "a.zip")
    assert names_of(rows) == NAMES["名称"]


@pytest.mark.parametrize("raw", [False, True], ids=["utf-8", "gbk"])
def test_H137_chinese_names_of_files(tmp_path: Path, raw: bool) -> None:
    pair = [*members(stem="宗地"), *members(stem="道路")]
    data = packed(*pair)
    if raw:
        data = packed(*((str(name).encode("gbk").decode("cp437"), content) for name, content in pair))
        data = without_utf8_mark(data)
    found = refused(tmp_path, data, "a.zip")
    assert (found.code, found.offers) == ("choose-layer", {"layer": ["宗地", "道路"]})
    assert "宗地" in found.detail_zh


def without_utf8_mark(data: bytes) -> bytes:
    """Names in the bytes that a Chinese Windows writes, which say nothing of their encoding."""
    out = bytearray(data)
    for name in ("宗地", "道路"):
        given, wanted = name.encode("gbk").decode("cp437").encode("utf-8"), name.encode("gbk")
        assert len(given) != len(wanted)
    rebuilt = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(bytes(out))) as archive, zipfile.ZipFile(rebuilt, "w") as target:
        for entry in archive.infolist():
            plain = RawName(entry.filename)
            target.writestr(plain, archive.read(entry))
    return rebuilt.getvalue()


class RawName(zipfile.ZipInfo):
    """An entry whose name goes out as code page 437 has it, without the mark for UTF-8."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("cp437"), self.flag_bits & ~0x800


# ---------------------------------------------------------------- the parts (H138–H145)


def test_H138_two_shapefiles(tmp_path: Path) -> None:
    other = shapefile({"名称": ["丙"]})
    data = packed(*members(stem="a"), *members(other, stem="b/c"))
    found = refused(tmp_path, data, "a.zip")
    assert (found.status, found.code, found.offers) == (422, "choose-layer", {"layer": ["a", "b/c"]})
    assert (found.detail_zh[-7:], found.detail_en[-8:]) == ("（a、b/c）", "(a, b/c)")
    _, rows = opened(tmp_path, data, "a.zip", layer="b/c")
    assert names_of(rows) == ["丙"]
    assert refused(tmp_path, data, "a.zip", layer="d").code == "layer-unknown"


@pytest.mark.parametrize(("hazard", "part"), [("H139", "shp"), ("H140", "dbf")])
def test_H139_H140_a_part_is_missing(tmp_path: Path, hazard: str, part: str) -> None:
    found = refused(tmp_path, zipped(good(**{part: None})), "a.zip")
    assert (found.status, found.code) == (422, "missing-part"), hazard
    assert f"地块.{part}" in found.detail_zh


def test_H141_the_index_is_made_anew(tmp_path: Path) -> None:
    reading, rows = opened(tmp_path, zipped(good(shx=None)), "a.zip")
    assert names_of(rows) == NAMES["名称"]
    assert codes(reading.notes) == ["shx-rebuilt"]


def test_H142_no_system(tmp_path: Path) -> None:
    found = refused(tmp_path, zipped(good(prj=None)), "a.zip")
    assert (found.status, found.code) == (422, "crs-missing")
    (offer,) = found.offers["crs"]
    assert (offer["crs"], offer["lands"], offer["of"]) == ("EPSG:4326", 2, 2)
    reading, rows = opened(tmp_path, zipped(good(prj=None)), "a.zip", crs="EPSG:4326")
    assert (reading.crs_known_by, len(rows)) == ("declared", 2)
    metres = shapefile(ENGLISH, [shapely.Point(EASTING, NORTHING)] * 2, crs=None)
    found = refused(tmp_path, zipped(metres), "a.zip")
    assert found.code == "crs-missing"
    assert "EPSG:4547" in [offer["crs"] for offer in found.offers["crs"]]


UNKNOWN = {
    "H143": b"nonsense",
    "H143_torn": ESRI_4547[:200].encode(),
    "H143_json": json.dumps(pyproj.CRS.from_epsg(4326).to_json_dict()).encode(),
    "H143_code": b"EPSG:4326",
    "H143_long": b" " * 10_000 + ESRI_4547.encode(),
    "H144": b'LOCAL_CS["city",UNIT["metre",1]]',
    "H145": b"http://127.0.0.1:9/4326.wkt",
    "H145_name": ESRI_4547.replace("CGCS2000_3_Degree_GK_CM_114E", "http://127.0.0.1:9/x").encode(),
    "H145_grid": (
        b'GEOGCS["x",DATUM["y",SPHEROID["z",6378137,298.25],EXTENSION["PROJ4_GRIDS","/etc/passwd"]],'
        b'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]'
    ),
    "H145_path": b"/vsicurl/http://127.0.0.1:9/x",
}


@pytest.mark.parametrize("hazard", UNKNOWN)
def test_H143_H144_H145_no_system_that_can_be_known(tmp_path: Path, hazard: str) -> None:
    found = refused(tmp_path, zipped(good(prj=UNKNOWN[hazard])), "a.zip")
    assert (found.status, found.code) == (422, "crs-unknown")
    _, rows = opened(tmp_path, zipped(good(prj=UNKNOWN[hazard])), "a.zip", crs="EPSG:4326")
    assert len(rows) == 2


# ---------------------------------------------------------------- the encoding (H146–H151)


def language(parts: Parts, byte: int, cpg: bytes | None) -> Parts:
    """What the table says of its encoding: in its head, and beside it."""
    given = {**parts, "dbf": patched(parts["dbf"], 29, bytes([byte]))}
    given.pop("cpg", None)
    return {**given, "cpg": cpg} if cpg is not None else given


@lru_cache
def in_gbk() -> Parts:
    return shapefile(ENGLISH, encoding="GBK")


ENCODINGS: dict[str, tuple[Callable[[], Parts], list[str]]] = {
    "H146": (lambda: language(in_gbk(), 0, None), ["charset-gb18030"]),
    "H146_ansi": (lambda: language(in_gbk(), 0x57, None), ["charset-gb18030"]),
    "H147": (lambda: language(in_gbk(), 0, b"UTF-8"), ["charset-override"]),
    "H148": (lambda: language(in_gbk(), 0, b"ISO-8859-1"), ["charset-override"]),
    "H148_head": (lambda: language(in_gbk(), 0x03, None), ["charset-override"]),
    "H149": (lambda: language(shapefile(ENGLISH), 0, b"GBK"), ["charset-override"]),
    "H150": (lambda: language(in_gbk(), 0, b"../../etc/passwd"), ["charset-override"]),
    "H150_long": (
        lambda: language(in_gbk(), 0, b"/vsicurl/http://127.0.0.1:9/" + b"x" * 5_000),
        ["charset-override"],
    ),
    "H151": (lambda: language(in_gbk(), 0x4D, None), []),
    "H151_cpg": (lambda: language(in_gbk(), 0, b"936"), []),
    "H151_utf8": (lambda: language(shapefile(ENGLISH), 0, b"utf-8\r\n"), []),
    "H151_unsaid": (lambda: language(shapefile(ENGLISH), 0, None), []),
}


@pytest.mark.parametrize("hazard", ENCODINGS)
def test_H146_to_H151_the_texts_decide_their_encoding(tmp_path: Path, hazard: str) -> None:
    make, told = ENCODINGS[hazard]
    reading, rows = opened(tmp_path, zipped(make()), "a.zip")
    assert [row.properties for row in rows] == [
        {"name": "富安东路", "status": "在建"},
        {"name": "平湖大街", "status": "规划"},
    ]
    assert codes(reading.notes) == told


def test_chinese_names_of_columns_in_gbk(tmp_path: Path) -> None:
    parts = language(shapefile({"名称": ["a", "b"]}, encoding="GBK"), 0, None)
    reading, rows = opened(tmp_path, zipped(parts), "a.zip")
    assert [row.properties for row in rows] == [{"名称": "a"}, {"名称": "b"}]
    assert codes(reading.notes) == ["charset-gb18030"]


def test_other_encodings_are_taken_at_their_word(tmp_path: Path) -> None:
    parts = language(shapefile({"name": ["Rue Café à ", "b"]}, encoding="ISO-8859-1"), 0, b"ISO-8859-1")
    reading, rows = opened(tmp_path, zipped(parts), "a.zip")
    assert rows[0].properties["name"] == "Rue Café à"
    assert (codes(reading.notes), reading.encoding) == ([], "iso8859-1")


@pytest.mark.parametrize("cpg", [b"ISO-8859-12", b"iso8859-0", b"8859"])
def test_H150_an_encoding_of_a_number_that_there_is_not(tmp_path: Path, cpg: bytes) -> None:
    words = {
        "富安东路": b"caf\xe9 no\xeb!   ",
        "平湖大街": b"\xe9t\xe9         ",
        "在建": b"on    ",
        "规划": b"off   ",
    }
    dbf = good()["dbf"]
    for chinese, latin in {**words, "名称": b"name\0\0", "状态": b"status"}.items():
        dbf = dbf.replace(chinese.encode(), latin)
    assert refused(tmp_path, zipped(good(dbf=dbf, cpg=cpg)), "a.zip").code == "charset"
    reading, _ = opened(tmp_path, zipped(good(dbf=dbf, cpg=b"ISO-8859-15")), "a.zip")
    assert reading.encoding == "iso8859-15"


def test_what_no_encoding_fits_is_refused_with_its_byte(tmp_path: Path) -> None:
    table = good()["dbf"]
    at = table.index("富安".encode())
    found = refused(tmp_path, zipped(good(dbf=patched(table, at, b"\xff\xff\xff"), cpg=b"UTF-8")), "a.zip")
    assert (found.status, found.code, found.faults[0].byte) == (422, "charset", at)
    declared = refused(tmp_path, zipped(in_gbk()), "a.zip", encoding="utf-8")
    assert declared.code == "charset"
    assert refused(tmp_path, zipped(good()), "a.zip", encoding="klingon").status == 415


# ---------------------------------------------------------------- names of columns (H152)

LONG: dict[str, list[Any]] = {"status_of_land": ["在建", "规划"], "status_of_road": [1, 2]}


def test_H152_names_cut_to_ten_bytes_are_told(tmp_path: Path) -> None:
    reading, _ = opened(tmp_path, zipped(shapefile(LONG)), "a.zip")
    assert reading.fields == ["status_of_", "status_o_1"]
    (note,) = reading.notes
    assert note.code == "field-truncated"
    assert "status_of_、status_o_1" in note.detail_zh
    assert "status_of_, status_o_1" in note.detail_en


def test_H152_a_table_beside_tells_the_full_names(tmp_path: Path) -> None:
    beside = "字段,全名\r\nstatus_of_,status_of_land\r\nSTATUS_O_1,道路状态\r\n".encode("utf-8-sig")
    reading, rows = opened(tmp_path, zipped({**shapefile(LONG), "csv": beside}), "a.zip")
    assert reading.fields == ["status_of_land", "道路状态"]
    assert rows[1].properties == {"status_of_land": "规划", "道路状态": 2}
    assert reading.notes == []
    other = b"id,name,x\n1,2,3\n"
    reading, _ = opened(tmp_path, zipped({**shapefile(LONG), "csv": other}), "a.zip")
    assert codes(reading.notes) == ["field-truncated"]


def test_one_name_for_two_columns_is_refused(tmp_path: Path) -> None:
    table = shapefile(LONG)["dbf"].replace(b"status_o_1", b"status_of_")
    assert refused(tmp_path, zipped({**shapefile(LONG), "dbf": table}), "a.zip").code == "duplicate-field"


# ---------------------------------------------------------------- damage (H153–H162)


def first_record(count: int = 100) -> int:
    return count


def cut_table(count: int) -> bytes:
    """A table of fewer rows, in good order."""
    table = good()["dbf"]
    start, width = struct.unpack_from("<HH", table, 8)
    return patched(table, 4, struct.pack("<I", count))[: start + count * width]


DAMAGED: dict[str, tuple[Callable[[], Parts], str]] = {
    "H153": (lambda: good(shp=good()["shp"][:-20]), "shapefile-corrupt"),
    "H153_head": (lambda: good(shp=good()["shp"][:60]), "shapefile-corrupt"),
    "H153_record": (lambda: good(shp=good()["shp"][: 100 + 8 + 128]), "shapefile-corrupt"),
    "H153_no_index": (lambda: good(shp=good()["shp"][: 100 + 8 + 128], shx=None), "count-mismatch"),
    "H154_points": (lambda: good(shp=patched(good()["shp"], 100 + 8 + 40, struct.pack("<I", 1 << 30))),
                    "shapefile-corrupt"),
    "H154_parts": (lambda: good(shp=patched(good()["shp"], 100 + 8 + 36, struct.pack("<I", 1 << 30))),
                   "shapefile-corrupt"),
    "H154_part_start": (lambda: good(shp=patched(good()["shp"], 100 + 8 + 44, struct.pack("<i", 1 << 30))),
                        "shapefile-corrupt"),
    "H154_length": (lambda: good(shp=patched(good()["shp"], 104, struct.pack(">I", 1 << 30))),
                    "shapefile-corrupt"),
    "H154_type": (lambda: good(shp=patched(good()["shp"], 108, struct.pack("<i", 3))), "shapefile-corrupt"),
    "H156": (lambda: good(dbf=patched(good()["dbf"], 4, struct.pack("<I", 1 << 31))), "shapefile-corrupt"),
    "H156_width": (lambda: good(dbf=patched(good()["dbf"], 10, struct.pack("<H", 9))), "shapefile-corrupt"),
    "H156_head": (lambda: good(dbf=patched(good()["dbf"], 8, struct.pack("<H", 60_000))),
                  "shapefile-corrupt"),
    "H156_empty": (lambda: good(dbf=b""), "shapefile-corrupt"),
    "H157": (lambda: good(dbf=cut_table(1)), "count-mismatch"),
    "H158": (lambda: good(shx=good()["shx"][:-8]), "shapefile-corrupt"),
    "H158_torn": (lambda: good(shx=good()["shx"][:-3]), "shapefile-corrupt"),
    "H158_elsewhere": (lambda: good(shx=patched(good()["shx"], 108, struct.pack(">I", 50))),
                       "shapefile-corrupt"),
}  # fmt: skip


@pytest.mark.parametrize("hazard", DAMAGED)
def test_H153_to_H158_damaged_files(tmp_path: Path, hazard: str) -> None:
    make, code = DAMAGED[hazard]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = refused(tmp_path, zipped(make()), "a.zip")
    assert (found.status, found.code) == (422, code)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


def promising() -> Parts:
    return good(shp=patched(good()["shp"], 24, struct.pack(">I", 1 << 31)))


def test_H155_a_head_that_promises_too_much(tmp_path: Path) -> None:
    _, rows = opened(tmp_path, zipped(promising()), "a.zip")
    assert names_of(rows) == NAMES["名称"]


def no_number(number: float = float("nan")) -> Parts:
    return shapefile_of_one(patched(good()["shp"], 100 + 8 + 48 + 16, struct.pack("<d", number)))


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 1e308])
def test_H159_no_numbers(tmp_path: Path, number: float) -> None:
    points = shapefile(ENGLISH, [shapely.Point(LON, LAT)] * 2)
    bad = patched(points["shp"], 100 + 8 + 4, struct.pack("<d", number))
    _, rows = opened(tmp_path, zipped({**points, "shp": bad}), "a.zip")
    assert codes(rows[0].issues) == ["coordinate-range"]
    assert rows[0].blocked
    found = refused(tmp_path, zipped(no_number(number)), "a.zip")
    assert (found.status, found.code) == (422, "coordinate-range")
    extent = patched(good()["shp"], 36, struct.pack("<4d", *[number] * 4))
    _, rows = opened(tmp_path, zipped(good(shp=extent)), "a.zip")
    assert len(rows) == 2


def shapefile_of_one(shp: bytes) -> Parts:
    """The first record of two."""
    return good(
        shp=patched(shp[: 100 + 8 + 128], 24, struct.pack(">I", 118)),
        shx=good()["shx"][:-8],
        dbf=cut_table(1),
    )


def record(kind: int, rings: list[list[tuple[float, float]]], number: int = 1) -> bytes:
    """A record of parts, rings in the order and direction given."""
    flat = [xy for ring in rings for xy in ring]
    starts = np.cumsum([0, *map(len, rings[:-1])])
    content = struct.pack("<i4d2i", kind, 0, 0, 0, 0, len(rings), len(flat))
    content += np.asarray(starts, "<i4").tobytes() + np.asarray(flat, "<f8").tobytes()
    return struct.pack(">2i", number, len(content) // 2) + content


def with_records(*records: bytes) -> Parts:
    body = b"".join(records)
    one = cut_table(1)
    start, width = struct.unpack_from("<HH", one, 8)
    dbf = patched(one, 4, struct.pack("<I", len(records)))[:start] + one[start : start + width] * len(records)
    return good(
        shp=patched(good()["shp"][:100], 24, struct.pack(">I", 50 + len(body) // 2)) + body, shx=None, dbf=dbf
    )


def ring(x: float, y: float, side: float, clockwise: bool = True) -> list[tuple[float, float]]:
    corners = [(x, y), (x, y + side), (x + side, y + side), (x + side, y), (x, y)]
    return corners if clockwise else corners[::-1]


def together(outer: bool = True) -> Parts:
    """Two areas, a hole and an island in it as one record. outer: the direction of what is outside."""
    rings = [
        ring(LON + 0.02, LAT, 0.01, outer),
        ring(LON + 0.002, LAT + 0.002, 0.002, not outer),
        ring(LON, LAT, 0.01, outer),
        ring(LON + 0.0025, LAT + 0.0025, 0.0005, outer),
    ]
    return with_records(record(5, rings))


@pytest.mark.parametrize("outer", [True, False], ids=["as-described", "turned"])
def test_H160_rings_of_several_areas_in_one_record(tmp_path: Path, outer: bool) -> None:
    _, (row,) = opened(tmp_path, zipped(together(outer)), "a.zip")
    assert codes(row.issues) == []
    assert row.geometry is not None
    whole = shapely.union_all([HOLED, ISLAND, shapely.box(LON + 0.02, LAT, LON + 0.03, LAT + 0.01)])
    assert same(row.geometry, whole)


def test_H160_one_direction_for_all_rings(tmp_path: Path) -> None:
    rings = [ring(LON, LAT, 0.01, clockwise=False), ring(LON + 0.02, LAT, 0.01, clockwise=False)]
    _, (row,) = opened(tmp_path, zipped(with_records(record(5, rings))), "a.zip")
    assert row.geometry is not None
    assert row.geometry.geom_type == "MultiPolygon"
    assert not row.blocked


def test_a_hole_outside_its_area_stays_a_fault(tmp_path: Path) -> None:
    rings = [ring(LON, LAT, 0.01), ring(LON + 0.02, LAT, 0.02, clockwise=False)]
    found = refused(tmp_path, zipped(with_records(record(5, [*rings, ring(LON + 0.05, LAT, 0.03)]))), "a.zip")
    assert (found.status, found.code) == (422, "geometry-invalid")


def test_faults_of_rings_stay_with_their_row(tmp_path: Path) -> None:
    whole = ring(LON, LAT, 0.01)
    data = with_records(
        record(5, [whole]), record(5, [whole[:-1]]), record(5, [whole[:3]]),
        record(5, [[*whole[:2], whole[0]], whole]),
        struct.pack(">2i", 5, 22) + struct.pack("<i4d2i", 5, 0, 0, 0, 0, 0, 0),
    )  # fmt: skip
    _, rows = opened(tmp_path, zipped(data), "a.zip")
    assert [codes(row.issues) for row in rows] == [
        [], ["ring-not-closed"], ["ring-too-short"], ["ring-too-short"], ["geometry-empty"],
    ]  # fmt: skip
    assert (rows[1].issues[0].lon, rows[1].issues[0].lat) == pytest.approx((LON + 0.01, LAT))


def cut_text() -> Parts:
    """The first name ends within a character."""
    parts = shapefile({"name": ["富" * 100, "b"]})
    start, width = struct.unpack_from("<HH", parts["dbf"], 8)
    cut = patched(parts["dbf"], start + 1, ("a" + "富" * 100).encode()[: width - 1])
    assert cut[start + width - 2 : start + width] != b"  "
    return {**parts, "dbf": cut}


def test_H161_a_text_cut_within_a_character(tmp_path: Path) -> None:
    parts = shapefile({"name": ["富" * 100, "b"]})
    reading, rows = opened(tmp_path, zipped(parts), "a.zip")
    # GDAL cuts between characters, where nothing tells; programs that do not leave half a one.
    assert reading.notes == []
    reading, rows = opened(tmp_path, zipped(cut_text()), "a.zip")
    assert codes(reading.notes) == ["value-truncated"]
    assert set(rows[0].properties["name"]) == {"a", "富"}
    assert reading.encoding == "utf-8"


def test_texts_that_fill_the_widest_column_there_is_may_be_cut(tmp_path: Path) -> None:
    names = ["富" * 84, "a" * 254, "ab" + "富" * 83, "a" * 250, "短"]
    squares = [shapely.box(LON + 0.002 * n, LAT, LON + 0.002 * n + 0.001, LAT + 0.001) for n in range(5)]
    _, rows = opened(tmp_path, zipped(shapefile({"name": names, "no": ["x" * 80] * 5}, squares)), "a.zip")
    assert [row.properties["name"] for row in rows] == names
    assert [set(row.cut) for row in rows] == [{"name"}, {"name"}, {"name"}, set(), set()]


def table(fields: list[tuple[str, str, int, int]], *rows: str) -> bytes:
    """A .dbf of fields (name, type, width, decimals) and rows written out."""
    head = struct.pack(
        "<B3BIHH20x", 3, 125, 1, 1, len(rows), 33 + 32 * len(fields), 1 + sum(f[2] for f in fields)
    )
    described = b"".join(
        struct.pack("<11sc4xBB14x", name.encode(), kind.encode(), width, places)
        for name, kind, width, places in fields
    )
    return head + described + b"\r" + b"".join(b" " + row.encode() for row in rows) + b"\x1a"


def stars() -> Parts:
    fields = [("name", "C", 2, 0), ("n", "N", 4, 0), ("x", "F", 6, 2), ("d", "D", 8, 0), ("l", "L", 1, 0)]
    return good(dbf=table(fields, "a ****  ****00000000?", "b    2  2.5020250102T"))


def test_H162_stars_and_no_days(tmp_path: Path) -> None:
    reading, rows = opened(tmp_path, zipped(stars()), "a.zip")
    assert rows[0].properties == {"name": "a", "n": None, "x": None, "d": None, "l": None}
    assert rows[1].properties == {"name": "b", "n": 2, "x": 2.5, "d": "2025-01-02", "l": True}
    (note,) = reading.notes
    assert note.code == "value-unreadable"
    assert note.detail_zh.startswith("3 ")
    assert note.detail_zh.endswith("列 n、x、d，第 1 行")


def test_the_rows_whose_values_cannot_be_read_are_named_up_to_ten(tmp_path: Path) -> None:
    fields = [("name", "C", 2, 0), ("n", "N", 4, 0)]
    rows = [f"{n:<2}{'****' if n % 2 else '   1'}" for n in range(30)]
    parts = {**shapefile({"name": [str(n) for n in range(30)]}), "dbf": table(fields, *rows)}
    reading, read = opened(tmp_path, zipped(parts), "a.zip")
    assert len(read) == 30
    (note,) = reading.notes
    assert "15 numbers" in note.detail_en
    assert note.detail_en.endswith("column n, rows 2, 4, 6, 8, 10, 12, 14, 16, 18, 20 …")


def test_H375_integers_of_more_than_64_bits_stay_as_text(tmp_path: Path) -> None:
    number = "1" + "0" * 22
    dbf = table(
        [("name", "C", 6, 0), ("n", "N", 30, 0)], "road  " + number.rjust(30), "street" + "5".rjust(30)
    )
    _, rows = opened(tmp_path, zipped(good(dbf=dbf)), "a.zip")
    assert [row.properties["n"] for row in rows] == [number, 5]
    assert codes(rows[0].issues) == ["number-exact"]


@pytest.mark.parametrize(("kind", "width"), [("I", 80), ("O", 4), ("B", 10)])
def test_a_number_in_bytes_of_another_width_is_none_and_its_column_is_left_out(
    tmp_path: Path, kind: str, width: int
) -> None:
    fields = [("name", "C", 6, 0), ("n", kind, width, 0)]
    rows = [name + "z" * width for name in ("road  ", "street")]
    reading, read = opened(tmp_path, zipped(good(dbf=table(fields, *rows))), "a.zip")
    assert [row.properties for row in read] == [{"name": "road"}, {"name": "street"}]
    (note,) = reading.notes
    assert note.code == "column-unread"
    assert "n" in note.detail_en


def test_empty_values_are_empty_without_a_word(tmp_path: Path) -> None:
    fields = [("name", "C", 2, 0), ("n", "N", 4, 0), ("d", "D", 8, 0), ("memo", "M", 10, 0)]
    values = table(fields, " " * 24, " " * 24)
    reading, rows = opened(tmp_path, zipped(good(dbf=values)), "a.zip")
    assert rows[0].properties == {"name": None, "n": None, "d": None}
    assert codes(reading.notes) == ["column-unread"]


def test_too_many_vertices_of_one_record(tmp_path: Path) -> None:
    angle = np.linspace(0, 2 * np.pi, 200_002)
    circle = np.column_stack((LON + 0.01 * np.cos(angle), LAT + 0.01 * np.sin(angle)))
    circle[-1] = circle[0]
    data = zipped(shapefile({"name": ["a"]}, [shapely.Polygon(circle)]))
    found = refused(tmp_path, data, "a.zip")
    assert (found.status, found.code, found.limit) == (413, "vertices", BROWSER.vertices_per_feature)
    _, rows = opened(tmp_path, data, "a.zip", limits=COMMAND)
    assert len(rows) == 1


# ---------------------------------------------------------------- what is not a ZIP (H163, H164)

OTHERS = {
    "H163_rar": b"Rar!\x1a\x07\x00",
    "H163_7z": b"7z\xbc\xaf\x27\x1c" + b"\0" * 40,
    "H163_gz": b"\x1f\x8b\x08" + b"\0" * 40,
}


@pytest.mark.parametrize("hazard", OTHERS)
def test_H163_other_archives_are_told_to_be_zip(tmp_path: Path, hazard: str) -> None:
    found = refused(tmp_path, OTHERS[hazard], "a.zip")
    assert (found.status, found.code) == (415, "unsupported-format")
    assert "Shapefile 请打包成 .zip" in found.detail_zh


def test_H164_a_shp_alone(tmp_path: Path) -> None:
    found = refused(tmp_path, good()["shp"], "a.shp")
    assert (found.status, found.code) == (415, "unsupported-format")
    assert ".shp、.shx、.dbf、.prj" in found.detail_zh
