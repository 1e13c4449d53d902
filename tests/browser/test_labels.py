"""The words and stations of the map at every zoom: nothing overlaps, nothing is cut, all can be reached.

The boxes are measured in the page, as turned rectangles; one visit for each language and size moves the
camera through every view.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open

BOTH = pytest.mark.parametrize(
    ("size", "lang"), [("wide", "zh"), ("wide", "en"), ("phone", "zh"), ("phone", "en")]
)
ZOOMS = (11, 12, 13, 14, 15, 16, 17)
CENTRES = {
    "the whole area": (22.69, 114.125),
    "the stations of Pinghu": (22.6957, 114.1202),
    "Hehua": (22.6891, 114.116),
    "Fucheng'ao": (22.6985, 114.103),
    "the freight hub": (22.6574, 114.1345),
}
HUB = {
    "pinghu-station-line-10": "平湖站（10号线）",
    "pinghu-railway-station": "平湖站（国铁）",
    "pinghu-station-shenhui": "深惠城际平湖站",
}
LINE_10 = tuple(
    f"{name}-station"
    for name in (
        "gankeng",
        "liangmaoshan",
        "shanglilang",
        "mugu",
        "huanancheng",
        "hehua",
        "shuangyong-street",
    )
)
ALL = {
    *("metro-line-10-main", "metro-line-17-phase-2", "metro-line-18", "metro-line-21"),
    *("shenda-intercity", "shenhui-intercity"),
}
CROSSING = {"metro-line-10-main", "metro-line-17-phase-2", "metro-line-18"}
# Where all of them are on the sheet, and closer by, where those are that cross it.
READABLE = {
    **{("the whole area", zoom): ALL for zoom in (11, 12, 13)},
    ("the whole area", 14): {"metro-line-17-phase-2", "metro-line-18"},
    **{("the stations of Pinghu", zoom): CROSSING for zoom in (14, 15, 16, 17)},
}

MEASURE = """
(stations) => {
    const known = new Set(stations);
    const sheet = document.querySelector('#map').getBoundingClientRect();
    const labels = [...document.querySelectorAll('.label')].map(element => {
        const m = new DOMMatrix(getComputedStyle(element).transform);
        const box = element.getBoundingClientRect();
        const [cx, cy] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
        const [w, h] = [element.offsetWidth / 2 - 0.5, element.offsetHeight / 2 - 0.5];
        const corner = (sx, sy) => [cx + m.a * w * sx + m.c * h * sy, cy + m.b * w * sx + m.d * h * sy];
        const name = element.textContent + (element.dataset.id ? ` [${element.dataset.id}]` : '');
        const round = s => [[-s, -s], [s, -s], [s, s], [-s, s]].map(([x, y]) => corner(x, y));
        const id = element.dataset.id ?? '';
        return {element, name, id, corners: round(1), inner: [[cx, cy], ...round(0.9)]};
    });
    const gap = (a, b, [x, y]) => {
        const along = corners => corners.map(p => p[0] * x + p[1] * y);
        const [one, two] = [along(a), along(b)];
        return Math.max(Math.min(...two) - Math.max(...one), Math.min(...one) - Math.max(...two));
    };
    const axes = c => [0, 1].map(i => {
        const [x, y] = [c[i + 1][0] - c[i][0], c[i + 1][1] - c[i][1]];
        const length = Math.hypot(x, y) || 1;
        return [x / length, y / length];
    });
    const meet = (a, b) => [...axes(a), ...axes(b)].every(axis => gap(a, b, axis) < 0);
    const faults = [];
    labels.forEach((one, i) => labels.slice(i + 1).forEach(other => {
        if (meet(one.corners, other.corners)) faults.push(`${one.name} overlaps ${other.name}`);
    }));
    const marks = [...document.querySelectorAll('.mark')]
        .filter(mark => getComputedStyle(mark).display !== 'none')
        .map(mark => {
            const disc = mark.querySelector('circle:nth-child(2)').getBoundingClientRect();
            const id = mark.querySelector('[data-project]').dataset.project;
            const [x, y] = [(disc.left + disc.right) / 2, (disc.top + disc.bottom) / 2];
            return {id, x, y, r: disc.width / 2, station: known.has(id)};
        });
    marks.forEach((one, i) => marks.slice(i + 1).forEach(other => {
        const apart = Math.hypot(one.x - other.x, one.y - other.y);
        if (one.station && other.station && apart < one.r + other.r)
            faults.push(`the mark of ${one.id} covers that of ${other.id}`);
    }));
    for (const label of labels) for (const mark of marks) {
        const {x, y, r} = mark;
        const [ax, ay] = axes(label.corners);
        const reach = (axis) => {
            const on = label.corners.map(p => p[0] * axis[0] + p[1] * axis[1]);
            const p = x * axis[0] + y * axis[1];
            return Math.max(0, Math.min(...on) - p, p - Math.max(...on));
        };
        const apart = Math.hypot(reach(ax), reach(ay));
        if (apart < r - 0.5) faults.push(`${label.name} covers the mark of ${mark.id}`);
    }
    // For this moment every word can be hit, so that whatever lies over one shows.
    for (const {element} of labels) element.style.pointerEvents = 'auto';
    for (const {element, name, corners, inner} of labels) {
        const out = corners.some(([x, y]) =>
            x < sheet.left || x > sheet.right || y < sheet.top || y > sheet.bottom);
        if (out) faults.push(`${name} is cut by the edge of the map`);
        if (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 2)
            faults.push(`${name} does not fit its own box`);
        for (const [x, y] of inner) {
            const top = document.elementFromPoint(x, y);
            if (!top?.closest('.label')) {
                faults.push(`${name} lies under ${top?.getAttribute('class') || top?.tagName}`);
                break;
            }
        }
    }
    for (const {element} of labels) element.style.pointerEvents = '';
    return {faults, named: labels.map(label => label.id).filter(Boolean), count: labels.length, marks,
            sheet: {left: sheet.left, top: sheet.top, right: sheet.right, bottom: sheet.bottom}};
}
"""
SETTLED = """
async () => {
    for (let n = 0; n < 4; n++) await new Promise(requestAnimationFrame);
}
"""


def move(page: Page, lang: str, zoom: float, lat: float, lon: float) -> dict[str, Any]:
    """Put the camera there as going back to an address does; answers what stands on the sheet."""
    page.evaluate(
        """(search) => {
            history.replaceState(null, '', search);
            dispatchEvent(new PopStateEvent('popstate'));
        }""",
        f"/?lang={lang}&at={zoom}/{lat}/{lon}",
    )
    page.evaluate(SETTLED)
    measured: dict[str, Any] = page.evaluate(MEASURE, [*HUB, *LINE_10])
    return measured


def opened(visit: Open, lang: str, size: str) -> Page:
    page = visit(f"/?lang={lang}", size=size).page
    page.locator(".label").first.wait_for(state="attached")
    page.wait_for_timeout(300)
    return page


def views() -> Iterator[tuple[str, float, float, int]]:
    for place, (lat, lon) in CENTRES.items():
        for zoom in ZOOMS:
            yield place, lat, lon, zoom


@BOTH
def test_nothing_overlaps_is_cut_or_hidden_and_every_line_is_named(visit: Open, size: str, lang: str) -> None:
    page = opened(visit, lang, size)
    faults, count = [], 0
    for place, lat, lon, zoom in views():
        measured = move(page, lang, zoom, lat, lon)
        count += measured["count"]
        unnamed = READABLE.get((place, zoom), set()) - set(measured["named"])
        found = [*measured["faults"], *(f"{line} is not named" for line in unnamed)]
        faults += [f"{place}, zoom {zoom}: {fault}" for fault in found]
    assert faults == []
    # What is never shown cannot overlap either.
    assert count > (700 if size == "wide" else 300)


def test_each_station_of_one_place_is_reached_by_pointer_and_list(visit: Open) -> None:
    page = opened(visit, "zh", "wide")
    projects = page.get_by_role("list", name="项目")
    for zoom in (11, 13, 15, 17):
        for station, name in HUB.items():
            marks = {m["id"]: m for m in move(page, "zh", zoom, *CENTRES["the stations of Pinghu"])["marks"]}
            page.mouse.move(marks[station]["x"], marks[station]["y"])
            expect(page.locator(".leaflet-tooltip")).to_contain_text(name)
            expect(projects.get_by_role("button", name=name, exact=True)).to_be_attached()
            page.mouse.click(marks[station]["x"], marks[station]["y"])
            expect(page.get_by_role("complementary", name=name, exact=True)).to_be_visible()
