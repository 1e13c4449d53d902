"""Receiving files, and the task that checks them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO

from app import audit
from app.database import Connection, Database
from app.jobs import queries as jobs
from app.jobs.service import Answer, Progress
from app.uploads import queries
from app.uploads.checking import Request, check_file, file_of
from geodata.phases import TIERS
from geodata.reading import Declared, Refused

PIECE_BYTES = 1 << 20
LARGEST_FILE = 64 << 20
MOST_AN_HOUR = 30
"""Files of one account that are taken. One that is refused is mended and comes again, which costs nobody a
turn, but for a limit against those who only want to keep the machine busy."""
MOST_TRIES_AN_HOUR = 120
TAKEN = ("checking", "staged")
MOST_KEPT_BYTES = 2 << 30


class DatasetBusy(Exception):
    """Another file of the same dataset is being checked. upload_id: which."""

    def __init__(self, upload_id: int) -> None:
        super().__init__(f"upload {upload_id} of the same dataset is being checked")
        self.upload_id = upload_id


class QuotaReached(Exception):
    """The account has sent as many files as it may. wait_s: seconds until it may again; most: of an hour."""

    def __init__(self, wait_s: int, most: int) -> None:
        super().__init__(f"at most {most} an hour; wait {wait_s} s")
        self.wait_s, self.most = wait_s, most


class StorageReached(Exception):
    """The account keeps as many bytes as it may."""


class EmptyFile(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Received:
    """A file as it came. sha256: of its content, as hex; size in bytes."""

    name: str
    file: BinaryIO
    sha256: str
    size: int

    @classmethod
    def of(cls, name: str, file: BinaryIO) -> Received:
        total, size = hashlib.sha256(), 0
        file.seek(0)
        for piece in iter(lambda: file.read(PIECE_BYTES), b""):
            total.update(piece)
            size += len(piece)
        return cls(name, file, total.hexdigest(), size)

    def pieces(self) -> Iterator[bytes]:
        self.file.seek(0)
        return iter(lambda: self.file.read(PIECE_BYTES), b"")


def receive(
    connection: Connection, area_id: str, account: str, received: Received, request: Mapping[str, Any]
) -> tuple[int, int]:
    """Keep a file and ask for it to be checked. Returns the numbers of the upload and of the job.

    request: the form as JSON (see `request_of`). Raises DatasetBusy, QuotaReached, StorageReached.
    """
    queries.lock_dataset(connection, area_id, request["dataset"])
    busy = queries.being_checked(connection, area_id, request["dataset"])
    if busy is not None:
        raise DatasetBusy(busy)
    for most, states in ((MOST_AN_HOUR, TAKEN), (MOST_TRIES_AN_HOUR, ())):
        if wait_s := queries.wait_s(connection, account, most, states):
            raise QuotaReached(wait_s, most)
    if queries.kept_bytes(connection, account) >= MOST_KEPT_BYTES:
        raise StorageReached
    what = {"name": received.name, "size": received.size, "sha256": received.sha256}
    values = {"area_id": area_id, "account": account, "request": request, **what}
    upload_id = queries.add(connection, values, received.pieces())
    job_id = ask_for_check(connection, area_id, upload_id, account)
    detail = {**what, "dataset": request["dataset"]}
    audit.write(connection, area_id, account, "upload", f"upload/{upload_id}", detail)
    return upload_id, job_id


def ask_for_check(connection: Connection, area_id: str, upload_id: int, account: str) -> int:
    return jobs.add(
        connection,
        {"area_id": area_id, "task": "check", "subject": upload_id, "account": account, "request": {}},
    )


def request_of(form: Mapping[str, Any], name: str) -> Request:
    """What an uploader asked for, from the form as it is kept."""
    declared = {key: form.get(key) or "" for key in ("crs", "axis", "encoding", "source_crs", "layer")}
    return Request(
        kind=form["kind"],
        dataset=form["dataset"],
        mode=form["mode"],
        data_date=date.fromisoformat(form["data_date"]) if form.get("data_date") else None,
        declared=Declared(name=name, key_field=form.get("key_field") or "", **declared),
        mapping=form.get("mapping"),
        publisher=form.get("publisher") or "",
        tier=form.get("tier") or TIERS[-1],
        as_before=int(form["as_before"]) if form.get("as_before") else None,
    )


def check_task(database: Database, job: Mapping[str, Any], progress: Progress) -> Answer:
    """The job "check". Refusing a file is a result, too: its words are kept, the file is not."""
    upload_id = job["subject"]
    with database.writing() as connection:
        upload = queries.upload(connection, upload_id)
    if upload is None or upload["state"] not in ("checking", "interrupted"):
        return {"state": upload["state"] if upload else "abandoned"}
    progress.at("reading")
    request = request_of(upload["request"], upload["name"])
    try:
        with file_of(database, upload_id) as path:
            staged = check_file(
                database, upload["area_id"], path, request, upload["account"], progress.at, upload_id
            )
    except Refused as refusal:
        with database.writing() as connection:
            reject(connection, upload, refusal)
        return {"state": "rejected"}
    return {"state": "staged", "changeset": staged.changeset_id}


def interrupt(connection: Connection, upload_id: int) -> None:
    """Checking a file was given up: it is as if it had never come, but for its row."""
    queries.conclude(connection, upload_id, state="interrupted")
    queries.forget_file(connection, upload_id)


def reject(connection: Connection, upload: Mapping[str, Any], refusal: Refused) -> None:
    """Keep why a file was refused, and nothing of the file."""
    report = {"refused": refusal_json(refusal)}
    queries.conclude(connection, upload["id"], state="rejected", report=report)
    queries.forget_file(connection, upload["id"])
    detail = {"code": refusal.code}
    audit.write(connection, upload["area_id"], upload["account"], "reject", f"upload/{upload['id']}", detail)


def refusal_json(refusal: Refused) -> dict[str, Any]:
    names = ("code", "status", "detail_zh", "detail_en", "faults_total", "limit", "observed", "offers")
    return {
        **{name: getattr(refusal, name) for name in names},
        "faults": [{k: v for k, v in _fields(fault) if v not in (None, "")} for fault in refusal.faults],
    }


def _fields(fault: Any) -> Iterator[tuple[str, Any]]:
    names = (
        "code",
        "detail_zh",
        "detail_en",
        "row",
        "pointer",
        "line",
        "column",
        "byte",
        "field",
        "lon",
        "lat",
    )
    for name in names:
        yield name, getattr(fault, name)
