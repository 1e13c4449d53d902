"""What a changeset says to do, what stands in its way, and what takes it back. Pure: no database.

A change is one act on one thing. `before` is what it was based on, `after` what it wants. A *part* of a
thing (its existence, its geometry, each of its fields, its claims) conflicts when somebody else moved it on
meanwhile to another value; equal values never conflict.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.geometry import same

Op = Literal[
    "source", "indicator", "add", "change", "remove", "claim", "withdraw", "relate", "unrelate", "heard"
]
OPS: tuple[Op, ...] = (
    "source",
    "indicator",
    "add",
    "change",
    "remove",
    "claim",
    "withdraw",
    "relate",
    "unrelate",
    "heard",
)
PROJECT_OPS = frozenset({"add", "change", "remove"})

# The fields of a project that a change may set; geometry is apart.
PROJECT_FIELDS = (
    "kind",
    "name_zh",
    "name_en",
    "aliases",
    "precision",
    "partial",
    "drawn",
    "community",
    "attrs",
    "note_zh",
    "note_en",
    "place",
    "dataset",
    "external_key",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One act. target: the public id of a project, source or indicator, or the number of a claim as text.

    geom_before, geom_after: lon, lat in degrees, in stored form. A "remove" may hold in `after` under
    "successors" the ids of what takes its place; an "add" that takes it back holds them in `before`. "heard"
    is of many projects at once: `before` and `after` hold under "days" the ISO day (or null) until which
    each was heard of, by public id.
    """

    op: Op
    target: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    geom_before: BaseGeometry | None = None
    geom_after: BaseGeometry | None = None


@dataclass(frozen=True, slots=True)
class Current:
    """What is public now of a project, and at which revision each of its parts last moved."""

    record: Mapping[str, Any]
    geometry: BaseGeometry | None
    rev_exists: int
    rev_geom: int
    rev_attrs: int
    rev_claims: int
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """A part that moved on: ours is what the change was based on, theirs what is public now."""

    target: str
    part: str
    ours: Any = None
    theirs: Any = None
    moved_at: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "target": self.target,
            "part": self.part,
            "ours": _plain(self.ours),
            "theirs": _plain(self.theirs),
            "moved_at": self.moved_at,
        }


@dataclass(slots=True)
class Inverse:
    """The acts that take a changeset back, and the parts that stay because they moved on since."""

    changes: list[Change] = field(default_factory=list)
    kept: list[Conflict] = field(default_factory=list)


def conflicts(change: Change, current: Current | None, base_rev: int) -> list[Conflict]:
    """The parts of a project that stand in the way of an add, change or remove based on `base_rev`."""
    there = current if current is not None and not current.removed else None
    if change.op == "add":
        if there is None or _same_thing(change, there):
            return []
        return [Conflict(change.target, "exists", None, "there", there.rev_exists)]
    if there is None:
        moved = current.rev_exists if current else 0
        return [Conflict(change.target, "exists", "there", None, moved)] if change.op == "change" else []
    if change.op == "remove":
        return _moved_since(change, there, base_rev)
    return _field_conflicts(change, there, base_rev)


def _same_thing(change: Change, current: Current) -> bool:
    after = change.after or {}
    fields_equal = all(after.get(name) == current.record.get(name) for name in after)
    return fields_equal and same(change.geom_after, current.geometry)


def _moved_since(change: Change, current: Current, base_rev: int) -> list[Conflict]:
    """A removal conflicts with anything that was done to the thing since."""
    parts = {
        "geometry": current.rev_geom,
        "attrs": current.rev_attrs,
        "claims": current.rev_claims,
        "exists": current.rev_exists,
    }
    return [
        Conflict(change.target, part, None, "moved on", rev) for part, rev in parts.items() if rev > base_rev
    ]


def _field_conflicts(change: Change, current: Current, base_rev: int) -> list[Conflict]:
    found = []
    before, after = change.before or {}, change.after or {}
    for name in after if current.rev_attrs > base_rev else ():
        now = current.record.get(name)
        if now not in (before.get(name), after[name]):
            found.append(Conflict(change.target, name, before.get(name), now, current.rev_attrs))
    wants_to_move = not same(change.geom_before, change.geom_after)
    stands_elsewhere = not any(
        same(current.geometry, mine) for mine in (change.geom_before, change.geom_after)
    )
    if current.rev_geom > base_rev and wants_to_move and stands_elsewhere:
        found.append(
            Conflict(change.target, "geometry", change.geom_before, current.geometry, current.rev_geom)
        )
    return found


def inverse(
    published: Iterable[Change],
    current: Mapping[str, Current],
    rev: int,
    withdrawn: Iterable[str] = (),
    spoken_of: Container[str] = (),
    heard: Mapping[str, int] = MappingProxyType({}),
) -> Inverse:
    """The acts that undo changes published at `rev`, in reverse order.

    current: public projects by id, as they stand now. withdrawn: numbers (as text) of claims already
    withdrawn. spoken_of: ids of projects of which something was said since that stands. heard: ids of those
    that a later file lists again as they were, with its revision: what it rests on stays. Parts changed since
    `rev` are kept and listed; the rest of their change still goes back. What was changed and changed back is
    as it was.
    """
    result = Inverse()
    gone = set(withdrawn)
    again: dict[str, Conflict] = {}
    for change in reversed(list(published)):
        about = str((change.after or {}).get("target", "")) if change.op == "claim" else change.target
        if change.op in ("add", "claim") and about in heard and change.target not in gone:
            again.setdefault(about, Conflict(about, "heard", moved_at=heard[about]))
        elif change.op == "claim":
            if change.target not in gone:
                result.changes.append(Change("withdraw", change.target, before=change.after))
        elif change.op == "withdraw":
            result.changes.append(
                Change("claim", "", after={**(change.before or {}), "restates": int(change.target)})
            )
        elif change.op == "relate":
            result.changes.append(Change("unrelate", change.target, before=change.after))
        elif change.op == "unrelate":
            result.changes.append(Change("relate", change.target, after=change.before))
        elif change.op == "heard":
            result.changes.append(Change("heard", "", before=change.after, after=change.before))
        elif change.op in PROJECT_OPS:
            _invert_project(change, current.get(change.target), rev, spoken_of, result)
    result.kept += again.values()
    return result


def _invert_project(
    change: Change, now: Current | None, rev: int, spoken_of: Container[str], result: Inverse
) -> None:
    if change.op == "remove":
        heirs = change.after
        back = Change("add", change.target, heirs, after=change.before, geom_after=change.geom_before)
        if now is not None and not now.removed:
            result.kept.append(Conflict(change.target, "exists", None, "there", now.rev_exists))
        else:
            result.changes.append(back)
        return
    if now is None or now.removed:
        result.kept.append(Conflict(change.target, "exists", "there", None, now.rev_exists if now else 0))
        return
    if change.op == "add":
        back = Change("remove", change.target, now.record, change.before, geom_before=now.geometry)
        as_it_was = _same_thing(change, now) and change.target not in spoken_of
        moved = [] if as_it_was else _moved_since(back, now, rev)
        if moved:
            result.kept += moved
        else:
            result.changes.append(back)
        return
    _invert_fields(change, now, rev, result)


def _invert_fields(change: Change, now: Current, rev: int, result: Inverse) -> None:
    before, after = dict(change.before or {}), dict(change.after or {})
    for name in list(after):
        value = now.record.get(name)
        if now.rev_attrs > rev and value != after[name]:
            # Somebody moved it on; or back already, and then there is nothing to keep or to do.
            if value != before[name]:
                result.kept.append(Conflict(change.target, name, after[name], value, now.rev_attrs))
            del after[name], before[name]
    geom_back = not same(change.geom_before, change.geom_after)
    if geom_back and now.rev_geom > rev and not same(now.geometry, change.geom_after):
        result.kept.append(Conflict(change.target, "geometry", change.geom_after, now.geometry, now.rev_geom))
        geom_back = False
    if after or geom_back:
        result.changes.append(
            Change(
                "change",
                change.target,
                before=after,
                after=before,
                geom_before=change.geom_after if geom_back else None,
                geom_after=change.geom_before if geom_back else None,
            )
        )


def rebased(change: Change, current: Current | None) -> Change | None:
    """The same wish, based on what is public now. None when nothing is left of it to do.

    An add of what is there meanwhile becomes a change of what differs; a change of what is gone stays as it
    is, for it cannot be carried out. Acts on claims, sources and relations have no base and stay.
    """
    there = current if current is not None and not current.removed else None
    if change.op not in PROJECT_OPS or (there is None and change.op != "remove"):
        return change
    if there is None:
        return None
    if change.op == "remove":
        return Change("remove", change.target, there.record, change.after, geom_before=there.geometry)
    before, after = difference(there.record, change.after or {})
    wants_to_move = change.op == "add" or not same(change.geom_before, change.geom_after)
    moves = wants_to_move and not same(there.geometry, change.geom_after)
    if not after and not moves:
        return None
    return Change(
        "change",
        change.target,
        before=before,
        after=after,
        geom_before=there.geometry if moves else None,
        geom_after=change.geom_after if moves else None,
    )


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Only the fields in which two records differ: (before, after)."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}


class Digest:
    """SHA-256 over acts in order: what exactly was staged."""

    def __init__(self) -> None:
        self._total = hashlib.sha256()

    def add(self, changes: Sequence[Change]) -> None:
        shapes = [shape for change in changes for shape in (change.geom_before, change.geom_after)]
        contents = iter(shapely.to_wkb(np.array([*shapes, None], dtype=object), byte_order=1).tolist())
        for change in changes:
            row = [change.op, change.target, change.before, change.after]
            self._total.update(orjson.dumps(row, default=list, option=orjson.OPT_SORT_KEYS))
            for content in (next(contents), next(contents)):
                self._total.update(len(content or b"").to_bytes(8) + (content or b""))

    def text(self) -> str:
        """As hex."""
        return self._total.hexdigest()


def _plain(value: Any) -> Any:
    return shapely.to_wkt(value, rounding_precision=8) if isinstance(value, BaseGeometry) else value
