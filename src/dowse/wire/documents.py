"""Jobs, trials, measurements and problems as JSON: what `--json` prints and the API answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import Field

from dowse.domain.ceilings import Ceilings
from dowse.domain.expected import Expected
from dowse.domain.job import Intent, Job, JobState
from dowse.domain.metrics import Measurement
from dowse.domain.reasons import Reason
from dowse.domain.trial import Trial, TrialState
from dowse.errors import InvalidInput, Location, Problem, Severity
from dowse.ports import StoredMeasurement
from dowse.wire.accounts import CostDocument
from dowse.wire.base import Form, Free, Number, Value, Whole, read


class TrialDocument(Form):
    """`further` holds the values that count of the other objectives and of metrics with limits.
    `expected` is what a stopped trial would have ended with, where a rule predicts it. Times are
    epoch seconds; `active_s` is how long its attempts that are over were running.
    """

    number: Whole
    state: TrialState
    reason: Reason | None
    message: str
    parameters: dict[str, Value]
    objective: Number | None
    further: dict[str, Number] = Field(default_factory=dict)
    expected: Expected | None = None
    step: Whole | None
    output_dir: str | None
    client: str | None = None
    attempt: Whole
    exit_code: Whole | None
    signal: Whole | None
    why: Free
    known_event: Whole
    created_at: Number
    started_at: Number | None
    ended_at: Number | None
    active_s: Number = 0.0
    tags: tuple[str, ...] = ()
    job: str
    job_id: Whole


class CeilingsDocument(Form):
    """Limits as they were set while the job ran; null is no limit."""

    trials: Whole | None
    parallel: Whole
    failed: Whole | None


class JobSummary(Form):
    """A job without its trials, for lists. Times are epoch seconds."""

    name: str
    state: JobState
    reason: Reason | None
    message: str
    intent: Intent
    intent_reason: Reason | None
    created_at: Number
    started_at: Number | None
    resumed_at: Number | None
    active_s: Number
    ended_at: Number | None
    labels: dict[str, str] | None = None
    limits: CeilingsDocument | None = None
    id: Whole


class JobDocument(JobSummary):
    """`ranking` holds the numbers of the trials that count, best first; of several objectives those
    of the `front` come first, which no other trial beats, and `best` is null.
    """

    best: TrialDocument | None
    front: tuple[Whole, ...]
    cost: CostDocument | None = None
    ranking: tuple[Whole, ...]
    trials: tuple[TrialDocument, ...]


class MeasurementDocument(Form):
    """`time` is epoch seconds."""

    metric: str
    value: Number
    step: Whole = 0
    time: Number
    key: str = ""


class StoredMeasurementDocument(MeasurementDocument):
    seq: Whole


class LocationDocument(Form):
    file: str
    line: Whole
    column: Whole


class ProblemDocument(Form):
    path: str
    message: str
    severity: Severity = Severity.ERROR
    location: LocationDocument | None = None


def trial_document(trial: Trial) -> dict[str, Any]:
    return TrialDocument.model_validate(trial).to_json()


def trial_from_json(document: Mapping[str, Any]) -> Trial:
    return Trial(**dict(read(TrialDocument, document)))


def job_summary(job: Job) -> dict[str, Any]:
    return JobSummary.model_validate(job).to_json()


def job_document(
    job: Job,
    trials: Iterable[Trial],
    ranked: Sequence[Trial],
    leading: Sequence[Trial] | None = None,
) -> dict[str, Any]:
    """`name, state, reason, message, best, trials` first, then the rest of the job.

    `ranked` are the trials that count, best first; `leading` the Pareto front of several
    objectives.
    """
    front = ranked[:1] if leading is None else leading
    rest = job_summary(job)
    head = {key: rest.pop(key) for key in ("name", "state", "reason", "message")}
    return {
        **head,
        "best": trial_document(ranked[0]) if ranked and leading is None else None,
        "trials": [trial_document(trial) for trial in trials],
        "front": [trial.number for trial in front],
        "ranking": [trial.number for trial in ranked],
        **rest,
    }


_NOT_OF_THE_JOB = frozenset({"best", "front", "trials", "ranking", "cost"})


def job_from_json(document: Mapping[str, Any]) -> Job:
    """The job of a summary or of a whole job document."""
    parts = {key: value for key, value in document.items() if key not in _NOT_OF_THE_JOB}
    form = read(JobSummary, parts)
    limits = form.limits and Ceilings(**dict(form.limits))
    return Job(**dict(form) | {"limits": limits})


def measurement_to_json(measurement: Measurement) -> dict[str, Any]:
    return MeasurementDocument.model_validate(measurement).to_json()


def measurement_from_json(document: Mapping[str, Any]) -> Measurement:
    """Raises InvalidInput, also for a step above 2^63-1 or an empty metric name."""
    return _measurement(dict(read(MeasurementDocument, document)))


def stored_measurement_to_json(stored: StoredMeasurement) -> dict[str, Any]:
    return {"seq": stored.seq, **measurement_to_json(stored.measurement)}


def stored_measurement_from_json(document: Mapping[str, Any]) -> StoredMeasurement:
    values = dict(read(StoredMeasurementDocument, document))
    return StoredMeasurement(seq=values.pop("seq"), measurement=_measurement(values))


def _measurement(values: dict[str, Any]) -> Measurement:
    try:
        return Measurement(**values)
    except ValueError as error:
        raise InvalidInput(str(error)) from None


def problem_to_json(problem: Problem) -> dict[str, Any]:
    return ProblemDocument.model_validate(problem).to_json()


def problem_from_json(document: Mapping[str, Any]) -> Problem:
    form = read(ProblemDocument, document)
    location = form.location and Location(**dict(form.location))
    return Problem(**dict(form) | {"location": location})
