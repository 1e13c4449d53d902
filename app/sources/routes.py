"""GET /api/sources, and the search of documents to cite."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from app import answers
from app.errors import documented
from app.params import Day, Params, Words
from app.projects.schemas import SourceEntry
from app.projects.service import moment as moment_of
from app.sources import service
from app.web import Reading, SettingsOf

router = APIRouter(tags=["sources"])


class SourcesParams(Params):
    known: Day | None = Field(None, description="Only what had been said by then.")


class SourceCounted(SourceEntry):
    claims: int = Field(description="Claims of it that hold.")
    withdrawn: int = Field(description="Claims of it that were withdrawn.")
    of_figures: int = Field(description="Of the claims that hold, those of figures of the whole area.")
    projects: int = Field(description="Projects of which it speaks.")
    last_said: date | None = Field(
        description="The last day on which a claim of it that holds was said, at the latest: of a source "
        "without a date the day on which it was retrieved."
    )
    speaks_of: list[str] = Field(
        description=f"Ids of those projects, at most {service.MOST_OF_A_SOURCE}.",
        examples=[["fuan-east-road"]],
    )


class Totals(BaseModel):
    sources: int
    sources_by_tier: dict[str, int]
    claims: int = Field(description="Claims that hold.")
    claims_by_tier: dict[str, int]
    claims_by_commitment: dict[str, int]
    claims_undated: int = Field(description="From a source without a date: said by the day it was retrieved.")
    claims_verbatim: int = Field(description="In the source's own words.")
    claims_summarised: int = Field(description="In our summary of them.")
    claims_withdrawn: int
    projects: int
    projects_by_precision: dict[str, int] = Field(
        description="Of what could have a place: no programmes, events and titles, no wholes drawn as parts."
    )
    projects_without_phase: int
    projects_unlocated: int
    promises_without_date: int = Field(description="Claims of projects below `done` that give no date.")


class Listed(BaseModel):
    count: int
    projects: list[str] = Field(description=f"Their ids, at most {service.MOST_OF_A_LIST}.")


class Lists(BaseModel):
    schematic: Listed
    unlocated: Listed
    without_phase: Listed = Field(description="Of what has phases: no source said by then in which it is.")
    promised_without_date: Listed


class ProjectNamed(BaseModel):
    id: str
    kind: str
    name_zh: str
    name_en: str


class Sources(BaseModel):
    revision: int
    known: date
    totals: Totals
    sources: list[SourceCounted]
    lists: Lists
    projects: list[ProjectNamed] = Field(description="Every project that is named above by its id.")


@router.get("/api/sources", response_model=Sources, responses=documented(), summary="What the chart rests on")
def get_sources(
    request: Request, params: Annotated[SourcesParams, Query()], connection: Reading, settings: SettingsOf
) -> Response:
    """Every document, the official ones first, with how many claims rest on it and of which projects it
    speaks; what that amounts to; and what is schematic or not known at all."""
    moment = moment_of(connection, settings.area, known=params.known)
    tag = answers.computed_tag(request, moment.revision, moment.today)
    if answers.unchanged(request, tag):
        return answers.not_modified(tag, answers.COMPUTED)
    body = {
        "revision": moment.revision,
        "known": moment.known,
        **service.overview(connection, moment),
    }
    return answers.json_answer(body, tag=tag, cache=answers.COMPUTED)


class SearchParams(Params):
    q: Words = Field(
        "", description="Words of the title, the publisher, the date or the id; all must be there."
    )


class SourceFound(BaseModel):
    id: str = Field(examples=["qiaobao-2025-01-16"])
    publisher_zh: str
    publisher_en: str
    title: str
    title_en: str
    published: str = Field(description="A date text; empty when it bears none.")
    address: str
    tier: Literal["official", "press", "web"]


class SourcesFound(BaseModel):
    revision: int
    sources: list[SourceFound] = Field(description=f"The latest first, at most {service.MOST_FOUND}.")


@router.get(
    "/api/sources/search", response_model=SourcesFound, responses=documented(), summary="Documents to cite"
)
def search_sources(
    request: Request, params: Annotated[SearchParams, Query()], connection: Reading, settings: SettingsOf
) -> Response:
    """What was cited before, by words; without words the latest."""
    moment = moment_of(connection, settings.area)
    tag = answers.computed_tag(request, moment.revision, moment.today)
    if answers.unchanged(request, tag):
        return answers.not_modified(tag, answers.REVALIDATE)
    body = {"revision": moment.revision, "sources": service.find(connection, moment, params.q)}
    return answers.json_answer(body, tag=tag, cache=answers.REVALIDATE)
