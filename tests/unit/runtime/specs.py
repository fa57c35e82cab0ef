"""A job specification for tests that need one."""

from typing import Any

from dowse.domain.metrics import Goal, Objective
from dowse.domain.parameters import (
    Categorical,
    Discrete,
    Double,
    Integer,
    Parameter,
    Value,
)
from dowse.domain.space import SearchSpace
from dowse.domain.spec import Argv, CodeSpec, JobSpec, LaunchSpec, Limits, Program
from dowse.domain.trial import Trial

PARAMETERS: tuple[Parameter, ...] = (
    Double("lr", 1e-5, 1.0, scale="log"),
    Integer("layers", 1, 6),
    Discrete("batch", [0.5, 64], texts=["0.50", "64"]),
    Categorical("optimizer", ["sgd", "64 32"]),
)
VALUES: dict[str, Value] = {"lr": 1e-05, "layers": 3, "batch": 0.5, "optimizer": "64 32"}


def a_spec(
    program: Program = Argv(("./train",)),  # noqa: B008 - a frozen value.
    *,
    parameters: tuple[Parameter, ...] = PARAMETERS,
    limits: Limits = Limits(trial_timeout_s=60.0),  # noqa: B008 - a frozen value.
    root: str = "/code",
    **launch: Any,
) -> JobSpec:
    return JobSpec(
        space=SearchSpace(parameters),
        objectives=(Objective(metric="accuracy", goal=Goal.MAXIMIZE),),
        limits=limits,
        launch=LaunchSpec(program=program, code=CodeSpec(root=root), **launch),
    )


def a_trial(parameters: dict[str, Value] | None = None, **fields: Any) -> Trial:
    given: dict[str, Any] = {"job_id": 1, "job": "digits", "number": 7, "created_at": 0.0, **fields}
    return Trial(parameters=VALUES if parameters is None else parameters, **given)
