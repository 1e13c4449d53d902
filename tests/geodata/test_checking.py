"""Checks: every fault of a record is found, told in both languages and placed where it has a place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import Formatter
from typing import Any

import numpy as np
import pytest
import shapely
from shapely import affinity
from shapely.geometry import LineString, Polygon, box

from geodata import pinghu
from geodata.checking import check_claim, check_geometry, check_project, check_source
from geodata.issues import CATALOGUE, Issue, issue
from geodata.kinds import load_kinds

KINDS = load_kinds()
ROAD, METRO, PARCEL = KINDS["road"], KINDS["metro"], KINDS["parcel"]
ACCEPT = (113.95, 22.5, 114.35, 22.85)
HERE = LineString([(114.10, 22.68), (114.11, 22.69)])


def project(**more: Any) -> dict[str, Any]:
    plain = {"id": "new-road", "kind": "road", "name_zh": "新路", "name_en": "New Road", "attrs": {}}
    return {**plain, "precision": "approximate", **more}


def claim(**more: Any) -> dict[str, Any]:
    return {
        "property": "milestone:open",
        "value": "",
        "date": "2025-01-15",
        "commitment": "done",
        "said_on": "2025-01-16",
        "quote": "富安东路通车。",
        **more,
    }


def source(**more: Any) -> dict[str, Any]:
    return {
        "id": "a-paper",
        "publisher_zh": "某报",
        "publisher_en": "A Paper",
        "title": "题",
        "tier": "press",
        "published": "2025-01-16",
        "retrieved_on": "2026-11-24",
        **more,
    }


def codes(found: Sequence[Issue]) -> list[str]:
    return [entry.code for entry in found]


# ---------------------------------------------------------------- projects


def test_a_sound_project_has_no_fault() -> None:
    assert check_project(project(), HERE, KINDS, ACCEPT) == []
    assert check_project(project(precision="unlocated"), None, KINDS, ACCEPT) == []


@pytest.mark.parametrize(
    "wrong", ["Fuan", "fuan_east", "fuan--east", "-fuan", "", "富安", "a/../b", "a" * 81]
)
def test_an_id_is_a_slug(wrong: str) -> None:
    assert codes(check_project(project(id=wrong), HERE, KINDS, ACCEPT)) == ["id-malformed"]


@pytest.mark.parametrize("name", ["name_zh", "name_en"])
@pytest.mark.parametrize("wrong", ["", "  ", None])
def test_both_names_are_needed(name: str, wrong: str | None) -> None:
    found = check_project(project(**{name: wrong}), HERE, KINDS, ACCEPT)
    assert [(entry.code, entry.field) for entry in found] == [("name-missing", name)]


def test_an_unknown_kind_ends_the_checking_that_depends_on_it() -> None:
    assert codes(check_project(project(kind="canal"), HERE, KINDS, ACCEPT)) == ["kind-unknown"]


def test_a_field_the_kind_does_not_know_is_a_warning() -> None:
    found = check_project(project(attrs={"colour": "red"}), HERE, KINDS, ACCEPT)
    assert [(entry.code, entry.severity) for entry in found] == [("field-unknown", "warn")]


def test_precision_and_geometry_go_together() -> None:
    assert codes(check_project(project(precision="unlocated"), HERE, KINDS, ACCEPT)) == ["precision-geometry"]
    assert codes(check_project(project(), None, KINDS, ACCEPT)) == ["precision-geometry"]
    assert codes(check_project(project(precision="exact"), HERE, KINDS, ACCEPT)) == ["precision-unknown"]


def test_checking_does_not_stop_at_the_first_fault() -> None:
    bad = project(id="New", kind="metro", name_zh="", precision="exact", attrs={"colour": 1})
    expected = ["id-malformed", "name-missing", "field-unknown", "precision-unknown", "geometry-type"]
    assert codes(check_project(bad, box(114.1, 22.6, 114.2, 22.7), KINDS, ACCEPT)) == expected


# ---------------------------------------------------------------- geometry


def test_a_kind_takes_its_own_geometry_types_only() -> None:
    assert codes(check_geometry(box(114.1, 22.6, 114.2, 22.7), METRO, ACCEPT)) == ["geometry-type"]
    assert check_geometry(HERE, METRO, ACCEPT) == []


def test_empty_geometry() -> None:
    assert codes(check_geometry(LineString(), METRO, ACCEPT)) == ["geometry-empty"]


@pytest.mark.parametrize(
    "lonlat",
    [(181, 22), (-181, 22), (114, 91), (float("nan"), 22), (float("inf"), 22), (12_700_000, 2_590_000)],
)
def test_coordinates_are_finite_degrees(lonlat: tuple[float, float]) -> None:
    with np.errstate(invalid="ignore"):
        line = LineString([lonlat, (114.1, 22.7)])
    assert codes(check_geometry(line, METRO, ACCEPT)) == ["coordinate-range"]


def test_a_bow_tie_is_told_with_its_place() -> None:
    tie = Polygon([(114.10, 22.60), (114.12, 22.62), (114.12, 22.60), (114.10, 22.62)])
    (found,) = check_geometry(tie, PARCEL, ACCEPT)
    assert found.code == "geometry-invalid"
    assert (found.lon, found.lat) == pytest.approx((114.11, 22.61))


def test_what_does_not_touch_the_area_is_told_with_its_place() -> None:
    (found,) = check_geometry(affinity.translate(HERE, 1), METRO, ACCEPT)
    assert (found.code, found.severity) == ("outside-area", "block")
    assert (found.lon, found.lat) == pytest.approx((115.10, 22.68))


def test_latitude_before_longitude_is_out_of_range() -> None:
    swapped = shapely.transform(HERE, lambda xy: xy[:, ::-1])
    assert codes(check_geometry(swapped, METRO, ACCEPT)) == ["coordinate-range"]


# ---------------------------------------------------------------- sources and claims


def test_a_sound_source_has_no_fault() -> None:
    assert check_source(source()) == []
    assert check_source(source(published="")) == []


def test_faults_of_a_source() -> None:
    bad = source(
        id="A Paper", tier="rumour", title="", publisher_zh="", published="soon", retrieved_on="2026-13"
    )
    expected = [
        "id-malformed",
        "tier-unknown",
        "name-missing",
        "name-missing",
        "date-malformed",
        "date-malformed",
    ]
    assert codes(check_source(bad)) == expected


def test_sound_claims_have_no_fault() -> None:
    assert check_claim(claim(), ROAD) == []
    assert check_claim(claim(property="phase", value="building"), ROAD) == []
    assert check_claim(claim(property="mention", date=""), ROAD) == []
    assert check_claim(claim(property="measure:lc_signup", value="99"), PARCEL) == []
    assert check_claim(claim(property="value", value="509.44"), None) == []


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"date": "2025-02-30"}, "date-malformed"),
        ({"said_on": "yesterday"}, "date-malformed"),
        ({"commitment": "hoped"}, "commitment-unknown"),
        ({"quote": ""}, "words-missing"),
        ({"property": "milestone:lc_banked"}, "property-unknown"),
        ({"property": "mention:open", "date": ""}, "property-unknown"),
        ({"property": "measure:no_such", "value": "1"}, "property-unknown"),
        ({"property": "rumour"}, "property-unknown"),
        ({"property": "phase", "value": "finished"}, "phase-unknown"),
        ({"property": "phase", "value": "unknown"}, "phase-unknown"),
        ({"property": "measure:invest_total"}, "value-missing"),
        ({"date": ""}, "done-undated"),
        ({"date": "2025-01-17"}, "done-in-future"),
    ],
)
def test_faults_of_a_claim(more: dict[str, str], fault: str) -> None:
    assert codes(check_claim(claim(**more), ROAD)) == [fault]


def test_what_is_promised_may_lie_ahead_and_what_overlaps_may_have_happened() -> None:
    assert check_claim(claim(commitment="expected", date="2030"), ROAD) == []
    assert check_claim(claim(date="2025"), ROAD) == []
    assert check_claim(claim(said_on=""), ROAD) == []


def test_a_figure_of_the_area_is_a_value_target_ratio_growth_or_rank() -> None:
    assert codes(check_claim(claim(property="milestone:open"), None)) == ["property-unknown", "value-missing"]
    assert codes(check_claim(claim(property="target"), None)) == ["value-missing"]


# ---------------------------------------------------------------- words


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_fault_has_words_in_both_languages(code: str) -> None:
    _, zh, en = CATALOGUE[code]
    asked = {name for words in (zh, en) for _, name, _, _ in Formatter().parse(words) if name}
    values: dict[str, object] = dict.fromkeys(asked - {"field"}, "2025-02-30")
    found = issue(code, field="date", **values)  # type: ignore[arg-type]
    assert re.search(r"[\u4e00-\u9fff]", found.detail_zh)
    assert found.detail_en.isascii() or "±" in found.detail_en
    assert "{" not in found.detail_zh + found.detail_en
    assert found.as_json()["code"] == code


def test_a_long_value_is_shortened_in_words() -> None:
    assert len(issue("kind-unknown", value="x" * 10_000).detail_en) < 100


def test_a_fault_without_words_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        issue("no-such-fault")


# ---------------------------------------------------------------- the data of Pinghu


def test_everything_that_is_published_first_passes_the_checks() -> None:
    kinds_of: dict[str, str] = {}
    for entry in pinghu.changesets():
        for change in entry.changes:
            after = dict(change.after or {})
            found: list[Issue] = []
            if change.op == "add":
                kinds_of[change.target] = after["kind"]
                found = check_project({"id": change.target, **after}, change.geom_after, KINDS, ACCEPT)
            elif change.op == "source":
                found = check_source(after)
            elif change.op == "claim":
                found = check_claim(after, KINDS.get(kinds_of.get(after["target"], "")))
            assert found == [], change.target
