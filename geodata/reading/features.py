"""Features with names and a geometry → rows with a place, whatever format they stand in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import shapely

from geodata.issues import Issue, issue
from geodata.reading.contract import Declared, Place, Reading, Row
from geodata.reading.limits import Limits
from geodata.reading.placing import UNSAID, Placement, Sample, Suspicion, flaw_place, place_file, settle
from geodata.reading.refusals import Faults, Survival, refusal, refuse_when_nothing_survives
from geodata.reading.shapes import Built
from geodata.reading.values import CONTROL, Columns, check_text


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
    """Features → rows. Faults that refuse the file are collected and raised after the last."""

    def __init__(self, source: Source, placement: Placement, limits: Limits, place: Place) -> None:
        self.fields: list[str] = []
        self.notes: list[Issue] = [*placement.notes]
        self._source, self._placement, self._limits, self._place = source, placement, limits, place
        self._faults, self._survival, self._suspicion = Faults(), Survival(), Suspicion.of(place)
        self._columns = Columns(limits, self._faults)
        self._n = self._vertices = self._with_z = 0

    def rows(self) -> Iterator[Row]:
        for batch in self._source.batches(self._faults):
            rows = self._rows_of(batch)
            self.fields[:] = self._columns.names
            if not self._faults.total:
                for row in rows:
                    self._survival.see(row.n, row.line, row.issues)
                    yield row
        self._faults.refuse()
        refuse_when_nothing_survives(self._survival)
        self.notes += self._source.notes
        if self._with_z:
            self.notes.append(issue("z-dropped", value=self._with_z))
        self.notes += self._suspicion.notes()

    def _rows_of(self, batch: Batch) -> list[Row]:
        rows = [self._row(feature) for feature in batch.features]
        built = batch.built
        self._count_vertices(built)
        self._with_z += len(built.with_z)
        settled, issues = settle(built.geometries, self._placement, self._place)
        flawed = {flaw.index for flaw in built.flaws}
        for index, (row, shape, found) in enumerate(zip(rows, settled, issues, strict=True)):
            row.geometry = shape
            row.issues += found
            if built.geometries[index] is None and index not in flawed:
                row.issues.append(issue("null-geometry", field="geometry"))
            elif shape is not None and self._suspicion.anchors:
                self._suspicion.see([v for v in row.properties.values() if isinstance(v, str)], shape)
        for index in built.exploded:
            if settled[index] is not None:
                rows[index].issues.append(issue("collection-exploded", field="geometry"))
        for flaw in built.flaws:
            lon, lat = flaw_place(flaw.xy, self._placement)
            value = flaw.where or "coordinates"
            rows[flaw.index].issues.append(issue(flaw.code, field="geometry", value=value, lon=lon, lat=lat))
        return rows

    def _row(self, feature: Feature) -> Row:
        n = self._n
        self._n += 1
        limits = self._limits
        if limits.features is not None and self._n > limits.features:
            raise refusal("features", limit=limits.features, observed=self._n)
        for name, value in feature.properties.items():
            self._columns.meet(name, n)
            if not isinstance(value, str):
                continue
            check_text(value, name, n, limits)
            if found := CONTROL.search(value):
                shown = f"U+{ord(found[0]):04X}"
                self._faults.add("control-character", value=shown, field=name, row=n, line=feature.line)
        return Row(n, feature.line, feature.id, None, feature.properties, feature.issues, feature.cut)

    def _count_vertices(self, built: Built) -> None:
        counts = shapely.get_num_coordinates(built.geometries)
        self._vertices += int(counts.sum())
        most, most_each = self._limits.vertices, self._limits.vertices_per_feature
        if most is not None and self._vertices > most:
            raise refusal("vertices", limit=most, observed=self._vertices)
        if most_each is not None and len(counts) and counts.max() > most_each:
            raise refusal("vertices", limit=most_each, observed=int(counts.max()))
