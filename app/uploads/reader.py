"""Has a file read by the throw-away process, and tells apart what it says, refuses, or dies of."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import orjson
import shapely

from app.uploads.confinement import Share
from geodata.issues import Issue
from geodata.reading import Declared, Fault, Place, Refused, Row

ROOT = Path(__file__).resolve().parent.parent.parent
SLACK_S = 60.0
LINES_AHEAD = 8
ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "PROJ_DATA", "VIRTUAL_ENV")
"""All that the reading process inherits of ours."""


@dataclass
class FileRead:
    """What was in the file, besides its rows."""

    head: dict[str, Any]
    """Format, encoding, reference system and how it is known, fields, notes; complete after the last row."""
    rows: Iterator[Row]


@contextmanager
def reading(
    path: Path,
    declared: Declared,
    place: Place,
    *,
    unlimited: bool = False,
    share: Share | None = None,
    ledger: bool = False,
) -> Iterator[FileRead]:
    """The file as rows, while another process reads it. unlimited: without the browser's limits. ledger: read
    by `geodata.reading.read_ledger`.

    Raises geodata.reading.Refused, here or while the rows are taken; also when the process died, for whatever
    kills it would have killed us.
    """
    given = share or (Share(cpu_s=3600, memory_bytes=4 << 30) if unlimited else Share())
    request = {
        "path": str(path),
        "declared": asdict(declared),
        "place": {"accept_bbox_lonlat": place.accept_bbox_lonlat, "anchors": list(place.anchors)},
        "unlimited": unlimited,
        "ledger": ledger,
        "share": asdict(given),
    }
    child = _Child(given.cpu_s + SLACK_S)
    try:
        child.ask(request)
        found = FileRead(child.message()["head"], iter(()))
        found.rows = _rows(child, found)
        yield found
    finally:
        child.end()


def _rows(child: _Child, found: FileRead) -> Iterator[Row]:
    while "end" not in (message := child.message()):
        yield from unpacked(message["rows"])
    found.head = message["head"]


class _Child:
    """The reading process, and a thread that listens to it, so that it can go on while its rows are checked.

    patience_s: how long it may be waited for, in all. The time in which it waits for us does not count.
    """

    def __init__(self, patience_s: float) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "app.uploads.child"],
            cwd=ROOT,
            env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._patience_s = patience_s
        self._lines: queue.Queue[bytes] = queue.Queue(LINES_AHEAD)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="reading", daemon=True)
        self._thread.start()

    def ask(self, request: Mapping[str, Any]) -> None:
        with suppress(BrokenPipeError):  # It died already; what it left unsaid tells so.
            _pipe(self._process.stdin).write(orjson.dumps(request) + b"\n")
            _pipe(self._process.stdin).flush()

    def message(self) -> dict[str, Any]:
        """The next of what it says. Raises Refused, also when it died."""
        line = self._lines.get()
        if not line.endswith(b"\n"):
            raise self._died()
        message: dict[str, Any] = orjson.loads(line)
        if "refused" in message:
            raise _refused(message["refused"])
        if "died" in message:
            raise too_heavy("memory")
        return message

    def end(self) -> None:
        self._ended.set()
        self._process.kill()
        self._process.wait()
        self._thread.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):  # What a dead one was still to be told is nobody's loss.
                    pipe.close()

    def _listen(self) -> None:
        """Until its last line, which lacks its end when it died."""
        line = b"\n"
        while line.endswith(b"\n") and not self._ended.is_set():
            begun = time.monotonic()
            alarm = threading.Timer(max(0.0, self._patience_s), self._process.kill)
            alarm.start()
            line = _pipe(self._process.stdout).readline()
            alarm.cancel()
            self._patience_s -= time.monotonic() - begun
            while not self._ended.is_set():
                with suppress(queue.Full):
                    self._lines.put(line, timeout=0.2)
                    break

    def _died(self) -> Refused:
        code = self._process.wait()
        if code == -signal.SIGXCPU:
            return too_heavy("cpu")
        return too_heavy("killed" if code < 0 else "failed")


def _refused(told: Mapping[str, Any]) -> Refused:
    faults = [Fault(**fault) for fault in told["faults"]]
    names = ("faults_total", "limit", "observed", "offers")
    words = (told["code"], told["status"], told["detail_zh"], told["detail_en"])
    return Refused(*words, faults=faults, **{name: told[name] for name in names})


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ValueError("the process was started without this pipe")
    return pipe


def unpacked(rows: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
    """The rows as `app.uploads.child.packed` gave them."""
    geometries = shapely.from_wkb([row["wkb"] and bytes.fromhex(row["wkb"]) for row in rows])
    for row, geometry in zip(rows, geometries, strict=True):
        issues = [Issue(**issue) for issue in row["issues"]]
        cut = frozenset(row.get("cut", ()))
        yield Row(row["n"], row["line"], row["id"], geometry, row["properties"], issues, cut)


def too_heavy(reason: str) -> Refused:
    """The reading process died: of its limits, or of the file."""
    return Refused(
        "parser-died",
        413,
        "读取这个文件时超出了处理能力（时间或内存），读取进程已停止，没有保存任何内容。请把文件分成几份，或简化后再上传",
        "Reading this file took more time or memory than is allowed; the process that read it was stopped and"
        " nothing was stored. Split the file, or simplify it, and upload again.",
        faults=[Fault(reason, "读取进程已停止", "the reading process was stopped")],
    )
