"""What the process that reads a stranger's file cannot do, and what becomes of one that dies."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.uploads import reader, service
from app.uploads.confinement import Share
from app.uploads.reader import reading
from geodata.reading import Declared, Place, Refused
from tests.app.asking import assert_problem
from tests.app.bringing import (
    Office,
    assert_untouched,
    collection,
    left,
    own_temporary_folder,
    parcel,
    processes,
    service_of,
)
from tests.conftest import SEEDED, opened

ROOT = Path(__file__).resolve().parents[2]
PLACE = Place((113.95, 22.5, 114.35, 22.85))
# Everything that reading needs is imported before the doors are shut, as in the child itself.
BEGIN = """
import ctypes, mmap, os, socket, sys, threading
from app.uploads import child
from app.uploads.confinement import Share, confine
path, port = sys.argv[1], int(sys.argv[2])
assert confine(Share(cpu_s={cpu_s}, memory_bytes={memory}))
"""
ATTEMPTS = {
    "socket": "socket.socket()",
    "socket_unix": "socket.socket(socket.AF_UNIX)",
    "socketpair": "socket.socketpair()",
    "connect": "socket.create_connection(('127.0.0.1', port), 2)",
    "resolve": "socket.getaddrinfo('localhost', port)[0]; socket.create_connection(('localhost', port), 2)",
    "exec": "os.execv('/bin/true', ['true'])",
    "spawn": "os.posix_spawn('/bin/true', ['true'], {})",
    "create": "open(path + '/made', 'xb')",
    "write": "open(path + '/there', 'wb').write(b'x')",
    "append": "open(path + '/there', 'ab').write(b'x')",
    "update": "open(path + '/there', 'r+b').write(b'x')",
    "truncate": "os.truncate(path + '/there', 0)",
    "unlink": "os.unlink(path + '/there')",
    "rename": "os.rename(path + '/there', path + '/moved')",
    "link": "os.link(path + '/there', path + '/linked')",
    "symlink": "os.symlink('/etc/passwd', path + '/linked')",
    "mkdir": "os.mkdir(path + '/made')",
    "chmod": "os.chmod(path + '/there', 0o777)",
    "kill": "os.kill(os.getppid(), 0)",
    "ptrace": "r = ctypes.CDLL(None, use_errno=True).ptrace(16, os.getppid(), 0, 0)\n"
    "if r < 0: raise OSError(ctypes.get_errno(), 'ptrace')",
    "namespace": "r = ctypes.CDLL(None, use_errno=True).unshare(0x10000000)\n"
    "if r < 0: raise OSError(ctypes.get_errno(), 'unshare')",
    "descriptors": "kept = [open(path + '/there', 'rb') for _ in range(100)]",
    "memory": "bytearray(3 << 30)",
}


def confined(folder: Path, port: int, code: str, cpu_s: int = 20, memory: int = 2 << 30) -> Any:
    """Run code in a process as confined as the one that reads."""
    return subprocess.run(
        [sys.executable, "-c", BEGIN.format(cpu_s=cpu_s, memory=memory) + code, str(folder), str(port)],
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        yield listener


def test_H286_H334_nothing_but_reading_is_possible(tmp_path: Path, listening: socket.socket) -> None:
    """Every attempt in one process; each must be refused, and nothing may have come of it."""
    (tmp_path / "there").write_bytes(b"as it was")
    code = "results = {}\n"
    for name, attempt in ATTEMPTS.items():
        body = "".join(f"    {line}\n" for line in attempt.splitlines())
        code += f"try:\n{body}except (OSError, MemoryError): results['{name}'] = 'refused'\n"
        code += f"else: results['{name}'] = 'done'\n"
    code += "kept = None\nprint(open(path + '/there', 'rb').read().decode())\nprint(results)\n"
    done = confined(tmp_path, listening.getsockname()[1], code)
    assert done.returncode == 0, done.stderr
    content, _, results = done.stdout.partition("\n")
    assert content == "as it was"
    assert results.strip() == str(dict.fromkeys(ATTEMPTS, "refused"))
    assert [path.name for path in tmp_path.iterdir()] == ["there"]
    assert (tmp_path / "there").stat().st_mode & 0o777 != 0o777
    with pytest.raises(TimeoutError):
        listening.accept()


def test_H286_the_same_attempts_succeed_without_confinement(tmp_path: Path, listening: socket.socket) -> None:
    """The test above can fail: outside, these are allowed."""
    (tmp_path / "there").write_bytes(b"as it was")
    code = (
        "socket.create_connection(('127.0.0.1', port), 2)\nopen(path + '/made', 'xb')\n" + ATTEMPTS["write"]
    )
    free = BEGIN.format(cpu_s=20, memory=2 << 30).replace("assert confine", "assert bool")
    command = [sys.executable, "-c", free + code, str(tmp_path), str(listening.getsockname()[1])]
    subprocess.run(command, cwd=ROOT, check=True, timeout=60)
    assert (tmp_path / "made").exists()
    assert (tmp_path / "there").read_bytes() == b"x"
    listening.accept()[0].close()


def test_a_loop_ends_with_its_share_of_the_processor(tmp_path: Path) -> None:
    done = confined(tmp_path, 1, "while True: pass", cpu_s=1)
    assert done.returncode == -signal.SIGXCPU


# ---------------------------------------------------------------- death is a refusal


def large(folder: Path) -> Path:
    path = folder / "large"
    path.write_bytes(collection(*(parcel(n % 100) for n in range(20_000))))
    return path


@pytest.mark.parametrize(
    ("share", "reasons"),
    [
        (Share(cpu_s=1), {"cpu", "killed"}),
        (Share(memory_bytes=200 << 20), {"memory", "failed", "killed"}),
    ],
    ids=["cpu", "memory"],
)
def test_H286_a_file_that_takes_too_much_is_refused(tmp_path: Path, share: Share, reasons: set[str]) -> None:
    path = large(tmp_path)
    if share.cpu_s == 1:
        path.write_bytes(collection(*(parcel(n % 100) for n in range(150_000))))
    with pytest.raises(Refused) as caught, reading(path, Declared(), PLACE, share=share) as found:
        list(found.rows)
    assert (caught.value.status, caught.value.code) == (413, "parser-died")
    assert caught.value.faults[0].code in reasons


def test_H226_the_environment_holds_nothing_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {
        "GUATU_DATABASE_URL": "postgresql://secret",
        "GDAL_DRIVER_PATH": "/evil",
        "GDAL_VRT_ENABLE_PYTHON": "YES",
        "LD_PRELOAD": "",
        "PYTHONSTARTUP": "/evil",
        "AWS_SECRET_ACCESS_KEY": "x",
    }
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    given: list[dict[str, str]] = []
    popen = subprocess.Popen

    def watched(*args: Any, **more: Any) -> Any:
        given.append(more["env"])
        return popen(*args, **more)

    monkeypatch.setattr(subprocess, "Popen", watched)
    path = tmp_path / "file"
    path.write_bytes(collection(parcel(1)))
    with reading(path, Declared(), PLACE) as found:
        assert len(list(found.rows)) == 1
    assert set(given[0]) <= set(reader.ENVIRONMENT)
    assert not set(given[0]) & set(secrets)
    assert not [name for name in reader.ENVIRONMENT if name.startswith(("GUATU", "GDAL", "PG"))]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with pytest.MonkeyPatch.context() as patch, opened(SEEDED) as database:
        patch.setattr(service, "MOST_AN_HOUR", 1000)
        patch.setattr(service, "MOST_TRIES_AN_HOUR", 1000)
        folder = tmp_path_factory.mktemp("temporary")
        with own_temporary_folder(folder, patch.setenv), service_of(database) as client:
            found = Office(client, database)
            found.enter("gis")
            yield found


@pytest.mark.parametrize("again", range(3))
def test_H286_a_reader_that_is_killed_refuses_its_file_and_the_next_is_served(
    office: Office, again: int
) -> None:
    assert office.send(collection(parcel(again))).status_code == 201
    before = left(office.database)
    jobs = processes("app.work", office.database.url)
    killed: list[int] = []
    ended = threading.Event()

    def kill() -> None:
        while not killed and not ended.wait(0.005):
            for job in processes("app.work", office.database.url):
                for child in processes("app.uploads.child", parent=job):
                    os.kill(child, signal.SIGKILL)
                    killed.append(child)

    killer = threading.Thread(target=kill)
    killer.start()
    answer = office.send(collection(*(parcel(n) for n in range(50))))
    ended.set()
    killer.join()
    assert killed
    body = assert_problem(answer, 413, "parser-died")
    assert body["errors"][0]["code"] == "killed"
    assert_untouched(office.database, before)
    began = time.monotonic()
    assert office.send(collection(parcel(again))).status_code == 201
    assert time.monotonic() - began < 10
    assert set(jobs) <= set(processes("app.work", office.database.url))
