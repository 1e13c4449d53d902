"""More projects than a list shows at once: a page of them, and the next on the press of a button."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import shapely
from playwright.sync_api import expect

from app.database import Database
from tests.app.changing import new_project, publish
from tests.browser.conftest import Open
from tests.conftest import SEEDED, clone
from tests.serving import Served, serving

MANY, PAGE = 450, 200


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with clone(SEEDED) as url:
        database = Database(url)
        places = [shapely.Point(114.10 + (n % 25) * 0.002, 22.66 + (n // 25) * 0.002) for n in range(MANY)]
        publish(database, *[new_project(f"park-{n}", place) for n, place in enumerate(places)])
        database.close()
        with serving(tmp_path_factory.mktemp("crowded"), GUATU_DATABASE_URL=url) as found:
            yield found


@pytest.mark.parametrize("grouped", [False, True])
def test_a_long_list_comes_by_pages(visit: Open, crowded: Served, grouped: bool) -> None:
    page = visit("/?lang=en", server=crowded).page
    total = page.locator("#projects h2 .number")
    expect(total).to_have_text(re.compile("^5[0-9][0-9]$"))
    if grouped:
        page.get_by_label("Group by kind").check()
    expect(page.locator("#projects .row")).to_have_count(PAGE)
    more = page.get_by_role("button", name=re.compile("^List 200 more"))
    more.click()
    expect(page.locator("#projects .row")).to_have_count(2 * PAGE)
    page.get_by_role("button", name=re.compile(r"^List \d+ more \(\d+ left\)$")).click()
    expect(page.locator("#projects .row")).to_have_count(int(total.inner_text()))
    expect(page.get_by_role("button", name=re.compile("^List .* more"))).to_have_count(0)


def test_words_are_placed_anew_when_the_day_rests(visit: Open) -> None:
    page = visit("/").page
    plate = page.locator(".label.plate", has_text="10号线").first
    expect(plate).to_be_attached()
    page.get_by_role("slider").focus()
    for _ in range(7):
        page.keyboard.press("PageDown")
    # Seven years earlier the line was being built, or promised: its plate says so, or is not there in full.
    expect(page.locator(".label.plate.full", has_text="10号线")).to_have_count(0)
    page.keyboard.press("t")
    expect(page.locator(".label.full", has_text="10号线").first).to_be_attached()
