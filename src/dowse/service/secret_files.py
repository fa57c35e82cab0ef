"""The secrets of a data directory, made at its first start and open to this user only."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from dowse.errors import Refused
from dowse.service.folders import DataDirectory
from dowse.service.trial_tokens import TrialTokens

TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """`token` lets its bearer do everything; `key` proves that a trial's token is ours."""

    token: str = field(repr=False)
    key: bytes = field(repr=False)

    @property
    def trial_tokens(self) -> TrialTokens:
        return TrialTokens(self.key)


def load_secrets(folders: DataDirectory, *, token: str | None = None) -> Secrets:
    """The secrets of a data directory; `token` replaces the one that is kept there.

    Raises Refused where others could read or write them.
    """
    key = bytes.fromhex(_read_or_make(folders.trial_key))
    return Secrets(token=token or _read_or_make(folders.token), key=key)


def _read_or_make(path: Path) -> str:
    try:
        return _read(path)
    except FileNotFoundError:
        pass
    # Written whole under another name first: a process that dies here leaves no half secret.
    temporary = path.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW
    with open(os.open(temporary, flags, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_hex(TOKEN_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
    return _read(path)


def _read(path: Path) -> str:
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), encoding="ascii") as file:
        mode = os.fstat(file.fileno()).st_mode
        text = file.read().strip()
    if mode & 0o077:
        raise Refused(f"{path} is open to others (mode {mode & 0o777:o}): chmod 600 {path}")
    if not text:
        raise Refused(f"{path} is empty; remove it, and the next start makes a new one")
    return text
