"""Texts that came before, by a few bytes each."""

from __future__ import annotations

import random
import tracemalloc
from pathlib import Path

import pytest

from geodata.seen import KEPT, NEVER, Seen


def test_it_knows_the_number_that_a_text_was_first_added_with() -> None:
    seen = Seen()
    assert not seen
    assert seen.first(["甲"]) == [NEVER]
    seen.add(["甲", "乙"], [4, 5])
    seen.add(["乙", "丙"], [7, 8])
    assert seen
    assert seen.first(["丙", "乙", "甲", "丁"]) == [8, 5, 4, NEVER]
    assert "丙" in seen
    assert "丁" not in seen
    assert seen.first([]) == []
    assert b"\x01" not in seen


@pytest.mark.parametrize("kept", [KEPT, 1_000, 1])
def test_it_agrees_with_a_dictionary_whatever_comes_in_whatever_parts(kept: int) -> None:
    chance = random.Random(8)
    seen: Seen = Seen(kept)
    plain: dict[str, int] = {}
    everything: dict[str, set[int]] = {}
    for _ in range(60):
        texts = [f"t{chance.randrange(3000)}" for _ in range(chance.randrange(200))]
        numbers = [chance.randrange(10**6) for _ in texts]
        assert seen.first(texts) == [plain.get(text, NEVER) for text in texts]
        seen.add(texts, numbers)
        for text, number in zip(texts, numbers, strict=True):
            plain.setdefault(text, number)
            everything.setdefault(text, set()).add(number)
    asked = [f"t{n}" for n in range(3100)]
    assert seen.first(asked) == [plain.get(text, NEVER) for text in asked]
    assert seen.all(asked[:50], 10**6) == set().union(*(everything.get(text, set()) for text in asked[:50]))
    assert len(seen.all([text for text in asked if len(everything.get(text, ())) > 5][:1], 1)) <= 10


def open_files() -> int:
    return len([*Path("/proc/self/fd").iterdir()])


def test_of_very_many_a_byte_each_stays_in_memory_and_nothing_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    kept, count = 10_000, 300_000
    open_before = open_files()
    tracemalloc.start()
    seen = Seen(kept)
    for begin in range(0, count, 1_000):
        seen.add([f"t{n}" for n in range(begin, begin + 1_000)], range(begin, begin + 1_000))
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 2.5 * count + 12 * kept
    asked = random.Random(1).sample(range(2 * count), 5_000)
    assert seen.first([f"t{n}" for n in asked]) == [n if n < count else NEVER for n in asked]
    assert list(tmp_path.iterdir()) == []
    del seen
    assert open_files() == open_before
