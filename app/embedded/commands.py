"""The commands behind the Makefile: each makes ready what it needs, then does it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.embedded.errors import Unavailable
from app.embedded.folders import PROJECT
from app.embedded.node import FRONTEND
from app.embedded.provision import Provision
from app.embedded.python import LOCKS
from app.embedded.workshop import CommandFailed


@dataclass(frozen=True)
class Step:
    """One program of a command, and the folder in which it works."""

    name: str
    command: Sequence[str]
    folder: Path = PROJECT


PYTHON_CHECKS = (
    Step("Python lint", ("ruff", "check", ".")),
    Step("Python format", ("ruff", "format", "--check", ".")),
    Step("Python imports", ("lint-imports", "--no-cache")),
)
PYTHON_TYPES = Step("Python types", ("mypy",))
FRONTEND_LINT = Step("front end lint and types", ("npm", "run", "--silent", "lint"), FRONTEND)
FRONTEND_TYPES = Step("front end types", ("npx", "tsc", "--noEmit"), FRONTEND)
PYTEST = ("python", "-m", "pytest", "--durations=10")
TESTS = (
    *PYTHON_CHECKS,
    PYTHON_TYPES,
    Step("Python tests", (*PYTEST, "-n", "2", "--ignore=tests/browser", "tests")),
    FRONTEND_LINT,
    Step("front end tests", ("npm", "run", "--silent", "test"), FRONTEND),
    Step("browser tests", (*PYTEST, "-n", "2", "tests/browser")),
)
FORMATTING = (
    Step("Python fixes", ("ruff", "check", "--fix", "--quiet", ".")),
    Step("Python format", ("ruff", "format", ".")),
    Step("front end format", ("npm", "run", "--silent", "format"), FRONTEND),
)
#: What `clean` removes of the data folder; the database and its programs stay.
MADE_AT_HOME = ("venv", "uv", "pip", "node", "browser", "packages", "stamps", "cache")
MADE_IN_PROJECT = (
    "frontend/dist",
    "frontend/node_modules",
    "tests/node_modules",
    "tests/browser/node_modules",
)
CACHES = (".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", "test-results", "fuzz-results")
#: Each lock file, and what it is made from.
LOCKED = {
    "uv.txt": ["requirements/uv.in"],
    "node.txt": ["requirements/node.in"],
    "test.txt": ["pyproject.toml", "--group", "test"],
    "run.txt": ["pyproject.toml"],  # last: a subset of test.txt, of the same versions
}


def main(arguments: Sequence[str]) -> int:
    """Run the command `arguments[0]` with the rest of `arguments`; answers the exit code."""
    name, *rest = arguments or ["help"]
    command = COMMANDS.get(name)
    if command is None:
        print(f"guatu: unknown command {name}; there are: {', '.join(COMMANDS)}", file=sys.stderr)
        return 2
    try:
        return command(rest)
    except Unavailable as error:
        print(f"guatu: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nguatu: stopped.", file=sys.stderr)
        return 130


def say(line: str) -> None:
    """Tell a person what is going on."""
    print(line, flush=True)


def run(arguments: Sequence[str]) -> int:
    """Serve the map; this process becomes the server."""
    provision = Provision(say)
    environment = provision.to_run()
    _become(provision, ["-m", "app.cli", "serve", *arguments], environment)
    return 0


def migrate(arguments: Sequence[str]) -> int:
    """Bring the database to the schema of this version."""
    provision = Provision(say)
    provision.python.ready(test=False)
    _become(provision, ["-m", "app.cli", "migrate", *arguments], os.environ)
    return 0


def bench(arguments: Sequence[str]) -> int:
    """Measure the service."""
    provision = Provision(say)
    environment = provision.to_test()
    _become(provision, ["-m", "tests.benchmarks", *arguments], environment)
    return 0


def fuzz(arguments: Sequence[str]) -> int:
    """Have files read that chance made."""
    provision = Provision(say)
    environment = provision.to_test()
    _become(provision, ["-m", "tests.fuzzing", *arguments], environment)
    return 0


def pictures(arguments: Sequence[str]) -> int:
    """Make the pictures of the README anew."""
    provision = Provision(say)
    environment = provision.to_test()
    _become(provision, ["-m", "tests.pictures", *arguments], environment)
    return 0


def build(_: Sequence[str]) -> int:
    """Make everything that `run` needs, and stop there."""
    Provision(say).to_run()
    say(f"The front end is in {FRONTEND / 'dist'}.")
    return 0


def test(_: Sequence[str]) -> int:
    """Check and test everything."""
    return all_steps(TESTS, Provision(say).to_test())


def lint(_: Sequence[str]) -> int:
    """Check style and architecture."""
    return all_steps((*PYTHON_CHECKS, FRONTEND_LINT), Provision(say).to_check())


def types(_: Sequence[str]) -> int:
    """Check the types of Python and TypeScript."""
    return all_steps((PYTHON_TYPES, FRONTEND_TYPES), Provision(say).to_check())


def fmt(_: Sequence[str]) -> int:
    """Format everything."""
    return all_steps(FORMATTING, Provision(say).to_check())


def lock(arguments: Sequence[str]) -> int:
    """Write the Python lock files anew; `--upgrade` takes the newest versions."""
    python = Provision(say).python
    for name, sources in LOCKED.items():
        say(f"Locking {name} …")
        try:
            python.lock(LOCKS / name, [*sources, *arguments])
        except CommandFailed as error:
            raise Unavailable(f"{name} could not be locked:\n{error}") from error
    return 0


def clean(_: Sequence[str]) -> int:
    """Remove what was built and fetched, never the data."""
    home = Provision(say).workshop.home
    made = [home / name for name in MADE_AT_HOME] + [PROJECT / name for name in MADE_IN_PROJECT + CACHES]
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)
    say(f"Removed what was built. The database stays: {home / 'postgis'}")
    return 0


COMMANDS = {
    command.__name__: command
    for command in (run, test, lint, types, fmt, build, bench, fuzz, migrate, pictures, lock, clean)
}


def _become(provision: Provision, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """Turn into the project's Python, so that nothing stands between it and the terminal's signals."""
    interpreter = str(provision.python.interpreter)
    os.chdir(PROJECT)
    os.execve(interpreter, [interpreter, *arguments], dict(environment))  # noqa: S606 - no shell is wanted


def all_steps(steps: Sequence[Step], environment: Mapping[str, str]) -> int:
    """Run every step, whatever failed before it; answers 1 if any did."""
    times: list[str] = []
    failed: list[str] = []
    for step in steps:
        say(f"\n=== {step.name}")
        begin = time.monotonic()
        code = subprocess.run(step.command, cwd=step.folder, env=dict(environment), check=False).returncode
        times.append(f"{step.name} {time.monotonic() - begin:.0f} s")
        if code:
            failed.append(step.name)
    say(f"\nguatu: {', '.join(times)}.")
    say(f"guatu: FAILED: {', '.join(failed)}." if failed else "guatu: all is well.")
    return 1 if failed else 0
