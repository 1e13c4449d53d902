"""Files as large as a browser may send: how far they are is seen; neither a reload nor a death costs them."""

from __future__ import annotations

import json
import math
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import text

from app.database import Database
from app.uploads.service import LARGEST_FILE
from tests.app.bringing import processes
from tests.browser.office import Office
from tests.browser.test_everyone import violations
from tests.browser.test_uploading import group
from tests.conftest import SEEDED, clone
from tests.serving import Served, start, stop

PATIENCE_MS = 240_000
CORNERS, APART, ACROSS = 240, 0.0025, 100
STAGES = re.compile("正在(排队|处理|读取|检查|与公开数据比较|保存变更)|已送达")
# What a web worker may grow by while 64 MiB pass through it.
MOST_GROWTH_KB = 40 << 10


def large_file(path: Path, size: int) -> int:
    """Round parcels, as many as fit into a size in bytes. Answers how many."""
    circle = [(math.cos(a), math.sin(a)) for a in (2 * math.pi * n / CORNERS for n in range(CORNERS))]
    head, tail = b'{"type": "FeatureCollection", "features": [\n', b"\n]}"
    n = 0
    with path.open("wb") as file:
        written = file.write(head)
        while True:
            x, y = 113.98 + APART * (n % ACROSS), 22.53 + APART * (n // ACROSS)
            ring = [[x + 0.001 * cos, y + 0.001 * sin] for cos, sin in circle]
            row = {
                "type": "Feature",
                "properties": {"编号": f"大{n}", "名称": f"大地块{n}", "状态": "在建"},
                "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
            }
            line = (b",\n" if n else b"") + json.dumps(row, ensure_ascii=False).encode()
            if written + len(line) + len(tail) > size:
                break
            written += file.write(line)
            n += 1
        file.write(tail)
    return n


@pytest.fixture(scope="module")
def largest(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A file of the size that is allowed, but for less than one row, and how many rows it has."""
    path = tmp_path_factory.mktemp("large") / "最大.geojson"
    count = large_file(path, LARGEST_FILE)
    assert LARGEST_FILE - 10_000 < path.stat().st_size <= LARGEST_FILE
    return path, count


def slow(page: Page, bytes_per_s: int) -> None:
    """Sends no faster from now on."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    rates = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_per_s}
    session.send("Network.emulateNetworkConditions", rates)


def begin(page: Page, path: Path, dataset: str) -> None:
    page.locator("#file").set_input_files(path)
    page.get_by_label(re.compile("^(类别|Kind)$")).select_option("parcel")
    page.get_by_label(re.compile("^(数据集|Dataset)$")).fill(dataset)
    page.locator("#precision").select_option("surveyed")
    page.locator("#tier").select_option("official")
    page.get_by_role("button", name=re.compile("^(检查这个文件|Check this file)$")).click()


def working(page: Page) -> Locator:
    return page.locator(".working")


def heard(page: Page, until: Callable[[], bool]) -> list[str]:
    """All that the page says of how far it is, in order, until something holds."""
    said: list[str] = []
    end = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < end:
        if until():
            return said
        words = " ".join(page.evaluate("document.querySelector('.working')?.innerText ?? ''").split())
        if words and (not said or said[-1] != words):
            said.append(words)
        page.wait_for_timeout(60)
    raise AssertionError(said)


def is_at(page: Page, words: str) -> Callable[[], bool]:
    return lambda: words in page.evaluate("document.querySelector('.working')?.innerText ?? ''")


def has_sent(page: Page, percent: int) -> Callable[[], bool]:
    """Whether at least so much has left; a busy machine may not see one certain figure."""
    said = "document.querySelector('.working')?.innerText ?? ''"
    return lambda: any(int(share) >= percent for share in re.findall(r"（(\d+)%）", page.evaluate(said)))


def in_review(page: Page) -> Callable[[], bool]:
    return lambda: page.locator(".upload-review .change-list").count() > 0


def peak_kb(process: int) -> int:
    """The most memory that a process had at once."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def kill_the_job(database: Database) -> None:
    """Without a word, as a lack of memory would. Only those of this very database."""
    found = processes("app.work", database.url)
    assert found
    for process in found:
        os.kill(process, signal.SIGKILL)


def attempts(database: Database) -> int:
    with database.writing() as connection:
        return int(connection.execute(text("select attempts from job order by id desc limit 1")).scalar_one())


def uploads(database: Database) -> int:
    with database.writing() as connection:
        return int(connection.execute(text("select count(*) from upload")).scalar_one())


def test_the_largest_file_is_followed_through_a_reload_and_a_death(
    office: Office, largest: tuple[Path, int]
) -> None:
    path, count = largest
    page = office.staff()
    before = peak_kb(office.served.process.pid)
    slow(page, 24 << 20)
    begin(page, path, "最大")
    said = heard(page, is_at(page, "正在读取"))
    shares = [
        int(found[1])
        for one in said
        if (found := re.search(r"正在发送 已发 .* MB，共 67\.1 MB（(\d+)%）", one))
    ]
    assert len({*shares}) > 5, said
    assert peak_kb(office.served.process.pid) - before < MOST_GROWTH_KB
    assert shares == sorted(shares)
    # A reload: it is found again by the address.
    heard(page, lambda: bool(re.search(r"已读 [1-9]\d* 行", working(page).inner_text())))
    expect(page).to_have_url(re.compile("upload="))
    page.reload()
    expect(working(page)).to_contain_text(STAGES)
    expect(page.get_by_role("button", name="停止发送")).to_have_count(0)
    kill_the_job(office.database)
    said = heard(page, in_review(page))
    # Of stages that are over within a second or two not every one is heard of.
    assert any("正在读取、检查 已读 " in one for one in said), said
    assert attempts(office.database) == 2
    expect(page).to_have_url(re.compile("changeset="))
    expect(page).not_to_have_url(re.compile("upload="))
    expect(group(page, "增")).to_contain_text(str(count))
    # Back leads to the beginning, not again to what is done.
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("上传数据")


def test_a_reload_while_it_is_sent_says_that_the_file_must_be_chosen_again(
    office: Office, largest: tuple[Path, int], axe: str
) -> None:
    path, _ = largest
    page = office.staff()
    there = uploads(office.database)
    slow(page, 4 << 20)
    begin(page, path, "半路")
    heard(page, has_sent(page, 5))
    page.reload()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("“最大.geojson”没有送完")
    assert violations(page, axe) == []
    expect(page.get_by_label("数据集", exact=True)).to_have_value("半路")
    assert uploads(office.database) == there
    # It is told once, and no longer when there is a file.
    page.locator("#file").set_input_files(path)
    expect(alert).to_have_count(0)
    page.reload()
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_timeout(4_000)
    expect(alert).to_have_count(0)


def test_sending_is_given_up_and_nothing_has_come(
    office: Office, largest: tuple[Path, int], axe: str
) -> None:
    path, _ = largest
    page = office.staff(size="phone")
    there = uploads(office.database)
    slow(page, 4 << 20)
    begin(page, path, "作罢")
    heard(page, has_sent(page, 3))
    assert violations(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="停止发送").click()
    expect(working(page)).to_have_count(0)
    expect(page.locator(".chosen-file")).to_contain_text("最大.geojson")
    page.reload()
    page.wait_for_timeout(4_000)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert uploads(office.database) == there


@pytest.fixture
def two_services(tmp_path: Path) -> Iterator[tuple[Callable[..., Served], str, Database]]:
    """Starts services on one database: start(name, port=…)."""
    running: list[Served] = []
    with clone(SEEDED) as url:
        database = Database(url)

        def another(name: str, port: int = 0) -> Served:
            folder = tmp_path / name
            folder.mkdir()
            running.append(start(folder, port, GUATU_DATABASE_URL=url))
            return running[-1]

        yield another, url, database
        for served in running:
            if served.process.poll() is None:
                stop(served)
        database.close()


def test_H285_when_the_service_dies_another_takes_the_file_and_the_page_goes_on(
    two_services: tuple[Callable[..., Served], str, Database], browser: Browser, tmp_path: Path
) -> None:
    another, _, database = two_services
    path = tmp_path / "一半.geojson"
    count = large_file(path, LARGEST_FILE // 4)
    first = another("first")
    another("second")
    office = Office(first, database, browser)
    page = office.staff()
    # Whose process waits already takes the job.
    while not processes("app.work", parent=first.process.pid):
        page.wait_for_timeout(100)
    begin(page, path, "接手")
    heard(page, is_at(page, "正在读取"))
    first.process.kill()
    first.process.wait()
    # The page goes on asking; nobody answers it, while the other service does the work.
    end = time.monotonic() + PATIENCE_MS / 1000
    while uploaded(database)["state"] == "checking":
        assert time.monotonic() < end
        time.sleep(0.2)
    assert uploaded(database)["state"] == "staged"
    assert attempts(database) == 2
    another("again", port=int(first.address.rsplit(":", 1)[1]))
    page.reload()
    heard(page, in_review(page))
    expect(group(page, "增")).to_contain_text(str(count))
    office.contexts[0].close()
    assert office.complaints == []


def uploaded(database: Database) -> Any:
    with database.writing() as connection:
        return connection.execute(text("select * from upload order by id desc limit 1")).mappings().one()
