"""The faults of an edit on the map, with their words: part of the catalogue of `geodata.issues`."""

from __future__ import annotations

from geodata.told import Severity

# code: (severity, Chinese, English); braces are filled from the issue's values.
EDIT_ISSUES: dict[str, tuple[Severity, str, str]] = {
    "shape-unreadable": (
        "block",
        "“{value}”读不出图形：每行一个“经度,纬度”，或一段 WKT，如 POINT (114.12 22.69)",
        "no shape can be read from '{value}': write one lon,lat a line, or WKT such as POINT (114.12 22.69)",
    ),
    "shape-needed": ("block", "还没有图形：请先画出来", "there is no shape yet: draw one"),
    "base-ahead": (
        "block",
        "版本 {value} 还没有发布：现在是版本 {now}",
        "revision {value} is not published yet: the present one is {now}",
    ),
    "nothing-edited": ("block", "没有任何改动", "nothing is changed"),
    "id-taken": (
        "block",
        "编号“{value}”已用过：公开编号不重复使用",
        "the id '{value}' was used before: public ids are never used twice",
    ),
    "sharper-source": (
        "block",
        "标为“实测”或提高精度，须写明图形来源：哪次测绘、哪份资料",
        "to call a shape surveyed, or more precise, say where it comes from: which survey, which document",
    ),
    "split-nothing": (
        "block",
        "没有分开：分割线须从图形一侧的外面画到另一侧的外面",
        "nothing is cut off: the line must run from outside one side to outside another",
    ),
    "split-needs": (
        "block",
        "分割面用线，分割线用点或线；点不能分割",
        "an area is cut by a line, a line by a point or a line; a point cannot be cut",
    ),
    "split-parts": (
        "block",
        "分成 {value} 个新项目，却写了 {given} 个的名称",
        "the cut makes {value} new projects, {given} are named",
    ),
    "has-parts": (
        "block",
        "“{value}”还有下级项目：请先给它们别的上级，或合并",
        "'{value}' has parts: give them another parent first, or merge it",
    ),
    "merge-alone": ("block", "合并须选至少两个项目", "a merge takes at least two projects"),
    "merge-kinds": (
        "block",
        "“{value}”是另一类别，不能合并",
        "'{value}' is of another kind and cannot be merged",
    ),
    "merge-shapes": (
        "block",
        "“{value}”与其余的图形不是一类（面、线），不能合并",
        "'{value}' has no area or line like the others and cannot be merged",
    ),
    "merge-apart": (
        "warn",
        "合并的图形不相接：成为几块",
        "the shapes do not touch: the whole has several pieces",
    ),
    "claims-stay": (
        "warn",
        "关于“{value}”的 {count} 条说法留在原编号的历史里，接续的项目不显示",
        "{count} claims on '{value}' stay in the history of that id; what succeeds it does not show them",
    ),
    "part-unclaimed": (
        "warn",
        "新的“{value}”没有自己的说法：{count} 条留在“{whole}”；有人为它记录以前，阶段为未说明",
        "the new '{value}' has no claims of its own (left with '{whole}': {count}), so that its phase is"
        " unknown until somebody records one",
    ),
    "part-unsaid": (
        "warn",
        "新的“{value}”没有自己的说法：{count} 条留在“{whole}”",
        "the new '{value}' has no claims of its own (left with '{whole}': {count})",
    ),
    "edit-removal": (
        "warn",
        "发布后“{value}”不再公开",
        "once published '{value}' is no longer public",
    ),
    "edited-by-hand": (
        "warn",
        "{what}由 {who} 于 {day} 手工改过，文件里{file}：未预先采用；采用将覆盖手工所改",
        "{who} edited the {what} by hand on {day}; the file {file}: not accepted beforehand, accepting"
        " overwrites the edit",
    ),
    "removed-by-hand": (
        "warn",
        "{who} 于 {day} 手工移除了它，文件里仍有：未预先采用；采用将恢复它",
        "{who} removed it by hand on {day}, and the file still has it: not accepted beforehand, accepting"
        " brings it back",
    ),
    "by-hand-undecided": (
        "warn",
        "文件与手工改动不一致：{value} 条变更未预先采用，请逐条决定",
        "the file contradicts what was edited by hand: {value} changes are not accepted beforehand; decide on"
        " each",
    ),
}
