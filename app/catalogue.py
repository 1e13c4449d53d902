"""What a browser or a program reads first: the area, the kinds, the words, the revision; and the ground."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from app import answers, basemaps, vocabulary
from app.database import Connection
from app.errors import documented
from app.params import Params
from app.projects import kind_queries, service
from app.settings import Settings
from app.web import Reading, SettingsOf
from geodata import pinghu
from geodata.kinds import GROUPS, Kind, load_kinds

router = APIRouter(tags=["catalogue"])


class Catalogue(BaseModel):
    revision: int
    today: str
    languages: list[str]
    area: dict[str, Any]
    phases: list[dict[str, Any]]
    commitments: list[dict[str, Any]]
    precisions: list[dict[str, Any]]
    lights: list[dict[str, Any]]
    tiers: list[dict[str, Any]]
    groups: list[dict[str, str]]
    kinds: list[dict[str, Any]]
    credits: list[dict[str, str]]
    basemaps: list[dict[str, Any]]
    site: dict[str, str]


@router.get(
    "/api/catalogue",
    response_model=Catalogue,
    responses=documented(),
    summary="Area, kinds, words and revision",
)
def get_catalogue(
    request: Request, params: Annotated[Params, Query()], connection: Reading, settings: SettingsOf
) -> Response:
    """What the page boots from. `revision` keys every cacheable answer."""
    moment = service.moment(connection, settings.area)
    tag = answers.computed_tag(request, moment.revision, moment.today, [settings.tiles_above])
    if answers.unchanged(request, tag):
        return answers.not_modified(tag, answers.REVALIDATE)
    numbers = _numbers(request, connection, moment)
    return answers.json_answer(_content(moment, numbers, settings), tag=tag, cache=answers.REVALIDATE)


@dataclass(frozen=True, slots=True)
class _Numbers:
    """What is counted once a revision: the bounds of everything located (west, south, east, north), and of
    each kind how many projects there are and how many of them are drawn."""

    bounds: tuple[float, ...] | None
    kinds: Mapping[str, tuple[int, int]]


def _numbers(request: Request, connection: Connection, moment: service.Moment) -> _Numbers:
    kept: dict[tuple[str, int], _Numbers] = getattr(request.app.state, "catalogue_numbers", {})
    key = (str(moment.area["id"]), moment.revision)
    if key not in kept:
        found = _Numbers(
            kind_queries.bounds(connection, key[0]), kind_queries.kind_counts(connection, key[0])
        )
        # Only the newest is asked for again.
        kept = request.app.state.catalogue_numbers = {key: found}
    return kept[key]


def _content(moment: service.Moment, numbers: _Numbers, settings: Settings) -> dict[str, Any]:
    area = moment.area
    names = ("id", "name_zh", "name_en", "within_zh", "within_en", "tz")
    return {
        "revision": moment.revision,
        "today": moment.today.isoformat(),
        "languages": ["zh", "en"],
        "area": {
            **{name: area[name] for name in names},
            "bbox_lonlat": outline_bbox() or numbers.bounds or area["accept_bbox_lonlat"],
            "days": {"from": area["first_day"], "to": area["last_day"]},
        },
        **vocabulary.all_vocabularies(),
        "groups": [{"id": key, "name_zh": zh, "name_en": en} for key, (zh, en) in GROUPS.items()],
        "kinds": [
            _kind(kind, numbers.kinds.get(kind.id, (0, 0)), settings.tiles_above)
            for kind in load_kinds().values()
        ],
        "credits": area["credits"],
        "basemaps": basemaps.as_json(settings),
        "site": {
            "footer_zh": settings.footer_zh,
            "footer_en": settings.footer_en,
            "map_approval": settings.map_approval,
            "report_address": settings.report_address,
        },
    }


def _kind(kind: Kind, numbers: tuple[int, int], tiles_above: int) -> dict[str, Any]:
    """`served` says where the page takes a kind from: all its features at once, or vector tiles."""
    style = kind.style
    projects, placed = numbers
    names = ("form", "light", "dark", "glyph", "width", "by", "values")
    return {
        **{
            name: getattr(kind, name) for name in ("id", "name_zh", "name_en", "group", "tracked", "geometry")
        },
        "milestones": [
            {"code": m.code, "name_zh": m.name_zh, "name_en": m.name_en, "phase": m.phase}
            for m in kind.milestones
        ],
        "fields": [
            {
                "code": f.code,
                "name_zh": f.name_zh,
                "name_en": f.name_en,
                "unit": f.unit,
                "unit_en": vocabulary.unit_en(f.unit),
                "values": [asdict(value) for value in f.values],
            }
            for f in kind.fields
            if f.public
        ],
        "served": "tiles" if kind.tiles or projects > tiles_above else "features",
        "projects": projects,
        "placed": placed,
        "style": {"order": kind.order, **{name: getattr(style, name) for name in names}},
    }


# ---------------------------------------------------------------- the ground


@lru_cache(maxsize=1)
def _ground_bytes() -> bytes:
    return orjson.dumps(pinghu.ground())


@lru_cache(maxsize=1)
def outline_bbox() -> list[float] | None:
    """West, south, east, north of the area's outline, in degrees."""
    rings = [
        feature["geometry"]["coordinates"][0]
        for feature in pinghu.ground()["features"]
        if feature["properties"]["role"] == "outline"
    ]
    if not rings:
        return None
    lons, lats = zip(*rings[0], strict=True)
    return [min(lons), min(lats), max(lons), max(lats)]


@router.get(
    "/api/ground.geojson",
    response_class=Response,
    responses={200: {"content": {answers.GEOJSON: {}}}, **documented()},
    summary="The ground under the map",
)
def get_ground(request: Request, params: Annotated[Params, Query()]) -> Response:
    """Water, green, roads, neighbours and the soft outline. © OpenStreetMap contributors (ODbL 1.0) and
    approximate road lines derived from bus-stop positions (2021)."""
    tag = answers.etag(_ground_bytes())
    if answers.unchanged(request, tag):
        return answers.not_modified(tag, answers.REVALIDATE)
    return answers.json_answer(_ground_bytes(), tag=tag, cache=answers.REVALIDATE, media_type=answers.GEOJSON)
