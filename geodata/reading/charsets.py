"""The encoding of a text file: by its mark, strictly as UTF-8, strictly as GB18030, or not at all.

Statistical guessing was tried and calls short GBK names Korean; a strict decoder with two plausibility rules
does not.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Literal, Protocol

from geodata.issues import Issue, issue
from geodata.reading.contract import Refused
from geodata.reading.refusals import refusal

CHUNK = 1 << 20
_SAMPLE = 256 * 1024
_NAMES = re.compile(r"[\u3400-\u9fff]{2,12}")
# What an uploader may say; the value is Python's codec.
CODECS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "gb18030": "gb18030",
    "cp936": "gb18030",
    "big5": "big5hkscs",
}


class Openable(Protocol):
    """A file by itself or within an archive."""

    def open(self, mode: Literal["rb"], /) -> IO[bytes]: ...


@dataclass(frozen=True, slots=True)
class Text:
    """A text file in a known encoding. skip: bytes of the mark at its start."""

    path: Openable
    encoding: str
    skip: int = 0
    notes: list[Issue] = field(default_factory=list)

    def chunks(self) -> Iterator[bytes]:
        """The text as UTF-8, piece by piece, without its mark."""
        if self.encoding == "utf-8":
            yield from _raw(self.path, self.skip)
        else:
            for piece in _decoded(self.path, self.encoding, self.skip):
                yield piece.encode("utf-8")

    def head(self) -> str:
        """The beginning, as text."""
        with self.path.open("rb") as file:
            file.seek(self.skip)
            return file.read(_SAMPLE).decode(self.encoding, errors="ignore")


def recognise(path: Openable, declared: str) -> Text:
    """The file with its encoding. declared: the uploader's word, "" for none.

    Raises Refused charset: 415 for UTF-32 and unknown names, 422 with the byte where decoding failed.
    """
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise refusal("charset/unsupported", value="UTF-32")
    if start.startswith(codecs.BOM_UTF8):
        return _strict(path, "utf-8", 3)
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if start.startswith(mark):
            return _converted(_strict(path, name, 2))
    if declared:
        return _as_declared(path, declared, start)
    if name := unmarked_utf16(start):
        return _converted(_strict(path, name, 0))
    return _by_trial(path)


def _as_declared(path: Openable, declared: str, start: bytes) -> Text:
    codec = CODECS.get(declared.strip().lower().replace("_", "-"))
    if codec is None:
        raise refusal("charset/unsupported", value=declared)
    if codec == "utf-16":
        # Without its mark, which was looked for before: in the order of bytes that the Latin text in it
        # shows, or in that of Windows.
        codec = unmarked_utf16(start) or "utf-16-le"
    return _strict(path, codec, 0)


def unmarked_utf16(start: bytes) -> str:
    """The codec of UTF-16 without its mark, or "": every other byte of Latin text in it is NUL."""
    pairs = len(start) // 2
    if pairs < 2:
        return ""
    for offset, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if start[offset::2].count(0) > 0.6 * pairs and start[1 - offset :: 2].count(0) < 0.05 * pairs:
            return name
    return ""


def _converted(text: Text) -> Text:
    text.notes.append(issue("charset-converted", value=text.encoding.upper()))
    return text


def _strict(path: Openable, codec: str, skip: int) -> Text:
    for _ in _decoded(path, codec, skip):
        pass
    return Text(path, codec, skip)


def _by_trial(path: Openable) -> Text:
    try:
        return _strict(path, "utf-8", 0)
    except Refused as as_utf8:
        with path.open("rb") as file:
            if not looks_chinese(file.read(_SAMPLE * 4)):
                raise
        try:
            text = _strict(path, "gb18030", 0)
        except Refused:
            raise as_utf8 from None
    text.notes.append(issue("charset-gb18030", value=some_names(text.head())))
    return text


def some_names(text: str) -> list[str]:
    """A few Chinese words of a text, by which a person sees whether it was decoded well."""
    return list(dict.fromkeys(_NAMES.findall(text)))[:5]


def looks_chinese(sample: bytes) -> bool:
    """Whether what is not UTF-8 may be GB18030: no damaged UTF-8, and mostly common characters."""
    as_utf8 = sample.decode("utf-8", errors="replace")
    damaged = as_utf8.count("\ufffd")
    if sum(1 for c in as_utf8 if c > "\x7f" and c != "\ufffd") > 3 * damaged:
        return False
    foreign = [c for c in sample.decode("gb18030", errors="ignore") if c > "\x7f"]
    common = len("".join(foreign).encode("gb2312", errors="ignore")) // 2
    return common * 2 >= len(foreign)


def _raw(path: Openable, skip: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(skip)
        while piece := file.read(CHUNK):
            yield piece


def _decoded(path: Openable, codec: str, skip: int) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(codec)("strict")
    done = skip
    for piece in _raw_with_end(path, skip):
        held = len(decoder.getstate()[0])
        try:
            yield decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            at = done - held + error.start
            raise refusal("charset", byte=at, value=codec.upper()) from None
        done += len(piece)


def _raw_with_end(path: Openable, skip: int) -> Iterator[bytes]:
    yield from _raw(path, skip)
    yield b""
