"""From rows to what a person reads of a project: state, light, next promise, milestones, claims."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import orjson

from app.database import Connection, today_in
from app.params import LonLat
from app.projects import kind_queries, listing_queries, queries, stops
from app.projects.queries import Row, Selection
from app.projects.reading import claim_entry, light_reason, measure_entries, milestones
from app.projects.statements import statements
from geodata.kinds import Kind, load_kinds
from geodata.lights import Light, last_heard, light, standings
from geodata.names import initials
from geodata.phases import PHASES, Claim, Promise, facts, phases_text, promises


@dataclass(frozen=True, slots=True)
class Moment:
    """The area and the times an answer is about. known is today unless asked otherwise."""

    area: Row
    today: date
    day: date
    known: date

    @property
    def revision(self) -> int:
        return int(self.area["revision"])


class NoArea(LookupError):
    """The database holds no such area: it has not been seeded."""


class OutsideArea(ValueError):
    """The point lies where this chart has nothing to say."""

    def __init__(self, area: Row) -> None:
        super().__init__(area["id"])
        self.area = area


def moment(
    connection: Connection, area_id: str, day: date | None = None, known: date | None = None
) -> Moment:
    """The moment an answer is about. Raises NoArea."""
    area = queries.area(connection, area_id)
    if area is None:
        raise NoArea(area_id)
    today = today_in(area["tz"])
    return Moment(area, today, day or today, known or today)


def within(moment: Moment, lonlat: LonLat) -> LonLat:
    """The point itself (WGS84, longitude before latitude). Raises OutsideArea."""
    west, south, east, north = moment.area["accept_bbox_lonlat"]
    if not (west <= lonlat[0] <= east and south <= lonlat[1] <= north):
        raise OutsideArea(moment.area)
    return lonlat


def selection(moment: Moment, **filters: Any) -> Selection:
    tracked = [kind.id for kind in load_kinds().values() if kind.tracked]
    return Selection(moment.area["id"], moment.day, moment.known, tracked, **filters)


# ---------------------------------------------------------------- lists


@dataclass(frozen=True, slots=True)
class Page:
    features: list[dict[str, Any]]
    matched: int
    cursor: str | None


def page(
    connection: Connection,
    moment: Moment,
    chosen: Selection,
    *,
    sort: str,
    limit: int | None,
    cursor: str | None,
    show_lights: bool,
) -> Page:
    """A page of features in the order asked for, with the cursor of the next one."""
    key, descending = sort.removeprefix("-"), sort.startswith("-")
    rows = queries.projects(
        connection,
        chosen,
        sort=key,
        descending=descending,
        after=_read_cursor(cursor, sort, key) if cursor else None,
        limit=None if limit is None else limit + 1,
    )
    more = limit is not None and len(rows) > limit
    rows = rows[:limit]
    matched = queries.count(connection, chosen)
    following = _cursor(sort, rows[-1]) if more and rows else None
    return Page(features(connection, moment, chosen, rows, show_lights), matched, following)


def whole(
    connection: Connection,
    moment: Moment,
    chosen: Selection,
    *,
    sort: str,
    show_lights: bool,
    cited: set[str] | None = None,
) -> Iterator[list[dict[str, Any]]]:
    """All features of a selection, chunk by chunk, each with where its geometry comes from (`place`), which a
    file that leaves the house carries. cited: a set to which the ids of the documents behind them come."""
    key, descending = sort.removeprefix("-"), sort.startswith("-")
    for rows in listing_queries.in_chunks(connection, chosen, sort=key, descending=descending):
        if cited is not None:
            cited |= listing_queries.cited(connection, [row["no"] for row in rows], moment.known)
        found = features(connection, moment, chosen, rows, show_lights)
        for feature, row in zip(found, rows, strict=True):
            feature["properties"]["place"] = row["place"]
        yield found


def _cursor(sort: str, row: Row) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([sort, row["sort_key"], row["id"]])).decode().rstrip("=")


def _read_cursor(text: str, sort: str, key: str) -> tuple[Any, str]:
    try:
        padded = text + "=" * (-len(text) % 4)
        made_for, value, last_id = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if made_for != sort or not isinstance(value, str) or not isinstance(last_id, str):
            raise ValueError(text)
        if "\0" in value + last_id:
            raise ValueError(text)
        return (date.fromisoformat(value) if key == "last_heard" else value), last_id
    except (ValueError, TypeError, binascii.Error) as error:
        raise CursorError from error


class CursorError(ValueError):
    """The cursor was not made by this list, or for another order."""


def features(
    connection: Connection, moment: Moment, chosen: Selection, rows: Sequence[Row], show_lights: bool
) -> list[dict[str, Any]]:
    """Features of rows, with everything a list shows of a project. The geometry is GeoJSON text, as the
    database wrote it: see `embedded`."""
    numbers = [row["no"] for row in rows]
    claims = queries.claims_of(connection, numbers, moment.known)
    containers = [row["no"] for row in rows if not row["drawn"]]
    parts = queries.parts_of(connection, chosen, containers) if containers else {}
    return [
        _feature(row, statements(claims.get(row["no"], [])), parts.get(row["no"]), moment, show_lights)
        for row in rows
    ]


def embedded(feature: Mapping[str, Any]) -> dict[str, Any]:
    """A feature whose geometry text is put into the answer as it stands, not read and written again."""
    geometry = feature["geometry"]
    return {**feature, "geometry": orjson.Fragment(geometry) if geometry else None}


def _feature(
    row: Row, said: list[Claim], parts: Mapping[int, int] | None, moment: Moment, show_lights: bool
) -> dict[str, Any]:
    kind = load_kinds()[row["kind"]]
    lamp = light(said, kind.phase_of, moment.today) if kind.tracked and show_lights else Light("grey")
    as_of_now = moment.known >= moment.today
    properties = {
        **plain_properties(row, kind),
        "last_heard": row["last_heard"] if as_of_now else last_heard(said),
        **_state(row, kind),
        "light": lamp.light,
        "light_milestone": lamp.milestone,
        "light_days": lamp.days,
        "light_kept": lamp.kept,
        "light_evidence": lamp.evidence.ref if lamp.evidence else None,
        "located": row["geometry"] is not None,
        "parts": None if row["drawn"] else {PHASES[code]: n for code, n in (parts or {}).items()},
        # What was known at head is stored; an earlier knowledge is read from the claims said by then.
        "phases": row["phases"] if as_of_now else _phases(said, kind),
        "next": next_promise(said, kind, moment.today) if kind.tracked else None,
    }
    return {
        "type": "Feature",
        "id": row["id"],
        "geometry": row["geometry"],
        "properties": properties,
    }


def plain_properties(row: Row, kind: Kind) -> dict[str, Any]:
    """What does not depend on a day. Of the attributes only those that the kind calls public."""
    names = ("id", "kind", "name_zh", "name_en", "aliases", "precision", "partial", "drawn", "parent")
    more = ("community", "note_zh", "note_en", "area_ha", "length_km", "last_heard")
    return {
        **{name: row[name] for name in names},
        **{name: row[name] for name in more},
        "initials": [initials(name) for name in (row["name_zh"], *row["aliases"])],
        "attrs": {name: value for name, value in row["attrs"].items() if name in kind.public_fields},
    }


def _state(row: Row, kind: Kind) -> dict[str, Any]:
    """Phase, basis and maybe. A container has no phase on the map, nor has what is not tracked."""
    if not kind.tracked or not row["drawn"]:
        return {"phase": PHASES[0], "basis": "none", "maybe": None}
    basis = "promise" if row["promised"] else "fact" if row["phase"] else "none"
    return {
        "phase": PHASES[row["phase"]],
        "basis": basis,
        "maybe": PHASES[row["maybe"]] if row["maybe"] else None,
    }


def _phases(said: list[Claim], kind: Kind) -> str:
    return phases_text(said, kind.phase_of) if kind.tracked else ""


def next_promise(said: list[Claim], kind: Kind, today: date) -> dict[str, Any] | None:
    """The promise that is due next, or was last due and is not known to be kept."""
    open_ones = open_promises(said, kind)
    if not open_ones:
        return None
    promise = min(open_ones, key=lambda p: (p.due < today, abs((p.due - today).days)))
    return promised(promise)


def open_promises(said: list[Claim], kind: Kind) -> list[Promise]:
    """The dated promises that the facts have not met: neither done nor overtaken."""
    fact = facts(said, kind.phase_of)
    reached = fact.steps[-1].phase if fact.steps else 0
    return [
        promise
        for promise in promises(said, kind.phase_of).values()
        if promise.milestone not in fact.done and promise.phase > reached
    ]


def promised(promise: Promise) -> dict[str, Any]:
    """A promise as lists show it."""
    return {
        "milestone": promise.milestone,
        "date": promise.current.date.text if promise.current.date else "",
        "due_latest": promise.due,
        "commitment": promise.current.commitment,
        "moves": promise.moves,
        "slip_days": promise.slip_days,
        "slip_exact": promise.slip_exact if promise.moves else None,
    }


def layer_features(connection: Connection, area_id: str, kind_id: str) -> list[dict[str, Any]]:
    """A whole kind at head as features that depend on the revision alone."""
    kind = load_kinds()[kind_id]
    return [
        {
            "type": "Feature",
            "id": row["id"],
            "geometry": row["geometry"],
            "properties": {**plain_properties(row, kind), "phases": row["phases"]},
        }
        for row in kind_queries.layer(connection, area_id, kind_id)
    ]


# ---------------------------------------------------------------- one project


class UnknownProject(LookupError):
    pass


class MovedProject(LookupError):
    """The project has another id now."""

    def __init__(self, new_id: str) -> None:
        super().__init__(new_id)
        self.new_id = new_id


class RemovedProject(LookupError):
    def __init__(self, successors: Sequence[str]) -> None:
        super().__init__("removed")
        self.successors = list(successors)


def one(connection: Connection, moment: Moment, project_id: str, show_lights: bool) -> dict[str, Any]:
    """One project as a feature with everything said about it.

    Raises UnknownProject, MovedProject (renamed) and RemovedProject (with its successors).
    """
    require(connection, project_id)
    chosen = selection(moment, ids=[project_id])
    rows = queries.projects(connection, chosen)
    row = rows[0]
    feature = features(connection, moment, chosen, rows, show_lights)[0]
    # The card shows withdrawn claims too; the rules do not see them.
    claims = queries.claims_of(connection, [row["no"]], moment.known).get(row["no"], [])
    kind = load_kinds()[row["kind"]]
    feature["properties"] |= _said(connection, moment, row, kind, claims, show_lights)
    stops.add_english(connection, moment.area["id"], feature["properties"])
    return feature


def require(connection: Connection, project_id: str) -> None:
    """Raises UnknownProject, MovedProject and RemovedProject unless the project is on the chart."""
    found = queries.find(connection, project_id)
    if found is not None and found["removed_rev"] is None:
        return
    alias = queries.alias(connection, project_id)
    if alias is not None and alias["new_id"]:
        raise MovedProject(alias["new_id"])
    if alias is not None or found is not None:
        raise RemovedProject(alias["successors"] if alias else [])
    raise UnknownProject(project_id)


def _said(
    connection: Connection, moment: Moment, row: Row, kind: Kind, claims: Sequence[Row], show_lights: bool
) -> dict[str, Any]:
    said = statements(claims)
    sources = queries.sources(connection, {claim["source_id"] for claim in claims})
    standing = standings(said, kind.phase_of)
    lamp = light(said, kind.phase_of, moment.today) if kind.tracked and show_lights else Light("grey")
    reason_zh, reason_en = light_reason(lamp, said, kind)
    chosen = replace(selection(moment), ids=())
    relatives = queries.relatives(connection, chosen, row["no"])
    own = facts(said, kind.phase_of)
    return {
        "light_reason_zh": reason_zh,
        "light_reason_en": reason_en,
        "milestones": milestones(said, claims, kind),
        "claims": [claim_entry(claim, sources[claim["source_id"]], kind, standing) for claim in claims],
        "conflicts": [{"winner": winner.ref, "loser": loser.ref} for winner, loser in own.conflicts],
        "measures": measure_entries(said, claims, kind),
        **{role: [_relative(r) for r in relatives if r["role"] == name] for role, name in _ROLES.items()},
        "formerly": listing_queries.formerly(connection, row["no"]),
        "differs_from_parts": _differs(own.steps[-1].phase if own.steps else 0, relatives),
        "place": row["place"],
        "history": [
            {
                "revision": entry["rev"],
                "changeset": entry["id"],
                "kind": entry["kind"],
                "title_zh": entry["title_zh"],
                "title_en": entry["title_en"],
                "published_at": entry["published_at"],
                "ops": sorted(entry["ops"]),
            }
            for entry in queries.history(connection, row["id"], [claim["id"] for claim in claims])
        ],
    }


_ROLES = {
    "parents": "parent",
    "children": "child",
    "successors": "successor",
    "predecessors": "predecessor",
}


def _relative(row: Row) -> dict[str, Any]:
    kind = load_kinds()[row["kind"]]
    state = _state({**row, "maybe": None}, kind)
    names = ("id", "kind", "name_zh", "name_en")
    return {**{name: row[name] for name in names}, "phase": state["phase"], "basis": state["basis"]}


def _differs(own_phase: int, relatives: Sequence[Row]) -> bool:
    """Whether what is said of the whole differs from every one of its parts' phases."""
    parts = {r["phase"] for r in relatives if r["role"] == "child" and r["drawn"]}
    return bool(own_phase and parts and parts != {own_phase})
