"""A selection as a workbook and as map layers, opened by the programs that people open them with."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import arro3.io
import geopandas
import openpyxl
import pandas as pd
import psycopg
import pyogrio
import pyproj
import pytest
import shapely
from fastapi.testclient import TestClient
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from app.database import Database
from app.exports.table import COLUMNS, columns_in
from app.exports.turns import LONG_ROWS, Crowded, Turns
from app.exports.workbook import LONGEST_TEXT
from app.main import create_app
from app.settings import Settings
from geodata.geometry import same
from tests import many
from tests.app.asking import CHINESE, KNOWN, Json, assert_problem, get, projects
from tests.app.changing import add_project, claim, new_project, publish

ENDINGS = ("xlsx", "gpkg", "fgb", "parquet")
LAYERS = ("gpkg", "fgb", "parquet")
SELECTIONS: tuple[dict[str, str], ...] = (
    {},
    {"kind": "road,metro"},
    {"phase": "building", "day": "2025-01-16"},
    {"bbox": "114.09,22.65,114.13,22.70"},
    {"q": "平湖", "sort": "-name"},
    {"unlocated": "without"},
    {"parent": "metro-line-10"},
    {"day": "2030", "known": "2025-02-01"},
)
FORMULAS = ("=1+1", "+1+1", "-2+3", "@SUM(A1)", "=cmd|'/c calc'!A1", "{=1}", "\t=1", "http://x.example/")


def fetch(client: TestClient, ending: str, **query: Any) -> bytes:
    answer = client.get(f"/api/projects.{ending}", params={"known": KNOWN, **query})
    assert answer.status_code == 200, answer.text
    return answer.content


def workbook(client: TestClient, **query: Any) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(fetch(client, "xlsx", **query)))


def rows(book: Workbook, lang: str = "zh") -> dict[str, dict[str, Cell]]:
    """The cells of each project by the name of the column."""
    names = [column.name for column in columns_in(lang)]
    cells = [dict(zip(names, row, strict=True)) for row in book.worksheets[0].iter_rows(min_row=2)]
    return {str(row["id"].value): row for row in cells}  # type: ignore[misc]


def frame(client: TestClient, folder: Path, ending: str, **query: Any) -> geopandas.GeoDataFrame:
    """The layer of projects by id, as geopandas has it."""
    path = folder / f"file.{ending}"
    path.write_bytes(fetch(client, ending, **query))
    if ending == "parquet":
        return parquet(path).set_index("id")
    return geopandas.read_file(path, layer="projects").set_index("id")


def parquet(path: Path) -> geopandas.GeoDataFrame:
    """By what its metadata say: the column, its encoding and its coordinates."""
    table = arro3.io.read_parquet(path).read_all()
    told = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    geo = json.loads(told["geo"])
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geometry")
    column = geo["columns"]["geometry"]
    assert column["encoding"] == "WKB"
    values = {name: table.column(name).to_pylist() for name in table.column_names}
    shapes = shapely.from_wkb(values.pop("geometry"))
    crs = pyproj.CRS.from_json_dict(column["crs"])
    found = geopandas.GeoDataFrame(values, geometry=list(shapes), crs=crs)
    found.attrs["guatu"] = json.loads(told["guatu"])
    return found


def value_of(found: Any) -> Any:
    """A value of a frame as the interface has it."""
    if found is None or found is pd.NaT or (isinstance(found, float) and found != found):
        return None
    return found.date() if isinstance(found, datetime) else found


# ---------------------------------------------------------------- every format


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("query", SELECTIONS, ids=str)
def test_it_holds_the_selection_of_the_list(
    client: TestClient, tmp_path: Path, ending: str, query: dict[str, str]
) -> None:
    listed = projects(client, **query)
    if ending == "fgb":
        listed = {name: feature for name, feature in listed.items() if feature["geometry"]}
    assert listed
    if ending == "xlsx":
        assert list(rows(workbook(client, **query))) == list(listed)
    else:
        found = frame(client, tmp_path, ending, **query)
        # FlatGeobuf is in the order of its index.
        assert sorted(found.index) == sorted(listed)
        if ending != "fgb":
            assert list(found.index) == list(listed)


@pytest.mark.parametrize("ending", LAYERS)
def test_places_and_facts_come_back_as_they_are_served(
    client: TestClient, tmp_path: Path, ending: str
) -> None:
    listed = projects(client)
    found = frame(client, tmp_path, ending)
    assert found.crs == pyproj.CRS(4326)
    assert {"Point", "LineString", "Polygon", "MultiLineString"} <= set(found.geom_type)
    for name, row in found.iterrows():
        feature, p = listed[str(name)], listed[str(name)]["properties"]
        if feature["geometry"] is None:
            assert row["geometry"] is None
        else:
            assert same(row["geometry"], shapely.geometry.shape(feature["geometry"]))
        for key in ("name_zh", "kind", "phase", "basis", "light", "precision", "area_ha", "length_km"):
            assert value_of(row[key]) == p[key], (name, key)
        for key in ("maybe", "parent", "community"):
            assert value_of(row[key]) == (p[key] or None), (name, key)
        assert bool(row["located"]) == p["located"]
        assert bool(row["partial"]) == p["partial"]
        coming = p["next"] or {}
        heard, due = value_of(row["last_heard"]), value_of(row["next_due"])
        assert str(heard or "") == (p["last_heard"] or "")
        assert str(due or "") == coming.get("due_latest", "")
        assert value_of(row["next_date"]) == (coming.get("date") or None)
        assert value_of(row["next_moves"]) == coming.get("moves")
        assert value_of(row["next_slip_days"]) == coming.get("slip_days")
        slip = value_of(row["next_slip_zh"]) or ""
        assert bool(slip) == bool(coming.get("slip_days"))
        assert not slip or ("约" in slip) == (not coming["slip_exact"])
        assert CHINESE.search(row["precision_explain_zh"])
        assert "© OpenStreetMap contributors" in row["credits_en"]


def test_geometries_of_every_type_round_trip(
    fresh: Database, fresh_client: TestClient, tmp_path: Path
) -> None:
    hole = Polygon(box(114.1, 22.68, 114.12, 22.7).exterior, [box(114.105, 22.685, 114.11, 22.69).exterior])
    shapes = {
        "shape-point": Point(114.1234567, 22.7654321),
        "shape-line": LineString([(114.1, 22.69), (114.1000001, 22.7)]),
        "shape-hole": hole,
        "shape-many": MultiPolygon([box(114.1, 22.68, 114.11, 22.69), box(114.12, 22.7, 114.13, 22.71)]),
        "shape-none": None,
    }
    kinds = {"shape-line": "road"}
    publish(fresh, *(new_project(name, at, kind=kinds.get(name, "park")) for name, at in shapes.items()))
    for ending in LAYERS:
        found = frame(fresh_client, tmp_path, ending, q="shape-", known="2999")
        for name, at in shapes.items():
            if at is None:
                assert ending == "fgb" or found.geometry[name] is None
            else:
                assert same(found.geometry[name], at), (ending, name)


@pytest.mark.parametrize("ending", ENDINGS)
def test_it_is_a_download_that_is_not_sent_twice(client: TestClient, ending: str) -> None:
    address = f"/api/projects.{ending}?day=2025-01-16"
    answer = client.get(address)
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="pinghu-projects-2025-01-16.{ending}"'
    )
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert int(answer.headers.get("content-length", len(answer.content))) > 0
    again = client.get(address, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(f"/api/projects.{ending}?day=2025-01-17")
    assert other.headers["etag"] != answer.headers["etag"]


@pytest.mark.parametrize("ending", [*ENDINGS, "csv", "geojson"])
@pytest.mark.parametrize(
    "query",
    [
        "day=180",
        "day=2025-02-30",
        "known=yesterday",
        "kind=castle",
        "phase=finished",
        "bbox=114.2,22.6,114.1,22.7",
        "sort=money",
        "columns=id",
        "limit=5",
        "unlocated=maybe",
        "q=%00",
    ],
)
def test_what_cannot_be_asked_is_told(client: TestClient, ending: str, query: str) -> None:
    assert_problem(client.get(f"/api/projects.{ending}?{query}"), 400, "bad-parameter")


@pytest.mark.parametrize("ending", ENDINGS)
def test_of_a_day_in_1800_nothing_is_said(client: TestClient, tmp_path: Path, ending: str) -> None:
    if ending == "xlsx":
        book = workbook(client, day="1800")
        assert {row["phase"].value for row in rows(book).values()} == {"unknown"}
        assert ("1800-12-31",) in book.worksheets[2].iter_rows(min_col=2, max_col=2, values_only=True)
    else:
        found = frame(client, tmp_path, ending, day="1800")
        assert set(found["phase"]) == {"unknown"}
        assert found["since"].isna().all()


@pytest.mark.parametrize("ending", ENDINGS)
def test_nothing_found_is_a_file_without_rows(client: TestClient, tmp_path: Path, ending: str) -> None:
    if ending == "xlsx":
        assert rows(workbook(client, q="no such project")) == {}
    else:
        found = frame(client, tmp_path, ending, q="no such project")
        assert len(found) == 0
        assert {column.name for column in COLUMNS} <= {"id", *found.columns}


def test_names_that_are_hard_to_hold_come_back(
    fresh: Database, fresh_client: TestClient, tmp_path: Path
) -> None:
    names = {
        "hard-emoji": "🚇 平湖「龘」站 👷🏽‍♀️",
        "hard-markup": "<b>&amp;\"'</b> ]]> _x0041_",
        "hard-lines": "第一行\n第二行",
        "hard-long": "长" * 10_000,
        "hard-right-to-left": "\u202eelif\u202c",
    }
    publish(fresh, *(new_project(name, Point(114.12, 22.69), name_zh=zh) for name, zh in names.items()))
    query = {"q": "hard-", "known": "2999"}
    for ending in LAYERS:
        found = frame(fresh_client, tmp_path, ending, **query)
        assert found["name_zh"].to_dict() == names
    cells = rows(workbook(fresh_client, **query))
    assert {name: row["name_zh"].value for name, row in cells.items()} == {
        name: zh.replace("_x0041_", "_x005F_x0041_") for name, zh in names.items()
    }


# ---------------------------------------------------------------- the workbook


@pytest.fixture(scope="module")
def book(client: TestClient) -> Workbook:
    return workbook(client)


def test_every_part_of_the_workbook_is_sound_xml(client: TestClient) -> None:
    with zipfile.ZipFile(io.BytesIO(fetch(client, "xlsx"))) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(names) == len(set(names))
        for name in names:
            ElementTree.fromstring(archive.read(name))  # noqa: S314 (it is our own)


def test_heads_are_frozen_filtered_and_in_both_languages(client: TestClient, book: Workbook) -> None:
    english = workbook(client, lang="en")
    assert book.sheetnames == ["项目", "来源", "说明"]
    assert english.sheetnames == ["Projects", "Sources", "About"]
    for here, there, lang in ((book, english, "zh"), (english, book, "en")):
        for sheet, other in zip(here.worksheets, there.worksheets, strict=True):
            assert sheet.freeze_panes in ("C2", "B2")
            assert sheet.auto_filter.ref == sheet.dimensions
            assert all(column.width >= 8 for column in sheet.column_dimensions.values())
            assert len(sheet[1]) == len(other[1])
        names = [column.en if lang == "en" else column.zh for column in columns_in(lang)]
        head = here.worksheets[0][1]
        assert [cell.value for cell in head] == names
        others = [column.zh if lang == "en" else column.en for column in columns_in(lang)]
        assert [cell.comment and cell.comment.text for cell in head] == others
        assert len(set(names)) == len(names)


def test_words_follow_the_language(client: TestClient) -> None:
    for lang, phase, precision in (("zh", "已投用", "示意"), ("en", "In service", "schematic")):
        (row,) = rows(workbook(client, q="fuan-east-road", lang=lang), lang).values()
        assert row[f"phase_name_{lang}"].value == phase
        assert row[f"precision_name_{lang}"].value == precision
        assert row["phase"].value == "in_service"


def test_cells_have_the_type_of_what_they_hold(client: TestClient, book: Workbook) -> None:
    """Numbers are numbers; a day is one only where the source is exact to the day."""
    listed = projects(client)
    exact = vague = measured = 0
    for name, row in rows(book).items():
        p = listed[name]["properties"]
        assert row["area_ha"].value == p["area_ha"]
        measured += p["area_ha"] is not None
        assert row["located"].value is p["located"]
        said = (p["next"] or {}).get("date") or None
        cell = row["next_date"]
        if said is None:
            assert cell.value is None
        elif len(said) == len("2025-01-16"):
            exact += 1
            assert (cell.is_date, cell.value) == (True, datetime.fromisoformat(said))
        else:
            vague += 1
            assert (cell.data_type, cell.value) == ("s", said)
        if p["phase"] == "unknown":
            assert row["since"].value is None
    assert exact
    assert vague
    assert measured


@pytest.mark.parametrize(
    ("name", "day", "since"),
    [
        ("metro-line-10-main", "2021", datetime(2020, 8, 18)),  # noqa: DTZ001 (spreadsheets know no zones)
        ("air-taxi-base", KNOWN, "2024"),
        ("air-taxi-base", "1999", None),
    ],
)
def test_a_phase_began_when_its_source_says_and_no_more_exactly(
    client: TestClient, name: str, day: str, since: object
) -> None:
    listed = projects(client, q=name, day=day)
    found = rows(workbook(client, q=name, day=day))
    assert found.keys() == listed.keys()
    assert found[name]["since"].value == since


def test_a_promised_phase_begins_when_it_is_promised(client: TestClient) -> None:
    promised = {
        name: feature
        for name, feature in projects(client, day="2030").items()
        if feature["properties"]["basis"] == "promise"
    }
    found = rows(workbook(client, day="2030"))
    assert promised
    for name in promised:
        assert found[name]["basis_name_zh"].value == "承诺，尚非事实"
        assert found[name]["since"].value is not None


def test_no_text_becomes_a_formula_or_a_link(fresh: Database, fresh_client: TestClient) -> None:
    added = [
        new_project(f"formula-{n}", None, name_zh=said, name_en=said, community=said)
        for n, said in enumerate(FORMULAS)
    ]
    publish(fresh, *added)
    found = rows(workbook(fresh_client, q="formula-", known="2999"))
    for n, said in enumerate(FORMULAS):
        for column in ("name_zh", "name_en", "community"):
            cell = found[f"formula-{n}"][column]
            assert (cell.data_type, cell.value) == ("s", said)
            assert cell.hyperlink is None


def test_what_no_cell_can_hold_is_left_out_and_cut_with_a_word(
    fresh: Database, fresh_client: TestClient
) -> None:
    add_project(fresh, "too-long", None, name_zh="😀" * 20_000, name_en="a\x01b\x0bc\ufffe")
    (row,) = rows(workbook(fresh_client, q="too-long", known="2999")).values()
    assert row["name_en"].value == "a b c "
    shown = str(row["name_zh"].value)
    assert shown.startswith("😀😀")
    assert "已截断" in shown
    assert len(shown.encode("utf-16-le")) // 2 <= LONGEST_TEXT


def test_the_documents_behind_the_rows_are_listed(client: TestClient) -> None:
    query = {"kind": "road"}
    told = {
        entry["source"]["id"]: entry["source"]
        for name in projects(client, **query)
        for entry in get(client, f"/api/projects/{name}", known=KNOWN)["properties"]["claims"]
    }
    assert told
    sheet = workbook(client, **query, lang="en").worksheets[1]
    found = {str(row[0]): row for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert list(found) == sorted(told)
    for name, source in told.items():
        row = found[name]
        assert row[1:3] == (source["publisher_zh"], source["publisher_en"])
        assert row[4] == source["tier"]
        for n, field in ((5, "title"), (9, "address"), (10, "licence")):
            assert (row[n] or "") == source[field]
        published = row[7]
        shown = published.date().isoformat() if isinstance(published, datetime) else published or ""
        assert shown == source["published"]


def about_of(book: Workbook) -> dict[str, str]:
    return {str(row[0]): str(row[1]) for row in book.worksheets[2].iter_rows(min_row=2, values_only=True)}


def test_a_sheet_tells_what_was_asked_for_and_what_not_to_measure(client: TestClient) -> None:
    query = {"kind": "road", "phase": "building", "day": "2025-01-16", "bbox": "114,22,115,23", "q": "路"}
    zh, en = (about_of(workbook(client, **query, lang=lang)) for lang in ("zh", "en"))
    assert zh["日期（这一天的情况）"] == "2025-01-16"
    assert zh["版本"] == en["Revision"] == "2"
    assert zh["选择条件"] == "类别：道路、公交、停车；阶段：在建；范围：114.0, 22.0, 115.0, 23.0；文字：路"
    assert "phase: Building" in en["Selection"]
    assert "示意" in zh["请勿量算"]
    assert "schematic" in en["Do not measure"]
    assert "OpenStreetMap" in zh["署名"]
    assert "ODbL-1.0" in en["Licences"]
    assert zh["项目数"] == str(len(projects(client, **query)))


# ---------------------------------------------------------------- map layers


def test_a_geopackage_carries_sources_and_warnings(client: TestClient, tmp_path: Path) -> None:
    path = tmp_path / "all.gpkg"
    path.write_bytes(fetch(client, "gpkg"))
    assert [name for name, _ in pyogrio.list_layers(path)] == ["projects", "about", "sources"]
    info = pyogrio.read_info(path, layer="projects")
    assert (info["crs"], info["geometry_type"], info["features"]) == ("EPSG:4326", "Unknown", 126)
    types = dict(zip(info["fields"], info["ogr_types"], strict=True))
    assert (types["last_heard"], types["area_ha"], types["next_moves"]) == (
        "OFTDate",
        "OFTReal",
        "OFTInteger",
    )
    assert "示意" in info["dataset_metadata"]["warning_zh"]
    assert "OpenStreetMap" in info["layer_metadata"]["DESCRIPTION"]
    said = pyogrio.read_dataframe(path, layer="about").set_index("item")
    assert "measure no area" in said["value_en"]["warning"]
    assert said["value_zh"]["revision"] == "2"
    documents = pyogrio.read_dataframe(path, layer="sources")
    assert len(documents) == 53
    assert set(documents["tier_en"]) == {"official", "press", "web"}


def test_gdal_turns_one_layer_format_into_another(client: TestClient, tmp_path: Path) -> None:
    """What a GIS office does with a file first: the rows with a place survive as another format."""
    found = frame(client, tmp_path, "gpkg")
    located = found[found.geometry.notna()]
    located.to_file(tmp_path / "again.geojson", driver="GeoJSON", engine="pyogrio")
    again = geopandas.read_file(tmp_path / "again.geojson").set_index("id")
    direct = frame(client, tmp_path, "fgb")
    assert sorted(again.index) == sorted(direct.index)
    for name, at in direct.geometry.items():
        assert same(at, again.geometry[str(name)])


def test_flatgeobuf_tells_what_it_leaves_out(client: TestClient, tmp_path: Path) -> None:
    listed = projects(client)
    missing = sum(feature["geometry"] is None for feature in listed.values())
    path = tmp_path / "all.fgb"
    path.write_bytes(fetch(client, "fgb"))
    info = pyogrio.read_info(path)
    assert info["features"] == len(listed) - missing
    assert f"{missing} projects without a place" in info["layer_metadata"]["DESCRIPTION"]
    assert "示意" in info["layer_metadata"]["DESCRIPTION"]
    here = geopandas.read_file(path, bbox=(114.09, 22.65, 114.13, 22.70))
    near = projects(client, bbox="114.09,22.65,114.13,22.70")
    assert sorted(here["id"]) == sorted(near)
    path.write_bytes(fetch(client, "fgb", unlocated="without"))
    assert "left_out" not in pyogrio.read_info(path)["layer_metadata"]["DESCRIPTION"]
    body = assert_problem(client.get("/api/projects.fgb?unlocated=only"), 400, "bad-parameter")
    assert "GPKG" in body["detail_zh"]


def test_geoparquet_says_of_itself_what_the_others_say(client: TestClient, tmp_path: Path) -> None:
    path = tmp_path / "all.parquet"
    path.write_bytes(fetch(client, "parquet", day="2025-01-16"))
    assert path.read_bytes()[:4] == path.read_bytes()[-4:] == b"PAR1"
    told = parquet(path).attrs["guatu"]
    assert told["day"]["value_en"] == "2025-01-16"
    assert "示意" in told["warning"]["value_zh"]
    assert "OpenStreetMap" in told["credits"]["value_en"]


# ---------------------------------------------------------------- only what is public

SECRET = "金丝雀secret"


def test_what_a_kind_does_not_make_public_is_in_no_file(
    fresh: Database, fresh_client: TestClient, tmp_path: Path
) -> None:
    add_project(
        fresh,
        "canary-park",
        Point(114.125, 22.695),
        name_zh="金丝雀园",
        attrs={"canary": SECRET},
        dataset=SECRET,
        external_key=SECRET,
    )
    said = claim("canary-park", "milestone:start", "2024-05", "done", said_on="2024-06-01")
    publish(fresh, said)
    query = {"q": "canary-park", "known": "2999"}
    for ending in LAYERS:
        found = frame(fresh_client, tmp_path, ending, **query)
        assert found["name_zh"].to_dict() == {"canary-park": "金丝雀园"}
        assert SECRET not in found.to_csv()
    with zipfile.ZipFile(io.BytesIO(fetch(fresh_client, "xlsx", **query))) as archive:
        parts = [archive.read(name).decode() for name in archive.namelist()]
    assert any("金丝雀园" in part for part in parts)
    assert not any(SECRET in part for part in parts)


@pytest.mark.parametrize("ending", ENDINGS)
def test_lights_are_in_a_file_only_where_the_office_shows_them(
    seeded: Database, tmp_path: Path, ending: str
) -> None:
    shown = set()
    for show in (True, False):
        with TestClient(create_app(Settings(show_lights=show), seeded)) as client:
            lit = (
                {row["light"].value for row in rows(workbook(client)).values()}
                if ending == "xlsx"
                else set(frame(client, tmp_path, ending)["light"])
            )
        shown.add(frozenset(lit))
    assert frozenset({"grey"}) in shown
    assert len(shown) == 2


# ---------------------------------------------------------------- long files

COUNT = LONG_ROWS + 2_000


@pytest.fixture(scope="module")
def crowded() -> Iterator[Database]:
    from tests.conftest import SEEDED, opened

    with opened(SEEDED) as database:
        with psycopg.connect(database.url.replace("postgresql+psycopg", "postgresql")) as connection:
            many.copy_parcels(connection, COUNT, columns=120)
        yield database


@pytest.fixture(scope="module")
def crowd(crowded: Database) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(), crowded), raise_server_exceptions=False) as found:
        yield found


@pytest.mark.parametrize("ending", [*ENDINGS, "csv", "geojson"])
def test_a_long_file_is_whole(crowd: TestClient, tmp_path: Path, ending: str) -> None:
    query = {"kind": many.KIND, "q": "copied-"}
    if ending == "csv":
        assert fetch(crowd, ending, **query).count(b"\r\n") == COUNT + 1
    elif ending == "geojson":
        whole = json.loads(fetch(crowd, ending, **query))
        assert len({feature["id"] for feature in whole["features"]}) == COUNT
        assert (whole["type"], whole["day"]) == ("FeatureCollection", whole["today"])
    elif ending == "xlsx":
        content = openpyxl.load_workbook(io.BytesIO(fetch(crowd, ending, **query)), read_only=True)
        assert sum(1 for _ in content.worksheets[0].iter_rows()) == COUNT + 1
    else:
        found = frame(crowd, tmp_path, ending, **query)
        assert len(set(found.index)) == COUNT
        assert same(found.geometry["copied-17"], many.square(17, 120, 0.001, 0.00085))


def test_long_files_are_made_few_at_a_time(crowd: TestClient) -> None:
    served: Any = crowd.app
    while not hasattr(served, "state"):
        served = served.app
    turns: Turns = served.state.export_turns
    with turns.one() as first, turns.one() as second:
        first.take(LONG_ROWS + 1)
        second.take(LONG_ROWS + 1)
        for ending in (*ENDINGS, "csv", "geojson"):
            answer = crowd.get(f"/api/projects.{ending}")
            assert_problem(answer, 429, "too-many")
            assert answer.headers["retry-after"] == "20"
            assert crowd.get(f"/api/projects.{ending}?kind=road").status_code == 200
        with turns.one() as third, pytest.raises(Crowded):
            third.take(LONG_ROWS + 1)
    for ending in ("csv", "gpkg"):
        for _ in range(3):
            assert crowd.get(f"/api/projects.{ending}").status_code == 200


@pytest.mark.parametrize(
    ("ending", "name"), [("xlsx", "XLSX"), ("fgb", "FlatGeobuf"), ("shp.zip", "Shapefile")]
)
def test_more_than_a_format_takes_is_told(
    crowd: TestClient, monkeypatch: pytest.MonkeyPatch, ending: str, name: str
) -> None:
    monkeypatch.setattr("app.exports.formats.MOST_ROWS", COUNT)
    body = assert_problem(crowd.get(f"/api/projects.{ending}"), 400, "bad-parameter")
    assert f"{COUNT + 126} 个项目，{name}" in body["detail_zh"]
    assert "CSV" in body["detail_en"]
    assert crowd.get(f"/api/projects.{ending}?q=copied-").status_code == 200


@pytest.mark.parametrize("ending", [*ENDINGS, "geojson"])
def test_a_failure_on_the_way_is_told_and_nothing_stays_behind(
    crowded: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    """The database goes away while rows are read: 503, and no half file in the folder of temporary files."""
    from app.projects import listing_queries

    monkeypatch.setattr(listing_queries, "CHUNK", 50)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with TestClient(create_app(Settings(), crowded), raise_server_exceptions=False) as client:
        ended = _Ender(crowded)
        monkeypatch.setattr("app.projects.service.statements", ended)
        assert_problem(client.get(f"/api/projects.{ending}"), 503, "database-unavailable")
        assert ended.count >= ended.after
    assert list(tmp_path.iterdir()) == []


class _Ender:
    """Stands where claims are read; ends every other connection of the database after some projects."""

    def __init__(self, database: Database) -> None:
        from app.projects.statements import statements

        self._really, self._database = statements, database
        self.count, self.after = 0, 120

    def __call__(self, claims: list[Json]) -> Any:
        self.count += 1
        if self.count == self.after:
            with psycopg.connect(self._database.url.replace("postgresql+psycopg", "postgresql")) as owner:
                owner.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where datname = current_database() and pid <> pg_backend_pid()"
                )
        return self._really(claims)


def test_days_before_the_calendar_of_spreadsheets_are_texts() -> None:
    from app.exports.workbook import _when

    assert _when("1899-05-01") == "1899-05-01"
    assert _when("1900-02-28") == "1900-02-28"
    assert _when("1900-03-01") == date(1900, 3, 1)
    assert _when("2025-01") == "2025-01"
    assert _when("") is None


# ---------------------------------------------------------------- KML


def test_kml_is_read_by_others_with_every_column(client: TestClient, tmp_path: Path) -> None:
    listed = projects(client)
    path = tmp_path / "file.kml"
    path.write_bytes(fetch(client, "kml"))
    found = geopandas.read_file(path, driver="LIBKML").set_index("id")
    assert list(found.index) == list(listed)
    for name, feature in listed.items():
        row, p = found.loc[name].to_dict(), feature["properties"]
        assert (row["name_zh"], row["precision"], row["phase"]) == (p["name_zh"], p["precision"], p["phase"])
        if feature["geometry"] is None:
            assert row["geometry"] is None
        else:
            assert same(row["geometry"], shapely.geometry.shape(feature["geometry"]))


def test_kml_holds_what_is_said_of_the_file_and_no_markup_of_names(
    fresh: Database, fresh_client: TestClient
) -> None:
    add_project(fresh, "hard-kml", None, name_zh="<script>&\"'", name_en="a\x01b")
    text = fetch(fresh_client, "kml", known="2999").decode()
    root = ElementTree.fromstring(text)  # noqa: S314 (our own)
    ns = {"k": "http://www.opengis.net/kml/2.2"}
    described = root.findtext("k:Document/k:description", "", ns)
    for words in ("请勿量算", "Do not measure", "OpenStreetMap contributors"):
        assert words in described
    names = [name.text for name in root.iterfind(".//k:Placemark/k:name", ns)]
    assert "<script>&\"'" in names
    assert "a\ufffdb" in text
    styles = {style.get("id") for style in root.iterfind(".//k:Style", ns)}
    assert {url.text[1:] for url in root.iterfind(".//k:styleUrl", ns) if url.text} <= styles


# ---------------------------------------------------------------- Shapefiles


def test_shapefiles_are_read_by_others_a_layer_for_each_sort_of_geometry(
    client: TestClient, tmp_path: Path
) -> None:
    path = tmp_path / "file.shp.zip"
    path.write_bytes(fetch(client, "shp.zip"))
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "out")
    listed = {name: f for name, f in projects(client).items() if f["geometry"]}
    found: dict[str, Any] = {}
    for file in sorted((tmp_path / "out").glob("*.shp")):
        names = (tmp_path / "out" / f"{file.stem}.csv").read_text(encoding="utf-8")
        full = dict(csv.reader(names.splitlines()))
        layer = geopandas.read_file(file)
        assert pyproj.CRS(layer.crs).to_epsg() == 4326
        assert max(len(name) for name in layer.columns if name != "geometry") <= 10
        for row in layer.rename(columns=full).to_dict("records"):
            found[row["id"]] = row
    assert set(found) == set(listed)
    for name, feature in listed.items():
        p, row = feature["properties"], found[name]
        for column in ("name_zh", "kind", "phase", "precision"):
            assert row[column] == p[column]
        assert row["geometry"].equals(shapely.geometry.shape(feature["geometry"]))
    readme = (tmp_path / "out" / "README.txt").read_text(encoding="utf-8")
    for words in ("请勿量算", "OpenStreetMap contributors", "个未定位的项目", "full ones"):
        assert words in readme
    assert (tmp_path / "out" / "points.cpg").read_text().strip() == "UTF-8"


def test_a_text_too_long_for_a_shapefile_is_cut_between_characters_and_told(
    fresh: Database, fresh_client: TestClient, tmp_path: Path
) -> None:
    add_project(fresh, "long-name", shapely.Point(114.12, 22.69), name_zh="长" * 100, name_en="x")
    path = tmp_path / "file.shp.zip"
    path.write_bytes(fetch(fresh_client, "shp.zip", known="2999", q="long-name"))
    layer = geopandas.read_file(f"zip://{path}!points.shp")
    assert list(layer["name_zh"]) == ["长" * 83 + "…"]
    with zipfile.ZipFile(path) as archive:
        readme = archive.read("README.txt").decode()
    assert "超过 254 字节" in readme
    assert assert_problem(fresh_client.get("/api/projects.shp.zip?unlocated=only"), 400, "bad-parameter")
