"""GET /tiles/{area}/{revision}/{kind}/{z}/{x}/{y}.mvt and /tiles.json."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from app import answers
from app.catalogue import outline_bbox
from app.errors import Problem, documented
from app.params import Params
from app.projects.routes import other_revision
from app.projects.service import moment as moment_of
from app.tiles import queries
from app.web import Reading, SettingsOf
from geodata.kinds import load_kinds

router = APIRouter(tags=["tiles"])
MVT = "application/vnd.mapbox-vector-tile"
DEEPEST = 22
Zoom = Annotated[int, Path(ge=0, le=DEEPEST)]
Column = Annotated[int, Path(ge=0, lt=2**DEEPEST)]


@router.get(
    "/tiles/{area}/{revision}/{kind}/{z}/{x}/{y}.mvt",
    response_class=Response,
    responses={200: {"content": {MVT: {}}}, **documented(404, 410)},
    summary="A vector tile",
)
def get_tile(
    area: Annotated[str, Path(pattern=r"^[a-z0-9-]+$", max_length=40, examples=["pinghu"])],
    revision: Annotated[str, Path(pattern=r"^(latest|[0-9]{1,9})$", examples=["latest"])],
    kind: Annotated[str, Path(pattern=r"^[a-z]+$", max_length=40, examples=["metro"])],
    z: Zoom,
    x: Column,
    y: Column,
    params: Annotated[Params, Query()],
    connection: Reading,
    request: Request,
) -> Response:
    """Mapbox Vector Tile with one layer named after the kind; each feature carries its `phases` text, so that
    one tile serves every day. A tile of a named revision never changes; `latest` is checked each time. A tile
    with more than 1500 features has a second layer, `<kind>-crowd`: squares of 1/64 of its side, each for the
    `n` features that are too small or too many to be drawn, with the `phases` of the largest of them."""
    if x >= 2**z or y >= 2**z:
        raise _outside(z)
    if kind not in load_kinds():
        raise Problem("not-found", f"没有类别“{kind}”", f"There is no kind '{kind}'.")
    head, tile = queries.tile(connection, area, kind, load_kinds()[kind].style.by, z, x, y)
    if head is None:
        raise Problem("not-found", f"没有地区“{area}”", f"There is no area '{area}'.")
    if revision != "latest" and int(revision) != head:
        raise other_revision(int(revision), head)
    cache = answers.REVALIDATE if revision == "latest" else answers.IMMUTABLE
    tag = answers.etag(area, head, kind, z, x, y)
    if answers.unchanged(request, tag):
        return answers.not_modified(tag, cache)
    return answers.json_answer(tile, tag=tag, cache=cache, media_type=MVT)


def _outside(z: int) -> Problem:
    return Problem(
        "bad-parameter",
        f"缩放级别 {z} 上的行列号应小于 {2**z}",
        f"At zoom {z} the column and the row must be less than {2**z}.",
    )


class TileJsonParams(Params):
    kind: str = Field(pattern=r"^[a-z]+$", max_length=40, description="One kind.", examples=["metro"])


class TileJson(BaseModel):
    tilejson: str
    name: str
    tiles: list[str]
    minzoom: int
    maxzoom: int
    bounds: list[float]
    attribution: str
    vector_layers: list[dict[str, Any]]


@router.get(
    "/tiles.json", response_model=TileJson, responses=documented(404), summary="TileJSON 3.0 of a kind"
)
def get_tilejson(
    request: Request, params: Annotated[TileJsonParams, Query()], connection: Reading, settings: SettingsOf
) -> Response:
    """Where the tiles of a kind are, at the present revision."""
    kind = load_kinds().get(params.kind)
    if kind is None:
        raise Problem("not-found", f"没有类别“{params.kind}”", f"There is no kind '{params.kind}'.")
    moment = moment_of(connection, settings.area)
    tag = answers.computed_tag(request, moment.revision, moment.today)
    if answers.unchanged(request, tag):
        return answers.not_modified(tag, answers.REVALIDATE)
    fields = dict.fromkeys(("id", "name_zh", "name_en", "precision", "phases", "by"), "String")
    body = {
        "tilejson": "3.0.0",
        "name": f"{moment.area['name_en']}: {kind.name_en}",
        "tiles": [
            f"{request.base_url}tiles/{settings.area}/{moment.revision}/{kind.id}/{{z}}/{{x}}/{{y}}.mvt"
        ],
        "minzoom": 0,
        "maxzoom": DEEPEST,
        "bounds": outline_bbox() or list(moment.area["accept_bbox_lonlat"]),
        "attribution": "; ".join(credit["en"] for credit in moment.area["credits"]),
        "vector_layers": [
            {"id": kind.id, "fields": fields},
            {
                "id": f"{kind.id}-crowd",
                "fields": {**dict.fromkeys(("id", "phases", "by"), "String"), "n": "Number"},
            },
        ],
    }
    return answers.json_answer(body, tag=tag, cache=answers.REVALIDATE)
