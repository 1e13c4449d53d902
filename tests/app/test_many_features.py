"""A kind too numerous for one answer: where the page takes it from, and what its crowded tiles hold."""

from __future__ import annotations

from collections.abc import Iterator

import mapbox_vector_tile
import psycopg
import pytest
from fastapi.testclient import TestClient
from shapely.geometry import shape
from sqlalchemy import event

from app.database import Database
from app.main import create_app
from app.settings import Settings
from app.tiles.queries import CELLS, MOST_SHAPES
from geodata.kinds import KindError, load_kinds, parse_kind
from tests import many
from tests.app.asking import Json, get
from tests.app.changing import add_project
from tests.app.test_tiles_api import tile_at
from tests.conftest import SEEDED, opened

COUNT = 12_000
HEAVIEST = 500_000
MIDDLE = (114.11, 22.67)


@pytest.fixture(scope="module")
def crowded() -> Iterator[Database]:
    """The facts of Pinghu and thousands of parcels."""
    with opened(SEEDED) as database:
        with psycopg.connect(database.url.replace("postgresql+psycopg", "postgresql")) as connection:
            many.copy_parcels(connection, COUNT, columns=120)
        yield database


@pytest.fixture(scope="module")
def client(crowded: Database) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(), crowded)) as found:
        yield found


def kind_of(client: TestClient, name: str) -> Json:
    found: list[Json] = [kind for kind in get(client, "/api/catalogue")["kinds"] if kind["id"] == name]
    return found[0]


# ---------------------------------------------------------------- where a kind comes from


def test_a_kind_comes_as_tiles_above_the_count_only(crowded: Database, client: TestClient) -> None:
    parcels = kind_of(client, many.KIND)
    assert parcels["served"] == "tiles"
    assert parcels["projects"] == COUNT + 6
    assert parcels["placed"] == COUNT + 5
    others = [kind for kind in get(client, "/api/catalogue")["kinds"] if kind["id"] != many.KIND]
    assert {kind["served"] for kind in others} == {"features"}
    for limit, served in [(COUNT + 5, "tiles"), (COUNT + 6, "features")]:
        with TestClient(create_app(Settings(tiles_above=limit), crowded)) as other:
            assert kind_of(other, many.KIND)["served"] == served


def test_every_kind_counts_its_projects(client: TestClient) -> None:
    for kind in get(client, "/api/catalogue")["kinds"]:
        found = get(client, "/api/projects", kind=kind["id"], limit=1)
        assert kind["projects"] == found["numberMatched"], kind["id"]


def test_the_counting_is_done_once_a_revision(fresh: Database) -> None:
    asked: list[str] = []

    def note(_c: object, _u: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    with TestClient(create_app(Settings(), fresh)) as client:
        first = kind_of(client, "park")["projects"]
        event.listen(fresh._public, "before_cursor_execute", note)
        assert kind_of(client, "park")["projects"] == first
        assert [statement for statement in asked if "count(" in statement.lower()] == []
        add_project(fresh, "one-more-park", None)
        assert kind_of(client, "park")["projects"] == first + 1
        assert len([statement for statement in asked if "count(" in statement.lower()]) == 1


def test_a_changed_limit_makes_another_catalogue(crowded: Database, client: TestClient) -> None:
    tag = client.get("/api/catalogue").headers["etag"]
    with TestClient(create_app(Settings(tiles_above=1), crowded)) as other:
        assert other.get("/api/catalogue", headers={"If-None-Match": tag}).status_code == 200


def test_a_kind_file_may_ask_for_tiles() -> None:
    text = (
        'id = "pole"\nname_zh = "电杆"\nname_en = "Pole"\ngroup = "land"\norder = 1\ntracked = false\n'
        'geometry = ["point"]\n{tiles}\n'
        '[style]\nform = "area"\nlight = "#845900"\ndark = "#f09a28"\nglyph = ""\n'
        + "".join(
            f'[[milestones]]\ncode = "{code}"\nname_zh = "x"\nname_en = "x"\nphase = "{phase}"\n'
            for code, phase in [
                ("closed", "closed"),
                ("reopened", "in_service"),
                ("cancelled", "cancelled"),
            ]
        )
    )
    assert parse_kind(text.replace("{tiles}", "tiles = true"), "pole.toml").tiles is True
    assert parse_kind(text.replace("{tiles}", ""), "pole.toml").tiles is False
    with pytest.raises(KindError, match="tiles"):
        parse_kind(text.replace("{tiles}", 'tiles = "often"'), "pole.toml")
    assert not any(kind.tiles for kind in load_kinds().values())


# ---------------------------------------------------------------- what a crowded tile holds


def tile(client: TestClient, zoom: int) -> tuple[Json, int]:
    x, y = tile_at(zoom, *MIDDLE)
    answer = client.get(f"/tiles/pinghu/latest/{many.KIND}/{zoom}/{x}/{y}.mvt")
    assert answer.status_code == 200
    return mapbox_vector_tile.decode(answer.content, default_options={"y_coord_down": True}), len(
        answer.content
    )


@pytest.mark.parametrize("zoom", range(6, 18))
def test_no_tile_is_empty_and_none_is_heavy(client: TestClient, zoom: int) -> None:
    layers, size = tile(client, zoom)
    assert any(layer["features"] for layer in layers.values())
    assert 0 < size <= HEAVIEST
    for layer in layers.values():
        assert len(layer["features"]) <= max(MOST_SHAPES, CELLS**2)


@pytest.mark.parametrize("zoom", [6, 8, 10])
def test_the_squares_stand_for_every_parcel(client: TestClient, zoom: int) -> None:
    layers, _ = tile(client, zoom)
    shapes = layers.get(many.KIND, {"features": []})["features"]
    squares = layers[f"{many.KIND}-crowd"]["features"]
    stood_for = sum(feature["properties"]["n"] for feature in squares)
    assert stood_for + len(shapes) == COUNT + 5


def test_a_square_is_a_cell_of_the_grid_with_the_phases_of_one_of_its_own(client: TestClient) -> None:
    layers, _ = tile(client, 12)
    side = 4096 // CELLS
    squares = layers[f"{many.KIND}-crowd"]["features"]
    said = {many.phases_of(n) for n in range(COUNT)}
    seen = set()
    for feature in squares:
        west, north, east, south = shape(feature["geometry"]).bounds
        assert (east - west, south - north) == (side, side)
        assert west % side == north % side == 0
        seen.add((west, north))
        properties = feature["properties"]
        assert ("id" in properties) == (properties["n"] == 1)
        assert properties["phases"] in said or properties["n"] == 1
    assert len(seen) == len(squares) > 100


def test_a_tile_that_is_not_crowded_holds_every_shape_with_its_names(client: TestClient) -> None:
    layers, _ = tile(client, 16)
    assert set(layers) == {many.KIND}
    for feature in layers[many.KIND]["features"]:
        properties = feature["properties"]
        assert {"id", "name_zh", "name_en", "precision", "phases"} <= set(properties)
        number = int(properties["id"].removeprefix("copied-"))
        assert properties["phases"] == many.phases_of(number)
        assert properties["name_zh"] == f"地块{number}号"


def test_published_parcels_have_the_phases_that_follow_from_what_is_said(fresh: Database) -> None:
    assert many.publish_parcels(fresh, 12) == 3
    with TestClient(create_app(Settings(), fresh)) as client:
        found = {
            f["id"]: f["properties"] for f in get(client, f"/api/layers/{many.KIND}.geojson")["features"]
        }
    for number in range(12):
        assert found[many.parcel_id(number)]["phases"] == many.phases_of(number)
