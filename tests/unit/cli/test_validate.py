"""`dowse validate`: verdicts with places, and what `run` must still be told."""

import json
import sys
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
    monkeypatch.setenv("DOWSE_DATA_DIR", str(tmp_path / "data"))
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
    monkeypatch.setenv("DOWSE_ENVIRONMENTS", f"pytorch-2.0={sys.prefix}")
    monkeypatch.setenv("DOWSE_QUOTAS", "t4=1")
    told = dowse_says("validate", str(job), "--json")
    assert "no environment of that name" not in told.stderr
    assert "is above the quota of 1 trials at once; 1 will run" in told.stderr
    assert json.loads(told.stdout)["files"][0]["parallel"] == 1
    first = json.loads(dowse_says("run", str(job), "--dry-run", "--json").stdout)["trials"][0]
    assert first["argv"][0] == f"{sys.prefix}/bin/python"


def test_what_this_machine_lacks_is_told_with_its_place_before_anything_runs(
    tmp_path: Path,
) -> None:
    lines = "python: /nope/python\ncode: {root: nowhere}\ninputs:\n  x: {folder: rows}\n"
    (tmp_path / "job.yaml").write_text(JOB + lines)
    at = len(JOB.splitlines())
    expected = [
        f"job.yaml:{at + 1}:9: python: must be an interpreter of this machine, and there is none "
        "at /nope/python that can be started",
        f"job.yaml:{at + 2}:14: code.root: must be a folder, got '{tmp_path}/nowhere'",
        f"job.yaml:{at + 4}:6: inputs.x: must be a folder of this machine or a URL, and there is "
        f"none at {tmp_path}/rows",
    ]
    for words in (["validate"], ["run", "--dry-run"], ["run"], ["submit"]):
        told = dowse_says(*words, "job.yaml", code=2).stderr
        assert told.splitlines() == expected
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("command", [["run"], ["run", "--dry-run"], ["submit"]])
def test_an_interpreter_of_the_command_line_that_is_not_there_is_refused(
    command: list[str],
) -> None:
    told = dowse_says(*command, "job.yaml", "--python", "/nope", code=2).stderr
    assert told == (
        "python: must be an interpreter of this machine, and there is none at /nope that can be "
        "started\n"
    )


def test_what_a_job_needs_is_not_looked_for_here_when_it_runs_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "job.yaml").write_text(JOB + "python: /of/the/server/python\n")
    monkeypatch.setenv("DOWSE_URL", "https://dowse.example.org")
    assert dowse_says("validate", "job.yaml").stdout.startswith("ok: a native job")


def test_a_dialect_is_named_as_the_pages_name_it(tmp_path: Path) -> None:
    for name in ("ai-platform", "ai_platform"):
        dowse_says("validate", "google.yaml", "--dialect", name)
    told = dowse_says("validate", "google.yaml", "--dialect", "foo", code=2).stderr
    assert "there are native, ai-platform, openbayes, azure-ml" in told


def test_a_file_without_a_key_is_told_what_a_job_looks_like(tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text("just some words\n")
    told = dowse_says("validate", "job.yaml", code=2).stderr
    assert told == (
        "job.yaml:1:1: must be a mapping, lines such as `key: value`, got text: 'just some words'\n"
    )
