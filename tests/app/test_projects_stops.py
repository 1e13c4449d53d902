"""The stops of a line for English readers."""

from __future__ import annotations

from fastapi.testclient import TestClient

from app.database import Database
from tests.app.asking import project
from tests.app.changing import add_project

FIELD = "stops"


def test_stops_come_with_the_english_names_that_stations_have(client: TestClient) -> None:
    about = project(client, "shenda-intercity")
    [measure] = [one for one in about["measures"] if one["code"] == FIELD]
    [claim] = [one for one in about["claims"] if one["property"] == f"measure:{FIELD}"]
    for entry in (measure, claim):
        assert entry["value"] == "…、五和、白坭坑、大运、…"
        assert entry["value_en"] == "…, Wuhe, Bainikeng, Universiade, …"


def test_a_stop_without_an_english_name_stays_as_it_is_called(client: TestClient) -> None:
    about = project(client, "metro-line-10-east")
    [measure] = [one for one in about["measures"] if one["code"] == FIELD]
    assert measure["value_en"] == "Shuangyong Street, 龙平路, 油甘埔, 官井头, 大运城邦, Huanggekeng"


def test_a_list_that_is_an_attribute_has_its_english_beside_it(
    fresh: Database, fresh_client: TestClient
) -> None:
    add_project(fresh, "line-of-a-file", None, kind="metro", attrs={FIELD: "五和、新站"})
    about = project(fresh_client, "line-of-a-file")
    assert about["attrs"][FIELD] == "五和、新站"
    assert about["attrs_en"] == {FIELD: "Wuhe, 新站"}
