"""GET /api/near and /api/places: what opens near a place, as a resident asks."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pyproj import Geod

from app.database import Database, today_in
from tests.app.asking import CHINESE, Json, assert_problem, get
from tests.app.changing import claim, publish

YEAR = today_in("Asia/Shanghai").year
HEHUA = {"place": "禾花站", "radius_m": 3000, "by": str(YEAR + 2)}
SHENHUI = "pinghu-station-shenhui"
POINT = {"lon": 114.1160, "lat": 22.6891}


def entries(answer: Json, group: str) -> dict[str, Json]:
    return {entry["id"]: entry for entry in answer["groups"][group]}


def test_a_resident_of_hehua_asks_what_opens_by_then(client: TestClient) -> None:
    answer = get(client, "/api/near", **HEHUA)
    station = entries(answer, "no_date")[SHENHUI]
    assert station["phase"] == "building"
    assert station["opens"] is None
    assert station["distance_m"] is None
    assert "示意" in station["distance_zh"]
    assert station["said"]["quote"] == "深惠城际平湖站进入主体装修阶段"
    assert station["said"]["source"]["publisher_zh"] == "深圳侨报"
    open_now = entries(answer, "open")
    assert open_now["metro-line-10-main"]["opened"]["date"] == "2020-08-18"
    assert open_now["hehua-station"]["distance_zh"] == "就在这里"
    for group in ("opens_by", "later"):
        for entry in answer["groups"][group]:
            assert not re.search(r"metro-line-(17|18|21)", entry["id"])
    for name in ("metro-line-17-phase-2", "metro-line-18"):
        assert entries(answer, "no_date")[name]["opens"] is None


def test_the_summary_says_the_counts_and_can_be_read_aloud(client: TestClient) -> None:
    answer = get(client, "/api/near", **HEHUA)
    counts = answer["counts"]
    assert f"已开通或投用 {counts['open']} 项" in answer["summary_zh"]
    assert f"到 {YEAR + 2} 年底，没有来源说有哪一项会开通" in answer["summary_zh"]
    assert f"还有 {counts['no_date']} 项，没有来源说哪天开通" in answer["summary_zh"]
    assert answer["summary_en"].startswith("Within 3 km of Hehua station (Line 10), ")
    assert f"No source says that anything will open by the end of {YEAR + 2}." in answer["summary_en"]
    assert not CHINESE.search(answer["summary_en"])


def test_a_date_is_by_then_or_later_as_the_year_has_it(fresh: Database, fresh_client: TestClient) -> None:
    said = f"{YEAR - 1}-02-01"
    publish(fresh, claim("shenda-intercity", "milestone:open", str(YEAR + 1), "expected", said_on=said))
    sooner = get(fresh_client, "/api/near", place="白坭坑站", radius_m=500, by=str(YEAR + 1))
    line = entries(sooner, "opens_by")["shenda-intercity"]["opens"]
    assert (line["date"], line["commitment"]) == (str(YEAR + 1), "expected")
    assert line["lapsed"] is False
    later = get(fresh_client, "/api/near", place="白坭坑站", radius_m=500, by=str(YEAR))
    assert entries(later, "later")["shenda-intercity"]["opens"]["date"] == str(YEAR + 1)
    assert f"预计 {YEAR + 1} 年" in later["summary_zh"]


def test_distances_are_straight_lines_over_the_ellipsoid(client: TestClient) -> None:
    answer = get(client, "/api/near", **POINT, radius_m=2000)
    found = get(client, "/api/projects/huanancheng-station")["geometry"]["coordinates"]
    _, _, metres = Geod(ellps="WGS84").inv(POINT["lon"], POINT["lat"], *found)
    told = entries(answer, "open")["huanancheng-station"]["distance_m"]
    assert abs(told - metres) <= 50
    assert told % 10 == 0
    for group in answer["groups"].values():
        for entry in group:
            assert (entry["distance_m"] is None) == (entry["precision"] == "schematic")
            assert entry["precision"] != "approximate" or entry["distance_m"] % 100 == 0


def test_from_a_place_drawn_from_words_nothing_is_measured(client: TestClient) -> None:
    answer = get(client, "/api/near", place=SHENHUI, radius_m=1000)
    assert answer["place"]["precision"] == "schematic"
    assert {e["distance_zh"] for group in answer["groups"].values() for e in group} == {
        "起点为示意，不量距离"
    }
    assert {e["distance_m"] for group in answer["groups"].values() for e in group} == {None}


def test_what_was_closed_is_open_since_it_opened_again(client: TestClient) -> None:
    opened = entries(get(client, "/api/near", **HEHUA), "open")["pinghu-railway-station"]["opened"]
    assert (opened["date"], opened["again"]) == ("2016-09-26", True)


def test_without_a_radius_page_picture_and_answer_have_the_same(client: TestClient) -> None:
    answer = get(client, "/api/near", place="hehua-station")
    assert answer["radius_m"] == 3000
    assert answer["summary_zh"] in client.get("/transit?place=hehua-station&lang=zh").text


def test_the_groups_of_kinds_can_be_chosen(client: TestClient) -> None:
    usual = get(client, "/api/near", **HEHUA)
    transit = get(client, "/api/near", **HEHUA, group="transit")
    industry = get(client, "/api/near", **HEHUA, group=["transit", "industry"])
    assert usual["group"] == ["transit", "road", "public"]
    assert sum(transit["counts"].values()) < sum(usual["counts"].values())
    assert sum(industry["counts"].values()) > sum(transit["counts"].values())


def test_a_point_of_chinese_map_services_is_converted_and_said_so(client: TestClient) -> None:
    told = get(client, "/api/near", lon=114.1260, lat=22.6939, datum="gcj02", radius_m=1000)
    assert told["datum"] == "gcj02"
    _, _, metres = Geod(ellps="WGS84").inv(114.1260, 22.6939, told["centre"]["lon"], told["centre"]["lat"])
    assert 595 < metres < 610
    same = get(client, "/api/near", **told["centre"], radius_m=1000)
    assert same["groups"] == told["groups"]


@pytest.mark.parametrize(
    ("query", "code", "words"),
    [
        ({"lon": "nan", "lat": "22.7"}, "bad-parameter", "lon：“nan”不是经度"),
        ({"lon": "inf", "lat": "22.7"}, "bad-parameter", "不是经度"),
        ({"lon": "114.1", "lat": "1e999"}, "bad-parameter", "不是纬度"),
        ({"lon": "114.1", "lat": "91"}, "bad-parameter", "不是纬度"),
        ({"lon": "114.1"}, "bad-parameter", "lon 和 lat 要一起给"),
        ({}, "bad-parameter", "要说在哪里的附近"),
        ({"place": "禾花站", "lon": "114.1", "lat": "22.7"}, "bad-parameter", "只能给一样"),
        ({"lon": "116.4", "lat": "39.9"}, "outside-area", "本图只讲平湖街道及周边"),
        ({**POINT, "radius_m": "-5"}, "bad-parameter", "不能小于 100"),
        ({**POINT, "radius_m": "1000000000"}, "bad-parameter", "不能大于 20000"),
        ({**POINT, "radius_m": "3km"}, "bad-parameter", "应为整数"),
        ({**POINT, "by": "2019"}, "bad-parameter", "2019-12-31 已经过去"),
        ({**POINT, "by": "soon"}, "bad-parameter", "不是日期"),
        ({**POINT, "datum": "bd09"}, "bad-parameter", "可用"),
        ({**POINT, "group": "context"}, "bad-parameter", "可用"),
        ({**POINT, "raduis_m": "500"}, "bad-parameter", "没有这个参数"),
        ({"place": "平湖站"}, "ambiguous-place", "平湖站（10号线）"),
        ({"place": "a\x00b"}, "bad-parameter", "控制字符"),
    ],
)
def test_a_bad_question_is_answered_in_words(
    client: TestClient, query: dict[str, Any], code: str, words: str
) -> None:
    body = assert_problem(client.get("/api/near", params=query), 400, code)
    assert words in body["detail_zh"]


def test_a_name_that_nobody_bears_is_said(client: TestClient) -> None:
    body = assert_problem(client.get("/api/near", params={"place": "月球广场"}), 404, "unknown-place")
    assert "月球广场" in body["detail_zh"]


def test_a_name_of_several_places_lists_them_with_where_they_are(client: TestClient) -> None:
    body = assert_problem(client.get("/api/near", params={"place": "平湖站"}), 400, "ambiguous-place")
    assert len(body["errors"]) == 3
    for entry in body["errors"]:
        assert 114 < entry["lon"] < 114.2
        assert 22.6 < entry["lat"] < 22.8


def test_where_nothing_is_an_answer_stands(client: TestClient) -> None:
    answer = get(client, "/api/near", lon=114.30, lat=22.80, radius_m=500)
    assert set(answer["counts"].values()) == {0}
    assert "没有记录任何项目" in answer["summary_zh"]


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("禾花", "禾花站"),
        ("禾花地铁站", "禾花站"),
        ("hehua", "禾花站"),
        ("hh", "禾花站"),
        ("Pinghu railway", "平湖站（国铁）"),
        ("五和", "五和站"),
        ("平安大道", "平安大道"),
    ],
)
def test_places_are_found_by_name_and_in_pinyin(client: TestClient, q: str, first: str) -> None:
    found = get(client, "/api/places", q=q)["places"]
    assert found[0]["name_zh"] == first
    assert found[0]["name_en"]


def test_without_words_the_stations_are_offered(client: TestClient) -> None:
    found = get(client, "/api/places")["places"]
    assert {"禾花站", "华南城站"} <= {place["name_zh"] for place in found}
    assert "schematic" not in {place["precision"] for place in found}


@pytest.mark.parametrize("q", ["%", "_", "\\", "'; drop table project; --", "x" * 100])
def test_signs_of_the_database_are_only_letters(client: TestClient, q: str) -> None:
    assert all("_" not in p["name_zh"] for p in get(client, "/api/places", q=q)["places"])


def test_a_promise_that_moved_and_one_that_lapsed_are_said(fresh: Database, fresh_client: TestClient) -> None:
    publish(
        fresh,
        claim(SHENHUI, "milestone:open", str(YEAR + 1), "expected", said_on="2025-02-01"),
        claim(SHENHUI, "milestone:open", f"{YEAR + 3}~", "expected", said_on="2026-03-01"),
        claim("metro-line-18", "milestone:open", "2025", "aspired", said_on="2024-01-01"),
    )
    answer = get(fresh_client, "/api/near", **HEHUA)
    station = entries(answer, "later")[SHENHUI]["opens"]
    assert (station["date_zh"], station["moves"]) == (f"约 {YEAR + 3} 年", 1)
    assert station["first"]["date"] == str(YEAR + 1)
    lapsed = entries(answer, "no_date")["metro-line-18"]["opens"]
    assert lapsed["lapsed"]
    assert lapsed["date"] == "2025"
    assert "其中 1 项说过的日期已过" in answer["summary_zh"]
    assert "1 had a date that has passed" in answer["summary_en"]


def test_what_ended_is_counted_and_not_listed(fresh: Database, fresh_client: TestClient) -> None:
    publish(fresh, claim("hehua-station", "milestone:closed", "2026-01", "done", said_on="2026-02-01"))
    answer = get(fresh_client, "/api/near", **HEHUA)
    assert answer["left_out"]["ended"] == 1
    assert all("hehua-station" not in entries(answer, group) for group in answer["groups"])
