"""Files that go out to whoever brings data: a file of a kind to fill in, and the list of what was
wrong."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
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
SAMPLE_KEY, SAMPLE_NAME = "示例-1", "示例：请改写或删除此行"
"""By these the sample row of a template is known again, so that nobody publishes it."""


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a template. words: those that it may hold when it holds only these, as codes; words_zh: the
    Chinese for them, by which rows are read as well."""

    header: str
    meaning: str
    meaning_zh: str
    sample: str = ""
    words: Sequence[str] = ()
    words_zh: Sequence[str] = ()


PHASE_NAMES = ("谋划", "规划", "前期", "在建", "收尾", "已投用", "停用", "终止")
PRECISION_NAMES = ("实测", "数字化", "近似", "示意", "未定位")
_PROJECT_COLUMNS = {
    "key": _Column(
        "编号", "Your own number of it, unique in the dataset", "您自己的编号，同一数据集内不重复", SAMPLE_KEY
    ),
    "name_zh": _Column("名称", "Name, required", "名称，必填", SAMPLE_NAME),
    "name_en": _Column("英文名称", "English name", "英文名称，可不填", "Sample row"),
    "status": _Column("状态", "Status", "状态", "在建", PHASES[1:], PHASE_NAMES),
    "status_date": _Column(
        "状态日期",
        "Day of the status: 2025-01-15, 2025-01, 2025",
        "状态是哪一天的：2025-01-15、2025-01、2025",
        "2025-01",
    ),
    "community": _Column("社区", "Community", "所在社区"),
    "parent": _Column(
        "所属项目", "Number, id or name of what it is part of", "它是哪个项目的一部分：写编号或名称"
    ),
    "precision": _Column(
        "精度",
        "How exactly the place is known",
        "位置有多准",
        "数字化",
        PRECISIONS,
        PRECISION_NAMES,
    ),
    "note_zh": _Column("公开说明", "Note, for everybody to read", "说明：人人都看得到，内部的话不要写在这里"),
    "note_en": _Column("英文公开说明", "The same note in English", "同一说明的英文"),
}
_OF_TRACKED = frozenset({"status", "status_date"})


def columns(kind: Kind) -> list[str]:
    """The headers of a kind's template, each of which a mapping knows for what it is; the geometry apart."""
    return [column.header for column in _columns(kind)]


def _columns(kind: Kind) -> Iterator[_Column]:
    for target, column in _PROJECT_COLUMNS.items():
        if kind.tracked or target not in _OF_TRACKED:
            yield replace(column, sample=_advice(kind)) if target == "note_zh" else column
    for field in kind.fields:
        words = [value.name_zh for value in field.values]
        sample = words[0] if words else "1" if field.unit else ""
        yield _Column(_header(field), field.name_en, field.name_zh, sample, words, words)


def _advice(kind: Kind) -> str:
    """What the sample row says for itself: the words that cells may hold, and how a place is written. It
    has no place, which would be read beside those in the coordinates of whoever fills the table."""
    said = [f"状态可写：{'、'.join(PHASE_NAMES)}"] if kind.tracked else []
    said.append(f"精度可写：{'、'.join(PRECISION_NAMES)}")
    if kind.geometry:
        said.append(_PLACES[kind.geometry[0]])
    return "；".join(said)


def _header(field: Field) -> str:
    return f"{field.name_zh}({field.unit})" if field.unit else field.name_zh


_PLACES = {
    "point": "经度、纬度写度数，如 114.1、22.7",
    "linestring": "WKT 写线，如 LINESTRING (114.1 22.7, 114.11 22.7)",
    "polygon": "WKT 写面，如 POLYGON ((114.1 22.7, 114.11 22.7, 114.11 22.71, 114.1 22.7))",
}


def _place_columns(kind: Kind) -> list[str]:
    """Degrees for what is mostly a point, well-known text for lines and areas."""
    if not kind.geometry:
        return []
    return ["经度", "纬度"] if kind.geometry[0] == "point" else ["WKT"]


def template_csv(kind: Kind) -> bytes:
    """A table of a header and one sample row, as spreadsheets open it: UTF-8 with a mark, CRLF. A file that
    still holds the sample row is told so (`sample-row`), and the row is never published."""
    place = _place_columns(kind)
    return _table(
        [[*columns(kind), *place], [*(column.sample for column in _columns(kind)), *("" for _ in place)]]
    )


def template_geojson(kind: Kind) -> bytes:
    """A FeatureCollection with one empty feature; the member `columns` says what each property is for."""
    feature = {"type": "Feature", "geometry": None, "properties": dict.fromkeys(columns(kind))}
    told: list[dict[str, Any]] = [
        {
            "name": column.header,
            "meaning": column.meaning,
            "meaning_zh": column.meaning_zh,
            **({"words": list(column.words), "words_zh": list(column.words_zh)} if column.words else {}),
        }
        for column in _columns(kind)
    ]
    collection = {
        "type": "FeatureCollection",
        "name": f"{kind.name_zh} / {kind.name_en}",
        "how_zh": "每个要素写一个项目：按 columns 的说明填 properties，几何用 WGS84 经纬度；其余成员不读取",
        "how": "One feature a project: fill properties as columns says, geometry in WGS84 degrees; the other"
        " members are not read",
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
