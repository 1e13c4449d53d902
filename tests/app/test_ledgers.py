"""Ledgers (台账) as offices keep them become claims: matched, read, asked back, never made twice."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest

from tests.app.bringing import Json, Office, service_of, wait_for
from tests.app.changing import add_project
from tests.conftest import SEEDED, opened

ROAD, ROAD_NAME = "fuan-east-road", "富安东路"
HEAD = [
    "序号",
    "项目名称",
    "责任单位",
    "总投资（亿元）",
    "完成时限",
    "年度计划",
    "已完成",
    "存在问题",
    "下一步",
]
FULL = [1, ROAD_NAME, "区工务署", 3.5, "力争2027年底前完工", "完成路面", "路基 80%", "管线未迁", "加快迁改"]


@pytest.fixture(scope="module")
def desk() -> Iterator[Office]:
    with opened(SEEDED) as database, service_of(database) as client:
        found = Office(client, database)
        found.enter("gis")
        yield found


def book(*rows: list[Any], merge: tuple[str, ...] = (), name: str = "重点项目") -> bytes:
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    sheet.title = name
    for row in rows:
        sheet.append(row)
    for area in merge:
        sheet.merge_cells(area)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def bring(desk: Office, content: bytes, **form: str) -> Json:
    answer = desk.send(content, "台账.xlsx", kind="ledger", **form)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


def changes(desk: Office, upload: Json) -> list[Json]:
    page = desk.client.get(f"/api/changesets/{upload['changeset']}/changes?limit=500").json()
    found: list[Json] = page["changes"]
    return found


def claims(desk: Office, upload: Json) -> dict[str, Json]:
    return {c["after"]["property"]: c["after"] for c in changes(desk, upload) if c["op"] == "claim"}


def notes(upload: Json) -> dict[str, str]:
    return {note["code"]: note["detail_zh"] for note in upload["report"]["notes"]}


def publish(desk: Office, number: int) -> None:
    found = desk.client.get(f"/api/changesets/{number}")
    answer = desk.client.post(
        f"/api/changesets/{number}/publish",
        json={"reason": "月度台账", "confirm": found.json()["confirm"]},
        headers={"If-Match": found.headers["ETag"], "X-Guatu": "1"},
    )
    assert answer.status_code in (200, 202), answer.text


# ---------------------------------------------------------------- the whole of it


def test_a_ledger_becomes_claims_with_their_source_and_the_same_again_changes_nothing(desk: Office) -> None:
    content = book(HEAD, FULL)
    form = {"dataset": "2026年重点项目台账", "publisher": "平湖街道办事处", "data_date": "2026-06-30"}
    before = desk.client.get(f"/api/projects/{ROAD}").json()
    upload = bring(desk, content, **form)
    assert upload["report"]["counts"] == {"added": 0, "changed": 1, "removed": 0, "same": 0, "blocked": 0}
    done = [c["after"] for c in changes(desk, upload) if c["op"] == "claim"]
    due = next(one for one in done if one["property"] == "milestone:done")
    assert (due["date"], due["commitment"], due["quote"]) == ("2027", "aspired", "力争2027年底前完工")
    assert (due["locator"], due["said_on"], due["verbatim"]) == ("重点项目!E2", "2026-06-30", True)
    money = next(one for one in done if one["property"] == "measure:invest_total")
    assert (money["value"], money["unit"], money["quote"]) == ("3.5", "亿元", "3.5")
    words = {one["note"]: (one["quote"], one["commitment"]) for one in done if one["property"] == "mention"}
    assert words == {
        "年度计划": ("年度计划：完成路面", "expected"),
        "已完成": ("已完成：路基 80%", "done"),
        "存在问题": ("存在问题：管线未迁", "done"),
        "下一步": ("下一步：加快迁改", "pursued"),
    }
    (lead,) = [c for c in changes(desk, upload) if c["op"] == "change"]
    assert lead["after"]["attrs"]["lead_unit"] == "区工务署"
    publish(desk, upload["changeset"])
    card = desk.client.get(f"/api/projects/{ROAD}").json()
    assert card["geometry"] == before["geometry"]
    said = next(one for one in card["properties"]["claims"] if one["quote"] == "力争2027年底前完工")
    assert said["source"]["publisher_zh"] == "平湖街道办事处"
    again = bring(desk, content, **form)
    assert again["report"]["counts"]["changed"] == 0
    assert again["report"]["counts"]["same"] == 1
    assert changes(desk, again) == []
    assert desk.client.get(f"/api/changesets/{again['changeset']}").json()["state"] == "discarded"
    # A month later most of it is as it was.
    later = bring(desk, book(HEAD, [*FULL[:-1], "七月进场"]), **{**form, "data_date": "2026-07-31"})
    assert [c["after"]["quote"] for c in changes(desk, later)] == ["下一步：七月进场"]


# ---------------------------------------------------------------- shapes of sheets


def test_titles_a_unit_line_two_header_rows_merged_cells_and_sums(desk: Office) -> None:
    content = book(
        ["平湖街道2026年重点项目台账"],
        ["单位：万元"],
        ["序号", "项目名称", "责任单位", "投资", None, "完成时限"],
        [None, None, None, "总投资", "年度计划投资", None],
        ["一、道路"],
        [1, ROAD_NAME, "街道城建办", "35,000", 5000, "年底前"],
        [2, "守珍街改造", None, 1200, 300, "10月底前"],
        [None, "合计", None, 36200, 5300, None],
        merge=("A1:F1", "A3:A4", "B3:B4", "C3:C4", "D3:E3", "F3:F4", "C6:C7"),
    )
    upload = bring(desk, content, data_date="2026-07-01")
    found = [c["after"] for c in changes(desk, upload) if c["op"] == "claim"]
    money = {one["target"]: (one["value"], one["unit"]) for one in found if "invest" in one["property"]}
    assert money[ROAD] == ("35000", "万元")
    assert money["shouzhen-street-upgrade"] == ("1200", "万元")
    plan = next(one for one in found if one["property"] == "mention" and one["target"] == ROAD)
    assert (plan["quote"], plan["note"], plan["date"]) == (
        "年度计划投资（万元）：5000",
        "年度计划投资（万元）",
        "2026",
    )
    due = {one["target"]: one["date"] for one in found if one["property"].startswith("milestone:")}
    assert due == {ROAD: "2026", "shouzhen-street-upgrade": "2026-10"}
    leads = {
        c["target"]: c["after"]["attrs"]["lead_unit"] for c in changes(desk, upload) if c["op"] == "change"
    }
    assert leads["shouzhen-street-upgrade"] == "街道城建办"
    told = notes(upload)
    assert "5、8" in told["ledger-sums"]
    assert "2026 年" in told["ledger-year"]
    assert "完工" in told["ledger-milestone"]


@pytest.mark.parametrize(
    ("cell", "value", "unit"),
    [
        ("3.6亿元", "3.6", "亿元"),
        ("约3500万元", "3500~", "万元"),
        ("超2.9亿", ">2.9", "亿元"),
        ("12,345.6万", "12345.6", "万元"),
    ],
)
def test_sums_in_words_keep_their_unit_and_their_doubt(
    desk: Office, cell: str, value: str, unit: str
) -> None:
    upload = bring(desk, book(["项目名称", "总投资"], [ROAD_NAME, cell]))
    money = claims(desk, upload)["measure:invest_total"]
    assert (money["value"], money["unit"], money["quote"]) == (value, unit, cell)


@pytest.mark.parametrize(
    ("cell", "date", "commitment"),
    [
        ("2028年6月", "2028-06", "expected"),
        ("确保2028年底前", "2028", "committed"),
        ("推动2028年第三季度", "2028-Q3", "pursued"),
        ("2028-05-20", "2028-05-20", "expected"),
        ("明年6月底", "2027-06", "expected"),
    ],
)
def test_deadlines_are_never_more_exact_than_written(
    desk: Office, cell: str, date: str, commitment: str
) -> None:
    upload = bring(desk, book(["项目名称", "完成时限"], [ROAD_NAME, cell]), data_date="2026-05-01")
    due = claims(desk, upload)["milestone:done"]
    assert (due["date"], due["commitment"]) == (date, commitment)


def test_two_milestones_in_one_cell_are_two_promises(desk: Office) -> None:
    content = book(["项目名称", "完成时限"], [ROAD_NAME, "2027年6月开工，2028年底通车"])
    found = claims(desk, bring(desk, content, data_date="2026-05-01"))
    assert {name: one["date"] for name, one in found.items()} == {
        "milestone:start": "2027-06",
        "milestone:open": "2028",
    }


# ---------------------------------------------------------------- what is not understood


def test_all_that_is_not_understood_is_told_by_row_and_column(desk: Office) -> None:
    content = book(
        ["项目名称", "完成时限", "总投资", "形状", "责任单位"],
        [ROAD_NAME, "长期", "较大", "圆", "联系人 13800138000"],
        ["守珍街改造", "25年底", 800, None, None],
        ["没有的项目", "2027年", None, None, None],
        ["富安东", "2027年", None, None, None],
        [None, "2027年", None, None, None],
        ["守珍街改造", "2024-2027年", None, None, "区工务署"],
    )
    upload = bring(desk, content, data_date="2026-05-01")
    said = [note["detail_zh"] for note in upload["report"]["notes"]]
    for part in (
        "第 2 行“完成时限”：“长期”没有读成日期",
        "第 3 行“完成时限”：“25年底”没有读成日期",
        "第 7 行“完成时限”：“2024-2027年”没有读成日期：一句里有几个日期",
        "第 2 行“总投资”：“较大”不是一个数额",
        "第 3 行“总投资”：“800”没有说是亿元还是万元",
        "“形状”一列没有读",
        "第 4 行：没有叫“没有的项目”的项目",
        "第 5 行：没有叫“富安东”的项目，这一行没有读。是不是：富安东路（fuan-east-road）",
        "第 6 行没有项目名称",
    ):
        assert any(part in one for one in said), (part, said)
    assert any("电话" in one or "手机" in one for one in said), said
    assert [c["op"] for c in changes(desk, upload)] == ["change"]


def test_a_name_that_several_projects_bear_is_asked_back_and_an_id_answers(desk: Office) -> None:
    for name in ("twin-a", "twin-b"):
        add_project(desk.database, name, None, name_zh="双子公园")
    head = ["项目编号", "项目名称", "完成时限"]
    both = desk.send(book(head, [None, "双子公园", "2027年"]), "a.xlsx", kind="ledger")
    assert both.status_code == 422
    assert "twin-a" in both.text
    assert "twin-b" in both.text
    upload = bring(desk, book(head, ["twin-b", "双子公园", "2027年"]))
    assert {c["after"]["target"] for c in changes(desk, upload)} == {"twin-b"}


def test_a_formula_without_a_value_is_told(desk: Office) -> None:
    upload = bring(desk, book(["项目名称", "总投资（万元）", "下一步"], [ROAD_NAME, "=1+1", "进场"]))
    assert "B2" in notes(upload)["ledger-formula"]
    assert [one["quote"] for one in claims(desk, upload).values()] == ["下一步：进场"]


@pytest.mark.parametrize(
    ("content", "name", "form", "status", "code"),
    [
        (b"name,due\nx,2027", "a.csv", {}, 415, "ledger-format"),
        (book(["甲", "乙"], [1, 2]), "a.xlsx", {}, 422, "ledger-header"),
        (book(["项目名称", "完成时限"], ["无此项目", "2027"]), "a.xlsx", {}, 422, "ledger-nothing"),
        (book(HEAD, FULL), "a.xlsx", {"mode": "replace"}, 400, "bad-request"),
        (b"PK\x03\x04 nothing of a workbook", "a.xlsx", {}, 415, "ledger-format"),
    ],
)
def test_what_is_no_ledger_is_refused_with_why(
    desk: Office, content: bytes, name: str, form: dict[str, str], status: int, code: str
) -> None:
    answer = desk.send(content, name, kind="ledger", **form)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.json()["detail_zh"]


# ---------------------------------------------------------------- last heard of


@pytest.mark.parametrize("dated", [True, False])
def test_a_ledger_of_today_is_heard_of_today(desk: Office, dated: bool) -> None:
    """With the date of today, and with none, which the form says is today."""
    today = desk.client.get("/api/catalogue").json()["today"]
    target = "shouzhen-street-upgrade" if dated else "fuan-east-road"
    name = desk.client.get(f"/api/projects/{target}").json()["properties"]["name_zh"]
    words = f"今日例会{dated}"
    upload = bring(
        desk,
        book(["项目名称", "下一步"], [name, words]),
        dataset=f"今日台账{dated}",
        data_date=today if dated else "",
    )
    publish(desk, upload["changeset"])
    card = desk.client.get(f"/api/projects/{target}").json()["properties"]
    assert card["last_heard"] == today
    stale = desk.client.get("/api/attention").json()["stale"]["entries"]
    assert target not in {entry["project"]["id"] for entry in stale}
    earlier = desk.client.get(f"/api/attention?known={today}").json()["stale"]["entries"]
    assert target not in {entry["project"]["id"] for entry in earlier}


# ---------------------------------------------------------------- taken back


def test_what_a_ledger_said_and_was_undone_counts_nowhere(desk: Office) -> None:
    """It stays on the card as withdrawn; why, which only staff were told of, does not stand there."""
    before = desk.client.get("/api/sources").json()
    upload = bring(desk, book(["项目名称", "下一步"], [ROAD_NAME, "随即撤销"]), dataset="错的台账")
    publish(desk, upload["changeset"])
    during = desk.client.get("/api/sources").json()
    assert during["totals"]["sources"] == before["totals"]["sources"] + 1
    back = desk.client.post(
        f"/api/changesets/{upload['changeset']}/revert",
        json={"reason": "张三传错了"},
        headers={"X-Guatu": "1"},
    )
    assert back.status_code in (200, 201, 202), back.text
    job = (
        wait_for(desk.client, back.headers["Location"])
        if back.status_code == 202
        else {"result": back.json()}
    )
    publish(desk, job["result"]["changeset"])
    after = desk.client.get("/api/sources").json()
    assert after["totals"]["sources"] == before["totals"]["sources"] == len(after["sources"])
    assert {one["id"] for one in after["sources"]} == {one["id"] for one in before["sources"]}
    assert after["totals"]["claims_withdrawn"] == before["totals"]["claims_withdrawn"] + 1
    card = desk.client.get(f"/api/projects/{ROAD}").json()["properties"]
    (gone,) = [one for one in card["claims"] if one["quote"] == "下一步：随即撤销"]
    assert gone["withdrawn"]["rev"] == after["revision"]
    assert gone["withdrawn"]["reason"] == ""


# ---------------------------------------------------------------- words that become public


def test_that_words_become_public_is_confirmed_once_for_the_file(desk: Office) -> None:
    head = ["项目名称", "存在问题", "下一步"]
    rows: list[list[Any]] = [[ROAD_NAME, "管线迁改滞后", "约谈产权单位"], ["守珍街改造", "商户未签约", None]]
    upload = bring(desk, book(head, *rows), dataset="要公开的话")
    warned = [
        (one["code"], one["detail_zh"])
        for change in changes(desk, upload)
        for one in change["issues"]
        if one["code"] == "ledger-words-public"
    ]
    # At the first words of each of the two columns.
    assert len(warned) == 2
    assert len(set(warned)) == 1
    assert "“存在问题”、“下一步”" in warned[0][1]
    assert notes(upload)["ledger-words-public"] == warned[0][1]
    number = upload["changeset"]
    found = desk.client.get(f"/api/changesets/{number}")
    answer = desk.client.post(
        f"/api/changesets/{number}/publish",
        json={"reason": "月度台账", "confirm": ""},
        headers={"If-Match": found.headers["ETag"], "X-Guatu": "1"},
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "unconfirmed")
    publish(desk, number)
    card = desk.client.get(f"/api/projects/{ROAD}").json()["properties"]
    assert "存在问题：管线迁改滞后" in [one["quote"] for one in card["claims"]]
    # A ledger without such columns has nothing to confirm.
    plain = bring(desk, book(["项目名称", "完成时限"], [ROAD_NAME, "2031年底"]), dataset="只有时限")
    assert "ledger-words-public" not in notes(plain)
