"""The list of projects and one project: filters, order, pages, times, formats."""

from __future__ import annotations

import json
import math
import re
from datetime import date
from typing import Any

import pytest
import shapely
from fastapi.testclient import TestClient
from shapely.geometry import Point, box, shape

from app.database import Database
from app.main import create_app
from app.settings import Settings
from geodata import pinghu
from geodata.geometry import same
from geodata.kinds import load_kinds
from geodata.phases import PHASES, parse_phases, state_on
from tests.app.asking import CHINESE, KNOWN, Json, assert_problem, get, project, projects
from tests.app.changing import add_project, change_project

FACTS = {c.target: c for entry in pinghu.changesets() for c in entry.changes if c.op == "add"}
PARENTS = {
    (c.after or {})["from"]: (c.after or {})["to"]
    for entry in pinghu.changesets()
    for c in entry.changes
    if c.op == "relate"
}


# ---------------------------------------------------------------- filters


def test_without_filters_every_project_comes(client: TestClient) -> None:
    assert set(projects(client)) == set(FACTS)


@pytest.mark.parametrize("kind", load_kinds())
def test_by_kind(client: TestClient, kind: str) -> None:
    assert set(projects(client, kind=kind)) == {
        name for name, change in FACTS.items() if (change.after or {})["kind"] == kind
    }


def test_several_kinds_repeated_or_with_commas(client: TestClient) -> None:
    both = projects(client, kind=["road", "metro"])
    assert set(both) == set(projects(client, kind="road,metro"))
    assert set(both) == set(projects(client, kind="road")) | set(projects(client, kind="metro"))


@pytest.mark.parametrize("day", ["2018-01-01", "2021-07-01", "2025-01-16", "2030-01-01"])
def test_by_phase_on_a_day_every_tracked_project_falls_into_one(client: TestClient, day: str) -> None:
    by_phase = {
        phase: projects(client, phase=phase, day=day)
        for phase in (
            "unknown",
            "proposed",
            "planned",
            "preparing",
            "building",
            "completing",
            "in_service",
            "closed",
        )
    }
    for phase, found in by_phase.items():
        for name, feature in found.items():
            p = feature["properties"]
            assert p["phase"] == phase or (not p["drawn"] and phase in p["parts"]), name
    drawn = [name for found in by_phase.values() for name, f in found.items() if f["properties"]["drawn"]]
    tracked = {
        name
        for name, feature in projects(client, day=day).items()
        if load_kinds()[feature["properties"]["kind"]].tracked and feature["properties"]["drawn"]
    }
    assert sorted(drawn) == sorted(tracked)


def test_several_phases(client: TestClient) -> None:
    both = projects(client, phase=["planned", "building"])
    assert set(both) == set(projects(client, phase="planned")) | set(projects(client, phase="building"))


@pytest.mark.parametrize(
    "corners", [(114.09, 22.65, 114.12, 22.69), (114.119, 22.69, 114.12, 22.7), (0, 0, 1, 1)]
)
def test_by_box(client: TestClient, corners: tuple[float, float, float, float]) -> None:
    found = projects(client, bbox=",".join(map(str, corners)))
    assert set(found) == {
        name
        for name, change in FACTS.items()
        if change.geom_after is not None and change.geom_after.intersects(box(*corners))
    }


def test_a_box_without_size_is_a_point(client: TestClient) -> None:
    lon, lat = shapely.get_coordinates(FACTS["mugu-station"].geom_after)[0]
    assert "mugu-station" in projects(client, bbox=f"{lon},{lat},{lon},{lat}")


def test_a_project_is_found_by_each_of_its_names(client: TestClient) -> None:
    for name, change in FACTS.items():
        record = change.after or {}
        for words in [record["name_zh"], record["name_en"].upper(), *record["aliases"]]:
            assert name in projects(client, q=words), words


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("富安东", "fuan-east-road"),
        ("FUAN-EAST", "fuan-east-road"),
        ("(一期一批)", "fuchengao-retained-land-1-1"),
        ("（一期一批）", "fuchengao-retained-land-1-1"),
        ("１０号线", "metro-line-10"),
        ("  富安东路  ", "fuan-east-road"),
    ],
)
def test_search_folds_case_and_width(client: TestClient, words: str, name: str) -> None:
    assert name in projects(client, q=words)


@pytest.mark.parametrize("words", ["%", "_", "\\", "'; drop table project; --", "富_东路", "100%"])
def test_H331_what_means_something_to_the_database_is_looked_for_as_it_stands(
    client: TestClient, words: str
) -> None:
    assert projects(client, q=words) == {}


def test_by_parent(client: TestClient) -> None:
    parts = {n for n, p in PARENTS.items() if p == "metro-line-10"}
    assert set(projects(client, parent="metro-line-10")) == parts
    assert projects(client, parent="fuan-east-road") == {}


def test_with_and_without_a_place(client: TestClient) -> None:
    only, without = projects(client, unlocated="only"), projects(client, unlocated="without")
    assert (len(only), len(without)) == (71, 55)
    assert all(feature["geometry"] is None for feature in only.values())
    assert all(feature["geometry"] is not None for feature in without.values())
    assert set(projects(client, unlocated="with")) == set(only) | set(without)


def test_filters_combine(client: TestClient) -> None:
    found = projects(client, kind="road", phase="in_service", unlocated="without", day="2025-01-16", q="路")
    assert "fuan-east-road" in found
    for feature in found.values():
        p = feature["properties"]
        assert (p["kind"], p["phase"]) == ("road", "in_service")
        assert feature["geometry"]
    assert projects(client, kind="road", q="富安东路", day="2024-06-01", phase="in_service") == {}


# ---------------------------------------------------------------- order and pages


@pytest.mark.parametrize("sort", ["id", "-id", "name", "-name", "kind", "-kind", "last_heard", "-last_heard"])
@pytest.mark.parametrize("limit", [7, 50])
def test_pages_give_each_project_once_in_the_order_asked_for(
    client: TestClient, sort: str, limit: int
) -> None:
    whole = list(projects(client, sort=sort))
    address: str | None = f"/api/projects?sort={sort}&limit={limit}&known={KNOWN}"
    seen: list[str] = []
    while address:
        found = get(client, address)
        assert found["numberReturned"] == len(found["features"]) <= limit
        assert found["numberMatched"] == 126
        seen += [feature["id"] for feature in found["features"]]
        address = next((link["href"] for link in found["links"] if link["rel"] == "next"), None)
    assert seen == whole
    assert len(set(seen)) == 126


def test_orders_are_what_they_say(client: TestClient) -> None:
    def values(sort: str, name: str) -> list[Any]:
        return [feature["properties"][name] for feature in projects(client, sort=sort).values()]

    assert values("id", "id") == sorted(FACTS)
    assert values("-id", "id") == sorted(FACTS, reverse=True)
    assert values("kind", "kind") == sorted(values("id", "kind"))
    heard = [day or "0001-01-01" for day in values("-last_heard", "last_heard")]
    assert heard == sorted(heard, reverse=True)


def test_the_links_keep_the_question(client: TestClient) -> None:
    found = get(client, "/api/projects?kind=road&kind=metro&q=路&limit=2&lang=en")
    (self_link, next_link) = found["links"]
    assert self_link["rel"] == "self"
    for part in ("kind=road", "kind=metro", "q=%E8%B7%AF", "limit=2", "lang=en"):
        assert part in next_link["href"]
    assert next_link["href"].startswith("/api/projects?")


def test_the_last_page_has_no_next(client: TestClient) -> None:
    assert [link["rel"] for link in get(client, "/api/projects?limit=126")["links"]] == ["self"]
    assert [link["rel"] for link in get(client, "/api/projects?limit=125")["links"]] == ["self", "next"]


def test_a_list_that_draws_nothing_comes_without_geometries(client: TestClient) -> None:
    drawn = get(client, "/api/projects?kind=road")
    found = get(client, "/api/projects?kind=road&geometry=without&limit=2")
    assert [feature["geometry"] for feature in found["features"]] == [None, None]
    assert found["features"][0]["properties"] == drawn["features"][0]["properties"]
    assert "geometry=without" in found["links"][1]["href"]
    assert_problem(client.get("/api/projects?geometry=no"), 400, "bad-parameter")


# ---------------------------------------------------------------- times


@pytest.mark.parametrize(
    ("asked", "day"),
    [
        ("2021", "2021-12-31"),
        ("2021-06", "2021-06-30"),
        ("2024-02", "2024-02-29"),
        ("2021-06-15", "2021-06-15"),
    ],
)
def test_a_month_or_a_year_means_its_last_day(client: TestClient, asked: str, day: str) -> None:
    found = get(client, "/api/projects", day=asked, known=asked, limit=1)
    assert (found["day"], found["known"]) == (day, day)


@pytest.mark.parametrize(
    ("name", "day", "known", "phase", "basis"),
    [
        ("metro-line-10-main", "2020-01-01", KNOWN, "building", "fact"),
        ("metro-line-10-main", "2021-01-01", KNOWN, "in_service", "fact"),
        ("metro-line-10-main", "2021-01-01", "2025-02-01", "unknown", "none"),
        ("fuan-east-road", "2024-06-01", KNOWN, "unknown", "none"),
        ("fuan-east-road", "2025-01-16", KNOWN, "in_service", "fact"),
        ("metro-line-18", KNOWN, KNOWN, "planned", "fact"),
        ("metro-line-21", KNOWN, KNOWN, "planned", "fact"),
        ("egongling-land-consolidation", KNOWN, KNOWN, "unknown", "none"),
        ("shenda-intercity", KNOWN, KNOWN, "building", "fact"),
        ("shenda-intercity", "2030-01-01", KNOWN, "in_service", "promise"),
        ("cross-border-ecommerce-park", "2030-01-01", "2025-02-01", "in_service", "promise"),
        ("pinghu-railway-station", "2015-10-16", KNOWN, "building", "fact"),
    ],
)
def test_what_was_true_on_a_day_as_known_on_another(
    client: TestClient, name: str, day: str, known: str, phase: str, basis: str
) -> None:
    found = project(client, name, day=day, known=known)
    assert (found["phase"], found["basis"]) == (phase, basis)
    in_list = projects(client, q=name, day=day, known=known)[name]["properties"]
    assert (in_list["phase"], in_list["basis"]) == (phase, basis)


def test_what_had_not_been_said_is_not_told(client: TestClient) -> None:
    early = project(client, "metro-line-10-main", known="2025-02-01")
    assert [claim["source"]["id"] for claim in early["claims"]] == ["qiaobao-2025-01-16"]
    assert early["phases"] == "6@2025-01-16<"
    nothing = project(client, "metro-line-10-main", known="2010")
    assert (nothing["claims"], nothing["phases"]) == ([], "")
    assert nothing["last_heard"] is None
    for name, feature in projects(client, known="2024-06-01").items():
        heard = feature["properties"]["last_heard"]
        assert heard is None or heard <= "2024-06-01", name


@pytest.mark.parametrize("known", ["2025-02-01", KNOWN])
@pytest.mark.parametrize("day", ["2016-09-26", "2024-06-01", "2024-12-31", "2029-12-31"])
def test_stored_spans_and_the_text_for_the_browser_give_one_answer(
    client: TestClient, day: str, known: str
) -> None:
    for name, feature in projects(client, day=day, known=known).items():
        p = feature["properties"]
        if p["drawn"]:
            at = state_on(*parse_phases(p["phases"]), date.fromisoformat(day), date.fromisoformat(known))
            assert (p["phase"], p["basis"], p["maybe"]) == (at.phase, at.basis, at.maybe), name


# ---------------------------------------------------------------- GeoJSON as RFC 7946 has it


def test_H353_geojson_has_right_handed_rings_few_decimals_and_no_crs(client: TestClient) -> None:
    answer = client.get("/api/projects", params={"limit": 1000})
    assert answer.headers["content-type"] == "application/geo+json"
    found = answer.json()
    assert "crs" not in found
    assert not re.search(r"\bNaN\b|\bInfinity\b", answer.text)
    for feature in found["features"]:
        assert feature["type"] == "Feature"
        assert feature["id"] == feature["properties"]["id"]
        if feature["geometry"] is not None:
            assert_rfc_7946(feature["geometry"])
            assert same(shape(feature["geometry"]), FACTS[feature["id"]].geom_after)


def assert_rfc_7946(geometry: Json) -> None:
    assert "crs" not in geometry
    read = shape(geometry)
    assert read.is_valid
    for lon, lat in shapely.get_coordinates(read):
        assert math.isfinite(lon)
        assert math.isfinite(lat)
        assert -180 <= lon <= 180
        assert -90 <= lat <= 90
    for number in re.findall(r"\d+\.(\d+)", json.dumps(geometry["coordinates"])):
        assert len(number) <= 7
    for part in shapely.get_parts(read):
        if part.geom_type == "Polygon":
            assert part.exterior.is_ccw
            assert not any(ring.is_ccw for ring in part.interiors)


def test_layers_hold_a_whole_kind_and_nothing_of_a_day(client: TestClient) -> None:
    answer = client.get("/api/layers/metro.geojson", params={"revision": 2})
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    found = answer.json()
    assert {feature["id"] for feature in found["features"]} == set(projects(client, kind="metro"))
    for feature in found["features"]:
        assert not {"phase", "basis", "light", "maybe", "next"} & set(feature["properties"])
        assert "phases" in feature["properties"]
        if feature["geometry"]:
            assert_rfc_7946(feature["geometry"])
    assert client.get("/api/layers/metro.geojson").headers["cache-control"] == "no-cache"


def test_a_layer_of_another_revision_is_gone_or_not_there_yet(client: TestClient) -> None:
    gone = assert_problem(client.get("/api/layers/metro.geojson?revision=1"), 410, "superseded")
    assert gone["revision"] == 2
    ahead = client.get("/api/layers/metro.geojson?revision=3")
    assert_problem(ahead, 503, "behind")
    assert ahead.headers["retry-after"] == "1"


# ---------------------------------------------------------------- validators


@pytest.mark.parametrize(
    "address",
    [
        "/api/projects?kind=road",
        "/api/projects.csv?kind=road",
        "/api/projects/fuan-east-road",
        "/api/layers/road.geojson",
        "/api/timeline",
        "/api/indicators",
        "/api/programmes",
        "/tiles.json?kind=road",
    ],
)
def test_H359_an_answer_that_did_not_change_is_304(client: TestClient, address: str) -> None:
    first = client.get(address)
    tag = first.headers["etag"]
    for sent in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get(address, headers={"If-None-Match": sent})
        assert (again.status_code, again.content) == (304, b""), sent
        assert again.headers["etag"] == tag
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_another_question_has_another_validator(client: TestClient) -> None:
    tags = {
        client.get(address).headers["etag"]
        for address in (
            "/api/projects?limit=1",
            "/api/projects?limit=2",
            "/api/projects?limit=1&day=2021",
            "/api/projects?limit=1&known=2021",
        )
    }
    assert len(tags) == 4


def test_H359_publishing_changes_the_validator(fresh: Database, fresh_client: TestClient) -> None:
    before = fresh_client.get("/api/projects?kind=road")
    assert change_project(fresh, "fuan-east-road", note_en="Changed.") == 3
    after = fresh_client.get("/api/projects?kind=road", headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert after.headers["etag"] != before.headers["etag"]


def test_a_file_in_one_language_is_not_taken_for_the_other(client: TestClient) -> None:
    zh = client.get("/api/projects.csv", headers={"Accept-Language": "zh"})
    en = client.get(
        "/api/projects.csv", headers={"Accept-Language": "en", "If-None-Match": zh.headers["etag"]}
    )
    assert en.status_code == 200
    assert zh.text != en.text
    assert "Accept-Language" in zh.headers["vary"]


# ---------------------------------------------------------------- one project


def test_a_card_says_everything_with_its_source(client: TestClient) -> None:
    found = project(client, "fuan-east-road")
    assert [(c["date"], c["standing"]) for c in found["claims"]] == [
        ("2025-01-15", "holds"),
        ("2024", "conflicts"),
    ]
    holds, loses = found["claims"]
    assert found["conflicts"] == [{"winner": holds["n"], "loser": loses["n"]}]
    assert holds["quote"] == "2025年1月15日,富安东路通车。"
    assert holds["verbatim"] is True
    assert holds["source"]["publisher_zh"] == "深圳侨报"
    assert holds["source"]["tier"] == "press"
    opened = next(m for m in found["milestones"] if m["code"] == "open")
    assert opened["actual"]["date"] == "2025-01-15"
    assert opened["actual"]["claim"] == holds["n"]
    assert found["place"][0]["licence"] == "own drawing"
    assert [(h["revision"], h["kind"], h["ops"]) for h in found["history"]] == [(1, "seed", ["add", "claim"])]


def test_our_summary_is_never_given_as_the_sources_words(client: TestClient) -> None:
    claims = project(client, "metro-line-10-main")["claims"]
    assert {(c["quote"], c["verbatim"]) for c in claims} >= {
        ("已开通10号线", True),
        ("operating since 2020-08-18 11:18", False),
        ("24 stations", False),
    }


def test_a_promise_shows_how_its_date_moved(client: TestClient) -> None:
    found = project(client, "jihe-expressway-widening")
    start = next(m for m in found["milestones"] if m["code"] == "start")["planned"]
    assert (start["date"], start["moves"], start["slip_days"]) == ("2024", 1, 1096)
    assert [entry["date"] for entry in start["history"]] == ["2021", "2024"]
    opening = next(m for m in found["milestones"] if m["code"] == "open")["planned"]
    assert (opening["date"], len(opening["undated"])) == ("2029~", 1)


def test_a_container_is_not_drawn_and_counts_its_parts(client: TestClient) -> None:
    found = project(client, "metro-line-10")
    assert (found["drawn"], found["phase"], found["basis"]) == (False, "unknown", "none")
    # The main line and the extension, each for itself: they have phases of their own.
    assert found["parts"] == {"in_service": 1, "planned": 1}
    assert {child["id"] for child in found["children"]} == {
        n for n, p in PARENTS.items() if p == "metro-line-10"
    }
    assert "metro-line-10" in projects(client, phase="in_service", day=KNOWN)


def test_parents_children_and_what_differs_from_the_parts(client: TestClient) -> None:
    p02 = project(client, "fuchengao-retained-land-1-1")
    assert [parent["id"] for parent in p02["parents"]] == ["fuchengao-retained-land"]
    p01 = project(client, "fuchengao-land-consolidation")
    assert "fuchengao-retained-land" in {child["id"] for child in p01["children"]}
    assert p01["phase"] == "preparing"


def test_an_unknown_project_is_told_with_where_to_look(client: TestClient) -> None:
    body = assert_problem(client.get("/api/projects/no-such-road"), 404, "unknown-project")
    assert "no-such-road" in body["detail_zh"]


def test_every_project_has_a_card(client: TestClient) -> None:
    for name in FACTS:
        found = project(client, name)
        for claim in found["claims"]:
            assert CHINESE.search(claim["label_zh"]), (name, claim["property"])
            assert claim["label_en"]
            assert claim["quote"]
            assert claim["source"]["retrieved_on"] == KNOWN
        for milestone in found["milestones"]:
            assert milestone["phase"] in PHASES


def test_what_the_kind_does_not_call_public_stays_inside(fresh: Database, fresh_client: TestClient) -> None:
    add_project(
        fresh,
        "kept-inside",
        Point(114.12, 22.69),
        attrs={"contact": "张三 13800000000", "lead_unit": "平湖街道办"},
    )
    for address in (
        "/api/projects/kept-inside",
        "/api/projects?q=kept-inside",
        "/api/projects.csv?q=kept-inside",
        "/api/layers/park.geojson",
        "/tiles/pinghu/latest/park/12/3346/1783.mvt",
    ):
        answer = fresh_client.get(address)
        assert answer.status_code == 200
        assert "张三".encode() not in answer.content
        assert b"contact" not in answer.content
    assert project(fresh_client, "kept-inside", known="2999")["attrs"] == {"lead_unit": "平湖街道办"}


def test_lights_are_told_only_if_the_settings_say_so(seeded: Database, client: TestClient) -> None:
    assert {f["properties"]["light"] for f in projects(client).values()} > {"grey"}
    with TestClient(create_app(Settings(show_lights=False), seeded)) as without:
        assert {f["properties"]["light"] for f in projects(without).values()} == {"grey"}
        assert project(without, "pinghu-west-land-consolidation")["light"] == "grey"
