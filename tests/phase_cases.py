"""The worked answers of the data model, as the rules take them. `python -m tests.phase_cases` writes the
`phases` texts beside them, from which the browser's evaluation is tested."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from geodata import dates
from geodata.kinds import load_kinds
from geodata.phases import Claim, as_known, phases_text

FIXTURES = Path(__file__).parent / "fixtures"
TEXTS = FIXTURES / "phase_texts.json"


def cases() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((FIXTURES / "phase_cases.json").read_text(encoding="utf-8"))
    return found


def any_kind() -> dict[str, str]:
    """Milestone → phase over all kinds: the cases do not name a kind."""
    together: dict[str, str] = {}
    for kind in load_kinds().values():
        for code, phase in kind.phase_of.items():
            together.setdefault(code, phase)
    return together


def claims(case: dict[str, Any]) -> list[Claim]:
    return [
        Claim(
            about=entry["property"],
            date=dates.parse(entry["date"]) if entry["date"] else None,
            commitment=entry["commitment"],
            said=dates.parse(entry["said_on"]),
            tier=entry["tier"],
            value=None if entry["value"] is None else str(entry["value"]),
            ref=n,
        )
        for n, entry in enumerate(case["claims"], start=1)
    ]


def texts() -> dict[str, dict[str, str]]:
    """Case → known day → `phases` text as known then."""
    phase_of = any_kind()
    return {
        case["name"]: {
            known: phases_text(as_known(claims(case), date.fromisoformat(known)), phase_of)
            for known in sorted({answer["known"] for answer in case["expected"]})
        }
        for case in cases()
    }


def as_file() -> str:
    return json.dumps(texts(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    TEXTS.write_text(as_file(), encoding="utf-8")
