"""What staff do with a staged changeset: look, decide, confirm, publish, compare anew, take back."""

from __future__ import annotations

import io
import itertools
import json
import math
import threading
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx2 as httpx
import mapbox_vector_tile
import pytest
import shapely
from sqlalchemy import text

from app.changesets import listing_queries, queries, review, tile_queries
from app.settings import Settings
from app.uploads import service as uploads
from geodata.changes import Change
from geodata.kinds import load_kinds
from geodata.reading import BROWSER, Declared, Place, read
from tests.app import signed
from tests.app.asking import assert_problem
from tests.app.bringing import Json, Office, collection, service_of
from tests.app.changing import change_project, publish
from tests.conftest import SEEDED, opened

LARGEST_ANSWER = 2_000_000
_places = itertools.count()


@dataclass
class Desk:
    """Somebody who reviews. What a call returns is the answer; `as_json` insists that it is a good one."""

    office: Office

    def stage(self, dataset: str, rows: Sequence[Json], **form: str) -> int:
        """The number of the changeset that the file of these rows makes."""
        answer = self.office.send(collection(*rows), dataset=dataset, **{"data_date": "2026-01-01", **form})
        assert answer.status_code == 201, answer.text
        return int(answer.json()["changeset"])

    def detail(self, number: int) -> Json:
        return as_json(self.office.client.get(f"/api/changesets/{number}"))

    def tag(self, number: int) -> str:
        return self.office.client.get(f"/api/changesets/{number}").headers["ETag"]

    def changes(self, number: int, **params: Any) -> list[Json]:
        address = f"/api/changesets/{number}/changes"
        found: list[Json] = as_json(self.office.client.get(address, params=params))["changes"]
        return found

    def decide(self, number: int, verdict: str, *, tag: str | None = None, **where: Any) -> httpx.Response:
        return self.office.client.patch(
            f"/api/changesets/{number}/changes",
            json={"where": where, "decision": verdict},
            headers={"If-Match": tag or self.tag(number)},
        )

    def post(self, number: int, act: str, body: Any = None, *, tag: str | None = None, key: str = "") -> Any:
        headers = {"If-Match": tag or self.tag(number)}
        if key:
            headers["Idempotency-Key"] = key
        return self.office.client.post(f"/api/changesets/{number}/{act}", json=body, headers=headers)

    def publish(self, number: int, **how: Any) -> httpx.Response:
        """Publish with everything confirmed."""
        body = {"reason": "试", "confirm": self.detail(number)["confirm"]}
        answer: httpx.Response = self.post(number, "publish", body, **how)
        return answer

    def published(self, dataset: str, rows: Sequence[Json], **form: str) -> int:
        number = self.stage(dataset, rows, **form)
        as_json(self.publish(number))
        return number

    def undo(self, number: int) -> Json:
        """The detail of the staged inverse."""
        back = as_json(self.post(number, "revert", {"reason": "错"}))
        return self.detail(back["changeset"])

    def project(self, dataset: str, key: str) -> Json:
        """The public row of a key of a dataset."""
        with self.office.database.writing() as connection:
            query = text("select * from project where dataset = :dataset and external_key = :key")
            row = connection.execute(query, {"dataset": dataset, "key": key}).mappings().one()
            return dict(row)

    def standing(self, dataset: str) -> set[str]:
        """The keys of what is public of a dataset."""
        with self.office.database.writing() as connection:
            query = text("select external_key from project where dataset = :name and removed_rev is null")
            return set(connection.execute(query, {"name": dataset}).scalars())


def as_json(answer: Any) -> Json:
    return as_json_of(answer, 200)


def as_json_of(answer: Any, status: int) -> Json:
    assert answer.status_code == status, answer.text[:600]
    body: Json = answer.json()
    return body


def lot(key: str, status: str = "在建", **properties: Any) -> Json:
    """A small square in a place of its own."""
    n = next(_places)
    return {**moved(n), "properties": {"编号": key, "名称": f"地块 {key}", "状态": status, **properties}}


def moved(n: int) -> Json:
    west, south = round(113.97 + 0.002 * (n % 150), 6), round(22.52 + 0.002 * (n // 150), 6)
    east, north = round(west + 0.001, 6), round(south + 0.001, 6)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}}


def with_values(row: Json, **properties: Any) -> Json:
    return {**row, "properties": {**row["properties"], **properties}}


def lots(prefix: str, count: int, **properties: Any) -> list[Json]:
    return [lot(f"{prefix}{n}", **properties) for n in range(count)]


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with pytest.MonkeyPatch.context() as patch, opened(SEEDED) as database:
        patch.setattr(uploads, "MOST_AN_HOUR", 10_000)
        patch.setattr(uploads, "MOST_TRIES_AN_HOUR", 10_000)
        with service_of(database) as client:
            office = Office(client, database)
            office.enter("gis")
            yield Desk(office)


# ---------------------------------------------------------------- looking


@pytest.fixture(scope="module")
def mixed(desk: Desk) -> int:
    """A changeset of three good rows, one with a warning, one blocked."""
    rows = [
        *lots("M", 3),
        with_values(lot("M3"), 责任单位="张三 13812345678"),
        with_values(lot("M4"), 状态="在健"),
    ]
    return desk.stage("看", rows)


def test_counts_and_bounds_are_of_what_is_staged(desk: Desk, mixed: int) -> None:
    detail = desk.detail(mixed)
    counts = {(c["op"], c["decision"]): c["count"] for c in detail["counts"]["changes"]}
    assert counts == {("add", "accept"): 4, ("add", "blocked"): 1, ("claim", "accept"): 4}
    issues = {i["code"]: (i["severity"], i["count"]) for i in detail["counts"]["issues"]}
    assert issues["vocabulary-near"] == ("block", 1)
    assert issues["personal-data"] == ("warn", 1)
    west, south, east, north = detail["counts"]["bbox_lonlat"]
    assert 113.97 <= west < east <= 114.3
    assert 22.52 <= south < north <= 22.8
    assert (detail["warnings"], len(detail["confirm"])) == (1, 32)
    assert (detail["state"], detail["dataset"], detail["mode"]) == ("staged", "看", "merge")
    assert (
        date.fromisoformat(detail["expires_on"]) - date.fromisoformat(detail["created_at"][:10])
    ).days == 30


def test_a_claim_is_told_by_the_name_of_what_it_is_about(desk: Desk) -> None:
    number = desk.stage("说法", lots("C", 2))
    named = {(one["op"], one["about"]): one["name_zh"] for one in desk.changes(number)}
    added = {about: name for (op, about), name in named.items() if op == "add"}
    assert len(added) == 2
    assert {about: name for (op, about), name in named.items() if op == "claim"} == added
    assert not set(added) & set(added.values())
    assert {one["kind"] for one in desk.changes(number)} == {"parcel"}


def test_what_is_renamed_is_shown_where_it_stands_and_found_by_its_key_in_any_case(desk: Desk) -> None:
    rows = lots("RN-", 2)
    desk.published("改名", rows)
    number = desk.stage("改名", [with_values(rows[0], 名称="新名字"), rows[1]])
    (change,) = desk.changes(number, op="change")
    assert change["located"]
    assert not change["reshaped"]
    shape = as_json(desk.office.client.get(f"/api/changesets/{number}/changes/{change['n']}"))
    assert shape["geometry_before"] is None
    assert shape["geometry_after"]["type"] == "Polygon"
    assert shape["name_zh"] == "新名字"
    assert [c["n"] for c in desk.changes(number, op="change", q="rN-0")] == [change["n"]]


def test_a_shape_of_too_many_points_is_left_to_the_tiles(
    desk: Desk, mixed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    n = desk.changes(mixed, op="add")[0]["n"]
    address = f"/api/changesets/{mixed}/changes/{n}"
    assert as_json(desk.office.client.get(address))["geometry_after"]["type"] == "Polygon"
    monkeypatch.setattr(listing_queries, "MOST_POINTS", 4)
    assert as_json(desk.office.client.get(address))["geometry_after"] is None


def test_what_is_withdrawn_is_told_by_the_name_of_its_project(desk: Desk) -> None:
    number = desk.published("撤说法", lots("WD", 1))
    undo = as_json(desk.post(number, "revert", {"reason": "试"}))["changeset"]
    told = {c["op"]: c["name_zh"] for c in desk.changes(undo)}
    assert told["remove"] == told.get("withdraw", told["remove"]) == "地块 WD0"


def test_an_issue_is_counted_with_the_words_of_one(desk: Desk, mixed: int) -> None:
    counted = desk.detail(mixed)["counts"]["issues"]
    assert counted
    for issue in counted:
        first = desk.changes(mixed, issue=issue["code"], limit=1)[0]["issues"]
        told = next(one for one in first if one["code"] == issue["code"])
        assert (issue["detail_zh"], issue["detail_en"]) == (told["detail_zh"], told["detail_en"])


def test_pages_follow_each_other_without_gap_or_repetition(desk: Desk, mixed: int) -> None:
    whole, cursor, pages = [c["n"] for c in desk.changes(mixed)], 0, []
    while True:
        params = {"limit": 2, "cursor": cursor}
        page = as_json(desk.office.client.get(f"/api/changesets/{mixed}/changes", params=params))
        pages += [c["n"] for c in page["changes"]]
        assert len(page["changes"]) <= 2
        if page["next"] is None:
            break
        cursor = page["next"]
    assert pages == whole == sorted(set(whole))
    assert len(whole) == 9


def test_filters_leave_what_they_say(desk: Desk, mixed: int) -> None:
    rows = {c["n"]: c for c in desk.changes(mixed)}
    adds = {n for n, c in rows.items() if c["op"] == "add"}
    by_row = {c["row"]: c for c in rows.values() if c["op"] == "add"}
    assert numbers(desk, mixed, op="add") == adds
    assert numbers(desk, mixed, op="claim") == set(rows) - adds
    assert numbers(desk, mixed, op="remove") == set()
    assert numbers(desk, mixed, issue="personal-data") == {by_row[4]["n"]}
    assert numbers(desk, mixed, severity="block") == {by_row[5]["n"]}
    assert numbers(desk, mixed, severity="warn") == {by_row[4]["n"]}
    assert numbers(desk, mixed, decision="blocked") == {by_row[5]["n"]}
    assert numbers(desk, mixed, decision="accept", op="add") == adds - {by_row[5]["n"]}
    assert numbers(desk, mixed, q="地块 M1") == {by_row[2]["n"]}
    assert numbers(desk, mixed, q="100%_") == set()
    third = by_row[3]
    box = ",".join(str(round(side, 6)) for side in around(third["lon"], third["lat"], 0.0002))
    assert numbers(desk, mixed, bbox=box) == {third["n"]}
    one = as_json(desk.office.client.get(f"/api/changesets/{mixed}/changes/{third['n']}"))
    assert one["geometry_before"] is None
    assert one["geometry_after"]["type"] == "Polygon"


def numbers(desk: Desk, number: int, **params: Any) -> set[int]:
    return {c["n"] for c in desk.changes(number, **params)}


def test_a_faulty_row_far_away_does_not_widen_the_view(desk: Desk) -> None:
    far = with_values(lot("Q3"))
    far["geometry"] = {"type": "Point", "coordinates": [14.121, 22.69]}
    detail = desk.detail(desk.stage("看远", [*lots("Q", 3), far]))
    assert {(p["verdict"], p["decision"]): p["count"] for p in detail["counts"]["projects"]} == {
        ("added", "accept"): 3,
        ("added", "blocked"): 1,
    }
    west, south, east, north = detail["counts"]["bbox_lonlat"]
    assert 113.9 < west < east < 114.4
    assert 22.5 < south < north < 22.9


def around(lon: float, lat: float, by: float) -> tuple[float, float, float, float]:
    return lon - by, lat - by, lon + by, lat + by


def test_a_tile_shows_every_shape_with_its_number_and_decision(desk: Desk, mixed: int) -> None:
    shown = {c["n"]: c for c in desk.changes(mixed, op="add")}
    box = desk.detail(mixed)["counts"]["bbox_lonlat"]
    zoom = 10
    x, y = tile_at(zoom, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    answer = desk.office.client.get(f"/api/changesets/{mixed}/tiles/{zoom}/{x}/{y}.mvt")
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert answer.headers["cache-control"] == "no-store"
    features = mapbox_vector_tile.decode(answer.content)["changes"]["features"]
    assert {f["id"] for f in features} == set(shown)
    for found in features:
        change = shown[found["id"]]
        assert found["properties"]["side"] == "after"
        assert found["properties"]["op"] == "add"
        assert found["properties"]["decision"] == change["decision"]
        severities = {issue["severity"] for issue in change["issues"]}
        expected = "block" if "block" in severities else "warn" if severities else ""
        assert found["properties"]["told"] == expected
    address = f"/api/changesets/{mixed}/tiles/{zoom}/{x}/{y}.mvt"
    for filters in (
        {"decision": "blocked"},
        {"issue": "vocabulary-near"},
        {"severity": "block"},
        {"q": "M1"},
    ):
        some = desk.office.client.get(address, params=filters)
        listed = {c["n"] for c in desk.changes(mixed, op="add", **filters)}
        drawn = mapbox_vector_tile.decode(some.content)["changes"]["features"]
        assert {f["id"] for f in drawn} == listed
        assert len(listed) == 1
    assert desk.office.client.get(address, params={"op": "remove"}).content == b""
    empty = desk.office.client.get(f"/api/changesets/{mixed}/tiles/{zoom}/0/0.mvt")
    assert (empty.status_code, empty.content) == (200, b"")
    assert_problem(desk.office.client.get(f"/api/changesets/{mixed}/tiles/1/2/0.mvt"), 404)


def test_where_points_would_touch_the_first_of_those_that_look_the_same_stands_for_them(
    desk: Desk, mixed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = desk.detail(mixed)["counts"]["bbox_lonlat"]
    x, y = tile_at(6, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2)

    def drawn() -> list[Json]:
        answer = desk.office.client.get(f"/api/changesets/{mixed}/tiles/6/{x}/{y}.mvt")
        found: list[Json] = mapbox_vector_tile.decode(answer.content)["changes"]["features"]
        return found

    assert len(drawn()) == 5
    monkeypatch.setattr(tile_queries, "MANY", 4)
    looks = sorted((f["properties"]["decision"], f["properties"]["told"]) for f in drawn())
    assert looks == [("accept", ""), ("accept", "warn"), ("blocked", "block")]


def test_a_tile_shows_the_way_of_a_point_that_moved(desk: Desk) -> None:
    def stop(lon: float) -> Json:
        properties = {"编号": "MV", "名称": "移动站"}
        geometry = {"type": "Point", "coordinates": [lon, 22.661]}
        return {"type": "Feature", "properties": properties, "geometry": geometry}

    desk.published("移动", [stop(114.181)], kind="station")
    number = desk.stage("移动", [stop(114.183)], kind="station")
    x, y = tile_at(12, 114.182, 22.661)
    answer = desk.office.client.get(f"/api/changesets/{number}/tiles/12/{x}/{y}.mvt")
    features = mapbox_vector_tile.decode(answer.content)["changes"]["features"]
    types = {f["properties"]["side"]: f["geometry"]["type"] for f in features}
    assert types == {"before": "Point", "after": "Point", "moved": "LineString"}


@pytest.mark.parametrize(("pixels", "is_there"), [(3, True), (9, True), (12, False)])
def test_the_sign_of_a_point_beside_an_edge_is_in_both_tiles(desk: Desk, pixels: int, is_there: bool) -> None:
    zoom = 14
    x, y = tile_at(zoom, 114.182, 22.661)
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (y + pixels / 256) / 2**zoom))))
    properties = {"编号": "E", "名称": "边上站"}
    geometry = {"type": "Point", "coordinates": [114.182, lat]}
    number = desk.stage(
        "边上", [{"type": "Feature", "properties": properties, "geometry": geometry}], kind="station"
    )
    above, here = (
        desk.office.client.get(f"/api/changesets/{number}/tiles/{zoom}/{x}/{row}.mvt").content
        for row in (y - 1, y)
    )
    assert here
    assert bool(above) == is_there


def tile_at(zoom: int, lon: float, lat: float) -> tuple[int, int]:
    n = 2**zoom
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return int((lon + 180) / 360 * n), int(y * n)


# ---------------------------------------------------------------- undoing


def test_what_a_later_file_lists_again_stays_when_an_earlier_one_is_undone(desk: Desk) -> None:
    first = desk.published("两月", lots("AG", 4), data_date="2026-01-01")
    # A month later three of them are as they were, and the fourth is not in the file.
    later = desk.published("两月", lots("AG", 3), data_date="2026-02-01")
    before = [desk.project("两月", f"AG{n}") for n in range(3)]
    back = desk.undo(first)
    assert {(one["part"], one["target"]) for one in back["kept"]} == {("heard", row["id"]) for row in before}
    assert all(one["detail_zh"].endswith("在之后发布的文件里再次列出") for one in back["kept"])
    assert all("lists" in one["detail_en"] for one in back["kept"])
    as_json(desk.publish(back["id"]))
    after = [desk.project("两月", f"AG{n}") for n in range(3)]
    assert [(row["removed_rev"], row["phases"]) for row in after] == [(None, row["phases"]) for row in before]
    assert desk.project("两月", "AG3")["removed_rev"] is not None
    # A file that is undone itself says nothing again.
    as_json(desk.publish(desk.undo(later)["id"]))
    again = desk.published("两月", lots("AH", 1), data_date="2026-03-01")
    assert desk.undo(again)["kept"] == []


# ---------------------------------------------------------------- deciding


def decisions(desk: Desk, number: int) -> dict[tuple[int, str], str]:
    """Decision by row of the file and op."""
    return {(c["row"], c["op"]): c["decision"] for c in desk.changes(number, limit=500)}


def test_a_row_that_is_not_added_takes_its_claim_and_brings_it_back(desk: Desk) -> None:
    number = desk.stage("取舍", lots("D", 3))
    first = next(c["n"] for c in desk.changes(number, op="add"))
    body = as_json(desk.decide(number, "reject", n=[first]))
    assert body["version"] == 2
    rejected = {key for key, value in decisions(desk, number).items() if value == "reject"}
    assert rejected == {(1, "add"), (1, "claim")}
    as_json(desk.decide(number, "accept", n=[first]))
    assert set(decisions(desk, number).values()) == {"accept"}


def test_a_claim_may_be_left_out_alone_and_stays_out(desk: Desk) -> None:
    number = desk.stage("只要地块", lots("L", 3))
    claims = [c["n"] for c in desk.changes(number, op="claim")]
    as_json(desk.decide(number, "reject", n=claims[:1]))
    as_json(desk.decide(number, "reject", n=claims[1:2]))
    assert [v for (_, op), v in sorted(decisions(desk, number).items()) if op == "add"] == ["accept"] * 3
    as_json(desk.decide(number, "accept", n=claims[1:2]))
    assert decisions(desk, number)[1, "claim"] == "reject"
    assert decisions(desk, number)[2, "claim"] == "accept"
    as_json(desk.publish(number))
    assert desk.project("只要地块", "L0")["phases"] == ""
    assert desk.project("只要地块", "L1")["phases"] != ""


def test_a_wanted_claim_brings_its_row(desk: Desk) -> None:
    number = desk.stage("要状态", lots("W", 2))
    as_json(desk.decide(number, "reject"))
    assert set(decisions(desk, number).values()) == {"reject"}
    claim = desk.changes(number, op="claim")[1]["n"]
    as_json(desk.decide(number, "accept", n=[claim]))
    accepted = {key for key, value in decisions(desk, number).items() if value == "accept"}
    assert accepted == {(2, "add"), (2, "claim")}


def test_a_part_without_its_whole_is_published_on_its_own(desk: Desk) -> None:
    """A relation to what is not added is left out with it, and comes back with it."""
    rows = [lot("P0"), with_values(lot("P1"), 所属项目="P0")]
    number = desk.stage("整体与部分", rows)
    assert (2, "relate") in decisions(desk, number)
    whole = next(c["n"] for c in desk.changes(number, op="add"))
    as_json(desk.decide(number, "reject", n=[whole]))
    assert decisions(desk, number)[2, "relate"] == "reject"
    as_json(desk.decide(number, "accept", n=[whole]))
    assert decisions(desk, number)[2, "relate"] == "accept"
    as_json(desk.decide(number, "reject", n=[whole]))
    as_json(desk.publish(number))
    assert desk.standing("整体与部分") == {"P1"}
    assert desk.project("整体与部分", "P1")["parent_no"] is None


def test_a_rejected_part_leaves_no_relation(desk: Desk) -> None:
    rows = [lot("Q0"), with_values(lot("Q1"), 所属项目="Q0")]
    number = desk.stage("无部分", rows)
    part = desk.changes(number, op="add")[1]["n"]
    as_json(desk.decide(number, "reject", n=[part]))
    rejected = {key for key, value in decisions(desk, number).items() if value == "reject"}
    assert rejected == {(2, "add"), (2, "claim"), (2, "relate")}
    as_json(desk.publish(number))
    assert desk.standing("无部分") == {"Q0"}


def test_many_are_decided_by_what_they_have_in_common(desk: Desk) -> None:
    rows = [*lots("C", 2), *(with_values(one, 责任单位="13812345678") for one in lots("CW", 2))]
    number = desk.stage("成批", rows)
    body = as_json(desk.decide(number, "reject", issue="personal-data"))
    assert (body["changed"], body["warnings"], body["confirm"]) == (2, 0, "")
    assert {row for (row, _), value in decisions(desk, number).items() if value == "reject"} == {3, 4}
    assert as_json(desk.decide(number, "accept", decision="reject", op="add"))["changed"] == 2
    assert set(decisions(desk, number).values()) == {"accept"}
    assert as_json(desk.decide(number, "reject", q="地块 C0"))["changed"] == 1


def test_what_is_blocked_is_never_accepted(desk: Desk) -> None:
    rows = [lot("B0"), with_values(lot("B1"), 状态="在健")]
    number = desk.stage("有错", rows)
    blocked = desk.changes(number, decision="blocked")[0]["n"]
    for where in ({"n": [blocked]}, {"decision": "blocked"}, {"severity": "block"}, {}):
        assert as_json(desk.decide(number, "accept", **where))["changed"] == 0
    assert as_json(desk.decide(number, "reject", severity="block"))["changed"] == 0
    assert [c["n"] for c in desk.changes(number, decision="blocked")] == [blocked]
    as_json(desk.publish(number))
    assert desk.standing("有错") == {"B0"}


def test_H267_acts_say_which_version_they_saw(desk: Desk) -> None:
    number = desk.stage("版本", lots("V", 2))
    client, address = desk.office.client, f"/api/changesets/{number}"
    change = {"where": {}, "decision": "accept"}
    reason = {"reason": "试"}
    for method, path, body in (
        ("PATCH", "changes", change),
        ("POST", "publish", reason),
        ("POST", "rebase", None),
        ("POST", "discard", None),
    ):
        for given in ({}, {"If-Match": "*"}, {"If-Match": "nonsense"}):
            answer = client.request(method, f"{address}/{path}", json=body, headers=given)
            assert_problem(answer, 428, "if-match-needed")
        answer = client.request(method, f"{address}/{path}", json=body, headers={"If-Match": '"9"'})
        assert_problem(answer, 412, "stale")
        assert answer.headers["ETag"] == desk.tag(number) == '"1"'


def test_H267_of_two_at_once_one_is_told_to_look_again(desk: Desk) -> None:
    number = desk.stage("两人", lots("2P", 4))
    tag, ready = desk.tag(number), threading.Barrier(2)

    def one(decision: str) -> int:
        ready.wait()
        return desk.decide(number, decision, tag=tag).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, ("reject", "accept"))) == [200, 412]
    assert desk.tag(number) == '"2"'


# ---------------------------------------------------------------- publishing


def test_warnings_are_confirmed_as_they_are_seen(desk: Desk) -> None:
    rows = [lot("U0"), *(with_values(one, 责任单位="13812345678") for one in lots("UW", 2))]
    number = desk.stage("提醒", rows)
    seen = desk.detail(number)["confirm"]
    for confirm in ("", "0" * 32):
        answer = desk.post(number, "publish", {"reason": "试", "confirm": confirm})
        assert assert_problem(answer, 409, "unconfirmed")["confirm"] == seen
    last = desk.changes(number, issue="personal-data")[-1]["n"]
    as_json(desk.decide(number, "reject", n=[last]))
    answer = desk.post(number, "publish", {"reason": "试", "confirm": seen})
    fewer = assert_problem(answer, 409, "unconfirmed")["confirm"]
    assert fewer == desk.detail(number)["confirm"] != seen
    as_json(desk.post(number, "publish", {"reason": "试", "confirm": fewer}))
    assert desk.standing("提醒") == {"U0", "UW0"}


@pytest.mark.parametrize("reason", [None, "", "   ", "\n", "x" * 2001])
def test_a_reason_is_needed(desk: Desk, reason: str | None) -> None:
    number = desk.stage("理由", lots("R", 1))
    body = {} if reason is None else {"reason": reason}
    assert_problem(desk.post(number, "publish", body), 422, "bad-body")
    assert_problem(desk.post(1, "revert", body), 422, "bad-body")
    assert desk.detail(number)["state"] == "staged"


def test_H343_who_published_why_is_in_the_log(desk: Desk) -> None:
    number = desk.stage("记录", lots("LOG", 1))
    as_json(desk.post(number, "publish", {"reason": "年度更新"}))
    with desk.office.database.writing() as connection:
        query = text("select action, who, role, reason from event_log where object = :thing order by id")
        rows = [tuple(row) for row in connection.execute(query, {"thing": f"changeset/{number}"})]
    assert rows == [("stage", "gis", rows[0][2], ""), ("publish", "gis", "gis", "年度更新")]
    assert desk.detail(number)["published_by"] == "gis"


def test_nothing_accepted_is_nothing_to_publish(desk: Desk) -> None:
    number = desk.stage("不要", lots("N", 2))
    as_json(desk.decide(number, "reject"))
    assert_problem(desk.publish(number), 409, "nothing-accepted")
    assert desk.standing("不要") == set()


def test_what_is_discarded_is_over(desk: Desk) -> None:
    number = desk.stage("放弃", lots("X", 1))
    as_json(desk.post(number, "discard"))
    assert desk.detail(number)["state"] == "discarded"
    tag = desk.tag(number)
    assert_problem(desk.post(number, "publish", {"reason": "试"}, tag=tag), 409, "wrong-state")
    assert_problem(desk.post(number, "discard", tag=tag), 409, "wrong-state")
    assert_problem(desk.post(number, "rebase", tag=tag), 409, "wrong-state")
    assert_problem(desk.post(number, "revert", {"reason": "错"}), 409, "wrong-state")
    assert_problem(desk.decide(number, "reject", tag=tag), 409, "wrong-state")
    assert_problem(desk.office.client.get("/api/changesets/999999"), 404, "unknown-changeset")


def test_what_nobody_finishes_expires_after_thirty_days(desk: Desk) -> None:
    old, young = (desk.stage(name, lots(name, 1)) for name in ("旧", "新"))
    database = desk.office.database
    with database.writing() as connection:
        for number, days in ((old, 31), (young, 29)):
            connection.execute(
                text("update changeset set created_at = now() - make_interval(days => :days) where id = :id"),
                {"days": days, "id": number},
            )
        assert review.discard_forgotten(connection) == [old]
    assert desk.detail(old)["state"] == "discarded"
    assert desk.detail(young)["state"] == "staged"
    with database.writing() as connection:
        query = text("select who from event_log where action = 'expire' and object = :thing")
        assert connection.execute(query, {"thing": f"changeset/{old}"}).scalars().all() == ["guatu"]


def test_where_two_persons_are_required_the_author_does_not_publish(desk: Desk) -> None:
    number = desk.stage("双人", lots("T", 1))
    database = desk.office.database
    strict = signed.browser(database, Settings(require_second_person=True))
    other = Desk(Office(strict, database))
    signed.enter(strict, database, "gis")
    assert_problem(other.publish(number), 403, "second-person")
    other.office.enter("second")
    as_json(other.publish(number))
    assert desk.detail(number)["published_by"] == "second"


def test_H261_the_same_request_again_has_the_same_answer(desk: Desk) -> None:
    content = collection(*lots("I", 1))
    send = {"dataset": "重发", "key": "one-key"}
    first = desk.office.send(content, **send)
    again = desk.office.send(content, **send)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert_problem(desk.office.send(content, **{**send, "mode": "replace"}), 422, "key-reused")
    other = content.replace("地块".encode(), "田块".encode())
    assert len(other) == len(content)
    assert_problem(desk.office.send(other, **send), 422, "key-reused")
    number = int(first.json()["changeset"])
    tag, body = desk.tag(number), {"reason": "试"}
    done = as_json(desk.post(number, "publish", body, tag=tag, key="another"))
    assert as_json(desk.post(number, "publish", body, tag=tag, key="another")) == done
    answer = desk.post(number, "publish", {"reason": "别的"}, tag=tag, key="another")
    assert_problem(answer, 422, "key-reused")
    back = as_json(desk.post(number, "revert", {"reason": "错"}, key="third"))
    assert as_json(desk.post(number, "revert", {"reason": "错"}, key="third")) == back


def test_H266_of_two_who_publish_at_once_one_does(desk: Desk) -> None:
    number = desk.stage("同时发布", lots("S", 5))
    tag, ready = desk.tag(number), threading.Barrier(2)

    def one(_: int) -> tuple[int, str]:
        ready.wait()
        answer = desk.post(number, "publish", {"reason": "试"}, tag=tag)
        return answer.status_code, answer.json().get("code", "")

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, range(2))) == [(200, ""), (409, "wrong-state")]
    assert len(desk.standing("同时发布")) == 5


def test_H265_who_reads_meanwhile_sees_the_old_or_the_new_whole(desk: Desk) -> None:
    rows = lots("RDX", 40)
    desk.published("读", rows)
    number = desk.stage("读", [with_values(row, 名称=f"新 {row['properties']['编号']}") for row in rows])
    seen: set[frozenset[str]] = set()
    tags: set[str] = set()
    ended = threading.Event()

    def read() -> None:
        while not ended.is_set():
            answer = desk.office.client.get("/api/projects", params={"q": "RDX", "limit": 1000})
            names = frozenset(f["properties"]["name_zh"][:1] for f in answer.json()["features"])
            seen.add(names)
            tags.add(answer.headers.get("ETag", ""))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    as_json(desk.publish(number))
    as_json(desk.office.client.get("/api/projects", params={"q": "RDX"}))
    ended.set()
    for reader in readers:
        reader.join()
    assert seen <= {frozenset("地"), frozenset("新")}
    assert len(tags) <= 2


# ---------------------------------------------------------------- others at the same time


def test_H264_what_a_planner_changed_meanwhile_is_not_overwritten(desk: Desk) -> None:
    rows = lots("H", 3)
    desk.published("同改", rows)
    edited = [with_values(row, 名称=f"上传的 {row['properties']['编号']}") for row in rows]
    number = desk.stage("同改", edited)
    second = desk.changes(number)[1]["n"]
    as_json(desk.decide(number, "reject", n=[second]))
    project = desk.project("同改", "H0")
    rev = change_project(desk.office.database, project["id"], name_zh="规划员改的")
    body = assert_problem(desk.publish(number), 409, "moved-on")
    assert [(e["target"], e["part"], e["theirs"], e["moved_at"]) for e in body["errors"]] == [
        (project["id"], "name_zh", "规划员改的", rev)
    ]
    (told,) = body["errors"]
    assert told["detail_zh"] == f"“规划员改的”的中文名称已被改为“规划员改的”（版本 {rev}）"
    assert told["detail_en"].startswith("the name in Chinese of ")
    assert desk.project("同改", "H2")["name_zh"] == "地块 H2"
    outcome = as_json(desk.post(number, "rebase"))
    assert (outcome["moved"], outcome["impossible"]) == (1, 0)
    changes = {c["target"]: c for c in desk.changes(number)}
    moved_on = changes[project["id"]]
    assert moved_on["before"]["name_zh"] == "规划员改的"
    (warning,) = (issue for issue in moved_on["issues"] if issue["code"] == "moved-on")
    assert warning["field"] == "name_zh"
    assert warning["detail_zh"] == "自上次比较以来，“规划员改的”的中文名称已被改为“规划员改的”：接受将覆盖它"
    assert [c["decision"] for _, c in sorted(changes.items())].count("reject") == 1
    assert desk.detail(number)["warnings"] == 1
    assert_problem(desk.post(number, "publish", {"reason": "试"}), 409, "unconfirmed")
    as_json(desk.publish(number))
    names = [desk.project("同改", key)["name_zh"] for key in ("H0", "H1", "H2")]
    assert names == ["上传的 H0", "地块 H1", "上传的 H2"]


def test_H268_what_is_gone_is_not_made_anew_by_an_edit(desk: Desk) -> None:
    rows = lots("G", 2)
    desk.published("已删", rows)
    number = desk.stage("已删", [with_values(row, 名称="改名") for row in rows])
    gone = desk.project("已删", "G0")["id"]
    with desk.office.database.writing() as connection:
        now = queries.current_projects(connection, [gone])[gone]
    publish(desk.office.database, Change("remove", gone, before=now.record, geom_before=now.geometry))
    body = assert_problem(desk.publish(number), 409, "moved-on")
    assert [(e["target"], e["part"]) for e in body["errors"]] == [(gone, "exists")]
    assert as_json(desk.post(number, "rebase"))["impossible"] == 1
    dead = next(c for c in desk.changes(number) if c["target"] == gone)
    assert dead["decision"] == "conflict"
    assert as_json(desk.decide(number, "accept", n=[dead["n"]]))["changed"] == 0
    as_json(desk.publish(number))
    assert desk.standing("已删") == {"G1"}
    assert desk.office.client.get(f"/api/projects/{gone}").status_code == 410


@pytest.mark.parametrize("mode", ["merge", "replace"])
@pytest.mark.parametrize("later_first", [True, False], ids=["later-first", "earlier-first"])
def test_H264_of_one_file_staged_twice_the_second_is_told_and_settles(
    desk: Desk, mode: str, later_first: bool
) -> None:
    dataset = f"两遍 {mode} {later_first}"
    rows = lots(f"2X-{mode}-{later_first}-", 3)
    first, second = (desk.stage(dataset, rows, mode=mode) for _ in range(2))
    if later_first:
        first, second = second, first
    as_json(desk.publish(first))
    claims = claim_count(desk)
    body = assert_problem(desk.publish(second), 409, "moved-on")
    assert {error["part"] for error in body["errors"]} == {"exists", "claims"}
    outcome = as_json(desk.post(second, "rebase"))
    assert (outcome["moved"], outcome["settled"], outcome["impossible"]) == (0, 6, 0)
    assert desk.changes(second) == []
    assert_problem(desk.publish(second), 409, "nothing-accepted")
    assert claim_count(desk) == claims


@pytest.mark.parametrize("mode", ["merge", "replace"])
@pytest.mark.parametrize("later_first", [True, False], ids=["later-first", "earlier-first"])
def test_H264_what_another_added_becomes_a_change_and_decisions_stay(
    desk: Desk, mode: str, later_first: bool
) -> None:
    dataset = f"两样 {mode} {later_first}"
    rows = lots(f"2Y-{mode}-{later_first}-", 3)
    keys = [row["properties"]["编号"] for row in rows]
    edited = [with_values(row, 名称=f"另一名 {key}") for row, key in zip(rows, keys, strict=True)]
    first, second = (desk.stage(dataset, some, mode=mode) for some in (rows, edited))
    if later_first:
        first, second = second, first
    adds = desk.changes(second, op="add")
    as_json(desk.decide(second, "reject", n=[adds[1]["n"]]))
    as_json(desk.publish(first))
    before = [desk.project(dataset, key)["name_zh"] for key in keys]
    assert_problem(desk.publish(second), 409, "moved-on")
    assert as_json(desk.post(second, "rebase"))["moved"] == 3
    changes = {change["target"]: change for change in desk.changes(second)}
    assert {change["op"] for change in changes.values()} == {"change"}
    assert [changes[add["target"]]["decision"] for add in adds] == ["accept", "reject", "accept"]
    as_json(desk.publish(second))
    after = [desk.project(dataset, key)["name_zh"] for key in keys]
    assert [now == then for now, then in zip(after, before, strict=True)] == [False, True, False]


def test_H264_a_key_that_another_dataset_got_meanwhile_is_told(desk: Desk) -> None:
    first, second = (desk.stage(dataset, lots("2K", 2)) for dataset in ("先占", "后到"))
    as_json(desk.publish(first))
    body = assert_problem(desk.publish(second), 409, "moved-on")
    assert [error["part"] for error in body["errors"]] == ["external_key"] * 2
    assert as_json(desk.post(second, "rebase"))["impossible"] == 2
    adds = desk.changes(second, op="add")
    assert [change["decision"] for change in adds] == ["conflict"] * 2
    assert {issue["code"] for change in adds for issue in change["issues"]} == {"key-of-other-dataset"}
    assert_problem(desk.publish(second), 409, "nothing-accepted")


def test_H268_a_part_of_what_is_gone_and_a_status_of_it_are_left_out(desk: Desk) -> None:
    rows = lots("2G", 3)
    desk.published("整体没了", rows)
    new = [
        with_values(rows[0], 状态="已竣工"),
        with_values(rows[1], 所属项目=desk.project("整体没了", "2G0")["id"]),
        with_values(rows[2], 名称="仍在"),
    ]
    number = desk.stage("整体没了", new, data_date="2026-02-01")
    gone = desk.project("整体没了", "2G0")["id"]
    with desk.office.database.writing() as connection:
        now = queries.current_projects(connection, [gone])[gone]
    publish(desk.office.database, Change("remove", gone, before=now.record, geom_before=now.geometry))
    body = assert_problem(desk.publish(number), 409, "moved-on")
    assert {(e["target"], e["part"]) for e in body["errors"]} == {(gone, "exists")}
    assert as_json(desk.post(number, "rebase"))["impossible"] == 2
    as_json(desk.publish(number))
    assert desk.project("整体没了", "2G2")["name_zh"] == "仍在"
    assert desk.project("整体没了", "2G1")["parent_no"] is None


# ---------------------------------------------------------------- merge and replace


def test_replace_removes_within_its_dataset_and_merge_never(desk: Desk) -> None:
    mine, theirs = lots("A", 3), lots("O", 2)
    desk.published("我的", mine)
    desk.published("别人的", theirs)
    merged = desk.stage("我的", [with_values(mine[0], 名称="甲")])
    assert {c["op"] for c in desk.changes(merged)} == {"change"}
    as_json(desk.publish(merged))
    assert desk.standing("我的") == {"A0", "A1", "A2"}
    number = desk.stage("我的", mine[:2], mode="replace")
    removed = desk.changes(number, op="remove")
    assert [c["target"] for c in removed] == [desk.project("我的", "A2")["id"]]
    assert [issue["code"] for c in removed for issue in c["issues"]] == ["removal"]
    detail = desk.detail(number)
    counted = {i["code"]: (i["severity"], i["count"]) for i in detail["counts"]["issues"]}
    assert (detail["warnings"], counted["removal"]) == (1, ("warn", 1))
    assert_problem(desk.post(number, "publish", {"reason": "试"}), 409, "unconfirmed")
    as_json(desk.publish(number))
    assert desk.standing("我的") == {"A0", "A1"}
    assert desk.standing("别人的") == {"O0", "O1"}


def test_keys_that_are_all_of_one_other_dataset_come_with_an_offer(desk: Desk) -> None:
    rows, others = lots("OWN", 2), lots("ELSE", 1)
    desk.published("原名", rows)
    desk.published("旁人", others)
    answer = desk.office.send(collection(*rows), dataset="原名2")
    body = assert_problem(answer, 422, "key-of-other-dataset")
    assert body["offers"] == {"dataset": ["原名"]}
    for some in ([*rows, *others], [*rows, with_values(lot("NEW"), 状态="在健")]):
        answer = desk.office.send(collection(*some), dataset="原名2")
        assert "dataset" not in (assert_problem(answer, 422).get("offers") or {})
    again = desk.office.send(collection(*rows), dataset=body["offers"]["dataset"][0])
    assert again.json()["report"]["counts"]["same"] == 2


def test_the_same_status_again_is_heard_and_says_nothing_new(desk: Desk) -> None:
    rows = lots("E", 2)
    desk.published("又说", rows, data_date="2026-01-01")
    before = desk.project("又说", "E0")
    claims = claim_count(desk)
    number = desk.stage("又说", rows, data_date="2026-03-01")
    (heard,) = desk.changes(number)
    assert heard["op"] == "heard"
    assert {one["name_zh"] for one in heard["named"].values()} == {"地块 E0", "地块 E1"}
    as_json(desk.publish(number))
    after = desk.project("又说", "E0")
    assert (before["last_heard"], after["last_heard"]) == (date(2026, 1, 1), date(2026, 3, 1))
    assert after["phases"] == before["phases"]
    assert claim_count(desk) == claims
    as_json(desk.publish(desk.undo(number)["id"]))
    assert desk.project("又说", "E0")["last_heard"] == date(2026, 1, 1)


def test_a_file_of_which_all_is_public_already_waits_for_nobody(desk: Desk) -> None:
    rows = lots("SAME", 2)
    desk.published("一样", rows)
    number = desk.stage("一样", rows)
    detail = desk.detail(number)
    assert (detail["state"], detail["counts"]["changes"], detail["expires_on"]) == ("discarded", [], None)
    client = desk.office.client
    waiting = as_json(client.get("/api/changesets", params={"state": "staged", "limit": 200}))["changesets"]
    assert number not in {one["id"] for one in waiting}
    (listed,) = (one for one in as_json(client.get("/api/uploads"))["uploads"] if one["changeset"] == number)
    assert (listed["state"], listed["changeset_state"]) == ("staged", "nothing")
    assert_problem(desk.post(number, "publish", {"reason": "试"}), 409, "wrong-state")
    # What a person gave up is told as that, and one changed row waits as ever.
    other = desk.stage("一样", [rows[0], with_values(rows[1], 名称="改名")])
    assert desk.detail(other)["state"] == "staged"
    as_json(desk.post(other, "discard"))
    states = {
        one["changeset"]: one["changeset_state"] for one in as_json(client.get("/api/uploads"))["uploads"]
    }
    assert (states[number], states[other]) == ("nothing", "discarded")


def claim_count(desk: Desk) -> int:
    with desk.office.database.writing() as connection:
        return int(connection.execute(text("select count(*) from claim")).scalar_one())


# ---------------------------------------------------------------- taking back


def exports(desk: Desk) -> dict[str, bytes]:
    """Everything that is public, as it is downloaded; without what counts revisions."""
    found = {}
    for address in ("/api/projects?limit=1000", "/api/projects.csv"):
        answer = desk.office.client.get(f"{address}{'&' if '?' in address else '?'}known=2026-11-24")
        assert answer.status_code == 200
        found[address] = answer.content
    body = json.loads(found["/api/projects?limit=1000"])
    found["/api/projects?limit=1000"] = json.dumps(body["features"], ensure_ascii=False).encode()
    lines = found["/api/projects.csv"].decode("utf-8-sig").splitlines()
    column = lines[0].split(",").index("revision") if "revision" in lines[0].split(",") else None
    assert column is None or column == len(lines[0].split(",")) - 1 or "revision" in lines[0]
    found["/api/projects.csv"] = "\n".join(lines).encode()
    return found


def test_H269_H296_undone_the_export_is_what_it_was(desk: Desk) -> None:
    rows = lots("Z", 3)
    desk.published("来回", rows)
    before = exports(desk)
    changed = [with_values(rows[0], 名称="改了", 状态="已竣工"), lot("Z9"), {**moved(3000), "properties": {
        **rows[1]["properties"]}}]  # fmt: skip
    number = desk.published("来回", changed, mode="replace", data_date="2026-02-01")
    assert exports(desk)["/api/projects?limit=1000"] != before["/api/projects?limit=1000"]
    inverse = desk.undo(number)
    assert (inverse["reverts"], inverse["kept"], inverse["state"]) == (number, [], "staged")
    assert exports(desk)["/api/projects?limit=1000"] != before["/api/projects?limit=1000"]
    as_json(desk.publish(inverse["id"]))
    assert exports(desk)["/api/projects?limit=1000"] == before["/api/projects?limit=1000"]
    assert desk.detail(number)["undone_by"] == inverse["id"]
    after = exports(desk)["/api/projects.csv"].decode().splitlines()
    assert without_revision(after) == without_revision(before["/api/projects.csv"].decode().splitlines())


def without_revision(lines: list[str]) -> list[str]:
    """The table without the number of the revision that it is of, which only counts up."""
    column = lines[0].split(",").index("revision")
    from_right = len(lines[0].split(",")) - column
    return [",".join(line.split(",")[:-from_right] + line.split(",")[-from_right + 1 :]) for line in lines]


def test_the_undo_is_undone(desk: Desk) -> None:
    number = desk.published("再撤", lots("K", 2))
    published = desk.project("再撤", "K0")
    undo = desk.undo(number)
    assert {c["op"] for c in desk.changes(undo["id"])} == {"remove", "withdraw"}
    assert undo["warnings"] == 0
    assert desk.detail(number)["undone_by"] is None
    as_json(desk.publish(undo["id"]))
    assert desk.detail(number)["undone_by"] == undo["id"]
    assert desk.standing("再撤") == set()
    again = desk.undo(undo["id"])
    as_json(desk.publish(again["id"]))
    assert undone_by(desk, number, undo["id"], again["id"]) == [None, again["id"], None]
    assert desk.standing("再撤") == {"K0", "K1"}
    now = desk.project("再撤", "K0")
    names = ("id", "name_zh", "attrs", "phases", "precision", "geom")
    assert [now[name] for name in names] == [published[name] for name in names]
    third = desk.undo(again["id"])
    as_json(desk.publish(third["id"]))
    chain = [number, undo["id"], again["id"], third["id"]]
    assert undone_by(desk, *chain) == [undo["id"], None, third["id"], None]
    title = desk.detail(number)["title_zh"]
    titles = [desk.detail(number)["title_zh"] for number in chain]
    assert titles == [title, f"撤销：{title}", f"恢复：{title}", f"撤销：{title}"]
    assert desk.detail(chain[2])["title_en"] == f"Redo: {desk.detail(number)['title_en']}"


def undone_by(desk: Desk, *numbers: int) -> list[int | None]:
    """By what each is undone: the same in its detail, in the list, and for the public."""
    public = signed.browser(desk.office.database)
    lists = [
        {
            one["id"]: one["undone_by"]
            for one in as_json(client.get("/api/changesets?limit=200"))["changesets"]
        }
        for client in (desk.office.client, public)
    ]
    details = [desk.detail(number)["undone_by"] for number in numbers]
    assert details == [as_json(public.get(f"/api/changesets/{number}"))["undone_by"] for number in numbers]
    assert all([entries[number] for number in numbers] == details for entries in lists)
    return details


def test_undone_in_turn_nothing_is_left(desk: Desk) -> None:
    rows = lots("TURN", 4)
    first = desk.published("轮流", rows)
    moved_one = {**rows[0], "geometry": moved(9000)["geometry"]}
    renamed = with_values(rows[1], 名称="改过", 状态="已竣工")
    second = desk.published("轮流", [moved_one, renamed, rows[2]], mode="replace", data_date="2026-02-01")
    assert len(desk.standing("轮流")) == 3
    for number, left in ((second, 4), (first, 0)):
        undo = as_json(desk.post(number, "revert", {"reason": "试"}))
        assert not desk.detail(undo["changeset"])["kept"]
        as_json(desk.publish(undo["changeset"]))
        assert len(desk.standing("轮流")) == left


def test_what_was_said_since_keeps_what_was_changed_and_changed_back(desk: Desk) -> None:
    rows = lots("SAID", 1)
    first = desk.published("又说", rows)
    second = desk.published(
        "又说", [with_values(rows[0], 名称="别名", 状态="已竣工")], data_date="2026-03-01"
    )
    undo = as_json(desk.post(second, "revert", {"reason": "试"}))["changeset"]
    name_only = [c["n"] for c in desk.changes(undo) if c["op"] == "withdraw"]
    as_json(desk.decide(undo, "reject", n=name_only))
    as_json(desk.publish(undo))
    back = as_json(desk.post(first, "revert", {"reason": "试"}))["changeset"]
    assert desk.detail(back)["kept"]


def test_a_later_edit_is_kept_and_listed(desk: Desk) -> None:
    number = desk.published("后改", lots("J", 2))
    edited = desk.project("后改", "J0")["id"]
    change_project(desk.office.database, edited, note_zh="后来写的")
    inverse = desk.undo(number)
    assert [(k["target"], k["part"]) for k in inverse["kept"]] == [(edited, "attrs")]
    as_json(desk.publish(inverse["id"]))
    assert desk.standing("后改") == {"J0"}
    assert desk.project("后改", "J0")["note_zh"] == "后来写的"


# ---------------------------------------------------------------- our own export, and sizes


@pytest.mark.parametrize("kind", load_kinds())
def test_our_own_export_again_changes_nothing(desk: Desk, kind: str) -> None:
    client = desk.office.client
    geojson = client.get("/api/projects", params={"kind": kind, "limit": 1000, "download": "true"})
    if geojson.status_code != 200:
        geojson = client.get("/api/projects", params={"kind": kind, "limit": 1000})
    table = client.get("/api/projects.csv", params={"kind": kind})
    file = client.get("/api/projects.geojson", params={"kind": kind})
    placemarks = client.get("/api/projects.kml", params={"kind": kind})
    layer = client.get("/api/projects.gpkg", params={"kind": kind})
    count = len(geojson.json()["features"])
    for content, name in (
        (geojson.content, "a.geojson"),
        (file.content, "b.geojson"),
        (table.content, "a.csv"),
        (layer.content, "a.gpkg"),
        (placemarks.content, "a.kml"),
    ):
        answer = desk.office.send(content, name, kind=kind, data_date="")
        if count == 0:
            assert_problem(answer, 422, "no-features")
            continue
        assert answer.status_code == 201, answer.text[:600]
        counts = answer.json()["report"]["counts"]
        assert counts == {"added": 0, "changed": 0, "same": count, "removed": 0, "blocked": 0}, name


@pytest.mark.parametrize("kind", load_kinds())
def test_our_own_shapefiles_again_change_nothing(desk: Desk, kind: str) -> None:
    """Of several layers one has to be chosen; every project with a place is in one of them."""
    client = desk.office.client
    everything = client.get("/api/projects", params={"kind": kind, "limit": 1000}).json()["features"]
    located = sum(one["geometry"] is not None for one in everything)
    answer = client.get("/api/projects.shp.zip", params={"kind": kind})
    if not located:
        assert_problem(desk.office.send(answer.content, "a.shp.zip", kind=kind), 415, "unsupported-format")
        return
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        layers = sorted(name[:-4] for name in archive.namelist() if name.endswith(".shp"))
    if len(layers) > 1:
        problem = desk.office.send(answer.content, "a.shp.zip", kind=kind, data_date="")
        assert_problem(problem, 422, "choose-layer")
        assert sorted(problem.json()["offers"]["layer"]) == layers
    same = 0
    for layer in layers:
        chosen = {"layer": layer} if len(layers) > 1 else {}
        upload = desk.office.send(answer.content, "a.shp.zip", kind=kind, data_date="", **chosen)
        assert upload.status_code == 201, upload.text[:600]
        report = upload.json()["report"]
        counts = report["counts"]
        same += counts["same"]
        assert counts == {"added": 0, "changed": 0, "same": counts["same"], "removed": 0, "blocked": 0}
        # The full names are known again: no column is left over to be kept.
        assert report["notes"] == []
        assert {column["target"] for column in report["mapping"]["columns"]} >= {"id", "name_zh", "precision"}
    assert same == located


def rows_of(folder: Path, content: bytes, name: str) -> dict[str, tuple[Any, Json]]:
    """The rows of a file by id: their geometries, and what they say of what is read back."""
    path = folder / name
    path.write_bytes(content)
    given = read(path, Declared(name=name), BROWSER, Place((113.9, 22.5, 114.4, 22.9)))
    names = ("name_zh", "name_en", "kind", "precision", "parent", "community")
    return {
        row.properties["id"]: (row.geometry, {one: row.properties.get(one) or "" for one in names})
        for row in given.rows
    }


HOLED = shapely.Polygon(
    shapely.box(114.0123456789, 22.6, 114.02, 22.61).exterior.coords,
    [shapely.box(114.013, 22.602, 114.014, 22.603).exterior.coords],
)
BROUGHT = {
    "parcel": shapely.MultiPolygon([HOLED, shapely.box(114.03, 22.6, 114.0333333333, 22.61)]),
    "road": shapely.LineString([(114.0123456789, 22.62), (114.02, 22.6234567891), (114.03, 22.62)]),
    "station": shapely.Point(114.0123456789, 22.6298765432),
}


@pytest.mark.parametrize("kind", BROUGHT)
def test_H354_what_was_brought_goes_out_and_comes_back_equal(desk: Desk, tmp_path: Path, kind: str) -> None:
    """Places to the stored precision, words, ids; in GeoJSON the fields of the kind too, which no other
    format holds and none takes away."""
    dataset, shape = f"往返 {kind}", BROUGHT[kind]
    said = {
        "编号": f"RT-{kind}",
        "名称": f"往返𠮷 {kind}",
        "英文名称": "There & back",
        "责任单位": "平湖街道",
    }
    row = {"type": "Feature", "properties": said, "geometry": shapely.geometry.mapping(shape)}
    desk.published(dataset, [row], kind=kind)
    public = desk.project(dataset, said["编号"])
    client = desk.office.client
    (feature,) = as_json(client.get("/api/projects", params={"q": said["名称"]}))["features"]
    assert feature["properties"]["attrs"]["lead_unit"] == "平湖街道"
    for ending in ("geojson", "csv", "gpkg", "kml", "shp.zip"):
        content = client.get(f"/api/projects.{ending}", params={"q": said["名称"]}).content
        ((back, (geometry, words)),) = rows_of(tmp_path, content, f"a.{ending}").items()
        assert back == public["id"], ending
        assert shapely.hausdorff_distance(geometry, shape) <= 1e-7, ending
        assert {**words, "parent": ""} == {**{one: public.get(one) for one in words}, "parent": ""}, ending
        form = {"kind": kind, "dataset": dataset, "data_date": "2026-01-01"}
        upload = as_json_of(desk.office.send(content, f"a.{ending}", **form), 201)
        counts = {"added": 0, "changed": 0, "same": 1, "removed": 0, "blocked": 0}
        assert upload["report"]["counts"] == counts, ending
    assert desk.project(dataset, said["编号"]) == public


def test_a_name_that_our_shapefile_cuts_is_no_change(desk: Desk) -> None:
    rows = [lot("CUT0", 公开说明="短"), lot("CUT1")]
    rows[0]["properties"]["名称"] = "很长的名称" * 30
    desk.published("长名", rows)
    content = desk.office.client.get("/api/projects.shp.zip", params={"q": "很长的名称"}).content
    upload = desk.office.send(content, "a.zip", dataset="长名", data_date="").json()
    assert upload["report"]["counts"] == {"added": 0, "changed": 0, "same": 1, "removed": 0, "blocked": 0}
    assert upload["report"]["of_same_rows"] == []


def test_no_page_of_two_thousand_changes_is_over_two_megabytes(desk: Desk) -> None:
    long = "长" * 3_000
    rows = [with_values(row, 公开说明=long, 说明二=long) for row in lots("BIG", 1000)]
    number = desk.stage("大", rows)
    seen: list[int] = []
    cursor: int | None = 0
    while cursor is not None:
        params = {"limit": 500, "cursor": cursor}
        answer = desk.office.client.get(f"/api/changesets/{number}/changes", params=params)
        assert len(answer.content) <= LARGEST_ANSWER
        page = as_json(answer)
        seen += [c["n"] for c in page["changes"]]
        cursor = page["next"]
    assert seen == sorted(set(seen))
    assert len(seen) == 2000
    box = desk.detail(number)["counts"]["bbox_lonlat"]
    x, y = tile_at(8, box[0], box[1])
    assert (
        len(desk.office.client.get(f"/api/changesets/{number}/tiles/8/{x}/{y}.mvt").content) < LARGEST_ANSWER
    )
    answer = desk.publish(number)
    if answer.status_code == 202:
        raise AssertionError(answer.text)
    assert len(desk.standing("大")) == 1000


@pytest.mark.parametrize("reason", [b'"a\\u0000"', b'"\\ud800"', b'" "'])
def test_a_reason_that_nothing_could_hold_is_refused(desk: Desk, reason: bytes) -> None:
    number = desk.published("reasons", [lot("R1")])
    body, headers = b'{"reason": ' + reason + b"}", {"Content-Type": "application/json"}
    for act in ("publish", "revert"):
        address = f"/api/changesets/{number}/{act}"
        answer = desk.office.client.post(address, content=body, headers={**headers, "If-Match": '"1"'})
        assert_problem(answer, 422, "bad-body")
