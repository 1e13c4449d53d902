"""Files that go out to whoever brings data: an empty file of a kind to fill in, and the list of what was
wrong."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from geodata.geometry import PRECISIONS
from geodata.issues import Issue
from geodata.kinds import Field, Kind
from geodata.phases import PHASES

_BOM = b"\xef\xbb\xbf"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
FAULT_COLUMNS = (
    "行 row",
    "编号 key",
    "名称 name",
    "字段 field",
    "级别 severity",
    "代码 code",
    "说明",
    "explanation",
    "经度 lon",
    "纬度 lat",
)
_SEVERITIES = {"block": "错误 block", "warn": "提醒 warn"}
# Target: header, what it is in English.
_PROJECT_COLUMNS = {
    "key": ("编号", "Your own number of it, unique in the dataset"),
    "name_zh": ("名称", "Name, required"),
    "name_en": ("英文名称", "English name"),
    "status": ("状态", "Status"),
    "status_date": ("状态日期", "Day of the status: 2025-01-15, 2025-01, 2025"),
    "community": ("社区", "Community"),
    "parent": ("所属项目", "Number, id or name of what it is part of"),
    "precision": ("精度", "How exactly the place is known"),
    "note_zh": ("备注", "Note"),
    "note_en": ("英文备注", "Note in English"),
}
_OF_TRACKED = frozenset({"status", "status_date"})


def columns(kind: Kind) -> list[str]:
    """The headers of a kind's template, each of which a mapping knows for what it is; the geometry apart."""
    return [header for header, _, _ in _columns(kind)]


def _columns(kind: Kind) -> Iterator[tuple[str, str, Sequence[str]]]:
    """Header, meaning in English, and the words it may hold when it holds only these."""
    for target, (header, meaning) in _PROJECT_COLUMNS.items():
        if kind.tracked or target not in _OF_TRACKED:
            words = {"status": PHASES[1:], "precision": PRECISIONS}.get(target, ())
            yield header, meaning, words
    for field in kind.fields:
        yield _header(field), field.name_en, [value.name_zh for value in field.values]


def _header(field: Field) -> str:
    return f"{field.name_zh}({field.unit})" if field.unit else field.name_zh


def _place_columns(kind: Kind) -> list[str]:
    """Degrees for what is mostly a point, well-known text for lines and areas."""
    if not kind.geometry:
        return []
    return ["经度", "纬度"] if kind.geometry[0] == "point" else ["WKT"]


def template_csv(kind: Kind) -> bytes:
    """A table with nothing but its header, as spreadsheets open it: UTF-8 with a mark, CRLF."""
    return _table([[*columns(kind), *_place_columns(kind)]])


def template_geojson(kind: Kind) -> bytes:
    """A FeatureCollection with one empty feature; the member `columns` says what each property is for."""
    feature = {"type": "Feature", "geometry": None, "properties": dict.fromkeys(columns(kind))}
    told: list[dict[str, Any]] = [
        {"name": header, "meaning": meaning, **({"words": list(words)} if words else {})}
        for header, meaning, words in _columns(kind)
    ]
    collection = {
        "type": "FeatureCollection",
        "name": f"{kind.name_zh} / {kind.name_en}",
        "geometry_types": list(kind.geometry),
        "columns": told,
        "features": [feature],
    }
    return (json.dumps(collection, ensure_ascii=False, indent=2) + "\n").encode()


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, and where. row: 0-based, as `Record.row`; None for the file as a whole. key, name: of
    the thing, "" when nobody knows it."""

    row: int | None
    issue: Issue
    key: str = ""
    name: str = ""


def faults_csv(faults: Iterable[Found]) -> bytes:
    """What was found in a file, a line each, safe to open in a spreadsheet. Rows are counted from 1."""
    lines = [
        [
            "" if one.row is None else one.row + 1,
            one.key,
            one.name,
            one.issue.field,
            _SEVERITIES[one.issue.severity],
            one.issue.code,
            one.issue.detail_zh,
            one.issue.detail_en,
            "" if one.issue.lon is None else one.issue.lon,
            "" if one.issue.lat is None else one.issue.lat,
        ]
        for one in faults
    ]
    return _table([FAULT_COLUMNS, *lines])


def _table(lines: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([_safe(value) for value in line] for line in lines)
    return _BOM + text.getvalue().encode()


def _safe(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula gets an apostrophe before it."""
    return "'" + value if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
