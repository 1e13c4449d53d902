"""What may stand in a query: each parameter is read into a value here, and refused in words when it cannot.

Every route takes one model made of these, so that a parameter nobody knows is refused as well.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from geodata import crs, dates
from geodata.kinds import load_kinds
from geodata.phases import PHASES

LONGEST_TEXT = 100
_DAY = re.compile(r"\d{4}(-\d{2}){0,2}", re.ASCII)
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)
_PROJECT_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
BBox = tuple[float, float, float, float]
LonLat = tuple[float, float]
NEAREST_M, USUAL_M, FARTHEST_M = 100, 3_000, 20_000
PROJECT_ID = f"^{_PROJECT_ID.pattern}$"
MOST_PROJECTS = 50
MOST_YEARS = 60


def fault(code: str, **values: Any) -> PydanticCustomError:
    """A fault whose words stand in app.parameter_faults.PARAMETER_FAULTS."""
    return PydanticCustomError(code, "wrong parameter", values or None)


def _shown(value: object) -> str:
    text = "".join(c if c.isprintable() else "�" for c in str(value))
    return text if len(text) <= 40 else text[:39] + "…"


def _read_days(value: object) -> tuple[date, date]:
    """First and last of a day, a month or a year."""
    try:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise dates.DateTextError(str(value))
        span = dates.parse(value)
    except dates.DateTextError as error:
        raise fault("day", value=_shown(value)) from error
    if span.earliest is None or span.latest is None:
        raise fault("day", value=_shown(value))
    return span.earliest, span.latest


def read_day(value: object) -> date:
    """A day; a month or a year means its last day."""
    return _read_days(value)[1]


def read_first_day(value: object) -> date:
    """A day; a month or a year means its first day."""
    return _read_days(value)[0]


def read_bbox(value: object) -> BBox:
    """west,south,east,north in degrees, WGS84. The framework gives the one text as a list of one."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    parts = str(value).split(",") if len(str(value)) < 200 else []
    if len(parts) == 4 and all(_NUMBER.fullmatch(part) for part in parts):
        # One that is too large for a float becomes infinite and is out of range.
        west, south, east, north = map(float, parts)
        if -180 <= west <= east <= 180 and -90 <= south <= north <= 90:
            return west, south, east, north
    raise fault("bbox", value=_shown(value))


def _reader_of_degrees(most: int, code: str) -> BeforeValidator:
    def read(value: object) -> float:
        text = str(value)
        if len(text) < 50 and _NUMBER.fullmatch(text) and abs(float(text)) <= most:
            return float(text)
        raise fault(code, value=_shown(value))

    return BeforeValidator(read)


def read_text(value: object) -> str:
    """Free text: no control characters, at most 100 characters, width folded."""
    text = str(value)
    if len(text) > LONGEST_TEXT or any(unicodedata.category(c) in ("Cc", "Cs") for c in text):
        raise fault("text", most=LONGEST_TEXT)
    return unicodedata.normalize("NFKC", text).strip()


def _read_names(value: object, allowed: list[str], code: str) -> list[str]:
    """A repeatable parameter, each of whose values may itself be a list with commas."""
    given = value if isinstance(value, list) else [value]
    names = [name.strip() for entry in given for name in str(entry).split(",")]
    for name in names:
        if name not in allowed:
            raise fault(code, value=_shown(name), allowed=", ".join(allowed))
    return names


def _read_kinds(value: object) -> list[str]:
    return _read_names(value, list(load_kinds()), "kind")


def _read_phases(value: object) -> list[str]:
    return _read_names(value, list(PHASES), "phase")


def _read_project_ids(value: object) -> list[str]:
    """Repeatable, and by commas. Whether there are such projects is found out where they are looked up."""
    given = value if isinstance(value, list) else [value]
    names = [name for entry in given for name in str(entry).split(",")]
    for name in names:
        if len(names) > MOST_PROJECTS or len(name) > 80 or not _PROJECT_ID.fullmatch(name):
            raise fault("project_id", value=_shown(name), most=MOST_PROJECTS)
    return names


# As exact as a pattern can be: 29 February, which some years have, is accepted beyond it.
_DAY_SCHEMA = {
    "type": "string",
    "pattern": (
        r"^[12]\d{3}(-(0[1-9]|1[0-2])(-(0[1-9]|1\d|2[0-8]))?"
        r"|-(0[13-9]|1[0-2])-(29|30)|-(0[13578]|1[02])-31)?$"
    ),
}

Day = Annotated[date, BeforeValidator(read_day), WithJsonSchema({**_DAY_SCHEMA, "examples": ["2025-01-16"]})]
FirstDay = Annotated[
    date, BeforeValidator(read_first_day), WithJsonSchema({**_DAY_SCHEMA, "examples": ["2025-01"]})
]
BoundingBox = Annotated[
    BBox,
    BeforeValidator(read_bbox),
    WithJsonSchema({"type": "string", "examples": ["114.09,22.65,114.18,22.73"], "format": "bbox"}),
]
Longitude = Annotated[
    float,
    _reader_of_degrees(180, "lon"),
    WithJsonSchema({"type": "number", "minimum": -180, "maximum": 180, "examples": [114.1208]}),
]
Latitude = Annotated[
    float,
    _reader_of_degrees(90, "lat"),
    WithJsonSchema({"type": "number", "minimum": -90, "maximum": 90, "examples": [22.6966]}),
]
Datum = Literal["wgs84", "gcj02"]
Words = Annotated[
    str,
    BeforeValidator(read_text),
    WithJsonSchema({"type": "string", "maxLength": LONGEST_TEXT, "pattern": r"^[^\x00-\x1f\x7f-\x9f]*$"}),
]
Kinds = Annotated[
    list[str],
    BeforeValidator(_read_kinds),
    WithJsonSchema({"type": "array", "items": {"type": "string", "enum": list(load_kinds())}}),
]
Phases = Annotated[
    list[str],
    BeforeValidator(_read_phases),
    WithJsonSchema({"type": "array", "items": {"type": "string", "enum": list(PHASES)}}),
]


ProjectIds = Annotated[
    list[str],
    BeforeValidator(_read_project_ids),
    WithJsonSchema(
        {
            "type": "array",
            "maxItems": MOST_PROJECTS,
            "items": {"type": "string", "pattern": PROJECT_ID, "maxLength": 80},
        }
    ),
]


class Params(BaseModel):
    """The parameters that every address takes. An unknown one is refused."""

    model_config = ConfigDict(extra="forbid")

    lang: Literal["zh", "en"] | None = Field(None, description="Language of pages and problems.")


class TimeParams(Params):
    day: Day | None = Field(None, description="When it is true: a day, or a month or year (its last day).")
    known: Day | None = Field(None, description="Only what had been said by then.")


class SpanParams(Params):
    """Two days, the earlier first; either may be left out."""

    from_day: Day | None = Field(
        None, alias="from", description="First day; the area's first day if left out."
    )
    to_day: Day | None = Field(None, alias="to", description="Last day; the area's last day if left out.")

    @model_validator(mode="after")
    def _in_order(self) -> SpanParams:
        if self.from_day and self.to_day:
            if self.from_day > self.to_day:
                raise fault("days_reversed")
            if self.to_day.year - self.from_day.year > MOST_YEARS:
                raise fault("days_too_far", most=MOST_YEARS)
        return self


class Vicinity(Params):
    """A point and a radius round it; without a point, everywhere."""

    lon: Longitude | None = Field(None, description="Longitude of the point, degrees.")
    lat: Latitude | None = Field(None, description="Latitude of the point, degrees.")
    radius_m: int = Field(USUAL_M, ge=NEAREST_M, le=FARTHEST_M, description="Metres round the point.")
    datum: Datum = Field(
        "wgs84", description="What the point is measured in: `gcj02` is that of Chinese map services."
    )

    @model_validator(mode="after")
    def _whole_point(self) -> Vicinity:
        if (self.lon is None) != (self.lat is None):
            raise fault("half_a_point")
        return self

    @property
    def centre_lonlat(self) -> LonLat | None:
        """The point in WGS84, longitude before latitude."""
        if self.lon is None or self.lat is None:
            return None
        if self.datum == "wgs84":
            return self.lon, self.lat
        lon, lat = crs.from_shifted(np.array([[self.lon, self.lat]]), "GCJ-02")[0]
        return float(lon), float(lat)
