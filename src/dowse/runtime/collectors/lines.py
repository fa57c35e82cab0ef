"""The complete lines of a file that grows, read on from a position.

Only a line that ends with a newline counts: half a line may hold half a number. The position is
the first byte that is not read yet; it always follows a newline, except inside a line that is too
long, so what a position in the middle of a line means is known after any restart.
"""

from __future__ import annotations

import io
import os
import stat
from dataclasses import dataclass, field

AT_ONCE = 1 << 20
"""Bytes that are read in one go; a line that does not fit is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """`lines` are (position, bytes without the newline); blank ones are left out."""

    lines: tuple[tuple[int, bytes], ...] = ()
    offset: int
    notes: tuple[str, ...] = ()


def regular(path: str) -> os.stat_result | None:
    """The status of a readable file; None for anything else, such as a pipe that would block."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status if stat.S_ISREG(status.st_mode) and os.access(path, os.R_OK) else None


@dataclass(slots=True)
class Tail:
    """Reads `path` from `offset` on.

    What `may_be_rewritten` is read again from its start when it changed without growing.
    """

    path: str
    offset: int = 0
    may_be_rewritten: bool = False
    _seen: tuple[int, int, int] | None = field(default=None, init=False)
    _is_skipping: bool = field(default=False, init=False)

    def read(self) -> Lines | None:
        """At most AT_ONCE bytes; None when there is nothing new."""
        status = regular(self.path)
        if status is None:
            return None
        seen = (status.st_mtime_ns, status.st_size, status.st_ino)
        if seen == self._seen:
            return None
        notes = self._rewound(status)
        with open(self.path, "rb", buffering=0) as file:
            if not self._is_at_line_start(file) and self.may_be_rewritten and not self._is_skipping:
                self.offset = 0
            at_line_start = self._is_at_line_start(file)
            data = file.read(AT_ONCE)
        if len(data) < AT_ONCE:  # Otherwise more may be there, and this must not end here.
            self._seen = seen
        if not data:
            return Lines(offset=self.offset, notes=notes) if notes else None
        return self._split(data, at_line_start, notes)

    def unfinished(self) -> bool:
        """Whether bytes are left that no newline ends."""
        status = regular(self.path)
        return status is not None and status.st_size > self.offset

    def _rewound(self, status: os.stat_result) -> tuple[str, ...]:
        """Go back to the start of a file that was written anew."""
        if status.st_size < self.offset:
            self.offset = 0
            name = os.path.basename(self.path)
            return (f"{name} became shorter: it is read from its start, for lines are appended",)
        if self.may_be_rewritten and self._seen is not None and status.st_size == self._seen[1]:
            self.offset = 0  # Without a note: a growing file looks like this for an instant, too.
        return ()

    def _is_at_line_start(self, file: io.FileIO) -> bool:
        """Move to the position and see what is before it."""
        file.seek(self.offset and self.offset - 1)
        return self.offset == 0 or file.read(1) == b"\n"

    def _split(self, data: bytes, at_line_start: bool, notes: tuple[str, ...]) -> Lines | None:
        start = 0 if at_line_start else data.find(b"\n") + 1
        end = data.rfind(b"\n") + 1
        self._is_skipping = end == 0 and len(data) == AT_ONCE
        if end == 0:
            if len(data) < AT_ONCE:
                return Lines(offset=self.offset, notes=notes) if notes else None
            end = len(data)
            if at_line_start:
                notes += (f"a line of more than {AT_ONCE} bytes was left out",)
            start = end
        found = []
        position = self.offset + start
        for line in data[start:end].split(b"\n")[:-1]:
            if line.strip():
                found.append((position, line))
            position += len(line) + 1
        self.offset += end
        return Lines(lines=tuple(found), offset=self.offset, notes=notes)
