"""The scalars in an event, in every form that a writer may choose."""

import contextlib
import math
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tensorboardX.proto.event_pb2 import Event as RealEvent
from tensorboardX.proto.summary_pb2 import Summary

from dowse.runtime.collectors.event_protobuf import Event, Value, parse_event
from dowse.runtime.collectors.event_records import records
from tests.unit.runtime.collectors.event_files import message, simple_value, tensor_value, varint


def values(*parts: bytes) -> tuple[Value, ...]:
    return parse_event(message([(5, message([(1, part) for part in parts]))])).values


def tensor_number(tensor: bytes) -> float | None:
    (value,) = values(tensor_value("m", tensor))
    assert value.is_scalar
    return value.number


@given(
    time=st.floats(allow_nan=False),
    step=st.integers(-(2**63), 2**63 - 1),
    tags=st.lists(st.text(max_size=20), max_size=4),
    value=st.floats(width=32, allow_nan=False),
)
def test_what_real_protobuf_writes_is_read(
    time: float, step: int, tags: list[str], value: float
) -> None:
    written = RealEvent(
        wall_time=time,
        step=step,
        summary=Summary(value=[Summary.Value(tag=tag, simple_value=value) for tag in tags]),
    ).SerializeToString()
    found = parse_event(written)
    assert (found.time, found.step) == (time, step)
    assert found.values == tuple(Value(tag, value, True) for tag in tags)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_not_finite_are_read(value: float) -> None:
    (found,) = values(simple_value("m", value))
    assert found.number is not None
    assert math.isnan(found.number) == math.isnan(value)
    assert math.isnan(value) or found.number == value


@pytest.mark.parametrize(
    ("dtype", "form", "value"),
    [
        (1, "<f", 0.5),
        (2, "<d", 0.1),
        (3, "<i", -7),
        (4, "<B", 200),
        (5, "<h", -300),
        (6, "<b", -7),
        (9, "<q", -(2**40)),
        (10, "<?", True),
        (17, "<H", 60_000),
        (19, "<e", 0.5),
        (22, "<I", 2**32 - 1),
        (23, "<Q", 2**63),
    ],
)
def test_the_content_of_every_kind_of_tensor_is_read(dtype: int, form: str, value: float) -> None:
    tensor = message([(1, dtype), (2, b""), (4, struct.pack(form, value))])
    assert tensor_number(tensor) == float(value)


@pytest.mark.parametrize(
    ("dtype", "field", "packed", "value"),
    [
        (1, 5, struct.pack("<f", 0.5), 0.5),
        (2, 6, struct.pack("<d", 0.1), 0.1),
        (3, 7, varint(-7), -7),
        (9, 10, varint(2**40), 2**40),
        (10, 11, varint(1), 1),
        (19, 13, varint(int.from_bytes(struct.pack("<e", 0.5), "little")), 0.5),
        (14, 13, varint(0x3F80), 1.0),
        (22, 16, varint(2**32 - 1), 2**32 - 1),
        (23, 17, varint(2**64 - 1), 2**64 - 1),
    ],
)
def test_the_list_of_every_kind_of_tensor_is_read(
    dtype: int, field: int, packed: bytes, value: float
) -> None:
    assert tensor_number(message([(1, dtype), (field, packed)])) == float(value)


def test_a_list_that_is_not_packed_is_read() -> None:
    assert tensor_number(message([(1, 3), (7, 5)])) == 5.0
    fixed = varint(5 << 3 | 5) + struct.pack("<f", 0.25)
    assert tensor_number(message([(1, 1)]) + fixed) == 0.25


def test_bfloat16_content_is_read() -> None:
    assert tensor_number(message([(1, 14), (4, b"\x80\x3f")])) == 1.0


def test_a_zero_may_be_left_out() -> None:
    assert tensor_number(message([(1, 1), (2, b"")])) == 0.0


def test_a_tensor_of_several_numbers_is_no_scalar() -> None:
    assert tensor_number(message([(1, 1), (4, struct.pack("<2f", 1, 2))])) is None
    assert tensor_number(message([(1, 1), (5, struct.pack("<2f", 1, 2))])) is None
    shape = message([(2, message([(1, 3)]))])
    assert tensor_number(message([(1, 1), (2, shape), (5, struct.pack("<f", 1))])) is None
    single = message([(2, message([(1, 1)]))])
    assert tensor_number(message([(1, 1), (2, single), (5, struct.pack("<f", 1))])) == 1.0


def test_a_tensor_of_text_is_no_scalar() -> None:
    assert tensor_number(message([(1, 7), (8, b"text")])) is None


@pytest.mark.parametrize(
    ("plugin", "is_scalar"), [(b"scalars", True), (b"histograms", False), (None, None)]
)
def test_the_plugin_says_what_a_tensor_is(plugin: bytes | None, is_scalar: bool | None) -> None:
    (found,) = values(tensor_value("m", message([(1, 1)]), plugin))
    assert found.is_scalar is is_scalar


def test_the_data_class_says_what_a_tensor_is() -> None:
    metadata = message([(4, 1), (1, message([(1, b"something")]))])
    (found,) = values(message([(1, b"m"), (8, message([(1, 1)])), (9, metadata)]))
    assert found.is_scalar is True


@given(st.binary(max_size=200))
def test_any_bytes_are_an_event_or_a_value_error(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        assert isinstance(parse_event(data), Event)


def test_a_damaged_event_is_an_event_or_a_value_error(fixture_files: list[Path]) -> None:
    refused = 0
    for path in fixture_files:
        with path.open("rb") as file:
            written = [one.data for one in records(file, 0)]
        for data in written:
            for index in range(0, len(data), 7):
                damaged = bytearray(data)
                damaged[index] ^= 0xFF
                try:
                    parse_event(bytes(damaged))
                except ValueError:
                    refused += 1
    assert refused > 0
