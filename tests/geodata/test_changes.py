"""Changes without a database: what conflicts, what takes a changeset back, what is said to be the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point

from geodata.changes import (
    OPS,
    PROJECT_FIELDS,
    Change,
    Conflict,
    Current,
    Digest,
    conflicts,
    difference,
    inverse,
)
from geodata.geometry import same

HERE, THERE, ELSEWHERE = Point(114.10, 22.68), Point(114.11, 22.69), Point(114.12, 22.70)


def record(**more: Any) -> dict[str, Any]:
    plain: dict[str, Any] = dict.fromkeys(PROJECT_FIELDS, "")
    return {**plain, "aliases": [], "attrs": {}, "place": [], "name_zh": "路", **more}


@dataclass
class Public:
    """The smallest published state through which changesets can be played: who moved what when."""

    projects: dict[str, Current] = field(default_factory=dict)
    revision: int = 0

    def conflicts(self, changes: Sequence[Change], base: int) -> list[Conflict]:
        return [found for c in changes for found in conflicts(c, self.projects.get(c.target), base)]

    def publish(self, *changes: Change, base: int | None = None) -> int:
        """Raises AssertionError on a conflict. Returns the new revision."""
        assert self.conflicts(changes, self.revision if base is None else base) == []
        self.revision += 1
        for change in changes:
            self._write(change)
        return self.revision

    def _write(self, change: Change) -> None:
        rev, now = self.revision, self.projects.get(change.target)
        if change.op == "add":
            self.projects[change.target] = Current(change.after or {}, change.geom_after, rev, rev, rev, rev)
        elif change.op == "remove":
            assert now is not None
            self.projects[change.target] = replace(now, removed=True, rev_exists=rev)
        elif change.op == "change":
            assert now is not None
            moved = not same(change.geom_before, change.geom_after)
            self.projects[change.target] = replace(
                now,
                record={**now.record, **(change.after or {})},
                rev_attrs=rev if change.after else now.rev_attrs,
                geometry=change.geom_after if moved else now.geometry,
                rev_geom=rev if moved else now.rev_geom,
            )

    def claimed(self, target: str) -> None:
        self.revision += 1
        self.projects[target] = replace(self.projects[target], rev_claims=self.revision)

    def there(self) -> dict[str, Mapping[str, Any]]:
        return {name: now.record for name, now in self.projects.items() if not now.removed}


def add(target: str, at: Point = HERE, **more: Any) -> Change:
    return Change("add", target, after=record(**more), geom_after=at)


def rename(target: str, before: str, after: str) -> Change:
    return Change("change", target, before={"name_zh": before}, after={"name_zh": after})


def move(target: str, before: Point, after: Point) -> Change:
    return Change("change", target, {}, {}, before, after)


def parts(found: Sequence[Conflict]) -> set[tuple[str, str]]:
    return {(conflict.target, conflict.part) for conflict in found}


# ---------------------------------------------------------------- the worked answers of the model


def test_undo_removes_b_restores_c_and_keeps_a_that_a_planner_edited() -> None:
    public = Public()
    public.publish(add("c", name_zh="旧"))
    upload = [add("a"), add("b"), rename("c", "旧", "新")]
    rev = public.publish(*upload)
    public.publish(rename("a", "路", "改过的路"))

    back = inverse(upload, public.projects, rev)
    assert [(change.op, change.target) for change in back.changes] == [("change", "c"), ("remove", "b")]
    assert parts(back.kept) == {("a", "attrs")}

    public.publish(*back.changes)
    assert set(public.there()) == {"a", "c"}
    assert public.there()["c"]["name_zh"] == "旧"
    assert public.there()["a"]["name_zh"] == "改过的路"


def test_of_two_uploads_from_one_base_the_second_is_told_what_moved_on() -> None:
    public = Public()
    base = public.publish(add("x"), add("y"))
    first = [rename("x", "路", "甲"), rename("y", "路", "乙"), add("z")]
    second = [rename("x", "路", "甲"), rename("y", "路", "丙"), add("z", at=THERE)]
    public.publish(*first, base=base)

    found = public.conflicts(second, base)
    assert parts(found) == {("y", "name_zh"), ("z", "exists")}
    (on_y,) = [conflict for conflict in found if conflict.target == "y"]
    assert (on_y.ours, on_y.theirs, on_y.moved_at) == ("路", "乙", public.revision)


# ---------------------------------------------------------------- conflicts


def test_equal_values_never_conflict() -> None:
    public = Public()
    base = public.publish(add("x"))
    public.publish(rename("x", "路", "新"), move("x", HERE, THERE))
    again = [rename("x", "路", "新"), move("x", HERE, THERE), add("y")]
    assert public.conflicts(again, base) == []
    assert public.conflicts([add("x", at=THERE, name_zh="新")], base) == []


def test_two_fields_of_one_project_do_not_stand_in_each_others_way() -> None:
    public = Public()
    base = public.publish(add("x"))
    public.publish(rename("x", "路", "新"))
    other = Change("change", "x", before={"community": ""}, after={"community": "山厦"})
    assert public.conflicts([other], base) == []


def test_a_moved_geometry_conflicts_with_another_place_only() -> None:
    public = Public()
    base = public.publish(add("x"))
    public.publish(move("x", HERE, THERE))
    assert parts(public.conflicts([move("x", HERE, ELSEWHERE)], base)) == {("x", "geometry")}
    assert public.conflicts([rename("x", "路", "新")], base) == []


def test_what_is_gone_can_be_removed_again_but_not_changed() -> None:
    public = Public()
    base = public.publish(add("x"))
    public.publish(Change("remove", "x", before=record(), geom_before=HERE))
    assert public.conflicts([Change("remove", "x")], base) == []
    assert parts(public.conflicts([rename("x", "路", "新")], base)) == {("x", "exists")}
    assert parts(public.conflicts([rename("never", "路", "新")], base)) == {("never", "exists")}
    assert public.conflicts([add("x")], base) == []


def test_removing_conflicts_with_whatever_was_done_since() -> None:
    public = Public()
    base = public.publish(add("x"), add("y"), add("z"))
    public.publish(rename("x", "路", "新"))
    public.publish(move("y", HERE, THERE))
    public.claimed("z")
    gone = [Change("remove", name) for name in "xyz"]
    assert parts(public.conflicts(gone, base)) == {("x", "attrs"), ("y", "geometry"), ("z", "claims")}
    assert public.conflicts(gone, public.revision) == []


# ---------------------------------------------------------------- undo


def test_claims_are_withdrawn_and_withdrawn_ones_restated_in_reverse_order() -> None:
    said = {"target": "x", "property": "milestone:open"}
    published = [
        Change("claim", "11", after=said),
        Change("claim", "12", after=said),
        Change("withdraw", "7", before=said),
        Change("relate", "x", after={"from": "x", "to": "y", "type": "part_of"}),
        Change("unrelate", "x", before={"from": "x", "to": "z", "type": "part_of"}),
    ]
    back = inverse(published, {}, 3, withdrawn=["12"])
    assert [(change.op, change.target) for change in back.changes] == [
        ("relate", "x"),
        ("unrelate", "x"),
        ("claim", ""),
        ("withdraw", "11"),
    ]
    restated = back.changes[2].after
    assert restated == {**said, "restates": 7}
    assert back.kept == []


def test_sources_and_indicators_stay_for_they_say_nothing_by_themselves() -> None:
    published = [Change("source", "a-paper", after={}), Change("indicator", "Q01", after={})]
    assert inverse(published, {}, 1).changes == []


def test_an_undone_removal_brings_the_record_and_the_place_back() -> None:
    public = Public()
    public.publish(add("x", name_zh="旧"))
    gone = Change("remove", "x", before=record(name_zh="旧"), geom_before=HERE)
    rev = public.publish(gone)
    (back,) = inverse([gone], public.projects, rev).changes
    assert (back.op, back.target) == ("add", "x")
    assert back.after == record(name_zh="旧")
    assert same(back.geom_after, HERE)


def test_an_undone_removal_leaves_a_project_that_is_there_again() -> None:
    public = Public()
    public.publish(add("x"))
    gone = Change("remove", "x", before=record(), geom_before=HERE)
    rev = public.publish(gone)
    public.publish(add("x", at=THERE))
    back = inverse([gone], public.projects, rev)
    assert back.changes == []
    assert parts(back.kept) == {("x", "exists")}


def test_only_the_fields_that_did_not_move_on_go_back() -> None:
    public = Public()
    public.publish(add("x"))
    both = Change(
        "change",
        "x",
        before={"name_zh": "路", "community": ""},
        after={"name_zh": "新", "community": "山厦"},
        geom_before=HERE,
        geom_after=THERE,
    )
    rev = public.publish(both)
    public.publish(rename("x", "新", "更新"), move("x", THERE, ELSEWHERE))
    back = inverse([both], public.projects, rev)
    assert parts(back.kept) == {("x", "name_zh"), ("x", "geometry")}
    (change,) = back.changes
    assert (change.before, change.after) == ({"community": "山厦"}, {"community": ""})
    assert change.geom_before is None
    assert change.geom_after is None


def test_nothing_goes_back_on_a_project_that_is_gone() -> None:
    public = Public()
    first = add("x")
    rev = public.publish(first)
    public.publish(Change("remove", "x"))
    back = inverse([first], public.projects, rev)
    assert back.changes == []
    assert parts(back.kept) == {("x", "exists")}
    assert parts(inverse([first], {}, rev).kept) == {("x", "exists")}


@given(
    names=st.lists(st.sampled_from("abcdef"), min_size=1, unique=True),
    renamed=st.sets(st.sampled_from("uvw")),
    moved=st.sets(st.sampled_from("uvw")),
)
def test_undoing_at_once_leaves_what_was_before(names: list[str], renamed: set[str], moved: set[str]) -> None:
    public = Public()
    public.publish(*(add(name) for name in "uvw"))
    before = public.there()
    changes = [add(name) for name in names]
    changes += [rename(name, "路", "新") for name in sorted(renamed)]
    changes += [move(name, HERE, THERE) for name in sorted(moved)]
    rev = public.publish(*changes)
    back = inverse(changes, public.projects, rev)
    assert back.kept == []
    public.publish(*back.changes)
    assert public.there() == before
    assert all(same(public.projects[name].geometry, HERE) for name in "uvw")


# ---------------------------------------------------------------- small parts


def test_the_difference_holds_only_what_differs() -> None:
    before, after = record(), record(name_zh="新", aliases=["旧名"])
    assert difference(before, after) == (
        {"name_zh": "路", "aliases": []},
        {"name_zh": "新", "aliases": ["旧名"]},
    )
    assert difference(before, before) == ({}, {})
    assert difference({}, {"name_zh": "新"}) == ({"name_zh": None}, {"name_zh": "新"})


def digest(changes: Sequence[Change]) -> str:
    total = Digest()
    total.add(changes)
    return total.text()


def test_the_digest_tells_any_two_changesets_apart() -> None:
    one, other = add("x"), add("y")
    told = {
        digest(changes)
        for changes in (
            [],
            [one],
            [other],
            [one, other],
            [other, one],
            [add("x", at=THERE)],
            [add("x", name_zh="新")],
            [Change("remove", "x", before=record(), geom_before=HERE)],
        )
    }
    assert len(told) == 8
    assert digest([one]) == digest([add("x")])
    assert all(len(text) == 64 for text in told)


def test_a_conflict_can_be_written_down() -> None:
    conflict = Conflict("x", "geometry", HERE, THERE, 3)
    assert conflict.as_json() == {
        "target": "x",
        "part": "geometry",
        "ours": "POINT (114.1 22.68)",
        "theirs": "POINT (114.11 22.69)",
        "moved_at": 3,
    }


@pytest.mark.parametrize("op", OPS)
def test_every_act_has_an_inverse_or_stays(op: str) -> None:
    there = {"x": Current(record(), HERE, 1, 1, 1, 1)}
    said = {"from": "x", "to": "y", "type": "part_of"}
    change = Change(op, "5" if op in ("claim", "withdraw") else "x", said, said)  # type: ignore[arg-type]
    back = inverse([change], there, 1)
    stays = op in ("source", "indicator", "remove")
    assert (back.changes == []) is stays
