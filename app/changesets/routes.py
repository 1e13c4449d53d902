"""Looking at changesets, reviewing staged ones, publishing them and taking them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Header, Path, Query, Request
from starlette.responses import Response

from app.access.people import Who, Whoever, not_signed_in, requires
from app.changesets import listing_queries, mentions, review, service, staged_queries, tile_queries, together
from app.changesets import schemas as s
from app.changesets.acting import Act, answer, version_in
from app.changesets.problems import told
from app.changesets.refusals import UnknownChangeset
from app.changesets.undoing import is_recorded
from app.changesets.where import Logged, Where
from app.database import Connection
from app.errors import Problem, documented
from app.jobs import kept
from app.params import Params
from app.projects import queries as projects
from app.projects.routes import gone
from app.projects.service import UnknownProject
from app.web import DatabaseOf, SettingsOf

router = APIRouter(tags=["changesets"])
Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="Number of a changeset.")]
Staff = Annotated[Who, requires("planner", "read")]
Reviewer = Annotated[Who, requires("gis", "publish")]
IfMatch = Annotated[
    str | None, Header(alias="If-Match", max_length=40, description="The ETag that was seen.")
]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", max_length=kept.LONGEST_KEY, description="The same for a repeated request."
    ),
]
LARGEST_PAGE = 1_900_000
"""Bytes of changes in one answer."""
NAMED = ("name_zh", "name_en", "kind")
MVT = "application/vnd.mapbox-vector-tile"
PUBLIC = (
    "id",
    "kind",
    "state",
    "rev",
    "reverts",
    "undone_by",
    "title_zh",
    "title_en",
    "data_date",
    "published_at",
)


# ---------------------------------------------------------------- looking


@router.get(
    "/api/changesets",
    response_model=s.ChangesetList,
    responses=documented(401, 403, 404, 429),
    summary="The log of changesets",
)
def get_changesets(
    who: Whoever, params: Annotated[s.ListParams, Query()], database: DatabaseOf, settings: SettingsOf
) -> Response:
    """The latest first. Everybody sees what was published; staff see what is staged, and by whom."""
    if not who and params.who is not None:
        # Whether anything is found would tell strangers what an account is called, and what it does.
        raise not_signed_in()
    if not who and params.state not in (None, "published"):
        return answer({"changesets": [], "next": None})
    logged = Logged(
        params.state if who else "published",
        params.kind,
        params.who,
        params.from_day,
        params.to_day,
        params.project,
        params.before,
    )
    with database.writing() as connection:
        if params.project and projects.find(connection, params.project) is None:
            raise gone(params.project, UnknownProject())
        rows = listing_queries.log(connection, settings.area, logged, params.limit + 1)
        undone = listing_queries.undone(connection, settings.area)
        shown, more = rows[: params.limit], len(rows) > params.limit
        acts = listing_queries.acts(connection, [row["id"] for row in shown]) if who else {}
    entries = [_entry({**row, "acts": acts[row["id"]]} if who else row, who, undone) for row in shown]
    return answer({"changesets": entries, "next": shown[-1]["id"] if more else None})


def _entry(row: Mapping[str, Any], who: Who | None, undone: Mapping[int, int]) -> dict[str, Any]:
    """undone: by number, what undid it."""
    names = s.ChangesetEntry.model_fields if who else PUBLIC
    shown = {"acts": None, **row, "undone_by": undone.get(row["id"])}
    return {name: shown[name] for name in names}


@router.get(
    "/api/changesets/{changeset_id}",
    response_model=s.ChangesetDetail,
    responses=documented(404, 429),
    summary="One changeset",
)
def get_changeset(
    changeset_id: Number, who: Whoever, params: Annotated[Params, Query()], database: DatabaseOf
) -> Response:
    """For staff with counts, and with the digest by which its warnings are confirmed."""
    with database.writing() as connection, told():
        row = staged_queries.changeset(connection, changeset_id)
        if row is None or (who is None and row["state"] != "published"):
            raise UnknownChangeset(f"there is no changeset {changeset_id}")
        if who is None:
            return answer(_entry(row, None, listing_queries.undone(connection, row["area_id"])))
        return answer(_detail(connection, row, who), version=row["version"])


def _detail(connection: Connection, row: Mapping[str, Any], who: Who) -> dict[str, Any]:
    warnings, digest = review.warnings_digest(connection, row["id"])
    staged = row["state"] == "staged"
    return {
        **_entry(row, who, listing_queries.undone(connection, row["area_id"])),
        **listing_queries.surroundings(connection, row["id"]),
        "counts": listing_queries.counts(connection, row["id"]),
        "warnings": warnings,
        "confirm": digest,
        "kept": mentions.kept_in_words(connection, row["kept"]),
        "recorded": is_recorded(connection, row),
        "expires_on": (row["created_at"] + timedelta(days=review.KEPT_DAYS)).date() if staged else None,
    }


@router.get(
    "/api/changesets/{changeset_id}/changes",
    response_model=s.ChangePage,
    responses=documented(401, 403, 404, 429),
    summary="What a changeset does, by page",
)
def get_changes(
    changeset_id: Number, who: Staff, params: Annotated[s.ChangeParams, Query()], database: DatabaseOf
) -> Response:
    where = replace(_where(params), bbox=params.bbox)
    with database.writing() as connection, told():
        _must_exist(connection, changeset_id)
        rows = listing_queries.changes_page(connection, changeset_id, where, params.cursor, params.limit + 1)
        new = [row["about"] for row in rows if row["name_zh"] is None and row["op"] != "add"]
        added = listing_queries.added_names(connection, changeset_id, new)
        cited = _cited(connection, changeset_id, rows)
        rows = mentions.named(connection, changeset_id, together.marked(connection, changeset_id, rows))
    shown = _fitting([_change(row, added.get(row["about"], {}), cited) for row in rows[: params.limit]])
    more = len(shown) < len(rows)
    return answer({"changes": shown, "next": shown[-1]["n"] if more else None})


def _cited(
    connection: Connection, changeset_id: int, rows: Sequence[Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    ids = {source for row in rows if (source := _source(row))}
    return listing_queries.cited(connection, changeset_id, sorted(ids))


def _source(row: Mapping[str, Any]) -> str | None:
    """The id of what a claim cites."""
    said = (row["after"] or row["before"] or {}) if row["op"] in ("claim", "withdraw") else {}
    return said.get("source")


def _where(params: s.MeantParams) -> Where:
    return Where(
        op=params.op,
        issue=params.issue,
        severity=params.severity,
        decision=params.decision,
        words=params.q,
    )


def _fitting(changes: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """As many as make no page that is slow to send: rows may be long. One at least."""
    size = 0
    for count, change in enumerate(changes):
        size += len(orjson.dumps(change))
        if count and size > LARGEST_PAGE:
            return changes[:count]
    return changes


def _change(
    row: Mapping[str, Any], added: Mapping[str, Any], cited: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """added: what the same changeset says of a new project that the change speaks of. cited: by id."""
    after, before = row["after"] or {}, row["before"] or {}
    sides = (after, row, added, before)
    told = {name: next((side[name] for side in sides if side.get(name)), "") for name in NAMED}
    names = {name: told[name] or row["about"] for name in ("name_zh", "name_en")}
    return {
        **row,
        **told,
        **names,
        "row": _counted(row["file_row"]),
        "cited": cited.get(_source(row) or ""),
    }


@router.get(
    "/api/changesets/{changeset_id}/changes/{n}",
    response_model=s.ChangeDetail,
    responses=documented(401, 403, 404, 429),
    summary="One change, with both shapes",
)
def get_change(
    changeset_id: Number,
    n: Annotated[int, Path(ge=1, le=2**31 - 1)],
    who: Staff,
    params: Annotated[Params, Query()],
    database: DatabaseOf,
) -> Response:
    with database.writing() as connection:
        row = listing_queries.one_change(connection, changeset_id, n)
        if row is None:
            raise Problem("unknown-changeset", "没有这条变更", "There is no such change.")
        added = listing_queries.added_names(connection, changeset_id, [row["about"]])
        cited = _cited(connection, changeset_id, [row])
        (row,) = mentions.named(connection, changeset_id, together.marked(connection, changeset_id, [row]))
    shapes = {name: row[name] and orjson.loads(row[name]) for name in ("geometry_before", "geometry_after")}
    return answer({**_change(row, added.get(row["about"], {}), cited), **shapes})


@router.get(
    "/api/changesets/{changeset_id}/tiles/{z}/{x}/{y}.mvt",
    response_class=Response,
    responses={200: {"content": {MVT: {}}}, **documented(401, 403, 404, 429)},
    summary="What a changeset does, on the map",
)
def get_change_tile(
    changeset_id: Number,
    z: Annotated[int, Path(ge=0, le=22)],
    x: Annotated[int, Path(ge=0, lt=2**22)],
    y: Annotated[int, Path(ge=0, lt=2**22)],
    who: Staff,
    params: Annotated[s.MeantParams, Query()],
    database: DatabaseOf,
) -> Response:
    """One layer, `changes`; a feature's id is the number of its change, `op`, `decision` and `told` (block,
    warn or nothing) say how to draw it, and `side` what it is: before, after, or moved, the way of a point
    between both. What is small comes as a point."""
    if x >= 2**z or y >= 2**z:
        raise Problem("not-found", "没有这个瓦片", "There is no such tile.")
    with database.writing() as connection, told():
        _must_exist(connection, changeset_id)
        tile = tile_queries.tile(connection, changeset_id, _where(params), z, x, y)
    return Response(tile, media_type=MVT, headers={"Cache-Control": "no-store"})


def _counted(row: int | None) -> int | None:
    """Rows are counted from 1, as people do."""
    return None if row is None else row + 1


def _must_exist(connection: Connection, changeset_id: int) -> None:
    if staged_queries.changeset(connection, changeset_id) is None:
        raise UnknownChangeset(f"there is no changeset {changeset_id}")


# ---------------------------------------------------------------- deciding


@router.patch(
    "/api/changesets/{changeset_id}/changes",
    response_model=s.Decided,
    responses=documented(401, 403, 404, 408, 409, 412, 413, 415, 422, 428, 429),
    summary="Accept or reject changes, one or many",
)
def patch_changes(
    changeset_id: Number,
    who: Reviewer,
    deciding: s.Deciding,
    params: Annotated[Params, Query()],
    database: DatabaseOf,
    if_match: IfMatch = None,
) -> Response:
    version = version_in(if_match)
    meant = deciding.where
    where = Where(
        numbers=None if meant.n is None else tuple(meant.n),
        op=meant.op,
        issue=meant.issue,
        severity=meant.severity,
        decision=meant.decision,
        words=meant.q,
        bbox=meant.bbox,
    )
    with told(), database.writing() as connection:
        changed = review.decide(connection, changeset_id, version, where, deciding.decision)
        warnings, digest = review.warnings_digest(connection, changeset_id)
        counts = listing_queries.counts(connection, changeset_id)
    body = {
        "changed": changed,
        "version": version + 1,
        "warnings": warnings,
        "confirm": digest,
        "counts": counts,
    }
    return answer(body, version=version + 1)


@router.post(
    "/api/changesets/{changeset_id}/discard",
    response_model=s.Outcome,
    responses=documented(401, 403, 404, 408, 409, 412, 413, 428, 429),
    summary="Give a staged changeset up",
)
def post_discard(
    changeset_id: Number,
    who: Reviewer,
    params: Annotated[Params, Query()],
    database: DatabaseOf,
    if_match: IfMatch = None,
) -> Response:
    version = version_in(if_match)
    with told(), database.writing() as connection:
        review.open_for(connection, changeset_id, version)
        service.discard(connection, changeset_id, who.name)
    return answer({"changeset": changeset_id})


# ---------------------------------------------------------------- publishing, undoing, comparing anew


@router.post(
    "/api/changesets/{changeset_id}/publish",
    response_model=s.Outcome,
    responses=documented(401, 403, 404, 408, 409, 412, 413, 415, 422, 428, 429),
    summary="Make a staged changeset public",
)
def post_publish(
    request: Request,
    changeset_id: Number,
    who: Reviewer,
    publishing: s.Publishing,
    params: Annotated[Params, Query()],
    database: DatabaseOf,
    settings: SettingsOf,
    if_match: IfMatch = None,
    key: Key = None,
) -> Response:
    """200 when it is done; 202 with `Location` of a job when it takes longer than a request."""
    asked = {
        "version": version_in(if_match),
        "reason": publishing.reason,
        "confirmed": publishing.confirm,
        "two_persons": settings.require_second_person,
    }
    return Act(request, database, changeset_id, who, "publish", asked, key or "").done()


@router.post(
    "/api/changesets/{changeset_id}/revert",
    response_model=s.Outcome,
    responses=documented(401, 403, 404, 408, 409, 413, 415, 422, 429),
    summary="Stage what takes a published changeset back",
)
def post_revert(
    request: Request,
    changeset_id: Number,
    who: Reviewer,
    reason: s.Reason,
    params: Annotated[Params, Query()],
    database: DatabaseOf,
    key: Key = None,
) -> Response:
    """The answer names the staged inverse; parts that moved on since are kept and counted."""
    return Act(request, database, changeset_id, who, "revert", {"reason": reason.reason}, key or "").done()


@router.post(
    "/api/changesets/{changeset_id}/rebase",
    response_model=s.Outcome,
    responses=documented(401, 403, 404, 408, 409, 412, 413, 428, 429),
    summary="Compare a staged changeset anew with what is public",
)
def post_rebase(
    request: Request,
    changeset_id: Number,
    who: Reviewer,
    params: Annotated[Params, Query()],
    database: DatabaseOf,
    if_match: IfMatch = None,
) -> Response:
    return Act(request, database, changeset_id, who, "rebase", {"version": version_in(if_match)}, "").done()
