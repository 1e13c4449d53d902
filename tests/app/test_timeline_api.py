"""Counts month by month, the dates that milestones carry, and what is left out."""

from __future__ import annotations

from collections import Counter

import pytest
from fastapi.testclient import TestClient

from geodata import dates
from geodata.kinds import load_kinds
from geodata.phases import COMMITMENTS, PHASES
from tests.app.asking import CHINESE, KNOWN, Json, assert_problem, get, projects


@pytest.fixture(scope="module")
def timeline(client: TestClient) -> Json:
    return get(client, "/api/timeline", known=KNOWN)


def test_it_spans_the_areas_own_days_unless_asked_otherwise(client: TestClient, timeline: Json) -> None:
    assert (timeline["from"], timeline["to"], timeline["known"]) == ("2010-01-01", "2030-12-31", KNOWN)
    assert len(timeline["months"]) == 21 * 12
    assert (timeline["months"][0], timeline["months"][-1]) == ("2010-01", "2030-12")
    found = get(client, "/api/timeline", **{"from": "2024-11", "to": "2025-02", "known": KNOWN})
    assert found["months"] == ["2024-11", "2024-12", "2025-01", "2025-02"]


def test_every_series_has_a_number_for_every_month(timeline: Json) -> None:
    for entry in timeline["series"]:
        assert entry["kind"] in load_kinds()
        assert load_kinds()[entry["kind"]].tracked
        assert entry["phase"] in PHASES
        for name in ("projects", "area_ha", "length_km"):
            assert len(entry[name]) == len(timeline["months"])


@pytest.mark.parametrize("day", ["2016-10-31", "2020-08-31", "2025-01-31", "2026-12-31", "2029-12-31"])
def test_the_counts_of_a_month_are_those_of_the_list_on_its_last_day(
    client: TestClient, timeline: Json, day: str
) -> None:
    position = timeline["months"].index(day[:7])
    counted = Counter(
        {
            (entry["kind"], entry["phase"]): entry["projects"][position]
            for entry in timeline["series"]
            if entry["projects"][position]
        }
    )
    listed = Counter(
        (feature["properties"]["kind"], feature["properties"]["phase"])
        for feature in projects(client, day=day).values()
        if feature["properties"]["drawn"] and load_kinds()[feature["properties"]["kind"]].tracked
    )
    assert counted == listed


def test_only_what_may_be_measured_has_kilometres_and_hectares(timeline: Json) -> None:
    measured = {
        (entry["kind"], name)
        for entry in timeline["series"]
        for name in ("area_ha", "length_km")
        if any(entry[name])
    }
    assert measured == {("metro", "length_km"), ("openspace", "area_ha")}
    in_service = next(e for e in timeline["series"] if (e["kind"], e["phase"]) == ("metro", "in_service"))
    assert in_service["length_km"][timeline["months"].index("2020-09")] == pytest.approx(28.77, abs=0.3)
    assert not in_service["length_km"][timeline["months"].index("2020-07")]


def test_dates_of_milestones_with_their_commitment(timeline: Json) -> None:
    by_key = {(entry["id"], entry["milestone"]): entry for entry in timeline["dates"]}
    opened = by_key["fuan-east-road", "open"]
    assert (opened["date"], opened["promised"], opened["phase"]) == ("2025-01-15", False, "in_service")
    promised = by_key["shenda-intercity", "open"]
    assert (promised["date"], promised["promised"], promised["commitment"]) == ("2026", True, "expected")
    assert (promised["earliest"], promised["latest"]) == ("2026-01-01", "2026-12-31")
    for entry in timeline["dates"]:
        span = dates.parse(entry["date"])
        assert entry["commitment"] in COMMITMENTS
        if entry["latest"] and span.latest:
            assert entry["latest"] <= span.latest.isoformat()
        assert entry["promised"] == (entry["commitment"] != "done")


def test_what_was_said_later_is_not_in_it(client: TestClient) -> None:
    early = get(client, "/api/timeline", known="2025-02-01")
    opened = [
        e["date"] for e in early["dates"] if (e["id"], e["milestone"]) == ("metro-line-10-main", "open")
    ]
    assert opened == ["..2025-01-16"]


def test_only_some_kinds(client: TestClient) -> None:
    found = get(client, "/api/timeline", kind="road,metro", known=KNOWN)
    assert {entry["kind"] for entry in found["series"]} == {"road", "metro"}
    assert {entry["kind"] for entry in found["dates"]} <= {"road", "metro"}


@pytest.mark.parametrize("kind", [kind.id for kind in load_kinds().values() if not kind.tracked])
def test_a_kind_without_phases_has_an_empty_timeline(client: TestClient, kind: str) -> None:
    found = get(client, "/api/timeline", kind=kind)
    assert (found["series"], found["dates"]) == ([], [])


def test_it_says_what_it_leaves_out(client: TestClient, timeline: Json) -> None:
    containers, unmeasured = timeline["left_out"]
    tracked = [
        f["properties"] for f in projects(client).values() if load_kinds()[f["properties"]["kind"]].tracked
    ]
    assert containers["n"] == sum(not p["drawn"] for p in tracked)
    assert unmeasured["n"] == sum(p["drawn"] and not (p["area_ha"] or p["length_km"]) for p in tracked)
    assert all(CHINESE.search(entry["zh"]) and entry["en"] for entry in timeline["left_out"])


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"from": "2030", "to": "2010"}, "days_reversed"),
        ({"from": "1900", "to": "2000"}, "days_too_far"),
        ({"from": "yesterday"}, "day"),
        ({"from_day": "2020"}, "extra_forbidden"),
    ],
)
def test_wrong_spans_are_told(client: TestClient, query: dict[str, str], code: str) -> None:
    body = assert_problem(client.get("/api/timeline", params=query), 400, "bad-parameter")
    assert [entry["code"] for entry in body["errors"]] == [code]


@pytest.mark.parametrize("query", [{"from": "2999"}, {"to": "1000"}, {"from": "1000"}, {"to": "2999"}])
def test_an_open_end_is_as_far_as_is_allowed(client: TestClient, query: dict[str, str]) -> None:
    found = get(client, "/api/timeline", **query)
    assert 1 <= len(found["months"]) <= 61 * 12
