"""A running job at a glance, as JSON."""

from __future__ import annotations

from typing import Any

from dowse.domain.progress import Progress
from dowse.wire.documents import job_summary, measurement_to_json, trial_document
from dowse.wire.targets import targets_to_json


def progress_document(progress: Progress) -> dict[str, Any]:
    return {
        "job": job_summary(progress.job),
        "metric": progress.objective.metric,
        "goal": progress.objective.goal.value,
        **targets_to_json(progress.targets),
        "max_trials": progress.max_trials,
        "directory": progress.directory,
        "counts": dict(progress.counts),
        "best": progress.best and trial_document(progress.best),
        "front": [trial.number for trial in progress.leading],
        "improvements": [{"trial": one.trial, "value": one.value} for one in progress.improvements],
        "live": [trial_document(trial) for trial in progress.live],
        "latest": {
            str(number): measurement_to_json(report) for number, report in progress.latest.items()
        },
        "last_event": progress.last_event,
    }
