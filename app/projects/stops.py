"""The stops of a line for English readers, by the names that stations have. Where no source names one in
English its Chinese name stays: nothing is made up."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from app.database import Connection
from app.projects import listing_queries
from geodata import pinghu
from geodata.kinds import load_kinds
from geodata.stops import in_english, names_by_place

_STOPS = "stops"
_ROLES = ("metro_station", "rail_station")


def add_english(connection: Connection, area_id: str, properties: dict[str, Any]) -> None:
    """Put each list of stops in English beside it: `value_en` of claims and measures, `attrs_en`. The
    database is asked for its stations only where there is such a list."""
    lists = [
        *(claim for claim in properties["claims"] if claim["property"] == f"measure:{_STOPS}"),
        *(measure for measure in properties["measures"] if measure["code"] == _STOPS),
    ]
    own = properties["attrs"].get(_STOPS)
    if not lists and not own:
        return
    forms = {kind.id: kind.style.form for kind in load_kinds().values()}
    kinds = [name for name, form in forms.items() if form == "station"]
    known = _of_the_ground() | names_by_place(listing_queries.names_of(connection, area_id, kinds))
    for entry in lists:
        entry["value_en"] = in_english(entry["value"], known)
    if own:
        properties["attrs_en"] = {_STOPS: in_english(str(own), known)}


@lru_cache(maxsize=1)
def _of_the_ground() -> dict[str, str]:
    """Stations beside the area, which are no projects."""
    features = [one["properties"] for one in pinghu.ground()["features"]]
    return names_by_place(
        ([one["name_zh"]], one["name_en"]) for one in features if one["role"] in _ROLES and one["name_zh"]
    )
