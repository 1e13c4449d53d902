"""A private PostGIS cluster in a folder, reached by a Unix socket only."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from app.embedded import configuration
from app.embedded import server as servers
from app.embedded.account import Account
from app.embedded.configuration import OWNER, PORT, SUPERUSER
from app.embedded.errors import Unavailable
from app.embedded.folders import Say, data_folder, locked, open_lock, quiet
from app.embedded.process import is_postgres, is_postgres_of

SOCKET_PATH_MAX = 103  # bytes: macOS has 104 with the final NUL, Linux 108
NEEDED_MB = 200
READY_S = 60
ATTEMPTS = 5
LOG_MAX_BYTES = 5_000_000
DATABASE = "guatu"

PROBE = """
create extension if not exists postgis;
alter extension postgis update;
select st_asmvtgeom(st_point(1, 1), st_makebox2d(st_point(0, 0), st_point(2, 2))) is not null;
select st_x(st_transform(st_setsrid(st_point(114.12, 22.69), 4490), 4547)) between 512000 and 513000;
"""


class Cluster:
    """A PostGIS cluster in the folder `home`. Nothing happens before `ensure`."""

    def __init__(
        self,
        home: Path | None = None,
        *,
        fast: bool = False,
        say: Say = quiet,
        software: Path | None = None,
    ) -> None:
        """`home` is the cluster's folder (the product's own when None), `software` the folder of unpacked
        packages (`home/software` when None), `fast` trades safety for speed (tests only). Raises Unavailable.
        """
        wanted = (home or data_folder() / "postgis").absolute()
        if re.search(r'["$`\\\n]', str(wanted)):
            raise Unavailable(
                f"PostgreSQL cannot work in {str(wanted)!r} because of a character in the name.\n"
                "Point GUATU_HOME at a folder with a plainer name."
            )
        self.account = Account.for_server(wanted / "data")
        self.home = self.account.reachable(wanted)
        if self.home != wanted:
            self.account = Account.for_server(self.home / "data")
        self.data = self.home / "data"
        self.log = self.home / "postgres.log"
        self.software = software or self.home / "software"
        self.started_here = False
        self._fast = fast
        self._say = say
        self._hold: int | None = None
        self._server: servers.Server | None = None
        self._environment: dict[str, str] = {}

    def __enter__(self) -> Cluster:
        return self.ensure()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # What others ask for

    def ensure(self) -> Cluster:
        """Have the cluster running with the database `guatu`; held until `stop` or our end.

        Finds or unpacks PostGIS, makes and starts the cluster as far as needed; any number of processes may
        do this at once. Removes the PG* variables from this process's environment: they are meant for other
        databases, and some (PGOPTIONS, PGREQUIREAUTH) would spoil the connections to this one.
        Raises Unavailable.
        """
        for name in [name for name in os.environ if name.startswith("PG")]:
            del os.environ[name]
        with self._locked():
            self._server = servers.find(self.software, major=self._data_version(), say=self._say)
            self._environment = {
                **os.environ,
                **self._server.environment,
                "LC_ALL": "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8",
                "HOME": str(self.home),
                "PGOPTIONS": "-c client_min_messages=warning",
            }
            self._make()
            self._start_until_ready()
            self._take_hold()
            self._prepare_database()
            self._prove_postgis()
        return self

    def stop(self) -> bool:
        """Give the cluster up and stop its server, unless another process of ours still works with it.

        Answers whether the server is down now. Harmless when it was.
        """
        if not self.home.exists():
            return True
        with self._locked():
            if self._hold is not None:
                fcntl.flock(self._hold, fcntl.LOCK_UN)  # explicitly: a forked child may share the file
                os.close(self._hold)
                self._hold = None
            users = open_lock(self.home / "in-use")
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._shut_down()
            except BlockingIOError:
                return False
            finally:
                os.close(users)
        return True

    def url(self, database: str = DATABASE, role: str = OWNER) -> str:
        """The address for SQLAlchemy with psycopg 3."""
        host = quote(str(self.socket_folder), safe="/")
        return f"postgresql+psycopg://{role}@/{database}?host={host}&port={PORT}"

    @property
    def pid(self) -> int | None:
        """The server's process, if it lives.

        The number in the file alone proves nothing: after a crash it may have been given to another program.
        """
        lines = self._pid_file()
        if not lines or not lines[0].strip().isdigit():
            return None
        pid = int(lines[0])
        return pid if is_postgres_of(pid, self.data) else None

    @property
    def socket_folder(self) -> Path:
        """The folder of the server's socket: where the running one has it, else where the next one will."""
        lines = self._pid_file()
        if len(lines) > 4 and lines[4].startswith("/") and Path(lines[4]).exists():
            return Path(lines[4])
        inside = self.home / "s"
        too_long = len(os.fsencode(inside / f".s.PGSQL.{PORT}")) > SOCKET_PATH_MAX
        if not too_long and not re.search(r"[,']", str(inside)):
            return inside
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"guatu-{self.account.uid}-{digest}"

    def create_database(self, name: str, template: str | None = None) -> None:
        """Make a database owned by `guatu`: a copy of `template`, or an empty one with PostGIS."""
        copied = f' template "{template}"' if template else ""
        self.query(f'create database "{name}" owner {OWNER}{copied}')
        if not template:
            self.query("create extension if not exists postgis", name)

    def drop_database(self, name: str) -> None:
        """Drop a database if it exists, whoever is connected to it."""
        self.query(f'drop database if exists "{name}" with (force)')

    def query(self, sql: str, database: str = "postgres", role: str = SUPERUSER) -> str:
        """The answer to `sql` as psql's unaligned text. Raises Unavailable with the server's words."""
        code, words = self._psql(sql, database, role)
        if code:
            raise Unavailable(f"the database refused a statement: {words}\n{self._log_tail()}")
        return words

    # Making

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        self.account.give(self.home)
        with locked(
            self.home / "lock", lambda: self._say("Waiting for another guatu that prepares the same folder …")
        ):
            yield

    def _data_version(self) -> int | None:
        try:
            return int((self.data / "PG_VERSION").read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return None

    def _make(self) -> None:
        version, server = self._data_version(), self._found()
        if version is not None and (self.home / "initialised").exists():
            if version != server.major:
                raise Unavailable(
                    f"the database in {self.data} was made by PostgreSQL {version}, "
                    f"but only PostgreSQL {server.major} was found ({server.programs}).\n"
                    "Do ONE of these, then run the same command again:\n"
                    f"  name the old one     export GUATU_PG_BIN=…/postgresql/{version}/bin\n"
                    f"  install the old one  sudo apt-get install postgresql-{version}-postgis-3\n"
                    f"  begin anew           move {self.data} away (the seed comes back, your changes do not)"
                )
            return
        if self.data.exists() and any(self.data.iterdir()):
            raise Unavailable(
                f"{self.data} holds a database that was not made by this program or never finished.\n"
                "Move it away and run the same command again."
            )
        self._initialise()

    def _initialise(self) -> None:
        free_mb = shutil.disk_usage(self.home).free >> 20
        if free_mb < NEEDED_MB:
            raise Unavailable(
                f"a new database needs {NEEDED_MB} MB in {self.home}, and {free_mb} MB are free.\n"
                "Make room, or point GUATU_HOME at another disk."
            )
        self._say("Making a PostGIS database …")
        fresh = self.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        self.account.give(fresh)
        ctype = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
        options = [
            "-U",
            SUPERUSER,
            "-E",
            "UTF8",
            "--lc-collate=C",
            f"--lc-ctype={ctype}",
            "-k",
            "--no-instructions",
        ]
        options += ["--auth-local=peer", "--auth-host=reject", *(["--no-sync"] if self._fast else [])]
        code, words = self._run(self._found().programs / "initdb", "-D", fresh, *options)
        if code:
            raise Unavailable(f"PostgreSQL could not make a database in {fresh}:\n{words}")
        if self.data.exists():
            self.data.rmdir()
        fresh.rename(self.data)
        (self.home / "initialised").touch()

    # Starting and stopping

    def _start_until_ready(self) -> None:
        self.started_here = self.pid is None
        trouble: str | None = None
        for _ in range(ATTEMPTS):
            started = self._start() if self.pid is None else None
            trouble = self._wait_ready(started)
            if trouble is None:
                return
            if self.pid is not None:
                break
            # If the last server was just killed, its children may hold its memory yet. They soon leave.
            time.sleep(1)
        raise Unavailable(f"PostgreSQL does not answer: {trouble}\n{self._log_tail()}")

    def _start(self) -> int:
        """Start the server and answer its process number; whether it stays alive shows later."""
        self._remove_stale_locks()
        folder = self.socket_folder
        if folder.is_symlink() or (
            folder.exists() and folder.stat().st_uid not in (self.account.uid, os.geteuid())
        ):
            raise Unavailable(
                f"{folder} should hold the database's socket but is somebody else's. Remove it."
            )
        self.account.give(folder)
        configuration.write(self.data, self.account, socket_folder=folder, fast=self._fast)
        if self.log.exists() and self.log.stat().st_size > LOG_MAX_BYTES:
            self.log.rename(self.log.with_suffix(".log.1"))
        # The shell returns at once and init inherits the server: it outlives us and is never our zombie.
        shell: list[str | Path] = ["/bin/sh", "-c", '"$@" >>"$0" 2>&1 </dev/null & echo $!', self.log]
        code, words = self._run(*shell, self._found().programs / "postgres", "-D", self.data)
        if code or not words.isdigit():
            raise Unavailable(f"cannot start {self._found().programs / 'postgres'}: {words}")
        return int(words)

    def _remove_stale_locks(self) -> None:
        """Remove lock files that a crash left behind.

        PostgreSQL does so itself unless the number in them is in use again; then it would refuse for ever.
        We hold our own lock and have seen that no server of this folder lives.
        """
        for path in (self.data / "postmaster.pid", self.socket_folder / f".s.PGSQL.{PORT}.lock"):
            with contextlib.suppress(FileNotFoundError, ValueError):
                pid = abs(int(path.read_text(encoding="utf-8").split("\n", 1)[0]))
                if sys.platform != "linux" and is_postgres(pid):  # whose it is cannot be known there
                    raise Unavailable(
                        f"{path} names a living PostgreSQL, process {pid}.\n"
                        f"Stop it (kill -INT {pid}) and run the same command again."
                    )
            path.unlink(missing_ok=True)

    def _wait_ready(self, started: int | None) -> str | None:
        """None as soon as the server answers a query, else the words of the last refusal."""
        end = time.monotonic() + READY_S
        while True:
            code, words = self._psql("select 1", "postgres", SUPERUSER)
            if code == 0:
                return None
            alive = self.pid is not None or (started is not None and is_postgres(started))
            if not alive or time.monotonic() > end:
                return words
            time.sleep(0.05)

    def _shut_down(self) -> None:
        for method, patience_s in ((signal.SIGINT, 60), (signal.SIGQUIT, 10)):
            pid = self.pid
            if pid is None:
                return
            os.kill(pid, method)
            end = time.monotonic() + patience_s
            while self.pid is not None and time.monotonic() < end:
                time.sleep(0.02)
        if self.pid is not None:
            raise Unavailable(f"the database server, process {self.pid}, does not stop.\n{self._log_tail()}")

    def _take_hold(self) -> None:
        if self._hold is None:
            hold = open_lock(self.home / "in-use")
            fcntl.flock(hold, fcntl.LOCK_SH)  # never waits: it is taken alone only under our lock
            self._hold = hold

    # The database

    def _prepare_database(self) -> None:
        known = self.query(
            f"select 'role' from pg_roles where rolname = '{OWNER}' "
            f"union all select 'database' from pg_database where datname = '{DATABASE}'"
        ).splitlines()
        if "role" not in known:
            self.query(f"create role {OWNER} login createdb createrole")
        if "database" not in known:
            self.query(f"create database {DATABASE} owner {OWNER}")

    def _prove_postgis(self) -> None:
        """Have PostGIS in the database and see it work.

        Some builds lack vector tiles or projections; better to say so now than on the first map.
        """
        code, words = self._psql(PROBE, DATABASE, SUPERUSER)
        if code == 0 and words.split() == ["t", "t"]:
            return
        raise Unavailable(
            f"the PostGIS of {self._found().programs} does not serve:\n  {words}\n"
            "It must make vector tiles and transform Chinese coordinates: "
            "PostGIS 3.3+ built with protobuf, and PROJ with its database, are needed.\n" + servers.REMEDIES
        )

    # Small things

    def _found(self) -> servers.Server:
        if self._server is None:
            raise RuntimeError("ensure() comes first")
        return self._server

    def _psql(self, sql: str, database: str, role: str) -> tuple[int, str]:
        return self._run(
            self._found().programs / "psql",
            *("-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.socket_folder, "-p", str(PORT)),
            *("-U", role, "-d", database, "-c", sql),
        )

    def _run(self, *command: str | Path) -> tuple[int, str]:
        # A file, not a pipe: whoever starts a server would wait for a pipe that the server keeps open.
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
            code = self.account.run(command, environment=self._environment, output=output, folder=self.home)
            output.seek(0)
            return code, output.read().strip()

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []

    def _log_tail(self, lines: int = 15) -> str:
        try:
            tail = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
        except FileNotFoundError:
            return ""
        return "\n".join([f"The last lines of {self.log}:", *tail])
