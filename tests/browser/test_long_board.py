"""The ledger of a place with very many projects: all are listed, quickly, and what is left out is told."""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Page, Route, expect

from tests import many
from tests.browser.lending import Lender
from tests.browser.test_transit import Resident
from tests.conftest import SEEDED, clone
from tests.serving import Served, serving

MOST_LISTED = 50_000
COUNT = MOST_LISTED + 600
OTHERS = 120
PATIENCE_MS = 120_000
FRAMES = """async (body) => {
  const taken = [];
  let last = performance.now();
  for (let i = 0; i < 120; i += 1) {
    body.scrollTop += body.scrollHeight / 140;
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    taken.push(now - last);
    last = now;
  }
  return taken;
}"""
EMPTY = """async (body) => {
  let empty = 0;
  for (let i = 0; i < 60; i += 1) {
    body.scrollTop = (body.scrollHeight * ((i * 37) % 60)) / 60;
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    const box = body.getBoundingClientRect();
    const under = document.elementFromPoint(box.x + 60, box.y + box.height / 2);
    if (!under?.closest('[role=row]')) empty += 1;
  }
  return empty;
}"""


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with clone(SEEDED) as url:
        with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as connection:
            many.copy_parcels(connection, COUNT, columns=300)
        with serving(tmp_path_factory.mktemp("long"), GUATU_DATABASE_URL=url) as found:
            yield found


@pytest.fixture
def planner(crowded: Served, lender: Lender) -> Iterator[Resident]:
    found = Resident(crowded, lender)
    yield found
    assert found.complaints == []


def filled(page: Page) -> None:
    expect(page.locator(".board-numerous")).to_contain_text(
        re.compile("只列前|first 50,000"), timeout=PATIENCE_MS
    )


def test_tens_of_thousands_of_rows_are_listed_and_scroll_without_gaps(planner: Resident) -> None:
    page = planner.open(path="/board", size="wide")
    grid = page.get_by_role("grid")
    # The rest of the ledger does not wait for them.
    expect(grid.locator("[role=row]").nth(1)).to_be_visible()
    filled(page)
    expect(grid).to_have_attribute("aria-rowcount", str(MOST_LISTED + OTHERS + 1))
    expect(page.locator(".board-numerous")).to_contain_text("共 50,606 项，表里只列前 50,000 项")
    assert grid.evaluate(EMPTY) == 0
    assert page.locator(".grid-body .tr").count() < 80
    grid.evaluate("body => { body.scrollTop = 0; }")
    taken = sorted(grid.evaluate(FRAMES))
    # Drawing all the rows would take seconds a frame.
    assert taken[len(taken) // 2] < 100


def test_a_long_ledger_is_sorted_filtered_and_opened(planner: Resident) -> None:
    page = planner.open(path="/board", size="phone", lang="en")
    filled(page)
    expect(page.locator(".board-numerous")).to_contain_text("50,606 in all")
    find = page.get_by_role("searchbox", name="Filter by name")
    find.fill("copied-17777")
    row = page.get_by_role("row").filter(has_text="Parcel 17777")
    expect(row).to_have_count(1)
    row.click()
    expect(page.locator(".card")).to_contain_text("Parcel 17777")


def test_what_does_not_come_is_told_and_fetched_again(planner: Resident) -> None:
    page = planner.open(path="/transit", size="wide")
    broken = [True]

    def answer(route: Route) -> None:
        if broken[0]:
            route.abort()
        else:
            route.continue_()

    page.route("**/api/projects?*geometry=without*", answer)
    page.goto("/board")
    told = page.get_by_role("alert").filter(has_text="没有取来")
    expect(told).to_contain_text("表里缺它们")
    expect(page.get_by_role("grid")).to_have_attribute("aria-rowcount", str(OTHERS + 1))
    broken[0] = False
    told.get_by_role("button", name="再取一次").click()
    filled(page)
