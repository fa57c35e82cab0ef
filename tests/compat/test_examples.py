"""The examples of the services, with the programs and the libraries that they were written for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.commands import Place, place_in
from tests.compat.environments import python
from tests.compat.programs import run, shown, values

pytestmark = pytest.mark.timeout(300)
EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with place_in(tmp_path) as place:
        yield place


def run_example(
    place: Place,
    folder: str,
    document: str,
    *limits: tuple[str, str],
    interpreter: str | None = None,
) -> Any:
    """An example, which lies alone in its folder, with fewer trials than it asks for."""
    shutil.copytree(EXAMPLES / folder, place.folder, dirs_exist_ok=True)
    text = (place.folder / document).read_text()
    for asked, fewer in limits:
        assert asked in text
        text = text.replace(asked, fewer)
    (place.folder / document).write_text(text)
    interpreter = interpreter or str(python("mlflow-3.17"))
    return run(place, document, "--name", "tune", "--python", interpreter)


def test_a_sweep_reports_every_round_with_mlflow_and_leaves_its_models(place: Place) -> None:
    document = run_example(
        place, "azure_ml/iris", "sweep.yml", ("max_total_trials: 20", "max_total_trials: 2")
    )
    assert document["state"] == "succeeded"
    for number in (1, 2):
        trial = shown(place, number)
        losses = values(trial, "test-multi_logloss")
        assert len(losses) == 40
        assert trial["objective"] == min(losses)
        given = {name: str(value) for name, value in trial["parameters"].items()}
        assert trial["logged"]["parameters"] == given
        assert Path(trial["output_dir"], "model", "model.joblib").exists()


def test_a_grid_of_openbayes_reports_both_metrics_at_every_epoch(place: Place) -> None:
    document = run_example(
        place, "openbayes/filters", "openbayes.yaml", ("max_job_count: 10", "max_job_count: 2")
    )
    assert document["state"] == "succeeded"
    trial = shown(place, 1)
    assert len(values(trial, "accuracy")) == len(values(trial, "loss")) == 6
    assert trial["objective"] == values(trial, "accuracy")[-1]


def test_the_sample_of_openbayes_reports_its_precision_once(place: Place) -> None:
    document = run_example(place, "openbayes/recommender", "openbayes.yaml")
    assert document["state"] == "succeeded"
    assert [len(values(shown(place, number), "precision")) for number in (1, 2, 3)] == [1, 1, 1]


def interpreter_with(framework: str) -> str:
    """The interpreter that FRAMEWORKS_PYTHON names, else this one, if it has what is needed."""
    interpreter = os.environ.get("FRAMEWORKS_PYTHON", sys.executable)
    # Looked for and not imported: a framework takes seconds to load.
    look = (
        "from importlib.util import find_spec; "
        f"raise SystemExit(not (find_spec({framework!r}) and find_spec('openbayestool')))"
    )
    if subprocess.run([interpreter, "-c", look], check=False).returncode != 0:
        pytest.skip(
            f"{interpreter} lacks {framework} or openbayestool; "
            "FRAMEWORKS_PYTHON=<an interpreter that has both> runs this example"
        )
    return interpreter


@pytest.mark.parametrize(
    ("folder", "framework", "metrics"),
    [("pytorch", "torch", ("accuracy", "loss")), ("tensorflow", "tensorflow", ("loss", "mae"))],
)
def test_a_network_of_openbayes_reports_both_metrics_at_every_epoch(
    place: Place, folder: str, framework: str, metrics: tuple[str, str]
) -> None:
    document = run_example(
        place,
        f"openbayes/{folder}",
        "openbayes.yaml",
        ("max_job_count: 8", "max_job_count: 2"),
        interpreter=interpreter_with(framework),
    )
    assert document["state"] == "succeeded"
    for number in (1, 2):
        trial = shown(place, number)
        assert [len(values(trial, metric)) for metric in metrics] == [4, 4]
        assert trial["objective"] == values(trial, metrics[0])[-1]
