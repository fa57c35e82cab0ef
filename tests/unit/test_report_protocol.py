"""The examples of docs/reference/report-protocol.md do what the page says."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dowse.runtime.collectors.lines import Tail
from dowse.runtime.collectors.reports import Reports

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "report-protocol.md"


def example(language: str) -> str:
    (block,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.M | re.S)
    return str(block)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DOWSE_REPORT_FILE": str(tmp_path / "report.jsonl"),
        "DOWSE_STOP_FILE": str(tmp_path / "stop"),
        "DOWSE_PARAM_LR": "0.5",
    }


def reported(folder: Path) -> list[tuple[str, float, int]]:
    batches = Reports(Tail(str(folder / "report.jsonl"))).poll(0.0)
    assert [note for batch in batches for note in batch.notes] == []
    return [(m.metric, m.value, m.step) for batch in batches for m in batch.measurements]


def test_the_line_shown_is_understood(tmp_path: Path) -> None:
    (tmp_path / "report.jsonl").write_text(example("json"))
    assert reported(tmp_path) == [("accuracy", 0.93, 3), ("val/loss", 0.31, 3)]


def test_the_shell_example_reports_and_stops(tmp_path: Path, environment: dict[str, str]) -> None:
    trainer = tmp_path / "train-one-epoch"
    trainer.write_text('#!/bin/sh\necho "$2"\n[ -e report.jsonl ] && touch stop\ntrue\n')
    trainer.chmod(0o755)
    command = ["/bin/sh", "-c", example("sh")]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True)
    assert reported(tmp_path) == [("accuracy", 0.5, 1), ("accuracy", 0.5, 2)]


def test_the_shell_example_runs_outside_a_trial(tmp_path: Path) -> None:
    trainer = tmp_path / "train-one-epoch"
    trainer.write_text("#!/bin/sh\necho 1\n")
    trainer.chmod(0o755)
    subprocess.run(["/bin/sh", "-c", f"{example('sh')}\ntrue"], cwd=tmp_path, check=True)
    assert [path.name for path in tmp_path.iterdir()] == ["train-one-epoch"]


@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
def test_the_c_example_reports_and_stops(tmp_path: Path, environment: dict[str, str]) -> None:
    main = """
    int main(void)
    {
        report(1, "loss", 0.1);
        report(2, "loss", 1.0 / 0.0);
        return should_stop();
    }
    """
    (tmp_path / "program.c").write_text(example("c") + main)
    compile_it = ["cc", "-Wall", "-Werror", "-o", "program", "program.c"]
    subprocess.run(compile_it, cwd=tmp_path, check=True)
    run = ["./program"]
    assert subprocess.run(run, cwd=tmp_path, env=environment, check=False).returncode == 0
    (tmp_path / "stop").touch()
    assert subprocess.run(run, cwd=tmp_path, env=environment, check=False).returncode == 1
    twice = [("loss", 0.1, 1), ("loss", float("inf"), 2)] * 2
    assert reported(tmp_path) == twice


def test_the_python_example_reports(tmp_path: Path, environment: dict[str, str]) -> None:
    parameters = tmp_path / "parameters.json"
    parameters.write_text('{"lr": 0.25}')
    (tmp_path / "train.py").write_text(f"train_one_epoch = lambda lr: lr\n{example('python')}")
    told = {**environment, "DOWSE_PARAMS_FILE": str(parameters)}
    subprocess.run([sys.executable, "train.py"], cwd=tmp_path, env=told, check=True)
    assert reported(tmp_path) == [("accuracy", 0.25, epoch) for epoch in range(30)]
