"""Browser contexts that serve one test after another.

To make a context, and to fetch and compile the scripts of a page anew in it, takes a processor most of a
second, and most tests are of something else. What a person leaves behind is cleared away; only files of the
cache stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

#: Everything a page can keep, but for the answers that the service said may be kept.
KEPT_BY_PAGES = "cookies,file_systems,indexeddb,local_storage,service_workers,cache_storage"
SPARE = 10  # contexts that wait for the next test; more are closed, the oldest first


@dataclass
class _Lent:
    address: str
    how: dict[str, Any]
    context: BrowserContext
    keeper: Page  # an empty page: with its last page a context forgets what it has compiled
    session: CDPSession

    def spoilt(self) -> bool:
        """Whether it cannot be made ready for somebody else.

        A service worker that was cleared away answers nobody, and `set_offline` waits for its answer without
        end. One that was only asked for is not known yet, so the pages that ask are named.
        """
        asking = any(urlsplit(page.url).path == "/transit" for page in self.context.pages)
        return asking or bool(self.context.service_workers) or not self.keeper.evaluate("navigator.onLine")

    def clear(self) -> None:
        """Make it ready for somebody else."""
        for page in self.context.pages:
            if page is not self.keeper:
                page.close()
        self.context.unroute_all()
        self.context.set_geolocation(None)
        self.context.clear_permissions()
        self.context.clear_cookies()
        asked = {"origin": self.address, "storageTypes": KEPT_BY_PAGES}
        self.session.send("Storage.clearDataForOrigin", asked)


class Lender:
    """Lends pages for the time of a test."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._lent: list[_Lent] = []
        self._spare: list[_Lent] = []

    def page(self, address: str, **how: Any) -> Page:
        """A page for somebody new at the service of `address`, as `Browser.new_context(**how)` has it."""
        # Whoever closed every page has left, and the place is free.
        self._take_back([one for one in self._lent if one.context.pages == [one.keeper]])
        found = next((one for one in self._spare if (one.address, one.how) == (address, how)), None)
        if found:
            self._spare.remove(found)
        else:
            context = self._browser.new_context(**how)
            keeper = context.new_page()
            found = _Lent(address, how, context, keeper, context.new_cdp_session(keeper))
        self._lent.append(found)
        return found.context.new_page()

    def take_back(self) -> None:
        """Have every page closed, and its context made ready for somebody else."""
        self._take_back(list(self._lent))
        while len(self._spare) > SPARE:
            self._spare.pop(0).context.close()

    def _take_back(self, lent: list[_Lent]) -> None:
        for one in lent:
            self._lent.remove(one)
            if one.spoilt():
                one.context.close()
                continue
            one.clear()
            self._spare.append(one)
