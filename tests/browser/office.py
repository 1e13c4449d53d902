"""Staff at their browsers."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Dialog, Page

from app.access import cookies
from app.database import Database
from tests.app.signed import add, session_of
from tests.browser.lending import Lender
from tests.serving import Served

SIZES = {"wide": (1440, 900), "phone": (375, 812), "small": (320, 640)}
WAIT_MS = 60_000
_numbers = itertools.count()


@dataclass
class Office:
    """Browsers at a service of the module. What a browser complains of fails the test."""

    served: Served
    database: Database
    browser: Browser
    lender: Lender | None = None
    contexts: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def somebody(self, size: str = "wide", locale: str = "zh-CN", theme: str = "light") -> Page:
        """A browser of nobody."""
        width, height = SIZES[size]
        how: dict[str, Any] = {
            "viewport": {"width": width, "height": height},
            "base_url": self.served.address,
            "locale": locale,
            "color_scheme": "dark" if theme == "dark" else "light",
            "reduced_motion": "reduce",
            "has_touch": size != "wide",
            "accept_downloads": True,
        }
        if self.lender:
            page = self.lender.page(self.served.address, **how)
        else:
            page = self.browser.new_context(**how).new_page()
        self.contexts.append(page.context)
        page.set_default_timeout(WAIT_MS)
        # What is refused is noted by the browser itself.
        page.on("console", lambda m: None if "Failed to load" in m.text else self.complaints.append(m.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self._answer)
        return page

    def _answer(self, dialog: Dialog) -> None:
        """Of leaving a page that is at work the browser itself asks, in words of its own."""
        if dialog.type != "beforeunload":
            self.complaints.append(dialog.message)
        dialog.accept()

    def staff(self, **how: str) -> Page:
        """The upload page of a new account of GIS staff, signed in."""
        page = self.somebody(**how)
        name = add(self.database, f"gis-{next(_numbers)}", "gis")
        secret = session_of(self.database, name)
        page.context.add_cookies([{"name": cookies.PLAIN, "value": secret, "url": self.served.address}])
        page.goto("/upload")
        page.get_by_role("heading", level=1).wait_for()
        return page
