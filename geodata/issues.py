"""The faults that checking finds, each with its words in Chinese and English.

A fault that blocks keeps its row from being published; a warning must be confirmed.
"""

from __future__ import annotations

import re

from geodata.claim_issues import CLAIM_ISSUES
from geodata.edit_issues import EDIT_ISSUES
from geodata.file_issues import FILE_ISSUES
from geodata.ledger_issues import LEDGER_ISSUES
from geodata.shape_issues import SHAPE_ISSUES
from geodata.told import Both, Issue, Severity, listed

__all__ = ["CATALOGUE", "Both", "Issue", "Severity", "issue"]

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

# code: (severity, Chinese, English); braces are filled from the issue's values.
CATALOGUE: dict[str, tuple[Severity, str, str]] = {
    **CLAIM_ISSUES,
    **EDIT_ISSUES,
    **FILE_ISSUES,
    **SHAPE_ISSUES,
    **LEDGER_ISSUES,
    "id-malformed": (
        "block",
        "编号“{value}”只能由小写字母、数字和连字符组成",
        "the id '{value}' may only hold lower-case letters, digits and hyphens",
    ),
    "name-missing": ("block", "缺少名称（{field}）", "a name is missing ({field})"),
    "kind-unknown": ("block", "没有类别“{value}”", "there is no kind '{value}'"),
    "precision-unknown": ("block", "没有精度“{value}”", "there is no precision '{value}'"),
    "precision-geometry": (
        "block",
        "精度“{value}”与几何不符：未定位的项目没有几何，其余必须有",
        "precision '{value}' does not fit: an unlocated project has no geometry, every other has one",
    ),
    "geometry-type": (
        "block",
        "类别“{kind}”不接受几何类型 {value}",
        "kind '{kind}' does not take the geometry type {value}",
    ),
    "geometry-empty": ("block", "几何为空", "the geometry is empty"),
    "coordinate-range": (
        "block",
        "坐标超出范围或不是有限数：应为经度 ±180、纬度 ±90 的度数",
        "a coordinate is out of range or not finite: degrees, longitude ±180, latitude ±90",
    ),
    "geometry-invalid": ("block", "几何无效：{value}", "the geometry is invalid: {value}"),
    "outside-area": (
        "block",
        "几何不在本地区范围内",
        "the geometry does not touch the box of this area",
    ),
    "field-unknown": (
        "warn",
        "类别“{kind}”没有字段“{value}”：保留，不公开",
        "kind '{kind}' has no field '{value}': kept, not public",
    ),
    "date-malformed": (
        "block",
        "“{value}”不是可识别的日期：例如 2025-01-15、2025-01、2025、2025-Q3、..2025、2024/2025、2029~",
        "'{value}' is no date: write 2025-01-15, 2025-01, 2025, 2025-Q3, ..2025, 2024/2025 or 2029~",
    ),
    "commitment-unknown": ("block", "没有承诺程度“{value}”", "there is no commitment '{value}'"),
    "property-unknown": (
        "block",
        "类别“{kind}”没有“{value}”这一属性或节点",
        "kind '{kind}' has no property or milestone '{value}'",
    ),
    "phase-unknown": ("block", "没有阶段“{value}”", "there is no phase '{value}'"),
    "value-missing": ("block", "“{field}”没有数值", "'{field}' has no value"),
    "done-undated": ("block", "“已发生”的说法必须有日期", "what is said to have happened needs a date"),
    "done-in-future": (
        "block",
        "“已发生”的日期晚于说出的日期",
        "what is said to have happened lies after the day it was said",
    ),
    "words-missing": ("block", "缺少承载事实的原文或摘要", "the words that carry the fact are missing"),
    "source-unknown": ("block", "没有来源“{value}”", "there is no source '{value}'"),
    "target-unknown": ("block", "没有项目或指标“{value}”", "there is no project or indicator '{value}'"),
    "part-of-circle": (
        "block",
        "“{value}”会成为自身的一部分",
        "'{value}' would be a part of itself",
    ),
    "tier-unknown": ("block", "没有来源级别“{value}”", "there is no tier '{value}'"),
    "field-kept": (
        "warn",
        "列“{value}”不是类别“{kind}”的字段：原样保留，不公开",
        "the column '{value}' is no field of kind '{kind}': kept as it stands, not public",
    ),
    "remark-kept": (
        "warn",
        "列“{value}”多半是写给自己看的话：原样保留，不公开。要公开，请把它对应到“说明”",
        "the column '{value}' most likely holds remarks for the office: kept as it stands, not public; to"
        " publish it, let it become the note",
    ),
    "remark-public": (
        "warn",
        "列“{value}”会公开：人人都能看到里面的话",
        "the column '{value}' will be public: everybody can read what is in it",
    ),
    "field-twice": (
        "warn",
        "列“{value}”与列“{other}”含义相同：采用后者，前者原样保留，不公开",
        "the column '{value}' means the same as '{other}': the latter is used, the former kept, not public",
    ),
    "fields-merged": (
        "warn",
        "列名“{value}”以两种 Unicode 写法出现：合为一列，值一个不丢",
        "the column '{value}' is written in two Unicode forms: read as one column, no value lost",
    ),
    "unit-converted": (
        "warn",
        "列“{value}”的单位是 {unit}：已精确换算为 {into}",
        "the column '{value}' is in {unit}: converted exactly into {into}",
    ),
    "unit-assumed": (
        "warn",
        "列“{value}”没有写单位：按 {into} 读取",
        "the column '{value}' names no unit: read as {into}",
    ),
    "unit-suspected": (
        "warn",
        "列“{value}”按 {into} 读取，但与图形面积或长度比较，更像是 {unit}：请在列对应里改单位",
        "the column '{value}' is read in {into}, but by the shapes it rather is in {unit}: change its unit",
    ),
    "mapping-malformed": (
        "block",
        "列对应关系的“{field}”格式不对",
        "'{field}' of the mapping is malformed",
    ),
    "mapping-column": ("block", "文件里没有列“{value}”", "the file has no column '{value}'"),
    "mapping-target": (
        "block",
        "“{field}”不能对应“{value}”：类别“{kind}”没有它",
        "'{field}' cannot become '{value}': kind '{kind}' has none",
    ),
    "mapping-unit": (
        "block",
        "“{field}”的单位“{value}”无法换算",
        "the unit '{value}' of '{field}' cannot be converted",
    ),
    "mapping-twice": (
        "block",
        "“{field}”与“{other}”都对应“{value}”",
        "'{field}' and '{other}' both become '{value}'",
    ),
    "required": ("block", "缺少必填的“{field}”", "'{field}' is required and missing"),
    "vocabulary": (
        "block",
        "“{field}”没有“{value}”这个词",
        "'{field}' has no word '{value}'",
    ),
    "vocabulary-near": (
        "block",
        "“{field}”没有“{value}”这个词，是否为“{nearest}”？",
        "'{field}' has no word '{value}'; was '{nearest}' meant?",
    ),
    "date-near": (
        "block",
        "“{value}”不是可识别的日期：{reason_zh}",
        "'{value}' is no date: {reason_en}",
    ),
    "duplicate-id": (
        "block",
        "编号“{value}”在第 {rows} 行重复出现",
        "the id '{value}' stands in rows {rows}",
    ),
    "duplicate-feature": (
        "warn",
        "与第 {rows} 行完全相同",
        "the same as row {rows}, in every value and in its geometry",
    ),
    "personal-data": (
        "warn",
        "“{field}”里疑似有个人信息（{what_zh}）：该列暂不公开，确认后才公开",
        "'{field}' seems to hold personal data ({what_en}): the column is not public until cleared",
    ),
    "personal-data-in-name": (
        "block",
        "名称里疑似有个人信息（{what_zh}）：名称总是公开的，请改正或确认该列",
        "a name seems to hold personal data ({what_en}): names are always public: mend it, or clear it",
    ),
    "control-character": (
        "block",
        "“{field}”含有控制字符",
        "'{field}' holds a control character",
    ),
    "bidi-control": (
        "block",
        "“{field}”含有改变文字方向的控制字符",
        "'{field}' holds a character that overrides the direction of writing",
    ),
    "invisible-characters": (
        "warn",
        "“{field}”含有不可见字符：比对时略去，值原样保留",
        "'{field}' holds invisible characters: left out when compared, kept in the value",
    ),
    "type-mixed": (
        "warn",
        "列“{field}”混有多种类型的值（{types}）：原样保留",
        "the column '{field}' holds values of several types ({types}): kept exactly",
    ),
    "number-normalised": (
        "warn",
        "“{field}”的“{value}”读作 {number}",
        "'{value}' in '{field}' is read as {number}",
    ),
    "number-malformed": (
        "warn",
        "“{field}”应为数，“{value}”不是：作为文字保留",
        "'{field}' should be a number, '{value}' is none: kept as words",
    ),
    "value-too-long": (
        "block",
        "“{field}”超过 {limit} 个字符",
        "'{field}' is longer than {limit} characters",
    ),
    "other-kind": (
        "block",
        "此行的类别是“{value}”，本次上传的是“{kind}”",
        "this row is of kind '{value}', the upload is of '{kind}'",
    ),
    "name-en-missing": (
        "warn",
        "没有英文名称：英文界面显示中文名称",
        "there is no English name: English pages show the Chinese one",
    ),
    "parent-unknown": (
        "warn",
        "没有找到所属项目“{value}”：不建立从属关系",
        "the parent '{value}' is not known: no relation is made",
    ),
    "key-of-other-dataset": (
        "block",
        "编号“{value}”已属于数据集“{other}”的项目",
        "the key '{value}' belongs to a project of the dataset '{other}'",
    ),
    "no-key": (
        "warn",
        "没有编号列：按图形和名称比对，图形或名称改过的行会被当作新增",
        "there is no column of keys: rows match by shape and name, and count as new where these changed",
    ),
    "geometry-lost": (
        "warn",
        "此行没有几何：保留已公开的位置",
        "this row has no geometry: the public place is kept",
    ),
    "name-of-other-dataset": (
        "warn",
        "已有同名的项目“{value}”（编号 {other}）：若是同一个，请在编号列写上 {other}；"
        "发布会多出一个同名的新项目",
        "a project named '{value}' is public already ({other}): if it is the same, write {other} as the id;"
        " published as it is, there will be two of this name",
    ),
    "overlap": (
        "warn",
        "与“{value}”重叠 {area}",
        "overlaps '{value}' by {area}",
    ),
    "position-shift": (
        "warn",
        "{moved}/{of} 个已有项目朝同一方向移动约 {metres} 米，与 GCJ-02 偏移一致：坐标可能是 GCJ-02",
        "{moved} of {of} known projects moved about {metres} m in the direction of GCJ-02: are these GCJ-02?",
    ),
    "moved-on": (
        "warn",
        "自上次比较以来，{what}：接受将覆盖它",
        "since the last comparison {what}: accepting overwrites that",
    ),
    "removal": (
        "warn",
        "文件里没有：删去，不再公开",
        "the file lacks it: removed, no longer public",
    ),
    "sample-row": (
        "block",
        "这是模板的示例行：请改写（编号和名称都要改）或删除",
        "this is the sample row of the template: write over it, key and name, or delete it",
    ),
    "amount-negative": ("warn", "“{field}”为负数：{value}", "'{field}' is negative: {value}"),
    "measure-differs": (
        "warn",
        "填写的{what} {said}，图形量得 {measured}",
        "{what}: {said} stated, {measured} measured of the shape",
    ),
    "moved-far": ("warn", "位置移动约 {distance}", "the place moved by about {distance}"),
    "value-cut": (
        "warn",
        "“{field}”填满了 Shapefile 给文字的全部空间，末尾可能已丢失：请核对，或改用 GeoPackage",
        "'{field}' fills all the room a Shapefile has for a text: its end may be lost, compare the original",
    ),
    "key-cut": (
        "block",
        "“{field}”填满了 Shapefile 给文字的全部空间，可能已被截断，不能用来认出项目：请改用 GeoPackage",
        "'{field}' fills all the room a Shapefile has for a text: it may be cut and cannot tell rows apart;"
        " send a GeoPackage",
    ),
    "already-there": ("block", "“{value}”已存在", "'{value}' exists already"),
}


def issue(
    code: str, *, field: str = "", lon: float | None = None, lat: float | None = None, **values: object
) -> Issue:
    """An issue of the catalogue with its words filled in. A list or tuple is parted as each language parts
    names. Raises KeyError for a code that has none."""
    severity, zh, en = CATALOGUE[code]
    said = {name: _fitted(value) for name, value in {"field": field, **values}.items()}
    in_zh = {name: value.zh if isinstance(value, Both) else value for name, value in said.items()}
    in_en = {name: value.en if isinstance(value, Both) else value for name, value in said.items()}
    return Issue(code, severity, zh.format(**in_zh), en.format(**in_en), field, lon, lat)


def _fitted(value: object) -> Both | str:
    if isinstance(value, Both):
        return value
    if isinstance(value, list | tuple):
        names = listed(value)
        return Both(_shortened(names.zh), _shortened(names.en))
    return _shortened(value)


def _shortened(value: object) -> str:
    """As a sentence may hold it: short, and without what neither a screen nor a database takes."""
    text = _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", str(value)[:80])
    return text if len(text) <= 60 else text[:59] + "…"
