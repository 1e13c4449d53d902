"""What a claim would do to a project, by the same rules as what is stored; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.changesets.publication import claim_row
from app.projects.reading import light_reason, measure_entries, milestones
from app.projects.statements import statements
from geodata.kinds import Kind
from geodata.lights import light, standings
from geodata.phases import TIERS, Claim, as_known, facts, live_promises, promises, state_on

Row = Mapping[str, Any]
NEW = 2**31 - 1
"""Stands for the number that the claim has not got yet: later than all others."""


def row_of(record: Row, source: Row) -> Row:
    """A claim that is not there yet as if it were stored. source: its record."""
    return {
        **claim_row(record, date.fromisoformat(str(source["retrieved_on"]))),
        "id": NEW,
        "tier": TIERS.index(source["tier"]) + 1,
        "published": source["published"],
        "withdrawn_rev": None,
    }


def effect(rows: Sequence[Row], new: Row, kind: Kind, today: date, replaces: int | None) -> dict[str, Any]:
    """rows: the claims of the project. new: as row_of makes it. replaces: the claim that goes for it."""
    kept = [row for row in rows if row["id"] != replaces]
    before, after = as_known(statements(rows), today), as_known(statements([*kept, new]), today)
    disagreed, disagree = _conflicts(before, kind), _conflicts(after, kind)
    code = str(new["property"]).partition(":")[2]
    return {
        "phase": {"before": _phase(before, kind, today), "after": _phase(after, kind, today)},
        "light": {"before": _light(before, kind, today), "after": _light(after, kind, today)},
        "milestone": {
            "before": _milestone(before, rows, kind, code),
            "after": _milestone(after, [*kept, new], kind, code),
        }
        if code in kind.phase_of
        else None,
        "amounts": [
            _unnumbered(entry)
            for entry in measure_entries(after, [*kept, new], kind)
            if entry["code"] == code
        ],
        "standing": standings(after, kind.phase_of).get(NEW, "words"),
        "conflicts": [
            _unnumbered({"winner": winner, "loser": loser})
            for winner, loser in disagree
            if (winner, loser) not in disagreed
        ],
        "settled": [
            {"winner": winner, "loser": loser}
            for winner, loser in disagreed
            if (winner, loser) not in disagree
        ],
    }


def _phase(said: Sequence[Claim], kind: Kind, today: date) -> dict[str, Any]:
    fact = facts(said, kind.phase_of)
    promised = live_promises(promises(said, kind.phase_of), fact)
    now = state_on(fact.steps, promised, today, today)
    reached = [step for step in fact.steps if step.certain_from <= today]
    since = reached[-1] if reached else None
    return {
        "phase": now.phase,
        "basis": now.basis,
        "maybe": now.maybe,
        "since": since and {"certain_from": since.certain_from, "possible_from": since.possible_from},
    }


def _light(said: Sequence[Claim], kind: Kind, today: date) -> dict[str, Any]:
    lamp = light(said, kind.phase_of, today)
    reason_zh, reason_en = light_reason(lamp, said, kind)
    return {
        "light": lamp.light,
        "milestone": lamp.milestone,
        "days": lamp.days,
        "kept": lamp.kept,
        "reason_zh": reason_zh,
        "reason_en": reason_en,
    }


def _milestone(said: Sequence[Claim], rows: Sequence[Row], kind: Kind, code: str) -> dict[str, Any] | None:
    found = next((entry for entry in milestones(said, rows, kind) if entry["code"] == code), None)
    return found and _unnumbered(found)


def _conflicts(said: Sequence[Claim], kind: Kind) -> list[tuple[int, int]]:
    return [(winner.ref, loser.ref) for winner, loser in facts(said, kind.phase_of).conflicts]


def _unnumbered(value: Any) -> Any:
    """The same without the number that stands for the new claim."""
    if isinstance(value, dict):
        return {name: _unnumbered(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_unnumbered(inner) for inner in value]
    return None if value == NEW else value
