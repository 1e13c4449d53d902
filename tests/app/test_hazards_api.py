"""Hostile and broken questions, by the numbers of the list of hazards: told in words, never a 500."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from starlette.types import ASGIApp, Message

from app.database import Database
from app.main import create_app
from app.settings import Settings
from app.tables import metadata
from tests.app.asking import (
    PROBLEM,
    assert_nothing_of_the_inside,
    assert_problem,
    described,
    every_get,
)
from tests.app.signed import staff

NUMBERS = ("nan", "NaN", "inf", "-inf", "Infinity", "1e999", "-1e999", "0x10", "１２", "1_0_", "", " ")


def cursor(content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


# ---------------------------------------------------------------- parameters


@pytest.mark.parametrize("number", NUMBERS)
def test_H272_what_is_no_number_is_told(client: TestClient, number: str) -> None:
    for address, name in (
        ("/api/projects", "limit"),
        ("/api/projects", "bbox"),
        ("/api/layers/metro.geojson", "revision"),
    ):
        body = assert_problem(client.get(address, params={name: number}), 400, "bad-parameter")
        assert body["errors"][0]["pointer"] == f"/query/{name}"
    for at in ("{}/0/0", "0/{}/0", "0/0/{}"):
        answer = client.get("/tiles/pinghu/latest/metro/" + at.format(number or "%20") + ".mvt")
        assert_problem(answer, 400, "bad-parameter")


@pytest.mark.parametrize(
    "box",
    [
        "1,2,3",
        "1,2,3,4,5",
        "114.2,22.6,114.1,22.7",
        "114.1,22.7,114.2,22.6",
        "22.6,114.1,22.7,114.2",
        "nan,22.6,114.2,22.7",
        "114.1,22.6,inf,22.7",
        "-1e308,-90,1e308,90",
        "1e999,0,1,1",
        "114.1;22.6;114.2;22.7",
        "114,1,22,6,114,2,22,7",
        "a,b,c,d",
        ",,,",
        "１,２,３,４",
        "1_0,2,30,40",
        "0x1,2,3,4",
        "1,2,3,4" + "0" * 500,
        "POLYGON((0 0,1 1,1 0,0 0))",
    ],
)
def test_H273_a_box_is_four_finite_numbers_in_order(client: TestClient, box: str) -> None:
    body = assert_problem(client.get("/api/projects", params={"bbox": box}), 400, "bad-parameter")
    assert body["errors"][0]["code"] == "bbox"
    assert "西,南,东,北" in body["detail_zh"]


@pytest.mark.parametrize(
    "limit", ["0", "-1", "1001", "1000000000000", "99999999999999999999999", "1.5", "ten"]
)
def test_H274_a_limit_has_limits(client: TestClient, limit: str) -> None:
    assert_problem(client.get("/api/projects", params={"limit": limit}), 400, "bad-parameter")


@pytest.mark.parametrize(
    "made_up",
    [
        "x",
        "=",
        "\u00e4",
        cursor("id"),
        cursor(["id"]),
        cursor(["id", "a", "b", "c"]),
        cursor(["-id", "a", "a"]),
        cursor(["id", 1, "a"]),
        cursor(["id", "a", None]),
        cursor(["id", "a\x00", "a"]),
        cursor(["id", {}, []]),
        cursor({"id": 1}),
        cursor([["id"], "a", "b"]),
        "x" * 401,
    ],
)
def test_H274_a_made_up_cursor_is_told(client: TestClient, made_up: str) -> None:
    body = assert_problem(client.get("/api/projects", params={"cursor": made_up}), 400, "bad-parameter")
    assert body["errors"][0]["pointer"] == "/query/cursor"


def test_H274_a_cursor_of_another_order_is_told(client: TestClient) -> None:
    for day in ("2025-99-99", "soon", "", "9999-99-99"):
        made_up = cursor(["last_heard", day, "a"])
        answer = client.get("/api/projects", params={"sort": "last_heard", "cursor": made_up})
        assert_problem(answer, 400, "bad-parameter")


def test_H275_a_parameter_nobody_knows_is_refused_everywhere(client: TestClient) -> None:
    for path, operations in described(client)["paths"].items():
        if "{" in path or "get" not in operations:
            continue
        answer = client.get(path, params={"foo": "1"})
        if answer.status_code == 401:
            # Of staff's addresses a stranger learns nothing else.
            assert_problem(answer, 401, "sign-in-needed")
            continue
        body = assert_problem(answer, 400, "bad-parameter")
        assert "foo" in body["detail_en"], path
    for address in ("/api/projects/fuan-east-road?foo", "/tiles/pinghu/latest/metro/0/0/0.mvt?callback=x"):
        assert_problem(client.get(address), 400, "bad-parameter")


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e",
        "%00",
        "fuan%00",
        "fuan%0d%0aSet-Cookie:x",
        "FUAN-EAST-ROAD",
        "3F2504E0-4F89-11D3-9A0C-0305E82C3301",
        "%ff%fe",
        "x" * 81,
        "' or 1=1 --",
        "富安东路",
        "fuan--east",
        "${jndi:ldap://x}",
    ],
)
def test_H276_an_id_that_is_none_is_told(client: TestClient, name: str) -> None:
    for template in (
        "/api/projects/{}",
        "/api/layers/{}.geojson",
        "/tiles/{}/latest/metro/0/0/0.mvt",
        "/assets/{}",
    ):
        answer = client.get(template.format(name))
        assert answer.status_code in (400, 404), template
        assert_problem(answer, answer.status_code)
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "day",
    [
        "2025-02-30",
        "2025-13",
        "0000-01-01",
        "10000-01-01",
        "2025-01-15T23:59:60Z",
        "2016-12-31T23:59:60",
        "../..",
        "2024/2025",
        "..2025",
        "2025-Q3",
        "2025~",
        "today",
        "1736899200",
        "２０２５",
        "2025-1-5",
        "",
        "\x00",
    ],
)
def test_H277_what_is_no_day_is_told(client: TestClient, day: str) -> None:
    for address, name in (
        ("/api/projects", "day"),
        ("/api/projects", "known"),
        ("/api/projects/fuan-east-road", "day"),
        ("/api/timeline", "from"),
        ("/api/indicators", "known"),
        ("/snapshot.html", "day"),
    ):
        body = assert_problem(client.get(address, params={name: day}), 400, "bad-parameter")
        assert "2025-01-15" in body["detail_zh"]


# ---------------------------------------------------------------- size, control characters, methods


def test_H278_a_query_of_ten_megabytes_is_too_long(client: TestClient) -> None:
    for path, query in ((b"/api/projects", b"q=" + b"x" * 10_000_000), (b"/" + b"x" * 10_000_000, b"")):
        status, headers, body = raw(client.app, path, query)
        assert status == 414
        assert headers["content-type"] == PROBLEM
        problem = json.loads(body)
        assert "8192" in problem["detail_zh"]
        assert "8192" in problem["detail_en"]


def raw(app: ASGIApp, path: bytes, query: bytes, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    """One request past every client that would refuse to send it."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path.decode("latin-1"),
        "raw_path": path,
        "query_string": query,
        "headers": [(b"host", b"testserver")],
        "server": ("testserver", 80),
        "client": ("127.0.0.1", 1),
        "root_path": "",
    }

    async def ask() -> None:
        await app(scope, receive, send)

    asyncio.run(ask())
    headers = {key.decode(): value.decode() for key, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:])


@pytest.mark.parametrize("length", ["10000000", "-1", "ten", "９"])
def test_H278_a_body_nobody_asked_for_is_refused_unread(client: TestClient, length: str) -> None:
    answer = client.post("/api/projects", headers=[(b"Content-Length", length.encode())], content=b"")
    assert_problem(answer, 413, "too-large")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "FOO"])
def test_H279_methods_that_are_not_offered_are_told_with_those_that_are(
    client: TestClient, method: str
) -> None:
    for address in ("/api/projects", "/api/projects/fuan-east-road", "/healthz", "/", "/snapshot.html"):
        answer = client.request(method, address)
        assert_problem(answer, 405, "method-not-allowed")
        assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize(
    "address", ["/api/projects?limit=3", "/api/catalogue", "/healthz", "/api/projects/no-such", "/"]
)
def test_H279_head_is_get_without_the_body(client: TestClient, address: str) -> None:
    plain = {"Accept-Encoding": "identity"}
    head, get = client.head(address, headers=plain), client.get(address, headers=plain)
    assert head.content == b""
    assert head.status_code == get.status_code
    unlike = {"x-request-id", "date"}
    assert {k: v for k, v in head.headers.items() if k not in unlike} == {
        k: v for k, v in get.headers.items() if k not in unlike
    }


def test_a_nul_byte_is_told_wherever_it_stands(client: TestClient) -> None:
    assert_problem(client.get("/api/projects?q=%00"), 400, "bad-parameter")
    assert_problem(client.get("/api/projects?q=a%00b"), 400, "bad-parameter")
    assert_problem(client.get("/api/projects?parent=%00"), 400, "bad-parameter")
    assert_problem(client.get("/api/projects?%00=1"), 400, "bad-parameter")
    assert_problem(client.get("/api/projects?kind=%00"), 400, "bad-parameter")
    assert_problem(client.get("/tiles.json?kind=%00"), 400, "bad-parameter")
    assert_problem(client.get("/api/%00"), 404, "not-found")
    assert_problem(client.get("/%00"), 404, "not-found")
    assert raw(client.app, b"/api/projects\x00", b"")[0] == 404


@pytest.mark.parametrize(
    "value", [",".join(["zh"] * 500), "en;q=nan", "en;q=", ";;;,,,", "\u00e9", "x" * 8000]
)
def test_headers_that_mean_nothing_do_no_harm(client: TestClient, value: str) -> None:
    for name in ("Accept-Language", "If-None-Match", "Accept", "Origin", "Range", "Cookie"):
        answer = client.get("/api/projects?limit=1", headers=[(name.encode(), value.encode("latin-1"))])
        assert answer.status_code == 200, name


def test_H271_a_thousand_ranges_are_answered_with_the_whole(client: TestClient) -> None:
    ranges = {"Range": "bytes=" + ",".join(f"{n}-" for n in range(1000)), "Accept-Encoding": "identity"}
    for address in ("/favicon.svg", "/api/projects.csv?kind=road", "/api/projects.kml?kind=road", "/"):
        whole = client.get(address, headers={"Accept-Encoding": "identity"})
        answer = client.get(address, headers=ranges)
        assert answer.status_code == 200, address
        assert "content-range" not in answer.headers
        assert len(answer.content) == len(whole.content)


@pytest.mark.parametrize("name", ["filter", "filter-lang", "CQL_FILTER", "crs", "properties", "where"])
def test_H332_no_language_of_filters_is_taken(client: TestClient, name: str) -> None:
    for address in ("/api/projects", "/api/projects.csv", "/api/sources"):
        body = assert_problem(client.get(address, params={name: "name_zh = 'x'"}), 400, "bad-parameter")
        assert name in body["detail_en"]


def test_H336_xml_is_no_body_of_a_request(fresh: Database) -> None:
    xml = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    with staff(fresh, "admin") as admin:
        before, asked = state(fresh), 0
        for path, operations in described(admin)["paths"].items():
            for method in {"post", "patch", "put"} & set(operations):
                address = re.sub(r"\{\w+\}", "1", path)
                for kind in ("application/xml", "text/xml", "application/json"):
                    answer = admin.request(
                        method, address, content=xml, headers={"Content-Type": kind, "If-Match": '"1"'}
                    )
                    assert 400 <= answer.status_code < 500, (method, path, kind)
                    assert "root:" not in answer.text
                    asked += 1
        assert asked > 30
        after = state(fresh)
        assert {name for name in after if after[name] != before[name]} <= {"event_log", "session"}


@pytest.mark.parametrize(
    "address", ["/docs", "/redoc", "/api/docs", "/api/redoc", "/openapi.json", "/docs/oauth2-redirect"]
)
def test_H323_no_page_to_try_the_interface_is_served(client: TestClient, address: str) -> None:
    assert_problem(client.get(address), 404, "not-found")


# ---------------------------------------------------------------- what a question may not do


def state(database: Database) -> dict[str, tuple[int, str]]:
    """Rows and a digest of every table."""
    found = {}
    with database.writing() as connection:
        for name in metadata.tables:
            query = (
                f"select count(*), coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from {name} t"
            )
            count, digest = connection.execute(text(query)).one()
            found[name] = (count, digest)
    return found


def test_H314_no_question_changes_anything(seeded: Database, client: TestClient) -> None:
    before = state(seeded)
    assert before["project"][0] == 126
    addresses = every_get(client)
    assert len(addresses) > 60
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code < 500, address
    assert state(seeded) == before


def test_H314_H333_the_public_role_can_write_nothing(seeded: Database) -> None:
    for statement in (
        "update project set name_en = 'x'",
        "insert into alias (old_id, rev) values ('x', 1)",
        "delete from published.claim",
        "select * from account",
        "select * from public.changeset",
        "create table x (y int)",
    ):
        with (
            pytest.raises(Exception, match=r"permission denied|read-only|does not exist|cannot"),
            seeded.reading() as c,
        ):
            c.execute(text(statement))


def test_H315_published_data_may_be_read_from_any_page_without_credentials(client: TestClient) -> None:
    asked = {"Origin": "https://elsewhere.example", "Cookie": "session=x"}
    for address in (
        "/api/projects?limit=1",
        "/api/catalogue",
        "/tiles.json?kind=metro",
        "/api/projects/no-such",
    ):
        answer = client.get(address, headers=asked)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
    for address in ("/", "/healthz", "/readyz", "/snapshot.html", "/no-such-page"):
        assert "access-control-allow-origin" not in client.get(address, headers=asked).headers


ANSWERS = (
    ("/api/projects?limit=1", 200),
    ("/api/catalogue", 200),
    ("/", 200),
    ("/healthz", 200),
    ("/snapshot.html?kind=housing", 200),
    ("/tiles/pinghu/latest/metro/12/3346/1783.mvt", 200),
    ("/no-such-page", 404),
    ("/api/projects/no-such", 404),
    ("/api/projects?limit=nan", 400),
    ("/tiles/pinghu/1/metro/0/0/0.mvt", 410),
    ("/tiles/pinghu/9/metro/0/0/0.mvt", 503),
    ("/api/projects?q=" + "x" * 9000, 414),
)


@pytest.mark.parametrize(("address", "status"), ANSWERS)
def test_H321_every_answer_carries_the_headers_of_safety(
    client: TestClient, address: str, status: int
) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    if "sandbox" not in policy:
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-eval" not in policy
        assert re.search(r"script-src 'self';", policy)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"]
    assert answer.headers["cache-control"]
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["x-request-id"])
    assert "server" not in answer.headers
    assert "x-powered-by" not in answer.headers
    assert "set-cookie" not in answer.headers


def test_H321_strict_transport_security_where_there_is_transport_security(seeded: Database) -> None:
    with TestClient(create_app(Settings(), seeded), base_url="https://chart.example") as client:
        assert "max-age=" in client.get("/healthz").headers["strict-transport-security"]
    with TestClient(create_app(Settings(), seeded), base_url="http://chart.example") as client:
        assert "strict-transport-security" not in client.get("/healthz").headers


def test_H270_only_the_hosts_of_the_settings_are_answered(seeded: Database) -> None:
    settings = Settings(allowed_hosts="chart.example, localhost")
    for base, status in (
        ("http://chart.example", 200),
        ("http://CHART.example:8000", 200),
        ("http://localhost:8000", 200),
        ("http://evil.example", 404),
    ):
        with TestClient(create_app(settings, seeded), base_url=base) as client:
            assert client.get("/healthz").status_code == status, base


# ---------------------------------------------------------------- every answer, whatever is asked

NASTY = (
    "",
    "\x00",
    "nan",
    "1e999",
    "-1",
    "' or '1'='1",
    '";drop table project;--',
    "${7*7}",
    "{{7*7}}",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "\u202e\ufeff\U0001f4a9",
    "\ud7ff\ufffe",
    "%",
    "a" * 5000,
    "[]",
    "2025-01-15",
    "9999-12-31",
    "0001-01-01",
)


@pytest.fixture(scope="module")
def nasty_answers(client: TestClient) -> list[tuple[str, str, Any]]:
    """Every query parameter of the description with every nasty value."""
    found = []
    for path, operations in described(client)["paths"].items():
        filled = re.sub(
            r"\{(\w+)\}", lambda m: {"project_id": "fuan-east-road", "kind": "metro"}.get(m[1], "0"), path
        )
        for parameter in operations.get("get", {}).get("parameters", []):
            if parameter["in"] == "query":
                found += [
                    (filled, parameter["name"], client.get(filled, params={parameter["name"]: value}))
                    for value in NASTY
                ]
    assert len(found) > 500
    return found


def test_H331_H350_nothing_that_is_asked_is_a_500(nasty_answers: list[tuple[str, str, Any]]) -> None:
    assert [(path, name, a.url) for path, name, a in nasty_answers if a.status_code >= 500] == []


def test_H351_every_refusal_is_a_problem_in_both_languages(nasty_answers: list[tuple[str, str, Any]]) -> None:
    refused = [answer for _, _, answer in nasty_answers if answer.status_code >= 400]
    assert len(refused) > 300
    for answer in refused:
        assert_problem(answer, answer.status_code)


def test_H345_no_refusal_tells_of_the_inside(
    client: TestClient, nasty_answers: list[tuple[str, str, Any]]
) -> None:
    for _, _, answer in nasty_answers:
        if answer.status_code >= 400:
            assert_nothing_of_the_inside(answer.text)
    for address, status in ANSWERS:
        if status >= 400:
            assert_nothing_of_the_inside(client.get(address).text)


CONTENT_TYPES = {
    "/": "text/html; charset=utf-8",
    "/api/catalogue": "application/json",
    "/api/ground.geojson": "application/geo+json",
    "/api/indicators": "application/json",
    "/api/layers/metro.geojson": "application/geo+json",
    "/api/openapi.json": "application/json",
    "/api/projects": "application/geo+json",
    "/api/projects.csv": "text/csv; charset=utf-8",
    "/api/projects/fuan-east-road": "application/geo+json",
    "/favicon.svg": "image/svg+xml; charset=utf-8",
    "/snapshot.html": "text/html; charset=utf-8",
    "/tiles.json?kind=metro": "application/json",
    "/tiles/pinghu/latest/metro/12/3346/1783.mvt": "application/vnd.mapbox-vector-tile",
}


@pytest.mark.parametrize(("address", "content_type"), CONTENT_TYPES.items())
def test_H352_every_answer_says_truly_what_it_is(client: TestClient, address: str, content_type: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == content_type
    if "json" in content_type:
        answer.json()
