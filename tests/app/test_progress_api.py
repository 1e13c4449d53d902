"""Counts over time, what was planned against what happened, and how promised dates moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from fastapi.testclient import TestClient

from app.database import Database
from app.main import create_app
from app.settings import Settings
from geodata import dates
from geodata.kinds import load_kinds
from tests.app import facts_of_pinghu as facts
from tests.app.asking import CHINESE, KNOWN, Json, assert_problem, get
from tests.app.changing import claim, publish

ROAD = "jihe-expressway-widening"
STATION = "pinghu-railway-station"
PART = "pingda-road-upgrade"


@pytest.fixture(scope="module")
def progress(client: TestClient) -> Json:
    return get(client, "/api/progress", known=KNOWN)


def plan(found: Json) -> dict[tuple[str, str], Json]:
    return {(entry["project"]["id"], entry["milestone"]["code"]): entry for entry in found["plan"]["entries"]}


# ---------------------------------------------------------------- counts


def test_the_months_are_those_of_the_timeline(client: TestClient, progress: Json) -> None:
    timeline = get(client, "/api/timeline", known=KNOWN)
    assert progress["periods"] == timeline["months"]
    for name in ("left_out", "from", "to"):
        assert progress[name] == timeline[name]
    for row, same in zip(progress["series"], timeline["series"], strict=True):
        assert same.items() <= row.items()


def test_what_is_only_promised_is_told_apart(fresh: Database, fresh_client: TestClient) -> None:
    publish(
        fresh,
        claim(PART, "milestone:open", "2027-03-10", "expected", said_on="2025-06-01"),
        claim(PART, "phase", "2025-06-01", "done", said_on="2025-06-01", value="building"),
    )
    days = {"from": "2025-05-01", "to": "2027-04-30", "known": "2025-12-31", "kind": "road"}
    rows = get(fresh_client, "/api/progress", **days)["series"]
    for row in rows:
        for amount in ("projects", "area_ha", "length_km"):
            promised = row[f"promised_{amount}"]
            # Up to the day known facts alone tell; and no part is more than the whole.
            assert not any(promised[:8])
            assert all((p or 0) <= (n or 0) for p, n in zip(promised, row[amount], strict=True))
    (opened,) = [row for row in rows if row["phase"] == "in_service"]
    until, then = opened["promised_projects"][21], opened["promised_projects"][22]
    assert then == until + 1
    assert opened["projects"][22] - opened["projects"][21] == 1


def test_promises_without_a_day_are_counted_beside_the_plan(client: TestClient, progress: Json) -> None:
    undated = [
        row
        for row in facts.claims()
        if row["property"].startswith("milestone:")
        and row["commitment"] != "done"
        and (not row["date"] or dates.parse(row["date"]).latest is None)
    ]
    assert progress["plan"]["undated"] == len(undated) > 0
    found = get(client, "/api/progress", known=KNOWN, parent=PART)
    assert found["plan"]["undated"] == sum(row["target"] == PART for row in undated)


def test_a_quarter_is_told_as_of_its_last_month(client: TestClient, progress: Json) -> None:
    found = get(client, "/api/progress", known=KNOWN, step="quarter")
    assert (found["periods"][0], found["periods"][-1], len(found["periods"])) == ("2010-Q1", "2030-Q4", 84)
    quarters = {(series["kind"], series["phase"]): series for series in found["series"]}
    for month in progress["series"]:
        quarter = quarters.get((month["kind"], month["phase"]))
        if quarter is None:
            # Nothing was in this phase at the end of a quarter.
            assert not any(month["projects"][2::3])
            continue
        for name in ("projects", "area_ha", "length_km"):
            assert quarter[name] == month[name][2::3]


def test_a_quarter_that_is_cut_ends_on_the_last_day(client: TestClient) -> None:
    days = {"from": "2020-06-01", "to": "2020-08-17", "known": KNOWN, "kind": "metro"}
    found = get(client, "/api/progress", step="quarter", **days)
    assert found["periods"] == ["2020-Q2", "2020-Q3"]
    in_service = [s for s in found["series"] if s["phase"] == "in_service"]
    # The line opened on the day after.
    assert in_service == []
    later = get(client, "/api/progress", step="quarter", **{**days, "to": "2020-08-18"})
    (open_now,) = [s for s in later["series"] if s["phase"] == "in_service"]
    assert open_now["projects"] == [0, 1]
    assert open_now["length_km"][1] == pytest.approx(28.77, abs=0.3)


def test_only_the_kinds_of_a_group(client: TestClient) -> None:
    found = get(client, "/api/progress", known=KNOWN, group="transit")
    kinds = {kind.id for kind in load_kinds().values() if kind.group == "transit"}
    assert {s["kind"] for s in found["series"]} <= kinds
    assert {entry["project"]["kind"] for entry in found["plan"]["entries"]} <= kinds
    assert found["plan"]["entries"]
    assert get(client, "/api/progress", group="transit", kind="road")["series"] == []


# ---------------------------------------------------------------- planned against actual


def test_every_milestone_that_was_promised_for_a_day_is_in_the_plan(progress: Json) -> None:
    expected: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in facts.promises():
        key = row["target"], row["property"].partition(":")[2]
        expected.setdefault(key, []).append((row["said_on"], row["date"]))
    found = plan(progress)
    assert progress["plan"]["count"] == len(found) == len(expected)
    for key, told in expected.items():
        history = [(one["said_on"], one["due"]["date"]) for one in found[key]["history"]]
        assert history == sorted(told, key=lambda one: str(dates.parse(one[0]).latest)), key
        assert found[key]["current"] == found[key]["history"][-1]


def test_what_happened_stands_beside_what_was_planned(progress: Json) -> None:
    found = plan(progress)
    reopened = found[STATION, "reopened"]
    assert [one["due"]["date"] for one in reopened["history"]] == ["2014-04/2014-05", "2016-07"]
    assert (reopened["actual"]["date"], reopened["outcome"]) == ("2016-09-26", "late")
    # A month is no day, so no number of days late is made of it.
    assert reopened["late_days"] is None
    least = (date(2016, 9, 26) - date(2016, 7, 31)).days
    assert f"at least {least} days after the last day" in reopened["words_en"]
    assert f"至少晚 {least} 天" in reopened["words_zh"]
    started = found["fuchengao-retained-land-1-1", "start"]
    assert (started["outcome"], started["late_days"]) == ("untold", None)
    assert found["shenda-intercity", "open"]["outcome"] == "open"
    for entry in found.values():
        assert CHINESE.search(entry["words_zh"])
        assert entry["words_en"].isascii()


@pytest.mark.parametrize(
    ("promised", "done", "outcome", "days", "words"),
    [
        ("2025-03-01", "2025-03-11", "late", 10, "10 days after the promised day"),
        ("2025-03-01", "2025-02-28", "kept", -1, "1 day before the promised day"),
        ("2025-03-01", "2025-03-01", "kept", 0, "on the promised day itself"),
        ("2025", "2025-06-01", "kept", None, "no later than the promised date"),
        ("2025-03", "2025", "untold", None, "told too roughly"),
        ("2024", "2025-01-02", "late", None, "at least 2 days after"),
    ],
)
def test_days_only_where_both_are_told_to_the_day(
    fresh: Database,
    fresh_client: TestClient,
    promised: str,
    done: str,
    outcome: str,
    days: int | None,
    words: str,
) -> None:
    publish(
        fresh,
        claim(PART, "milestone:open", promised, "expected", said_on="2023-06-01"),
        claim(PART, "milestone:open", done, "done", said_on="2026-01-05"),
    )
    entry = plan(get(fresh_client, "/api/progress", known=KNOWN))[PART, "open"]
    assert (entry["outcome"], entry["late_days"]) == (outcome, days)
    assert words in entry["words_en"]


@pytest.fixture
def withheld(seeded: Database) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(show_lights=False), seeded)) as found:
        yield found


def test_where_lights_are_not_public_nothing_is_early_or_late(withheld: TestClient) -> None:
    found = get(withheld, "/api/progress", known=KNOWN)
    assert {entry["outcome"] for entry in found["plan"]["entries"]} == {"open", "reached", "done"}
    assert "does not publish lights" in found["plan"]["words_en"]
    entry = plan(found)[STATION, "reopened"]
    assert entry["words_en"] == "done: 26 September 2016"


# ---------------------------------------------------------------- slips


def test_promised_dates_over_the_days_they_were_said(progress: Json) -> None:
    series = {
        (one["project"]["id"], one["milestone"]["code"]): (group, one)
        for group in progress["slips"]
        for one in group["series"]
    }
    group, one = series[ROAD, "start"]
    assert [(p["said_latest"], p["due"]["date"]) for p in one["points"]] == [
        ("2021-01-31", "2021"),
        ("2024-05-22", "2024"),
    ]
    assert (one["moves"], one["slip_days"], one["actual"]) == (1, 1096, None)
    assert (group["parent"], group["kind"], group["moved"]) == (None, "road", 1)
    group, one = series[STATION, "reopened"]
    assert group["parent"]["id"] == "guangshen-intercity"
    assert one["actual"]["date"] == "2016-09-26"


def test_one_whole_with_all_its_parts(client: TestClient) -> None:
    found = get(client, "/api/progress", known=KNOWN, parent="guangshen-intercity")
    assert {project for project, _ in plan(found)} == {STATION}
    assert [group["parent"]["id"] for group in found["slips"]] == ["guangshen-intercity"]
    # A part of a part is a part.
    found = get(client, "/api/progress", known=KNOWN, parent="fuchengao-land-consolidation")
    assert {project for project, _ in plan(found)} == {"fuchengao-retained-land-1-1"}


def test_what_had_not_been_said_is_not_in_it(client: TestClient) -> None:
    found = get(client, "/api/progress", known="2022-01-01")
    assert [p["due"]["date"] for p in plan(found)[ROAD, "start"]["history"]] == ["2021"]
    assert not [group for group in found["slips"] if group["kind"] == "road"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"from": "2030", "to": "2010"}, "days_reversed"),
        ({"from": "1900", "to": "2000"}, "days_too_far"),
        ({"step": "week"}, "literal_error"),
        ({"group": "sea"}, "literal_error"),
        ({"day": "2025"}, "extra_forbidden"),
    ],
)
def test_what_cannot_be_asked_is_told(client: TestClient, query: dict[str, str], code: str) -> None:
    body = assert_problem(client.get("/api/progress", params=query), 400, "bad-parameter")
    assert [entry["code"] for entry in body["errors"]] == [code]


def test_a_whole_that_is_not_there_is_told(client: TestClient) -> None:
    assert_problem(client.get("/api/progress?parent=no-such"), 404, "unknown-project")


def test_a_day_in_1800_is_no_fault(client: TestClient) -> None:
    found = get(client, "/api/progress", **{"from": "1800", "to": "1801", "known": "1801"})
    assert {series["phase"] for series in found["series"]} == {"unknown"}
    assert (found["plan"]["count"], found["slips"]) == (0, [])


def test_what_other_evidence_shows_to_be_reached_is_not_called_open(client: TestClient) -> None:
    """Both are under construction by another source; nobody says on which day they were begun."""
    found = plan(get(client, "/api/progress", known=KNOWN))
    for project_id in (ROAD, "shenhui-intercity"):
        one = found[project_id, "start"]
        assert (one["outcome"], one["actual"], one["late_days"]) == ("reached", None, None)
        assert "另有来源显示已到这一阶段" in one["words_zh"]
        assert "no source says when" in one["words_en"]
        assert one["reached"]["earliest"] is None
        assert one["reached"]["latest"] <= KNOWN
        claims = get(client, f"/api/projects/{project_id}")["properties"]["claims"]
        (claim,) = [c for c in claims if c["n"] == one["reached"]["claim"]]
        assert (claim["property"], claim["value"]) == ("phase", "building")
    for one in found.values():
        assert (one["outcome"] == "reached") == (one["reached"] is not None)
    assert found[ROAD, "open"]["outcome"] == "open"
