"""The cookie of a browser that has logged in.

It proves that its bearer once had the owner's token. Nothing is stored, so that it survives a
change of owners; its key is made of the token, so that a new token ends all sessions at once.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable

LIFETIME_S = 30 * 86_400
COOKIE = "dowse_session"
MAX_ENDED = 10_000
"""Sessions that were ended by hand and are remembered; a restart forgets them."""


class Sessions:
    def __init__(self, *, key: bytes, token: str, now: Callable[[], float]) -> None:
        self._key = hmac.digest(key, b"session/" + token.encode(), hashlib.sha256)
        self._now = now
        self._ended: dict[str, None] = {}

    def begin(self) -> str:
        """The value of a new session's cookie."""
        content = f"{int(self._now()) + LIFETIME_S}.{secrets.token_hex(8)}"
        return f"{content}.{self._proof(content)}"

    def is_valid(self, cookie: str) -> bool:
        content, _, proof = cookie.rpartition(".")
        if not hmac.compare_digest(proof.encode(), self._proof(content).encode()):
            return False
        return int(content.partition(".")[0]) > self._now() and cookie not in self._ended

    def end(self, cookie: str) -> None:
        if self.is_valid(cookie):
            self._ended[cookie] = None
            while len(self._ended) > MAX_ENDED:
                self._ended.pop(next(iter(self._ended)))

    def _proof(self, content: str) -> str:
        return hmac.digest(self._key, content.encode(), hashlib.sha256).hex()
