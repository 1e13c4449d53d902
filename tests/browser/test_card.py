"""The card at a glance, the way from card to card, reports, the list, the background."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.app.test_basemaps import archive
from tests.browser.conftest import Open
from tests.conftest import SEEDED, clone
from tests.serving import Served, serving

BOTH = pytest.mark.parametrize(
    ("size", "lang"), [("wide", "zh"), ("wide", "en"), ("phone", "zh"), ("phone", "en")]
)
WORDS = {
    "zh": {
        "previous": "上一个",
        "next": "下一个",
        "projects": "项目",
        "sort": "排序",
        "name": "名称",
        "heard": "最近说法",
        "grouped": "按类别分组",
        "base": "底图",
        "credit": "底图：某局",
        "report": "报错",
        "claim": r"^报错：第 \d+ 条说法$",
        "subject": "挂图报错：富安东路",
        "footer": "主办单位：某街道办",
        "approval": "审图号 GS(2026)1号",
    },
    "en": {
        "previous": "Previous",
        "next": "Next",
        "projects": "Projects",
        "sort": "Sort by",
        "name": "name",
        "heard": "last heard of",
        "grouped": "Group by kind",
        "base": "Base map",
        "credit": "base map: an office",
        "report": "Report an error",
        "claim": r"^Report an error: claim \d+$",
        "subject": "Error on Guatu: Fu’an East Road",
        "footer": "Run by an office",
        "approval": "GS(2026)1号",
    },
}


@pytest.fixture(scope="module")
def dressed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service with everything set that an office may set."""
    folder = tmp_path_factory.mktemp("dressed")
    with (
        clone(SEEDED) as url,
        serving(
            folder,
            GUATU_DATABASE_URL=url,
            GUATU_BASEMAP_FILE=str(archive(folder / "ground.pmtiles")),
            GUATU_BASEMAP_CREDIT_ZH="底图：某局",
            GUATU_BASEMAP_CREDIT_EN="base map: an office",
            GUATU_REPORT_ADDRESS="mailto:map@example.org",
            GUATU_FOOTER_ZH="主办单位：某街道办",
            GUATU_FOOTER_EN="Run by an office",
            GUATU_MAP_APPROVAL="GS(2026)1号",
        ) as found,
    ):
        yield found


def card(page: Page, name: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("complementary", name=name, exact=isinstance(name, str))


def title(page: Page) -> str:
    return page.get_by_role("complementary").get_by_role("heading", level=2).first.inner_text()


def rows(page: Page, lang: str, size: str) -> list[str]:
    """The names in the list of projects; on a phone its drawer is opened first."""
    name = WORDS[lang]["projects"]
    if size == "phone":
        page.get_by_role("button", name=re.compile(rf"^{name} \d")).first.click()
    return page.get_by_role("list", name=name, exact=True).locator(".row-name").all_inner_texts()


# ---------------------------------------------------------------- at a glance


def test_since_when_and_what_is_promised_next_stand_at_the_top(visit: Open) -> None:
    page = visit("/?project=fuan-east-road").page
    expect(card(page, "富安东路")).to_contain_text("2025 年 1 月 15 日起")
    page = visit("/?project=jihe-expressway-widening&lang=en").page
    expect(page.get_by_role("complementary")).to_contain_text(re.compile(r"Next promise: .+, .*20\d\d"))


LAST_KNOWN = {
    "zh": re.compile(
        "最后一次消息是 2025 年 1 月 16 日，此后没有消息。"
        "所选日期晚于今天，这里当作仍是“已投用”，图上画成淡色。"
    ),
    "en": re.compile(
        "The last news is of 16 Jan 2025; none since. The chosen day is after today: "
        "it is taken to be still “In service” and drawn pale."
    ),
}


@BOTH
def test_a_phase_carried_beyond_what_anybody_said_is_told_as_such(visit: Open, size: str, lang: str) -> None:
    page = visit(f"/?project=fuan-east-road&day=2029-12-31&lang={lang}", size=size).page
    shown = page.get_by_role("complementary")
    note = shown.get_by_text(LAST_KNOWN[lang])
    expect(note).to_be_visible()
    expect(shown.get_by_text({"zh": "最近所知", "en": "last known"}[lang], exact=True)).to_be_visible()
    # The map draws the same road paler than on a day that somebody spoke of.
    ink = """() => Math.max(...[...document.querySelectorAll('#map path')]
        .filter(path => path.getAttribute('stroke') === 'var(--k-road)' && path.style.display !== 'none')
        .map(path => +(path.getAttribute('stroke-opacity') ?? 0)))"""
    ahead = page.evaluate(ink)
    if size == "phone":
        page.get_by_role("button", name=re.compile("现为|now half")).press("ArrowDown")
    page.get_by_role("button", name={"zh": "回到今天", "en": "Back to today"}[lang]).click()
    expect(note).to_have_count(0)
    page.wait_for_timeout(200)
    assert ahead < page.evaluate(ink)


def test_as_known_then_the_last_news_is_that_of_then(visit: Open) -> None:
    # There is news of March 2025 that nobody had heard in June 2024.
    page = visit("/?project=cross-border-ecommerce-park&day=2025-01-01&known=2024-06-01").page
    note = page.get_by_role("complementary").locator("p").filter(has_text="最后一次消息")
    expect(note).to_contain_text(re.compile("最后一次消息是 2023 年.*所选日期晚于 2024 年 6 月 1 日.*“在建”"))
    page = visit("/?project=jihe-expressway-widening&day=2029-12-31").page
    page.get_by_role("complementary").get_by_role("heading", level=2).nth(1).wait_for()
    expect(page.get_by_text("最后一次消息")).to_have_count(0)


@BOTH
def test_of_two_days_the_card_says_both_phases(visit: Open, size: str, lang: str) -> None:
    page = visit(f"/?a=2016-01-01&b=2026-01-01&project=metro-line-10-main&lang={lang}", size=size).page
    both = {
        "zh": "2016-01-01：在建 → 2026-01-01：已投用",
        "en": "2016-01-01: Building → 2026-01-01: In service",
    }
    expect(page.get_by_role("complementary").get_by_text(both[lang])).to_be_visible()


# ---------------------------------------------------------------- from card to card


@BOTH
def test_the_way_through_the_list(visit: Open, size: str, lang: str) -> None:
    page = visit(f"/?lang={lang}", size=size).page
    names = rows(page, lang, size)
    words = WORDS[lang]
    page.get_by_role("list", name=words["projects"], exact=True).get_by_role("button").first.click()
    page.get_by_role("complementary").wait_for()
    assert title(page) == names[0]
    page.get_by_role("button", name=words["next"], exact=True).click()
    expect(card(page, names[1])).to_be_visible()
    expect(page.get_by_role("button", name=words["next"], exact=True)).to_be_focused()
    page.keyboard.press("]")
    expect(card(page, names[2])).to_be_visible()
    page.keyboard.press("[")
    page.keyboard.press("[")
    expect(card(page, names[0])).to_be_visible()
    page.get_by_role("button", name=words["previous"], exact=True).click()
    expect(card(page, names[-1])).to_be_visible()


def test_the_keys_belong_to_the_card(visit: Open) -> None:
    page = visit("/?project=fuan-east-road").page
    card(page, "富安东路").wait_for()
    page.get_by_role("combobox", name="搜索").focus()
    page.keyboard.press("]")
    expect(card(page, "富安东路")).to_be_visible()
    expect(page.get_by_role("combobox", name="搜索")).to_have_value("]")


def test_a_project_without_a_place_has_its_neighbours_too(visit: Open) -> None:
    page = visit("/").page
    names = page.get_by_role("list", name="不在图上").locator(".row-name").all_inner_texts()
    page.get_by_role("list", name="不在图上").get_by_role("button", name=names[0], exact=True).first.click()
    page.get_by_role("button", name="下一个", exact=True).click()
    expect(card(page, names[1])).to_be_visible()


# ---------------------------------------------------------------- the list


@BOTH
def test_the_list_is_sorted_and_grouped(visit: Open, size: str, lang: str) -> None:
    page = visit(f"/?lang={lang}", size=size).page
    before = rows(page, lang, size)
    words = WORDS[lang]
    listed = page.get_by_role("list", name=words["projects"], exact=True)
    page.get_by_role("combobox", name=words["sort"]).select_option(label=words["name"])
    by_name = listed.locator(".row-name").all_inner_texts()
    assert by_name != before
    assert sorted(by_name) == sorted(before)
    if lang == "en":
        letters = [name.lower() for name in by_name if name[0].isalpha()]
        assert letters[0][0] <= letters[len(letters) // 2][0] <= letters[-1][0]
    page.get_by_role("checkbox", name=words["grouped"]).check()
    headings = listed.get_by_role("heading", level=3)
    expect(headings.first).to_be_visible()
    assert sorted(listed.locator(".row-name").all_inner_texts()) == sorted(before)
    counts = [int(text) for text in headings.locator(".number").all_inner_texts()]
    assert sum(counts) == len(before)


def test_an_empty_list_says_why_and_how_to_go_on(visit: Open) -> None:
    page = visit("/?at=17/22.7350/114.1750").page
    expect(page.get_by_text("这一处没有项目")).to_be_visible()
    page.locator("#projects").get_by_role("button", name="回到全图").click()
    expect(page.get_by_text("这一处没有项目")).to_have_count(0)
    page = visit("/?phase=completing&day=2012-01-01&lang=en").page
    why = page.locator("#projects")
    expect(why).to_contain_text("Phases: Completing")
    why.get_by_role("button", name="Clear all filters").click()
    expect(why.get_by_role("listitem").first).to_be_visible()


# ---------------------------------------------------------------- search


def test_first_letters_of_the_pinyin_find_it_and_results_stand_by_kind(visit: Open) -> None:
    page = visit("/").page
    box = page.get_by_role("combobox", name="搜索")
    box.fill("fad")
    expect(page.get_by_role("option", name=re.compile("^富安东路"))).to_be_visible()
    box.fill("平湖")
    groups = page.get_by_role("listbox").get_by_role("group")
    expect(groups.nth(1)).to_be_attached()
    kinds = [group.get_attribute("aria-labelledby") for group in groups.all()]
    assert len(set(kinds)) == len(kinds)
    shown = page.get_by_role("option").locator(".option-name").all_inner_texts()
    for _ in range(groups.first.get_by_role("option").count() + 1):
        box.press("ArrowDown")
    active = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
    expect(active).to_contain_text(shown[groups.first.get_by_role("option").count()].split("\n")[0])
    expect(groups.nth(1)).to_contain_text(shown[groups.first.get_by_role("option").count()].split("\n")[0])


# ---------------------------------------------------------------- what an office sets


@BOTH
def test_an_error_is_reported_with_what_it_is_about(
    visit: Open, dressed: Served, size: str, lang: str
) -> None:
    page = visit(f"/?project=fuan-east-road&lang={lang}", size=size, server=dressed).page
    words = WORDS[lang]
    link = page.get_by_role("complementary").get_by_role("link", name=words["report"], exact=True)
    href = urlsplit(link.get_attribute("href") or "")
    assert (href.scheme, href.path) == ("mailto", "map@example.org")
    asked = parse_qs(href.query)
    assert asked["subject"] == [words["subject"]]
    assert "fuan-east-road" in asked["body"][0]
    assert f"{dressed.address}/?project=fuan-east-road" in asked["body"][0]
    page.get_by_role("article").first.locator("summary").click()
    claim = page.get_by_role("article").first.get_by_role("link", name=re.compile(words["claim"]))
    number = re.findall(r"\d+", claim.get_attribute("aria-label") or "")[0]
    assert number in unquote(urlsplit(claim.get_attribute("href") or "").query)


def test_the_page_of_sources_takes_reports_as_well(visit: Open, dressed: Served) -> None:
    found = visit("/", server=dressed)
    page = found.page
    page.goto(f"{found.address}/how?lang=en")
    href = page.get_by_role("link", name="Report an error").get_attribute("href") or ""
    assert urlsplit(href).path == "map@example.org"
    assert f"{dressed.address}/how?lang=en" in parse_qs(urlsplit(href).query)["body"][0]


def test_without_an_address_nobody_is_asked_to_report(visit: Open) -> None:
    page = visit("/?project=fuan-east-road").page
    card(page, "富安东路").get_by_role("heading", name="节点").wait_for()
    expect(page.get_by_role("link", name="报错")).to_have_count(0)


@BOTH
def test_the_background_is_shown_credited_and_can_be_put_away(
    visit: Open, dressed: Served, size: str, lang: str
) -> None:
    found = visit(f"/?lang={lang}", size=size, server=dressed)
    page, words = found.page, WORDS[lang]
    expect(page.locator("#map img.leaflet-tile").first).to_be_attached()
    if size == "phone":
        page.locator("summary", has_text=re.compile("OpenStreetMap")).click()
    credit = page.locator(".credit-on-map" if size == "phone" else ".foot")
    expect(credit).to_contain_text(words["credit"])
    expect(credit).to_contain_text(words["approval"])
    expect(credit).to_contain_text(words["footer"])
    if size == "phone":
        page.get_by_role("button", name=re.compile("^(图层|Layers)")).first.click()
    switch = page.get_by_role("checkbox", name=words["base"], exact=True)
    expect(switch).to_be_checked()
    switch.uncheck(force=True)
    expect(page.locator("#map img.leaflet-tile")).to_have_count(0)
    expect(credit).not_to_contain_text(words["credit"])
    page.wait_for_url(re.compile("base=off"))
    page.reload()
    page.get_by_role("slider").wait_for()
    page.wait_for_timeout(300)
    expect(page.locator("#map img.leaflet-tile")).to_have_count(0)
    assert found.strangers == []


def test_without_a_background_there_is_no_switch(visit: Open) -> None:
    page = visit("/").page
    expect(page.get_by_role("checkbox", name="底图", exact=True)).to_have_count(0)
