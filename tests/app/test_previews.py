"""The picture of a shared link: right for what it shows, in its language and for its day, and cheap to be
asked for by crowds of robots."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image, ImageFont

from app.database import Database
from app.embedded import font as fonts
from app.main import create_app
from app.previews import lettering
from app.previews.drawing import render
from app.previews.kept import MOST_WAITING, Crowded, Pictures
from app.previews.lettering import Letters
from app.previews.subject import Asked, find, scenery
from app.settings import Settings
from tests.app.asking import KNOWN, assert_problem
from tests.app.changing import change_project, new_project, publish

SIZE = (1200, 630)
MOST_BYTES = 300_000
PANEL = (0, 0, 480, 630)
MAP = (520, 20, 1180, 560)


def picture(client: TestClient, **query: Any) -> Image.Image:
    answer = client.get("/preview.png", params={"known": KNOWN, **query})
    assert answer.status_code == 200, answer.text[:300]
    assert answer.headers["content-type"] == "image/png"
    assert len(answer.content) < MOST_BYTES
    found = Image.open(io.BytesIO(answer.content))
    found.load()
    assert (found.format, found.size) == ("PNG", SIZE)
    return found.convert("RGB")


def differs(a: Image.Image, b: Image.Image, box: tuple[int, int, int, int]) -> bool:
    return a.crop(box).tobytes() != b.crop(box).tobytes()


# ---------------------------------------------------------------- what is on it


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"view": "transit"},
        {"view": "how"},
        {"project": "metro-line-10"},
        {"line": "metro-line-17"},
        {"project": "fuan-east-road", "day": "2021-01-01"},
        {"project": "pinghu-station-shenhui"},
        {"project": "fuchengao-land-consolidation", "day": "2030"},
        {"project": "published-governance-cases"},
        {"project": "pingyan-railway-upgrade"},
        {"lon": "114.1208", "lat": "22.6966", "radius_m": "20000"},
        {"lon": "-70", "lat": "-90"},
        {"lon": "114.1208", "lat": "22.6966", "datum": "gcj02", "project": "fuan-east-road"},
    ],
)
def test_every_sort_of_link_has_a_picture(client: TestClient, asked: dict[str, str], lang: str) -> None:
    found = picture(client, lang=lang, **asked)
    colours = found.getcolors(1 << 20)
    assert colours is not None
    assert len(colours) > 60
    # Words on paper, and a map beside them.
    assert min(found.crop(PANEL).convert("L").tobytes()) < 60
    assert len(set(found.crop(MAP).get_flattened_data())) > 20


@pytest.mark.parametrize("box", [PANEL, MAP])
def test_it_is_of_its_project_its_day_and_its_language(
    client: TestClient, box: tuple[int, int, int, int]
) -> None:
    asked = {"project": "shenda-intercity", "lang": "zh", "day": KNOWN}
    first = picture(client, **asked)
    assert differs(first, picture(client, **asked | {"project": "shenhui-intercity"}), box)
    assert differs(first, picture(client, **asked | {"day": "2015-01-01"}), box)
    assert differs(first, picture(client, **asked | {"lang": "en"}), box)
    assert not differs(first, picture(client, **asked), box)


def test_the_line_that_is_asked_for_stands_out_in_its_own_colour(client: TestClient) -> None:
    pink = np.array([0xD7, 0x45, 0x7C])

    def inked(found: Image.Image) -> int:
        return int((np.abs(np.asarray(found.crop(MAP), int) - pink).max(axis=2) < 24).sum())

    shown = inked(picture(client, project="metro-line-10-main"))
    beside = inked(picture(client, project="shenda-intercity"))
    everything = inked(picture(client))
    assert shown > 1.5 * everything > 3 * beside


def test_a_point_draws_its_circle(client: TestClient) -> None:
    place = {"lon": "114.1208", "lat": "22.6966"}
    near, far = picture(client, **place, radius_m="1000"), picture(client, **place, radius_m="5000")
    assert differs(near, far, MAP)
    assert differs(near, picture(client), MAP)


# ---------------------------------------------------------------- asking again, asking much


def test_two_who_ask_get_equal_bytes_and_asking_again_costs_nothing(seeded: Database) -> None:
    address = "/preview.png?project=fuan-east-road&day=2025-01-16"
    answers = []
    for _ in range(2):
        with TestClient(create_app(Settings(), seeded)) as client:
            answers.append(client.get(address))
            tag = answers[-1].headers["etag"]
            again = client.get(address, headers={"If-None-Match": tag})
            assert (again.status_code, again.content) == (304, b"")
            assert (
                again.headers["cache-control"] == answers[-1].headers["cache-control"] == "public, max-age=60"
            )
            assert client.get(f"{address}&lang=en").headers["etag"] != tag
            assert client.get("/preview.png?day=2025-01-16").headers["etag"] != tag
            english = client.get(address, headers={"Accept-Language": "en"})
            assert english.headers["etag"] != tag
            assert english.headers["vary"].startswith("Accept-Language")
    assert answers[0].content == answers[1].content


def test_a_new_revision_is_a_new_picture(fresh: Database) -> None:
    address = "/preview.png?project=fuan-east-road&day=2025-01-16"
    with TestClient(create_app(Settings(), fresh)) as client:
        before = client.get(address)
        change_project(fresh, "fuan-east-road", name_zh="富安东大路")
        after = client.get(address, headers={"If-None-Match": before.headers["etag"]})
        assert after.status_code == 200
        assert after.content != before.content


def test_pictures_are_kept_up_to_a_number() -> None:
    kept = Pictures(most=3)
    drawn: list[int] = []

    def ask(n: int) -> bytes:
        def draw() -> bytes:
            drawn.append(n)
            return bytes([n])

        return kept.get(n, draw)

    for n in (0, 1, 2, 0, 3, 0, 1):
        assert ask(n) == bytes([n])
        assert len(kept) <= 3
    assert drawn == [0, 1, 2, 3, 1]


def test_one_is_drawn_at_a_time_and_a_crowd_is_asked_to_come_again() -> None:
    kept = Pictures()
    begun, go_on = threading.Event(), threading.Event()
    at_once: list[int] = []
    most = 0

    def draw() -> bytes:
        nonlocal most
        at_once.append(1)
        most = max(most, len(at_once))
        begun.set()
        assert go_on.wait(20)
        at_once.pop()
        return b"drawn"

    with ThreadPoolExecutor(MOST_WAITING) as crowd:
        let_in = [crowd.submit(kept.get, n, draw) for n in range(MOST_WAITING)]
        assert begun.wait(20)
        end = threading.Event()
        while kept._places._value and not end.wait(0.01):
            pass
        with pytest.raises(Crowded):
            kept.get("one more", draw)
        go_on.set()
        assert [one.result(20) for one in let_in] == [b"drawn"] * MOST_WAITING
    assert most == 1
    assert kept.get(0, draw) == b"drawn"


def test_a_drawing_that_fails_keeps_no_place() -> None:
    kept = Pictures()

    def fail() -> bytes:
        raise LookupError("no such project")

    for _ in range(3 * MOST_WAITING):
        with pytest.raises(LookupError):
            kept.get("same", fail)
    assert kept.get("same", lambda: b"drawn") == b"drawn"


# ---------------------------------------------------------------- wrong and hostile questions


@pytest.mark.parametrize("project", ["never-was", '"><script>', "../../etc", "平湖", "a" * 100])
def test_a_project_that_is_not_there_is_told(client: TestClient, project: str) -> None:
    assert_problem(client.get("/preview.png", params={"project": project}), 404, "unknown-project")


@pytest.mark.parametrize(
    "query",
    [
        "day=2025-02-30",
        "known=x",
        "lang=de",
        "view=board",
        "lon=114.1",
        "lon=nan&lat=22",
        "lon=114&lat=1e400",
        "lon=114&lat=22&radius_m=99",
        "lon=114&lat=22&radius_m=20001",
        "datum=bd09",
        "project=a%00b",
        "colour=red",
        "q=%F0%9F%92%A5",
    ],
)
def test_what_cannot_be_read_is_told(client: TestClient, query: str) -> None:
    assert_problem(client.get(f"/preview.png?{query}"), 400, "bad-parameter")


HOSTILE = (
    "<b>&amp;</b>",
    "‮gnp.evil",
    "\ud7ff\uffffx",
    "𠀀𪚥🚇",
    "a" * 400,
    "平" * 400,
    "e\u0301" * 60,
    "）" * 90,
)


def test_a_name_of_any_sort_is_drawn(fresh: Database) -> None:
    from shapely import LineString

    line = LineString([(114.1, 22.68), (114.12, 22.7)])
    for n, name in enumerate(HOSTILE):
        publish(fresh, new_project(f"hostile-{n}", line, kind="metro", name_zh=name, name_en=name))
    with TestClient(create_app(Settings(), fresh), raise_server_exceptions=False) as client:
        for n in range(len(HOSTILE)):
            for lang in ("zh", "en"):
                picture(client, project=f"hostile-{n}", lang=lang, known="2999")


def test_a_renamed_project_leads_on_and_a_removed_one_says_so(fresh: Database) -> None:
    from geodata.changes import Change

    publish(fresh, Change("remove", "fuan-east-road"))
    with TestClient(create_app(Settings(), fresh)) as client:
        assert_problem(client.get("/preview.png?project=fuan-east-road"), 410, "removed")


def test_without_data_it_says_so(empty: Database) -> None:
    with TestClient(create_app(Settings(), empty)) as client:
        assert_problem(client.get("/preview.png"), 503, "not-seeded")


# ---------------------------------------------------------------- letters


def test_the_machine_of_the_tests_has_a_chinese_font() -> None:
    """Else nothing below says anything about Chinese; `make test` fetches one."""
    assert lettering.chinese(None) is not None


@pytest.fixture
def no_font(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(fonts, "FOLDERS", ())
    monkeypatch.setenv("GUATU_HOME", "/nowhere")
    for cached in (lettering.chinese, lettering._sized):
        cached.cache_clear()
    yield
    for cached in (lettering.chinese, lettering._sized):
        cached.cache_clear()


def test_without_a_chinese_font_it_is_drawn_in_english(seeded: Database, no_font: None) -> None:
    with seeded.reading() as connection:
        subject = find(connection, "pinghu", Asked(project="fuan-east-road"), show_lights=True)
        around = scenery(connection, subject)
    assert lettering.chinese(None) is None
    assert render(subject, around, "zh") == render(subject, around, "en")


def test_a_font_that_is_named_wrongly_is_passed_over(tmp_path: Path, no_font: None) -> None:
    for wrong in (tmp_path / "none.ttf", tmp_path):
        assert lettering.chinese(wrong) is None
    (tmp_path / "words.ttf").write_text("no font", encoding="utf-8")
    assert lettering.chinese(tmp_path / "words.ttf") is None


def test_a_character_that_no_font_has_is_never_a_box() -> None:
    letters, latin = Letters(None, 40), ImageFont.load_default(42)
    box = latin.getmask("\uffff")
    for text in ("\uffff", "🚇", "𠀀", "\u0000", "\u202e"):
        assert letters.width(text) == 0, text
    assert letters.width("ṩ") == letters.width("s") > 0
    assert letters.width("–") > 0 < letters.width("é")
    assert box.size[0] > 0
    assert letters.width("平湖") > letters.width("平") > 0


def test_text_is_broken_where_it_may_and_cut_with_an_ellipsis() -> None:
    letters = Letters(None, 20)
    room = letters.width("Shenzhen Airport Daya")
    assert letters.lines("Shenzhen Airport Daya Bay Intercity", room, 3) == [
        "Shenzhen Airport Daya",
        "Bay Intercity",
    ]
    (only,) = letters.lines("Shenzhen Airport Daya Bay Intercity", room, 1)
    assert only.endswith("…")
    assert letters.width(only) <= room
    lines = letters.lines("每个事实都有出处，每个承诺都有来龙去脉。", letters.width("每个事实都有出处"), 9)
    assert "".join(lines) == "每个事实都有出处，每个承诺都有来龙去脉。"
    assert not [line for line in lines if line[0] in "，。"]
    assert letters.lines("", room, 2) == []


# ---------------------------------------------------------------- words on it


def test_a_day_that_nobody_stated_is_said_to_be_unstated(seeded: Database) -> None:
    from app.previews.words import date_words, state_words

    def said(project: str, lang: Any, **asked: Any) -> tuple[str, str]:
        with seeded.reading() as connection:
            subject = find(
                connection,
                "pinghu",
                Asked(project=project, known=date.fromisoformat(KNOWN), **asked),
                show_lights=True,
            )
        return state_words(subject, lang), date_words(subject, lang)

    today = {"day": date.fromisoformat(KNOWN)}
    assert said("shenda-intercity", "zh", **today) == ("在建", "初期运营：预计 2026 年")
    assert said("shenda-intercity", "en", **today) == ("Building", "Opening: 2026 (expected)")
    assert said("pinghu-station-shenhui", "zh", **today)[1] == "没有来源说过下一步的日期"
    assert said("pinghu-station-shenhui", "en", **today)[1] == "No source states a date for the next step"
    assert said("fuan-east-road", "zh", **today) == ("已投用", "通车：2025 年 1 月 15 日")
    assert said("fuan-east-road", "zh", day=date(2021, 1, 1)) == (
        "未说明",
        "通车：2025 年 1 月 15 日（此日之后）",
    )
    promised = said("shenda-intercity", "zh", day=date(2030, 1, 1))
    assert promised == ("已投用（承诺，尚非事实）", "初期运营：预计 2026 年")
    assert said("metro-line-18", "zh", day=date(2030, 1, 1))[0] == "已列规划（最近所知）"
    lapsed = said("pinghu-west-land-consolidation", "zh", **today)[1]
    assert lapsed == "入库：确保 2022 年 8 月 31 日；日期已过，没有来源说已做到"
    assert said("metro-line-10", "zh", **today) == ("含 2 部分：已投用 1、已列规划 1", "")
