"""How well forecasts of further trials come true.

Searches of several functions, some of them noisy, are asked now and then what ten more trials would
bring; then those are made. What counts is the true value of the best trial.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.engine.tasks import Task, get
from benchmarks.report import Row, at_most
from dowse import Optimizer

TASKS = (
    *("branin", "hartmann6", "levy4", "mixedhp", "ackley10"),
    *("branin_noisy", "hartmann6_noisy"),
)
ASKED_AFTER = (12, 20, 30, 45)
MORE = 10
SEEDS, FEW_SEEDS = 6, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A forecast and what came: `came` in the metric's unit, `tolerance` what counts as nothing."""

    gain: float
    chance: float
    came: float
    tolerance: float

    @property
    def is_true(self) -> bool:
        """Whether more than the tolerance was gained."""
        return self.came > self.tolerance

    @property
    def ratio(self) -> float:
        """What came, divided by the forecast; both with a tenth of the tolerance added."""
        least = 0.1 * self.tolerance
        return (self.came + least) / (self.gain + least)


def measure_forecasts(*, quick: bool) -> list[Row]:
    """The rows of forecasts for ten trials."""
    seeds = range(FEW_SEEDS if quick else SEEDS)
    found = [told for name in TASKS for seed in seeds for told in search(get(name), seed)]
    chances = np.array([each.chance for each in found])
    true = np.array([each.is_true for each in found], dtype=np.float64)
    ratios = np.log10([each.ratio for each in found])
    off = abs(float(chances.mean() - true.mean()))
    return [
        Row(name="forecast of 10 trials: mean chance", value=float(chances.mean()), unit=""),
        Row(name="forecast of 10 trials: came true", value=float(true.mean()), unit=""),
        at_most("forecast of 10 trials: chance is off by", off, "", 0.1),
        at_most(
            "forecast of 10 trials: Brier score", float(((chances - true) ** 2).mean()), "", 0.15
        ),
        Row(
            name="forecast of 10 trials: median gain, came to forecast",
            value=float(10.0 ** np.median(ratios)),
            unit="",
        ),
        Row(
            name="forecast of 10 trials: gain is usually off by a factor of",
            value=float(10.0 ** np.median(np.abs(ratios))),
            unit="",
        ),
    ]


def search(task: Task, seed: int) -> Iterator[Told]:
    """One search, asked after some of its trials."""
    optimizer = Optimizer(task.space, goal="minimize", seed=seed)
    rng = np.random.default_rng(seed)
    best: list[float] = []
    asked = {}
    for trial in range(max(ASKED_AFTER) + MORE):
        if trial in ASKED_AFTER:
            asked[trial] = optimizer.convergence()
        suggestion = optimizer.ask()
        optimizer.tell(suggestion, task.observe(suggestion.parameters, rng))
        true = float(task.true(suggestion.parameters))
        best.append(min(best[-1], true) if best else true)
    for trial, found in asked.items():
        first = found.forecast[0]
        assert first.trials == MORE
        yield Told(
            gain=first.gain,
            chance=first.chance,
            came=best[trial - 1] - best[trial + MORE - 1],
            tolerance=found.tolerance or 0.0,
        )
