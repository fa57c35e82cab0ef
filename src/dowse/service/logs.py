"""What a program printed, piece by piece, while it may still be printing."""

from __future__ import annotations

import os
from pathlib import Path

MAX_LOG_BYTES = 1_000_000
"""The most that one answer holds of a log; the reader asks again from where it ended."""
_LONGEST_CHARACTER = 4


def read_log(path: Path, *, offset: int = 0, tail: int | None = None) -> tuple[bytes, int]:
    """Whole characters of UTF-8 from `offset` on, and the offset to go on from.

    `tail` begins so many bytes before the end instead. Raises FileNotFoundError.
    """
    with path.open("rb") as file:
        if tail is not None:
            offset = max(0, os.fstat(file.fileno()).st_size - tail)
        file.seek(offset)
        data = file.read(MAX_LOG_BYTES)
    if tail is not None and offset > 0:
        begun = _left_over(data)
        data, offset = data[begun:], offset + begun
    # Bytes that never become a character are not waited for.
    data = data[: len(data) - _unfinished(data)] or data
    return data, offset + len(data)


def _left_over(data: bytes) -> int:
    """How many bytes at the beginning belong to a character that began before."""
    return next((i for i, byte in enumerate(data[:_LONGEST_CHARACTER]) if byte >> 6 != 0b10), 0)


def _unfinished(data: bytes) -> int:
    """How many bytes at the end are the beginning of a character only."""
    for back, byte in enumerate(reversed(data[-_LONGEST_CHARACTER:]), start=1):
        if byte >> 6 == 0b10:
            continue
        length = 4 if byte >= 0xF0 else 3 if byte >= 0xE0 else 2 if byte >= 0xC0 else 1
        return back if length > back else 0
    return 0
