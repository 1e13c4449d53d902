"""How Alembic reaches the database. The address comes from the caller (app.cli) or the settings."""

from __future__ import annotations

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy.schema import SchemaItem

from app.database import engine_at
from app.settings import get_settings
from app.tables import metadata

LOCK_KEY = 7_405_000


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    # Other tools' tables in the same database are not ours to drop.
    return kind != "table" or name in metadata.tables


def include_object(
    item: SchemaItem, name: str | None, kind: str, reflected: bool, other: SchemaItem | None
) -> bool:
    found = alembic_helpers.include_object(item, name, kind, reflected, other)  # type: ignore[no-untyped-call]
    return bool(found)


def run() -> None:
    url = context.config.attributes.get("url") or get_settings().url()
    engine = engine_at(url, 1, "-c lock_timeout=10s")
    try:
        with engine.connect() as connection:
            context.configure(
                connection=connection,
                target_metadata=metadata,
                include_name=include_name,
                include_object=include_object,
                process_revision_directives=alembic_helpers.writer,
                render_item=alembic_helpers.render_item,
                compare_server_default=False,
            )
            with context.begin_transaction():
                # Two servers that start at once migrate one after the other.
                connection.exec_driver_sql(f"select pg_advisory_xact_lock({LOCK_KEY})")
                context.run_migrations()
    finally:
        engine.dispose()


run()
