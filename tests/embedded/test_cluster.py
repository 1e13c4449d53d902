"""The embedded database: started from anything that a crash, a move or a neighbour may leave behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from app.embedded import throwaway as throwaways
from app.embedded.cluster import Cluster
from app.embedded.errors import Unavailable
from app.embedded.folders import PROJECT


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder whose parent every account may enter, with a name that nobody would choose."""
    folder = Path(tempfile.mkdtemp(prefix="guatu 平湖 test-"))
    folder.chmod(0o755)
    yield folder
    assert Cluster(folder).stop()
    shutil.rmtree(folder)


@pytest.fixture
def software() -> Path:
    """The product's unpacked packages, so that no test unpacks its own."""
    return Cluster().software


@pytest.fixture
def cluster(home: Path, software: Path) -> Iterator[Cluster]:
    with Cluster(home, fast=True, software=software) as running:
        yield running


def answer(cluster: Cluster, sql: str, role: str = "guatu") -> object:
    engine = create_engine(cluster.url(role=role))
    try:
        with engine.begin() as connection:
            return connection.execute(text(sql)).scalar()
    finally:
        engine.dispose()


def keep_a_seven(cluster: Cluster) -> None:
    engine = create_engine(cluster.url())
    with engine.begin() as connection:
        connection.execute(text("create table kept as select 7 as n"))
    engine.dispose()


def write_as_server(cluster: Cluster, path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8")
    os.chown(path, cluster.account.uid, cluster.account.gid)


def test_is_reached_through_sqlalchemy_under_a_path_with_spaces_and_chinese(cluster: Cluster) -> None:
    assert " 平湖 " in str(cluster.socket_folder)
    assert answer(cluster, "select current_user || postgis_lib_version()", "guatu") is not None


def test_the_service_role_is_no_superuser(cluster: Cluster) -> None:
    assert answer(cluster, "select rolsuper from pg_roles where rolname = current_user") is False


def test_listens_on_no_tcp_port(cluster: Cluster) -> None:
    assert cluster.query("show listen_addresses") == ""


def test_ensuring_again_changes_nothing(cluster: Cluster) -> None:
    pid = cluster.pid
    begin = time.monotonic()
    cluster.ensure()
    assert (cluster.pid, cluster.started_here) == (pid, False)
    assert time.monotonic() - begin < 2


def test_data_outlive_a_stop(cluster: Cluster) -> None:
    keep_a_seven(cluster)
    assert cluster.stop()
    assert cluster.pid is None
    cluster.ensure()
    assert answer(cluster, "select n from kept") == 7


def test_comes_back_after_a_kill(cluster: Cluster) -> None:
    keep_a_seven(cluster)
    killed = cluster.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    cluster.ensure()
    assert cluster.pid not in (None, killed)
    assert answer(cluster, "select n from kept") == 7


def test_lock_files_with_the_number_of_another_living_process_do_not_stop_it(cluster: Cluster) -> None:
    cluster.stop()
    alive = os.getpid()
    write_as_server(cluster, cluster.data / "postmaster.pid", f"{alive}\n{cluster.data}\n")
    socket_lock = cluster.socket_folder / ".s.PGSQL.5432.lock"
    write_as_server(cluster, socket_lock, f"{alive}\n{cluster.data}\n")
    assert cluster.pid is None
    cluster.ensure()
    assert cluster.pid not in (None, alive)


def test_a_half_made_database_never_counts(home: Path, software: Path) -> None:
    half = home / "data.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("15\n", encoding="ascii")
    with Cluster(home, fast=True, software=software) as cluster:
        assert cluster.pid is not None


def test_a_database_of_somebody_else_is_left_alone(home: Path, software: Path) -> None:
    foreign = home / "data"
    foreign.mkdir()
    (foreign / "precious").write_text("do not touch", encoding="ascii")
    with pytest.raises(Unavailable, match="was not made by this program"):
        Cluster(home, fast=True, software=software).ensure()
    assert (foreign / "precious").exists()


def test_many_processes_at_once_make_one_database(home: Path, software: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from app.embedded.cluster import Cluster\n"
        "c = Cluster(Path(sys.argv[1]), fast=True, say=print, software=Path(sys.argv[2])).ensure()\n"
        "print(c.query('select 40 + 2')); c.stop()"
    )
    command = [sys.executable, "-c", code, str(home), str(software)]

    def start(_: int) -> str:
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
        return done.stdout

    with ThreadPoolExecutor(4) as pool:
        outputs = list(pool.map(start, range(4)))
    assert all("42" in output for output in outputs)
    assert "".join(outputs).count("Making a PostGIS database") == 1
    assert Cluster(home).pid is None, "the last one stops it"


def test_the_server_stays_while_another_user_holds_it(cluster: Cluster, home: Path, software: Path) -> None:
    other = Cluster(home, fast=True, software=software).ensure()
    assert not cluster.stop()
    assert answer(other, "select 1") == 1
    assert other.stop()
    assert other.stop(), "stopping what is stopped is harmless"


def test_follows_a_folder_that_was_moved_while_it_ran(cluster: Cluster, home: Path, software: Path) -> None:
    pid = cluster.pid
    moved = home.with_name(home.name + " moved")
    home.rename(moved)
    try:
        with Cluster(moved, fast=True, software=software) as same:
            assert (same.pid, same.started_here) == (pid, False)
            assert answer(same, "select 1") == 1
    finally:
        moved.rename(home)


def test_a_path_too_long_for_a_socket_gets_a_private_folder_elsewhere(home: Path, software: Path) -> None:
    deep = home / ("很长的名字" * 8)
    with Cluster(deep, fast=True, software=software) as cluster:
        assert cluster.home == deep
        assert len(os.fsencode(cluster.socket_folder)) < 90
        assert cluster.socket_folder.stat().st_mode & 0o077 == 0
        assert answer(cluster, "select 1") == 1
    shutil.rmtree(cluster.socket_folder)


def test_a_folder_that_would_break_the_servers_shell_is_refused_in_words(home: Path) -> None:
    with pytest.raises(Unavailable, match="character in the name"):
        Cluster(home / "a$b")


def test_variables_for_other_databases_do_not_reach_this_one(
    home: Path, software: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PGHOST": "nowhere", "PGOPTIONS": "-c bad=1", "PGREQUIREAUTH": "md5"}.items():
        monkeypatch.setenv(name, value)
    with Cluster(home, fast=True, software=software) as cluster:
        assert answer(cluster, "select 1") == 1


def test_data_of_another_version_are_told_with_remedies(cluster: Cluster) -> None:
    cluster.stop()
    write_as_server(cluster, cluster.data / "PG_VERSION", "12\n")
    with pytest.raises(Unavailable) as refusal:
        cluster.ensure()
    assert "was made by PostgreSQL 12" in str(refusal.value)
    assert "GUATU_PG_BIN" in str(refusal.value)


def test_a_clone_has_what_its_template_has(cluster: Cluster) -> None:
    cluster.create_database("mould")
    cluster.query("create table kept as select 7 as n", "mould")
    cluster.create_database("cast", template="mould")
    assert cluster.query("select n from kept", "cast") == "7"
    cluster.drop_database("cast")
    assert cluster.query("select count(*) from pg_database where datname = 'cast'") == "0"


def test_throwaway_clusters_vanish_even_when_their_maker_is_killed() -> None:
    code = (
        "import time; from app.embedded.throwaway import throwaway\n"
        "with throwaway() as cluster: print(cluster.home, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    ) as maker:
        assert maker.stdout is not None
        left = Path(maker.stdout.readline().strip())
        maker.kill()
    orphan = Cluster(left)
    assert orphan.pid is not None
    long_ago = time.time() - 10 * throwaways.YOUNG_S
    os.utime(left, (long_ago, long_ago))
    with throwaways.throwaway() as fresh:
        assert fresh.pid is not None
        assert orphan.pid is None
    assert not left.exists()
    assert not fresh.home.exists()
