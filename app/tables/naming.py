"""What all tables have in common."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    DateTime,
    MetaData,
    func,
)

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


def made_at() -> Column[object]:
    """When a row was made."""
    return Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now())
