"""What a link shows: read from its query, then from what is published."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode

from pydantic import ValidationError

from app.database import Connection
from app.params import USUAL_M, LonLat, TimeParams, Vicinity
from app.projects import service
from app.projects.service import Moment
from app.transit.near import PastDay, near, question
from app.transit.places import AmbiguousPlace, Place, UnknownPlace
from app.transit.schemas import NearParams
from geodata.kinds import load_kinds

View = Literal["map", "transit", "how"]
PROJECT_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
LONGEST_ID = 80
# More are not drawn on a picture of this size.
MOST_FEATURES = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """What a link asks to see, as far as its preview shows it. named_by: the parameter that names the
    project; point_lonlat: WGS84."""

    view: View = "map"
    project: str = ""
    named_by: Literal["project", "line"] = "project"
    day: date | None = None
    known: date | None = None
    point_lonlat: LonLat | None = None
    radius_m: int = USUAL_M
    place: str = ""
    by: date | None = None

    @property
    def is_near(self) -> bool:
        """Whether it asks what opens near a place."""
        return self.view == "transit" and not self.project and bool(self.place or self.point_lonlat)

    def of(self, project: str) -> Asked:
        """The same of another project, or of none."""
        return replace(self, project=project)

    def query(self, **more: str) -> str:
        """The query that asks for this, and for `more`; what is not asked for is left out."""
        parts: dict[str, str] = {}
        if self.view != "map":
            parts["view"] = self.view
        if self.project:
            parts[self.named_by] = self.project
        for name, day in (("day", self.day), ("known", self.known)):
            if day:
                parts[name] = day.isoformat()
        if self.place:
            parts |= {"place": self.place, "radius_m": str(self.radius_m)}
        elif self.point_lonlat:
            lon, lat = self.point_lonlat
            parts |= {"lon": f"{lon:.5f}", "lat": f"{lat:.5f}", "radius_m": str(self.radius_m)}
        if self.by:
            parts["by"] = self.by.isoformat()
        return urlencode(parts | more)


def of_page(view: View, query: Mapping[str, str]) -> Asked:
    """What the query of a page asks for. Pages take any query: what cannot be read is left out."""
    # Of two days that are compared the page shows the second one.
    day = query.get("b") if query.get("a") else None
    point = _read(Vicinity, query, ("lon", "lat", "radius_m", "datum"))
    place = _read_place(query.get("place"))
    project, line = query.get("project", ""), query.get("line", "")
    return Asked(
        view,
        next((name for name in (project, line) if is_id(name)), ""),
        "project" if is_id(project) or not is_id(line) else "line",
        _read_day(day or query.get("day")),
        _read_day(query.get("known")),
        point.centre_lonlat if point else None,
        point.radius_m if point else USUAL_M,
        place if view == "transit" else "",
        _read_day(query.get("by")) if view == "transit" else None,
    )


def is_id(text: str) -> bool:
    return len(text) <= LONGEST_ID and PROJECT_ID.fullmatch(text) is not None


def _read(model: type[Vicinity], query: Mapping[str, str], names: Sequence[str]) -> Vicinity | None:
    try:
        return model.model_validate({name: query[name] for name in names if name in query})
    except ValidationError:
        return None


def _read_day(text: str | None) -> date | None:
    try:
        return TimeParams.model_validate({"day": text}).day if text else None
    except ValidationError:
        return None


def _read_place(text: str | None) -> str:
    try:
        return NearParams.model_validate({"place": text}).place or "" if text else ""
    except ValidationError:
        return ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a link shows. feature: the project that it is about, with everything said of it; near: what opens
    near a place, and by when; its place by name where it has one."""

    asked: Asked
    moment: Moment
    feature: Mapping[str, Any] | None = None
    near: Mapping[str, Any] | None = None
    place: Place | None = None
    by: date | None = None

    @property
    def project(self) -> Mapping[str, Any] | None:
        return self.feature["properties"] if self.feature else None


def find(connection: Connection, area_id: str, asked: Asked, *, show_lights: bool) -> Subject:
    """What is asked for. Raises NoArea, and as `service.one` does for a project that is not there."""
    moment = service.moment(connection, area_id, asked.day, asked.known)
    if asked.is_near:
        return _near(connection, moment, asked, show_lights)
    if not asked.project:
        return Subject(asked, moment)
    return Subject(asked, moment, service.one(connection, moment, asked.project, show_lights))


def _near(connection: Connection, moment: Moment, asked: Asked, show_lights: bool) -> Subject:
    """What opens near a place; the area alone when the question has no answer, which the page says itself."""
    try:
        put = question(
            connection,
            moment,
            place=asked.place,
            point_lonlat=asked.point_lonlat,
            radius_m=asked.radius_m,
            by=asked.by,
        )
    except (UnknownPlace, AmbiguousPlace, service.OutsideArea, PastDay):
        return Subject(replace(asked, place="", point_lonlat=None, by=None), moment)
    found = near(connection, moment, put, show_lights)
    at = replace(asked, point_lonlat=put.centre_lonlat)
    return Subject(at, moment, near=found, place=put.place, by=put.by)


def scenery(connection: Connection, subject: Subject) -> list[dict[str, Any]]:
    """The features round the subject: the lines and stations of transit, and the subject's own parts, each
    with its phase on the day. Never the subject itself."""
    kinds = [kind.id for kind in load_kinds().values() if kind.group == "transit" and not kind.tiles]
    chosen = [service.selection(subject.moment, kinds=kinds, unlocated="without")]
    own = subject.feature["id"] if subject.feature else ""
    if own:
        chosen.append(service.selection(subject.moment, parent=own, unlocated="without"))
    found: dict[str, dict[str, Any]] = {}
    for selection in chosen:
        page = service.page(
            connection,
            subject.moment,
            selection,
            sort="id",
            limit=MOST_FEATURES,
            cursor=None,
            show_lights=False,
        )
        found |= {feature["id"]: feature for feature in page.features}
    return [feature for name, feature in found.items() if name != own]
