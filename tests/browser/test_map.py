"""The map page, used as its three users would: by role and name, in both languages, on desk and phone."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Open

BOTH = pytest.mark.parametrize(
    ("size", "lang"), [("wide", "zh"), ("wide", "en"), ("phone", "zh"), ("phone", "en")]
)
WORDS = {
    "zh": {
        "main": "主导航",
        "map": "地图",
        "layers": "图层",
        "phases": "阶段",
        "day": "日期",
        "search": "搜索",
    },
    "en": {
        "main": "Main",
        "map": "Map",
        "layers": "Layers",
        "phases": "Phases",
        "day": "Day",
        "search": "Search",
    },
}


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("complementary", name=name, exact=True)


# ---------------------------------------------------------------- the page as a whole


@BOTH
def test_H341_H342_the_page_is_quiet_asks_nobody_else_and_fits(visit: Open, size: str, lang: str) -> None:
    found = visit(f"/?lang={lang}", size=size)
    page = found.page
    page.wait_for_timeout(800)
    assert found.complaints == []
    assert found.strangers == []
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) == 0
    assert page.locator("html").get_attribute("lang") in ({"zh": ("zh-CN", "zh"), "en": ("en",)}[lang])
    words = WORDS[lang]
    navigation = page.get_by_role("navigation", name=words["main"])
    expect(navigation.first.get_by_role("link", name=words["map"])).to_be_attached()
    expect(page.get_by_role("slider", name=words["day"])).to_be_visible()
    expect(page.get_by_role("combobox", name=words["search"])).to_be_visible()
    assert "OpenStreetMap contributors" in page.locator("body").inner_text()


@BOTH
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(visit: Open, axe: str, size: str, lang: str, theme: str) -> None:
    found = visit(f"/?lang={lang}&project=jihe-expressway-widening&day=2024-06-01", size=size, theme=theme)
    found.page.get_by_role("complementary").wait_for()
    found.page.evaluate(axe)
    report: dict[str, Any] = found.page.evaluate("axe.run(document)")
    serious = [
        (entry["id"], [node["html"][:120] for node in entry["nodes"][:3]])
        for entry in report["violations"]
        if entry["impact"] in ("serious", "critical")
    ]
    assert serious == []


def test_no_horizontal_scroll_at_320_px(visit: Open) -> None:
    found = visit("/?lang=en", size="phone")
    found.page.set_viewport_size({"width": 320, "height": 640})
    found.page.wait_for_timeout(300)
    assert found.page.evaluate("document.documentElement.scrollWidth") <= 320


# ---------------------------------------------------------------- facts on a day


@pytest.mark.parametrize(
    ("project", "name", "day", "phase"),
    [
        ("metro-line-10-main", "地铁10号线主线", "2021-01-01", "已投用"),
        ("metro-line-10-main", "地铁10号线主线", "2020-01-01", "在建"),
        ("fuan-east-road", "富安东路", "2024-06-01", "未说明"),
        ("fuan-east-road", "富安东路", "2025-01-16", "已投用"),
        ("metro-line-18", "地铁18号线", "2026-01-01", "已列规划"),
        ("metro-line-21", "地铁21号线", "2026-01-01", "已列规划"),
        ("egongling-land-consolidation", "鹅公岭土地整备利益统筹项目", "2026-01-01", "未说明"),
        ("shenda-intercity", "深大城际", "2026-11-24", "在建"),
        ("shenda-intercity", "深大城际", "2025-06-01", "在建"),
    ],
)
def test_the_card_tells_the_phase_of_the_day(
    visit: Open, project: str, name: str, day: str, phase: str
) -> None:
    found = visit(f"/?project={project}&day={day}")
    shown = card(found.page, name)
    expect(shown).to_contain_text(phase)
    others = {"已投用", "在建", "已列规划"} - {phase}
    badges = shown.get_by_text(re.compile(f"^({'|'.join(others)})$"))
    expect(badges).to_have_count(0)


def test_what_is_promised_is_never_told_as_a_fact(visit: Open) -> None:
    found = visit("/?project=shenda-intercity&day=2029-12-31")
    shown = card(found.page, "深大城际")
    expect(shown.get_by_text("承诺", exact=True).first).to_be_visible()
    expect(found.page.get_by_role("slider")).to_have_attribute("aria-valuetext", re.compile("2029-12-31"))


def test_the_two_claims_of_fuan_east_road_stand_side_by_side(visit: Open) -> None:
    found = visit("/?project=fuan-east-road&day=2025-01-16")
    shown = card(found.page, "富安东路")
    expect(shown.locator("blockquote")).to_have_count(2)
    expect(shown.locator("blockquote").first).to_contain_text("2025年1月15日,富安东路通车。")
    expect(shown.locator("blockquote").last).to_contain_text("富安东路等6条道路已建成通车")
    expect(shown).to_contain_text("深圳侨报")
    expect(shown).to_contain_text("示意")


def test_a_summary_of_a_source_is_never_shown_as_a_quotation(visit: Open) -> None:
    found = visit("/?project=metro-line-10-main")
    shown = card(found.page, "地铁10号线主线")
    expect(shown).to_contain_text("摘要")
    summary = "2020年8月18日11时18分起运营"
    expect(shown).to_contain_text(summary)
    assert all(summary not in words for words in shown.locator("blockquote").all_inner_texts())
    assert f"“{summary}" not in shown.inner_text()
    found.page.get_by_role("button", name="English", exact=True).click()
    expect(card(found.page, "Metro Line 10, main line")).to_contain_text("operating since 2020-08-18 11:18")


# ---------------------------------------------------------------- moving through time


def test_the_slider_obeys_the_keyboard_and_asks_the_server_nothing(visit: Open) -> None:
    found = visit("/?day=2024-06-15")
    page = found.page
    page.wait_for_timeout(800)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    slider = page.get_by_role("slider", name="日期")
    slider.focus()
    expect(slider).to_have_attribute("aria-valuetext", re.compile("2024-06-15"))
    for key, day in [
        ("ArrowRight", "2024-07"),
        ("ArrowLeft", "2024-06"),
        ("PageUp", "2025-06"),
        ("PageDown", "2024-06"),
        ("Home", "2010-01-01"),
        ("End", "2030-12-31"),
    ]:
        page.keyboard.press(key)
        expect(slider).to_have_attribute("aria-valuetext", re.compile(day))
    page.keyboard.press("t")
    today = page.evaluate("new Intl.DateTimeFormat('sv-SE', {timeZone: 'Asia/Shanghai'}).format(new Date())")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(today))
    assert asked == []


def test_play_moves_the_day_and_pause_holds_it(visit: Open) -> None:
    found = visit("/?day=2015-01-01")
    page = found.page
    slider = page.get_by_role("slider", name="日期")
    before = slider.get_attribute("aria-valuetext")
    page.get_by_role("button", name="播放", exact=True).click()
    expect(slider).not_to_have_attribute("aria-valuetext", before or "")
    page.get_by_role("button", name="暂停", exact=True).click()
    held = slider.get_attribute("aria-valuetext")
    page.wait_for_timeout(1200)
    assert slider.get_attribute("aria-valuetext") == held


def test_the_day_is_in_the_address_and_survives_a_reload(visit: Open) -> None:
    found = visit("/?day=2024-06-15")
    page = found.page
    page.get_by_role("slider", name="日期").focus()
    page.keyboard.press("PageUp")
    page.wait_for_url(re.compile("day=2025-06-"))
    page.reload()
    expect(page.get_by_role("slider", name="日期")).to_have_attribute("aria-valuetext", re.compile("2025-06"))


# ---------------------------------------------------------------- finding and choosing


def test_search_by_two_characters_with_the_keyboard_alone(visit: Open) -> None:
    found = visit("/")
    page = found.page
    box = page.get_by_role("combobox", name="搜索")
    box.focus()
    page.keyboard.type("富安")
    options = page.get_by_role("listbox").get_by_role("option")
    expect(options.first).to_contain_text("富安东路")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(card(page, "富安东路")).to_be_visible()
    page.wait_for_url(re.compile("project=fuan-east-road"))
    page.keyboard.press("Escape")
    expect(card(page, "富安东路")).to_have_count(0)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [("ＧＸ04", "GX04"), ("g15", "沈海高速"), ("白泥坑", "白坭坑"), ("mugu", "木古站")],
)
def test_search_folds_width_and_case_and_knows_aliases(visit: Open, typed: str, wanted: str) -> None:
    page = visit("/").page
    page.get_by_role("combobox", name="搜索").fill(typed)
    expect(page.get_by_role("listbox").get_by_role("option").first).to_contain_text(wanted)


def test_a_search_without_result_says_so(visit: Open) -> None:
    page = visit("/").page
    page.get_by_role("combobox", name="搜索").fill("没有这个项目名")
    expect(page.get_by_text(re.compile("没有叫“没有这个项目名”的项目")).first).to_be_visible()


def test_layers_and_phases_filter_the_list_and_go_into_the_address(visit: Open) -> None:
    page = visit("/").page
    projects = page.get_by_role("list", name="项目")
    expect(projects.get_by_role("button", name="地铁18号线")).to_be_visible()
    page.get_by_role("region", name="图层").get_by_role("checkbox", name="地铁", exact=True).uncheck(
        force=True
    )
    expect(projects.get_by_role("button", name="地铁18号线")).to_have_count(0)
    chip = page.get_by_role("group", name="阶段").get_by_role("button", name="在建", exact=True)
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "true")
    expect(projects.get_by_role("button", name="深大城际", exact=True)).to_be_visible()
    expect(projects.get_by_role("button", name="平湖生态园", exact=True)).to_have_count(0)
    page.wait_for_url(re.compile("phase=building"))
    expect(page).to_have_url(re.compile("kind="))
    address = page.url
    page.goto(address)
    projects = page.get_by_role("list", name="项目")
    expect(projects.get_by_role("button", name="深大城际", exact=True)).to_be_visible()
    expect(projects.get_by_role("button", name="地铁18号线")).to_have_count(0)


def test_what_has_no_place_is_listed_and_opens(visit: Open) -> None:
    page = visit("/").page
    absent = page.get_by_role("list", name="不在图上")
    name = "重点科技学院（未具名）"
    absent.get_by_role("button", name=name).click()
    shown = card(page, name)
    expect(shown).to_contain_text("保障重点科技学院顺利开工")


def test_escape_closes_the_card_and_focus_returns(visit: Open) -> None:
    page = visit("/").page
    button = page.get_by_role("list", name="项目").get_by_role("button", name="木古站", exact=True)
    button.click()
    expect(card(page, "木古站")).to_be_visible()
    page.keyboard.press("Escape")
    expect(card(page, "木古站")).to_have_count(0)
    expect(button).to_be_focused()


def test_back_returns_to_the_card_before(visit: Open) -> None:
    page = visit("/").page
    projects = page.get_by_role("list", name="项目")
    projects.get_by_role("button", name="木古站", exact=True).click()
    expect(card(page, "木古站")).to_be_visible()
    projects.get_by_role("button", name="禾花站", exact=True).click()
    expect(card(page, "禾花站")).to_be_visible()
    page.go_back()
    expect(card(page, "木古站")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("complementary")).to_have_count(0)


def test_the_language_switch_changes_every_word_and_the_address(visit: Open) -> None:
    page = visit("/?project=fuan-east-road&day=2025-01-16").page
    page.get_by_role("button", name="English", exact=True).click()
    page.wait_for_url(re.compile("lang=en"))
    expect(page.get_by_role("slider", name="Day")).to_be_visible()
    shown = card(page, "Fu’an East Road")
    expect(shown).to_contain_text("In service")
    expect(shown.get_by_role("button", name="Close")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    # The address of another page says no language: that of this reader is kept.
    other = page.context.new_page()
    other.goto(urljoin(page.url, "/how"))
    expect(other.locator("html")).to_have_attribute("lang", "en")
    other.close()
    page.get_by_role("button", name="中文", exact=True).click()
    expect(card(page, "富安东路")).to_be_visible()


def test_a_link_opens_what_it_says(visit: Open) -> None:
    path = "/?day=2025-01-16&kind=metro,road&phase=in_service&project=fuan-east-road"
    page = visit(path + "&at=13/22.6900/114.1200&lang=en").page
    expect(card(page, "Fu’an East Road")).to_be_visible()
    layers = page.get_by_role("region", name="Layers")
    expect(layers.get_by_role("checkbox", name="Metro", exact=True)).to_be_checked()
    expect(layers.get_by_role("checkbox", name="Housing", exact=True)).not_to_be_checked()
    expect(page.get_by_role("button", name="In service", exact=True).first).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(page.get_by_role("slider", name="Day")).to_have_attribute(
        "aria-valuetext", re.compile("2025-01-16")
    )


@pytest.mark.parametrize(
    "path", ["/?day=2025-02-30", "/?project=no-such-project", "/?kind=nonsense", "/?at=x/y/z"]
)
def test_a_broken_link_still_opens_the_map(visit: Open, path: str) -> None:
    found = visit(path)
    expect(found.page.get_by_role("slider")).to_be_visible()
    expect(found.page.get_by_role("list", name="项目").get_by_role("listitem").first).to_be_attached()
    assert [line for line in found.complaints if not line.startswith("error: Failed to load resource")] == []


# ---------------------------------------------------------------- phone


def test_on_a_phone_the_card_is_a_sheet_and_everything_can_be_reached(visit: Open) -> None:
    page = visit("/", size="phone").page
    page.get_by_role("combobox", name="搜索").fill("禾花")
    page.get_by_role("option").filter(has_text="禾花站").first.click()
    shown = card(page, "禾花站")
    expect(shown).to_be_visible()
    box = shown.bounding_box()
    assert box is not None
    assert box["width"] <= 375
    shown.get_by_role("button", name="关闭").click()
    expect(shown).to_have_count(0)


def test_touch_targets_on_a_phone_are_large_enough(visit: Open) -> None:
    page = visit("/", size="phone").page
    small = page.evaluate(
        """[...document.querySelectorAll('button, a[href], input, select')]
            .filter(e => e.offsetParent !== null && e.getClientRects().length && !e.closest('.skip'))
            .map(e => [e.getAttribute('aria-label') || e.textContent.trim().slice(0, 20),
                       e.getBoundingClientRect()])
            .filter(([n, r]) => r.width > 1 && r.right > 0 && r.left < innerWidth && r.bottom > 0
                              && r.top < innerHeight && r.height > 1 && r.height < 44 && r.width < 44)
            .map(([n, r]) => `${n} ${Math.round(r.width)}x${Math.round(r.height)}`)"""
    )
    assert small == []


# ---------------------------------------------------------------- files that leave the house


def test_the_snapshot_opens_without_a_network(visit: Open, browser: Browser, tmp_path: Path) -> None:
    found = visit("/?project=fuan-east-road&day=2025-01-16")
    answer = found.page.request.get(f"{found.address}/snapshot.html?day=2025-01-16&lang=zh")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]
    file = tmp_path / "snapshot.html"
    file.write_bytes(answer.body())
    context = browser.new_context(offline=True, viewport={"width": 1200, "height": 800})
    page = context.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    expect(page.get_by_role("heading", name="平湖街道：2025-01-16 的项目")).to_be_visible()
    assert page.locator("path.leaflet-interactive").count() > 50
    assert complaints == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    context.close()


def test_a_card_downloads_its_project(visit: Open) -> None:
    found = visit("/?project=fuan-east-road&day=2025-01-16")
    answer = found.page.request.get(f"{found.address}/api/projects/fuan-east-road")
    feature = json.loads(answer.body())
    assert feature["properties"]["precision"] == "schematic"
    assert any("OpenStreetMap" in credit["en"] for credit in feature["credits"])


def test_a_place_drawn_from_words_looks_like_one_at_every_zoom(visit: Open) -> None:
    page = visit("/?at=13/22.6829/114.1316").page
    page.wait_for_timeout(400)
    fetched = page.request.get(page.url.split("/?")[0] + "/api/projects?limit=1000").json()["features"]
    schematic = {one["id"] for one in fetched if one["properties"]["precision"] == "schematic"}
    for zoom in (12, 13, 15, 17):
        page.goto(page.url.split("/?")[0] + f"/?at={zoom}/22.6880/114.1165")
        page.get_by_role("slider").wait_for()
        page.wait_for_timeout(400)
        marks = page.evaluate(
            """[...document.querySelectorAll(".mark > span[data-project]")].map((mark) => [
              mark.dataset.project,
              Boolean(mark.querySelector(":scope > .soft-sign")),
            ])"""
        )
        assert "hehua-art-museum" in {project for project, _ in marks}
        assert [project for project, soft in marks if soft != (project in schematic)] == []


def test_each_precision_has_its_own_entry_with_its_meaning(visit: Open) -> None:
    page = visit("/?at=13/22.6829/114.1316").page
    entries = page.get_by_role("list", name="位置精度").get_by_role("listitem")
    expect(entries).to_have_count(4)
    fetched = page.request.get(page.url.split("/?")[0] + "/api/projects?limit=1000").json()["features"]
    found = [one["properties"] for one in fetched if one["properties"]["drawn"]]
    for name, precision in (("数字化", "digitised"), ("近似", "approximate"), ("示意", "schematic")):
        entry = entries.filter(has_text=re.compile(f"^{name}"))
        expect(entry).to_contain_text(str(sum(one["precision"] == precision for one in found)))
    expect(entries.filter(has_text="近似")).to_contain_text("20 至 150 米")
    # And on the map a name says so.
    expect(page.locator(".label").filter(has_text="平湖南站")).to_contain_text("近似")
    expect(page.locator(".legend")).to_contain_text("名旁注明＝误差约 20 至 150 米")
