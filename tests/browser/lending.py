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
        # Whoever closed every page has left, and the place is free.
        self._take_back([one for one in self._lent if not one[1].pages])
        wanted = repr((address, sorted(how.items())))
        for spare in self._spare:
            like, context = spare
            if like == wanted:
                self._spare.remove(spare)
                page = context.new_page()
                session = context.new_cdp_session(page)
                asked = {"origin": address, "storageTypes": KEPT_BY_PAGES}
                session.send("Storage.clearDataForOrigin", asked)
                session.detach()
                break
        else:
            context = self._browser.new_context(**how)
            page = context.new_page()
        self._lent.append((wanted, context))
        return page

    def take_back(self) -> None:
        """Have every page closed, and its context made ready for somebody else."""
        self._take_back(list(self._lent))
        while len(self._spare) > SPARE:
            self._spare.pop(0)[1].close()

    def _take_back(self, lent: list[tuple[str, BrowserContext]]) -> None:
        for one in lent:
            context = one[1]
            for page in context.pages:
                page.close()
            context.unroute_all()
            context.set_offline(False)
            context.set_geolocation(None)
            context.clear_permissions()
            context.clear_cookies()
            self._lent.remove(one)
            self._spare.append(one)
