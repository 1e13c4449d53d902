"""The facts of Pinghu as changes: everything the first two changesets publish.

The files beside this one hold the sources, projects, claims, indicators and the ground under the map.
Geometry that comes from OpenStreetMap lies apart in `osm/` under its own licence.
"""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from geodata.changes import PROJECT_FIELDS, Change
from geodata.geometry import from_geojson

_FOLDER = resources.files(__package__)
DATASET = "pinghu-wall-chart"


@dataclass(frozen=True, slots=True)
class SeedChangeset:
    title_zh: str
    title_en: str
    changes: list[Change]


def area() -> dict[str, Any]:
    """The area's own record: ids, names, time zone, accept box, credits."""
    return tomllib.loads((_FOLDER / "area.toml").read_text(encoding="utf-8"))


def changesets() -> list[SeedChangeset]:
    """The two changesets, in order: the page with all sources and projects; then what others say."""
    page = area()["page"]
    claims = list(_rows("claims.csv"))
    return [
        SeedChangeset(
            "来源、项目、位置，以及 2025-01-16 版面的说法",
            "Sources, projects, places, and what the page of 2025-01-16 says",
            [
                *_sources(),
                *_indicators(),
                *_projects(),
                *_relations(),
                *_claims(c for c in claims if c["source"] == page),
            ],
        ),
        SeedChangeset(
            "其他来源的说法",
            "What all other sources say",
            list(_claims(c for c in claims if c["source"] != page)),
        ),
    ]


def ground() -> dict[str, Any]:
    """The ground under the map as one GeoJSON FeatureCollection (lon, lat in degrees): water, green, roads,
    neighbours, the outline. It is no project and carries no claims."""
    features = [*_features("osm/ground.geojson"), *_features("ground.geojson")]
    return {"type": "FeatureCollection", "credits": area()["credits"], "features": features}


def _sources() -> Iterator[Change]:
    for row in _rows("sources.csv"):
        yield Change("source", row["id"], after=row)


def _indicators() -> Iterator[Change]:
    for row in _rows("indicators.csv"):
        yield Change("indicator", row["code"], after=row)


def _projects() -> Iterator[Change]:
    from_osm = {f["id"]: f["geometry"] for f in _features("osm/projects.geojson")}
    for kind, feature in _project_features():
        properties = {
            "kind": kind,
            "dataset": DATASET,
            "external_key": feature["id"],
            **feature["properties"],
        }
        geometry = from_osm.get(feature["id"]) or feature["geometry"]
        yield Change(
            "add",
            feature["id"],
            after={name: properties[name] for name in PROJECT_FIELDS},
            geom_after=from_geojson(geometry) if geometry else None,
        )


def _relations() -> Iterator[Change]:
    for _, feature in _project_features():
        if parent := feature["properties"]["parent"]:
            after = {"from": feature["id"], "to": parent, "type": "part_of", "on_date": ""}
            yield Change("relate", feature["id"], after=after)


def _claims(rows: Iterator[dict[str, str]]) -> Iterator[Change]:
    for row in rows:
        after = {name: value for name, value in row.items() if name != "n"}
        yield Change("claim", "", after={**after, "verbatim": row["verbatim"] == "yes"})


def _project_features() -> Iterator[tuple[str, dict[str, Any]]]:
    folder: Traversable = _FOLDER / "projects"
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".geojson"):
            kind = file.name.removesuffix(".geojson")
            for feature in _features(f"projects/{file.name}"):
                yield kind, feature


def _features(path: str) -> list[dict[str, Any]]:
    text = _FOLDER.joinpath(*path.split("/")).read_text(encoding="utf-8")
    features: list[dict[str, Any]] = json.loads(text)["features"]
    return features


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = (_FOLDER / name).read_text(encoding="utf-8")
    yield from csv.DictReader(io.StringIO(text, newline=""))
