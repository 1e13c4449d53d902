"""Which texts came before, of so many that they cannot be kept: twelve bytes for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]

NEVER = -1


class Seen:
    """Remembers texts (or bytes) with a number each, such as that of a row.

    They are told apart by Python's 64-bit hash, which is keyed anew in each process: of a million texts two
    are taken for one with a chance of about one in thirty million.
    """

    def __init__(self) -> None:
        # Sorted runs, each at least twice as long as the next: so that adding stays cheap, and looking too.
        self._runs: list[tuple[Hashes, Numbers]] = []

    def __bool__(self) -> bool:
        return bool(self._runs)

    def __contains__(self, text: str | bytes) -> bool:
        return self.first([text])[0] != NEVER

    def first(self, texts: Sequence[str | bytes]) -> list[int]:
        """By text the number with which it was added first, NEVER where it was not."""
        found = np.full(len(texts), NEVER, np.int32)
        wanted = _hashes(texts)
        for hashes, numbers in reversed(self._runs):
            place = np.searchsorted(hashes, wanted)
            place[place == len(hashes)] = 0
            same = hashes[place] == wanted
            found[same] = numbers[place[same]]
        return [int(number) for number in found]

    def all(self, texts: Sequence[str | bytes], most: int) -> set[int]:
        """The numbers of all that were added under one of the texts; of each at most so many."""
        found: set[int] = set()
        wanted = np.unique(_hashes(texts))
        for hashes, numbers in self._runs:
            begin, end = (np.searchsorted(hashes, wanted, side) for side in ("left", "right"))
            for low, high in zip(begin, np.minimum(end, begin + most), strict=True):
                found.update(numbers[low:high].tolist())
        return found

    def add(self, texts: Sequence[str | bytes], numbers: Iterable[int]) -> None:
        if not texts:
            return
        hashes = _hashes(texts)
        order = np.argsort(hashes, kind="stable")
        run = (hashes[order], np.fromiter(numbers, np.int32, len(texts))[order])
        while self._runs and len(self._runs[-1][0]) < 2 * len(run[0]):
            run = _merged(self._runs.pop(), run)
        self._runs.append(run)


def _hashes(texts: Sequence[str | bytes]) -> Hashes:
    return np.fromiter(map(hash, texts), np.int64, len(texts))


def _merged(older: tuple[Hashes, Numbers], newer: tuple[Hashes, Numbers]) -> tuple[Hashes, Numbers]:
    hashes = np.concatenate([older[0], newer[0]])
    # Stable: of equal ones the older comes first, and is the one that is found.
    order = np.argsort(hashes, kind="stable")
    return hashes[order], np.concatenate([older[1], newer[1]])[order]
