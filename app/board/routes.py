"""GET /api/indicators and /api/programmes."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from app import answers
from app.board import service
from app.errors import documented
from app.params import Day, Params
from app.projects.schemas import ClaimEntry
from app.projects.service import moment as moment_of
from app.web import Reading, SettingsOf

router = APIRouter(tags=["board"])


class KnownParams(Params):
    known: Day | None = Field(None, description="Only what had been said by then.")


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
