"""Dowse's line protocol."""

import json
import math
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dowse.domain.metrics import MAX_STEP, Measurement
from dowse.runtime.collectors.lines import Tail
from dowse.runtime.collectors.reports import Reports
from dowse.runtime.collectors.source import Batch

NOW = 5000.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "report.jsonl"


def collected(path: Path, offset: int = 0) -> Batch:
    source = Reports(Tail(str(path), offset))
    batches = source.poll(NOW)
    while more := source.poll(NOW):
        batches += more
    return Batch(
        source="report",
        offset=batches[-1].offset if batches else offset,
        measurements=tuple(m for batch in batches for m in batch.measurements),
        notes=tuple(note for batch in batches for note in batch.notes),
    )


def rows(batch: Batch) -> list[tuple[str, float, int, float]]:
    return [(m.metric, m.value, m.step, m.time) for m in batch.measurements]


def test_every_number_beside_step_and_time_is_a_metric(path: Path) -> None:
    path.write_text('{"step": 3, "time": 12.5, "accuracy": 0.9, "val/loss": 1}\n{"b": 2}\n')
    batch = collected(path)
    assert rows(batch) == [
        ("accuracy", 0.9, 3, 12.5),
        ("val/loss", 1.0, 3, 12.5),
        ("b", 2.0, 0, NOW),
    ]
    assert (batch.offset, batch.notes) == (path.stat().st_size, ())


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("NaN", math.nan),
        ('"nan"', math.nan),
        ('"NaN"', math.nan),
        ("Infinity", math.inf),
        ("-Infinity", -math.inf),
        ('"inf"', math.inf),
        ('"-inf"', -math.inf),
        ('"+Infinity"', math.inf),
        ("1e999", math.inf),
        ("-1e999", -math.inf),
        ("1" + "0" * 400, math.inf),
        ("1e-12", 1e-12),
        ('" 0.5 "', 0.5),
        ('".5"', 0.5),
        ('"5."', 5.0),
    ],
)
def test_how_numbers_may_be_written(path: Path, written: str, value: float) -> None:
    path.write_text(f'{{"m": {written}}}\n')
    (found,) = collected(path).measurements
    assert found.value == value or (math.isnan(found.value) and math.isnan(value))


@pytest.mark.parametrize("written", ["true", "null", '"1_000"', '"0x10"', '"high"', "[1]", '"٣"'])
def test_what_is_no_number_is_noted(path: Path, written: str) -> None:
    path.write_text(f'{{"m": {written}, "good": 1}}\n')
    batch = collected(path)
    assert [m.metric for m in batch.measurements] == ["good"]
    assert batch.notes == (f"m: {json.loads(written)!r} is no number and was left out",)


@pytest.mark.parametrize("line", [b"{", b"7", b"[1, 2]", b'"text"', b"\xff\xfe", b"[" * 100_000])
def test_a_line_that_is_no_report_is_counted_and_harms_nothing(path: Path, line: bytes) -> None:
    path.write_bytes(line + b"\n" + line + b'\n{"m": 1}\n')
    batch = collected(path)
    assert [m.value for m in batch.measurements] == [1.0]
    (note,) = batch.notes
    assert note.startswith("2 report lines are no JSON object, the first: ")


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("0", 0),
        ("17", 17),
        ("17.0", 17),
        ('"17"', 17),
        (str(MAX_STEP), MAX_STEP),
        (f'"{MAX_STEP - 1}"', MAX_STEP - 1),
    ],
)
def test_steps_are_exact(path: Path, step: str, expected: int) -> None:
    path.write_text(f'{{"step": {step}, "m": 1}}\n')
    batch = collected(path)
    assert [m.step for m in batch.measurements] == [expected]
    assert batch.notes == ()


@pytest.mark.parametrize("step", ["-1", "2.5", str(MAX_STEP + 1), "1e30", "NaN", '"many"', "true"])
def test_an_impossible_step_counts_as_zero_and_the_value_is_kept(path: Path, step: str) -> None:
    path.write_text(f'{{"step": {step}, "m": 0.5}}\n')
    batch = collected(path)
    assert [(m.value, m.step) for m in batch.measurements] == [(0.5, 0)]
    (note,) = batch.notes
    assert note.startswith("step ")
    assert note.endswith("taken as 0")


@pytest.mark.parametrize("name", ["", "n" * 257])
def test_a_name_of_an_impossible_length_is_refused(path: Path, name: str) -> None:
    path.write_text(json.dumps({name: 1, "n" * 256: 2}) + "\n")
    batch = collected(path)
    assert [m.value for m in batch.measurements] == [2.0]
    assert batch.notes == (
        f"a metric name has 1 to 256 characters: {name[:40]!r} of {len(name)} was left out",
    )


def test_a_last_line_without_newline_is_not_counted_and_noted_at_the_end(path: Path) -> None:
    path.write_text('{"m": 1}\n{"m": 0.12')
    source = Reports(Tail(str(path)))
    (batch,) = source.poll(NOW)
    assert [m.value for m in batch.measurements] == [1.0]
    assert source.poll(NOW) == ()
    (last,) = source.finish(NOW)
    assert last.notes == ("the last line of the report file has no newline: it was not counted",)
    assert last.offset == batch.offset == 9


def a_report_file(size: int) -> tuple[bytes, list[float]]:
    lines: list[bytes] = []
    values: list[float] = []
    while sum(map(len, lines)) < size:
        value = 0.123456789 + len(lines)
        report = {"step": len(lines), "time": 1.0, "métrique": value, "loss": -value}
        lines.append(json.dumps(report, ensure_ascii=False).encode() + b"\n")
        values += [value, -value]
    return b"".join(lines), values


def test_a_writer_killed_at_any_byte_leaves_no_wrong_number(path: Path) -> None:
    content, values = a_report_file(4096)
    line_ends = [index + 1 for index, byte in enumerate(content) if byte == ord("\n")]
    path.write_bytes(content)
    for cut in range(len(content), -1, -1):
        os.truncate(path, cut)
        batch = collected(path)
        whole = sum(end <= cut for end in line_ends)
        assert [m.value for m in batch.measurements] == values[: 2 * whole]
        assert batch.offset == max((end for end in line_ends if end <= cut), default=0)
        assert batch.notes == ()


def test_a_restart_at_any_stored_position_loses_and_repeats_nothing(path: Path) -> None:
    content, values = a_report_file(1000)
    path.write_bytes(content)
    grown = path.with_name("grown.jsonl")
    grown.write_bytes(content)
    for cut in range(len(content), -1, -1):
        os.truncate(path, cut)
        first = collected(path)
        second = collected(grown, first.offset)
        assert [m.value for m in (*first.measurements, *second.measurements)] == values


def test_a_program_that_rewrites_the_file_is_still_heard(path: Path) -> None:
    source = Reports(Tail(str(path), may_be_rewritten=True))
    heard: dict[str, float] = {}
    for value in ("0.1", "0.2", "0.25", "0.3"):
        path.write_text(f'{{"m": {value}}}\n')
        for batch in source.poll(NOW):
            heard |= {m.key: m.value for m in batch.measurements}
    assert list(heard.values()) == [0.1, 0.2, 0.25, 0.3]


def test_equal_reports_are_two_reports(path: Path) -> None:
    path.write_text('{"m": 1}\n{"m": 1}\n')
    keys = [m.key for m in collected(path).measurements]
    assert len(set(keys)) == 2


@given(st.lists(st.binary(max_size=60), max_size=12))
def test_no_bytes_whatever_break_the_reader(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]
) -> None:
    path = tmp_path_factory.mktemp("any") / "report.jsonl"
    content = b"\n".join([*pieces, b'{"m": 1}', b""])
    path.write_bytes(content)
    batch = collected(path)
    assert batch.offset == len(content)
    assert isinstance(batch.measurements[-1], Measurement)
    assert batch.measurements[-1].value == 1.0
