"""What became of a file, and what counts as a fault of the program that read it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

TAKEN, REFUSED, CRASH, HANG, CANARY, SERVER = "taken", "refused", "crash", "hang", "canary", "server"
FAULTS = (CRASH, HANG, CANARY, SERVER)
"""crash: a process died, or raised what is no refusal. hang: longer than the limits. canary: an address in
the file was asked. server: an answer of 500 or more."""
LONGEST_S = 30.0
"""Of processor: how long reading one small file may take."""
PATIENCE_S = 150.0
"""By the clock: how long an answer may take, however busy the machine is."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file. code: of a refusal. said: of a fault, all that is known."""

    became: str
    code: str = ""
    seconds: float = 0.0
    said: str = ""


@dataclass
class Told:
    """Of the files of one format."""

    files: int = 0
    became: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0

    def add(self, outcome: Outcome) -> None:
        self.files += 1
        self.became[outcome.became] += 1
        if outcome.code:
            self.codes[outcome.code] += 1
        self.slowest_s = max(self.slowest_s, outcome.seconds)


def table(told: dict[str, Told]) -> str:
    """A line of each format, and one of all."""
    whole = Told()
    for one in told.values():
        whole.files += one.files
        whole.became.update(one.became)
        whole.codes.update(one.codes)
        whole.slowest_s = max(whole.slowest_s, one.slowest_s)
    titles = ("files", "taken", "refused", "slowest", "crashes", "hangs", "canary", ">=500")
    lines = [f"{'':<16}" + "".join(f"{title:>9}" for title in titles) + "  refused with"]
    for name, one in [*sorted(told.items()), ("all", whole)]:
        counts = [one.files, one.became[TAKEN], one.became[REFUSED], f"{one.slowest_s:.1f} s"]
        counts += [one.became[fault] for fault in FAULTS]
        codes = ", ".join(f"{code} {count}" for code, count in one.codes.most_common(4))
        lines.append(f"{name:<16}" + "".join(f"{count:>9}" for count in counts) + f"  {codes}")
    return "\n".join(lines)
