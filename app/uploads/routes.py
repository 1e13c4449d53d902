"""Bringing a file, and looking at what became of it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from datetime import date
from math import ceil
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, Form, Header, Path, Query, Request, UploadFile
from pydantic import BaseModel, ConfigDict, Field, field_validator
from starlette.responses import Response

from app import answers
from app.access.people import LARGEST_BODY, Who, requires
from app.changesets.acting import key_reused
from app.database import Connection
from app.errors import Problem, documented
from app.jobs import kept
from app.jobs import queries as jobs
from app.jobs.routes import ENDED, accepted, awaited, entry, failure
from app.params import Params, fault, read_text
from app.uploads import ledgers, queries, schemas, service
from app.uploads.problems import FileProblem
from app.web import DatabaseOf, SettingsOf
from geodata import templates
from geodata.issues import Issue
from geodata.kinds import load_kinds
from geodata.templates import Found

router = APIRouter(tags=["uploads"])
Gis = Annotated[Who, requires("gis", "upload")]
Sender = Annotated[Who, requires("gis", "upload", body=service.LARGEST_FILE + LARGEST_BODY)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="Number of an upload.")]
LONGEST_NAME = 255
DATA_ENDINGS = (".geojson", ".json", ".csv", ".tsv", ".txt", ".xlsx", ".kml", ".kmz", ".zip", ".gpkg")
ANSWERS = ("crs", "axis", "encoding", "source_crs", "layer", "key_field")
"""What a form may say besides what it must, to answer what a file leaves open."""
_DATASET = re.compile(r"[\w\-. ()（）,:、·《》]{1,80}")
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Sent(BaseModel):
    """The form beside the file."""

    model_config = ConfigDict(extra="forbid")

    file: UploadFile = Field(
        description="GeoJSON, KML, KMZ, a zipped Shapefile, GeoPackage, CSV, TSV or XLSX; its content"
        " decides, not its name."
    )
    kind: str = Field(
        description="Which kind its rows are; `ledger`: of projects of any kind.", examples=["parcel"]
    )
    dataset: str = Field(min_length=1, max_length=80, description="What the file is the newest state of.")
    mode: Literal["merge", "replace"] = Field("merge", description="replace also removes what it lacks.")
    data_date: str = Field("", description="The day its data is of; empty: today.")
    crs: str = Field("", max_length=200, description="When asked: EPSG code.", examples=["EPSG:4547"])
    axis: Literal["", "lonlat", "latlon"] = Field("", description="When asked: what comes first.")
    encoding: str = Field("", max_length=40)
    source_crs: Literal["", "WGS84", "CGCS2000", "GCJ-02", "BD-09"] = ""
    layer: str = Field("", max_length=200, description="When asked: the sheet of a workbook.")
    key_field: str = Field("", max_length=200, description="The column that tells rows apart.")
    publisher: str = Field("", max_length=200, description="Who issues it; empty: the dataset's name.")
    tier: Literal["official", "press", "web"] = Field("official", description="Of the source that it is.")
    as_before: int | None = Field(
        None,
        ge=1,
        le=2**31 - 1,
        description="An upload of the same kind and dataset: what its columns, words, coordinates and sheet"
        " are holds where this form says nothing, if the columns are the same.",
    )
    mapping: str = Field("", max_length=200_000, description="What each column is, as the report gave it.")

    @field_validator("kind")
    @classmethod
    def _known(cls, kind: str) -> str:
        allowed = (*load_kinds(), ledgers.KIND)
        if kind not in allowed:
            raise fault("kind", value=kind[:40], allowed=", ".join(allowed))
        return kind

    @field_validator("publisher")
    @classmethod
    def _words(cls, publisher: str) -> str:
        return read_text(publisher) if publisher else ""

    @field_validator("crs", "encoding", "layer", "key_field")
    @classmethod
    def _printable(cls, said: str) -> str:
        if any(unicodedata.category(c) in ("Cc", "Cs") for c in said):
            raise fault("text", most=200)
        return said

    @field_validator("dataset")
    @classmethod
    def _plain(cls, dataset: str) -> str:
        plain = unicodedata.normalize("NFKC", dataset).strip()
        if not _DATASET.fullmatch(plain):
            raise fault("dataset")
        return plain

    @field_validator("data_date")
    @classmethod
    def _day(cls, day: str) -> str:
        try:
            return date.fromisoformat(day).isoformat() if day else ""
        except ValueError as error:
            raise fault("whole_day", value=day[:40]) from error

    @field_validator("mapping")
    @classmethod
    def _json(cls, mapping: str) -> str:
        try:
            read = orjson.loads(mapping) if mapping else {}
            # No table and no column is called so, and no database keeps it.
            if not isinstance(read, dict) or _NUL.search(orjson.dumps(read)):
                raise fault("json_invalid")
        except orjson.JSONDecodeError as error:
            raise fault("json_invalid") from error
        return mapping

    def request(self) -> dict[str, Any]:
        """The form as it is kept."""
        names = ("kind", "dataset", "mode", "data_date", "publisher", "tier", "as_before", *ANSWERS)
        return {
            **{name: getattr(self, name) for name in names},
            "mapping": orjson.loads(self.mapping) if self.mapping else None,
        }


async def _each_once(request: Request) -> None:
    """Of a part that comes twice the last would count, and a file would be lost without a word."""
    often = Counter(name for name, _ in (await request.form()).multi_items())
    twice = [name[:60] for name, count in often.items() if count > 1]
    if twice:
        raise Problem(
            "bad-request",
            f"“{twice[0]}”出现了不止一次：每次只能上传一个文件",
            f"'{twice[0]}' came more than once. Upload one file at a time.",
        )


@router.post(
    "/api/uploads",
    dependencies=[Depends(_each_once)],
    status_code=201,
    response_model=schemas.UploadDetail,
    responses=documented(401, 403, 408, 409, 413, 415, 422, 429, 507),
    summary="Bring a file",
)
def post_upload(
    request: Request,
    who: Sender,
    sent: Annotated[Sent, Form(media_type="multipart/form-data")],
    params: Annotated[Params, Query()],
    database: DatabaseOf,
    settings: SettingsOf,
    key: Annotated[str | None, Header(alias="Idempotency-Key", max_length=kept.LONGEST_KEY)] = None,
) -> Response:
    """201 with the report and the staged changeset, or 202 with `Location` when it takes longer; a file that
    is refused answers why, and nothing of it is kept."""
    if sent.kind == ledgers.KIND and sent.mode != "merge":
        raise Problem(
            "bad-request",
            "台账只补充已公开的项目，不能用“替换”",
            "A ledger adds to projects that are public; it cannot replace them.",
        )
    form = sent.request()
    name = shown_name(sent.file.filename or "")
    received = service.Received.of(name, sent.file.file)
    mark = kept.fingerprint(form, name, received.sha256)
    with database.writing() as connection:
        body = _begun(connection, settings.area, who, received, form, key or "", mark)
    job = awaited(request, database, body["job"])
    location = f"/api/uploads/{body['upload']}"
    if job["state"] == "failed":
        raise failure(job)
    if job["state"] not in ENDED:
        return accepted(job, location)
    with database.writing() as connection:
        detail = _detail(connection, body["upload"])
    if detail["state"] == "rejected":
        raise FileProblem(detail["report"]["refused"], instance=location)
    return _json(detail, 201, {"Location": location})


def _begun(
    connection: Connection,
    area_id: str,
    who: Who,
    received: service.Received,
    form: Mapping[str, Any],
    key: str,
    mark: str,
) -> Mapping[str, Any]:
    """The numbers of the upload and of its job, new or of the same request before."""
    try:
        earlier = kept.earlier(connection, who.name, key, mark)
        if earlier is not None:
            return earlier
        upload_id, job_id = service.receive(connection, area_id, who.name, received, form)
    except kept.KeyReused as error:
        raise key_reused() from error
    except service.DatasetBusy as error:
        raise Problem(
            "dataset-busy",
            f"数据集“{form['dataset']}”的另一个文件正在检查：请等它结束",
            f"Another file of the dataset '{form['dataset']}' is being checked. Wait until it is done.",
            headers={"Retry-After": "10"},
            upload=error.upload_id,
        ) from error
    except service.QuotaReached as error:
        minutes = ceil(error.wait_s / 60)
        raise Problem(
            "too-many",
            f"上传太多：每小时最多 {error.most} 个文件，请在 {minutes} 分钟后再试",
            f"Too many files: at most {error.most} an hour. Try again in {minutes} min.",
            headers={"Retry-After": str(error.wait_s)},
        ) from error
    except service.StorageReached as error:
        size = service.MOST_KEPT_BYTES >> 30
        raise Problem(
            "too-many",
            f"您待发布的文件已超过 {size} GiB：请先发布或放弃不需要的变更集",
            f"Your files that wait for publication are over {size} GiB. Publish or discard changesets first.",
            headers={"Retry-After": "600"},
        ) from error
    body = {"upload": upload_id, "job": job_id}
    kept.keep(connection, who.name, key, mark, body)
    return body


def shown_name(name: str) -> str:
    """A file name to show: never a path, no control characters, at most 255 characters."""
    plain = _CONTROL.sub("", name.replace("\\", "/").rpartition("/")[2]).strip()
    return plain[:LONGEST_NAME] or "file"


def handed_back(name: str) -> str:
    """The name under which a file goes out again: its own, unless that is not the name of a table or of
    GeoJSON, which a program of the reader might run or show as a page."""
    shown = shown_name(name)
    return shown if shown.lower().endswith(DATA_ENDINGS) else shown.replace(".", "_") + ".bin"


@router.get(
    "/api/uploads",
    response_model=schemas.UploadList,
    responses=documented(401, 403, 429),
    summary="Files that were brought",
)
def get_uploads(
    request: Request,
    who: Gis,
    params: Annotated[schemas.ListParams, Query()],
    database: DatabaseOf,
    settings: SettingsOf,
) -> Response:
    """The latest first."""
    # Whoever looks at this list is about to bring a file.
    request.app.state.supervisor.warm()
    with database.writing() as connection:
        of = {name: said for name in ("kind", "dataset") if (said := getattr(params, name))}
        rows = queries.uploads(connection, settings.area, params.before, params.limit + 1, of)
    shown, more = rows[: params.limit], len(rows) > params.limit
    body = {
        "uploads": [{**_entry(row), "changeset_state": row["changeset_state"]} for row in shown],
        "next": shown[-1]["id"] if more else None,
    }
    return _json(body)


@router.get(
    "/api/uploads/{upload_id}",
    response_model=schemas.UploadDetail,
    responses=documented(401, 403, 404, 429),
    summary="One upload, with its report",
)
def get_upload(
    upload_id: Number, who: Gis, params: Annotated[Params, Query()], database: DatabaseOf
) -> Response:
    with database.writing() as connection:
        return _json(_detail(connection, upload_id))


@router.get(
    "/api/uploads/{upload_id}/faults.csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}}, **documented(401, 403, 404, 429)},
    summary="What was found in a file, as a table",
)
def get_faults(
    upload_id: Number, who: Gis, params: Annotated[Params, Query()], database: DatabaseOf
) -> Response:
    with database.writing() as connection:
        upload = _upload(connection, upload_id)
        report = upload["report"] or {}
        found = [Found(None, _issue(note)) for note in report.get("notes", ())]
        found += [Found(_row(one), _issue(one)) for one in report.get("refused", {}).get("faults", ())]
        found += [Found(one["row"], _issue(one)) for one in report.get("of_same_rows", ())]
        if upload["changeset_id"] is not None:
            told = queries.faults(connection, upload["changeset_id"])
            found += [Found(of["row"], _issue(one), of["key"], of["name"]) for of, one in told]
    headers = {**answers.attachment(f"guatu-faults-{upload_id}.csv"), "Cache-Control": "no-store"}
    return Response(templates.faults_csv(found), headers=headers, media_type="text/csv; charset=utf-8")


def _row(fault: Mapping[str, Any]) -> int | None:
    """Of a fault of a refusal, which has the line of a table and counts what follows the header: as Found has
    it."""
    line: int | None = fault.get("line")
    row: int | None = fault.get("row")
    return row if line is None else line - 1


def _issue(one: Mapping[str, Any]) -> Issue:
    """severity: what refuses a file blocks it, and is not said."""
    names = ("field", "lon", "lat")
    more = {name: one[name] for name in names if name in one}
    return Issue(one["code"], one.get("severity", "block"), one["detail_zh"], one["detail_en"], **more)


@router.get(
    "/api/uploads/{upload_id}/file",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}, **documented(401, 403, 404, 429)},
    summary="The file itself, while its changeset is staged",
)
def get_file(
    upload_id: Number, who: Gis, params: Annotated[Params, Query()], database: DatabaseOf
) -> Response:
    with database.writing() as connection:
        upload = _upload(connection, upload_id)
        content = b"".join(queries.pieces(connection, upload_id))
    if not content:
        raise Problem("unknown-upload", "原文件已不再保留", "The file is no longer kept.")
    headers = {
        **answers.attachment(handed_back(upload["name"])),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "no-store",
    }
    return Response(content, headers=headers, media_type="application/octet-stream")


@router.get(
    "/api/templates/{kind}.{form}",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}, answers.GEOJSON: {}}}, **documented(404)},
    summary="An empty file of a kind, to fill in",
)
def get_template(
    kind: Annotated[str, Path(pattern=r"^[a-z]+$", max_length=40, examples=["parcel"])],
    form: Literal["csv", "geojson"],
    params: Annotated[Params, Query()],
) -> Response:
    found = load_kinds().get(kind)
    if found is None:
        raise Problem("not-found", f"没有类别“{kind}”", f"There is no kind '{kind}'.")
    as_table = form == "csv"
    content = templates.template_csv(found) if as_table else templates.template_geojson(found)
    media_type = "text/csv; charset=utf-8" if as_table else answers.GEOJSON
    headers = {**answers.attachment(f"guatu-{kind}.{form}"), "Cache-Control": answers.REVALIDATE}
    return Response(content, headers=headers, media_type=media_type)


def _upload(connection: Connection, upload_id: int) -> Mapping[str, Any]:
    row = queries.upload(connection, upload_id)
    if row is None:
        raise Problem("unknown-upload", "没有这次上传", "There is no such upload.")
    return row


def _entry(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("id", "account", "state", "name", "size", "created_at")
    names_asked = ("kind", "dataset", "mode", "data_date", "publisher", "tier", "layer")
    asked = {name: row["request"].get(name) or None for name in names_asked}
    return {**{name: row[name] for name in names}, **asked, "changeset": row["changeset_id"]}


def _detail(connection: Connection, upload_id: int) -> dict[str, Any]:
    row = _upload(connection, upload_id)
    job = jobs.latest(connection, "check", upload_id)
    return {
        **_entry(row),
        "sha256": row["sha256"],
        "answers": {name: row["request"][name] for name in ANSWERS if row["request"].get(name)},
        "report": row["report"],
        "job": job and entry(job),
    }


def _json(body: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    given = {"Cache-Control": "no-store", **(headers or {})}
    return Response(orjson.dumps(body), status, given, "application/json")
