"""Database roles, and the views through which the public role sees what is published."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROLES = ("guatu_public", "guatu_app")

# What everybody may read. Names of staff, staged changesets and the content of changes stay inside;
# which attributes of a project are public is decided by its kind, in the service.
VIEWS = {
    "area": "select * from public.area",
    "source": "select * from public.source",
    "indicator": "select * from public.indicator",
    "project": "select * from public.project",
    "claim": "select * from public.claim",
    "relation": "select * from public.relation where removed_rev is null",
    "alias": "select * from public.alias",
    "phase_span": "select * from public.phase_span",
    "promise": "select * from public.promise",
    "changeset": (
        "select id, area_id, kind, state, rev, reverts, title_zh, title_en, data_date, published_at"
        " from public.changeset where state = 'published'"
    ),
    "change": (
        "select c.changeset_id, c.n, c.op, c.target from public.change c"
        " join public.changeset s on s.id = c.changeset_id"
        " where s.state = 'published' and c.decision = 'accept'"
    ),
}

# A role belongs to the whole server: another database of ours may have made it already.
MAKE_ROLE = """
do $$ begin
    -- Looked up first, for the privilege to create is checked before the name.
    if not exists (select from pg_roles where rolname = '{role}') then
        create role {role} nologin;
    end if;
exception
    when duplicate_object or unique_violation then null;
    when insufficient_privilege then
        raise exception 'guatu: the role {role} is missing and % may not create it', current_user
            using hint = 'have an administrator run: create role {role}; grant {role} to <this user>';
end $$
"""
JOIN_ROLE = """
do $$ begin
    if not pg_has_role(current_user, '{role}', 'member') then
        execute format('grant {role} to %I', current_user);
    end if;
end $$
"""

# Not "all tables": PostGIS keeps one of its own in this schema.
GRANT_OWN_TABLES = """
do $$ declare name text; begin
    for name in select tablename from pg_tables
        where schemaname = 'public' and tableowner = current_user and tablename <> 'spatial_ref_sys'
    loop
        execute format('grant select, insert, update, delete on public.%I to guatu_app', name);
    end loop;
end $$
"""


def upgrade() -> None:
    for role in ROLES:
        op.execute(MAKE_ROLE.format(role=role))
        op.execute(JOIN_ROLE.format(role=role))
    op.execute("create schema published")
    for name, query in VIEWS.items():
        op.execute(f"create view published.{name} as {query}")
    op.execute("grant usage on schema published, public to guatu_public, guatu_app")
    op.execute("grant select on all tables in schema published to guatu_public")
    op.execute(GRANT_OWN_TABLES)
    # The log is never rewritten.
    op.execute("revoke update, delete on public.event_log from guatu_app")


def downgrade() -> None:
    op.execute("drop schema published cascade")
    op.execute("revoke all on schema public from guatu_public, guatu_app")
