"""What a file would change: who each row is, what differs, what a status says anew, what is no change."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, box
from shapely.geometry.base import BaseGeometry

from app.projects.export import csv_bytes
from app.projects.service import Moment, plain_properties
from geodata import pinghu
from geodata.changes import PROJECT_FIELDS, Change, Current
from geodata.checking import SLUG, check_claim, check_project, check_source
from geodata.comparing import Comparison, Outcome, compare
from geodata.crs import wgs84_to_gcj02
from geodata.drafting import KEPT, WITHHELD, Mode, Standing, Upload
from geodata.geometry import measures, same, stored, to_geojson
from geodata.kinds import Kind, load_kinds
from geodata.mapping import from_json, propose
from geodata.phases import phases_text
from geodata.reading import COMMAND, Declared, Place, read
from geodata.reading.contract import Row
from geodata.rows import Table, check
from tests.geodata.facts import T, changes, claims_of, projects

KINDS = load_kinds()
PARCEL = KINDS["parcel"]
AREA = tuple(pinghu.area()["accept_bbox_lonlat"])
WIDE = (113.0, 22.0, 115.0, 23.5)
DAY = date(2025, 1, 31)
SQUARE = stored(box(114.1, 22.7, 114.101, 22.701))
ELSEWHERE = stored(box(114.11, 22.7, 114.111, 22.701))


def upload(mode: Mode = "merge", dataset: str = "survey", data_date: date | None = DAY) -> Upload:
    return Upload(dataset, mode, data_date, T)


def row(n: int, geometry: BaseGeometry | None = SQUARE, own: str | None = None, **said: Any) -> Row:
    return Row(n, None, own, geometry, said)


def table(*rows: Row, kind: Kind = PARCEL, mapping: dict[str, Any] | None = None) -> Table:
    fields = list(dict.fromkeys(name for one in rows for name in one.properties))
    return check(rows, from_json(mapping or {}, fields, kind), kind, WIDE)


def published(found: Comparison, before: dict[str, Standing] | None = None) -> dict[str, Standing]:
    """What is public once every accepted act is; phases as a sighting of the upload's day makes them."""
    public = dict(before or {})
    for change, outcome in found.changes():
        now = public.get(change.target)
        if outcome is not None and outcome.verdict == "blocked":
            continue
        if change.op == "add":
            public[change.target] = Standing(Current(change.after or {}, change.geom_after, 1, 1, 1, 1))
        elif change.op == "change" and now:
            moved = change.geom_before is not None or change.geom_after is not None
            geometry = change.geom_after if moved else now.current.geometry
            record = {**now.current.record, **(change.after or {})}
            public[change.target] = replace(now, current=Current(record, geometry, 1, 1, 1, 1))
        elif change.op == "remove" and now:
            public[change.target] = replace(now, current=replace(now.current, removed=True))
        elif change.op == "claim" and change.after:
            phases = f"{_CODES[change.after['value']]}@{change.after['date']}<"
            public[change.after["target"]] = replace(public[change.after["target"]], phases=phases)
        elif change.op == "relate" and change.after:
            public[change.target] = replace(public[change.target], parent=change.after["to"])
        elif change.op == "unrelate":
            public[change.target] = replace(public[change.target], parent="")
    return public


_CODES = {"proposed": 1, "planned": 2, "preparing": 3, "building": 4, "completing": 5, "in_service": 6}


def only(found: Comparison) -> Outcome:
    (outcome,) = found.outcomes
    return outcome


def codes(outcome: Outcome) -> list[str]:
    return [found.code for found in outcome.issues]


# ---------------------------------------------------------------- our own answers, brought back


def seeded(kind: Kind) -> dict[str, Standing]:
    """The projects of a kind as Pinghu's first changesets publish them."""
    parents = {c.target: str((c.after or {})["to"]) for c in changes("relate")}
    return {
        project: Standing(
            Current(dict(change.after or {}), change.geom_after, 1, 1, 1, 1),
            phases=phases_text(claims_of(project), kind.phase_of) if kind.tracked else "",
            parent=parents.get(project, ""),
        )
        for project, change in projects().items()
        if (change.after or {})["kind"] == kind.id
    }


def answered(project: str, standing: Standing, kind: Kind) -> dict[str, Any]:
    """A feature as the service answers it, of what is public."""
    record, geometry = standing.current.record, standing.current.geometry
    area_ha, length_km = measures(geometry, record["precision"], record["partial"])
    computed = {
        "parent": standing.parent or None,
        "area_ha": area_ha,
        "length_km": length_km,
        "last_heard": T,
    }
    state = {
        "phase": standing.phase_on(T),
        "basis": "fact",
        "maybe": None,
        "light": "grey",
        "parts": None,
        "next": None,
        "place": record["place"],
        "located": geometry is not None,
    }
    return {
        "type": "Feature",
        "id": project,
        "geometry": to_geojson(geometry) if geometry is not None else None,
        "properties": {
            **plain_properties({**record, **computed, "id": project}, kind),
            **state,
            "phases": standing.phases,
        },
    }


def exported(kind: Kind, folder: Path, form: str) -> Path:
    features = [answered(project, standing, kind) for project, standing in seeded(kind).items()]
    path = folder / f"export.{form}"
    if form == "geojson":
        path.write_text(
            json.dumps({"type": "FeatureCollection", "features": features}, default=str), encoding="utf-8"
        )
        return path
    area = {"revision": 2, "credits": pinghu.area()["credits"]}
    texts = [{**f, "geometry": f["geometry"] and json.dumps(f["geometry"])} for f in features]
    path.write_bytes(b"".join(csv_bytes([texts], Moment(area, T, T, T), "zh")))
    return path


def reread(path: Path, kind: Kind) -> Table:
    reading = read(path, Declared(name=path.name), COMMAND, Place(AREA))
    rows = list(reading.rows)
    return check(rows, propose(reading.fields, None, kind), kind, AREA)


@pytest.mark.parametrize("mode", ["merge", "replace"])
@pytest.mark.parametrize("form", ["geojson", "csv"])
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_our_own_export_uploaded_again_changes_nothing(
    kind: Kind, form: str, mode: Mode, tmp_path: Path
) -> None:
    public = seeded(kind)
    found = compare(reread(exported(kind, tmp_path, form), kind), public, upload(mode, pinghu.DATASET, T))
    wrong = [(o.target, o.verdict, o.parts, codes(o)) for o in found.outcomes if o.verdict != "same"]
    assert wrong == []
    assert len(found.outcomes) == len(public) > 0
    assert (found.source, list(found.changes())) == (None, [])


def test_an_export_that_was_edited_changes_just_that(tmp_path: Path) -> None:
    kind = KINDS["road"]
    path = exported(kind, tmp_path, "csv")
    said = path.read_text(encoding="utf-8").replace("富安东路,", "富安东路（改）,", 1)
    path.write_text(said, encoding="utf-8")
    found = compare(reread(path, kind), seeded(kind), upload(dataset=pinghu.DATASET))
    (changed,) = [outcome for outcome in found.outcomes if outcome.verdict != "same"]
    (change,) = changed.changes
    assert (changed.target, changed.parts) == ("fuan-east-road", ("name_zh",))
    assert (change.before, change.after) == ({"name_zh": "富安东路"}, {"name_zh": "富安东路（改）"})


# ---------------------------------------------------------------- new, changed, same, removed


def test_a_new_row_becomes_a_whole_project_that_passes_every_check() -> None:
    found = compare(
        table(row(0, 编号="A-01", 名称="甲地块", 状态="在建", 签约率=99, 权属人="某人")), {}, upload()
    )
    outcome = only(found)
    add, claim = outcome.changes
    assert (outcome.verdict, outcome.target, add.op) == ("added", "parcel-survey-a-01", "add")
    assert add.after is not None
    assert set(add.after) == set(PROJECT_FIELDS)
    assert add.after["attrs"] == {"lc_signup": 99, KEPT: {"权属人": "某人"}}
    assert (add.after["dataset"], add.after["external_key"]) == ("survey", "A-01")
    assert add.after["precision"] == "digitised"
    assert same(add.geom_after, SQUARE)
    faults = check_project({"id": add.target, **add.after}, add.geom_after, KINDS, WIDE)
    assert [fault for fault in faults if fault.severity == "block"] == []
    assert claim.after is not None
    assert check_claim(claim.after, PARCEL) == []
    assert found.source is not None
    assert check_source(found.source.after or {}) == []


def test_the_claim_of_a_status_says_who_said_it_when_where_and_in_which_words() -> None:
    found = compare(table(row(4, 编号="A", 名称="甲", 建设进度="已开工")), {}, upload())
    claim = only(found).changes[1].after
    assert claim is not None
    assert found.source is not None
    assert found.source.after is not None
    assert claim["property"] == "phase"
    assert (claim["value"], claim["date"], claim["said_on"], claim["commitment"]) == (
        "building",
        "2025-01-31",
        "2025-01-31",
        "done",
    )
    assert (claim["quote"], claim["locator"], claim["source"]) == (
        "建设进度：已开工",
        "row 5",
        found.source.target,
    )
    source = found.source.after
    assert (source["publisher_zh"], source["publisher_en"]) == ("数据集“survey”", "Dataset “survey”")
    assert (source["tier"], source["published"], source["retrieved_on"]) == (
        "official",
        "2025-01-31",
        "2025-01-31",
    )


def test_without_a_day_of_the_data_it_counts_as_said_on_the_day_of_the_upload() -> None:
    found = compare(table(row(0, 编号="A", 名称="甲", 状态="在建")), {}, upload(data_date=None))
    assert found.source is not None
    assert found.source.after is not None
    assert (found.source.after["published"], found.source.after["retrieved_on"]) == (
        T.isoformat(),
        T.isoformat(),
    )


def test_the_same_file_again_changes_nothing() -> None:
    rows = [
        row(0, 编号="A", 名称="甲", 状态="在建", 权属人="某人", 公开说明="x"),
        row(1, Point(114.1, 22.7), 编号="B", 名称="乙", 状态="规划", 权属人="", 公开说明=""),
        row(2, None, 编号="丙 1", 名称="丙", 状态="", 权属人="他人", 公开说明="电话13800138000"),
    ]
    for mode in ("merge", "replace"):
        first = compare(table(*rows), {}, upload(mode))
        assert first.counts()["added"] == 3
        again = compare(table(*rows), published(first), upload(mode), sources={"dataset-survey-2025-01-31"})
        assert again.counts()["same"] == 3
        assert list(again.changes()) == []


def test_a_changed_row_says_which_parts_before_and_after() -> None:
    public = published(compare(table(row(0, 编号="A", 名称="甲", 签约率=50, 公开说明="旧")), {}, upload()))
    outcome = only(
        compare(table(row(0, ELSEWHERE, 编号="A", 名称="甲", 签约率=60, 公开说明="新")), public, upload())
    )
    (change,) = outcome.changes
    assert outcome.verdict == "changed"
    assert outcome.parts == ("note_zh", "attrs.lc_signup", "geometry")
    assert change.before is not None
    assert change.after is not None
    assert (change.before["note_zh"], change.after["note_zh"]) == ("旧", "新")
    assert (change.before["attrs"], change.after["attrs"]) == ({"lc_signup": 50}, {"lc_signup": 60})
    assert (change.geom_before, change.geom_after) == (SQUARE, ELSEWHERE)


def test_a_moved_shape_takes_its_provenance_along_and_a_kept_one_keeps_it() -> None:
    kind, project = KINDS["road"], "fuan-east-road"
    public = seeded(kind)
    before = public[project].current
    assert before.record["precision"] == "schematic"
    kept = only(
        compare(table(row(0, before.geometry, own=project, 公开说明="x"), kind=kind), public, upload())
    )
    assert kept.parts == ("note_zh",)
    line = stored(LineString([(114.1, 22.7), (114.12, 22.7)]))
    moved = only(compare(table(row(0, line, own=project), kind=kind), public, upload()))
    (change,) = moved.changes
    assert change.after is not None
    assert change.after["precision"] == "digitised"
    assert [entry["id"] for entry in change.after["place"]] == ["dataset-survey-2025-01-31"]


def test_merge_never_takes_anything_away_and_replace_does() -> None:
    full = row(0, 编号="A", 名称="甲", 签约率=50, 公开说明="旧", 社区="山厦")
    public = published(
        compare(
            table(full, row(1, ELSEWHERE, 编号="B", 名称="乙", 签约率="", 公开说明="", 社区="")), {}, upload()
        )
    )
    emptied = row(0, None, 编号="A", 名称="甲", 签约率="", 公开说明="", 社区="山厦")
    merged = only(compare(table(emptied), public, upload("merge")))
    assert (merged.verdict, codes(merged)) == ("same", ["geometry-lost"])
    replaced = compare(table(emptied), public, upload("replace")).outcomes
    assert [(o.verdict, o.parts) for o in replaced] == [
        ("changed", ("note_zh", "attrs.lc_signup", "precision", "geometry")),
        ("removed", ("exists",)),
    ]
    changed, removed = replaced[0].changes[0], replaced[1].changes[0]
    assert (changed.geom_before, changed.geom_after) == (SQUARE, None)
    assert changed.after is not None
    assert changed.after["precision"] == "unlocated"
    assert (removed.op, removed.geom_before) == ("remove", ELSEWHERE)


def test_replace_removes_only_within_its_dataset() -> None:
    public = {
        **published(compare(table(row(0, 编号="A", 名称="甲")), {}, upload())),
        **published(compare(table(row(0, 编号="X", 名称="丁")), {}, upload(dataset="other"))),
    }
    found = compare(table(row(0, ELSEWHERE, 编号="B", 名称="乙")), public, upload("replace"))
    assert [(o.target, o.verdict) for o in found.outcomes] == [
        ("parcel-survey-b", "added"),
        ("parcel-survey-a", "removed"),
    ]


def test_a_blocked_row_shows_what_it_would_be_and_is_not_removed() -> None:
    public = published(compare(table(row(0, 编号="A", 名称="甲")), {}, upload()))
    bad = only(compare(table(row(0, 编号="A", 名称="乙", 状态="Ω")), public, upload("replace")))
    # The English name that was filled in from the Chinese one follows it.
    assert (bad.verdict, bad.target, bad.parts) == ("blocked", "parcel-survey-a", ("name_zh", "name_en"))
    assert [change.op for change in bad.changes] == ["change"]


def test_a_blocked_geometry_that_no_database_takes_is_left_out() -> None:
    bowtie = shapely.Polygon([(114.1, 22.7), (114.11, 22.71), (114.11, 22.7), (114.1, 22.71)])
    bad = only(compare(table(row(0, bowtie, 编号="A", 名称="甲")), {}, upload()))
    assert (bad.verdict, codes(bad), bad.changes[0].geom_after) == ("blocked", ["geometry-invalid"], None)


def test_H072_a_row_without_a_geometry_is_a_project_without_a_place() -> None:
    (add,) = only(compare(table(row(0, None, 编号="A", 名称="甲")), {}, upload())).changes
    assert add.after is not None
    assert (add.after["precision"], add.after["place"], add.geom_after) == ("unlocated", [], None)


def test_H091_a_new_project_needs_a_name_and_a_known_one_does_not() -> None:
    assert codes(only(compare(table(row(0, 编号="A", 签约率=1)), {}, upload()))) == ["required"]
    public = published(compare(table(row(0, 编号="A", 名称="甲")), {}, upload()))
    known = only(compare(table(row(0, 编号="A", 签约率=1)), public, upload()))
    assert (known.verdict, known.parts) == ("changed", ("attrs.lc_signup",))


# ---------------------------------------------------------------- who a row is


def test_a_public_id_wins_over_a_key() -> None:
    kind = KINDS["road"]
    outcome = only(
        compare(
            table(row(0, None, own="fuan-east-road", 编号="R-1", 公开说明="x"), kind=kind),
            seeded(kind),
            upload(),
        )
    )
    assert (outcome.target, outcome.parts, codes(outcome)) == (
        "fuan-east-road",
        ("note_zh",),
        ["geometry-lost"],
    )


def test_a_key_is_unique_in_a_kind_and_of_one_dataset() -> None:
    public = published(compare(table(row(0, 编号="A", 名称="甲")), {}, upload(dataset="other")))
    outcome = only(compare(table(row(0, 编号="A", 名称="甲")), public, upload()))
    assert (outcome.verdict, codes(outcome)) == ("blocked", ["key-of-other-dataset"])


def test_what_was_removed_comes_back_under_its_id() -> None:
    public = published(compare(table(row(0, 编号="甲-1", 名称="甲")), {}, upload()))
    (target,) = public
    gone = {target: replace(public[target], current=replace(public[target].current, removed=True))}
    outcome = only(compare(table(row(0, 编号="甲-1", 名称="甲")), gone, upload(), taken=set(gone)))
    assert (outcome.verdict, outcome.target, outcome.changes[0].op) == ("added", target, "add")


def test_what_another_dataset_removed_stays_gone() -> None:
    public = published(compare(table(row(0, 编号="A", 名称="甲")), {}, upload(dataset="other")))
    gone = {i: replace(each, current=replace(each.current, removed=True)) for i, each in public.items()}
    outcome = only(compare(table(row(0, 编号="A", 名称="甲")), gone, upload()))
    assert (outcome.verdict, outcome.target) == ("added", "parcel-survey-a")


def test_a_shape_served_with_fewer_decimals_is_the_same_wherever_its_ring_begins() -> None:
    corners = [(114.10000001, 22.71), (114.10000004, 22.7), (114.11, 22.7), (114.11, 22.71)]
    shape = stored(shapely.Polygon(corners))
    served = stored(shapely.geometry.shape(to_geojson(shape)))
    assert not same(shape, served)
    public = published(compare(table(row(0, shape, 编号="A", 名称="甲")), {}, upload()))
    assert only(compare(table(row(0, served, 编号="A", 名称="甲")), public, upload())).verdict == "same"


def test_kept_columns_of_an_earlier_file_stay() -> None:
    public = published(compare(table(row(0, 编号="A", 名称="甲", 权属人="某人")), {}, upload()))
    (change,) = only(compare(table(row(0, 编号="A", 名称="甲", 用途="工业")), public, upload())).changes
    assert change.after == {"attrs": {KEPT: {"权属人": "某人", "用途": "工业"}}}


def test_without_keys_rows_are_matched_by_shape_and_name() -> None:
    rows = [
        row(0, own="0", 名称="甲"),
        row(1, ELSEWHERE, own="1", 名称="乙"),
        row(2, None, own="2", 名称="丙"),
    ]
    first = compare(table(*rows), {}, upload())
    assert "no-key" in [note.code for note in first.notes]
    again = compare(
        table(*[replace(each, id=str(9 - each.n)) for each in reversed(rows)]), published(first), upload()
    )
    assert again.counts()["same"] == 3
    assert {o.target for o in again.outcomes} == {o.target for o in first.outcomes}
    renamed = only(compare(table(row(0, 名称="丁")), published(first), upload()))
    assert renamed.verdict == "added"


@pytest.mark.parametrize(
    "key", ["A-01", "440307 001", "ph_001", "宗地１号", "x" * 90, "13800138000", "a/../b", "Ω", "-", "A--1"]
)
@pytest.mark.parametrize("dataset", ["survey", "测绘局 2024", "Ω", "x" * 100, "S"])
def test_ids_of_new_projects_are_slugs_and_stable(key: str, dataset: str) -> None:
    found = [
        only(compare(table(row(0, 编号=key, 名称="甲")), {}, upload(dataset=dataset))).target
        for _ in range(2)
    ]
    assert found[0] == found[1]
    assert SLUG.fullmatch(found[0])
    assert len(found[0]) <= 80
    assert "13800138000" not in found[0]


def test_ids_never_collide_with_one_another_or_with_what_exists() -> None:
    keys = ["A-1", "a-1", "A 1", "a_1", "A.1"]
    rows = [row(n, None, 编号=key, 名称=f"甲{n}") for n, key in enumerate(keys)]
    taken = {"parcel-survey-a-1"}
    found = [o.target for o in compare(table(*rows), {}, upload(), taken=taken).outcomes]
    assert len({*found, *taken}) == len(keys) + 1


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=12, unique=True))
def test_any_keys_give_ids_of_their_own_and_the_file_again_is_the_same(keys: list[str]) -> None:
    rows = [row(n, None, 编号=key, 名称=f"甲{n}") for n, key in enumerate(keys)]
    first = compare(table(*rows), {}, upload())
    added = [o for o in first.outcomes if o.verdict == "added"]
    assert len({o.target for o in added}) == len(added)
    again = compare(table(*rows), published(first), upload())
    assert again.counts()["same"] == len(added)
    assert not list(again.changes()) or {o.verdict for _, o in again.changes() if o} == {"blocked"}


# ---------------------------------------------------------------- what the status says


def standing(phases: str, last_heard: date | None = None) -> dict[str, Standing]:
    public = published(compare(table(row(0, 编号="A", 名称="甲")), {}, upload()))
    return {target: replace(each, phases=phases, last_heard=last_heard) for target, each in public.items()}


def test_a_status_that_is_believed_makes_no_claim_and_moves_what_was_heard() -> None:
    status = table(row(0, 编号="A", 名称="甲", 状态="在建"))
    found = compare(status, standing("4@2024-01-01", date(2024, 1, 1)), upload())
    assert (only(found).verdict, found.source) == ("same", None)
    assert found.heard == {"parcel-survey-a": DAY}
    later = compare(status, standing("4@2024-01-01", date(2025, 6, 1)), upload())
    assert later.heard == {}


@pytest.mark.parametrize("phases", ["", "3@2024-01-01", "4@2025-02-01", "6@2024-01-01"])
def test_a_status_that_differs_from_what_is_believed_on_its_day_is_claimed(phases: str) -> None:
    found = compare(table(row(0, 编号="A", 名称="甲", 状态="在建")), standing(phases), upload())
    outcome = only(found)
    assert (outcome.verdict, outcome.parts, [c.op for c in outcome.changes]) == (
        "changed",
        ("phase",),
        ["claim"],
    )
    assert found.source is not None


def test_a_promise_is_not_believed() -> None:
    found = compare(table(row(0, 编号="A", 名称="甲", 状态="在建")), standing("|4@2025-01-01*5"), upload())
    assert only(found).parts == ("phase",)


def test_a_row_may_say_the_day_of_its_status() -> None:
    status = table(row(0, 编号="A", 名称="甲", 状态="在建", 状态日期="2024年6月"))
    claim = only(compare(status, standing("4@2025-01-01"), upload())).changes[0].after
    assert claim is not None
    assert (claim["date"], claim["said_on"]) == ("2024-06", "2025-01-31")
    assert only(compare(status, standing("4@2024-06-30"), upload())).verdict == "same"
    ahead = table(row(0, 编号="A", 名称="甲", 状态="在建", 状态日期="2025-03"))
    assert codes(only(compare(ahead, standing(""), upload()))) == ["done-in-future"]


def test_what_this_source_said_already_is_not_said_again() -> None:
    status = table(row(0, 编号="A", 名称="甲", 状态="在建"))
    (target,) = standing("6@2024-01-01")
    public = {
        target: replace(standing("6@2024-01-01")[target], sightings=frozenset({("building", "2025-01-31")}))
    }
    assert only(compare(status, public, upload())).verdict == "same"


def test_a_public_source_is_not_brought_again() -> None:
    status = table(row(0, 编号="A", 名称="甲", 状态="在建"))
    found = compare(status, {}, upload(), sources={"dataset-survey-2025-01-31"})
    assert found.source is None
    assert [c.op for c in only(found).changes] == ["add", "claim"]


def test_what_is_not_tracked_has_no_phase() -> None:
    found = compare(table(row(0, 编号="A", 名称="甲", 状态="在建"), kind=KINDS["area"]), {}, upload())
    assert [c.op for c in only(found).changes] == ["add"]


# ---------------------------------------------------------------- wholes, personal data, kept columns


def test_a_parent_is_known_by_id_key_or_name_and_told_when_unknown() -> None:
    public = published(compare(table(row(0, 编号="W", 名称="总项目")), {}, upload()))
    for said in ("parcel-survey-w", "W", "总项目"):
        outcome = only(
            compare(table(row(0, ELSEWHERE, 编号="P", 名称="一期", 所属项目=said)), public, upload())
        )
        add, relate = outcome.changes
        assert relate == Change(
            "relate",
            add.target,
            after={"from": add.target, "to": "parcel-survey-w", "type": "part_of", "on_date": ""},
        )
    unknown = only(
        compare(table(row(0, ELSEWHERE, 编号="P", 名称="一期", 所属项目="没有")), public, upload())
    )
    assert ([c.op for c in unknown.changes], codes(unknown)) == (["add"], ["parent-unknown"])


def test_a_parent_may_stand_in_the_same_file_and_may_change() -> None:
    rows = [row(0, 编号="W", 名称="总", 所属项目=""), row(1, ELSEWHERE, 编号="P", 名称="一期", 所属项目="W")]
    first = compare(table(*rows), {}, upload())
    public = published(first)
    assert public["parcel-survey-p"].parent == "parcel-survey-w"
    assert compare(table(*rows), public, upload()).counts()["same"] == 2
    moved = row(1, ELSEWHERE, 编号="P", 名称="一期", 所属项目="")
    assert only(compare(table(moved), public, upload("merge"))).verdict == "same"
    loosened = compare(table(moved), public, upload("replace")).outcomes[0]
    assert (loosened.parts, [c.op for c in loosened.changes]) == (("parent",), ["unrelate"])


def test_H119_withheld_and_kept_values_are_in_no_public_field_until_cleared() -> None:
    said = row(0, 编号="A", 名称="甲", 责任单位="13800138000", 权属人="某人")
    public = published(compare(table(said), {}, upload()))
    attrs = public["parcel-survey-a"].current.record["attrs"]
    assert attrs == {KEPT: {"权属人": "某人"}, WITHHELD: {"lead_unit": "13800138000"}}
    for kind in KINDS.values():
        assert not kind.public_fields & {KEPT, WITHHELD}
    cleared = table(said, mapping={"cleared": ["attr:lead_unit"]})
    outcome = only(compare(cleared, public, upload()))
    (change,) = outcome.changes
    assert change.after is not None
    assert change.after["attrs"] == {"lead_unit": "13800138000", KEPT: {"权属人": "某人"}}


# ---------------------------------------------------------------- the whole file


def shifted(geometry: BaseGeometry) -> BaseGeometry:
    return stored(shapely.transform(geometry, wgs84_to_gcj02))


def parcels(count: int) -> list[Row]:
    return [
        row(n, stored(box(114.1 + n / 1000, 22.7, 114.1005 + n / 1000, 22.7005)), 编号=str(n), 名称=f"甲{n}")
        for n in range(count)
    ]


@pytest.mark.parametrize(("moved", "suspected"), [(10, True), (8, True), (7, False), (0, False)])
def test_H053_four_fifths_moved_as_gcj_02_would_are_suspected(moved: int, suspected: bool) -> None:
    rows = parcels(10)
    public = published(compare(table(*rows), {}, upload()))
    again = [replace(r, geometry=shifted(r.geometry)) if r.n < moved and r.geometry else r for r in rows]
    found = compare(table(*again), public, upload())
    told = [note for note in found.notes if note.code == "position-shift"]
    assert bool(told) is suspected
    if told:
        assert f"{moved} of 10" in told[0].detail_en
        assert 550 <= int(re.findall(r"about (\d+) m", told[0].detail_en)[0]) <= 650


@pytest.mark.parametrize(
    ("dlon", "dlat"), [(-0.00511, 0.00267), (0.001, -0.0005), (0.0, 0.006), (0.02, -0.01)]
)
def test_H053_other_moves_are_not_suspected(dlon: float, dlat: float) -> None:
    rows = parcels(10)
    public = published(compare(table(*rows), {}, upload()))
    again = [
        replace(r, geometry=shapely.transform(r.geometry, lambda xy: xy + np.array([dlon, dlat])))
        for r in rows
    ]
    found = compare(table(*again), public, upload())
    assert "position-shift" not in [note.code for note in found.notes]


@pytest.mark.parametrize(
    ("dlon", "told"),
    [(0.0047, None), (0.0052, ("534 米", "534 m")), (0.0205, ("2.1 公里", "2.1 km"))],
)
def test_H053_one_that_moved_far_is_told_how_far(dlon: float, told: tuple[str, str] | None) -> None:
    rows = parcels(10)
    public = published(compare(table(*rows), {}, upload()))
    again = [
        replace(r, geometry=shapely.transform(r.geometry, lambda xy: xy + np.array([dlon, 0])))
        if r.n == 3
        else r
        for r in rows
    ]
    found = compare(table(*again), public, upload())
    far = [(o.record and o.record.n, i) for o in found.outcomes for i in o.issues if i.code == "moved-far"]
    assert [n for n, _ in far] == ([3] if told else [])
    said = [(warning.severity, warning.detail_zh, warning.detail_en) for _, warning in far]
    for zh, en in [told] if told else []:
        assert said == [("warn", f"位置移动约 {zh}", f"the place moved by about {en}")]


def test_H053_a_file_that_moved_as_a_whole_is_told_once() -> None:
    rows = parcels(10)
    public = published(compare(table(*rows), {}, upload()))
    again = [replace(r, geometry=shifted(r.geometry)) for r in rows if r.geometry]
    found = compare(table(*again), public, upload())
    assert "position-shift" in [note.code for note in found.notes]
    assert not [o for o in found.outcomes if "moved-far" in codes(o)]


# The square measures 1.13 ha.
@pytest.mark.parametrize(
    ("said", "more", "told"),
    [
        ("1.2", {}, False),
        ("0.6", {}, False),
        ("2.2", {}, False),
        ("0.5", {}, True),
        ("2.4", {}, True),
        ("0", {}, True),
        ("-5", {}, False),
        ("30", {"精度": "近似"}, False),
        ("30", {"部分": "是"}, False),
    ],
)
def test_a_size_that_the_shape_denies_is_told(said: str, more: dict[str, Any], told: bool) -> None:
    outcome = only(compare(table(row(0, 编号="A", 名称="甲", 面积=said, **more)), {}, upload()))
    assert ("measure-differs" in codes(outcome)) is told
    if said == "2.4":
        (warning,) = (found for found in outcome.issues if found.code == "measure-differs")
        assert (
            warning.detail_zh == f"填写的面积 2.40 ha，图形量得 {measures(SQUARE, 'surveyed', False)[0]} ha"
        )
        assert warning.field == "面积"


def test_a_size_is_told_again_only_when_it_or_its_shape_changes() -> None:
    wrong = row(0, 编号="A", 名称="甲", 面积="30")
    public = published(compare(table(wrong), {}, upload()))
    renamed = replace(wrong, properties={**wrong.properties, "名称": "乙"})
    other = replace(wrong, properties={**wrong.properties, "面积": "31"})
    assert codes(only(compare(table(renamed), public, upload()))) == []
    assert codes(only(compare(table(other), public, upload()))) == ["measure-differs"]
    assert codes(only(compare(table(replace(wrong, geometry=ELSEWHERE)), public, upload()))) == [
        "measure-differs",
        "moved-far",
    ]


def test_a_column_whose_unit_is_in_doubt_is_told_once() -> None:
    rows = [replace(r, properties={**r.properties, "面积": "4.3"}) for r in parcels(5)]
    found = compare(table(*rows), {}, upload())
    assert "unit-suspected" in [note.code for note in found.notes]
    assert not [o for o in found.outcomes if "measure-differs" in codes(o)]


def test_a_negative_amount_is_told() -> None:
    outcome = only(compare(table(row(0, 编号="A", 名称="甲", 面积="-5", 责任单位="-5")), {}, upload()))
    assert codes(outcome) == ["amount-negative"]
    assert outcome.issues[0].detail_zh == "“面积”为负数：-5"


def test_changes_come_in_an_order_in_which_they_can_be_published() -> None:
    rows = [
        row(0, 编号="A", 名称="甲", 状态="在建", 所属项目="B"),
        row(1, ELSEWHERE, 编号="B", 名称="乙", 状态="在建"),
    ]
    ops = [change.op for change, _ in compare(table(*rows), {}, upload()).changes()]
    assert ops == ["source", "add", "relate", "claim", "add", "claim"]


def test_forty_thousand_rows_are_mapped_checked_and_compared_in_seconds() -> None:
    count, side = 40_000, 200
    rows = [
        Row(
            n,
            None,
            str(n),
            box(
                114 + n % side / 500,
                22.5 + n // side / 500,
                114.002 + n % side / 500,
                22.502 + n // side / 500,
            ),
            {
                "地块编号": f"DK-{n:06}",
                "项目名称": f"地块{n}号",
                "状态": ("规划", "在建", "已入库", "签约中")[n % 4],
                "社区": "辅城坳",
                "面积(㎡)": f"{1000 + n}.5",
                "权属人": f"某公司{n}",
                "公开说明": "无",
                "批次": n % 7,
            },
        )
        for n in range(count)
    ]
    began = time.process_time()
    first = compare(table(*rows), {}, upload())
    again = compare(table(*rows), published(first), upload())
    assert time.process_time() - began < 10
    assert first.counts()["added"] == count
    assert again.counts()["same"] == count


# ---------------------------------------------------------------- texts that may lack their ends


LONG = "很长的名称" * 20


def cut_row(name: str, **said: Any) -> Row:
    """A row of which a Shapefile may have cut every text."""
    found = row(0, 编号="A1", 名称=name, **said)
    return replace(found, cut=frozenset({"名称", *said}))


@pytest.mark.parametrize("sign", ["", "…"])
def test_the_beginning_of_what_is_public_is_no_change(sign: str) -> None:
    whole = row(0, 编号="A1", 名称=LONG, 公开说明=LONG, 责任单位=LONG, 别的=LONG, 别名=f"甲、{LONG}")
    public = published(compare(table(whole), {}, upload()))
    cut = LONG[:83] + sign
    said = {"公开说明": cut, "责任单位": cut, "别的": cut, "别名": f"甲、{cut}"}
    found = compare(table(cut_row(cut, **said)), public, upload())
    assert found.counts()["same"] == 1
    assert found.outcomes[0].issues == ()
    # In `replace`, where the row is the whole truth, too.
    assert compare(table(cut_row(cut, **said)), public, upload("replace")).counts()["same"] == 1


def test_another_text_that_may_be_cut_is_a_change_to_be_confirmed() -> None:
    public = published(compare(table(row(0, 编号="A1", 名称=LONG, 公开说明="短")), {}, upload()))
    (outcome,) = compare(table(cut_row("别的名称" * 20, 公开说明=LONG)), public, upload()).outcomes
    assert (outcome.verdict, {*outcome.parts}) == ("changed", {"name_zh", "name_en", "note_zh"})
    assert [(i.code, i.severity, i.field) for i in outcome.issues] == [
        ("value-cut", "warn", "名称"),
        ("value-cut", "warn", "公开说明"),
    ]
    (added,) = compare(table(cut_row(LONG)), {}, upload()).outcomes
    assert (added.verdict, [i.code for i in added.issues]) == ("added", ["value-cut"])


def test_the_beginning_of_a_key_tells_nobody_apart() -> None:
    one = replace(row(0, 编号="A1", 名称="甲"), cut=frozenset({"编号"}))
    (outcome,) = compare(table(one), {}, upload()).outcomes
    assert (outcome.verdict, [i.code for i in outcome.issues]) == ("blocked", ["key-cut"])


def test_many_rows_alike_without_a_key_are_named_in_no_time() -> None:
    count = 5_000
    begun = time.process_time()
    found = compare(table(*(row(n, 名称="甲") for n in range(count))), {}, upload())
    assert time.process_time() - begun < 10
    assert len({outcome.target for outcome in found.outcomes}) == count
