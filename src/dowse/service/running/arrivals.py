"""Reports that arrived by another way than the loop's own reading, of which it is told."""

from __future__ import annotations

from collections import Counter, deque

from dowse.domain.trial import AttemptRef


class Arrivals:
    """Any thread adds, the loop alone takes."""

    def __init__(self) -> None:
        self._new: deque[tuple[AttemptRef, int]] = deque()  # Its ends may be used by two threads.
        self._counts: Counter[AttemptRef] = Counter()

    def add(self, attempt: AttemptRef, count: int) -> None:
        """Reports are stored, `count` of them of the objective."""
        self._new.append((attempt, count))

    def take(self, attempt: AttemptRef) -> int | None:
        """How many of the objective were added since the last call; None when nothing was."""
        while self._new:
            ref, count = self._new.popleft()
            self._counts[ref] += count
        return self._counts.pop(attempt, None)
