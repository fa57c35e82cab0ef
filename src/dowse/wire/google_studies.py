"""The messages of ml.v1 studies."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from dowse.wire.base import Flag
from dowse.wire.google_base import Double, Duration, GoogleForm, Int64, Time

MAX_METRICS = 100
MAX_SUGGESTIONS = 1_000


class StudyForm(GoogleForm):
    """`study_config` is the client's own, as it was written."""

    name: str
    state: str
    create_time: Time
    inactive_reason: str | None = None
    study_config: dict[str, Any]


class MetricForm(GoogleForm):
    metric: str = Field(min_length=1, max_length=256)
    value: Double


class MeasurementForm(GoogleForm):
    step_count: Int64 | None = Field(default=None, ge=0)
    elapsed_time: Duration | None = None
    metrics: tuple[MetricForm, ...] = Field(default=(), max_length=MAX_METRICS)


class TrialParameterForm(GoogleForm):
    """Exactly one of the values is given, by the type of the parameter."""

    parameter: str
    float_value: Double | None = None
    int_value: Int64 | None = None
    string_value: str | None = None


class TrialForm(GoogleForm):
    """What clients send holds fewer fields; what the service writes is accepted and left."""

    name: str | None = None
    state: str | None = None
    client_id: str | None = None
    parameters: tuple[TrialParameterForm, ...] = ()
    measurements: tuple[MeasurementForm, ...] | None = None
    final_measurement: MeasurementForm | None = None
    trial_infeasible: Flag | None = None
    infeasible_reason: str | None = None
    start_time: Time | str | None = None
    end_time: Time | str | None = None


class SuggestRequestForm(GoogleForm):
    suggestion_count: Int64 = Field(ge=1, le=MAX_SUGGESTIONS)
    client_id: str = Field(min_length=1, max_length=256)


class AddMeasurementForm(GoogleForm):
    measurement: MeasurementForm


class CompleteTrialForm(GoogleForm):
    final_measurement: MeasurementForm | None = None
    trial_infeasible: Flag = False
    infeasible_reason: str = Field(default="", max_length=2_000)


class EmptyForm(GoogleForm):
    """Of requests that say everything in their address."""


class StatusForm(GoogleForm):
    code: int
    message: str


class OperationForm(GoogleForm):
    name: str
    done: bool
    metadata: dict[str, Any]
    response: dict[str, Any] | None = None
    error: StatusForm | None = None
