"""XLSX workbooks: the archive judged before anything is unpacked into memory, then one sheet row by row."""

from __future__ import annotations

import datetime as dt
import math
import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.workbook import Workbook

from geodata.reading.archive import check_contents, open_archive
from geodata.reading.contract import Declared, Place, Reading
from geodata.reading.limits import Limits
from geodata.reading.refusals import Faults, refusal
from geodata.reading.tabular import Record, Table, read_table

_DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_LAST_ROW = 1_048_576
# What a damaged part makes the library raise; it has no exception of its own for that.
DAMAGE = (
    ArithmeticError, AttributeError, LookupError, NotImplementedError, ParseError, RecursionError, TypeError,
    ValueError, zipfile.BadZipFile,
)  # fmt: skip


def read_spreadsheet(path: Path, declared: Declared, limits: Limits, place: Place) -> Reading:
    """Reads a workbook whose sheet names its columns in the first row that holds anything. Formulas count by
    the value last computed; dates become ISO text.

    Raises Refused: choose-layer (offers layer), layer-unknown, xml-doctype, what is wrong with the archive
    and those of read_table.
    """
    check_workbook(path, limits)
    sheet = sheet_named(path, declared.layer)
    source = _Sheet(path, sheet, limits)
    table = Table("xlsx", "utf-8", source.header(), source.records)
    return read_table(table, declared, limits, place)


def _no_doctype(head: bytes) -> None:
    if _DOCTYPE.search(head.replace(b"\x00", b"")[:4096]):
        raise refusal("xml-doctype")


def check_workbook(path: Path, limits: Limits) -> None:
    """Raises Refused: what is wrong with the archive, and xml-doctype."""
    check_contents(open_archive(path, limits), limits, _no_doctype)


# ---------------------------------------------------------------- the sheet


@contextmanager
def _workbook(path: Path) -> Iterator[Workbook]:
    """Whatever a damaged workbook makes the library raise becomes one refusal."""
    try:
        # Opened here: the library judges paths by their ending.
        with warnings.catch_warnings(), path.open("rb") as file:
            # It warns of extensions that it leaves out; none of them holds a cell's value.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
            try:
                yield book
            finally:
                book.close()
    except OSError as error:
        if error.errno is not None:
            raise  # of the machine, not of the workbook
        raise refusal("archive-corrupt", value="workbook") from None
    except DAMAGE as error:
        raise refusal("archive-corrupt", value=type(error).__name__) from None


def sheet_named(path: Path, wanted: str) -> str:
    with _workbook(path) as book:
        shown = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if wanted:
            if wanted not in shown:
                raise refusal("layer-unknown", value=wanted, offers={"layer": shown})
            return wanted
        filled = [name for name in shown if _holds_anything(book, name)]
    if len(filled) > 1:
        raise refusal("choose-layer", value=filled, offers={"layer": filled})
    if not filled:
        raise refusal("empty-file")
    return filled[0]


def _holds_anything(book: Workbook, name: str) -> bool:
    sheet = book[name]
    sheet.reset_dimensions()
    rows = sheet.iter_rows(values_only=True, max_row=100)
    return any(cell not in (None, "") for row in rows for cell in row)


class _Sheet:
    def __init__(self, path: Path, name: str, limits: Limits) -> None:
        self._path, self._name, self._limits = path, name, limits
        self._width = 0

    def header(self) -> list[str]:
        cells = next((cells for _, cells in self._rows()), [])
        names = ["" if cell is None else str(cell) for cell in cells]
        while names and not names[-1].strip():
            names.pop()
        self._width = len(names)
        return names

    def records(self, faults: Faults) -> Iterator[Record]:
        """The rows below the header, filled up to its width: a sheet does not store its empty cells."""
        rows = self._rows()
        next(rows, None)
        for line, cells in rows:
            if any(cell not in (None, "") for cell in cells[self._width :]):
                faults.add("row-width", line=line, value=len(cells), other=self._width)
                continue
            yield line, [*cells[: self._width], *[None] * (self._width - len(cells))]

    def _rows(self) -> Iterator[tuple[int, list[Any]]]:
        with _workbook(self._path) as book:
            sheet = book[self._name]
            # What a sheet says of its own extent is often wrong and sometimes made up.
            sheet.reset_dimensions()
            for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
                if number > _LAST_ROW:
                    raise refusal("features", limit=_LAST_ROW, observed=number)
                if any(cell not in (None, "") for cell in row):
                    yield number, [json_value(cell) for cell in row]


def json_value(cell: Any) -> Any:
    """A cell as a JSON value."""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat()
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, float) and not math.isfinite(cell):
        return str(cell)  # JSON has no such number, and silence would make it an empty cell
    if cell is None or isinstance(cell, bool | int | float | str):
        return cell
    return str(cell)
