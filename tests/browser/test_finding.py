"""Finding a project, bringing it into view, and what filters hide: by role and name."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("complementary", name=name, exact=True)


def options(page: Page, typed: str) -> Locator:
    page.get_by_role("combobox", name=re.compile("搜索|Search")).fill(typed)
    return page.get_by_role("listbox").get_by_role("option")


def camera(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query).get("at", [""])[0]


# ---------------------------------------------------------------- search


def test_a_word_of_the_id_finds_the_line_and_says_so(visit: Open) -> None:
    first = options(visit("/?lang=en").page, "Shenda").first
    expect(first).to_contain_text("Shenzhen Airport–Daya Bay Intercity")
    expect(first).to_contain_text("also shenda-intercity")


def test_a_hit_by_another_name_shows_that_name(visit: Open) -> None:
    expect(options(visit("/").page, "白泥坑").first).to_contain_text("又名 白泥坑站")


def test_no_hit_is_silently_left_out(visit: Open) -> None:
    page = visit("/?lang=en").page
    shown = options(page, "pinghu")
    expect(shown.nth(12)).to_be_attached()
    told = page.get_by_role("status").filter(has_text=re.compile(r"^\d+ results$")).inner_text()
    assert shown.count() == min(50, int(told.split()[0]))


def test_the_search_can_be_cleared(visit: Open) -> None:
    page = visit("/").page
    expect(options(page, "富安").first).to_be_visible()
    page.get_by_role("button", name="清除搜索").click()
    expect(page.get_by_role("combobox", name=re.compile("搜索|Search"))).to_have_value("")
    expect(page.get_by_role("combobox", name=re.compile("搜索|Search"))).to_be_focused()
    expect(page.locator("#search-results").get_by_role("option")).to_have_count(0)


@pytest.mark.parametrize(
    ("lang", "typed", "name"), [("zh", "平湖大街", "平湖大街"), ("en", "pinghu st", "Pinghu Street")]
)
def test_a_road_that_is_only_lettered_on_the_map_is_found_and_shown(
    visit: Open, lang: str, typed: str, name: str
) -> None:
    page = visit(f"/?lang={lang}").page
    options(page, typed).filter(has_text=re.compile(f"^{name}$")).click()
    page.wait_for_url(lambda url: "at=15/" in url)
    expect(page.locator("path.chosen")).to_be_visible()
    expect(page.locator("#map").get_by_text(name, exact=True).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("path.chosen")).to_have_count(0)


# ---------------------------------------------------------------- bringing into view


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_what_was_looked_for_is_come_closer_to(visit: Open, size: str) -> None:
    page = visit("/", size=size).page
    options(page, "白坭坑站").first.click()
    expect(page.locator(".mark.selected")).to_be_visible()
    page.wait_for_url(lambda url: "at=15/" in url)


def test_a_whole_without_a_shape_shows_all_that_is_drawn_of_it(visit: Open) -> None:
    page = visit("/").page
    page.locator(".mark").first.wait_for()
    options(page, "地铁17号线").filter(has_text=re.compile("^地铁17号线$")).click()
    expect(card(page, "地铁17号线")).to_be_visible()
    page.wait_for_url(lambda url: "at=" in url)


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_what_is_chosen_comes_into_view_and_is_not_under_its_card(visit: Open, size: str) -> None:
    page = visit("/?at=16/22.7150/114.1000", size=size).page
    options(page, "白坭坑站").first.click()
    shown = card(page, "深大城际白坭坑站")
    expect(shown).to_be_visible()
    mark = page.locator(".mark.selected")
    expect(mark).to_be_visible()
    page.wait_for_url(lambda url: "at=16/22.7150" not in url)
    box, sheet, covering = mark.bounding_box(), page.locator("#map").bounding_box(), shown.bounding_box()
    assert box is not None
    assert sheet is not None
    assert covering is not None
    assert sheet["x"] < box["x"] < sheet["x"] + sheet["width"] - box["width"]
    assert sheet["y"] < box["y"] < sheet["y"] + sheet["height"] - box["height"]
    if size == "phone":
        assert box["y"] + box["height"] < covering["y"]


def test_choosing_it_again_brings_it_back(visit: Open) -> None:
    page = visit("/?project=hehua-station").page
    button = page.get_by_role("list", name="项目").get_by_role("button", name="禾花站", exact=True)
    page.locator("#map").focus()
    expect(button).to_be_visible()
    options(page, "白坭坑站")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.get_by_role("group", name="缩放").get_by_role("button", name="放大").click(click_count=6)
    # A press that comes while the sheet still moves goes nowhere.
    for _ in range(12):
        page.locator("#map").press("ArrowDown")
        page.wait_for_timeout(150)
    page.wait_for_timeout(500)
    before = camera(page)
    options(page, "禾花站").first.click()
    page.wait_for_url(lambda url: before not in url)
    expect(page.locator(".mark.selected")).to_be_visible()


def test_the_tooltip_goes_when_the_card_opens(visit: Open) -> None:
    page = visit("/").page
    mark = page.locator(".mark").nth(8)
    mark.hover(force=True)
    expect(page.get_by_role("tooltip")).to_have_count(1)
    mark.click(force=True)
    expect(page.get_by_role("complementary")).to_be_visible()
    expect(page.get_by_role("tooltip")).to_have_count(0)


# ---------------------------------------------------------------- filters


def test_a_chosen_project_that_a_layer_hides_says_so_and_can_be_shown(visit: Open) -> None:
    page = visit("/?project=hehua-station&kind=metro&phase=planned").page
    shown = card(page, "禾花站")
    expect(shown.get_by_text("筛选或关掉的图层把它藏起来了")).to_be_visible()
    expect(page.locator(".mark.selected")).to_be_hidden()
    shown.get_by_role("button", name="在图上显示它").click()
    expect(shown.get_by_text("筛选或关掉的图层把它藏起来了")).to_have_count(0)
    expect(page.locator(".mark.selected")).to_be_visible()
    page.wait_for_url(re.compile("kind=metro,station&phase=planned,in_service"))


def test_on_a_phone_filters_are_seen_and_cleared_in_one_act(visit: Open) -> None:
    page = visit("/?phase=building&kind=metro,road", size="phone").page
    expect(page.get_by_role("button", name=re.compile("图层.*已筛选"))).to_be_visible()
    page.get_by_role("button", name="清除全部筛选").first.click()
    expect(page.get_by_role("button", name=re.compile("已筛选"))).to_have_count(0)
    page.wait_for_url(lambda url: "phase" not in url and "kind" not in url)


def test_a_filter_that_leaves_the_map_empty_says_why(visit: Open) -> None:
    page = visit("/?phase=completing&day=2012-01-01&lang=en").page
    note = page.get_by_role("status").filter(has_text="nothing on the map passes the filter")
    expect(note).to_contain_text("Phases: Completing")
    note.get_by_role("button", name="Clear all filters").click()
    expect(note).to_have_count(0)


def test_the_list_tells_why_it_is_longer_than_the_legend(visit: Open) -> None:
    page = visit("/?phase=building").page
    expect(page.get_by_text(re.compile("因含有这样的部分而列出，不计入阶段的数目"))).to_be_visible()


def test_only_what_claims_speak_of_is_one_tap(visit: Open) -> None:
    page = visit("/?day=2016-06-30").page
    page.get_by_role("button", name="只看阶段有据的").click()
    spoken = page.get_by_test_id("speaks").inner_text()
    marks = page.locator(".leaflet-marker-icon:visible").count()
    assert 0 < marks <= int(re.findall(r"\d+", spoken)[-1])
    page.get_by_role("button", name="只看阶段有据的").click()
    expect(page.get_by_text("已筛选")).to_have_count(0)


def test_back_undoes_a_filter(visit: Open) -> None:
    page = visit("/").page
    chip = page.get_by_role("group", name="阶段").get_by_role("button", name="在建", exact=True)
    chip.click()
    page.wait_for_url(re.compile("phase=building"))
    page.go_back()
    expect(chip).to_have_attribute("aria-pressed", "false")


def test_words_of_the_address_that_do_not_exist_are_told(visit: Open) -> None:
    page = visit("/?phase=foo,building&kind=bar,metro&day=2099").page
    told = page.get_by_role("status").filter(has_text="“foo”")
    expect(told).to_contain_text("“bar”")
    page.wait_for_url(re.compile(r"day=2030-12-31&kind=metro&phase=building$"))


# ---------------------------------------------------------------- files


def test_what_is_downloaded_is_what_is_shown(visit: Open) -> None:
    found = visit("/?day=2024-06-01&kind=metro,road&phase=building&lang=en")
    links = found.page.get_by_role("region", name="Download what is shown").get_by_role("link")
    expect(links).to_have_count(7)
    for link in links.all():
        address = link.get_attribute("href") or ""
        asked = parse_qs(urlsplit(address).query)
        assert asked["day"] == ["2024-06-01"]
        assert asked["kind"] == ["metro", "road"]
        assert asked["phase"] == ["building"]
        assert found.page.request.get(found.address + address).status == 200


def test_the_menu_of_a_card_closes_by_itself(visit: Open) -> None:
    page = visit("/?project=fuan-east-road").page
    shown = card(page, "富安东路")
    link = shown.get_by_role("link", name="本项目 GeoJSON")
    shown.get_by_text("下载", exact=True).click()
    expect(link).to_be_visible()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    shown.get_by_text("下载", exact=True).click()
    shown.get_by_role("button", name="复制链接").click()
    expect(link).to_be_hidden()
    expect(shown).to_be_visible()
