"""GET /api/transit, /api/near and /api/places."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app import answers
from app.database import Connection
from app.errors import Problem, documented
from app.params import Params
from app.projects.service import Moment
from app.projects.service import moment as moment_of
from app.transit import places
from app.transit.near import PastDay, Question, near, question
from app.transit.places import AmbiguousPlace, Place, UnknownPlace
from app.transit.schemas import Lines, Near, NearParams, Places, PlacesParams
from app.transit.strips import strips
from app.web import Reading, SettingsOf

router = APIRouter(tags=["transit"])


@router.get("/api/transit", response_model=Lines, responses=documented(), summary="Lines with their stops")
def get_lines(
    request: Request, params: Annotated[Params, Query()], connection: Reading, settings: SettingsOf
) -> Response:
    """Each line with its parts and, in order, the stops that a source names or the map shows, and their phase
    today. What no source says is null."""
    moment = moment_of(connection, settings.area)
    tag = answers.computed_tag(request, moment.revision, moment.today)
    if answers.unchanged(request, tag):
        return answers.not_modified(tag, answers.COMPUTED)
    body = {
        "revision": moment.revision,
        "today": moment.today,
        "lines": strips(connection, moment),
        "credits": moment.area["credits"],
    }
    return answers.json_answer(body, tag=tag, cache=answers.COMPUTED)


@router.get("/api/places", response_model=Places, responses=documented(), summary="Places by name")
def get_places(
    request: Request, params: Annotated[PlacesParams, Query()], connection: Reading, settings: SettingsOf
) -> Response:
    """At most a dozen, best first; without `q` the stations whose place is known."""
    moment = moment_of(connection, settings.area)
    tag = answers.computed_tag(request, moment.revision, moment.today)
    if answers.unchanged(request, tag):
        return answers.not_modified(tag, answers.COMPUTED)
    found = places.suggested(connection, settings.area, params.q or "")
    body = {"revision": moment.revision, "places": [_place(place) for place in found]}
    return answers.json_answer(body, tag=tag, cache=answers.COMPUTED)


@router.get(
    "/api/near", response_model=Near, responses=documented(404), summary="What opens near a place, and when"
)
def get_near(
    request: Request, params: Annotated[NearParams, Query()], connection: Reading, settings: SettingsOf
) -> Response:
    """Four groups: said to open by then, said to open later, no source says when, open already. Distances are
    straight lines, and only between places that are not schematic."""
    moment = moment_of(connection, settings.area)
    tag = answers.computed_tag(request, moment.revision, moment.today)
    if answers.unchanged(request, tag):
        return answers.not_modified(tag, answers.COMPUTED)
    asked = _question(connection, moment, params)
    place = asked.place
    lon, lat = asked.centre_lonlat
    body: dict[str, Any] = {
        "revision": moment.revision,
        "today": moment.today,
        "by": asked.by,
        "radius_m": asked.radius_m,
        "group": list(asked.kind_groups),
        "datum": params.datum,
        "centre": {"lon": round(lon, 7), "lat": round(lat, 7)},
        "place": _place(place) if place else None,
        **near(connection, moment, asked, settings.show_lights),
        "credits": moment.area["credits"],
    }
    return answers.json_answer(body, tag=tag, cache=answers.COMPUTED)


def _question(connection: Connection, moment: Moment, params: NearParams) -> Question:
    try:
        return question(
            connection,
            moment,
            place=params.place or "",
            point_lonlat=params.centre_lonlat,
            radius_m=params.radius_m,
            by=params.by,
            kind_groups=params.group or (),
        )
    except UnknownPlace as error:
        raise Problem(
            "unknown-place",
            f"本图上没有叫“{error.words}”的地点；请换一个名字，或在地图上点一处",
            f"No place on this map is called '{error.words}'. Try another name, or tap the map.",
        ) from error
    except AmbiguousPlace as error:
        raise _which(error) from error
    except PastDay as error:
        raise _past(error.by, moment.today) from error


def _past(by: date, today: date) -> Problem:
    zh = f"by：{by} 已经过去；请给今天（{today}）或以后的日期，已开通的另列一组"
    en = f"by: {by} is past; give today ({today}) or a later day. What is open has its own group"
    entry = {"pointer": "/query/by", "code": "past", "detail_zh": zh, "detail_en": en}
    return Problem("bad-parameter", zh, en, errors=[entry])


def _which(error: AmbiguousPlace) -> Problem:
    names_zh = "、".join(place.name_zh for place in error.candidates)
    names_en = ", ".join(place.name_en or place.name_zh for place in error.candidates)
    return Problem(
        "ambiguous-place",
        f"叫“{error.words}”的不止一处：{names_zh}；请选一处",
        f"'{error.words}' may be: {names_en}. Choose one.",
        errors=[
            {
                "pointer": "/query/place",
                "code": "candidate",
                "place": place.id or place.name_zh,
                "lon": round(place.lonlat[0], 7),
                "lat": round(place.lonlat[1], 7),
                "detail_zh": f"{place.name_zh}（{place.label_zh}）",
                "detail_en": f"{place.name_en or place.name_zh} ({place.label_en})",
            }
            for place in error.candidates
        ],
    )


def _place(place: Place) -> dict[str, Any]:
    names = ("id", "kind", "name_zh", "name_en", "label_zh", "label_en", "precision")
    lon, lat = place.lonlat
    return {**{name: getattr(place, name) for name in names}, "lon": round(lon, 7), "lat": round(lat, 7)}
