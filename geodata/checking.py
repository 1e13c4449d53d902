"""Checks of one record at a time. They never stop at the first fault and never repair."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import shapely
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from geodata import dates
from geodata.geometry import PRECISIONS
from geodata.issues import Both, Issue, issue
from geodata.kinds import Kind
from geodata.phases import COMMITMENTS, PHASES, TIERS
from geodata.validity import invalidity

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PRIVATE = "_"
"""Attributes that begin so are kept and never public."""
INDICATOR_PROPERTIES = ("value", "target", "ratio", "growth", "rank")

Record = Mapping[str, Any]
Box = tuple[float, float, float, float]


def check_project(
    record: Record, geometry: BaseGeometry | None, kinds: Mapping[str, Kind], accept_bbox_lonlat: Box
) -> list[Issue]:
    """All faults of a project. record: id, kind, name_zh, name_en, precision, attrs (at least).

    geometry: lon, lat in degrees, or None. accept_bbox_lonlat: west, south, east, north of the area.
    """
    found = list(_identity(record))
    kind = kinds.get(record["kind"])
    if kind is None:
        return [*found, issue("kind-unknown", field="kind", value=record["kind"])]
    found += [
        issue("field-unknown", field=code, value=code, kind=Both(kind.name_zh, kind.name_en))
        for code in record.get("attrs", {})
        if code not in kind.field_codes and not code.startswith(PRIVATE)
    ]
    if record["precision"] not in PRECISIONS:
        found.append(issue("precision-unknown", field="precision", value=record["precision"]))
    elif (record["precision"] == "unlocated") != (geometry is None):
        found.append(issue("precision-geometry", field="precision", value=record["precision"]))
    if geometry is not None:
        found += check_geometry(geometry, kind, accept_bbox_lonlat)
    return found


def _identity(record: Record) -> Iterator[Issue]:
    if not SLUG.fullmatch(record["id"]) or len(record["id"]) > 80:
        yield issue("id-malformed", field="id", value=record["id"])
    for name in ("name_zh", "name_en"):
        if not str(record.get(name) or "").strip():
            yield issue("name-missing", field=name)


def check_geometry(geometry: BaseGeometry, kind: Kind, accept_bbox_lonlat: Box) -> list[Issue]:
    """All faults of a geometry (lon, lat in degrees), with the place of the fault where it has one."""
    found = []
    if geometry.geom_type.lower() not in kind.geometry:
        found.append(
            issue(
                "geometry-type",
                field="geometry",
                value=geometry.geom_type,
                kind=Both(kind.name_zh, kind.name_en),
            )
        )
    if geometry.is_empty:
        return [*found, issue("geometry-empty", field="geometry")]
    xy = shapely.get_coordinates(geometry)
    if not (np.isfinite(xy).all() and (np.abs(xy) <= (180, 90)).all()):
        return [*found, issue("coordinate-range", field="geometry")]
    if not geometry.is_valid:
        found.append(invalidity(geometry))
    if not geometry.intersects(box(*accept_bbox_lonlat)):
        lon, lat = xy[0]
        found.append(issue("outside-area", field="geometry", lon=float(lon), lat=float(lat)))
    return found


def check_source(record: Record) -> list[Issue]:
    """All faults of a source: id, publisher_zh, publisher_en, title, tier, published, retrieved_on."""
    found = []
    if not SLUG.fullmatch(record["id"]):
        found.append(issue("id-malformed", field="id", value=record["id"]))
    if record["tier"] not in TIERS:
        found.append(issue("tier-unknown", field="tier", value=record["tier"]))
    names = ("publisher_zh", "publisher_en", "title")
    found += [issue("name-missing", field=name) for name in names if not record.get(name)]
    for name in ("published", "retrieved_on"):
        found += _date_faults(record.get(name) or "", name)
    return found


def check_claim(record: Record, kind: Kind | None) -> list[Issue]:
    """All faults of a claim. kind: of the project it speaks of; None when it speaks of an indicator."""
    found = [*_date_faults(record["date"], "date"), *_date_faults(record["said_on"], "said_on")]
    if record["commitment"] not in COMMITMENTS:
        found.append(issue("commitment-unknown", field="commitment", value=record["commitment"]))
    if not record["quote"]:
        found.append(issue("words-missing", field="quote"))
    head, _, code = record["property"].partition(":")
    if kind is None:
        known = record["property"] in INDICATOR_PROPERTIES
        kind_name = Both("指标", "indicator")
    else:
        known = _has_property(kind, head, code)
        kind_name = Both(kind.name_zh, kind.name_en)
    if not known:
        found.append(issue("property-unknown", field="property", value=record["property"], kind=kind_name))
    if head == "phase" and record["value"] not in PHASES[1:]:
        found.append(issue("phase-unknown", field="value", value=record["value"]))
    if (head == "measure" or kind is None) and not record["value"]:
        found.append(issue("value-missing", field=record["property"]))
    if head in ("milestone", "phase") and record["commitment"] == "done" and not record["date"]:
        found.append(issue("done-undated", field="date"))
    if not any(fault.code == "date-malformed" for fault in found) and _lies_ahead(record):
        found.append(issue("done-in-future", field="date"))
    return found


def _has_property(kind: Kind, head: str, code: str) -> bool:
    if head == "milestone":
        return code in kind.phase_of
    if head == "measure":
        return code in kind.field_codes or code in kind.phase_of
    return head in ("phase", "activity", "mention") and not code


def _date_faults(text: str, field: str) -> list[Issue]:
    if not text:
        return []
    try:
        dates.parse(text)
    except dates.DateTextError:
        return [issue("date-malformed", field=field, value=text)]
    return []


def _lies_ahead(record: Record) -> bool:
    if record["commitment"] != "done" or not record["date"] or not record["said_on"]:
        return False
    earliest, said = dates.parse(record["date"]).earliest, dates.parse(record["said_on"]).latest
    return earliest is not None and said is not None and earliest > said
