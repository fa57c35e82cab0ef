"""The write-only token of each attempt: nothing is stored, for it can be made and checked anew.

A token names its attempt and proves with a keyed hash that whoever holds the key has issued it.
The number of the job is part of it: a later job of the same name must not inherit it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass

from dowse.domain.trial import AttemptRef, Trial

PREFIX = "dt1"
"""Kind and version: a token of another form is refused instead of read wrongly."""
MAX_LENGTH = 1000
_CONTENT = re.compile(r"(\d{1,18})/(\d{1,18})/(\d{1,18})/(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialPass:
    """Whom a token speaks for."""

    job_id: int
    attempt: AttemptRef


class TrialTokens:
    """Issues and reads tokens under one secret key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def token(self, trial: Trial) -> str:
        """The token of a trial's present attempt; equal calls give equal tokens."""
        ref = trial.ref
        content = _to_text(f"{trial.job_id}/{ref.trial}/{ref.attempt}/{ref.job}".encode())
        return f"{PREFIX}.{content}.{self._proof(content)}"

    def read(self, token: str) -> TrialPass | None:
        """Whom it speaks for; None unless it was issued under this key."""
        parts = token.split(".")
        if len(token) > MAX_LENGTH or len(parts) != 3 or parts[0] != PREFIX:
            return None
        _, content, proof = parts
        if not hmac.compare_digest(proof.encode(), self._proof(content).encode()):
            return None
        return _read_content(content)

    def _proof(self, content: str) -> str:
        signed = f"{PREFIX}.{content}".encode()
        return _to_text(hmac.digest(self._key, signed, hashlib.sha256))


def _read_content(content: str) -> TrialPass | None:
    try:
        found = _CONTENT.fullmatch(_from_text(content).decode())
    except (ValueError, binascii.Error):
        return None
    if found is None:
        return None
    job_id, trial, attempt = (int(number) for number in found.groups()[:3])
    return TrialPass(job_id=job_id, attempt=AttemptRef(found[4], trial, attempt))


def _to_text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _from_text(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
