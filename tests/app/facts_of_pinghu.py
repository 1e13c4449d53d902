"""The rows of the claims as they stand in the repository, for expectations that no code of ours computed."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from geodata import dates

FOLDER = Path(__file__).resolve().parents[2] / "geodata" / "pinghu"
Row = dict[str, str]


@cache
def claims() -> list[Row]:
    return _rows("claims.csv")


@cache
def sources() -> dict[str, Row]:
    return {row["id"]: row for row in _rows("sources.csv")}


def _rows(name: str) -> list[Row]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def is_figure(row: Row) -> bool:
    """Whether a claim is about an indicator: their codes begin with a capital."""
    return row["target"][0].isupper()


def promises() -> list[Row]:
    """The claims that promise a milestone for a day."""
    return [
        row
        for row in claims()
        if row["property"].startswith("milestone:")
        and row["commitment"] != "done"
        and row["date"]
        and dates.parse(row["date"]).latest
    ]
