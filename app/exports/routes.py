"""GET /api/projects.csv, .geojson, .xlsx, .gpkg, .fgb, .parquet, .kml and .shp.zip: a selection as a file.

A table of any length is sent as its rows are read. The other formats are written to a temporary file first:
the database is let go before it is sent, and nobody gets half a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response, StreamingResponse

from app import answers
from app.database import Connection, StorageFull, is_full
from app.errors import Problem, documented, language
from app.exports.about import about
from app.exports.formats import FORMATS, Format, Making
from app.exports.turns import LONG_ROWS, Crowded, Turn, Turns
from app.projects import export, queries, service
from app.projects.queries import Selection
from app.projects.routes import chosen
from app.projects.schemas import ExportParams
from app.settings import Settings
from app.web import DatabaseOf, Reading, SettingsOf

router = APIRouter(tags=["projects"])
CSV = "text/csv; charset=utf-8"
_BLOCK = 1 << 18

Asked = Annotated[ExportParams, Query()]


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


def _serve(form: Format) -> None:
    def export(
        request: Request,
        params: Asked,
        database: DatabaseOf,
        settings: SettingsOf,
        turn: TurnOf,
        folder: Folder,
    ) -> Response:
        return _File(request, params, settings, form, folder).answer(database, turn)

    router.add_api_route(
        f"/api/projects.{form.ending}",
        export,
        name=f"export_{form.ending.replace('.', '_')}",
        response_class=Response,
        responses=_described(form.media_type),
        summary=form.summary,
        description=form.told,
    )


for _form in FORMATS:
    _serve(_form)


@dataclass(frozen=True, slots=True)
class _File:
    """One answer that is a file of some format."""

    request: Request
    params: ExportParams
    settings: Settings
    form: Format
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
        most = self.form.most() if self.form.most else None
        if most is not None and matched > most:
            raise _too_many_rows(self.form.name, matched, most)
        _take(turn, matched)
        path, cited = self.folder / f"projects.{self.form.ending}", set[str]()
        features = _whole(connection, moment, self.params, self.settings, cited)
        told = about(moment, self.params, matched, left_out)
        try:
            self.form.write(Making(path, connection, moment, features, cited, told, lang))
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
            raise _only_unlocated(self.form.name)
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


def _only_unlocated(name: str) -> Problem:
    fault = {
        "pointer": "/query/unlocated",
        "code": "unlocated",
        "detail_zh": f"{name} 只收有位置的项目；未定位的请用 CSV、XLSX 或 GPKG",
        "detail_en": f"{name} holds no project without a place; take CSV, XLSX or GPKG for those",
    }
    return Problem("bad-parameter", fault["detail_zh"], fault["detail_en"], errors=[fault])
