"""Failing well: offline, the service gone, a newer revision, storage denied. Each with words and a way on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from app.database import Database
from tests.app.changing import change_project
from tests.browser.conftest import Open
from tests.conftest import SEEDED, clone
from tests.serving import start, stop

BOTH = pytest.mark.parametrize(
    ("size", "lang"), [("wide", "zh"), ("wide", "en"), ("phone", "zh"), ("phone", "en")]
)
OFFLINE = {
    "zh": re.compile(r"离线：显示的是 \d\d:\d\d 读到的内容"),
    "en": re.compile(r"Offline: this is what was read at \d\d:\d\d"),
}
CANNOT = {"zh": "连不上服务。", "en": "The service cannot be reached."}
NEWER = {
    "zh": re.compile("已发布版本 3，这里显示的还是版本 2"),
    "en": re.compile("Revision 3 was published; this is still revision 2"),
}
TAKE = {"zh": "换成新版本", "en": "Load the new revision"}
RETRY_MS = 15_000
COME_BACK = "dispatchEvent(new Event('focus'))"
# As a browser whose owner forbade pages to keep anything.
NO_STORAGE = """
for (const name of ["localStorage", "sessionStorage", "indexedDB"])
  Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });
"""


def notice(page: Page, words: re.Pattern[str]) -> Locator:
    return page.get_by_role("status").filter(has_text=words)


@pytest.fixture
def own_url() -> Iterator[str]:
    with clone(SEEDED) as url:
        yield url


@BOTH
def test_offline_is_told_with_its_age_and_passes_by_itself(visit: Open, size: str, lang: str) -> None:
    page = visit(f"/?lang={lang}&day=2021-01-01", size=size).page
    page.context.set_offline(True)
    told = notice(page, OFFLINE[lang])
    expect(told).to_be_visible()
    expect(page.get_by_role("slider")).to_have_attribute("aria-valuetext", "2021-01-01")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.context.set_offline(False)
    expect(told).to_have_count(0, timeout=RETRY_MS)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_service_may_go_and_come_back(visit: Open, own_url: str, tmp_path: Path, lang: str) -> None:
    served = start(tmp_path, 0, GUATU_DATABASE_URL=own_url)
    port = int(served.address.rsplit(":", 1)[1])
    try:
        page = visit(f"/?lang={lang}", server=served).page
        page.get_by_role("list", name={"zh": "项目", "en": "Projects"}[lang], exact=True).wait_for()
        stop(served)
        page.locator("#projects").get_by_role("listitem").get_by_role("button").first.click()
        shown = page.get_by_role("complementary")
        expect(shown.get_by_role("alert")).to_contain_text(CANNOT[lang])
        expect(notice(page, OFFLINE[lang])).to_be_visible()
        served = start(tmp_path, port, GUATU_DATABASE_URL=own_url)
        # Nobody presses anything: the page finds the service again and fetches what it lacked.
        expect(notice(page, OFFLINE[lang])).to_have_count(0, timeout=RETRY_MS)
        expect(shown.get_by_role("alert")).to_have_count(0)
        expect(shown.get_by_role("heading", level=2).nth(1)).to_be_visible()
    finally:
        stop(served)


@pytest.mark.parametrize(("size", "lang"), [("wide", "zh"), ("phone", "en")])
def test_a_page_that_could_not_be_filled_fills_itself_later(visit: Open, size: str, lang: str) -> None:
    page = visit(f"/?lang={lang}", size=size).page
    page.route("**/api/projects?*", lambda route: route.abort())
    page.evaluate("location.reload()")
    expect(page.get_by_role("alert")).to_contain_text(CANNOT[lang])
    page.unroute("**/api/projects?*")
    page.get_by_role("button", name={"zh": "重试", "en": "Try again"}[lang]).click()
    expect(page.get_by_role("slider")).to_be_visible()


@BOTH
def test_a_newer_revision_is_offered_and_taken_without_losing_the_view(
    visit: Open, own_url: str, tmp_path: Path, size: str, lang: str
) -> None:
    served = start(tmp_path, 0, GUATU_DATABASE_URL=own_url)
    database = Database(own_url)
    try:
        view = f"/?day=2024-06-01&project=fuan-east-road&at=14/22.6900/114.1300&lang={lang}"
        page = visit(view, size=size, server=served).page
        page.get_by_role("complementary").get_by_role("heading", level=2).nth(1).wait_for()
        page.evaluate(COME_BACK)
        expect(notice(page, NEWER[lang])).to_have_count(0)
        change_project(database, "fuan-east-road", name_zh="富安东大路", name_en="Great Fu’an Road")
        page.evaluate(COME_BACK)
        told = notice(page, NEWER[lang])
        expect(told).to_be_visible()
        old = {"zh": "富安东路", "en": "Fu’an East Road"}[lang]
        expect(page.get_by_role("complementary", name=old, exact=True)).to_be_visible()
        before = page.url
        told.get_by_role("button", name=TAKE[lang]).click()
        new = {"zh": "富安东大路", "en": "Great Fu’an Road"}[lang]
        expect(page.get_by_role("complementary", name=new, exact=True)).to_be_visible()
        expect(told).to_have_count(0)
        page.wait_for_timeout(600)
        assert page.url == before
        expect(page.get_by_role("slider")).to_have_attribute("aria-valuetext", "2024-06-01")
    finally:
        database.close()
        stop(served)


def test_what_was_removed_in_the_newer_revision_says_so(visit: Open) -> None:
    page = visit("/?project=never-was").page
    shown = page.get_by_role("complementary")
    expect(shown.get_by_role("alert")).to_be_visible()
    expect(shown.get_by_role("button", name="回到地图")).to_be_visible()


@BOTH
def test_a_browser_that_keeps_nothing_works(visit: Open, size: str, lang: str) -> None:
    found = visit(f"/?lang={lang}", size=size, before=NO_STORAGE)
    page = found.page
    theme = page.get_by_role("button", name={"zh": "深浅主题", "en": "Light or dark"}[lang])
    theme.click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("combobox", name={"zh": "搜索", "en": "Search"}[lang]).fill("富安")
    page.get_by_role("option").first.click()
    expect(page.get_by_role("complementary")).to_be_visible()
    assert found.complaints == []
