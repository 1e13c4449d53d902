"""Following the chart: what changed as a feed, what is due as a calendar."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import httpx2 as httpx
import numpy as np
import pytest
from defusedxml.ElementTree import fromstring
from fastapi.testclient import TestClient
from icalendar import Calendar
from shapely.geometry import LineString, Point, shape
from sqlalchemy import text

from app.changesets import service, undoing
from app.database import Database
from app.embedded.folders import data_folder
from app.feeds import due
from app.main import create_app
from app.settings import Settings
from geodata.changes import Change
from geodata.crs import wgs84_to_gcj02
from tests.app.asking import CHINESE, Json, assert_problem, get, project, projects
from tests.app.changing import add_project, change_project, new_project, publish

ATOM, ICS = "/api/changes.atom", "/api/changes.ics"
BOTH = pytest.mark.parametrize("address", [ATOM, ICS])
LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])
NS = "{http://www.w3.org/2005/Atom}"
Event = Any
"""Of icalendar, whose properties are of thirty types."""
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
TAG = re.compile(r"tag:[a-z0-9.-]+,\d{4}(-\d\d){0,2}:[\w.~!$&'()*+,;=:@/?%-]+", re.ASCII)
AT = Point(114.125, 22.695)


@pytest.fixture
def office(fresh: Database) -> Iterator[TestClient]:
    """The service on a database of the test's own."""
    with TestClient(create_app(Settings(), fresh), raise_server_exceptions=False) as found:
        yield found


def ask(client: TestClient, address: str, **query: Any) -> httpx.Response:
    answer = client.get(address, params=query or None)
    assert answer.status_code == 200, answer.text[:300]
    return answer


def claim(target: str, **more: Any) -> Change:
    record = {
        "target": target,
        "property": "milestone:open",
        "value": "",
        "unit": "",
        "date": "2027",
        "commitment": "expected",
        "said_on": "2026-03-02",
        "source": "qiaobao-2025-01-16",
        "locator": "p. 1",
        "quote": "预计2027年开通",
        "verbatim": True,
        "note": "",
        "counts_in": "",
    }
    return Change("claim", "", after={**record, **more})


# ---------------------------------------------------------------- the feed


def feed(client: TestClient, **query: Any) -> ET.Element:
    """What is answered, found sound by RFC 4287 and by a reader that people use."""
    answer = ask(client, ATOM, **query)
    assert answer.headers["content-type"] == "application/atom+xml"
    read = feedparser.parse(answer.content)
    assert not read.bozo, read.get("bozo_exception")
    assert read.version == "atom10"
    root: ET.Element = fromstring(answer.content)
    assert len(read.entries) == len(root.findall(f"{NS}entry"))
    assert_sound(root)
    return root


def assert_sound(root: ET.Element) -> None:
    """The musts of RFC 4287 that a reader forgives."""
    assert root.tag == f"{NS}feed"
    assert all(element.tag.startswith(NS) for element in root.iter())
    entries = root.findall(f"{NS}entry")
    for element in (root, *entries):
        for name in ("id", "title", "updated"):
            (only,) = element.findall(f"{NS}{name}")
            assert only.text
        for name in ("summary", "published", "rights", "generator"):
            assert len(element.findall(f"{NS}{name}")) <= 1
        links = [(link.get("rel"), link.get("type"), link.get("hreflang")) for link in links_of(element)]
        alternates = [link for link in links if link[0] == "alternate"]
        assert alternates
        assert len(set(alternates)) == len(alternates)
        assert all(re.match(r"https?://[^\s/]+/", link.get("href") or "") for link in links_of(element))
    assert root.findtext(f"{NS}author/{NS}name")
    assert [link.get("rel") for link in links_of(root)].count("self") == 1
    ids = [entry.findtext(f"{NS}id") or "" for entry in entries]
    assert len(set(ids)) == len(ids)
    assert all(TAG.fullmatch(one) for one in (*ids, root.findtext(f"{NS}id") or ""))
    dates = [e.text or "" for e in root.iter() if e.tag in (f"{NS}updated", f"{NS}published")]
    assert all(RFC_3339.fullmatch(one) and datetime.fromisoformat(one) for one in dates)
    order = [entry.findtext(f"{NS}updated") or "" for entry in entries]
    assert order == sorted(order, reverse=True)
    if entries:
        assert root.findtext(f"{NS}updated") == order[0]
    for entry in entries:
        assert all(category.get("term") for category in entry.findall(f"{NS}category"))


def links_of(element: ET.Element) -> list[ET.Element]:
    return element.findall(f"{NS}link")


def titles(root: ET.Element) -> list[str]:
    return [entry.findtext(f"{NS}title") or "" for entry in root.findall(f"{NS}entry")]


def about(root: ET.Element) -> list[str]:
    """The project of each entry."""
    return [(entry.findtext(f"{NS}id") or "").rpartition("/")[2] for entry in root.findall(f"{NS}entry")]


def top(client: TestClient, **query: Any) -> tuple[str, str]:
    """Title and summary of the first entry."""
    entry = feed(client, **query).find(f"{NS}entry")
    assert entry is not None
    return entry.findtext(f"{NS}title") or "", entry.findtext(f"{NS}summary") or ""


@LANGUAGES
@pytest.mark.parametrize(
    "query",
    [
        {},
        {"kind": "road"},
        {"project": "shenda-intercity"},
        {"lon": 114.12, "lat": 22.69},
        {"kind": "road", "project": "shenda-intercity"},
    ],
)
def test_the_feed_is_sound(client: TestClient, lang: str, query: Json) -> None:
    root = feed(client, lang=lang, **query)
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == {"zh": "zh-CN", "en": "en"}[lang]
    assert len(titles(root)) <= 100
    assert bool(titles(root)) == (len(query) != 2 or "lon" in query)
    words = " ".join([root.findtext(f"{NS}title") or "", *titles(root)])
    assert bool(CHINESE.search(words)) == (lang == "zh")


def test_the_whole_feed_holds_the_hundred_latest(client: TestClient) -> None:
    assert len(titles(feed(client))) == 100


@pytest.mark.parametrize(
    ("lang", "selection", "title"),
    [
        ("zh", {}, "平湖街道：变化"),
        ("en", {}, "Pinghu Subdistrict: what changed"),
        (
            "en",
            {"kind": ["metro", "road"]},
            "Pinghu Subdistrict: what changed (Metro, Roads, buses, parking)",
        ),
        ("zh", {"project": "fuan-east-road"}, "平湖街道：变化（富安东路）"),
        (
            "en",
            {"lon": 114.12, "lat": 22.69, "radius_m": 700},
            "Pinghu Subdistrict: what changed (within 700 m of 114.1200, 22.6900)",
        ),
    ],
)
def test_the_title_says_the_selection(client: TestClient, lang: str, selection: Json, title: str) -> None:
    assert feed(client, lang=lang, **selection).findtext(f"{NS}title") == title


def test_an_entry_carries_what_is_said_by_whom_and_in_which_words(client: TestClient) -> None:
    title, summary = top(client, project="shenda-intercity", lang="en")
    assert title.startswith("Shenzhen Airport–Daya Bay Intercity: new: Opening, 2026 (expected)")
    # Our summary of what was said never looks like a quotation.
    assert "Shenzhen News, Pingshan (press), 16 October 2024; in our words: expected 2026." in summary
    assert "“" not in summary.partition("\n")[0]
    title, summary = top(client, project="fuan-east-road", lang="zh")
    entry = next(c for c in project(client, "fuan-east-road")["claims"] if c["verbatim"])
    assert f"“{entry['quote'].rstrip('。')}" in summary
    assert entry["source"]["publisher_zh"] in summary


def test_the_addresses_are_those_under_which_it_was_asked_for(client: TestClient) -> None:
    answer = client.get(f"{ATOM}?kind=road&lang=en", headers={"Host": "chart.example:8443"})
    root = fromstring(answer.content)
    hrefs = {link.get("rel"): link.get("href") for link in links_of(root)}
    assert hrefs["self"] == "http://chart.example:8443/api/changes.atom?kind=road&lang=en"
    for entry in root.findall(f"{NS}entry"):
        (page,) = [link.get("href") for link in links_of(entry) if link.get("rel") == "alternate"]
        name = (entry.findtext(f"{NS}id") or "").rpartition("/")[2]
        assert page == f"http://chart.example:8443/?project={name}&lang=en"
        (category,) = entry.findall(f"{NS}category")
        assert (category.get("term"), category.get("label")) == ("road", "Roads, buses, parking")


def test_ids_depend_on_no_language_host_order_or_time(client: TestClient) -> None:
    asked = [
        client.get(f"{ATOM}?kind=road,metro&lang=zh"),
        client.get(f"{ATOM}?kind=road,metro&lang=zh"),
        client.get(f"{ATOM}?kind=metro&kind=road&lang=en", headers={"Host": "chart.example"}),
    ]
    ids = [[e.text for e in fromstring(answer.content).iter(f"{NS}id")] for answer in asked]
    assert ids[0] == ids[1] == ids[2]
    assert asked[0].content == asked[1].content
    assert len(ids[0]) > 5


# ---------------------------------------------------------------- what happens shows on top


def test_what_happens_is_told_in_plain_words(office: TestClient, fresh: Database) -> None:
    name = "canary-road"

    def happens(*changes: Change, **also: Any) -> tuple[str, str]:
        publish(fresh, *changes)
        assert about(feed(office))[0] == name
        zh, en = (top(office, lang=lang)[0] for lang in ("zh", "en"))
        assert en.startswith("Canary Road: ")
        assert zh.startswith("金丝雀路：")
        return zh.removeprefix("金丝雀路："), en.removeprefix("Canary Road: ")

    road = new_project(name, LineString([(114.12, 22.69), (114.13, 22.69)]), kind="road",
                       name_zh="金丝雀路", name_en="Canary Road")  # fmt: skip
    assert happens(road) == ("新上图", "new on the chart")
    first = claim(name, said_on="2024-01-01", date="2025")
    assert happens(first) == ("新说法：通车，2025 年（预计）", "new: Open to traffic, 2025 (expected)")
    assert happens(claim(name, said_on="2024-02-01", date="2025~")) == (
        "再次说到：通车，约 2025 年（预计）",
        "said again: Open to traffic, about 2025 (expected)",
    )
    assert happens(claim(name, said_on="2026-03-02", date="2027-Q2", commitment="committed")) == (
        "通车由 约 2025 年改为 2027 年第 2 季度（确保）",
        "Open to traffic moved from about 2025 to quarter 2 of 2027 (committed)",
    )
    assert happens(claim(name, said_on="2023-03-02", date="2024")) == (
        "补记：通车，2024 年（预计）",
        "also said: Open to traffic, 2024 (expected)",
    )
    numbers = [c["n"] for c in project(office, name)["claims"]]
    wrong = Change("withdraw", str(numbers[2]), before={"target": name})
    assert happens(wrong, claim(name, date="2028", commitment="aspired", said_on="2026-03-02")) == (
        "通车更正：2027 年第 2 季度改为 2028 年（力争）",
        "Open to traffic corrected from quarter 2 of 2027 to 2028 (aspired to)",
    )
    assert happens(Change("withdraw", str(numbers[0]), before={"target": name})) == (
        "撤回说法：通车，2025 年（预计）",
        "claim withdrawn: Open to traffic, 2025 (expected)",
    )
    assert happens(claim(name, property="milestone:start", date="", commitment="pursued")) == (
        "新说法：开工（推动，未说时间）",
        "new: Works start (pursued, no date stated)",
    )
    seen = {"property": "phase", "value": "building", "commitment": "done", "date": "2026-02"}
    assert happens(claim(name, **seen)) == ("据称在建", "said to be under construction")
    assert happens(claim(name, property="activity", value="suspended", commitment="done", date="")) == (
        "据称停滞",
        "said to be suspended",
    )
    length = {"property": "measure:length_km", "value": "1.5/2", "unit": "km", "commitment": "done"}
    assert happens(claim(name, **length, date="")) == ("长度 1.5 至 2 km", "Length 1.5 to 2 km")
    assert happens(claim(name, property="mention", date="")) == ("有来源提到", "mentioned by a source")
    assert happens(claim(name, date="2026-10-01", commitment="done", said_on="2026-10-02")) == (
        "已通车，2026 年 10 月 1 日",
        "Open to traffic: done, 1 October 2026",
    )
    publish_name = Change("change", name, {"community": ""}, {"community": "白坭坑"})
    assert happens(publish_name) == ("名称、位置或资料有更正", "place, name or details corrected")
    gone = Change("remove", name, before=road.after, geom_before=road.geom_after)
    assert happens(gone) == ("已从图上移除", "removed from the chart")
    assert_problem(office.get(ATOM, params={"project": name}), 410, "removed")


def test_undoing_a_removal_brings_it_back(office: TestClient, fresh: Database) -> None:
    add_project(fresh, "canary-park", AT, name_zh="金丝雀园", name_en="Canary Park")
    with fresh.writing() as connection:
        added = service.publish(connection, undoing.revert(connection, 3, "tester", "oops"), "tester")
        assert added == 4
        service.publish(connection, undoing.revert(connection, 4, "tester", "oops"), "tester")
    assert titles(feed(office, kind="park", lang="en"))[:3] == [
        "Canary Park: back on the chart",
        "Canary Park: removed from the chart",
        "Canary Park: new on the chart",
    ]
    assert titles(feed(office, lon=AT.x, lat=AT.y, radius_m=100, lang="en"))[0].endswith("back on the chart")


@BOTH
def test_a_new_revision_is_another_answer(office: TestClient, fresh: Database, address: str) -> None:
    before = ask(office, address)
    same = office.get(address, headers={"If-None-Match": before.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    publish(fresh, claim("fuan-east-road", property="milestone:closed"))
    after = office.get(address, headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert after.content != before.content
    assert "fuan-east-road" in after.text


def test_what_nobody_outside_may_know_is_in_neither(office: TestClient, fresh: Database) -> None:
    secret = "金丝雀秘密canary"
    road = new_project(
        "quiet-road", AT, kind="road", attrs={"_owner": secret}, external_key=secret, dataset=secret
    )
    with fresh.writing() as connection:
        number = service.stage(
            connection, "pinghu", [road, claim("quiet-road", note=secret)],
            kind="edit", title_zh=secret, title_en=secret, who=secret, reason=secret,
        )  # fmt: skip
    for address in (ATOM, ICS):
        assert "quiet-road" not in ask(office, address).text
    with fresh.writing() as connection:
        service.publish(connection, number, secret)
        undo = undoing.revert(connection, number, secret, secret)
    for address in (ATOM, ICS):
        shown = ask(office, address).text
        assert "quiet-road" in shown
        assert secret not in shown
    with fresh.writing() as connection:
        service.publish(connection, undo, secret)
    assert secret not in ask(office, ATOM).text
    assert "quiet-road" not in ask(office, ICS).text


# ---------------------------------------------------------------- the calendar


def calendar(client: TestClient, **query: Any) -> dict[str, Event]:
    """The events by the project and the milestone, found sound and read alike by two libraries."""
    answer = ask(client, ICS, **query)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    lines = answer.content.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    for line in lines:
        line.decode()
    whole = Calendar.from_ical(answer.content)
    assert not whole.errors
    events: list[Event] = whole.walk("VEVENT")
    read = read_by_another(answer.content)
    assert read["name"] == whole["x-wr-calname"]
    assert read["version"] == "2.0"
    assert len(read["events"]) == len(events)
    for other, event in zip(read["events"], events, strict=True):
        assert not event.errors
        assert other["days"]
        assert [other["uid"], other["summary"], other["description"], other["url"], other["status"]] == [
            str(event[name]) for name in ("uid", "summary", "description", "url", "status")
        ]
        assert other["categories"] == [str(one) for one in event["categories"].cats]
        assert (other["start"], other["end"]) == tuple(
            event[name].dt.isoformat() for name in ("dtstart", "dtend")
        )
        assert event["dtstart"].dt < event["dtend"].dt
        assert other["sequence"] == event["sequence"] >= 0
        assert event["transp"] == "TRANSPARENT"
        assert event["dtstamp"].dt == event["last-modified"].dt
    found = {str(event["uid"]).partition(".pinghu@")[0]: event for event in events}
    assert len(found) == len(events)
    return {".".join(reversed(key.split("."))): event for key, event in found.items()}


def read_by_another(content: bytes) -> Json:
    node = shutil.which("node") or data_folder() / "node/bin/node"
    script = Path(__file__).parent / "read_calendar.mjs"
    done = subprocess.run([node, script], input=content, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    found: Json = json.loads(done.stdout)
    return found


def days(event: Event) -> tuple[date, date]:
    return event["dtstart"].dt, event["dtend"].dt


@LANGUAGES
def test_a_year_is_the_whole_year_and_said_to_be_about(client: TestClient, lang: str) -> None:
    event = calendar(client, lang=lang, project="shenda-intercity")["shenda-intercity.open"]
    assert b"DTSTART;VALUE=DATE:20260101\r\n" in event.to_ical()
    assert b"DTEND;VALUE=DATE:20270101\r\n" in event.to_ical()
    assert event["status"] == "TENTATIVE"
    assert (
        str(event["summary"])
        == {
            "zh": "深大城际：初期运营，约 2026 年（预计）",
            "en": "Shenzhen Airport–Daya Bay Intercity: Opening, about 2026 (expected)",
        }[lang]
    )
    assert str(event["url"]) == f"http://testserver/?project=shenda-intercity&lang={lang}"
    assert str(event["categories"].cats[0]) == {"zh": "城际铁路", "en": "Intercity railway"}[lang]


@LANGUAGES
def test_everything_that_stands_or_was_kept_is_in_it(client: TestClient, lang: str) -> None:
    found = calendar(client, lang=lang)
    # What is done or overtaken by works that were seen is told by model.md, case by case.
    assert set(found) == {
        "cross-border-ecommerce-park.delivered",
        "fuchengao-retained-land-1-1.start",
        "jihe-expressway-widening.open",
        "pinghu-railway-station.reopened",
        "pinghu-railway-station.start",
        "pinghu-west-land-consolidation.lc_banked",
        "pingyan-railway-upgrade.done",
        "qingping-expressway-phase-2-north.open",
        "shanxia-land-consolidation.lc_banked",
        "shenda-intercity.open",
    }
    words = " ".join(str(event["summary"]) for event in found.values())
    assert bool(CHINESE.search(words)) == (lang == "zh")
    located = {name for name, event in found.items() if "geo" in event}
    assert located == {"pinghu-railway-station.reopened", "pinghu-railway-station.start"}
    precise = projects(client, kind="station")["pinghu-railway-station"]
    assert precise["properties"]["precision"] in ("surveyed", "digitised")
    geo = found["pinghu-railway-station.start"]["geo"]
    assert [geo.longitude, geo.latitude] == pytest.approx(precise["geometry"]["coordinates"], abs=1e-6)


def test_a_lapsed_promise_stays_and_says_what_that_means(client: TestClient) -> None:
    silent = calendar(client, project="cross-border-ecommerce-park")["cross-border-ecommerce-park.delivered"]
    assert (silent["status"], days(silent)) == ("TENTATIVE", (date(2025, 1, 1), date(2026, 1, 1)))
    assert "到期后未见消息" in silent["description"]
    assert "不能断定" in silent["description"]
    assert "“全力推动平湖跨境电商产业园2025年内交付使用”" in silent["description"]
    late = calendar(client, project="pinghu-west-land-consolidation", lang="en")
    assert "at least 869 days late" in str(late["pinghu-west-land-consolidation.lc_banked"]["description"])


def test_lateness_is_told_only_where_lights_are_shown(seeded: Database) -> None:
    with TestClient(create_app(Settings(show_lights=False), seeded)) as client:
        found = calendar(client, lang="en")
    words = " ".join(str(event["description"]) for event in found.values())
    assert not re.search("late\\b|no source has spoken|Nothing heard", words.replace("later than", ""))
    assert "The promised date has passed." in words


@LANGUAGES
def test_a_promise_that_was_kept_keeps_its_place(office: TestClient, fresh: Database, lang: str) -> None:
    before = calendar(office, lang=lang, project="shenda-intercity")["shenda-intercity.open"]
    kept = claim("shenda-intercity", date="2026-11-05", commitment="done", said_on="2026-11-06")
    publish(fresh, kept)
    after = calendar(office, lang=lang, project="shenda-intercity")["shenda-intercity.open"]
    assert after["uid"] == before["uid"]
    assert after["sequence"] > before["sequence"]
    assert after["last-modified"].dt > before["last-modified"].dt
    assert after["status"] == "CONFIRMED"
    assert days(after) == (date(2026, 11, 5), date(2026, 11, 6))
    assert (
        str(after["summary"])
        == {
            "zh": "深大城际：已初期运营，2026 年 11 月 5 日",
            "en": "Shenzhen Airport–Daya Bay Intercity: Opening: done, 5 November 2026",
        }[lang]
    )
    assert {"zh": "此前的承诺：初期运营，2026 年（预计）", "en": "Promised before: Opening, 2026 (expected)"}[
        lang
    ] in after["description"]


@pytest.mark.parametrize(
    ("when", "first", "after", "words"),
    [
        ("2028-05-03", "2028-05-03", "2028-05-04", "Works start, 3 May 2028 (expected)"),
        ("2028-05-03~", "2028-05-03", "2028-05-04", "Works start, about 3 May 2028 (expected)"),
        ("2028-02", "2028-02-01", "2028-03-01", "Works start, about February 2028 (expected)"),
        ("2028-Q4", "2028-10-01", "2029-01-01", "Works start, about quarter 4 of 2028 (expected)"),
        ("2028~", "2028-01-01", "2029-01-01", "Works start, about 2028 (expected)"),
        ("2028/2029", "2028-01-01", "2030-01-01", "Works start, about 2028 to 2029 (expected)"),
        ("..2028-06", "2028-06-30", "2028-07-01", "Works start, by June 2028 (expected)"),
        ("..2028", "2028-12-31", "2029-01-01", "Works start, by 2028 (expected)"),
        ("2028..", "", "", ""),
    ],
)
def test_a_date_is_never_made_sharper(
    office: TestClient, fresh: Database, when: str, first: str, after: str, words: str
) -> None:
    add_project(fresh, "canary-park", AT, name_zh="金丝雀园", name_en="Canary Park")
    publish(fresh, claim("canary-park", property="milestone:start", date=when))
    found = calendar(office, project="canary-park", lang="en")
    if not first:
        assert found == {}
        return
    event = found["canary-park.start"]
    assert days(event) == (date.fromisoformat(first), date.fromisoformat(after))
    assert str(event["summary"]) == f"Canary Park: {words}"
    chinese = str(calendar(office, project="canary-park", lang="zh")["canary-park.start"]["summary"])
    assert ("约" in chinese) == ("about" in words)
    assert ("不晚于" in chinese) == (" by " in words)
    # Where it lies is only near there.
    assert "geo" not in event


def test_how_often_a_date_moved_is_told_and_counted(office: TestClient, fresh: Database) -> None:
    def asked(lang: str = "en") -> Event:
        return calendar(office, project="shenda-intercity", lang=lang)["shenda-intercity.open"]

    first = asked()
    assert (first["sequence"], "Moved" in first["description"]) == (0, False)
    publish(fresh, claim("shenda-intercity", date="2028", said_on="2026-05-01"))
    moved = asked()
    assert moved["uid"] == first["uid"]
    assert moved["sequence"] > first["sequence"]
    assert days(moved) == (date(2028, 1, 1), date(2029, 1, 1))
    assert "The promise moved once, 731 days later than first said (2026)." in moved["description"]
    assert "日期改过 1 次，比最初所说（2026 年）晚 731 天。" in asked("zh")["description"]
    publish(fresh, claim("shenda-intercity", date="2025", said_on="2026-06-01"))
    assert "The promise moved 2 times, 365 days earlier than first said (2026)." in asked()["description"]
    # Withdrawing what was said is news as well, though the date goes back.
    number = project(office, "shenda-intercity")["claims"][-1]["n"]
    publish(fresh, Change("withdraw", str(number), before={"target": "shenda-intercity"}))
    assert days(asked()) == days(moved)
    assert asked()["sequence"] > moved["sequence"] + 1


def test_a_calendar_that_cannot_hold_all_keeps_the_nearest_and_says_so(
    office: TestClient, fresh: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def about_it() -> str:
        return str(Calendar.from_ical(ask(office, ICS, lang="en").content)["description"])

    add_project(fresh, "canary-park", AT)
    today = get(office, "/api/catalogue")["today"]
    publish(fresh, claim("canary-park", property="milestone:start", date=today))
    assert len(calendar(office)) > 5
    assert "nearest" not in about_it()
    monkeypatch.setattr(due, "MOST_PROJECTS", 1)
    assert set(calendar(office)) == {"canary-park.start"}
    assert "Only the 1 projects whose dates are nearest to today" in about_it()


def test_what_is_given_up_is_no_longer_due(office: TestClient, fresh: Database) -> None:
    ended = claim("shenda-intercity", property="milestone:cancelled", date="2026-02", commitment="done")
    publish(fresh, ended)
    assert calendar(office, project="shenda-intercity") == {}


def test_it_is_a_function_of_the_revision_and_stamped_with_it(client: TestClient) -> None:
    once, again = ask(client, ICS), ask(client, ICS)
    assert once.content == again.content
    ids = [
        set(re.findall("UID:.*", ask(client, ICS, lang=lang).text.replace("\r\n ", "")))
        for lang in ("zh", "en")
    ]
    assert ids[0] == ids[1]
    (published,) = {
        datetime.fromisoformat(entry["published_at"])
        for entry in get(client, "/api/changesets")["changesets"]
        if entry["rev"] == 2
    }
    stamped = {event["dtstamp"].dt for event in calendar(client, kind="intercity").values()}
    assert stamped == {published.replace(microsecond=0)}


# ---------------------------------------------------------------- both


SIGNS = "<b>&amp; \"a\" 'b'</b>]]>, ; : \\n \\ \U0001f686 “引”\n第二行\r\n\t末 \x07\ufffe"


def test_what_means_something_to_a_format_survives_it(office: TestClient, fresh: Database) -> None:
    change_project(fresh, "shenda-intercity", name_zh=f"深大{SIGNS}", name_en=f"Shenda {SIGNS}")
    publish(fresh, claim("shenda-intercity", date="2028", said_on="2026-05-01", quote=SIGNS))
    for lang, name in (("zh", "深大"), ("en", "Shenda ")):
        title, summary = top(office, lang=lang)
        sound = re.sub("[\x07\ufffe]", "\ufffd", SIGNS.replace("\r\n", "\n"))
        assert title.startswith(f"{name}{sound}")
        assert sound in summary
        assert feedparser.parse(ask(office, ATOM, lang=lang).content).entries[0].summary
        event = calendar(office, lang=lang, project="shenda-intercity")["shenda-intercity.open"]
        in_calendar = sound.replace("\ufffd\ufffd", "\ufffd\ufffe")
        assert str(event["summary"]).startswith(" ".join(f"{name}{in_calendar}".split()))
        assert in_calendar in str(event["description"])
        assert str(
            Calendar.from_ical(ask(office, ICS, project="shenda-intercity", lang=lang).content)["name"]
        )


@BOTH
@pytest.mark.parametrize(
    "selection",
    [
        {"kind": "road"},
        {"kind": ["road", "intercity"]},
        {"project": "shenda-intercity"},
        {"project": "shenda-intercity,pingyan-railway-upgrade"},
        {"project": ["jihe-expressway-widening", "pingyan-railway-upgrade"], "kind": "railway"},
        {"lon": 114.119527, "lat": 22.694882, "radius_m": 300},
        {"lon": 114.12, "lat": 22.69, "radius_m": 20000, "kind": "road"},
    ],
)
def test_only_what_is_selected_is_in_it(client: TestClient, address: str, selection: Json) -> None:
    def asked(**query: Any) -> set[str]:
        if address == ATOM:
            return set(about(feed(client, **query)))
        return {key.partition(".")[0] for key in calendar(client, **query)}

    everything = projects(client)

    def followed(name: str | None) -> bool:
        """Itself, or a part of what is followed."""
        if name is None or "project" not in selection:
            return name is not None
        return name in str(selection["project"]) or followed(everything[name]["properties"]["parent"])

    wanted = {
        name
        for name, feature in everything.items()
        if feature["properties"]["kind"] in selection.get("kind", feature["properties"]["kind"])
        and followed(name)
        and ("lon" not in selection or name in near(client, selection))
    }
    found = asked(**selection)
    assert found
    assert found <= wanted
    # Nothing that the whole holds is missing.
    assert asked() & wanted <= found


def near(client: TestClient, selection: Json) -> set[str]:
    """What the list finds in a box that surely holds all that lies so near."""
    lon, lat, reach = selection["lon"], selection["lat"], selection["radius_m"] / 100_000
    box = f"{lon - reach},{lat - reach},{lon + reach},{lat + reach}"
    return set(projects(client, bbox=box))


def test_round_a_point_schematic_places_tell_no_distance(client: TestClient) -> None:
    parcel = projects(client, kind="parcel")["shanxia-land-consolidation"]
    assert parcel["properties"]["precision"] == "schematic"
    here = shape(parcel["geometry"]).representative_point()
    asked = {"lon": here.x, "lat": here.y, "radius_m": 100, "kind": "parcel", "lang": "en"}
    assert about(feed(client, **asked))[0] == "shanxia-land-consolidation"
    assert "Its place is schematic and tells no distance." in top(client, **asked)[1]
    everywhere = top(client, project="shanxia-land-consolidation", lang="en")
    assert "tells no distance" not in everywhere[1]


def test_a_point_of_a_chinese_map_service_is_moved_to_where_it_is(client: TestClient) -> None:
    station = projects(client, kind="station")["pinghu-railway-station"]["geometry"]["coordinates"]
    ((lon, lat),) = wgs84_to_gcj02(np.array([station]))
    moved = {"lon": float(lon), "lat": float(lat), "radius_m": 100}
    assert "pinghu-railway-station" in about(feed(client, **moved, datum="gcj02"))
    assert "pinghu-railway-station" not in about(feed(client, **moved))


@BOTH
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("lon=nan&lat=22.69", "bad-parameter"),
        ("lon=inf&lat=22.69", "bad-parameter"),
        ("lon=114.12", "bad-parameter"),
        ("lat=22.69", "bad-parameter"),
        ("lon=114.12&lat=22.69&radius_m=-5", "bad-parameter"),
        ("lon=114.12&lat=22.69&radius_m=20001", "bad-parameter"),
        ("lon=1000000000&lat=22.69", "bad-parameter"),
        ("lon=114.12&lat=22.69&datum=bd09", "bad-parameter"),
        ("lon=116.4&lat=39.9", "outside-area"),
        ("lon=22.69&lat=80", "outside-area"),
        ("kind=castle", "bad-parameter"),
        ("kind=", "bad-parameter"),
        ("project=", "bad-parameter"),
        ("project=A%20B", "bad-parameter"),
        ("project=" + ",".join(["a"] * 51), "bad-parameter"),
        ("project=%00", "bad-parameter"),
        ("colour=red", "bad-parameter"),
        ("lang=fr", "bad-parameter"),
    ],
)
def test_hostile_values_are_refused_in_words(client: TestClient, address: str, query: str, code: str) -> None:
    body = assert_problem(client.get(f"{address}?{query}"), 400, code)
    if code == "outside-area":
        assert "平湖街道" in body["detail_zh"]
        assert "Pinghu Subdistrict" in body["detail_en"]
    else:
        assert body["errors"]


@BOTH
def test_a_project_that_is_elsewhere_or_nowhere(office: TestClient, fresh: Database, address: str) -> None:
    assert_problem(office.get(f"{address}?project=fuan-east-road,no-such"), 404, "unknown-project")
    with fresh.writing() as connection:
        connection.execute(
            text(
                "insert into alias (old_id, project_no, rev)"
                " select 'old-road', no, 2 from project where id = 'fuan-east-road'"
            )
        )
    query = "lang=en&project=old-road&project=shenda-intercity"
    answer = office.get(f"{address}?{query}", follow_redirects=False)
    assert answer.status_code == 301
    assert answer.headers["location"] == f"{address}?lang=en&project=fuan-east-road,shenda-intercity"
    assert office.get(answer.headers["location"]).status_code == 200


@BOTH
def test_it_may_be_kept_and_follows_the_language_of_the_browser(client: TestClient, address: str) -> None:
    plain = ask(client, address)
    assert plain.headers["cache-control"] == "public, max-age=60"
    assert "Accept-Language" in plain.headers["vary"]
    english = client.get(address, headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert english.headers["etag"] != plain.headers["etag"]
    assert "Pinghu Subdistrict" in english.text
    assert "Pinghu Subdistrict" not in plain.text
    assert client.get(address, headers={"Accept-Language": "en"}, params={"lang": "zh"}).text.count(
        "平湖街道"
    )


def test_who_follows_a_line_follows_its_parts(client: TestClient) -> None:
    spoken_of = " ".join(titles(feed(client, project="metro-line-10", lang="zh")))
    assert "地铁10号线东延" in spoken_of
    assert "禾花站" in spoken_of
    assert "深惠城际" not in spoken_of
