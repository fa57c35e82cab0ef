"""Runners as child processes on this machine, which outlive the process that started them."""

from __future__ import annotations

import os
import selectors
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from dowse import runtime
from dowse.domain.trial import AttemptRef
from dowse.executors.gpus import find_gpus
from dowse.executors.slots import Share, SlotTable
from dowse.executors.watch import Watch
from dowse.ports import Clock, Ended, EndedBy, Launch, Slots
from dowse.runtime import layout, system
from dowse.runtime.order import Order
from dowse.runtime.records import read_launch, replace_record

_BOOT = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from dowse.runtime.runner import main; main(sys.argv[2:])"
)
_PACKAGES = str(Path(runtime.__file__).resolve().parents[2])

_LOOK_S = 0.05
"""Between looks at an attempt whose next change makes no descriptor readable."""


class LocalExecutor:
    """`cpus` and `gpus` (their ids) None: what this process may use. `claim_s` is how long a runner
    may take to show itself when the owner that started it has died meanwhile.

    One thread calls it; `wake` may be called from any.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        cpus: float | None = None,
        gpus: Sequence[str] | None = None,
        python: str = sys.executable,
        claim_s: float = 5.0,
    ) -> None:
        self._clock = clock
        self._python = python
        self._claim_s = claim_s
        self._table = SlotTable(
            cpus=system.cpu_count() if cpus is None else cpus,
            gpu_ids=find_gpus() if gpus is None else gpus,
        )
        self._known: set[AttemptRef] = set()
        self._watched: dict[AttemptRef, Watch] = {}
        self._ended: list[Ended] = []
        self._selector = selectors.DefaultSelector()
        self._alarm = _Alarm()
        self._selector.register(self._alarm.descriptor, selectors.EVENT_READ)

    def slots(self) -> Slots:
        return self._table.slots()

    def fits(self, *, cpus: float | None, gpus: int | None) -> bool:
        return self._table.fits(cpus=cpus, gpus=gpus)

    def start(self, launch: Launch) -> None:
        """Raises Unavailable when it does not fit, OSError when its files cannot be written."""
        if launch.attempt in self._known:
            return
        directory = os.path.abspath(launch.directory)
        if os.path.exists(os.path.join(directory, layout.LAUNCH)):
            self.attach([(launch.attempt, launch.directory)])
            return
        share = self._table.take(launch.attempt, cpus=launch.cpus, gpus=launch.gpus)
        environment = _environment(launch, directory, share)
        try:
            _write_launch(launch, directory, environment, share)
        except OSError:
            self._table.release(launch.attempt)
            raise
        watch = self._watch(launch.attempt, directory)
        try:
            pid = self._spawn(_order(launch, directory, environment), environment)
        except OSError as error:
            self._end(_not_spawned(launch, error, self._clock.now()))
            return
        child = system.look_at(pid)
        watch.follow(pid, child.start if child else "")

    def attach(self, attempts: Iterable[tuple[AttemptRef, Path]]) -> None:
        for attempt, path in attempts:
            if attempt in self._known:
                continue
            directory = os.path.abspath(path)
            launch = read_launch(os.path.join(directory, layout.LAUNCH))
            if launch is not None:
                ids = launch["gpu_ids"]
                share = Share(
                    cpus=launch["cpus"] or 0.0, gpu_ids=None if ids is None else tuple(ids)
                )
                self._table.restore(attempt, share)
            self._watch(attempt, directory)

    def stop(self, attempt: AttemptRef) -> None:
        """An attempt that has ended, or was never here, has nothing to end."""
        watch = self._watched.get(attempt)
        if watch is not None:
            watch.request_stop()

    def poll(self) -> tuple[Ended, ...]:
        self._turn(0.0)
        ended, self._ended = tuple(self._ended), []
        return ended

    def wait(self, timeout_s: float) -> None:
        until = time.monotonic() + timeout_s
        while not self._ended:
            left = until - time.monotonic()
            was_woken = self._turn(max(0.0, left))
            if was_woken or left <= 0:
                self._alarm.quieten()
                return

    def wake(self) -> None:
        self._alarm.ring()

    def close(self) -> None:
        for watch in self._watched.values():
            watch.close()
        self._watched.clear()
        self._selector.close()
        self._alarm.close()

    def _turn(self, timeout_s: float) -> bool:
        """Look at every attempt that may have changed; True when somebody called `wake`."""
        if any(watch.is_silent for watch in self._watched.values()):
            timeout_s = min(timeout_s, _LOOK_S)
        ready = [key.data for key, _ in self._selector.select(timeout_s)]
        silent = [watch for watch in self._watched.values() if watch.is_silent]
        for watch in [*(data for data in ready if isinstance(data, Watch)), *silent]:
            ended = watch.advance()
            if ended is not None:
                self._end(ended)
        return None in ready

    def _watch(self, attempt: AttemptRef, directory: str) -> Watch:
        watch = Watch(
            attempt,
            directory,
            clock=self._clock,
            claim_s=self._claim_s,
            selector=self._selector,
        )
        self._known.add(attempt)
        self._watched[attempt] = watch
        return watch

    def _end(self, ended: Ended) -> None:
        del self._watched[ended.attempt]
        self._table.release(ended.attempt)
        self._ended.append(ended)

    def _spawn(self, order: Order, environment: Mapping[str, str]) -> int:
        """The values of the environment may be secrets: they are handed on, never written."""
        log = os.path.join(order.directory, layout.RUNNER_LOG)
        return os.posix_spawn(
            self._python,
            [self._python, "-I", "-S", "-c", _BOOT, _PACKAGES, *order.words()],
            environment,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644),
                (os.POSIX_SPAWN_DUP2, 1, 2),
            ],
            setsid=True,
        )


class _Alarm:
    """Makes a selector return, from any thread and also after it was closed."""

    def __init__(self) -> None:
        self.descriptor, self._ringing = os.pipe()
        os.set_blocking(self.descriptor, False)
        os.set_blocking(self._ringing, False)
        self._lock = threading.Lock()
        self._is_open = True

    def ring(self) -> None:
        with self._lock:
            if self._is_open:
                try:
                    os.write(self._ringing, b"!")
                except BlockingIOError:  # It rings already.
                    return

    def quieten(self) -> None:
        try:
            os.read(self.descriptor, 65536)
        except BlockingIOError:
            return

    def close(self) -> None:
        with self._lock:
            if self._is_open:
                self._is_open = False
                os.close(self.descriptor)
                os.close(self._ringing)


def _environment(launch: Launch, directory: str, share: Share) -> dict[str, str]:
    """The runner finds leftovers of the attempt by the first two, so they are always there."""
    environment = {
        **launch.environment,
        layout.ATTEMPT_VARIABLE: str(launch.attempt),
        layout.STOP_VARIABLE: os.path.join(directory, layout.STOP),
    }
    if share.gpu_ids is not None:
        environment[layout.GPUS_VARIABLE] = ",".join(share.gpu_ids)
    return environment


def _order(launch: Launch, directory: str, environment: Mapping[str, str]) -> Order:
    attempt = launch.attempt
    newer = AttemptRef(attempt.job, attempt.trial, attempt.attempt + 1)
    return Order(
        directory=directory,
        working_directory=os.path.abspath(launch.working_directory),
        newer_attempt=os.path.join(os.path.dirname(directory), newer.folder),
        trial=attempt.trial,
        attempt=attempt.attempt,
        timeout_s=launch.timeout_s,
        grace_s=launch.grace_s,
        environment_names=sorted(environment),
        argv=launch.argv or ("/bin/sh", "-c", launch.shell or ""),
    )


def _write_launch(
    launch: Launch, directory: str, environment: Mapping[str, str], share: Share
) -> None:
    attempt = launch.attempt
    replace_record(
        os.path.join(directory, layout.LAUNCH),
        {
            "job": attempt.job,
            "trial": attempt.trial,
            "attempt": attempt.attempt,
            "argv": None if launch.argv is None else list(launch.argv),
            "shell": launch.shell,
            "working_directory": os.path.abspath(launch.working_directory),
            "environment_names": sorted(environment),
            "timeout_s": launch.timeout_s,
            "grace_s": launch.grace_s,
            "cpus": launch.cpus,
            "gpu_ids": None if share.gpu_ids is None else list(share.gpu_ids),
        },
    )


def _not_spawned(launch: Launch, error: OSError, now: float) -> Ended:
    return Ended(
        attempt=launch.attempt,
        ended_by=EndedBy.START_ERROR,
        message=f"the runner could not be started: {error.strerror}",
        ended_at=now,
    )
