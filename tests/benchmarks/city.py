"""A made-up city of parcels without gaps or overlaps, as large as one likes: neighbours share their edges.

No real data. The same number gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import orjson
import shapely

WEST, SOUTH, EAST, NORTH = 114.03, 22.6, 114.19, 22.78
BETWEEN = 3
"""Points of an edge between its corners: a ring has 4 * (BETWEEN + 1) + 1 positions."""
SHIFT, WAVE = 0.22, 0.04
DECIMALS = 7
STATUS = ("规划", "拟建", "在建", "已竣工")
USES = ("住宅", "工业", "商业", "公共设施", "道路", "绿地", "农田", "城中村")
SEED = 8
ROWS_AT_ONCE = 32

Rings = npt.NDArray[np.float64]


def rings(count: int) -> Iterator[Rings]:
    """The rings of about `count` parcels: (n, 17, 2) arrays of lon, lat in degrees, WGS84, closed, the
    outside on their right as they are walked backwards (counter-clockwise)."""
    columns = round((count * (EAST - WEST) / (NORTH - SOUTH)) ** 0.5)
    rows = -(-count // columns)
    chance = np.random.default_rng(SEED)
    step = np.array([(EAST - WEST) / columns, (NORTH - SOUTH) / rows])
    below = _line(0, rows, columns, step, chance)
    left = 0
    for first in range(0, rows, ROWS_AT_ONCE):
        strips = []
        for row in range(first, min(first + ROWS_AT_ONCE, rows)):
            above = _line(row + 1, rows, columns, step, chance)
            upright = _edges(below[0], above[0], step, chance)
            strips.append(_strip(below, above, upright))
            below = above
        found: Rings = np.concatenate(strips)[: count - left].round(DECIMALS)
        left += len(found)
        yield found


def _line(row: int, rows: int, columns: int, step: Rings, chance: np.random.Generator) -> tuple[Rings, Rings]:
    """The corners along one line of the grid, and the points of the edges between them."""
    corners = np.column_stack([np.arange(columns + 1), np.full(columns + 1, row)]) * step + (WEST, SOUTH)
    inside = chance.uniform(-SHIFT, SHIFT, corners.shape) * step
    inside[[0, -1], 0] = 0
    if row in (0, rows):
        inside[:, 1] = 0
    corners = corners + inside
    return corners, _edges(corners[:-1], corners[1:], step, chance)


def _edges(start: Rings, end: Rings, step: Rings, chance: np.random.Generator) -> Rings:
    share = (np.arange(BETWEEN) + 1)[None, :, None] / (BETWEEN + 1)
    along = end - start
    across = np.stack([-along[:, 1], along[:, 0]], axis=-1)[:, None]
    wave = chance.uniform(-WAVE, WAVE, (len(start), BETWEEN, 1))
    return np.asarray(start[:, None] + share * along[:, None] + wave * across)


def _strip(below: tuple[Rings, Rings], above: tuple[Rings, Rings], upright: Rings) -> Rings:
    (south, south_edge), (north, north_edge) = below, above
    parts = [
        south[:-1, None],
        south_edge,
        south[1:, None],
        upright[1:],
        north[1:, None],
        north_edge[:, ::-1],
        north[:-1, None],
        upright[:-1, ::-1],
        south[:-1, None],
    ]
    return np.concatenate(parts, axis=1)


def properties(number: int) -> dict[str, object]:
    return {
        "编号": f"C{number:07d}",
        "名称": f"地块{number}号",
        "状态": STATUS[number % len(STATUS)],
        "图斑类型": USES[number % len(USES)],
        "备注代码": number % 1000,
    }


def write_geojson(path: Path, count: int) -> None:
    """About 800 bytes a parcel."""
    with path.open("wb") as file:
        file.write(b'{"type":"FeatureCollection","features":[\n')
        _write_features(file, count)
        file.write(b"\n]}\n")


def _write_features(file: BinaryIO, count: int) -> None:
    number = 0
    for batch in rings(count):
        for ring in batch.tolist():
            feature = {
                "type": "Feature",
                "properties": properties(number),
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
            file.write(b",\n" * bool(number) + orjson.dumps(feature))
            number += 1


def frames(count: int) -> Iterator[tuple[int, npt.NDArray[np.object_]]]:
    """The number of the first parcel of a batch, and its polygons."""
    first = 0
    for batch in rings(count):
        yield first, np.asarray(shapely.polygons(batch))
        first += len(batch)
