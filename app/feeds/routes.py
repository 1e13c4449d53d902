"""GET /api/changes.atom and /api/changes.ics."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from app import answers
from app.database import Connection
from app.errors import documented, language
from app.feeds import atom, calendar, changed, due
from app.feeds.schemas import FeedParams
from app.feeds.service import Following, following
from app.projects import service
from app.projects.routes import gone
from app.web import Reading, SettingsOf

router = APIRouter(tags=["feeds"])
CALENDAR = calendar.MEDIA_TYPE.partition(";")[0]
MOVED: dict[int | str, dict[str, Any]] = {301: {"description": "A project has another id now"}}


@router.get(
    "/api/changes.atom",
    response_class=Response,
    responses={200: {"content": {atom.MEDIA_TYPE: {}}}, **MOVED, **documented(404, 410)},
    summary="What changed, as a feed",
)
def get_changes(
    request: Request, params: Annotated[FeedParams, Query()], connection: Reading, settings: SettingsOf
) -> Response:
    """Atom (RFC 4287): an entry for each project that a published changeset touched, the latest first, at
    most 100, with what is said, by whom and in which words. Round a point only what has a place is found."""
    moment = _moment(connection, settings.area, params)
    tag = _tag(request, moment)
    if answers.unchanged(request, tag):
        return answers.not_modified(tag, answers.COMPUTED)
    if elsewhere := _elsewhere(connection, request, params):
        return elsewhere
    body = atom.atom_bytes(changed.feed(connection, _following(connection, request, moment, params)))
    return _answer(body, tag, atom.MEDIA_TYPE)


@router.get(
    "/api/changes.ics",
    response_class=Response,
    responses={200: {"content": {CALENDAR: {}}}, **MOVED, **documented(404, 410)},
    summary="What is due, as a calendar",
)
def get_calendar(
    request: Request, params: Annotated[FeedParams, Query()], connection: Reading, settings: SettingsOf
) -> Response:
    """iCalendar (RFC 5545): an event for each dated promise that stands, lapsed ones too, over all days that
    the words may mean, and for each promised milestone that is done. Round a point only what has a place is
    found."""
    moment = _moment(connection, settings.area, params)
    tag = _tag(request, moment)
    if answers.unchanged(request, tag):
        return answers.not_modified(tag, answers.COMPUTED)
    if elsewhere := _elsewhere(connection, request, params):
        return elsewhere
    of = _following(connection, request, moment, params)
    return _answer(due.calendar(connection, of, settings.show_lights), tag, calendar.MEDIA_TYPE)


def _moment(connection: Connection, area_id: str, params: FeedParams) -> service.Moment:
    moment = service.moment(connection, area_id)
    if params.centre_lonlat is not None:
        service.within(moment, params.centre_lonlat)
    return moment


def _tag(request: Request, moment: service.Moment) -> str:
    # The addresses in it are those under which it was asked for.
    extra = (language(request), request.base_url)
    return answers.computed_tag(request, moment.revision, moment.today, extra)


def _elsewhere(connection: Connection, request: Request, params: FeedParams) -> Response | None:
    """Where the question stands now that a project has another id; None when all are there."""
    for project_id in params.project or ():
        try:
            service.require(connection, project_id)
        except service.MovedProject as moved:
            kept = [pair for pair in request.query_params.multi_items() if pair[0] != "project"]
            named = [moved.new_id if name == project_id else name for name in params.project or ()]
            query = urlencode([*kept, ("project", ",".join(named))], safe=",")
            return RedirectResponse(f"{request.url.path}?{query}", status_code=301)
        except (service.RemovedProject, service.UnknownProject) as error:
            raise gone(project_id, error) from error
    return None


def _following(
    connection: Connection, request: Request, moment: service.Moment, params: FeedParams
) -> Following:
    here = params.centre_lonlat
    return following(
        connection,
        moment,
        kinds=params.kind or (),
        projects=params.project or (),
        near=(here, params.radius_m) if here else None,
        lang=language(request),
        home=str(request.base_url),
        address=str(request.url),
    )


def _answer(body: bytes, tag: str, media_type: str) -> Response:
    return answers.json_answer(
        body, tag=tag, cache=answers.COMPUTED, media_type=media_type, headers=answers.IN_LANGUAGE
    )
