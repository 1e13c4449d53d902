"""Features with names and a geometry → rows with a place, whatever format they stand in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from geodata.issues import Issue, issue
from geodata.reading.contract import Declared, Place, Reading, Row
from geodata.reading.gathering import Gathering
from geodata.reading.limits import Limits
from geodata.reading.placing import UNSAID, Placement, Sample, flaw_place, place_file
from geodata.reading.refusals import Faults, refusal
from geodata.reading.shapes import Built
from geodata.reading.values import Columns


@dataclass(slots=True)
class Feature:
    """One feature as it stands in a file, but for its geometry. line: 1-based, where the format has lines.
    cut: as of Row."""

    properties: dict[str, Any]
    id: str | None = None
    line: int | None = None
    issues: list[Issue] = field(default_factory=list)
    cut: frozenset[str] = frozenset()


@dataclass(slots=True)
class Batch:
    """Some features of a file, and their geometries in its own coordinates; None: it has none."""

    features: list[Feature]
    built: Built


@dataclass(slots=True)
class Source:
    """A file of features. in_file: the name of its coordinate system, or UNSAID. batches: makes a fresh pass;
    faults that refuse the file are told to it. notes: complete when a pass has ended. layers, layer: as
    Reading has them."""

    format: str
    encoding: str
    batches: Callable[[Faults], Iterator[Batch]]
    in_file: str = UNSAID
    notes: list[Issue] = field(default_factory=list)
    layers: Sequence[str] = ()
    layer: str = ""


def read_features(source: Source, declared: Declared, limits: Limits, place: Place) -> Reading:
    """Raises Refused: those of place_file at once; keys, key-length, value-length, control-character,
    field-name, features, vertices and those of the source while the rows are read."""
    first = next(source.batches(Faults()), None)
    if first is None:
        # Whatever the source has to say against itself comes before that there is nothing in it.
        faults = Faults()
        for _ in source.batches(faults):
            pass
        faults.refuse()
        raise refusal("no-features")
    placement = place_file(Sample.of(first.built.geometries), source.in_file, declared, place)
    rows = _Rows(source, placement, limits, place)
    return Reading(
        format=source.format,
        encoding=source.encoding,
        crs=placement.crs,
        crs_known_by=placement.known_by,
        axis=placement.axis,
        notes=rows.notes,
        fields=rows.fields,
        rows=rows.rows(),
        layers=source.layers,
        layer=source.layer,
    )


class _Rows:
    """Features → rows."""

    def __init__(self, source: Source, placement: Placement, limits: Limits, place: Place) -> None:
        self.fields: list[str] = []
        self.notes: list[Issue] = [*placement.notes]
        self._source, self._placement = source, placement
        self._gathering = Gathering(placement, limits, place)
        self._columns = Columns(limits, self._gathering.faults)
        self._with_z = 0

    def rows(self) -> Iterator[Row]:
        for batch in self._source.batches(self._gathering.faults):
            rows = self._rows_of(batch)
            self.fields[:] = self._columns.names
            yield from self._gathering.given(rows)
        suspicions = self._gathering.end()
        self.notes += self._source.notes
        if self._with_z:
            self.notes.append(issue("z-dropped", value=self._with_z))
        self.notes += suspicions

    def _rows_of(self, batch: Batch) -> list[Row]:
        rows = [self._row(feature) for feature in batch.features]
        built = batch.built
        self._with_z += len(built.with_z)
        self._gathering.place(rows, built.geometries)
        flawed = {flaw.index for flaw in built.flaws}
        for index in np.flatnonzero(shapely.is_missing(built.geometries)).tolist():
            if index not in flawed:
                rows[index].issues.append(issue("null-geometry", field="geometry"))
        for index in built.exploded:
            if rows[index].geometry is not None:
                rows[index].issues.append(issue("collection-exploded", field="geometry"))
        for flaw in built.flaws:
            lon, lat = flaw_place(flaw.xy, self._placement)
            value = flaw.where or "coordinates"
            rows[flaw.index].issues.append(issue(flaw.code, field="geometry", value=value, lon=lon, lat=lat))
        return rows

    def _row(self, feature: Feature) -> Row:
        n = self._gathering.number()
        for name, value in feature.properties.items():
            self._columns.meet(name, n)
            if isinstance(value, str):
                self._gathering.check(value, name, n, feature.line)
        return Row(n, feature.line, feature.id, None, feature.properties, feature.issues, feature.cut)
