"""Run in a process of its own: crawls every address of the service while every use of the network is noted.
Prints the notes as JSON. The first argument is the address of a seeded database."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

NETWORK = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request")
noted: list[str] = []


def note(event: str, arguments: tuple[Any, ...]) -> None:
    """A connection to a path of this machine is none to another host."""
    if event not in NETWORK:
        return
    target = arguments[1] if event in ("socket.connect", "socket.sendto") else arguments[0]
    if not (event == "socket.connect" and isinstance(target, str | bytes)):
        noted.append(f"{event} {target!r}")


def open_internet_sockets() -> list[str]:
    """Sockets of this process, whoever opened them, that the kernel lists as TCP or UDP."""
    own = set()
    for entry in Path("/proc/self/fd").iterdir():
        try:
            own.add(str(entry.readlink()))
        except FileNotFoundError:
            continue
    found = []
    for table in ("tcp", "tcp6", "udp", "udp6"):
        lines = Path(f"/proc/self/net/{table}").read_text(encoding="ascii").splitlines()[1:]
        found += [f"{table} {line.split()[2]}" for line in lines if f"socket:[{line.split()[9]}]" in own]
    return found


def main(database_url: str) -> None:
    sys.addaudithook(note)
    # Only now, so that what is done on import is seen as well.
    from fastapi.testclient import TestClient
    from pyproj.network import is_network_enabled  # type: ignore[attr-defined]  # documented all the same

    from app.database import Database
    from app.main import create_app
    from app.settings import Settings
    from tests.app.asking import every_get

    with TestClient(create_app(Settings(), Database(database_url))) as client:
        addresses = every_get(client)
        statuses = [client.get(address).status_code for address in addresses]
        open_sockets = open_internet_sockets()
    print(
        json.dumps(
            {
                "asked": len(addresses),
                "good": sum(status == 200 for status in statuses),
                "noted": noted,
                "open": open_sockets,
                "projections_from_network": bool(is_network_enabled()),
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1])
