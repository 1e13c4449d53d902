"""`guatu audit …`: the log of what was done."""

from __future__ import annotations

from typing import Annotated

import typer

from app import audit
from app.commands.ready import Refused, ready, say
from app.database import Connection

app = typer.Typer(no_args_is_help=True, help="The log of what was done.")


@app.callback()
def _group() -> None:
    """The log of what was done."""


@app.command()
def verify(
    known: Annotated[
        list[str] | None, typer.Option(help="A head printed earlier, CHAIN:NUMBER:DIGEST: must still hold.")
    ] = None,
) -> None:
    """Follow every chain from its beginning; say where the first link does not hold."""
    with ready() as (_, database), database.writing() as connection:
        found = list(audit.verify(connection))
        lost = [text for text in known or () if not _holds(connection, text)]
    for end in found:
        if isinstance(end, audit.Head):
            say(f"holds: {end.area_id}:{end.n}:{end.hash}")
    broken = [end for end in found if isinstance(end, audit.Broken)]
    complaints = [f"BROKEN: {end.area_id} at link {end.n}: {end.why}" for end in broken]
    complaints += [f"BROKEN: {text} is not in the log any more" for text in lost]
    if complaints:
        raise Refused("the log was tampered with.\n" + "\n".join(complaints))


def _holds(connection: Connection, head: str) -> bool:
    try:
        chain, number, digest = head.rsplit(":", 2)
        n = int(number)
    except ValueError:
        raise Refused(
            f"'{head}' is no head: write CHAIN:NUMBER:DIGEST, as `audit verify` prints it."
        ) from None
    return audit.hash_at(connection, chain, n) == digest
