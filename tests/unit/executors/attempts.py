"""Real attempts for the tests of the runner and the local executor."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from dowse.domain.trial import AttemptRef
from dowse.executors.local import LocalExecutor
from dowse.ports import Ended, Launch
from dowse.runtime import layout, system

T = TypeVar("T")

PATIENCE_S = 20.0
"""Far beyond what anything here takes; a test that needs it has failed."""


class RealClock:
    def now(self) -> float:
        return time.time()


def ref(trial: int = 1, attempt: int = 1) -> AttemptRef:
    return AttemptRef("digits", trial, attempt)


def launch(
    root: Path,
    script: str | None = None,
    *,
    attempt: AttemptRef | None = None,
    argv: tuple[str, ...] | None = None,
    shell: str | None = None,
    environment: Mapping[str, str] | None = None,
    timeout_s: float | None = None,
    grace_s: float = 0.3,
    cpus: float | None = None,
    gpus: int | None = None,
) -> Launch:
    """An attempt at a Python script, in a directory made as the service makes it."""
    attempt = attempt or ref()
    directory = layout.attempt_directory(root, attempt)
    (directory / layout.WORK).mkdir(parents=True, exist_ok=True)
    if script is not None:
        argv = (sys.executable, "-S", "-c", script)
    return Launch(
        attempt=attempt,
        directory=directory,
        working_directory=directory / layout.WORK,
        argv=argv,
        shell=shell,
        environment={"PATH": os.environ["PATH"], **(environment or {})},
        timeout_s=timeout_s,
        grace_s=grace_s,
        cpus=cpus,
        gpus=gpus,
    )


@contextmanager
def local_executor(
    *,
    cpus: float | None = None,
    gpus: tuple[str, ...] = (),
    claim_s: float = 5.0,
    python: str = sys.executable,
) -> Iterator[LocalExecutor]:
    executor = LocalExecutor(
        clock=RealClock(), cpus=cpus, gpus=gpus, claim_s=claim_s, python=python
    )
    try:
        yield executor
    finally:
        executor.close()


def finish(executor: LocalExecutor) -> Ended:
    """Wait for the next attempt that ends."""
    (ended,) = finish_many(executor, 1)
    return ended


def finish_many(executor: LocalExecutor, count: int) -> list[Ended]:
    ended: list[Ended] = []
    until = time.monotonic() + PATIENCE_S
    while len(ended) < count and time.monotonic() < until:
        executor.wait(1.0)
        ended.extend(executor.poll())
    assert len(ended) == count
    return ended


def run(executor: LocalExecutor, what: Launch) -> Ended:
    executor.start(what)
    return finish(executor)


def eventually(look: Callable[[], T | None]) -> T:
    """The first true answer."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if answer := look():
            return answer
        time.sleep(0.01)
    raise AssertionError("it never came true")


def read_pids(path: Path, count: int) -> list[int]:
    """The pids that the processes of a trial appended to a file, once all are there."""

    def look() -> list[int]:
        lines = path.read_text().split("\n") if path.exists() else []
        return [int(line) for line in lines[:-1]] if len(lines) > count else []

    return eventually(look)


def alive(pids: list[int]) -> list[int]:
    found = (system.look_at(pid) for pid in pids)
    return [process.pid for process in found if process is not None and not process.zombie]


def kill_quietly(pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
