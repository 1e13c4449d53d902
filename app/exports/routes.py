"""GET /api/projects.csv, .geojson, .xlsx, .gpkg, .fgb, .parquet and .kml: a selection as a file.

A table of any length is sent as its rows are read. The other formats are written to a temporary file first:
the database is let go before it is sent, and nobody gets half a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response, StreamingResponse

from app import answers
from app.database import Connection, StorageFull, is_full
from app.errors import Problem, documented, language
from app.exports.about import Item, about
from app.exports.table import Row, record
from app.exports.turns import LONG_ROWS, Crowded, Turn, Turns
from app.projects import export, queries, service
from app.projects.queries import Selection
from app.projects.routes import chosen
from app.projects.schemas import ExportParams
from app.settings import Settings
from app.web import DatabaseOf, Reading, SettingsOf

router = APIRouter(tags=["projects"])
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GPKG = "application/geopackage+sqlite3"
FGB = "application/vnd.flatgeobuf"
PARQUET = "application/vnd.apache.parquet"
KML = "application/vnd.google-earth.kml+xml"
MOST_ROWS = 200_000
"""Of a workbook, which would take minutes to write and to open, and ends at 1,048,576; and of FlatGeobuf,
whose index is made in memory (some 130 MB for so many)."""
_BLOCK = 1 << 18

Asked = Annotated[ExportParams, Query()]
Features = Iterable[list[dict[str, Any]]]


def _turn(request: Request) -> Iterator[Turn]:
    turns: Turns = request.app.state.export_turns
    with turns.one() as turn:
        yield turn


def _folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="guatu-export-") as name:
        yield Path(name)


TurnOf = Annotated[Turn, Depends(_turn)]
Folder = Annotated[Path, Depends(_folder)]
"""Both end when the answer was sent, or its reader went away."""


def _described(media_type: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {media_type.partition(";")[0]: {}}}, **documented(429)}


def _name(settings: Settings, moment: service.Moment, ending: str) -> dict[str, str]:
    return answers.attachment(f"{settings.area}-projects-{moment.day.isoformat()}.{ending}")


# ---------------------------------------------------------------- sent as it is read


@router.get(
    "/api/projects.csv",
    response_class=Response,
    responses=_described(CSV),
    summary="The same selection as CSV",
)
def export_csv(
    request: Request, params: Asked, connection: Reading, settings: SettingsOf, turn: TurnOf
) -> Response:
    """UTF-8 with a byte order mark, one row a project, safe against formulas; precision, where the place
    comes from, licence and credits stand in every row."""
    moment = service.moment(connection, settings.area, params.day, params.known)
    lang = language(request)
    tag = answers.computed_tag(request, moment.revision, moment.today, [lang])
    if answers.unchanged(request, tag):
        return answers.not_modified(tag, answers.COMPUTED)
    matched = queries.count(connection, chosen(moment, params))
    _take(turn, matched)
    pieces = export.csv_bytes(_whole(connection, moment, params, settings), moment, lang)
    headers = {**_name(settings, moment, "csv"), **answers.IN_LANGUAGE}
    headers |= {"ETag": tag, "Cache-Control": answers.COMPUTED}
    if matched <= LONG_ROWS:
        return Response(b"".join(pieces), headers=headers, media_type=CSV)
    return StreamingResponse(pieces, headers=headers, media_type=CSV)


def _whole(
    connection: Connection,
    moment: service.Moment,
    params: ExportParams,
    settings: Settings,
    cited: set[str] | None = None,
) -> Iterator[list[dict[str, Any]]]:
    return service.whole(
        connection,
        moment,
        chosen(moment, params),
        sort=params.sort,
        show_lights=settings.show_lights,
        cited=cited,
    )


def _take(turn: Turn, rows: int) -> None:
    try:
        turn.take(rows)
    except Crowded as crowd:
        raise Problem(
            "too-many",
            "此刻正在导出的大文件太多，请稍候再取，或缩小选择范围",
            "Several large files are being made at the moment. Ask again shortly, or select less.",
            headers={"Retry-After": "20"},
        ) from crowd


# ---------------------------------------------------------------- written first, then sent


@dataclass(slots=True)
class _Making:
    """A file that is being written. cited fills as the rows are read."""

    path: Path
    connection: Connection
    moment: service.Moment
    features: Features
    cited: set[str]
    about: list[Item]
    lang: str

    def rows(self) -> Iterator[list[Row]]:
        for chunk in self.features:
            yield [record(feature, self.moment) for feature in chunk]

    def layer(self) -> Iterator[tuple[list[Row], list[str | None]]]:
        for chunk in self.features:
            yield [record(f, self.moment) for f in chunk], [f["geometry"] for f in chunk]

    def sources(self) -> Sequence[Row]:
        found = queries.sources(self.connection, self.cited)
        return [dict(found[name]) for name in sorted(found)]


# The writers take up to a second to import and some 100 MB; few answers need them.


def _write_xlsx(making: _Making) -> None:
    from app.exports import workbook

    workbook.write(making.path, making.rows(), making.sources, making.about, making.moment, making.lang)


def _write_gpkg(making: _Making) -> None:
    from app.exports import layers

    layers.write_gpkg(making.path, making.layer(), making.sources, making.about)


def _write_fgb(making: _Making) -> None:
    from app.exports import layers

    layers.write_fgb(making.path, making.layer(), making.about)


def _write_parquet(making: _Making) -> None:
    from app.exports import layers

    layers.write_parquet(making.path, making.layer(), making.about)


def _write_kml(making: _Making) -> None:
    from app.exports import keyhole

    keyhole.write_kml(making.path, making.layer(), making.about)


def _write_geojson(making: _Making) -> None:
    with making.path.open("wb") as file:
        file.writelines(export.geojson_bytes(making.features, making.moment))


@dataclass(frozen=True, slots=True)
class _Format:
    """most: rows that it can take. located: whether it holds only what has a place. in_language: whether its
    words follow the reader."""

    ending: str
    media_type: str
    write: Callable[[_Making], None]
    most: int | None = None
    located: bool = False
    in_language: bool = False


@router.get(
    "/api/projects.geojson",
    response_class=Response,
    responses=_described(answers.GEOJSON),
    summary="The same selection as one GeoJSON file",
)
def export_geojson(
    request: Request, params: Asked, database: DatabaseOf, settings: SettingsOf, turn: TurnOf, folder: Folder
) -> Response:
    """Everything in one file, without pages: the properties of the list, codes also in words, and `place`,
    where each geometry comes from."""
    form = _Format("geojson", answers.GEOJSON, _write_geojson)
    return _File(request, params, settings, form, folder).answer(database, turn)


@router.get(
    "/api/projects.xlsx",
    response_class=Response,
    responses=_described(XLSX),
    summary="The same selection as a workbook",
)
def export_xlsx(
    request: Request, params: Asked, database: DatabaseOf, settings: SettingsOf, turn: TurnOf, folder: Folder
) -> Response:
    """Typed cells: numbers as numbers, days as days where they are exact to the day, and no formula. Sheets
    of the projects, of the documents behind them, and of the selection, its credits and warnings."""
    form = _Format("xlsx", XLSX, _write_xlsx, most=MOST_ROWS, in_language=True)
    return _File(request, params, settings, form, folder).answer(database, turn)


@router.get(
    "/api/projects.gpkg",
    response_class=Response,
    responses=_described(GPKG),
    summary="The same selection as a GeoPackage",
)
def export_gpkg(
    request: Request, params: Asked, database: DatabaseOf, settings: SettingsOf, turn: TurnOf, folder: Folder
) -> Response:
    """Layer `projects` (EPSG:4326; no geometry where a project has no place) and the tables `about` and
    `sources`; words in both languages."""
    form = _Format("gpkg", GPKG, _write_gpkg)
    return _File(request, params, settings, form, folder).answer(database, turn)


@router.get(
    "/api/projects.fgb",
    response_class=Response,
    responses=_described(FGB),
    summary="The same selection as FlatGeobuf",
)
def export_fgb(
    request: Request, params: Asked, database: DatabaseOf, settings: SettingsOf, turn: TurnOf, folder: Folder
) -> Response:
    """With a spatial index, so only the projects that have a place; its header tells how many have none."""
    form = _Format("fgb", FGB, _write_fgb, most=MOST_ROWS, located=True)
    return _File(request, params, settings, form, folder).answer(database, turn)


@router.get(
    "/api/projects.parquet",
    response_class=Response,
    responses=_described(PARQUET),
    summary="The same selection as GeoParquet",
)
def export_parquet(
    request: Request, params: Asked, database: DatabaseOf, settings: SettingsOf, turn: TurnOf, folder: Folder
) -> Response:
    """GeoParquet 1.1 with WKB geometry (EPSG:4326); what is said of the file is in its metadata, `guatu`."""
    form = _Format("parquet", PARQUET, _write_parquet)
    return _File(request, params, settings, form, folder).answer(database, turn)


@router.get(
    "/api/projects.kml",
    response_class=Response,
    responses=_described(KML),
    summary="The same selection as KML",
)
def export_kml(
    request: Request, params: Asked, database: DatabaseOf, settings: SettingsOf, turn: TurnOf, folder: Folder
) -> Response:
    """A placemark a project, in the hue of its kind, with the columns of the other files as its data; what is
    said of the file stands in its description. It cites no sources."""
    form = _Format("kml", KML, _write_kml)
    return _File(request, params, settings, form, folder).answer(database, turn)


@dataclass(frozen=True, slots=True)
class _File:
    """One answer that is a file of some format."""

    request: Request
    params: ExportParams
    settings: Settings
    form: _Format
    folder: Path

    def answer(self, database: DatabaseOf, turn: Turn) -> Response:
        """The file, or that it has not changed."""
        lang = language(self.request)
        with database.reading() as connection:
            moment = service.moment(connection, self.settings.area, self.params.day, self.params.known)
            tag = answers.computed_tag(
                self.request, moment.revision, moment.today, [lang] if self.form.in_language else ()
            )
            if answers.unchanged(self.request, tag):
                return answers.not_modified(tag, answers.COMPUTED)
            path = self._made(connection, moment, turn, lang)
        turn.end()
        headers = {
            **_name(self.settings, moment, self.form.ending),
            **(answers.IN_LANGUAGE if self.form.in_language else {}),
            "ETag": tag,
            "Cache-Control": answers.COMPUTED,
            "Content-Length": str(path.stat().st_size),
        }
        return StreamingResponse(_blocks(path), headers=headers, media_type=self.form.media_type)

    def _made(self, connection: Connection, moment: service.Moment, turn: Turn, lang: str) -> Path:
        selection = chosen(moment, self.params)
        matched = queries.count(connection, selection)
        left_out = self._left_out(connection, selection, matched)
        if self.form.most is not None and matched > self.form.most:
            raise _too_many_rows(self.form.ending.upper(), matched, self.form.most)
        _take(turn, matched)
        path, cited = self.folder / f"projects.{self.form.ending}", set[str]()
        features = _whole(connection, moment, self.params, self.settings, cited)
        told = about(moment, self.params, matched, left_out)
        try:
            self.form.write(_Making(path, connection, moment, features, cited, told, lang))
        except OSError as error:
            if is_full(error):
                raise StorageFull(str(error)) from error
            raise
        return path

    def _left_out(self, connection: Connection, selection: Selection, matched: int) -> int:
        """How many projects the format cannot hold because they have no place."""
        if not self.form.located or selection.unlocated == "without":
            return 0
        if selection.unlocated == "only":
            raise _only_unlocated()
        return matched - queries.count(connection, replace(selection, unlocated="without"))


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _too_many_rows(name: str, matched: int, most: int) -> Problem:
    return Problem(
        "bad-parameter",
        f"所选有 {matched} 个项目，{name} 最多 {most} 个；"
        "请按类别、阶段或范围缩小选择，或改用 CSV、GeoJSON、GPKG、Parquet",
        f"The selection has {matched} projects and {name} takes at most {most}. Narrow it by kind, phase or"
        " bbox, or take CSV, GeoJSON, GPKG or Parquet.",
    )


def _only_unlocated() -> Problem:
    fault = {
        "pointer": "/query/unlocated",
        "code": "unlocated",
        "detail_zh": "FlatGeobuf 只收有位置的项目；未定位的请用 CSV、XLSX 或 GPKG",
        "detail_en": "FlatGeobuf holds no project without a place; take CSV, XLSX or GPKG for those",
    }
    return Problem("bad-parameter", fault["detail_zh"], fault["detail_en"], errors=[fault])
