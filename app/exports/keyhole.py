"""A selection as KML (OGC 12-007r2), for globes: a placemark a project, with its row as data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import orjson

from app.exports.about import Item
from app.exports.table import COLUMNS, Row
from geodata.kinds import load_kinds

# What XML cannot hold, not even as a reference.
_UNSAYABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FILLED = "66"
# By these a file of ours is known when it comes back; the other columns are left out where they are empty.
_ALWAYS = frozenset({"id", "kind", "precision", "phases"})


def write_kml(
    path: Path, chunks: Iterable[tuple[Sequence[Row], Sequence[str | None]]], about: Sequence[Item]
) -> None:
    """Every project, with no geometry where it has no place; columns as in the other files. chunks: rows of
    `table.record`, and the geometry of each as GeoJSON text."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(_document(chunks, about))


def _document(
    chunks: Iterable[tuple[Sequence[Row], Sequence[str | None]]], about: Sequence[Item]
) -> Iterator[str]:
    area = next(item for item in about if item.key == "area")
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n'
    yield f"<name>{_text(f'{area.value_zh} {area.value_en}')}</name>\n"
    told = "\n".join(f"{item.zh}：{item.value_zh}\n{item.en}: {item.value_en}" for item in about)
    yield f"<description>{_text(told)}</description>\n"
    for kind in load_kinds().values():
        yield _style(kind.id, str(kind.style.light))
    for rows, geometries in chunks:
        for row, geometry in zip(rows, geometries, strict=True):
            yield _placemark(row, geometry)
    yield "</Document>\n</kml>\n"


def _style(kind: str, hue: str) -> str:
    """KML writes a colour from back to front: opacity, blue, green, red."""
    red, green, blue = hue[1:3], hue[3:5], hue[5:7]
    backwards = f"{blue}{green}{red}"
    return (
        f"<Style id={quoteattr(kind)}><LineStyle><color>ff{backwards}</color><width>3</width></LineStyle>"
        f"<PolyStyle><color>{_FILLED}{backwards}</color></PolyStyle></Style>\n"
    )


def _placemark(row: Row, geometry: str | None) -> str:
    data = "".join(
        f'<Data name="{column.name}"><value>{_text(_value(row[column.name]))}</value></Data>'
        for column in COLUMNS
        if row[column.name] is not None or column.name in _ALWAYS
    )
    name = _text(row["name_zh"] or row["name_en"] or row["id"])
    shape = "" if geometry is None else _shape(orjson.loads(geometry))
    return (
        f"<Placemark><name>{name}</name><styleUrl>#{row['kind']}</styleUrl>"
        f"<ExtendedData>{data}</ExtendedData>{shape}</Placemark>\n"
    )


def _value(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _text(value: str) -> str:
    return escape(_UNSAYABLE.sub("\ufffd", value))


def _shape(geometry: dict[str, Any]) -> str:
    kind = geometry["type"]
    if kind.startswith("Multi") or kind == "GeometryCollection":
        parts = geometry.get("geometries") or [
            {"type": kind.removeprefix("Multi"), "coordinates": part} for part in geometry["coordinates"]
        ]
        return f"<MultiGeometry>{''.join(map(_shape, parts))}</MultiGeometry>"
    if kind == "Polygon":
        outer, *holes = (f"<LinearRing>{_coordinates(ring)}</LinearRing>" for ring in geometry["coordinates"])
        inner = "".join(f"<innerBoundaryIs>{hole}</innerBoundaryIs>" for hole in holes)
        return f"<Polygon><outerBoundaryIs>{outer}</outerBoundaryIs>{inner}</Polygon>"
    positions = [geometry["coordinates"]] if kind == "Point" else geometry["coordinates"]
    return f"<{kind}>{_coordinates(positions)}</{kind}>"


def _coordinates(positions: Sequence[Sequence[float]]) -> str:
    """lon,lat in degrees, WGS84."""
    return f"<coordinates>{' '.join(f'{lon},{lat}' for lon, lat, *_ in positions)}</coordinates>"
