"""What goes in and out of recording."""

from __future__ import annotations

from datetime import date as Date  # noqa: N812 (the models have fields of that name)
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from app.changesets.schemas import Why
from app.params import Params, fault
from app.projects.schemas import Conflict
from geodata.stating import CLAIM_LENGTHS, SOURCE_LENGTHS

LONGEST_TEXT = 800
"""Characters of a text in a query: an address holds no more Chinese."""


def _text(most: int, about: str = "", **more: Any) -> Any:
    """A text that may be left out. How long it is is told with everything else that is wrong, not by itself
    beforehand."""
    return Field("", description=about, json_schema_extra={"maxLength": most}, **more)


class _Typed(BaseModel):
    model_config = ConfigDict(extra="forbid")

    @field_validator("*")
    @classmethod
    def _whole(cls, value: Any) -> Any:
        """A NUL is told with everything else that is wrong; half a character nobody could tell of."""
        if isinstance(value, str) and value.encode("utf-8", "ignore").decode() != value:
            raise fault("text", most=LONGEST_TEXT)
        return value


class NewSource(_Typed):
    """A document that was not cited before. It needs an address or a document number."""

    publisher_zh: str = _text(SOURCE_LENGTHS["publisher_zh"], examples=["平湖街道办事处"])
    publisher_en: str = _text(SOURCE_LENGTHS["publisher_en"], "As in Chinese when left out.")
    title: str = _text(SOURCE_LENGTHS["title"])
    tier: str = _text(SOURCE_LENGTHS["tier"], "official, press or web.", examples=["official"])
    published: str = _text(SOURCE_LENGTHS["published"], "A date text; empty when it bears no date.")
    address: str = _text(SOURCE_LENGTHS["address"], "Begins with http:// or https://.")
    document_number: str = _text(SOURCE_LENGTHS["document_number"], "文号; put behind the title.")


class ClaimBody(_Typed):
    """What a source says of a project, as it is typed."""

    property: str = _text(
        CLAIM_LENGTHS["property"],
        "milestone:<code>, measure:<code>, phase, activity or mention.",
        examples=["milestone:open"],
    )
    value: str = _text(
        CLAIM_LENGTHS["value"],
        "An amount; of `phase` the phase, of `activity` active or suspended.",
    )
    unit: str = _text(CLAIM_LENGTHS["unit"], "That of the measure when left out.")
    date: str = _text(
        CLAIM_LENGTHS["date"], "A date text, also as people write it.", examples=["2025-Q3", "2025年6月"]
    )
    commitment: str = _text(
        CLAIM_LENGTHS["commitment"], "explored, aspired, pursued, expected, committed or done."
    )
    said_on: str = _text(
        CLAIM_LENGTHS["said_on"], "A date text; when its source was published when left out."
    )
    source: str | NewSource = Field("", description="The id of a source, or a new one.")
    locator: str = _text(CLAIM_LENGTHS["locator"], "Where in the document.")
    quote: str = _text(CLAIM_LENGTHS["quote"], "The few words that carry it.")
    verbatim: bool = Field(True, description="The source's own words; false: our summary of them.")
    note: str = _text(CLAIM_LENGTHS["note"])


class Previewing(ClaimBody):
    replaces: int | None = Field(
        None, ge=1, le=2**31 - 1, description="Number of the claim that it would correct."
    )


class Correcting(ClaimBody):
    reason: Why


# ---------------------------------------------------------------- answers


class Told(BaseModel):
    pointer: str = Field(examples=["/body/date"])
    code: str
    detail_zh: str
    detail_en: str


class Recorded(BaseModel):
    """What came of it. revision, claim: null while it is staged and waits for somebody who publishes."""

    changeset: int
    state: Literal["published", "staged"]
    revision: int | None
    claim: int | None = Field(description="Number of the new claim.")
    source: str | None = Field(description="Id of the source it cites.")
    withdrawn: int | None = Field(description="Number of the claim that this takes back.")
    warnings: list[Told]


class Since(BaseModel):
    certain_from: Date
    possible_from: Date | None = Field(description="Null when nothing bounds it.")


class PhaseToday(BaseModel):
    phase: str
    basis: Literal["fact", "promise", "none"]
    maybe: str | None
    since: Since | None


class LightToday(BaseModel):
    light: str
    milestone: str | None
    days: int | None
    kept: bool
    reason_zh: str
    reason_en: str


class PhaseChange(BaseModel):
    before: PhaseToday
    after: PhaseToday


class LightChange(BaseModel):
    before: LightToday
    after: LightToday


class MilestoneChange(BaseModel):
    """As the card of a project shows it; `claim` is null of the one that is being recorded."""

    before: dict[str, Any] | None
    after: dict[str, Any] | None


class Disagreement(BaseModel):
    """Two claims that cannot both be true. Null is the one that is being recorded."""

    winner: int | None
    loser: int | None


class DateMeant(BaseModel):
    text: str = Field(description="In our grammar.", examples=["2025-Q3"])
    edtf: str
    date_zh: str
    date_en: str
    earliest: Date | None
    latest: Date | None
    approx: bool


class Effect(BaseModel):
    phase: PhaseChange
    light: LightChange
    milestone: MilestoneChange | None = Field(description="Null unless the claim is of a milestone.")
    amounts: list[dict[str, Any]] = Field(description="All that would then be said of the same measure.")
    standing: str = Field(description="Of the claim: holds, agrees, conflicts, superseded or words.")
    conflicts: list[Disagreement] = Field(description="Those that are not there now.")
    settled: list[Conflict] = Field(description="Those that would be gone.")


class CommittingWord(BaseModel):
    word: str
    start: int = Field(description="Where it begins, in characters (Unicode code points).")
    end: int = Field(description="Where it has ended.")
    commitment: str


class DateInWords(BaseModel):
    """A date that the words name, for a person to take: `words` may be typed as the date of a claim."""

    words: str = Field(examples=["2027年底"])
    start: int
    end: int
    date: str = Field(description="In our grammar; never more exact than the words.", examples=["2027"])
    date_zh: str
    date_en: str
    by_year: bool = Field(description="The words name no year: it is that of the document.")


class CommitmentWords(BaseModel):
    commitment: str | None = Field(description="The weakest of them; null when there is none.")
    words: list[CommittingWord]
    dates: list[DateInWords]


class Preview(BaseModel):
    """errors: what stands in the way; effect is null while what it depends on is wrong."""

    revision: int
    today: Date
    at_once: bool = Field(
        description="Recorded, it would be public at once; false: staged for somebody else."
    )
    errors: list[Told]
    warnings: list[Told]
    date: DateMeant | None
    said_on: DateMeant | None
    words: CommitmentWords = Field(description="Those of the quote.")
    effect: Effect | None


class WordsParams(Params):
    text: str = Field(min_length=1, max_length=LONGEST_TEXT, description="The words of a source.")
    year: int | None = Field(
        None, ge=1000, le=2999, description="Of the document: of dates whose words name none."
    )
