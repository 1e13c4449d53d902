"""A step of the day with 100,000 features that come as tiles.

It is compared with the same step in the same page without them, and with fetching the tiles of the view anew:
what a map would do whose tiles hold the phases of one day.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass

import httpx2
import psycopg
from playwright.sync_api import Browser, CDPSession, Page

from tests import many

FEATURES, STEPS = 100_000, 120
VIEWS = {
    "whole area": "/",
    "zoom 14": "/?at=14/22.665/114.09",
    "zoom 16": "/?at=16/22.665/114.09",
}
# A year at a time: nearly every tile changes.
STEP = """
async (steps) => {
    const slider = document.querySelector('[role=slider]');
    slider.focus();
    const taken = [];
    for (let n = 0; n < steps; n++) {
        const key = Math.floor(n / 12) % 2 ? 'PageUp' : 'PageDown';
        const start = performance.now();
        slider.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
        taken.push(performance.now() - start);
        await new Promise(requestAnimationFrame);
    }
    return taken;
}
"""


def fill(url: str) -> None:
    """Put the features into the seeded database at this address."""
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as connection:
        many.copy_parcels(connection, FEATURES)


def run(browser: Browser, address: str) -> None:
    """Prints a line for each view of a service that was filled."""
    for name, path in VIEWS.items():
        page = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        _view(page, address + path, name)
        page.close()


def _view(page: Page, address: str, name: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.locator("#tiled .row").first.wait_for(state="attached", timeout=60_000)
    page.wait_for_timeout(3000)
    tiles = [url for url in asked if url.endswith(".mvt")]
    asked.clear()
    steps = _steps(page)
    requests = [url for url in asked if "favicon" not in url]
    shown = page.locator("#tiled .number").inner_text()
    refetched = _refetched(tiles)
    page.locator(f"#layer-{many.KIND}").evaluate("(box) => box.click()")
    bare = _steps(page)
    print(
        f"a step of the day over {FEATURES} tiled features, {name}: {shown} in view on {len(tiles)} tiles,"
        f" {len(requests)} requests, {steps}; without them {bare}   ratio {steps.work / bare.work:.2f};"
        f" fetching the tiles anew {refetched:.0f} ms   ratio {steps.work / refetched:.3f}"
    )


@dataclass(frozen=True, slots=True)
class Steps:
    """Milliseconds: median and 95th percentile of the script of a step, as a reader waits for it; what the
    thread of the page worked for a step on average, which a busy machine does not stretch."""

    p50: float
    p95: float
    work: float

    def __str__(self) -> str:
        return f"script p50 {self.p50:.1f} ms, p95 {self.p95:.1f} ms, processor {self.work:.1f} ms a step"


def _steps(page: Page) -> Steps:
    """Measure after a round that does not count."""
    page.evaluate(STEP, STEPS)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = _script_seconds(session)
    taken: list[float] = sorted(page.evaluate(STEP, STEPS))
    work = (_script_seconds(session) - before) * 1000 / STEPS
    session.detach()
    return Steps(statistics.median(taken), taken[int(len(taken) * 0.95)], work)


def _script_seconds(session: CDPSession) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "ScriptDuration"))


def _refetched(tiles: list[str]) -> float:
    """Milliseconds to fetch tiles one after the other, from the service alone."""
    start = time.perf_counter()
    with httpx2.Client() as client:
        for url in tiles:
            client.get(url).raise_for_status()
    return (time.perf_counter() - start) * 1000
