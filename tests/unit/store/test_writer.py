import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.engine import Connection

from dowse.errors import Conflict, DiskFull, Unavailable
from dowse.store import writer as writing
from dowse.store.connections import make_engine, raw_of
from dowse.store.writer import Writer
from tests.unit.store.disturbance import Disturbance, io_error


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.db"


@pytest.fixture
def disturbance() -> Disturbance:
    return Disturbance()


@pytest.fixture
def engine(path: Path, disturbance: Disturbance) -> Iterator[Engine]:
    engine = make_engine(path, disturbance.connect)
    with engine.connect() as connection:
        raw_of(connection).execute("CREATE TABLE numbers (n INTEGER)")
    yield engine
    engine.dispose()


@pytest.fixture
def writer(engine: Engine, path: Path) -> Iterator[Writer]:
    writer = Writer(engine, path)
    yield writer
    writer.close()


def add(number: int) -> Callable[[Connection], int]:
    def operation(connection: Connection) -> int:
        raw_of(connection).execute("INSERT INTO numbers VALUES (?)", (number,))
        return number

    return operation


def stored(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        return [n for (n,) in raw_of(connection).execute("SELECT n FROM numbers ORDER BY n")]


class Gate:
    """Holds the writer in one transaction, so that what comes meanwhile forms the next group."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._entered, self._open = threading.Event(), threading.Event()

    def _wait(self, _: Connection) -> None:
        self._entered.set()
        self._open.wait()

    def group(self, operations: list[Callable[[Connection], int]]) -> list[Future[int]]:
        """Run all operations in one transaction; return when each is answered."""
        with ThreadPoolExecutor(len(operations) + 1) as pool:
            pool.submit(self._writer.run, self._wait)
            self._entered.wait()
            futures = []
            for count, operation in enumerate(operations, start=1):
                futures.append(pool.submit(self._writer.run, operation))
                while len(self._writer._waiting) < count:
                    time.sleep(0.0005)
            self._open.set()
        return futures


def test_the_result_comes_back_after_the_row_is_there(writer: Writer, engine: Engine) -> None:
    assert writer.run(add(3)) == 3
    assert stored(engine) == [3]


def test_everything_that_waits_goes_into_one_transaction(
    writer: Writer, engine: Engine, disturbance: Disturbance
) -> None:
    futures = Gate(writer).group([add(n) for n in range(20)])
    assert [future.result() for future in futures] == list(range(20))
    assert stored(engine) == list(range(20))
    assert disturbance.seen.count("COMMIT") == 2  # that of the gate, and one for all


def test_a_request_that_fails_undoes_only_itself(writer: Writer, engine: Engine) -> None:
    def conflicting(connection: Connection) -> int:
        add(99)(connection)
        raise Conflict("it is over")

    def mistaken(connection: Connection) -> int:
        add(98)(connection)
        raw_of(connection).execute("SELECT absent FROM numbers")
        return 0

    first, second, third, fourth = Gate(writer).group([add(1), conflicting, mistaken, add(2)])
    assert (first.result(), fourth.result()) == (1, 2)
    with pytest.raises(Conflict, match=r"^it is over$"):
        second.result()
    with pytest.raises(sqlite3.OperationalError, match="no such column"):
        third.result()
    assert stored(engine) == [1, 2]


def test_a_failure_of_the_database_fails_the_whole_group_and_nobody_after_it(
    writer: Writer, engine: Engine, disturbance: Disturbance, path: Path
) -> None:
    def fail(_: Connection) -> int:
        raise io_error()

    failures = [future.exception() for future in Gate(writer).group([add(1), fail, add(2)])]
    words = f"the database {path} does not answer: disk I/O error"
    assert [(type(failure), str(failure)) for failure in failures] == [(Unavailable, words)] * 3
    assert stored(engine) == []
    assert writer.run(add(4)) == 4
    assert stored(engine) == [4]


@pytest.mark.parametrize("statement", ["BEGIN IMMEDIATE", "SAVEPOINT request", "COMMIT"])
def test_a_failure_anywhere_in_the_transaction_is_told_and_not_retried(
    writer: Writer, engine: Engine, disturbance: Disturbance, statement: str
) -> None:
    writer.run(add(1))

    def fail() -> None:
        raise io_error()

    disturbance.arm(disturbance.seen.index(statement) + 1, fail)
    with pytest.raises(Unavailable, match="disk I/O error"):
        writer.run(add(2))
    assert stored(engine) == [1]
    assert writer.run(add(3)) == 3
    assert stored(engine) == [1, 3]


def test_a_full_disk_is_named(engine: Engine, writer: Writer, path: Path) -> None:
    def fill(connection: Connection) -> int:
        raw = raw_of(connection)
        raw.execute("PRAGMA max_page_count = 3")
        raw.executemany("INSERT INTO numbers VALUES (?)", ((n,) for n in range(100_000)))
        return 0

    words = f"^the disk that holds the database {path} is full: database or disk is full$"
    with pytest.raises(DiskFull, match=words):
        writer.run(fill)
    assert stored(engine) == []
    assert writer.run(add(1)) == 1


def test_more_requests_than_may_wait_are_turned_away(
    writer: Writer, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "MAX_WAITING", 2)
    entered, leave = threading.Event(), threading.Event()

    def hold(_: Connection) -> None:
        entered.set()
        leave.wait()

    with ThreadPoolExecutor(3) as pool:
        pool.submit(writer.run, hold)
        entered.wait()
        waiting = [pool.submit(writer.run, add(n)) for n in (1, 2)]
        while len(writer._waiting) < 2:
            time.sleep(0.0005)
        with pytest.raises(Unavailable, match=r"too busy: 2 requests are waiting$"):
            writer.run(add(3))
        leave.set()
    assert [future.result() for future in waiting] == [1, 2]
    assert stored(engine) == [1, 2]


def test_a_group_has_a_greatest_size(
    writer: Writer, disturbance: Disturbance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "MAX_GROUP", 4)
    Gate(writer).group([add(n) for n in range(10)])
    assert disturbance.seen.count("COMMIT") == 1 + 3


def test_closing_writes_what_waits_and_refuses_what_comes_later(
    writer: Writer, engine: Engine, path: Path
) -> None:
    entered, leave = threading.Event(), threading.Event()

    def hold(_: Connection) -> None:
        entered.set()
        leave.wait()

    with ThreadPoolExecutor(3) as pool:
        pool.submit(writer.run, hold)
        entered.wait()
        waiting = pool.submit(writer.run, add(1))
        while not writer._waiting:
            time.sleep(0.0005)
        closing = pool.submit(writer.close)
        while not writer._closed:
            time.sleep(0.0005)
        with pytest.raises(Unavailable, match=f"^the database {path} is closed$"):
            writer.run(add(2))
        leave.set()
        closing.result()
    assert waiting.result() == 1
    assert stored(engine) == [1]
    writer.close()
