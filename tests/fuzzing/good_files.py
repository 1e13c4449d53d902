"""Several good files of every format, made by the programs that people use or as those write them."""

from __future__ import annotations

import datetime as dt
import io
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import shapely

from tests.app import test_ledgers as ledgers
from tests.app.bringing import collection as parcels
from tests.app.bringing import parcel
from tests.fuzzing.changed_files import archive_of, members_of
from tests.geodata.reading import test_geopackages as in_gpkg
from tests.geodata.reading import test_kml as in_kml
from tests.geodata.reading import test_landpoints as in_points
from tests.geodata.reading import test_shapefiles as in_shp
from tests.geodata.reading import test_workbooks as in_books
from tests.geodata.reading.making import (
    EASTING,
    LAT,
    LON,
    NORTHING,
    POINT,
    as_bytes,
    collection,
    feature,
    polygon,
    square,
)


@dataclass(frozen=True, slots=True)
class Good:
    """A file that is taken. file: its name; form: what is answered with it, beside the kind."""

    name: str
    data: bytes
    file: str
    kind: str = "parcel"
    form: dict[str, str] = field(default_factory=dict)


_HOLED = polygon(square(side=0.01), square(LON + 0.002, LAT + 0.002, 0.002)[::-1])
_LINE = {"type": "LineString", "coordinates": [[LON, LAT], [LON + 0.01, LAT], [LON + 0.01, LAT + 0.01]]}
_METRES = {"type": "Point", "coordinates": [EASTING, NORTHING]}


def _geojson() -> Iterator[Good]:
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    mixed = collection(
        feature(id=1, properties={"名称": 'x"\\', "n": [1, {"a": 1.5}], "状态": "在建"}),
        feature(polygon(square())),
        feature({"type": "GeometryCollection", "geometries": [POINT, POINT]}),
        feature(None),
        crs=named,
        bbox=[114, 22, 115, 23],
    )
    islands = {"type": "MultiPolygon", "coordinates": [[square(LON + 0.02)], _HOLED["coordinates"]]}
    text = parcels(*(parcel(n) for n in range(12)))
    yield Good("mixed", as_bytes(mixed), "a.geojson")
    yield Good("parcels", text, "a.geojson", form={"key_field": "编号"})
    yield Good("holes", as_bytes(collection(feature(_HOLED), feature(islands))), "a.geojson")
    roads = collection(
        feature(_LINE), feature({"type": "MultiLineString", "coordinates": [_LINE["coordinates"]]})
    )
    yield Good("lines", as_bytes(roads), "a.json", "road")
    yield Good("mark", b"\xef\xbb\xbf" + text, "a.geojson")
    yield Good("gb18030", text.decode().encode("gb18030"), "a.geojson")
    yield Good("utf-16", b"\xff\xfe" + text.decode().encode("utf-16-le"), "a.geojson")
    yield Good("metres", as_bytes(collection(feature(_METRES))), "a.geojson", form={"crs": "EPSG:4547"})
    yield Good("one", as_bytes(feature(polygon(square()), {"名称": "甲", "状态": "在建"})), "a.geojson")


_TABLE = (
    ("编号", "名称", "状态", "状态日期", "经度", "纬度"),
    ("A-1", "富安, 路", "在建", "2025-01-15", str(LON), str(LAT)),
    ("A-2", '“平湖” "大街"', "规划", "2025-03", "114°07'12\"E", str(LAT + 0.01)),
    ("A-3", "丙", "已竣工", "", "114.13", "22.7"),
)
_WKT = (
    ("编号", "名称", "WKT"),
    ("B-1", "甲", shapely.to_wkt(shapely.box(LON, LAT, LON + 0.001, LAT + 0.001))),
    ("B-2", "乙", shapely.to_wkt(in_shp.HOLED)),
)


def _lines(rows: tuple[tuple[str, ...], ...], sign: str = ",", end: str = "\n") -> str:
    quoted = [sign.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    return end.join([*quoted, ""])


def _csv() -> Iterator[Good]:
    text = _lines(_TABLE)
    yield Good("utf-8", text.encode(), "a.csv")
    yield Good("mark", b"\xef\xbb\xbf" + _lines(_TABLE, end="\r\n").encode(), "a.csv")
    yield Good("gbk", text.replace("“", "").replace("”", "").encode("gbk"), "a.csv")
    yield Good("shapes", _lines(_WKT).encode(), "a.csv")
    yield Good("semicolons", _lines(_TABLE, ";").encode(), "a.csv")
    plain = f"name,lon,lat\na,{LON},{LAT}\nb,{LON + 0.01},{LAT}\n"
    yield Good("plain", plain.encode(), "a.csv")
    metres = f"名称,x,y\n甲,{EASTING},{NORTHING}\n"
    yield Good("metres", metres.encode(), "a.csv", form={"crs": "EPSG:4547"})


def _tsv() -> Iterator[Good]:
    yield Good("utf-8", _lines(_TABLE, "\t").encode(), "a.tsv")
    yield Good("gb18030", _lines(_WKT, "\t").encode("gb18030"), "a.txt")
    yield Good("utf-16", b"\xff\xfe" + _lines(_TABLE, "\t").encode("utf-16-le"), "a.txt")


def _same_times(workbook: bytes) -> bytes:
    """A workbook without the moment at which it was made."""
    made = [
        (entry, re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-01-01T00:00:00Z", content))
        for entry, content in members_of(workbook)
    ]
    return archive_of(made)


def _xlsx() -> Iterator[Good]:
    header, rows = in_books.HEADER, in_books.ROWS
    typed = ["名称", "状态", "状态日期", "at", "n", "real", "yes", "none", "lon", "lat"]
    moment = dt.datetime(2025, 1, 15, 8, 30)  # noqa: DTZ001
    values = ["甲", "在建", dt.date(2025, 1, 15), moment, 3, 2.5, True, None, LON, LAT]
    shapes: list[list[Any]] = [list(row) for row in _WKT]
    yield Good("plain", in_books.GOOD, "a.xlsx")
    yield Good("typed", in_books.book(("s", [typed, values, values[:3]])), "a.xlsx")
    yield Good("shapes", in_books.book(("地块", shapes)), "a.xlsx")
    two = in_books.book(("路", [header, *rows]), ("站", [header, *rows]))
    yield Good("sheets", two, "a.xlsx", form={"layer": "站"})
    merged = ledgers.book(
        ["名称", "lon", "lat", "备注"], ["甲", LON, LAT, "x"], ["乙", LON, LAT], merge=("D2:D3",)
    )
    yield Good("merged", merged, "a.xlsx")
    cell = b'<c r="C2"><f>57+57.12</f><v>114.12</v></c>'
    sheet = {entry.filename: content for entry, content in members_of(in_books.GOOD)}[in_books.SHEET]
    formula = sheet.replace(b'<c r="C2" t="n"><v>114.12</v></c>', cell)
    yield Good("formula", in_books.repacked(in_books.GOOD, {in_books.SHEET: formula}), "a.xlsx")


def _ledger() -> Iterator[Good]:
    head, full = ledgers.HEAD, ledgers.FULL
    other = [2, "平湖大街", "区住建局", "1.2", "2026年底前", "", "", "", ""]
    yield Good(
        "plain", ledgers.book(head, full, other), "台账.xlsx", "ledger", {"publisher": "平湖街道办事处"}
    )
    title: list[list[Any]] = [["2026年重点项目台账"], ["单位：万元"], head, full]
    yield Good("title", ledgers.book(*title, merge=("A1:I1",)), "台账.xlsx", "ledger")
    upper = ["序号", "项目名称", "投资（万元）", "", "责任单位"]
    lower = ["", "", "总投资", "年度计划投资", ""]
    rows = [1, ledgers.ROAD_NAME, 35000, 1200, "区工务署"]
    below: list[Any] = [2, "富安东路", None, 3, None]
    merge = ("C1:D1", "A1:A2", "B1:B2", "E1:E2", "E3:E4")
    yield Good("merged", ledgers.book(upper, lower, rows, below, merge=merge), "台账.xlsx", "ledger")


_OUTER = (
    f"<outerBoundaryIs><LinearRing><coordinates>{in_kml.RING}</coordinates></LinearRing></outerBoundaryIs>"
)
_INNER = (
    f"<innerBoundaryIs><LinearRing><coordinates>{in_kml.HOLE}</coordinates></LinearRing></innerBoundaryIs>"
)
_AREA = f"<Polygon>{_OUTER}{_INNER}</Polygon>"


def _kml() -> Iterator[Good]:
    folder = ("<Folder><name>道路</name>", in_kml.placemark(more=in_kml.DATA), "</Folder>")
    line = f"<LineString><coordinates>{in_kml.RING}</coordinates></LineString>"
    many = f"<MultiGeometry>{_AREA}<MultiGeometry>{_AREA}</MultiGeometry></MultiGeometry>"
    yield Good("folder", in_kml.document(*folder, in_kml.placemark(_AREA, "甲")), "a.kml")
    yield Good("several", in_kml.document(in_kml.placemark(many, "乙"), in_kml.placemark("", "丙")), "a.kml")
    yield Good("lines", in_kml.document(in_kml.placemark(line)), "a.kml", "road")
    prefixed = in_kml.document(in_kml.placemark()).decode()
    prefixed = re.sub(r"<(/?)(\w)", r"<\1k:\2", prefixed).replace("xmlns=", "xmlns:k=")
    yield Good("prefixed", prefixed.encode(), "a.kml")


def _kmz() -> Iterator[Good]:
    plain = in_kml.document(in_kml.placemark(more=in_kml.DATA), in_kml.placemark(_AREA, "甲"))
    yield Good("plain", in_kml.packed(("doc.kml", plain)), "a.kmz")
    picture = ("images/1.png", b"\x89PNG\r\n\x1a\n" + bytes(300))
    yield Good("pictures", in_kml.packed(("doc.kml", plain), picture, ("__MACOSX/._doc.kml", b"x")), "a.kmz")


def _shapefile() -> Iterator[Good]:
    shapes = [
        in_shp.HOLED,
        shapely.MultiPolygon([in_shp.HOLED, shapely.box(LON + 0.02, LAT, LON + 0.03, LAT + 0.01)]),
    ]
    typed: dict[str, list[Any]] = {
        "名称": ["甲", "乙"], "n": [1, -5], "a": [0.5, 1 / 3], "yes": [True, False],
        "日期": [dt.date(2025, 1, 2)] * 2,
    }  # fmt: skip
    metres = [shapely.box(EASTING + d, NORTHING, EASTING + d + 90, NORTHING + 90) for d in (0, 200)]
    made = {
        "parcels": (in_shp.shapefile(), "parcel"),
        "gbk": (in_shp.language(in_shp.in_gbk(), 0, None), "parcel"),
        "rings": (in_shp.shapefile(shapes=shapes), "parcel"),
        "together": (in_shp.together(), "parcel"),
        "typed": (in_shp.shapefile(typed), "parcel"),
        "heights": (in_shp.shapefile(shapes=[shapely.Point(LON, LAT, 3)] * 2), "parcel"),
        "lines": (in_shp.shapefile(shapes=[in_shp.SHAPES["line"], in_shp.SHAPES["lines"]]), "road"),
        "metres": (in_shp.shapefile(shapes=metres, crs="EPSG:4547"), "parcel"),
        "no-index": ({k: v for k, v in in_shp.shapefile().items() if k != "shx"}, "parcel"),
    }
    for name, (parts, kind) in made.items():
        day = bytes((126, 1, 1))  # the day on which a table was written stands in its head
        same = {**parts, "dbf": parts["dbf"][:1] + day + parts["dbf"][4:]}
        ordered = {ending: same[ending] for ending in sorted(same)}
        yield Good(name, in_shp.zipped(ordered, "图/地块" if name == "rings" else "地块"), "a.zip", kind)


def _geopackage() -> Iterator[Good]:
    typed: dict[str, list[Any]] = {
        "名称": ["甲", "乙"], "n": [2**53 + 1, -5], "yes": [True, False], "日期": [dt.date(2025, 1, 2)] * 2,
    }  # fmt: skip
    shapes = [in_shp.HOLED, shapely.MultiPolygon([in_shp.HOLED])]
    metres = [shapely.box(EASTING + d, NORTHING, EASTING + d + 90, NORTHING + 90) for d in (0, 200)]
    heights = [shapely.force_3d(shape, 7.5) for shape in in_gpkg.squares()]
    made: dict[str, tuple[bytes, str, dict[str, str]]] = {
        "parcels": (in_gpkg.good(), "parcel", {}),
        "layers": (in_gpkg.two(), "parcel", {"layer": "地块"}),
        "rings": (in_gpkg.package(a=(in_shp.NAMES, shapes)), "parcel", {}),
        "heights": (in_gpkg.package(a=(in_shp.NAMES, heights)), "parcel", {}),
        "typed": (in_gpkg.package(a=(typed, in_gpkg.squares())), "parcel", {}),
        "lines": (in_gpkg.package(a=(in_shp.NAMES, [in_shp.SHAPES["line"]] * 2)), "road", {}),
        "metres": (in_gpkg.in_system("EPSG:4547", a=(in_shp.NAMES, metres)), "parcel", {}),
    }
    for name, (data, kind, form) in made.items():
        yield Good(name, _same_count(in_gpkg.changed(data, _same_moment)), "a.gpkg", kind, form)


def _same_moment(connection: sqlite3.Connection) -> None:
    connection.execute("update gpkg_contents set last_change = '2026-01-01T00:00:00.000Z'")


def _same_count(data: bytes) -> bytes:
    """With one number in the two places that count changes: GDAL does not always need as many.

    Their places: SQLite, Database File Format, 1.3.7 and 1.3.20.
    """
    count = (1).to_bytes(4, "big")
    return data[:24] + count + data[28:92] + count + data[96:]


def _landpoints() -> Iterator[Good]:
    whole = [*in_points.points(1, in_points.SQUARE), *in_points.points(2, in_points.HOLE)]
    apart = in_points.parcel(*in_points.points(1, in_points.APART), name="二号地块")
    text = in_points.document(in_points.parcel(*whole), [apart[0].replace("DK-1", "DK-2"), *apart[1:]])
    yield Good("utf-8", text.encode(), "a.txt")
    yield Good("gb18030", text.encode("gb18030"), "a.txt")
    yield Good("utf-16", text.encode("utf-16"), "a.txt")
    plain = in_points.document(in_points.parcel(*in_points.points(1, in_points.SQUARE, None)))
    yield Good("no-zone", plain.encode(), "a.txt")


_MADE = {
    "GeoJSON": _geojson,
    "CSV": _csv,
    "TSV": _tsv,
    "XLSX": _xlsx,
    "KML": _kml,
    "KMZ": _kmz,
    "Shapefile": _shapefile,
    "GeoPackage": _geopackage,
    "boundary points": _landpoints,
    "ledger": _ledger,
}
FORMATS = tuple(_MADE)


@cache
def good_files(form: str) -> tuple[Good, ...]:
    """The good files of a format, the same bytes whenever they are made."""
    found = []
    for one in _MADE[form]():
        data = _same_times(one.data) if zipfile.is_zipfile(io.BytesIO(one.data)) else one.data
        found.append(Good(one.name, data, one.file, one.kind, one.form))
    return tuple(found)
