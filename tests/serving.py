"""The real command `guatu serve` in a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READY_S = 60


@dataclass
class Served:
    process: subprocess.Popen[str]
    address: str
    output: Path

    def text(self) -> str:
        return self.output.read_text(encoding="utf-8")


def start(folder: Path, port: int = 0, **environment: str) -> Served:
    """Start `guatu serve` and wait for the address it prints. Raises RuntimeError with what it said."""
    output = folder / "serve.log"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GUATU_")}
    with output.open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve", "--port", str(port)],
            cwd=ROOT,
            env={**inherited, "COLUMNS": "200", **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
        )
    end = time.monotonic() + READY_S
    while time.monotonic() < end and process.poll() is None:
        if found := re.search(r"http://[\w.]+:\d+/", output.read_text(encoding="utf-8")):
            return Served(process, found[0].rstrip("/"), output)
        time.sleep(0.05)
    process.kill()
    process.wait()
    raise RuntimeError(output.read_text(encoding="utf-8"))


def stop(served: Served, how: signal.Signals = signal.SIGINT) -> int:
    """End it as Ctrl-C does; answers the exit code."""
    served.process.send_signal(how)
    return served.process.wait(timeout=30)


@contextmanager
def serving(folder: Path, **environment: str) -> Iterator[Served]:
    served = start(folder, 0, **environment)
    try:
        yield served
    finally:
        if served.process.poll() is None:
            stop(served)
