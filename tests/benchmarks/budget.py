"""The first map for somebody new on a slow phone, and coming back: time, bytes, movement, requests.

The time is compared with the same bytes from a bare file server under the same throttle (4 × slower
processor, 1.6 Mbit/s, 150 ms). The bytes, the movement and the requests do not depend on the machine: a
browser test holds them to their limits.
"""

from __future__ import annotations

import functools
import http.server
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 100_000}
PHONE = (375, 812)
# A project on the map that answers to the finger.
FIRST_MAP = "path.leaflet-interactive"
ENTRIES = """
[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .map(({ name, transferSize, encodedBodySize }) => ({ name, transferSize, encodedBodySize }))
"""
SHIFTS = """
new Promise((done) => {
    let sum = 0;
    const watch = new PerformanceObserver((list) => {
        for (const shift of list.getEntries()) if (!shift.hadRecentInput) sum += shift.value;
    });
    watch.observe({ type: "layout-shift", buffered: true });
    setTimeout(() => done(sum), 200);
})
"""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answer: what came over the wire (nothing when the browser had it), and how long its body is."""

    path: str
    wire_bytes: int
    body_bytes: int


@dataclass(frozen=True, slots=True)
class FirstMap:
    """seconds from asking for the page until a project on the map could be touched; what had come by then."""

    seconds: float
    fetched: tuple[Fetched, ...]

    @property
    def script_kb(self) -> float:
        return sum(one.wire_bytes for one in self.fetched if one.path.endswith(".js")) / 1024

    @property
    def all_kb(self) -> float:
        return sum(one.wire_bytes for one in self.fetched) / 1024


@contextmanager
def opened(browser: Browser, size: tuple[int, int] = PHONE, slow: bool = False) -> Iterator[Page]:
    """A page of a browser that was never here."""
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    page = context.new_page()
    if slow:
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    yield page
    context.close()


def load(page: Page, address: str, drawn: str = FIRST_MAP) -> FirstMap:
    """Go to the address, as one who is new or who comes back, and wait for the map."""
    page.goto(address, wait_until="commit")
    page.locator(drawn).first.wait_for(state="attached", timeout=60_000)
    seconds: float = page.evaluate("performance.now()") / 1000
    return FirstMap(seconds, fetched(page))


def fetched(page: Page) -> tuple[Fetched, ...]:
    """Everything the page has asked its own server for until now."""
    entries: list[dict[str, Any]] = page.evaluate(ENTRIES)
    return tuple(
        Fetched(entry["name"].split("/", 3)[3], entry["transferSize"], entry["encodedBodySize"])
        for entry in entries
        if entry["name"].startswith("http")
    )


def layout_shift(page: Page) -> float:
    """How much of what stood there moved by itself since the page was asked for: the sum of all shifts."""
    moved: float = page.evaluate(SHIFTS)
    return moved


@contextmanager
def bare_server(size: int) -> Iterator[str]:
    """The address of a bare file server with one page and one script of as many bytes."""
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


def report(browser: Browser, address: str) -> None:
    """Print what the first map and coming back cost on the slow phone."""
    with opened(browser, slow=True) as page:
        first = load(page, address)
        page.wait_for_timeout(3000)
        moved = layout_shift(page)
        again = load(page, address)
        page.wait_for_timeout(3000)
        asked = [one for one in fetched(page) if one.wire_bytes]
    with bare_server(int(first.all_kb * 1024)) as plain, opened(browser, slow=True) as page:
        bare = load(page, plain, "#loaded")
    print(
        f"first map, 4 × slower processor and 1.6 Mbit/s: {first.seconds:.2f} s for {first.all_kb:.0f} kB"
        f" ({first.script_kb:.0f} kB of script); the same bytes from a file server {bare.seconds:.2f} s"
        f"   ratio {first.seconds / bare.seconds:.2f}"
    )
    print(
        f"coming back: {again.seconds:.2f} s, {len(asked)} requests and"
        f" {sum(one.wire_bytes for one in asked) / 1024:.1f} kB over the wire"
        f"   ratio {again.seconds / first.seconds:.2f}; layout shift of the first map {moved:.3f}"
    )


# What a resident waits for: the sentence that can be read aloud.
FIRST_ANSWER = ".answer-summary"


def report_answer(browser: Browser, address: str) -> None:
    """Print what the first answer to "what opens near me" costs on the slow phone, from a link."""
    question = f"{address}/transit?place=hehua-station&radius_m=3000"
    with opened(browser, slow=True) as page:
        first = load(page, question, FIRST_ANSWER)
        page.wait_for_timeout(2000)
        moved = layout_shift(page)
    with bare_server(int(first.all_kb * 1024)) as plain, opened(browser, slow=True) as page:
        bare = load(page, plain, "#loaded")
    print(
        f"first answer near a place, same phone: {first.seconds:.2f} s for {first.all_kb:.0f} kB"
        f" ({first.script_kb:.0f} kB of script); the same bytes from a file server {bare.seconds:.2f} s"
        f"   ratio {first.seconds / bare.seconds:.2f}; layout shift {moved:.3f}"
    )
