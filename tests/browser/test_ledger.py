"""GIS staff bring a ledger (台账): it is reviewed, published, and stands on the card with its source."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.office import Office
from tests.browser.test_everyone import violations
from tests.browser.test_uploading import listed, publish, wait_for_the_check

_days = itertools.count(1)


def ledger(path: Path, due: str) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "重点项目"
    sheet.append(["平湖街道2026年重点项目台账"])
    sheet.append(["单位：万元"])
    sheet.append(["序号", "项目名称", "责任单位", "总投资", "完成时限", "存在问题", "下一步"])
    sheet.append([1, "富安东路", "街道城建办", 35000, due, "管线未迁", "加快迁改"])
    sheet.append([2, "没有的路", None, None, "2027年", None, None])
    book.save(path)
    return path


def bring(page: Page, path: Path, dataset: str) -> None:
    page.locator("#file").set_input_files(path)
    page.get_by_label(re.compile("^(类别|Kind)$")).select_option("ledger")
    page.get_by_label(re.compile("^(数据集|Dataset)$")).fill(dataset)
    page.get_by_label(re.compile("^(印发单位|Issued by)$")).fill("平湖街道办事处")
    page.get_by_label(re.compile("^(台账的日期|Date of the ledger)$")).fill("2026-06-30")
    page.locator("#tier").select_option("official")
    expect(page.locator("#precision")).to_have_count(0)


@pytest.mark.parametrize(
    ("size", "locale"), [("wide", "zh-CN"), ("phone", "zh-CN"), ("wide", "en-GB"), ("phone", "en-GB")]
)
def test_a_ledger_is_brought_and_reviewed(
    office: Office, axe: str, tmp_path: Path, size: str, locale: str
) -> None:
    page = office.staff(size=size, locale=locale)
    bring(page, ledger(tmp_path / "台账.xlsx", f"确保2028年{next(_days)}月底前"), f"台账 {size} {locale}")
    assert violations(page, axe) == []
    page.locator("form button[type=submit]").click()
    wait_for_the_check(page)
    zh = locale == "zh-CN"
    assert violations(page, axe) == []
    if size == "phone":
        page.get_by_role("tab", name="检查" if zh else "Check").click()
    notes = page.locator(".file-notes")
    expect(notes).to_contain_text("没有叫“没有的路”的项目" if zh else "no project is called '没有的路'")
    expect(page.locator(".mapping")).to_have_count(0)
    assert violations(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_a_ledger_says_stands_on_the_card_with_its_source(office: Office, tmp_path: Path) -> None:
    page = office.staff()
    path = ledger(tmp_path / "台账.xlsx", "力争2029年底前")
    bring(page, path, "2026年重点项目台账")
    page.get_by_role("button", name="检查这个文件").click()
    wait_for_the_check(page)
    deadline = listed(page).filter(has_text="2029")
    deadline.locator(".change-name").click()
    expect(deadline.get_by_role("row", name=re.compile("来源"))).to_contain_text("平湖街道办事处")
    expect(deadline.get_by_role("row", name=re.compile("来源"))).to_contain_text("重点项目!E4")
    expect(deadline.get_by_role("row", name=re.compile("承诺"))).to_contain_text("力争")
    publish(page, "六月台账")
    card = office.somebody()
    card.goto("/?project=fuan-east-road")
    told = card.locator(".card")
    told.get_by_text("力争2029年底前", exact=False).first.wait_for()
    expect(told).to_contain_text("平湖街道办事处")
    expect(told).to_contain_text("街道城建办")
    # The same file again has nothing to say.
    page.get_by_role("button", name="再上传一个").click()
    bring(page, path, "2026年重点项目台账")
    page.get_by_role("button", name="检查这个文件").click()
    page.get_by_text("与公开数据完全相同：没有变更。").wait_for()
    expect(page.get_by_role("region", name="检查")).to_contain_text("改动 0 个")
