"""Which texts came before, of so many that they cannot be kept: twelve bytes for each, of which one or two
stay in memory when they are very many."""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Iterable, Sequence
from functools import reduce
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]
Places = npt.NDArray[np.intp]

NEVER = -1
KEPT = 1 << 19
"""How many are in memory before they go to a file."""
_BLOCK = 512
"""Hashes that are read from the file at once."""
_SIEVE_BITS = 8
"""For each hash of a file: so that of eight looked for in vain, seven are known not to be in it."""


class Seen:
    """Remembers texts (or bytes) with a number each, such as that of a row.

    They are told apart by Python's 64-bit hash, which is keyed anew in each process: of a million texts two
    are taken for one with a chance of about one in thirty million. kept: how many are in memory at most.
    """

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        # What came first goes to files, each of one sorted run.
        self._filed: list[_Filed] = []
        # Sorted runs, each at least twice as long as the next: so that adding stays cheap, and looking too.
        self._runs: list[_Run] = []

    def __bool__(self) -> bool:
        return bool(self._filed or self._runs)

    def __contains__(self, text: str | bytes) -> bool:
        return self.first([text])[0] != NEVER

    def first(self, texts: Sequence[str | bytes]) -> list[int]:
        """By text the number with which it was added first, NEVER where it was not."""
        found = np.full(len(texts), NEVER, np.int32)
        wanted = _hashes(texts)
        for run in self._latest_first():
            low, high = run.spans(wanted)
            same = low < high
            found[same] = run.numbers(low[same])
        return [int(number) for number in found]

    def all(self, texts: Sequence[str | bytes], most: int) -> set[int]:
        """The numbers of all that were added under one of the texts; of each at most so many."""
        found: set[int] = set()
        wanted = np.unique(_hashes(texts))
        for run in self._latest_first():
            for low, high in zip(*run.spans(wanted), strict=True):
                found.update(run.numbers(np.arange(low, min(high, low + most))).tolist())
        return found

    def add(self, texts: Sequence[str | bytes], numbers: Iterable[int]) -> None:
        if not texts:
            return
        hashes = _hashes(texts)
        order = np.argsort(hashes, kind="stable")
        run = _Run(hashes[order], np.fromiter(numbers, np.int32, len(texts))[order])
        while self._runs and len(self._runs[-1].hashes) < 2 * len(run.hashes):
            run = _merged(self._runs.pop(), run)
        self._runs.append(run)
        if sum(len(one.hashes) for one in self._runs) > self._kept:
            self._filed.append(_Filed(reduce(_merged, self._runs)))
            self._runs = []

    def _latest_first(self) -> list[_Sorted]:
        return [*reversed(self._runs), *reversed(self._filed)]


class _Sorted(Protocol):
    """Hashes in order, with a number each."""

    def spans(self, wanted: Hashes) -> tuple[Places, Places]:
        """Of each hash where it begins and ends; the same place where it is not there."""

    def numbers(self, places: Places) -> Numbers: ...


class _Run:
    def __init__(self, hashes: Hashes, numbers: Numbers) -> None:
        self.hashes, self.all_numbers = hashes, numbers

    def spans(self, wanted: Hashes) -> tuple[Places, Places]:
        return np.searchsorted(self.hashes, wanted), np.searchsorted(self.hashes, wanted, "right")

    def numbers(self, places: Places) -> Numbers:
        return self.all_numbers[places]


class _Filed:
    """A run in a file that has no name and ends with the process. In memory stay the first hash of each block
    and a sieve: of each hash one bit, at the place that its lowest digits say."""

    def __init__(self, run: _Run) -> None:
        self._count = len(run.hashes)
        self._begins = run.hashes[::_BLOCK].copy()
        self._mask = (1 << (_SIEVE_BITS * self._count - 1).bit_length()) - 1
        sieve = np.zeros(self._mask + 1, bool)
        sieve[run.hashes & self._mask] = True
        self._sieve = np.packbits(sieve, bitorder="little")
        self._file, name = tempfile.mkstemp(prefix="guatu-seen-")
        Path(name).unlink()
        weakref.finalize(self, os.close, self._file)
        with open(self._file, "wb", closefd=False) as file:
            file.write(run.hashes.tobytes())
            file.write(run.all_numbers.tobytes())

    def spans(self, wanted: Hashes) -> tuple[Places, Places]:
        low = np.zeros(len(wanted), np.intp)
        high = low.copy()
        bit = wanted & self._mask
        maybe = np.flatnonzero(self._sieve[bit >> 3] >> (bit & 7) & 1)
        # The blocks that one may stand in: from that which begins before it to the last that begins with it.
        first = np.maximum(np.searchsorted(self._begins, wanted[maybe]) - 1, 0)
        after = np.maximum(np.searchsorted(self._begins, wanted[maybe], "right"), 1)
        ends = np.minimum(after * _BLOCK, self._count)
        for n, begin, end in zip(maybe, first * _BLOCK, ends, strict=True):
            block = np.frombuffer(os.pread(self._file, int(end - begin) * 8, int(begin) * 8), np.int64)
            low[n] = begin + np.searchsorted(block, wanted[n])
            high[n] = begin + np.searchsorted(block, wanted[n], "right")
        return low, high

    def numbers(self, places: Places) -> Numbers:
        at = self._count * 8
        read = [os.pread(self._file, 4, at + int(place) * 4) for place in places]
        return np.frombuffer(b"".join(read), np.int32)


def _hashes(texts: Sequence[str | bytes]) -> Hashes:
    return np.fromiter(map(hash, texts), np.int64, len(texts))


def _merged(older: _Run, newer: _Run) -> _Run:
    hashes = np.concatenate([older.hashes, newer.hashes])
    # Stable: of equal ones the older comes first, and is the one that is found.
    order = np.argsort(hashes, kind="stable")
    return _Run(hashes[order], np.concatenate([older.all_numbers, newer.all_numbers])[order])
