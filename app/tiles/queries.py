"""The SQL of a tile: one statement that reads the revision and the features of one snapshot."""

from __future__ import annotations

from sqlalchemy import text

from app.database import Connection

# No filter on the clipped geometry: it would make the planner evaluate ST_AsMVTGeom twice. ST_AsMVT leaves
# out what has none. `offset 0` keeps the subquery from being flattened.
_TILE = text(
    """
    with bounds as (select st_tileenvelope(:z, :x, :y) as box),
    found as (
        select p.no, p.id, p.name_zh, p.name_en, p.precision, p.phases, p.attrs ->> :by as by,
               st_asmvtgeom(st_transform(p.geom, 3857), bounds.box, 4096, 64, true) as geom
        from bounds, project p
        where p.area_id = :area_id and p.kind = :kind and p.removed_rev is null
          and p.geom && st_transform(bounds.box, 4326)
        order by p.no
        offset 0
    )
    select (select revision from area where id = :area_id) as revision,
           (select st_asmvt(found, :kind, 4096, 'geom', 'no') from found) as tile
    """
)


def tile(
    connection: Connection, area_id: str, kind: str, by: str | None, z: int, x: int, y: int
) -> tuple[int | None, bytes]:
    """The revision (None when there is no such area) and the tile, from one snapshot."""
    values = {"area_id": area_id, "kind": kind, "by": by, "z": z, "x": x, "y": y}
    row = connection.execute(_TILE, values).one()
    return row.revision, bytes(row.tile or b"")
