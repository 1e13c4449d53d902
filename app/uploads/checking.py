"""From a received file to a staged changeset: read by the throw-away process, mapped, checked, compared.

Runs in a process of jobs or of the command line, never in a web worker.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from app.database import Connection, Database, today_in
from app.uploads import ledgers, queries
from app.uploads.former import SYSTEM, Former, OtherColumns, former, why_refused
from app.uploads.reader import reading
from app.uploads.road import PART, Road, Told
from app.uploads.spool import folder
from geodata import mapping as mappings
from geodata.drafting import Mode, Upload
from geodata.issues import Issue, issue
from geodata.kinds import Kind, load_kinds
from geodata.mapping import Mapping as ColumnMapping
from geodata.phases import TIERS
from geodata.reading import Declared, Fault, Place, Refused, Row
from geodata.rows import Checker, PersonalLater

SAMPLES = 50


@dataclass(frozen=True, slots=True)
class Request:
    """What the uploader asked for. mapping: as `geodata.mapping.Mapping.as_json` gives it, or None.

    tier: of the source that the file is. as_before: the upload of the same dataset whose answers are taken
    where nothing else is said, if its columns are the same.
    """

    kind: str
    dataset: str
    mode: Mode
    data_date: date | None
    declared: Declared
    mapping: Mapping[str, Any] | None = None
    unlimited: bool = False
    publisher: str = ""
    tier: str = TIERS[-1]
    as_before: int | None = None


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
            request.dataset,
            request.publisher,
            request.tier,
            request.data_date,
            request.declared,
            request.unlimited,
        )
        return Staged(
            *ledgers.check_ledger(database, area_id, path, asked, who, told, upload_id, place, today)
        )
    kind = load_kinds()[request.kind]
    task = _Task(database, area_id, path, request, who, told, upload_id, place, kind, today)
    if request.as_before is None:
        return task.whole()
    with database.writing() as connection:
        before = former(connection, area_id, request.as_before, request.kind, request.dataset)
    if before is None:
        return replace(task, notes=(issue("as-before-none", value=request.as_before),)).whole()
    return task.as_before(before)


@dataclass(frozen=True, slots=True)
class Knowing:
    """What must be known of a file before its first row is staged. Whatever of it is found out later, nothing
    was staged and all begins again; which only happens to files of more than a part."""

    fields: tuple[str, ...] = ()
    personal: frozenset[str] = frozenset()


class FieldsLater(Exception):
    """A column appeared of which the first part of the file had said nothing. fields: all columns."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


@dataclass(frozen=True, slots=True)
class _Task:
    """One file on its way."""

    database: Database
    area_id: str
    path: Path
    request: Request
    who: str
    told: Told
    upload_id: int
    place: Place
    kind: Kind
    today: date
    former: Former | None = None
    notes: tuple[Issue, ...] = ()

    def as_before(self, former: Former) -> Staged:
        """By the answers of the former file of the dataset; without them when it is another one."""
        mapping, declared = former.columns(self.request.mapping), former.declared(self.request.declared)
        request = replace(self.request, mapping=mapping, declared=declared)
        try:
            return replace(self, request=request, former=former, notes=(former.told(),)).whole()
        except OtherColumns as other:
            why = other.why
        except Refused as refusal:
            if former.fits:
                raise
            why = why_refused(refusal)
        return replace(self, notes=(former.not_told(why),)).whole()

    def whole(self) -> Staged:
        knowing = Knowing()
        while True:
            try:
                return self.staged(knowing)
            except PersonalLater as found:
                knowing = replace(knowing, personal=found.targets)
            except FieldsLater as found:
                knowing = replace(knowing, fields=found.fields)

    def staged(self, knowing: Knowing) -> Staged:
        """Raises PersonalLater, FieldsLater, OtherColumns."""
        request = self.request
        self.told("reading", 0, 0)
        with reading(self.path, request.declared, self.place, unlimited=request.unlimited) as found:
            first = list(islice(found.rows, PART))
            met = dict.fromkeys((*found.head["fields"], *(name for row in first for name in row.properties)))
            fields = knowing.fields or (tuple(met) if len(first) == PART else tuple(found.head["fields"]))
            if self.former:
                self.former.check(fields, more=len(first) == PART and not knowing.fields)
            columns = _mapping(request, first, fields, self.kind)
            checker = Checker(columns, self.kind, self.place.accept_bbox_lonlat, knowing.personal)
            if columns.column("parent"):
                # Which project a row is a part of may be said by any other row.
                first += found.rows
            with self.database.writing() as connection:
                upload = Upload(
                    request.dataset,
                    request.mode,
                    request.data_date,
                    self.today,
                    request.publisher,
                    request.tier,
                )
                road = Road(connection, self.area_id, self.kind, upload, self.who, checker)
                rows = first
                while rows:
                    self.told("checking", road.rows, 0)
                    road.take(rows)
                    rows = list(islice(found.rows, PART))
                if later := [name for name in found.head["fields"] if name not in fields]:
                    raise FieldsLater((*fields, *later))
                number, report = road.finish(found.head, self.told)
                report["notes"] = [*(note.as_json() for note in self.notes), *report["notes"]]
                if self.former:
                    queries.answer(connection, self.upload_id, _answers(request.declared))
                values = {"state": "staged", "changeset_id": number, "report": report}
                queries.conclude(connection, self.upload_id, **values)
                return Staged(number, report)


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


def _answers(declared: Declared) -> dict[str, str]:
    return {name: getattr(declared, name) for name in (*SYSTEM, "layer")}


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
