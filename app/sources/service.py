"""What the chart rests on, laid out: documents, what they amount to, and what nobody says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.database import Connection
from app.projects.service import Moment
from app.sources import queries
from geodata.geometry import PRECISIONS
from geodata.kinds import load_kinds
from geodata.phases import COMMITMENTS, TIERS

MOST_OF_A_SOURCE = 200
MOST_OF_A_LIST = 1000
MOST_FOUND = 12
"""Projects that are named; the counts are of all."""

_OF_A_SOURCE = (
    "id",
    "publisher_zh",
    "publisher_en",
    "title",
    "title_en",
    "published",
    "retrieved_on",
    "address",
    "licence",
    "licence_zh",
    "claims",
    "withdrawn",
    "of_figures",
    "projects",
    "last_said",
)


def overview(connection: Connection, moment: Moment) -> dict[str, Any]:
    """Sources, totals, the lists of what is schematic or unknown, and the names of every project in them."""
    area_id, known = moment.area["id"], moment.known
    spoken_of: dict[str, list[str]] = {}
    for pair in queries.projects_of_sources(connection, area_id, known, MOST_OF_A_SOURCE):
        spoken_of.setdefault(pair["source_id"], []).append(pair["project_id"])
    rows = queries.sources(connection, area_id, known)
    # A document of which nothing stands any more is none that the chart rests on.
    standing = [row for row in rows if row["claims"]]
    sources = [
        {
            **{name: row[name] for name in _OF_A_SOURCE},
            "tier": TIERS[row["tier"] - 1],
            "speaks_of": spoken_of.get(row["id"], []),
        }
        for row in standing
    ]
    precisions = queries.precision_counts(connection, area_id, _placeable())
    promises, lists = _lists(connection, moment, precisions)
    named = {
        project
        for ids in (*spoken_of.values(), *(one["projects"] for one in lists.values()))
        for project in ids
    }
    return {
        "totals": {
            "sources": len(sources),
            "sources_by_tier": _counted(TIERS, ((source["tier"], 1) for source in sources)),
            **_claims(connection, moment),
            "claims_withdrawn": sum(row["withdrawn"] for row in rows),
            "projects": queries.project_count(connection, area_id),
            "projects_by_precision": {name: precisions.get(name, 0) for name in PRECISIONS},
            "projects_without_phase": lists["without_phase"]["count"],
            "projects_unlocated": lists["unlocated"]["count"],
            "promises_without_date": promises,
        },
        "sources": sources,
        "lists": lists,
        "projects": queries.names(connection, sorted(named)),
    }


def find(connection: Connection, moment: Moment, words: str) -> list[dict[str, Any]]:
    """The latest documents that hold all the words, at most MOST_FOUND; of no words the latest of all."""
    names = ("id", "publisher_zh", "publisher_en", "title", "published", "address")
    return [
        {
            **{name: row[name] for name in names},
            "title_en": row["title_en"] or row["title"],
            "tier": TIERS[row["tier"] - 1],
        }
        for row in queries.found(connection, moment.area["id"], words.lower().split(), MOST_FOUND)
    ]


def _placeable() -> list[str]:
    return [kind.id for kind in load_kinds().values() if kind.geometry]


def _lists(
    connection: Connection, moment: Moment, precisions: Mapping[str, int]
) -> tuple[int, dict[str, dict[str, Any]]]:
    area_id, known, most = moment.area["id"], moment.known, MOST_OF_A_LIST
    tracked = [kind.id for kind in load_kinds().values() if kind.tracked]
    silent, without_phase = queries.without_phase(connection, area_id, tracked, known, most)
    promises, promising, undated = queries.promised_without_date(connection, area_id, known, most)
    lists = {
        precision: {
            "count": precisions.get(precision, 0),
            "projects": queries.placed_as(connection, area_id, _placeable(), precision, most),
        }
        for precision in ("schematic", "unlocated")
    }
    lists["without_phase"] = {"count": silent, "projects": without_phase}
    lists["promised_without_date"] = {"count": promising, "projects": undated}
    return promises, lists


def _claims(connection: Connection, moment: Moment) -> dict[str, Any]:
    rows = queries.claim_counts(connection, moment.area["id"], moment.known)
    claims = sum(row["claims"] for row in rows)
    verbatim = sum(row["verbatim"] for row in rows)
    return {
        "claims": claims,
        "claims_by_tier": _counted(TIERS, ((TIERS[row["tier"] - 1], row["claims"]) for row in rows)),
        "claims_by_commitment": _counted(
            COMMITMENTS, ((COMMITMENTS[row["commitment"] - 1], row["claims"]) for row in rows)
        ),
        "claims_undated": sum(row["undated"] for row in rows),
        "claims_verbatim": verbatim,
        "claims_summarised": claims - verbatim,
    }


def _counted(names: Iterable[str], found: Iterable[tuple[str, int]]) -> dict[str, int]:
    counts = dict.fromkeys(names, 0)
    for name, n in found:
        counts[name] += n
    return counts
