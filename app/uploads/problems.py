"""Refusals of files, as problems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.errors import Problem

_TITLES = {
    413: ("文件太大或太复杂", "The file is too large or too intricate"),
    415: ("不支持这种文件", "This kind of file is not supported"),
    422: ("文件内容有误", "Something about the file is wrong"),
}


class FileProblem(Problem):
    """A file that was refused. status: 413 (make it smaller), 415 (not a format that is read) or 422."""

    def __init__(self, refused: Mapping[str, Any], **members: Any) -> None:
        names = ("limit", "observed", "offers")
        more = {name: refused[name] for name in names if refused.get(name)}
        super().__init__(
            refused["code"],
            refused["detail_zh"],
            refused["detail_en"],
            errors=refused["faults"],
            errors_total=refused["faults_total"],
            **more,
            **members,
        )
        self.status: int = refused["status"]

    @property
    def heading(self) -> tuple[int, str, str]:
        zh, en = _TITLES[self.status]
        return self.status, zh, en
