"""What one cell of a table says: text, numbers with units, codes, yes and no; and what must not stand in
it."""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from typing import Any

from geodata import headers
from geodata.issues import Issue, issue
from geodata.kinds import Field
from geodata.names import reading

_CONTROL = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]")
_HALF = re.compile("[\ud800-\udfff]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_ODD = re.compile(f"{_CONTROL.pattern}|{_BIDI.pattern}|{_INVISIBLE.pattern}")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)", re.ASCII)
_IDENTITY = re.compile(r"(?<!\d)[1-9]\d{16}[\dXx](?![\dXx])", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_FEWEST_DIGITS = 11
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
# An exact amount of more decimals than this (an 亩 in hectares) is rounded; no survey is finer.
_DECIMALS = 6
_LARGEST_EXPONENT = 30


def text(value: Any) -> str:
    """A value as words: numbers as they are written, nothing as the empty text."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, bool | list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def matched(value: Any) -> str:
    """A value as keys and names are compared: composed, without invisible characters and outer blanks."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text(value))).strip()


def odd_characters(value: str, field: str) -> list[Issue]:
    """Characters that must not stand in a value, or that nobody sees."""
    if (value.isascii() and value.isprintable()) or not _ODD.search(value):
        return []
    found = []
    if _CONTROL.search(value):
        found.append(issue("control-character", field=field))
    if _BIDI.search(value):
        found.append(issue("bidi-control", field=field))
    if _INVISIBLE.search(value):
        found.append(issue("invisible-characters", field=field))
    return found


def is_plain(value: str) -> bool:
    """Whether it holds no control character and no half of one that an encoding would not take."""
    return not _CONTROL.search(value) and not _HALF.search(value)


# ---------------------------------------------------------------- personal data


def personal(value: Any) -> tuple[str, str] | None:
    """What personal data a value holds, in Chinese and English: a mobile number, or the number of an identity
    card whose last sign proves it; None when it holds none."""
    said = text(value)
    if len(said) < _FEWEST_DIGITS:
        return None
    if not said.isascii():
        said = unicodedata.normalize("NFKC", said)
    if any(_is_identity(found[0]) for found in _IDENTITY.finditer(said)):
        return "身份证号", "an identity number"
    if _MOBILE.search(said):
        return "手机号码", "a mobile number"
    return None


def _is_identity(number: str) -> bool:
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number[:17], strict=True))
    return _CHECK_DIGITS[total % 11] == number[17].upper()


# ---------------------------------------------------------------- words of a vocabulary


def not_a_word(value: str, field: str, known: Iterable[str]) -> Issue:
    """The fault of a word that a vocabulary does not hold, with the nearest that it does."""
    nearest = _nearest(value, tuple(known))
    if nearest:
        return issue("vocabulary-near", field=field, value=value, nearest=nearest)
    return issue("vocabulary", field=field, value=value)


@lru_cache(maxsize=4096)
def _nearest(value: str, known: tuple[str, ...]) -> str:
    plain = {headers.folded(word): word for word in known}
    # Whoever types Chinese by its sound errs to what sounds the same.
    sounds = {reading(value), reading(value.removeprefix("已"))}
    if same := [word for word in known if reading(word) in sounds]:
        return same[0]
    found = difflib.get_close_matches(headers.folded(value), plain, n=1, cutoff=0.5)
    return plain[found[0]] if found else ""


@lru_cache(maxsize=256)
def _codes(field: Field) -> Mapping[str, str]:
    return {
        headers.folded(name): value.value
        for value in field.values
        for name in (value.value, value.name_zh, value.name_en)
    }


def boolean(value: Any) -> bool | None:
    """True or False as a cell says it (是, no, 1 …); None when it says neither."""
    if isinstance(value, bool):
        return value
    return headers.words().booleans.get(headers.folded(text(value)))


# ---------------------------------------------------------------- attributes of a kind


def attribute(value: Any, field: Field, unit: str, column: str) -> tuple[Any, list[Issue]]:
    """The value of a kind's field as it is stored, and its issues. unit: of the value, "" for the field's
    own.

    Codes become the code, amounts a number in the field's unit (exact, or the words when it is none), all
    else the words. Lists and objects stay.
    """
    if field.values:
        return _code(value, field, column)
    if field.unit:
        return _amount(value, field, unit, column)
    return (value if isinstance(value, list | dict) else text(value)), []


def _code(value: Any, field: Field, column: str) -> tuple[Any, list[Issue]]:
    code = _codes(field).get(headers.folded(text(value)))
    if code is None:
        return None, [not_a_word(text(value), column, [v.name_zh for v in field.values])]
    return code, []


def _amount(value: Any, field: Field, unit: str, column: str) -> tuple[Any, list[Issue]]:
    if isinstance(value, bool | list | dict):
        return value, [issue("number-malformed", field=column, value=text(value))]
    said = text(value)
    plain = unicodedata.normalize("NFKC", said).strip()
    if field.unit == "%":
        plain = plain.removesuffix("%").rstrip()
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > _LARGEST_EXPONENT:
        return said, [issue("number-malformed", field=column, value=said)]
    by = headers.factor(unit, field.unit) if unit else None
    amount = _plain_number(number if by is None else _exact(Fraction(number) * by))
    told = plain != said.strip() and field.unit != "%"
    found = [issue("number-normalised", field=column, value=said, number=amount)] if told else []
    if number < 0:
        found.append(issue("amount-negative", field=column, value=amount))
    return amount, found


def _exact(amount: Fraction) -> Decimal:
    scaled = amount * 10**_DECIMALS
    return Decimal(round(scaled)).scaleb(-_DECIMALS)


def _plain_number(number: Decimal) -> int | float | str:
    """As JSON holds it without loss; as text when no float is exactly this decimal."""
    if number == number.to_integral_value() and abs(number) < 2**53:
        return int(number)
    as_float = float(number)
    return as_float if Decimal(repr(as_float)) == number else str(number)
