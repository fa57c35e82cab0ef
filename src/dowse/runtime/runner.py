"""The runner: a process of its own that carries out one attempt of a trial to its true end.

It starts the program, watches the clock, the stop file and hypertune's file, ends the whole
process tree when it must, and leaves `exit.json` behind as the last thing it does. It needs
nobody: whoever started it may die. It runs wherever the program runs, so it imports the standard
library only, and little of it; every trial pays for its start.
"""

from __future__ import annotations

import os
import resource
import select
import sys
import time

from dowse.runtime import layout, system, tree
from dowse.runtime.order import Order
from dowse.runtime.program import StartError, start_program
from dowse.runtime.records import create_file, read_record, replace_record
from dowse.runtime.spool import Spool

TYPE_CHECKING = False  # Importing typing would slow down the start of every runner.
if TYPE_CHECKING:
    import signal
    from collections.abc import Iterable
    from typing import NoReturn

    from dowse.runtime.records import ExitRecord
else:
    import _signal as signal  # The same numbers without the cost of their enums.

EXIT = "exit"
STOP = "stop"
TIMEOUT = "timeout"
START_ERROR = "start_error"

POLL_S = 0.2
"""Stop requests and hypertune's file are looked at this often."""
ENDING_POLL_S = 0.05
HEARTBEAT_S = 5.0
REMAINS_GRACE_S = 1.0
"""Between TERM and KILL for what a program leaves behind when it exits by itself."""
RETRY_S = 1.0
"""After a failed write of exit.json: the disk is full, and may be emptied."""


def main(words: list[str]) -> NoReturn:
    """Carry out the attempt, unless it has been carried out or was given up as lost."""
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))  # Whatever the starting process left open.
    os.chdir("/")  # The starting process's directory may be wanted for something else.
    order = Order.parse(words)
    signals = Signals()
    system.become_subreaper()
    if create_file(_in(order.directory, layout.CLAIM)):
        _write_exit(order.directory, Runner(order, signals).run())
    os._exit(0)


class Signals:
    """TERM and INT are requests to stop; SIGCHLD only wakes the runner up."""

    def __init__(self) -> None:
        self.stop_requests = 0
        self.waking, waker = os.pipe()
        os.set_blocking(self.waking, False)
        os.set_blocking(waker, False)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._count)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())

    def sleep(self, seconds: float) -> None:
        """Less when a signal arrives, also one that arrived before."""
        if select.select([self.waking], [], [], seconds)[0]:
            os.read(self.waking, 4096)

    def _count(self, number: int, frame: object) -> None:
        self.stop_requests += 1


class Runner:
    """One attempt, from the start of its program to the end of its last process."""

    def __init__(self, order: Order, signals: Signals) -> None:
        directory = order.directory
        self._order = order
        self._signals = signals
        self._spool = Spool(_in(directory, layout.HYPERTUNE), _in(directory, layout.SPOOL))
        self._stop_file = _in(directory, layout.STOP)
        self._identity: dict[str, object] | None = self._identify()
        self._program = 0
        self._status: int | None = None
        self._ended_by: str | None = None
        self._message: str | None = None
        self._deadline: float | None = None
        self._kill_at = 0.0
        self._beat_at = 0.0

    def run(self) -> ExitRecord:
        if os.path.exists(self._stop_file) or self._signals.stop_requests:
            return self._record(STOP, "a stop was requested before the program started", None)
        try:
            self._start()
        except (StartError, OSError) as error:
            return self._record(START_ERROR, str(error), None)
        started_at = time.time()
        while self._is_anything_left():
            now = time.monotonic()
            self._tell(now)
            self._spool.copy()
            if self._ended_by is None:
                self._decide_end(now)
            else:
                self._press(now)
            self._signals.sleep(self._pause(now))
        self._spool.copy(again=True)
        return self._record(self._ended_by or EXIT, self._message, started_at)

    def _identify(self) -> dict[str, object]:
        own = system.look_at(os.getpid())
        return {
            "pid": os.getpid(),
            "start": own.start if own else "",
            "boot_id": system.boot_id(),
            "trial": self._order.trial,
            "attempt": self._order.attempt,
            "started_at": time.time(),
        }

    def _start(self) -> None:
        order = self._order
        log = os.open(
            _in(order.directory, layout.LOG), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644
        )
        try:
            self._program = start_program(
                order.argv,
                directory=order.working_directory,
                environment=_environment(order.environment_names),
                log=log,
            )
        finally:
            os.close(log)
        if order.timeout_s is not None:
            self._deadline = time.monotonic() + order.timeout_s

    def _is_anything_left(self) -> bool:
        """Collect what has ended; a subreaper without children has no descendants either."""
        try:
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return True
                if pid == self._program:
                    self._status = status
        except ChildProcessError:
            return not system.HAS_PROC and bool(self._members())

    def _members(self) -> list[system.Process]:
        return tree.living_members(os.getpid(), self._program)

    def _decide_end(self, now: float) -> None:
        if self._status is not None:
            self._end(EXIT, None, now, REMAINS_GRACE_S)
        elif self._signals.stop_requests:
            self._end(STOP, "the runner received a signal to end", now)
        elif os.path.exists(self._stop_file):
            self._end(STOP, self._stop_reason(), now)
        elif os.path.isdir(self._order.newer_attempt):
            self._end(STOP, "a newer attempt of this trial exists", now)
        elif self._deadline is not None and now >= self._deadline:
            limit = f"its time limit of {self._order.timeout_s:g} s"
            self._end(TIMEOUT, f"it was still running at {limit}", now)

    def _end(self, by: str, message: str | None, now: float, grace_s: float | None = None) -> None:
        self._ended_by = by
        self._message = message
        self._kill_at = now + (self._order.grace_s if grace_s is None else grace_s)
        tree.ask_to_end(self._members())

    def _press(self, now: float) -> None:
        """The grace: then KILL, again and again, for a dying tree may still grow."""
        if now < self._kill_at and self._signals.stop_requests < 2 and not self._is_kill_asked():
            return
        tree.kill(self._members())

    def _stop_reason(self) -> str | None:
        request = read_record(self._stop_file) or {}
        return str(request["reason"]) if "reason" in request else None

    def _is_kill_asked(self) -> bool:
        request = read_record(self._stop_file)
        return request is not None and request.get("kill") is True

    def _tell(self, now: float) -> None:
        """Say who runs the attempt, once, and that it is alive. A full disk ends no trial."""
        order = self._order
        try:
            if self._identity is not None:
                runner = {**self._identity, "program": self._program}
                replace_record(_in(order.directory, layout.RUNNER), runner)
                self._identity = None
            if now >= self._beat_at:
                self._beat_at = now + HEARTBEAT_S
                beat = {"trial": order.trial, "attempt": order.attempt, "at": time.time()}
                replace_record(_in(order.directory, layout.HEARTBEAT), beat)
        except OSError:
            return

    def _pause(self, now: float) -> float:
        if self._ended_by is not None:
            return ENDING_POLL_S
        if self._deadline is not None:
            return max(0.0, min(POLL_S, self._deadline - now))
        return POLL_S

    def _record(self, ended_by: str, message: str | None, started_at: float | None) -> ExitRecord:
        code = None if self._status is None else os.waitstatus_to_exitcode(self._status)
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        kilobyte = 1024 if sys.platform == "darwin" else 1
        was_started = started_at is not None
        return {
            "exit_code": code if code is not None and code >= 0 else None,
            "signal": -code if code is not None and code < 0 else None,
            "ended_by": ended_by,
            "message": message,
            "started_at": started_at,
            "ended_at": time.time(),
            "cpu_s": round(usage.ru_utime + usage.ru_stime, 6) if was_started else None,
            "max_rss_kb": usage.ru_maxrss // kilobyte if was_started else None,
        }


def _write_exit(directory: str, record: ExitRecord) -> None:
    """As long as it takes, unless the directory was deleted."""
    while os.path.isdir(directory):
        try:
            replace_record(_in(directory, layout.EXIT), {**record}, durably=True)
        except OSError as error:
            print(f"cannot write {layout.EXIT}, trying again: {error}", file=sys.stderr, flush=True)
            time.sleep(RETRY_S)
        else:
            return


def _environment(names: Iterable[str]) -> dict[str, str]:
    """The program's variables alone: the interpreter of the runner may have added its own."""
    return {name: os.environ[name] for name in names if name in os.environ}


def _in(directory: str, name: str) -> str:
    return os.path.join(directory, name)
