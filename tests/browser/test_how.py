"""How the chart knows what it says: words explained where they are used, and the page that tells it."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open, Visit
from tests.browser.test_everyone import violations

TITLE = {"zh": "我们怎么知道的", "en": "How we know"}
# Section → its title, in the order of the page.
PARTS = {
    "know": {"zh": "一件事怎样上图", "en": "How something gets on the chart"},
    "sources": {"zh": "来源", "en": "Sources"},
    "schematic": {"zh": "哪些只是示意", "en": "What is only schematic"},
    "unknown": {"zh": "哪些还没有人说", "en": "What nobody has said yet"},
    "words": {"zh": "这些词是什么意思", "en": "What these words mean"},
    "licences": {"zh": "许可与署名", "en": "Licences and credits"},
    "report": {"zh": "发现错了", "en": "If something is wrong"},
    "data": {"zh": "把数据拿走", "en": "Take the data with you"},
}
VOCABULARIES = ("phases", "commitments", "precisions", "lights", "tiers")
LARGEST_BYTES = 250_000
# What is not in the language of the page says so; nothing else may be.
FOREIGN = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
        const node = walker.currentNode;
        if (node.parentElement.closest('[lang=zh], noscript, script')) continue;
        if (/\\p{Script=Han}/u.test(node.data)) found.push(node.data);
    }
    return found;
}"""


def how(found: Visit, lang: str, more: str = "") -> Page:
    page = found.page
    page.goto(f"{found.address}/how?lang={lang}{more}")
    page.get_by_role("heading", level=1, name=TITLE[lang]).wait_for()
    return page


def answer(page: Page, path: str) -> Any:
    got = page.request.get(page.evaluate("location.origin") + path)
    assert got.ok
    return got.json()


def section(page: Page, name: str) -> Locator:
    return page.locator(f"#{name}")


def open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")


# ---------------------------------------------------------------- the page


@pytest.mark.parametrize(
    ("size", "lang", "theme"),
    [
        ("wide", "zh", "light"),
        ("wide", "en", "dark"),
        ("phone", "zh", "dark"),
        ("phone", "en", "light"),
        ("small", "en", "light"),
    ],
)
def test_the_page_is_whole_for_everyone(visit: Open, axe: str, size: str, lang: str, theme: str) -> None:
    found = visit(size=size, theme=theme)
    page = how(found, lang)
    expect(page.locator("html")).to_have_attribute("lang", {"zh": "zh-CN", "en": "en"}[lang])
    expect(page).to_have_title(re.compile(f"^{TITLE[lang]} · "))
    for opened in (False, True):
        if opened:
            open_all(page)
        assert violations(page, axe) == []
        across, width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert across == width
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(one => +one.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    titles = page.get_by_role("main").get_by_role("heading", level=2)
    expect(titles).to_have_text([names[lang] for names in PARTS.values()])
    assert (found.complaints, found.strangers) == ([], [])


def test_in_english_nothing_stays_chinese_but_what_says_so(visit: Open) -> None:
    page = how(visit(), "en")
    open_all(page)
    # A source without an English name keeps its own; the sources of Pinghu all have one.
    assert page.evaluate(FOREIGN) == []


def test_it_is_light_and_does_without_the_map(visit: Open) -> None:
    page = how(visit(), "zh")
    files: list[str] = page.evaluate(
        "performance.getEntriesByType('resource').map(one => one.name).filter(one => /assets/.test(one))"
    )
    assert len(files) > 2
    bodies = [page.request.get(name).body() for name in files]
    assert sum(len(body) for body in bodies) < LARGEST_BYTES
    assert not any(b"leaflet" in body.lower() for body in bodies)


@pytest.mark.parametrize("name", PARTS)
def test_every_part_can_be_linked(visit: Open, name: str) -> None:
    page = how(visit(), "zh", f"#{name}")
    expect(section(page, name).get_by_role("heading", level=2)).to_be_in_viewport()
    expect(page.get_by_role("navigation", name="本页内容").get_by_role("link")).to_have_count(len(PARTS))


def test_every_source_is_there_with_what_rests_on_it(visit: Open) -> None:
    page = how(visit(), "zh")
    told = answer(page, "/api/sources")
    open_all(page)
    documents = section(page, "sources").locator(".document")
    expect(documents).to_have_count(len(told["sources"]))
    for shown, source in zip(documents.all(), told["sources"], strict=True):
        expect(shown.get_by_role("heading", level=4)).to_contain_text(source["title"].split()[0])
        expect(shown).to_contain_text(f"{source['claims']} 条说法")
        links = shown.locator(".how-projects a")
        expect(links).to_have_count(len(source["speaks_of"]))
        if source["address"].startswith("http"):
            expect(shown.locator("h4 a")).to_have_attribute("href", source["address"])
    assert max(len(source["speaks_of"]) for source in told["sources"]) > 90


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_schematic_or_unknown_is_counted_listed_and_leads_to_the_map(visit: Open, lang: str) -> None:
    found = visit()
    page = how(found, lang)
    lists = answer(page, "/api/sources")["lists"]
    schematic = section(page, "schematic")
    expect(schematic).to_contain_text(str(lists["schematic"]["count"]))
    expect(schematic.locator(".how-projects a")).to_have_count(lists["schematic"]["count"])
    heads = section(page, "unknown").locator(".how-unknown")
    for head, name in zip(heads.all(), ("without_phase", "unlocated", "promised_without_date"), strict=True):
        summary = head.locator("summary").first
        expect(summary).to_contain_text(str(lists[name]["count"]))
        expect(head.locator(".how-projects").first).to_be_hidden()
        summary.press("Enter")
        kind = head.locator("summary").nth(1)
        kind.press("Enter")
        expect(head.get_by_role("link").last).to_be_attached()
        expect(head.locator(".how-projects a")).to_have_count(lists[name]["count"])
    first = section(page, "unknown").locator(".how-projects a:visible").first
    name = first.inner_text()
    first.click()
    page.get_by_role("slider").first.wait_for()
    expect(page).to_have_url(re.compile(f"lang={lang}"))
    expect(page.get_by_role("complementary", name=name, exact=True)).to_be_visible()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_word_stands_there_with_its_sentence(visit: Open, lang: str) -> None:
    page = how(visit(), lang)
    told = answer(page, "/api/catalogue")
    words = section(page, "words")
    rows = words.locator("dl > div")
    expect(rows).to_have_count(sum(len(told[name]) for name in VOCABULARIES))
    for name in VOCABULARIES:
        for entry in told[name]:
            row = rows.filter(has=page.locator("dd").get_by_text(entry[f"explain_{lang}"], exact=True))
            expect(row).to_contain_text(entry[f"name_{lang}"])


def test_the_language_is_part_of_the_address_and_the_theme_can_be_changed(visit: Open) -> None:
    page = how(visit(), "zh", "#words")
    page.get_by_role("button", name="English", exact=True).click()
    page.get_by_role("heading", level=1, name=TITLE["en"]).wait_for()
    expect(page).to_have_url(re.compile(r"/how\?lang=en#words$"))
    expect(page.get_by_role("link", name="Back to the map")).to_have_attribute("href", "/?lang=en")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Light or dark").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before


def test_what_does_not_come_is_said_and_asked_for_again(visit: Open) -> None:
    found = visit()
    page = found.page
    page.route("**/api/sources", lambda route: route.abort())
    page.goto(f"{found.address}/how?lang=zh")
    expect(page.get_by_role("alert")).to_contain_text("来源没有取来")
    page.unroute("**/api/sources")
    page.get_by_role("button", name="重试").click()
    page.get_by_role("heading", level=1, name=TITLE["zh"]).wait_for()


def test_on_paper_it_is_text_alone(visit: Open) -> None:
    page = how(visit(theme="dark"), "zh")
    page.emulate_media(media="print")
    expect(page.get_by_role("banner")).to_be_hidden()
    expect(page.get_by_role("navigation", name="本页内容")).to_be_hidden()
    expect(section(page, "words").get_by_role("heading", level=2)).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


# ---------------------------------------------------------------- the words where they are used

PROJECT = "jihe-expressway-widening"
OF_IT = {
    "phases": {"zh": "在建", "en": "Building"},
    "lights": {"zh": "未到期", "en": "not yet due"},
    "commitments": {"zh": "预计", "en": "expected"},
    "tiers": {"zh": "报道", "en": "press"},
}


def sentences(page: Page, name: str, lang: str) -> set[str]:
    told = page.request.get(page.evaluate("location.origin") + "/api/catalogue").json()
    return {entry[f"explain_{lang}"] for entry in told[name]}


@pytest.mark.parametrize(("size", "lang"), [("wide", "zh"), ("wide", "en"), ("phone", "zh"), ("phone", "en")])
def test_a_word_of_the_card_opens_its_sentence_for_keyboard_and_finger(
    visit: Open, axe: str, size: str, lang: str
) -> None:
    found = visit(f"/?project={PROJECT}&lang={lang}", size=size)
    page = found.page
    card = page.get_by_role("complementary")
    card.get_by_role("article").first.wait_for()
    for name, words in OF_IT.items():
        word = card.get_by_role("button", name=re.compile(f"^{words[lang]}")).first
        expect(word).to_have_attribute("aria-expanded", "false")
        if size == "phone":
            word.tap()
        else:
            word.focus()
            page.keyboard.press("Enter")
        expect(word).to_have_attribute("aria-expanded", "true")
        note = card.get_by_role("note")
        expect(note).to_have_count(1)
        expect(note).to_be_visible()
        assert note.inner_text() in sentences(page, name, lang)
        assert page.locator(f"[id='{word.get_attribute('aria-controls')}']").inner_text() == note.inner_text()
    assert violations(page, axe) == []
    # Esc takes back the sentence and nothing else; then it closes the card as ever.
    page.keyboard.press("Escape")
    expect(card.get_by_role("note")).to_have_count(0)
    expect(card).to_be_visible()
    last = card.get_by_role("button", name=re.compile(f"^{OF_IT['tiers'][lang]}")).first
    expect(last).to_be_focused()
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    assert (found.complaints, found.strangers) == ([], [])


def test_a_word_pressed_again_closes_and_no_word_moves_away_from_the_finger(visit: Open) -> None:
    page = visit(f"/?project={PROJECT}").page
    light = page.get_by_role("complementary").get_by_role("button", name=re.compile("^未到期"))
    before = light.bounding_box()
    light.click()
    expect(page.get_by_role("note")).to_be_visible()
    assert light.bounding_box() == before
    light.click()
    expect(page.get_by_role("note")).to_have_count(0)


def test_of_a_promised_phase_the_sentence_says_that_it_is_no_fact(visit: Open) -> None:
    page = visit(f"/?project={PROJECT}&lang=en&day=2030-06-01").page
    card = page.get_by_role("complementary")
    card.get_by_role("button", name=re.compile("^In service")).click()
    expect(card.get_by_role("note")).to_contain_text("promised, and not yet a fact")


def test_how_sure_a_measure_is_can_be_asked(visit: Open) -> None:
    page = visit("/?project=metro-line-10-main&lang=en").page
    card = page.get_by_role("complementary")
    word = card.locator(".figures").get_by_role("button", name="digitised")
    word.click()
    expect(card.get_by_role("note")).to_contain_text("Traced from public maps")


def test_the_phases_of_the_legend_are_explained_without_a_mouse(visit: Open) -> None:
    page = visit("/").page
    meaning = page.get_by_text("这些阶段是什么意思")
    meaning.focus()
    page.keyboard.press("Enter")
    for sentence in sentences(page, "phases", "zh"):
        expect(page.get_by_text(sentence, exact=True)).to_be_visible()


def test_the_map_leads_to_where_it_is_told(visit: Open) -> None:
    page = visit(f"/?project={PROJECT}&lang=en").page
    page.get_by_role("complementary").get_by_role("link", name="How we know").click()
    page.get_by_role("heading", level=1, name=TITLE["en"]).wait_for()
    expect(page).to_have_url(re.compile(r"/how\?lang=en#sources$"))
    page.go_back()
    page.get_by_role("link", name="What is schematic, and why").click()
    page.wait_for_url("**/how?lang=en#schematic")
