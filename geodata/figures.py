"""Figures as sources give them, and what follows from two of them."""

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
