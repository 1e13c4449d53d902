"""Where the features of a GeoJSON begin and end, found without holding the file in memory.

A JSON document is cut at the brackets outside its strings. Whole pieces go to a strict parser afterwards, so
this scan need not judge syntax; it bounds what the parser will be asked to do: depth, features, vertices,
lengths. Numpy looks at a mebibyte at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.reading.limits import Limits
from geodata.reading.refusals import refusal

Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]

_QUOTE, _BACKSLASH, _COLON = ord('"'), ord("\\"), ord(":")
_OPEN_LIST, _CLOSE_LIST, _OPEN_OBJECT, _CLOSE_OBJECT = b"[]{}"
_INTERESTING = np.zeros(256, bool)
_INTERESTING[list(b'"\\:[]{}')] = True
_STEP = np.zeros(256, np.int64)
_STEP[list(b"[{")], _STEP[list(b"]}")] = 1, -1
# A character takes six bytes at most, as \uXXXX.
_BYTES_PER_CHARACTER = 6
# Members of a feature are at depth 3; what stands in its properties is deeper.
_IN_PROPERTIES = 4


@dataclass(frozen=True, slots=True)
class Structure:
    """The brackets and colons outside strings of a piece. at: offsets in the document; depth: after each."""

    at: Ints
    byte: Bytes
    depth: Ints
    chunk: bytes
    start: int


class Scanner:
    """Feeds on consecutive pieces of one JSON text (UTF-8) and tells their structure."""

    def __init__(self, limits: Limits, offset: int = 0) -> None:
        self._limits = limits
        self._offset = offset
        self._held = b""
        self.in_string = False
        self.depth = 0
        self._string_start = 0

    def feed(self, piece: bytes) -> Structure:
        """Raises Refused: json-depth, geometry-depth, value-length."""
        chunk = self._held + piece
        # A backslash at the very end may escape the next piece's first byte.
        odd = (len(chunk) - len(chunk.rstrip(b"\\"))) % 2
        self._held = b"\\" if odd else b""
        chunk = chunk[: len(chunk) - odd]
        start = self._offset
        self._offset += len(chunk)
        return self._structure(chunk, start)

    def _structure(self, chunk: bytes, start: int) -> Structure:
        data = np.frombuffer(chunk, np.uint8)
        at = np.flatnonzero(_INTERESTING[data])
        byte = data[at]
        if (byte == _BACKSLASH).any():
            keep = ~_escaped(at, byte) & (byte != _BACKSLASH)
            at, byte = at[keep], byte[keep]
        quote = byte == _QUOTE
        inside = ((np.cumsum(quote) + self.in_string) & 1).astype(bool)
        outside = ~quote & ~inside
        depth = self.depth + np.cumsum(np.where(outside, _STEP[byte], 0))
        at = at + start
        self._check_strings(at[quote], depth[quote])
        if len(at):
            self.in_string, self.depth = bool(inside[-1]), int(depth[-1])
        self._check_depth(depth, at, chunk, start)
        return Structure(at[outside], byte[outside], depth[outside], chunk, start)

    def _check_strings(self, quotes: Ints, depth: Ints) -> None:
        """No string inside a feature may be longer than a value may be."""
        if self.in_string:
            quotes, depth = np.append(self._string_start, quotes), np.append(self.depth, depth)
        most = self._limits.value_length * _BYTES_PER_CHARACTER
        if len(quotes) % 2:
            self._string_start = int(quotes[-1])
            quotes, depth = np.append(quotes, self._offset), np.append(depth, depth[-1])
        length, depth = quotes[1::2] - quotes[::2], depth[::2]
        long = (length > most) & (depth >= _IN_PROPERTIES)
        if long.any():
            raise refusal(
                "value-length",
                limit=self._limits.value_length,
                byte=int(quotes[::2][long][0]),
                observed=int(length[long][0]) // _BYTES_PER_CHARACTER,
            )

    def _check_depth(self, depth: Ints, at: Ints, chunk: bytes, start: int) -> None:
        deep = np.flatnonzero(depth > self._limits.json_depth)
        if not len(deep):
            return
        offset = int(at[deep[0]]) - start
        if b'"geometries"' in chunk[max(0, offset - 200) : offset]:
            raise refusal("geometry-depth", limit=self._limits.json_depth // 2, byte=offset + start)
        raise refusal(
            "json-depth",
            limit=self._limits.json_depth,
            observed=self._limits.json_depth + 1,
            byte=offset + start,
        )


def _escaped(at: Ints, byte: Bytes) -> NDArray[np.bool_]:
    """Which quotation marks follow an odd number of backslashes."""
    backslash = byte == _BACKSLASH
    follows = np.zeros(len(at), bool)
    follows[1:] = backslash[:-1] & (at[1:] == at[:-1] + 1)
    index = np.arange(len(at))
    run_start = np.maximum.accumulate(np.where(backslash & ~follows, index, 0))
    before = np.zeros(len(at), np.int64)
    before[1:] = index[1:] - run_start[:-1]
    return np.asarray((byte == _QUOTE) & follows & (before % 2 == 1))


@dataclass(slots=True)
class Outline:
    """What the first pass over a document found.

    envelope: the document with an empty `features` list. features_at, features_end: offsets just after the
    list's opening bracket and of its closing one; -1 without a list. cut_off: it ends inside something.
    """

    envelope: bytes = b""
    features_at: int = -1
    features_end: int = -1
    features: int = 0
    vertices: int = 0
    cut_off: bool = False


class _Outliner:
    """Walks the structure once, keeps all but the features, counts what is limited."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.outline = Outline()
        self._kept = bytearray()
        self._copied_to = 0
        self._in_features = False
        self._root_is_object = False
        self._roots = 0
        self._last_bracket = 0
        self._vertices_here = 0

    def take(self, structure: Structure) -> None:
        pairs = self._innermost(structure)
        self._count_vertices(structure, pairs)
        for i in self._turns(structure):
            self._turn(structure, int(structure.at[i]), int(structure.byte[i]), int(structure.depth[i]))
        self._count_features(structure)
        if not self._in_features:
            self._copy(structure, structure.start + len(structure.chunk))

    def _innermost(self, structure: Structure) -> NDArray[np.bool_]:
        """Which closing brackets end a list that holds neither list nor object: a position, in a geometry."""
        closing = np.zeros(len(structure.byte), bool)
        brackets = np.flatnonzero(structure.byte != _COLON)
        if len(brackets):
            byte = structure.byte[brackets]
            before = np.append(self._last_bracket, byte[:-1])
            closing[brackets] = (byte == _CLOSE_LIST) & (before == _OPEN_LIST)
            self._last_bracket = int(byte[-1])
        return closing

    def _count_vertices(self, structure: Structure, pairs: NDArray[np.bool_]) -> None:
        self.outline.vertices += int(pairs.sum())
        _within("vertices", self.outline.vertices, self._limits.vertices)
        ends = np.flatnonzero((structure.depth == 2) & _closes(structure.byte))
        total = np.cumsum(pairs)
        until = total[ends] if len(ends) else np.zeros(0, np.int64)
        per_feature = np.diff(np.concatenate(([0], until)))
        if len(per_feature):
            per_feature[0] += self._vertices_here
            self._vertices_here = 0
            _within("vertices", int(per_feature.max()), self._limits.vertices_per_feature)
        if len(total):
            self._vertices_here += int(total[-1] - (until[-1] if len(until) else 0))
        _within("vertices", self._vertices_here, self._limits.vertices_per_feature)

    def _count_features(self, structure: Structure) -> None:
        begin, end = self.outline.features_at, self.outline.features_end
        if begin < 0:
            return
        ends = (structure.depth == 2) & _closes(structure.byte) & (structure.at >= begin)
        self.outline.features += int((ends & (structure.at < end)).sum() if end >= 0 else ends.sum())
        _within("features", self.outline.features, self._limits.features)

    def _turns(self, structure: Structure) -> Ints:
        """Where the root opens or closes, or a list that is a member of it does."""
        opens_root = (structure.depth == 1) & (
            (structure.byte == _OPEN_OBJECT) | (structure.byte == _OPEN_LIST)
        )
        if not self._root_is_object and not (opens_root & (structure.byte == _OPEN_OBJECT)).any():
            return np.flatnonzero(opens_root)[:2]
        opens_list = (structure.depth == 2) & (structure.byte == _OPEN_LIST)
        closes_list = (structure.depth == 1) & (structure.byte == _CLOSE_LIST)
        return np.flatnonzero(opens_root | opens_list | closes_list)

    def _turn(self, structure: Structure, at: int, byte: int, depth: int) -> None:
        if depth == 1 and byte in (_OPEN_OBJECT, _OPEN_LIST):
            self._roots += 1
            self._root_is_object = byte == _OPEN_OBJECT
            if self._roots > 1:
                raise refusal("geojson-sequence")
        elif depth == 2 and self.outline.features_at < 0:
            self._copy(structure, at + 1)
            if self._root_is_object and _ends_with_key(self._kept, b"features"):
                self._in_features = True
                self.outline.features_at = at + 1
        elif depth == 1 and self._in_features:
            self._in_features = False
            self.outline.features_end = self._copied_to = at

    def _copy(self, structure: Structure, upto: int) -> None:
        begin = max(self._copied_to, structure.start) - structure.start
        self._kept += structure.chunk[begin : upto - structure.start]
        self._copied_to = upto

    def finish(self, scanner: Scanner) -> Outline:
        self.outline.envelope = bytes(self._kept)
        self.outline.cut_off = scanner.in_string or scanner.depth > 0
        return self.outline


def _closes(byte: Bytes) -> NDArray[np.bool_]:
    return np.asarray((byte == _CLOSE_OBJECT) | (byte == _CLOSE_LIST))


def _within(code: str, observed: int, limit: int | None) -> None:
    if limit is not None and observed > limit:
        raise refusal(code, limit=limit, observed=observed)


def _ends_with_key(kept: bytearray, key: bytes) -> bool:
    """Whether the text before a list's bracket is a member's name and colon. The parser has the last word."""
    tail = bytes(kept[-4096:-1]).rstrip()
    return tail.endswith(b":") and tail[:-1].rstrip().endswith(b'"' + key + b'"')


def outline(pieces: Iterator[bytes], limits: Limits) -> Outline:
    """The first pass. Raises Refused: json-depth, geometry-depth, value-length, features, vertices, and
    geojson-sequence for a second document after the first."""
    scanner, outliner = Scanner(limits), _Outliner(limits)
    for piece in pieces:
        outliner.take(scanner.feed(piece))
    return outliner.finish(scanner)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some whole features as they stand in the file, with the comma before the first if there is one.

    start: offset of raw in the document; names: how many members' names (colons) it holds.
    """

    raw: bytes
    start: int
    names: int


BATCH_BYTES = 1 << 20


def batches(pieces: Iterator[bytes], found: Outline, limits: Limits) -> Iterator[Batch]:
    """The second pass: the features in whole pieces of about a mebibyte; the last holds what is left."""
    offset, scanner = 0, Scanner(limits, found.features_at)
    scanner.depth = 2
    held, held_at, names = bytearray(), found.features_at, 0
    stop = found.features_end if found.features_end >= 0 else None
    for piece in pieces:
        begin = max(0, found.features_at - offset)
        end = len(piece) if stop is None else min(len(piece), stop - offset)
        offset += len(piece)
        if begin >= len(piece):
            continue
        structure = scanner.feed(piece[begin:end])
        held += structure.chunk
        colons = structure.at[structure.byte == _COLON]
        ends = structure.at[(structure.depth == 2) & _closes(structure.byte)]
        cut = int(ends[-1]) + 1 if len(ends) else -1
        if cut >= 0:
            here = int((colons < cut).sum())
            yield Batch(bytes(held[: cut - held_at]), held_at, names + here)
            del held[: cut - held_at]
            held_at, names = cut, len(colons) - here
        else:
            names += len(colons)
        if stop is not None and offset >= stop:
            break
    yield Batch(bytes(held), held_at, names)
