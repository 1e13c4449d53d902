"""Browser contexts that serve one test after another.

To make a context, and to fetch and compile the scripts of a page anew in it, takes a processor a second, and
most tests are of something else. What a person leaves behind is cleared away; only files of the cache stay.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

#: Everything a page can keep, but for the answers that the service said may be kept.
KEPT_BY_PAGES = "cookies,file_systems,indexeddb,local_storage,service_workers,cache_storage"
SPARE = 10  # contexts that wait for the next test; more are closed, the oldest first


class Lender:
    """Lends pages for the time of a test."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._lent: list[tuple[str, BrowserContext]] = []
        self._spare: list[tuple[str, BrowserContext]] = []

    def page(self, address: str, **how: Any) -> Page:
        """A page for somebody new at the service of `address`, as `Browser.new_context(**how)` has it."""
        wanted = repr((address, sorted(how.items())))
        for place, (like, context) in enumerate(self._spare):
            if like == wanted:
                del self._spare[place]
                page = context.new_page()
                session = context.new_cdp_session(page)
                session.send("Storage.clearDataForOrigin", {"origin": address, "storageTypes": KEPT_BY_PAGES})
                session.detach()
                break
        else:
            context = self._browser.new_context(**how)
            page = context.new_page()
        self._lent.append((wanted, context))
        return page

    def take_back(self) -> None:
        """Have every page closed, and its context made ready for somebody else."""
        for _, context in self._lent:
            for page in context.pages:
                page.close()
            context.unroute_all()
            context.set_offline(False)
            context.set_geolocation(None)
            context.clear_permissions()
            context.clear_cookies()
        self._spare += self._lent
        self._lent.clear()
        while len(self._spare) > SPARE:
            self._spare.pop(0)[1].close()
