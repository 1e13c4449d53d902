"""The service asks no other host for anything."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_H334_no_question_makes_the_service_ask_another_host(seeded_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.app.crawl_watched", seeded_url],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["asked"] > 60
    assert found["good"] > 50
    assert found["noted"] == []
    assert found["open"] == []
    assert found["projections_from_network"] is False


def test_the_watch_sees_a_connection() -> None:
    """What the test above relies on: a look-up and a connection are noted, a path of this machine is not."""
    script = (
        "import socket, sys; from tests.app import crawl_watched as w; sys.addaudithook(w.note)\n"
        "for family, target in ((socket.AF_INET, ('127.0.0.1', 9)), (socket.AF_UNIX, '/nowhere/at/all')):\n"
        "    try: socket.socket(family).connect(target)\n"
        "    except OSError: pass\n"
        "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('127.0.0.1', 0))\n"
        "print(w.noted, len(w.open_internet_sockets()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[\"socket.connect ('127.0.0.1', 9)\"] 1"
