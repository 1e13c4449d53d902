"""What may be asked of the feed and of the calendar."""

from __future__ import annotations

from pydantic import Field

from app.params import Kinds, ProjectIds, Vicinity


class FeedParams(Vicinity):
    kind: Kinds | None = Field(None, description="Only these kinds (repeatable).")
    project: ProjectIds | None = Field(None, description="Only these projects, by id (repeatable).")
