"""What the page boots from, and the ground under the map."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient
from shapely.geometry import shape

from app.database import Database
from app.main import create_app
from app.settings import Settings
from geodata.geometry import PRECISIONS
from geodata.kinds import GROUPS, load_kinds
from geodata.lights import LIGHTS
from geodata.phases import COMMITMENTS, PHASES, TIERS
from tests.app.asking import CHINESE, Json, get


@pytest.fixture(scope="module")
def catalogue(client: TestClient) -> Json:
    return get(client, "/api/catalogue")


def test_the_area_its_revision_and_its_today(catalogue: Json) -> None:
    assert catalogue["revision"] == 2
    assert catalogue["today"] == datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()
    assert catalogue["languages"] == ["zh", "en"]
    area = catalogue["area"]
    assert (area["id"], area["name_zh"], area["name_en"]) == ("pinghu", "平湖街道", "Pinghu Subdistrict")
    assert area["tz"] == "Asia/Shanghai"
    assert date.fromisoformat(area["days"]["from"]) < date.fromisoformat(area["days"]["to"])
    west, south, east, north = area["bbox_lonlat"]
    assert 114.0 < west < east < 114.3
    assert 22.6 < south < north < 22.8


@pytest.mark.parametrize(
    ("name", "ids", "first_code"),
    [
        ("phases", PHASES, 0),
        ("commitments", COMMITMENTS, 1),
        ("precisions", PRECISIONS, 0),
        ("lights", LIGHTS, 0),
        ("tiers", TIERS, 1),
    ],
)
def test_vocabularies_are_whole_and_explained_in_both_languages(
    catalogue: Json, name: str, ids: tuple[str, ...], first_code: int
) -> None:
    entries = catalogue[name]
    assert [entry["id"] for entry in entries] == list(ids)
    assert [entry["code"] for entry in entries] == list(range(first_code, first_code + len(ids)))
    for entry in entries:
        assert CHINESE.search(entry["name_zh"])
        assert CHINESE.search(entry["explain_zh"])
        assert entry["name_en"].isascii()
        assert entry["explain_en"].endswith(".")


def test_every_kind_comes_as_its_file_says(catalogue: Json) -> None:
    kinds = load_kinds()
    assert [kind["id"] for kind in catalogue["kinds"]] == list(kinds)
    assert {group["id"] for group in catalogue["groups"]} == set(GROUPS)
    for entry in catalogue["kinds"]:
        kind = kinds[entry["id"]]
        assert (entry["name_zh"], entry["group"], entry["tracked"]) == (
            kind.name_zh,
            kind.group,
            kind.tracked,
        )
        assert [m["code"] for m in entry["milestones"]] == [m.code for m in kind.milestones]
        assert entry["style"]["order"] == kind.order
        assert entry["style"]["glyph"] == kind.style.glyph


def test_only_public_fields_are_named(catalogue: Json) -> None:
    for entry in catalogue["kinds"]:
        assert {field["code"] for field in entry["fields"]} == load_kinds()[entry["id"]].public_fields
    assert not [f for kind in catalogue["kinds"] for f in kind["fields"] if f["code"] == "contact"]


def test_the_credits_that_licences_ask_for(catalogue: Json) -> None:
    credits_en = [credit["en"] for credit in catalogue["credits"]]
    assert "© OpenStreetMap contributors (ODbL 1.0)" in credits_en
    assert "approximate road lines derived from bus-stop positions (2021)" in credits_en
    assert all(CHINESE.search(c["zh"]) or "OpenStreetMap" in c["zh"] for c in catalogue["credits"])


def test_H349_the_owners_words_come_from_the_settings(seeded: Database) -> None:
    settings = Settings(
        footer_zh="主办单位：某街道",
        footer_en="Run by an office",
        map_approval="粤S(2026)1号",
        report_address="tel:12345",
    )
    with TestClient(create_app(settings, seeded)) as client:
        assert get(client, "/api/catalogue")["site"] == {
            "footer_zh": "主办单位：某街道",
            "footer_en": "Run by an office",
            "map_approval": "粤S(2026)1号",
            "report_address": "tel:12345",
        }


def test_the_catalogue_is_asked_again_and_answers_that_nothing_changed(client: TestClient) -> None:
    first = client.get("/api/catalogue")
    assert first.headers["cache-control"] == "no-cache"
    again = client.get("/api/catalogue", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


def test_the_ground_is_sound_geojson_with_its_sources(client: TestClient) -> None:
    answer = client.get("/api/ground.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    features = answer.json()["features"]
    assert len(features) == 247
    for feature in features:
        assert shape(feature["geometry"]).is_valid
        assert feature["properties"]["source"]
        assert feature["properties"]["precision"] in PRECISIONS
    (outline,) = [f for f in features if f["properties"]["role"] == "outline"]
    assert "非官方行政界线" in outline["properties"]["name_zh"]
    again = client.get("/api/ground.geojson", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
