"""Optuna's samplers with their defaults: TPESampler, GPSampler, CmaEsSampler."""

import warnings
from collections.abc import Sequence
from typing import Any

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

from benchmarks.peers.protocol import Space, serve


class Optuna:
    version = optuna.__version__

    def __init__(self, space: Space, seed: int, variant: str, batch: int) -> None:
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        warnings.simplefilter("ignore")
        self._space = {each["name"]: _distribution(each) for each in space}
        self._study = optuna.create_study(sampler=_sampler(variant, seed))
        self._running: dict[int, Any] = {}

    def ask(self, count: int) -> list[tuple[int, dict[str, Any]]]:
        asked = [self._study.ask(self._space) for _ in range(count)]
        self._running.update((trial.number, trial) for trial in asked)
        return [(trial.number, trial.params) for trial in asked]

    def tell(self, results: Sequence[tuple[int, float]]) -> None:
        for number, value in results:
            self._study.tell(self._running.pop(number), value)

    def load(self, known: Sequence[tuple[dict[str, Any], float]]) -> None:
        self._study.add_trials(
            [
                optuna.trial.create_trial(params=each, distributions=self._space, value=value)
                for each, value in known
            ]
        )

    def importance(self, method: str) -> dict[str, float]:
        found: dict[str, float] = _judge(method).evaluate(self._study)
        return found


def _judge(method: str) -> Any:
    if method == "ped-anova":
        return optuna.importance.PedAnovaImportanceEvaluator()
    raise ValueError(f"no importance by {method!r}")


def _sampler(variant: str, seed: int) -> Any:
    match variant:
        case "tpe":
            return optuna.samplers.TPESampler(seed=seed)
        case "gp":
            import torch

            torch.set_num_threads(1)
            return optuna.samplers.GPSampler(seed=seed)
        case "cmaes":
            return optuna.samplers.CmaEsSampler(seed=seed)
    raise ValueError(f"no sampler {variant!r}")


def _distribution(parameter: Any) -> BaseDistribution:
    match parameter["kind"]:
        case "double":
            return FloatDistribution(parameter["min"], parameter["max"], log=parameter["log"])
        case "integer":
            return IntDistribution(parameter["min"], parameter["max"], log=parameter["log"])
    # Optuna has no list of numbers; its documentation suggests categories.
    return CategoricalDistribution(parameter["choices"])


if __name__ == "__main__":
    serve(Optuna)
