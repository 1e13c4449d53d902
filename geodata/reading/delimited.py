"""CSV and its relatives (semicolons, tabs), strictly: no row is filled up, cut or passed over."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

from geodata.issues import Issue, issue
from geodata.reading.charsets import Text
from geodata.reading.contract import Declared, Place, Reading
from geodata.reading.limits import Limits
from geodata.reading.refusals import Faults, refusal
from geodata.reading.tabular import Record, Table, read_table

_SEPARATORS = (",", ";", "\t", "|")
_NAMED = {"\t": "TAB"}
_SEP_LINE = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)


def read_delimited(text: Text, declared: Declared, limits: Limits, place: Place) -> Reading:
    """Reads a delimited text whose first row names the columns.

    Raises Refused features and csv-quote at once, row-width, value-length and those of read_table.
    """
    head = text.head()
    said = _SEP_LINE.match(head)
    separator = said[1] if said else _separator(head)
    source = _Source(text, separator, 1 if said else 0, limits)
    header = source.header()
    source.refuse_too_many()
    notes: list[Issue] = list(text.notes)
    if separator not in (",", "\t") and not said:
        notes.append(issue("dialect", value=_NAMED.get(separator, separator)))
    return read_table(Table("csv", text.encoding, header, source.records, notes), declared, limits, place)


def _separator(head: str) -> str:
    """The one by which most of the first rows are as wide as the header, and more than one column wide."""
    lines = head.splitlines(keepends=True)[:50]

    def fit(separator: str) -> tuple[int, int]:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=separator) if row]
        except csv.Error:
            return 0, 0
        if not widths or widths[0] < 2:
            return 0, 0
        return widths.count(widths[0]), widths[0]

    return max(_SEPARATORS, key=fit)


class _Source:
    def __init__(self, text: Text, separator: str, skip_lines: int, limits: Limits) -> None:
        self._text, self._separator, self._skip, self._limits = text, separator, skip_lines, limits
        self._width = 0

    def header(self) -> list[str]:
        names = next((cells for _, cells in self._rows()), [])
        while names and not names[-1].strip():
            names.pop()
        self._width = len(names)
        return names

    def refuse_too_many(self) -> None:
        """Counting all rows takes a moment; to check those before one that is too many takes far longer."""
        most = self._limits.features
        if most is not None and any(n > most for n, _ in enumerate(self._rows())):
            raise refusal("features", limit=most, observed=most + 1)

    def records(self, faults: Faults) -> Iterator[Record]:
        """The rows below the header. One of another width becomes a fault and is left out."""
        rows = self._rows()
        next(rows, None)
        for line, cells in rows:
            wide = len(cells)
            if wide > self._width and not any(cell.strip() for cell in cells[self._width :]):
                wide = self._width
            if wide == self._width:
                yield line, list(cells[:wide])
            else:
                faults.add("row-width", line=line, value=wide, other=self._width)

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """(1-based line at which a row begins, its cells); rows without any text are passed over."""
        # The limit is the process's; it is the same for every file of one set of limits.
        csv.field_size_limit(self._limits.field_bytes)
        with self._text.path.open("rb") as file:
            file.seek(self._text.skip)
            stream = io.TextIOWrapper(file, self._text.encoding, newline="")
            reader = csv.reader(self._lines(stream), delimiter=self._separator, strict=True)
            begins = self._skip + 1
            while True:
                try:
                    cells = next(reader, None)
                except csv.Error as error:
                    raise self._refused(error, begins) from None
                if cells is None:
                    return
                if any(cell.strip() for cell in cells):
                    yield begins, cells
                begins = self._skip + reader.line_num + 1

    def _lines(self, stream: io.TextIOWrapper) -> Iterator[str]:
        most = self._limits.field_bytes
        for _ in range(self._skip):
            stream.readline(most)
        number = self._skip
        while line := stream.readline(most + 1):
            number += 1
            if len(line) > most:
                raise refusal(
                    "value-length", limit=self._limits.value_length, observed=len(line), line=number
                )
            yield line

    def _refused(self, error: csv.Error, line: int) -> Any:
        if "field limit" in str(error):
            return refusal("value-length", limit=self._limits.value_length, line=line)
        return refusal("csv-quote", line=line)
