"""Lists of stops as sources write them."""

from __future__ import annotations

import pytest

from geodata.stops import (
    GAP,
    MOST_STOPS,
    Named,
    goes_on_turned,
    in_english,
    names_by_place,
    place_key,
    read_stops,
    stop_names,
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("…、五和、白坭坑、大运、…", ["…", "五和", "白坭坑", "大运", "…"]),
        ("…五和、平湖…", ["…", "五和", "平湖", "…"]),
        ("龙平路/油甘埔", ["龙平路", "油甘埔"]),
        ("Luohu West, ..., Shanglilang", ["Luohu West", "…", "Shanglilang"]),
        ("甲；乙，、丙", ["甲", "乙", "丙"]),
        ("……甲", ["…", "甲"]),
        ("", []),
    ],
)
def test_a_list_is_read_in_its_order(text: str, names: list[str]) -> None:
    assert read_stops(text) == [GAP if name == "…" else Named(name) for name in names]


def test_an_endless_list_is_cut() -> None:
    assert len(read_stops("、".join(f"站{n}" for n in range(5000)))) == MOST_STOPS


@pytest.mark.parametrize(
    "name", ["平湖站（10号线）", "平湖站", "平湖", "平湖地铁站", "平湖站(国铁)", " 平湖 "]
)
def test_spellings_of_one_place_share_a_key(name: str) -> None:
    assert place_key(name) == "平湖"


@pytest.mark.parametrize(
    ("name", "key"), [("Pinghu Station (Line 10)", "pinghu"), ("站", "站"), ("平湖西", "平湖西")]
)
def test_nothing_but_station_and_brackets_is_left_out(name: str, key: str) -> None:
    assert place_key(name) == key


@pytest.mark.parametrize(
    ("name", "english"),
    [("富安", "Fu’an"), ("山厦", "Shanxia"), ("双拥街", "Shuangyongjie"), ("Wuhe", "Wuhe")],
)
def test_a_name_without_english_is_written_in_pinyin(name: str, english: str) -> None:
    assert stop_names(name) == (name, english)


def test_a_part_is_turned_where_the_next_goes_on_from_its_start() -> None:
    assert goes_on_turned(["双拥街", "平湖", "甘坑"], ["双拥街", "龙平路"])
    assert not goes_on_turned(["甘坑", "平湖", "双拥街"], ["双拥街", "龙平路"])
    assert not goes_on_turned(["甘坑"], ["甘坑", "龙平路"])
    assert not goes_on_turned([], ["双拥街"])


def test_stops_bear_the_english_names_that_stations_have_and_no_others() -> None:
    known = names_by_place(
        [
            (["白坭坑站（深大城际）"], "Bainikeng station (Shenzhen-Daya Bay intercity)"),
            (["大运站", "体育中心"], "Universiade station"),
            (["大运站"], "Another station"),
            (["五和站"], "五和站"),
            (["平湖站"], ""),
        ]
    )
    assert known == {"白坭坑": "Bainikeng", "大运": "Universiade", "体育中心": "Universiade"}
    assert in_english("…、五和、白坭坑、大运、…", known) == "…, 五和, Bainikeng, Universiade, …"
    assert in_english("", known) == ""
