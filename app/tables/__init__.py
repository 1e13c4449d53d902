"""The tables, as the migrations leave them. The public role sees views of the same names in `published`."""

from app.tables.chart import (
    alias,
    area,
    change,
    changeset,
    claim,
    indicator,
    phase_span,
    project,
    promise,
    relation,
    source,
)
from app.tables.naming import metadata
from app.tables.staff import (
    account,
    event_log,
    job,
    kept_answer,
    password_link,
    session,
    sign_in,
    token,
    upload,
    upload_piece,
)

__all__ = [
    "account",
    "alias",
    "area",
    "change",
    "changeset",
    "claim",
    "event_log",
    "indicator",
    "job",
    "kept_answer",
    "metadata",
    "password_link",
    "phase_span",
    "project",
    "promise",
    "relation",
    "session",
    "sign_in",
    "source",
    "token",
    "upload",
    "upload_piece",
]
