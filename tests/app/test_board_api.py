"""Figures of the area with every source's word, what follows from them, and programmes."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from geodata import pinghu
from geodata.kinds import load_kinds
from tests.app.asking import CHINESE, KNOWN, Json, get


@pytest.fixture(scope="module")
def indicators(client: TestClient) -> dict[str, Json]:
    found = get(client, "/api/indicators", known=KNOWN)
    assert (found["revision"], found["known"]) == (2, KNOWN)
    return {entry["code"]: entry for entry in found["indicators"]}


def test_every_indicator_is_there_in_the_order_of_the_page(indicators: dict[str, Json]) -> None:
    defined = [c.target for entry in pinghu.changesets() for c in entry.changes if c.op == "indicator"]
    assert list(indicators) == defined
    assert len(indicators) == 40
    for entry in indicators.values():
        assert CHINESE.search(entry["name_zh"])
        assert entry["name_en"]
        assert entry["claims"], entry["code"]


def test_figures_that_disagree_stand_side_by_side_the_official_first(indicators: dict[str, Json]) -> None:
    output = indicators["Q01"]
    assert [(f["value"], f["tier"]) for f in output["value"]] == [("509.45", "official"), ("509.44", "press")]
    assert [f["value"] for f in output["growth"]] == ["6.34", "6.28"]
    assert output["disagree"] is True
    assert indicators["Q02"]["disagree"] is False


@pytest.mark.parametrize(
    ("code", "value", "low", "high"),
    [
        ("Q04", 28.9, 28.86, 28.97),
        ("Q05", 15.2, 15.17, 15.23),
        ("A04", 300.0, 299.81, 300.25),
        ("A05", 220.0, 219.98, 220.11),
    ],
)
def test_a_target_that_no_source_states_is_given_as_implied(
    indicators: dict[str, Json], code: str, value: float, low: float, high: float
) -> None:
    entry = indicators[code]
    assert entry["target"] == []
    implied = entry["implied_target"]
    assert (implied["value"], implied["low"], implied["high"]) == pytest.approx((value, low, high), abs=0.01)
    cited = {claim["n"]: claim["property"] for claim in entry["claims"]}
    assert [cited[n] for n in implied["claims"]] == ["value", "ratio"]


def test_nothing_is_implied_where_no_ratio_is_said(indicators: dict[str, Json]) -> None:
    with_ratio = {code for code, entry in indicators.items() if entry["ratio"]}
    assert {code for code, entry in indicators.items() if entry["implied_target"]} == with_ratio


def test_how_much_of_the_banked_land_is_traceable(indicators: dict[str, Json]) -> None:
    traced = indicators["Q04"]["traceable"]
    assert (traced["value"], traced["unit"], traced["share_percent"]) == (8.83, "ha", 9.0)
    assert [(p["id"], p["value"]) for p in traced["projects"]] == [
        ("shanxia-land-consolidation", "2.94"),
        ("parcel-west-of-smart-manufacturing-park", "5.89"),
    ]
    assert "没有来源说这些包含在总数之内" in traced["words_zh"]
    assert "no source says" in traced["words_en"]


def test_unnamed_members_are_counted_not_invented(indicators: dict[str, Json]) -> None:
    roads = indicators["D02"]
    assert roads["value"][0]["value"] == "6"
    assert [p["id"] for p in roads["traceable"]["projects"]] == ["fuan-east-road"]
    assert (roads["traceable"]["value"], roads["traceable"]["share_percent"]) == (1, 16.7)
    schools = indicators["Q18"]["traceable"]
    assert (schools["value"], schools["share_percent"]) == (2, 100.0)


def test_the_words_say_that_parcels_can_be_traced_not_that_they_are_inside(
    indicators: dict[str, Json],
) -> None:
    land = indicators["Q04"]
    assert (land["value"][0]["value"], land["ratio"][0]["value"]) == ("98.6", "341")
    assert land["traceable"]["words_en"].startswith("can be traced to")
    assert "consist" not in land["traceable"]["words_en"]
    assert sum(float(parcel["value"]) for parcel in land["traceable"]["projects"]) == pytest.approx(8.83)
    assert all(parcel["claim"] for parcel in land["traceable"]["projects"])


@pytest.mark.parametrize(
    ("code", "points"),
    [
        ("Q01", [("2024-01/2024-05", "A03", ["177.79"]), ("2024", "Q01", ["509.45", "509.44"])]),
        ("Q02", [("2024-01/2024-05", "A05", ["57.74"]), ("2024", "Q02", ["204.92"])]),
        ("Q26", [("2019-04", "Q26", ["12"]), ("2024", "Q26", ["12"])]),
        ("A01", [("2019-04", "A01", ["40.99"]), ("2023", "A01", ["41.8"])]),
    ],
)
def test_a_figure_over_its_periods(
    indicators: dict[str, Json], code: str, points: list[tuple[str, str, list[str]]]
) -> None:
    history = indicators[code]["history"]
    assert [(p["period"], p["code"], [v["value"] for v in p["values"]]) for p in history] == points
    assert all(CHINESE.search(point["period_zh"]) and point["period_en"] for point in history)
    stated = {claim["n"] for entry in indicators.values() for claim in entry["claims"]}
    assert {value["claim"] for point in history for value in point["values"]} <= stated


def test_what_was_stated_of_one_period_has_no_history(indicators: dict[str, Json]) -> None:
    # Industrial space is a part of the land, not of the year.
    assert [code for code in ("Q04", "Q05", "Q06", "A03") if indicators[code]["history"]] == []


def test_words_stay_words(indicators: dict[str, Json]) -> None:
    assert indicators["Q02b"]["growth"][0]["value"] == "近三倍"
    assert indicators["Q03"]["value"][0]["value"] in (">297", "300~")
    assert {f["value"] for f in indicators["Q03"]["value"]} == {">297", "300~"}
    assert indicators["Q23"]["target"][0]["value"] == "千亿级"
    assert indicators["Q20"]["rank"][0]["value"] == "十强"


def test_units_are_as_said(indicators: dict[str, Json]) -> None:
    units = {code: indicators[code]["value"][0]["unit"] for code in ("Q01", "Q04", "Q06", "Q15", "D02")}
    assert units == {"Q01": "亿元", "Q04": "ha", "Q06": "万平方米", "Q15": "家次", "D02": "条"}


def test_what_was_not_yet_said_is_not_told(client: TestClient) -> None:
    early = {e["code"]: e for e in get(client, "/api/indicators", known="2025-02-01")["indicators"]}
    assert [f["value"] for f in early["Q01"]["value"]] == ["509.44"]
    assert early["Q01"]["disagree"] is False
    before = {e["code"]: e for e in get(client, "/api/indicators", known="2010")["indicators"]}
    assert all(entry["claims"] == [] and entry["traceable"] is None for entry in before.values())


def test_programmes_events_and_designations_with_their_words(client: TestClient) -> None:
    found = get(client, "/api/programmes", known=KNOWN)["programmes"]
    placeless = {k.id for k in load_kinds().values() if not k.tracked and not k.geometry}
    assert {entry["kind"] for entry in found} == placeless
    by_id = {entry["id"]: entry for entry in found}
    assert {c["quote"] for c in by_id["open-bidding"]["claims"]} == {
        "坚持以“揭榜挂帅赋动能”为支撑点",
        "进一步深化“揭榜挂帅”机制",
    }
    for entry in found:
        assert entry["claims"]
        assert "phase" not in entry
