"""What was computed for a history, kept for the next, longer one.

A job's history only grows, and encoding ten thousand trials again for every suggestion would take
longer than everything else. What is kept never changes a result: it is used only where the earlier
observations are the beginning of the present ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from dowse.domain.history import Observation

T = TypeVar("T")


class Remembered(Generic[T]):
    """`compute` over observations; `join` makes one result of those of two stretches."""

    def __init__(
        self, compute: Callable[[Sequence[Observation]], T], join: Callable[[T, T], T]
    ) -> None:
        self._compute = compute
        self._join = join
        # One tuple, replaced as a whole: threads may share it.
        self._last: tuple[tuple[Observation, ...], T] = ((), compute(()))

    def of(self, observations: tuple[Observation, ...]) -> T:
        """The result for these observations."""
        known, result = self._last
        if not _begins(observations, known):
            result = self._compute(observations)
        elif len(known) < len(observations):
            result = self._join(result, self._compute(observations[len(known) :]))
        self._last = (observations, result)
        return result


def _begins(whole: tuple[Observation, ...], part: tuple[Observation, ...]) -> bool:
    # Comparing tuples looks at identity first, and does so without coming back to Python.
    return whole[: len(part)] == part
