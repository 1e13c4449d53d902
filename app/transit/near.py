"""What opens near a point, when, and how sure that is: four groups of projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from app.database import Connection
from app.params import LonLat
from app.projects import queries as project_queries
from app.projects.queries import Row
from app.projects.reading import claim_entry
from app.projects.service import Moment, features, selection, within
from app.transit import places, queries, words
from app.transit.opening import GROUPS, Opening, opening, told
from app.transit.places import Place
from geodata.kinds import load_kinds

MOST_ENTRIES = 300
_YEARS_AHEAD = 2
# What people go in and out of. Land and industry are asked for by name.
USUAL_GROUPS = ("transit", "road", "public")


@dataclass(frozen=True, slots=True)
class Question:
    """centre_lonlat: degrees, WGS84. place: the named place that it is the point of. by: the last day of "by
    then". kind_groups: groups of kinds."""

    centre_lonlat: LonLat
    place: Place | None
    radius_m: int
    by: date
    kind_groups: Sequence[str]


class PastDay(ValueError):
    """ "By then" is over: what was open on a past day is a question for the map."""

    def __init__(self, by: date) -> None:
        super().__init__(by.isoformat())
        self.by = by


def question(
    connection: Connection,
    moment: Moment,
    *,
    place: str,
    point_lonlat: LonLat | None,
    radius_m: int,
    by: date | None,
    kind_groups: Sequence[str] = (),
) -> Question:
    """The question as it was put: near a place by its name or id, or near a point (WGS84).

    Raises UnknownPlace, AmbiguousPlace, OutsideArea and PastDay.
    """
    named = places.find(connection, str(moment.area["id"]), place) if place else None
    # One of the two is given.
    point = named.lonlat if named else cast(LonLat, point_lonlat)
    until = by or date(moment.today.year + _YEARS_AHEAD, 12, 31)
    if until < moment.today:
        raise PastDay(until)
    return Question(within(moment, point), named, radius_m, until, kind_groups or USUAL_GROUPS)


def near(connection: Connection, moment: Moment, asked: Question, show_lights: bool) -> dict[str, Any]:
    """The four groups, each with its entries in the order in which they are read out, and the summary."""
    kinds = [k.id for k in load_kinds().values() if k.tracked and k.group in asked.kind_groups]
    chosen = selection(moment, kinds=kinds, near=(asked.centre_lonlat, asked.radius_m))
    rows = project_queries.projects(connection, chosen, sort="away", limit=MOST_ENTRIES)
    matched = len(rows) if len(rows) < MOST_ENTRIES else project_queries.count(connection, chosen)
    listed = features(connection, moment, chosen, rows, show_lights)
    claims = project_queries.claims_of(connection, [row["no"] for row in rows], moment.known)
    found = [
        opening(claims.get(row["no"], []), load_kinds()[row["kind"]], moment.today, asked.by) for row in rows
    ]
    evidence = _evidence(connection, rows, claims, found)
    parents = _parents(connection, moment, rows)
    groups: dict[str, list[dict[str, Any]]] = {group: [] for group in GROUPS}
    for row, feature, when in zip(rows, listed, found, strict=True):
        if when.group and row["drawn"]:
            entry = _entry(row, feature["properties"], when, asked, evidence, parents)
            groups[when.group].append(entry)
    for name, entries in groups.items():
        entries.sort(key=_by_date if name in ("opens_by", "later") else _by_distance)
    place = (asked.place.name_zh, asked.place.name_en or asked.place.name_zh) if asked.place else None
    summary_zh, summary_en = words.summary(place, asked.radius_m, asked.by, groups)
    return {
        "summary_zh": summary_zh,
        "summary_en": summary_en,
        "groups": groups,
        "counts": {name: len(entries) for name, entries in groups.items()},
        "left_out": {
            "unlocated": queries.unplaced(connection, moment.area["id"], kinds),
            "ended": sum(1 for when in found if when.group is None),
            "farther": matched - len(rows),
        },
    }


def _by_date(entry: dict[str, Any]) -> tuple[Any, ...]:
    return entry["opens"]["due_latest"], *_by_distance(entry)


def _by_distance(entry: dict[str, Any]) -> tuple[Any, ...]:
    """What is drawn from words stands behind what has a distance: it has no place among them."""
    return entry["distance_m"] is None, entry["distance_m"] or 0, entry["name_zh"]


def _entry(
    row: Row,
    properties: dict[str, Any],
    when: Opening,
    asked: Question,
    evidence: dict[int, dict[str, Any]],
    parents: dict[str, dict[str, Any]],
) -> dict[str, Any]:
    here = asked.place.precision if asked.place else None
    metres, (distance_zh, distance_en) = words.distance(row["away_m"], row["precision"], here)
    names = ("id", "kind", "name_zh", "name_en", "precision", "phase", "basis", "maybe", "attrs")
    more = ("last_heard", "light", "light_days", "note_zh", "note_en")
    return {
        **{name: properties[name] for name in names},
        **{name: properties[name] for name in more},
        "parent": parents.get(properties["parent"] or ""),
        "distance_m": metres,
        "distance_zh": distance_zh,
        "distance_en": distance_en,
        **told(when),
        "said": evidence.get(when.evidence or 0),
    }


def _evidence(
    connection: Connection, rows: Sequence[Row], claims: dict[int, list[Row]], found: Sequence[Opening]
) -> dict[int, dict[str, Any]]:
    """By number: the claims that carry an answer, each with its source, as a project's answer has them."""
    wanted = {when.evidence for when in found}
    said = {row["no"]: [c for c in claims.get(row["no"], []) if c["id"] in wanted] for row in rows}
    cited = {claim["source_id"] for group in said.values() for claim in group}
    sources = project_queries.sources(connection, cited)
    entries = {}
    for row in rows:
        kind = load_kinds()[row["kind"]]
        for claim in said[row["no"]]:
            entries[claim["id"]] = claim_entry(claim, sources[claim["source_id"]], kind, {})
    return entries


def _parents(connection: Connection, moment: Moment, rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    ids = sorted({row["parent"] for row in rows if row["parent"]})
    if not ids:
        return {}
    found = project_queries.projects(connection, selection(moment, ids=ids))
    names = ("id", "kind", "name_zh", "name_en", "attrs")
    return {row["id"]: {name: row[name] for name in names} | {"attrs": _public(row)} for row in found}


def _public(row: Row) -> dict[str, Any]:
    kind = load_kinds()[row["kind"]]
    return {name: value for name, value in row["attrs"].items() if name in kind.public_fields}
