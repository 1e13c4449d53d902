"""The pictures of the docs: every one is made by the command, shown somewhere, and the set stays small."""

from __future__ import annotations

import re

from tests.pictures import FOLDER, PICTURES
from tests.serving import ROOT

MOST_BYTES = 3_000_000
SHOWN = re.compile(r"docs/pictures/([\w.-]+)")


def test_every_picture_is_made_and_shown() -> None:
    there = {path.name for path in FOLDER.iterdir()}
    pages = [ROOT / "README.md", ROOT / "README.zh.md"]
    shown = {name for page in pages for name in SHOWN.findall(page.read_text(encoding="utf-8"))}
    assert there == {f"{name}.jpg" for name in PICTURES}
    assert shown == there


def test_the_set_stays_small() -> None:
    sizes = {path.name: path.stat().st_size for path in FOLDER.iterdir()}
    assert min(sizes.values()) > 10_000
    assert sum(sizes.values()) < MOST_BYTES
