"""An index for the keys of removed projects: a file brings back under its key what an earlier one removed.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "create index project_removed_key_ix on project (area_id, kind, external_key)"
        " where external_key is not null and removed_rev is not null"
    )


def downgrade() -> None:
    op.execute("drop index project_removed_key_ix")
