"""SQLite connections, each opened the same way, and one SQLAlchemy engine over them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import Connection
from sqlalchemy.pool import QueuePool

from dowse.errors import Refused

BUSY_TIMEOUT_S = 5.0
"""A reader may meet another process that copies the file; nobody else ever writes it."""

READERS = 32
"""Connections at once, the writer's included; a further reader waits."""

PRIVATE = 0o600
"""A job's environment may hold secrets; SQLite gives its other files the same permissions."""

Connect: TypeAlias = Callable[[Path], sqlite3.Connection]


def connect(path: Path) -> sqlite3.Connection:
    """A connection that begins and ends transactions only when told to."""
    raw = sqlite3.connect(
        path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
    )
    try:
        configure(raw, path)
    except BaseException:
        raw.close()
        raise
    return raw


def configure(raw: sqlite3.Connection, path: Path) -> None:
    """Raises Refused where the file system cannot do what write-ahead logging needs."""
    (mode,) = raw.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise Refused(
            f"the file system of {path} cannot hold a database (journal mode {mode!r} instead of "
            "'wal'); choose a data directory on a disk of this machine"
        )
    # FULL: what is acknowledged survives a power cut. On macOS only F_FULLFSYNC reaches the disk.
    raw.execute("PRAGMA synchronous = FULL")
    raw.execute("PRAGMA fullfsync = ON")
    raw.execute("PRAGMA foreign_keys = ON")


def make_engine(path: Path, connect: Connect = connect) -> Engine:
    return create_engine(
        "sqlite://",
        creator=lambda: connect(path),
        poolclass=QueuePool,
        pool_size=8,
        max_overflow=READERS - 8,
        pool_timeout=BUSY_TIMEOUT_S,
    )


def raw_of(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection, for the hot path and for transactions."""
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw
