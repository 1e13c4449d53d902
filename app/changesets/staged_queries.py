"""The SQL of changesets and of what they say to do, from staging to publication."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    any_,
    case,
    column,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)

from app import tables as t
from app.changesets.listing_queries import meant
from app.changesets.queries import among, geometry_read, geometry_value
from app.changesets.where import Where
from app.database import Connection, as_row, as_rows, copy_rows
from geodata.bonds import Tie
from geodata.changes import Change
from geodata.issues import Issue

Row = Mapping[str, Any]
TIED = ("claim", "relate")
"""What speaks of projects, and falls when they do."""
PART = 4_000


@dataclass(frozen=True, slots=True)
class Decided:
    """A change that was accepted or rejected. ends: ids of the projects that a claim or relation is on."""

    n: int
    op: str
    target: str
    ends: frozenset[str]


def insert_changeset(connection: Connection, values: Row) -> int:
    statement = insert(t.changeset).values(**values).returning(t.changeset.c.id)
    return int(connection.execute(statement).scalar_one())


def insert_changes(connection: Connection, rows: Iterable[Row]) -> None:
    copy_rows(connection, t.change, rows)


def changeset(connection: Connection, changeset_id: int, lock: bool = False) -> Row | None:
    statement = select(t.changeset).where(t.changeset.c.id == changeset_id)
    if lock:
        statement = statement.with_for_update()
    return as_row(connection.execute(statement))


def changesets(connection: Connection, area_id: str) -> list[dict[str, Any]]:
    statement = select(t.changeset).where(t.changeset.c.area_id == area_id).order_by(t.changeset.c.id)
    return as_rows(connection.execute(statement))


def changes(
    connection: Connection, changeset_id: int, numbers: range | None = None, **only: str
) -> list[tuple[int, str, Change]]:
    """The changes in order, each with its number and decision. numbers: from which to which, all of them.
    only: op, decision."""
    c = t.change.c
    asked = [c.changeset_id == changeset_id, *(c[name] == value for name, value in only.items())]
    if numbers is not None:
        asked += [c.n >= numbers.start, c.n < numbers.stop]
    return [
        (
            row["n"],
            row["decision"],
            Change(
                row["op"],
                row["target"],
                row["before"],
                row["after"],
                geometry_read(row["geom_before"]),
                geometry_read(row["geom_after"]),
            ),
        )
        for row in as_rows(connection.execute(select(t.change).where(*asked).order_by(c.n)))
    ]


def parts(connection: Connection, changeset_id: int) -> list[range]:
    """The numbers of the changes, so many at a time as may be in memory at once."""
    last = select(func.max(t.change.c.n)).where(t.change.c.changeset_id == changeset_id)
    end = (connection.execute(last).scalar_one() or 0) + 1
    return [range(begin, min(begin + PART, end)) for begin in range(1, end, PART)]


def brought(connection: Connection, changeset_id: int, names: Collection[str], **only: str) -> dict[str, str]:
    """The ids of projects and codes of indicators among these that a changeset adds, each with its kind, ""
    of an indicator. only: decision."""
    c = t.change.c
    asked = [c.op.in_(("add", "indicator")), *(c[name] == value for name, value in only.items())]
    kind = case((c.op == "add", c.after["kind"].astext), else_="")
    statement = select(c.target, kind).where(c.changeset_id == changeset_id, among(c.target, names), *asked)
    return {row[0]: row[1] for row in connection.execute(statement)}


def loosened(connection: Connection, changeset_id: int, **only: str) -> set[str]:
    """The ids of what a changeset makes a part of its whole no more. only: decision."""
    c = t.change.c
    asked = [c.op == "unrelate", *(c[name] == value for name, value in only.items())]
    statement = select(c.before["from"].astext).where(c.changeset_id == changeset_id, *asked)
    return set(connection.execute(statement).scalars())


def blocked_issues(connection: Connection, changeset_id: int) -> list[dict[str, Any]]:
    statement = select(t.change.c.n, t.change.c.target, t.change.c.issues).where(
        t.change.c.changeset_id == changeset_id, t.change.c.decision == "blocked"
    )
    return as_rows(connection.execute(statement))


def decide(connection: Connection, changeset_id: int, where: Where, decision: str) -> list[Decided]:
    """Accept or reject what is meant and may be; answers what changed."""
    c = t.change.c
    statement = (
        update(t.change)
        .where(
            c.changeset_id == changeset_id,
            c.op != "source",
            c.decision.in_(("accept", "reject")),
            c.decision != decision,
            *meant(where),
        )
        .values(decision=decision)
        .returning(c.n, c.op, c.target, *_ends())
    )
    return [
        Decided(n, op, target, frozenset(end for end in ends if end))
        for n, op, target, *ends in connection.execute(statement)
    ]


def _ends() -> list[ColumnElement[Any]]:
    """The ids of the projects that a claim or relation speaks of."""
    return [t.change.c.after[name].astext for name in ("target", "from", "to")]


def ties(connection: Connection, changeset_id: int) -> list[tuple[Tie, str]]:
    """What of the changes tells which of them are one act, each with its decision. Nothing where nothing
    succeeds anything."""
    c = t.change.c
    here = c.changeset_id == changeset_id
    relation = func.coalesce(c.after, c.before)
    heirs = func.coalesce(c.after["successors"], c.before["successors"])
    is_relation = c.op.in_(("relate", "unrelate"))
    is_project = c.op.in_(("add", "change", "remove"))
    succeeds = is_relation & (relation["type"].astext == "succeeds")
    succeeded = c.op.in_(("add", "remove")) & heirs.is_not(None)
    if connection.execute(select(c.n).where(here, succeeds | succeeded).limit(1)).first() is None:
        return []
    ends = {"one": "from", "other": "to", "type": "type"}
    told = [case((is_relation, relation[of].astext), else_="").label(name) for name, of in ends.items()]
    going = case((is_project, heirs)).label("heirs")
    statement = select(c.n, c.op, c.target, *told, going, c.decision)
    rows = as_rows(connection.execute(statement.where(here, is_relation | is_project)))
    return [
        (Tie(**{**row, "heirs": tuple(row["heirs"] or ())}), decision)
        for row in rows
        for decision in (row.pop("decision"),)
    ]


def set_decision(connection: Connection, changeset_id: int, numbers: Collection[int], decision: str) -> int:
    """Accept or reject these, as far as they may be; answers how many changed."""
    c = t.change.c
    statement = (
        update(t.change)
        .where(
            c.changeset_id == changeset_id,
            among(c.n, numbers),
            c.decision.in_(("accept", "reject")),
            c.decision != decision,
        )
        .values(decision=decision)
        .returning(c.n)
    )
    return len(connection.execute(statement).all())


def accept_adds(connection: Connection, changeset_id: int, targets: Sequence[str]) -> None:
    c = t.change.c
    connection.execute(
        update(t.change)
        .where(
            c.changeset_id == changeset_id, c.op == "add", c.decision == "reject", among(c.target, targets)
        )
        .values(decision="accept")
    )


def accept_said_of(connection: Connection, changeset_id: int, targets: Sequence[str]) -> None:
    """Accept the rejected claims on projects, and their relations."""
    c = t.change.c
    said_of = or_(*(end == any_(literal(list(targets), ARRAY(Text))) for end in _ends()))
    connection.execute(
        update(t.change)
        .where(c.changeset_id == changeset_id, c.op.in_(TIED), c.decision == "reject", said_of)
        .values(decision="accept")
    )


def accept_leaving(connection: Connection, changeset_id: int, wholes: Sequence[str]) -> None:
    """Accept that what is part of these is so no more: they go."""
    c = t.change.c
    leaving = among(c.before["to"].astext, wholes)
    connection.execute(
        update(t.change)
        .where(c.changeset_id == changeset_id, c.op == "unrelate", c.decision == "reject", leaving)
        .values(decision="accept")
    )


def reject_loose_ends(connection: Connection, changeset_id: int) -> None:
    """Claims and relations of what will not be there are not accepted either, nor is the removal of what
    that should succeed, or of what something stays a part of."""
    c, other = t.change.c, t.change.alias("other")
    absent = select(other.c.target).where(
        other.c.changeset_id == changeset_id,
        ((other.c.op == "add") & (other.c.decision != "accept"))
        | ((other.c.op == "change") & other.c.decision.in_(("blocked", "conflict"))),
    )
    connection.execute(
        update(t.change)
        .where(
            c.changeset_id == changeset_id,
            c.op.in_(TIED),
            c.decision == "accept",
            or_(*(end.in_(absent) for end in _ends())),
        )
        .values(decision="reject")
    )
    is_heir = c.after["successors"].has_key(other.c.target)
    refused = (other.c.op.in_(("add", "change")) & is_heir) | (
        (other.c.op == "unrelate") & (other.c.before["to"].astext == c.target)
    )
    connection.execute(
        update(t.change)
        .where(
            c.changeset_id == changeset_id,
            c.op == "remove",
            c.decision == "accept",
            select(other.c.n)
            .where(other.c.changeset_id == changeset_id, other.c.decision != "accept", refused)
            .exists(),
        )
        .values(decision="reject")
    )


def ops(connection: Connection, changeset_id: int, **only: str) -> dict[str, int]:
    """What a changeset does, and how many times. only: decision."""
    c = t.change.c
    asked = [c.changeset_id == changeset_id, *(c[name] == value for name, value in only.items())]
    statement = select(c.op, func.count()).where(*asked).group_by(c.op)
    return {row[0]: row[1] for row in connection.execute(statement)}


def drop_change(connection: Connection, changeset_id: int, n: int) -> None:
    connection.execute(delete(t.change).where(t.change.c.changeset_id == changeset_id, t.change.c.n == n))


def drop_changes(connection: Connection, changeset_id: int) -> None:
    connection.execute(delete(t.change).where(t.change.c.changeset_id == changeset_id))


def rejected(connection: Connection, changeset_id: int) -> list[tuple[str, str]]:
    """The op and target of what was rejected."""
    c = t.change.c
    statement = select(c.op, c.target).where(c.changeset_id == changeset_id, c.decision == "reject")
    return [(op, target) for op, target in connection.execute(statement)]


def reject_again(connection: Connection, changeset_id: int, acts: Collection[tuple[str, str]]) -> None:
    """acts: each by op and target, as `rejected` answers them."""
    c = t.change.c
    for op in {op for op, _ in acts}:
        targets = [target for one, target in acts if one == op]
        meant = (c.changeset_id == changeset_id, c.op == op, among(c.target, targets))
        connection.execute(update(t.change).where(*meant, c.decision == "accept").values(decision="reject"))


def rewrite_change(
    connection: Connection,
    changeset_id: int,
    n: int,
    change: Change,
    decision: str,
    more_issues: Sequence[Issue],
) -> None:
    """Give a change another base; what was found about it before stays, an older "moved on" goes."""
    c = t.change.c
    row = connection.execute(select(c.issues).where(c.changeset_id == changeset_id, c.n == n)).one()
    issues = [entry for entry in row.issues if entry["code"] != "moved-on"]
    connection.execute(
        update(t.change)
        .where(c.changeset_id == changeset_id, c.n == n)
        .values(
            op=change.op,
            before=change.before,
            after=change.after,
            geom_before=geometry_value(change.geom_before),
            geom_after=geometry_value(change.geom_after),
            decision=decision,
            issues=[*issues, *(entry.as_json() for entry in more_issues)],
        )
    )


def heard_again(connection: Connection, area_id: str, ids: Iterable[str], rev: int) -> dict[str, int]:
    """Of these projects those that a file published after a revision lists again as they were, each with the
    last revision of such a file; without files that were undone."""
    c, x, undo = t.changeset.c, t.change.c, t.changeset.alias("undo")
    keys = func.jsonb_object_keys(x.after["days"]).table_valued(column("name", Text), name="listed")
    listed = keys.render_derived()
    name = listed.c.name
    statement = (
        select(name, func.max(c.rev))
        .select_from(t.changeset.join(t.change, x.changeset_id == c.id).join(listed, true()))
        .where(c.area_id == area_id, c.state == "published", c.rev > rev, c.reverts.is_(None))
        .where(x.op == "heard", x.decision == "accept", among(name, ids))
        .where(~select(undo.c.id).where(undo.c.reverts == c.id, undo.c.state == "published").exists())
        .group_by(name)
    )
    return {row[0]: row[1] for row in connection.execute(statement)}


def inverse_of(connection: Connection, changeset_id: int, who: str, since: datetime) -> Row | None:
    """The staged inverse of a changeset that somebody asked for at or after a moment."""
    c = t.changeset.c
    statement = select(t.changeset).where(
        c.reverts == changeset_id, c.created_by == who, c.created_at >= since, c.state == "staged"
    )
    return as_row(connection.execute(statement.order_by(c.id.desc()).limit(1)))


def size(connection: Connection, changeset_id: int) -> int:
    """How many changes there are."""
    statement = select(func.count()).where(t.change.c.changeset_id == changeset_id)
    return int(connection.execute(statement).scalar_one())


def forgotten(connection: Connection, before: datetime) -> list[tuple[int, str]]:
    """Number and area of what was staged before then and is staged still."""
    c = t.changeset.c
    statement = select(c.id, c.area_id).where(c.state == "staged", c.created_at < before).with_for_update()
    return [(row.id, row.area_id) for row in connection.execute(statement)]


def set_hash(connection: Connection, changeset_id: int, hashed: str, kept: Sequence[Row]) -> None:
    values = {"hash": hashed, "kept": list(kept)}
    connection.execute(update(t.changeset).where(t.changeset.c.id == changeset_id).values(**values))


def set_state(connection: Connection, changeset_id: int, **values: Any) -> None:
    connection.execute(
        update(t.changeset)
        .where(t.changeset.c.id == changeset_id)
        .values(version=t.changeset.c.version + 1, **values)
    )
