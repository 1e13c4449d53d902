"""What the records of a file are compared with: of few public projects all, of many those they may be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.database import Connection
from app.uploads import queries
from app.uploads.queries import Which
from geodata.comparing import Nearby
from geodata.drafting import Standing, Upload
from geodata.headers import folded
from geodata.kinds import Kind
from geodata.seen import Seen

FEW = AT_ONCE = 5_000
MOST_NAMESAKES = 3
"""So many of one name are looked at: two tell that it is nobody's alone."""


class Beside:
    """The public projects of a kind, as an upload needs them."""

    def __init__(self, connection: Connection, area_id: str, kind: Kind, upload: Upload) -> None:
        self._connection, self._area_id, self._kind, self._upload = connection, area_id, kind.id, upload
        self._whole: Mapping[str, Standing] | None = None
        self._own: Mapping[str, Standing] | None = None
        self._names: Seen | None = None
        if queries.public_count(connection, area_id, kind.id, FEW + 1) <= FEW:
            self._whole = self._standing(None)

    def of(self, nearby: Nearby) -> Mapping[str, Standing]:
        """By public id, removed ones too."""
        if self._whole is not None:
            return self._whole
        found = self._standing(Which(nearby.ids, nearby.keys, self._namesakes(nearby.names)))
        return found if nearby.all_keyed else {**self._all_own(), **found}

    def parts_of_dataset(self, size: int) -> Iterable[Mapping[str, Standing]]:
        """The projects of the dataset that are not removed, so many at a time."""
        numbers = queries.own_numbers(self._connection, self._area_id, self._kind, self._upload.dataset)
        for begin in range(0, len(numbers), size):
            yield self._standing(Which(numbers=numbers[begin : begin + size]))

    def taken(self, ids: Iterable[str]) -> Taken:
        return Taken(self._connection, self._kind, ids)

    def _standing(self, which: Which | None) -> Mapping[str, Standing]:
        return queries.standing(self._connection, self._area_id, self._kind, self._upload.source, which)

    def _all_own(self) -> Mapping[str, Standing]:
        """A row without a key may be any of its dataset: its shape tells which."""
        if self._own is None:
            parts = list(self.parts_of_dataset(AT_ONCE))
            self._own = {name: standing for part in parts for name, standing in part.items()}
        return self._own

    def _namesakes(self, names: Iterable[str]) -> set[int]:
        wanted = [plain for plain in {folded(name) for name in names} if plain]
        if self._names is None:
            self._names = Seen()
            for numbers, public in queries.names(self._connection, self._area_id, self._kind):
                self._names.add([folded(name) for name in public], numbers)
        return self._names.all(wanted, MOST_NAMESAKES)


class Taken:
    """Ids that no new project of a kind may get, for they stand for something else. ids: of which it will be
    asked; of any other the database is asked one by one."""

    def __init__(self, connection: Connection, kind: str, ids: Iterable[str]) -> None:
        self._connection, self._kind = connection, kind
        self._known = dict.fromkeys(ids, False)
        self._known |= dict.fromkeys(queries.other_ids(connection, kind, self._known), True)

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str):
            return False
        if name not in self._known:
            self._known[name] = name in queries.other_ids(self._connection, self._kind, [name])
        return self._known[name]
