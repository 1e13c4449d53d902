"""The history of changes: found, filtered, opened, taken back, and what strangers see of it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.access import cookies
from app.access.people import Role
from app.changesets import service, staged_queries, undoing
from app.database import Database
from geodata.changes import Change
from tests.app.changing import AREA, change_project, claim
from tests.app.signed import add, session_of
from tests.browser.conftest import SIZES
from tests.browser.lending import Lender
from tests.browser.test_everyone import violations
from tests.conftest import SEEDED, clone
from tests.serving import Served, serving

WAIT_MS = 20_000
_numbers = itertools.count()
ROAD, OTHER = "shouzhen-street-upgrade", "fuan-east-road"
NOTE = "由变更记录的测试写下"
BOTH = pytest.mark.parametrize(
    ("size", "lang"), [("wide", "zh"), ("phone", "zh"), ("wide", "en"), ("phone", "en")]
)


@dataclass
class House:
    """A service of its own and browsers at it. What a browser complains of fails the test."""

    served: Served
    database: Database
    lender: Lender
    complaints: list[str] = field(default_factory=list)

    def visit(self, path: str, role: Role | None = None, size: str = "wide") -> Page:
        width, height = SIZES[size]
        page = self.lender.page(
            self.served.address,
            viewport={"width": width, "height": height},
            base_url=self.served.address,
            locale="zh-CN",
            reduced_motion="reduce",
            has_touch=size != "wide",
        )
        page.set_default_timeout(WAIT_MS)
        page.on("console", lambda m: None if "Failed to load" in m.text else self.complaints.append(m.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        if role:
            name = add(self.database, f"{role}-{next(_numbers)}", role)
            secret = session_of(self.database, name)
            page.context.add_cookies([{"name": cookies.PLAIN, "value": secret, "url": self.served.address}])
        page.goto(path)
        page.locator("main.history h1, .message .failure").first.wait_for()
        return page


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Database, dict[str, int]]]:
    with (
        clone(SEEDED) as url,
        serving(tmp_path_factory.mktemp("history"), GUATU_DATABASE_URL=url) as running,
    ):
        database = Database(url)
        yield running, database, _happened(database)
        database.close()


@pytest.fixture
def house(served: tuple[Served, Database, dict[str, int]], lender: Lender) -> Iterator[House]:
    found = House(served[0], served[1], lender)
    yield found
    assert found.complaints == []


@pytest.fixture
def numbers(served: tuple[Served, Database, dict[str, int]]) -> dict[str, int]:
    return served[2]


def _happened(database: Database) -> dict[str, int]:
    """Numbers of: a field changed, a claim said, and one that waits."""
    said = claim(ROAD, "mention", "2026", "done", said_on="2026-11-01")
    change_project(database, ROAD, note_zh=NOTE)
    with database.writing() as connection:
        changed = max(int(row["id"]) for row in staged_queries.changesets(connection, AREA))
    return {
        "changed": changed,
        "said": _staged(database, said, "李工", publish=True),
        "waits": _staged(database, claim(OTHER, "mention", "2026", "done", said_on="2026-11-01"), "王工"),
    }


def _staged(database: Database, change: Change, who: str, publish: bool = False) -> int:
    with database.writing() as connection:
        number = service.stage(
            connection, AREA, [change], kind="edit", title_zh="提到", title_en="Mentioned", who=who
        )
        if publish:
            service.publish(connection, number, who, reason="会上说的")
    return number


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


# ---------------------------------------------------------------- what strangers see


@BOTH
def test_a_stranger_sees_that_and_when_but_not_who_or_what(
    house: House, axe: str, numbers: dict[str, int], size: str, lang: str
) -> None:
    page = house.visit(f"/history?lang={lang}", size=size)
    expect(page).to_have_title(re.compile("变更记录" if lang == "zh" else "History of changes"))
    expect(page.locator(".log-entry")).to_have_count(4)
    log = page.get_by_role("main").inner_text()
    assert "李工" not in log
    assert "会上说的" not in log
    assert "王工" not in log
    assert page.locator(".acts").count() == 0
    expect(page.get_by_label("账号" if lang == "zh" else "Account")).to_have_count(0)
    assert fits(page)
    assert violations(page, axe) == []
    page.locator(f'.log-entry h2 a[href*="changeset={numbers["said"]}"]').click()
    expect(page.get_by_role("heading", level=1)).to_have_text("提到" if lang == "zh" else "Mentioned")
    sign_in = page.get_by_role("main").get_by_role("link", name="去登录" if lang == "zh" else "Sign in")
    expect(sign_in).to_have_attribute("href", re.compile(r"/signin\?next=%2Fhistory"))
    assert "会上说的" not in page.get_by_role("main").inner_text()
    assert violations(page, axe) == []
    # What waits is not there for strangers.
    page.goto(f"/history?lang={lang}&changeset={numbers['waits']}")
    expect(page.get_by_role("alert")).to_be_visible()


# ---------------------------------------------------------------- finding


def test_the_log_is_filtered_and_the_address_says_how(house: House, numbers: dict[str, int]) -> None:
    page = house.visit("/history", role="planner")
    expect(page.locator(".log-entry")).to_have_count(5)
    page.get_by_label("状态").select_option("staged")
    expect(page).to_have_url(re.compile(r"[?&]state=staged"))
    expect(page.locator(".log-entry")).to_have_count(1)
    expect(page.locator(".log-entry")).to_contain_text("待发布")
    page.get_by_role("button", name="清除筛选").click()
    page.get_by_label("账号").fill("李工")
    page.get_by_label("账号").press("Enter")
    expect(page.locator(".log-entry")).to_have_count(1)
    expect(page.locator(".log-entry")).to_contain_text("原因：会上说的")
    page.get_by_role("button", name="清除筛选").click()
    page.get_by_label("怎么来的").select_option("seed")
    expect(page.locator(".log-entry")).to_have_count(2)
    expect(page.locator(".log-entry .acts").last).to_contain_text(re.compile(r"增\s*126"))
    page.go_back()
    expect(page.locator(".log-entry")).to_have_count(5)
    # A project is found by its name.
    with house.database.reading() as connection:
        name = connection.exec_driver_sql(f"select name_zh from project where id = '{ROAD}'").scalar_one()
    page.get_by_label("项目").fill(name)
    page.get_by_label("项目").press("Enter")
    expect(page).to_have_url(re.compile(f"project={ROAD}"))
    expect(page.get_by_role("heading", level=1)).to_have_text(f"变更记录：{name}")
    expect(page.locator(f'.log-entry a[href*="changeset={numbers["waits"]}"]')).to_have_count(0)
    expect(page.locator(f'.log-entry h2 a[href*="changeset={numbers["changed"]}"]')).to_have_count(1)
    page.get_by_label("项目").fill("没有这样的名字")
    page.get_by_label("项目").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("没有叫“没有这样的名字”的项目")


@pytest.mark.parametrize(
    ("query", "zh", "en"),
    [
        ("from=2026-05-01&to=2026-01-01", "晚于", "after"),
        ("kind=nothing", "kind", "kind"),
        ("project=no-such-project", "没有", "no project"),
        ("from=yesterday", "from", "from"),
        ("before=x", "before", "before"),
    ],
)
def test_what_cannot_be_asked_is_told_and_can_be_mended(house: House, query: str, zh: str, en: str) -> None:
    for lang, said in (("zh", zh), ("en", en)):
        page = house.visit(f"/history?lang={lang}&{query}")
        expect(page.get_by_role("alert")).to_contain_text(re.compile(said, re.I))
        page.get_by_role("button", name="清除筛选" if lang == "zh" else "Clear filters").click()
        expect(page.locator(".log-entry").first).to_be_visible()


def test_a_day_before_all_history_is_told(house: House) -> None:
    page = house.visit("/history?to=1800-01-01")
    expect(page.get_by_text("没有符合这些条件的记录。")).to_be_visible()
    expect(page.get_by_text("更早没有记录", exact=False)).to_be_visible()
    page = house.visit("/history?changeset=abc")
    expect(page.get_by_text("“abc”不是变更集的编号", exact=False)).to_be_visible()
    page = house.visit("/history?changeset=99999")
    expect(page.get_by_role("alert")).to_be_visible()


# ---------------------------------------------------------------- opened, and taken back


@BOTH
def test_a_changeset_opens_to_what_it_changed_in_words(
    house: House, axe: str, numbers: dict[str, int], size: str, lang: str
) -> None:
    page = house.visit(f"/history?lang={lang}&changeset={numbers['changed']}", role="planner", size=size)
    page.locator(".change-name").first.click()
    table = page.locator(".difference")
    expect(table).to_contain_text(NOTE)
    expect(table).to_contain_text("改后" if lang == "zh" else "after")
    expect(page.locator("svg.outline")).to_be_visible()
    link = page.get_by_role("link", name="在地图上看这个项目" if lang == "zh" else "Show this project")
    expect(link).to_have_attribute("href", re.compile(f"project={ROAD}"))
    # Who only plans takes nothing back.
    expect(page.locator(".undo, .choice")).to_have_count(0)
    assert fits(page)
    assert violations(page, axe) == []
    page.goto(f"/history?lang={lang}&changeset={numbers['said']}")
    page.locator(".change-name").first.click()
    expect(page.locator(".difference")).to_contain_text("来源" if lang == "zh" else "Source")
    assert violations(page, axe) == []


def test_what_was_published_is_taken_back_and_that_too(
    house: House, axe: str, numbers: dict[str, int]
) -> None:
    page = house.visit(f"/history?changeset={numbers['changed']}", role="gis")

    def note() -> str:
        return str(page.request.get(f"/api/projects/{ROAD}").json()["properties"]["note_zh"])

    assert note() == NOTE
    _take_back(page, "写错了")
    undo = int(page.url.rsplit("changeset=", 1)[1])
    expect(page.get_by_role("link", name=f"这是对变更集 {numbers['changed']} 的撤销。")).to_be_visible()
    assert note() != NOTE
    card = page.context.new_page()
    card.goto(f"/?project={ROAD}")
    card.get_by_role("link", name="变更记录").wait_for()
    assert NOTE not in card.locator(".card").inner_text()
    # The log says which undid which.
    card.get_by_role("link", name="变更记录").click()
    first = card.locator(".log-entry.is-undone")
    expect(first).to_contain_text(f"这次发布已由变更集 {undo} 撤销。")
    assert violations(card, axe) == []
    # And the undoing is undone.
    _take_back(page, "没有写错")
    assert note() == NOTE
    page.get_by_role("button", name="返回记录").first.click()
    expect(page.locator(".log-entry.is-undone")).to_have_count(1)
    expect(page.locator(".log-entry.is-undone h2 a")).to_have_attribute("href", re.compile(f"={undo}$"))
    # What is undone is not taken back a second time.
    page.goto(f"/history?changeset={undo}")
    page.locator(".publish").wait_for()
    expect(page.locator(".undo")).to_have_count(0)


def _take_back(page: Page, reason: str) -> None:
    page.get_by_text("撤销这次发布").click()
    page.get_by_label(re.compile("^为什么撤销")).fill(reason)
    page.get_by_role("button", name="撤销", exact=True).click()
    expect(page.get_by_text("这是撤销的草稿", exact=False)).to_be_visible()
    page.get_by_role("button", name="去发布…").click()
    confirm = page.get_by_role("checkbox", name=re.compile("我已看过"))
    if confirm.count():
        confirm.check()
    page.get_by_label(re.compile("^为什么发布")).fill(reason)
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="已发布为版本")).to_be_visible()


def test_an_undo_of_what_is_undone_already_has_nothing_to_do(house: House, numbers: dict[str, int]) -> None:
    """Somebody takes it back in another window: here it still looks as if it could be."""
    number = _staged(
        house.database, claim(OTHER, "mention", "2025", "done", said_on="2026-11-02"), "赵工", True
    )
    page = house.visit(f"/history?changeset={number}", role="gis")
    page.get_by_text("撤销这次发布").click()
    with house.database.writing() as connection:
        inverse = undoing.revert(connection, number, "赵工", "先一步")
        service.publish(connection, inverse, "赵工", reason="先一步")
    page.get_by_label(re.compile("^为什么撤销")).fill("晚一步")
    page.get_by_role("button", name="撤销", exact=True).click()
    expect(page.get_by_text("与公开数据完全相同：没有变更。")).to_be_visible()
    expect(page.get_by_text("采用 0 个项目", exact=False)).to_be_visible()


def test_what_others_changed_meanwhile_is_not_undone_unseen(house: House) -> None:
    change_project(house.database, OTHER, note_zh="先写的")
    page = house.visit("/history?kind=edit", role="gis")
    page.locator(".log-entry h2 a").first.click()
    page.get_by_text("撤销这次发布").click()
    page.get_by_label(re.compile("^为什么撤销")).fill("不对")
    page.get_by_role("button", name="撤销", exact=True).click()
    expect(page.get_by_text("这是撤销的草稿", exact=False)).to_be_visible()
    change_project(house.database, OTHER, note_zh="别人后写的")
    page.get_by_role("button", name="去发布…").click()
    page.get_by_label(re.compile("^为什么发布")).fill("不对")
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("此后已有改动")
    note = page.request.get(f"/api/projects/{OTHER}").json()["properties"]["note_zh"]
    assert note == "别人后写的"


# ---------------------------------------------------------------- many


def test_many_are_paged(house: House, tmp_path: Path) -> None:
    for n in range(32):
        _staged(
            house.database,
            claim(OTHER, "mention", "2024", "done", said_on=f"2026-10-{n % 28 + 1:02}"),
            "多工",
        )
    page = house.visit("/history?who=多工", role="planner")
    expect(page.locator(".log-entry")).to_have_count(30)
    page.get_by_role("link", name="更早的").click()
    expect(page.locator(".log-entry")).to_have_count(2)
    expect(page).to_have_url(re.compile("before="))
    page.get_by_role("link", name="回到最新").click()
    expect(page.locator(".log-entry")).to_have_count(30)


def test_a_planner_takes_back_what_was_recorded(house: House, numbers: dict[str, int]) -> None:
    page = house.visit("/history", role="planner")
    said = {
        "property": "milestone:open",
        "date": "2034年底",
        "commitment": "aspired",
        "said_on": "2026-10-08",
        "source": "qiaobao-2025-01-16",
        "locator": "第 3 段",
        "quote": "力争2034年底建成通车",
    }
    answer = page.request.post(
        f"/api/projects/{ROAD}/claims", data=said, headers={"Origin": house.served.address, "X-Guatu": "1"}
    )
    assert answer.status == 201, answer.text()
    number = answer.json()["changeset"]
    page.goto(f"/history?changeset={number}")
    page.get_by_text("撤销这次发布").click()
    page.get_by_label(re.compile("^为什么撤销")).fill("记错了")
    page.get_by_role("button", name="撤销", exact=True).click()
    expect(page.get_by_role("link", name=f"这是对变更集 {number} 的撤销。")).to_be_visible()
    claims = page.request.get(f"/api/projects/{ROAD}").json()["properties"]["claims"]
    (claim,) = [one for one in claims if one["quote"] == said["quote"]]
    assert claim["withdrawn"] is not None
    # What a file brought is for GIS staff.
    page.goto(f"/history?changeset={numbers['changed']}")
    page.locator(".publish").wait_for()
    expect(page.locator(".undo")).to_have_count(0)
