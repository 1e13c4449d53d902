"""Why a file is refused, in words, and when its rows leave no other choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from geodata.issues import Issue
from geodata.reading.contract import Fault, Refused
from geodata.reading.refusal_words import REFUSALS
from geodata.told import listed

FAULTS_LISTED = 100


class _Words(dict[str, object]):
    """Values of a sentence; one that is not there is an empty text."""

    def __missing__(self, key: str) -> str:
        return ""


def refusal(
    code: str,
    *,
    faults: Sequence[Fault] = (),
    faults_total: int | None = None,
    limit: int | None = None,
    observed: int | None = None,
    offers: dict[str, Any] | None = None,
    row: int | None = None,
    pointer: str | None = None,
    line: int | None = None,
    column: int | None = None,
    byte: int | None = None,
    field: str = "",
    **values: object,
) -> Refused:
    """A refusal with its words; names in a list are parted as each language parts them. A place given (row,
    pointer, line, column, byte, field) becomes its fault."""
    place = {"row": row, "pointer": pointer, "line": line, "column": column, "byte": byte, "field": field}
    status, zh, en = _filled(code, {**values, **place, "limit": limit})
    if not faults and any(value not in (None, "") for value in place.values()):
        faults = [Fault(_bare(code), zh, en, row, pointer, line, column, byte, field)]
    return Refused(
        _bare(code),
        status,
        zh,
        en,
        faults=faults,
        faults_total=faults_total,
        limit=limit,
        observed=observed,
        offers=offers,
    )


def fault(code: str, **places: Any) -> Fault:
    """A fault of a reason of the list above, with its words; places: fields of Fault and values of words."""
    _, zh, en = _filled(code, places)
    known = {name: places[name] for name in Fault.__slots__ if name in places}
    return Fault(_bare(code), zh, en, **known)


def _bare(code: str) -> str:
    return code.partition("/")[0]


def _filled(code: str, values: dict[str, object]) -> tuple[int, str, str]:
    status, zh, en = REFUSALS[code]
    both = {key: listed(v if isinstance(v, list | tuple) else [v]) for key, v in values.items()}
    in_zh = _Words({key: _shown(one.zh) for key, one in both.items()})
    in_en = _Words({key: _shown(one.en) for key, one in both.items()})
    return status, zh.format_map(in_zh), en.format_map(in_en)


def _shown(value: object) -> str:
    """A value as a sentence may hold it: short, and without characters that act on the reader's screen."""
    text = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in str(value)[:80])
    return text if len(text) <= 60 else text[:59] + "…"


@dataclass(slots=True)
class Faults:
    """Faults that refuse a file, collected so that all are told at once."""

    listed: list[Fault] = field(default_factory=list)
    total: int = 0
    status: int = 0

    def add(self, code: str, **places: Any) -> None:
        self.total += 1
        self.status = self.status or REFUSALS[code][0]
        if len(self.listed) < FAULTS_LISTED:
            self.listed.append(fault(code, **places))

    def refuse(self) -> None:
        """Raises Refused under the first fault's code when there is any."""
        if self.listed:
            first = self.listed[0]
            raise Refused(
                first.code,
                self.status,
                first.detail_zh,
                first.detail_en,
                faults=self.listed,
                faults_total=self.total,
            )


@dataclass(slots=True)
class Survival:
    """How many rows were seen and how many of them nothing blocks."""

    rows: int = 0
    survivors: int = 0
    listed: list[Fault] = field(default_factory=list)
    total: int = 0

    def see(self, n: int, line: int | None, issues: Sequence[Issue]) -> None:
        """Counts a row. n: 0-based; line: 1-based or None; issues: all that reading and checking found."""
        blocking = [found for found in issues if found.severity == "block"]
        self.rows += 1
        self.survivors += not blocking
        self.total += len(blocking)
        if len(self.listed) < FAULTS_LISTED:
            self.listed += [as_fault(found, n, line) for found in blocking]


def as_fault(found: Issue, n: int, line: int | None) -> Fault:
    """An issue of a row in the form of a refusal's faults."""
    return Fault(
        found.code,
        found.detail_zh,
        found.detail_en,
        row=n,
        line=line,
        field=found.field,
        lon=found.lon,
        lat=found.lat,
    )


def refuse_when_nothing_survives(seen: Survival, offers: dict[str, Any] | None = None) -> None:
    """Raises Refused (422, with the first fault's code) when every row is blocked, or there is none. offers:
    what the uploader may answer so that none would be."""
    if not seen.rows:
        raise refusal("no-features")
    if seen.survivors:
        return
    first = seen.listed[0]
    raise Refused(
        first.code,
        422,
        f"{seen.rows} 行全部不能采用：{first.detail_zh}",
        f"none of the {seen.rows} rows can be taken: {first.detail_en}",
        faults=seen.listed[:FAULTS_LISTED],
        faults_total=seen.total,
        offers=offers,
    )
