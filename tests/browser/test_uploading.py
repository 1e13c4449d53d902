"""GIS staff bring files of other programs: checked, answered, reviewed on the map, published, taken back."""

from __future__ import annotations

import itertools
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect
from shapely import Polygon, box

from tests.app.changing import change_project
from tests.app.signed import PASSWORD, add
from tests.browser.office import WAIT_MS, Office
from tests.browser.test_everyone import violations

BOW_TIE = Polygon([(114.13, 22.69), (114.131, 22.691), (114.131, 22.69), (114.13, 22.691)])
HOSTILE = "<img src=x onerror=\"document.title='broken into'\">地块"


# ---------------------------------------------------------------- files of other programs


def write(path: Path, rows: dict[str, list[Any]], shapes: list[Any], crs: str = "EPSG:4326") -> Path:
    """As GDAL writes it, through geopandas."""
    geopandas.GeoDataFrame(rows, geometry=shapes, crs=crs).to_file(path, engine="pyogrio")
    return path


def squares(count: int, west: float = 114.11, south: float = 22.69) -> list[Polygon]:
    corners = [(west + 0.002 * (n % 8), south + 0.002 * (n // 8)) for n in range(count)]
    return [box(x, y, x + 0.001, y + 0.001) for x, y in corners]


def parcels(prefix: str, count: int, **other: Any) -> dict[str, list[Any]]:
    rows: dict[str, list[Any]] = {
        "编号": [f"{prefix}{n}" for n in range(count)],
        "名称": [f"{prefix}地块{n}" for n in range(count)],
        "状态": ["在建"] * count,
        # What the squares below measure.
        "面积亩": [17 + n / 10 for n in range(count)],
    }
    return {**rows, **other}


# ---------------------------------------------------------------- what a person does


def bring(
    page: Page,
    path: Path,
    dataset: str,
    kind: str = "parcel",
    mode: str = "",
    precision: str = "digitised",
    tier: str = "official",
) -> None:
    page.locator("#file").set_input_files(path)
    page.get_by_label(re.compile("^(类别|Kind)$")).select_option(kind)
    page.get_by_label(re.compile("^(数据集|Dataset)$")).fill(dataset)
    page.locator("#precision").select_option(precision)
    page.locator("#tier").select_option(tier)
    if mode:
        page.get_by_role("radio", name=mode).check()
    page.get_by_role("button", name=re.compile("^(检查这个文件|Check this file)$")).click()
    wait_for_the_check(page)


def wait_for_the_check(page: Page) -> None:
    page.locator(".working").wait_for(state="detached")
    # On a phone another part of the review may be shown first.
    page.locator(".upload-review .change-list, .upload-asking h1").first.wait_for(state="attached")


def listed(page: Page) -> Locator:
    return page.get_by_role("list", name=re.compile("^(变更|Changes)$")).get_by_role("listitem")


def group(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name="按类型筛选").get_by_role("button", name=name)


def stands_still(thing: Locator) -> None:
    """The map moves to what it is to show a moment after it is turned to."""
    page, was = thing.page, None
    while (now := thing.bounding_box()) != was:
        was = now
        page.wait_for_timeout(400)


def publish(page: Page, reason: str = "", *, said_already: str = "") -> None:
    page.get_by_role("button", name="去发布…").click()
    confirm = page.get_by_role("checkbox", name=re.compile("我已看过"))
    if confirm.count():
        confirm.check()
    why = page.get_by_label(re.compile("^为什么发布"))
    if said_already:
        expect(why).to_have_value(said_already)
    else:
        why.fill(reason)
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="已发布为版本")).to_be_visible(timeout=WAIT_MS)


def found_on_the_public_map(page: Page, words: str) -> int:
    """How many projects a resident's search finds, after a fresh start of the map."""
    page.goto("/")
    page.get_by_role("slider").wait_for()
    page.get_by_role("combobox", name="搜索").fill(words)
    answers = page.get_by_role("listbox").get_by_role("option")
    none = page.get_by_text(f"没有叫“{words}”的项目")
    expect(answers.first.or_(none)).to_be_visible()
    return answers.count()


# ---------------------------------------------------------------- the whole path


def test_a_file_is_mended_reviewed_published_seen_and_taken_back(office: Office, tmp_path: Path) -> None:
    resident = office.somebody()
    page = office.somebody()
    add(office.database, "测绘员", "gis")
    # From the map by its own way: signing in shows the view that was not there before.
    page.goto("/")
    expect(page.get_by_role("link", name="上传")).to_have_count(0)
    page.get_by_role("link", name="登录").click()
    page.get_by_label("账号").fill("测绘员")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name="上传").click()
    expect(page).to_have_title("上传 · 挂图")

    # Nothing is sent that cannot be checked.
    page.get_by_role("button", name="检查这个文件").click()
    expect(page.get_by_role("alert").get_by_role("listitem")).to_have_count(5)

    rows = parcels("首批", 6)
    rows["状态"][2] = "在健"
    path = write(tmp_path / "首批.geojson", rows, [*squares(5), BOW_TIE])
    bring(page, path, "首批整备")
    report = page.get_by_role("region", name="检查")
    expect(report.get_by_text("几何无效：边界自相交")).to_be_visible()
    expect(report.get_by_text("没有“在健”这个词", exact=False)).to_be_visible()
    # The same number in the same words in the report, above the list and at the end.
    for place in (report, page.locator(".compared"), page.locator(".tally")):
        expect(place).to_contain_text("2 行有错误，不会发布")
    # The issue leads to its row, in list and map.
    report.get_by_role("button", name=re.compile("边界自相交")).click()
    expect(listed(page)).to_have_count(1)
    expect(listed(page)).to_contain_text("第 6 行")

    # Mended, and brought again.
    rows["状态"][2] = "在建"
    write(path, rows, squares(6))
    page.get_by_role("button", name="返回").click()
    bring(page, path, "首批整备")
    expect(page.get_by_text("逐行检查没有发现问题。")).to_be_visible()
    expect(group(page, "增")).to_contain_text("6")
    # What was staged of the file before is no longer wanted.
    page.get_by_role("button", name="放弃更早的").click()
    page.get_by_role("button", name=re.compile("^确定放弃这 1 份")).click()
    expect(page.get_by_text("同一数据集还有更早的变更集", exact=False)).to_have_count(0)

    # One is not wanted: what is said of it goes with it.
    page.get_by_role("button", name="不采用：首批地块0").first.click()
    expect(page.get_by_text("采用 5 个项目（10 条变更），不采用 1 个（2 条）")).to_be_visible()
    # A reason is needed.
    page.get_by_role("button", name="去发布…").click()
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("请写明原因")
    page.get_by_label(re.compile("^为什么发布")).fill("测绘中心六月成果")
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="已发布为版本")).to_be_visible()

    assert found_on_the_public_map(resident, "首批地块") == 5

    page.get_by_text("撤销这次发布").click()
    page.get_by_label(re.compile("^为什么撤销")).fill("发错了批次")
    page.get_by_role("button", name="撤销", exact=True).click()
    expect(page.get_by_text("这是撤销的草稿", exact=False)).to_be_visible()
    expect(group(page, "删")).to_contain_text("5")
    publish(page, said_already="发错了批次")

    assert found_on_the_public_map(resident, "首批地块") == 0

    # The history of both acts.
    page.get_by_role("button", name="再上传一个").click()
    history = page.get_by_role("region", name="已发布")
    expect(history.get_by_role("listitem").first).to_contain_text("发错了批次")
    expect(history.get_by_role("listitem").nth(1)).to_contain_text("测绘中心六月成果")


def test_a_table_as_excel_writes_it_in_gbk_asks_for_its_coordinates(office: Office, tmp_path: Path) -> None:
    page = office.staff()
    path = tmp_path / "台账.csv"
    lines = ["编号,名称,X,Y,状态", *(f"K{n},库房{n},{505000 + 90 * n},{2508000 + n},在建" for n in range(4))]
    path.write_bytes("\r\n".join(lines).encode("gbk"))
    bring(page, path, "库房")
    expect(page.get_by_role("heading", level=1)).to_have_text("需要您确认一件事")
    page.get_by_role("button", name=re.compile("CGCS2000 三度带，中央经线 114°")).click()
    report = page.get_by_role("region", name="检查")
    expect(report).to_contain_text("GB18030", timeout=WAIT_MS)
    expect(report).to_contain_text("CGCS2000 三度带，中央经线 114° · EPSG:4547 · 按您的选择")
    expect(group(page, "增")).to_contain_text("4")
    # Columns can be told otherwise, and what was answered before is not asked again.
    page.get_by_text("列与字段的对应").click()
    page.get_by_label("“名称”对应").select_option("aliases")
    page.get_by_role("button", name="按此对应再检查").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("没有保存任何内容")
    page.get_by_role("button", name="返回，换文件或改设置").click()
    expect(report).to_contain_text("EPSG:4547")


def test_a_workbook_asks_for_its_sheet(office: Office, tmp_path: Path) -> None:
    page = office.staff()
    book = openpyxl.Workbook()
    for name in ("地块", "说明"):
        sheet = book.create_sheet(name)
        sheet.append(["编号", "名称", "经度", "纬度", "状态"])
        sheet.append([f"{name}1", f"{name}甲", 114.12, 22.69, "在建"])
    del book["Sheet"]
    book.save(path := tmp_path / "两张.xlsx")
    bring(page, path, "表格", kind="park")
    page.get_by_role("button", name="读取“地块”").click()
    expect(listed(page).first).to_contain_text("地块甲", timeout=WAIT_MS)


def test_a_geopackage_asks_for_its_layer_and_goes_the_whole_way(
    office: Office, tmp_path: Path, axe: str
) -> None:
    path = tmp_path / "两层.gpkg"
    for layer, prefix, count in (("宗地", "甲层", 3), ("其它", "乙层", 1)):
        frame = geopandas.GeoDataFrame(parcels(prefix, count), geometry=squares(count), crs="EPSG:4326")
        frame.to_file(path, layer=layer, engine="pyogrio")
    resident, page = office.somebody(), office.staff()
    bring(page, path, "两层")
    expect(page.get_by_text("文件里有多个图层或工作表", exact=False).first).to_be_visible()
    assert violations(page, axe) == []
    page.get_by_role("button", name="读取“宗地”").click()
    expect(page.get_by_text("逐行检查没有发现问题。")).to_be_visible(timeout=WAIT_MS)
    expect(group(page, "增")).to_contain_text("3")
    publish(page, "两层里的宗地")
    assert found_on_the_public_map(resident, "甲层地块") == 3
    assert found_on_the_public_map(resident, "乙层地块") == 0
    page.get_by_text("撤销这次发布").click()
    page.get_by_label(re.compile("^为什么撤销")).fill("试过了")
    page.get_by_role("button", name="撤销", exact=True).click()
    expect(group(page, "删")).to_contain_text("3")
    publish(page, "试过了")
    assert found_on_the_public_map(resident, "甲层地块") == 0


def test_a_zipped_shapefile_in_gbk_asks_for_its_system(office: Office, tmp_path: Path) -> None:
    page = office.staff()
    rows = {"编号": ["S1", "S2"], "名称": ["富安东路地块", "平湖大街地块"], "状态": ["在建", "在建"]}
    frame = geopandas.GeoDataFrame(rows, geometry=squares(2), crs="EPSG:4326").to_crs("EPSG:4547")
    frame.to_file(tmp_path / "a.shp", engine="pyogrio", encoding="GBK")
    with zipfile.ZipFile(path := tmp_path / "宗地.zip", "w") as archive:
        for ending in ("shp", "shx", "dbf"):
            archive.write(tmp_path / f"a.{ending}", f"宗地.{ending}")
    bring(page, path, "打包")
    expect(page.get_by_text("没有 宗地.prj", exact=False).first).to_be_visible()
    page.get_by_role("button", name=re.compile("4547")).click()
    expect(listed(page).first).to_contain_text("富安东路地块", timeout=WAIT_MS)


def test_both_outlines_of_what_changed_and_what_is_gone_are_shown(office: Office, tmp_path: Path) -> None:
    page = office.staff()
    path = write(tmp_path / "a.geojson", parcels("变", 4), squares(4, 114.14))
    bring(page, path, "比较")
    publish(page, "第一次")
    page.get_by_role("button", name="再上传一个").click()
    rows = {name: values[:3] for name, values in parcels("变", 4).items()}
    rows["名称"][1] = "变了名字"
    write(path, rows, [box(114.141, 22.691, 114.1425, 22.692), *squares(4, 114.14)[1:3]])
    bring(page, path, "比较", mode="替换")
    expect(group(page, "改")).to_contain_text("2")
    expect(group(page, "删")).to_contain_text("1")
    group(page, "改").click()
    expect(listed(page)).to_have_count(2)
    first = listed(page).first
    first.get_by_role("button", name=re.compile("^变地块0")).click()
    expect(first.get_by_role("row", name=re.compile("位置移动"))).to_be_visible()
    # Both outlines, each on a line of light, the former dashed.
    outlines = page.locator(".leaflet-chosen-pane path")
    expect(outlines).to_have_count(4)
    assert page.locator(".leaflet-chosen-pane path[stroke-dasharray]").count() == 1
    # By key: down to the next, and not wanted.
    page.keyboard.press("ArrowDown")
    second = listed(page).nth(1)
    expect(second.get_by_role("row", name=re.compile("中文名称"))).to_contain_text("变了名字")
    page.keyboard.press("r")
    expect(page.get_by_text("不采用 1 个（1 条）", exact=False)).to_be_visible()
    # The map chooses as the list does.
    group(page, "删").click()
    expect(listed(page)).to_have_count(1)
    at = page.evaluate("() => document.getElementById('map').getBoundingClientRect().toJSON()")
    for x, y in itertools.product(range(10, 95, 3), range(15, 95, 3)):
        page.mouse.click(at["x"] + at["width"] * x / 100, at["y"] + at["height"] * y / 100)
        if page.locator(".change.chosen").count():
            break
    expect(page.locator(".change.chosen")).to_contain_text("变地块3")


def test_only_what_the_map_shows_is_decided_where_that_is_asked(office: Office, tmp_path: Path) -> None:
    page = office.staff()
    bring(page, write(tmp_path / "v.geojson", parcels("视", 16), squares(16, 114.10, 22.66)), "视野")
    page.locator(".narrowing summary").click()
    for _ in range(5):
        page.get_by_role("button", name="放大").click()
    page.get_by_role("checkbox", name="只列图上看得见的").check()
    expect(page.get_by_text("对图上看得见的", exact=False)).to_be_visible()
    seen = page.locator(".change:not(.follows)")
    expect(seen).not_to_have_count(16)
    shown = seen.count()
    assert 0 < shown < 16
    page.get_by_role("button", name="全部不采用").click()
    expect(page.get_by_text(f"不采用 {shown} 个（{2 * shown} 条）", exact=False)).to_be_visible()


def test_another_file_replaces_nothing_unasked(office: Office, tmp_path: Path) -> None:
    page = office.staff()
    page.locator("#file").set_input_files(write(tmp_path / "旧.geojson", parcels("旧", 1), squares(1)))
    page.get_by_role("radio", name="替换").check()
    # The same file, mended: as it was.
    page.locator("#file").set_input_files(tmp_path / "旧.geojson")
    expect(page.get_by_role("radio", name="替换")).to_be_checked()
    page.locator("#file").set_input_files(write(tmp_path / "新.geojson", parcels("新", 1), squares(1)))
    expect(page.get_by_role("radio", name="合并")).to_be_checked()
    expect(page.get_by_label("数据集", exact=True)).to_have_value("新")


def test_a_word_of_the_status_is_explained_once_for_all_rows(office: Office, tmp_path: Path) -> None:
    page = office.staff()
    rows = {**parcels("词", 3), "状态": ["完事了"] * 3}
    path = write(tmp_path / "w.geojson", rows, squares(3, 114.09, 22.7))
    bring(page, path, "词语", precision="surveyed")
    expect(page.get_by_role("heading", level=1)).to_have_text("没有保存任何内容")
    page.get_by_label("文件里的词").fill("完事了")
    page.get_by_label("表示哪个阶段").select_option("in_service")
    page.get_by_role("button", name="按此检查").click()
    wait_for_the_check(page)
    expect(page.locator(".change.follows").first).to_contain_text("已投用")
    listed(page).first.get_by_role("button", name=re.compile("^词地块0")).click()
    expect(page.get_by_role("row", name=re.compile("位置精度"))).to_contain_text("实测")


def test_a_fault_is_marked_on_the_map_and_chosen_there_on_a_phone(office: Office, tmp_path: Path) -> None:
    page = office.staff(size="phone")
    path = write(tmp_path / "x.geojson", parcels("叉", 3), [*squares(2, 114.13, 22.70), BOW_TIE])
    bring(page, path, "蝴蝶结")
    page.get_by_role("tab", name="地图").click()
    mark = page.locator(".fault-mark")
    expect(mark).to_have_count(1)
    stands_still(mark)
    mark.click()
    card = page.get_by_role("status").filter(has_text="叉地块2")
    expect(card).to_contain_text("边界自相交")
    expect(card).to_contain_text("有错误")


def test_leaving_loses_nothing_and_what_waits_is_resumed_or_given_up(office: Office, tmp_path: Path) -> None:
    page = office.staff()
    bring(page, write(tmp_path / "b.geojson", parcels("留", 3), squares(3, 114.15)), "留着")
    page.get_by_role("button", name="不采用：留地块1").first.click()
    expect(page.get_by_text("不采用 1 个（2 条）", exact=False)).to_be_visible()
    page.reload()
    expect(page.get_by_text("不采用 1 个（2 条）", exact=False)).to_be_visible()
    page.go_back()
    page.get_by_role("region", name="等待核对").get_by_role("link", name=re.compile("留着")).click()
    expect(page.get_by_text("不采用 1 个（2 条）", exact=False)).to_be_visible()
    page.get_by_role("button", name="放弃").click()
    page.get_by_role("button", name="放弃这个变更集").click()
    expect(page.get_by_text("已放弃，没有公开任何内容。")).to_be_visible()
    page.get_by_role("button", name="再上传一个").click()
    waiting = page.get_by_role("region", name="等待核对")
    expect(waiting).to_be_visible()
    expect(waiting.get_by_role("link", name=re.compile("留着"))).to_have_count(0)


def test_what_others_changed_meanwhile_is_told_and_compared_anew(office: Office, tmp_path: Path) -> None:
    page = office.staff()
    path = write(tmp_path / "c.geojson", parcels("抢", 2), squares(2, 114.16))
    bring(page, path, "同时")
    publish(page, "底数")
    page.get_by_role("button", name="再上传一个").click()
    write(path, {**parcels("抢", 2), "名称": ["上传改的", "抢地块1"]}, squares(2, 114.16))
    bring(page, path, "同时")
    target = page.request.get("/api/projects?q=抢地块0").json()["features"][0]["id"]
    change_project(office.database, target, name_zh="规划员改的")
    page.get_by_role("button", name="去发布…").click()
    page.get_by_label(re.compile("^为什么发布")).fill("改名")
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text("此后已有改动")).to_be_visible()
    page.get_by_role("button", name="与最新公开数据重新比较").click()
    expect(page.get_by_text("1 条与此间公开的改动相遇", exact=False)).to_be_visible()
    expect(listed(page).first).to_contain_text("规划员改的")
    page.get_by_role("checkbox", name=re.compile("我已看过")).check()
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="已发布为版本")).to_be_visible()


def test_a_session_that_ended_costs_nothing_of_the_work(office: Office, tmp_path: Path) -> None:
    page = office.staff()
    bring(page, write(tmp_path / "d.geojson", parcels("续", 2), squares(2, 114.17)), "续签")
    expect(group(page, "增")).to_contain_text("2")
    kept, url = page.context.cookies(), office.served.address
    page.context.clear_cookies()
    page.get_by_role("button", name="去发布…").click()
    page.get_by_label(re.compile("^为什么发布")).fill("很长的原因")
    page.get_by_role("button", name="发布", exact=True).click()
    link = page.get_by_role("link", name="在新窗口登录")
    expect(link).to_be_visible()
    assert "/signin?next=%2Fupload%3Fchangeset" in str(link.get_attribute("href"))
    page.context.add_cookies([{"name": one["name"], "value": one["value"], "url": url} for one in kept])
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text("很长的原因")).to_be_visible()


def test_H340_what_a_file_says_is_shown_and_never_run(office: Office, tmp_path: Path) -> None:
    page = office.staff()
    rows = {**parcels("危", 2), "名称": [HOSTILE, "=cmd|' /C calc'!A0"]}
    values = ["javascript:alert(1)", HOSTILE]
    refused = write(tmp_path / "<i>e.geojson", {**rows, "<b>列</b>": values}, squares(2, 114.18))
    bring(page, refused, "危险")
    expect(page.get_by_role("alert")).to_contain_text("<b>列</b>")
    page.get_by_role("button", name="返回，换文件或改设置").click()
    bring(page, write(tmp_path / "<i>f.geojson", {**rows, "备用列": values}, squares(2, 114.18)), "危险")
    expect(listed(page).first).to_contain_text(HOSTILE)
    listed(page).first.get_by_role("button", name=re.compile("^<img src")).click()
    page.get_by_text("列与字段的对应").click()
    expect(page.get_by_role("rowheader", name="备用列", exact=True)).to_be_visible()
    assert page.locator("img[src=x], .change b b").count() == 0
    publish(page, HOSTILE)
    expect(page).to_have_title("上传 · 挂图")
    assert found_on_the_public_map(page, "img src") == 1
    expect(page).to_have_title(re.compile("挂图"))
    assert page.locator("img[src=x]").count() == 0


# ---------------------------------------------------------------- on a phone, in English, for everyone


def test_the_whole_path_on_a_phone_in_english(office: Office, tmp_path: Path) -> None:
    page = office.staff(size="phone", locale="en-GB")
    bring(page, write(tmp_path / "f.geojson", parcels("Ph", 3), squares(3, 114.19)), "phone")
    expect(listed(page).first).to_contain_text("Ph地块0")
    page.get_by_role("tab", name="Map").click()
    expect(page.get_by_role("region", name="Map of the changes")).to_be_visible()
    page.get_by_role("tab", name="Check").click()
    expect(page.get_by_role("region", name="Check")).to_contain_text("3 projects added")
    page.get_by_role("tab", name="Changes").click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Go on to publish…").click()
    page.get_by_label(re.compile("^Why")).fill("on the way")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Published as revision")).to_be_visible()


READERS = [("wide", "zh-CN", "light"), ("phone", "en-GB", "dark"), ("small", "zh-CN", "dark")]


@pytest.mark.parametrize(("size", "locale", "theme"), READERS)
def test_axe_finds_nothing_from_the_file_to_the_end(
    office: Office, tmp_path: Path, axe: str, size: str, locale: str, theme: str
) -> None:
    page = office.staff(size=size, locale=locale, theme=theme)
    wrong = {}

    def look(state: str, ready: Callable[[], Locator]) -> None:
        expect(ready().first).to_be_visible(timeout=WAIT_MS)
        if said := violations(page, axe):
            wrong[state] = said
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            wrong[f"{state}: wider than the screen"] = []

    look("beginning", lambda: page.locator(".upload-lists h2"))
    table = tmp_path / "ask.csv"
    table.write_text("编号,名称,X,Y\nA,甲,505000,2508000\n", encoding="utf-8")
    bring(page, table, f"问 {size}")
    look("question", lambda: page.locator(".offers button"))
    page.reload()
    rows = parcels(f"轴{size}", 3)
    rows["状态"][1] = "在健"
    bring(page, write(tmp_path / "g.geojson", rows, squares(3, 114.2)), f"轴 {size}")
    look("review", lambda: listed(page))
    listed(page).first.get_by_role("button").first.click()
    look("a change", lambda: page.locator(".difference"))
    page.locator(".narrowing summary").click()
    page.locator(".publish button.primary").click()
    look("about to publish", lambda: page.locator("#reason"))
    if size != "wide":
        for n, part in enumerate((".review-left", ".sheet")):
            page.get_by_role("tab").nth(n).click()
            look(part, lambda part=part: page.locator(part))  # type: ignore[misc]
    page.locator(".mapping summary").evaluate("one => one.click()")
    look("columns", lambda: page.locator("h1"))
    assert wrong == {}
