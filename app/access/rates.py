"""How often somebody may ask: by address for strangers, by account for staff.

Counted in each worker by itself: a guard against a flood, not an account of it.
"""

from __future__ import annotations

import ipaddress

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from app.errors import Problem

WINDOW_S = 2
# A view of the map is one question to the interface and dozens of tiles.
TILES_TIMES = 8


class Rates:
    """per_s: questions to the interface in a second, twice as many in a burst; 0 means without limit."""

    def __init__(self, per_s: int) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._items = {
            "api": RateLimitItemPerSecond(per_s * WINDOW_S, WINDOW_S),
            "tiles": RateLimitItemPerSecond(per_s * WINDOW_S * TILES_TIMES, WINDOW_S),
        }
        self._on = per_s > 0

    def refusal(self, path: str, address: str, account_id: int | None = None) -> Problem | None:
        """Count a request; what to answer when it is one too many."""
        kind = "tiles" if path.startswith("/tiles/") else "api"
        if not path.startswith(("/api/", "/tiles", "/snapshot")):
            return None
        key = _network(address) if account_id is None else f"account {account_id}"
        if not self._on or key is None or self._limiter.hit(self._items[kind], key):
            return None
        return Problem(
            "too-many",
            "请求过于频繁，请稍候再试",
            "Too many requests. Wait a moment and try again.",
            headers={"Retry-After": str(WINDOW_S)},
        )


def _network(address: str) -> str | None:
    """Whom an address stands for; None for the machine itself: behind a proxy on it that names nobody,
    one visitor would use up what all of them have."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    if found.is_loopback:
        return None
    # One house has a whole /64 of IPv6.
    prefix = 32 if found.version == 4 else 64
    return str(ipaddress.ip_network((found, prefix), strict=False))
