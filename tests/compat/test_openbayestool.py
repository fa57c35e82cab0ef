"""openbayestool in the program of a user, run as a trial."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.commands import Place, place_in
from tests.compat.environments import python
from tests.compat.programs import CLIENTS, shown, values

JOB = """
command: python train.py
parameters: {base: 1}
hyper_tuning:
  max_job_count: 2
  hyperparameter_metric: precision
  side_metrics: [loss]
  goal: MAXIMIZE
  algorithm: Random
  parameter_specs:
  - {name: lr, type: DOUBLE, min_value: 0.1, max_value: 1.0}
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with place_in(tmp_path) as place:
        yield place


def test_a_program_reports_with_the_real_library_and_a_foreign_setting_is_overruled(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("OPENBAYES_JOB_URL", "http://127.0.0.1:9/elsewhere")
    (place.folder / "train.py").write_text((CLIENTS / "openbayes_training.py").read_text())
    (place.folder / "openbayes.yaml").write_text(JOB)
    words = ["run", "openbayes.yaml", "--name", "tune", "--python", str(python("openbayestool"))]
    document = place.document(*words)
    assert document["state"] == "succeeded"
    for number in (1, 2):
        trial = shown(place, number)
        lr = trial["parameters"]["lr"]
        assert values(trial, "precision") == pytest.approx([lr, 2 * lr, 3 * lr])
        assert trial["objective"] == pytest.approx(3 * lr)
        assert values(trial, "loss") == pytest.approx([1, 1 / 2, 1 / 3])
        assert "a/b 中" not in trial["metrics"]
        assert trial["logged"]["parameters"] == {"optimizer": "sgd", "batch": "32"}
