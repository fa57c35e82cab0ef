"""What a request shows to prove who sends it, and whose it is.

One token comes in every clothing that the real clients have: `Authorization: Bearer`, the
password of `Authorization: Basic` (with any user name), or the key of a signed token (a JWT by
HS256) where a client insists on one. A browser shows the cookie of its session.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie

from dowse.api.security.callers import Caller, Owner, TrialCaller
from dowse.api.security.sessions import COOKIE, Sessions
from dowse.service.trial_tokens import PREFIX, TrialTokens

MAX_LENGTH = 4096
MAX_PROVEN = 10_000


class Keyring:
    """Knows every token that opens this server. `now` is the wall clock."""

    def __init__(
        self, *, token: str, trial_tokens: TrialTokens, sessions: Sessions, now: Callable[[], float]
    ) -> None:
        self._token = token.encode()
        self._trial_tokens = trial_tokens
        self.sessions = sessions
        self._now = now
        self._proven: dict[str, TrialCaller] = {}

    def is_owners(self, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self._token)

    def caller_of(self, token: str) -> Caller | None:
        """Whom a token speaks for; None when it is nobody's."""
        if len(token) > MAX_LENGTH:
            return None
        if token.startswith(f"{PREFIX}."):
            return self._trial_of(token)
        if self.is_owners(token) or self._is_signed_by_owner(token):
            return Owner()
        return None

    def _trial_of(self, token: str) -> TrialCaller | None:
        """A running trial shows its token with every report, so that proofs are remembered."""
        if (caller := self._proven.get(token)) is not None:
            return caller
        known = self._trial_tokens.read(token)
        if known is None:
            return None
        if len(self._proven) >= MAX_PROVEN:
            self._proven.clear()
        caller = TrialCaller(job_id=known.job_id, attempt=known.attempt)
        return self._proven.setdefault(token, caller)

    def _is_signed_by_owner(self, token: str) -> bool:
        """Whether it is a JWT that the owner's token has signed and that has not expired."""
        content, _, signature = token.rpartition(".")
        head, _, claims = content.partition(".")
        proof = hmac.digest(self._token, content.encode(), hashlib.sha256)
        if not head or not hmac.compare_digest(signature.encode(), _unpadded(proof)):
            return False
        try:
            algorithm = json.loads(_decoded(head)).get("alg")
            expires = json.loads(_decoded(claims)).get("exp")
        except (ValueError, AttributeError):
            return False
        return algorithm == "HS256" and (expires is None or float(expires) > self._now())


def token_of(authorization: str) -> str | None:
    """The token of an Authorization header; None when it is of no kind that is known here."""
    scheme, _, value = authorization.strip().partition(" ")
    match scheme.lower():
        case "bearer":
            return value.strip()
        case "basic":
            try:
                pair = base64.b64decode(value.strip(), validate=True).decode()
            except (binascii.Error, UnicodeDecodeError):
                return None
            return pair.partition(":")[2]
    return None


def session_of(cookies: str) -> str | None:
    """The session's cookie among those of a Cookie header."""
    try:
        found: SimpleCookie = SimpleCookie(cookies)
    except CookieError:
        return None
    return found[COOKIE].value if COOKIE in found else None


def _unpadded(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
