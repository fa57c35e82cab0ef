"""The scalars in one TensorFlow Event message, read from the protobuf wire format.

    Event        1 wall_time double, 2 step int64, 5 summary
    Summary      1 value, repeated
    Value        1 tag, 2 simple_value float, 8 tensor, 9 metadata
    Metadata     1 plugin_data, 4 data_class (1: scalar)
    PluginData   1 plugin_name
    TensorProto  1 dtype, 2 shape, 4 tensor_content, and a list for each family of types

TF1 and tensorboardX write simple_value, TF2 a tensor of rank 0 of the plugin "scalars".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Field = tuple[int, int | bytes]
"""The number of a field, and its content: bytes unless it is a varint."""

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_SCALAR_CLASS = 1
_CONTENT: Mapping[int, str] = {
    1: "f", 2: "d", 3: "i", 4: "B", 5: "h", 6: "b", 9: "q", 10: "?", 17: "H", 19: "e",
    22: "I", 23: "Q",
}  # fmt: skip
"""DataType → how its bytes are unpacked; a bfloat16 is the upper half of a float."""
_BFLOAT16, _HALF = 14, 19
_FLOATS, _DOUBLES, _HALVES = 5, 6, 13
_UNSIGNED = 17
_WHOLES = frozenset({7, 10, 11, 16, _UNSIGNED})
"""int_val, int64_val, bool_val, uint32_val, uint64_val."""


@dataclass(frozen=True, slots=True)
class Value:
    """`is_scalar` is None where the message does not say; writers may say it only once a tag."""

    tag: str
    number: float | None
    is_scalar: bool | None


@dataclass(frozen=True, slots=True)
class Event:
    time: float
    step: int
    values: tuple[Value, ...]


def parse_event(data: bytes) -> Event:
    """Raises ValueError for what is no protobuf message."""
    time, step = 0.0, 0
    values: list[Value] = []
    for number, content in fields(data):
        if number == 1 and isinstance(content, bytes):
            time = _unpacked("d", content)
        elif number == 2 and isinstance(content, int):
            step = _signed(content)
        elif number == 5 and isinstance(content, bytes):
            values += [_value(c) for n, c in fields(content) if n == 1 and isinstance(c, bytes)]
    return Event(time, step, tuple(values))


def fields(data: bytes) -> Iterator[Field]:
    """Raises ValueError for what is no protobuf message."""
    position = 0
    while position < len(data):
        key, position = _varint(data, position)
        kind = key & 7
        if kind == _VARINT:
            whole, position = _varint(data, position)
            yield key >> 3, whole
            continue
        if kind == _BYTES:
            length, position = _varint(data, position)
        elif kind == _FIXED64:
            length = 8
        elif kind == _FIXED32:
            length = 4
        else:
            raise ValueError(f"wire type {kind} at byte {position}")
        end = position + length
        if end > len(data):
            raise ValueError(f"a field of {length} bytes at byte {position} of {len(data)}")
        yield key >> 3, data[position:end]
        position = end


def _varint(data: bytes, position: int) -> tuple[int, int]:
    result = shift = 0
    while shift < 70:
        if position == len(data):
            raise ValueError(f"a number is cut at byte {position}")
        byte = data[position]
        position += 1
        result |= (byte & 0x7F) << shift
        if byte < 0x80:
            return result & 0xFFFFFFFFFFFFFFFF, position
        shift += 7
    raise ValueError(f"a number of more than 10 bytes at byte {position}")


def _signed(whole: int) -> int:
    return whole - (1 << 64) if whole >= 1 << 63 else whole


def _unpacked(form: str, data: bytes) -> float:
    try:
        (number,) = struct.unpack(f"<{form}", data)
    except struct.error as error:
        raise ValueError(str(error)) from None
    return float(number)


def _value(data: bytes) -> Value:
    tag = ""
    number = None
    is_scalar = None
    for field, content in fields(data):
        if not isinstance(content, bytes):
            continue
        if field == 1:
            tag = content.decode("utf-8", "replace")
        elif field == 2:
            number = _unpacked("f", content)
            is_scalar = True
        elif field == 8:
            number = _tensor(content)
        elif field == 9 and is_scalar is None:
            is_scalar = _says_scalar(content)
    return Value(tag, number, is_scalar)


def _says_scalar(metadata: bytes) -> bool | None:
    said = None
    for field, content in fields(metadata):
        if field == 4:
            said = content == _SCALAR_CLASS
        elif field == 1 and isinstance(content, bytes) and said is None:
            names = [name for number, name in fields(content) if number == 1]
            said = names == [b"scalars"] if names else None
    return said


def _tensor(data: bytes) -> float | None:
    """The number in a tensor that holds exactly one; None for any other."""
    kind = 0
    content = b""
    found: list[float] = []
    for field, part in fields(data):
        if field == 1 and isinstance(part, int):
            kind = part
        elif field == 2 and isinstance(part, bytes):
            if any(number == 2 for number, _ in fields(part)) and not _has_one_element(part):
                return None
        elif field == 4 and isinstance(part, bytes):
            content = part
        else:
            found += _listed(field, part, kind)
    if content:
        return _from_content(kind, content)
    if len(found) == 1:
        return found[0]
    # Values at the end that repeat are left out, and so is a zero.
    return 0.0 if not found and kind in _CONTENT else None


def _has_one_element(shape: bytes) -> bool:
    dimensions = [part for number, part in fields(shape) if number == 2]
    sizes = [
        size for part in dimensions if isinstance(part, bytes) for n, size in fields(part) if n == 1
    ]
    return sizes == [1] * len(dimensions)


def _from_content(kind: int, content: bytes) -> float | None:
    if kind == _BFLOAT16 and len(content) == 2:
        return _unpacked("f", b"\0\0" + content)
    form = _CONTENT.get(kind)
    if form is None or struct.calcsize(f"<{form}") != len(content):
        return None
    return _unpacked(form, content)


def _listed(field: int, part: int | bytes, kind: int) -> Iterator[float]:
    """The values of a typed list, packed or one by one."""
    if field in (_FLOATS, _DOUBLES) and isinstance(part, bytes):
        form, size = ("f", 4) if field == _FLOATS else ("d", 8)
        for start in range(0, len(part), size):
            yield _unpacked(form, part[start : start + size])
    elif field in _WHOLES:
        for whole in _wholes(part):
            yield float(whole if field == _UNSIGNED else _signed(whole))
    elif field == _HALVES:
        for whole in _wholes(part):
            half = (whole & 0xFFFF).to_bytes(2, "little")
            yield _unpacked("e", half) if kind == _HALF else _unpacked("f", b"\0\0" + half)


def _wholes(part: int | bytes) -> Iterator[int]:
    if isinstance(part, int):
        yield part
        return
    position = 0
    while position < len(part):
        whole, position = _varint(part, position)
        yield whole
