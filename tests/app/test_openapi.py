"""The description of the interface is sound, and the service keeps to it whatever is asked."""

from __future__ import annotations

import re
from typing import Any

import jsonschema
import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.types import Receive, Scope, Send

from app.database import Database
from app.main import create_app
from app.settings import Settings
from tests.app.asking import PROBLEM, Json, described, get


def never_a_500(_context: Any, response: Any, _case: Any) -> None:
    """A revision that this copy has not reached is the one thing it may put off."""
    assert response.status_code < 500 or response.json()["code"] == "behind"


CHECKS = [
    never_a_500,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


@pytest.fixture(scope="module")
def description(client: TestClient) -> Json:
    return described(client)


def operations(description: Json) -> list[tuple[str, str, Json]]:
    return [
        (path, method, operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]


# ---------------------------------------------------------------- the description


def test_it_is_openapi_3_1_and_its_schemas_are_json_schemas(description: Json) -> None:
    assert description["openapi"].startswith("3.1")
    for name, schema in description["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert "title" in schema, name
    for _, _, operation in operations(description):
        for parameter in operation.get("parameters", []):
            jsonschema.Draft202012Validator.check_schema(parameter["schema"])


def test_every_reference_leads_somewhere(description: Json) -> None:
    names = set(re.findall(r"'\$ref': '#/components/schemas/(\w+)'", str(description)))
    assert names
    assert names == set(description["components"]["schemas"]) & names


def test_every_operation_says_what_it_is_for_and_how_it_fails(description: Json) -> None:
    found = operations(description)
    assert len(found) >= 12
    assert len({operation["operationId"] for _, _, operation in found}) == len(found)
    for path, method, operation in found:
        assert operation["summary"], (path, method)
        responses = operation["responses"]
        (good, *_) = sorted(responses)
        assert good in ("200", "201", "202", "204"), path
        assert {"400", "503"} <= set(responses), path
        for status, response in responses.items():
            assert response["description"], (path, status)
            if status >= "400":
                assert list(response["content"]) == [PROBLEM], (path, status)
        assert good == "204" or responses[good]["content"], path


def test_every_query_parameter_is_described(description: Json) -> None:
    for path, _, operation in operations(description):
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "query":
                assert parameter.get("description") or parameter["schema"].get("description"), (
                    path,
                    parameter["name"],
                )


def test_the_framework_own_errors_are_not_described(description: Json) -> None:
    assert "HTTPValidationError" not in description["components"]["schemas"]


# ---------------------------------------------------------------- the service keeps to it


def resolved(description: Json, schema: Json) -> Json:
    return {**schema, "components": description["components"]}


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/api/catalogue", "/api/catalogue"),
        ("/api/projects", "/api/projects?limit=1000&day=2029"),
        ("/api/projects/{project_id}", "/api/projects/jihe-expressway-widening"),
        ("/api/timeline", "/api/timeline"),
        ("/api/indicators", "/api/indicators"),
        ("/api/attention", "/api/attention?within_days=730"),
        ("/api/compare", "/api/compare?from=2010&to=2030"),
        ("/api/compare", "/api/compare?from=2010&to=2030&by=known"),
        ("/api/compare", "/api/compare?source=qiaobao-2025-01-16"),
        ("/api/progress", "/api/progress?step=quarter"),
        ("/api/programmes", "/api/programmes"),
        ("/tiles.json", "/tiles.json?kind=metro"),
        ("/readyz", "/readyz"),
        ("/healthz", "/healthz"),
    ],
)
def test_whole_answers_are_what_is_described(
    client: TestClient, description: Json, path: str, address: str
) -> None:
    content = description["paths"][path]["get"]["responses"]["200"]["content"]
    (schema,) = [entry["schema"] for entry in content.values()]
    jsonschema.validate(get(client, address), resolved(description, schema))


@pytest.mark.parametrize(
    "address",
    ["/api/projects?limit=0", "/api/projects/no-such", "/tiles/pinghu/1/metro/0/0/0.mvt", "/no-such"],
)
def test_problems_are_what_is_described(client: TestClient, description: Json, address: str) -> None:
    schema = description["components"]["schemas"]["ProblemBody"]
    jsonschema.validate(client.get(address).json(), resolved(description, schema))


class Late:
    """The service that is asked: at first one that can only describe itself, for there is no database while
    tests are collected; then one on the facts of Pinghu."""

    def __init__(self) -> None:
        self.app = create_app(Settings(), Database("postgresql+psycopg://guatu@/none?host=/nowhere"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


late = Late()
api = schemathesis.openapi.from_asgi("/api/openapi.json", late)


@pytest.fixture(scope="module")
def live(seeded: Database) -> None:
    late.app = create_app(Settings(), seeded)


@api.parametrize()
@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_H335_whatever_is_asked_the_answer_is_one_that_is_described(live: None, case: Any) -> None:
    case.call_and_validate(checks=CHECKS)
