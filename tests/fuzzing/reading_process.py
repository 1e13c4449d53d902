"""Reads one file after another, each in a confined process of its own as the service does, but forked instead
of started, which takes a hundredth of the time: `python -m tests.fuzzing.reading_process`.

A line of JSON in says what to read; a line out says what became of it. What follows the reading and needs no
database is done too: mapping the columns, checking the rows, comparing them with nothing.
"""

from __future__ import annotations

import os
import resource
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

import orjson

from app.uploads import child, reader
from app.uploads.confinement import Share
from app.uploads.ledgers import KIND
from geodata import ledger
from geodata import mapping as mappings
from geodata import rows as rules
from geodata.comparing import compare
from geodata.drafting import Upload
from geodata.kinds import load_kinds
from geodata.reading import Declared, Place, Row
from tests.fuzzing.outcomes import CRASH, HANG, LONGEST_S, PATIENCE_S, REFUSED, TAKEN, Outcome

ACCEPTED_LONLAT = (113.95, 22.5, 114.35, 22.85)
DAY = date(2026, 1, 1)
SHARE = Share(cpu_s=int(LONGEST_S))
SAMPLES = 50


def main() -> None:
    load_kinds()
    signal.signal(signal.SIGPROF, _is_late)
    for line in sys.stdin.buffer:
        asked = orjson.loads(line)
        sys.stdout.buffer.write(orjson.dumps(asdict(became(asked))) + b"\n")
        sys.stdout.buffer.flush()


def became(asked: Mapping[str, Any]) -> Outcome:
    """asked: path, kind and form of a file."""
    begin = time.monotonic()
    signal.setitimer(signal.ITIMER_PROF, LONGEST_S)
    try:
        found = _read_and_checked(asked)
    except _Late:
        found = Outcome(HANG, said=traceback.format_exc()[-4_000:])
    except Exception:  # noqa: BLE001 - whatever it is, it is a fault of ours
        found = Outcome(CRASH, said=traceback.format_exc()[-4_000:])
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return Outcome(found.became, found.code, time.monotonic() - begin, found.said)


class _Late(Exception):
    """The time is up, which only a rule that goes on for ever uses up: the reading has limits of its own."""


def _is_late(_number: int, _frame: object) -> None:
    raise _Late


def _read_and_checked(asked: Mapping[str, Any]) -> Outcome:
    is_ledger = asked["kind"] == KIND
    names = ("crs", "axis", "encoding", "source_crs", "layer", "key_field")
    declared = Declared(name=asked["file"], **{name: asked["form"].get(name, "") for name in names})
    request = {
        "path": asked["path"],
        "declared": asdict(declared),
        "place": asdict(Place(ACCEPTED_LONLAT)),
        "unlimited": False,
        "ledger": is_ledger,
        "share": asdict(SHARE),
    }
    said, status, is_late = _in_a_process(lambda: _child(request))
    code = os.waitstatus_to_exitcode(status)
    if is_late or code == -signal.SIGXCPU:
        return Outcome(HANG, said=f"the reading process ended with {code}")
    messages = [orjson.loads(line) for line in said.splitlines() if line.startswith(b"{")]
    last = messages[-1] if messages else {}
    if code or not {"refused", "died", "end"} & last.keys():
        return Outcome(
            CRASH, said=f"the reading process ended with {code}: {said[-4_000:].decode(errors='replace')}"
        )
    if "refused" in last:
        return Outcome(REFUSED, last["refused"]["code"])
    if "died" in last:
        return Outcome(REFUSED, "parser-died (memory)")
    rows = [row for message in messages for row in reader.unpacked(message.get("rows", ()))]
    return _ledger_checked(rows) if is_ledger else _checked(rows, last["head"], asked)


def _checked(rows: list[Row], head: Mapping[str, Any], asked: Mapping[str, Any]) -> Outcome:
    """As `app.uploads.checking` does, beside nothing that is public."""
    kind = load_kinds()[asked["kind"]]
    samples: dict[str, list[Any]] = {}
    for row in rows[:SAMPLES]:
        for name, value in row.properties.items():
            samples.setdefault(name, []).append(value)
    try:
        if key := asked["form"].get("key_field"):
            said = {"columns": [{"field": key, "target": "key"}]}
            columns = mappings.from_json(said, head["fields"], kind, samples)
        else:
            columns = mappings.propose(head["fields"], samples, kind)
    except mappings.MappingError as error:
        return Outcome(REFUSED, error.issues[0].code)
    found = compare(rules.check(rows, columns, kind, ACCEPTED_LONLAT), {}, Upload("x", "merge", DAY, DAY))
    orjson.dumps([(change.after, change.before) for change, _ in found.changes()], default=str)
    return Outcome(TAKEN)


def _ledger_checked(rows: list[Row]) -> Outcome:
    known = [
        ledger.Known("fuan-east-road", "road", ("富安东路",), ""),
        ledger.Known("b", "road", ("平湖大街",), ""),
    ]
    read = ledger.read(rows, known, {"id": "x", "published": DAY.isoformat()}, DAY, frozenset())
    orjson.dumps([claim for line in read.lines for claim, _ in line.claims])
    return Outcome(TAKEN) if read.lines else Outcome(REFUSED, "ledger-nothing")


def _child(request: Mapping[str, Any]) -> None:
    """The main program of the reading process, as it is; what it says goes straight to its parent."""
    there, here = os.pipe()
    os.write(here, orjson.dumps(request) + b"\n")
    os.close(here)
    os.dup2(there, 0)
    sys.stdin = os.fdopen(0, "r")
    child.main()


def _in_a_process(work: Callable[[], None]) -> tuple[bytes, int, bool]:
    """What a process of its own that does `work` writes to its output, its end, whether it was too late."""
    there, here = os.pipe()
    number = os.fork()
    if number == 0:
        os.dup2(here, 1)
        os.dup2(here, 2)
        status = 1
        try:
            work()
            status = 0
        except BaseException:  # noqa: BLE001 - it is told to the parent, as an interpreter would
            os.write(2, traceback.format_exc().encode(errors="replace")[-8_000:])
        finally:
            os._exit(status)
    os.close(here)
    said, end, is_late = bytearray(), time.monotonic() + PATIENCE_S, False
    while True:
        ready, _, _ = select.select([there], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            is_late = True
            os.kill(number, signal.SIGKILL)
            break
        piece = os.read(there, 1 << 16)
        if not piece:
            break
        said += piece
    os.close(there)
    return bytes(said), os.waitpid(number, 0)[1], is_late


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
