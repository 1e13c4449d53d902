"""GET /api/attention, /api/compare, /api/progress, /api/indicators and /api/programmes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse, Response

from app import answers
from app.board import service
from app.board.attention import service as attending
from app.board.comparing import service as comparing
from app.board.listing_queries import Scope
from app.board.progress import service as progressing
from app.board.schemas import (
    Attention,
    AttentionParams,
    CompareParams,
    Comparison,
    Progress,
    ProgressParams,
)
from app.database import Connection
from app.errors import Problem, documented
from app.params import Day, Params
from app.projects import over_time
from app.projects.routes import gone
from app.projects.schemas import ClaimEntry
from app.projects.service import Moment, MovedProject, RemovedProject, UnknownProject, require
from app.projects.service import moment as moment_of
from app.web import Reading, SettingsOf
from geodata.kinds import Kind, load_kinds

router = APIRouter(tags=["board"])


class KnownParams(Params):
    known: Day | None = Field(None, description="Only what had been said by then.")


class HistoryPoint(BaseModel):
    """What was stated of one period. code: the indicator that states it, which may be one of a part of the
    year."""

    period: str = Field(examples=["2024-01/2024-05"])
    period_zh: str
    period_en: str
    earliest: date | None
    latest: date | None
    code: str
    values: list[dict[str, Any]]


class IndicatorEntry(BaseModel):
    code: str = Field(examples=["Q04"])
    name_zh: str
    name_en: str
    unit: str
    unit_en: str
    part_of: str | None
    period: str
    note: str
    note_zh: str
    value: list[dict[str, Any]]
    target: list[dict[str, Any]]
    ratio: list[dict[str, Any]]
    growth: list[dict[str, Any]]
    rank: list[dict[str, Any]]
    disagree: bool
    implied_target: dict[str, Any] | None
    traceable: dict[str, Any] | None
    history: list[HistoryPoint] = Field(
        description="The value over the periods of which it was stated, parts of a year too; empty where "
        "there is only one."
    )
    claims: list[ClaimEntry]


class Indicators(BaseModel):
    revision: int
    known: date
    indicators: list[IndicatorEntry]


class ProgrammeEntry(BaseModel):
    id: str
    kind: str
    name_zh: str
    name_en: str
    claims: list[ClaimEntry]


class Programmes(BaseModel):
    revision: int
    known: date
    programmes: list[ProgrammeEntry]


@router.get(
    "/api/attention", response_model=Attention, responses=documented(), summary="What to look at first"
)
def get_attention(
    request: Request, params: Annotated[AttentionParams, Query()], connection: Reading, settings: SettingsOf
) -> Response:
    """Promises soon due, silent, provably late or moved; sources that disagree; and what nobody spoke of for
    long: each list with its count and what it means, each entry with why and the claim that proves it. At
    most 200 entries a list. Nothing is late that no source proves."""
    now = moment_of(connection, settings.area)
    tag = answers.computed_tag(request, now.revision, now.today)
    if answers.unchanged(request, tag):
        return answers.not_modified(tag, answers.COMPUTED)
    at = min(params.known or now.today, now.today)
    asked = attending.Asked(
        at,
        params.within_days,
        params.stale_months,
        show_lights=settings.show_lights,
        with_figures=params.kind is None,
    )
    moment = replace(now, day=at, known=at)
    scope = Scope(settings.area, _kinds(params.kind, tracked=True), at)
    body = {
        "revision": now.revision,
        "today": now.today,
        "at": at,
        "within_days": params.within_days,
        "stale_months": params.stale_months,
        "lights_public": settings.show_lights,
        **attending.attention(connection, moment, scope, asked),
    }
    return answers.json_answer(body, tag=tag, cache=answers.COMPUTED)


def _kinds(chosen: list[str] | None, *, tracked: bool, group: str | None = None) -> Mapping[str, Kind]:
    return {
        kind.id: kind
        for kind in load_kinds().values()
        if (chosen is None or kind.id in chosen)
        and (kind.tracked or not tracked)
        and group in (None, kind.group)
    }


@router.get(
    "/api/compare",
    response_model=Comparison,
    responses=documented(404),
    summary="What changed between two days",
)
def get_compare(
    request: Request, params: Annotated[CompareParams, Query()], connection: Reading, settings: SettingsOf
) -> Response:
    """Phases, projects, promises, milestones and figures: between two days as known today (`by=day`), between
    what had been said by the one and by the other (`by=known`), or as one document told (`source=`). First
    evidence is told apart from what surely happened in between, and a promise is called one. At most 200
    entries a list."""
    moment = moment_of(connection, settings.area)
    tag = answers.computed_tag(request, moment.revision, moment.today)
    if answers.unchanged(request, tag):
        return answers.not_modified(tag, answers.COMPUTED)
    body = {
        "revision": moment.revision,
        "today": moment.today,
        "by": "source" if params.source else params.by,
        "from": params.from_day,
        "to": params.to_day,
        "source": params.source,
        "repeated": None,
        "other": None,
        **_compared(connection, moment, params, show_lights=settings.show_lights),
    }
    return answers.json_answer(body, tag=tag, cache=answers.COMPUTED)


def _compared(
    connection: Connection, moment: Moment, params: CompareParams, *, show_lights: bool
) -> dict[str, Any]:
    scope = Scope(moment.area["id"], _kinds(params.kind, tracked=False), moment.today)
    is_all = params.kind is None
    if params.source is not None or params.from_day is None or params.to_day is None:
        source = params.source or ""
        try:
            return comparing.announced(
                connection,
                moment,
                scope,
                source,
                day=params.day,
                show_lights=show_lights,
                with_figures=is_all,
            )
        except comparing.UnknownSource as error:
            raise Problem(
                "unknown-source",
                f"没有编号为“{source}”的资料；所有资料见 /api/sources",
                f"There is no document with the id '{source}'. All of them: /api/sources.",
            ) from error
    day = None if params.by == "day" else params.day or moment.today
    asked = comparing.Asked(params.from_day, params.to_day, day, show_lights, is_all)
    if day is not None:
        scope = replace(scope, known=params.to_day)
    return {"day": day, **comparing.compare(connection, moment, scope, asked)}


@router.get(
    "/api/progress",
    response_model=Progress,
    responses={301: {"description": "A project has another id now"}, **documented(404, 410)},
    summary="Progress over time; planned against actual",
)
def get_progress(
    request: Request, params: Annotated[ProgressParams, Query()], connection: Reading, settings: SettingsOf
) -> Response:
    """Counts, measured hectares and kilometres by kind and phase on the last day of each month or quarter,
    how much of that is only promised, and what is left out; every milestone that was promised for a day,
    planned against actual; and the promised dates over the days they were said, by the whole they are part
    of."""
    moment = moment_of(connection, settings.area, known=params.known)
    tag = answers.computed_tag(request, moment.revision, moment.today)
    if answers.unchanged(request, tag):
        return answers.not_modified(tag, answers.COMPUTED)
    if params.parent is not None:
        try:
            require(connection, params.parent)
        except MovedProject as moved:
            asked = request.url.include_query_params(parent=moved.new_id)
            return RedirectResponse(f"{asked.path}?{asked.query}", status_code=301)
        except (RemovedProject, UnknownProject) as error:
            raise gone(params.parent, error) from error
    kinds = _kinds(params.kind, tracked=True, group=params.group)
    days = over_time.ends(moment, params.from_day, params.to_day)
    scope = Scope(settings.area, kinds, moment.known)
    body = {
        "revision": moment.revision,
        "known": moment.known,
        "from": days[0],
        "to": days[1],
        "step": params.step,
        "periods": over_time.periods(days, params.step),
        "series": over_time.series(
            connection, moment, days, kinds, params.step, over_time.AMOUNTS + over_time.PROMISED
        ),
        "left_out": over_time.left_out(connection, settings.area, list(kinds)),
        **progressing.plan_and_slips(connection, moment, scope, params.parent, settings.show_lights),
    }
    return answers.json_answer(body, tag=tag, cache=answers.COMPUTED)


@router.get(
    "/api/indicators", response_model=Indicators, responses=documented(), summary="Figures of the area"
)
def get_indicators(
    request: Request, params: Annotated[KnownParams, Query()], connection: Reading, settings: SettingsOf
) -> Response:
    """Each figure with every source's word, its target as stated and as implied by the ratio, and the share
    that can be traced to named projects."""
    moment = moment_of(connection, settings.area, known=params.known)
    tag = answers.computed_tag(request, moment.revision, moment.today)
    if answers.unchanged(request, tag):
        return answers.not_modified(tag, answers.COMPUTED)
    entries = service.indicators(connection, moment)
    body = {"revision": moment.revision, "known": moment.known, "indicators": entries}
    return answers.json_answer(body, tag=tag, cache=answers.COMPUTED)


@router.get(
    "/api/programmes",
    response_model=Programmes,
    responses=documented(),
    summary="Programmes, events, designations",
)
def get_programmes(
    request: Request, params: Annotated[KnownParams, Query()], connection: Reading, settings: SettingsOf
) -> Response:
    """What the area pursues or hosts that has no place and no phase, with the words about it."""
    moment = moment_of(connection, settings.area, known=params.known)
    tag = answers.computed_tag(request, moment.revision, moment.today)
    if answers.unchanged(request, tag):
        return answers.not_modified(tag, answers.COMPUTED)
    entries = service.programmes(connection, moment)
    body = {"revision": moment.revision, "known": moment.known, "programmes": entries}
    return answers.json_answer(body, tag=tag, cache=answers.COMPUTED)
