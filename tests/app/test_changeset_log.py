"""The log of changesets by kind, state, person, day and project; strangers learn no account of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from app.changesets import service
from app.database import Database, today_in
from geodata.changes import Change
from tests.app.asking import Json, assert_problem, get
from tests.app.changing import AREA, claim, new_project
from tests.app.signed import browser, staff
from tests.conftest import SEEDED, opened

ROAD, OTHER = "shouzhen-street-upgrade", "fuan-east-road"


@dataclass
class Log:
    """A browser of staff, one of nobody, and the numbers of the changesets by what they do."""

    staff: TestClient
    stranger: TestClient
    numbers: dict[str, int]

    def listed(self, **query: Any) -> set[str]:
        """Of the changesets of this test those that staff find."""
        return self._named(get(self.staff, "/api/changesets", limit=200, **query))

    def public(self, **query: Any) -> set[str]:
        return self._named(get(self.stranger, "/api/changesets", limit=200, **query))

    def _named(self, found: Json) -> set[str]:
        names = {number: name for name, number in self.numbers.items()}
        return {names[entry["id"]] for entry in found["changesets"] if entry["id"] in names}


@pytest.fixture(scope="module")
def log() -> Iterator[Log]:
    with opened(SEEDED) as database, staff(database, "planner", "someone") as client:
        yield Log(client, browser(database), _filled(database))


def _filled(database: Database) -> dict[str, int]:
    said = claim(ROAD, "mention", "2026", "done", said_on="2026-11-01")
    numbers = {
        "said": _staged(database, "edit", "li", said, publisher="li"),
        "staged": _staged(database, "edit", "wang", said),
        "other": _staged(
            database,
            "upload",
            "wang",
            claim(OTHER, "mention", "2026", "done", said_on="2026-11-01"),
            new_project("new-park", None),
            publisher="chen",
        ),
    }
    with database.writing() as connection:
        row = connection.execute(
            text("select id from claim where changeset_id = :number"), {"number": numbers["said"]}
        ).scalar_one()
    numbers["withdrawn"] = _staged(
        database, "edit", "li", Change("withdraw", str(row), before=said.after), publisher="li"
    )
    relation = {"from": ROAD, "to": "new-park", "type": "part_of", "on_date": ""}
    numbers["related"] = _staged(
        database, "edit", "li", Change("relate", ROAD, after=relation), publisher="li"
    )
    with database.writing() as connection:
        # Late in the evening of that day where the area lies, which is the same day in Greenwich still.
        moment = datetime.fromisoformat("2026-03-31T23:30:00+08:00")
        connection.execute(
            text("update changeset set published_at = :moment where id = :number"),
            {"moment": moment, "number": numbers["other"]},
        )
    return numbers


def _staged(database: Database, kind: str, who: str, *changes: Change, publisher: str = "") -> int:
    with database.writing() as connection:
        number = service.stage(connection, AREA, changes, kind=kind, title_zh="试", title_en="Test", who=who)
        if publisher:
            service.publish(connection, number, publisher)
    return number


EVERY = {"said", "staged", "other", "withdrawn", "related"}
TODAY = today_in("Asia/Shanghai")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, EVERY),
        ({"state": "staged"}, {"staged"}),
        ({"kind": "upload"}, {"other"}),
        ({"kind": "seed"}, set()),
        ({"who": "li"}, {"said", "withdrawn", "related"}),
        ({"who": "chen"}, {"other"}),
        ({"who": "wang", "kind": "edit"}, {"staged"}),
        ({"who": "l"}, set()),
        ({"from": TODAY.isoformat()}, EVERY - {"other"}),
        ({"from": (TODAY + timedelta(1)).isoformat()}, set()),
        ({"from": "2026-03", "to": "2026-03"}, {"other"}),
        ({"from": "2026-03-31", "to": "2026-03-31"}, {"other"}),
        ({"to": "2026-03-30"}, set()),
        ({"project": ROAD}, {"said", "staged", "withdrawn", "related"}),
        ({"project": OTHER}, {"other"}),
        ({"project": "new-park"}, {"other", "related"}),
        (
            {"project": ROAD, "state": "published", "who": "li", "kind": "edit"},
            {"said", "withdrawn", "related"},
        ),
    ],
)
def test_staff_find_what_they_ask_for(log: Log, query: Json, expected: set[str]) -> None:
    assert log.listed(**query) == expected


def test_strangers_find_what_is_published_and_no_account(log: Log) -> None:
    assert log.public(project=ROAD) == {"said", "withdrawn", "related"}
    assert log.public(kind="upload", **{"from": "2026-03"}) == {"other"}
    assert log.public(state="staged") == set()
    for who in ("li", "nobody"):
        answer = log.stranger.get("/api/changesets", params={"who": who})
        assert_problem(answer, 401, "sign-in-needed")
    for name in ("li", "wang", "chen"):
        assert f'"{name}"' not in log.stranger.get("/api/changesets?limit=200").text


def test_it_comes_by_pages(log: Log) -> None:
    found, before = [], None
    while True:
        query = {"limit": 1, "project": ROAD, **({"before": before} if before else {})}
        page = get(log.staff, "/api/changesets", **query)
        found += [entry["id"] for entry in page["changesets"]]
        before = page["next"]
        if before is None:
            break
    assert found == sorted(found, reverse=True)
    assert {log.numbers[name] for name in ("said", "staged", "withdrawn", "related")} <= set(found)
    assert found == [e["id"] for e in get(log.staff, "/api/changesets", project=ROAD)["changesets"]]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"kind": "magic"}, 400, "bad-parameter"),
        ({"from": "2026-02-30"}, 400, "bad-parameter"),
        ({"from": "2026-04", "to": "2026-03"}, 400, "bad-parameter"),
        ({"project": "No Such"}, 400, "bad-parameter"),
        ({"project": "no-such"}, 404, "unknown-project"),
        ({"who": "a\u0001"}, 400, "bad-parameter"),
        ({"colour": "red"}, 400, "bad-parameter"),
    ],
)
def test_what_is_asked_wrongly_is_told(log: Log, query: Json, status: int, code: str) -> None:
    assert_problem(log.staff.get("/api/changesets", params=query), status, code)


def test_staff_see_how_much_each_does_and_what_a_claim_cites(log: Log) -> None:
    said = log.numbers["said"]
    found = get(log.staff, "/api/changesets", limit=200)["changesets"]
    acts = {entry["id"]: entry["acts"] for entry in found}
    assert acts[said] == {"claim": 1}
    assert acts[log.numbers["other"]] == {"claim": 1, "add": 1}
    (change,) = get(log.staff, f"/api/changesets/{said}/changes")["changes"]
    assert change["cited"]["id"] == change["after"]["source"]
    assert change["cited"]["title"]
    assert change["cited"]["publisher_zh"]
    one = get(log.staff, f"/api/changesets/{said}/changes/{change['n']}")
    assert one["cited"] == change["cited"]
    assert all("acts" not in entry for entry in get(log.stranger, "/api/changesets", limit=200)["changesets"])
