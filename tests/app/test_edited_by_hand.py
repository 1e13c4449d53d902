"""A file that is brought again after something of it was corrected by hand, on the map."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from app.uploads import service as uploads
from tests.app.bringing import Json, Office, service_of
from tests.app.test_review import Desk, as_json, as_json_of, lot, lots, with_values
from tests.conftest import SEEDED, opened


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with pytest.MonkeyPatch.context() as patch, opened(SEEDED) as database:
        patch.setattr(uploads, "MOST_AN_HOUR", 10_000)
        with service_of(database) as client:
            office = Office(client, database)
            office.enter("李工")
            yield Desk(office)


def edit(desk: Desk, *acts: Json) -> int:
    """Stage and publish what somebody does on the map. Returns the number of the changeset."""
    revision = as_json(desk.office.client.get("/api/catalogue"))["revision"]
    body = {"base_revision": revision, "reason": "核对", "acts": [*acts]}
    number = int(as_json_of(desk.office.client.post("/api/edits", json=body), 201)["changeset"])
    as_json(desk.publish(number))
    return number


def rename(desk: Desk, dataset: str, key: str, name: str) -> int:
    return edit(desk, {"op": "rename", "id": desk.project(dataset, key)["id"], "name_zh": name})


def told(desk: Desk, number: int) -> dict[tuple[str, str], tuple[str, list[str]]]:
    """By act and target: how it is decided, and the codes of what is told of it."""
    return {
        (one["op"], one["target"]): (one["decision"], [issue["code"] for issue in one["issues"]])
        for one in desk.changes(number)
    }


def shifted(row: Json, east: float) -> Json:
    ring = [[round(x + east, 7), y] for x, y in row["geometry"]["coordinates"][0]]
    return {**row, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def test_what_would_undo_a_correction_waits_for_a_decision(desk: Desk) -> None:
    rows = lots("H", 3)
    desk.published("手改", rows)
    rename(desk, "手改", "H0", "北街小学地块")
    corrected = shifted(rows[1], 0.0002)["geometry"]
    moved, renamed, other = (desk.project("手改", f"H{n}")["id"] for n in (1, 0, 2))
    edit(desk, {"op": "reshape", "id": moved, "geometry": corrected, "precision": ""})
    # The same file once more, with one row that the office of the file changed itself.
    brought = desk.office.client
    number = desk.stage("手改", [rows[0], rows[1], with_values(rows[2], 名称="南街地块")])
    assert told(desk, number) == {
        ("change", renamed): ("reject", ["edited-by-hand"]),
        ("change", moved): ("reject", ["edited-by-hand"]),
        ("change", other): ("accept", []),
    }
    issues = {one["target"]: one["issues"][0] for one in desk.changes(number) if one["issues"]}
    assert issues[renamed]["detail_zh"].startswith("中文名称、英文名称由 李工 于 20")
    assert "文件里仍是更早的值" in issues[renamed]["detail_zh"]
    assert issues[moved]["detail_en"].startswith("李工 edited the shape")
    assert "the file still has the older value" in issues[moved]["detail_en"]
    upload = as_json(brought.get(f"/api/uploads/{desk.detail(number)['upload']}"))
    notes = {note["code"]: note["detail_zh"] for note in upload["report"]["notes"]}
    assert "2 条变更未预先采用" in notes["by-hand-undecided"]
    as_json(desk.publish(number))
    names = {key: desk.project("手改", key)["name_zh"] for key in ("H0", "H2")}
    assert names == {"H0": "北街小学地块", "H2": "南街地块"}
    shape = as_json(brought.get(f"/api/projects/{moved}"))["geometry"]
    assert sorted(shape["coordinates"][0]) == sorted(corrected["coordinates"][0])


def test_who_accepts_it_has_to_confirm_it(desk: Desk) -> None:
    rows = lots("HC", 1)
    desk.published("手改确认", rows)
    rename(desk, "手改确认", "HC0", "改过的名称")
    number = desk.stage("手改确认", rows)
    assert desk.detail(number)["warnings"] == 0
    (change,) = desk.changes(number)
    as_json(desk.decide(number, "accept", n=[change["n"]]))
    assert desk.detail(number)["warnings"] == 1
    assert desk.post(number, "publish", {"reason": "试"}).status_code == 409
    as_json(desk.publish(number))
    assert desk.project("手改确认", "HC0")["name_zh"] == "地块 HC0"


def test_a_newer_value_is_told_as_one_until_a_file_had_its_say(desk: Desk) -> None:
    rows = lots("HN", 1)
    desk.published("手改新值", rows)
    rename(desk, "手改新值", "HN0", "手工名")
    target = desk.project("手改新值", "HN0")["id"]
    third = desk.stage("手改新值", [with_values(rows[0], 名称="第三名")])
    assert told(desk, third) == {("change", target): ("reject", ["edited-by-hand"])}
    assert "文件里是另一个值" in desk.changes(third)[0]["issues"][0]["detail_zh"]
    # A file that agrees with the edit is published, with something else: what the next one says is news.
    desk.published("手改新值", [with_values(rows[0], 名称="手工名"), lot("HN9")])
    assert told(desk, desk.stage("手改新值", [with_values(rows[0], 名称="第三名")])) == {
        ("change", target): ("accept", [])
    }
    # But not the value of before the edit.
    assert told(desk, desk.stage("手改新值", rows)) == {("change", target): ("reject", ["edited-by-hand"])}


def test_an_edit_that_was_undone_stands_in_nobodys_way(desk: Desk) -> None:
    rows = lots("HU", 1)
    desk.published("手改撤销", rows)
    number = rename(desk, "手改撤销", "HU0", "写错了")
    as_json(desk.publish(desk.undo(number)["id"]))
    target = desk.project("手改撤销", "HU0")["id"]
    assert told(desk, desk.stage("手改撤销", [with_values(rows[0], 名称="新名")])) == {
        ("change", target): ("accept", [])
    }


def test_what_was_removed_or_put_elsewhere_by_hand_does_not_come_back_unseen(desk: Desk) -> None:
    rows = [lot("HP0"), lot("HP1"), with_values(lot("HP2"), 所属项目="HP0"), lot("HP3")]
    desk.published("手改上级", rows)
    ids = {key: desk.project("手改上级", key)["id"] for key in ("HP0", "HP1", "HP2", "HP3")}
    edit(desk, {"op": "parent", "id": ids["HP2"], "parent": ids["HP1"]}, {"op": "remove", "id": ids["HP3"]})
    number = desk.stage("手改上级", rows)
    found = told(desk, number)
    assert found["unrelate", ids["HP2"]][0] == "reject"
    assert found["relate", ids["HP2"]] == ("reject", ["edited-by-hand"])
    assert found["add", ids["HP3"]] == ("reject", ["removed-by-hand"])
    # What the row says of a thing that will not be there is left out with it.
    assert {one["decision"] for one in desk.changes(number, op="claim")} == {"reject"}
    assert desk.post(number, "publish", {"reason": "试"}).status_code == 409
    assert whole_of(desk, "HP2") == ids["HP1"]


def whole_of(desk: Desk, key: str) -> Any:
    query = text(
        "select whole.id from project part join project whole on whole.no = part.parent_no"
        " where part.external_key = :key"
    )
    with desk.office.database.writing() as connection:
        return connection.execute(query, {"key": key}).scalar_one()
