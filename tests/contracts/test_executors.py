"""What every adapter of the Executor port promises. An adapter is added by one more `Bench`."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from dowse.domain.trial import AttemptRef
from dowse.ports import Ended, EndedBy, Executor, Launch
from tests.unit.executors.attempts import launch, local_executor

PATIENCE_S = 20.0


class Bench(Protocol):
    """What the suite needs of an adapter: executors with 2 CPUs and 2 GPUs over one place."""

    def open(self) -> Executor:
        """An executor as a new owner would have it; the attempts of earlier ones go on."""
        ...

    def launch(
        self,
        trial: int,
        *,
        exit_code: int | None = 0,
        cpus: float | None = None,
        gpus: int | None = None,
    ) -> Launch:
        """A program that ends with this code at once, or with None only when it is asked to."""
        ...


class LocalBench:
    def __init__(self, root: Path, stack: ExitStack) -> None:
        self._root = root
        self._stack = stack

    def open(self) -> Executor:
        return self._stack.enter_context(local_executor(cpus=2, gpus=("0", "1"), claim_s=0.2))

    def launch(
        self,
        trial: int,
        *,
        exit_code: int | None = 0,
        cpus: float | None = None,
        gpus: int | None = None,
    ) -> Launch:
        shell = "sleep 100" if exit_code is None else f"exit {exit_code}"
        attempt = AttemptRef("digits", trial, 1)
        return launch(self._root, attempt=attempt, shell=shell, cpus=cpus, gpus=gpus)


@pytest.fixture(params=[LocalBench])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    with ExitStack() as stack:
        yield request.param(tmp_path, stack)


def collect(executor: Executor, count: int) -> list[Ended]:
    ended: list[Ended] = []
    until = time.monotonic() + PATIENCE_S
    while len(ended) < count and time.monotonic() < until:
        executor.wait(0.5)
        ended.extend(executor.poll())
    assert len(ended) == count
    return ended


def test_an_attempt_that_ends_is_reported_once_with_its_exit_code(bench: Bench) -> None:
    executor = bench.open()
    executor.start(bench.launch(1, exit_code=7))
    (ended,) = collect(executor, 1)
    assert ended.attempt == AttemptRef("digits", 1, 1)
    assert (ended.ended_by, ended.exit_code, ended.signal) == (EndedBy.EXIT, 7, None)
    assert ended.started_at is not None
    assert ended.ended_at is not None
    assert ended.started_at <= ended.ended_at
    executor.wait(0.05)
    assert executor.poll() == ()


def test_starting_an_attempt_again_does_nothing(bench: Bench) -> None:
    executor = bench.open()
    what = bench.launch(1, cpus=2)
    executor.start(what)
    executor.start(what)
    collect(executor, 1)
    executor.start(what)
    executor.wait(0.05)
    assert executor.poll() == ()
    assert executor.slots().cpus_free == 2


def test_a_stop_ends_an_attempt_and_is_named_as_its_cause(bench: Bench) -> None:
    executor = bench.open()
    what = bench.launch(1, exit_code=None)
    executor.start(what)
    executor.stop(what.attempt)
    executor.stop(what.attempt)
    (ended,) = collect(executor, 1)
    assert ended.ended_by is EndedBy.STOP


def test_stopping_what_has_ended_or_never_was_does_nothing(bench: Bench) -> None:
    executor = bench.open()
    executor.stop(AttemptRef("digits", 99, 1))
    what = bench.launch(1, exit_code=3)
    executor.start(what)
    (ended,) = collect(executor, 1)
    executor.stop(what.attempt)
    executor.wait(0.05)
    assert ended.ended_by is EndedBy.EXIT
    assert executor.poll() == ()


def test_attempts_outlive_their_owner_and_the_next_one_reports_them(bench: Bench) -> None:
    first = bench.open()
    quick, lasting = bench.launch(1, exit_code=4), bench.launch(2, exit_code=None)
    first.start(quick)
    first.start(lasting)
    collect(first, 1)
    first.close()

    second = bench.open()
    second.attach([(what.attempt, what.directory) for what in (quick, lasting)])
    (ended,) = collect(second, 1)
    assert (ended.attempt, ended.exit_code) == (quick.attempt, 4)
    second.stop(lasting.attempt)
    (ended,) = collect(second, 1)
    assert (ended.attempt, ended.ended_by) == (lasting.attempt, EndedBy.STOP)


def test_attaching_twice_reports_once(bench: Bench) -> None:
    first = bench.open()
    what = bench.launch(1)
    first.start(what)
    collect(first, 1)
    second = bench.open()
    for _ in range(2):
        second.attach([(what.attempt, what.directory)])
    collect(second, 1)
    second.attach([(what.attempt, what.directory)])
    second.wait(0.05)
    assert second.poll() == ()


def test_an_attempt_that_was_never_launched_is_lost(bench: Bench) -> None:
    executor = bench.open()
    what = bench.launch(1)
    executor.attach([(what.attempt, what.directory)])
    (ended,) = collect(executor, 1)
    assert (ended.attempt, ended.ended_by) == (what.attempt, EndedBy.LOST)
    assert ended.exit_code is None
    executor.wait(0.05)
    assert executor.poll() == ()


def test_slots_are_held_while_an_attempt_runs_and_free_afterwards(bench: Bench) -> None:
    executor = bench.open()
    what = bench.launch(1, exit_code=None, cpus=1.5, gpus=1)
    executor.start(what)
    slots = executor.slots()
    assert (slots.cpus_free, slots.cpus_total) == (0.5, 2)
    assert (slots.gpus_free, slots.gpus_total) == (1, 2)
    assert executor.fits(cpus=0.5, gpus=1)
    assert not executor.fits(cpus=1, gpus=None)
    assert not executor.fits(cpus=None, gpus=2)
    assert executor.fits(cpus=None, gpus=None)
    executor.stop(what.attempt)
    collect(executor, 1)
    assert executor.fits(cpus=2, gpus=2)


def test_slots_of_attached_attempts_are_held(bench: Bench) -> None:
    first = bench.open()
    what = bench.launch(1, exit_code=None, cpus=1, gpus=2)
    first.start(what)
    first.close()
    second = bench.open()
    second.attach([(what.attempt, what.directory)])
    assert (second.slots().cpus_free, second.slots().gpus_free) == (1, 0)
    second.stop(what.attempt)
    collect(second, 1)
    assert (second.slots().cpus_free, second.slots().gpus_free) == (2, 2)


def test_waiting_ends_when_the_time_is_over(bench: Bench) -> None:
    executor = bench.open()
    before = time.monotonic()
    executor.wait(0.1)
    assert 0.09 <= time.monotonic() - before < 5


def test_wake_ends_a_wait_in_another_thread(bench: Bench) -> None:
    executor = bench.open()
    thread = threading.Timer(0.1, executor.wake)
    thread.start()
    before = time.monotonic()
    executor.wait(PATIENCE_S)
    thread.join()
    assert time.monotonic() - before < 5


def test_a_wake_before_the_wait_is_not_lost_to_a_poll(bench: Bench) -> None:
    executor = bench.open()
    executor.wake()
    executor.poll()
    before = time.monotonic()
    executor.wait(PATIENCE_S)
    assert time.monotonic() - before < 5


def test_waking_a_closed_executor_does_nothing(bench: Bench) -> None:
    executor = bench.open()
    executor.close()
    executor.wake()
