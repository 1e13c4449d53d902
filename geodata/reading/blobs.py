"""The geometries of a GeoPackage (OGC 12-128r19, 2.1.3): a header of its own, then WKB, many at a time.

Each is walked before Shapely sees it: what it says of parts and points must fit its bytes to the last one.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geodata.reading.refusals import refusal
from geodata.reading.shapes import Built, Flaw

# Bytes of the envelope, by its code in the flags.
_ENVELOPES = (0, 32, 48, 48, 64)
_HEAD = 8
_POINT, _LINE, _POLYGON, _COLLECTION = 1, 2, 3, 7
_MEMBER = {4: _POINT, 5: _LINE, 6: _POLYGON}
_NAMES = {8: "CircularString", 9: "CompoundCurve", 10: "CurvePolygon", 11: "MultiCurve", 12: "MultiSurface",
          13: "Curve", 14: "Surface", 15: "PolyhedralSurface", 16: "TIN", 17: "Triangle"}  # fmt: skip
_FAMILY = {1: 1, 2: 2, 3: 3, 4: 1, 5: 2, 6: 3}
_TOGETHER: dict[int, Callable[..., Any]] = {
    1: shapely.multipoints,
    2: shapely.multilinestrings,
    3: shapely.multipolygons,
}
_EWKB_Z, _EWKB_M = 0x80000000, 0x40000000


class _Wrong(Exception):
    def __init__(self, code: str, where: str = "", xy: tuple[float, float] | None = None) -> None:
        super().__init__(code)
        self.code, self.where, self.xy = code, where, xy


def build(blobs: Sequence[object], srs_id: object = None) -> Built:
    """Values of a geometry column (None: no geometry) → Shapely. srs_id: of the column, which each geometry
    says again; None: nobody compares. Raises Refused geometry-depth."""
    built = Built(np.full(len(blobs), None, dtype=object))
    bodies: list[bytes | None] = [None] * len(blobs)
    for n, blob in enumerate(blobs):
        if blob is None:
            continue
        try:
            bodies[n] = _body(blob, srs_id)
            kind, has_z = _walk(bodies[n] or b"")
        except _Wrong as wrong:
            bodies[n] = None
            built.flaws.append(Flaw(n, wrong.code, wrong.where, wrong.xy))
            continue
        if has_z:
            built.with_z.add(n)
        if kind == _COLLECTION:
            built.exploded.append(n)
    with np.errstate(invalid="ignore"):  # what is no number is told of later
        built.geometries = np.asarray(shapely.force_2d(shapely.from_wkb(bodies, on_invalid="ignore")))
    for n, body in enumerate(bodies):
        if body is not None and built.geometries[n] is None:
            built.flaws.append(Flaw(n, "geometry-encoding", "WKB"))
    built.exploded = [n for n in built.exploded if built.geometries[n] is not None]
    for n in built.exploded:
        built.geometries[n] = _one_of_all(built.geometries[n])
    built.flaws.sort(key=lambda flaw: flaw.index)
    return built


def _body(blob: object, srs_id: object) -> bytes:
    """The WKB within a value. Where it names another system than its column, nobody knows which is true."""
    if not isinstance(blob, bytes) or len(blob) < _HEAD or blob[:2] != b"GP" or blob[2] != 0:
        raise _Wrong("geometry-encoding", "GP")
    flags = blob[3]
    envelope = flags >> 1 & 7
    if flags & 0x20:
        raise _Wrong("geometry-unsupported", "ExtendedGeoPackageBinary")
    if flags & 0xC0 or envelope >= len(_ENVELOPES):
        raise _Wrong("geometry-encoding", "flags")
    (own,) = struct.unpack_from("<i" if flags & 1 else ">i", blob, 4)
    if srs_id is not None and own != srs_id:
        raise _Wrong("geometry-system", f"srs_id {own} ≠ {srs_id}")
    return blob[_HEAD + _ENVELOPES[envelope] :]


def _walk(wkb: bytes) -> tuple[int, bool]:
    """(kind, whether it has heights) of a WKB whose every count fits."""
    try:
        kind, has_z, end = _geometry(wkb, 0, None)
    except struct.error:
        raise _Wrong("geometry-encoding", "WKB") from None
    if end != len(wkb):
        raise _Wrong("geometry-encoding", "WKB")
    return kind, has_z


@dataclass(frozen=True, slots=True)
class _Head:
    """sign: of `struct`, for the order of bytes; size: bytes of a position."""

    sign: str
    kind: int
    has_z: bool
    size: int


def _head(wkb: bytes, at: int) -> _Head:
    order = wkb[at : at + 1]
    if order not in (b"\0", b"\1"):
        raise _Wrong("geometry-encoding", "WKB")
    sign = "<" if order == b"\1" else ">"
    (said,) = struct.unpack_from(f"{sign}I", wkb, at + 1)
    dimensions, kind = divmod(said & 0x0FFFFFFF, 1000)
    if kind in _NAMES:
        raise _Wrong("geometry-unsupported", _NAMES[kind])
    if dimensions > 3 or not _POINT <= kind <= _COLLECTION or said & 0x30000000:
        raise _Wrong("geometry-encoding", "WKB")
    has_z = bool(said & _EWKB_Z) or dimensions in (1, 3)
    has_m = bool(said & _EWKB_M) or dimensions in (2, 3)
    return _Head(sign, kind, has_z, 8 * (2 + has_z + has_m))


def _geometry(wkb: bytes, at: int, inside: int | None) -> tuple[int, bool, int]:
    """(kind, whether it has heights, where it ends) of the geometry at a byte. inside: the kind around it."""
    head = _head(wkb, at)
    kind, at = head.kind, at + 5
    if inside == kind == _COLLECTION:
        raise refusal("geometry-depth")
    if inside is not None and inside != _COLLECTION and kind != _MEMBER[inside]:
        raise _Wrong("geometry-encoding", "WKB")
    if kind == _POINT:
        return kind, head.has_z, _within(wkb, at + head.size)
    (count,) = struct.unpack_from(f"{head.sign}I", wkb, at)
    at += 4
    if kind == _LINE:
        if count == 1:
            raise _Wrong("line-too-short")
        return kind, head.has_z, _within(wkb, at + count * head.size)
    if kind == _POLYGON:
        for _ in range(_fits(wkb, at, count, 4)):
            at = _ring(wkb, at, head.sign, head.size)
        return kind, head.has_z, at
    families, has_z = set(), head.has_z
    for _ in range(_fits(wkb, at, count, 9)):
        member, inner_z, at = _geometry(wkb, at, kind)
        families.add(_FAMILY.get(member, 0))
        has_z = has_z or inner_z
    if kind == _COLLECTION and len(families) != 1:
        raise _Wrong("geometry-unsupported" if families else "geometry-empty", "GeometryCollection")
    return kind, has_z, at


def _ring(wkb: bytes, at: int, sign: str, size: int) -> int:
    (points,) = struct.unpack_from(f"{sign}I", wkb, at)
    start = at + 4
    end = _within(wkb, start + points * size)
    last = end - size
    if points and (points < 4 or wkb[start : start + 16] != wkb[last : last + 16]):
        xy = struct.unpack_from(f"{sign}2d", wkb, last)
        if points < 4:
            raise _Wrong("ring-too-short", xy=xy)
        if struct.unpack_from(f"{sign}2d", wkb, start) != xy:
            raise _Wrong("ring-not-closed", xy=xy if all(np.isfinite(xy)) else None)
    return end


def _fits(wkb: bytes, at: int, count: int, least: int) -> int:
    """The count, when so many parts of so few bytes each may follow."""
    _within(wkb, at + count * least)
    return count


def _within(wkb: bytes, end: int) -> int:
    if end > len(wkb):
        raise _Wrong("geometry-encoding", "WKB")
    return end


def _one_of_all(collection: shapely.GeometryCollection) -> object:
    """A collection of one family as the multi-geometry of it."""
    parts = shapely.get_parts(shapely.get_parts(collection))
    return _TOGETHER[int(shapely.get_dimensions(collection)) + 1](parts)
