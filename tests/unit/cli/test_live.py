"""The live area as text."""

from typing import Any

from dowse.cli.live import MAX_RUNNING, area


def progress(**changes: Any) -> dict[str, Any]:
    job = {
        "name": "digits",
        "state": "running",
        "intent": "run",
        "active_s": 60.0,
        "resumed_at": 100.0,
    }
    return {
        "job": job | changes.pop("job", {}),
        "metric": "accuracy",
        "max_trials": 30,
        "counts": {"succeeded": 8, "failed": 1, "running": 1},
        "best": None,
        "live": [trial(10)],
        "latest": {"10": {"metric": "accuracy", "value": 0.875, "step": 4}},
    } | changes


def trial(number: int, **changes: Any) -> dict[str, Any]:
    return {"number": number, "state": "running", "parameters": {"lr": 0.5}} | changes


def drawn(found: dict[str, Any]) -> list[str]:
    return [line.plain for line in area(found, now=104.0)]


def test_the_status_line_counts_trials_and_time() -> None:
    assert drawn(progress())[0] == (
        "digits  running  9 of 30 trials · 8 succeeded · 1 failed · 1 running  1m04s"
    )
    assert drawn(progress(max_trials=None))[0].startswith("digits  running  9 trials · ")


def test_a_running_trial_shows_its_latest_value_and_step() -> None:
    assert drawn(progress())[1] == "  trial 10  accuracy 0.875  step 4  lr=0.5"
    assert drawn(progress(latest={}))[1] == "  trial 10  lr=0.5"


def test_a_value_that_is_no_number_is_shown_as_such() -> None:
    latest = {"10": {"metric": "accuracy", "value": "NaN", "step": 4}}
    assert drawn(progress(latest=latest))[1] == "  trial 10  accuracy nan  step 4  lr=0.5"


def test_the_best_trial_comes_last() -> None:
    best = trial(3, state="succeeded", objective=0.93)
    assert drawn(progress(best=best))[-1] == "  best: trial 3  accuracy 0.93  lr=0.5"


def test_many_running_trials_are_counted() -> None:
    lines = drawn(progress(live=[trial(number) for number in range(MAX_RUNNING + 3)]))
    assert lines[-1] == "  and 3 more"
    assert len(lines) == MAX_RUNNING + 2


def test_a_job_that_is_asked_to_pause_says_so() -> None:
    assert drawn(progress(job={"intent": "pause"}))[0].startswith("digits  pausing  ")
