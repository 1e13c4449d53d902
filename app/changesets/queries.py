"""The SQL of changesets. All writing of public rows is here and is called from the service alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely
from geoalchemy2 import WKBElement
from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Float,
    FromClause,
    Integer,
    Text,
    any_,
    bindparam,
    cast,
    column,
    delete,
    func,
    insert,
    literal,
    select,
    union_all,
    update,
)
from sqlalchemy.types import TypeEngine

from app import tables as t
from app.database import Connection, as_row, as_rows, copy_rows
from geodata.changes import PROJECT_FIELDS, Current

Row = Mapping[str, Any]


def geometry_value(geometry: BaseGeometry | None) -> str | None:
    """Hexadecimal EWKB, which both INSERT and COPY take."""
    return geometry_values([geometry])[0]


def geometry_values(geometries: Sequence[BaseGeometry | None]) -> list[str | None]:
    """The same of many at once."""
    shapes = np.array([*geometries, None], dtype=object)[:-1]
    # By way of bytes: GEOS takes several times as long to write or read hexadecimal digits.
    found = shapely.to_wkb(shapely.set_srid(shapes, 4326), include_srid=True)
    return [None if wkb is None else wkb.hex() for wkb in found]


def among(ids: ColumnElement[Any], names: Iterable[Any]) -> ColumnElement[bool]:
    """One array, however many there are: a list of parameters is slow to write and to read."""
    return ids == any_(literal(list(names), ARRAY(ids.type)))


def geometry_read(value: WKBElement | None) -> BaseGeometry | None:
    if value is None:
        return None
    geometry: BaseGeometry = shapely.from_wkb(bytes.fromhex(value.desc))
    return geometry


def _columns(*, rows: Sequence[Row], **types: type[TypeEngine[Any]]) -> FromClause:
    """Rows as a table of one array a column, to join with."""
    arrays = [literal([row[name] for row in rows], ARRAY(kind)) for name, kind in types.items()]
    names = [column(name, kind) for name, kind in types.items()]
    return func.unnest(*arrays).table_valued(*names, name="given").render_derived()


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


def name_claims(connection: Connection, changeset_id: int, numbers: Sequence[tuple[int, int]]) -> None:
    """Write the number each new claim received into the change that made it: (n, claim id)."""
    given = _columns(n=Integer, claim=Integer, rows=[{"n": n, "claim": claim} for n, claim in numbers])
    connection.execute(
        update(t.change)
        .where(t.change.c.changeset_id == changeset_id, t.change.c.n == given.c.n)
        .values(target=cast(given.c.claim, Text))
    )


# ---------------------------------------------------------------- what is public now


def current_projects(connection: Connection, ids: Iterable[str]) -> dict[str, Current]:
    statement = select(t.project).where(among(t.project.c.id, ids))
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
        among(t.project.c.id, ids), t.project.c.removed_rev.is_(None)
    )
    return {row.id: row.no for row in connection.execute(statement)}


def project_kinds(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    statement = select(t.project.c.id, t.project.c.kind).where(
        among(t.project.c.id, ids), t.project.c.removed_rev.is_(None)
    )
    return {row.id: row.kind for row in connection.execute(statement)}


def names(connection: Connection, ids: Iterable[str]) -> dict[str, Row]:
    """name_zh, name_en and kind by id: of projects, removed ones too, of sources and of indicators."""
    p, s, i, wanted = t.project.c, t.source.c, t.indicator.c, list(ids)
    titles = func.coalesce(func.nullif(s.title_en, ""), s.title)
    statement = union_all(
        select(p.id, p.name_zh, p.name_en, p.kind).where(among(p.id, wanted)),
        select(s.id, s.title, titles, literal("")).where(among(s.id, wanted)),
        select(i.code, i.name_zh, i.name_en, literal("")).where(among(i.code, wanted)),
    )
    return {row["id"]: row for row in as_rows(connection.execute(statement))}


def holders_of_keys(connection: Connection, area_id: str, keys: Iterable[str]) -> dict[tuple[str, str], Row]:
    """By kind and key the project that is there: id, dataset, rev_exists. A key is of one thing of a kind."""
    c = t.project.c
    statement = select(c.kind, c.external_key, c.id, c.dataset, c.rev_exists).where(
        c.area_id == area_id, among(c.external_key, keys), c.removed_rev.is_(None)
    )
    return {(row["kind"], row["external_key"]): row for row in as_rows(connection.execute(statement))}


def existing_sources(connection: Connection, ids: Iterable[str]) -> dict[str, date]:
    """The day of retrieval by id, of sources that are there."""
    statement = select(t.source.c.id, t.source.c.retrieved_on).where(among(t.source.c.id, ids))
    return {row.id: row.retrieved_on for row in connection.execute(statement)}


def existing_indicators(connection: Connection, area_id: str, codes: Iterable[str]) -> set[str]:
    statement = select(t.indicator.c.code).where(
        t.indicator.c.area_id == area_id, among(t.indicator.c.code, codes)
    )
    return set(connection.execute(statement).scalars())


def claim_rows(connection: Connection, ids: Iterable[int]) -> dict[int, Row]:
    statement = (
        select(t.claim, t.project.c.id.label("project_id"))
        .outerjoin(t.project, t.project.c.no == t.claim.c.project_no)
        .where(among(t.claim.c.id, ids))
    )
    return {row["id"]: dict(row) for row in as_rows(connection.execute(statement))}


CLAIM_IDENTITY = ("target", "source", "property", "value", "date", "quote")
"""By what two records of claims are the same one."""


def said_already(
    connection: Connection, sources: Iterable[str], targets: Iterable[str]
) -> set[tuple[str, ...]]:
    """What sources say of projects, as CLAIM_IDENTITY has it; without what was withdrawn."""
    c = t.claim.c
    statement = (
        select(t.project.c.id, c.source_id, c.property, c.value, c.date_text, c.quote)
        .join(t.project, t.project.c.no == c.project_no)
        .where(among(c.source_id, sources), among(t.project.c.id, targets), c.withdrawn_rev.is_(None))
    )
    return {tuple(row) for row in connection.execute(statement)}


def spoken_of_since(connection: Connection, ids: Iterable[str], rev: int) -> set[str]:
    """Of these projects those of which something was said after a revision that stands and was new."""
    c = t.claim.c
    statement = (
        select(t.project.c.id)
        .join(t.claim, c.project_no == t.project.c.no)
        .where(among(t.project.c.id, list(ids)), c.rev > rev, c.withdrawn_rev.is_(None), c.restates.is_(None))
    )
    return set(connection.execute(statement).scalars())


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
    copy_rows(connection, t.project, rows)


def restore_project(connection: Connection, project_id: str, values: Row) -> None:
    connection.execute(
        update(t.project).where(t.project.c.id == project_id).values(**values, removed_rev=None)
    )
    connection.execute(delete(t.alias).where(t.alias.c.old_id == project_id))


def update_projects(connection: Connection, rows: Iterable[tuple[str, Row]]) -> None:
    """Set columns of projects by public id; rows that set the same columns go together."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for project_id, values in rows:
        if values:
            given = {f"new_{name}": value for name, value in values.items()}
            alike.setdefault(tuple(values), []).append({"this_id": project_id, **given})
    for names, group in alike.items():
        statement = (
            update(t.project)
            .where(t.project.c.id == bindparam("this_id"))
            .values({name: bindparam(f"new_{name}") for name in names})
        )
        connection.execute(statement, group)


def remove_projects(connection: Connection, ids: Sequence[str], rev: int) -> None:
    if not ids:
        return
    connection.execute(
        update(t.project).where(among(t.project.c.id, ids)).values(removed_rev=rev, rev_exists=rev)
    )


def insert_alias(connection: Connection, old_id: str, successors: Sequence[str], no: int, rev: int) -> None:
    """Where a question about what was removed leads: to its one successor (no: its number), or it is told
    that there are several."""
    only = len(successors) == 1
    values = {"project_no": no if only else None, "successors": list(successors), "rev": rev}
    connection.execute(delete(t.alias).where(t.alias.c.old_id == old_id))
    connection.execute(insert(t.alias).values(old_id=old_id, **values))


def insert_claims(connection: Connection, changeset_id: int, rows: Sequence[Row]) -> list[int]:
    """Add claims of a changeset. Returns their numbers, in the order of the rows."""
    copy_rows(connection, t.claim, [{**row, "changeset_id": changeset_id} for row in rows])
    latest = select(t.claim.c.id).where(t.claim.c.changeset_id == changeset_id).order_by(t.claim.c.id.desc())
    return list(connection.execute(latest.limit(len(rows))).scalars())[::-1]


def withdraw_claims(connection: Connection, ids: Sequence[int], rev: int, reason: str) -> None:
    connection.execute(
        update(t.claim).where(among(t.claim.c.id, ids)).values(withdrawn_rev=rev, withdrawn_reason=reason)
    )


def insert_relations(connection: Connection, rows: Sequence[Row]) -> None:
    if rows:
        connection.execute(insert(t.relation), [dict(row) for row in rows])


def remove_relation(connection: Connection, relation: int, rev: int) -> None:
    connection.execute(update(t.relation).where(t.relation.c.id == relation).values(removed_rev=rev))


def hear_of(connection: Connection, days: Mapping[int, str | None]) -> None:
    """Set the day until which projects (by number) were heard of again without a new claim."""
    rows = [{"no": no, "day": day and date.fromisoformat(day)} for no, day in days.items()]
    given = _columns(no=Integer, day=Date, rows=rows)
    connection.execute(update(t.project).where(t.project.c.no == given.c.no).values(heard_on=given.c.day))


def touch_claims(connection: Connection, numbers: Iterable[int], rev: int) -> None:
    connection.execute(update(t.project).where(among(t.project.c.no, numbers)).values(rev_claims=rev))


# ---------------------------------------------------------------- derived rows


def all_project_numbers(connection: Connection) -> list[int]:
    return list(connection.execute(select(t.project.c.no).order_by(t.project.c.no)).scalars())


def projects_to_derive(connection: Connection, numbers: Sequence[int]) -> list[dict[str, Any]]:
    names = ("no", "kind", "geom", "precision", "partial", "heard_on")
    columns = [t.project.c[name] for name in names]
    statement = select(*columns).where(among(t.project.c.no, numbers)).order_by(t.project.c.no)
    return as_rows(connection.execute(statement))


def claims_to_derive(connection: Connection, numbers: Sequence[int]) -> dict[int, list[Row]]:
    """The claims by project number, in the order they were recorded, with the tier of their source."""
    statement = (
        select(t.claim, t.source.c.tier, t.source.c.published)
        .join(t.source, t.source.c.id == t.claim.c.source_id)
        .where(among(t.claim.c.project_no, numbers))
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
            among(t.relation.c.from_no, numbers),
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
    connection.execute(delete(t.phase_span).where(among(t.phase_span.c.project_no, numbers)))
    connection.execute(delete(t.promise).where(among(t.promise.c.project_no, numbers)))
    given = _columns(
        no=Integer,
        parent_no=Integer,
        phases=Text,
        last_heard=Date,
        area_ha=Float,
        length_km=Float,
        rows=projects,
    )
    names = ("parent_no", "phases", "last_heard", "area_ha", "length_km")
    connection.execute(
        update(t.project).where(t.project.c.no == given.c.no).values({name: given.c[name] for name in names})
    )
    copy_rows(connection, t.phase_span, spans)
    copy_rows(connection, t.promise, promises)
