"""What is the same for the rows of every file: they are counted against the limits, put in their place, and
held back when the file as a whole is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import shapely

from geodata.issues import Issue
from geodata.reading.contract import Place, Row
from geodata.reading.limits import Limits
from geodata.reading.placing import Placement, Suspicion, settle
from geodata.reading.refusals import Faults, Survival, refusal, refuse_when_nothing_survives
from geodata.reading.shapes import Geometries
from geodata.reading.values import CONTROL, check_text


class Gathering:
    """The rows of one file on their way out. faults: those that refuse it, raised after the last row."""

    def __init__(self, placement: Placement, limits: Limits, place: Place) -> None:
        self.faults = Faults()
        self._placement, self._limits, self._place = placement, limits, place
        self._survival, self._suspicion = Survival(), Suspicion.of(place)
        self._count = self._vertices = 0

    def number(self) -> int:
        """Of the next row, from 0. Raises Refused features."""
        number, most = self._count, self._limits.features
        self._count += 1
        if most is not None and self._count > most:
            raise refusal("features", limit=most, observed=self._count)
        return number

    def check(self, value: str, name: str, row: int, line: int | None) -> None:
        """A text as it stands in the file. Raises Refused value-length."""
        check_text(value, name, row, self._limits)
        if found := CONTROL.search(value):
            shown = f"U+{ord(found[0]):04X}"
            self.faults.add("control-character", value=shown, field=name, row=row, line=line)

    def place(self, rows: Sequence[Row], geometries: Geometries) -> None:
        """Give rows their geometries, which are in the file's coordinates, and what is to be said of them.
        Raises Refused vertices."""
        self._count_vertices(geometries)
        settled, issues = settle(geometries, self._placement, self._place)
        for row, shape, found in zip(rows, settled, issues, strict=True):
            row.geometry = shape
            row.issues += found
            if shape is not None and self._suspicion.anchors:
                self._suspicion.see([v for v in row.properties.values() if isinstance(v, str)], shape)

    def given(self, rows: Sequence[Row]) -> Iterator[Row]:
        """The rows that may go on: none once something refuses the file."""
        if self.faults.total:
            return
        for row in rows:
            self._survival.see(row.n, row.line, row.issues)
            yield row

    def end(self) -> list[Issue]:
        """After the last row, what is to be known of all. Raises Refused."""
        self.faults.refuse()
        refuse_when_nothing_survives(self._survival)
        return self._suspicion.notes()

    def _count_vertices(self, geometries: Geometries) -> None:
        counts = shapely.get_num_coordinates(geometries)
        self._vertices += int(counts.sum())
        most, most_each = self._limits.vertices, self._limits.vertices_per_feature
        if most is not None and self._vertices > most:
            raise refusal("vertices", limit=most, observed=self._vertices)
        if most_each is not None and len(counts) and counts.max() > most_each:
            raise refusal("vertices", limit=most_each, observed=int(counts.max()))
