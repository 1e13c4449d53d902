"""The pages that people share, each with a head of its own, and GET /preview.png."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import RedirectResponse, Response

from app import answers
from app.database import Connection, Database, DatabaseUnavailable
from app.errors import Problem, documented, language
from app.pages import HTML, not_built
from app.params import Day, TimeParams, Vicinity, Words
from app.previews.head import Place, with_head
from app.previews.kept import Crowded, Pictures, Rest
from app.previews.subject import Asked, Subject, View, find, is_id, of_page, scenery
from app.previews.words import Lang
from app.projects import service
from app.projects.routes import gone
from app.settings import Settings
from app.web import DatabaseOf, FrontEndOf, SettingsOf

router = APIRouter(tags=["previews"])
PNG = "image/png"
#: Path, file of the build, view. A page that is to say of itself what it shows stands here.
PAGES: tuple[tuple[str, str, View], ...] = (
    ("/", "index.html", "map"),
    ("/transit", "transit.html", "transit"),
    ("/how", "how.html", "how"),
)


# ---------------------------------------------------------------- pages


def _page_of(name: str, view: View) -> Callable[..., Response]:
    def get_page(
        request: Request, front_end: FrontEndOf, database: DatabaseOf, settings: SettingsOf
    ) -> Response:
        """The page. Its state is in the address and read by the browser, so any query is taken."""
        try:
            built = (front_end / name).read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise not_built() from error
        asked = of_page(view, request.query_params)
        chosen = request.query_params.get("lang")
        subject = _shown(request, database, settings, asked)
        place = Place(
            str(request.base_url),
            request.url.path.lstrip("/"),
            view,
            subject.asked if subject else asked,
            "en" if chosen == "en" else "zh" if chosen == "zh" else None,
        )
        body = with_head(built, place, subject, _lang(request)).encode()
        tag = answers.etag(name, body)
        if answers.unchanged(request, tag):
            return answers.not_modified(tag, answers.REVALIDATE)
        return answers.json_answer(
            body, tag=tag, cache=answers.REVALIDATE, media_type=HTML, headers=answers.IN_LANGUAGE
        )

    return get_page


for _path, _name, _view in PAGES:
    router.add_api_route(_path, _page_of(_name, _view), methods=["GET"], include_in_schema=False)


def _lang(request: Request) -> Lang:
    return "en" if language(request) == "en" else "zh"


def _shown(request: Request, database: Database, settings: Settings, asked: Asked) -> Subject | None:
    """What a page shows; the area when there is no such project, None when nothing can be read just now: a
    page comes in any case, and tells the rest itself."""
    rest = _rest(request)
    if not rest.over:
        return None
    try:
        with database.reading() as connection:
            return _found(connection, settings, asked)
    except DatabaseUnavailable:
        rest.take()
        return None
    except service.NoArea:
        return None


def _found(connection: Connection, settings: Settings, asked: Asked) -> Subject:
    lights = settings.show_lights
    try:
        return find(connection, settings.area, asked, show_lights=lights)
    except service.MovedProject as moved:
        return find(connection, settings.area, asked.of(moved.new_id), show_lights=lights)
    except (service.UnknownProject, service.RemovedProject):
        return find(connection, settings.area, asked.of(""), show_lights=lights)


def _rest(request: Request) -> Rest:
    found: Rest = request.app.state.preview_rest
    return found


# ---------------------------------------------------------------- the picture


class PreviewParams(TimeParams, Vicinity):
    view: View = Field("map", description="What the link opens.")
    project: Words | None = Field(None, description="The project that the link is about.")
    place: Words | None = Field(None, description="Name or id of a place, instead of lon and lat.")
    by: Day | None = Field(None, description="The last day of 'by then', near a place.")
    line: Words | None = Field(None, description="The line that the link is about; as `project`.")


@router.get(
    "/preview.png",
    response_class=Response,
    responses={
        200: {"content": {PNG: {}}},
        301: {"description": "The project has another id now"},
        **documented(404, 410, 429),
    },
    summary="The picture of a link",
)
def get_preview(
    request: Request,
    params: Annotated[PreviewParams, Query()],
    database: DatabaseOf,
    settings: SettingsOf,
) -> Response:
    """What chat programs show beside a shared link: 1200 × 630 pixels, the map and what it shows in words, on
    the day and in the language asked for. The pages name it in their head."""
    name = params.project or params.line or ""
    if name and not is_id(name):
        raise gone(name, service.UnknownProject(name))
    asked = Asked(
        params.view,
        name,
        "project",
        params.day,
        params.known,
        params.centre_lonlat,
        params.radius_m,
        params.place or "",
        params.by,
    )
    with database.reading() as connection:
        moment = service.moment(connection, settings.area, asked.day, asked.known)
    lang = _lang(request)
    tag = answers.computed_tag(request, moment.revision, moment.today, [lang])
    if answers.unchanged(request, tag):
        return answers.not_modified(tag, answers.COMPUTED)
    key = (asked, moment.day, moment.known, moment.today, moment.revision, lang)
    try:
        body = _pictures(request).get(key, lambda: _drawn(database, settings, asked, lang))
    except service.MovedProject as moved:
        query = {**dict(request.query_params), "project": moved.new_id}
        query.pop("line", None)
        return RedirectResponse(f"/preview.png?{urlencode(query)}", status_code=301)
    except (service.RemovedProject, service.UnknownProject) as error:
        raise gone(name, error) from error
    except Crowded as crowd:
        raise _crowded() from crowd
    return answers.json_answer(
        body, tag=tag, cache=answers.COMPUTED, media_type=PNG, headers=answers.IN_LANGUAGE
    )


def _drawn(database: Database, settings: Settings, asked: Asked, lang: Lang) -> bytes:
    with database.reading() as connection:
        subject = find(connection, settings.area, asked, show_lights=settings.show_lights)
        round_it = scenery(connection, subject)
    # Nothing of the database is held while it is drawn. Pillow and shapely are only needed here.
    from app.previews.drawing import render

    return render(subject, round_it, lang, map_approval=settings.map_approval, font=settings.font)


def _pictures(request: Request) -> Pictures:
    found: Pictures = request.app.state.preview_pictures
    return found


def _crowded() -> Problem:
    return Problem(
        "too-many",
        "此刻要画的图片太多，请稍候再取",
        "Too many pictures are asked for at the moment. Ask again shortly.",
        headers={"Retry-After": "2"},
    )
