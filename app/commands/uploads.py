"""`guatu upload`: the same code as the web, without the browser's limits, with a bar of progress."""

from __future__ import annotations

import gc
import hashlib
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from app.changesets import service as changesets
from app.changesets import staged_queries
from app.commands.ready import WHO, Refused, console, ready, say
from app.database import Database
from app.uploads import ledgers, queries
from app.uploads.checking import Request, Staged, check_file
from app.uploads.service import reject
from geodata.geometry import PRECISIONS
from geodata.kinds import load_kinds
from geodata.mapping import DEFAULT_PRECISION
from geodata.reading import Declared
from geodata.reading import Refused as FileRefused

STAGES = {
    "reading": "opening",
    "checking": "reading and checking every row",
    "comparing": "comparing with what is public",
    "staging": "staging",
    "writing": "writing",
    "deriving": "computing phases",
}
SHOWN = 10


def upload(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    kind: Annotated[str, typer.Option(help="Which kind its rows are, for example parcel.")],
    dataset: Annotated[str, typer.Option(help="What the file is the newest state of.")],
    mode: Annotated[
        Literal["merge", "replace"], typer.Option(help="replace also removes what it lacks.")
    ] = "merge",
    data_date: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day its data is of.")
    ] = None,
    crs: Annotated[str, typer.Option(help="Its reference system, for example EPSG:4547.")] = "",
    axis: Annotated[Literal["", "lonlat", "latlon"], typer.Option(help="Which coordinate comes first.")] = "",
    source_crs: Annotated[
        Literal["", "WGS84", "CGCS2000", "GCJ-02", "BD-09"], typer.Option(help="The datum of its numbers.")
    ] = "",
    encoding: Annotated[str, typer.Option(help="Its encoding, for example gb18030.")] = "",
    layer: Annotated[str, typer.Option(help="The layer of a file, or the sheet of a workbook.")] = "",
    precision: Annotated[
        str,
        typer.Option(help=f"How exact its shapes are: {', '.join(PRECISIONS[:-1])} [{DEFAULT_PRECISION}]."),
    ] = "",
    key_field: Annotated[str, typer.Option(help="The column that tells its rows apart.")] = "",
    publisher: Annotated[str, typer.Option(help="Who issues it [the name of the dataset].")] = "",
    tier: Annotated[
        Literal["official", "press", "web"], typer.Option(help="Which kind of source it is.")
    ] = "official",
    publish: Annotated[bool, typer.Option(help="Publish at once, warnings and all.")] = False,
    reason: Annotated[str, typer.Option(help="Why; kept in the history.")] = "",
) -> None:
    """Read, check and stage a file; publish it too, when asked."""
    if kind not in (known := (*load_kinds(), ledgers.KIND)):
        raise Refused(f"There is no kind '{kind}'; there are: {', '.join(known)}.")
    if kind == ledgers.KIND and mode != "merge":
        raise Refused("A ledger adds to projects that are public; it cannot replace them.")
    if precision and precision not in PRECISIONS[:-1]:
        raise Refused(f"There is no precision '{precision}'; there are: {', '.join(PRECISIONS[:-1])}.")
    if publish and not reason:
        raise Refused("Publishing needs a reason: --reason 'why'.")
    declared = Declared(
        name=file.name,
        crs=crs,
        axis=axis,
        source_crs=source_crs,
        encoding=encoding,
        layer=layer,
        key_field=key_field,
    )
    mapping: dict[str, Any] | None = {"precision": precision} if precision else None
    if mapping and key_field:
        mapping |= {"columns": [{"field": key_field, "target": "key"}]}
    request = Request(
        kind,
        dataset,
        mode,
        data_date and data_date.date(),
        declared,
        mapping,
        unlimited=True,
        publisher=publisher,
        tier=tier,
    )
    # One file, one process: see app.work.
    gc.disable()
    gc.freeze()
    with ready(say) as (settings, database), _bar() as bar:
        staged = _staged(database, settings.area, file, request, bar)
        revision = None
        with database.writing() as connection:
            is_empty = not staged_queries.size(connection, staged.changeset_id)
        if publish and not is_empty:
            task = bar.add_task(STAGES["writing"], total=None)

            def told(stage: str, done: int, total: int) -> None:
                bar.update(task, description=STAGES.get(stage, stage), completed=done, total=total or None)

            with database.writing() as connection:
                revision = changesets.publish(connection, staged.changeset_id, WHO, reason=reason, told=told)
    _tell(staged)
    if is_empty:
        say("Nothing to publish: all of the file is public already.")
    elif revision is not None:
        say(f"Published as revision {revision}.")
    else:
        say(f"Staged as changeset {staged.changeset_id}: look at it under /upload, or run")
        say(f"  ./guatu publish {staged.changeset_id}")


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console)


def _staged(database: Database, area_id: str, file: Path, request: Request, bar: Progress) -> Staged:
    with database.writing() as connection:
        upload_id = queries.add(connection, _row(area_id, file, request), ())
    task = bar.add_task(STAGES["reading"], total=None)

    def told(stage: str, done: int, total: int) -> None:
        bar.update(task, description=STAGES.get(stage, stage), completed=done, total=total or None)

    try:
        return check_file(database, area_id, file, request, WHO, told, upload_id)
    except FileRefused as refusal:
        with database.writing() as connection:
            row = queries.upload(connection, upload_id)
            if row is not None:
                reject(connection, row, refusal)
        raise Refused(_words(refusal)) from refusal


def _row(area_id: str, file: Path, request: Request) -> dict[str, object]:
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    asked = {
        "kind": request.kind,
        "dataset": request.dataset,
        "mode": request.mode,
        "data_date": request.data_date and request.data_date.isoformat(),
        "publisher": request.publisher,
        "tier": request.tier,
    }
    return {
        "area_id": area_id,
        "account": WHO,
        "name": file.name,
        "size": file.stat().st_size,
        "sha256": digest,
        "request": asked,
    }


def _words(refusal: FileRefused) -> str:
    lines = [f"The file is refused ({refusal.code}): {refusal.detail_en}", refusal.detail_zh]
    for fault in refusal.faults[:SHOWN]:
        # Of a table the number that a spreadsheet shows.
        row = fault.line if fault.line is not None else fault.row and fault.row + 1
        place = f"row {row}: " if fault.row is not None else ""
        lines.append(f"  {place}{fault.detail_en}")
    if refusal.faults_total > SHOWN:
        lines.append(f"  … and {refusal.faults_total - SHOWN} more")
    for name, offered in refusal.offers.items():
        lines.append(f"  --{name.replace('_', '-')} could be: {offered}")
    return "\n".join(lines)


def _tell(staged: Staged) -> None:
    report = staged.report
    table = Table("", "")
    table.add_row(
        "read as", f"{report['format']}, {report['encoding']}, {report['crs']} ({report['crs_known_by']})"
    )
    for verdict, count in report["counts"].items():
        table.add_row(verdict, str(count))
    for one in report["status_words"][:SHOWN]:
        table.add_row("status", f"{one['word']} → {one['phase']}: {one['rows']} rows")
    for note in report["notes"][:SHOWN]:
        table.add_row(note["severity"], note["detail_en"])
    console.print(table)
