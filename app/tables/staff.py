"""What the work of staff leaves: accounts and sessions, uploads and jobs, the log."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.tables.naming import made_at, metadata

account = Table(
    "account",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("reviewer", Boolean, nullable=False, server_default=text("false")),
    Column("password_hash", Text, nullable=False),
    Column("disabled", Boolean, nullable=False, server_default=text("false")),
    made_at(),
    CheckConstraint("role in ('planner', 'gis', 'admin')", name="role"),
)

session = Table(
    "session",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    made_at(),
)

password_link = Table(
    "password_link",
    metadata,
    Column("account_id", ForeignKey("account.id"), primary_key=True),
    Column("hash", LargeBinary, nullable=False, unique=True),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    made_at(),
)

token = Table(
    "token",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("id", Integer, Identity(), nullable=False, unique=True),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
    made_at(),
    CheckConstraint("scope in ('read', 'upload', 'publish')", name="scope"),
)

upload = Table(
    "upload",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("area_id", ForeignKey("area.id"), nullable=False, index=True),
    Column("account", Text, nullable=False),
    Column("changeset_id", ForeignKey("changeset.id")),
    Column("state", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("request", JSONB, nullable=False),
    Column("report", JSONB),
    made_at(),
    CheckConstraint(
        "state in ('receiving', 'checking', 'staged', 'rejected', 'interrupted', 'abandoned')", name="state"
    ),
)

upload_piece = Table(
    "upload_piece",
    metadata,
    Column("upload_id", ForeignKey("upload.id"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("bytes", LargeBinary, nullable=False),
)

job = Table(
    "job",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("area_id", ForeignKey("area.id"), nullable=False),
    Column("task", Text, nullable=False),
    Column("subject", Integer, nullable=False),
    Column("account", Text, nullable=False),
    Column("request", JSONB, nullable=False),
    Column("state", Text, nullable=False),
    Column("stage", Text, nullable=False, server_default=""),
    Column("done", BigInteger, nullable=False, server_default="0"),
    Column("total", BigInteger, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("heartbeat_at", DateTime(timezone=True)),
    Column("answer", JSONB),
    made_at(),
    CheckConstraint("task in ('check', 'publish', 'revert', 'rebase')", name="task"),
    CheckConstraint("state in ('waiting', 'running', 'finished', 'failed')", name="state"),
    Index("job_open_ix", "id", postgresql_where=text("state in ('waiting', 'running')")),
)

kept_answer = Table(
    "kept_answer",
    metadata,
    Column("account", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("body", JSONB, nullable=False),
    made_at(),
)

sign_in = Table(
    "sign_in",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
)

event_log = Table(
    "event_log",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("area_id", Text, nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("who", Text, nullable=False),
    Column("role", Text, nullable=False, server_default=""),
    Column("action", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("request_id", Text, nullable=False, server_default=""),
    Column("before", Text, nullable=False, server_default=""),
    Column("after", Text, nullable=False, server_default=""),
    Column("detail", JSONB, nullable=False),
    Column("prev", Text, nullable=False),
    Column("hash", Text, nullable=False),
    UniqueConstraint("area_id", "n"),
)
