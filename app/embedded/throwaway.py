"""Clusters that live as long as a test run."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from app.embedded.cluster import Cluster
from app.embedded.errors import Unavailable
from app.embedded.folders import Say, quiet

PREFIX = "guatu-throwaway-"
YOUNG_S = 120


@contextlib.contextmanager
def throwaway(*, fast: bool = True, say: Say = quiet) -> Iterator[Cluster]:
    """A running cluster in a temporary folder, removed afterwards. Raises Unavailable.

    It uses the PostGIS of the product's cluster, so nothing is unpacked twice.
    """
    _sweep()
    software = Cluster(say=say).software
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    cluster = Cluster(folder, fast=fast, say=say, software=software)
    try:
        yield cluster.ensure()
    finally:
        _remove(cluster, folder)


def _remove(cluster: Cluster, folder: Path) -> None:
    if cluster.stop():
        for path in (cluster.socket_folder, cluster.home, folder):
            shutil.rmtree(path, ignore_errors=True)


def _sweep() -> None:
    """Stop and remove what killed test runs left running: nobody holds it any more."""
    for folder in Path(tempfile.gettempdir()).glob(PREFIX + "*"):
        with contextlib.suppress(OSError, Unavailable):
            if time.time() - folder.stat().st_mtime > YOUNG_S:
                _remove(Cluster(folder), folder)
