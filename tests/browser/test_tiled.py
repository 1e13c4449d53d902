"""A numerous kind on the page: painted from tiles, pointed at, opened, filtered, moved through the years."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from app.database import Database
from tests import many
from tests.browser.conftest import Open, Visit
from tests.conftest import SEEDED, clone
from tests.serving import Served, serving

COUNT = 3500
PATIENCE_MS = 20_000
SHOWN = 306
"""A parcel away from every line and station, that is in service; the one before it is promised only."""
TILES = ".leaflet-tiled-pane canvas"
INK = """
(canvases) => canvases.map((canvas) => {
    // A copy: reading the canvas itself makes the browser warn about it.
    const own = new OffscreenCanvas(canvas.width, canvas.height);
    const copy = own.getContext('2d', {willReadFrequently: true});
    copy.drawImage(canvas, 0, 0);
    const {data} = copy.getImageData(0, 0, canvas.width, canvas.height);
    let sum = 0;
    for (let i = 3; i < data.length; i += 4) sum += data[i];
    return sum;
}).reduce((a, b) => a + b, 0)
"""

OpenMany = Callable[..., Visit]


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with clone(SEEDED) as url:
        database = Database(url)
        many.publish_parcels(database, COUNT)
        database.close()
        with serving(tmp_path_factory.mktemp("many"), GUATU_DATABASE_URL=url) as found:
            yield found


@pytest.fixture
def look(visit: Open, crowded: Served) -> OpenMany:
    def open_page(path: str = "/", **more: str) -> Visit:
        found = visit(path, server=crowded, **more)
        expect(found.page.locator("#tiled .number")).not_to_have_text("0", timeout=PATIENCE_MS)
        return found

    return open_page


def at(number: int, zoom: float = 16, **more: str) -> str:
    """The address of a view whose middle is the middle of a parcel."""
    middle = many.square(number).centroid
    query = "".join(f"&{name}={value}" for name, value in more.items())
    return f"/?at={zoom}/{middle.y:.5f}/{middle.x:.5f}{query}"


def press_middle(page: Page) -> None:
    box = page.locator(
        "#map .leaflet-container, #map.leaflet-container, .leaflet-container"
    ).first.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def ink(page: Page) -> float:
    """How much is painted on all tiles together."""
    found: float = page.locator(TILES).evaluate_all(INK)
    return found


def questions(page: Page) -> list[str]:
    """What the page asks the service from now on; the browser itself asks for the icon when it likes."""
    asked: list[str] = []
    page.on("request", lambda request: None if "favicon" in request.url else asked.append(request.url))
    return asked


def rows(page: Page) -> Locator:
    return page.locator("#tiled .row")


# ---------------------------------------------------------------- drawing


def test_the_kind_is_painted_and_never_fetched_as_a_list(look: OpenMany) -> None:
    asked: list[str] = []
    found = look("/")
    found.page.on("request", lambda request: asked.append(request.url))
    found.page.reload()
    expect(found.page.locator("#tiled .number")).not_to_have_text("0", timeout=PATIENCE_MS)
    assert ink(found.page) > 0
    lists = [url for url in asked if "/api/projects?" in url and "kind=" in url]
    assert lists
    assert all("kind=park" in url and "kind=parcel" not in url for url in lists)
    assert all("kind=parcel" not in url for url in asked if "/api/timeline" in url)
    tiles = [url for url in asked if re.search(r"/tiles/pinghu/3/parcel/\d+/\d+/\d+\.mvt$", url)]
    assert tiles
    assert len(tiles) == len(set(tiles))
    assert found.page.locator('path[data-kind="parcel"], [data-id^="many-"]').count() == 0
    assert found.complaints == []


def test_the_layers_say_how_many_there_are_and_the_page_what_its_numbers_leave_out(look: OpenMany) -> None:
    found = look("/")
    layer = found.page.locator("#layers li", has_text="土地整备")
    expect(layer.locator(".count")).to_have_text(f"{COUNT + 5} / {COUNT + 6}")
    note = found.page.get_by_text(f"土地整备（{COUNT + 6} 项）数量多，以瓦片绘制")
    expect(note).to_contain_text("时间轴")
    found.page.get_by_role("button", name="English").click()
    expect(found.page.get_by_text(f"Land consolidation ({COUNT + 6}) are numerous")).to_be_visible()
    expect(found.page.locator("#tiled h2")).to_contain_text("Drawn as tiles, in view")
    expect(rows(found.page).first).to_contain_text(re.compile("Parcel|project|Site", re.IGNORECASE))
    assert found.complaints == []


def test_on_paper_and_in_the_dark_the_tiles_take_other_colours(look: OpenMany) -> None:
    pixel = """
    (canvases) => canvases.map((canvas) => {
        const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        for (let i = 0; i < data.length; i += 4)
            if (data[i + 3] > 200) return data.slice(i, i + 3).join();
        return '';
    }).find((one) => one) ?? ''
    """
    light = look(at(SHOWN)).page.locator(TILES).evaluate_all(pixel)
    dark = look(at(SHOWN), theme="dark").page.locator(TILES).evaluate_all(pixel)
    assert light == "132,89,0"
    assert dark == "240,154,40"


# ---------------------------------------------------------------- one of them


def test_a_press_opens_the_card_of_what_is_painted_there(look: OpenMany) -> None:
    found = look(at(SHOWN))
    page = found.page
    press_middle(page)
    card = page.locator("aside.card")
    expect(card).to_have_attribute("aria-label", f"地块{SHOWN}号")
    expect(card.locator(".phase-badge b").first).to_have_text("已投用")
    expect(page).to_have_url(re.compile(f"project={many.parcel_id(SHOWN)}"))
    outline = page.locator(".leaflet-halo-pane .chosen")
    expect(outline.first).to_be_attached()
    # The numbers of the page do not change with what happens to be open.
    expect(page.locator("#layers li", has_text="土地整备").locator(".count")).to_have_text(
        f"{COUNT + 5} / {COUNT + 6}"
    )
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(outline).to_have_count(0)
    assert found.complaints == []


def test_an_address_opens_one_and_brings_it_into_view(look: OpenMany) -> None:
    found = look(f"/?project={many.parcel_id(3399)}&lang=en")
    expect(found.page.locator("aside.card")).to_have_attribute("aria-label", "Parcel 3399")
    outline = found.page.locator(".leaflet-halo-pane .chosen").first
    expect(outline).to_be_attached()
    sheet, box = found.page.locator(".leaflet-container").bounding_box(), outline.bounding_box()
    assert sheet
    assert box
    assert sheet["x"] <= box["x"] <= sheet["x"] + sheet["width"]
    assert sheet["y"] <= box["y"] <= sheet["y"] + sheet["height"]
    assert found.complaints == []


def test_the_pointer_is_told_what_it_is_over(look: OpenMany) -> None:
    page = look(at(SHOWN)).page
    box = page.locator(".leaflet-container").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".leaflet-tooltip")).to_have_text(re.compile(f"地块{SHOWN}号 · 已投用 · "))
    expect(page.locator(".leaflet-container")).to_have_class(re.compile("over-tile"))


def test_the_keyboard_reaches_them_through_the_list(look: OpenMany) -> None:
    found = look(at(SHOWN))
    page = found.page
    assert rows(page).count() == 50
    expect(page.locator("#tiled")).to_contain_text("这里列前 50 项")
    button = rows(page).first.get_by_role("button")
    name = button.locator(".row-name").inner_text()
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("aside.card")).to_have_attribute("aria-label", name)
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    assert found.complaints == []


# ---------------------------------------------------------------- filters and days


def test_filters_apply_to_the_tiles_without_asking_anybody(look: OpenMany) -> None:
    found = look(at(SHOWN))
    page = found.page
    whole = ink(page)
    asked = questions(page)
    page.locator("button.phase", has_text="已列规划").click()
    expect(rows(page).locator(".row-phase").first).to_have_text("已列规划")
    assert {row.strip() for row in rows(page).locator(".row-phase").all_inner_texts()} == {"已列规划"}
    assert 0 < ink(page) < whole / 2
    press_middle(page)
    expect(page.locator("aside.card")).to_have_count(0)
    page.locator("button.phase", has_text="已列规划").click()
    assert ink(page) == whole
    page.locator("#layer-parcel").uncheck(force=True)
    expect(page.locator(TILES)).to_have_count(0)
    expect(page.locator("#tiled")).to_have_count(0)
    assert asked == []
    assert found.complaints == []


def test_a_step_of_the_day_repaints_at_once_and_asks_nobody(look: OpenMany) -> None:
    found = look(at(SHOWN))
    page = found.page
    asked = questions(page)
    step = f"""
    (key) => {{
        const ink = () => ({INK})([...document.querySelectorAll('{TILES}')]);
        const slider = document.querySelector('[role=slider]');
        const before = ink();
        for (let i = 0; i < 7; i++)
            slider.dispatchEvent(new KeyboardEvent('keydown', {{key, bubbles: true, cancelable: true}}));
        return [before, ink()];
    }}
    """
    before, earlier = page.evaluate(step, "PageDown")
    assert earlier < before
    expect(rows(page).locator(".row-phase", has_text="未说明").first).to_be_attached()
    _, back = page.evaluate(step, "PageUp")
    assert back == before
    assert asked == []
    assert found.complaints == []


def test_beyond_today_promises_are_hollow_and_what_is_last_known_is_pale(look: OpenMany) -> None:
    page = look(at(SHOWN, day="2030-06-01")).page
    said = rows(page).locator(".row-phase").all_inner_texts()
    assert any("承诺" in text for text in said)
    assert any("承诺" not in text for text in said)
    assert ink(page) < ink(look(at(SHOWN)).page)


# ---------------------------------------------------------------- failing


def test_tiles_that_do_not_come_are_told_and_can_be_asked_for_again(visit: Open, crowded: Served) -> None:
    found = visit("/?base=off", server=crowded)
    page = found.page

    def refuse(route: Route) -> None:
        route.fulfill(status=503, body="")

    page.context.route("**/*.mvt", refuse)
    page.goto(crowded.address + at(1010))
    expect(page.locator("#tiled")).to_contain_text("块瓦片取不来")
    page.context.unroute("**/*.mvt", refuse)
    page.locator("#tiled").get_by_role("button", name="重试").click()
    expect(page.locator("#tiled")).not_to_contain_text("块瓦片取不来")
    expect(rows(page).first).to_be_attached()
    assert ink(page) > 0


def test_the_search_finds_them_by_asking_the_service(look: OpenMany) -> None:
    found = look()
    search = found.page.get_by_role("combobox", name="搜索")
    search.fill(many.parcel_id(1234))
    option = found.page.get_by_role("option", name=many.parcel_id(1234))
    option.first.wait_for()
    search.press("Enter")
    found.page.get_by_role("complementary", name="地块1234号").wait_for()
