"""How much a file may hold. None: no limit."""

from __future__ import annotations

from dataclasses import dataclass, replace

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """bytes: of the file. keys: distinct column names; key_length, value_length: characters; value_depth: of
    objects and arrays in a property. json_depth: of the whole document. field_bytes: of one cell of a table
    that holds a geometry. The archive limits are a workbook's: entries, bytes when unpacked, and how many
    times larger an entry may become.
    """

    bytes: int | None = 64 * MIB
    features: int | None = 200_000
    vertices_per_feature: int | None = 200_000
    vertices: int | None = 5_000_000
    keys: int = 200
    key_length: int = 64
    value_length: int = 10_000
    value_depth: int = 4
    json_depth: int = 64
    field_bytes: int = 16 * MIB
    archive_entries: int = 1_000
    archive_bytes: int = 500 * MIB
    archive_ratio: int = 100


BROWSER = Limits()
COMMAND = replace(BROWSER, bytes=None, features=None, vertices_per_feature=None, vertices=None)
