"""What a training program says to Dowse, and asks of it."""

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dowse
from dowse.domain.metrics import Measurement
from dowse.runtime.collectors.lines import Tail
from dowse.runtime.collectors.reports import Reports


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "report.jsonl"
    monkeypatch.setenv("DOWSE_REPORT_FILE", str(file))
    return file


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def collected(path: Path) -> Iterator[Measurement]:
    source = Reports(Tail(str(path)))
    while batches := source.poll(0.0):
        for batch in batches:
            assert batch.notes == ()
            yield from batch.measurements


def test_a_report_is_one_line_with_its_time(path: Path) -> None:
    dowse.report(accuracy=0.93, loss=1, step=3)
    (line,) = lines(path)
    assert abs(line.pop("time") - path.stat().st_mtime) < 5
    assert line == {"step": 3, "accuracy": 0.93, "loss": 1.0}
    assert path.read_bytes().endswith(b"}\n")


def test_names_that_python_has_no_arguments_for_are_given_in_a_mapping(path: Path) -> None:
    dowse.report({"val/loss": 0.1, "métrique 漢": 2}, other=3)
    found = {m.metric: m.value for m in collected(path)}
    assert found == {"val/loss": 0.1, "métrique 漢": 2.0, "other": 3.0}


@pytest.mark.parametrize(
    "value",
    [math.nan, math.inf, -math.inf, 0.1 + 0.2, -0.0, 5e-324, np.float32(0.1), np.int64(7),
     np.array(0.5), Fraction(1, 3), 10**400, -(10**400)],
)  # fmt: skip
def test_every_number_arrives_as_it_is(path: Path, value: Any) -> None:
    dowse.report(m=value)
    (found,) = collected(path)
    try:
        expected = float(value)
    except OverflowError:
        expected = math.inf if value > 0 else -math.inf
    assert found.value == expected or (math.isnan(found.value) and math.isnan(expected))


@pytest.mark.parametrize("step", [0, 7, 7.0, np.int64(7), np.float32(7), 2**63 - 1])
def test_a_step_is_a_whole_number(path: Path, step: Any) -> None:
    dowse.report(m=1, step=step)
    assert [m.step for m in collected(path)] == [int(step)]


@pytest.fixture(params=["inside", "outside"])
def either_way(request: pytest.FixtureRequest, path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Inside a trial, and outside."""
    if request.param == "outside":
        monkeypatch.delenv("DOWSE_REPORT_FILE")
    return path


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({}, ValueError, "report needs at least one metric"),
        ({"m": "0.5"}, TypeError, "m must be a number, got '0.5'"),
        ({"m": None}, TypeError, "m must be a number, got None"),
        ({"m": True}, TypeError, "m must be a number, got True"),
        ({"m": 1, "step": -1}, ValueError, r"step must be .* from 0 to 2\^63-1, got -1"),
        ({"m": 1, "step": 2**63}, ValueError, "step must be a whole number from 0"),
        ({"m": 1, "step": 2.5}, ValueError, r"step must be .*, got 2\.5"),
        ({"m": 1, "step": "3"}, TypeError, "step must be a whole number, got '3'"),
        ({"m": 1, "step": math.nan}, TypeError, "step must be a whole number, got nan"),
        ({"time": 1}, ValueError, "'time' cannot be a metric's name"),
        ({"n" * 257: 1}, ValueError, "1 to 256 characters, got 257"),
    ],
)
def test_what_is_no_report_is_refused(
    either_way: Path, arguments: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        dowse.report(**arguments)
    assert not either_way.exists()


def test_a_name_must_be_text(path: Path) -> None:
    with pytest.raises(TypeError, match="a metric's name must be text, got 3"):
        dowse.report({3: 1})  # type: ignore[dict-item]
    with pytest.raises(ValueError, match="'step' cannot be a metric's name"):
        dowse.report({"step": 1})


def test_outside_a_trial_nothing_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    dowse.report(m=1)
    assert not dowse.should_stop()
    assert dowse.parameters() == {}
    assert list(tmp_path.iterdir()) == []


def test_the_directory_for_checkpoints_is_that_of_the_trial(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DOWSE_TRIAL_CHECKPOINT_DIR", raising=False)
    assert (dowse.checkpoint_dir(), dowse.checkpoint_dir("out")) == (".", "out")
    monkeypatch.setenv("DOWSE_TRIAL_CHECKPOINT_DIR", "/trials/7.checkpoints")
    assert dowse.checkpoint_dir("out") == "/trials/7.checkpoints"


def test_a_stop_request_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOWSE_STOP_FILE", str(tmp_path / "stop"))
    assert dowse.should_stop() is False
    (tmp_path / "stop").touch()
    assert dowse.should_stop() is True


def test_the_parameters_of_the_trial_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "parameters.json"
    path.write_text('{"lr": 1e-05, "optimizer": "sgd"}')
    monkeypatch.setenv("DOWSE_PARAMS_FILE", str(path))
    assert dowse.parameters() == {"lr": 1e-05, "optimizer": "sgd"}
    path.write_text("[]")
    with pytest.raises(ValueError, match="must hold a JSON object"):
        dowse.parameters()


def test_half_a_line_of_somebody_else_spoils_nothing(path: Path) -> None:
    path.write_bytes(b'{"m": 0.1')
    dowse.report(m=0.5)
    (batch,) = Reports(Tail(str(path))).poll(0.0)
    assert [m.value for m in batch.measurements] == [0.5]
    assert len(batch.notes) == 1


def test_a_disk_that_takes_half_a_line_spoils_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_write = os.write
    sizes = iter([5, 1000])

    def short_write(descriptor: int, data: bytes) -> int:
        return real_write(descriptor, data[: next(sizes)])

    monkeypatch.setattr("os.write", short_write)
    dowse.report(m=0.5)
    (batch,) = Reports(Tail(str(path))).poll(0.0)
    assert [m.value for m in batch.measurements] == [0.5]


def test_a_file_that_cannot_be_written_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOWSE_REPORT_FILE", str(tmp_path / "gone" / "report.jsonl"))
    with pytest.raises(FileNotFoundError):
        dowse.report(m=1)


PROGRAM = """
import os, sys, threading, dowse
def reports(thread):
    for step in range(100):
        dowse.report({f"{sys.argv[1]}-{thread}": step}, step=step)
threads = [threading.Thread(target=reports, args=(index,)) for index in range(3)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""


def test_processes_and_threads_report_at_the_same_time(path: Path) -> None:
    programs = [subprocess.Popen([sys.executable, "-c", PROGRAM, str(index)]) for index in range(3)]
    for step in range(100):
        dowse.report(here=step)
    assert [program.wait() for program in programs] == [0, 0, 0]
    found: dict[str, list[float]] = {}
    for measurement in collected(path):
        found.setdefault(measurement.metric, []).append(measurement.value)
    names = {f"{process}-{thread}" for process in range(3) for thread in range(3)}
    assert found == {name: list(map(float, range(100))) for name in {*names, "here"}}


def test_a_killed_program_has_reported_what_it_said(path: Path) -> None:
    program = "import dowse, os; dowse.report(m=0.5); os.kill(os.getpid(), 9)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == -9
    assert [m.value for m in collected(path)] == [0.5]


def test_reporting_loads_next_to_nothing() -> None:
    def loaded_by(statement: str) -> set[str]:
        code = f"import sys; {statement}; print(*sys.modules)"
        command = [sys.executable, "-c", code]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return set(text.split())

    added = loaded_by("import dowse; dowse.report; dowse.should_stop") - loaded_by(
        "from importlib import import_module"
    )
    assert added == {"__future__", "dowse", "dowse.reporting"}
