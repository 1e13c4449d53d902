"""What chance does to a file whatever it holds: bits, ranges, chunks, and fields that count."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable

Way = Callable[[bytes, random.Random, str], bytes]
"""Changes a file. Given its bytes, the chance, and the address of the listener that must never be asked."""
EXTREMES = (0, 1, -1, 2**15 - 1, 2**16 - 1, 2**31 - 1, -(2**31), 2**32 - 1, 2**63 - 1, 2**64 - 1)
REALS = (float("nan"), float("inf"), -float("inf"), 1e308, -1e308, 5e-324, -0.0, 1e-300)
TOKENS = (
    b"[", b"]", b"{", b"}", b'"', b",", b":", b"\\", b"null", b"1e999", b"-1", b"\x00", b"\xff", b"\n", b"(",
    b"EMPTY", b"<", b">", b"&", b";", b"'", b"\r", b"\xef\xbb\xbf", b"\xff\xfe", b"PK\x03\x04", b"%s%n", b"=",
)  # fmt: skip


def bits(data: bytes, chance: random.Random, _: str) -> bytes:
    """Some bits the other way round."""
    changed = bytearray(data)
    for _n in range(chance.choice((1, 2, 4, 32))):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def noise(data: bytes, chance: random.Random, _: str) -> bytes:
    """A range of bytes that mean nothing."""
    at, length = _range(data, chance)
    return data[:at] + chance.randbytes(length) + data[at + length :]


def tokens(data: bytes, chance: random.Random, _: str) -> bytes:
    """A mark that means something to a reader, between two bytes or in the place of one."""
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(TOKENS) + data[at + chance.randrange(2) :]


def cut(data: bytes, chance: random.Random, _: str) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def left_out(data: bytes, chance: random.Random, _: str) -> bytes:
    at, length = _range(data, chance)
    return data[:at] + data[at + length :]


def twice(data: bytes, chance: random.Random, _: str) -> bytes:
    """A range comes again, now and then very often."""
    at, length = _range(data, chance)
    often = chance.choice((1, 1, 1, 2, 500))
    return data[: at + length] + data[at : at + length] * often + data[at + length :]


def elsewhere(data: bytes, chance: random.Random, _: str) -> bytes:
    """A range stands over another."""
    at, length = _range(data, chance)
    to = chance.randrange(len(data) + 1)
    return data[:to] + data[at : at + length] + data[to + length :]


def exchanged(data: bytes, chance: random.Random, _: str) -> bytes:
    """Two chunks in each other's place."""
    a, b, c, d = sorted(chance.randrange(len(data) + 1) for _n in range(4))
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def integers(data: bytes, chance: random.Random, _: str) -> bytes:
    """A field of two, four or eight bytes at its place in step holds the most, the least or nothing."""
    width = chance.choice((2, 4, 4, 4, 8))
    places = len(data) // width
    if not places:
        return data
    # What says how much there is stands at the front.
    near = chance.random() < 0.5
    at = width * chance.randrange(min(places, 40) if near else places)
    number = chance.choice(EXTREMES) % (1 << 8 * width)
    return data[:at] + number.to_bytes(width, chance.choice(("little", "big"))) + data[at + width :]


def reals(data: bytes, chance: random.Random, _: str) -> bytes:
    """Eight bytes at a place in step of four hold a number that is none, or none that is a place."""
    if len(data) < 8:
        return data
    at = 4 * chance.randrange((len(data) - 8) // 4 + 1)
    return data[:at] + struct.pack(chance.choice("<>") + "d", chance.choice(REALS)) + data[at + 8 :]


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A file after one of the ways above."""
    return chance.choice(BYTES)(data, chance, "")


def _range(data: bytes, chance: random.Random) -> tuple[int, int]:
    """Where a range begins and how long it is: mostly short, now and then half of the file."""
    at = chance.randrange(len(data) + 1)
    return at, min(chance.choice((1, 4, 12, 64, len(data) // 8 + 1, len(data) // 2 + 1)), len(data) - at)


BYTES: tuple[Way, ...] = (bits, noise, tokens, cut, left_out, twice, elsewhere, exchanged, integers, reals)
