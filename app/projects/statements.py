"""A claim's row as the rules of geodata.phases take it. One reading for whoever derives and whoever shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from geodata.dates import DateSpan
from geodata.phases import COMMITMENTS, TIERS, Claim


def statement(row: Mapping[str, Any]) -> Claim:
    """row: the columns of `claim`, with `tier` (1–3) and `published` of its source."""
    date_span = (
        DateSpan(row["date_text"], row["earliest"], row["latest"], row["approx"])
        if row["date_text"]
        else None
    )
    return Claim(
        about=row["property"],
        date=date_span,
        commitment=COMMITMENTS[row["commitment"] - 1],
        said=DateSpan(row["said_text"], row["said_earliest"], row["said_latest"]),
        tier=TIERS[row["tier"] - 1],
        value=row["value"] or None,
        ref=row["id"],
        # Whoever says on which day it was said has told it, whether or not the document bears a date.
        undated_copy=not row["published"] and row["said_earliest"] is None,
    )


def statements(rows: Iterable[Mapping[str, Any]]) -> list[Claim]:
    """The claims of one project that stand at head: what was withdrawn is left out."""
    return [statement(row) for row in rows if row["withdrawn_rev"] is None]
