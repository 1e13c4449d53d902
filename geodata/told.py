"""The form in which a fault is told. Its words are in `geodata.issues`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["block", "warn"]


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault. field: what it concerns. lon, lat (degrees, WGS84): where, when it has a place."""

    code: str
    severity: Severity
    detail_zh: str
    detail_en: str
    field: str = ""
    lon: float | None = None
    lat: float | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Both:
    """Words of ours that stand in a sentence of both languages."""

    zh: str
    en: str
