"""Two days, or what was known on them, compared: against the rule and the rows of claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from fastapi.testclient import TestClient

from app.database import Database
from app.main import create_app
from app.settings import Settings
from geodata import dates
from geodata.kinds import load_kinds
from geodata.phases import CLOSED, PHASES, Step, parse_phases
from tests.app import facts_of_pinghu as facts
from tests.app.asking import CHINESE, KNOWN, Json, assert_problem, get, project, projects
from tests.app.changing import claim, publish
from tests.many import days_of, is_promised, publish_parcels

LISTS = ("phases", "new_projects", "new_promises", "moved_promises", "done", "figures")
ROAD = "jihe-expressway-widening"
PAGE = "qiaobao-2025-01-16"
State = tuple[str, str]


def compare(client: TestClient, first: str, last: str, **query: str) -> Json:
    return get(client, "/api/compare", **{"from": first, "to": last, **query})


def by_id(found: Json) -> dict[str, Json]:
    """Entries of a list in which no project stands twice."""
    assert len({entry["project"]["id"] for entry in found["entries"]}) == len(found["entries"])
    return {entry["project"]["id"]: entry for entry in found["entries"]}


def with_phases(client: TestClient, **query: str) -> dict[str, Json]:
    """The properties of every project that has a phase of its own, as known today unless asked otherwise."""
    features = get(client, "/api/projects", limit=1000, **query)["features"]
    return {
        feature["id"]: feature["properties"]
        for feature in features
        if feature["properties"]["drawn"] and load_kinds()[feature["properties"]["kind"]].tracked
    }


# ---------------------------------------------------------------- the rule of the map page, told once more


def standing(text: str, day: date, known: date) -> tuple[State, Step | None]:
    """As frontend/src/phases.ts: the state on a day and the token that it rests on."""
    steps, promised = parse_phases(text)
    phase, basis, by = 0, "none", None
    for step in steps:
        if step.certain_from <= day:
            phase, basis, by = step.phase, "fact", step
    if day > known:
        still_open = [step for step in promised if step.certain_from >= known]
        for step in sorted(still_open, key=lambda one: (one.certain_from, one.phase)):
            rises = step.phase > phase or step.phase >= CLOSED or phase >= CLOSED
            if step.certain_from <= day and rises:
                phase, basis, by = step.phase, "promise", step
    return (PHASES[phase], basis), by


def group_of(state: State, by: Step | None, since: date) -> str:
    """As frontend/src/changes.ts."""
    if state[1] == "promise":
        return "promised"
    if by is None or by.possible_from is None or by.possible_from <= since:
        return "first"
    return "ended" if state[0] in ("closed", "cancelled") else "advanced"


PAIRS = [
    ("2010-01-01", "2016-09-26"),
    ("2016-09-25", "2016-09-26"),
    ("2018-01-01", "2021-07-01"),
    ("2025-01-14", "2025-01-16"),
    ("2020-08-18", "2026-11-24"),
    ("2024-06-01", "2030-01-01"),
    ("2028-01-01", "2030-12-31"),
    ("1900-01-01", "2999-12-31"),
]


@pytest.mark.parametrize(("first", "last"), PAIRS)
def test_phases_differ_as_the_rule_has_it_over_all_projects(
    client: TestClient, first: str, last: str
) -> None:
    found = compare(client, first, last)
    known = date.fromisoformat(found["today"])
    days = date.fromisoformat(first), date.fromisoformat(last)
    expected = {}
    for name, properties in with_phases(client).items():
        before, _ = standing(properties["phases"], days[0], known)
        after, by = standing(properties["phases"], days[1], known)
        if before != after:
            group = group_of(after, by, days[0])
            expected[name] = (before, after, group, by and by.certain_from.isoformat())
    listed = {
        name: (
            (entry["before"]["phase"], entry["before"]["basis"]),
            (entry["after"]["phase"], entry["after"]["basis"]),
            entry["group"],
            entry["when"]["latest"],
        )
        for name, entry in by_id(found["phases"]).items()
    }
    assert listed == expected
    assert found["phases"]["groups"] == Counter(group for _, _, group, _ in expected.values())
    assert found["phases"]["count"] == len(expected)
    new = {n for n, (before, after, _, _) in expected.items() if (before[1], after[1]) == ("none", "fact")}
    assert set(by_id(found["new_projects"])) == new
    order = [(entry["when"]["latest"], entry["project"]["id"]) for entry in found["phases"]["entries"]]
    assert order == sorted(sorted(order, key=lambda one: one[1]), key=lambda one: one[0], reverse=True)


def test_the_pairs_show_every_group(client: TestClient) -> None:
    groups = {g for first, last in PAIRS for g in compare(client, first, last)["phases"]["groups"]}
    assert groups == {"advanced", "first", "promised"}


def test_each_phase_names_the_claim_that_it_rests_on(client: TestClient) -> None:
    entry = by_id(compare(client, "2020-08-17", "2020-08-18")["phases"])["metro-line-10-main"]
    assert (entry["before"], entry["after"]) == (
        {"phase": "building", "basis": "fact"},
        {"phase": "in_service", "basis": "fact"},
    )
    assert (entry["group"], entry["when"]["date"]) == ("advanced", "2020-08-18")
    assert entry["said"]["source"] == "wiki-zh-metro-line-10"
    assert "2020年8月18日" in entry["said"]["quote_zh"]
    for found in (compare(client, *pair)["phases"] for pair in PAIRS):
        for one in found["entries"]:
            assert one["said"]["claim"] == one["when"]["claim"]


def test_first_evidence_is_told_apart_and_a_promise_is_called_one(client: TestClient) -> None:
    found = by_id(compare(client, "2024-06-01", "2030-01-01")["phases"])
    first = found["pingyan-railway"]
    assert first["group"] == "first"
    assert "it may have been so before" in first["words_en"]
    assert "此前可能已是如此" in first["words_zh"]
    promised = found[ROAD]
    assert (promised["group"], promised["after"]["basis"]) == ("promised", "promise")
    assert (promised["when"]["date"], promised["when"]["words_en"]) == ("2029~", "about 2029")
    assert "(promised)" in promised["words_en"]


def test_closing_is_an_end(client: TestClient) -> None:
    entry = by_id(compare(client, "2005", "2006")["phases"])["pinghu-railway-station"]
    assert (entry["group"], entry["after"]["phase"], entry["when"]["date"]) == ("ended", "closed", "2006")


# ---------------------------------------------------------------- what had been said


@pytest.mark.parametrize(
    ("first", "last", "day"),
    [
        ("2024-12-01", "2025-03-31", "2026-11-24"),
        ("2024-12-01", "2025-03-31", "2030-01-01"),
        ("2025-02-01", KNOWN, "2030-01-01"),
        ("2025-02-01", KNOWN, "2021-01-01"),
        ("2013-07-24", "2017-01-06", "2016-09-26"),
    ],
)
def test_one_day_as_known_on_two(client: TestClient, first: str, last: str, day: str) -> None:
    found = compare(client, first, last, by="known", day=day)
    was = with_phases(client, known=first, day=day)
    now = with_phases(client, known=last, day=day)
    expected = {
        name: ((was[name]["phase"], was[name]["basis"]), (now[name]["phase"], now[name]["basis"]))
        for name in now
        if (was[name]["phase"], was[name]["basis"]) != (now[name]["phase"], now[name]["basis"])
    }
    listed = {
        name: tuple((entry[side]["phase"], entry[side]["basis"]) for side in ("before", "after"))
        for name, entry in by_id(found["phases"]).items()
    }
    assert listed == expected
    assert found["phases"]["count"] == sum(found["phases"]["groups"].values()) == len(expected)
    assert Counter(e["group"] for e in found["phases"]["entries"]) == found["phases"]["groups"]
    assert found["day"] == day


def test_a_promise_that_ran_out_is_no_fact(client: TestClient) -> None:
    found = by_id(compare(client, "2025-02-01", KNOWN, by="known", day="2030")["phases"])
    entry = found["cross-border-ecommerce-park"]
    assert (entry["before"]["basis"], entry["after"]) == ("promise", {"phase": "building", "basis": "fact"})
    assert entry["group"] == "lapsed"
    assert "promised day has passed" in entry["words_en"]


def test_what_a_later_source_takes_back_is_a_correction(fresh: Database, fresh_client: TestClient) -> None:
    name = "pingda-road-upgrade"
    publish(
        fresh,
        claim(name, "milestone:open", "2024-11", "done", said_on="2024-12-01", source=PAGE),
        claim(name, "phase", "2025-06", "done", said_on="2025-06-10", value="building", source="lg-9681800"),
    )
    found = compare(fresh_client, "2025-02-01", "2025-07-01", by="known", day="2025-01-16")
    entry = by_id(found["phases"])[name]
    assert (entry["before"]["phase"], entry["after"]["phase"]) == ("in_service", "unknown")
    assert entry["group"] == "corrected"
    assert entry["said"]["source"] == "lg-9681800"
    assert entry["when"] is None


def said_between(first: str, last: str) -> list[facts.Row]:
    found = []
    for row in facts.claims():
        said = dates.parse(row["said_on"]).latest
        if said and date.fromisoformat(first) < said <= date.fromisoformat(last):
            found.append(row)
    return found


@pytest.mark.parametrize(("first", "last"), [("2024-12-01", "2025-03-31"), ("2020-01-01", "2024-11-30")])
def test_every_claim_said_in_between_is_in_one_list(client: TestClient, first: str, last: str) -> None:
    rows = said_between(first, last)
    found = compare(client, first, last, by="known")
    told = ("new_promises", "moved_promises", "done", "repeated", "other")
    assert sum(found[name]["count"] for name in told) == sum(not facts.is_figure(row) for row in rows)
    assert found["figures"]["count"] == sum(facts.is_figure(row) for row in rows)
    claims = [entry["said"]["claim"] for name in told for entry in found[name]["entries"]]
    assert len(claims) == len(set(claims))
    before = {row["target"] for row in said_between("1000-01-01", first)}
    assert (
        set(by_id(found["new_projects"]))
        == {row["target"] for row in rows if not facts.is_figure(row)} - before
    )


def test_a_promise_that_moved_with_its_dates_and_its_slip(client: TestClient) -> None:
    moved = compare(client, "2024-01-01", "2024-12-31", by="known")["moved_promises"]
    (entry,) = moved["entries"]
    assert (entry["project"]["id"], entry["milestone"]["code"]) == (ROAD, "start")
    assert [entry[name]["date"] for name in ("first", "was", "when")] == ["2021", "2021", "2024"]
    assert (entry["slip_days"], entry["moved_days"]) == (1096, 1096)
    assert entry["said"]["source"] == "szexpressway-2024-05-22"
    assert entry["moved_exact"] is False
    assert "about 3 years later" in entry["words_en"]
    assert "晚约 3 年" in entry["words_zh"]
    new = compare(client, "2021-01-01", "2021-12-31", by="known")["new_promises"]
    keys = {(e["project"]["id"], e["milestone"]["code"]): e["when"]["date"] for e in new["entries"]}
    assert keys[ROAD, "start"] == "2021"
    assert keys["pinghu-west-land-consolidation", "lc_banked"] == "2022-08-31"


def test_a_milestone_that_was_done_and_what_had_been_promised(client: TestClient) -> None:
    for query in ({}, {"by": "known"}):
        done = compare(client, "2016-08-01", "2017-01-31", **query)["done"]
        keys = {(e["project"]["id"], e["milestone"]["code"]): e for e in done["entries"]}
        entry = keys["pinghu-railway-station", "reopened"]
        assert (entry["group"], entry["when"]["date"]) == ("late", "2016-09-26")
        assert entry["words_en"].endswith("promised before: July 2016, later than promised")
        assert "此前承诺 2016 年 7 月，晚于承诺的日期" in entry["words_zh"]


@pytest.fixture
def withheld(seeded: Database) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(show_lights=False), seeded)) as found:
        yield found


def test_where_lights_are_not_public_nothing_is_called_late(withheld: TestClient) -> None:
    done = compare(withheld, "2016-08-01", "2017-01-31")["done"]
    (entry,) = [e for e in done["entries"] if e["project"]["id"] == "pinghu-railway-station"]
    assert entry["group"] == "promised"
    assert entry["words_en"].endswith("promised before: July 2016")


def test_figures_that_were_stated_in_between(client: TestClient) -> None:
    found = compare(client, "2025-01-15", "2025-01-16")["figures"]
    stated = {
        (e["indicator"]["code"], e["said"]["value"])
        for e in found["entries"]
        if e["said"]["told_en"].startswith("Value")
    }
    assert {("Q01", "509.44"), ("Q04", "98.6")} <= stated
    assert ("Q01", "509.45") not in stated
    some = compare(client, "2025-01-15", "2025-01-16", kind="road")
    assert some["figures"]["count"] == 0
    assert "only some kinds" in some["figures"]["words_en"]
    assert {e["project"]["kind"] for name in LISTS for e in some[name]["entries"]} == {"road"}


# ---------------------------------------------------------------- what one document announced


@pytest.mark.parametrize("source", sorted(facts.sources()))
def test_all_that_a_document_said_and_nothing_else(client: TestClient, source: str) -> None:
    rows = [row for row in facts.claims() if row["source"] == source]
    found = get(client, "/api/compare", source=source)
    told = ("new_promises", "moved_promises", "done", "repeated", "other")
    assert sum(found[name]["count"] for name in told) == sum(not facts.is_figure(row) for row in rows)
    assert found["figures"]["count"] == sum(facts.is_figure(row) for row in rows)
    for name in (*told, "figures"):
        assert {entry["said"]["source"] for entry in found[name]["entries"]} <= {source}
    publisher = facts.sources()[source]["publisher_zh"]
    assert found["words_zh"].startswith(publisher)
    assert (found["by"], found["source"]) == ("source", source)


def test_what_the_page_of_the_day_announced(client: TestClient) -> None:
    found = get(client, "/api/compare", source=PAGE)
    assert (found["from"], found["to"], found["day"]) == ("2025-01-16",) * 3
    (promise,) = found["new_promises"]["entries"]
    assert (promise["project"]["id"], promise["when"]["date"]) == ("cross-border-ecommerce-park", "2025")
    opened = {e["project"]["id"]: e for e in found["done"]["entries"]}["fuan-east-road"]
    assert opened["when"]["date"] == "2025-01-15"
    assert opened["said"]["quote_zh"] == "2025年1月15日,富安东路通车。"
    assert by_id(found["phases"])["shenda-intercity"]["after"]["phase"] == "building"


# ---------------------------------------------------------------- odd questions


def test_every_list_says_what_it_means(client: TestClient) -> None:
    for query in (
        {"from": "2018", "to": "2026"},
        {"from": "2018", "to": "2026", "by": "known"},
        {"source": PAGE},
    ):
        found = get(client, "/api/compare", **query)
        names = (*LISTS, "repeated", "other") if found["by"] != "day" else LISTS
        for name in names:
            assert CHINESE.search(found[name]["words_zh"])
            assert found[name]["words_en"].isascii()
            for entry in found[name]["entries"]:
                assert CHINESE.search(entry["words_zh"])
                assert entry["words_en"]
        assert CHINESE.search(found["words_zh"])
    assert compare(client, "2018", "2026")["repeated"] is None


@pytest.mark.parametrize("by", ["day", "known"])
def test_one_day_twice_is_told(client: TestClient, by: str) -> None:
    found = compare(client, "2025-01-16", "2025-01-16", by=by)
    assert [found[name]["count"] for name in LISTS] == [0] * 6
    assert "nothing can have changed" in found["words_en"]
    assert "没有可比的变化" in found["words_zh"]


@pytest.mark.parametrize(
    ("by", "words"), [("day", "no source tells the phase"), ("known", "no source had said anything")]
)
def test_a_day_before_anything_was_known_is_told(client: TestClient, by: str, words: str) -> None:
    found = compare(client, "1800-01-01", "1801-01-01", by=by)
    assert [found[name]["count"] for name in LISTS] == [0] * 6
    assert words in found["words_en"]
    assert found["spoken_of"] == {"before": 0, "after": 0}


def test_of_how_many_projects_a_phase_is_known(client: TestClient) -> None:
    found = compare(client, "2018-01-01", "2021-07-01")
    for side, day in (("before", "2018-01-01"), ("after", "2021-07-01")):
        known = [p for p in with_phases(client, day=day).values() if p["phase"] != "unknown"]
        assert found["spoken_of"][side] == len(known)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"from": "2021", "to": "2020"}, "days_reversed"),
        ({"from": "3000", "to": "3001"}, "day"),
        ({"from": "0800", "to": "2020"}, "day"),
        ({"from": "2020"}, "days_or_source"),
        ({}, "days_or_source"),
        ({"from": "2020", "to": "2021", "source": PAGE}, "days_or_source"),
        ({"from": "2020", "to": "2021", "day": "2022"}, "day_with_known"),
        ({"from": "2020", "to": "2021", "by": "night"}, "literal_error"),
        ({"from": "2020", "to": "2021", "kind": "castle"}, "kind"),
        ({"since": "2020"}, "extra_forbidden"),
    ],
)
def test_what_cannot_be_compared_is_told(client: TestClient, query: dict[str, str], code: str) -> None:
    body = assert_problem(client.get("/api/compare", params=query), 400, "bad-parameter")
    assert code in [entry["code"] for entry in body["errors"]]


def test_a_document_that_is_not_there_is_told(client: TestClient) -> None:
    body = assert_problem(client.get("/api/compare?source=no-such"), 404, "unknown-source")
    assert "/api/sources" in body["detail_en"]


def test_many_changes_are_counted_whole_and_told_in_part(fresh: Database, fresh_client: TestClient) -> None:
    first, last = date(2013, 1, 1), date(2019, 12, 31)
    before = compare(fresh_client, first.isoformat(), last.isoformat())["phases"]["groups"]
    publish_parcels(fresh, 600)
    groups: Counter[str] = Counter(before)
    for number in range(600):
        listed, banked = days_of(number)
        days = [listed] if is_promised(number) else [listed, banked]
        groups["advanced"] += any(first < day <= last for day in days)
    found = compare(fresh_client, first.isoformat(), last.isoformat())["phases"]
    assert found["groups"] == groups
    assert (found["count"], len(found["entries"]), found["more"]) == (groups.total(), 200, True)


def test_where_not_all_can_be_read_the_count_says_so(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = ("2024-12-01", "2025-03-31")
    whole = compare(client, *days, by="known")
    monkeypatch.setattr("app.board.comparing.service.MOST_READ", 2)
    found = compare(client, *days, by="known")
    for name in ("new_promises", "moved_promises", "done", "repeated"):
        assert found[name]["at_least"]
        assert found[name]["count"] <= whole[name]["count"]
        assert "at least so many" in found[name]["words_en"]
    for name in ("phases", "new_projects", "figures", "other"):
        assert found[name] == whole[name]


def test_what_an_entry_says_of_the_project_is_of_the_later_day(client: TestClient) -> None:
    entry = by_id(compare(client, "2010", "2021")["phases"])["metro-line-10-main"]
    then = project(client, "metro-line-10-main", day="2021")
    assert (entry["project"]["phase"], entry["project"]["parent"]) == (then["phase"], then["parent"])
    assert projects(client)["metro-line-10-main"]["properties"]["kind"] == entry["project"]["kind"]


# ---------------------------------------------------------------- known later is not happened later


def test_what_became_known_is_not_said_to_have_happened_in_between(client: TestClient) -> None:
    """Its opening of 2020 was told by a page of 2026."""
    found = compare(client, "2026-09-30", "2026-10-31", by="known")["phases"]
    entry = by_id(found)["pinghu-station-line-10"]
    assert (entry["group"], entry["when"]["date"]) == ("learned", "2020-08-18")
    assert entry["words_zh"] == "在建 → 已投用：这期间才知道有进展"
    assert set(found["groups"]) <= {"first", "promised", "learned", "learned_ended", "lapsed", "corrected"}
    for one in found["entries"]:
        assert "发生在两天之间" not in one["words_zh"]
        assert "happened in between" not in one["words_en"]


def test_one_document_has_no_two_days(client: TestClient) -> None:
    answer = client.get("/api/compare", params={"source": "wiki-zh-metro-line-10"})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert "learned" in body["phases"]["groups"]
    for name in ("phases", "new_promises", "moved_promises", "done", "figures"):
        said = [body[name], *body[name]["entries"]]
        for one in said:
            assert "两天" not in one["words_zh"], one["words_zh"]
            assert "这期间" not in one["words_zh"], one["words_zh"]
            assert "in between" not in one["words_en"], one["words_en"]
