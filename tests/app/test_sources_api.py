"""What the chart rests on, against the tables of Pinghu counted here by themselves."""

from __future__ import annotations

import csv
import json
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.database import Database
from geodata.changes import Change
from geodata.dates import parse
from tests.app.asking import KNOWN, Json, assert_problem, get, projects
from tests.app.changing import claim, new_project, publish

GEODATA = Path(__file__).resolve().parents[2] / "geodata"
PINGHU = GEODATA / "pinghu"
EARLY = "2020-12-31"


def table(name: str) -> list[dict[str, str]]:
    with (PINGHU / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


SOURCES = {row["id"]: row for row in table("sources.csv")}
CLAIMS = table("claims.csv")
KINDS = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in (GEODATA / "kinds").glob("*.toml")}
PROJECTS = {
    feature["id"]: {**feature["properties"], "kind": path.stem}
    for path in (PINGHU / "projects").glob("*.geojson")
    for feature in json.loads(path.read_text("utf-8"))["features"]
}


@pytest.fixture(scope="module")
def found(client: TestClient) -> Json:
    answer = get(client, "/api/sources", known=KNOWN)
    assert (answer["revision"], answer["known"]) == (2, KNOWN)
    return answer


def test_every_document_is_there_with_what_rests_on_it(found: Json) -> None:
    listed = {source["id"]: source for source in found["sources"]}
    assert listed.keys() == SOURCES.keys()
    for name, row in SOURCES.items():
        mine = [claim for claim in CLAIMS if claim["source"] == name]
        spoken_of = sorted({claim["target"] for claim in mine} & PROJECTS.keys())
        source = listed[name]
        for field in ("title", "title_en", "publisher_zh", "publisher_en", "tier", "published", "address"):
            assert source[field] == row[field], (name, field)
        assert (source["retrieved_on"], source["licence"]) == (row["retrieved_on"], row["licence"])
        assert (source["claims"], source["withdrawn"]) == (len(mine), 0)
        assert source["of_figures"] == sum(claim["target"] not in PROJECTS for claim in mine)
        assert source["projects"] == len(spoken_of)
        assert source["speaks_of"] == spoken_of[:200]
        said = [parse(claim["said_on"]).latest for claim in mine]
        assert source["last_said"] == max(day.isoformat() for day in said if day), name


def test_what_was_said_last_is_as_of_the_day_known(client: TestClient) -> None:
    before = get(client, "/api/sources", known="2025-01-31")["sources"]
    assert all(source["last_said"] <= "2025-01-31" for source in before)
    heard = {source["id"] for source in before if source["last_said"] > "2024-12-31"}
    assert heard == {"qiaobao-2025-01-16"}


def test_the_official_ones_come_first_and_then_who_says_most(found: Json) -> None:
    rank = {"official": 0, "press": 1, "web": 2}
    order = [(rank[source["tier"]], -source["claims"]) for source in found["sources"]]
    assert order == sorted(order)
    assert order[0] > (0, -100)
    assert len({tier for tier, _ in order}) == 3


def test_the_totals_are_those_of_the_tables(found: Json) -> None:
    totals = found["totals"]
    tier_of = {name: row["tier"] for name, row in SOURCES.items()}
    assert totals["sources"] == len(SOURCES) == 56
    assert totals["sources_by_tier"] == dict(Counter(tier_of.values()))
    assert totals["claims"] == len(CLAIMS) == 293
    assert totals["claims_by_tier"] == dict(Counter(tier_of[claim["source"]] for claim in CLAIMS))
    assert totals["claims_by_commitment"] == dict(Counter(claim["commitment"] for claim in CLAIMS))
    undated = [claim for claim in CLAIMS if not SOURCES[claim["source"]]["published"]]
    assert totals["claims_undated"] == len(undated) > 10
    assert totals["claims_verbatim"] == sum(claim["verbatim"] == "yes" for claim in CLAIMS) == 178
    assert totals["claims_summarised"] == sum(claim["verbatim"] == "no" for claim in CLAIMS) == 115
    assert totals["claims_withdrawn"] == 0
    assert totals["projects"] == len(PROJECTS)


def test_places_are_counted_of_what_could_have_one(found: Json) -> None:
    could = {name: one for name, one in PROJECTS.items() if one["drawn"] and KINDS[one["kind"]]["geometry"]}
    counts = Counter(one["precision"] for one in could.values())
    told = found["totals"]["projects_by_precision"]
    assert {name: n for name, n in told.items() if n} == dict(counts)
    for precision in ("schematic", "unlocated"):
        mine = sorted(name for name, one in could.items() if one["precision"] == precision)
        assert mine, precision
        assert found["lists"][precision] == {"count": len(mine), "projects": mine}
    assert found["totals"]["projects_unlocated"] == counts["unlocated"]


def test_what_has_no_phase_is_what_the_list_of_projects_calls_unknown(
    client: TestClient, found: Json
) -> None:
    unknown = projects(client, phase="unknown", day=KNOWN)
    mine = sorted(name for name, one in unknown.items() if one["properties"]["drawn"])
    assert found["lists"]["without_phase"] == {"count": len(mine), "projects": mine}
    assert found["totals"]["projects_without_phase"] == len(mine) > 10
    # Nothing that any source puts into a phase is among them.
    told = {claim["target"] for claim in CLAIMS if claim["property"] == "phase"}
    assert told
    assert not told & set(mine)


def test_promises_without_a_date_are_claims_below_done_that_give_none(found: Json) -> None:
    mine = [
        claim
        for claim in CLAIMS
        if claim["target"] in PROJECTS and claim["commitment"] != "done" and not claim["date"]
    ]
    about = sorted({claim["target"] for claim in mine})
    assert found["totals"]["promises_without_date"] == len(mine) > 3
    assert found["lists"]["promised_without_date"] == {"count": len(about), "projects": about}


def test_every_project_that_is_named_has_its_names(found: Json) -> None:
    named = {one["id"]: one for one in found["projects"]}
    ids = {name for source in found["sources"] for name in source["speaks_of"]}
    ids |= {name for one in found["lists"].values() for name in one["projects"]}
    assert named.keys() == ids
    for name, one in named.items():
        expected = {field: PROJECTS[name][field] for field in ("kind", "name_zh", "name_en")}
        assert one == {"id": name, **expected}


def test_what_had_not_been_said_by_a_day_does_not_count(client: TestClient) -> None:
    early = get(client, "/api/sources", known=EARLY)
    assert early["known"] == EARLY
    by_then = [claim for claim in CLAIMS if said_by(claim["said_on"]) <= EARLY]
    assert early["totals"]["claims"] == len(by_then) < 100
    assert early["totals"]["claims_undated"] == 0
    listed = {source["id"] for source in early["sources"]}
    assert {claim["source"] for claim in by_then} <= listed
    assert "qiaobao-2025-01-16" not in listed
    assert len(early["lists"]["without_phase"]["projects"]) > 50


def said_by(text: str) -> str:
    """The last day of a date, for what occurs here: days, months and years, open to the left or a range."""
    last = text.removeprefix("..").split("/")[-1].removesuffix("~")
    return {4: f"{last}-12-31", 7: f"{last}-31"}.get(len(last), last)


def test_the_answer_is_kept_while_nothing_moves_and_refuses_what_it_does_not_know(
    client: TestClient,
) -> None:
    first = client.get("/api/sources")
    tag = first.headers["etag"]
    assert client.get("/api/sources", headers={"If-None-Match": tag}).status_code == 304
    assert_problem(client.get("/api/sources?day=2025"), 400)
    assert_problem(client.get("/api/sources?known=gestern"), 400)


def test_a_document_on_which_nothing_rests_any_more_is_not_listed(
    fresh: Database, fresh_client: TestClient
) -> None:
    said = claim("hehua-station", "mention", "", "done", said_on="2026-01-01", source="only-here")
    document = {**SOURCES["qiaobao-2025-01-16"], "id": "only-here"}
    revision = publish(fresh, Change("source", "only-here", after=document), new_project("gone-again", None))
    assert revision
    before = {source["id"] for source in get(fresh_client, "/api/sources")["sources"]}
    assert "only-here" not in before
    publish(fresh, said)
    assert "only-here" in {source["id"] for source in get(fresh_client, "/api/sources")["sources"]}


# ---------------------------------------------------------------- documents to cite


def test_documents_are_found_by_all_the_words(client: TestClient) -> None:
    found = get(client, "/api/sources/search", q="侨报 2025")["sources"]
    assert "qiaobao-2025-01-16" in [source["id"] for source in found]
    for source in found:
        assert "侨报" in source["publisher_zh"] + source["title"]
    assert get(client, "/api/sources/search", q="ＱＩＡＯＢＡＯ")["sources"]
    assert get(client, "/api/sources/search", q="100%")["sources"] == []
    assert get(client, "/api/sources/search", q="侨报 深圳 无此词")["sources"] == []


def test_of_many_documents_the_latest_are_named(client: TestClient) -> None:
    found = get(client, "/api/sources/search")["sources"]
    assert len(found) == 12
    days = [SOURCES[source["id"]]["published"][:4] or "2026" for source in found]
    assert days == sorted(days, reverse=True)
