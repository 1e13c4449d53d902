"""Indicators laid out: what each source says, the target as stated and as implied, and what can be traced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any

from app.board import queries
from app.board.queries import Row
from app.database import Connection
from app.projects import queries as project_queries
from app.projects.reading import claim_entry
from app.projects.service import Moment, plain_properties, selection
from app.vocabulary import unit_en
from geodata.dates import parse, spoken
from geodata.figures import Figure, implied_target, may_agree, read_figure
from geodata.kinds import load_kinds
from geodata.phases import TIERS

TRACEABLE_ZH = "可对应到具名项目；没有来源说这些包含在总数之内"
TRACEABLE_EN = "can be traced to named projects; no source says that these are inside the figure"


def indicators(connection: Connection, moment: Moment) -> list[dict[str, Any]]:
    """Every indicator with its claims. Figures that disagree stand side by side, the official one first."""
    area_id = moment.area["id"]
    claims = queries.figures(connection, area_id, moment.known)
    traced = queries.traced(connection, area_id, moment.known)
    cited = {row["source_id"] for rows in claims.values() for row in rows}
    sources = project_queries.sources(connection, cited)
    rows = queries.indicators(connection, area_id)
    return [
        {
            **_indicator(row, claims.get(row["code"], []), traced.get(row["code"], []), sources),
            "history": _history(row, rows, claims),
        }
        for row in rows
    ]


def _indicator(
    row: Row, claims: Sequence[Row], traced: Sequence[Row], sources: Mapping[str, Row]
) -> dict[str, Any]:
    ordered = sorted(claims, key=lambda claim: (-claim["tier"], claim["id"]))
    values = [claim for claim in ordered if claim["property"] == "value"]
    names = ("code", "name_zh", "name_en", "unit", "part_of", "period", "note", "note_zh")
    return {
        **{name: row[name] for name in names},
        "unit_en": unit_en(row["unit"]),
        **{
            name: [_figure(claim) for claim in ordered if claim["property"] == name]
            for name in ("value", "target", "ratio", "growth", "rank")
        },
        "disagree": disagreeing(values) is not None,
        "implied_target": _implied(ordered),
        "traceable": _traceable(row, values, traced) if traced else None,
        "claims": [claim_entry(claim, sources[claim["source_id"]], None, {}) for claim in ordered],
    }


def disagreeing(values: Sequence[Row]) -> tuple[Row, Row] | None:
    """The first two of some values of one indicator that cannot both be so."""
    return next(
        (
            (one, other)
            for one, other in combinations(values, 2)
            if one["unit"] == other["unit"] and not may_agree(one["value"], other["value"])
        ),
        None,
    )


def _history(row: Row, rows: Sequence[Row], claims: Mapping[str, Sequence[Row]]) -> list[dict[str, Any]]:
    """The values by the period they are of, the earliest first, the official source of each first; empty
    where there is only one period. An indicator of a part of this one's period, in the same unit, tells how
    far it had come by then."""
    found: dict[tuple[str, str], list[Row]] = {}
    for one in rows:
        if one["code"] != row["code"] and not _is_part_of_the_period(one, row):
            continue
        for claim in claims.get(one["code"], []):
            if claim["property"] == "value" and claim["date_text"]:
                found.setdefault((claim["date_text"], one["code"]), []).append(claim)
    if len({period for period, _ in found}) < 2:
        return []
    points = []
    for (period, code), said in found.items():
        span = parse(period)
        period_zh, period_en = spoken(period)
        ordered = sorted(said, key=lambda claim: (-claim["tier"], claim["id"]))
        points.append(
            {
                "period": period,
                "period_zh": period_zh,
                "period_en": period_en,
                "earliest": span.earliest,
                "latest": span.latest,
                "code": code,
                "values": [_figure(claim) for claim in ordered],
            }
        )
    return sorted(points, key=lambda p: (p["latest"] or date.max, p["earliest"] or date.min, p["code"]))


def _is_part_of_the_period(part: Row, whole: Row) -> bool:
    """Whether one indicator is another one's of fewer months, not of fewer things."""
    if part["part_of"] != whole["code"] or part["unit"] != whole["unit"]:
        return False
    if not part["period"] or not whole["period"] or part["period"] == whole["period"]:
        return False
    inner, outer = parse(part["period"]), parse(whole["period"])
    return (
        (outer.earliest or date.min) <= (inner.earliest or date.min)
        and (inner.latest or date.max) <= (outer.latest or date.max)
        and (inner.earliest, inner.latest) != (outer.earliest, outer.latest)
    )


def _figure(claim: Row) -> dict[str, Any]:
    return {
        "value": claim["value"],
        "unit": claim["unit"],
        "date": claim["date_text"],
        "said_on": claim["said_text"],
        "tier": TIERS[claim["tier"] - 1],
        "claim": claim["id"],
    }


def _implied(claims: Sequence[Row]) -> dict[str, Any] | None:
    """The target that follows from a value and a ratio of one and the same source."""
    for ratio in (claim for claim in claims if claim["property"] == "ratio"):
        for value in (claim for claim in claims if claim["property"] == "value"):
            if value["source_id"] != ratio["source_id"]:
                continue
            target = implied_target(value["value"], ratio["value"])
            if target is not None:
                return {
                    "value": target.value,
                    "low": target.low,
                    "high": target.high,
                    "unit": value["unit"],
                    "claims": [value["id"], ratio["id"]],
                }
    return None


def _traceable(row: Row, values: Sequence[Row], traced: Sequence[Row]) -> dict[str, Any]:
    """How much of the figure named projects account for: amounts of its unit are added, things counted."""
    amounts = [read_figure(entry["value"]) for entry in traced if entry["unit"] == row["unit"]]
    summed = sum(amount.value for amount in amounts if amount)
    total = summed or float(len(traced))
    whole: Figure | None = read_figure(values[0]["value"]) if values else None
    return {
        "value": round(total, 4),
        "unit": row["unit"],
        "share_percent": round(total / whole.value * 100, 1) if whole and whole.value else None,
        "words_zh": TRACEABLE_ZH,
        "words_en": TRACEABLE_EN,
        "projects": [
            {
                "id": entry["project_id"],
                "name_zh": entry["name_zh"],
                "name_en": entry["name_en"],
                "value": entry["value"],
                "unit": entry["unit"],
                "claim": entry["id"],
            }
            for entry in traced
        ],
    }


def programmes(connection: Connection, moment: Moment) -> list[dict[str, Any]]:
    """Programmes, events and titles: kinds without a place and without phases, with the words about them."""
    placeless = [kind.id for kind in load_kinds().values() if not kind.tracked and not kind.geometry]
    rows = project_queries.projects(connection, selection(moment, kinds=placeless), sort="kind")
    numbers = [row["no"] for row in rows]
    claims = project_queries.claims_of(connection, numbers, moment.known)
    cited = {claim["source_id"] for group in claims.values() for claim in group}
    sources = project_queries.sources(connection, cited)
    return [
        {
            **plain_properties(row, load_kinds()[row["kind"]]),
            "claims": [
                claim_entry(claim, sources[claim["source_id"]], load_kinds()[row["kind"]], {})
                for claim in claims.get(row["no"], [])
                if claim["withdrawn_rev"] is None
            ],
        }
        for row in rows
    ]
