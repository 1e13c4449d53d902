"""The SQL of projects: which there are, in which phase on a day as known on another, what is said of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from geoalchemy2 import Geography
from sqlalchemy import (
    ColumnElement,
    Float,
    FromClause,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    text,
    tuple_,
)

from app import tables as t
from app.database import Connection, as_row, as_rows
from app.params import BBox, LonLat
from app.projects.kind_queries import claim_columns

Row = Mapping[str, Any]
FAR_PAST = date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which projects are asked for. phases: codes 0–8. tracked: the kinds that have a phase at all.
    near: a point (WGS84, longitude before latitude) and metres round it, over the ellipsoid. removed: those
    that were taken off the chart too."""

    area_id: str
    day: date
    known: date
    tracked: Sequence[str]
    kinds: Sequence[str] = ()
    phases: Sequence[int] = ()
    bbox_lonlat: BBox | None = None
    words: str = ""
    parent: str | None = None
    unlocated: str = "with"
    ids: Sequence[str] = field(default=())
    near: tuple[LonLat, float] | None = None
    removed: bool = False


SORT_KEYS: dict[str, ColumnElement[Any]] = {
    "id": t.project.c.id,
    "name": t.project.c.name_zh,
    "kind": t.project.c.kind,
    "last_heard": func.coalesce(t.project.c.last_heard, literal(FAR_PAST)),
}


def area(connection: Connection, area_id: str) -> Row | None:
    return as_row(connection.execute(select(t.area).where(t.area.c.id == area_id)))


# ---------------------------------------------------------------- the phase on a day


def _span_on(selection: Selection, promised: bool, name: str) -> FromClause:
    """The stored span that holds on the day, as known then; one at most."""
    span = t.phase_span.alias(f"span_{name}")
    conditions = [
        span.c.project_no == t.project.c.no,
        span.c.promised == literal(promised),
        _within(selection.known, span.c.known_from, span.c.known_to),
        _within(selection.day, span.c.day_from, span.c.day_to),
    ]
    if promised:
        # A promise says nothing about days up to the one on which it is known.
        conditions.append(literal(selection.day > selection.known))
    return select(span.c.phase).where(*conditions).limit(1).lateral(name)


def _possible(selection: Selection, phase: ColumnElement[int]) -> FromClause:
    span = t.phase_span.alias("span_maybe")
    statement = select(func.max(span.c.phase).label("phase")).where(
        span.c.project_no == t.project.c.no,
        or_(~span.c.promised, literal(selection.day > selection.known)),
        _within(selection.known, span.c.known_from, span.c.known_to),
        span.c.maybe_from <= selection.day,
        span.c.day_from > selection.day,
        span.c.phase > phase,
    )
    return statement.lateral("maybe")


def _within(day: date, start: ColumnElement[Any], end: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(start <= day, or_(end.is_(None), end > day))


@dataclass(frozen=True, slots=True)
class _States:
    """The project table joined with its phase on the day."""

    source: FromClause
    phase: ColumnElement[int]
    promised: ColumnElement[bool]
    maybe: ColumnElement[int]


def _states(selection: Selection) -> _States:
    fact = _span_on(selection, False, "fact")
    promise = _span_on(selection, True, "promised")
    phase: ColumnElement[int] = func.coalesce(promise.c.phase, fact.c.phase, 0)
    maybe = _possible(selection, phase)
    on = literal(True)
    source = t.project.outerjoin(fact, on).outerjoin(promise, on).outerjoin(maybe, on)
    return _States(source, phase, promise.c.phase.isnot(None), maybe.c.phase)


def _parts(selection: Selection) -> Any:
    """For every container: how many of its parts are in which phase. A part that is a container itself stands
    for its own parts; one with a phase of its own stands for itself."""
    states = _states(selection)
    tree = (
        select(t.project.c.no.label("root"), t.project.c.no, literal(True).label("container"))
        .where(t.project.c.area_id == selection.area_id, ~t.project.c.drawn)
        .cte("tree", recursive=True)
    )
    child = t.project.alias("child")
    # Not union_all: what is part of itself by mistake must not go round for ever.
    tree = tree.union(
        select(tree.c.root, child.c.no, ~child.c.drawn).where(
            child.c.parent_no == tree.c.no, tree.c.container, child.c.removed_rev.is_(None)
        )
    )
    return (
        select(tree.c.root, states.phase.label("phase"), func.count().label("n"))
        .select_from(states.source.join(tree, tree.c.no == t.project.c.no))
        .where(t.project.c.drawn)
        .group_by(tree.c.root, states.phase)
        .cte("parts")
    )


# ---------------------------------------------------------------- lists


def _conditions(selection: Selection, states: _States, parts: Any) -> list[ColumnElement[bool]]:
    p = t.project.c
    found: list[ColumnElement[bool]] = [p.area_id == selection.area_id]
    if not selection.removed:
        found.append(p.removed_rev.is_(None))
    if selection.ids:
        found.append(p.id.in_(selection.ids))
    if selection.kinds:
        found.append(p.kind.in_(selection.kinds))
    if selection.phases:
        has_part = (
            select(parts.c.root).where(parts.c.root == p.no, parts.c.phase.in_(selection.phases)).exists()
        )
        own = and_(p.drawn, states.phase.in_(selection.phases))
        found += [p.kind.in_(selection.tracked), or_(own, and_(~p.drawn, has_part))]
    if selection.bbox_lonlat:
        envelope = _envelope(selection.bbox_lonlat)
        found += [p.geom.op("&&")(envelope), func.st_intersects(p.geom, envelope)]
    if selection.near:
        point, reach_m = selection.near
        found += [
            p.geom.op("&&")(_envelope(_box_round(point, reach_m))),
            func.st_dwithin(_on_the_globe(p.geom), _on_the_globe(_point(point)), reach_m),
        ]
    if selection.words:
        found.append(_folded().like(f"%{_escaped(selection.words)}%", escape="\\"))
    if selection.parent:
        parent = t.project.alias("parent")
        found.append(
            p.parent_no == select(parent.c.no).where(parent.c.id == selection.parent).scalar_subquery()
        )
    if selection.unlocated != "with":
        found.append(p.geom.is_(None) if selection.unlocated == "only" else p.geom.isnot(None))
    return found


def _envelope(bbox_lonlat: BBox) -> ColumnElement[Any]:
    """The box as a geometry: a point or a line where it has no size, which st_makeenvelope does not give."""
    west, south, east, north = bbox_lonlat
    diagonal = func.st_makeline(func.st_makepoint(west, south), func.st_makepoint(east, north))
    return func.st_setsrid(func.st_envelope(diagonal), 4326)


# Metres of a degree of latitude, rounded down so that no box comes out too small.
_DEGREE_M = 110_000


def _box_round(point: LonLat, reach_m: float) -> BBox:
    """A box that surely holds everything within reach; the index answers it."""
    lon, lat = point
    north = reach_m / _DEGREE_M
    east = min(180.0, north / max(math.cos(math.radians(min(89.0, abs(lat) + north))), 1e-3))
    return max(-180.0, lon - east), max(-90.0, lat - north), min(180.0, lon + east), min(90.0, lat + north)


def _point(point: LonLat) -> ColumnElement[Any]:
    return func.st_setsrid(func.st_makepoint(*point), 4326)


def _on_the_globe(geometry: ColumnElement[Any]) -> ColumnElement[Any]:
    """As PostGIS measures it in metres over the ellipsoid."""
    return cast(geometry, Geography(srid=4326))


def _away_m(selection: Selection) -> ColumnElement[Any]:
    if selection.near is None:
        return cast(null(), Float)
    return func.st_distance(_on_the_globe(t.project.c.geom), _on_the_globe(_point(selection.near[0])))


def _folded() -> ColumnElement[str]:
    p = t.project.c
    together = func.concat_ws(" ", p.id, p.name_zh, p.name_en, func.array_to_string(p.aliases, " "))
    # As read_text folds what is asked for: width too, so that （ and ( are one.
    return func.lower(func.normalize(together, text("NFKC")))


def _escaped(words: str) -> str:
    folded = words.lower()
    return folded.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _columns(states: _States) -> list[ColumnElement[Any]]:
    parent = t.project.alias("parent_of")
    plain = [column for column in t.project.c if column.name not in ("geom", "parent_no", "area_id")]
    parent_id = select(parent.c.id).where(parent.c.no == t.project.c.parent_no).scalar_subquery()
    return [
        *plain,
        func.st_asgeojson(t.project.c.geom, 7).label("geometry"),
        parent_id.label("parent"),
        states.phase.label("phase"),
        states.promised.label("promised"),
        states.maybe.label("maybe"),
    ]


def numbers(selection: Selection) -> Select[Any]:
    """The numbers of the projects of a selection, to stand within another question. No phases are asked."""
    conditions = _conditions(selection, _states(selection), None)
    return select(t.project.c.no).where(*conditions)


def count(connection: Connection, selection: Selection) -> int:
    states, parts = _states(selection), _parts(selection)
    source = states.source if selection.phases else t.project  # to look up phases of a million takes long
    statement = select(func.count()).select_from(source).where(*_conditions(selection, states, parts))
    return int(connection.execute(statement).scalar_one())


def listing(
    selection: Selection,
    *,
    sort: str = "id",
    descending: bool = False,
    after: tuple[Any, str] | None = None,
    limit: int | None = None,
) -> Select[Any]:
    """Asks for rows in order of the sort key and the id; after: key and id of the last row already seen.
    `away_m`: metres to the point that the selection is near, by which one may sort ("away") too."""
    states, parts = _states(selection), _parts(selection)
    away_m = _away_m(selection)
    key = away_m if sort == "away" else SORT_KEYS[sort]
    columns = [*_columns(states), cast(key, String).label("sort_key"), away_m.label("away_m")]
    statement: Select[Any] = (
        select(*columns).select_from(states.source).where(*_conditions(selection, states, parts))
    )
    if after is not None:
        seen = tuple_(literal(after[0]), literal(after[1]))
        place = tuple_(key, t.project.c.id)
        statement = statement.where(place < seen if descending else place > seen)
    order = (key.desc(), t.project.c.id.desc()) if descending else (key, t.project.c.id)
    return statement.order_by(*order).limit(limit)


def projects(connection: Connection, selection: Selection, **order: Any) -> list[dict[str, Any]]:
    return as_rows(connection.execute(listing(selection, **order)))


def parts_of(
    connection: Connection, selection: Selection, numbers: Sequence[int]
) -> dict[int, dict[int, int]]:
    """For containers among `numbers`: phase code → number of parts."""
    parts = _parts(selection)
    found: dict[int, dict[int, int]] = {}
    statement = select(parts).where(parts.c.root.in_(numbers)).order_by(parts.c.root, parts.c.phase)
    for row in connection.execute(statement):
        found.setdefault(row.root, {})[row.phase] = row.n
    return found


def claims_of(connection: Connection, numbers: Sequence[int], known: date) -> dict[int, list[Row]]:
    """The claims of these projects said by `known`, withdrawn ones too, with the tier of their source."""
    statement = (
        select(*claim_columns(), t.source.c.tier, t.source.c.published)
        .join(t.source, t.source.c.id == t.claim.c.source_id)
        .where(t.claim.c.project_no.in_(numbers), t.claim.c.said_latest <= known)
        .order_by(t.claim.c.id)
    )
    found: dict[int, list[Row]] = {}
    for row in as_rows(connection.execute(statement)):
        found.setdefault(row["project_no"], []).append(row)
    return found


def sources(connection: Connection, ids: Iterable[str]) -> dict[str, Row]:
    statement = select(t.source).where(t.source.c.id.in_(list(ids)))
    return {row["id"]: row for row in as_rows(connection.execute(statement))}


def relatives(connection: Connection, selection: Selection, no: int) -> list[dict[str, Any]]:
    """Parents and children, successors and predecessors, each with its phase on the day and its role."""
    states = _states(selection)
    relation = t.relation
    role = case(
        (and_(relation.c.type == "part_of", relation.c.from_no == no), "parent"),
        (relation.c.type == "part_of", "child"),
        (relation.c.from_no == no, "predecessor"),
        else_="successor",
    )
    other = case((relation.c.from_no == no, relation.c.to_no), else_=relation.c.from_no)
    statement = (
        select(
            role.label("role"),
            t.project.c.no,
            t.project.c.id,
            t.project.c.kind,
            t.project.c.name_zh,
            t.project.c.name_en,
            t.project.c.drawn,
            states.phase.label("phase"),
            states.promised.label("promised"),
        )
        .select_from(states.source.join(relation, t.project.c.no == other))
        .where(
            or_(relation.c.from_no == no, relation.c.to_no == no),
            relation.c.removed_rev.is_(None),
            t.project.c.removed_rev.is_(None),
        )
        .order_by(relation.c.id)
    )
    return as_rows(connection.execute(statement))


def history(connection: Connection, project_id: str, claim_ids: Sequence[int]) -> list[dict[str, Any]]:
    """The published changesets that touched a project or its claims, oldest first."""
    targets = [project_id, *(str(claim_id) for claim_id in claim_ids)]
    about_claim = t.change.c.op.in_(("claim", "withdraw"))
    mine = or_(
        and_(about_claim, t.change.c.target.in_(targets[1:])),
        and_(
            t.change.c.op.in_(("add", "change", "remove", "relate", "unrelate")),
            t.change.c.target == project_id,
        ),
    )
    columns = ("id", "kind", "title_zh", "title_en", "published_at", "rev", "reverts")
    statement = (
        select(
            *(t.changeset.c[name] for name in columns),
            func.array_agg(func.distinct(t.change.c.op)).label("ops"),
            func.count().label("n"),
        )
        .join(t.change, t.change.c.changeset_id == t.changeset.c.id)
        .where(mine)
        .group_by(*(t.changeset.c[name] for name in columns))
        .order_by(t.changeset.c.rev)
    )
    return as_rows(connection.execute(statement))


def find(connection: Connection, project_id: str) -> Row | None:
    """Whether an id is, or was, a project: its removed_rev, or None when it never was."""
    statement = select(t.project.c.no, t.project.c.id, t.project.c.removed_rev).where(
        t.project.c.id == project_id
    )
    return as_row(connection.execute(statement))


def alias(connection: Connection, old_id: str) -> Row | None:
    statement = (
        select(t.alias.c.successors, t.project.c.id.label("new_id"))
        .outerjoin(t.project, t.project.c.no == t.alias.c.project_no)
        .where(t.alias.c.old_id == old_id)
    )
    return as_row(connection.execute(statement))
