"""Has a file read by the throw-away process, and tells apart what it says, refuses, or dies of."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
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
WALL_S = 120
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
    process = subprocess.Popen(
        [sys.executable, "-m", "app.uploads.child"],
        cwd=ROOT,
        env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    alarm = threading.Timer(given.cpu_s + WALL_S - 60, process.kill)
    alarm.start()
    try:
        yield _read(process, request)
    finally:
        alarm.cancel()
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):  # What a dead one was still to be told is nobody's loss.
                    pipe.close()


def _read(process: subprocess.Popen[bytes], request: Mapping[str, Any]) -> FileRead:
    with suppress(BrokenPipeError):  # It died already; what it left unsaid tells so.
        _pipe(process.stdin).write(orjson.dumps(request) + b"\n")
        _pipe(process.stdin).flush()
    first = _message(process)
    found = FileRead(first["head"], iter(()))
    found.rows = _rows(process, found)
    return found


def _rows(process: subprocess.Popen[bytes], found: FileRead) -> Iterator[Row]:
    while "end" not in (message := _message(process)):
        yield from unpacked(message["rows"])
    found.head = message["head"]


def _message(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    line = _pipe(process.stdout).readline()
    if not line.endswith(b"\n"):
        raise _died(process)
    message: dict[str, Any] = orjson.loads(line)
    if "refused" in message:
        raise _refused(message["refused"])
    if "died" in message:
        raise too_heavy("memory")
    return message


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
    geometries = shapely.from_wkb([row["wkb"] for row in rows])
    for row, geometry in zip(rows, geometries, strict=True):
        issues = [Issue(**issue) for issue in row["issues"]]
        cut = frozenset(row.get("cut", ()))
        yield Row(row["n"], row["line"], row["id"], geometry, row["properties"], issues, cut)


def _died(process: subprocess.Popen[bytes]) -> Refused:
    code = process.wait()
    if code == -signal.SIGXCPU:
        return too_heavy("cpu")
    return too_heavy("killed" if code < 0 else "failed")


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
