"""A coordinate as people write it in a cell."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Literal

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+\.\d+")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_HEMISPHERE = r"(东经|西经|北纬|南纬|[NSEW东西南北])?"
_DMS = re.compile(
    _HEMISPHERE
    + r"\s*([+-]?\d{1,3}(?:\.\d+)?)\s*[°度d:]\s*"
    + r"(?:(\d{1,2}(?:\.\d+)?)\s*['′’分m:]?\s*)?"
    + r"(?:(\d{1,2}(?:\.\d+)?)\s*(?:[\"″”秒s]|''|′′|’’)?\s*)?"
    + _HEMISPHERE,
    re.IGNORECASE,
)
_NEGATIVE = {"s", "w", "南", "西", "南纬", "西经"}

How = Literal["plain", "normalised", "dms"]


def parse_coordinate(cell: object) -> tuple[float, How] | None:
    """A number, and whether it had to be normalised or converted; None when it is no coordinate.

    Reads 114.12, full-width digits, 114,12 (a decimal comma), 512,330.6 (thousands), 114°07'12"E,
    东经114度7分.
    """
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        return (float(cell), "plain") if math.isfinite(cell) else None
    raw = str(cell).strip()
    if _NUMBER.fullmatch(raw) and raw.isascii():
        return float(raw), "plain"
    text = unicodedata.normalize("NFKC", raw.replace("º", "°").replace("″", '"')).strip()
    if _NUMBER.fullmatch(text):
        return float(text), "normalised"
    if _THOUSANDS.fullmatch(text):
        return float(text.replace(",", "")), "normalised"
    if _DECIMAL_COMMA.fullmatch(text):
        return float(text.replace(",", ".")), "normalised"
    return _from_dms(text)


def _from_dms(text: str) -> tuple[float, How] | None:
    found = _DMS.fullmatch(text)
    if not found:
        return None
    before, degrees, minutes, seconds, after = found.groups()
    if float(minutes or 0) >= 60 or float(seconds or 0) >= 60:
        return None
    value = abs(float(degrees)) + float(minutes or 0) / 60 + float(seconds or 0) / 3600
    negative = degrees.startswith("-") or (before or after or "").lower() in _NEGATIVE
    return (-value if negative else value), "dms"
