"""Event files made by hand: every form that a writer may choose, and every damage."""

import struct
from pathlib import Path

from dowse.runtime.collectors.event_records import masked_crc

Fields = list[tuple[int, int | float | bytes]]


def message(fields: Fields) -> bytes:
    """Whole numbers as varints, floats as fixed64, bytes with their length."""
    parts = []
    for number, content in fields:
        match content:
            case int():
                parts.append(varint(number << 3) + varint(content))
            case float():
                parts.append(varint(number << 3 | 1) + struct.pack("<d", content))
            case bytes():
                parts.append(varint(number << 3 | 2) + varint(len(content)) + content)
    return b"".join(parts)


def varint(value: int) -> bytes:
    value &= 2**64 - 1
    parts = []
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])


def record(data: bytes) -> bytes:
    length = struct.pack("<Q", len(data))
    checksums = (struct.pack("<I", masked_crc(part)) for part in (length, data))
    return length + next(checksums) + data + next(checksums)


def simple_value(tag: str, value: float) -> bytes:
    """A Summary.Value as TF1 writes it."""
    return message([(1, tag.encode())]) + b"\x15" + struct.pack("<f", value)


def tensor_value(tag: str, tensor: bytes, plugin: bytes | None = b"scalars") -> bytes:
    """A Summary.Value as TF2 writes it."""
    metadata: Fields = [] if plugin is None else [(9, message([(1, message([(1, plugin)]))]))]
    return message([(1, tag.encode()), (8, tensor), *metadata])


def event(*values: bytes, step: int = 0, time: float = 1000.0) -> bytes:
    summary = message([(1, value) for value in values])
    fields: Fields = [(1, time), (2, step)]
    return record(message([*fields, (5, summary)] if values else fields))


def header(time: float = 1000.0) -> bytes:
    return record(message([(1, time), (3, b"brain.Event:2")]))


def write_events(folder: Path, *events: bytes, name: str = "events.out.tfevents.1.host") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(header() + b"".join(events))
    return path


def curve(tag: str, *values: float, time: float = 1000.0) -> list[bytes]:
    return [
        event(simple_value(tag, value), step=step, time=time + step)
        for step, value in enumerate(values)
    ]
