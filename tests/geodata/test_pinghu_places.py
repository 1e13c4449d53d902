"""Where things are, how well that is known, and whose drawing it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from itertools import combinations
from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import Transformer
from shapely import affinity
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from geodata import pinghu
from geodata.geometry import MEASURED_PRECISIONS, measures
from tests.geodata.facts import FOLDER, ground, place, projects, record, rows_of

_METRES = Transformer.from_crs("EPSG:4326", "EPSG:32650", always_xy=True)


def in_metres(geometry: BaseGeometry) -> BaseGeometry:
    return shapely.transform(geometry, lambda xy: np.column_stack(_METRES.transform(xy[:, 0], xy[:, 1])))


def metres_between(a: BaseGeometry, b: BaseGeometry) -> float:
    return float(shapely.distance(in_metres(a), in_metres(b)))


# ---------------------------------------------------------------- sanity of the places

LINE_10 = (
    "gankeng-station",
    "liangmaoshan-station",
    "shanglilang-station",
    "mugu-station",
    "huanancheng-station",
    "hehua-station",
    "pinghu-station-line-10",
    "shuangyong-street-station",
)
INSIDE = LINE_10[3:]


@pytest.mark.parametrize("station", LINE_10)
def test_the_stations_of_line_10_lie_on_it(station: str) -> None:
    assert metres_between(place(station), place("metro-line-10-main")) <= 6.5


@pytest.mark.parametrize("station", LINE_10)
def test_which_stations_lie_in_pinghu(station: str) -> None:
    (outline,) = ground("outline")
    assert shape(outline["geometry"]).covers(place(station)) is (station in INSIDE)


def test_the_railway_stations_lie_at_their_tracks() -> None:
    tracks = place("guangshen-intercity")
    (mugu,) = [shape(feature["geometry"]) for feature in ground("rail_station")]
    assert metres_between(place("pinghu-railway-station"), tracks) == pytest.approx(9, abs=1)
    assert metres_between(mugu, tracks) == pytest.approx(34, abs=1)


def test_line_10_measures_what_its_stations_are_apart() -> None:
    known = record("metro-line-10-main")
    _, length_km = measures(place("metro-line-10-main"), known["precision"], known["partial"])
    assert length_km == pytest.approx(28.79, rel=0.01)
    official = [r["value"] for r in rows_of("metro-line-10-main") if r["property"] == "measure:length_km"]
    assert official == ["29.31"]


@pytest.mark.parametrize(
    ("one", "other", "crossing"),
    [
        ("jihe-expressway-widening", "danping-fast-road", (114.1425, 22.6616)),
        ("danping-fast-road", "pingyan-railway", (114.1436, 22.6641)),
    ],
)
def test_where_lines_cross(one: str, other: str, crossing: tuple[float, float]) -> None:
    meeting = shapely.intersection(place(one), place(other))
    assert not meeting.is_empty
    # The expressways are approximate lines.
    assert metres_between(meeting, Point(crossing)) < 50


def test_the_outline_has_the_published_size() -> None:
    (outline,) = ground("outline")
    area_ha, _ = measures(shape(outline["geometry"]), "digitised", False)
    assert area_ha == pytest.approx(4096, rel=0.005)
    assert "非官方" in outline["properties"]["name_zh"]
    assert "not an official" in outline["properties"]["name_en"]


def test_nothing_stands_where_another_datum_would_put_it() -> None:
    """GCJ-02 is 602 m toward 119° here: a station that had been left in it would be far from its line."""
    shifted = affinity.translate(place("mugu-station"), 0.005107, -0.002668)
    assert metres_between(place("mugu-station"), shifted) == pytest.approx(602, abs=5)
    assert metres_between(shifted, place("metro-line-10-main")) > 200


# ---------------------------------------------------------------- precision, licences, credits


def test_invented_and_partial_shapes_are_never_measured() -> None:
    measured = {
        name
        for name, change in projects().items()
        if any(measures(change.geom_after, record(name)["precision"], record(name)["partial"]))
    }
    assert measured == {"metro-line-10-main", "ecological-park"}
    partial = {name for name in projects() if record(name)["partial"]}
    assert {"mining-park", "guangshen-intercity", "pingda-road-upgrade"} <= partial
    for name in projects():
        if record(name)["precision"] not in MEASURED_PRECISIONS:
            assert measures(projects()[name].geom_after, record(name)["precision"], False) == (None, None)


def test_fifty_five_projects_are_located_and_say_from_where_under_which_licence() -> None:
    located = [name for name, change in projects().items() if change.geom_after is not None]
    assert (len(projects()), len(located)) == (126, 55)
    for name in located:
        assert record(name)["precision"] != "unlocated"
        entries = record(name)["place"]
        assert entries, name
        assert all(entry["source"] and entry["licence"] and entry["datum"] for entry in entries), name
    for name in set(projects()) - set(located):
        assert (record(name)["precision"], record(name)["place"]) == ("unlocated", []), name


def test_what_is_schematic_says_so_in_words() -> None:
    schematic = [name for name in projects() if record(name)["precision"] == "schematic"]
    assert len(schematic) >= 20
    for name in schematic:
        assert re.search("示意|假定|虚拟|形状|位置", record(name)["note_zh"]), name


def test_geometry_of_openstreetmap_lies_in_its_own_folder_alone() -> None:
    for file in (FOLDER / "osm").glob("*.geojson"):
        content = json.loads(file.read_text(encoding="utf-8"))
        assert (content["attribution"], content["licence"]) == ("© OpenStreetMap contributors", "ODbL-1.0")
    own = json.loads((FOLDER / "osm" / "projects.geojson").read_text(encoding="utf-8"))["features"]
    from_osm = {feature["id"] for feature in own}
    for name in projects():
        licences = " ".join(entry["licence"] for entry in record(name)["place"])
        assert (name in from_osm) is ("ODbL" in licences), name
    for kind, feature in kept_outside_osm():
        licences = " ".join(entry["licence"] for entry in feature["properties"].get("place", []))
        assert feature["geometry"] is None or "ODbL" not in licences, (kind, feature.get("id"))


def kept_outside_osm() -> Iterable[tuple[str, dict[str, Any]]]:
    files = [*(FOLDER / "projects").glob("*.geojson"), FOLDER / "ground.geojson"]
    for file in files:
        for feature in json.loads(file.read_text(encoding="utf-8"))["features"]:
            yield file.stem, feature


def test_the_ground_outside_osm_names_other_sources() -> None:
    own = json.loads((FOLDER / "ground.geojson").read_text(encoding="utf-8"))["features"]
    assert own
    assert not [f for f in own if re.search("osm|OpenStreetMap", f["properties"]["source"])]


def test_the_points_for_checking_positions_are_not_shipped() -> None:
    names = {file.name for file in FOLDER.rglob("*") if file.is_file()}
    assert not [name for name in names if "anchor" in name]
    roles = {f["properties"]["role"] for f in pinghu.ground()["features"]}
    assert roles <= {
        "outline",
        "district",
        "neighbour",
        "water",
        "river",
        "green",
        "peak",
        "road",
        "railway",
        "metro_station",
        "rail_station",
        "interchange",
        "place",
    }


def test_the_credits_that_licences_ask_for() -> None:
    credits_en = [credit["en"] for credit in pinghu.area()["credits"]]
    credits_zh = [credit["zh"] for credit in pinghu.area()["credits"]]
    assert any("© OpenStreetMap contributors" in credit and "ODbL" in credit for credit in credits_en)
    assert any("© OpenStreetMap contributors" in credit for credit in credits_zh)
    assert "approximate road lines derived from bus-stop positions (2021)" in credits_en
    for licence in ("MIT", "BSD-3-Clause", "CC BY 4.0"):
        assert any(licence in credit for credit in credits_en)


def test_two_schools_that_share_a_dummy_point_are_unlocated() -> None:
    for school in ("chongzhen-school", "sustech-pinghu-school"):
        assert projects()[school].geom_after is None


def test_no_two_located_projects_of_one_kind_lie_on_one_point_by_accident() -> None:
    points = {n: c.geom_after for n, c in projects().items() if isinstance(c.geom_after, Point)}
    shared = {frozenset((a, b)) for a, b in combinations(points, 2) if shapely.equals(points[a], points[b])}
    assert shared == {frozenset(("urban-village-unified-lease", "shanxia-new-village"))}
