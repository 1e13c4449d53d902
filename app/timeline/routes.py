"""GET /api/timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date as Date  # noqa: N812 (the models have fields of that name)
from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from app import answers
from app.errors import documented
from app.params import Day, Kinds, SpanParams
from app.projects import over_time, service
from app.projects.statements import statement
from app.timeline import queries
from app.web import Reading, SettingsOf
from geodata.kinds import Kind, load_kinds
from geodata.phases import facts, promises

router = APIRouter(tags=["timeline"])


class TimelineParams(SpanParams):
    known: Day | None = Field(None, description="Only what had been said by then.")
    kind: Kinds | None = Field(None, description="Only these kinds (repeatable).")


class Series(BaseModel):
    """One kind in one phase: a number for each of the months."""

    kind: str
    phase: str
    projects: list[int]
    area_ha: list[float | None]
    length_km: list[float | None]


class MilestoneDate(BaseModel):
    id: str
    kind: str
    milestone: str
    date: str
    earliest: Date | None
    latest: Date | None
    promised: bool
    commitment: str
    phase: str


class LeftOut(BaseModel):
    zh: str
    en: str
    n: int


class Timeline(BaseModel):
    revision: int
    known: Date
    from_: Date = Field(alias="from")
    to: Date
    months: list[str] = Field(examples=[["2025-01", "2025-02"]])
    series: list[Series]
    dates: list[MilestoneDate]
    left_out: list[LeftOut]


@router.get("/api/timeline", response_model=Timeline, responses=documented(), summary="Phases month by month")
def get_timeline(
    request: Request,
    params: Annotated[TimelineParams, Query()],
    connection: Reading,
    settings: SettingsOf,
) -> Response:
    """Counts on the last day of each month by kind and phase, with measured hectares and kilometres; the
    dates that milestones carry; and what the counts leave out."""
    moment = service.moment(connection, settings.area, known=params.known)
    tag = answers.computed_tag(request, moment.revision, moment.today)
    if answers.unchanged(request, tag):
        return answers.not_modified(tag, answers.COMPUTED)
    kinds = {
        kind.id: kind
        for kind in load_kinds().values()
        if kind.tracked and (params.kind is None or kind.id in params.kind)
    }
    days = over_time.ends(moment, params.from_day, params.to_day)
    body = {
        "revision": moment.revision,
        "known": moment.known,
        "from": days[0],
        "to": days[1],
        "months": over_time.periods(days, "month"),
        "series": over_time.series(connection, moment, days, kinds, "month"),
        "dates": _dates(queries.dated_claims(connection, settings.area, moment.known, list(kinds)), kinds),
        "left_out": over_time.left_out(connection, settings.area, list(kinds)),
    }
    return answers.json_answer(body, tag=tag, cache=answers.COMPUTED)


def _dates(rows: Sequence[Mapping[str, Any]], kinds: Mapping[str, Kind]) -> list[dict[str, Any]]:
    found = []
    for (project_id, kind_id), group in groupby(rows, key=lambda row: (row["project_id"], row["kind"])):
        phase_of = kinds[kind_id].phase_of
        said = [statement(row) for row in group]
        fact = facts(said, phase_of)
        same = {"id": project_id, "kind": kind_id}
        for code, (_, span) in fact.done.items():
            when = {
                "date": span.text,
                "earliest": span.earliest,
                "latest": span.latest,
            }
            found.append(
                {
                    **same,
                    "milestone": code,
                    **when,
                    "promised": False,
                    "commitment": "done",
                    "phase": phase_of[code],
                }
            )
        for code, promise in promises(said, phase_of).items():
            if code in fact.done:
                continue
            current = promise.current
            when = {
                "date": current.date.text if current.date else "",
                "earliest": current.earliest,
                "latest": promise.due,
            }
            commitment = {"promised": True, "commitment": current.commitment, "phase": phase_of[code]}
            found.append({**same, "milestone": code, **when, **commitment})
    return found
