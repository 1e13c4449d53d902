"""Which changes of a changeset an act means."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Where:
    """Which changes are meant; None means any. bbox: west, south, east, north in degrees, WGS84."""

    numbers: tuple[int, ...] | None = None
    op: str | None = None
    issue: str | None = None
    severity: str | None = None
    decision: str | None = None
    words: str | None = None
    bbox: tuple[float, float, float, float] | None = None
