"""Makes the pictures of the README: the real page, on the real facts. Run by `make pictures`."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from app.embedded.throwaway import throwaway
from tests.serving import ROOT, serving

FOLDER = ROOT / "docs" / "pictures"
# name: (width, height, theme, address)
PICTURES = {
    "map-zh": (1440, 900, "light", "/?project=fuchengao-land-consolidation"),
    "map-en-2029": (1440, 900, "light", "/?lang=en&day=2029-12-31&project=jihe-expressway-widening"),
    "map-dark": (1440, 900, "dark", "/?project=pinghu-railway-station"),
    "phone-zh": (375, 812, "light", "/"),
    "phone-en": (375, 812, "light", "/?lang=en&project=fuan-east-road&day=2025-01-16"),
}


def take(browser: Browser, address: str, name: str) -> None:
    width, height, theme, path = PICTURES[name]
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    page.goto(address + path)
    page.get_by_role("slider").wait_for()
    if "project=" in path:
        page.get_by_role("complementary").get_by_role("heading").first.wait_for()
    page.wait_for_timeout(800)
    page.screenshot(path=FOLDER / f"{name}.png")
    page.close()
    print(f"docs/pictures/{name}.png")


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
            take(browser, served.address, name)
        browser.close()


if __name__ == "__main__":
    main()
