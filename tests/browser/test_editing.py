"""GIS staff edit on the map: drawn, snapped, split, merged, reviewed, published, taken back."""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, expect
from shapely.geometry import MultiPolygon, Polygon, box
from shapely.geometry import shape as shape_of

from app.access import cookies
from tests.app.changing import add_project, change_project, claim
from tests.app.changing import publish as record
from tests.app.signed import add, session_of
from tests.browser.office import Office
from tests.browser.test_everyone import violations
from tests.browser.test_uploading import found_on_the_public_map, listed, publish

_numbers = itertools.count()
WEST, SOUTH, STEP = 114.06, 22.68, 0.004


def corners(east: int, wide: int = 1) -> list[tuple[float, float]]:
    """A field in a row of fields."""
    west, right = round(WEST + east * STEP, 6), round(WEST + (east + wide) * STEP, 6)
    return [(west, SOUTH), (right, SOUTH), (right, SOUTH + STEP), (west, SOUTH + STEP)]


def lines(places: list[tuple[float, float]]) -> str:
    return "\n".join(f"{lon:.6f},{lat:.6f}" for lon, lat in places)


def editor(office: Office, subject: str = "new", **how: str) -> Page:
    """The editor of a new account of GIS staff."""
    page = office.somebody(**how)
    name = add(office.database, f"editor-{next(_numbers)}", "gis")
    secret = session_of(office.database, name)
    page.context.add_cookies([{"name": cookies.PLAIN, "value": secret, "url": office.served.address}])
    page.goto(f"/upload?edit={subject}&lang={'en' if how.get('locale') == 'en-GB' else 'zh'}")
    page.locator(".edit .leaflet-chosen-pane").wait_for(state="attached")
    if subject != "new":
        near(page)
    return page


def near(page: Page, at_least_px: int = 200) -> None:
    """Wait until the map has come to the shape."""
    path = page.locator(".leaflet-chosen-pane path.leaflet-interactive").first
    for _ in range(200):
        box = path.bounding_box()
        if box and box["width"] > at_least_px:
            return
        page.wait_for_timeout(100)
    raise AssertionError("the map did not come to the shape")


def type_shape(page: Page, places: list[tuple[float, float]]) -> None:
    """By keyboard, as those who cannot drag do."""
    details = page.locator(".edit-coordinates")
    if not details.evaluate("e => e.open"):
        details.locator("summary").press("Enter")
    page.locator("#edit-coordinates").fill(lines(places))
    details.get_by_role("button").press("Enter")


def settled(page: Page) -> None:
    expect(page.get_by_text(re.compile("^(没有发现问题|Nothing wrong was found)$"))).to_be_visible()


def pixel(page: Page, lon: float, lat: float) -> tuple[float, float]:
    """Where a place is on the screen: by the box of the shape that is worked on, of which its text tells."""
    page.locator(".leaflet-chosen-pane path.leaflet-interactive").first.wait_for()
    at = page.evaluate(
        """([lon, lat, west, south, east, north]) => {
            const path = document.querySelector('.leaflet-chosen-pane path.leaflet-interactive');
            const box = path.getBoundingClientRect();
            const y = (degrees) => Math.log(Math.tan(Math.PI / 4 + (degrees * Math.PI) / 360));
            return [
                box.left + ((lon - west) / (east - west)) * box.width,
                box.bottom - ((y(lat) - y(south)) / (y(north) - y(south))) * box.height,
            ];
        }""",
        [lon, lat, *bounds(shape(page))],
    )
    return float(at[0]), float(at[1])


def bounds(places: list[tuple[float, float]]) -> tuple[float, float, float, float]:
    lons, lats = zip(*places, strict=True)
    return min(lons), min(lats), max(lons), max(lats)


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=4)
    page.mouse.move(*end, steps=6)
    page.mouse.up()


def shape(page: Page) -> list[tuple[float, float]]:
    """The corners of the shape that is worked on, as its text has them."""
    text = page.locator("#edit-coordinates").input_value()
    return [(float(lon), float(lat)) for lon, lat in (line.split(",") for line in text.splitlines())]


def shape_after(page: Page, act: Callable[[], object]) -> list[tuple[float, float]]:
    """The shape once an act has changed it."""
    text = page.locator("#edit-coordinates")
    before = text.input_value()
    act()
    expect(text).not_to_have_value(before)
    return shape(page)


def send(page: Page, reason: str = "核对红线") -> int:
    """Send for review; answers the number of the changeset, which is open then."""
    page.locator("#edit-reason").fill(reason)
    page.get_by_role("button", name=re.compile("^(送去核对|Send for review)$")).click()
    page.locator(".upload-review .change-list").wait_for()
    expect(page).to_have_url(re.compile("changeset="))
    found = re.search(r"changeset=(\d+)", page.url)
    assert found, page.url
    return int(found[1])


def public(page: Page, name: str) -> Any:
    return page.request.get(f"/api/projects/{name}", max_redirects=0)


def create(office: Office, name: str, east: int, wide: int = 1) -> None:
    """A field that is public already."""
    more = {"kind": "parcel", "precision": "digitised", "name_zh": f"地块{name}", "name_en": f"Field {name}"}
    add_project(office.database, name, Polygon(corners(east, wide)), **more)


def tool(page: Page, name: str) -> None:
    page.get_by_role("toolbar").get_by_role("button", name=name, exact=True).click()


def whole(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^(看整个图形|Show the whole shape)$")).click()


def click(page: Page, x: float, y: float) -> None:
    """As a hand does: the pointer arrives before it presses."""
    page.mouse.move(x - 3, y - 3)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.up()
    page.wait_for_timeout(60)


# ---------------------------------------------------------------- the whole path


def test_a_parcel_is_drawn_snapped_split_published_seen_and_taken_back(office: Office) -> None:
    create(office, "neighbour", 1)
    resident = office.somebody()
    page = editor(office)
    page.locator("#edit-kind").select_option("parcel")
    page.locator("#edit-name_zh").fill("新画地块")
    page.locator("#edit-name_en").fill("Drawn field")
    type_shape(page, corners(0))
    settled(page)
    whole(page)
    expect(page.locator(".edit-size")).to_contain_text(re.compile(r"^18\.\d\d 公顷$"))

    # Drawn again by hand: near the neighbour's corners it snaps to them, to the last digit.
    wanted = corners(0)
    screen = [pixel(page, *place) for place in wanted]
    off = [(0.0, 0.0), (-7.0, 4.0), (-6.0, 6.0), (9.0, 12.0)]
    tool(page, "画面")
    for (x, y), (dx, dy) in zip(screen, off, strict=True):
        click(page, x + dx, y + dy)
    expect(page.locator(".edit-size")).to_contain_text("约")
    drawn = shape_after(page, lambda: click(page, *screen[0]))
    expect(page.get_by_role("button", name="改顶点")).to_have_attribute("aria-pressed", "true")
    settled(page)
    assert set(wanted[1:3]) <= set(drawn)
    assert wanted[3] not in drawn

    # A corner is dragged across the far side: told at once, and refused.
    x, y = pixel(page, *wanted[1])
    left = pixel(page, *wanted[0])
    drag(page, (x, y), (left[0] - 60, (left[1] + screen[3][1]) / 2))
    expect(page.get_by_text("边界自相交", exact=False)).to_be_visible()
    expect(page.locator(".fault-mark")).to_have_count(1)
    page.locator("#edit-reason").fill("新建")
    page.get_by_role("button", name="送去核对").click()
    expect(page.get_by_role("region", name="须改正")).to_be_visible()
    # Step by step back and forth, by the keyboard.
    page.get_by_role("button", name="撤销一步").focus()
    page.keyboard.press("Control+z")
    settled(page)
    assert shape(page) == drawn
    page.keyboard.press("Control+y")
    expect(page.get_by_text("边界自相交", exact=False)).to_be_visible()
    page.keyboard.press("Control+z")
    settled(page)

    # The fourth corner goes to where it was meant.
    x, y = pixel(page, *min(drawn, key=lambda place: math.dist(place, wanted[3])))
    drag(page, (x, y), screen[3])
    settled(page)
    assert send(page, "新建") > 0
    expect(page.get_by_role("heading", level=1)).to_have_text("编辑：新画地块")
    assert found_on_the_public_map(resident, "新画地块") == 0
    publish(page, "现场核对")
    assert found_on_the_public_map(resident, "新画地块") == 1
    assert (
        public(page, "drawn-field")
        .json()["properties"]["place"][0]["source_zh"]
        .startswith("在本图上手工绘制")
    )

    # From its card it is split, by a line from outside to outside.
    page.goto("/?project=drawn-field&lang=zh")
    page.get_by_role("link", name="编辑图形").click()
    page.locator(".edit .leaflet-chosen-pane").wait_for(state="attached")
    expect(page.get_by_role("heading", level=1)).to_have_text("编辑：新画地块")
    page.locator(".edit-coordinates summary").click()
    near(page)
    middle = WEST + 0.7 * STEP
    ends = [pixel(page, middle, SOUTH - 0.0008), pixel(page, middle, SOUTH + STEP + 0.0008)]
    tool(page, "分割")
    click(page, *ends[0])
    page.mouse.move(*ends[1], steps=4)
    page.mouse.dblclick(*ends[1])
    parts = page.get_by_role("region", name="分割结果").get_by_role("listitem")
    expect(parts).to_have_count(2)
    expect(parts.nth(1)).to_contain_text("公顷")
    page.get_by_label("分出部分的名称").fill("新画地块东")
    send(page, "分期实施")
    publish(page, "分期实施")
    assert found_on_the_public_map(resident, "新画地块") == 2
    halves = public(page, "drawn-field").json()
    assert halves["properties"]["area_ha"] == pytest.approx(12.8, abs=0.3)

    page.get_by_text("撤销这次发布").click()
    page.get_by_label(re.compile("^为什么撤销")).fill("暂不分期")
    page.get_by_role("button", name="撤销", exact=True).click()
    expect(page.get_by_text("这是撤销的草稿", exact=False)).to_be_visible()
    publish(page, "暂不分期")
    assert found_on_the_public_map(resident, "新画地块") == 1
    again = public(page, "drawn-field").json()
    assert shape_of(again["geometry"]).area == pytest.approx(STEP * STEP, rel=0.01)


def test_by_keyboard_alone_two_fields_become_one_and_one_two(office: Office, axe: str) -> None:
    create(office, "left", 10)
    create(office, "right", 11)
    page = editor(office, "left", locale="en-GB")
    expect(page.get_by_role("heading", level=1)).to_have_text("Editing: Field left")
    assert violations(page, axe) == []
    page.get_by_role("button", name="Merge").press("Enter")
    others = page.get_by_role("group", name="Becomes part of it").get_by_role("checkbox", name="Field right")
    others.press("Space")
    settled(page)
    assert violations(page, axe) == []
    send(page)
    expect(page.get_by_text("its id leads to “Field left”")).to_be_visible()
    page.get_by_role("button", name="Publish…").or_(page.locator(".choices .primary")).first.click()
    page.locator(".publish textarea, .publish input:not([type=checkbox])").first.fill("One owner")
    page.locator(".publish button[type=submit]").click()
    expect(page.get_by_role("status").filter(has_text="revision")).to_be_visible()
    answer = public(page, "right")
    assert (answer.status, answer.headers["location"]) == (301, "/api/projects/left")

    page.goto("/upload?edit=left&lang=zh")
    page.locator(".edit .leaflet-chosen-pane").wait_for(state="attached")
    page.get_by_role("button", name="分割", exact=True).press("Enter")
    cut = WEST + 11 * STEP
    type_shape(page, [(cut, SOUTH - 0.001), (cut, SOUTH + STEP + 0.001)])
    expect(page.get_by_role("region", name="分割结果").get_by_role("listitem")).to_have_count(2)
    page.get_by_label("最大的一块保留原编号").uncheck()
    settled(page)
    assert violations(page, axe) == []
    send(page)
    publish(page, "两家")
    gone = public(page, "left")
    assert gone.status == 410
    assert len(json.loads(gone.text())["successors"]) == 2


def test_names_precision_and_moving_are_kept_through_reload_session_and_network(office: Office) -> None:
    create(office, "kept", 20)
    page = editor(office, "kept")
    page.locator("#edit-name_zh").fill("改名地块")
    page.locator(".edit-coordinates summary").click()
    tool(page, "整体移动")
    start = pixel(page, WEST + 20.5 * STEP, SOUTH + STEP / 2)
    moved = shape_after(page, lambda: drag(page, start, (start[0] + 40, start[1] - 30)))
    settled(page)
    assert moved[0] != corners(20)[0]
    # Sharper than a hand can be without saying where from.
    page.locator("#edit-precision").select_option("surveyed")
    expect(page.get_by_text("须写明图形来源", exact=False)).to_be_visible()
    page.get_by_label("图形来源").fill("2026年6月界址测绘")
    settled(page)

    # Leaving is asked about.
    page.get_by_role("button", name="返回").click()
    expect(page.get_by_role("group", name=re.compile("改动还没有送出"))).to_be_visible()
    page.get_by_role("button", name="继续编辑").click()

    # The network is cut: nothing is lost, and the same button sends it later.
    page.locator("#edit-reason").fill("测绘更新")
    page.context.set_offline(True)
    page.get_by_role("button", name="送去核对").click()
    expect(page.get_by_role("alert")).to_contain_text("连不上服务")
    page.context.set_offline(False)

    # The session ends: told, with a way to sign in beside.
    kept = page.context.cookies()
    page.context.clear_cookies()
    page.get_by_role("button", name="送去核对").click()
    expect(page.get_by_role("alert")).to_contain_text("登录已结束")
    expect(page.get_by_role("link", name="在另一页登录")).to_be_visible()
    assert shape(page) == moved
    page.context.add_cookies(
        [{"name": c["name"], "value": c["value"], "url": office.served.address} for c in kept]
    )

    # Even another tab, after a crash, has it all.
    other = page.context.new_page()
    other.goto("/upload?edit=kept&lang=zh")
    other.locator(".edit .leaflet-chosen-pane").wait_for(state="attached")
    expect(other.get_by_text("上次没有送出的改动", exact=False)).to_be_visible()
    expect(other.locator("#edit-name_zh")).to_have_value("改名地块")
    assert send(other, "测绘更新") > 0
    publish(other, "测绘更新")
    about = public(other, "kept").json()
    assert about["properties"]["name_zh"] == "改名地块"
    assert about["properties"]["precision"] == "surveyed"
    assert about["properties"]["place"][-1]["note_zh"] == "2026年6月界址测绘"
    assert about["geometry"]["coordinates"][0][0] == pytest.approx(list(moved[0]), abs=1e-6)


def test_leaving_by_the_back_button_or_the_browser_is_asked_about(office: Office) -> None:
    context = office.browser.new_context(base_url=office.served.address, locale="zh-CN")
    office.contexts.append(context)
    page = context.new_page()
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    name = add(office.database, f"editor-{next(_numbers)}", "gis")
    secret = session_of(office.database, name)
    context.add_cookies([{"name": cookies.PLAIN, "value": secret, "url": office.served.address}])
    page.goto("/upload?lang=zh")
    page.get_by_role("button", name="在图上画").click()
    page.locator("#edit-kind").select_option("parcel")
    page.locator("#edit-name_zh").press_sequentially("未送出")
    page.go_back()
    question = page.get_by_role("group", name=re.compile("改动还没有送出"))
    expect(question).to_be_visible()
    expect(page).to_have_url(re.compile("edit=new"))
    page.get_by_role("button", name="继续编辑").click()
    expect(page.locator("#edit-name_zh")).to_have_value("未送出")
    page.get_by_role("link", name="地图").click()
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    expect(page).to_have_url(re.compile("edit=new"))
    # Whoever leaves all the same finds it again.
    page.get_by_role("button", name="返回").click()
    question.get_by_role("button", name="离开").click()
    page.get_by_role("button", name="在图上画").click()
    expect(page.locator("#edit-name_zh")).to_have_value("未送出")


def test_a_drawing_that_is_not_ended_is_asked_about_too(office: Office) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    create(office, "half", 62)
    page = editor(office, "half")
    page.remove_listener("dialog", office._answer)
    page.on("dialog", stay)
    tool(page, "分割")
    # Nothing is changed yet: whoever leaves now loses nothing.
    page.reload()
    near(page)
    assert asked == []
    end = pixel(page, WEST + 62.5 * STEP, SOUTH - 0.0008)
    tool(page, "分割")
    click(page, *end)
    expect(page.locator(".edit-unfinished")).to_be_visible()

    page.get_by_role("link", name="地图").click()
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    expect(page).to_have_url(re.compile("edit=half"))
    page.close(run_before_unload=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"] * 2
    assert not page.is_closed()

    question = page.get_by_role("group", name="没有画完的图形不会留下。", exact=True)
    page.get_by_role("button", name="返回").click()
    expect(question).to_be_visible()
    question.get_by_role("button", name="继续编辑").click()
    expect(question).to_have_count(0)
    expect(page.locator(".edit-unfinished")).to_be_visible()
    page.locator("#edit-name_zh").fill("改了名")
    page.get_by_role("button", name="返回").click()
    expect(
        page.get_by_role("group", name=re.compile("改动还没有送出.*没有画完的图形不会留下"))
    ).to_be_visible()
    # Given up: then only the name is left to ask about.
    page.get_by_role("button", name=re.compile("^放弃没画完的")).click()
    expect(page.get_by_role("group", name=re.compile("改动还没有送出.*接着改。$"))).to_be_visible()


def test_names_lie_under_what_is_drawn_and_take_no_press(office: Office) -> None:
    create(office, "named", 67)
    page = editor(office, "named")
    tool(page, "改顶点")
    page.locator(".marker-icon").first.wait_for()
    label = page.locator(".labels .label[data-id]").first
    label.wait_for()
    depths = page.evaluate(
        """() => Object.fromEntries(['label', 'chosen', 'overlay', 'marker'].map((name) =>
            [name, +getComputedStyle(document.querySelector(`.leaflet-${name}-pane`)).zIndex]))"""
    )
    assert depths["label"] < depths["chosen"] < depths["overlay"] < depths["marker"]
    # A corner is set also where a name stands.
    tool(page, "分割")
    box = label.bounding_box()
    assert box
    click(page, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".edit-unfinished")).to_be_visible()


def test_land_with_a_hole_and_in_pieces_is_edited_in_place(office: Office) -> None:
    west, south = corners(40)[0]
    hole = box(west + 0.001, south + 0.001, west + 0.002, south + 0.003)
    holed = Polygon(corners(40), [hole.exterior.coords])
    more = {"kind": "parcel", "precision": "digitised", "name_zh": "带洞两块", "name_en": "Two with a hole"}
    add_project(office.database, "holed", MultiPolygon([holed, Polygon(corners(42))]), **more)
    page = editor(office, "holed")
    page.locator(".edit-coordinates summary").click()
    text = page.locator("#edit-coordinates")
    before = text.input_value()
    assert before.startswith("MULTIPOLYGON")
    tool(page, "改顶点")
    # The corner at the left and below, of the whole.
    at = page.locator(".leaflet-chosen-pane path.leaflet-interactive").bounding_box()
    assert at
    x, y = at["x"], at["y"] + at["height"]
    drag(page, (x + 1, y - 1), (x - 25, y + 25))
    expect(text).not_to_have_value(before)
    settled(page)
    send(page)
    publish(page, "复核")
    after = shape_of(public(page, "holed").json()["geometry"])
    assert isinstance(after, MultiPolygon)
    assert sorted(len(part.interiors) for part in after.geoms) == [0, 1]
    assert after.area > holed.area + STEP * STEP


def test_somebody_faster_is_told_before_anything_is_staged(office: Office) -> None:
    create(office, "race", 30)
    page = editor(office, "race")
    page.locator("#edit-name_zh").fill("我的名字")
    settled(page)
    change_project(office.database, "race", name_zh="别人的名字")
    page.locator("#edit-reason").fill("改名")
    page.get_by_role("button", name="送去核对").click()
    expect(page.get_by_role("alert")).to_contain_text("别人已改动了同一处")
    page.get_by_role("button", name="放弃，按最新的重新开始").click()
    expect(page.locator("#edit-name_zh")).to_have_value("别人的名字")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_a_phone_a_field_is_drawn_with_taps_and_sent(office: Office, axe: str, theme: str) -> None:
    east = 5 if theme == "light" else 7
    page = editor(office, size="phone", theme=theme)
    page.locator("#edit-kind").select_option("parcel")
    page.locator("#edit-name_zh").fill("手机上画的")
    page.locator("#edit-name_en").fill(f"Drawn by hand {theme}")
    type_shape(page, corners(east))
    settled(page)
    whole(page)
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.locator(".edit").evaluate("e => e.scrollTo(0, 0)")
    # The fourth corner is meant elsewhere.
    wanted = [*corners(east)[:3], (WEST + (east + 0.5) * STEP, SOUTH + STEP)]
    screen = [pixel(page, *place) for place in wanted]
    tool(page, "画面")
    page.locator(".edit").evaluate("e => e.scrollTo(0, 0)")
    for x, y in screen:
        page.touchscreen.tap(x, y)
        page.wait_for_timeout(400)
    shape_after(page, lambda: page.touchscreen.tap(*screen[0]))
    settled(page)
    assert violations(page, axe) == []
    (west, east_most) = sorted(lon for lon, _ in shape(page))[0], sorted(lon for lon, _ in shape(page))[-1]
    assert (west, east_most) == pytest.approx((wanted[0][0], wanted[1][0]), abs=0.0002)
    send(page, "现场所见")
    expect(page.get_by_role("heading", level=1)).to_have_text("编辑：手机上画的")
    assert violations(page, axe) == []


def test_on_a_phone_a_field_is_cut_with_taps(office: Office) -> None:
    create(office, "tapped", 15)
    page = office.somebody(size="phone")
    name = add(office.database, f"editor-{next(_numbers)}", "gis")
    secret = session_of(office.database, name)
    page.context.add_cookies([{"name": cookies.PLAIN, "value": secret, "url": office.served.address}])
    page.goto("/upload?edit=tapped&lang=zh")
    near(page, 100)
    page.locator(".edit-coordinates summary").tap()
    middle = WEST + 15.6 * STEP
    page.locator(".edit").evaluate("e => e.scrollTo(0, 0)")
    ends = [pixel(page, middle, SOUTH - 0.0005), pixel(page, middle, SOUTH + STEP + 0.0005)]
    # The map stays where it is, whatever the line of help above it says.
    tool(page, "分割")
    for x, y in (*ends, ends[1]):
        page.touchscreen.tap(x, y)
        page.wait_for_timeout(400)
    expect(page.get_by_role("region", name="分割结果").get_by_role("listitem")).to_have_count(2)
    settled(page)


def drawing(page: Page, east: int, areas: str = "画面") -> list[tuple[float, float]]:
    """A shape to draw over, with the tool for areas in hand; answers where its corners are on the screen."""
    page.locator("#edit-kind").select_option("parcel")
    page.locator("#edit-name_zh").fill("逐点画的")
    type_shape(page, corners(east))
    settled(page)
    whole(page)
    page.wait_for_timeout(300)
    screen = [pixel(page, *place) for place in corners(east)]
    tool(page, areas)
    return screen


def test_corners_are_taken_back_one_by_one_while_a_shape_is_drawn(office: Office) -> None:
    page = editor(office)
    screen = drawing(page, 50)
    size, before = page.locator(".edit-size"), page.locator("#edit-coordinates").input_value()
    corners_set = page.locator(".leaflet-pane .marker-icon:not(.cursor-marker)")
    x, y = screen[2]
    click(page, *screen[0])
    click(page, *screen[1])
    for wrong in ("Control+z", "Backspace", "button"):
        click(page, x - 90, y + 60)
        expect(corners_set).to_have_count(3)
        if wrong == "button":
            page.get_by_role("button", name="撤销一步").click()
        else:
            page.keyboard.press(wrong)
        expect(corners_set).to_have_count(2)
        expect(size).to_contain_text("2 个点")
    # Back to nothing and on from there: the tool stays in hand, and the shape of before is still there.
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    expect(corners_set).to_have_count(0)
    expect(page.get_by_role("button", name="画面")).to_have_attribute("aria-pressed", "true")
    assert page.locator("#edit-coordinates").input_value() == before
    for at in screen[:3]:
        click(page, *at)
    drawn = shape_after(page, lambda: click(page, *screen[0]))
    assert len(set(drawn)) == 3
    # In a field of the form the key is the field's.
    page.locator("#edit-name_zh").press("End")
    page.keyboard.press("Backspace")
    expect(page.locator("#edit-name_zh")).to_have_value("逐点画")


def test_what_is_not_drawn_any_more_is_not_measured(office: Office) -> None:
    page = editor(office)
    screen = drawing(page, 53)
    for at in screen[:3]:
        click(page, *at)
    size = page.locator(".edit-size")
    expect(size).to_contain_text("个点")
    tool(page, "画面")
    page.mouse.move(screen[0][0] + 30, screen[0][1] - 30, steps=3)
    page.wait_for_timeout(200)
    expect(size).not_to_contain_text("个点")
    expect(size).to_contain_text("公顷")


def test_a_line_that_is_not_drawn_to_its_end_is_not_dropped_unseen(office: Office, axe: str) -> None:
    create(office, "begun", 70)
    page = editor(office, "begun")
    staged: list[str] = []
    page.on("request", lambda one: staged.append(one.url) if one.url.endswith("/api/edits") else None)
    page.locator(".edit-coordinates summary").click()
    page.locator("#edit-name_zh").fill("改了名")
    page.locator("#edit-reason").fill("分期")
    settled(page)
    middle = WEST + 70.6 * STEP
    ends = [pixel(page, middle, SOUTH - 0.0008), pixel(page, middle, SOUTH + STEP + 0.0008)]
    tool(page, "分割")
    click(page, *ends[0])
    told, fine = page.locator(".edit-unfinished"), page.get_by_text("没有发现问题")
    finish, give_up = (told.get_by_role("button", name=re.compile(name)) for name in ("^画完", "^放弃"))
    expect(told.get_by_role("status")).to_contain_text("分割线还没有画完")
    expect(fine).to_have_count(0)
    expect(finish).to_be_disabled()
    assert violations(page, axe) == []

    page.get_by_role("button", name="送去核对").click()
    expect(told.get_by_role("alert")).to_contain_text("没有送出。 分割线还没有画完")
    expect(give_up).to_be_focused()
    assert violations(page, axe) == []
    assert staged == []
    # One corner is no line yet; Enter ends one of two.
    page.locator("#map").focus()
    page.keyboard.press("Enter")
    expect(told).to_be_visible()
    click(page, *ends[1])
    expect(finish).to_be_enabled()
    page.keyboard.press("Enter")
    parts = page.get_by_role("region", name="分割结果").get_by_role("listitem")
    expect(parts).to_have_count(2)
    expect(told).to_have_count(0)
    settled(page)

    # A second line is begun and given up, by the key and by the button: the first one stays.
    tool(page, "分割")
    for how in ("Escape", "button"):
        click(page, ends[0][0] - 60, ends[0][1])
        expect(told).to_be_visible()
        if how == "button":
            give_up.click()
        else:
            page.keyboard.press(how)
        expect(told).to_have_count(0)
        expect(page.get_by_role("button", name="分割", exact=True)).to_have_attribute("aria-pressed", "true")
        settled(page)
    expect(page.locator("#map")).to_be_focused()
    expect(parts).to_have_count(2)
    send(page, "分期")
    expect(page.locator(".change-list")).to_contain_text("改了名（2）")


def test_an_area_of_three_corners_is_ended_by_enter(office: Office) -> None:
    page = editor(office, locale="en-GB")
    screen = drawing(page, 45, "Draw an area")
    told = page.locator(".edit-unfinished")
    click(page, *screen[0])
    click(page, *screen[1])
    page.keyboard.press("Enter")
    expect(told).to_contain_text("The area is not drawn to its end")
    click(page, *screen[2])
    # What it would be with the pointer as its last corner is nothing that anybody drew.
    page.mouse.move(screen[3][0], screen[3][1])
    page.locator("#edit-reason").fill("Survey")
    page.get_by_role("button", name="Send for review").click()
    expect(told.get_by_role("alert")).to_contain_text("Nothing was sent.")
    expect(told.get_by_role("button", name="Finish it (Enter)")).to_be_focused()
    drawn = shape_after(page, lambda: page.keyboard.press("Enter"))
    assert len(set(drawn)) == 3
    expect(told).to_have_count(0)
    assert send(page) > 0


def test_an_area_is_ended_by_a_double_click_also_after_another_was_given_up(office: Office) -> None:
    page = editor(office)
    screen = drawing(page, 47)
    click(page, *screen[0])
    click(page, *screen[2])
    page.get_by_role("button", name=re.compile("^放弃没画完的")).click()
    # The tool is in hand still: to press it again is to draw again.
    tool(page, "画面")
    for at in screen[:2]:
        click(page, *at)
        page.wait_for_timeout(400)
    drawn = shape_after(page, lambda: page.mouse.dblclick(*screen[2]))
    assert len(set(drawn)) == 3
    expect(page.locator(".edit-unfinished")).to_have_count(0)
    settled(page)


def test_an_empty_form_is_not_called_fine_and_asks_for_the_kind(office: Office) -> None:
    page = editor(office)
    hint, fine = page.locator(".edit-hint"), page.get_by_text("没有发现问题")
    expect(hint).to_contain_text("先选类别")
    with page.expect_response("**/api/edits/check"):
        page.locator("#edit-kind").select_option("parcel")
    expect(hint).to_contain_text("选一个工具")
    page.wait_for_timeout(200)
    expect(fine).to_have_count(0)
    with page.expect_response("**/api/edits/check"):
        page.locator("#edit-name_zh").fill("有名字了")
    page.wait_for_timeout(200)
    expect(fine).to_have_count(0)
    # How sure a place is that nobody drew: it is drawn, or said to be unknown.
    page.locator("#edit-reason").fill("会议纪要")
    page.get_by_role("button", name="送去核对").click()
    expect(page.get_by_text("图上还没有画：请画出来；真不知道在哪里，就在这里选“未定位”。")).to_be_visible()
    page.locator("#edit-precision").select_option("unlocated")
    settled(page)
    assert send(page, "会议纪要") > 0
    expect(listed(page)).to_have_count(1)


def test_who_sends_what_changes_nothing_is_told_so(office: Office, axe: str) -> None:
    create(office, "unmoved", 58)
    page = editor(office, "unmoved")
    page.locator("#edit-reason").fill("核对")
    page.get_by_role("button", name="送去核对").click()
    expect(page.get_by_role("alert")).to_contain_text("没有可送审的改动")
    assert violations(page, axe) == []
    page.locator("#edit-name_zh").fill("改了名的地")
    expect(page.get_by_role("alert")).to_have_count(0)
    settled(page)
    assert send(page) > 0


def test_corners_do_not_snap_to_a_shape_drawn_from_words(office: Office) -> None:
    vague = {"kind": "parcel", "precision": "schematic", "name_zh": "示意地", "name_en": "Vague"}
    add_project(office.database, "vague-corner", Polygon(corners(64)), **vague)
    page = editor(office)
    page.locator("#edit-kind").select_option("parcel")
    page.locator("#edit-name_zh").fill("旁边的地")
    page.locator("#edit-name_en").fill("Beside it")
    wanted = corners(63)
    type_shape(page, wanted)
    settled(page)
    whole(page)
    screen = [pixel(page, *place) for place in wanted]
    tool(page, "画面")
    # As near to its corners as those of a digitised neighbour are snapped to.
    for (x, y), (dx, dy) in zip(screen, [(0.0, 0.0), (-7.0, 4.0), (-6.0, 6.0), (9.0, 12.0)], strict=True):
        click(page, x + dx, y + dy)
    drawn = shape_after(page, lambda: click(page, *screen[0]))
    assert len(drawn) >= 4
    assert not set(wanted[1:3]) & set(drawn)


def test_an_english_name_that_was_a_copy_follows(office: Office) -> None:
    same = {"kind": "parcel", "precision": "digitised", "name_zh": "原名", "name_en": "原名"}
    add_project(office.database, "copied", Polygon(corners(56)), **same)
    page = editor(office, "copied")
    page.locator("#edit-name_zh").fill("新名")
    expect(page.locator("#edit-name_en")).to_have_value("新名")
    settled(page)
    send(page)
    expect(page.locator(".change-list")).to_contain_text("英文名称")
    publish(page, "核对")
    assert public(page, "copied").json()["properties"]["name_en"] == "新名"


def test_who_splits_hears_that_the_new_part_has_no_phase(office: Office) -> None:
    create(office, "phased", 60)
    record(office.database, claim("phased", "mention", "", "done", said_on="2025-01-01"))
    page = editor(office, "phased")
    tool(page, "分割")
    middle = WEST + 60.6 * STEP
    type_shape(page, [(middle, SOUTH - 0.001), (middle, SOUTH + STEP + 0.001)])
    expect(page.get_by_role("region", name="核对时须确认")).to_contain_text("没有自己的说法")
    page.get_by_label("分出部分的名称").fill("东半")
    send(page)
    expect(page.locator(".upload-review")).to_contain_text("没有自己的说法")
    # What is left of the old shape did not move.
    page.locator(".change-list").get_by_text("地块phased", exact=False).first.click()
    row = page.locator(".difference")
    expect(row).to_contain_text(re.compile(r"图形面积 18\.\d\d → 1[01]\.\d\d 公顷"))
    expect(row).not_to_contain_text("位置移动")


def test_on_a_phone_a_long_press_takes_a_corner_out(office: Office) -> None:
    create(office, "pressed", 65)
    page = office.somebody(size="phone")
    name = add(office.database, f"editor-{next(_numbers)}", "gis")
    secret = session_of(office.database, name)
    page.context.add_cookies([{"name": cookies.PLAIN, "value": secret, "url": office.served.address}])
    page.goto("/upload?edit=pressed&lang=zh")
    near(page, 100)
    page.locator(".edit-coordinates summary").tap()
    page.locator(".edit").evaluate("e => e.scrollTo(0, 0)")
    # Nothing has to be pushed aside to take a step back.
    for button in ("撤销一步", "重做一步"):
        at = page.get_by_role("button", name=button).bounding_box()
        assert at
        assert at["x"] >= 0
        assert at["x"] + at["width"] <= 375
    tool(page, "改顶点")
    expect(page.locator(".edit-hint")).to_contain_text("长按角点删去它")
    page.locator(".edit").evaluate("e => e.scrollTo(0, 0)")
    x, y = pixel(page, *corners(65)[2])
    touch = page.context.new_cdp_session(page)

    def press() -> None:
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        page.wait_for_timeout(1200)
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    left = shape_after(page, press)
    assert set(left) == {corners(65)[n] for n in (0, 1, 3)}


def test_a_resident_fetches_nothing_of_the_editor_and_sees_no_way_to_it(office: Office) -> None:
    page = office.somebody()
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto("/?project=fuan-east-road&lang=zh")
    page.get_by_role("complementary", name="富安东路").wait_for()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("link", name="编辑图形")).to_have_count(0)
    scripts = [address for address in fetched if address.endswith(".js")]
    assert len(scripts) > 2
    assert [one for one in scripts if "/api/edits" in page.request.get(one).text()] == []
    page.goto("/upload?edit=new")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert [address for address in fetched if "geoman" in address] == []
