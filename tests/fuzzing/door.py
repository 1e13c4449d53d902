"""The whole way of a file: from the request that brings it, over its job, to what is staged or refused.

The service is the real command on a database of its own. Nobody may bring more than so many files an hour:
when an account has, another brings the next, as many people would.
"""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2 as httpx

from app.access import cookies
from app.database import Database
from tests.app import signed
from tests.app.bringing import collection, left, parcel
from tests.fuzzing.mutants import Mutant
from tests.fuzzing.outcomes import CRASH, HANG, PATIENCE_S, REFUSED, SERVER, TAKEN, Outcome
from tests.serving import Served, serving

MAY_GROW_ON_STAGING = {"changeset", "change", "upload_piece"}
MOST_GROWTH_BYTES = 64 << 20
"""Of the memory of the web process, from when it has seen its first files until the end."""
FIRST = 60


@dataclass
class Door:
    """A service that runs, and those who bring files to it."""

    served: Served
    database: Database
    temporary: Path
    memory: list[int] = field(default_factory=list)
    answers: int = 0
    accounts: Iterator[int] = field(default_factory=itertools.count)
    entered: int = 0
    clients: list[httpx.Client] = field(default_factory=list)
    _before: Any = None

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._mine = threading.local()
        self._before = left(self.database).tables

    def bring(self, mutant: Mutant) -> Outcome:
        """A file of a dataset of its own."""
        begin = time.monotonic()
        form = {
            "kind": mutant.kind,
            "dataset": f"fuzz {mutant.number}",
            "data_date": "2026-01-01",
            **mutant.form,
        }
        try:
            answer = self._posted(form, mutant)
            outcome = self._outcome(answer)
        except httpx.TimeoutException:
            outcome = Outcome(HANG, said=f"no answer within {PATIENCE_S} s")
        except httpx.HTTPError as error:
            outcome = Outcome(CRASH, said=f"the web process gave no answer: {error!r}")
        with self._lock:
            self.answers += 1
            if self.answers % FIRST == 0 and self.served.process.poll() is None:
                self.memory.append(resident(self.served.process.pid))
        return Outcome(outcome.became, outcome.code, time.monotonic() - begin, outcome.said)

    def _posted(self, form: dict[str, str], mutant: Mutant) -> httpx.Response:
        files = {"file": (mutant.file, mutant.data)}
        while True:
            answer = self._client().post("/api/uploads", data=form, files=files)
            if answer.status_code != 429:
                return answer
            assert "Too many files" in answer.json()["detail_en"], answer.text
            self._mine.client.close()
            del self._mine.client

    def _client(self) -> httpx.Client:
        """The browser of this thread, signed in."""
        if not hasattr(self._mine, "client"):
            with self._lock:
                name = f"fuzz-{next(self.accounts)}"
                self.entered += 1
                secret = signed.session_of(self.database, signed.add(self.database, name, "gis"))
            headers = {"X-Guatu": "1", "Origin": self.served.address}
            client = httpx.Client(base_url=self.served.address, headers=headers, timeout=PATIENCE_S)
            client.cookies.set(cookies.PLAIN, secret)
            self._mine.client = client
            self.clients.append(client)
        found: httpx.Client = self._mine.client
        return found

    def _outcome(self, answer: httpx.Response) -> Outcome:
        end = time.monotonic() + PATIENCE_S
        upload = answer.headers.get("Location", "")
        while answer.status_code == 202 or (
            answer.status_code == 200 and answer.json()["state"] == "checking"
        ):
            if time.monotonic() > end:
                return Outcome(HANG, said=f"still checked after {PATIENCE_S} s: {answer.text[:2_000]}")
            time.sleep(0.3)
            answer = self._client().get(upload)
        if answer.status_code >= 500:
            return Outcome(SERVER, said=f"{answer.status_code} {answer.text[:2_000]}")
        body = answer.json()
        if answer.status_code in (200, 201):
            return _settled(body)
        return _refused(body["code"], body["errors"])

    def faults(self) -> list[str]:
        """What is not as it was, but for what was staged. Waits until the jobs have ended."""
        found = []
        if self.served.process.poll() is not None:
            return [f"the web process ended with {self.served.process.returncode}"]
        good = Mutant(-1, "GeoJSON", "good", (), collection(parcel(1)), "a.geojson", "parcel", {})
        last = self.bring(good)
        if last.became != TAKEN:
            found.append(f"a good file at the end: {last}")
        after = left(self.database).tables
        changed = {name for name, content in after.items() if content != self._before[name]}
        if changed - MAY_GROW_ON_STAGING:
            found.append(f"these tables changed: {sorted(changed - MAY_GROW_ON_STAGING)}")
        if files := [path.name for path in self.temporary.rglob("*")]:
            found.append(f"files were left behind: {files[:20]}")
        if self.grown() > MOST_GROWTH_BYTES:
            found.append(f"the web process grew by {self.grown() >> 20} MiB")
        return found

    def grown(self) -> int:
        """Bytes by which the web process is larger than when it had seen its first files."""
        return self.memory[-1] - self.memory[0] if self.memory else 0


def _settled(upload: dict[str, Any]) -> Outcome:
    if upload["state"] == "staged":
        return Outcome(TAKEN)
    if upload["state"] == "rejected":
        told = upload["report"]["refused"]
        return _refused(told["code"], told["faults"])
    return Outcome(CRASH, said=f"the job was given up: {json.dumps(upload)[:2_000]}")


def _refused(code: str, faults: list[dict[str, Any]]) -> Outcome:
    if code != "parser-died":
        return Outcome(REFUSED, code)
    why = faults[0]["code"]
    if why == "memory":
        return Outcome(REFUSED, "parser-died (memory)")
    return Outcome(HANG if why == "cpu" else CRASH, code, said=f"the reading process died: {why}")


def resident(process: int) -> int:
    """Bytes of memory that a process holds."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("the process is gone")


@contextmanager
def door(folder: Path, url: str) -> Iterator[Door]:
    """url: of a database with the facts of a place."""
    temporary = folder / "temporary"
    temporary.mkdir()
    database = Database(url)
    try:
        with serving(
            folder, GUATU_DATABASE_URL=url, TMPDIR=str(temporary), GUATU_LOG_LEVEL="warning"
        ) as served:
            found = Door(served, database, temporary)
            yield found
            for client in found.clients:
                client.close()
    finally:
        database.close()
