"""What a stopping policy saves of a job, and what the job loses by it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.control.curves import FloatArray, Table, draw, finals_of, loss_of
from benchmarks.peers.replaying import Policy, replay
from dowse.domain.metrics import Goal
from dowse.stopping.protocol import Curve, Standing, StoppingRule, counts_diverged

TRIALS = 100
REPORTS = 50
PARALLEL = 10
REPLICAS = 200
LOSS = 0.001
"""The loss of the best that passes for none, as a share of the range of finals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """`saved` and `loss` are shares: of all reports, and of the range of finals."""

    saved: float
    loss: float


class Ruled:
    """A rule of ours, asked as the service asks it: one report at a time, and those that are no
    finite number only where the rule counts them.
    """

    def __init__(self, rule: StoppingRule, goal: Goal = Goal.MINIMIZE) -> None:
        self._rule = rule
        self._goal = goal
        self._sign = 1.0 if goal is Goal.MINIMIZE else -1.0
        self._curves: dict[int, Curve] = {}
        self._worst = math.inf if goal is Goal.MINIMIZE else -math.inf

    def report(self, trial: int, step: int, value: float) -> bool:
        if not math.isfinite(value) and not counts_diverged(self._rule):
            return False
        told = self._sign * value if math.isfinite(value) else self._worst
        known = self._curves.get(trial)
        values = (*known.values, told) if known else (told,)
        curve = self._curves[trial] = Curve(trial=trial, values=values)
        others = [other for number, other in self._curves.items() if number != trial]
        stop = self._rule.decide(curve, others, self._goal).stop
        if stop:
            self._curves[trial] = replace(curve, standing=Standing.ENDED)
        return stop

    def complete(self, trial: int) -> None:
        if trial in self._curves:
            self._curves[trial] = replace(self._curves[trial], standing=Standing.COMPLETED)


def jobs(
    tables: Sequence[Table], replicas: int, *, trials: int = TRIALS, reports: int = REPORTS
) -> list[FloatArray]:
    """The curves of so many jobs, the tables taking turns; every policy gets the same ones."""
    return [
        draw(tables[seed % len(tables)], trials, reports, np.random.default_rng(seed))
        for seed in range(replicas)
    ]


def replayed(curves: FloatArray, policy: Policy, parallel: int = PARALLEL) -> Replayed:
    """One job under one policy."""
    return outcome(curves, replay(curves.tolist(), parallel, policy))


def outcome(curves: FloatArray, given: Sequence[int]) -> Replayed:
    """By how many reports each trial gave. Only trials that ran to their end may be the best."""
    finals = finals_of(curves)
    whole = np.array(given) == curves.shape[1]
    kept = float(finals[whole].min()) if whole.any() else math.inf
    return Replayed(saved=1.0 - sum(given) / curves.size, loss=loss_of(kept, finals))
