"""The table of a Shapefile (.dbf, dBASE III and its kin), judged before it is read.

What the .cpg or the header says of the encoding is a rumour: every text of the table is decoded strictly, and
only where that leaves it open does the word of the file count.
"""

from __future__ import annotations

import datetime as dt
import re
import struct
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from geodata.issues import Issue, issue
from geodata.reading.charsets import CODECS, looks_chinese, some_names
from geodata.reading.refusals import refusal
from geodata.reading.values import exact_float, exact_int

_FIELD = 32
_SAMPLE = 1 << 20
_READ_AT_ONCE = 4_000
# The widest that a text can be, and the most bytes of a character that no longer fitted.
_WIDEST, _CHARACTER = 254, 4
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_TRUTH = {b"T": True, b"t": True, b"Y": True, b"y": True, b"F": False, b"f": False, b"N": False, b"n": False}
_READ = frozenset("CNFDLIOB")
# The language byte of the header, as far as it says anything: 0x57 means "whatever was usual there".
_LANGUAGES = {
    0x01: "cp437",
    0x02: "cp850",
    0x03: "cp1252",
    0x4D: "gbk",
    0x4F: "big5",
    0x78: "big5",
    0x7A: "gbk",
    0xC8: "cp1250",
    0xC9: "cp1251",
}
_PAGES = {
    **CODECS,
    "936": "gb18030",
    "oem936": "gb18030",
    "65001": "utf-8",
    "950": "big5hkscs",
    "big-5": "big5hkscs",
}
_OTHERS = re.compile(
    r"(?:cp|windows-?|ansi ?|ansi-)?(125[0-8]|437|850|852|866|949|932)|(iso-?8859-?1?[0-9]|latin-?1|88591)"
)


@dataclass(frozen=True, slots=True)
class Column:
    """name: as written, undecoded. at, width: bytes of each record."""

    name: bytes
    kind: str
    at: int
    width: int
    decimals: int


@dataclass(slots=True)
class Lost:
    """How many values of a table could not be kept as they stood, the unreadable by column; complete when it
    was read."""

    cut: int = 0
    unreadable: Counter[str] = field(default_factory=Counter)
    deleted: int = 0


@dataclass(slots=True)
class Attributes:
    """A table whose structure was judged. names: decoded, in order. said: what was to be told of the
    encoding; cut_names: that a name ends within a character."""

    count: int
    columns: list[Column]
    names: list[str]
    codec: str
    notes: list[Issue]
    cut_names: bool
    _start: int
    _width: int
    _open: Callable[[], IO[bytes]]
    lost: Lost = field(default_factory=Lost)

    def records(self) -> Iterator[tuple[dict[str, Any], list[Issue], list[str]] | None]:
        """Of each record its values by name, what is said of them, and the names of texts whose end may be
        lost; None of one that was deleted."""
        self.lost = Lost()
        for table in _blocks(self._open, self._start, self._width, self.count):
            issues: list[list[Issue]] = [[] for _ in table]
            values = [self._values(column, name, table, issues) for column, name in self._read()]
            names = [name for _, name in self._read()]
            full = self._full(table)
            gone = table[:, 0] == ord("*")
            self.lost.deleted += int(gone.sum())
            for n, cells in enumerate(zip(*values, strict=True) if values else [()] * len(table)):
                cut = [name for name, rows in full.items() if rows[n]]
                yield None if gone[n] else (dict(zip(names, cells, strict=True)), issues[n], cut)

    def left_out(self) -> list[str]:
        """Names of the columns whose content is elsewhere, or is no value."""
        return [n for c, n in zip(self.columns, self.names, strict=True) if c.kind not in _READ]

    def _read(self) -> list[tuple[Column, str]]:
        return [(c, n) for c, n in zip(self.columns, self.names, strict=True) if c.kind in _READ]

    def _full(self, table: NDArray[np.uint8]) -> dict[str, NDArray[np.bool_]]:
        """By name of a text as wide as a text can be, the rows that it fills: narrower columns are often made
        as wide as their longest text."""
        least = _WIDEST - _CHARACTER
        wide = [(c, n) for c, n in self._read() if c.kind == "C" and c.width > least]
        ends = {n: table[:, c.at + max(least, c.width - _CHARACTER) : c.at + c.width] for c, n in wide}
        return {name: np.asarray(~np.isin(end, (0, 32)).all(axis=1)) for name, end in ends.items()}

    def _values(
        self, column: Column, name: str, table: NDArray[np.uint8], issues: list[list[Issue]]
    ) -> list[Any]:
        cells = _cells(column, table)
        match column.kind:
            case "C":
                return [self._text(cell) for cell in cells]
            case "I":
                return [int.from_bytes(cell.ljust(4, b"\0"), "little", signed=True) for cell in cells]
            case "O" | "B":
                return [self._double(cell.ljust(8, b"\0"), name) for cell in cells]
            case "L":
                return [_TRUTH.get(cell.strip()) for cell in cells]
            case "D":
                return [self._day(cell.strip(b" \0"), name) for cell in cells]
        return [
            self._number(cell.strip(b" \0"), column.decimals, name, issues[n]) for n, cell in enumerate(cells)
        ]

    def _text(self, cell: bytes) -> str | None:
        kept = cell.rstrip(b" \0")
        if not kept:
            return None
        try:
            return kept.decode(self.codec)
        except UnicodeDecodeError as error:
            self.lost.cut += 1
            return kept[: error.start].decode(self.codec)

    def _number(self, cell: bytes, decimals: int, name: str, issues: list[Issue]) -> Any:
        if not cell:
            return None
        text = cell.decode("latin-1")
        if _INTEGER.fullmatch(text):
            value: Any = exact_int(text)
        elif _DECIMAL.fullmatch(text):
            number = float(text)
            # A double written out to so many places is that double, whatever its shortest spelling.
            value = number if f"{number:.{decimals}f}" == text.lstrip("+") else exact_float(text)
        else:
            self.lost.unreadable[name] += 1
            return None
        if isinstance(value, str):
            issues.append(issue("number-exact", field=name, value=value))
        return value

    def _double(self, cell: bytes, name: str) -> float | None:
        (number,) = struct.unpack("<d", cell)
        if np.isfinite(number):
            return float(number)
        self.lost.unreadable[name] += 1
        return None

    def _day(self, cell: bytes, name: str) -> str | None:
        if not cell:
            return None
        if (found := _DAY.fullmatch(cell.decode("latin-1"))) and found[0] != "00000000":
            with suppress(ValueError):
                return dt.date(int(found[1]), int(found[2]), int(found[3])).isoformat()
        self.lost.unreadable[name] += 1
        return None


def open_table(opened: Callable[[], IO[bytes]], size: int, said: str, declared: str) -> Attributes:
    """opened: the .dbf anew, from its start; size: its bytes; said: what the .cpg says of the encoding;
    declared: what the uploader says.

    Raises Refused: shapefile-corrupt, duplicate-field, charset.
    """
    with opened() as file:
        head = file.read(_FIELD)
        if len(head) < _FIELD:
            raise _corrupt("dbf")
        count, start, width = struct.unpack_from("<IHH", head, 4)
        rest = file.read(max(0, start - _FIELD))
    if start < _FIELD + 1 or len(rest) < start - _FIELD or start + count * width > size:
        raise _corrupt("dbf")
    columns = _columns(rest, width)
    codec, notes = _encoding(
        [column.name for column in columns],
        lambda: _texts(opened, start, width, count, columns),
        _Word(said, head[29]),
        declared,
    )
    names, cut = _names(columns, codec)
    return Attributes(count, columns, names, codec, notes, cut, start, width, opened)


def _corrupt(part: str) -> Exception:
    return refusal("shapefile-corrupt", value=f".{part}")


def _columns(descriptors: bytes, width: int) -> list[Column]:
    found: list[tuple[bytes, str, int, int]] = []
    for at in range(0, len(descriptors) - _FIELD + 1, _FIELD):
        if descriptors[at] == 0x0D:
            break
        one = descriptors[at : at + _FIELD]
        found.append((one[:11].partition(b"\0")[0].strip(), chr(one[11]), one[16], one[17]))
    for wide_texts in (False, True):
        columns, at = [], 1
        for name, kind, length, decimals in found:
            # Some programs keep the upper half of a long text's width where decimals would stand.
            length += 256 * decimals if wide_texts and kind == "C" else 0
            columns.append(Column(name, kind, at, length, decimals))
            at += length
        if at == width:
            return columns
    raise _corrupt("dbf")


def _blocks(
    opened: Callable[[], IO[bytes]], start: int, width: int, count: int
) -> Iterator[NDArray[np.uint8]]:
    with opened() as file:
        file.read(start)
        for done in range(0, count, _READ_AT_ONCE):
            rows = min(_READ_AT_ONCE, count - done)
            raw = file.read(rows * width)
            if len(raw) < rows * width:
                raise _corrupt("dbf")
            yield np.frombuffer(raw, np.uint8).reshape(rows, width)


def _cells(column: Column, table: NDArray[np.uint8]) -> list[bytes]:
    if not column.width:
        return [b""] * len(table)
    block = np.ascontiguousarray(table[:, column.at : column.at + column.width])
    cells: list[bytes] = block.view(f"S{column.width}").ravel().tolist()
    return cells


def _texts(
    opened: Callable[[], IO[bytes]], start: int, width: int, count: int, columns: Sequence[Column]
) -> Iterator[_Texts]:
    """The text columns, block by block."""
    done = start
    for table in _blocks(opened, start, width, count):
        for column in columns:
            if column.kind == "C":
                yield _Texts(done + column.at, width, column.width, _cells(column, table))
        done += table.size


# ---------------------------------------------------------------- the encoding


@dataclass(frozen=True, slots=True)
class _Texts:
    """Some cells of a text column. byte: of the first, in the file; step: bytes from one to the next."""

    byte: int
    step: int
    width: int
    cells: list[bytes]


@dataclass(frozen=True, slots=True)
class _Word:
    """What a table is said to be written in. codec: "" when nothing is said, None when it makes no sense."""

    cpg: str
    language: int

    @property
    def told(self) -> str:
        return self.cpg or (f"LDID 0x{self.language:02X}" if self.language in _LANGUAGES else "")

    @property
    def codec(self) -> str | None:
        said = self.cpg.lower().replace("_", "-")
        if not said:
            said = _LANGUAGES.get(self.language, "")
        if not said or said in _PAGES:
            return _PAGES.get(said, "")
        if found := _OTHERS.fullmatch(said):
            name = found[1] or found[2]
            if found[1]:
                return f"cp{name}"
            number = int(re.sub(r"\D", "", name).removeprefix("8859") or "1")
            # There is no part 12, and none after 16.
            return f"iso8859-{number}" if number in (*range(1, 12), *range(13, 17)) else None
        return None


Texts = Callable[[], Iterator[_Texts]]


def _encoding(names: list[bytes], texts: Texts, word: _Word, declared: str) -> tuple[str, list[Issue]]:
    sample = b"\n".join(names)
    for some in texts():
        sample += b"\n" + b"\n".join({cell.rstrip(b" \0") for cell in some.cells if not cell.isascii()})
        if len(sample) > _SAMPLE:
            break
    if declared:
        codec = CODECS.get(declared.strip().lower().replace("_", "-"))
        if codec is None:
            raise refusal("charset/unsupported", value=declared)
        try:
            return _decode_all(names, texts, codec), []
        except _Undecodable as wrong:
            raise refusal("charset", byte=wrong.byte, value=codec.upper()) from None
    codec = _decided(names, texts, word, sample)
    notes = []
    plain = sample.isascii() and codec == "utf-8"
    if word.codec is None or (word.codec and word.codec != codec and not plain):
        notes.append(issue("charset-override", value=word.told, other=codec.upper()))
    elif not word.codec and codec == "gb18030":
        words = some_names(sample.decode("gb18030", errors="ignore"))
        notes.append(issue("charset-gb18030", value=words))
    return codec, notes


def _decided(names: list[bytes], texts: Texts, word: _Word, sample: bytes) -> str:
    try:
        return _decode_all(names, texts, "utf-8")
    except _Undecodable as as_utf8:
        chinese = looks_chinese(sample)
        for codec in (["gb18030"] if chinese else []) + [word.codec or ""]:
            if codec and codec != "utf-8":
                with suppress(_Undecodable):
                    return _decode_all(names, texts, codec)
        raise refusal("charset", byte=as_utf8.byte, value="UTF-8") from None


class _Undecodable(Exception):
    def __init__(self, byte: int) -> None:
        super().__init__(byte)
        self.byte = byte


def _decode_all(names: list[bytes], texts: Texts, codec: str) -> str:
    """The codec, when every text is of it; one that fills its width may end within a character."""
    for n, name in enumerate(names):
        if not _decodes(name, codec, len(name) >= 9):
            raise _Undecodable(_FIELD * (n + 1))
    for some in texts():
        try:
            b"\n".join(some.cells).decode(codec)
        except UnicodeDecodeError:
            for n, cell in enumerate(some.cells):
                if not _decodes(cell, codec, len(cell) == some.width):
                    raise _Undecodable(some.byte + n * some.step) from None
    return codec


def _decodes(cell: bytes, codec: str, full: bool) -> bool:
    try:
        cell.decode(codec)
    except UnicodeDecodeError as error:
        return full and error.end >= len(cell) and _ends_within(cell[error.start :], codec)
    return True


def _ends_within(rest: bytes, codec: str) -> bool:
    """Whether bytes are the beginning of one character."""
    return len(rest) < 4 and (
        (codec == "utf-8" and 0xC2 <= rest[0] <= 0xF4 and all(0x80 <= b <= 0xBF for b in rest[1:]))
        or (codec in ("gb18030", "big5hkscs") and len(rest) == 1 and 0x81 <= rest[0] <= 0xFE)
    )


def _names(columns: Sequence[Column], codec: str) -> tuple[list[str], bool]:
    names, cut = [], False
    for column in columns:
        try:
            names.append(column.name.decode(codec))
        except UnicodeDecodeError as error:
            names.append(column.name[: error.start].decode(codec))
            cut = True
    for name in names:
        if names.count(name) > 1:
            raise refusal("duplicate-field", value=name, field=name)
    return names, cut
