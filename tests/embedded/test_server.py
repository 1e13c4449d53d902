"""Finding PostGIS, and the words when there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.embedded import server
from app.embedded.cluster import Cluster
from app.embedded.errors import Unavailable
from app.embedded.folders import quiet


def refusal(folder: Path, *, unpack: bool, places: tuple[str, ...] = ()) -> str:
    with pytest.raises(Unavailable) as refused:
        server.find(folder / "software", major=None, say=quiet, places=places, unpack=unpack)
    return str(refused.value)


def test_no_postgis_anywhere_is_told_with_what_was_tried_and_remedies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GUATU_PG_BIN", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))  # no apt-get either
    words = refusal(tmp_path, unpack=True, places=(f"{tmp_path}/*/bin",))
    assert words.startswith("no PostGIS database to use.\n  looked at: ")
    assert "this machine has no apt-get" in words
    for remedy in (
        "apt-get install postgresql-postgis",
        "brew install postgis",
        "docker compose",
        "GUATU_DATABASE_URL=",
    ):
        assert remedy in words


def test_a_postgresql_without_postgis_is_named_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GUATU_PG_BIN", raising=False)
    programs = imitation(tmp_path / "pg/15/bin", "postgres (PostgreSQL) 15.4")
    words = refusal(tmp_path, unpack=False, places=(f"{tmp_path}/pg/*/bin",))
    assert f"{programs} (no PostGIS)" in words


@pytest.mark.parametrize(
    ("version", "postgis", "reason"),
    [
        ("postgres (PostgreSQL) 13.9", "3.4.0", "PostgreSQL 13 is too old"),
        ("postgres (PostgreSQL) 15.4", "3.2.1", "PostGIS 3.2 is too old"),
        ("cannot open shared object file", "3.4.0", "postgres does not start"),
    ],
)
def test_what_does_not_serve_says_why(tmp_path: Path, version: str, postgis: str, reason: str) -> None:
    programs = imitation(tmp_path / "bin", version, postgis)
    with pytest.raises(server.NotUsable, match=reason):
        server.examine(programs)


def test_the_folder_named_by_the_owner_must_serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUATU_PG_BIN", str(tmp_path))
    assert "GUATU_PG_BIN" in refusal(tmp_path, unpack=True)


def test_the_version_that_made_the_data_is_preferred(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GUATU_PG_BIN", raising=False)
    for major in (15, 17):
        imitation(tmp_path / f"{major}/bin", f"postgres (PostgreSQL) {major}.1", "3.5.0")
    places = (f"{tmp_path}/*/bin",)
    for wanted, expected in ((None, 17), (15, 15)):
        found = server.find(tmp_path / "software", major=wanted, say=quiet, places=places, unpack=False)
        assert found.major == expected


def test_the_programs_in_use_are_new_enough() -> None:
    found = server.find(Cluster().software, major=None, say=quiet)
    assert found.major >= server.MIN_POSTGRES
    assert (found.programs / "postgres").exists()


def imitation(programs: Path, version: str, postgis: str | None = None) -> Path:
    """A folder of programs that answer with `version`: enough for those who only look."""
    programs.mkdir(parents=True)
    for name in server.PROGRAMS:
        (programs / name).write_text(f'#!/bin/sh\necho "{version}"\n', encoding="ascii")
        (programs / name).chmod(0o755)
    if postgis:
        control = programs.parent / "share/postgresql/extension/postgis.control"
        control.parent.mkdir(parents=True)
        control.write_text(f"default_version = '{postgis}'\n", encoding="ascii")
    return programs
