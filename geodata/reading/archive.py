"""ZIP archives, judged before anything of them is used: nothing is unpacked to a folder, ever."""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO, Literal

from geodata.reading.limits import MIB, Limits
from geodata.reading.refusals import refusal

_PIECE = 1 << 18
# Small entries may shrink as they like; only what becomes large is held against its ratio.
_RATIO_FROM = 10 * MIB
_LOCAL_HEADER = 30
_LONGEST_NAME = 255
_UTF8_NAME = 0x800
# What programs leave behind in archives without being asked.
_LITTER = re.compile(r"(^|/)(__MACOSX(/|$)|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
# Absolute, upwards, of a drive, of another system, cut short.
_UNSAFE = re.compile(r"^/|(^|/)\.\.(/|$)|[:\\\0]")
_ARCHIVES = re.compile(r"\.(zip|rar|7z|gz|tgz|bz2|xz|tar|kmz)$", re.IGNORECASE)
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)


@dataclass(frozen=True, slots=True)
class Member:
    """A file within an archive. name: as people read it, with / between folders."""

    name: str
    entry: zipfile.ZipInfo

    @property
    def ending(self) -> str:
        """After the last point, in small letters; of `a.shp.xml` it is `xml`."""
        return self.name.rpartition("/")[2].rpartition(".")[2].lower()

    @property
    def stem(self) -> str:
        """The name without its ending, folders included."""
        return self.name.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive whose directory was judged. members: its files, without what nobody meant to send."""

    path: Path
    members: list[Member]

    def content(self, member: Member, most: int) -> bytes:
        """All of a file. Raises Refused: expanded, archive-corrupt."""
        pieces = bytearray()
        with self.opened(member) as file, damage_told():
            while piece := file.read(_PIECE):
                pieces += piece
                if len(pieces) > most:
                    raise refusal("expanded", limit=most, observed=len(pieces))
        return bytes(pieces)

    def opened(self, member: Member) -> IO[bytes]:
        """A file, open to be read from front to back."""
        # What is open within stays open when the archive is closed.
        with damage_told(), zipfile.ZipFile(self.path) as archive:
            return archive.open(member.entry)


@dataclass(frozen=True, slots=True)
class Packed:
    """A file within an archive, to be opened like one on its own."""

    archive: Archive
    member: Member

    def open(self, _mode: Literal["rb"], /) -> IO[bytes]:
        return self.archive.opened(self.member)


class damage_told:  # noqa: N801 (it is used like a function)
    """Whatever a damaged archive makes the library raise becomes one refusal."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, RuntimeError) and "password" in str(error):
            raise refusal("archive-encrypted") from None
        if isinstance(error, _DAMAGE):
            raise refusal("archive-corrupt", value=type(error).__name__) from None


def open_archive(path: Path, limits: Limits) -> Archive:
    """Raises Refused: entries, archive-encrypted, archive-path, archive-symlink, archive-duplicate,
    archive-overlap, nested-archive, archive-corrupt."""
    with damage_told(), zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    _check_entries(path, entries, limits)
    named = [Member(_name(entry), entry) for entry in entries if not entry.is_dir()]
    members = [member for member in named if not is_litter(member.name)]
    for member in members:
        if is_archive(member.name):
            raise refusal("nested-archive", value=member.name)
    names = [member.name.casefold() for member in members]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise refusal("archive-duplicate", value=twice)
    return Archive(path, members)


def check_contents(archive: Archive, limits: Limits, begins: Callable[[bytes], None] | None = None) -> None:
    """Unpacks every file to nowhere, counting: what the directory says of sizes is not believed. begins: is
    told the first bytes of each. Raises Refused: expanded, archive-corrupt, archive-encrypted."""
    total = 0
    for member in archive.members:
        size = 0
        with archive.opened(member) as content, damage_told():
            while piece := content.read(_PIECE):
                if size == 0 and begins is not None:
                    begins(piece)
                size += len(piece)
                if total + size > limits.archive_bytes:
                    raise refusal("expanded", limit=limits.archive_bytes, observed=total + size)
                if size > _RATIO_FROM and size > limits.archive_ratio * max(1, member.entry.compress_size):
                    observed = size // max(1, member.entry.compress_size)
                    raise refusal("expanded", limit=limits.archive_ratio, observed=observed)
        total += size


def is_litter(name: str) -> bool:
    """Whether a program left this behind unasked."""
    return bool(_LITTER.search(name))


def is_archive(name: str) -> bool:
    return bool(_ARCHIVES.search(name))


def only(members: Iterable[Member], endings: frozenset[str]) -> None:
    """Raises Refused archive-member for a file of a kind that has no business in such an archive."""
    for member in members:
        if member.ending not in endings:
            raise refusal("archive-member", value=member.name)


def _check_entries(path: Path, entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > limits.archive_entries:
        raise refusal("entries", limit=limits.archive_entries, observed=len(entries))
    if any(entry.flag_bits & 1 for entry in entries):
        raise refusal("archive-encrypted")
    for entry in entries:
        # The library cuts a name at a NUL and turns backslashes round; what the file says is judged.
        name = entry.orig_filename
        if not entry.filename or _UNSAFE.search(name) or len(name) > _LONGEST_NAME:
            raise refusal("archive-path", value=name)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise refusal("archive-symlink", value=name)
    if len({entry.filename for entry in entries}) < len(entries):
        names = [entry.filename for entry in entries]
        raise refusal("archive-duplicate", value=next(name for name in names if names.count(name) > 1))
    _check_places(path, sorted((entry.header_offset, _length(entry)) for entry in entries))


def _check_places(path: Path, places: list[tuple[int, int]]) -> None:
    """places: where each entry begins and how long it is at least, in order."""
    for (offset, size), (following, _) in pairwise(places):
        if offset + size > following:
            raise refusal("archive-overlap")
    if places and places[0][0] != 0:
        raise refusal("archive-corrupt", value="start")  # something else stands before the archive
    if places and places[-1][0] + places[-1][1] > path.stat().st_size:
        raise refusal("archive-corrupt", value="sizes")


def _length(entry: zipfile.ZipInfo) -> int:
    """Bytes that an entry takes at least: its header, its name, its content."""
    return _LOCAL_HEADER + len(_raw_name(entry)) + entry.compress_size


def _raw_name(entry: zipfile.ZipInfo) -> bytes:
    return entry.orig_filename.encode("utf-8" if entry.flag_bits & _UTF8_NAME else "cp437")


def _name(entry: zipfile.ZipInfo) -> str:
    """Without the mark for UTF-8 the bytes may be UTF-8 all the same, or what a Chinese Windows writes."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    raw = entry.filename.encode("cp437")
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return entry.filename
