"""The formats in which a selection leaves as a file, and how each is written.

The writers take up to a second to import and some 100 MB; few answers need them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app import answers
from app.database import Connection
from app.exports.about import Item
from app.exports.table import Row, record
from app.projects import export, queries, service

MOST_ROWS = 200_000
"""Of a workbook, which would take minutes to write and to open, and ends at 1,048,576; and of FlatGeobuf,
whose index is made in memory (some 130 MB for so many)."""

Features = Iterable[list[dict[str, Any]]]


@dataclass(slots=True)
class Making:
    """A file that is being written. cited fills as the rows are read."""

    path: Path
    connection: Connection
    moment: service.Moment
    features: Features
    cited: set[str]
    about: list[Item]
    lang: str

    def rows(self) -> Iterator[list[Row]]:
        for chunk in self.features:
            yield [record(feature, self.moment) for feature in chunk]

    def layer(self) -> Iterator[tuple[list[Row], list[str | None]]]:
        for chunk in self.features:
            yield [record(f, self.moment) for f in chunk], [f["geometry"] for f in chunk]

    def sources(self) -> Sequence[Row]:
        found = queries.sources(self.connection, self.cited)
        return [dict(found[name]) for name in sorted(found)]


def _write_xlsx(making: Making) -> None:
    from app.exports import workbook

    workbook.write(making.path, making.rows(), making.sources, making.about, making.moment, making.lang)


def _write_gpkg(making: Making) -> None:
    from app.exports import layers

    layers.write_gpkg(making.path, making.layer(), making.sources, making.about)


def _write_fgb(making: Making) -> None:
    from app.exports import layers

    layers.write_fgb(making.path, making.layer(), making.about)


def _write_parquet(making: Making) -> None:
    from app.exports import layers

    layers.write_parquet(making.path, making.layer(), making.about)


def _write_kml(making: Making) -> None:
    from app.exports import keyhole

    keyhole.write_kml(making.path, making.layer(), making.about)


def _write_shapefiles(making: Making) -> None:
    from app.exports import shapefiles

    shapefiles.write_shapefiles(making.path, making.layer(), making.about)


def _write_geojson(making: Making) -> None:
    with making.path.open("wb") as file:
        file.writelines(export.geojson_bytes(making.features, making.moment))


@dataclass(frozen=True, slots=True)
class Format:
    """name: as people call it. most: rows that it can take. located: whether it holds only what has a place.
    in_language: whether its words follow the reader. summary, told: for the description of the interface."""

    ending: str
    name: str
    media_type: str
    write: Callable[[Making], None]
    summary: str
    told: str
    most: Callable[[], int] | None = None
    located: bool = False
    in_language: bool = False


FORMATS = (
    Format(
        "geojson",
        "GeoJSON",
        answers.GEOJSON,
        _write_geojson,
        "The same selection as one GeoJSON file",
        "Everything in one file, without pages: the properties of the list, codes also in words, and"
        " `place`, where each geometry comes from.",
    ),
    Format(
        "xlsx",
        "XLSX",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _write_xlsx,
        "The same selection as a workbook",
        "Typed cells: numbers as numbers, days as days where they are exact to the day, and no formula."
        " Sheets of the projects, of the documents behind them, and of the selection with its credits and"
        " warnings.",
        most=lambda: MOST_ROWS,
        in_language=True,
    ),
    Format(
        "gpkg",
        "GeoPackage",
        "application/geopackage+sqlite3",
        _write_gpkg,
        "The same selection as a GeoPackage",
        "Layer `projects` (EPSG:4326; no geometry where a project has no place) and the tables `about` and "
        "`sources`; words in both languages.",
    ),
    Format(
        "fgb",
        "FlatGeobuf",
        "application/vnd.flatgeobuf",
        _write_fgb,
        "The same selection as FlatGeobuf",
        "With a spatial index, so only the projects that have a place; its header tells how many have none.",
        most=lambda: MOST_ROWS,
        located=True,
    ),
    Format(
        "parquet",
        "Parquet",
        "application/vnd.apache.parquet",
        _write_parquet,
        "The same selection as GeoParquet",
        "GeoParquet 1.1 with WKB geometry (EPSG:4326); what is said of the file is in its metadata, `guatu`.",
    ),
    Format(
        "kml",
        "KML",
        "application/vnd.google-earth.kml+xml",
        _write_kml,
        "The same selection as KML",
        "A placemark a project, in the hue of its kind, with the columns of the other files as its data;"
        " what is said of the file stands in its description. It cites no sources.",
    ),
    Format(
        "shp.zip",
        "Shapefile",
        "application/zip",
        _write_shapefiles,
        "The same selection as zipped Shapefiles",
        "A Shapefile for points, lines and areas each, only of what has a place; the full names of its"
        " columns beside it, and what is said of the file in README.txt.",
        most=lambda: MOST_ROWS,
        located=True,
    ),
)
