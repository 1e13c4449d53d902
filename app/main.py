"""Puts the service together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp

from app import basemaps, catalogue, errors, health, pages
from app.board import routes as board
from app.database import Database
from app.gate import Gate
from app.projects import routes as projects
from app.projects.service import NoArea
from app.settings import Settings
from app.snapshots import routes as snapshots
from app.tiles import routes as tiles
from app.timeline import routes as timeline

VERSION = "0.1.0"
FRONT_END = Path(__file__).resolve().parent.parent / "frontend" / "dist"
ABOUT = """What a subdistrict is building, where, and when, with the source of every fact and the history
of every promise. Coordinates are WGS84 (EPSG:4326), longitude before latitude. Data carries `_zh` and `_en`;
problems (RFC 9457) come in both languages, `lang=` or Accept-Language chooses their `title` and `detail`."""


def create_app(settings: Settings, database: Database, front_end: Path = FRONT_END) -> ASGIApp:
    """The service as an ASGI application. The caller closes `database` when it stops."""
    app = _framework(settings, database, front_end)
    hosts = [host.strip() for host in settings.allowed_hosts.split(",") if host.strip()]
    return Gate(app, hosts, basemaps.origins(settings))


def _framework(settings: Settings, database: Database, front_end: Path) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        database.close()

    app = FastAPI(
        title="Guatu 挂图",
        version=VERSION,
        description=ABOUT,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.state.settings = settings
    app.state.database = database
    app.state.front_end = front_end
    errors.install(app)
    errors.install_for(app, NoArea, errors.not_seeded())
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=4)
    for module in (health, catalogue, basemaps, projects, timeline, board, tiles, snapshots, pages):
        app.include_router(module.router)
    app.openapi = lambda: _description(app)  # type: ignore[method-assign]
    return app


def _description(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description; errors are the problems we really answer, not the framework's."""
    if app.openapi_schema:
        return app.openapi_schema
    schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    schemas = schema["components"]["schemas"]
    schemas["ProblemBody"] = errors.ProblemBody.model_json_schema()
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for path in schema["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
    app.openapi_schema = schema
    return schema
