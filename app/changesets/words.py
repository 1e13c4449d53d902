"""What others changed meanwhile, as a sentence in Chinese and English: whose, which part, and to what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from shapely.geometry.base import BaseGeometry

from app.vocabulary import PRECISION_WORDS
from geodata.changes import Conflict
from geodata.issues import Both
from geodata.kinds import Kind, load_kinds

Named = Mapping[str, Any]
"""What a thing is called: name_zh, name_en, kind ("" of what is no project)."""

PARTS = {
    "kind": ("类别", "kind"),
    "name_zh": ("中文名称", "name in Chinese"),
    "name_en": ("英文名称", "name in English"),
    "aliases": ("别名", "aliases"),
    "precision": ("位置精度", "precision"),
    "partial": ("“只画了一部分”", "mark 'only a part is drawn'"),
    "drawn": ("“是否画出”", "mark 'drawn'"),
    "community": ("社区", "community"),
    "attrs": ("属性", "attributes"),
    "note_zh": ("说明（中文）", "note in Chinese"),
    "note_en": ("说明（英文）", "note in English"),
    "place": ("位置来源", "account of where the place comes from"),
    "dataset": ("数据集", "dataset"),
    "external_key": ("编号", "key"),
    "parent": ("所属项目", "parent"),
    "geometry": ("图形", "shape"),
    "claims": ("说法", "claims"),
}
NOT_PUBLIC = ("不公开的列", "columns that are not public")
_EMPTY = Both("空", "empty")
_LONGEST = 24
"""Characters of a value within a sentence."""


def sentence(conflict: Conflict, named: Mapping[str, Named]) -> Both:
    """named: by id, the targets of conflicts and what those point to; who is not there goes by the id."""
    thing = _called(conflict.target, named)
    theirs = conflict.theirs
    match conflict.part:
        case "exists" if theirs is None:
            return Both(f"“{thing.zh}”已被移除", f"'{thing.en}' was removed meanwhile")
        case "exists":
            return Both(f"“{thing.zh}”在此期间已由别处新增", f"'{thing.en}' was added meanwhile")
        case "heard":
            return Both(
                f"“{thing.zh}”在之后发布的文件里再次列出",
                f"a file published later lists '{thing.en}' again",
            )
        case "together":
            return Both(
                f"“{thing.zh}”与其他保持现状的项目同属一次分割或合并",
                f"'{thing.en}' is of one split or merger with others that stay",
            )
        case "claims" if conflict.ours is not None:
            return Both(
                f"关于“{thing.zh}”的一条说法已被撤回",
                f"a claim on '{thing.en}' was withdrawn meanwhile",
            )
        case "external_key":
            other = _called(str(theirs), named)
            return Both(
                f"“{thing.zh}”的编号已被用于“{other.zh}”",
                f"the key of '{thing.en}' was given to '{other.en}' meanwhile",
            )
    part, value = _part_and_value(conflict, named)
    became = Both(f"改为“{value.zh}”", f" to '{value.en}'") if value else Both("改动", "")
    return Both(
        f"“{thing.zh}”的{part.zh}已被{became.zh}",
        f"the {part.en} of '{thing.en}' was changed{became.en} meanwhile",
    )


def mentioned(found: Iterable[Conflict]) -> set[str]:
    """The ids that the sentences name."""
    return {name for conflict in found for name in _mentioned(conflict)}


def _mentioned(conflict: Conflict) -> Iterator[str]:
    yield conflict.target
    if conflict.part in ("parent", "external_key"):
        yield str(conflict.theirs)


def _called(name: str, named: Mapping[str, Named]) -> Both:
    found = named.get(name)
    return Both(_short(found["name_zh"]), _short(found["name_en"])) if found else Both(name, name)


def _part_and_value(conflict: Conflict, named: Mapping[str, Named]) -> tuple[Both, Both | None]:
    """value: None when it is no words (a shape) or nobody needs them (any of a thing's claims)."""
    part, theirs = Both(*PARTS.get(conflict.part, (conflict.part, conflict.part))), conflict.theirs
    if conflict.part == "parent":
        return part, _called(str(theirs), named)
    if conflict.part in ("claims", "place") or isinstance(theirs, BaseGeometry) or theirs == "moved on":
        return part, None
    if conflict.part == "attrs" and isinstance(theirs, Mapping):
        kind = load_kinds().get(named.get(conflict.target, {}).get("kind", ""))
        return _attributes(conflict.ours or {}, theirs, kind)
    return part, None if conflict.part == "geometry" else _value(conflict.part, theirs)


def _attributes(
    ours: Mapping[str, Any], theirs: Mapping[str, Any], kind: Kind | None
) -> tuple[Both, Both | None]:
    """The names of the attributes that differ, and the value where it is one."""
    codes = [code for code in sorted({*ours, *theirs}) if ours.get(code) != theirs.get(code)]
    names = {code: _field(code, kind) for code in codes}
    part = Both(
        "、".join(dict.fromkeys(zh for zh, _ in names.values())),
        ", ".join(dict.fromkeys(en for _, en in names.values())),
    )
    if not codes:
        return Both(*PARTS["attrs"]), None
    only = codes[0] if len(codes) == 1 and not codes[0].startswith("_") else None
    return part, None if only is None else _value(only, theirs.get(only))


def _field(code: str, kind: Kind | None) -> tuple[str, str]:
    if code.startswith("_"):
        return NOT_PUBLIC
    found = kind.field(code) if kind else None
    return (found.name_zh, found.name_en) if found else (code, code)


def _value(part: str, value: Any) -> Both:
    if value in (None, "", []):
        return _EMPTY
    if isinstance(value, bool):
        return Both("是", "yes") if value else Both("否", "no")
    if part == "precision" and value in PRECISION_WORDS:
        return Both(*PRECISION_WORDS[value][:2])
    if part == "kind" and (kind := load_kinds().get(value)):
        return Both(kind.name_zh, kind.name_en)
    if isinstance(value, list):
        return Both(_short("、".join(map(str, value))), _short(", ".join(map(str, value))))
    return Both(_short(value), _short(value))


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
