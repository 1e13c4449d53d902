"""One file of every hazard through the real door: refused in words with nothing stored, or staged and told.

The files are those of the tests of reading; here the whole way is walked, and what is left is looked for.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx2 as httpx
import pytest
from sqlalchemy import text

from app.answers import attachment
from app.uploads import queries
from app.uploads import service as uploads
from app.uploads.routes import handed_back
from tests.app.asking import assert_problem
from tests.app.bringing import (
    Json,
    Left,
    Office,
    assert_untouched,
    collection,
    left,
    own_temporary_folder,
    parcel,
    service_of,
)
from tests.canary import canary
from tests.conftest import SEEDED, opened
from tests.geodata.reading import test_bytes_and_json as in_bytes
from tests.geodata.reading import test_geopackages as in_gpkg
from tests.geodata.reading import test_kml as in_kml
from tests.geodata.reading import test_places as in_places
from tests.geodata.reading import test_shapefiles as in_shp
from tests.geodata.reading import test_shapes as in_shapes
from tests.geodata.reading import test_tables as in_tables
from tests.geodata.reading import test_workbooks as in_books
from tests.geodata.reading.making import (
    EASTING,
    LAT,
    LON,
    NORTHING,
    POINT,
    as_bytes,
    feature,
    of_geometry,
    of_properties,
    polygon,
    square,
)
from tests.geodata.reading.making import collection as document

T = TypeVar("T")


@dataclass(frozen=True)
class Case:
    """A file, how it is sent, and what must come of it.

    Refused: status and code, and `first`, what its first entry of errors holds at least. Staged: `told`, the
    codes that must be among its notes and issues, and `counts`.
    """

    name: str
    data: bytes
    status: int = 201
    code: str = ""
    first: Json = field(default_factory=dict)
    told: tuple[str, ...] = ()
    counts: Json = field(default_factory=dict)
    file: str = "a.geojson"
    form: dict[str, str] = field(default_factory=dict)
    offers: Json = field(default_factory=dict)


def refused(name: str, data: bytes, status: int, code: str, first: Json | None = None, **more: Any) -> Case:
    return Case(name, data, status, code, first or {}, **more)


def one_of_each(rows: Any) -> Iterator[Any]:
    """The first row of every hazard."""
    seen: set[str] = set()
    for row in rows:
        hazard = row[0].partition("_")[0]
        if hazard.startswith("H") and hazard not in seen:
            seen.add(hazard)
            yield row


def one_of_each_of(rows: Mapping[str, T]) -> list[tuple[str, T]]:
    """The same of rows by name."""
    return list(one_of_each(rows.items()))


def named(**properties: Any) -> bytes:
    return of_properties({"名称": "富安东路", **properties})


def table(*lines: str) -> bytes:
    return "\n".join([*lines, ""]).encode()


def metres(crs: Any = None, *, x: float = EASTING, y: float = NORTHING) -> bytes:
    more = {} if crs is None else {"crs": in_places.named(crs)}
    return as_bytes(document(feature({"type": "Point", "coordinates": [x, y]}), **more))


def at(*lonlat: Any) -> bytes:
    return of_geometry({"type": "Point", "coordinates": list(lonlat)})


LINE = {"type": "LineString", "coordinates": [[LON, LAT], [LON + 0.01, LAT]]}
COMB = [[LON + n * 1e-6, LAT + (0.01 if n % 2 else 0.001)] for n in range(5_000)]
COMB = [*COMB, [LON + 0.005, LAT], [LON, LAT], COMB[0]]
DEEP = b'{"type":"GeometryCollection","geometries":[' * 10_000 + as_bytes(POINT) + b"]}" * 10_000
E, N = EASTING, NORTHING
NEAR = [[E, N], [E + 100, N], [E + 100, N + 100], [E, N + 60], [E, N + 20], [E, N]]
HAIR = [[E + 1e-6, N + 20], [E + 1e-6, N + 60], [E + 50, N + 60], [E + 50, N + 20], [E + 1e-6, N + 20]]
GOOD = as_bytes(document(feature()))

BYTES = [
    *(refused(*row) for row in one_of_each(in_bytes.REFUSED)),
    refused("H004_with_its_place", b'{"type":"FeatureCollection",\n"features":[1,]}', 422, "json-syntax",
            {"line": 2, "column": 14}),
    Case("H006", b"\xef\xbb\xbf" + GOOD, counts={"added": 1}),
    Case("H007", b"\xff\xfe" + GOOD.decode().encode("utf-16-le"), told=("charset-converted",)),
    Case("H009", GOOD.decode().encode("gb18030"), told=("charset-gb18030",)),
    Case("H015", named(big=10**30), told=("number-exact",)),
    Case("H020", as_bytes(POINT), 422, "required"),
    Case("H020_feature", as_bytes(feature()), counts={"added": 1}),
    refused("H024", b'{"features":[' + b"[]," * 1_000_000 + b"[]]}", 413, "features"),
    *(
        refused(f"H025_{n}", as_bytes(document(item)), 422, "geojson-structure", {"pointer": pointer})
        for n, (item, pointer) in enumerate(in_bytes.STRUCTURE[::4])
    ),
    refused("H026_missing", as_bytes(document({"type": "Feature", "geometry": POINT})), 422, "required"),
    Case("H027", as_bytes(document(feature(), foreign="x" * 500_000)), counts={"added": 1}),
    *(
        refused(f"H029_{name}", as_bytes(item), 415, "unsupported-format")
        for name, item in in_bytes.RELATIVES
    ),
]  # fmt: skip

PLACES = [
    *(
        refused(name, of_geometry(geometry), 422, code or "outside-area", {"row": 0})
        for name, geometry, code in one_of_each(in_places.ROWS)
        if code
    ),
    refused("H031", at(LAT, LON), 422, "axis-swapped", offers={"axis": ["latlon"]}),
    Case("H031_as_chosen", at(LAT, LON), told=("axis-exchanged",), form={"axis": "latlon"}),
    refused("H035", metres(), 422, "projected-coordinates"),
    Case("H035_as_chosen", metres(), counts={"added": 1}, form={"crs": "EPSG:4547"}),
    refused("H036", metres(x=38_000_000 + E), 422, "projected-coordinates"),
    Case("H037", metres("urn:ogc:def:crs:EPSG::4547"), counts={"added": 1}),
    refused("H038", metres("EPSG:999999"), 422, "crs-unknown"),
    Case("H039", in_places.with_crs(None), told=("crs-assumed",)),
    refused("H043", as_bytes(document(feature(crs=in_places.named("EPSG:4326")))), 422, "crs-placement"),
    Case("H044", in_places.with_crs(in_places.named("urn:ogc:def:crs:OGC:1.3:CRS84")), counts={"added": 1}),
    refused("H045", of_geometry(polygon([[179, 22], [-179, 22], [-179, 23], [179, 23], [179, 22]])), 422,
            "outside-area"),
    Case("H046", at(LON, LAT, 9), told=("z-dropped",)),
    Case("H047", at(LON, LAT, 9, 1), told=("ordinates-dropped",)),
    Case("H048", as_bytes(document(feature({"type": "LineString", "coordinates": [[LON, LAT],
         [LON, LAT + 0.01, 5]]}))), told=("z-dropped",), form={"kind": "road"}),
    Case("H052", at(114.123456789012345, 22.690000004999), counts={"added": 1}),
    Case("H053", in_places.stations("GCJ-02"), told=("datum-converted",), form={"source_crs": "GCJ-02"}),
    Case("H054", in_places.with_crs(in_places.named("urn:ogc:def:crs:EPSG::4490")), counts={"added": 1}),
    refused("H055", metres("EPSG:4547", x=N, y=E), 422, "axis-swapped", offers={"axis": ["latlon"]}),
    Case("H056", as_bytes(document(feature(), bbox=[0, 0, 1, 1])), told=("bbox-ignored",)),
    refused("H057", metres(), 422, "crs-unknown", form={"crs": 'LOCAL_CS["city"]'}),
    refused("H058", in_books.book(("路", [in_books.HEADER, *in_books.ROWS]),
                                  ("站", [in_books.HEADER, *in_books.ROWS])), 422, "choose-layer",
            file="a.xlsx", offers={"layer": ["路", "站"]}),
    refused("H059", metres("EPSG:4547"), 422, "crs-conflict", form={"crs": "EPSG:4526"}),
]  # fmt: skip

SHAPES = [
    *(
        refused(name, of_geometry(geometry), 422, code, {"row": 0, "field": "geometry"})
        for name, geometry, code in one_of_each(in_shapes.BLOCKED)
    ),
    *(
        Case(name, of_geometry(geometry), counts={"added": 1})
        for name, geometry in one_of_each(in_shapes.ACCEPTED)
    ),
    Case("H072", as_bytes(document(feature(None), feature())), told=("null-geometry",), counts={"added": 2}),
    Case("H073_one_family", of_geometry({"type": "GeometryCollection", "geometries": [polygon(square())]}),
         told=("collection-exploded",)),
    refused("H074", of_geometry(1).replace(b'"geometry": 1', b'"geometry": ' + DEEP), 413, "geometry-depth"),
    refused("H075", table("name,wkt", 'a,"' + "GEOMETRYCOLLECTION(" * 10_000 + "POINT(114 22)" + ")" * 10_000
                          + '"'), 413, "geometry-depth", file="a.csv"),
    refused("H076_as_geopackage", in_gpkg.collections_within(1_000), 413, "geometry-depth", file="a.gpkg"),
    Case("H077", as_bytes(document(feature(), feature(LINE))), told=("geometry-type",),
         counts={"added": 1, "blocked": 1}),
    refused("H079", of_geometry({"type": "LineString", "coordinates":
            [[round(LON + n * 1e-8, 8), LAT] for n in range(200_001)]}), 413, "vertices"),
    refused("H081", b"name,lon,lat\n" + b"a,114.12,22.69\n" * 200_001, 413, "features", file="a.csv"),
    Case("H082", of_geometry(polygon(COMB)), counts={"added": 1}),
    Case("H084", as_bytes(document(feature(), feature())), told=("duplicate-feature",)),
    Case("H085", as_bytes(document(feature(polygon(square()), {"名称": "甲"}),
                                   feature(polygon(square(LON + 0.0005)), {"名称": "乙"}))),
         told=("overlap",)),
    Case("H087_sliver", of_geometry(polygon([[LON, LAT], [LON + 0.01, LAT], [LON + 0.01, LAT + 2e-7],
                                             [LON, LAT + 2e-7], [LON, LAT]])), told=("sliver",)),
    refused("H088", of_geometry(polygon(in_shapes.ring((0, 0), (4, 0), (4, 4), (0, 4), (0, 0), (1, 2), (2, 1),
                                                       (0, 0)))), 422, "geometry-invalid"),
    refused("H089", as_bytes(document(feature(polygon(NEAR, HAIR)))), 422, "geometry-invalid",
            form={"crs": "EPSG:4547"}),
]  # fmt: skip

VERBATIM = {
    "H101": "<img src=x onerror=alert(1)>",
    "H103": "</script><script>alert(1)</script>",
    "H104": "javascript:alert(1)",
    "H105": "${alert(3)}",
    "H106": '=HYPERLINK("http://x")',
    "H113": "𠮷 👨‍👩‍👧 㙟䲟",
    "H114": "Robert'); DROP TABLE students;--",
    "H117": "NaN",
    "H118": "{{7*7}} #{7*7}",
}
ATTRIBUTES = [
    refused("H090", as_bytes(document(feature(properties={"编号": "A", "名称": "甲"}),
                                      feature(properties={"编号": "A", "名称": "乙"}))), 422, "duplicate-id"),
    refused("H091", of_properties({"状态": "在建"}), 422, "required"),
    refused("H092", named(状态="在健"), 422, "vocabulary-near", {"row": 0, "field": "状态"}),
    refused("H093", named(状态="在建", 状态日期="2025-02-30"), 422, "date-near", {"row": 0}),
    refused("H094", of_properties({f"key_{n}": n for n in range(100_000)}), 413, "keys"),
    refused("H095", as_bytes(document(*[feature(properties={f"key_{n}": n}) for n in range(20_000)])), 413,
            "keys"),
    refused("H096", named(a="x" * 10_001), 413, "value-length"),
    refused("H097", table("name,lon,lat", "a\x00b,114.12,22.69"), 422, "control-character", {"line": 2},
            file="a.csv"),
    refused("H099", of_properties({"名称": "a\u202eb"}), 422, "bidi-control"),
    Case("H100", of_properties({"名称": "富安\u200b东路"}), told=("invisible-characters",)),
    refused("H102", named(**{"<script>": 1}), 422, "field-name"),
    refused("H107", named(**{'x"; drop table project; --': 1}), 422, "field-name"),
    refused("H375_nul_in_a_name", table("na\0me,lon,lat", "a,114.12,22.69"), 422, "field-name",
            {"field": "na\\u0000me"}, file="a.csv"),
    refused("H375_nul_in_a_key", of_properties({"a\0b": "x" * 10_001}), 413, "value-length"),
    Case("H375_nul_in_a_type", as_bytes(document(feature(), feature({"type": "a\0b", "coordinates": []}))),
         counts={"added": 1, "blocked": 1}),
    Case("H108", named(id="a1", geometry="b", fid=1, FID=2, type="c"), counts={"added": 1}),
    Case("H109", as_bytes(document(*[feature(properties={"名称": f"甲{n}", "v": v})
                                     for n, v in enumerate([1, 1.5, "1", True, {"a": 1}])])),
         told=("type-mixed",)),
    Case("H110", named(v=[[[[1]]]]), counts={"added": 1}),
    refused("H110_deeper", named(v=[[[[[1]]]]]), 413, "value-depth"),
    Case("H111", named(**dict.fromkeys(("caf\u00e9", "cafe\u0301"), 1)), told=("fields-merged",)),
    refused("H112", named(**{"k" * 10_000: 1}), 413, "key-length"),
    refused("H115", as_bytes(document(feature(properties={"__proto__": 1, "名称": "甲"}))), 422,
            "field-name"),
    Case("H116", named(面积="１２３"), told=("number-normalised",)),
    Case("H119", named(责任单位="张三 13812345678"), told=("personal-data",)),
]  # fmt: skip

CSV = [
    Case("H230", b"\xff\xfe" + in_tables.GOOD.replace(",", "\t").encode("utf-16-le"),
         told=("charset-converted",)),
    Case("H231", in_tables.GOOD.replace("\n", "\r\n").encode("gbk"), told=("charset-gb18030",)),
    Case("H232", b"name;lon;lat\na;114,12;22,69\n", told=("dialect", "coordinate-normalised")),
    refused("H233", table("name,lon,lat", "a,114.12,22.69", "b,114.12", "c,114.12,22.69,9"), 422, "row-width",
            {"line": 3}),
    refused("H234", table("name,lon,lat", "a\x07b,114.12,22.69"), 422, "control-character", {"line": 2}),
    refused("H235", table("name,lon,lat", 'a,114.12,22.69', '"b,114.12,22.69', "c,114.12,22.69"), 422,
            "csv-quote", {"line": 3}),
    refused("H236", b"name,lon,lat\n" + b"x" * 5_000_000 + b",114.12,22.69\n", 413, "value-length"),
    refused("H237", table("名称,名称,lon,lat", "a,b,114.12,22.69"), 422, "duplicate-field",
            {"field": "名称"}),
    Case("H238", table("name,lon,lat", "a,114°06'E,22°41'24''"), told=("dms-converted",)),
    Case("H239", table("name,lon,lat", "=HYPERLINK(1),114.12,22.69", "-1,114.13,22.69"), counts={"added": 2}),
    refused("H240", table("name,wkt", 'a,"POINT (114.12"'), 422, "wkt", {"row": 0}),
    refused("H241", table("name,lon,lat", "a,22.69,114.12"), 422, "axis-swapped",
            offers={"axis": ["latlon"]}),
    refused("H242", table("名称,状态", "a,在建"), 422, "no-geometry"),
    Case("H243", b"\xef\xbb\xbf" + in_tables.GOOD.encode(), counts={"added": 2}),
    Case("H244", b'sep=;\r\n"name";lon;lat\r\n"a\nb";114.12;22.69\r\n', counts={"added": 1}),
]  # fmt: skip

SHAPEFILES = [
    *(
        refused(name, make(), status, code, file="a.zip")
        for name, (make, status, code) in one_of_each_of(in_shp.ARCHIVES)
    ),
    *(
        Case(name, in_shp.zipped(make()), told=tuple(notes), counts={"added": 2}, file="a.zip")
        for name, (make, notes) in one_of_each_of(in_shp.ENCODINGS)
    ),
    *(
        refused(name, in_shp.zipped(make()), 422, code, file="a.zip")
        for name, (make, code) in one_of_each_of(in_shp.DAMAGED)
    ),
    *(
        refused(name, in_shp.zipped(in_shp.good(prj=prj)), 422, "crs-unknown", file="a.zip")
        for name, prj in one_of_each_of(in_shp.UNKNOWN)
    ),
    *(
        refused(name, data, 415, "unsupported-format", file="a.zip")
        for name, data in one_of_each_of(in_shp.OTHERS)
    ),
    Case("H134", in_shp.packed(*in_shp.members(), ("__MACOSX/._a.shp", b"x")), counts={"added": 2},
         file="a.zip"),
    Case("H135", in_shp.packed(*in_shp.members(stem="数据/a")), counts={"added": 2}, file="a.zip"),
    Case("H136", in_shp.packed(*((f"P.{ending.upper()}", content)
                                   for ending, content in in_shp.good().items())),
         counts={"added": 2}, file="a.zip"),
    refused("H138", in_shp.packed(*in_shp.members(stem="宗地"), *in_shp.members(stem="道路")), 422,
            "choose-layer", file="a.zip", offers={"layer": ["宗地", "道路"]}),
    Case("H138_chosen", in_shp.packed(*in_shp.members(stem="宗地"), *in_shp.members(stem="道路")),
         counts={"added": 2}, file="a.zip", form={"layer": "道路"}),
    refused("H139", in_shp.zipped(in_shp.good(shp=None)), 422, "missing-part", file="a.zip"),
    refused("H140", in_shp.zipped(in_shp.good(dbf=None)), 422, "missing-part", file="a.zip"),
    Case("H141", in_shp.zipped(in_shp.good(shx=None)), told=("shx-rebuilt",), counts={"added": 2},
         file="a.zip"),
    refused("H142", in_shp.zipped(in_shp.good(prj=None)), 422, "crs-missing", file="a.zip"),
    Case("H142_as_chosen", in_shp.zipped(in_shp.good(prj=None)), counts={"added": 2}, file="a.zip",
         form={"crs": "EPSG:4326"}),
    Case("H152", in_shp.zipped(in_shp.shapefile({**in_shp.NAMES, **in_shp.LONG})), told=("field-truncated",),
         counts={"added": 2}, file="a.zip"),
    Case("H155", in_shp.zipped(in_shp.promising()), counts={"added": 2}, file="a.zip"),
    refused("H159", in_shp.zipped(in_shp.no_number()), 422, "coordinate-range", file="a.zip"),
    Case("H160", in_shp.zipped(in_shp.together()), counts={"added": 1}, file="a.zip"),
    Case("H161", in_shp.zipped(in_shp.cut_text()), told=("value-truncated",), counts={"added": 2},
         file="a.zip"),
    Case("H162", in_shp.zipped(in_shp.stars()), told=("value-unreadable",), counts={"added": 2},
         file="a.zip"),
    refused("H164", in_shp.good()["shp"], 415, "unsupported-format", file="a.shp"),
]  # fmt: skip

GEOPACKAGES = [
    refused("H171", in_shp.patched(in_gpkg.good(), 68, b"\0\0\0\0"), 415, "unsupported-format",
            file="a.gpkg"),
    refused("H172", in_gpkg.good()[:-5_000], 422, "gpkg-corrupt", file="a.gpkg"),
    Case("H174", in_gpkg.changed(in_gpkg.good(), in_gpkg.SPY), told=("schema-objects",), counts={"added": 2},
         file="a.gpkg"),
    *(
        refused(name, in_gpkg.as_view(select), 422, "gpkg-view", file="a.gpkg")
        for name, select in one_of_each_of(in_gpkg.VIEWS)
    ),
    Case("H179", in_shp.patched(in_gpkg.good(), 18, b"\2\2"), counts={"added": 2}, file="a.gpkg"),
    refused("H180", in_gpkg.two(), 422, "choose-layer", file="a.gpkg", offers={"layer": ["地块", "roads"]}),
    Case("H180_chosen", in_gpkg.two(), counts={"added": 2}, file="a.gpkg", form={"layer": "地块"}),
    *(
        refused(name, in_gpkg.with_blobs(content), 422, code, file="a.gpkg")
        for name, (content, code) in one_of_each_of(in_gpkg.JUNK)
    ),
    refused("H183", in_gpkg.renamed('x"; drop table users; --'), 422, "layer-name", file="a.gpkg"),
    Case("H184", in_gpkg.changed(in_gpkg.good(), f"update gpkg_ogr_contents set feature_count = {2**63 - 1}"),
         counts={"added": 2}, file="a.gpkg"),
    *(
        refused(name, in_gpkg.with_system(said), 422, "crs-unknown", file="a.gpkg")
        for name, said in one_of_each_of(in_gpkg.SYSTEMS)
    ),
    refused("H186", in_gpkg.changed(in_gpkg.good(), "update gpkg_contents set data_type = 'attributes'"), 415,
            "no-vector-layer", file="a.gpkg"),
    refused("H187", in_shp.patched(in_gpkg.good(), 28, b"\0\xff\xff\xff"), 422, "gpkg-corrupt",
            file="a.gpkg"),
    Case("H188", in_gpkg.good(), counts={"added": 2}, file="a.kml"),
]  # fmt: skip

CONTENT = [
    refused(f"{name}_content", data, 415, "unsupported-format")
    for name, data, _ in one_of_each(in_bytes.CONTENT)
]
CASES = [*BYTES, *PLACES, *SHAPES, *ATTRIBUTES, *CSV, *SHAPEFILES, *GEOPACKAGES, *CONTENT]
REFUSED = [case for case in CASES if case.status != 201]
STAGED = [case for case in CASES if case.status == 201]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with pytest.MonkeyPatch.context() as patch, opened(SEEDED) as database:
        folder = tmp_path_factory.mktemp("temporary")
        patch.setattr(uploads, "MOST_AN_HOUR", 10_000)
        patch.setattr(uploads, "MOST_TRIES_AN_HOUR", 10_000)
        with own_temporary_folder(folder, patch.setenv), service_of(database) as client:
            found = Office(client, database)
            found.enter("gis")
            yield found


@dataclass(frozen=True)
class Sent:
    answers: dict[str, httpx.Response]
    before: Left
    after: Left


def all_sent(office: Office, cases: list[Case]) -> Sent:
    """Every case, as many at once as the service checks at once."""

    def send(case: Case) -> httpx.Response:
        return office.send(case.data, "a.csv" if case in CSV else case.file, **case.form)

    before = left(office.database)
    with ThreadPoolExecutor(3) as pool:
        answers = dict(zip([case.name for case in cases], pool.map(send, cases), strict=True))
    return Sent(answers, before, left(office.database))


@pytest.fixture(scope="module")
def sent_in_vain(office: Office) -> Sent:
    # The largest takes longer than a busy service waits before it says that it goes on.
    with pytest.MonkeyPatch.context() as patient:
        patient.setattr("app.jobs.routes.PATIENCE_S", 120.0)
        return all_sent(office, REFUSED)


@pytest.fixture(scope="module")
def sent_well(office: Office, sent_in_vain: Sent) -> Sent:
    return all_sent(office, STAGED)


@pytest.mark.parametrize("case", REFUSED, ids=[case.name for case in REFUSED])
def test_a_hazard_is_refused_in_words(office: Office, sent_in_vain: Sent, case: Case) -> None:
    body = assert_problem(sent_in_vain.answers[case.name], case.status, case.code)
    assert case.offers.items() <= body.get("offers", {}).items()
    if case.first:
        assert case.first.items() <= body["errors"][0].items()
    assert_only_a_rejected_row(office, body)


def test_nothing_of_what_was_refused_is_stored(sent_in_vain: Sent) -> None:
    assert len(sent_in_vain.answers) == len(REFUSED)
    assert sent_in_vain.after == sent_in_vain.before


@pytest.mark.parametrize("case", STAGED, ids=[case.name for case in STAGED])
def test_what_can_be_read_is_staged_and_told(office: Office, sent_well: Sent, case: Case) -> None:
    answer = sent_well.answers[case.name]
    assert answer.status_code == 201, answer.text[:500]
    counts = answer.json()["report"]["counts"]
    assert set(case.told) <= told(office, answer.json())
    assert case.counts.items() <= counts.items()
    assert counts["blocked"] == 0 or "blocked" in case.counts


def test_what_is_staged_is_not_public(sent_well: Sent) -> None:
    grown = {
        name
        for name in sent_well.before.tables
        if sent_well.after.tables[name] != sent_well.before.tables[name]
    }
    assert grown == {"changeset", "change", "upload_piece"}


def told(office: Office, upload: Json) -> set[str]:
    """Every code that the report and the changes tell."""
    rows = office.client.get(f"/api/changesets/{upload['changeset']}/changes", params={"limit": 500}).json()
    issues = [issue for change in rows["changes"] for issue in change["issues"]]
    report = upload["report"]
    return {found["code"] for found in [*issues, *report["notes"], *report["of_same_rows"]]}


def assert_only_a_rejected_row(office: Office, problem: Json) -> None:
    """The upload is remembered as refused, with the words and without the file."""
    number = int(problem["instance"].rpartition("/")[2])
    with office.database.writing() as connection:
        row = queries.upload(connection, number)
        assert row is not None
        assert (row["state"], row["changeset_id"]) == ("rejected", None)
        assert list(queries.pieces(connection, number)) == []
        assert "wkb" not in json.dumps(row["report"])
        actions = connection.execute(
            text("select action from event_log where object = :thing order by id"),
            {"thing": f"upload/{number}"},
        ).scalars()
        assert list(actions) == ["upload", "reject"]


def test_every_hazard_of_files_has_a_case() -> None:
    """H001–H119 and H230–H244, those that are told elsewhere set aside; H120–H227 here, or by a test that
    bears the number."""
    elsewhere = {
        "H040", "H041", "H042",  # below, beside a listener that must not be asked
        "H080",  # below: refused by its head
        *VERBATIM,  # below: stored as they stand
    }  # fmt: skip
    known = {case.name.partition("_")[0] for case in CASES} | elsewhere
    wanted = [*range(1, 60), *range(60, 120), *range(230, 245)]
    assert {f"H{n:03}" for n in wanted} - known == set()
    known |= {hazard.partition("_")[0] for hazard in FILE_NAMES} | named_by_tests()
    wanted = [*range(120, 165), *range(170, 190), *range(190, 210), *range(210, 228)]
    # H225, a virus, is left to whoever scans the files that are kept: nothing of them runs or is shown.
    assert {f"H{n:03}" for n in wanted} - known == {"H225"}


def named_by_tests() -> set[str]:
    """Hazards in the names of the tests of reading and of the service."""
    folder = Path(__file__).parent.parent
    sources = [*folder.glob("geodata/reading/test_*.py"), *folder.glob("app/test_*.py")]
    names = [
        name for path in sources for name in re.findall(r"^def test_(\w+)", path.read_text("utf-8"), re.M)
    ]
    return {hazard for name in names for hazard in re.findall(r"H\d{3}", name)}


# ---------------------------------------------------------------- addresses in files


def test_H040_H041_H042_H217_no_address_of_a_file_is_asked(office: Office) -> None:
    before = left(office.database)
    with canary() as (address, asked):
        for code, member in (
            ("crs-link", {"type": "link", "properties": {"href": f"{address}/crs.wkt", "type": "ogcwkt"}}),
            ("crs-link", {"type": "url", "properties": {"url": f"{address}/crs.wkt"}}),
            ("crs-unknown", in_places.named(f"{address}/4326")),
            ("crs-unknown", in_places.named(f"/vsicurl/{address}/x")),
            ("crs-unknown", in_places.named("file:///etc/passwd")),
        ):
            assert_problem(office.send(in_places.with_crs(member)), 422, code)
        vrt = f"<OGRVRTDataSource><SrcDataSource>/vsicurl/{address}/x</SrcDataSource></OGRVRTDataSource>"
        assert_problem(office.send(vrt.encode()), 415, "unsupported-format")
        assert_untouched(office.database, before)
        links = as_bytes(document(feature(), links=[{"rel": "next", "href": f"{address}/next"}]))
        assert office.send(links).status_code == 201
        assert asked == []


def test_H190_H191_H192_H193_H196_H197_H198_no_address_of_a_kml_is_asked(office: Office) -> None:
    before = left(office.database)
    with canary() as (address, asked):
        for name, doctype in in_kml.DOCTYPES.items():
            there = doctype.replace("http://127.0.0.1:9", address)
            file = in_kml.document(in_kml.placemark(name="&x;"), head=in_kml.HEAD + there)
            assert_problem(office.send(file, name=f"{name}.kml"), 422, "xml-doctype")
        link = f"<NetworkLink><Link><href>{address}/x.kml</href></Link></NetworkLink>"
        assert_problem(office.send(in_kml.document(in_kml.placemark(), link)), 422, "network-link")
        assert_untouched(office.database, before)
        style = f"<styleUrl>{address}/s.kml#a</styleUrl>"
        data = in_kml.DATA.replace("http://127.0.0.1:9", address)
        answer = office.send(in_kml.document(in_kml.placemark(more=style + data)), name="a.kml")
        assert answer.status_code == 201, answer.text
        assert asked == []


def test_H145_H178_H185_H216_no_address_of_a_shapefile_or_geopackage_is_asked(office: Office) -> None:
    before = left(office.database)
    with canary() as (address, asked):
        for prj in in_shp.UNKNOWN.values():
            sent = prj.replace(b"http://127.0.0.1:9", address.encode())
            assert_problem(office.send(in_shp.zipped(in_shp.good(prj=sent)), "a.zip"), 422, "crs-unknown")
        source = f"<SrcDataSource>/vsicurl/{address}/x</SrcDataSource>"
        vrt = f"<OGRVRTDataSource>{source}</OGRVRTDataSource>".encode()
        assert_problem(office.send(in_shp.packed(("a.vrt", vrt)), "a.zip"), 415, "unsupported-format")
        beside = in_shp.packed(*in_shp.members(), ("a.vrt", vrt))
        assert_problem(office.send(beside, "a.zip"), 415, "archive-member")
        for said in in_gpkg.SYSTEMS.values():
            data = in_gpkg.with_system(said.replace("http://127.0.0.1:9", address))
            assert_problem(office.send(data, "a.gpkg"), 422, "crs-unknown")
        for select in in_gpkg.VIEWS.values():
            data = in_gpkg.as_view(select.replace("http://127.0.0.1:9", address))
            assert_problem(office.send(data, "a.gpkg"), 422, "gpkg-view")
        assert_untouched(office.database, before)
        override = in_shp.language(in_shp.in_gbk(), 0, f"/vsicurl/{address}/x".encode())
        assert office.send(in_shp.zipped(override), "a.zip").status_code == 201
        assert asked == []
    assert office.client.get("/healthz").status_code == 200


# ---------------------------------------------------------------- stored as they stand


@pytest.mark.parametrize("hazard", VERBATIM)
def test_H101_to_H118_values_are_stored_as_they_stand(office: Office, hazard: str) -> None:
    value = VERBATIM[hazard]
    answer = office.send(of_properties({"编号": hazard, "名称": value, "公开说明": value}))
    assert answer.status_code == 201, answer.text
    number = answer.json()["changeset"]
    listed = office.client.get(f"/api/changesets/{number}/changes")
    assert listed.headers["content-type"] == "application/json"
    assert listed.headers["x-content-type-options"] == "nosniff"
    change = listed.json()["changes"][0]
    assert (change["name_zh"], change["after"]["note_zh"]) == (value, value)
    one = office.client.get(f"/api/changesets/{number}/changes/{change['n']}")
    assert one.json()["after"]["name_zh"] == value
    found = office.client.get(f"/api/changesets/{number}/changes", params={"q": value})
    assert [entry["n"] for entry in found.json()["changes"]] == [change["n"]]


def test_H106_in_the_table_of_faults_no_cell_is_a_formula(office: Office) -> None:
    answer = office.send(named(状态='=HYPERLINK("http://x")'))
    assert_problem(answer, 422, "vocabulary")
    table_ = office.client.get(f"{answer.json()['instance']}/faults.csv")
    assert table_.headers["content-type"] == "text/csv; charset=utf-8"
    cells = table_.text.replace("\ufeff", "").replace('"', "").replace("\r\n", ",").split(",")
    assert not [cell for cell in cells if cell[:1] in ("=", "@", "+")]
    assert "HYPERLINK" in table_.text


SQUARES = [f"POLYGON (({x} 22.7, {x}2 22.7, {x}2 22.702, {x} 22.7))" for x in (114.11, 114.12, 114.13)]
LINES = (
    ("编号", "名称", "状态", "WKT"),
    ("A-1", "甲", "在建", SQUARES[0]),
    ("A-2", "乙", "在健", SQUARES[1]),
    ("A-3", "丙", "在建", SQUARES[2]),
)


@pytest.mark.parametrize("form", ["csv", "tsv", "xlsx", "geojson"])
def test_a_row_is_named_as_a_person_sees_it(office: Office, form: str) -> None:
    """Of a table by the line, of which the header is the first; of GeoJSON by the feature."""
    first = 1 if form == "geojson" else 2
    answer = office.send(rows_in(form), f"a.{form}")
    assert answer.status_code == 201, answer.text
    number = answer.json()
    changes = office.client.get(f"/api/changesets/{number['changeset']}/changes").json()["changes"]
    assert {c["name_zh"]: c["row"] for c in changes} == {"甲": first, "乙": first + 1, "丙": first + 2}
    table_ = office.client.get(f"/api/uploads/{number['id']}/faults.csv").text.removeprefix("\ufeff")
    header, *lines = csv.reader(io.StringIO(table_))
    assert header[:3] == ["行 row", "编号 key", "名称 name"]
    told = [line for line in lines if line[5] == "vocabulary-near"]
    assert [line[:5] for line in told] == [[str(first + 1), "A-2", "乙", "状态", "错误 block"]]


def rows_in(form: str) -> bytes:
    """LINES as a file."""
    if form == "xlsx":
        return in_books.book(("地块", [list(line) for line in LINES]))
    if form == "geojson":
        return collection(*(parcel(n, 编号=f"A-{n}", 名称=line[1], 状态=line[2])
                            for n, line in enumerate(LINES[1:], start=1)))  # fmt: skip
    sign = "\t" if form == "tsv" else ","
    return table(*(sign.join(f'"{cell}"' for cell in line) for line in LINES))


# ---------------------------------------------------------------- names and types (H221–H223)

FILE_NAMES = {
    "H221_curl": "/vsicurl/http://127.0.0.1:9/x.geojson",
    "H221_driver": "CSV:/etc/passwd",
    "H221_package": "GPKG:x",
    "H222_up": "../../../etc/cron.d/x",
    "H222_up_in_windows": r"..\..\x.geojson",
    "H222_nul": "a\0b.geojson",
    "H222_lines": "a\r\nSet-Cookie: x=1.geojson",
    "H222_right_to_left": "a\u202egnp.geojson",
    "H222_long": "x" * 3_000 + ".geojson",
    "H222_device": "CON",
    "H222_dots": "..",
    "H222_folder": "a/",
    "H227_format": "%s%n{0}.geojson",
}


@pytest.mark.parametrize("hazard", FILE_NAMES)
def test_H221_H222_H227_a_name_is_only_shown(office: Office, hazard: str) -> None:
    before = left(office.database)
    answer = office.send(b"{", FILE_NAMES[hazard])
    assert_problem(answer, 422, "json-truncated")
    assert_untouched(office.database, before)
    shown = office.client.get(answer.json()["instance"]).json()["name"]
    assert 0 < len(shown) <= 255
    assert not {"/", "\\", "\0", "\r", "\n", "\u202e"} & set(shown)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        (
            "../地块 “甲”.GeoJSON",
            "attachment; filename=\"__ ___.GeoJSON\"; filename*=UTF-8''"
            "%E5%9C%B0%E5%9D%97%20%E2%80%9C%E7%94%B2%E2%80%9D.GeoJSON",
        ),
        ("C:\\a\\b (1).csv", 'attachment; filename="b (1).csv"'),
        ("a\u202e.csv\x00", 'attachment; filename="a.csv"'),
        ('a";x=".csv', "attachment; filename=\"a__x__.csv\"; filename*=UTF-8''a%22%3Bx%3D%22.csv"),
        ("a\r\nX: y.html", "attachment; filename=\"aX_ y_html.bin\"; filename*=UTF-8''aX%3A%20y_html.bin"),
        ("run.csv.exe", 'attachment; filename="run_csv_exe.bin"'),
        ("", 'attachment; filename="file.bin"'),
    ],
)
def test_H222_H322_a_file_goes_out_under_its_own_name_made_harmless(name: str, given: str) -> None:
    header = attachment(handed_back(name))["Content-Disposition"]
    assert header == given
    assert header.isascii()
    assert header.isprintable()


def test_H222_H322_a_page_does_not_come_back_as_a_page(office: Office) -> None:
    content = of_properties({"名称": "甲"})
    answer = office.send(content, "../a\r\nX: y.html")
    back = office.client.get(f"/api/uploads/{answer.json()['id']}/file")
    assert back.content == content
    assert back.headers["content-type"] == "application/octet-stream"
    assert back.headers["content-disposition"].startswith("attachment;")
    assert ".html" not in back.headers["content-disposition"]
    own = office.send(content, "地块.geojson").json()["id"]
    named = office.client.get(f"/api/uploads/{own}/file").headers["content-disposition"]
    assert named.endswith("filename*=UTF-8''%E5%9C%B0%E5%9D%97.geojson")
    assert "sandbox" in back.headers["content-security-policy"]
    assert back.headers["x-content-type-options"] == "nosniff"
    number = answer.json()["id"]
    office.enter(f"planner-{number}", "planner")
    assert_problem(office.client.get(f"/api/uploads/{number}/file"), 403)
    office.client.cookies.clear()
    assert_problem(office.client.get(f"/api/uploads/{number}/file"), 401)
    office.enter(f"gis-{number}")


@pytest.mark.parametrize("content_type", ["image/png", "text/html", "application/x-php", "nonsense"])
def test_H223_the_content_type_does_not_count(office: Office, content_type: str) -> None:
    data = {"kind": "parcel", "dataset": f"type {content_type.replace('/', ' ')}"}
    files = {"file": ("a.png", of_properties({"名称": "甲"}), content_type)}
    assert office.client.post("/api/uploads", data=data, files=files).status_code == 201


# ---------------------------------------------------------------- the shape of the request (H256–H259)

FORM = {"kind": "parcel", "dataset": "形"}
FILE = ("a.geojson", GOOD)


@pytest.mark.parametrize(
    ("files", "form"),
    [
        ([], FORM),
        ([("file", FILE), ("file", FILE)], FORM),
        ([("file", FILE), ("other", FILE)], FORM),
        ([("file", (None, "text"))], FORM),
        ([("file", FILE)], {}),
        ([("file", FILE)], {**FORM, "kind": "castle"}),
        ([("file", FILE)], {**FORM, "dataset": "a<b>"}),
        ([("file", FILE)], {**FORM, "dataset": "x" * 81}),
        ([("file", FILE)], {**FORM, "mode": "append"}),
        ([("file", FILE)], {**FORM, "data_date": "2025-02-30"}),
        ([("file", FILE)], {**FORM, "mapping": "[1]"}),
        ([("file", FILE)], {**FORM, "mapping": '{"columns": [{"field": "a\\u0000"}]}'}),
        ([("file", FILE)], {**FORM, "layer": "a\0b"}),
        ([("file", FILE)], {**FORM, "key_field": "a\0b"}),
        ([("file", FILE)], {**FORM, "crs": "a\0b"}),
        ([("file", FILE)], {**FORM, "encoding": "a\0b"}),
        ([("file", FILE)], {**FORM, "surplus": "1"}),
    ],
    ids=[
        "none", "two", "another", "text", "no-form", "kind", "dataset", "long", "mode", "day", "mapping",
        "nul-in-mapping", "nul-in-layer", "nul-in-key", "nul-in-crs", "nul-in-encoding", "extra",
    ],
)  # fmt: skip
def test_H256_what_is_no_upload_is_told_and_not_kept(office: Office, files: Any, form: Json) -> None:
    before = left(office.database)
    count = uploads_there(office)
    answer = office.client.post("/api/uploads", data=form, files=files or [("nothing", (None, "x"))])
    assert answer.status_code in (400, 422)
    assert_problem(answer, answer.status_code)
    assert_untouched(office.database, before)
    assert uploads_there(office) == count


def uploads_there(office: Office) -> int:
    with office.database.writing() as connection:
        return int(connection.execute(text("select count(*) from upload")).scalar_one())


def test_H222_a_name_longer_than_any_disk_takes(office: Office) -> None:
    before = left(office.database)
    assert_problem(office.send(b"{", "x" * 5_000), 400, "bad-request")
    assert_untouched(office.database, before)


def test_H257_many_parts_and_long_heads(office: Office) -> None:
    before = left(office.database)
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    part = b'--b\r\nContent-Disposition: form-data; name="x%d"\r\n\r\n1\r\n'
    bodies = {
        "parts": b"".join(part % n for n in range(10_000)) + b"--b--\r\n",
        "files": b"".join(part.replace(b'"\r\n', b'"; filename="a"\r\n', 1) % n for n in range(2_000))
        + b"--b--\r\n",
        "head": b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\nX: ' + b"y" * 1_000_000
        + b"\r\n\r\n1\r\n--b--\r\n",
        "heads": b'--b\r\nContent-Disposition: form-data; name="file"\r\n' + b"X: y\r\n" * 100_000
        + b"\r\n1\r\n--b--\r\n",
        "preamble": b"z" * 1_000_000 + b"--b--\r\n",
        "no end": part % 1,
        "no boundary": b"nothing",
    }  # fmt: skip
    for name, body in bodies.items():
        answer = office.client.post("/api/uploads", content=body, headers=kind)
        assert answer.status_code in (400, 413, 422), name
        assert_problem(answer, answer.status_code)
    for header in (
        "multipart/form-data",
        'multipart/form-data; boundary="',
        "text/plain",
        "application/json",
    ):
        answer = office.client.post("/api/uploads", content=b"{}", headers={"Content-Type": header})
        assert answer.status_code in (400, 415, 422), header
        assert_problem(answer, answer.status_code)
    assert_untouched(office.database, before)


def test_H080_H259_what_the_head_says_is_enough(office: Office) -> None:
    before = left(office.database)
    huge = {"Content-Type": "multipart/form-data; boundary=b", "Content-Length": "290000000"}
    assert_problem(office.client.post("/api/uploads", content=b"--b", headers=huge), 413, "too-large")
    packed = {"Content-Encoding": "gzip"}
    answer = office.client.post("/api/uploads", data=FORM, files={"file": FILE}, headers=packed)
    assert_problem(answer, 415, "encoded-body")
    assert_untouched(office.database, before)


# ---------------------------------------------------------------- how many at once (H260, H262, H263)


def test_H260_ten_files_of_one_dataset_at_once(office: Office) -> None:
    ready = threading.Barrier(10)
    data = {"kind": "parcel", "dataset": "同一", "data_date": "2026-01-01"}
    content = collection(*(parcel(n) for n in range(100)))

    def one(_: int) -> tuple[int, str]:
        ready.wait()
        answer = office.client.post("/api/uploads", data=data, files={"file": ("a.geojson", content)})
        return answer.status_code, answer.json().get("code", "")

    with ThreadPoolExecutor(10) as pool:
        answers = sorted(pool.map(one, range(10)))
    assert answers == [(201, ""), *[(409, "dataset-busy")] * 9]
    with office.database.writing() as connection:
        rows = connection.execute(
            text("select count(*) from change join upload using (changeset_id)"
                 " where op = 'add' and request ->> 'dataset' = '同一'")
        ).scalar_one()  # fmt: skip
    assert rows == 100


def test_H262_eight_datasets_at_once(office: Office) -> None:
    at_once: list[int] = []
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.05):
            with office.database.writing() as connection:
                query = text("select count(*) from job where state = 'running'")
                at_once.append(int(connection.execute(query).scalar_one()))

    watcher = threading.Thread(target=watch)
    watcher.start()

    def one(n: int) -> int:
        data = {"kind": "parcel", "dataset": f"八之{n}", "data_date": "2026-01-01"}
        answer = office.client.post(
            "/api/uploads", data=data, files={"file": ("a.geojson", collection(parcel(n)))}
        )
        return answer.status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(one, range(8)))
    ended.set()
    watcher.join()
    assert answers == [201] * 8
    assert 1 <= max(at_once) <= 2


def test_H263_more_than_an_hours_share(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.enter("busy")
    monkeypatch.setattr(uploads, "MOST_AN_HOUR", 1)
    assert office.send(collection(parcel(1))).status_code == 201
    before = left(office.database)
    answer = office.send(collection(parcel(2)))
    body = assert_problem(answer, 429, "too-many")
    assert 3_500 < int(answer.headers["retry-after"]) <= 3_600
    assert "请在 60 分钟后再试" in body["detail_zh"]
    assert "Try again in 60 min" in body["detail_en"]
    assert_untouched(office.database, before)
    office.enter("not-busy")
    monkeypatch.setattr(uploads, "MOST_AN_HOUR", 10)
    monkeypatch.setattr(uploads, "MOST_KEPT_BYTES", 10)
    assert office.send(collection(parcel(1))).status_code == 201
    body = assert_problem(office.send(collection(parcel(2))), 429, "too-many")
    assert "放弃不需要的变更集" in body["detail_zh"]


def test_H263_a_refused_file_takes_no_turn(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.enter("mending")
    monkeypatch.setattr(uploads, "MOST_AN_HOUR", 1)
    monkeypatch.setattr(uploads, "MOST_TRIES_AN_HOUR", 4)
    for _ in range(3):
        assert_problem(office.send(b"{"), 422, "json-truncated")
    assert office.send(collection(parcel(1))).status_code == 201
    office.enter("knocking")
    for _ in range(4):
        assert_problem(office.send(b"{"), 422, "json-truncated")
    body = assert_problem(office.send(collection(parcel(1))), 429, "too-many")
    assert "每小时最多 4 个文件" in body["detail_zh"]


def test_H345_the_folder_of_temporary_files_is_empty(office: Office) -> None:
    """After everything above: nothing was forgotten there."""
    assert list(Path(tempfile.gettempdir()).iterdir()) == []
