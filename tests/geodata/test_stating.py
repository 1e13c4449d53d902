"""A fact as it is typed: whatever that is, it is read or its fault is told; what is read can be stored."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import dates, stating
from geodata.checking import check_claim, check_source
from geodata.kinds import Kind, load_kinds
from geodata.phases import COMMITMENTS, PHASES, TIERS

TODAY = date(2026, 10, 15)
CITED = {"id": "page", "published": "2026-10-08"}
KINDS = [kind for kind in load_kinds().values() if kind.tracked]
BLANK = {**dict.fromkeys(stating.CLAIM_LENGTHS, ""), "verbatim": True}
PROMISE = {
    **BLANK,
    "property": "milestone:closed",
    "date": "2028",
    "commitment": "expected",
    "quote": "预计2028年停用",
}
SOURCE = {
    **dict.fromkeys(stating.SOURCE_LENGTHS, ""),
    "publisher_zh": "平湖街道办事处",
    "title": "通知",
    "tier": "official",
    "published": "2026-10",
    "address": "https://www.lg.gov.cn/1.html",
}


def codes(found: stating.Stated) -> set[str]:
    """Field and code of every issue."""
    return {f"{issue.field} {issue.code}" for issue in found.issues}


def claim(kind: Kind | None = None, cited: dict[str, str] | None = None, **more: Any) -> stating.Stated:
    return stating.claim({**PROMISE, **more}, "x", kind or KINDS[0], cited or CITED, TODAY)


@pytest.mark.parametrize(
    ("typed", "published", "said", "told"),
    [
        ("2026年10月1日", "2026-10-08", "2026-10-01", False),
        ("", "2026-10-08", "2026-10-08", False),
        ("", "", "", False),
        ("2026-10", "", "2026-10-01/2026-10-15", True),
        ("2026", "", "2026-01-01/2026-10-15", True),
        ("2026-09..", "", "2026-09-01/2026-10-15", True),
        ("..2026", "", "..2026-10-15", True),
        ("", "2026-10", "2026-10-01/2026-10-15", True),
        ("2025", "", "2025", False),
    ],
)
def test_when_it_was_said(typed: str, published: str, said: str, told: bool) -> None:
    found = claim(cited={"id": "page", "published": published}, said_on=typed)
    assert found.record["said_on"] == said
    assert not found.blocked
    assert codes(found) == ({"said_on said-until-today"} if told else set())


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"date": "2026-10-08"}, set()),
        ({"date": "2026-10"}, set()),
        ({"date": "2026-10-07"}, {"date promise-in-past"}),
        ({"date": "1800-01-01"}, {"date promise-in-past", "date date-implausible"}),
        ({"date": "..2025"}, {"date promise-in-past"}),
        ({"date": "2025.."}, set()),
        ({"date": "2077"}, {"date date-implausible"}),
        # Of an amount or a mention the date is that of the words, not of what is to come.
        ({"property": "mention", "date": "2020"}, set()),
        ({"property": "mention", "date": "2020", "commitment": "done", "quote": "提到"}, set()),
        ({"property": "phase", "value": "building", "commitment": "done", "date": "2026-10-08"},
         {"commitment quote-carries-less"}),
    ],
)  # fmt: skip
def test_what_a_promise_may_say(more: dict[str, Any], expected: set[str]) -> None:
    assert codes(claim(**more)) == expected


def test_what_has_no_day_of_saying_is_held_against_today() -> None:
    undated = {"id": "page", "published": ""}
    done: dict[str, Any] = {"commitment": "done", "quote": "停用"}
    assert codes(claim(cited=undated, date="2026-10-16", **done)) == {"date done-in-future"}
    assert codes(claim(cited=undated, date="2026-10-15", **done)) == set()


def test_the_same_document_typed_twice_is_the_same() -> None:
    first, second = stating.source(SOURCE, TODAY), stating.source(SOURCE, date(2026, 12, 1))
    assert first.record["id"] == second.record["id"] == first.record["id"].lower()
    assert first.record["id"].startswith("pinghujiedaobanshichu-2026-10-")
    for name, other in {"title": "又一通知", "published": "2026-09", "tier": "press", "address": ""}.items():
        changed = stating.source({**SOURCE, name: other, "document_number": "1号"}, TODAY)
        assert changed.record["id"] != first.record["id"], name


def test_the_number_of_a_document_stands_behind_its_title() -> None:
    found = stating.source({**SOURCE, "document_number": "深龙平〔2026〕12号", "address": ""}, TODAY)
    assert found.issues == []
    assert found.record["title"] == "通知（深龙平〔2026〕12号）"


# ---------------------------------------------------------------- whatever is typed

day_texts = st.one_of(
    st.text(max_size=12),
    st.text(alphabet="0123456789-/.~Q年月日季度上下半第 ", max_size=14),
    st.dates(date(1000, 1, 1), date(2999, 12, 31)).map(date.isoformat),
    st.builds("{}/{}".format, st.dates(date(1900, 1, 1)), st.dates(date(1900, 1, 1))),
    st.sampled_from(["2026", "..2026", "2026..", "2026-10~", "2026-Q4", "2026年上半年"]),
)
texts = st.one_of(
    st.just(""), st.text(max_size=30), st.sampled_from(["3", ">297", "约3", "building", "active"])
)
published = st.sampled_from(["", "2026-10", "2026", "2025-01-16", "2022-09/2024-05", "..2026"])
properties = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["phase", "activity", "mention", "milestone:", "measure:", "value"]),
    st.sampled_from([f"milestone:{code}" for kind in KINDS for code in kind.phase_of]),
    st.sampled_from([f"measure:{code}" for kind in KINDS for code in kind.field_codes]),
)
claims = st.fixed_dictionaries(
    {
        "property": properties,
        "value": texts,
        "unit": st.sampled_from(["", "km", "公顷", "%", "?"]),
        "date": day_texts,
        "commitment": st.sampled_from([*COMMITMENTS, "", "perhaps"]),
        "said_on": day_texts,
        "locator": texts,
        "quote": st.one_of(texts, st.text(alphabet="力争将已年内推进计划确保", max_size=9)),
        "note": texts,
        "verbatim": st.booleans(),
    }
)


@given(claims, st.sampled_from([*KINDS, None]), published)
def test_whatever_is_typed_is_read_or_told(typed: dict[str, Any], kind: Kind | None, published: str) -> None:
    found = stating.claim(typed, "x", kind, {"id": "page", "published": published}, TODAY)
    assert {issue.field for issue in found.issues} <= {*stating.CLAIM_LENGTHS}
    for name in ("date", "said_on"):
        if found.record[name]:
            dates.spoken(found.record[name])
            dates.edtf(found.record[name])
    if found.blocked:
        return
    assert check_claim(found.record, kind) == []
    said = dates.parse(found.record["said_on"]) if found.record["said_on"] else None
    assert said is None or (said.latest is not None and said.latest <= TODAY)
    if found.record["property"] == "phase":
        assert found.record["value"] in PHASES


@given(
    st.fixed_dictionaries(
        {
            **dict.fromkeys(stating.SOURCE_LENGTHS, texts),
            "tier": st.sampled_from([*TIERS, "", "rumour"]),
            "published": day_texts,
            "address": st.one_of(
                st.text(max_size=20),
                st.text(max_size=12).map("https://".__add__),
                st.sampled_from(
                    ["javascript:alert(1)", "HTTPS://a.cn/x", "http://[::1", "//a.cn", "http://a:b/"]
                ),
            ),
        }
    )
)
def test_whatever_source_is_typed_is_read_or_told(typed: dict[str, str]) -> None:
    found = stating.source(typed, TODAY)
    assert {issue.field for issue in found.issues} <= {f"source/{name}" for name in stating.SOURCE_LENGTHS}
    if found.blocked:
        return
    assert check_source(found.record) == []
    address = found.record["address"]
    assert address.lower().startswith(("http://", "https://")) or (not address and typed["document_number"])
