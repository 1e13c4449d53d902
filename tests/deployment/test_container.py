"""The container files, examined without an engine: by checkers, and by rules that no checker knows."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.embedded import server
from app.embedded.cluster import Cluster
from app.embedded.folders import PROJECT, data_folder, quiet
from app.embedded.throwaway import throwaway

COMPOSE = PROJECT / "docker-compose.yml"
SERVICES = ("app", "database", "migrate")


def passes(*command: str | Path) -> bool:
    result = subprocess.run(
        [str(part) for part in command], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    return result.returncode == 0


def fits_schema(file: Path) -> bool:
    return passes(sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", file)


def fits_style(file: Path) -> bool:
    node = shutil.which("node") or data_folder() / "node/bin/node"
    return passes(node, PROJECT / "tests/node_modules/dclint/bin/dclint.cjs", "--max-warnings", "0", file)


def fits_dockerfile_rules(file: Path) -> bool:
    return passes(Path(sys.executable).parent / "hadolint", file)


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    return content


def test_the_compose_file_fits_the_specification() -> None:
    assert fits_schema(COMPOSE)


def test_the_compose_file_follows_its_linter() -> None:
    assert fits_style(COMPOSE)


def test_the_dockerfile_follows_its_linter() -> None:
    assert fits_dockerfile_rules(PROJECT / "Dockerfile")


@pytest.mark.parametrize(
    ("fits", "right", "wrong"),
    [
        (fits_schema, "    restart: unless-stopped", "    restart: [unless-stopped]"),
        (fits_schema, "    read_only: true", "    readonly: true"),
        (fits_schema, "        condition: service_healthy", "        condition: service_is_well"),
        (fits_schema, "      retries: 12", "      retrys: 12"),
        (fits_style, "image: postgis/postgis:17-3.5", "image: postgis/postgis"),
        (fits_style, "'127.0.0.1:${GUATU_PORT:-8000}:8000'", "'8000:8000'"),
        (fits_style, "name: guatu", "version: '3'\nname: guatu"),
    ],
)
def test_the_checkers_see_faults(
    tmp_path: Path, fits: Callable[[Path], bool], right: str, wrong: str
) -> None:
    faulty = tmp_path / "docker-compose.yml"
    text = COMPOSE.read_text(encoding="utf-8")
    assert right in text
    faulty.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    assert not fits(faulty)


def test_the_dockerfile_linter_sees_faults(tmp_path: Path) -> None:
    faulty = tmp_path / "Dockerfile"
    text = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
    faulty.write_text(text.replace("python:3.11-slim", "python"), encoding="utf-8")
    assert not fits_dockerfile_rules(faulty)


def test_every_service_is_locked_down(compose: dict[str, Any]) -> None:
    assert sorted(compose["services"]) == sorted(SERVICES)
    for service in compose["services"].values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
        assert "privileged" not in service
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_the_service_starts_after_the_migration(compose: dict[str, Any]) -> None:
    assert (
        compose["services"]["app"]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    )
    assert compose["services"]["migrate"]["depends_on"]["database"]["condition"] == "service_healthy"


def test_health_of_the_database_is_asked_over_tcp(compose: dict[str, Any]) -> None:
    assert "--host=127.0.0.1" in compose["services"]["database"]["healthcheck"]["test"]


def test_secrets_are_files_outside_of_image_and_repository(compose: dict[str, Any]) -> None:
    declared = compose["secrets"]
    used = {name for service in compose["services"].values() for name in service.get("secrets", [])}
    assert used == set(declared), "every secret that is used is declared, and the other way round"
    for name, secret in declared.items():
        assert secret == {"file": f"./secrets/{name}"}
    assert "/secrets/" in (PROJECT / ".gitignore").read_text(encoding="utf-8").splitlines()
    context = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in context
    assert not any("secrets" in line for line in context if line.startswith("!"))


def test_no_secret_stands_in_the_environment(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            if any(word in name for word in ("PASSWORD", "SECRET", "TOKEN", "URL")):
                assert name.endswith("_FILE"), f"{name} holds a secret itself"
                assert value.removeprefix("/run/secrets/") in service["secrets"]


def test_what_the_image_copies_is_there_and_let_through() -> None:
    kept = {
        line[1:].split("/")[0]
        for line in (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    }
    for line in (PROJECT / "Dockerfile").read_text(encoding="utf-8").splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            for source in line.split()[1:-1]:
                assert (PROJECT / source).exists(), f"{source} is not there"
                assert source.split("/")[0] in kept, f"{source} does not reach the engine"


def test_secret_files_are_made_once_and_for_the_owner(tmp_path: Path) -> None:
    (tmp_path / "deploy").mkdir()
    shutil.copy(PROJECT / "deploy/secrets.sh", tmp_path / "deploy")
    made = []
    for _ in range(2):
        subprocess.run(["sh", "deploy/secrets.sh"], cwd=tmp_path, check=True)
        made.append(
            {file.name: file.read_text(encoding="ascii") for file in (tmp_path / "secrets").iterdir()}
        )
    first, second = made
    assert first == second
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0
    assert len(first["superuser_password"]) == 48
    assert first["superuser_password"] != first["database_password"]
    assert f":{first['database_password']}@database:" in first["database_url"]


@pytest.fixture
def virgin_cluster() -> Iterator[Cluster]:
    """A cluster as a database container has it before its first script: a superuser and an empty database."""
    with throwaway() as cluster:
        cluster.drop_database("guatu")
        cluster.query("drop role guatu")
        cluster.query("create database guatu")
        yield cluster


def test_the_database_container_gets_the_service_role(virgin_cluster: Cluster, tmp_path: Path) -> None:
    programs = server.find(virgin_cluster.software, major=None, say=quiet)
    password = tmp_path / "password"
    password.write_text('it\'s "secret"', encoding="ascii")
    environment = (
        os.environ
        | programs.environment
        | {
            "PATH": f"{programs.programs}:{os.environ['PATH']}",
            "PGHOST": str(virgin_cluster.socket_folder),
            "POSTGRES_USER": "postgres",
            "POSTGRES_DB": "guatu",
            "GUATU_PASSWORD_FILE": str(password),
        }
    )
    subprocess.run(["sh", PROJECT / "deploy/roles.sh"], env=environment, check=True)
    rights = virgin_cluster.query(
        "select rolsuper, rolcanlogin, rolcreaterole, rolpassword like 'SCRAM-SHA-256$%' from pg_authid "
        "where rolname = 'guatu'"
    )
    assert rights == "f|t|t|t"
    virgin_cluster.query("create table public.proof as select postgis_lib_version()", "guatu", "guatu")
