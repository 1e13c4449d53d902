"""Answers kept for a request that is sent again with the same Idempotency-Key
(draft-ietf-httpapi-idempotency-key-header)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

from app.database import Connection
from app.jobs import queries

LONGEST_KEY = 128


class KeyReused(Exception):
    """The key came with another request before."""


def fingerprint(*parts: Any) -> str:
    """What makes a request the same request."""
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()


def earlier(connection: Connection, account: str, key: str, mark: str) -> Mapping[str, Any] | None:
    """The answer that was given before; None for a new request, or one without a key. Raises KeyReused.

    Until the transaction ends, the same key waits.
    """
    if not key:
        return None
    queries.lock_key(connection, account, key)
    kept = queries.kept_answer(connection, account, key)
    if kept is None:
        return None
    if kept["fingerprint"] != mark:
        raise KeyReused
    body: Mapping[str, Any] = kept["body"]
    return body


def keep(connection: Connection, account: str, key: str, mark: str, body: Mapping[str, Any]) -> None:
    """In the transaction of the act itself: either both are there, or neither."""
    if key:
        queries.keep_answer(connection, account, key, mark, body)
