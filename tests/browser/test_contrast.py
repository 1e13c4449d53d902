"""Contrast, measured in the browser on what the style sheets and the kinds' colours come to, light and dark.

WCAG 2.2: 4.5 : 1 for text (1.4.3), 3 : 1 for what has to be seen of symbols and controls (1.4.11).
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open

TEXT, GRAPHIC = 4.5, 3.0
# What is written on what: tokens of the style sheet.
PAPERS = ["--paper", "--raise", "--sunk", "--ground"]
WRITTEN: dict[str, list[str]] = {
    "--ink": PAPERS,
    "--ink-2": PAPERS,
    "--ink-3": PAPERS,
    "--on-ink": ["--ink"],
    # Names on the map stand on land, parks, water and what lies outside; water names on water.
    "--map-ink": ["--land", "--district", "--outside", "--water", "--green"],
    "--map-ink-2": ["--land", "--district", "--outside", "--green", "--paper"],
    "--water-ink": ["--water"],
    "--s-green": ["--paper", "--s-green-bg"],
    "--s-amber": ["--paper", "--raise", "--s-amber-bg"],
    "--s-red": ["--paper", "--s-red-bg"],
    "--s-silent": ["--paper", "--s-silent-bg"],
    "--s-grey": ["--paper", "--s-grey-bg"],
}
# What has to be seen without being read: edges of controls, focus, the signs of the time bar.
SEEN: dict[str, list[str]] = {
    "--rule-2": ["--paper", "--raise"],
    "--focus": [*PAPERS, "--land", "--outside"],
    "--map-ink": ["--land", "--outside"],
}
# A line of the map lies on these; the edges of symbols too.
MAP_GROUNDS = ["--land", "--district", "--outside", "--green"]

SEE_THROUGH = "rgba(0, 0, 0, 0)"
RESOLVE = """
(names) => {
    const probe = document.body.appendChild(document.createElement("i"));
    const found = Object.fromEntries(names.map((name) => {
        probe.style.color = `var(${name}, transparent)`;
        return [name, getComputedStyle(probe).color];
    }));
    probe.remove();
    return found;
}
"""
OPACITIES = """
() => {
    const speaks = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    return [...document.querySelectorAll("body *")].filter((one) => speaks(one) && one.checkVisibility())
        .map((one) => {
            let opacity = 1;
            for (let up = one; up; up = up.parentElement) opacity *= Number(getComputedStyle(up).opacity);
            return [String(one.className), one.textContent.slice(0, 30), opacity];
        });
}
"""
HUES = """
() => [...document.documentElement.style].filter((name) => name.startsWith("--k-"))
"""


def luminance(colour: str) -> float:
    """Relative luminance of `rgb(r, g, b)`. Raises AssertionError for a colour that is see-through."""
    parts = [float(part) for part in re.findall(r"[\d.]+", colour)]
    assert len(parts) == 3, f"{colour} is not one plain colour"
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (part / 255 for part in parts)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def colours(page: Page, *names: str) -> dict[str, str]:
    found: dict[str, str] = page.evaluate(RESOLVE, list(names))
    return found


def too_weak(page: Page, table: dict[str, list[str]], least: float) -> list[tuple[str, str, float]]:
    names = {*table, *(ground for grounds in table.values() for ground in grounds)}
    found = colours(page, *names)
    measured = [
        (name, ground, round(contrast(found[name], found[ground]), 2))
        for name, grounds in table.items()
        for ground in grounds
    ]
    return [entry for entry in measured if entry[2] < least]


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, visit: Open) -> Page:
    shown: Page = visit("/?lang=en", theme=request.param).page
    return shown


def test_the_measure_itself() -> None:
    assert contrast("rgb(0, 0, 0)", "rgb(255, 255, 255)") == pytest.approx(21)
    assert contrast("rgb(118, 118, 118)", "rgb(255, 255, 255)") == pytest.approx(4.54, abs=0.01)


def test_text_can_be_read(page: Page) -> None:
    assert too_weak(page, WRITTEN, TEXT) == []


def test_controls_and_signs_can_be_seen(page: Page) -> None:
    assert too_weak(page, SEEN, GRAPHIC) == []


def test_every_hue_is_seen_on_the_map_and_as_a_sign(page: Page) -> None:
    hues: list[str] = page.evaluate(HUES)
    assert len(hues) > 12
    assert too_weak(page, {hue: [*MAP_GROUNDS, "--paper"] for hue in hues}, GRAPHIC) == []


def test_names_on_plates_of_a_hue_can_be_read(page: Page) -> None:
    """The name of a line stands on a plate filled with its hue, or with that of the line it belongs to."""
    kinds = page.request.get(page.url.split("/?")[0] + "/api/catalogue").json()["kinds"]
    plates = [kind["id"] for kind in kinds if kind["style"]["form"] in ("line", "station")]
    pattern = re.compile(f"--k-({'|'.join(plates)})(-|$)")
    hues = [hue for hue in page.evaluate(HUES) if pattern.match(hue)]
    assert len(hues) > 5
    found = colours(page, "--paper", *hues, *(f"--on-{hue[2:]}" for hue in hues))
    weak = []
    for hue in hues:
        own = found[f"--on-{hue[2:]}"]
        # Without a colour of its own the text takes that of the paper.
        text = found["--paper"] if own == SEE_THROUGH else own
        if (ratio := contrast(text, found[hue])) < TEXT:
            weak.append((hue, round(ratio, 2)))
    assert weak == []


def test_no_text_that_is_shown_is_fainter_than_its_token(page: Page) -> None:
    """Opacity would make weaker what the tokens promise."""
    shown: list[tuple[str, str, float]] = page.evaluate(OPACITIES)
    assert len(shown) > 100
    assert [entry for entry in shown if 0 < entry[2] < 0.8] == []
