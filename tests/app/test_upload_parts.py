"""A file that is checked, compared and staged part by part comes out as if it had been looked at at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import select, update

from app import tables as t
from app.changesets import service as changesets
from app.database import Database
from app.projects import kind_queries
from app.uploads import beside, checking, overlapping, queries, road
from app.uploads.checking import Request, check_file
from geodata.drafting import Mode
from geodata.geometry import to_geojson
from geodata.reading import Declared, Refused
from tests import many
from tests.many import square

Json = dict[str, Any]
# Of a person who does not exist; its last sign proves it.
IDENTITY = "11010519491231002X"


def feature(number: int, at: int | None = None, **said: Any) -> Json:
    properties = {"编号": f"K{number}", "名称": f"地块{number}", "状态": "在建", **said}
    shape = square(number if at is None else at)
    return {"type": "Feature", "properties": properties, "geometry": to_geojson(shape)}


class Desk:
    """Brings files to one database, in parts as small as a test wants them."""

    def __init__(self, database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.database, self.folder, self.monkeypatch = database, folder, monkeypatch

    def parts_of(self, size: int, few: int = beside.FEW) -> None:
        for module in (road, checking):
            self.monkeypatch.setattr(module, "PART", size)
        self.monkeypatch.setattr(overlapping, "STRIP", size)
        self.monkeypatch.setattr(beside, "FEW", few)

    def bring(self, features: Sequence[Json], mode: Mode = "merge", dataset: str = "分批") -> Json:
        """The report of a file, and its staged changes under "changes"."""
        path = self.folder / "file.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), "utf-8")
        request = Request("parcel", dataset, mode, date(2025, 1, 31), Declared(name=path.name))
        with self.database.writing() as connection:
            values = {"area_id": "pinghu", "account": "tester", "name": path.name, "size": 1, "sha256": ""}
            upload_id = queries.add(connection, {**values, "request": {}}, ())
        staged = check_file(self.database, "pinghu", path, request, "tester", lambda *_: None, upload_id)
        return {**staged.report, "number": staged.changeset_id, "changes": self.changes(staged.changeset_id)}

    def changes(self, number: int) -> list[Json]:
        c = t.change.c
        with self.database.writing() as connection:
            columns = (c.file_row, c.op, c.target, c.before, c.after, c.decision, c.issues)
            found = connection.execute(
                select(*columns, c.geom_after.is_not(None).label("drawn"))
                .where(c.changeset_id == number)
                .order_by(c.n)
            ).all()
        return [dict(row._mapping) for row in found]

    def publish(self, features: Sequence[Json], mode: Mode = "merge", dataset: str = "分批") -> None:
        number = self.bring(features, mode, dataset)["number"]
        with self.database.writing() as connection:
            changesets.publish(connection, number, "tester", reason="试")


@pytest.fixture
def desk(fresh: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(fresh, tmp_path, monkeypatch)


def comparable(found: Json) -> Json:
    """Without what the number of parts may decide: how often it is noted what was heard of again."""
    days: Json = {}
    changes = []
    for change in found["changes"]:
        if change["op"] == "heard":
            days |= change["after"]["days"]
        else:
            changes.append({**change, "issues": sorted(map(json.dumps, change["issues"]))})
    return {
        **{k: v for k, v in found.items() if k not in ("number", "changes")},
        "days": days,
        "all": changes,
    }


@pytest.mark.parametrize("few", [0, beside.FEW], ids=["many public", "few public"])
@pytest.mark.parametrize("mode", ["merge", "replace"])
def test_parts_of_any_size_say_what_the_whole_says(desk: Desk, mode: Mode, few: int) -> None:
    desk.publish([feature(n) for n in range(8)])
    desk.publish([feature(n) for n in range(20, 24)], dataset="别的")
    file = [
        *(feature(n) for n in range(3)),
        feature(3, 40),  # has moved
        feature(4, 2),  # lies on another
        feature(9, 6),
        feature(9, 10),  # a key twice, far apart
        *(feature(n, 30 + n, 名称=f"地块{20 + n % 2}") for n in range(11, 15)),  # names of another dataset
        feature(16, 16, 状态="不知所云"),
        feature(21, 17),  # a key of another dataset
        feature(18, 18),
    ]
    desk.parts_of(1000)
    whole = desk.bring(file, mode)
    for size in (1, 2, 5):
        desk.parts_of(size, few)
        found = desk.bring(file, mode)
        assert blocked_and_told(found) == blocked_and_told(whole)
        assert found["counts"] == whole["counts"]
        assert [note["code"] for note in found["notes"]] == [note["code"] for note in whole["notes"]]
    assert whole["counts"]["blocked"] == 4
    assert {"overlap", "duplicate-id", "name-of-other-dataset", "key-of-other-dataset"} <= told(whole)


def blocked_and_told(found: Json) -> list[tuple[Any, ...]]:
    """What is staged of every row that may be accepted, and the codes of all that was found, without the
    claims of rows that may not."""
    return [
        (
            change["file_row"],
            change["op"],
            change["target"] if change["decision"] == "accept" else "",
            change["decision"],
            sorted(one["code"] for one in change["issues"]),
            change["drawn"],
        )
        for change in found["changes"]
        if change["op"] in ("add", "change", "remove")
    ]


def told(found: Json) -> set[str]:
    return {one["code"] for change in found["changes"] for one in change["issues"]}


def test_a_plain_file_is_staged_to_the_letter_the_same(desk: Desk) -> None:
    file = [feature(n, 名称=f"名{n}", 图斑类型="商业", 面积公顷=1.5) for n in range(30)]
    whole = comparable(desk.bring(file))
    desk.parts_of(7, 0)
    assert comparable(desk.bring(file)) == whole
    desk.publish(file)
    again = desk.bring(file)
    assert again["counts"] == {"added": 0, "changed": 0, "same": 30, "removed": 0, "blocked": 0}
    assert again["changes"] == []


def test_what_is_heard_of_again_is_told_in_parts(desk: Desk) -> None:
    file = [feature(n) for n in range(9)]
    desk.publish(file)
    with desk.database.writing() as connection:
        connection.execute(
            update(t.project).where(t.project.c.dataset == "分批").values(last_heard=date(2024, 1, 1))
        )
    desk.parts_of(4)
    found = desk.bring(file)
    assert found["heard"] == 9
    days = [change["after"]["days"] for change in found["changes"]]
    assert [len(each) for each in days] == [4, 4, 1]
    with desk.database.writing() as connection:
        changesets.publish(connection, found["number"], "tester", reason="试")
        heard = connection.execute(
            select(t.project.c.heard_on).where(t.project.c.dataset == "分批")
        ).scalars()
        assert set(heard) == {date(2025, 1, 31)}


def test_personal_data_late_in_a_file_is_public_in_none_of_its_rows(desk: Desk) -> None:
    desk.parts_of(3)
    file = [feature(n, 公开说明=f"第{n}") for n in range(10)]
    file[8]["properties"]["公开说明"] = f"联系人 {IDENTITY}"
    found = desk.bring(file)
    adds = [change["after"] for change in found["changes"] if change["op"] == "add"]
    assert len(adds) == 10
    assert {add["note_zh"] for add in adds} == {""}
    assert IDENTITY not in json.dumps([{**add, "attrs": ""} for add in adds])


def test_a_column_that_appears_late_is_mapped_like_any_other(desk: Desk) -> None:
    desk.parts_of(3)
    file = [feature(n) for n in range(10)]
    file[9]["properties"]["签约率"] = 80
    found = desk.bring(file)
    assert [c["field"] for c in found["mapping"]["columns"]] == ["编号", "名称", "状态", "签约率"]
    (last,) = [
        change["after"] for change in found["changes"] if change["file_row"] == 9 and change["op"] == "add"
    ]
    assert last["attrs"] == {"lc_signup": 80}


def test_a_parent_may_stand_in_a_later_part(desk: Desk) -> None:
    desk.parts_of(2)
    file = [feature(n, 所属项目="K7" if n < 3 else "") for n in range(8)]
    found = desk.bring(file)
    relations = [change["after"] for change in found["changes"] if change["op"] == "relate"]
    assert len(relations) == 3
    assert len({relation["to"] for relation in relations}) == 1
    assert "parent-unknown" not in told(found)


def test_rows_without_a_key_are_found_again_by_their_shape(desk: Desk) -> None:
    file = [feature(n) for n in range(7)]
    for one in file:
        del one["properties"]["编号"]
    desk.parts_of(3, 0)
    desk.publish(file)
    found = desk.bring(file)
    assert found["counts"]["same"] == 7
    assert [note["code"] for note in found["notes"]].count("no-key") == 1


def test_of_a_file_of_which_no_row_survives_nothing_is_kept(desk: Desk) -> None:
    desk.parts_of(2)
    with pytest.raises(Refused) as refused:
        desk.bring([feature(n, 状态="不知所云") for n in range(7)])
    assert refused.value.faults_total == 7
    with desk.database.writing() as connection:
        assert connection.execute(select(t.changeset.c.id).where(t.changeset.c.kind == "upload")).all() == []


def test_what_new_areas_lie_on_is_found_by_the_index_of_shapes(desk: Desk) -> None:
    url = desk.database.url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url) as connection:
        many.copy_parcels(connection, 40_000, 400)
    shapes = [many.square(n * 40, 400, 0.0003, 0.0003) for n in range(1000)]
    with desk.database.writing() as connection:
        plan = many.plan_of(connection, kind_queries.touching("pinghu", ["parcel"], shapes, 1))
        assert "Index Scan using project_geom_ix" in plan or "Bitmap Index Scan on project_geom_ix" in plan
        assert "Seq Scan on project" not in plan
        # Asked by the project; by the changeset, all of it would be read for each.
        assert "(target = project.id)" in plan
        assert "Cond: (changeset_id" not in plan
        near = kind_queries.shapes_touching(connection, "pinghu", ["parcel"], shapes)
    assert 1000 <= len(near) <= 9000
