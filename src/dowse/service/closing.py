"""Ending a study: no process of ours has to be waited for."""

from __future__ import annotations

from dowse.domain.job import Job, JobState
from dowse.domain.lifecycle import advance_job, advance_trial
from dowse.domain.reasons import Reason
from dowse.domain.trial import TrialState
from dowse.ports import Store
from dowse.service.running.endings import ON_REQUEST


def cancel_study(store: Store, job: Job, *, at: float, reason: Reason) -> Job:
    """Cancel a study and every trial that is not completed. May be repeated after a crash."""
    if job.state is not JobState.CANCELLING:
        change = advance_job(job, JobState.CANCELLING, at=at, reason=reason, message=ON_REQUEST)
        job = store.change_job(change)
    for trial in store.trials(job.id):
        if not trial.state.is_final:
            ended = advance_trial(
                trial,
                TrialState.CANCELLED,
                at=at,
                reason=Reason.JOB_ENDED,
                message="its study was cancelled",
            )
            store.change_trial(ended)
    change = advance_job(job, JobState.CANCELLED, at=at, reason=reason, message=ON_REQUEST)
    return store.change_job(change)
