"""A Chinese font: the machine's, or the distribution's packaged one, without root.

The service draws pictures with it, and the browser of the tests shows pages with it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from app.embedded import debian
from app.embedded.errors import Unavailable
from app.embedded.folders import data_folder
from app.embedded.workshop import Workshop

PACKAGE = "fonts-droid-fallback"  # 1.8 MB, and it has the rare characters of local names
#: Where machines keep fonts.
FOLDERS = (
    "~/.local/share/fonts",
    "~/.fonts",
    "/usr/local/share/fonts",
    "/usr/share/fonts",
    "/usr/share/fonts-droid-fallback",
    "~/Library/Fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "/mnt/c/Windows/Fonts",
)
#: Fonts that draw simplified Chinese upright and plain, the best first; matched to names of files.
WANTED = tuple(
    re.compile(pattern + r"\.(ttf|ttc|otf|otc)", re.IGNORECASE)
    for pattern in (
        r"NotoSans(CJK)?-?SC(-Regular|-VF|\[wght\])?",
        r"NotoSansCJK-Regular",
        r"SourceHanSans(SC|CN)?(-Regular|-VF)?",
        r"PingFang",
        r"msyh",
        r"Hiragino Sans GB",
        r"wqy-microhei",
        r"DroidSansFallbackFull",
        r"DroidSansFallback",
        r"wqy-zenhei",
        r"STHeiti Light",
    )
)


def files(named: Path | None = None) -> Iterator[Path]:
    """Files that should hold a Chinese font, the best first: the one that is named, those of the machine, the
    unpacked one."""
    if named is not None:
        yield named.expanduser()
    yield from _known_in([Path(folder).expanduser() for folder in FOLDERS])
    yield from _known_in([_packaged(data_folder()) / "root"])


def _known_in(folders: Sequence[Path]) -> list[Path]:
    found = []
    for folder in folders:
        for place, _, names in os.walk(folder):
            for name in names:
                rank = next((n for n, wanted in enumerate(WANTED) if wanted.fullmatch(name)), None)
                if rank is not None:
                    found.append((rank, Path(place) / name))
    return [path for _, path in sorted(found)]


def _packaged(home: Path) -> Path:
    return home / "packages/font"


class Font:
    """Sees to it that there is a Chinese font."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop

    def for_service(self) -> None:
        """Have a file that `files` finds; where there is none to be had, say so: the service does without."""
        named = os.environ.get("GUATU_FONT")
        if any(path.is_file() for path in files(Path(named) if named else None)):
            return
        try:
            self._unpack("the pictures of shared links")
        except debian.NotUnpacked as error:
            self._workshop.say(
                f"No Chinese font, and none could be had ({error}): pictures of shared links are drawn in"
                " English. Install one, or name its file in GUATU_FONT."
            )

    def for_browser(self, more: Sequence[Path]) -> dict[str, str]:
        """The variables that show a browser a Chinese font, and the fonts in the folders `more`; none when
        the machine has one. Raises Unavailable."""
        if os.environ.get("FONTCONFIG_FILE") or sys.platform != "linux" or _known_to_fontconfig():
            return {}
        try:
            root = self._unpack("the tests")
        except debian.NotUnpacked as error:
            raise Unavailable(
                f"this machine has no Chinese font, and none could be had: {error}.\n"
                f"Install one (Debian: sudo apt-get install {PACKAGE}), then run the command again."
            ) from error
        target = _packaged(self._workshop.home)
        settings = target / "fonts.conf"
        settings.write_text(
            '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n<fontconfig>\n'
            '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>\n'
            + "".join(f"<dir>{folder}</dir>\n" for folder in [root / "usr/share/fonts", *more])
            + f"<cachedir>{target / 'cache'}</cachedir>\n</fontconfig>\n",
            encoding="utf-8",
        )
        return {"FONTCONFIG_FILE": str(settings)}

    def _unpack(self, purpose: str) -> Path:
        target = _packaged(self._workshop.home)
        if not (target / "complete").exists():
            self._workshop.say(f"No Chinese font on this machine: fetching one (2 MB) for {purpose} …")
        return debian.unpack_packages(target, [PACKAGE], self._workshop.say)


def _known_to_fontconfig() -> bool:
    try:
        result = subprocess.run(["fc-list", ":lang=zh", "file"], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return bool(result.stdout.strip())
