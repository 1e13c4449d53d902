"""The facts of Pinghu as its changesets will publish them, laid out for tests."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from shapely.geometry.base import BaseGeometry

from geodata import dates, pinghu
from geodata.changes import Change
from geodata.kinds import load_kinds
from geodata.phases import Claim, state

FOLDER = Path(pinghu.__file__).parent
PAGE = pinghu.area()["page"]
T = date(2026, 11, 24)


def changes(op: str) -> list[Change]:
    return [c for entry in pinghu.changesets() for c in entry.changes if c.op == op]


@cache
def projects() -> dict[str, Change]:
    return {change.target: change for change in changes("add")}


def record(project: str) -> dict[str, Any]:
    return dict(projects()[project].after or {})


def place(project: str) -> BaseGeometry:
    found = projects()[project].geom_after
    assert found is not None, project
    return found


@cache
def rows() -> list[dict[str, Any]]:
    """The claims, each with a number of its own."""
    return [{"n": n, **(change.after or {})} for n, change in enumerate(changes("claim"), start=1)]


def rows_of(target: str) -> list[dict[str, Any]]:
    return [row for row in rows() if row["target"] == target]


@cache
def sources() -> dict[str, dict[str, Any]]:
    return {change.target: dict(change.after or {}) for change in changes("source")}


def claims_of(project: str) -> list[Claim]:
    """The claims of a project as the rules take them."""
    found = []
    for row in rows_of(project):
        source = sources()[row["source"]]
        found.append(
            Claim(
                about=row["property"],
                date=dates.parse(row["date"]) if row["date"] else None,
                commitment=row["commitment"],
                said=dates.parse(row["said_on"] or f"..{source['retrieved_on']}"),
                tier=source["tier"],
                value=row["value"] or None,
                ref=row["n"],
            )
        )
    return found


def phase_of(project: str) -> dict[str, str]:
    return load_kinds()[record(project)["kind"]].phase_of


def phase(project: str, day: str, known: date = T) -> str:
    return state(claims_of(project), phase_of(project), date.fromisoformat(day), known).phase


def ground(role: str) -> list[dict[str, Any]]:
    return [f for f in pinghu.ground()["features"] if f["properties"]["role"] == role]


def page_members() -> dict[str, list[str]]:
    """The projects that each row of the page became."""
    members: dict[str, list[str]] = {}
    for file in sorted((FOLDER / "projects").glob("*.geojson")):
        for feature in json.loads(file.read_text(encoding="utf-8"))["features"]:
            for row in feature["properties"]["page_rows"]:
                members.setdefault(row, []).append(feature["id"])
    return members
