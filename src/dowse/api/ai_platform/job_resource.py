"""A job of Dowse as a Job of ml.v1: pure."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from dowse.analysis.best import ranked
from dowse.dialects import documents
from dowse.dialects.ai_platform.writer import write_ai_platform
from dowse.dialects.reader import Field, Log
from dowse.dialects.status import job_status, trial_status
from dowse.domain.job import Job, JobState
from dowse.domain.reasons import Reason
from dowse.domain.spec import JobSpec
from dowse.domain.trial import Trial, TrialState
from dowse.wire.google_jobs import (
    HyperparameterMetricForm,
    HyperparameterOutputForm,
    JobForm,
    TrainingOutputForm,
)

DIALECT = "ai_platform"

_WITH_MESSAGE = (JobState.FAILED, JobState.CANCELLING, JobState.CANCELLED)
_SUCCESSFUL = (TrialState.SUCCEEDED, TrialState.STOPPED)


def job_form(
    job: Job, spec: JobSpec, trials: Sequence[Trial], *, ml_units: float | None = None
) -> JobForm:
    """`ml_units` are what its trials have consumed, None where nobody counts in them."""
    labels = labels_of(job, spec)
    return JobForm(
        job_id=job.name,
        state=state_of(job, spec, begun=bool(trials)),
        create_time=job.created_at,
        start_time=job.started_at,
        end_time=job.ended_at,
        error_message=_error_message(job),
        labels=dict(labels) or None,
        etag=etag_of(labels),
        training_input=training_input(spec),
        training_output=_output(spec, trials, ml_units),
    )


def state_of(job: Job, spec: JobSpec, *, begun: bool) -> str:
    """`begun` says whether there is a trial: packages are installed before there is one."""
    if job.state is JobState.RUNNING and spec.launch.needs_preparation and not begun:
        return "PREPARING"
    return job_status(DIALECT, job.state, job.reason).name


def labels_of(job: Job, spec: JobSpec) -> Mapping[str, str]:
    return spec.labels if job.labels is None else job.labels


def etag_of(labels: Mapping[str, str]) -> str:
    """Of what a client may change, so that only another client's change makes it stale."""
    text = json.dumps(dict(labels), sort_keys=True)
    return base64.b64encode(hashlib.sha256(text.encode()).digest()[:9]).decode()


def training_input(spec: JobSpec) -> dict[str, Any]:
    """As the client wrote it; of a job that came in another form, what Google's form can say."""
    own = spec.dialect == DIALECT
    written = _written(spec.document if own else write_ai_platform(spec))
    inner = written.get("trainingInput", written)
    return {key: value for key, value in inner.items() if key not in ("jobId", "labels")}


@lru_cache(maxsize=256)
def _written(document: str) -> dict[str, Any]:
    """A document of this form as plain values."""
    try:
        values: dict[str, Any] = json.loads(document)
    except ValueError:
        root = documents.load(document, "<document>").root
        values = Field(root, "", Log()).plain()
    return values


def _error_message(job: Job) -> str | None:
    if job.state not in _WITH_MESSAGE:
        return None
    return job.message or f"{job.state.value}: {(job.reason or Reason.USER).value}"


def _output(spec: JobSpec, trials: Sequence[Trial], ml_units: float | None) -> TrainingOutputForm:
    best_first = ranked(trials, spec.targets, spec.space, spec.prefer)
    places = {trial.number: place for place, trial in enumerate(best_first)}
    ordered = sorted(trials, key=lambda one: (places.get(one.number, len(places)), one.number))
    return TrainingOutputForm(
        completed_trial_count=sum(trial.state in _SUCCESSFUL for trial in trials),
        hyperparameter_metric_tag=spec.objective.metric,
        consumed=ml_units,
        trials=tuple(_trial(spec, trial) for trial in ordered) or None,
    )


def _trial(spec: JobSpec, trial: Trial) -> HyperparameterOutputForm:
    stopped = trial.state is TrialState.STOPPED and trial.reason is Reason.STOPPED_EARLY
    # Without validation: of a thousand trials it would take longer than all the rest.
    return HyperparameterOutputForm.model_construct(
        trial_id=str(trial.number),
        hyperparameters={
            parameter.name: parameter.text(trial.parameters[parameter.name])
            for parameter in spec.space.parameters
            if parameter.name in trial.parameters
        },
        final_metric=None
        if trial.objective is None
        else HyperparameterMetricForm.model_construct(
            training_step=trial.step or 0, objective_value=trial.objective
        ),
        is_trial_stopped_early=True if stopped else None,
        state=trial_status(DIALECT, trial.state, trial.reason).name,
        start_time=trial.started_at,
        end_time=trial.ended_at,
    )
