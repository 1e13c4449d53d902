"""GET /api/timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date as Date  # noqa: N812 (the models have fields of that name)
from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field, model_validator
from starlette.responses import Response

from app import answers
from app.errors import documented
from app.params import Day, Kinds, Params, fault
from app.projects import service
from app.projects.statements import statement
from app.timeline import queries
from app.web import Reading, SettingsOf
from geodata.kinds import Kind, load_kinds
from geodata.phases import PHASES, facts, promises

router = APIRouter(tags=["timeline"])
MOST_YEARS = 60


class TimelineParams(Params):
    from_day: Day | None = Field(
        None, alias="from", description="First month; the area's first day if left out."
    )
    to_day: Day | None = Field(None, alias="to", description="Last month; the area's last day if left out.")
    known: Day | None = Field(None, description="Only what had been said by then.")
    kind: Kinds | None = Field(None, description="Only these kinds (repeatable).")

    @model_validator(mode="after")
    def _in_order(self) -> TimelineParams:
        if self.from_day and self.to_day:
            if self.from_day > self.to_day:
                raise fault("days_reversed")
            if self.to_day.year - self.from_day.year > MOST_YEARS:
                raise fault("days_too_far", most=MOST_YEARS)
        return self


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
    from_day, to_day = _range(params, moment)
    body = {
        "revision": moment.revision,
        "known": moment.known,
        "from": from_day,
        "to": to_day,
        **_series(
            queries.months(connection, settings.area, from_day, to_day, moment.known, list(kinds)),
            _months(from_day, to_day),
        ),
        "dates": _dates(queries.dated_claims(connection, settings.area, moment.known, list(kinds)), kinds),
        "left_out": _left_out(queries.left_out(connection, settings.area, list(kinds))),
    }
    return answers.json_answer(body, tag=tag, cache=answers.COMPUTED)


def _range(params: TimelineParams, moment: service.Moment) -> tuple[Date, Date]:
    """The two ends; one that was left out is the area's own, or as far away as is allowed."""
    from_day = params.from_day or min(moment.area["first_day"], params.to_day or Date.max)
    to_day = params.to_day or max(moment.area["last_day"], from_day)
    if to_day.year - from_day.year > MOST_YEARS:
        from_day, to_day = (
            (from_day, Date(from_day.year + MOST_YEARS, 12, 31))
            if params.from_day
            else (Date(to_day.year - MOST_YEARS, 1, 1), to_day)
        )
    return from_day, to_day


def _months(from_day: Date, to_day: Date) -> list[str]:
    first, last = from_day.year * 12 + from_day.month - 1, to_day.year * 12 + to_day.month - 1
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(first, last + 1)]


def _series(rows: Sequence[Mapping[str, Any]], months: list[str]) -> dict[str, Any]:
    """The counts as one row of numbers for each kind and phase that occurs."""
    position = {month: n for n, month in enumerate(months)}
    series: dict[tuple[str, int], dict[str, Any]] = {}
    for row in rows:
        empty = {
            "kind": row["kind"],
            "phase": PHASES[row["phase"]],
            "projects": [0] * len(months),
            "area_ha": [None] * len(months),
            "length_km": [None] * len(months),
        }
        entry = series.setdefault((row["kind"], row["phase"]), empty)
        for name in ("projects", "area_ha", "length_km"):
            entry[name][position[row["month"]]] = row[name]
    return {"months": months, "series": list(series.values())}


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


def _left_out(numbers: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "zh": "由各部分组成、自身不计数的项目",
            "en": "projects made of parts, which count themselves",
            "n": numbers["containers"],
        },
        {
            "zh": "没有可量算图形的项目：计数，不计公顷和公里",
            "en": "projects without a shape that may be measured: counted, without hectares or kilometres",
            "n": numbers["unmeasured"],
        },
    ]
