"""A project as a person's acts on the map leave it, beside what is public of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from shapely.geometry.base import BaseGeometry

from geodata.changes import Change, Current, difference
from geodata.geometry import same


@dataclass(slots=True)
class Draft:
    """A project as the acts leave it. was: as it is public; None for a new one. at: the act that touched it
    last. successors: of one that is removed."""

    id: str
    was: Current | None
    record: dict[str, Any]
    geometry: BaseGeometry | None
    whole: str
    whole_was: str
    at: int
    removed: bool = False
    successors: list[str] = field(default_factory=list)
    succeeds: list[str] = field(default_factory=list)

    @property
    def is_moved(self) -> bool:
        return not same(self.was.geometry if self.was else None, self.geometry)

    def own_changes(self) -> Iterator[Change]:
        """What becomes of the project itself."""
        if self.was is None:
            if not self.removed:
                yield Change("add", self.id, after=self.record, geom_after=self.geometry)
        elif self.removed:
            heirs = {"successors": self.successors} if self.successors else None
            before, shape = self.was.record, self.was.geometry
            yield Change("remove", self.id, before=before, after=heirs, geom_before=shape)
        else:
            before, after = difference(self.was.record, self.record)
            if self.is_moved:
                shapes = {"geom_before": self.was.geometry, "geom_after": self.geometry}
                yield Change("change", self.id, before=before, after=after, **shapes)
            elif after.keys() - {"place"}:
                yield Change("change", self.id, before=before, after=after)

    def relations(self) -> Iterator[Change]:
        """What it is part of, and what it succeeds, where that is new."""
        if self.removed:
            return
        if self.whole != self.whole_was:
            if self.whole_was:
                yield Change("unrelate", self.id, before=_relation(self.id, self.whole_was, "part_of"))
            if self.whole:
                yield Change("relate", self.id, after=_relation(self.id, self.whole, "part_of"))
        for earlier in self.succeeds:
            yield Change("relate", self.id, after=_relation(self.id, earlier, "succeeds"))


def _relation(one: str, other: str, kind: str) -> dict[str, str]:
    return {"from": one, "to": other, "type": kind, "on_date": ""}
