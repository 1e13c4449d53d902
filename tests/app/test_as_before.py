"""A monthly file comes again: what was answered of the last one need not be answered again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.uploads import service as uploads
from tests.app import signed
from tests.app.bringing import bring, collection, parcel
from tests.conftest import SEEDED, opened

Json = dict[str, Any]
SYSTEM = {"crs": "EPSG:4547"}


@pytest.fixture(scope="module")
def gis() -> Iterator[TestClient]:
    with pytest.MonkeyPatch.context() as patch, opened(SEEDED) as database:
        patch.setattr(uploads, "MOST_AN_HOUR", 10_000)
        with signed.browser(database) as client:
            signed.enter(client, database, signed.add(database, "wei", "gis"))
            yield client


def month(n: int, *more: str, cells: str = "") -> bytes:
    """A table as an office keeps it: metres of the local grid, words of its own, remarks."""
    head = ",".join(["编号", "名称", "X", "Y", "进度情况", "规模", "备注", *more])
    rows = [f"K{i},库房{i},{505000 + 90 * i},{2508000 + i},干着呢,{n},内部{i}{cells}" for i in range(3)]
    return "\n".join([head, *rows]).encode()


def answered(client: TestClient, dataset: str = "月报") -> Json:
    """The first month, with all that a person had to say of it."""
    columns = [
        {"field": "进度情况", "target": "status"},
        {"field": "规模", "target": "attr:area_ha", "unit": "亩"},
    ]
    mapping = {"columns": columns, "precision": "surveyed", "words": {"干着呢": "building"}}
    return sent(client, month(15), dataset=dataset, mapping=mapping, **SYSTEM)


def sent(client: TestClient, content: bytes, name: str = "月报.csv", **form: Any) -> Json:
    said = {key: as_form(value) for key, value in form.items()}
    answer = bring(client, content, name, **{"kind": "parcel", "dataset": "月报", **said})
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


def as_form(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def targets(upload: Json) -> dict[str, tuple[str, str]]:
    return {one["field"]: (one["target"], one["unit"]) for one in upload["report"]["mapping"]["columns"]}


def codes(upload: Json) -> list[str]:
    return [note["code"] for note in upload["report"]["notes"]]


def test_the_same_file_a_month_later_asks_nothing(gis: TestClient) -> None:
    first = answered(gis)
    assert "remark-kept" in codes(first)
    # The page finds it by what the form says.
    found = gis.get("/api/uploads", params={"kind": "parcel", "dataset": "月报", "limit": 5}).json()
    assert found["uploads"][0]["id"] == first["id"]
    again = sent(gis, month(16), "二月.csv", as_before=str(first["id"]))
    assert targets(again) == targets(first)
    assert targets(again)["规模"] == ("attr:area_ha", "亩")
    report = again["report"]
    assert (report["crs"], report["mapping"]["precision"]) == ("EPSG:4547", "surveyed")
    assert report["mapping"]["words"] == {"干着呢": "building"}
    assert report["counts"]["blocked"] == 0
    told = report["notes"][0]
    assert told["code"] == "as-before"
    assert "月报.csv" in told["detail_zh"]
    assert "EPSG:4547" in told["detail_en"]
    # What held stands as what was said: it is there to be looked at, and for the third month.
    assert again["answers"] == SYSTEM
    third = sent(gis, month(17), "三月.csv", as_before=str(again["id"]))
    assert targets(third) == targets(first)
    assert third["report"]["crs"] == "EPSG:4547"


def test_what_the_form_says_goes_before_what_was_answered(gis: TestClient) -> None:
    first = answered(gis)
    mapping = {"precision": "approximate", "columns": [{"field": "规模", "target": "keep"}]}
    again = sent(gis, month(16), as_before=str(first["id"]), mapping=mapping)
    assert targets(again)["规模"] == ("keep", "")
    assert again["report"]["mapping"]["precision"] == "approximate"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (month(16, "街道", cells=",平湖"), "多出：街道"),
        (month(16).replace(b",\xe8\xa7\x84\xe6\xa8\xa1", b",\xe9\x9d\xa2\xe7\xa7\xaf"), "缺少：规模"),
    ],
)
def test_other_columns_are_another_file_and_the_report_says_which(
    gis: TestClient, content: bytes, why: str
) -> None:
    first = answered(gis)
    words = {"words": {"干着呢": "building"}}
    again = sent(gis, content, as_before=str(first["id"]), mapping=words, **SYSTEM)
    note = again["report"]["notes"][0]
    assert note["code"] == "as-before-not"
    assert why in note["detail_zh"]
    # As if nothing had come before.
    fresh = sent(gis, content, dataset="另一份", mapping=words, **SYSTEM)
    assert targets(again) == targets(fresh)


def test_a_file_in_another_system_is_read_by_itself(gis: TestClient) -> None:
    first = answered(gis)
    degrees = month(16)
    for i in range(3):
        degrees = degrees.replace(f"{505000 + 90 * i},{2508000 + i}".encode(), f"114.1{i},22.68".encode())
    again = sent(gis, degrees, as_before=str(first["id"]), mapping={"words": {"干着呢": "building"}})
    assert codes(again)[0] == "as-before-not"
    assert (again["report"]["crs"], again["answers"]) == ("EPSG:4326", {})


def test_a_fault_of_the_rows_is_told_and_not_asked_away(gis: TestClient) -> None:
    """All that was asked is answered; what is wrong is in the file."""
    first = answered(gis)
    content = month(16).replace("干着呢".encode(), "没听过".encode())
    answer = bring(gis, content, "a.csv", kind="parcel", dataset="月报", as_before=str(first["id"]))
    assert answer.status_code == 422
    assert {fault["code"] for fault in answer.json()["errors"]} == {"vocabulary"}


def test_that_somebody_looked_at_personal_data_holds_for_one_file(gis: TestClient) -> None:
    def lot(phone: str) -> bytes:
        return collection(parcel(1, 公开说明=f"热线 {phone}"))

    cleared = {"cleared": ["note_zh"]}
    first = sent(gis, lot("13800138000"), "a.geojson", mapping=cleared)
    assert first["report"]["mapping"]["cleared"] == ["note_zh"]
    again = sent(gis, lot("13900139000"), "b.geojson", as_before=str(first["id"]))
    assert codes(again)[0] == "as-before"
    assert again["report"]["mapping"]["cleared"] == []
    (change, *_) = gis.get(f"/api/changesets/{again['changeset']}/changes").json()["changes"]
    assert change["after"]["note_zh"] == ""


def test_remarks_that_were_published_stay_so_and_it_is_said(gis: TestClient) -> None:
    def lot(words: str) -> bytes:
        return collection(parcel(1, 备注=words))

    kept = sent(gis, lot("内部"), "a.geojson")
    assert "remark-kept" in codes(kept)
    said = {"columns": [{"field": "备注", "target": "note_zh"}]}
    public = sent(gis, lot("欢迎来"), "a.geojson", mapping=said)
    again = sent(gis, lot("再来"), "b.geojson", as_before=str(public["id"]))
    assert targets(again)["备注"] == ("note_zh", "")
    assert "remark-public" in codes(again)


@pytest.mark.parametrize("number", ["2147483647", "other dataset"])
def test_answers_of_no_such_upload_are_not_taken_and_it_is_said(gis: TestClient, number: str) -> None:
    if number == "other dataset":
        number = str(answered(gis, "别的")["id"])
    upload = sent(gis, collection(parcel(1)), "a.geojson", as_before=number)
    assert codes(upload)[0] == "as-before-none"


def test_answers_of_nonsense_are_refused(gis: TestClient) -> None:
    answer = bring(gis, collection(parcel(1)), as_before="上次")
    assert answer.status_code == 422
    assert "as_before" in answer.text


# ---------------------------------------------------------------- who says it


def test_who_published_a_file_and_what_it_is_stand_in_the_report_and_with_its_claims(gis: TestClient) -> None:
    form = {"publisher": "平湖街道办事处", "tier": "press", "data_date": "2026-05-05", "dataset": "街道"}
    upload = sent(gis, collection(parcel(1)), "a.geojson", **form)
    told = {
        "publisher_zh": "平湖街道办事处",
        "publisher_en": "平湖街道办事处",
        "tier": "press",
        "is_public": False,
    }
    assert upload["report"]["source"] == told
    changes = gis.get(f"/api/changesets/{upload['changeset']}/changes").json()["changes"]
    (cited,) = [one["cited"] for one in changes if one["op"] == "claim"]
    assert cited["publisher_zh"] == "平湖街道办事处"
    changeset = gis.get(f"/api/changesets/{upload['changeset']}")
    published = gis.post(
        f"/api/changesets/{upload['changeset']}/publish",
        json={"reason": "试", "confirm": changeset.json()["confirm"]},
        headers={"If-Match": changeset.headers["ETag"]},
    )
    assert published.status_code == 200, published.text
    # Of the same day there is one source: the report says that it stays what it is.
    later = sent(gis, collection(parcel(2)), "a.geojson", **{**form, "tier": "official"})
    assert later["report"]["source"] == {**told, "is_public": True}
    entry = gis.get("/api/uploads").json()["uploads"][0]
    assert (entry["publisher"], entry["tier"]) == ("平湖街道办事处", "official")


def test_a_file_of_which_nobody_says_who_published_it_is_of_its_dataset(gis: TestClient) -> None:
    upload = sent(gis, collection(parcel(30)), "a.geojson")
    source = upload["report"]["source"]
    assert (source["publisher_zh"], source["tier"]) == ("数据集“月报”", "official")
