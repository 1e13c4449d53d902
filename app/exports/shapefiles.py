"""A selection as zipped Shapefiles: one sort of geometry each, names of ten letters, texts of 254 bytes.

Beside each lies a table of its short and full names; what the format cannot hold is told in README.txt.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import arro3.core
import numpy as np
import pyogrio.raw
import shapely
from numpy.typing import NDArray

from app.exports.about import Item
from app.exports.table import COLUMNS, Column, Row

_LONGEST_NAME, _LONGEST_TEXT = 10, 254
_CUT = "…"
_T = arro3.core.DataType
_WHOLE = {"whole": _T.int32(), "real": _T.float64()}
# The sort of layer by the dimension of its shapes; points of several places need one of their own.
_SORTS = {"points": "Point", "multipoints": "MultiPoint", "lines": "LineString", "areas": "Polygon"}


def write_shapefiles(
    path: Path, chunks: Iterable[tuple[Sequence[Row], Sequence[str | None]]], about: Sequence[Item]
) -> None:
    """Layers `points`, `multipoints`, `lines` and `areas`, those that hold anything; no project without a
    place. chunks: rows of `table.record`, and the geometry of each as GeoJSON text. The folder of path is
    written to."""
    folder = path.parent / "layers"
    folder.mkdir()
    layers: set[str] = set()
    cut = 0
    for rows, texts in chunks:
        shapes = shapely.from_geojson(np.array(texts, dtype=object))
        sorts = np.array([_sort(shape) for shape in shapes], dtype=object)
        for name in _SORTS:
            chosen = np.flatnonzero(sorts == name)
            if len(chosen):
                cut += _append(
                    folder, name, [rows[int(n)] for n in chosen], shapes[chosen], new=name not in layers
                )
                layers.add(name)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)
        for name in sorted(layers):
            archive.writestr(f"{name}.csv", _names_table())
        archive.writestr("README.txt", _readme(about, cut))


def _sort(shape: Any) -> str:
    if shape is None or shapely.is_empty(shape):
        return ""
    if shapely.get_dimensions(shape) == 0:
        return "points" if shape.geom_type == "Point" else "multipoints"
    return "lines" if shapely.get_dimensions(shape) == 1 else "areas"


def _append(folder: Path, layer: str, rows: Sequence[Row], shapes: NDArray[np.object_], *, new: bool) -> int:
    """Add rows to a layer; how many texts had to be cut."""
    fields = [arro3.core.Field(SHORT[column.name], _WHOLE.get(column.type, _T.utf8())) for column in COLUMNS]
    schema = arro3.core.Schema([*fields, arro3.core.Field("geometry", _T.binary())])
    arrays, cut = [], 0
    for column in COLUMNS:
        values, shortened = _values(column, rows)
        arrays.append(arro3.core.Array(values, _WHOLE.get(column.type, _T.utf8())))
        cut += shortened
    arrays.append(arro3.core.Array(list(shapely.to_wkb(shapes)), _T.binary()))
    batch = arro3.core.RecordBatch.from_arrays(arrays, schema=schema)
    pyogrio.raw.write_arrow(
        arro3.core.RecordBatchReader.from_batches(schema, [batch]),
        folder / f"{layer}.shp",
        layer=layer,
        driver="ESRI Shapefile",
        geometry_name="geometry",
        geometry_type=_SORTS[layer],
        crs="EPSG:4326",
        append=not new,
        layer_options={"ENCODING": "UTF-8"} if new else {},
    )
    return cut


def _values(column: Column, rows: Sequence[Row]) -> tuple[list[Any], int]:
    """The column as the format has it: days, truths and vague dates are texts."""
    found = [row[column.name] for row in rows]
    if column.type in _WHOLE:
        return found, 0
    if column.type == "yes":
        return [None if value is None else "yes" if value else "no" for value in found], 0
    texts = [None if value is None else str(value) for value in found]
    fitted = [None if text is None else _fitted(text) for text in texts]
    return fitted, sum(a != b for a, b in zip(texts, fitted, strict=True))


def _fitted(text: str) -> str:
    """As much of a text as 254 bytes of UTF-8 hold, whole characters only. One that was cut ends in "…", so
    that people see it, and our own reader knows it again."""
    raw = text.encode("utf-8")
    if len(raw) <= _LONGEST_TEXT:
        return text
    room = _LONGEST_TEXT - len(_CUT.encode("utf-8"))
    return raw[:room].decode("utf-8", errors="ignore") + _CUT


def _short_names() -> dict[str, str]:
    """Ten letters for every column: cut, and numbered where two would be one."""
    found: dict[str, str] = {}
    for column in COLUMNS:
        short, n = column.name[:_LONGEST_NAME], 1
        while short in found.values():
            n += 1
            short = f"{column.name[: _LONGEST_NAME - len(str(n)) - 1]}_{n}"
        found[column.name] = short
    return found


SHORT = _short_names()


def _names_table() -> str:
    out = io.StringIO()
    csv.writer(out).writerows([("short", "full"), *((short, name) for name, short in SHORT.items())])
    return out.getvalue()


def _readme(about: Sequence[Item], cut: int) -> str:
    lines = [f"{item.zh}：{item.value_zh}\n{item.en}: {item.value_en}" for item in about]
    lines.append(
        "字段名截为十个字符，全名见同名 .csv。\n"
        "Names of columns are cut to ten characters; the .csv beside each layer has the full ones."
    )
    if cut:
        lines.append(
            f"有 {cut} 处文字超过 254 字节，已截短并以“…”结尾；完整文字请用 GeoPackage。\n"
            f"{cut} texts were longer than 254 bytes and were cut, to end in '…';"
            " take the GeoPackage for all of them."
        )
    return "\n\n".join(lines) + "\n"
