"""What the first start of a service says to whoever started it: how to sign in."""

from __future__ import annotations

import os
from pathlib import Path

from app.access import service
from app.commands.ready import say
from app.database import Database
from app.embedded.folders import data_folder


def welcome(database: Database, *, embedded: bool, folder: Path | None = None) -> None:
    """Make the first administrator of our own database, and say the password this once.

    It also stands in a file of `folder` (the data folder) that only its owner may read. In a database of
    somebody else's nobody is let in unasked: there it says how to make an account.
    """
    with database.writing() as connection:
        made = service.first_admin(connection) if embedded else None
        nobody = made is None and not service.accounts(connection)
    if made is not None:
        name, password = made
        path = (folder or data_folder()) / "first-administrator.txt"
        kept = _keep(path, f"{name}\n{password}\n")
        say("\n  The administrator is made, and told this once / 管理员账号已创建，只显示这一次：")
        say(f"    name / 账号      {name}\n    password / 密码  {password}")
        say(
            f"  They are kept in {path}; change the password and delete the file."
            if kept
            else "  Write it down."
        )
    elif nobody:
        say("Nobody can sign in yet. Make an administrator: guatu account add NAME --role admin")


def _keep(path: Path, text: str) -> bool:
    """Write a file that only its owner may read, from its first byte on."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write(text)
    except OSError:
        return False
    return True
