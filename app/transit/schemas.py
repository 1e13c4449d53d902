"""The shapes of questions and answers about lines and what is near, for the OpenAPI description."""

from __future__ import annotations

from datetime import date as Date  # noqa: N812 (the models have fields of that name)
from typing import Any, Literal

from pydantic import BaseModel, Field, model_validator

from app.params import Day, Params, Vicinity, Words, fault
from app.projects.schemas import ClaimEntry, Credit, Next
from geodata.kinds import GROUPS as KIND_GROUPS

Precision = Literal["surveyed", "digitised", "approximate", "schematic", "unlocated"]
_SHOWN_GROUPS = tuple(group for group in KIND_GROUPS if group != "context")
KindGroup = Literal[_SHOWN_GROUPS]  # type: ignore[valid-type]


class NearParams(Vicinity):
    """Near what, how far, until when."""

    place: Words | None = Field(None, description="Name or id of a place, instead of lon and lat.")
    by: Day | None = Field(
        None, description="The last day of 'by then' (a month or year means its last day); in two years."
    )
    group: list[KindGroup] | None = Field(
        None, description="Groups of kinds (repeatable); transit, road and public if left out."
    )

    @model_validator(mode="after")
    def _one_place(self) -> NearParams:
        if self.place and self.lon is not None:
            raise fault("two_places")
        if not self.place and self.lon is None:
            raise fault("no_place")
        return self


class PlacesParams(Params):
    q: Words | None = Field(None, description="Part of a name, or its beginning in pinyin.")


class PlaceEntry(BaseModel):
    id: str = Field(description="Of a project; empty for what is only ground.")
    kind: str = Field(description="A kind, or a role of the ground.")
    name_zh: str
    name_en: str
    label_zh: str = Field(examples=["车站、枢纽"])
    label_en: str
    precision: Precision
    lon: float
    lat: float


class Places(BaseModel):
    revision: int
    places: list[PlaceEntry]


class Dated(BaseModel):
    date: str = Field(examples=["2020-08-18"])
    date_zh: str
    date_en: str


class Opened(Dated):
    milestone: str
    again: bool = Field(description="It had been closed before.")
    disputed: bool = Field(description="Sources disagree about the day.")


class Opens(Next, Dated):
    approx: bool
    disputed: bool = Field(description="A source of a higher tier says something else.")
    first: Dated | None = Field(description="What was promised first, when the date moved.")


class OpensOrLapsed(Opens):
    lapsed: bool = Field(description="The day has passed and nothing was heard of it.")


class Parent(BaseModel):
    id: str
    kind: str
    name_zh: str
    name_en: str
    attrs: dict[str, Any]


class NearEntry(BaseModel):
    id: str
    kind: str
    name_zh: str
    name_en: str
    precision: Precision
    phase: str
    basis: Literal["fact", "promise", "none"]
    maybe: str | None
    attrs: dict[str, Any]
    last_heard: Date | None
    light: str
    light_days: int | None
    note_zh: str
    note_en: str
    parent: Parent | None
    distance_m: int | None = Field(description="Rounded; null where one end is schematic.")
    distance_zh: str = Field(examples=["约 430 米"])
    distance_en: str
    opened: Opened | None
    opens: OpensOrLapsed | None
    next: Opens | None = Field(description="The next promised step before opening.")
    moved: list[Opens] = Field(description="Other steps whose promised dates moved.")
    said: ClaimEntry | None = Field(description="Whose words the answer rests on.")


class Groups(BaseModel):
    opens_by: list[NearEntry]
    later: list[NearEntry]
    no_date: list[NearEntry]
    open: list[NearEntry]


class Counts(BaseModel):
    opens_by: int
    later: int
    no_date: int
    open: int


class LeftOut(BaseModel):
    unlocated: int = Field(description="Projects of these groups without a place.")
    ended: int = Field(description="Near, but closed or given up.")
    farther: int = Field(description="More than the answer holds.")


class LonLatPoint(BaseModel):
    lon: float
    lat: float


class Near(BaseModel):
    revision: int
    today: Date
    by: Date
    radius_m: int
    group: list[str]
    datum: Literal["wgs84", "gcj02"]
    centre: LonLatPoint = Field(description="The point in WGS84.")
    place: PlaceEntry | None
    summary_zh: str
    summary_en: str
    counts: Counts
    groups: Groups
    left_out: LeftOut
    credits: list[Credit]


class Station(BaseModel):
    id: str
    kind: str
    name_zh: str
    name_en: str
    aliases: list[str]
    phase: str
    basis: str
    maybe: str | None
    precision: Precision
    located: bool
    opened: Opened | None
    opens: OpensOrLapsed | None
    next: Opens | None
    moved: list[Opens]


class Stop(BaseModel):
    gap: bool = Field(description="Stations that the source leaves out.")
    name_zh: str
    name_en: str = Field(description="Of the station; else the Chinese name in pinyin.")
    station: Station | None = Field(description="Null where only the name is known.")
    meets: list[str] = Field(description="Other lines with a stop, or a place on the way, of this name.")


class LineState(BaseModel):
    id: str
    kind: str
    name_zh: str
    name_en: str
    attrs: dict[str, Any]
    phase: str
    basis: str
    maybe: str | None
    drawn: bool
    precision: Precision
    located: bool
    last_heard: Date | None
    phases: str
    of_parts: dict[str, int] | None
    opened: Opened | None
    opens: OpensOrLapsed | None
    next: Opens | None
    moved: list[Opens]


class Section(LineState):
    listed: Literal["stops", "passes", "placed", "none"]
    joins: bool = Field(description="Its first stop is one of the part before it.")
    said: ClaimEntry | None = Field(description="Who names the stops.")
    word: ClaimEntry | None = Field(description="What else was last said of it: that a part is on hold, say.")
    stations: str | None = Field(description="How many stations a source counts.")
    named: int
    stops: list[Stop]
    below: list[LineState]


class Line(LineState):
    note_zh: str
    note_en: str
    parts: list[Section]


class Lines(BaseModel):
    revision: int
    today: Date
    lines: list[Line]
    credits: list[Credit]
