"""The SQL by which changesets are looked at: the log of them; what one does, by page, and counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    TableValuedAlias,
    Text,
    case,
    cast,
    column,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from app import tables as t
from app.changesets.queries import among
from app.changesets.where import Logged, Where
from app.database import Connection, as_row, as_rows

MOST_POINTS = 30_000


def meant(where: Where) -> list[ColumnElement[bool]]:
    """The conditions under which a change is meant."""
    c = t.change.c
    conditions: list[ColumnElement[bool]] = []
    if where.numbers is not None:
        conditions.append(among(c.n, where.numbers))
    if where.op is not None:
        conditions.append(c.op == where.op)
    if where.issue is not None:
        conditions.append(c.issues.contains([{"code": where.issue}]))
    if where.severity is not None:
        conditions.append(c.issues.contains([{"severity": where.severity}]))
    if where.decision is not None:
        conditions.append(c.decision == where.decision)
    if where.words is not None:
        named = select(t.project.c.id).where(
            t.project.c.name_zh.contains(where.words, autoescape=True)
            | t.project.c.name_en.icontains(where.words, autoescape=True)
        )
        conditions.append(
            c.after["name_zh"].astext.contains(where.words, autoescape=True)
            | c.after["name_en"].astext.icontains(where.words, autoescape=True)
            | c.target.icontains(where.words, autoescape=True)
            | c.after["external_key"].astext.icontains(where.words, autoescape=True)
            | c.target.in_(named)
        )
    if where.bbox is not None:
        box = func.st_makeenvelope(*where.bbox, 4326)
        conditions.append(c.geom_after.op("&&")(box) | c.geom_before.op("&&")(box))
    return conditions


def changes_page(
    connection: Connection, changeset_id: int, where: Where, after: int, limit: int
) -> list[dict[str, Any]]:
    """Changes by number, each with the present name and kind of its project and the point where it lies."""
    c = t.change.c
    about = _about()
    place = func.st_pointonsurface(func.coalesce(shown_shape(), c.geom_before))
    statement = (
        select(
            c.n,
            c.file_row,
            c.op,
            c.target,
            c.before,
            c.after,
            c.decision,
            c.issues,
            about.label("about"),
            t.project.c.name_zh,
            t.project.c.name_en,
            t.project.c.kind,
            place.is_not(None).label("located"),
            (c.geom_before.is_not(None) & c.geom_after.is_not(None)).label("reshaped"),
            func.st_x(place).label("lon"),
            func.st_y(place).label("lat"),
        )
        .outerjoin(t.project, t.project.c.id == about)
        .where(c.changeset_id == changeset_id, c.n > after, c.op != "source", *meant(where))
        .order_by(c.n)
        .limit(limit)
    )
    return as_rows(connection.execute(statement))


def _about() -> ColumnElement[str]:
    """The id of the project that a change is, speaks of, or relates to another."""
    c = t.change.c
    said = (side[name].astext for side in (c.after, c.before) for name in ("target", "from"))
    # The target of what is withdrawn is the number of a claim.
    own = case((c.op != "withdraw", c.target), else_="")
    given = (func.nullif(one, "") for one in (*said, own))
    return func.coalesce(*given, "")


def shown_shape() -> ColumnElement[Any]:
    """Where a change shows on the map: its shape, or, where it leaves that alone, the one that is public."""
    c, standing = t.change.c, t.project.alias("standing")
    public = select(standing.c.geom).where(standing.c.id == c.target).correlate(t.change).scalar_subquery()
    untouched = (c.op == "change") & c.geom_before.is_(None)
    return func.coalesce(c.geom_after, case((untouched, public)))


def added_names(connection: Connection, changeset_id: int, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Names and kind, by id, of projects that the changeset itself adds."""
    if not ids:
        return {}
    c = t.change.c
    names = ("name_zh", "name_en", "kind")
    statement = select(c.target, *(c.after[name].astext.label(name) for name in names)).where(
        c.changeset_id == changeset_id, c.op == "add", among(c.target, ids)
    )
    return {row["target"]: row for row in as_rows(connection.execute(statement))}


def acts(connection: Connection, numbers: Sequence[int]) -> dict[int, dict[str, int]]:
    """Of each changeset, how many changes of each sort it does or, while it is staged, would do."""
    c = t.change.c
    statement = (
        select(c.changeset_id, c.op, func.count())
        .where(among(c.changeset_id, numbers), c.op != "source", c.decision == "accept")
        .group_by(c.changeset_id, c.op)
    )
    found: dict[int, dict[str, int]] = {number: {} for number in numbers}
    for number, op, count in connection.execute(statement):
        found[number][op] = count
    return found


def cited(connection: Connection, changeset_id: int, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """By id, what the sources of claims are called: those that are public, else those that come along."""
    if not ids:
        return {}
    c, names = t.change.c, ("title", "title_en", "publisher_zh", "publisher_en", "address")
    coming = select(c.target.label("id"), *(c.after[name].astext.label(name) for name in names)).where(
        c.changeset_id == changeset_id, c.op == "source", among(c.target, ids)
    )
    public = select(t.source.c.id, *(t.source.c[name] for name in names)).where(among(t.source.c.id, ids))
    rows = [row for statement in (coming, public) for row in as_rows(connection.execute(statement))]
    return {row["id"]: row for row in rows}


def _bounded(shape: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((func.st_npoints(shape) <= MOST_POINTS, func.st_asgeojson(shape, 7)))


def one_change(connection: Connection, changeset_id: int, n: int) -> dict[str, Any] | None:
    """A change as in a page of them, with both shapes as GeoJSON text (lon lat in degrees, 7 decimals).

    A shape of more than MOST_POINTS is left to the tiles: no answer may be slow to send.
    """
    c = t.change.c
    row = changes_page(connection, changeset_id, Where(numbers=(n,)), 0, 1)
    shapes = select(
        _bounded(c.geom_before).label("geometry_before"),
        _bounded(shown_shape()).label("geometry_after"),
    ).where(c.changeset_id == changeset_id, c.n == n)
    found = as_row(connection.execute(shapes))
    return {**row[0], **found} if row and found else None


def warned(connection: Connection, changeset_id: int) -> tuple[int, str]:
    """How many warnings of accepted changes there are, and a digest of the number and code of each; ""
    without any."""
    c = t.change.c
    each = each_issue()
    code = each.c.value["code"].astext
    line = cast(c.n, Text).concat(" ").concat(code)
    text = func.string_agg(line, aggregate_order_by(literal("\n"), c.n, code))
    statement = (
        select(func.count(), func.encode(func.sha256(func.convert_to(text, "UTF8")), "hex"))
        .select_from(t.change)
        .join(each, true())
        .where(
            c.changeset_id == changeset_id,
            c.decision == "accept",
            each.c.value["severity"].astext == "warn",
        )
    )
    count, digest = connection.execute(statement).one()
    return int(count), digest or ""


def counts(connection: Connection, changeset_id: int) -> dict[str, Any]:
    """How many changes there are by op and decision; how many projects, by what is done to them; how many
    rows have each issue, and of how many the change is accepted, with the words of one."""
    c = t.change.c
    here = (c.changeset_id == changeset_id, c.op != "source")
    by_op = connection.execute(
        select(c.op, c.decision, func.count()).where(*here).group_by(c.op, c.decision)
    ).all()
    each = each_issue()
    code, severity = each.c.value["code"].astext, each.c.value["severity"].astext
    words = [each.c.value[f"detail_{lang}"].astext for lang in ("zh", "en")]
    # Of many faults of one sort the words of the first row stand for all.
    examples = [func.array_agg(aggregate_order_by(one, c.n))[1] for one in words]
    fields = func.array_agg(each.c.value["field"].astext.distinct())
    rows = func.count(func.coalesce(c.file_row, -c.n).distinct())
    accepted = rows.filter(c.decision == "accept")
    by_issue = connection.execute(
        select(code, severity, rows, accepted, *examples, fields)
        .select_from(t.change)
        .join(each, true())
        .where(*here)
        .group_by(code, severity)
        .order_by(rows.desc(), code)
    ).all()
    sides = (getattr(func, f"st_{side}")(_extent()) for side in ("xmin", "ymin", "xmax", "ymax"))
    # A row with a fault may lie anywhere on earth, and is never published.
    box = connection.execute(select(*sides).where(*here, c.decision != "blocked")).one()
    return {
        "changes": [{"op": op, "decision": decision, "count": count} for op, decision, count in by_op],
        "projects": _projects(connection, changeset_id),
        "issues": [
            {
                "code": code,
                "severity": severity,
                "count": count,
                "accepted": taken,
                "detail_zh": zh,
                "detail_en": en,
                "fields": of,
            }
            for code, severity, count, taken, zh, en, of in by_issue
        ],
        "bbox_lonlat": None if box[0] is None else list(box),
    }


def _projects(connection: Connection, changeset_id: int) -> list[dict[str, Any]]:
    """How many projects are added, changed or removed, by what was decided; each row of a file counts by
    itself, as the report of the file has it. Accepted: at least one change of it is."""
    c = t.change.c
    verdict = case(
        (func.bool_or(c.op == "add"), "added"), (func.bool_or(c.op == "remove"), "removed"), else_="changed"
    )
    decisions = ("blocked", "accept", "conflict")
    decided = case(*((func.bool_or(c.decision == one), one) for one in decisions), else_="reject")
    each = (
        select(verdict.label("verdict"), decided.label("decision"))
        .where(c.changeset_id == changeset_id, c.op.not_in(("source", "heard")))
        .group_by(c.file_row, case((c.file_row.is_(None), _about())))
        .subquery()
    )
    rows = connection.execute(
        select(each.c.verdict, each.c.decision, func.count()).group_by(each.c.verdict, each.c.decision)
    )
    return [{"verdict": verdict, "decision": decision, "count": count} for verdict, decision, count in rows]


def each_issue() -> TableValuedAlias:
    issues = func.jsonb_array_elements(t.change.c.issues)
    return issues.table_valued(column("value", JSONB), name="each").render_derived()


def _extent() -> ColumnElement[Any]:
    return func.st_extent(func.coalesce(t.change.c.geom_after, t.change.c.geom_before))


# ---------------------------------------------------------------- the log of changesets


def log(connection: Connection, area_id: str, logged: Logged, limit: int) -> list[dict[str, Any]]:
    """Changesets of an area, the latest first."""
    c = t.changeset.c
    tz = select(t.area.c.tz).where(t.area.c.id == area_id).scalar_subquery()
    day = cast(func.timezone(tz, func.coalesce(c.published_at, c.created_at)), Date)
    asked: list[tuple[Any, Callable[[Any], ColumnElement[bool]]]] = [
        (logged.state, lambda state: c.state == state),
        (logged.kind, lambda kind: c.kind == kind),
        (logged.who, lambda who: or_(c.created_by == who, c.published_by == who)),
        (logged.first_day, lambda first: day >= first),
        (logged.last_day, lambda last: day <= last),
        (logged.project, _touches),
        (logged.before, lambda before: c.id < before),
    ]
    conditions = [condition(value) for value, condition in asked if value is not None]
    statement = select(t.changeset).where(c.area_id == area_id, *conditions)
    return as_rows(connection.execute(statement.order_by(c.id.desc()).limit(limit)))


def _touches(project_id: str) -> ColumnElement[bool]:
    """Whether a changeset says something of a project: found by the index of what is changed, but for claims
    that have no number while they are staged."""
    c, project = t.change.c, t.project.alias("touched")
    claims = (
        select(cast(t.claim.c.id, Text))
        .join(project, project.c.no == t.claim.c.project_no)
        .where(project.c.id == project_id)
    )
    of_claims = c.op.in_(("claim", "withdraw"))
    whole = c.after["to"].astext == project_id
    return or_(
        t.changeset.c.id.in_(select(c.changeset_id).where(~of_claims, c.target == project_id)),
        t.changeset.c.id.in_(select(c.changeset_id).where(of_claims, c.target.in_(claims))),
        t.changeset.c.id.in_(select(c.changeset_id).where(c.op == "relate", whole)),
        select(c.changeset_id)
        .where(
            t.changeset.c.state != "published",
            c.changeset_id == t.changeset.c.id,
            c.op == "claim",
            c.after["target"].astext == project_id,
        )
        .exists(),
    )


def surroundings(connection: Connection, changeset_id: int) -> dict[str, Any]:
    """The upload it came of, and the present revision."""
    c = t.changeset.c
    upload = select(t.upload.c.id).where(t.upload.c.changeset_id == changeset_id).limit(1)
    head = select(t.area.c.revision).join(t.changeset, c.area_id == t.area.c.id).where(c.id == changeset_id)
    row = connection.execute(
        select(upload.scalar_subquery().label("upload"), head.scalar_subquery().label("head"))
    ).one()
    return dict(row._mapping)


def undone(connection: Connection, area_id: str) -> dict[int, int]:
    """By number of a published changeset that is undone, the one that undid it. An undo that was itself
    undone undoes nothing."""
    c = t.changeset.c
    statement = (
        select(c.id, c.reverts)
        .where(c.area_id == area_id, c.state == "published", c.reverts.is_not(None))
        .order_by(c.id.desc())
    )
    found: dict[int, int] = {}
    # What undoes has a higher number than what it undoes, so it is known of each whether it still stands.
    for number, reverts in connection.execute(statement):
        if number not in found:
            found.setdefault(reverts, number)
    return found
