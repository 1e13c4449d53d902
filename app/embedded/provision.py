"""Everything that the commands need, made ready in the data folder."""

from __future__ import annotations

import os

from app.embedded.browser import Browser
from app.embedded.folders import PROJECT, Say, data_folder
from app.embedded.font import Font
from app.embedded.node import FRONTEND, Node
from app.embedded.python import Python
from app.embedded.workshop import Workshop, path_with

TESTS = PROJECT / "tests"


class Provision:
    """The project's Python environment, Node.js, font and browser. Nothing happens before it is asked for."""

    def __init__(self, say: Say) -> None:
        """Raises Unavailable when the data folder cannot be written."""
        self.workshop = Workshop(data_folder(), say)
        self.python = Python(self.workshop)
        self.node = Node(self.workshop, self.python)
        self.font = Font(self.workshop)
        self.browser = Browser(self.workshop, self.python, self.node, self.font)

    def to_run(self) -> dict[str, str]:
        """Make ready what the service needs; answers its environment. Raises Unavailable."""
        self.python.ready(test=False)
        self.node.build_frontend()
        self.font.for_service()
        return self._environment()

    def to_check(self) -> dict[str, str]:
        """Make ready what linting and type checking need; answers its environment. Raises Unavailable."""
        self.python.ready(test=True)
        self.node.install(FRONTEND)
        return self._environment()

    def to_test(self) -> dict[str, str]:
        """Make ready what all tests need; answers their environment. Raises Unavailable."""
        self.to_check()
        self.node.build_frontend()
        self.node.install(TESTS)
        self.font.for_service()
        return self._environment() | {
            "GUATU_CHROMIUM": str(self.browser.ready()),
            # Playwright brings a Node.js of its own, which a bare machine lacks a library for.
            "PLAYWRIGHT_NODEJS_PATH": self.node.program(),
        }

    def _environment(self) -> dict[str, str]:
        folders = [self.python.programs, *self.node.folders()]
        return {**os.environ, **self.workshop.caches(), "PATH": path_with(folders)}
