"""Finding a PostgreSQL that has PostGIS: named, on the machine, or unpacked from the distribution."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.embedded import debian
from app.embedded.errors import Unavailable
from app.embedded.folders import Say

MIN_POSTGRES = 14
MIN_POSTGIS = (3, 3)
PROGRAMS = ("initdb", "postgres", "psql")

#: Where machines keep PostgreSQL, with the words in which a person knows the place.
PLACES: Mapping[str, str] = {
    "/usr/lib/postgresql/*/bin": "Debian, Ubuntu",
    "/usr/pgsql-*/bin": "PostgreSQL's own RPMs",
    "/opt/homebrew/opt/postgresql@*/bin": "Homebrew",
    "/usr/local/opt/postgresql@*/bin": "Homebrew",
    "/Applications/Postgres.app/Contents/Versions/*/bin": "Postgres.app",
}

REMEDIES = """\
Do ONE of these, then run the same command again:
  Debian/Ubuntu   sudo apt-get install postgresql-postgis   (or go online: no root is needed, 50 MB)
  macOS           brew install postgis
  Docker          sh deploy/secrets.sh && docker compose up --wait
  your own        export GUATU_DATABASE_URL=postgresql+psycopg://user@host/db
                  (PostgreSQL 14+, PostGIS 3.3+ with protobuf)"""


@dataclass(frozen=True)
class Server:
    """A PostgreSQL with PostGIS: the folder of its programs, and the environment that they need."""

    programs: Path
    major: int
    environment: Mapping[str, str] = field(default_factory=dict)


class NotUsable(Exception):
    """Why a folder of programs does not serve, in a few words."""


def find(
    software: Path, *, major: int | None, say: Say, places: Sequence[str] = tuple(PLACES), unpack: bool = True
) -> Server:
    """The server to use.

    `software` is the folder into which the distribution's packages are (or were) unpacked. `major`, when data
    exist already, is the version that can read them: another is taken only when that one is not to be had.
    `places` are the patterns of folders looked at on the machine.
    Raises Unavailable with everything that was looked at and tried, and the remedies.
    """
    named = os.environ.get("GUATU_PG_BIN")
    if named:
        return _named(Path(named).expanduser())
    looked: list[str] = ["GUATU_DATABASE_URL (not set)"]
    found = list(_on_machine(places, looked))
    unpacked = _unpacked(software)
    found += [unpacked] if unpacked else []
    fitting = [server for server in found if major in (None, server.major)]
    if fitting:
        return fitting[0]
    tried = "nothing: unpacking was not asked for"
    if unpack and not unpacked:
        try:
            debian.unpack_postgis(software, say)
            fresh = examine(debian.programs(software), debian.runtime_environment(software))
            if major in (None, fresh.major):
                return fresh
            found.append(fresh)
        except (debian.NotUnpacked, NotUsable) as error:
            tried = f"unpacking your distribution's packages: {error}"
    if found:
        return found[0]  # of a version that cannot read the data: the cluster says so
    raise Unavailable(
        f"no PostGIS database to use.\n  looked at: {'; '.join(looked)}\n  tried:     {tried}\n" + REMEDIES
    )


def _named(programs: Path) -> Server:
    try:
        return examine(programs)
    except NotUsable as error:
        raise Unavailable(
            f"GUATU_PG_BIN is {programs}, which does not serve: {error}.\n"
            "Name the folder that holds initdb, postgres and psql of a PostgreSQL 14+ with PostGIS 3.3+, "
            "or unset GUATU_PG_BIN."
        ) from None


def _on_machine(places: Sequence[str], looked: list[str]) -> Iterator[Server]:
    for place in places:
        folders = sorted(Path("/").glob(place.lstrip("/")), key=_version_in_path, reverse=True)
        if not folders:
            looked.append(f"{PLACES.get(place, place)} (not found)")
        for folder in folders:
            server = _listed(folder, looked)
            if server:
                yield server
    if not places:
        return
    for folder in _in_the_environment():
        server = _listed(folder, looked)
        if server:
            yield server


def _listed(folder: Path, looked: list[str]) -> Server | None:
    try:
        return examine(folder)
    except NotUsable as error:
        remark = f"{folder} ({error})"
        if remark not in looked:
            looked.append(remark)
        return None


def _in_the_environment() -> Iterator[Path]:
    """The folder behind the `postgres` of PATH, and the active conda environment."""
    command = shutil.which("postgres")
    if command:
        yield Path(command).resolve().parent
    for prefix in (os.environ.get("CONDA_PREFIX"), sys.prefix):
        if prefix and (Path(prefix) / "bin/postgres").exists():
            yield Path(prefix) / "bin"


def _version_in_path(folder: Path) -> int:
    numbers = re.findall(r"\d+", str(folder))
    return int(numbers[-1]) if numbers else 0


def _unpacked(software: Path) -> Server | None:
    programs = debian.unpacked_programs(software)
    if programs is None:
        return None
    try:
        return examine(programs, debian.runtime_environment(software))
    except NotUsable:
        return None


def examine(programs: Path, environment: Mapping[str, str] | None = None) -> Server:
    """The server in the folder `programs`. Raises NotUsable when something is missing or too old."""
    missing = [name for name in PROGRAMS if not (programs / name).exists()]
    if missing:
        raise NotUsable(f"no {missing[0]} there")
    environment = environment or {}
    version = _words_of(programs / "postgres", "--version", environment=environment)
    match = re.search(r"\(PostgreSQL\) (\d+)", version)
    if not match:
        raise NotUsable(f"postgres does not start: {version or 'no words'}")
    major = int(match[1])
    if major < MIN_POSTGRES:
        raise NotUsable(f"PostgreSQL {major} is too old")
    postgis = _postgis_version(programs, environment)
    if postgis is None:
        raise NotUsable("no PostGIS")
    if postgis < MIN_POSTGIS:
        raise NotUsable(f"PostGIS {postgis[0]}.{postgis[1]} is too old")
    return Server(programs, major, environment)


def _postgis_version(programs: Path, environment: Mapping[str, str]) -> tuple[int, int] | None:
    for share in _share_folders(programs, environment):
        control = share / "extension/postgis.control"
        if control.exists():
            match = re.search(r"default_version\s*=\s*'(\d+)\.(\d+)", control.read_text(encoding="utf-8"))
            return (int(match[1]), int(match[2])) if match else None
    return None


def _share_folders(programs: Path, environment: Mapping[str, str]) -> Iterator[Path]:
    """Relative to the programs first: the pg_config of unpacked packages tells of a folder that is absent."""
    match = re.match(r"(.*)/lib/postgresql/(\d+)/bin$", str(programs))
    if match:
        yield Path(match[1]) / "share/postgresql" / match[2]
    yield programs.parent / "share/postgresql"
    yield programs.parent / "share"
    if (programs / "pg_config").exists():
        told = _words_of(programs / "pg_config", "--sharedir", environment=environment)
        if told.startswith("/"):
            yield Path(told)


def _words_of(*command: str | Path, environment: Mapping[str, str]) -> str:
    try:
        result = subprocess.run(
            [str(part) for part in command],
            env={**os.environ, **environment, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return result.stdout.strip()
