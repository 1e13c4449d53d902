"""Who follows what: the selection of a feed or a calendar, and what it is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.database import Connection
from app.feeds import queries
from app.params import LonLat
from app.projects.queries import Selection
from app.projects.service import Moment, selection
from app.projects.wording import either, name_of
from geodata.kinds import load_kinds

# Ids must be the same wherever the chart is served, so no host of anybody's stands in them; a name under
# .invalid never belongs to anybody else either (RFC 2606).
AUTHORITY = "guatu.invalid"
TAG = f"tag:{AUTHORITY},2026:"
"""What the ids of RFC 4151 begin with."""


@dataclass(frozen=True, slots=True)
class Following:
    """One selection, in one language, asked for at one address.

    home: the absolute address of the page. address: that of the question itself. scope: the selection in
    words of the language. key: the same as it stands in ids, whatever the language and the order.
    """

    moment: Moment
    chosen: Selection
    lang: str
    home: str
    address: str
    scope: str
    key: str

    @property
    def area_id(self) -> str:
        return str(self.moment.area["id"])

    def titled(self, zh: str, en: str) -> str:
        """A title that says the area, what this is, and the selection."""
        area = name_of(self.moment.area, self.lang)
        whole = either(self.lang, f"{area}：{zh}", f"{area}: {en}")
        return whole + (either(self.lang, f"（{self.scope}）", f" ({self.scope})") if self.scope else "")

    def page(self, project_id: str) -> str:
        return f"{self.home}?project={project_id}&lang={self.lang}"


def following(
    connection: Connection,
    moment: Moment,
    *,
    kinds: Sequence[str],
    projects: Sequence[str],
    near: tuple[LonLat, float] | None,
    lang: str,
    home: str,
    address: str,
) -> Following:
    """near: a point (WGS84, longitude before latitude) and metres round it."""
    kinds, projects = sorted(set(kinds)), sorted(set(projects))
    words, key = [], []
    if kinds:
        words.append(either(lang, "、", ", ").join(_label(kind, lang) for kind in kinds))
        key.append("kind=" + ",".join(kinds))
    if projects:
        named = queries.names(connection, projects)
        words.append(either(lang, "、", ", ").join(name_of(row, lang) for row in named))
        key.append("project=" + ",".join(projects))
    if near:
        (lon, lat), radius_m = near
        here = f"{lon:.4f}, {lat:.4f}"
        words.append(either(lang, f"{here} 周围 {radius_m:.0f} 米", f"within {radius_m:.0f} m of {here}"))
        key.append(f"near={lon:.6f},{lat:.6f},{radius_m:.0f}")
    return Following(
        moment,
        selection(moment, kinds=kinds, ids=queries.with_parts(connection, projects), near=near),
        lang,
        home,
        address,
        either(lang, "；", "; ").join(words),
        "&".join(key),
    )


def _label(kind_id: str, lang: str) -> str:
    kind = load_kinds()[kind_id]
    return either(lang, kind.name_zh, kind.name_en)
