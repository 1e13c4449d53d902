"""The SQL of what changed and of what is due. It reads what is published and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, and_, case, cast, func, select, true

from app import tables as t
from app.database import Connection, as_rows
from app.projects.queries import Selection, numbers
from geodata.phases import COMMITMENTS

ABOUT_CLAIMS = ("claim", "withdraw")
ABOUT_PROJECTS = ("add", "change", "remove", "relate", "unrelate")


def touched(connection: Connection, chosen: Selection, most: int) -> list[dict[str, Any]]:
    """What each published changeset did to each of the chosen projects, the latest first: `ops` with the
    revision, the day and the project as it is now."""
    c, k, p, s = t.change.c, t.claim.c, t.project.c, t.changeset.c
    # Found once, not anew for every changeset.
    wanted = numbers(chosen).cte("wanted").prefix_with("materialized")
    own = t.project.alias("own")
    # Only of these is the target a number.
    claim_id = case((c.op.in_(ABOUT_CLAIMS), cast(c.target, Integer)))
    number = func.coalesce(k.project_no, own.c.no)
    did = (
        select(number.label("no"), func.min(c.n).label("first"), func.array_agg(c.op.distinct()).label("ops"))
        .select_from(
            t.change.outerjoin(t.claim, k.id == claim_id).outerjoin(
                own, and_(c.op.in_(ABOUT_PROJECTS), own.c.id == c.target)
            )
        )
        .where(c.changeset_id == s.id, number.in_(select(wanted.c.no)))
        .group_by(number)
        .order_by(func.min(c.n))
        .limit(most)
        .lateral("did")
    )
    names = ("id", "kind", "name_zh", "name_en", "precision")
    statement = (
        select(
            did.c.no,
            did.c.ops,
            s.id.label("changeset"),
            s.kind.label("changeset_kind"),
            s.rev,
            s.published_at,
            *(p[name] for name in names),
        )
        .select_from(t.changeset.join(did, true()).join(t.project, p.no == did.c.no))
        .where(s.area_id == chosen.area_id)
        .order_by(s.rev.desc(), did.c.first)
        .limit(most)
    )
    return as_rows(connection.execute(statement))


def promised(connection: Connection, chosen: Selection, today: date, most: int) -> list[dict[str, Any]]:
    """The chosen projects of which a milestone was ever promised for a day, those first whose day is nearest
    to today; each with the revision that touched it last, and lon, lat in degrees where it is a point."""
    k, p = t.claim.c, t.project.c
    dated = (
        select(k.project_no.label("no"), func.min(func.abs(k.latest - today)).label("away"))
        .where(
            k.project_no.in_(numbers(chosen)),
            k.property.startswith("milestone:"),
            k.commitment <= COMMITMENTS.index("done"),
            k.latest.isnot(None),
            k.withdrawn_rev.is_(None),
        )
        .group_by(k.project_no)
        .subquery("dated")
    )
    is_point = func.geometrytype(p.geom) == "POINT"
    names = ("no", "id", "kind", "name_zh", "name_en", "precision")
    statement = (
        select(
            *(p[name] for name in names),
            func.greatest(p.rev_exists, p.rev_geom, p.rev_attrs, p.rev_claims).label("rev"),
            case((is_point, func.st_x(p.geom))).label("lon"),
            case((is_point, func.st_y(p.geom))).label("lat"),
        )
        .join(dated, dated.c.no == p.no)
        .order_by(dated.c.away, p.id)
        .limit(most)
    )
    return as_rows(connection.execute(statement))


def published(connection: Connection, area_id: str, revisions: Iterable[int]) -> dict[int, datetime]:
    """When each of the revisions became public."""
    s = t.changeset.c
    statement = select(s.rev, s.published_at).where(s.area_id == area_id, s.rev.in_(set(revisions)))
    return {row.rev: row.published_at for row in connection.execute(statement)}


def names(connection: Connection, ids: Sequence[str]) -> list[dict[str, Any]]:
    """The names of projects, in the order of their ids."""
    p = t.project.c
    statement = select(p.id, p.name_zh, p.name_en).where(p.id.in_(ids)).order_by(p.id)
    return as_rows(connection.execute(statement))


def with_parts(connection: Connection, ids: Sequence[str]) -> list[str]:
    """The projects and all their parts, and the parts of those: who follows a line follows its stations."""
    if not ids:
        return []
    whole = select(t.project.c.no, t.project.c.id).where(t.project.c.id.in_(ids)).cte("whole", recursive=True)
    part = t.project.alias("part")
    # Not union_all: what is part of itself by mistake must not go round for ever.
    whole = whole.union(
        select(part.c.no, part.c.id).where(part.c.parent_no == whole.c.no, part.c.removed_rev.is_(None))
    )
    return [row.id for row in connection.execute(select(whole.c.id).order_by(whole.c.id))]
