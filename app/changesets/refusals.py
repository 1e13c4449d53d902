"""What a changeset may answer instead of doing what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geodata.changes import Conflict


class ChangesetError(Exception):
    """A changeset cannot do what was asked of it."""


class UnknownChangeset(ChangesetError):
    pass


class WrongState(ChangesetError):
    def __init__(self, changeset_id: int, state: str) -> None:
        super().__init__(f"changeset {changeset_id} is {state}")
        self.state = state


class BlockedRows(ChangesetError):
    """Rows with faults cannot be published. issues: by number of the change."""

    def __init__(self, issues: list[dict[str, Any]]) -> None:
        super().__init__(f"{len(issues)} changes have faults: {issues[:3]}")
        self.issues = issues


class Nothing(ChangesetError):
    """Nothing of a changeset is accepted, so there is nothing to publish."""

    def __init__(self, changeset_id: int) -> None:
        super().__init__(f"nothing of changeset {changeset_id} is accepted")


class Unconfirmed(ChangesetError):
    """There are warnings that nobody confirmed, or others than those confirmed."""

    def __init__(self, digest: str, count: int) -> None:
        super().__init__(f"{count} warnings are not confirmed")
        self.digest = digest
        self.count = count


class Stale(ChangesetError):
    """Somebody changed the changeset since it was read. version: its present one."""

    def __init__(self, version: int) -> None:
        super().__init__(f"the changeset is at version {version}")
        self.version = version


class SameAuthor(ChangesetError):
    """Two persons are required, and the publisher is the author."""


class MovedOn(ChangesetError):
    """Parts changed since the changeset was based; nothing was published. named: names and kinds by id."""

    def __init__(self, found: list[Conflict], named: Mapping[str, Mapping[str, Any]]) -> None:
        super().__init__(f"{len(found)} parts moved on: {[(c.target, c.part) for c in found[:5]]}")
        self.conflicts = found
        self.named = named
