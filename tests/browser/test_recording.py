"""A planner records a fact in the page: seen before, public at once, corrected, withdrawn; nothing typed is
lost."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect
from sqlalchemy import text

from app.access import cookies
from app.database import Database
from tests.app.signed import PASSWORD, add, session_of
from tests.browser.conftest import SIZES
from tests.browser.office import Office
from tests.browser.test_everyone import violations
from tests.conftest import SEEDED, clone
from tests.serving import serving

RECORD = re.compile("^(记录一条事实|Record a fact)$")
PUBLISH = re.compile("^(发布|Publish)$")
CLOSE = re.compile("^(完成|Done)$")
PAPER = "深圳侨报"
CITED = re.compile("深圳侨报|Shenzhen Qiaobao")
NEW = re.compile("新文件|new document")
QUOTE = "力争2030年建成通车"
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
_numbers = itertools.count()


def planner(office: Office, path: str, size: str = "wide", lang: str = "zh", theme: str = "light") -> Page:
    page = office.somebody(size=size, locale=LOCALES[lang], theme=theme)
    name = add(office.database, f"planner-{next(_numbers)}", "planner")
    secret = session_of(office.database, name)
    page.context.add_cookies([{"name": cookies.PLAIN, "value": secret, "url": office.served.address}])
    page.goto(path)
    page.get_by_role("button", name=RECORD).first.wait_for(state="attached")
    return page


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def begin(page: Page) -> Locator:
    """The form, from the card that is open."""
    up = page.get_by_role("button", name=re.compile("^(展开|Expand|更高|Taller)"))
    if up.count() and up.first.is_visible():
        up.first.click()
    page.get_by_role("complementary").get_by_role("button", name=RECORD).click()
    expect(dialog(page).locator("#record-property")).to_be_focused()
    return dialog(page)


def say(form: Locator, *, what: str = "milestone:open", date: str = "2030年", quote: str = QUOTE) -> None:
    form.locator("#record-property").select_option(what)
    form.locator("#record-date").fill(date)
    form.locator("#record-quote").fill(quote)
    form.locator("#record-source").fill(PAPER)
    # Not the new document of that name, which is offered until the search has answered.
    form.get_by_role("option").filter(has_text=CITED).filter(has_not_text=NEW).first.click()


def described(form: Locator, field: str, part: str) -> Locator:
    return form.locator(f"#record-{field}-{part}")


def effect(form: Locator) -> Locator:
    return form.get_by_role("region", name=re.compile("^(发布后会怎样|What it would do)$"))


def publish(page: Page) -> None:
    form = dialog(page)
    form.get_by_role("button", name=PUBLISH).click()
    expect(form.get_by_role("status")).to_contain_text(re.compile("已发布为版本|Published as revision"))
    form.get_by_role("button", name=CLOSE).click()
    expect(dialog(page)).to_have_count(0)


def claim(page: Page, words: str) -> Locator:
    return page.locator(".claim").filter(has_text=words)


# ---------------------------------------------------------------- recording


@pytest.mark.parametrize(
    ("size", "lang", "path", "project"),
    [
        ("wide", "zh", "/", "qingping-expressway-phase-2-north"),
        ("phone", "zh", "/board", "jihe-expressway-widening"),
        ("wide", "en", "/board", "shouzhen-street-upgrade"),
        ("phone", "en", "/", "pingda-road-upgrade"),
    ],
)
def test_a_promise_is_seen_before_and_public_at_once(
    office: Office, size: str, lang: str, path: str, project: str
) -> None:
    page = planner(office, f"{path}?project={project}", size, lang)
    form = begin(page)
    say(form)
    # 力争 strives: proposed, with the word that says so.
    expect(form.locator("#record-commitment")).to_have_value("aspired")
    expect(described(form, "commitment", "also")).to_contain_text("“力争”")
    meaning = "2030 年 1 月 1 日 至 2030 年 12 月 31 日" if lang == "zh" else "1 Jan 2030 to 31 Dec 2030"
    expect(described(form, "date", "also")).to_contain_text(meaning)
    expect(effect(form)).to_contain_text("2030 年（力争）" if lang == "zh" else "2030 (aspired to)")
    if project.startswith("qingping"):
        expect(effect(form)).to_contain_text("2023 年 至 2024 年（预计） → 2030 年（力争）")
        expect(effect(form)).to_contain_text("到期后未见消息 → 未到期")
    publish(page)
    expect(claim(page, QUOTE)).to_contain_text(PAPER if lang == "zh" else "Shenzhen Qiaobao")
    if path == "/board" and size == "wide":
        page.get_by_label("Filter by name").fill("Shouzhen")
        expect(page.get_by_role("row").filter(has_text="Shouzhen Street upgrade")).to_contain_text("2030")
    resident = office.somebody(locale=LOCALES[lang])
    resident.goto(f"/?project={project}")
    expect(claim(resident, QUOTE)).to_have_count(1)


def test_a_later_date_shows_its_slip_before_and_after(office: Office) -> None:
    page = planner(office, "/board?project=pingyan-railway-upgrade")
    say(begin(page), what="milestone:open")
    publish(page)
    form = begin(page)
    say(form, what="milestone:open", date="2032年", quote="预计2032年开通")
    form.get_by_text("更多").click()
    form.locator("#record-said_on").fill("2026-10-08")
    expect(form.locator("#record-commitment")).to_have_value("expected")
    expect(effect(form)).to_contain_text("2030 年（力争） → 2032 年（预计）")
    expect(effect(form)).to_contain_text("未推移 → 推后约 2 年（改过 1 次）")
    publish(page)
    slips = page.get_by_role("complementary").locator(".card-section").filter(has_text="承诺怎样移动")
    expect(slips).to_contain_text("2026 年 10 月 8 日说 · 初期运营 2032 年")


def test_from_the_board_a_project_is_found_by_its_pinyin(office: Office) -> None:
    page = planner(office, "/board")
    page.get_by_role("button", name=RECORD).click()
    form = dialog(page)
    expect(form.locator("#record-project")).to_be_focused()
    page.keyboard.type("ygl")
    expect(form.get_by_role("option").first).to_contain_text("阳光路")
    page.keyboard.press("Enter")
    expect(form.locator("#record-property")).to_be_focused()
    say(form, what="measure:length_km", date="2024", quote="全长1.2公里")
    form.locator("#record-commitment").select_option("done")
    form.locator("#record-value").fill("1.2")
    expect(form.locator("#record-unit")).to_have_value("km")
    publish(page)
    expect(page.get_by_role("button", name=RECORD)).to_be_focused()
    page.goto("/?project=yangguang-road")
    expect(claim(page, "全长1.2公里")).to_have_count(1)


def test_a_new_document_comes_with_its_fact_and_stays_for_the_next(office: Office) -> None:
    page = planner(office, "/?project=hongzhuling-dead-end-road")
    form = begin(page)
    form.locator("#record-property").select_option("milestone:start")
    form.locator("#record-date").fill("2027")
    form.locator("#record-quote").fill("计划2027年开工")
    form.locator("#record-source").fill("道路建设通知")
    form.get_by_role("option").filter(has_text="新文件").click()
    expect(form.locator("#record-source-publisher_zh")).to_be_focused()
    expect(form.locator("#record-source-title")).to_have_value("道路建设通知")
    page.keyboard.press("Control+Enter")
    # Told at its field, and the keyboard goes to the first.
    expect(described(form, "source-publisher_zh", "wrong")).to_be_visible()
    expect(described(form, "source-tier", "wrong")).to_be_visible()
    expect(described(form, "source-address", "wrong")).to_be_visible()
    expect(form.locator("#record-source-publisher_zh")).to_be_focused()
    form.locator("#record-source-publisher_zh").fill("平湖街道办事处")
    form.locator("#record-source-tier").select_option("official")
    form.locator("#record-source-published").fill("2026年10月8日")
    form.locator("#record-source-document_number").fill("深龙平〔2026〕12号")
    expect(form.locator("[aria-invalid]")).to_have_count(0)
    form.get_by_role("button", name=PUBLISH).click()
    form.get_by_role("button", name="再记一条").click()
    expect(form.locator("#record-source")).to_have_value(re.compile("道路建设通知"))
    expect(form.locator("#record-quote")).to_have_value("")
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)
    expect(claim(page, "计划2027年开工")).to_contain_text("平湖街道办事处")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_wrong_is_told_at_its_field(office: Office, lang: str) -> None:
    page = planner(office, "/?project=dalingshan-car-park", "phone" if lang == "en" else "wide", lang)
    form = begin(page)
    # An empty form is not wrong yet; to publish it is.
    expect(form.locator("[aria-invalid]")).to_have_count(0)
    page.keyboard.press("Control+Enter")
    expect(form.locator("#record-property")).to_be_focused()
    expect(form.locator("[aria-invalid]")).to_have_count(4)
    say(form, what="measure:length_km", date="2025-13", quote="预计长度3公里")
    told = described(form, "date", "wrong")
    expect(told).to_contain_text("2025-13")
    expect(told).to_contain_text("没有这一天" if lang == "zh" else "no such day")
    form.locator("#record-date").fill("2027")
    expect(told).to_have_count(0)
    form.locator("#record-value").fill("3")
    form.locator("#record-unit").fill("吨")
    unit = described(form, "unit", "odd")
    expect(unit).to_contain_text("无法换算" if lang == "zh" else "cannot be converted")
    # What is odd is asked about once, and then taken.
    page.keyboard.press("Control+Enter")
    expect(form.get_by_role("alert")).to_contain_text("吨")
    expect(form.get_by_role("button", name=re.compile("仍要发布|all the same"))).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(form.get_by_role("status")).to_contain_text(re.compile("已发布|Published"))


def test_the_same_again_is_told(office: Office) -> None:
    page = planner(office, "/?project=fukang-road-rail-bridge")
    say(begin(page))
    publish(page)
    form = begin(page)
    say(form)
    expect(described(form, "quote", "odd")).to_contain_text("已经说过同样的话")
    page.keyboard.press("Escape")
    form.get_by_role("button", name="丢掉").click()


def test_a_choice_is_not_overruled_and_told_of_when_the_words_say_less(office: Office) -> None:
    page = planner(office, "/?project=huihua-road-rail-bridge")
    form = begin(page)
    form.locator("#record-commitment").select_option("committed")
    say(form)
    expect(described(form, "commitment", "odd")).to_contain_text("力争")
    expect(form.locator("#record-commitment")).to_have_value("committed")
    form.get_by_role("button", name="采用").click()
    expect(form.locator("#record-commitment")).to_have_value("aspired")
    expect(described(form, "commitment", "odd")).to_have_count(0)
    page.keyboard.press("Escape")
    form.get_by_role("button", name="丢掉").click()


# ---------------------------------------------------------------- correcting and withdrawing


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_a_fact_is_corrected_and_withdrawn_with_a_reason(office: Office, size: str) -> None:
    project = {"wide": "pinglong-road-rail-bridge", "phone": "yongjun-road-bridge"}[size]
    page = planner(office, f"/?project={project}", size)
    say(begin(page))
    publish(page)
    claim(page, QUOTE).get_by_role("button", name=re.compile("^更正说法")).click()
    form = dialog(page)
    expect(form.locator("#record-quote")).to_have_value(QUOTE)
    expect(form.locator("#record-source")).not_to_have_value("")
    form.locator("#record-date").fill("2031")
    form.get_by_role("button", name=PUBLISH).click()
    expect(form.locator("#record-reason")).to_be_focused()
    expect(described(form, "reason", "wrong")).to_have_text("请写明原因")
    form.locator("#record-reason").fill("抄错了年份")
    form.get_by_role("button", name=PUBLISH).click()
    expect(form.get_by_role("status")).to_contain_text("已更正")
    form.get_by_role("button", name=CLOSE).click()
    expect(claim(page, QUOTE)).to_have_count(2)
    standing = page.locator(".claim:not(.withdrawn)").filter(has_text=QUOTE)
    expect(standing).to_contain_text("2031 年")
    expect(page.locator(".claim.withdrawn")).to_contain_text("抄错了年份")
    expect(page.locator(".claim.withdrawn").get_by_role("button", name=re.compile("撤回"))).to_have_count(0)

    standing.get_by_role("button", name=re.compile("^撤回说法")).click()
    form.get_by_role("button", name="撤回", exact=True).click()
    expect(described(form, "reason", "wrong")).to_have_text("请写明原因")
    form.locator("#record-reason").fill("不是这条路")
    page.keyboard.press("Control+Enter")
    expect(form.get_by_role("status")).to_contain_text("不再计入")
    form.get_by_role("button", name=CLOSE).click()
    resident = office.somebody()
    resident.goto(f"/?project={project}")
    # Folded under one line at the end, and not counted.
    folded = resident.locator(".claims-withdrawn")
    expect(folded.locator("summary").first).to_have_text("已撤回 2 条")
    expect(folded.locator(".claim").first).to_be_hidden()
    counted = resident.locator(".claim:not(.withdrawn)").count()
    heading = resident.locator(".card-section h2", has_text="说法与来源")
    expect(heading.locator(".number")).to_have_text(str(counted))
    folded.locator("summary").first.click()
    expect(folded.locator(".claim").first).to_be_visible()
    expect(resident.locator(".claim.withdrawn").filter(has_text=QUOTE)).to_have_count(2)
    expect(resident.locator(".claim.withdrawn").filter(has_text="不是这条路")).to_have_count(1)


def test_what_was_just_published_can_be_taken_back(office: Office) -> None:
    page = planner(office, "/?project=luoshan-1st-road")
    form = begin(page)
    say(form)
    form.get_by_role("button", name=PUBLISH).click()
    form.get_by_role("button", name="撤回这一条").click()
    expect(form.locator("#record-reason")).to_be_focused()
    page.keyboard.type("记错了项目")
    page.keyboard.press("Control+Enter")
    expect(form.get_by_role("status")).to_contain_text("已撤回")
    page.keyboard.press("Escape")
    expect(page.locator(".claim.withdrawn").filter(has_text=QUOTE)).to_contain_text("记错了项目")


# ---------------------------------------------------------------- nothing is lost


def test_an_ended_session_and_a_lost_network_keep_what_was_typed(office: Office) -> None:
    page = planner(office, "/?project=shuiguan-expressway")
    form = begin(page)
    say(form)
    expect(effect(form)).to_contain_text("2030")
    # The way out is cut.
    page.route("**/claims", lambda route: route.abort())
    form.get_by_role("button", name=PUBLISH).click()
    expect(form.get_by_role("alert")).to_contain_text("填的都还在")
    expect(form.locator("#record-quote")).to_have_value(QUOTE)
    page.unroute("**/claims")
    with office.database.writing() as connection:
        connection.execute(text("delete from session"))
    form.get_by_role("button", name=PUBLISH).click()
    expect(form.get_by_role("alert")).to_contain_text("登录已过期")
    form.get_by_label("密码").fill("not the password")
    form.get_by_role("button", name="登录").click()
    expect(form.get_by_role("alert")).not_to_contain_text("填的都还在")
    form.get_by_label("密码").fill(PASSWORD)
    form.get_by_role("button", name="登录").click()
    expect(form.get_by_label("密码")).to_have_count(0)
    expect(form.locator("#record-quote")).to_have_value(QUOTE)
    publish(page)
    expect(claim(page, QUOTE)).to_have_count(1)


def test_a_lost_answer_makes_no_second_claim(office: Office) -> None:
    page = planner(office, "/?project=zhonghuan-avenue")
    form = begin(page)
    say(form)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/claims", lose, times=1)
    form.get_by_role("button", name=PUBLISH).click()
    expect(form.get_by_role("alert")).to_contain_text("填的都还在")
    # It is there already; told so, and sent again it is the same request.
    form.get_by_role("button", name=PUBLISH).click()
    again = form.get_by_role("button", name="看过了，仍要发布")
    again.or_(form.get_by_role("status").filter(has_text="已发布")).first.wait_for()
    if again.count():
        again.click()
    expect(form.get_by_role("status")).to_contain_text("已发布为版本")
    form.get_by_role("button", name=CLOSE).click()
    expect(claim(page, QUOTE)).to_have_count(1)


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_leaving_asks_before_it_loses_what_was_typed(office: Office, size: str) -> None:
    page = planner(office, "/?project=danping-fast-road", size)
    begin(page)
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)
    expect(page.get_by_role("button", name=RECORD)).to_be_focused()
    form = begin(page)
    form.locator("#record-quote").fill("力争")
    page.keyboard.press("Escape")
    expect(form.get_by_text("填的内容还没有发布")).to_be_visible()
    expect(form.get_by_role("button", name="继续填")).to_be_focused()
    page.keyboard.press("Enter")
    page.go_back()
    expect(form.get_by_text("填的内容还没有发布")).to_be_visible()
    expect(form.locator("#record-quote")).to_have_value("力争")
    form.get_by_role("button", name="丢掉").click()
    expect(dialog(page)).to_have_count(0)
    # With nothing typed the way back closes the form, and the card stays.
    begin(page)
    page.go_back()
    expect(dialog(page)).to_have_count(0)
    expect(page.get_by_role("complementary")).to_be_visible()


# ---------------------------------------------------------------- who, how fast, for whom


def test_nobody_else_sees_or_fetches_it(office: Office) -> None:
    page = office.somebody()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/?project=shouzhen-street-upgrade")
    page.locator(".claim").first.wait_for()
    expect(page.get_by_role("button", name=RECORD)).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("更正|撤回"))).to_have_count(0)
    assert [url for url in asked if "/assets/entry" in url] == []
    signed_in = planner(office, "/?project=shouzhen-street-upgrade")
    fetched = signed_in.evaluate("performance.getEntriesByType('resource').map(e => e.name)")
    assert [url for url in fetched if "/assets/entry" in url], "the form is named otherwise now"


MOST_KEYS, MOST_FIELDS, TYPED = 60, 6, len("2030") + len(QUOTE) + len("qiaobao")


def test_half_a_minute_at_the_keyboard(office: Office) -> None:
    """From the button to what is public by keys alone. Besides what one has to type there are few of them: at
    five strokes in two seconds, a slow hand, the whole takes under half a minute."""
    page = planner(office, "/?project=luoshan-wanda-autonomous-bus")
    pressed: list[str] = []

    def press(*keys: str) -> None:
        for key in keys:
            page.keyboard.press(key)
            pressed.append(key)

    def write(words: str) -> None:
        for letter in words:
            page.keyboard.type(letter)
            pressed.append(letter)

    page.get_by_role("complementary").get_by_role("button", name=RECORD).focus()
    press("Enter")
    form = dialog(page)
    expect(form.locator("#record-property")).to_be_focused()
    # The seventh of the milestones of a road.
    press(*["ArrowDown"] * 7)
    expect(form.locator("#record-property")).to_have_value("milestone:open")
    press("Tab")
    write("2030")
    press("Tab")
    write(QUOTE)
    expect(form.locator("#record-commitment")).to_have_value("aspired")
    press("Tab", "Tab")
    expect(form.locator("#record-source")).to_be_focused()
    write("qiaobao")
    expect(form.get_by_role("option").filter(has_text=PAPER)).to_be_visible()
    press("ArrowDown", "Enter")
    expect(effect(form)).to_contain_text("2030 年（力争）")
    fields = form.locator(".record-fields").locator("input:visible, select:visible, textarea:visible").count()
    press("Control+Enter")
    expect(form.get_by_role("status")).to_contain_text("已发布为版本")
    press("Enter")
    expect(dialog(page)).to_have_count(0)
    expect(claim(page, QUOTE)).to_have_count(1)
    print(f"{len(pressed)} keys, of them {len(pressed) - TYPED} besides the words; {fields} fields")
    assert fields <= MOST_FIELDS
    assert TYPED < len(pressed) <= MOST_KEYS


def test_the_keyboard_stays_in_the_dialog(office: Office) -> None:
    page = planner(office, "/?project=danping-fast-road")
    begin(page)
    for _ in range(30):
        page.keyboard.press("Tab")
        inside = "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        assert page.evaluate(inside)


@pytest.mark.parametrize(
    ("size", "lang", "theme"),
    [("wide", "zh", "light"), ("wide", "en", "dark"), ("phone", "zh", "dark"), ("phone", "en", "light")],
)
def test_axe_finds_nothing(office: Office, axe: str, size: str, lang: str, theme: str) -> None:
    page = planner(office, "/?project=shenhai-expressway", size, lang, theme)
    wrong = {}

    def look(state: str) -> None:
        if found := violations(page, axe):
            wrong[state] = found

    look("card")
    form = begin(page)
    look("empty")
    page.keyboard.press("Control+Enter")
    expect(form.get_by_role("alert")).to_be_visible()
    look("refused")
    form.locator("#record-source").focus()
    expect(form.locator("[role=option]").nth(1)).to_be_visible()
    look("documents")
    say(form)
    expect(effect(form)).to_contain_text("2030")
    look("preview")
    assert form.evaluate("e => e.scrollWidth <= e.clientWidth"), "wider than the screen"
    form.locator("#record-source").fill("x")
    form.locator("[role=option]").last.click()
    look("new document")
    page.keyboard.press("Escape")
    look("leaving")
    form.get_by_role("button", name=re.compile("丢掉|Lose it")).click()
    assert wrong == {}


def test_a_phone_shows_the_form_over_the_whole_screen(office: Office) -> None:
    page = planner(office, "/?project=danping-fast-road", "phone")
    form = begin(page)
    box = form.bounding_box()
    width, height = SIZES["phone"]
    assert box == {"x": 0, "y": 0, "width": width, "height": height}
    button = form.get_by_role("button", name=PUBLISH).bounding_box()
    assert button
    # Where a thumb reaches: at the foot, and tall enough.
    assert button["y"] > height * 0.8
    assert button["height"] >= 44


def test_where_two_are_wanted_it_is_sent_for_review(browser: Browser, tmp_path: Path) -> None:
    with (
        clone(SEEDED) as url,
        serving(tmp_path, GUATU_DATABASE_URL=url, GUATU_PLANNERS_PUBLISH_AT_ONCE="false") as running,
    ):
        database = Database(url)
        office = Office(running, database, browser)
        page = planner(office, "/?project=shouzhen-street-upgrade")
        form = begin(page)
        say(form)
        form.get_by_role("button", name="送审", exact=True).click()
        expect(form.get_by_role("status")).to_contain_text("等另一位同事发布")
        form.get_by_role("button", name=CLOSE).click()
        expect(claim(page, QUOTE)).to_have_count(0)
        for context in office.contexts:
            context.close()
        database.close()
        assert office.complaints == []


def test_the_date_in_the_quote_is_offered_and_taken(office: Office) -> None:
    page = planner(office, "/?project=luoshan-1st-road")
    form = begin(page)
    form.locator("#record-property").select_option("milestone:open")
    form.locator("#record-quote").fill("力争2027年底建成通车")
    offer = form.get_by_role("button", name="用引文里的日期“2027年底”：2027 年")
    offer.click()
    expect(form.locator("#record-date")).to_have_value("2027年底")
    expect(form.locator("#record-date")).to_be_focused()
    expect(offer).to_have_count(0)
    expect(described(form, "date", "also")).to_contain_text("2027 年")
