"""The map's margin on the screens that offices have: legend and credits are whole, above the time bar."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Open

SEEN = """() => {
    const box = (found) => document.querySelector(found).getBoundingClientRect();
    const fits = (found) => {
        const part = document.querySelector(found);
        return part.scrollHeight - part.clientHeight <= 1 && part.scrollWidth - part.clientWidth <= 1;
    };
    return {
        lines: [...document.querySelectorAll('.legend > span')].map((line) => {
            const { top, bottom, right } = line.getBoundingClientRect();
            return [top, bottom, right];
        }),
        map: box('.canvas').bottom,
        time: box('.time').top,
        credits: box('.foot p').left,
        fits: fits('.legend') && fits('.foot p'),
    };
}"""


@pytest.mark.parametrize("screen", [(1440, 900), (1366, 768), (1280, 720), (1920, 1080)], ids=str)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_legend_and_the_credits_stand_whole_between_map_and_time(
    visit: Open, screen: tuple[int, int], lang: str
) -> None:
    visited = visit(f"/?lang={lang}")
    page = visited.page
    page.set_viewport_size({"width": screen[0], "height": screen[1]})
    with_card = f"/?lang={lang}&project=shenda-intercity"
    # The scale takes more or less room beside the credits, by how near the map is.
    near = [f"{with_card}&at={zoom}/22.69/114.12" for zoom in range(12, 17)]
    for path in (f"/?lang={lang}", with_card, *near):
        visited.go(path)
        page.locator(".legend").wait_for()
        seen = page.evaluate(SEEN)
        assert len(seen["lines"]) == 3
        for top, bottom, right in seen["lines"]:
            assert seen["map"] < top < bottom <= seen["time"] - 3, (path, seen)
            assert right <= seen["credits"], (path, seen)
        assert seen["fits"], (path, seen)


def test_the_left_column_shows_that_more_is_below(visit: Open) -> None:
    page = visit("/").page
    column = page.locator(".left")
    assert column.evaluate("e => e.scrollHeight > e.clientHeight")
    layers = column.get_by_role("checkbox").last
    layers.scroll_into_view_if_needed()
    bottom = layers.bounding_box()
    time = page.locator(".time").bounding_box()
    assert bottom
    assert time
    assert bottom["y"] + bottom["height"] <= time["y"]
