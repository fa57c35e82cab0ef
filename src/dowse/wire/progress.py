"""A running job at a glance, as JSON."""

from __future__ import annotations

from typing import Any

from dowse.domain.progress import Progress
from dowse.wire.documents import job_summary, measurement_to_json, trial_document


def progress_document(progress: Progress) -> dict[str, Any]:
    return {
        "job": job_summary(progress.job),
        "metric": progress.objective.metric,
        "goal": progress.objective.goal.value,
        "max_trials": progress.max_trials,
        "directory": progress.directory,
        "counts": dict(progress.counts),
        "best": progress.best and trial_document(progress.best),
        "live": [trial_document(trial) for trial in progress.live],
        "latest": {
            str(number): measurement_to_json(report) for number, report in progress.latest.items()
        },
        "last_event": progress.last_event,
    }
