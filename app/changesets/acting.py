"""One act on a changeset as a request asks for it, and the versions by which two people do not collide."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.access.people import Who
from app.changesets import staged_queries, tasks
from app.changesets.problems import from_json, told
from app.database import Connection, Database
from app.errors import Problem
from app.jobs import kept
from app.jobs import queries as jobs
from app.jobs.routes import accepted, awaited, failure

_VERSION = re.compile(r'(?:W/)?"(\d{1,9})"')


class Act:
    """One act on a changeset: at once when it is small, as a job when it is large, once for one key."""

    def __init__(
        self,
        request: Request,
        database: Database,
        changeset_id: int,
        who: Who,
        task: str,
        asked: Mapping[str, Any],
        key: str,
    ) -> None:
        self.request = request
        self.database = database
        self.changeset_id = changeset_id
        self.who = who
        self.task = task
        self.asked = dict(asked)
        self.key = key
        self.mark = kept.fingerprint(task, changeset_id, self.asked)

    def done(self) -> Response:
        with told(), self.database.writing() as connection:
            body = self._earlier(connection)
            if body is None:
                body = self._begin(connection)
                kept.keep(connection, self.who.name, self.key, self.mark, body)
        if "job" in body:
            return self._of_job(body["job"])
        return answer(body, version=body.get("version"))

    def _earlier(self, connection: Connection) -> Mapping[str, Any] | None:
        try:
            return kept.earlier(connection, self.who.name, self.key, self.mark)
        except kept.KeyReused as error:
            raise key_reused() from error

    def _begin(self, connection: Connection) -> dict[str, Any]:
        act: Callable[..., dict[str, Any]] = tasks.ACTS[self.task]
        if staged_queries.size(connection, self.changeset_id) <= tasks.AT_ONCE:
            return act(connection, self.changeset_id, self.who.name, self.asked)
        row = staged_queries.changeset(connection, self.changeset_id)
        job = {
            "area_id": row["area_id"] if row else "",
            "task": self.task,
            "subject": self.changeset_id,
            "account": self.who.name,
            "request": self.asked,
        }
        return {"job": jobs.add(connection, job)}

    def _of_job(self, job_id: int) -> Response:
        job = awaited(self.request, self.database, job_id)
        if job["state"] == "failed":
            raise failure(job)
        if job["state"] != "finished":
            return accepted(job, f"/api/jobs/{job_id}")
        if "problem" in job["answer"]:
            raise from_json(job["answer"]["problem"])
        return answer(job["answer"]["body"])


def key_reused() -> Problem:
    return Problem(
        "key-reused",
        "这个 Idempotency-Key 已用于另一个请求：请换一个",
        "This Idempotency-Key came with another request before. Use another.",
    )


def version_in(if_match: str | None) -> int:
    """The version that the actor saw."""
    found = _VERSION.fullmatch((if_match or "").strip())
    if found is None:
        raise Problem(
            "if-match-needed",
            "请用 If-Match 带上读取时得到的 ETag，以免覆盖别人的改动",
            "Send If-Match with the ETag that you read, so that nobody's work is overwritten.",
        )
    return int(found[1])


def answer(body: Mapping[str, Any], version: int | None = None) -> Response:
    headers = {"Cache-Control": "no-store"}
    if version is not None:
        headers["ETag"] = f'"{version}"'
    return Response(orjson.dumps(body), headers=headers, media_type="application/json")
