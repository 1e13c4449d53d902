"""What the page says, in which language, and whether it can be read on a small screen or in large type."""

from __future__ import annotations

import itertools
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open

TOP = "element => element.getBoundingClientRect().top"


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("complementary", name=name, exact=True)


# ---------------------------------------------------------------- what is said


@pytest.mark.parametrize(("day", "as_of"), [("", False), ("&day=2016-06-30", True)])
def test_a_date_not_yet_due_is_not_told_as_kept_and_the_light_is_todays(
    visit: Open, day: str, as_of: bool
) -> None:
    shown = card(visit(f"/?project=jihe-expressway-widening{day}").page, "机荷高速改扩建工程")
    expect(shown.get_by_text("未到期", exact=True)).to_be_visible()
    expect(shown.get_by_text("按期", exact=True)).to_have_count(0)
    expect(shown.get_by_text("截至今天", exact=True)).to_have_count(1 if as_of else 0)


@pytest.mark.parametrize(("size", "lang"), [("wide", "zh"), ("phone", "en")])
def test_what_has_passed_is_said_as_of_a_day(visit: Open, size: str, lang: str) -> None:
    passed = {"zh": "已过", "en": "passed"}[lang]
    today = {"zh": "已过（截至今天）", "en": "passed (as of today)"}[lang]
    head = {
        "zh": "节点按截至今天的说法列出；所选日期是 2016-06-30。",
        "en": "Milestones are listed as of today; the chosen day is 2016-06-30.",
    }[lang]
    path = f"/?project=pinghu-west-land-consolidation&lang={lang}"
    shown = visit(path, size=size).page.get_by_role("complementary")
    expect(shown.get_by_text(passed, exact=True)).to_be_visible()
    shown = visit(f"{path}&day=2016-06-30", size=size).page.get_by_role("complementary")
    expect(shown.get_by_text(today, exact=True)).to_be_visible()
    expect(shown.get_by_text(head)).to_be_visible()
    # Up to a day on which it was not yet due, nothing has passed.
    shown = visit(f"{path}&known=2022-06-01&day=2022-06-01", size=size).page.get_by_role("complementary")
    shown.get_by_role("heading", name={"zh": "节点", "en": "Milestones"}[lang]).wait_for()
    expect(shown.get_by_text(re.compile(rf"\b{passed}|{passed}（"))).to_have_count(0)


def test_a_milestone_after_the_chosen_day_says_so(visit: Open) -> None:
    shown = card(visit("/?project=metro-line-10-main&day=2018-01-01").page, "地铁10号线主线")
    rows = shown.get_by_role("listitem")
    expect(rows.filter(has_text="2020 年 8 月 18 日").first).to_contain_text("在所选日期之后")
    expect(rows.filter(has_text="2015 年 10 月 17 日").first).not_to_contain_text("在所选日期之后")


def test_a_light_leads_to_the_claim_that_proves_it(visit: Open) -> None:
    page = visit("/?project=pinghu-west-land-consolidation&lang=en").page
    page.get_by_role("button", name="see the proof").click()
    proof = page.get_by_role("article").filter(has_text="proves the delay")
    expect(proof).to_be_in_viewport()
    expect(proof).to_be_focused()


def test_before_any_evidence_the_card_says_since_when_there_is_some(visit: Open) -> None:
    page = visit("/?project=metro-line-10-main&day=2012-01-01").page
    expect(card(page, "地铁10号线主线")).to_contain_text(
        re.compile("最早有据：.*(在建|已投用|谋划|已列规划|前期)")
    )
    page.get_by_role("button", name="回到今天").click()
    expect(page.get_by_text("最早有据")).to_have_count(0)


def test_a_whole_made_of_parts_lists_them_and_is_not_called_without_a_place(visit: Open) -> None:
    shown = card(visit("/?project=metro-line-10&lang=en").page, "Metro Line 10")
    expect(shown).to_contain_text("Made of parts")
    expect(shown.get_by_role("button", name="Hehua station (Line 10)", exact=True)).to_be_visible()
    expect(shown).not_to_contain_text("unlocated")


def test_a_slip_between_years_is_said_in_years(visit: Open) -> None:
    shown = card(visit("/?project=jihe-expressway-widening").page, "机荷高速改扩建工程")
    expect(shown).to_contain_text("推后约 3 年")
    expect(shown).not_to_contain_text("1096 天")


def test_the_counts_are_explained(visit: Open) -> None:
    page = visit("/").page
    said = page.get_by_text(re.compile(r"^共 \d+ 项，其中 \d+ 项有自己的阶段"))
    expect(said).to_be_visible()
    total, phased = re.findall(r"\d+", said.inner_text())[:2]
    assert int(total) > int(phased)
    expect(page.get_by_test_id("speaks")).to_contain_text(phased)


# ---------------------------------------------------------------- languages


@pytest.mark.parametrize(
    ("locale", "lang", "title"),
    [("zh-CN", "zh-CN", "挂图 · "), ("en-GB", "en", "Guatu · "), ("fr", "zh-CN", "挂图 · ")],
)
def test_the_page_speaks_as_the_browser_asks_until_somebody_chooses(
    visit: Open, locale: str, lang: str, title: str
) -> None:
    page = visit("/", locale=locale).page
    expect(page.locator("html")).to_have_attribute("lang", lang)
    expect(page).to_have_title(re.compile(f"^{title}"))
    expect(page).not_to_have_url(re.compile("lang="))
    page.get_by_role("button", name="English" if lang == "zh-CN" else "中文", exact=True).click()
    page.wait_for_url(re.compile("lang=(en|zh)"))
    expect(page.locator("html")).not_to_have_attribute("lang", lang)


def test_in_english_nothing_of_ours_stays_chinese(visit: Open) -> None:
    page = visit("/?project=metro-line-10-main&lang=en").page
    shown = card(page, "Metro Line 10, main line")
    expect(shown).to_contain_text("sentence 41")
    for part in (shown.locator(".summary"), shown.locator(".locator"), shown.locator(".figures")):
        assert not re.search(r"[\u4e00-\u9fff]", " ".join(part.all_inner_texts()))


# ---------------------------------------------------------------- small screens, large type


@pytest.mark.parametrize("size", ["phone", "small"])
@pytest.mark.parametrize(("lang", "back"), [("zh", "回到今天"), ("en", "Back to today")])
@pytest.mark.parametrize("day", ["2012-01-01", "2029-12-31"])
def test_the_time_bar_of_a_phone_is_whole(visit: Open, size: str, lang: str, back: str, day: str) -> None:
    page = visit(f"/?lang={lang}&day={day}", size=size).page
    height = page.evaluate("innerHeight")
    parts = [page.get_by_role("slider"), page.get_by_role("button", name=back), page.get_by_test_id("speaks")]
    for part in parts:
        box = part.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["y"] + box["height"] <= height
    years = page.locator(".graph .year")
    expect(years.last).to_have_text("2030")
    knob = page.locator(".handle i").bounding_box()
    assert knob is not None
    for year in years.all():
        box = year.bounding_box()
        assert box is not None
        assert box["y"] + 2 >= knob["y"] + knob["height"], "the knob lies on a year"
    before = page.locator(".time").evaluate(TOP)
    page.get_by_role("button", name=back).click()
    assert page.locator(".time").evaluate(TOP) == before


@pytest.mark.parametrize("size", ["wide", "phone", "small"])
def test_a_project_that_is_not_there_leaves_a_way_on(visit: Open, size: str) -> None:
    page = visit("/?project=nope&lang=en", size=size).page
    shown = page.get_by_role("complementary")
    box, close = shown.bounding_box(), shown.get_by_role("button", name="Close").bounding_box()
    message = shown.get_by_role("alert").bounding_box()
    assert box is not None
    assert close is not None
    assert message is not None
    assert message["y"] >= close["y"] + close["height"]
    if size != "wide":
        assert (box["x"], box["width"]) == (0, page.evaluate("innerWidth"))
    shown.get_by_role("button", name="Search for another").click()
    expect(shown).to_have_count(0)
    expect(page.get_by_role("combobox", name=re.compile("搜索|Search"))).to_be_focused()


@pytest.mark.parametrize("path", ["/?lang=en&day=2016-06-30", "/?lang=en&project=shenda-intercity"])
def test_with_type_twice_as_large_everything_can_be_reached(visit: Open, path: str) -> None:
    page = visit(path, size="small").page
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    if "project" in path:
        page.get_by_role("button", name="Copy link").click()
        page.get_by_role("button", name="Close").click()
        return
    page.get_by_role("button", name="Back to today").click()
    page.get_by_text("Credits", exact=True).click()
    expect(page.get_by_text(re.compile("^soft = .*not an official boundary"))).to_be_visible()


def test_the_scale_lies_on_no_label(visit: Open) -> None:
    page = visit("/?lang=en&day=2029-12-31", size="small").page
    page.wait_for_timeout(500)
    crossed = page.evaluate(
        """() => {
            const s = document.querySelector('.scale').getBoundingClientRect();
            const meets = b => b.left < s.right && b.right > s.left && b.top < s.bottom && b.bottom > s.top;
            return [...document.querySelectorAll('.label')]
                .filter(label => meets(label.getBoundingClientRect())).map(label => label.textContent);
        }"""
    )
    assert crossed == []


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_the_lengths_of_the_scale_can_be_told_apart(visit: Open, size: str) -> None:
    reader = visit("/", size=size)
    for zoom in (13, 13.5, 14, 14.5, 15, 15.5, 16, 16.5):
        page = reader.go(f"/?at={zoom}/22.69/114.12")
        page.locator(".scale text").first.wait_for(state="attached")
        edges = page.evaluate(
            "[...document.querySelectorAll('.scale text')].map(e => e.getBoundingClientRect())"
            ".map(box => [box.left, box.right])"
        )
        assert len(edges) in (2, 3)
        assert all(right < left for (_, right), (left, _) in itertools.pairwise(edges)), (zoom, edges)
