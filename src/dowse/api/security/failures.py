"""How often each address has failed to prove itself lately."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

WINDOW_S = 60.0
MAX_FAILURES = 10
"""In one window, from one address."""
MAX_ADDRESSES = 10_000
"""Remembered at once; more can only be a flood, and the oldest are forgotten first."""


class FailedLogins:
    """Counts within a sliding window; `now` is a monotonic clock."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._times: dict[str, deque[float]] = {}

    def wait_s(self, address: str) -> float:
        """How long an address is to wait before it tries again; 0 when it may."""
        times = self._recent(address)
        return max(0.0, times[0] + WINDOW_S - self._now()) if len(times) >= MAX_FAILURES else 0.0

    def add(self, address: str) -> None:
        times = self._recent(address)
        times.append(self._now())
        self._times.pop(address, None)
        self._times[address] = times
        while len(self._times) > MAX_ADDRESSES:
            self._times.pop(next(iter(self._times)))

    def forgive(self, address: str) -> None:
        self._times.pop(address, None)

    def _recent(self, address: str) -> deque[float]:
        times = self._times.get(address, deque(maxlen=MAX_FAILURES))
        while times and times[0] <= self._now() - WINDOW_S:
            times.popleft()
        return times
