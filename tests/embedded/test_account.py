"""Who runs the database server."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from app.embedded.account import ROOTS_DATA, Account
from app.embedded.errors import Unavailable


def test_root_steps_down_and_others_stay_who_they_are(tmp_path: Path) -> None:
    account = Account.for_server(tmp_path / "absent")
    assert account.uid != 0
    assert account.steps_down == (os.geteuid() == 0)


def test_data_are_served_by_their_owner(tmp_path: Path) -> None:
    first = Account.for_server(tmp_path / "absent")
    data = tmp_path / "data"
    data.mkdir()
    os.chown(data, first.uid, first.gid)
    assert Account.for_server(data) == first


def test_a_user_without_a_name_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 54_321)
    with pytest.raises(Unavailable, match="user number 54321 has no name") as refusal:
        Account.for_server(tmp_path / "absent")
    assert "/etc/passwd" in str(refusal.value)


def test_data_of_another_user_are_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "data"
    data.mkdir()
    owner = data.stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    with pytest.raises(Unavailable, match="belongs to"):
        Account.for_server(data)


def test_only_roots_unreachable_data_lie_elsewhere() -> None:
    private = Path(tempfile.mkdtemp(prefix="guatu-private-"))  # mode 0700, like /root
    try:
        wanted = private / "project/.guatu/postgis"
        place = Account.for_server(wanted / "data").reachable(wanted)
        if os.geteuid() == 0:
            assert place.parent == ROOTS_DATA
        else:
            assert place == wanted
        assert private.stat().st_mode & 0o077 == 0, "the parent stays closed"
    finally:
        shutil.rmtree(private)
