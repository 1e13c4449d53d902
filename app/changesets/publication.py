"""Writes the changes of a changeset as public rows, within the transaction that publishes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from app.changesets import queries
from app.database import Connection
from geodata import dates
from geodata.changes import Change, Op
from geodata.phases import COMMITMENTS, TIERS

Record = Mapping[str, Any]
Numbered = tuple[int, Change]


class Publication:
    """Writes the changes of one revision, kind of act by kind of act, and remembers whom they touch. Nothing
    may stand in their way: see `conflicts` of geodata.changes and `Meanwhile`."""

    def __init__(
        self, connection: Connection, area_id: str, changeset_id: int, rev: int, reason: str
    ) -> None:
        self.connection = connection
        self.area_id = area_id
        self.changeset_id = changeset_id
        self.rev = rev
        self.reason = reason
        self._touched: list[npt.NDArray[np.int64]] = []

    def write(self, changes: Callable[[Op], Iterable[list[Numbered]]]) -> npt.NDArray[np.int64]:
        """The numbers of the projects that are touched, each once. changes: those of a kind of act, part by
        part."""
        writers: dict[Op, Callable[[list[Numbered]], None]] = {
            "source": self._sources,
            "indicator": self._indicators,
            "add": self._add,
            "change": self._change,
            "relate": self._relate,
            "unrelate": self._unrelate,
            "withdraw": self._withdraw,
            "claim": self._claims,
            "heard": self._heard,
            "remove": self._remove,
        }
        for op, writer in writers.items():
            for part in changes(op):
                writer(part)
        return np.unique(np.concatenate([np.zeros(0, np.int64), *self._touched]))

    def _touch(self, numbers: Iterable[int]) -> None:
        self._touched.append(np.fromiter(numbers, np.int64))

    def _numbers(self, ids: Iterable[str]) -> dict[str, int]:
        numbers = queries.project_numbers(self.connection, ids)
        self._touch(numbers.values())
        return numbers

    def _sources(self, group: list[Numbered]) -> None:
        rows = [source_row(change.after or {}) for _, change in group]
        queries.insert_sources(
            self.connection, [{**row, "area_id": self.area_id, "rev": self.rev} for row in rows]
        )

    def _indicators(self, group: list[Numbered]) -> None:
        names = ("code", "name_zh", "name_en", "unit", "period", "note")
        queries.insert_indicators(
            self.connection,
            [
                {
                    **{name: (change.after or {})[name] for name in names},
                    "note_zh": (change.after or {}).get("note_zh", ""),
                    "part_of": (change.after or {}).get("part_of") or None,
                    "position": n,
                    "area_id": self.area_id,
                    "rev": self.rev,
                }
                for n, change in group
            ],
        )

    def _add(self, group: list[Numbered]) -> None:
        ids = [change.target for _, change in group]
        there = queries.current_projects(self.connection, ids)
        revs = dict.fromkeys(("rev_exists", "rev_geom", "rev_attrs", "rev_claims"), self.rev)
        fresh = []
        for _, change in group:
            values = {**(change.after or {}), **revs, "geom": queries.geometry_value(change.geom_after)}
            if change.target not in there:
                fresh.append({**values, "id": change.target, "area_id": self.area_id})
            elif there[change.target].removed:
                queries.restore_project(self.connection, change.target, values)
        queries.insert_projects(self.connection, fresh)
        self._numbers(ids)

    def _change(self, group: list[Numbered]) -> None:
        rows = []
        for _, change in group:
            values = dict(change.after or {})
            if values:
                values["rev_attrs"] = self.rev
            if values.keys() & {"precision", "partial"}:
                # Measured no more, until it is known to be so again: they are derived at the end.
                values |= {"area_ha": None, "length_km": None}
            if change.geom_before is not None or change.geom_after is not None:
                values |= {"geom": queries.geometry_value(change.geom_after), "rev_geom": self.rev}
            rows.append((change.target, values))
        queries.update_projects(self.connection, rows)
        self._numbers(change.target for _, change in group)

    def _relate(self, group: list[Numbered]) -> None:
        records = [change.after or {} for _, change in group]
        numbers = self._numbers(end for record in records for end in (record["from"], record["to"]))
        queries.insert_relations(
            self.connection,
            [
                {
                    "from_no": numbers[record["from"]],
                    "to_no": numbers[record["to"]],
                    "type": record["type"],
                    "on_date": record["on_date"],
                    "rev": self.rev,
                }
                for record in records
            ],
        )

    def _unrelate(self, group: list[Numbered]) -> None:
        for _, change in group:
            record = change.before or {}
            found = queries.relation_id(self.connection, record["from"], record["to"], record["type"])
            if found is not None:
                queries.remove_relation(self.connection, found, self.rev)
            self._numbers((record["from"], record["to"]))

    def _withdraw(self, group: list[Numbered]) -> None:
        ids = [int(change.target) for _, change in group]
        rows = queries.claim_rows(self.connection, ids)
        queries.withdraw_claims(self.connection, ids, self.rev, self.reason)
        numbers = {row["project_no"] for row in rows.values() if row["project_no"] is not None}
        queries.touch_claims(self.connection, numbers, self.rev)
        self._touch(numbers)

    def _claims(self, group: list[Numbered]) -> None:
        records = [change.after or {} for _, change in group]
        numbers = self._numbers(record["target"] for record in records)
        retrieved = queries.existing_sources(self.connection, {record["source"] for record in records})
        rows = [
            {
                **claim_row(record, retrieved[record["source"]]),
                "area_id": self.area_id,
                "project_no": numbers.get(record["target"]),
                "indicator_code": None if record["target"] in numbers else record["target"],
                "rev": self.rev,
            }
            for record in records
        ]
        ids = queries.insert_claims(self.connection, self.changeset_id, rows)
        queries.name_claims(
            self.connection, self.changeset_id, [(n, i) for (n, _), i in zip(group, ids, strict=True)]
        )
        queries.touch_claims(self.connection, set(numbers.values()), self.rev)

    def _heard(self, group: list[Numbered]) -> None:
        days = {name: day for _, change in group for name, day in (change.after or {})["days"].items()}
        numbers = self._numbers(days)
        queries.hear_of(self.connection, {no: days[name] for name, no in numbers.items()})

    def _remove(self, group: list[Numbered]) -> None:
        ids = [change.target for _, change in group]
        self._numbers(ids)
        queries.remove_projects(self.connection, ids, self.rev)
        heirs = {change.target: (change.after or {}).get("successors", ()) for _, change in group}
        there = queries.project_numbers(self.connection, {name for names in heirs.values() for name in names})
        for old_id, names in heirs.items():
            found = [name for name in names if name in there]
            if found:
                queries.insert_alias(self.connection, old_id, found, there[found[0]], self.rev)


def source_row(record: Record) -> dict[str, Any]:
    """The columns of a source from its record (tier by name, dates in the grammar)."""
    published = dates.parse(record["published"]) if record["published"] else None
    names = ("id", "publisher_zh", "publisher_en", "title", "published", "address", "licence", "note")
    return {
        **{name: record[name] for name in names},
        **{name: record.get(name, "") for name in ("title_en", "licence_zh")},
        "tier": TIERS.index(record["tier"]) + 1,
        "published_earliest": published.earliest if published else None,
        "published_latest": published.latest if published else None,
        "retrieved_on": date.fromisoformat(record["retrieved_on"]),
    }


def claim_row(record: Record, retrieved_on: date) -> dict[str, Any]:
    """The columns of a claim from its record. What has no day on which it was said counts as said by the
    day its source was retrieved."""
    when = dates.parse(record["date"]) if record["date"] else None
    said = dates.parse(record["said_on"] or f"..{retrieved_on.isoformat()}")
    names = ("property", "value", "unit", "locator", "quote", "verbatim", "note")
    return {
        **{name: record[name] for name in names},
        **{name: record.get(name, "") for name in ("quote_zh", "quote_en", "note_zh")},
        "date_text": record["date"],
        "earliest": when.earliest if when else None,
        "latest": when.latest if when else None,
        "approx": bool(when and when.approx),
        "commitment": COMMITMENTS.index(record["commitment"]) + 1,
        "said_text": said.text,
        "said_earliest": said.earliest,
        "said_latest": said.latest or retrieved_on,
        "source_id": record["source"],
        "counts_in": record.get("counts_in") or None,
        "restates": record.get("restates"),
    }
