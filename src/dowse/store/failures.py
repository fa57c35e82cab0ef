"""Which errors of a database say that it does not answer, and which are mistakes of ours."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from dowse.errors import DiskFull, DowseError, Refused, Unavailable

_RESOURCE_CODES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)


def failure_of(error: BaseException, path: Path) -> DowseError | None:
    """The error to raise when the database failed; None when a statement of ours is wrong."""
    if isinstance(error, PoolTimeoutError):
        return Unavailable(f"the database {path} is busy: all its connections are in use")
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", None)
    if not isinstance(cause, sqlite3.Error) or code is None:
        return None
    primary = code & 0xFF  # The upper bits only say more about the same failure.
    if primary == sqlite3.SQLITE_FULL:
        return DiskFull(f"the disk that holds the database {path} is full: {cause}")
    if primary == sqlite3.SQLITE_NOTADB:
        return Refused(f"{path} is not a database")
    if primary in _RESOURCE_CODES:
        return Unavailable(f"the database {path} does not answer: {cause}")
    return None
