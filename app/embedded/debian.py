"""The distribution's own packages (Debian, Ubuntu), unpacked into a folder of ours without root.

apt verifies the archive's signature and every hash as always; nothing is installed, and nothing of the
machine's changes.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from app.embedded.folders import Say, locked

#: Not needed by a private server: compilers for queries, raster drivers, 3D, what only an installation uses.
SKIPPED = re.compile(
    r"^(libllvm|libgdal|libsfcgal|perl|postgresql|ssl-cert|debconf|netbase|sensible-utils|ucf|locales|tzdata|<)"
)
#: Folders of plug-ins that their own libraries find by themselves.
PLUGINS = {"postgresql", "sasl2", "gconv", "krb5", "security", "ossl-modules", "engines-3"}


class NotUnpacked(Exception):
    """Why the packages could not be had, in a few words."""


class Apt:
    """apt-get with a state of its own in `folder`: its lists and archives touch nothing of the machine's."""

    def __init__(self, folder: Path) -> None:
        if sys.platform != "linux" or not all(map(shutil.which, ("apt-get", "apt-cache", "dpkg-deb"))):
            raise NotUnpacked("this machine has no apt-get")
        self.folder = folder
        self.trouble = ""
        for part in ("lists/partial", "archives/partial"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        self._options = ["-qq"]
        for option in (
            f"Dir::State::Lists={folder}/lists",
            f"Dir::Cache={folder}",
            f"Dir::Cache::Archives={folder}/archives",
            "Dir::State::status=/var/lib/dpkg/status",
            f"Dir::Log={folder}",
            "Debug::NoLocking=1",
            f"APT::Sandbox::User={_own_name()}",
            "APT::Install-Recommends=0",
            "APT::Update::Post-Invoke-Success::=",
            "APT::Update::Error-Mode=any",  # else an update without a network counts as a success
            "Acquire::Languages=none",
            "Acquire::Retries=2",
            "Acquire::http::Timeout=20",
            "Acquire::https::Timeout=20",
        ):
            self._options += ["-o", option]

    def update(self) -> None:
        """Read the package lists of the machine's own sources.

        One that fails may be a stranger's, not needed here: it is told only if a package is not found.
        """
        try:
            self._run("apt-get", "update")
        except NotUnpacked as error:
            self.trouble = f" ({error})"

    def depends(self, *packages: str) -> list[str]:
        """The names on which `packages` depend directly."""
        return re.findall(r"^ +Depends: (\S+)", self._run("apt-cache", "depends", *packages), re.MULTILINE)

    def needed(self, packages: Iterable[str]) -> list[str]:
        """What this machine lacks of `packages` and of all that they need."""
        return re.findall(r"^Inst (\S+)", self._run("apt-get", "-s", "install", *packages), re.MULTILINE)

    def unpack(self, packages: Sequence[str], target: Path, say: Say) -> None:
        """Download `packages` and unpack them under `target`, telling how far the download is."""
        uris = self._run("apt-get", "download", "--print-uris", *packages)
        sizes = [int(size) for size in re.findall(r"^\S+ \S+ (\d+)", uris, re.MULTILINE)]
        whole_mb = sum(sizes) / 1e6
        say(f"Downloading from your distribution: {len(packages)} package(s), {whole_mb:.0f} MB …")
        archives = self.folder / "debs"
        archives.mkdir(exist_ok=True)

        def progress() -> None:
            have_mb = sum(file.stat().st_size for file in archives.iterdir()) / 1e6
            say(f"  {have_mb:.0f} of {whole_mb:.0f} MB")

        self._run("apt-get", "download", *packages, folder=archives, every_5_s=progress)
        say("Unpacking …")
        for archive in sorted(archives.glob("*.deb")):
            self._call(["dpkg-deb", "-x", str(archive), str(target)])

    def _run(
        self,
        program: str,
        *arguments: str,
        folder: Path | None = None,
        every_5_s: Callable[[], None] = lambda: None,
    ) -> str:
        try:
            return self._call([program, *self._options, *arguments], folder, every_5_s)
        except NotUnpacked as error:
            raise NotUnpacked(f"{error}{self.trouble}") from error

    def _call(
        self, command: list[str], folder: Path | None = None, every_5_s: Callable[[], None] = lambda: None
    ) -> str:
        environment = {**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=folder,
        ) as process:
            output, errors = _outcome(process, every_5_s)
        if process.returncode:
            words = (errors or output).strip().splitlines()
            raise NotUnpacked(f"{command[0]} failed: {' '.join(words[:2])[:300]}")
        return output


def _outcome(process: subprocess.Popen[str], every_5_s: Callable[[], None]) -> tuple[str, str]:
    while True:
        try:
            return process.communicate(timeout=5)
        except subprocess.TimeoutExpired:
            every_5_s()


def unpack_postgis(target: Path, say: Say) -> None:
    """Unpack PostgreSQL with PostGIS under `target`, unless it is there. Raises NotUnpacked."""

    def fill(part: Path) -> None:
        apt = Apt(part / "apt")
        say("No PostGIS on this machine: unpacking your distribution's packages (no root needed) …")
        say("Reading the package lists …")
        apt.update()
        apt.unpack(_postgis_packages(apt), part / "root", say)
        _link_controls(part / "root")

    _fill_once(target, fill)


def unpack_packages(target: Path, packages: Sequence[str], say: Say) -> Path:
    """Unpack `packages`, not what they need; answers the folder that stands for `/`. Raises NotUnpacked."""

    def fill(part: Path) -> None:
        apt = Apt(part / "apt")
        apt.update()
        apt.unpack(packages, part / "root", say)

    _fill_once(target, fill)
    return target / "root"


def _fill_once(target: Path, fill: Callable[[Path], None]) -> None:
    """Have `fill` fill a folder beside `target`, then rename it: a killed run never counts."""
    with locked(target.with_name(target.name + ".lock")):
        if (target / "complete").exists():
            return
        part = target.with_name(target.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        shutil.rmtree(target, ignore_errors=True)
        (part / "root").mkdir(parents=True)
        for folder in (part, part / "root"):
            folder.chmod(0o755)  # the server's account reads it, whatever our umask is
        fill(part)
        shutil.rmtree(part / "apt", ignore_errors=True)
        shutil.rmtree(part / "root/usr/share/doc", ignore_errors=True)
        (part / "complete").write_text(time.strftime("%Y-%m-%d\n"), encoding="ascii")
        part.rename(target)


def _postgis_packages(apt: Apt) -> list[str]:
    """The server, PostGIS and the libraries that this machine lacks."""
    names = [
        name for name in apt.depends("postgresql-postgis") if re.match(r"postgresql-\d+-postgis-\d+$", name)
    ]
    if not names:
        raise NotUnpacked(f"your distribution has no package postgresql-postgis{apt.trouble}")
    postgis = names[0]
    version = postgis.split("-")[1]
    server, client = f"postgresql-{version}", f"postgresql-client-{version}"
    libraries = {name for name in apt.depends(server, client, postgis) if not SKIPPED.match(name)}
    wanted = {server, client, postgis, f"{postgis}-scripts", "proj-data"}
    return sorted(wanted | set(apt.needed(sorted(libraries))))


def _link_controls(root: Path) -> None:
    """`postgis-3.control` is `postgis.control`: an installation does this by update-alternatives."""
    for control in root.glob("usr/share/postgresql/*/extension/*-[0-9].control"):
        link = control.with_name(re.sub(r"-\d\.control$", ".control", control.name))
        if not link.exists():
            link.symlink_to(control.name)


def programs(target: Path) -> Path:
    """The folder of the unpacked PostgreSQL's programs. Raises NotUnpacked when it is not there."""
    found = sorted((target / "root").glob("usr/lib/postgresql/*/bin"))
    if not found:
        raise NotUnpacked("the packages hold no PostgreSQL")
    return found[-1]


def unpacked_programs(target: Path) -> Path | None:
    """The folder of the unpacked PostgreSQL's programs, if the unpacking was finished once."""
    return programs(target) if (target / "complete").exists() else None


def runtime_environment(target: Path) -> dict[str, str]:
    """The variables by which unpacked programs find their libraries and PROJ its grids."""
    root = target / "root"
    return {"LD_LIBRARY_PATH": ":".join(_library_folders(root)), "PROJ_DATA": str(root / "usr/share/proj")}


def _library_folders(root: Path) -> list[str]:
    folders = []
    for base in (root / "usr/lib", root / "lib"):
        for folder, subfolders, files in os.walk(base):
            subfolders[:] = sorted(name for name in subfolders if name not in PLUGINS)
            if any(".so" in name for name in files):
                folders.append(folder)
    return folders


def _own_name() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return "root"
