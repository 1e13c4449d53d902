"""An optional background under the map: an address of tiles, 天地图 with a key, or a PMTiles file on disk.

None is set by default: the map is legible on the ground it brings itself, and then no other host is asked.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Query, Request
from fastapi import Path as PathParameter
from pmtiles.reader import MmapSource, Reader
from pmtiles.tile import MagicNumberNotFound, SpecVersionUnsupported, TileType
from starlette.responses import Response

from app import answers
from app.errors import Problem, documented
from app.params import Params
from app.settings import Settings
from app.web import SettingsOf

router = APIRouter(tags=["basemaps"])
TIANDITU = (
    "https://t0.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}"
    "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
)
TIANDITU_LAYERS = ("vec", "cva")
PICTURES = {TileType.PNG: "image/png", TileType.JPEG: "image/jpeg", TileType.WEBP: "image/webp"}
DEEPEST = 22


class BasemapError(ValueError):
    """A setting of the background is wrong; the message names it and says what to do."""


@dataclass(frozen=True, slots=True)
class Basemap:
    """tiles: templates with {z}, {x} and {y} (Web Mercator, y downwards), bottom to top."""

    id: str
    name_zh: str
    name_en: str
    tiles: tuple[str, ...]
    max_zoom: int
    credit_zh: str
    credit_en: str


def basemaps(settings: Settings) -> list[Basemap]:
    """The backgrounds that are set, in order of preference. Raises BasemapError."""
    found = []
    if settings.basemap_file is not None:
        header = _archive(settings.basemap_file).header()
        found.append(_own(settings, "file", ("/basemap/{z}/{x}/{y}",), int(header["max_zoom"])))
    if settings.basemap_url:
        _check_template(settings.basemap_url)
        found.append(_own(settings, "tiles", (settings.basemap_url,), settings.basemap_max_zoom))
    if settings.tianditu_key:
        key = quote(settings.tianditu_key, safe="")
        templates = tuple(TIANDITU.format(layer=layer, key=key) for layer in TIANDITU_LAYERS)
        found.append(
            Basemap("tianditu", "天地图", "Tianditu", templates, 18, "底图 © 天地图", "base map © Tianditu")
        )
    return found


def as_json(settings: Settings) -> list[dict[str, Any]]:
    """For the catalogue."""
    return [asdict(basemap) for basemap in basemaps(settings)]


def origins(settings: Settings) -> list[str]:
    """The other hosts whose pictures the page may then show, for the Content-Security-Policy."""
    found = []
    for basemap in basemaps(settings):
        for template in basemap.tiles:
            parts = urlsplit(template)
            if parts.netloc:
                found.append(f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}")
    return sorted(set(found))


def _own(settings: Settings, name: str, tiles: tuple[str, ...], max_zoom: int) -> Basemap:
    credit_zh, credit_en = settings.basemap_credit_zh, settings.basemap_credit_en
    return Basemap(name, "底图", "Base map", tiles, max_zoom, credit_zh or credit_en, credit_en or credit_zh)


def _check_template(template: str) -> None:
    parts = urlsplit(template)
    if parts.scheme not in ("http", "https") or not all(k in template for k in ("{z}", "{x}", "{y}")):
        raise BasemapError(
            f"GUATU_BASEMAP_URL is '{template}': give an http(s) address with {{z}}, {{x}} and {{y}}, such as"
            " https://tiles.example.org/{z}/{x}/{y}.png"
        )


@lru_cache(maxsize=4)
def _archive(path: Path) -> Reader:
    try:
        with path.open("rb") as file:
            archive = Reader(MmapSource(file))
        kind = archive.header()["tile_type"]
    except (OSError, ValueError, MagicNumberNotFound, SpecVersionUnsupported) as error:
        raise BasemapError(f"GUATU_BASEMAP_FILE {path} is not a readable PMTiles file: {error}") from error
    if kind not in PICTURES:
        raise BasemapError(
            f"GUATU_BASEMAP_FILE {path} holds {kind.name} tiles; make one with PNG, JPEG or WebP pictures"
        )
    return archive


@router.get(
    "/basemap/{z}/{x}/{y}",
    response_class=Response,
    responses={200: {"content": {name: {} for name in PICTURES.values()}}, **documented(404)},
    summary="A picture of the background from the PMTiles file that is set",
)
def get_background(
    request: Request,
    z: Annotated[int, PathParameter(ge=0, le=DEEPEST)],
    x: Annotated[int, PathParameter(ge=0, lt=2**DEEPEST)],
    y: Annotated[int, PathParameter(ge=0, lt=2**DEEPEST)],
    params: Annotated[Params, Query()],
    settings: SettingsOf,
) -> Response:
    """404 when no file is set, or when it holds no such tile."""
    path = settings.basemap_file
    archive = _archive(path) if path is not None else None
    picture = archive.get(z, x, y) if archive is not None and x < 2**z and y < 2**z else None
    if archive is None or picture is None:
        raise Problem("not-found", "底图没有这一块", "The background has no such tile.")
    tag = answers.etag(path, z, x, y, len(picture))
    if answers.unchanged(request, tag):
        return answers.not_modified(tag, "public, max-age=86400")
    kind = PICTURES[archive.header()["tile_type"]]
    return answers.json_answer(bytes(picture), tag=tag, cache="public, max-age=86400", media_type=kind)
