"""What is computed from claims and stored so that it can be queried: spans, promises, measures, parents.

Deriving twice gives the same bytes; `rebuild` derives everything anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from app.changesets import queries
from app.database import Connection
from app.projects.statements import statements
from geodata.geometry import measures
from geodata.kinds import load_kinds
from geodata.lights import last_heard
from geodata.phases import Claim, phases_text
from geodata.spans import PhaseSpan, PromiseSpan, phase_spans

BATCH = 2000


def rebuild(connection: Connection) -> int:
    """Derive everything anew. Returns the number of projects."""
    numbers = queries.all_project_numbers(connection)
    derive(connection, numbers)
    return len(numbers)


def derive(
    connection: Connection, numbers: Iterable[int], told: Callable[[int], None] = lambda _: None
) -> None:
    """Derive the stored state of these projects from their claims, relations and geometry. told: is called
    with the number of projects that are done."""
    ordered = np.unique(np.fromiter(numbers, np.int64))
    for start in range(0, len(ordered), BATCH):
        told(start)
        _derive_batch(connection, ordered[start : start + BATCH].tolist())


def _derive_batch(connection: Connection, numbers: Sequence[int]) -> None:
    kinds = load_kinds()
    claims = queries.claims_to_derive(connection, numbers)
    parents = queries.parents(connection, numbers)
    projects: list[dict[str, Any]] = []
    spans: list[dict[str, Any]] = []
    promises: list[dict[str, Any]] = []
    for project in queries.projects_to_derive(connection, numbers):
        no, kind = project["no"], kinds[project["kind"]]
        said = statements(claims.get(no, []))
        # Without its number, what is said of one parcel is what is said of a thousand others.
        state = _state(kind.id, tuple(replace(claim, ref=at) for at, claim in enumerate(said)))
        geometry = queries.geometry_read(project["geom"])
        area_ha, length_km = measures(geometry, project["precision"], project["partial"])
        projects.append(
            {
                "no": no,
                "parent_no": parents.get(no),
                "phases": state.phases,
                "last_heard": max(filter(None, (state.last_heard, project["heard_on"])), default=None),
                "area_ha": area_ha,
                "length_km": length_km,
            }
        )
        spans += [_span_row(no, span) for span in state.spans]
        promises += [_promise_row(no, row) for row in state.promises]
    queries.replace_derived(connection, numbers, projects, spans, promises)


@dataclass(frozen=True, slots=True)
class _State:
    """What follows from claims alone."""

    phases: str
    last_heard: date | None
    spans: Sequence[PhaseSpan]
    promises: Sequence[PromiseSpan]


@lru_cache(maxsize=4096)
def _state(kind_id: str, said: tuple[Claim, ...]) -> _State:
    kind = load_kinds()[kind_id]
    if not kind.tracked:
        return _State("", last_heard(said), (), ())
    spans, promises = phase_spans(said, kind.phase_of)
    return _State(phases_text(said, kind.phase_of), last_heard(said), spans, promises)


def _span_row(no: int, span: PhaseSpan) -> dict[str, Any]:
    return {
        "project_no": no,
        "known_from": span.known_from,
        "known_to": span.known_to,
        "day_from": span.day_from,
        "day_to": span.day_to,
        "maybe_from": span.maybe_from,
        "phase": span.phase,
        "promised": span.promised,
    }


def _promise_row(no: int, row: PromiseSpan) -> dict[str, Any]:
    return {
        "project_no": no,
        "known_from": row.known_from,
        "known_to": row.known_to,
        "milestone": row.step.milestone,
        "due_earliest": row.step.possible_from,
        "due_latest": row.step.certain_from,
        "phase": row.step.phase,
        "commitment": row.step.commitment,
        "approx": row.step.approx,
    }
