"""Which commitment the words of a quote carry: 力争 strives, 预计 expects, 已 says that it happened.

A proposal to a person who has read the whole document, no judgement. The words stand in `commitments.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from geodata.phases import COMMITMENTS


@dataclass(frozen=True, slots=True)
class Word:
    """One word that commits. start, end: where it stands in the text, in characters; end is exclusive."""

    word: str
    start: int
    end: int
    commitment: str


def found(text: str) -> tuple[Word, ...]:
    """Every word of the text that commits, in order; of words that overlap the longest. Case of English does
    not matter."""
    pattern, commitment_of = _table()
    return tuple(
        Word(match[0], match.start(), match.end(), commitment)
        for match in pattern.finditer(text)
        if (commitment := commitment_of[match[0].lower()])
    )


def proposed(words: Sequence[Word]) -> str | None:
    """The commitment that these words carry together: the weakest. None when there are none."""
    return min((word.commitment for word in words), key=COMMITMENTS.index, default=None)


@lru_cache(maxsize=1)
def _table() -> tuple[re.Pattern[str], dict[str, str]]:
    """What to look for, and the commitment by word in lower case: "" of a word that commits nobody."""
    text = resources.files(__package__).joinpath("commitments.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    commitment_of = dict.fromkeys(data["names"], "")
    chinese, english = list(data["names"]), []
    for group in data["words"]:
        commitment_of |= dict.fromkeys((*group["zh"], *group["en"]), group["commitment"])
        chinese += group["zh"]
        english += group["en"]
    alternatives = [
        *(re.escape(word) for word in sorted(chinese, key=len, reverse=True)),
        *(rf"(?<![a-z]){re.escape(word)}(?![a-z])" for word in sorted(english, key=len, reverse=True)),
    ]
    return re.compile("|".join(alternatives), re.IGNORECASE), commitment_of
