"""Bringing a file through the interface, as GIS staff do: read, staged, reviewed, published, undone."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.database import Database
from tests.app import signed
from tests.app.bringing import wait_for


def parcel(n: int, **properties: Any) -> dict[str, Any]:
    """A small square in Pinghu, apart from the others."""
    west, south = 114.10 + 0.002 * n, 22.68
    ring = [[west, south], [west + 0.001, south], [west + 0.001, south + 0.001], [west, south + 0.001]]
    return {
        "type": "Feature",
        "properties": {"编号": f"T-{n}", "名称": f"试验地块{n}", "状态": "在建", **properties},
        "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
    }


def collection(*features: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


@pytest.fixture
def gis(fresh: Database) -> Iterator[TestClient]:
    with signed.browser(fresh) as client:
        signed.enter(client, fresh, signed.add(fresh, "wei", "gis"))
        yield client


def send(client: TestClient, content: bytes, name: str = "a.geojson", **form: str) -> dict[str, Any]:
    """The upload once it is checked, as the page waits for it; a refusal is its problem."""
    data = {"kind": "parcel", "dataset": "试验", "data_date": "2026-01-01", **form}
    answer = client.post("/api/uploads", data=data, files={"file": (name, content)})
    while answer.status_code == 202 or (answer.status_code == 200 and answer.json()["state"] == "checking"):
        time.sleep(0.2)
        answer = client.get(answer.headers.get("Location", f"/api/uploads/{number(answer)}"))
    body: dict[str, Any] = answer.json()
    return body


def test_who_prefers_not_to_wait_is_told_where_to_ask(gis: TestClient) -> None:
    data = {"kind": "parcel", "dataset": "不等", "data_date": "2026-01-01"}
    file = {"file": ("a.geojson", collection(parcel(1)))}
    answer = gis.post("/api/uploads", data=data, files=file, headers={"Prefer": "wait=0"})
    assert answer.status_code == 202, answer.text
    upload = wait_for(gis, answer.headers["Location"])
    assert (upload["state"], upload["answers"]) == ("staged", {})


def test_what_was_answered_is_told_again(gis: TestClient) -> None:
    upload = send(gis, collection(parcel(1)), crs="EPSG:4490", encoding="utf-8")
    assert upload["answers"] == {"crs": "EPSG:4490", "encoding": "utf-8"}
    assert upload["report"]["crs_names"]["name_zh"] == "CGCS2000 经纬度"


def number(answer: Any) -> int:
    return int(answer.json()["id"])


def test_a_file_is_staged_published_and_taken_back(gis: TestClient) -> None:
    upload = send(gis, collection(parcel(1), parcel(2)))
    assert upload["state"] == "staged", upload
    assert upload["report"]["counts"]["added"] == 2
    number = upload["changeset"]
    assert gis.get("/api/projects", params={"q": "试验地块"}).json()["numberMatched"] == 0
    changeset = gis.get(f"/api/changesets/{number}")
    page = gis.get(f"/api/changesets/{number}/changes").json()
    assert [(c["op"], c["row"], c["decision"]) for c in page["changes"]][:2]
    published = gis.post(
        f"/api/changesets/{number}/publish",
        json={"reason": "试", "confirm": changeset.json()["confirm"]},
        headers={"If-Match": changeset.headers["ETag"]},
    )
    assert published.status_code == 200, published.text
    assert gis.get("/api/projects", params={"q": "试验地块"}).json()["numberMatched"] == 2
    back = gis.post(f"/api/changesets/{number}/revert", json={"reason": "错"})
    assert back.status_code == 200, back.text
    inverse = gis.get(f"/api/changesets/{back.json()['changeset']}")
    undone = gis.post(
        f"/api/changesets/{back.json()['changeset']}/publish",
        json={"reason": "错", "confirm": inverse.json()["confirm"]},
        headers={"If-Match": inverse.headers["ETag"]},
    )
    assert undone.status_code == 200, undone.text
    assert gis.get("/api/projects", params={"q": "试验地块"}).json()["numberMatched"] == 0


def test_a_name_that_a_project_of_another_dataset_has_is_warned_of(gis: TestClient) -> None:
    """It is staged as new, as the file says no id; who reviews it learns which project it may be."""
    there, name = "luoshan-key-project-site", "罗山重点项目施工场地"
    same, other = parcel(1), parcel(2)
    same["properties"]["名称"] = name
    upload = send(gis, collection(same, other), dataset="别处的")
    assert upload["report"]["counts"]["added"] == 2
    page = gis.get(f"/api/changesets/{upload['changeset']}/changes").json()
    told = {
        change["target"]: issue["detail_zh"]
        for change in page["changes"]
        for issue in change["issues"]
        if issue["code"] == "name-of-other-dataset"
    }
    assert len(told) == 1
    (words,) = told.values()
    assert name in words
    assert there in words
    # With its id it is that project, and nothing is to be warned of.
    same["properties"]["id"] = there
    again = send(gis, collection(same), dataset="又一份")
    issues = gis.get(f"/api/changesets/{again['changeset']}").json()["counts"]["issues"]
    assert "name-of-other-dataset" not in {one["code"] for one in issues}
