"""A GeoJSON document as a whole: strictly parsed in pieces, told from its relatives, sampled.

A fault of syntax is told with its place in the whole document, whatever piece it was met in.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

import orjson

from geodata.issues import Issue, issue
from geodata.reading.charsets import Text
from geodata.reading.contract import Refused
from geodata.reading.limits import Limits
from geodata.reading.placing import UNKNOWN, UNSAID, Sample
from geodata.reading.refusals import refusal
from geodata.reading.shapes import TYPES, build
from geodata.reading.splitting import Batch, Outline, batches

_SAMPLE = 2_000
_LIST = ("一个列表", "a list")


@dataclass(slots=True)
class Part:
    """Some features with the raw text they come from. names: of members in it, -1 when not counted."""

    features: list[Any]
    raw: bytes
    names: int


@dataclass(slots=True)
class Parser:
    """Strict parsing of pieces, with the place of a fault in the whole document."""

    text: Text
    found: Outline

    def envelope(self) -> Any:
        raw = self.found.envelope
        cut = self.found.features_at
        try:
            value = _loads(raw)
        except orjson.JSONDecodeError as error:
            at = len(error.doc[: error.pos].encode())
            if 0 <= cut <= at:
                at += self.found.features_end - cut
            raise self._syntax(error, at) from None
        _refuse_duplicates(raw)
        return value

    def part(self, batch: Batch, first: bool) -> Part:
        """The features of a piece. first: whether it is the list's first, before which no comma stands."""
        raw, start = batch.raw, batch.start
        if not first:
            stripped = raw.lstrip()
            if not stripped.startswith(b","):
                raise self._syntax(None, start)
            start += len(raw) - len(stripped) + 1
            raw = stripped[1:]
        try:
            return Part(_loads(b"[" + raw + b"]"), raw, batch.names)
        except orjson.JSONDecodeError as error:
            if self.found.cut_off and error.pos >= len(error.doc) - 1:
                raise refusal("json-truncated") from None  # it is our own bracket that has no place there
            raise self._syntax(error, start + len(error.doc[: error.pos].encode()) - 1) from None

    def rest(self, batch: Batch, first: bool) -> Part:
        """What follows the last whole feature: nothing, or elements that are no objects."""
        if not batch.raw.strip():
            return Part([], b"", 0)
        if batch.raw.strip() == b",":
            raise self._syntax(None, batch.start)
        return self.part(batch, first)

    def _syntax(self, error: orjson.JSONDecodeError | None, byte: int) -> Refused:
        line, column = self.line_and_column(byte)
        words = error.msg if error else "a comma is missing or too many"
        code = "json-syntax"
        for part, other in (
            ("infinity", "number-range"),
            ("surrogate", "charset/surrogate"),
            ("control character", "control-character"),
            ("end of data", "json-truncated"),
        ):
            if part in words:
                code = other
        return refusal(code, line=line, column=column, byte=byte + self.text.skip, value=words)

    def line_and_column(self, byte: int) -> tuple[int, int]:
        """1-based, of an offset in the text as UTF-8; columns count characters."""
        line, line_start, offset, tail = 1, 0, 0, b""
        for piece in self.text.chunks():
            here = piece[: max(0, byte - offset)]
            newlines = here.count(b"\n")
            line += newlines
            if newlines:
                line_start, tail = offset + here.rfind(b"\n") + 1, b""
            tail = (tail + here[max(0, line_start - offset) :])[-100_000:]
            offset += len(piece)
            if offset >= byte:
                break
        return line, len(tail.decode("utf-8", errors="replace")) + 1


def _loads(raw: bytes) -> Any:
    """Python's cycle collector only slows the making of millions of small lists."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        if "memory" in error.msg.lower():
            raise MemoryError from None  # The text may be in perfect order.
        raise
    finally:
        if collecting:
            gc.enable()


def why_cut_off(text: Text, found: Outline, limits: Limits) -> Refused:
    """A bracket without its partner: for a fault of syntax before it, or because the file breaks off."""
    parser = Parser(text, found)
    try:
        if found.features_at < 0:
            parser.envelope()
        else:
            first = True
            for batch in batches(text.chunks(), found, limits):
                parser.part(batch, first)
                first = False
    except Refused as refused:
        if refused.code != "json-truncated":
            return refused
    length = sum(map(len, text.chunks()))
    line, column = parser.line_and_column(length)
    return refusal("json-truncated", line=line, column=column, byte=length + text.skip)


def _refuse_duplicates(raw: bytes) -> None:
    def check(pairs: list[tuple[str, Any]]) -> None:
        if name := twice(pairs):
            raise refusal("duplicate-key", value=name, pointer=f"/{name}", field=name)

    json.loads(raw, object_pairs_hook=check)


def twice(pairs: list[tuple[str, Any]]) -> str:
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            return name
        seen.add(name)
    return ""


# What other JSON formats give themselves away by; the words say how to come to GeoJSON.
def refuse_relatives(root: Any) -> None:
    """Raises Refused unsupported-format for other formats in JSON, geojson-type for what is none."""
    if not isinstance(root, dict):
        shown = {list: "[…]", str: "text", type(None): "null"}.get(type(root), str(root))
        raise refusal("geojson-type", value=shown)
    kind, name = root.get("type"), ""
    if kind == "Topology":
        name = "TopoJSON"
    elif kind == "gdal_streamed_alg":
        name = "GDALG"
    elif "spatialReference" in root or "geometryType" in root or (kind is None and "rings" in root):
        name = "Esri JSON"
    elif "coordRefSys" in root or "json-fg" in str(root.get("conformsTo", "")):
        name = "JSON-FG"
    if name:
        raise refusal(
            "unsupported-format",
            what_zh=name,
            what_en=name,
            how_zh="请在 QGIS 或 ArcGIS 里导出为 GeoJSON（WGS84）再上传。",
            how_en="Export it as GeoJSON (WGS84) in QGIS or ArcGIS.",
        )
    if not isinstance(kind, str) or kind not in {"FeatureCollection", "Feature", *TYPES}:
        raise refusal("geojson-type", value=kind, pointer="/type")


def crs_member(root: dict[str, Any]) -> str:
    """The name a document gives its system, UNSAID or UNKNOWN. Raises Refused crs-link, crs-unknown."""
    if "crs" not in root:
        return UNSAID
    member = root["crs"]
    if member is None:
        return UNKNOWN
    kind = member.get("type") if isinstance(member, dict) else None
    properties = member.get("properties") if isinstance(member, dict) else None
    inside = properties if isinstance(properties, dict) else {}
    if isinstance(kind, str) and (kind.lower() in ("link", "url") or "href" in inside):
        raise refusal("crs-link", pointer="/crs")
    if kind == "EPSG" and isinstance(inside.get("code"), int):
        return f"EPSG:{inside['code']}"
    name = inside.get("name")
    if kind != "name" or not isinstance(name, str) or not name.strip():
        raise refusal("crs-unknown", value=json.dumps(member, ensure_ascii=False), pointer="/crs")
    return name


class Document:
    """The features of a document of any of the three forms, as often as they are asked for."""

    def __init__(self, text: Text, found: Outline, root: dict[str, Any], limits: Limits) -> None:
        self.text, self.found, self.root, self.limits = text, found, root, limits
        self.notes: list[Issue] = []
        self.is_collection = root["type"] == "FeatureCollection"
        if self.is_collection and (found.features_at < 0 or not isinstance(root.get("features"), list)):
            raise refusal("geojson-structure", pointer="/features", what_zh=_LIST[0], what_en=_LIST[1])
        if root["type"] in TYPES:
            self.notes.append(issue("bare-geometry"))

    def parts(self) -> Iterator[Part]:
        if not self.is_collection:
            feature = {key: value for key, value in self.root.items() if key != "crs"}
            if self.root["type"] in TYPES:
                feature = {"type": "Feature", "geometry": feature, "properties": {}}
            yield Part([feature], self.found.envelope, -1)
            return
        parser = Parser(self.text, self.found)
        pieces = batches(self.text.chunks(), self.found, self.limits)
        first, last = True, next(pieces)
        for batch in pieces:
            yield parser.part(last, first)
            first, last = False, batch
        yield parser.rest(last, first)

    def sample(self) -> Sample:
        """The positions of the first features whose geometry can be built."""
        features = islice(chain.from_iterable(part.features for part in self.parts()), _SAMPLE)
        geometries = [
            feature["geometry"]
            for feature in features
            if isinstance(feature, dict) and isinstance(feature.get("geometry"), dict)
        ]
        return Sample.of(build(geometries).geometries)
