"""GET /api/jobs/{id}: how far work is that outlives its request."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from app.access.people import Who, requires
from app.database import Database
from app.errors import Problem, documented, storage_full
from app.jobs import queries
from app.jobs.service import STORAGE_FULL
from app.jobs.supervisor import Supervisor
from app.params import Params
from app.web import DatabaseOf

router = APIRouter(tags=["jobs"])
ENDED = ("finished", "failed")
PATIENCE_S = 20.0
_WAIT = re.compile(r"\bwait=(\d{1,2})\b")
LOOK_S = 0.1


class JobEntry(BaseModel):
    id: int
    task: str = Field(examples=["check"])
    subject: int = Field(description="Number of the upload or changeset.")
    state: str = Field(examples=["running"])
    stage: str = Field(
        description="reading, checking, comparing, staging, writing, deriving", examples=["reading"]
    )
    done: int
    total: int = Field(description="0 when it is not known.")
    answer: dict[str, Any] | None = Field(description="`body` or `problem`, once it is finished.")


def entry(job: Mapping[str, Any]) -> dict[str, Any]:
    names = ("id", "task", "subject", "state", "stage", "done", "total", "answer")
    return {name: job[name] for name in names}


@router.get(
    "/api/jobs/{job_id}", response_model=JobEntry, responses=documented(401, 403, 404, 429), summary="A job"
)
def get_job(
    job_id: Annotated[int, Path(ge=1, le=2**31 - 1)],
    who: Annotated[Who, requires("planner", "read")],
    params: Annotated[Params, Query()],
    database: DatabaseOf,
) -> Response:
    """Publishing, undoing and checking that take longer than a request; ask again until it has ended."""
    with database.writing() as connection:
        job = queries.job(connection, job_id)
    if job is None:
        raise Problem("unknown-job", "没有这项工作", "There is no such job.")
    return JSONResponse(entry(job), headers={"Cache-Control": "no-store"})


def patience(request: Request) -> float:
    """Seconds that an answer may take: as many as `Prefer: wait=…` (RFC 7240) says, PATIENCE_S at most."""
    asked = _WAIT.search(request.headers.get("Prefer", ""))
    return min(float(asked[1]), PATIENCE_S) if asked else PATIENCE_S


def awaited(request: Request, database: Database, job_id: int) -> Mapping[str, Any]:
    """The job once it has ended, or as it stands when patience has."""
    supervisor: Supervisor = request.app.state.supervisor
    supervisor.nudge()
    until = time.monotonic() + patience(request)
    while True:
        with database.writing() as connection:
            job = queries.job(connection, job_id)
        if job is None:
            raise Problem("unknown-job", "没有这项工作", "There is no such job.")
        if job["state"] in ENDED or time.monotonic() > until:
            return job
        time.sleep(LOOK_S)


def accepted(job: Mapping[str, Any], location: str) -> Response:
    """202: it is being done; `Location` says where to ask."""
    return JSONResponse(
        entry(job), 202, {"Location": location, "Cache-Control": "no-store", "Retry-After": "1"}
    )


def failure(job: Mapping[str, Any]) -> Problem:
    """Why a job was given up."""
    if (job["answer"] or {}).get("state") == STORAGE_FULL["state"]:
        return storage_full()
    return Problem(
        "interrupted",
        "处理多次中断，已停止；没有保存任何内容，请稍后再试",
        "The work was interrupted several times and was given up. Nothing was stored. Try again later.",
        headers={"Retry-After": "30"},
    )
