"""Which paused trial goes on next."""

from __future__ import annotations

from functools import partial

from dowse.domain.trial import TrialState
from dowse.service.running.readings import Readings
from dowse.service.running.views import JobView


def look_for_promotion(view: JobView, readings: Readings) -> None:
    """Let the plan of this turn know which paused trial goes on, if there is a slot for one."""
    view.promotion = None
    if view.judge is None or not any(
        trial.state is TrialState.PAUSED for trial in view.trials.values()
    ):
        return
    taken = sum(
        trial.state.is_live or trial.state is TrialState.QUEUED for trial in view.trials.values()
    )
    if taken < view.spec.limits.parallel:
        view.promotion = view.judge.promotion(
            view.trials.values(), partial(readings.attempts, view.spec)
        )
