"""The shapes of a Shapefile (.shp) and their index (.shx), as ESRI's description of July 1998 has them.

Every record is walked before any is used: what a record says of its own size and of its counts must fit the
bytes that are there. Other readers hand back empty shapes for records that do not; here the file is refused.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.crs import Points
from geodata.reading.contract import Refused
from geodata.reading.limits import Limits
from geodata.reading.refusals import refusal
from geodata.reading.rings import directed
from geodata.reading.shapes import Built, Flaw, Geometries

_HEAD, _RECORD, _MAGIC = 100, 8, 9994
_NULL, _MULTIPATCH = 0, 31
_POINT, _LINE, _AREA, _POINTS = 1, 3, 5, 8
_TYPES = frozenset({_POINT, _LINE, _AREA, _POINTS})
# Bytes of a record before its parts or points, of a type with parts and of a set of points.
_BEFORE_PARTS, _BEFORE_POINTS = 44, 40

Opened = Callable[[], IO[bytes]]


@dataclass(frozen=True, slots=True)
class Layout:
    """What walking the file showed. places: (offset, bytes of content) of each record, with its head."""

    kind: int
    end: int
    places: NDArray[np.int64]

    @property
    def count(self) -> int:
        return len(self.places)


def corrupt(part: str, row: int | None = None) -> Refused:
    return refusal("shapefile-corrupt", value=part, row=row)


def walk(opened: Opened, size: int, limits: Limits) -> Layout:
    """Reads every record's claims. opened: the .shp anew, from its start; size: its bytes.

    Raises Refused: shapefile-corrupt, features, vertices.
    """
    with opened() as file:
        head = file.read(_HEAD)
        if len(head) < _HEAD or struct.unpack_from(">i", head)[0] != _MAGIC:
            raise corrupt(".shp")
        # A header that promises more than there is proves nothing; the other files tell what is missing.
        said = 2 * struct.unpack_from(">I", head, 24)[0]
        end = said if _HEAD <= said <= size else size
        (kind,) = struct.unpack_from("<i", head, 32)
        if kind not in (_NULL, _MULTIPATCH) and (kind % 10 not in _TYPES or not 0 < kind < 30):
            raise corrupt(".shp")
        places: list[tuple[int, int]] = []
        offset = vertices = 0
        offset = _HEAD
        while offset < end:
            length = _next_length(file, offset, end, len(places))
            vertices += _check(file.read(length), length, kind, len(places), limits)
            places.append((offset, length))
            offset += _RECORD + length
            if limits.features is not None and len(places) > limits.features:
                raise refusal("features", limit=limits.features, observed=len(places))
            if limits.vertices is not None and vertices > limits.vertices:
                raise refusal("vertices", limit=limits.vertices, observed=vertices)
    return Layout(kind, end, np.array(places, np.int64).reshape(-1, 2))


def _next_length(file: IO[bytes], offset: int, end: int, row: int) -> int:
    head = file.read(_RECORD)
    if len(head) < _RECORD:
        raise corrupt(".shp", row)
    length: int = 2 * struct.unpack(">iI", head)[1]
    if length < 4 or offset + _RECORD + length > end:
        raise corrupt(".shp", row)
    return length


def _check(content: bytes, length: int, kind: int, row: int, limits: Limits) -> int:
    """How many points a record holds, when its claims fit its bytes."""
    (own,) = struct.unpack_from("<i", content) if len(content) == length else (-1,)
    if own == _NULL or (own == kind == _MULTIPATCH):
        return 0
    if own != kind:
        raise corrupt(".shp", row)
    base, more = kind % 10, 8 if kind > 10 else 0
    # A Z type has heights for certain and measures perhaps; an M type may leave its measures out.
    has_z = 10 < kind < 20
    if base == _POINT:
        if length < 20 + (more if has_z else 0):
            raise corrupt(".shp", row)
        return 1
    if length < (_BEFORE_PARTS if base != _POINTS else _BEFORE_POINTS):
        raise corrupt(".shp", row)
    parts, points = struct.unpack_from("<2I", content, 36) if base != _POINTS else (0, *_one(content))
    before = _BEFORE_PARTS + 4 * parts if base != _POINTS else _BEFORE_POINTS
    if before + 16 * points + (16 + 8 * points if has_z else 0) > length:
        raise corrupt(".shp", row)
    if base != _POINTS:
        starts = np.frombuffer(content, "<i4", parts, _BEFORE_PARTS)
        if (parts == 0) != (points == 0) or (
            parts and (starts[0] != 0 or (np.diff(starts) <= 0).any() or starts[-1] >= points)
        ):
            raise corrupt(".shp", row)
    if limits.vertices_per_feature is not None and points > limits.vertices_per_feature:
        raise refusal("vertices", limit=limits.vertices_per_feature, observed=points, row=row)
    return int(points)


def _one(content: bytes) -> tuple[int]:
    found: tuple[int] = struct.unpack_from("<I", content, 36)
    return found


def check_index(opened: Opened, size: int, layout: Layout) -> None:
    """That the .shx says of every record what was found. Raises Refused shapefile-corrupt."""
    with opened() as file:
        raw = file.read(size)
    if len(raw) < _HEAD or struct.unpack_from(">i", raw)[0] != _MAGIC or (len(raw) - _HEAD) % 8:
        raise corrupt(".shx")
    said = 2 * np.frombuffer(raw, ">i4", offset=_HEAD).astype(np.int64).reshape(-1, 2)
    if said.shape != layout.places.shape or (said != layout.places).any():
        raise corrupt(".shx")


def shapes(opened: Opened, layout: Layout, at_once: int) -> Iterator[Built]:
    """The geometries of a file that was walked, so many at a time."""
    with opened() as file:
        file.read(_HEAD)
        for start in range(0, layout.count, at_once):
            contents = [
                file.read(_RECORD + int(length))[_RECORD:]
                for _, length in layout.places[start : start + at_once]
            ]
            yield _built(contents, layout.kind)


def _built(contents: list[bytes], kind: int) -> Built:
    built = Built(np.full(len(contents), None, dtype=object))
    there = [n for n, content in enumerate(contents) if content[:4] != b"\0\0\0\0"]
    if kind == _MULTIPATCH:
        built.flaws += [Flaw(n, "geometry-unsupported", "MultiPatch") for n in there]
    elif there:
        if 10 < kind < 20:
            built.with_z.update(there)
        _BUILD[kind % 10](built, there, [contents[n] for n in there])
        built.flaws.sort(key=lambda flaw: flaw.index)
    return built


def _build_points(built: Built, there: list[int], contents: list[bytes]) -> None:
    xy = np.frombuffer(b"".join(content[4:20] for content in contents), "<f8").reshape(-1, 2)
    good = np.isfinite(xy).all(axis=1)
    built.flaws += [Flaw(there[n], "coordinate-range") for n in np.flatnonzero(~good)]
    built.geometries[np.array(there)[good]] = shapely.points(xy[good])


def _build_point_sets(built: Built, there: list[int], contents: list[bytes]) -> None:
    for n, content in zip(there, contents, strict=True):
        xy = _positions(content, 0, *_one(content))
        if not len(xy):
            built.flaws.append(Flaw(n, "geometry-empty", "MultiPoint"))
        elif not np.isfinite(xy).all():
            built.flaws.append(Flaw(n, "coordinate-range"))
        else:
            built.geometries[n] = shapely.MultiPoint(xy)


def _positions(content: bytes, parts: int, points: int) -> Points:
    before = _BEFORE_PARTS + 4 * parts if parts else _BEFORE_POINTS
    return np.frombuffer(content, "<f8", 2 * points, before).reshape(-1, 2)


@dataclass(frozen=True, slots=True)
class _Paths:
    """Paths of some records one after the other. length: points of each; owner: of which record each is."""

    xy: Points
    length: NDArray[np.int64]
    owner: NDArray[np.int64]

    def of(self, records: NDArray[np.bool_]) -> _Paths:
        kept = records[self.owner]
        return _Paths(self.xy[np.repeat(kept, self.length)], self.length[kept], self.owner[kept])

    @property
    def ends(self) -> NDArray[np.int64]:
        return np.cumsum(self.length)

    @property
    def number(self) -> NDArray[np.int64]:
        """Of each point, which path it is of."""
        return np.repeat(np.arange(len(self.length)), self.length)


def _paths(built: Built, there: list[int], contents: list[bytes], least: tuple[int, str]) -> _Paths:
    """The paths of those records that can be built; the others get their flaw. least: points that a path
    needs, and the fault of one with fewer."""
    lengths, xy, owner = [], [], []
    for n, content in zip(there, contents, strict=True):
        parts, points = struct.unpack_from("<2I", content, 36)
        if not parts:
            built.flaws.append(Flaw(n, "geometry-empty", "parts"))
            continue
        starts = np.frombuffer(content, "<i4", parts, _BEFORE_PARTS)
        lengths.append(np.diff(starts, append=points))
        xy.append(_positions(content, parts, points))
        owner.append(np.full(parts, n))
    if not xy:
        return _Paths(np.empty((0, 2)), np.empty(0, np.int64), np.empty(0, np.int64))
    found = _Paths(np.concatenate(xy), np.concatenate(lengths).astype(np.int64), np.concatenate(owner))
    good = np.ones(len(built.geometries), bool)
    finite = np.isfinite(found.xy).all(axis=1)
    for n in np.unique(found.owner[found.number[~finite]]):
        built.flaws.append(Flaw(int(n), "coordinate-range"))
        good[n] = False
    first, last = found.xy[found.ends - found.length], found.xy[found.ends - 1]
    short = found.length < least[0]
    faults = [(least[1], short)]
    if least[1] == "ring-too-short":
        faults.append(("ring-not-closed", ~short & (first != last).any(axis=1)))
    for code, bad in faults:
        for path in np.flatnonzero(bad):
            if good[n := int(found.owner[path])]:
                x, y = last[path]
                built.flaws.append(Flaw(n, code, xy=(float(x), float(y))))
                good[n] = False
    return found.of(good)


def _build_lines(built: Built, there: list[int], contents: list[bytes]) -> None:
    paths = _paths(built, there, contents, (2, "line-too-short"))
    if not len(paths.length):
        return
    lines = np.asarray(shapely.linestrings(paths.xy, indices=paths.number))
    _join(built.geometries, lines, paths.owner, lambda several: shapely.MultiLineString(several))


def _build_areas(built: Built, there: list[int], contents: list[bytes]) -> None:
    paths = _paths(built, there, contents, (4, "ring-too-short"))
    if not len(paths.length):
        return
    rings = np.asarray(shapely.linearrings(paths.xy, indices=paths.number))
    outer = ~np.asarray(shapely.is_ccw(rings))
    areas = np.asarray(shapely.polygons(rings))
    owner, count = paths.owner, np.bincount(paths.owner, minlength=len(built.geometries))
    alone = count[owner] == 1
    built.geometries[owner[alone]] = areas[alone]
    for n in np.flatnonzero(count > 1):
        of = owner == n
        try:
            built.geometries[n] = directed(areas[of].tolist(), outer[of].tolist())
        except shapely.errors.GEOSException:
            built.flaws.append(Flaw(int(n), "geometry-invalid", "rings"))


def _join(
    into: Geometries,
    parts: Geometries,
    owner: NDArray[np.int64],
    several: Callable[[list[Any]], object],
) -> None:
    count = np.bincount(owner, minlength=len(into))
    alone = count[owner] == 1
    into[owner[alone]] = parts[alone]
    for n in np.flatnonzero(count > 1):
        into[n] = several(parts[owner == n].tolist())


_BUILD = {
    _POINT: _build_points,
    _LINE: _build_lines,
    _AREA: _build_areas,
    _POINTS: _build_point_sets,
}
