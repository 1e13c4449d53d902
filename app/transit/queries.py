"""The SQL of places by name, and of the order of stations along a drawn line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, or_, select, text

from app import tables as t
from app.database import Connection, as_rows

Row = Mapping[str, Any]
REAL = ("surveyed", "digitised", "approximate")


def places(connection: Connection, area_id: str, kinds: Sequence[str], words: str, most: int) -> list[Row]:
    """Located projects of these kinds whose id, name or alias holds `words` (all when empty), each with a
    point of it: lon, lat in degrees (WGS84). Those that are called just that come first."""
    p = t.project.c
    point = func.st_pointonsurface(p.geom)
    wanted = words.lower()
    statement = select(
        *(p[name] for name in ("id", "kind", "name_zh", "name_en", "aliases", "precision")),
        func.st_x(point).label("lon"),
        func.st_y(point).label("lat"),
    ).where(p.area_id == area_id, p.removed_rev.is_(None), p.geom.isnot(None), p.kind.in_(kinds))
    if wanted:
        names = func.concat_ws("\n", p.id, p.name_zh, p.name_en, func.array_to_string(p.aliases, "\n"))
        escaped = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        # As app.params.read_text folds what is asked for: width too, so that （ and ( are one.
        folded = func.lower(func.normalize(names, text("NFKC")))
        statement = statement.where(folded.like(f"%{escaped}%", escape="\\"))
    exact = or_(p.id == wanted, func.lower(p.name_zh) == wanted, func.lower(p.name_en) == wanted)
    real = p.precision.in_(REAL)
    statement = statement.order_by(exact.desc(), real.desc(), func.length(p.name_zh), p.id).limit(most)
    return list(as_rows(connection.execute(statement)))


def unplaced(connection: Connection, area_id: str, kinds: Sequence[str]) -> int:
    """How many projects of these kinds have no place. What is only the sum of its parts does not count."""
    p = t.project.c
    statement = (
        select(func.count())
        .select_from(t.project)
        .where(
            p.area_id == area_id,
            p.removed_rev.is_(None),
            p.geom.is_(None),
            p.drawn,
            p.kind.in_(kinds),
        )
    )
    return int(connection.execute(statement).scalar_one())


def along(connection: Connection, line_nos: Sequence[int]) -> dict[int, list[int]]:
    """By line: its parts that are points, in their order along it. Only where the line is drawn in one piece
    from a real course; a line drawn from words has no order to tell."""
    line, stop = t.project.alias("line"), t.project.alias("stop")
    course = func.st_linemerge(line.c.geom)
    statement = (
        select(line.c.no.label("line_no"), stop.c.no)
        .join(stop, stop.c.parent_no == line.c.no)
        .where(
            line.c.no.in_(line_nos),
            line.c.precision.in_(REAL),
            func.geometrytype(course) == "LINESTRING",
            func.geometrytype(stop.c.geom) == "POINT",
            stop.c.removed_rev.is_(None),
        )
        .order_by(line.c.no, func.st_linelocatepoint(course, stop.c.geom))
    )
    found: dict[int, list[int]] = {}
    for row in connection.execute(statement):
        found.setdefault(row.line_no, []).append(row.no)
    return found
