import json
import math
from dataclasses import replace

import pytest

from dowse.domain.expected import Expected
from dowse.domain.job import Intent, Job, JobState
from dowse.domain.metrics import Measurement
from dowse.domain.reasons import Reason
from dowse.domain.trial import Trial, TrialState
from dowse.errors import InvalidInput, Location, Problem, Severity
from dowse.ports import StoredMeasurement
from dowse.wire.documents import (
    job_document,
    job_from_json,
    job_summary,
    measurement_from_json,
    measurement_to_json,
    problem_from_json,
    problem_to_json,
    stored_measurement_from_json,
    stored_measurement_to_json,
    trial_document,
    trial_from_json,
)

JOB = Job(
    id=3,
    name="digits",
    state=JobState.FAILED,
    reason=Reason.TOO_MANY_FAILURES,
    message="6 of 8 trials failed",
    intent=Intent.PAUSE,
    intent_reason=Reason.USER,
    created_at=1.5,
    started_at=2.5,
    resumed_at=None,
    active_s=7.25,
    ended_at=9.0,
)
TRIAL = Trial(
    job_id=3,
    job="digits",
    number=2,
    parameters={"lr": 0.1, "layers": 3, "relu": True, "name": "NaN"},
    state=TrialState.STOPPED,
    reason=Reason.STOPPED_EARLY,
    message="0.2 < 0.4",
    attempt=2,
    why={"acquisition": 0.25},
    known_event=11,
    objective=0.2,
    further={"latency_ms": 41.5},
    expected=Expected(value=0.3, sd=0.05),
    step=2**62,
    exit_code=None,
    signal=15,
    output_dir="/out/2.2",
    client="worker-1",
    created_at=3.0,
    started_at=4.0,
    ended_at=5.0,
    active_s=1.5,
)


def test_a_trial_is_written_with_everything_a_reader_needs() -> None:
    assert trial_document(TRIAL) == {
        "number": 2,
        "state": "stopped",
        "reason": "stopped_early",
        "message": "0.2 < 0.4",
        "parameters": {"lr": 0.1, "layers": 3, "relu": True, "name": "NaN"},
        "objective": 0.2,
        "further": {"latency_ms": 41.5},
        "expected": {"value": 0.3, "sd": 0.05},
        "step": 2**62,
        "output_dir": "/out/2.2",
        "client": "worker-1",
        "attempt": 2,
        "exit_code": None,
        "signal": 15,
        "why": {"acquisition": 0.25},
        "known_event": 11,
        "created_at": 3.0,
        "started_at": 4.0,
        "ended_at": 5.0,
        "active_s": 1.5,
        "tags": [],
        "job": "digits",
        "job_id": 3,
    }


@pytest.mark.parametrize("objective", [None, 0.1, math.nan, math.inf, -math.inf])
def test_a_trial_comes_back_from_json_text(objective: float | None) -> None:
    trial = replace(TRIAL, objective=objective)
    text = json.dumps(trial_document(trial), allow_nan=False)
    assert repr(trial_from_json(json.loads(text))) == repr(trial)


def test_a_job_document_begins_with_what_people_look_for() -> None:
    other = replace(TRIAL, number=1)
    document = job_document(JOB, [other, TRIAL], [TRIAL])
    assert list(document)[:6] == ["name", "state", "reason", "message", "best", "trials"]
    assert (document["name"], document["state"]) == ("digits", "failed")
    assert document["reason"] == "too_many_failures"
    assert document["best"] == trial_document(TRIAL)
    assert [trial["number"] for trial in document["trials"]] == [1, 2]
    assert job_document(JOB, [], [])["best"] is None


def test_a_job_comes_back_from_a_summary_and_from_a_whole_document() -> None:
    assert job_from_json(job_summary(JOB)) == JOB
    assert job_from_json(job_document(JOB, [TRIAL], [TRIAL])) == JOB


@pytest.mark.parametrize("value", [0.1 + 0.2, math.nan, math.inf, -math.inf, 3.0])
def test_a_measurement_comes_back(value: float) -> None:
    report = Measurement(metric="accuracy", value=value, step=2**63 - 1, time=1.5, key="17")
    text = json.dumps(measurement_to_json(report), allow_nan=False)
    assert repr(measurement_from_json(json.loads(text))) == repr(report)
    stored = StoredMeasurement(seq=4, measurement=report)
    text = json.dumps(stored_measurement_to_json(stored), allow_nan=False)
    assert repr(stored_measurement_from_json(json.loads(text))) == repr(stored)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"step": 2**63}, r"a step lies between 0 and 2\^63-1, got 9223372036854775808"),
        ({"metric": ""}, "a metric name has 1 to 256 characters"),
        ({"value": "0.5"}, "value: must be a number or one of NaN, Infinity, -Infinity, got '0.5'"),
        ({"value": True}, "value: must be a number, got True"),
        ({"step": 1.5}, "step: must be a valid integer, got 1.5"),
    ],
)
def test_a_measurement_that_cannot_be_is_refused(change: dict[str, object], words: str) -> None:
    document = {"metric": "accuracy", "value": 0.5, "step": 1, "time": 1.0} | change
    with pytest.raises(InvalidInput, match=words):
        measurement_from_json(document)


@pytest.mark.parametrize("location", [None, Location(file="job.yaml", line=3, column=7)])
def test_a_problem_comes_back_with_its_place(location: Location | None) -> None:
    problem = Problem(
        path="parameters.lr.min",
        message="must be > 0",
        severity=Severity.WARNING,
        location=location,
    )
    assert problem_from_json(json.loads(json.dumps(problem_to_json(problem)))) == problem
