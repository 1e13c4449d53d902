"""The text of boundary points (界址点) in which Chinese land offices exchange parcels.

`[属性描述]` names the grid, `[地块坐标]` holds the parcels: a line of nine or so fields that ends in @,
then a line a point: name, ring, northing, easting. Offices differ in what they leave out.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata import crs
from geodata.issues import Issue, issue
from geodata.reading.charsets import Text
from geodata.reading.contract import Declared, Place, Reading
from geodata.reading.features import Batch, Feature, Source, read_features
from geodata.reading.limits import Limits
from geodata.reading.placing import UNSAID
from geodata.reading.refusals import Faults, refusal
from geodata.reading.rings import nested
from geodata.reading.shapes import Built, Flaw

MARKS = ("[属性描述]", "[地块坐标]")
_BATCH = 1_000
# Of the line of a parcel, after the count of points. The area is in hectares by custom.
_FIELDS = ("面积（公顷）", "地块编号", "地块名称", "图形属性", "图幅号", "地块用途", "地类编码")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_DATUMS = ((r"2000|CGCS", "CGCS2000"), (r"1980|西安|80", "Xian 1980"), (r"1954|北京|54", "Beijing 1954"))
# From here on an easting begins with the number of its zone.
_NUMBERED_FROM = 1e7
_ZONE_WIDTH = 1e6
_DEGREES_TO = 360


def read_landpoints(text: Text, declared: Declared, limits: Limits, place: Place) -> Reading:
    """Northing stands first in such files; rows have easting first like every other.

    Raises Refused: crs-conflict when the eastings are of another zone than the file says,
    landpoints-structure for a line that is neither, and those of read_features.
    """
    document = _Document(text)
    source = Source("landpoints", text.encoding, document.batches, document.grid(), list(text.notes))
    document.notes = source.notes
    return read_features(source, declared, limits, place)


@dataclass(slots=True)
class _Parcel:
    """A parcel as it stands in the file. points: (ring, northing, easting). wrong: the first line of it that
    has no coordinates."""

    line: int
    fields: list[str]
    points: list[tuple[str, float, float]] = field(default_factory=list)
    wrong: int | None = None


class _Document:
    def __init__(self, text: Text) -> None:
        self._text = text
        self.notes: list[Issue] = []

    def grid(self) -> str:
        """The name of the coordinate system, by what the head says and the eastings show, or UNSAID."""
        head = dict(self._head())
        eastings = [
            east
            for parcel, _ in zip(self._parcels(Faults()), range(50), strict=False)
            for _, _, east in parcel.points
        ]
        if not eastings:
            return UNSAID
        east = float(np.median(eastings))
        if abs(east) <= _DEGREES_TO:
            return crs.WGS84 if "84" in head.get("坐标系", "") else "EPSG:4490"
        said = _digits(head.get("带号", ""))
        numbered = east >= _NUMBERED_FROM
        zone = int(east // _ZONE_WIDTH) if numbered else said
        if numbered and said and said != zone:
            raise refusal("crs-conflict", value=f"带号 {said}", other=f"带号 {zone}")
        if not zone:
            return UNSAID
        named = head.get("坐标系", "")
        datum = next((name for pattern, name in _DATUMS if re.search(pattern, named)), "CGCS2000")
        breadth = _digits(head.get("几度分带", "")) or (3 if zone > 23 else 6)
        return crs.gauss_krueger(datum, breadth, zone, numbered=numbered) or UNSAID

    def batches(self, faults: Faults) -> Iterator[Batch]:
        closed = 0
        features: list[Feature] = []
        built = Built(np.full(_BATCH, None, dtype=object))
        for parcel in self._parcels(faults):
            n = len(features)
            feature = Feature(_properties(parcel.fields), line=parcel.line)
            features.append(feature)
            if parcel.wrong:
                built.flaws.append(Flaw(n, "point-coordinates", str(parcel.wrong)))
            else:
                built.geometries[n], more = _shape(parcel, n, built)
                closed += more
                _check_count(parcel, feature)
            if len(features) == _BATCH:
                yield Batch(features, built)
                features, built = [], Built(np.full(_BATCH, None, dtype=object))
        if features:
            built.geometries = built.geometries[: len(features)]
            yield Batch(features, built)
        if closed and not any(note.code == "outlines-closed" for note in self.notes):
            self.notes.append(issue("outlines-closed", value=closed))

    def _head(self) -> Iterator[tuple[str, str]]:
        for _, line in self._lines():
            if line == MARKS[1]:
                return
            name, equals, value = line.partition("=")
            if equals:
                yield name.strip(), value.strip()

    def _parcels(self, faults: Faults) -> Iterator[_Parcel]:
        parcel: _Parcel | None = None
        inside = False
        for number, line in self._lines():
            if line.startswith("["):
                inside = line == MARKS[1]
                continue
            if not inside:
                continue
            cells = [cell.strip() for cell in line.split(",")]
            if cells[-1].endswith("@"):
                if parcel is not None:
                    yield parcel
                parcel = _Parcel(number, [*cells[:-1], cells[-1].removesuffix("@")])
            elif parcel is None or len(cells) < 4:
                faults.add("landpoints-structure", line=number, value=line)
            else:
                _, ring, north, east = cells[:4]
                place = [float(cell) for cell in (north, east) if _NUMBER.fullmatch(cell)]
                # Of enough digits a number is infinite.
                if len(place) == 2 and np.isfinite(place).all():
                    parcel.points.append((ring, place[0], place[1]))
                else:
                    parcel.wrong = parcel.wrong or number
        if parcel is not None:
            yield parcel

    def _lines(self) -> Iterator[tuple[int, str]]:
        """Lines that hold anything, 1-based, with the commas and brackets of Chinese typing made plain."""
        rest, number = "", 0
        for chunk in self._decoded():
            *lines, rest = re.split(r"\r\n|\r|\n", rest + chunk)
            for line in lines:
                number += 1
                if plain := line.strip().translate(_PLAIN):
                    yield number, plain
        if plain := rest.strip().translate(_PLAIN):
            yield number + 1, plain

    def _decoded(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8")()
        for chunk in self._text.chunks():
            yield decoder.decode(chunk)


_PLAIN = str.maketrans("，；【】＝＠", ",;[]=@")


def _digits(text: str) -> int:
    found = re.search(r"[0-9]+", text)
    return int(found[0][:4]) if found else 0


def _properties(cells: list[str]) -> dict[str, Any]:
    """What stands in the line of a parcel; an area may carry its unit."""
    return {name: value for name, value in zip(_FIELDS, cells[1:], strict=False) if value}


def _check_count(parcel: _Parcel, feature: Feature) -> None:
    said = parcel.fields[0]
    if (
        said.isascii()
        and said.isdigit()
        and int(said[:9]) not in (len(parcel.points), len(parcel.points) - 1)
    ):
        feature.issues.append(issue("point-count", value=said, other=len(parcel.points)))


def _shape(parcel: _Parcel, n: int, built: Built) -> tuple[BaseGeometry | None, int]:
    """The parcel's geometry in easting and northing, and how many of its rings were closed."""
    if not parcel.points:
        return None, 0
    rings = [
        np.array([(east, north) for _, north, east in points])
        for _, points in groupby(parcel.points, key=lambda point: point[0])
    ]
    kind = parcel.fields[4] if len(parcel.fields) > 4 else ""
    if kind.startswith("点"):
        points = np.concatenate(rings)
        return (shapely.Point(points[0]) if len(points) == 1 else shapely.MultiPoint(points)), 0
    if kind.startswith("线"):
        if min(map(len, rings)) < 2:
            built.flaws.append(Flaw(n, "line-too-short"))
            return None, 0
        lines = [shapely.LineString(ring) for ring in rings]
        return (lines[0] if len(lines) == 1 else shapely.MultiLineString(lines)), 0
    closed = 0
    outlines = []
    for ring in rings:
        if (ring[0] != ring[-1]).any():
            ring = np.vstack((ring, ring[:1]))
            closed += 1
        if len(ring) < 4:
            built.flaws.append(Flaw(n, "ring-too-short", xy=(float(ring[0][0]), float(ring[0][1]))))
            return None, 0
        outlines.append(shapely.Polygon(ring))
    return nested(outlines), closed
