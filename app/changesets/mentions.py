"""What the projects are called that a change speaks of beside its own: the other end of a relation, what
takes the place of what goes, and those that were heard of. People know names, not ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from app.changesets import listing_queries, queries, words
from app.database import Connection
from geodata.changes import Conflict

MOST_HEARD = 40
"""Of what concerns many projects so many are named: as many as a page shows."""


def named(
    connection: Connection, changeset_id: int, rows: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The rows of changes, each with the names that it mentions, by id; an id that nobody knows has none."""
    mentioned = [_mentioned(row) for row in rows]
    ids = {name for names in mentioned for name in names}
    found: dict[str, Mapping[str, Any]] = {}
    if ids:
        # What is new in the same changeset is public of nobody yet; what it removes is known still.
        found |= queries.names(connection, ids)
        found |= listing_queries.added_names(connection, changeset_id, sorted(ids - found.keys()))
    return [
        {**row, "named": {name: _names(found[name]) for name in names if name in found}}
        for row, names in zip(rows, mentioned, strict=True)
    ]


def kept_in_words(connection: Connection, kept: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What an undo leaves as it is; the first of it with words in Chinese and English."""
    told = [Conflict(**one) for one in kept[:MOST_HEARD]]
    names = queries.names(connection, words.mentioned(told))
    said = [words.sentence(one, names) for one in told]
    in_words = [{**one, "detail_zh": s.zh, "detail_en": s.en} for one, s in zip(kept, said, strict=False)]
    return [*in_words, *map(dict, kept[MOST_HEARD:])]


def _mentioned(row: Mapping[str, Any]) -> list[str]:
    sides = [side for side in (row["after"], row["before"]) if side]
    if row["op"] in ("relate", "unrelate"):
        return [str(side[end]) for side in sides for end in ("from", "to") if side.get(end)]
    if row["op"] in ("add", "remove"):
        return [str(name) for side in sides for name in side.get("successors") or ()]
    if row["op"] == "heard":
        return [str(name) for side in sides for name in islice(side.get("days") or {}, MOST_HEARD)]
    return []


def _names(found: Mapping[str, Any]) -> dict[str, str]:
    return {"name_zh": found["name_zh"], "name_en": found["name_en"]}
