"""The end of a foreground command, as a person reads it."""

from typing import Any

from dowse.cli.summary import without_result


def test_a_job_without_a_result_says_how_its_trials_ended() -> None:
    trials: list[dict[str, Any]] = [
        {"state": "cancelled", "reason": "timeout"},
        {"state": "succeeded", "reason": None},
        {"state": "cancelled", "reason": "timeout"},
    ]
    assert without_result(trials, "loss") == (
        "No trial left a finite value of loss: 2 cancelled (timeout), 1 succeeded"
    )
