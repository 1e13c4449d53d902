"""On a phone: the card as a sheet of three heights, targets for a thumb, ways out that lie on the map."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open

LANGS = pytest.mark.parametrize("lang", ["zh", "en"])
PHONES = pytest.mark.parametrize("size", ["phone", "small"])
WORDS = {
    "zh": {
        "grip": "拉高或放低卡片",
        "peek": "露头",
        "half": "半屏",
        "full": "全屏",
        "close": "关闭",
        "road": "机荷高速改扩建工程",
        "search": "搜索",
        "hide": "收起",
        "compare": "比较",
        "end": "结束比较",
        "known": "当时所知",
        "all claims": "算上至今所有说法",
        "layers": r"^图层 \d",
        "projects": r"^项目 \d",
        "off": r"^不在图上 \d",
        "changes": "变化",
    },
    "en": {
        "grip": "Raise or lower the card",
        "peek": "peeking",
        "half": "half the screen",
        "full": "the whole screen",
        "close": "Close",
        "road": "Jihe (Airport–He’ao) Expressway widening",
        "search": "Search",
        "hide": "Hide",
        "compare": "Compare",
        "end": "End comparison",
        "known": "As known then",
        "all claims": "Include all claims to date",
        "layers": r"^Layers \d",
        "projects": r"^Projects \d",
        "off": r"^Not on map \d",
        "changes": "Changes",
    },
}
# What share of the window the card takes at each height, from and to.
SHARES = {"peek": (0.14, 0.24), "half": (0.5, 0.6), "full": (0.85, 0.95)}
TARGET_PX = 44
# Every control that can be seen, with its label where it has one, and how large it is.
TOO_SMALL = """least => {
    const seen = element => {
        const box = element.getBoundingClientRect();
        const style = getComputedStyle(element);
        // What is there for readers and keyboards alone is clipped to a pixel or stands off the page.
        const clipped = element.closest('.only-heard, .views:not(:focus-within)');
        const there = element.checkVisibility() && style.visibility === 'visible' && !clipped;
        return there && box.width > 1 && box.height > 1 && box.right > 0;
    };
    const size = element => {
        const boxes = [element, ...(element.labels ?? [])].map(one => one.getBoundingClientRect());
        const across = Math.max(...boxes.map(box => box.right)) - Math.min(...boxes.map(box => box.left));
        const down = Math.max(...boxes.map(box => box.bottom)) - Math.min(...boxes.map(box => box.top));
        return [Math.round(across), Math.round(down)];
    };
    const all = [...document.querySelectorAll(
        'button, a[href], input, select, summary, [role=slider], [role=option]')].filter(seen);
    const name = element => element.ariaLabel || element.textContent || element.id;
    const small = all.map(element => [name(element), ...size(element)])
        .filter(([, across, down]) => across < least || down < least);
    return [all.length, small];
}"""


def grip(page: Page, lang: str) -> Locator:
    return page.get_by_role("button", name=re.compile(f"^{WORDS[lang]['grip']}"))


def stands(page: Page, lang: str, stop: str) -> None:
    """The card is at a height: it says so, and takes its share of the window."""
    expect(grip(page, lang)).to_have_accessible_name(re.compile(re.escape(WORDS[lang][stop])))
    box = page.get_by_role("complementary").bounding_box()
    assert box is not None
    share = box["height"] / page.evaluate("innerHeight")
    low, high = SHARES[stop]
    assert low <= share <= high, (stop, share)
    assert box["width"] == page.evaluate("innerWidth")


def drag(page: Page, lang: str, by: float) -> None:
    box = grip(page, lang).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 12
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + by / 2, steps=3)
    page.mouse.move(x, y + by, steps=3)
    page.mouse.up()


def opened(visit: Open, lang: str, size: str = "phone") -> Page:
    page = visit(f"/?project=jihe-expressway-widening&lang={lang}", size=size).page
    page.get_by_role("complementary").get_by_role("heading", level=2).nth(1).wait_for()
    return page


# ---------------------------------------------------------------- the sheet


@LANGS
def test_the_card_has_three_heights_by_button(visit: Open, lang: str) -> None:
    page = opened(visit, lang)
    for stop in ("half", "full", "peek", "half"):
        stands(page, lang, stop)
        grip(page, lang).click()


@LANGS
def test_the_card_has_three_heights_by_keyboard(visit: Open, lang: str) -> None:
    page = opened(visit, lang)
    grip(page, lang).focus()
    for key, stop in [
        ("ArrowUp", "full"),
        ("ArrowUp", "full"),
        ("ArrowDown", "half"),
        ("ArrowDown", "peek"),
        ("ArrowDown", "peek"),
        ("Enter", "half"),
    ]:
        page.keyboard.press(key)
        stands(page, lang, stop)
        expect(grip(page, lang)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("complementary")).to_have_count(0)


@LANGS
def test_the_card_has_three_heights_by_drag(visit: Open, lang: str) -> None:
    page = opened(visit, lang)
    # Far enough to end near the next one; a short flick; past one; and down beyond the lowest.
    drag(page, lang, -300)
    stands(page, lang, "full")
    drag(page, lang, 60)
    stands(page, lang, "half")
    drag(page, lang, 150)
    stands(page, lang, "peek")
    drag(page, lang, -420)
    stands(page, lang, "full")
    drag(page, lang, 470)
    stands(page, lang, "peek")
    drag(page, lang, 3)
    stands(page, lang, "half")
    drag(page, lang, 60)
    stands(page, lang, "peek")
    drag(page, lang, 60)
    expect(page.get_by_role("complementary")).to_have_count(0)


@LANGS
def test_a_drag_moves_the_card_under_the_finger(visit: Open, lang: str) -> None:
    page = opened(visit, lang)
    card = page.get_by_role("complementary")
    before, box = card.bounding_box(), grip(page, lang).bounding_box()
    assert before is not None
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] - 68, steps=4)
    during = card.bounding_box()
    assert during is not None
    assert during["y"] == pytest.approx(before["y"] - 80, abs=2)
    page.mouse.up()
    stands(page, lang, "full")


@PHONES
@LANGS
def test_at_the_lowest_height_map_and_time_bar_are_free(visit: Open, size: str, lang: str) -> None:
    page = opened(visit, lang, size)
    grip(page, lang).focus()
    page.keyboard.press("ArrowDown")
    card = page.get_by_role("complementary").bounding_box()
    slider = page.get_by_role("slider")
    bar = page.locator(".time").bounding_box()
    assert card is not None
    assert bar is not None
    assert card["y"] + card["height"] <= bar["y"] + 1
    expect(page.get_by_role("complementary").get_by_role("heading", level=2).first).to_be_in_viewport()
    # Only the views are lower than the time bar, whose slider can be pulled.
    views = page.get_by_role("navigation").bounding_box()
    assert views is not None
    assert bar["y"] + bar["height"] == pytest.approx(views["y"], abs=1)
    assert views["y"] + views["height"] == pytest.approx(page.evaluate("innerHeight"), abs=1)
    before = slider.get_attribute("aria-valuetext")
    graph = page.locator(".graph").bounding_box()
    assert graph is not None
    page.mouse.click(graph["x"] + graph["width"] / 3, graph["y"] + 10)
    assert slider.get_attribute("aria-valuetext") != before
    # The map above the card takes the finger, and keeps a third of the page at least.
    top = page.locator("#map").bounding_box()
    assert top is not None
    free = card["y"] - top["y"]
    assert free / page.evaluate("innerHeight") > (0.4 if size == "phone" else 0.25)
    page.wait_for_timeout(600)
    at = page.url
    page.mouse.move(top["x"] + 190, card["y"] - 80)
    page.mouse.down()
    page.mouse.move(top["x"] + 270, card["y"] - 60, steps=6)
    page.mouse.up()
    page.wait_for_url(lambda url: url != at and "at=" in url)


@LANGS
@pytest.mark.parametrize("stop", ["half", "full"])
def test_what_the_card_holds_scrolls(visit: Open, lang: str, stop: str) -> None:
    page = opened(visit, lang)
    if stop == "full":
        grip(page, lang).click()
    last = page.get_by_role("complementary").get_by_role("heading", level=2).last
    expect(last).not_to_be_in_viewport()
    box = page.get_by_role("complementary").bounding_box()
    assert box is not None
    page.mouse.move(180, box["y"] + 150)
    page.mouse.wheel(0, 20_000)
    expect(last).to_be_in_viewport()
    # The heads of the card and of the page stay.
    expect(page.get_by_role("button", name=WORDS[lang]["close"], exact=True)).to_be_in_viewport()
    assert page.evaluate("scrollY") == 0


@LANGS
def test_stepping_on_keeps_the_height(visit: Open, lang: str) -> None:
    page = opened(visit, lang)
    grip(page, lang).click()
    page.get_by_role("button", name={"zh": "下一个", "en": "Next"}[lang], exact=True).click()
    expect(page.get_by_role("complementary", name=WORDS[lang]["road"], exact=True)).to_have_count(0)
    stands(page, lang, "full")


# ---------------------------------------------------------------- targets


def press(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("button", name=name, exact=isinstance(name, str)).first.click()


def drawers(page: Page, lang: str) -> None:
    for name in ("layers", "projects", "off"):
        press(page, re.compile(WORDS[lang][name]))
        large_enough(page, name)
        press(page, WORDS[lang]["close"])


def tools(page: Page, lang: str) -> None:
    for name in ("changes", "compare", "known"):
        press(page, WORDS[lang][name])
        large_enough(page, name)
    press(page, WORDS[lang]["hide"])


def heights(page: Page, lang: str) -> None:
    sources = page.get_by_role("article").locator("summary")
    if sources.count():
        sources.first.click()
    for stop in ("half", "full", "peek"):
        large_enough(page, stop)
        grip(page, lang).click()


def results(page: Page, lang: str) -> None:
    page.get_by_role("combobox", name=WORDS[lang]["search"]).fill({"zh": "平湖", "en": "Pinghu"}[lang])
    page.get_by_role("option").first.wait_for()
    large_enough(page, "results")


def large_enough(page: Page, state: str) -> None:
    count, small = page.evaluate(TOO_SMALL, TARGET_PX)
    assert count > 10
    assert small == [], state


@pytest.mark.parametrize(("size", "lang"), [("phone", "zh"), ("small", "en")])
@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("day=2016-06-30", drawers),
        ("day=2016-06-30", tools),
        ("a=2016-01-01&b=2026-01-01&known=2026-10-01", results),
        ("project=jihe-expressway-widening&phase=building", heights),
        ("project=pinghu-west-land-consolidation&day=2029-12-31", heights),
        ("project=metro-line-10", heights),
        ("project=nope&day=2025-02-30&at=here", results),
    ],
)
def test_every_control_is_large_enough_for_a_thumb(
    visit: Open, size: str, lang: str, path: str, more: object
) -> None:
    page = visit(f"/?{path}&lang={lang}", size=size).page
    if "project" in path:
        page.get_by_role("complementary").get_by_role("heading", level=2).or_(
            page.get_by_role("alert")
        ).first.wait_for()
        page.wait_for_timeout(300)
    large_enough(page, path)
    assert callable(more)
    more(page, lang)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


# ---------------------------------------------------------------- ways out on the map


@LANGS
@pytest.mark.parametrize(
    ("path", "way", "gone"),
    [
        ("a=2016-01-01&b=2026-01-01", "end", r"[?&]a="),
        ("known=2020-01-01&day=2020-01-01", "all claims", "known="),
    ],
)
def test_a_mode_is_left_from_the_map_itself(visit: Open, lang: str, path: str, way: str, gone: str) -> None:
    page = visit(f"/?{path}&lang={lang}", size="phone").page
    if "a=" in path:
        press(page, WORDS[lang]["hide"])
    leave = page.get_by_role("region", name=re.compile("^(地图|Map)$")).get_by_role(
        "button", name=WORDS[lang][way], exact=True
    )
    expect(leave).to_be_in_viewport()
    leave.click()
    page.wait_for_url(re.compile(f"^(?!.*{gone})"))
    expect(leave).to_have_count(0)
    expect(page.locator(".mark.pale, .mark.differs")).to_have_count(0)


@pytest.mark.parametrize("size", ["phone", "small"])
@pytest.mark.parametrize("day", ["2010-01-01", "2030-12-31"])
def test_the_ends_of_time_make_no_page_wider(visit: Open, size: str, day: str) -> None:
    page = visit(f"/?day={day}&project=xinde-school-expansion", size=size).page
    width = page.evaluate("innerWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@LANGS
def test_the_hub_is_named_and_the_hint_of_the_search_is_whole(visit: Open, lang: str) -> None:
    page = visit(f"/?lang={lang}", size="phone").page
    page.locator(".label").first.wait_for(state="attached")
    expect(page.locator(".label.hub").first).to_be_visible()
    room = page.get_by_role("combobox", name=WORDS[lang]["search"]).evaluate(
        """(field) => {
            const context = document.createElement("canvas").getContext("2d");
            const style = getComputedStyle(field);
            context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
            const inside = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
            return inside - context.measureText(field.placeholder).width;
        }"""
    )
    assert room >= 0
