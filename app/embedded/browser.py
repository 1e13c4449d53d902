"""The browser of the tests: the machine's, or a packaged one, without root."""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from app.embedded.errors import Unavailable
from app.embedded.folders import PROJECT
from app.embedded.font import Font
from app.embedded.node import Node
from app.embedded.python import Python
from app.embedded.workshop import CommandFailed, Workshop, digest_of

INSTALLED = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
PACKAGE = PROJECT / "tests/browser"

REMEDIES = """\
The browser tests need a Chromium. Do ONE of these, then run the same command again:
  Debian     sudo apt-get install chromium
  others     install Chromium or Google Chrome
  your own   export GUATU_CHROMIUM=/path/to/its/program"""

#: Run by the project's own Python, which has brotli.
UNBROTLI = """
import brotli, pathlib, sys
source, target = map(pathlib.Path, sys.argv[1:])
target.write_bytes(brotli.decompress(source.read_bytes()))
"""
PACKED = {"chromium.br": "chromium", "al2023.tar.br": "libraries.tar", "fonts.tar.br": "fonts.tar"}


class Browser:
    """A Chromium for tests."""

    def __init__(self, workshop: Workshop, python: Python, node: Node, font: Font) -> None:
        self._workshop = workshop
        self._python = python
        self._node = node
        self._font = font
        self._folder = workshop.home / "browser"
        self._launcher = self._folder / "chromium"

    def ready(self) -> Path:
        """The program to launch. It draws Chinese and starts as it is. Raises Unavailable."""
        program, variables = self._program()
        variables = {**variables, **self._font.for_browser([self._folder / "packaged/fonts"])}
        if not variables:
            return program
        # A launcher, because these variables are the browser's alone: other programs would stumble over them.
        exports = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())
        self._folder.mkdir(exist_ok=True)
        self._launcher.write_text(
            f'#!/bin/sh\n{exports}exec {shlex.quote(str(program))} "$@"\n', encoding="utf-8"
        )
        self._launcher.chmod(0o755)
        return self._launcher

    def _program(self) -> tuple[Path, dict[str, str]]:
        named = os.environ.get("GUATU_CHROMIUM")
        if named:
            if not _starts(Path(named)):
                raise Unavailable(f"GUATU_CHROMIUM is {named}, which does not start.\n{REMEDIES}")
            return Path(named), {}
        installed = [Path(path) for path in map(shutil.which, INSTALLED) if path] + [MAC]
        for program in installed:
            if _starts(program):
                return program, {}
        return self._packaged()

    def _packaged(self) -> tuple[Path, dict[str, str]]:
        if (sys.platform, platform.machine()) != ("linux", "x86_64"):
            raise Unavailable(f"no browser found, and none is packaged for this machine.\n{REMEDIES}")
        content = self._folder / "packaged"
        program, libraries = content / "chromium", content / "lib"
        key = digest_of([PACKAGE / "package-lock.json"])
        self._workshop.once("browser", [key], program, lambda: self._unpack(content))
        for variables in ({}, {"LD_LIBRARY_PATH": str(libraries)}):
            if _starts(program, variables):
                return program, variables
        raise Unavailable(f"the packaged Chromium does not start on this machine.\n{REMEDIES}")

    def _unpack(self, content: Path) -> None:
        self._workshop.say("No Chromium on this machine: fetching a packaged one (67 MB) for the tests …")
        self._node.install(PACKAGE)
        packed = PACKAGE / "node_modules/@sparticuz/chromium/bin"
        shutil.rmtree(content, ignore_errors=True)
        content.mkdir(parents=True)
        try:
            for source, target in PACKED.items():
                unbrotli: list[str | Path] = [
                    self._python.interpreter,
                    "-c",
                    UNBROTLI,
                    packed / source,
                    content / target,
                ]
                self._workshop.run(unbrotli)
            for archive in content.glob("*.tar"):
                self._workshop.run(["tar", "-xf", archive], folder=content)
                archive.unlink()
        except CommandFailed as error:
            raise Unavailable(f"the packaged Chromium cannot be unpacked:\n{error}\n{REMEDIES}") from error
        (content / "chromium").chmod(0o755)


def _starts(program: Path, variables: dict[str, str] | None = None) -> bool:
    try:
        result = subprocess.run(
            [str(program), "--version"],
            env={**os.environ, **(variables or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return result.returncode == 0
