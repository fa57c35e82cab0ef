"""Each key of an `openbayes.yaml` is in one class, and what the document alone does not say."""

from __future__ import annotations

from typing import Any

import pytest

from dowse.dialects.openbayes.schema import SCHEMA
from dowse.dialects.protocol import ReadContext
from dowse.dialects.registry import read
from dowse.dialects.treatment import Treatment
from dowse.domain.spec import Argv, Literal, PythonModule, Shell
from dowse.errors import InvalidInput, Problem

# The keys that the two pages of the documentation name, and `on_failure`, which is ours.
KEYS = {
    "Root": "bindings command data_binding data_bindings env hyper_tuning parameters resource",
    "Binding": "data path type",
    "HyperTuning": """algorithm goal hyperparameter_metric max_job_count on_failure parallel_count
        parameter_specs side_metrics""",
    "ParameterSpec": """categorical_values discrete_values max_value min_value name scale_type
        type""",
}
PATHS: dict[str, tuple[Any, ...]] = {
    "Root": (),
    "Binding": ("data_bindings", 0),
    "HyperTuning": ("hyper_tuning",),
    "ParameterSpec": ("hyper_tuning", "parameter_specs", 0),
}


def job() -> dict[str, Any]:
    spec = {"name": "a", "type": "INTEGER", "min_value": 1, "max_value": 9}
    tuning = {
        "max_job_count": 20,
        "hyperparameter_metric": "acc",
        "goal": "MAXIMIZE",
        "algorithm": "Bayesian",
        "parameter_specs": [spec],
    }
    return {
        "command": "python main.py",
        "data_bindings": [{"data": "a/b/1", "path": "/input0"}],
        "hyper_tuning": tuning,
    }


def messages(document: dict[str, Any]) -> tuple[list[Problem], list[Problem]]:
    try:
        reading = read(document, context=ReadContext(folder="/jobs"), dialect="openbayes")
    except InvalidInput as error:
        return list(error.problems), []
    return [], list(reading.warnings)


def changed(message: str, key: str, value: object) -> dict[str, Any]:
    document: Any = job()
    place = document
    for step in PATHS[message]:
        place = place[step]
    place[key] = value
    if key in ("data_binding", "bindings"):
        del document["data_bindings"]
    return document  # type: ignore[no-any-return]


def keys(treatment: Treatment) -> list[tuple[str, str]]:
    return [
        (message, key)
        for message in SCHEMA
        for key, rule in SCHEMA[message].items()
        if rule.treatment is treatment
    ]


def test_the_table_holds_every_documented_key() -> None:
    assert {message: set(rules) for message, rules in SCHEMA.items()} == {
        message: set(names.split()) for message, names in KEYS.items()
    }


@pytest.mark.parametrize(("message", "key"), keys(Treatment.HONOURED))
def test_an_honoured_key_is_looked_at(message: str, key: str) -> None:
    """A value that it cannot have is a problem in its name."""
    impossible = 5 if key in ("parameters", "hyper_tuning") else {"no": ["such"]}
    errors, warnings = messages(changed(message, key, impossible))
    assert any(key in problem.path for problem in (*errors, *warnings))


@pytest.mark.parametrize("message", list(SCHEMA))
def test_a_key_that_is_none_is_an_error(message: str) -> None:
    errors, _ = messages(changed(message, "nonsense", 1))
    assert any("nonsense: is not a key that is known here" in str(error) for error in errors)


@pytest.mark.parametrize(
    ("resource", "count", "parallel", "warned"),
    [("t4", None, 3, False), ("cpu", None, 5, False), ("t4", 9, 3, True), ("t4", 2, 2, False)],
)
def test_concurrency_is_held_to_the_quota_of_the_resource(
    resource: str, count: int | None, parallel: int, warned: bool
) -> None:
    document = job() | {"resource": resource}
    document["hyper_tuning"]["parallel_count"] = count
    context = ReadContext(folder="/jobs", quotas={"t4": 3, "*": 5})
    reading = read(document, context=context)
    assert reading.spec.limits.parallel == parallel
    said = [warning.message for warning in reading.warnings if "quota" in warning.message]
    assert said == (["is above the quota of 3 trials at once; 3 will run"] if warned else [])


def test_without_a_quota_one_trial_runs_at_once() -> None:
    assert read(job(), context=ReadContext(folder="/jobs")).spec.limits.parallel == 1


def test_the_words_after_two_dashes_are_the_command_of_a_document_without_one() -> None:
    document = job()
    context = ReadContext(folder="/jobs", arguments=("python", "main.py", "${x}"))
    with_command = read(document, context=context).spec.launch.program
    assert with_command == Argv(("python", "main.py", "python", "main.py", "$${x}"))
    del document["command"]
    alone = read(document, context=context).spec.launch.program
    assert alone == Argv(("python", "main.py", "$${x}"))


def test_a_module_on_the_command_line_wins() -> None:
    context = ReadContext(folder="/jobs", module_name="trainer.task", job_dir="out", name="one")
    reading = read(job(), context=context)
    assert reading.spec.launch.program == PythonModule("trainer.task")
    assert reading.spec.launch.job_dir == "/jobs/out"
    assert reading.spec.name == "one"
    assert "is not used: the named Python module runs instead" in [
        warning.message for warning in reading.warnings
    ]


def test_the_job_directory_goes_to_the_end_of_a_shells_text() -> None:
    document = job() | {"command": "cd src && python main.py"}
    context = ReadContext(folder="/jobs", job_dir="out")
    assert read(document, context=context).spec.launch.program == Shell(
        'cd src && python main.py "--a=${DOWSE_PARAM_A}" "--job-dir=${DOWSE_JOB_DIR}"'
    )


def test_root_parameters_are_constants_below_the_tuned_values() -> None:
    document = job() | {"parameters": {"a": 5, "rate": 0.1, "name": "x"}}
    passing = read(document, context=ReadContext(folder="/jobs")).spec.launch.passing
    assert passing.constants == {
        "a": Literal(5, "5"),
        "rate": Literal(0.1, "0.1"),
        "name": Literal("x", "x"),
    }
    assert passing.file == "openbayes_params.json"
    assert passing.append
