"""The SQL of sources: how many claims each holds, of which projects, and which projects lack what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, func, or_, select, text

from app import tables as t
from app.database import Connection, as_rows
from geodata.phases import COMMITMENTS

Row = Mapping[str, Any]
DONE = COMMITMENTS.index("done") + 1


def _said(area_id: str, known: date) -> Any:
    """Every claim said by `known` of what is public, withdrawn ones too, with its project's id."""
    return (
        select(t.claim, t.project.c.id.label("project_id"))
        .outerjoin(t.project, t.project.c.no == t.claim.c.project_no)
        .where(
            t.claim.c.area_id == area_id,
            t.claim.c.said_latest <= known,
            or_(t.claim.c.project_no.is_(None), t.project.c.removed_rev.is_(None)),
        )
        .subquery("said")
    )


def sources(connection: Connection, area_id: str, known: date) -> list[dict[str, Any]]:
    """Every document of which a claim is or was public by `known`, the official ones first, then by how much
    it says: with how many claims hold, how many were withdrawn, how many are of figures, and of how many
    projects it speaks, and by which day the last of those that hold was said (`last_said`)."""
    said = _said(area_id, known)
    holds = said.c.withdrawn_rev.is_(None)
    counts = {
        "claims": func.count().filter(holds),
        "withdrawn": func.count().filter(~holds),
        "of_figures": func.count().filter(holds, said.c.indicator_code.isnot(None)),
        "projects": func.count(said.c.project_id.distinct()).filter(holds),
    }
    last_said = func.max(said.c.said_latest).filter(holds).label("last_said")
    counted = (
        select(said.c.source_id, last_said, *(count.label(name) for name, count in counts.items()))
        .group_by(said.c.source_id)
        .subquery("counted")
    )
    claims = func.coalesce(counted.c.claims, 0)
    statement = (
        select(
            *t.source.c,
            counted.c.last_said,
            *(func.coalesce(counted.c[name], 0).label(name) for name in counts),
        )
        .join(counted, counted.c.source_id == t.source.c.id)
        .where(t.source.c.area_id == area_id)
        .order_by(t.source.c.tier.desc(), claims.desc(), t.source.c.id)
    )
    return as_rows(connection.execute(statement))


def projects_of_sources(connection: Connection, area_id: str, known: date, most: int) -> list[dict[str, Any]]:
    """Pairs of a source and a project that it speaks of, at most so many of each source."""
    said = _said(area_id, known)
    pairs = (
        select(said.c.source_id, said.c.project_id)
        .where(said.c.project_id.isnot(None), said.c.withdrawn_rev.is_(None))
        .distinct()
        .subquery("pairs")
    )
    place = func.row_number().over(partition_by=pairs.c.source_id, order_by=pairs.c.project_id)
    ranked = select(pairs, place.label("place")).subquery("ranked")
    statement = (
        select(ranked.c.source_id, ranked.c.project_id)
        .where(ranked.c.place <= most)
        .order_by(ranked.c.source_id, ranked.c.place)
    )
    return as_rows(connection.execute(statement))


def claim_counts(connection: Connection, area_id: str, known: date) -> list[dict[str, Any]]:
    """Claims that hold, by the tier of their source and their commitment: how many, how many of those in the
    source's own words, and how many from a source that bears no date."""
    said = _said(area_id, known)
    statement = (
        select(
            t.source.c.tier,
            said.c.commitment,
            func.count().label("claims"),
            func.count().filter(said.c.verbatim).label("verbatim"),
            func.count().filter(t.source.c.published == "").label("undated"),
        )
        .select_from(said.join(t.source, t.source.c.id == said.c.source_id))
        .where(said.c.withdrawn_rev.is_(None))
        .group_by(t.source.c.tier, said.c.commitment)
    )
    return as_rows(connection.execute(statement))


def found(connection: Connection, area_id: str, words: Sequence[str], most: int) -> list[dict[str, Any]]:
    """Documents that hold all these words (folded as app.params.read_text folds, in lower case) in title,
    publisher, date or id; the latest first."""
    c = t.source.c
    together = func.concat_ws(" ", c.id, c.publisher_zh, c.publisher_en, c.title, c.title_en, c.published)
    folded = func.lower(func.normalize(together, text("NFKC")))
    statement = (
        select(t.source)
        .where(c.area_id == area_id, *(folded.contains(word, autoescape=True) for word in words))
        .order_by(func.coalesce(c.published_latest, c.retrieved_on).desc(), c.tier.desc(), c.id)
        .limit(most)
    )
    return as_rows(connection.execute(statement))


# ---------------------------------------------------------------- what is known of projects, and what is not


def _public(area_id: str) -> ColumnElement[bool]:
    return and_(t.project.c.area_id == area_id, t.project.c.removed_rev.is_(None))


def _placeable(area_id: str, kinds: Sequence[str]) -> ColumnElement[bool]:
    """What could have a place: of a kind that takes one, and no whole that is drawn as its parts."""
    return and_(_public(area_id), t.project.c.drawn, t.project.c.kind.in_(kinds))


def project_count(connection: Connection, area_id: str) -> int:
    statement = select(func.count()).select_from(t.project).where(_public(area_id))
    return int(connection.execute(statement).scalar_one())


def precision_counts(connection: Connection, area_id: str, kinds: Sequence[str]) -> dict[str, int]:
    statement = (
        select(t.project.c.precision, func.count().label("n"))
        .where(_placeable(area_id, kinds))
        .group_by(t.project.c.precision)
    )
    return {row.precision: row.n for row in connection.execute(statement)}


def placed_as(
    connection: Connection, area_id: str, kinds: Sequence[str], precision: str, most: int
) -> list[str]:
    """Ids of what is placed with a precision, in order, at most so many."""
    found = and_(_placeable(area_id, kinds), t.project.c.precision == precision)
    return _ids(connection, t.project, found, most)


def without_phase(
    connection: Connection, area_id: str, kinds: Sequence[str], known: date, most: int
) -> tuple[int, list[str]]:
    """Of the kinds that have phases, what no claim said by `known` puts into one on that day."""
    span = t.phase_span.c
    spoken = (
        select(span.project_no)
        .where(
            span.project_no == t.project.c.no,
            ~span.promised,
            span.known_from <= known,
            or_(span.known_to.is_(None), span.known_to > known),
            span.day_from <= known,
            or_(span.day_to.is_(None), span.day_to > known),
        )
        .exists()
    )
    found = and_(_placeable(area_id, kinds), ~spoken)
    return _count(connection, t.project, found), _ids(connection, t.project, found, most)


def promised_without_date(
    connection: Connection, area_id: str, known: date, most: int
) -> tuple[int, int, list[str]]:
    """Claims of projects that say less than that it happened, and no date: how many, of how many projects,
    and the ids of those."""
    said = _said(area_id, known)
    found = and_(
        said.c.project_id.isnot(None),
        said.c.withdrawn_rev.is_(None),
        said.c.commitment < DONE,
        said.c.date_text == "",
    )
    about = select(t.project.c.id).where(t.project.c.id.in_(select(said.c.project_id).where(found)))
    projects = about.subquery("about")
    return (
        _count(connection, said, found),
        _count(connection, projects, None),
        _ids(connection, projects, None, most),
    )


def _count(connection: Connection, table: FromClause, found: ColumnElement[bool] | None) -> int:
    return int(connection.execute(_narrowed(select(func.count()).select_from(table), found)).scalar_one())


def _ids(
    connection: Connection, table: FromClause, found: ColumnElement[bool] | None, most: int
) -> list[str]:
    statement = _narrowed(select(table.c.id), found).order_by(table.c.id).limit(most)
    return list(connection.execute(statement).scalars())


def _narrowed(statement: Select[Any], found: ColumnElement[bool] | None) -> Select[Any]:
    return statement if found is None else statement.where(found)


def names(connection: Connection, ids: Sequence[str]) -> list[dict[str, Any]]:
    p = t.project.c
    statement = select(p.id, p.kind, p.name_zh, p.name_en).where(p.id.in_(ids)).order_by(p.id)
    return as_rows(connection.execute(statement))
