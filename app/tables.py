"""The tables, as the migrations leave them. The public role sees views of the same names in `published`.

Derived, and rebuilt from claims at any time: project.phases, project.last_heard, project.parent_no,
project.area_ha, project.length_km, phase_span, promise.
"""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "fk": "%(table_name)s_%(column_0_name)s_fk",
        "uq": "%(table_name)s_%(column_0_N_name)s_uq",
        "ix": "%(table_name)s_%(column_0_N_name)s_ix",
        "ck": "%(table_name)s_%(constraint_name)s_ck",
    }
)

SOUND_GEOMETRY = (
    "{0} is null or (st_srid({0}) = 4326 and not st_isempty({0}) and st_isvalid({0})"
    " and st_xmin({0}) >= -180 and st_xmax({0}) <= 180 and st_ymin({0}) >= -90 and st_ymax({0}) <= 90)"
)


def _now() -> Column[object]:
    return Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now())


area = Table(
    "area",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("within_zh", Text, nullable=False),
    Column("within_en", Text, nullable=False),
    Column("tz", Text, nullable=False),
    Column("accept_bbox_lonlat", ARRAY(Float), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("credits", JSONB, nullable=False),
    Column("revision", Integer, nullable=False, server_default="0"),
    CheckConstraint("cardinality(accept_bbox_lonlat) = 4", name="accept_bbox"),
    CheckConstraint("revision >= 0", name="revision"),
)

source = Table(
    "source",
    metadata,
    Column("id", Text, primary_key=True),
    Column("area_id", ForeignKey("area.id"), nullable=False, index=True),
    Column("publisher_zh", Text, nullable=False),
    Column("publisher_en", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("tier", SmallInteger, nullable=False),
    Column("published", Text, nullable=False),
    Column("published_earliest", Date),
    Column("published_latest", Date),
    Column("retrieved_on", Date, nullable=False),
    Column("address", Text, nullable=False),
    Column("licence", Text, nullable=False),
    Column("licence_zh", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("rev", Integer, nullable=False),
    CheckConstraint("tier between 1 and 3", name="tier"),
)

indicator = Table(
    "indicator",
    metadata,
    Column("code", Text, primary_key=True),
    Column("area_id", ForeignKey("area.id"), primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("part_of", Text),
    Column("period", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("note_zh", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("rev", Integer, nullable=False),
)

project = Table(
    "project",
    metadata,
    Column("no", Integer, Identity(), primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("area_id", ForeignKey("area.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("parent_no", ForeignKey("project.no"), index=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("aliases", ARRAY(Text), nullable=False),
    Column("external_key", Text),
    Column("dataset", Text),
    Column("geom", Geometry("GEOMETRY", srid=4326, spatial_index=False)),
    Column("precision", Text, nullable=False),
    Column("partial", Boolean, nullable=False),
    Column("drawn", Boolean, nullable=False),
    Column("community", Text, nullable=False),
    Column("attrs", JSONB, nullable=False),
    Column("note_zh", Text, nullable=False),
    Column("note_en", Text, nullable=False),
    Column("place", JSONB, nullable=False),
    Column("area_ha", Float),
    Column("length_km", Float),
    Column("phases", Text, nullable=False, server_default=""),
    Column("last_heard", Date),
    Column("rev_exists", Integer, nullable=False),
    Column("rev_geom", Integer, nullable=False),
    Column("rev_attrs", Integer, nullable=False),
    Column("rev_claims", Integer, nullable=False),
    Column("removed_rev", Integer),
    CheckConstraint(SOUND_GEOMETRY.format("geom"), name="geom"),
    CheckConstraint(
        "precision in ('surveyed', 'digitised', 'approximate', 'schematic', 'unlocated')", name="precision"
    ),
    CheckConstraint("(precision = 'unlocated') = (geom is null)", name="located"),
    CheckConstraint(
        "(area_ha is null and length_km is null) or (precision in ('surveyed', 'digitised') and not partial)",
        name="measured",
    ),
    Index("project_geom_ix", "geom", postgresql_using="gist"),
    Index("project_area_id_kind_ix", "area_id", "kind"),
    Index(
        "project_external_key_uq",
        "area_id",
        "kind",
        "external_key",
        unique=True,
        postgresql_where=text("external_key is not null and removed_rev is null"),
    ),
)

changeset = Table(
    "changeset",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("area_id", ForeignKey("area.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("base_rev", Integer, nullable=False),
    Column("rev", Integer),
    Column("reverts", ForeignKey("changeset.id")),
    Column("title_zh", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("dataset", Text),
    Column("mode", Text, nullable=False),
    Column("data_date", Date),
    Column("kept", JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    Column("created_by", Text, nullable=False),
    _now(),
    Column("submitted_by", Text),
    Column("submitted_at", DateTime(timezone=True)),
    Column("published_by", Text),
    Column("published_at", DateTime(timezone=True)),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("hash", Text, nullable=False),
    CheckConstraint("kind in ('seed', 'upload', 'edit', 'revert')", name="kind"),
    CheckConstraint("state in ('staged', 'published', 'discarded')", name="state"),
    CheckConstraint("mode in ('merge', 'replace')", name="mode"),
    CheckConstraint("(state = 'published') = (rev is not null)", name="rev"),
    UniqueConstraint("area_id", "rev"),
)

change = Table(
    "change",
    metadata,
    Column("changeset_id", ForeignKey("changeset.id"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("op", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("before", JSONB(none_as_null=True)),
    Column("after", JSONB(none_as_null=True)),
    Column("geom_before", Geometry("GEOMETRY", srid=4326, spatial_index=False)),
    Column("geom_after", Geometry("GEOMETRY", srid=4326, spatial_index=False)),
    Column("decision", Text, nullable=False),
    Column("issues", JSONB, nullable=False),
    CheckConstraint(
        "op in ('source', 'indicator', 'add', 'change', 'remove', 'claim', 'withdraw', 'relate', 'unrelate')",
        name="op",
    ),
    CheckConstraint("decision in ('accept', 'reject', 'blocked', 'conflict')", name="decision"),
    Index("change_target_ix", "target"),
)

claim = Table(
    "claim",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("area_id", ForeignKey("area.id"), nullable=False),
    Column("project_no", ForeignKey("project.no"), index=True),
    Column("indicator_code", Text),
    Column("property", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("date_text", Text, nullable=False),
    Column("earliest", Date),
    Column("latest", Date),
    Column("approx", Boolean, nullable=False),
    Column("commitment", SmallInteger, nullable=False),
    Column("said_text", Text, nullable=False),
    Column("said_earliest", Date),
    Column("said_latest", Date, nullable=False),
    Column("source_id", ForeignKey("source.id"), nullable=False, index=True),
    Column("locator", Text, nullable=False),
    Column("quote", Text, nullable=False),
    Column("quote_zh", Text, nullable=False),
    Column("quote_en", Text, nullable=False),
    Column("verbatim", Boolean, nullable=False),
    Column("note", Text, nullable=False),
    Column("note_zh", Text, nullable=False),
    Column("counts_in", Text),
    Column("changeset_id", ForeignKey("changeset.id"), nullable=False),
    Column("rev", Integer, nullable=False),
    Column("withdrawn_rev", Integer),
    Column("withdrawn_reason", Text),
    Column("restates", ForeignKey("claim.id")),
    CheckConstraint("(project_no is null) <> (indicator_code is null)", name="target"),
    CheckConstraint("commitment between 1 and 6", name="commitment"),
    CheckConstraint("earliest <= latest", name="dates"),
    CheckConstraint("said_earliest <= said_latest", name="said"),
    Index("claim_indicator_code_ix", "area_id", "indicator_code"),
)

relation = Table(
    "relation",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("from_no", ForeignKey("project.no"), nullable=False, index=True),
    Column("to_no", ForeignKey("project.no"), nullable=False, index=True),
    Column("type", Text, nullable=False),
    Column("on_date", Text, nullable=False),
    Column("rev", Integer, nullable=False),
    Column("removed_rev", Integer),
    CheckConstraint("type in ('part_of', 'succeeds')", name="type"),
    CheckConstraint("from_no <> to_no", name="itself"),
)

alias = Table(
    "alias",
    metadata,
    Column("old_id", Text, primary_key=True),
    Column("project_no", ForeignKey("project.no")),
    Column("successors", ARRAY(Text), nullable=False, server_default="{}"),
    Column("rev", Integer, nullable=False),
)

phase_span = Table(
    "phase_span",
    metadata,
    Column("project_no", ForeignKey("project.no"), nullable=False),
    Column("known_from", Date, nullable=False),
    Column("known_to", Date),
    Column("day_from", Date, nullable=False),
    Column("day_to", Date),
    Column("maybe_from", Date),
    Column("phase", SmallInteger, nullable=False),
    Column("promised", Boolean, nullable=False),
    CheckConstraint("phase between 1 and 8", name="phase"),
    CheckConstraint("known_from < known_to and day_from <= day_to", name="half_open"),
    Index("phase_span_project_no_ix", "project_no", "known_from", "day_from"),
)

promise = Table(
    "promise",
    metadata,
    Column("project_no", ForeignKey("project.no"), nullable=False, index=True),
    Column("known_from", Date, nullable=False),
    Column("known_to", Date),
    Column("milestone", Text, nullable=False),
    Column("due_earliest", Date),
    Column("due_latest", Date, nullable=False),
    Column("phase", SmallInteger, nullable=False),
    Column("commitment", SmallInteger, nullable=False),
    Column("approx", Boolean, nullable=False),
)

account = Table(
    "account",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("reviewer", Boolean, nullable=False, server_default=text("false")),
    Column("password_hash", Text, nullable=False),
    Column("disabled", Boolean, nullable=False, server_default=text("false")),
    _now(),
    CheckConstraint("role in ('planner', 'gis', 'admin')", name="role"),
)

session = Table(
    "session",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    _now(),
)

token = Table(
    "token",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
    _now(),
)

upload = Table(
    "upload",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("area_id", ForeignKey("area.id"), nullable=False, index=True),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("changeset_id", ForeignKey("changeset.id")),
    Column("state", Text, nullable=False),
    Column("request", JSONB, nullable=False),
    Column("report", JSONB),
    Column("heartbeat_at", DateTime(timezone=True)),
    _now(),
    CheckConstraint(
        "state in ('receiving', 'checking', 'staged', 'rejected', 'interrupted', 'abandoned')", name="state"
    ),
)

upload_file = Table(
    "upload_file",
    metadata,
    Column("upload_id", ForeignKey("upload.id"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("bytes", LargeBinary, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
)

event_log = Table(
    "event_log",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("area_id", Text, nullable=False, index=True),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("who", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("detail", JSONB, nullable=False),
)
