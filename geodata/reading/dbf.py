"""The table of a Shapefile (.dbf, dBASE III and its kin), judged before it is read.

What the .cpg or the header says of the encoding is a rumour: every text of the table is decoded strictly, and
only where that leaves it open does the word of the file count.
"""

from __future__ import annotations

import datetime as dt
import re
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from geodata.issues import Issue, issue
from geodata.reading.dbf_encoding import FIELD, Texts, Word, encoding_of
from geodata.reading.refusals import refusal
from geodata.reading.values import exact_float, exact_int

_READ_AT_ONCE = 4_000
MOST_NAMED = 10
"""Rows that are named where something is told of many."""
# The widest that a text can be, and the most bytes of a character that no longer fitted.
_WIDEST, _CHARACTER = 254, 4
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_TRUTH = {b"T": True, b"t": True, b"Y": True, b"y": True, b"F": False, b"f": False, b"N": False, b"n": False}
_READ = frozenset("CNFDL")
_BINARY = {"I": 4, "O": 8, "B": 8}
"""Bytes of numbers that are not written out. Of another width they are something else: B of ten is a memo."""


@dataclass(frozen=True, slots=True)
class Column:
    """name: as written, undecoded. at, width: bytes of each record."""

    name: bytes
    kind: str
    at: int
    width: int
    decimals: int

    @property
    def is_read(self) -> bool:
        return self.kind in _READ or _BINARY.get(self.kind) == self.width


@dataclass(slots=True)
class Unread:
    """Values of a column that nobody can read. rows: of the first of them, 0-based."""

    count: int = 0
    rows: list[int] = field(default_factory=list)

    def see(self, row: int) -> None:
        self.count += 1
        if len(self.rows) < MOST_NAMED:
            self.rows.append(row)


@dataclass(slots=True)
class Lost:
    """How many values of a table could not be kept as they stood, the unreadable by column; complete when it
    was read."""

    cut: int = 0
    unreadable: dict[str, Unread] = field(default_factory=dict)
    deleted: int = 0

    def unread(self, name: str, row: int) -> None:
        self.unreadable.setdefault(name, Unread()).see(row)


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
        self.lost, done = Lost(), 0
        for table in _blocks(self._open, self._start, self._width, self.count):
            issues: list[list[Issue]] = [[] for _ in table]
            values = [self._values(column, name, table, issues, done) for column, name in self._read()]
            names = [name for _, name in self._read()]
            full = self._full(table)
            gone = table[:, 0] == ord("*")
            self.lost.deleted += int(gone.sum())
            done += len(table)
            for n, cells in enumerate(zip(*values, strict=True) if values else [()] * len(table)):
                cut = [name for name, rows in full.items() if rows[n]]
                yield None if gone[n] else (dict(zip(names, cells, strict=True)), issues[n], cut)

    def left_out(self) -> list[str]:
        """Names of the columns whose content is elsewhere, or is no value."""
        return [n for c, n in zip(self.columns, self.names, strict=True) if not c.is_read]

    def _read(self) -> list[tuple[Column, str]]:
        return [(c, n) for c, n in zip(self.columns, self.names, strict=True) if c.is_read]

    def _full(self, table: NDArray[np.uint8]) -> dict[str, NDArray[np.bool_]]:
        """By name of a text as wide as a text can be, the rows that it fills: narrower columns are often made
        as wide as their longest text."""
        least = _WIDEST - _CHARACTER
        wide = [(c, n) for c, n in self._read() if c.kind == "C" and c.width > least]
        ends = {n: table[:, c.at + max(least, c.width - _CHARACTER) : c.at + c.width] for c, n in wide}
        return {name: np.asarray(~np.isin(end, (0, 32)).all(axis=1)) for name, end in ends.items()}

    def _values(
        self, column: Column, name: str, table: NDArray[np.uint8], issues: list[list[Issue]], done: int
    ) -> list[Any]:
        """done: how many records came before those of this table."""
        cells = _cells(column, table)
        match column.kind:
            case "C":
                return [self._text(cell) for cell in cells]
            case "I":
                return [int.from_bytes(cell.ljust(4, b"\0"), "little", signed=True) for cell in cells]
            case "O" | "B":
                return [self._double(cell.ljust(8, b"\0"), name, row) for row, cell in enumerate(cells, done)]
            case "L":
                return [_TRUTH.get(cell.strip()) for cell in cells]
            case "D":
                return [self._day(cell.strip(b" \0"), name, row) for row, cell in enumerate(cells, done)]
        return [
            self._number(cell.strip(b" \0"), column.decimals, name, issues[n], done + n)
            for n, cell in enumerate(cells)
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

    def _number(self, cell: bytes, decimals: int, name: str, issues: list[Issue], row: int) -> Any:
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
            self.lost.unread(name, row)
            return None
        if isinstance(value, str):
            issues.append(issue("number-exact", field=name, value=value))
        return value

    def _double(self, cell: bytes, name: str, row: int) -> float | None:
        (number,) = struct.unpack("<d", cell)
        if np.isfinite(number):
            return float(number)
        self.lost.unread(name, row)
        return None

    def _day(self, cell: bytes, name: str, row: int) -> str | None:
        if not cell:
            return None
        if (found := _DAY.fullmatch(cell.decode("latin-1"))) and found[0] != "00000000":
            with suppress(ValueError):
                return dt.date(int(found[1]), int(found[2]), int(found[3])).isoformat()
        self.lost.unread(name, row)
        return None


def open_table(opened: Callable[[], IO[bytes]], size: int, said: str, declared: str) -> Attributes:
    """opened: the .dbf anew, from its start; size: its bytes; said: what the .cpg says of the encoding;
    declared: what the uploader says.

    Raises Refused: shapefile-corrupt, duplicate-field, charset.
    """
    with opened() as file:
        head = file.read(FIELD)
        if len(head) < FIELD:
            raise _corrupt("dbf")
        count, start, width = struct.unpack_from("<IHH", head, 4)
        rest = file.read(max(0, start - FIELD))
    if start < FIELD + 1 or len(rest) < start - FIELD or start + count * width > size:
        raise _corrupt("dbf")
    columns = _columns(rest, width)
    codec, notes = encoding_of(
        [column.name for column in columns],
        lambda: _texts(opened, start, width, count, columns),
        Word(said, head[29]),
        declared,
    )
    names, cut = _names(columns, codec)
    return Attributes(count, columns, names, codec, notes, cut, start, width, opened)


def _corrupt(part: str) -> Exception:
    return refusal("shapefile-corrupt", value=f".{part}")


def _columns(descriptors: bytes, width: int) -> list[Column]:
    found: list[tuple[bytes, str, int, int]] = []
    for at in range(0, len(descriptors) - FIELD + 1, FIELD):
        if descriptors[at] == 0x0D:
            break
        one = descriptors[at : at + FIELD]
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
) -> Iterator[Texts]:
    """The text columns, block by block."""
    done = start
    for table in _blocks(opened, start, width, count):
        for column in columns:
            if column.kind == "C":
                yield Texts(done + column.at, width, column.width, _cells(column, table))
        done += table.size


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
