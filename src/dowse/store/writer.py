"""The one thread that writes: everything that waits goes into one transaction (group commit).

A durable commit costs a disk flush, whatever is in it. While one is under way new requests
gather; the next transaction takes them all, so the rate grows with the load.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from dowse.errors import Unavailable
from dowse.store.connections import raw_of
from dowse.store.failures import failure_of

MAX_WAITING = 20_000
"""Requests; one more is turned away, because it would only wait longer and longer."""

MAX_GROUP = 2_000
"""Requests in one transaction, so that nobody waits for a transaction without end."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class _Request:
    operation: Callable[[Connection], Any]
    future: Future[Any] = field(default_factory=Future)


class Writer:
    """Runs operations one after the other, each wholly or not at all."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self._engine = engine
        self._path = path
        self._connection: Connection | None = None
        self._changed = threading.Condition()
        self._waiting: deque[_Request] = deque()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="dowse-store-writer", daemon=True)
        self._thread.start()

    def run(self, operation: Callable[[Connection], Result]) -> Result:
        """The result of `operation`, after it is on the disk.

        Raises what the operation raises, which undoes it and nothing else. Raises Unavailable
        when the database fails, to everyone in the same transaction. All of it is then undone,
        unless the failure was that of the very last flush: only reading tells.
        """
        result: Result = self.begin(operation).result()
        return result

    def begin(self, operation: Callable[[Connection], Result]) -> Future[Result]:
        """As `run`, but the caller goes on meanwhile. Raises Unavailable when too many wait."""
        request = _Request(operation)
        with self._changed:
            if self._closed:
                raise Unavailable(f"the database {self._path} is closed")
            if len(self._waiting) >= MAX_WAITING:
                raise Unavailable(
                    f"the database {self._path} is too busy: {MAX_WAITING} requests are waiting"
                )
            self._waiting.append(request)
            self._changed.notify()
        return request.future

    def close(self) -> None:
        """Return when everything that waits is written. A second call does nothing."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _work(self) -> None:
        while group := self._next_group():
            self._write(group)
        self._let_go()

    def _next_group(self) -> list[_Request]:
        """Wait for requests; an empty group means that there will be no more."""
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            size = min(len(self._waiting), MAX_GROUP)
            return [self._waiting.popleft() for _ in range(size)]

    def _write(self, group: list[_Request]) -> None:
        try:
            answers = self._transaction(group)
        except BaseException as error:
            self._let_go()
            for request in group:
                request.future.set_exception(failure_of(error, self._path) or error)
            return
        for answer in answers:
            answer()

    def _transaction(self, group: list[_Request]) -> list[Callable[[], None]]:
        """What to tell each caller, once the transaction is on the disk."""
        if self._connection is None:
            self._connection = self._engine.connect()
        raw = raw_of(self._connection)
        raw.execute("BEGIN IMMEDIATE")
        answers = [self._carry_out(request, self._connection, raw) for request in group]
        raw.execute("COMMIT")
        return answers

    def _carry_out(
        self, request: _Request, connection: Connection, raw: sqlite3.Connection
    ) -> Callable[[], None]:
        raw.execute("SAVEPOINT request")
        try:
            result = request.operation(connection)
        except Exception as error:
            if failure_of(error, self._path) is not None:
                raise
            raw.execute("ROLLBACK TO request")
            raw.execute("RELEASE request")
            failure = error
            return lambda: request.future.set_exception(failure)
        raw.execute("RELEASE request")
        return lambda: request.future.set_result(result)

    def _let_go(self) -> None:
        """Close the connection, and with it whatever transaction is open."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(sqlite3.Error, SQLAlchemyError):
                connection.invalidate()
                connection.close()
