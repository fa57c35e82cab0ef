"""The end of a foreground command, as a person reads it."""

from typing import Any

from dowse.cli.summary import arguments, without_result
from dowse.wire.documents import trial_document
from dowse.wire.spec import spec_to_json
from tests.unit.runtime.specs import a_spec, a_trial


def test_a_job_without_a_result_says_how_its_trials_ended() -> None:
    trials: list[dict[str, Any]] = [
        {"state": "cancelled", "reason": "timeout", "objective": None},
        {"state": "succeeded", "reason": None, "objective": None},
        {"state": "cancelled", "reason": "timeout", "objective": None},
    ]
    progress = {"objectives": [{"metric": "loss", "goal": "minimize"}], "metric_limits": []}
    assert without_result(trials, progress) == (
        "No trial left a finite value of loss: 2 cancelled (timeout), 1 succeeded"
    )


def test_the_best_is_printed_with_the_spelling_that_its_program_got() -> None:
    spec = a_spec()
    assert arguments(trial_document(a_trial()), spec_to_json(spec)) == (
        "--lr=1e-05 --layers=3 --batch=0.50 '--optimizer=64 32'"
    )
