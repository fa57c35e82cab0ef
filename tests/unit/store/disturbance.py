"""A SQLite connection that fails, or does something, at a chosen statement of the writer."""

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from dowse.store.connections import configure

WRITER = "dowse-store-writer"


def io_error() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR
    error.sqlite_errorname = "SQLITE_IOERR"
    return error


class Disturbance:
    """Calls `act` at the writer's n-th statement from now on, before it or after it."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._at: int | None = None
        self._after = False
        self._act: Callable[[], None] = lambda: None

    def arm(self, at: int, act: Callable[[], None], *, after: bool = False) -> None:
        self.seen.clear()
        self._at, self._after, self._act = at, after, act

    def connect(self, path: Path) -> sqlite3.Connection:
        disturbance = self

        class Cursor(sqlite3.Cursor):
            def execute(self, statement: str, parameters: Any = ()) -> "Cursor":
                with disturbance.around(statement):
                    return super().execute(statement, parameters)

        class Connection(sqlite3.Connection):
            def cursor(self, factory: Any = None) -> Any:
                return super().cursor(Cursor)

            def execute(self, statement: str, parameters: Any = ()) -> sqlite3.Cursor:
                cursor: sqlite3.Cursor = self.cursor().execute(statement, parameters)
                return cursor

        raw = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, factory=Connection
        )
        configure(raw, path)
        raw.execute("PRAGMA synchronous = OFF")  # Failures are made here, power cuts are not.
        return raw

    @contextlib.contextmanager
    def around(self, statement: str) -> Iterator[None]:
        if threading.current_thread().name != WRITER:
            yield
            return
        self.seen.append(statement)
        due = len(self.seen) == self._at
        if due and not self._after:
            self._act()
        yield
        if due and self._after:
            self._act()
