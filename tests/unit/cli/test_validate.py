"""`dowse validate`: verdicts with places, and what `run` must still be told."""

import json
from pathlib import Path

import pytest

from tests.unit.cli.test_main import JOB, dowse_says

GOOGLE = """\
trainingInput:
  hyperparameters:
    goal: MAXIMIZE
    hyperparameterMetricTag: metric1
    maxTrials: 30
    params:
    - {parameterName: cells, type: DISCRETE, discreteValues: [1, 2, 3, 4]}
    - {parameterName: kind, type: CATEGORICAL, categoricalValues: [a, b]}
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "job.yaml").write_text(JOB)
    (tmp_path / "google.yaml").write_text(GOOGLE)


def test_a_good_file_is_described_in_a_line() -> None:
    assert dowse_says("validate", "job.yaml").stdout == (
        "ok: a native job, 2 parameters, maximize accuracy, 20 trials, "
        "every point of the space is feasible\n"
    )


def test_a_google_file_without_a_module_is_valid_and_says_what_run_needs() -> None:
    assert dowse_says("validate", "google.yaml").stdout == (
        "ok: a Google AI Platform training job, 2 parameters, maximize metric1, 30 trials, "
        "8 combinations; to run it, give --module-name trainer.task --package-path trainer\n"
    )
    told = dowse_says("validate", "google.yaml", "--module-name", "trainer.task").stdout
    assert "to run it" not in told


def test_other_errors_of_a_google_file_are_told_without_the_module(tmp_path: Path) -> None:
    (tmp_path / "google.yaml").write_text(GOOGLE.replace("maxTrials: 30", "maxTrials: many"))
    result = dowse_says("validate", "google.yaml", code=2)
    (line,) = result.stderr.splitlines()
    assert line.startswith("google.yaml:5:16: trainingInput.hyperparameters.maxTrials: ")
    assert "'many'" in line or "many" in line


def test_every_file_is_judged_and_one_bad_one_decides(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(JOB.replace("goal: maximize", "goal: most"))
    result = dowse_says("validate", "bad.yaml", "job.yaml", code=2)
    assert result.stdout.startswith("job.yaml: ok: a native job")
    assert result.stderr.startswith("bad.yaml:3:7: goal: ")


def test_the_document_holds_every_problem_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(JOB.replace("goal: maximize", "goal: most"))
    files = json.loads(dowse_says("validate", "bad.yaml", "job.yaml", "--json", code=2).stdout)
    bad, good = files["files"]
    assert bad["valid"] is False
    assert bad["problems"][0]["path"] == "goal"
    assert bad["problems"][0]["location"] == {"file": "bad.yaml", "line": 3, "column": 7}
    assert (good["valid"], good["trials"], good["parameters"]) == (True, 20, ["lr", "layers"])


def test_standard_input_is_judged_as_well() -> None:
    assert dowse_says("validate", "-", stdin=JOB).stdout.startswith("ok: a native job")
    result = dowse_says("validate", "-", stdin="parameters: 3\n", code=2)
    assert result.stderr.startswith("<stdin>:1:")


def test_a_command_that_places_an_unknown_value_is_found(tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text(JOB.replace("train.py", "train.py ${rate}"))
    result = dowse_says("validate", "job.yaml", code=2)
    assert "${rate} is not a parameter; there are lr, layers" in result.stderr


def test_environments_and_quotas_of_the_settings_are_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    dowse_says("init", "openbayes.yaml", "--dialect", "openbayes")
    job = tmp_path / "openbayes.yaml"
    job.write_text(job.read_text().replace("# resource", "resource").replace("# env", "env"))
    assert "no environment of that name is configured" in dowse_says("validate", str(job)).stderr
    monkeypatch.setenv("DOWSE_ENVIRONMENTS", "pytorch-2.0=/envs/torch")
    monkeypatch.setenv("DOWSE_QUOTAS", "t4=1")
    told = dowse_says("validate", str(job), "--json")
    assert "no environment of that name" not in told.stderr
    assert "is above the quota of 1 trials at once; 1 will run" in told.stderr
    assert json.loads(told.stdout)["files"][0]["parallel"] == 1
    first = json.loads(dowse_says("run", str(job), "--dry-run", "--json").stdout)["trials"][0]
    assert first["argv"][0] == "/envs/torch/bin/python"
