"""Which changes of a changeset are one act: the parts of a split or of a merger, which share what was one
land. Publishing or undoing only some of them would leave land twice, or lose it. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from geodata.changes import Change, Conflict

SUCCEEDS, PART_OF = "succeeds", "part_of"
_RELATIONS = ("relate", "unrelate")


@dataclass(frozen=True, slots=True)
class Tie:
    """What of a change tells with which others it goes. n: its number. one, other, type: of a relation, from
    what to what. heirs: of what goes (or comes back), what takes its place."""

    n: int
    op: str
    target: str
    one: str = ""
    other: str = ""
    type: str = ""
    heirs: tuple[str, ...] = ()


def tie(n: int, change: Change) -> Tie:
    sides = [side for side in (change.after, change.before) if side]
    if change.op in _RELATIONS:
        said = sides[0]
        return Tie(n, change.op, change.target, said["from"], said["to"], said["type"])
    heirs = next((side["successors"] for side in sides if "successors" in side), ())
    return Tie(n, change.op, change.target, heirs=tuple(heirs))


def together(ties: Iterable[Tie]) -> list[frozenset[int]]:
    """The numbers of the changes that stand or fall together, in groups of two and more.

    What succeeds something goes with it; so does what they are, or were, part of, and what is part of them.
    Everything else is decided by itself: what only lies beside it, what is said of it.
    """
    every = list(ties)
    bound = {end for one in every if one.type == SUCCEEDS for end in (one.one, one.other)}
    bound |= {name for one in every if one.heirs for name in (one.target, *one.heirs)}
    if not bound:
        return []
    parts = [one for one in every if one.type == PART_OF]
    # A thing leaves one whole and comes to another in two changes: they go together, too.
    moving = {one.one for one in parts if {one.one, one.other} & bound}
    group_of: dict[str, set[str]] = {}
    members: dict[str, set[int]] = defaultdict(set)
    for one in every:
        names = _names(one) & bound
        if one.type == PART_OF and one.one in moving:
            names.add(f"part {one.one}")
        for name in names:
            members[name].add(one.n)
        _unite(group_of, names)
    groups = {id(group): group for group in group_of.values()}
    found = [frozenset(n for name in group for n in members[name]) for group in groups.values()]
    return sorted((group for group in found if len(group) > 1), key=min)


def _names(one: Tie) -> set[str]:
    return {one.one, one.other} if one.op in _RELATIONS else {one.target, *one.heirs}


def _unite(group_of: dict[str, set[str]], names: set[str]) -> None:
    whole = {other for name in names for other in group_of.get(name, {name})}
    for name in whole:
        group_of[name] = whole


def torn(published: list[Change], kept: Iterable[Conflict]) -> tuple[set[int], list[Conflict]]:
    """Which changes (by place in the list) cannot be undone because another one that goes with them stays.

    kept: what `inverse` found to have moved on. Also answers what stays for that reason alone, as conflicts
    whose part is "together".
    """
    by_target: dict[str, set[str]] = defaultdict(set)
    for conflict in kept:
        by_target[conflict.target].add(conflict.part)
    stay: set[int] = set()
    for group in together(tie(n, change) for n, change in enumerate(published)):
        if any(_stays(published[n], by_target) for n in group):
            stay |= group
    projects = {published[n].target for n in sorted(stay) if published[n].op not in _RELATIONS}
    return stay, [Conflict(name, "together") for name in sorted(projects - by_target.keys())]


def _stays(change: Change, kept: dict[str, set[str]]) -> bool:
    """Whether what it did to the land cannot be taken back."""
    parts = kept.get(change.target, set())
    if change.op in _RELATIONS:
        return False
    return bool(parts & {"geometry", "exists"}) if change.op == "change" else bool(parts)
