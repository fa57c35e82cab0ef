"""Each key of a sweep job is in one class; its numbers mean what Azure says they mean."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from dowse.dialects.azure_ml.distributions import KEYS as DISTRIBUTIONS
from dowse.dialects.azure_ml.schema import SCHEMA
from dowse.dialects.protocol import ReadContext
from dowse.dialects.registry import read
from dowse.dialects.treatment import Treatment
from dowse.domain.parameters import Double, Integer
from dowse.domain.spec import Argv, DataInput, DataKind, JobSpec, PythonModule, StoppingSpec
from dowse.errors import InvalidInput, Problem

CONTEXT = ReadContext(folder="/jobs")

# The keys of the reference pages, and those that the client library writes into a job.
KEYS = {
    "Sweep": """$schema type name display_name experiment_name description tags sampling_algorithm
        search_space objective early_termination limits trial inputs outputs compute identity
        queue_settings resources properties is_archived component notification_setting services
        creation_context status id log_files parent_job_name""",
    "Objective": "goal primary_metric",
    "Sampling": "type seed rule logbase",
    "Policy": """type evaluation_interval delay_evaluation slack_factor slack_amount
        truncation_percentage exclude_finished_jobs""",
    "Limits": "max_total_trials max_concurrent_trials timeout trial_timeout",
    "Trial": """command code environment_variables environment distribution resources type inputs
        outputs compute $schema name version display_name description tags is_deterministic""",
    "Input": "type path mode value default optional description min max enum",
    "Output": "type mode path name version description",
}
PATHS: dict[str, tuple[Any, ...]] = {
    "Sweep": (),
    "Objective": ("objective",),
    "Sampling": ("sampling_algorithm",),
    "Policy": ("early_termination",),
    "Limits": ("limits",),
    "Trial": ("trial",),
    "Input": ("inputs", "data"),
    "Output": ("outputs", "model"),
}


def job(**changes: Any) -> dict[str, Any]:
    return {
        "type": "sweep",
        "trial": {"command": "python main.py --lr ${{search_space.lr}}"},
        "search_space": {"lr": {"type": "uniform", "min_value": 0.1, "max_value": 0.9}},
        "sampling_algorithm": {"type": "random"},
        "objective": {"goal": "maximize", "primary_metric": "accuracy"},
        "limits": {"max_total_trials": 200, "max_concurrent_trials": 2},
        "early_termination": {"type": "median_stopping"},
        "inputs": {"data": {"type": "uri_file", "path": "a.csv"}},
        "outputs": {"model": {"type": "uri_folder"}},
        **changes,
    }


def changed(message: str, key: str, value: object) -> dict[str, Any]:
    document: Any = job()
    place = document
    for step in PATHS[message]:
        place = place[step]
    place[key] = value
    return document  # type: ignore[no-any-return]


def messages(document: dict[str, Any]) -> tuple[list[Problem], list[Problem]]:
    try:
        return [], list(read(document, context=CONTEXT, dialect="azure_ml").warnings)
    except InvalidInput as error:
        return list(error.problems), []


def spec_of(**changes: Any) -> JobSpec:
    return read(job(**changes), context=CONTEXT).spec


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


@pytest.mark.parametrize(
    ("message", "key"),
    [pair for pair in keys(Treatment.HONOURED) if pair[1] != "$schema"],
)
def test_an_honoured_key_is_looked_at(message: str, key: str) -> None:
    """A value that it cannot have is a problem in its name."""
    document = changed(message, key, [{"no": ["such"]}])
    if (message, key) == ("Sweep", "type"):
        document["trial"] = 5
    if key in ("slack_factor", "slack_amount"):
        document["early_termination"]["type"] = "bandit"
    if key in ("truncation_percentage", "exclude_finished_jobs"):
        document["early_termination"]["type"] = "truncation_selection"
    if key in ("value", "default", "optional"):
        del document["inputs"]["data"]["path"]
    errors, _ = messages(document)
    assert any(key in problem.path for problem in errors)


@pytest.mark.parametrize(("message", "key"), keys(Treatment.IGNORED))
def test_an_ignored_key_is_named_in_a_warning(message: str, key: str) -> None:
    errors, warnings = messages(changed(message, key, {"any": "thing"}))
    assert errors == []
    assert any(key in warning.message for warning in warnings)


@pytest.mark.parametrize("message", list(SCHEMA))
def test_a_key_that_is_none_is_an_error(message: str) -> None:
    errors, _ = messages(changed(message, "nonsense", 1))
    assert any("nonsense: is not a key that is known here" in str(error) for error in errors)


def test_the_bounds_of_loguniform_are_exponents() -> None:
    space = {"lr": {"type": "loguniform", "min_value": -6, "max_value": -1}}
    parameter = spec_of(search_space=space).space["lr"]
    assert parameter.value_at(0.0) == pytest.approx(math.exp(-6))
    assert parameter.value_at(0.5) == pytest.approx(math.exp(-3.5))
    assert parameter.value_at(1.0) == pytest.approx(math.exp(-1))


def test_another_base_is_that_of_the_exponents() -> None:
    space = {"lr": {"type": "loguniform", "min_value": -3, "max_value": -1}}
    spec = spec_of(search_space=space, sampling_algorithm={"type": "random", "logbase": 10})
    assert spec.space["lr"].value_at(0.5) == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("definition", "drawn"),
    [
        ({"type": "normal", "mu": 10, "sigma": 3}, lambda z: 10 + 3 * z),
        ({"type": "lognormal", "mu": 1, "sigma": 0.5}, lambda z: math.exp(1 + 0.5 * z)),
        ({"type": "qnormal", "mu": 10, "sigma": 3, "q": 2}, lambda z: round((10 + 3 * z) / 2) * 2),
        (
            {"type": "qlognormal", "mu": 1, "sigma": 0.5, "q": 0.5},
            lambda z: round(math.exp(1 + 0.5 * z) / 0.5) * 0.5,
        ),
    ],
)
def test_normal_distributions_are_those_of_the_page(definition: Any, drawn: Any) -> None:
    from statistics import NormalDist

    parameter = spec_of(search_space={"lr": definition}).space["lr"]
    for u in (0.03, 0.21, 0.6, 0.97):
        assert parameter.value_at(u) == pytest.approx(drawn(NormalDist().inv_cdf(u)), rel=1e-6)


@pytest.mark.parametrize(("low", "high", "q"), [(1, 100, 5), (0.1, 0.45, 0.1), (-7, 8, 4)])
def test_quniform_takes_the_values_of_its_formula(low: float, high: float, q: float) -> None:
    definition = {"type": "quniform", "min_value": low, "max_value": high, "q": q}
    parameter = spec_of(search_space={"lr": definition}).space["lr"]
    assert isinstance(parameter, Integer | Double)
    grid = [low + (high - low) * step / 10_000 for step in range(10_001)]
    expected = sorted({round(round(value / q) * q, 9) for value in grid})
    assert [round(float(value), 9) for value in parameter.values()] == expected


def test_randint_ends_below_its_upper_bound() -> None:
    parameter = spec_of(search_space={"lr": {"type": "randint", "upper": 10}}).space["lr"]
    assert (parameter.value_at(0.0), parameter.value_at(1.0)) == (0, 9)


@pytest.mark.parametrize("kind", list(DISTRIBUTIONS))
def test_every_distribution_is_read_in_both_of_its_forms(kind: str) -> None:
    numbers = {"values": [1, 2], "upper": 9, "min_value": 1, "max_value": 5, "mu": 1, "sigma": 2}
    numbers["q"] = 1
    arguments = [numbers[key] for key in DISTRIBUTIONS[kind]]
    as_mapping = {"type": kind, **{key: numbers[key] for key in DISTRIBUTIONS[kind]}}
    rest = {
        "properties": {
            "jobType": "Sweep",
            "trial": {"command": "x ${{search_space.lr}}"},
            "searchSpace": {"lr": [kind, arguments]},
            "objective": {"goal": "Maximize", "primaryMetric": "accuracy"},
            "limits": {"maxTotalTrials": 20},
        }
    }
    from_rest = read(rest, context=CONTEXT).spec.space
    assert repr(from_rest) == repr(spec_of(search_space={"lr": as_mapping}).space)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (
            {"type": "Bandit", "slack_factor": 0.1, "slack_amount": 0, "evaluation_interval": 0},
            StoppingSpec(
                rule="bandit",
                options={"evaluation_interval": 1, "delay_evaluation": 0, "slack_factor": 0.1},
            ),
        ),
        (
            {"type": "median_stopping", "delay_evaluation": 5, "evaluation_interval": 2},
            StoppingSpec(
                rule="median",
                options={
                    "evaluation_interval": 2,
                    "delay_evaluation": 5,
                    "compared_with": "all",
                    "min_trials": 1,
                },
            ),
        ),
        (
            {"type": "truncation_selection", "truncation_percentage": 20},
            StoppingSpec(
                rule="truncation",
                options={
                    "evaluation_interval": 1,
                    "delay_evaluation": 0,
                    "truncation_percentage": 20,
                    "exclude_finished_jobs": False,
                },
            ),
        ),
        (None, None),
    ],
)
def test_a_policy_is_a_rule_with_its_options(policy: Any, expected: StoppingSpec | None) -> None:
    assert spec_of(early_termination=policy).stopping == expected


def test_a_component_file_is_read_beside_the_job(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "train.yml").write_text(
        "type: command\nname: train\nversion: 1\n"
        "inputs:\n"
        "  data: {type: uri_folder}\n"
        "  lr: {type: number, default: 0.1}\n"
        "  epochs: {type: integer, default: 5}\n"
        "  note: {type: string, optional: true}\n"
        "outputs: {model: {type: uri_folder}}\n"
        "code: ./src\nenvironment: azureml:x:1\n"
        "command: >-\n  python t.py --data ${{inputs.data}} --lr ${{inputs.lr}}\n"
        "  --epochs ${{inputs.epochs}} --out ${{outputs.model}} $[[--note ${{inputs.note}}]]\n"
    )
    context = ReadContext(folder=str(tmp_path))
    for trial in ("./parts/train.yml", "file:./parts/train.yml", "file:parts/train.yml"):
        document = job(trial=trial, inputs={"data": {"path": "./photos"}})
        spec = read(document, context=context).spec
        assert spec.launch.program == Argv(
            (
                *("python", "t.py", "--data", "${inputs.data}", "--lr", "${lr}"),
                *("--epochs", "${inputs.epochs}", "--out", "${outputs.model}"),
            )
        )
        assert spec.launch.code.root == str(tmp_path / "parts" / "src")
        photos = DataInput(DataKind.FOLDER, str(tmp_path / "photos"))
        assert spec.launch.inputs["data"] == photos


def test_what_is_wrong_in_a_component_file_is_told_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "train.yml"
    path.write_text("type: command\ncommand: python t.py ${{inputs.data}}\ncod: src\n")
    with pytest.raises(InvalidInput) as caught:
        read(job(trial="train.yml"), context=ReadContext(folder=str(tmp_path)))
    assert f"{path}:3:1: trial.cod: is not a key that is known here; did you mean code?" in str(
        caught.value
    )


def test_a_module_on_the_command_line_wins_and_gets_every_value() -> None:
    context = ReadContext(folder="/jobs", module_name="trainer.task", seed=7, job_dir="out")
    spec = read(job(), context=context).spec
    assert spec.launch.program == PythonModule("trainer.task")
    assert spec.launch.passing.append
    assert spec.seed == 7
    assert spec.launch.job_dir == "/jobs/out"


class Node(dict[str, Any]):
    """As `command(...)(...).sweep(...)` returns it: its command is rewritten when it is a job.

    It also is a mapping, and an empty one.
    """

    def __init__(self, document: Any) -> None:
        super().__init__()
        self._document = document

    def _to_job(self) -> Exported:
        return Exported(self._document)

    def _to_dict(self) -> dict[str, Any]:
        raise AssertionError("the job is asked, for its templates are the right ones")


class Exported:
    def __init__(self, document: Any) -> None:
        self._document = document

    def _to_dict(self) -> Any:
        if isinstance(self._document, Exception):
            raise self._document
        return self._document


def test_live_objects_are_read_through_what_they_export() -> None:
    document = job(search_space={"lr": {"type": "choice", "values": range(1, 5)}})
    document["inputs"]["data"]["path"] = "azureml:https://example.org/iris.csv"
    for source in (Node(document), Exported(document)):
        spec = read(source, context=CONTEXT).spec
        assert list(spec.space["lr"].values()) == [1, 2, 3, 4]
        assert spec.launch.inputs["data"] == DataInput(
            DataKind.FILE, "https://example.org/iris.csv"
        )


def test_an_object_that_its_own_library_refuses_is_refused_in_its_words() -> None:
    with pytest.raises(InvalidInput, match=r"^Exported cannot be exported: limits is required$"):
        read(Exported(ValueError("limits is required")), context=CONTEXT)
    with pytest.raises(InvalidInput, match="Exported exports 5, which is no job"):
        read(Exported(5), context=CONTEXT)


def test_anything_else_is_no_job() -> None:
    with pytest.raises(InvalidInput, match=r"a job is text, a mapping or an object of azure.ai.ml"):
        read(5, context=CONTEXT)
