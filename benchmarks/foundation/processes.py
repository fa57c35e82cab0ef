"""The processes that a measurement started, told apart by their environment (Linux)."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ATTEMPT = "DOWSE_ATTEMPT"


@dataclass(frozen=True, slots=True)
class Process:
    """`attempt` is that of runners and of what runs below them."""

    pid: int
    command: str
    attempt: str | None

    @property
    def is_runner(self) -> bool:
        return self.attempt is not None and "dowse.runtime.runner" in self.command


def marked(mark: str) -> list[Process]:
    """Living processes that bear `NAME=value` in their environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # It has ended, or it is another user's.
            entries = (folder / "environ").read_bytes().decode(errors="replace").split("\0")
            if mark in entries:
                found.append(_read(folder, entries))
    return found


def _read(folder: Path, entries: Iterable[str]) -> Process:
    command = (folder / "cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
    attempts = (entry.partition("=")[2] for entry in entries if entry.startswith(f"{ATTEMPT}="))
    return Process(pid=int(folder.name), command=command, attempt=next(attempts, None))


def kill(processes: Iterable[Process]) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)


def survivors(mark: str, *, patience_s: float) -> list[Process]:
    """What is still there after a while; nothing as soon as nothing is."""
    until = time.monotonic() + patience_s
    while found := marked(mark):
        if time.monotonic() > until:
            return found
        time.sleep(0.05)
    return []
