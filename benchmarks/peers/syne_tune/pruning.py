"""Syne Tune's schedulers that stop trials: asynchronous successive halving, and its median rule."""

import logging
import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np
import syne_tune
from syne_tune.backend.trial_status import Trial
from syne_tune.config_space import uniform
from syne_tune.optimizer.scheduler import SchedulerDecision
from syne_tune.optimizer.schedulers.asha import AsynchronousSuccessiveHalving
from syne_tune.optimizer.schedulers.median_stopping_rule import MedianStoppingRule

from benchmarks.peers.replaying import serve

_LOST = 1e30
"""Of a report that is no finite number: the rules rank numbers."""


class Scheduled:
    def __init__(self, rule: str, options: Mapping[str, Any], reports: int) -> None:
        logging.disable(logging.INFO)
        np.random.seed(0)  # It draws brackets from the global generator.
        space = {"x": uniform(0.0, 1.0)}
        plain = rule == "median"
        inner = AsynchronousSuccessiveHalving(
            space,
            "loss",
            time_attr="report",
            max_t=reports + 1,
            random_seed=0,
            # Alone, the median rule is over a scheduler that has no rung before the end.
            **({"grace_period": reports + 1} if plain else options),
        )
        self._scheduler: Any = (
            MedianStoppingRule(inner, time_attr="report", random_seed=0, **options)
            if plain
            else inner
        )
        self._inner = inner
        self._trials: dict[int, Trial] = {}

    def report(self, trial: int, step: int, value: float) -> bool:
        if trial not in self._trials:
            known = Trial(trial_id=trial, config={"x": 0.5}, creation_time=datetime.now())
            self._trials[trial] = known
            self._inner.on_trial_add(known)
        result = {"loss": value if math.isfinite(value) else _LOST, "report": step}
        decision = self._scheduler.on_trial_result(self._trials[trial], result)
        return bool(decision == SchedulerDecision.STOP)

    def complete(self, trial: int) -> None:
        """Nothing is to be told: every report was."""


if __name__ == "__main__":
    serve(Scheduled, syne_tune.__version__)
