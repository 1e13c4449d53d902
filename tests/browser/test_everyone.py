"""For everyone: axe-core finds nothing, of any impact, in any state of the page.

Each of the four readers below sees every state; among the four every size meets every language and theme.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open, Visit

# WCAG 2.2 A and AA, and what axe-core holds to be good practice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """
async (tags) => {
    const asked = { runOnly: { type: "tag", values: tags }, rules: { "target-size": { enabled: true } } };
    const report = await axe.run(document, asked);
    const firsts = (nodes) => nodes.slice(0, 3).map((node) => node.html.slice(0, 160));
    return { passes: report.passes.map((one) => one.id),
             violations: report.violations.map((one) => ({ id: one.id, nodes: firsts(one.nodes) })) };
}
"""
READERS = [
    ("wide", "zh", "light"),
    ("wide", "en", "dark"),
    ("phone", "zh", "dark"),
    ("phone", "en", "light"),
]
SEARCH = re.compile("^(搜索|Search)$")
PLAY = re.compile("^(播放|Play)$")
PAUSE = re.compile("^(暂停|Pause)$")
# Facts of the page that no reader could miss: if axe-core did not look at them it looked at nothing.
LOOKED_AT = {"button-name", "color-contrast", "document-title", "html-has-lang", "target-size"}

Step = Callable[[Page], None]


def card(page: Page) -> Locator:
    return page.get_by_role("complementary")


def card_is_whole(page: Page) -> None:
    card(page).get_by_role("heading", level=2).nth(1).wait_for()


def search(page: Page, typed: str) -> None:
    page.get_by_role("combobox", name=SEARCH).fill(typed)


def results_stand(page: Page) -> None:
    search(page, "富安")
    page.get_by_role("combobox", name=SEARCH).press("ArrowDown")
    expect(page.get_by_role("listbox").get_by_role("option", selected=True)).to_be_visible()


def no_result(page: Page) -> None:
    search(page, "zzzz")
    page.get_by_text("zzzz").wait_for()


def a_month_on(page: Page) -> None:
    # Other facts that arrive with a step begin the telling of changes anew.
    page.wait_for_load_state("networkidle")
    page.get_by_role("slider", name=re.compile("^(日期|Day)$")).press("ArrowRight")
    page.get_by_role("list", name=re.compile("刚才的变化|What just changed")).wait_for()


def plays(page: Page) -> None:
    page.get_by_role("button", name=PLAY).click()
    page.get_by_role("button", name=PAUSE).wait_for()


def on_paper(page: Page) -> None:
    page.emulate_media(media="print")
    page.locator(".paper-title").wait_for()


def cut_off(page: Page) -> None:
    page.context.set_offline(True)
    expect(page.get_by_role("status").filter(has_text=re.compile("离线|Offline"))).to_be_visible()


def card_fails(page: Page) -> None:
    card(page).get_by_role("alert").wait_for()


def credits_open(page: Page) -> None:
    page.get_by_text(re.compile("^(来源与许可|Sources and licences)")).first.scroll_into_view_if_needed()


def look(_: Page) -> None:
    """Nothing is done: the address alone makes the state."""


# state: (what the address asks for, what the reader then does)
STATES: dict[str, tuple[str, Step]] = {
    "today": ("", look),
    "promises ahead": ("day=2029-12-31", look),
    "nothing passes the filter": ("phase=completing&day=2012-01-01", look),
    "everything filtered": ("phase=building&kind=metro,road", look),
    "words that do not exist": ("phase=foo&day=2099", look),
    "card of a line": ("project=metro-line-10-main", card_is_whole),
    "card of a road with a slip": ("project=jihe-expressway-widening&day=2024-06-01", card_is_whole),
    "card of a parcel": ("project=fuchengao-land-consolidation", card_is_whole),
    "card of a whole": ("project=metro-line-10", card_is_whole),
    "card of nothing": ("project=never-was", card_fails),
    "search": ("", results_stand),
    "search without a result": ("", no_result),
    "range": ("from=2015-01-01&to=2025-12-31", look),
    "known": ("known=2020-01-01", look),
    "compare": ("a=2016-01-01&b=2026-01-01", look),
    "a step": ("day=2024-12-31&kind=road", a_month_on),
    "playing": ("day=2015-01-01", plays),
    "paper": ("project=jihe-expressway-widening", on_paper),
    "offline": ("", cut_off),
}


def violations(page: Page, axe: str) -> list[tuple[str, list[str]]]:
    page.evaluate(axe)
    report: dict[str, Any] = page.evaluate(RUN, TAGS)
    assert set(report["passes"]) & LOOKED_AT, "axe-core looked at nothing"
    return [(one["id"], one["nodes"]) for one in report["violations"]]


@pytest.fixture(params=READERS, ids="-".join)
def reader(request: pytest.FixtureRequest, visit: Open) -> tuple[Visit, str, str]:
    """The page of one reader, the size of the screen and the language."""
    size, lang, theme = request.param
    return visit(f"/?lang={lang}", size=size, theme=theme), size, lang


def test_axe_finds_nothing_in_any_state(reader: tuple[Visit, str, str], axe: str) -> None:
    found, _, lang = reader
    wrong = {}
    for state, (asked, do) in STATES.items():
        found.page.emulate_media(media="screen")
        page = found.go("/?" + "&".join(part for part in (f"lang={lang}", asked) if part))
        do(page)
        if said := violations(page, axe):
            wrong[state] = said
    assert wrong == {}


def test_axe_finds_nothing_when_the_first_answers_fail(reader: tuple[Visit, str, str], axe: str) -> None:
    found, _, _ = reader
    page = found.page
    wrong = {}
    for answer in ("projects?*", "timeline*"):
        page.route(f"**/api/{answer}", lambda route: route.abort())
        page.reload()
        page.get_by_role("alert").wait_for()
        if said := violations(page, axe):
            wrong[answer] = said
        page.unroute(f"**/api/{answer}")
    assert wrong == {}


def test_axe_finds_nothing_in_what_opens_over_a_phones_map(reader: tuple[Visit, str, str], axe: str) -> None:
    found, size, lang = reader
    if size != "phone":
        # What a phone opens stands beside the map here, unfolded: its lower parts were not in view before.
        credits_open(found.page)
        assert violations(found.page, axe) == []
        return
    wrong = {}
    for drawer in ("layers", "projects", "off"):
        page = found.go(f"/?lang={lang}")
        page.locator(f"[data-opens={drawer}]").click()
        if said := violations(page, axe):
            wrong[drawer] = said
    page = found.go(f"/?lang={lang}&project=jihe-expressway-widening")
    card_is_whole(page)
    for stop in range(3):
        card(page).locator(".grip").click()
        page.wait_for_timeout(300)
        if said := violations(page, axe):
            wrong[f"stop {stop}"] = said
    assert wrong == {}
