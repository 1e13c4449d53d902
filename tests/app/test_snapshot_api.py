"""The map as one file: nothing outside it is asked for, and no text of the data becomes anything but text."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from shapely.geometry import LineString, Point

from app.database import Database
from app.main import create_app
from app.settings import Settings
from app.vocabulary import PHASE_WORDS
from tests.app.asking import KNOWN, assert_problem, projects
from tests.app.changing import change_project, new_project, publish

LEAFLET = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "leaflet" / "dist"
# Names of namespaces, links of Leaflet's own credit (which is not shown) and comments: none of them is asked.
NOT_ASKED = (
    "http://www.w3.org/2000/svg",
    "https://leafletjs.com",
    "https://bugs.chromium.org/",
    "https://bugzilla.mozilla.org/",
)
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "${alert(3)}",
    "`+alert(4)+`",
    "{{7*7}}",
    "{% raw %}{{ 7*7 }}{% endraw %}",
    "{%- endraw -%}{{ 7*7 }}",
    "\\u003cscript\\u003ealert(5)\\u003c/script\\u003e",
    "'-alert(6)-'",
    '"><svg onload=alert(7)>',
    "<!--<script>",
    "&lt;script&gt;alert(8)&lt;/script&gt;",
    "\u2028alert(9)\u2029",
)


@pytest.fixture(scope="module")
def front_end(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Leaflet as the build leaves it, whether or not the pages are built."""
    folder = tmp_path_factory.mktemp("front_end")
    (folder / "snapshot").mkdir()
    for name in ("leaflet.js", "leaflet.css"):
        shutil.copy(LEAFLET / name, folder / "snapshot" / name)
    return folder


@pytest.fixture(scope="module")
def page_client(seeded: Database, front_end: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(), seeded, front_end)) as found:
        yield found


class Page(HTMLParser):
    """What a browser would find: the tags with their attributes, the scripts, the words."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.words: list[str] = []
        self._within = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._within = tag

    def handle_endtag(self, _tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        kept = {"script": self.scripts, "style": self.styles}.get(self._within, self.words)
        kept.append(data)


def snapshot(client: TestClient, **query: str) -> str:
    answer = client.get("/snapshot.html", params={"known": KNOWN, **query})
    assert answer.status_code == 200, answer.text[:300]
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer.text


# ---------------------------------------------------------------- a file that needs nothing


def test_it_is_a_download_in_a_sandbox(page_client: TestClient) -> None:
    answer = page_client.get("/snapshot.html", params={"day": "2025-01-16"})
    assert answer.headers["content-disposition"] == 'attachment; filename="pinghu-2025-01-16-zh.html"'
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox")
    assert "allow-same-origin" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_outside_the_file_is_asked_for(page_client: TestClient, lang: str) -> None:
    text = snapshot(page_client, lang=lang)
    page = Page(text)
    for tag, attributes in page.tags:
        assert tag not in ("link", "iframe", "object", "embed", "base", "form", "img")
        assert not {"src", "srcset", "href", "action", "poster", "background", "xlink:href"} & set(
            attributes
        ), tag
        assert not [name for name in attributes if name.startswith("on")], tag
    for style in page.styles:
        assert "@import" not in style
        assert not re.search(r"url\((?!['\"]?(data:|#))", style)
    addresses = re.findall(r"https?://[^\s\"'<>)\\]+", text)
    assert [a for a in addresses if not a.startswith(NOT_ASKED)] == []
    assert not re.search(r"[\"'(]//[a-z0-9.-]+\.[a-z]{2,}/", text)


def test_the_file_forbids_itself_every_connection(page_client: TestClient) -> None:
    page = Page(snapshot(page_client))
    (policy,) = [
        a["content"] for t, a in page.tags if t == "meta" and a.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy
    assert "connect-src" not in policy
    for script in page.scripts:
        assert "sourceMappingURL" not in script


@pytest.mark.parametrize(
    ("lang", "schematic", "credit", "title"),
    [
        ("zh", "示意", "© OpenStreetMap contributors", "平湖街道"),
        ("en", "schematic", "approximate road lines derived from bus-stop positions (2021)", "Pinghu"),
    ],
)
def test_it_says_what_is_schematic_whose_data_it_is_and_what_is_not_on_it(
    page_client: TestClient, lang: str, schematic: str, credit: str, title: str
) -> None:
    text = snapshot(page_client, lang=lang, day="2025-01-16")
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in text
    words = "".join(Page(text).words)
    assert title in words
    assert "2025-01-16" in words
    assert credit in words
    assert schematic in text
    unlocated = projects(page_client, unlocated="only", day="2025-01-16")
    for feature in unlocated.values():
        assert feature["properties"][f"name_{lang}"] in words


def test_a_selection_shows_only_what_was_selected(page_client: TestClient) -> None:
    roads = shown(Page(snapshot(page_client, kind="road", lang="zh")))
    assert "富安东路" in roads
    assert "地铁10号线主线" not in roads
    empty = snapshot(page_client, phase="cancelled", lang="zh")
    assert "富安东路" not in shown(Page(empty))
    assert "L.map(" in empty


@pytest.mark.parametrize(
    ("lang", "filtered", "phases", "kinds"),
    [
        ("zh", "经过筛选", "只含这些阶段：在建、已投用", "只含这些类别：地铁"),
        ("en", "Filtered", "Only in these phases: Building, In service", "Only of these kinds: Metro"),
    ],
)
def test_a_selection_says_that_it_is_one(
    page_client: TestClient, lang: str, filtered: str, phases: str, kinds: str
) -> None:
    said = "".join(Page(snapshot(page_client, lang=lang, kind="metro", phase="building,in_service")).words)
    assert filtered in said
    assert phases in said
    assert kinds in said
    assert filtered not in "".join(Page(snapshot(page_client, lang=lang)).words)


def test_stations_are_named_and_the_sheet_has_scale_north_and_every_phase(page_client: TestClient) -> None:
    text = snapshot(page_client, lang="zh", day="2025-01-16")
    page = Page(text)
    named = re.findall(r"bindTooltip\(\s*`([^`]*)`", page.scripts[-1])
    stations = [name for name in named if "甘坑站" in name or "禾花站" in name or "平湖南站" in name]
    assert len(stations) >= 2
    assert "control.scale" in page.scripts[-1]
    words = [word.strip() for word in page.words]
    assert "北" in words
    for phase, _, _, _ in PHASE_WORDS.values():
        assert phase in words


def test_what_is_promised_is_not_shown_as_a_fact(page_client: TestClient) -> None:
    text = snapshot(page_client, kind="intercity", day="2030-01-01", lang="en")
    assert "promised, not a fact" in text


def test_pages_that_were_not_built_are_told(seeded: Database, tmp_path: Path) -> None:
    with TestClient(create_app(Settings(), seeded, tmp_path)) as client:
        body = assert_problem(client.get("/snapshot.html"), 503, "not-built")
        assert "make run" in body["detail_zh"]
        assert_problem(client.get("/"), 503, "not-built")


# ---------------------------------------------------------------- text stays text


@pytest.fixture(scope="module")
def clean(page_client: TestClient) -> Page:
    return Page(snapshot(page_client, kind="road", lang="en"))


def test_hostile_names_stay_text(fresh: Database, front_end: Path, clean: Page) -> None:
    changes = []
    for n, hostile in enumerate(HOSTILE):
        named = {"kind": "road", "name_zh": hostile, "name_en": hostile}
        changes.append(new_project(f"hostile-point-{n}", Point(114.12, 22.69), **named))
        changes.append(
            new_project(f"hostile-line-{n}", LineString([(114.1, 22.68), (114.12, 22.7)]), **named)
        )
        changes.append(new_project(f"hostile-beside-{n}", None, **named))
    publish(fresh, *changes)
    with TestClient(create_app(Settings(), fresh, front_end)) as client:
        page = Page(snapshot(client, kind="road", lang="en", known="2999"))
    assert {tag for tag, _ in page.tags} == {tag for tag, _ in clean.tags}
    assert len(page.scripts) == len(clean.scripts)
    assert not [tag for tag, attributes in page.tags if any(name.startswith("on") for name in attributes)]
    words, drawn = "".join(page.words), shown(page)
    for hostile in HOSTILE:
        # A reader sees the name as it is: beside the map, and where Leaflet writes markup.
        assert hostile in words
        assert drawn.count(hostile) >= 2, hostile
    # And no part of it is taken for a template, by the server or by the script.
    assert expressions(page) == expressions(clean)
    assert "49" not in drawn


def shown(page: Page) -> str:
    """The words of all markup that the page's own script hands to Leaflet. Fails on a tag not ours."""
    script = page.scripts[-1]
    markup = [str(json.loads(f'"{label}"')) for label in re.findall(r'"label": "((?:[^"\\]|\\.)*)"', script)]
    markup += re.findall(r"bindTooltip\(\s*`([^`]*)`", script)
    words = []
    for entry in markup:
        read = Page(entry)
        assert {tag for tag, _ in read.tags} <= {"div", "b", "small", "br", "span"}
        words.append(" ".join(read.words))
    return "\n".join(words)


def expressions(page: Page) -> set[str]:
    """What the script's template literals compute."""
    return set(re.findall(r"\$\{[^}]*\}", page.scripts[-1]))


def test_a_hostile_name_stays_text_in_every_other_answer(fresh: Database) -> None:
    hostile = HOSTILE[1]
    change_project(fresh, "fuan-east-road", name_zh=hostile)
    with TestClient(create_app(Settings(), fresh)) as client:
        for address in (
            "/api/projects?kind=road",
            "/api/projects/fuan-east-road",
            "/api/layers/road.geojson",
        ):
            answer = client.get(address)
            assert answer.headers["content-type"] == "application/geo+json"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert hostile in str(answer.json())
