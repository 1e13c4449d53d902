"""The SQL of a tile of a changeset's shapes."""

from __future__ import annotations

import math

from sqlalchemy import LargeBinary, and_, case, column, func, or_, select, text

from app import tables as t
from app.changesets.listing_queries import meant, shown_shape
from app.changesets.where import Where
from app.database import Connection

REACH = 160
MARGIN = REACH / 4096
"""How far a tile reaches beyond itself, as a share of its side: some ten pixels, more than half of a sign."""
FAR_DEG = 0.0002
"""Some 20 m: what moved less needs no line from where it was to where it would be."""
MANY = 4000
"""Of more points than these in a tile those that look the same and would touch come as one, the first."""
# What would be less than some four pixels across comes as a point: a city's parcels fit in a tile.
_TILE = text(
    """
    select tile from (
        with bounds as (
            select st_tileenvelope(:z, :x, :y) as box, 64 * 40075016.7 / power(2, :z) / 4096 as least,
                   :reach * 40075016.7 / power(2, :z) / 4096 as reach
        ),
        sides as (
            select n, op, decision, told, 'after' as side, geom_after as geom from wanted
            union all
            select n, op, decision, told, 'before', geom_before from wanted
            union all
            select n, op, decision, told, 'moved', st_makeline(was, will_be)
            from wanted, st_centroid(geom_before) as was, st_centroid(geom_after) as will_be
            where st_distance(was, will_be) > :far
        ),
        shapes as (
            select n, op, decision, told, side, box, least, speck,
                   case when speck then st_centroid(g) else g end as shape
            from sides, bounds, st_transform(geom, 3857) as g,
                 lateral (
                     select greatest(st_xmax(g) - st_xmin(g), st_ymax(g) - st_ymin(g)) < least
                 ) as size(speck)
            where geom && st_transform(st_expand(box, reach), 4326)
            offset 0
        ),
        specks as (
            select *, case when count(*) over () > :many then st_astext(st_snaptogrid(shape, least))
                           else n::text end as cell
            from shapes where speck
        ),
        seen as (
            select n, op, decision, told, side, box, shape from shapes where not speck
            union all
            select * from (
                select distinct on (cell, op, decision, told, side) n, op, decision, told, side, box, shape
                from specks order by cell, op, decision, told, side, n
            ) as apart
        ),
        found as (
            select n, op, decision, told, side, st_asmvtgeom(shape, box, 4096, :reach, true) as geom from seen
        )
        select coalesce(st_asmvt(found, 'changes', 4096, 'geom', 'n'), '') as tile from found
    ) as made
    """
).columns(column("tile", LargeBinary))


def _bounds(z: int, x: int, y: int) -> tuple[float, float, float, float]:
    """West, south, east, north of a tile and its margin, in degrees."""
    tiles: int = 2**z

    def lat(row: float) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / tiles))))

    west, east = ((column / tiles) * 360 - 180 for column in (x - MARGIN, x + 1 + MARGIN))
    return west, lat(y + 1 + MARGIN), east, lat(y - MARGIN)


def tile(connection: Connection, changeset_id: int, where: Where, z: int, x: int, y: int) -> bytes:
    """A vector tile of the shapes of the changes that are meant, in Web Mercator."""
    c = t.change.c
    told = case(
        (c.issues.contains([{"severity": "block"}]), "block"),
        (c.issues.contains([{"severity": "warn"}]), "warn"),
        else_="",
    )
    box = func.st_makeenvelope(*_bounds(z, x, y), 4326)
    way = func.st_makeline(func.st_centroid(c.geom_before), func.st_centroid(c.geom_after))
    untouched = c.geom_before.is_(None) & c.geom_after.is_(None) & (c.op == "change")
    here = or_(
        c.geom_after.op("&&")(box),
        c.geom_before.op("&&")(box),
        # The cheap first: the database asks for the rest only where neither side lies here.
        and_(c.geom_before.is_not(None), c.geom_after.is_not(None), way.op("&&")(box)),
        and_(untouched, shown_shape().op("&&")(box)),
    )
    wanted = (
        select(c.n, c.op, c.decision, told.label("told"), shown_shape().label("geom_after"), c.geom_before)
        .where(c.changeset_id == changeset_id, c.op.in_(("add", "change", "remove")), here, *meant(where))
        .cte("wanted")
    )
    values = {"z": z, "x": x, "y": y, "far": FAR_DEG, "many": MANY, "reach": REACH}
    return bytes(connection.execute(_TILE.add_cte(wanted), values).scalar_one())
