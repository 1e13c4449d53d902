"""GeoJSON geometries → Shapely, many at a time, with the fault of every one that cannot be built.

Shapely's own reader drops positions that are no numbers, closes rings and crashes on deep nesting. Here lists
are flattened and judged in bulk; only when something is wrong is each looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.crs import Points
from geodata.reading.refusals import refusal

Geometries = NDArray[np.object_]

# How many lists stand round a position.
_NESTING = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
TYPES = frozenset({*_NESTING, "GeometryCollection"})
_NUMBERS = {int, float}


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a geometry was not built. index: of which; where: a pointer inside it; xy: as in the file."""

    index: int
    code: str
    where: str = ""
    xy: tuple[float, float] | None = None


@dataclass(slots=True)
class Built:
    """geometries: Shapely or None, in source coordinates, two-dimensional. exploded, with_z, with_more: the
    indices of collections made into one multi-geometry, and of positions of three and of more numbers."""

    geometries: Geometries
    flaws: list[Flaw] = field(default_factory=list)
    exploded: list[int] = field(default_factory=list)
    with_z: set[int] = field(default_factory=set)
    with_more: set[int] = field(default_factory=set)


class _Wrong(Exception):
    def __init__(self, code: str, where: str = "") -> None:
        super().__init__(code)
        self.code, self.where = code, where


@dataclass(frozen=True, slots=True)
class _Entry:
    """One geometry taken apart: its paths (lists of positions), and of polygons how many rings each has."""

    index: int
    paths: list[list[Any]]
    rings: list[int]


def build(geometries: Sequence[dict[str, Any] | None]) -> Built:
    """GeoJSON geometry objects (None: no geometry) → Shapely.

    Raises Refused geometry-depth for a collection within a collection.
    """
    built = Built(np.full(len(geometries), None, dtype=object))
    groups: dict[str, list[_Entry]] = {}
    for index, geometry in enumerate(geometries):
        if geometry is None:
            continue
        try:
            kind, coordinates = _simple(geometry, index, built)
            groups.setdefault(kind, []).append(_taken_apart(index, kind, coordinates))
        except _Wrong as wrong:
            built.flaws.append(Flaw(index, wrong.code, wrong.where))
    for kind, entries in groups.items():
        _build_group(kind, entries, built)
    built.flaws.sort(key=lambda flaw: flaw.index)
    return built


def _simple(geometry: dict[str, Any], index: int, built: Built) -> tuple[str, Any]:
    kind = geometry.get("type")
    if kind == "GeometryCollection":
        kind, coordinates = _exploded(geometry.get("geometries"))
        built.exploded.append(index)
        return kind, coordinates
    if not isinstance(kind, str) or kind not in _NESTING:
        raise _Wrong("geometry-unsupported", str(kind))
    return kind, geometry.get("coordinates")


def _exploded(members: Any) -> tuple[str, list[Any]]:
    """A collection of one family as the multi-geometry of it."""
    if not isinstance(members, list) or not all(isinstance(member, dict) for member in members):
        raise _Wrong("position", "/geometries")
    kinds = [str(member.get("type")) for member in members]
    if "GeometryCollection" in kinds:
        raise refusal("geometry-depth")
    families = {kind.removeprefix("Multi") for kind in kinds}
    if not members:
        raise _Wrong("geometry-empty")
    if len(families) > 1 or not families <= _NESTING.keys():
        raise _Wrong("geometry-unsupported", "GeometryCollection")
    parts: list[Any] = []
    for kind, member in zip(kinds, members, strict=True):
        coordinates = member.get("coordinates")
        if not isinstance(coordinates, list):
            raise _Wrong("position", "/geometries")
        parts += coordinates if kind.startswith("Multi") else [coordinates]
    return f"Multi{families.pop()}", parts


def _taken_apart(index: int, kind: str, coordinates: Any) -> _Entry:
    _check_nesting(coordinates, _NESTING[kind], "/coordinates")
    if kind == "Point":
        return _Entry(index, [[coordinates]], [])
    if kind in ("MultiPoint", "LineString"):
        return _Entry(index, [coordinates], [])
    if kind == "MultiPolygon":
        return _Entry(index, list(chain.from_iterable(coordinates)), [len(part) for part in coordinates])
    return _Entry(index, coordinates, [len(coordinates)])


def _check_nesting(value: Any, nesting: int, where: str) -> None:
    """Lists all the way down to the positions, none of them empty."""
    if not isinstance(value, list):
        raise _Wrong("position", where)
    if not value:
        raise _Wrong("geometry-empty", where)
    if nesting >= 2:
        for n, part in enumerate(value):
            _check_nesting(part, nesting - 1, f"{where}/{n}")


def _build_group(kind: str, entries: list[_Entry], built: Built) -> None:
    if not _all_positions(entries):
        entries = [entry for entry in entries if not _record_bad_position(entry, kind, built)]
    paths = [path for entry in entries for path in entry.paths]
    if not paths:
        return
    xy = _coordinates(entries, paths, built)
    length = np.array([len(path) for path in paths])
    owner = np.repeat(np.arange(len(entries)), [len(entry.paths) for entry in entries])
    good = _judged(kind, entries, _Paths(xy, length, owner), built)
    if not good.any():
        return
    kept = good[owner]
    part = np.repeat(np.arange(len(entries)), [len(entry.rings) for entry in entries])
    rings = np.array([n for entry in entries for n in entry.rings], dtype=np.int64)
    pieces = _Pieces(
        xy=xy[np.repeat(kept, length)],
        length=length[kept],
        owner=_numbered(owner[kept]),
        rings=rings[good[part]],
        part_owner=_numbered(part[good[part]]),
    )
    index = np.array([entry.index for entry in entries])[good]
    built.geometries[index] = _ASSEMBLE[kind](pieces)


def _all_positions(entries: list[_Entry]) -> bool:
    """Whether every position is a list of at least two numbers; booleans are none."""
    positions = list(chain.from_iterable(chain.from_iterable(entry.paths for entry in entries)))
    if set(map(type, positions)) != {list} or min(map(len, positions)) < 2:
        return False
    return set(map(type, chain.from_iterable(positions))) <= _NUMBERS


def _record_bad_position(entry: _Entry, kind: str, built: Built) -> bool:
    for n, path in enumerate(entry.paths):
        for m, position in enumerate(path):
            good = type(position) is list and len(position) >= 2 and set(map(type, position)) <= _NUMBERS
            if not good:
                where = {0: "/coordinates", 1: f"/coordinates/{m}"}.get(
                    _NESTING[kind], f"/coordinates/{n}/{m}"
                )
                built.flaws.append(Flaw(entry.index, "position", where))
                return True
    return False


def _coordinates(entries: list[_Entry], paths: list[list[Any]], built: Built) -> Points:
    positions = list(chain.from_iterable(paths))
    if max(map(len, positions)) > 2:
        for entry in entries:
            longest = max(map(len, chain.from_iterable(entry.paths)))
            if longest > 2:
                built.with_z.add(entry.index)
            if longest > 3:
                built.with_more.add(entry.index)
        positions = [position[:2] for position in positions]
    flat = np.fromiter(chain.from_iterable(positions), np.float64, 2 * len(positions))
    return flat.reshape(-1, 2)


@dataclass(frozen=True, slots=True)
class _Paths:
    """xy of all paths one after the other; the length of each; the entry each belongs to."""

    xy: Points
    length: NDArray[np.int64]
    owner: NDArray[np.int64]


def _judged(kind: str, entries: list[_Entry], paths: _Paths, built: Built) -> NDArray[np.bool_]:
    """Which entries can be built; the others get their flaw."""
    good = np.ones(len(entries), bool)
    end = np.cumsum(paths.length)
    first, last = paths.xy[end - paths.length], paths.xy[end - 1]
    faults: list[tuple[str, NDArray[np.bool_]]] = []
    if kind.endswith("Polygon"):
        short = paths.length < 4
        faults = [("ring-too-short", short), ("ring-not-closed", ~short & (first != last).any(axis=1))]
    elif kind.endswith("LineString"):
        faults = [("line-too-short", paths.length < 2)]
    for code, bad in faults:
        for path in np.flatnonzero(bad):
            entry = int(paths.owner[path])
            if good[entry]:
                x, y = last[path]
                built.flaws.append(Flaw(entries[entry].index, code, xy=(float(x), float(y))))
                good[entry] = False
    return good


@dataclass(frozen=True, slots=True)
class _Pieces:
    """What is left to assemble. owner: of each path; rings: of each polygon; part_owner: of each polygon."""

    xy: Points
    length: NDArray[np.int64]
    owner: NDArray[np.int64]
    rings: NDArray[np.int64]
    part_owner: NDArray[np.int64]


def _numbered(owner: NDArray[np.int64]) -> NDArray[np.int64]:
    """0, 1, 2 … without the gaps of those left out."""
    return np.asarray(np.unique(owner, return_inverse=True)[1])


def _path_of(pieces: _Pieces) -> NDArray[np.int64]:
    return np.repeat(np.arange(len(pieces.length)), pieces.length)


def _lines(pieces: _Pieces) -> Geometries:
    return np.asarray(shapely.linestrings(pieces.xy, indices=_path_of(pieces)))


def _polygons(pieces: _Pieces) -> Geometries:
    rings = np.asarray(shapely.linearrings(pieces.xy, indices=_path_of(pieces)))
    return np.asarray(shapely.polygons(rings, indices=np.repeat(np.arange(len(pieces.rings)), pieces.rings)))


_ASSEMBLE: dict[str, Callable[[_Pieces], Any]] = {
    "Point": lambda pieces: shapely.points(pieces.xy),
    "MultiPoint": lambda pieces: shapely.multipoints(
        np.asarray(shapely.points(pieces.xy)), indices=np.repeat(pieces.owner, pieces.length)
    ),
    "LineString": _lines,
    "MultiLineString": lambda pieces: shapely.multilinestrings(_lines(pieces), indices=pieces.owner),
    "Polygon": _polygons,
    "MultiPolygon": lambda pieces: shapely.multipolygons(_polygons(pieces), indices=pieces.part_owner),
}
