"""A real browser on the real command, serving the facts of Pinghu."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from app.database import Database
from tests.browser.lending import Lender
from tests.browser.office import SIZES, Office
from tests.conftest import SEEDED, clone
from tests.serving import Served, serving

__all__ = ["SIZES"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    program = os.environ.get("GUATU_CHROMIUM") or shutil.which("chromium")
    assert program, "no Chromium: run `make test`, which finds or unpacks one"
    flags = [
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
    ]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    return {**browser_type_launch_args, "executable_path": program, "args": flags}


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with (
        clone(SEEDED) as url,
        serving(tmp_path_factory.mktemp("serve"), GUATU_DATABASE_URL=url) as found,
    ):
        yield found


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Lender:
    return Lender(browser)


@pytest.fixture
def lender(contexts: Lender) -> Iterator[Lender]:
    """Lends browser pages for the time of one test."""
    yield contexts
    contexts.take_back()


@pytest.fixture(scope="module")
def own_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Database]]:
    """A service of the module, in which its tests may change things."""
    folder = tmp_path_factory.mktemp("office")
    with clone(SEEDED) as url, serving(folder, GUATU_DATABASE_URL=url) as running:
        database = Database(url)
        yield running, database
        database.close()


@pytest.fixture
def office(own_service: tuple[Served, Database], browser: Browser, lender: Lender) -> Iterator[Office]:
    found = Office(*own_service, browser, lender)
    yield found
    assert found.complaints == []


@dataclass
class Visit:
    """A page and everything it complained of or asked of other hosts."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        self.page.goto(self.address + path)
        self.page.get_by_role("slider").wait_for()
        return self.page


Open = Callable[..., Visit]


@pytest.fixture
def visit(lender: Lender, served: Served) -> Open:
    """visit(path, size=, locale=, theme=, server=) opens a page for somebody new, and watches it."""

    def open_page(
        path: str = "/",
        *,
        size: str = "wide",
        locale: str = "zh-CN",
        theme: str = "light",
        server: Served = served,
        before: str = "",
    ) -> Visit:
        width, height = SIZES[size]
        page = lender.page(
            server.address,
            viewport={"width": width, "height": height},
            locale=locale,
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
            has_touch=size != "wide",
            accept_downloads=True,
        )
        if before:
            page.add_init_script(before)
        found = Visit(page, server.address)
        page.on("console", lambda message: found.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: found.complaints.append(str(error)))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((server.address, "data:", "blob:"))
                else found.strangers.append(request.url)
            ),
        )
        found.go(path)
        return found

    return open_page


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility rules of axe-core, as a script to evaluate."""
    source = Path(__file__).parent.parent / "node_modules/axe-core/axe.min.js"
    return source.read_text(encoding="utf-8")
