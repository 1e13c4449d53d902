"""Shapefiles in a ZIP: the files of one set found, judged against each other, and read beside each other.

Nothing is unpacked to a folder and GDAL has no part in it: where a file is damaged it hands back empty shapes
and lost rows as success.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import numpy as np

from geodata import headers
from geodata.issues import Issue, issue
from geodata.reading.archive import Archive, Member, check_contents, only, open_archive
from geodata.reading.contract import Declared, Place, Reading
from geodata.reading.dbf import MOST_NAMED, Attributes, Unread, open_table
from geodata.reading.features import Batch, Feature, Source, read_features
from geodata.reading.limits import Limits
from geodata.reading.placing import UNSAID, Sample, wanted_system
from geodata.reading.projection import LONGEST, epsg_of
from geodata.reading.refusals import Faults, refusal
from geodata.reading.shapes import Built
from geodata.reading.shp import Layout, check_index, shapes, walk
from geodata.told import listed

# csv: the full names of columns that a Shapefile has to cut to ten characters.
_IN_ZIP = frozenset(
    {"shp", "shx", "dbf", "prj", "cpg", "cst", "sbn", "sbx", "xml", "qmd", "qpj", "qix", "txt", "md", "csv"}
)
_AT_ONCE = 1_000
_MOST_OF_A_WORD = 64
_MOST_OF_NAMES = 1 << 18
_CUT_NAME_BYTES = 10


@dataclass(frozen=True, slots=True)
class _Set:
    """The files of one Shapefile within an archive, by ending."""

    archive: Archive
    name: str
    parts: dict[str, Member]

    def opened(self, ending: str) -> IO[bytes]:
        # Many small pieces are asked for, which the archive's own reader is slow at.
        return cast(
            IO[bytes], io.BufferedReader(cast(io.RawIOBase, self.archive.opened(self.parts[ending])), 1 << 18)
        )

    def size(self, ending: str) -> int:
        # Believable once the archive was unpacked to nowhere and counted.
        return self.parts[ending].entry.file_size

    def content(self, ending: str, most: int) -> bytes | None:
        """The beginning of a file; None when it is not there."""
        if ending not in self.parts:
            return None
        with self.opened(ending) as file:
            return file.read(most)


def read_shapefile(path: Path, declared: Declared, limits: Limits, place: Place) -> Reading:
    """One Shapefile of an archive; of several the one that was chosen.

    Raises Refused: choose-layer, layer-unknown, missing-part, shapefile-corrupt, count-mismatch, charset,
    crs-missing, crs-unknown, what is wrong with the archive, and those of read_features.
    """
    archive = open_archive(path, limits)
    only(archive.members, _IN_ZIP)
    check_contents(archive, limits)
    files, layers = _chosen(archive, declared.layer)
    for part in ("shp", "dbf"):
        if part not in files.parts:
            raise refusal("missing-part", value=f"{files.name}.{part}")
    layout = walk(lambda: files.opened("shp"), files.size("shp"), limits)
    said = (
        (files.content("cpg", _MOST_OF_A_WORD) or b"")
        .decode("ascii", errors="replace")
        .strip(" \t\r\n\0\ufeff")
    )
    table = open_table(lambda: files.opened("dbf"), files.size("dbf"), said, declared.encoding)
    if "shx" in files.parts:
        check_index(lambda: files.opened("shx"), files.size("shx"), layout)
    if table.count != layout.count:
        raise refusal("count-mismatch", value=layout.count, other=table.count)
    document = _Document(files, layout, table)
    system = document.system(declared, place)
    source = Source("shapefile", table.codec, document.batches, system, document.notes, layers, files.name)
    return read_features(source, declared, limits, place)


def _chosen(archive: Archive, wanted: str) -> tuple[_Set, list[str]]:
    """The Shapefile to read, and the names of all."""
    sets: dict[str, _Set] = {}
    for member in archive.members:
        ending, stem = member.ending, member.stem
        if ending in ("shp", "shx", "dbf"):
            found = sets.setdefault(stem.casefold(), _Set(archive, stem, {}))
            found.parts[ending] = member
    for member in archive.members:
        if member.stem.casefold() in sets:
            sets[member.stem.casefold()].parts[member.ending] = member
    whole = {files.name: files for files in sets.values() if "shp" in files.parts} or {
        files.name: files for files in sets.values()
    }
    names = list(whole)
    if wanted and wanted not in whole:
        raise refusal("layer-unknown", value=wanted, offers={"layer": names})
    if len(names) > 1 and not wanted:
        raise refusal("choose-layer", value=names, offers={"layer": names})
    return whole[wanted or names[0]], names


class _Document:
    def __init__(self, files: _Set, layout: Layout, table: Attributes) -> None:
        self._files, self._layout, self._table = files, layout, table
        full = _full_names(files)
        cut = [] if full else _cut(table)
        self._names = {name: full.get(name.casefold(), name) for name in table.names}
        if len(set(self._names.values())) < len(self._names):
            self._names = {name: name for name in table.names}
        self.notes: list[Issue] = [*table.notes]
        if "shx" not in files.parts:
            self.notes.append(issue("shx-rebuilt", value=layout.count))
        if cut:
            self.notes.append(issue("field-truncated", value=cut))
        if left_out := table.left_out():
            self.notes.append(issue("column-unread", value=left_out))

    def system(self, declared: Declared, place: Place) -> str:
        """What the .prj says. Raises Refused crs-missing or crs-unknown, unless it was declared."""
        raw = self._files.content("prj", LONGEST + 1)
        said = epsg_of(raw) if raw else None
        if said is not None:
            return said
        if declared.crs:
            return UNSAID
        sample = Sample.of(next(self._shapes(), Built(np.empty(0, dtype=object))).geometries)
        if raw:
            raise wanted_system("crs-unknown", sample, place, value=_shown(raw))
        raise wanted_system("crs-missing", sample, place, value=f"{self._files.name}.prj")

    def _shapes(self) -> Iterator[Built]:
        return shapes(lambda: self._files.opened("shp"), self._layout, _AT_ONCE)

    def batches(self, _faults: Faults) -> Iterator[Batch]:
        records = self._table.records()
        for built in self._shapes():
            features, kept = [], []
            for n in range(len(built.geometries)):
                if (record := next(records)) is not None:
                    values, issues, cut = record
                    named = {self._names[k]: v for k, v in values.items()}
                    lost = frozenset(self._names[name] for name in cut)
                    features.append(Feature(named, issues=issues, cut=lost))
                    kept.append(n)
            yield Batch(features, built if len(kept) == len(built.geometries) else _without(built, kept))
        self._tell_lost()

    def _tell_lost(self) -> None:
        lost, words = self._table.lost, headers.words()
        ours = words.computed if words.signature <= set(self._names.values()) else frozenset()
        # GDAL fills the empty numbers of our own files with ****, in columns that nobody reads back.
        unread = {
            self._names[name]: found
            for name, found in lost.unreadable.items()
            if self._names[name] not in ours
        }
        told = {note.code for note in self.notes}
        for code, count in (
            ("value-truncated", lost.cut),
            ("rows-deleted", lost.deleted),
        ):
            if count and code not in told:
                self.notes.append(issue(code, value=count))
        if unread and "value-unreadable" not in told:
            self.notes.append(_unreadable(unread))


def _unreadable(unread: Mapping[str, Unread]) -> Issue:
    """How many values could not be read, of which columns and in which rows, as a person counts them."""
    count = sum(found.count for found in unread.values())
    rows = sorted({row for found in unread.values() for row in found.rows})
    more = len(rows) > MOST_NAMED or any(found.count > len(found.rows) for found in unread.values())
    # Listed here: no number is cut short.
    named = listed([row + 1 for row in rows[:MOST_NAMED]], more=more)
    return issue("value-unreadable", value=count, columns=list(unread), rows=named)


def _without(built: Built, kept: list[int]) -> Built:
    """The shapes of the rows that were kept."""
    place = {n: at for at, n in enumerate(kept)}
    return Built(
        built.geometries[kept],
        [type(f)(place[f.index], f.code, f.where, f.xy) for f in built.flaws if f.index in place],
        with_z={place[n] for n in built.with_z if n in place},
    )


def _shown(raw: bytes) -> str:
    """The name in a description, or its beginning."""
    text = raw.decode("utf-8", errors="replace")
    found = re.search(r'^\s*\w+\s*[\[(]\s*"([^"]{1,60})"', text)
    return found[1] if found else text[:60]


def _cut(table: Attributes) -> list[str]:
    """Names that fill all the room a name has there: what followed is lost."""
    return [
        name
        for column, name in zip(table.columns, table.names, strict=True)
        if len(column.name) >= _CUT_NAME_BYTES - (not column.name.isascii())
    ]


def _full_names(files: _Set) -> dict[str, str]:
    """Short names → full ones, by the table of two columns beside."""
    raw = files.content("csv", _MOST_OF_NAMES)
    if raw is None:
        return {}
    try:
        rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return {}
    if any(len(row) != 2 for row in rows if row):
        return {}  # a table of something else
    return {row[0].strip().casefold(): row[1].strip() for row in rows if row and row[1].strip()}
