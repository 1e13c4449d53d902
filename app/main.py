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
from app.access import routes as access
from app.access.door import Door
from app.access.rates import Rates
from app.board import routes as board
from app.changesets import routes as changesets
from app.changesets.review import discard_forgotten
from app.database import Connection, Database
from app.editing import routes as editing
from app.exports import routes as exports
from app.exports.turns import Turns
from app.feeds import routes as feeds
from app.gate import Gate
from app.jobs import routes as jobs
from app.jobs.queries import forget_kept_answers
from app.jobs.supervisor import Supervisor
from app.previews import routes as previews
from app.previews.kept import Pictures, Rest
from app.projects import routes as projects
from app.projects.service import NoArea, OutsideArea
from app.recording import routes as recording
from app.settings import Settings
from app.snapshots import routes as snapshots
from app.sources import routes as sources
from app.tiles import routes as tiles
from app.timeline import routes as timeline
from app.transit import routes as transit
from app.uploads import routes as uploads
from app.uploads.queries import forget_settled_files, interrupt_abandoned

VERSION = "0.1.0"
FRONT_END = Path(__file__).resolve().parent.parent / "frontend" / "dist"
ROUTERS = [
    module.router
    for module in (
        health,
        catalogue,
        basemaps,
        exports,
        projects,
        timeline,
        board,
        feeds,
        sources,
        tiles,
        snapshots,
        transit,
        previews,
        access,
        changesets,
        recording,
        editing,
        uploads,
        jobs,
        pages,
    )
]
ABOUT = """What a subdistrict is building, where, and when, with the source of every fact and the history
of every promise. Coordinates are WGS84 (EPSG:4326), longitude before latitude. Data carries `_zh` and `_en`;
problems (RFC 9457) come in both languages, `lang=` or Accept-Language chooses their `title` and `detail`."""


def create_app(settings: Settings, database: Database, front_end: Path = FRONT_END) -> ASGIApp:
    """The service as an ASGI application. The caller closes `database` when it stops."""
    app = _framework(settings, database, front_end)
    hosts = [host.strip() for host in settings.allowed_hosts.split(",") if host.strip()]
    routes = [route for router in ROUTERS for route in router.routes]
    door = Door(app, database, routes, Rates(settings.requests_per_s))
    return Gate(door, hosts, basemaps.origins(settings))


def _framework(settings: Settings, database: Database, front_end: Path) -> FastAPI:
    supervisor = Supervisor(database, _tidy)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        supervisor.start()
        yield
        supervisor.stop()
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
    app.state.supervisor = supervisor
    app.state.database = database
    app.state.front_end = front_end
    app.state.preview_pictures = Pictures()
    app.state.preview_rest = Rest()
    app.state.export_turns = Turns()
    errors.install(app)
    errors.install_for(app, NoArea, lambda _: errors.not_seeded())
    errors.install_for(app, OutsideArea, lambda outside: errors.outside_area(outside.area))
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=4)
    for router in ROUTERS:
        app.include_router(router)
    app.openapi = lambda: _description(app)  # type: ignore[method-assign]
    return app


def _tidy(connection: Connection) -> None:
    """What nobody needs any more."""
    discard_forgotten(connection)
    forget_settled_files(connection)
    interrupt_abandoned(connection)
    forget_kept_answers(connection)


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
            if "HTTPValidationError" in str(operation["responses"].get("422")):
                del operation["responses"]["422"]
    app.openapi_schema = schema
    return schema
