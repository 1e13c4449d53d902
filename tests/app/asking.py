"""Asking the service as tests do: what every answer must be, and every address it describes."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
from fastapi.testclient import TestClient

CHINESE = re.compile(r"[\u4e00-\u9fff]")
# The day on which the sources were read: what is known then does not depend on when the tests run.
KNOWN = "2026-11-24"
PROBLEM = "application/problem+json"
ROOT = Path(__file__).resolve().parents[2]

Json = dict[str, Any]


def get(client: TestClient, address: str, **query: Any) -> Json:
    """A good answer's content."""
    # An empty mapping would take away the query that the address carries itself.
    answer = client.get(address, params=query or None)
    assert answer.status_code == 200, (address, query, answer.text[:300])
    found: Json = answer.json()
    return found


def projects(client: TestClient, **query: Any) -> dict[str, Json]:
    """The features of a list by id, as known when the sources were read."""
    found = get(client, "/api/projects", **{"limit": 1000, "known": KNOWN, **query})
    assert found["numberMatched"] == found["numberReturned"] == len(found["features"])
    return {feature["id"]: feature for feature in found["features"]}


def project(client: TestClient, name: str, **query: Any) -> Json:
    """The properties of one project with everything said about it."""
    properties: Json = get(client, f"/api/projects/{name}", **{"known": KNOWN, **query})["properties"]
    return properties


def assert_problem(answer: httpx.Response, status: int, code: str | None = None) -> Json:
    """An error as everyone of ours must be: RFC 9457, in both languages, traceable, about nothing inside."""
    assert answer.status_code == status, answer.text[:300]
    assert answer.headers["content-type"] == PROBLEM
    assert answer.headers["cache-control"] == "no-store"
    body: Json = answer.json()
    assert body["status"] == status
    assert body["type"] == f"/problems/{body['code']}"
    assert code is None or body["code"] == code
    assert body["request_id"] == answer.headers["x-request-id"]
    assert CHINESE.search(body["detail_zh"])
    assert re.search("[a-z]{2}", body["detail_en"])
    assert body["detail"] in (body["detail_zh"], body["detail_en"])
    assert body["errors_total"] >= len(body["errors"])
    for entry in body["errors"]:
        assert CHINESE.search(entry["detail_zh"])
        assert entry["detail_en"]
    assert_nothing_of_the_inside(answer.text)
    return body


# What would tell a stranger how the service is built.
_INSIDE = re.compile(
    rf"Traceback|File \\?\"|{re.escape(str(ROOT))}|/(?:home|root|usr|var|tmp)/|\.py\b"
    r"|sqlalchemy|psycopg|pydantic|\bselect\b.{0,80}\bfrom\b|phase_span|relation \\?\"|postgres|PG::"
    r"|errors\.pydantic|0x[0-9a-f]{8}",
    re.IGNORECASE,
)


def assert_nothing_of_the_inside(text: str) -> None:
    found = _INSIDE.search(text)
    assert found is None, text[max(0, found.start() - 80) : found.end() + 80]


# ---------------------------------------------------------------- every address


def described(client: TestClient) -> Json:
    return get(client, "/api/openapi.json")


def every_get(client: TestClient, *, staff: bool = False) -> list[str]:
    """Addresses that together use every GET operation and every parameter of the description, and those of
    the page that it leaves out. staff: those that only staff may ask as well."""
    addresses = ["/", "/favicon.svg", "/api/openapi.json"]
    for path, operations in described(client)["paths"].items():
        if "get" in operations and (staff or "401" not in operations["get"]["responses"]):
            addresses += _addresses(path, operations["get"].get("parameters", []))
    return addresses


_VALUES = {
    "project": ["fuan-east-road"],
    "radius_m": ["500"],
    "project_id": ["fuan-east-road", "metro-line-10"],
    "area": ["pinghu"],
    "revision": ["latest", "2"],
    "kind": ["metro", "road"],
    "dataset": ["月报"],
    "z": ["12"],
    "x": ["3346"],
    "y": ["1783"],
    "from": ["2015-01"],
    "to": ["2028"],
    "day": ["2021", "2030-06-01"],
    "known": ["2025-02-01"],
    "phase": ["planned"],
    "bbox": ["114.09,22.65,114.18,22.73"],
    "q": ["平湖"],
    "who": ["admin"],
    "text": ["力争年内通车"],
    "year": ["2026"],
    "lon": ["114.12"],
    "lat": ["22.69"],
    "place": ["禾花站"],
    "by": ["2099"],
    "group": ["transit"],
    "parent": ["metro-line-10"],
    "source": ["qiaobao-2025-01-16"],
    "within_days": ["400"],
    "stale_months": ["24"],
    "line": ["metro-line-10"],
    "limit": ["7"],
    "changeset_id": ["1", "2"],
    "n": ["1"],
    "job_id": ["1"],
    "upload_id": ["1"],
    "form": ["csv", "geojson"],
    "before": ["2"],
    "issue": ["outside-area"],
    "cursor": ["WyJpZCIsImEiLCJhIl0"],
}


def _addresses(path: str, parameters: list[Json]) -> Iterator[str]:
    in_path = [p["name"] for p in parameters if p["in"] == "path"]
    in_query = {p["name"]: _values(p) for p in parameters if p["in"] == "query"}
    always = [f"{p['name']}={_values(p)[0]}" for p in parameters if p["in"] == "query" and p["required"]]
    for values in itertools.product(*(_VALUES[name] for name in in_path)):
        filled = path
        for name, value in zip(in_path, values, strict=True):
            filled = filled.replace("{" + name + "}", value)
        yield "?".join([filled, *always][: 1 + bool(always)])
        for name, options in in_query.items():
            for option in options:
                others = [entry for entry in always if not entry.startswith(f"{name}=")]
                yield f"{filled}?{'&'.join([*others, f'{name}={option}'])}"


def _values(parameter: Json) -> list[str]:
    """What to try for a query parameter: some of what it may be when that is listed."""
    schemas = parameter["schema"].get("anyOf", [parameter["schema"]])
    listed = [str(value) for schema in schemas for value in schema.get("enum", [])]
    if parameter["name"] == "revision":
        return ["2"]
    return listed[:2] or _VALUES[parameter["name"]]
