"""A ledger (台账) in a workbook: lines of a title above the header, merged cells, a header of one or two
rows, a unit for the whole sheet. What it says is for `geodata.ledger` to read."""

from __future__ import annotations

import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from geodata import headers
from geodata.issues import issue
from geodata.reading.contract import Declared, Place, Reading, Row
from geodata.reading.limits import Limits
from geodata.reading.refusals import refusal
from geodata.reading.spreadsheet import DAMAGE, check_workbook, json_value, sheet_named
from geodata.reading.values import exact_int

_HEADER_WITHIN = 30
_MOST_COLUMNS = 200
_FEW = 2

Cells = dict[str, Any]


def read_ledger(path: Path, declared: Declared, limits: Limits, _place: Place) -> Reading:
    """Rows without places. The properties of each are its cells by the letter of the column; the first is the
    head: what the columns are called, with `sheet`, `unit` (of sums, "" when the sheet says none) and
    `title` (what stands above) beside. A formula counts by the value last computed; one without is told.

    Raises Refused: ledger-format, ledger-header, too-large, choose-layer, and what is wrong with the archive.
    """
    size = path.stat().st_size
    if limits.bytes is not None and size > limits.bytes:
        raise refusal("too-large", limit=limits.bytes, observed=size)
    if not zipfile.is_zipfile(path):
        raise refusal("ledger-format")
    check_workbook(path, limits)
    name = sheet_named(path, declared.layer)
    try:
        sheet, written = _open(path, name, True), _open(path, name, False)
        lines = dict(_lines(sheet))
    except DAMAGE as error:
        raise refusal("archive-corrupt", value=type(error).__name__) from None
    if not lines:
        raise refusal("empty-file")
    first, last = _header(lines)
    merged = _merged(sheet)
    names = _names(lines, merged, first, last)
    title = [str(value) for line, cells in lines.items() if line < first for value in cells.values()]
    unit = next((found for said in title if (found := headers.money_unit(said))), "")
    head: Cells = {"sheet": name, "unit": unit, "title": title[:20], "header": names}
    rows = [Row(0, first, None, None, head)]
    above = _merged_above(merged, lines, last)
    for line, cells in lines.items():
        if line > last:
            rows.append(_row(len(rows), line, {**above.get(line, {}), **cells}, written, names))
    return Reading("xlsx", "utf-8", "", "", "", [], list(names.values()), iter(rows))


def _open(path: Path, name: str, computed: bool) -> Worksheet:
    with path.open("rb") as file:
        return openpyxl.load_workbook(file, data_only=computed, keep_links=False)[name]


def _lines(sheet: Worksheet) -> Iterator[tuple[int, Cells]]:
    """Each line that holds anything, with what its cells hold."""
    for number, row in enumerate(sheet.iter_rows(max_col=_MOST_COLUMNS, values_only=True), 1):
        cells = {
            get_column_letter(n): _held(value) for n, value in enumerate(row, 1) if value not in (None, "")
        }
        if cells:
            yield number, cells


def _held(value: Any) -> Any:
    """A cell as a JSON value; an integer that a float would change as its text."""
    found = json_value(value)
    return exact_int(str(found)) if isinstance(found, int) and not isinstance(found, bool) else found


def _header(lines: dict[int, Cells]) -> tuple[int, int]:
    """The first and the last line of the header: the line that names most, and what goes on below it."""
    best, most = 0, 0
    for line in list(lines)[:_HEADER_WITHIN]:
        parts = _parts(lines[line])
        if len(parts) > most and parts & {"name", "key"}:
            best, most = line, len(parts)
    if most < _FEW:
        raise refusal("ledger-header")
    below = lines.get(best + 1, {})
    goes_on = _parts(below) and len(_parts(below)) * 2 >= len(below)
    return best, best + 1 if goes_on else best


def _parts(cells: Cells) -> set[str]:
    return {part for value in cells.values() if (part := headers.ledger_part(str(value))[0])}


def _merged(sheet: Worksheet) -> dict[tuple[int, str], tuple[int, str]]:
    """By line and letter of each cell that is merged into another, that other one."""
    found = {}
    for area in list(sheet.merged_cells.ranges)[:10_000]:
        top = (area.min_row, get_column_letter(area.min_col))
        for line in range(area.min_row, min(area.max_row, area.min_row + 2_000) + 1):
            for column in range(area.min_col, min(area.max_col, _MOST_COLUMNS) + 1):
                found[line, get_column_letter(column)] = top
    return found


def _names(
    lines: dict[int, Cells], merged: dict[tuple[int, str], tuple[int, str]], first: int, last: int
) -> dict[str, str]:
    """What each column is called; of two lines of a header the lower, with the unit that the upper gives."""
    letters = sorted({letter for line in (first, last) for letter in lines[line]}, key=lambda s: (len(s), s))
    found = {}
    for letter in letters:
        upper_line, upper_letter = merged.get((first, letter), (first, letter))
        upper = str(lines.get(upper_line, {}).get(upper_letter, "")).strip()
        lower = str(lines[last].get(letter, "")).strip() if last > first else ""
        unit = next(
            (u for _, u in headers.split_unit(upper) if headers.spelled(u) in headers.words().units), ""
        )
        named_unit = headers.ledger_part(lower)[1] if lower else ""
        found[letter] = f"{lower}（{unit}）" if lower and unit and not named_unit else lower or upper
    return {letter: " ".join(name.split()) for letter, name in found.items() if name}


def _merged_above(
    merged: dict[tuple[int, str], tuple[int, str]], lines: dict[int, Cells], last: int
) -> dict[int, Cells]:
    """By line below the header what the cells hold that are merged with cells above them."""
    found: dict[int, Cells] = defaultdict(dict)
    for (line, letter), (top, of) in merged.items():
        value = lines.get(top, {}).get(of)
        if of == letter and last < top < line and value is not None:
            found[line][letter] = value
    return found


def _row(n: int, line: int, cells: Cells, written: Worksheet, names: dict[str, str]) -> Row:
    issues = [
        issue("ledger-formula", field=f"{letter}{line}", value=names[letter])
        for letter in names
        if letter not in cells and str(written[f"{letter}{line}"].value or "").startswith("=")
    ]
    return Row(n, line, None, None, cells, issues)
