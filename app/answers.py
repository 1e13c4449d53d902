"""Answers: bytes with the right type, caching and validators."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import quote

import orjson
from fastapi import Request
from starlette.responses import JSONResponse, Response

JSON = "application/json"
GEOJSON = "application/geo+json"
IMMUTABLE = "public, max-age=31536000, immutable"
COMPUTED = "public, max-age=60"
REVALIDATE = "no-cache"
IN_LANGUAGE = {"Vary": "Accept-Language"}
"""For answers whose words follow `lang=` or Accept-Language."""

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._ ()+-]")
_UNQUOTED = "!#$&+-.^_`|~"


class GeoJSONResponse(JSONResponse):
    """Names the media type in the description of the interface."""

    media_type = GEOJSON


def etag(*parts: object) -> str:
    """A validator made of whatever the answer is a function of."""
    return '"' + hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()[:24] + '"'


def unchanged(request: Request, tag: str) -> bool:
    """Whether the asker already holds this answer (RFC 9110: weak comparison, several tags, *)."""
    given = [
        entry.strip().removeprefix("W/") for entry in request.headers.get("if-none-match", "").split(",")
    ]
    return tag in given or "*" in given


def not_modified(tag: str, cache: str) -> Response:
    return Response(status_code=304, headers={"ETag": tag, "Cache-Control": cache})


def json_answer(
    content: Any, *, tag: str, cache: str, media_type: str = JSON, headers: dict[str, str] | None = None
) -> Response:
    body = content if isinstance(content, bytes) else orjson.dumps(content)
    return Response(body, 200, {"ETag": tag, "Cache-Control": cache, **(headers or {})}, media_type)


def computed_tag(request: Request, revision: int, today: date, extra: Iterable[object] = ()) -> str:
    """The validator of an answer that holds a phase, a light or "due"."""
    query = sorted((key, value) for key, value in request.query_params.multi_items())
    return etag(request.url.path, query, revision, today, *extra)


def attachment(name: str) -> dict[str, str]:
    """A download named `name`. What is not ASCII stands in `filename*` (RFC 6266, RFC 8187); programs that do
    not know it get the name with underscores in place of whatever a quoted text cannot hold."""
    plain = _NOT_PLAIN.sub("_", name)
    more = "" if plain == name else f"; filename*=UTF-8''{quote(name, safe=_UNQUOTED)}"
    return {"Content-Disposition": f'attachment; filename="{plain}"{more}'}
