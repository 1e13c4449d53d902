"""Attribute names and values as files hold them: what may not pass, and numbers kept exactly."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from geodata.reading.limits import Limits
from geodata.reading.refusals import Faults, refusal

# Tab and line ends are part of texts; every other control is not.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
# Marks that change the direction of writing or cannot be seen have no place in a name.
_NOT_IN_NAMES = re.compile(r"[<>\"`;\\{}$\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_RESERVED_NAMES = frozenset({"__proto__", "constructor", "prototype"})


@dataclass(slots=True)
class Columns:
    """The column names of a file, in the order they appear, each judged when first met."""

    limits: Limits
    faults: Faults
    names: dict[str, None] = field(default_factory=dict)

    def meet(self, name: str, row: int | None) -> None:
        """Raises Refused keys or key-length; a name that is not allowed becomes a fault."""
        if name in self.names:
            return
        self.names[name] = None
        if len(self.names) > self.limits.keys:
            raise refusal("keys", limit=self.limits.keys, observed=len(self.names), row=row)
        if len(name) > self.limits.key_length:
            raise refusal("key-length", limit=self.limits.key_length, observed=len(name), row=row)
        if not name.strip() or name in _RESERVED_NAMES or _NOT_IN_NAMES.search(name):
            self.faults.add("field-name", value=name, field=name, row=row)


def check_text(text: str, name: str, row: int, limits: Limits) -> None:
    """Raises Refused value-length."""
    if len(text) > limits.value_length:
        raise refusal("value-length", limit=limits.value_length, observed=len(text), field=name, row=row)


def check_nested(value: Any, name: str, row: int, limits: Limits, depth: int = 1) -> None:
    """An object or list as a value. Raises Refused value-depth, value-length, key-length."""
    if depth > limits.value_depth:
        raise refusal("value-depth", limit=limits.value_depth, observed=depth, field=name, row=row)
    if isinstance(value, dict):
        for key in value:
            if len(key) > limits.key_length:
                raise refusal("key-length", limit=limits.key_length, observed=len(key), field=name, row=row)
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, str):
            check_text(inner, name, row, limits)
        elif isinstance(inner, dict | list):
            check_nested(inner, name, row, limits, depth + 1)


def control_in(value: Any) -> str:
    """The first control character in a value or anything inside it, as U+0007; "" for none."""
    if isinstance(value, str):
        found = CONTROL.search(value)
        return f"U+{ord(found[0]):04X}" if found else ""
    if isinstance(value, dict):
        return next(filter(None, (control_in(part) for pair in value.items() for part in pair)), "")
    if isinstance(value, list):
        return next(filter(None, map(control_in, value)), "")
    return ""


def exact_float(text: str) -> float | str:
    """A decimal as a float, or as its text when the float would be another number."""
    number = float(text)
    return number if Decimal(text) == Decimal(repr(number)) else text


def exact_int(text: str) -> int | str:
    """An integer, or its text when a program that knows only floats would change it, or when it has more than
    64 bits."""
    if len(text) > 300:
        return text
    number = int(text)
    return number if -(2**63) <= number < 2**64 and int(float(number)) == number else text
