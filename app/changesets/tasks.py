"""Acts on a changeset, small ones at once and large ones as jobs. Doing one twice is harmless."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.changesets import review, service, staged_queries, undoing
from app.changesets.problems import as_json, problem
from app.changesets.refusals import ChangesetError
from app.database import Connection, Database
from app.jobs.service import Answer, Progress

AT_ONCE = 500
"""A changeset of so many changes is dealt with while the request waits."""

Request = Mapping[str, Any]
Told = Callable[[str, int, int], None]


def publish(
    connection: Connection, changeset_id: int, who: str, request: Request, told: Told = lambda *_: None
) -> dict[str, Any]:
    """request: version, reason, confirmed, two_persons. Raises ChangesetError."""
    review.ready_to_publish(
        connection,
        changeset_id,
        request["version"],
        who,
        confirmed=request["confirmed"],
        two_persons=request["two_persons"],
    )
    revision = service.publish(connection, changeset_id, who, reason=request["reason"], told=told)
    return {"changeset": changeset_id, "revision": revision}


def revert(
    connection: Connection, changeset_id: int, who: str, request: Request, told: Told = lambda *_: None
) -> dict[str, Any]:
    """request: reason. Raises ChangesetError."""
    staged = undoing.revert(connection, changeset_id, who, request["reason"], told)
    row = staged_queries.changeset(connection, staged)
    return {"changeset": staged, "kept": len(row["kept"]) if row else 0}


def rebase(
    connection: Connection, changeset_id: int, who: str, request: Request, told: Told = lambda *_: None
) -> dict[str, Any]:
    """request: version. Raises ChangesetError."""
    told("comparing", 0, 0)
    return {
        "changeset": changeset_id,
        **review.rebase(connection, changeset_id, request["version"], who),
    }


ACTS = {"publish": publish, "revert": revert, "rebase": rebase}


def run(database: Database, job: Mapping[str, Any], progress: Progress) -> Answer:
    """The job on a changeset. Its answer holds `body`, or the `problem` that the asker is to be told."""
    act = ACTS[job["task"]]
    done = _done_before(database, job)
    if done is not None:
        return {"body": done}
    try:
        with database.writing() as connection:
            body = act(connection, job["subject"], job["account"], job["request"], progress.at)
            # A death after this line finds the answer, one before it finds nothing done.
            return {"body": body}
    except ChangesetError as error:
        return {"problem": as_json(problem(error))}


def _done_before(database: Database, job: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What an earlier attempt achieved before it died without a word."""
    if job["attempts"] == 1:
        return None
    with database.writing() as connection:
        row = staged_queries.changeset(connection, job["subject"])
        if job["task"] == "publish" and row and row["state"] == "published":
            return {"changeset": row["id"], "revision": row["rev"]}
        if job["task"] == "revert":
            undone = staged_queries.inverse_of(connection, job["subject"], job["account"], job["created_at"])
            return undone and {"changeset": undone["id"], "kept": len(undone["kept"])}
    return None
