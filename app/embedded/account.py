"""The operating-system account under which the database server runs.

PostgreSQL refuses to run as root. Only the server steps down: the process that asks for it stays what it is.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.embedded.errors import Unavailable

#: As root, the accounts that may run the server, the most fitting first.
SERVER_ACCOUNTS = ("postgres", "_postgres", "nobody")
ROOTS_DATA = Path("/var/lib/guatu")


@dataclass(frozen=True)
class Account:
    """Who runs the server. `steps_down` is true when we are root and have to become somebody else."""

    name: str
    uid: int
    gid: int
    steps_down: bool

    @classmethod
    def for_server(cls, data: Path) -> Account:
        """The account for a cluster in `data`: its owner, else ourselves or, as root, a server account.

        Raises Unavailable when there is no account that PostgreSQL would accept.
        """
        mine = os.geteuid()
        owner = _owner(data)
        if mine != 0:
            if owner is not None and owner != mine:
                raise Unavailable(
                    f"the database in {data} belongs to {_name(owner)}.\n"
                    f"Run the command as {_name(owner)} or as root, or point GUATU_HOME at a folder of yours."
                )
            return cls._of(mine, steps_down=False)
        if owner:  # neither absent nor root's
            return cls._of(owner, steps_down=True)
        for name in SERVER_ACCOUNTS:
            try:
                return cls._of(pwd.getpwnam(name).pw_uid, steps_down=True)
            except KeyError:
                continue
        raise Unavailable(
            "PostgreSQL does not run as root, and there is no account 'postgres' or 'nobody' here.\n"
            "Run the command as an ordinary user, or add an account: useradd --system postgres"
        )

    @classmethod
    def _of(cls, uid: int, *, steps_down: bool) -> Account:
        try:
            entry = pwd.getpwuid(uid)
        except KeyError:
            raise Unavailable(
                f"user number {uid} has no name on this machine (no entry in /etc/passwd), "
                "and PostgreSQL refuses to make a database for it.\n"
                f'Add one, for example: echo "guatu:x:{uid}:{os.getegid()}::/tmp:/bin/sh" >> /etc/passwd'
            ) from None
        return cls(entry.pw_name, uid, entry.pw_gid, steps_down)

    def run(
        self,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str],
        output: IO[str] | int,
        folder: Path = Path("/"),
        timeout_s: float = 120,
    ) -> int:
        """Run `command` as this account, away from our terminal and signals; answers its exit code."""
        try:
            return subprocess.run(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=dict(environment),
                timeout=timeout_s,
                start_new_session=True,  # Ctrl-C in the terminal must not reach the server
                umask=0o077,
                user=self.uid if self.steps_down else None,
                group=self.gid if self.steps_down else None,
                extra_groups=[] if self.steps_down else None,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            raise Unavailable(f"{command[0]} did not finish within {timeout_s:.0f} s") from None
        except OSError as error:
            raise Unavailable(f"cannot run {command[0]} as {self.name}: {error.strerror}") from error

    def can_enter(self, folder: Path) -> bool:
        """Whether this account may go into `folder`."""
        if not self.steps_down:
            return os.access(folder, os.X_OK)
        command: list[str | Path] = ["/bin/sh", "-c", 'cd "$1" 2>/dev/null', "sh", folder]
        return self.run(command, environment={}, output=subprocess.DEVNULL) == 0

    def give(self, folder: Path) -> None:
        """Make `folder` and let this account, and nobody else but root, use it."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if self.steps_down:
                os.chown(folder, self.uid, self.gid)
            folder.chmod(0o700)
        except OSError as error:
            raise Unavailable(
                f"cannot prepare the folder {folder} for {self.name}: {error.strerror}.\n"
                "Point GUATU_HOME at a folder that you may write to."
            ) from error

    def reachable(self, wanted: Path) -> Path:
        """`wanted`, or as root, where the account cannot come near it (under /root), a folder that it can.

        Opening the parents instead would show other people's files to this account.
        """
        if not self.steps_down:
            return wanted
        wanted.parent.mkdir(parents=True, exist_ok=True)
        if self.can_enter(wanted.parent):
            return wanted
        digest = hashlib.sha256(os.fsencode(wanted.resolve())).hexdigest()[:12]
        ROOTS_DATA.mkdir(parents=True, exist_ok=True)
        ROOTS_DATA.chmod(0o755)
        return ROOTS_DATA / digest


def _owner(folder: Path) -> int | None:
    try:
        return folder.stat().st_uid
    except FileNotFoundError:
        return None
    except PermissionError:
        return folder.parent.stat().st_uid


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user number {uid}"
