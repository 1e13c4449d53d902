"""Lists of projects as files that leave the house: precision, provenance and credits go with every row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson
import shapely

from app.projects.service import Moment, embedded
from app.vocabulary import BASIS_WORDS, COMMITMENT_WORDS, LIGHT_WORDS, PHASE_WORDS, PRECISION_WORDS
from geodata.geometry import SERVED_DECIMALS
from geodata.kinds import load_kinds

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (
    "id",
    "kind",
    "kind_name",
    "kind_name_zh",
    "kind_name_en",
    "name_zh",
    "name_en",
    "parent",
    "container",
    "parts",
    "phase",
    "phase_name",
    "phase_name_zh",
    "phase_name_en",
    "basis",
    "basis_name",
    "maybe",
    "maybe_name",
    "light",
    "light_name",
    "precision",
    "precision_name",
    "precision_explain",
    "located",
    "place_id",
    "place_source",
    "place_datum",
    "place_licence",
    "place_note",
    "place_error_m",
    "partial",
    "last_heard",
    "next_milestone",
    "next_name",
    "next_date",
    "next_commitment",
    "next_commitment_name",
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


def csv_bytes(chunks: Iterable[Sequence[dict[str, Any]]], moment: Moment, lang: str) -> Iterator[bytes]:
    """UTF-8 with a byte order mark (as spreadsheets want it), CRLF line ends, one row a project; a piece of
    the file for each chunk of features, after the line of the columns."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    yield b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")
    for features in chunks:
        text.seek(0)
        text.truncate()
        for feature in features:
            row = {**_row(feature["properties"], moment, lang), "wkt": _wkt(feature["geometry"])}
            writer.writerow([_safe(row.get(column)) for column in COLUMNS])
        yield text.getvalue().encode("utf-8")


def geojson_bytes(chunks: Iterable[Sequence[dict[str, Any]]], moment: Moment) -> Iterator[bytes]:
    """RFC 7946: every property of the list, its codes also in words, and where each place comes from; a piece
    of the file for each chunk of features, after what is said of the whole."""
    head = {
        "type": "FeatureCollection",
        "revision": moment.revision,
        "day": moment.day,
        "known": moment.known,
        "today": moment.today,
        "credits": moment.area["credits"],
    }
    yield orjson.dumps(head).removesuffix(b"}") + b',"features":['
    comma = b""
    for features in chunks:
        made = [_leaving(feature) for feature in features]
        if made:
            yield comma + orjson.dumps(made)[1:-1]
            comma = b","
    yield b"]}"


def _leaving(feature: dict[str, Any]) -> dict[str, Any]:
    properties = {**feature["properties"], **_told(feature["properties"])}
    # What a reader takes it for is said by `located` and `container`.
    del properties["drawn"]
    return {**embedded(feature), "properties": properties}


def _told(p: Mapping[str, Any]) -> dict[str, Any]:
    """Codes in both languages, whether it is only a container of parts, and the error its place states."""
    kind = load_kinds()[p["kind"]]
    phase, precision = PHASE_WORDS[p["phase"]], PRECISION_WORDS[p["precision"]]
    return {
        "kind_name_zh": kind.name_zh,
        "kind_name_en": kind.name_en,
        "phase_name_zh": phase[0],
        "phase_name_en": phase[1],
        "precision_name_zh": precision[0],
        "precision_name_en": precision[1],
        "precision_explain_zh": precision[2],
        "precision_explain_en": precision[3],
        "container": not p["drawn"],
        "place_error_m": stated_error_m(place["note"] for place in p["place"]),
    }


_ERROR = re.compile(r"(?:\+-|±)\s*(?:\d+(?:\.\.|–|-))?(\d+)\s*m\b")


def stated_error_m(notes: Iterable[str]) -> int | None:
    """The largest error in metres that the notes on a place state (`+-100..150 m`); None where none does."""
    found = [int(error) for note in notes for error in _ERROR.findall(note)]
    return max(found, default=None)


def _row(p: dict[str, Any], moment: Moment, lang: str) -> dict[str, Any]:
    chosen = 1 if lang == "en" else 0
    told = _told(p)
    coming = p["next"] or {}
    milestone = load_kinds()[p["kind"]].milestone(coming.get("milestone", ""))
    commitment = coming.get("commitment", "")

    def yes(is_so: bool) -> str:
        return "yes" if is_so else ""

    def of_place(name: str) -> str:
        local = name if lang == "en" or name == "id" else f"{name}_zh"
        return "; ".join(text for place in p["place"] if (text := place.get(local) or place[name]))

    return {
        **p,
        **told,
        "kind_name": told[f"kind_name_{lang}"],
        "phase_name": told[f"phase_name_{lang}"],
        "basis_name": BASIS_WORDS[p["basis"]][chosen],
        "maybe_name": PHASE_WORDS[p["maybe"]][chosen] if p["maybe"] else "",
        "light_name": LIGHT_WORDS[p["light"]][chosen],
        "precision_name": told[f"precision_name_{lang}"],
        "precision_explain": told[f"precision_explain_{lang}"],
        "container": yes(told["container"]),
        "parts": "; ".join(f"{PHASE_WORDS[phase][chosen]} {n}" for phase, n in (p["parts"] or {}).items()),
        "partial": yes(p["partial"]),
        "located": yes(p["located"]),
        **{f"place_{name}": of_place(name) for name in ("id", "source", "datum", "licence", "note")},
        "next_milestone": coming.get("milestone", ""),
        "next_name": ((milestone.name_zh, milestone.name_en) if milestone else ("", ""))[chosen],
        "next_date": coming.get("date", ""),
        "next_commitment": commitment,
        "next_commitment_name": COMMITMENT_WORDS[commitment][chosen] if commitment else "",
        "day": moment.day,
        "known": moment.known,
        "revision": moment.revision,
        "credits": "; ".join(credit[lang] for credit in moment.area["credits"]),
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
