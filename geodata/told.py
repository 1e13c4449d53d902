"""The form in which a fault is told. Its words are in `geodata.issues`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
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
        return {name: getattr(self, name) for name in _OF_ISSUE}


_OF_ISSUE = tuple(one.name for one in fields(Issue))


@dataclass(frozen=True, slots=True)
class Both:
    """Words of ours that stand in a sentence of both languages."""

    zh: str
    en: str


def parted(words: Sequence[Both]) -> Both:
    """Several words of ours in a sentence, parted as each language parts them."""
    return Both("、".join(one.zh for one in words), ", ".join(one.en for one in words))


def listed(names: Sequence[object], *, more: bool = False) -> Both:
    """Several names in a sentence, parted as each language parts them. more: there are others."""
    found = parted([Both(str(name), str(name)) for name in names])
    return Both(found.zh + " …", found.en + " …") if more else found
