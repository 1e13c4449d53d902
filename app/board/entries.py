"""How lists name a project, a milestone, a date and the claim that tells it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.database import Connection
from app.projects import queries as project_queries
from app.projects import wording
from app.projects.queries import Row
from app.projects.reading import claim_entry, property_name
from app.projects.service import Moment, selection
from app.projects.statements import statements
from geodata.dates import DateSpan, spoken
from geodata.kinds import Kind, load_kinds
from geodata.phases import PHASES, Claim

MOST_ENTRIES = 200
"""In one list; `more` says that there are others."""
MOST_READ = 3000
"""Projects whose claims are read for one list, so that no answer grows with the city."""
_BATCH = 1000

Both = tuple[str, str]


def both(words: Callable[[str], str]) -> Both:
    """The same in Chinese and in English, of what is said in one language at a time."""
    return words("zh"), words("en")


@dataclass(frozen=True, slots=True)
class About:
    """A project and the claims about it that hold: as rows by number, and as the rules take them."""

    no: int
    id: str
    kind: Kind
    drawn: bool
    rows: Mapping[int, Row]
    said: list[Claim]


def read(connection: Connection, found: Sequence[Row], known: date) -> list[About]:
    """The claims said by `known` of projects given with no, id, kind and drawn; in their order."""
    abouts = []
    for start in range(0, len(found), _BATCH):
        batch = found[start : start + _BATCH]
        claims = project_queries.claims_of(connection, [row["no"] for row in batch], known)
        for row in batch:
            rows = [one for one in claims.get(row["no"], []) if one["withdrawn_rev"] is None]
            kind = load_kinds()[row["kind"]]
            by_number = {one["id"]: one for one in rows}
            abouts.append(About(row["no"], row["id"], kind, row["drawn"], by_number, statements(rows)))
    return abouts


class Desk:
    """What the entries of an answer name: projects in their phase at the moment, and sources."""

    def __init__(
        self, connection: Connection, moment: Moment, ids: Iterable[str], claims: Iterable[Row]
    ) -> None:
        wanted = sorted(set(ids))
        rows = project_queries.projects(connection, selection(moment, ids=wanted)) if wanted else []
        self._projects = {row["id"]: row for row in rows}
        self._sources = project_queries.sources(connection, {claim["source_id"] for claim in claims})

    def project(self, project_id: str) -> dict[str, Any]:
        row = self._projects[project_id]
        has_phase = row["drawn"] and load_kinds()[row["kind"]].tracked
        basis = "promise" if row["promised"] else "fact" if row["phase"] else "none"
        names = ("id", "kind", "name_zh", "name_en", "parent")
        return {
            **{name: row[name] for name in names},
            "phase": PHASES[row["phase"]] if has_phase else PHASES[0],
            "basis": basis if has_phase else "none",
        }

    def claim(self, row: Row, kind: Kind | None) -> dict[str, Any]:
        """As `app.projects.wording` takes it."""
        return claim_entry(row, self._sources[row["source_id"]], kind, {})

    def cited(self, row: Row, kind: Kind | None) -> dict[str, Any]:
        """See `cited`."""
        return cited(self.claim(row, kind))


def cited(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A claim, as `app.projects.reading` lays it out, in a line: its number, who said it when, and what."""
    told_zh, told_en = both(lambda lang: wording.told(entry, lang))
    source = entry["source"]
    return {
        "claim": entry["n"],
        "source": source["id"],
        "publisher_zh": source["publisher_zh"],
        "publisher_en": source["publisher_en"],
        "tier": source["tier"],
        "said_on": entry["said_on"],
        "said_latest": entry["said_latest"],
        "commitment": entry["commitment"],
        "value": entry["value"],
        "unit": entry["unit"],
        "unit_en": entry["unit_en"],
        "quote_zh": entry["quote_zh"],
        "quote_en": entry["quote_en"],
        "verbatim": entry["verbatim"],
        "told_zh": told_zh,
        "told_en": told_en,
    }


def indicator_ref(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in ("code", "name_zh", "name_en", "period")}


def milestone(code: str, kind: Kind) -> dict[str, str]:
    name_zh, name_en = property_name(f"milestone:{code}", kind)
    return {"code": code, "name_zh": name_zh, "name_en": name_en}


def dated(span: DateSpan, claim: int | None = None) -> dict[str, Any]:
    """A date as said: in the grammar of claims, as the days it may mean, and in words."""
    words_zh, words_en = spoken(span.text)
    return {
        "date": span.text,
        "earliest": span.earliest,
        "latest": span.latest,
        "words_zh": words_zh,
        "words_en": words_en,
        "claim": claim,
    }


def promised_date(claim: Claim) -> dict[str, Any]:
    """The date of a promise that has one."""
    if claim.date is None:
        raise ValueError("a promise without a date has none to show")
    return dated(claim.date, claim.ref)
