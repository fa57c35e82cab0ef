"""Random job specifications, small enough to be carried out in a second."""

from __future__ import annotations

from random import Random

from dowse.domain.metrics import Goal, Objective, Use
from dowse.domain.parameters import Categorical, Discrete, Double, Integer, Parameter
from dowse.domain.space import SearchSpace
from dowse.domain.spec import (
    AlgorithmSpec,
    Argv,
    CodeSpec,
    FailurePolicy,
    JobSpec,
    LaunchSpec,
    Limits,
    Resources,
    StoppingSpec,
)
from tests.simulation.world import METRIC

FINITE: tuple[Parameter, ...] = (
    Integer("layers", 1, 3),
    Categorical("optimizer", ["sgd", "adam"]),
)
ENDLESS: tuple[Parameter, ...] = (
    Double("lr", 1e-5, 1.0, scale="log"),
    Discrete("batch", [16, 32, 64]),
)


def _nothing(rng: Random) -> None: ...


def _median(rng: Random) -> StoppingSpec:
    options = {"evaluation_interval": rng.randint(1, 2), "min_trials": rng.randint(1, 3)}
    controls = 0.5 if options["min_trials"] == 3 else None
    return StoppingSpec(rule="median", options=options, controls=controls)


def _halving(rng: Random) -> StoppingSpec:
    options: dict[str, object] = {
        "reduction_factor": rng.choice([2, 2, 3]),
        "max_resource": rng.choice([4, 8]),
        "resource": rng.choice(["reports", "step"]),
        "resume": rng.random() < 0.8,
    }
    return StoppingSpec(rule=rng.choice(["asha", "hyperband"]), options=options)


def draw_spec(rng: Random) -> JobSpec:
    finite = rng.random() < 0.4
    stopping = rng.choice([_nothing, _nothing, _median, _halving, _halving])(rng)
    climbs = stopping is not None and "resume" in stopping.options
    # Nobody is promoted before there are enough trials to be better than.
    trials: int | None = rng.randint(8, 16) if climbs else rng.randint(1, 10)
    if finite and rng.random() < 0.5:
        trials = None
    algorithms = ["random", "sobol", "grid" if finite else "random", "bayesian"]
    cpus = rng.choice([None, None, 1.0])
    return JobSpec(
        space=SearchSpace(FINITE if finite else ENDLESS),
        objectives=(
            Objective(
                metric=METRIC,
                goal=rng.choice(list(Goal)),
                use=rng.choice(list(Use)),
                window=2,
            ),
        ),
        limits=Limits(
            trials=trials,
            parallel=rng.randint(1, 3 if climbs else 8),
            failed=rng.choice([None, None, 1, 3]),
            timeout_s=rng.choice([None, None, None, 15.0, 100.0]),
            # Something must end a program that hangs.
            trial_timeout_s=rng.choice([5.0, 30.0]),
            retries=rng.choice([0, 1, 1, 2]),
            failed_at_least=rng.choice([2, 5]),
        ),
        launch=LaunchSpec(
            program=Argv(("train",)),
            code=CodeSpec(root="/code"),
            resources=Resources(cpus=cpus),
            prepare=Argv(("make",)) if rng.random() < 0.25 else None,
        ),
        algorithm=AlgorithmSpec(
            name=rng.choice(algorithms), repeats=not finite and rng.random() < 0.2
        ),
        stopping=stopping,
        failures=rng.choice(list(FailurePolicy)),
        seed=rng.randint(0, 10_000),
    )
