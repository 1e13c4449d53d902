"""The only door: staged, checked, published, taken back; and what it leaves behind."""

from __future__ import annotations

from typing import Any

import pytest
import shapely
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.changesets import derived, queries, service, staged_queries, undoing
from app.changesets.refusals import BlockedRows, MovedOn, UnknownChangeset, WrongState
from app.database import Connection, Database
from app.main import create_app
from app.settings import Settings
from geodata.changes import Change
from tests.app.changing import new_project

AREA = "pinghu"
DERIVED = (
    "select no, parent_no, phases, last_heard, area_ha, length_km from project order by no",
    "select * from phase_span order by project_no, known_from, day_from, promised, phase",
    "select * from promise order by project_no, known_from, milestone",
)


def project(name: str, **more: Any) -> dict[str, Any]:
    """The record of a project with a place."""
    return dict(new_project(name, None, **{"precision": "approximate", **more}).after or {})


def claim(target: str, **more: Any) -> dict[str, Any]:
    return {
        "target": target,
        "property": "milestone:start",
        "value": "",
        "unit": "",
        "date": "2025-03-01",
        "commitment": "done",
        "said_on": "2025-03-02",
        "source": "pinghu-report-2024",
        "locator": "p. 1",
        "quote": "已开工",
        "verbatim": True,
        "note": "",
        "counts_in": "",
        **more,
    }


def add(name: str, lon: float = 114.12, **more: Any) -> Change:
    return Change("add", name, after=project(name, **more), geom_after=shapely.Point(lon, 22.69))


def stage(connection: Connection, *changes: Change, base_rev: int | None = None) -> int:
    return service.stage(
        connection,
        AREA,
        changes,
        kind="edit",
        title_zh="试",
        title_en="Test",
        who="tester",
        base_rev=base_rev,
    )


def publish(database: Database, *changes: Change) -> tuple[int, int]:
    """Stage and publish: (number of the changeset, revision)."""
    with database.writing() as connection:
        number = stage(connection, *changes)
        return number, service.publish(connection, number, "tester")


def rows(database: Database, query: str) -> list[Any]:
    with database.writing() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def derived_state(database: Database) -> list[list[Any]]:
    return [rows(database, query) for query in DERIVED]


def current(database: Database, *ids: str) -> dict[str, Any]:
    with database.writing() as connection:
        return queries.current_projects(connection, ids)


def change_name(name: str, before: str, after: str) -> Change:
    return Change("change", name, before={"name_en": before}, after={"name_en": after})


# ---------------------------------------------------------------- the seed


def test_the_seed_is_two_published_changesets(seeded: Database) -> None:
    found = rows(seeded, "select kind, state, rev from changeset order by id")
    assert found == [("seed", "published", 1), ("seed", "published", 2)]
    assert rows(seeded, "select distinct rev from claim order by 1") == [(1,), (2,)]
    assert rows(seeded, "select count(*) from change where decision <> 'accept'") == [(0,)]


def test_undoing_the_second_changeset_leaves_the_page_alone(fresh: Database) -> None:
    page_before = rows(fresh, "select id, quote from claim where rev = 1 order by id")
    with fresh.writing() as connection:
        back = undoing.revert(connection, 2, "tester", "try")
        row = staged_queries.changeset(connection, back)
        assert row is not None
        assert row["kept"] == []
        assert service.publish(connection, back, "tester") == 3
    standing = rows(fresh, "select id, quote from claim where withdrawn_rev is null order by id")
    assert standing == page_before
    assert rows(fresh, "select distinct withdrawn_rev, withdrawn_reason from claim where rev = 2") == [
        (3, "try")
    ]
    # Only what the page says counts now: the line is open, nobody says since when.
    assert rows(fresh, "select phases from project where id = 'metro-line-10-main'") == [("6@2025-01-16<",)]
    assert rows(fresh, "select phases from project where id = 'metro-line-17-phase-1'") == [("",)]


def test_undoing_the_undo_restates_every_claim(fresh: Database) -> None:
    before = rows(fresh, "select id, phases from project order by id")
    with fresh.writing() as connection:
        service.publish(connection, undoing.revert(connection, 2, "tester", "try"), "tester")
    with fresh.writing() as connection:
        service.publish(connection, undoing.revert(connection, 3, "tester", "back again"), "tester")
    assert rows(fresh, "select id, phases from project order by id") == before
    assert rows(fresh, "select count(*) from claim where restates is not null") == [(144,)]


def test_undoing_the_first_changeset_keeps_what_later_claims_speak_of(fresh: Database) -> None:
    with fresh.writing() as connection:
        back = undoing.revert(connection, 1, "tester", "try")
        row = staged_queries.changeset(connection, back)
        assert row is not None
        kept = {entry["target"] for entry in row["kept"]}
        service.publish(connection, back, "tester")
    spoken_of = {
        row[0]
        for row in rows(
            fresh, "select distinct p.id from claim c join project p on p.no = c.project_no where c.rev = 2"
        )
    }
    assert kept == spoken_of
    assert {r[0] for r in rows(fresh, "select id from project where removed_rev is null")} == spoken_of


# ---------------------------------------------------------------- worked answers of the model


def test_undo_removes_b_restores_c_and_keeps_a_with_its_later_edit(fresh: Database) -> None:
    publish(fresh, add("thing-c", name_en="before"))
    number, _ = publish(fresh, add("thing-a"), add("thing-b"), change_name("thing-c", "before", "after"))
    publish(fresh, change_name("thing-a", "thing-a", "edited by a planner"))
    with fresh.writing() as connection:
        back = undoing.revert(connection, number, "tester", "wrong file")
        row = staged_queries.changeset(connection, back)
        assert row is not None
        assert [(entry["target"], entry["part"]) for entry in row["kept"]] == [("thing-a", "attrs")]
        service.publish(connection, back, "tester")
    now = current(fresh, "thing-a", "thing-b", "thing-c")
    assert now["thing-b"].removed
    assert now["thing-c"].record["name_en"] == "before"
    assert not now["thing-a"].removed
    assert now["thing-a"].record["name_en"] == "edited by a planner"


def test_two_uploads_from_one_base_conflict_on_what_differs_only(fresh: Database) -> None:
    publish(fresh, add("thing-x"), add("thing-y"))

    def upload(y: str, z: float) -> tuple[Change, ...]:
        return (
            change_name("thing-x", "thing-x", "the same"),
            change_name("thing-y", "thing-y", y),
            add("thing-z", lon=z),
        )

    with fresh.writing() as connection:
        first = stage(connection, *upload("one", 114.12))
        second = stage(connection, *upload("two", 114.13))
    with fresh.writing() as connection:
        service.publish(connection, first, "tester")
    with pytest.raises(MovedOn) as caught, fresh.writing() as connection:
        service.publish(connection, second, "tester")
    assert {(c.target, c.part) for c in caught.value.conflicts} == {
        ("thing-y", "name_en"),
        ("thing-z", "exists"),
    }
    # Nothing of the second is public, and the revision did not move.
    assert rows(fresh, "select revision from area") == [(4,)]
    assert current(fresh, "thing-y")["thing-y"].record["name_en"] == "one"


def test_a_moved_geometry_conflicts_only_with_another_place(fresh: Database) -> None:
    publish(fresh, add("thing-g", lon=114.10))
    here, there, elsewhere = (shapely.Point(lon, 22.69) for lon in (114.10, 114.11, 114.12))
    with fresh.writing() as connection:
        same = stage(connection, Change("change", "thing-g", {}, {}, here, there))
        other = stage(connection, Change("change", "thing-g", {}, {}, here, elsewhere))
        name = stage(connection, change_name("thing-g", "thing-g", "renamed"))
    publish(fresh, Change("change", "thing-g", {}, {}, here, there))
    with fresh.writing() as connection:
        service.publish(connection, same, "tester")
    with fresh.writing() as connection:
        service.publish(connection, name, "tester")
    with pytest.raises(MovedOn) as caught, fresh.writing() as connection:
        service.publish(connection, other, "tester")
    assert [(c.target, c.part) for c in caught.value.conflicts] == [("thing-g", "geometry")]


def test_a_withdrawn_opening_leaves_the_start_standing(fresh: Database) -> None:
    publish(fresh, add("thing-w"), claim_change("thing-w"))
    number, _ = publish(
        fresh,
        claim_change("thing-w", property="milestone:delivered", date="2025-06-01", said_on="2025-06-02"),
    )
    assert rows(fresh, "select phases from project where id = 'thing-w'") == [("4@2025-03-01 6@2025-06-01",)]
    with fresh.writing() as connection:
        service.publish(connection, undoing.revert(connection, number, "tester", "not so"), "tester")
    assert rows(fresh, "select phases from project where id = 'thing-w'") == [("4@2025-03-01",)]


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_what_is_published_and_undone_part_by_part_is_what_the_whole_would_be(
    fresh: Database, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    def state() -> list[list[Any]]:
        return [
            rows(
                fresh,
                "select id, name_en, phases, removed_rev is null, last_heard, st_astext(geom) from project"
                " where dataset = 'parts' or id like 'thing-%' order by id",
            ),
            rows(
                fresh,
                "select p.id, c.property, c.date_text, c.withdrawn_rev is null, count(*) from claim c"
                " join project p on p.no = c.project_no where p.id like 'thing-%' group by 1, 2, 3, 4"
                " order by 1, 2, 3, 4",
            ),
        ]

    def undone(number: int) -> int:
        with fresh.writing() as connection:
            back = undoing.revert(connection, number, "tester", "not so")
            service.publish(connection, back, "tester")
        return back

    publish(fresh, add("thing-old"), claim_change("thing-old"))
    before = state()
    things = [f"thing-{n}" for n in range(7)]
    each = [change for name in things for change in (add(name), claim_change(name))]
    monkeypatch.setattr(staged_queries, "PART", size)
    number, _ = publish(fresh, change_name("thing-old", "thing-old", "new"), *each)
    published = state()
    assert {row[2] for row in published[0]} == {"4@2025-03-01"}
    assert len(published[1]) == len(things) + 1
    back = undone(number)
    assert [row for row in state()[0] if row[3]] == before[0]
    undone(back)
    again = state()
    assert again[0] == published[0]
    assert [row for row in again[1] if row[3]] == published[1]


def test_what_moved_on_is_found_in_every_part(fresh: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staged_queries, "PART", 2)
    publish(fresh, *(add(f"thing-{n}") for n in range(5)))
    changes = [change_name(f"thing-{n}", f"thing-{n}", "ours") for n in range(5)]
    with fresh.writing() as connection:
        number = stage(connection, *changes)
    publish(fresh, *(change_name(f"thing-{n}", f"thing-{n}", "theirs") for n in (0, 4)))
    with pytest.raises(MovedOn) as caught, fresh.writing() as connection:
        service.publish(connection, number, "tester")
    assert [conflict.target for conflict in caught.value.conflicts] == ["thing-0", "thing-4"]


def claim_change(target: str, **more: Any) -> Change:
    return Change("claim", "", after=claim(target, **more))


# ---------------------------------------------------------------- refusals


def test_rows_with_faults_are_staged_as_blocked_and_never_published(fresh: Database) -> None:
    bowtie = shapely.Polygon([(114.1, 22.6), (114.2, 22.7), (114.2, 22.6), (114.1, 22.7)])
    faulty = Change("add", "thing-f", after=project("thing-f"), geom_after=bowtie)
    with fresh.writing() as connection:
        number = stage(connection, faulty, claim_change("no-such-project"))
        issues = staged_queries.blocked_issues(connection, number)
    assert [issue["code"] for row in issues for issue in row["issues"]] == [
        "geometry-invalid",
        "target-unknown",
    ]
    place = issues[0]["issues"][0]
    assert (place["lon"], place["lat"]) == pytest.approx((114.15, 22.65))
    assert "几何无效" in place["detail_zh"]
    with pytest.raises(BlockedRows), fresh.writing() as connection:
        service.publish(connection, number, "tester")
    assert rows(fresh, "select revision from area") == [(2,)]


def test_nothing_becomes_a_part_of_itself(fresh: Database) -> None:
    def part_of(part: str, whole: str) -> Change:
        return Change("relate", part, after={"from": part, "to": whole, "type": "part_of", "on_date": ""})

    with fresh.writing() as connection:
        around = stage(connection, part_of("metro-line-10", "metro-line-10-main"))
        both = stage(
            connection, part_of("mugu-station", "mining-park"), part_of("mining-park", "mugu-station")
        )
        fine = stage(connection, part_of("mining-park", "ecological-park"))
        codes = [
            [
                issue["code"]
                for row in staged_queries.blocked_issues(connection, number)
                for issue in row["issues"]
            ]
            for number in (around, both, fine)
        ]
    assert codes == [["part-of-circle"], ["part-of-circle", "part-of-circle"], []]


def test_a_changeset_is_published_once_and_discarded_ones_never(fresh: Database) -> None:
    number, _ = publish(fresh, add("thing-o"))
    with pytest.raises(WrongState), fresh.writing() as connection:
        service.publish(connection, number, "tester")
    with fresh.writing() as connection:
        other = stage(connection, add("thing-p"))
        service.discard(connection, other, "tester")
    with pytest.raises(WrongState), fresh.writing() as connection:
        service.publish(connection, other, "tester")
    with pytest.raises(UnknownChangeset), fresh.writing() as connection:
        service.publish(connection, 999, "tester")


def test_what_is_staged_shows_nowhere(fresh: Database) -> None:
    with fresh.writing() as connection:
        stage(connection, add("canary-draft"), claim_change("metro-line-18", quote="canary-draft"))
    with TestClient(create_app(Settings(), fresh)) as client:
        for path in (
            "/api/projects?limit=1000",
            "/api/projects.csv",
            "/api/projects/metro-line-18",
            "/api/projects?q=canary",
            "/api/layers/park.geojson",
            "/api/timeline",
            "/api/catalogue",
            "/api/indicators",
            "/api/programmes",
            "/tiles/pinghu/2/park/12/3346/1783.mvt",
        ):
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert b"canary-draft" not in answer.content.replace(b'"q":"canary', b""), path
        assert client.get("/api/projects/canary-draft").status_code == 404


# ---------------------------------------------------------------- removal and names


def test_a_removed_project_is_gone_with_words(fresh: Database) -> None:
    publish(fresh, add("thing-r"))
    now = current(fresh, "thing-r")["thing-r"]
    publish(fresh, Change("remove", "thing-r", before=now.record, geom_before=now.geometry))
    with TestClient(create_app(Settings(), fresh)) as client:
        answer = client.get("/api/projects/thing-r")
        assert answer.status_code == 410
        assert "移除" in answer.json()["detail_zh"]
        assert answer.json()["successors"] == []
        assert client.get("/api/projects?q=thing-r").json()["numberMatched"] == 0


def test_undoing_a_removal_brings_the_same_project_back(fresh: Database) -> None:
    publish(fresh, add("thing-u", lon=114.115))
    now = current(fresh, "thing-u")["thing-u"]
    number, _ = publish(fresh, Change("remove", "thing-u", before=now.record, geom_before=now.geometry))
    with fresh.writing() as connection:
        service.publish(connection, undoing.revert(connection, number, "tester", "slip"), "tester")
    back = current(fresh, "thing-u")["thing-u"]
    assert not back.removed
    assert back.record == now.record
    assert shapely.equals(back.geometry, now.geometry)


# ---------------------------------------------------------------- what is derived


def test_rebuild_reproduces_the_stored_state_byte_for_byte(fresh: Database) -> None:
    before = derived_state(fresh)
    with fresh.writing() as connection:
        connection.execute(text("delete from phase_span"))
        connection.execute(text("delete from promise"))
        connection.execute(
            text(
                "update project set phases = '', last_heard = null, parent_no = null,"
                " area_ha = null, length_km = null"
            )
        )
        assert derived.rebuild(connection) == 126
    assert derived_state(fresh) == before


CLAIMS = st.lists(
    st.tuples(
        st.sampled_from(["milestone:start", "milestone:topout", "milestone:delivered", "phase", "mention"]),
        st.sampled_from(["2024", "2024-06", "2025-01-15", "..2025", "2023/2024", "2026~"]),
        st.sampled_from(["done", "expected", "aspired"]),
        st.sampled_from(["2023-05-01", "2024-12-31", "2026-02"]),
        st.sampled_from(["pinghu-report-2024", "qiaobao-2025-01-16"]),
    ),
    min_size=1,
    max_size=5,
)


@given(base=CLAIMS, extra=CLAIMS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_withdrawn_claim_leaves_no_trace_at_head(fresh: Database, base: Any, extra: Any) -> None:
    """Property: publish claims, publish more, take those back: the derived state is what it was."""

    def changes(entries: Any) -> list[Change]:
        found = []
        for about, when, commitment, said_on, source in entries:
            is_phase = about == "phase"
            said = "2026-06-01" if commitment == "done" or is_phase else said_on
            found.append(
                claim_change(
                    target,
                    property=about,
                    date=when,
                    commitment="done" if is_phase else commitment,
                    value="building" if is_phase else "",
                    said_on=said,
                    source=source,
                )
            )
        return found

    with fresh.writing() as connection:
        row = queries.area(connection, AREA)
        assert row is not None
        target = f"thing-{row['revision']}"
    publish(fresh, add(target), *changes(base))
    query = f"where project_no = (select no from project where id = '{target}')"
    state = [
        f"select phases, last_heard from project where id = '{target}'",
        f"select * from phase_span {query} order by known_from, day_from, promised, phase",
        f"select * from promise {query} order by known_from, milestone",
    ]
    before = [rows(fresh, one) for one in state]
    number, _ = publish(fresh, *changes(extra))
    with fresh.writing() as connection:
        service.publish(connection, undoing.revert(connection, number, "tester", "no"), "tester")
    assert [rows(fresh, one) for one in state] == before


def test_every_step_is_in_the_log(fresh: Database) -> None:
    number, rev = publish(fresh, add("thing-l"))
    found = rows(fresh, "select who, action, object from event_log order by id desc limit 2")
    assert found == [
        ("tester", "publish", f"changeset/{number}"),
        ("tester", "stage", f"changeset/{number}"),
    ]
    assert rev == 3
