"""Reports that arrived by another way than the loop's own reading, for its stopping rules."""

from __future__ import annotations

from collections import Counter, deque

from dowse.domain.trial import AttemptRef


class Arrivals:
    """Any thread adds, the loop alone takes."""

    def __init__(self) -> None:
        self._new: deque[tuple[AttemptRef, int]] = deque()  # Its ends may be used by two threads.
        self._counts: Counter[AttemptRef] = Counter()

    def add(self, attempt: AttemptRef, count: int) -> None:
        """`count` reports of the objective are stored."""
        self._new.append((attempt, count))

    def take(self, attempt: AttemptRef) -> int:
        """How many were added since the last call."""
        while self._new:
            ref, count = self._new.popleft()
            self._counts[ref] += count
        return self._counts.pop(attempt, 0)
