"""Draws a snapshot with geopandas and folium.

Everything it needs is inlined, and the page forbids itself any connection. Texts of the data never become
markup: folium puts attribute values into innerHTML and script, so every one of them is escaped before it gets
there.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import folium
import geopandas
import pandas
from branca.element import Element, Figure
from shapely import box
from shapely.geometry.base import BaseGeometry

from app.snapshots.legend import DASHES, PROMISED, STYLE, legend, north_arrow, safe, words_of
from app.snapshots.sheet import POLICY, LeafletMissing, Sheet
from app.vocabulary import PHASE_WORDS, PRECISION_WORDS
from geodata import pinghu
from geodata.kinds import Kind, load_kinds


def _area_of(colour: str) -> dict[str, Any]:
    return {"stroke": False, "fillColor": colour, "fillOpacity": 1, "interactive": False}


# What lies under the projects, bottom to top.
GROUND_STYLES: dict[str, dict[str, Any]] = {
    "district": _area_of("#e6e9e2"),
    "outline": {**_area_of("#f4f5f0"), "stroke": True, "color": "#525f59", "weight": 1.1, "dashArray": "8 3"},
    "green": _area_of("#d9e6d0"),
    "water": _area_of("#c9dde4"),
    "river": _area_of("#c9dde4"),
    "road": {"color": "#b9c1b7", "weight": 2, "interactive": False},
}
# How much room a name takes at the scale at which the sheet opens, in degrees: of a line, and of a station.
NAME_LON, NAME_LAT = 0.034, 0.004
STATION_LON, STATION_LAT = 0.012, 0.0032
# Where a station's name stands: the side, and how far its middle is from the station in widths and heights.
SIDES = {"right": (0.6, 0), "left": (-0.6, 0), "top": (0, 1.2), "bottom": (0, -1.2)}


def render(sheet: Sheet, leaflet: Path) -> str:
    """The whole page. leaflet: the folder that holds leaflet.js and leaflet.css. Raises LeafletMissing."""
    script, style = _leaflet(leaflet)
    chart = folium.Map(
        tiles=None, zoom_control=True, zoom_snap=0.25, attribution_control=False, control_scale=True
    )
    # Folium would link ten files of other hosts.
    chart.default_js = []
    chart.default_css = []
    figure = chart.get_root()
    if not isinstance(figure, Figure):
        raise TypeError("folium gave no figure")
    title = words_of(sheet, "title", area=sheet.area[f"name_{sheet.lang}"], day=sheet.day)
    figure.title = html.escape(title)
    head = [
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        f"<style>{style}{STYLE}</style>",
        f"<script>{script}</script>",
    ]
    for n, part in enumerate(head):
        figure.header.add_child(Element(_inert(part)), name=f"own_{n}")
    _add_ground(chart)
    _add_projects(chart, sheet)
    west, south, east, north = sheet.bounds_lonlat
    chart.fit_bounds([[south, west], [north, east]])
    figure.html.add_child(Element(_inert(north_arrow(sheet) + legend(sheet, title))), name="legend")
    lang = "zh-CN" if sheet.lang == "zh" else "en"
    return figure.render().replace("<html>", f'<html lang="{lang}">', 1)


@lru_cache(maxsize=4)
def _leaflet(folder: Path) -> tuple[str, str]:
    try:
        script = (folder / "leaflet.js").read_text(encoding="utf-8")
        style = (folder / "leaflet.css").read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise LeafletMissing(str(folder)) from error
    # Pictures of markers that the sheet does not use would be asked for.
    style = "\n".join(line for line in style.splitlines() if "url(" not in line)
    script = "\n".join(line for line in script.splitlines() if not line.startswith("//# sourceMappingURL"))
    return script, style


def _inert(markup: str) -> str:
    """Folium renders what it is given as a template; this keeps braces of ours from being read as one."""
    return "{% raw %}" + markup.replace("{% endraw %}", "") + "{% endraw %}"


# ---------------------------------------------------------------- layers


def _add_ground(chart: folium.Map) -> None:
    by_role: dict[str, list[dict[str, Any]]] = {}
    for feature in pinghu.ground()["features"]:
        shape = {"type": "Feature", "properties": {}, "geometry": feature["geometry"]}
        by_role.setdefault(feature["properties"]["role"], []).append(shape)
    for role, style in GROUND_STYLES.items():
        shapes = {"type": "FeatureCollection", "features": by_role.get(role, [])}
        folium.GeoJson(shapes, style_function=_constant(style), control=False).add_to(chart)


def _constant(style: Mapping[str, Any]) -> Any:
    return lambda _feature: style


def _add_projects(chart: folium.Map, sheet: Sheet) -> None:
    frame = _frame(sheet)
    if frame.empty:
        return
    # Areas under lines under points, so that nothing covers a smaller thing.
    rank = {"Polygon": 0, "MultiPolygon": 0, "LineString": 1, "MultiLineString": 1}
    for _, row in frame.assign(rank=frame.geom_type.map(rank).fillna(2)).sort_values("rank").iterrows():
        one = geopandas.GeoDataFrame([row], crs="EPSG:4326")[["label", "geometry"]]
        layer = folium.GeoJson(
            json.loads(one.to_json()),
            style_function=_constant(row["style"]),
            marker=folium.CircleMarker(radius=6),
            tooltip=folium.GeoJsonTooltip(fields=["label"], labels=False, sticky=True),
            control=False,
        )
        layer.add_to(chart)
    _add_names(chart, frame, sheet.bounds_lonlat)


def _add_names(chart: folium.Map, frame: geopandas.GeoDataFrame, bounds_lonlat: Sequence[float]) -> None:
    """The names of lines and stations, each where no other stands; the words are escaped."""
    taken: list[BaseGeometry] = []
    # Lines come first: a station can have its name on another side.
    named = [(shape, name) for shape, name in zip(frame.geometry, frame["name"], strict=True) if name]
    for shape, name in sorted(named, key=lambda one: "Line" not in one[0].geom_type):
        spot = _free_spot(shape, taken, bounds_lonlat)
        if spot is None:
            continue
        taken.append(spot.room)
        tooltip = folium.Tooltip(
            name,
            sticky=False,
            permanent=True,
            direction=spot.side,
            class_name="name" if spot.side == "center" else "name stop",
            offset=(0, 0),
        )
        folium.CircleMarker([spot.lat, spot.lon], radius=1, stroke=False, fill=False, tooltip=tooltip).add_to(
            chart
        )


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a name hangs, on which side of that, and what it covers, all in degrees."""

    lon: float
    lat: float
    side: str
    room: BaseGeometry


def _spots(shape: BaseGeometry) -> Iterator[_Spot]:
    """Where a name could stand, the best first: along a line from its middle, round anything else."""
    if "Line" in shape.geom_type:
        longest = max(getattr(shape, "geoms", [shape]), key=lambda part: part.length)
        for fraction in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9):
            point = longest.interpolate(fraction, normalized=True)
            yield _Spot(point.x, point.y, "center", _room(point.x, point.y, NAME_LON, NAME_LAT))
        return
    at = shape.representative_point()
    for side, (widths, heights) in SIDES.items():
        middle = (at.x + widths * STATION_LON, at.y + heights * STATION_LAT)
        yield _Spot(at.x, at.y, side, _room(*middle, STATION_LON, STATION_LAT))


def _room(lon: float, lat: float, width: float, height: float) -> BaseGeometry:
    return box(lon - width / 2, lat - height / 2, lon + width / 2, lat + height / 2)


def _free_spot(
    shape: BaseGeometry, taken: Sequence[BaseGeometry], bounds_lonlat: Sequence[float]
) -> _Spot | None:
    """The best place inside the bounds that is free; None when every one is taken."""
    west, south, east, north = bounds_lonlat
    for spot in _spots(shape):
        inside = west <= spot.lon <= east and south <= spot.lat <= north
        if inside and not any(spot.room.intersects(other) for other in taken):
            return spot
    return None


def _frame(sheet: Sheet) -> geopandas.GeoDataFrame:
    """The located projects with a style and an escaped label each."""
    kinds = load_kinds()
    located = [feature for feature in sheet.features if feature["geometry"] is not None]
    records = [
        {
            "label": _label(feature["properties"], kinds[feature["properties"]["kind"]], sheet),
            "style": _style(feature["properties"], kinds[feature["properties"]["kind"]]),
            "name": _name(feature["properties"], kinds[feature["properties"]["kind"]], sheet),
        }
        for feature in located
    ]
    shapes = [json.loads(feature["geometry"]) for feature in located]
    features = [{"type": "Feature", "properties": {}, "geometry": shape} for shape in shapes]
    if not features:
        return geopandas.GeoDataFrame({"label": [], "style": [], "name": []}, geometry=[], crs="EPSG:4326")
    frame = geopandas.GeoDataFrame.from_features(features, crs="EPSG:4326")
    frame["label"] = [str(record["label"]) for record in records]
    frame["style"] = pandas.Series([record["style"] for record in records], dtype="object")
    frame["name"] = [str(record["name"]) for record in records]
    return frame


def _name(p: Mapping[str, Any], kind: Kind, sheet: Sheet) -> str:
    """What is written on the map itself: of a station its name, of a transit line its phase too; and whether
    it is schematic."""
    is_stop = kind.group == "transit" and "linestring" not in kind.geometry
    if kind.style.form != "line" and not is_stop:
        return ""
    chosen = 1 if sheet.lang == "en" else 0
    name = safe(p["name_en"] if chosen else p["name_zh"])
    schematic = f" <small>{words_of(sheet, 'schematic')}</small>" if p["precision"] == "schematic" else ""
    if is_stop:
        return name + schematic
    phase = PHASE_WORDS[p["phase"]][chosen] + (words_of(sheet, "promise") if p["basis"] == "promise" else "")
    return f"<b>{name}</b> {safe(phase)}{schematic}"


def _label(p: Mapping[str, Any], kind: Kind, sheet: Sheet) -> str:
    chosen = 1 if sheet.lang == "en" else 0
    name = p["name_en"] if chosen else p["name_zh"]
    phase = PHASE_WORDS[p["phase"]][chosen] + (words_of(sheet, "promise") if p["basis"] == "promise" else "")
    precision = PRECISION_WORDS[p["precision"]][chosen]
    parts = [name, (kind.name_zh, kind.name_en)[chosen]] + ([phase] if kind.tracked else [])
    return " · ".join(safe(part) for part in [*parts, precision])


def _style(p: Mapping[str, Any], kind: Kind) -> dict[str, Any]:
    hue, phase, schematic = kind.hue(p["attrs"]), p["phase"], p["precision"] == "schematic"
    solid = phase == "in_service" and p["basis"] == "fact"
    return {
        "color": hue,
        "weight": (kind.style.width or 2) * (1.6 if schematic else 1),
        "lineCap": "round" if solid else "butt",
        "opacity": 0.45 if schematic else 0.95,
        "dashArray": PROMISED if p["basis"] == "promise" else DASHES.get(phase),
        "fillColor": hue,
        "fillOpacity": 0.35 if solid else 0.1,
    }
