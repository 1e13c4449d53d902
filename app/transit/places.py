"""Places by name: what people start from when they ask what is near."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from shapely.geometry import shape

from app.database import Connection
from app.params import LonLat
from app.transit import queries
from app.transit.queries import Row
from geodata import pinghu
from geodata.kinds import load_kinds
from geodata.names import initials, reading
from geodata.stops import place_key

MOST_PLACES = 12
_CANDIDATES = 60
# Roles of the ground that a person may start from, in the order in which they are offered.
GROUND_ROLES = {
    "metro_station": ("地铁站", "Metro station"),
    "rail_station": ("铁路车站", "Railway station"),
    "place": ("地名", "Place"),
    "interchange": ("立交", "Interchange"),
    "green": ("公园绿地", "Park or green"),
    "peak": ("山峰", "Peak"),
    "road": ("道路", "Road"),
    "neighbour": ("相邻街道", "Neighbouring subdistrict"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A place by name. id: that of a project, empty for the ground. lonlat: degrees, WGS84."""

    id: str
    kind: str
    name_zh: str
    name_en: str
    aliases: tuple[str, ...]
    label_zh: str
    label_en: str
    precision: str
    lonlat: LonLat

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name_zh, self.name_en, *self.aliases)


class UnknownPlace(LookupError):
    """No place is called so."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class AmbiguousPlace(LookupError):
    """Several places are called so."""

    def __init__(self, words: str, candidates: list[Place]) -> None:
        super().__init__(words)
        self.words, self.candidates = words, candidates


def find(connection: Connection, area_id: str, words: str) -> Place:
    """The one place with this id or name. Raises UnknownPlace and AmbiguousPlace."""
    found = _holding(connection, area_id, words)
    for same in (_is_id, _is_name, _is_alias, _is_key, _holds):
        best = [place for place in found if same(place, words)]
        if len(best) == 1:
            return best[0]
        if best:
            raise AmbiguousPlace(words, best[:MOST_PLACES])
    raise UnknownPlace(words)


def suggested(connection: Connection, area_id: str, words: str) -> list[Place]:
    """Places whose name holds the words or begins with them in pinyin, best first; without words, the
    stations whose place is known."""
    if not words:
        return [p for p in _stations(connection, area_id) if p.precision in queries.REAL][:MOST_PLACES]
    found = _holding(connection, area_id, words)
    known = {(place.id, place.name_zh) for place in found}
    typed = words.lower().replace(" ", "")
    more = [
        place
        for place in (*_stations(connection, area_id), *_ground())
        if (place.id, place.name_zh) not in known and _sounds_like(place, typed)
    ]
    ranked = sorted(found, key=lambda place: _rank(place, words))
    return [*ranked, *more][:MOST_PLACES]


def _rank(place: Place, words: str) -> int:
    tests = (_is_id, _is_name, _is_alias, _is_key, _holds)
    return next(n for n, test in enumerate(tests) if test(place, words))


def _is_id(place: Place, words: str) -> bool:
    return place.id == words


def _is_name(place: Place, words: str) -> bool:
    return words.casefold() in (place.name_zh.casefold(), place.name_en.casefold())


def _is_alias(place: Place, words: str) -> bool:
    return words.casefold() in (alias.casefold() for alias in place.aliases)


def _is_key(place: Place, words: str) -> bool:
    return place_key(words) in (place_key(name) for name in place.names)


def _holds(_place: Place, _words: str) -> bool:
    return True


def _sounds_like(place: Place, typed: str) -> bool:
    if not typed.isascii() or len(typed) < 2:
        return False
    return any(initials(name).startswith(typed) or reading(name).startswith(typed) for name in place.names)


# ---------------------------------------------------------------- where they come from


def _holding(connection: Connection, area_id: str, words: str) -> list[Place]:
    """Places whose names hold the words; of the ground those that no project is called like."""
    kinds = [kind.id for kind in load_kinds().values() if kind.geometry and kind.style.form not in _LINES]
    rows = queries.places(connection, area_id, kinds, words, _CANDIDATES)
    # 平湖站 is asked for where the name is 平湖站（10号线）, and 禾花地铁站 where it is 禾花站.
    shorter = place_key(words)
    if not rows and shorter != words:
        rows = queries.places(connection, area_id, kinds, shorter, _CANDIDATES)
    found = [_of_project(row) for row in rows]
    taken = {place.name_zh for place in found}
    wanted = {words.casefold(), shorter}
    return found + [
        place
        for place in _ground()
        if place.name_zh not in taken
        and any(each in name.casefold() for name in place.names for each in wanted)
    ]


_LINES = ("line", "rail")


def _stations(connection: Connection, area_id: str) -> list[Place]:
    forms = {kind.id: kind.style.form for kind in load_kinds().values()}
    kinds = [name for name, form in forms.items() if form == "station"]
    return [_of_project(row) for row in queries.places(connection, area_id, kinds, "", _CANDIDATES)]


def _of_project(row: Row) -> Place:
    kind = load_kinds()[row["kind"]]
    return Place(
        row["id"],
        kind.id,
        row["name_zh"],
        row["name_en"],
        tuple(row["aliases"]),
        kind.name_zh,
        kind.name_en,
        row["precision"],
        (row["lon"], row["lat"]),
    )


@lru_cache(maxsize=1)
def _ground() -> tuple[Place, ...]:
    return tuple(_ground_places())


def _ground_places() -> Iterable[Place]:
    """The named things of the ground, each once, in the order of GROUND_ROLES."""
    features = pinghu.ground()["features"]
    seen = set()
    for role, (label_zh, label_en) in GROUND_ROLES.items():
        for feature in features:
            properties = feature["properties"]
            name = properties["name_zh"]
            if properties["role"] != role or not name or name in seen:
                continue
            seen.add(name)
            point = shape(feature["geometry"]).representative_point()
            yield Place(
                "", role, name, properties["name_en"], (), label_zh, label_en,
                properties["precision"], (point.x, point.y),
            )  # fmt: skip
