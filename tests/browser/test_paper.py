"""On paper: one sheet with legend, day and credits, always light; or the card alone, in full."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open

BOTH = pytest.mark.parametrize(
    ("size", "lang"), [("wide", "zh"), ("wide", "en"), ("phone", "zh"), ("phone", "en")]
)
LEGEND = {
    "zh": ["阶段", "在建", "已投用", "空心：承诺，未成事实", "图层与项目数", "地铁", "虚化＝示意位置"],
    "en": [
        "Phases",
        "Building",
        "In service",
        "hollow: promised, not fact",
        "Metro",
        "soft = schematic place",
    ],
}
PAPER = {"zh": "纸张", "en": "Paper"}
LONG_SIDE_PT = {"a4": 842, "a3": 1191}


def on_paper(page: Page) -> str:
    """What can be read while the page is printed."""
    page.emulate_media(media="print", color_scheme="dark")
    page.locator(".paper-title").wait_for()
    page.wait_for_timeout(200)
    return page.locator("body").inner_text()


def boxes(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of every page, in points."""
    found = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    return [(float(width), float(height)) for width, height in found]


@BOTH
@pytest.mark.parametrize("paper", ["a4", "a3"])
def test_a_sheet_is_one_page_across(visit: Open, size: str, lang: str, paper: str) -> None:
    page = visit(f"/?lang={lang}&project=jihe-expressway-widening", size=size).page
    page.get_by_role("complementary").get_by_role("heading", level=2).nth(1).wait_for()
    if size == "phone":
        page.get_by_role("complementary").get_by_role("button", name=re.compile("关闭|Close")).click()
        page.get_by_role("button", name=re.compile("^(图层|Layers)")).first.click()
    page.get_by_role("combobox", name=PAPER[lang]).select_option(paper)
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    ((width, height),) = boxes(pdf)
    assert width == pytest.approx(LONG_SIDE_PT[paper], abs=2)
    assert width / height == pytest.approx(2**0.5, abs=0.01)
    # The screen is as it was.
    expect(page.locator(".paper-title")).to_have_count(0)
    assert "printing" not in (page.locator("html").get_attribute("class") or "")


@BOTH
def test_it_carries_legend_day_and_credits_and_no_controls(visit: Open, size: str, lang: str) -> None:
    page = visit(f"/?lang={lang}&day=2024-06-01", size=size, theme="dark").page
    words = on_paper(page)
    for word in [*LEGEND[lang], "2024-06-01", "OpenStreetMap contributors", "day=2024-06-01"]:
        assert word in words, word
    for role in ("slider", "combobox", "checkbox", "navigation"):
        expect(page.get_by_role(role).filter(visible=True)).to_have_count(0)
    expect(page.get_by_role("button").filter(visible=True)).to_have_count(0)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(19, 32, 28)"
    page.emulate_media(media="screen")
    expect(page.get_by_role("slider")).to_be_visible()
    expect(page.locator(".paper-title")).to_have_count(0)


COMPARED = {
    "zh": [
        "比较两天：2016-01-01（甲日）与 2026-01-01（乙日）",
        "甲日 2016-01-01",
        "乙日 2026-01-01",
        "原来的阶段：外侧细线",
        "首次有据：外侧圆点",
        "没有变化：淡色",
        "有进展",
    ],
    "en": [
        "Two days compared: 2016-01-01 (day A) and 2026-01-01 (day B)",
        "Day A 2016-01-01",
        "Day B 2026-01-01",
        "former phase: thin outer lines",
        "first evidence: outer dots",
        "unchanged: pale",
        "Advanced",
    ],
}


@BOTH
def test_two_days_compared_carry_their_legend_and_both_days(visit: Open, size: str, lang: str) -> None:
    page = visit(f"/?lang={lang}&a=2016-01-01&b=2026-01-01", size=size, theme="dark").page
    words = on_paper(page)
    for word in COMPARED[lang]:
        assert word in words, word
    count = re.search(
        {"zh": r"两天之间有变化：(\d+) 项", "en": r"Changed between the two days: (\d+)"}[lang], words
    )
    assert count
    groups = page.locator(".paper-changes").inner_text()
    assert sum(map(int, re.findall(r"\d+", groups))) == int(count[1]) > 10
    assert page.locator("#map .mark.pale").count() > 0
    # All of the legend is on the sheet.
    assert (
        page.evaluate("(key => key.scrollHeight - key.clientHeight)(document.querySelector('.paper-key'))")
        <= 0
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_card_stands_beside_the_map(visit: Open, lang: str) -> None:
    page = visit(f"/?lang={lang}&project=jihe-expressway-widening").page
    shown = page.get_by_role("complementary")
    shown.get_by_role("heading", level=2).nth(1).wait_for()
    page.set_viewport_size({"width": 1056, "height": 722})
    words = on_paper(page)
    assert {"zh": "各条说法与来源，见网页上的卡片", "en": "For every claim with its source"}[lang] in words
    sheet, card = page.locator(".sheet").bounding_box(), shown.bounding_box()
    assert sheet is not None
    assert card is not None
    assert sheet["x"] + sheet["width"] <= card["x"] + 1
    assert card["height"] > 400


@pytest.mark.parametrize(("size", "lang"), [("wide", "zh"), ("phone", "en")])
def test_the_card_alone_is_printed_in_full(visit: Open, size: str, lang: str) -> None:
    # The browser's own dialogue cannot be pressed here: stand in its place and print while it would be open.
    hold = "window.print = () => { dispatchEvent(new Event('beforeprint')); };"
    page = visit(f"/?lang={lang}&project=jihe-expressway-widening", size=size, before=hold).page
    shown = page.get_by_role("complementary")
    claims = shown.get_by_role("article").filter(visible=True)
    claims.first.wait_for()
    count = claims.count()
    shown.get_by_role("button", name={"zh": "打印", "en": "Print"}[lang], exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-paper", "card")
    expect(page.locator(".sheet")).to_be_hidden()
    expect(claims).to_have_count(count)
    expect(claims.last.get_by_text(re.compile("取得|retrieved"))).to_be_visible()
    pages = boxes(page.pdf(prefer_css_page_size=True))
    assert pages
    assert all(height > width for width, height in pages)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".sheet")).to_be_visible()
