"""Which commitment the words of a sentence carry, held against what people read in the sources of Pinghu."""

from __future__ import annotations

import csv
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.commitment_words import found, proposed
from geodata.phases import COMMITMENTS
from tests.geodata.facts import FOLDER

# Verbatim sentences whose words say otherwise than the claim a person read out of them, by number, and why.
READ_OTHERWISE = {
    "142": "the claim is that the base is there; exploring is said of the line that starts at it",
    "194": "将 marks what the three areas' strategies are done to; it is no future here",
}


def verbatim() -> list[dict[str, str]]:
    with (FOLDER / "claims.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["verbatim"] == "yes"]


def commitment(text: str) -> str | None:
    return proposed(found(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("力争打通红朱岭等8条断头路", "aspired"),
        ("推动大岭山停车场建设", "pursued"),
        ("统筹推进平大路改造提升", "pursued"),
        ("协调加快平盐铁路改造、深圳国际综合物流枢纽中心等项目", "pursued"),
        ("探索建设“罗山-万达”自动驾驶公交运营示范线", "explored"),
        ("预计2025年底通车", "expected"),
        ("项目将于2026年开工", "expected"),
        ("计划年底动工", "expected"),
        ("确保2025年底前通车", "committed"),
        ("年内交付使用", "committed"),
        ("已开通10号线", "done"),
        ("项目已经完工", "done"),
        # Two words in one sentence: the weaker wins.
        ("全力推动平湖跨境电商产业园2025年内交付使用", "pursued"),
        ("确保开工、力争年内封顶", "aspired"),
        ("已列入计划", "expected"),
        ("罗山公园群", None),
        ("", None),
        # What only looks like one of the words.
        ("全面落实龙岗青年“家”计划", None),
        ("完成年度计划的八成", None),
        ("赞叹不已", None),
        ("近千户，将近一半", None),
        ("The line is expected to open in 2028", "expected"),
        ("It will open within the year", "expected"),
        ("The road has been opened", "done"),
        ("We AIM TO finish", "aspired"),
        ("goodwill and a willow", None),
    ],
)
def test_a_sentence_proposes_the_weakest_of_its_words(text: str, expected: str | None) -> None:
    assert commitment(text) == expected


def test_each_word_is_told_with_its_place() -> None:
    text = "确保开工、力争年内封顶"
    words = [(word.word, word.start, word.end, word.commitment) for word in found(text)]
    assert words == [("确保", 0, 2, "committed"), ("力争", 5, 7, "aspired"), ("年内", 7, 9, "committed")]


@given(st.text(alphabet="已将力争年内推进计划确保 willexpected”", max_size=60))
def test_what_is_found_stands_there_and_words_do_not_overlap(text: str) -> None:
    words = found(text)
    assert all(text[word.start : word.end] == word.word for word in words)
    assert all(one.end <= other.start for one, other in pairwise(words))
    weakest = min((COMMITMENTS.index(word.commitment) for word in words), default=None)
    assert commitment(text) == (None if weakest is None else COMMITMENTS[weakest])


def test_the_sentences_of_pinghu_propose_what_people_read_in_them() -> None:
    """Only those that hold such a word: most say what happened without 已, or carry their commitment in the
    heading above them."""
    speaking = [row for row in verbatim() if found(row["quote"])]
    other = {row["n"]: commitment(row["quote"]) for row in speaking}
    differing = {row["n"] for row in speaking if other[row["n"]] != row["commitment"]}
    assert differing == set(READ_OTHERWISE)
    assert len(speaking) - len(differing) > 25
