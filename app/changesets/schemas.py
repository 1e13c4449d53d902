"""What goes in and out of the review of changesets."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from app.params import PROJECT_ID, BoundingBox, Day, FirstDay, Params, Words, fault
from geodata import cells

Decision = Literal["accept", "reject"]
AnyDecision = Literal["accept", "reject", "blocked", "conflict"]
State = Literal["staged", "published", "discarded"]
ChangesetKind = Literal["seed", "upload", "edit", "revert"]
ChangeOp = Literal["add", "change", "remove", "claim", "withdraw", "relate", "unrelate", "heard"]
ROW = "Counting from 1: of a table the line (the header is line 1), of GeoJSON the feature."
LONGEST_REASON = 2000
CODE = r"^[a-z0-9-]{1,60}$"


class ListParams(Params):
    state: State | None = Field(None, description="Only those in this state.")
    kind: ChangesetKind | None = Field(None, description="Only those that came so.")
    who: Words | None = Field(None, description="Only what this account made or published. For staff.")
    from_day: FirstDay | None = Field(
        None, alias="from", description="Only since then: the day of publishing, of staging before that."
    )
    to_day: Day | None = Field(None, alias="to", description="Only until then.")
    project: str | None = Field(
        None, pattern=PROJECT_ID, max_length=80, description="Only those that touch this project."
    )
    before: int | None = Field(None, ge=1, le=2**31 - 1, description="Only those with a lower number.")
    limit: int = Field(50, ge=1, le=200, description="How many at most.")

    @model_validator(mode="after")
    def _in_order(self) -> ListParams:
        if self.from_day and self.to_day and self.from_day > self.to_day:
            raise fault("days_reversed")
        return self


class MeantParams(Params):
    """Which changes; what is left out means any."""

    op: ChangeOp | None = Field(None, description="Only acts of this sort.")
    issue: str | None = Field(None, pattern=CODE, description="Only those with this issue.")
    severity: Literal["block", "warn"] | None = Field(None, description="Only those told so.")
    decision: AnyDecision | None = Field(None, description="Only those decided so.")
    q: Words | None = Field(None, description="Words of the name, or of the id.")


class ChangeParams(MeantParams):
    bbox: BoundingBox | None = Field(None, description="west,south,east,north in degrees, WGS84.")
    cursor: int = Field(0, ge=0, le=2**31 - 1, description="Only those with a higher number.")
    limit: int = Field(100, ge=1, le=500, description="How many at most.")


class Meant(BaseModel):
    """Which changes; what is left out means any."""

    model_config = ConfigDict(extra="forbid")

    n: list[int] | None = Field(None, max_length=10_000)
    op: ChangeOp | None = None
    issue: str | None = Field(None, pattern=CODE)
    severity: Literal["block", "warn"] | None = None
    decision: AnyDecision | None = None
    q: Words | None = None
    bbox: BoundingBox | None = None


class Deciding(BaseModel):
    model_config = ConfigDict(extra="forbid")

    where: Meant
    decision: Decision


def _plain(reason: str) -> str:
    """Without outer blanks; what the database or an answer could not hold is refused."""
    plain = reason.strip()
    if not plain or not cells.is_plain(plain):
        raise fault("text", most=LONGEST_REASON)
    return plain


Why = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST_REASON, description="Why; kept in the history."),
    AfterValidator(_plain),
]


class Publishing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Why
    confirm: str = Field("", max_length=64, description="The digest of the warnings that were confirmed.")


class Reason(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Why


class ChangesetEntry(BaseModel):
    """created_by and what follows it are for staff; others see None there. undone_by: the published changeset
    that took this one back, null again once that one was taken back itself."""

    id: int
    kind: str
    state: str
    rev: int | None
    reverts: int | None
    undone_by: int | None
    title_zh: str
    title_en: str
    data_date: date | None
    published_at: datetime | None
    created_by: str | None = None
    created_at: datetime | None = None
    published_by: str | None = None
    reason: str | None = None
    dataset: str | None = None
    mode: str | None = None
    version: int | None = None
    base_rev: int | None = None
    acts: dict[str, int] | None = Field(None, description="In the log: accepted changes by sort.")


class ChangesetList(BaseModel):
    changesets: list[ChangesetEntry]
    next: int | None = Field(description="`before` of the next page.")


class ChangesetDetail(ChangesetEntry):
    """counts: by op and decision, and by issue. confirm: the digest that confirms all accepted warnings."""

    upload: int | None = None
    head: int | None = None
    counts: dict[str, Any] | None = None
    warnings: int | None = None
    confirm: str | None = None
    kept: list[dict[str, Any]] | None = None
    expires_on: date | None = None
    recorded: bool | None = Field(
        None, description="It only records, withdraws or corrects claims: a planner may take it back."
    )


class Cited(BaseModel):
    id: str
    title: str
    title_en: str
    publisher_zh: str
    publisher_en: str
    address: str


class Called(BaseModel):
    name_zh: str
    name_en: str


class ChangeEntry(BaseModel):
    n: int
    row: int | None = Field(description=ROW)
    op: str
    target: str
    about: str = Field(description="The project that it is, speaks of, or relates to another.")
    name_zh: str
    name_en: str
    kind: str
    decision: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    issues: list[dict[str, Any]]
    cited: Cited | None = Field(description="The source of a claim.")
    along: list[int] = Field(
        description="Numbers of the changes that are decided with it: the parts of one split or merger."
    )
    named: dict[str, Called] = Field(
        description="By id, the names of other projects in it: ends of relations, successors, those heard of."
    )
    located: bool
    reshaped: bool
    lon: float | None
    lat: float | None


class ChangePage(BaseModel):
    changes: list[ChangeEntry]
    next: int | None = Field(description="`cursor` of the next page.")


class ChangeDetail(ChangeEntry):
    geometry_before: dict[str, Any] | None
    geometry_after: dict[str, Any] | None = Field(
        description="Of a change that leaves the shape alone: the public one. Null: too many points."
    )


class Decided(BaseModel):
    changed: int = Field(description="With what goes along: the parts of a split or a merger.")
    version: int
    warnings: int
    confirm: str
    counts: dict[str, Any]


class Outcome(BaseModel):
    """What came of publishing, undoing, comparing anew or discarding."""

    changeset: int
    revision: int | None = None
    kept: int | None = None
    moved: int | None = None
    settled: int | None = None
    impossible: int | None = None
    version: int | None = None
