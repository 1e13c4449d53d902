"""A planner's ledger and the figures of the year, at a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import geopandas
import openpyxl
import pandas
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.lending import Lender
from tests.browser.test_everyone import violations
from tests.browser.test_transit import Resident
from tests.serving import Served


@pytest.fixture
def planner(served: Served, lender: Lender) -> Iterator[Resident]:
    found = Resident(served, lender)
    yield found
    assert found.complaints == []


def board(
    planner: Resident, query: str = "", *, size: str = "wide", lang: str = "zh", theme: str = "light"
) -> Page:
    page = planner.open(query, size=size, lang=lang, theme=theme, path="/board")
    page.get_by_role("tab").first.wait_for()
    return page


def names(page: Page) -> list[str]:
    return page.locator(".cell-name").all_inner_texts()


def heading(page: Page, name: str) -> Locator:
    return page.get_by_role("columnheader").get_by_role("button", name=re.compile(name))


def settle(page: Page) -> None:
    page.locator(".cell-name").first.wait_for()


def test_the_ledger_says_what_each_project_is_due(planner: Resident) -> None:
    page = board(planner, "find=平湖西利益统筹")
    row = page.get_by_role("row").filter(has_text="平湖西利益统筹项目")
    expect(row).to_contain_text("入库")
    expect(row).to_contain_text("2022 年 8 月 31 日")
    expect(row).to_contain_text("确保")
    expect(row).to_contain_text("至少晚 869 天")


def test_a_heading_sorts_up_down_and_off_and_several_count(planner: Resident) -> None:
    page = board(planner)
    settle(page)
    heading(page, "^时序灯").click()
    assert names(page)[0] == "平湖西利益统筹项目"
    light = page.get_by_role("columnheader", name=re.compile("时序灯"))
    expect(light).to_have_attribute("aria-sort", "ascending")
    heading(page, "^说的日期").click(modifiers=["Shift"])
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get("sort") == ["light,due"])
    heading(page, "^时序灯").click()
    heading(page, "^时序灯").click()
    assert light.get_attribute("aria-sort") is None


def test_only_the_rows_in_sight_are_drawn(planner: Resident) -> None:
    page = board(planner)
    settle(page)
    assert page.get_by_role("grid").get_attribute("aria-rowcount") == "127"
    assert page.locator(".grid-body .tr").count() < 60
    page.get_by_role("grid").evaluate("e => { e.scrollTop = e.scrollHeight; }")
    expect(page.locator("[aria-rowindex='127']")).to_be_visible()


def test_rows_stand_in_groups_with_their_numbers(planner: Resident) -> None:
    page = board(planner, "sort=kind")
    page.get_by_label("分组").select_option(label="按类别")
    first = page.locator(".group-heading").first
    expect(first).to_contain_text(re.compile(r"土地整备 ?\d+"))


@pytest.mark.parametrize(("size", "query"), [("phone", ""), ("wide", "project=shenda-intercity")])
def test_the_light_is_in_sight_on_a_phone_and_beside_a_card(planner: Resident, size: str, query: str) -> None:
    page = board(planner, query, size=size)
    settle(page)
    badge = page.get_by_role("gridcell").locator(".light").first
    expect(badge).to_be_in_viewport(ratio=1)
    # Of which milestone it is stands in a column of its own.
    expect(page.locator(".td.light small")).to_have_count(0)


def test_a_view_is_a_link(planner: Resident) -> None:
    page = board(planner, "sort=-heard&group=phase&cols=name,phase,heard,parent&find=站")
    settle(page)
    headers = [text.strip(" \n▾▴") for text in page.get_by_role("columnheader").all_inner_texts()]
    assert headers == ["项目", "上级项目", "阶段", "最近说法（不晚于）"]
    assert "禾花站" in names(page)
    assert "富安东路" not in names(page)
    page.get_by_text("显示哪些列").click()
    page.get_by_role("checkbox", name="类别").check()
    page.wait_for_url(lambda url: "kind" in parse_qs(urlsplit(url).query)["cols"][0])
    page.reload()
    settle(page)
    expect(page.get_by_role("columnheader", name=re.compile("类别"))).to_be_visible()


def test_the_keyboard_goes_through_the_rows_and_opens_a_card(planner: Resident) -> None:
    page = board(planner, "sort=light")
    settle(page)
    grid = page.get_by_role("grid")
    grid.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    second = names(page)[1]
    expect(page.get_by_role("complementary", name=second)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("complementary")).to_have_count(0)
    expect(grid).to_be_focused()


def test_the_map_is_in_step_with_the_table(planner: Resident) -> None:
    page = board(planner, "find=深大城际&map=1")
    settle(page)
    page.locator("path.leaflet-interactive").first.wait_for(state="attached")
    page.get_by_role("row").filter(has_text="深大城际").first.click()
    expect(page.get_by_role("complementary", name="深大城际", exact=True)).to_be_visible()
    expect(page.get_by_role("row", selected=True)).to_contain_text("深大城际")
    # And from the map to the table.
    page.get_by_label("按名称筛选").fill("")
    page.locator("#map").get_by_text(re.compile("^17")).first.click()
    expect(page.get_by_role("row", selected=True)).to_contain_text("17号线")


def test_filters_and_the_day_are_those_of_the_map(planner: Resident) -> None:
    page = board(planner, "day=2021-06-30&kind=metro&phase=in_service")
    settle(page)
    assert set(names(page)) == {"地铁10号线", "地铁10号线主线"}
    expect(page.get_by_text("阶段是 2021 年 6 月 30 日 的")).to_be_visible()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_figures_of_the_year_stand_beside_their_sources(planner: Resident, lang: str) -> None:
    page = board(planner, "part=indicators", lang=lang)
    land = page.locator("#indicator-Q04")
    for said in ("98.6", "341", "28.9", "28.86", "28.97", "8.83", "9"):
        expect(land).to_contain_text(said)
    expect(land).to_contain_text("可对应到具名项目" if lang == "zh" else "can be traced to named projects")
    output = page.locator("#indicator-Q01")
    expect(output).to_contain_text("509.45")
    expect(output).to_contain_text("509.44")
    expect(output).to_contain_text("来源不一致" if lang == "zh" else "Sources disagree")
    output.get_by_role("link", name=re.compile("509.44")).click()
    expect(output.locator("blockquote").first).to_be_visible()


def test_what_needs_attention_is_a_count_that_opens_its_list_with_why(planner: Resident) -> None:
    page = board(planner)
    settle(page)
    page.get_by_role("button", name=re.compile("有据证明已晚")).click()
    late = page.locator(".attention-list")
    expect(late).to_contain_text("平湖西利益统筹项目")
    expect(late).to_contain_text("至少晚了 869 天")
    expect(late).to_contain_text("全力攻坚平湖西等利益统筹项目")
    page.get_by_role("button", name=re.compile("来源不一致")).click()
    expect(page.locator(".attention-list")).to_contain_text("509.44")
    page.wait_for_url("**list=disagree**")
    page.get_by_role("button", name=re.compile("到期后未见消息")).click()
    page.get_by_role("button", name="平湖跨境电商产业园", exact=True).click()
    expect(page.get_by_role("complementary", name="平湖跨境电商产业园")).to_be_visible()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_two_days_are_compared_and_reversed_days_are_told(planner: Resident, lang: str) -> None:
    page = board(planner, "part=compare&since=2025-01-01&until=2025-01-20", lang=lang)
    changes = page.locator(".part-compare")
    expect(changes).to_contain_text("富安东路" if lang == "zh" else "Fu’an East Road")
    page.get_by_label("从" if lang == "zh" else "From", exact=True).fill("2026-01-01")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(
        "开始日期晚于结束日期" if lang == "zh" else "the first day lies after the last"
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_filters_of_the_table_hold_for_what_is_compared(planner: Resident, lang: str, axe: str) -> None:
    days = "since=2024-01-01&until=2025-12-31"
    page = board(planner, f"find=平湖&phase=building&{days}", lang=lang)
    settle(page)
    shown = set(names(page))
    page.goto(f"{page.url}&part=compare&{days}")
    result = page.locator(".part-compare")
    entries = result.locator(".attention-list li")
    entries.first.wait_for()
    answer = page.request.get("/api/compare?from=2024-01-01&to=2025-12-31&by=day").json()
    lists = ("phases", "new_projects", "new_promises", "moved_promises", "done")
    every = [entry for one in (*lists, "figures") for entry in answer[one]["entries"]]
    left = [e for one in lists for e in answer[one]["entries"] if e["project"][f"name_{lang}"] in shown]
    assert 0 < len(left) < len(every)
    expect(entries).to_have_count(len(left))
    notice = result.locator(".notice")
    expect(notice).to_contain_text("平湖")
    expect(notice).to_contain_text("阶段：在建" if lang == "zh" else "Phases: Building")
    assert violations(page, axe) == []
    notice.get_by_role("button").click()
    expect(notice).to_have_count(0)
    expect(entries).to_have_count(len(every))
    page.wait_for_url(lambda url: "find" not in url and "phase" not in url)


@pytest.mark.parametrize("width", [320, 375, 768, 1440])
@pytest.mark.parametrize("part", ["table", "indicators", "attention", "compare"])
def test_nothing_is_wider_than_the_page(planner: Resident, width: int, part: str) -> None:
    page = board(planner, f"part={part}", lang="en")
    page.set_viewport_size({"width": width, "height": 800})
    page.locator(".cell-name, .indicator, .attention-list").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


READERS = [("phone", "zh", "light"), ("wide", "en", "dark"), ("wide", "zh", "light")]


@pytest.mark.parametrize(("size", "lang", "theme"), READERS)
def test_axe_finds_nothing(planner: Resident, axe: str, size: str, lang: str, theme: str) -> None:
    for query in ("sort=light,-due&group=kind", "part=indicators", "part=attention", "part=compare"):
        page = board(planner, query, size=size, lang=lang, theme=theme)
        page.locator(".cell-name, .indicator, .attention-list").first.wait_for()
        assert violations(page, axe) == [], query
        page.close()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("cols=name,foo", "地址里的“cols=foo”这里没有"),
        ("sort=-bar,due", "地址里的“sort=bar”这里没有"),
        ("group=colour", "地址里的“group=colour”这里没有"),
        ("part=nothing", "地址里的“part=nothing”这里没有"),
    ],
)
def test_what_an_address_asks_in_vain_is_told(planner: Resident, query: str, words: str) -> None:
    page = board(planner, query)
    settle(page)
    notice = page.locator(".notice")
    expect(notice).to_contain_text(words.replace("sort=bar", "sort=-bar"))
    notice.get_by_role("button", name="知道了").click()
    expect(notice).to_have_count(0)


def test_what_is_late_stands_first_until_somebody_chooses(planner: Resident) -> None:
    page = board(planner)
    settle(page)
    assert names(page)[0] == "平湖西利益统筹项目"
    lights = [text.partition("\n")[0] for text in page.locator(".td.light").all_inner_texts()]
    said = ["至少晚 869 天", "到期后未见消息", "未到期"]
    assert [light for n, light in enumerate(lights) if light and light not in lights[:n]] == [
        *said,
        *[light for light in dict.fromkeys(lights) if light and light not in said],
    ]
    assert page.locator("[aria-sort]").count() == 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_on_a_phone_the_rows_come_before_the_tools(planner: Resident, lang: str) -> None:
    page = board(planner, size="phone", lang=lang)
    settle(page)
    assert page.get_by_role("grid").bounding_box()["y"] < 330  # type: ignore[index]
    more = page.get_by_role("button", name="筛选与更多" if lang == "zh" else "Filters and more")
    expect(more).to_have_attribute("aria-expanded", "false")
    more.click()
    page.get_by_label("分组" if lang == "zh" else "Group").select_option("kind")
    more.click()
    expect(page.locator(".group-heading").first).to_be_visible()


@pytest.mark.parametrize(("ending", "label"), [("xlsx", "Excel"), ("gpkg", "GPKG"), ("csv", "CSV")])
def test_the_selection_shown_is_what_is_downloaded(
    planner: Resident, tmp_path: Path, ending: str, label: str
) -> None:
    page = board(planner, "kind=road&phase=in_service&find=路")
    settle(page)
    page.get_by_text("下载", exact=True).click()
    with page.expect_download() as coming:
        page.locator(".pick-items").get_by_role("link", name=re.compile(label)).click()
    name = coming.value.suggested_filename
    assert name.endswith(f".{ending}")
    saved = tmp_path / name
    coming.value.save_as(saved)
    if ending == "xlsx":
        sheet = openpyxl.load_workbook(saved).worksheets[0]
        found = {str(row[0].value) for row in sheet.iter_rows(min_row=2)}
    elif ending == "gpkg":
        found = set(geopandas.read_file(saved, layer="projects")["id"])
    else:
        found = set(pandas.read_csv(saved)["id"])
    shown = page.request.get("/api/projects?kind=road&phase=in_service").json()["features"]
    held = {feature["id"] for feature in shown if "路" in feature["properties"]["name_zh"]}
    assert held <= found < {feature["id"] for feature in shown}
    assert page.get_by_role("grid").get_attribute("aria-rowcount") == str(len(found) + 1)
