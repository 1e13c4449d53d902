"""The facts of Pinghu: the ten traps, the words and their sources, the phases that follow."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from geodata import pinghu
from geodata.figures import read_figure
from geodata.lights import light, standings
from geodata.phases import facts, phases_text, promises, state
from tests.geodata.facts import (
    PAGE,
    T,
    changes,
    claims_of,
    page_members,
    phase,
    phase_of,
    projects,
    record,
    rows,
    rows_of,
    sources,
)

PAGE_ROWS = Path(__file__).parent.parent / "fixtures" / "page_rows.csv"


def page_rows() -> list[dict[str, str]]:
    with PAGE_ROWS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# ---------------------------------------------------------------- the ten traps


def test_trap_1_the_pages_words_are_kept_with_half_width_punctuation() -> None:
    words = [row["quote"] for row in rows() if row["source"] == PAGE]
    assert "2025年1月15日,富安东路通车。" in words
    for quote in words:
        assert unicodedata.normalize("NFKC", quote) == quote
        assert not re.search("[，；：（）！？]", quote), quote
    # Whoever types full-width punctuation finds them after folding.
    assert unicodedata.normalize("NFKC", "2025年1月15日，富安东路通车。") in words
    located = {row["locator"] for row in rows() if row["source"] == PAGE}
    assert all(re.fullmatch(r"S\d{2}", locator) for locator in located)


def test_trap_2_the_caption_of_p02_has_no_date_of_its_own() -> None:
    done = [r for r in rows_of("fuchengao-retained-land-1-1") if r["commitment"] == "done"]
    assert [(r["property"], r["date"]) for r in done] == [("milestone:start", "..2025-01-16")]
    dated = [r["target"] for r in rows() if r["date"] == "2025-01-15"]
    assert dated == ["fuan-east-road"]


def test_trap_3_fuan_east_road_opened_in_2025_and_is_counted_in_2024() -> None:
    opened = [r for r in rows_of("fuan-east-road") if r["property"] == "milestone:open"]
    assert [r["date"] for r in opened] == ["2025-01-15", "2024"]
    assert [r["quote"] for r in opened] == ["2025年1月15日,富安东路通车。", "富安东路等6条道路已建成通车"]
    found = facts(claims_of("fuan-east-road"), phase_of("fuan-east-road"))
    assert [(w.ref, loser.ref) for w, loser in found.conflicts] == [(opened[0]["n"], opened[1]["n"])]
    assert phase("fuan-east-road", "2024-06-01") == "unknown"
    assert phase("fuan-east-road", "2025-01-16") == "in_service"


def test_trap_4_the_cycling_base_is_in_use_and_a_task_of_2025() -> None:
    said = [(r["property"], r["date"], r["commitment"]) for r in rows_of("cycling-base")]
    assert said == [("milestone:open", "..2024-12-14", "done"), ("mention", "2025", "pursued")]
    assert phase("cycling-base", "2025-01-16") == "in_service"
    assert sorted(standings(claims_of("cycling-base"), phase_of("cycling-base")).values()) == [
        "holds",
        "words",
    ]


def test_trap_5_unnamed_members_are_figures_and_never_features() -> None:
    figures = {r["target"]: (r["property"], r["value"]) for r in rows() if r["target"] in ("D02", "D06")}
    assert figures == {"D02": ("value", "6"), "D06": ("target", "8")}
    of_page = page_members()
    assert of_page["D02"] == ["fuan-east-road"]
    assert of_page["D06"] == ["hongzhuling-dead-end-road"]
    assert of_page["P07"] == ["pinghu-west-land-consolidation"]


def test_trap_6_egongling_has_a_name_and_no_status() -> None:
    said = rows_of("egongling-land-consolidation")
    assert [(r["property"], r["value"]) for r in said] == [("mention", "")]
    assert phases_text(claims_of("egongling-land-consolidation"), {}) == ""
    assert phase("egongling-land-consolidation", "2026-11-24") == "unknown"


def test_trap_7_cumulative_or_in_year_and_rates_of_what_are_not_guessed() -> None:
    (listed,) = rows_of("R03")
    assert (listed["value"], listed["unit"]) == ("37", "个")
    assert "not stated" in listed["note"]
    rates = [r for r in rows_of("fuchengao-land-consolidation") if r["property"] == "measure:lc_signup"]
    assert {(r["value"], r["unit"]) for r in rates} == {("99", "%")}
    assert all("not stated" in r["note"] for r in rates)


def test_trap_8_units_stay_as_said_and_nearly_three_times_is_no_number() -> None:
    said = {(r["target"], r["property"]): (r["value"], r["unit"]) for r in rows() if r["source"] == PAGE}
    assert said["Q01", "value"] == ("509.44", "亿元")
    assert said["Q04", "value"] == ("98.6", "ha")
    assert said["Q06", "value"] == ("57.6", "万平方米")
    assert said["Q15", "value"] == ("2678", "家次")
    assert said["D02", "value"] == ("6", "条")
    assert said["Q03", "value"] == (">297", "亿元")
    assert said["luoshan-key-project-site", "measure:site_cleared"] == ("3", "万平方米")
    assert said["Q02b", "growth"] == ("近三倍", "")
    assert read_figure(said["Q02b", "growth"][0]) is None


def test_trap_9_strive_will_and_done_are_different_commitments() -> None:
    commitments = {(r["target"], r["property"], r["source"] == PAGE): r["commitment"] for r in rows()}
    assert commitments["D06", "target", True] == "aspired"
    assert commitments["hongzhuling-dead-end-road", "mention", True] == "aspired"
    assert commitments["shenda-intercity", "milestone:open", False] == "expected"
    assert commitments["smart-manufacturing-park", "milestone:delivered", True] == "done"
    # 全力推动 … 年内: of two words in one sentence the weaker wins.
    assert commitments["cross-border-ecommerce-park", "milestone:delivered", True] == "pursued"
    assert commitments["luoshan-wanda-autonomous-bus", "mention", True] == "explored"


def test_trap_10_the_key_technology_institute_stays_unnamed_and_unlocated() -> None:
    known = record("key-technology-institute")
    assert "重点科技学院" in known["name_zh"]
    assert known["precision"] == "unlocated"
    assert projects()["key-technology-institute"].geom_after is None
    said = json.dumps([known, *rows_of("key-technology-institute")], ensure_ascii=False)
    assert not re.search("大学|University|平湖校区", said)


# ---------------------------------------------------------------- words


def test_only_a_sources_own_words_count_as_quotation() -> None:
    assert all(r["verbatim"] for r in rows() if r["source"] == PAGE)
    summaries = [r for r in rows() if not r["verbatim"]]
    assert len(summaries) == 115
    assert not [r for r in summaries if r["locator"]]
    assert {r["quote"] for r in summaries} >= {"ground-breaking", "24 stations", "start 2021", "140 ha"} - {
        "140 ha"
    }


def test_every_row_of_the_page_says_its_words_in_its_sentence() -> None:
    said = {(r["locator"], r["quote"]) for r in rows() if r["source"] == PAGE}
    missing = [(row["id"], row["quote"]) for row in page_rows() if (row["sent"], row["quote"]) not in said]
    assert missing == []


def test_the_two_changesets_part_the_page_from_all_others() -> None:
    first, second = pinghu.changesets()
    assert {c.op for c in first.changes} == {"source", "indicator", "add", "relate", "claim"}
    assert {(c.after or {})["source"] for c in first.changes if c.op == "claim"} == {PAGE}
    assert {c.op for c in second.changes} == {"claim"}
    assert PAGE not in {(c.after or {})["source"] for c in second.changes}
    assert len(changes("claim")) == 293


def test_every_claim_has_a_target_and_a_source() -> None:
    targets = set(projects()) | {change.target for change in changes("indicator")}
    for row in rows():
        assert row["target"] in targets
        assert row["source"] in sources()
        assert not row["counts_in"] or row["counts_in"] in targets


def test_every_source_is_cited_and_says_when_it_was_read() -> None:
    cited = {row["source"] for row in rows()}
    for name, source in sources().items():
        assert source["retrieved_on"] == "2026-11-24"
        assert source["publisher_zh"]
        assert source["licence"]
        assert name in cited


def test_parts_hang_on_wholes_without_a_circle() -> None:
    parents = {(c.after or {})["from"]: (c.after or {})["to"] for c in changes("relate")}
    for name in parents:
        seen, at = {name}, name
        while at in parents:
            at = parents[at]
            assert at in projects()
            assert at not in seen
            seen.add(at)
    wholes = set(parents.values())
    for name in projects():
        if not record(name)["drawn"]:
            assert name in wholes
            assert projects()[name].geom_after is None


# ---------------------------------------------------------------- what the map shows


@pytest.mark.parametrize(
    ("project", "day", "expected"),
    [
        ("metro-line-10-main", "2020-01-01", "building"),
        ("metro-line-10-main", "2021-01-01", "in_service"),
        ("metro-line-18", "2026-11-24", "planned"),
        ("metro-line-21", "2026-11-24", "planned"),
        ("metro-line-17-phase-2", "2026-11-24", "planned"),
        ("pinghu-west-land-consolidation", "2026-11-24", "unknown"),
        ("pinghu-railway-station", "2013-01-01", "closed"),
        ("bainikeng-station-shenda", "2026-11-24", "building"),
    ],
)
def test_phases_on_days(project: str, day: str, expected: str) -> None:
    assert phase(project, day) == expected


def test_the_intercity_lines_under_construction_are_never_shown_as_operating() -> None:
    for project in ("shenda-intercity", "shenhui-intercity"):
        for year in range(2010, 2031):
            at = state(claims_of(project), phase_of(project), date(year, 11, 24), T)
            assert at.phase != "in_service" or at.basis == "promise"
            assert at.phase != "in_service" or year > T.year


def test_the_stations_reopening_slipped_by_more_than_two_years() -> None:
    promise = promises(claims_of("pinghu-railway-station"), phase_of("pinghu-railway-station"))["reopened"]
    assert [claim.date.text for claim in promise.history if claim.date] == ["2014-04/2014-05", "2016-07"]
    assert (promise.moves, promise.slip_days) == (1, 792)


def test_two_sources_disagree_by_three_days_and_both_stay() -> None:
    opened = [r["date"] for r in rows_of("guangshen-intercity") if r["property"] == "milestone:open"]
    assert {"1911-10-05", "1911-10-08"} <= set(opened)


def test_pinghu_west_is_late_by_at_least_869_days() -> None:
    found = light(claims_of("pinghu-west-land-consolidation"), phase_of("pinghu-west-land-consolidation"), T)
    assert (found.light, found.days) == ("red", 869)
