"""Which changes of a file would undo what was edited by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from shapely import box

from geodata.by_hand import Edit, undoing
from geodata.changes import Change

SMALL, LARGE, THIRD = box(0, 0, 1, 1), box(0, 0, 2, 2), box(0, 0, 3, 3)


def values(before: Any, after: Any, **shapes: Any) -> Change:
    return Change("change", "a", {"name_zh": before}, {"name_zh": after}, **shapes)


def by_hand(change: Change, is_recent: bool = True) -> Edit:
    return Edit(change, "somebody", date(2026, 1, 1), is_recent)


@pytest.mark.parametrize(
    ("wanted", "is_recent", "parts", "is_older"),
    [
        (values("B", "A"), True, ("name_zh",), True),
        (values("B", "C"), True, ("name_zh",), False),
        (values("B", "A"), False, ("name_zh",), True),
        (values("B", "C"), False, None, False),
        # The value by hand does not stand any more.
        (values("D", "A"), True, None, False),
        (Change("change", "a", {"note_zh": ""}, {"note_zh": "x"}), True, None, False),
        (Change("remove", "a", {"name_zh": "B"}), True, None, False),
    ],
)
def test_a_field(wanted: Change, is_recent: bool, parts: tuple[str, ...] | None, is_older: bool) -> None:
    found = undoing(wanted, [by_hand(values("A", "B"), is_recent)])
    assert (found and found.parts) == parts
    assert bool(found and found.is_older) == is_older


def test_a_shape_and_where_it_is_from() -> None:
    edit = Change("change", "a", {"place": []}, {"place": ["drawn"]}, geom_before=SMALL, geom_after=LARGE)
    back = Change("change", "a", {"place": ["drawn"]}, {"place": []}, geom_before=LARGE, geom_after=SMALL)
    found = undoing(back, [by_hand(edit)])
    assert found is not None
    assert (found.parts, found.is_older) == (("geometry",), True)
    other = undoing(Change("change", "a", {}, {}, geom_before=LARGE, geom_after=THIRD), [by_hand(edit)])
    assert other is not None
    assert (other.parts, other.is_older) == (("geometry",), False)


def test_of_several_edits_the_last_is_told_and_any_may_have_replaced_what_the_file_has() -> None:
    first, last = by_hand(values("A", "B")), by_hand(values("B", "C"))
    found = undoing(values("C", "A"), [last, first])
    assert found is not None
    assert (found.edit, found.is_older) == (last, True)


def test_another_whole_is_told_only_where_it_was_given_by_hand() -> None:
    one, other = ({"from": "a", "to": whole, "type": "part_of", "on_date": ""} for whole in ("w1", "w2"))
    edits = [by_hand(Change("unrelate", "a", before=one)), by_hand(Change("relate", "a", after=other))]
    taken = undoing(Change("unrelate", "a", before=other), edits)
    given = undoing(Change("relate", "a", after=one), edits)
    assert taken is not None
    assert given is not None
    assert (taken.parts, taken.is_older, given.is_older) == (("parent",), False, True)
    assert undoing(Change("relate", "a", after={**one, "to": "w3"}), edits) is None
