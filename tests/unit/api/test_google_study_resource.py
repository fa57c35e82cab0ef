from dataclasses import replace
from typing import Any

import pytest

from dowse.api.ai_platform.study_resource import (
    Place,
    operation_form,
    parameters_of,
    report_of,
    study_form,
    trial_form,
)
from dowse.dialects.vizier.dialect import read_study
from dowse.domain.job import Job, JobState
from dowse.domain.operations import CheckStopping, Operation, SuggestTrials
from dowse.domain.reasons import Reason
from dowse.domain.trial import Trial, TrialState
from dowse.errors import InvalidInput
from dowse.service.studies.trials import Report, Reports
from dowse.wire.google_base import read
from dowse.wire.google_studies import MeasurementForm, TrialForm

CONFIG: dict[str, Any] = {
    "metrics": [{"metric": "loss", "goal": "MINIMIZE"}],
    "parameters": [
        {
            "parameter": "model",
            "type": "CATEGORICAL",
            "categoricalValueSpec": {"values": ["net", "tree"]},
            "childParameterSpecs": [
                {
                    "parameter": "rate",
                    "type": "DOUBLE",
                    "doubleValueSpec": {"minValue": 0, "maxValue": 1},
                    "parentCategoricalValues": {"values": ["net"]},
                },
                {
                    "parameter": "rate",
                    "type": "INTEGER",
                    "integerValueSpec": {"minValue": "1", "maxValue": "9"},
                    "parentCategoricalValues": {"values": ["tree"]},
                },
            ],
        }
    ],
}
SPEC = read_study({"studyConfig": CONFIG}).spec
JOB = Job(id=1, name="s", state=JobState.RUNNING, created_at=0.0)
PLACE = Place("p", "l")
NAME = "projects/p/locations/l/studies/s"
TREE = Trial(
    job_id=1,
    job="s",
    number=4,
    parameters={"model": "tree", "rate#2": 5},
    state=TrialState.RUNNING,
    client="w",
    created_at=0.0,
    started_at=1.0,
)


def test_a_study_has_its_state_and_why_it_is_inactive() -> None:
    assert study_form(PLACE, JOB, SPEC).to_json() == {
        "name": NAME,
        "state": "ACTIVE",
        "createTime": "1970-01-01T00:00:00.000000Z",
        "studyConfig": CONFIG,
    }
    cancelled = replace(JOB, state=JobState.CANCELLED, message="cancelled on request")
    assert study_form(PLACE, cancelled, SPEC).inactive_reason == "cancelled on request"


def test_a_parameter_has_its_clients_name_and_the_value_of_its_type() -> None:
    form = trial_form(PLACE, SPEC, TREE, Reports()).to_json()
    assert form == {
        "name": f"{NAME}/trials/4",
        "state": "ACTIVE",
        "clientId": "w",
        "parameters": [
            {"parameter": "model", "stringValue": "tree"},
            {"parameter": "rate", "intValue": "5"},
        ],
        "startTime": "1970-01-01T00:00:01.000000Z",
    }


def test_the_values_of_a_client_come_back_under_our_own_names() -> None:
    form = trial_form(PLACE, SPEC, TREE, Reports())
    assert parameters_of(form, SPEC) == TREE.parameters
    net = [{"parameter": "rate", "floatValue": 0.5}, {"parameter": "model", "stringValue": "net"}]
    assert parameters_of(read(TrialForm, {"parameters": net}), SPEC) == {
        "model": "net",
        "rate": 0.5,
    }


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ([{"parameter": "model"}], "must have one of floatValue, intValue and stringValue, got 0"),
        ([{"parameter": "m", "intValue": "1", "floatValue": 1}], "stringValue, got 2"),
        ([{"parameter": "m", "intValue": "1"}] * 2, "is the second value of 'm'"),
    ],
)
def test_a_value_that_is_not_one_value_is_refused(parameters: Any, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        parameters_of(read(TrialForm, {"parameters": parameters}), SPEC)


def test_measurements_have_their_steps_as_text_and_their_times_as_seconds() -> None:
    reports = Reports(
        running=(Report(step=2**53 + 1, elapsed_s=0.25, values={"loss": float("inf")}),),
        final=Report(step=3, elapsed_s=4.0, values={"loss": 0.5}),
    )
    form = trial_form(PLACE, SPEC, TREE, reports).to_json()
    assert form["measurements"] == [
        {
            "stepCount": "9007199254740993",
            "elapsedTime": "0.25s",
            "metrics": [{"metric": "loss", "value": "Infinity"}],
        }
    ]
    assert form["finalMeasurement"]["elapsedTime"] == "4s"
    written = read(MeasurementForm, form["measurements"][0])
    assert report_of(written, "measurement") == reports.running[0]


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"stepCount": "-1"}, "stepCount: .*greater than or equal to 0"),
        ({"stepCount": 1.5}, 'stepCount: must be a whole number, as "100" or as 100, got 1.5'),
        ({"stepCount": True}, "stepCount: must be a whole number"),
        ({"elapsedTime": "3 minutes"}, 'elapsedTime: must be a time in seconds such as "3.5s"'),
        ({"metrics": [{"metric": "a", "value": "x"}]}, r"metrics\[0\].value: must be a number"),
        ({"metrics": [{"metric": "", "value": 1}]}, r"metrics\[0\].metric"),
        ({"colour": 1}, "colour: is not a key of this form"),
    ],
)
def test_a_measurement_that_cannot_be_read_is_refused_by_name(document: Any, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        read(MeasurementForm, document)


def test_a_metric_that_is_given_twice_is_refused() -> None:
    twice = read(MeasurementForm, {"metrics": [{"metric": "a", "value": 1}] * 2})
    with pytest.raises(InvalidInput, match=r"measurement\.metrics: must hold each metric once"):
        report_of(twice, "measurement")


def test_an_infeasible_trial_says_why() -> None:
    trial = replace(TREE, state=TrialState.FAILED, reason=Reason.INFEASIBLE, message="too large")
    form = trial_form(PLACE, SPEC, trial, Reports())
    assert (form.trial_infeasible, form.infeasible_reason) == (True, "too large")
    assert form.state == "COMPLETED"


OPERATION = Operation(id=7, job_id=1, job="s", asked=SuggestTrials("w", 2), created_at=1.0)


def operation(**changes: Any) -> dict[str, Any]:
    forms = {4: {"name": "4"}}
    return operation_form(
        PLACE,
        replace(OPERATION, **changes),
        JOB,
        lambda numbers: [forms[number] for number in numbers],
    ).to_json()


def test_an_open_operation_says_what_was_asked_and_nothing_else() -> None:
    assert operation() == {
        "name": "projects/p/locations/l/operations/7",
        "done": False,
        "metadata": {
            "@type": "type.googleapis.com/google.cloud.ml.v1.SuggestTrialsMetadata",
            "study": NAME,
            "createTime": "1970-01-01T00:00:01.000000Z",
            "clientId": "w",
            "suggestionCount": 2,
        },
    }


def test_a_done_operation_has_a_response_or_an_error_and_never_both() -> None:
    done = operation(ended_at=3.0, trials=(4,))
    assert (done["done"], "error" in done) == (True, False)
    assert done["response"] == {
        "@type": "type.googleapis.com/google.cloud.ml.v1.SuggestTrialsResponse",
        "trials": [{"name": "4"}],
        "studyState": "ACTIVE",
        "startTime": "1970-01-01T00:00:01.000000Z",
        "endTime": "1970-01-01T00:00:03.000000Z",
    }
    failed = operation(ended_at=3.0, error="the model broke")
    assert failed["error"] == {"code": 13, "message": "the model broke"}
    assert "response" not in failed


def test_a_check_has_its_trial_and_its_verdict() -> None:
    check = operation(asked=CheckStopping(4), ended_at=3.0, should_stop=True)
    assert check["metadata"]["trial"] == f"{NAME}/trials/4"
    assert check["response"]["shouldStop"] is True
