"""What a snapshot shows, apart from how it is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

# The file carries its own script and style and reaches for nothing else.
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"


class LeafletMissing(RuntimeError):
    """The front end has not been built, so there is no Leaflet to inline."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a snapshot shows. features: GeoJSON features as the project list gives them.

    phases, kinds: ids of those that were asked for; empty when all were.
    """

    features: Sequence[Mapping[str, Any]]
    area: Mapping[str, Any]
    day: date
    known: date
    today: date
    bounds_lonlat: Sequence[float]
    lang: str
    phases: Sequence[str] = ()
    kinds: Sequence[str] = ()
