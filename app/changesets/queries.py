"""The SQL of changesets. All writing of public rows is here and is called from the service alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from geoalchemy2 import WKBElement
from geoalchemy2.shape import from_shape, to_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import bindparam, delete, func, insert, select, update

from app import tables as t
from app.database import Connection, as_row, as_rows
from geodata.changes import PROJECT_FIELDS, Change, Current

Row = Mapping[str, Any]


def geometry_value(geometry: BaseGeometry | None) -> WKBElement | None:
    return None if geometry is None else from_shape(geometry, srid=4326)


def geometry_read(value: WKBElement | None) -> BaseGeometry | None:
    return None if value is None else to_shape(value)


# ---------------------------------------------------------------- area


def area(connection: Connection, area_id: str) -> Row | None:
    return as_row(connection.execute(select(t.area).where(t.area.c.id == area_id)))


def insert_area(connection: Connection, record: Row) -> None:
    connection.execute(insert(t.area).values(**record))


def raise_revision(connection: Connection, area_id: str) -> int:
    """Lock the area and raise its revision. Publishing in one area is one at a time from here to the end."""
    statement = (
        update(t.area)
        .where(t.area.c.id == area_id)
        .values(revision=t.area.c.revision + 1)
        .returning(t.area.c.revision)
    )
    return int(connection.execute(statement).scalar_one())


# ---------------------------------------------------------------- changesets and their changes


def insert_changeset(connection: Connection, values: Row) -> int:
    statement = insert(t.changeset).values(**values).returning(t.changeset.c.id)
    return int(connection.execute(statement).scalar_one())


def insert_changes(connection: Connection, rows: Sequence[Row]) -> None:
    if rows:
        connection.execute(insert(t.change), [dict(row) for row in rows])


def changeset(connection: Connection, changeset_id: int, lock: bool = False) -> Row | None:
    statement = select(t.changeset).where(t.changeset.c.id == changeset_id)
    if lock:
        statement = statement.with_for_update()
    return as_row(connection.execute(statement))


def changesets(connection: Connection, area_id: str) -> list[dict[str, Any]]:
    statement = select(t.changeset).where(t.changeset.c.area_id == area_id).order_by(t.changeset.c.id)
    return as_rows(connection.execute(statement))


def changes(connection: Connection, changeset_id: int) -> list[tuple[int, str, Change]]:
    """The changes in order, each with its number and decision."""
    statement = select(t.change).where(t.change.c.changeset_id == changeset_id).order_by(t.change.c.n)
    return [
        (
            row["n"],
            row["decision"],
            Change(
                row["op"],
                row["target"],
                row["before"],
                row["after"],
                geometry_read(row["geom_before"]),
                geometry_read(row["geom_after"]),
            ),
        )
        for row in as_rows(connection.execute(statement))
    ]


def blocked_issues(connection: Connection, changeset_id: int) -> list[dict[str, Any]]:
    statement = select(t.change.c.n, t.change.c.target, t.change.c.issues).where(
        t.change.c.changeset_id == changeset_id, t.change.c.decision == "blocked"
    )
    return as_rows(connection.execute(statement))


def set_state(connection: Connection, changeset_id: int, **values: Any) -> None:
    connection.execute(
        update(t.changeset)
        .where(t.changeset.c.id == changeset_id)
        .values(version=t.changeset.c.version + 1, **values)
    )


def name_claims(connection: Connection, changeset_id: int, numbers: Sequence[tuple[int, int]]) -> None:
    """Write the number each new claim received into the change that made it: (n, claim id)."""
    statement = (
        update(t.change)
        .where(t.change.c.changeset_id == changeset_id, t.change.c.n == bindparam("this_n"))
        .values(target=bindparam("new_target"))
    )
    if numbers:
        connection.execute(statement, [{"this_n": n, "new_target": str(claim)} for n, claim in numbers])


def log(connection: Connection, area_id: str, who: str, action: str, thing: str, detail: Row) -> None:
    connection.execute(
        insert(t.event_log).values(area_id=area_id, who=who, action=action, object=thing, detail=detail)
    )


# ---------------------------------------------------------------- what is public now


def current_projects(connection: Connection, ids: Iterable[str]) -> dict[str, Current]:
    statement = select(t.project).where(t.project.c.id.in_(list(ids)))
    return {
        row["id"]: Current(
            {name: row[name] for name in PROJECT_FIELDS},
            geometry_read(row["geom"]),
            row["rev_exists"],
            row["rev_geom"],
            row["rev_attrs"],
            row["rev_claims"],
            row["removed_rev"] is not None,
        )
        for row in as_rows(connection.execute(statement))
    }


def project_numbers(connection: Connection, ids: Iterable[str]) -> dict[str, int]:
    """Number by public id, of projects that are there."""
    statement = select(t.project.c.id, t.project.c.no).where(
        t.project.c.id.in_(list(ids)), t.project.c.removed_rev.is_(None)
    )
    return {row.id: row.no for row in connection.execute(statement)}


def project_kinds(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    statement = select(t.project.c.id, t.project.c.kind).where(
        t.project.c.id.in_(list(ids)), t.project.c.removed_rev.is_(None)
    )
    return {row.id: row.kind for row in connection.execute(statement)}


def existing_sources(connection: Connection, ids: Iterable[str]) -> dict[str, date]:
    """The day of retrieval by id, of sources that are there."""
    statement = select(t.source.c.id, t.source.c.retrieved_on).where(t.source.c.id.in_(list(ids)))
    return {row.id: row.retrieved_on for row in connection.execute(statement)}


def existing_indicators(connection: Connection, area_id: str, codes: Iterable[str]) -> set[str]:
    statement = select(t.indicator.c.code).where(
        t.indicator.c.area_id == area_id, t.indicator.c.code.in_(list(codes))
    )
    return set(connection.execute(statement).scalars())


def claim_rows(connection: Connection, ids: Iterable[int]) -> dict[int, Row]:
    statement = (
        select(t.claim, t.project.c.id.label("project_id"))
        .outerjoin(t.project, t.project.c.no == t.claim.c.project_no)
        .where(t.claim.c.id.in_(list(ids)))
    )
    return {row["id"]: dict(row) for row in as_rows(connection.execute(statement))}


def wholes(connection: Connection, area_id: str) -> dict[str, str]:
    """Of every project that is part of another: its id and the other's."""
    part, whole = t.project.alias(), t.project.alias()
    statement = (
        select(part.c.id, whole.c.id)
        .select_from(t.relation)
        .join(part, part.c.no == t.relation.c.from_no)
        .join(whole, whole.c.no == t.relation.c.to_no)
        .where(part.c.area_id == area_id, t.relation.c.type == "part_of", t.relation.c.removed_rev.is_(None))
    )
    return {row[0]: row[1] for row in connection.execute(statement)}


def relation_id(connection: Connection, from_id: str, to_id: str, kind: str) -> int | None:
    source, target = t.project.alias(), t.project.alias()
    statement = (
        select(t.relation.c.id)
        .join(source, source.c.no == t.relation.c.from_no)
        .join(target, target.c.no == t.relation.c.to_no)
        .where(
            source.c.id == from_id,
            target.c.id == to_id,
            t.relation.c.type == kind,
            t.relation.c.removed_rev.is_(None),
        )
    )
    return connection.execute(statement).scalar_one_or_none()


# ---------------------------------------------------------------- writing public rows


def insert_sources(connection: Connection, rows: Sequence[Row]) -> None:
    if rows:
        connection.execute(insert(t.source), [dict(row) for row in rows])


def insert_indicators(connection: Connection, rows: Sequence[Row]) -> None:
    if rows:
        connection.execute(insert(t.indicator), [dict(row) for row in rows])


def insert_projects(connection: Connection, rows: Sequence[Row]) -> None:
    if rows:
        connection.execute(insert(t.project), [dict(row) for row in rows])


def restore_project(connection: Connection, project_id: str, values: Row) -> None:
    connection.execute(
        update(t.project).where(t.project.c.id == project_id).values(**values, removed_rev=None)
    )
    connection.execute(delete(t.alias).where(t.alias.c.old_id == project_id))


def update_project(connection: Connection, project_id: str, values: Row) -> None:
    connection.execute(update(t.project).where(t.project.c.id == project_id).values(**values))


def remove_projects(connection: Connection, ids: Sequence[str], rev: int) -> None:
    if not ids:
        return
    connection.execute(
        update(t.project).where(t.project.c.id.in_(ids)).values(removed_rev=rev, rev_exists=rev)
    )


def insert_claims(connection: Connection, rows: Sequence[Row]) -> list[int]:
    if not rows:
        return []
    statement = insert(t.claim).returning(t.claim.c.id, sort_by_parameter_order=True)
    return list(connection.execute(statement, [dict(row) for row in rows]).scalars())


def withdraw_claims(connection: Connection, ids: Sequence[int], rev: int, reason: str) -> None:
    connection.execute(
        update(t.claim).where(t.claim.c.id.in_(ids)).values(withdrawn_rev=rev, withdrawn_reason=reason)
    )


def insert_relations(connection: Connection, rows: Sequence[Row]) -> None:
    if rows:
        connection.execute(insert(t.relation), [dict(row) for row in rows])


def remove_relation(connection: Connection, relation: int, rev: int) -> None:
    connection.execute(update(t.relation).where(t.relation.c.id == relation).values(removed_rev=rev))


def touch_claims(connection: Connection, numbers: Iterable[int], rev: int) -> None:
    connection.execute(update(t.project).where(t.project.c.no.in_(list(numbers))).values(rev_claims=rev))


# ---------------------------------------------------------------- derived rows


def all_project_numbers(connection: Connection) -> list[int]:
    return list(connection.execute(select(t.project.c.no).order_by(t.project.c.no)).scalars())


def projects_to_derive(connection: Connection, numbers: Sequence[int]) -> list[dict[str, Any]]:
    columns = (t.project.c.no, t.project.c.kind, t.project.c.geom, t.project.c.precision, t.project.c.partial)
    statement = select(*columns).where(t.project.c.no.in_(numbers)).order_by(t.project.c.no)
    return as_rows(connection.execute(statement))


def claims_to_derive(connection: Connection, numbers: Sequence[int]) -> dict[int, list[Row]]:
    """The claims by project number, in the order they were recorded, with the tier of their source."""
    statement = (
        select(t.claim, t.source.c.tier, t.source.c.published)
        .join(t.source, t.source.c.id == t.claim.c.source_id)
        .where(t.claim.c.project_no.in_(numbers))
        .order_by(t.claim.c.id)
    )
    found: dict[int, list[Row]] = {}
    for row in as_rows(connection.execute(statement)):
        found.setdefault(row["project_no"], []).append(row)
    return found


def parents(connection: Connection, numbers: Sequence[int]) -> dict[int, int]:
    statement = (
        select(t.relation.c.from_no, func.min(t.relation.c.to_no))
        .where(
            t.relation.c.from_no.in_(numbers),
            t.relation.c.type == "part_of",
            t.relation.c.removed_rev.is_(None),
        )
        .group_by(t.relation.c.from_no)
    )
    return {row[0]: row[1] for row in connection.execute(statement)}


def replace_derived(
    connection: Connection,
    numbers: Sequence[int],
    projects: Sequence[Row],
    spans: Sequence[Row],
    promises: Sequence[Row],
) -> None:
    """Put what was derived in the place of what stood there for these projects."""
    connection.execute(delete(t.phase_span).where(t.phase_span.c.project_no.in_(numbers)))
    connection.execute(delete(t.promise).where(t.promise.c.project_no.in_(numbers)))
    if projects:
        names = [name for name in projects[0] if name != "no"]
        statement = (
            update(t.project)
            .where(t.project.c.no == bindparam("this_no"))
            .values({name: bindparam(f"new_{name}") for name in names})
        )
        connection.execute(
            statement,
            [{"this_no": row["no"], **{f"new_{name}": row[name] for name in names}} for row in projects],
        )
    if spans:
        connection.execute(insert(t.phase_span), [dict(row) for row in spans])
    if promises:
        connection.execute(insert(t.promise), [dict(row) for row in promises])
