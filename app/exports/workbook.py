"""A selection as a workbook: typed cells, a sheet of the documents behind it, and one about itself.

Rows are written as they come and kept in a file (XlsxWriter's constant memory), so a long selection takes no
more memory than a short one. No text becomes a formula or a link, whatever it begins with.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from app.exports.about import SOURCE_COLUMNS, Item, source_record
from app.exports.table import Column, Row, columns_in
from app.projects.service import Moment

LONGEST_TEXT = 32_767
"""Characters of a cell, as the format has it, counted in UTF-16."""
CUT = "…（过长，已截断 cut）"
SHEETS = {"zh": ("项目", "来源", "说明"), "en": ("Projects", "Sources", "About")}
_FIRST_DAY = date(1900, 3, 1)
"""Before it the calendar of spreadsheets holds a day that never was."""
_EXACT = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# What XML cannot hold, or what would be shown as an escape.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def write(
    path: Path,
    chunks: Iterable[Sequence[Row]],
    sources: Callable[[], Iterable[Row]],
    about: Sequence[Item],
    moment: Moment,
    lang: str,
) -> None:
    """Write the rows of `table.record`. sources is asked after the rows, when it is known which are cited.

    Raises OSError when there is no room.
    """
    options = {
        "constant_memory": True,
        "tmpdir": str(path.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(str(path), options)
    made = datetime(moment.today.year, moment.today.month, moment.today.day, tzinfo=UTC)
    warning = next(item for item in about if item.key == "warning")
    book.set_properties(
        {
            "title": f"{moment.area[f'name_{lang}']} {moment.day.isoformat()}",
            "comments": warning.value_en if lang == "en" else warning.value_zh,
            "created": made.replace(tzinfo=None),
        }
    )
    try:
        sheets = [_Sheet(book, name) for name in SHEETS[lang]]
        _write_projects(sheets[0], chunks, columns_in(lang), lang)
        _write_sources(sheets[1], sources(), lang)
        _write_about(sheets[2], about, lang)
    finally:
        # Also when it failed: it holds files open.
        book.close()


class _Sheet:
    """A sheet with a frozen, filtered head, written row by row."""

    def __init__(self, book: Any, name: str) -> None:
        self.sheet = book.add_worksheet(name)
        self._head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E8ECEF"}
        )
        self._day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self._row = 0

    def head(self, names: Sequence[tuple[str, str, int]], lang: str, frozen: int) -> None:
        """names: in Chinese, in English, and the width; the other language is a comment on the cell."""
        self._columns = len(names)
        for n, (zh, en, width) in enumerate(names):
            here, there = (en, zh) if lang == "en" else (zh, en)
            self.sheet.set_column(n, n, width)
            self.sheet.write_string(0, n, here, self._head)
            if there != here:
                self.sheet.write_comment(0, n, there, {"author": "", "x_scale": 1.4, "y_scale": 0.4})
        self.sheet.freeze_panes(1, frozen)
        self.sheet.repeat_rows(0)
        self.sheet.set_landscape()

    def add(self, values: Iterable[Any]) -> None:
        """A row of texts, numbers, days, True or False; None leaves a cell empty."""
        self._row += 1
        for n, value in enumerate(values):
            if isinstance(value, str):
                self.sheet.write_string(self._row, n, _plain(value))
            elif isinstance(value, bool):
                self.sheet.write_boolean(self._row, n, value)
            elif isinstance(value, date):
                self.sheet.write_datetime(self._row, n, value, self._day)
            elif value is not None and math.isfinite(value):
                self.sheet.write_number(self._row, n, value)

    def done(self) -> None:
        self.sheet.autofilter(0, 0, max(self._row, 1), self._columns - 1)


def _write_projects(
    sheet: _Sheet, chunks: Iterable[Sequence[Row]], columns: Sequence[Column], lang: str
) -> None:
    sheet.head([(c.zh, c.en, c.width) for c in columns], lang, frozen=2)
    for rows in chunks:
        for row in rows:
            sheet.add(_typed(row.get(column.name), column) for column in columns)
    sheet.done()


def _write_sources(sheet: _Sheet, sources: Iterable[Row], lang: str) -> None:
    sheet.head([(zh, en, width) for _, zh, en, width in SOURCE_COLUMNS], lang, frozen=1)
    for source in sources:
        row = source_record(source)
        sheet.add(
            _when(row[name]) if name in ("published", "retrieved_on") else row[name] or None
            for name, *_ in SOURCE_COLUMNS
        )
    sheet.done()


def _write_about(sheet: _Sheet, about: Sequence[Item], lang: str) -> None:
    """Both languages side by side, that of the reader first."""
    names = [("说明", "In Chinese", 24), ("内容", "Said in Chinese", 90)]
    names += [("英文说明", "About", 32), ("英文内容", "Said in English", 90)]
    order = [2, 3, 0, 1] if lang == "en" else [0, 1, 2, 3]
    sheet.head([names[n] for n in order], lang, frozen=1)
    for item in about:
        texts = (item.zh, item.value_zh, item.en, item.value_en)
        sheet.add(texts[n] for n in order)
    sheet.done()


def _typed(value: Any, column: Column) -> Any:
    return _when(value) if column.type in ("when", "day") else value


def _when(value: str | date | None) -> str | date | None:
    """A day where it is exact to the day and the sheet's calendar has it; else the text as it was said."""
    if isinstance(value, str) and _EXACT.fullmatch(value):
        value = date.fromisoformat(value)
    if isinstance(value, date) and value < _FIRST_DAY:
        return value.isoformat()
    return value or None


def _plain(text: str) -> str:
    """The text as a cell can hold it."""
    text = _UNPRINTABLE.sub(" ", text)
    if len(text) * 2 > LONGEST_TEXT and len(text.encode("utf-16-le")) // 2 > LONGEST_TEXT:
        room = (LONGEST_TEXT - len(CUT)) * 2
        text = text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + CUT
    return text
