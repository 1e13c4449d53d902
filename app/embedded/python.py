"""The Python environment: a venv filled from the hashed locks, whatever the machine's Python came with."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from app.embedded import debian
from app.embedded.errors import Unavailable
from app.embedded.folders import PROJECT
from app.embedded.workshop import CommandFailed, Workshop, digest_of

LOCKS = PROJECT / "requirements"
RUN, TEST, UV = LOCKS / "run.txt", LOCKS / "test.txt", LOCKS / "uv.txt"
#: For every platform, with hashes, and without a word about where the packages come from.
LOCK_OPTIONS = (
    *("--universal", "--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate"),
    *("--python-version", "3.11", "--constraints", "requirements/constraints.txt"),
)
INSTALL = ("install", "--quiet", "--require-hashes")


class Python:
    """The project's own Python in the data folder."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self.folder = workshop.home / "venv"
        self.programs = self.folder / "bin"
        self.interpreter = self.programs / "python"

    def ready(self, *, test: bool) -> Path:
        """The interpreter, with what runs (or, with `test`, what proves) the service. Raises Unavailable."""
        keys = [self._key(TEST)] if test else [self._key(RUN), self._key(TEST)]
        self._workshop.once("venv", keys, self.interpreter, lambda: self._fill(TEST if test else RUN))
        return self.interpreter

    def install_beside(self, lock: Path, target: Path) -> None:
        """Install the packages of `lock` into a folder of their own. Raises CommandFailed."""
        shutil.rmtree(target, ignore_errors=True)
        try:
            self._uv("install", "--target", target, "-r", lock)
        except CommandFailed:
            self._with_pip(*INSTALL, "--target", target, "-r", lock)

    def lock(self, target: Path, sources: Sequence[str]) -> None:
        """Write the lock file `target` for `sources` (files and options of uv). Raises CommandFailed."""
        compile_: list[str | Path] = [self._fetched_uv(), "pip", "compile", "--quiet", *LOCK_OPTIONS]
        command = [*compile_, "--output-file", target, *sources]
        self._workshop.run(command, folder=PROJECT, variables=self._index())

    def _key(self, lock: Path) -> str:
        return digest_of([lock], self._base())

    def _base(self) -> str:
        """An environment is bound to its interpreter and, by the scripts in it, to its place."""
        return " ".join((sys.version, sys.base_prefix, str(self.folder)))

    def _fill(self, lock: Path) -> None:
        say = self._workshop.say
        count = len(re.findall(r"^\S+==", lock.read_text(encoding="utf-8"), re.MULTILINE))
        say(f"Preparing the Python environment: {count} packages …")
        try:
            self._workshop.once("interpreter", [self._base()], self.interpreter, self._create)
            try:
                # Many short processes are started in tests. Where PYTHONDONTWRITEBYTECODE is set, each would
                # compile its libraries anew.
                how = ("--compile-bytecode",) if lock == TEST else ()
                self._uv("sync", *how, "--python", self.interpreter, lock)
            except CommandFailed:
                say("uv could not do it; trying pip …")
                self._create()
                self._with_pip("--python", self.interpreter, *INSTALL, "-r", lock)
        except CommandFailed as error:
            raise Unavailable(
                f"the Python packages could not be installed:\n{error}\n"
                "Check the network, or name a package index that you reach: export PIP_INDEX_URL=…\n"
                "Then run the same command again."
            ) from error

    def _create(self) -> None:
        self._workshop.run([sys.executable, "-m", "venv", "--clear", "--without-pip", self.folder])

    def _uv(self, action: str, *arguments: str | Path) -> None:
        program = self._fetched_uv()
        command: list[str | Path] = [program, "pip", action, "--quiet", "--require-hashes", *arguments]
        self._workshop.run(command, variables=self._index())

    def _fetched_uv(self) -> Path:
        target = self._workshop.home / "uv"
        program = target / "bin/uv"

        def fetch() -> None:
            shutil.rmtree(target, ignore_errors=True)
            self._with_pip(*INSTALL, "--no-deps", "--target", target, "-r", UV)

        self._workshop.once("uv", [digest_of([UV], sys.version)], program, fetch)
        return program

    def _index(self) -> dict[str, str]:
        """uv does not read pip's configuration, where many keep the address of a mirror near them."""
        if os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("UV_INDEX_URL"):
            return {}
        index = os.environ.get("PIP_INDEX_URL")
        if not index:
            configured = self._with_pip("config", "list")
            found = re.search(r"^(?:global|install)\.index-url='(.+)'$", configured, re.MULTILINE)
            index = found[1] if found else None
        return {"UV_DEFAULT_INDEX": index} if index else {}

    def _with_pip(self, *arguments: str | Path) -> str:
        return self._workshop.run([*self._pip(), "--disable-pip-version-check", *arguments])

    def _pip(self) -> list[str | Path]:
        """A pip to begin with: this Python's, the bundled one, the distribution's. Raises CommandFailed."""
        if importlib.util.find_spec("pip"):
            return [sys.executable, "-m", "pip"]
        if importlib.util.find_spec("ensurepip"):
            folder = self._workshop.home / "pip"
            interpreter = folder / "bin/python"

            def make() -> None:
                self._workshop.run([sys.executable, "-m", "venv", "--clear", folder])

            self._workshop.once("pip", [sys.version], interpreter, make)
            return [interpreter, "-m", "pip"]
        return [sys.executable, self._wheel_of_pip() / "pip"]

    def _wheel_of_pip(self) -> Path:
        """pip's wheel out of Debian's package: a bare Debian Python has neither pip nor ensurepip."""
        target = self._workshop.home / "packages/pip"
        try:
            root = debian.unpack_packages(target, ["python3-pip-whl"], self._workshop.say)
            return next((root / "usr/share/python-wheels").glob("pip-*.whl"))
        except (debian.NotUnpacked, StopIteration) as error:
            raise CommandFailed(
                f"  This Python ({sys.executable}) has no pip, and none could be had: {error}\n"
                "  Debian/Ubuntu: sudo apt-get install python3-venv"
            ) from error
