"""Running the best configurations of a job again under several seeds, as a job of its own.

Trial k of such a job is one configuration under one seed; which, stands in what the suggester says
of it, and is handed to the program. Seeds begin at 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dowse.domain.parameter_rules import is_finite
from dowse.domain.space import Assignment
from dowse.domain.spec import AlgorithmSpec, JobSpec
from dowse.domain.trial import Trial
from dowse.errors import InvalidInput, Problem

ALGORITHM = "confirm"
"""The name under which the catalog has it; what follows is told by its options."""
MOST_ENTRANTS, MOST_SEEDS = 100, 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrant:
    """A configuration that takes part, the trial of the earlier job that had it, and its value."""

    trial: int
    parameters: Assignment
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """The best trials of `job`, the best first. `seeds` times their number are the most runs;
    `seed_flag` is the argument by which the program gets its seed, beside the variable.
    """

    job: str
    entrants: tuple[Entrant, ...]
    seeds: int
    seed_flag: str | None = None

    def __post_init__(self) -> None:
        problems = []
        if not 2 <= len(self.entrants) <= MOST_ENTRANTS:
            message = f"must be from 2 to {MOST_ENTRANTS}, got {len(self.entrants)}"
            problems.append(Problem(path="top", message=message))
        if isinstance(self.seeds, bool) or not 2 <= self.seeds <= MOST_SEEDS:
            message = f"must be from 2 to {MOST_SEEDS}, got {self.seeds!r}"
            problems.append(Problem(path="seeds", message=message))
        if self.seed_flag is not None and not _is_flag(self.seed_flag):
            message = f"must be a name such as seed or random-state, got {self.seed_flag!r}"
            problems.append(Problem(path="seed_flag", message=message))
        if problems:
            raise InvalidInput(problems)

    @property
    def budget(self) -> int:
        """The most runs in all."""
        return len(self.entrants) * self.seeds

    @property
    def most_seeds(self) -> int:
        """The most seeds of one configuration: what others leave goes to those in the running."""
        return max(self.seeds, self.budget // 2)


def _is_flag(name: str) -> bool:
    return name.replace("-", "_").isidentifier() and not name.startswith(("-", "_"))


def algorithm_of(confirmation: Confirmation) -> AlgorithmSpec:
    """How the spec of its job says it."""
    options: dict[str, Any] = {
        "job": confirmation.job,
        "entrants": [
            {"trial": one.trial, "parameters": dict(one.parameters), "value": one.value}
            for one in confirmation.entrants
        ],
        "seeds": confirmation.seeds,
    }
    if confirmation.seed_flag is not None:
        options["seed_flag"] = confirmation.seed_flag
    return AlgorithmSpec(name=ALGORITHM, options=options, repeats=True)


def confirmation_of(spec: JobSpec) -> Confirmation | None:
    """What a job confirms; None for every other job. Raises InvalidInput for wrong options."""
    if spec.algorithm.name != ALGORITHM:
        return None
    return confirmation(**spec.algorithm.options)


def confirmation(
    *,
    job: str,
    entrants: list[Mapping[str, Any]],
    seeds: int,
    seed_flag: str | None = None,
) -> Confirmation:
    """From the options of its algorithm."""
    try:
        taking_part = tuple(
            Entrant(trial=one["trial"], parameters=dict(one["parameters"]), value=one["value"])
            for one in entrants
        )
        whole = isinstance(seeds, int) and all(is_finite(one.value) for one in taking_part)
    except (KeyError, TypeError, ValueError):
        whole = False
    if not whole:
        message = "must be those that dowse confirm writes: job, entrants and seeds"
        raise InvalidInput([Problem(path="algorithm.options", message=message)])
    return Confirmation(job=job, entrants=taking_part, seeds=seeds, seed_flag=seed_flag)


def command_of(confirmation: Confirmation) -> str:
    """What a person types to have it."""
    flag = "" if confirmation.seed_flag is None else f" --seed-flag {confirmation.seed_flag}"
    top = len(confirmation.entrants)
    return f"dowse confirm {confirmation.job} --top {top} --seeds {confirmation.seeds}{flag}"


def seed_of(spec: JobSpec, trial: Trial) -> int | None:
    """The seed under which a trial runs; None where it has none of its own."""
    if spec.algorithm.name != ALGORITHM:
        return None
    seed = trial.why.get("seed")
    return seed if isinstance(seed, int) else None


def seed_argument(spec: JobSpec, trial: Trial) -> str | None:
    """`--seed=3`, for a program that takes its seed as an argument."""
    seed, flag = seed_of(spec, trial), spec.algorithm.options.get("seed_flag")
    return None if seed is None or flag is None else f"--{flag}={seed}"
