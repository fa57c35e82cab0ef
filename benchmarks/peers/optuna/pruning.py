"""Optuna's pruners, asked after every report."""

import math
import warnings
from collections.abc import Mapping
from typing import Any

import optuna

from benchmarks.peers.replaying import serve


class Pruned:
    def __init__(self, rule: str, options: Mapping[str, Any], reports: int) -> None:
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        warnings.simplefilter("ignore")
        self._study = optuna.create_study(
            sampler=optuna.samplers.RandomSampler(seed=0), pruner=_pruner(rule, options, reports)
        )
        self._trials: dict[int, Any] = {}
        self._last: dict[int, float] = {}

    def report(self, trial: int, step: int, value: float) -> bool:
        if trial not in self._trials:
            self._trials[trial] = self._study.ask()
        running = self._trials[trial]
        running.report(value, step)
        self._last[trial] = value
        stops: bool = running.should_prune()
        if stops:
            self._study.tell(running, state=optuna.trial.TrialState.PRUNED)
            self._trials[trial] = _Over()
        return stops

    def complete(self, trial: int) -> None:
        if isinstance(self._trials[trial], _Over):
            return
        value = self._last[trial]
        if math.isfinite(value):
            self._study.tell(self._trials[trial], value)
        else:
            self._study.tell(self._trials[trial], state=optuna.trial.TrialState.FAIL)


class _Over:
    """What a pruned trial is: it was told already, also when that was at its last report."""


def _pruner(rule: str, options: Mapping[str, Any], reports: int) -> Any:
    match rule:
        case "median":
            return optuna.pruners.MedianPruner(**options)
        case "halving":
            return optuna.pruners.SuccessiveHalvingPruner(**options)
        case "hyperband":
            return optuna.pruners.HyperbandPruner(max_resource=reports, **options)
    raise ValueError(f"no pruner {rule!r}")


if __name__ == "__main__":
    serve(Pruned, optuna.__version__)
