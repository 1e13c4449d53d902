"""Letters of pictures: Latin ones from the font that Pillow carries, Chinese ones from a font of the machine.

A character that neither has is replaced or left out: nobody is shown a box in its place.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import structlog
from PIL import Image, ImageDraw, ImageFont

from app.embedded import font

log = structlog.get_logger()
Colour = str
# What is written for what neither font has.
UNBROKEN = "\u00a0"
INSTEAD = {"—": "-", "–": "-", "→": ">", "−": "-", "\u2011": "-", UNBROKEN: " "}
# Simplified Chinese among the faces of a collection; the first one is often Japanese.
SIMPLIFIED = ("SC", "CN", "GB")
MOST_FACES = 40
# Punctuation that begins no line.
CLOSING = "，。；：、！？）》”’,.;:!?)·"
#: How much thicker bold is, as a share of the size: few machines have a bold Chinese font.
BOLD = 0.022
#: Latin letters look smaller than Chinese ones of the same size.
LATIN = 1.06


@lru_cache(maxsize=4)
def chinese(named: Path | None) -> tuple[Path, int] | None:
    """The file of the Chinese font and the face in it; None when there is none, which is logged once.

    named: a file to be preferred to the machine's.
    """
    for path in font.files(named):
        face = _face(path)
        if face is not None:
            return path, face
        log.warning("font cannot be used", path=str(path))
    log.warning("no Chinese font: pictures of shared links are drawn in English; see GUATU_FONT")
    return None


def _face(path: Path) -> int | None:
    """The face of simplified Chinese, or the first one that has Chinese characters at all."""
    first = None
    for index in range(MOST_FACES):
        try:
            face = ImageFont.truetype(str(path), 20, index)
        except OSError:
            break
        if not _has(face, "湖"):
            continue
        if any(mark in (face.getname()[0] or "").split() for mark in SIMPLIFIED):
            return index
        first = index if first is None else first
    return first


Face = ImageFont.FreeTypeFont


@lru_cache(maxsize=64)
def _sized(named: Path | None, size: int) -> tuple[Face | None, Face]:
    found = chinese(named)
    latin = ImageFont.load_default(round(size * LATIN))
    if not isinstance(latin, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType")
    return (ImageFont.truetype(str(found[0]), size, found[1]) if found else None), latin


def _has(face: Face, character: str) -> bool:
    """Whether the font draws a character as something other than what it draws for one it does not know."""
    if character.isspace():
        return True
    mask, unknown = face.getmask(character), face.getmask("\uffff")
    # Some fonts hold room for what they cannot draw.
    if not any(bytes(mask)):
        return False
    return mask.size != unknown.size or bytes(mask) != bytes(unknown)


class Letters:
    """Text of one size in pixels. named: see `chinese`."""

    def __init__(self, named: Path | None, size: int, *, bold: bool = False) -> None:
        self.size = size
        self._chinese, self._latin = _sized(named, size)
        self._stroke = max(1, round(size * BOLD)) if bold else 0

    def width(self, text: str) -> float:
        return sum(face.getlength(run) + 2 * self._stroke * (len(run) > 0) for face, run in self._runs(text))

    def write(self, image: Image.Image, x: float, baseline: float, text: str, colour: Colour) -> float:
        """Write from x on, standing on the baseline; answers where it ends."""
        draw = ImageDraw.Draw(image)
        for face, run in self._runs(text):
            draw.text(
                (x + self._stroke, baseline),
                run,
                font=face,
                fill=colour,
                anchor="ls",
                stroke_width=self._stroke,
                stroke_fill=colour,
            )
            x += face.getlength(run) + 2 * self._stroke
        return x

    def lines(self, text: str, room: float, most: int) -> list[str]:
        """The text in lines no wider than `room`, at most so many, the last one cut with an ellipsis."""
        out: list[str] = []
        rest = text.strip()
        while rest and len(out) < most:
            head = self._head(rest, room)
            rest = rest[len(head) :].strip()
            out.append(head.strip())
        if rest:
            last = out[-1]
            while last and self.width(last + "…") > room:
                last = last[:-1]
            out[-1] = last.rstrip() + "…"
        return out

    def fits(self, text: str, room: float, most: int) -> bool:
        return "".join(self.lines(text, room, most)).replace(" ", "") == text.replace(" ", "")

    def _head(self, text: str, room: float) -> str:
        """As much from the begin of a text as fits, cut between Chinese characters or Latin words."""
        if self.width(text) <= room:
            return text
        end = 1
        while end < len(text) and self.width(text[: end + 1]) <= room:
            end += 1
        cut = next((n for n in range(end, 0, -1) if _may_break(text, n)), end)
        return text[:cut]

    def _runs(self, text: str) -> Iterator[tuple[Face, str]]:
        run, face = "", self._latin
        for character in text:
            for one in self._drawable(character):
                of = self._face_of(one) or face
                if of is not face and run:
                    yield face, run
                    run = ""
                face = of
                run += one
        if run:
            yield face, run

    def _drawable(self, character: str) -> str:
        """The character, what stands in for it, or nothing."""
        if self._face_of(character):
            return character
        plain = INSTEAD.get(character) or unicodedata.normalize("NFKD", character)
        return "".join(one for one in plain if not unicodedata.combining(one) and self._face_of(one))

    def _face_of(self, character: str) -> Face | None:
        if character == " " or _known(self._latin, character):
            return self._latin
        return self._chinese if self._chinese and _known(self._chinese, character) else None


@lru_cache(maxsize=20_000)
def _known(face: Face, character: str) -> bool:
    return character.isprintable() and _has(face, character)


def _may_break(text: str, at: int) -> bool:
    """Whether a line may end before the character at `at`."""
    before, after = text[at - 1], text[at]
    if after in CLOSING or before in "（《“(":
        return False
    return " " in (before, after) or before == "–" or ord(before) > 0x2E80 or ord(after) > 0x2E80
