"""Which changes of a changeset an act means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


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


@dataclass(frozen=True, slots=True)
class Logged:
    """Which changesets of the log; what is None means any. who: made or published it. first_day, last_day:
    when it was published, or staged while it is not, where the area lies. project: a public id that it
    touches."""

    state: str | None = None
    kind: str | None = None
    who: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    project: str | None = None
    before: int | None = None
