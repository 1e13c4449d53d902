"""Makes the pictures of the README and the docs: the real page, on the real facts. Run by `make pictures`.

JPEG, as the whole set has to stay small in the history of the project.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from app.embedded.throwaway import throwaway
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
    "paper-zh": Picture(PAPER, "/?lang=zh&day=2024-06-01", do=print_sheet),
    "phone-zh": Picture(PHONE, "/?lang=zh"),
    "phone-card-en": Picture(PHONE, "/?lang=en&project=fuan-east-road&day=2025-01-16"),
    "phone-zh-dark": Picture(PHONE, "/?lang=zh&project=pinghu-railway-station", "dark"),
}


def take(browser: Browser, address: str, name: str) -> Path:
    """Save one picture and answer where it is."""
    picture = PICTURES[name]
    width, height = picture.size
    page = browser.new_page(
        viewport={"width": width, "height": height},
        locale="zh-CN" if "lang=zh" in picture.address else "en-GB",
        color_scheme="dark" if picture.theme == "dark" else "light",
        reduced_motion="reduce",
        has_touch=picture.size == PHONE,
    )
    page.goto(address + picture.address)
    page.get_by_role("slider").wait_for()
    if "project=" in picture.address:
        page.get_by_role("complementary").get_by_role("heading", level=2).nth(1).wait_for()
    picture.do(page)
    page.wait_for_timeout(SETTLE_MS)
    path = FOLDER / f"{name}.jpg"
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
        program = os.environ.get("GUATU_CHROMIUM")
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        for name in PICTURES:
            path = take(browser, served.address, name)
            print(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1024:.0f} kB")
        browser.close()


if __name__ == "__main__":
    main()
