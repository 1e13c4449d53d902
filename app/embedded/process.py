"""What can be known of another process."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def command_line(pid: int) -> bytes:
    """The arguments of a process, ended by NUL where the system keeps them apart; empty for one that is gone.

    A zombie has none either, so unlike `kill(pid, 0)` this is not fooled by one.
    """
    try:
        if Path("/proc/self").exists():
            return Path(f"/proc/{pid}/cmdline").read_bytes()
        return subprocess.run(
            ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, check=False
        ).stdout
    except OSError:
        return b""


def is_postgres(pid: int) -> bool:
    """Whether a living process of this number is a PostgreSQL."""
    return b"postgres" in command_line(pid)


def is_postgres_of(pid: int, data: Path) -> bool:
    """Whether the process is the PostgreSQL that serves the folder `data`.

    A server works inside its data folder, so on Linux this holds even after the folder was moved.
    Elsewhere its arguments have to tell.
    """
    if not is_postgres(pid):
        return False
    try:
        return Path(f"/proc/{pid}/cwd").samefile(data)
    except OSError:
        return os.fsencode(data) in command_line(pid)
