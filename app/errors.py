"""Problems as RFC 9457 tells them, in Chinese and English, and the one table from error to status.

Whatever goes wrong answers `application/problem+json`; nothing of the inside (SQL, paths, stack) is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any, TypeVar

import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.database import DatabaseUnavailable, StorageFull, TooSlow, is_full
from app.parameter_faults import parameter_faults

MEDIA_TYPE = "application/problem+json"
MOST_ERRORS = 100

log = structlog.get_logger()
E = TypeVar("E", bound=Exception)

# code: (status, title in Chinese, title in English)
PROBLEMS: dict[str, tuple[int, str, str]] = {
    "bad-request": (400, "请求无法读取", "The request cannot be read"),
    "bad-parameter": (400, "参数有误", "A parameter is wrong"),
    "outside-area": (400, "不在本图范围内", "Outside the area of this map"),
    "sign-in-needed": (401, "需要登录", "Signing in is needed"),
    "sign-in-failed": (401, "登录失败", "Signing in failed"),
    "forbidden": (403, "无权这样做", "This is not allowed"),
    "cross-site": (403, "请求来自别的网站", "The request comes from another site"),
    "not-found": (404, "没有这个地址", "Nothing is here"),
    "unknown-account": (404, "没有这个账号", "There is no such account"),
    "unknown-token": (404, "没有这个令牌", "There is no such token"),
    "ambiguous-place": (400, "叫这个名字的不止一处", "More than one place has this name"),
    "unknown-place": (404, "没有这个地点", "There is no such place"),
    "unknown-source": (404, "没有这份资料", "There is no such document"),
    "unknown-project": (404, "没有这个项目", "There is no such project"),
    "method-not-allowed": (405, "不支持这种请求方法", "This method is not allowed here"),
    "too-slow": (408, "请求到得太慢", "The request arrives too slowly"),
    "name-taken": (409, "账号名已有人用", "The name is taken"),
    "last-admin": (409, "这是最后一个管理员", "This is the last administrator"),
    "removed": (410, "项目已移除", "The project was removed"),
    "bad-link": (410, "链接已失效", "The link does not hold any more"),
    "superseded": (410, "版本已更新", "This revision is superseded"),
    "too-large": (413, "请求体过大", "The request body is too large"),
    "uri-too-long": (414, "地址过长", "The address is too long"),
    "encoded-body": (415, "不接受压缩的请求体", "A compressed body is not taken"),
    "bad-body": (422, "请求体有误", "The body is wrong"),
    "bad-account": (422, "账号资料有误", "Something about the account is wrong"),
    "weak-password": (422, "密码不够好", "The password is not good enough"),
    "unknown-changeset": (404, "没有这个变更集", "There is no such changeset"),
    "unknown-upload": (404, "没有这次上传", "There is no such upload"),
    "unknown-job": (404, "没有这项工作", "There is no such job"),
    "dataset-busy": (409, "同一数据集正在处理", "The dataset is being worked on"),
    "moved-on": (409, "已被别人改动", "Others changed it meanwhile"),
    "wrong-state": (409, "当前状态不能这样做", "Its state does not allow this"),
    "unconfirmed": (409, "有提醒需要确认", "Warnings are to be confirmed"),
    "second-person": (403, "需由另一人发布", "A second person is required"),
    "nothing-accepted": (409, "没有可发布的变更", "Nothing to publish"),
    "blocked-rows": (409, "有错误的变更", "Some changes have faults"),
    "stale": (412, "内容已更新", "It was altered meanwhile"),
    "if-match-needed": (428, "缺少 If-Match", "If-Match is needed"),
    "key-reused": (422, "Idempotency-Key 已用于别的请求", "The Idempotency-Key was used for another request"),
    "interrupted": (503, "处理中断", "The work was interrupted"),
    "storage-full": (507, "存储空间不足", "Storage is full"),
    "too-many": (429, "次数过多", "Too many requests"),
    "head-too-large": (431, "请求头过大", "The head of the request is too large"),
    "internal": (500, "服务内部出错", "Something went wrong inside"),
    "database-unavailable": (503, "数据库暂不可用", "The database is not available"),
    "timed-out": (503, "查询太久", "The question took too long"),
    "not-seeded": (503, "尚无数据", "There is no data yet"),
    "behind": (503, "副本尚未更新到该版本", "This copy has not reached the revision yet"),
    "not-built": (503, "页面尚未构建", "The pages have not been built"),
}


class ProblemBody(BaseModel):
    """The body of every error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    detail_zh: str
    detail_en: str
    code: str
    request_id: str
    errors: list[dict[str, Any]]
    errors_total: int


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of a route for the OpenAPI description; 400 and 503 can come from every one."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}
    words = {status: title_en for status, _, title_en in PROBLEMS.values()}
    return {status: {"description": words[status], "content": content} for status in (400, 503, *statuses)}


class Problem(Exception):
    """An answer that says what is wrong and what to do. code: a key of PROBLEMS."""

    def __init__(
        self,
        code: str,
        detail_zh: str,
        detail_en: str,
        *,
        errors: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail_en)
        self.code = code
        self.detail_zh = detail_zh
        self.detail_en = detail_en
        self.errors = list(errors)
        self.headers = dict(headers or {})
        self.members = members

    @property
    def heading(self) -> tuple[int, str, str]:
        """Status, title in Chinese, title in English."""
        return PROBLEMS[self.code]

    def response(self, lang: str, request_id: str) -> Response:
        status, title_zh, title_en = self.heading
        body = {
            "type": f"/problems/{self.code}",
            "title": title_en if lang == "en" else title_zh,
            "status": status,
            "detail": self.detail_en if lang == "en" else self.detail_zh,
            "detail_zh": self.detail_zh,
            "detail_en": self.detail_en,
            "code": self.code,
            "request_id": request_id,
            "errors": self.errors[:MOST_ERRORS],
            "errors_total": len(self.errors),
            **self.members,
        }
        headers = {"Cache-Control": "no-store", "Content-Language": lang, **self.headers}
        return Response(orjson.dumps(body), status, headers, MEDIA_TYPE)

    def page(self, lang: str) -> Response:
        """The same for a person in front of a browser: what is wrong, and the way back to the map."""
        status, title_zh, title_en = self.heading
        title, detail, home, tag = (
            (title_en, self.detail_en, "To the map", "en")
            if lang == "en"
            else (title_zh, self.detail_zh, "回到地图", "zh-CN")
        )
        body = (
            f'<!doctype html><html lang="{tag}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width">'
            f"<title>{escape(title)}</title></head><body><main><h1>{escape(title)}</h1>"
            f'<p>{escape(detail)}</p><p><a href="/">{home}</a></p></main></body></html>'
        )
        headers = {"Cache-Control": "no-store", "Content-Language": lang, **self.headers}
        return Response(body, status, headers, "text/html; charset=utf-8")


def _is_a_person(request: Request) -> bool:
    """Whether somebody typed an address of pages, rather than a program asking the interface."""
    asked_by_program = request.url.path.startswith(("/api/", "/tiles", "/snapshot", "/healthz", "/readyz"))
    return not asked_by_program and "text/html" in request.headers.get("accept", "")


def language(request: Request) -> str:
    """zh or en: what `lang=` asks for, else what the browser prefers, else Chinese."""
    asked = request.query_params.get("lang")
    if asked in ("zh", "en"):
        return asked
    preferences = []
    for part in request.headers.get("accept-language", "")[:200].split(","):
        tag, _, quality = part.partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            continue
        name = tag.strip().lower().partition("-")[0]
        if name in ("zh", "en"):
            preferences.append((weight, name))
    return max(preferences, key=lambda preference: preference[0])[1] if preferences else "zh"


def _answer(request: Request, problem: Problem) -> Response:
    if _is_a_person(request):
        return problem.page(language(request))
    return problem.response(language(request), getattr(request.state, "request_id", ""))


def install(app: FastAPI) -> None:
    """Give every kind of error its answer."""

    @app.exception_handler(Problem)
    def on_problem(request: Request, error: Problem) -> Response:
        return _answer(request, error)

    @app.exception_handler(RequestValidationError)
    def on_validation(request: Request, error: RequestValidationError) -> Response:
        return _answer(request, _bad_parameters(error))

    @app.exception_handler(DatabaseUnavailable)
    def on_database(request: Request, error: DatabaseUnavailable) -> Response:
        log.warning("database unavailable", error=str(error))
        return _answer(request, database_problem())

    @app.exception_handler(TooSlow)
    def on_slow(request: Request, error: TooSlow) -> Response:
        log.warning("a question took too long", path=request.url.path, error=str(error)[:200])
        return _answer(
            request,
            Problem(
                "timed-out",
                "这次查询太久，已中止：请按类别、阶段或范围缩小选择再试；数据没有受影响",
                "This question took too long and was stopped; no data is harmed. Narrow it by kind, phase or"
                " bbox.",
                headers={"Retry-After": "30"},
            ),
        )

    @app.exception_handler(StorageFull)
    def on_full(request: Request, error: StorageFull) -> Response:
        log.error("storage is full", error=str(error))
        return _answer(request, storage_full())

    @app.exception_handler(HTTPException)
    def on_http(request: Request, error: HTTPException) -> Response:
        return _answer(request, _http_problem(error, _is_a_person(request)))

    @app.exception_handler(Exception)
    def on_anything(request: Request, error: Exception) -> Response:
        request_id = getattr(request.state, "request_id", "")
        log.error("unexpected error", path=request.url.path, request_id=request_id, exc_info=error)
        return _answer(
            request,
            Problem(
                "internal",
                "服务内部出错，已记入日志；请稍后再试，或把编号 request_id 告诉管理员",
                "Something went wrong inside and was logged. Try again, or send the request_id in.",
            ),
        )


def install_for(app: FastAPI, error: type[E], problem: Callable[[E], Problem]) -> None:
    """Give an error of a domain its answer."""

    @app.exception_handler(error)
    def on_error(request: Request, caught: E) -> Response:
        return _answer(request, problem(caught))


def not_seeded() -> Problem:
    return Problem(
        "not-seeded",
        "数据库里还没有这个地区的数据：请管理员运行 guatu seed",
        "The database does not hold the data of this area yet. An administrator runs `guatu seed`.",
        headers={"Retry-After": "60"},
    )


def outside_area(area: Mapping[str, Any]) -> Problem:
    """area: its record, with its names."""
    return Problem(
        "outside-area",
        f"这个地点不在本图范围内：本图只讲{area['name_zh']}及周边；请在图上选点，或检查 lon、lat 是否写反",
        f"This point is outside the map, which is about {area['name_en']} and its surroundings."
        " Pick one on the map; lon and lat may be the wrong way round.",
    )


def database_problem() -> Problem:
    return Problem(
        "database-unavailable",
        "数据库暂时没有应答，请稍候再试；数据没有丢失",
        "The database does not answer at the moment. Try again shortly; no data is lost.",
        headers={"Retry-After": "5"},
    )


def storage_full() -> Problem:
    return Problem(
        "storage-full",
        "服务器存储空间不足，没有保存任何内容：请联系管理员，腾出空间后再试",
        "The server has no room left; nothing was stored. Tell the administrator, and try again afterwards.",
        headers={"Retry-After": "300"},
    )


def _http_problem(error: HTTPException, for_a_person: bool) -> Problem:
    headers = dict(error.headers or {})
    if error.status_code == 405:
        return Problem(
            "method-not-allowed",
            f"这个地址只接受 {headers.get('allow', 'GET')}",
            f"This address only takes {headers.get('allow', 'GET')}.",
            headers=headers,
        )
    if error.status_code == 400 and is_full(error.__cause__):
        # A form was to be kept in a file while it came.
        return storage_full()
    if error.status_code == 400:
        return Problem(
            "bad-request",
            "请求体读不懂：内容与声明的类型不符，或没有传完",
            "The body cannot be read: it is not what its type says, or it did not arrive whole.",
        )
    if for_a_person:
        return Problem(
            "not-found",
            "这个地址下没有内容：可能打错了，也可能已经失效；请从地图上找",
            "Nothing is at this address: it may be misspelt or out of date. Look for it on the map.",
        )
    return Problem(
        "not-found",
        "这个地址下没有内容；接口说明见 /api/openapi.json",
        "Nothing is at this address. The interface is described at /api/openapi.json.",
    )


def _bad_parameters(error: RequestValidationError) -> Problem:
    errors = parameter_faults(error.errors())
    return Problem(
        "bad-body" if all(fault["loc"][0] == "body" for fault in error.errors()) else "bad-parameter",
        "；".join(entry["detail_zh"] for entry in errors[:5]),
        "; ".join(entry["detail_en"] for entry in errors[:5]),
        errors=errors,
    )
