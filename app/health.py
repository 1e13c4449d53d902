"""Is the process up; is everything it needs there."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.responses import JSONResponse

from app.database import DatabaseUnavailable
from app.errors import documented
from app.params import Params
from app.projects.service import NoArea, moment
from app.web import DatabaseOf, SettingsOf

router = APIRouter(tags=["health"])
LEAST_FREE_BYTES = 1024**3


class Health(BaseModel):
    status: str


class Readiness(BaseModel):
    status: str
    database: str
    seeded: str
    disk: str


@router.get("/healthz", response_model=Health, responses=documented(), summary="The process answers")
def get_health(params: Annotated[Params, Query()]) -> JSONResponse:
    return JSONResponse({"status": "ok"})


@router.get(
    "/readyz",
    response_model=Readiness,
    responses=documented(),
    summary="The database, the data and the disk are ready",
)
def get_readiness(
    params: Annotated[Params, Query()], database: DatabaseOf, settings: SettingsOf
) -> JSONResponse:
    """503 with the same body when one of them is not."""
    found = {"database": "ok", "seeded": "ok", "disk": "ok"}
    try:
        database.ping()
        with database.reading() as connection:
            moment(connection, settings.area)
    except DatabaseUnavailable:
        found |= {"database": "unavailable", "seeded": "unknown"}
    except NoArea:
        found["seeded"] = "no"
    if shutil.disk_usage(Path.cwd()).free < LEAST_FREE_BYTES:
        found["disk"] = "less than 1 GiB free"
    ready = all(value == "ok" for value in found.values())
    return JSONResponse({"status": "ready" if ready else "not ready", **found}, 200 if ready else 503)
