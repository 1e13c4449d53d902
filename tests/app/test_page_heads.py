"""The head of a page: what a chat program or a search engine reads of a link before anybody opens it."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

from app.database import Database
from app.main import create_app
from app.previews.head import Place, with_head
from app.previews.routes import PAGES
from app.previews.subject import Asked, View, find
from app.previews.words import Lang
from app.settings import Settings
from tests.app.asking import CHINESE, KNOWN
from tests.app.changing import change_project
from tests.serving import ROOT

HOST = "https://map.example.org"
OWN_TITLE = "挂图 Guatu"


class Head(HTMLParser):
    """What stands in a page, and in its head."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.lang = ""
        self.title: list[str] = []
        self.metas: list[tuple[str, str]] = []
        self.links: list[dict[str, str | None]] = []
        self.tags: list[str] = []
        self._within: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        if tag == "html":
            self.lang = given["lang"] or ""
        if tag == "title":
            self.title.append("")
        if tag == "meta" and (name := given.get("name") or given.get("property")):
            self.metas.append((name, given["content"] or ""))
        if tag == "link":
            self.links.append(given)
        self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._within and self._within.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._within and self._within[-1] == "title":
            self.title[-1] += data

    def meta(self, name: str) -> str:
        (found,) = [content for key, content in self.metas if key == name]
        return found

    def link(self, rel: str, **more: str) -> str:
        (found,) = [
            link["href"]
            for link in self.links
            if link["rel"] == rel and all(link.get(name) == value for name, value in more.items())
        ]
        return found or ""


@pytest.fixture(scope="module")
def front_end(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages as they are written, whether or not they are built."""
    folder = tmp_path_factory.mktemp("pages")
    for _, name, _ in PAGES:
        (folder / name).write_bytes((ROOT / "frontend" / name).read_bytes())
    return folder


@pytest.fixture(scope="module")
def pages(seeded: Database, front_end: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(), seeded, front_end), base_url=HOST) as found:
        yield found


def head(client: TestClient, address: str = "/", browser: str = "", **query: str) -> Head:
    """browser: the language that it prefers."""
    # An empty mapping would take away the query that the address carries itself.
    answer = client.get(
        address, params=query or None, headers={"Accept-Language": browser} if browser else {}
    )
    assert answer.status_code == 200, answer.text[:300]
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return Head(answer.text)


@pytest.mark.parametrize("path", [path for path, _, _ in PAGES])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_says_what_it_is(pages: TestClient, path: str, lang: str) -> None:
    found = head(pages, path, browser=lang)
    assert len(found.title) == 1
    assert found.title[0] == found.meta("og:title")
    assert found.meta("description") == found.meta("og:description") != ""
    assert found.meta("og:type") == "website"
    assert found.meta("twitter:card") == "summary_large_image"
    assert (found.meta("og:image:width"), found.meta("og:image:height")) == ("1200", "630")
    assert found.meta("og:image:alt")
    if lang == "zh":
        assert (found.lang, found.meta("og:locale")) == ("zh-CN", "zh_CN")
        # How the chart knows what it says is the same everywhere.
        assert path == "/how" or "平湖街道" in found.title[0] + found.meta("description")
    else:
        assert (found.lang, found.meta("og:locale")) == ("en", "en_US")
        assert path == "/how" or "Pinghu Subdistrict" in found.title[0] + found.meta("description")
        assert not CHINESE.search(found.title[0] + found.meta("description"))


def test_the_query_wins_over_the_browser_and_chinese_over_nothing(pages: TestClient) -> None:
    assert head(pages, browser="en-GB,en;q=0.9").lang == "en"
    assert head(pages, "/?lang=zh", browser="en").lang == "zh-CN"
    assert head(pages, browser="fr").lang == "zh-CN"
    assert head(pages, "/?lang=de").lang == "zh-CN"


def project(client: TestClient, name: str, day: str = KNOWN, lang: str = "zh") -> Head:
    return head(client, project=name, day=day, known=KNOWN, lang=lang)


def test_a_project_says_its_kind_its_phase_what_comes_next_and_who_said_so(pages: TestClient) -> None:
    found = project(pages, "shenda-intercity", lang="zh")
    assert found.title == ["深大城际 · 挂图"]
    said = found.meta("description")
    assert said.startswith(f"城际铁路。{KNOWN} 的状态：在建。初期运营：预计 2026 年，2024 年 10 月 16 日，")
    found = project(pages, "shenda-intercity", lang="en")
    assert found.title == ["Shenzhen Airport–Daya Bay Intercity · Guatu"]
    said = found.meta("description")
    assert said.startswith(
        f"Intercity railway. State on {KNOWN}: Building. Opening: 2026 (expected), said by "
    )


def test_what_no_source_states_is_said_to_be_unstated(pages: TestClient) -> None:
    said = project(pages, "pinghu-station-shenhui").meta("description")
    assert "没有来源说过下一步的日期" in said
    said = project(pages, "pinghu-station-shenhui", lang="en").meta("description")
    assert "No source states a date for the next step." in said


def test_the_day_is_that_of_the_link(pages: TestClient) -> None:
    assert "2021-01-01 的状态：未说明" in project(pages, "fuan-east-road", day="2021-01-01").meta(
        "description"
    )
    compared = head(pages, "/?project=fuan-east-road&a=2020&b=2021-01-01")
    assert "2021-01-01 的状态：未说明" in compared.meta("description")


def test_what_is_no_project_with_phases_says_only_what_it_is(pages: TestClient) -> None:
    assert project(pages, "three-year-action").meta("description").startswith("计划、称号。")


# ---------------------------------------------------------------- addresses


def test_every_address_is_absolute_and_leads_to_the_same(pages: TestClient) -> None:
    asked = "/?project=fuan-east-road&day=2021&at=13/22.69/114.12&kind=road&lang=en"
    found = head(pages, asked)
    shown = f"{HOST}/?project=fuan-east-road&day=2021-12-31"
    assert found.link("canonical") == found.meta("og:url") == f"{shown}&lang=en"
    assert found.link("alternate", hreflang="zh-CN") == f"{shown}&lang=zh"
    assert found.link("alternate", hreflang="en") == f"{shown}&lang=en"
    assert found.link("alternate", hreflang="x-default") == shown
    feed = found.link("alternate", type="application/atom+xml")
    assert feed == "/api/changes.atom?project=fuan-east-road"
    assert found.meta("og:image") == f"{HOST}/preview.png?project=fuan-east-road&day=2021-12-31&lang=en"


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/?lang=en",
        "/?project=metro-line-10&day=2021-01-01",
        "/?project=never-was",
        "/?line=metro-line-17",
        "/?lon=114.12&lat=22.69&radius_m=2000&datum=gcj02",
        f"/?known={KNOWN}&view=transit",
    ],
)
def test_the_picture_that_a_page_names_is_there(pages: TestClient, address: str) -> None:
    found = head(pages, address)
    image = urlsplit(found.meta("og:image"))
    assert f"{image.scheme}://{image.netloc}" == HOST
    asked = parse_qs(image.query)
    assert asked["lang"] == ["en" if "lang=en" in address else "zh"]
    # Chat programs keep a picture by its address: it names its day.
    assert "day" in asked
    answer = pages.get(f"{image.path}?{image.query}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")


def test_a_page_without_a_project_offers_no_feed_of_one(pages: TestClient) -> None:
    for address in ("/", "/?project=never-was"):
        assert not [link for link in head(pages, address).links if link.get("type") == "application/atom+xml"]


# ---------------------------------------------------------------- wrong and hostile queries

HOSTILE = (
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    "</title><script>",
    "</head>",
    "{{7*7}}",
    "\\1\\g<0>",
    "a" * 3000,
    "平湖" * 300,
    "\x00\x1f",
    "-->",
)


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("name", ["project", "line", "day", "known", "lang", "lon", "at", "<b>"])
def test_no_query_breaks_a_page(pages: TestClient, name: str, hostile: str) -> None:
    plain = head(pages)
    found = head(pages, **{name: hostile})
    assert found.tags == plain.tags
    assert found.title == plain.title
    assert found.metas == plain.metas
    assert found.links == plain.links


def test_a_hostile_host_stays_text(pages: TestClient) -> None:
    answer = pages.get("/", headers={"Host": 'a"><script>alert(1)</script>'})
    assert answer.status_code < 500
    assert "script>alert" not in answer.text


def test_a_hostile_name_stays_text(fresh: Database, front_end: Path) -> None:
    hostile = '</title><script>alert("1")</script>\\1&amp;'
    change_project(fresh, "fuan-east-road", name_zh=hostile, name_en=hostile)
    with TestClient(create_app(Settings(), fresh, front_end), base_url=HOST) as client:
        plain, found = head(client), head(client, project="fuan-east-road")
    assert found.title == [f"{hostile} · 挂图"]
    assert hostile in found.meta("og:image:alt")
    assert found.tags.count("script") == plain.tags.count("script")


# ---------------------------------------------------------------- caching, and without a database


def test_a_page_is_asked_for_again_and_its_tag_is_of_its_head(fresh: Database, front_end: Path) -> None:
    with TestClient(create_app(Settings(), fresh, front_end), base_url=HOST) as client:
        first = client.get("/?project=fuan-east-road")
        tag = first.headers["etag"]
        assert first.headers["cache-control"] == "no-cache"
        assert "Accept-Language" in first.headers["vary"]
        same = client.get("/?project=fuan-east-road", headers={"If-None-Match": tag})
        assert (same.status_code, same.content) == (304, b"")
        for other in ("/", "/?project=fuan-east-road&lang=en", "/?project=fuan-east-road&day=2021"):
            assert client.get(other, headers={"If-None-Match": tag}).status_code == 200
        change_project(fresh, "fuan-east-road", name_zh="富安东大路")
        changed = client.get("/?project=fuan-east-road", headers={"If-None-Match": tag})
        assert changed.status_code == 200
        assert "富安东大路" in changed.text


def test_without_a_database_the_page_comes_all_the_same(front_end: Path) -> None:
    gone = Database("postgresql+psycopg://guatu@/nowhere?host=/nowhere")
    with TestClient(create_app(Settings(), gone, front_end), base_url=HOST) as client:
        for lang, title in (("zh", OWN_TITLE), ("en", "Guatu 挂图")):
            found = head(client, "/?project=fuan-east-road", browser=lang)
            assert found.title == [title]
            assert found.meta("description")
            assert not [name for name, _ in found.metas if name.startswith("og:image")]
            assert found.tags.count("script") == 1
    gone.close()


def test_before_there_are_data_the_page_comes_all_the_same(empty: Database, front_end: Path) -> None:
    with TestClient(create_app(Settings(), empty, front_end), base_url=HOST) as client:
        assert head(client).title == [OWN_TITLE]


def test_every_page_in_the_table_is_one_that_is_written() -> None:
    for _, name, view in PAGES:
        written: Any = Head((ROOT / "frontend" / name).read_text(encoding="utf-8"))
        assert written.title
        assert view


@pytest.mark.parametrize(
    ("view", "lang", "title"),
    [
        ("map", "zh", "挂图 · 平湖街道"),
        ("transit", "zh", "交通 · 平湖街道 · 挂图"),
        ("transit", "en", "Transit · Pinghu Subdistrict · Guatu"),
        ("how", "zh", "我们怎么知道的 · 挂图"),
        ("how", "en", "How we know · Guatu"),
    ],
)
def test_each_view_has_a_title_and_a_picture_of_its_own(
    seeded: Database, view: View, lang: Lang, title: str
) -> None:
    """Whether or not its page is in the table yet."""
    written = (ROOT / "frontend/index.html").read_text(encoding="utf-8")
    own = '<meta\n  name="description"\n  content="words of the file" />\n</head>'
    with seeded.reading() as connection:
        subject = find(connection, "pinghu", Asked(view, "metro-line-10", "line"), show_lights=True)
        area = find(connection, "pinghu", Asked(view), show_lights=True)
    place = Place(f"{HOST}/", view, view, area.asked, lang)
    found = Head(with_head(written.replace("</head>", own), place, area, lang))
    assert found.title == [title]
    assert found.meta("description") != "words of the file"
    picture = urlsplit(found.meta("og:image"))
    assert parse_qs(picture.query).get("view", ["map"]) == [view]
    assert found.link("canonical") == f"{HOST}/{view}?lang={lang}"
    # The page keeps its own name for the project; the picture has one for all.
    place = Place(f"{HOST}/", view, view, subject.asked, None)
    found = Head(with_head(written, place, subject, lang))
    assert found.link("canonical") == f"{HOST}/{view}?line=metro-line-10"
    assert "project=metro-line-10" in found.meta("og:image")


def test_a_shared_answer_is_told_in_a_sentence(pages: TestClient) -> None:
    found = head(pages, "/transit?place=hehua-station&radius_m=3000&lang=zh")
    assert found.title == ["禾花站周围 3 公里 · 交通 · 挂图"]
    assert "已开通或投用" in found.meta("description")
    picture = parse_qs(urlsplit(found.meta("og:image")).query)
    assert picture["place"] == ["hehua-station"]
    english = head(pages, "/transit?place=hehua-station&radius_m=3000&lang=en")
    assert english.title == ["3 km around Hehua station (Line 10) · Transit · Guatu"]
    assert english.meta("description").startswith("Within 3 km of Hehua station")


@pytest.mark.parametrize(
    "query",
    ["place=月球广场", "place=平湖站", "lon=116.4&lat=39.9", "place=禾花站&by=2019", "place=" + "x" * 900],
)
def test_a_question_without_an_answer_has_the_words_of_its_page(pages: TestClient, query: str) -> None:
    assert head(pages, f"/transit?{query}&lang=zh").title == ["交通 · 平湖街道 · 挂图"]
