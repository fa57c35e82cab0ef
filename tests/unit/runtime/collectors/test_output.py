"""A pattern over what the program prints."""

import re
from pathlib import Path

import pytest

from dowse.runtime.collectors.lines import Tail
from dowse.runtime.collectors.output import Output
from dowse.runtime.collectors.source import Batch

NOW = 5.0


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log.txt"


def collected(log: Path, pattern: str) -> Batch:
    (batch,) = Output(Tail(str(log)), re.compile(pattern), "accuracy").poll(NOW)
    return batch


def rows(batch: Batch) -> list[tuple[str, float, int]]:
    return [(m.metric, m.value, m.step) for m in batch.measurements]


def test_the_value_counts_for_the_objective(log: Path) -> None:
    log.write_text("start\nacc: 0.5\nnothing\nacc: 6e-1\nacc: nan\n")
    batch = collected(log, r"acc: (?P<value>\S+)")
    assert rows(batch)[:2] == [("accuracy", 0.5, 0), ("accuracy", 0.6, 0)]
    assert len(batch.measurements) == 3
    assert batch.offset == log.stat().st_size


def test_metric_and_step_may_be_printed_too(log: Path) -> None:
    log.write_text("epoch 3: loss=0.25 acc=0.9\nepoch 4: loss=0.2\n")
    pattern = r"(?:epoch (?P<step>\d+): )?(?P<metric>\w+)=(?P<value>[\d.]+)"
    assert rows(collected(log, pattern)) == [("loss", 0.25, 3), ("acc", 0.9, 0), ("loss", 0.2, 4)]


def test_a_progress_bar_is_several_lines(log: Path) -> None:
    log.write_text("\racc 0.1\racc 0.2\r\n")
    assert rows(collected(log, r"^acc (?P<value>.*)$")) == [
        ("accuracy", 0.1, 0),
        ("accuracy", 0.2, 0),
    ]


def test_what_is_no_number_is_noted(log: Path) -> None:
    log.write_text("acc: high\nacc: 0.5 at x\n")
    batch = collected(log, r"acc: (?P<value>\S+)(?: at (?P<step>\S+))?")
    assert rows(batch) == [("accuracy", 0.5, 0)]
    assert batch.notes == (
        "'high' was printed where a number was expected, and left out",
        "step 'x' is no number: taken as 0",
    )


def test_any_bytes_may_be_printed(log: Path) -> None:
    log.write_bytes(b"\xff\xfe\x00 acc: 0.5\n" + b"y" * 100_000 + b"acc: 0.6\n")
    assert rows(collected(log, r"acc: (?P<value>\S+)")) == [("accuracy", 0.5, 0)]


def test_half_a_line_waits(log: Path) -> None:
    log.write_text("acc: 0.12")
    output = Output(Tail(str(log)), re.compile(r"acc: (?P<value>\S+)"), "accuracy")
    assert output.poll(NOW) == ()
    log.write_text("acc: 0.123\n")
    (batch,) = output.poll(NOW)
    assert rows(batch) == [("accuracy", 0.123, 0)]
    assert output.finish(NOW) == ()
