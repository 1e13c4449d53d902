"""Editing on the map: what acts would come to, and staging them for review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Header, Query
from starlette.responses import Response

from app import answers
from app.access.people import Who, requires
from app.changesets.acting import key_reused
from app.changesets.problems import told
from app.database import Connection
from app.editing import schemas as s
from app.editing import service
from app.errors import MOST_ERRORS, Problem, documented
from app.jobs import kept
from app.params import Params
from app.web import DatabaseOf, SettingsOf
from geodata.editing import Noted

router = APIRouter(tags=["editing"])
Editor = Annotated[Who, requires("gis", "upload")]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", max_length=kept.LONGEST_KEY, description="The same for a repeated request."
    ),
]
REFUSALS = documented(401, 403, 408, 409, 413, 415, 422, 429)


def _entries(noted: Sequence[Noted]) -> list[dict[str, Any]]:
    return [
        {
            "pointer": f"/body/{where}",
            "code": found.code,
            "detail_zh": found.detail_zh,
            "detail_en": found.detail_en,
            "lon": found.lon,
            "lat": found.lat,
        }
        for where, found in noted
    ]


def _faulty(error: service.Faulty) -> Problem:
    errors = _entries(error.noted[:MOST_ERRORS])
    return Problem(
        "bad-body",
        "；".join(entry["detail_zh"] for entry in errors[:5]),
        "; ".join(entry["detail_en"] for entry in errors[:5]),
        errors=errors,
    )


def _edited(connection: Connection, area_id: str, body: s.Checking) -> service.Edited:
    acts = [act.model_dump() for act in body.acts]
    return service.edited(connection, area_id, body.base_revision, body.source, acts)


@router.post(
    "/api/edits",
    status_code=201,
    response_model=s.Staged,
    responses=REFUSALS,
    summary="Stage what was drawn and changed on the map",
)
def post_edits(
    who: Editor,
    body: s.Editing,
    params: Annotated[Params, Query()],
    database: DatabaseOf,
    settings: SettingsOf,
    key: Key = None,
) -> Response:
    """A changeset that is reviewed, published and taken back like that of an upload. What is wrong is told by
    act and field, and then nothing is stored; 409 when others moved on what is changed."""
    mark = kept.fingerprint("edits", body.model_dump())
    with told(), database.writing() as connection:
        try:
            answer = kept.earlier(connection, who.name, key or "", mark)
        except kept.KeyReused as error:
            raise key_reused() from error
        if answer is None:
            done = _edited(connection, settings.area, body)
            try:
                number = service.stage(connection, settings.area, done, who.name, body.reason)
            except service.Faulty as error:
                raise _faulty(error) from error
            answer = {
                "changeset": number,
                "warnings": _entries(done.warnings),
                "projects": service.told(done),
            }
            kept.keep(connection, who.name, key or "", mark, answer)
    headers = {"Cache-Control": "no-store", "Location": f"/api/changesets/{answer['changeset']}"}
    return Response(orjson.dumps(answer), 201, headers, answers.JSON)


@router.post(
    "/api/edits/check",
    response_model=s.Checked,
    responses=REFUSALS,
    summary="What acts on the map would come to",
)
def post_check(
    who: Editor,
    body: s.Checking,
    params: Annotated[Params, Query()],
    database: DatabaseOf,
    settings: SettingsOf,
) -> Response:
    """Stores nothing; answers while something is wrong as well. Every project that is touched with the shape
    and the measures that it would have, so that a page can show what a cut or a merger makes."""
    # From where staging reads as well, so that both say the same.
    with told(), database.writing() as connection:
        done = _edited(connection, settings.area, body)
    answer = {
        "revision": done.revision,
        "errors": _entries(done.blocks),
        "warnings": _entries(done.warnings),
        "projects": service.told(done),
    }
    return Response(orjson.dumps(answer), headers={"Cache-Control": "no-store"}, media_type=answers.JSON)
