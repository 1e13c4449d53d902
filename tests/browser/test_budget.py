"""What the first map may weigh, how much of it may move, and what coming back may ask for.

Times depend on the machine: `make bench` prints them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.benchmarks.budget import PHONE, fetched, layout_shift, load, opened
from tests.serving import Served

SCRIPT_KB, ALL_KB, SHIFT = 200, 400, 0.05
# A word that nothing changed, without the thing itself.
UNCHANGED_BYTES = 400
SETTLE_MS = 800


@pytest.fixture(params=[(1440, 900), PHONE], ids=["wide", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A browser that was never here, with nothing loaded yet."""
    with opened(browser, request.param) as found:
        yield found


def test_the_first_map_is_light_and_stands_still(page: Page, served: Served) -> None:
    first = load(page, served.address)
    assert 40 < first.script_kb <= SCRIPT_KB
    assert first.script_kb < first.all_kb <= ALL_KB
    page.wait_for_timeout(SETTLE_MS)
    assert layout_shift(page) <= SHIFT


def test_what_moves_by_itself_is_noticed(browser: Browser) -> None:
    with opened(browser) as page:
        page.set_content("<div id=late></div><p>" + "words " * 300)
        # A shift is one between two frames that were drawn; a busy machine takes its time over both.
        drawn = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        page.evaluate(drawn)
        page.wait_for_timeout(SETTLE_MS)
        page.evaluate("document.getElementById('late').style.height = '300px'")
        page.evaluate(drawn)
        page.wait_for_timeout(SETTLE_MS)
        assert layout_shift(page) > SHIFT


def test_coming_back_asks_only_whether_anything_changed(page: Page, served: Served) -> None:
    load(page, served.address)
    page.wait_for_timeout(SETTLE_MS)
    load(page, served.address)
    page.wait_for_timeout(SETTLE_MS)
    again = fetched(page)
    assert len(again) > 4
    assert [path for path, times in Counter(one.path for one in again).items() if times > 1] == []
    built = [one for one in again if one.path.startswith("assets/")]
    assert built
    assert [one for one in built if one.wire_bytes] == []
    asked = [one for one in again if one.body_bytes > UNCHANGED_BYTES]
    assert asked
    assert [one for one in asked if one.wire_bytes > UNCHANGED_BYTES] == []
