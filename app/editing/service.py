"""From acts on the map to a staged changeset: done on what is public, checked as an upload is, compared with
what others published since. Functions take a connection whose transaction the caller ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.changesets import queries as public
from app.changesets import service as changesets
from app.changesets.checks import check
from app.changesets.refusals import MovedOn
from app.changesets.words import mentioned
from app.database import Connection, today_in
from app.editing import queries
from app.projects import kind_queries
from app.projects.service import NoArea
from geodata.changes import Change, Conflict, Current
from geodata.edited import Draft
from geodata.editing import Editor, Noted, Public
from geodata.geometry import measures, to_geojson
from geodata.issues import Issue, issue
from geodata.kinds import load_kinds
from geodata.overlaps import Shape, overlaps

Act = Mapping[str, Any]
MOST_OVERLAPS = 5
# What of a project must be as the editor saw it, by act. Others' claims are in nobody's way but a removal's.
_LOOKS_AT = {
    "reshape": ("geometry",),
    "rename": ("attrs",),
    "precision": ("attrs", "geometry"),
    "split": ("geometry",),
    "merge": ("geometry",),
    "remove": ("geometry", "attrs", "claims"),
}
# As a request calls what the checks of a changeset call otherwise.
_FIELDS = {"to": "parent", "from": "parent", "kind": "kind", "external_key": "id"}


class Faulty(Exception):
    """The acts have faults; nothing is stored. noted: all of them, by place in the request."""

    def __init__(self, noted: Sequence[Noted]) -> None:
        super().__init__([found.code for _, found in noted])
        self.noted = noted


@dataclass(frozen=True, slots=True)
class Edited:
    """What acts come to. changes: with the act that each comes of. noted: faults and warnings by place.
    parts: the ids of what cuts make, by place."""

    revision: int
    drafts: Sequence[Draft]
    changes: Sequence[tuple[Change, int]]
    noted: Sequence[Noted]
    parts: Mapping[str, str]

    @property
    def blocks(self) -> list[Noted]:
        return [(where, found) for where, found in self.noted if found.severity == "block"]

    @property
    def warnings(self) -> list[Noted]:
        return [(where, found) for where, found in self.noted if found.severity == "warn"]


def edited(connection: Connection, area_id: str, base: int, source: str, acts: Sequence[Act]) -> Edited:
    """Do the acts, on a copy. base: the revision that the editor saw. Raises NoArea and MovedOn."""
    area = public.area(connection, area_id)
    if area is None:
        raise NoArea(area_id)
    now = int(area["revision"])
    noted: list[Noted] = []
    if base > now:
        noted.append(("base_revision", issue("base-ahead", field="base_revision", value=base, now=now)))
    known = _known(connection, area_id, acts)
    _refuse_moved(connection, known.current, base, acts)
    west, south, east, north = area["accept_bbox_lonlat"]
    editor = Editor(known, load_kinds(), (west, south, east, north), today_in(area["tz"]), source)
    editor.do(acts)
    drafts, changes = list(editor.drafts.values()), editor.changes()
    noted += editor.noted
    found = check(connection, area, [change for change, _ in changes])
    for n, issues in found.items():
        change, at = changes[n - 1]
        if change.op in ("add", "change", "relate"):
            noted += [(_where(at, acts[at], change, one), one) for one in issues if _is_news(acts[at], one)]
    if not changes and not any(one.severity == "block" for _, one in noted):
        noted.append(("acts", issue("nothing-edited", field="acts")))
    noted += _overlaps(connection, area_id, drafts)
    return Edited(now, drafts, changes, _each_once(noted), editor.parts)


def stage(connection: Connection, area_id: str, done: Edited, who: str, reason: str) -> int:
    """Stage what was edited, for review. Returns the number of the changeset. Raises Faulty."""
    if done.blocks:
        raise Faulty(done.blocks)
    warned: dict[int | str, list[Issue]] = defaultdict(list)
    for where, found in done.warnings:
        warned[done.parts.get(where) or int(where.split("/")[1])].append(found)
    issues: dict[int, Sequence[Issue]] = {}
    for n, (change, at) in enumerate(done.changes, start=1):
        # What was found of an act is told once, at the first change that comes of it; of a new part, at that.
        if change.op in ("add", "change", "remove"):
            own = warned.pop(change.target, []) if change.op == "add" else []
            if told_here := [*own, *warned.pop(at, [])]:
                issues[n] = told_here
    zh, en = _title(done)
    return changesets.stage(
        connection,
        area_id,
        [change for change, _ in done.changes],
        kind="edit",
        title_zh=f"编辑：{zh}",
        title_en=f"Edit: {en}",
        who=who,
        reason=reason,
        base_rev=done.revision,
        checked=changesets.Checked(issues, {}),
    )


def told(done: Edited) -> list[dict[str, Any]]:
    """Every project that the acts touch, as they would leave it."""
    return [_told(draft) for draft in done.drafts]


def _told(draft: Draft) -> dict[str, Any]:
    shape = draft.geometry if draft.geometry is not None and not draft.geometry.is_empty else None
    precision, partial = str(draft.record["precision"]), bool(draft.record["partial"])
    area_ha, length_km = measures(shape, precision, partial)
    return {
        "act": draft.at,
        "id": draft.id,
        "is_new": draft.was is None,
        "removed": draft.removed,
        "successors": draft.successors,
        "name_zh": draft.record["name_zh"],
        "name_en": draft.record["name_en"],
        "precision": precision,
        "geometry": to_geojson(shape) if shape is not None else None,
        "area_ha": area_ha,
        "length_km": length_km,
    }


# ---------------------------------------------------------------- what is public


def _known(connection: Connection, area_id: str, acts: Sequence[Act]) -> Public:
    named = {name for act in acts for name in _named(act)}
    wholes = public.wholes(connection, area_id)
    parts = {part for part, whole in wholes.items() if whole in named}
    current = public.current_projects(connection, named | parts)
    there = {name for name, one in current.items() if not one.removed}
    return Public(
        current,
        {part: whole for part, whole in wholes.items() if part in there},
        queries.standing_claims(connection, there),
        lambda name: queries.was_used(connection, name),
    )


def _named(act: Act) -> list[str]:
    """The projects that an act is done to."""
    own = [] if act["op"] == "create" else [str(act["id"])]
    return [*own, *act.get("others", ())]


def _refuse_moved(
    connection: Connection, current: Mapping[str, Current], base: int, acts: Sequence[Act]
) -> None:
    """Whoever looked at an older state of what they change is told. Raises MovedOn."""
    found: dict[tuple[str, str], Conflict] = {}
    for act in acts:
        for name in _named(act):
            if (now := current.get(name)) is None:
                continue
            removed_since = now.removed and now.rev_exists > base
            parts = {"geometry": now.rev_geom, "attrs": now.rev_attrs, "claims": now.rev_claims}
            looked_at = _LOOKS_AT["remove"] if name in act.get("others", ()) else _LOOKS_AT.get(act["op"], ())
            if removed_since:
                found[name, "exists"] = Conflict(name, "exists", "there", None, now.rev_exists)
            elif not now.removed:
                for part in looked_at:
                    if parts[part] > base:
                        found[name, part] = Conflict(name, part, None, "moved on", parts[part])
    if found:
        conflicts = list(found.values())
        raise MovedOn(conflicts, public.names(connection, mentioned(conflicts)))


# ---------------------------------------------------------------- what is found


def _is_news(act: Act, found: Issue) -> bool:
    """Whether it was not found when the shape was read, by rules that see more."""
    judged = found.field == "geometry" and bool(act.get("geometry"))
    return found.code == "geometry-type" or not judged


def _where(at: int, act: Act, change: Change, found: Issue) -> str:
    name = _FIELDS.get(found.field, found.field) if change.op == "relate" else found.field
    if name == "geometry" and act["op"] == "split":
        name = "by"
    return f"acts/{at}/{name}" if name in act else f"acts/{at}"


def _overlaps(connection: Connection, area_id: str, drafts: Sequence[Draft]) -> list[Noted]:
    """Warnings of areas that what was drawn newly shares with others."""
    land = {kind.id for kind in load_kinds().values() if kind.group == "land"}
    moved: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        shape = draft.geometry
        if draft.is_moved and not draft.removed and shape is not None and shape.is_valid:
            moved[str(draft.record["kind"])].append(draft)
    found: list[Noted] = []
    touched = {draft.id for draft in drafts}
    for kind, group in moved.items():
        kinds = land | {kind}
        shapes = [draft.geometry for draft in group if draft.geometry is not None]
        near = kind_queries.shapes_touching(connection, area_id, sorted(kinds), shapes)
        others = [draft for draft in drafts if draft not in group and draft.record["kind"] in kinds]
        beside = [one for one in near if one.id not in touched]
        beside += [_shape(draft) for draft in others if not draft.removed]
        told: dict[int, int] = defaultdict(int)
        for overlap in overlaps([_shape(draft) for draft in group], beside):
            told[overlap.a] += 1
            if told[overlap.a] <= MOST_OVERLAPS:
                found.append((f"acts/{group[overlap.a].at}/geometry", overlap.issue()))
    return found


def _shape(draft: Draft) -> Shape:
    valid = draft.geometry if draft.geometry is not None and draft.geometry.is_valid else None
    return Shape(draft.id, str(draft.record["name_zh"]), valid, str(draft.record["precision"]))


def _each_once(noted: Sequence[Noted]) -> list[Noted]:
    """The rules of files and those of projects find some of the same."""
    seen: dict[tuple[str, str, str], Noted] = {}
    for where, found in noted:
        seen.setdefault((where, found.code, found.detail_zh), (where, replace(found)))
    return list(seen.values())


def _title(done: Edited) -> tuple[str, str]:
    """What was edited, in Chinese and English."""
    first = next((draft for draft in done.drafts if draft.was is not None), done.drafts[0])
    zh, en = str(first.record["name_zh"]), str(first.record["name_en"])
    count = len({change.target for change, _ in done.changes})
    return (f"{zh}等 {count} 项", f"{en} and {count - 1} more") if count > 1 else (zh, en)
