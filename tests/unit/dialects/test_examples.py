"""The job files of the examples are read, and say what their pages of documentation say."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from dowse.dialects.protocol import ReadContext
from dowse.dialects.registry import read_file
from dowse.domain.spec import Argv, JobSpec, Literal

EXAMPLES = Path(__file__).parents[3] / "examples"


def spec_of(path: str) -> JobSpec:
    file = EXAMPLES / path
    context = ReadContext(
        folder=str(file.parent),
        known_algorithms={"bayesian", "grid", "random", "sobol"},
        known_rules={"auto", "median"},
    )
    return read_file(file, context=context).spec


@pytest.mark.parametrize(
    ("document", "program"),
    [
        ("openbayes/recommender/openbayes.yaml", "main.py"),
        ("openbayes/filters/openbayes.yaml", "main.py"),
        ("openbayes/pytorch/openbayes.yaml", "main.py"),
        ("openbayes/tensorflow/openbayes.yaml", "main.py"),
        ("azure_ml/iris/sweep.yml", "main.py"),
    ],
)
def test_the_program_of_an_example_lies_in_its_code(document: str, program: str) -> None:
    spec = spec_of(document)
    assert isinstance(spec.launch.program, Argv)
    assert spec.launch.program.words[:2] == ("python", program)
    source = Path(spec.launch.code.root or "", program).read_text(encoding="utf-8")
    imported = {
        name.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import)
        for name in node.names
    }
    assert "dowse" not in imported
    assert imported & {"openbayestool", "mlflow"}


def test_the_sample_of_openbayes_is_tuned_as_it_says() -> None:
    spec = spec_of("openbayes/recommender/openbayes.yaml")
    assert spec.space.names == (
        *("regularization", "latent_factors", "unobs_weight", "feature_wt_factor"),
        *("level", "category"),
    )
    assert spec.limits.trials == 3
    assert spec.algorithm.name == "bayesian"


def test_a_tuned_filter_size_overrides_the_one_of_the_root() -> None:
    spec = spec_of("openbayes/filters/openbayes.yaml")
    assert spec.launch.passing.constants == {
        "filter_size": Literal(5, "5"),
        "filters": Literal(8, "8"),
    }
    assert "filter_size" in spec.space.names
    assert spec.side_metrics == ("loss",)


def test_the_sweep_over_iris_has_azures_settings() -> None:
    spec = spec_of("azure_ml/iris/sweep.yml")
    limits = spec.limits
    assert (limits.trials, limits.parallel, limits.timeout_s) == (20, 10, 7200.0)
    assert spec.stopping is not None
    assert spec.stopping.rule == "median"
    assert spec.stopping.options["compared_with"] == "all"
    assert spec.stopping.options["evaluation_interval"] == 2
    assert spec.stopping.options["delay_evaluation"] == 5
    assert spec.objective.metric == "test-multi_logloss"


@pytest.mark.parametrize(
    ("framework", "objective", "side", "constants"),
    [
        ("pytorch", "accuracy", "loss", {"epochs": Literal(4, "4")}),
        ("tensorflow", "loss", "mae", {}),
    ],
)
def test_the_networks_of_openbayes_tune_five_parameters_of_every_type(
    framework: str, objective: str, side: str, constants: dict[str, Literal]
) -> None:
    spec = spec_of(f"openbayes/{framework}/openbayes.yaml")
    assert (spec.objective.metric, spec.side_metrics) == (objective, (side,))
    assert spec.launch.passing.constants == constants
    assert (spec.limits.trials, spec.limits.parallel) == (8, 2)
    source = (EXAMPLES / "openbayes" / framework / "main.py").read_text(encoding="utf-8")
    assert [name for name in spec.space.names if name not in source] == []
    kinds = {type(parameter).__name__ for parameter in spec.space.parameters}
    assert kinds == {"Double", "Integer", "Discrete", "Categorical"}
