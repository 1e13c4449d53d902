"""How the private server is configured: written anew at each start, to follow the program's version."""

from __future__ import annotations

import os
from pathlib import Path

from app.embedded.account import Account

PORT = 5432  # names the socket's file; nothing listens on TCP
OWNER = "guatu"
SUPERUSER = "postgres"
#: The database roles as which the server's account (and root) may log in.
ROLES = (OWNER, "guatu_app", "guatu_public", SUPERUSER)

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "max_wal_size": "512MB",
    "jit": "off",
    "log_min_duration_statement": "2s",
    "log_line_prefix": "%m [%p] %d ",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
#: For tests: a crash of the machine, though not of the server, may lose everything.
FAST_SETTINGS = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}


def write(data: Path, account: Account, *, socket_folder: Path, fast: bool) -> None:
    """Configure the cluster in `data`, run by `account`: who may log in, and every setting of ours."""
    chosen = SETTINGS | (FAST_SETTINGS if fast else {}) | {"unix_socket_directories": str(socket_folder)}
    files = {
        "guatu.conf": [f"{name} = '" + value.replace("'", "''") + "'\n" for name, value in chosen.items()],
        "pg_hba.conf": ["local all all peer map=guatu\n"],
        "pg_ident.conf": [
            f'guatu "{login}" {role}\n' for login in sorted({account.name, "root"}) for role in ROLES
        ],
    }
    for name, lines in files.items():
        _write(data / name, "".join(lines), account)
    main = data / "postgresql.conf"
    if "include 'guatu.conf'" not in main.read_text(encoding="utf-8"):
        with main.open("a", encoding="utf-8") as file:
            file.write("\ninclude 'guatu.conf'\n")


def _write(path: Path, text: str, account: Account) -> None:
    path.write_text(text, encoding="utf-8")
    if account.steps_down:
        os.chown(path, account.uid, account.gid)
    path.chmod(0o600)
