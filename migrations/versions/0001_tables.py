# ruff: noqa: E501 (as Alembic wrote it)
"""The tables of the data model, with their checks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("disabled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("role in ('planner', 'gis', 'admin')", name=op.f("account_role_ck")),
        sa.PrimaryKeyConstraint("id", name=op.f("account_pk")),
        sa.UniqueConstraint("name", name=op.f("account_name_uq")),
    )
    op.create_table(
        "area",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("within_zh", sa.Text(), nullable=False),
        sa.Column("within_en", sa.Text(), nullable=False),
        sa.Column("tz", sa.Text(), nullable=False),
        sa.Column("accept_bbox_lonlat", sa.ARRAY(sa.Float()), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("credits", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("cardinality(accept_bbox_lonlat) = 4", name=op.f("area_accept_bbox_ck")),
        sa.CheckConstraint("revision >= 0", name=op.f("area_revision_ck")),
        sa.PrimaryKeyConstraint("id", name=op.f("area_pk")),
    )
    op.create_table(
        "event_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("event_log_pk")),
    )
    op.create_index(op.f("event_log_area_id_ix"), "event_log", ["area_id"], unique=False)
    op.create_table(
        "changeset",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("base_rev", sa.Integer(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=True),
        sa.Column("reverts", sa.Integer(), nullable=True),
        sa.Column("title_zh", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("dataset", sa.Text(), nullable=True),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("data_date", sa.Date(), nullable=True),
        sa.Column(
            "kept",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("submitted_by", sa.Text(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Text(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.CheckConstraint("(state = 'published') = (rev is not null)", name=op.f("changeset_rev_ck")),
        sa.CheckConstraint("kind in ('seed', 'upload', 'edit', 'revert')", name=op.f("changeset_kind_ck")),
        sa.CheckConstraint("mode in ('merge', 'replace')", name=op.f("changeset_mode_ck")),
        sa.CheckConstraint("state in ('staged', 'published', 'discarded')", name=op.f("changeset_state_ck")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("changeset_area_id_fk")),
        sa.ForeignKeyConstraint(["reverts"], ["changeset.id"], name=op.f("changeset_reverts_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("changeset_pk")),
        sa.UniqueConstraint("area_id", "rev", name=op.f("changeset_area_id_rev_uq")),
    )
    op.create_index(op.f("changeset_area_id_ix"), "changeset", ["area_id"], unique=False)
    op.create_table(
        "indicator",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("part_of", sa.Text(), nullable=True),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("note_zh", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("indicator_area_id_fk")),
        sa.PrimaryKeyConstraint("code", "area_id", name=op.f("indicator_pk")),
    )
    op.create_geospatial_table(
        "project",
        sa.Column("no", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parent_no", sa.Integer(), nullable=True),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("aliases", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("external_key", sa.Text(), nullable=True),
        sa.Column("dataset", sa.Text(), nullable=True),
        sa.Column(
            "geom",
            Geometry(
                srid=4326, dimension=2, spatial_index=False, from_text="ST_GeomFromEWKT", name="geometry"
            ),
            nullable=True,
        ),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("partial", sa.Boolean(), nullable=False),
        sa.Column("drawn", sa.Boolean(), nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("attrs", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("note_zh", sa.Text(), nullable=False),
        sa.Column("note_en", sa.Text(), nullable=False),
        sa.Column("place", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("area_ha", sa.Float(), nullable=True),
        sa.Column("length_km", sa.Float(), nullable=True),
        sa.Column("phases", sa.Text(), server_default="", nullable=False),
        sa.Column("last_heard", sa.Date(), nullable=True),
        sa.Column("rev_exists", sa.Integer(), nullable=False),
        sa.Column("rev_geom", sa.Integer(), nullable=False),
        sa.Column("rev_attrs", sa.Integer(), nullable=False),
        sa.Column("rev_claims", sa.Integer(), nullable=False),
        sa.Column("removed_rev", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(area_ha is null and length_km is null) or (precision in ('surveyed', 'digitised') and not partial)",
            name=op.f("project_measured_ck"),
        ),
        sa.CheckConstraint("(precision = 'unlocated') = (geom is null)", name=op.f("project_located_ck")),
        sa.CheckConstraint(
            "precision in ('surveyed', 'digitised', 'approximate', 'schematic', 'unlocated')",
            name=op.f("project_precision_ck"),
        ),
        sa.CheckConstraint(
            "geom is null or (st_srid(geom) = 4326 and not st_isempty(geom) and st_isvalid(geom) and st_xmin(geom) >= -180 and st_xmax(geom) <= 180 and st_ymin(geom) >= -90 and st_ymax(geom) <= 90)",
            name=op.f("project_geom_ck"),
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("project_area_id_fk")),
        sa.ForeignKeyConstraint(["parent_no"], ["project.no"], name=op.f("project_parent_no_fk")),
        sa.PrimaryKeyConstraint("no", name=op.f("project_pk")),
        sa.UniqueConstraint("id", name=op.f("project_id_uq")),
    )
    op.create_index("project_area_id_kind_ix", "project", ["area_id", "kind"], unique=False)
    op.create_index(
        "project_external_key_uq",
        "project",
        ["area_id", "kind", "external_key"],
        unique=True,
        postgresql_where=sa.text("external_key is not null and removed_rev is null"),
    )
    op.create_geospatial_index(
        "project_geom_ix", "project", ["geom"], unique=False, postgresql_using="gist", postgresql_ops={}
    )
    op.create_index(op.f("project_parent_no_ix"), "project", ["parent_no"], unique=False)
    op.create_table(
        "session",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("session_account_id_fk")),
        sa.PrimaryKeyConstraint("hash", name=op.f("session_pk")),
    )
    op.create_index(op.f("session_account_id_ix"), "session", ["account_id"], unique=False)
    op.create_table(
        "source",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("publisher_zh", sa.Text(), nullable=False),
        sa.Column("publisher_en", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("tier", sa.SmallInteger(), nullable=False),
        sa.Column("published", sa.Text(), nullable=False),
        sa.Column("published_earliest", sa.Date(), nullable=True),
        sa.Column("published_latest", sa.Date(), nullable=True),
        sa.Column("retrieved_on", sa.Date(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("licence_zh", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.CheckConstraint("tier between 1 and 3", name=op.f("source_tier_ck")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("source_area_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("source_pk")),
    )
    op.create_index(op.f("source_area_id_ix"), "source", ["area_id"], unique=False)
    op.create_table(
        "token",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("token_account_id_fk")),
        sa.PrimaryKeyConstraint("hash", name=op.f("token_pk")),
    )
    op.create_index(op.f("token_account_id_ix"), "token", ["account_id"], unique=False)
    op.create_table(
        "alias",
        sa.Column("old_id", sa.Text(), nullable=False),
        sa.Column("project_no", sa.Integer(), nullable=True),
        sa.Column("successors", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["project_no"], ["project.no"], name=op.f("alias_project_no_fk")),
        sa.PrimaryKeyConstraint("old_id", name=op.f("alias_pk")),
    )
    op.create_geospatial_table(
        "change",
        sa.Column("changeset_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("op", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column(
            "geom_before",
            Geometry(
                srid=4326, dimension=2, spatial_index=False, from_text="ST_GeomFromEWKT", name="geometry"
            ),
            nullable=True,
        ),
        sa.Column(
            "geom_after",
            Geometry(
                srid=4326, dimension=2, spatial_index=False, from_text="ST_GeomFromEWKT", name="geometry"
            ),
            nullable=True,
        ),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("issues", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "decision in ('accept', 'reject', 'blocked', 'conflict')", name=op.f("change_decision_ck")
        ),
        sa.CheckConstraint(
            "op in ('source', 'indicator', 'add', 'change', 'remove', 'claim', 'withdraw', 'relate', 'unrelate')",
            name=op.f("change_op_ck"),
        ),
        sa.ForeignKeyConstraint(["changeset_id"], ["changeset.id"], name=op.f("change_changeset_id_fk")),
        sa.PrimaryKeyConstraint("changeset_id", "n", name=op.f("change_pk")),
    )
    op.create_index("change_target_ix", "change", ["target"], unique=False)
    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("project_no", sa.Integer(), nullable=True),
        sa.Column("indicator_code", sa.Text(), nullable=True),
        sa.Column("property", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("date_text", sa.Text(), nullable=False),
        sa.Column("earliest", sa.Date(), nullable=True),
        sa.Column("latest", sa.Date(), nullable=True),
        sa.Column("approx", sa.Boolean(), nullable=False),
        sa.Column("commitment", sa.SmallInteger(), nullable=False),
        sa.Column("said_text", sa.Text(), nullable=False),
        sa.Column("said_earliest", sa.Date(), nullable=True),
        sa.Column("said_latest", sa.Date(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("locator", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("quote_zh", sa.Text(), nullable=False),
        sa.Column("quote_en", sa.Text(), nullable=False),
        sa.Column("verbatim", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("note_zh", sa.Text(), nullable=False),
        sa.Column("counts_in", sa.Text(), nullable=True),
        sa.Column("changeset_id", sa.Integer(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("withdrawn_rev", sa.Integer(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("restates", sa.Integer(), nullable=True),
        sa.CheckConstraint("(project_no is null) <> (indicator_code is null)", name=op.f("claim_target_ck")),
        sa.CheckConstraint("commitment between 1 and 6", name=op.f("claim_commitment_ck")),
        sa.CheckConstraint("earliest <= latest", name=op.f("claim_dates_ck")),
        sa.CheckConstraint("said_earliest <= said_latest", name=op.f("claim_said_ck")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("claim_area_id_fk")),
        sa.ForeignKeyConstraint(["changeset_id"], ["changeset.id"], name=op.f("claim_changeset_id_fk")),
        sa.ForeignKeyConstraint(["project_no"], ["project.no"], name=op.f("claim_project_no_fk")),
        sa.ForeignKeyConstraint(["restates"], ["claim.id"], name=op.f("claim_restates_fk")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("claim_source_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("claim_pk")),
    )
    op.create_index("claim_indicator_code_ix", "claim", ["area_id", "indicator_code"], unique=False)
    op.create_index(op.f("claim_project_no_ix"), "claim", ["project_no"], unique=False)
    op.create_index(op.f("claim_source_id_ix"), "claim", ["source_id"], unique=False)
    op.create_table(
        "phase_span",
        sa.Column("project_no", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Date(), nullable=False),
        sa.Column("known_to", sa.Date(), nullable=True),
        sa.Column("day_from", sa.Date(), nullable=False),
        sa.Column("day_to", sa.Date(), nullable=True),
        sa.Column("maybe_from", sa.Date(), nullable=True),
        sa.Column("phase", sa.SmallInteger(), nullable=False),
        sa.Column("promised", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "known_from < known_to and day_from <= day_to", name=op.f("phase_span_half_open_ck")
        ),
        sa.CheckConstraint("phase between 1 and 8", name=op.f("phase_span_phase_ck")),
        sa.ForeignKeyConstraint(["project_no"], ["project.no"], name=op.f("phase_span_project_no_fk")),
    )
    op.create_index(
        "phase_span_project_no_ix", "phase_span", ["project_no", "known_from", "day_from"], unique=False
    )
    op.create_table(
        "promise",
        sa.Column("project_no", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Date(), nullable=False),
        sa.Column("known_to", sa.Date(), nullable=True),
        sa.Column("milestone", sa.Text(), nullable=False),
        sa.Column("due_earliest", sa.Date(), nullable=True),
        sa.Column("due_latest", sa.Date(), nullable=False),
        sa.Column("phase", sa.SmallInteger(), nullable=False),
        sa.Column("commitment", sa.SmallInteger(), nullable=False),
        sa.Column("approx", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["project_no"], ["project.no"], name=op.f("promise_project_no_fk")),
    )
    op.create_index(op.f("promise_project_no_ix"), "promise", ["project_no"], unique=False)
    op.create_table(
        "relation",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("from_no", sa.Integer(), nullable=False),
        sa.Column("to_no", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("on_date", sa.Text(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("removed_rev", sa.Integer(), nullable=True),
        sa.CheckConstraint("type in ('part_of', 'succeeds')", name=op.f("relation_type_ck")),
        sa.CheckConstraint("from_no <> to_no", name=op.f("relation_itself_ck")),
        sa.ForeignKeyConstraint(["from_no"], ["project.no"], name=op.f("relation_from_no_fk")),
        sa.ForeignKeyConstraint(["to_no"], ["project.no"], name=op.f("relation_to_no_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("relation_pk")),
    )
    op.create_index(op.f("relation_from_no_ix"), "relation", ["from_no"], unique=False)
    op.create_index(op.f("relation_to_no_ix"), "relation", ["to_no"], unique=False)
    op.create_table(
        "upload",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("changeset_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("request", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("report", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "state in ('receiving', 'checking', 'staged', 'rejected', 'interrupted', 'abandoned')",
            name=op.f("upload_state_ck"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("upload_account_id_fk")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("upload_area_id_fk")),
        sa.ForeignKeyConstraint(["changeset_id"], ["changeset.id"], name=op.f("upload_changeset_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("upload_pk")),
    )
    op.create_index(op.f("upload_area_id_ix"), "upload", ["area_id"], unique=False)
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


def downgrade() -> None:
    op.drop_table("upload_file")
    op.drop_index(op.f("upload_area_id_ix"), table_name="upload")
    op.drop_table("upload")
    op.drop_index(op.f("relation_to_no_ix"), table_name="relation")
    op.drop_index(op.f("relation_from_no_ix"), table_name="relation")
    op.drop_table("relation")
    op.drop_index(op.f("promise_project_no_ix"), table_name="promise")
    op.drop_table("promise")
    op.drop_index("phase_span_project_no_ix", table_name="phase_span")
    op.drop_table("phase_span")
    op.drop_index(op.f("claim_source_id_ix"), table_name="claim")
    op.drop_index(op.f("claim_project_no_ix"), table_name="claim")
    op.drop_index("claim_indicator_code_ix", table_name="claim")
    op.drop_table("claim")
    op.drop_index("change_target_ix", table_name="change")
    op.drop_geospatial_table("change")
    op.drop_table("alias")
    op.drop_index(op.f("token_account_id_ix"), table_name="token")
    op.drop_table("token")
    op.drop_index(op.f("source_area_id_ix"), table_name="source")
    op.drop_table("source")
    op.drop_index(op.f("session_account_id_ix"), table_name="session")
    op.drop_table("session")
    op.drop_index(op.f("project_parent_no_ix"), table_name="project")
    op.drop_geospatial_index(
        "project_geom_ix", table_name="project", postgresql_using="gist", column_name="geom"
    )
    op.drop_index(
        "project_external_key_uq",
        table_name="project",
        postgresql_where=sa.text("external_key is not null and removed_rev is null"),
    )
    op.drop_index("project_area_id_kind_ix", table_name="project")
    op.drop_geospatial_table("project")
    op.drop_table("indicator")
    op.drop_index(op.f("changeset_area_id_ix"), table_name="changeset")
    op.drop_table("changeset")
    op.drop_index(op.f("event_log_area_id_ix"), table_name="event_log")
    op.drop_table("event_log")
    op.drop_table("area")
    op.drop_table("account")
