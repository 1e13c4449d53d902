"""The list as a file: RFC 4180, safe in a spreadsheet, with precision and credits in every row."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
import shapely
from fastapi.testclient import TestClient
from shapely.geometry import Point

from app.database import Database
from app.projects.export import COLUMNS, stated_error_m
from geodata.geometry import same
from tests.app.asking import CHINESE, KNOWN, assert_problem, projects
from tests.app.changing import add_project

BOM = b"\xef\xbb\xbf"
FORMULAS = ('=HYPERLINK("http://x.example")', "+1+1", "-2+3", "@SUM(A1)", "\tx", "\rx")


def rows(client: TestClient, **query: Any) -> list[dict[str, str]]:
    """The rows as a strict reader takes them."""
    answer = client.get("/api/projects.csv", params={"known": KNOWN, **query})
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(BOM)
    text = answer.content.removeprefix(BOM).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_it_is_a_download_in_utf_8_with_a_mark_and_crlf(client: TestClient) -> None:
    answer = client.get("/api/projects.csv", params={"day": "2025-01-16"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="pinghu-projects-2025-01-16.csv"'
    body = answer.content.removeprefix(BOM)
    assert body.endswith(b"\r\n")
    assert body.count(b"\r\n") == 127
    assert body.count(b"\n") == body.count(b"\r")
    assert body.split(b"\r\n", 1)[0].decode() == ",".join(COLUMNS)


def test_it_holds_the_same_selection_as_the_list(client: TestClient) -> None:
    for query in ({}, {"kind": "road"}, {"phase": "building", "day": "2025-01-16"}, {"unlocated": "only"}):
        listed = projects(client, **query)
        found = rows(client, **query)
        assert [row["id"] for row in found] == list(listed)
        for row in found:
            p = listed[row["id"]]["properties"]
            assert (row["phase"], row["basis"], row["precision"]) == (p["phase"], p["basis"], p["precision"])
            assert row["phases"] == p["phases"]


def test_places_are_well_known_text_with_seven_decimals(client: TestClient) -> None:
    listed = projects(client)
    for row in rows(client):
        geometry = listed[row["id"]]["geometry"]
        if geometry is None:
            assert row["wkt"] == ""
        else:
            assert same(shapely.from_wkt(row["wkt"]), shapely.geometry.shape(geometry))


def test_every_row_carries_times_and_credits(client: TestClient) -> None:
    for row in rows(client, day="2021"):
        assert (row["day"], row["known"], row["revision"]) == ("2021-12-31", KNOWN, "2")
        assert "© OpenStreetMap contributors" in row["credits"]
        assert CHINESE.search(row["precision_name"])


def test_words_follow_the_language(client: TestClient) -> None:
    (zh,) = rows(client, q="fuan-east-road", lang="zh")
    (en,) = rows(client, q="fuan-east-road", lang="en")
    assert (zh["phase_name"], en["phase_name"]) == ("已投用", "In service")
    assert (zh["precision_name"], en["precision_name"]) == ("示意", "schematic")
    assert "approximate road lines derived from bus-stop positions (2021)" in en["credits"]


def test_pages_do_not_exist_in_a_file(client: TestClient) -> None:
    assert_problem(client.get("/api/projects.csv?limit=5"), 400, "bad-parameter")
    assert_problem(client.get("/api/projects.csv?cursor=x"), 400, "bad-parameter")


def test_a_text_that_would_run_as_a_formula_is_disarmed(fresh: Database, fresh_client: TestClient) -> None:
    for n, text in enumerate(FORMULAS):
        add_project(fresh, f"formula-{n}", None, name_zh=f"公式{n}", name_en=text, community=text)
    found = {row["id"]: row for row in rows(fresh_client, q="formula-", known="2999")}
    for n, text in enumerate(FORMULAS):
        assert found[f"formula-{n}"]["name_en"] == "'" + text
        assert found[f"formula-{n}"]["community"] == "'" + text


def test_quotes_commas_and_line_ends_stay_within_their_cell(
    fresh: Database, fresh_client: TestClient
) -> None:
    name = 'a "quoted", name\r\nover two lines'
    add_project(fresh, "awkward-name", Point(114.12, 22.69), name_en=name)
    (row,) = rows(fresh_client, q="awkward-name", known="2999")
    assert row["name_en"] == name
    assert row["wkt"] == "POINT (114.12 22.69)"


# ---------------------------------------------------------------- what explains itself


def as_geojson(client: TestClient, **query: Any) -> dict[str, dict[str, Any]]:
    """The properties of a downloaded file, by id."""
    answer = client.get("/api/projects.geojson", params={"known": KNOWN, **query})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/geo+json"
    return {feature["id"]: feature["properties"] for feature in answer.json()["features"]}


def test_a_container_says_which_of_its_parts_it_is_there_for(client: TestClient) -> None:
    query = {"kind": "metro,station", "phase": "building", "day": KNOWN}
    table, file = {row["id"]: row for row in rows(client, **query)}, as_geojson(client, **query)
    assert list(table) == list(file)
    line = table["metro-line-17"]
    assert (line["container"], line["phase"], line["parts"]) == ("yes", "unknown", "已列规划 1; 在建 1")
    assert file["metro-line-17"]["parts"] == {"planned": 1, "building": 1}
    # Those that count in the legend are in the phase themselves.
    for row in table.values():
        if not row["container"]:
            assert row["phase_name_zh"] == "在建"
            assert row["phase_name_en"] == "Building"


def test_what_has_no_place_says_so_whether_it_is_a_container_or_not(client: TestClient) -> None:
    file = as_geojson(client, kind="metro")
    assert not any("drawn" in properties for properties in file.values())
    said = {name: (p["container"], p["located"]) for name, p in file.items()}
    assert said["metro-line-17"] == (True, False)
    assert said["metro-line-17-phase-1"] == (False, False)
    assert said["metro-line-17-phase-2"] == (False, True)
    listed = projects(client, kind="metro")
    for name, feature in listed.items():
        assert feature["properties"]["located"] == (feature["geometry"] is not None) == said[name][1]


def test_every_located_row_says_where_its_place_comes_from(client: TestClient) -> None:
    file = as_geojson(client)
    for row in rows(client, lang="en"):
        place = file[row["id"]]["place"]
        assert bool(row["located"]) == bool(place) == bool(row["wkt"])
        assert row["place_id"] == "; ".join(one["id"] for one in place)
        for one in place:
            assert one["source"] in row["place_source"]
            assert one["datum"] in row["place_datum"]
        error = file[row["id"]]["place_error_m"]
        assert row["place_error_m"] == ("" if error is None else str(error))
        assert row["precision_explain"] == file[row["id"]]["precision_explain_en"]
    assert file["danping-fast-road"]["place_error_m"] == 150
    assert file["fuan-east-road"]["place_error_m"] is None
    (zh,) = rows(client, q="hehua-station", lang="zh")
    assert CHINESE.search(zh["place_datum"])


@pytest.mark.parametrize(
    ("note", "error"),
    [
        ("+-100..150 m. Identity inferred", 150),
        ("near it, +-150 m", 150),
        ("±20 m", 20),
        ("independent stop positions differ by up to 128 m", None),
        ("+-3 min", None),
        ("", None),
    ],
)
def test_an_error_is_read_only_where_it_is_stated(note: str, error: int | None) -> None:
    assert stated_error_m([note]) == error


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", ("初期运营", "已有事实")), ("en", ("Opening", "what happened"))],
)
def test_no_code_stands_without_its_word(client: TestClient, lang: str, words: tuple[str, str]) -> None:
    found = {row["id"]: row for row in rows(client, lang=lang)}
    line = found["shenda-intercity"]
    assert (line["next_name"], line["basis_name"]) == words
    for row in found.values():
        for code in ("next_milestone", "next_commitment", "maybe"):
            word = row[{"next_milestone": "next_name"}.get(code, f"{code}_name")]
            assert bool(word) == bool(row[code])
            # Words of commitments in English are their codes.
            assert code != "next_milestone" or not word or word != row[code]
