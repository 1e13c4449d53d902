"""Charts of progress, the comparison by document, and the monthly page, as a planner goes through them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.lending import Lender
from tests.browser.test_board import board
from tests.browser.test_everyone import violations
from tests.browser.test_paper import boxes
from tests.browser.test_transit import Resident
from tests.serving import Served

Json = dict[str, Any]
LANGS = pytest.mark.parametrize("lang", ["zh", "en"])
REPORT = "qiaobao-2025-01-16"
A4_PT = (595, 842)
WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "phases": "各阶段随时间的变化",
        "plan": "计划与实际",
        "slips": "承诺日期怎样移动",
        "table": "图后面的数据表",
        "promised": "（其中承诺）",
        "measure": "看什么量",
        "per": "每一柱",
        "announced": "某份报道里说了什么",
        "find": "按来源、题名或日期查找报道",
        "csv": "下载清单（CSV）",
        "how": "怎样变的",
        "code": "怎样变的（代码）",
        "stale": "多久没有消息才列出",
        "next": "下个月",
        "previous": "上个月",
        "nothing": "没有任何来源说过什么",
        "not": "不含：",
    },
    "en": {
        "phases": "Phases over time",
        "plan": "Planned against actual",
        "slips": "How promised dates moved",
        "table": "The numbers behind the chart",
        "promised": "(promised of these)",
        "measure": "Measure",
        "per": "Each column",
        "announced": "What was announced in …",
        "find": "Find a document by publisher, title or day",
        "csv": "Download the lists (CSV)",
        "how": "How it changed",
        "code": "How it changed (code)",
        "stale": "Listed when not heard of for",
        "next": "Next month",
        "previous": "Previous month",
        "nothing": "No source said anything",
        "not": "Not included:",
    },
}


@pytest.fixture
def planner(served: Served, lender: Lender) -> Iterator[Resident]:
    found = Resident(served, lender)
    yield found
    assert found.complaints == []


def ask(page: Page, path: str, **query: str) -> Json:
    params: dict[str, str | float | bool] = {**query}
    answer = page.request.get(path, params=params)
    assert answer.ok, answer.text()
    body: Json = answer.json()
    return body


def chart(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title, exact=True)


def asked(page: Page, name: str) -> list[str]:
    return parse_qs(urlsplit(page.url).query).get(name, [])


def numbers_behind(page: Page, title: str, word: str) -> list[list[str]]:
    """Rows of cells, the heading first."""
    frame = chart(page, title)
    frame.get_by_text(word, exact=True).click()
    table = frame.get_by_role("table")
    table.wait_for()
    assert table.locator("thead th[scope=col]").count() == table.locator("thead th").count() > 1
    assert table.locator("tbody tr").count() == table.locator("tbody th[scope=row]").count()
    rows: list[list[str]] = table.evaluate(
        "t => [...t.rows].map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )
    return rows


# ---------------------------------------------------------------- phases over time


@LANGS
@pytest.mark.parametrize("measure", ["projects", "area_ha", "length_km"])
def test_the_table_behind_the_stacks_has_the_numbers_of_the_service(
    planner: Resident, lang: str, measure: str
) -> None:
    t = WORDS[lang]
    page = board(planner, f"part=progress&measure={measure}&since=2024-01&until=2030-12", lang=lang)
    head, *rows = numbers_behind(page, t["phases"], t["table"])
    found = ask(page, "/api/progress", step="quarter", **{"from": "2024-01", "to": "2030-12"})
    names = {one["id"]: one[f"name_{lang}"] for one in ask(page, "/api/catalogue")["phases"]}
    assert len(rows) == len(found["periods"]) == 28
    told = 0
    for phase, name in names.items():
        series = [one for one in found["series"] if one["phase"] == phase]
        for field, column in ((measure, name), (f"promised_{measure}", f"{name}{t['promised']}")):
            sums = [sum(one[field][at] or 0 for one in series) for at in range(28)]
            if column not in head and lang == "en":
                column = f"{name} {t['promised']}"
            if column not in head:
                assert not any(sums), (phase, field)
                continue
            at = head.index(column)
            assert [float(row[at]) for row in rows] == pytest.approx(sums, abs=0.001), column
            told += 1
    assert told >= 1
    if measure == "projects":
        assert any(t["promised"] in column for column in head)


def test_what_is_chosen_is_a_link(planner: Resident) -> None:
    page = board(planner, "part=progress")
    page.get_by_label("看什么量").select_option(label="公里")
    page.get_by_label("每一柱").select_option(label="一个月")
    page.get_by_label("从哪个月").fill("2019-01")
    page.get_by_label("连未说明阶段的一起画").uncheck()
    page.get_by_text("类别", exact=True).click()
    page.get_by_role("button", name="全部不选").click()
    expect(page.get_by_text("没有选中任何类别")).to_be_visible()
    page.get_by_role("checkbox", name="地铁").check()
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get("kind") == ["metro"])
    assert [asked(page, name) for name in ("measure", "per", "since", "unstated")] == [
        ["length_km"],
        ["month"],
        ["2019-01"],
        ["0"],
    ]
    page.reload()
    head, *rows = numbers_behind(page, "各阶段随时间的变化", "图后面的数据表")
    assert rows[0][0] == "2019 年 1 月"
    assert "未说明" not in head
    opened = head.index("已投用")
    by_month = {row[0]: float(row[opened]) for row in rows}
    assert by_month["2020 年 7 月"] == 0
    assert by_month["2020 年 8 月"] == pytest.approx(28.77, abs=0.3)
    left_out = chart(page, "各阶段随时间的变化").locator(".left-out")
    expect(left_out).to_contain_text("不含：没有可量算图形的项目")
    expect(left_out).to_contain_text("还没有来源说明阶段的项目")


@LANGS
def test_the_keyboard_goes_from_column_to_column_and_to_the_ledger_of_that_day(
    planner: Resident, lang: str
) -> None:
    page = board(planner, "part=progress&since=2025-01&until=2025-12", lang=lang)
    frame = chart(page, WORDS[lang]["phases"])
    points = frame.locator(".chart-point")
    expect(points).to_have_count(4)
    # One of them is on the way of the Tab key.
    assert frame.locator(".chart-point[tabindex='0']").count() == 1
    points.first.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(points.nth(1)).to_be_focused()
    label = points.nth(1).get_attribute("aria-label") or ""
    assert re.search("2025 年第 2 季度" if lang == "zh" else "Q2 2025", label)
    expect(frame.locator(".readout")).to_have_text(label)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get("day") == ["2025-06-30"])
    expect(page.get_by_role("tab", selected=True)).to_have_text("台账" if lang == "zh" else "Ledger")


def test_a_span_the_wrong_way_round_is_told(planner: Resident) -> None:
    page = board(planner, "part=progress&since=2026-01&until=2025-01")
    expect(page.get_by_role("alert")).to_contain_text("开始日期晚于结束日期")
    page = board(planner, "part=progress&whole=no-such-project", lang="en")
    expect(page.get_by_role("alert")).to_be_visible()


# ---------------------------------------------------------------- plan and slips


@LANGS
def test_each_milestone_stands_between_its_promise_and_what_happened(planner: Resident, lang: str) -> None:
    t = WORDS[lang]
    page = board(planner, "part=progress", lang=lang)
    _, *rows = numbers_behind(page, t["plan"], t["table"])
    plan = ask(page, "/api/progress", step="quarter")["plan"]
    promised = [(one["project"], said) for one in plan["entries"] for said in one["history"]]
    assert [(row[0], row[3]) for row in rows] == [
        (project[f"name_{lang}"], said["due"][f"words_{lang}"]) for project, said in promised
    ]
    frame = chart(page, t["plan"])
    expect(frame.locator(".plan-row")).to_have_count(len(plan["entries"]))
    for entry, row in zip(plan["entries"], frame.locator(".plan-row").all(), strict=True):
        expect(row).to_contain_text(entry[f"words_{lang}"])
    expect(frame.locator(".left-out")).to_contain_text(str(plan["undated"]))


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_a_point_opens_the_card_at_the_words_it_rests_on(planner: Resident, size: str) -> None:
    page = board(planner, "part=progress", size=size)
    slips = ask(page, "/api/progress", step="quarter")["slips"]
    said = slips[0]["series"][0]["points"][0]
    frame = chart(page, "承诺日期怎样移动")
    frame.locator(".chart-point").first.focus()
    label = frame.locator(".chart-point").first.get_attribute("aria-label") or ""
    assert said["due"]["words_zh"] in label
    expect(frame.locator(".readout").first).to_have_text(label)
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary", name="平湖站（国铁）")).to_be_visible()
    expect(page.locator(f"#claim-{said['due']['claim']}")).to_be_focused()


def test_plan_and_slips_are_narrowed_to_the_parts_of_a_whole(planner: Resident) -> None:
    page = board(planner, "part=progress")
    page.get_by_label("哪个项目的部分").select_option(label="广深城际")
    page.wait_for_url("**whole=guangshen-intercity**")
    expect(chart(page, "计划与实际").locator(".plan-row")).to_have_count(2)
    expect(chart(page, "承诺日期怎样移动").locator(".slip-group")).to_have_count(1)


# ---------------------------------------------------------------- what was announced


@LANGS
def test_a_document_is_found_and_tells_what_it_announced(planner: Resident, lang: str) -> None:
    t = WORDS[lang]
    page = board(planner, "part=compare", lang=lang)
    page.get_by_role("button", name=t["announced"]).click()
    page.get_by_label(t["find"]).fill("侨报 2025-01-16" if lang == "zh" else "qiaobao 16 jan 2025")
    choices = page.locator(".documents button")
    expect(choices).to_have_count(1)
    source = {one["id"]: one for one in ask(page, "/api/sources")["sources"]}[REPORT]
    expect(choices.first).to_contain_text(str(source["claims"]))
    choices.first.click()
    page.wait_for_url(f"**source={REPORT}**")
    found = ask(page, "/api/compare", source=REPORT)
    result = page.locator(".part-compare")
    expect(result).to_contain_text(found[f"words_{lang}"])
    lists = ("phases", "new_projects", "new_promises", "moved_promises", "done", "figures")
    entries = [entry for name in (*lists, "repeated", "other") for entry in found[name]["entries"]]
    expect(result.locator(".attention-list li")).to_have_count(len(entries))
    with page.expect_download() as download:
        page.get_by_role("button", name=t["csv"]).click()
    text = download.value.path().read_text("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert [row[-1] for row in rows] == [entry["group"] or "" for entry in entries]
    # The word of each code stands under its own heading, and no code is left without one.
    assert (head[1], head[-1]) == (t["how"], t["code"])
    coded = {row[-1]: row[1] for row in rows}
    assert coded.pop("", "") == ""
    assert coded
    for code, word in coded.items():
        assert word
        assert word != code
    assert [row[4] for row in rows] == [entry[f"words_{lang}"] for entry in entries]
    assert {row[8] for row in rows} == {str(entry["said"]["claim"]) for entry in entries if entry["said"]}
    # On the map the projects of which something changed stand out.
    changed = {e["project"]["id"] for name in lists for e in found[name]["entries"] if e["project"]}
    page.get_by_role("link", name=re.compile("在地图上看这|Show these")).click()
    notice = page.locator(".notice")
    expect(notice).to_contain_text(str(len(changed)))
    page.locator("path.leaflet-interactive").first.wait_for(state="attached")
    assert set(asked(page, "mark")[0].split(",")) == changed
    assert page.locator(".leaflet-marker-icon.differs").count() > 0
    notice.get_by_role("button").click()
    page.wait_for_url(lambda url: "mark" not in url)
    expect(page.locator(".leaflet-marker-icon.differs")).to_have_count(0)


def test_what_is_often_asked_is_a_press_away(planner: Resident) -> None:
    page = board(planner, "part=compare&since=2025-01-01&until=2025-01-20")
    page.get_by_role("button", name="一个月来知道了什么").click()
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get("by") == ["known"])
    today = ask(page, "/api/catalogue")["today"]
    assert asked(page, "until") == [today]
    page.get_by_role("button", name="今年年初到今天").click()
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get("since") == [f"{today[:4]}-01-01"])
    assert asked(page, "by") == []
    # Days are compared on the map itself.
    link = page.get_by_role("link", name="在地图上看", exact=True)
    assert f"a={today[:4]}-01-01&b={today}" in (link.get_attribute("href") or "")
    page.get_by_role("button", name="最近一份报道").click()
    sources = ask(page, "/api/sources")["sources"]
    last = max(one["last_said"] for one in sources if one["published"] and one["claims"])
    page.wait_for_url(lambda url: "source=" in url)
    (chosen,) = asked(page, "source")
    assert {one["id"]: one["last_said"] for one in sources}[chosen] == last
    assert asked(page, "since") == []


@LANGS
def test_a_document_that_is_not_there_is_told(planner: Resident, lang: str) -> None:
    page = board(planner, "part=compare&source=no-such-report", lang=lang)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("没有编号为" if lang == "zh" else "There is no document")


# ---------------------------------------------------------------- after how long a silence


@LANGS
def test_the_months_of_silence_are_chosen(planner: Resident, lang: str) -> None:
    page = board(planner, "part=attention&list=stale", lang=lang)
    choice = page.get_by_label(WORDS[lang]["stale"])
    expect(choice).to_have_value("12")
    for months in ("3", "24"):
        choice.select_option(months)
        count = ask(page, "/api/attention", stale_months=months)["stale"]["count"]
        title = f"{months} 个月没有消息" if lang == "zh" else f"Not heard of for {months} months"
        expect(page.locator(".attention-list h2")).to_have_text(re.compile(rf"{title}\s*{count}"))
    page.wait_for_url("**stale=24**")
    page.reload()
    expect(choice).to_have_value("24")


@pytest.mark.parametrize("bad", ["0", "121", "abc"])
def test_months_that_cannot_be_are_told_and_mended(planner: Resident, bad: str) -> None:
    page = board(planner, f"part=attention&list=stale&stale={bad}")
    expect(page.get_by_role("alert")).to_contain_text("stale_months")
    page.get_by_label("多久没有消息才列出").select_option("6")
    expect(page.locator(".attention-list h2")).to_contain_text("6 个月没有消息")


# ---------------------------------------------------------------- the monthly page


@LANGS
@pytest.mark.parametrize("size", ["wide", "phone"])
def test_a_month_tells_what_became_known_each_fact_with_its_source(
    planner: Resident, lang: str, size: str
) -> None:
    page = board(planner, "part=monthly&month=2025-01", lang=lang, size=size)
    month = page.locator(".monthly")
    found = ask(
        page, "/api/compare", **{"from": "2024-12-31", "to": "2025-01-31", "by": "known", "day": "2025-01-31"}
    )
    expect(month).to_contain_text(found[f"words_{lang}"])
    for name in ("phases", "done", "new_promises", "moved_promises", "figures"):
        section = month.locator(f"section[aria-labelledby=month-said-{name}]")
        every = found[name]["entries"]
        entries = [
            one for one in every if name not in ("done", "phases") or not ended_before(one, "2024-01-01")
        ]
        expect(section.locator("h3 .number")).to_have_text(
            str(found[name]["count"] - len(every) + len(entries))
        )
        expect(section.locator("li")).to_have_count(len(entries))
        for entry, item in zip(entries, section.locator("li").all(), strict=True):
            expect(item).to_contain_text(entry[f"words_{lang}"])
            if entry["said"]:
                expect(item.locator(".cited")).to_have_count(1)
                target = item.locator("a.ref").get_attribute("href")
                publisher = entry["said"][f"publisher_{lang}"]
                expect(month.locator(f"li{target}")).to_contain_text(publisher)
    # How things stood at the end, as it was known then.
    now = ask(page, "/api/progress", **{"from": "2025-01-31", "to": "2025-01-31", "known": "2025-01-31"})
    rows = month.locator(".month-phases tbody tr")
    cells = rows.last.locator("td").all_inner_texts()
    assert sum(int(cell.split(" ")[0]) for cell in cells) == sum(one["projects"][0] for one in now["series"])
    attention = ask(page, "/api/attention", known="2025-01-31")
    counts = month.locator(".month-counts dt .number").all_inner_texts()
    lists = ("late", "silent", "due", "moved", "disagree", "stale")
    assert counts == [str(attention[name]["count"]) for name in lists]
    due = month.locator(
        "section[aria-labelledby=month-due-next] li, section[aria-labelledby=month-due-soon] li"
    )
    expect(due).to_have_count(len(attention["due"]["entries"]))
    expect(month.locator(".month-sources").first.locator("li")).to_have_count(1)


def ended_before(entry: Any, day: str) -> bool:
    return bool(entry["when"] and entry["when"]["latest"] and entry["when"]["latest"] < day)


def listed_apart(month: Locator, name: str, entries: list[Any], lang: str) -> None:
    """That a part of the month lists these, in this order."""
    items = month.locator(f"section[aria-labelledby=month-said-{name}] li")
    expect(items).to_have_count(len(entries))
    for entry, item in zip(entries, items.all(), strict=True):
        expect(item).to_contain_text(entry[f"words_{lang}"])


@LANGS
def test_what_happened_long_before_a_month_stands_apart_from_its_news(planner: Resident, lang: str) -> None:
    page = board(planner, "part=monthly&month=2026-10", lang=lang)
    month = page.locator(".monthly")
    month.locator(".month-counts").wait_for()
    found = ask(
        page, "/api/compare", **{"from": "2026-09-30", "to": "2026-10-31", "by": "known", "day": "2026-10-31"}
    )
    done, phases = (found[name]["entries"] for name in ("done", "phases"))
    reached = [one for one in done if ended_before(one, "2025-10-01")]
    passed = [one for one in phases if ended_before(one, "2025-10-01")]
    # The phase that follows from a milestone told there is not told again.
    told = {one["project"]["id"] for one in reached}
    old = [*reached, *(one for one in passed if one["project"]["id"] not in told)]
    assert len(old) < len(reached) + len(passed)
    # Line 10 opened in 2020; a document of October 2026 says so.
    assert any("2020" in one["words_en"] for one in old)
    listed_apart(month, "older", old, lang)
    news = month.locator(
        "section[aria-labelledby=month-said-done] li, section[aria-labelledby=month-said-phases] li"
    )
    expect(news).to_have_count(len(done) + len(phases) - len(reached) - len(passed))
    # The sums in the first sentence hold both, and the next says so.
    apart = {
        "zh": f"其中节点 {len(reached)} 个、阶段变化 {len(passed)} 项早已发生",
        "en": f"{len(reached)} milestones and {len(passed)} phase changes happened long before",
    }
    expect(month.locator(".compare-words").first).to_contain_text(apart[lang])


@LANGS
def test_a_promise_for_a_day_long_past_is_no_news(planner: Resident, lang: str) -> None:
    page = board(planner, "part=monthly&month=2026-11", lang=lang)
    month = page.locator(".monthly")
    month.locator(".month-counts").wait_for()
    found = ask(
        page, "/api/compare", **{"from": "2026-10-31", "to": "2026-11-30", "by": "known", "day": "2026-11-30"}
    )
    new = found["new_promises"]["entries"]
    lapsed = [one for one in new if ended_before(one, "2025-11-01")]
    # The north of Qingping Expressway was planned for 2023 or 2024.
    assert lapsed
    listed_apart(month, "lapsed", lapsed, lang)
    news = month.locator("section[aria-labelledby=month-said-new_promises] li")
    expect(news).to_have_count(len(new) - len(lapsed))
    said = {
        "zh": f"新承诺中有 {len(lapsed)} 项，说的日子早已过去",
        "en": f"Of the new promises, {len(lapsed)} {'is' if len(lapsed) == 1 else 'are'} for days long past",
    }
    expect(month.locator(".compare-words").first).to_contain_text(said[lang])


@LANGS
def test_from_month_to_month_and_one_in_which_nothing_was_said(planner: Resident, lang: str) -> None:
    t = WORDS[lang]
    page = board(planner, "part=monthly&month=2025-01", lang=lang)
    page.locator(".month-counts").wait_for()
    page.get_by_role("button", name=t["next"]).click()
    page.wait_for_url("**month=2025-02**")
    expect(page.locator(".month-nothing")).to_contain_text(t["nothing"])
    expect(page.locator(".month-phases")).to_be_visible()
    page.get_by_role("button", name=t["previous"]).click()
    page.wait_for_url("**month=2025-01**")
    expect(page.locator(".month-nothing")).to_have_count(0)
    now = ask(page, "/api/catalogue")["today"][:7]
    page.get_by_label("月份" if lang == "zh" else "Month", exact=True).fill(now)
    expect(page.locator(".month-note")).to_be_visible()
    expect(page.get_by_role("button", name=t["next"])).to_be_disabled()


@LANGS
@pytest.mark.parametrize(
    ("month", "zh", "en"),
    [
        ("2025-13", "不是一个月份", "is no month"),
        ("1800-01", "太早", "is too early"),
        ("2999-01", "还没有到", "has not come yet"),
        ("next", "不是一个月份", "is no month"),
    ],
)
def test_a_bad_month_is_told_in_words(planner: Resident, lang: str, month: str, zh: str, en: str) -> None:
    page = board(planner, f"part=monthly&month={month}", lang=lang)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(month)
    expect(alert).to_contain_text(zh if lang == "zh" else en)


# ---------------------------------------------------------------- on paper


CLIPPED = """() => [...document.querySelectorAll('#board-part, #board-part *')].filter(e => {
  const style = getComputedStyle(e);
  if (e.closest('.only-heard') || style.display === 'none') return false;
  const hides = style.overflowX !== 'visible' || style.overflowY !== 'visible';
  return hides && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1);
}).map(e => e.tagName + '.' + e.getAttribute('class'))"""
PARTS = [
    ("part=monthly&month=2025-01", ".month-sources", "2025"),
    ("part=progress", ".plan-row", "OpenStreetMap"),
    (f"part=compare&source={REPORT}", ".attention-list li", "OpenStreetMap"),
]


@LANGS
@pytest.mark.parametrize(("query", "ready", "word"), PARTS)
def test_it_is_printed_whole_upright_and_without_controls(
    planner: Resident, lang: str, query: str, ready: str, word: str
) -> None:
    page = board(planner, query, lang=lang, theme="dark")
    page.locator(ready).first.wait_for()
    pages = boxes(page.pdf(prefer_css_page_size=True, print_background=True))
    assert pages
    assert all(size == pytest.approx(A4_PT, abs=2) for size in pages)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 688, "height": 980})
    assert page.evaluate(CLIPPED) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 688
    # All of it is in the flow of the page, not in a window on it.
    reach = "document.querySelector('.credits').getBoundingClientRect().bottom"
    assert page.evaluate(reach) <= page.evaluate("document.documentElement.scrollHeight")
    # The styles of what is printed ask how wide the paper is, margins and all.
    page.set_viewport_size({"width": 794, "height": 980})
    # Charts are drawn for the width of the page, a moment after it changed.
    page.wait_for_function(f"most => {reach} <= most", arg=len(pages) * 1020)
    for role in ("tab", "combobox", "navigation", "searchbox"):
        expect(page.get_by_role(role).filter(visible=True)).to_have_count(0)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    area = "平湖街道" if lang == "zh" else "Pinghu Subdistrict"
    expect(page.locator(".on-paper")).to_contain_text(area)
    expect(page.locator("#board-part")).to_contain_text(word)


# ---------------------------------------------------------------- for everybody

EVERY = ["part=progress", "part=monthly&month=2025-01", f"part=compare&source={REPORT}"]
READY = ".plan-row, .month-sources, .attention-list li"


@pytest.mark.parametrize("width", [320, 375, 768, 1440])
@pytest.mark.parametrize("query", EVERY)
def test_nothing_is_wider_than_the_page(planner: Resident, width: int, query: str) -> None:
    page = board(planner, query, lang="en")
    page.set_viewport_size({"width": width, "height": 800})
    page.locator(READY).first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("e => e.scrollWidth <= e.clientWidth", page.locator("#board-part").element_handle())


@pytest.mark.parametrize(
    ("size", "lang", "theme"),
    [("phone", "zh", "light"), ("phone", "en", "dark"), ("wide", "en", "light"), ("wide", "zh", "dark")],
)
def test_axe_finds_nothing(planner: Resident, axe: str, size: str, lang: str, theme: str) -> None:
    t = WORDS[lang]
    for query in [*EVERY, "part=monthly&month=2025-13", "part=compare", "part=attention&list=stale&stale=6"]:
        page = board(planner, query, size=size, lang=lang, theme=theme)
        page.locator(f"{READY}, .failure").first.wait_for()
        if query == "part=progress":
            for title in ("phases", "plan", "slips"):
                numbers_behind(page, t[title], t["table"])
        if query == "part=compare":
            page.get_by_role("button", name=t["announced"]).click()
            page.locator(".documents button").first.wait_for()
        assert violations(page, axe) == [], query
        page.close()
