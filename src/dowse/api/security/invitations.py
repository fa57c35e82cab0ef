"""One-time codes by which a browser logs in without anybody typing the token.

A code stands behind the `#` of an address, so that it reaches no server's log and no other site.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Callable
from urllib.parse import quote

LIFETIME_S = 3600.0
MAX_OPEN = 1000
"""The oldest are forgotten first."""


class Invitations:
    """Held in memory: they end with the owner. `now` is a monotonic clock."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._ends: dict[bytes, float] = {}
        self._lock = threading.Lock()

    def issue(self) -> str:
        code = secrets.token_urlsafe(24)
        with self._lock:
            self._ends[_key(code)] = self._now() + LIFETIME_S
            while len(self._ends) > MAX_OPEN:
                self._ends.pop(next(iter(self._ends)))
        return code

    def redeem(self, code: str) -> bool:
        """Whether the code was open until now; it is not any more."""
        with self._lock:
            end = self._ends.pop(_key(code), None)
        return end is not None and self._now() < end


def _key(code: str) -> bytes:
    # Looked up by its hash, so that the time it takes says nothing about the codes there are.
    return hashlib.sha256(code.encode()).digest()


def address(url: str, code: str, path: str = "/") -> str:
    """Where a browser is sent with a code, and from there to `path`.

    `url` is the server, without a slash at its end.
    """
    return f"{url}/login?next={quote(path, safe='')}#once={code}"
