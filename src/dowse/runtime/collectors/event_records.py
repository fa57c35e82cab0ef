"""The records of a TensorFlow event file: a length, its checksum, the data, its checksum.

Both checksums are CRC-32C, rotated and offset so that a checksum of checksums is no weak spot
(the TFRecord format). This machine's standard library has no CRC-32C, and in plain Python it costs
about 0.1 µs a byte, so only records of scalars' size are checked in full; of the longer ones,
graphs and pictures, the length is.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import BinaryIO

CHECKED = 1 << 14
"""Bytes; the data of a longer record is not checked."""
LONGEST = 1 << 24
"""Bytes; a longer record is skipped unread."""
_HEADER = struct.Struct("<QI")
_FOOTER = struct.Struct("<I")


class Flaw(Enum):
    """Why a record has no data."""

    CORRUPT = "corrupt"  # its data is not what was written; the next record can be read
    TOO_LONG = "too_long"
    LOST = "lost"  # not even its length is known: nothing behind it can be read


@dataclass(frozen=True, slots=True)
class Record:
    """`end` is the position behind it; that of a lost one is its beginning."""

    end: int
    data: bytes
    flaw: Flaw | None = None


def records(file: BinaryIO, start: int, *, is_complete: bool = False) -> Iterator[Record]:
    """The whole records from `start` on; a cut one at the end is not there yet.

    A corrupt record at the very end may still be being written, unless the file `is_complete`.
    """
    size = os.fstat(file.fileno()).st_size
    position = start
    file.seek(start)
    while position + _HEADER.size <= size:
        header = file.read(_HEADER.size)
        if len(header) < _HEADER.size:
            return
        length, checksum = _HEADER.unpack(header)
        if masked_crc(header[:8]) != checksum:
            yield Record(position, b"", Flaw.LOST)
            return
        end = position + _HEADER.size + length + _FOOTER.size
        if end > size:
            return
        if length > LONGEST:
            file.seek(end)
            yield Record(end, b"", Flaw.TOO_LONG)
        else:
            data = file.read(length)
            footer = file.read(_FOOTER.size)
            if length + _FOOTER.size != len(data) + len(footer):
                return
            sound = length > CHECKED or masked_crc(data) == _FOOTER.unpack(footer)[0]
            if not sound and end == size and not is_complete:
                return
            yield Record(end, data) if sound else Record(end, b"", Flaw.CORRUPT)
        position = end


def masked_crc(data: bytes) -> int:
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def crc32c(data: bytes) -> int:
    table = _table()
    crc = 0xFFFFFFFF
    for byte in data:
        crc = table[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


@cache
def _table() -> tuple[int, ...]:
    """For the reversed Castagnoli polynomial."""
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return tuple(table)
