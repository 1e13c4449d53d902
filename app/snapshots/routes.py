"""GET /snapshot.html."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from app import answers
from app.catalogue import outline_bbox
from app.errors import documented, language
from app.pages import not_built
from app.params import Kinds, Phases, TimeParams
from app.projects import service
from app.snapshots.sheet import POLICY, LeafletMissing, Sheet
from app.web import FrontEndOf, Reading, SettingsOf
from geodata.phases import PHASES

router = APIRouter(tags=["snapshots"])
HTML = "text/html; charset=utf-8"


class SnapshotParams(TimeParams):
    kind: Kinds | None = Field(None, description="Only these kinds (repeatable).")
    phase: Phases | None = Field(None, description="Only these phases on the day (repeatable).")


@router.get(
    "/snapshot.html",
    response_class=Response,
    responses={200: {"content": {"text/html": {}}}, **documented()},
    summary="The map of a day as one self-contained file",
)
def get_snapshot(
    request: Request,
    params: Annotated[SnapshotParams, Query()],
    connection: Reading,
    settings: SettingsOf,
    front_end: FrontEndOf,
) -> Response:
    """A Folium map with Leaflet and styles inlined: it opens from a mail without a network. Served as a
    download under a sandboxing policy, because it carries its own script."""
    moment = service.moment(connection, settings.area, params.day, params.known)
    tag = answers.computed_tag(request, moment.revision, moment.today, [language(request)])
    if answers.unchanged(request, tag):
        return answers.not_modified(tag, answers.COMPUTED)
    chosen = service.selection(
        moment,
        kinds=params.kind or (),
        phases=[PHASES.index(name) for name in params.phase or ()],
    )
    page = service.page(
        connection, moment, chosen, sort="kind", limit=None, cursor=None, show_lights=settings.show_lights
    )
    bounds = outline_bbox() or moment.area["accept_bbox_lonlat"]
    sheet = Sheet(
        page.features,
        moment.area,
        moment.day,
        moment.known,
        moment.today,
        bounds,
        language(request),
        phases=params.phase or (),
        kinds=params.kind or (),
    )
    # folium, geopandas and pandas take a second to import, and few answers need them.
    from app.snapshots.drawing import render

    try:
        text = render(sheet, front_end / "snapshot")
    except LeafletMissing as error:
        raise not_built() from error
    headers = {
        **answers.attachment(f"{settings.area}-{moment.day.isoformat()}-{language(request)}.html"),
        **answers.IN_LANGUAGE,
        "Content-Security-Policy": f"sandbox allow-scripts; {POLICY}",
    }
    return answers.json_answer(
        text.encode(), tag=tag, cache=answers.COMPUTED, media_type=HTML, headers=headers
    )
