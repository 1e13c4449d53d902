"""What a file leaves open: told plainly, answered with one press, and not asked again a month later."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.office import Office
from tests.browser.test_everyone import violations
from tests.browser.test_uploading import (
    bring,
    group,
    listed,
    parcels,
    publish,
    squares,
    wait_for_the_check,
    write,
)


def table(path: Path, prefix: str, *, status: str = "在建", more: str = "") -> Path:
    """As an office keeps it: degrees of nobody knows which system, a column of its own, remarks."""
    rows = [f"编号,名称,经度,纬度,状态,归口,备注{',' + more if more else ''}"]
    for n in range(2):
        cells = f"{prefix}{n},{prefix}库房{n},{114.12 + n / 500},22.69,{status},城建办,内部：未签字"
        rows.append(cells + (",甲" if more else ""))
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def press(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("button", name=name).click()
    # The same file becomes another changeset.
    page.wait_for_function("was => location.search !== was", arg=page.evaluate("location.search"))
    wait_for_the_check(page)


def differs(page: Page, row: str) -> None:
    listed(page).first.get_by_role("button", name=re.compile(row)).click()


def test_remarks_are_private_until_one_press_makes_them_public_and_back(
    office: Office, tmp_path: Path, axe: str
) -> None:
    page = office.staff()
    bring(page, table(tmp_path / "备注.csv", "注"), "备注的")
    report = page.get_by_role("region", name="检查")
    expect(report).to_contain_text("列“备注”多半是写给自己看的话")
    assert violations(page, axe) == []
    differs(page, "^注库房0")
    kept = page.get_by_role("row", name=re.compile("^备注（不公开）"))
    expect(kept).to_contain_text("内部：未签字")
    press(page, "公开“备注”")
    expect(report).to_contain_text("列“备注”会公开：人人都能看到里面的话")
    differs(page, "^注库房0")
    expect(page.get_by_role("row", name=re.compile("^说明（中文）"))).to_contain_text("内部：未签字")
    press(page, "不公开“备注”")
    differs(page, "^注库房0")
    expect(kept).to_contain_text("内部：未签字")


def test_an_assumed_system_is_told_and_another_is_one_press_away(office: Office, tmp_path: Path) -> None:
    page = office.staff(locale="en-GB")
    bring(page, table(tmp_path / "system.csv", "系"), "systems")
    report = page.get_by_role("region", name="Check")
    expect(report).to_contain_text("The coordinate system is assumed")
    press(page, "They are GCJ-02 (Amap, Tencent)")
    expect(report).not_to_contain_text("The coordinate system is assumed")
    expect(report).to_contain_text("converted from GCJ-02 to WGS84, as chosen")
    expect(report).to_contain_text("GCJ-02 · as you chose")
    # What was staged a moment ago is given up, and waits for nobody.
    expect(page.locator(".former")).to_have_count(0)
    page.wait_for_timeout(500)
    expect(page.locator(".former")).to_have_count(0)


def test_the_answers_of_last_month_are_proposed_shown_and_can_be_dropped(
    office: Office, tmp_path: Path, axe: str
) -> None:
    page = office.staff(size="phone")
    bring(page, table(tmp_path / "一月.csv", "月"), "月报", precision="surveyed")
    # All that a person says of the first month.
    report = page.get_by_role("region", name="检查")
    page.get_by_text("列与字段的对应").click()
    page.get_by_label("“归口”对应").select_option("attr:lead_unit")
    press(page, "按此对应再检查")
    press(page, "是 GCJ-02（高德、腾讯）")

    page.goto("/upload")
    page.locator("#file").set_input_files(table(tmp_path / "二月.csv", "月"))
    page.get_by_label("数据集", exact=True).fill("月报")
    before = page.get_by_role("region", name="沿用上次的回答")
    expect(before).to_contain_text("一月.csv")
    expect(page.locator("#precision")).to_have_value("surveyed")
    before.get_by_text("看上次的回答").click()
    expect(before.get_by_role("listitem").filter(has_text="归口")).to_have_text("归口 → 责任单位")
    expect(before).to_contain_text("坐标系：GCJ-02")
    assert violations(page, axe) == []
    page.get_by_role("button", name="检查这个文件").click()
    wait_for_the_check(page)
    page.get_by_role("tab", name="检查").click()
    told = re.compile("按上次（.*，一月.csv）的回答读取：列的对应和单位、精度、坐标系 GCJ-02")
    expect(report).to_contain_text(told)
    expect(report).not_to_contain_text("坐标系是假定的")
    page.get_by_role("button", name="看或改列的对应").click()
    expect(page.get_by_label("“归口”对应")).to_have_value("attr:lead_unit")
    # Dropped: recognised by its names alone.
    press(page, "不沿用，重新识别")
    expect(report).to_contain_text("坐标系是假定的")
    expect(report).to_contain_text("列“归口”不是类别")
    expect(report).not_to_contain_text("按上次")


def test_other_columns_than_last_time_are_told(office: Office, tmp_path: Path) -> None:
    page = office.staff()
    bring(page, table(tmp_path / "前.csv", "前"), "变列")
    page.goto("/upload")
    bring(page, table(tmp_path / "后.csv", "前", more="片区"), "变列")
    report = page.get_by_role("region", name="检查")
    expect(report).to_contain_text(re.compile("没有沿用上次（.*，前.csv）的回答：列不同（多出：片区）"))


def test_who_published_is_asked_said_and_proposed_to_the_same_person_again(
    office: Office, tmp_path: Path
) -> None:
    page = office.staff()
    expect(page.get_by_label("来源类别")).to_have_value("")
    page.get_by_label("发布单位").fill("南方都市报")
    bring(page, table(tmp_path / "报.csv", "报"), "报纸", tier="press")
    report = page.get_by_role("region", name="检查")
    expect(report).to_contain_text("南方都市报 · 报道")
    page.goto("/upload")
    page.evaluate("sessionStorage.clear()")
    page.reload()
    expect(page.get_by_label("发布单位")).to_have_value("南方都市报")
    expect(page.get_by_label("来源类别")).to_have_value("press")
    # Somebody else has said nothing yet.
    expect(office.staff().get_by_label("发布单位")).to_have_value("")


def test_a_name_that_no_dataset_may_have_is_told_before_anything_is_sent(
    office: Office, tmp_path: Path
) -> None:
    page = office.staff()
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    page.locator("#file").set_input_files(table(tmp_path / "名.csv", "名"))
    page.get_by_label(re.compile("^类别$")).select_option("parcel")
    page.locator("#precision").select_option("digitised")
    page.locator("#tier").select_option("official")
    name = page.get_by_label("数据集", exact=True)
    name.fill("整备/一月")
    page.get_by_role("button", name="检查这个文件").click()
    expect(page.get_by_role("alert")).to_contain_text("数据集名称只能用文字")
    assert name.get_attribute("aria-invalid") == "true"
    assert sent == []
    name.fill("整备、产业空间")
    page.get_by_role("button", name="检查这个文件").click()
    wait_for_the_check(page)


def test_the_last_published_file_is_the_one_before_not_one_that_was_only_tried(
    office: Office, tmp_path: Path
) -> None:
    page = office.staff()
    bring(page, table(tmp_path / "公开.csv", "发"), "先后")
    publish(page, "一月")
    page.goto("/upload")
    bring(page, table(tmp_path / "试试.csv", "发", more="片区"), "先后")
    page.goto("/upload")
    page.locator("#file").set_input_files(table(tmp_path / "又一月.csv", "发"))
    page.get_by_label(re.compile("^类别$")).select_option("parcel")
    page.get_by_label("数据集", exact=True).fill("先后")
    expect(page.get_by_role("region", name="沿用上次的回答")).to_contain_text("公开.csv")


def test_a_column_without_a_unit_is_asked_about_until_somebody_says_which(
    office: Office, tmp_path: Path, axe: str
) -> None:
    rows = parcels("单", 2)
    rows["面积"] = [12_000, 8_000]
    page = office.staff()
    bring(page, write(tmp_path / "单.geojson", rows, squares(2, 114.12, 22.7)), "没有单位的")
    asked = page.locator(".file-notes .suspect").filter(has_text="列“面积”没有写单位：按 ha 读取")
    expect(asked).to_be_visible()
    assert violations(page, axe) == []
    # What was written of it already is not lost by answering.
    page.get_by_role("button", name="去发布…").click()
    page.get_by_label(re.compile("^为什么发布")).fill("测绘中心七月成果")
    asked.get_by_role("button", name="看或改列的对应").click()
    page.get_by_label("“面积”的单位").fill("m2")
    press(page, "按此对应再检查")
    expect(page.get_by_role("main")).not_to_contain_text("没有写单位")
    expect(page.get_by_label(re.compile("^为什么发布"))).to_have_value("测绘中心七月成果")


def test_a_column_whose_words_block_every_row_may_be_left_and_nothing_else_is_asked(
    office: Office, tmp_path: Path, axe: str
) -> None:
    path = tmp_path / "学校.csv"
    path.write_text(
        "编号,名称,经度,纬度,类型\n校1,一小,114.12,22.69,产业园\n校2,二小,114.13,22.69,产业园",
        encoding="utf-8",
    )
    page = office.staff()
    page.locator("#file").set_input_files(path)
    page.get_by_label(re.compile("^类别$")).select_option("facility")
    page.locator("#precision").select_option("digitised")
    page.locator("#tier").select_option("official")
    page.get_by_role("button", name="检查这个文件").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("需要您确认一件事")
    expect(page.get_by_role("alert")).to_contain_text("“类型”没有“产业园”这个词")
    expect(page.get_by_label("表示哪个阶段")).to_have_count(0)
    assert violations(page, axe) == []
    page.get_by_role("button", name="不读“类型”这一列").click()
    wait_for_the_check(page)
    expect(group(page, "增")).to_contain_text("2")


def test_a_drawing_of_cad_is_told_as_soon_as_it_is_chosen(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "总图.DWG"
    path.write_bytes(b"AC1032" + bytes(200))
    page = office.staff()
    page.locator("#file").set_input_files(path)
    expect(page.get_by_role("alert")).to_contain_text("CAD 图纸（DXF、DWG）读不了")
    page.locator("#file").set_input_files(table(tmp_path / "表.csv", "表"))
    expect(page.get_by_role("alert")).to_have_count(0)


def test_each_status_word_is_shown_with_the_phase_that_it_became(
    office: Office, tmp_path: Path, axe: str
) -> None:
    rows = parcels("词", 4)
    rows["状态"] = ["已建成", "在建", "已建成", "不详"]
    page = office.staff()
    bring(page, write(tmp_path / "词.geojson", rows, squares(4, 114.12, 22.71)), "词")
    found = page.get_by_role("region", name="检查").get_by_role("list", name="认出的状态词")
    expect(found.get_by_role("listitem").first).to_have_text("已建成 → 收尾验收2 行")
    expect(found).to_contain_text("在建 → 在建1 行")
    expect(found).to_contain_text("不详 → 不表示阶段1 行")
    expect(listed(page).filter(has_text="已建成 → 收尾验收")).to_have_count(2)
    assert violations(page, axe) == []
    # A wrong reading leads to where it is mended.
    page.get_by_role("button", name="改正词的意思").click()
    page.get_by_placeholder("文件里的词").fill("已建成")
    page.get_by_label("表示哪个阶段").select_option("in_service")
    press(page, "按此对应再检查")
    expect(found.get_by_role("listitem").first).to_have_text("已建成 → 已投用2 行")

    english = office.staff(size="phone", locale="en-GB")
    english.goto(page.url)
    english.get_by_role("tab", name="Check").click()
    told = english.get_by_role("list", name="Words of the status that were recognised")
    expect(told).to_contain_text("已建成 → In service2 rows")
    assert violations(english, axe) == []


def test_report_and_review_count_the_same_things_and_tell_afterwards_what_was_decided(
    office: Office, tmp_path: Path, axe: str
) -> None:
    page = office.staff()
    path = tmp_path / "数.geojson"
    bring(page, write(path, parcels("数", 4), squares(4, 114.12, 22.72)), "数数")
    publish(page, "一月")
    page.goto("/upload")
    rows = parcels("数", 6)
    # One has only another status, one another name, two are the same, two are new, one without a phase.
    rows["状态"][0], rows["名称"][1], rows["状态"][5] = "已建成", "改了名", "不详"
    rows["面积亩"][4] = 90
    bring(page, write(path, rows, squares(6, 114.12, 22.72)), "数数")
    report, above = page.get_by_role("region", name="检查"), page.locator(".compared")
    for place in (report, above):
        expect(place).to_contain_text("新增 2 个项目，改动 2 个，删除 0 个，相同 2 个")
    # Single changes are named as such.
    expect(above).to_contain_text("分成 5 条变更，按类型：")
    expect(group(page, "改")).to_contain_text("1")
    expect(page.locator(".tally")).to_contain_text("采用 4 个项目（5 条变更）")
    expect(report).to_contain_text("请确认")
    page.get_by_role("button", name="不采用：改了名").click()
    expect(page.locator(".tally")).to_contain_text("采用 3 个项目（4 条变更），不采用 1 个（1 条）")
    publish(page, "二月")
    for place in (report, above):
        expect(place).to_contain_text("新增 2 个项目，改动 1 个，删除 0 个，相同 2 个，不采用 1 个")
    expect(report).to_contain_text("已确认")
    expect(page.get_by_role("main")).not_to_contain_text("请确认")
    expect(page.get_by_role("main")).not_to_contain_text("必须改")
    assert violations(page, axe) == []


def test_our_own_shapefiles_of_several_kinds_come_back_layer_by_layer_without_being_sent_by_hand_again(
    office: Office, tmp_path: Path, axe: str
) -> None:
    page = office.staff()
    path = tmp_path / "own.zip"
    path.write_bytes(page.request.get("/api/projects.shp.zip?kind=road,station,park,parcel").body())
    bring(page, path, "整包", kind="road")
    expect(page.get_by_role("alert")).to_contain_text("请选择一个（areas、lines、points）")
    expect(page.get_by_role("main")).to_contain_text("一次读一个图层")
    page.get_by_role("button", name="读取“lines”").click()
    wait_for_the_check(page)
    more = page.get_by_role("region", name="这个文件里还有")
    expect(more).to_contain_text("这里读的是图层“lines”里的“道路、公交、停车”。")
    assert violations(page, axe) == []

    # Another layer: the file is there, the layer filled in; its kind and precision are asked anew.
    more.get_by_role("button", name="接着读图层“points”").click()
    expect(page.locator(".drop")).to_contain_text("own.zip")
    expect(page.locator(".drop")).to_contain_text("读其中的图层“points”")
    expect(page.get_by_label(re.compile("^类别$"))).to_have_value("")
    page.get_by_label(re.compile("^类别$")).select_option("station")
    expect(page.get_by_label("位置怎么来的")).to_have_value("")
    page.get_by_label("位置怎么来的").select_option("approximate")
    page.get_by_role("button", name="检查这个文件").click()
    wait_for_the_check(page)
    expect(more).to_contain_text("图层“points”里的“车站、枢纽”")
    expect(more.get_by_role("listitem").filter(has_text="lines")).to_contain_text("已读过")

    # Rows of another kind of the same layer: one press, and the layer goes along.
    press(page, re.compile("^接着读“土地整备”"))
    expect(more).to_contain_text("图层“points”里的“土地整备”")
    expect(page.locator(".compared")).to_contain_text(
        re.compile("新增 0 个项目，改动 0 个，删除 0 个，相同 [1-9]")
    )
    # The rows of other kinds are told as such, and not as faults.
    report = page.get_by_role("region", name="检查")
    expect(report).to_contain_text(re.compile("[1-9][0-9]* 行属于别的类别，这次没有读"))
    expect(report).not_to_contain_text("行有错误")
    # What waits of another kind of the same file is not an earlier state of this one.
    expect(page.get_by_text("同一数据集还有更早的变更", exact=False)).to_have_count(0)

    # Loaded anew the page has the file no more; what is staged has it still, what is settled asks for it.
    english = office.staff(size="phone", locale="en-GB")
    english.goto(page.url)
    english.get_by_role("tab", name="Check").click()
    english.get_by_role("button", name="Read the layer “areas”").click()
    expect(english.locator(".drop")).to_contain_text("areas")
    assert "、" not in english.locator("form").inner_text().replace("letters, digits", "")
    assert violations(english, axe) == []
