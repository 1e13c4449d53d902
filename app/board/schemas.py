"""The shapes of questions and answers of a planner's day, for readers of the OpenAPI description."""

from __future__ import annotations

from datetime import date as Date  # noqa: N812 (the models have fields of that name)
from typing import Literal

from pydantic import BaseModel, Field, model_validator

from app.params import PROJECT_ID, Day, Kinds, Params, SpanParams, fault
from geodata.kinds import GROUPS

_GROUPS = tuple(GROUPS)
Group = Literal[_GROUPS]  # type: ignore[valid-type]
Basis = Literal["fact", "promise", "none"]
SOURCE_ID = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"


# ---------------------------------------------------------------- what all of them name


class ProjectRef(BaseModel):
    id: str = Field(examples=["jihe-expressway-widening"])
    kind: str = Field(examples=["road"])
    name_zh: str
    name_en: str
    phase: str
    basis: Basis
    parent: str | None


class IndicatorRef(BaseModel):
    code: str = Field(examples=["Q01"])
    name_zh: str
    name_en: str
    period: str


class MilestoneRef(BaseModel):
    code: str = Field(examples=["start"])
    name_zh: str
    name_en: str


class Dated(BaseModel):
    """A date as it was said, in words too; never more exact than that."""

    date: str = Field(examples=["2024"])
    earliest: Date | None
    latest: Date | None
    words_zh: str
    words_en: str
    claim: int | None = Field(description="Number of the claim that says so.")


class Cited(BaseModel):
    """A claim in a line."""

    claim: int
    source: str
    publisher_zh: str
    publisher_en: str
    tier: Literal["official", "press", "web"]
    said_on: str
    said_latest: Date
    commitment: str
    value: str
    unit: str
    unit_en: str
    quote_zh: str
    quote_en: str
    verbatim: bool = Field(description="True: the source's own words. False: our summary of them.")
    told_zh: str
    told_en: str


# ---------------------------------------------------------------- attention


class AttentionParams(Params):
    known: Day | None = Field(
        None, description="Look on this day, with what had been said by then; today if it lies ahead."
    )
    kind: Kinds | None = Field(None, description="Only these kinds (repeatable); figures are then left out.")
    within_days: int = Field(90, ge=1, le=730, description="How many days ahead `due` looks.")
    stale_months: int = Field(12, ge=1, le=120, description="After how many months without news: `stale`.")


class AttentionEntry(BaseModel):
    project: ProjectRef | None
    indicator: IndicatorRef | None = Field(description="In place of a project, where figures disagree.")
    reason_zh: str
    reason_en: str
    milestone: MilestoneRef | None
    due: Dated | None
    first: Dated | None = Field(description="What was promised first, where it moved.")
    commitment: str | None
    moves: int
    slip_days: int
    slip_exact: bool | None = Field(
        description="Whether slip_days is told to the day; false: about so many. Null without a move."
    )
    light: Literal["silent", "amber", "red"] | None
    late_days: int | None = Field(description="Late by at least so many days, as `said` proves.")
    last_heard: Date | None
    said: Cited | None = Field(description="The claim that proves it; the one that is believed.")
    beside: Cited | None = Field(description="The claim that says otherwise.")


class AttentionList(BaseModel):
    count: int
    at_least: bool = Field(description="Too many projects to read them all: there are at least so many.")
    more: bool = Field(description="There are more than the entries that are listed.")
    words_zh: str
    words_en: str
    entries: list[AttentionEntry]


class Attention(BaseModel):
    revision: int
    today: Date
    at: Date = Field(description="The day on which one looks.")
    within_days: int
    stale_months: int
    lights_public: bool
    due: AttentionList
    silent: AttentionList
    late: AttentionList
    moved: AttentionList
    disagree: AttentionList
    stale: AttentionList


# ---------------------------------------------------------------- compare


class CompareParams(Params):
    from_day: Day | None = Field(None, alias="from", description="The earlier day.")
    to_day: Day | None = Field(None, alias="to", description="The later day.")
    by: Literal["day", "known"] = Field(
        "day",
        description="`day`: the state on the two days, as known today. `known`: what had been said by the "
        "one and by the other.",
    )
    day: Day | None = Field(
        None,
        description="Of which day the state is told: with `by=known`, today if left out; with `source`, the "
        "day on which it spoke.",
    )
    kind: Kinds | None = Field(None, description="Only these kinds (repeatable); figures are then left out.")
    source: str | None = Field(
        None,
        min_length=1,
        max_length=100,
        pattern=SOURCE_ID,
        description="In place of two days: what this source announced.",
    )

    @model_validator(mode="after")
    def _two_days_or_a_source(self) -> CompareParams:
        if self.source is not None:
            if self.from_day or self.to_day or "by" in self.model_fields_set:
                raise fault("days_or_source")
            return self
        if self.from_day is None or self.to_day is None:
            raise fault("days_or_source")
        if self.from_day > self.to_day:
            raise fault("days_reversed")
        if self.by == "day" and self.day is not None:
            raise fault("day_with_known")
        return self


class PhaseState(BaseModel):
    phase: str
    basis: Basis


class ChangeEntry(BaseModel):
    project: ProjectRef | None
    indicator: IndicatorRef | None
    group: str | None = Field(
        examples=["advanced"],
        description="Of phases: advanced, ended, first (first evidence: by then it was so, and may have been "
        "before), promised. With `by=known` and `source` advanced and ended are learned and learned_ended: "
        "it became known, whenever it happened; and there are lapsed and corrected.",
    )
    before: PhaseState | None
    after: PhaseState | None
    milestone: MilestoneRef | None
    when: Dated | None = Field(
        description="When it happened or is said to happen, as exactly as it is known."
    )
    was: Dated | None = Field(description="The promise that another one took the place of.")
    first: Dated | None = Field(description="What was promised first.")
    slip_days: int | None = Field(description="From what was promised first to what is promised now.")
    moved_days: int | None = Field(description="From the promise before to the one now.")
    moved_exact: bool | None = Field(
        description="Whether moved_days is told to the day; false: about so many. Null without a move."
    )
    words_zh: str
    words_en: str
    said: Cited | None


class ChangeList(BaseModel):
    count: int
    at_least: bool
    more: bool
    words_zh: str
    words_en: str
    groups: dict[str, int]
    entries: list[ChangeEntry]


class SpokenOf(BaseModel):
    """Of how many drawn projects a phase is known in either view."""

    before: int
    after: int


class Comparison(BaseModel):
    revision: int
    today: Date
    by: Literal["day", "known", "source"]
    from_: Date | None = Field(alias="from")
    to: Date | None
    day: Date | None
    source: str | None
    spoken_of: SpokenOf | None
    words_zh: str
    words_en: str
    phases: ChangeList
    new_projects: ChangeList
    new_promises: ChangeList
    moved_promises: ChangeList
    done: ChangeList
    figures: ChangeList
    repeated: ChangeList | None = Field(description="Said again without a change; not with `by=day`.")
    other: ChangeList | None = Field(description="Everything else that was said; not with `by=day`.")


# ---------------------------------------------------------------- progress


class ProgressParams(SpanParams):
    step: Literal["month", "quarter"] = Field("month", description="How far the points are apart.")
    known: Day | None = Field(None, description="Only what had been said by then.")
    kind: Kinds | None = Field(None, description="Only these kinds (repeatable).")
    group: Group | None = Field(None, description="Only the kinds of this group.")
    parent: str | None = Field(
        None,
        max_length=80,
        pattern=PROJECT_ID,
        description="In `plan` and `slips` only this project and all its parts.",
    )


class PhaseSeries(BaseModel):
    """One kind in one phase: a number for each of the periods, on its last day."""

    kind: str
    phase: str
    projects: list[int]
    area_ha: list[float | None]
    length_km: list[float | None]
    promised_projects: list[int] = Field(
        description="How many of `projects` are in this phase by a promise alone; none up to the day known."
    )
    promised_area_ha: list[float | None]
    promised_length_km: list[float | None]


class Told(BaseModel):
    """A promise as it was said once."""

    said_on: str
    said_latest: Date
    commitment: str
    due: Dated


class PlanEntry(BaseModel):
    project: ProjectRef
    milestone: MilestoneRef
    history: list[Told] = Field(description="Every promise of a day, in the order in which they were said.")
    current: Told
    moves: int
    slip_days: int
    slip_exact: bool | None = Field(
        description="Whether slip_days is told to the day; false: about so many. Null without a move."
    )
    disputed: bool
    actual: Dated | None
    reached: Dated | None = Field(
        description="Where nobody says it is done: by when other evidence shows that its phase was reached."
    )
    outcome: Literal["open", "reached", "kept", "late", "untold", "done"] = Field(
        description="`open`: not known to be done. `reached`: nor that either, but other evidence shows its "
        "phase. `untold`: done, and told too roughly to say whether in "
        "time. `done`: where this site does not publish lights.",
    )
    late_days: int | None = Field(
        description="After the promised day; before it if negative. Only where both are told to the day."
    )
    words_zh: str
    words_en: str


class Plan(BaseModel):
    count: int
    undated: int = Field(
        description="Promises of milestones that give no last day: they are not among the entries."
    )
    at_least: bool
    more: bool
    words_zh: str
    words_en: str
    entries: list[PlanEntry]


class SlipSeries(BaseModel):
    """The dates promised of one milestone over the days on which they were said."""

    project: ProjectRef
    milestone: MilestoneRef
    points: list[Told]
    moves: int
    slip_days: int
    slip_exact: bool | None = Field(
        description="Whether slip_days is told to the day; false: about so many. Null without a move."
    )
    actual: Dated | None
    reached: Dated | None = Field(
        description="Where nobody says it is done: by when other evidence shows that its phase was reached."
    )


class SlipGroup(BaseModel):
    """A whole with its parts, or what belongs to no whole, by kind."""

    parent: ProjectRef | None
    kind: str | None
    moved: int = Field(description="How many of the series moved.")
    series: list[SlipSeries]


class LeftOutWords(BaseModel):
    zh: str
    en: str
    n: int


class Progress(BaseModel):
    revision: int
    known: Date
    from_: Date = Field(alias="from")
    to: Date
    step: Literal["month", "quarter"]
    periods: list[str] = Field(examples=[["2025-Q1", "2025-Q2"]])
    series: list[PhaseSeries]
    left_out: list[LeftOutWords]
    plan: Plan
    slips: list[SlipGroup]
