"""The strips of what is staged, and the other thread that asks PostgreSQL about them."""

from __future__ import annotations

import threading
from typing import NoReturn

import pytest

from app.uploads.overlapping import Strip, warn_in_strips
from app.uploads.staged_queries import StagedShape
from geodata.issues import Issue
from geodata.overlaps import Shape
from tests.many import SIDE, square

Told = dict[int, list[Issue]]


def strips_of(count: int, step: int) -> list[Strip]:
    """Areas without gaps, each of which lies half on the next and on one that is public."""
    shapes = [square(n, step=SIDE / 2, columns=count) for n in range(count)]
    new = [StagedShape(n, Shape(f"n{n}", f"新{n}", shapes[n], "digitised")) for n in range(count)]
    old = [Shape(f"o{n}", f"旧{n}", shapes[n], "surveyed") for n in range(0, count, 5)]
    return [(new[begin : begin + step], old) for begin in range(0, count, step)]


def warned(count: int, step: int) -> Told:
    told: Told = {}
    strips = strips_of(count, step)
    warn_in_strips(count, step, lambda begin: strips[begin // step], told.update)
    return told


def test_strips_say_what_one_strip_says() -> None:
    def said(told: Told) -> set[tuple[int, str]]:
        return {(n, one.detail_zh) for n, found in told.items() for one in found}

    whole = said(warned(12, 12))
    assert {n for n, _ in whole} == set(range(12))
    # Of two that are staged the later one is warned of, whichever strip it is in.
    assert said(warned(12, 5)) == whole


def test_nothing_is_asked_of_nothing() -> None:
    def never(_: object) -> NoReturn:
        raise AssertionError

    warn_in_strips(0, 5, never, never)


def test_statements_come_in_turn_and_from_one_thread() -> None:
    strips, calls, threads = strips_of(12, 4), list[str](), set[str]()

    def read(begin: int) -> Strip:
        calls.append(f"read {begin}")
        threads.add(threading.current_thread().name)
        return strips[begin // 4]

    def write(_: Told) -> None:
        calls.append("write")
        threads.add(threading.current_thread().name)

    warn_in_strips(12, 4, read, write)
    assert calls == ["read 0", "read 4", "write", "read 8", "write", "write"]
    assert len(threads) == 1
    assert threading.current_thread().name not in threads


@pytest.mark.parametrize("bad", [0, 1, 2])
def test_the_first_error_is_told(bad: int) -> None:
    """PostgreSQL refuses all that is asked after an error, which says nothing of its cause."""
    strips, broken = strips_of(12, 4), list[int]()

    def refused_after() -> None:
        if broken:
            raise RuntimeError("current transaction is aborted")

    def read(begin: int) -> Strip:
        refused_after()
        return strips[begin // 4]

    written = 0

    def write(_: Told) -> None:
        nonlocal written
        refused_after()
        if written == bad:
            broken.append(bad)
            raise ValueError("the cause")
        written += 1

    with pytest.raises(ValueError, match="the cause"):
        warn_in_strips(12, 4, read, write)
