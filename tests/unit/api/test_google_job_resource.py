import json
import math
from dataclasses import replace
from typing import Any

from dowse.api.ai_platform.job_resource import etag_of, job_form
from dowse.dialects.protocol import ReadContext
from dowse.dialects.registry import read
from dowse.domain.job import Job, JobState
from dowse.domain.reasons import Reason
from dowse.domain.spec import JobSpec
from dowse.domain.trial import Trial, TrialState

TUNING = {
    "goal": "MINIMIZE",
    "hyperparameterMetricTag": "rmse",
    "maxTrials": 40,
    "params": [
        {"parameterName": "nembeds", "type": "INTEGER", "minValue": 3, "maxValue": 30},
        {"parameterName": "nnsize", "type": "DISCRETE", "discreteValues": [4, 16, 32]},
    ],
}
DOCUMENT: dict[str, Any] = {
    "jobId": "babyweight",
    "labels": {"team": "vision"},
    "trainingInput": {
        "scaleTier": "STANDARD_1",
        "workerCount": "9",
        "pythonModule": "trainer.task",
        "hyperparameters": TUNING,
    },
}
JOB = Job(id=1, name="babyweight", created_at=1.5, state=JobState.RUNNING, started_at=2.0)


def spec(document: str | dict[str, Any] = DOCUMENT) -> JobSpec:
    return read(document, context=ReadContext(folder="/code")).spec


def trial(number: int, objective: float | None, **more: Any) -> Trial:
    values: dict[str, Any] = {
        "state": TrialState.SUCCEEDED,
        "parameters": {"nembeds": number, "nnsize": 32},
        "step": 78133,
        "started_at": 10.0,
        "ended_at": 20.25,
        **more,
    }
    return Trial(
        job_id=1, job="babyweight", number=number, objective=objective, created_at=9.0, **values
    )


def test_a_job_has_the_form_of_the_public_api() -> None:
    form = job_form(JOB, spec(), [trial(3, 1.25), trial(4, 1.079)]).to_json()
    assert form == {
        "jobId": "babyweight",
        "state": "RUNNING",
        "createTime": "1970-01-01T00:00:01.500000Z",
        "startTime": "1970-01-01T00:00:02.000000Z",
        "labels": {"team": "vision"},
        "etag": etag_of({"team": "vision"}),
        "trainingInput": DOCUMENT["trainingInput"],
        "trainingOutput": {
            "completedTrialCount": "2",
            "isHyperparameterTuningJob": True,
            "hyperparameterMetricTag": "rmse",
            "trials": [
                {
                    "trialId": "4",
                    "hyperparameters": {"nembeds": "4", "nnsize": "32"},
                    "finalMetric": {"trainingStep": "78133", "objectiveValue": 1.079},
                    "state": "SUCCEEDED",
                    "startTime": "1970-01-01T00:00:10.000000Z",
                    "endTime": "1970-01-01T00:00:20.250000Z",
                },
                {
                    "trialId": "3",
                    "hyperparameters": {"nembeds": "3", "nnsize": "32"},
                    "finalMetric": {"trainingStep": "78133", "objectiveValue": 1.25},
                    "state": "SUCCEEDED",
                    "startTime": "1970-01-01T00:00:10.000000Z",
                    "endTime": "1970-01-01T00:00:20.250000Z",
                },
            ],
        },
    }


def test_the_best_trial_comes_first_and_those_without_a_result_last() -> None:
    trials = [
        trial(1, None, state=TrialState.RUNNING, ended_at=None, step=None),
        trial(2, 2.0),
        trial(3, math.nan, state=TrialState.FAILED, reason=Reason.INFEASIBLE),
        trial(4, 1.0, state=TrialState.STOPPED, reason=Reason.STOPPED_EARLY),
    ]
    output = job_form(JOB, spec(), trials, ml_units=4.05).to_json()["trainingOutput"]
    assert output["consumedMLUnits"] == 4.05
    assert [one["trialId"] for one in output["trials"]] == ["4", "2", "1", "3"]
    assert [one["state"] for one in output["trials"]] == [
        "SUCCEEDED", "SUCCEEDED", "RUNNING", "FAILED",
    ]  # fmt: skip
    assert output["completedTrialCount"] == "2"
    assert output["trials"][0]["isTrialStoppedEarly"] is True
    assert not any("isTrialStoppedEarly" in one for one in output["trials"][1:])
    assert "finalMetric" not in output["trials"][2]
    assert output["trials"][3]["finalMetric"]["objectiveValue"] == "NaN"
    assert json.dumps(output, allow_nan=False)


def test_a_trial_that_a_person_stopped_was_not_stopped_early() -> None:
    stopped = trial(1, 1.0, state=TrialState.STOPPED, reason=Reason.USER)
    (one,) = job_form(JOB, spec(), [stopped]).to_json()["trainingOutput"]["trials"]
    assert "isTrialStoppedEarly" not in one


def test_only_an_end_that_needs_words_has_a_message() -> None:
    failed = replace(JOB, state=JobState.FAILED, reason=Reason.NO_METRIC, message="no rmse")
    assert job_form(failed, spec(), []).error_message == "no rmse"
    cancelled = replace(JOB, state=JobState.CANCELLED, reason=Reason.USER, message="")
    assert job_form(cancelled, spec(), []).error_message == "cancelled: user"
    done = replace(JOB, state=JobState.SUCCEEDED, message="all 40 trials are done")
    assert job_form(done, spec(), []).error_message is None


def test_a_job_is_preparing_until_its_packages_are_installed_and_a_trial_exists() -> None:
    training = {**DOCUMENT["trainingInput"], "packageUris": ["/srv/trainer.tar.gz"]}
    packaged = spec({**DOCUMENT, "trainingInput": training})
    running = [trial(1, None, state=TrialState.RUNNING)]
    assert job_form(JOB, packaged, []).state == "PREPARING"
    assert job_form(JOB, packaged, running).state == "RUNNING"
    assert job_form(replace(JOB, state=JobState.QUEUED), packaged, []).state == "QUEUED"
    assert job_form(JOB, spec(), []).state == "RUNNING"


def test_labels_that_were_changed_replace_those_of_the_document_and_change_the_etag() -> None:
    before = job_form(JOB, spec(), [])
    after = job_form(replace(JOB, labels={"team": "speech"}), spec(), [])
    assert (before.labels, after.labels) == ({"team": "vision"}, {"team": "speech"})
    assert before.etag != after.etag
    assert job_form(replace(JOB, labels={}), spec(), []).labels is None


def test_a_document_in_yaml_comes_back_as_its_values() -> None:
    text = """
trainingInput:
  scaleTier: CUSTOM
  masterType: n1-standard-8
  pythonModule: trainer.task
  hyperparameters:
    enableTrialEarlyStopping: TRUE
    params: [{parameterName: a, type: DOUBLE, minValue: 0.5, maxValue: 1}]
"""
    written = job_form(JOB, spec(text), []).training_input
    assert written["masterType"] == "n1-standard-8"
    assert written["hyperparameters"]["params"][0]["minValue"] == 0.5


def test_a_job_of_another_form_is_told_in_googles() -> None:
    native = """
command: python train.py
metric: loss
goal: minimize
parameters: {x: {type: double, min: 0, max: 1, scale: linear}}
limits: {trials: 7}
"""
    written = job_form(JOB, spec(native), []).training_input
    assert written["hyperparameters"]["maxTrials"] == 7
    assert written["hyperparameters"]["goal"] == "MINIMIZE"
    assert written["hyperparameters"]["params"][0]["parameterName"] == "x"
