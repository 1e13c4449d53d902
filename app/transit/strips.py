"""Every line as a strip: its parts, and on each the stops in order, with what is known of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any, Literal

from app.database import Connection
from app.projects import queries as project_queries
from app.projects.queries import Row
from app.projects.reading import claim_entry
from app.projects.service import Moment, features, selection
from app.transit import queries
from app.transit.opening import opening, told
from geodata.kinds import load_kinds
from geodata.lights import amount
from geodata.stops import GAP, Named, bare_name, goes_on_turned, place_key, read_stops, stop_names

Listed = Literal["stops", "passes", "placed", "none"]
"""How the stops of a part are known: named in order; only places on the way; where they stand on the map."""
_FORMS = ("line", "rail")
_STOPS, _PASSES, _STATIONS = "stops", "passes", "stations"


@dataclass(slots=True)
class _Stop:
    name: Named
    station: dict[str, Any] | None = None

    @property
    def key(self) -> str:
        return "" if self.name.gap else place_key(self.name.name)


@dataclass(slots=True)
class _Part:
    row: Row
    properties: dict[str, Any]
    claims: list[Row]
    listed: Listed = "none"
    said: Row | None = None
    stops: list[_Stop] = field(default_factory=list)
    below: list[_Part] = field(default_factory=list)
    joins: bool = False


def strips(connection: Connection, moment: Moment) -> list[dict[str, Any]]:
    """The lines in the order of their kinds and names. A line that is the sum of its parts shows them; one
    without parts is its own part."""
    return _Strips(connection, moment).lines()


class _Strips:
    def __init__(self, connection: Connection, moment: Moment) -> None:
        self.connection, self.moment = connection, moment
        kinds = [kind for kind in load_kinds().values() if kind.group == "transit"]
        forms = {kind.id: kind.style.form for kind in kinds}
        chosen = selection(moment, kinds=[k for k, form in forms.items() if form in (*_FORMS, "station")])
        rows = project_queries.projects(connection, chosen, sort="id")
        claims = project_queries.claims_of(connection, [row["no"] for row in rows], moment.known)
        listed = features(connection, moment, chosen, rows, False)
        self.parts: dict[str, _Part] = {}
        self.stations: dict[str, list[dict[str, Any]]] = {}
        self.by_no: dict[int, dict[str, Any]] = {}
        for row, feature in zip(rows, listed, strict=True):
            properties = feature["properties"]
            if forms[row["kind"]] in _FORMS:
                self.parts[row["id"]] = _Part(row, properties, claims.get(row["no"], []))
            else:
                station = _station(properties, feature["geometry"], claims.get(row["no"], []), moment.today)
                self.by_no[row["no"]] = station
                for line in self._lines_of(properties):
                    self.stations.setdefault(line, []).append(station)
        self.order = queries.along(connection, [part.row["no"] for part in self.parts.values()])
        for part in self.parts.values():
            if part.properties["parent"] in self.parts:
                self.parts[part.properties["parent"]].below.append(part)
            self._fill(part)

    def _lines_of(self, properties: Mapping[str, Any]) -> list[str]:
        """The line a station is a part of; else those that it names by number."""
        if properties["parent"]:
            return [properties["parent"]]
        named = str(properties["attrs"].get(load_kinds()[properties["kind"]].style.by or "", ""))
        return [f"={stop.name}" for stop in read_stops(named)]

    # ------------------------------------------------------------ the stops of a part

    def _fill(self, part: _Part) -> None:
        own = self._own_stations(part)
        for code in (_STOPS, _PASSES):
            said = _latest(part.claims, code)
            text = said["value"] if said else str(part.row["attrs"].get(code) or "")
            if text:
                part.listed, part.said = code, said  # type: ignore[assignment]
                known = self._by_key(own)
                part.stops = [_Stop(name, known.get(place_key(name.name))) for name in read_stops(text)]
                return
        if own:
            part.listed = "placed"
            part.stops = [_Stop(Named(station["name_zh"]), station) for station in own]

    def _by_key(self, stations: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
        return {
            place_key(name): station
            for station in stations
            for name in (*station["aliases"], station["name_zh"])
        }

    def _own_stations(self, part: _Part) -> list[dict[str, Any]]:
        number = part.row["attrs"].get(load_kinds()[part.row["kind"]].style.by or "")
        own = [*self.stations.get(part.row["id"], []), *self.stations.get(f"={number}", [])]
        placed = [self.by_no[no] for no in self.order.get(part.row["no"], []) if no in self.by_no]
        return [*placed, *(station for station in own if station not in placed)]

    # ------------------------------------------------------------ the lines

    def lines(self) -> list[dict[str, Any]]:
        order = list(load_kinds())
        roots = [part for part in self.parts.values() if part.properties["parent"] not in self.parts]
        roots.sort(key=lambda part: (order.index(part.row["kind"]), part.row["id"]))
        sections = {part.row["id"]: self._sections(part) for part in roots}
        meeting = _meeting(sections)
        cited = {
            claim["source_id"]
            for parts in sections.values()
            for part in parts
            for claim in (part.said, _word(part.claims))
            if claim
        }
        sources = project_queries.sources(self.connection, cited)
        return [
            {
                **self._state(root),
                "note_zh": root.properties["note_zh"],
                "note_en": root.properties["note_en"],
                "parts": [self._section(part, root, meeting, sources) for part in sections[root.row["id"]]],
            }
            for root in roots
        ]

    def _sections(self, root: _Part) -> list[_Part]:
        """The parts that a strip is made of, in order. One that goes on from the start of the one before it
        turns that one round, where its direction is only that of a drawing."""
        parts = sorted(root.below, key=lambda part: part.row["no"]) or [root]
        for before, after in pairwise(parts):
            keys = [[stop.key for stop in part.stops] for part in (before, after)]
            if before.listed == "placed" and goes_on_turned(*keys):
                before.stops.reverse()
            # The stop where two parts meet is listed with both, and is a station of one of them.
            known = {stop.key: stop.station for stop in before.stops if stop.key}
            after.joins = bool(keys[1]) and keys[1][0] in known
            if after.joins and after.stops[0].station is None:
                after.stops[0].station = known[after.stops[0].key]
        for part, goes_on in zip(parts, [*(part.joins for part in parts[1:]), False], strict=True):
            self._leave_open(part, goes_on)
        return parts

    @staticmethod
    def _leave_open(part: _Part, goes_on: bool) -> None:
        """Stations put in order by their place are not all there are where a source counts more: the ends
        that no other part continues are open."""
        count = _latest(part.claims, _STATIONS)
        known = amount(count["value"]) if count else None
        # A line has two stops at least.
        if part.listed != "placed" or max(known or 0, 2) <= len(part.stops):
            return
        if not part.joins:
            part.stops.insert(0, _Stop(GAP))
        if not goes_on:
            part.stops.append(_Stop(GAP))

    def _state(self, part: _Part) -> dict[str, Any]:
        when = opening(
            part.claims, load_kinds()[part.row["kind"]], self.moment.today, self.moment.area["last_day"]
        )
        names = ("id", "kind", "name_zh", "name_en", "attrs", "phase", "basis", "maybe", "parts", "drawn")
        more = ("precision", "located", "last_heard", "phases")
        return {
            **{name: part.properties[name] for name in names if name != "parts"},
            **{name: part.properties[name] for name in more},
            "of_parts": part.properties["parts"],
            **told(when),
        }

    def _section(
        self, part: _Part, root: _Part, meeting: Mapping[str, list[str]], sources: Mapping[str, Row]
    ) -> dict[str, Any]:
        kind = load_kinds()[part.row["kind"]]
        count, word = _latest(part.claims, _STATIONS), _word(part.claims)
        named = sum(1 for stop in part.stops if not stop.name.gap)
        return {
            **self._state(part),
            "listed": part.listed,
            "joins": part.joins,
            "said": claim_entry(part.said, sources[part.said["source_id"]], kind, {}) if part.said else None,
            "word": claim_entry(word, sources[word["source_id"]], kind, {}) if word else None,
            "stations": count["value"] if count else None,
            "named": named,
            "stops": [_stop(stop, root.row["id"], meeting) for stop in part.stops],
            "below": [
                {**self._state(below)} for below in sorted(part.below, key=lambda below: below.row["no"])
            ]
            if part is not root
            else [],
        }


def _latest(claims: Iterable[Row], code: str) -> Row | None:
    """The amount of that code that counts: of the best tier, then the last said."""
    found = [c for c in claims if c["property"] == f"measure:{code}" and c["withdrawn_rev"] is None]
    return max(found, key=lambda c: (c["tier"], c["said_latest"], c["id"]), default=None)


def _word(claims: Iterable[Row]) -> Row | None:
    """What a source says of a line that is neither a phase nor a date: that a part of it is on hold, say. Of
    the best source the last."""
    found = [c for c in claims if c["property"] == "mention" and c["withdrawn_rev"] is None]
    return max(found, key=lambda c: (c["tier"], c["said_latest"], c["id"]), default=None)


def _station(
    properties: dict[str, Any], geometry: str | None, claims: Sequence[Row], today: date
) -> dict[str, Any]:
    kind = load_kinds()[properties["kind"]]
    names = ("id", "kind", "name_zh", "name_en", "aliases", "phase", "basis", "maybe", "precision")
    return {
        **{name: properties[name] for name in names},
        "located": geometry is not None,
        **told(opening(claims, kind, today, today)),
    }


def _stop(stop: _Stop, line: str, meeting: Mapping[str, list[str]]) -> dict[str, Any]:
    if stop.name.gap:
        return {"gap": True, "name_zh": "", "name_en": "", "station": None, "meets": []}
    name_zh, name_en = stop_names(stop.name.name)
    if stop.station:
        name_en = bare_name(stop.station["name_en"]) or name_en
        name_zh = bare_name(name_zh)
    return {
        "gap": False,
        "name_zh": name_zh,
        "name_en": name_en,
        "station": stop.station,
        "meets": [other for other in meeting[stop.key] if other != line],
    }


def _meeting(sections: Mapping[str, Sequence[_Part]]) -> dict[str, list[str]]:
    """By the key of a stop: the lines that have a stop, or a place on the way, of that name."""
    found: dict[str, list[str]] = {}
    for line, parts in sections.items():
        for part in parts:
            for stop in part.stops:
                if stop.key and line not in found.setdefault(stop.key, []):
                    found[stop.key].append(line)
    return found
