import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from dowse.domain.parameters import Categorical, Double, Value
from dowse.domain.scales import Normal
from dowse.domain.space import SearchSpace
from dowse.domain.spec import JobSpec
from dowse.errors import InvalidInput
from dowse.wire.spec import spec_from_json, spec_to_json
from tests.contracts.store_contract import make_spec
from tests.unit.wire import strategies


def typed(spec: JobSpec) -> str:
    """Tells 1 from 1.0 and True, which are equal in Python."""
    return repr(spec)


def through_text(document: object) -> Any:
    return json.loads(json.dumps(document, allow_nan=False))


@settings(max_examples=150)
@given(strategies.specs)
def test_every_spec_comes_back_from_json_text_as_it_was(spec: JobSpec) -> None:
    back = spec_from_json(through_text(spec_to_json(spec)))
    assert back == spec
    assert typed(back) == typed(spec)


def test_everything_is_written_out_for_defaults_may_change() -> None:
    document = spec_to_json(make_spec())
    assert document["version"] == 1
    assert document["limits"] == {
        "trials": 40,
        "parallel": 4,
        "failed": None,
        "timeout_s": 7200.0,
        "trial_timeout_s": None,
        "retries": 1,
        "retry_on": {
            "timeout": 0,
            "start_error": 0,
            "no_metric": 0,
            "exit": {"times": 0, "codes": []},
        },
        "failed_at_least": 5,
        "failed_share": 0.5,
        "no_progress_s": None,
        "cost": None,
        "target": None,
        "patience": None,
        "improvement": None,
    }
    assert document["parameters"][0] == {
        "kind": "double",
        "name": "lr",
        "min": 1e-5,
        "max": 1.0,
        "scale": "log",
        "step": None,
        "origin": None,
        "prior": None,
        "when": None,
    }
    assert document["launch"]["program"] == {"kind": "argv", "words": ["python", "train.py"]}


def test_a_parameter_without_bounds_writes_them_as_words() -> None:
    bell = Double("x", float("-inf"), float("inf"), prior=Normal(0.0, 1.0))
    spec = replace(make_spec(), space=SearchSpace([bell]))
    document = spec_to_json(spec)
    assert document["parameters"][0]["min"] == "-Infinity"
    assert document["parameters"][0]["max"] == "Infinity"
    assert spec_from_json(through_text(document)) == spec


@pytest.mark.parametrize("version", [2, "1", None])
def test_another_version_of_the_form_is_refused(version: object) -> None:
    document = spec_to_json(make_spec()) | {"version": version}
    with pytest.raises(InvalidInput) as caught:
        spec_from_json(document)
    assert str(caught.value) == (
        f"version: must be 1, the form that this Dowse reads, got {version!r}"
    )


def change(document: dict[str, Any], path: tuple[str | int, ...], value: object) -> None:
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("colour",), 1, "colour: is not a key of this form"),
        (("limits", "trial"), 1, "limits.trial: is not a key of this form"),
        (
            ("parameters", 0, "min"),
            "low",
            "parameters[0].min: must be a number or one of NaN, Infinity, -Infinity, got 'low'",
        ),
        (("parameters", 0, "max"), True, "parameters[0].max: must be a number, got True"),
        (
            ("parameters", 0, "scale"),
            "root",
            "parameters[0].scale: must be 'linear', 'log' or 'reverse_log', got 'root'",
        ),
        (("seed",), "7", "seed: must be a valid integer, got '7'"),
        (
            ("launch", "program", "words"),
            "python train.py",
            "launch.program.words: must be a valid tuple, got 'python train.py'",
        ),
    ],
)
def test_a_problem_is_told_with_its_path_and_value(
    path: tuple[str | int, ...], value: object, words: str
) -> None:
    document = spec_to_json(make_spec())
    change(document, path, value)
    with pytest.raises(InvalidInput) as caught:
        spec_from_json(document)
    assert str(caught.value) == words


def test_all_problems_are_told_at_once() -> None:
    document = spec_to_json(make_spec())
    document["seed"] = None
    del document["launch"]["code"]
    with pytest.raises(InvalidInput) as caught:
        spec_from_json(document)
    assert {problem.path for problem in caught.value.problems} == {"seed", "launch.code"}
    assert "launch.code: is missing" in str(caught.value)


def test_an_unknown_kind_of_parameter_is_refused() -> None:
    document = spec_to_json(make_spec())
    document["parameters"][0]["kind"] = "complex"
    with pytest.raises(InvalidInput, match=r"^parameters\[0\]: .*'complex'.* expected tags"):
        spec_from_json(document)


def test_what_the_domain_refuses_is_refused_in_its_words() -> None:
    document = spec_to_json(make_spec())
    document["parameters"][0]["min"] = 0
    with pytest.raises(InvalidInput, match="min: must be > 0 on a log scale, got 0"):
        spec_from_json(document)


def test_a_condition_of_two_values_with_an_equality_is_refused_with_its_place() -> None:
    document = spec_to_json(make_spec())
    document["parameters"][1]["when"] = {"parent": "lr", "comparison": "==", "values": [1, 2]}
    with pytest.raises(InvalidInput, match=r"^c\.when: == takes one value, got \(1, 2\)$"):
        spec_from_json(document)


@pytest.mark.parametrize("choice", ["NaN", "Infinity", "1", True, 1])
def test_a_choice_that_looks_like_another_kind_stays_what_it_is(choice: Value) -> None:
    space = SearchSpace([Categorical("c", [choice, "other"])])
    back = spec_from_json(through_text(spec_to_json(replace(make_spec(), space=space))))
    assert repr(back.space) == repr(space)
