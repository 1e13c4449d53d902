"""What is drawn, moved, split, merged and removed on the map: checked, staged, published, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.access.people import Role
from app.database import Database, today_in
from tests.app.asking import Json, assert_problem, get
from tests.app.changing import add_project, change_project, claim, publish
from tests.app.signed import browser, enter, staff

DAY = today_in("Asia/Shanghai").isoformat()
WEST, SOUTH, STEP = 114.02, 22.66, 0.002
"""Where no measured land is public."""


def square(east: int = 0, north: int = 0, wide: int = 1) -> Json:
    """A field of a grid of some 200 m."""
    west, south = round(WEST + east * STEP, 6), round(SOUTH + north * STEP, 6)
    right, top = round(west + wide * STEP, 6), round(south + STEP, 6)
    ring = [[west, south], [right, south], [right, top], [west, top], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def line(*places: tuple[float, float]) -> Json:
    return {
        "type": "LineString",
        "coordinates": [[round(WEST + x * STEP, 6), round(SOUTH + y * STEP, 6)] for x, y in places],
    }


BOW = {
    "type": "Polygon",
    "coordinates": [
        [[114.02, 22.66], [114.022, 22.662], [114.022, 22.66], [114.02, 22.662], [114.02, 22.66]]
    ],
}


def create(name: str, geometry: Any, kind: str = "parcel", **more: Any) -> Json:
    return {"op": "create", "kind": kind, "id": name, "name_zh": f"地块{name}", "geometry": geometry, **more}


@pytest.fixture
def editor(fresh: Database) -> Iterator[TestClient]:
    with staff(fresh, "gis") as client:
        yield client


def revision(client: TestClient) -> int:
    return int(get(client, "/api/catalogue")["revision"])


def body(client: TestClient, *acts: Json, **more: Any) -> Json:
    return {"base_revision": revision(client), "reason": "核对红线", "acts": [*acts], **more}


def stage(client: TestClient, *acts: Json, **more: Any) -> Json:
    answer = client.post("/api/edits", json=body(client, *acts, **more))
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    assert answer.headers["location"] == f"/api/changesets/{found['changeset']}"
    return found


def check(client: TestClient, *acts: Json, **more: Any) -> Json:
    asked = body(client, *acts, **more)
    del asked["reason"]
    answer = client.post("/api/edits/check", json=asked)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def publish_staged(client: TestClient, number: int) -> int:
    """As the review does, with its warnings confirmed."""
    seen = client.get(f"/api/changesets/{number}")
    asked = {"reason": "已核对", "confirm": seen.json()["confirm"] or ""}
    answer = client.post(
        f"/api/changesets/{number}/publish", json=asked, headers={"If-Match": seen.headers["etag"]}
    )
    assert answer.status_code == 200, answer.text
    return int(answer.json()["revision"])


def edit(client: TestClient, *acts: Json, **more: Any) -> int:
    """Stage and publish; answers the number of the changeset."""
    number = int(stage(client, *acts, **more)["changeset"])
    publish_staged(client, number)
    return number


def undo(client: TestClient, number: int) -> int:
    answer = client.post(f"/api/changesets/{number}/revert", json={"reason": "画错了"})
    assert answer.status_code == 200, answer.text
    back = int(answer.json()["changeset"])
    publish_staged(client, back)
    return back


def project(client: TestClient, name: str) -> Json:
    return get(client, f"/api/projects/{name}")


def faults(client: TestClient, *acts: Json, **more: Any) -> dict[str, str]:
    answer = client.post("/api/edits", json=body(client, *acts, **more))
    found = assert_problem(answer, 422, "bad-body")
    return {entry["pointer"]: entry["code"] for entry in found["errors"]}


def staged(database: Database) -> int:
    with staff(database, "admin", "counter") as client:
        return len(get(client, "/api/changesets?state=staged")["changesets"])


def warned(answer: Json) -> set[str]:
    return {entry["code"] for entry in answer["warnings"]}


# ---------------------------------------------------------------- who may


@pytest.mark.parametrize(("role", "status"), [("planner", 403), ("gis", 201), ("admin", 201)])
def test_H303_who_may_upload_may_edit(fresh: Database, role: Role, status: int) -> None:
    with staff(fresh, role) as client:
        asked = body(client, create("field", square()))
        assert client.post("/api/edits", json=asked).status_code == status
        del asked["reason"]
        assert client.post("/api/edits/check", json=asked).status_code == (200 if status == 201 else status)


def test_a_stranger_may_not(fresh: Database) -> None:
    with browser(fresh) as client:
        asked = body(client, create("field", square()))
        assert_problem(client.post("/api/edits", json=asked), 401, "sign-in-needed")
        assert client.get("/api/projects/field").status_code == 404


# ---------------------------------------------------------------- drawing


def test_what_is_drawn_is_staged_reviewed_and_public_with_where_it_comes_from(editor: TestClient) -> None:
    made = stage(editor, create("", square(), name_zh="新地块", name_en="North Field"))
    assert [one["id"] for one in made["projects"]] == ["north-field"]
    assert editor.get("/api/projects/north-field").status_code == 404
    seen = get(editor, f"/api/changesets/{made['changeset']}")
    assert (seen["kind"], seen["state"], seen["title_zh"]) == ("edit", "staged", "编辑：新地块")
    publish_staged(editor, made["changeset"])
    found = project(editor, "north-field")
    assert found["geometry"] == square()
    about = found["properties"]
    assert (about["precision"], about["kind"], about["name_zh"]) == ("digitised", "parcel", "新地块")
    assert about["area_ha"] == pytest.approx(4.55, abs=0.05)
    (place,) = about["place"]
    assert place["source_zh"] == f"在本图上手工绘制，{DAY}"
    assert place["datum"] == "WGS84 as stored"


def test_an_id_is_proposed_that_nobody_ever_had(editor: TestClient) -> None:
    two = [create("", square(n), name_zh="平湖地块", name_en="") for n in range(2)]
    made = stage(editor, *two)
    assert [one["id"] for one in made["projects"]] == ["parcel-phdk", "parcel-phdk-2"]
    # It is wanted already, though not public yet.
    again = stage(editor, create("", square(3), name_zh="平湖地块", name_en=""))
    assert [one["id"] for one in again["projects"]] == ["parcel-phdk-3"]
    number = edit(editor, create("field", square(5)))
    undo(editor, number)
    assert faults(editor, create("field", square(5))) == {"/body/acts/0/id": "id-taken"}


def test_what_is_typed_is_read_as_positions_or_wkt(editor: TestClient) -> None:
    text = "114.02,22.66\n114.022, 22.66\n114.022，22.662\n114.02 22.662"
    shown = check(editor, create("field", text))
    assert shown["errors"] == []
    assert shown["projects"][0]["geometry"] == square()
    wkt = "POLYGON ((114.02 22.66, 114.022 22.66, 114.022 22.662, 114.02 22.662, 114.02 22.66))"
    assert check(editor, create("field", wkt))["projects"][0]["geometry"] == square()
    point = check(editor, create("field", "114.02,22.66"))["projects"][0]["geometry"]
    assert point == {"type": "Point", "coordinates": [114.02, 22.66]}
    road = check(editor, create("way", "114.02,22.66\n114.03,22.66", kind="road"))["projects"][0]
    assert road["geometry"]["type"] == "LineString"
    assert road["length_km"] == pytest.approx(1.028, abs=0.002)
    for nonsense in ("here", "1,2,3", "POLYGON ((1 2", "114.02;22.66", "\0", "POINT EMPTY", "[" * 500):
        assert faults(editor, create("field", nonsense)) == {"/body/acts/0/geometry": "shape-unreadable"}


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        (BOW, "geometry-invalid"),
        (square(4000), "outside-area"),
        ({"type": "Point", "coordinates": [0, 0]}, "null-island"),
        ({"type": "Point", "coordinates": [114, 122]}, "coordinate-range"),
        ({"type": "Point", "coordinates": ["a", 22.6]}, "position"),
        ({"type": "Polygon", "coordinates": [[[114, 22], [114, 22.1], [114.1, 22]]]}, "ring-too-short"),
        ({"type": "Polygon", "coordinates": []}, "geometry-empty"),
        ({"type": "Circle"}, "geometry-unsupported"),
        ({}, "shape-needed"),
        (line((0, 0), (1, 1)), "geometry-type"),
    ],
)
def test_a_shape_is_checked_as_that_of_a_file_is(editor: TestClient, geometry: Json, code: str) -> None:
    edit(editor, create("field", square()))
    found = faults(editor, {"op": "reshape", "id": "field", "geometry": geometry})
    assert found == {"/body/acts/0/geometry": code}


def test_a_crossing_is_told_with_its_place_while_one_draws(editor: TestClient) -> None:
    shown = check(editor, create("field", BOW))
    (fault,) = shown["errors"]
    assert (fault["pointer"], fault["code"]) == ("/body/acts/0/geometry", "geometry-invalid")
    assert (fault["lon"], fault["lat"]) == (pytest.approx(114.021), pytest.approx(22.661))
    assert "自相交" in fault["detail_zh"]


def test_everything_wrong_is_told_at_once_and_nothing_is_stored(editor: TestClient, fresh: Database) -> None:
    found = faults(
        editor,
        create("field", BOW, name_zh=""),
        create("other", square(1), name_zh="联系13800138000", parent="nobody"),
        {"op": "reshape", "id": "no-such", "geometry": square()},
        {"op": "precision", "id": "fuan-east-road", "precision": "surveyed"},
        {"op": "create", "kind": "castle", "name_zh": "城堡"},
    )
    assert found == {
        "/body/acts/0/geometry": "geometry-invalid",
        "/body/acts/0/name_zh": "name-missing",
        "/body/acts/0/name_en": "name-missing",
        "/body/acts/1/name_zh": "personal-data-in-name",
        "/body/acts/1/parent": "target-unknown",
        "/body/acts/2/id": "target-unknown",
        "/body/acts/3/precision": "sharper-source",
        "/body/acts/4/kind": "kind-unknown",
    }
    assert staged(fresh) == 0


def test_a_body_that_is_none_is_a_422(editor: TestClient) -> None:
    for asked in (
        {},
        {"base_revision": 1, "reason": "x", "acts": []},
        body(editor, {"op": "fly", "id": "a"}),
        body(editor, create("Field!", square())),
        body(editor, create("field", square(), colour="red")),
        body(editor, create("field", square())) | {"reason": ""},
        body(editor, {"op": "merge", "id": "a", "others": []}),
        body(editor, {"op": "reshape", "id": "a", "geometry": 7}),
    ):
        assert_problem(editor.post("/api/edits", json=asked), 422, "bad-body")
    ahead = body(editor, create("field", square())) | {"base_revision": 2**31 - 1}
    found = assert_problem(editor.post("/api/edits", json=ahead), 422, "bad-body")
    assert [entry["code"] for entry in found["errors"]] == ["base-ahead"]


def test_nothing_changed_is_told(editor: TestClient) -> None:
    edit(editor, create("field", square()))
    same = {"op": "reshape", "id": "field", "geometry": square()}
    assert faults(editor, same) == {"/body/acts": "nothing-edited"}


# ---------------------------------------------------------------- changing


def test_moving_names_precision_and_parent_are_one_changeset(editor: TestClient) -> None:
    edit(editor, create("field", square()), create("whole", square(9)))
    number = edit(
        editor,
        {"op": "reshape", "id": "field", "geometry": square(1)},
        {"op": "rename", "id": "field", "name_zh": "新名"},
        {"op": "parent", "id": "field", "parent": "whole"},
        {"op": "precision", "id": "field", "precision": "approximate"},
    )
    found = project(editor, "field")
    assert found["geometry"] == square(1)
    about = found["properties"]
    assert (about["name_zh"], about["name_en"]) == ("新名", "新名")
    assert (about["precision"], about["parent"], about["area_ha"]) == ("approximate", "whole", None)
    undo(editor, number)
    back = project(editor, "field")
    assert back["geometry"] == square()
    about = back["properties"]
    assert (about["name_zh"], about["parent"], about["precision"]) == ("地块field", None, "digitised")


def test_sharpening_needs_a_source_which_the_card_then_names(editor: TestClient) -> None:
    edit(editor, create("field", square(), precision="approximate"))
    sharper = {"op": "precision", "id": "field", "precision": "surveyed"}
    assert faults(editor, sharper) == {"/body/acts/0/precision": "sharper-source"}
    assert faults(editor, {**sharper, "precision": "digitised"}) == {
        "/body/acts/0/precision": "sharper-source"
    }
    moved = {"op": "reshape", "id": "field", "geometry": square(1), "precision": "surveyed"}
    assert faults(editor, moved) == {"/body/acts/0/precision": "sharper-source"}
    edit(editor, sharper, source="2026年6月界址测绘，成果 12 号")
    about = project(editor, "field")["properties"]
    assert about["precision"] == "surveyed"
    assert about["place"][-1]["note_zh"] == "2026年6月界址测绘，成果 12 号"
    # Moved by hand afterwards it is surveyed no more.
    edit(editor, {"op": "reshape", "id": "field", "geometry": square(1)})
    assert project(editor, "field")["properties"]["precision"] == "digitised"


def test_a_neighbour_that_is_covered_is_a_warning(editor: TestClient) -> None:
    edit(editor, create("field", square()))
    made = stage(editor, create("beside", square(1)))
    assert warned(made) == set()
    over = check(editor, create("over", square(0, wide=2)))
    assert [entry["code"] for entry in over["warnings"]] == ["overlap"]
    assert "地块field" in over["warnings"][0]["detail_zh"]
    number = stage(editor, create("over", square(0, wide=2)))["changeset"]
    assert get(editor, f"/api/changesets/{number}")["warnings"] == 1


def test_a_circle_of_parts_is_refused(editor: TestClient) -> None:
    edit(editor, create("whole", square()), create("part", square(1), parent="whole"))
    found = faults(editor, {"op": "parent", "id": "whole", "parent": "part"})
    assert found == {"/body/acts/0/parent": "part-of-circle"}


# ---------------------------------------------------------------- somebody else was faster


def test_an_old_base_is_a_409_for_the_parts_that_moved_on(editor: TestClient, fresh: Database) -> None:
    edit(editor, create("field", square()), create("other", square(3)))
    base = revision(editor)
    edit(editor, {"op": "reshape", "id": "field", "geometry": square(1)})
    late = body(editor, {"op": "reshape", "id": "field", "geometry": square(2)}) | {"base_revision": base}
    found = assert_problem(editor.post("/api/edits", json=late), 409, "moved-on")
    (entry,) = found["errors"]
    assert (entry["target"], entry["part"]) == ("field", "geometry")
    assert "图形已被改动" in entry["detail_zh"]
    # Another part, and another project, may be changed on the old base.
    rename = {"op": "rename", "id": "field", "name_zh": "新名"}
    move = {"op": "reshape", "id": "other", "geometry": square(4)}
    fine = body(editor, rename, move) | {"base_revision": base}
    assert editor.post("/api/edits", json=fine).status_code == 201
    change_project(fresh, "other", name_zh="别名")
    gone = body(editor, {"op": "remove", "id": "other"}) | {"base_revision": base}
    assert_problem(editor.post("/api/edits", json=gone), 409, "moved-on")


def test_what_is_staged_meets_what_was_published_meanwhile_at_publishing(editor: TestClient) -> None:
    edit(editor, create("field", square()))
    staged_one = stage(editor, {"op": "reshape", "id": "field", "geometry": square(1)})["changeset"]
    edit(editor, {"op": "reshape", "id": "field", "geometry": square(2)})
    seen = editor.get(f"/api/changesets/{staged_one}")
    answer = editor.post(
        f"/api/changesets/{staged_one}/publish",
        json={"reason": "x"},
        headers={"If-Match": seen.headers["etag"]},
    )
    assert_problem(answer, 409, "moved-on")


def test_the_same_key_is_one_changeset(editor: TestClient) -> None:
    asked = body(editor, create("field", square()))
    first, second = (
        editor.post("/api/edits", json=asked, headers={"Idempotency-Key": "k"}).json() for _ in range(2)
    )
    assert first == second
    other = body(editor, create("other", square(1)))
    answer = editor.post("/api/edits", json=other, headers={"Idempotency-Key": "k"})
    assert_problem(answer, 422, "key-reused")


# ---------------------------------------------------------------- splitting

ACROSS = line((1.5, -0.5), (1.5, 1.5))
SPLIT = {"op": "split", "id": "field", "by": ACROSS}


def formerly(client: TestClient, name: str) -> list[tuple[str, str]]:
    found = project(client, name)["properties"]["formerly"]
    return [(one["id"], one["name_zh"]) for one in found]


def test_a_split_keeps_the_largest_part_and_adds_the_rest(editor: TestClient) -> None:
    edit(editor, create("field", square(wide=2), parent=""))
    shown = check(editor, SPLIT)
    assert [(one["id"], one["is_new"]) for one in shown["projects"]] == [
        ("field", False),
        ("parcel-dkfield2", True),
    ]
    areas = [one["area_ha"] for one in shown["projects"]]
    assert areas == [pytest.approx(6.83, abs=0.05), pytest.approx(2.28, abs=0.05)]
    number = edit(editor, {**SPLIT, "parts": [{"id": "east", "name_zh": "东块", "name_en": "East field"}]})
    old, new = project(editor, "field"), project(editor, "east")
    assert old["properties"]["area_ha"] + new["properties"]["area_ha"] == pytest.approx(sum(areas), abs=0.02)
    assert [one["id"] for one in old["properties"]["successors"]] == ["east"]
    assert [one["id"] for one in new["properties"]["predecessors"]] == ["field"]
    assert [one["id"].partition("-")[0] for one in new["properties"]["place"]] == ["drawn", "cut"]
    # They share their new boundary to the last digit.
    ends = [
        {tuple(at) for at in one["geometry"]["coordinates"][0] if at[0] == pytest.approx(WEST + 1.5 * STEP)}
        for one in (old, new)
    ]
    assert ends[0] == ends[1]
    assert len(ends[0]) == 2
    undo(editor, number)
    assert project(editor, "field")["geometry"] == square(wide=2)
    assert_problem(editor.get("/api/projects/east"), 410, "removed")
    assert project(editor, "field")["properties"]["successors"] == []


def test_a_cut_through_what_is_surveyed_is_drawn_and_says_so(editor: TestClient) -> None:
    survey = "2026年6月界址测绘，成果 12 号"
    edit(editor, create("field", square(wide=2), precision="surveyed"), source=survey)
    number = edit(editor, {**SPLIT, "parts": [{"id": "east", "name_zh": "东块"}]})
    for name in ("field", "east"):
        about = project(editor, name)["properties"]
        assert about["precision"] == "digitised"
        assert [place["note_zh"] for place in about["place"]] == [survey, ""]
        assert about["place"][1]["source_zh"].startswith("在本图上沿手画的线分割，其余边界仍是实测的，")
        assert about["place"][1]["source"].startswith(
            "Cut on this map by a line drawn by hand, other edges as"
        )
    undo(editor, number)
    assert project(editor, "field")["properties"]["precision"] == "surveyed"
    # Where the edge itself is surveyed, too, the parts are; and nothing is drawn where they become one again.
    cut = {**SPLIT, "parts": [{"id": "eastern", "name_zh": "东块"}]}
    edit(editor, cut, source="2026年8月分割测绘，成果 15 号")
    assert project(editor, "eastern")["properties"]["precision"] == "surveyed"
    edit(editor, {"op": "merge", "id": "field", "others": ["eastern"]})
    whole = project(editor, "field")["properties"]
    assert whole["precision"] == "surveyed"
    assert whole["place"][-1]["source_zh"].startswith("在本图上合并，外边界不变，")


def test_a_merger_is_as_exact_as_its_least_exact_part(editor: TestClient) -> None:
    edit(editor, create("field", square(), precision="surveyed"), source="成果 12 号")
    edit(editor, create("beside", square(1), precision="approximate"))
    merge = {"op": "merge", "id": "field", "others": ["beside"]}
    assert faults(editor, {**merge, "precision": "surveyed"}) == {"/body/acts/0/precision": "sharper-source"}
    edit(editor, merge)
    assert project(editor, "field")["properties"]["precision"] == "approximate"


def test_a_split_into_new_ones_leaves_410_with_both(editor: TestClient, fresh: Database) -> None:
    edit(editor, create("field", square(wide=2)))
    publish(fresh, claim("field", "mention", "", "done", said_on="2025-01-01"))
    parts = [{"id": "west"}, {"id": "east"}]
    made = stage(editor, {**SPLIT, "keeps": False, "parts": parts})
    assert warned(made) == {"claims-stay", "part-unclaimed"}
    number = made["changeset"]
    publish_staged(editor, number)
    gone = assert_problem(editor.get("/api/projects/field"), 410, "removed")
    assert gone["successors"] == ["west", "east"]
    assert project(editor, "west")["properties"]["name_zh"] == "地块field（1）"
    for name in ("west", "east"):
        assert formerly(editor, name) == [("field", "地块field")]
    back = undo(editor, number)
    assert project(editor, "field")["geometry"] == square(wide=2)
    assert formerly(editor, "field") == []
    assert len(project(editor, "field")["properties"]["claims"]) == 1
    # Undone again the old id leads to both again.
    undo(editor, back)
    gone = assert_problem(editor.get("/api/projects/field"), 410, "removed")
    assert gone["successors"] == ["west", "east"]


def test_the_review_names_the_projects_that_a_change_speaks_of(editor: TestClient) -> None:
    edit(editor, create("town", square(5), name_zh="大院"), create("field", square(wide=2), parent="town"))
    parts = [{"id": "west", "name_zh": "西块", "name_en": "West"}, {"id": "east", "name_zh": "东块"}]
    number = stage(editor, {**SPLIT, "keeps": False, "parts": parts})["changeset"]
    changes = get(editor, f"/api/changesets/{number}/changes")["changes"]
    named = {
        (one["op"], one["target"], (one["after"] or {}).get("type")): {
            other: called["name_zh"] for other, called in one["named"].items()
        }
        for one in changes
    }
    assert named["remove", "field", None] == {"west": "西块", "east": "东块"}
    assert named["relate", "west", "succeeds"] == {"west": "西块", "field": "地块field"}
    assert named["relate", "east", "part_of"] == {"east": "东块", "town": "大院"}
    assert named["add", "west", None] == {}
    relation = next(one for one in changes if one["op"] == "relate")
    alone = get(editor, f"/api/changesets/{number}/changes/{relation['n']}")
    assert alone["named"] == relation["named"]
    # Once it is public what went is known by its name still.
    publish_staged(editor, number)
    after = get(editor, f"/api/changesets/{number}/changes")["changes"]
    assert {one["n"]: one["named"] for one in after} == {one["n"]: one["named"] for one in changes}


def test_a_new_part_without_claims_is_warned_of_where_it_stands(editor: TestClient, fresh: Database) -> None:
    edit(editor, create("field", square(wide=2)))
    assert check(editor, SPLIT)["warnings"] == []
    publish(fresh, claim("field", "mention", "", "done", said_on="2025-01-01"))
    found = check(editor, SPLIT)["warnings"]
    assert [(one["pointer"], one["code"]) for one in found] == [("/body/acts/0/parts/0", "part-unclaimed")]
    assert found[0]["detail_zh"].startswith("新的“地块field（2）”没有自己的说法：1 条留在“地块field”")
    assert "its phase is unknown until somebody records one" in found[0]["detail_en"]
    number = stage(editor, SPLIT)["changeset"]
    changes = get(editor, f"/api/changesets/{number}/changes")["changes"]
    told = {(one["op"], one["target"]): [issue["code"] for issue in one["issues"]] for one in changes}
    assert told["change", "field"] == []
    assert told["add", "parcel-dkfield2"] == ["part-unclaimed"]
    publish_staged(editor, number)
    assert project(editor, "parcel-dkfield2")["properties"]["claims"] == []


def test_a_line_is_split_at_a_point(editor: TestClient) -> None:
    edit(editor, create("way", line((0, 0), (4, 0)), kind="road"))
    at = {"type": "Point", "coordinates": [WEST + 3 * STEP, SOUTH + 0.0001]}
    edit(editor, {"op": "split", "id": "way", "by": at, "parts": [{"id": "way-east"}]})
    assert project(editor, "way")["geometry"] == line((0, 0), (3, 0))
    assert project(editor, "way-east")["geometry"] == line((3, 0), (4, 0))


@pytest.mark.parametrize(
    ("by", "code"),
    [
        (line((1.5, 0.5), (1.5, 1.5)), "split-nothing"),
        (line((7, 0), (7, 1)), "split-nothing"),
        (square(), "split-needs"),
        ({"type": "Point", "coordinates": [WEST, SOUTH]}, "split-needs"),
        ("nonsense", "shape-unreadable"),
    ],
)
def test_a_cut_that_cuts_nothing_is_told(editor: TestClient, by: Any, code: str) -> None:
    edit(editor, create("field", square(wide=2)))
    assert faults(editor, {**SPLIT, "by": by}) == {"/body/acts/0/by": code}


def test_names_must_be_as_many_as_parts(editor: TestClient) -> None:
    edit(editor, create("field", square(wide=2)))
    parts = [{"name_zh": "甲"}, {"name_zh": "乙"}]
    assert faults(editor, {**SPLIT, "parts": parts}) == {"/body/acts/0/parts": "split-parts"}


# ---------------------------------------------------------------- merging and removing


def test_a_merged_id_leads_to_what_it_became(editor: TestClient, fresh: Database) -> None:
    edit(
        editor,
        create("field", square()),
        create("beside", square(1)),
        create("hut", square(5), parent="beside"),
    )
    publish(fresh, claim("beside", "mention", "", "done", said_on="2025-01-01"))
    merge = {"op": "merge", "id": "field", "others": ["beside"]}
    made = stage(editor, merge)
    assert warned(made) == {"claims-stay"}
    publish_staged(editor, made["changeset"])
    answer = editor.get("/api/projects/beside", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (301, "/api/projects/field")
    found = project(editor, "field")
    assert found["properties"]["area_ha"] == pytest.approx(9.11, abs=0.1)
    assert found["geometry"]["type"] == "Polygon"
    # What was part of the one is part of the other.
    assert [one["id"] for one in found["properties"]["children"]] == ["hut"]
    back = undo(editor, made["changeset"])
    assert project(editor, "beside")["geometry"] == square(1)
    assert [one["id"] for one in project(editor, "beside")["properties"]["children"]] == ["hut"]
    assert project(editor, "field")["geometry"] == square()
    undo(editor, back)
    assert editor.get("/api/projects/beside", follow_redirects=False).status_code == 301


def test_a_chain_of_mergers_leads_to_the_end(editor: TestClient) -> None:
    edit(editor, *(create(name, square(n)) for n, name in enumerate(("one", "two", "three"))))
    edit(editor, {"op": "merge", "id": "two", "others": ["one"]})
    edit(editor, {"op": "merge", "id": "three", "others": ["two"]})
    assert get(editor, "/api/projects/one")["id"] == "three"
    # What it came from is told all the way back, by the names of then.
    assert formerly(editor, "three") == [("two", "地块two"), ("one", "地块one")]


def test_what_does_not_go_together_is_not_merged(editor: TestClient) -> None:
    edit(editor, create("field", square()), create("way", line((0, 0), (1, 1)), kind="road"))
    edit(editor, create("spot", {"type": "Point", "coordinates": [114.03, 22.66]}), create("far", square(7)))
    merge = {"op": "merge", "id": "field"}
    assert faults(editor, {**merge, "others": ["way"]}) == {"/body/acts/0/others/0": "merge-kinds"}
    assert faults(editor, {**merge, "others": ["spot"]}) == {"/body/acts/0/others": "merge-shapes"}
    assert faults(editor, {**merge, "others": ["field"]}) == {"/body/acts/0/others": "merge-alone"}
    assert warned(stage(editor, {**merge, "others": ["far"]})) == {"merge-apart"}


def test_removing_is_warned_of_and_undone(editor: TestClient) -> None:
    edit(editor, create("field", square()))
    made = stage(editor, {"op": "remove", "id": "field"})
    assert warned(made) == {"edit-removal"}
    publish_staged(editor, made["changeset"])
    assert assert_problem(editor.get("/api/projects/field"), 410, "removed")["successors"] == []
    undo(editor, made["changeset"])
    assert project(editor, "field")["geometry"] == square()


def test_what_has_parts_is_not_removed_before_them(editor: TestClient) -> None:
    edit(editor, create("whole", square()), create("part", square(1), parent="whole"))
    remove = {"op": "remove", "id": "whole"}
    assert faults(editor, remove) == {"/body/acts/0/id": "has-parts"}
    edit(editor, remove, {"op": "parent", "id": "part", "parent": ""})
    assert project(editor, "part")["properties"]["parent"] is None


# ---------------------------------------------------------------- decided and undone as a whole


def decisions(client: TestClient, number: int) -> dict[str, str]:
    found = get(client, f"/api/changesets/{number}/changes")["changes"]
    return {f"{one['op']} {one['target']}": one["decision"] for one in found}


def decide(client: TestClient, number: int, op: str, target: str, decision: str) -> Json:
    changes = get(client, f"/api/changesets/{number}/changes")["changes"]
    (n,) = [one["n"] for one in changes if (one["op"], one["target"]) == (op, target)]
    answer = client.patch(
        f"/api/changesets/{number}/changes",
        json={"where": {"n": [n]}, "decision": decision},
        headers={"If-Match": client.get(f"/api/changesets/{number}").headers["etag"]},
    )
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


@pytest.mark.parametrize("keeps", [True, False])
@pytest.mark.parametrize("op", ["change", "add"])
def test_the_parts_of_a_split_are_decided_together(editor: TestClient, keeps: bool, op: str) -> None:
    """Neither the new part without the cut original, which would overlap, nor the cut without the part,
    which would lose land."""
    edit(editor, create("field", square(wide=2)), create("beside", square(5)))
    parts = [{"id": "east"}] if keeps else [{"id": "west"}, {"id": "east"}]
    number = int(
        stage(
            editor,
            {**SPLIT, "keeps": keeps, "parts": parts},
            {"op": "rename", "id": "beside", "name_zh": "旁边的"},
        )["changeset"]
    )
    one = ("add", "east") if op == "add" else ("change" if keeps else "remove", "field")
    changes = get(editor, f"/api/changesets/{number}/changes")["changes"]
    along = {change["target"]: change["along"] for change in changes if change["op"] != "relate"}
    assert along["beside"] == []
    assert len(along["field"]) == len(along["east"]) == len(changes) - 2
    single = get(editor, f"/api/changesets/{number}/changes/{changes[0]['n']}")
    assert single["along"] == changes[0]["along"]

    answer = decide(editor, number, *one, "reject")
    assert answer["changed"] == len(changes) - 1
    found = decisions(editor, number)
    assert found.pop("change beside") == "accept"
    assert set(found.values()) == {"reject"}
    decide(editor, number, *one, "accept")
    assert set(decisions(editor, number).values()) == {"accept"}
    decide(editor, number, *one, "reject")
    publish_staged(editor, number)
    assert project(editor, "field")["geometry"] == square(wide=2)
    assert editor.get("/api/projects/east").status_code == 404
    assert project(editor, "beside")["properties"]["name_zh"] == "旁边的"


def test_the_halves_of_a_merger_are_decided_together_with_what_was_part_of_them(editor: TestClient) -> None:
    edit(
        editor, create("left", square()), create("right", square(1)), create("hut", square(9), parent="right")
    )
    number = int(stage(editor, {"op": "merge", "id": "left", "others": ["right"]})["changeset"])
    whole = decisions(editor, number)
    assert {"change left", "remove right", "unrelate hut", "relate hut"} <= set(whole)
    for op, target in (("remove", "right"), ("change", "left"), ("unrelate", "hut"), ("relate", "hut")):
        decide(editor, number, op, target, "reject")
        assert set(decisions(editor, number).values()) == {"reject"}
        decide(editor, number, op, target, "accept")
        assert set(decisions(editor, number).values()) == {"accept"}


def test_many_at_once_carry_along_what_goes_with_them(editor: TestClient) -> None:
    edit(editor, create("field", square(wide=2)))
    number = int(stage(editor, SPLIT)["changeset"])
    answer = editor.patch(
        f"/api/changesets/{number}/changes",
        json={"where": {"op": "add"}, "decision": "reject"},
        headers={"If-Match": editor.get(f"/api/changesets/{number}").headers["etag"]},
    )
    assert answer.json()["changed"] == len(decisions(editor, number))
    assert set(decisions(editor, number).values()) == {"reject"}


def test_the_undoing_of_a_split_is_decided_as_a_whole_too(editor: TestClient) -> None:
    edit(editor, create("field", square(wide=2)))
    number = edit(editor, {**SPLIT, "parts": [{"id": "east"}]})
    back = editor.post(f"/api/changesets/{number}/revert", json={"reason": "不分了"}).json()["changeset"]
    decide(editor, back, "remove", "east", "reject")
    assert set(decisions(editor, back).values()) == {"reject"}


def test_a_split_whose_part_moved_on_is_not_half_undone(editor: TestClient) -> None:
    """Else the whole would come back over the part that stays."""
    edit(editor, create("field", square(wide=2)), create("beside", square(5)))
    number = edit(
        editor,
        {**SPLIT, "parts": [{"id": "east"}]},
        {"op": "rename", "id": "beside", "name_zh": "旁边的"},
    )
    cut = project(editor, "field")["geometry"]
    edit(editor, {"op": "rename", "id": "east", "name_zh": "另起名"})
    back = int(editor.post(f"/api/changesets/{number}/revert", json={"reason": "不分了"}).json()["changeset"])
    assert decisions(editor, back) == {"change beside": "accept"}
    kept = get(editor, f"/api/changesets/{back}")["kept"]
    assert {(one["target"], one["part"]) for one in kept} == {("east", "attrs"), ("field", "together")}
    publish_staged(editor, back)
    assert project(editor, "field")["geometry"] == cut
    assert project(editor, "east")["properties"]["name_zh"] == "另起名"
    assert project(editor, "beside")["properties"]["name_zh"] == "地块beside"


def test_a_split_of_what_somebody_removed_falls_as_a_whole(editor: TestClient) -> None:
    edit(editor, create("field", square(wide=2)))
    number = int(stage(editor, {**SPLIT, "parts": [{"id": "east"}]})["changeset"])
    edit(editor, {"op": "remove", "id": "field"})
    etag = editor.get(f"/api/changesets/{number}").headers["etag"]
    answer = editor.post(f"/api/changesets/{number}/rebase", headers={"If-Match": etag})
    assert answer.status_code == 200, answer.text
    assert "accept" not in decisions(editor, number).values()


def test_an_undo_that_is_compared_anew_keeps_what_was_split_since(editor: TestClient) -> None:
    number = edit(editor, create("field", square(wide=2)), create("beside", square(north=3)))
    answer = editor.post(f"/api/changesets/{number}/revert", json={"reason": "不要了"})
    number = int(answer.json()["changeset"])
    decide(editor, number, "remove", "beside", "reject")
    edit(editor, {**SPLIT, "parts": [{"id": "east"}]})
    cut = project(editor, "field")["geometry"]
    etag = editor.get(f"/api/changesets/{number}").headers["etag"]
    moved = editor.post(f"/api/changesets/{number}/rebase", headers={"If-Match": etag})
    assert moved.json()["moved"] > 0, moved.text
    # What would be left of the split must not lose its other half; what was rejected stays so.
    assert decisions(editor, number) == {"remove beside": "reject"}
    kept = get(editor, f"/api/changesets/{number}")["kept"]
    assert ("field", "geometry") in {(one["target"], one["part"]) for one in kept}
    assert project(editor, "field")["geometry"] == cut


def test_another_area_of_the_public_chart_is_left_alone(editor: TestClient, fresh: Database) -> None:
    """Editing what came by other ways: the seed's road keeps its claims, dataset and attributes."""
    before = project(editor, "fuan-east-road")["properties"]
    edit(editor, {"op": "rename", "id": "fuan-east-road", "name_en": "Fu'an East Road"})
    after = project(editor, "fuan-east-road")["properties"]
    assert after["name_en"] == "Fu'an East Road"
    kept = ("attrs", "phases", "parent", "precision", "place", "aliases")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert len(after["claims"]) == len(before["claims"])
    add_project(fresh, "elsewhere", None)
    with browser(fresh) as reader:
        enter(reader, fresh, "a-gis")
        assert faults(reader, {"op": "reshape", "id": "elsewhere", "geometry": ""}) == {
            "/body/acts/0/geometry": "shape-needed"
        }


def test_a_whole_does_not_go_while_a_part_stays_in_it(editor: TestClient) -> None:
    edit(editor, create("whole", square()), create("part", square(1), parent="whole"))
    number = int(
        stage(editor, {"op": "remove", "id": "whole"}, {"op": "parent", "id": "part", "parent": ""})[
            "changeset"
        ]
    )
    decide(editor, number, "unrelate", "part", "reject")
    assert decisions(editor, number)["remove whole"] == "reject"
    decide(editor, number, "remove", "whole", "accept")
    assert set(decisions(editor, number).values()) == {"accept"}
