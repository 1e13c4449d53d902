"""What stands behind `make`: made once, told in words, honest about failures."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from app.embedded import commands
from app.embedded.errors import Unavailable
from app.embedded.folders import PROJECT, quiet
from app.embedded.node import fits
from app.embedded.workshop import CommandFailed, Workshop, digest_of


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path / "home", quiet)


def test_a_thing_is_made_once_for_what_it_is_made_from(workshop: Workshop) -> None:
    product = workshop.home / "thing"
    made: list[str] = []

    def make() -> None:
        made.append("once more")
        product.touch()

    for key in ("a", "a", "b", "b"):
        workshop.once("thing", [key], product, make)
    assert len(made) == 2
    workshop.once("thing", ["c", "b"], product, make)
    assert len(made) == 2, "one made for another key that serves is enough"
    product.unlink()
    workshop.once("thing", ["b"], product, make)
    assert len(made) == 3


def test_a_failed_making_does_not_count_and_things_may_need_things(workshop: Workshop) -> None:
    product = workshop.home / "thing"

    def fail() -> None:
        product.touch()
        raise CommandFailed("no network")

    with pytest.raises(CommandFailed):
        workshop.once("thing", ["a"], product, lambda: workshop.once("part", ["a"], product, fail))
    made: list[int] = []
    workshop.once("thing", ["a"], product, lambda: made.append(1))
    assert made


def test_a_digest_changes_with_contents_and_words(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("a", encoding="ascii")
    first = digest_of([file], "x")
    assert digest_of([file], "x") == first
    assert digest_of([file], "y") != first
    file.write_text("b", encoding="ascii")
    assert digest_of([file], "x") != first


def test_a_home_that_cannot_be_written_is_replaced_for_caches(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/nonexistent")
    assert workshop.caches()["UV_CACHE_DIR"].startswith(str(workshop.home))


def test_a_failed_command_shows_the_begin_and_the_end_of_its_words(workshop: Workshop) -> None:
    with pytest.raises(CommandFailed) as failure:
        workshop.run([sys.executable, "-c", "print(*range(1000), sep='\\n'); raise SystemExit(3)"])
    lines = str(failure.value).split()
    assert (lines[0], lines[-1]) == ("0", "999")
    assert len(lines) < 50


@pytest.mark.parametrize(
    ("version", "answer"),
    [
        ((18, 20), False),
        ((20, 18), False),
        ((20, 19), True),
        ((21, 9), False),
        ((22, 12), True),
        ((24, 0), True),
    ],
)
def test_node_versions_that_build_the_front_end(version: tuple[int, int], answer: bool) -> None:
    assert fits(version) is answer


def test_unknown_commands_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["dance"]) == 2
    assert "there are: run, test" in capsys.readouterr().err


def test_what_is_unavailable_is_one_message_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_: object) -> int:
        raise Unavailable("nothing there.\nDo this.")

    monkeypatch.setitem(commands.COMMANDS, "run", refuse)
    assert commands.main(["run"]) == 1
    assert capsys.readouterr().err == "guatu: nothing there.\nDo this.\n"


def test_every_step_runs_and_any_failure_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    steps = [
        commands.Step("first", (sys.executable, "-c", "raise SystemExit(1)"), tmp_path),
        commands.Step("second", (sys.executable, "-c", "open('ran', 'w').close()"), tmp_path),
    ]
    assert commands.all_steps(steps, os.environ) == 1
    assert (tmp_path / "ran").exists()
    assert "FAILED: first." in capsys.readouterr().out


def test_a_python_that_is_too_old_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer is needed"):
        runpy.run_module("app.embedded.__main__")


def test_a_bare_make_says_what_there_is_to_do() -> None:
    words = subprocess.run(["make"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    for target in commands.COMMANDS:
        assert f"make {target} " in words
