"""A Chinese font is found where machines keep fonts, and done without where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.embedded import font
from app.embedded.font import Font
from app.embedded.workshop import Workshop


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with two empty folders for fonts and nothing to fetch any with."""
    folders = [tmp_path / "own", tmp_path / "all"]
    for folder in folders:
        (folder / "deep/er").mkdir(parents=True)
    monkeypatch.setattr(font, "FOLDERS", tuple(map(str, folders)))
    monkeypatch.setenv("GUATU_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("GUATU_FONT", raising=False)
    return tmp_path


def make(path: Path) -> Path:
    path.touch()
    return path


def test_the_named_one_comes_first_then_the_best_of_the_machine_then_the_unpacked(bare: Path) -> None:
    assert list(font.files()) == []
    packaged = bare / "home/packages/font/root/usr/share/fonts/truetype/droid"
    packaged.mkdir(parents=True)
    unpacked = make(packaged / "DroidSansFallbackFull.ttf")
    poor = make(bare / "own/wqy-zenhei.ttc")
    good = make(bare / "all/deep/er/NotoSansCJK-Regular.ttc")
    for other in ("NotoSansCJK-Bold.ttc", "NotoSerifCJK-Regular.ttc", "DejaVuSans.ttf", "msyhbd.ttc"):
        make(bare / "all" / other)
    assert list(font.files()) == [good, poor, unpacked]
    named = bare / "named.otf"
    assert list(font.files(named)) == [named, good, poor, unpacked]


def test_nothing_is_fetched_where_there_is_one(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    workshop = Workshop(bare / "home", said.append)
    make(bare / "own/msyh.ttc")
    Font(workshop).for_service()
    (bare / "own/msyh.ttc").unlink()
    monkeypatch.setenv("GUATU_FONT", str(make(bare / "mine.ttf")))
    Font(workshop).for_service()
    assert said == []


def test_where_none_can_be_had_the_service_runs_without_and_it_is_told(bare: Path) -> None:
    said: list[str] = []
    Font(Workshop(bare / "home", said.append)).for_service()
    assert "fetching one" in said[0]
    assert "apt-get" in said[-1]
    assert "GUATU_FONT" in said[-1]
    assert list(font.files()) == []
