"""MLflow's clients in the programs of users, run as trials.

The newest client and an old one always; the others with `make test-compat`.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.commands import Place, finish, place_in, wait_until
from tests.compat.environments import python
from tests.compat.programs import CLIENTS, shown, tune, values

rarely = pytest.mark.skipif(
    "ALL_CLIENTS" not in os.environ, reason="make test-compat runs every client"
)
VERSIONS = [
    "mlflow-3.17",
    "mlflow-2.9",
    pytest.param("mlflow-2.22", marks=rarely),
    pytest.param("mlflow-1.30", marks=rarely),
]

JOB = """
command: python train.py
metric: accuracy
goal: maximize
parameters:
  case: [all, exit]
  lr: {type: discrete, values: [0.25]}
algorithm: grid
limits: {trials: 2, parallel: 2, failed: 2}
"""
# Importing MLflow takes seconds of computing, which a busy machine stretches.
pytestmark = pytest.mark.timeout(300)
ONE = """
command: python train.py
metric: accuracy
goal: maximize
parameters: {c: {type: double, min: 0.1, max: 1}}
algorithm: random
limits: {trials: 1}
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with place_in(tmp_path) as place:
        yield place


@pytest.mark.parametrize("client", VERSIONS)
def test_programs_of_users_run_as_they_are(place: Place, client: str) -> None:
    trials = tune(place, client, "mlflow_training.py", JOB)
    by_case = {trial["parameters"]["case"]: trial for trial in trials.values()}
    words = {case: trial["message"] for case, trial in by_case.items()}
    ends = {case: (trial["state"], trial["reason"]) for case, trial in by_case.items()}
    assert ends == {
        "all": ("succeeded", None),
        "exit": ("failed", "nonzero_exit"),
    }, words
    assert "exit code 3" in words["exit"]
    _check_all(shown(place, by_case["all"]["number"]), Path(by_case["all"]["output_dir"]))
    assert values(shown(place, by_case["exit"]["number"]), "accuracy") == [0.7]


def _check_all(trial: Any, output: Path) -> None:
    """Nothing that the program logged is missing."""
    assert values(trial, "accuracy") == [0.25, 0.35, 0.45, 0.75]
    assert trial["objective"] == 0.75
    assert values(trial, "loss") == [0.5]
    assert values(trial, "odd") == ["NaN"]
    assert values(trial, "huge") == ["Infinity"]
    assert values(trial, "metric-1199") == [1199]
    assert values(trial, "late") == [1.0]
    assert values(trial, "fold/accuracy") == [99.0]
    logged = trial["logged"]
    assert logged["parameters"] == {"lr": "0.25", "case": "all", "epochs": "3"}
    assert logged["tags"]["team"] == "blue"
    assert [run["prefix"] for run in logged["runs"]] == ["fold/", ""]
    assert [(file["path"], file["size"]) for file in logged["files"]] == [
        ("run/config.json", len(json.dumps({"a": 1}, indent=2))),
        ("run/notes/hello.txt", 5),
        ("run/weights.bin", 3_000_000),
    ]
    assert (output / "logged-artifacts/run/notes/hello.txt").read_text() == "hello"


def test_a_program_waits_while_its_owner_is_away(place: Place) -> None:
    """The owner is killed; the next one listens at the same address."""
    (place.folder / "train.py").write_text((CLIENTS / "mlflow_patient.py").read_text())
    (place.folder / "job.yaml").write_text(ONE)
    words = ["job.yaml", "--name", "tune", "--python", str(python("mlflow-3.17"))]
    first = place.start("run", *words)
    wait_until(place.flag("reported").exists, "a first report")
    first.send_signal(signal.SIGKILL)
    first.communicate()
    place.flag("go").touch()
    wait_until(place.flag("trying").exists, "a report to nobody")
    finish(place.start("resume", "tune"), code=0)
    trial = shown(place, 1)
    assert (trial["state"], trial["attempt"]) == ("succeeded", 1)
    assert values(trial, "accuracy") == [0.5, 0.9]


@pytest.mark.parametrize("client", ["mlflow-3.17", pytest.param("autolog-2.22", marks=rarely)])
def test_autologging_loses_no_metric(place: Place, client: str) -> None:
    trials = tune(place, client, "mlflow_autolog.py", ONE)
    assert trials[1]["state"] == "succeeded", trials[1]["message"]
    trial = shown(place, 1)
    training = {name for name in trial["metrics"] if name.startswith("training_")}
    assert training == {
        "training_accuracy_score",
        "training_f1_score",
        "training_log_loss",
        "training_precision_score",
        "training_recall_score",
        "training_roc_auc",
        "training_score",
    }
    assert "LogisticRegression_score_X_test" in trial["metrics"]
    logged = trial["logged"]
    assert logged["parameters"]["max_iter"] == "300"
    assert [one["name"] for one in logged["datasets"]] == ["dataset"]
    assert logged["registered"] == {"best": ["1"]}
    paths = [file["path"] for file in logged["files"]]
    assert any(path.endswith("MLmodel") for path in paths)
    assert "run/training_confusion_matrix.png" in paths or "run/estimator.html" in paths
