"""KML (OGC 12-007r2): its placemarks, and nothing that a link in it leads to.

The document is never a tree: elements are followed as they come, so that depth and size cost nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from geodata.issues import issue
from geodata.reading.archive import Member, Packed, check_contents, only, open_archive
from geodata.reading.charsets import Text, recognise
from geodata.reading.contract import Declared, Place, Reading
from geodata.reading.features import Batch, Feature, Source, read_features
from geodata.reading.limits import Limits
from geodata.reading.refusals import Faults, refusal
from geodata.reading.shapes import build

_BATCH = 1_000
_DEEPEST = 64
_GEOMETRIES = frozenset({"Point", "LineString", "LinearRing", "Polygon", "MultiGeometry"})
# Of a placemark's own texts those that say something of the thing.
_TEXTS = frozenset({"name", "description", "address", "when", "begin", "end"})
# What draws or moves or leads elsewhere, and is told of when it is left out.
_SKIPPED = frozenset(
    {"GroundOverlay", "ScreenOverlay", "PhotoOverlay", "Model", "Track", "MultiTrack", "Tour", "Update"}
)
_IN_KMZ = frozenset(
    {"kml", "png", "jpg", "jpeg", "gif", "bmp", "svg", "tif", "tiff", "dae", "xml", "txt", "md"}
)
_SAYS_CHINESE = re.compile(r"\s*<\?xml[^>]*encoding\s*=\s*[\"'](gbk|gb2312|gb18030)[\"']", re.IGNORECASE)
_COMMA = re.compile(r"\s*,\s*")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def read_kml(text: Text, declared: Declared, limits: Limits, place: Place) -> Reading:
    """Longitude before latitude in degrees, WGS84, as the standard says. Values stay texts.

    Raises Refused: xml-doctype, xml-depth, xml-syntax, network-link, duplicate-key and those of
    read_features.
    """
    document = _Document(text)
    return read_features(
        Source("kml", text.encoding, document.batches, notes=document.notes), declared, limits, place
    )


def read_kmz(path: Path, declared: Declared, limits: Limits, place: Place) -> Reading:
    """The one KML of an archive, or of several the one that the standard has read first.

    Raises Refused: no-kml, choose-layer, what is wrong with the archive and those of read_kml.
    """
    archive = open_archive(path, limits)
    only(archive.members, _IN_KMZ)
    check_contents(archive, limits)
    found = [member for member in archive.members if member.ending == "kml"]
    if not found:
        raise refusal("no-kml")
    first = next((member for member in found if member.name.lower() == "doc.kml"), found[0])
    if len(found) > 1 and (declared.layer or first.name.lower() != "doc.kml"):
        first = _chosen(found, declared.layer)
    reading = read_kml(recognise(Packed(archive, first), declared.encoding), declared, limits, place)
    reading.format = "kmz"
    return reading


def _chosen(found: list[Member], wanted: str) -> Member:
    names = [member.name for member in found]
    if not wanted:
        raise refusal("choose-layer", value=names, offers={"layer": names})
    if wanted not in names:
        raise refusal("layer-unknown", value=wanted, offers={"layer": names})
    return found[names.index(wanted)]


@dataclass(slots=True)
class _Shape:
    """A geometry being read. paths: of a polygon its rings, else one path; parts: of a multi-geometry."""

    kind: str
    paths: list[list[Any]] = field(default_factory=list)
    parts: list[_Shape] = field(default_factory=list)
    wrong: bool = False

    def geojson(self) -> dict[str, Any]:
        if self.kind == "MultiGeometry":
            return {"type": "GeometryCollection", "geometries": [part.geojson() for part in self._flat()]}
        first: Any = self.paths[0] if self.paths else []
        if self.wrong:
            first = [["?"]]
        if self.kind == "Polygon":
            return {"type": "Polygon", "coordinates": self.paths if not self.wrong else [first]}
        if self.kind == "Point":
            return {"type": "Point", "coordinates": first[0] if first else []}
        return {"type": "LineString", "coordinates": first}

    def _flat(self) -> Iterator[_Shape]:
        for part in self.parts:
            if part.kind == "MultiGeometry":
                yield from part._flat()
            else:
                yield part


class _Document:
    """One KML file; each pass over it parses it anew."""

    def __init__(self, text: Text) -> None:
        self._text = text
        # That the encoding was taken to be Chinese need not be confirmed where the file says so itself.
        said = _SAYS_CHINESE.match(text.head().lstrip("\ufeff"))
        self.notes = [note for note in text.notes if not (said and note.code == "charset-gb18030")]

    def batches(self, faults: Faults) -> Iterator[Batch]:
        target = _Placemarks(faults)
        # The text comes as UTF-8 whatever encoding its first line names.
        parser = DefusedXMLParser(target=target, encoding="utf-8", forbid_dtd=True)
        try:
            for chunk in self._text.chunks():
                parser.feed(chunk)
                if len(target.features) >= _BATCH:
                    yield target.batch()
            parser.close()
        except DefusedXmlException:
            raise refusal("xml-doctype") from None
        except ParseError as error:
            line, column = error.position
            raise refusal("xml-syntax", line=line, column=column + 1) from None
        if target.features:
            yield target.batch()
        if target.skipped and not any(note.code == "skipped-element" for note in self.notes):
            told = [f"{name} × {n}" for name, n in sorted(target.skipped.items())]
            self.notes.append(issue("skipped-element", value=told))


class _Placemarks:
    """Follows elements as the parser meets them; gathers placemarks."""

    def __init__(self, faults: Faults) -> None:
        self.features: list[Feature] = []
        self.geometries: list[dict[str, Any] | None] = []
        self.skipped: Counter[str] = Counter()
        self.depth = 0
        self._faults = faults
        self._n = 0
        self._path: list[str] = []
        self._folders: list[str] = []
        self._ids: list[str | None] = []
        self._properties: dict[str, Any] | None = None
        self._id: str | None = None
        self._field = ""
        self._shapes: list[_Shape] = []
        self._whole: _Shape | None = None
        self._text: list[str] = []
        self._ignored = 0

    def batch(self) -> Batch:
        made = Batch(self.features, build(self.geometries))
        self.features, self.geometries = [], []
        return made

    # -- what the parser calls

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition("}")[2]
        self.depth += 1
        if self.depth > _DEEPEST:
            raise refusal("xml-depth", limit=_DEEPEST)
        if self.depth == 1 and name != "kml":
            raise refusal("xml-syntax/root", value=name)
        self._path.append(name)
        self._text = []
        if self._ignored or name in _SKIPPED:
            if not self._ignored:
                self.skipped[name] += 1
            self._ignored += 1
        elif name == "NetworkLink":
            raise refusal("network-link")
        elif name in ("Folder", "Document"):
            self._folders.append("")
        elif name == "Placemark":
            self._properties, self._whole, self._shapes = {}, None, []
            self._id = attributes.get("id")
        elif self._properties is not None:
            self._inside(name, attributes)

    def _inside(self, name: str, attributes: dict[str, str]) -> None:
        if name in _GEOMETRIES and not (name == "LinearRing" and self._in_polygon()):
            self._shapes.append(_Shape(name))
        elif name in ("Data", "SimpleData"):
            self._field = attributes.get("name", "")

    def data(self, data: str) -> None:
        if not self._ignored:
            self._text.append(data)

    def end(self, tag: str) -> None:
        name = tag.rpartition("}")[2]
        self.depth -= 1
        self._path.pop()
        text = "".join(self._text)
        self._text = []
        if self._ignored:
            self._ignored -= 1
        elif name in ("Folder", "Document"):
            self._folders.pop()
        elif self._properties is None:
            if name == "name" and self._folders and self._path[-1] in ("Folder", "Document"):
                self._folders[-1] = text.strip() if self._path[-1] == "Folder" else ""
        elif name == "Placemark":
            self._close()
        else:
            self._ended(name, text)

    def close(self) -> None:
        """The parser calls it at the end."""

    # -- a placemark

    def _ended(self, name: str, text: str) -> None:
        above = self._path[-1]
        if name == "coordinates":
            if self._shapes:
                self._take(text)
        elif name in _GEOMETRIES and self._shapes and self._shapes[-1].kind == name:
            self._end_shape(self._shapes.pop())
        elif name in _TEXTS and above in ("Placemark", "TimeStamp", "TimeSpan"):
            if text.strip():
                self._put(name, text.strip())
        elif (name == "SimpleData" or (name == "value" and above == "Data")) and self._field:
            self._put(self._field, text.strip())

    def _in_polygon(self) -> bool:
        return bool(self._shapes) and self._shapes[-1].kind == "Polygon"

    def _take(self, text: str) -> None:
        shape = self._shapes[-1]
        found = _positions(text)
        if found is None:
            shape.wrong = True
        elif "outerBoundaryIs" in self._path:
            shape.paths.insert(0, found)
        else:
            shape.paths.append(found)

    def _end_shape(self, shape: _Shape) -> None:
        if self._shapes:
            self._shapes[-1].parts.append(shape)
        else:
            self._whole = shape

    def _put(self, name: str, value: str) -> None:
        properties = self._properties
        if properties is None:
            return
        if name in properties:
            self._faults.add("duplicate-key", value=name, field=name, row=self._n)
        properties[name] = value

    def _close(self) -> None:
        properties = self._properties or {}
        folder = " / ".join(name for name in self._folders if name)
        if folder and "folder" not in properties:
            properties["folder"] = folder
        self.features.append(Feature(properties, self._id))
        self.geometries.append(None if self._whole is None else self._whole.geojson())
        self._properties = None
        self._n += 1


def _positions(text: str) -> list[list[float]] | None:
    """`lon,lat[,height]` parted by blanks; blanks beside a comma part nothing. None when one is no number."""
    found = []
    for position in _COMMA.sub(",", text).split():
        numbers = position.split(",")
        if not 2 <= len(numbers) <= 3 or not all(_NUMBER.fullmatch(number) for number in numbers):
            return None
        found.append([float(number) for number in numbers])
    return found
