"""A selection as files of map layers: GeoPackage, FlatGeobuf, GeoParquet. WGS84, longitude before latitude.

Rows go to the writers as a stream of Arrow batches, made as they are asked for, so memory does not grow with
the selection; FlatGeobuf keeps the boxes of its index besides. GDAL writes in this process: what it is given
is our own rows, whose geometry the database has checked, not files of strangers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import arro3.core
import arro3.io
import numpy as np
import pyogrio.raw
import pyproj
import shapely

from app.exports.about import SOURCE_COLUMNS, Item, source_record
from app.exports.table import COLUMNS, Row, Type

LAYER, ABOUT, SOURCES, GEOMETRY = "projects", "about", "sources", "geometry"
CRS = "EPSG:4326"
#: Programs of some years ago read it too.
GPKG_VERSION = "1.3"
ROW_GROUP = 20_000
_EPOCH = date(1970, 1, 1)
_T = arro3.core.DataType
_TYPES: dict[Type, arro3.core.DataType] = {
    "text": _T.utf8(),
    "when": _T.utf8(),
    "day": _T.date32(),
    "whole": _T.int32(),
    "real": _T.float64(),
    "yes": _T.bool(),
}
Chunks = Iterable[tuple[Sequence[Row], Sequence[str | None]]]
"""Rows of `table.record`, and the geometry of each as GeoJSON text, None where it has no place."""


def write_gpkg(
    path: Path, chunks: Chunks, sources: Callable[[], Iterable[Row]], about: Sequence[Item]
) -> None:
    """Layers `projects` (geometries of all types; none where a project has no place), `about`, `sources`.
    What is said of the file stands in its metadata too. sources is asked after the rows."""
    with _Stream(chunks, _TYPES) as rows:
        pyogrio.raw.write_arrow(
            rows,
            path,
            layer=LAYER,
            driver="GPKG",
            geometry_name=GEOMETRY,
            geometry_type="Unknown",
            crs=CRS,
            dataset_metadata=_metadata(about),
            dataset_options={"VERSION": GPKG_VERSION},
            layer_options={"DESCRIPTION": _description(about), "GEOMETRY_NAME": GEOMETRY},
        )
    said = [{"item": item.key, **_said(item)} for item in about]
    _write_plain(path, ABOUT, ["item", "name_zh", "name_en", "value_zh", "value_en"], said)
    names = [name for name, *_ in SOURCE_COLUMNS]
    _write_plain(path, SOURCES, names, [source_record(source) for source in sources()])


def write_fgb(path: Path, chunks: Chunks, about: Sequence[Item]) -> None:
    """One layer with a spatial index, so only of what has a place; what is said of it stands in its header.
    The format knows no days, only instants: days are texts."""
    located = (
        ([row for row, text in zip(*chunk, strict=True) if text], [text for text in chunk[1] if text])
        for chunk in chunks
    )
    with _Stream(located, {**_TYPES, "day": _T.utf8()}) as rows:
        pyogrio.raw.write_arrow(
            rows,
            path,
            layer=LAYER,
            driver="FlatGeobuf",
            geometry_name=GEOMETRY,
            geometry_type="Unknown",
            crs=CRS,
            layer_options={"TITLE": LAYER, "DESCRIPTION": _description(about)},
        )


def write_parquet(path: Path, chunks: Chunks, about: Sequence[Item]) -> None:
    """GeoParquet 1.1, WKB; what is said of the file stands in its metadata under `guatu`, as JSON."""
    column = {
        "encoding": "WKB",
        "geometry_types": [],
        "crs": pyproj.CRS(CRS).to_json_dict(),
        "edges": "planar",
    }
    geo = {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
    told = {item.key: _said(item) for item in about}
    with _Stream(chunks, _TYPES) as rows:
        arro3.io.write_parquet(
            rows,
            path,
            compression="zstd(3)",
            max_row_group_size=ROW_GROUP,
            key_value_metadata={"geo": json.dumps(geo), "guatu": json.dumps(told, ensure_ascii=False)},
        )


class _Stream:
    """The rows as the writers take them. A writer tells of a failure to make them as its own; leaving this
    context raises the failure itself."""

    def __init__(self, chunks: Chunks, types: Mapping[Type, arro3.core.DataType]) -> None:
        self._chunks, self._types = chunks, types
        self._failure: BaseException | None = None

    def __enter__(self) -> arro3.core.RecordBatchReader:
        fields = [arro3.core.Field(column.name, self._types[column.type]) for column in COLUMNS]
        schema = arro3.core.Schema([*fields, arro3.core.Field(GEOMETRY, _T.binary())])
        return arro3.core.RecordBatchReader.from_batches(schema, self._batches(schema))

    def __exit__(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        if self._failure is not None:
            raise self._failure from error

    def _batches(self, schema: arro3.core.Schema) -> Iterator[arro3.core.RecordBatch]:
        try:
            for rows, texts in self._chunks:
                arrays = [_array([row[c.name] for row in rows], self._types[c.type]) for c in COLUMNS]
                yield arro3.core.RecordBatch.from_arrays([*arrays, _geometries(texts)], schema=schema)
        except Exception as failure:
            self._failure = failure
            raise


def _array(values: list[Any], type_: arro3.core.DataType) -> arro3.core.Array:
    if type_ == _T.date32():
        days = [None if value is None else (value - _EPOCH).days for value in values]
        return arro3.core.Array(days, _T.int32()).cast(type_)
    if type_ == _T.utf8():
        return arro3.core.Array([None if value is None else str(value) for value in values], type_)
    return arro3.core.Array(values, type_)


def _geometries(texts: Sequence[str | None]) -> arro3.core.Array:
    shapes = shapely.from_geojson(np.array(texts, dtype=object))
    return arro3.core.Array(list(shapely.to_wkb(shapes)), _T.binary())


def _write_plain(path: Path, layer: str, names: Sequence[str], rows: Sequence[Row]) -> None:
    """A table without geometry, beside the layers that are there."""
    schema = arro3.core.Schema([arro3.core.Field(name, _T.utf8()) for name in names])
    arrays = [_array([row[name] or None for row in rows], _T.utf8()) for name in names]
    batch = arro3.core.RecordBatch.from_arrays(arrays, schema=schema)
    table = arro3.core.RecordBatchReader.from_batches(schema, [batch])
    pyogrio.raw.write_arrow(table, path, layer=layer, driver="GPKG", append=True)


def _said(item: Item) -> dict[str, str]:
    return {"name_zh": item.zh, "name_en": item.en, "value_zh": item.value_zh, "value_en": item.value_en}


def _metadata(about: Sequence[Item]) -> dict[str, str]:
    """Where both languages say the same, once."""
    return {
        key: value
        for item in about
        for key, value in (
            {item.key: item.value_zh}
            if item.value_zh == item.value_en
            else {f"{item.key}_zh": item.value_zh, f"{item.key}_en": item.value_en}
        ).items()
    }


def _description(about: Sequence[Item]) -> str:
    return "\n".join(f"{key}: {value}" for key, value in _metadata(about).items())
