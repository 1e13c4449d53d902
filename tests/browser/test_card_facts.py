"""What the card says of figures and days that a source gives in part."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, expect
from shapely.geometry import box

from tests.app.changing import claim, new_project, publish
from tests.browser.conftest import Open
from tests.browser.office import Office

LANGS = pytest.mark.parametrize(("size", "lang"), [("wide", "zh"), ("phone", "en")])
_numbers = itertools.count()


def card_of(office: Office, name: str, size: str, lang: str) -> Locator:
    page = office.somebody(size=size)
    page.goto(f"/?project={name}&lang={lang}")
    shown = page.get_by_role("complementary")
    shown.get_by_text({"zh": "发布记录", "en": "Published"}[lang], exact=True).wait_for()
    return shown


def surveyed(office: Office) -> str:
    """A surveyed parcel of which a list says that it was under construction on a day, and how large it is."""
    name = f"card-parcel-{next(_numbers)}"
    size = claim(name, "measure:area_ha", "2025-01-31", "done", said_on="2025-01-31", value="12.5")
    assert size.after
    publish(
        office.database,
        new_project(
            name,
            box(114.10, 22.68, 114.104, 22.684),
            kind="parcel",
            precision="surveyed",
            attrs={"area_ha": 13},
        ),
        claim(name, "phase", "2025-01-31", "done", said_on="2025-01-31", value="building"),
        replace(size, after={**size.after, "unit": "ha"}),
    )
    return name


@LANGS
def test_a_phase_seen_on_a_day_says_that_its_beginning_is_not_known(
    office: Office, size: str, lang: str
) -> None:
    shown = card_of(office, surveyed(office), size, lang)
    expect(shown.locator(".since")).to_have_text(
        {"zh": "2025 年 1 月 31 日或更早起", "en": "since 31 Jan 2025 or earlier"}[lang]
    )
    said = {
        "zh": "何时开始不详：来源只说那时已是“在建”。",
        "en": "Since when is not known: sources only say that it was “Building” by then.",
    }
    expect(shown.get_by_text(said[lang], exact=True)).to_be_visible()


def test_where_a_source_says_since_when_nothing_is_called_unknown(visit: Open) -> None:
    shown = visit("/?project=fuan-east-road").page.get_by_role("complementary")
    expect(shown.locator(".since")).to_have_text("2025 年 1 月 15 日起")
    expect(shown.locator(".began-note")).to_have_count(0)


@LANGS
def test_a_stated_area_is_told_from_the_measured_one(office: Office, size: str, lang: str) -> None:
    shown = card_of(office, surveyed(office), size, lang)
    stated, measured = {
        "zh": ("资料面积", "图上量算面积"),
        "en": ("Area stated", "Area measured on the map"),
    }[lang]
    rows = shown.locator(".figures > div")
    expect(rows.filter(has=rows.page.get_by_text(stated, exact=True)).locator("b")).to_have_text("12.5 ha")
    # 0.004° of longitude by 0.004° of latitude, here some 411 m by 443 m.
    expect(rows.filter(has=rows.page.get_by_text(measured, exact=True)).locator("b")).to_have_text("18.21 ha")
    names = shown.locator(".figures dt, .about dt").all_inner_texts()
    assert names.count(stated) == 2
    assert not {"面积", "Area"} & set(names)


@LANGS
def test_the_stops_of_a_line_are_read_in_the_language_of_the_page(visit: Open, size: str, lang: str) -> None:
    page = visit(f"/?project=shenda-intercity&lang={lang}", size=size).page
    stops = page.locator(".figures > div").filter(has_text={"zh": "站序", "en": "Order of stations"}[lang])
    said = {"zh": "…、五和、白坭坑、大运、…", "en": "…, Wuhe, Bainikeng, Universiade, …"}[lang]
    expect(stops.locator("b")).to_have_text(said)
    expect(page.locator(".claim-head").filter(has_text=said)).to_have_count(1)
