"""Recording a fact, withdrawing and correcting one: a changeset each, staged and, where the office lets it,
published at once. Functions take a connection whose transaction the caller ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.changesets import listing_queries, staged_queries, undoing
from app.changesets import queries as public
from app.changesets import service as changesets
from app.changesets.refusals import UnknownChangeset
from app.database import Connection, today_in
from app.projects import queries as projects
from app.projects import service as projects_service
from app.projects.reading import property_name
from app.recording.queries import locked_area
from geodata import stating
from geodata.changes import Change
from geodata.issues import Issue, issue
from geodata.kinds import Kind, load_kinds
from geodata.phases import COMMITMENTS, TIERS

Row = Mapping[str, Any]
Typed = Mapping[str, Any]
Noted = tuple[Change, Sequence[Issue]]
"""A change and what is odd about it."""


class UnknownClaim(LookupError):
    """There is no such claim."""


class WithdrawnBefore(Exception):
    """The claim was withdrawn already. revision: by which."""

    def __init__(self, revision: int) -> None:
        super().__init__(revision)
        self.revision = revision


class NotTakenBack(Exception):
    """A changeset is more than what was recorded by hand, or was taken back already. by: by which."""

    def __init__(self, changeset_id: int, by: int | None = None) -> None:
        super().__init__(changeset_id, by)
        self.by = by


class Faulty(Exception):
    """What was typed has faults; nothing is stored."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        super().__init__([found.code for found in issues])
        self.issues = issues


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim that is not there yet. source: the record of what it cites, None when that is not known;
    is_new: the source is not there yet either. issues: of both."""

    record: dict[str, Any]
    source: dict[str, Any] | None
    is_new: bool
    issues: list[Issue]

    @property
    def blocks(self) -> list[Issue]:
        return [found for found in self.issues if found.severity == "block"]

    @property
    def warnings(self) -> list[Issue]:
        return [found for found in self.issues if found.severity == "warn"]

    def changes(self) -> list[Noted]:
        of_source = [found for found in self.warnings if found.field.startswith("source/")]
        of_claim = [found for found in self.warnings if found not in of_source]
        said: Noted = (Change("claim", "", after=self.record), of_claim)
        if not self.is_new:
            return [said]
        return [(Change("source", self.record["source"], after=self.source), of_source), said]


def draft(
    connection: Connection, target: str, kind: Kind | None, typed: Typed, today: date, claims: Sequence[Row]
) -> Draft:
    """typed: what stating.CLAIM_LENGTHS names, `verbatim`, and `source`: an id, or what
    stating.SOURCE_LENGTHS names. claims: those of the target."""
    issues: list[Issue] = []
    is_new = False
    if isinstance(typed["source"], str):
        source = _known_source(connection, typed["source"])
        if source is None:
            issues.append(issue("source-unknown", field="source", value=typed["source"]))
    else:
        stated = stating.source(typed["source"], today)
        issues += stated.issues
        source = _known_source(connection, stated.record["id"])
        is_new = source is None
        source = source or stated.record
    said = stating.claim(typed, target, kind, source, today)
    issues += said.issues
    if (again := _said_already(said.record, claims)) is not None:
        issues.append(issue("said-already", field="quote", value=again))
    return Draft(said.record, source, is_new, issues)


def _known_source(connection: Connection, source_id: str) -> dict[str, Any] | None:
    # No id is longer, and none holds what the database would not take as a text.
    if not source_id.isascii() or not source_id.isprintable():
        return None
    row = projects.sources(connection, [source_id]).get(source_id)
    return None if row is None else {**row, "tier": TIERS[row["tier"] - 1]}


def _said_already(record: Row, claims: Sequence[Row]) -> int | None:
    """The number of the claim that says the same of the same in the same words."""
    named = {"source": "source_id", "date": "date_text"}
    same = ("source", "property", "value", "date", "quote")
    return next(
        (
            row["id"]
            for row in claims
            if row["withdrawn_rev"] is None
            and all(row[named.get(name, name)] == record[name] for name in same)
        ),
        None,
    )


# ---------------------------------------------------------------- acts


@dataclass(frozen=True, slots=True)
class Recorder:
    """Somebody who records. at_once: whether the office lets what they record be public at once. Every act
    answers what came of it, and raises UnknownProject, MovedProject and RemovedProject of app.projects."""

    connection: Connection
    area_id: str
    who: str
    at_once: bool

    def record(self, project_id: str, typed: Typed) -> dict[str, Any]:
        """Raises Faulty."""
        today = self._begin()
        projects_service.require(self.connection, project_id)
        made = self._draft(project_id, typed, today)
        zh, en = self._named(project_id, made.record["property"])
        return self._carried_out(made.changes(), (f"记录：{zh}", f"Recorded: {en}"), made=made)

    def withdraw(self, claim_id: int, reason: str) -> dict[str, Any]:
        """Raises UnknownClaim and WithdrawnBefore."""
        self._begin()
        row = self._claim(claim_id)
        zh, en = self._named(_target(row), row["property"])
        title = f"撤回：{zh}", f"Withdrawn: {en}"
        return self._carried_out([(_withdrawal(row), [])], title, reason, withdrawn=claim_id)

    def correct(self, claim_id: int, reason: str, typed: Typed) -> dict[str, Any]:
        """Withdraw one and record another of the same thing. Raises as these do."""
        today = self._begin()
        row = self._claim(claim_id)
        if typed["property"] == row["property"] and not typed["unit"]:
            typed = {**typed, "unit": row["unit"]}
        made = self._draft(_target(row), typed, today, instead_of=claim_id)
        made.record["counts_in"] = row["counts_in"] or ""
        zh, en = self._named(_target(row), made.record["property"])
        changes = [(_withdrawal(row), []), *made.changes()]
        title = f"更正：{zh}", f"Corrected: {en}"
        return self._carried_out(changes, title, reason, made=made, withdrawn=claim_id)

    def take_back(self, changeset_id: int, reason: str) -> dict[str, Any]:
        """Undo what was recorded, withdrawn or corrected. Raises ChangesetError, and NotTakenBack."""
        self._begin()
        row = staged_queries.changeset(self.connection, changeset_id)
        if row is None or row["area_id"] != self.area_id:
            raise UnknownChangeset(f"there is no changeset {changeset_id}")
        if not undoing.is_recorded(self.connection, row):
            raise NotTakenBack(changeset_id)
        by = listing_queries.undone(self.connection, self.area_id).get(changeset_id)
        if by is not None:
            raise NotTakenBack(changeset_id, by)
        number = undoing.revert(self.connection, changeset_id, self.who, reason)
        revision = changesets.publish(self.connection, number, self.who) if self.at_once else None
        return {
            "changeset": number,
            "state": "published" if self.at_once else "staged",
            "revision": revision,
            "claim": None,
            "source": None,
            "withdrawn": None,
            "warnings": [],
        }

    def _begin(self) -> date:
        """Today, once it is our turn."""
        area = locked_area(self.connection, self.area_id)
        if area is None:
            raise projects_service.NoArea(self.area_id)
        return today_in(area["tz"])

    def _draft(self, target: str, typed: Typed, today: date, instead_of: int | None = None) -> Draft:
        kind = kind_of(self.connection, target)
        others = [row for row in claims_of(self.connection, target) if row["id"] != instead_of]
        made = draft(self.connection, target, kind, typed, today, others)
        if made.blocks:
            raise Faulty(made.blocks)
        return made

    def _claim(self, claim_id: int) -> Row:
        row = public.claim_rows(self.connection, [claim_id]).get(claim_id)
        if row is None or row["area_id"] != self.area_id:
            raise UnknownClaim(claim_id)
        if row["project_id"]:
            projects_service.require(self.connection, row["project_id"])
        if row["withdrawn_rev"] is not None:
            raise WithdrawnBefore(row["withdrawn_rev"])
        return row

    def _named(self, target: str, about: str) -> tuple[str, str]:
        """Of what is spoken, and which property: in Chinese and English."""
        found = public.names(self.connection, [target])[target]
        label_zh, label_en = property_name(about, load_kinds().get(found["kind"]))
        return f"{found['name_zh']}，{label_zh}", f"{found['name_en']}, {label_en}"

    def _carried_out(
        self,
        changes: Sequence[Noted],
        title: tuple[str, str],
        reason: str = "",
        *,
        made: Draft | None = None,
        withdrawn: int | None = None,
    ) -> dict[str, Any]:
        number = changesets.stage(
            self.connection,
            self.area_id,
            [change for change, _ in changes],
            kind="edit",
            title_zh=title[0],
            title_en=title[1],
            who=self.who,
            reason=reason,
            checked=changesets.Checked({n: found for n, (_, found) in enumerate(changes, start=1)}, {}),
        )
        revision = changesets.publish(self.connection, number, self.who) if self.at_once else None
        return {
            "changeset": number,
            "state": "published" if self.at_once else "staged",
            "revision": revision,
            "claim": self._claim_made_by(number) if made and self.at_once else None,
            "source": made.record["source"] if made else None,
            "withdrawn": withdrawn,
            "warnings": made.warnings if made else [],
        }

    def _claim_made_by(self, changeset_id: int) -> int:
        changes = staged_queries.changes(self.connection, changeset_id)
        return next(int(change.target) for _, _, change in changes if change.op == "claim")


def kind_of(connection: Connection, target: str) -> Kind | None:
    """The kind of a project; None of an indicator."""
    return load_kinds().get(public.project_kinds(connection, [target]).get(target, ""))


def claims_of(connection: Connection, target: str) -> Sequence[Row]:
    """All claims of a project, withdrawn ones too; none of an indicator."""
    found = projects.find(connection, target)
    return projects.claims_of(connection, [found["no"]], date.max).get(found["no"], []) if found else []


def _target(row: Row) -> str:
    return str(row["project_id"] or row["indicator_code"])


def _withdrawal(row: Row) -> Change:
    """What takes a claim back, with its whole record: undoing it restates that."""
    same = ("property", "value", "unit", "locator", "quote", "quote_zh", "quote_en", "verbatim")
    record = {
        "target": _target(row),
        **{name: row[name] for name in (*same, "note", "note_zh")},
        "date": row["date_text"],
        "commitment": COMMITMENTS[row["commitment"] - 1],
        "said_on": row["said_text"],
        "source": row["source_id"],
        "counts_in": row["counts_in"] or "",
    }
    return Change("withdraw", str(row["id"]), before=record)
