"""What a person's acts on the map leave of projects: drawn, moved, renamed, split, merged, removed. Pure.

The acts are done one after the other on a copy of what is public; what differs at the end becomes the changes
of a changeset. Nothing is repaired; whatever is wrong is told by act and field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from shapely.geometry.base import BaseGeometry

from geodata import cells, shaping
from geodata.changes import PROJECT_FIELDS, Change, Current
from geodata.checking import SLUG, Box
from geodata.edited import Draft
from geodata.geometry import PRECISIONS, same
from geodata.issues import Both, Issue, issue
from geodata.kinds import Kind
from geodata.names import initials
from geodata.records import NAME_LENGTH
from geodata.shifts import far_moves

Act = Mapping[str, Any]
How = Literal["drawn", "cut", "cut of surveyed", "merged"]
Noted = tuple[str, Issue]
"""Where in the request a fault is ("acts/0/geometry"), and the fault."""
ID_LENGTH = 80
NOTE_LENGTH = 500
EXACTEST, DRAWN, NOWHERE = PRECISIONS[0], PRECISIONS[1], PRECISIONS[-1]
_MADE: dict[How, tuple[str, str]] = {
    "drawn": ("在本图上手工绘制", "Drawn on this map by hand"),
    "cut": ("在本图上分割，其余边界不变", "Cut on this map, other edges as before"),
    "cut of surveyed": (
        "在本图上沿手画的线分割，其余边界仍是实测的",
        "Cut on this map by a line drawn by hand, other edges as surveyed",
    ),
    "merged": ("在本图上合并，外边界不变", "Merged on this map, outer edges as before"),
}
_EMPTY: dict[str, Any] = {"aliases": [], "attrs": {}, "partial": False, "drawn": True, "place": []}


@dataclass(frozen=True, slots=True)
class Public:
    """What is public of the projects that the acts name. whole_of: what each thing is part of, by id.
    claims: how many stand of each. taken: whether an id is, or ever was, in use."""

    current: Mapping[str, Current]
    whole_of: Mapping[str, str]
    claims: Mapping[str, int]
    taken: Callable[[str], bool]


class Editor:
    """Does acts on what is public. today: in the time zone of the area. source: what the editor says of
    where the shapes come from, "" for nothing."""

    def __init__(
        self, public: Public, kinds: Mapping[str, Kind], accept_bbox_lonlat: Box, today: date, source: str
    ) -> None:
        self.public, self.kinds, self.box = public, kinds, accept_bbox_lonlat
        self.today, self.source = today, source.strip()
        self.drafts: dict[str, Draft] = {}
        self.noted: list[Noted] = []
        # Where in the request a part is that a cut makes, and its id.
        self.parts: dict[str, str] = {}
        self.at = 0

    def do(self, acts: Sequence[Act]) -> None:
        doing: dict[str, Callable[[Act], None]] = {
            "create": self._create,
            "reshape": self._reshape,
            "rename": self._rename,
            "parent": self._parent,
            "precision": self._precision,
            "split": self._split,
            "merge": self._merge,
            "remove": self._remove,
        }
        for self.at, act in enumerate(acts):
            doing[act["op"]](act)
        self._without_wholes()

    # ------------------------------------------------------------ the acts

    def _create(self, act: Act) -> None:
        kind = self.kinds.get(act["kind"])
        if kind is None:
            self._note("kind", issue("kind-unknown", field="kind", value=act["kind"]))
            return
        geometry = self._read(act["geometry"], kind) if act["geometry"] else None
        given = act["precision"] or (DRAWN if geometry is not None else NOWHERE)
        names = self._names(act["name_zh"], act["name_en"])
        record = {
            **dict.fromkeys(PROJECT_FIELDS, ""),
            **_EMPTY,
            **names,
            "kind": kind.id,
            "precision": given,
        }
        made = self._add(act["id"], record, geometry, act["parent"])
        if geometry is not None:
            made.record["place"] = [self._place()]
            self._surveyed(made)

    def _add(self, wanted: str, record: dict[str, Any], geometry: BaseGeometry | None, whole: str) -> Draft:
        project_id = wanted or self._proposed(record)
        if wanted and self._is_taken(wanted):
            self._note("id", issue("id-taken", field="id", value=wanted))
        record["external_key"] = project_id
        made = Draft(project_id, None, record, geometry, whole, "", self.at)
        self.drafts[project_id] = made
        return made

    def _is_taken(self, project_id: str) -> bool:
        return project_id in self.drafts or self.public.taken(project_id)

    def _proposed(self, record: Mapping[str, Any]) -> str:
        """A readable id: of the English name when it is one, else of the Chinese one's initials."""
        plain = re.sub(r"[^a-z0-9]+", "-", str(record["name_en"]).lower()).strip("-")
        letters = initials(str(record["name_zh"]))
        stem = plain if str(record["name_en"]).isascii() and plain else f"{record['kind']}-{letters}"
        stem = stem[: ID_LENGTH - 5].strip("-")
        n, proposed = 1, stem
        while not SLUG.fullmatch(proposed) or self._is_taken(proposed):
            n += 1
            proposed = f"{stem}-{n}"
        return proposed

    def _reshape(self, act: Act) -> None:
        draft = self._draft(act["id"])
        if draft is None:
            return
        if not act["geometry"]:
            self._note("geometry", issue("shape-needed", field="geometry"))
            return
        geometry = self._read(act["geometry"], self.kinds[draft.record["kind"]])
        if geometry is None:
            return
        if draft.geometry is not None and geometry.is_valid and not same(draft.geometry, geometry):
            self._note("geometry", *(far for far in far_moves([(draft.geometry, geometry)]) if far))
        self._take(draft, geometry, act["precision"])

    def _take(
        self, draft: Draft, geometry: BaseGeometry, precision: str, *also: Draft, how: How = "drawn"
    ) -> None:
        """Give a project another shape. also: from whose shape it is made as well."""
        said = draft.record["precision"]
        draft.record["precision"] = precision or (DRAWN if said in (EXACTEST, NOWHERE) else said)
        draft.geometry = geometry
        draft.record["place"] = self._places(draft, *also, how=how)
        if how != "merged":
            self._surveyed(draft)

    def _places(self, *drafts: Draft, how: How = "drawn") -> list[dict[str, str]]:
        """Where their shapes were from, and how they were made of that here since."""
        own = self._place(how)
        entries = [entry for one in drafts for entry in one.record["place"] if entry.get("id") != own["id"]]
        return [*{str(entry): entry for entry in entries}.values(), own]

    def _rename(self, act: Act) -> None:
        draft = self._draft(act["id"])
        if draft is None:
            return
        name_zh, name_en = act["name_zh"], act["name_en"]
        # An English name that only repeats the Chinese one is none: it follows it.
        follows = draft.record["name_en"] == draft.record["name_zh"] and name_en is None
        name_zh = draft.record["name_zh"] if name_zh is None else name_zh
        name_en = (name_zh if follows else draft.record["name_en"]) if name_en is None else name_en
        draft.record |= self._names(name_zh, name_en)

    def _parent(self, act: Act) -> None:
        if (draft := self._draft(act["id"])) is not None:
            draft.whole = act["parent"]

    def _precision(self, act: Act) -> None:
        draft = self._draft(act["id"])
        if draft is None:
            return
        before, wanted = draft.record["precision"], act["precision"]
        draft.record["precision"] = wanted
        if wanted == NOWHERE and draft.geometry is not None:
            draft.geometry, draft.record["place"] = None, []
        if PRECISIONS.index(wanted) >= PRECISIONS.index(before) or draft.geometry is None:
            return
        if not self.source:
            self._note("precision", issue("sharper-source", field="precision"))
        draft.record["place"] = self._places(draft)

    def _split(self, act: Act) -> None:
        draft = self._draft(act["id"])
        if draft is None:
            return
        if draft.geometry is None or not draft.geometry.is_valid:
            self._note("id", issue("shape-needed", field="id"))
            return
        by, faults = shaping.read(act["by"], ("linestring",), self.box)
        self._note("by", *(found for found in faults if found.severity == "block"))
        if by is None or any(found.severity == "block" for found in faults):
            return
        try:
            parts = shaping.cut(draft.geometry, by)
        except shaping.Unlike:
            self._note("by", issue("split-needs", field="by"))
            return
        if len(parts) < 2:
            self._note("by", issue("split-nothing", field="by"))
            return
        self._part(draft, parts, act)

    def _part(self, draft: Draft, parts: Sequence[BaseGeometry], act: Act) -> None:
        given = act["parts"]
        fresh = parts[1:] if act["keeps"] else parts
        # Every part has an edge that a hand drew: unless a survey is named for that edge, none is surveyed.
        # That its other edges still are is told with where the shape is from.
        was_surveyed = draft.record["precision"] == EXACTEST
        precision = act["precision"] or (EXACTEST if was_surveyed and self.source else "")
        how: How = "cut of surveyed" if was_surveyed and precision != EXACTEST else "cut"
        if given and len(given) != len(fresh):
            self._note("parts", issue("split-parts", field="parts", value=len(fresh), given=len(given)))
            return
        for n, part in enumerate(fresh):
            said = given[n] if given else {"id": "", "name_zh": "", "name_en": ""}
            sign = n + (2 if act["keeps"] else 1)
            names = {
                "name_zh": said["name_zh"] or f"{draft.record['name_zh']}（{sign}）",
                "name_en": said["name_en"] or said["name_zh"] or f"{draft.record['name_en']} ({sign})",
            }
            record = {
                **draft.record,
                **self._names(names["name_zh"], names["name_en"], f"parts/{n}/"),
                # What is said of the whole in figures is not true of a part of it.
                **{name: _EMPTY[name] for name in ("attrs", "aliases")},
                **dict.fromkeys(("dataset", "note_zh", "note_en"), ""),
            }
            made = self._add(said["id"], record, part, draft.whole)
            made.succeeds.append(draft.id)
            self._take(made, part, precision, how=how)
            self.parts[f"acts/{self.at}/parts/{n}"] = made.id
            self._unclaimed(draft, made, f"parts/{n}")
        if act["keeps"]:
            self._take(draft, parts[0], precision, how=how)
        else:
            heirs = [made.id for made in self.drafts.values() if draft.id in made.succeeds]
            self._go(draft, heirs)

    def _unclaimed(self, whole: Draft, made: Draft, where: str) -> None:
        """What was said of the whole is not said of a part of it: nobody knows its phase then."""
        if not (count := self.public.claims.get(whole.id, 0)):
            return
        value, name = (Both(one.record["name_zh"], one.record["name_en"]) for one in (made, whole))
        code = "part-unclaimed" if self.kinds[made.record["kind"]].tracked else "part-unsaid"
        self._note(where, issue(code, field="parts", value=value, whole=name, count=count))

    def _merge(self, act: Act) -> None:
        draft = self._draft(act["id"])
        if draft is None:
            return
        others = [self._draft(name, f"others/{n}") for n, name in enumerate(act["others"])]
        taken = [other for other in others if other is not None and other is not draft]
        if not taken or len(taken) != len(act["others"]):
            self._note("others", issue("merge-alone", field="others"))
            return
        for n, other in enumerate(taken):
            if other.record["kind"] != draft.record["kind"]:
                told = issue("merge-kinds", field="others", value=other.record["name_zh"])
                self._note(f"others/{n}", told)
                return
        shapes = [one.geometry for one in (draft, *taken)]
        located = [shape for shape in shapes if shape is not None and shape.is_valid]
        try:
            whole = shaping.joined(located) if len(located) == len(shapes) else None
        except shaping.Unlike:
            whole = None
        if whole is None:
            self._note("others", issue("merge-shapes", field="others", value=draft.record["name_zh"]))
            return
        if shaping.pieces(whole) > max(shaping.pieces(shape) for shape in located):
            self._note("others", issue("merge-apart", field="others"))
        self._join(draft, taken, whole, act["precision"])

    def _join(self, draft: Draft, others: Sequence[Draft], whole: BaseGeometry, precision: str) -> None:
        known = [str(one.record["precision"]) for one in (draft, *others)]
        least = PRECISIONS[max(map(PRECISIONS.index, known))]
        # Nothing is drawn: all edges are those of one of them, and the whole is as exact as the least exact.
        self._take(draft, whole, precision or least, *others, how="merged")
        if PRECISIONS.index(precision or least) < PRECISIONS.index(least):
            self._surveyed(draft)
        draft.record["partial"] = any(one.record["partial"] for one in (draft, *others))
        gone = {other.id for other in others}
        for child in self._children(gone):
            if child.id not in gone:
                child.whole = draft.id if child is not draft else others[0].whole
        for other in others:
            self._go(other, [draft.id])
            draft.succeeds.append(other.id)

    def _remove(self, act: Act) -> None:
        draft = self._draft(act["id"])
        if draft is not None:
            self._go(draft, [])

    def _go(self, draft: Draft, successors: Sequence[str]) -> None:
        draft.removed, draft.successors, draft.at = True, list(successors), self.at
        name = Both(draft.record["name_zh"], draft.record["name_en"])
        count = self.public.claims.get(draft.id, 0)
        if count and successors:
            self._note("id", issue("claims-stay", field="id", value=name, count=count))
        elif not successors:
            self._note("id", issue("edit-removal", field="id", value=name))

    def _children(self, wholes: set[str]) -> list[Draft]:
        """What is part of any of these, as the acts left it so far."""
        public = [part for part, whole in self.public.whole_of.items() if whole in wholes]
        found = [self._draft(name) for name in public if name not in self.drafts]
        drawn = (draft for draft in self.drafts.values() if not draft.removed)
        apart = {draft.id: draft for draft in (*found, *drawn) if draft}
        return [draft for draft in apart.values() if draft.whole in wholes]

    def _without_wholes(self) -> None:
        """Nothing may be left a part of what goes."""
        gone = {draft.id: draft for draft in self.drafts.values() if draft.removed}
        for whole in {child.whole for child in self._children(set(gone))}:
            self.at = gone[whole].at
            name = Both(gone[whole].record["name_zh"], gone[whole].record["name_en"])
            self._note("id", issue("has-parts", field="id", value=name))

    # ------------------------------------------------------------ what they share

    def _draft(self, project_id: str, where: str = "id") -> Draft | None:
        """The project as it is after the acts so far; None, and noted, when it is not there."""
        draft = self.drafts.get(project_id)
        if draft is None:
            was = self.public.current.get(project_id)
            if was is not None and not was.removed:
                whole = self.public.whole_of.get(project_id, "")
                draft = Draft(project_id, was, dict(was.record), was.geometry, whole, whole, self.at)
                self.drafts[project_id] = draft
        if draft is None or draft.removed:
            self._note(where, issue("target-unknown", field=where, value=project_id))
            return None
        draft.at = self.at
        return draft

    def _read(self, typed: shaping.Typed, kind: Kind) -> BaseGeometry | None:
        geometry, faults = shaping.read(typed, kind.geometry, self.box)
        self._note("geometry", *faults)
        return geometry

    def _names(self, zh: str, en: str, where: str = "") -> dict[str, str]:
        names = {"name_zh": zh.strip() or en.strip(), "name_en": en.strip() or zh.strip()}
        for name, value in (("name_zh", zh), ("name_en", en)):
            self._note(where + name, *cells.odd_characters(value, name))
            if len(value) > NAME_LENGTH:
                self._note(where + name, issue("value-too-long", field=name, limit=NAME_LENGTH))
            if what := cells.personal(value):
                told = issue("personal-data-in-name", field=name, what_zh=what[0], what_en=what[1])
                self._note(where + name, told)
        return names

    def _place(self, how: How = "drawn") -> dict[str, str]:
        """Where a shape that was made here is from, as a project's `place` says it."""
        day = self.today.isoformat()
        zh, en = _MADE[how]
        own = {
            "id": f"{how.partition(' ')[0]}-{day}",
            "source": f"{en}, {day}",
            "source_zh": f"{zh}，{day}",
            **dict.fromkeys(("licence", "licence_zh", "note", "note_zh"), ""),
            "datum": "WGS84 as stored",
            "datum_zh": "以 WGS84 存储",
        }
        return {**own, "note": self.source, "note_zh": self.source} if self.source else own

    def _surveyed(self, draft: Draft) -> None:
        """What was moved by hand is not surveyed, unless somebody says by what survey it lies there."""
        if draft.record["precision"] == EXACTEST and not self.source:
            self._note("precision", issue("sharper-source", field="precision"))

    def _note(self, where: str, *found: Issue) -> None:
        for told in found:
            noted = (f"acts/{self.at}/{where}", replace(told, field=where.rpartition("/")[2]))
            if noted not in self.noted:
                self.noted.append(noted)

    def changes(self) -> list[tuple[Change, int]]:
        """The acts of a changeset in an order in which they can be published, each with the number of the
        act that it comes of."""
        drafts = self.drafts.values()
        own = [(change, draft.at) for draft in drafts for change in draft.own_changes()]
        return own + [(change, draft.at) for draft in drafts for change in draft.relations()]
