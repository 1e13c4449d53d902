"""What must be looked at first: each list against the claims as they stand in the repository."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient

from app.database import Database
from app.main import create_app
from app.projects import wording
from app.settings import Settings
from geodata import dates
from geodata.kinds import load_kinds
from tests.app import facts_of_pinghu as facts
from tests.app.asking import CHINESE, KNOWN, Json, assert_problem, get, project, projects
from tests.app.changing import claim, new_project, publish

LISTS = ("due", "silent", "late", "moved", "disagree", "stale")
ROAD = "jihe-expressway-widening"
BEFORE_THE_COPY = "2026-11-23"
"""The day before a page was read on which somebody saw the road being built."""


@pytest.fixture(scope="module")
def attention(client: TestClient) -> Json:
    return get(client, "/api/attention", known=KNOWN)


def entries(found: Json, name: str) -> dict[tuple[str, str], Json]:
    """The entries of a list by project and milestone."""
    return {
        (entry["project"]["id"], (entry["milestone"] or {}).get("code", "")): entry
        for entry in found[name]["entries"]
        if entry["project"]
    }


def test_each_list_says_what_it_means_and_each_entry_why(attention: Json) -> None:
    assert (attention["at"], attention["lights_public"]) == (KNOWN, True)
    for name in LISTS:
        found = attention[name]
        assert CHINESE.search(found["words_zh"])
        assert found["words_en"].isascii()
        assert found["count"] == len(found["entries"])
        assert (found["more"], found["at_least"]) == (False, False)
        for entry in found["entries"]:
            assert CHINESE.search(entry["reason_zh"])
            assert entry["reason_en"]
            assert (entry["project"] is None) != (entry["indicator"] is None)


def test_every_entry_names_the_claim_and_whose_it_is(client: TestClient, attention: Json) -> None:
    for name in LISTS:
        for (project_id, _), entry in entries(attention, name).items():
            said = entry["said"]
            (row,) = [c for c in project(client, project_id)["claims"] if c["n"] == said["claim"]]
            assert said["publisher_zh"] == row["source"]["publisher_zh"]
            assert (said["tier"], said["said_on"]) == (row["source"]["tier"], row["said_on"])
            assert said["quote_zh"] == row["quote_zh"]


@pytest.mark.parametrize(
    ("known", "within"),
    [(KNOWN, 90), (KNOWN, 36), ("2025-06-01", 212), ("2025-06-01", 213), ("2025-06-01", 730)],
)
def test_what_is_due_is_what_the_promises_say(client: TestClient, known: str, within: int) -> None:
    first = date.fromisoformat(known)
    last = first + timedelta(days=within)
    expected = {}
    for row in facts.promises():
        due, said = (dates.parse(row[name]).latest for name in ("date", "said_on"))
        assert due is not None
        assert said is not None
        if said <= first <= due <= last:
            expected[row["target"], row["property"].partition(":")[2]] = row["date"]
    found = entries(get(client, "/api/attention", known=known, within_days=within), "due")
    assert {key: entry["due"]["date"] for key, entry in found.items()} == expected
    for entry in found.values():
        assert entry["due"]["words_zh"] in entry["reason_zh"]
        assert entry["due"]["words_en"] in entry["reason_en"]


def test_a_year_is_never_told_as_a_day(attention: Json) -> None:
    (entry,) = attention["due"]["entries"]
    assert entry["project"]["id"] == "shenda-intercity"
    assert (entry["due"]["date"], entry["due"]["words_en"]) == ("2026", "2026")
    assert "at most 37 days are left" in entry["reason_en"]
    assert "2026 年（预计）；最多还有 37 天" in entry["reason_zh"]


def test_the_worked_answers_of_the_model(client: TestClient, attention: Json) -> None:
    silent = entries(attention, "silent")
    assert ("cross-border-ecommerce-park", "delivered") in silent
    assert ("shanxia-land-consolidation", "lc_banked") in silent
    (late,) = attention["late"]["entries"]
    assert late["project"]["id"] == "pinghu-west-land-consolidation"
    assert (late["light"], late["late_days"]) == ("red", 869)
    assert (date(2025, 1, 16) - date(2022, 8, 31)).days == 869
    assert late["due"]["date"] == "2022-08-31"
    assert late["said"]["source"] == "qiaobao-2025-01-16"
    assert "at least 869 days" in late["reason_en"]
    assert "至少晚了 869 天" in late["reason_zh"]


def test_a_start_that_moved_once_and_is_silent(client: TestClient) -> None:
    found = get(client, "/api/attention", known=BEFORE_THE_COPY)
    moved = entries(found, "moved")[ROAD, "start"]
    assert (moved["moves"], moved["slip_days"]) == (1, 1096)
    assert (date(2024, 12, 31) - date(2021, 12, 31)).days == 1096
    assert (moved["first"]["date"], moved["due"]["date"]) == ("2021", "2024")
    # Nobody said either to the day.
    assert moved["slip_exact"] is False
    assert "moved once, about 3 years later" in moved["reason_en"]
    assert "改过 1 次，晚约 3 年" in moved["reason_zh"]
    assert "1096" not in moved["reason_zh"] + moved["reason_en"]
    assert entries(found, "silent")[ROAD, "start"]["light"] == "silent"


def test_what_is_seen_built_moved_all_the_same_and_is_silent_no_more(attention: Json) -> None:
    moved = entries(attention, "moved")[ROAD, "start"]
    assert moved["slip_days"] == 1096
    assert "no source says when" in moved["reason_en"]
    assert (ROAD, "start") not in entries(attention, "silent")


def test_what_was_done_late_is_not_called_undone(client: TestClient) -> None:
    late = entries(get(client, "/api/attention", known="2017-02-01"), "late")
    entry = late["pinghu-railway-station", "reopened"]
    assert (entry["light"], entry["late_days"]) == ("amber", (date(2016, 9, 26) - date(2016, 7, 31)).days)
    assert "done on 26 September 2016: at least 57 days late" in entry["reason_en"]
    assert "2016 年 9 月 26 日才做到，至少晚了 57 天" in entry["reason_zh"]
    assert "2016" in entry["said"]["told_en"]


def test_where_not_all_can_be_read_the_count_says_so(
    client: TestClient, attention: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.board.attention.service.MOST_READ", 1)
    found = get(client, "/api/attention", known=KNOWN)
    assert found["silent"]["at_least"]
    assert found["silent"]["count"] <= attention["silent"]["count"]
    assert "at least so many" in found["silent"]["words_en"]
    assert "实际不少于这个数" in found["silent"]["words_zh"]
    assert found["due"] == attention["due"]


def test_lists_and_lights_say_the_same_today(client: TestClient) -> None:
    found = get(client, "/api/attention")
    features = get(client, "/api/projects", limit=1000)["features"]
    lights = {feature["id"]: feature["properties"]["light"] for feature in features}
    late = {project_id for project_id, _ in entries(found, "late")}
    assert late == {name for name, light in lights.items() if light in ("amber", "red")}
    silent = {project_id for project_id, _ in entries(found, "silent")}
    assert silent - late == {name for name, light in lights.items() if light == "silent"}


def test_nothing_is_late_that_no_source_proves(client: TestClient) -> None:
    for known in ("2023-01-01", "2025-02-01", KNOWN):
        for entry in get(client, "/api/attention", known=known)["late"]["entries"]:
            proof = date.fromisoformat(entry["said"]["said_latest"])
            due = date.fromisoformat(entry["due"]["latest"])
            assert entry["late_days"] >= 30
            assert proof >= due + timedelta(days=entry["late_days"])


def test_sources_that_disagree_stand_side_by_side(client: TestClient, attention: Json) -> None:
    figures = {e["indicator"]["code"]: e for e in attention["disagree"]["entries"] if e["indicator"]}
    assert (figures["Q01"]["said"]["value"], figures["Q01"]["beside"]["value"]) == ("509.45", "509.44")
    assert figures["Q01"]["said"]["tier"] == "official"
    stated = get(client, "/api/indicators", known=KNOWN)["indicators"]
    # Nearly 300 and over 297 can both be so.
    (invested,) = [one for one in stated if {f["value"] for f in one["value"]} == {"300~", ">297"}]
    assert invested["code"] not in figures
    assert set(figures) == {entry["code"] for entry in stated if entry["disagree"]}
    listed = {
        (e["project"]["id"], e["said"]["claim"], e["beside"]["claim"])
        for e in attention["disagree"]["entries"]
        if e["project"]
    }
    conflicts = {
        (name, conflict["winner"], conflict["loser"])
        for name in projects(client)
        for conflict in project(client, name)["conflicts"]
    }
    assert listed == conflicts
    assert "fuan-east-road" in {name for name, _, _ in listed}


@pytest.mark.parametrize(
    ("known", "months"), [(KNOWN, 12), (KNOWN, 30), ("2025-02-28", 1), ("2024-06-30", 12)]
)
def test_what_nobody_spoke_of_for_long(client: TestClient, known: str, months: int) -> None:
    found = get(client, "/api/attention", known=known, stale_months=months)
    year, month, day = (int(part) for part in known.split("-"))
    count = year * 12 + month - 1 - months
    # No month asked for here is shorter than its day.
    before = date(count // 12, count % 12 + 1, day).isoformat()
    expected = {
        name: feature["properties"]["last_heard"]
        for name, feature in projects(client, known=known, day=known).items()
        if load_kinds()[feature["properties"]["kind"]].tracked
        and feature["properties"]["drawn"]
        and feature["properties"]["phase"] not in ("in_service", "closed", "cancelled")
        and (feature["properties"]["last_heard"] or "9999") < before
    }
    assert {e["project"]["id"]: e["last_heard"] for e in found["stale"]["entries"]} == expected
    assert expected


def test_a_month_that_is_shorter_ends_on_its_last_day(client: TestClient) -> None:
    words = get(client, "/api/attention", known="2025-03-31", stale_months=1)["stale"]["words_en"]
    assert "before 28 February 2025" in words


def test_when_nothing_had_been_said_there_is_nothing_to_look_at(client: TestClient) -> None:
    found = get(client, "/api/attention", known="1800")
    assert [found[name]["count"] for name in LISTS] == [0] * 6


def test_nobody_looks_from_a_day_that_lies_ahead(client: TestClient) -> None:
    found = get(client, "/api/attention", known="2999")
    assert found["at"] == found["today"]


def test_only_some_kinds_and_no_figures_then(client: TestClient) -> None:
    found = get(client, "/api/attention", known=KNOWN, kind="road,metro")
    listed = [entry for name in LISTS for entry in found[name]["entries"]]
    assert {entry["project"]["kind"] for entry in listed} == {"road", "metro"}


@pytest.fixture
def withheld(seeded: Database) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(show_lights=False), seeded)) as found:
        yield found


def test_where_lights_are_not_public_no_list_tells_them(withheld: TestClient, attention: Json) -> None:
    found = get(withheld, "/api/attention", known=KNOWN)
    assert found["lights_public"] is False
    for name in ("silent", "late"):
        assert (found[name]["count"], found[name]["entries"]) == (0, [])
        assert "does not publish lights" in found[name]["words_en"]
        assert "不公开时序灯" in found[name]["words_zh"]
    for name in ("due", "moved", "disagree", "stale"):
        assert found[name]["count"] == attention[name]["count"]


def test_a_promise_that_a_higher_source_had_said_otherwise(fresh: Database, fresh_client: TestClient) -> None:
    publish(
        fresh,
        claim(ROAD, "milestone:open", "2026", "expected", said_on="2024-06-01", source="pinghu-report-2024"),
        claim(ROAD, "milestone:open", "2028", "expected", said_on="2025-09-01", source="qiaobao-2025-01-16"),
    )
    entry = entries(get(fresh_client, "/api/attention", known=KNOWN), "disagree")[ROAD, "open"]
    assert (entry["due"]["date"], entry["slip_days"]) == ("2028", -365)
    assert entry["said"]["told_en"].startswith("Open to traffic, 2028")
    assert entry["beside"]["told_en"].startswith("Open to traffic, 2026")
    assert "higher rank" in entry["reason_en"]


def test_a_long_list_is_counted_whole_and_told_in_part(fresh: Database, fresh_client: TestClient) -> None:
    before = get(fresh_client, "/api/attention", known=KNOWN, stale_months=24)["stale"]["count"]
    names = [f"quiet-{number}" for number in range(210)]
    publish(fresh, *(new_project(name, None) for name in names))
    publish(fresh, *(claim(name, "mention", "", "pursued", said_on="2024-06-01") for name in names))
    found = get(fresh_client, "/api/attention", known=KNOWN, stale_months=24)["stale"]
    assert found["count"] == before + 210
    assert (len(found["entries"]), found["more"]) == (200, True)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"within_days": 0}, "greater_than_equal"),
        ({"within_days": 731}, "less_than_equal"),
        ({"stale_months": 121}, "less_than_equal"),
        ({"known": "0999"}, "day"),
        ({"kind": "castle"}, "kind"),
        ({"day": "2025"}, "extra_forbidden"),
    ],
)
def test_what_cannot_be_asked_is_told(client: TestClient, query: Json, code: str) -> None:
    body = assert_problem(client.get("/api/attention", params=query), 400, "bad-parameter")
    assert [entry["code"] for entry in body["errors"]] == [code]


def test_the_same_again_is_not_sent_again(client: TestClient) -> None:
    answer = client.get("/api/attention")
    again = client.get("/api/attention", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, answer.headers["cache-control"]) == (304, "public, max-age=60")


@pytest.mark.parametrize(
    ("days", "is_exact", "zh", "en"),
    [
        (1096, False, "约 3 年", "about 3 years"),
        (-365, False, "约 1 年", "about 1 year"),
        (396, False, "约 1 年 1 个月", "about 1 year 1 month"),
        (182, False, "约 6 个月", "about 6 months"),
        (59, False, "约 59 天", "about 59 days"),
        (1096, True, "1096 天", "1096 days"),
        (-1, True, "1 天", "1 day"),
    ],
)
def test_how_far_apart_two_dates_are_said_to_be(days: int, is_exact: bool, zh: str, en: str) -> None:
    assert (wording.apart(days, is_exact, "zh"), wording.apart(days, is_exact, "en")) == (zh, en)
