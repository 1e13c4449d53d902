"""Settings, from environment variables GUATU_*; each has a line in docs/operations.md (a test sees to it)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="GUATU_", env_file=None, extra="ignore")

    database_url: str = Field(default="", description="PostgreSQL with PostGIS; empty: the embedded one.")
    database_url_file: Path | None = Field(default=None, description="A file that holds GUATU_DATABASE_URL.")
    public_database_url: str = Field(
        default="", description="A replica or read-only login, for public answers."
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port to listen on.")
    area: str = Field(default="pinghu", description="The area that is served.")
    pool_size: int = Field(default=4, ge=1, le=64, description="Connections a worker keeps for reading.")
    statement_timeout_s: float = Field(default=5, gt=0, description="Longest public query, in seconds.")
    show_lights: bool = Field(default=True, description="Whether the public sees whether promises are kept.")
    allowed_hosts: str = Field(default="", description="Host names answered to, by commas; empty: any.")
    requests_per_s: int = Field(
        default=60, ge=0, description="Questions of one address in a second, twice that in a burst; 0: any."
    )
    require_second_person: bool = Field(
        default=False, description="Whether a changeset is published by somebody other than its author."
    )
    planners_publish_at_once: bool = Field(
        default=True, description="Whether what a planner records is public at once."
    )
    footer_zh: str = Field(default="", description="Legal footer in Chinese (主办单位, ICP 备案).")
    footer_en: str = Field(default="", description="Legal footer in English.")
    map_approval: str = Field(default="", description="Map approval number 审图号.")
    report_address: str = Field(default="", description="mailto: or tel: address for reporting an error.")
    basemap_url: str = Field(default="", description="Background tiles: an address with {z}, {x} and {y}.")
    basemap_file: Path | None = Field(
        default=None, description="Background: a PMTiles file of pictures on this machine."
    )
    basemap_max_zoom: int = Field(default=18, ge=1, le=22, description="Deepest zoom of GUATU_BASEMAP_URL.")
    basemap_credit_zh: str = Field(default="", description="Credit of the background in Chinese.")
    basemap_credit_en: str = Field(default="", description="Credit of the background in English.")
    tianditu_key: str = Field(default="", description="Key of 天地图 (tk); shows it as the background.")
    font: Path | None = Field(
        default=None, description="A file with a Chinese font, for the pictures of shared links."
    )
    tiles_above: int = Field(
        default=3000, ge=0, description="A kind with more projects than this is drawn from vector tiles."
    )
    log_level: str = Field(default="info", description="debug, info, warning or error.")

    def url(self) -> str:
        """The database address, from the variable or from its file; empty when neither is set."""
        if self.database_url_file is not None:
            return self.database_url_file.read_text(encoding="utf-8").strip()
        return self.database_url


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    return Settings()
