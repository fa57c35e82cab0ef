"""What a foreground command shows while a job runs: the interface of every display."""

from __future__ import annotations

from typing import Any, Protocol

Document = dict[str, Any]


class Display(Protocol):
    """`wait_s` is how long it can do without a new look; Ctrl-C is acted on within that time."""

    wait_s: float

    def event(self, event: Document) -> None:
        """Something happened."""
        ...

    def show(self, progress: Document) -> None:
        """How the job stands."""
        ...

    def note(self, text: str) -> None:
        """A line that stays."""
        ...

    def close(self) -> None: ...
