"""Every route and who may use it; and that what is staged shows itself to nobody outside."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Literal

import arro3.io
import mapbox_vector_tile
import pytest
from fastapi.testclient import TestClient
from shapely.geometry import Point
from sqlalchemy import text

from app.access.people import ROLES, Role
from app.changesets import service
from app.database import Database
from app.main import ROUTERS
from app.tables import metadata
from tests.app.asking import assert_problem, every_get
from tests.app.changing import new_project
from tests.app.signed import add, browser, enter, staff

Person = Literal["anonymous", "planner", "gis", "admin", "disabled"]
PERSONS: tuple[Person, ...] = ("anonymous", "planner", "gis", "admin", "disabled")
EVERYBODY = "everybody"

# (method, path): the least role, or everybody. A route that is not here fails the test below.
VERDICTS: dict[tuple[str, str], str] = {
    ("GET", "/"): EVERYBODY,
    ("GET", "/signin"): EVERYBODY,
    ("GET", "/transit"): EVERYBODY,
    ("GET", "/transit-worker.js"): EVERYBODY,
    ("GET", "/board"): EVERYBODY,
    ("GET", "/upload"): EVERYBODY,
    ("GET", "/history"): EVERYBODY,
    ("GET", "/how"): EVERYBODY,
    ("GET", "/assets/{name}"): EVERYBODY,
    ("GET", "/favicon.svg"): EVERYBODY,
    ("GET", "/manifest.webmanifest"): EVERYBODY,
    ("GET", "/robots.txt"): EVERYBODY,
    ("GET", "/healthz"): EVERYBODY,
    ("GET", "/readyz"): EVERYBODY,
    ("GET", "/api/attention"): EVERYBODY,
    ("GET", "/api/catalogue"): EVERYBODY,
    ("GET", "/api/changes.atom"): EVERYBODY,
    ("GET", "/api/changes.ics"): EVERYBODY,
    ("GET", "/api/compare"): EVERYBODY,
    ("GET", "/api/ground.geojson"): EVERYBODY,
    ("GET", "/api/indicators"): EVERYBODY,
    ("GET", "/api/layers/{kind}.geojson"): EVERYBODY,
    ("GET", "/api/near"): EVERYBODY,
    ("GET", "/api/places"): EVERYBODY,
    ("GET", "/api/programmes"): EVERYBODY,
    ("GET", "/api/progress"): EVERYBODY,
    ("GET", "/api/projects"): EVERYBODY,
    ("GET", "/api/projects.csv"): EVERYBODY,
    ("GET", "/api/projects.fgb"): EVERYBODY,
    ("GET", "/api/projects.geojson"): EVERYBODY,
    ("GET", "/api/projects.gpkg"): EVERYBODY,
    ("GET", "/api/projects.parquet"): EVERYBODY,
    ("GET", "/api/projects.kml"): EVERYBODY,
    ("GET", "/api/projects.shp.zip"): EVERYBODY,
    ("GET", "/api/projects.xlsx"): EVERYBODY,
    ("GET", "/api/projects/{project_id}"): EVERYBODY,
    ("GET", "/api/sources"): EVERYBODY,
    ("GET", "/api/sources/search"): EVERYBODY,
    ("GET", "/api/timeline"): EVERYBODY,
    ("GET", "/api/transit"): EVERYBODY,
    ("GET", "/basemap/{z}/{x}/{y}"): EVERYBODY,
    ("GET", "/preview.png"): EVERYBODY,
    ("GET", "/snapshot.html"): EVERYBODY,
    ("GET", "/tiles.json"): EVERYBODY,
    ("GET", "/tiles/{area}/{revision}/{kind}/{z}/{x}/{y}.mvt"): EVERYBODY,
    ("GET", "/api/changesets"): EVERYBODY,
    ("GET", "/api/changesets/{changeset_id}"): EVERYBODY,
    ("GET", "/api/changesets/{changeset_id}/changes"): "planner",
    ("GET", "/api/changesets/{changeset_id}/changes/{n}"): "planner",
    ("GET", "/api/changesets/{changeset_id}/tiles/{z}/{x}/{y}.mvt"): "planner",
    ("PATCH", "/api/changesets/{changeset_id}/changes"): "gis",
    ("POST", "/api/changesets/{changeset_id}/discard"): "gis",
    ("POST", "/api/changesets/{changeset_id}/publish"): "gis",
    ("POST", "/api/changesets/{changeset_id}/rebase"): "gis",
    ("POST", "/api/changesets/{changeset_id}/revert"): "gis",
    ("POST", "/api/changesets/{changeset_id}/take-back"): "planner",
    ("POST", "/api/projects/{project_id}/claims"): "planner",
    ("POST", "/api/projects/{project_id}/claims/preview"): "planner",
    ("POST", "/api/claims/{claim_id}/withdraw"): "planner",
    ("POST", "/api/claims/{claim_id}/correct"): "planner",
    ("GET", "/api/words"): EVERYBODY,
    ("GET", "/api/jobs/{job_id}"): "planner",
    ("GET", "/api/templates/{kind}.{form}"): EVERYBODY,
    ("POST", "/api/edits"): "gis",
    ("POST", "/api/edits/check"): "gis",
    ("POST", "/api/uploads"): "gis",
    ("GET", "/api/uploads"): "gis",
    ("GET", "/api/uploads/{upload_id}"): "gis",
    ("GET", "/api/uploads/{upload_id}/faults.csv"): "gis",
    ("GET", "/api/uploads/{upload_id}/file"): "gis",
    ("GET", "/api/session"): EVERYBODY,
    ("POST", "/api/session"): EVERYBODY,
    ("DELETE", "/api/session"): "planner",
    ("POST", "/api/session/password"): "planner",
    ("POST", "/api/session/link"): EVERYBODY,
    ("GET", "/api/tokens"): "planner",
    ("POST", "/api/tokens"): "planner",
    ("DELETE", "/api/tokens/{number}"): "planner",
    ("GET", "/api/accounts"): "admin",
    ("POST", "/api/accounts"): "admin",
    ("PATCH", "/api/accounts/{name}"): "admin",
    ("DELETE", "/api/accounts/{name}/sessions"): "admin",
    ("POST", "/api/accounts/{name}/link"): "admin",
}
# Every name that stands in a path, and what to ask with.
IN_PATH = {
    "name": "no-such-name",
    "number": "999999",
    "changeset_id": "999999",
    "claim_id": "999999",
    "n": "1",
    "job_id": "999999",
    "upload_id": "999999",
    "form": "csv",
    "kind": "metro",
    "project_id": "fuan-east-road",
    "area": "pinghu",
    "revision": "2",
    "z": "12",
    "x": "3346",
    "y": "1783",
}


def routes() -> set[tuple[str, str]]:
    return {
        (method, route.path)
        for router in ROUTERS
        for route in router.routes
        for method in getattr(route, "methods", None) or ()
        if method != "HEAD"
    }


def test_H300_every_route_has_a_declared_verdict() -> None:
    assert routes() == set(VERDICTS)


@pytest.fixture(scope="module")
def office() -> Iterator[Database]:
    from tests.conftest import SEEDED, opened

    with opened(SEEDED) as database:
        for role in ROLES:
            add(database, role, role)
        add(database, "disabled", "admin")
        yield database


@pytest.fixture(scope="module")
def outside(office: Database) -> Iterator[TestClient]:
    with browser(office) as client:
        yield client


def let_in(person: Person, least: str) -> bool:
    order: tuple[Role | str, ...] = (EVERYBODY, *ROLES)
    rank = 0 if person in ("anonymous", "disabled") else order.index(person)
    return rank >= order.index(least)


@pytest.mark.parametrize("person", PERSONS)
@pytest.mark.parametrize(("method", "path"), sorted(VERDICTS))
def test_H300_H304_each_person_meets_the_verdict(
    outside: TestClient, office: Database, method: str, path: str, person: Person
) -> None:
    outside.cookies.clear()
    if person != "anonymous":
        enter(outside, office, person)
    if person == "disabled":
        with office.writing() as connection:
            connection.execute(text("update account set disabled = true where name = 'disabled'"))
    address = path
    for name, value in IN_PATH.items():
        address = address.replace("{" + name + "}", value)
    answer = outside.request(method, address, json=None if method in ("GET", "DELETE") else {})
    if let_in(person, VERDICTS[method, path]):
        assert answer.status_code not in (401, 403), answer.text[:300]
    else:
        inside = person in ROLES
        assert_problem(answer, 403 if inside else 401, "forbidden" if inside else "sign-in-needed")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("person", ["anonymous", "admin"])
def test_H300_what_there_is_not_is_told_as_such(
    outside: TestClient, office: Database, method: str, person: Person
) -> None:
    outside.cookies.clear()
    if person != "anonymous":
        enter(outside, office, person)
    assert_problem(outside.request(method, "/api/projects"), 405, "method-not-allowed")
    assert_problem(outside.request(method, "/api/nowhere"), 404, "not-found")


def test_H300_a_route_that_declares_nothing_is_shut(office: Database) -> None:
    from fastapi import APIRouter, FastAPI

    from app.access.door import Door
    from app.access.rates import Rates

    router, app = APIRouter(), FastAPI()
    reached = []

    @router.post("/api/forgotten")
    def post_forgotten() -> None:
        reached.append(True)

    app.include_router(router)
    with TestClient(Door(app, office, router.routes, Rates(0)), headers={"X-Guatu": "1"}) as client:
        assert client.post("/api/forgotten").status_code == 401
        enter(client, office, "gis")
        assert client.post("/api/forgotten", headers={"Origin": "http://testserver"}).status_code == 403
    assert reached == []


def test_H314_no_get_changes_anything(fresh: Database) -> None:
    with staff(fresh, "admin") as admin:
        admin.get("/api/session")
        before = _rows(fresh)
        addresses = [*every_get(admin, staff=True), "/signin", "/upload"]
        for address in addresses:
            assert admin.get(address).status_code not in (401, 403), address
    assert len(addresses) > 60
    assert _rows(fresh) == before


def _rows(database: Database) -> dict[str, str]:
    with database.writing() as connection:
        return {
            name: connection.execute(
                text(
                    # When somebody was last seen is noted once a minute, whatever they ask.
                    "select count(*) || coalesce(md5(string_agg(r::text, '|' order by r::text)), '')"
                    f" from (select to_jsonb(t) - 'seen_at' as r from {name} t) rows"
                )
            ).scalar_one()
            for name in metadata.tables
        }


def test_H315_H359_only_what_is_public_may_be_read_from_other_sites(client: TestClient) -> None:
    for address in ("/api/catalogue", "/api/projects", "/tiles.json"):
        assert client.get(address).headers["access-control-allow-origin"] == "*"
    for address in ("/api/session", "/api/accounts", "/api/tokens", "/", "/signin", "/upload"):
        answer = client.get(address)
        assert not [name for name in answer.headers if name.startswith("access-control-")], address
    for address in ("/api/session", "/api/accounts"):
        assert client.get(address).headers["cache-control"] == "no-store"


# ---------------------------------------------------------------- H301: what is staged

CANARY = "金丝雀园canary"
CHANNELS = (
    "/api/projects?limit=1000",
    "/api/projects?q=canary",
    "/api/projects?bbox=114.12,22.69,114.13,22.70",
    "/api/projects/canary-park",
    "/api/projects.csv",
    "/api/layers/park.geojson",
    "/tiles/pinghu/latest/park/12/3346/1782.mvt",
    "/api/timeline?kind=park",
    "/api/indicators",
    "/api/programmes",
    "/api/catalogue",
    "/snapshot.html?kind=park",
    "/api/projects.geojson?kind=park",
    "/api/changes.atom?kind=park",
    "/api/changes.ics?kind=park",
    "/api/projects.gpkg?kind=park",
    "/api/projects.fgb?kind=park",
    "/api/projects.xlsx?kind=park",
    "/api/projects.parquet?kind=park",
    "/api/projects.kml?kind=park",
    "/api/projects.shp.zip?kind=park",
)
# Of these it is seen once it is public, so that the test can fail.
SHOWING = {0, 1, 2, 3, 4, 5, 6, 11, 12, 13, 15, 16, 17, 18, 19, 20}


def _shows(client: TestClient, channel: str) -> bool:
    answer = client.get(channel)
    if channel.endswith(".mvt"):
        return "canary" in str(mapbox_vector_tile.decode(answer.content))
    if channel.startswith(("/api/projects.xlsx", "/api/projects.shp.zip")):
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            return any(CANARY.encode() in archive.read(name) for name in archive.namelist())
    if channel.startswith("/api/projects.parquet"):
        table = arro3.io.read_parquet(io.BytesIO(answer.content)).read_all()
        return CANARY in table.column("name_zh").to_pylist()
    if channel.startswith(("/api/projects.gpkg", "/api/projects.fgb")):
        return CANARY.encode() in answer.content
    # What was asked for may be repeated; the name is more than that.
    return CANARY in answer.content.decode() or CANARY.encode("unicode_escape").decode() in answer.text


def test_H301_what_is_staged_leaks_in_no_channel(fresh: Database) -> None:
    project = new_project("canary-park", Point(114.125, 22.695), name_zh=CANARY, name_en=CANARY)
    with browser(fresh) as client:
        before = {channel: client.get(channel).headers.get("etag") for channel in CHANNELS}
        with fresh.writing() as connection:
            number = service.stage(
                connection, "pinghu", [project], kind="edit", title_zh=CANARY, title_en=CANARY, who=CANARY,
                reason=CANARY,
            )  # fmt: skip
        for channel in CHANNELS:
            assert not _shows(client, channel), channel
        # Nor does a changed validator tell that something is about to come.
        assert {channel: client.get(channel).headers.get("etag") for channel in CHANNELS} == before
        missing, never = (client.get(f"/api/projects/{name}") for name in ("canary-park", "canary-none"))
        ours, others = assert_problem(missing, 404), assert_problem(never, 404)
        assert ours["detail"].replace("canary-park", "") == others["detail"].replace("canary-none", "")
        for address in ("/api/projects?parent=canary-park", "/api/projects?kind=canary", "/api/canary-park"):
            assert CANARY not in client.get(address).text
        with fresh.writing() as connection:
            service.publish(connection, number, "test")
        assert {n for n, channel in enumerate(CHANNELS) if _shows(client, channel)} == SHOWING
