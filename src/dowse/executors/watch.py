"""Following the runner of one attempt until it can be said how the attempt ended."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from enum import Enum
from selectors import EVENT_READ, BaseSelector

from dowse.domain.trial import AttemptRef
from dowse.ports import Clock, Ended, EndedBy
from dowse.runtime import layout, system, tree
from dowse.runtime.records import create_file, read_exit, read_record, replace_record

_ENDS = frozenset(end.value for end in EndedBy)
_LOG_TAIL = 2_000
"""Characters of the runner's own log that the message of a lost attempt shows."""


class _Phase(Enum):
    EXPECTED = "expected"  # an earlier owner started a runner that has not shown itself
    FOLLOWED = "followed"
    LOST = "lost"  # it is gone without a word; what it left is being killed


class Watch:
    """One attempt. While its runner lives, its end makes `selector` return with this object.

    A runner claims its attempt before it starts the program, and then says which process it is.
    One that has not said so after `claim_s` is refused the claim, or killed when it has it: no
    program starts, or runs on, after its attempt was given up.
    """

    def __init__(
        self,
        attempt: AttemptRef,
        directory: str,
        *,
        clock: Clock,
        claim_s: float,
        selector: BaseSelector,
    ) -> None:
        self.attempt = attempt
        self._directory = directory
        self._clock = clock
        self._overdue = time.monotonic() + claim_s
        self._selector = selector
        self._phase = _Phase.EXPECTED
        self._pid = 0
        self._start = ""
        self._was_seen_alive = False
        self._handle: int | None = None

    @property
    def is_silent(self) -> bool:
        """Whether nothing will make the selector return, so that `advance` must be tried."""
        return self._handle is None

    def follow(self, pid: int, start: str) -> None:
        self._phase = _Phase.FOLLOWED
        self._pid, self._start = pid, start
        self._was_seen_alive = system.is_running(pid, start)
        self._handle = system.open_handle(pid, start) if system.HAS_PIDFD else None
        if self._handle is not None:
            self._selector.register(self._handle, EVENT_READ, self)

    def advance(self) -> Ended | None:
        """One look, without waiting: how the attempt ended, as soon as that is certain."""
        match self._phase:
            case _Phase.EXPECTED:
                return self._look_for_runner()
            case _Phase.FOLLOWED:
                return None if system.is_running(self._pid, self._start) else self._conclude()
            case _Phase.LOST:
                return self._clear_away()

    def request_stop(self) -> None:
        """Returns at once; a second request does nothing."""
        try:
            create_file(self._path(layout.STOP), b'{"at": %.6f}\n' % self._clock.now())
        except OSError:  # The disk is full: the runner takes a signal for the same request.
            system.send_signal(self._pid, self._start, 15)

    def close(self) -> None:
        if self._handle is not None:
            self._selector.unregister(self._handle)
            os.close(self._handle)
            self._handle = None

    def _look_for_runner(self) -> Ended | None:
        runner = read_record(self._path(layout.RUNNER))
        if runner is not None:
            pid, start = runner.get("pid"), runner.get("start")
            if runner.get("boot_id") == system.boot_id() and isinstance(pid, int):
                self.follow(pid, str(start))
            self._phase = _Phase.FOLLOWED
            return self.advance()
        is_expected = self._has(layout.LAUNCH) and not self._has(layout.EXIT)
        if is_expected and time.monotonic() < self._overdue:
            return None
        return self._conclude()

    def _conclude(self) -> Ended | None:
        """No runner will write any more: what it wrote is the truth, or there is none."""
        self._reap()
        self.close()
        ended = self._read_end()
        if ended is not None:
            return ended
        self._phase = _Phase.LOST
        with suppress(OSError):  # Nothing can be created here: then no runner can claim either.
            create_file(self._path(layout.CLAIM))
        return self._clear_away()

    def _clear_away(self) -> Ended | None:
        """Kill what the runner left, again at every look, until nothing of it lives."""
        marks = layout.attempt_marks(self._directory, str(self.attempt))
        leftovers = tree.living_leftovers(marks, self._program_group())
        if leftovers:
            tree.kill(leftovers)
            return None
        ended = self._read_end()  # Only now can nothing write it any more.
        if ended is None:
            ended = self._lost()
            with suppress(OSError):  # The caller is told anyway.
                self._write_end(ended)
        return ended

    def _program_group(self) -> int | None:
        """None unless the runner died before our eyes: later its numbers may be strangers'."""
        runner = read_record(self._path(layout.RUNNER)) if self._was_seen_alive else None
        program = runner.get("program") if runner else None
        return program if isinstance(program, int) else None

    def _write_end(self, ended: Ended) -> None:
        replace_record(
            self._path(layout.EXIT),
            {
                "exit_code": None,
                "signal": None,
                "ended_by": ended.ended_by.value,
                "message": ended.message,
                "started_at": None,
                "ended_at": ended.ended_at,
                "cpu_s": None,
                "max_rss_kb": None,
            },
            durably=True,
        )

    def _lost(self) -> Ended:
        if not self._has(layout.LAUNCH):
            message = "it was never launched: the owner ended before"
        elif not self._pid:
            message = "its runner never started, or did so before the machine started anew"
        else:
            message = f"its runner, process {self._pid}, ended without a word"
        return Ended(
            attempt=self.attempt,
            ended_by=EndedBy.LOST,
            message=message + self._last_words(),
            ended_at=self._clock.now(),
        )

    def _last_words(self) -> str:
        try:
            with open(self._path(layout.RUNNER_LOG), encoding="utf-8", errors="replace") as file:
                text = file.read()[-_LOG_TAIL:].strip()
        except OSError:
            return ""
        return f"; its log ends: {text}" if text else ""

    def _read_end(self) -> Ended | None:
        record = read_exit(self._path(layout.EXIT))
        if record is None or record.get("ended_by") not in _ENDS:
            return None  # What is no record of a runner says as much as none at all.
        return Ended(
            attempt=self.attempt,
            ended_by=EndedBy(record["ended_by"]),
            exit_code=record["exit_code"],
            signal=record["signal"],
            message=record["message"],
            started_at=record["started_at"],
            ended_at=record["ended_at"],
        )

    def _reap(self) -> None:
        """A runner that this process started stays a zombie until it is waited for."""
        if self._pid:
            with suppress(ChildProcessError):  # An earlier owner started it.
                os.waitpid(self._pid, os.WNOHANG)

    def _has(self, name: str) -> bool:
        return os.path.exists(self._path(name))

    def _path(self, name: str) -> str:
        return os.path.join(self._directory, name)
