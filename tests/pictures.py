"""Makes the pictures of the README and the docs: the real page, on the real facts. Run by `make pictures`.

JPEG, as the whole set has to stay small in the history of the project.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, FilePayload, Page, sync_playwright

from app.access import cookies
from app.database import Database
from app.embedded.throwaway import throwaway
from geodata import crs
from tests.app.signed import add, session_of
from tests.serving import ROOT, serving

FOLDER = ROOT / "docs" / "pictures"
WIDE, PHONE = (1440, 900), (375, 812)
# A4 on its side, and the margin that the printer keeps, in CSS pixels.
PAPER, MARGIN = (1123, 794), 30
QUALITY = 80
SETTLE_MS = 800


def look(_: Page) -> None:
    """The address alone makes the picture."""


def search(page: Page) -> None:
    field = page.locator("#search")
    field.fill("pinghu")
    field.press("ArrowDown")


def review(page: Page) -> None:
    """Bring the stations as a map of another datum has them: nothing is published."""
    stations = page.request.get("/api/layers/station.geojson").json()
    placed = [one for one in stations["features"] if one["geometry"] and one["geometry"]["type"] == "Point"]
    for one in placed:
        at = one["geometry"]["coordinates"]
        (moved,) = crs.wgs84_to_gcj02(np.array([at])).round(7).tolist()
        one["geometry"]["coordinates"] = moved
    content = json.dumps({**stations, "features": placed}).encode()
    # Of a file of one's own: what was answered of another is not taken over.
    name = "stations.geojson" if "lang=zh" in page.url else "stops.geojson"
    file = FilePayload(name=name, mimeType="application/geo+json", buffer=content)
    page.locator("#file").set_input_files(file)
    page.locator("#kind").select_option("station")
    page.locator("#precision").select_option("digitised")
    page.locator("#tier").select_option("official")
    page.locator("form button[type=submit]").click()
    page.locator(".upload-review").wait_for()
    if page.get_by_role("tab").first.is_visible():
        # A phone shows one part at a time.
        page.get_by_role("tab").first.click()
        page.locator(".file-notes").wait_for()
    else:
        page.locator(".change-name").nth(2).click()
        page.locator(".difference").wait_for()


def near(page: Page) -> None:
    page.locator(".near-circle").wait_for(state="attached")


def lines(page: Page) -> None:
    """The strip of a line in two phases."""
    page.locator(".answer-summary").wait_for()
    page.locator("#line-metro-line-17").scroll_into_view_if_needed()
    page.evaluate("scrollTo(0, document.querySelector('#line-metro-line-17').offsetTop - 64)")


def print_sheet(page: Page) -> None:
    page.emulate_media(media="print")
    page.locator(".paper-title").wait_for()
    page.evaluate(f"document.documentElement.style.padding = '{MARGIN}px'")


@dataclass(frozen=True, slots=True)
class Picture:
    """size in CSS pixels, the address, the theme of the screen, and what is done before it is taken."""

    size: tuple[int, int]
    address: str
    theme: str = "light"
    do: Callable[[Page], None] = look


PICTURES = {
    "map-zh": Picture(WIDE, "/?lang=zh"),
    "card-zh": Picture(WIDE, "/?lang=zh&project=jihe-expressway-widening"),
    "promises-en": Picture(WIDE, "/?lang=en&day=2029-12-31"),
    "past-en-dark": Picture(WIDE, "/?lang=en&day=2016-06-30&project=metro-line-10-main", "dark"),
    "compare-zh-dark": Picture(WIDE, "/?lang=zh&a=2016-01-01&b=2026-01-01", "dark"),
    "search-en": Picture(WIDE, "/?lang=en", do=search),
    "review-zh": Picture(WIDE, "/upload?lang=zh", do=review),
    "transit-zh": Picture(WIDE, "/transit?lang=zh&place=hehua-station&radius_m=3000", do=near),
    "phone-transit-en": Picture(PHONE, "/transit?lang=en&place=hehua-station&radius_m=3000", do=lines),
    "paper-zh": Picture(PAPER, "/?lang=zh&day=2024-06-01", do=print_sheet),
    "phone-zh": Picture(PHONE, "/?lang=zh"),
    "phone-card-en": Picture(PHONE, "/?lang=en&project=fuan-east-road&day=2025-01-16"),
    "phone-review-en-dark": Picture(PHONE, "/upload?lang=en", "dark", do=review),
    "phone-zh-dark": Picture(PHONE, "/?lang=zh&project=pinghu-railway-station", "dark"),
}


def take(browser: Browser, address: str, name: str, session: str, folder: Path = FOLDER) -> Path:
    """Save one picture and answer where it is. session: of GIS staff, for the pages that are theirs."""
    picture = PICTURES[name]
    width, height = picture.size
    page = browser.new_page(
        viewport={"width": width, "height": height},
        locale="zh-CN" if "lang=zh" in picture.address else "en-GB",
        color_scheme="dark" if picture.theme == "dark" else "light",
        reduced_motion="reduce",
        has_touch=picture.size == PHONE,
        base_url=address,
    )
    is_staffs = picture.address.startswith("/upload")
    if is_staffs:
        page.context.add_cookies([{"name": cookies.PLAIN, "value": session, "url": address}])
    page.goto(picture.address)
    if is_staffs:
        page.locator("#file").wait_for(state="attached")
    elif picture.address.startswith("/transit"):
        page.locator(".strip").first.wait_for()
    else:
        page.locator("[role=slider]").wait_for(state="attached")
    if "project=" in picture.address:
        page.get_by_role("complementary").get_by_role("heading", level=2).nth(1).wait_for()
    picture.do(page)
    page.wait_for_timeout(SETTLE_MS)
    path = folder / f"{name}.jpg"
    page.screenshot(path=path, type="jpeg", quality=QUALITY)
    page.close()
    return path


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    flags = ["--disable-gpu"] + (["--no-sandbox"] if os.geteuid() == 0 else [])
    with (
        throwaway() as cluster,
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), GUATU_DATABASE_URL=cluster.url()) as served,
        sync_playwright() as playwright,
    ):
        database = Database(cluster.url())
        session = session_of(database, add(database, "gis", "gis"))
        program = os.environ.get("GUATU_CHROMIUM")
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        for name in PICTURES:
            path = take(browser, served.address, name, session)
            print(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1024:.0f} kB")
        browser.close()
        database.close()


if __name__ == "__main__":
    main()
