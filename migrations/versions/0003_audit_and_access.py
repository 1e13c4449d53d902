"""The log becomes a chain that nobody rewrites; names of tokens' rows; the count of tries to sign in."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FIRST = "0" * 64
TEXTS = ("role", "reason", "request_id", "before", "after")
KEEP = """
create function keep_event_log() returns trigger language plpgsql as $$ begin
    raise exception 'guatu: the log is only ever added to' using errcode = 'insufficient_privilege';
end $$
"""
log = sa.table(
    "event_log",
    *(sa.column(name) for name in ("id", "area_id", "n", "at", "who", "action", "object", *TEXTS)),
    sa.column("detail", sa.JSON),
    sa.column("prev"),
    sa.column("hash"),
)


def upgrade() -> None:
    for name in TEXTS:
        op.add_column("event_log", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.add_column("event_log", sa.Column("n", sa.BigInteger()))
    op.add_column("event_log", sa.Column("prev", sa.Text()))
    op.add_column("event_log", sa.Column("hash", sa.Text()))
    _bind()
    for name in ("n", "prev", "hash"):
        op.alter_column("event_log", name, nullable=False)
    op.drop_index("event_log_area_id_ix", "event_log")
    op.create_unique_constraint(op.f("event_log_area_id_n_uq"), "event_log", ["area_id", "n"])
    op.execute(KEEP)
    op.execute(
        "create trigger event_log_rows before update or delete on event_log"
        " for each row execute function keep_event_log()"
    )
    op.execute(
        "create trigger event_log_whole before truncate on event_log"
        " for each statement execute function keep_event_log()"
    )
    op.add_column("token", sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False))
    op.create_unique_constraint(op.f("token_id_uq"), "token", ["id"])
    op.create_check_constraint(op.f("token_scope_ck"), "token", "scope in ('read', 'upload', 'publish')")
    op.create_table(
        "sign_in",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("sign_in_pk")),
    )
    op.create_index(op.f("sign_in_at_ix"), "sign_in", ["at"])
    op.execute("grant select, insert, update, delete on sign_in to guatu_app")


def _bind() -> None:
    """Number and bind the rows that are there, as app.audit does for new ones."""
    connection = op.get_bind()
    heads: dict[str, tuple[int, str]] = {}
    for row in connection.execute(sa.select(log).order_by(log.c.id)).mappings().all():
        n, prev = heads.get(row["area_id"], (0, FIRST))
        names = ("area_id", "who", "action", "object", "detail", *TEXTS)
        at = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
        values = {**{name: row[name] for name in names}, "n": n + 1, "at": at}
        canonical = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        digest = hashlib.sha256(f"{prev}\n{canonical}".encode()).hexdigest()
        connection.execute(log.update().where(log.c.id == row["id"]).values(n=n + 1, prev=prev, hash=digest))
        heads[row["area_id"]] = (n + 1, digest)


def downgrade() -> None:
    op.drop_table("sign_in")
    op.drop_constraint(op.f("token_scope_ck"), "token")
    op.drop_constraint(op.f("token_id_uq"), "token")
    op.drop_column("token", "id")
    op.execute("drop trigger event_log_rows on event_log")
    op.execute("drop trigger event_log_whole on event_log")
    op.execute("drop function keep_event_log")
    op.drop_constraint(op.f("event_log_area_id_n_uq"), "event_log")
    op.create_index(op.f("event_log_area_id_ix"), "event_log", ["area_id"])
    for name in (*TEXTS, "n", "prev", "hash"):
        op.drop_column("event_log", name)
