"""States in which something is missing: each says so in words, in both languages, and shows a way on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserType, Locator, Page, Route, expect
from psycopg.conninfo import conninfo_to_dict

from app.database import Database
from tests.app.changing import change_project
from tests.browser.conftest import Open
from tests.conftest import SEEDED, address, clone
from tests.serving import Served, start, stop

LANGS = pytest.mark.parametrize("lang", ["zh", "en"])
MIXED = pytest.mark.parametrize(("size", "lang"), [("wide", "zh"), ("phone", "en")])
# Whoever waited long for the service asks once a minute.
RETRY_MS = 75_000
SLOW_MS = 8_000
WORDS = {
    "zh": {
        "database": "数据库",
        "by itself": "页面会自己再试",
        "slow": "服务答得慢，还在等",
        "asking": "正在取来截至 2020-01-01 的说法",
        "not come": "没能取来截至 2020-01-01 的说法：连不上服务。图上还是原来的样子。",
        "retry": "重试",
        "dismiss": "知道了",
        "known": "当时所知",
        "as known": "按当时所知",
        "said by": "截至哪一天说过的",
        "road": "富安东路",
        "no script": "不开也能用",
        "take": "换成新版本",
        "not taken": "没能换成新版本：连不上服务。",
    },
    "en": {
        "database": "database",
        "by itself": "The page will try again by itself",
        "slow": "The service is slow; still waiting",
        "asking": "Fetching what had been said by 2020-01-01",
        "not come": "What had been said by 2020-01-01 could not be fetched: The service cannot be reached."
        " The map is still as it was.",
        "retry": "Try again",
        "dismiss": "OK",
        "known": "As known then",
        "as known": "As it was known on",
        "said by": "What had been said by",
        "road": "Fu’an East Road",
        "no script": "Without it",
        "take": "Load the new revision",
        "not taken": "The new revision could not be loaded: The service cannot be reached.",
    },
}
DRAWN = "document.querySelectorAll('#map path[stroke-opacity]:not([stroke-opacity=\"0\"])').length"


def said(page: Page, role: Any, words: str) -> Locator:
    return page.get_by_role(role).filter(has_text=words)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[Served, str]]:
    """A service with a database of its own, and that database's address."""
    with clone(SEEDED) as url:
        served = start(tmp_path, 0, GUATU_DATABASE_URL=url)
        try:
            yield served, url.replace("postgresql+psycopg", "postgresql")
        finally:
            stop(served)


@contextmanager
def closed(database: str) -> Iterator[None]:
    """Nobody can reach a database for a while, as when its server is gone."""
    name = conninfo_to_dict(database)["dbname"]
    beside = address("postgres").replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(beside, autocommit=True) as connection:
        connection.execute(f'alter database "{name}" allow_connections false')
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name]
        )
        try:
            yield
        finally:
            connection.execute(f'alter database "{name}" allow_connections true')


# ---------------------------------------------------------------- the service


@MIXED
def test_without_its_database_the_page_says_so_and_fills_itself_later(
    visit: Open, own: tuple[Served, str], size: str, lang: str
) -> None:
    served, database = own
    page = visit(f"/?lang={lang}&day=2021-01-01", size=size, server=served).page
    with closed(database):
        page.evaluate("location.reload()")
        told = page.get_by_role("alert")
        expect(told).to_contain_text(WORDS[lang]["database"], timeout=RETRY_MS)
        expect(told.get_by_role("button", name=WORDS[lang]["retry"])).to_be_visible()
        expect(page.get_by_text(WORDS[lang]["by itself"])).to_be_visible()
    expect(page.get_by_role("slider")).to_have_attribute("aria-valuetext", "2021-01-01", timeout=RETRY_MS)


@MIXED
def test_a_slow_answer_is_waited_for_in_words(visit: Open, size: str, lang: str) -> None:
    page = visit(f"/?lang={lang}", size=size).page
    held: list[Route] = []
    page.route("**/api/catalogue", lambda route: held.append(route))
    page.evaluate("location.reload()")
    expect(said(page, "status", WORDS[lang]["slow"])).to_be_visible(timeout=SLOW_MS)
    for route in held:
        route.continue_()
    expect(page.get_by_role("slider")).to_be_visible()
    expect(said(page, "status", WORDS[lang]["slow"])).to_have_count(0)


# ---------------------------------------------------------------- another chart


def ask_known(page: Page, lang: str) -> None:
    page.get_by_role("button", name=WORDS[lang]["known"], exact=True).click()
    tool = page.get_by_role("region", name=WORDS[lang]["as known"])
    tool.get_by_label(WORDS[lang]["said by"]).fill("2020-01-01")


@pytest.mark.parametrize(("size", "lang"), [("wide", "zh"), ("phone", "zh"), ("phone", "en")])
def test_another_chart_that_does_not_come_leaves_the_map_and_its_view(
    visit: Open, size: str, lang: str
) -> None:
    page = visit(f"/?day=2020-01-01&at=14/22.6900/114.1300&lang={lang}", size=size).page
    page.wait_for_timeout(500)
    before, drawn = page.url, page.evaluate(DRAWN)
    page.route("**/api/projects?*", lambda route: route.abort())
    ask_known(page, lang)
    told = said(page, "alert", WORDS[lang]["not come"])
    expect(told).to_be_visible()
    page.wait_for_timeout(500)
    assert page.url == before
    assert page.evaluate(DRAWN) == drawn
    expect(page.get_by_role("slider")).to_have_attribute("aria-valuetext", "2020-01-01")
    page.unroute("**/api/projects?*")
    told.get_by_role("button", name=WORDS[lang]["retry"]).click()
    page.wait_for_url(re.compile("known=2020-01-01"))
    expect(told).to_have_count(0)
    expect(page).to_have_url(re.compile("at=14/22.6900/114.1300"))
    assert page.locator(".mark.differs").count() + page.locator("path[stroke-dasharray='1.5 6']").count() > 0


@LANGS
def test_another_chart_that_does_not_come_can_be_let_go(visit: Open, lang: str) -> None:
    page = visit(f"/?lang={lang}").page
    page.route("**/api/projects?*", lambda route: route.abort())
    ask_known(page, lang)
    told = said(page, "alert", WORDS[lang]["not come"])
    told.get_by_role("button", name=WORDS[lang]["dismiss"]).click()
    expect(told).to_have_count(0)
    expect(page).not_to_have_url(re.compile("known="))
    # Nor does going back lead to an empty page.
    page.evaluate(
        "lang => ['known=2020-01-01&', ''].forEach("
        "known => history.pushState(null, '', `/?${known}lang=${lang}`))",
        lang,
    )
    page.go_back()
    expect(said(page, "alert", WORDS[lang]["not come"])).to_be_visible()
    expect(page.get_by_role("slider")).to_be_visible()


@MIXED
def test_another_chart_on_its_way_is_told_and_the_map_can_be_used(visit: Open, size: str, lang: str) -> None:
    page = visit(f"/?lang={lang}", size=size).page
    held: list[Route] = []
    page.route("**/api/projects?*", lambda route: held.append(route))
    ask_known(page, lang)
    told = said(page, "status", WORDS[lang]["asking"])
    expect(told).to_be_visible()
    expect(told).to_contain_text(WORDS[lang]["slow"], timeout=SLOW_MS)
    page.get_by_role("slider").press("ArrowLeft")
    page.wait_for_url(re.compile("day="))
    for route in held:
        route.continue_()
    page.wait_for_url(re.compile("known=2020-01-01"))
    expect(told).to_have_count(0)


# ---------------------------------------------------------------- a revision that is no more


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_newer_revision_that_does_not_come_says_why(
    visit: Open, own: tuple[Served, str], lang: str
) -> None:
    served, url = own
    database = Database(url.replace("postgresql", "postgresql+psycopg", 1))
    try:
        page = visit(f"/?lang={lang}", server=served).page
        change_project(database, "fuan-east-road", name_zh="富安东大路", name_en="Great Fu’an Road")
        page.evaluate("dispatchEvent(new Event('focus'))")
        page.route("**/api/projects?*", lambda route: route.abort())
        take = page.get_by_role("button", name=WORDS[lang]["take"])
        take.click(timeout=RETRY_MS)
        expect(said(page, "alert", WORDS[lang]["not taken"])).to_be_visible()
        expect(page.get_by_role("slider")).to_be_visible()
        page.unroute("**/api/projects?*")
        take.click()
        expect(take).to_have_count(0, timeout=RETRY_MS)
    finally:
        database.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_tile_of_a_superseded_revision_leads_to_the_offer_of_the_new_one(
    visit: Open, tmp_path: Path, lang: str
) -> None:
    with clone(SEEDED) as url:
        # Two parcels are enough to come as tiles here.
        served = start(tmp_path, 0, GUATU_DATABASE_URL=url, GUATU_TILES_ABOVE="1")
        database = Database(url)
        try:
            view = f"/?day=2024-06-01&at=14/22.6900/114.1300&lang={lang}"
            page = visit(view, server=served).page
            page.wait_for_timeout(1500)
            change_project(database, "fuan-east-road", name_zh="富安东大路", name_en="Great Fu’an Road")
            with page.expect_response(lambda answer: ".mvt" in answer.url and answer.status == 410):
                page.locator("#map").press("ArrowDown")
                page.locator("#map").press("-")
            take = page.get_by_role("button", name=WORDS[lang]["take"])
            expect(take).to_be_visible(timeout=RETRY_MS)
            page.wait_for_timeout(500)
            before = page.url
            take.click()
            expect(take).to_have_count(0, timeout=RETRY_MS)
            page.wait_for_timeout(500)
            assert page.url == before
        finally:
            database.close()
            stop(served)


# ---------------------------------------------------------------- an address half followed

HALF = {
    "day=2025-02-30": (
        "“2025-02-30”不存在，改用今天",
        "“2025-02-30” in the address does not exist; showing today",
    ),
    "known=then": ("“then”不能用，改为算上至今所有说法", "“then” in the address, up to which claims count"),
    "known=2099-01-01": ("“2099-01-01”不能用", "“2099-01-01” in the address, up to which claims count"),
    "a=x&b=2024-01-01": ("要比较的日期“x”不存在", "“x” to compare with in the address does not exist"),
    "from=y&to=2024-01-01": ("时段的日期“y”不存在", "“y” of the range in the address does not exist"),
    "day=1999-01-01": ("“1999-01-01”在时间轴之外", "“1999-01-01” in the address lies beyond the time bar"),
    "at=14/here/there": ("位置“14/here/there”读不懂", "“14/here/there” in the address cannot be read"),
    "kind=castle": ("筛选“castle”不存在", "filter “castle” in the address does not exist"),
}


@pytest.mark.parametrize("half", HALF)
def test_what_of_an_address_cannot_be_followed_is_told(visit: Open, half: str) -> None:
    for lang, words, size in (("zh", HALF[half][0], "wide"), ("en", HALF[half][1], "phone")):
        found = visit(f"/?{half}&lang={lang}", size=size)
        told = said(found.page, "status", words)
        expect(told).to_be_visible()
        assert found.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        told.get_by_role("button", name=WORDS[lang]["dismiss"], exact=True).click()
        expect(told).to_have_count(0)
        assert found.complaints == []


@MIXED
def test_all_of_an_address_may_be_wrong(visit: Open, size: str, lang: str) -> None:
    page = visit(f"/?project=nope&day=0&known=0&at=0&a=0&from=0&to=0&kind=0&lang={lang}", size=size).page
    told = said(page, "status", "“0”")
    expect(told).to_be_visible()
    card = page.get_by_role("complementary")
    expect(card.get_by_role("alert")).to_contain_text("nope")
    page.get_by_role("button", name={"zh": "回到地图", "en": "Back to the map"}[lang]).click()
    expect(card).to_have_count(0)
    assert page.evaluate(DRAWN) > 50


# ---------------------------------------------------------------- the browser


def test_the_map_needs_no_webgl(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], served: Served
) -> None:
    flags = [*browser_type_launch_args["args"], "--disable-3d-apis", "--disable-gpu"]
    browser = browser_type.launch(**{**browser_type_launch_args, "args": flags})
    try:
        page = browser.new_page(locale="zh-CN")
        page.goto(served.address)
        page.get_by_role("slider").wait_for()
        webgl = "['webgl', 'webgl2'].map(one => document.createElement('canvas').getContext(one))"
        assert page.evaluate(webgl) == [None, None]
        expect(page.locator(".label").first).to_be_visible()
        assert page.evaluate(DRAWN) > 50
        page.locator(".leaflet-marker-icon.mark").first.click(force=True)
        expect(page.get_by_role("complementary")).to_be_visible()
    finally:
        browser.close()


@pytest.mark.parametrize("width", [1440, 375])
def test_without_javascript_there_are_words_and_a_table(browser: Browser, served: Served, width: int) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(served.address)
    for lang in ("zh", "en"):
        link = page.get_by_role("link", name=re.compile(WORDS[lang]["no script"]))
        expect(link).to_be_in_viewport()
        answer = context.request.get(served.address + (link.get_attribute("href") or ""))
        assert answer.status == 200
        assert "text/csv" in answer.headers["content-type"]
        assert "fuan-east-road" in answer.text()
    context.close()


# ---------------------------------------------------------------- the day turns


def other_zone() -> str:
    """Somewhere it is another day than in Shenzhen now."""
    here = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    zones = ("Etc/GMT+12", "Pacific/Kiritimati")
    return next(zone for zone in zones if datetime.now(ZoneInfo(zone)).date() != here)


@MIXED
def test_the_day_may_turn_while_the_page_is_open(
    browser: Browser, own: tuple[Served, str], size: str, lang: str
) -> None:
    served, database = own
    width, height = (1440, 900) if size == "wide" else (375, 812)
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    page = context.new_page()
    page.clock.install()
    page.goto(f"{served.address}/?lang={lang}&at=14/22.6900/114.1300&project=fuan-east-road")
    slider = page.get_by_role("slider")
    card = page.get_by_role("complementary", name=WORDS[lang]["road"], exact=True)
    card.get_by_role("heading", level=2).nth(1).wait_for()
    page.clock.run_for(1000)
    before, today = page.url, slider.get_attribute("aria-valuetext")
    zone = other_zone()
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("update area set tz = %s", [zone])
    page.clock.run_for(61_000)
    expect(slider).not_to_have_attribute("aria-valuetext", today or "")
    expect(slider).to_have_attribute("aria-valuetext", datetime.now(ZoneInfo(zone)).date().isoformat())
    expect(card).to_be_visible()
    page.clock.run_for(1000)
    assert page.url == before
    context.close()


# ---------------------------------------------------------------- large


@pytest.mark.parametrize("path", ["/?lang=zh&day=2016-06-30", "/?lang=en&project=jihe-expressway-widening"])
def test_at_twice_the_size_a_wide_screen_loses_nothing(browser: Browser, served: Served, path: str) -> None:
    # As a browser does at 200 %: half as many pixels of the page, each twice as large.
    context = browser.new_context(viewport={"width": 720, "height": 450}, device_scale_factor=2)
    page = context.new_page()
    page.goto(served.address + path)
    page.get_by_role("slider").wait_for()
    page.wait_for_timeout(400)
    assert page.evaluate("document.documentElement.scrollWidth") <= 720
    if "project" in path:
        page.get_by_role("button", name="Copy link").click()
        page.get_by_role("button", name="Close", exact=True).click()
    for control in (page.get_by_role("slider"), page.get_by_role("combobox").first):
        control.scroll_into_view_if_needed()
        expect(control).to_be_in_viewport()
    context.close()


@pytest.mark.parametrize("path", ["/?lang=zh&day=2016-06-30", "/?lang=en&project=jihe-expressway-widening"])
def test_with_type_twice_as_large_a_wide_screen_loses_nothing(
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    served: Served,
    tmp_path: Path,
    path: str,
) -> None:
    # As set in the browser: then what is narrow counts in letters too.
    settings = tmp_path / "Default" / "Preferences"
    settings.parent.mkdir()
    settings.write_text('{"webkit": {"webprefs": {"default_font_size": 32}}}', encoding="utf-8")
    context = browser_type.launch_persistent_context(
        tmp_path, **browser_type_launch_args, viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
    )
    try:
        page = context.new_page()
        page.goto(served.address + path)
        page.get_by_role("slider").wait_for()
        page.wait_for_timeout(400)
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
        assert page.evaluate("document.documentElement.scrollWidth") <= 1440
        if "project" in path:
            page.get_by_role("button", name="Copy link").click()
            page.get_by_role("button", name="Close", exact=True).click()
        box = page.locator("#map").bounding_box()
        assert box is not None
        assert box["width"] > 700
        assert box["height"] > 200
        for control in (page.get_by_role("slider"), page.get_by_role("combobox").first):
            control.scroll_into_view_if_needed()
            expect(control).to_be_in_viewport(ratio=0.9)
    finally:
        context.close()


def test_playing_flashes_nothing_when_motion_is_unwelcome(visit: Open) -> None:
    page = visit("/?day=2019-01-01&kind=metro,road,station").page
    page.get_by_role("button", name="播放", exact=True).click()
    for _ in range(8):
        page.wait_for_timeout(200)
        assert page.evaluate("document.querySelectorAll('.flash-a, .flash-b').length") == 0
        assert page.evaluate("document.getAnimations().length") == 0
    page.get_by_role("button", name="暂停", exact=True).click()
    assert (page.get_by_role("slider").get_attribute("aria-valuetext") or "") > "2019-06"
