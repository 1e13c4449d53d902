"""Files in pieces, work that outlives a request, answers kept for a repeated request, rows of a file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSONB = postgresql.JSONB(astext_type=sa.Text())
UPLOAD_STATES = "state in ('receiving', 'checking', 'staged', 'rejected', 'interrupted', 'abandoned')"

OPS = "'source', 'indicator', 'add', 'change', 'remove', 'claim', 'withdraw', 'relate', 'unrelate'"


def upgrade() -> None:
    op.add_column("change", sa.Column("file_row", sa.Integer()))
    op.add_column("project", sa.Column("heard_on", sa.Date()))
    op.execute("create or replace view published.project as select * from public.project")
    op.drop_constraint("change_op_ck", "change")
    op.create_check_constraint(op.f("change_op_ck"), "change", f"op in ({OPS}, 'heard')")
    # Neither table was ever written to: nothing could upload a file before.
    op.drop_table("upload_file")
    op.drop_table("upload")
    op.create_table(
        "upload",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("changeset_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("request", JSONB, nullable=False),
        sa.Column("report", JSONB, nullable=True),
        _created(),
        sa.CheckConstraint(UPLOAD_STATES, name=op.f("upload_state_ck")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("upload_area_id_fk")),
        sa.ForeignKeyConstraint(["changeset_id"], ["changeset.id"], name=op.f("upload_changeset_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("upload_pk")),
    )
    op.create_index(op.f("upload_area_id_ix"), "upload", ["area_id"])
    op.create_table(
        "upload_piece",
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("upload_piece_upload_id_fk")),
        sa.PrimaryKeyConstraint("upload_id", "n", name=op.f("upload_piece_pk")),
    )
    # A file is not worth compressing again and again while it is read piece by piece.
    op.execute("alter table upload_piece alter column bytes set storage external")
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("subject", sa.Integer(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("request", JSONB, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), server_default="", nullable=False),
        sa.Column("done", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", JSONB, nullable=True),
        _created(),
        sa.CheckConstraint("task in ('check', 'publish', 'revert', 'rebase')", name=op.f("job_task_ck")),
        sa.CheckConstraint(
            "state in ('waiting', 'running', 'finished', 'failed')", name=op.f("job_state_ck")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("job_area_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("job_pk")),
    )
    op.create_index("job_open_ix", "job", ["id"], postgresql_where=sa.text("state in ('waiting', 'running')"))
    op.create_table(
        "kept_answer",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("body", JSONB, nullable=False),
        _created(),
        sa.PrimaryKeyConstraint("account", "key", name=op.f("kept_answer_pk")),
    )
    for name in ("upload", "upload_piece", "job", "kept_answer"):
        op.execute(f"grant select, insert, update, delete on {name} to guatu_app")


def _created() -> sa.Column[object]:
    return sa.Column(
        "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def downgrade() -> None:
    for name in ("kept_answer", "job", "upload_piece", "upload"):
        op.drop_table(name)
    op.execute("delete from change where op = 'heard'")
    op.drop_constraint("change_op_ck", "change")
    op.create_check_constraint(op.f("change_op_ck"), "change", f"op in ({OPS})")
    # A view names the columns it was made with; it is made again, and what may be read of it with it.
    op.execute("drop view published.project")
    op.drop_column("project", "heard_on")
    op.execute("create view published.project as select * from public.project")
    op.execute("grant select on published.project to guatu_public")
    op.drop_column("change", "file_row")
    op.create_table(
        "upload",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("changeset_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("request", JSONB, nullable=False),
        sa.Column("report", JSONB, nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        _created(),
        sa.CheckConstraint(UPLOAD_STATES, name=op.f("upload_state_ck")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("upload_account_id_fk")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("upload_area_id_fk")),
        sa.ForeignKeyConstraint(["changeset_id"], ["changeset.id"], name=op.f("upload_changeset_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("upload_pk")),
    )
    op.create_index(op.f("upload_area_id_ix"), "upload", ["area_id"])
    op.create_table(
        "upload_file",
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("upload_file_upload_id_fk")),
        sa.PrimaryKeyConstraint("upload_id", "n", name=op.f("upload_file_pk")),
    )
    for name in ("upload", "upload_file"):
        op.execute(f"grant select, insert, update, delete on {name} to guatu_app")
