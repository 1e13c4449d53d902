"""What a changeset refuses, as problems; and problems as JSON, for work that is done elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from app.changesets.refusals import (
    BlockedRows,
    ChangesetError,
    MovedOn,
    Nothing,
    SameAuthor,
    Stale,
    Unconfirmed,
    UnknownChangeset,
    WrongState,
)
from app.changesets.words import Named, sentence
from app.errors import Problem
from geodata.changes import Conflict

STATES = {
    "staged": ("待发布", "staged"),
    "published": ("已发布", "published"),
    "discarded": ("已放弃", "discarded"),
}


@contextmanager
def told() -> Iterator[None]:
    """What the service refuses, as problems."""
    try:
        yield
    except ChangesetError as error:
        raise problem(error) from error


def problem(error: ChangesetError) -> Problem:
    """The words of a refusal."""
    match error:
        case UnknownChangeset():
            return Problem("unknown-changeset", "没有这个变更集", "There is no such changeset.")
        case WrongState():
            zh, en = STATES[error.state]
            return Problem(
                "wrong-state",
                f"这个变更集{zh}，不能这样做",
                f"The changeset is {en}; this cannot be done to it.",
            )
        case Stale():
            return Problem(
                "stale",
                "您打开之后，这个变更集已被改动：请刷新后再试，您的选择都还在",
                "It was altered since you opened it. Reload and try again; your decisions are kept.",
                headers={"ETag": f'"{error.version}"'},
            )
        case Unconfirmed():
            return Problem(
                "unconfirmed",
                f"还有 {error.count} 条提醒需要确认",
                f"{error.count} warnings are still to be confirmed.",
                confirm=error.digest,
            )
        case SameAuthor():
            return Problem(
                "second-person",
                "本机构要求由另一人发布：提出变更集的人不能自己发布",
                "This office requires a second person: who made a changeset does not publish it.",
            )
        case Nothing():
            return Problem(
                "nothing-accepted",
                "没有采用任何变更，无可发布",
                "Nothing is accepted, so there is nothing to publish.",
            )
        case BlockedRows():
            return Problem(
                "blocked-rows",
                f"有 {len(error.issues)} 处错误，不能发布",
                f"{len(error.issues)} changes have faults and cannot be published.",
            )
        case MovedOn():
            return Problem(
                "moved-on",
                f"您比较之后，有 {len(error.conflicts)} 处已被别人改动：请重新比较（您的选择会保留）",
                f"Others changed {len(error.conflicts)} parts since. Compare anew; your decisions are kept.",
                errors=[_conflict(conflict, error.named) for conflict in error.conflicts],
            )
    return Problem("wrong-state", "不能这样做", str(error))


def _conflict(conflict: Conflict, named: Mapping[str, Named]) -> dict[str, Any]:
    shown = conflict.as_json()
    said = sentence(conflict, named)
    at = conflict.moved_at
    return {
        "pointer": f"/{conflict.target}/{conflict.part}",
        "code": "moved-on",
        "target": conflict.target,
        "part": conflict.part,
        "theirs": str(shown["theirs"])[:200],
        "moved_at": conflict.moved_at,
        "detail_zh": f"{said.zh}（版本 {at}）" if at else said.zh,
        "detail_en": f"{said.en} (revision {at})" if at else said.en,
    }


def as_json(given: Problem) -> dict[str, Any]:
    names = ("code", "detail_zh", "detail_en", "errors", "headers", "members")
    return {name: getattr(given, name) for name in names}


def from_json(told: Mapping[str, Any]) -> Problem:
    words = (told["code"], told["detail_zh"], told["detail_en"])
    return Problem(*words, errors=told["errors"], headers=told["headers"], **told["members"])
