"""Time on the map: play, what changed, a range, two days compared, what was known when, what is ahead."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Open
from tests.serving import Served

BOTH = pytest.mark.parametrize(
    ("size", "lang"), [("wide", "zh"), ("wide", "en"), ("phone", "zh"), ("phone", "en")]
)
WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "day": "日期",
        "speed": "速度",
        "play": "播放",
        "pause": "暂停",
        "steps": "刚才的变化",
        "changes": "变化",
        "range": "一段时间里的变化",
        "range list": "这段时间的变化",
        "from": "从",
        "to": "到",
        "clear": "清除时段",
        "compare": "比较",
        "two days": "比较两天",
        "a": "甲日",
        "b": "乙日",
        "end": "结束比较",
        "comparing": "正在比较两天",
        "list of changes": "看变化清单",
        "advanced": "有进展",
        "first": "首次有据",
        "promised": "承诺",
        "known": "当时所知",
        "as known": "按当时所知",
        "said by": "截至哪一天说过的",
        "versus": "现在所知与当时所知",
        "all claims": "算上至今所有说法",
        "last known": "最近所知",
        "opened": "通车",
        "road": "富安东路",
        "line": "地铁10号线主线",
    },
    "en": {
        "day": "Day",
        "speed": "Speed",
        "play": "Play",
        "pause": "Pause",
        "steps": "What just changed",
        "changes": "Changes",
        "range": "Changes within a time",
        "range list": "Changes within this time",
        "from": "From",
        "to": "To",
        "clear": "Clear range",
        "compare": "Compare",
        "two days": "Two days compared",
        "a": "Day A",
        "b": "Day B",
        "end": "End comparison",
        "comparing": "Two days are being compared",
        "list of changes": "List of changes",
        "advanced": "Advanced",
        "first": "First evidence",
        "promised": "Promised",
        "known": "As known then",
        "as known": "As it was known on",
        "said by": "What had been said by",
        "versus": "Known now vs known then",
        "all claims": "Include all claims to date",
        "last known": "last known",
        "opened": "Opened",
        "road": "Fu’an East Road",
        "line": "Metro Line 10, main line",
    },
}


def button(page: Page | Locator, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def press(page: Page, lang: str, *keys: str) -> None:
    page.get_by_role("slider", name=WORDS[lang]["day"]).focus()
    for key in keys:
        page.keyboard.press(key)


def shown_day(page: Page, lang: str) -> str:
    return page.get_by_role("slider", name=WORDS[lang]["day"]).get_attribute("aria-valuetext") or ""


# ---------------------------------------------------------------- playing and stepping


@BOTH
def test_play_has_three_speeds(visit: Open, size: str, lang: str) -> None:
    words = WORDS[lang]
    page = visit(f"/?day=2015-01-01&lang={lang}", size=size).page
    speed = page.get_by_role("combobox", name=words["speed"], exact=True)
    months = []
    for value in ("slow", "fast"):
        # A phone has room for the speed while it plays.
        button(page, words["play"]).click()
        expect(speed.get_by_role("option")).to_have_count(3)
        speed.select_option(value)
        before = shown_day(page, lang)
        page.wait_for_timeout(1500)
        button(page, words["pause"]).click()
        after = shown_day(page, lang)
        months.append(
            (int(after[:4]) - int(before[:4])) * 12 + int(after[5:7]) - int(before[5:7]),
        )
    assert 1 <= months[0] < months[1]


@BOTH
def test_a_step_lists_what_it_changed_and_opens_it(visit: Open, size: str, lang: str) -> None:
    words = WORDS[lang]
    page = visit(f"/?day=2024-12-31&lang={lang}&kind=road", size=size).page
    press(page, lang, "ArrowRight")
    steps = page.get_by_role("list", name=words["steps"])
    expect(steps).to_contain_text(words["road"])
    heard = page.get_by_role("status", name=words["steps"])
    expect(heard).to_contain_text(words["road"])
    button(steps, words["road"]).first.click()
    expect(page.get_by_role("complementary", name=words["road"], exact=True)).to_be_visible()


def test_a_step_says_the_milestone_by_its_name(visit: Open) -> None:
    page = visit("/?day=2024-12-16&kind=road").page
    press(page, "zh", "ArrowRight")
    expect(page.get_by_role("list", name="刚才的变化")).to_contain_text("2025 年 1 月 15 日： 富安东路 通车")


@BOTH
def test_a_jump_counts_and_lists_the_latest_only(visit: Open, size: str, lang: str) -> None:
    words = WORDS[lang]
    page = visit(f"/?day=2012-01-01&lang={lang}", size=size).page
    press(page, lang, "End")
    steps = page.get_by_role("list", name=words["steps"])
    assert 1 <= steps.get_by_role("listitem").count() <= 3
    more = page.get_by_role("button", name=re.compile(r"^另有 \d+ 项$|^\d+ more$"))
    more.click()
    tool = page.get_by_role("region", name=words["range"])
    assert tool.get_by_role("list", name=words["range list"]).get_by_role("listitem").count() > 20


def test_a_step_flashes_once_and_never_with_reduced_motion(
    browser: Browser, served: Served, visit: Open
) -> None:
    flashing = "document.querySelectorAll('.flash-a, .flash-b').length"
    still = visit("/?day=2020-07-18").page
    press(still, "zh", "ArrowRight")
    assert still.evaluate(flashing) == 0
    context = browser.new_context(reduced_motion="no-preference", locale="zh-CN")
    page = context.new_page()
    page.goto(f"{served.address}/?day=2020-07-18")
    page.get_by_role("slider").wait_for()
    page.wait_for_timeout(500)
    press(page, "zh", "ArrowRight")
    assert page.evaluate(flashing) > 0
    running = "document.getAnimations().filter((one) => /^flash/.test(one.animationName)).length"
    assert page.evaluate(running) > 0
    page.wait_for_timeout(1800)
    assert page.evaluate(running) == 0
    context.close()


# ---------------------------------------------------------------- a range


@BOTH
def test_a_range_restricts_the_list_and_is_in_the_address(visit: Open, size: str, lang: str) -> None:
    words = WORDS[lang]
    page = visit(f"/?lang={lang}", size=size).page
    opener = button(page, words["changes"])
    opener.click()
    expect(opener).to_have_attribute("aria-expanded", "true")
    tool = page.get_by_role("region", name=words["range"])
    tool.get_by_label(words["from"], exact=True).fill("2015-01-01")
    tool.get_by_label(words["to"], exact=True).fill("2015-12-31")
    page.wait_for_url(re.compile("from=2015-01-01&to=2015-12-31"))
    changes = tool.get_by_role("list", name=words["range list"])
    expect(button(changes, words["line"])).to_be_visible()
    expect(button(changes, words["road"])).to_have_count(0)
    page.reload()
    changes = page.get_by_role("list", name=words["range list"])
    expect(button(changes, words["line"])).to_be_visible()
    button(page, words["clear"]).click()
    page.wait_for_url(re.compile("^(?!.*from=)"))
    expect(page.get_by_role("region", name=words["range"])).to_have_count(0)


def test_the_ends_of_the_range_can_be_dragged(visit: Open) -> None:
    page = visit("/?from=2015-01-01&to=2016-12-31").page
    end = page.locator(".brush-end.last").bounding_box()
    assert end
    before = shown_day(page, "zh")
    page.mouse.move(end["x"] + 12, end["y"] + 20)
    page.mouse.down()
    page.mouse.move(end["x"] + 200, end["y"] + 20, steps=4)
    page.mouse.up()
    last = page.get_by_role("region", name="一段时间里的变化").get_by_label("到", exact=True)
    assert last.input_value() > "2018-01-01"
    assert shown_day(page, "zh") == before


# ---------------------------------------------------------------- two days compared


@BOTH
def test_two_days_are_compared_and_leaving_restores(visit: Open, size: str, lang: str) -> None:
    words = WORDS[lang]
    found = visit(f"/?day=2022-06-01&lang={lang}", size=size)
    page = found.page
    page.wait_for_timeout(500)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    button(page, words["compare"]).click()
    tool = page.get_by_role("region", name=words["two days"])
    tool.get_by_label(words["a"]).fill("2016-01-01")
    tool.get_by_label(words["b"]).fill("2030-06-01")
    page.wait_for_url(re.compile("a=2016-01-01&b=2030-06-01"))
    advanced = tool.get_by_role("list", name=words["advanced"], exact=True)
    expect(advanced.get_by_role("listitem").filter(has_text=words["line"])).to_contain_text("→")
    expect(button(advanced, words["road"])).to_have_count(1)
    first = tool.get_by_role("list", name=words["first"], exact=True)
    expect(button(first, words["line"])).to_have_count(0)
    assert first.get_by_role("listitem").count() > 3
    assert tool.get_by_role("list", name=words["promised"], exact=True).get_by_role("listitem").count() > 0
    assert page.locator(".mark.pale").count() > 0
    assert [url for url in asked if "/api/" in url] == []
    button(tool, words["end"]).click()
    expect(page.get_by_role("slider", name=words["day"])).to_have_attribute("aria-valuetext", "2022-06-01")
    page.wait_for_url(re.compile("^(?!.*[?&]a=)"))
    assert page.locator(".mark.pale").count() == 0


@BOTH
def test_both_phases_of_what_changed_are_drawn(visit: Open, size: str, lang: str) -> None:
    page = visit(f"/?day=2026-01-01&lang={lang}", size=size).page
    page.wait_for_timeout(400)
    # Line 10 was being built on the one day and carries trains on the other: its dashes, and its full line.
    strokes = """() => [...document.querySelectorAll('#map path')].filter(path =>
        path.getAttribute('stroke') === 'var(--k-metro-10)' && path.getAttribute('stroke-width') > 0 &&
        path.getAttribute('stroke-opacity') > 0.1)
        .map(path => path.getAttribute('stroke-dasharray') || 'full')"""
    alone = page.evaluate(strokes)
    button(page, WORDS[lang]["compare"]).click()
    page.get_by_role("region", name=WORDS[lang]["two days"]).get_by_label(WORDS[lang]["a"]).fill("2016-01-01")
    page.wait_for_url(re.compile("a=2016-01-01"))
    page.wait_for_timeout(300)
    compared = page.evaluate(strokes)
    assert alone.count("full") >= 1
    assert len(compared) > len(alone)
    assert compared.count("full") >= 1


@BOTH
def test_a_comparison_whose_list_is_closed_is_seen_and_can_be_ended(
    visit: Open, size: str, lang: str
) -> None:
    words = WORDS[lang]
    page = visit(f"/?a=2016-01-01&b=2026-01-01&lang={lang}", size=size).page
    tool = page.get_by_role("region", name=words["two days"])
    expect(tool).to_be_visible()
    button(page, words["compare"]).click()
    expect(tool).to_have_count(0)
    if size == "wide":
        sign = page.get_by_role("group", name=words["comparing"])
        expect(sign).to_contain_text("2016-01-01")
        button(sign, words["list of changes"]).click()
        expect(tool).to_be_visible()
        button(page, words["compare"]).click()
    button(page, words["end"]).click()
    page.wait_for_url(re.compile("^(?!.*[?&]a=)"))
    expect(page.get_by_role("group", name=words["comparing"])).to_have_count(0)
    expect(page.locator(".mark.pale")).to_have_count(0)


@BOTH
@pytest.mark.parametrize("tool", ["a=2016-01-01&b=2026-01-01", "from=2019-01-01&to=2025-06-01"])
def test_a_tool_leaves_the_map_and_its_scale_to_be_seen(visit: Open, size: str, lang: str, tool: str) -> None:
    page = visit(f"/?{tool}&lang={lang}", size=size).page
    panel = page.locator(".time-tool").bounding_box()
    scale = page.locator(".foot .scale").bounding_box()
    assert panel is not None
    assert scale is not None
    if size == "phone":
        assert panel["height"] <= 0.36 * page.evaluate("innerHeight")
    else:
        assert panel["y"] + panel["height"] <= scale["y"]


def test_the_lists_obey_the_phase_filter_and_say_so(visit: Open) -> None:
    page = visit("/?a=2016-01-01&b=2026-01-01&phase=building").page
    tool = page.get_by_role("region", name="比较两天")
    said = tool.get_by_role("note")
    expect(said).to_contain_text("阶段：在建")
    left_out = int(re.findall(r"另有 (\d+) 项", said.inner_text())[0])
    items = tool.get_by_role("listitem").filter(has=page.get_by_role("button"))
    listed = tool.get_by_role("list", name="有进展").get_by_role("listitem").all_inner_texts()
    assert listed
    assert [text for text in listed if "在建" not in text] == []
    count = items.count()
    page.get_by_role("button", name="清除全部筛选").click()
    expect(said).to_have_count(0)
    assert items.count() == count + left_out


def test_a_layer_that_is_off_counts_nothing_on_the_map(visit: Open) -> None:
    page = visit("/?kind=road&day=2026-01-01").page
    row = page.get_by_role("region", name="图层").get_by_role("listitem")
    expect(row.filter(has_text="地铁").first).to_contain_text("图上 0 个")
    expect(row.filter(has_text="道路")).not_to_contain_text("图上 0 个")
    phases = page.get_by_role("group", name="阶段").get_by_role("button")
    counts = [int(text.split()[-1]) for text in phases.all_inner_texts()]
    speaks = [int(n) for n in re.findall(r"\d+", page.get_by_test_id("speaks").inner_text())]
    assert speaks == [sum(counts), sum(counts) - counts[-1]]


def test_a_change_of_the_comparison_opens_its_card(visit: Open) -> None:
    page = visit("/?a=2016-01-01&b=2026-01-01").page
    advanced = page.get_by_role("list", name="有进展")
    button(advanced, "富安东路").click()
    expect(page.get_by_role("complementary", name="富安东路", exact=True)).to_be_visible()
    expect(page.get_by_role("region", name="比较两天")).to_be_visible()


# ---------------------------------------------------------------- as it was known


@BOTH
def test_what_was_known_then_is_told_from_what_is_known_now(visit: Open, size: str, lang: str) -> None:
    words = WORDS[lang]
    page = visit(f"/?day=2020-01-01&lang={lang}", size=size).page
    button(page, words["known"]).click()
    tool = page.get_by_role("region", name=words["as known"])
    tool.get_by_label(words["said by"]).fill("2020-01-01")
    versus = tool.get_by_role("list", name=words["versus"])
    expect(button(versus, words["line"])).to_be_visible()
    page.wait_for_url(re.compile("known=2020-01-01"))
    assert page.locator(".mark.differs").count() + page.locator("path[stroke-dasharray='1.5 6']").count() > 0
    button(tool, words["all claims"]).click()
    page.wait_for_url(re.compile("^(?!.*known=)"))
    expect(tool.get_by_role("list", name=words["versus"])).to_have_count(0)
    expect(page.locator(".mark.differs")).to_have_count(0)


# ---------------------------------------------------------------- after today


@BOTH
def test_after_today_what_continues_is_only_last_known(visit: Open, size: str, lang: str) -> None:
    words = WORDS[lang]
    page = visit(f"/?day=2029-12-31&lang={lang}", size=size).page
    expect(page.get_by_role("region", name=re.compile("^(时间|Time)$"))).to_contain_text(words["last known"])
    assert page.locator(".mark.pale").count() > 0
    press(page, lang, "t")
    expect(page.locator(".mark.pale")).to_have_count(0)


# ---------------------------------------------------------------- for everyone


@BOTH
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("tool", ["a=2016-01-01&b=2026-01-01", "from=2019-01-01&to=2025-06-01"])
def test_axe_finds_nothing_serious_in_a_tool(
    visit: Open, axe: str, size: str, lang: str, theme: str, tool: str
) -> None:
    found = visit(f"/?{tool}&known=2026-10-01&lang={lang}", size=size, theme=theme)
    found.page.evaluate(axe)
    report: dict[str, Any] = found.page.evaluate("axe.run(document)")
    serious = [
        (entry["id"], [node["html"][:120] for node in entry["nodes"][:3]])
        for entry in report["violations"]
        if entry["impact"] in ("serious", "critical")
    ]
    assert serious == []
    assert found.complaints == []


def test_escape_hides_a_tool_before_it_closes_the_card(visit: Open) -> None:
    page = visit("/?project=fuan-east-road&from=2019-01-01&to=2025-06-01").page
    shown = page.get_by_role("complementary", name="富安东路", exact=True)
    tool = page.get_by_role("region", name="一段时间里的变化")
    tool.get_by_label("从", exact=True).focus()
    page.keyboard.press("Escape")
    expect(tool).to_have_count(0)
    expect(shown).to_be_visible()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_tools_fit_320_px(visit: Open, lang: str) -> None:
    page = visit(f"/?a=2016-01-01&b=2026-01-01&lang={lang}", size="small").page
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
