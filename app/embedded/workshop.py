"""The data folder as a workshop: each thing in it is made once for what it is made from."""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from app.embedded.errors import Unavailable
from app.embedded.folders import Say, locked

KEPT = 12  # lines from the begin and from the end of what a failed command said


class CommandFailed(Exception):
    """A command that did not end well; the text is the end of what it said."""


class Workshop:
    """Makes things in `home`, telling through `say` what is going on."""

    def __init__(self, home: Path, say: Say) -> None:
        self.home = home
        self.say = say
        self._alone_depth = 0
        try:
            home.mkdir(parents=True, exist_ok=True)
            (home / "stamps").mkdir(exist_ok=True)
            (home / "stamps/writable").touch()
        except OSError as error:
            raise Unavailable(
                f"cannot write to {home}: {error.strerror}.\n"
                "Run the command as the owner of this folder, or point GUATU_HOME at a folder of yours."
            ) from error

    def once(self, name: str, keys: Sequence[str], product: Path, make: Callable[[], None]) -> None:
        """Have `product`, made by `make` for `keys[0]`; one made for any other of `keys` serves as well."""
        stamp = self.home / "stamps" / name
        with self._alone():
            if product.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") in keys:
                return
            stamp.unlink(missing_ok=True)
            make()
            stamp.write_text(keys[0], encoding="utf-8")

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Work while no other process does; one thing may need another, so this nests."""
        with contextlib.ExitStack() as stack:
            if self._alone_depth == 0:
                lock = locked(
                    self.home / "lock", lambda: self.say("Waiting for another guatu in the same folder …")
                )
                stack.enter_context(lock)
            self._alone_depth += 1
            try:
                yield
            finally:
                self._alone_depth -= 1

    def run(
        self,
        command: Sequence[str | Path],
        *,
        folder: Path | None = None,
        variables: Mapping[str, str] = MappingProxyType({}),
    ) -> str:
        """What `command`, with `variables` in its environment, says. Raises CommandFailed."""
        try:
            result = subprocess.run(
                [str(part) for part in command],
                cwd=folder or self.home,
                env={**os.environ, **self.caches(), **variables},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
            )
        except OSError as error:
            raise CommandFailed(f"{command[0]}: {error.strerror}") from error
        if result.returncode:
            raise CommandFailed(_shortened(result.stdout + result.stderr))
        return result.stdout

    def caches(self) -> dict[str, str]:
        """Where package managers keep downloads: as always, unless there is no home to keep them in."""
        try:
            if os.access(Path.home(), os.W_OK):
                return {}
        except RuntimeError:  # no home at all
            pass
        cache = str(self.home / "cache")
        return {"HOME": cache, "UV_CACHE_DIR": f"{cache}/uv", "PIP_CACHE_DIR": f"{cache}/pip"} | {
            "npm_config_cache": f"{cache}/npm"
        }


def _shortened(words: str) -> str:
    lines = [line for line in words.strip().splitlines() if "Retrying (" not in line]
    if len(lines) > 2 * KEPT:
        lines = [*lines[:KEPT], "…", *lines[-KEPT:]]
    return "\n".join(f"  {line}" for line in lines)


def digest_of(files: Iterable[Path], *words: str) -> str:
    """A number that changes when the contents or names of `files`, or `words`, do."""
    sha = hashlib.sha256()
    for word in words:
        sha.update(word.encode() + b"\0")
    for file in sorted(files):
        content = file.read_bytes()
        sha.update(f"{file}\0{len(content)}\0".encode() + content)
    return sha.hexdigest()


def path_with(folders: Sequence[Path]) -> str:
    """PATH with `folders` ahead of the present one."""
    return os.pathsep.join([*map(str, folders), os.environ.get("PATH", os.defpath)])
