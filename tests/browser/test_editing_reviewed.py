"""What was edited is decided as a whole, seen at once, and found by name; drawing is in test_editing."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from shapely.geometry import LineString

from app.database import Database
from tests.app.changing import add_project
from tests.browser.office import WAIT_MS, Office
from tests.browser.test_editing import (
    SOUTH,
    STEP,
    WEST,
    click,
    corners,
    create,
    drag,
    editor,
    pixel,
    public,
    send,
    settled,
    shape,
    shape_after,
    tool,
    type_shape,
)
from tests.browser.test_everyone import violations
from tests.browser.test_uploading import publish
from tests.conftest import SEEDED, clone
from tests.serving import Served, serving


def road(office: Office, name: str, north: float) -> None:
    """A road from west to east, of some 400 m."""
    more = {"kind": "road", "precision": "digitised", "name_zh": f"道路{name}", "name_en": f"Road {name}"}
    add_project(office.database, name, LineString([(WEST, north), (WEST + STEP, north)]), **more)


def verdicts(page: Page) -> list[str]:
    """What is decided on each change, in order: the button that is pressed."""
    rows = page.locator(".change-list .choice")
    return [str(text) for text in rows.locator("button[aria-pressed=true]").all_inner_texts()]


def test_a_road_is_cut_and_its_parts_are_decided_as_one(office: Office, axe: str) -> None:
    road(office, "long-road", SOUTH - 0.01)
    page = editor(office, "long-road")
    page.locator(".edit-coordinates summary").click()
    box = page.locator(".leaflet-chosen-pane path.leaflet-interactive").bounding_box()
    assert box
    # Across it, at two thirds of its length.
    x, y = box["x"] + box["width"] * 2 / 3, box["y"] + box["height"] / 2
    tool(page, "分割")
    click(page, x, y - 60)
    page.mouse.move(x, y + 60, steps=4)
    page.mouse.dblclick(x, y + 60)
    parts = page.get_by_role("region", name="分割结果").get_by_role("listitem")
    expect(parts).to_have_count(2)
    expect(parts.nth(0)).to_contain_text("公里")
    page.get_by_label("分出部分的名称").fill("东段")
    settled(page)
    send(page, "分段实施")

    # The steps are those of an edit: there was no file.
    steps = page.get_by_role("list", name="步骤").get_by_role("listitem")
    expect(steps).to_have_text(["编辑", "核对", "发布"])
    expect(page.get_by_role("region", name="检查")).to_contain_text("在图上编辑的，没有文件")
    expect(page.get_by_text("与另外 2 项一同采用或不采用").first).to_be_visible()
    assert verdicts(page) == ["采用"] * 3
    assert violations(page, axe) == []

    page.get_by_role("button", name="不采用：东段").first.press("Enter")
    expect(page.get_by_role("status").filter(has_text="另外 2 项也一同改了")).to_be_visible()
    assert verdicts(page) == ["不采用"] * 3
    page.get_by_role("button", name="采用：道路long-road", exact=True).first.press("Enter")
    expect(page.get_by_role("button", name="采用：东段", exact=True).first).to_have_attribute(
        "aria-pressed", "true"
    )
    assert verdicts(page) == ["采用"] * 3
    publish(page, "分段实施")
    left = public(page, "long-road").json()
    assert left["properties"]["length_km"] == pytest.approx(0.41 * 2 / 3, rel=0.05)
    assert len(left["geometry"]["coordinates"]) == 2


def test_a_project_is_removed_seen_at_once_in_the_other_page_and_brought_back(
    office: Office, axe: str
) -> None:
    create(office, "doomed", 50)
    page = editor(office, "doomed")
    chart = page.context.new_page()
    chart.goto(f"/?lang=zh&at=16/{SOUTH + STEP / 2:.4f}/{WEST + 50.5 * STEP:.4f}")
    search = chart.get_by_role("combobox", name=re.compile("找|搜"))
    search.fill("地块doomed")
    expect(chart.get_by_role("listbox").get_by_role("option")).to_have_count(1)

    page.get_by_label("移除这个项目").press("Space")
    expect(page.get_by_role("region", name="核对时须确认")).to_contain_text("不再公开")
    expect(page.get_by_role("button", name="改顶点")).to_be_disabled()
    assert violations(page, axe) == []
    send(page, "已拆除")
    expect(page.get_by_text("发布后不再公开", exact=True)).to_be_visible()
    publish(page, "已拆除")
    answer = public(page, "doomed")
    assert (answer.status, answer.json()["successors"]) == (410, [])
    # Long before it would have asked by itself.
    expect(chart.get_by_role("listbox").get_by_role("option")).to_have_count(0, timeout=10_000)

    page.get_by_text("撤销这次发布").press("Enter")
    page.get_by_label(re.compile("^为什么撤销")).fill("拆错了")
    page.get_by_role("button", name="撤销", exact=True).press("Enter")
    expect(page.get_by_text("这是撤销的草稿", exact=False)).to_be_visible()
    expect(page.get_by_role("list", name="步骤").get_by_role("listitem")).to_have_text(
        ["撤销草稿", "核对", "发布"]
    )
    publish(page, "拆错了")
    assert public(page, "doomed").status == 200
    expect(chart.get_by_role("listbox").get_by_role("option")).to_have_count(1, timeout=10_000)


def test_a_parent_is_found_by_name_with_the_keyboard_or_pasted_as_an_id(office: Office, axe: str) -> None:
    create(office, "child", 60)
    create(office, "mother", 62)
    page = editor(office, "child")
    field = page.get_by_role("combobox", name="所属项目")
    field.focus()
    page.keyboard.type("field mot")
    expect(page.get_by_role("listbox").get_by_role("option")).to_have_count(1)
    assert violations(page, axe) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(field).to_have_value("地块mother")
    expect(page.locator("#edit-parent-hint")).to_have_text("编号 mother")
    settled(page)

    field.fill("no such thing at all")
    page.get_by_label("中文名称").focus()
    expect(page.get_by_text("没有这个项目：", exact=False)).to_be_visible()
    page.locator("#edit-reason").fill("同属一处")
    page.get_by_role("button", name="送去核对").press("Enter")
    expect(field).to_be_focused()
    # Not even an id of nobody is sent.
    field.fill("nobody-at-all")
    page.get_by_label("中文名称").focus()
    expect(page.locator(".edit-field", has=field)).to_contain_text("nobody-at-all")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("metro-line-10")
    page.get_by_label("中文名称").focus()
    expect(field).to_have_value("地铁10号线")
    field.fill("mother")
    page.get_by_label("中文名称").focus()
    expect(field).to_have_value("地块mother")
    settled(page)
    send(page, "同属一处")
    publish(page, "同属一处")
    assert public(page, "child").json()["properties"]["parent"] == "mother"


# ---------------------------------------------------------------- neighbours that come as tiles


@pytest.fixture(scope="module")
def tiled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Database]]:
    """A service whose page has no list of any kind: all comes as tiles."""
    folder = tmp_path_factory.mktemp("tiled-edits")
    with clone(SEEDED) as url, serving(folder, GUATU_DATABASE_URL=url, GUATU_TILES_ABOVE="0") as running:
        database = Database(url)
        yield running, database
        database.close()


def test_corners_snap_to_neighbours_of_which_the_page_has_no_list(
    tiled: tuple[Served, Database], browser: Browser
) -> None:
    office = Office(*tiled, browser)
    create(office, "beside", 1)
    create(office, "mine", 0)
    page = editor(office, "mine")
    page.locator(".edit-coordinates summary").click()
    # Away from the neighbour first, and then near it by a hand that is not exact.
    type_shape(page, [(lon - 0.0005 if lon > WEST else lon, lat) for lon, lat in corners(0)])
    # The service is busy with the tiles of everything.
    expect(page.get_by_role("button", name="撤销一步")).to_be_enabled(timeout=WAIT_MS)
    settled(page)
    expect(page.locator(".leaflet-top-pane path")).not_to_have_count(0)
    expect(page.get_by_role("button", name="改顶点")).to_have_attribute("aria-pressed", "true")
    corner = corners(0)[1]
    start = pixel(page, corner[0] - 0.0005, corner[1])
    end = pixel(page, *corner)
    drawn = shape_after(page, lambda: drag(page, start, (end[0] - 6, end[1] + 5)))
    settled(page)
    assert corner in drawn
    assert corner in shape(page)
    # What cannot be fetched is told: nobody draws beside a neighbour that is not there.
    page.route("**/api/projects?bbox=*", lambda route: route.abort())
    page.get_by_role("button", name="放大").press("Enter")
    notice = page.get_by_role("alert").filter(has_text="邻地没有取到")
    expect(notice).to_be_visible()
    page.unroute("**/api/projects?bbox=*")
    with page.expect_response(lambda answer: "/api/projects?bbox=" in answer.url) as answered:
        notice.get_by_role("button", name="再试一次").press("Enter")
    assert answered.value.status == 200, answered.value.text()
    expect(notice).to_have_count(0)
    # They can be merged with, too.
    tool(page, "合并")
    expect(page.get_by_role("checkbox", name="地块beside")).to_be_visible()
    for context in office.contexts:
        context.close()
    assert office.complaints == []
