"""What a reviewer is told before deciding: edits by hand that a file would undo, names, what waits for
nobody; and what a resident's card and legend tell afterwards."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from app.changesets import service
from geodata.changes import Change
from tests.app.changing import AREA, change_project
from tests.browser.office import Office
from tests.browser.test_editing import SOUTH, STEP, WEST, create, editor, public, send, settled, type_shape
from tests.browser.test_everyone import violations
from tests.browser.test_uploading import bring, group, listed, parcels, publish, squares, write


def merge_by_hand(office: Office, one: str, other: str) -> None:
    page = editor(office, one)
    answer = page.request.get("/api/catalogue").json()
    acts = [{"op": "merge", "id": one, "others": [other]}]
    body = {"base_revision": answer["revision"], "reason": "合并", "acts": acts}
    site = page.url.partition("/upload")[0]
    sent = page.request.post("/api/edits", data=body, headers={"X-Guatu": "1", "Origin": site})
    assert sent.ok, sent.text()
    with office.database.writing() as connection:
        service.publish(connection, sent.json()["changeset"], "tester")


def test_a_file_that_would_undo_a_correction_says_so_and_waits(
    office: Office, axe: str, tmp_path: Path
) -> None:
    page = office.staff()
    path = write(tmp_path / "手.geojson", parcels("手", 3), squares(3, 114.16, 22.70))
    bring(page, path, "手改")
    publish(page, "第一次")
    found = page.request.get("/api/projects?kind=parcel&limit=1000").json()["features"]
    ids: dict[str, str] = {one["properties"]["name_zh"]: one["id"] for one in found}
    change_project(office.database, ids["手地块1"], name_zh="北街小学地块", name_en="Beijie school")
    page.get_by_role("button", name="再上传一个").click()
    rows = parcels("手", 3)
    rows["名称"][2] = "南街地块"
    bring(page, write(path, rows, squares(3, 114.16, 22.70)), "手改")
    expect(page.get_by_role("region", name="检查")).to_contain_text("1 条变更未预先采用")
    expect(page.locator(".tally")).to_contain_text("采用 1 个项目（1 条变更），不采用 1 个（1 条）")
    row = listed(page).filter(has_text="手地块1")
    expect(row).to_contain_text("由 tester 于")
    expect(row).to_contain_text("文件里仍是更早的值")
    expect(row.get_by_role("button", name=re.compile("^不采用：")).first).to_have_attribute(
        "aria-pressed", "true"
    )
    assert violations(page, axe) == []
    publish(page, "第二次")
    names = [public(page, ids[f"手地块{n}"]).json()["properties"]["name_zh"] for n in (1, 2)]
    assert names == ["北街小学地块", "南街地块"]


def test_a_file_without_news_waits_for_nobody(office: Office, tmp_path: Path) -> None:
    page = office.staff()
    path = write(tmp_path / "同.geojson", parcels("同", 2), squares(2, 114.16, 22.71))
    bring(page, path, "相同")
    publish(page, "第一次")
    page.get_by_role("button", name="再上传一个").click()
    page.locator("#file").set_input_files(path)
    page.get_by_label(re.compile("^类别$")).select_option("parcel")
    page.get_by_role("combobox", name="数据集").fill("相同")
    page.locator("#precision").select_option("digitised")
    page.get_by_role("button", name="检查这个文件").click()
    expect(page.get_by_text("没有可发布的：文件里的内容都已公开", exact=False)).to_be_visible()
    steps = page.get_by_role("list", name="步骤").get_by_role("listitem")
    expect(steps).to_have_text(["文件", "检查"])
    page.get_by_role("button", name="返回").click()
    expect(page.get_by_role("region", name="等待核对")).not_to_contain_text("相同")
    sent = page.get_by_role("region", name="最近上传的文件").get_by_role("listitem")
    expect(sent.filter(has_text="相同")).to_have_text([re.compile("没有变化"), re.compile("已发布")])


def test_the_keys_decide_on_the_row_that_has_the_keyboard_and_on_no_other(
    office: Office, tmp_path: Path
) -> None:
    page = office.staff()
    bring(page, write(tmp_path / "键.geojson", parcels("键", 4), squares(4, 114.16, 22.72)), "按键")
    group(page, "增").click()
    expect(listed(page)).to_have_count(4)
    tally = page.locator(".tally")

    def press(key: str) -> None:
        page.keyboard.press(key)
        page.locator(".choice button:disabled").first.wait_for(state="detached")

    # One is looked at; another has the keyboard, as after a press on its button.
    listed(page).nth(2).locator(".change-name").click()
    listed(page).nth(0).get_by_role("button", name=re.compile("^采用：")).focus()
    press("r")
    expect(rejected(page)).to_have_text(["键地块0"])
    # The next one has the keyboard, and is looked at.
    expect(listed(page).nth(1).locator(".change-name")).to_be_focused()
    expect(page.locator(".change.chosen")).to_contain_text("键地块1")
    # On the map, and with another key held, they are no keys of the review.
    page.keyboard.press("Control+a")
    page.keyboard.press("Alt+r")
    page.locator("#map").focus()
    page.keyboard.press("r")
    page.wait_for_timeout(300)
    expect(rejected(page)).to_have_text(["键地块0"])
    listed(page).nth(3).locator(".change-name").focus()
    # A key that is held down decides once.
    page.keyboard.down("r")
    page.keyboard.down("r")
    page.keyboard.up("r")
    expect(tally).to_contain_text("不采用")
    expect(rejected(page)).to_have_text(["键地块0", "键地块3"])


def rejected(page: Page) -> Locator:
    return page.locator(".change.rejected .change-name b")


def test_nothing_accepted_is_told_at_the_button_and_not_after_a_reason(
    office: Office, axe: str, tmp_path: Path
) -> None:
    page = office.staff()
    bring(page, write(tmp_path / "无.geojson", parcels("无", 1), squares(1, 114.16, 22.73)), "没有采用")
    begin = page.get_by_role("button", name="去发布…")
    expect(begin).to_be_enabled()
    none = page.locator(".publish").get_by_role("status").filter(has_text="没有采用任何变更")
    expect(none).to_have_count(0)
    decide(page, "不采用")
    expect(begin).to_be_disabled()
    expect(begin).to_have_accessible_description("没有采用任何变更：没有可发布的。")
    expect(none).to_be_visible()
    assert violations(page, axe) == []
    # It is so too for whoever has begun already, until something is accepted.
    decide(page, "采用")
    expect(none).to_have_count(0)
    begin.click()
    page.get_by_label(re.compile("^为什么发布")).fill("试")
    decide(page, "不采用")
    go = page.get_by_role("button", name="发布", exact=True)
    expect(go).to_be_disabled()
    expect(go).to_have_accessible_description("没有采用任何变更：没有可发布的。")
    decide(page, "采用")
    expect(go).to_be_enabled()


def decide(page: Page, what: str) -> None:
    """On every change in the list."""
    for button in page.get_by_role("button", name=re.compile(f"^{what}：")).all():
        button.click()
        page.locator(".choice button:disabled").first.wait_for(state="detached")


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_a_split_is_told_by_names_and_the_card_tells_what_it_came_from(
    office: Office, axe: str, size: str
) -> None:
    name, east = f"whole-{size}", {"wide": 10, "phone": 20}[size]
    create(office, name, east)
    page = editor(office, name, size=size)
    page.get_by_role("button", name="分割", exact=True).press("Enter")
    cut = WEST + (east + 0.4) * STEP
    type_shape(page, [(cut, SOUTH - 0.001), (cut, SOUTH + STEP + 0.001)])
    expect(page.get_by_role("region", name="分割结果").get_by_role("listitem")).to_have_count(2)
    page.get_by_label("最大的一块保留原编号").uncheck()
    settled(page)
    send(page)
    going = listed(page).filter(has_text="原编号指到").first
    expect(going).to_contain_text(f"原编号指到“地块{name}（1）”、“地块{name}（2）”")
    expect(listed(page).filter(has_text=f"“地块{name}（1）”接续“地块{name}”").first).to_be_visible()
    publish(page, "分给两家")
    heirs = public(page, name).json()["successors"]
    page.goto(f"/?project={heirs[0]}&lang=zh")
    card = page.get_by_role("complementary")
    related = card.get_by_role("listitem").filter(has_text="前身")
    link = related.get_by_role("link", name=f"地块{name}")
    link.scroll_into_view_if_needed()
    expect(link).to_be_visible()
    assert violations(page, axe) == []
    link.click()
    page.wait_for_url(re.compile(f"/history.*project={name}"))
    expect(page.get_by_role("main")).to_contain_text("分给两家")
    # The old id itself names both.
    page.goto(f"/?project={name}&lang=zh")
    for n in (1, 2):
        expect(page.get_by_role("button", name=f"地块{name}（{n}）").first).to_be_visible()


def test_the_id_of_what_was_merged_away_opens_what_it_became(office: Office) -> None:
    create(office, "stays", 30)
    create(office, "goes", 31)
    merge_by_hand(office, "stays", "goes")
    page = office.somebody()
    page.goto("/?project=goes&lang=zh")
    card = page.get_by_role("complementary")
    expect(card.get_by_role("heading", name="地块stays")).to_be_visible()
    expect(card.get_by_role("listitem").filter(has_text="前身")).to_contain_text("地块goes")
    expect(page).to_have_url(re.compile("project=stays"))


def test_names_lie_under_what_a_changeset_does(office: Office, tmp_path: Path) -> None:
    page = office.staff()
    bring(page, write(tmp_path / "名下.geojson", parcels("名", 2), squares(2)), "名下")
    depths = page.evaluate(
        """() => Object.fromEntries(['symbol', 'label', 'staged', 'chosen'].map((name) =>
            [name, +getComputedStyle(document.querySelector(`.leaflet-${name}-pane`)).zIndex]))"""
    )
    assert depths["symbol"] < depths["label"] < depths["staged"] < depths["chosen"]


def test_the_legend_tells_of_surveyed_edges_where_there_are_any(office: Office) -> None:
    page = office.somebody()
    page.goto("/?lang=zh")
    legend = page.locator(".foot .legend")
    expect(legend).to_contain_text("清晰＝数字化，误差约数米")
    create(office, "exact", 40)
    with office.database.writing() as connection:
        before, after = {"precision": "digitised"}, {"precision": "surveyed"}
        number = service.stage(
            connection,
            AREA,
            [Change("change", "exact", before, after)],
            kind="edit",
            title_zh="试",
            title_en="Test",
            who="tester",
        )
        service.publish(connection, number, "tester")
    page.goto("/?lang=zh")
    expect(legend).to_contain_text("清晰＝实测，或数字化（误差约数米）")
    expect(page.get_by_role("list", name="位置精度").get_by_role("listitem").first).to_contain_text("实测")
    page.goto("/?lang=en")
    expect(legend).to_contain_text("crisp = surveyed, or digitised (metres off)")
