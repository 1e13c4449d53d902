"""How many projects were in which phase, period by period, with what the counts do not hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal

from app.database import Connection
from app.params import MOST_YEARS
from app.projects import kind_queries
from app.projects.service import Moment
from geodata.phases import PHASES

Step = Literal["month", "quarter"]


def ends(moment: Moment, from_day: date | None, to_day: date | None) -> tuple[date, date]:
    """The two ends; one that was left out is the area's own, or as far away as is allowed."""
    first = from_day or min(moment.area["first_day"], to_day or date.max)
    last = to_day or max(moment.area["last_day"], first)
    if last.year - first.year > MOST_YEARS:
        first, last = (
            (first, date(first.year + MOST_YEARS, 12, 31))
            if from_day
            else (date(last.year - MOST_YEARS, 1, 1), last)
        )
    return first, last


def periods(days: tuple[date, date], step: Step) -> list[str]:
    """The months or quarters from one day to another, as dates are written: ``2025-01``, ``2025-Q1``."""
    months = range(days[0].year * 12 + days[0].month - 1, days[1].year * 12 + days[1].month)
    if step == "month":
        return [f"{n // 12:04}-{n % 12 + 1:02}" for n in months]
    return [f"{n // 4:04}-Q{n % 4 + 1}" for n in range(months[0] // 3, months[-1] // 3 + 1)]


AMOUNTS = ("projects", "area_ha", "length_km")
PROMISED = ("promised_projects", "promised_area_ha", "promised_length_km")
"""How much of the amounts no fact tells: a promise does."""


def series(
    connection: Connection,
    moment: Moment,
    days: tuple[date, date],
    kinds: Iterable[str],
    step: Step,
    amounts: Sequence[str] = AMOUNTS,
) -> list[dict[str, Any]]:
    """A row of numbers for each kind and phase that occurs, one for each of the periods, told on its last
    day: projects, and measured hectares and kilometres (None where nothing is measured)."""
    names = periods(days, step)
    position = {name: n for n, name in enumerate(names)}
    rows = kind_queries.periods(connection, moment.area["id"], days, moment.known, list(kinds), step)
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for row in rows:
        empty = {
            "kind": row["kind"],
            "phase": PHASES[row["phase"]],
            **{amount: [0 if amount.endswith("projects") else None] * len(names) for amount in amounts},
        }
        entry = found.setdefault((row["kind"], row["phase"]), empty)
        (name,) = periods((row["start"], row["start"]), step)
        for amount in amounts:
            entry[amount][position[name]] = row[amount]
    return list(found.values())


def left_out(connection: Connection, area_id: str, kinds: Sequence[str]) -> list[dict[str, Any]]:
    """What the counts do not hold, in words, with how many."""
    numbers: Mapping[str, int] = kind_queries.left_out(connection, area_id, kinds)
    return [
        {
            "zh": "由各部分组成、自身不计数的项目",
            "en": "projects made of parts, which count themselves",
            "n": numbers["containers"],
        },
        {
            "zh": "没有可量算图形的项目：计数，不计公顷和公里",
            "en": "projects without a shape that may be measured: counted, without hectares or kilometres",
            "n": numbers["unmeasured"],
        },
    ]
