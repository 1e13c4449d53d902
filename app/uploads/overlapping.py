"""Warns of the areas that what is staged newly shares with others, however much it is.

Shapes are gone through from west to east, a strip at a time, with those of earlier strips that reach into it:
so few of them are in memory at once.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import shapely

from app.database import Connection
from app.projects import kind_queries
from app.uploads import staged_queries
from app.uploads.staged_queries import StagedShape
from geodata.issues import Issue
from geodata.kinds import Kind, load_kinds
from geodata.overlaps import Shape, overlaps

STRIP = 2_000
MOST_OVERLAPS = 5

Strip = tuple[list[StagedShape], list[Shape]]
"""What is staged, and what is public there."""


def warn_of_overlaps(
    connection: Connection,
    area_id: str,
    kind: Kind,
    changeset_id: int,
    told: Callable[[int, int], None] = lambda *_: None,
) -> None:
    """Add the warnings to the changes of a staged changeset, of each the largest. told: how many are done,
    and of how many."""
    order = staged_queries.staged_areas(connection, changeset_id)
    beside = sorted({kind.id, *(k.id for k in load_kinds().values() if k.group == "land")})

    def read(begin: int) -> Strip:
        strip = staged_queries.staged_shapes(connection, changeset_id, order[begin : begin + STRIP].tolist())
        shapes = [one.shape.geometry for one in strip]
        return strip, kind_queries.shapes_touching(connection, area_id, beside, shapes, changeset_id)

    def write(found: dict[int, list[Issue]]) -> None:
        staged_queries.add_issues(connection, changeset_id, found)

    warn_in_strips(len(order), STRIP, read, write, told)


def warn_in_strips(
    count: int,
    step: int,
    read: Callable[[int], Strip],
    write: Callable[[dict[int, list[Issue]]], None],
    told: Callable[[int, int], None] = lambda *_: None,
) -> None:
    """read: the strip of `step` rows that begins at a place below count; write: is given the warnings of each
    strip by number of the row.

    Both are called in one other thread, in turn: PostgreSQL looks for the next strip's neighbours while this
    one's shapes are cut here.
    """
    if not count:
        return
    carried: list[StagedShape] = []
    counts: dict[int, int] = defaultdict(int)
    written: Future[None] | None = None
    with ThreadPoolExecutor(1, "overlaps") as other:
        coming = other.submit(read, 0)
        for begin in range(0, count, step):
            told(begin, count)
            strip, near = coming.result()
            if written:  # Its error is told, not that of what is asked after it.
                written.result()
            if begin + step < count:
                coming = other.submit(read, begin + step)
            written = other.submit(write, _of_strip(carried, strip, near, counts))
            carried = _reaching_on(carried, strip)
            gc.collect()  # As in app.uploads.road.
        if written:
            written.result()


def _of_strip(
    carried: Sequence[StagedShape],
    strip: Sequence[StagedShape],
    near: Sequence[Shape],
    counts: dict[int, int],
) -> dict[int, list[Issue]]:
    """The warnings by number of the change. What was carried along has been held against the rest before."""
    rows = sorted([*carried, *strip], key=lambda one: one.n)
    new = {one.shape.id for one in strip}
    found: dict[int, list[Issue]] = defaultdict(list)
    for overlap in overlaps([one.shape for one in rows], near):
        row = rows[overlap.a]
        if (row.shape.id in new or overlap.other_id in new) and counts[row.n] < MOST_OVERLAPS:
            counts[row.n] += 1
            found[row.n].append(overlap.issue())
    return found


def _reaching_on(carried: Sequence[StagedShape], strip: Sequence[StagedShape]) -> list[StagedShape]:
    """Those that a shape further east may still touch."""
    rows = [*carried, *strip]
    bounds = shapely.bounds(np.array([one.shape.geometry for one in rows], dtype=object)).reshape(-1, 4)
    front = bounds[len(carried) :, 0].max()
    return [rows[place] for place in np.flatnonzero(bounds[:, 2] >= front)]
