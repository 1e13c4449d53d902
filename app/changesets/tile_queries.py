"""The SQL of a tile of a changeset's shapes."""

from __future__ import annotations

from sqlalchemy import text

from app.database import Connection

# What would be less than some four pixels across comes as a point: a city's parcels fit in a tile.
_TILE = text(
    """
    with bounds as (
        select st_tileenvelope(:z, :x, :y) as box, 16 * 40075016.7 / power(2, :z) / 4096 as least
    ),
    meant as (
        select n, op, decision, geom_after, geom_before,
               case when issues @> '[{"severity": "block"}]' then 'block'
                    when issues @> '[{"severity": "warn"}]' then 'warn' else '' end as told
        from change
        where changeset_id = :changeset_id and op in ('add', 'change', 'remove')
    ),
    sides as (
        select n, op, decision, told, 'after' as side, geom_after as geom from meant
        union all
        select n, op, decision, told, 'before', geom_before from meant
    ),
    shapes as (
        select n, op, decision, told, side, box,
               case when greatest(st_xmax(g) - st_xmin(g), st_ymax(g) - st_ymin(g)) < least
                    then st_centroid(g) else g end as shape
        from sides, bounds, st_transform(geom, 3857) as g
        where geom && st_transform(box, 4326)
        offset 0
    ),
    found as (
        select n, op, decision, told, side, st_asmvtgeom(shape, box, 4096, 64, true) as geom from shapes
    )
    select coalesce(st_asmvt(found, 'changes', 4096, 'geom', 'n'), '') from found
    """
)


def tile(connection: Connection, changeset_id: int, z: int, x: int, y: int) -> bytes:
    """A vector tile of a changeset's shapes, in Web Mercator."""
    values = {"changeset_id": changeset_id, "z": z, "x": x, "y": y}
    return bytes(connection.execute(_TILE, values).scalar_one())
