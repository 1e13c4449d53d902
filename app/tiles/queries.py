"""The SQL of a tile: one statement that reads the revision and the features of one snapshot."""

from __future__ import annotations

from sqlalchemy import text

from app.database import Connection

MOST_SHAPES = 1500
"""A tile with more features than this keeps the shapes of that many of its largest; see `tile`."""
CELLS = 64
"""Columns and rows into which a crowded tile is divided: cells of 4 px on a tile of 256."""

# A crowded tile would weigh megabytes, and one that leaves out what is small would be empty. What is smaller
# than a cell therefore becomes one square a cell, with the phases of its largest and how many it stands for.
#
# No filter on the clipped geometry: it would make the planner evaluate ST_AsMVTGeom twice. ST_AsMVT leaves
# out what has none. `offset 0` keeps the subquery from being flattened. A shape below two units of the tile
# would be clipped to nothing: its middle stands for it.
_TILE = text(
    """
    with bounds as (
        select box, st_transform(box, 4326) as lonlat from (select st_tileenvelope(:z, :x, :y) as box) b
    ),
    near as materialized (
        select p.no, st_envelope(p.geom) as around,
               greatest(st_xmax(p.geom) - st_xmin(p.geom), st_ymax(p.geom) - st_ymin(p.geom))
                   / (360.0 / 2 ^ :z / :cells) as size,
               count(*) over () as total
        from bounds, project p
        where p.area_id = :area_id and p.kind = :kind and p.removed_rev is null and p.geom && bounds.lonlat
    ),
    kept as materialized (
        select no, size from near where total <= :most
        union all
        (select no, size from near where total > :most and size > 1 order by size desc, no limit :most)
    ),
    found as (
        select p.no, p.id, p.name_zh, p.name_en, p.precision, p.phases, p.attrs ->> :by as by,
               st_asmvtgeom(
                   st_transform(
                       case when kept.size * 4096 < 2 * :cells then st_centroid(p.geom) else p.geom end,
                       3857),
                   bounds.box, 4096, 64, true) as geom
        from bounds, kept join project p using (no)
        order by p.no
        offset 0
    ),
    placed as (
        select no, size,
               floor(:cells * (st_x(at) - st_xmin(box)) / (st_xmax(box) - st_xmin(box)))::int as col,
               floor(:cells * (st_ymax(box) - st_y(at)) / (st_ymax(box) - st_ymin(box)))::int as row
        from bounds, (
            select no, size, st_transform(st_centroid(around), 3857) as at from near
            where total > :most and no not in (select no from kept) offset 0
        ) rest
    ),
    cells as (
        select distinct on (col, row) no, col, row, count(*) over (partition by col, row)::int as n
        from placed where col between 0 and :cells - 1 and row between 0 and :cells - 1
        order by col, row, size desc, no
    ),
    squares as (
        select p.no, p.phases, p.attrs ->> :by as by, c.n, case when c.n = 1 then p.id end as id,
               st_makeenvelope(c.col * side, c.row * side, (c.col + 1) * side, (c.row + 1) * side) as geom
        from cells c join project p using (no), (select 4096 / :cells as side) s
        order by p.no
    )
    select (select revision from area where id = :area_id) as revision,
           (select st_asmvt(found, :kind, 4096, 'geom', 'no') from found) as shapes,
           (select st_asmvt(squares, :crowd, 4096, 'geom', 'no') from squares) as squares
    """
)


def tile(
    connection: Connection, area_id: str, kind: str, by: str | None, z: int, x: int, y: int
) -> tuple[int | None, bytes]:
    """The revision (None when there is no such area) and the tile, from one snapshot.

    The layer named after the kind holds shapes. Where there are more than MOST_SHAPES features, a second one,
    named `<kind>-crowd`, holds the squares of all that is smaller than a cell, or beyond that number: `n` is
    how many a square stands for, `phases` is that of its largest, `id` is given when it stands for one alone.
    """
    values = {"area_id": area_id, "kind": kind, "by": by, "z": z, "x": x, "y": y}
    limits = {"crowd": f"{kind}-crowd", "most": MOST_SHAPES, "cells": CELLS}
    row = connection.execute(_TILE, values | limits).one()
    return row.revision, bytes(row.shapes or b"") + bytes(row.squares or b"")
