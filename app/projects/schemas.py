"""The shapes of questions and answers about projects, for readers of the OpenAPI description."""

from __future__ import annotations

from datetime import date as Date  # noqa: N812 (the models have fields of that name)
from typing import Any, Literal

from pydantic import BaseModel, Field

from app.params import BoundingBox, Kinds, Phases, TimeParams, Words

Sort = Literal["id", "-id", "name", "-name", "kind", "-kind", "last_heard", "-last_heard"]


class ExportParams(TimeParams):
    """A selection as a file: everything, in one order, without pages."""

    kind: Kinds | None = Field(None, description="Only these kinds (repeatable).")
    phase: Phases | None = Field(None, description="Only these phases on the day (repeatable).")
    bbox: BoundingBox | None = Field(None, description="west,south,east,north in degrees, WGS84.")
    q: Words | None = Field(None, description="Part of a name, an alias or an id; width and case folded.")
    parent: Words | None = Field(None, description="Only the parts of this project.")
    unlocated: Literal["only", "with", "without"] = Field("with", description="Projects without a place.")
    sort: Sort = Field("id", description="A minus before it turns the order round.")


class ProjectsParams(ExportParams):
    """The same by pages."""

    geometry: Literal["with", "without"] = Field(
        "with", description="Without: every geometry is null, for a list that draws nothing."
    )
    limit: int = Field(100, ge=1, le=1000, description="Features a page.")
    cursor: str | None = Field(None, max_length=400, description="From the `next` link of the page before.")


class Link(BaseModel):
    rel: str
    href: str
    type: str


class Next(BaseModel):
    milestone: str
    date: str = Field(examples=["2029~"])
    due_latest: Date
    commitment: str
    moves: int
    slip_days: int
    slip_exact: bool | None = Field(
        description="Whether slip_days is told to the day; false: about so many. Null without a move."
    )


class ProjectProperties(BaseModel):
    id: str = Field(examples=["fuan-east-road"])
    kind: str = Field(examples=["road"])
    name_zh: str = Field(examples=["富安东路"])
    name_en: str
    aliases: list[str]
    initials: list[str] = Field(description="First letters in pinyin of the name and each alias.")
    phase: str = Field(examples=["in_service"])
    basis: Literal["fact", "promise", "none"]
    maybe: str | None = Field(description="A higher phase that may already have been reached.")
    light: Literal["green", "amber", "red", "silent", "grey"]
    light_milestone: str | None
    light_days: int | None = Field(description="Late by at least so many days, as a source proves.")
    light_evidence: int | None = Field(description="Number of the claim that proves a delay.")
    light_kept: bool = Field(description="Green because it was kept, not because it is not yet due.")
    precision: Literal["surveyed", "digitised", "approximate", "schematic", "unlocated"]
    partial: bool = Field(description="The geometry is only a part of the thing.")
    drawn: bool = Field(
        description="False for a container: it has parts and no phase of its own. True says nothing about "
        "a place; see `located`."
    )
    located: bool = Field(description="Whether it has a geometry.")
    parent: str | None
    parts: dict[str, int] | None = Field(description="Of a container: parts by phase.")
    phases: str = Field(
        examples=["4@2015-10-17 6@2020-08-18"], description="facts[|promises], see docs/model.md"
    )
    last_heard: Date | None
    community: str
    note_zh: str
    note_en: str
    area_ha: float | None = Field(description="Measured, hectares; null unless surveyed or digitised whole.")
    length_km: float | None = Field(description="Measured, kilometres; as area_ha.")
    attrs: dict[str, Any] = Field(description="The public fields of the kind.")
    next: Next | None


class ProjectFeature(BaseModel):
    type: Literal["Feature"]
    id: str
    geometry: dict[str, Any] | None = Field(description="RFC 7946; null when the project is not located.")
    properties: ProjectProperties


class Credit(BaseModel):
    zh: str
    en: str
    licence: str


class ProjectCollection(BaseModel):
    type: Literal["FeatureCollection"]
    revision: int
    day: Date
    known: Date
    today: Date
    numberMatched: int  # noqa: N815 (the name of OGC API Features)
    numberReturned: int  # noqa: N815
    links: list[Link]
    credits: list[Credit]
    features: list[ProjectFeature]


class SourceEntry(BaseModel):
    id: str
    publisher_zh: str
    publisher_en: str
    title: str
    title_en: str
    published: str
    retrieved_on: Date
    address: str
    licence: str
    licence_zh: str
    tier: Literal["official", "press", "web"]


class Withdrawn(BaseModel):
    rev: int
    reason: str = Field(description="Empty where a changeset was undone: why is told to staff, in the log.")


class ClaimEntry(BaseModel):
    n: int
    property: str = Field(examples=["milestone:open"])
    label_zh: str
    label_en: str
    value: str
    unit: str
    unit_en: str
    value_en: str | None = Field(
        None, description="A list of stops by the English names of those that have one."
    )
    date: str = Field(examples=["2025-01-15"])
    date_edtf: str
    earliest: Date | None
    latest: Date | None
    approx: bool
    commitment: str
    said_on: str
    said_earliest: Date | None
    said_latest: Date
    locator: str
    locator_zh: str
    locator_en: str
    quote: str
    quote_zh: str = Field(description="Our summary in Chinese; the source's own words stay as they are.")
    quote_en: str
    verbatim: bool = Field(description="True: the source's own words. False: our summary of it.")
    note: str
    note_zh: str
    note_en: str
    rev: int
    withdrawn: Withdrawn | None
    standing: Literal["holds", "agrees", "conflicts", "superseded", "words"]
    source: SourceEntry


class Conflict(BaseModel):
    winner: int
    loser: int


class Relative(BaseModel):
    id: str
    kind: str
    name_zh: str
    name_en: str
    phase: str
    basis: str


class Former(BaseModel):
    id: str
    kind: str
    name_zh: str
    name_en: str


class ProjectDetailProperties(ProjectProperties):
    light_reason_zh: str
    light_reason_en: str
    milestones: list[dict[str, Any]]
    claims: list[ClaimEntry]
    conflicts: list[Conflict]
    measures: list[dict[str, Any]]
    attrs_en: dict[str, str] = Field(
        default_factory=dict, description="Attributes that have English words of their own: a list of stops."
    )
    parents: list[Relative]
    children: list[Relative]
    successors: list[Relative]
    predecessors: list[Relative]
    formerly: list[Former] = Field(
        description="What it came from that is no more on the chart: by a split or a merger, the last first."
    )
    differs_from_parts: bool
    place: list[dict[str, Any]] = Field(description="Where the geometry comes from, with its licence.")
    history: list[dict[str, Any]]


class ProjectDetail(BaseModel):
    type: Literal["Feature"]
    id: str
    geometry: dict[str, Any] | None
    properties: ProjectDetailProperties
    revision: int
    day: Date
    known: Date
    today: Date
    credits: list[Credit]
