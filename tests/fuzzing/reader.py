"""The short way of a file: through the reader and all that needs no database, in confined processes."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.fuzzing.mutants import Mutant
from tests.fuzzing.outcomes import CRASH, Outcome
from tests.serving import ROOT


class Reader:
    """A process that reads files one after another; of one thread."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / f"read-by-{threading.get_ident()}"
        self._process = self._started()

    @staticmethod
    def _started() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.fuzzing.reading_process"]
        return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def read(self, mutant: Mutant) -> Outcome:
        self._path.write_bytes(mutant.data)
        asked = {"path": str(self._path), "file": mutant.file, "kind": mutant.kind, "form": mutant.form}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked).encode() + b"\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if line:
            return Outcome(**json.loads(line))
        # What checks the rows died of them; another takes the next file.
        ended = self._process.wait()
        self._process = self._started()
        return Outcome(CRASH, said=f"the process that checks the rows ended with {ended}")

    def close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        self._process.wait()
        self._path.unlink(missing_ok=True)


@contextmanager
def readers(folder: Path) -> Iterator[threading.local]:
    """A reader of each thread that asks for `.mine`, closed afterwards."""
    made: list[Reader] = []

    class Mine(threading.local):
        def __init__(self) -> None:
            self.mine = Reader(folder)
            made.append(self.mine)

    try:
        yield Mine()
    finally:
        for reader in made:
            reader.close()
