"""A resident on a phone: what opens near me, when, and how sure is that? And each line as a strip."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Geolocation, Locator, Page, expect

from app.database import today_in
from tests.browser.conftest import SIZES
from tests.browser.lending import Lender
from tests.browser.test_everyone import violations
from tests.conftest import SEEDED, clone
from tests.serving import Served, serving

YEAR = today_in("Asia/Shanghai").year
HERE: Geolocation = {"longitude": 114.1160, "latitude": 22.6891, "accuracy": 25}
WORDS: dict[str, dict[str, Any]] = {
    "zh": {
        "place": "从哪里",
        "hehua": "禾花站",
        "km": "3 公里",
        "year": f"到 {YEAR + 2} 年底",
        "until": "到哪一年",
        "no_date": "没有说日期的",
        "open": "已经开通的",
        "opens_by": "到那时说要开通的",
        "later": "说更晚才开通的",
        "shenhui": "深惠城际平湖站",
        "line10": "地铁10号线主线",
        "words": "深惠城际平湖站进入主体装修阶段",
        "said": "深圳侨报",
        "schematic": "位置为示意，不量距离",
        "here": "用我的位置",
        "lines": "线路",
        "age": re.compile("没有网络.*(刚才|分钟前)的回答"),
        "gcj02": re.compile("GCJ-02）换算"),
        "shifted": "移动了约 600 米",
        "none": "没有叫“月球广场”的地点",
    },
    "en": {
        "place": "From where",
        "hehua": "Hehua station (Line 10)",
        "km": "3 km",
        "year": f"By the end of {YEAR + 2}",
        "until": "Until which year",
        "no_date": "No date stated",
        "open": "Open already",
        "opens_by": "Said to open by then",
        "later": "Said to open later",
        "shenhui": "Pinghu Station (Shenhui Intercity)",
        "line10": "Metro Line 10, main line",
        "words": "深惠城际平湖站进入主体装修阶段",
        "said": "Shenzhen Qiaobao",
        "schematic": "place drawn from words, no distance",
        "here": "Use my position",
        "lines": "Lines",
        "age": re.compile("no network.*(just now|minutes? ago)"),
        "gcj02": re.compile(r"\(GCJ-02\)$"),
        "shifted": "it moved about 600 m",
        "none": "No place on this map is called '月球广场'",
    },
}
LOCALES = {"zh": "zh-CN", "en": "en-US"}


@dataclass
class Resident:
    """Somebody who was never here; what the browser complains of, or asks of other hosts, fails the test."""

    served: Served
    lender: Lender
    complaints: list[str] = field(default_factory=list)

    def open(
        self,
        query: str = "",
        *,
        size: str = "phone",
        lang: str = "zh",
        theme: str = "light",
        before: str = "",
        path: str = "/transit",
        cold: bool = False,
    ) -> Page:
        width, height = SIZES[size]
        page = self.lender.page(
            self.served.address,
            viewport={"width": width, "height": height},
            base_url=self.served.address,
            locale=LOCALES[lang],
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
            has_touch=size != "wide",
        )
        if before:
            page.add_init_script(before)
        if cold:
            page.context.new_cdp_session(page).send("Network.clearBrowserCache")
        # What is refused, and what does not come, is noted by the browser itself.
        page.on("console", lambda m: None if "Failed to load" in m.text else self.complaints.append(m.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._ours(request.url))
        page.goto(f"{path}{query and '?' + query}")
        page.get_by_role("heading", level=1).wait_for()
        return page

    def _ours(self, url: str) -> None:
        if not url.startswith((self.served.address, "data:", "blob:")):
            self.complaints.append(f"asked {url}")


@pytest.fixture
def resident(served: Served, lender: Lender) -> Iterator[Resident]:
    found = Resident(served, lender)
    yield found
    assert found.complaints == []


@pytest.fixture(params=["zh", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


HEHUA = urlencode({"place": "禾花站", "radius_m": 3000, "by": YEAR + 2})


def group(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=re.compile(rf"^{re.escape(name)}"))


def entry(page: Page, within: str, name: str) -> Locator:
    return (
        group(page, within)
        .get_by_role("listitem")
        .filter(has=page.get_by_role("heading", name=name, exact=True))
    )


def unfold(page: Page) -> None:
    """On a phone all of the question but the place takes one line."""
    line = page.locator(".how-far summary")
    if line.is_visible() and not page.locator(".how-far").evaluate("e => e.open"):
        line.click()


def choose(page: Page, t: dict[str, Any], typed: str, name: str) -> None:
    page.get_by_role("combobox", name=t["place"]).fill(typed)
    page.get_by_role("option", name=re.compile(rf"^{re.escape(name)}")).click()


# ---------------------------------------------------------------- the question


def test_what_opens_near_hehua_within_two_years(resident: Resident, lang: str) -> None:
    t = WORDS[lang]
    page = resident.open(lang=lang)
    choose(page, t, "禾花", t["hehua"])
    unfold(page)
    page.get_by_role("radio", name=t["km"]).check()
    page.get_by_label(t["until"]).select_option(label=t["year"])
    station = entry(page, t["no_date"], t["shenhui"])
    expect(station).to_contain_text(t["words"])
    expect(station).to_contain_text(t["said"])
    expect(station).to_contain_text(t["schematic"])
    expect(entry(page, t["open"], t["line10"])).to_be_visible()
    for name in ("opens_by", "later"):
        expect(group(page, t[name])).not_to_contain_text(re.compile("(17|18|21)号线|Line (17|18|21)"))
    # The address says the question, so that it can be sent to somebody.
    expect(page).to_have_url(re.compile("place="))
    asked = parse_qs(urlsplit(page.url).query)
    assert asked["place"] == ["hehua-station"]
    assert asked["radius_m"] == ["3000"]


def test_the_four_groups_are_headings_with_their_counts(resident: Resident, lang: str) -> None:
    t = WORDS[lang]
    page = resident.open(HEHUA, lang=lang)
    for name in ("opens_by", "later", "no_date", "open"):
        heading = page.get_by_role("heading", level=2, name=re.compile(rf"^{re.escape(t[name])} ?\d+$"))
        expect(heading).to_be_visible()
        count = int(re.findall(r"\d+$", heading.inner_text())[0])
        region = group(page, t[name])
        if region.locator("button.more").count():
            region.locator("button.more").click()
        assert region.get_by_role("listitem").count() == count


def test_the_summary_is_heard_when_it_comes(resident: Resident, lang: str) -> None:
    page = resident.open(HEHUA, lang=lang)
    summary = page.locator(".answer-summary")
    expect(summary).to_have_attribute("aria-live", "polite")
    expect(summary).to_contain_text("3 公里" if lang == "zh" else "Within 3 km of Hehua station")


def test_back_brings_the_question_before(resident: Resident) -> None:
    page = resident.open(HEHUA)
    unfold(page)
    page.get_by_role("radio", name="500 米").check()
    expect(page.locator(".answer-summary")).to_contain_text("500 米")
    page.go_back()
    expect(page.locator(".answer-summary")).to_contain_text("3 公里")
    expect(page.get_by_role("radio", name="3 公里")).to_be_checked()


def test_a_place_is_found_with_the_keyboard_alone(resident: Resident) -> None:
    page = resident.open(size="wide")
    field_ = page.get_by_role("combobox", name="从哪里")
    field_.focus()
    page.keyboard.type("huanan")
    expect(page.get_by_role("option").first).to_contain_text("华南城站")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".answer-summary")).to_contain_text("华南城站周围")
    expect(field_).to_have_value("华南城站")


def test_the_position_is_asked_for_only_on_the_act(resident: Resident, lang: str) -> None:
    t = WORDS[lang]
    watch = """
        window.asked = 0;
        const real = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);
        navigator.geolocation.getCurrentPosition = (...a) => { window.asked += 1; return real(...a); };
    """
    page = resident.open(lang=lang, before=watch)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(HERE)
    page.wait_for_timeout(500)
    assert page.evaluate("window.asked") == 0
    page.get_by_role("button", name=t["here"]).click()
    expect(entry(page, t["open"], t["hehua"])).to_be_visible()
    assert page.evaluate("window.asked") == 1
    expect(page.get_by_text("WGS84").first).to_be_visible()
    page.locator(".datum summary").click()
    page.get_by_role("button", name=t["gcj02"]).click()
    expect(page.get_by_text(t["shifted"])).to_be_visible()
    expect(page).to_have_url(re.compile(r"[?&]datum=gcj02(&|$)"))


def test_without_a_position_the_page_says_how_to_go_on(resident: Resident) -> None:
    page = resident.open()
    page.context.clear_permissions()
    page.get_by_role("button", name="用我的位置").click()
    expect(page.get_by_role("alert")).to_contain_text("输入地名")


def test_coordinates_that_are_pasted_are_a_place(resident: Resident) -> None:
    page = resident.open()
    field_ = page.get_by_role("combobox", name="从哪里")
    field_.fill("22.6891, 114.1160")
    field_.press("Enter")
    expect(page.locator(".answer-summary")).to_contain_text("这个地点周围 3 公里")
    expect(page).to_have_url(re.compile(r"[?&]lon=114\.1160(&|$)"))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("lon=nan&lat=22.7", "经度读不懂"),
        ("lon=116.4&lat=39.9", "不在本图范围内"),
        ("place=禾花站&radius_m=-5", "100 米到 20 公里之间"),
        ("place=禾花站&radius_m=1000000000", "100 米到 20 公里之间"),
        ("place=禾花站&by=2019", "这一年已经过去"),
        ("place=月球广场", "没有叫“月球广场”的地点"),
        ("lon=114.1", "lon 和 lat 要一起给"),
        ("place=" + "x" * 300, "地名太长"),
    ],
)
def test_a_bad_address_is_told_in_words_and_the_page_stays(
    resident: Resident, query: str, words: str
) -> None:
    page = resident.open(query)
    expect(page.get_by_role("alert")).to_contain_text(words)
    expect(page.get_by_role("combobox", name="从哪里")).to_be_visible()
    expect(page.get_by_role("heading", name="地铁10号线", exact=True)).to_be_visible()


def test_a_name_of_several_places_is_chosen_among_them(resident: Resident) -> None:
    page = resident.open()
    field_ = page.get_by_role("combobox", name="从哪里")
    field_.fill("平湖站")
    field_.press("Enter")
    page.get_by_role("button", name=re.compile("^平湖站（国铁）")).click()
    expect(page.locator(".answer-summary")).to_contain_text("平湖站（国铁）周围")


# ---------------------------------------------------------------- the map and the lines


def stops(page: Page, line: str) -> list[str]:
    strip = page.get_by_role("article", name=line, exact=True)
    return strip.locator(".stop-name").all_inner_texts()


def test_a_line_is_a_strip_of_its_stops_in_order(resident: Resident) -> None:
    page = resident.open(size="wide")
    page.get_by_role("article", name="地铁10号线", exact=True).wait_for()
    assert stops(page, "地铁10号线") == [
        "…", "甘坑", "凉帽山", "上李朗", "木古", "华南城", "禾花", "平湖", "双拥街",
        "龙平路", "油甘埔", "官井头", "大运城邦", "黄阁坑",
    ]  # fmt: skip
    assert stops(page, "地铁17号线") == [
        "罗湖西", "…", "上李朗", "鹅公岭", "富安", "新南", "平湖", "山厦", "金融城",
    ]  # fmt: skip
    line17 = page.get_by_role("article", name="地铁17号线", exact=True)
    expect(line17.get_by_role("button", name=re.compile("一期"))).to_contain_text("在建")
    expect(line17.get_by_role("button", name=re.compile("二期"))).to_contain_text("已列规划")
    line18 = page.get_by_role("article", name="地铁18号线", exact=True)
    expect(line18).to_contain_text("只知途经，站点没有来源公布")
    expect(line18.locator(".part")).to_contain_text("示意")


@pytest.mark.parametrize("size", ["phone", "wide"])
def test_a_stop_opens_its_card_and_closing_goes_back_to_it(resident: Resident, size: str) -> None:
    page = resident.open(HEHUA, size=size)
    stop = page.get_by_role("article", name="深惠城际", exact=True).get_by_role(
        "button", name=re.compile("^平湖")
    )
    stop.click()
    card = page.get_by_role("complementary", name="深惠城际平湖站")
    expect(card).to_contain_text("主体装修")
    expect(stop).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(stop).to_be_focused()


def test_the_map_and_the_strips_mark_the_same_thing(resident: Resident) -> None:
    page = resident.open(HEHUA, size="wide")
    page.locator(".near-map .leaflet-container").wait_for()
    part = page.get_by_role("button", name=re.compile("^深大城际"))
    part.first.click()
    expect(page.locator(".near-map .label.selected, .near-map .plate.selected").first).to_be_attached()
    page.keyboard.press("Escape")
    plate = page.locator(".near-map").get_by_text("17号线二期")
    plate.first.click()
    expect(page.get_by_role("button", name=re.compile("^地铁17号线二期"))).to_have_attribute(
        "aria-pressed", "true"
    )


@pytest.mark.parametrize("size", ["phone", "wide"])
def test_pressing_the_map_asks_what_is_near_there(resident: Resident, size: str) -> None:
    page = resident.open(HEHUA, size=size)
    page.locator(".answer-summary").wait_for()
    page.locator(".strip").first.wait_for()
    page.locator(".near-map").scroll_into_view_if_needed()
    canvas = page.locator(".near-map .leaflet-container")
    canvas.scroll_into_view_if_needed()
    page.locator(".near-circle").wait_for(state="attached")
    page.wait_for_timeout(400)
    box = canvas.bounding_box()
    assert box
    page.mouse.click(box["x"] + 24, box["y"] + 30)
    expect(page.locator(".answer-summary")).to_contain_text("这个地点周围 3 公里")
    expect(page).to_have_url(re.compile(r"[?&]lon="))


def test_following_is_for_the_place_asked_about(resident: Resident, lang: str) -> None:
    page = resident.open(HEHUA, lang=lang)
    page.locator(".answer-summary").wait_for()
    for kind, begins in (("Atom", b"<?xml"), ("日历" if lang == "zh" else "alendar", b"BEGIN:VCALENDAR")):
        link = page.locator(".follow li").first.get_by_role("link", name=re.compile(kind))
        href = link.get_attribute("href") or ""
        asked = parse_qs(urlsplit(href).query)
        assert asked["radius_m"] == ["3000"]
        assert asked["lang"] == [lang]
        answer = page.request.get(href)
        assert answer.status == 200
        assert answer.body().startswith(begins)


# ---------------------------------------------------------------- where it is used


def test_sharing_copies_the_address_where_the_phone_has_no_other_way(resident: Resident) -> None:
    page = resident.open(HEHUA, before="Object.defineProperty(navigator, 'share', { value: undefined })")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    # By the name that the same act has on the map and the board.
    expect(page.get_by_role("button", name="分享")).to_have_count(0)
    page.get_by_role("button", name="复制链接").click()
    expect(page.get_by_text("链接已复制。")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


#: A place in the map where a line lies on top, off every name and sign.
ON_A_LINE = """() => {
    const box = document.querySelector('.near-map .map').getBoundingClientRect();
    for (let y = box.top + 20; y < box.bottom - 20; y += 3)
        for (let x = box.left + 20; x < box.right - 20; x += 3) {
            const top = document.elementFromPoint(x, y);
            if (top?.matches('path.leaflet-interactive')) return [x, y];
        }
    return null;
}"""
#: The page, its answers and what it is built of lie on the device.
KEPT = """async () => {
    const parts = performance.getEntriesByType('resource').map(e => new URL(e.name).pathname)
        .filter(path => path.startsWith('/assets/'));
    const kept = ['/transit', '/api/places', ...parts]
        .map(path => caches.match(path, { ignoreSearch: true }));
    return (await Promise.all(kept)).every(Boolean);
}"""


def test_the_last_answer_stays_without_a_network_and_says_its_age(resident: Resident, lang: str) -> None:
    t = WORDS[lang]
    page = resident.open(HEHUA, lang=lang)
    expect(entry(page, t["open"], t["line10"])).to_be_visible()
    page.wait_for_function(KEPT)
    page.context.set_offline(True)
    expect(page.get_by_text(t["age"])).to_be_visible()
    expect(entry(page, t["open"], t["line10"])).to_be_visible()
    # Another question cannot be answered now; the last answer says that it is of another one.
    unfold(page)
    page.get_by_role("radio", name="500 米" if lang == "zh" else "500 m").check()
    expect(page.locator(".standing")).to_contain_text(t["hehua"])
    # And the page opens again in the lift.
    page.goto(f"/transit?{HEHUA}")
    expect(entry(page, t["open"], t["line10"])).to_be_visible()
    expect(page.locator(".standing")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator(".standing")).to_be_hidden()


def test_one_line_is_printed_alone(resident: Resident) -> None:
    page = resident.open(HEHUA, before="window.print = () => { window.printed = true; }", size="wide")
    strip = page.get_by_role("article", name="地铁21号线", exact=True)
    strip.get_by_role("button", name="只打印地铁21号线").click()
    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    expect(strip).to_be_visible()
    expect(page.get_by_role("article", name="地铁10号线", exact=True)).to_be_hidden()
    expect(page.locator(".answer-summary")).to_be_hidden()
    expect(page.locator(".only-paper")).to_contain_text("/transit?")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".answer-summary")).to_be_visible()


def test_the_answer_does_not_wait_for_the_map(resident: Resident) -> None:
    page = resident.open(HEHUA, cold=True)
    page.locator(".answer-summary").wait_for()
    fetched = page.evaluate(
        "performance.getEntriesByType('resource').filter(e => e.startTime <"
        " performance.getEntriesByType('resource').find(e => e.name.includes('/api/near')).responseEnd)"
        ".map(e => ({ name: e.name, bytes: e.transferSize }))"
    )
    assert not [one["name"] for one in fetched if re.search("sheet-|Card-|projects", one["name"])]
    assert 20_000 < sum(one["bytes"] for one in fetched) < 130_000


CUT = """[...document.querySelectorAll('main *')]
    .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .filter(e => e.clientWidth && e.scrollWidth > e.clientWidth + 1)
    .filter(e => !e.closest('.near-map, svg, .only-heard, details:not([open]) > :not(summary)'))
    .map(e => [e.tagName, e.className, e.textContent, e.scrollWidth, e.clientWidth].join(' '))"""


@pytest.mark.parametrize("width", [320, 375, 430, 768, 1440])
def test_nothing_is_wider_than_the_page(resident: Resident, width: int, lang: str) -> None:
    page = resident.open(HEHUA, lang=lang)
    page.set_viewport_size({"width": width, "height": 800})
    page.locator(".answer-summary").wait_for()
    page.locator(".strip").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cut = page.evaluate(CUT)
    assert cut == []


def test_what_is_pressed_on_a_phone_is_large_enough(resident: Resident) -> None:
    page = resident.open(HEHUA)
    page.locator(".answer-summary").wait_for()
    page.locator(".strip").first.wait_for()
    small = page.evaluate(
        "[...document.querySelectorAll('main button, main select, main summary, main .field')]"
        ".filter(e => e.offsetParent && !e.closest('.near-map')).map(e => [e.getBoundingClientRect().height,"
        " e.textContent]).filter(([height]) => height < 43.5)"
    )
    assert small == []


READERS = [("phone", "zh", "light"), ("small", "en", "dark"), ("wide", "zh", "dark"), ("wide", "en", "light")]


@pytest.mark.parametrize(("size", "said", "theme"), READERS)
def test_axe_finds_nothing(resident: Resident, axe: str, size: str, said: str, theme: str) -> None:
    states: list[tuple[str, Callable[[Page], None]]] = [
        ("", lambda page: page.locator(".offers").wait_for()),
        (HEHUA, lambda page: page.locator(".answer-summary").wait_for()),
        ("place=平湖站", lambda page: page.locator(".choose-place").wait_for()),
        ("lon=114.116&lat=22.689&datum=gcj02", lambda page: page.locator(".datum").wait_for()),
    ]
    for query, settle in states:
        page = resident.open(query, size=size, lang=said, theme=theme)
        settle(page)
        page.locator(".strip").first.wait_for()
        page.locator(".near-map").scroll_into_view_if_needed()
        page.locator(".near-map .leaflet-container").wait_for()
        # What a bar hides in part at this moment is whole a finger's breadth further.
        page.evaluate(
            "document.querySelectorAll('.bar, .views').forEach(e => { e.style.position = 'static'; })"
        )
        assert violations(page, axe) == [], query
        page.close()


@pytest.mark.parametrize("percent", [150, 200])
def test_large_type_is_neither_cut_nor_wider_than_the_phone(resident: Resident, percent: int) -> None:
    page = resident.open(HEHUA)
    page.locator(".answer-summary").wait_for()
    page.locator(".strip").first.wait_for()
    page.evaluate(f"document.documentElement.style.fontSize = '{percent}%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES["phone"][0]
    assert page.evaluate(CUT) == []


def test_an_error_is_reported_with_the_claim_and_the_address(
    lender: Lender, tmp_path: Path, lang: str
) -> None:
    with (
        clone(SEEDED) as url,
        serving(tmp_path, GUATU_DATABASE_URL=url, GUATU_REPORT_ADDRESS="map@example.org") as own,
    ):
        somebody = Resident(own, lender)
        page = somebody.open(HEHUA, lang=lang)
        t = WORDS[lang]
        link = entry(page, t["no_date"], t["shenhui"]).get_by_role(
            "link", name=re.compile("报错|Report an error")
        )
        letter = urlsplit(link.get_attribute("href") or "")
        assert (letter.scheme, letter.path) == ("mailto", "map@example.org")
        body = parse_qs(letter.query)["body"][0]
        assert "/transit?" in body
        assert "pinghu-station-shenhui" in body
        assert re.search(r"第 \d+ 条说法|statement \d+|claim \d+", body)
        assert somebody.complaints == []


def test_a_card_that_was_wanted_in_a_tunnel_opens_after_it(resident: Resident) -> None:
    page = resident.open(HEHUA)
    page.locator(".answer-summary").wait_for()
    page.context.set_offline(True)
    page.locator(".near-what .quiet").first.click()
    expect(page.get_by_text("没有网络，这张卡片现在打不开。")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("complementary").get_by_role("heading", level=2).first).to_be_visible()
    # The page lives: another card opens.
    page.keyboard.press("Escape")
    page.get_by_role("button", name=re.compile("^地铁18号线")).first.click()
    expect(page.get_by_role("complementary", name="地铁18号线")).to_be_visible()


def test_the_other_page_is_not_gone_to_without_a_network(resident: Resident, lang: str) -> None:
    page = resident.open(HEHUA, lang=lang)
    page.locator(".answer-summary").wait_for()
    page.context.set_offline(True)
    page.get_by_role("navigation").get_by_role("link").first.click()
    expect(page.locator(".views-lost")).to_be_visible()
    expect(page.locator(".answer-summary")).to_be_visible()


def test_pressing_the_map_leaves_it_where_it_is(resident: Resident) -> None:
    page = resident.open(HEHUA)
    page.locator(".answer-summary").wait_for()
    page.locator(".strip").first.wait_for()
    canvas = page.locator(".near-map .leaflet-container")
    page.locator(".near-map").scroll_into_view_if_needed()
    page.locator(".near-circle").wait_for(state="attached")
    page.locator(".near-map").evaluate("e => e.scrollIntoView({ block: 'center' })")
    page.wait_for_timeout(500)
    before = canvas.bounding_box()
    assert before
    page.mouse.click(before["x"] + 30, before["y"] + 40)
    expect(page.locator(".map-answer")).to_contain_text("这个地点周围")
    page.wait_for_timeout(500)
    after = canvas.bounding_box()
    assert after
    assert abs(after["y"] - before["y"]) < 60


def test_pressing_a_line_asks_what_is_near_there_and_an_error_closes_the_card(resident: Resident) -> None:
    page = resident.open(HEHUA)
    page.locator(".answer-summary").wait_for()
    page.locator(".strip").first.wait_for()
    page.locator(".near-circle").wait_for(state="attached")
    page.locator(".near-map").evaluate("e => e.scrollIntoView({ block: 'center' })")
    page.wait_for_timeout(500)
    at = page.evaluate(ON_A_LINE)
    assert at
    page.mouse.click(*at)
    expect(page.locator(".map-answer")).to_contain_text("这个地点周围")
    assert page.get_by_role("complementary").get_by_role("heading", level=2).count() == 0
    # A card does not lie over what is said of a question that has no answer.
    page.get_by_role("button", name=re.compile("^地铁18号线")).first.click()
    card = page.get_by_role("complementary", name="地铁18号线")
    expect(card).to_be_visible()
    field_ = page.get_by_role("combobox", name=WORDS["zh"]["place"])
    field_.fill("月球广场")
    field_.press("Enter")
    expect(page.get_by_text(WORDS["zh"]["none"], exact=False)).to_be_visible()
    expect(card).to_be_hidden()


def test_before_a_place_is_chosen_a_phone_shows_where_to_begin_and_the_map(resident: Resident) -> None:
    page = resident.open()
    page.locator(".offers button").first.wait_for()
    page.locator(".near-map path").first.wait_for(state="attached")
    assert page.locator(".how-far").evaluate("e => e.open") is False
    expect(page.locator(".how-far summary")).to_have_text(
        f"3 公里 · 到 {YEAR + 2} 年底 · 轨道交通、道路、公共"
    )
    expect(page.locator(".near-map")).to_be_in_viewport()
    unfold(page)
    page.get_by_role("radio", name="5 公里").check()
    expect(page.locator(".how-far summary")).to_contain_text("5 公里")


def test_an_address_leads_to_its_line(resident: Resident) -> None:
    page = resident.open("line=metro-line-21")
    expect(page.get_by_role("heading", name="地铁21号线", exact=True)).to_be_in_viewport()
    expect(page).to_have_url(re.compile(r"[?&]line=metro-line-21(&|$)"))


@pytest.mark.parametrize(
    ("lang", "typed", "name"),
    [("zh", "18号线", "地铁18号线"), ("zh", "21", "地铁21号线"), ("en", "line 18", "Metro Line 18")],
)
def test_a_line_is_found_by_its_name_and_led_to(resident: Resident, lang: str, typed: str, name: str) -> None:
    page = resident.open(f"lang={lang}", lang=lang)
    page.get_by_role("heading", name=name, exact=True).wait_for()
    field_ = page.get_by_role("combobox", name=WORDS[lang]["place"])
    field_.fill(typed)
    expect(page.get_by_role("option").first).to_contain_text(name)
    field_.press("Enter")
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_in_viewport()
    expect(page).to_have_url(re.compile(r"[?&]line=metro-line-"))
    # Again, from elsewhere on the page.
    page.evaluate("scrollTo(0, 0)")
    field_.fill(typed)
    page.get_by_role("option").first.click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_in_viewport()


def test_the_answer_is_printed_without_what_can_only_be_pressed(resident: Resident) -> None:
    page = resident.open(HEHUA, size="wide")
    page.locator(".answer-summary").wait_for()
    page.locator(".strip").first.wait_for()
    page.emulate_media(media="print")
    expect(page.locator(".answer-summary")).to_be_visible()
    for hidden in (".ask", ".strips", ".near-map", ".follow", ".share"):
        expect(page.locator(hidden).first).to_be_hidden()
    foot = page.locator(".page-foot").bounding_box()
    last = page.locator(".left-out").bounding_box()
    assert foot
    assert last
    assert foot["y"] >= last["y"] + last["height"]
