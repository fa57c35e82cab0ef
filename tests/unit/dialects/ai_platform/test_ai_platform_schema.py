"""Each field of Google's messages is in exactly one class, and its class is what happens to it."""

from __future__ import annotations

from typing import Any

import pytest

from dowse.dialects.ai_platform.schema import SCHEMA
from dowse.dialects.protocol import ReadContext
from dowse.dialects.registry import read
from dowse.dialects.treatment import Treatment
from dowse.errors import InvalidInput, Problem

CONTEXT = ReadContext(folder="/jobs")

# The fields of the public API, revision 2025-12-13 of ml.v1.
FIELDS = {
    "Job": """createTime endTime errorMessage etag jobId jobPosition labels predictionInput
        predictionOutput startTime state trainingInput trainingOutput""",
    "TrainingInput": """args enableWebAccess encryptionConfig evaluatorConfig evaluatorCount
        evaluatorType hyperparameters jobDir masterConfig masterType network packageUris
        parameterServerConfig parameterServerCount parameterServerType pythonModule pythonVersion
        region runtimeVersion scaleTier scheduling serviceAccount useChiefInTfConfig workerConfig
        workerCount workerType""",
    "HyperparameterSpec": """algorithm enableTrialEarlyStopping goal hyperparameterMetricTag
        maxFailedTrials maxParallelTrials maxTrials params resumePreviousJobId""",
    "ParameterSpec": """categoricalValues discreteValues maxValue minValue parameterName scaleType
        type""",
    "Scheduling": "maxRunningTime maxWaitTime priority",
    "ReplicaConfig": """acceleratorConfig containerArgs containerCommand diskConfig imageUri
        tpuTfVersion""",
    "AcceleratorConfig": "count type",
    "DiskConfig": "bootDiskSizeGb bootDiskType",
    "EncryptionConfig": "kmsKeyName",
}

PATHS = {
    "Job": (),
    "TrainingInput": ("trainingInput",),
    "HyperparameterSpec": ("trainingInput", "hyperparameters"),
    "ParameterSpec": ("trainingInput", "hyperparameters", "params", 0),
    "Scheduling": ("trainingInput", "scheduling"),
    "ReplicaConfig": ("trainingInput", "masterConfig"),
}


def job() -> dict[str, Any]:
    params = [{"parameterName": "a", "type": "INTEGER", "minValue": 1, "maxValue": 9}]
    return {
        "jobId": "one",
        "trainingInput": {
            "pythonModule": "trainer.task",
            "masterConfig": {},
            "scheduling": {},
            "hyperparameters": {"maxTrials": 20, "params": params},
        },
    }


def messages(message: str, field: str, value: object) -> tuple[list[Problem], list[Problem]]:
    """Errors and warnings of a job in which one field has the value."""
    document: Any = job()
    place = document
    for step in PATHS[message]:
        place = place[step]
    place[field] = value
    try:
        return [], list(read(document, context=CONTEXT, dialect="ai_platform").warnings)
    except InvalidInput as error:
        return list(error.problems), []


def fields(treatment: Treatment) -> list[tuple[str, str]]:
    return [
        (message, field)
        for message in PATHS
        for field, rule in SCHEMA[message].items()
        if rule.treatment is treatment
    ]


def test_the_table_holds_every_field_and_no_other() -> None:
    assert {message: set(rules) for message, rules in SCHEMA.items()} == {
        message: set(names.split()) for message, names in FIELDS.items()
    }


@pytest.mark.parametrize(("message", "field"), fields(Treatment.REFUSED))
def test_a_refused_field_is_refused_by_name(message: str, field: str) -> None:
    errors, _ = messages(message, field, "something")
    assert any(problem.path.endswith(field) for problem in errors)
    assert any("is refused" in problem.message for problem in errors)


@pytest.mark.parametrize(("message", "field"), fields(Treatment.IGNORED))
def test_an_ignored_field_is_named_in_a_warning(message: str, field: str) -> None:
    nested = SCHEMA[message][field].message
    errors, warnings = messages(message, field, {} if nested else "something")
    assert errors == []
    assert any(field in warning.message for warning in warnings)


@pytest.mark.parametrize(("message", "field"), fields(Treatment.HONOURED))
def test_an_honoured_field_is_looked_at(message: str, field: str) -> None:
    """A value that it cannot have is a problem in its name."""
    impossible = 5 if field in ("labels", "masterConfig", "scheduling") else {"no": ["such"]}
    errors, warnings = messages(message, field, impossible)
    assert any(field in problem.path for problem in (*errors, *warnings))


@pytest.mark.parametrize("field", list(SCHEMA["HyperparameterSpec"]))
def test_a_field_of_the_spec_beside_it_is_told_where_it_belongs(field: str) -> None:
    errors, _ = messages("TrainingInput", field, 1)
    assert [problem.message for problem in errors if problem.path == f"trainingInput.{field}"] == [
        "is not a key that is known here; it belongs under trainingInput.hyperparameters"
    ]


@pytest.mark.parametrize("message", list(PATHS))
def test_null_is_a_field_that_is_not_given(message: str) -> None:
    before = messages("Job", "jobId", "one")
    for field, rule in SCHEMA[message].items():
        if rule.treatment is not Treatment.HONOURED:
            assert messages(message, field, None) == before
