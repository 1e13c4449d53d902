"""Many files on their way, and what is kept of those that found a fault."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzzing.mutants import Mutant, mutant
from tests.fuzzing.outcomes import CANARY, FAULTS, Outcome, Told


@dataclass
class Run:
    """What became of the files of a seed. faults: as lines that say how to have it again."""

    seed: str
    address: str
    heard: list[str]
    kept: Path
    told: dict[str, Told] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    done: int = 0
    until: float = float("inf")
    """Of `time.monotonic()`: no file is begun after it."""

    def __post_init__(self) -> None:
        self._lock = threading.Lock()

    def all(
        self,
        numbers: Iterable[int],
        way: Callable[[Mutant], Outcome],
        at_once: int,
        say: Callable[[str], None],
    ) -> None:
        """Send every file along a way, some at once, telling now and then how far it is."""
        begin = time.monotonic()

        def one(number: int) -> None:
            if time.monotonic() > self.until:
                return
            made = mutant(self.seed, number, self.address)
            outcome = way(made)
            with self._lock:
                self._note(made, outcome)
                self.done += 1
                if self.done % 500 == 0:
                    pace = self.done / (time.monotonic() - begin)
                    say(f"{self.done} files, {pace:.1f} a second, {len(self.faults)} faults")

        with ThreadPoolExecutor(at_once) as pool:
            # Whatever a thread raises is a fault of the test, and ends it.
            for _ in pool.map(one, numbers):
                pass

    def _note(self, made: Mutant, outcome: Outcome) -> None:
        if self.heard:
            # Of the files that were under way at once it is not known which; each is kept by its number.
            outcome = Outcome(CANARY, outcome.code, outcome.seconds, f"asked for {self.heard[:5]}")
            self.heard.clear()
        self.told.setdefault(made.format, Told()).add(outcome)
        if outcome.became in FAULTS:
            self.faults.append(self._keep(made, outcome))

    def _keep(self, made: Mutant, outcome: Outcome) -> str:
        self.kept.mkdir(parents=True, exist_ok=True)
        ending = made.file.rpartition(".")[2]
        path = self.kept / f"{self.seed}-{made.number}.{ending}"
        path.write_bytes(made.data)
        about = {
            "seed": self.seed, "number": made.number, "format": made.format, "good": made.good,
            "ways": made.ways, "file": made.file, "kind": made.kind, "form": made.form, "sha256": made.digest,
            "became": outcome.became, "seconds": outcome.seconds, "said": outcome.said,
        }  # fmt: skip
        path.with_name(path.name + ".json").write_text(json.dumps(about, ensure_ascii=False, indent=1))
        what = f"{made.format} “{made.good}” after {', '.join(made.ways)}"
        return f"{outcome.became}: {what}: {path}\n{outcome.said}"
