"""`make fuzz FILES=10000 SEED=1`: files that chance made, on both ways; prints what became of them."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from app.cli import migrate_to_head, seed_if_empty
from app.database import Database
from app.embedded.throwaway import throwaway
from tests.canary import canary
from tests.fuzzing.door import door
from tests.fuzzing.mutants import mutant
from tests.fuzzing.outcomes import table
from tests.fuzzing.reader import readers
from tests.fuzzing.running import Run
from tests.serving import ROOT

KEPT = ROOT / "fuzz-results"
SHOWN = 20
"""Faults that are told in full; all are kept."""
AT_ONCE = max(2, os.cpu_count() or 2)


def say(line: str) -> None:
    print(line, flush=True)


def main() -> int:
    asked = _asked()
    if asked.write is not None:
        made = mutant(asked.seed, asked.write, "http://127.0.0.1:9")
        path = Path(f"{asked.seed}-{asked.write}.{made.file.rpartition('.')[2]}")
        path.write_bytes(made.data)
        say(f"{path}: {made.format} “{made.good}” after {', '.join(made.ways)}; {made.kind} {made.form}")
        return 0
    numbers = [asked.only] if asked.only is not None else range(asked.files)
    with tempfile.TemporaryDirectory() as folder, canary() as (address, heard):
        runs = {}
        for way in ("reader", "door") if asked.way == "both" else (asked.way,):
            say(f"\n=== {len(numbers)} files of seed {asked.seed}: {WAYS[way]}")
            begin = time.monotonic()
            runs[way] = run = Run(asked.seed, address, heard, KEPT, until=begin + 60 * asked.minutes)
            (_through_reader if way == "reader" else _through_door)(run, numbers, Path(folder))
            say(f"{table(run.told)}\n{run.done} files in {time.monotonic() - begin:.0f} s")
    faults = [fault for run in runs.values() for fault in run.faults]
    for fault in faults[:SHOWN]:
        say(f"\n{fault}")
    say(f"\nguatu: {len(faults)} faults." + (f" The files are in {KEPT}." if faults else ""))
    return 1 if faults else 0


WAYS = {
    "reader": "the reading process and what checks its rows without a database",
    "door": "POST /api/uploads of a service that runs, to what is staged",
}


def _through_reader(run: Run, numbers: range | list[int], folder: Path) -> None:
    with readers(folder) as own:
        run.all(numbers, lambda made: own.mine.read(made), AT_ONCE, say)


def _through_door(run: Run, numbers: range | list[int], folder: Path) -> None:
    with throwaway() as cluster:
        cluster.create_database("fuzz")
        url = cluster.url("fuzz")
        migrate_to_head(url)
        database = Database(url)
        seed_if_empty(database, "pinghu")
        database.close()
        with door(folder, url) as way:
            # Two are checked at once, and one more waits, so that no processor does.
            run.all(numbers, way.bring, AT_ONCE + 2, say)
            run.faults += way.faults()
            grown = way.grown() / (1 << 20)
            say(f"brought by {way.entered} accounts; the web process grew by {grown:.1f} MiB")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make fuzz ARGS=…", description=__doc__)
    parser.add_argument("--files", type=int, default=10_000, help="how many files")
    parser.add_argument(
        "--seed", default="1", help="from which chance is drawn; the same seed, the same files"
    )
    parser.add_argument("--way", choices=["both", *WAYS], default="both", help="which way they go")
    parser.add_argument(
        "--minutes", type=float, default=float("inf"), help="begin no file of a way after so many"
    )
    parser.add_argument("--only", type=int, help="the file of this number alone")
    parser.add_argument(
        "--write", type=int, help="write the file of this number here, and do nothing with it"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
