"""From stored trials to what a suggester sees."""

from __future__ import annotations

from collections.abc import Sequence

from dowse.domain.history import Ending, History, Observation
from dowse.domain.trial import Trial, TrialState


def history_of(trials: Sequence[Trial]) -> History:
    """All finished trials as observations, all others as pending.

    A trial that was cancelled before it measured anything says nothing about its configuration;
    it is remembered as failed so that it is not suggested again.
    """
    observations = []
    pending = []
    for trial in sorted(trials, key=lambda trial: trial.number):
        if not trial.state.is_final:
            pending.append(trial.parameters)
            continue
        measured = trial.state is not TrialState.FAILED and trial.objective is not None
        observations.append(
            Observation(
                number=trial.number,
                parameters=trial.parameters,
                ending=Ending.MEASURED if measured else Ending.FAILED,
                value=trial.objective if measured else None,
            )
        )
    return History(observations=tuple(observations), pending=tuple(pending), index=len(trials))
