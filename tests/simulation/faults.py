"""Faults by seed: a proxy that may crash the owner, or fail, before or after any call."""

from __future__ import annotations

import errno
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from dowse.errors import DiskFull, Unavailable
from tests.invariants import InvariantError
from tests.simulation.world import START, FakeClock

WRITES = ("change_job", "change_trial", "create_trial", "record", "append_event")
LOCAL = ("prepare", "collect", "last_line", "start")
"""What the real workplace and executor do with files and processes, so that it may fail."""


class SimulatedCrash(BaseException):
    """The owner dies here. Not an Exception: nobody may catch it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Probabilities, each for one call."""

    crash: float
    unavailable: float
    local: float  # an OSError of the executor or the workplace
    people: float  # somebody writes an intent just before the loop writes

    @classmethod
    def draw(cls, rng: Random) -> Rates:
        return cls(
            crash=rng.choice([0.0, 0.004, 0.02]),
            unavailable=rng.choice([0.0, 0.01, 0.06]),
            local=rng.choice([0.0, 0.0, 0.05]),
            people=rng.choice([0.0, 0.01, 0.05]),
        )


@dataclass(slots=True)
class Faults:
    rng: Random
    rates: Rates
    clock: FakeClock
    people: Callable[[], None]
    calm: bool = False
    broken: InvariantError | None = None
    trace: deque[str] = field(default_factory=lambda: deque(maxlen=40))

    def say(self, line: str) -> None:
        self.trace.append(f"{self.clock.time - START:9.2f}  {line}")

    def around(self, place: str, name: str, call: Callable[[], Any], words: str) -> Any:
        """Carry out `call`, or not, or fail after it was carried out."""
        line = f"{place}.{name}({words})"
        if self.calm:
            self.say(line)
            return self._carry_out(call)
        writes = place == "store" and name in WRITES
        if writes and self.rng.random() < self.rates.people:
            self.people()
        self._fail_before(place, name, line)
        self.say(line)
        result = self._carry_out(call)
        if self.rng.random() < self.rates.crash:
            self.say(f"crash after {line}")
            raise SimulatedCrash
        if writes and self.rng.random() < self.rates.unavailable / 4:
            self.say(f"the answer is lost of {line}")
            raise Unavailable("the database did not say whether it has written")
        return result

    def _carry_out(self, call: Callable[[], Any]) -> Any:
        """The loop survives any Exception; a broken promise must not be survived."""
        try:
            return call()
        except InvariantError as error:
            self.broken = error
            raise SimulatedCrash from error

    def _fail_before(self, place: str, name: str, line: str) -> None:
        if self.rng.random() < self.rates.crash:
            self.say(f"crash before {line}")
            raise SimulatedCrash
        if place == "store" and self.rng.random() < self.rates.unavailable:
            self.say(f"unavailable: {line}")
            kind = self.rng.choice([Unavailable, DiskFull])
            raise kind("the database does not answer")
        if name in LOCAL and self.rng.random() < self.rates.local:
            self.say(f"OSError: {line}")
            raise OSError(self.rng.choice([errno.EIO, errno.EMFILE, errno.ENOSPC]), "a local error")


class Disturbed:
    """Any object, every method of which goes through `Faults`."""

    def __init__(self, target: object, place: str, faults: Faults) -> None:
        self._target = target
        self._place = place
        self._faults = faults

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._target, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            words = ", ".join(_short(value) for value in (*args, *kwargs.values()))
            return self._faults.around(self._place, name, lambda: method(*args, **kwargs), words)

        return call


def _short(value: object) -> str:
    """What of an argument is worth reading in a trace."""
    after = getattr(value, "after", None)
    if after is not None:
        return f"{getattr(after, 'number', 'job')} -> {after.state.value} {after.reason}"
    attempt = getattr(value, "attempt", None)
    if attempt is not None and hasattr(value, "environment"):
        return str(attempt)
    return str(value)[:60]
