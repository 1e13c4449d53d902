"""What a ledger (台账) says of projects that are there: deadlines as promises, sums as measures, words as
they stand.

It brings no project and moves none. Which word becomes what: docs/decisions/0017-ledgers.md.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from geodata import cells, commitment_words, datewords, headers, stating
from geodata.datewords import DateFault
from geodata.headers import folded
from geodata.issues import Both, Issue, issue
from geodata.kinds import Kind, Milestone, load_kinds
from geodata.reading.contract import Row

PARTS = ("name", "key", "lead", "invest", *headers.LEDGER_PARTS)
SEVERAL = frozenset({"due", "plan", "done"})
"""Of these a ledger may have two columns: two deadlines, a plan in words and one in money."""
LEAD, INVEST = "lead_unit", "invest_total"
_PLAIN = frozenset({"", "无", "/", "-", "—", "——", "暂无", "none", "n/a"})
_OFFERED = 3
_CLOSE = 0.6
_SUM = re.compile(
    r"(?P<about>约|大约|近)?(?P<over>超过|超|逾|>)?(?P<n>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<rest>余|多)?"
    r"(?P<unit>亿元|万元|亿|万|元)?(?P<after>左右|以上)?"
)
_UNITS = {"亿": "亿元", "万": "万元"}
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?:年|\b)")


@dataclass(frozen=True, slots=True)
class Known:
    """A public project, by which a row of a ledger finds it. lead_unit: of its attributes."""

    id: str
    kind: str
    names: tuple[str, ...]
    key: str
    lead_unit: str = ""


@dataclass(slots=True)
class Line:
    """What a row says. claims: records with what was found about each. lead_unit: what it is to become, None
    when the row says nothing new of it. same: how many of its values were said before."""

    line: int
    target: str
    claims: list[tuple[dict[str, Any], list[Issue]]] = field(default_factory=list)
    lead_unit: str | None = None
    same: int = 0


@dataclass(slots=True)
class Ledger:
    """All lines that are of a project, and all that was not understood, with row and column."""

    columns: dict[str, tuple[str, str]]
    lines: list[Line]
    notes: list[Issue]
    rows: int


def said_already(record: Mapping[str, Any]) -> tuple[str, ...]:
    """By what two claims say the same; of words, on whichever day they were said."""
    said = str(record["property"])
    column = str(record["note"])
    # What was said before its column stood in the quote is the same.
    words = (str(record["quote"]).removeprefix(f"{column}："), column) if said == "mention" else ()
    when = "" if said in ("mention", f"measure:{INVEST}") else record["date"]
    return (record["target"], said, record["value"], record["unit"], when, record["commitment"], *words)


def read(
    rows: Sequence[Row], projects: Sequence[Known], cited: Mapping[str, Any], day: date, said: frozenset[Any]
) -> Ledger:
    """rows: as `geodata.reading.ledger` gives them. cited: id and published of the source. day: of the data.
    said: `said_already` of the claims that are public."""
    return _Reading(rows[0], projects, cited, day, said).all(rows[1:])


class _Reading:
    def __init__(
        self,
        head: Row,
        projects: Sequence[Known],
        cited: Mapping[str, Any],
        day: date,
        said: frozenset[Any],
    ) -> None:
        self.sheet, self.unit = str(head.properties["sheet"]), str(head.properties["unit"])
        self.names: dict[str, str] = dict(head.properties["header"])
        self.cited, self.day, self.said = cited, day, set(said)
        years = [int(y) for text in head.properties["title"] for y in _YEAR.findall(text)]
        self.year = years[0] if years else day.year
        self.projects = {one.id: one for one in projects}
        self.by_name: dict[str, set[str]] = defaultdict(set)
        self.by_key: dict[str, set[str]] = defaultdict(set)
        for one in projects:
            for name in one.names:
                self.by_name[folded(name)].add(one.id)
            for key in (one.id, one.key):
                self.by_key[key.casefold()].add(one.id)
        self.notes: list[Issue] = []
        self.yearless: dict[str, None] = {}
        self.taken: dict[tuple[str, str], Milestone] = {}
        self.columns = self._columns()

    def _columns(self) -> dict[str, tuple[str, str]]:
        """By letter the part and the unit of each column that is read."""
        found: dict[str, tuple[str, str]] = {}
        first: dict[str, str] = {}
        for letter, name in self.names.items():
            part, unit = headers.ledger_part(name)
            if not part:
                if folded(name) not in headers.words().not_data:
                    self.notes.append(issue("ledger-column", field=letter, value=name))
            elif part in first and part not in SEVERAL:
                other = first[part]
                self.notes.append(issue("ledger-column-twice", field=letter, value=name, other=other))
            else:
                first.setdefault(part, name)
                found[letter] = (part, unit)
        return found

    def all(self, rows: Sequence[Row]) -> Ledger:
        lines, sums = [], []
        for row in rows:
            self.notes += row.issues
            values = {a: v for a, v in row.properties.items() if a in self.columns and _says(v)}
            name, key = self._first("name", values), self._first("key", values)
            if self._is_sum(row, name or key, values):
                sums.append(str(row.line))
            elif not name and not key:
                if values:
                    self.notes.append(issue("ledger-no-name", field=f"A{row.line}", row=row.line))
            elif project := self._project(row, name, key):
                lines.append(self._line(row, project, values))
        if sums:
            self.notes.append(issue("ledger-sums", field="row", rows=sums[:20]))
        for said in list(self.yearless)[:5]:
            self.notes.append(issue("ledger-year", field="due", value=said, year=self.year))
        for (column, kind_id), milestone in self.taken.items():
            kind = load_kinds()[kind_id]
            self.notes.append(
                issue(
                    "ledger-milestone",
                    field=column,
                    kind=Both(kind.name_zh, kind.name_en),
                    value_zh=milestone.name_zh,
                    value_en=milestone.name_en,
                )
            )
        return Ledger(self.columns, lines, self.notes, len(rows))

    def _first(self, part: str, values: Mapping[str, Any]) -> str:
        letter = next((a for a, (of, _) in self.columns.items() if of == part and a in values), "")
        return cells.text(values[letter]).strip() if letter else ""

    def _is_sum(self, row: Row, name: str, values: Mapping[str, Any]) -> bool:
        """A row of sums, or one whose only words head a part of the table."""
        texts = [folded(str(value)) for value in row.properties.values()]
        if headers.words().sums & ({folded(name)} | set(texts[:2])):
            return True
        says = [letter for letter in values if self.columns[letter][0] not in ("name", "key")]
        is_known = name and (folded(name) in self.by_name or name.casefold() in self.by_key)
        return len(set(texts)) == 1 and not says and not is_known

    # ------------------------------------------------------------ which project

    def _project(self, row: Row, name: str, key: str) -> Known | None:
        by_key = self.by_key.get(key.casefold(), set()) if key else set()
        by_name = self.by_name.get(folded(name), set()) or self.by_key.get(name.casefold(), set())
        both = by_key & by_name
        found = both or by_key or by_name
        # A code that is another project than the name is a doubt, not an answer.
        if by_key and by_name and not both:
            found = by_key | by_name
        if len(found) == 1:
            return self.projects[next(iter(found))]
        said = name or key
        if found:
            zh, en = self._offered(sorted(found)[:_OFFERED])
            self.notes.append(
                issue(
                    "ledger-ambiguous-project",
                    field=f"A{row.line}",
                    row=row.line,
                    value=said,
                    offers_zh=zh,
                    offers_en=en,
                )
            )
            return None
        near = self._near(said)
        zh, en = self._offered(near)
        zh = f"是不是：{zh}" if near else "请改成图上的名称，或写上编号"
        en = f"Is it: {en}" if near else "Write its name as on the map, or its id"
        self.notes.append(
            issue(
                "ledger-unknown-project",
                field=f"A{row.line}",
                row=row.line,
                value=said,
                offers_zh=zh,
                offers_en=en,
            )
        )
        return None

    def _offered(self, ids: Sequence[str]) -> tuple[str, str]:
        """Names and ids, in Chinese and in English."""
        named = [(self.projects[one].names[0], one) for one in ids]
        zh = "；".join(f"{name}（{one}）" for name, one in named)
        return zh, "; ".join(f"{name} ({one})" for name, one in named)

    def _near(self, said: str) -> list[str]:
        wanted = folded(said)
        held = [name for name in self.by_name if len(name) > 1 and (name in wanted or wanted in name)]
        close = difflib.get_close_matches(wanted, [n for n in self.by_name if n], _OFFERED, _CLOSE)
        ids = [
            one
            for name in (*sorted(held, key=len, reverse=True), *close)
            for one in sorted(self.by_name[name])
        ]
        return list(dict.fromkeys(ids))[:_OFFERED]

    # ------------------------------------------------------------ what it says

    def _line(self, row: Row, project: Known, values: Mapping[str, Any]) -> Line:
        kind = load_kinds()[project.kind]
        found = Line(row.line or 0, project.id)
        for letter, value in values.items():
            part, unit = self.columns[letter]
            said = cells.text(value).strip()
            column = _Cell(row.line or 0, letter, self.names[letter], said, unit)
            if part == "lead":
                self._lead(found, column, project, kind)
            elif part == "due":
                self._due(found, column, kind)
            elif part == "invest":
                self._invest(found, column, kind)
            elif part not in ("name", "key"):
                self._words(found, column, part, kind)
        return found

    def _lead(self, line: Line, cell: _Cell, project: Known, kind: Kind) -> None:
        if kind.field(LEAD) is None:
            self._words(line, cell, "lead", kind)
        elif what := cells.personal(cell.said):
            self.notes.append(
                issue("personal-data-in-words", field=cell.at, what_zh=what[0], what_en=what[1])
            )
        elif cell.said == project.lead_unit:
            line.same += 1
        else:
            line.lead_unit = cell.said

    def _due(self, line: Line, cell: _Cell, kind: Kind) -> None:
        try:
            dates = datewords.within(cell.said, self.year)
        except DateFault as fault:
            self.notes.append(cell.issue("ledger-date", reason_zh=fault.reason_zh, reason_en=fault.reason_en))
            return
        for one in dates:
            named = _milestone(kind, one.clause) or _milestone(kind, cell.column)
            milestone = named or _completion(kind)
            if milestone is None:
                self.notes.append(cell.issue("ledger-no-milestone", kind=Both(kind.name_zh, kind.name_en)))
                continue
            if named is None:
                self.taken[cell.column, kind.id] = milestone
            if one.by_year:
                self.yearless[cell.said] = None
            words = commitment_words.proposed(commitment_words.found(one.clause)) or "expected"
            self._claim(line, cell, kind, f"milestone:{milestone.code}", date=one.date, commitment=words)

    def _invest(self, line: Line, cell: _Cell, kind: Kind) -> None:
        if kind.field(INVEST) is None:
            self.notes.append(cell.issue("ledger-no-field", kind=Both(kind.name_zh, kind.name_en)))
            return
        found = _SUM.fullmatch(re.sub(r"\s+", "", unicodedata.normalize("NFKC", cell.said)))
        if found is None:
            self.notes.append(cell.issue("ledger-amount"))
            return
        unit = _UNITS.get(found["unit"] or "", found["unit"] or "") or cell.unit or self.unit
        if not unit:
            self.notes.append(cell.issue("ledger-no-unit"))
            return
        over = found["over"] or found["rest"] or found["after"] == "以上"
        about = found["about"] or found["after"] == "左右"
        value = f"{'>' if over else ''}{found['n'].replace(',', '')}{'~' if about else ''}"
        self._claim(line, cell, kind, f"measure:{INVEST}", value=value, unit=unit, date=self.day.isoformat())

    def _words(self, line: Line, cell: _Cell, part: str, kind: Kind) -> None:
        """What the model has no figure for stays in words. What is done or a problem is so on that day."""
        happened = part in ("done", "problems", "lead")
        carried = commitment_words.proposed(commitment_words.found(cell.said))
        promised = carried if carried and carried != "done" else "expected"
        self._claim(
            line,
            cell,
            kind,
            "mention",
            date=self.day.isoformat() if happened else str(self.year) if part == "plan" else "",
            commitment="done" if happened else promised,
        )

    def _claim(
        self, line: Line, cell: _Cell, kind: Kind, about: str, *, commitment: str = "expected", **more: str
    ) -> None:
        column = cell.called(self.unit) if about == "mention" else cell.column
        typed = {
            **dict.fromkeys(stating.CLAIM_LENGTHS, ""),
            "property": about,
            "commitment": commitment,
            "said_on": self.day.isoformat(),
            "locator": f"{self.sheet}!{cell.at}",
            # Words without their column tell nobody whether they are a problem, a plan or done.
            "quote": f"{column}：{cell.said}" if about == "mention" else cell.said,
            "note": column,
            "verbatim": True,
            **more,
        }
        stated = stating.claim(typed, line.target, kind, self.cited, self.day)
        mark = said_already(stated.record)
        if mark in self.said:
            line.same += 1
            return
        self.said.add(mark)
        # A figure of progress carries no word of commitment: what the words carry is told only of promises.
        issues = [f for f in stated.issues if about != "mention" or f.code != "quote-carries-less"]
        line.claims.append((stated.record, issues))


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell with words. line: its row. unit: that its column names."""

    line: int
    letter: str
    column: str
    said: str
    unit: str

    @property
    def at(self) -> str:
        return f"{self.letter}{self.line}"

    def called(self, unit: str) -> str:
        """What the column is called, with the unit of the sheet where the cell is a bare number."""
        bare = re.fullmatch(r"[\d,.]+", self.said)
        return f"{self.column}（{unit}）" if bare and unit and not self.unit else self.column

    def issue(self, code: str, **more: Any) -> Issue:
        return issue(code, field=self.column, row=self.line, value=self.said, **more)


def _says(value: Any) -> bool:
    return cells.text(value).strip().casefold() not in _PLAIN


def _milestone(kind: Kind, text: str) -> Milestone | None:
    """What the words are of: a milestone of the kind by its name, or one by the phase that they lead to."""
    named = [one for one in kind.milestones if one.name_zh in text]
    if named:
        return max(named, key=lambda one: len(one.name_zh))
    phases = [phase for word, phase in headers.words().events.items() if word in text]
    if any(phase in ("building", "in_service") for phase in phases):
        return next((f for p in phases if p != "completing" and (f := _first(kind, p))), None)
    return None


def _completion(kind: Kind) -> Milestone | None:
    """What a deadline is of that names nothing: the last milestone of completion that is called so, else the
    first of being in use, else the last of completion."""
    if not kind.tracked:
        return None
    completing = [one for one in kind.milestones if one.phase == "completing"]
    words = [word for word, phase in headers.words().events.items() if phase == "completing"]
    called = [one for one in completing if any(word in one.name_zh for word in words)]
    return called[-1] if called else _first(kind, "in_service") or (completing[-1] if completing else None)


def _first(kind: Kind, phase: str) -> Milestone | None:
    """The first that leads to a phase; not what comes again after an end, which every kind has."""
    of_phase = (one for one in kind.milestones if one.phase == phase and one.code != "reopened")
    return next(of_phase, None) if kind.tracked else None
