"""What the figures of the service are made of."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from benchmarks.service import ingest, reading, startup, storing
from benchmarks.service.filled import FilledJob, fill
from benchmarks.service.load import Load, Reporter, acknowledged
from benchmarks.service.programs import Door
from dowse.domain.job import JobState
from dowse.domain.trial import TrialState
from dowse.store.sqlite import SqliteStore


class SystemClock:
    def now(self) -> float:
        return time.time()


def answer(body: bytes, *, status: bytes = b"200 OK") -> bytes:
    return b"HTTP/1.1 %b\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body)


def test_an_answer_counts_once_it_is_complete() -> None:
    whole = answer(b'{"new":100,"stop":false}')
    assert acknowledged(whole) == 100
    assert [acknowledged(whole[:end]) for end in (0, 20, len(whole) - 1)] == [None, None, None]


def test_an_answer_that_acknowledges_nothing_ends_the_measurement() -> None:
    with pytest.raises(
        RuntimeError, match=r"(?s)a report was refused: HTTP/1\.1 409 .*is succeeded"
    ):
        acknowledged(answer(b"trial 1 is succeeded", status=b"409 Conflict"))


def test_a_server_that_hangs_up_ends_the_measurement() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        door = Door(host="127.0.0.1", port=server.getsockname()[1], token="secret")
        reporter = Reporter(door, batch=2)
        peer, _ = server.accept()
        with reporter.socket:
            with peer:
                reporter.send()
                sent = peer.recv(65_536)
            with pytest.raises(RuntimeError, match=r"the server hung up after b''"):
                reporter.receive(Load())
    assert sent.endswith(
        b'{"reports":[{"metrics":{"loss":1.000000},"step":0},{"metrics":{"loss":0.500000},"step":1}]}'
    )
    assert b"Authorization: Bearer secret\r\n" in sent


def test_ingest_is_held_to_its_rates_its_waits_and_to_losing_nothing() -> None:
    single = Load(times=[0.01] * 98 + [0.2] * 2, stored=100, lasted_s=0.02)
    batches = Load(times=[0.1] * 10, stored=1_000, lasted_s=0.01)
    rows = ingest.rows_of(single, batches, lost=0)
    assert [row.value for row in rows] == pytest.approx([5_000, 200, 10, 100_000, 100, 0])
    assert [row.holds for row in rows] == [True, False, None, True, None, True]
    for lost in (1, -1):  # What is stored twice is as wrong as what is not stored.
        assert ingest.rows_of(single, batches, lost=lost)[-1].holds is False


def test_storing_compares_the_medians_of_reports() -> None:
    times = {"dowse": [0.002, 0.004, 0.003], "sqlite": [0.01, 0.02, 0.03], "journal": [0.002]}
    sqlite, journal, ours = storing.rows_of(times)
    assert (sqlite.value, journal.value, ours.value) == pytest.approx((0.15, 1.5, 3.0))
    assert ours.peer == "Optuna's SQLite storage 20, Optuna's journal file 2"


def test_startup_is_the_median_and_memory_the_most_that_was_seen() -> None:
    start, server, helper = startup.rows_of([1.0, 9.0, 1.2], [80.0, 151.0], [30.0, 31.0])
    assert (start.value, start.holds) == (1.2, True)
    assert (server.value, server.holds) == (151.0, False)
    assert helper.value == 31.0


def test_a_job_is_held_to_the_time_of_being_made_anew() -> None:
    anew, slowest, again = reading.job_rows([0.04, 0.06, 0.07], [0.001, 0.002, 0.003])
    assert anew.value == pytest.approx(60)
    assert anew.holds is False
    assert (slowest.value, again.value) == pytest.approx((70, 2))


def test_a_page_is_held_to_its_slowest_answer() -> None:
    page = reading.Question(name="page", path="/", key="trials", count=1, limit_ms=100)
    free = reading.Question(name="list", path="/", key="jobs", count=1)
    times = [0.2, 0.01, 0.02]
    rows = reading.question_rows({page: times, free: times})
    assert [(row.name, row.holds) for row in rows] == [
        ("page, slowest", False),
        ("page, median", None),
        ("list, median", None),
    ]


def test_filled_jobs_are_read_as_jobs_that_ran(tmp_path: Path) -> None:
    fill(tmp_path, [FilledJob(name="one", trials=1), FilledJob(name="three", trials=3)])
    store = SqliteStore(tmp_path / "dowse.db", clock=SystemClock())
    try:
        three, one = store.jobs()
        assert (one.name, three.name, three.state) == ("one", "three", JobState.SUCCEEDED)
        assert store.trial_counts(three.id)[TrialState.SUCCEEDED] == 3
        last = store.trial(three.id, 3)
        store.spec(three.id).space.validate(last.parameters)
        assert last.objective is not None
        assert store.last_event(three.id) == 1 + 1 + 3 * 3 + 1
    finally:
        store.close()
