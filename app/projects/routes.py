"""GET /api/projects and what belongs to it."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import RedirectResponse, Response

from app import answers
from app.database import Connection
from app.errors import Problem, documented
from app.params import PROJECT_ID, Params, TimeParams
from app.projects import service
from app.projects.queries import Selection
from app.projects.schemas import ExportParams, ProjectCollection, ProjectDetail, ProjectsParams
from app.web import Reading, SettingsOf
from geodata.kinds import load_kinds
from geodata.phases import PHASES

router = APIRouter(tags=["projects"])
ProjectId = Annotated[str, Path(pattern=PROJECT_ID, max_length=80)]


def _moment(connection: Connection, area_id: str, params: TimeParams) -> service.Moment:
    return service.moment(connection, area_id, params.day, params.known)


def chosen(moment: service.Moment, params: ExportParams) -> Selection:
    """The selection that somebody asks for."""
    return service.selection(
        moment,
        kinds=params.kind or (),
        phases=[PHASES.index(name) for name in params.phase or ()],
        bbox_lonlat=params.bbox,
        words=params.q or "",
        parent=params.parent,
        unlocated=params.unlocated,
    )


def _times(moment: service.Moment) -> dict[str, Any]:
    return {
        "revision": moment.revision,
        "day": moment.day,
        "known": moment.known,
        "today": moment.today,
    }


@router.get(
    "/api/projects",
    response_model=ProjectCollection,
    response_class=answers.GeoJSONResponse,
    responses=documented(),
    summary="Projects with their phase on a day, as GeoJSON",
)
def list_projects(
    request: Request,
    params: Annotated[ProjectsParams, Query()],
    connection: Reading,
    settings: SettingsOf,
) -> Response:
    """Filters combine. `day=` is when it is true (a month or year means its last day), `known=` what had been
    said by then. Pages by the `next` link; unlocated projects have a null geometry."""
    moment = _moment(connection, settings.area, params)
    tag = answers.computed_tag(request, moment.revision, moment.today)
    if answers.unchanged(request, tag):
        return answers.not_modified(tag, answers.COMPUTED)
    try:
        page = service.page(
            connection,
            moment,
            chosen(moment, params),
            sort=params.sort,
            limit=params.limit,
            cursor=params.cursor,
            show_lights=settings.show_lights,
        )
    except service.CursorError as error:
        raise _bad_cursor() from error
    features = (service.embedded(feature) for feature in page.features)
    if params.geometry == "without":
        features = ({**feature, "geometry": None} for feature in page.features)
    body = {
        "type": "FeatureCollection",
        **_times(moment),
        "numberMatched": page.matched,
        "numberReturned": len(page.features),
        "links": _links(request, page.cursor),
        "credits": moment.area["credits"],
        "features": list(features),
    }
    return answers.json_answer(body, tag=tag, cache=answers.COMPUTED, media_type=answers.GEOJSON)


def _bad_cursor() -> Problem:
    return Problem(
        "bad-parameter",
        "cursor：翻页标记无效，请从第一页重新开始",
        "cursor: it is not of this list or order; start again from the first page",
        errors=[
            {
                "pointer": "/query/cursor",
                "code": "cursor",
                "detail_zh": "翻页标记无效",
                "detail_en": "not of this list or order",
            }
        ],
    )


def _links(request: Request, cursor: str | None) -> list[dict[str, str]]:
    given = [(key, value) for key, value in request.query_params.multi_items() if key != "cursor"]
    links = [{"rel": "self", "href": _address(request, request.query_params.multi_items())}]
    if cursor:
        links.append({"rel": "next", "href": _address(request, [*given, ("cursor", cursor)])})
    return [{**link, "type": answers.GEOJSON} for link in links]


def _address(request: Request, pairs: list[tuple[str, str]]) -> str:
    return request.url.path + ("?" + urlencode(pairs) if pairs else "")


@router.get(
    "/api/projects/{project_id}",
    response_model=ProjectDetail,
    response_class=answers.GeoJSONResponse,
    responses={301: {"description": "It has another id now"}, **documented(404, 410)},
    summary="One project with everything said about it",
)
def get_project(
    request: Request,
    project_id: ProjectId,
    params: Annotated[TimeParams, Query()],
    connection: Reading,
    settings: SettingsOf,
) -> Response:
    """Milestones planned and done, every claim with its source and words, slips, relations and history."""
    moment = _moment(connection, settings.area, params)
    tag = answers.computed_tag(request, moment.revision, moment.today)
    if answers.unchanged(request, tag):
        return answers.not_modified(tag, answers.COMPUTED)
    try:
        feature = service.one(connection, moment, project_id, settings.show_lights)
    except service.MovedProject as moved:
        return RedirectResponse(f"/api/projects/{moved.new_id}", status_code=301)
    except (service.RemovedProject, service.UnknownProject) as error:
        raise gone(project_id, error) from error
    body = {**service.embedded(feature), **_times(moment), "credits": moment.area["credits"]}
    return answers.json_answer(body, tag=tag, cache=answers.COMPUTED, media_type=answers.GEOJSON)


def gone(project_id: str, error: service.RemovedProject | service.UnknownProject) -> Problem:
    """What a question about a project that is not on the chart is answered."""
    if isinstance(error, service.UnknownProject):
        return Problem(
            "unknown-project",
            f"没有编号为“{project_id}”的项目；请按名称查找",
            f"There is no project '{project_id}'. Search for it by name.",
        )
    names = ", ".join(error.successors)
    return Problem(
        "removed",
        f"项目“{project_id}”已移除" + (f"，由 {names} 接续" if names else ""),
        f"The project '{project_id}' was removed" + (f"; see {names}." if names else "."),
        successors=error.successors,
    )


class LayerParams(Params):
    revision: int | None = Query(None, ge=0, description="Of the catalogue: makes the answer cacheable.")


KindPath = Annotated[str, Path(pattern=r"^[a-z]+$", max_length=40, examples=["metro"])]


@router.get(
    "/api/layers/{kind}.geojson",
    response_class=Response,
    responses={200: {"content": {answers.GEOJSON: {}}}, **documented(404, 410)},
    summary="A whole kind at head",
)
def get_layer(
    request: Request,
    kind: KindPath,
    params: Annotated[LayerParams, Query()],
    connection: Reading,
    settings: SettingsOf,
) -> Response:
    """Holds the `phases` text of each project and nothing that depends on a day, so it is a function of the
    revision; with `revision=` of the catalogue it may be kept for ever."""
    if kind not in load_kinds():
        raise Problem(
            "not-found",
            f"没有类别“{kind}”；可用：{', '.join(load_kinds())}",
            f"There is no kind '{kind}'. There are: {', '.join(load_kinds())}",
        )
    moment = service.moment(connection, settings.area)
    if params.revision not in (None, moment.revision):
        raise other_revision(params.revision or 0, moment.revision)
    cache = answers.IMMUTABLE if params.revision else answers.REVALIDATE
    tag = answers.etag(kind, moment.revision)
    if answers.unchanged(request, tag):
        return answers.not_modified(tag, cache)
    body = {
        "type": "FeatureCollection",
        "revision": moment.revision,
        "credits": moment.area["credits"],
        "features": [
            service.embedded(feature) for feature in service.layer_features(connection, settings.area, kind)
        ],
    }
    return answers.json_answer(body, tag=tag, cache=cache, media_type=answers.GEOJSON)


def other_revision(asked: int, head: int) -> Problem:
    """What a question about another revision than the present one is answered."""
    if asked < head:
        return Problem(
            "superseded",
            f"现在是版本 {head}，版本 {asked} 不再提供；请重新读取 /api/catalogue",
            f"Revision {head} is public now, {asked} is no longer served. Read /api/catalogue again.",
            revision=head,
        )
    return Problem(
        "behind",
        f"这里还是版本 {head}，尚未更新到 {asked}，请稍候再试",
        f"This copy is at revision {head} and has not reached {asked}. Try again shortly.",
        headers={"Retry-After": "1"},
    )
