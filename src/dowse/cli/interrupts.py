"""Ctrl-C counted instead of obeyed."""

from __future__ import annotations

import os
import signal
from types import FrameType, TracebackType
from typing import Self

from dowse.cli.exits import ExitCode

SHOW_CURSOR = b"\x1b[?25h"


class Interrupts:
    """Counts Ctrl-C while it is entered; a closed terminal and TERM count as the first.

    The third leaves the process at once: its trials go on, for their runners need nobody.
    """

    def __init__(self, farewell: str) -> None:
        self.count = 0
        self.farewell = farewell
        self._before: dict[signal.Signals, object] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
                continue  # Under nohup, the job is to go on when the terminal is closed.
            self._before[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self.count = self.count + 1 if number == signal.SIGINT else max(self.count, 1)
        if self.count >= 3:
            self._leave()

    def _leave(self) -> None:
        """Nothing is waited for: not for threads, not for the owner's last words."""
        try:
            cursor = SHOW_CURSOR if os.isatty(2) else b""
            os.write(2, cursor + f"\n{self.farewell}\n".encode(errors="replace"))
        except OSError:
            pass
        os._exit(ExitCode.PAUSED)
