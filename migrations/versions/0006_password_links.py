"""Links with which somebody who forgot their password chooses another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "password_link",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("password_link_account_id_fk")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("password_link_pk")),
        sa.UniqueConstraint("hash", name=op.f("password_link_hash_uq")),
    )
    op.execute("grant select, insert, update, delete on password_link to guatu_app")


def downgrade() -> None:
    op.drop_table("password_link")
