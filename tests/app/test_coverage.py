"""Every row of the newspaper page answers through the API with its words."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.app.asking import KNOWN, Json, get, project

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
PAGE = "qiaobao-2025-01-16"


def read(name: str) -> list[dict[str, str]]:
    with (FIXTURES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


COVERAGE = read("coverage.csv")
ROWS = {row["id"]: row for row in read("page_rows.csv")}


@pytest.fixture(scope="module")
def said(client: TestClient) -> dict[str, list[Json]]:
    """The claims by indicator and by programme, each list asked once."""
    found = {e["code"]: e["claims"] for e in get(client, "/api/indicators", known=KNOWN)["indicators"]}
    programmes = get(client, "/api/programmes", known=KNOWN)["programmes"]
    found |= {entry["id"]: entry["claims"] for entry in programmes}
    return found


ClaimsOf = Callable[[str, str], list[Json]]
"""(project or indicator, its id) → what is said of it."""


@pytest.fixture(scope="module")
def claims_of(client: TestClient, said: dict[str, list[Json]]) -> ClaimsOf:
    @cache
    def look_up(where: str, target: str) -> list[Json]:
        claims: list[Json] = said[target] if where == "indicator" else project(client, target)["claims"]
        return claims

    return look_up


def test_the_page_has_130_rows_and_each_is_covered() -> None:
    assert len(ROWS) == 130
    assert [row["seed_id"] for row in COVERAGE] == list(ROWS)
    assert {row["where"] for row in COVERAGE} == {"project", "indicator", "project;indicator"}


@pytest.mark.parametrize("row", COVERAGE, ids=lambda row: str(row["seed_id"]))
def test_a_row_of_the_page_is_found_by_its_words(row: dict[str, str], claims_of: ClaimsOf) -> None:
    page_row = ROWS[row["seed_id"]]
    kinds_of_target = row["where"].split(";")
    targets = row["target"].split(";")
    # One word for all targets, or one for each of them.
    wheres = kinds_of_target * len(targets) if len(kinds_of_target) == 1 else kinds_of_target
    found = []
    for where, target in zip(wheres, targets, strict=True):
        of_page = [c for c in claims_of(where, target) if c["source"]["id"] == PAGE]
        assert of_page, target
        assert all(claim["verbatim"] for claim in of_page)
        found += of_page
    words = {(claim["locator"], claim["quote"]) for claim in found}
    assert (page_row["sent"], page_row["quote"]) in words


def test_programmes_and_events_say_the_same_in_their_own_list(
    client: TestClient, said: dict[str, list[Json]]
) -> None:
    listed = [e["id"] for e in get(client, "/api/programmes", known=KNOWN)["programmes"]]
    covered = {target for row in COVERAGE for target in row["target"].split(";")}
    assert set(listed) <= covered
    for name in listed:
        assert {c["quote"] for c in said[name]} == {c["quote"] for c in project(client, name)["claims"]}


def test_names_of_the_page_find_their_project(client: TestClient) -> None:
    """What a reader of the page would type: the name as the page has it, or its beginning."""
    for seed_id in ("P01", "D01", "M01", "L05", "K03", "F16", "F10", "L12", "D12"):
        (row,) = [row for row in COVERAGE if row["seed_id"] == seed_id]
        found = get(client, "/api/projects", q=ROWS[seed_id]["zh"], limit=1000)["features"]
        assert row["target"].split(";")[0] in {feature["id"] for feature in found}, seed_id
