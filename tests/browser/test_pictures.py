"""The pictures of the README can be made: what is done for each of them leads where it did."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.database import Database
from tests.app.signed import add, session_of
from tests.pictures import PICTURES, look, take
from tests.serving import Served

ACTED = [name for name, picture in PICTURES.items() if picture.do is not look]


@pytest.mark.parametrize("name", ACTED)
def test_a_picture_is_made(
    own_service: tuple[Served, Database], browser: Browser, tmp_path: Path, name: str
) -> None:
    served, database = own_service
    session = session_of(database, add(database, f"gis of {name}", "gis"))
    path = take(browser, served.address, name, session, tmp_path)
    assert path.read_bytes().startswith(b"\xff\xd8\xff")
