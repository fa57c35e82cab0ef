"""The complete lines of a file that grows, read on from a position.

Only a line that ends with a newline counts: half a line may hold half a number. The position is
the first byte that is not read yet; it always follows a newline, except inside a line that is too
long, so what a position in the middle of a line means is known after any restart.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

LONGEST_LINE = 1_000_000
"""Bytes; what a longer line says is not a report."""
AT_ONCE = 1 << 20
"""Bytes; must be above LONGEST_LINE."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """`lines` are (position, bytes without the newline); blank ones are left out."""

    lines: tuple[tuple[int, bytes], ...] = ()
    offset: int
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Tail:
    """Reads `path` from `offset` on."""

    path: str
    offset: int = 0
    _seen: tuple[int, int, int] | None = field(default=None, init=False)

    def read(self) -> Lines | None:
        """At most AT_ONCE bytes; None when there is nothing new."""
        try:
            status = os.stat(self.path)
        except OSError:
            return None
        seen = (status.st_mtime_ns, status.st_size, status.st_ino)
        if seen == self._seen:
            return None
        with open(self.path, "rb") as file:
            notes = self._rewound(status)
            file.seek(self.offset and self.offset - 1)
            before = file.read(1) if self.offset else b"\n"
            data = file.read(AT_ONCE)
        if len(data) < AT_ONCE:  # Otherwise more may be there, and this must not end here.
            self._seen = seen
        if not data:
            return Lines(offset=self.offset, notes=notes) if notes else None
        return self._split(data, before == b"\n", notes)

    def unfinished(self) -> bool:
        """Whether bytes are left that no newline ends."""
        try:
            return os.stat(self.path).st_size > self.offset
        except OSError:
            return False

    def _rewound(self, status: os.stat_result) -> tuple[str, ...]:
        """A file that is shorter, or changed and not longer, was written anew."""
        shorter = status.st_size < self.offset
        if shorter or (self._seen is not None and status.st_size <= self._seen[1] and self.offset):
            self.offset = 0
            name = os.path.basename(self.path)
            return (f"{name} was written anew instead of appended to: it is read from its start",)
        return ()

    def _split(self, data: bytes, at_line_start: bool, notes: tuple[str, ...]) -> Lines | None:
        start = 0 if at_line_start else data.find(b"\n") + 1
        end = data.rfind(b"\n") + 1
        if end == 0:
            if len(data) < AT_ONCE:
                return Lines(offset=self.offset, notes=notes) if notes else None
            end = len(data)
            if at_line_start:
                notes += (f"a line of more than {LONGEST_LINE} bytes was left out",)
            start = end
        found = []
        position = self.offset + start
        for line in data[start:end].split(b"\n")[:-1]:
            if line.strip() and len(line) <= LONGEST_LINE:
                found.append((position, line))
            position += len(line) + 1
        self.offset += end
        return Lines(lines=tuple(found), offset=self.offset, notes=notes)
