"""Which changes are one act."""

from __future__ import annotations

from geodata.bonds import Tie, together


def relate(n: int, one: str, other: str, kind: str, op: str = "relate") -> Tie:
    return Tie(n, op, one, one, other, kind)


def test_what_nothing_succeeds_is_decided_alone() -> None:
    ties = [
        Tie(1, "add", "a"),
        Tie(2, "add", "b"),
        relate(3, "a", "b", "part_of"),
        Tie(4, "remove", "c"),
        relate(5, "d", "c", "part_of", "unrelate"),
    ]
    assert together(ties) == []


def test_two_splits_of_one_changeset_are_two_acts() -> None:
    ties = [
        Tie(1, "change", "field"),
        Tie(2, "add", "east"),
        Tie(3, "change", "meadow"),
        Tie(4, "add", "south"),
        Tie(5, "change", "beside"),
        relate(6, "east", "field", "succeeds"),
        relate(7, "south", "meadow", "succeeds"),
        relate(8, "east", "town", "part_of"),
        relate(9, "south", "town", "part_of"),
        relate(10, "beside", "town", "part_of"),
    ]
    assert together(ties) == [frozenset({1, 2, 6, 8}), frozenset({3, 4, 7, 9})]


def test_a_part_of_a_part_goes_with_the_first_whole() -> None:
    ties = [
        Tie(1, "change", "field"),
        Tie(2, "add", "east"),
        Tie(3, "add", "far-east"),
        relate(4, "east", "field", "succeeds"),
        relate(5, "far-east", "east", "succeeds"),
    ]
    assert together(ties) == [frozenset({1, 2, 3, 4, 5})]


def test_what_becomes_part_of_another_whole_does_so_in_one_act() -> None:
    ties = [
        Tie(1, "change", "left"),
        Tie(2, "remove", "right", heirs=("left",)),
        relate(3, "hut", "right", "part_of", "unrelate"),
        relate(4, "hut", "left", "part_of"),
        relate(5, "shed", "left", "part_of", "unrelate"),
        relate(6, "shed", "barn", "part_of"),
    ]
    assert together(ties) == [frozenset({1, 2, 3, 4, 5, 6})]


def test_who_comes_back_goes_with_what_took_its_place() -> None:
    """An undo: the relation between them may be gone by now."""
    ties = [
        Tie(1, "add", "field", heirs=("west", "east")),
        Tie(2, "remove", "west"),
        Tie(3, "remove", "east"),
    ]
    assert together(ties) == [frozenset({1, 2, 3})]
