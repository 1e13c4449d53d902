"""Vector tiles: what is in them, how long they may be kept, and how the database makes them."""

from __future__ import annotations

import math
import re
from typing import Any

import mapbox_vector_tile
import pytest
from fastapi.testclient import TestClient
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import event, text

from app.database import Database
from app.main import create_app
from app.settings import Settings
from app.tiles import queries
from geodata.kinds import load_kinds
from tests.app.asking import Json, assert_problem, get
from tests.app.changing import change_project

PINGHU = (114.12, 22.69)


def tile_at(zoom: int, lon: float = PINGHU[0], lat: float = PINGHU[1]) -> tuple[int, int]:
    """Column and row of the tile that holds a point (degrees, WGS84)."""
    n = 2**zoom
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return int((lon + 180) / 360 * n), int(y * n)


def address(kind: str, zoom: int, revision: str = "latest") -> str:
    x, y = tile_at(zoom)
    return f"/tiles/pinghu/{revision}/{kind}/{zoom}/{x}/{y}.mvt"


def layers(client: TestClient, kind: str, zoom: int) -> Json:
    answer = client.get(address(kind, zoom))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert len(answer.content) <= 500_000
    decoded: Json = mapbox_vector_tile.decode(answer.content) if answer.content else {}
    return decoded


# ---------------------------------------------------------------- content


@pytest.mark.parametrize("kind", load_kinds())
def test_H358_a_tile_of_the_whole_area_holds_every_located_project_of_its_kind(
    client: TestClient, kind: str
) -> None:
    tile = layers(client, kind, 6).get(kind, {"features": []})
    by_id = {feature["properties"]["id"]: feature for feature in tile["features"]}
    layer = get(client, f"/api/layers/{kind}.geojson")["features"]
    located = {f["id"]: f for f in layer if f["geometry"]}
    assert set(by_id) <= set(located)
    for name, feature in located.items():
        if name not in by_id:
            assert smaller_than_a_pixel(shape(feature["geometry"]), 6), name
            continue
        for field in ("phases", "name_zh", "name_en", "precision"):
            assert by_id[name]["properties"][field] == feature["properties"][field]
        assert isinstance(by_id[name]["id"], int)


def smaller_than_a_pixel(geometry: BaseGeometry, zoom: int) -> bool:
    west, south, east, north = geometry.bounds
    pixel = 360 / 2**zoom / 4096
    return geometry.geom_type != "Point" and (east - west < 2 * pixel or north - south < 2 * pixel)


def test_a_line_carries_the_number_that_gives_its_hue(client: TestClient) -> None:
    found = layers(client, "metro", 12)["metro"]
    assert found["extent"] == 4096
    numbers = {f["properties"]["id"]: f["properties"].get("by") for f in found["features"]}
    assert numbers["metro-line-10-main"] == "10"


def test_an_empty_tile_is_a_good_answer(client: TestClient) -> None:
    answer = client.get("/tiles/pinghu/latest/metro/12/0/0.mvt")
    assert (answer.status_code, answer.content) == (200, b"")


def test_points_stand_where_they_should(client: TestClient) -> None:
    zoom = 14
    x, y = tile_at(zoom, 114.11734, 22.672622)
    answer = client.get(f"/tiles/pinghu/latest/station/{zoom}/{x}/{y}.mvt")
    features = mapbox_vector_tile.decode(answer.content)["station"]["features"]
    (mugu,) = [f for f in features if f["properties"]["id"] == "mugu-station"]
    px, py = mugu["geometry"]["coordinates"]
    n = 2**zoom
    lon = (x + px / 4096) / n * 360 - 180
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (y + 1 - py / 4096) / n))))
    assert (lon, lat) == pytest.approx((114.11734, 22.672622), abs=1e-5)


# ---------------------------------------------------------------- revisions


def test_a_tile_of_a_named_revision_may_be_kept_for_ever(client: TestClient) -> None:
    answer = client.get(address("metro", 12, "2"))
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    latest = client.get(address("metro", 12))
    assert latest.headers["cache-control"] == "no-cache"
    assert latest.content == answer.content
    again = client.get(address("metro", 12), headers={"If-None-Match": latest.headers["etag"]})
    assert again.status_code == 304


def test_a_superseded_tile_is_gone_and_one_ahead_is_not_there_yet(client: TestClient) -> None:
    gone = assert_problem(client.get(address("metro", 12, "1")), 410, "superseded")
    assert gone["revision"] == 2
    ahead = client.get(address("metro", 12, "3"))
    assert_problem(ahead, 503, "behind")
    assert ahead.headers["retry-after"] == "1"


def test_publishing_supersedes(fresh: Database) -> None:
    with TestClient(create_app(Settings(), fresh)) as client:
        before = client.get(address("road", 12, "2"))
        assert before.status_code == 200
        assert change_project(fresh, "zhonghuan-avenue", name_en="Renamed") == 3
        assert_problem(client.get(address("road", 12, "2")), 410, "superseded")
        after = client.get(address("road", 12, "3"))
        assert after.status_code == 200
        names = [
            f["properties"]["name_en"] for f in mapbox_vector_tile.decode(after.content)["road"]["features"]
        ]
        assert "Renamed" in names


def test_the_revision_is_read_in_the_tiles_own_statement(seeded: Database) -> None:
    statements: list[str] = []

    def note(_c: Any, _u: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    with seeded.reading() as connection:
        event.listen(connection, "before_cursor_execute", note)
        revision, _ = queries.tile(connection, "pinghu", "metro", "line", 12, *tile_at(12))
    assert revision == 2
    assert len(statements) == 1
    assert "revision" in statements[0]


def test_geometry_is_clipped_once(seeded: Database) -> None:
    x, y = tile_at(12)
    values = {"area_id": "pinghu", "kind": "metro", "by": "line", "z": 12, "x": x, "y": y}
    values |= {"crowd": "metro-crowd", "most": queries.MOST_SHAPES, "cells": queries.CELLS}
    with seeded.reading() as connection:
        statement = text(f"explain (verbose, costs off) {queries._TILE.text}")
        plan = "\n".join(row[0] for row in connection.execute(statement, values))
    # A node that only hands on what a lower one computed shows it in parentheses.
    computed = [line for line in plan.splitlines() if re.search(r"(?<!\()st_asmvtgeom\(", line)]
    assert len(computed) == 1
    assert computed[0].strip().startswith("Output:")


# ---------------------------------------------------------------- refusals and the description


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ("/tiles/pinghu/latest/metro/23/0/0.mvt", 400),
        ("/tiles/pinghu/latest/metro/-1/0/0.mvt", 400),
        ("/tiles/pinghu/latest/metro/3/8/0.mvt", 400),
        ("/tiles/pinghu/latest/metro/3/0/8.mvt", 400),
        ("/tiles/pinghu/latest/metro/a/0/0.mvt", 400),
        ("/tiles/pinghu/newest/metro/3/0/0.mvt", 400),
        ("/tiles/pinghu/２/metro/3/0/0.mvt", 400),
        ("/tiles/pinghu/latest/no-such/3/0/0.mvt", 400),
        ("/tiles/pinghu/latest/nosuch/3/0/0.mvt", 404),
        ("/tiles/elsewhere/latest/metro/3/0/0.mvt", 404),
        ("/tiles/pinghu/latest/metro/3/0/0.png", 404),
        ("/tiles/pinghu/latest/metro/3/0/0.mvt?scale=2", 400),
        ("/tiles.json?kind=nosuch", 404),
        ("/tiles.json", 400),
    ],
)
def test_addresses_outside_are_told(client: TestClient, wrong: str, status: int) -> None:
    assert_problem(client.get(wrong), status)


def test_tilejson_leads_to_the_tiles(client: TestClient) -> None:
    found = get(client, "/tiles.json", kind="metro")
    assert found["tilejson"] == "3.0.0"
    (template,) = found["tiles"]
    x, y = tile_at(12)
    tile = client.get(template.format(z=12, x=x, y=y))
    assert tile.status_code == 200
    assert "immutable" in tile.headers["cache-control"]
    assert "© OpenStreetMap contributors" in found["attribution"]
    decoded = mapbox_vector_tile.decode(tile.content)["metro"]["features"][0]["properties"]
    assert set(decoded) <= set(found["vector_layers"][0]["fields"])
    west, south, east, north = found["bounds"]
    assert west < PINGHU[0] < east
    assert south < PINGHU[1] < north
