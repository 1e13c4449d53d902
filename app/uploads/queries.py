"""The SQL of uploads: their rows and pieces, and what is public that a file is compared with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    case,
    cast,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    text,
    union,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from app import tables as t
from app.changesets.queries import among, geometry_read
from app.database import Connection, as_row, as_rows
from geodata.changes import PROJECT_FIELDS, Current
from geodata.drafting import Standing
from geodata.ledger import LEAD, Known
from geodata.phases import COMMITMENTS, TIERS

Row = Mapping[str, Any]
WELL_KNOWN = ("surveyed", "digitised")

# ---------------------------------------------------------------- uploads


def lock_dataset(connection: Connection, area_id: str, dataset: str) -> None:
    """Until the transaction ends, nobody else receives a file of this dataset."""
    key = func.hashtextextended(f"upload {area_id} {dataset}", 0)
    connection.execute(select(func.pg_advisory_xact_lock(key)))


def being_checked(connection: Connection, area_id: str, dataset: str) -> int | None:
    """The upload of a dataset that is under way, if there is one."""
    c, job = t.upload.c, t.job.c
    statement = (
        select(c.id)
        .join(t.job, (job.task == "check") & (job.subject == c.id) & job.state.in_(("waiting", "running")))
        .where(c.area_id == area_id, c.state == "checking", c.request["dataset"].astext == dataset)
    )
    return connection.execute(statement.limit(1)).scalar_one_or_none()


def wait_s(connection: Connection, account: str, most: int, states: Sequence[str] = ()) -> int:
    """Seconds until an account may bring a file again when it may bring `most` an hour; 0: at once. states:
    only files in these count, any when there are none."""
    c = t.upload.c
    hour = text("interval '1 hour'")
    left = func.ceil(func.extract("epoch", c.created_at + hour - func.now()))
    statement = select(left).where(c.account == account, c.created_at > func.now() - hour)
    if states:
        statement = statement.where(among(c.state, states))
    statement = statement.order_by(c.created_at.desc()).offset(most - 1).limit(1)
    return int(connection.execute(statement).scalar_one_or_none() or 0)


def kept_bytes(connection: Connection, account: str) -> int:
    """How many bytes of an account's files are kept."""
    statement = (
        select(func.coalesce(func.sum(func.octet_length(t.upload_piece.c.bytes)), 0))
        .join(t.upload, t.upload.c.id == t.upload_piece.c.upload_id)
        .where(t.upload.c.account == account)
    )
    return int(connection.execute(statement).scalar_one())


def add(connection: Connection, values: Row, pieces: Iterable[bytes]) -> int:
    statement = insert(t.upload).values(state="checking", **values).returning(t.upload.c.id)
    upload_id = int(connection.execute(statement).scalar_one())
    for n, piece in enumerate(pieces):
        connection.execute(insert(t.upload_piece).values(upload_id=upload_id, n=n, bytes=piece))
    return upload_id


def upload(connection: Connection, upload_id: int) -> Row | None:
    return as_row(connection.execute(select(t.upload).where(t.upload.c.id == upload_id)))


def uploads(
    connection: Connection, area_id: str, before: int | None, limit: int, of: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The latest first. of: what the form said of those that are asked for (kind, dataset)."""
    c = t.upload.c
    columns = (c.id, c.account, c.changeset_id, c.state, c.name, c.size, c.request, c.created_at)
    x = t.changeset.c
    is_empty = ~select(t.change.c.n).where(t.change.c.changeset_id == x.id).exists()
    state = case((is_empty & (x.state == "discarded"), "nothing"), else_=x.state)
    statement = select(*columns, state.label("changeset_state")).outerjoin(
        t.changeset, x.id == c.changeset_id
    )
    statement = statement.where(c.area_id == area_id).order_by(c.id.desc()).limit(limit)
    statement = statement.where(*(c.request[name].astext == said for name, said in of.items()))
    if before is not None:
        statement = statement.where(c.id < before)
    return as_rows(connection.execute(statement))


def pieces(connection: Connection, upload_id: int) -> Iterator[bytes]:
    c = t.upload_piece.c
    numbers = connection.execute(select(c.n).where(c.upload_id == upload_id).order_by(c.n)).scalars().all()
    for n in numbers:
        found = connection.execute(select(c.bytes).where(c.upload_id == upload_id, c.n == n)).scalar_one()
        yield bytes(found)


def conclude(connection: Connection, upload_id: int, **values: Any) -> None:
    """What became of an upload. A report holds names as the file has them, and those may be anything."""
    if "report" in values:
        values["report"] = _storable(values["report"])
    connection.execute(update(t.upload).where(t.upload.c.id == upload_id).values(**values))


def answer(connection: Connection, upload_id: int, answers: Row) -> None:
    """What was said of a file without being sent with it stands with what was."""
    c = t.upload.c
    more = cast(dict(answers), JSONB)
    connection.execute(update(t.upload).where(c.id == upload_id).values(request=c.request.op("||")(more)))


def _storable(value: Any) -> Any:
    """The same, but for what jsonb does not hold: NUL, in a text or a key, becomes words."""
    if isinstance(value, str):
        return value.replace("\0", "\\u0000")
    if isinstance(value, Mapping):
        return {_storable(key): _storable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(inner) for inner in value]
    return value


def forget_file(connection: Connection, upload_id: int) -> None:
    connection.execute(delete(t.upload_piece).where(t.upload_piece.c.upload_id == upload_id))


def interrupt_abandoned(connection: Connection) -> None:
    """What the command line was checking when it was killed is no longer under way: no job is at it."""
    c, job = t.upload.c, t.job.c
    at_it = select(job.id).where(
        job.task == "check", job.subject == c.id, job.state.in_(("waiting", "running"))
    )
    connection.execute(
        update(t.upload)
        .where(c.state == "checking", c.created_at < func.now() - text("interval '1 day'"), ~at_it.exists())
        .values(state="interrupted")
    )


def forget_settled_files(connection: Connection) -> None:
    """Files are kept as long as their changeset is staged: to be looked at again, not as an archive."""
    settled = (
        select(t.upload.c.id)
        .join(t.changeset, t.changeset.c.id == t.upload.c.changeset_id)
        .where(t.changeset.c.state != "staged")
    )
    connection.execute(delete(t.upload_piece).where(t.upload_piece.c.upload_id.in_(settled)))


# ---------------------------------------------------------------- what a file is compared with


ROWS_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Which:
    """Some projects of a kind: by public id, by key in a dataset, by number."""

    ids: Collection[str] = ()
    keys: Collection[str] = ()
    numbers: Collection[int] = ()


def revision(connection: Connection, area_id: str) -> int:
    return int(connection.execute(select(t.area.c.revision).where(t.area.c.id == area_id)).scalar_one())


def public_count(connection: Connection, area_id: str, kind: str, more_than: int) -> int:
    """How many projects of a kind there are, removed ones too; `more_than` at most is counted."""
    some = select(t.project.c.no).where(t.project.c.area_id == area_id, t.project.c.kind == kind)
    counted = select(func.count()).select_from(some.limit(more_than).subquery())
    return int(connection.execute(counted).scalar_one())


def standing(
    connection: Connection, area_id: str, kind: str, source: str, among_them: Which | None = None
) -> dict[str, Standing]:
    """The projects of a kind by public id, removed ones too; all, or some. source: id of the source of this
    upload."""
    c, whole = t.project.c, t.project.alias("whole")
    statement = (
        select(t.project, whole.c.id.label("whole_id"))
        .outerjoin(whole, whole.c.no == c.parent_no)
        .where(c.area_id == area_id, c.kind == kind)
    )
    if among_them is not None:
        # Each by its own index; one condition with `or` would have the whole kind read.
        keyed = (c.area_id == area_id, c.kind == kind, among(c.external_key, among_them.keys))
        found = union(
            select(c.no).where(among(c.id, among_them.ids)),
            select(c.no).where(*keyed, c.removed_rev.is_(None)),
            select(c.no).where(*keyed, c.removed_rev.is_not(None)),
            select(c.no).where(among(c.no, among_them.numbers)),
        )
        statement = statement.where(c.no.in_(found))
    rows = as_rows(connection.execute(statement.order_by(c.no)))
    said = _sightings(connection, source, None if among_them is None else [row["no"] for row in rows])
    return {
        row["id"]: Standing(
            Current(
                {name: row[name] for name in PROJECT_FIELDS},
                geometry_read(row["geom"]),
                row["rev_exists"],
                row["rev_geom"],
                row["rev_attrs"],
                row["rev_claims"],
                row["removed_rev"] is not None,
            ),
            row["phases"],
            row["last_heard"],
            row["whole_id"] or "",
            frozenset(said.get(row["no"], ())),
        )
        for row in rows
    }


def _sightings(
    connection: Connection, source: str, numbers: Sequence[int] | None
) -> dict[int, list[tuple[str, str]]]:
    c = t.claim.c
    statement = select(c.project_no, c.value, c.date_text).where(
        c.source_id == source, c.property == "phase", c.withdrawn_rev.is_(None), c.project_no.is_not(None)
    )
    if numbers is not None:
        statement = statement.where(among(c.project_no, numbers))
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for row in connection.execute(statement):
        found[row.project_no].append((row.value, row.date_text))
    return found


def own_numbers(connection: Connection, area_id: str, kind: str, dataset: str) -> list[int]:
    """The numbers of the projects of a dataset that are not removed."""
    c = t.project.c
    statement = select(c.no).where(
        c.area_id == area_id, c.kind == kind, c.dataset == dataset, c.removed_rev.is_(None)
    )
    return list(connection.execute(statement.order_by(c.id)).scalars())


def names(connection: Connection, area_id: str, kind: str) -> Iterator[tuple[list[int], list[str]]]:
    """Numbers and Chinese names of the projects of a kind that are not removed, many at a time."""
    c = t.project.c
    statement = select(c.no, c.name_zh).where(
        c.area_id == area_id, c.kind == kind, c.removed_rev.is_(None), c.name_zh != ""
    )
    found = connection.execute(statement, execution_options={"yield_per": ROWS_AT_ONCE})
    for part in found.partitions():
        yield [row.no for row in part], [row.name_zh for row in part]


def other_ids(connection: Connection, kind: str, ids: Iterable[str]) -> set[str]:
    """Which of some ids are taken by other kinds, or once were somebody's."""
    ids = list(ids)
    taken = (
        select(t.project.c.id)
        .where(t.project.c.kind != kind, among(t.project.c.id, ids))
        .union(select(t.alias.c.old_id).where(among(t.alias.c.old_id, ids)))
    )
    return set(connection.execute(taken).scalars())


def source(connection: Connection, source_id: str) -> Row | None:
    """Who published a source that is public, and its tier by name."""
    c = t.source.c
    row = as_row(connection.execute(select(c.publisher_zh, c.publisher_en, c.tier).where(c.id == source_id)))
    return row and {**row, "tier": TIERS[row["tier"] - 1]}


def anchors(connection: Connection, area_id: str, kinds: Sequence[str]) -> list[tuple[str, float, float]]:
    """Name, longitude and latitude of points whose place is well known."""
    c = t.project.c
    statement = select(c.name_zh, func.st_x(c.geom), func.st_y(c.geom)).where(
        c.area_id == area_id,
        among(c.kind, kinds),
        c.removed_rev.is_(None),
        or_(among(c.precision, WELL_KNOWN)),
        func.geometrytype(c.geom) == literal_column("'POINT'"),
    )
    return [(name, float(lon), float(lat)) for name, lon, lat in connection.execute(statement)]


def area(connection: Connection, area_id: str) -> Row | None:
    return as_row(connection.execute(select(t.area).where(t.area.c.id == area_id)))


def faults(connection: Connection, changeset_id: int) -> Iterator[tuple[Row, Row]]:
    """Everything found in a file, in the order of its rows: the change it was found of (row, 0-based; key and
    name of its project, "" where there is none) and the issue."""
    c, p = t.change.c, t.project.c
    about = func.coalesce(func.nullif(c.target, ""), c.after["target"].astext, c.after["from"].astext)
    statement = (
        select(
            c.file_row.label("row"),
            c.issues,
            func.coalesce(c.after["external_key"].astext, p.external_key, "").label("key"),
            func.coalesce(c.after["name_zh"].astext, p.name_zh, "").label("name"),
        )
        .outerjoin(t.project, p.id == about)
        .where(c.changeset_id == changeset_id, func.jsonb_array_length(c.issues) > 0)
        .order_by(c.file_row, c.n)
    )
    for row in as_rows(connection.execute(statement)):
        for entry in row["issues"]:
            yield row, entry


def heard_until(connection: Connection, ids: Iterable[str]) -> dict[str, str | None]:
    """The day until which each project was heard of again without a claim, as ISO text."""
    statement = select(t.project.c.id, t.project.c.heard_on).where(among(t.project.c.id, ids))
    return {row.id: row.heard_on and row.heard_on.isoformat() for row in connection.execute(statement)}


# ---------------------------------------------------------------- what a ledger is compared with


def projects_known(connection: Connection, area_id: str) -> list[Known]:
    """The public projects, with every name by which a ledger may call one."""
    p = t.project.c
    statement = select(p.id, p.kind, p.name_zh, p.name_en, p.aliases, p.external_key, p.attrs).where(
        p.area_id == area_id, p.removed_rev.is_(None)
    )
    return [
        Known(
            row["id"],
            row["kind"],
            tuple(dict.fromkeys((row["name_zh"], row["name_en"], *row["aliases"]))),
            row["external_key"],
            str(row["attrs"].get(LEAD) or ""),
        )
        for row in as_rows(connection.execute(statement.order_by(p.no)))
    ]


def said(connection: Connection, area_id: str) -> Iterator[Row]:
    """The claims on projects that stand, as the records that a ledger would make of them."""
    c, p = t.claim.c, t.project.c
    statement = (
        select(p.id, c.property, c.value, c.unit, c.date_text, c.commitment, c.quote, c.note)
        .join(t.project, p.no == c.project_no)
        .where(c.area_id == area_id, c.withdrawn_rev.is_(None))
    )
    for row in as_rows(connection.execute(statement)):
        commitment = COMMITMENTS[row["commitment"] - 1]
        yield {**row, "target": row["id"], "date": row["date_text"], "commitment": commitment}
