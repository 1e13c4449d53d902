"""Files that chance made of good ones, of every format and on both ways: rows, or a refusal in words, and
nothing else. `make fuzz` does the same with ten thousand."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.bringing import own_temporary_folder
from tests.canary import canary
from tests.conftest import SEEDED, clone
from tests.fuzzing.door import Door, door
from tests.fuzzing.good_files import FORMATS, good_files
from tests.fuzzing.mutants import Mutant, mutant
from tests.fuzzing.outcomes import CANARY, CRASH, FAULTS, HANG, REFUSED, SERVER, TAKEN, Outcome, table
from tests.fuzzing.reader import Reader, readers
from tests.fuzzing.running import Run
from tests.serving import ROOT

SEED = "a seed of the tests"
READ, BROUGHT = 300, 50
NOWHERE = "http://127.0.0.1:9"


def unchanged(form: str) -> list[Mutant]:
    """The good files of a format as they are."""
    return [
        Mutant(n, form, good.name, (), good.data, good.file, good.kind, good.form)
        for n, good in enumerate(good_files(form))
    ]


def run_of(folder: Path, address: str, heard: list[str]) -> Run:
    return Run(SEED, address, heard, folder / "kept")


def assert_no_fault(run: Run, files: int) -> None:
    assert run.faults == []
    assert run.done == files == sum(one.files for one in run.told.values())
    assert set(run.told) == set(FORMATS)
    # Chance that always or never breaks a file would find nothing.
    whole = table(run.told)
    assert all(one.became[REFUSED] for one in run.told.values()), whole
    assert sum(one.became[TAKEN] for one in run.told.values()) > files // 8, whole


def test_H375_files_that_chance_made_are_read_or_refused(tmp_path: Path) -> None:
    with canary() as (address, heard), readers(tmp_path) as own:
        run = run_of(tmp_path, address, heard)
        run.all(range(READ), lambda made: own.mine.read(made), 2, print)
        assert heard == []
    assert_no_fault(run, READ)


def test_H375_files_that_chance_made_are_brought_through_the_door(tmp_path: Path) -> None:
    with canary() as (address, heard), clone(SEEDED) as url, door(tmp_path, url) as way:
        run = run_of(tmp_path, address, heard)
        # Others than those that were only read.
        run.all(range(READ, READ + BROUGHT), way.bring, 4, print)
        assert way.faults() == []
        assert heard == []
        assert "Traceback" not in way.served.text()
    assert_no_fault(run, BROUGHT)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with readers(tmp_path_factory.mktemp("read")) as own:
        yield own.mine


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_changed_was_good(reader: Reader, form: str) -> None:
    found = {one.good: reader.read(one) for one in unchanged(form)}
    assert len(found) >= 2
    assert {(name, one.became, one.said) for name, one in found.items()} == {
        (name, TAKEN, "") for name in found
    }


def test_a_number_of_a_seed_is_always_the_same_file() -> None:
    program = (
        "import hashlib; from tests.fuzzing.mutants import mutant;"
        f"print(*[mutant({SEED!r}, n, {NOWHERE!r}).digest for n in range(200)])"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    here = [mutant(SEED, n, NOWHERE) for n in range(200)]
    assert elsewhere == [made.digest for made in here]
    assert len(set(elsewhere)) > 190
    originals = {hashlib.sha256(good.data).hexdigest() for form in FORMATS for good in good_files(form)}
    assert not originals & set(elsewhere)
    assert mutant("another", 0, NOWHERE).digest != here[0].digest


def test_an_address_of_the_canary_is_in_some_files() -> None:
    made = [mutant(SEED, n, "http://canary.invalid") for n in range(1_000)]
    assert {one.format for one in made if b"canary.invalid" in one.data} >= {"GeoJSON", "CSV", "KML"}


# ---------------------------------------------------------------- a fault would be seen


def test_what_is_no_refusal_is_a_crash_and_the_next_file_is_read(reader: Reader) -> None:
    good = unchanged("CSV")[0]
    found = reader.read(Mutant(0, "CSV", "x", (), good.data, "a.csv", "no such kind", {}))
    assert found.became == CRASH
    assert "no such kind" in found.said
    assert reader.read(good).became == TAKEN


def test_every_fault_is_told_and_its_file_is_kept(tmp_path: Path) -> None:
    heard: list[str] = []
    run = run_of(tmp_path, NOWHERE, heard)

    def way(made: Mutant) -> Outcome:
        if made.number == 3:
            heard.append("/x")
            return Outcome(TAKEN)
        return Outcome(([CRASH, HANG, SERVER])[made.number], "", 1.5, f"so it was {made.number}")

    run.all(range(4), way, 1, print)
    assert [fault.partition(":")[0] for fault in run.faults] == [CRASH, HANG, SERVER, CANARY]
    assert set(FAULTS) == {CRASH, HANG, SERVER, CANARY}
    assert "so it was 1" in run.faults[1]
    for number in range(4):
        content, about = sorted((tmp_path / "kept").glob(f"{SEED}-{number}.*"))
        assert content.read_bytes() == mutant(SEED, number, NOWHERE).data
        assert json.loads(about.read_text())["number"] == number
    last = table(run.told).splitlines()[-1].split()
    assert last[:5] == ["all", "4", "0", "0", "1.5"]
    assert last[6:] == ["1", "1", "1", "1"]


def test_no_file_is_begun_when_the_time_is_up(tmp_path: Path) -> None:
    run = Run(SEED, NOWHERE, [], tmp_path, until=0)
    run.all(range(3), lambda _: Outcome(CRASH), 2, print)
    assert (run.done, run.faults) == (0, [])


def test_what_is_left_behind_is_a_fault_of_the_door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with own_temporary_folder(tmp_path, monkeypatch.setenv), clone(SEEDED) as url, door(tmp_path, url) as way:
        assert_told(way)


def assert_told(way: Door) -> None:
    assert way.faults() == []
    (way.temporary / "forgotten").touch()
    with way.database.writing() as connection:
        connection.exec_driver_sql("update project set name_en = 'x' where id = 'fuan-east-road'")
    way.memory[:] = [0, 65 << 20]
    told = way.faults()
    assert told[0].startswith("these tables changed: ['project']")
    assert told[1:] == ["files were left behind: ['forgotten']", "the web process grew by 65 MiB"]
    way.served.process.kill()
    way.served.process.wait()
    assert way.faults() == ["the web process ended with -9"]
