"""Which encoding the table of a Shapefile is in: what decodes strictly, and only then what is said of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from geodata.issues import Issue, issue
from geodata.reading.charsets import CODECS, looks_chinese, some_names
from geodata.reading.refusals import refusal

FIELD = 32
"""Bytes of the description of a column."""
_SAMPLE = 1 << 20
# The language byte of the header, as far as it says anything: 0x57 means "whatever was usual there".
_LANGUAGES = {
    0x01: "cp437",
    0x02: "cp850",
    0x03: "cp1252",
    0x4D: "gbk",
    0x4F: "big5",
    0x78: "big5",
    0x7A: "gbk",
    0xC8: "cp1250",
    0xC9: "cp1251",
}
_PAGES = {
    **CODECS,
    "936": "gb18030",
    "oem936": "gb18030",
    "65001": "utf-8",
    "950": "big5hkscs",
    "big-5": "big5hkscs",
}
_OTHERS = re.compile(
    r"(?:cp|windows-?|ansi ?|ansi-)?(125[0-8]|437|850|852|866|949|932)|(iso-?8859-?1?[0-9]|latin-?1|88591)"
)


@dataclass(frozen=True, slots=True)
class Texts:
    """Some cells of a text column. byte: of the first, in the file; step: bytes from one to the next."""

    byte: int
    step: int
    width: int
    cells: list[bytes]


AllTexts = Callable[[], Iterator[Texts]]
"""All text columns, block by block, anew each time."""


@dataclass(frozen=True, slots=True)
class Word:
    """What a table is said to be written in. codec: "" when nothing is said, None when it makes no sense."""

    cpg: str
    language: int

    @property
    def told(self) -> str:
        return self.cpg or (f"LDID 0x{self.language:02X}" if self.language in _LANGUAGES else "")

    @property
    def codec(self) -> str | None:
        said = self.cpg.lower().replace("_", "-")
        if not said:
            said = _LANGUAGES.get(self.language, "")
        if not said or said in _PAGES:
            return _PAGES.get(said, "")
        if found := _OTHERS.fullmatch(said):
            name = found[1] or found[2]
            if found[1]:
                return f"cp{name}"
            number = int(re.sub(r"\D", "", name).removeprefix("8859") or "1")
            # There is no part 12, and none after 16.
            return f"iso8859-{number}" if number in (*range(1, 12), *range(13, 17)) else None
        return None


def encoding_of(names: list[bytes], texts: AllTexts, word: Word, declared: str) -> tuple[str, list[Issue]]:
    """The codec of a table, and what is to be told of it. names: of its columns, undecoded; declared: what
    the uploader says. Raises Refused: charset, charset/unsupported."""
    sample = b"\n".join(names)
    for some in texts():
        sample += b"\n" + b"\n".join({cell.rstrip(b" \0") for cell in some.cells if not cell.isascii()})
        if len(sample) > _SAMPLE:
            break
    if declared:
        codec = CODECS.get(declared.strip().lower().replace("_", "-"))
        if codec is None:
            raise refusal("charset/unsupported", value=declared)
        try:
            return _decode_all(names, texts, codec), []
        except _Undecodable as wrong:
            raise refusal("charset", byte=wrong.byte, value=codec.upper()) from None
    codec = _decided(names, texts, word, sample)
    notes = []
    plain = sample.isascii() and codec == "utf-8"
    if word.codec is None or (word.codec and word.codec != codec and not plain):
        notes.append(issue("charset-override", value=word.told, other=codec.upper()))
    elif not word.codec and codec == "gb18030":
        words = some_names(sample.decode("gb18030", errors="ignore"))
        notes.append(issue("charset-gb18030", value=words))
    return codec, notes


def _decided(names: list[bytes], texts: AllTexts, word: Word, sample: bytes) -> str:
    try:
        return _decode_all(names, texts, "utf-8")
    except _Undecodable as as_utf8:
        chinese = looks_chinese(sample)
        for codec in (["gb18030"] if chinese else []) + [word.codec or ""]:
            if codec and codec != "utf-8":
                with suppress(_Undecodable):
                    return _decode_all(names, texts, codec)
        raise refusal("charset", byte=as_utf8.byte, value="UTF-8") from None


class _Undecodable(Exception):
    def __init__(self, byte: int) -> None:
        super().__init__(byte)
        self.byte = byte


def _decode_all(names: list[bytes], texts: AllTexts, codec: str) -> str:
    """The codec, when every text is of it; one that fills its width may end within a character."""
    for n, name in enumerate(names):
        if not _decodes(name, codec, len(name) >= 9):
            raise _Undecodable(FIELD * (n + 1))
    for some in texts():
        try:
            b"\n".join(some.cells).decode(codec)
        except UnicodeDecodeError:
            for n, cell in enumerate(some.cells):
                if not _decodes(cell, codec, len(cell) == some.width):
                    raise _Undecodable(some.byte + n * some.step) from None
    return codec


def _decodes(cell: bytes, codec: str, full: bool) -> bool:
    try:
        cell.decode(codec)
    except UnicodeDecodeError as error:
        return full and error.end >= len(cell) and _ends_within(cell[error.start :], codec)
    return True


def _ends_within(rest: bytes, codec: str) -> bool:
    """Whether bytes are the beginning of one character."""
    return len(rest) < 4 and (
        (codec == "utf-8" and 0xC2 <= rest[0] <= 0xF4 and all(0x80 <= b <= 0xBF for b in rest[1:]))
        or (codec in ("gb18030", "big5hkscs") and len(rest) == 1 and 0x81 <= rest[0] <= 0xFE)
    )
