"""What goes in and out of editing."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from app.changesets.schemas import Why
from app.params import PROJECT_ID, fault
from geodata import cells
from geodata.editing import NOTE_LENGTH
from geodata.shaping import LONGEST_TEXT

MOST_ACTS = 100
MOST_OTHERS = 50
Precision = Literal["surveyed", "digitised", "approximate", "schematic", "unlocated"]


def _whole(value: str) -> str:
    """Half a character nobody could tell of; other odd ones are told with everything else that is wrong."""
    if value.encode("utf-8", "ignore").decode() != value:
        raise fault("text", most=LONGEST_TEXT)
    return value


def _plain(value: str) -> str:
    if not cells.is_plain(value):
        raise fault("text", most=NOTE_LENGTH)
    return value.strip()


ProjectId = Annotated[str, Field(pattern=PROJECT_ID, max_length=80)]
NewId = Annotated[
    str, Field(pattern=f"^$|{PROJECT_ID}", max_length=80, description="Proposed when left out.")
]
Text = Annotated[str, Field(max_length=1000), AfterValidator(_whole)]
Written = Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(_whole)]
Shape = dict[str, Any] | Written
"""GeoJSON, WKT, or one "lon,lat" a line."""
AnyPrecision = Annotated[
    Precision | Literal[""], Field(description="As before, but digitised where it was surveyed.")
]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Create(_Body):
    op: Literal["create"]
    id: NewId = ""
    kind: Annotated[str, Field(max_length=40)]
    name_zh: Text
    name_en: Text = ""
    geometry: Shape | None = Field(None, description='GeoJSON, WKT, or one "lon,lat" a line.')
    precision: AnyPrecision = ""
    parent: NewId = ""


class Reshape(_Body):
    op: Literal["reshape"]
    id: ProjectId
    geometry: Shape
    precision: AnyPrecision = ""


class Rename(_Body):
    op: Literal["rename"]
    id: ProjectId
    name_zh: Text | None = None
    name_en: Text | None = None


class Parent(_Body):
    op: Literal["parent"]
    id: ProjectId
    parent: NewId = Field("", description="Of what it is part; empty for nothing.")


class SetPrecision(_Body):
    op: Literal["precision"]
    id: ProjectId
    precision: Precision


class Part(_Body):
    id: NewId = ""
    name_zh: Text = ""
    name_en: Text = ""


class Split(_Body):
    op: Literal["split"]
    id: ProjectId
    by: Shape = Field(description="The line that cuts; of a line also the point at which.")
    keeps: bool = Field(
        True, description="The largest part keeps the id; false: all are new, and the old id is gone (410)."
    )
    parts: list[Part] = Field(
        default_factory=list, max_length=50, description="The new ones, the largest first."
    )
    precision: AnyPrecision = ""


class Merge(_Body):
    op: Literal["merge"]
    id: ProjectId = Field(description="What stays; the other ids lead here (301).")
    others: list[ProjectId] = Field(min_length=1, max_length=MOST_OTHERS)
    precision: AnyPrecision = ""


class Remove(_Body):
    op: Literal["remove"]
    id: ProjectId


Act = Annotated[
    Create | Reshape | Rename | Parent | SetPrecision | Split | Merge | Remove, Field(discriminator="op")
]


class Checking(_Body):
    base_revision: int = Field(ge=0, le=2**31 - 1, description="The revision that the editor saw.")
    source: Annotated[str, Field(max_length=NOTE_LENGTH), AfterValidator(_plain)] = Field(
        "", description="Where the shapes come from: which survey, which document."
    )
    acts: list[Act] = Field(min_length=1, max_length=MOST_ACTS)


class Editing(Checking):
    reason: Why


# ---------------------------------------------------------------- answers


class Told(BaseModel):
    pointer: str = Field(examples=["/body/acts/0/geometry"])
    code: str
    detail_zh: str
    detail_en: str
    lon: float | None = None
    lat: float | None = None


class After(BaseModel):
    """A project as the acts leave it."""

    act: int = Field(description="The act that touched it last, from 0.")
    id: str
    is_new: bool
    removed: bool
    successors: list[str]
    name_zh: str
    name_en: str
    precision: str
    geometry: dict[str, Any] | None
    area_ha: float | None
    length_km: float | None


class Checked(BaseModel):
    """errors: what stands in the way. warnings: what a reviewer will have to confirm."""

    revision: int
    errors: list[Told]
    warnings: list[Told]
    projects: list[After]


class Staged(BaseModel):
    changeset: int
    warnings: list[Told]
    projects: list[After]
