"""From a received file to a staged changeset: read by the throw-away process, mapped, checked, compared.

Runs in a process of jobs or of the command line, never in a web worker; all of a file is in its memory once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import shapely

from app.changesets.service import Checked, Terms, stage
from app.database import Connection, Database, today_in
from app.projects import kind_queries
from app.uploads import ledgers, queries
from app.uploads.reader import reading
from app.uploads.spool import folder
from geodata import crs
from geodata import mapping as mappings
from geodata import rows as rules
from geodata.changes import Change
from geodata.comparing import Comparison, Outcome, compare
from geodata.drafting import Mode, Upload
from geodata.issues import Issue
from geodata.kinds import Kind, load_kinds
from geodata.mapping import Mapping as ColumnMapping
from geodata.overlaps import Shape, overlaps
from geodata.reading import Declared, Fault, Place, Refused, Row
from geodata.reading.refusals import Survival, refuse_when_nothing_survives

Told = Callable[[str, int, int], None]
"""Is told the stage (reading, checking, comparing, staging), how much of it is done, and of how much."""
SAMPLES = 50
MOST_OVERLAPS = 5


@dataclass(frozen=True, slots=True)
class Request:
    """What the uploader asked for. mapping: as `geodata.mapping.Mapping.as_json` gives it, or None."""

    kind: str
    dataset: str
    mode: Mode
    data_date: date | None
    declared: Declared
    mapping: Mapping[str, Any] | None = None
    unlimited: bool = False
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class Staged:
    changeset_id: int
    report: dict[str, Any]


@contextmanager
def file_of(database: Database, upload_id: int) -> Iterator[Path]:
    """The pieces of an upload as one file under a name of ours, for as long as the block lasts."""
    with folder() as place:
        path = place / "file"
        with database.writing() as connection, path.open("wb") as file:
            for piece in queries.pieces(connection, upload_id):
                file.write(piece)
        yield path


def check_file(
    database: Database, area_id: str, path: Path, request: Request, who: str, told: Told, upload_id: int
) -> Staged:
    """Read, check, compare and stage the file of an upload, which then is staged too, or nothing is.

    Raises geodata.reading.Refused, with nothing stored.
    """
    with database.writing() as connection:
        place = _place(connection, area_id)
        today = _today(connection, area_id)
    if request.kind == ledgers.KIND:
        asked = ledgers.Asked(
            request.dataset, request.publisher, request.data_date, request.declared, request.unlimited
        )
        return Staged(
            *ledgers.check_ledger(database, area_id, path, asked, who, told, upload_id, place, today)
        )
    kind = load_kinds()[request.kind]
    with reading(path, request.declared, place, unlimited=request.unlimited) as found:
        rows = list(_counted(found.rows, told))
    head = found.head
    told("checking", 0, len(rows))
    columns = _mapping(request, rows, head["fields"], kind)
    table = rules.check(rows, columns, kind, place.accept_bbox_lonlat)
    told("comparing", 0, len(rows))
    upload = Upload(request.dataset, request.mode, request.data_date, today)
    with database.writing() as connection:
        base_rev = queries.revision(connection, area_id)
        comparison = compare(
            table,
            queries.standing(connection, area_id, kind.id, upload.source),
            upload,
            taken=queries.other_ids(connection, kind.id),
            sources=queries.known_sources(connection, upload.source),
        )
        comparison.outcomes = _with_overlaps(connection, area_id, kind, comparison.outcomes)
    _refuse_if_all_blocked(comparison)
    told("staging", 0, len(comparison.outcomes))
    with database.writing() as connection:
        heard_before = queries.heard_until(connection, comparison.heard)
    changes, checked = _acts(comparison, heard_before)
    report = _report(request, head, columns, comparison, len(rows))
    with database.writing() as connection:
        changeset_id = stage(
            connection,
            area_id,
            changes,
            kind="upload",
            title_zh=f"上传：{request.dataset}（{kind.name_zh}）",
            title_en=f"Upload: {request.dataset} ({kind.name_en})",
            who=who,
            base_rev=base_rev,
            terms=Terms(request.dataset, request.mode, request.data_date),
            checked=checked,
        )
        queries.conclude(connection, upload_id, state="staged", changeset_id=changeset_id, report=report)
    return Staged(changeset_id, report)


def _place(connection: Connection, area_id: str) -> Place:
    area = queries.area(connection, area_id)
    if area is None:
        raise ValueError(f"there is no area {area_id}")
    west, south, east, north = area["accept_bbox_lonlat"]
    transit = [kind.id for kind in load_kinds().values() if kind.group == "transit"]
    return Place((west, south, east, north), tuple(queries.anchors(connection, area_id, transit)))


def _today(connection: Connection, area_id: str) -> date:
    area = queries.area(connection, area_id)
    return today_in(area["tz"] if area else "UTC")


def _counted(rows: Iterator[Row], told: Told) -> Iterator[Row]:
    for n, row in enumerate(rows):
        if n % 500 == 0:
            told("reading", n, 0)
        yield row


# ---------------------------------------------------------------- columns


def _mapping(request: Request, rows: Sequence[Row], fields: Sequence[str], kind: Kind) -> ColumnMapping:
    samples = _samples(rows)
    said = request.mapping
    if said is None and (key := request.declared.key_field):
        said = {"columns": [{"field": key, "target": "key"}]}
    if said is None:
        return mappings.propose(fields, samples, kind)
    try:
        return mappings.from_json(said, fields, kind, samples)
    except mappings.MappingError as error:
        raise _refused(error.issues) from error


def _samples(rows: Sequence[Row]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows[:SAMPLES]:
        for name, value in row.properties.items():
            found[name].append(value)
    return found


def _refused(issues: Sequence[Issue]) -> Refused:
    faults = [Fault(i.code, i.detail_zh, i.detail_en, field=i.field) for i in issues]
    first = issues[0]
    return Refused(first.code, 422, first.detail_zh, first.detail_en, faults=faults)


# ---------------------------------------------------------------- beside what is there


def _with_overlaps(
    connection: Connection, area_id: str, kind: Kind, outcomes: Sequence[Outcome]
) -> list[Outcome]:
    """The outcomes, each warned of the areas that it newly shares with others."""
    moved = [
        n
        for n, outcome in enumerate(outcomes)
        if outcome.verdict == "added" or (outcome.verdict == "changed" and "geometry" in outcome.parts)
    ]
    everybody = [_shape(outcome) for outcome in outcomes if outcome.verdict in ("added", "changed", "same")]
    located = [shape.geometry for shape in everybody if shape.geometry is not None]
    if not moved or not located:
        return list(outcomes)
    west, south, east, north = (float(side) for side in shapely.total_bounds(located))
    kinds = sorted({kind.id, *(k.id for k in load_kinds().values() if k.group == "land")})
    near = kind_queries.shapes_near(connection, area_id, kinds, (west, south, east, north))
    told: dict[str, list[Issue]] = defaultdict(list)
    for overlap in overlaps(everybody, near):
        found = told[everybody[overlap.a].id]
        if len(found) < MOST_OVERLAPS:
            found.append(overlap.issue())
    result = list(outcomes)
    for n in moved:
        result[n] = replace(outcomes[n], issues=(*outcomes[n].issues, *told[outcomes[n].target]))
    return result


def _shape(outcome: Outcome) -> Shape:
    record = outcome.record
    act = outcome.changes[0] if outcome.changes else None
    precision = (
        str((act.after or {}).get("precision", "digitised")) if act and act.op == "add" else "digitised"
    )
    return Shape(
        outcome.target,
        record.name if record else "",
        record.geometry if record else None,
        precision,
    )


def _refuse_if_all_blocked(comparison: Comparison) -> None:
    seen = Survival()
    for outcome in comparison.outcomes:
        if outcome.record is not None:
            seen.see(outcome.record.n, outcome.record.line, outcome.issues)
    owners = {comparison.owners.get(o.record.n, "") for o in comparison.outcomes if o.record is not None}
    # Whoever brings the whole of another dataset most likely wrote its name in another way.
    one = owners.pop() if len(owners) == 1 else ""
    refuse_when_nothing_survives(seen, {"dataset": [one]} if one else None)


# ---------------------------------------------------------------- what is staged


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


def _report(
    request: Request,
    head: Mapping[str, Any],
    columns: ColumnMapping,
    comparison: Comparison,
    rows: int,
) -> dict[str, Any]:
    same_with_notes = [
        {"row": o.record.row, **issue.as_json()}
        for o in comparison.outcomes
        if o.verdict == "same" and o.record is not None
        for issue in o.issues
    ]
    return {
        "rows": rows,
        "format": head["format"],
        "encoding": head["encoding"],
        "crs": head["crs"],
        "crs_names": crs.names(head["crs"]),
        "crs_known_by": head["crs_known_by"],
        "axis": head["axis"],
        "notes": [*head["notes"], *(note.as_json() for note in comparison.notes)],
        "mapping": columns.as_json(),
        "targets": mappings.target_names(load_kinds()[request.kind]),
        "counts": comparison.counts(),
        "heard": len(comparison.heard),
        "of_same_rows": same_with_notes[:100],
    }
