"""What of a file would undo an edit that people made by hand. Pure: no database.

A file that is kept elsewhere does not learn what was corrected here: brought again it says the older value
once more. Nobody notices that among a thousand rows, so it is told, and not accepted until somebody does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from geodata.changes import PROJECT_FIELDS, Change
from geodata.geometry import same

_ALONG = frozenset({"place", "dataset", "external_key"})
"""Fields that move with others, or that no hand sets."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A published act by hand. who: the account; is_recent: no file of the dataset was published since."""

    change: Change
    who: str
    day: date
    is_recent: bool


@dataclass(frozen=True, slots=True)
class Undoing:
    """What of a change would undo: these parts ("geometry", a field, "parent", "exists") of the last such
    edit. is_older: the file has just what stood there before somebody edited it."""

    parts: tuple[str, ...]
    edit: Edit
    is_older: bool


def undoing(wanted: Change, edits: Iterable[Edit]) -> Undoing | None:
    """edits: of the same target, the latest first.

    Only what stands still can be undone. What says something new, neither the value by hand nor the one
    before, undoes an edit only as long as no file came after it: the later file had its say.
    """
    found: Undoing | None = None
    for edit in edits:
        standing = [part for part in _parts(edit.change) if _stands(part, edit.change, wanted)]
        older = [part for part in standing if _has_older(part, edit.change, wanted)]
        parts = tuple(standing if edit.is_recent else older)
        if found is None and parts:
            found = Undoing(parts, edit, bool(older))
        elif found is not None and any(_has_older(part, edit.change, wanted) for part in found.parts):
            # Edited more than once: the file has what stood before an earlier one.
            found = Undoing(found.parts, found.edit, True)
    return found


def _parts(edit: Change) -> list[str]:
    if edit.op == "remove":
        return ["exists"]
    if edit.op in ("relate", "unrelate"):
        return ["parent"]
    shape = [] if same(edit.geom_before, edit.geom_after) else ["geometry"]
    return shape + [name for name in PROJECT_FIELDS if name in (edit.after or {}) and name not in _ALONG]


def _stands(part: str, edit: Change, wanted: Change) -> bool:
    """Whether a change wants to replace just what an edit left."""
    if part == "exists":
        return wanted.op == "add"
    if part == "parent":
        if edit.op == "relate":
            return wanted.op == "unrelate" and _ends(wanted.before) == _ends(edit.after)
        return wanted.op == "relate" and _ends(wanted.after) == _ends(edit.before)
    if wanted.op != "change":
        return False
    if part == "geometry":
        return not same(wanted.geom_before, wanted.geom_after) and same(wanted.geom_before, edit.geom_after)
    return part in (wanted.after or {}) and (wanted.before or {}).get(part) == (edit.after or {})[part]


def _has_older(part: str, edit: Change, wanted: Change) -> bool:
    if part in ("exists", "parent"):
        # What takes a part out of the whole that it was given to does not say where it was before.
        return edit.op != "relate"
    if part == "geometry":
        return same(wanted.geom_after, edit.geom_before)
    before = edit.before or {}
    return part in before and (wanted.after or {}).get(part) == before[part]


def _ends(relation: object) -> tuple[object, ...]:
    return tuple(relation[name] for name in ("from", "to", "type")) if isinstance(relation, dict) else ()
