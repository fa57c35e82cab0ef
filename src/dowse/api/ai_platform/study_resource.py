"""Studies, their trials and operations in the form of ml.v1, and back: pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from dowse.dialects.status import job_status, trial_status
from dowse.dialects.vizier.dialect import NAME
from dowse.domain.job import Job, JobState
from dowse.domain.operations import CheckStopping, Operation, SuggestTrials
from dowse.domain.parameters import Categorical, Integer, Parameter
from dowse.domain.reasons import Reason
from dowse.domain.space import is_active
from dowse.domain.spec import JobSpec
from dowse.domain.trial import Trial
from dowse.errors import InvalidInput, Problem
from dowse.service.studies.trials import Report, Reports
from dowse.wire.google_base import timestamp
from dowse.wire.google_studies import (
    MeasurementForm,
    MetricForm,
    OperationForm,
    StatusForm,
    StudyForm,
    TrialForm,
    TrialParameterForm,
)

_TYPES = "type.googleapis.com/google.cloud.ml.v1."
INTERNAL = 13
"""The code of `google.rpc.Code` for a fault of the server."""

_INACTIVE = (JobState.FAILED, JobState.CANCELLING, JobState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a client asked: names are written below it as the client wrote them."""

    project: str
    location: str

    @property
    def parent(self) -> str:
        return f"projects/{self.project}/locations/{self.location}"

    def study(self, name: str) -> str:
        return f"{self.parent}/studies/{name}"

    def trial(self, study: str, number: int) -> str:
        return f"{self.study(study)}/trials/{number}"

    def operation(self, number: int) -> str:
        return f"{self.parent}/operations/{number}"


def study_form(place: Place, job: Job, spec: JobSpec) -> StudyForm:
    return StudyForm(
        name=place.study(job.name),
        state=study_state(job),
        create_time=job.created_at,
        inactive_reason=job.message or None if job.state in _INACTIVE else None,
        study_config=json.loads(spec.document)["studyConfig"],
    )


def study_state(job: Job) -> str:
    return job_status(NAME, job.state, job.reason).name


# ---------------------------------------------------------------------- trials


def trial_form(place: Place, spec: JobSpec, trial: Trial, reports: Reports) -> TrialForm:
    infeasible = trial.reason is Reason.INFEASIBLE
    return TrialForm(
        name=place.trial(trial.job, trial.number),
        state=trial_status(NAME, trial.state, trial.reason).name,
        client_id=trial.client,
        parameters=tuple(
            _parameter_form(spec, parameter, trial.parameters[parameter.name])
            for parameter in spec.space.parameters
            if parameter.name in trial.parameters
        ),
        measurements=tuple(map(_measurement_form, reports.running)) or None,
        final_measurement=_measurement_form(reports.final) if reports.final else None,
        trial_infeasible=True if infeasible else None,
        infeasible_reason=trial.message or None if infeasible else None,
        start_time=trial.started_at,
        end_time=trial.ended_at,
    )


def _parameter_form(spec: JobSpec, parameter: Parameter, value: Any) -> TrialParameterForm:
    name = spec.launch.passing.name_of(parameter.name)
    match parameter:
        case Integer():
            return TrialParameterForm(parameter=name, int_value=value)
        case Categorical():
            return TrialParameterForm(parameter=name, string_value=value)
        case _:
            return TrialParameterForm(parameter=name, float_value=float(value))


def _measurement_form(report: Report) -> MeasurementForm:
    return MeasurementForm(
        step_count=report.step,
        elapsed_time=report.elapsed_s,
        metrics=tuple(
            MetricForm(metric=name, value=value) for name, value in report.values.items()
        ),
    )


def final_report_of(form: MeasurementForm | None) -> Report | None:
    return None if form is None else report_of(form, "finalMeasurement")


def report_of(form: MeasurementForm, path: str) -> Report:
    """Raises InvalidInput for a metric that is given twice."""
    values = {one.metric: one.value for one in form.metrics}
    if len(values) != len(form.metrics):
        message = "must hold each metric once"
        raise InvalidInput([Problem(path=f"{path}.metrics", message=message)])
    return Report(step=form.step_count or 0, elapsed_s=form.elapsed_time, values=values)


def parameters_of(form: TrialForm, spec: JobSpec) -> dict[str, Any]:
    """Under our own names. Raises InvalidInput; what fits no parameter is left for the space."""
    given: dict[str, Any] = {}
    for index, one in enumerate(form.parameters):
        values = [
            value
            for value in (one.float_value, one.int_value, one.string_value)
            if value is not None
        ]
        path = f"parameters[{index}]"
        if len(values) != 1:
            message = "must have one of floatValue, intValue and stringValue"
            raise InvalidInput([Problem(path=path, message=f"{message}, got {len(values)}")])
        if one.parameter in given:
            message = f"is the second value of {one.parameter!r}"
            raise InvalidInput([Problem(path=path, message=message)])
        given[one.parameter] = values[0]
    found: dict[str, Any] = {}
    # Parents stand before their children, and decide which of several is meant by a name.
    for parameter in spec.space.parameters:
        name = spec.launch.passing.name_of(parameter.name)
        if name in given and is_active(parameter, found):
            found[parameter.name] = given.pop(name)
    return found | given


# ---------------------------------------------------------------------- operations

TrialsOf = Callable[[tuple[int, ...]], list[dict[str, Any]]]
"""The forms of the trials with these numbers that are still there."""


def operation_form(
    place: Place, operation: Operation, job: Job, trials_of: TrialsOf
) -> OperationForm:
    response = None
    error = None
    if operation.error is not None:
        error = StatusForm(code=INTERNAL, message=operation.error)
    elif operation.is_done:
        response = _response(operation, job, trials_of)
    return OperationForm(
        name=place.operation(operation.id),
        done=operation.is_done,
        metadata=_metadata(place, operation),
        response=response,
        error=error,
    )


def _metadata(place: Place, operation: Operation) -> dict[str, Any]:
    common = {
        "study": place.study(operation.job),
        "createTime": timestamp(operation.created_at),
    }
    match operation.asked:
        case SuggestTrials() as asked:
            kind = "SuggestTrialsMetadata"
            own: Mapping[str, Any] = {"clientId": asked.client, "suggestionCount": asked.count}
        case CheckStopping() as asked:
            kind = "CheckTrialEarlyStoppingStateMetatdata"
            own = {"trial": place.trial(operation.job, asked.trial)}
        case _:
            assert_never(operation.asked)
    return {"@type": f"{_TYPES}{kind}", **common, **own}


def _response(operation: Operation, job: Job, trials_of: TrialsOf) -> dict[str, Any]:
    assert operation.ended_at is not None
    times = {
        "startTime": timestamp(operation.created_at),
        "endTime": timestamp(operation.ended_at),
    }
    match operation.asked:
        case SuggestTrials():
            kind = "SuggestTrialsResponse"
            own: dict[str, Any] = {
                "trials": trials_of(operation.trials),
                "studyState": study_state(job),
            }
        case CheckStopping():
            kind = "CheckTrialEarlyStoppingStateResponse"
            own = {"shouldStop": operation.should_stop}
        case _:
            assert_never(operation.asked)
    return {"@type": f"{_TYPES}{kind}", **own, **times}
