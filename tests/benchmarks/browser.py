"""The page in a real browser: a step of the day, and the first map on a slow phone.

A step is compared with asking the server for the same day; the first map with the same bytes from a bare file
server under the same throttle (4 × slower processor, 1.6 Mbit/s, 150 ms).
"""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import shapely
from playwright.sync_api import Browser, Page, sync_playwright

from app.database import Database
from tests.app.changing import new_project, publish
from tests.serving import serving

MANY, STEPS = 2000, 120
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 100_000}
STEP = """
async (steps) => {
    const slider = document.querySelector('[role=slider]');
    slider.focus();
    const taken = [];
    for (let n = 0; n < steps; n++) {
        const key = n < steps / 2 ? 'ArrowLeft' : 'ArrowRight';
        const start = performance.now();
        slider.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
        taken.push(performance.now() - start);
        await new Promise(requestAnimationFrame);
    }
    return taken;
}
"""


def fill(url: str) -> None:
    """Publish many more projects with a place, spread over the area."""
    changes = [
        new_project(f"bench-{n}", shapely.Point(114.06 + (n % 50) * 0.003, 22.63 + (n // 50) * 0.003))
        for n in range(MANY)
    ]
    database = Database(url)
    publish(database, *changes)
    database.close()


def quantile(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


@contextmanager
def opened(browser: Browser, slow: bool = False) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 375, "height": 812}, reduced_motion="reduce")
    page = context.new_page()
    if slow:
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    yield page
    context.close()


def step(browser: Browser, address: str) -> None:
    with opened(browser) as page:
        page.goto(address)
        page.locator("path.leaflet-interactive").first.wait_for(state="attached")
        page.wait_for_timeout(2000)
        taken: list[float] = page.evaluate(STEP, STEPS)
    asked = []
    for n in range(10):
        start = time.perf_counter()
        httpx2.get(f"{address}/api/projects?limit=1000&day=20{10 + n}-06-30").raise_for_status()
        asked.append((time.perf_counter() - start) * 1000)
    p50, p95, server = statistics.median(taken), quantile(taken, 0.95), statistics.median(asked)
    print(
        f"a step of the day, {MANY} more projects: script p50 {p50:.1f} ms, p95 {p95:.1f} ms;"
        f" asking the server for 1000 of them {server:.0f} ms   ratio {p95 / server:.2f}"
    )


def first_map(browser: Browser, address: str) -> None:
    def load(target: str, drawn: str) -> tuple[float, float]:
        with opened(browser, slow=True) as page:
            page.goto(target, wait_until="commit")
            page.locator(drawn).first.wait_for(state="attached", timeout=60_000)
            return page.evaluate("performance.now()") / 1000, _kilobytes(page)

    seconds, kilobytes = load(address, "path.leaflet-interactive")
    with _files(int(kilobytes * 1024)) as plain:
        bare, _ = load(plain, "#loaded")
    print(
        f"first map, 4 × slower processor and 1.6 Mbit/s: {seconds:.2f} s for {kilobytes:.0f} kB;"
        f" the same bytes from a file server {bare:.2f} s   ratio {seconds / bare:.2f}"
    )


def _kilobytes(page: Page) -> float:
    total: float = page.evaluate(
        "[...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')]"
        ".reduce((sum, entry) => sum + entry.transferSize, 0)"
    )
    return total / 1024


@contextmanager
def _files(size: int) -> Iterator[str]:
    """A bare file server with one page and one script of as many bytes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        filler = "/*" + os.urandom(max(size, 4)).hex()[: max(size - 200, 4)] + "*/"
        code = "const p = document.createElement('p'); p.id = 'loaded'; document.body.append(p);"
        (folder / "all.js").write_text(filler + code, encoding="utf-8")
        page = '<!doctype html><title>x</title><body><script src="all.js"></script>'
        (folder / "index.html").write_text(page, encoding="utf-8")
        handler = functools.partial(_Quiet, directory=name)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{server.server_address[1]}/"
            server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name is the base class's)
        pass


def run(url: str) -> None:
    """Both measurements on a seeded database of one's own."""
    program = os.environ.get("GUATU_CHROMIUM") or shutil.which("chromium")
    flags = ["--disable-gpu"] + (["--no-sandbox"] if os.geteuid() == 0 else [])
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        with serving(Path(folder), GUATU_DATABASE_URL=url) as served:
            first_map(browser, served.address)
        fill(url)
        with serving(Path(folder), GUATU_DATABASE_URL=url) as served:
            step(browser, served.address)
        browser.close()
