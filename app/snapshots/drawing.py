"""Draws a snapshot with geopandas and folium.

Everything it needs is inlined, and the page forbids itself any connection. Texts of the data never become
markup: folium puts attribute values into innerHTML and script, so every one of them is escaped before it gets
there.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import folium
import geopandas
import pandas
from branca.element import Element, Figure
from shapely.geometry.base import BaseGeometry

from app.snapshots.sheet import POLICY, LeafletMissing, Sheet
from app.vocabulary import PHASE_WORDS, PRECISION_WORDS
from geodata import pinghu
from geodata.kinds import Kind, load_kinds
from geodata.phases import PHASES

# Dashes say the phase, as on the map page: dotted proposed, dashed planned, solid in service.
DASHES = {
    "unknown": "1 5",
    "proposed": "1 8",
    "planned": "9 6",
    "preparing": "16 5",
    "building": "4 4",
    "completing": "12 3",
    "closed": "2 10",
    "cancelled": "2 10",
}


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
PROMISED = "3 2"
# How much room a name takes at the scale at which the sheet opens, in degrees.
NAME_LON, NAME_LAT = 0.034, 0.004
TEXT = {
    "zh": {
        "title": "{area}：{day} 的项目",
        "promise": "（承诺，尚非事实）",
        "schematic": "示意",
        "phases": "阶段",
        "promised": "承诺，尚非事实",
        "kinds": "类别",
        "unlocated": "不在图上：{n} 个项目没有可信的位置",
        "known": "截至 {known} 已说出的",
        "note": "示意图形的位置和形状由文字推得，不可量算。",
        "made": "版本 {revision}，{today} 制作",
    },
    "en": {
        "title": "{area}: projects on {day}",
        "promise": " (promised, not a fact)",
        "schematic": "schematic",
        "phases": "Phases",
        "promised": "Promised, not a fact",
        "kinds": "Kinds",
        "unlocated": "Not on the map: {n} projects have no place to be trusted",
        "known": "as said by {known}",
        "note": "Place and shape of schematic things are drawn from words and must not be measured.",
        "made": "Revision {revision}, made on {today}",
    },
}


def render(sheet: Sheet, leaflet: Path) -> str:
    """The whole page. leaflet: the folder that holds leaflet.js and leaflet.css. Raises LeafletMissing."""
    script, style = _leaflet(leaflet)
    chart = folium.Map(tiles=None, zoom_control=True, zoom_snap=0.25, attribution_control=False)
    # Folium would link ten files of other hosts.
    chart.default_js = []
    chart.default_css = []
    figure = chart.get_root()
    if not isinstance(figure, Figure):
        raise TypeError("folium gave no figure")
    title = _words(sheet, "title", area=sheet.area[f"name_{sheet.lang}"], day=sheet.day)
    figure.title = html.escape(title)
    head = [
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        f"<style>{style}{_STYLE}</style>",
        f"<script>{script}</script>",
    ]
    for n, part in enumerate(head):
        figure.header.add_child(Element(_inert(part)), name=f"own_{n}")
    _add_ground(chart)
    _add_projects(chart, sheet)
    west, south, east, north = sheet.bounds_lonlat
    chart.fit_bounds([[south, west], [north, east]])
    figure.html.add_child(Element(_inert(_legend(sheet, title))), name="legend")
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


def _words(sheet: Sheet, key: str, **values: object) -> str:
    return TEXT[sheet.lang][key].format(**values)


def _safe(text: object) -> str:
    """Text that stays text in innerHTML, in a script and in a template literal."""
    escaped = html.escape(str(text), quote=True)
    return escaped.replace("\\", "&#92;").replace("`", "&#96;").replace("$", "&#36;").replace("{", "&#123;")


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
    """The names of the lines, each at a place on its line where no other stands; the words are escaped."""
    placed: list[tuple[float, float]] = []
    for line, name in zip(frame.geometry, frame["name"], strict=True):
        spot = _free_spot(line, placed, bounds_lonlat) if name else None
        if spot is None:
            continue
        placed.append(spot)
        tooltip = folium.Tooltip(
            name, sticky=False, permanent=True, direction="center", class_name="name", offset=(0, 0)
        )
        folium.CircleMarker([spot[1], spot[0]], radius=1, stroke=False, fill=False, tooltip=tooltip).add_to(
            chart
        )


def _free_spot(
    line: BaseGeometry, placed: Sequence[tuple[float, float]], bounds_lonlat: Sequence[float]
) -> tuple[float, float] | None:
    """Longitude and latitude inside the bounds, near the middle if free; None when every place is taken."""
    west, south, east, north = bounds_lonlat
    longest = max(getattr(line, "geoms", [line]), key=lambda part: part.length)
    for fraction in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9):
        point = longest.interpolate(fraction, normalized=True)
        inside = west <= point.x <= east and south <= point.y <= north
        free = all(abs(point.x - x) > NAME_LON or abs(point.y - y) > NAME_LAT for x, y in placed)
        if inside and free:
            return point.x, point.y
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
    """What is written on the map itself: the name of a transit line, and that it is schematic."""
    if kind.style.form != "line":
        return ""
    chosen = 1 if sheet.lang == "en" else 0
    name = _safe(p["name_en"] if chosen else p["name_zh"])
    phase = PHASE_WORDS[p["phase"]][chosen] + (_words(sheet, "promise") if p["basis"] == "promise" else "")
    schematic = _words(sheet, "schematic") if p["precision"] == "schematic" else ""
    return f"<b>{name}</b> {_safe(phase)} <small>{schematic}</small>"


def _label(p: Mapping[str, Any], kind: Kind, sheet: Sheet) -> str:
    chosen = 1 if sheet.lang == "en" else 0
    name = p["name_en"] if chosen else p["name_zh"]
    phase = PHASE_WORDS[p["phase"]][chosen] + (_words(sheet, "promise") if p["basis"] == "promise" else "")
    precision = PRECISION_WORDS[p["precision"]][chosen]
    parts = [name, (kind.name_zh, kind.name_en)[chosen]] + ([phase] if kind.tracked else [])
    return " · ".join(_safe(part) for part in [*parts, precision])


def _hue(p: Mapping[str, Any], kind: Kind) -> str:
    value = str(p["attrs"].get(kind.style.by or "", ""))
    own = kind.style.values.get(value)
    return own["light"] if own else kind.style.light


def _style(p: Mapping[str, Any], kind: Kind) -> dict[str, Any]:
    hue, phase, schematic = _hue(p, kind), p["phase"], p["precision"] == "schematic"
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


# ---------------------------------------------------------------- legend


_STYLE = """
html,body{margin:0;height:100%;color:#13201c;
font:13px/1.5 -apple-system,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
.folium-map{position:absolute!important;inset:0 300px 0 0!important;height:auto!important;
width:auto!important;background:#dadfd7}
.leaflet-tooltip.name{padding:0 5px;border:1px solid #42504a;box-shadow:none;color:#13201c}
.leaflet-tooltip.name::before{display:none}.name small{color:#5f6c66}
.sheet{position:absolute;top:0;right:0;bottom:0;width:268px;padding:16px;overflow:auto;
background:#fff}
.sheet h1{font-size:18px;line-height:1.25;margin:0 0 4px}.sheet h2{font-size:13px;margin:16px 0 4px}
.sheet ul{list-style:none;margin:0;padding:0}.sheet li{display:flex;gap:8px;align-items:center}
.sheet p{margin:4px 0;color:#42504a}.sheet svg{flex:none}.sheet .names li{display:block}
@media(max-width:700px){.folium-map{inset:0 0 40% 0!important}.sheet{top:60%;width:auto;left:0}}
"""


def _legend(sheet: Sheet, title: str) -> str:
    chosen = 1 if sheet.lang == "en" else 0
    kinds = load_kinds()
    shown = {f["properties"]["kind"]: kinds[f["properties"]["kind"]] for f in sheet.features}
    absent = [f["properties"] for f in sheet.features if f["geometry"] is None]
    phases = "".join(
        f"<li>{_swatch(DASHES.get(phase))}<span>{_safe(PHASE_WORDS[phase][chosen])}</span></li>"
        for phase in PHASES[:7]
    )
    promised = f"<li>{_swatch(PROMISED)}<span>{_safe(_words(sheet, 'promised'))}</span></li>"
    hues = "".join(
        f'<li><svg width="14" height="14"><circle cx="7" cy="7" r="6" fill="{kind.style.light}"/></svg>'
        f"<span>{_safe((kind.name_zh, kind.name_en)[chosen])}</span></li>"
        for kind in shown.values()
    )
    names = "".join(f"<li>{_safe(p['name_en'] if chosen else p['name_zh'])}</li>" for p in absent)
    credit_lines = "".join(f"<p>{_safe(c['en' if chosen else 'zh'])}</p>" for c in sheet.area["credits"])
    known = _safe(_words(sheet, "known", known=sheet.known))
    made = _safe(_words(sheet, "made", revision=sheet.area["revision"], today=sheet.today))
    return (
        f'<div class="sheet"><h1>{_safe(title)}</h1><p>{known}</p>'
        f"<h2>{_safe(_words(sheet, 'phases'))}</h2><ul>{phases}{promised}</ul>"
        f"<h2>{_safe(_words(sheet, 'kinds'))}</h2><ul>{hues}</ul>"
        f"<p>{_safe(_words(sheet, 'note'))}</p>"
        f'<h2>{_safe(_words(sheet, "unlocated", n=len(absent)))}</h2><ul class="names">{names}</ul>'
        f"<h2>{made}</h2>{credit_lines}</div>"
    )


def _swatch(dash: str | None) -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        '<svg width="34" height="12"><line x1="1" x2="33" y1="6" y2="6" stroke="#13201c"'
        f' stroke-width="4"{dashed}/></svg>'
    )
