"""Which project a row is, and what a new one is called. Public ids are readable, stable and never used
twice."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from datetime import date
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.cells import personal
from geodata.changes import Current
from geodata.checking import SLUG
from geodata.geometry import SERVED_DECIMALS
from geodata.names import initials
from geodata.records import Record
from geodata.seen import NEVER, Seen

ID_LENGTH = 80
_HASH_LENGTH = 10
# Two roundings to the served decimals may differ by one of the last.
_SERVED_TOLERANCE = 1.5 * 10**-SERVED_DECIMALS


@lru_cache(maxsize=64)
def dataset_slug(dataset: str) -> str:
    """A dataset's name as a part of ids; a short hash tells apart names that would look the same."""
    plain = _slug(dataset)
    if plain == dataset:
        return plain
    return "-".join(part for part in (plain or initials(dataset)[:20], _hash(dataset)[:4]) if part)


@lru_cache(maxsize=64)
def source_id(dataset: str, day: date) -> str:
    """The id of the source record of what a dataset said on a day."""
    return f"dataset-{dataset_slug(dataset)[:50].strip('-')}-{day.isoformat()}"


class Identity:
    """Names the new projects of one file, part by part."""

    def __init__(self, kind_id: str, dataset: str) -> None:
        self.dataset = dataset
        self.stem = f"{kind_id}-{dataset_slug(dataset)}"[:50].rstrip("-")
        self.earlier = Seen()
        self.taken: Container[str] = ()
        self.used: set[str] = set()
        self.new: set[str] = set()
        self.given: dict[str, str] = {}
        self._wanted: dict[str, str] = {}
        self._again: dict[str, int] = {}

    def next_part(self, keys: Iterable[str], taken: Container[str], public: Iterable[str]) -> None:
        """Before each part. keys: of its rows; taken, public: ids that stand for something already."""
        self.earlier.add(list(self.new), [0] * len(self.new))
        self.new, self.given, self.taken = set(), {}, taken
        self._wanted = {key: self.wanted(key) for key in keys}
        wanted = list({*self._wanted.values()}) if self.earlier else []
        met = self.earlier.first(wanted)
        self.used = {*public, *(name for name, found in zip(wanted, met, strict=True) if found != NEVER)}

    def wanted(self, key: str) -> str:
        """The id that the project of a key is to get: the key itself at its end where it can stand there."""
        if key not in self._wanted:
            plain = _slug(key)
            whole = f"{self.stem}-{plain}"
            fits = plain and len(whole) <= ID_LENGTH and not personal(key) and SLUG.fullmatch(whole)
            self._wanted[key] = whole if fits else self._hashed(self._content(key))
        return self._wanted[key]

    def by_key(self, key: str) -> str:
        """The id of the project of a key."""
        if key not in self.given:
            self.given[key] = self._free(self.wanted(key), self._content(key))
        return self.given[key]

    def by_content(self, record: Record) -> str:
        """The id of a row without a key, from its shape and name, so that the same row gets the same id."""
        content = f"{self.dataset}\0{record.name}\0{_shape_text(record.geometry)}"
        candidate = self._hashed(content)
        if self.earlier and candidate in self.earlier:
            self.used.add(candidate)
        return self._free(candidate, content)

    def _content(self, key: str) -> str:
        return f"{self.dataset}\0{key}"

    def _hashed(self, content: str) -> str:
        return f"{self.stem}-{_hash(content)}"

    def _free(self, wanted: str, content: str) -> str:
        """wanted: of which it is known whether an earlier part has given it."""
        again, candidate = self._again.get(wanted, 0), wanted
        # Of ten thousand rows alike the last need not ask for what all before were given.
        if again:
            candidate = self._hashed(content + str(again))
        while candidate in self.used or candidate in self.taken:
            again += 1
            candidate = self._hashed(content + str(again))
            if self.earlier and candidate in self.earlier:
                self.used.add(candidate)
        if again:
            self._again[wanted] = again
        self.used.add(candidate)
        self.new.add(candidate)
        return candidate


def _slug(text: str) -> str:
    """Lower-case letters and digits with hyphens; "" when anything else would be lost."""
    plain = re.sub(r"[\s_./]+", "-", text.strip().lower())
    return plain if SLUG.fullmatch(plain) else ""


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_HASH_LENGTH]


def _shape_text(geometry: BaseGeometry | None) -> str:
    return "" if geometry is None else str(_served(geometry).wkb_hex)


def _served(geometry: BaseGeometry) -> BaseGeometry:
    """As it is served, in normal form."""
    rounded = shapely.transform(geometry, lambda xy: np.round(xy, SERVED_DECIMALS))
    shape: BaseGeometry = shapely.normalize(rounded)
    return shape


class Unkeyed:
    """Finds the public project that a row without a key is: the same shape and the same name. Each once."""

    def __init__(self, public: Iterable[tuple[str, Current]]) -> None:
        self.public = list(public)
        self.found: dict[tuple[str, str], list[str]] | None = None

    def find(self, record: Record) -> str | None:
        if self.found is None:
            self.found = defaultdict(list)
            for project_id, current in self.public:
                name = str(current.record["name_zh"])
                self.found[name, _shape_text(current.geometry)].append(project_id)
        same = self.found.get((record.name, _shape_text(record.geometry)))
        return same.pop(0) if same else None


def same_shapes(now: Sequence[BaseGeometry | None], wanted: Sequence[BaseGeometry | None]) -> list[bool]:
    """By pair, whether two geometries (or their absence) are equal at the decimals with which they are
    served, so that our own answers, brought back, change nothing."""
    a, b = np.array([*now, None], dtype=object)[:-1], np.array([*wanted, None], dtype=object)[:-1]
    both_missing = shapely.is_missing(a) & shapely.is_missing(b)
    equal = shapely.equals_exact(shapely.normalize(a), shapely.normalize(b), tolerance=1e-7)
    left = ~equal & (shapely.get_num_coordinates(a) == shapely.get_num_coordinates(b)) & ~both_missing
    left &= ~shapely.is_missing(a) & ~shapely.is_missing(b)
    for place in np.flatnonzero(left):
        # Rounding may have changed which point a ring begins with in its normal form.
        equal[place] = shapely.equals_exact(_served(a[place]), _served(b[place]), tolerance=_SERVED_TOLERANCE)
    return [bool(same) for same in equal | both_missing]
