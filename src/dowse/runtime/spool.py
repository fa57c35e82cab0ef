"""Copies what a program reports through hypertune's file before hypertune throws it away.

The library truncates and rewrites the whole file at every report and keeps the last 100 entries
of each of its objects, so a reader may find nothing, half a file, or old entries again.
Standard library only: the runner imports it.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False  # Importing typing would slow down the start of every runner.
if TYPE_CHECKING:
    from collections.abc import Iterator

_OTHER_KEYS = frozenset({"checkpoint_path", "global_step", "timestamp", "trial"})
_REMEMBERED = 2_000
"""Entries known as copied: far more than the file of one program holds, and bounded."""
_LONGEST_READ = 4_000_000
"""Bytes; hypertune itself stays below 100 kB. Of a longer file the end is read."""


class Spool:
    """Appends to `target` each report that appears in `source`, once."""

    def __init__(self, source: str, target: str) -> None:
        self._source = source
        self._target = target
        self._version: tuple[int, int, int] | None = None
        self._copied: dict[tuple[str, ...], None] = {}
        self._backlog: list[bytes] = []

    def copy(self, *, again: bool = False) -> None:
        """`again` reads the file even if it looks unchanged. Never raises OSError."""
        try:
            status = os.stat(self._source)
            version = (status.st_mtime_ns, status.st_size, status.st_ino)
            if version != self._version or again:
                self._version = version
                self._backlog.extend(self._unseen(self._read()))
            self._flush()
        except OSError:  # Not there yet, or the disk is full: the backlog waits.
            return

    def _read(self) -> bytes:
        with open(self._source, "rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _LONGEST_READ))
            return file.read(_LONGEST_READ)

    def _unseen(self, text: bytes) -> Iterator[bytes]:
        import json

        for line in text.splitlines():
            for entry in _entries(line):
                key = tuple(entry.values())
                is_new = key not in self._copied
                self._copied.pop(key, None)  # Back to the end: the oldest are forgotten first.
                self._copied[key] = None
                if is_new:
                    yield json.dumps(entry).encode("ascii") + b"\n"
        while len(self._copied) > _REMEMBERED:
            del self._copied[next(iter(self._copied))]

    def _flush(self) -> None:
        if not self._backlog:
            return
        data = b"".join(self._backlog)
        descriptor = os.open(self._target, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            start = os.fstat(descriptor).st_size
            if os.write(descriptor, data) < len(data):
                os.ftruncate(descriptor, start)  # Half a line would spoil the next one.
                return
            self._backlog.clear()
        finally:
            os.close(descriptor)


def _entries(line: bytes) -> Iterator[dict[str, str]]:
    """Numbers stay the text that was read; a cut line is no JSON object and gives nothing."""
    import json

    try:
        report = json.loads(line, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        return
    if not isinstance(report, dict):
        return
    for name, value in report.items():
        if name not in _OTHER_KEYS and isinstance(value, str):
            yield {
                "metric": name,
                "value": value,
                "step": str(report.get("global_step", "0")),
                "time": str(report.get("timestamp", "")),
            }
