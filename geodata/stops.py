"""The stops of a line in order, as sources list them: 五和、白坭坑、大运、…

A list of stops is a text: names parted by 、 , / or ;, with … (or ...) where a source leaves stations out.
Two names are one place when they agree without 站, Station and what stands in brackets behind them; whether
people change trains there is not said by that.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from geodata.names import syllables

_PARTED = re.compile(r"[、,;/]|(?<=…)|(?=…)")
_BRACKETS = re.compile(r"\([^)]*\)\s*$")
_STATION = re.compile(r"(地铁站|火车站|车站|站|\s+(railway\s+)?station)$", re.IGNORECASE)
_CHINESE = re.compile(r"[\u3400-\u9fff]")
MOST_STOPS = 100


@dataclass(frozen=True, slots=True)
class Named:
    """One stop of a list; a gap stands for stations that the list leaves out, and has no name."""

    name: str
    gap: bool = False


GAP = Named("", True)


def read_stops(text: str) -> list[Named]:
    """The stops of a list, in its order, at most MOST_STOPS. Two gaps in a row are one."""
    found: list[Named] = []
    for part in _PARTED.split(unicodedata.normalize("NFKC", text).replace("...", "…")):
        name = part.strip()
        if name == "…":
            if not found or not found[-1].gap:
                found.append(GAP)
        elif name:
            found.append(Named(name))
    return found[:MOST_STOPS]


def place_key(name: str) -> str:
    """What two spellings of one stop have in common: 平湖站（10号线）, 平湖站 and 平湖 are 平湖."""
    plain = unicodedata.normalize("NFKC", name).strip()
    plain = _BRACKETS.sub("", plain).strip()
    shorter = _STATION.sub("", plain).strip()
    return (shorter or plain).casefold()


def stop_names(name: str) -> tuple[str, str]:
    """A name of a list in Chinese and for English readers: in pinyin, written as one word, since no source
    gives an English one; what is not Chinese stays as it is."""
    if not _CHINESE.search(name):
        return name, name
    first, *others = syllables(name)
    # Where a syllable begins with a vowel the word would be read wrongly without a sign: Fu’an.
    return name, (first + "".join(f"’{o}" if o[:1] in "aeo" else o for o in others)).capitalize()


def bare_name(name: str) -> str:
    """A station's name as a list has room for it, in its own spelling: 平湖 for 平湖站（10号线）."""
    key = place_key(name)
    start = name.casefold().find(key)
    return name[start : start + len(key)] if start >= 0 else name


def names_by_place(stations: Iterable[tuple[Sequence[str], str]]) -> dict[str, str]:
    """The English names of stations by their keys, the first of several. stations: Chinese names with the
    English one; a copy of the Chinese name is none."""
    found: dict[str, str] = {}
    for names, english in stations:
        if english and not _CHINESE.search(english):
            for name in names:
                found.setdefault(place_key(name), bare_name(english))
    return found


def in_english(text: str, known: Mapping[str, str]) -> str:
    """A list of stops by the English names of those that have one (`names_by_place`); the others as they are
    called in Chinese."""
    stops = read_stops(text)
    return ", ".join("…" if stop.gap else known.get(place_key(stop.name), stop.name) for stop in stops)


def goes_on_turned(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether the next part of a line goes on from the first stop of this one (keys of their stops), so that
    this one reads better turned round."""
    return bool(before and after) and before[0] == after[0] != before[-1]
