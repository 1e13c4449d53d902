"""Names and words as people type them."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from types import ModuleType

# Names of places that the dictionary reads otherwise than the people who live there.
_OWN = {"山厦": [["shān"], ["xià"]]}


@lru_cache(maxsize=1)
def _dictionary() -> ModuleType:
    # Fifty megabytes that most processes never ask.
    import pypinyin

    pypinyin.load_phrases_dict(_OWN)
    return pypinyin


def syllables(word: str) -> list[str]:
    """A Chinese word in pinyin without tones, by syllables; what is not Chinese as it is."""
    return list(_dictionary().lazy_pinyin(unicodedata.normalize("NFKC", word)))


@lru_cache(maxsize=20_000)
def reading(word: str) -> str:
    """A Chinese word in pinyin without tones, the rest as it is: 在建 and 在健 are both zaijian."""
    return "".join(syllables(word)).lower()


@lru_cache(maxsize=20_000)
def initials(name: str) -> str:
    """The first letters of a Chinese name in pinyin, other letters and digits as they are, folded in width
    and case, without spaces and signs: 富安东路 → fadl, 旧墟镇GX04 → jxzgx04.

    Readings by pypinyin, which knows words; a character of several readings may get the wrong one.
    """
    pinyin = _dictionary()
    plain = unicodedata.normalize("NFKC", name)
    letters = pinyin.lazy_pinyin(plain, style=pinyin.Style.FIRST_LETTER, errors="default")
    return "".join(c for c in "".join(letters).lower() if c.isalnum() and c.isascii())
