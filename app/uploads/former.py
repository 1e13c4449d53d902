"""What was answered of the file of a dataset that came before, to be answered the same of the next.

Only what is of the dataset comes again: what a column is and its unit, what words mean, the precision, the
coordinate system, the sheet. That somebody looked at personal data is of one file alone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from app.database import Connection
from app.uploads import queries
from geodata.issues import Both, Issue, issue
from geodata.reading import Declared, Refused
from geodata.told import listed

SYSTEM = ("crs", "axis", "source_crs")
_LISTED = 5


class OtherColumns(Exception):
    """The file is another than the former: why, in both languages."""

    def __init__(self, why: Both) -> None:
        super().__init__(why.en)
        self.why = why


@dataclass(slots=True)
class Former:
    """An upload whose answers are asked for again. day: on which it came. fits: the columns were found to be
    the same."""

    name: str
    day: str
    answers: Mapping[str, str]
    mapping: Mapping[str, Any]
    fits: bool = False

    def declared(self, said: Declared) -> Declared:
        """What is said of this file, and what it leaves open as it was said then."""
        taken = {"layer": said.layer or self.answers.get("layer", "")}
        if not (said.crs or said.axis or said.source_crs):
            taken |= {name: self.answers.get(name, "") for name in SYSTEM}
        return replace(said, **taken)

    def columns(self, said: Mapping[str, Any] | None) -> dict[str, Any]:
        """The mapping for `geodata.mapping.from_json`: of that time, where this file's says no other."""
        own = said or {}
        return {
            "columns": own.get("columns") or self.mapping["columns"],
            "precision": own.get("precision") or self.mapping["precision"],
            "words": {**self.mapping["words"], **own.get("words", {})},
            "cleared": own.get("cleared", []),
        }

    def check(self, fields: Sequence[str], *, more: bool) -> None:
        """more: the file may have columns of which nothing is known yet. Raises OtherColumns."""
        then = [str(column["field"]) for column in self.mapping["columns"]]
        new, gone = _apart(fields, then), _apart(then, fields)
        if not new and (more or not gone):
            self.fits = True
            return
        parts = [("多出", "new", new), ("缺少", "missing", gone)]
        zh = "；".join(f"{word}：{_listed(names).zh}" for word, _, names in parts if names)
        en = "; ".join(f"{word}: {_listed(names).en}" for _, word, names in parts if names)
        raise OtherColumns(Both(f"列不同（{zh}）", f"the columns differ ({en})"))

    def told(self) -> Issue:
        """That its answers were taken, and which."""
        said = [("列的对应和单位", "columns and units"), ("精度", "precision")]
        if self.mapping["words"]:
            said.append(("状态里的词", "words of the status"))
        system = [self.answers[name] for name in ("crs", "source_crs") if self.answers.get(name)]
        if system:
            said.append((f"坐标系 {'、'.join(system)}", f"coordinates {', '.join(system)}"))
        if layer := self.answers.get("layer"):
            said.append((f"图层“{layer[:40]}”", f"layer “{layer[:40]}”"))
        what = Both("、".join(zh for zh, _ in said), ", ".join(en for _, en in said))
        return issue("as-before", day=self.day, value=self.name, what=what)

    def not_told(self, why: Both) -> Issue:
        """That its answers were not taken, and why not."""
        return issue("as-before-not", day=self.day, value=self.name, why=why)


def former(connection: Connection, area_id: str, upload_id: int, kind: str, dataset: str) -> Former | None:
    """An upload of a dataset and a kind that was staged or published; None when there is none of this number
    to take answers from."""
    row = queries.upload(connection, upload_id)
    area = queries.area(connection, area_id)
    if row is None or area is None or row["area_id"] != area_id or row["state"] != "staged":
        return None
    request, report = row["request"], row["report"] or {}
    mapping = report.get("mapping") or {}
    if (request["kind"], request["dataset"]) != (kind, dataset) or not mapping.get("columns"):
        return None
    day = row["created_at"].astimezone(ZoneInfo(area["tz"])).date().isoformat()
    answers = {name: str(request.get(name) or "") for name in (*SYSTEM, "layer")}
    return Former(row["name"], day, answers, mapping)


def why_refused(refusal: Refused) -> Both:
    return Both(
        f"这个文件不能这样读：{refusal.detail_zh}", f"this file cannot be read so: {refusal.detail_en}"
    )


def _apart(names: Sequence[str], others: Sequence[str]) -> list[str]:
    there = {unicodedata.normalize("NFC", name) for name in others}
    return [name for name in names if unicodedata.normalize("NFC", name) not in there]


def _listed(names: Sequence[str]) -> Both:
    return listed([name[:40] for name in names[:_LISTED]], more=len(names) > _LISTED)
