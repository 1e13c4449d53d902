"""Signing in and out, as a person at a keyboard or with a phone does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.access import cookies, links
from app.database import Database
from tests.app.signed import PASSWORD, add, session_of
from tests.browser.conftest import SIZES
from tests.browser.lending import Lender
from tests.browser.test_everyone import violations
from tests.conftest import SEEDED, clone
from tests.serving import Served, serving


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Database]]:
    """A service of its own, with an account of GIS staff."""
    with (
        clone(SEEDED) as url,
        serving(tmp_path_factory.mktemp("office"), GUATU_DATABASE_URL=url) as served,
    ):
        database = Database(url)
        add(database, "li.wei", "gis")
        yield served, database
        database.close()


@pytest.fixture(params=["wide", "phone"])
def page(lender: Lender, office: tuple[Served, Database], request: pytest.FixtureRequest) -> Iterator[Page]:
    """Somebody's browser; whatever it complains of fails the test."""
    width, height = SIZES[request.param]
    page = lender.page(
        office[0].address,
        viewport={"width": width, "height": height},
        locale="zh-CN",
        base_url=office[0].address,
        has_touch=request.param == "phone",
        reduced_motion="reduce",
    )
    complaints: list[str] = []
    # A refusal is noted by the browser itself.
    refusals = ("401", "410", "422", "429")

    def heard(text: str) -> None:
        if not any(status in text for status in refusals):
            complaints.append(text)

    page.on("console", lambda message: heard(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == []


def to_map(page: Page, address: str = "/") -> None:
    page.goto(address)
    page.get_by_role("slider").wait_for()


def test_signing_in_by_keyboard_comes_back_to_where_one_was(page: Page) -> None:
    to_map(page, "/?day=2025-01-16")
    page.get_by_role("link", name="登录").click()
    expect(page).to_have_title("登录 · 挂图")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    page.get_by_label("账号").focus()
    page.keyboard.type("Li.Wei")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/?day=2025-01-16")
    page.get_by_role("slider").wait_for()
    expect(page.get_by_text("li.wei")).to_be_attached()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("link", name="登录")).to_be_visible()
    page.reload()
    page.get_by_role("slider").wait_for()
    expect(page.get_by_role("link", name="登录")).to_be_visible()


def test_a_wrong_password_is_told_in_both_languages(page: Page) -> None:
    page.goto("/signin")
    page.get_by_label("账号").fill("li.wei")
    page.get_by_label("密码", exact=True).fill("snow on a tin roof")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_have_text("账号或密码不对，或账号已停用")
    # Ready to type again.
    expect(page.get_by_label("密码", exact=True)).to_be_focused()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("alert")).to_have_text(
        "The name or the password is wrong, or the account is disabled."
    )
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")


def test_password_managers_know_the_fields(page: Page) -> None:
    page.goto("/signin")
    name, password = page.get_by_label("账号"), page.get_by_label("密码", exact=True)
    expect(name).to_have_attribute("autocomplete", "username")
    expect(password).to_have_attribute("autocomplete", "current-password")
    expect(password).to_have_attribute("type", "password")
    page.get_by_label("显示密码").check()
    expect(password).to_have_attribute("type", "text")


def test_nobody_is_led_to_another_site(page: Page) -> None:
    page.goto("/signin?next=//evil.example/")
    page.get_by_label("账号").fill("li.wei")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/")
    page.get_by_role("slider").wait_for()


def test_H319_whoever_forgot_the_password_chooses_another_by_a_link(
    page: Page, office: tuple[Served, Database], axe: str
) -> None:
    name = add(office[1], f"zhou.{page.viewport_size['width'] if page.viewport_size else 0}", "planner")
    with office[1].writing() as connection:
        link = links.issue(connection, name, by="root")
    page.goto("/signin")
    expect(page.get_by_text("请管理员发一个链接")).to_be_visible()
    # Opened where the page is open already.
    page.goto(link.path)
    expect(page).to_have_title("设置新密码 · 挂图")
    expect(page.get_by_label("账号")).to_have_value(name)
    new = page.get_by_label("新密码", exact=True)
    expect(new).to_have_attribute("autocomplete", "new-password")
    page.evaluate(axe)
    assert page.evaluate("axe.run().then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].html))") == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    new.fill("12345678")
    page.get_by_role("button", name="设为新密码").click()
    expect(page.get_by_role("alert")).to_contain_text("密码")
    new.fill("a heron over the pond")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text(f"{name} 的新密码已设好，请用它登录。")
    expect(page).not_to_have_url(re.compile("link"))
    expect(page.get_by_label("账号")).to_have_value(name)
    page.get_by_label("密码", exact=True).fill("a heron over the pond")
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/")
    # Once.
    page.goto(f"/signin?lang=en{link.path.removeprefix('/signin')}")
    page.get_by_label("New password", exact=True).fill("a heron over the lake")
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("alert")).to_contain_text("ask an administrator for another")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_is_accessible_and_fits(page: Page, axe: str, language: str) -> None:
    page.goto(f"/signin?lang={language}")
    page.get_by_role("heading", level=1).wait_for()
    page.evaluate(axe)
    found = page.evaluate("axe.run().then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].html))")
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_page_asks_for_no_map(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(Path(request.url).name))
    page.goto("/signin")
    page.get_by_role("heading", level=1).wait_for()
    assert "session" in asked
    assert not [name for name in asked if name in ("projects", "catalogue", "ground.geojson", "timeline")]


@pytest.mark.parametrize("page", ["wide", "phone"], indirect=True)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_planner_is_not_offered_the_upload_page_and_is_told_who_may(
    page: Page, office: tuple[Served, Database], axe: str, lang: str
) -> None:
    width = page.viewport_size["width"] if page.viewport_size else 0
    served, database = office
    secret = session_of(database, add(database, f"plan-{lang}-{width}", "planner"))
    page.context.add_cookies([{"name": cookies.PLAIN, "value": secret, "url": served.address}])
    upload = page.get_by_role("navigation").get_by_role("link", name=re.compile("^(上传|Upload)$"))
    for path in ("/board", "/history", "/upload?changeset=1"):
        page.goto(f"{path}{'&' if '?' in path else '?'}lang={lang}")
        page.locator(".account .name").wait_for(state="attached")
        expect(upload).to_have_count(0)
    told = page.get_by_role("main")
    expect(told).to_contain_text(
        "由 GIS 人员和管理员来做" if lang == "zh" else "GIS staff and administrators"
    )
    expect(told).to_contain_text("记录一条事实" if lang == "zh" else "Record a fact")
    assert violations(page, axe) == []
    told.get_by_role("link", name=re.compile("变更集 1$|changeset 1$")).click()
    page.wait_for_url(re.compile(r"/history\?changeset=1"))
