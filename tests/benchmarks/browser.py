"""The page in a real browser: a step of the day, compared with asking the server for the same day."""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path

import httpx2
import shapely
from playwright.sync_api import Browser, CDPSession, sync_playwright

from app.database import Database
from tests.app.changing import new_project, publish
from tests.benchmarks import budget, tiled
from tests.serving import serving

MANY, STEPS = 2000, 240
STEP = """
async (steps) => {
    const slider = document.querySelector('[role=slider]');
    slider.focus();
    const taken = [];
    for (let n = 0; n < steps; n++) {
        const key = n < steps / 2 ? 'ArrowLeft' : 'ArrowRight';
        const start = performance.now();
        slider.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
        // The panels are shown anew in microtasks that the key has put in the queue.
        for (let turn = 0; turn < 5; turn++) await null;
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


def scripted(devtools: CDPSession) -> float:
    """Seconds of script the page has run so far, as the browser counts them."""
    metrics = devtools.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "ScriptDuration"))


def step(browser: Browser, address: str) -> None:
    with budget.opened(browser) as page:
        page.goto(address)
        page.locator("path.leaflet-interactive").first.wait_for(state="attached")
        page.wait_for_timeout(2000)
        taken: list[float] = page.evaluate(STEP, STEPS)
        page.wait_for_timeout(500)
        devtools = page.context.new_cdp_session(page)
        devtools.send("Performance.enable")
        rested = []
        for _ in range(10):
            before = scripted(devtools)
            page.keyboard.press("ArrowLeft")
            page.wait_for_timeout(500)
            rested.append((scripted(devtools) - before) * 1000)
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
    words = statistics.median(rested)
    print(f"  a step and its rest, the words placed anew: script {words:.1f} ms   ratio {words / server:.2f}")


def run(url: str) -> None:
    """The first map, then a step, on a seeded database of one's own."""
    program = os.environ.get("GUATU_CHROMIUM") or shutil.which("chromium")
    flags = ["--disable-gpu"] + (["--no-sandbox"] if os.geteuid() == 0 else [])
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        with serving(Path(folder), GUATU_DATABASE_URL=url) as served:
            budget.report(browser, served.address)
            budget.report_answer(browser, served.address)
        fill(url)
        with serving(Path(folder), GUATU_DATABASE_URL=url) as served:
            step(browser, served.address)
        tiled.fill(url)
        with serving(Path(folder), GUATU_DATABASE_URL=url) as served:
            tiled.run(browser, served.address)
        browser.close()
