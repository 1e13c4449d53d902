"""What docs/operations.md says of backup and restore: a dump, restored on another server, is the same."""

from __future__ import annotations

import subprocess
from pathlib import Path

import psycopg

from app.cli import migrate_to_head
from app.database import Database
from app.embedded.throwaway import throwaway
from tests.app.changing import change_project
from tests.app.signed import add
from tests.app.test_audit import verified
from tests.app.test_hazards_api import state


def test_H296_H362_a_dump_restored_on_an_empty_server_is_the_same(fresh: Database, tmp_path: Path) -> None:
    add(fresh, "li", "gis")
    change_project(fresh, "fuan-east-road", name_en="Renamed")
    before = state(fresh)
    dump = tmp_path / "guatu.dump"
    with throwaway() as cluster:
        programs = cluster._found().programs
        plain = fresh.url.replace("postgresql+psycopg", "postgresql")
        subprocess.run(
            [programs / "pg_dump", "--format=custom", f"--file={dump}", f"--dbname={plain}"],
            check=True,
            timeout=60,
        )
        # For the roles, as on a new machine.
        migrate_to_head(cluster.url())
        cluster.create_database("restored")
        superuser = cluster.url("restored", "postgres").replace("postgresql+psycopg", "postgresql")
        subprocess.run(
            [programs / "pg_restore", "--exit-on-error", f"--dbname={superuser}", dump],
            check=True,
            timeout=60,
        )
        with psycopg.connect(superuser) as connection:
            assert connection.execute("select count(*) from published.project").fetchone() == (126,)
        restored = Database(cluster.url("restored"))
        try:
            assert state(restored) == before
            # Who did what is still told, and its chain holds.
            assert verified(restored) == verified(fresh)
        finally:
            restored.close()
