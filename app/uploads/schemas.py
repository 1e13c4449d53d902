"""What goes in and out of uploads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.params import Params


class ListParams(Params):
    before: int | None = Field(None, ge=1, le=2**31 - 1, description="Only those with a lower number.")
    limit: int = Field(50, ge=1, le=200, description="How many at most.")
    kind: str = Field("", max_length=40, description="Only of this kind.")
    dataset: str = Field("", max_length=80, description="Only of this dataset.")


class UploadEntry(BaseModel):
    id: int
    account: str
    state: str = Field(examples=["staged"])
    name: str = Field(description="The file's, as it was sent.")
    size: int = Field(description="Bytes.")
    kind: str
    dataset: str
    mode: str
    data_date: str | None
    publisher: str | None = Field(description="Who issues it; nobody said: the dataset stands for them.")
    tier: str | None = Field(description="Of the source that it is.", examples=["official"])
    layer: str | None = Field(description="Of a file of several, the one that was asked for.")
    changeset: int | None
    created_at: datetime


class ListedUpload(UploadEntry):
    changeset_state: str | None = Field(
        description="How far what came of it is; `nothing`: all of it was public already.",
        examples=["published"],
    )


class UploadList(BaseModel):
    uploads: list[ListedUpload]
    next: int | None = Field(description="`before` of the next page.")


class UploadDetail(UploadEntry):
    """report: what the file was read as, its columns, notes and counts; or `refused`: why it was not."""

    sha256: str
    answers: dict[str, str] = Field(description="What was said of the file besides: crs, axis, encoding …")
    report: dict[str, Any] | None
    job: dict[str, Any] | None
