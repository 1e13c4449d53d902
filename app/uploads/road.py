"""From the rows of a file to a staged changeset, part by part: a file of any length takes the same memory."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.changesets.service import Checked, Staging, Terms
from app.database import Connection
from app.uploads import queries, staged_queries
from app.uploads.beside import Beside
from app.uploads.by_hand import leave_to_decide
from app.uploads.ledgers import source_told
from app.uploads.overlapping import warn_of_overlaps
from geodata import crs
from geodata import mapping as mappings
from geodata.changes import Change
from geodata.comparing import VERDICTS, Comparer, Comparison
from geodata.drafting import Upload, source_of
from geodata.issues import Issue
from geodata.kinds import Kind
from geodata.reading import Fault, Row
from geodata.reading.refusals import Survival, refuse_when_nothing_survives
from geodata.rows import Checker

Told = Callable[[str, int, int], None]
"""Is told the stage (reading, checking, comparing, staging), how much of it is done, and of how much; 0: not
known."""
PART = 2_000
LOOK_FOR_CYCLES = 8 * PART
MOST_OF_SAME = 100


class Road:
    """From the rows of a file to its staged changeset, part by part, in the transaction of a connection."""

    def __init__(
        self, connection: Connection, area_id: str, kind: Kind, upload: Upload, who: str, checker: Checker
    ) -> None:
        self.rows = 0
        self._connection, self._area_id, self._kind, self._upload = connection, area_id, kind, upload
        self._checker = checker
        self._beside = Beside(connection, area_id, kind, upload)
        self._comparer: Comparer | None = None
        self._public_source = queries.source(connection, upload.source)
        self._seen, self._owners = Survival(), set[str]()
        self._counts: dict[str, int] = dict.fromkeys(VERDICTS, 0)
        self._heard = 0
        self._of_same: list[dict[str, Any]] = []
        self._staging = Staging.new(
            connection,
            area_id,
            kind="upload",
            title_zh=f"上传：{upload.dataset}（{kind.name_zh}）",
            title_en=f"Upload: {upload.dataset} ({kind.name_en})",
            who=who,
            terms=Terms(upload.dataset, upload.mode, upload.data_date),
        )

    def take(self, rows: Sequence[Row]) -> None:
        """Raises PersonalLater."""
        table = self._checker.part(rows)
        if self._comparer is None:
            self._comparer = Comparer(table, self._upload, is_source_public=self._public_source is not None)
        nearby = self._comparer.nearby(table.records)
        public, taken = self._beside.of(nearby), self._beside.taken(nearby.ids)
        found = self._comparer.part(table, public, taken)
        self._block_earlier()
        self._stage(found)
        self.rows += len(rows)
        # Who brings a file looks for cycles at no other time (see app.work); statements leave a few behind.
        if self.rows // LOOK_FOR_CYCLES != (self.rows - len(rows)) // LOOK_FOR_CYCLES:
            gc.collect()

    def _block_earlier(self) -> None:
        if not self._checker.later:
            return
        blocked = staged_queries.block_rows(self._connection, self._staging.number, self._checker.later)
        for verdict, count in blocked.items():
            self._counts[verdict] -= count
            self._counts["blocked"] += count

    def _stage(self, found: Comparison) -> None:
        for outcome in found.outcomes:
            if outcome.record is not None:
                self._seen.see(outcome.record.n, outcome.record.line, outcome.issues)
                self._owners.add(found.owners.get(outcome.record.n, ""))
        for verdict, count in found.counts().items():
            self._counts[verdict] += count
        self._heard += len(found.heard)
        self._of_same += [
            {"row": o.record.row, **issue.as_json()}
            for o in found.outcomes
            if o.verdict == "same" and o.record is not None
            for issue in o.issues
        ][: MOST_OF_SAME - len(self._of_same)]
        heard_before = queries.heard_until(self._connection, found.heard)
        self._staging.add(*_acts(found, heard_before))

    def finish(self, head: Mapping[str, Any], told: Told) -> tuple[int, dict[str, Any]]:
        """The number of the changeset, and the report. head: as FileRead has it, after the last row.

        Raises geodata.reading.Refused when every row is blocked, or there is none.
        """
        if self._comparer is not None and self._upload.mode == "replace":
            for public in self._beside.parts_of_dataset(PART):
                self._stage(Comparison(list(self._comparer.removals(public)), None, {}))
        self._refuse_if_all_blocked()
        number = self._staging.number
        warn_of_overlaps(
            self._connection, self._area_id, self._kind, number, lambda *of: told("comparing", *of)
        )
        told("staging", 0, 0)
        by_hand = leave_to_decide(self._connection, self._area_id, self._upload.dataset, number)
        self._staging.finish()
        notes = [*([by_hand] if by_hand else []), *(self._comparer.notes() if self._comparer else [])]
        return number, self._report(head, notes)

    def _refuse_if_all_blocked(self) -> None:
        # Whoever brings the whole of another dataset most likely wrote its name in another way.
        one = next(iter(self._owners)) if len(self._owners) == 1 else ""
        offers = {"dataset": [one] if one else [], "leave": self._in_the_way()}
        refuse_when_nothing_survives(
            self._seen, {name: some for name, some in offers.items() if some} or None
        )

    def _in_the_way(self) -> list[str]:
        """Columns that block rows by their words alone: not read, they would block nothing."""
        status = self._checker.mapping.column("status")
        faults: dict[int | None, list[Fault]] = defaultdict(list)
        for fault in self._seen.listed:
            faults[fault.row].append(fault)
        columns = {
            fault.field
            for of_row in faults.values()
            if all(one.code.startswith("vocabulary") for one in of_row)
            for fault in of_row
        }
        # What a word of a status means is asked instead.
        return sorted(columns - {status.field if status else None, None, ""})

    def _report(self, head: Mapping[str, Any], notes: Sequence[Issue]) -> dict[str, Any]:
        all_notes = [*self._checker.notes(), *notes]
        return {
            "rows": self.rows,
            "format": head["format"],
            "encoding": head["encoding"],
            "crs": head["crs"],
            "crs_names": crs.names(head["crs"]),
            "crs_known_by": head["crs_known_by"],
            "axis": head["axis"],
            "layers": head["layers"],
            "layer": head["layer"],
            "other_kinds": self._checker.other_kinds(),
            "notes": [*head["notes"], *(note.as_json() for note in all_notes)],
            "mapping": self._checker.mapping.as_json(),
            "targets": mappings.target_names(self._kind),
            "counts": self._counts,
            "heard": self._heard,
            "status_words": self._checker.status_words(),
            "of_same_rows": self._of_same,
            "source": source_told(
                self._public_source or source_of(self._upload).after or {},
                is_public=self._public_source is not None,
            ),
        }


def _acts(comparison: Comparison, heard_before: Mapping[str, str | None]) -> tuple[list[Change], Checked]:
    """Every act with what was found about it; the issues of a record stand at its first act."""
    changes: list[Change] = []
    issues: dict[int, Sequence[Issue]] = {}
    rows: dict[int, int] = {}
    told: set[int] = set()
    for change, outcome in comparison.changes():
        changes.append(change)
        if outcome is None:
            continue
        n = len(changes)
        if outcome.record is not None:
            rows[n] = outcome.record.row
        blocked = outcome.verdict == "blocked"
        if outcome.issues and (blocked or id(outcome) not in told):
            issues[n] = outcome.issues
            told.add(id(outcome))
    if comparison.heard:
        days: dict[str, str | None] = {name: day.isoformat() for name, day in comparison.heard.items()}
        changes.append(Change("heard", "", before={"days": dict(heard_before)}, after={"days": days}))
    return changes, Checked(issues, rows)
