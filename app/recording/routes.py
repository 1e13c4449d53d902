"""Recording what a source says, with a look before at what that does; withdrawing and correcting; and which
commitment the words of a quote carry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Header, Path, Query, Request
from starlette.responses import RedirectResponse, Response

from app import answers
from app.access.people import Who, requires
from app.changesets.acting import key_reused
from app.changesets.problems import told
from app.changesets.schemas import Reason
from app.database import Database
from app.errors import Problem, documented
from app.jobs import kept
from app.params import PROJECT_ID, Params
from app.projects import service as projects
from app.projects.routes import gone
from app.recording import schemas as s
from app.recording import service
from app.recording.effect import effect, row_of
from app.settings import Settings
from app.web import DatabaseOf, Reading, SettingsOf
from geodata import commitment_words, dates, datewords, stating
from geodata.issues import Issue

router = APIRouter(tags=["recording"])
ProjectId = Annotated[str, Path(pattern=PROJECT_ID, max_length=80)]
ClaimNumber = Annotated[int, Path(ge=1, le=2**31 - 1, description="Number of a claim.")]
Planner = Annotated[Who, requires("planner", "publish")]
Looker = Annotated[Who, requires("planner", "read")]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", max_length=kept.LONGEST_KEY, description="The same for a repeated request."
    ),
]
REFUSALS = documented(401, 403, 404, 408, 409, 410, 413, 415, 422, 429)
CREATED = {308: {"description": "The project has another id now"}, **REFUSALS}
NO_EFFECT = frozenset(
    {"locator", "quote", "note", "unit"}
    | {f"source/{name}" for name in ("publisher_zh", "publisher_en", "title", "address", "document_number")}
)
"""What may be wrong while one can tell what the claim would do."""


# ---------------------------------------------------------------- acts


class _Recording:
    """One request to record something: done once for one key."""

    def __init__(
        self, request: Request, database: Database, settings: Settings, who: Who, key: str | None
    ) -> None:
        self.request, self.database, self.settings = request, database, settings
        self.who, self.key = who, key or ""
        self.at_once = _at_once(who, settings)

    def done(self, asked: Mapping[str, Any], act: Callable[[service.Recorder], dict[str, Any]]) -> Response:
        mark = kept.fingerprint(self.request.url.path, asked)
        with told(), self.database.writing() as connection:
            try:
                body = kept.earlier(connection, self.who.name, self.key, mark)
            except kept.KeyReused as error:
                raise key_reused() from error
            if body is None:
                recorder = service.Recorder(connection, self.settings.area, self.who.name, self.at_once)
                made = act(recorder)
                body = {**made, "warnings": _entries(made["warnings"])}
                kept.keep(connection, self.who.name, self.key, mark, body)
        headers = {"Cache-Control": "no-store", "Location": f"/api/changesets/{body['changeset']}"}
        return Response(orjson.dumps(body), 201, headers, answers.JSON)


def _at_once(who: Who, settings: Settings) -> bool:
    """Who may publish what others staged may publish what they record, unless two are wanted."""
    may = settings.planners_publish_at_once or who.may("gis")
    return may and not settings.require_second_person


def _entries(issues: Iterable[Issue]) -> list[dict[str, Any]]:
    return [
        {
            "pointer": f"/body/{found.field}",
            "code": found.code,
            "detail_zh": found.detail_zh,
            "detail_en": found.detail_en,
        }
        for found in issues
    ]


def _faulty(error: service.Faulty) -> Problem:
    errors = _entries(error.issues)
    return Problem(
        "bad-body",
        "；".join(entry["detail_zh"] for entry in errors[:5]),
        "; ".join(entry["detail_en"] for entry in errors[:5]),
        errors=errors,
    )


def _unknown(claim_id: int) -> Problem:
    return Problem("not-found", f"没有编号为 {claim_id} 的说法", f"There is no claim {claim_id}.")


def _withdrawn(claim_id: int, revision: int) -> Problem:
    return Problem(
        "wrong-state",
        f"说法 {claim_id} 已在版本 {revision} 撤回，不能再撤回或更正",
        f"Claim {claim_id} was withdrawn at revision {revision}; it cannot be withdrawn or corrected again.",
    )


@router.post(
    "/api/projects/{project_id}/claims",
    status_code=201,
    response_model=s.Recorded,
    responses=CREATED,
    summary="Record what a source says of a project",
)
def post_claim(
    request: Request,
    project_id: ProjectId,
    who: Planner,
    body: s.ClaimBody,
    params: Annotated[Params, Query()],
    database: DatabaseOf,
    settings: SettingsOf,
    key: Key = None,
) -> Response:
    """A changeset of one claim, and of its source when that is new: published at once, or staged when the
    office wants somebody else to publish. What is wrong is told by field, and then nothing is stored."""
    typed = body.model_dump()
    recording = _Recording(request, database, settings, who, key)
    try:
        return recording.done(typed, lambda recorder: recorder.record(project_id, typed))
    except projects.MovedProject as moved:
        return RedirectResponse(f"/api/projects/{moved.new_id}/claims", status_code=308)
    except (projects.UnknownProject, projects.RemovedProject) as error:
        raise gone(project_id, error) from error
    except service.Faulty as error:
        raise _faulty(error) from error


@router.post(
    "/api/claims/{claim_id}/withdraw",
    status_code=201,
    response_model=s.Recorded,
    responses=REFUSALS,
    summary="Withdraw a claim",
)
def post_withdraw(
    request: Request,
    claim_id: ClaimNumber,
    who: Planner,
    body: Reason,
    params: Annotated[Params, Query()],
    database: DatabaseOf,
    settings: SettingsOf,
    key: Key = None,
) -> Response:
    """It counts no more, for whatever day; it stays in the history of its project, with the reason."""
    recording = _Recording(request, database, settings, who, key)
    return _of_claim(
        claim_id,
        lambda: recording.done(body.model_dump(), lambda recorder: recorder.withdraw(claim_id, body.reason)),
    )


@router.post(
    "/api/claims/{claim_id}/correct",
    status_code=201,
    response_model=s.Recorded,
    responses=REFUSALS,
    summary="Put another claim in the place of one",
)
def post_correct(
    request: Request,
    claim_id: ClaimNumber,
    who: Planner,
    body: s.Correcting,
    params: Annotated[Params, Query()],
    database: DatabaseOf,
    settings: SettingsOf,
    key: Key = None,
) -> Response:
    """Withdraws it and records the other, in one changeset."""
    typed = body.model_dump()
    recording = _Recording(request, database, settings, who, key)
    return _of_claim(
        claim_id,
        lambda: recording.done(typed, lambda recorder: recorder.correct(claim_id, body.reason, typed)),
    )


def _of_claim(claim_id: int, act: Callable[[], Response]) -> Response:
    try:
        return act()
    except (service.UnknownClaim, projects.UnknownProject, projects.MovedProject) as error:
        raise _unknown(claim_id) from error
    except projects.RemovedProject as error:
        raise Problem(
            "removed",
            f"说法 {claim_id} 所说的项目已移除",
            f"The project of which claim {claim_id} speaks was removed.",
            successors=error.successors,
        ) from error
    except service.WithdrawnBefore as error:
        raise _withdrawn(claim_id, error.revision) from error
    except service.Faulty as error:
        raise _faulty(error) from error


@router.post(
    "/api/changesets/{changeset_id}/take-back",
    status_code=201,
    response_model=s.Recorded,
    responses=REFUSALS,
    summary="Undo what was recorded, withdrawn or corrected",
)
def post_take_back(
    request: Request,
    changeset_id: Annotated[int, Path(ge=1, le=2**31 - 1, description="Number of a changeset.")],
    who: Planner,
    body: Reason,
    params: Annotated[Params, Query()],
    database: DatabaseOf,
    settings: SettingsOf,
    key: Key = None,
) -> Response:
    """The inverse of a published changeset that only records, withdraws or corrects claims: published at
    once, or staged when the office wants somebody else to publish, as recording is."""
    recording = _Recording(request, database, settings, who, key)
    try:
        return recording.done(
            body.model_dump(), lambda recorder: recorder.take_back(changeset_id, body.reason)
        )
    except service.NotTakenBack as error:
        if error.by is not None:
            raise Problem(
                "wrong-state",
                f"变更集 {changeset_id} 已由变更集 {error.by} 撤销",
                f"Changeset {changeset_id} was undone by changeset {error.by} already.",
            ) from error
        raise Problem(
            "forbidden",
            f"变更集 {changeset_id} 不只是逐条记录的说法：请 GIS 人员撤销",
            f"Changeset {changeset_id} is more than claims recorded by hand: let GIS staff undo it.",
        ) from error


# ---------------------------------------------------------------- looking before


@router.post(
    "/api/projects/{project_id}/claims/preview",
    response_model=s.Preview,
    responses=CREATED,
    summary="What a claim would do to a project",
)
def post_preview(
    project_id: ProjectId,
    who: Looker,
    body: s.Previewing,
    params: Annotated[Params, Query()],
    connection: Reading,
    settings: SettingsOf,
) -> Response:
    """Stores nothing. Phase and light today before and after, how the promise of the milestone moves, and
    which sources would disagree; what is wrong or odd by field, while it is being typed."""
    moment = projects.moment(connection, settings.area)
    try:
        projects.require(connection, project_id)
    except projects.MovedProject as moved:
        return RedirectResponse(f"/api/projects/{moved.new_id}/claims/preview", status_code=308)
    except (projects.UnknownProject, projects.RemovedProject) as error:
        raise gone(project_id, error) from error
    rows = service.claims_of(connection, project_id)
    standing = [row for row in rows if row["id"] != body.replaces]
    kind = service.kind_of(connection, project_id)
    made = service.draft(connection, project_id, kind, body.model_dump(), moment.today, standing)
    told_of = {found.field for found in made.blocks}
    found = None
    if kind and made.source and not told_of - NO_EFFECT:
        found = effect(rows, row_of(made.record, made.source), kind, moment.today, body.replaces)
    answer = {
        "revision": moment.revision,
        "today": moment.today,
        "at_once": _at_once(who, settings),
        "errors": _entries(made.blocks),
        "warnings": _entries(made.warnings),
        "date": _meant(made.record["date"]),
        "said_on": _meant(made.record["said_on"]),
        "words": _words(body.quote, stating.year_of(made.record["said_on"])),
        "effect": found,
    }
    return Response(orjson.dumps(answer), headers={"Cache-Control": "no-store"}, media_type=answers.JSON)


def _meant(text: str) -> dict[str, Any] | None:
    """What a date text of the grammar means; None of an empty one."""
    if not text:
        return None
    span = dates.parse(text)
    date_zh, date_en = dates.spoken(text)
    return {
        "text": text,
        "edtf": dates.edtf(text),
        "date_zh": date_zh,
        "date_en": date_en,
        "earliest": span.earliest,
        "latest": span.latest,
        "approx": span.approx,
    }


@router.get(
    "/api/words",
    response_model=s.CommitmentWords,
    responses=documented(),
    summary="Which commitment the words of a source carry",
)
def get_words(request: Request, params: Annotated[s.WordsParams, Query()]) -> Response:
    """力争 strives, 推动 pursues, 预计 expects, 确保 commits, 已 says that it happened; of several the
    weakest counts. Also the dates that they name. A proposal to whoever has read the document."""
    body = _words(params.text, params.year)
    tag = answers.etag(params.text, params.year, body)
    if answers.unchanged(request, tag):
        return answers.not_modified(tag, answers.COMPUTED)
    return answers.json_answer(body, tag=tag, cache=answers.COMPUTED)


def _words(text: str, year: int | None) -> dict[str, Any]:
    """year: of the document, None when it is not known."""
    words = commitment_words.found(text)
    return {
        "commitment": commitment_words.proposed(words),
        "words": [
            {"word": word.word, "start": word.start, "end": word.end, "commitment": word.commitment}
            for word in words
        ],
        "dates": [_named(one) for one in datewords.found(text, year)],
    }


def _named(one: datewords.Found) -> dict[str, Any]:
    date_zh, date_en = dates.spoken(one.date)
    return {**asdict(one), "date_zh": date_zh, "date_en": date_en}
