"""A planner records a fact: it is checked by field, looked at before, public at once or staged, withdrawn and
corrected; and the log holds."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from app import audit
from app.access.people import Role
from app.database import Database, today_in
from app.settings import Settings
from app.tables import metadata
from tests.app.asking import Json, assert_problem, described, get
from tests.app.changing import claim, publish
from tests.app.signed import add, browser, enter, staff

PAGE = "qiaobao-2025-01-16"
TODAY = today_in("Asia/Shanghai")
NEW_SOURCE = {
    "publisher_zh": "平湖街道办事处",
    "title": "关于道路建设的通知",
    "tier": "official",
    "published": "2026年10月8日",
    "address": "https://www.lg.gov.cn/notice/1.html",
    "document_number": "深龙平〔2026〕12号",
}


def typed(**more: Any) -> Json:
    """A promise that the road opens, as a form sends it."""
    return {
        "property": "milestone:open",
        "date": "2028年",
        "commitment": "aspired",
        "said_on": "2026-10-08",
        "source": PAGE,
        "locator": "第 3 段",
        "quote": "力争2028年建成通车",
        **more,
    }


def post(client: TestClient, body: Json, project: str = "", key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(f"/api/projects/{project or ROAD}/claims", json=body, headers=headers)


def made(answer: Any) -> Json:
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    found: Json = answer.json()
    assert answer.headers["location"] == f"/api/changesets/{found['changeset']}"
    return found


def preview(client: TestClient, body: Json, project: str = "") -> Json:
    answer = client.post(f"/api/projects/{project or ROAD}/claims/preview", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    found: Json = answer.json()
    return found


def project(client: TestClient, name: str = "") -> Json:
    found: Json = get(client, f"/api/projects/{name or ROAD}")["properties"]
    return found


def milestone(client: TestClient, code: str = "open") -> Json:
    return next(entry for entry in project(client)["milestones"] if entry["code"] == code)


def faults(answer: Any) -> dict[str, str]:
    """Code by pointer of a refusal."""
    body = assert_problem(answer, 422, "bad-body")
    return {entry["pointer"]: entry["code"] for entry in body["errors"]}


def rows(database: Database) -> dict[str, int]:
    """How many rows every table has, but for those of coming in."""
    with database.writing() as connection:
        return {
            name: connection.execute(text(f"select count(*) from {name}")).scalar_one()
            for name in metadata.tables
            if name not in ("session", "account")
        }


def revision(client: TestClient) -> int:
    return int(get(client, "/api/catalogue")["revision"])


# A road of which no source says when it opens.
ROAD = "shouzhen-street-upgrade"


@pytest.fixture
def planner(fresh: Database) -> Iterator[TestClient]:
    with staff(fresh, "planner") as client:
        yield client


# ---------------------------------------------------------------- recording


def test_a_claim_is_public_at_once(planner: TestClient, fresh: Database) -> None:
    before = revision(planner)
    done = made(post(planner, typed()))
    assert (done["state"], done["revision"], done["source"]) == ("published", before + 1, PAGE)
    assert done["withdrawn"] is None
    entry = next(c for c in project(planner)["claims"] if c["n"] == done["claim"])
    assert {name: entry[name] for name in ("property", "date", "commitment", "said_on", "quote")} == {
        "property": "milestone:open",
        "date": "2028",
        "commitment": "aspired",
        "said_on": "2026-10-08",
        "quote": "力争2028年建成通车",
    }
    assert (entry["verbatim"], entry["locator"], entry["standing"]) == (True, "第 3 段", "holds")
    assert milestone(planner)["planned"]["latest"] == "2028-12-31"
    (public, *_) = get(browser(fresh), "/api/changesets")["changesets"]
    assert (public["id"], public["kind"], public["rev"]) == (done["changeset"], "edit", before + 1)
    assert public["title_zh"].startswith("记录：")
    assert public["title_en"].startswith("Recorded: ")
    assert "created_by" not in public


def test_a_new_source_comes_with_its_claim_and_is_cited_again(planner: TestClient) -> None:
    body = typed(source=NEW_SOURCE, said_on="")
    first, second = made(post(planner, body)), made(post(planner, {**body, "date": "2029"}))
    assert first["source"] == second["source"]
    (listed,) = [s for s in get(planner, "/api/sources")["sources"] if s["id"] == first["source"]]
    assert listed["title"] == "关于道路建设的通知（深龙平〔2026〕12号）"
    assert (listed["publisher_zh"], listed["publisher_en"]) == ("平湖街道办事处", "平湖街道办事处")
    assert (listed["published"], listed["tier"], listed["claims"]) == ("2026-10-08", "official", 2)
    assert listed["retrieved_on"] == TODAY.isoformat()
    # What does not say when it was said was said when its source was published.
    entry = next(c for c in project(planner)["claims"] if c["n"] == first["claim"])
    assert entry["said_on"] == "2026-10-08"
    assert milestone(planner)["planned"]["moves"] == 1


@pytest.mark.parametrize(
    ("role", "settings", "state"),
    [
        ("planner", Settings(), "published"),
        ("gis", Settings(), "published"),
        ("planner", Settings(planners_publish_at_once=False), "staged"),
        ("gis", Settings(planners_publish_at_once=False), "published"),
        ("gis", Settings(require_second_person=True), "staged"),
        ("admin", Settings(require_second_person=True), "staged"),
    ],
)
def test_the_office_says_what_is_public_at_once(
    fresh: Database, role: Role, settings: Settings, state: str
) -> None:
    with browser(fresh, settings) as client:
        enter(client, fresh, add(fresh, "someone", role))
        before = revision(client)
        assert preview(client, typed(source=NEW_SOURCE))["at_once"] is (state == "published")
        done = made(post(client, typed(source=NEW_SOURCE)))
        assert done["state"] == state
        seen = [c["quote"] for c in project(client)["claims"]]
        assert ("力争2028年建成通车" in seen) == (state == "published")
        if state == "published":
            return
        assert (done["revision"], done["claim"], revision(client)) == (None, None, before)
        # A second person makes it public.
        enter(client, fresh, add(fresh, "another", "gis"))
        tag = client.get(f"/api/changesets/{done['changeset']}").headers["ETag"]
        answer = client.post(
            f"/api/changesets/{done['changeset']}/publish",
            json={"reason": "属实"},
            headers={"If-Match": tag},
        )
        assert answer.status_code == 200, answer.text
        assert "力争2028年建成通车" in [c["quote"] for c in project(client)["claims"]]


def test_the_same_request_sent_again_is_done_once(planner: TestClient) -> None:
    first = made(post(planner, typed(), key="k1"))
    assert made(post(planner, typed(), key="k1")) == first
    assert revision(planner) == first["revision"]
    assert_problem(post(planner, typed(date="2029"), key="k1"), 422, "key-reused")
    # The same words once more, meant so, are a second claim and told as such.
    again = made(post(planner, typed(), key="k2"))
    assert [entry["code"] for entry in again["warnings"]] == ["said-already"]


def at_once(database: Database, ask: Callable[[TestClient, str], Any]) -> list[Any]:
    """What two planners, li and wang, are answered who ask at the same moment."""
    clients = {name: staff(database, "planner", name) for name in ("li", "wang")}
    for client in clients.values():
        # The framework works out what a route takes at its first request, and mutes warnings meanwhile, which
        # no two threads may do at once.
        assert post(client, {}).status_code == 422
        assert client.post("/api/claims/1/withdraw", json={}).status_code == 422
    answers: list[Any] = []
    start = threading.Barrier(2)

    def run(name: str) -> None:
        start.wait()
        answers.append(ask(clients[name], name))

    threads = [threading.Thread(target=run, args=(name,)) for name in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_two_planners_at_once_both_succeed(fresh: Database) -> None:
    before = revision(browser(fresh))
    answers = at_once(fresh, lambda client, name: made(post(client, typed(source=NEW_SOURCE, locator=name))))
    assert sorted(answer["revision"] for answer in answers) == [before + 1, before + 2]
    assert len({answer["source"] for answer in answers}) == 1


def test_it_is_undone_like_any_changeset(fresh: Database) -> None:
    with staff(fresh, "gis") as client:
        before = milestone(client)
        done = made(post(client, typed()))
        back = client.post(f"/api/changesets/{done['changeset']}/revert", json={"reason": "错"}).json()
        tag = client.get(f"/api/changesets/{back['changeset']}").headers["ETag"]
        client.post(
            f"/api/changesets/{back['changeset']}/publish", json={"reason": "错"}, headers={"If-Match": tag}
        )
        assert milestone(client) == before


def test_who_may_not_is_told(fresh: Database) -> None:
    paths = (
        f"/api/projects/{ROAD}/claims",
        f"/api/projects/{ROAD}/claims/preview",
        "/api/claims/1/withdraw",
        "/api/claims/1/correct",
    )
    with browser(fresh) as client:
        before = rows(fresh)
        for path in paths:
            assert_problem(client.post(path, json=typed()), 401, "sign-in-needed")
        enter(client, fresh, add(fresh, "li", "planner"))
        for path in paths:
            answer = client.post(path, json=typed(), headers={"X-Guatu": "", "Origin": "http://evil.example"})
            assert_problem(answer, 403, "cross-site")
        after = rows(fresh)
        assert {name: n for name, n in after.items() if n != before[name]} == {
            "event_log": before["event_log"] + len(paths)
        }


# ---------------------------------------------------------------- what is wrong


TOMORROW = (TODAY + timedelta(days=1)).isoformat()
WRONG: list[tuple[str, Json, dict[str, str]]] = [
    ("a milestone of other kinds", {"property": "milestone:topout"}, {"property": "property-unknown"}),
    ("no property", {"property": ""}, {"property": "property-unknown"}),
    ("an indicator's", {"property": "value", "value": "3"}, {"property": "property-unknown"}),
    ("a phase that is none", {"property": "phase", "value": "flying"}, {"value": "phase-unknown"}),
    ("no amount", {"property": "measure:length_km"}, {"value": "value-missing"}),
    ("an activity that is none", {"property": "activity", "value": "asleep"}, {"value": "activity-unknown"}),
    ("no such day", {"date": "2025-02-30"}, {"date": "date-near"}),
    ("a reversed span", {"date": "2028/2027"}, {"date": "date-near"}),
    ("words that are no date", {"date": "长期"}, {"date": "date-near"}),
    ("another calendar", {"date": "民国114年"}, {"date": "date-near"}),
    ("a promise for 1800", {"date": "1800-01-01"}, {"date": "promise-in-past"}),
    ("a promise before it was said", {"date": "2026-10-07"}, {"date": "promise-in-past"}),
    ("said tomorrow", {"said_on": TOMORROW}, {"said_on": "said-in-future"}),
    ("done tomorrow", {"commitment": "done", "date": TOMORROW}, {"date": "done-in-future"}),
    ("done after it was said", {"commitment": "done", "date": "2026-10-09"}, {"date": "done-in-future"}),
    ("done on no day", {"commitment": "done", "date": ""}, {"date": "done-undated"}),
    ("done on a day that is none", {"commitment": "done", "date": "2025-13"}, {"date": "date-near"}),
    ("a commitment that is none", {"commitment": "perhaps"}, {"commitment": "commitment-unknown"}),
    ("no words", {"quote": "", "verbatim": True}, {"quote": "words-missing"}),
    ("blank words", {"quote": "   "}, {"quote": "words-missing"}),
    ("too many words", {"quote": "字" * 2001}, {"quote": "value-too-long"}),
    ("a control character", {"quote": "通车\u0000了"}, {"quote": "control-character"}),
    ("a bidi override", {"note": "a\u202eb"}, {"note": "bidi-control"}),
    ("a telephone number", {"quote": "力争2028年通车，联系13800138000"}, {"quote": "personal-data-in-words"}),
    ("an unknown source", {"source": "nobody-2020"}, {"source": "source-unknown"}),
    ("a source with a NUL", {"source": "a\u0000"}, {"source": "source-unknown"}),
    ("no source", {"source": ""}, {"source": "source-unknown"}),
]
WRONG_SOURCE: list[tuple[str, Json, dict[str, str]]] = [
    ("a script", {"address": "javascript:alert(1)"}, {"address": "address-malformed"}),
    ("a file", {"address": "file:///etc/passwd"}, {"address": "address-malformed"}),
    ("no host", {"address": "https://"}, {"address": "address-malformed"}),
    ("a password in it", {"address": "https://a:b@lg.gov.cn/"}, {"address": "address-malformed"}),
    ("a blank in it", {"address": "https://lg.gov.cn/a b"}, {"address": "address-malformed"}),
    ("no such port", {"address": "https://lg.gov.cn:99999999/"}, {"address": "address-malformed"}),
    ("nowhere to be found", {"address": "", "document_number": ""}, {"address": "address-missing"}),
    ("no publisher", {"publisher_zh": ""}, {"publisher_zh": "name-missing"}),
    ("no title", {"title": " "}, {"title": "name-missing"}),
    ("a tier that is none", {"tier": "rumour"}, {"tier": "tier-unknown"}),
    ("published tomorrow", {"published": TOMORROW}, {"published": "published-in-future"}),
    ("published on no day", {"published": "2025-02-30"}, {"published": "date-near"}),
    ("too long a title", {"title": "题" * 301}, {"title": "value-too-long"}),
]


@pytest.fixture(scope="module")
def desk() -> Iterator[tuple[TestClient, Database]]:
    """A planner at a database of their own, which nothing that is wrong may change."""
    from tests.conftest import SEEDED, opened

    with opened(SEEDED) as database, staff(database, "planner") as client:
        yield client, database


@pytest.mark.parametrize(("more", "expected"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_what_is_wrong_is_told_by_field_and_nothing_is_stored(
    desk: tuple[TestClient, Database], more: Json, expected: dict[str, str]
) -> None:
    client, database = desk
    before = rows(database)
    wanted = {f"/body/{name}": code for name, code in expected.items()}
    assert faults(post(client, typed(**more), key="wrong")) == wanted
    told = preview(client, typed(**more))
    assert {entry["pointer"]: entry["code"] for entry in told["errors"]} == wanted
    assert rows(database) == before


@pytest.mark.parametrize(
    ("more", "expected"), [w[1:] for w in WRONG_SOURCE], ids=[w[0] for w in WRONG_SOURCE]
)
def test_what_is_wrong_with_a_new_source_is_told_by_field(
    desk: tuple[TestClient, Database], more: Json, expected: dict[str, str]
) -> None:
    client, database = desk
    before = rows(database)
    body = typed(source={**NEW_SOURCE, **more}, said_on="2026-10-08")
    wanted = {f"/body/source/{name}": code for name, code in expected.items()}
    assert faults(post(client, body)) == wanted
    told = preview(client, body)
    assert {entry["pointer"]: entry["code"] for entry in told["errors"]} == wanted
    # Who speaks, and when, decide what it does; how the document is called does not.
    assert (told["effect"] is None) == bool({"tier", "published"} & set(more))
    assert rows(database) == before


def test_everything_wrong_is_told_at_once(desk: tuple[TestClient, Database]) -> None:
    body = {"date": "2025-02-30", "source": {"tier": "rumour", "address": "javascript:alert(1)"}}
    assert faults(post(desk[0], body)) == {
        "/body/property": "property-unknown",
        "/body/date": "date-near",
        "/body/commitment": "commitment-unknown",
        "/body/quote": "words-missing",
        "/body/source/publisher_zh": "name-missing",
        "/body/source/title": "name-missing",
        "/body/source/tier": "tier-unknown",
        "/body/source/address": "address-malformed",
    }


@pytest.mark.parametrize(
    "body",
    [[], "words", {"quote": 3}, {"colour": "red"}, {"source": 7}, {"source": {"colour": 1}}, {"quote": None}],
)
def test_H303_a_body_of_another_shape_is_refused(desk: tuple[TestClient, Database], body: Any) -> None:
    assert_problem(post(desk[0], body), 422, "bad-body")


def test_half_a_character_is_refused(desk: tuple[TestClient, Database]) -> None:
    headers = {"Content-Type": "application/json"}
    for path, raw in {
        f"/api/projects/{ROAD}/claims": b'{"quote": "\\ud800", "source": {"title": "\\ud800"}}',
        "/api/claims/1/withdraw": b'{"reason": "\\ud800"}',
        "/api/claims/1/correct": b'{"reason": "\\ud800"}',
    }.items():
        assert_problem(desk[0].post(path, content=raw, headers=headers), 422, "bad-body")


def test_what_is_no_project_is_told(desk: tuple[TestClient, Database]) -> None:
    for path in ("claims", "claims/preview"):
        answer = desk[0].post(f"/api/projects/no-such/{path}", json=typed())
        assert_problem(answer, 404, "unknown-project")
        assert_problem(desk[0].post(f"/api/projects/NO/{path}", json=typed()), 400, "bad-parameter")


def test_a_formula_is_a_text_like_any(planner: TestClient) -> None:
    done = made(post(planner, typed(quote="=HYPERLINK(1)", verbatim=False, note="+1")))
    entry = next(c for c in project(planner)["claims"] if c["n"] == done["claim"])
    assert (entry["quote"], entry["note"], entry["note_zh"]) == ("=HYPERLINK(1)", "+1", "+1")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"commitment": "committed"}, {"commitment": "quote-carries-less"}),
        ({"date": "2999"}, {"date": "date-implausible"}),
        ({"commitment": "done", "date": "1800", "quote": "通车"}, {"date": "date-implausible"}),
        (
            {"commitment": "done", "date": str(TODAY.year), "quote": "通车", "said_on": TODAY.isoformat()},
            {} if (TODAY.month, TODAY.day) == (12, 31) else {"date": "done-until-today"},
        ),
        (
            {"said_on": str(TODAY.year)},
            {} if (TODAY.month, TODAY.day) == (12, 31) else {"said_on": "said-until-today"},
        ),
        ({"property": "measure:length_km", "value": "很长", "quote": "长"}, {"value": "number-malformed"}),
        (
            {"property": "measure:length_km", "value": "3", "unit": "公顷", "quote": "长"},
            {"unit": "unit-other"},
        ),
        ({}, {}),
    ],
)
def test_what_is_odd_is_told_and_may_be_recorded(
    planner: TestClient, more: Json, expected: dict[str, str]
) -> None:
    wanted = {f"/body/{name}": code for name, code in expected.items()}
    warned = preview(planner, typed(**more))["warnings"]
    assert {entry["pointer"]: entry["code"] for entry in warned} == wanted
    assert made(post(planner, typed(**more)))["warnings"] == warned


def test_what_was_said_within_a_month_that_is_not_over_counts_today(planner: TestClient) -> None:
    made(post(planner, typed(said_on=f"{TODAY:%Y-%m}", date="2029")))
    assert milestone(planner)["planned"]["history"][0]["said_latest"] <= TODAY.isoformat()


def test_the_unit_of_a_measure_is_known(planner: TestClient) -> None:
    done = made(post(planner, typed(property="measure:length_km", value="1.2", quote="全长1.2公里")))
    entry = next(c for c in project(planner)["claims"] if c["n"] == done["claim"])
    assert (entry["value"], entry["unit"]) == ("1.2", "km")


# ---------------------------------------------------------------- looking before


def test_a_preview_stores_nothing(planner: TestClient, fresh: Database) -> None:
    before = rows(fresh)
    preview(planner, typed(source=NEW_SOURCE))
    assert rows(fresh) == before


def test_a_promise_is_shown_before_it_is_made(planner: TestClient) -> None:
    made(post(planner, typed(date="2027", said_on="2025-03-01", quote="力争2027年通车")))
    found = preview(planner, typed(date="2028-06", said_on="2026-10-08"))
    assert found["words"]["commitment"] == "aspired"
    assert (found["date"]["date_zh"], found["date"]["date_en"]) == ("2028 年 6 月", "June 2028")
    assert (found["date"]["earliest"], found["date"]["latest"]) == ("2028-06-01", "2028-06-30")
    change = found["effect"]["milestone"]
    before, after = change["before"]["planned"], change["after"]["planned"]
    assert (before["date"], before["moves"], before["slip_days"]) == ("2027", 0, 0)
    assert (after["date"], after["moves"], after["slip_days"]) == ("2028-06", 1, 182)
    assert [entry["claim"] for entry in after["history"]][1:] == [None]
    light = found["effect"]["light"]
    assert (light["before"]["light"], light["after"]["light"]) == ("green", "green")
    assert "2028 年 6 月" in light["after"]["reason_zh"]
    assert found["effect"]["standing"] == "holds"
    phase = found["effect"]["phase"]
    assert phase["before"] == phase["after"]


@pytest.mark.parametrize(
    ("more", "phase", "since"),
    [
        ({"property": "milestone:open", "date": "2026-09-01"}, "in_service", "2026-09-01"),
        ({"property": "milestone:start", "date": "2026-Q2"}, "building", "2026-06-30"),
        ({"property": "phase", "value": "building", "date": "2026-10-01"}, "building", "2026-10-01"),
        ({"property": "mention", "date": "2026"}, "unknown", None),
    ],
)
def test_what_is_shown_before_is_what_comes(
    planner: TestClient, more: Json, phase: str, since: str | None
) -> None:
    body = typed(commitment="done", quote="通车", said_on="2026-11-01", **more)
    shown = preview(planner, body)["effect"]
    assert shown["phase"]["before"]["phase"] == project(planner)["phase"] == "unknown"
    assert shown["phase"]["after"]["phase"] == phase
    assert (shown["phase"]["after"]["since"] or {}).get("certain_from") == since
    done = made(post(planner, body))
    now = project(planner)
    assert (now["phase"], now["basis"], now["maybe"]) == tuple(
        shown["phase"]["after"][name] for name in ("phase", "basis", "maybe")
    )
    assert (now["light"], now["light_reason_zh"]) == (
        shown["light"]["after"]["light"],
        shown["light"]["after"]["reason_zh"],
    )
    entry = next(c for c in now["claims"] if c["n"] == done["claim"])
    assert entry["standing"] == shown["standing"]


def test_a_delay_that_a_claim_would_prove_is_shown_before(planner: TestClient) -> None:
    made(post(planner, typed(date="2025-12", said_on="2025-01-01", quote="力争年底通车")))
    found = preview(
        planner,
        typed(property="phase", value="building", date="2026-10-01", commitment="done", quote="施工中"),
    )
    light = found["effect"]["light"]
    assert (light["before"]["light"], light["after"]["light"]) == ("silent", "red")
    assert light["after"]["days"] == (date(2026, 10, 1) - date(2025, 12, 31)).days


def test_a_disagreement_is_shown_before(planner: TestClient) -> None:
    first = made(post(planner, typed(commitment="done", date="2026-03", quote="通车", said_on="2026-04-01")))
    other = {**NEW_SOURCE, "published": "2026-06-01"}
    body = typed(source=other, commitment="done", date="2026-05", quote="通车", said_on="2026-06-01")
    found = preview(planner, body)
    assert found["effect"]["conflicts"] == [{"winner": None, "loser": first["claim"]}]
    # Corrected instead, there is nobody to disagree with.
    alone = preview(planner, {**body, "replaces": first["claim"]})
    assert alone["effect"]["conflicts"] == []
    assert alone["effect"]["milestone"]["before"]["actual"]["claim"] == first["claim"]
    done = made(post(planner, body))
    assert project(planner)["conflicts"] == [{"winner": done["claim"], "loser": first["claim"]}]


def test_what_is_typed_so_far_shows_its_meaning(planner: TestClient) -> None:
    found = preview(planner, {"date": "2025年第三季度"})
    assert found["effect"] is None
    assert (found["date"]["text"], found["date"]["edtf"]) == ("2025-Q3", "2025-35")
    assert found["date"]["date_zh"] == "2025 年第 3 季度"
    # Of the words one may still think while the effect is shown already.
    assert preview(planner, typed(quote=""))["effect"] is not None


# ---------------------------------------------------------------- withdrawing and correcting


def test_a_claim_is_withdrawn_once(planner: TestClient) -> None:
    before = milestone(planner)
    done = made(post(planner, typed()))
    path = f"/api/claims/{done['claim']}/withdraw"
    back = made(planner.post(path, json={"reason": "看错了项目"}))
    assert (back["withdrawn"], back["claim"], back["revision"]) == (
        done["claim"],
        None,
        done["revision"] + 1,
    )
    assert milestone(planner) == before
    entry = next(c for c in project(planner)["claims"] if c["n"] == done["claim"])
    assert entry["withdrawn"] == {"rev": back["revision"], "reason": "看错了项目"}
    again = assert_problem(planner.post(path, json={"reason": "再来"}), 409, "wrong-state")
    assert str(back["revision"]) in again["detail_zh"]
    assert_problem(
        planner.post(f"/api/claims/{done['claim']}/correct", json=typed(reason="改")), 409, "wrong-state"
    )


def test_a_withdrawal_is_undone_by_restating(fresh: Database) -> None:
    with staff(fresh, "gis") as client:
        done = made(post(client, typed(note="注")))
        stated = milestone(client)["planned"]
        back = made(client.post(f"/api/claims/{done['claim']}/withdraw", json={"reason": "错"}))
        redo = client.post(f"/api/changesets/{back['changeset']}/revert", json={"reason": "没错"}).json()
        tag = client.get(f"/api/changesets/{redo['changeset']}").headers["ETag"]
        address = f"/api/changesets/{redo['changeset']}/publish"
        assert client.post(address, json={"reason": "没错"}, headers={"If-Match": tag}).status_code == 200
        again = milestone(client)["planned"]
        assert {**again, "claim": 0, "history": 0} == {**stated, "claim": 0, "history": 0}
        old, new = (
            next(c for c in project(client)["claims"] if c["n"] == n) for n in (done["claim"], again["claim"])
        )
        changed = {name for name in old if old[name] != new[name]}
        assert changed == {"n", "rev", "withdrawn", "standing"}


def test_a_claim_is_corrected_in_one_changeset(planner: TestClient) -> None:
    done = made(post(planner, typed()))
    path = f"/api/claims/{done['claim']}/correct"
    better = made(planner.post(path, json=typed(date="2029", quote="力争2029年通车", reason="年份看错")))
    assert (better["revision"], better["withdrawn"]) == (done["revision"] + 1, done["claim"])
    planned = milestone(planner)["planned"]
    assert (planned["date"], planned["claim"], planned["moves"]) == ("2029", better["claim"], 0)


@pytest.mark.parametrize(
    "body", [{}, {"reason": ""}, {"reason": "  "}, {"reason": "a\u0000"}, {"reason": "字" * 2001}]
)
def test_a_withdrawal_needs_a_reason(desk: tuple[TestClient, Database], body: Json) -> None:
    client, database = desk
    before = rows(database)
    assert_problem(client.post("/api/claims/1/withdraw", json=body), 422, "bad-body")
    assert rows(database) == before


def test_what_is_wrong_with_a_correction_withdraws_nothing(desk: tuple[TestClient, Database]) -> None:
    client, database = desk
    before = rows(database)
    body = typed(property="mention", date="2025-02-30", reason="改")
    assert faults(client.post("/api/claims/1/correct", json=body)) == {"/body/date": "date-near"}
    assert rows(database) == before
    for path, body in (("withdraw", {"reason": "改"}), ("correct", typed(reason="改"))):
        assert_problem(client.post(f"/api/claims/99999999/{path}", json=body), 404, "not-found")


def test_a_figure_of_the_area_is_corrected_too(planner: TestClient, fresh: Database) -> None:
    with fresh.writing() as connection:
        number = (
            connection.execute(
                text("select id from claim where indicator_code = 'Q01' and property = 'value' order by id")
            )
            .scalars()
            .first()
        )
    body = typed(
        property="value", value="509.45", date="2024", commitment="done", quote="509.45亿元", reason="改"
    )
    done = made(planner.post(f"/api/claims/{number}/correct", json=body))
    (figure,) = [i for i in get(planner, "/api/indicators")["indicators"] if i["code"] == "Q01"]
    standing = {c["n"]: (c["value"], c["unit"]) for c in figure["claims"]}
    assert standing[done["claim"]] == ("509.45", "亿元")
    assert number not in standing


def test_two_who_withdraw_at_once_do_it_once(fresh: Database) -> None:
    number = made(post(staff(fresh, "planner", "first"), typed()))["claim"]
    path, body = f"/api/claims/{number}/withdraw", {"reason": "错"}
    answers = at_once(fresh, lambda client, _: client.post(path, json=body).status_code)
    assert sorted(answers) == [201, 409]


# ---------------------------------------------------------------- the log


def test_the_log_tells_every_act_and_holds(planner: TestClient, fresh: Database) -> None:
    done = made(post(planner, typed()))
    made(planner.post(f"/api/claims/{done['claim']}/withdraw", json={"reason": "看错了"}))
    with fresh.writing() as connection:
        links = list(audit.verify(connection))
        told = connection.execute(
            text(
                "select who, role, action, reason from event_log where area_id = 'pinghu' "
                " order by n desc limit 4"
            )
        ).all()
    assert links
    assert not [link for link in links if isinstance(link, audit.Broken)]
    assert [tuple(row) for row in told] == [
        ("a-planner", "planner", "publish", "看错了"),
        ("a-planner", "planner", "stage", ""),
        ("a-planner", "planner", "publish", ""),
        ("a-planner", "planner", "stage", ""),
    ]


# ---------------------------------------------------------------- words


def test_the_words_of_a_quote_are_told_with_their_places(client: TestClient) -> None:
    found = get(client, "/api/words", text="确保开工、力争年内封顶")
    assert found["commitment"] == "aspired"
    assert found["words"][1] == {"word": "力争", "start": 5, "end": 7, "commitment": "aspired"}
    assert get(client, "/api/words", text="罗山公园群") == {"commitment": None, "words": [], "dates": []}
    for query in ({}, {"text": ""}, {"text": "字" * 801}, {"text": "a", "colour": "red"}):
        assert_problem(client.get("/api/words", params=query), 400, "bad-parameter")
    first = client.get("/api/words", params={"text": "已通车"})
    again = client.get(
        "/api/words", params={"text": "已通车"}, headers={"If-None-Match": first.headers["etag"]}
    )
    assert again.status_code == 304


def test_what_is_answered_is_what_is_described(planner: TestClient) -> None:
    import jsonschema

    description = described(planner)
    answers: dict[str, Callable[[], Any]] = {
        "/api/projects/{project_id}/claims": lambda: post(planner, typed(source=NEW_SOURCE)),
        "/api/projects/{project_id}/claims/preview": lambda: planner.post(
            f"/api/projects/{ROAD}/claims/preview", json=typed()
        ),
        "/api/claims/{claim_id}/withdraw": lambda: planner.post(
            "/api/claims/1/withdraw", json={"reason": "错"}
        ),
    }
    for path, ask in answers.items():
        answer = ask()
        responses = description["paths"][path]["post"]["responses"]
        schema = responses[str(answer.status_code)]["content"]["application/json"]["schema"]
        jsonschema.validate(answer.json(), {**schema, "components": description["components"]})


def test_a_project_that_is_gone_takes_no_claims(planner: TestClient, fresh: Database) -> None:
    from geodata.changes import Change

    done = made(post(planner, typed()))
    publish(fresh, claim(ROAD, "mention", "2026", "done", said_on="2026-11-01"), Change("remove", ROAD))
    assert_problem(post(planner, typed()), 410, "removed")
    answer = planner.post(f"/api/claims/{done['claim']}/withdraw", json={"reason": "错"})
    assert_problem(answer, 410, "removed")


# ---------------------------------------------------------------- deadlines in words


@pytest.mark.parametrize(
    ("words", "date", "meant", "of_document"),
    [
        ("2027年底", "2027", "2027 年", False),
        ("2027年底前", "2027", "2027 年", False),
        ("2027年末", "2027", "2027 年", False),
        ("2027年内", "2027", "2027 年", False),
        ("2027年12月底", "2027-12", "2027 年 12 月", False),
        ("2027年12月31日前", "..2027-12-31", "不晚于 2027 年 12 月 31 日", False),
        ("不晚于2027年", "..2027", "不晚于 2027 年", False),
        ("2027年前", "..2027", "不晚于 2027 年", False),
        ("2027年左右", "2027~", "约 2027 年", False),
        ("年底前", "2026", "2026 年", True),
        ("12月底", "2026-12", "2026 年 12 月", True),
        ("12月31日前", "..2026-12-31", "不晚于 2026 年 12 月 31 日", True),
        ("明年底", "2027", "2027 年", True),
    ],
)
def test_deadlines_are_taken_as_people_write_them(
    planner: TestClient, words: str, date: str, meant: str, of_document: bool
) -> None:
    seen = preview(planner, typed(date=words, said_on="2026-10-08"))
    assert not [one for one in seen["errors"] if one["pointer"] == "/body/date"], seen["errors"]
    assert (seen["date"]["text"], seen["date"]["date_zh"]) == (date, meant)
    told = [one["detail_zh"] for one in seen["warnings"] if one["code"] == "date-of-year"]
    assert told == ([f"“{words}”没有写年份，按文件的 2026 年理解"] if of_document else [])


def test_a_year_that_no_document_tells_is_asked_for(planner: TestClient) -> None:
    source = {**NEW_SOURCE, "published": ""}
    seen = preview(planner, typed(date="年底", said_on="", source=source))
    (told,) = [one["detail_zh"] for one in seen["errors"] if one["pointer"] == "/body/date"]
    assert "请写上年份" in told


def test_a_deadline_in_words_is_published_as_it_was_understood(planner: TestClient) -> None:
    done = made(post(planner, typed(date="2029年底前", quote="力争2029年底前建成通车")))
    card = planner.get(f"/api/projects/{ROAD}").json()["properties"]
    (claim,) = [one for one in card["claims"] if one["n"] == done["claim"]]
    assert (claim["date"], claim["earliest"], claim["latest"]) == ("2029", "2029-01-01", "2029-12-31")


def test_the_words_of_a_quote_propose_their_dates(planner: TestClient) -> None:
    asked = planner.get("/api/words", params={"text": "力争2027年底建成通车，年底前开工"})
    (one,) = asked.json()["dates"]
    assert (one["words"], one["start"], one["end"], one["date"]) == ("2027年底", 2, 8, "2027")
    assert (one["date_zh"], one["date_en"], one["by_year"]) == ("2027 年", "2027", False)
    asked = planner.get("/api/words", params={"text": "力争2027年底建成通车，年底前开工", "year": 2026})
    assert [(d["words"], d["date"], d["by_year"]) for d in asked.json()["dates"]] == [
        ("2027年底", "2027", False),
        ("年底前", "2026", True),
    ]
    seen = preview(planner, typed(date="", said_on="2026-10-08", quote="确保年底前完工"))
    assert [(d["words"], d["date"]) for d in seen["words"]["dates"]] == [("年底前", "2026")]
    # Neither end of a span is the date.
    asked = planner.get("/api/words", params={"text": "2025年1月至2026年2月施工"})
    assert asked.json()["dates"] == []


# ---------------------------------------------------------------- taking back


def take_back(client: TestClient, number: int) -> Any:
    return client.post(f"/api/changesets/{number}/take-back", json={"reason": "看错了"})


def standing(client: TestClient, quote: str) -> list[Json]:
    return [one for one in project(client)["claims"] if one["quote"] == quote and one["withdrawn"] is None]


def test_a_planner_takes_back_a_recording_a_withdrawal_and_that_again(planner: TestClient) -> None:
    words = "力争2033年建成通车"
    done = made(post(planner, typed(date="2033", quote=words)))
    assert planner.get(f"/api/changesets/{done['changeset']}").json()["recorded"] is True
    back = made(take_back(planner, done["changeset"]))
    assert (back["state"], back["revision"]) == ("published", done["revision"] + 1)
    assert standing(planner, words) == []
    # What is undone is not undone twice; but the undoing is.
    assert_problem(take_back(planner, done["changeset"]), 409, "wrong-state")
    again = made(take_back(planner, back["changeset"]))
    (claim,) = standing(planner, words)
    # A wrong withdrawal.
    gone = planner.post(f"/api/claims/{claim['n']}/withdraw", json={"reason": "撤错了"})
    assert standing(planner, words) == []
    restored = made(take_back(planner, made(gone)["changeset"]))
    assert restored["revision"] == again["revision"] + 2
    assert len(standing(planner, words)) == 1


def test_what_is_not_recorded_by_hand_a_planner_does_not_take_back(planner: TestClient) -> None:
    before = revision(planner)
    assert planner.get("/api/changesets/2").json()["recorded"] is False
    assert_problem(take_back(planner, 2), 403, "forbidden")
    assert_problem(take_back(planner, 99999), 404, "unknown-changeset")
    assert revision(planner) == before


def test_taking_back_waits_for_a_second_person_where_recording_does(fresh: Database) -> None:
    with browser(fresh, Settings()) as client:
        enter(client, fresh, add(fresh, "someone", "planner"))
        done = made(post(client, typed()))
    with browser(fresh, Settings(planners_publish_at_once=False)) as client:
        enter(client, fresh, add(fresh, "another", "planner"))
        back = made(take_back(client, done["changeset"]))
        assert (back["state"], back["revision"], revision(client)) == ("staged", None, done["revision"])
