"""A ledger (台账) as a staged changeset: claims, and lead units, of projects that are public already."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from app.changesets.queries import current_projects
from app.changesets.service import Checked, Terms, stage
from app.database import Connection, Database
from app.uploads import queries
from app.uploads.reader import reading
from geodata import ledger
from geodata.changes import Change
from geodata.drafting import Upload, source_of
from geodata.issues import Issue, issue
from geodata.reading import Declared, Fault, Place, Refused

KIND = "ledger"
"""What a form says in place of a kind: the rows are of projects of any kind."""
MOST_NOTES = 300


@dataclass(frozen=True, slots=True)
class Asked:
    """What is said of the file. publisher: who issues it, "" when nobody said; tier: of its source."""

    dataset: str
    publisher: str
    tier: str
    data_date: date | None
    declared: Declared
    unlimited: bool


@dataclass(frozen=True, slots=True)
class Drafted:
    """What a ledger would change, with what was found, and how many of its values were said before."""

    changes: list[Change]
    checked: Checked
    counts: dict[str, int]


def check_ledger(
    database: Database,
    area_id: str,
    path: Path,
    asked: Asked,
    who: str,
    told: Callable[[str, int, int], None],
    upload_id: int,
    place: Place,
    today: date,
) -> tuple[int, dict[str, Any]]:
    """Read, match and stage a ledger; answers the number of the changeset and the report. Raises Refused."""
    with reading(path, asked.declared, place, unlimited=asked.unlimited, ledger=True) as found:
        rows = list(found.rows)
    told("comparing", 0, len(rows))
    upload = Upload(asked.dataset, "merge", asked.data_date, today, asked.publisher, asked.tier)
    source = source_of(upload)
    with database.writing() as connection:
        base_rev = queries.revision(connection, area_id)
        known = queries.projects_known(connection, area_id)
        said = frozenset(map(ledger.said_already, queries.said(connection, area_id)))
        public = queries.source(connection, upload.source)
        cited = {"id": upload.source, "published": upload.day.isoformat()}
        read = ledger.read(rows, known, cited, upload.day, said)
        _refuse_without_projects(read)
        drafted = _drafted(connection, read, None if public else source)
    told("staging", 0, len(drafted.changes))
    report = {
        "rows": read.rows,
        "format": "xlsx",
        "encoding": "utf-8",
        "crs": "",
        "crs_names": {"name_zh": "", "name_en": ""},
        "crs_known_by": "",
        "axis": "",
        "notes": [note.as_json() for note in _notes(read, drafted)],
        "mapping": {"columns": [], "precision": "", "words": {}, "cleared": []},
        "targets": [],
        "counts": drafted.counts,
        "heard": 0,
        "status_words": [],
        "of_same_rows": [],
        "source": source_told(public or source.after or {}, is_public=public is not None),
    }
    with database.writing() as connection:
        changeset_id = stage(
            connection,
            area_id,
            drafted.changes,
            kind="upload",
            title_zh=f"台账：{asked.dataset}",
            title_en=f"Ledger: {asked.dataset}",
            who=who,
            base_rev=base_rev,
            terms=Terms(asked.dataset, "merge", asked.data_date),
            checked=drafted.checked,
        )
        queries.conclude(connection, upload_id, state="staged", changeset_id=changeset_id, report=report)
    return changeset_id, report


def source_told(record: Mapping[str, Any], *, is_public: bool) -> dict[str, Any]:
    """What a report says of the source of a file's claims. is_public: another file of the same dataset and
    day was published before, whose source stays as it is."""
    names = ("publisher_zh", "publisher_en", "tier")
    return {**{name: record[name] for name in names}, "is_public": is_public}


def _notes(read: ledger.Ledger, drafted: Drafted) -> list[Issue]:
    """What is to be known of the whole file, first what it would make public."""
    public = _words_made_public(drafted.changes)
    return [*([public] if public else []), *read.notes][:MOST_NOTES]


def _refuse_without_projects(read: ledger.Ledger) -> None:
    if read.lines:
        return
    why = issue("ledger-nothing")
    faults = [Fault(one.code, one.detail_zh, one.detail_en, field=one.field) for one in read.notes]
    raise Refused(why.code, 422, why.detail_zh, why.detail_en, faults=faults[:100], faults_total=len(faults))


def _drafted(connection: Connection, read: ledger.Ledger, source: Change | None) -> Drafted:
    changes: list[Change] = []
    issues: dict[int, list[Issue]] = {}
    rows: dict[int, int] = {}
    counts = dict.fromkeys(("added", "changed", "removed", "same", "blocked"), 0)
    current = current_projects(connection, {line.target for line in read.lines})
    led: dict[str, Mapping[str, Any]] = {}
    for line in read.lines:
        begun = len(changes)
        if line.lead_unit is not None and line.target not in led:
            before = {"attrs": current[line.target].record["attrs"]}
            led[line.target] = after = {"attrs": {**before["attrs"], ledger.LEAD: line.lead_unit}}
            changes.append(Change("change", line.target, before, after))
        for record, found in line.claims:
            changes.append(Change("claim", "", after=record))
            if found:
                issues[len(changes)] = found
        for n in range(begun + 1, len(changes) + 1):
            rows[n] = line.line - 1
        own = [found for n in range(begun + 1, len(changes) + 1) for found in issues.get(n, ())]
        blocked = any(found.severity == "block" for found in own)
        counts["blocked" if blocked else "changed" if len(changes) > begun else "same"] += 1
    if source is not None and any(change.op == "claim" for change in changes):
        changes.insert(0, source)
        issues = {n + 1: found for n, found in issues.items()}
        rows = {n + 1: row for n, row in rows.items()}
    _warn_of_words(changes, issues)
    return Drafted(changes, Checked(issues, rows), counts)


def _warn_of_words(changes: Sequence[Change], issues: dict[int, list[Issue]]) -> None:
    """At the first words of each column, so that it is confirmed before any of them is published."""
    public = _words_made_public(changes)
    if public is None:
        return
    first: dict[str, int] = {}
    for n, change in enumerate(changes, 1):
        if change.op == "claim" and change.after and change.after["property"] == "mention":
            first.setdefault(str(change.after["note"]), n)
    for n in first.values():
        issues[n] = [*issues.get(n, ()), public]


def _words_made_public(changes: Sequence[Change]) -> Issue | None:
    """The columns of which the words would be public as they stand."""
    said = [change.after for change in changes if change.op == "claim" and change.after]
    columns = dict.fromkeys(str(one["note"]) for one in said if one["property"] == "mention")
    named = [f"“{name}”" for name in columns]
    return issue("ledger-words-public", columns=named) if columns else None
