"""Figures as sources give them, what follows from two of them, and whether two can both be so."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = re.compile(r"(>?)(\d+(?:\.(\d+))?)(~?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with the interval its rounding allows. exceeded: the source says "more than"."""

    value: float
    low: float
    high: float
    exceeded: bool = False
    about: bool = False


def read_figure(text: str) -> Figure | None:
    """``98.6``, ``>297`` (超), ``140~`` (约); None for words, ranges and classes (近三倍, 千亿级, 9.8/10)."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    value = float(match[2])
    half = 0.5 * 10 ** -len(match[3] or "")
    return Figure(value, value - half, value + half, bool(match[1]), bool(match[4]))


_ABOUT = re.compile(
    r"大约|约|近|接近|将近|左右|上下|几乎|about|around|nearly|almost|some|approximately|~", re.I
)
_OVER = re.compile(r"超过|超|逾|多于|余|多|以上|over|more than|above|exceed(?:s|ed|ing)?|>", re.I)
_UNDER = re.compile(r"不足|不到|少于|低于|以下|under|below|less than|fewer than|<", re.I)
_IN_WORDS = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_NEAR, _BEYOND = 0.05, 0.1
"""How far from the number "about" may be, and how far beyond it "over" and "under", of the number itself."""


def may_agree(a: str, b: str) -> bool:
    """Whether two values can both be so. Plain numbers must be the same; where one is about, over or under a
    number, in our signs (``140~``, ``>297``) or in words (近300, 超297, over 297), what it may mean must meet
    the other. What is no number agrees only with the same words."""
    if a == b:
        return True
    one, other = _meant(a), _meant(b)
    if one is None or other is None:
        return False
    (low, high, _), (low_b, high_b, _) = one, other
    if one[2] and other[2]:
        return low == low_b
    return low <= high_b and low_b <= high


def _meant(text: str) -> tuple[float, float, bool] | None:
    """The least and the most that a value may mean, and whether it is plain; None: it is not one number."""
    words = text.strip().replace(",", "")
    numbers = _IN_WORDS.findall(words)
    if len(numbers) != 1:
        return None
    rest = words.replace(numbers[0], "", 1)
    value = float(numbers[0])
    under, rest = bool(_UNDER.search(rest)), _UNDER.sub("", rest)
    about, rest = bool(_ABOUT.search(rest)), _ABOUT.sub("", rest)
    over, rest = bool(_OVER.search(rest)), _OVER.sub("", rest)
    if rest.strip():
        return None
    low = value * (1 - (_BEYOND if under else _NEAR if about else 0))
    high = value * (1 + (_BEYOND if over else _NEAR if about else 0))
    return low, high, not (under or about or over)


def implied_target(value: str, ratio_percent: str) -> Figure | None:
    """The target of which `value` is `ratio_percent` per cent; its bounds follow from both roundings.

    None when either is no plain number or the ratio is not positive.
    """
    done, ratio = read_figure(value), read_figure(ratio_percent)
    if done is None or ratio is None or ratio.low <= 0 or done.exceeded or ratio.exceeded:
        return None
    return Figure(
        round(done.value / ratio.value * 100, 1),
        round(done.low / ratio.high * 100, 2),
        round(done.high / ratio.low * 100, 2),
    )
