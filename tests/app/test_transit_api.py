"""GET /api/transit: every line as its parts and stops, as sources name them."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from shapely.geometry import LineString, Point

from app.database import Database
from tests.app.asking import CHINESE, Json, get
from tests.app.changing import new_project, publish


@pytest.fixture(scope="module")
def lines(client: TestClient) -> dict[str, Json]:
    return {line["id"]: line for line in get(client, "/api/transit")["lines"]}


def names(part: Json) -> list[str]:
    return [stop["name_zh"] or "…" for stop in part["stops"]]


def test_the_lines_of_the_page_are_there(lines: dict[str, Json]) -> None:
    assert {"metro-line-10", "metro-line-17", "metro-line-18", "metro-line-21"} <= set(lines)
    assert {"guangshen-intercity", "shenda-intercity", "shenhui-intercity"} <= set(lines)


def test_line_10_goes_on_into_its_extension(lines: dict[str, Json]) -> None:
    main, east = lines["metro-line-10"]["parts"]
    assert (main["phase"], east["phase"]) == ("in_service", "planned")
    # A source counts more stations than stand here: the end that nothing continues is open.
    assert names(main) == ["…", "甘坑", "凉帽山", "上李朗", "木古", "华南城", "禾花", "平湖", "双拥街"]
    assert names(east) == ["双拥街", "龙平路", "油甘埔", "官井头", "大运城邦", "黄阁坑"]
    assert east["joins"]
    assert (main["listed"], east["listed"]) == ("placed", "stops")
    assert (main["stations"], main["named"]) == ("24", 8)
    assert east["stops"][0]["station"]["id"] == "shuangyong-street-station"
    assert east["stops"][1]["station"] is None
    assert [below["phase"] for below in east["below"]] == ["planned", "proposed"]
    assert east["said"]["source"]["id"] == "tus8-metro-line-10-east"


def test_phases_1_and_2_of_line_17_stand_apart(lines: dict[str, Json]) -> None:
    one, two = lines["metro-line-17"]["parts"]
    assert (one["phase"], two["phase"]) == ("building", "planned")
    assert names(one) == ["罗湖西", "…", "上李朗"]
    assert names(two) == ["鹅公岭", "富安", "新南", "平湖", "山厦", "金融城"]
    assert not two["joins"]
    assert lines["metro-line-17"]["of_parts"] == {"building": 1, "planned": 1}


def test_where_only_places_on_the_way_are_known_no_station_is_made_up(lines: dict[str, Json]) -> None:
    for name in ("metro-line-18", "metro-line-21"):
        (part,) = lines[name]["parts"]
        assert part["listed"] == "passes"
        assert {stop["station"] for stop in part["stops"]} == {None}


def test_stops_of_one_name_meet(lines: dict[str, Json]) -> None:
    pinghu = next(stop for stop in lines["metro-line-10"]["parts"][0]["stops"] if stop["name_zh"] == "平湖")
    assert set(pinghu["meets"]) == {
        "metro-line-17",
        "metro-line-18",
        "guangshen-intercity",
        "shenhui-intercity",
    }


def test_a_schematic_station_says_so(lines: dict[str, Json]) -> None:
    (part,) = lines["shenhui-intercity"]["parts"]
    station = next(stop["station"] for stop in part["stops"] if stop["station"])
    assert station["precision"] == "schematic"
    assert station["phase"] == "building"


def test_what_is_on_hold_is_said_with_the_line(lines: dict[str, Json]) -> None:
    (part,) = lines["metro-line-18"]["parts"]
    assert "搁置" in part["word"]["quote_zh"]


def test_days_about_which_sources_disagree_say_so(lines: dict[str, Json]) -> None:
    assert lines["guangshen-intercity"]["opened"]["disputed"]
    assert not lines["metro-line-10"]["parts"][0]["opened"]["disputed"]


def test_every_stop_has_both_languages(lines: dict[str, Json]) -> None:
    for line in lines.values():
        for part in line["parts"]:
            for stop in part["stops"]:
                assert stop["gap"] or CHINESE.search(stop["name_zh"])
                assert stop["gap"] or (stop["name_en"] and not CHINESE.search(stop["name_en"]))


def test_a_line_that_somebody_brings_is_a_strip_without_any_code(
    fresh: Database, fresh_client: TestClient
) -> None:
    publish(
        fresh,
        new_project(
            "metro-line-99",
            LineString([(114.10, 22.69), (114.14, 22.69)]),
            kind="metro",
            name_zh="地铁99号线",
            attrs={"line": "99"},
        ),
        new_project("b-station", Point(114.13, 22.69), kind="station", name_zh="乙站", attrs={"lines": "99"}),
        new_project(
            "a-station", Point(114.11, 22.69), kind="station", name_zh="甲站", attrs={"lines": "10、99"}
        ),
        new_project(
            "metro-line-98",
            None,
            kind="metro",
            name_zh="地铁98号线",
            attrs={"line": "98", "stops": "丙、…、丁、平湖"},
        ),
    )
    found = {line["id"]: line for line in get(fresh_client, "/api/transit")["lines"]}
    (placed,) = found["metro-line-99"]["parts"]
    assert sorted(names(placed)) == ["乙", "甲"]
    (named,) = found["metro-line-98"]["parts"]
    assert names(named) == ["丙", "…", "丁", "平湖"]
    assert named["said"] is None
    assert "metro-line-10" in named["stops"][-1]["meets"]
