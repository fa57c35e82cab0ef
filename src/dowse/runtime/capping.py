"""Long logs cut to their beginning and their end: what went wrong stands in one of the two."""

from __future__ import annotations

import os
from pathlib import Path


def cap_log(path: Path, limit: int) -> int:
    """Keep at most `limit` bytes of a log that nobody writes any more; how many were left out.

    Half of what is kept is the beginning, half the end, each in whole lines where it can be, with a
    line between them that says what is missing. The file is replaced whole or not at all.
    """
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return 0
    if size <= limit:
        return 0
    with path.open("rb") as file:
        head = _whole_lines(file.read(limit // 2))
        file.seek(size - (limit - limit // 2))
        tail = file.read()
    tail = tail[tail.find(b"\n") + 1 :]
    missing = size - len(head) - len(tail)
    note = f"[dowse: {missing} bytes in the middle of this log were left out]\n".encode()
    shorter = path.with_name(path.name + ".short")
    shorter.write_bytes(head + note + tail)
    os.replace(shorter, path)
    return missing


def _whole_lines(data: bytes) -> bytes:
    """Without its last, unfinished line; one long line is kept and ended."""
    end = data.rfind(b"\n")
    return data[: end + 1] if end >= 0 else data + b"\n"
