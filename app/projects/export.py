"""Lists of projects as files that leave the house: precision, licence and credits go with every row."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import shapely

from app.projects.service import Moment
from app.vocabulary import LIGHT_WORDS, PHASE_WORDS, PRECISION_WORDS
from geodata.geometry import SERVED_DECIMALS
from geodata.kinds import load_kinds

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (
    "id",
    "kind",
    "kind_name",
    "name_zh",
    "name_en",
    "parent",
    "phase",
    "phase_name",
    "basis",
    "maybe",
    "light",
    "light_name",
    "precision",
    "precision_name",
    "partial",
    "last_heard",
    "next_milestone",
    "next_date",
    "next_commitment",
    "area_ha",
    "length_km",
    "community",
    "phases",
    "wkt",
    "day",
    "known",
    "revision",
    "credits",
)


def csv_bytes(features: Sequence[dict[str, Any]], moment: Moment, lang: str) -> bytes:
    """UTF-8 with a byte order mark (as spreadsheets want it), CRLF line ends, one row a project."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for feature in features:
        row = {**_row(feature["properties"], moment, lang), "wkt": _wkt(feature["geometry"])}
        writer.writerow([_safe(row.get(column)) for column in COLUMNS])
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def _row(p: dict[str, Any], moment: Moment, lang: str) -> dict[str, Any]:
    chosen = 1 if lang == "en" else 0
    kind = load_kinds()[p["kind"]]
    coming = p["next"] or {}
    return {
        **p,
        "kind_name": (kind.name_zh, kind.name_en)[chosen],
        "phase_name": PHASE_WORDS[p["phase"]][chosen],
        "light_name": LIGHT_WORDS[p["light"]][chosen],
        "precision_name": PRECISION_WORDS[p["precision"]][chosen],
        "partial": "yes" if p["partial"] else "",
        "next_milestone": coming.get("milestone", ""),
        "next_date": coming.get("date", ""),
        "next_commitment": coming.get("commitment", ""),
        "day": moment.day,
        "known": moment.known,
        "revision": moment.revision,
        "credits": "; ".join(credit[("zh", "en")[chosen]] for credit in moment.area["credits"]),
    }


def _wkt(geometry: str | None) -> str:
    """Well-known text, lon lat in degrees with 7 decimals; empty when not located."""
    if geometry is None:
        return ""
    return shapely.to_wkt(shapely.from_geojson(geometry), rounding_precision=SERVED_DECIMALS)


def _safe(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula gets an apostrophe before it."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return "" if value is None else value
